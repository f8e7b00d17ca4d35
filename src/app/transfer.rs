//! Export and import: records leave and arrive as bundles; nothing is lost and nothing doubled.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::workspace::{AppError, Record, Workspace, put_entry, put_index};
use crate::bundle::{
    BundleError, BundlePurpose, Event, Extra, Header, Limits, Mime, Notice, Part, PartItem, PartPhoto, PartPlan, Photo, PlanError, Reader,
    RecordModel, Sender, Verified, Writer, plan_parts,
};
use crate::domain::change::{Entry, Sha256};
use crate::domain::id::{BundleId, RecordId};
use crate::domain::inspection::{Stage, Summary, photos};
use crate::domain::journal::Journal;
use crate::domain::library;
use crate::domain::time::Instant;
use crate::evidence::chain::sha256;
use crate::ledger::{Card, Kind};
use crate::port::clock::Clock;
use crate::port::random::Random;
use crate::port::shelf::{Op, Table};
use crate::port::twin::{Store, StoreError};
use crate::rules::Said;

/// How many bytes of a file are read at a time.
const SLICE_BYTES: u64 = 1024 * 1024;

/// How many records are loaded in one step for an export: thousands of small ones go fast, and a few large ones fit in memory.
const TOGETHER: usize = 32;

/// Why an export or import did not come to its end.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TransferError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A record could not be loaded.
    #[error(transparent)]
    App(AppError),
    /// The file is refused as a whole; nothing of it was kept.
    #[error(transparent)]
    Refused(#[from] BundleError),
    /// Too much for one export.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The file could not be read to its end; nothing of it was kept.
    #[error("the file can't be read")]
    Unreadable,
    /// The file changed while it was read; nothing of it was kept.
    #[error("the file changed while it was read")]
    Changed,
    /// The file is for something else and brings checklists or rules of another device along, and nobody has said whether
    /// they shall count here; nothing of it was kept.
    #[error("{} checklists or rules come along", .0.len())]
    BringsRules(Vec<BroughtRules>),
    /// Checklists and rules are handed out and never submitted.
    #[error("checklists and rules are not submitted")]
    RulesStay,
}

impl From<AppError> for TransferError {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Store(error) => Self::Store(error),
            other => Self::App(other),
        }
    }
}

/// A checklist or a file of rules that comes along in a file which is for something else.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BroughtRules {
    /// Its record.
    pub record: RecordId,
    /// The file of the library that it stands for.
    pub path: String,
    /// Title.
    pub title: Said,
    /// Number of the edition that would count.
    pub edition: u32,
    /// Who wrote it last.
    pub by: String,
}

/// What to do with checklists and rules in a file that is for something else.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Brought {
    /// Stop before anything is kept, and say which there are.
    Ask,
    /// Take them in: they count here from now on.
    Take,
    /// Take in everything else.
    Leave,
}

/// Steps done of steps in all; for exports photos and records, for imports bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Progress {
    /// Done.
    pub done: u64,
    /// In all.
    pub total: u64,
}

/// What an export will write.
#[derive(Clone, PartialEq, Debug)]
pub struct ExportPlan {
    /// The id that all parts share.
    pub bundle: BundleId,
    /// What it is for.
    pub purpose: BundlePurpose,
    /// When it was planned.
    pub created_at: Instant,
    /// The parts.
    pub parts: Vec<PartPlan>,
    /// Photos that records name and this device does not have.
    pub absent: Vec<Sha256>,
    /// Records and photos that can't go along. The others do.
    pub problems: Vec<ExportProblem>,
}

/// A record or photo that can't go along.
#[derive(Clone, PartialEq, Debug)]
pub struct ExportProblem {
    /// The record.
    pub record: RecordId,
    /// What people call it; empty when it can't be loaded.
    pub title: String,
    /// The photo; none when it is the record as a whole.
    pub photo: Option<Sha256>,
    /// Why.
    pub error: TransferError,
}

/// A part that was written.
#[derive(Clone, PartialEq, Debug)]
pub struct Written {
    /// The ledger's line for it, to be kept with [`Workspace::note_export`] once it has left.
    pub entry: LedgerEntry,
    /// Photos that could not go along.
    pub problems: Vec<ExportProblem>,
}

