//! What a template is: data, checked when it is read.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::text::places;
use crate::domain::checklist::{BasisRef, Condition};
use crate::procedure::{Field, FieldKind, Named, ProcedureError, check_fields};

/// The format of the file, see `public/content/schema/document.schema.json`.
const SCHEMA: &str = "document/1";
/// The most blocks, fields, rows or columns.
const MAX_PARTS: usize = 120;
/// The most characters of one text.
const MAX_TEXT: usize = 2_000;

/// A template, format `document/1`. What is printed is Chinese, as the law wants it; names of things that a person chooses
/// or fills in are in both languages.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Template {
    /// Always `document/1`.
    pub schema: String,
    /// Stable name; that of the file.
    pub id: String,
    /// Version; a document keeps the one that it was begun with.
    pub version: String,
    /// What it is called.
    pub title: Named,
    /// What to know before beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Named>,
    /// Why it is so.
    pub basis: Vec<BasisRef>,
    /// Whether it was compared with the official form; otherwise shown as 未核实.
    pub verified: bool,
    /// What it can be made from.
    pub of: Vec<Origin>,
    /// How it is numbered; not at all when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<Series>,
    /// What it asks besides what is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Asked>,
    /// Who signs; fields of type `signature`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signatures: Vec<Asked>,
    /// Who gets one: a copy for each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copies: Vec<Named>,
    /// What is printed, in order.
    pub blocks: Vec<Block>,
}

/// What a document can be made from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Origin {
    /// The kind of the record.
    pub kind: String,
    /// Which of its steps; any, or none, when there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<String>,
}

impl Origin {
    /// Whether such a record, at such a step of it, is meant.
    #[must_use]
    pub fn fits(&self, kind: &str, step: Option<&str>) -> bool {
        self.kind == kind && (self.steps.is_empty() || step.is_some_and(|step| self.steps.iter().any(|one| one == step)))
    }
}

/// How documents are numbered.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Series {
    /// Stable name; templates may share one.
    pub id: String,
    /// The number as it is printed, with `{mark}`, `{year}` and `{n}`: `{mark}监特令〔{year}〕{n}号`.
    pub format: String,
}

impl Series {
    /// A number as it is printed.
    #[must_use]
    pub fn text(&self, mark: &str, year: i32, n: &str) -> String {
        let filled = self.format.replace("{year}", &year.to_string()).replace("{n}", n);
        // Last, so that nothing in the name of a bureau is taken for a place.
        filled.replace("{mark}", mark)
    }
}

/// Something that is asked, and what it begins with.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Asked {
    /// What is asked.
    #[serde(flatten)]
    pub field: Field,
    /// What it begins with, the first that is known. For texts: texts with places. For all others: where the value stands
    /// in the source, such as `about.deadline`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preset: Vec<String>,
}

impl Asked {
    /// Whether presets are texts with places.
    #[must_use]
    pub fn is_text(&self) -> bool {
        matches!(self.field.kind, FieldKind::Text | FieldKind::Long)
    }
}

/// A part of what is printed.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Block {
    /// Only when this holds of the data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// Which.
    #[serde(flatten)]
    pub kind: BlockKind,
}

/// The kinds of blocks. All texts may have places.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum BlockKind {
    /// The title.
    Title {
        /// Its text.
        text: String,
    },
    /// The number.
    Number,
    /// A heading.
    Heading {
        /// Its text.
        text: String,
    },
    /// A paragraph.
    Para {
        /// Its text.
        text: String,
        /// Not indented: the line that says to whom it goes.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        flush: bool,
    },
    /// What is known, line by line.
    Rows {
        /// The lines.
        rows: Vec<Row>,
    },
    /// A table with a line for each of a list. Places are fields of its rows; `{n}` is the number of the row.
    Table {
        /// Where the list stands.
        each: String,
        /// The columns.
        columns: Vec<Column>,
        /// What is printed when the list is empty.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        none: String,
    },
    /// A paragraph for each of a list, likewise.
    List {
        /// Where the list stands.
        each: String,
        /// The text.
        text: String,
        /// What is printed when the list is empty.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        none: String,
    },
    /// Photos with what is known of them.
    Photos {
        /// `photos`, or `pictures.<field>`.
        each: String,
    },
    /// Signatures.
    Signatures {
        /// Names of [`Template::signatures`].
        of: Vec<String>,
    },
    /// The place for the seal, over the name of the bureau.
    Seal {
        /// What stands there.
        text: String,
    },
    /// The day of issue.
    Day,
    /// Small print.
    Note {
        /// Its text.
        text: String,
    },
    /// A new page begins.
    PageBreak,
}

