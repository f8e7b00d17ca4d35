//! Comparing the shelves and repairing each from the other.

use std::collections::BTreeSet;

use super::commit::sweep;
use super::head::{Found, HEAD, Head, RESERVE, find, gone_of, has_sum, sum_key, sum_of, whole_key};
use super::{Damage, Shelf, ShelfError, StoreError, Twin};
use crate::port::shelf::{Op, Table};

/// How many bytes of values are held at once while copying; a photo alone may be larger.
const COPY_BYTES: usize = 1 << 20;
/// How many writes go into one batch while copying.
const COPY_OPS: usize = 256;
/// Caches with one entry for each record, named by the end of its key.
const INDEXES: [Table; 2] = [Table::Records, Table::Cards];

/// What was found when the store was opened.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct OpenReport {
    /// A first run: nothing is stored and nothing was ever announced.
    pub fresh: bool,
    /// How many entries were missing on one shelf and copied from the other.
    pub repaired: u64,
    /// Entries that were to be copied but are damaged. Kept where they are.
    pub damaged: Vec<Damage>,
    /// Announced work is missing on both shelves: an alarm, never a first run.
    pub lost: Option<Lost>,
    /// Summaries and cards of some records were dropped and must be made again from the changes.
    pub caches_dropped: bool,
    /// A shelf could not be read or repaired now. Everything can be read; nothing can be written before it works again.
    pub incomplete: Option<ShelfError>,
    /// The number of the last batch found.
    pub seq: u64,
}

/// How much is missing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Lost {
    /// The highest number that was announced as kept.
    pub announced: u64,
    /// The highest number found.
    pub found: u64,
}

impl<A: Shelf, B: Shelf> Twin<A, B> {
    /// Compares the shelves, and repairs them if this tab may write.
    pub(super) async fn compare(&self, marker: Option<u64>) -> Result<OpenReport, StoreError> {
        let mut report = OpenReport::default();
        let repair = self.is_owner();
        match self.unite(&mut report, repair).await {
            Ok(()) => {
                let mut state = self.state.borrow_mut();
                state.stale = !repair;
            }
            Err(error) => {
                let heads = (Head::of(&self.a).await, Head::of(&self.b).await);
                let (b_first, head) = match heads {
                    (Ok(a), Ok(b)) if b.seq > a.seq => (true, b),
                    (Ok(a), _) => (false, a),
                    (Err(_), Ok(b)) => (true, b),
                    (Err(_), Err(_)) => return Err(error.into()),
                };
                report.incomplete = Some(error);
                let gone = if b_first { gone_of(&self.b).await? } else { gone_of(&self.a).await? };
                let mut state = self.state.borrow_mut();
                state.stale = true;
                state.b_first = b_first;
                state.head = head;
                state.gone = gone.into_iter().collect();
            }
        }
        report.seq = self.state.borrow().head.seq;
        report.lost = marker.filter(|announced| report.seq < *announced).map(|announced| Lost { announced, found: report.seq });
        report.fresh &= report.lost.is_none() && marker.is_none() && report.incomplete.is_none();
        Ok(report)
    }

    async fn unite(&self, report: &mut OpenReport, repair: bool) -> Result<(), ShelfError> {
        let (head_a, head_b) = (Head::of(&self.a).await?, Head::of(&self.b).await?);
        let b_is_newer = head_b.seq > head_a.seq;
        let head = if b_is_newer { head_b } else { head_a };
        let gone: BTreeSet<_> = if b_is_newer { gone_of(&self.b).await? } else { gone_of(&self.a).await? }.into_iter().collect();
        if repair {
            sweep_rest(&self.a, &gone).await?;
            sweep_rest(&self.b, &gone).await?;
        }
        let (counts_a, counts_b) = (counts(&self.a).await?, counts(&self.b).await?);
        report.fresh = head == Head::NONE && counts_a.iter().chain(&counts_b).all(|count| *count == 0);
        if head_a != head_b || counts_a != counts_b {
            if !repair {
                // The owner may be between the two shelves; it will be whole in a moment.
            } else if b_is_newer {
                self.make_equal((&self.b, head_b), (&self.a, head_a), report).await?;
            } else {
                self.make_equal((&self.a, head_a), (&self.b, head_b), report).await?;
            }
        }
        let mut state = self.state.borrow_mut();
        // Only a reader may find the newer shelf still the only whole one.
        state.b_first = b_is_newer && !repair;
        state.head = head;
        state.gone = gone;
        state.carry.clear();
        Ok(())
    }

