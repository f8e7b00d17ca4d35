//! The workspace: the store, the clocks and the key of this device, and the records in it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use serde_json::Value;

use crate::domain::change::{Change, Entry, Path};
use crate::domain::id::{DeviceId, PhotoId, RecordId};
use crate::domain::inspection::Summary;
use crate::domain::journal::{Journal, State};
use crate::domain::time::Hlc;
use crate::evidence::chain::{canonical_json, entry_to_json, make_entry, read_entry, sha256};
use crate::evidence::key::DeviceKey;
use crate::evidence::seal::make_seal;
use crate::port::clock::Clock;
use crate::port::random::Random;
use crate::port::shelf::{Op, Table};
use crate::port::twin::{Receipt, Store, StoreError};

/// Where the device's key is kept.
const KEY: &str = "device-key";

/// What can go wrong with a use case.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppError {
    /// The store failed; nothing was kept and nothing was lost that was kept before.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no such record.
    #[error("no such record")]
    NoRecord,
    /// A path that the journal can't hold: an error of ours.
    #[error("not a path: {path}")]
    Path {
        /// The path.
        path: String,
    },
    /// The record is sealed; a change needs a reason.
    #[error("the record is sealed")]
    Sealed,
    /// The record still lacks something.
    #[error("the record is not complete")]
    Incomplete,
}

/// A record in memory: its journal, its state, and entries of it that could not be read.
#[derive(Clone, Debug)]
pub struct Record {
    journal: Journal,
    state: State,
    /// Stored entries that are damaged: kept, told, never dropped.
    pub damaged: Vec<String>,
}

impl Record {
    /// A record with this journal.
    #[must_use]
    pub fn new(journal: Journal) -> Self {
        let state = journal.fold();
        Self { journal, state, damaged: Vec::new() }
    }

    /// The journal.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// The state.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The id.
    #[must_use]
    pub fn id(&self) -> &RecordId {
        self.journal.record()
    }

    /// Whether it was sealed.
    #[must_use]
    pub fn is_sealed(&self) -> bool {
        self.state.under("seals").next().is_some()
    }
}

/// The workspace of this device.
pub struct Workspace<S, C, R> {
    /// The store.
    pub store: S,
    clock: C,
    random: R,
    key: DeviceKey,
    hlc: Cell<Hlc>,
    officer: RefCell<String>,
}

impl<S: Store, C: Clock, R: Random> Workspace<S, C, R> {
    /// Opens the workspace; makes the device's key at the first start.
    ///
    /// # Errors
    /// [`StoreError`] when the key can be neither read nor kept.
    pub async fn open(store: S, clock: C, random: R) -> Result<Self, StoreError> {
        let stored = store.get(Table::Meta, KEY).await?.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        let key = match stored {
            Some(bytes) => DeviceKey::make(&bytes),
            None => {
                let mut bytes = [0; 32];
                random.fill(&mut bytes);
                store.commit(vec![Op::Put { table: Table::Meta, key: KEY.to_owned(), value: bytes.to_vec() }]).await?;
                DeviceKey::make(&bytes)
            }
        };
        Ok(Self { store, clock, random, key, hlc: Cell::default(), officer: RefCell::default() })
    }

    /// This device.
    #[must_use]
    pub fn device(&self) -> DeviceId {
        self.key.device()
    }

    /// This device's key.
    #[must_use]
    pub fn key(&self) -> &DeviceKey {
        &self.key
    }

    /// The clocks.
    #[must_use]
    pub fn clock(&self) -> &C {
        &self.clock
    }

    /// Who writes from now on: name and certificate number, as they are to stand in the history.
    pub fn set_officer(&self, by: &str) {
        *self.officer.borrow_mut() = by.chars().take(120).collect();
    }

    fn random10(&self) -> [u8; 10] {
        let mut bytes = [0; 10];
        self.random.fill(&mut bytes);
        bytes
    }

    /// A new record id.
    #[must_use]
    pub fn new_record_id(&self) -> RecordId {
        RecordId::make(self.clock.now().ms(), &self.random10())
    }

