//! A checklist's expressions as the form that the expression engine takes.

use spotcheck_expr::{Form, FormDef, Kind, ListDef, NodeDef, NodeId, Preset};

use super::{AnswerSpec, Checklist, ChecklistError, Choice, Group, Item, Lang, Logic};

/// The column of choice lists that holds the labels: Chinese, the language of the record, whatever the screens speak.
pub const LABEL_COLUMN: &str = "label";

/// A text of an item that people read: `${name}` in it shows an answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wording {
    /// What is asked.
    Text,
    /// How to check it.
    How,
    /// What is said when the constraint does not hold.
    Constraint,
    /// What is said when a required answer lacks.
    Required,
    /// The title under which it stands: of the innermost repeat around it that has one, else its section.
    Section,
}

impl Wording {
    const ALL: [Self; 5] = [Self::Text, Self::How, Self::Constraint, Self::Required, Self::Section];

    /// Its place among the texts of a form's node.
    #[must_use]
    pub fn index(self, lang: Lang) -> usize {
        self as usize * 2 + usize::from(lang == Lang::En)
    }

    /// The language of the text at a place.
    #[must_use]
    pub fn lang_at(index: usize) -> Lang {
        if index.is_multiple_of(2) { Lang::Zh } else { Lang::En }
    }
}

impl Checklist {
    /// Whether anything in it is computed or repeated, or shows an answer in a text.
    #[must_use]
    pub fn has_logic(&self) -> bool {
        self.has_expressions() || self.items.iter().any(|item| self.names_answers(item))
    }

    fn has_expressions(&self) -> bool {
        !self.groups.is_empty() || self.items.iter().any(|item| item.logic.is_some())
    }

    /// A text of an item as it is written.
    #[must_use]
    pub fn wording<'a>(&'a self, item: &'a Item, which: Wording, lang: Lang) -> &'a str {
        let logic = item.logic.as_deref();
        match which {
            Wording::Text => item.text(lang),
            Wording::How => item.how(lang),
            Wording::Constraint => logic.map_or("", |logic| logic.constraint_message(lang)),
            Wording::Required => logic.map_or("", |logic| logic.required_message(lang)),
            Wording::Section => {
                let repeat = self.repeats_around(item).last().and_then(|group| self.groups.get(*group));
                let title = repeat.filter(|group| !group.title_zh.is_empty());
                title.map_or_else(|| item.section(lang), |group| lang.pick(&group.title_zh, &group.title_en))
            }
        }
    }

    fn names_answers(&self, item: &Item) -> bool {
        let all = Wording::ALL.into_iter().flat_map(|which| [(which, Lang::Zh), (which, Lang::En)]);
        all.into_iter().any(|(which, lang)| self.wording(item, which, lang).contains("${"))
    }

    fn texts(&self, item: &Item) -> Vec<String> {
        if !self.names_answers(item) {
            return Vec::new();
        }
        let all = Wording::ALL.into_iter().flat_map(|which| [(which, Lang::Zh), (which, Lang::En)]);
        all.map(|(which, lang)| self.wording(item, which, lang).to_owned()).collect()
    }

    /// The repeats around an item, the outermost first, by index of their group.
    #[must_use]
    pub fn repeats_around(&self, item: &Item) -> Vec<usize> {
        let mut around = Vec::new();
        let mut at = item.group.as_ref();
        // Parents stand before their children, so this ends.
        let mut before = self.groups.len();
        while let Some(index) = at.and_then(|id| self.groups.iter().take(before).position(|group| group.id == *id)) {
            let Some(group) = self.groups.get(index) else { break };
            if group.repeat {
                around.insert(0, index);
            }
            at = group.parent.as_ref();
            before = index;
        }
        around
    }

    /// The node of an item: groups come first, then the items, each in their order.
    #[must_use]
    pub fn node(&self, item: usize) -> NodeId {
        NodeId(u32::try_from(self.groups.len() + item).unwrap_or(u32::MAX))
    }

    /// The expressions, ready for an engine; none when there are none.
    ///
    /// # Errors
    /// [`ChecklistError::Logic`] for the first expression that can't be used.
    pub fn form(&self) -> Result<Option<Form>, ChecklistError> {
        if !self.has_logic() {
            return Ok(None);
        }
        let groups = self.groups.iter().map(|group| self.group_node(group));
        let items = self.items.iter().map(|item| self.item_node(item));
        let def = FormDef { nodes: groups.chain(items).collect(), lists: self.lists() };
        Form::compile(def).map(Some).or_else(|errors| {
            // Texts that look as if they named an answer are no reason to refuse a list.
            if !self.has_expressions() {
                return Ok(None);
            }
            let Some(first) = errors.into_iter().next() else { return Err(ChecklistError::Empty) };
            let index = (first.node.0 as usize).checked_sub(self.groups.len());
            Err(ChecklistError::Logic { index, name: first.name.clone(), problem: first.to_string() })
        })
    }

