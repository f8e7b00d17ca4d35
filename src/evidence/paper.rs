//! What ties a printed record to the record: the digest of its seal.

use crate::domain::change::Sha256;
use crate::domain::journal::{Journal, is_seal_path};

/// How many digits of the digest stand in the code of a print.
pub const DIGITS: usize = 16;

/// How a print and the record agree.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Agreement {
    /// The print is of the record as it was last sealed.
    Same,
    /// The print is of an earlier seal; the record was sealed again after that.
    Earlier,
    /// No seal of the record has this digest.
    Other,
    /// The record has no seal.
    Unsealed,
}

/// The digest of the last seal, which covers all that came before it.
#[must_use]
pub fn seal_digest(journal: &Journal) -> Option<Sha256> {
    seals(journal).pop()
}

/// Compares the digits of a print with the seals of the record.
#[must_use]
pub fn compare(journal: &Journal, digits: &str) -> Agreement {
    let seals = seals(journal);
    let fits = |digest: &Sha256| digits.len() >= DIGITS && digest.to_string().starts_with(digits);
    match seals.iter().rposition(fits) {
        Some(index) if index + 1 == seals.len() => Agreement::Same,
        Some(_) => Agreement::Earlier,
        None if seals.is_empty() => Agreement::Unsealed,
        None => Agreement::Other,
    }
}

/// The digests of the changes that set seals, in the order in which they were made.
fn seals(journal: &Journal) -> Vec<Sha256> {
    let is_seal = |entry: &&crate::domain::change::Entry| is_seal_path(&entry.change.path) && !entry.change.value.is_null();
    journal.timeline().into_iter().filter(is_seal).map(|entry| entry.hash).collect()
}
