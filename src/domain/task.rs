//! A task: work that the office gives to an inspector.
//!
//! Where things stand in the journal of a task:
//!
//! | path | value |
//! |---|---|
//! | `kind` | `"task"` |
//! | `title` | what is to be done, such as `第四季度电梯专项检查` |
//! | `unit/{id,name,address}` | where; copied from the unit's record |
//! | `equipment/<n>` | `{"id":…,"name":…,"code":…,"place":…}`; none when the unit as a whole is meant |
//! | `lists` | ids of the checklists |
//! | `campaign` | code of the campaign that it belongs to |
//! | `inspection_kind`, `task_source`, `approval_no` | go into the record of the check |
//! | `due` | until when, `YYYY-MM-DD` |
//! | `inspector` | who should do it; anyone when empty |
//! | `note` | anything else |
//! | `links/lead` | `{"record":…,"kind":"lead","title":…}`: the lead that it was made for; a check for it carries it on |
//! | `done` | `{"inspection":…,"ms":…}`: the check that was made for it |
//! | `cancelled` | why it is no longer wanted |

use serde_json::Value;

use super::journal::State;
use super::time::CivilDate;

/// The kind of these records.
pub const KIND: &str = "task";

/// A piece of equipment that a task names.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TaskEquipment {
    /// Id of its record.
    pub id: String,
    /// Name.
    pub name: String,
    /// Equipment code.
    pub code: String,
    /// Where it stands.
    pub place: String,
}

/// A task as it stands.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Task {
    /// What is to be done.
    pub title: String,
    /// Id of the unit's record.
    pub unit_id: String,
    /// The unit.
    pub unit_name: String,
    /// Its address.
    pub unit_address: String,
    /// The equipment, in the order of the numbers.
    pub equipment: Vec<TaskEquipment>,
    /// Ids of the checklists.
    pub lists: Vec<String>,
    /// Campaign.
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
    pub inspector: String,
    /// Anything else.
    pub note: String,
    /// The lead that it was made for, as it stands in the record.
    pub lead: Option<Value>,
    /// Id of the check that was made for it.
    pub done: Option<String>,
    /// Why it is no longer wanted.
    pub cancelled: Option<String>,
}

impl Task {
    /// What the state says; `None` when it is no task.
    #[must_use]
    pub fn read(state: &State) -> Option<Self> {
        if state.text("kind") != Some(KIND) {
            return None;
        }
        let text = |path: &str| state.text(path).unwrap_or_default().to_owned();
        let list = |path: &str| -> Vec<String> {
            let values = state.get(path).and_then(Value::as_array).into_iter().flatten();
            values.filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let mut equipment: Vec<(u32, TaskEquipment)> = state
            .under("equipment")
            .filter_map(|(number, cell)| {
                let field = |name: &str| cell.value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
                let one = TaskEquipment { id: field("id"), name: field("name"), code: field("code"), place: field("place") };
                Some((number.parse().ok()?, one))
            })
            .collect();
        equipment.sort_by_key(|(number, _)| *number);
        Some(Self {
            title: text("title"),
            unit_id: text("unit/id"),
            unit_name: text("unit/name"),
            unit_address: text("unit/address"),
            equipment: equipment.into_iter().map(|(_, one)| one).collect(),
            lists: list("lists"),
            campaign: text("campaign"),
            inspection_kind: text("inspection_kind"),
            task_source: text("task_source"),
            approval_no: text("approval_no"),
            due: CivilDate::parse(&text("due")),
            inspector: text("inspector"),
            note: text("note"),
            lead: state.get("links/lead").cloned(),
            done: state.get("done").and_then(|done| done.get("inspection")).and_then(Value::as_str).map(str::to_owned),
            cancelled: state.text("cancelled").map(str::to_owned),
        })
    }

    /// Whether it still waits to be done.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.done.is_none() && self.cancelled.is_none()
    }

    /// Days since it was due; none while there is time, and for one without a date.
    #[must_use]
    pub fn days_late(&self, today: CivilDate) -> Option<i64> {
        let due = self.due?;
        (self.is_open() && due < today).then(|| today.0.signed_duration_since(due.0).num_days())
    }
}
