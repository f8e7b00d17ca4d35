//! Lists of choices that judge: 符合 / 不符合 / 不适用.

use spotcheck_sheets::xlsform::{Choice, ChoiceList};

/// What a choice says of an item.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Word {
    /// 符合
    Yes,
    /// 不符合
    No,
    /// 不适用
    Na,
}

const WORDS: [(&str, Word, bool); 24] = [
    // Whether the word alone says that something is judged: 是 and 否 answer any question.
    ("yes", Word::Yes, false),
    ("是", Word::Yes, false),
    ("ok", Word::Yes, true),
    ("pass", Word::Yes, true),
    ("compliant", Word::Yes, true),
    ("符合", Word::Yes, true),
    ("符合要求", Word::Yes, true),
    ("合格", Word::Yes, true),
    ("no", Word::No, false),
    ("否", Word::No, false),
    ("fail", Word::No, true),
    ("non-compliant", Word::No, true),
    ("noncompliant", Word::No, true),
    ("not_compliant", Word::No, true),
    ("不符合", Word::No, true),
    ("不符合要求", Word::No, true),
    ("不合格", Word::No, true),
    ("na", Word::Na, true),
    ("n/a", Word::Na, true),
    ("n_a", Word::Na, true),
    ("not applicable", Word::Na, true),
    ("not_applicable", Word::Na, true),
    ("不适用", Word::Na, true),
    ("不涉及", Word::Na, true),
];

fn word(text: &str) -> Option<(Word, bool)> {
    let small = text.to_lowercase();
    WORDS.iter().find(|(known, ..)| *known == small).map(|(_, word, judges)| (*word, *judges))
}

/// What a choice says, by its labels first, then by its value.
fn meaning(choice: &Choice) -> Option<(Word, bool)> {
    choice.label.0.values().find_map(|label| word(label)).or_else(|| word(&choice.value))
}

/// The meaning of each choice, if the list answers yes, no and perhaps not applicable, and nothing else.
pub fn meanings(list: &ChoiceList) -> Option<Vec<Word>> {
    let found: Option<Vec<Word>> = list.choices.iter().map(|choice| Some(meaning(choice)?.0)).collect();
    found.filter(|words| {
        let count = |word: Word| words.iter().filter(|one| **one == word).count();
        count(Word::Yes) == 1 && count(Word::No) == 1 && count(Word::Na) <= 1
    })
}

/// Whether such a list judges by its words alone: with 不适用, or with words such as 合格 that are said of nothing else.
pub fn judges(list: &ChoiceList) -> bool {
    meanings(list).is_some() && list.choices.iter().filter_map(meaning).any(|(_, judges)| judges)
}

/// Whether the values are those of a judged answer, so that expressions on them stay true.
pub fn has_our_values(list: &ChoiceList) -> bool {
    meanings(list).is_some_and(|words| {
        let ours = |word: &Word| match word {
            Word::Yes => "pass",
            Word::No => "fail",
            Word::Na => "na",
        };
        words.iter().zip(&list.choices).all(|(word, choice)| choice.value == ours(word))
    })
}

#[cfg(test)]
mod tests {
    use spotcheck_sheets::xlsform::Texts;

    use super::*;

    #[track_caller]
    fn check(choices: &[(&str, &str)], expected: (bool, bool, bool)) {
        let choice =
            |(value, label): &(&str, &str)| Choice { value: (*value).to_owned(), label: Texts::plain(*label), ..Choice::default() };
        let list = ChoiceList { name: "list".to_owned(), choices: choices.iter().map(choice).collect() };
        assert_eq!((meanings(&list).is_some(), judges(&list), has_our_values(&list)), expected, "{choices:?}");
    }

    #[test]
    fn lists_that_judge_are_told_from_plain_answers() {
        check(&[("pass", "符合"), ("fail", "不符合"), ("na", "不适用")], (true, true, true));
        check(&[("yes", "符合"), ("no", "不符合"), ("na", "不适用")], (true, true, false));
        check(&[("1", "符合"), ("2", "不符合")], (true, true, false));
        check(&[("合格", "合格"), ("不合格", "不合格")], (true, true, false));
        check(&[("yes", "是"), ("no", "否"), ("na", "不适用")], (true, true, false));
        check(&[("yes", "是"), ("no", "否")], (true, false, false));
        check(&[("yes", "是"), ("no", "否"), ("unknown", "不清楚")], (false, false, false));
        check(&[("yes", "符合"), ("na", "不适用")], (false, false, false));
        check(&[("yes", "符合"), ("no", "不符合"), ("no2", "不合格")], (false, false, false));
    }
}
