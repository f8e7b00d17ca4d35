//! Two shelves as one store that loses nothing.
//!
//! Why two: a browser may erase a whole database after its process was killed, acknowledged work included, but one kill
//! tears one log at most. So every batch goes to shelf A, then to shelf B, and is read back from both before there is a
//! [`Receipt`]; at the start the shelves are compared and repaired from each other.
//!
//! What the shelves hold besides the tables of their users, all in [`Table::Meta`]:
//! - `head`: how far the shelf has come. A number is never used for two batches, so the higher head is the newer one.
//! - `sum/<table>/<key>`: the digest of a value that carries none itself.
//! - `gone/<table>/<key>`: deleted on purpose, so the other shelf's copy is not taken for one that this shelf lost.
//!
//! and, written by its users and taken away by the store when it drops entries of a cache:
//! - `whole/<table>`: the cache has an entry for everything, in the form of the version that stands there.

mod commit;
mod head;
mod scrub;
mod turn;
mod unite;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use self::commit::Undo;
pub use self::head::{Check, RESERVE, check_value, whole_key};
use self::head::{Found, Head, find, has_sum, is_own, sum_key, sum_of};
pub use self::scrub::{Progress, Scrub};
use self::turn::Turn;
pub use self::unite::{Lost, OpenReport};
use super::shelf::{Op, Shelf, ShelfError, Table};

/// Proof that a batch was kept: both shelves hold it and it was read back.
///
/// Only a store can make one, so a screen can't say 已保存 without it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Receipt {
    seq: u64,
}

impl Receipt {
    /// The number of the batch. Grows with every batch, not without gaps; the install marker remembers the highest.
    #[must_use]
    pub fn seq(self) -> u64 {
        self.seq
    }
}

/// Why a batch was not kept, or a value can't be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The shelf failed; nothing of the batch is kept.
    #[error(transparent)]
    Shelf(#[from] ShelfError),
    /// Written, but what was read back differs; nothing of the batch is kept.
    #[error("what was read back differs from what was written")]
    Unverified,
    /// Another tab of this app writes; this one only reads.
    #[error("another tab owns the data")]
    NotOwner,
    /// The key is taken: it holds other bytes and is written once, or it is one of the store's own.
    #[error("{} {key} is written once and holds something else", .table.name())]
    Conflict {
        /// The table.
        table: Table,
        /// The key.
        key: String,
    },
    /// The value is not what its key says, on both shelves or in the batch itself. What is stored is kept as it is.
    #[error("{} {key} is damaged", .table.name())]
    Damaged {
        /// The table.
        table: Table,
        /// The key.
        key: String,
    },
}

/// What the app sees of the store.
#[expect(async_fn_in_trait, reason = "the browser has one thread; no caller needs Send")]
pub trait Store {
    /// Keeps all of the batch or nothing.
    ///
    /// # Errors
    /// [`StoreError`]; the caller keeps what it has on screen and may send the same batch again.
    async fn commit(&self, batch: Vec<Op>) -> Result<Receipt, StoreError>;
    /// Reads one value; a damaged one is read from the other shelf.
    ///
    /// # Errors
    /// [`StoreError`] when neither shelf can be read, or both copies are damaged.
    async fn get(&self, table: Table, key: &str) -> Result<Option<Vec<u8>>, StoreError>;
    /// The keys with this beginning, sorted.
    ///
    /// # Errors
    /// [`StoreError`] when neither shelf can be read.
    async fn keys(&self, table: Table, prefix: &str) -> Result<Vec<String>, StoreError>;
    /// Keys and values with this beginning, sorted by key. A value that is damaged on both shelves is given as it is:
    /// changes are checked by their readers again, who set it aside.
    ///
    /// # Errors
    /// [`StoreError`] when neither shelf can be read.
    async fn scan(&self, table: Table, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError>;
    /// As [`Store::scan`] for several beginnings, in the order asked for.
    ///
    /// # Errors
    /// [`StoreError`] when neither shelf can be read.
    async fn scan_many(&self, table: Table, prefixes: &[String]) -> Result<Vec<Vec<(String, Vec<u8>)>>, StoreError> {
        let mut found = Vec::with_capacity(prefixes.len());
        for prefix in prefixes {
            found.push(self.scan(table, prefix).await?);
        }
        Ok(found)
    }
}

/// A value that is damaged.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Damage {
    /// The table.
    pub table: Table,
    /// The key.
    pub key: String,
}

/// Two shelves as one store.
pub struct Twin<A, B> {
    a: A,
    b: B,
    check: Check,
    /// Held by whoever writes, so that two batches never mix.
    turn: Turn,
    state: RefCell<State>,
}

