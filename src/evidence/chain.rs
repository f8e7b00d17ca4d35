//! Digests of changes and the chain that they form.

use std::collections::BTreeMap;

use serde_json::Value;
use sha2::Digest as _;

use crate::domain::change::{Change, Entry, Sha256};
use crate::domain::id::DeviceId;
use crate::domain::journal::{Head, Journal};

/// The SHA-256 digest of some bytes.
#[must_use]
pub fn sha256(bytes: &[u8]) -> Sha256 {
    Sha256(sha2::Sha256::digest(bytes).into())
}

/// The canonical JSON of a value: RFC 8785 (sorted keys, one form for each number and string).
#[must_use]
pub fn canonical_json(value: &Value) -> Vec<u8> {
    // Writing a JSON value that is in memory into memory can't fail: its keys are texts and its numbers finite.
    serde_json_canonicalizer::to_vec(value).unwrap_or_default()
}

/// Why some JSON is not an entry of a journal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// A field is missing or has a wrong form.
    #[error("field {field}: {problem}")]
    Field {
        /// The field, as far as it is known.
        field: String,
        /// What is wrong, in English, without the value.
        problem: String,
    },
    /// The digest that it carries is not the digest of its content.
    #[error("the content does not have the digest that it carries")]
    Hash {
        /// The digest of the content.
        computed: Sha256,
        /// The digest that it carries.
        carried: Sha256,
    },
    /// A number that not every JSON reader keeps exactly.
    #[error("a whole number beyond 2^53 is not kept exactly by all readers")]
    Number,
}

/// Seals a change into an entry by computing its digest.
#[must_use]
pub fn make_entry(change: Change) -> Entry {
    let value = serde_json::to_value(&change).unwrap_or_default();
    let hash = sha256(&canonical_json(&value));
    Entry { change, hash }
}

/// The JSON of an entry: the change's fields and `hash`.
#[must_use]
pub fn entry_to_json(entry: &Entry) -> Value {
    let mut value = serde_json::to_value(&entry.change).unwrap_or_default();
    if let Some(fields) = value.as_object_mut() {
        fields.insert("hash".to_owned(), Value::String(entry.hash.to_string()));
    }
    value
}

/// Reads an entry and checks its digest.
///
/// # Errors
/// [`EntryError`] when a field is wrong or the digest is not that of the content.
pub fn read_entry(value: Value) -> Result<Entry, EntryError> {
    let field = |field: &str, problem: &str| EntryError::Field { field: field.to_owned(), problem: problem.to_owned() };
    let Value::Object(mut fields) = value else {
        return Err(field("", "not an object"));
    };
    let carried =
        fields.remove("hash").and_then(|hash| Sha256::parse(hash.as_str()?).ok()).ok_or_else(|| field("hash", "missing or malformed"))?;
    let content = Value::Object(fields);
    if !numbers_are_exact(&content) {
        return Err(EntryError::Number);
    }
    let computed = sha256(&canonical_json(&content));
    if computed != carried {
        return Err(EntryError::Hash { computed, carried });
    }
    let change = take_change(content).map_err(|error| field("change", &error.to_string()))?;
    Ok(Entry { change, hash: carried })
}

/// The change of its fields; its value goes over as it is, for it may be as large as a whole checklist.
fn take_change(mut fields: Value) -> serde_json::Result<Change> {
    let value = fields.get_mut("value").map(Value::take);
    let mut change: Change = serde_json::from_value(fields)?;
    change.value = value.unwrap_or_default();
    Ok(change)
}

/// Reads an entry from the bytes that a store keeps of it under a key that ends with its digest. The same as [`read_entry`]
/// of those bytes, in less time where they are as they were written.
#[must_use]
pub fn read_stored(bytes: &[u8], hash: &str) -> Option<Entry> {
    let mut value: Value = serde_json::from_slice(bytes).ok()?;
    if !is_as_written(bytes, hash) || !numbers_are_exact(&value) {
        return read_entry(value).ok();
    }
    let carried = value.as_object_mut()?.remove("hash")?;
    if carried.as_str() != Some(hash) {
        return None;
    }
    Some(Entry { change: take_change(value).ok()?, hash: Sha256::parse(hash).ok()? })
}