    /// Makes two shelves hold the same, the newer one's word counting where there is a choice.
    ///
    /// The head is written last: whatever interrupts this, the next start begins again.
    async fn make_equal(
        &self,
        (newer, newer_head): (&impl Shelf, Head),
        (older, older_head): (&impl Shelf, Head),
        report: &mut OpenReport,
    ) -> Result<(), ShelfError> {
        let mut unknown = BTreeSet::new();
        for table in Table::ALL.into_iter().filter(|table| table.is_append_only()) {
            let keys = newer.keys(table, "").await?;
            let older_keys = older.keys(table, "").await?;
            let (missing, extra) = (less(&keys, &older_keys), less(&older_keys, &keys));
            if table == Table::Changes {
                unknown.extend(extra.iter().filter_map(|key| key.split('/').next()).map(str::to_owned));
            }
            self.copy(newer, older, table, missing, report).await?;
            self.copy(older, newer, table, extra, report).await?;
        }
        let (thumbs, older_thumbs) = (newer.keys(Table::Thumbs, "").await?, older.keys(Table::Thumbs, "").await?);
        // Thumbnails belong to the digest of a photo: they can be missing, never out of date.
        self.copy(newer, older, Table::Thumbs, less(&thumbs, &older_thumbs), report).await?;
        if newer_head != older_head {
            report.caches_dropped |= drop_indexes(newer, &unknown).await?;
            for table in INDEXES {
                make_index_equal(newer, older, table).await?;
            }
        }

        let (meta, older_meta) = (newer.scan(Table::Meta, "").await?, older.scan(Table::Meta, "").await?);
        let mut ops = Vec::new();
        for (key, value) in &meta {
            if key == HEAD || key == RESERVE {
                continue;
            }
            let sum = |meta: &[(String, Vec<u8>)]| value_of(meta, &sum_key(Table::Meta, key)).map(<[u8]>::to_vec);
            let damaged = sum(&meta).is_some_and(|sum| sum != sum_of(value));
            let other = value_of(&older_meta, key);
            if damaged && other.is_some() {
                continue;
            }
            if other != Some(value.as_slice()) && (newer_head != older_head || other.is_none()) {
                ops.push(Op::put(Table::Meta, key.clone(), value.clone()));
            }
        }
        let mut back = Vec::new();
        for (key, value) in &older_meta {
            // Digests of the ledger were copied with its lines, in both directions.
            let kept = key == HEAD || key == RESERVE || key.starts_with(&sum_key(Table::Ledger, "")) || value_of(&meta, key).is_some();
            match (kept, newer_head == older_head) {
                (true, _) => {}
                (false, true) => back.push(Op::put(Table::Meta, key.clone(), value.clone())),
                (false, false) => ops.push(Op::delete(Table::Meta, key.clone())),
            }
        }
        write_parts(newer, back).await?;
        if newer_head != Head::NONE {
            ops.push(Op::put(Table::Meta, HEAD, newer_head.to_bytes()));
        }
        if ops.is_empty() { Ok(()) } else { older.write(&ops).await }
    }

