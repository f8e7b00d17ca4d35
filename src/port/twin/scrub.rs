//! Checking every stored value, and mending those that are damaged on one shelf.

use super::head::{Found, find, has_sum, is_own, sum_key, sum_of};
use super::unite::less;
use super::{Damage, Shelf, ShelfError, StoreError, Twin};
use crate::port::shelf::{Op, Table};

/// How far a check of everything has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Progress {
    /// Values checked so far.
    pub done: u64,
    /// All values; grows while the tables are read.
    pub total: u64,
}

/// What a check of everything found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Scrub {
    /// Values checked, each on both shelves.
    pub checked: u64,
    /// Values that were missing or damaged on one shelf and are whole on both now.
    pub repaired: u64,
    /// Values that are damaged or missing on one shelf, and can't be written there now.
    pub waiting: Vec<Damage>,
    /// Values that are damaged beyond repair. Kept as they are.
    pub damaged: Vec<Damage>,
}

/// What became of one value.
pub(super) enum Healed {
    Whole,
    Repaired,
    /// Whole on one shelf, but this tab may not write or the other shelf does not take it.
    Waiting,
    Damaged,
}

impl<A: Shelf, B: Shelf> Twin<A, B> {
    /// Checks every value on both shelves, one by one, and mends from each other what can be mended.
    /// Other work goes on in between.
    ///
    /// # Errors
    /// [`StoreError`] when a shelf can't be read.
    pub async fn verify_all(&self, mut progress: impl FnMut(Progress)) -> Result<Scrub, StoreError> {
        let mut scrub = Scrub::default();
        let mut places = Vec::new();
        for table in Table::ALL.into_iter().filter(|table| !table.is_cache()) {
            let mut keys = self.a.keys(table, "").await?;
            let more = less(&self.b.keys(table, "").await?, &keys);
            keys.extend(more);
            places.extend(keys.into_iter().filter(|key| !is_own(table, key)).map(|key| (table, key)));
        }
        let total = places.len() as u64;
        for (table, key) in places {
            let healed = {
                let _turn = self.turn.take().await;
                self.heal(table, &key).await?
            };
            scrub.checked += 1;
            match healed {
                Healed::Whole => {}
                Healed::Repaired => scrub.repaired += 1,
                Healed::Waiting => scrub.waiting.push(Damage { table, key }),
                Healed::Damaged => scrub.damaged.push(Damage { table, key }),
            }
            progress(Progress { done: scrub.checked, total });
        }
        Ok(scrub)
    }

    /// Mends one value from the other shelf, after waiting for the turn.
    pub(super) async fn mend(&self, table: Table, key: &str) -> Result<(), StoreError> {
        let _turn = self.turn.take().await;
        self.heal(table, key).await.map(|_| ())
    }

    /// Looks at one value on both shelves and mends the worse copy. The caller has the turn.
    pub(super) async fn heal(&self, table: Table, key: &str) -> Result<Healed, StoreError> {
        if table.is_append_only() && !self.is_shown(table, key) {
            return Ok(Healed::Whole);
        }
        let may_write = {
            let state = self.state.borrow();
            state.owner && !state.stale && state.undo.is_none()
        };
        let a = unreadable_is_damaged(find(&self.a, self.check, table, key).await)?;
        let b = unreadable_is_damaged(find(&self.b, self.check, table, key).await)?;
        let (whole, mend_a) = match (a, b) {
            (Found::Nothing, Found::Nothing) => return Ok(Healed::Whole),
            (Found::Whole(a), Found::Whole(b)) if a == b => return Ok(Healed::Whole),
            // Both prove themselves and differ: a value of meta without a digest. The first shelf's word counts.
            (Found::Whole(a), _) => (a, false),
            (_, Found::Whole(b)) => (b, true),
            (Found::Nothing | Found::Damaged, Found::Nothing | Found::Damaged) => return Ok(Healed::Damaged),
        };
        if !may_write {
            return Ok(Healed::Waiting);
        }
        let mut ops = Vec::new();
        if has_sum(table) {
            ops.push(Op::put(Table::Meta, sum_key(table, key), sum_of(&whole)));
        }
        ops.push(Op::Put { table, key: key.to_owned(), value: whole });
        let written = if mend_a { self.a.write(&ops).await } else { self.b.write(&ops).await };
        Ok(if written.is_ok() { Healed::Repaired } else { Healed::Waiting })
    }
}

/// A value that alone can't be read, such as one whose file is gone, counts as damaged; a closed shelf does not.
fn unreadable_is_damaged(found: Result<Found, ShelfError>) -> Result<Found, ShelfError> {
    match found {
        Err(ShelfError::Failed { .. }) => Ok(Found::Damaged),
        found => found,
    }
}
