//! A record as a row of the result.

use serde_json::Value;

use crate::domain::change::Sha256;
use crate::domain::id::{DeviceId, RecordId};
use crate::domain::inspection::{Counts, Stage, Summary, photos};
use crate::domain::journal::{Journal, State};
use crate::evidence::paper::seal_digest;
use crate::evidence::seal::verify_seals;

/// A record as a row of the result.
#[derive(Clone, PartialEq, Debug)]
pub struct RecordLine {
    /// The record.
    pub id: RecordId,
    /// Its kind, such as `inspection`; empty when it says none.
    pub kind: String,
    /// What people call it.
    pub title: String,
    /// What it is about.
    pub subtitle: String,
    /// The digest that stands on its prints: that of its last seal.
    pub digest: Option<Sha256>,
    /// How many seals it has, whether they hold or not.
    pub seals: usize,
    /// The devices whose seals hold.
    pub sealed_by: Vec<DeviceId>,
    /// When it was sealed last, by the clock of the device, and where that was (minutes east of Greenwich).
    pub sealed_at: Option<(u64, i32)>,
    /// How many changes some seal leaves out.
    pub amended: usize,
    /// Whether it was taken out of the count.
    pub voided: bool,
    /// Who signed it, or would not.
    pub signers: Vec<Signer>,
    /// How many photos it names, copies of the camera's own files too.
    pub photos: usize,
    /// How many changes it has.
    pub changes: usize,
    /// How many values people set without having seen each other's.
    pub conflicts: usize,
}

/// Who signed a record, or would not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Signer {
    /// As whom, such as `inspector1`.
    pub role: String,
    /// The name as it was typed; of a refusal the reason.
    pub text: String,
    /// Whether the signature was refused.
    pub refused: bool,
}

impl RecordLine {
    /// Whether people seal records of this kind when they are done.
    #[must_use]
    pub fn is_sealable(&self) -> bool {
        matches!(self.kind.as_str(), "inspection" | "document")
    }

    pub(super) fn of(journal: &Journal, state: &State) -> Self {
        let summary = Summary::with(journal, state, Counts::default());
        let seals = verify_seals(journal);
        let timeline = journal.timeline();
        let last = timeline.iter().rev().find(|entry| crate::domain::journal::is_seal_path(&entry.change.path));
        let mut sealed_by: Vec<DeviceId> = seals.iter().filter_map(|(_, seal)| Some(seal.as_ref().ok()?.key.device())).collect();
        sealed_by.sort();
        sealed_by.dedup();
        let title = [summary.title.as_str(), state.text("title").unwrap_or_default(), state.text("name").unwrap_or_default()];
        Self {
            id: journal.record().clone(),
            kind: state.text("kind").unwrap_or_default().to_owned(),
            title: title.into_iter().find(|text| !text.trim().is_empty()).unwrap_or_default().to_owned(),
            subtitle: summary.subtitle,
            digest: seal_digest(journal),
            seals: seals.len(),
            sealed_by,
            sealed_at: last.map(|entry| (entry.change.at.instant().ms(), entry.change.clock.offset_min)),
            amended: journal.amendments().len(),
            voided: summary.stage == Stage::Voided,
            signers: signers(state),
            photos: named(state).len(),
            changes: journal.len(),
            conflicts: state.conflicts().len(),
        }
    }
}

/// The digests of the photos that a record names, as far as they are digests.
pub(super) fn named(state: &State) -> Vec<Sha256> {
    let digests = photos(state).into_iter().flat_map(|photo| [Some(photo.sha256), photo.original]);
    let mut all: Vec<Sha256> = digests.flatten().filter_map(|text| Sha256::parse(&text).ok()).collect();
    all.sort();
    all.dedup();
    all
}

/// The digests of all photos that a record ever named, those that were taken out too.
pub(super) fn ever_named(journal: &Journal) -> impl Iterator<Item = Sha256> {
    let digest = |value: &Value| Sha256::parse(value.get("sha256")?.as_str()?).ok();
    let changes = journal.entries().filter(|entry| entry.change.path.as_str().starts_with("photos/"));
    changes.flat_map(move |entry| [digest(&entry.change.value), entry.change.value.get("original").and_then(digest)]).flatten()
}

/// The signatures of a record that stand, those of other kinds of records too.
fn signers(state: &State) -> Vec<Signer> {
    let signer = |(role, value): (&str, &Value)| {
        let text = |field: &str| value.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
        let refused = value.get("refused").and_then(Value::as_bool) == Some(true);
        let is_signature = refused || value.get("strokes").is_some();
        let text = if refused { text("reason") } else { text("name") };
        is_signature.then(|| Signer { role: role.to_owned(), text, refused })
    };
    state.under("signatures").filter_map(|(role, cell)| signer((role, &cell.value))).collect()
}