/// What the store knows in memory. Never borrowed over an `await`.
struct State {
    owner: bool,
    /// The shelves may differ: they are united before the next write.
    stale: bool,
    /// Shelf B is the one to read from: A is behind and could not be repaired.
    b_first: bool,
    head: Head,
    /// Deleted on purpose.
    gone: BTreeSet<(Table, String)>,
    /// Put by a batch that is on its way: not shown before it is acknowledged.
    hidden: BTreeSet<(Table, String)>,
    /// Deletions that one shelf may not know of yet; the next batch tells both.
    carry: Vec<(Table, String)>,
    /// Takes back the batch that is on its way or failed. Set before its first write, so even a batch whose caller
    /// went away in the middle is taken back.
    undo: Option<Rc<Undo>>,
}

impl<A: Shelf, B: Shelf> Twin<A, B> {
    fn new(a: A, b: B, check: Check, owner: bool) -> Self {
        let state = State {
            owner,
            stale: true,
            b_first: false,
            head: Head::NONE,
            gone: BTreeSet::new(),
            hidden: BTreeSet::new(),
            carry: Vec::new(),
            undo: None,
        };
        Self { a, b, check, turn: Turn::default(), state: RefCell::new(state) }
    }

    /// Opens the store as its owner: compares the shelves and repairs each from the other.
    /// `marker` is the highest [`Receipt::seq`] that was ever announced on this device, kept elsewhere.
    ///
    /// A shelf that can't be read or repaired now does not keep the store from opening: see [`OpenReport::incomplete`].
    ///
    /// # Errors
    /// [`StoreError`] when neither shelf can be read.
    pub async fn open(a: A, b: B, marker: Option<u64>) -> Result<(Self, OpenReport), StoreError> {
        Self::open_with(a, b, marker, check_value, true).await
    }

    /// Opens the store to read beside another tab that owns it: compares, but writes nothing.
    ///
    /// # Errors
    /// [`StoreError`] when neither shelf can be read.
    pub async fn open_reader(a: A, b: B, marker: Option<u64>) -> Result<(Self, OpenReport), StoreError> {
        Self::open_with(a, b, marker, check_value, false).await
    }

    /// Opens the store with another check of values.
    ///
    /// # Errors
    /// [`StoreError`] when neither shelf can be read.
    pub async fn open_with(a: A, b: B, marker: Option<u64>, check: Check, owner: bool) -> Result<(Self, OpenReport), StoreError> {
        let twin = Self::new(a, b, check, owner);
        let report = twin.compare(marker).await?;
        Ok((twin, report))
    }

    /// Compares and repairs the shelves again: after the page came back, or when this tab has become the owner.
    ///
    /// # Errors
    /// [`StoreError`] when neither shelf can be read.
    pub async fn refresh(&self, marker: Option<u64>) -> Result<OpenReport, StoreError> {
        let _turn = self.turn.take().await;
        if self.is_owner() {
            // What can't be taken back now is taken back before the next batch; comparing works all the same.
            let _ = self.settle().await;
        }
        self.compare(marker).await
    }

    /// Tells whether this tab may write. One that becomes the owner compares the shelves before its first write,
    /// because the owner before it may have died in the middle of one.
    pub fn set_owner(&self, owner: bool) {
        let mut state = self.state.borrow_mut();
        if owner && !state.owner {
            state.stale = true;
            // The owner before this one has compared the shelves: what was to be taken back is whole on both by now.
            state.undo = None;
            state.hidden.clear();
        }
        state.owner = owner;
    }

    /// Whether this tab may write.
    #[must_use]
    pub fn is_owner(&self) -> bool {
        self.state.borrow().owner
    }

    /// The number of the last batch that was kept or taken back.
    #[must_use]
    pub fn seq(&self) -> u64 {
        self.state.borrow().head.seq
    }

    /// Shelf A and shelf B, to look at.
    #[must_use]
    pub fn shelves(&self) -> (&A, &B) {
        (&self.a, &self.b)
    }

    fn is_shown(&self, table: Table, key: &str) -> bool {
        if is_own(table, key) {
            return false;
        }
        let state = self.state.borrow();
        if !table.is_append_only() || (state.gone.is_empty() && state.hidden.is_empty()) {
            return true;
        }
        let place = (table, key.to_owned());
        !state.gone.contains(&place) && !state.hidden.contains(&place)
    }

    /// Reads a value from `first`, or from `second` when that one can't tell.
    async fn find_in(&self, first: &impl Shelf, second: &impl Shelf, table: Table, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let found = find(first, self.check, table, key).await;
        match found {
            Ok(Found::Whole(value)) => return Ok(Some(value)),
            Ok(Found::Nothing) if !table.is_append_only() => return Ok(None),
            _ => {}
        }
        match (found, find(second, self.check, table, key).await) {
            (found, Ok(Found::Whole(value))) => {
                // A copy that can't be made whole now is found again by the next read or scrub, and the value is at hand.
                if found.is_ok() || table.is_append_only() {
                    let _ = self.mend(table, key).await;
                }
                Ok(Some(value))
            }
            (Ok(Found::Nothing), Ok(Found::Nothing)) => Ok(None),
            (Ok(Found::Damaged), _) | (_, Ok(Found::Damaged)) => Err(StoreError::Damaged { table, key: key.to_owned() }),
            (Err(_), Ok(Found::Nothing)) if !table.is_append_only() => Ok(None),
            (Err(error), _) | (_, Err(error)) => Err(error.into()),
            (Ok(Found::Whole(value)), _) => Ok(Some(value)),
        }
    }

