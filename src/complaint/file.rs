//! Filing: the matters, as records of a device of their own, and the bundle that carries them to the bureau.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::draft::Draft;
use super::form::{Filing, Form};
use super::reading::Reading;
use super::statement::Statement;
use crate::app::matter::{About, begin};
use crate::bundle::{BundleError, BundlePurpose, Extra, Header, Mime, Part, Photo, Sender, Writer};
use crate::domain::change::{Change, ClockReading, Path, Sha256};
use crate::domain::id::{BundleId, RecordId};
use crate::domain::journal::Journal;
use crate::domain::time::{Hlc, Instant};
use crate::evidence::chain::make_entry;
use crate::evidence::key::DeviceKey;
use crate::procedure::{Procedure, photo_item};

/// What was filed.
#[derive(Clone, Debug)]
pub struct Filed {
    /// The matters.
    pub matters: Vec<FiledMatter>,
    /// The bundle.
    pub bundle: BundleId,
    /// When.
    pub at: Instant,
    /// What it says, for a text code.
    pub statement: Statement,
    key: DeviceKey,
}

/// A matter that was filed.
#[derive(Clone, Debug)]
pub struct FiledMatter {
    /// Which of the two.
    pub filing: Filing,
    /// Its receipt number.
    pub receipt: String,
    /// Its record.
    pub journal: Journal,
}

/// Why nothing can be filed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FileError {
    /// The draft has no ticket, see [`Draft::take_ticket`].
    #[error("no ticket")]
    NoTicket,
    /// The draft was changed after its ticket was made.
    #[error("changed after its ticket was made")]
    Changed,
    /// It is not decided what is filed.
    #[error("nothing to file")]
    Nothing,
    /// There is no procedure for it.
    #[error("no procedure {}", .0.as_str())]
    NoProcedure(Filing),
    /// The bytes of a photo are not there.
    #[error("no bytes of photo {}", .0.short())]
    NoPhoto(Sha256),
    /// A name that can't stand in a record: the form or the text names a field wrongly.
    #[error("the name {0} can't stand in a record")]
    Name(String),
    /// The bundle can't be written.
    #[error(transparent)]
    Bundle(#[from] BundleError),
}

/// Files a draft under its ticket. The draft stays as it is; filing again gives the same.
///
/// What lacks (see [`super::check`]) does not keep it from being filed: that is for the screen to decide.
///
/// # Errors
/// [`FileError`].
pub fn file(draft: &Draft, form: &Form, procedures: &[Procedure]) -> Result<Filed, FileError> {
    let ticket = draft.ticket.as_ref().ok_or(FileError::NoTicket)?;
    if ticket.content != draft.content() {
        return Err(FileError::Changed);
    }
    let reading = Reading::new(form, draft);
    records(Statement::of(&reading, ticket), procedures)
}

/// The records that a statement makes: those of a draft, or of a text code.
///
/// # Errors
/// [`FileError`].
pub fn records(statement: Statement, procedures: &[Procedure]) -> Result<Filed, FileError> {
    if statement.filings.is_empty() {
        return Err(FileError::Nothing);
    }
    let key = statement.key();
    let mut matters = Vec::new();
    for filing in statement.filings.keys() {
        let procedure = procedures.iter().find(|procedure| procedure.id == filing.as_str()).ok_or(FileError::NoProcedure(*filing))?;
        let receipt = statement.receipt(*filing);
        let journal = journal(&statement, *filing, &receipt, procedure, &key)?;
        matters.push(FiledMatter { filing: *filing, receipt, journal });
    }
    Ok(Filed { matters, bundle: statement.bundle(), at: Instant::from_ms(statement.at_ms), statement, key })
}

