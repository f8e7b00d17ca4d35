//! What our own columns hold, as text and back: pairs, words, numbers.

use std::collections::BTreeMap;

use crate::domain::{checklist::AnswerSpec, content::Lang};

/// How the Chinese columns are called.
pub const ZH: &str = "中文 (zh)";
/// How the English columns are called.
pub const EN: &str = "English (en)";

/// Which of our languages a column's language is; a column without one is Chinese.
pub fn language(name: &str) -> Option<Lang> {
    let small = name.to_lowercase();
    let tagged = |tag: &str| small == tag || small.starts_with(&format!("{tag}-")) || small.contains(&format!("({tag}"));
    if small.is_empty() || tagged("zh") || ["中文", "汉语", "汉文", "chinese"].iter().any(|word| small.contains(word)) {
        Some(Lang::Zh)
    } else if tagged("en") || ["英文", "英语", "english"].iter().any(|word| small.contains(word)) {
        Some(Lang::En)
    } else {
        None
    }
}

/// Pairs `name=value`; a value with spaces stands in quotes, `"` or `'`.
pub fn write_pairs(pairs: &[(&str, String)]) -> String {
    let one = |(name, value): &(&str, String)| {
        let needs_quotes = value.is_empty() || value.contains(|c: char| c.is_whitespace() || matches!(c, '=' | '"' | '\''));
        match (needs_quotes, value.contains('"')) {
            (false, _) => format!("{name}={value}"),
            (true, false) => format!("{name}=\"{value}\""),
            // Of both kinds of quotes in one value, one becomes a prime.
            (true, true) => format!("{name}='{}'", value.replace('\'', "′")),
        }
    };
    pairs.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// Reads pairs.
///
/// # Errors
/// The part that is no pair.
pub fn read_pairs(text: &str) -> Result<BTreeMap<String, String>, String> {
    let mut pairs = BTreeMap::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=').ok_or_else(|| rest.to_owned())?;
        let quoted = ['"', '\''].into_iter().find_map(|quote| Some((quote, after.strip_prefix(quote)?)));
        let (value, next) = match quoted {
            Some((quote, quoted)) => quoted.split_once(quote).ok_or_else(|| rest.to_owned())?,
            None => after.split_once(char::is_whitespace).unwrap_or((after, "")),
        };
        pairs.insert(name.trim().to_owned(), value.to_owned());
        rest = next.trim_start();
    }
    Ok(pairs)
}

/// A number as it is read again.
pub fn number(number: f64) -> String {
    format!("{number}")
}

/// The words in a cell: apart by spaces, commas or semicolons, Chinese ones too.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '，' | '；' | '、')).filter(|word| !word.is_empty())
}

/// Yes or no; `None` for anything else.
pub fn yes_no(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "yes" | "true" | "1" | "是" => Some(true),
        "no" | "false" | "0" | "否" => Some(false),
        _ => None,
    }
}

/// The pairs that a kind of answer takes in the column `spotcheck::limits`.
pub const LIMITS: &[&str] = &["unit", "min", "max", "minField", "maxField", "kind", "step", "rule", "maxLength", "integer"];

/// What the column `spotcheck::limits` says of an answer.
pub fn limits(answer: &AnswerSpec) -> String {
    let mut pairs: Vec<(&str, String)> = Vec::new();
    match answer {
        AnswerSpec::Number { unit, min, max, min_field, max_field, limit_kind, step, integer: _ } => {
            let texts = [("unit", unit), ("minField", min_field), ("maxField", max_field)];
            pairs.extend(texts.into_iter().filter_map(|(name, value)| Some((name, value.clone()?))));
            let numbers = [("min", min), ("max", max), ("step", step)];
            pairs.extend(numbers.into_iter().filter_map(|(name, value)| Some((name, number((*value)?)))));
            if let Some(kind) = limit_kind {
                use crate::domain::checklist::LimitKind::{Advisory, Rule};
                let word = match kind {
                    Rule => "rule",
                    Advisory => "advisory",
                };
                pairs.push(("kind", word.to_owned()));
            }
        }
        AnswerSpec::Range { start, end, step, integer } => {
            if *integer != is_whole(&[*start, *end, *step]) {
                pairs.push(("integer", if *integer { "yes" } else { "no" }.to_owned()));
            }
        }
        AnswerSpec::Date { rule: Some(rule) } => pairs.push(("rule", rule.clone())),
        AnswerSpec::Text { max_length: Some(length) } => pairs.push(("maxLength", length.to_string())),
        AnswerSpec::Date { rule: None }
        | AnswerSpec::Text { max_length: None }
        | AnswerSpec::YesNoNa { .. }
        | AnswerSpec::Choice { .. }
        | AnswerSpec::Time
        | AnswerSpec::DateTime
        | AnswerSpec::Geopoint
        | AnswerSpec::Image
        | AnswerSpec::Drawing
        | AnswerSpec::Barcode
        | AnswerSpec::Note
        | AnswerSpec::Calculate => {}
    }
    write_pairs(&pairs)
}

/// Whether all are whole numbers.
pub fn is_whole(numbers: &[f64]) -> bool {
    numbers.iter().all(|number| number.fract() == 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_read_as_they_were_written() {
        let pairs = [
            ("unit", "mg / m³".to_owned()),
            ("min", "0".to_owned()),
            ("max", "0.1".to_owned()),
            ("empty", String::new()),
            ("size", "\"".to_owned()),
        ];
        let text = write_pairs(&pairs);
        assert_eq!(text, r#"unit="mg / m³" min=0 max=0.1 empty="" size='"'"#);
        let read = read_pairs(&text).unwrap();
        assert!(pairs.iter().all(|(name, value)| read.get(*name) == Some(value)), "{read:?}");
        assert_eq!(read_pairs("min=0 max"), Err("max".to_owned()));
        assert_eq!(read_pairs("unit=\"mm"), Err("unit=\"mm".to_owned()));
    }

    #[test]
    fn languages_have_many_names() {
        for name in ["", "zh", "zh-CN", "中文 (zh)", "简体中文", "Chinese (zh-Hans)"] {
            assert_eq!(language(name), Some(Lang::Zh), "{name}");
        }
        for name in ["en", "English (en)", "English", "英文"] {
            assert_eq!(language(name), Some(Lang::En), "{name}");
        }
        for name in ["French (fr)", "ug", "Русский"] {
            assert_eq!(language(name), None, "{name}");
        }
    }
}
