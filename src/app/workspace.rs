//! The workspace: the store, the clocks and the key of this device, and the records in it.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde_json::Value;

use crate::domain::change::{Change, Entry, Path, Sha256};
use crate::domain::id::{DeviceId, PhotoId, RecordId};
use crate::domain::inspection::{Summarise, Summary};
use crate::domain::journal::{Head, Journal, State, is_seal_path};
use crate::evidence::chain::{canonical_json, entry_to_json, make_entry, read_stored, sha256};
use crate::evidence::key::DeviceKey;
use crate::evidence::seal::make_seal;
use crate::ledger::{Card, Kind};
use crate::port::clock::Clock;
use crate::port::random::Random;
use crate::port::shelf::{Op, Table};
use crate::port::twin::{Receipt, Store, StoreError, whole_key};

/// Where the device's key is kept.
const KEY: &str = "device-key";

/// The form of the summaries, noted where all records have one. Another form has them made anew.
const SUMMARIES: &[u8] = b"2";

/// How many records are loaded, and how many of their summaries kept, in one step.
pub(super) const STEP: usize = 128;

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
        self.journal.is_sealed()
    }

    /// The end of a device's chain, damaged entries included: their numbers are taken although they can't be read.
    fn head(&self, device: &DeviceId) -> Option<Head> {
        let damaged = self.damaged.iter().filter_map(|key| {
            let mut parts = key.split('/').skip(1);
            let own = parts.next()? == device.as_str();
            let (seq, hash) = (parts.next()?.parse().ok()?, Sha256::parse(parts.next()?).ok()?);
            own.then_some(Head { seq, hash })
        });
        self.journal.head(device).into_iter().chain(damaged).max_by_key(|head| head.seq)
    }

    /// Adds what another copy of the same record holds. Returns how many entries were new.
    pub fn merge(&mut self, other: &Journal) -> usize {
        // Another record has nothing to add.
        let added = self.journal.merge(other).unwrap_or_default();
        if added > 0 {
            self.state = self.journal.fold();
        }
        added
    }
}

/// The workspace of this device.
pub struct Workspace<S, C, R> {
    /// The store.
    pub store: S,
    clock: C,
    random: R,
    key: DeviceKey,
    officer: RefCell<String>,
    // Summaries that could not be kept yet; lists show them all the same.
    unkept: RefCell<Vec<Summary>>,
}

