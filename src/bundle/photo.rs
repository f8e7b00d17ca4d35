//! A photo's line: its bytes in base64, checked by size, digest and kind.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::error::{BundleError, Limited, Place, Problem, Section, Subject};
use super::limits::Limits;
use super::line::{Extra, Fields, object, parse_canonical};
use super::scan::scan;
use crate::domain::change::Sha256;
use crate::evidence::chain::{canonical_json, sha256};

/// The kinds of picture that a bundle may carry. Nothing in them can run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mime {
    /// `image/jpeg`.
    Jpeg,
    /// `image/png`.
    Png,
    /// `image/webp`.
    Webp,
    /// `image/heic`.
    Heic,
}

impl Mime {
    /// The word in the file.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Heic => "image/heic",
        }
    }

    /// The ending of a file name.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Heic => "heic",
        }
    }

    /// The kind that the first bytes of a file show.
    #[must_use]
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        let at = |start: usize, mark: &[u8]| bytes.get(start..start + mark.len()) == Some(mark);
        if at(0, b"\xff\xd8\xff") {
            Some(Self::Jpeg)
        } else if at(0, b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else if at(0, b"RIFF") && at(8, b"WEBP") {
            Some(Self::Webp)
        } else if at(4, b"ftyp") && [b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"].iter().any(|brand| at(8, *brand)) {
            Some(Self::Heic)
        } else {
            None
        }
    }
}

/// Why a text is no kind of picture that a bundle may carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a kind of picture that a bundle may carry")]
pub struct MimeError;

impl TryFrom<String> for Mime {
    type Error = MimeError;
    fn try_from(text: String) -> Result<Self, MimeError> {
        [Self::Jpeg, Self::Png, Self::Webp, Self::Heic].into_iter().find(|mime| mime.as_str() == text).ok_or(MimeError)
    }
}

/// A photo. What is known about it (who, when, where) stands in its record, at `photos/<id>`.
#[derive(Clone, PartialEq, Debug)]
pub struct Photo {
    /// Digest of the bytes.
    pub sha256: Sha256,
    /// Kind of picture.
    pub mime: Mime,
    /// The bytes, at most 16 MiB.
    pub bytes: Vec<u8>,
    /// Unknown fields of the line.
    pub extra: Extra,
}

/// A photo that was read: size, digest and kind are right.
#[derive(Clone, PartialEq, Debug)]
pub struct PhotoEvent {
    /// The photo.
    pub photo: Photo,
    /// How many bytes it has.
    pub size_bytes: u64,
    /// Where its base64 text begins in the file.
    pub data_offset: u64,
    /// How long its base64 text is.
    pub data_len: u64,
}

/// The line of a photo, without the frame around it.
pub(super) fn photo_line(photo: &Photo) -> Vec<u8> {
    let value = object(
        &photo.extra,
        [
            ("sha256", json!(photo.sha256)),
            ("size_bytes", json!(photo.bytes.len())),
            ("mime", json!(photo.mime.as_str())),
            ("data", Value::String(STANDARD.encode(&photo.bytes))),
        ],
    );
    canonical_json(&value)
}

/// Reads the line of the photo at `index`; `line_offset` is where its JSON begins in the file.
pub(super) fn read_photo(json: &[u8], index: usize, line_offset: u64, limits: &Limits) -> Result<PhotoEvent, BundleError> {
    let place = Place::of(Section::Photo(index));
    let refuse = |problem| BundleError::new(place.clone(), problem);
    let span = scan(json, limits, Some(b"data")).map_err(refuse)?;
    // The data is the bulk of the line: it is looked at where it stands, and the JSON parser sees the line without it.
    let (data, rest) = match span.clone() {
        Some(span) => {
            let before = json.get(..span.start).unwrap_or_default();
            let after = json.get(span.end..).unwrap_or_default();
            (json.get(span).unwrap_or_default(), [before, after].concat())
        }
        None => (&[][..], json.to_vec()),
    };
    let mut fields = Fields::of(parse_canonical(&rest, &place)?, place.clone())?;
    let sha: Sha256 = fields.parsed("sha256", "a digest")?;
    let data_offset = line_offset + span.map_or(0, |span| as_u64(span.start));
    read_fields(&mut fields, sha, data, limits)
        .map(|(mime, bytes)| PhotoEvent {
            size_bytes: as_u64(bytes.len()),
            data_offset,
            data_len: as_u64(data.len()),
            photo: Photo { sha256: sha, mime, bytes, extra: fields.rest() },
        })
        .map_err(|error| error.about(Subject::Photo(sha)))
}

fn read_fields(fields: &mut Fields, sha: Sha256, data: &[u8], limits: &Limits) -> Result<(Mime, Vec<u8>), BundleError> {
    let stated = fields.whole("size_bytes")?;
    if stated > as_u64(limits.photo_bytes) {
        return Err(fields.refuse("size_bytes", Problem::limit(Limited::PhotoBytes, limits.photo_bytes)));
    }
    let mime: Mime = fields.parsed("mime", "image/jpeg, image/png, image/webp or image/heic")?;
    fields.text("data")?;
    let bytes = STANDARD.decode(data).map_err(|_| fields.refuse("data", Problem::Base64))?;
    let found = as_u64(bytes.len());
    if found != stated {
        return Err(fields.refuse("size_bytes", Problem::PhotoSize { stated, found }));
    }
    if sha256(&bytes) != sha {
        return Err(fields.refuse("data", Problem::PhotoHash));
    }
    if Mime::sniff(&bytes) != Some(mime) {
        return Err(fields.refuse("mime", Problem::PhotoKind));
    }
    Ok((mime, bytes))
}

fn as_u64(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_pictures_from_other_files() {
        assert_eq!(Mime::sniff(b"\xff\xd8\xff\xe0"), Some(Mime::Jpeg));
        assert_eq!(Mime::sniff(b"RIFF\0\0\0\0WEBPVP8 "), Some(Mime::Webp));
        assert_eq!(Mime::sniff(b"\0\0\0\x18ftypheic"), Some(Mime::Heic));
        for other in [&b""[..], b"\xff\xd8", b"<svg xmlns=", b"<html>", b"GIF89a", b"PK\x03\x04", b"RIFF\0\0\0\0WAVE"] {
            assert_eq!(Mime::sniff(other), None, "{other:?}");
        }
    }
}
