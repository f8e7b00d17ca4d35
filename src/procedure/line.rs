//! What lists show of a matter.

use serde_json::Value;

use super::case::Case;
use super::definition::{FieldKind, Tone};
use super::timing::running;
use crate::domain::journal::State;
use crate::domain::matter::MatterLine;

/// What lists show; `None` when the record is no matter.
#[must_use]
pub fn line(state: &State) -> Option<MatterLine> {
    let case = Case::read(state)?;
    let here = case.procedure.state(&case.state)?;
    let tone = match here.tone {
        Tone::Todo => "todo",
        Tone::Waiting => "waiting",
        Tone::Bad => "bad",
        Tone::Good => "good",
        Tone::Ended => "ended",
    };
    let yes = |field: &&super::Field| {
        field.kind == FieldKind::Yes && case.value(state, None, &field.id).is_some_and(|value| *value == Value::Bool(true))
    };
    let links = state.under("links").filter_map(|(_, cell)| {
        let record = cell.value.get("record")?.as_str()?;
        // A question of a check is told apart from its other questions.
        Some(match cell.value.get("key").and_then(Value::as_str) {
            Some(key) => format!("{record}#{key}"),
            None => record.to_owned(),
        })
    });
    let text = |path: &str| state.text(path).unwrap_or_default().to_owned();
    Some(MatterLine {
        procedure: case.procedure.id.clone(),
        state: case.state.clone(),
        state_zh: here.name.zh.clone(),
        state_en: here.name.en.clone(),
        tone: tone.to_owned(),
        closed: case.is_closed(),
        headline: case.value(state, None, &case.procedure.headline).and_then(Value::as_str).unwrap_or_default().to_owned(),
        flags: case.procedure.fields.iter().filter(yes).map(|field| field.id.clone()).collect(),
        unit: text("unit/id"),
        equipment: text("equipment/id"),
        links: links.collect(),
        periods: running(&case, state),
    })
}
