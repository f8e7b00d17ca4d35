//! Past visits of a unit. What they found that is still open: see [`super::open`].

use serde_json::Value;

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
    /// Kind of check (57号令 art. 5); empty when it is not said.
    pub kind: String,
    /// Id of the exception that it was made under, which takes up none of the visits of the year; empty when there is none.
    pub exception: String,
    /// Who approved it.
    pub approved_by: String,
    /// Name and post of the unit's attendant.
    pub attendant: String,
    /// How far the record has come.
    pub stage: Stage,
    /// Stored name of the result; empty when there is none.
    pub result: String,
    /// How many questions failed.
    pub failed: usize,
}

impl UnitVisit {
    /// Reads a visit; `None` when the record is of another unit.
    fn read(summary: &Summary, state: &State, unit_id: &str) -> Option<Self> {
        if state.text("unit/id") != Some(unit_id) {
            return None;
        }
        let (at, offset_min) = started(state);
        let text = |path: &str| state.text(path).unwrap_or_default().to_owned();
        Some(Self {
            id: summary.id.clone(),
            at,
            day: at.date(offset_min),
            kind: text("inspection_kind"),
            exception: state
                .get("frequency/exception")
                .and_then(|one| one.get("id"))
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
            approved_by: text("approval/by"),
            attendant: text("attendant"),
            stage: summary.stage,
            result: text("conclusion/result"),
            failed: summary.counts.failed,
        })
    }
}

impl<S: Store, C: Clock, R: Random> Workspace<S, C, R> {
    /// The visits to a unit that count, the latest first.
    ///
    /// # Errors
    /// [`AppError`] when the store can't be read.
    pub async fn unit_visits(&self, summaries: &[Summary], unit_id: &str) -> Result<Vec<UnitVisit>, AppError> {
        let names_unit = |one: &&Summary| one.search.split(' ').any(|word| word == unit_id);
        let of_unit = |one: &&Summary| one.kind == "inspection" && one.stage != Stage::Voided && names_unit(one);
        let found: Vec<(&Summary, RecordId)> =
            summaries.iter().filter(of_unit).filter_map(|one| Some((one, RecordId::parse(&one.id).ok()?))).collect();
        let mut visits = Vec::new();
        for part in found.chunks(STEP) {
            let ids: Vec<RecordId> = part.iter().map(|(_, id)| id.clone()).collect();
            for ((summary, _), record) in part.iter().zip(self.load_many(&ids).await?) {
                visits.extend(record.and_then(|record| UnitVisit::read(summary, record.state(), unit_id)));
            }
        }
        visits.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
        Ok(visits)
    }
}

/// How many visits began in a year.
#[must_use]
pub fn visits_in(visits: &[UnitVisit], year: i32) -> usize {
    let year = format!("{year:04}-");
    visits.iter().filter(|visit| visit.day.to_string().starts_with(&year)).count()
}
