//! A record's line: its changes, each checked, and the state that they add up to.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::error::{BundleError, Limited, Place, Problem, Section, Subject};
use super::limits::Limits;
use super::line::{Extra, Fields, object, read_line};
use crate::domain::change::{Entry, Sha256};
use crate::domain::id::{DeviceId, RecordId};
use crate::domain::journal::{Journal, State};
use crate::domain::time::Instant;
use crate::evidence::chain::{ChainFault, EntryError, canonical_json, entry_to_json, read_entry, verify_chains};
use crate::evidence::seal::{RecordSeal, verify_seals};

/// A record that was read: every digest, chain and seal in it holds.
#[derive(Clone, PartialEq, Debug)]
pub struct RecordModel {
    /// The record.
    pub id: RecordId,
    /// The text at the path `kind`; empty when there is none. May be a kind that this version does not know.
    pub kind: String,
    /// Its changes.
    pub journal: Journal,
    /// What they add up to.
    pub state: State,
    /// Its seals with their paths, in the order in which they were set. Empty when nobody has sealed it.
    pub seals: Vec<(String, RecordSeal)>,
    /// Unknown fields of the line.
    pub extra: Extra,
}

impl RecordModel {
    /// How many changes some seal leaves out. Seals themselves are none.
    #[must_use]
    pub fn amendments(&self) -> usize {
        self.journal.amendments().len()
    }
}

/// The line of a record, without the frame around it: canonical JSON.
#[must_use]
pub fn record_line(journal: &Journal, extra: &Extra) -> Vec<u8> {
    let state = journal.fold();
    let changes = journal.entries().map(entry_to_json).collect();
    canonical_json(&object(
        extra,
        [
            ("id", json!(journal.record())),
            ("kind", Value::String(kind_of(&state).to_owned())),
            ("state", state.to_json()),
            ("changes", Value::Array(changes)),
        ],
    ))
}

fn kind_of(state: &State) -> &str {
    state.text("kind").unwrap_or_default()
}

/// Reads the line of the record at `index`.
pub(super) fn read_record(json: &[u8], index: usize, limits: &Limits) -> Result<RecordModel, BundleError> {
    let place = Place::of(Section::Record(index));
    let mut fields = Fields::of(read_line(json, limits, &place)?, place)?;
    let id: RecordId = fields.parsed("id", "a record id")?;
    read_fields(fields, id.clone(), limits).map_err(|error| error.about(Subject::Record(id)))
}

fn read_fields(mut fields: Fields, id: RecordId, limits: &Limits) -> Result<RecordModel, BundleError> {
    let kind = fields.text("kind")?;
    let changes = fields.list("changes")?;
    let place = fields.place().field("changes");
    if changes.len() > limits.changes {
        return Err(BundleError::new(place, Problem::limit(Limited::Changes, limits.changes)));
    }
    let journal = read_changes(id.clone(), changes, &place)?;
    check_chains(&journal, &place)?;
    let seals = check_seals(&journal, &place)?;
    let state = journal.fold();
    if fields.take("state")? != state.to_json() {
        return Err(fields.refuse("state", Problem::State));
    }
    if kind != kind_of(&state) {
        return Err(fields.refuse("kind", Problem::Kind));
    }
    Ok(RecordModel { id, kind, journal, state, seals, extra: fields.rest() })
}

fn read_changes(id: RecordId, changes: Vec<Value>, place: &Place) -> Result<Journal, BundleError> {
    let mut journal = Journal::new(id);
    let mut last: Option<(DeviceId, u64, Sha256)> = None;
    for (index, json) in changes.into_iter().enumerate() {
        let place = place.index(index);
        let entry = read_change(json, &place)?;
        let key = (entry.change.device.clone(), entry.change.seq, entry.hash);
        if last.as_ref().is_some_and(|last| *last >= key) {
            return Err(BundleError::new(place, Problem::ChangesOrder));
        }
        last = Some(key);
        if journal.insert(entry).is_err() {
            return Err(BundleError::new(place.field("record"), Problem::OtherRecord));
        }
    }
    Ok(journal)
}

