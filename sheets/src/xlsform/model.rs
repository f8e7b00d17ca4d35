//! A form as its spreadsheet tells it, before anybody asks what it is for.

use std::collections::BTreeMap;

use crate::{Place, xlsform::kind::Type};

/// A form that was read from a workbook or is to be written to one.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Form {
    /// The sheet `settings`.
    pub settings: Settings,
    /// The languages as their columns name them, in the order of the columns; `""` is a column without language.
    pub languages: Vec<String>,
    /// Groups, repeats and questions in the order of their rows; a group stands before what is in it.
    pub entries: Vec<Entry>,
    /// The lists of the sheet `choices`, in the order of their first rows.
    pub lists: Vec<ChoiceList>,
    /// Sheets of our own, `basis` and `phrases`.
    pub tables: Vec<Table>,
    /// Where the columns of the sheet `survey` stand: its canonical name (`relevant`, `label::中文 (zh)`) to its number from 0.
    pub columns: BTreeMap<String, u32>,
    /// The name of the survey sheet as it is on its tab.
    pub sheet: String,
}

/// What a form says of itself.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Settings {
    /// `form_title`; the id where there is none.
    pub title: String,
    /// `form_id`; the file's name where there is none.
    pub form_id: String,
    /// `version`, empty where there is none.
    pub version: String,
    /// `default_language`, the language of columns that name none.
    pub default_language: String,
    /// Our own columns, without their prefix `spotcheck::`.
    pub extra: BTreeMap<String, Texts>,
    /// Where a column of `extra` stands.
    pub places: BTreeMap<String, Place>,
}

/// A text in the languages in which it was given: language → text. Language `""` is a column without one.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Texts(pub BTreeMap<String, String>);

/// One row of the sheet `survey`: a group, a repeat or a question.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Entry {
    /// The row, from 1; 0 for what no row says (the question behind `or_other`).
    pub row: u32,
    /// Index of the group or repeat that it stands in.
    pub parent: Option<usize>,
    /// What it is.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// What is asked.
    pub label: Texts,
    /// A hint.
    pub hint: Texts,
    /// A longer hint for training or print.
    pub guidance: Texts,
    /// Names of media files by kind: `image`, `big-image`, `audio`, `video`.
    pub media: BTreeMap<String, Texts>,
    /// When it is relevant.
    pub relevant: Option<String>,
    /// What must hold of the answer.
    pub constraint: Option<String>,
    /// What is said when it does not hold.
    pub constraint_message: Texts,
    /// When an answer is required.
    pub required: Option<String>,
    /// What is said when it lacks.
    pub required_message: Texts,
    /// How the value is computed.
    pub calculation: Option<String>,
    /// When it can't be changed.
    pub read_only: Option<String>,
    /// Which of the choices are offered.
    pub choice_filter: Option<String>,
    /// How often a repeat is repeated.
    pub repeat_count: Option<String>,
    /// The value that it begins with; an expression when [`is_dynamic`](super::is_dynamic) says so.
    pub default: Option<String>,
    /// How it is shown.
    pub appearance: Option<String>,
    /// `parameters`, as pairs.
    pub parameters: BTreeMap<String, String>,
    /// Our own columns, without their prefix `spotcheck::`.
    pub extra: BTreeMap<String, Texts>,
}

/// What a row of the survey is.
#[derive(Clone, PartialEq, Debug)]
pub enum Kind {
    /// `begin_group`
    Group,
    /// `begin_repeat`
    Repeat,
    /// A question, note or computed value.
    Question(Type),
}

impl Default for Kind {
    fn default() -> Self {
        Self::Question(Type::Text)
    }
}

/// A list of choices.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ChoiceList {
    /// Its name.
    pub name: String,
    /// Its choices in order.
    pub choices: Vec<Choice>,
}

/// One choice.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Choice {
    /// The row in the sheet `choices`, from 1; 0 for the choice that `or_other` adds.
    pub row: u32,
    /// The stored value.
    pub value: String,
    /// What is shown.
    pub label: Texts,
    /// Further columns, for choice filters.
    pub columns: BTreeMap<String, String>,
}

/// A sheet of our own.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Table {
    /// `basis` or `phrases`.
    pub name: String,
    /// Its rows.
    pub rows: Vec<TableRow>,
    /// Where its columns stand, from 0.
    pub columns: BTreeMap<String, u32>,
}

/// One row of a [`Table`].
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TableRow {
    /// The row, from 1.
    pub row: u32,
    /// Column → text.
    pub cells: BTreeMap<String, Texts>,
}

impl Form {
    /// The place of an entry's cell in a column, by its canonical name; column A where there is no such column.
    #[must_use]
    pub fn place(&self, entry: &Entry, column: &str) -> Place {
        Place { sheet: self.sheet.clone(), row: entry.row, column: self.column(column) }
    }

    /// The column of this name, or the first of this name in some language.
    fn column(&self, name: &str) -> u32 {
        let exact = self.columns.get(name).copied();
        let in_a_language = || {
            let prefix = format!("{name}::");
            self.columns.range(prefix.clone()..).next().filter(|(key, _)| key.starts_with(&prefix)).map(|(_, column)| *column)
        };
        exact.or_else(in_a_language).unwrap_or(0)
    }

    /// A list by its name.
    #[must_use]
    pub fn list(&self, name: &str) -> Option<&ChoiceList> {
        self.lists.iter().find(|list| list.name == name)
    }

    /// A sheet of our own by its name.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// The groups and repeats around an entry, from the inside.
    pub fn around(&self, entry: &Entry) -> impl Iterator<Item = (usize, &Entry)> {
        std::iter::successors(entry.parent, |index| self.entries.get(*index).and_then(|entry| entry.parent))
            .filter_map(|index| Some((index, self.entries.get(index)?)))
    }
}

impl Table {
    /// The place of a row's cell.
    #[must_use]
    pub fn place(&self, row: &TableRow, column: &str) -> Place {
        Place { sheet: self.name.clone(), row: row.row, column: self.columns.get(column).copied().unwrap_or(0) }
    }
}

impl Texts {
    /// A text without language.
    #[must_use]
    pub fn plain(text: impl Into<String>) -> Self {
        Self::of("", text)
    }

    /// A text in one language.
    #[must_use]
    pub fn of(language: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        Self(if text.is_empty() { BTreeMap::new() } else { BTreeMap::from([(language.into(), text)]) })
    }

    /// With the text in one language more; empty texts are none.
    #[must_use]
    pub fn and(mut self, language: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        if !text.is_empty() {
            self.0.insert(language.into(), text);
        }
        self
    }

    /// The text in a language.
    #[must_use]
    pub fn get(&self, language: &str) -> Option<&str> {
        self.0.get(language).map(String::as_str)
    }

    /// The text without language, or the first of any.
    #[must_use]
    pub fn any(&self) -> Option<&str> {
        self.get("").or_else(|| self.0.values().next().map(String::as_str))
    }

    /// Whether there is none in any language.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
