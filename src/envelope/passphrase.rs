//! Small files under a passphrase: a bureau's identity on its way between two computers, or in a drawer.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use scrypt::{Params, scrypt};
use zeroize::Zeroizing;

use super::header::{FileKey, Header, Stanza};
use super::payload::Payload;
use super::{OpenError, armor, seal_with};
use crate::port::random::Random;

const KIND: &str = "scrypt";
const LABEL: &[u8] = b"age-encryption.org/v1/scrypt";
const SALT: usize = 16;

/// How costly a try is for new files, as a power of two: 128 MiB, about a second in a browser (OWASP's least for scrypt).
pub const LOG_N: u8 = 17;

/// The costliest try that a browser takes part in: 512 MiB. The ordinary `age` writes 18.
pub const MAX_LOG_N: u8 = 19;

/// Bytes of the largest file that is opened with a passphrase.
const MAX_BYTES: usize = 1 << 20;

/// Encrypts bytes with a passphrase, as it is: blanks and capitals count. `log_n` is [`LOG_N`] outside of tests.
#[must_use]
pub fn seal(plain: &[u8], passphrase: &str, log_n: u8, random: &impl Random) -> Vec<u8> {
    let file_key = FileKey::make(random);
    let mut salt = [0; SALT];
    random.fill(&mut salt);
    let body = file_key.wrap(&stretch(passphrase, &salt, log_n));
    let stanza = Stanza { args: vec![KIND.to_owned(), BASE64.encode(salt), log_n.to_string()], body };
    seal_with(plain, &file_key, vec![stanza], random)
}

/// Decrypts bytes, as a file or as text, with a passphrase. Takes a second and 128 MiB, at most what `max_log_n` allows: the
/// file says how much, and it could be anybody's.
///
/// # Errors
/// [`OpenError`]; [`OpenError::NotForUs`] when it is encrypted for a key and not with a passphrase.
pub fn open(bytes: &[u8], passphrase: &str, max_log_n: u8) -> Result<Vec<u8>, OpenError> {
    if armor::is_armored(bytes) {
        return open(&armor::read(bytes)?, passphrase, max_log_n);
    }
    if bytes.len() > MAX_BYTES {
        return Err(OpenError::TooLarge { len: bytes.len() as u64, most: MAX_BYTES as u64 });
    }
    let (header, rest) = Header::read(bytes)?;
    if !header.is_for_passphrase() {
        return Err(OpenError::NotForUs);
    }
    // With another stanza beside it somebody else could have written the file.
    let [stanza] = header.stanzas.as_slice() else { return Err(OpenError::Header) };
    let [_, salt, log_n] = stanza.args.as_slice() else { return Err(OpenError::Header) };
    let salt = BASE64.decode(salt).ok().filter(|salt| salt.len() == SALT).ok_or(OpenError::Header)?;
    let log_n =
        log_n.parse::<u8>().ok().filter(|number| *number > 0 && *number < 64 && number.to_string() == *log_n).ok_or(OpenError::Header)?;
    if log_n > max_log_n {
        return Err(OpenError::TooCostly { log_n, most: max_log_n });
    }
    if stanza.body.len() != 32 {
        return Err(OpenError::Header);
    }
    let file_key = FileKey::unwrap(&stanza.body, &stretch(passphrase, &salt, log_n)).ok_or(OpenError::WrongPassphrase)?;
    header.verify(&file_key)?;
    Payload::begin(rest, header.len, &file_key)?.open(rest)
}

fn stretch(passphrase: &str, salt: &[u8], log_n: u8) -> Zeroizing<[u8; 32]> {
    let params = Params::new(log_n, 8, 1, 32).expect("from 1 to 63, which both callers see to");
    let mut key = Zeroizing::new([0; 32]);
    scrypt(passphrase.as_bytes(), &[LABEL, salt].concat(), &params, key.as_mut()).expect("32 bytes are within what scrypt gives");
    key
}