/// 2200-01-01. A clock beyond it would push the records that it touches to the end of all times.
const LAST_TIME: Instant = Instant::from_ms(7_258_118_400_000);

fn read_change(json: Value, place: &Place) -> Result<Entry, BundleError> {
    let entry = read_entry(json.clone()).map_err(|error| match error {
        EntryError::Hash { .. } => BundleError::new(place.clone(), Problem::EntryHash),
        EntryError::Number => BundleError::new(place.clone(), Problem::Number),
        EntryError::Field { .. } => BundleError::new(place.clone(), Problem::Malformed { expected: "a change" }),
    })?;
    if entry.change.at.instant() > LAST_TIME {
        return Err(BundleError::new(place.field("at"), Problem::Malformed { expected: "a time before the year 2200" }));
    }
    // What the model can't hold (a `reason` of null, a field more in `clock`) would be lost on the way out.
    if entry_to_json(&entry) == json {
        Ok(entry)
    } else {
        Err(BundleError::new(place.clone(), Problem::Malformed { expected: "a change in its one written form" }))
    }
}

/// The place in the list of changes of the last one that fits.
fn last_index(journal: &Journal, fits: impl Fn(&Entry) -> bool) -> usize {
    journal.entries().enumerate().filter(|(_, entry)| fits(entry)).last().map(|(index, _)| index).unwrap_or_default()
}

fn check_chains(journal: &Journal, place: &Place) -> Result<(), BundleError> {
    let Some(fault) = verify_chains(journal).into_iter().next() else {
        return Ok(());
    };
    let at = |device: &DeviceId, seq: u64, field| {
        place.index(last_index(journal, |entry| entry.change.device == *device && entry.change.seq == seq)).field(field)
    };
    let (place, problem) = match fault {
        ChainFault::Gap { device, seq } => (at(&device, seq, "seq"), Problem::ChainGap { device, seq }),
        ChainFault::Prev { device, seq } => (at(&device, seq, "prev"), Problem::ChainPrev { device, seq }),
        ChainFault::Fork { device, seq } => (at(&device, seq, "seq"), Problem::Fork { device, seq }),
        ChainFault::Order { device, seq } => (at(&device, seq, "at"), Problem::ChainOrder { device, seq }),
    };
    Err(BundleError::new(place, problem))
}

fn check_seals(journal: &Journal, place: &Place) -> Result<Vec<(String, RecordSeal)>, BundleError> {
    let mut seals = Vec::new();
    for (path, verdict) in verify_seals(journal) {
        match verdict {
            Ok(seal) => seals.push((path, seal)),
            Err(fault) => {
                let index = last_index(journal, |entry| entry.change.path.as_str() == path && !entry.change.value.is_null());
                return Err(BundleError::new(place.index(index).field("value"), Problem::RecordSeal { fault }));
            }
        }
    }
    Ok(seals)
}

/// The photos that a record names: in its whole history, and those of them that stand in its state.
pub(super) fn named_photos(record: &RecordModel) -> (BTreeSet<Sha256>, BTreeSet<Sha256>) {
    let ever = record.journal.entries().filter(|entry| entry.change.path.as_str().starts_with("photos/"));
    let ever = ever.flat_map(|entry| digests(&entry.change.value, true)).collect();
    let deleted = |photo: &str| record.state.get(&format!("photos/{photo}/deleted")) == Some(&Value::Bool(true));
    let now = record.state.under("photos").filter(|(photo, _)| !deleted(photo)).flat_map(|(_, cell)| digests(&cell.value, false)).collect();
    (ever, now)
}

/// The digests in a photo's metadata; that of an original that was not kept only when asked for.
fn digests(photo: &Value, all: bool) -> Vec<Sha256> {
    let digest = |value: &Value| value.get("sha256").and_then(Value::as_str).and_then(|text| Sha256::parse(text).ok());
    let original = photo.get("original").filter(|original| all || original.get("kept") == Some(&Value::Bool(true)));
    digest(photo).into_iter().chain(original.and_then(digest)).collect()
}
