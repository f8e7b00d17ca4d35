//! What lists show of a matter.

use serde_json::Value;

use super::case::Case;
use super::definition::{FieldKind, Tone};
use super::private::{mark, secrets};
use super::timing::running;
use crate::domain::journal::State;
use crate::domain::mask::scrub;
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
    let headline = case.value(state, None, &case.procedure.headline).and_then(Value::as_str).unwrap_or_default();
    let text = |path: &str| state.text(path).unwrap_or_default().to_owned();
    Some(MatterLine {
        procedure: case.procedure.id.clone(),
        state: case.state.clone(),
        state_zh: here.name.zh.clone(),
        state_en: here.name.en.clone(),
        tone: tone.to_owned(),
        closed: case.is_closed(),
        headline: scrub(headline, &secrets(&case, state)),
        flags: case.procedure.fields.iter().filter(yes).map(|field| field.id.clone()).collect(),
        unit: text("unit/id"),
        equipment: text("equipment/id"),
        links: links.collect(),
        facts: facts(&case, state),
        confidential: case.procedure.confidential,
        periods: running(&case, state),
        signal: None,
    })
}

/// What lists know besides: see [`MatterLine::facts`].
fn facts(case: &Case, state: &State) -> Vec<String> {
    let hidden = secrets(case, state);
    let listed = case.procedure.listed.iter().filter_map(|name| {
        let (value, private) = match name.split_once('.') {
            Some((part, field)) => (state.get(&format!("{part}/{field}"))?, false),
            None => (case.value(state, None, name)?, case.procedure.field(name).is_some_and(|field| field.private)),
        };
        let text = match value {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Object(link) => link.get("record")?.as_str()?.to_owned(),
            _ => return None,
        };
        // Codes and numbers of orders are told apart by every sign of them.
        let code = text.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '-');
        let told = if private {
            mark(&text)
        } else if code {
            text
        } else {
            scrub(&text, &hidden)
        };
        (!told.is_empty()).then(|| format!("{name}{}{told}", if private { '#' } else { '=' }))
    });
    let near = state.under("near").filter_map(|(record, cell)| Some(format!("near/{record}={}", cell.value.get("as")?.as_str()?)));
    listed.chain(near).collect()
}
