//! Files of rules and checklists that an office takes in by itself: read, compared with what counts, kept as an edition.

use serde_json::Value;

use super::edition;
use crate::app::library::fault::{self, Fault};
use crate::app::library::{self as lists, base_version, follow, is_list_name};
use crate::app::workspace::{AppError, Record, Workspace};
use crate::domain::checklist::{Checklist, ChecklistError};
use crate::domain::id::RecordId;
use crate::domain::journal::Journal;
use crate::domain::library::{self, Holding};
use crate::domain::time::CivilDate;
use crate::port::clock::Clock;
use crate::port::random::Random;
use crate::port::twin::{Receipt, Store};
use crate::rules::{Calendar, Campaigns, Clocks, Intervals, RuleError, Said, VisitCaps};
use crate::signal;

/// The largest file that is read, in bytes; the largest that comes with the app has a twentieth of it.
pub const MOST_BYTES: u64 = 2 * 1024 * 1024;
/// Nested arrays and objects; less than what a bundle may have, so that what is kept can be handed out.
const DEPTH: usize = 32;

/// What a file is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FileKind {
    /// Days off and make-up working days.
    Holidays,
    /// How long offices and units have.
    Clocks,
    /// Campaigns.
    Campaigns,
    /// Intervals of inspections.
    Intervals,
    /// Caps on visits, and what is told on arrival.
    VisitCaps,
    /// When complaints and reports are a signal.
    Signals,
    /// A checklist.
    Checklist,
}

impl FileKind {
    fn of(schema: &str) -> Option<Self> {
        Some(match schema {
            "rules/holidays/1" => Self::Holidays,
            "rules/clocks/1" => Self::Clocks,
            "rules/campaigns/1" => Self::Campaigns,
            "rules/intervals/1" => Self::Intervals,
            "rules/visit-caps/1" => Self::VisitCaps,
            "rules/signals/1" => Self::Signals,
            "checklist/1" => Self::Checklist,
            _ => return None,
        })
    }

    /// The file that one of this kind stands for; checklists have one each.
    fn path(self) -> Option<&'static str> {
        match self {
            Self::Holidays => Some(edition::HOLIDAYS),
            Self::Clocks => Some("rules/clocks.json"),
            Self::Campaigns => Some("rules/campaigns.json"),
            Self::Intervals => Some("rules/intervals.json"),
            Self::VisitCaps => Some("rules/visit-caps.json"),
            Self::Signals => Some("rules/signals.json"),
            Self::Checklist => None,
        }
    }

    /// What a file of the library with this path is; `None` for files that are not taken in.
    #[must_use]
    pub fn of_path(path: &str) -> Option<Self> {
        let rules = [Self::Holidays, Self::Clocks, Self::Campaigns, Self::Intervals, Self::VisitCaps, Self::Signals];
        rules.into_iter().find(|kind| kind.path() == Some(path)).or_else(|| lists::list_of(path).map(|_| Self::Checklist))
    }

    /// The lists within, by the field that tells their entries apart.
    pub(super) fn parts(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Holidays => &[("years", "year"), ("local", "id")],
            Self::Clocks => &[("clocks", "id")],
            Self::Campaigns => &[("campaigns", "id")],
            Self::Intervals => &[("rules", "id")],
            Self::VisitCaps => &[("caps", "id"), ("exceptions", "id"), ("exclusions", "id")],
            Self::Signals => &[("rules", "id"), ("weights", "flag")],
            Self::Checklist => &[("items", "id")],
        }
    }
}

/// Why a file can't be taken in. Nothing of it was kept.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FileError {
    /// More bytes than any true file has.
    #[error("{bytes} bytes, more than {limit}")]
    Large {
        /// How many it has.
        bytes: u64,
        /// How many are read.
        limit: u64,
    },
    /// Not JSON.
    #[error("line {line}, column {column}: {problem}")]
    Json {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What the reader says.
        problem: String,
    },
    /// A file that travels between devices (导出文件, 下发文件): it is taken in elsewhere.
    #[error("a bundle")]
    Bundle,
    /// JSON of a format that is taken in nowhere, or that this version does not know. Empty when it names none.
    #[error("unknown format {found}")]
    Schema {
        /// The format.
        found: String,
    },
    /// Nested more deeply than what can be handed out.
    #[error("nested more than {limit} levels deep")]
    Deep {
        /// The limit.
        limit: usize,
    },
    /// What the reader of rules says.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// What the reader of checklists says.
    #[error(transparent)]
    Checklist(#[from] ChecklistError),
    /// The name of a checklist is one that no list of the bureau's own may have.
    #[error("{name} is no name for a list")]
    Name {
        /// The name.
        name: String,
    },
    /// A checklist can be read and has things to put right before it can be published.
    #[error("{} things to put right", .0.len())]
    Faults(Vec<Fault>),
}