impl<S: Store, C: Clock, R: Random> Workspace<S, C, R> {
    /// Opens the workspace; makes the device's key at the first start.
    ///
    /// # Errors
    /// [`StoreError`] when the key can be neither read nor kept.
    pub async fn open(store: S, clock: C, random: R) -> Result<Self, StoreError> {
        match store.get(Table::Meta, KEY).await?.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok()) {
            Some(bytes) => Ok(Self::with_key(store, clock, random, DeviceKey::make(&bytes))),
            None => Self::open_as_new_device(store, clock, random).await,
        }
    }

    /// Opens the workspace under a new key, as when kept work is missing: going on under the old one could give a number
    /// of its chain to two different changes.
    ///
    /// # Errors
    /// [`StoreError`] when the key can't be kept.
    pub async fn open_as_new_device(store: S, clock: C, random: R) -> Result<Self, StoreError> {
        let mut bytes = [0; 32];
        random.fill(&mut bytes);
        store.commit(vec![Op::Put { table: Table::Meta, key: KEY.to_owned(), value: bytes.to_vec() }]).await?;
        Ok(Self::with_key(store, clock, random, DeviceKey::make(&bytes)))
    }

    fn with_key(store: S, clock: C, random: R, key: DeviceKey) -> Self {
        Self { store, clock, random, key, officer: RefCell::default(), unkept: RefCell::default() }
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
            if is_seal_path(&path) {
                return Err(AppError::Path { path: path.as_str().to_owned() });
            }
            let standing = record.state.own(path.as_str());
            let disputed = record.state.is_disputed(path.as_str());
            let same = if value.is_null() { standing.is_none() } else { standing == Some(&value) };
            // Saying again what stands settles a conflict.
            if !same || disputed {
                let entry = self.append(record, path, value, reason);
                record.state.apply_latest(&record.journal, &entry);
                entries.push(entry);
            }
        }
        Ok(entries)
    }

    fn append(&self, record: &mut Record, path: Path, value: Value, reason: Option<&str>) -> Entry {
        let device = self.device();
        let head = record.head(&device);
        // Later than everything in the record, whatever the wall clock says. Other records don't matter: one clock that
        // is far ahead must not date all that comes after it.
        let at = record.journal.latest().tick(self.clock.now());
        let over = record.state.latest_at(&path);
        let over_also = record.state.seen_beside(&path);
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
            over_also,
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
    /// [`AppError::Sealed`] when nothing has changed since the last seal.
    pub fn seal(&self, record: &mut Record) -> Result<Vec<Entry>, AppError> {
        if record.journal.timeline().last().is_some_and(|last| is_seal_path(&last.change.path)) {
            return Err(AppError::Sealed);
        }
        let number = record.journal.entries().filter(|entry| is_seal_path(&entry.change.path)).count() + 1;
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
        ops.push(put_index(&record.journal, &record.state));
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
        let receipt = self.keep(self.ops(&changed, &entries), &entries).await?;
        *record = changed;
        Ok(Some(receipt))
    }

    /// Keeps entries with what belongs to them. The last guard against giving a number of a chain to two changes.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another change has the number already; nothing is kept then.
    pub async fn keep(&self, ops: Vec<Op>, entries: &[Entry]) -> Result<Receipt, StoreError> {
        if let Some(first) = entries.first() {
            let change = &first.change;
            let place = format!("{}/{}/{:010}/", change.record, change.device, change.seq);
            let taken = self.store.keys(Table::Changes, &place).await?;
            let own = format!("{place}{}", first.hash);
            if let Some(other) = taken.into_iter().find(|key| *key != own) {
                return Err(StoreError::Conflict { table: Table::Changes, key: other });
            }
        }
        self.store.commit(ops).await
    }

    /// Loads a record.
    ///
    /// # Errors
    /// [`AppError::NoRecord`] when nothing of it is there; [`AppError::Store`] when the store can't be read.
    pub async fn load(&self, id: &RecordId) -> Result<Record, AppError> {
        let stored = self.store.scan(Table::Changes, &format!("{id}/")).await?;
        read_record(id, stored).ok_or(AppError::NoRecord)
    }

    /// Loads several records at once; `None` for those of which nothing is there.
    ///
    /// # Errors
    /// [`StoreError`] when the store can't be read.
    pub async fn load_many(&self, ids: &[RecordId]) -> Result<Vec<Option<Record>>, StoreError> {
        let prefixes: Vec<String> = ids.iter().map(|id| format!("{id}/")).collect();
        let stored = self.store.scan_many(Table::Changes, &prefixes).await?;
        Ok(ids.iter().zip(stored).map(|(id, stored)| read_record(id, stored)).collect())
    }

    /// The summaries of all records, the latest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store can't be read.
    pub async fn summaries(&self) -> Result<Vec<Summary>, StoreError> {
        let mut summaries: Vec<Summary> =
            self.store.scan(Table::Records, "").await?.into_iter().filter_map(|(_, bytes)| serde_json::from_slice(&bytes).ok()).collect();
        let unkept = self.unkept.borrow();
        let missing: Vec<Summary> = unkept.iter().filter(|one| !summaries.iter().any(|known| known.id == one.id)).cloned().collect();
        summaries.extend(missing);
        summaries.sort_by(|a, b| (b.updated_ms, &b.id).cmp(&(a.updated_ms, &a.id)));
        Ok(summaries)
    }

    /// Makes the summaries anew where records have none, as after a repair. Returns how many were made. One that can't be
    /// kept now is held in memory, so that no record is missing from the lists.
    ///
    /// Does next to nothing when it is noted that all are there. Records of ledgers have cards instead, see
    /// [`Workspace::load_cards`].
    ///
    /// # Errors
    /// [`AppError`] when the store can't be read.
    pub async fn rebuild_summaries(&self) -> Result<usize, AppError> {
        self.rebuild_summaries_by(async || Some(super::matter::summary as Summarise)).await
    }

    /// As [`Workspace::rebuild_summaries`], with the act that makes one; it is asked for only when there is something to
    /// make, because it knows all of checklists and is no part of the first screen's program. Without it nothing is made.
    ///
    /// # Errors
    /// As [`Workspace::rebuild_summaries`].
    pub async fn rebuild_summaries_by(&self, summarise: impl AsyncFn() -> Option<Summarise>) -> Result<usize, AppError> {
        let note = whole_key(Table::Records);
        if self.store.get(Table::Meta, &note).await?.as_deref() == Some(SUMMARIES) {
            return Ok(0);
        }
        let mut made = 0;
        let mut all_kept = true;
        for part in self.without_index().await?.chunks(STEP) {
            let mut summaries = Vec::new();
            for record in self.load_many(part).await?.into_iter().flatten() {
                if Kind::of(&record.state).is_none() {
                    let Some(summarise) = summarise().await else { return Ok(made) };
                    summaries.push(summarise(&record.journal, &record.state));
                }
            }
            made += summaries.len();
            if !summaries.is_empty() && self.store.commit(summaries.iter().map(put_summary).collect()).await.is_err() {
                all_kept = false;
                self.unkept.borrow_mut().append(&mut summaries);
            }
        }
        if all_kept {
            // Only a note: without it the next start looks again.
            let _ = self.store.commit(vec![Op::put(Table::Meta, note, SUMMARIES)]).await;
        }
        Ok(made)
    }

    /// All records that are here.
    ///
    /// # Errors
    /// [`StoreError`] when the store can't be read.
    pub async fn record_ids(&self) -> Result<Vec<RecordId>, StoreError> {
        let keys = self.store.keys(Table::Changes, "").await?;
        let mut ids: Vec<RecordId> = keys.iter().filter_map(|key| RecordId::parse(key.split('/').next()?).ok()).collect();
        ids.dedup();
        Ok(ids)
    }

    /// The records that have neither a summary nor a card.
    pub(super) async fn without_index(&self) -> Result<Vec<RecordId>, StoreError> {
        let mut known: std::collections::BTreeSet<String> = self.store.keys(Table::Records, "").await?.into_iter().collect();
        known.extend(self.store.keys(Table::Cards, "").await?.iter().filter_map(|key| key.rsplit('/').next()).map(str::to_owned));
        let mut records = self.record_ids().await?;
        records.retain(|id| !known.contains(id.as_str()));
        Ok(records)
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

fn read_record(id: &RecordId, stored: Vec<(String, Vec<u8>)>) -> Option<Record> {
    let mut journal = Journal::new(id.clone());
    let mut damaged = Vec::new();
    for (key, bytes) in stored {
        let entry = read_stored(&bytes, key.rsplit('/').next().unwrap_or_default());
        let added = entry.is_some_and(|entry| journal.insert(entry).is_ok());
        if !added {
            damaged.push(key);
        }
    }
    if journal.is_empty() && damaged.is_empty() {
        return None;
    }
    let state = journal.fold();
    Some(Record { journal, state, damaged })
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

/// The write that keeps what lists show of a record: the card of a ledger record, the summary of any other.
#[must_use]
pub fn put_index(journal: &Journal, state: &State) -> Op {
    match Card::of(journal, state) {
        Some(card) => put_card(&card),
        None => put_summary(&super::matter::summary(journal, state)),
    }
}

/// The write that keeps a card.
#[must_use]
pub fn put_card(card: &Card) -> Op {
    Op::Put { table: Table::Cards, key: card.key(), value: card.to_bytes() }
}

/// The write that keeps a summary.
#[must_use]
pub fn put_summary(summary: &Summary) -> Op {
    let value = serde_json::to_value(summary).unwrap_or_default();
    Op::Put { table: Table::Records, key: summary.id.clone(), value: canonical_json(&value) }
}
