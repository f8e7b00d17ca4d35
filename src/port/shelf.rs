//! One durable key-value shelf, and what can go wrong with it.
//!
//! A shelf is one independent store (an IndexedDB database). [`super::twin::Twin`] makes two of them into a
//! store that loses nothing; nothing else writes to a shelf.

/// The tables of a shelf. The names are part of the stored format: add, never rename.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Table {
    /// Journal entries: `<record>/<device>/<seq, 10 digits>/<digest>` → canonical JSON with `hash`. Written once, never changed.
    Changes,
    /// Photos: SHA-256 → the bytes. Written once, never changed.
    Blobs,
    /// Ledger of exports and imports: `<time, 13 digits>-<bundle>-<part>` → JSON. Written once, never changed.
    Ledger,
    /// Summaries of records for lists: record id → JSON. A cache, rebuilt from the changes.
    Records,
    /// Thumbnails: SHA-256 of the photo → small JPEG. A cache.
    Thumbs,
    /// Small things of the device: its key, the head of the store.
    Meta,
    /// Cards of ledger records, for lists and search: `<kind>/<record>` → compact JSON. A cache, rebuilt from the changes.
    Cards,
}

impl Table {
    /// All tables.
    pub const ALL: [Self; 7] = [Self::Changes, Self::Blobs, Self::Ledger, Self::Records, Self::Thumbs, Self::Meta, Self::Cards];

    /// The stored name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Changes => "changes",
            Self::Blobs => "blobs",
            Self::Ledger => "ledger",
            Self::Records => "records",
            Self::Thumbs => "thumbs",
            Self::Meta => "meta",
            Self::Cards => "cards",
        }
    }

    /// Whether values are written once and never changed, so that two shelves can be united without a choice.
    #[must_use]
    pub fn is_append_only(self) -> bool {
        matches!(self, Self::Changes | Self::Blobs | Self::Ledger)
    }

    /// Whether the values can be made again from the others.
    #[must_use]
    pub fn is_cache(self) -> bool {
        matches!(self, Self::Records | Self::Thumbs | Self::Cards)
    }
}

/// One write.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Op {
    /// Sets the value of a key.
    Put {
        /// The table.
        table: Table,
        /// The key.
        key: String,
        /// The value.
        value: Vec<u8>,
    },
    /// Takes a key away; nothing happens when it is not there.
    Delete {
        /// The table.
        table: Table,
        /// The key.
        key: String,
    },
}

impl Op {
    /// A write of a value.
    #[must_use]
    pub fn put(table: Table, key: impl Into<String>, value: impl Into<Vec<u8>>) -> Self {
        Self::Put { table, key: key.into(), value: value.into() }
    }

    /// A key taken away.
    #[must_use]
    pub fn delete(table: Table, key: impl Into<String>) -> Self {
        Self::Delete { table, key: key.into() }
    }

    /// The table that it writes to.
    #[must_use]
    pub fn table(&self) -> Table {
        match self {
            Self::Put { table, .. } | Self::Delete { table, .. } => *table,
        }
    }

    /// The key that it writes to.
    #[must_use]
    pub fn key(&self) -> &str {
        match self {
            Self::Put { key, .. } | Self::Delete { key, .. } => key,
        }
    }

    /// About how much room it takes, in bytes.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        match self {
            Self::Put { key, value, .. } => key.len() + value.len(),
            Self::Delete { key, .. } => key.len(),
        }
    }
}

/// What can go wrong with a shelf.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShelfError {
    /// There is no room; nothing of the batch was written.
    #[error("storage is full")]
    Full,
    /// The system closed the connection and it could not be opened again; the batch may be sent again.
    #[error("storage was closed by the system")]
    Closed,
    /// The browser refuses storage here (private mode, blocked by policy).
    #[error("storage is refused")]
    Refused,
    /// Anything else, by the name that the browser gives it. Nothing of the batch was written.
    #[error("storage failed: {name}")]
    Failed {
        /// The browser's name of the error, such as `UnknownError`.
        name: String,
    },
}

/// One durable store of bytes by table and key.
#[expect(async_fn_in_trait, reason = "the browser has one thread; no caller needs Send")]
pub trait Shelf {
    /// Writes all of the batch, or nothing. Returns only when it is durable (strict, on disk).
    ///
    /// # Errors
    /// [`ShelfError`]; then nothing of the batch was written.
    async fn write(&self, batch: &[Op]) -> Result<(), ShelfError>;

    /// Reads one value.
    ///
    /// # Errors
    /// [`ShelfError`] when the shelf can't be read.
    async fn get(&self, table: Table, key: &str) -> Result<Option<Vec<u8>>, ShelfError>;

    /// Reads several values at once, in the order asked for; a shelf may do so in one step.
    ///
    /// # Errors
    /// [`ShelfError`] when the shelf, or one of the values, can't be read.
    async fn get_many(&self, keys: &[(Table, &str)]) -> Result<Vec<Option<Vec<u8>>>, ShelfError> {
        let mut values = Vec::with_capacity(keys.len());
        for (table, key) in keys {
            values.push(self.get(*table, key).await?);
        }
        Ok(values)
    }

    /// The keys that begin with `prefix`, sorted. The empty prefix lists all.
    ///
    /// # Errors
    /// [`ShelfError`] when the shelf can't be read.
    async fn keys(&self, table: Table, prefix: &str) -> Result<Vec<String>, ShelfError>;

    /// Keys and values that begin with `prefix`, sorted by key. For tables of small values.
    ///
    /// # Errors
    /// [`ShelfError`] when the shelf can't be read.
    async fn scan(&self, table: Table, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, ShelfError>;

    /// As [`Shelf::scan`] for several beginnings at once, in the order asked for; a shelf may do so in one step.
    ///
    /// # Errors
    /// [`ShelfError`] when the shelf can't be read.
    async fn scan_many(&self, table: Table, prefixes: &[String]) -> Result<Vec<Vec<(String, Vec<u8>)>>, ShelfError> {
        let mut found = Vec::with_capacity(prefixes.len());
        for prefix in prefixes {
            found.push(self.scan(table, prefix).await?);
        }
        Ok(found)
    }

    /// How many keys a table has.
    ///
    /// # Errors
    /// [`ShelfError`] when the shelf can't be read.
    async fn count(&self, table: Table) -> Result<u64, ShelfError>;
}