/// A line of [`BlockKind::Rows`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Row {
    /// What it is.
    pub label: String,
    /// What is known, with places.
    pub value: String,
}

/// A column of [`BlockKind::Table`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Column {
    /// What it is.
    pub label: String,
    /// What stands there, with places in the row.
    pub value: String,
    /// How wide, in parts of the sum of all.
    #[serde(default = "one")]
    pub width: u8,
}

fn one() -> u8 {
    1
}

/// Why a file is no template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// Not JSON of this form.
    #[error("line {line}, column {column}: {problem}")]
    Json {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What the reader says.
        problem: String,
    },
    /// Of a format that this version does not know.
    #[error("unknown format {0}")]
    Schema(String),
    /// Fields that don't fit together.
    #[error(transparent)]
    Field(#[from] ProcedureError),
    /// A field of a type that documents don't ask, or another one where a signature is wanted.
    #[error("{place}: not of a type that can stand here")]
    Type {
        /// Where.
        place: String,
    },
    /// A text that is empty, too long, or has a place that can't be read.
    #[error("{place}: a text is empty, too long, or can't be read: {problem}")]
    Text {
        /// Where.
        place: String,
        /// What can't be read.
        problem: String,
    },
    /// Something names what is not there.
    #[error("{place}: there is no {name}")]
    Unknown {
        /// Where.
        place: String,
        /// The name.
        name: String,
    },
    /// Nothing to make it from, nothing to print, or a name that is none.
    #[error("{place}: empty, or no good name")]
    Name {
        /// Where.
        place: String,
    },
    /// More than any true file has.
    #[error("more than {MAX_PARTS} parts")]
    TooMany,
}

impl Template {
    /// Reads a file.
    ///
    /// # Errors
    /// [`TemplateError`] says what is wrong and where.
    pub fn read(bytes: &[u8]) -> Result<Self, TemplateError> {
        let read: Self = serde_json::from_slice(bytes).map_err(|error| TemplateError::Json {
            line: error.line(),
            column: error.column(),
            problem: error.to_string(),
        })?;
        read.check()?;
        Ok(read)
    }

    /// A field that it asks.
    #[must_use]
    pub fn field(&self, id: &str) -> Option<&Asked> {
        self.fields.iter().find(|asked| asked.field.id == id)
    }

    /// Whether it can be made from such a record, at such a step of it.
    #[must_use]
    pub fn is_of(&self, kind: &str, step: Option<&str>) -> bool {
        self.of.iter().any(|origin| origin.fits(kind, step))
    }

    /// Whether it prints a list.
    #[must_use]
    pub fn lists(&self, name: &str) -> bool {
        self.blocks.iter().any(|block| match &block.kind {
            BlockKind::Table { each, .. } | BlockKind::List { each, .. } => each == name,
            _ => false,
        })
    }

    /// Whether it takes photos of a field of its source with it.
    #[must_use]
    pub fn takes(&self, field: &str) -> bool {
        let takes = |each: &str| each == "photos" || each.strip_prefix("pictures.") == Some(field);
        self.blocks.iter().any(|block| match &block.kind {
            BlockKind::Table { each, .. } | BlockKind::List { each, .. } | BlockKind::Photos { each } => takes(each),
            _ => false,
        })
    }

    /// Whether everything fits together.
    ///
    /// # Errors
    /// [`TemplateError`] with the first thing that does not.
    pub fn check(&self) -> Result<(), TemplateError> {
        if self.schema != SCHEMA {
            return Err(TemplateError::Schema(self.schema.clone()));
        }
        if [self.fields.len(), self.signatures.len(), self.blocks.len(), self.copies.len()].iter().any(|count| *count > MAX_PARTS) {
            return Err(TemplateError::TooMany);
        }
        let named = |place: &str, good: bool| if good { Ok(()) } else { Err(TemplateError::Name { place: place.to_owned() }) };
        named("id", is_name(&self.id))?;
        named("title", !self.title.zh.trim().is_empty() && !self.title.en.trim().is_empty())?;
        named("of", !self.of.is_empty() && self.of.iter().all(|origin| is_name(&origin.kind)))?;
        named("blocks", !self.blocks.is_empty())?;
        if let Some(series) = &self.series {
            named("series", is_name(&series.id))?;
            let found = text("series", &series.format)?;
            let once = |name: &str| found.iter().filter(|place| place.as_str() == name).count() == 1;
            let known = found.iter().all(|place| ["mark", "year", "n"].contains(&place.as_str()));
            named("series", known && once("year") && once("n"))?;
        }
        self.check_asked()?;
        for (index, block) in self.blocks.iter().enumerate() {
            self.check_block(&format!("blocks.{index}"), &block.kind)?;
        }
        Ok(())
    }

