//! What an inspection still lacks before it can be signed and sealed.

use serde_json::Value;

use super::super::journal::State;
use super::{Inspection, SIGNERS, is_refused, is_signed, is_stale};

/// What an inspection still lacks before it can be signed and sealed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Missing {
    /// The unit's name.
    Unit,
    /// What identifies the equipment.
    Equipment,
    /// Name or certificate number of inspector 1 or 2.
    Inspector(u8),
    /// The two inspectors are one person.
    SameInspector,
    /// A question without an answer, by index of its slot, as with all that follow.
    Answer(usize),
    /// An item that asks for a number, a date or a choice and passes without one.
    Value(usize),
    /// A failed item without a sentence that says what is wrong.
    Finding(usize),
    /// A failed item with a blank of a ready sentence that was not filled in.
    Blank(usize),
    /// A failed item to be corrected without a date until when.
    Deadline(usize),
    /// A value that the list does not allow.
    Constraint(usize),
    /// A question that must be answered.
    Required(usize),
    /// The result.
    Conclusion,
    /// The result says that nothing was found although items failed.
    Contradiction,
    /// The name of the unit's attendant who signed.
    Attendant,
    /// The content changed after this signature was given.
    Stale(&'static str),
    /// A signature, or for the attendant the refusal with reason and witness.
    Signature(&'static str),
}

impl Missing {
    /// The slot that it is about.
    #[must_use]
    pub fn slot(&self) -> Option<usize> {
        match self {
            Self::Answer(slot)
            | Self::Value(slot)
            | Self::Finding(slot)
            | Self::Blank(slot)
            | Self::Deadline(slot)
            | Self::Constraint(slot)
            | Self::Required(slot) => Some(*slot),
            Self::Unit
            | Self::Equipment
            | Self::Inspector(_)
            | Self::SameInspector
            | Self::Conclusion
            | Self::Contradiction
            | Self::Attendant
            | Self::Stale(_)
            | Self::Signature(_) => None,
        }
    }
}

fn has(state: &State, path: &str) -> bool {
    state.text(path).is_some_and(|text| !text.trim().is_empty())
}

/// What lacks before the questions.
pub(super) fn before(inspection: &Inspection, state: &State) -> Vec<Missing> {
    let mut missing = Vec::new();
    if !has(state, "unit/name") {
        missing.push(Missing::Unit);
    }
    let wanted = inspection.lists.iter().any(|list| list.is_for_equipment());
    let named = !inspection.subjects.is_empty() && inspection.subjects.iter().all(super::Subject::is_named);
    if wanted && !named {
        missing.push(Missing::Equipment);
    }
    inspectors(state, &mut missing);
    missing
}

fn inspectors(state: &State, missing: &mut Vec<Missing>) {
    let officer = |number: u8| {
        let value = state.get(&format!("inspectors/{number}"));
        let field = |name: &str| value.and_then(|value| value.get(name)).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
        (field("name"), field("cert_no"))
    };
    let (first, second) = (officer(1), officer(2));
    for (number, (name, cert_no)) in [(1, &first), (2, &second)] {
        if name.is_empty() || cert_no.is_empty() {
            missing.push(Missing::Inspector(number));
        }
    }
    if !first.1.is_empty() && first.1 == second.1 {
        missing.push(Missing::SameInspector);
    }
}

/// What lacks after the questions.
pub(super) fn after(inspection: &Inspection, state: &State) -> Vec<Missing> {
    let mut missing = Vec::new();
    match state.text("conclusion/result") {
        None | Some("") => missing.push(Missing::Conclusion),
        Some("no_problem") if inspection.counts().failed > 0 => missing.push(Missing::Contradiction),
        Some(_) => {}
    }
    for role in SIGNERS {
        if !is_signed(state, role) {
            missing.push(Missing::Signature(role));
        } else if is_stale(state, role) {
            missing.push(Missing::Stale(role));
        } else if role == "attendant" && !is_refused(state, role) && !has(state, "attendant") {
            missing.push(Missing::Attendant);
        }
    }
    missing
}

/// Whether the approval of a check is still to be entered. Records that were begun by earlier versions are not asked.
#[must_use]
pub fn approval_due(state: &State) -> bool {
    let has = |path: &str| state.text(path).is_some_and(|text| !text.trim().is_empty());
    let begun_here = state.text("kind") == Some("inspection") && state.get("rights_told").is_some();
    begun_here && state.get("voided").is_none() && !has("approval_no") && !has("approval/by")
}