impl ExportPlan {
    /// The file name of part `k` (from 1): sorts by time, safe everywhere.
    #[must_use]
    pub fn file_name(&self, k: usize, offset_min: i32) -> String {
        let tail: String = self.bundle.as_str().chars().rev().take(6).collect::<Vec<_>>().into_iter().rev().collect();
        let at = self.created_at.local(offset_min).format("%Y%m%d-%H%M%S");
        match self.parts.len() {
            1 => format!("spotcheck-{at}-{tail}.json"),
            0 => format!("spotcheck-extract-{at}-{tail}.json"),
            n => format!("spotcheck-{at}-{tail}-{k}of{n}.json"),
        }
    }
}

/// Who sends.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SenderName {
    /// Name and certificate number.
    pub name: String,
    /// Bureau.
    pub bureau: String,
}

/// A line of the ledger of what left and what arrived. Written once, never changed.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct LedgerEntry {
    /// `export` or `import`.
    pub direction: String,
    /// Bundle id.
    pub bundle: String,
    /// Part k…
    pub k: u32,
    /// …of n.
    pub n: u32,
    /// What it is for.
    pub purpose: String,
    /// When.
    pub at_ms: u64,
    /// File name.
    pub file: String,
    /// Size of the file.
    pub size_bytes: u64,
    /// Digest in the seal, by which both sides can name the same file.
    pub digest: String,
    /// Who sent it.
    pub sender: String,
    /// Their bureau.
    pub bureau: String,
    /// Their device.
    pub device: String,
    /// Record id → number of changes that went along. Lines of the ledgers (台账) are only counted, in `lines`: nothing
    /// asks later which ones, and naming thousands would slow down every start, which reads all entries.
    pub records: BTreeMap<String, usize>,
    /// How many lines of the ledgers went along. Entries of earlier versions have them among the records.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub lines: usize,
    /// How many photos went along.
    pub photos: usize,
}

impl LedgerEntry {
    /// How many records went along, lines of the ledgers included.
    #[must_use]
    pub fn count(&self) -> usize {
        self.records.len() + self.lines
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// A file to import.
#[expect(async_fn_in_trait, reason = "the browser has one thread; no caller needs Send")]
pub trait Source {
    /// Its size.
    fn size_bytes(&self) -> u64;
    /// Its name.
    fn name(&self) -> String;
    /// Bytes `from..to`; `None` when they can't be read.
    async fn read(&self, from: u64, to: u64) -> Option<Vec<u8>>;
}

/// What became of a record of an imported file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It was not here.
    New,
    /// All of it was here already.
    Known,
    /// It was here and has grown.
    Newer {
        /// Changes that were not here.
        changes: usize,
    },
    /// It has grown, and some values were set by people who had not seen each other's. Both are kept.
    Conflicting {
        /// Changes that were not here.
        changes: usize,
        /// Places where values differ.
        places: usize,
    },
    /// Left out: a checklist or rule that nobody wanted to count here.
    LeftOut,
    /// Not taken in: the file and this device hold two different changes with one number, which is proof of tampering or of a copied
    /// phone, or the file says of a checklist or rule of this device that it is something else.
    Refused,
}

/// What became of one record.
#[derive(Clone, PartialEq, Debug)]
pub struct RecordReport {
    /// As it stands now.
    pub summary: Summary,
    /// What became of it.
    pub outcome: Outcome,
    /// How many changes of it the file holds.
    pub changes_in_file: usize,
    /// Photos that it names and that are neither in this file nor here.
    pub photos_absent: usize,
}

/// What an import did.
#[derive(Clone, PartialEq, Debug)]
pub struct ImportReport {
    /// The header.
    pub header: Header,
    /// Digest in the seal.
    pub digest: String,
    /// The records.
    pub records: Vec<RecordReport>,
    /// Photos that were not here.
    pub photos_new: usize,
    /// Photos that were here already.
    pub photos_known: usize,
    /// What is odd but not wrong.
    pub notices: Vec<Notice>,
}

impl<S: Store, C: Clock, R: Random> Workspace<S, C, R> {
    /// Plans the export of some records, split into parts of at most `cap_bytes`.
    ///
    /// # Errors
    /// [`TransferError`] when a record can't be loaded or there are too many.
    pub async fn plan_export(&self, ids: &[RecordId], purpose: BundlePurpose, cap_bytes: u64) -> Result<ExportPlan, TransferError> {
        self.plan_export_telling(ids, purpose, cap_bytes, |_| {}).await
    }

