//! A record is a journal of changes; its state is a fold of them.
//!
//! Merging two journals is a set union: commutative, associative and idempotent.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use serde_json::{Map, Value};

use super::change::{Entry, Path, Sha256};
use super::id::{DeviceId, RecordId};
use super::time::Hlc;

mod line;

pub use line::BASE;

/// Where a device's chain ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Head {
    /// Number of the last change.
    pub seq: u64,
    /// Its digest.
    pub hash: Sha256,
}

/// All changes of one record, in the order (device, seq).
#[derive(Clone, PartialEq, Debug)]
pub struct Journal {
    record: RecordId,
    // The digest is part of the key so that a union never has to drop one of two forked entries.
    entries: BTreeMap<(DeviceId, u64, Sha256), Entry>,
    // Kept beside the entries so that no change costs a look at all of them.
    first: Hlc,
    latest: Hlc,
    seals: usize,
}

/// Why an entry can't belong to a journal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the change belongs to another record")]
pub struct OtherRecord;

impl Journal {
    /// An empty journal.
    #[must_use]
    pub fn new(record: RecordId) -> Self {
        Self { record, entries: BTreeMap::new(), first: Hlc::default(), latest: Hlc::default(), seals: 0 }
    }

    /// The record.
    #[must_use]
    pub fn record(&self) -> &RecordId {
        &self.record
    }

    /// Adds an entry. Returns whether it was new.
    ///
    /// # Errors
    /// [`OtherRecord`] when it names another record; nothing is added.
    pub fn insert(&mut self, entry: Entry) -> Result<bool, OtherRecord> {
        if entry.change.record != self.record {
            return Err(OtherRecord);
        }
        Ok(self.take(entry))
    }

    fn take(&mut self, entry: Entry) -> bool {
        let key = (entry.change.device.clone(), entry.change.seq, entry.hash);
        if self.entries.contains_key(&key) {
            return false;
        }
        let at = entry.change.at;
        self.first = if self.entries.is_empty() { at } else { self.first.min(at) };
        self.latest = self.latest.max(at);
        self.seals += usize::from(is_seal(&entry));
        self.entries.insert(key, entry);
        true
    }

    /// Adds all entries of another journal of the same record. Returns how many were new.
    ///
    /// # Errors
    /// [`OtherRecord`] when it is of another record; nothing is added.
    pub fn merge(&mut self, other: &Self) -> Result<usize, OtherRecord> {
        if other.record != self.record {
            return Err(OtherRecord);
        }
        Ok(other.entries.values().filter(|entry| self.take((*entry).clone())).count())
    }