/// Whether these bytes are the canonical JSON of an entry with this digest, as far as that can be told without reading them:
/// without the digest itself they are what it is the digest of.
#[must_use]
pub fn is_as_written(bytes: &[u8], hash: &str) -> bool {
    let member = format!("\"hash\":\"{hash}\",");
    let Some(at) = bytes.windows(member.len()).position(|part| part == member.as_bytes()) else { return false };
    let (before, after) = (bytes.get(..at), bytes.get(at + member.len()..));
    let mut digest = sha2::Sha256::new();
    digest.update(before.unwrap_or_default());
    digest.update(after.unwrap_or_default());
    hex::encode(digest.finalize()) == hash
}

/// Whether every whole number can be kept exactly by a reader that knows only doubles (RFC 8785 §3.2.2.3).
#[must_use]
pub fn numbers_are_exact(value: &Value) -> bool {
    const LIMIT: u64 = 1 << 53;
    match value {
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(unsigned), _) => unsigned <= LIMIT,
            (None, Some(signed)) => signed.unsigned_abs() <= LIMIT,
            (None, None) => true,
        },
        Value::Array(items) => items.iter().all(numbers_are_exact),
        Value::Object(fields) => fields.values().all(numbers_are_exact),
        Value::Null | Value::Bool(_) | Value::String(_) => true,
    }
}

/// What is wrong with the chain of a device.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainFault {
    /// Changes are missing between two others, or before the first.
    #[error("changes missing before number {seq}")]
    Gap {
        /// The device.
        device: DeviceId,
        /// The change whose predecessor is missing.
        seq: u64,
    },
    /// A change names another predecessor than the one that is there.
    #[error("number {seq} does not follow the change before it")]
    Prev {
        /// The device.
        device: DeviceId,
        /// The change that names a wrong predecessor.
        seq: u64,
    },
    /// Two different changes claim one place.
    #[error("two changes claim number {seq}")]
    Fork {
        /// The device.
        device: DeviceId,
        /// The place.
        seq: u64,
    },
    /// The clock of a change does not follow that of the change before it.
    #[error("number {seq} is not later than the change before it")]
    Order {
        /// The device.
        device: DeviceId,
        /// The change that goes back in time.
        seq: u64,
    },
}

/// Checks that every device's chain is whole from its first change to its last.
#[must_use]
pub fn verify_chains(journal: &Journal) -> Vec<ChainFault> {
    let mut faults = Vec::new();
    let mut ends: BTreeMap<DeviceId, (Head, crate::domain::time::Hlc)> = BTreeMap::new();
    for entry in journal.entries() {
        let change = &entry.change;
        let device = change.device.clone();
        match ends.get(&device) {
            None if change.seq != 1 => faults.push(ChainFault::Gap { device: device.clone(), seq: change.seq }),
            None if change.prev.is_some() => faults.push(ChainFault::Prev { device: device.clone(), seq: change.seq }),
            Some((end, _)) if end.seq == change.seq => faults.push(ChainFault::Fork { device: device.clone(), seq: change.seq }),
            Some((end, _)) if end.seq + 1 != change.seq => faults.push(ChainFault::Gap { device: device.clone(), seq: change.seq }),
            Some((end, _)) if change.prev != Some(end.hash) => faults.push(ChainFault::Prev { device: device.clone(), seq: change.seq }),
            Some((_, at)) if change.at <= *at => faults.push(ChainFault::Order { device: device.clone(), seq: change.seq }),
            _ => {}
        }
        ends.insert(device, (Head { seq: change.seq, hash: entry.hash }, change.at));
    }
    faults
}
