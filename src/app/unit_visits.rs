//! Past visits of a unit, and what they found that is still open.

use std::collections::BTreeMap;

use super::workspace::{AppError, STEP, Workspace};
use crate::domain::id::RecordId;
use crate::domain::inspection::{Stage, Summary, started};
use crate::domain::journal::State;
use crate::domain::time::{CivilDate, Instant};
use crate::port::clock::Clock;
use crate::port::random::Random;
use crate::port::twin::Store;

/// A visit to a unit.
#[derive(Clone, PartialEq, Debug)]
pub struct UnitVisit {
    /// The record.
    pub id: String,
    /// When it began.
    pub at: Instant,
    /// The day at its place.
    pub day: CivilDate,
    /// How far the record has come.
    pub stage: Stage,
    /// Stored name of the result; empty when there is none.
    pub result: String,
    /// What it found.
    pub findings: Vec<Finding>,
}

/// Something that was found.
#[derive(Clone, PartialEq, Debug)]
pub struct Finding {
    /// The checklist item, without the marks of equipment and repeats.
    pub item: String,
    /// Record id of the equipment; empty when the unit as a whole is meant.
    pub equipment: String,
    /// What is wrong.
    pub finding: String,
    /// The measure that differs from the item's own; empty when there is none.
    pub measure: String,
    /// Until when.
    pub deadline: Option<CivilDate>,
    /// No later visit has found it in order.
    pub open: bool,
}

impl UnitVisit {
    /// Reads a visit; `None` when the record is of another unit.
    fn read(summary: &Summary, state: &State, unit_id: &str) -> Option<Self> {
        if state.text("unit/id") != Some(unit_id) {
            return None;
        }
        let (at, offset_min) = started(state);
        let findings = verdicts(state).into_iter().filter(|(_, failed)| *failed).map(|((item, equipment), _)| {
            let key = key_of(state, &item, &equipment);
            let text = |field: &str| state.text(&format!("answers/{key}/{field}")).unwrap_or_default().to_owned();
            let deadline = CivilDate::parse(&text("deadline"));
            Finding { finding: text("finding"), measure: text("measure"), deadline, item, equipment, open: true }
        });
        Some(Self {
            id: summary.id.clone(),
            at,
            day: at.date(offset_min),
            stage: summary.stage,
            result: state.text("conclusion/result").unwrap_or_default().to_owned(),
            findings: findings.collect(),
        })
    }
}

/// What was said of an item of a piece of equipment: whether it failed.
///
/// A failure that the rule of an item decides has no verdict of its own but a finding.
fn verdicts(state: &State) -> BTreeMap<(String, String), bool> {
    let mut said: BTreeMap<(String, String), bool> = BTreeMap::new();
    for (rest, cell) in state.under("answers") {
        let Some((key, field)) = rest.rsplit_once('/') else { continue };
        let place = (item_of(key).to_owned(), equipment_of(state, key));
        let text = cell.value.as_str().unwrap_or_default();
        let verdict = state.text(&format!("answers/{key}/verdict"));
        let failed = match (field, text, verdict) {
            ("verdict", "fail", _) => true,
            ("finding", finding, None) if !finding.trim().is_empty() => true,
            ("verdict", "pass", _) => false,
            _ => continue,
        };
        // One of several repeats is enough.
        *said.entry(place).or_default() |= failed;
    }
    said
}

/// The key of the answer that failed.
fn key_of(state: &State, item: &str, equipment: &str) -> String {
    let mut keys = state.under("answers").filter_map(|(rest, _)| Some(rest.rsplit_once('/')?.0));
    let same = |key: &&str| item_of(key) == item && equipment_of(state, key) == equipment;
    let failed = |key: &&str| {
        let text = |field: &str| state.text(&format!("answers/{key}/{field}")).unwrap_or_default();
        same(key) && (text("verdict") == "fail" || !text("finding").trim().is_empty())
    };
    keys.find(failed).unwrap_or(item).to_owned()
}

/// The item of a key such as `elevator-003.s2.r1`.
fn item_of(key: &str) -> &str {
    let mark = |part: &str| part.len() > 1 && part.starts_with(['s', 'r']) && part.bytes().skip(1).all(|byte| byte.is_ascii_digit());
    let mut item = key;
    while let Some((before, last)) = item.rsplit_once('.')
        && mark(last)
    {
        item = before;
    }
    item
}

/// The equipment that a key is about.
fn equipment_of(state: &State, key: &str) -> String {
    let number =
        key.split('.').skip(1).find_map(|part| part.strip_prefix('s').filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit())));
    let path = number.map_or_else(|| "equipment/id".to_owned(), |number| format!("subjects/{number}/id"));
    state.text(&path).unwrap_or_default().to_owned()
}

impl<S: Store, C: Clock, R: Random> Workspace<S, C, R> {
    /// The visits to a unit that count, the latest first, with what they found. A finding is open until a later visit
    /// finds the same item of the same equipment in order.
    ///
    /// `unit_name` is the unit's name now: of units that were renamed, only visits under a name that is given are found.
    ///
    /// # Errors
    /// [`AppError`] when the store can't be read.
    pub async fn unit_visits(&self, summaries: &[Summary], unit_id: &str, unit_name: &str) -> Result<Vec<UnitVisit>, AppError> {
        let of_unit = |one: &&Summary| one.kind == "inspection" && one.stage != Stage::Voided && one.title == unit_name;
        let found: Vec<(&Summary, RecordId)> =
            summaries.iter().filter(of_unit).filter_map(|one| Some((one, RecordId::parse(&one.id).ok()?))).collect();
        let mut visits = Vec::new();
        for part in found.chunks(STEP) {
            let ids: Vec<RecordId> = part.iter().map(|(_, id)| id.clone()).collect();
            for ((summary, _), record) in part.iter().zip(self.load_many(&ids).await?) {
                let Some(record) = record else { continue };
                let visit = UnitVisit::read(summary, record.state(), unit_id);
                visits.extend(visit.map(|visit| (visit, verdicts(record.state()))));
            }
        }
        visits.sort_by(|(a, _), (b, _)| (b.at, &b.id).cmp(&(a.at, &a.id)));
        // Going back in time: whether a later visit found an item of a piece of equipment in order.
        let mut in_order: BTreeMap<(String, String), bool> = BTreeMap::new();
        let mut shown = Vec::with_capacity(visits.len());
        for (mut visit, verdicts) in visits {
            for finding in &mut visit.findings {
                let place = (finding.item.clone(), finding.equipment.clone());
                finding.open = !in_order.get(&place).copied().unwrap_or_default();
            }
            for (place, failed) in verdicts {
                let known = in_order.entry(place).or_default();
                *known |= !failed;
            }
            shown.push(visit);
        }
        Ok(shown)
    }
}

/// How many visits began in a year.
#[must_use]
pub fn visits_in(visits: &[UnitVisit], year: i32) -> usize {
    let year = format!("{year:04}-");
    visits.iter().filter(|visit| visit.day.to_string().starts_with(&year)).count()
}
