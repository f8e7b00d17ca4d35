//! A line of a ledger as it counts: what an import brought, under what people wrote since.
//!
//! An import writes one change for each record, at [`BASE`], whose value is an object from paths to values: with a change
//! for each field, a county's 20,000 machines would be 240,000 changes. People afterwards write single paths. The rule:
//!
//! - Of a path the newest statement counts: what stands at a path of its own, or what the base says of it. Statements that
//!   had not seen each other and differ are a conflict at that path, and at no other (`domain::journal`).
//! - An empty text counts as nothing, so that a person can take away what the base says ([`edit`] writes it).
//! - A new import that differs from what counts writes a new base, and beside it every path of its own that it changes
//!   ([`import`]): what a person confirmed in the preview is what counts then, and has seen what it replaces. Where two
//!   imports stand beside each other, it writes single paths alone.
//! - What a file does not say (no such column, or an empty cell) stays as it is.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Kind;
use crate::domain::change::Path;
use crate::domain::journal::State;
use crate::domain::time::CivilDate;

pub use crate::domain::journal::BASE;

/// Values by their path.
pub type Fields = BTreeMap<String, Value>;

/// A ledger record as it counts: path → value, without empty ones and without [`BASE`].
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Row(Fields);

impl Row {
    /// What a state says.
    #[must_use]
    pub fn of(state: &State) -> Self {
        let mut fields: Fields = state.base().into_iter().flatten().map(|(path, value)| (path.clone(), value.clone())).collect();
        for (path, _) in state.cells().filter(|(path, _)| path.as_str() != BASE) {
            if let Some(value) = state.own(path.as_str()) {
                fields.insert(path.as_str().to_owned(), value.clone());
            }
        }
        Self::from_fields(fields)
    }

    /// A row of these fields; empty ones are left out.
    #[must_use]
    pub fn from_fields(mut fields: Fields) -> Self {
        fields.retain(|_, value| !is_empty(value));
        Self(fields)
    }

    /// The kind; `None` when it is in no ledger.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        Kind::parse(self.text("kind"))
    }

    /// What counts at a path.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Value> {
        self.0.get(path)
    }

    /// The text at a path; empty when there is none.
    #[must_use]
    pub fn text(&self, path: &str) -> &str {
        self.get(path).and_then(Value::as_str).unwrap_or_default()
    }

    /// The date at a path.
    #[must_use]
    pub fn date(&self, path: &str) -> Option<CivilDate> {
        CivilDate::parse(self.text(path))
    }

    /// The number at a path.
    #[must_use]
    pub fn number(&self, path: &str) -> Option<f64> {
        self.get(path).and_then(Value::as_f64)
    }

    /// Whether something is said to be so; `None` when nothing is said.
    #[must_use]
    pub fn flag(&self, path: &str) -> Option<bool> {
        self.get(path).and_then(Value::as_bool)
    }

    /// The fields, such as the rules of due dates read them.
    #[must_use]
    pub fn fields(&self) -> &Fields {
        &self.0
    }

    /// The fields whose path begins with `<prefix>/`, by path, without that beginning.
    pub fn under<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a Value)> {
        self.0.iter().filter_map(move |(path, value)| Some((path.strip_prefix(prefix)?.strip_prefix('/')?, value)))
    }

    /// The numbers under a path such as `permits`, sorted.
    #[must_use]
    pub fn numbers(&self, prefix: &str) -> Vec<u32> {
        let mut numbers: Vec<u32> = self.under(prefix).filter_map(|(rest, _)| rest.split('/').next()?.parse().ok()).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }
}

/// Whether a value says nothing.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => false,
    }
}

/// The writes by which an edit counts: `null` and empty texts take a value away, also one that an import brought.
///
/// What an import says and the edit leaves as it is, is not written: a form gives all its fields, and a path of its own for
/// each of them would stand against what later imports on other devices say. Where something is in dispute, saying it
/// settles that.
#[must_use]
pub fn edit(state: &State, values: &[(&str, Value)]) -> Vec<(String, Value)> {
    let base = state.base();
    let as_imported = |(path, value): &&(&str, Value)| {
        let imported = base.and_then(|base| base.get(*path)).filter(|_| state.own(path).is_none() && !state.is_disputed(path));
        imported.is_some_and(|known| known == value || (known.is_number() && known.as_f64() == value.as_f64()))
    };
    let write = |(path, value): &(&str, Value)| {
        let in_base = base.is_some_and(|base| base.get(*path).is_some_and(|value| !is_empty(value)));
        let stored = match (is_empty(value), in_base) {
            (true, true) => Value::String(String::new()),
            (true, false) => Value::Null,
            (false, _) => value.clone(),
        };
        ((*path).to_owned(), stored)
    };
    values.iter().filter(|value| !as_imported(value)).map(write).collect()
}

/// A field that an import changes.
#[derive(Clone, PartialEq, Debug)]
pub struct FieldChange {
    /// Path.
    pub path: String,
    /// What counts now.
    pub old: Option<Value>,
    /// What the file says.
    pub new: Value,
}

/// What a line of a file changes of what counts. Empty values of the file say nothing.
#[must_use]
pub fn compare(row: &Row, file: &Fields) -> Vec<FieldChange> {
    let differs = |(path, new): (&String, &Value)| {
        let old = row.get(path);
        (!is_empty(new) && old != Some(new)).then(|| FieldChange { path: path.clone(), old: old.cloned(), new: new.clone() })
    };
    file.iter().filter_map(differs).collect()
}

/// The writes by which a line of a file counts for a record that is there; none when it changes nothing.
#[must_use]
pub fn import(state: &State, file: &Fields) -> Vec<(String, Value)> {
    let changes = compare(&Row::of(state), file);
    if changes.is_empty() {
        return Vec::new();
    }
    if !state.takes_base() {
        return changes.into_iter().map(|change| (change.path, change.new)).collect();
    }
    let mut base = state.base().cloned().unwrap_or_default();
    base.extend(changes.iter().map(|change| (change.path.clone(), change.new.clone())));
    let mut writes = vec![(BASE.to_owned(), Value::Object(base))];
    // A base doesn't say which paths it had seen; these do.
    writes.extend(changes.into_iter().filter(|change| state.was_written(&change.path)).map(|change| (change.path, change.new)));
    writes
}

/// The writes that begin a record with a line of a file.
#[must_use]
pub fn begin(kind: Kind, file: &Fields) -> Vec<(String, Value)> {
    let mut base: Map<String, Value> =
        file.iter().filter(|(_, value)| !is_empty(value)).map(|(path, value)| (path.clone(), value.clone())).collect();
    base.insert("kind".to_owned(), Value::String(kind.name().to_owned()));
    vec![(BASE.to_owned(), Value::Object(base))]
}

/// Whether a text can be a path of a row.
#[must_use]
pub fn is_path(text: &str) -> bool {
    text != BASE && Path::parse(text).is_ok()
}
