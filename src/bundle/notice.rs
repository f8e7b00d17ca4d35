//! What is odd about a bundle but not wrong.

use std::collections::BTreeMap;

use super::header::Header;
use super::record::RecordModel;
use crate::domain::change::Sha256;
use crate::domain::id::{DeviceId, RecordId};
use crate::domain::journal::is_seal_path;

/// An oddity. The bundle is still good; a person should know.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Notice {
    /// The purpose is one that this version does not know.
    UnknownPurpose {
        /// The word in the file.
        purpose: String,
    },
    /// No record of this part names the photo.
    PhotoUnnamed {
        /// The photo.
        sha256: Sha256,
    },
    /// A record names a photo that is not in this part. In a bundle of several parts it should be in another one.
    PhotoElsewhere {
        /// The record.
        record: RecordId,
        /// The photo.
        sha256: Sha256,
    },
    /// Nobody has sealed the record.
    Unsealed {
        /// The record.
        record: RecordId,
    },
    /// Something was changed after the record was sealed.
    Amended {
        /// The record.
        record: RecordId,
        /// How many changes came after the first seal.
        changes: usize,
    },
    /// Changes said to be of another device that neither the sender's seal of the bundle nor a seal of that device vouches for.
    Unattested {
        /// The record.
        record: RecordId,
        /// The device that is said to have made them.
        device: DeviceId,
        /// How many.
        changes: usize,
    },
    /// A change says that it was made after the bundle.
    AfterBundle {
        /// The record.
        record: RecordId,
        /// The device.
        device: DeviceId,
        /// The first such change of that device.
        seq: u64,
    },
    /// The wall clock of a device moved by more than two minutes against its steady clock.
    ClockJump {
        /// The record.
        record: RecordId,
        /// The device.
        device: DeviceId,
        /// The change after the first such jump.
        seq: u64,
        /// By how much, in milliseconds; negative when it was set back.
        by_ms: i64,
    },
}

impl Notice {
    /// A stable code for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownPurpose { .. } => "unknown_purpose",
            Self::PhotoUnnamed { .. } => "photo_unnamed",
            Self::PhotoElsewhere { .. } => "photo_elsewhere",
            Self::Unsealed { .. } => "unsealed",
            Self::Amended { .. } => "amended",
            Self::Unattested { .. } => "unattested",
            Self::AfterBundle { .. } => "after_bundle",
            Self::ClockJump { .. } => "clock_jump",
        }
    }
}

/// A wall clock that moves less than this against the steady clock was set by the network, not by a person.
const JUMP_MS: u64 = 120_000;

/// The chain of a device carries no key: only its own seal proves that it was written there.
fn unattested(record: &RecordModel, header: &Header) -> Vec<Notice> {
    let mut sealed: BTreeMap<DeviceId, u64> = BTreeMap::new();
    for (_, seal) in &record.seals {
        let device = seal.key.device();
        if let Some(head) = seal.heads.get(&device) {
            let upto = sealed.entry(device).or_default();
            *upto = (*upto).max(head.seq);
        }
    }
    let mut changes: BTreeMap<&DeviceId, usize> = BTreeMap::new();
    for entry in record.journal.entries() {
        let change = &entry.change;
        let own = change.device == header.from.device;
        let vouched = sealed.get(&change.device).is_some_and(|upto| change.seq <= *upto);
        if !own && !vouched && !is_seal_path(&change.path) {
            *changes.entry(&change.device).or_default() += 1;
        }
    }
    let notice = |(device, changes): (&DeviceId, usize)| Notice::Unattested { record: record.id.clone(), device: device.clone(), changes };
    changes.into_iter().map(notice).collect()
}

/// What is odd about a record. At most one notice of a kind for each of its devices.
pub(super) fn record_notices(record: &RecordModel, header: &Header) -> Vec<Notice> {
    let mut notices = Vec::new();
    let id = &record.id;
    if record.seals.is_empty() {
        notices.push(Notice::Unsealed { record: id.clone() });
    }
    let changes = record.amendments();
    if changes > 0 {
        notices.push(Notice::Amended { record: id.clone(), changes });
    }
    notices.extend(unattested(record, header));
    let mut after: BTreeMap<&DeviceId, u64> = BTreeMap::new();
    let mut jumps: BTreeMap<&DeviceId, (u64, i64)> = BTreeMap::new();
    let mut last: Option<&crate::domain::change::Change> = None;
    for entry in record.journal.entries() {
        let change = &entry.change;
        if change.at.instant() > header.created_at || change.clock.wall_ms > header.created_at.ms() {
            after.entry(&change.device).or_insert(change.seq);
        }
        if let Some(before) = last.filter(|before| before.device == change.device) {
            // A smaller reading of the steady clock means a new page: nothing to compare.
            if let Some(steady_ms) = change.clock.mono_ms.checked_sub(before.clock.mono_ms) {
                let expected_ms = before.clock.wall_ms.saturating_add(steady_ms);
                if change.clock.wall_ms.abs_diff(expected_ms) > JUMP_MS {
                    let by_ms = i64::try_from(i128::from(change.clock.wall_ms) - i128::from(expected_ms)).unwrap_or_default();
                    jumps.entry(&change.device).or_insert((change.seq, by_ms));
                }
            }
        }
        last = Some(change);
    }
    notices.extend(after.into_iter().map(|(device, seq)| Notice::AfterBundle { record: id.clone(), device: device.clone(), seq }));
    notices.extend(jumps.into_iter().map(|(device, (seq, by_ms))| Notice::ClockJump {
        record: id.clone(),
        device: device.clone(),
        seq,
        by_ms,
    }));
    notices
}
