//! Tasks for a lead: what it proposes, and what it notes of them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::app::assign::{MadeTask, Order};
use crate::app::lead;
use crate::app::library::Changes;
use crate::app::matter;
use crate::app::suggest::{self, Known};
use crate::app::workspace::{AppError, Record};
use crate::domain::id::RecordId;
use crate::domain::journal::State;
use crate::domain::uscc::Uscc;
use crate::ledger::{Card, Kind};
use crate::port::clock::Clock as _;
use crate::procedure::Case;
use crate::ui::content;
use crate::ui::state::App;

/// What a lead proposes for a task.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ForLead {
    /// What the task names as its lead; none without one.
    pub link: Option<Value>,
    /// Its title.
    pub title: String,
    /// Why it is checked.
    pub source: String,
    /// The unit and the equipment, as far as they are in the ledgers.
    pub chosen: Vec<(String, BTreeSet<String>)>,
    /// What the unit is called where the ledgers do not know it.
    pub unit_typed: String,
    /// Checklists that fit.
    pub lists: Vec<String>,
}

/// What a lead proposes; `None` when it is not here or no lead.
pub async fn for_task(app: App, id: &str) -> Option<ForLead> {
    let record = app.workspace().load(&RecordId::parse(id).ok()?).await.ok()?;
    let state = record.state();
    if state.text("kind") != Some(crate::signal::lead::KIND) {
        return None;
    }
    let subject = state.text("fields/subject").unwrap_or_default().to_owned();
    let (unit, equipment) = in_ledger(app, state).await;
    let chosen = unit.as_ref().map(|unit| (unit.id.clone(), equipment.iter().map(|one| one.id.clone()).collect()));
    let seller = [state.text("unit/name"), state.text("fields/respondent_name")].into_iter().flatten().find(|name| !name.is_empty());
    let text = |path: &str| state.text(path).unwrap_or_default().to_owned();
    let codes = equipment.iter().map(|one| one.type_code.clone()).chain([text("equipment/type_code")]);
    let codes: Vec<String> = codes.filter(|code| !code.is_empty()).collect();
    let mut known = Known::new();
    // Goods are looked for where they are sold; a machine says itself which list it needs.
    if codes.is_empty() && text("fields/goods_kind") != "special_equipment" {
        known.insert("unit_role", vec!["retailer".to_owned()]);
        known.insert("product_kind", vec![text("fields/goods_kind")]);
    }
    known.insert("equipment_code_prefix", codes);
    let lists = match content::json("suggest.json").await {
        Ok(rules) => suggest::propose(&rules, &known).into_iter().filter(|one| one.preselect).map(|one| one.list).collect(),
        Err(_) => Vec::new(),
    };
    let (title, source) = lead::task_texts(&subject);
    Some(ForLead {
        link: Some(lead::link(id, &subject)),
        title,
        source,
        unit_typed: if chosen.is_none() { seller.unwrap_or_default().to_owned() } else { String::new() },
        chosen: chosen.into_iter().collect(),
        lists,
    })
}

/// The unit and the equipment that a lead is about, as the ledgers know them: by their records, the unit's code, its name, or
/// the code of the equipment.
pub async fn in_ledger(app: App, state: &State) -> (Option<Card>, Vec<Card>) {
    let Ok(shared) = app.ledger(|_| ()).await else { return (None, Vec::new()) };
    let ledger = shared.get();
    let text = |path: &str| state.text(path).unwrap_or_default();
    let equipment = ledger.get(text("equipment/id")).filter(|card| card.kind() == Some(Kind::Equipment)).or_else(|| {
        let code = crate::domain::equipment::normalise_code(text("equipment/code"));
        ledger.of_kind(Kind::Equipment).find(|card| !code.is_empty() && card.code == code)
    });
    let named = |path: &str| {
        let (name, code) = (text(path), Uscc::parse(text("fields/respondent_uscc")).ok());
        let coded = ledger.of_kind(Kind::Unit).find(|card| code.as_ref().is_some_and(|code| card.code == code.as_str()));
        coded.or_else(|| ledger.of_kind(Kind::Unit).find(|card| !name.is_empty() && card.title == name))
    };
    let unit = equipment
        .and_then(|card| ledger.unit_of(card))
        .or_else(|| ledger.get(text("unit/id")).filter(|card| card.kind() == Some(Kind::Unit)))
        .or_else(|| named("fields/respondent_name"))
        .or_else(|| named("unit/name"));
    (unit.cloned(), equipment.into_iter().cloned().collect())
}

/// Notes in the lead that a task was made for it.
///
/// # Errors
/// [`AppError`] when the lead can't be read or written.
pub async fn note_task(app: App, link: &Value, task: &MadeTask, order: &Order) -> Result<(), AppError> {
    let id = link.get("record").and_then(Value::as_str).and_then(|id| RecordId::parse(id).ok()).ok_or(AppError::NoRecord)?;
    let workspace = app.workspace();
    let mut record = workspace.load(&id).await?;
    let made =
        json!({"record": task.id.to_string(), "kind": crate::domain::task::KIND, "title": format!("{} {}", order.title, task.unit_name)});
    let step = workspace.new_record_id().to_string();
    let changes = lead::task_made(record.state(), &step, made, order.due, workspace.clock().read());
    if changes.is_empty() {
        return Ok(());
    }
    write(app, &mut record, &changes).await?;
    // The step counts at once unless something lacks, which a person then fills in on the page of the lead.
    let done = Case::read(record.state()).and_then(|case| {
        let open = case.open.iter().find(|open| open.id == step)?;
        matter::finish_step(&case, record.state(), open, workspace.clock().read()).ok()
    });
    match done {
        Some(done) => write(app, &mut record, &done).await,
        None => Ok(()),
    }
}

async fn write(app: App, record: &mut Record, changes: &Changes) -> Result<(), AppError> {
    let values: Vec<(&str, Value)> = changes.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
    app.workspace().save(record, &values, None).await?;
    app.after_save();
    Ok(())
}
