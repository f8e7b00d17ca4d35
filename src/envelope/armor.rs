//! Envelopes as text (RFC 7468, strict), for where files can't go.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::{MAX_BYTES, OpenError};

const BEGIN: &str = "-----BEGIN AGE ENCRYPTED FILE-----";
const END: &str = "-----END AGE ENCRYPTED FILE-----";
const COLUMNS: usize = 64;

/// Whether some bytes begin as an armored envelope does; blanks and a mark of byte order before it don't count.
#[must_use]
pub fn is_armored(bytes: &[u8]) -> bool {
    trim(bytes).starts_with(BEGIN.as_bytes())
}

/// Writes an envelope as lines of text.
#[must_use]
pub fn write(envelope: &[u8]) -> String {
    let text = BASE64.encode(envelope);
    let mut armored = String::with_capacity(text.len() + text.len() / COLUMNS + BEGIN.len() + END.len() + 4);
    armored.push_str(BEGIN);
    for (index, character) in text.chars().enumerate() {
        if index % COLUMNS == 0 {
            armored.push('\n');
        }
        armored.push(character);
    }
    armored.push('\n');
    armored.push_str(END);
    armored.push('\n');
    armored
}

/// Reads an armored envelope. Lines may have been broken anew on the way, by a messenger or a mail.
///
/// # Errors
/// [`OpenError`]
pub fn read(armored: &[u8]) -> Result<Vec<u8>, OpenError> {
    let len = armored.len() as u64;
    let most = MAX_BYTES / 2 * 3;
    if armored.len() > most {
        return Err(OpenError::TooLarge { len, most: most as u64 });
    }
    let text = std::str::from_utf8(trim(armored)).map_err(|_| OpenError::Header)?;
    let rest = text.strip_prefix(BEGIN).ok_or(OpenError::NotAnEnvelope)?;
    let (body, after) = rest.split_once("-----").ok_or(OpenError::Truncated { len })?;
    if END.strip_prefix("-----").is_none_or(|end| after.trim_end() != end) {
        return Err(OpenError::Truncated { len });
    }
    let body: String = body.chars().filter(|character| !character.is_ascii_whitespace()).collect();
    BASE64.decode(body).map_err(|_| OpenError::Header)
}

fn trim(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes).trim_ascii_start()
}