    /// The entries, by device and then by their place in its chain.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.values()
    }

    /// The entries in the order in which they were made.
    #[must_use]
    pub fn timeline(&self) -> Vec<&Entry> {
        let mut entries: Vec<&Entry> = self.entries.values().collect();
        entries.sort_by(|a, b| (a.change.at, &a.change.device, a.change.seq).cmp(&(b.change.at, &b.change.device, b.change.seq)));
        entries
    }

    /// Whether this very entry is here.
    #[must_use]
    pub fn contains(&self, entry: &Entry) -> bool {
        self.entries.contains_key(&(entry.change.device.clone(), entry.change.seq, entry.hash))
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing was ever written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The end of the chain of each device.
    #[must_use]
    pub fn heads(&self) -> BTreeMap<DeviceId, Head> {
        let mut heads = BTreeMap::new();
        for (device, seq, hash) in self.entries.keys() {
            heads.insert(device.clone(), Head { seq: *seq, hash: *hash });
        }
        heads
    }

    /// The end of the chain of one device.
    #[must_use]
    pub fn head(&self, device: &DeviceId) -> Option<Head> {
        let first = (device.clone(), 0, Sha256([0; 32]));
        let last = (device.clone(), u64::MAX, Sha256([255; 32]));
        self.entries.range(first..=last).next_back().map(|((_, seq, hash), _)| Head { seq: *seq, hash: *hash })
    }

    /// The latest reading of the hybrid clock in this journal.
    #[must_use]
    pub fn latest(&self) -> Hlc {
        self.latest
    }

    /// The earliest reading of the hybrid clock in this journal.
    #[must_use]
    pub fn first(&self) -> Hlc {
        self.first
    }

    /// Places in the chain that two different changes claim: proof of tampering or of a copied device.
    #[must_use]
    pub fn forks(&self) -> Vec<(DeviceId, u64)> {
        let mut forks = Vec::new();
        let mut last: Option<(&DeviceId, u64)> = None;
        for (device, seq, _) in self.entries.keys() {
            if last == Some((device, *seq)) {
                forks.push((device.clone(), *seq));
            }
            last = Some((device, *seq));
        }
        forks.dedup();
        forks
    }

    /// The state of the record: per path the latest value wins, the others stay in the history.
    #[must_use]
    pub fn fold(&self) -> State {
        let mut by_path: BTreeMap<&Path, Vec<&Entry>> = BTreeMap::new();
        for entry in self.entries.values() {
            by_path.entry(&entry.change.path).or_default().push(entry);
        }
        let covered = self.covered();
        let content_at = self.entries.values().filter(|entry| is_content_path(&entry.change.path)).map(|entry| entry.change.at).max();
        let (mut cells, mut gone) = (BTreeMap::new(), BTreeMap::new());
        let (mut conflicts, mut beside) = (Vec::new(), BTreeMap::new());
        for (path, entries) in &by_path {
            let replaced: BTreeSet<Sha256> =
                entries.iter().flat_map(|entry| entry.change.over.iter().chain(&entry.change.over_also)).copied().collect();
            let Some(winner) = entries.iter().max_by_key(|entry| (entry.change.at, &entry.change.device, entry.change.seq, entry.hash))
            else {
                continue;
            };
            let open = entries
                .iter()
                .filter(|entry| entry.hash != winner.hash && !replaced.contains(&entry.hash))
                // A device has seen its own changes, also where one took a value away and `over` has nothing to name.
                .filter(|entry| entry.change.device != winner.change.device || entry.change.seq > winner.change.seq);
            let (alike, other): (Vec<&Entry>, Vec<&Entry>) = open.partition(|entry| entry.change.value == winner.change.value);
            if !alike.is_empty() {
                beside.insert((*path).clone(), alike.iter().map(|entry| entry.hash).collect());
            }
            let unseen: Vec<Entry> = other.into_iter().cloned().collect();
            if !unseen.is_empty() {
                conflicts.push(Conflict { path: (*path).clone(), kept: (*winner).clone(), unseen });
            }
            let amended = covered.as_ref().is_some_and(|heads| {
                !is_seal_path(path) && heads.get(&winner.change.device).is_none_or(|sealed| winner.change.seq > *sealed)
            });
            let into = if winner.change.value.is_null() { &mut gone } else { &mut cells };
            into.insert(
                (*path).clone(),
                Cell {
                    value: winner.change.value.clone(),
                    at: winner.change.at,
                    device: winner.change.device.clone(),
                    by: winner.change.by.clone(),
                    hash: winner.hash,
                    amended,
                },
            );
        }
        let line = Box::new(line::fold(self, &by_path, &mut conflicts, &mut beside).unwrap_or_default());
        State { cells, gone, conflicts, beside, line, content_at: content_at.unwrap_or_default() }
    }

    /// Whether someone has sealed the record. A seal can't be taken away again.
    #[must_use]
    pub fn is_sealed(&self) -> bool {
        self.seals > 0
    }

    fn seals(&self) -> impl Iterator<Item = &Entry> {
        // Most records that are written to have none.
        self.entries.values().take(if self.seals == 0 { 0 } else { usize::MAX }).filter(|entry| is_seal(entry))
    }

    /// What every seal covers: per device the last number. What any seal leaves out is an amendment, so that a seal
    /// added later under an early time can't make amendments look like sealed content. `None` when nothing is sealed.
    #[must_use]
    pub fn covered(&self) -> Option<BTreeMap<DeviceId, u64>> {
        self.seals().map(|seal| covered_heads(&seal.change.value)).reduce(|mut all, one| {
            all.retain(|device, _| one.contains_key(device));
            for (device, seq) in &mut all {
                *seq = (*seq).min(one.get(device).copied().unwrap_or_default());
            }
            all
        })
    }

    /// The entries that came after a seal, in the order in which they were made. Seals themselves are none.
    #[must_use]
    pub fn amendments(&self) -> Vec<&Entry> {
        let Some(covered) = self.covered() else { return Vec::new() };
        let is_later = |entry: &&Entry| {
            !is_seal_path(&entry.change.path) && covered.get(&entry.change.device).is_none_or(|sealed| entry.change.seq > *sealed)
        };
        self.timeline().into_iter().filter(is_later).collect()
    }
}

