//! The seal of a record: a signature over the ends of its chains.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::chain::canonical_json;
use super::key::{DeviceKey, PublicKey, Purpose, Sig};
use crate::domain::change::Sha256;
use crate::domain::id::{DeviceId, RecordId};
use crate::domain::journal::{Journal, is_seal_path};

/// A chain end as written in a seal.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SealedHead {
    /// Number of the last change that the seal covers.
    pub seq: u64,
    /// Its digest.
    pub hash: Sha256,
}

/// The value at `seals/<n>`: all that came before, photos by their digests included, is covered.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct RecordSeal {
    /// Always `Ed25519` in this version.
    pub alg: String,
    /// The chain ends.
    pub heads: BTreeMap<DeviceId, SealedHead>,
    /// The key that signed.
    pub key: PublicKey,
    /// The signature over the canonical JSON of `{"heads":…,"record":…}`.
    pub sig: Sig,
}

/// What is wrong with a seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealFault {
    /// Its JSON is not that of a seal.
    #[error("malformed seal")]
    Malformed,
    /// The key is not that of the device that wrote it.
    #[error("the key is not that of the sealing device")]
    Device,
    /// The signature is not of this key and content.
    #[error("the signature does not match")]
    Signature,
    /// A chain does not go through the end that was sealed.
    #[error("a sealed change is missing or was replaced")]
    Heads,
}

fn message(record: &RecordId, heads: &BTreeMap<DeviceId, SealedHead>) -> Vec<u8> {
    canonical_json(&json!({ "record": record, "heads": heads }))
}

/// Makes the seal over everything in the journal now.
#[must_use]
pub fn make_seal(journal: &Journal, key: &DeviceKey) -> RecordSeal {
    let heads = journal.heads().into_iter().map(|(device, head)| (device, SealedHead { seq: head.seq, hash: head.hash })).collect();
    let sig = key.sign(Purpose::RecordSeal, &message(journal.record(), &heads));
    RecordSeal { alg: "Ed25519".to_owned(), heads, key: key.public(), sig }
}

/// Checks every seal in the journal. The list names the path of each seal, in the order in which they were set.
#[must_use]
pub fn verify_seals(journal: &Journal) -> Vec<(String, Result<RecordSeal, SealFault>)> {
    let seals = journal.timeline().into_iter().filter(|entry| is_seal_path(&entry.change.path) && !entry.change.value.is_null());
    // Looked up rather than searched for: a hostile file may hold thousands of seals over thousands of changes.
    let held: BTreeSet<Place<'_>> = journal.entries().map(|entry| (&entry.change.device, entry.change.seq, entry.hash)).collect();
    seals
        .map(|entry| {
            (entry.change.path.as_str().to_owned(), verify_seal(journal.record(), &held, &entry.change.device, &entry.change.value))
        })
        .collect()
}

type Place<'a> = (&'a DeviceId, u64, Sha256);

fn verify_seal(record: &RecordId, held: &BTreeSet<Place<'_>>, author: &DeviceId, value: &Value) -> Result<RecordSeal, SealFault> {
    let seal: RecordSeal = serde_json::from_value(value.clone()).map_err(|_| SealFault::Malformed)?;
    if seal.alg != "Ed25519" {
        return Err(SealFault::Malformed);
    }
    if seal.key.device() != *author {
        return Err(SealFault::Device);
    }
    if !seal.key.verifies(Purpose::RecordSeal, &message(record, &seal.heads), &seal.sig) {
        return Err(SealFault::Signature);
    }
    let whole = seal.heads.iter().all(|(device, head)| held.contains(&(device, head.seq, head.hash)));
    if whole { Ok(seal) } else { Err(SealFault::Heads) }
}
