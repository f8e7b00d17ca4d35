//! What earlier visits found and no later one saw put right.

use std::collections::BTreeSet;

use crate::domain::checklist::{Severity, Verdict};
use crate::domain::content::Lang;
use crate::domain::inspection::{Inspection, day};
use crate::domain::journal::State;
use crate::domain::time::CivilDate;

/// Something found at a visit that no later visit saw put right.
#[derive(Clone, PartialEq, Debug)]
pub struct OpenFinding {
    /// Record of the visit at which it was last seen.
    pub record: String,
    /// The day of that visit.
    pub day: CivilDate,
    /// The equipment; empty when it is the unit's.
    pub equipment: String,
    /// What must be so.
    pub text_zh: String,
    /// The same in English.
    pub text_en: String,
    /// What was wrong.
    pub finding: String,
    /// How grave it is.
    pub severity: Severity,
    /// Until when it must be put right.
    pub deadline: Option<CivilDate>,
}

/// Goes through the sealed visits of one unit, the latest first, and keeps what failed and was not passed since.
///
/// A later 不适用 closes nothing: who could not look has not seen it put right.
#[must_use]
pub fn open_findings<'a>(visits: impl IntoIterator<Item = (&'a str, &'a State)>) -> Vec<OpenFinding> {
    let mut settled: BTreeSet<(String, String)> = BTreeSet::new();
    let mut open = Vec::new();
    for (record, state) in visits {
        let Ok(inspection) = Inspection::read(state) else { continue };
        let day = day(state);
        // Of an item that is repeated, one failure is enough, whatever the others say.
        let mut here = BTreeSet::new();
        for index in 0..inspection.slots.len() {
            let (Some(item), Some(verdict)) = (inspection.item(index), inspection.verdict(index)) else { continue };
            let subject = inspection.subject(index);
            let of = subject.map(|one| if one.id.is_empty() { one.code.clone() } else { one.id.clone() }).unwrap_or_default();
            let place = (of, item.question().to_owned());
            if verdict == Verdict::Na || settled.contains(&place) {
                continue;
            }
            here.insert(place);
            if verdict == Verdict::Pass {
                continue;
            }
            let answer = inspection.answer(index);
            open.push(OpenFinding {
                record: record.to_owned(),
                day,
                equipment: subject.map(|one| one.title().to_owned()).unwrap_or_default(),
                text_zh: inspection.text(index, Lang::Zh).to_owned(),
                text_en: inspection.text(index, Lang::En).to_owned(),
                finding: answer.finding.clone(),
                severity: inspection.severity(index).unwrap_or(item.severity),
                deadline: answer.deadline,
            });
        }
        settled.append(&mut here);
    }
    open.sort_by(|a, b| (b.severity, a.deadline, a.day).cmp(&(a.severity, b.deadline, b.day)));
    open
}