    /// A new photo id.
    #[must_use]
    pub fn new_photo_id(&self) -> PhotoId {
        PhotoId::make(self.clock.now().ms(), &self.random10())
    }

    /// A new bundle id.
    #[must_use]
    pub fn new_bundle_id(&self) -> crate::domain::id::BundleId {
        crate::domain::id::BundleId::make(self.clock.now().ms(), &self.random10())
    }

    /// Writes values into a record in memory and returns the entries to keep.
    ///
    /// Values that stand there already are left out. The caller keeps the entries with [`Workspace::ops`].
    ///
    /// # Errors
    /// [`AppError::Sealed`] when the record is sealed and no reason is given; [`AppError::Path`] for a path that is none.
    pub fn write(&self, record: &mut Record, values: &[(&str, Value)], reason: Option<&str>) -> Result<Vec<Entry>, AppError> {
        let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
        if record.is_sealed() && reason.is_none() {
            return Err(AppError::Sealed);
        }
        let paths: Vec<(Path, Value)> = values
            .iter()
            .map(|(path, value)| {
                let parsed = Path::parse(path).map_err(|_| AppError::Path { path: (*path).to_owned() })?;
                Ok((parsed, as_stored(value)))
            })
            .collect::<Result<_, AppError>>()?;
        let mut entries = Vec::new();
        for (path, value) in paths {
            let standing = record.state.get(path.as_str());
            let same = if value.is_null() { standing.is_none() } else { standing == Some(&value) };
            if !same {
                entries.push(self.append(record, path, value, reason));
            }
        }
        for entry in &entries {
            record.state.apply_latest(&record.journal, entry);
        }
        Ok(entries)
    }

    fn append(&self, record: &mut Record, path: Path, value: Value, reason: Option<&str>) -> Entry {
        let device = self.device();
        let head = record.journal.head(&device);
        // Later than everything in the record, whatever the wall clock says.
        let at = self.hlc.get().max(record.journal.latest()).tick(self.clock.now());
        self.hlc.set(at);
        let over = latest_at(&record.journal, &path);
        let entry = make_entry(Change {
            record: record.journal.record().clone(),
            device,
            seq: head.map_or(1, |head| head.seq + 1),
            at,
            by: self.officer.borrow().clone(),
            path,
            value,
            prev: head.map(|head| head.hash),
            over,
            clock: self.clock.read(),
            reason: reason.map(str::to_owned),
            extra: BTreeMap::new(),
        });
        // Of this record by construction, so it can't be refused.
        let _ = record.journal.insert(entry.clone());
        entry
    }

    /// Seals a record as it stands and returns the entries to keep.
    ///
    /// # Errors
    /// [`AppError::Path`] never in practice.
    pub fn seal(&self, record: &mut Record) -> Result<Vec<Entry>, AppError> {
        let number = record.state.under("seals").count() + 1;
        let text = format!("seals/{number}");
        let path = Path::parse(&text).map_err(|_| AppError::Path { path: text })?;
        let seal = serde_json::to_value(make_seal(&record.journal, &self.key)).unwrap_or_default();
        let entry = self.append(record, path, seal, None);
        record.state = record.journal.fold();
        Ok(vec![entry])
    }

    /// What to commit so that these entries of the record are kept, with its summary.
    #[must_use]
    pub fn ops(&self, record: &Record, entries: &[Entry]) -> Vec<Op> {
        let mut ops: Vec<Op> = entries.iter().map(put_entry).collect();
        ops.push(put_summary(&Summary::of(&record.journal, &record.state)));
        ops
    }

    /// Writes values and keeps them at once. For small records outside of an inspection.
    ///
    /// # Errors
    /// [`AppError`]; when the store failed the record in memory is as it was.
    pub async fn save(&self, record: &mut Record, values: &[(&str, Value)], reason: Option<&str>) -> Result<Option<Receipt>, AppError> {
        let mut changed = record.clone();
        let entries = self.write(&mut changed, values, reason)?;
        if entries.is_empty() {
            return Ok(None);
        }
        let receipt = self.store.commit(self.ops(&changed, &entries)).await?;
        *record = changed;
        Ok(Some(receipt))
    }

