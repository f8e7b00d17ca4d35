//! Identifiers: what stays the same while everything else about a thing changes.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a text is not an identifier of the kind asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {kind}")]
pub struct IdError {
    /// The kind of identifier that was expected.
    pub kind: &'static str,
}

macro_rules! id_type {
    ($(#[$meta:meta])* $name:ident, $kind:literal, $check:expr) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Parses the written form.
            ///
            /// # Errors
            /// [`IdError`] when the text is not in the written form.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                let check: fn(&str) -> bool = $check;
                if check(text) { Ok(Self(text.to_owned())) } else { Err(IdError { kind: $kind }) }
            }

            /// The written form.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
        })
}

id_type!(
    /// A record: one unit of work (an inspection, a unit, a piece of equipment...). A UUIDv7, lower case.
    RecordId,
    "record id",
    is_uuid
);
id_type!(
    /// A photo within a record. A UUIDv7, lower case.
    PhotoId,
    "photo id",
    is_uuid
);
id_type!(
    /// A bundle; all numbered parts of one export share it. A UUIDv7, lower case.
    BundleId,
    "bundle id",
    is_uuid
);
id_type!(
    /// A device: `d` and the first 16 hexadecimal digits of the SHA-256 of its public key,
    /// so a seal's key and the author of a change can't be told apart by mistake.
    DeviceId,
    "device id",
    |text| text.len() == 17
        && text.starts_with('d')
        && text.bytes().skip(1).all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
);

impl RecordId {
    /// Makes an id from the time and ten random bytes (UUIDv7, RFC 9562).
    #[must_use]
    pub fn make(unix_ms: u64, random: &[u8; 10]) -> Self {
        Self(make_uuid(unix_ms, random))
    }
}

impl PhotoId {
    /// Makes an id from the time and ten random bytes (UUIDv7, RFC 9562).
    #[must_use]
    pub fn make(unix_ms: u64, random: &[u8; 10]) -> Self {
        Self(make_uuid(unix_ms, random))
    }
}

impl BundleId {
    /// Makes an id from the time and ten random bytes (UUIDv7, RFC 9562).
    #[must_use]
    pub fn make(unix_ms: u64, random: &[u8; 10]) -> Self {
        Self(make_uuid(unix_ms, random))
    }
}

fn make_uuid(unix_ms: u64, random: &[u8; 10]) -> String {
    uuid::Builder::from_unix_timestamp_millis(unix_ms, random).into_uuid().hyphenated().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makes_ids_that_parse_and_sort_by_time() {
        let earlier = RecordId::make(1_700_000_000_000, &[9; 10]);
        let later = RecordId::make(1_700_000_000_001, &[0; 10]);
        assert!(earlier < later);
        assert_eq!(RecordId::parse(earlier.as_str()), Ok(earlier));
    }

    #[test]
    fn refuses_other_texts() {
        for text in ["", "x", "0190163D-8694-7000-8000-000000000000", "0190163d-8694-7000-8000-00000000000", "../../etc/passwd"] {
            assert!(RecordId::parse(text).is_err(), "{text}");
        }
        assert!(DeviceId::parse("d0123456789abcdef").is_ok());
        assert!(DeviceId::parse("d0123456789abcdeF").is_err());
    }
}
