//! Rules for the inbox of complaints and reports.

use serde_json::Value;
use spotcheck::intake::Triage;
use spotcheck::procedure::{FieldKind, Procedure};

use super::content::{Content, array, text, texts};

fn procedure(content: &Content, name: &str) -> Option<Procedure> {
    let file = content.files.iter().find(|(path, _)| **path == format!("procedures/{name}.json"))?.1;
    Procedure::read(file.to_string().as_bytes()).ok()
}

/// The program reads them, and what they name is there: procedures and their states, and fields that lists know of.
pub fn rules(content: &Content) -> Vec<String> {
    let file = content.file("rules/triage.json");
    let mut faults: Vec<String> = Triage::read(file.to_string().as_bytes()).err().map(|error| error.to_string()).into_iter().collect();
    let mut known: Vec<String> = Vec::new();
    for taken in array(file, "procedures") {
        let Some(procedure) = procedure(content, text(taken, "id")) else {
            faults.push(format!("there is no procedure {}", text(taken, "id")));
            continue;
        };
        let states = texts(taken, "incoming").into_iter();
        faults.extend(states.filter(|state| procedure.state(state).is_none()).map(|state| format!("there is no state {state}")));
        let yes = procedure.fields.iter().filter(|field| field.kind == FieldKind::Yes).map(|field| field.id.clone());
        known.extend(procedure.listed.iter().cloned().chain(yes));
    }
    let groups = array(file, "near").iter().flat_map(|rule| array(rule, "same")).filter_map(Value::as_array).flatten();
    let mut named: Vec<String> = groups.filter_map(Value::as_str).map(str::to_owned).collect();
    array(file, "urgent").iter().for_each(|one| fields(one, &mut named));
    faults.extend(named.into_iter().filter(|name| !known.contains(name)).map(|name| format!("lists know nothing of {name}")));
    faults
}

fn fields(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            found.extend(map.get("field").and_then(Value::as_str).map(str::to_owned));
            map.values().for_each(|below| fields(below, found));
        }
        Value::Array(list) => list.iter().for_each(|below| fields(below, found)),
        _ => {}
    }
}

/// What complaints and reports tell lists is not what happened to a person, and they are never handed on whole.
pub fn masks(content: &Content) -> Vec<String> {
    let mut faults = Vec::new();
    for name in ["complaint", "report"] {
        let Some(procedure) = procedure(content, name) else {
            faults.push(format!("{name} can't be read"));
            continue;
        };
        if !procedure.confidential {
            faults.push(format!("{name} is handed on with whoever it came from"));
        }
        let long = |id: &String| procedure.field(id).is_some_and(|field| field.kind == FieldKind::Long);
        faults.extend(procedure.listed.iter().filter(|id| long(id)).map(|id| format!("{name}: lists tell {id}")));
    }
    faults
}
