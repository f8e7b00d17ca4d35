//! What an office hands out (下发): tasks for many units at once, what goes into a file, and files of rules taken in.

pub mod days;
pub mod edition;
pub mod file;
pub mod hand_out;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::ledger::Step;
use super::transfer::LedgerEntry;
use super::unit_visits::UnitVisit;
use super::workspace::{AppError, Record, Workspace, put_entry, put_index};
use crate::bundle::BundlePurpose;
use crate::domain::id::RecordId;
use crate::domain::inspection::{Stage, Summary};
use crate::domain::journal::Journal;
use crate::domain::task::{KIND, Task, TaskEquipment};
use crate::domain::time::CivilDate;
use crate::ledger::{Card, Kind, Ledger};
use crate::port::clock::Clock;
use crate::port::random::Random;
use crate::port::twin::{Receipt, Store};

/// Who should do the tasks.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Doer {
    /// Anyone.
    #[default]
    Anyone,
    /// Of each unit the one who is responsible for it.
    Responsible,
    /// A person by name.
    Named(String),
}

/// What tasks that are made together have in common.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Order {
    /// What is to be done.
    pub title: String,
    /// Ids of the checklists.
    pub lists: Vec<String>,
    /// Code of the campaign; empty when it belongs to none.
    pub campaign: String,
    /// Kind of check (57号令 art. 5).
    pub inspection_kind: String,
    /// Why it is checked.
    pub task_source: String,
    /// Number of the approval.
    pub approval_no: String,
    /// Until when.
    pub due: Option<CivilDate>,
    /// Who should do it.
    pub doer: Doer,
    /// Anything else.
    pub note: String,
    /// The lead that they are made for, see [`super::lead::link`].
    pub lead: Option<Value>,
}

/// A unit that gets a task, as the ledger knows it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Place {
    /// Id of its record.
    pub id: String,
    /// Name.
    pub name: String,
    /// Address.
    pub address: String,
    /// Who is responsible for it.
    pub inspector: String,
    /// The equipment that is meant; none when the unit as a whole is.
    pub equipment: Vec<TaskEquipment>,
}

/// The units of an order as the ledger knows them, each with those pieces of its equipment that are meant, by name and
/// place. What is not in the ledger is left out.
#[must_use]
pub fn places(ledger: &Ledger, chosen: &[(String, BTreeSet<String>)]) -> Vec<Place> {
    let mut equipment = equipment_by_unit(ledger, chosen.iter().map(|(unit, _)| unit.as_str()).collect());
    let mut place = |(id, meant): &(String, BTreeSet<String>)| {
        let unit = ledger.get(id).filter(|card| card.kind() == Some(Kind::Unit))?;
        let own = equipment.remove(id.as_str()).unwrap_or_default();
        let one = |card: &Card| TaskEquipment {
            id: card.id.clone(),
            name: card.title.clone(),
            code: card.code.clone(),
            place: card.address.clone(),
        };
        Some(Place {
            id: unit.id.clone(),
            name: unit.title.clone(),
            address: unit.address.clone(),
            inspector: unit.inspector.clone(),
            equipment: own.into_iter().filter(|card| meant.contains(&card.id)).map(one).collect(),
        })
    };
    chosen.iter().filter_map(&mut place).collect()
}

/// The equipment of some units, by name and place; in one go over the ledger, however many units there are.
#[must_use]
pub fn equipment_by_unit<'a>(ledger: &'a Ledger, units: BTreeSet<&str>) -> BTreeMap<&'a str, Vec<&'a Card>> {
    let mut all: BTreeMap<&str, Vec<&Card>> = BTreeMap::new();
    for card in ledger.of_kind(Kind::Equipment).filter(|card| units.contains(card.unit_id.as_str())) {
        all.entry(card.unit_id.as_str()).or_default().push(card);
    }
    for own in all.values_mut() {
        own.sort_by(|a, b| (&a.title, &a.address, &a.id).cmp(&(&b.title, &b.address, &b.id)));
    }
    all
}

