//! Keeping a batch on both shelves, or taking it back from both.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::head::{HEAD, Head, gone_key, has_sum, is_own, sum_key, sum_of};
use super::{Receipt, Shelf, StoreError, Twin};
use crate::port::shelf::{Op, ShelfError, Table};

/// How many bytes of values are read back at a time: bounds the memory for copies of photos.
const READ_BACK_BYTES: usize = 1 << 20;
/// How many values are asked for at a time.
const ASKED: usize = 256;

/// How many deleted values go in one write.
const SWEPT: usize = 256;

/// What each key holds after a batch; `None` is nothing.
type Wanted = BTreeMap<(Table, String), Option<Vec<u8>>>;

/// How to take a batch back.
pub(super) struct Undo {
    before: Head,
    attempted: Head,
    /// Never a number that was used: whoever lost the taking back must look older than who did not.
    after: Head,
    ops: Vec<Op>,
    /// Written once and new with this batch.
    added: Vec<(Table, String)>,
}

impl<A: Shelf, B: Shelf> Twin<A, B> {
    pub(super) async fn keep(&self, batch: Vec<Op>) -> Result<Receipt, StoreError> {
        let _turn = self.turn.take().await;
        if !self.is_owner() {
            return Err(StoreError::NotOwner);
        }
        self.settle().await?;
        if self.state.borrow().stale
            && let Some(error) = self.compare(None).await?.incomplete
        {
            return Err(error.into());
        }
        let (wanted, deleted) = self.read_batch(batch)?;
        let undo = Rc::new(self.plan_undo(&wanted).await?);
        let head = undo.attempted;
        let mut ops: Vec<Op> = Vec::with_capacity(wanted.len() + 1);
        for ((table, key), value) in wanted {
            ops.push(match value {
                Some(value) => Op::Put { table, key, value },
                None => Op::Delete { table, key },
            });
        }
        ops.push(Op::put(Table::Meta, HEAD, head.to_bytes()));

        // From here on the batch may be on a shelf, whatever is reported and whoever still waits.
        {
            let mut state = self.state.borrow_mut();
            state.hidden = undo.added.iter().cloned().collect();
            state.undo = Some(Rc::clone(&undo));
        }
        if let Err(error) = self.write_both(&ops).await {
            // What can't be taken back now is taken back before the next batch.
            let _ = self.settle().await;
            return Err(error);
        }
        self.note_kept(head, &ops, &deleted);
        // The bytes go after the deletion is acknowledged, or it could not be taken back. What stays is not shown, and
        // goes at the next start.
        let _ = sweep(&self.a, &deleted).await;
        let _ = sweep(&self.b, &deleted).await;
        Ok(Receipt { seq: head.seq })
    }

    fn note_kept(&self, head: Head, ops: &[Op], deleted: &[(Table, String)]) {
        let mut state = self.state.borrow_mut();
        state.undo = None;
        state.head = head;
        state.hidden.clear();
        state.carry.clear();
        if !state.gone.is_empty() {
            for op in ops {
                state.gone.remove(&(op.table(), op.key().to_owned()));
            }
        }
        state.gone.extend(deleted.iter().cloned());
    }

