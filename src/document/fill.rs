//! A template with its places filled: plain texts, ready to be printed.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::template::{Block, BlockKind, Template};
use super::text::{BLANK, at, filled, in_words};
use crate::domain::checklist::{Condition, Truth};
use crate::domain::signature::Signature;
use crate::procedure::FieldKind;

/// What is given when a document is issued and therefore lacks in no draft.
const GIVEN: [&str; 2] = ["number", "day"];

/// A document as it is printed.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Filled {
    /// In order.
    pub parts: Vec<Part>,
    /// Paths of what is not known and must be; each once.
    pub missing: Vec<String>,
}

/// A part of what is printed. All texts are plain; lines in them are parted by line breaks.
#[derive(Clone, PartialEq, Debug)]
pub enum Part {
    /// The title.
    Title(String),
    /// The number, blank before it is given.
    Number(String),
    /// A heading.
    Heading(String),
    /// A paragraph.
    Para {
        /// Its text.
        text: String,
        /// Not indented.
        flush: bool,
    },
    /// Label and value of each line.
    Rows(Vec<(String, String)>),
    /// A table.
    Table {
        /// Label and width of each column.
        columns: Vec<(String, u8)>,
        /// The lines, as wide as there are columns.
        rows: Vec<Vec<String>>,
        /// What stands there instead of lines.
        none: String,
    },
    /// Paragraphs.
    List(Vec<String>),
    /// Photos.
    Photos(Vec<Picked>),
    /// Signatures.
    Signatures(Vec<Signing>),
    /// The place for the seal.
    Seal(String),
    /// The day of issue, blank before it.
    Day(String),
    /// Small print.
    Note(String),
    /// A new page begins.
    PageBreak,
}

/// A photo as it is printed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Picked {
    /// Its number in the document, from 1.
    pub n: usize,
    /// Its id.
    pub id: String,
    /// What it shows.
    pub caption: String,
    /// When.
    pub time: String,
    /// Where.
    pub place: String,
    /// Digest of the kept bytes.
    pub sha256: String,
}

/// A place for a signature.
#[derive(Clone, PartialEq, Debug)]
pub struct Signing {
    /// Name of the signature in the template.
    pub field: String,
    /// What it is called, in Chinese.
    pub label: String,
    /// Who signs, as far as it is known.
    pub who: String,
    /// The signature, or the refusal; none: a line to sign on.
    pub signature: Option<Signature>,
}

/// Fills a template. The same data give the same result.
#[must_use]
pub fn fill(template: &Template, data: &Value) -> Filled {
    let mut missing = Vec::new();
    let shown = template.blocks.iter().filter(|block| block.when.as_ref().is_none_or(|when| holds(when, data)));
    let parts = shown.map(|block| part(template, block, data, &mut missing)).collect();
    missing.retain(|path: &String| !GIVEN.contains(&path.as_str()));
    let mut seen = std::collections::BTreeSet::new();
    missing.retain(|path| seen.insert(path.clone()));
    Filled { parts, missing }
}

/// A text with its places filled; `None` when one of them is not known.
#[must_use]
pub fn text(text: &str, data: &Value) -> Option<String> {
    let mut whole = true;
    let words = filled(text, data, &mut |_| whole = false);
    whole.then_some(words)
}

/// Whether a condition holds of the data; what is not known does not hold.
#[must_use]
pub(super) fn holds(condition: &Condition, data: &Value) -> bool {
    let known = |path: &str| -> Option<Cow<'_, Value>> { at(data, path).map(Cow::Borrowed) };
    condition.evaluate_by(&known) == Truth::True
}

fn part(template: &Template, block: &Block, data: &Value, missing: &mut Vec<String>) -> Part {
    let mut put = |text: &str| filled(text, data, &mut |path| missing.push(path));
    match &block.kind {
        BlockKind::Title { text } => Part::Title(put(text)),
        BlockKind::Number => Part::Number(known(data, "number")),
        BlockKind::Heading { text } => Part::Heading(put(text)),
        BlockKind::Para { text, flush } => Part::Para { text: put(text), flush: *flush },
        BlockKind::Rows { rows } => Part::Rows(rows.iter().map(|row| (put(&row.label), put(&row.value))).collect()),
        BlockKind::Seal { text } => Part::Seal(put(text)),
        BlockKind::Note { text } => Part::Note(put(text)),
        BlockKind::Day => Part::Day(known(data, "day")),
        BlockKind::PageBreak => Part::PageBreak,
        BlockKind::Signatures { of } => Part::Signatures(of.iter().filter_map(|name| signing(template, name, data)).collect()),
        BlockKind::Photos { each } => Part::Photos(list(data, each).iter().enumerate().map(|(index, row)| picked(index, row)).collect()),
        BlockKind::Table { each, columns, none } => {
            let line = |(index, row): (usize, &Value)| -> Vec<String> {
                let row = numbered(index, row);
                let mut put = |text: &str| filled(text, &row, &mut |path| missing.push(format!("{each}.{index}.{path}")));
                columns.iter().map(|column| put(&column.value)).collect()
            };
            let rows: Vec<Vec<String>> = list(data, each).iter().enumerate().map(line).collect();
            let none = if rows.is_empty() { filled(none, data, &mut |path| missing.push(path)) } else { String::new() };
            Part::Table { columns: columns.iter().map(|column| (column.label.clone(), column.width)).collect(), rows, none }
        }
        BlockKind::List { each, text, none } => {
            let line = |(index, row): (usize, &Value)| {
                filled(text, &numbered(index, row), &mut |path| missing.push(format!("{each}.{index}.{path}")))
            };
            let mut lines: Vec<String> = list(data, each).iter().enumerate().map(line).collect();
            if lines.is_empty() && !none.is_empty() {
                lines.push(filled(none, data, &mut |path| missing.push(path)));
            }
            Part::List(lines)
        }
    }
}

fn known(data: &Value, path: &str) -> String {
    at(data, path).and_then(in_words).unwrap_or_else(|| BLANK.to_owned())
}

fn list<'a>(data: &'a Value, each: &str) -> &'a [Value] {
    at(data, each).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A row with its number; what is no object stands at `value`.
fn numbered(index: usize, row: &Value) -> Value {
    let mut fields = match row {
        Value::Object(fields) => fields.clone(),
        other => Map::from_iter([("value".to_owned(), other.clone())]),
    };
    fields.entry("n").or_insert_with(|| Value::from(index + 1));
    Value::Object(fields)
}

fn picked(index: usize, row: &Value) -> Picked {
    let text = |name: &str| at(row, name).and_then(in_words).unwrap_or_default();
    Picked { n: index + 1, id: text("id"), caption: text("caption"), time: text("time"), place: text("place"), sha256: text("sha256") }
}

fn signing(template: &Template, name: &str, data: &Value) -> Option<Signing> {
    let field = &template.signatures.iter().find(|asked| asked.field.id == name)?.field;
    let FieldKind::Signature { who, nth, .. } = &field.kind else { return None };
    let person = at(data, &format!("doc.{who}.name")).or_else(|| at(data, &format!("doc.{who}.list.{nth}.name")));
    Some(Signing {
        field: name.to_owned(),
        label: field.name.zh.clone(),
        who: person.and_then(in_words).unwrap_or_default(),
        signature: at(data, &format!("signatures.{name}")).and_then(Signature::read),
    })
}