    fn check_asked(&self) -> Result<(), TemplateError> {
        // Who signs stands among the fields, so both are looked at together.
        let all: Vec<Field> = self.fields.iter().chain(&self.signatures).map(|asked| asked.field.clone()).collect();
        check_fields("fields", &all)?;
        for asked in self.fields.iter().chain(&self.signatures) {
            let place = format!("fields.{}", asked.field.id);
            let signs = self.signatures.iter().any(|one| one.field.id == asked.field.id);
            let fits = match asked.field.kind {
                FieldKind::Signature { .. } => signs,
                FieldKind::Photos { .. } | FieldKind::Clauses { .. } | FieldKind::Link { .. } => false,
                _ => !signs,
            };
            if !fits {
                return Err(TemplateError::Type { place });
            }
            for preset in &asked.preset {
                match asked.is_text() {
                    true => drop(text(&place, preset)?),
                    false if preset.split('.').all(|part| !part.is_empty()) => {}
                    false => return Err(TemplateError::Text { place, problem: preset.clone() }),
                }
            }
        }
        Ok(())
    }

    fn check_block(&self, place: &str, kind: &BlockKind) -> Result<(), TemplateError> {
        let within = |name: &str| format!("{place}.{name}");
        match kind {
            BlockKind::Title { text: words }
            | BlockKind::Heading { text: words }
            | BlockKind::Para { text: words, .. }
            | BlockKind::Seal { text: words }
            | BlockKind::Note { text: words } => drop(text(&within("text"), words)?),
            BlockKind::Rows { rows } => {
                let parts = rows.iter().map(|row| (row.label.as_str(), row.value.as_str()));
                lines(place, parts)?;
            }
            BlockKind::Table { each, columns, none } => {
                drop(text(&within("each"), each)?);
                lines(place, columns.iter().map(|column| (column.label.as_str(), column.value.as_str())))?;
                optional(&within("none"), none)?;
            }
            BlockKind::List { each, text: words, none } => {
                drop(text(&within("each"), each)?);
                drop(text(&within("text"), words)?);
                optional(&within("none"), none)?;
            }
            BlockKind::Photos { each } => {
                if each != "photos" && !each.strip_prefix("pictures.").is_some_and(is_name) {
                    return Err(TemplateError::Unknown { place: within("each"), name: each.clone() });
                }
            }
            BlockKind::Signatures { of } => {
                if let Some(name) = of.iter().find(|name| !self.signatures.iter().any(|asked| asked.field.id == **name)) {
                    return Err(TemplateError::Unknown { place: within("of"), name: name.clone() });
                }
            }
            BlockKind::Number | BlockKind::Day | BlockKind::PageBreak => {}
        }
        Ok(())
    }
}

/// The paths in a text.
fn text(place: &str, words: &str) -> Result<BTreeSet<String>, TemplateError> {
    let fault = |problem: String| TemplateError::Text { place: place.to_owned(), problem };
    if words.trim().is_empty() || words.chars().count() > MAX_TEXT {
        return Err(fault(String::new()));
    }
    Ok(places(words).map_err(fault)?.into_iter().map(|place| place.path).collect())
}

fn optional(place: &str, words: &str) -> Result<(), TemplateError> {
    if words.is_empty() { Ok(()) } else { text(place, words).map(drop) }
}

/// Labels are there, values can be read and may be empty: a line to write on.
fn lines<'a>(place: &str, all: impl ExactSizeIterator<Item = (&'a str, &'a str)>) -> Result<(), TemplateError> {
    if all.len() > MAX_PARTS {
        return Err(TemplateError::TooMany);
    }
    if all.len() == 0 {
        return Err(TemplateError::Name { place: place.to_owned() });
    }
    for (index, (label, value)) in all.enumerate() {
        drop(text(&format!("{place}.{index}.label"), label)?);
        optional(&format!("{place}.{index}.value"), value)?;
    }
    Ok(())
}

fn is_name(name: &str) -> bool {
    (1..=40).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}