/// Whether a path holds content that people sign: everything but signatures, seals, and the name that the attendant gives
/// when signing.
#[must_use]
pub fn is_content_path(path: &Path) -> bool {
    !is_seal_path(path) && !path.as_str().starts_with("signatures/") && path.as_str() != "attendant"
}

/// Whether seals stand at this path: `seals/1`, `seals/2`...
#[must_use]
pub fn is_seal_path(path: &Path) -> bool {
    path.as_str().starts_with("seals/")
}

fn is_seal(entry: &Entry) -> bool {
    is_seal_path(&entry.change.path) && !entry.change.value.is_null()
}

fn covered_heads(seal: &Value) -> BTreeMap<DeviceId, u64> {
    let heads = seal.get("heads").and_then(Value::as_object);
    heads.into_iter().flatten().filter_map(|(device, head)| Some((DeviceId::parse(device).ok()?, head.get("seq")?.as_u64()?))).collect()
}

/// What stands at a path now, and where it comes from.
#[derive(Clone, PartialEq, Debug)]
pub struct Cell {
    /// The value; `null` only where [`State::latest_at`] speaks of what was taken away.
    pub value: Value,
    /// When it was set.
    pub at: Hlc,
    /// On which device.
    pub device: DeviceId,
    /// By whom.
    pub by: String,
    /// Digest of the change that set it.
    pub hash: Sha256,
    /// Whether it was set after the record was sealed.
    pub amended: bool,
}

/// Two or more values set at one path by people who had not seen each other's.
#[derive(Clone, PartialEq, Debug)]
pub struct Conflict {
    /// Where.
    pub path: Path,
    /// The change whose value stands.
    pub kept: Entry,
    /// The others; their values differ from the one that stands.
    pub unseen: Vec<Entry>,
}

/// A record as it stands: the fold of its journal.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct State {
    cells: BTreeMap<Path, Cell>,
    /// Paths whose value was taken away, with the change that did it.
    gone: BTreeMap<Path, Cell>,
    conflicts: Vec<Conflict>,
    /// Changes that say the same as the one that stands, by devices that had not seen it.
    beside: BTreeMap<Path, Vec<Sha256>>,
    // In a box because most records have none.
    line: Box<line::Line>,
    content_at: Hlc,
}

impl State {
    /// The state after one more entry that is later than all others, as when this device writes.
    ///
    /// The same as folding anew, without the work: only for entries that [`Journal::insert`] has just taken.
    pub fn apply_latest(&mut self, journal: &Journal, entry: &Entry) {
        let change = &entry.change;
        let line_changes = change.path.as_str() == BASE || (change.value.is_null() && !self.line.bases.is_empty());
        if !self.conflicts.is_empty() || !self.line.hidden.is_empty() || line_changes || is_seal_path(&change.path) {
            *self = journal.fold();
            return;
        }
        if is_content_path(&change.path) {
            self.content_at = self.content_at.max(change.at);
        }
        self.beside.remove(&change.path);
        let cell = Cell {
            value: change.value.clone(),
            at: change.at,
            device: change.device.clone(),
            by: change.by.clone(),
            hash: entry.hash,
            amended: journal.is_sealed(),
        };
        let (into, out_of) = if change.value.is_null() { (&mut self.gone, &mut self.cells) } else { (&mut self.cells, &mut self.gone) };
        out_of.remove(&change.path);
        into.insert(change.path.clone(), cell);
    }

