//! The texts of a checklist as they read in a visit: with the answers that they name.

use spotcheck_expr::{Engine, InstanceId, NodeId, Piece};

use super::super::checklist::{AnswerSpec, Checklist, Verdict, Wording};
use super::super::content::Lang;
use super::{Elsewhere, Inspection};

/// The texts of one question that name answers, filled in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Filled(Vec<Option<String>>);

impl Filled {
    /// None where no text of the question names an answer.
    pub(super) fn of(engine: &Engine, node: NodeId, instance: InstanceId, checklist: &Checklist) -> Option<Self> {
        let texts = engine.form().texts(node);
        let text = |(index, pieces): (usize, &Vec<Piece>)| {
            let names = pieces.iter().any(|piece| matches!(piece, Piece::Mention(_)));
            let lang = Wording::lang_at(index);
            let piece = |piece: &Piece| match piece {
                Piece::Plain(text) => text.to_string(),
                Piece::Mention(mention) => {
                    let value = engine.mention(node, instance, *mention);
                    engine.form().mentioned(node, *mention).map_or_else(String::new, |named| in_words(checklist, named, value, lang))
                }
            };
            names.then(|| pieces.iter().map(piece).collect())
        };
        (!texts.is_empty()).then(|| Self(texts.iter().enumerate().map(text).collect()))
    }

    fn get(&self, which: Wording, lang: Lang) -> Option<&str> {
        self.0.get(which.index(lang))?.as_deref()
    }
}

/// An answer inside of a text: the label of a choice, else the value as expressions see it. A picture has no words.
fn in_words(checklist: &Checklist, node: NodeId, value: &str, lang: Lang) -> String {
    let item = (node.0 as usize).checked_sub(checklist.groups.len()).and_then(|index| checklist.items.get(index));
    match item.map(|item| &item.answer) {
        Some(AnswerSpec::Choice { multiple, options, .. }) => {
            let label = |value: &str| {
                let option = options.iter().find(|option| option.value == value);
                let label = option.map(|option| lang.pick(&option.zh, &option.en)).filter(|label| !label.is_empty());
                label.unwrap_or(value).to_owned()
            };
            if *multiple { value.split_whitespace().map(label).collect::<Vec<_>>().join(lang.pick("、", ", ")) } else { label(value) }
        }
        // As the choices of the same question are called in an exported form.
        Some(AnswerSpec::YesNoNa { .. }) => match Verdict::parse(value) {
            Some(Verdict::Pass) => lang.pick("符合", "Compliant").to_owned(),
            Some(Verdict::Fail) => lang.pick("不符合", "Not compliant").to_owned(),
            Some(Verdict::Na) => lang.pick("不适用", "Not applicable").to_owned(),
            None => value.to_owned(),
        },
        Some(AnswerSpec::Image | AnswerSpec::Drawing) => String::new(),
        Some(_) | None => value.to_owned(),
    }
}

/// A text without the answers that it names.
#[must_use]
pub fn without_answers(text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once("${") {
        out.push_str(before);
        let Some((_, next)) = after.split_once('}') else { return out + "${" + after };
        rest = next;
    }
    out + rest
}

impl Inspection {
    /// What a text of a question says in a language, with the answers that it names; empty when the list says nothing.
    #[must_use]
    pub fn wording(&self, index: usize, which: Wording, lang: Lang) -> &str {
        let written = || self.list(index).zip(self.item(index)).map_or("", |(list, item)| list.wording(item, which, lang));
        self.filled.get(&index).and_then(|filled| filled.get(which, lang)).unwrap_or_else(written)
    }

    /// What is asked, in a language.
    #[must_use]
    pub fn text(&self, index: usize, lang: Lang) -> &str {
        self.wording(index, Wording::Text, lang)
    }

    /// The title of a section: with the answers that it names as they stand at its first question, and without them where
    /// a repeat has no instance yet.
    #[must_use]
    pub fn section_title(&self, section: usize, lang: Lang) -> String {
        let Some(section) = self.sections.get(section) else { return String::new() };
        let written = lang.pick(&section.title_zh, &section.title_en);
        match section.slots.first() {
            Some(first) => self.filled.get(first).and_then(|filled| filled.get(Wording::Section, lang)).unwrap_or(written).to_owned(),
            None => without_answers(written),
        }
    }

    /// What is said of a required answer that lacks: the list's own words, else what is asked.
    #[must_use]
    pub fn required_text(&self, index: usize, lang: Lang) -> &str {
        match self.wording(index, Wording::Required, lang) {
            "" => self.text(index, lang),
            own => own,
        }
    }

    /// What is asked by an item for which another one stands: in the other one's words where its own name answers.
    #[must_use]
    pub fn elsewhere_text(&self, one: &Elsewhere, lang: Lang) -> &str {
        let own = self.lists.get(one.list).and_then(|list| list.items.get(one.item)).map_or("", |item| item.text(lang));
        if own.contains("${") { self.text(one.slot, lang) } else { own }
    }

    /// Whether a text of the question changes with answers.
    #[must_use]
    pub fn names_answers(&self, index: usize) -> bool {
        self.filled.contains_key(&index)
    }
}
