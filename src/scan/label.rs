//! Our own labels: what their code says, and the code as a drawing.

use qrcodegen::{QrCode, QrCodeEcc};

use crate::domain::change::Sha256;
use crate::domain::id::RecordId;
use crate::evidence::paper::DIGITS;

/// What stands before the record's id. Behind `#`, so that it is never sent to a server.
const RECORD: &str = "/scan#r=";

/// What the code of a label says: an address on our own origin that opens the record, whichever camera reads it.
#[must_use]
pub fn text(origin: &str, record: &RecordId) -> String {
    format!("{}{RECORD}{record}", origin.trim_end_matches('/'))
}

/// What stands before the digits of the seal's digest on a printed record.
const DIGEST: &str = "&d=";

/// What the code on a printed record says: the address of a label, and the first digits of the digest of the record's seal
/// where it has one. A program that knows no digests reads it as a label.
#[must_use]
pub fn paper_text(origin: &str, record: &RecordId, seal: Option<&Sha256>) -> String {
    let digits = seal.map(|digest| digest.to_string().chars().take(DIGITS).collect::<String>());
    format!("{}{DIGEST}{}", text(origin, record), digits.unwrap_or_default())
}

/// The record that the code of a printed record names, and the digits of its digest; empty where it was printed without a seal.
#[must_use]
pub fn paper_of(text: &str) -> Option<(RecordId, String)> {
    let record = record_of(text)?;
    let (_, rest) = text.split_once(record.as_str())?;
    let digits = rest.strip_prefix(DIGEST)?;
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let good = digits.is_empty() || ((DIGITS..=64).contains(&digits.len()) && digits.bytes().all(is_digit));
    good.then(|| (record, digits.to_owned()))
}

/// The record that a label names.
#[must_use]
pub fn record_of(text: &str) -> Option<RecordId> {
    let (_, rest) = text.split_once(RECORD)?;
    let id: String = rest.chars().take_while(|c| c.is_ascii_hexdigit() || *c == '-').collect();
    RecordId::parse(&id).ok()
}

/// A QR code as a path for SVG.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Drawing {
    /// Modules along one side, without the quiet zone.
    pub size: u32,
    /// The dark modules, one unit each, with the quiet zone of four modules around them.
    pub path: String,
}

impl Drawing {
    /// Of a text; `None` when it is too long for a QR code (about 2,300 bytes at this level).
    ///
    /// Level Q: a quarter of the code may be dirty or torn, as labels on machines are.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let code = QrCode::encode_text(text, QrCodeEcc::Quartile).ok().or_else(|| QrCode::encode_text(text, QrCodeEcc::Low).ok())?;
        let size = code.size();
        let mut path = String::new();
        for y in 0..size {
            let mut x = 0;
            while x < size {
                let start = x;
                while x < size && code.get_module(x, y) {
                    x += 1;
                }
                if x > start {
                    path.push_str(&format!("M{} {}h{}v1h-{}z", start + QUIET, y + QUIET, x - start, x - start));
                }
                x += 1;
            }
        }
        Some(Self { size: u32::try_from(size).unwrap_or_default(), path })
    }

    /// The view box that the path is drawn in.
    #[must_use]
    pub fn view_box(&self) -> String {
        let side = self.size + 2 * QUIET.unsigned_abs();
        format!("0 0 {side} {side}")
    }
}

/// Light modules around a QR code. Source: GB/T 18284—2000 (ISO/IEC 18004).
const QUIET: i32 = 4;