    /// What a batch asks for, together with what the store notes beside it, and what it deletes for good.
    ///
    /// Deleting what is written once is at first a note only.
    fn read_batch(&self, batch: Vec<Op>) -> Result<(Wanted, Vec<(Table, String)>), StoreError> {
        let mut wanted = Wanted::new();
        for op in batch {
            let (table, key, value) = match op {
                Op::Put { table, key, value } => (table, key, Some(value)),
                Op::Delete { table, key } => (table, key, None),
            };
            if is_own(table, &key) {
                return Err(StoreError::Conflict { table, key });
            }
            if value.as_ref().is_some_and(|value| !(self.check)(table, &key, value)) {
                return Err(StoreError::Damaged { table, key });
            }
            let place = (table, key);
            if let (true, Some(Some(earlier)), Some(value)) = (table.is_append_only(), wanted.get(&place), &value)
                && earlier != value
            {
                return Err(StoreError::Conflict { table: place.0, key: place.1 });
            }
            wanted.insert(place, value);
        }
        let state = self.state.borrow();
        let mut notes = Wanted::new();
        for ((table, key), value) in &wanted {
            if has_sum(*table) {
                notes.insert((Table::Meta, sum_key(*table, key)), value.as_deref().map(sum_of));
            }
            if table.is_append_only() && value.is_none() {
                notes.insert((Table::Meta, gone_key(*table, key)), Some(Vec::new()));
            } else if table.is_append_only() && state.gone.contains(&(*table, key.clone())) {
                notes.insert((Table::Meta, gone_key(*table, key)), None);
            }
        }
        for (table, key) in &state.carry {
            if !wanted.contains_key(&(*table, key.clone())) {
                notes.insert((Table::Meta, gone_key(*table, key)), Some(Vec::new()));
            }
        }
        let (deleted, mut wanted): (Wanted, Wanted) =
            wanted.into_iter().partition(|((table, _), value)| table.is_append_only() && value.is_none());
        wanted.append(&mut notes);
        Ok((wanted, deleted.into_keys().collect()))
    }

    /// Reads what the batch is about to replace.
    async fn plan_undo(&self, wanted: &Wanted) -> Result<Undo, StoreError> {
        let places: Vec<(Table, &str)> = wanted.keys().map(|(table, key)| (*table, key.as_str())).collect();
        let earlier_a = ask(&self.a, &places).await?;
        let mut absent: Vec<(Table, &str)> = Vec::new();
        for (place, earlier) in places.iter().zip(&earlier_a) {
            if place.0.is_append_only() && earlier.is_none() {
                absent.push(*place);
            }
        }
        // What A lost but B holds was acknowledged once; taking this batch back must leave it there.
        let mut earlier_b: BTreeMap<(Table, &str), Option<Vec<u8>>> = BTreeMap::new();
        if !absent.is_empty() {
            earlier_b.extend(absent.iter().copied().zip(ask(&self.b, &absent).await?));
        }

        let mut undo = Vec::new();
        let mut added = Vec::new();
        for (((table, key), value), earlier) in wanted.iter().zip(earlier_a) {
            let earlier = earlier.or_else(|| earlier_b.remove(&(*table, key.as_str())).flatten());
            match earlier {
                Some(earlier) if table.is_append_only() => self.refuse_change(*table, key, value.as_deref(), &earlier)?,
                Some(earlier) => undo.push(Op::Put { table: *table, key: key.clone(), value: earlier }),
                None => {
                    undo.push(Op::Delete { table: *table, key: key.clone() });
                    if table.is_append_only() {
                        added.push((*table, key.clone()));
                    }
                }
            }
        }
        // Last, because these win over what stood there before.
        undo.extend(added.iter().map(|(table, key)| Op::put(Table::Meta, gone_key(*table, key), Vec::new())));
        let before = self.state.borrow().head;
        let attempted = before.after(wanted.iter().map(|((table, key), value)| (*table, key.as_str(), value.as_deref())));
        let after = attempted.after(std::iter::empty());
        undo.push(Op::put(Table::Meta, HEAD, after.to_bytes()));
        Ok(Undo { before, attempted, after, ops: undo, added })
    }

    /// What is written once stays as it is; only a damaged value may be replaced.
    fn refuse_change(&self, table: Table, key: &str, value: Option<&[u8]>, earlier: &[u8]) -> Result<(), StoreError> {
        // A line of the ledger does not prove itself: a damaged one is mended by reading or scrubbing, not from here.
        let same = value == Some(earlier);
        let proved_damaged = !(self.check)(table, key, earlier);
        if same || proved_damaged { Ok(()) } else { Err(StoreError::Conflict { table, key: key.to_owned() }) }
    }