/// A file that was read and checked.
#[derive(Clone, PartialEq, Debug)]
pub struct ContentFile {
    /// What it is.
    pub kind: FileKind,
    /// The file of the library that it stands for.
    pub path: String,
    /// Title.
    pub title: Said,
    /// Version; empty when it has none.
    pub version: String,
    /// The latest day on which a rule in it comes into force; none when it names no day.
    pub effective: Option<CivilDate>,
    /// The years that days off are for.
    pub years: Vec<i32>,
    value: Value,
}

impl ContentFile {
    /// Reads and checks a file.
    ///
    /// # Errors
    /// [`FileError`] says what is wrong and where.
    pub fn read(bytes: &[u8]) -> Result<Self, FileError> {
        if bytes.len() as u64 > MOST_BYTES {
            return Err(FileError::Large { bytes: bytes.len() as u64, limit: MOST_BYTES });
        }
        // Editors on Windows write a mark at the beginning.
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let value: Value = serde_json::from_slice(bytes).map_err(|error| FileError::Json {
            line: error.line(),
            column: error.column(),
            problem: error.to_string(),
        })?;
        if text(&value, "format") == "spotcheck-bundle" {
            return Err(FileError::Bundle);
        }
        let schema = text(&value, "schema");
        let kind = FileKind::of(schema).ok_or_else(|| FileError::Schema { found: schema.chars().take(80).collect() })?;
        if !is_shallow(&value, DEPTH) {
            return Err(FileError::Deep { limit: DEPTH });
        }
        let mut years = Vec::new();
        match kind {
            FileKind::Holidays => years.extend(Calendar::read(bytes)?.years().map(|(year, _)| year)),
            FileKind::Clocks => drop(Clocks::read(bytes)?),
            FileKind::Campaigns => drop(Campaigns::read(bytes)?),
            FileKind::Intervals => drop(Intervals::read(bytes)?),
            FileKind::VisitCaps => drop(VisitCaps::read(bytes)?),
            FileKind::Signals => drop(signal::Rules::read(bytes)?),
            FileKind::Checklist => {
                let list = Checklist::read(bytes)?;
                if !is_list_name(&list.id) {
                    return Err(FileError::Name { name: list.id });
                }
                fault::check(&list).map_err(FileError::Faults)?;
            }
        }
        let path = kind.path().map_or_else(|| lists::path_of(text(&value, "id")), str::to_owned);
        let title_zh = Some(text(&value, "title_zh")).filter(|title| !title.trim().is_empty()).unwrap_or(&path).to_owned();
        let title_en = Some(text(&value, "title_en")).filter(|title| !title.trim().is_empty()).unwrap_or(&title_zh).to_owned();
        Ok(Self {
            kind,
            title: Said::new(title_zh, title_en),
            version: text(&value, "version").to_owned(),
            effective: latest_effective(&value),
            path,
            years,
            value,
        })
    }