    async fn keys_in(&self, first: &impl Shelf, second: &impl Shelf, table: Table, prefix: &str) -> Result<Vec<String>, StoreError> {
        Ok(match first.keys(table, prefix).await {
            Ok(keys) => keys,
            Err(error) => second.keys(table, prefix).await.map_err(|_| error)?,
        })
    }

    async fn scan_in(&self, first: &impl Shelf, second: &impl Shelf, table: Table, prefix: &str) -> Result<Vec<Checked>, StoreError> {
        match self.scan_one(first, table, prefix).await {
            Ok(values) => Ok(values),
            Err(error) => Ok(self.scan_one(second, table, prefix).await.map_err(|_| error)?),
        }
    }

    /// What is shown of what was found; a damaged value is taken from the other shelf where that one is whole.
    async fn shown(&self, table: Table, values: Vec<Checked>) -> Vec<(String, Vec<u8>)> {
        let mut shown = Vec::with_capacity(values.len());
        for Checked { key, value, whole } in values {
            if !self.is_shown(table, &key) {
                continue;
            }
            let better = if whole { None } else { self.get(table, &key).await.ok().flatten() };
            shown.push((key, better.unwrap_or(value)));
        }
        shown
    }

    async fn scan_one(&self, shelf: &impl Shelf, table: Table, prefix: &str) -> Result<Vec<Checked>, ShelfError> {
        let sums = if has_sum(table) { shelf.scan(Table::Meta, &sum_key(table, prefix)).await? } else { Vec::new() };
        let whole = |key: &str, value: &[u8]| {
            let sum = sums.binary_search_by(|(place, _)| place.as_str().cmp(&sum_key(table, key))).ok().and_then(|index| sums.get(index));
            (self.check)(table, key, value) && sum.is_none_or(|(_, sum)| *sum == sum_of(value))
        };
        let values = shelf.scan(table, prefix).await?;
        Ok(values.into_iter().map(|(key, value)| Checked { whole: is_own(table, &key) || whole(&key, &value), key, value }).collect())
    }
}

struct Checked {
    key: String,
    value: Vec<u8>,
    whole: bool,
}

impl<A: Shelf, B: Shelf> Store for Twin<A, B> {
    async fn commit(&self, batch: Vec<Op>) -> Result<Receipt, StoreError> {
        self.keep(batch).await
    }

    async fn get(&self, table: Table, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        if !self.is_shown(table, key) {
            return Ok(None);
        }
        let b_first = self.state.borrow().b_first;
        if b_first { self.find_in(&self.b, &self.a, table, key).await } else { self.find_in(&self.a, &self.b, table, key).await }
    }

    async fn keys(&self, table: Table, prefix: &str) -> Result<Vec<String>, StoreError> {
        let b_first = self.state.borrow().b_first;
        let mut keys = if b_first {
            self.keys_in(&self.b, &self.a, table, prefix).await?
        } else {
            self.keys_in(&self.a, &self.b, table, prefix).await?
        };
        keys.retain(|key| self.is_shown(table, key));
        Ok(keys)
    }

    async fn scan(&self, table: Table, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let b_first = self.state.borrow().b_first;
        let values = if b_first {
            self.scan_in(&self.b, &self.a, table, prefix).await?
        } else {
            self.scan_in(&self.a, &self.b, table, prefix).await?
        };
        Ok(self.shown(table, values).await)
    }

    async fn scan_many(&self, table: Table, prefixes: &[String]) -> Result<Vec<Vec<(String, Vec<u8>)>>, StoreError> {
        let b_first = self.state.borrow().b_first;
        // Values with a digest beside them are looked up one beginning at a time.
        let found = match (has_sum(table), b_first) {
            (false, false) => self.a.scan_many(table, prefixes).await.ok(),
            (false, true) => self.b.scan_many(table, prefixes).await.ok(),
            (true, _) => None,
        };
        let mut all = Vec::with_capacity(prefixes.len());
        if let Some(found) = found {
            for values in found {
                let checked = |(key, value): (String, Vec<u8>)| Checked { whole: (self.check)(table, &key, &value), key, value };
                all.push(self.shown(table, values.into_iter().map(checked).collect()).await);
            }
            return Ok(all);
        }
        for prefix in prefixes {
            all.push(self.scan(table, prefix).await?);
        }
        Ok(all)
    }
}