/// What a task begins with.
#[must_use]
pub fn task_values(order: &Order, place: &Place) -> Vec<(String, Value)> {
    let inspector = match &order.doer {
        Doer::Anyone => "",
        Doer::Responsible => place.inspector.as_str(),
        Doer::Named(name) => name.as_str(),
    };
    let due = order.due.map(|due| due.to_string()).unwrap_or_default();
    let texts = [
        ("title", order.title.as_str()),
        ("unit/id", &place.id),
        ("unit/name", &place.name),
        ("unit/address", &place.address),
        ("campaign", &order.campaign),
        ("inspection_kind", &order.inspection_kind),
        ("task_source", &order.task_source),
        ("approval_no", &order.approval_no),
        ("due", &due),
        ("inspector", inspector),
        ("note", &order.note),
    ];
    let mut values = vec![("kind".to_owned(), json!(KIND))];
    let filled = texts.into_iter().map(|(path, text)| (path, text.trim())).filter(|(_, text)| !text.is_empty());
    values.extend(filled.map(|(path, text)| (path.to_owned(), json!(text))));
    values.extend(place.equipment.iter().zip(1..).map(|(one, number): (_, u32)| {
        (format!("equipment/{number}"), json!({ "id": one.id, "name": one.name, "code": one.code, "place": one.place }))
    }));
    if !order.lists.is_empty() {
        values.push(("lists".to_owned(), json!(order.lists)));
    }
    values.extend(order.lead.clone().map(|lead| (super::lead::LINK.to_owned(), lead)));
    values
}

/// Why tasks were not made. None of them is, then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    /// It does not say what is to be done.
    #[error("no title")]
    NoTitle,
    /// It names no unit.
    #[error("no units")]
    NoUnits,
    /// The store failed.
    #[error(transparent)]
    App(#[from] AppError),
}

/// A task that was made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MadeTask {
    /// Its record.
    pub id: RecordId,
    /// The unit.
    pub unit_name: String,
    /// How many pieces of equipment it names.
    pub equipment: usize,
    /// Who should do it; empty for anyone.
    pub inspector: String,
}

/// Why a task did not change.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TaskError {
    /// The record is no task.
    #[error("not a task")]
    NoTask,
    /// It does not wait to be done any more.
    #[error("the task is closed")]
    Closed,
    /// It does not say why.
    #[error("no reason")]
    NoReason,
    /// The store failed.
    #[error(transparent)]
    App(#[from] AppError),
}

impl<S: Store, C: Clock, R: Random> Workspace<S, C, R> {
    /// Makes one task for each unit and keeps all of them in one piece, or none.
    ///
    /// # Errors
    /// [`OrderError`]; then none was kept, and the same order may be sent again.
    pub async fn make_tasks(
        &self,
        order: &Order,
        places: &[Place],
        progress: impl Fn(Step),
    ) -> Result<(Receipt, Vec<MadeTask>), OrderError> {
        if order.title.trim().is_empty() {
            return Err(OrderError::NoTitle);
        }
        if places.is_empty() {
            return Err(OrderError::NoUnits);
        }
        let (mut ops, mut made) = (Vec::new(), Vec::with_capacity(places.len()));
        for (index, place) in places.iter().enumerate() {
            progress(Step { done: index, total: places.len() });
            let values = task_values(order, place);
            let values: Vec<(&str, Value)> = values.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
            let mut record = Record::new(Journal::new(self.new_record_id()));
            let entries = self.write(&mut record, &values, None)?;
            ops.extend(entries.iter().map(put_entry));
            ops.push(put_index(record.journal(), record.state()));
            made.push(MadeTask {
                id: record.id().clone(),
                unit_name: place.name.clone(),
                equipment: place.equipment.len(),
                inspector: record.state().text("inspector").unwrap_or_default().to_owned(),
            });
        }
        progress(Step { done: places.len(), total: places.len() });
        let receipt = self.store.commit(ops).await.map_err(AppError::from)?;
        Ok((receipt, made))
    }

