//! Rules for gradings of hazards, consequences in law and grades of accidents.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use spotcheck::rules::{AccidentGrades, Consequences, Gradings};

use super::content::{Content, array, is_retired, text, texts};

const GRADINGS: &str = "rules/gradings.json";
const CONSEQUENCES: &str = "rules/consequences.json";

/// The program reads them.
pub fn readable(content: &Content) -> Vec<String> {
    let bytes = |path: &str| content.file(path).to_string().into_bytes();
    let read = [
        Gradings::read(&bytes(GRADINGS)).err(),
        Consequences::read(&bytes(CONSEQUENCES)).err(),
        AccidentGrades::read(&bytes("rules/accident-grades.json")).err(),
    ];
    read.into_iter().flatten().map(|error| error.to_string()).collect()
}

/// Every clause of all gradings, with the law that it stands in.
fn clauses(content: &Content) -> impl Iterator<Item = (&str, &Value)> {
    array(content.file(GRADINGS), "gradings").iter().flat_map(|grading| {
        let law = array(grading, "basis").first().map_or("", |basis| text(basis, "ref"));
        array(grading, "clauses").iter().map(move |clause| (law, clause))
    })
}

/// Items that are named are asked, in that list, and of equipment that the clause is about.
pub fn items(content: &Content) -> Vec<String> {
    let known: BTreeSet<(&str, &str)> =
        content.items().filter(|(_, item)| !is_retired(item)).map(|(list, item)| (list, text(item, "id"))).collect();
    let mut faults = Vec::new();
    let mut named = |place: &str, group: &Value| {
        let strange = texts(group, "items").into_iter().filter(|item| !known.contains(&(text(group, "list"), *item)));
        faults.extend(strange.map(|item| format!("{place}: {item} is not asked")));
    };
    for (_, clause) in clauses(content) {
        array(clause, "triggers").iter().for_each(|trigger| named(text(clause, "id"), trigger));
    }
    for one in array(content.file(CONSEQUENCES), "consequences") {
        one.get("may").into_iter().flat_map(|may| array(may, "items")).for_each(|group| named(text(one, "id"), group));
    }
    for (_, clause) in clauses(content) {
        let kinds = texts(clause, "kinds");
        faults.extend(
            kinds.iter().filter(|kind| !content.is_type_prefix(kind)).map(|kind| format!("{}: no type {kind}", text(clause, "id"))),
        );
        for list in array(clause, "triggers").iter().map(|trigger| text(trigger, "list")).filter(|list| !list.is_empty()) {
            let applies = content.lists().find(|(name, _)| *name == list).and_then(|(_, list)| list.get("applies_to"));
            let prefixes = applies.map(|applies| texts(applies, "equipment_code_prefix")).unwrap_or_default();
            let meet = |a: &&str, b: &&str| a.starts_with(*b) || b.starts_with(*a);
            if !kinds.is_empty() && !prefixes.is_empty() && !kinds.iter().any(|kind| prefixes.iter().any(|prefix| meet(kind, prefix))) {
                faults.push(format!("{}: {list} is about other equipment", text(clause, "id")));
            }
        }
    }
    faults
}

/// What an item says of its severity and what the gradings propose are one: an item that names the law of a grading is
/// proposed by it, and one that is proposed without a doubt is that grave.
pub fn severities(content: &Content) -> Vec<String> {
    let mut proposed: BTreeMap<(&str, &str), bool> = BTreeMap::new();
    for (law, clause) in clauses(content) {
        for trigger in array(clause, "triggers") {
            let sure = trigger.get("ask").is_none();
            for item in texts(trigger, "items") {
                *proposed.entry((law, item)).or_default() |= sure;
            }
        }
    }
    let mut faults = Vec::new();
    for (_, item) in content.items().filter(|(_, item)| !is_retired(item)) {
        let id = text(item, "id");
        for basis in array(item, "severity_basis") {
            let law = text(basis, "ref");
            let graded = law == "GB45067" || law == "ORDER57" && text(basis, "article").starts_with("第二十五条");
            if graded && !proposed.contains_key(&(law, id)) {
                faults.push(format!("{id}: graded by {law}, and no clause proposes it"));
            }
        }
        let sure = |law: &str| proposed.get(&(law, id)) == Some(&true);
        let grave = text(item, "severity");
        if sure("GB45067") && grave != "major" || sure("ORDER57") && grave == "general" {
            faults.push(format!("{id}: proposed as graver than {grave}"));
        }
    }
    faults
}

/// Consequences name clauses that there are, and ask the fields of a hazard; grades of accidents are those that an incident
/// can be given, and ask the facts that it can say. What counts as
/// verified rests on a law that was read.
pub fn references(content: &Content) -> Vec<String> {
    let known: BTreeSet<&str> = clauses(content).map(|(_, clause)| text(clause, "id")).collect();
    let options = |file: &str, field: &str| {
        let steps = array(content.file(file), "steps").iter().flat_map(|step| array(step, "fields"));
        let fields = array(content.file(file), "fields").iter().chain(steps).filter(|one| text(one, "id") == field);
        fields.flat_map(|one| array(one, "options")).map(|option| text(option, "id")).collect::<BTreeSet<_>>()
    };
    let states: BTreeSet<&str> = array(content.file("procedures/hazard.json"), "states").iter().map(|state| text(state, "id")).collect();
    let laws = array(content.file("basis.json"), "basis").iter();
    let read: BTreeSet<&str> = laws.filter(|law| text(law, "checked") == "source").map(|law| text(law, "id")).collect();
    let doubtful = clauses(content).filter(|(law, clause)| clause.get("verified") == Some(&Value::Bool(true)) && !read.contains(law));
    let mut faults: Vec<String> = doubtful.map(|(law, clause)| format!("{}: {law} was not read", text(clause, "id"))).collect();
    for one in array(content.file(CONSEQUENCES), "consequences") {
        let may = one.get("may").unwrap_or(&Value::Null);
        let mut say = |problem: String| faults.push(format!("{}: {problem}", text(one, "id")));
        for clause in texts(may, "clauses").into_iter().filter(|clause| !known.contains(clause)) {
            say(format!("there is no clause {clause}"));
        }
        if let Some(when) = may.get("when") {
            let (field, value) = (text(when, "field"), text(when, "value"));
            let fits = if field == "state" { states.contains(value) } else { options("procedures/hazard.json", field).contains(value) };
            if !fits {
                say(format!("{field} is never {value}"));
            }
        }
    }
    let (grades, special) = (options("procedures/incident.json", "grade"), options("procedures/incident.json", "special"));
    for grade in array(content.file("rules/accident-grades.json"), "grades") {
        let needs = array(grade, "any").iter().flat_map(|criterion| array(criterion, "all"));
        let strange = needs.flat_map(|need| texts(need, "special")).filter(|one| !special.contains(one));
        faults.extend(strange.map(|one| format!("{}: {one} is no special fact", text(grade, "id"))));
        if !grades.contains(text(grade, "id")) {
            faults.push(format!("{} is no grade of a report", text(grade, "id")));
        }
    }
    faults
}
