//! From the ledger to rows of a file that reads back as the same.

use serde_json::Value;

use super::Kind;
use super::columns::{Table, TableRow, cell_of, inspection_part};
use super::field::{Cell, Field, field_at, fields, name_of, number_in};
use super::row::Row;
use super::vocabulary::Vocabulary;

/// The language of the headers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Headers {
    /// As Chinese ledgers have them.
    Chinese,
    /// English.
    English,
}

/// A record to be written, and its unit.
#[derive(Clone, Copy, Debug)]
pub struct Written<'a> {
    /// The record.
    pub row: &'a Row,
    /// Its unit, for equipment and instruments.
    pub unit: Option<&'a Row>,
}

/// The columns that some records of a kind need: every field of the form, numbered ones as far as somebody uses them, and
/// inspections of obligations that the form does not have.
#[derive(Clone, PartialEq, Debug)]
pub struct Layout {
    kind: Kind,
    paths: Vec<String>,
}

impl Layout {
    /// The columns for these records.
    pub fn of<'a>(kind: Kind, rows: impl Iterator<Item = &'a Row>) -> Self {
        let mut used: std::collections::BTreeMap<&str, u32> = std::collections::BTreeMap::new();
        let mut others = std::collections::BTreeSet::new();
        for row in rows {
            for path in row.fields().keys() {
                match field_at(kind, path) {
                    Some(field) => {
                        let number = number_in(field.path, path).unwrap_or_default();
                        let most = used.entry(field.path).or_default();
                        *most = number.max(*most);
                    }
                    None if kind == Kind::Equipment && inspection_part(path).is_some() => {
                        others.insert(path.clone());
                    }
                    None => {}
                }
            }
        }
        let mut paths = Vec::new();
        for field in fields(kind) {
            if !field.path.contains("{n}") {
                paths.push(field.path.to_owned());
                continue;
            }
            // The columns of one permit stand together, so all of its fields go as far as the longest.
            let group = field.path.split("{n}").next().unwrap_or_default();
            let most = used.iter().filter(|(path, _)| path.starts_with(group)).map(|(_, most)| *most).max().unwrap_or_default();
            if fields(kind).find(|other| other.path.starts_with(group)).is_some_and(|first| first.path == field.path) {
                for number in 1..=most.max(1) {
                    let members = fields(kind).filter(|other| other.path.starts_with(group));
                    paths.extend(members.map(|member| member.path.replace("{n}", &number.to_string())));
                }
            }
        }
        // Read as `type_code` already.
        paths.retain(|path| path != "equipment_class");
        paths.extend(others);
        Self { kind, paths }
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self, language: Headers) -> Vec<String> {
        self.paths.iter().map(|path| self.header(path, language)).collect()
    }

    fn header(&self, path: &str, language: Headers) -> String {
        let at = usize::from(language == Headers::English);
        let Some(field) = field_at(self.kind, path) else { return path.to_owned() };
        let number = number_in(field.path, path).unwrap_or_default().to_string();
        field.headers.get(at).map_or_else(|| path.to_owned(), |header| header.replace("{n}", &number))
    }

    /// The cells of a record.
    #[must_use]
    pub fn cells(&self, written: Written<'_>, vocabulary: &Vocabulary) -> Vec<String> {
        let value = |path: &String| match path.strip_prefix("unit/") {
            Some(path) => written.unit.and_then(|unit| unit.get(path)),
            None => written.row.get(path),
        };
        self.paths.iter().map(|path| value(path).map(|value| write(self.kind, path, value, vocabulary)).unwrap_or_default()).collect()
    }

    /// The whole sheet: headers, then the records.
    pub fn table<'a>(&self, sheet: &str, language: Headers, records: impl Iterator<Item = Written<'a>>, vocabulary: &Vocabulary) -> Table {
        let headers = std::iter::once(self.headers(language));
        let rows = headers.chain(records.map(|written| self.cells(written, vocabulary)));
        Table { sheet: sheet.to_owned(), rows: (1..).zip(rows).map(|(number, cells)| TableRow { number, cells }).collect() }
    }
}

/// A value as a cell that reads back as the same.
fn write(kind: Kind, path: &str, value: &Value, vocabulary: &Vocabulary) -> String {
    let text = value.as_str();
    match (cell_of(kind, path), text, value) {
        (Some(Cell::Choice(choices)), Some(code), _) => name_of(choices, code).to_owned(),
        (Some(Cell::EquipmentKind), Some(code), _) => {
            vocabulary.kinds().iter().find(|term| term.code == code).map_or(code, |term| &term.zh).to_owned()
        }
        (_, Some(text), _) => text.to_owned(),
        (_, None, Value::Bool(yes)) => if *yes { "是" } else { "否" }.to_owned(),
        (_, None, other) => other.to_string(),
    }
}

/// The fields of a kind that files can fill, for a person who says what a column is.
pub fn choices(kind: Kind) -> impl Iterator<Item = &'static Field> {
    fields(kind)
}