    /// Copies entries one after the other, those that prove themselves.
    async fn copy(
        &self,
        from: &impl Shelf,
        to: &impl Shelf,
        table: Table,
        keys: Vec<String>,
        report: &mut OpenReport,
    ) -> Result<(), ShelfError> {
        let mut part = Vec::new();
        let mut bytes = 0;
        for key in keys {
            match find(from, self.check, table, &key).await {
                Ok(Found::Whole(value)) => {
                    if has_sum(table) {
                        part.push(Op::put(Table::Meta, sum_key(table, &key), sum_of(&value)));
                    }
                    let op = Op::Put { table, key, value };
                    bytes += op.size_bytes();
                    part.push(op);
                    report.repaired += u64::from(table.is_append_only());
                }
                Ok(Found::Nothing) => {}
                // One unreadable value must not keep the others from being saved; a closed shelf must.
                Ok(Found::Damaged) | Err(ShelfError::Failed { .. }) => report.damaged.push(Damage { table, key }),
                Err(error) => return Err(error),
            }
            if bytes >= COPY_BYTES || part.len() >= COPY_OPS {
                to.write(&part).await?;
                part.clear();
                bytes = 0;
            }
        }
        if part.is_empty() { Ok(()) } else { to.write(&part).await }
    }
}

async fn counts(shelf: &impl Shelf) -> Result<[u64; 3], ShelfError> {
    Ok([shelf.count(Table::Changes).await?, shelf.count(Table::Blobs).await?, shelf.count(Table::Ledger).await?])
}

/// Frees what was deleted on purpose and is there all the same: a process that died early left it, or lost the deletion.
async fn sweep_rest(shelf: &impl Shelf, gone: &BTreeSet<(Table, String)>) -> Result<(), ShelfError> {
    for table in Table::ALL.into_iter().filter(|table| gone.iter().any(|(deleted, _)| deleted == table)) {
        let mut rest = Vec::new();
        for key in shelf.keys(table, "").await? {
            let place = (table, key);
            if gone.contains(&place) {
                if has_sum(table) {
                    rest.push((Table::Meta, sum_key(table, &place.1)));
                }
                rest.push(place);
            }
        }
        sweep(shelf, &rest).await?;
    }
    Ok(())
}

/// The sorted keys that are in `all` and not in `others`.
pub(super) fn less(all: &[String], others: &[String]) -> Vec<String> {
    all.iter().filter(|key| others.binary_search(key).is_err()).cloned().collect()
}

fn value_of<'a>(values: &'a [(String, Vec<u8>)], key: &str) -> Option<&'a [u8]> {
    let index = values.binary_search_by(|(place, _)| place.as_str().cmp(key)).ok()?;
    values.get(index).map(|(_, value)| value.as_slice())
}

/// Takes the entries of these records out of the caches, together with the notes that the caches are whole. Whether there
/// was anything to take out.
///
/// The newer shelf's caches are made of the newer shelf's changes, so only what the older one alone knew of a record
/// puts them out of date.
async fn drop_indexes(shelf: &impl Shelf, records: &BTreeSet<String>) -> Result<bool, ShelfError> {
    if records.is_empty() {
        return Ok(false);
    }
    let mut ops = Vec::new();
    for table in INDEXES {
        let note = whole_key(table);
        ops.push(Op::delete(Table::Meta, sum_key(Table::Meta, &note)));
        ops.push(Op::delete(Table::Meta, note));
        for key in shelf.keys(table, "").await? {
            if key.rsplit('/').next().is_some_and(|record| records.contains(record)) {
                ops.push(Op::Delete { table, key });
            }
        }
    }
    // In one write: a cache that still says that it is whole would never be made again.
    shelf.write(&ops).await?;
    Ok(true)
}

async fn make_index_equal(newer: &impl Shelf, older: &impl Shelf, table: Table) -> Result<(), ShelfError> {
    let (values, older_values) = (newer.scan(table, "").await?, older.scan(table, "").await?);
    let mut ops = Vec::new();
    for (key, _) in &older_values {
        if value_of(&values, key).is_none() {
            ops.push(Op::Delete { table, key: key.clone() });
        }
    }
    for (key, value) in values {
        if value_of(&older_values, &key) != Some(value.as_slice()) {
            ops.push(Op::Put { table, key, value });
        }
    }
    write_parts(older, ops).await
}

async fn write_parts(shelf: &impl Shelf, ops: Vec<Op>) -> Result<(), ShelfError> {
    for part in ops.chunks(COPY_OPS) {
        shelf.write(part).await?;
    }
    Ok(())
}
