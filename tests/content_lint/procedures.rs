//! Rules for procedures.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use spotcheck::procedure::Procedure;

use super::content::{Content, array, text, texts};

/// The most characters of a name, in either language.
const LONGEST_NAME: usize = 80;

/// The procedures, by the name of their file without its ending.
fn all(content: &Content) -> impl Iterator<Item = (&str, &Value)> {
    content.files.iter().filter_map(|(path, value)| Some((path.strip_prefix("procedures/")?.strip_suffix(".json")?, value)))
}

/// The steps of a procedure, each with its place.
fn steps<'a>(name: &'a str, procedure: &'a Value) -> impl Iterator<Item = (String, &'a Value)> {
    array(procedure, "steps").iter().map(move |step| (format!("{name}.{}", text(step, "id")), step))
}

/// The forms of a procedure, what a matter is about first, each with its place.
fn forms<'a>(name: &'a str, procedure: &'a Value) -> impl Iterator<Item = (String, &'a [Value])> {
    std::iter::once((name.to_owned(), array(procedure, "fields")))
        .chain(steps(name, procedure).map(|(place, step)| (place, array(step, "fields"))))
}

/// Whether the form asks for this field.
fn asks(form: &[Value], field: &str) -> bool {
    form.iter().any(|one| text(one, "id") == field)
}

/// The program reads them, and each stands in the file of its name.
pub fn readable(content: &Content) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, value) in all(content) {
        match Procedure::read(value.to_string().as_bytes()) {
            Ok(procedure) if procedure.id != name => faults.push(format!("{name}: id {}", procedure.id)),
            Ok(_) => {}
            Err(error) => faults.push(format!("{name}: {error}")),
        }
    }
    faults
}

/// The overview shows each once.
pub fn index(content: &Content) -> Vec<String> {
    let groups = array(content.file("procedure-index.json"), "groups").iter();
    let shown: Vec<&str> = groups.flat_map(|group| texts(group, "procedures")).collect();
    let known: BTreeSet<&str> = all(content).map(|(name, _)| name).collect();
    let mut faults: Vec<String> = shown.iter().filter(|name| !known.contains(*name)).map(|name| format!("there is no {name}")).collect();
    let times = |name: &str| shown.iter().filter(|other| **other == name).count();
    faults.extend(known.iter().filter(|name| times(name) != 1).map(|name| format!("{name} is shown {} times", times(name))));
    faults
}

/// A reference to a law that was not read says so, and what counts as verified rests on no such law.
pub fn verified(content: &Content) -> Vec<String> {
    let laws = array(content.file("basis.json"), "basis").iter();
    let read: BTreeSet<&str> = laws.filter(|law| text(law, "checked") == "source").map(|law| text(law, "id")).collect();
    let open = |basis: &Value| basis.get("verify") == Some(&Value::Bool(true));
    let mut faults = Vec::new();
    for (name, procedure) in all(content) {
        let own = array(procedure, "basis");
        for basis in own.iter().chain(array(procedure, "steps").iter().flat_map(|step| array(step, "basis"))) {
            if !open(basis) && !read.contains(text(basis, "ref")) {
                faults.push(format!("{name}: {} was not read", text(basis, "ref")));
            }
        }
        if procedure.get("verified") == Some(&Value::Bool(true)) && own.iter().any(open) {
            faults.push(format!("{name}: verified by what is not"));
        }
    }
    faults
}

/// Periods are in the rules; what a clock starts from, and when it was met, is asked where it starts and ends.
pub fn clocks(content: &Content) -> Vec<String> {
    let periods: Vec<&str> = array(content.file("rules/clocks.json"), "clocks").iter().map(|clock| text(clock, "id")).collect();
    let mut faults = Vec::new();
    for (name, procedure) in all(content) {
        let of =
            |id: &str| array(procedure, "steps").iter().find(|step| text(step, "id") == id).map_or(&[][..], |step| array(step, "fields"));
        let asked = |steps: Vec<&str>, field: &str| steps.into_iter().any(|step| asks(of(step), field));
        for clock in array(procedure, "clocks") {
            let mut say = |problem: &str| faults.push(format!("{name}.{}: {problem}", text(clock, "id")));
            let period = text(clock, "period");
            if !period.is_empty() && !periods.contains(&period) {
                say(&format!("there is no period {period}"));
            }
            for field in ["from_day", "until"].iter().map(|key| text(clock, key)).filter(|field| !field.is_empty()) {
                if !asks(array(procedure, "fields"), field) && !asked(texts(clock, "starts"), field) {
                    say(&format!("{field} is not asked where it starts"));
                }
            }
            for field in texts(clock, "met_on") {
                if !asked(texts(clock, "ends"), field) {
                    say(&format!("{field} is not asked where it ends"));
                }
            }
        }
    }
    faults
}

/// What a step takes over was asked before, by the matter or another step.
pub fn carried(content: &Content) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, procedure) in all(content) {
        for (place, form) in forms(name, procedure) {
            for field in form.iter().filter(|field| field.get("carry").is_some()).map(|field| text(field, "id")) {
                if !forms(name, procedure).any(|(other, form)| other != place && asks(form, field)) {
                    faults.push(format!("{place}.{field}: nothing says it before"));
                }
            }
        }
    }
    faults
}

