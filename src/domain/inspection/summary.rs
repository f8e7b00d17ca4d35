//! What lists show of a record.

use serde::{Deserialize, Serialize};

use super::super::journal::{Journal, State};
use super::super::matter::MatterLine;
use super::super::{library, task};
use super::{Counts, Inspection, Subject, missing, photos, slot};

/// How far a record has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Still being written.
    Draft,
    /// Signed and sealed.
    Sealed,
    /// Sealed, and changed after that with reasons.
    Amended,
    /// Taken out of the count, with a reason.
    Voided,
}

/// What lists show of a record. A cache: always made from the journal.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Summary {
    /// Record id.
    pub id: String,
    /// Kind of record.
    pub kind: String,
    /// What people call it: the unit.
    pub title: String,
    /// What it is about: the equipment.
    pub subtitle: String,
    /// More words to find it by.
    pub search: String,
    /// Until when it must be done, for tasks that wait to be done; empty when there is no date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
    /// What is shown of a hazard and other matters that go through a procedure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matter: Option<MatterLine>,
    /// Whether the approval of a check is still to be entered.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub approval_due: bool,
    /// How far it has come.
    pub stage: Stage,
    /// Counts over the items, for inspections.
    pub counts: Counts,
    /// How many photos count.
    pub photos: usize,
    /// When it began.
    pub created_ms: u64,
    /// When it last changed.
    pub updated_ms: u64,
    /// How many changes it has.
    pub changes: usize,
    /// How many values were set by people who had not seen each other's.
    pub conflicts: usize,
}

/// What makes the summary of a record: [`Summary::of`].
pub type Summarise = fn(&Journal, &State) -> Summary;

impl Summary {
    /// Makes the summary of a record.
    #[must_use]
    pub fn of(journal: &Journal, state: &State) -> Self {
        let inspection = if state.text("kind") == Some("inspection") { Inspection::read(state).ok() } else { None };
        Self::with(journal, state, inspection.as_ref().map(Inspection::counts).unwrap_or_default())
    }

    /// Makes the summary of a record whose questions were counted before.
    #[must_use]
    pub fn with(journal: &Journal, state: &State, counts: Counts) -> Self {
        let text = |path: &str| state.text(path).unwrap_or_default().to_owned();
        let kind = text("kind");
        let amended = !journal.amendments().is_empty();
        let stage = match (state.get("voided").is_some(), journal.is_sealed(), amended) {
            (true, _, _) => Stage::Voided,
            (_, true, true) => Stage::Amended,
            (_, true, false) => Stage::Sealed,
            (_, false, _) => Stage::Draft,
        };
        let subjects = if kind == "inspection" { slot::read_subjects(state, state.get("checklist").is_some()) } else { Vec::new() };
        let (title, subtitle) = match kind.as_str() {
            "equipment" => (text("name"), text("place")),
            "unit" => (text("name"), text("address")),
            task::KIND => (text("title"), text("unit/name")),
            library::KIND => (text("title_zh"), text("path")),
            // What it is called and its number, see `crate::document`.
            "document" => (inner(state, "template", "/title/zh"), inner(state, "number", "/text")),
            "number_range" => (text("series"), text("mark")),
            _ => (text("unit/name"), equipment_line(&subjects)),
        };
        let search: Vec<String> = ["uscc", "code", "cert_no", "address", "unit_id", "unit/uscc", "unit/id", "unit_name"]
            .iter()
            .map(|path| text(path))
            .chain(subjects.iter().flat_map(|one| [one.code.clone(), one.cert_no.clone(), one.id.clone()]))
            // What a document was made from and for whom, see `crate::document`.
            .chain([inner(state, "links/of", "/record"), inner(state, "data", "/unit/name")])
            // The lead that a task or a check was made for, see `crate::app::lead`.
            .chain([inner(state, "links/lead", "/record")])
            .filter(|part| !part.is_empty())
            .collect();
        let due = (kind == task::KIND && state.get("done").is_none() && state.get("cancelled").is_none()).then(|| text("due"));
        Self {
            id: journal.record().to_string(),
            due,
            matter: None,
            approval_due: missing::approval_due(state),
            counts,
            kind,
            title,
            subtitle,
            search: search.join(" "),
            stage,
            photos: photos(state).len(),
            created_ms: journal.first().ms,
            updated_ms: journal.latest().ms,
            changes: journal.len(),
            conflicts: state.conflicts().len(),
        }
    }
}

/// A text within a value; empty when there is none.
fn inner(state: &State, path: &str, pointer: &str) -> String {
    state.get(path).and_then(|value| value.pointer(pointer)?.as_str()).unwrap_or_default().to_owned()
}

/// The equipment of a visit in one line: one with its place, else the first names and how many more there are.
pub(super) fn equipment_line(subjects: &[Subject]) -> String {
    let shown: Vec<&Subject> = subjects.iter().filter(|subject| subject.removed.is_none()).collect();
    match shown.as_slice() {
        [] => String::new(),
        [one] => [one.name.as_str(), one.place.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "),
        many => {
            let names = many.iter().take(NAMED).map(|subject| subject.title()).collect::<Vec<_>>().join(" ");
            if many.len() > NAMED { format!("{names} +{}", many.len() - NAMED) } else { names }
        }
    }
}

/// How many pieces of equipment a line names.
const NAMED: usize = 3;
