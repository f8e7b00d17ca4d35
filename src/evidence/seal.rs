//! The seal of a record: a signature over the ends of its chains.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::chain::canonical_json;
use super::key::{DeviceKey, PublicKey, Purpose, Sig};
use crate::domain::change::{Change, Sha256};
use crate::domain::id::{DeviceId, RecordId};
use crate::domain::journal::{Journal, is_seal_path};
use crate::domain::time::Hlc;

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
    /// It claims a time that is not later than what it covers.
    #[error("the seal claims to be older than what it covers")]
    Time,
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
    // A value taken away at a seal's path is a malformed seal: what was sealed stays sealed.
    let seals = journal.timeline().into_iter().filter(|entry| is_seal_path(&entry.change.path));
    // Looked up rather than searched for: a hostile file may hold thousands of seals over thousands of changes.
    let held: BTreeMap<Place<'_>, Hlc> =
        journal.entries().map(|entry| ((&entry.change.device, entry.change.seq, entry.hash), entry.change.at)).collect();
    seals.map(|entry| (entry.change.path.as_str().to_owned(), verify_seal(journal.record(), &held, &entry.change))).collect()
}

type Place<'a> = (&'a DeviceId, u64, Sha256);

fn verify_seal(record: &RecordId, held: &BTreeMap<Place<'_>, Hlc>, change: &Change) -> Result<RecordSeal, SealFault> {
    let seal: RecordSeal = serde_json::from_value(change.value.clone()).map_err(|_| SealFault::Malformed)?;
    if seal.alg != "Ed25519" {
        return Err(SealFault::Malformed);
    }
    if seal.key.device() != change.device {
        return Err(SealFault::Device);
    }
    if !seal.key.verifies(Purpose::RecordSeal, &message(record, &seal.heads), &seal.sig) {
        return Err(SealFault::Signature);
    }
    for (device, head) in &seal.heads {
        match held.get(&(device, head.seq, head.hash)) {
            None => return Err(SealFault::Heads),
            Some(at) if *at >= change.at => return Err(SealFault::Time),
            Some(_) => {}
        }
    }
    Ok(seal)
}
