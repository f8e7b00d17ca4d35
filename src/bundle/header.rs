//! The header: which bundle, what for, from whom.

use std::fmt;

use serde_json::{Value, json};

use super::error::{BundleError, Limited, Place, Problem, Section};
use super::limits::Limits;
use super::line::{Extra, Fields, object, read_line};
use crate::domain::id::{BundleId, DeviceId};
use crate::domain::time::Instant;
use crate::evidence::chain::canonical_json;
use crate::evidence::key::PublicKey;

/// What a bundle is for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum BundlePurpose {
    /// From a phone to the office: work done.
    Submit,
    /// From a consumer to the office.
    Complaint,
    /// From the office to a phone: work to do.
    Assign,
    /// From the office to a phone: what arrived.
    Receipt,
    /// To oneself.
    Backup,
    /// From the office to phones: checklists and rules.
    Rules,
    /// To another authority: extracts of matters, without who complained or reported.
    Extract,
    /// Something that a later version knows.
    Other(String),
}

impl BundlePurpose {
    /// The word in the file.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Submit => "submit",
            Self::Complaint => "complaint",
            Self::Assign => "assign",
            Self::Receipt => "receipt",
            Self::Backup => "backup",
            Self::Rules => "rules",
            Self::Extract => "extract",
            Self::Other(word) => word,
        }
    }
}

impl From<String> for BundlePurpose {
    fn from(word: String) -> Self {
        match word.as_str() {
            "submit" => Self::Submit,
            "complaint" => Self::Complaint,
            "assign" => Self::Assign,
            "receipt" => Self::Receipt,
            "backup" => Self::Backup,
            "rules" => Self::Rules,
            "extract" => Self::Extract,
            _ => Self::Other(word),
        }
    }
}

impl fmt::Display for BundlePurpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Who made the bundle.
#[derive(Clone, PartialEq, Debug)]
pub struct Sender {
    /// The device; always the one that the key belongs to.
    pub device: DeviceId,
    /// Its public key, with which the bundle is sealed.
    pub key: PublicKey,
    /// The person's name as set on the device. At most 120 characters, may be empty.
    pub name: String,
    /// The bureau as set on the device. At most 120 characters, may be empty.
    pub bureau: String,
    /// Unknown fields.
    pub extra: Extra,
}

/// Part k of n, both from 1.
#[derive(Clone, PartialEq, Debug)]
pub struct Part {
    /// Which part.
    pub k: u32,
    /// Of how many.
    pub n: u32,
    /// Unknown fields.
    pub extra: Extra,
}

/// The first thing in a bundle.
#[derive(Clone, PartialEq, Debug)]
pub struct Header {
    /// The bundle; all parts of one export share it.
    pub id: BundleId,
    /// What it is for.
    pub purpose: BundlePurpose,
    /// Who made it.
    pub from: Sender,
    /// When.
    pub created_at: Instant,
    /// Which part.
    pub part: Part,
    /// Unknown fields.
    pub extra: Extra,
}

/// Reads an instant in its one written form, `2026-11-24T06:03:00.000Z`.
fn parse_instant(text: &str) -> Option<Instant> {
    let ms = chrono::DateTime::parse_from_rfc3339(text).ok()?.timestamp_millis();
    let instant = Instant::from_ms(u64::try_from(ms).ok()?);
    (instant.rfc3339() == text).then_some(instant)
}

impl Header {
    pub(super) fn to_line(&self) -> Vec<u8> {
        let from = object(
            &self.from.extra,
            [
                ("device", json!(self.from.device)),
                ("key", json!(self.from.key)),
                ("name", json!(self.from.name)),
                ("bureau", json!(self.from.bureau)),
            ],
        );
        let part = object(&self.part.extra, [("k", json!(self.part.k)), ("n", json!(self.part.n))]);
        canonical_json(&object(
            &self.extra,
            [
                ("id", json!(self.id)),
                ("purpose", Value::String(self.purpose.as_str().to_owned())),
                ("from", from),
                ("created_at", Value::String(self.created_at.rfc3339())),
                ("part", part),
            ],
        ))
    }

    pub(super) fn read(json: &[u8], limits: &Limits) -> Result<Self, BundleError> {
        let place = Place::of(Section::Header);
        let mut fields = Fields::of(read_line(json, limits, &place)?, place)?;
        let id = fields.parsed("id", "a bundle id")?;
        let purpose = BundlePurpose::from(name(&mut fields, "purpose", limits)?);
        let created_at = parse_instant(&fields.text("created_at")?)
            .ok_or_else(|| fields.refuse("created_at", Problem::Malformed { expected: "a time like 2026-11-24T06:03:00.000Z" }))?;
        let from = read_sender(fields.object("from")?, limits)?;
        let part = read_part(fields.object("part")?, limits)?;
        Ok(Self { id, purpose, from, created_at, part, extra: fields.rest() })
    }
}

fn name(fields: &mut Fields, field: &'static str, limits: &Limits) -> Result<String, BundleError> {
    let text = fields.text(field)?;
    if text.chars().count() > limits.name_chars {
        return Err(fields.refuse(field, Problem::limit(Limited::NameChars, limits.name_chars)));
    }
    Ok(text)
}

fn read_sender(mut fields: Fields, limits: &Limits) -> Result<Sender, BundleError> {
    let device: DeviceId = fields.parsed("device", "a device id")?;
    let key: PublicKey = fields.parsed("key", "a public key")?;
    if key.device() != device {
        return Err(fields.refuse("device", Problem::SenderDevice));
    }
    let (person, bureau) = (name(&mut fields, "name", limits)?, name(&mut fields, "bureau", limits)?);
    Ok(Sender { device, key, name: person, bureau, extra: fields.rest() })
}

fn read_part(mut fields: Fields, limits: &Limits) -> Result<Part, BundleError> {
    let (k, n) = (fields.whole("k")?, fields.whole("n")?);
    if n > u64::from(limits.parts) {
        return Err(fields.refuse("n", Problem::Limit { what: Limited::Parts, max: u64::from(limits.parts) }));
    }
    match (u32::try_from(k), u32::try_from(n)) {
        (Ok(small_k), Ok(small_n)) if k >= 1 && k <= n => Ok(Part { k: small_k, n: small_n, extra: fields.rest() }),
        _ => Err(BundleError::new(fields.place().clone(), Problem::PartRange { k, n })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_have_one_written_form() {
        let instant = Instant::from_ms(1_795_500_180_123);
        assert_eq!(parse_instant(&instant.rfc3339()), Some(instant));
        for text in [
            "",
            "2026-11-24T06:03:00Z",
            "2026-11-24T06:03:00.000+00:00",
            "2026-02-30T00:00:00.000Z",
            "1969-01-01T00:00:00.000Z",
            "0000-00-00T00:00:00.000Z",
            "99999-01-01T00:00:00.000Z",
        ] {
            assert_eq!(parse_instant(text), None, "{text}");
        }
    }
}
