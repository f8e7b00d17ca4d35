//! A record as a file of a case folder: what it is, and how it came to be, for reading with other tools.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::What;
use crate::bundle::limits;
use crate::domain::change::{Entry, Sha256};
use crate::domain::id::RecordId;
use crate::domain::journal::Journal;
use crate::evidence::chain::{entry_to_json, read_entry, verify_chains};
use crate::evidence::seal::verify_seals;

/// The text of the file: `{"history":[…],"id":…,"state":{…}}`, indented, with `"amendment":true` at changes that some seal leaves out.
#[must_use]
pub fn record_file(journal: &Journal) -> String {
    let amended: BTreeSet<Sha256> = journal.amendments().into_iter().map(|entry| entry.hash).collect();
    let history = journal.timeline().into_iter().map(|entry| {
        let mut change = entry_to_json(entry);
        if amended.contains(&entry.hash)
            && let Some(fields) = change.as_object_mut()
        {
            fields.insert("amendment".to_owned(), Value::Bool(true));
        }
        change
    });
    let value = json!({ "id": journal.record(), "state": journal.fold().to_json(), "history": history.collect::<Vec<_>>() });
    format!("{value:#}\n")
}

/// Reads the text of such a file and checks all that is in it. What is wrong is told beside the journal as far as it can be read;
/// no journal where it is no record at all.
pub(super) fn read(bytes: &[u8]) -> (Option<Journal>, Vec<What>) {
    let Some((id, state, history)) = parse(bytes) else { return (None, vec![What::NoRecord]) };
    let mut journal = Journal::new(id);
    let mut found = Vec::new();
    for (index, change) in history.into_iter().enumerate() {
        // Another record's change does not belong here, whatever its digest.
        if take(change).is_none_or(|entry| journal.insert(entry).is_err()) {
            found.push(What::Change { number: index + 1 });
        }
    }
    // Of a history with holes nothing more can be said than that.
    if found.is_empty() {
        found.extend(verify_chains(&journal).into_iter().map(What::Chain));
        let faults = verify_seals(&journal).into_iter().filter_map(|(path, seal)| seal.err().map(|fault| What::Seal { path, fault }));
        found.extend(faults);
        if journal.fold().to_json() != state {
            found.push(What::State);
        } else if found.is_empty() && record_file(&journal).as_bytes() != bytes {
            found.push(What::Rewritten);
        }
    }
    (Some(journal), found)
}

fn parse(bytes: &[u8]) -> Option<(RecordId, Value, Vec<Value>)> {
    let Value::Object(mut fields) = serde_json::from_slice(bytes).ok()? else { return None };
    let id = RecordId::parse(fields.get("id")?.as_str()?).ok()?;
    let Some(Value::Array(history)) = fields.remove("history") else { return None };
    let state = fields.remove("state")?;
    (!history.is_empty() && history.len() <= limits::CHANGES).then_some((id, state, history))
}

fn take(mut change: Value) -> Option<Entry> {
    change.as_object_mut()?.remove("amendment");
    let entry = read_entry(change.clone()).ok()?;
    // A field that the model can't hold would be lost.
    (entry_to_json(&entry) == change).then_some(entry)
}
