//! Keys that seal and open, and never come out.

use super::shelf::ShelfError;

/// What can go wrong with a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeysError {
    /// There is no such key: it was destroyed, or lost.
    #[error("no such key")]
    Absent,
    /// The bytes are not what this key sealed in this place.
    #[error("not what this key sealed here")]
    Damaged,
    /// The place where keys are kept failed.
    #[error(transparent)]
    Shelf(#[from] ShelfError),
}

/// Keys by name, each in two copies that are kept apart, for one database can be lost as a whole.
#[expect(async_fn_in_trait, reason = "the browser has one thread; no caller needs Send")]
pub trait Keys {
    /// Makes a key and reads both of its copies back; one that is there stays.
    ///
    /// # Errors
    /// [`KeysError::Shelf`]; one copy may be there then.
    async fn make(&self, id: &str) -> Result<(), KeysError>;

    /// The names of all keys, sorted; those of which one copy is left, too.
    ///
    /// # Errors
    /// [`KeysError::Shelf`]
    async fn ids(&self) -> Result<Vec<String>, KeysError>;

    /// Makes two copies again of every key of which one is left.
    ///
    /// # Errors
    /// [`KeysError::Shelf`]
    async fn mend(&self) -> Result<(), KeysError>;

    /// Encrypts bytes for a place; they open in no other.
    ///
    /// # Errors
    /// [`KeysError`]
    async fn seal(&self, id: &str, place: &str, plain: &[u8]) -> Result<Vec<u8>, KeysError>;

    /// Decrypts what was sealed for a place.
    ///
    /// # Errors
    /// [`KeysError`]
    async fn open(&self, id: &str, place: &str, sealed: &[u8]) -> Result<Vec<u8>, KeysError>;

    /// Destroys both copies; returns only when neither is there any more.
    ///
    /// # Errors
    /// [`KeysError::Shelf`]; copies may be left then.
    async fn destroy(&self, id: &str) -> Result<(), KeysError>;
}