    /// What stands at a path. A text that is no path has nothing.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Value> {
        self.cell(path).map(|cell| &cell.value)
    }

    /// What stands at a path, with its origin.
    #[must_use]
    pub fn cell(&self, path: &str) -> Option<&Cell> {
        self.cells.get(path)
    }

    /// Digest of the latest change at a path, also when it took the value away.
    #[must_use]
    pub fn latest_at(&self, path: &Path) -> Option<Sha256> {
        self.cells.get(path).or_else(|| self.gone.get(path)).map(|cell| cell.hash)
    }

    /// What imports say of a ledger record, each path by the newest of them; `None` when nothing was imported.
    #[must_use]
    pub fn base(&self) -> Option<&Map<String, Value>> {
        self.line.fields.as_ref().or_else(|| self.get(BASE)?.as_object())
    }

    /// What stands at a path, unless an import has said something newer.
    #[must_use]
    pub fn own(&self, path: &str) -> Option<&Value> {
        self.get(path).filter(|_| !self.line.hidden.contains(path))
    }

    /// Whether anything was ever written at a path, also when it was taken away again.
    #[must_use]
    pub fn was_written(&self, path: &str) -> bool {
        self.cells.contains_key(path) || self.gone.contains_key(path)
    }

    /// Whether people had set values at a path who had not seen each other's.
    #[must_use]
    pub fn is_disputed(&self, path: &str) -> bool {
        self.conflicts.iter().any(|conflict| conflict.path.as_str() == path)
    }

    /// Whether a new base can build on what imports say: not where several stand beside each other, because what it repeats
    /// of the one could not be told from what it says against the other.
    #[must_use]
    pub fn takes_base(&self) -> bool {
        self.line.bases.len() < 2 && self.line.fields.is_none()
    }

    /// What a change at a path has seen besides [`State::latest_at`]: values in dispute, others that say the same, and the
    /// imports that say something of it.
    #[must_use]
    pub fn seen_beside(&self, path: &Path) -> Vec<Sha256> {
        let disputed = self.conflicts.iter().filter(|conflict| conflict.path == *path);
        let mut seen: Vec<Sha256> =
            disputed.flat_map(|conflict| conflict.unseen.iter().chain([&conflict.kept]).map(|entry| entry.hash)).collect();
        seen.extend(self.beside.get(path).into_iter().flatten());
        if path.as_str() == BASE || self.base().is_some_and(|base| base.contains_key(path.as_str())) {
            seen.extend(&self.line.named);
        }
        let over = self.latest_at(path);
        let mut known = BTreeSet::new();
        seen.retain(|hash| Some(*hash) != over && known.insert(*hash));
        seen
    }

    /// The text at a path; `None` when there is none or it is no text.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<&str> {
        self.get(path).and_then(Value::as_str)
    }

    /// All cells, by path.
    pub fn cells(&self) -> impl Iterator<Item = (&Path, &Cell)> {
        self.cells.iter()
    }

    /// The cells whose path begins with `<prefix>/`, by path, without that beginning.
    pub fn under<'a>(&'a self, prefix: &str) -> impl Iterator<Item = (&'a str, &'a Cell)> + use<'a> {
        let start = format!("{prefix}/");
        let from = self.cells.range::<str, _>((Bound::Included(start.as_str()), Bound::Unbounded));
        from.map_while(move |(path, cell)| Some((path.as_str().strip_prefix(start.as_str())?, cell)))
    }

    /// When the content last changed: everything but signatures and seals.
    #[must_use]
    pub fn content_at(&self) -> Hlc {
        self.content_at
    }

    /// Values set by people who had not seen each other's.
    #[must_use]
    pub fn conflicts(&self) -> &[Conflict] {
        &self.conflicts
    }

    /// The flat JSON object that bundles carry for readers that want no journal: path → value.
    #[must_use]
    pub fn to_json(&self) -> Value {
        Value::Object(self.cells.iter().map(|(path, cell)| (path.as_str().to_owned(), cell.value.clone())).collect())
    }
}
