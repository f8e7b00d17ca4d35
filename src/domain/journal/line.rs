//! Lines of ledgers: a change at [`BASE`] says many paths at once, and people write single ones.
//!
//! For each path the newest statement counts, whichever of the two it is. What a base only repeats of the bases that it
//! replaces is no statement of its own. Statements that had not seen each other and say different things are a conflict at
//! that path alone.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde_json::{Map, Value};

use super::{Conflict, Journal};
use crate::domain::change::{Change, Entry, Path, Sha256};
use crate::domain::id::DeviceId;

/// Where the line of an imported file stands: an object from paths to values.
pub const BASE: &str = "base";

/// Above so many (changes × devices), only what a change names itself counts as seen by it: more is shown as a conflict
/// then, never less.
const DEEP: usize = 1_000_000;

/// What the bases and the paths of their own make together.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Line {
    /// What the bases say; `None` where that is what stands at [`BASE`].
    pub fields: Option<Map<String, Value>>,
    /// Paths whose own value is older than what a base says.
    pub hidden: BTreeSet<String>,
    /// Bases that no other base has seen, the latest first.
    pub bases: Vec<Sha256>,
    /// Those of them that not every device must have seen: all but the first change of the record.
    pub named: Vec<Sha256>,
}

/// One thing that was said of a path.
#[derive(Clone, Copy)]
struct Statement<'a> {
    entry: &'a Entry,
    value: &'a Value,
    is_base: bool,
}

/// Folds the bases and what stands at their paths; the conflicts at these paths are replaced. `None` when nothing was
/// imported, or what stands at [`BASE`] is no line.
pub(super) fn fold(
    journal: &Journal,
    by_path: &BTreeMap<&Path, Vec<&Entry>>,
    conflicts: &mut Vec<Conflict>,
    beside: &mut BTreeMap<Path, Vec<Sha256>>,
) -> Option<Line> {
    let (_, bases) = by_path.iter().find(|(path, _)| path.as_str() == BASE)?;
    let objects: Vec<(&Entry, &Map<String, Value>)> =
        bases.iter().map(|entry| Some((*entry, entry.change.value.as_object()?))).collect::<Option<_>>()?;
    let root = journal.entries().min_by_key(|entry| order(entry))?.hash;
    if let [(only, fields)] = objects.as_slice()
        && !by_path.keys().any(|path| fields.contains_key(path.as_str()))
    {
        let named = if only.hash == root { Vec::new() } else { vec![only.hash] };
        return Some(Line { bases: vec![only.hash], named, ..Line::default() });
    }
    let seen = seen_by(journal);
    let mut said: BTreeMap<&str, Vec<Statement<'_>>> = BTreeMap::new();
    let by_hash: HashMap<Sha256, &Map<String, Value>> = objects.iter().map(|(entry, fields)| (entry.hash, *fields)).collect();
    for (entry, fields) in &objects {
        let parents: Vec<&Map<String, Value>> = replaced(&entry.change).filter_map(|hash| by_hash.get(&hash).copied()).collect();
        for (path, value) in fields.iter().filter(|(path, value)| !parents.iter().any(|parent| parent.get(*path) == Some(*value))) {
            said.entry(path).or_default().push(Statement { entry, value, is_base: true });
        }
    }
    for (path, entries) in by_path {
        if let Some(statements) = said.get_mut(path.as_str()) {
            statements.extend(entries.iter().map(|entry| Statement { entry, value: &entry.change.value, is_base: false }));
        }
    }
    let mut line = Line::default();
    let mut fields = Map::new();
    conflicts.retain(|conflict| conflict.path.as_str() != BASE && !said.contains_key(conflict.path.as_str()));
    for (path, statements) in said {
        let latest = |base_only: bool| {
            let of = statements.iter().filter(|one| one.is_base || !base_only);
            of.max_by_key(|one| order(one.entry))
        };
        let (Some(winner), Some(imported)) = (latest(false), latest(true)) else { continue };
        // What a person took away with nothing to hide it behind.
        if winner.is_base || !winner.value.is_null() {
            fields.insert(path.to_owned(), imported.value.clone());
        }
        if winner.is_base && statements.iter().any(|one| !one.is_base) {
            line.hidden.insert(path.to_owned());
        }
        let open = unseen(statements.iter().map(|one| one.entry), &seen);
        let Ok(place) = Path::parse(path) else { continue };
        let open = statements.iter().filter(|one| one.entry.hash != winner.entry.hash && open.contains(&one.entry.hash));
        let (other, alike): (Vec<&Statement<'_>>, Vec<&Statement<'_>>) = open.partition(|one| differ(one.value, winner.value));
        beside.remove(&place);
        if !alike.is_empty() {
            beside.insert(place.clone(), alike.iter().map(|one| one.entry.hash).collect());
        }
        if !other.is_empty() {
            let unseen = other.iter().map(|one| one.at(&place)).collect();
            conflicts.push(Conflict { kept: winner.at(&place), unseen, path: place });
        }
    }
    conflicts.sort_by(|a, b| a.path.cmp(&b.path));
    let open = unseen(objects.iter().map(|(entry, _)| *entry), &seen);
    let mut latest: Vec<&(&Entry, &Map<String, Value>)> = objects.iter().filter(|(entry, _)| open.contains(&entry.hash)).collect();
    latest.sort_by_key(|(entry, _)| std::cmp::Reverse(order(entry)));
    line.bases = latest.iter().map(|(entry, _)| entry.hash).collect();
    line.named = line.bases.iter().copied().filter(|hash| *hash != root).collect();
    let standing = objects.iter().max_by_key(|(entry, _)| order(entry)).map(|(_, fields)| *fields);
    line.fields = Some(fields).filter(|fields| Some(fields) != standing);
    Some(line)
}

