//! The seal of a bundle: a digest of every line, signed by the sender's key.

use serde_json::{Value, json};

use super::error::{BundleError, Place, Problem, Section};
use super::header::Header;
use super::limits::Limits;
use super::line::{Fields, read_line};
use crate::domain::change::Sha256;
use crate::evidence::chain::{canonical_json, sha256};
use crate::evidence::key::{DeviceKey, PublicKey, Purpose, Sig};

/// The digests of the lines as they stand in the file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Lines {
    pub(super) header: Option<Sha256>,
    pub(super) records: Vec<Sha256>,
    pub(super) photos: Vec<Sha256>,
}

impl Lines {
    pub(super) fn digest(&self) -> Sha256 {
        sha256(&canonical_json(&json!({ "header": self.header, "records": self.records, "photos": self.photos })))
    }
}

/// A seal that holds.
#[derive(Clone, PartialEq, Debug)]
pub struct Seal {
    /// SHA-256 of the canonical JSON of the digests of all lines. Two files with the same digest have the same content.
    pub digest: Sha256,
    /// The key that signed: the sender's.
    pub key: PublicKey,
    /// The signature.
    pub sig: Sig,
}

const ALG: &str = "Ed25519";

/// The line of the seal, without the frame around it.
pub(super) fn seal_line(lines: &Lines, key: &DeviceKey) -> Vec<u8> {
    let digest = lines.digest();
    let seal = json!({
        "alg": ALG,
        "digest": digest,
        "header": lines.header,
        "records": lines.records,
        "photos": lines.photos,
        "key": key.public(),
        "sig": key.sign(Purpose::BundleSeal, &digest.0),
    });
    canonical_json(&seal)
}

/// Reads the seal and holds it against the header and the lines that came before.
pub(super) fn read_seal(json: &[u8], header: &Header, lines: &Lines, limits: &Limits) -> Result<Seal, BundleError> {
    let place = Place::of(Section::Seal);
    // The lists of a seal are as long as the file has lines; the limits on those have been checked.
    let mut fields = Fields::of(read_line(json, limits, &place)?, place.clone())?;
    if fields.text("alg")? != ALG {
        return Err(fields.refuse("alg", Problem::Malformed { expected: "Ed25519" }));
    }
    let digest: Sha256 = fields.parsed("digest", "a digest")?;
    let header_digest: Sha256 = fields.parsed("header", "a digest")?;
    let records = read_digests(fields.list("records")?, &place.field("records"))?;
    let photos = read_digests(fields.list("photos")?, &place.field("photos"))?;
    let key: PublicKey = fields.parsed("key", "a public key")?;
    let sig: Sig = fields.parsed("sig", "a signature")?;
    fields.end()?;
    if key != header.from.key {
        return Err(BundleError::new(place.field("key"), Problem::SealKey));
    }
    let stated = Lines { header: Some(header_digest), records, photos };
    compare(&stated, lines, &digest, key.verifies(Purpose::BundleSeal, &digest.0, &sig))?;
    Ok(Seal { digest, key, sig })
}

fn read_digests(items: Vec<Value>, place: &Place) -> Result<Vec<Sha256>, BundleError> {
    let digest = |(index, item): (usize, Value)| {
        let digest = item.as_str().and_then(|text| Sha256::parse(text).ok());
        digest.ok_or_else(|| BundleError::new(place.index(index), Problem::Malformed { expected: "a digest" }))
    };
    items.into_iter().enumerate().map(digest).collect()
}

/// Names what does not fit: the seal itself when it contradicts itself, else the line that is not the sealed one.
fn compare(stated: &Lines, found: &Lines, digest: &Sha256, signed: bool) -> Result<(), BundleError> {
    let seal = Place::of(Section::Seal);
    let refuse = |place: Place, problem| Err(BundleError::new(place, problem));
    let whole = stated.digest() == *digest;
    let difference = first_difference(stated, found);
    match (whole, signed, difference) {
        (true, true, None) => Ok(()),
        (true, true, Some(Difference::Count { name, stated, found })) => refuse(seal.field(name), Problem::SealCount { stated, found }),
        (true, true, Some(Difference::Line(section))) => refuse(Place::of(section), Problem::LineDigest),
        (true, false, _) => refuse(seal.field("sig"), Problem::SealSignature),
        // The signed digest is that of the lines: only the seal's own list was altered.
        (false, true, Some(Difference::Line(section))) if found.digest() == *digest => refuse(in_seal(&seal, section), Problem::SealDigest),
        (false, _, _) => refuse(seal.field("digest"), Problem::SealDigest),
    }
}

enum Difference {
    Count { name: &'static str, stated: usize, found: usize },
    Line(Section),
}

fn first_difference(stated: &Lines, found: &Lines) -> Option<Difference> {
    let differs = |a: &[Sha256], b: &[Sha256]| a.iter().zip(b).position(|(a, b)| a != b);
    let count =
        |name, a: &[Sha256], b: &[Sha256]| (a.len() != b.len()).then_some(Difference::Count { name, stated: a.len(), found: b.len() });
    if stated.header != found.header {
        return Some(Difference::Line(Section::Header));
    }
    count("records", &stated.records, &found.records)
        .or_else(|| count("photos", &stated.photos, &found.photos))
        .or_else(|| differs(&stated.records, &found.records).map(|index| Difference::Line(Section::Record(index))))
        .or_else(|| differs(&stated.photos, &found.photos).map(|index| Difference::Line(Section::Photo(index))))
}

fn in_seal(seal: &Place, section: Section) -> Place {
    match section {
        Section::Record(index) => seal.field("records").index(index),
        Section::Photo(index) => seal.field("photos").index(index),
        Section::Byte(_) | Section::Format | Section::Version | Section::Header | Section::Records | Section::Photos | Section::Seal => {
            seal.field("header")
        }
    }
}
