//! A short complaint as a text: to paste into a chat or a short message where files can't be sent, and for a QR code.
//!
//! ```text
//!  巡检通投诉1:  base 32 of  length of the body (3 bytes) · kind (1) · body · first 6 bytes of SHA-256 of all before
//! ```
//!
//! The body is the [`Statement`] as JSON, deflated, or the bytes of an envelope that only the bureau can open; the bytes in
//! the envelope are those of a bundle or of a statement, see [`Opened`]. Chats break lines, change the width of characters
//! and add words before and after: all that is tolerated; any other change is found. The text holds whatever the complaint
//! says, and the seed that its key follows from, unless it is an envelope: whoever sees it can read it, and write in its name.
//! A text says the beginning of what the file of the same complaint says; what the file has more are the photos.

use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use super::statement::Statement;
use crate::domain::uscc::half_width;
use crate::evidence::chain::sha256;

/// What a text begins with. The number is the version.
pub const HEAD: &str = "巡检通投诉1:";
/// What the text of a QR code begins with: characters that a QR code holds densely.
pub const QR_HEAD: &str = "XJTTS1:";
/// The most bytes of a body.
pub const MAX_BYTES: usize = 8 * 1024;
/// The most characters of the text of a QR code that phones still read well from another phone's screen.
pub const QR_MAX_CHARS: usize = 1_800;

/// What versions have in common.
const NAMES: [&str; 2] = ["巡检通投诉", "XJTTS"];
/// Crockford's base 32: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Length and kind.
const FRONT: usize = 4;
/// Checksum.
const CHECK: usize = 6;
/// The most bytes of a statement as JSON.
const MAX_JSON: u64 = 64 * 1024;
/// The most characters of a text that is looked at.
const MAX_TEXT: usize = 256 * 1024;
/// Characters in a row, so that lines break between them.
const GROUP: usize = 60;
/// What begins the bytes of a statement.
const MAGIC: &[u8] = b"xjts1\n";

/// What a text carries.
#[derive(Clone, PartialEq, Debug)]
pub enum Carried {
    /// What the complaint says.
    Statement(Box<Statement>),
    /// Bytes that only the bureau can open.
    Envelope(Vec<u8>),
}

/// What lies in an envelope.
#[derive(Clone, PartialEq, Debug)]
pub enum Opened {
    /// A statement, see [`super::records`].
    Statement(Box<Statement>),
    /// Anything else: a bundle, which the import reads.
    Bundle(Vec<u8>),
}

/// Why a complaint is no text, or a text no complaint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// There is no such text in it.
    #[error("no text code")]
    NoCode,
    /// Of a version that this program does not know.
    #[error("unknown version {found}")]
    Version {
        /// Which.
        found: u32,
    },
    /// Characters lack at the end.
    #[error("cut off: {have} characters of {want}")]
    CutOff {
        /// How many are there.
        have: usize,
        /// How many there were.
        want: usize,
    },
    /// A character was changed, lost or added.
    #[error("altered")]
    Altered,
    /// More than a text may carry.
    #[error("{have} where {max} are allowed")]
    TooLong {
        /// How many bytes, or characters of a QR code.
        have: usize,
        /// How many may be.
        max: usize,
    },
    /// What it carries is none of this version.
    #[error("unknown content")]
    Content,
}

/// A complaint as a text to paste. Photos do not go along, see [`super::Filed::photos`].
///
/// # Errors
/// [`CodeError::TooLong`].
pub fn encode(carried: &Carried) -> Result<String, CodeError> {
    let digits = armour(&frame(carried)?);
    let lines: Vec<&str> = digits.as_bytes().chunks(GROUP).filter_map(|line| std::str::from_utf8(line).ok()).collect();
    Ok(format!("{HEAD}\n{}", lines.join("\n")))
}

/// The same for a QR code.
///
/// # Errors
/// [`CodeError::TooLong`] when it would be too dense to be read.
pub fn encode_qr(carried: &Carried) -> Result<String, CodeError> {
    let text = format!("{QR_HEAD}{}", armour(&frame(carried)?));
    let have = text.len();
    if have > QR_MAX_CHARS { Err(CodeError::TooLong { have, max: QR_MAX_CHARS }) } else { Ok(text) }
}

/// Whether a text holds such a code, whole or not.
#[must_use]
pub fn is_code(text: &str) -> bool {
    begin(text).is_some()
}

/// Reads a text, with whatever stands before and after it.
///
/// # Errors
/// [`CodeError`].
pub fn decode(text: &str) -> Result<Carried, CodeError> {
    let (version, rest) = begin(text).ok_or(CodeError::NoCode)?;
    if version != 1 {
        return Err(CodeError::Version { found: version });
    }
    // Words after the code end it; what looks like a digit after its end is left alone below.
    let digits: Vec<u8> = rest.chars().filter(|c| !is_nothing(*c)).map_while(digit).collect();
    let front = unpack(digits.get(..FRONT_DIGITS).ok_or(CodeError::CutOff { have: digits.len(), want: FRONT_DIGITS })?);
    let length = front.iter().take(3).fold(0, |length, byte| (length << 8) | usize::from(*byte));
    if length > MAX_BYTES {
        // The length itself may be what was changed, and then nothing tells the two apart.
        return Err(CodeError::Altered);
    }
    let want = (FRONT + length + CHECK) * 8;
    let want = want.div_ceil(5);
    let digits = digits.get(..want).ok_or(CodeError::CutOff { have: digits.len(), want })?;
    let bytes = unpack(digits);
    let (Some((framed, check)), true) = (bytes.split_at_checked(FRONT + length), pads_with_nothing(digits, bytes.len())) else {
        return Err(CodeError::Altered);
    };
    if !sha256(framed).0.starts_with(check) || check.len() != CHECK {
        return Err(CodeError::Altered);
    }
    let body = framed.get(FRONT..).unwrap_or_default();
    match framed.get(FRONT - 1) {
        Some(1) => Ok(Carried::Statement(Box::new(inflate(body)?))),
        Some(2) => Ok(Carried::Envelope(body.to_vec())),
        _ => Err(CodeError::Content),
    }
}

