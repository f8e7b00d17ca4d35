//! Matters: beginning one, and the steps that are done with it, as changes to write.

use serde_json::{Value, json};

use super::library::Changes;
use crate::domain::change::ClockReading;
use crate::domain::inspection::Summary;
use crate::domain::journal::{Journal, State};
use crate::domain::matter::MatterLine;
use crate::domain::time::Instant;
pub use crate::procedure::signed;
use crate::procedure::{Case, Lack, Open, Procedure, digests, field_path, lacks, line};
use crate::signal;

/// What a matter is about when it begins.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct About {
    /// The bureau.
    pub bureau: String,
    /// Fields of the unit: `id`, `name`, `uscc`, `address`…
    pub unit: Vec<(String, Value)>,
    /// Fields of the equipment.
    pub equipment: Vec<(String, Value)>,
    /// What is known of the fields of the matter.
    pub fields: Vec<(String, Value)>,
    /// What the program proposes: fields of the matter, and where that came from.
    pub proposed: Vec<(String, Value)>,
    /// What it came from: name of the link, and `{"record":…,"kind":…,"title":…}`.
    pub links: Vec<(String, Value)>,
}

/// The changes that begin a matter.
#[must_use]
pub fn begin(procedure: &Procedure, about: &About, now: ClockReading) -> Changes {
    let mut changes = vec![
        ("kind".to_owned(), Value::from(procedure.kind.clone())),
        ("procedure".to_owned(), serde_json::to_value(procedure).unwrap_or_default()),
        ("opened".to_owned(), moment(now)),
        ("bureau".to_owned(), Value::from(about.bureau.clone())),
    ];
    let parts = [
        ("unit", &about.unit),
        ("equipment", &about.equipment),
        ("fields", &about.fields),
        ("proposed", &about.proposed),
        ("links", &about.links),
    ];
    for (part, values) in parts {
        let given = values.iter().filter(|(_, value)| !value.is_null() && value.as_str() != Some(""));
        changes.extend(given.map(|(name, value)| (format!("{part}/{name}"), value.clone())));
    }
    changes.retain(|(_, value)| value.as_str() != Some(""));
    changes
}

/// The changes that begin a step under an id that no other has, such as that of a new record.
#[must_use]
pub fn begin_step(id: &str, step: &str) -> Changes {
    vec![(format!("steps/{id}/step"), Value::from(step))]
}

/// The changes that write what was said before into a step that begins, where its fields take it over.
#[must_use]
pub fn carried(case: &Case, state: &State, id: &str, step: &str) -> Changes {
    let fields = case.procedure.step(step).map(|def| def.fields.as_slice()).unwrap_or_default();
    let known = fields.iter().filter(|field| field.carry).filter_map(|field| Some((field, case.value(state, None, &field.id)?)));
    known.filter(|(_, value)| !value.is_null()).map(|(field, value)| (field_path(Some(id), &field.id), value.clone())).collect()
}

/// The changes that make a step count.
///
/// # Errors
/// What lacks; nothing is to be written then.
pub fn finish_step(case: &Case, state: &State, open: &Open, now: ClockReading) -> Result<Changes, Vec<Lack>> {
    let today = Instant::from_ms(now.wall_ms).date(now.offset_min);
    let lacking = lacks(case, state, Some(open), today);
    if !lacking.is_empty() {
        return Err(lacking);
    }
    let mut done = moment(now);
    if let Some(fields) = done.as_object_mut() {
        fields.insert("of".to_owned(), Value::Object(digests(state, &open.id)));
    }
    Ok(vec![(format!("steps/{}/done", open.id), done)])
}

/// The changes that give a step up.
#[must_use]
pub fn drop_step(id: &str, reason: &str) -> Changes {
    vec![(format!("steps/{id}/dropped"), Value::from(reason))]
}

/// What lists show of any record that has no card.
#[must_use]
pub fn summary(journal: &Journal, state: &State) -> Summary {
    with_line(Summary::of(journal, state), state)
}

/// Adds what is shown of matters.
#[must_use]
pub fn with_line(mut summary: Summary, state: &State) -> Summary {
    summary.matter = line(state).map(|line| MatterLine { signal: signal::of(state), ..line });
    summary
}

fn moment(now: ClockReading) -> Value {
    json!({"ms": now.wall_ms, "offset_min": now.offset_min})
}