fn journal(statement: &Statement, filing: Filing, receipt: &str, procedure: &Procedure, key: &DeviceKey) -> Result<Journal, FileError> {
    let clock = ClockReading { wall_ms: statement.at_ms, mono_ms: 0, offset_min: statement.offset_min };
    let mut fields: Vec<(String, Value)> = statement.fields(filing).into_iter().collect();
    fields.retain(|(name, _)| name != "receipt_no");
    fields.push(("receipt_no".to_owned(), Value::from(receipt)));
    let mut links = Vec::new();
    for other in statement.filings.keys().filter(|other| **other != filing) {
        let title = statement.fields(*other).get("subject").cloned().unwrap_or_default();
        let link = json!({"record": statement.record(*other), "kind": other.as_str(), "title": title});
        links.push((other.as_str().to_owned(), link.clone()));
        // The procedures ask for each other by a field of the kind's name.
        if procedure.fields.iter().any(|field| field.id == other.as_str()) {
            fields.push((other.as_str().to_owned(), link));
        }
    }
    let about = About {
        unit: statement.unit.clone().into_iter().collect(),
        equipment: statement.equipment.clone().into_iter().collect(),
        fields,
        links,
        ..About::default()
    };
    let mut changes = begin(procedure, &about, clock);
    // Last, so that a text code, which has none, makes the beginning of the same chain.
    for photo in &statement.photos {
        let Some(field) = photo.fields.get(&filing) else { continue };
        let mut meta = photo.meta.clone();
        meta.item = Some(photo_item(None, field));
        changes.push((format!("photos/{}", photo.id), serde_json::to_value(&meta).unwrap_or_default()));
    }
    write(statement.record(filing), changes, clock, key)
}

/// The changes as a chain of one device. Nobody has written into the record before, and no path stands twice.
fn write(record: RecordId, changes: Vec<(String, Value)>, clock: ClockReading, key: &DeviceKey) -> Result<Journal, FileError> {
    let mut journal = Journal::new(record.clone());
    let (device, mut at, mut prev) = (key.device(), Hlc::default(), None);
    let once: BTreeMap<String, Value> = changes.iter().cloned().collect();
    let mut order: Vec<String> = Vec::new();
    for (path, _) in changes {
        if !order.contains(&path) {
            order.push(path);
        }
    }
    for (seq, path) in (1..).zip(order) {
        let value = once.get(&path).cloned().unwrap_or_default();
        if value.is_null() {
            continue;
        }
        at = at.tick(Instant::from_ms(clock.wall_ms));
        let entry = make_entry(Change {
            record: record.clone(),
            device: device.clone(),
            seq,
            at,
            by: String::new(),
            path: Path::parse(&path).map_err(|_| FileError::Name(path))?,
            value,
            prev,
            over: None,
            over_also: Vec::new(),
            clock,
            reason: None,
            extra: BTreeMap::new(),
        });
        prev = Some(entry.hash);
        // Of this record by construction, so it can't be refused.
        let _ = journal.insert(entry);
    }
    Ok(journal)
}

impl Filed {
    /// The photos that go along, each once.
    #[must_use]
    pub fn photos(&self) -> Vec<Sha256> {
        let mut photos: Vec<Sha256> = self.statement.photos.iter().map(|photo| photo.meta.sha256).collect();
        photos.sort_unstable();
        photos.dedup();
        photos
    }

    /// The receipt numbers.
    #[must_use]
    pub fn receipts(&self) -> BTreeMap<Filing, String> {
        self.matters.iter().map(|matter| (matter.filing, matter.receipt.clone())).collect()
    }

    /// The file name: by the receipt number, so that who asks can be told which file is meant.
    #[must_use]
    pub fn file_name(&self) -> String {
        let receipt = self.matters.first().map(|matter| matter.receipt.as_str()).unwrap_or_default();
        format!("spotcheck-{receipt}.json")
    }

    /// The bundle as bytes, for an import like that of any other file. `photo` gives the bytes of a photo by its digest.
    ///
    /// # Errors
    /// [`FileError::NoPhoto`] when bytes lack; [`FileError::Bundle`] when something is beyond the limits of a bundle.
    pub fn write(&self, photo: impl Fn(&Sha256) -> Option<Vec<u8>>) -> Result<Vec<u8>, FileError> {
        let sender =
            Sender { device: self.key.device(), key: self.key.public(), name: String::new(), bureau: String::new(), extra: Extra::new() };
        let header = Header {
            id: self.bundle.clone(),
            purpose: BundlePurpose::Complaint,
            from: sender,
            created_at: self.at,
            part: Part { k: 1, n: 1, extra: Extra::new() },
            extra: Extra::new(),
        };
        let (mut writer, mut bytes) = Writer::begin(&header)?;
        for matter in &self.matters {
            bytes.extend(writer.record(&matter.journal, &Extra::new())?);
        }
        for sha256 in self.photos() {
            let data = photo(&sha256).ok_or(FileError::NoPhoto(sha256))?;
            let mime = Mime::sniff(&data).unwrap_or(Mime::Jpeg);
            bytes.extend(writer.photo(&Photo { sha256, mime, bytes: data, extra: Extra::new() })?);
        }
        bytes.extend(writer.finish(&self.key)?);
        Ok(bytes)
    }
}