    /// What would be kept, and how it differs from what counts now: the bureau's `own` edition, else the `shipped` file.
    ///
    /// Days off are added year by year, so that a file with one year takes no other away, and what the shipped file says
    /// as well is not kept; everything else takes the place of what was there, and a checklist keeps the items that it
    /// leaves out as retired ones.
    ///
    /// # Errors
    /// [`FileError`] when the file does not go together with what is there.
    pub fn plan(&self, own: Option<&Value>, shipped: Option<&Value>) -> Result<Plan, FileError> {
        if self.kind == FileKind::Holidays {
            return self.plan_years(own, shipped);
        }
        let (current, from_app) = (own.or(shipped), shipped.is_some());
        let value = match (self.kind, current) {
            (FileKind::Checklist, Some(current)) if self.value != *current => {
                let mut list = Checklist::from_value(&self.value)?;
                match Checklist::from_value(current) {
                    Ok(before) => {
                        // A file that was made from an edition still has that one's version.
                        if base_version(&list.version) == base_version(&before.version) {
                            list.version.clone_from(&before.version);
                        }
                        let next = follow(&before, list, from_app);
                        let same = Checklist { version: before.version.clone(), ..next.clone() } == before;
                        if same { current.clone() } else { serde_json::to_value(next).unwrap_or_default() }
                    }
                    // A list that is damaged must not keep its successor out.
                    Err(_) => self.value.clone(),
                }
            }
            _ => self.value.clone(),
        };
        let difference = match self.kind {
            // What a list does not say and what it says by default is the same.
            FileKind::Checklist => Difference::between(self.kind, current.map(in_full).as_ref(), &in_full(&value)),
            _ => Difference::between(self.kind, current, &value),
        };
        Ok(Plan { value, difference })
    }

    fn plan_years(&self, own: Option<&Value>, shipped: Option<&Value>) -> Result<Plan, FileError> {
        let head = own.or(shipped).unwrap_or(&self.value);
        let value = edition::beyond(edition::over(head.clone(), &self.value), shipped);
        let before = own.map(|own| edition::in_force(&self.path, own, shipped)).or_else(|| shipped.cloned());
        let after = edition::in_force(&self.path, &value, shipped);
        Calendar::read(after.to_string().as_bytes())?;
        let difference = Difference::between(self.kind, before.as_ref(), &after);
        Ok(Plan { value, difference })
    }
}

/// What would be kept.
#[derive(Clone, PartialEq, Debug)]
pub struct Plan {
    /// The whole file.
    pub value: Value,
    /// How it differs from what counts now.
    pub difference: Difference,
}

/// How a file differs from what counts now, by the names of its entries.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Difference {
    /// Not there now.
    pub added: Vec<Said>,
    /// There, and said otherwise.
    pub changed: Vec<Said>,
    /// There now and not in the file.
    pub removed: Vec<Said>,
    /// Something outside of the entries differs, such as a note or a basis.
    pub other: bool,
}

impl Difference {
    /// Whether everything is there already as it is in the file.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.removed.is_empty() && !self.other
    }

    fn between(kind: FileKind, current: Option<&Value>, value: &Value) -> Self {
        let mut difference = Self::default();
        let none = Value::Null;
        let current = current.unwrap_or(&none);
        for (part, key) in kind.parts() {
            let (before, after) = (entries(current, part), entries(value, part));
            let same = |one: &Value, other: &Value| one.get(key).is_some() && one.get(key) == other.get(key);
            for one in after {
                match before.iter().find(|other| same(one, other)) {
                    None => difference.added.push(name(one, key)),
                    Some(other) if other != one => difference.changed.push(name(one, key)),
                    Some(_) => {}
                }
            }
            let gone = before.iter().filter(|one| !after.iter().any(|other| same(one, other)));
            difference.removed.extend(gone.map(|one| name(one, key)));
        }
        let rest = |value: &Value| {
            let mut rest = value.as_object().cloned().unwrap_or_default();
            rest.retain(|field, _| !kind.parts().iter().any(|(part, _)| part == field));
            rest
        };
        difference.other = rest(current) != rest(value);
        difference
    }
}

/// A checklist with everything said; as it is when it can't be read.
fn in_full(list: &Value) -> Value {
    Checklist::from_value(list).ok().and_then(|list| serde_json::to_value(list).ok()).unwrap_or_else(|| list.clone())
}

/// Puts the entries of a list of one file into another: those with the same key take the place, the others are added.
pub(super) fn take_over(mut into: Value, from: &Value, part: &str, key: &str) -> Value {
    let coming = entries(from, part);
    let mut all: Vec<Value> = entries(&into, part).to_vec();
    for one in coming {
        match all.iter_mut().find(|other| other.get(key) == one.get(key)) {
            Some(other) => other.clone_from(one),
            None => all.push(one.clone()),
        }
    }
    if !coming.is_empty()
        && let Some(fields) = into.as_object_mut()
    {
        fields.insert(part.to_owned(), Value::Array(all));
    }
    into
}

