//! The head of the store, the names that the store keeps for itself, and how stored values prove themselves.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::Digest as _;

use crate::domain::change::Sha256;
use crate::evidence::chain::{canonical_json, is_as_written, sha256};
use crate::port::shelf::{Shelf, ShelfError, Table};

/// Where the head lies, in [`Table::Meta`].
pub(super) const HEAD: &str = "head";

/// Where room is kept for the last save, in [`Table::Meta`]: the shelf's own, no part of what the twin compares.
pub const RESERVE: &str = "reserve";

const SUM: &str = "sum/";
const GONE: &str = "gone/";

/// How far a shelf has come. The digest covers all batches so far, so two shelves with one head hold the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Head {
    /// Counts batches, those taken back included: a number is never used for two of them.
    pub(super) seq: u64,
    pub(super) digest: Sha256,
}

#[derive(Serialize, Deserialize)]
struct Written {
    seq: u64,
    digest: Sha256,
    /// Digest over the two: a damaged head must not win over a whole one.
    check: Sha256,
}

impl Head {
    /// The head of an empty store.
    pub(super) const NONE: Self = Self { seq: 0, digest: Sha256([0; 32]) };

    fn check(self) -> Sha256 {
        sha256(format!("{} {}", self.seq, self.digest).as_bytes())
    }

    pub(super) fn to_bytes(self) -> Vec<u8> {
        let written = Written { seq: self.seq, digest: self.digest, check: self.check() };
        serde_json::to_vec(&written).unwrap_or_default()
    }

    /// Reads a written head; `None` when it is damaged.
    fn parse(bytes: &[u8]) -> Option<Self> {
        let written: Written = serde_json::from_slice(bytes).ok()?;
        let head = Self { seq: written.seq, digest: written.digest };
        (head.check() == written.check).then_some(head)
    }

    /// The head of a shelf; that of an empty store when there is none or it is damaged.
    pub(super) async fn of(shelf: &impl Shelf) -> Result<Self, ShelfError> {
        Ok(shelf.get(Table::Meta, HEAD).await?.and_then(|bytes| Self::parse(&bytes)).unwrap_or(Self::NONE))
    }

    /// The head after one more batch.
    pub(super) fn after<'a>(self, writes: impl Iterator<Item = (Table, &'a str, Option<&'a [u8]>)>) -> Self {
        let mut batch = sha2::Sha256::new();
        for (table, key, value) in writes {
            let place = format!("{} {} {key} ", table.name(), key.len());
            batch.update(place.as_bytes());
            match value {
                Some(value) => batch.update(sha256(value).0),
                None => batch.update(b"-"),
            }
        }
        let mut digest = sha2::Sha256::new();
        digest.update(self.digest.0);
        digest.update(batch.finalize());
        Self { seq: self.seq + 1, digest: Sha256(digest.finalize().into()) }
    }
}

/// Whether a key is the store's own, not for its users.
pub(super) fn is_own(table: Table, key: &str) -> bool {
    table == Table::Meta && (key == HEAD || key == RESERVE || key.starts_with(SUM) || key.starts_with(GONE))
}

/// Whether values of this table have their digest written beside them, because they don't carry one.
pub(super) fn has_sum(table: Table) -> bool {
    matches!(table, Table::Ledger | Table::Meta)
}

/// Where the digest of a value is written, in [`Table::Meta`].
pub(super) fn sum_key(table: Table, key: &str) -> String {
    format!("{SUM}{}/{key}", table.name())
}

/// The written digest of a value.
pub(super) fn sum_of(value: &[u8]) -> Vec<u8> {
    sha256(value).to_string().into_bytes()
}

/// Where it is written that a key was deleted on purpose, in [`Table::Meta`].
pub(super) fn gone_key(table: Table, key: &str) -> String {
    format!("{GONE}{}/{key}", table.name())
}

/// Where it is noted that a cache has an entry for everything, in [`Table::Meta`].
#[must_use]
pub fn whole_key(table: Table) -> String {
    format!("whole/{}", table.name())
}

/// Reads all that was deleted on purpose.
pub(super) async fn gone_of(shelf: &impl Shelf) -> Result<Vec<(Table, String)>, ShelfError> {
    let keys = shelf.keys(Table::Meta, GONE).await?;
    let parse = |key: &String| {
        let (table, key) = key.strip_prefix(GONE)?.split_once('/')?;
        let table = Table::ALL.into_iter().find(|candidate| candidate.name() == table)?;
        Some((table, key.to_owned()))
    };
    Ok(keys.iter().filter_map(parse).collect())
}

/// Tells whether a value is what its key says: the function that a store checks with.
pub type Check = fn(Table, &str, &[u8]) -> bool;

/// The ordinary [`Check`]: a blob has the digest that is its key; a change carries the digest of its content, and its
/// key ends with it. Whether a change makes sense is for its readers to tell, who may be newer than this version.
/// All other values are fine: a digest beside them proves those that matter.
#[must_use]
pub fn check_value(table: Table, key: &str, value: &[u8]) -> bool {
    match table {
        Table::Blobs => sha256(value).to_string() == key,
        Table::Changes => {
            let Some(hash) = key.rsplit('/').next() else { return false };
            // They were written in the one form that has the digest; another form of the same content is fine too.
            is_as_written(value, hash) || carries(value, hash)
        }
        Table::Ledger | Table::Records | Table::Thumbs | Table::Meta | Table::Cards => true,
    }
}

fn carries(value: &[u8], hash: &str) -> bool {
    let Ok(Value::Object(mut fields)) = serde_json::from_slice(value) else { return false };
    let carried = fields.remove("hash");
    carried.as_ref().and_then(Value::as_str) == Some(hash) && sha256(&canonical_json(&Value::Object(fields))).to_string() == hash
}

/// What lies under a key.
pub(super) enum Found {
    /// Nothing.
    Nothing,
    /// A value that proves itself, or that nothing speaks against.
    Whole(Vec<u8>),
    /// A value that is not what was stored.
    Damaged,
}

/// Reads a value and checks it.
pub(super) async fn find(shelf: &impl Shelf, check: Check, table: Table, key: &str) -> Result<Found, ShelfError> {
    let sum = sum_key(table, key);
    let mut asked = vec![(table, key)];
    if has_sum(table) {
        asked.push((Table::Meta, sum.as_str()));
    }
    let mut values = shelf.get_many(&asked).await?.into_iter();
    let (value, sum) = (values.next().flatten(), values.next().flatten());
    Ok(match value {
        None => Found::Nothing,
        Some(value) if check(table, key, &value) && sum.is_none_or(|sum| sum == sum_of(&value)) => Found::Whole(value),
        Some(_) => Found::Damaged,
    })
}
