//! What of a matter goes to others: a record of its own without anything that tells who complained or reported.
//!
//! The journal of a matter is a chain, and nothing can be taken out of it unnoticed. So others get an extract: a new record,
//! written by whoever makes it, that says at `extract` which record and which ends of its chains it was taken from and what
//! was left out. Signatures and photos stay behind: those were given for the whole record, and these may show who it was. A
//! matter can't be closed without them, so what was over says at `extract` where it stands.

use serde_json::{Value, json};

use super::library::Changes;
use super::transfer::{LedgerEntry, SenderName, TransferError, Written};
use super::workspace::{AppError, Record, Workspace};
use crate::bundle::{BundlePurpose, Extra, Writer};
use crate::domain::id::RecordId;
use crate::domain::journal::{Journal, State};
use crate::domain::mask::scrub;
use crate::port::clock::Clock;
use crate::port::random::Random;
use crate::port::twin::Store;
use crate::procedure::{Case, Field, FieldKind, names_private, secrets};

/// The changes that write the extract of a matter into a new record; `None` when the record is no matter.
#[must_use]
pub fn changes(journal: &Journal, state: &State) -> Option<Changes> {
    let case = Case::read(state)?;
    let secrets = secrets(&case, state);
    let mut left_out: Vec<String> = Vec::new();
    let mut kept: Changes = ["kind", "procedure", "opened", "bureau"]
        .into_iter()
        .filter_map(|path| Some((path.to_owned(), state.get(path)?.clone())))
        .collect();
    for part in ["unit", "equipment"] {
        let fields = state.under(part).filter(|(field, _)| !["contact", "phone", "principal"].contains(field));
        kept.extend(fields.map(|(field, cell)| (format!("{part}/{field}"), without(&cell.value, &secrets))));
    }
    let mut form = |base: &str, fields: &[Field], kept: &mut Changes| {
        for field in fields {
            let path = format!("{base}/{}", field.id);
            let Some(value) = state.get(&path).filter(|value| !value.is_null()) else { continue };
            let stays = !names_private(field, fields) && !matches!(field.kind, FieldKind::Signature { .. } | FieldKind::Link { .. });
            if stays {
                kept.push((path, without(value, &secrets)));
            } else if !left_out.contains(&field.name.zh) {
                left_out.push(field.name.zh.clone());
            }
        }
    };
    form("fields", &case.procedure.fields, &mut kept);
    for done in &case.done {
        kept.push((format!("steps/{}/step", done.id), Value::from(done.step.clone())));
        if let Some(def) = case.procedure.step(&done.step) {
            form(&format!("steps/{}/fields", done.id), &def.fields, &mut kept);
        }
        // Without the digests of what the step said: that is not all there any more.
        let at = json!({"ms": done.at.ms(), "offset_min": done.offset_min});
        kept.push((format!("steps/{}/done", done.id), at));
    }
    let photos = state.under("photos").filter(|(path, _)| !path.contains('/')).count();
    let ends: Vec<Value> = journal
        .heads()
        .iter()
        .map(|(device, head)| json!({"device": device.as_str(), "seq": head.seq, "hash": head.hash.to_string()}))
        .collect();
    let stands = case.procedure.state(&case.state).map(|state| &state.name);
    let said = json!({"record": journal.record().as_str(), "ends": ends, "stands": stands, "left_out": left_out, "photos": photos});
    kept.push(("extract".to_owned(), said));
    Some(kept)
}

/// A value without the secrets, in all its texts.
fn without(value: &Value, secrets: &[(String, String)]) -> Value {
    match value {
        Value::String(text) => Value::from(scrub(text, secrets)),
        Value::Array(list) => list.iter().map(|one| without(one, secrets)).collect(),
        Value::Object(map) => Value::Object(map.iter().map(|(name, one)| (name.clone(), without(one, secrets))).collect()),
        other => other.clone(),
    }
}

impl<S: Store, C: Clock, R: Random> Workspace<S, C, R> {
    /// Writes a bundle with the extracts of matters, and keeps nothing here. `file` is its name; records that are no matters
    /// are left out.
    ///
    /// # Errors
    /// [`TransferError`] when a record can't be loaded or there is no matter among them.
    pub async fn write_extracts(
        &self,
        ids: &[RecordId],
        from: &SenderName,
        file: impl Fn(&super::transfer::ExportPlan) -> String,
    ) -> Result<(Written, Vec<u8>), TransferError> {
        let plan = self.empty_plan(BundlePurpose::Extract);
        let (mut writer, mut bytes) = Writer::begin(&self.header(&plan, (1, 1), from))?;
        let mut records = std::collections::BTreeMap::new();
        for id in ids {
            let source = self.load(id).await?;
            let Some(changes) = changes(source.journal(), source.state()) else { continue };
            let mut record = Record::new(Journal::new(self.new_record_id()));
            let values: Vec<(&str, Value)> = changes.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
            self.write(&mut record, &values, None)?;
            self.seal(&mut record)?;
            bytes.extend(writer.record(record.journal(), &Extra::new())?);
            records.insert(record.id().to_string(), record.journal().len());
        }
        if records.is_empty() {
            return Err(AppError::NoRecord.into());
        }
        let digest = writer.digest();
        bytes.extend(writer.finish(self.key())?);
        let entry = LedgerEntry {
            direction: "export".to_owned(),
            bundle: plan.bundle.to_string(),
            k: 1,
            n: 1,
            purpose: plan.purpose.to_string(),
            at_ms: plan.created_at.ms(),
            file: file(&plan),
            size_bytes: bytes.len() as u64,
            digest: digest.to_string(),
            sender: from.name.clone(),
            bureau: from.bureau.clone(),
            device: self.device().to_string(),
            records,
            lines: 0,
            photos: 0,
        };
        Ok((Written { entry, problems: Vec::new() }, bytes))
    }
}