    /// Notes that a check was made for a task.
    ///
    /// # Errors
    /// [`TaskError`]; then the task is as it was.
    pub async fn finish_task(&self, record: &mut Record, inspection: &str) -> Result<Option<Receipt>, TaskError> {
        open_task(record)?;
        let done = json!({ "inspection": inspection, "ms": self.clock().now().ms() });
        Ok(self.save(record, &[("done", done)], None).await?)
    }

    /// Notes that a task is no longer wanted, and why.
    ///
    /// # Errors
    /// [`TaskError`]; then the task is as it was.
    pub async fn cancel_task(&self, record: &mut Record, reason: &str) -> Result<Option<Receipt>, TaskError> {
        open_task(record)?;
        if reason.trim().is_empty() {
            return Err(TaskError::NoReason);
        }
        Ok(self.save(record, &[("cancelled", json!(reason.trim()))], None).await?)
    }

    /// Makes a task that was done or cancelled wait again.
    ///
    /// # Errors
    /// [`TaskError`]; then the task is as it was.
    pub async fn reopen_task(&self, record: &mut Record) -> Result<Option<Receipt>, TaskError> {
        Task::read(record.state()).ok_or(TaskError::NoTask)?;
        Ok(self.save(record, &[("done", Value::Null), ("cancelled", Value::Null)], None).await?)
    }

    /// The tasks that phones should have as they are now, with their ids: those that wait to be done, and those that
    /// were closed after they had been handed out, as the files `sent` say.
    ///
    /// # Errors
    /// [`AppError`] when the store can't be read.
    pub async fn tasks_for_phones(&self, summaries: &[Summary], sent: &[LedgerEntry]) -> Result<Vec<(String, Task)>, AppError> {
        let known = |id: &String| {
            let handed_out = sent.iter().filter(|entry| entry.direction == "export" && entry.purpose == BundlePurpose::Assign.as_str());
            handed_out.filter_map(|entry| entry.records.get(id)).max().copied()
        };
        let closed_since = |one: &Summary| known(&one.id).is_some_and(|changes| changes < one.changes);
        let wanted = summaries.iter().filter(|one| one.kind == KIND && (one.due.is_some() || closed_since(one)));
        self.tasks(&wanted.map(|one| one.id.as_str()).collect::<Vec<_>>()).await
    }

    /// The ids of the tasks that these checks were made for: they go to the office along with the checks.
    ///
    /// # Errors
    /// [`AppError`] when the store can't be read.
    pub async fn tasks_done_by(&self, summaries: &[Summary], inspections: &[String]) -> Result<Vec<String>, AppError> {
        let closed: Vec<&str> = summaries.iter().filter(|one| one.kind == KIND && one.due.is_none()).map(|one| one.id.as_str()).collect();
        let tasks = self.tasks(&closed).await?;
        let by_them = |task: &Task| task.done.as_ref().is_some_and(|done| inspections.contains(done));
        Ok(tasks.into_iter().filter(|(_, task)| by_them(task)).map(|(id, _)| id).collect())
    }

    async fn tasks(&self, ids: &[&str]) -> Result<Vec<(String, Task)>, AppError> {
        let ids: Vec<RecordId> = ids.iter().filter_map(|id| RecordId::parse(id).ok()).collect();
        let mut tasks = Vec::with_capacity(ids.len());
        for part in ids.chunks(super::workspace::STEP) {
            let records = self.load_many(part).await?.into_iter().flatten();
            tasks.extend(records.filter_map(|record| Some((record.id().to_string(), Task::read(record.state())?))));
        }
        Ok(tasks)
    }
}

fn open_task(record: &Record) -> Result<Task, TaskError> {
    let task = Task::read(record.state()).ok_or(TaskError::NoTask)?;
    if task.is_open() { Ok(task) } else { Err(TaskError::Closed) }
}

/// The visits that may have been made for a task: filed, and begun on the day that it was made or later.
#[must_use]
pub fn visits_for(visits: &[UnitVisit], made: CivilDate) -> Vec<&UnitVisit> {
    visits.iter().filter(|visit| visit.day >= made && matches!(visit.stage, Stage::Sealed | Stage::Amended)).collect()
}
