//! Hazards of a check: what is known of a failed item when it becomes a hazard.

use serde_json::{Value, json};

use super::matter::About;
use crate::domain::checklist::Severity;
use crate::domain::content::Lang;
use crate::domain::inspection::{Inspection, Subject};
use crate::domain::journal::State;

/// A failed item, ready to become a hazard.
#[derive(Clone, PartialEq, Debug)]
pub struct Found {
    /// The key of its question.
    pub key: String,
    /// What is wrong, for lists.
    pub title: String,
    /// What the hazard begins with.
    pub about: About,
    /// The photos of the question: id in the check, and the value as it stands there.
    pub photos: Vec<(String, Value)>,
}

/// What links a hazard to the question of a check.
#[must_use]
pub fn link(record: &str, key: &str) -> String {
    format!("{record}#{key}")
}

/// The failed items of a check, in its order. `record` is its id; `name` says how a law is called, by its id.
#[must_use]
pub fn found(inspection: &Inspection, state: &State, record: &str, name: &dyn Fn(&str) -> String) -> Vec<Found> {
    inspection.failed().filter_map(|index| one(inspection, state, record, index, name)).collect()
}

fn one(inspection: &Inspection, state: &State, record: &str, index: usize, name: &dyn Fn(&str) -> String) -> Option<Found> {
    let item = inspection.item(index)?;
    let key = inspection.key(index)?.to_owned();
    let answer = inspection.answer(index);
    let subject = inspection.subject(index);
    let text = inspection.text(index, Lang::Zh);
    let description = if answer.finding.is_empty() { text.to_owned() } else { answer.finding.clone() };
    let severity = inspection.severity(index);
    let basis: Vec<String> = item
        .basis
        .iter()
        .map(|basis| {
            let article = basis.article.clone().unwrap_or_default();
            let mark = if basis.verify { "（未核实）" } else { "" };
            format!("《{}》{article}{mark}", name(&basis.basis))
        })
        .collect();
    let officers: Vec<Value> = ["inspectors/1", "inspectors/2"].into_iter().filter_map(|path| state.get(path).cloned()).collect();
    let mut fields = vec![
        ("description".to_owned(), json!(description)),
        ("requirement".to_owned(), json!(answer.requirement)),
        ("basis".to_owned(), json!(basis.join("\n"))),
        ("place".to_owned(), json!(subject.map(|subject| subject.place.clone()).unwrap_or_default())),
    ];
    // The periods for reporting count from when it was found, which is not after the check was sealed.
    fields.extend(state.get("started").map(|started| ("found_at".to_owned(), started.clone())));
    if !officers.is_empty() {
        fields.push(("officers".to_owned(), Value::Array(officers)));
    }
    // What the item says is a proposal; whoever inspects decides it.
    if let Some(severity) = severity {
        fields.push(("serious".to_owned(), json!(severity >= Severity::Serious)));
        fields.push(("major".to_owned(), json!(severity >= Severity::Major)));
        let proposed: Vec<&str> = [("serious", Severity::Serious), ("major", Severity::Major)]
            .into_iter()
            .filter(|(_, least)| severity >= *least)
            .map(|(grade, _)| grade)
            .collect();
        if !proposed.is_empty() {
            fields.push(("proposed".to_owned(), json!(proposed)));
        }
    }
    let unit = state.under("unit").filter(|(path, _)| !path.contains('/')).map(|(path, cell)| (path.to_owned(), cell.value.clone()));
    let title = state.text("unit/name").unwrap_or_default();
    let source = json!({"record": record, "kind": "inspection", "title": format!("{title} {}", inspection.day), "key": key});
    let photos = state.under("photos").filter(|(path, cell)| {
        let own = cell.value.get("item").and_then(Value::as_str) == Some(key.as_str());
        own && !path.contains('/') && state.get(&format!("photos/{path}/deleted")).is_none()
    });
    Some(Found {
        title: description,
        about: About {
            bureau: state.text("bureau").unwrap_or_default().to_owned(),
            unit: unit.collect(),
            equipment: subject.map(equipment).unwrap_or_default(),
            fields,
            links: vec![("source".to_owned(), source)],
        },
        photos: photos.map(|(path, cell)| (path.to_owned(), cell.value.clone())).collect(),
        key,
    })
}

fn equipment(subject: &Subject) -> Vec<(String, Value)> {
    let known = [
        ("id", &subject.id),
        ("name", &subject.name),
        ("code", &subject.code),
        ("type_code", &subject.type_code),
        ("cert_no", &subject.cert_no),
        ("place", &subject.place),
    ];
    known.into_iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| (name.to_owned(), json!(text))).collect()
}
