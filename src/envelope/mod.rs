//! Files that only their receiver can read, in the format of [age](https://age-encryption.org/v1) (C2SP, version 1), so that
//! the ordinary `age` command opens them as well.
//!
//! - [`seal`] encrypts for [`Recipient`]s, [`open`] decrypts with [`Identity`]s; [`Reading`] does so piece by piece, for files
//!   that are not to lie in memory as a whole.
//! - [`passphrase`] encrypts small files, such as identities, with words that a person knows.
//! - [`armor`] writes an envelope as text, for where files can't go.
//!
//! An own implementation of the published format on RustCrypto's primitives: the crate `age` asks the system for randomness
//! by itself and brings tables of texts and a formatter for them along, some of which a phone would have to download.

mod header;
mod key;
mod payload;

pub mod armor;
pub mod passphrase;

pub use self::key::{Identity, KeyError, Recipient};
pub use self::payload::Reading;

use serde::{Deserialize, Serialize};

use self::header::{FileKey, Header, Stanza};
use self::payload::Payload;
use crate::port::random::Random;

/// What every envelope begins with.
const MAGIC: &[u8] = b"age-encryption.org/v1\n";

/// The largest envelope that is opened in one go, in bytes: a bundle's part and what encryption adds to it.
pub const MAX_BYTES: usize = 65 << 20;

/// The longest beginning of a file in which its header must end, in bytes: room for about 600 receivers.
pub const MAX_HEADER_BYTES: usize = 64 << 10;

/// Why an envelope can't be opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum OpenError {
    /// It is something else.
    #[error("not an age envelope")]
    NotAnEnvelope,
    /// Its header does not have the form of one: damaged, or of a later version.
    #[error("the header can't be read")]
    Header,
    /// It is encrypted for others: none of the keys fits.
    #[error("encrypted for others")]
    NotForUs,
    /// It is encrypted with a passphrase and not for a key.
    #[error("encrypted with a passphrase")]
    NeedsPassphrase,
    /// The passphrase is another one.
    #[error("wrong passphrase")]
    WrongPassphrase,
    /// Trying the passphrase would take more memory and time than this device gives.
    #[error("the passphrase is too costly to try: work factor {log_n}, at most {most}")]
    TooCostly {
        /// What it asks for: a power of two.
        log_n: u8,
        /// What is allowed.
        most: u8,
    },
    /// The key fits, and the bytes are not those that were encrypted.
    #[error("damaged at byte {offset}")]
    Damaged {
        /// Where the piece begins whose bytes are wrong; 0 is the header.
        offset: u64,
    },
    /// It ends too early.
    #[error("ends too early, at byte {len}")]
    Truncated {
        /// How long it is.
        len: u64,
    },
    /// It is larger than what is opened.
    #[error("{len} bytes, at most {most}")]
    TooLarge {
        /// How long it is.
        len: u64,
        /// What is allowed.
        most: u64,
    },
}

/// Whether some bytes begin as an envelope does, as a file or as text; the first 40 are enough.
#[must_use]
pub fn is_envelope(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC) || armor::is_armored(bytes)
}

/// Encrypts bytes for everybody among the recipients; with none, nobody can ever read them.
#[must_use]
pub fn seal(plain: &[u8], recipients: &[Recipient], random: &impl Random) -> Vec<u8> {
    let file_key = FileKey::make(random);
    let stanzas = recipients.iter().map(|recipient| recipient.wrap(&file_key, random)).collect();
    seal_with(plain, &file_key, stanzas, random)
}

fn seal_with(plain: &[u8], file_key: &FileKey, stanzas: Vec<Stanza>, random: &impl Random) -> Vec<u8> {
    let mut sealed = header::write(&stanzas, file_key);
    sealed.reserve(payload::sealed_len(plain.len()));
    payload::seal(plain, file_key, random, &mut sealed);
    sealed
}

/// Decrypts an envelope, as a file or as text, with the first identity that fits.
///
/// # Errors
/// [`OpenError`]; then nothing of it is given out.
pub fn open(bytes: &[u8], identities: &[Identity]) -> Result<Vec<u8>, OpenError> {
    if armor::is_armored(bytes) {
        return open(&armor::read(bytes)?, identities);
    }
    if bytes.len() > MAX_BYTES {
        return Err(OpenError::TooLarge { len: bytes.len() as u64, most: MAX_BYTES as u64 });
    }
    let (header, rest) = Header::read(bytes)?;
    let file_key = unlock(&header, identities)?;
    Payload::begin(rest, header.len, &file_key)?.open(rest)
}

/// The file key, with the first identity that fits.
fn unlock(header: &Header<'_>, identities: &[Identity]) -> Result<FileKey, OpenError> {
    if header.is_for_passphrase() {
        return Err(OpenError::NeedsPassphrase);
    }
    let pairs = identities.iter().flat_map(|identity| header.stanzas.iter().map(move |stanza| (identity, stanza)));
    for (identity, stanza) in pairs {
        if let Some(file_key) = identity.unwrap(stanza)? {
            header.verify(&file_key)?;
            return Ok(file_key);
        }
    }
    Err(OpenError::NotForUs)
}

#[cfg(test)]
mod tests;