impl Statement<'_> {
    /// As a change at its own path, as people look at it. The digest stays that of the change that was made.
    fn at(&self, path: &Path) -> Entry {
        let Change { record, device, seq, at, by, prev, over, over_also, clock, reason, extra, .. } = &self.entry.change;
        Entry {
            change: Change {
                record: record.clone(),
                device: device.clone(),
                seq: *seq,
                at: *at,
                by: by.clone(),
                path: path.clone(),
                value: self.value.clone(),
                prev: *prev,
                over: *over,
                over_also: over_also.clone(),
                clock: *clock,
                reason: reason.clone(),
                extra: extra.clone(),
            },
            hash: self.entry.hash,
        }
    }
}

/// The order in which changes count.
fn order(entry: &Entry) -> (crate::domain::time::Hlc, &DeviceId, u64, Sha256) {
    (entry.change.at, &entry.change.device, entry.change.seq, entry.hash)
}

fn differ(a: &Value, b: &Value) -> bool {
    let says_nothing = |value: &Value| value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty());
    a != b && !(says_nothing(a) && says_nothing(b))
}

/// The changes whose values a change replaces.
fn replaced(change: &Change) -> impl Iterator<Item = Sha256> {
    change.over.iter().chain(&change.over_also).copied()
}

/// For each change, how far it had seen the chain of each device.
type Seen<'a> = HashMap<Sha256, BTreeMap<&'a DeviceId, u64>>;

fn seen_by(journal: &Journal) -> Seen<'_> {
    let timeline = journal.timeline();
    let devices: HashSet<&DeviceId> = timeline.iter().map(|entry| &entry.change.device).collect();
    let deep = timeline.len().saturating_mul(devices.len()) <= DEEP;
    let places: HashMap<Sha256, (&DeviceId, u64)> =
        timeline.iter().map(|entry| (entry.hash, (&entry.change.device, entry.change.seq))).collect();
    let mut all: Seen<'_> = HashMap::with_capacity(timeline.len());
    for entry in &timeline {
        let change = &entry.change;
        let mut seen: BTreeMap<&DeviceId, u64> = BTreeMap::new();
        let mut reach = |device, seq: u64| {
            let furthest = seen.entry(device).or_default();
            *furthest = (*furthest).max(seq);
        };
        // A device has seen its own changes, and nobody can write into a record without its first change.
        reach(&change.device, change.seq.saturating_sub(1));
        if let Some(first) = timeline.first().filter(|first| first.hash != entry.hash) {
            reach(&first.change.device, first.change.seq);
        }
        for hash in replaced(change).chain(change.prev) {
            if let Some((device, seq)) = places.get(&hash).filter(|_| hash != entry.hash) {
                reach(device, *seq);
            }
            // What comes later in the timeline can't have been seen, whatever is claimed.
            for (device, seq) in all.get(&hash).filter(|_| deep).into_iter().flatten() {
                reach(device, *seq);
            }
        }
        all.insert(entry.hash, seen);
    }
    all
}

/// Of some changes, those that none of the others had seen.
fn unseen<'a>(entries: impl Iterator<Item = &'a Entry> + Clone, seen: &Seen<'_>) -> HashSet<Sha256> {
    let mut furthest: HashMap<&DeviceId, u64> = HashMap::new();
    for (device, seq) in entries.clone().filter_map(|entry| seen.get(&entry.hash)).flatten() {
        let known = furthest.entry(device).or_default();
        *known = (*known).max(*seq);
    }
    let is_open = |entry: &&Entry| furthest.get(&entry.change.device).is_none_or(|seen| *seen < entry.change.seq);
    entries.filter(is_open).map(|entry| entry.hash).collect()
}