    fn parent(&self, group: Option<&String>) -> Option<usize> {
        let wanted = group?;
        // One that is not there is pointed out by the form as a missing parent.
        Some(self.groups.iter().position(|group| group.id == *wanted).unwrap_or(usize::MAX))
    }

    fn group_node(&self, group: &Group) -> NodeDef {
        let kind = if group.repeat { Kind::Repeat } else { Kind::Group };
        let mut node = NodeDef::new(&group.id, kind, self.parent(group.parent.as_ref()));
        node.relevant = group.relevant.clone();
        node.count = group.count.clone();
        node
    }

    fn item_node(&self, item: &Item) -> NodeDef {
        let texts = self.texts(item);
        let logic = item.logic.as_deref().cloned().unwrap_or_default();
        let name = if logic.name.is_empty() { item.id.clone() } else { logic.name };
        let list = match &item.answer {
            AnswerSpec::Choice { options, list, .. } => Some(self.list_name(item, options, list.as_deref())),
            _ => None,
        };
        NodeDef {
            relevant: logic.relevant,
            constraint: logic.constraint,
            calculate: logic.calculate,
            required: logic.required,
            readonly: logic.read_only,
            choice_filter: logic.choice_filter,
            preset: logic.default.map(|text| if is_dynamic(&text) { Preset::Expr(text) } else { Preset::Text(text) }),
            list,
            texts,
            ..NodeDef::new(&name, Kind::Question, self.parent(item.group.as_ref()))
        }
    }

    /// The list of a choice: that of its spreadsheet where all items with that name have the same, else one of its own.
    fn list_name(&self, item: &Item, options: &[Choice], list: Option<&str>) -> String {
        let first = list.and_then(|list| {
            self.items.iter().find_map(|other| match &other.answer {
                AnswerSpec::Choice { options, list: Some(known), .. } if known == list => Some(options),
                _ => None,
            })
        });
        match (list, first) {
            (Some(list), Some(first)) if first.as_slice() == options => list.to_owned(),
            _ => item.id.clone(),
        }
    }

    fn lists(&self) -> Vec<ListDef> {
        let mut lists: Vec<ListDef> = Vec::new();
        for item in &self.items {
            let AnswerSpec::Choice { options, list, .. } = &item.answer else { continue };
            let name = self.list_name(item, options, list.as_deref());
            if lists.iter().all(|known| known.name != name) {
                lists.push(list_def(name, options));
            }
        }
        lists
    }
}

fn list_def(name: String, options: &[Choice]) -> ListDef {
    let mut columns: Vec<String> = ["name", LABEL_COLUMN, "label::English (en)"].map(str::to_owned).to_vec();
    for column in options.iter().flat_map(|option| option.columns.keys()) {
        if !columns.contains(column) {
            columns.push(column.clone());
        }
    }
    let row = |option: &Choice| {
        let fixed = [option.value.clone(), option.zh.clone(), option.en.clone()];
        let rest = columns.iter().skip(fixed.len()).map(|column| option.columns.get(column).cloned().unwrap_or_default());
        fixed.iter().cloned().chain(rest).collect()
    };
    let rows = options.iter().map(row).collect();
    ListDef { name, columns, rows }
}

/// Whether a value to begin with is an expression: it names an answer or calls a function.
#[must_use]
pub fn is_dynamic(text: &str) -> bool {
    let calls = |(before, _): (&str, &str)| before.chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric() || c == '-');
    text.contains("${") || text.split_once('(').is_some_and(calls)
}

impl Logic {
    /// What is said when the constraint does not hold, in a language; empty when the list says nothing.
    #[must_use]
    pub fn constraint_message(&self, lang: super::Lang) -> &str {
        both(lang, self.constraint_message_zh.as_deref(), self.constraint_message_en.as_deref())
    }

    /// What is said when a required answer lacks, in a language; empty when the list says nothing.
    #[must_use]
    pub fn required_message(&self, lang: super::Lang) -> &str {
        both(lang, self.required_message_zh.as_deref(), self.required_message_en.as_deref())
    }
}

/// The text in the language, else the other one.
fn both<'a>(lang: super::Lang, zh: Option<&'a str>, en: Option<&'a str>) -> &'a str {
    let (zh, en) = (zh.unwrap_or_default(), en.unwrap_or_default());
    match lang.pick(zh, en) {
        "" => lang.pick(en, zh),
        text => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_texts_from_expressions() {
        for (text, expected) in [
            ("2026-01-01", false),
            ("甲（一）", false),
            ("10", false),
            ("today()", true),
            ("${a} + 1", true),
            ("once(uuid())", true),
            ("示例(1)", false),
        ] {
            assert_eq!(is_dynamic(text), expected, "{text}");
        }
    }
}