    /// As [`Workspace::plan_export`], saying how many records are planned.
    ///
    /// # Errors
    /// As there.
    pub async fn plan_export_telling(
        &self,
        ids: &[RecordId],
        purpose: BundlePurpose,
        cap_bytes: u64,
        progress: impl Fn(Progress),
    ) -> Result<ExportPlan, TransferError> {
        let mut items = Vec::new();
        let mut plan = self.empty_plan(purpose);
        let with_extra = self.with_extra().await?;
        for (index, part) in ids.chunks(TOGETHER).enumerate() {
            for (id, record) in part.iter().zip(self.load_together(part).await) {
                match self.plan_record(id, record, &with_extra, &mut plan).await {
                    Ok(item) => items.push(item),
                    Err(problem) => plan.problems.push(problem),
                }
            }
            progress(Progress { done: (index * TOGETHER + part.len()) as u64, total: ids.len() as u64 });
        }
        plan.parts = plan_parts(&items, cap_bytes)?;
        Ok(plan)
    }

    /// A plan for nothing yet.
    pub(super) fn empty_plan(&self, purpose: BundlePurpose) -> ExportPlan {
        ExportPlan {
            bundle: self.new_bundle_id(),
            purpose,
            created_at: self.clock().now(),
            parts: Vec::new(),
            absent: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// Plans one record; one that can't travel must not hold the others back.
    async fn plan_record(
        &self,
        id: &RecordId,
        record: Result<Record, AppError>,
        with_extra: &BTreeSet<String>,
        plan: &mut ExportPlan,
    ) -> Result<PartItem, ExportProblem> {
        let mut title = String::new();
        let problem = |title: &str, error: TransferError| ExportProblem { record: id.clone(), title: title.to_owned(), photo: None, error };
        let record = record.map_err(|error| problem(&title, error.into()))?;
        title = told(&record).title;
        // What a bureau publishes goes out as such; with a phone's checks it would come into force at the office unseen.
        if plan.purpose == BundlePurpose::Submit && record.state().text("kind") == Some(library::KIND) {
            return Err(problem(&title, TransferError::RulesStay));
        }
        let extra = self.record_extra(id, with_extra).await.map_err(|error| problem(&title, error.into()))?;
        // What a reader would refuse is found now, by the same checks.
        let (mut trial, _) =
            Writer::begin(&self.header(plan, (1, 1), &SenderName::default())).map_err(|error| problem(&title, error.into()))?;
        let line = trial.record(record.journal(), &extra).map_err(|error| problem(&title, error.into()))?;
        let mut photos = Vec::new();
        for (sha256, said) in named_photos(&record) {
            match self.photo_size(sha256, said).await {
                Ok(Some(size_bytes)) => photos.push(PartPhoto { sha256, size_bytes }),
                Ok(None) => plan.absent.push(sha256),
                Err(error) => plan.problems.push(ExportProblem { photo: Some(sha256), ..problem(&title, error.into()) }),
            }
        }
        Ok(PartItem { record: id.clone(), line_bytes: line.len() as u64, photos })
    }

    /// Writes part `k` (from 1) piece by piece into `sink`.
    ///
    /// # Errors
    /// [`TransferError`].
    pub async fn write_part(
        &self,
        plan: &ExportPlan,
        k: usize,
        from: &SenderName,
        file: &str,
        mut sink: impl FnMut(&[u8]),
        progress: impl Fn(Progress),
    ) -> Result<Written, TransferError> {
        let part = k.checked_sub(1).and_then(|index| plan.parts.get(index)).ok_or(TransferError::Unreadable)?;
        let total = (part.records.len() + part.photos.len()) as u64;
        let header = self.header(plan, (k, plan.parts.len()), from);
        let mut size_bytes = 0;
        let mut emit = |bytes: Vec<u8>| {
            size_bytes += bytes.len() as u64;
            sink(&bytes);
        };
        let (mut writer, bytes) = Writer::begin(&header)?;
        emit(bytes);
        let mut done = 0;
        let mut step = || {
            done += 1;
            progress(Progress { done, total });
        };
        let (mut records, mut lines) = (BTreeMap::new(), 0);
        let mut owners: BTreeMap<Sha256, RecordId> = BTreeMap::new();
        let with_extra = self.with_extra().await?;
        for ids in part.records.chunks(TOGETHER) {
            for (id, record) in ids.iter().zip(self.load_together(ids).await) {
                let record = record?;
                emit(writer.record(record.journal(), &self.record_extra(id, &with_extra).await?)?);
                owners.extend(named_photos(&record).into_iter().map(|(digest, _)| (digest, id.clone())));
                if Kind::of(record.state()).is_some() {
                    lines += 1;
                } else {
                    records.insert(id.to_string(), record.journal().len());
                }
                step();
            }
        }
        let (mut photos, mut problems) = (0, Vec::new());
        for &digest in &part.photos {
            let written = match self.store.get(Table::Blobs, &digest.to_string()).await {
                Ok(Some(bytes)) => {
                    let mime = Mime::sniff(&bytes).unwrap_or(Mime::Jpeg);
                    writer.photo(&Photo { sha256: digest, mime, bytes, extra: Extra::new() }).map_err(TransferError::from)
                }
                Ok(None) => Ok(Vec::new()),
                Err(error) => Err(error.into()),
            };
            match written {
                Ok(bytes) => {
                    photos += usize::from(!bytes.is_empty());
                    emit(bytes);
                }
                // One photo that can't travel must not hold the others back.
                Err(error) => problems.extend(owners.get(&digest).map(|record| ExportProblem {
                    record: record.clone(),
                    title: String::new(),
                    photo: Some(digest),
                    error,
                })),
            }
            step();
        }
        // A record that left without one of its photos has not left.
        records.retain(|id, _| !problems.iter().any(|problem: &ExportProblem| problem.record.as_str() == id));
        let digest = writer.digest();
        emit(writer.finish(self.key())?);
        let entry = LedgerEntry {
            direction: "export".to_owned(),
            bundle: plan.bundle.to_string(),
            k: header.part.k,
            n: header.part.n,
            purpose: plan.purpose.to_string(),
            at_ms: self.clock().now().ms(),
            file: file.to_owned(),
            size_bytes,
            digest: digest.to_string(),
            sender: from.name.clone(),
            bureau: from.bureau.clone(),
            device: self.device().to_string(),
            records,
            lines,
            photos,
        };
        Ok(Written { entry, problems })
    }

    /// Notes in the ledger that a file was made.
    ///
    /// # Errors
    /// [`StoreError`]; then the records still count as not exported.
    pub async fn note_export(&self, entry: &LedgerEntry) -> Result<(), StoreError> {
        self.store.commit(vec![put_ledger(entry)]).await.map(|_receipt| ())
    }

    /// Size of a photo that is here. What its record says of the size is believed, so that planning reads no photos.
    async fn photo_size(&self, sha256: Sha256, said: Option<u64>) -> Result<Option<u64>, StoreError> {
        let key = sha256.to_string();
        match said {
            Some(size_bytes) => Ok((!self.store.keys(Table::Blobs, &key).await?.is_empty()).then_some(size_bytes)),
            None => Ok(self.store.get(Table::Blobs, &key).await?.map(|bytes| bytes.len() as u64)),
        }
    }

    pub(super) fn header(&self, plan: &ExportPlan, (k, n): (usize, usize), from: &SenderName) -> Header {
        let cut = |text: &str| text.chars().take(crate::bundle::limits::NAME_CHARS).collect();
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Header {
            id: plan.bundle.clone(),
            purpose: plan.purpose.clone(),
            from: Sender {
                device: self.device(),
                key: self.key().public(),
                name: cut(&from.name),
                bureau: cut(&from.bureau),
                extra: Extra::new(),
            },
            created_at: plan.created_at,
            part: Part { k: count(k), n: count(n), extra: Extra::new() },
            extra: Extra::new(),
        }
    }

    /// The ledger, the latest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store can't be read.
    pub async fn ledger(&self) -> Result<Vec<LedgerEntry>, StoreError> {
        let stored = self.store.scan(Table::Ledger, "").await?;
        Ok(stored.iter().rev().filter_map(|(_, bytes)| serde_json::from_slice(bytes).ok()).collect())
    }

    /// Several records in one step, in the order asked for.
    async fn load_together(&self, ids: &[RecordId]) -> Vec<Result<Record, AppError>> {
        match self.load_many(ids).await {
            Ok(records) => records.into_iter().map(|record| record.ok_or(AppError::NoRecord)).collect(),
            // One that can't be read must not hold the others back.
            Err(_) => {
                let mut records = Vec::with_capacity(ids.len());
                for id in ids {
                    records.push(self.load(id).await);
                }
                records
            }
        }
    }

    /// The keys of all records whose lines came with unknown fields.
    async fn with_extra(&self) -> Result<BTreeSet<String>, StoreError> {
        Ok(self.store.keys(Table::Meta, EXTRA).await?.into_iter().collect())
    }

    /// Unknown fields of a record's line, as they came with an import.
    async fn record_extra(&self, id: &RecordId, with_extra: &BTreeSet<String>) -> Result<Extra, StoreError> {
        let key = extra_key(id);
        if !with_extra.contains(&key) {
            return Ok(Extra::new());
        }
        let stored = self.store.get(Table::Meta, &key).await?;
        Ok(stored.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default())
    }

    /// Checks a file to its end without keeping anything of it.
    ///
    /// # Errors
    /// [`TransferError::Refused`] names the place; [`TransferError::Unreadable`] when the file can't be read.
    pub async fn verify(&self, file: &impl Source, progress: impl Fn(Progress)) -> Result<(Verified, Vec<PhotoSpan>), TransferError> {
        self.look_through(file, progress, |_| {}).await
    }

    /// Checks a file to its end and shows each of its records on the way.
    async fn look_through(
        &self,
        file: &impl Source,
        progress: impl Fn(Progress),
        mut show: impl FnMut(&RecordModel),
    ) -> Result<(Verified, Vec<PhotoSpan>), TransferError> {
        let mut reader = Reader::new(Limits::default());
        let mut spans = Vec::new();
        let total = file.size_bytes();
        let mut at = 0;
        while at < total {
            let to = (at + SLICE_BYTES).min(total);
            let bytes = file.read(at, to).await.ok_or(TransferError::Unreadable)?;
            for event in reader.feed(&bytes)? {
                match event {
                    Event::Photo(photo) => {
                        spans.push(PhotoSpan { sha256: photo.photo.sha256, offset: photo.data_offset, len: photo.data_len });
                    }
                    Event::Record(model) => show(&model),
                    Event::Header(_) | Event::Seal(_) => {}
                }
            }
            at = to;
            progress(Progress { done: at, total });
        }
        Ok((reader.finish()?, spans))
    }

    /// Imports a file: checks all of it first, then keeps its photos, then its records. A file that brings checklists or
    /// rules along without being made for them is not taken in, see [`Self::import_with`].
    ///
    /// Importing again, in any order, changes nothing. When the store fails half-way, what was kept stays and importing again completes it.
    ///
    /// # Errors
    /// [`TransferError`]; when the file is refused nothing of it was kept.
    pub async fn import(&self, file: &impl Source, progress: impl Fn(Progress)) -> Result<ImportReport, TransferError> {
        self.import_with(file, Brought::Ask, progress).await
    }

    /// As [`Self::import`], when a person has said what to do with checklists and rules that come along.
    ///
    /// # Errors
    /// As [`Self::import`].
    pub async fn import_with(
        &self,
        file: &impl Source,
        brought: Brought,
        progress: impl Fn(Progress),
    ) -> Result<ImportReport, TransferError> {
        // Checking and keeping take about as long; the bar goes over both.
        let total = file.size_bytes() * 2;
        let mut along: Vec<(BroughtRules, Vec<Entry>)> = Vec::new();
        let checked =
            self.look_through(file, |step| progress(Progress { done: step.done, total }), |model| along.extend(brought_rules(model)));
        let (verified, spans) = checked.await?;
        let along = if is_for_rules(&verified.header.purpose) { Vec::new() } else { self.unknown_rules(along).await? };
        if brought == Brought::Ask && !along.is_empty() {
            return Err(TransferError::BringsRules(along));
        }
        let left: BTreeSet<RecordId> = along.into_iter().map(|rules| rules.record).filter(|_| brought == Brought::Leave).collect();
        let (mut photos_new, mut photos_known) = (0, 0);
        let in_file: BTreeSet<Sha256> = spans.iter().map(|span| span.sha256).collect();
        for span in &spans {
            let key = span.sha256.to_string();
            if self.store.get(Table::Blobs, &key).await?.is_some() {
                photos_known += 1;
            } else {
                let value = read_photo(file, span).await?;
                self.store.commit(vec![Op::Put { table: Table::Blobs, key, value }]).await?;
                photos_new += 1;
            }
            progress(Progress { done: file.size_bytes() + span.offset, total });
        }
        let records = self.import_records(file, &verified, &in_file, &left).await?;
        let entry = import_entry(&verified, &file.name(), self.clock().now(), &records, photos_new + photos_known);
        self.store.commit(vec![put_ledger(&entry)]).await?;
        progress(Progress { done: total, total });
        Ok(ImportReport {
            header: verified.header,
            digest: verified.seal.digest.to_string(),
            records,
            photos_new,
            photos_known,
            notices: verified.notices,
        })
    }

    /// Those of which this device does not hold every change already. Who has the last change of a chain has all of it.
    async fn unknown_rules(&self, along: Vec<(BroughtRules, Vec<Entry>)>) -> Result<Vec<BroughtRules>, TransferError> {
        let mut unknown = Vec::new();
        for (rules, ends) in along {
            let known = match self.load(&rules.record).await {
                Ok(record) => ends.iter().all(|entry| record.journal().contains(entry)),
                Err(AppError::NoRecord) => false,
                Err(error) => return Err(error.into()),
            };
            if !known {
                unknown.push(rules);
            }
        }
        Ok(unknown)
    }

    /// Second pass over the records, one in memory at a time.
    async fn import_records(
        &self,
        file: &impl Source,
        verified: &Verified,
        in_file: &BTreeSet<Sha256>,
        left: &BTreeSet<RecordId>,
    ) -> Result<Vec<RecordReport>, TransferError> {
        let mut reader = Reader::new(Limits::default());
        let mut reports = Vec::new();
        let mut waiting = Waiting::default();
        let mut at = 0;
        while reports.len() < verified.records && at < file.size_bytes() {
            let to = (at + SLICE_BYTES).min(file.size_bytes());
            let bytes = file.read(at, to).await.ok_or(TransferError::Unreadable)?;
            for event in reader.feed(&bytes).map_err(|_| TransferError::Changed)? {
                if let Event::Record(model) = event {
                    if left.contains(&model.id) {
                        let summary = told(&Record::new(model.journal));
                        reports.push(RecordReport { summary, outcome: Outcome::LeftOut, changes_in_file: 0, photos_absent: 0 });
                        continue;
                    }
                    if waiting.is_full() || waiting.records.contains(&model.id) {
                        self.store.commit(std::mem::take(&mut waiting).ops).await?;
                    }
                    reports.push(self.import_record(*model, in_file, &mut waiting).await?);
                }
            }
            at = to;
        }
        if !waiting.ops.is_empty() {
            self.store.commit(waiting.ops).await?;
        }
        if reports.len() == verified.records { Ok(reports) } else { Err(TransferError::Changed) }
    }

    async fn import_record(
        &self,
        model: RecordModel,
        in_file: &BTreeSet<Sha256>,
        waiting: &mut Waiting,
    ) -> Result<RecordReport, TransferError> {
        let existing = match self.load(&model.id).await {
            Ok(record) => record,
            Err(AppError::NoRecord) => Record::new(Journal::new(model.id.clone())),
            Err(error) => return Err(error.into()),
        };
        let was_here = !existing.journal().is_empty();
        if existing.state().text("kind") == Some(library::KIND) && model.kind != library::KIND {
            // Changes of a checklist or rule that don't say that they are some: nobody could be asked about them.
            let summary = told(&existing);
            return Ok(RecordReport { summary, outcome: Outcome::Refused, changes_in_file: 0, photos_absent: 0 });
        }
        let fresh: Vec<_> = model.journal.entries().filter(|entry| !existing.journal().contains(entry)).cloned().collect();
        let mut journal = existing.journal().clone();
        // Of the same record by construction.
        let _ = journal.merge(&model.journal);
        if !journal.forks().is_empty() {
            let summary = told(&existing);
            return Ok(RecordReport { summary, outcome: Outcome::Refused, changes_in_file: 0, photos_absent: 0 });
        }
        let merged = Record::new(journal);
        let summary = told(&merged);
        let outcome = match (was_here, fresh.len()) {
            (false, _) => Outcome::New,
            (true, 0) => Outcome::Known,
            (true, changes) if summary.conflicts > existing.state().conflicts().len() => {
                Outcome::Conflicting { changes, places: summary.conflicts }
            }
            (true, changes) => Outcome::Newer { changes },
        };
        if !fresh.is_empty() {
            let mut ops: Vec<Op> = fresh.iter().map(put_entry).collect();
            ops.push(put_index(merged.journal(), merged.state()));
            if !model.extra.is_empty() {
                let value = serde_json::to_vec(&model.extra).unwrap_or_default();
                ops.push(Op::Put { table: Table::Meta, key: extra_key(&model.id), value });
            }
            waiting.add(&model.id, ops);
        }
        let mut photos_absent = 0;
        for (sha256, _) in named_photos(&merged) {
            if !in_file.contains(&sha256) && self.store.get(Table::Blobs, &sha256.to_string()).await?.is_none() {
                photos_absent += 1;
            }
        }
        Ok(RecordReport { summary, outcome, changes_in_file: model.journal.len(), photos_absent })
    }
}

/// Whether a file is made to bring checklists and rules, or to bring back all that a device had.
fn is_for_rules(purpose: &BundlePurpose) -> bool {
    matches!(purpose, BundlePurpose::Rules | BundlePurpose::Assign | BundlePurpose::Backup)
}

/// The checklist or the rules that a record would bring, and the ends of its chains; `None` for all other records.
fn brought_rules(model: &RecordModel) -> Option<(BroughtRules, Vec<Entry>)> {
    // One that can't be used now may be with one change more, so it is asked for as well.
    if model.kind != library::KIND {
        return None;
    }
    let state = &model.state;
    let text = |path: &str| state.text(path).unwrap_or_default().to_owned();
    let rules = BroughtRules {
        record: model.id.clone(),
        path: text("path"),
        title: Said::new(text("title_zh"), text("title_en")),
        edition: library::read(state).map(|holding| holding.current).unwrap_or_default(),
        by: state.cell("current").or_else(|| state.cell("kind")).map(|cell| cell.by.clone()).unwrap_or_default(),
    };
    let heads = model.journal.heads();
    let is_end = |entry: &&Entry| heads.get(&entry.change.device).is_some_and(|head| head.hash == entry.hash);
    Some((rules, model.journal.entries().filter(is_end).cloned().collect()))
}

/// Records on their way into the store: many small ones go in one batch, as those of a ledger.
#[derive(Default)]
struct Waiting {
    ops: Vec<Op>,
    size_bytes: usize,
    records: BTreeSet<RecordId>,
}

impl Waiting {
    /// How many bytes go in one batch; a single record may be larger.
    const BYTES: usize = 1 << 20;
    /// How many records go in one batch.
    const RECORDS: usize = 256;

    fn is_full(&self) -> bool {
        self.size_bytes >= Self::BYTES || self.records.len() >= Self::RECORDS
    }

    fn add(&mut self, record: &RecordId, ops: Vec<Op>) {
        self.size_bytes += ops.iter().map(Op::size_bytes).sum::<usize>();
        self.records.insert(record.clone());
        self.ops.extend(ops);
    }
}

/// Where a photo's base64 text stands in a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PhotoSpan {
    /// The photo.
    pub sha256: Sha256,
    /// First byte of the text.
    pub offset: u64,
    /// Length of the text.
    pub len: u64,
}

async fn read_photo(file: &impl Source, span: &PhotoSpan) -> Result<Vec<u8>, TransferError> {
    let text = file.read(span.offset, span.offset + span.len).await.ok_or(TransferError::Unreadable)?;
    let bytes = base64::engine::general_purpose::STANDARD.decode(text).map_err(|_| TransferError::Changed)?;
    if sha256(&bytes) == span.sha256 { Ok(bytes) } else { Err(TransferError::Changed) }
}

/// The photos that a record names and that count, with the originals that were kept, and the sizes that it states.
fn named_photos(record: &Record) -> Vec<(Sha256, Option<u64>)> {
    let mut seen = BTreeSet::new();
    let state = record.state();
    let size = |value: Option<&Value>| value.and_then(|value| value.get("size_bytes")).and_then(Value::as_u64);
    photos(state)
        .into_iter()
        .flat_map(|photo| {
            let value = state.get(&format!("photos/{}", photo.id));
            let original = photo.original.map(|digest| (digest, size(value.and_then(|value| value.get("original")))));
            [Some((photo.sha256, size(value))), original]
        })
        .flatten()
        .filter_map(|(digest, size)| Some((Sha256::parse(&digest).ok()?, size)))
        .filter(|(digest, _)| seen.insert(*digest))
        .collect()
}

/// Whether a sealed check or document, or a hazard or other matter at any time, has changes that neither left in an export for the office
/// nor came from another device.
#[must_use]
pub fn is_due(summary: &Summary, ledger: &[LedgerEntry], own_device: &str) -> bool {
    let settled = ledger.iter().filter(|entry| match entry.direction.as_str() {
        "export" => entry.purpose == "submit",
        _ => entry.device != own_device,
    });
    let known = settled.filter_map(|entry| entry.records.get(&summary.id)).max().copied().unwrap_or_default();
    let sealed =
        ["inspection", crate::document::KIND].contains(&summary.kind.as_str()) && matches!(summary.stage, Stage::Sealed | Stage::Amended);
    let matter = summary.matter.is_some() && summary.stage != Stage::Voided;
    (sealed || matter) && known < summary.changes
}

/// What reports say of a record: its summary, and for a line of a ledger the names of its card.
fn told(record: &Record) -> Summary {
    let summary = super::matter::summary(record.journal(), record.state());
    match Card::of(record.journal(), record.state()) {
        Some(card) => Summary { kind: card.kind, title: card.title, subtitle: card.address, ..summary },
        None => summary,
    }
}

/// Where unknown fields of records' lines are kept.
const EXTRA: &str = "record-extra/";

fn extra_key(id: &RecordId) -> String {
    format!("{EXTRA}{id}")
}

fn put_ledger(entry: &LedgerEntry) -> Op {
    let value = serde_json::to_vec(entry).unwrap_or_default();
    Op::Put { table: Table::Ledger, key: format!("{:013}-{}-{}-{}", entry.at_ms, entry.bundle, entry.k, entry.direction), value }
}

fn import_entry(verified: &Verified, file: &str, at: Instant, records: &[RecordReport], photos: usize) -> LedgerEntry {
    let header = &verified.header;
    let (lines, records): (Vec<_>, Vec<_>) = records.iter().partition(|report| Kind::parse(&report.summary.kind).is_some());
    LedgerEntry {
        direction: "import".to_owned(),
        bundle: header.id.to_string(),
        k: header.part.k,
        n: header.part.n,
        purpose: header.purpose.to_string(),
        at_ms: at.ms(),
        file: file.chars().take(120).collect(),
        size_bytes: verified.size_bytes,
        digest: verified.seal.digest.to_string(),
        sender: header.from.name.clone(),
        bureau: header.from.bureau.clone(),
        device: header.from.device.to_string(),
        records: records.into_iter().map(|report| (report.summary.id.clone(), report.changes_in_file)).collect(),
        lines: lines.len(),
        photos,
    }
}