/// What is over was signed and is sealed; over as wanted, it has photos as evidence as well. All without condition.
pub fn closing(content: &Content) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, procedure) in all(content) {
        let states: BTreeMap<&str, &Value> = array(procedure, "states").iter().map(|state| (text(state, "id"), state)).collect();
        for state in states.values() {
            let over = state.get("closed") == Some(&Value::Bool(true));
            if over != ["good", "ended"].contains(&text(state, "tone")) {
                faults.push(format!("{name}.{}: over or not", text(state, "id")));
            }
        }
        for (place, step) in steps(name, procedure) {
            let Some(state) = states.get(text(step, "to")).filter(|state| state.get("closed") == Some(&Value::Bool(true))) else {
                continue;
            };
            let needs = |kind: &str| {
                array(step, "fields").iter().any(|field| {
                    text(field, "type") == kind && field.get("required") == Some(&Value::Bool(true)) && field.get("when").is_none()
                })
            };
            if !needs("signature") {
                faults.push(format!("{place}: closes without a signature"));
            }
            if text(state, "tone") == "good" && !needs("photos") {
                faults.push(format!("{place}: closes without evidence"));
            }
            if step.get("seals") != Some(&Value::Bool(true)) {
                faults.push(format!("{place}: closes without a seal"));
            }
        }
    }
    faults
}

/// Every signature says which field names who signs.
pub fn signers(content: &Content) -> Vec<String> {
    let mut faults = Vec::new();
    for (place, form) in all(content).flat_map(|(name, procedure)| forms(name, procedure)) {
        for field in form.iter().filter(|field| text(field, "type") == "signature") {
            let who = form.iter().find(|other| text(other, "id") == text(field, "who")).map(|other| text(other, "type"));
            if !matches!(who, Some("person" | "officers")) {
                faults.push(format!("{place}.{}: nobody signs", text(field, "id")));
            }
        }
    }
    faults
}

/// Names fit on a button of a phone.
pub fn names(content: &Content) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, procedure) in all(content) {
        let fields: Vec<&Value> = forms(name, procedure).flat_map(|(_, form)| form).collect();
        let options = fields.iter().flat_map(|field| array(field, "options").iter().chain(array(field, "columns")));
        let parts = ["states", "steps", "clocks"].iter().flat_map(|key| array(procedure, key));
        for one in procedure.get("title").into_iter().chain(parts).chain(fields.iter().copied()).chain(options) {
            for lang in ["zh", "en"] {
                let length = text(one, lang).chars().count();
                if length > LONGEST_NAME {
                    faults.push(format!("{name}: {length} characters: {}", text(one, lang)));
                }
            }
        }
    }
    faults
}

/// Conditions ask known fields for what they can say.
pub fn conditions(content: &Content) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, procedure) in all(content) {
        let mut found = Vec::new();
        collect(procedure, &mut found);
        let fields: Vec<&Value> = forms(name, procedure).flat_map(|(_, form)| form).collect();
        for condition in found {
            if let Some(problem) = fault_of(procedure, &fields, condition) {
                faults.push(format!("{name}: {problem}"));
            }
        }
    }
    faults
}

/// Every comparison of `when` and `required`.
fn collect<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
    if value.get("op").is_some() {
        found.push(value);
    }
    match value {
        Value::Object(object) => object.values().for_each(|value| collect(value, found)),
        Value::Array(array) => array.iter().for_each(|value| collect(value, found)),
        _ => {}
    }
}

fn fault_of(procedure: &Value, fields: &[&Value], condition: &Value) -> Option<String> {
    let (field, op) = (text(condition, "field"), text(condition, "op"));
    let value = condition.get("value").unwrap_or(&Value::Null);
    let single = std::slice::from_ref(value);
    let values = value.as_array().map_or(single, Vec::as_slice);
    let ids = |rows: &[Value]| -> BTreeSet<String> { rows.iter().map(|row| text(row, "id").to_owned()).collect() };
    if field.split_once('.').is_some_and(|(part, _)| ["unit", "equipment", "links"].contains(&part)) {
        return None;
    }
    let same: Vec<&&Value> = fields.iter().filter(|one| text(one, "id") == field).collect();
    let Some(first) = same.first() else {
        let known = field == "state"
            && values.iter().all(|value| value.as_str().is_some_and(|state| ids(array(procedure, "states")).contains(state)));
        return (!known).then(|| format!("{field} is no field"));
    };
    let fits = match text(first, "type") {
        "yes" => op == "eq" && value.is_boolean(),
        "number" => ["gte", "lt"].contains(&op) && value.is_number(),
        "choice" | "choices" => {
            let options: BTreeSet<String> = same.iter().flat_map(|one| ids(array(one, "options"))).collect();
            ["eq", "in"].contains(&op)
                && !values.is_empty()
                && values.iter().all(|value| value.as_str().is_some_and(|one| options.contains(one)))
        }
        // Every text begins with nothing: so one asks whether there is an answer.
        "text" | "long" | "date" => op == "startsWith" && values.iter().all(|value| value == ""),
        _ => false,
    };
    (!fits).then(|| format!("{field} can't be compared so: {condition}"))
}