    async fn write_both(&self, ops: &[Op]) -> Result<(), StoreError> {
        self.a.write(ops).await?;
        self.b.write(ops).await?;
        read_back(&self.a, ops).await?;
        read_back(&self.b, ops).await
    }

    /// Notes what became of a batch that was taken back.
    fn forget_undo(&self, undo: &Undo, results: [TakenBack; 2]) {
        let mut state = self.state.borrow_mut();
        state.undo = None;
        state.hidden.clear();
        if results.contains(&TakenBack::Unknown) {
            state.stale = true;
        } else if results.contains(&TakenBack::Done) {
            state.head = undo.after;
            state.gone.extend(undo.added.iter().cloned());
            state.carry.extend(undo.added.iter().cloned());
        }
    }

    /// Takes back a batch that was not kept, from whichever shelf has it.
    ///
    /// A shelf's own word is not taken for it: a write that was reported as failed may have been done.
    pub(super) async fn settle(&self) -> Result<(), StoreError> {
        let Some(undo) = self.state.borrow().undo.clone() else { return Ok(()) };
        let a = take_back(&self.a, &undo).await?;
        let b = take_back(&self.b, &undo).await?;
        self.forget_undo(&undo, [a, b]);
        Ok(())
    }
}

/// Frees the bytes of what was deleted.
pub(super) async fn sweep(shelf: &impl Shelf, deleted: &[(Table, String)]) -> Result<(), ShelfError> {
    for part in deleted.chunks(SWEPT) {
        let mut ops = Vec::with_capacity(part.len());
        for (table, key) in part {
            ops.push(Op::delete(*table, key.clone()));
        }
        shelf.write(&ops).await?;
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum TakenBack {
    /// The batch was never there.
    NotNeeded,
    Done,
    /// Somebody else wrote since: the shelves have to be compared instead.
    Unknown,
}

/// Takes a batch back from one shelf.
async fn take_back(shelf: &impl Shelf, undo: &Undo) -> Result<TakenBack, StoreError> {
    let head = Head::of(shelf).await?;
    if head == undo.before {
        return Ok(TakenBack::NotNeeded);
    }
    if head == undo.after {
        return Ok(TakenBack::Done);
    }
    if head != undo.attempted {
        return Ok(TakenBack::Unknown);
    }
    shelf.write(&undo.ops).await?;
    Ok(TakenBack::Done)
}

/// Reads many values, some at a time: a batch of an import names tens of thousands.
async fn ask(shelf: &impl Shelf, places: &[(Table, &str)]) -> Result<Vec<Option<Vec<u8>>>, ShelfError> {
    let mut values = Vec::with_capacity(places.len());
    for part in places.chunks(ASKED) {
        values.append(&mut shelf.get_many(part).await?);
    }
    Ok(values)
}

/// The first writes that are read back together: at least one, else no more than the limits allow.
fn read_back_part(ops: &[Op]) -> usize {
    let mut bytes = 0;
    let fits = ops.iter().take(ASKED).take_while(|op| {
        bytes += op.size_bytes();
        bytes <= READ_BACK_BYTES
    });
    fits.count().max(1)
}

async fn read_back(shelf: &impl Shelf, ops: &[Op]) -> Result<(), StoreError> {
    let mut rest = ops;
    while !rest.is_empty() {
        let (part, later) = rest.split_at(read_back_part(rest));
        rest = later;
        let places: Vec<(Table, &str)> = part.iter().map(|op| (op.table(), op.key())).collect();
        let found = shelf.get_many(&places).await?;
        let same = part.iter().zip(found).all(|(op, found)| match op {
            Op::Put { value, .. } => found.as_ref() == Some(value),
            Op::Delete { .. } => found.is_none(),
        });
        if !same {
            return Err(StoreError::Unverified);
        }
    }
    Ok(())
}
