//! A change: the smallest thing that is ever saved.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::id::{DeviceId, RecordId};
use super::time::Hlc;

/// A SHA-256 digest, written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sha256(pub [u8; 32]);

/// Why a text is not a [`Sha256`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a SHA-256 digest in lower-case hexadecimal digits")]
pub struct Sha256Error;

impl Sha256 {
    /// Parses 64 lower-case hexadecimal digits.
    ///
    /// # Errors
    /// [`Sha256Error`] for everything else, upper case included: one written form only.
    pub fn parse(text: &str) -> Result<Self, Sha256Error> {
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(Sha256Error);
        }
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| Sha256Error)?;
        Ok(Self(bytes))
    }

    /// The first eight digits, for people.
    #[must_use]
    pub fn short(&self) -> String {
        self.to_string().chars().take(8).collect()
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sha256({self})")
    }
}

impl From<Sha256> for String {
    fn from(digest: Sha256) -> String {
        digest.to_string()
    }
}

impl TryFrom<String> for Sha256 {
    type Error = Sha256Error;
    fn try_from(text: String) -> Result<Self, Sha256Error> {
        Self::parse(&text)
    }
}

/// Where in a record a value stands: segments joined by `/`, such as `answers/elevator-003/value`.
///
/// 1 to 8 segments, each of 1 to 64 characters out of `a-z A-Z 0-9 - _ .`, none of them `.` or `..`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Path(String);

/// Why a text is not a [`Path`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a path of 1 to 8 segments of letters, digits, '-', '_' and '.'")]
pub struct PathError;

impl Path {
    /// Parses a path.
    ///
    /// # Errors
    /// [`PathError`] when the text is not of the form above.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        let good = |segment: &str| {
            (1..=64).contains(&segment.len())
                && segment != "."
                && segment != ".."
                && segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        };
        if text.split('/').count() <= 8 && text.split('/').all(good) { Ok(Self(text.to_owned())) } else { Err(PathError) }
    }

    /// The written form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The segments in order.
    pub fn segments(&self) -> impl Iterator<Item = &str> {
        self.0.split('/')
    }
}

/// A path is ordered and hashed as its text, so maps can be asked by text.
impl std::borrow::Borrow<str> for Path {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Path> for String {
    fn from(path: Path) -> String {
        path.0
    }
}

impl TryFrom<String> for Path {
    type Error = PathError;
    fn try_from(text: String) -> Result<Self, PathError> {
        Self::parse(&text)
    }
}

/// What the device's clocks said when a change was made. Evidence, never used for order.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct ClockReading {
    /// Wall clock, milliseconds since the epoch.
    pub wall_ms: u64,
    /// A clock that does not jump, in milliseconds since an arbitrary moment before the page started.
    pub mono_ms: u64,
    /// Minutes east of Greenwich that the device was set to.
    pub offset_min: i32,
}

/// One value set at one path of one record by one device.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Change {
    /// The record that it belongs to.
    pub record: RecordId,
    /// The device that made it.
    pub device: DeviceId,
    /// Its place in the chain of this device within this record, from 1, without gaps.
    pub seq: u64,
    /// When, in the order of the hybrid clock.
    pub at: Hlc,
    /// Who: the officer's name and certificate number as set on the device, as text. May be empty for a consumer.
    pub by: String,
    /// Where.
    pub path: Path,
    /// What. `null` takes the value away.
    pub value: Value,
    /// Digest of this device's previous change in this record; `null` for the first.
    pub prev: Option<Sha256>,
    /// Digest of the change whose value stood at this path when this one was made; `null` when there was none.
    /// What replaces a value that it had not seen is a conflict and is shown as one.
    pub over: Option<Sha256>,
    /// Digests of further changes at this path that had been seen and are settled by this one. Left out when there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub over_also: Vec<Sha256>,
    /// What the clocks said.
    pub clock: ClockReading,
    /// Why; asked for when a sealed record is amended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Fields of a later version. Kept, hashed and passed on untouched.
    #[serde(flatten)]
    pub extra: BTreeMap<String, Value>,
}

/// A change and its digest, as stored and as carried in bundles.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// The change.
    pub change: Change,
    /// SHA-256 of its canonical JSON (RFC 8785). Made and checked in [`crate::evidence::chain`] alone.
    pub hash: Sha256,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_safe_as_file_names_too() {
        for good in ["kind", "answers/elevator-003/value", "a/b/c/d/e/f/g/h"] {
            assert!(Path::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "/a", "a/", "a//b", "a/../b", "a/b/c/d/e/f/g/h/i", "检查", "a b", "a\\b"] {
            assert!(Path::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn digests_have_one_written_form() {
        let digest = Sha256([0xab; 32]);
        assert_eq!(Sha256::parse(&digest.to_string()), Ok(digest));
        assert!(Sha256::parse(&digest.to_string().to_uppercase()).is_err());
        assert!(Sha256::parse("ab").is_err());
    }
}