/// What people call an entry: its names, its text, or what tells it apart.
pub(super) fn name(entry: &Value, key: &str) -> Said {
    let id = match entry.get(key) {
        Some(Value::String(id)) => id.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let first = |fields: [&str; 2]| fields.into_iter().map(|field| text(entry, field)).find(|text| !text.is_empty()).map(str::to_owned);
    let zh = first(["zh", "text_zh"]).unwrap_or_else(|| id.clone());
    let en = first(["en", "text_en"]).unwrap_or(id);
    Said::new(zh, en)
}

pub(super) fn entries<'a>(value: &'a Value, part: &str) -> &'a [Value] {
    value.get(part).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// Whether nothing is nested more deeply; the reader of JSON has bounded the depth before.
fn is_shallow(value: &Value, levels: usize) -> bool {
    let Some(within) = levels.checked_sub(1) else { return false };
    match value {
        Value::Array(all) => all.iter().all(|one| is_shallow(one, within)),
        Value::Object(all) => all.values().all(|one| is_shallow(one, within)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}

/// The latest `effective_from` anywhere within.
pub(super) fn latest_effective(value: &Value) -> Option<CivilDate> {
    match value {
        Value::Array(all) => all.iter().filter_map(latest_effective).max(),
        Value::Object(all) => {
            let own = all.get("effective_from").and_then(Value::as_str).and_then(CivilDate::parse);
            all.values().filter_map(latest_effective).chain(own).max()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// Why a file was not kept. Nothing of it is, then.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PublishError {
    /// It does not go together with what is there.
    #[error(transparent)]
    File(#[from] FileError),
    /// The store failed.
    #[error(transparent)]
    App(#[from] AppError),
}

impl<S: Store, C: Clock, R: Random> Workspace<S, C, R> {
    /// Keeps a file as the next edition of the record for it among `ids`, or as the first one of a new record. None when
    /// everything is there already. `shipped` is the file that came with the app; it counts where the bureau has none.
    ///
    /// # Errors
    /// [`PublishError`]; then nothing was kept.
    pub async fn publish_file(
        &self,
        file: &ContentFile,
        ids: &[RecordId],
        shipped: Option<&Value>,
    ) -> Result<Option<Receipt>, PublishError> {
        let known = self.content_record(ids, &file.path).await?;
        let own = known.as_ref().and_then(|record| library::read(record.state())).filter(|holding| !holding.retired);
        let plan = file.plan(own.as_ref().map(|holding: &Holding| &holding.value), shipped)?;
        if plan.difference.is_none() {
            return Ok(None);
        }
        let mut values = library::publish(known.as_ref().map(Record::state), &file.path, (&file.title.zh, &file.title.en), plan.value);
        // Lists say in their version what they were made from.
        let beside = shipped.filter(|_| file.kind != FileKind::Checklist);
        values.extend(beside.map(|shipped| ("base".to_owned(), Value::from(edition::digest(shipped)))));
        let values: Vec<(&str, Value)> = values.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
        let mut record = known.unwrap_or_else(|| Record::new(Journal::new(self.new_record_id())));
        Ok(self.save(&mut record, &values, None).await?)
    }

    /// The record for a file of the library: the one that counts, else the one that was changed last.
    pub(crate) async fn content_record(&self, ids: &[RecordId], path: &str) -> Result<Option<Record>, AppError> {
        let mut found: Option<((bool, u64), Record)> = None;
        for id in ids {
            let record = match self.load(id).await {
                Ok(record) => record,
                Err(AppError::NoRecord) => continue,
                Err(error) => return Err(error),
            };
            if record.state().text("kind") != Some(library::KIND) || record.state().text("path") != Some(path) {
                continue;
            }
            let counts = library::read(record.state()).is_some_and(|holding| !holding.retired);
            let rank = (counts, record.journal().latest().ms);
            if found.as_ref().is_none_or(|(best, _)| *best < rank) {
                found = Some((rank, record));
            }
        }
        Ok(found.map(|(_, record)| record))
    }
}