    /// Loads a record.
    ///
    /// # Errors
    /// [`AppError::NoRecord`] when nothing of it is there; [`AppError::Store`] when the store can't be read.
    pub async fn load(&self, id: &RecordId) -> Result<Record, AppError> {
        let mut journal = Journal::new(id.clone());
        let mut damaged = Vec::new();
        for (key, bytes) in self.store.scan(Table::Changes, &format!("{id}/")).await? {
            let entry = serde_json::from_slice(&bytes).ok().and_then(|value| read_entry(value).ok());
            let added = entry.is_some_and(|entry| journal.insert(entry).is_ok());
            if !added {
                damaged.push(key);
            }
        }
        if journal.is_empty() && damaged.is_empty() {
            return Err(AppError::NoRecord);
        }
        let state = journal.fold();
        Ok(Record { journal, state, damaged })
    }

    /// The summaries of all records, the latest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store can't be read.
    pub async fn summaries(&self) -> Result<Vec<Summary>, StoreError> {
        let mut summaries: Vec<Summary> =
            self.store.scan(Table::Records, "").await?.into_iter().filter_map(|(_, bytes)| serde_json::from_slice(&bytes).ok()).collect();
        summaries.sort_by(|a, b| (b.updated_ms, &b.id).cmp(&(a.updated_ms, &a.id)));
        Ok(summaries)
    }

    /// Makes the summaries anew where records have none, as after a repair. Returns how many were made.
    ///
    /// # Errors
    /// [`AppError`] when the store fails.
    pub async fn rebuild_summaries(&self) -> Result<usize, AppError> {
        let known: std::collections::BTreeSet<String> = self.store.keys(Table::Records, "").await?.into_iter().collect();
        let mut records: Vec<String> =
            self.store.keys(Table::Changes, "").await?.into_iter().filter_map(|key| key.split('/').next().map(str::to_owned)).collect();
        records.dedup();
        let mut made = 0;
        for id in records.iter().filter(|id| !known.contains(*id)) {
            let Ok(id) = RecordId::parse(id) else { continue };
            let record = self.load(&id).await?;
            self.store.commit(vec![put_summary(&Summary::of(&record.journal, &record.state))]).await?;
            made += 1;
        }
        Ok(made)
    }

    /// Keeps a photo's bytes, with its thumbnail and perhaps its original, before anything names them.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing was kept.
    pub async fn keep_photo(&self, kept: &[u8], thumb: &[u8], original: Option<&[u8]>) -> Result<Receipt, StoreError> {
        let digest = sha256(kept).to_string();
        let mut ops = vec![
            Op::Put { table: Table::Blobs, key: digest.clone(), value: kept.to_vec() },
            Op::Put { table: Table::Thumbs, key: digest, value: thumb.to_vec() },
        ];
        if let Some(original) = original {
            ops.push(Op::Put { table: Table::Blobs, key: sha256(original).to_string(), value: original.to_vec() });
        }
        self.store.commit(ops).await
    }
}

/// The value as it will be when it is read back: canonical JSON knows no difference between `2` and `2.0`.
fn as_stored(value: &Value) -> Value {
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => value.clone(),
        Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            serde_json::from_slice(&canonical_json(value)).unwrap_or_else(|_| value.clone())
        }
    }
}

fn latest_at(journal: &Journal, path: &Path) -> Option<crate::domain::change::Sha256> {
    journal
        .entries()
        .filter(|entry| entry.change.path == *path)
        .max_by_key(|entry| (entry.change.at, &entry.change.device, entry.change.seq, entry.hash))
        .map(|entry| entry.hash)
}

/// The write that keeps an entry.
#[must_use]
pub fn put_entry(entry: &Entry) -> Op {
    let change = &entry.change;
    Op::Put {
        table: Table::Changes,
        key: format!("{}/{}/{:010}/{}", change.record, change.device, change.seq, entry.hash),
        value: canonical_json(&entry_to_json(entry)),
    }
}

/// The write that keeps a summary.
#[must_use]
pub fn put_summary(summary: &Summary) -> Op {
    let value = serde_json::to_value(summary).unwrap_or_default();
    Op::Put { table: Table::Records, key: summary.id.clone(), value: canonical_json(&value) }
}