/// The bytes of a statement, to be put into an envelope for [`Carried::Envelope`].
#[must_use]
pub fn to_seal(statement: &Statement) -> Vec<u8> {
    [MAGIC, &deflate(statement)].concat()
}

/// What came out of an envelope.
///
/// # Errors
/// [`CodeError::Content`] when it begins like a statement and is none.
pub fn opened(bytes: Vec<u8>) -> Result<Opened, CodeError> {
    match bytes.strip_prefix(MAGIC) {
        Some(body) => Ok(Opened::Statement(Box::new(inflate(body)?))),
        None => Ok(Opened::Bundle(bytes)),
    }
}

/// Digits that hold the length and the kind.
const FRONT_DIGITS: usize = (FRONT * 8).div_ceil(5);

fn frame(carried: &Carried) -> Result<Vec<u8>, CodeError> {
    let (kind, body) = match carried {
        Carried::Statement(statement) => (1, deflate(statement)),
        Carried::Envelope(bytes) => (2, bytes.clone()),
    };
    let have = body.len();
    if have > MAX_BYTES {
        return Err(CodeError::TooLong { have, max: MAX_BYTES });
    }
    let length = u32::try_from(have).unwrap_or(u32::MAX).to_be_bytes();
    let mut framed: Vec<u8> = length.into_iter().skip(1).collect();
    framed.push(kind);
    framed.extend(body);
    let check = sha256(&framed);
    framed.extend(check.0.iter().take(CHECK));
    Ok(framed)
}

fn deflate(statement: &Statement) -> Vec<u8> {
    let json = serde_json::to_vec(statement).unwrap_or_default();
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    // Writing into memory does not fail.
    let _ = encoder.write_all(&json);
    encoder.finish().unwrap_or_default()
}

fn inflate(body: &[u8]) -> Result<Statement, CodeError> {
    let mut json = Vec::new();
    DeflateDecoder::new(body).take(MAX_JSON + 1).read_to_end(&mut json).map_err(|_| CodeError::Content)?;
    if json.len() as u64 > MAX_JSON {
        return Err(CodeError::TooLong { have: json.len(), max: usize::try_from(MAX_JSON).unwrap_or(usize::MAX) });
    }
    serde_json::from_slice(&json).map_err(|_| CodeError::Content)
}

/// Where the code begins: its version, and what stands after its colon.
fn begin(text: &str) -> Option<(u32, &str)> {
    let text = text.get(..floor(text, MAX_TEXT))?;
    NAMES.iter().find_map(|name| {
        let (_, rest) = text.split_once(name)?;
        let (version, rest) = rest.split_once([':', '：'])?;
        let version: String = version.chars().filter(|c| !is_nothing(*c)).map(half_width).collect();
        let good = (1..=4).contains(&version.len()) && version.bytes().all(|byte| byte.is_ascii_digit());
        good.then(|| version.parse().ok()).flatten().map(|version| (version, rest))
    })
}

/// The last boundary between characters that is not beyond `most` bytes.
fn floor(text: &str, most: usize) -> usize {
    if text.len() <= most {
        return text.len();
    }
    (0..=most).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default()
}

/// Characters that chats put in: blanks, line ends, and those of no width.
fn is_nothing(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

fn armour(bytes: &[u8]) -> String {
    let (mut text, mut held, mut bits) = (String::new(), 0_u32, 0);
    let mut put = |value: u32| text.extend(usize::try_from(value & 31).ok().and_then(|at| ALPHABET.get(at)).map(|byte| char::from(*byte)));
    for byte in bytes {
        held = (held << 8 | u32::from(*byte)) & 0xffff;
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            put(held >> bits);
        }
    }
    if bits > 0 {
        put(held << (5 - bits));
    }
    text
}

/// The value of a digit however it was written; `None` for what is none.
fn digit(c: char) -> Option<u8> {
    let c = match half_width(c).to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    ALPHABET.iter().position(|byte| char::from(*byte) == c).and_then(|at| u8::try_from(at).ok())
}

/// The whole bytes that digits hold.
fn unpack(digits: &[u8]) -> Vec<u8> {
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for digit in digits {
        held = (held << 5 | u32::from(*digit)) & 0xffff;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.extend(u8::try_from((held >> bits) & 0xff));
        }
    }
    bytes
}

/// Whether the bits of the last digit that belong to no byte are 0, as they were written: else two texts would say the same.
fn pads_with_nothing(digits: &[u8], bytes: usize) -> bool {
    let spare = digits.len() * 5 - bytes * 8;
    digits.last().is_none_or(|last| u32::from(*last) & ((1 << spare) - 1) == 0)
}
