//! Two shelves as one store that loses nothing.

use super::shelf::{Op, ShelfError, Table};

/// Proof that a batch was kept: both shelves hold it and it was read back.
///
/// Only a store can make one, so a screen can't say 已保存 without it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Receipt {
    seq: u64,
}

/// Why a batch was not kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The shelf failed; nothing of the batch is kept.
    #[error(transparent)]
    Shelf(#[from] ShelfError),
    /// Written, but what was read back differs.
    #[error("what was read back differs from what was written")]
    Unverified,
    /// Another tab of this app writes; this one only reads.
    #[error("another tab owns the data")]
    NotOwner,
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
    /// [`StoreError`] when neither shelf can be read.
    async fn get(&self, table: Table, key: &str) -> Result<Option<Vec<u8>>, StoreError>;
    /// The keys with this beginning, sorted.
    ///
    /// # Errors
    /// [`StoreError`] when neither shelf can be read.
    async fn keys(&self, table: Table, prefix: &str) -> Result<Vec<String>, StoreError>;
    /// Keys and values with this beginning, sorted by key.
    ///
    /// # Errors
    /// [`StoreError`] when neither shelf can be read.
    async fn scan(&self, table: Table, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError>;
}
