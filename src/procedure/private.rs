//! What a matter says of persons: which values are private, what stands for them while they are hidden.

use serde_json::Value;

use super::case::Case;
use super::definition::{Field, FieldKind, Procedure};
use crate::domain::journal::State;
use crate::domain::mask::{HIDDEN, Mask};
use crate::domain::uscc::half_width;
use crate::evidence::chain::sha256;

/// Longer texts are told in words of their own elsewhere; looking for them would find nothing.
const LONGEST_SECRET: usize = 60;
/// How many signs of a digest make a mark: enough to tell matters of an office apart, too few to be sure of a number.
const MARK_SIGNS: usize = 8;

/// What stands for the answer to a private field while it is hidden; empty where there is none.
#[must_use]
pub fn masked(field: &Field, value: &Value) -> String {
    let part = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
    match &field.kind {
        FieldKind::Text | FieldKind::Long => field.mask.unwrap_or_default().hide(value.as_str().unwrap_or_default()),
        FieldKind::Person => {
            let shown = [Mask::Name.hide(part("name")), Mask::Phone.hide(part("phone"))];
            shown.into_iter().filter(|shown| !shown.is_empty()).collect::<Vec<_>>().join(" ")
        }
        _ if value.is_null() => String::new(),
        _ => HIDDEN.to_owned(),
    }
}

/// Whether a field tells of a person: it is private, or signed by somebody whom a private field of its form names.
#[must_use]
pub fn names_private(field: &Field, form: &[Field]) -> bool {
    let named = |who: &str| form.iter().any(|other| other.id == who && other.private);
    field.private || matches!(&field.kind, FieldKind::Signature { who, .. } if named(who))
}

/// Whether a change at a path of the record tells of a person.
#[must_use]
pub fn is_private_path(procedure: &Procedure, state: &State, path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        ["fields", field, ..] => private_in(&procedure.fields, field),
        ["steps", step, "fields", field, ..] => {
            let def = state.text(&format!("steps/{step}/step")).and_then(|name| procedure.step(name));
            def.map_or_else(|| procedure.field(field).is_some_and(|field| field.private), |def| private_in(&def.fields, field))
        }
        ["photos", photo, ..] => {
            let item = state.get(&format!("photos/{photo}")).and_then(|photo| photo.get("item")?.as_str()).unwrap_or_default();
            match item.split_once('.') {
                Some((step, field)) => is_private_path(procedure, state, &format!("steps/{step}/fields/{field}")),
                None => private_in(&procedure.fields, item),
            }
        }
        _ => false,
    }
}

fn private_in(form: &[Field], id: &str) -> bool {
    form.iter().any(|field| field.id == id && names_private(field, form))
}

/// Every private text of a matter with what stands for it, the longest first: what must not be found in other texts of it.
#[must_use]
pub fn secrets(case: &Case, state: &State) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut add = |text: &str, mask: Mask| {
        let text = text.trim();
        if !text.is_empty() && text.chars().count() <= LONGEST_SECRET {
            found.push((text.to_owned(), mask.hide(text)));
        }
    };
    let of_matter = case.procedure.fields.iter().map(|field| (format!("fields/{}", field.id), field));
    let of_steps = state.under("steps").filter_map(|(path, cell)| {
        let id = path.strip_suffix("/step")?;
        let def = case.procedure.step(cell.value.as_str()?)?;
        Some(def.fields.iter().map(move |field| (format!("steps/{id}/fields/{}", field.id), field)))
    });
    for (path, field) in of_matter.chain(of_steps.flatten()).filter(|(_, field)| field.private) {
        let Some(value) = state.get(&path) else { continue };
        match &field.kind {
            FieldKind::Text | FieldKind::Long => add(value.as_str().unwrap_or_default(), field.mask.unwrap_or_default()),
            FieldKind::Person => {
                for (part, mask) in [("name", Mask::Name), ("phone", Mask::Phone)] {
                    add(value.get(part).and_then(Value::as_str).unwrap_or_default(), mask);
                }
            }
            FieldKind::Rows { .. } => {
                let cells = value.as_array().into_iter().flatten().filter_map(Value::as_object).flat_map(|row| row.values());
                cells.filter_map(Value::as_str).for_each(|cell| add(cell, Mask::Whole));
            }
            _ => {}
        }
    }
    found.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
    found.dedup();
    found
}

/// A mark by which two private texts can be compared without being told: letters and digits count, not how they are set.
///
/// It keeps a text out of lists and searches. It is no protection from somebody who has the records themselves.
#[must_use]
pub fn mark(text: &str) -> String {
    let signs: String = text.chars().map(half_width).filter(|sign| sign.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let own = match signs.strip_prefix("0086").or_else(|| signs.strip_prefix("86")) {
        Some(own) if own.len() == 11 && own.starts_with('1') => own,
        _ => &signs,
    };
    if own.is_empty() { String::new() } else { sha256(own.as_bytes()).to_string().chars().take(MARK_SIGNS).collect() }
}
