//! Rules for lists and for what they share.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use spotcheck::domain::checklist::Checklist;

use super::content::{Content, array, is_retired, text, texts};

/// Ids are those of the list with three digits, and never used twice.
pub fn ids(content: &Content) -> Vec<String> {
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    for (name, list) in content.lists() {
        if text(list, "id") != name {
            faults.push(format!("{name}.json holds {}", text(list, "id")));
        }
    }
    for (name, item) in content.items() {
        let id = text(item, "id");
        let digits = id.strip_prefix(name).and_then(|rest| rest.strip_prefix('-')).unwrap_or_default();
        if digits.len() != 3 || !digits.chars().all(|c| c.is_ascii_digit()) {
            faults.push(format!("{id} in {name}.json"));
        }
        if !seen.insert(id) {
            faults.push(format!("{id} occurs twice"));
        }
    }
    faults
}

/// The app reads every list, and none is too long for a visit.
pub fn readable(content: &Content) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, list) in content.lists() {
        if let Err(error) = Checklist::from_value(list) {
            faults.push(format!("{name}: {error}"));
        }
        let asked = array(list, "items").iter().filter(|item| !is_retired(item)).count();
        if !(12..=30).contains(&asked) {
            faults.push(format!("{name}: {asked} items"));
        }
    }
    faults
}

/// Every reference is to a law of the registry; a list carries the laws that it refers to, as the registry has them.
pub fn basis(content: &Content) -> Vec<String> {
    let registry: BTreeMap<&str, &Value> =
        array(content.file("basis.json"), "basis").iter().map(|basis| (text(basis, "id"), basis)).collect();
    let mut faults = Vec::new();
    for (name, list) in content.lists() {
        let carried: BTreeSet<&str> = array(list, "basis").iter().map(|basis| text(basis, "id")).collect();
        for basis in array(list, "basis") {
            if registry.get(text(basis, "id")) != Some(&basis) {
                faults.push(format!("{name}: {} is not as in the registry", text(basis, "id")));
            }
        }
        let mut used = BTreeSet::new();
        for item in array(list, "items") {
            if array(item, "basis").is_empty() {
                faults.push(format!("{}: no basis", text(item, "id")));
            }
            used.extend(array(item, "basis").iter().chain(array(item, "severity_basis")).map(|basis| text(basis, "ref")));
        }
        faults.extend(used.symmetric_difference(&carried).map(|id| format!("{name}: {id} is used or carried, not both")));
    }
    let mut references = Vec::new();
    for (path, value) in &content.files {
        collect_refs(path, value, &mut references);
    }
    references.sort_unstable();
    references.dedup();
    faults.extend(
        references.into_iter().filter(|(_, id)| !registry.contains_key(id)).map(|(path, id)| format!("{path}: {id} is in no registry")),
    );
    faults
}

fn collect_refs<'a>(path: &'a str, value: &'a Value, found: &mut Vec<(&'a str, &'a str)>) {
    match value {
        Value::Object(object) => {
            let of_basis = object.get("basis").into_iter().chain(object.get("severity_basis"));
            let refs = of_basis.filter_map(Value::as_array).flatten().filter_map(|entry| entry.get("ref")?.as_str());
            found.extend(refs.map(|id| (path, id)));
            object.values().for_each(|value| collect_refs(path, value, found));
        }
        Value::Array(array) => array.iter().for_each(|value| collect_refs(path, value, found)),
        _ => {}
    }
}

/// What a list is for is said in known codes.
pub fn applies_to(content: &Content) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, list) in content.lists() {
        let applies = list.get("applies_to").unwrap_or(&Value::Null);
        let subject = text(applies, "subject");
        let prefixes = texts(applies, "equipment_code_prefix");
        if !["equipment", "unit"].contains(&subject) || (subject == "equipment") == prefixes.is_empty() {
            faults.push(format!("{name}: subject {subject:?} with {} beginnings of type codes", prefixes.len()));
        }
        faults.extend(prefixes.into_iter().filter(|code| !content.is_type_prefix(code)).map(|code| format!("{name}: no type {code}")));
        for (key, table) in
            [("unit_role", "unit-roles"), ("product_kinds", "goods-kinds"), ("body_kinds", "body-kinds"), ("excludes", "place-kinds")]
        {
            let known = content.codes(table);
            // A list may be for units of any role.
            let any = (key == "unit_role").then_some("any");
            let strange = texts(applies, key).into_iter().filter(|code| !known.contains(code) && Some(*code) != any);
            faults.extend(strange.map(|code| format!("{name}: {key} {code}")));
        }
    }
    faults
}

/// The index says what the files say.
pub fn index(content: &Content) -> Vec<String> {
    let files = array(content.file("checklists/index.json"), "files");
    let mut faults = Vec::new();
    let named: BTreeSet<&str> = files.iter().map(|entry| text(entry, "id")).collect();
    let lists: BTreeMap<&str, &Value> = content.lists().collect();
    faults.extend(lists.keys().filter(|name| !named.contains(*name)).map(|name| format!("{name} is missing")));
    if named.len() != files.len() {
        faults.push("a list is named twice".to_owned());
    }
    for entry in files {
        let id = text(entry, "id");
        let Some(list) = lists.get(id) else {
            faults.push(format!("there is no {id}.json"));
            continue;
        };
        if text(entry, "file") != format!("{id}.json") {
            faults.push(format!("{id}: file"));
        }
        for key in ["title_zh", "title_en", "domain", "version", "applies_to"] {
            if entry.get(key) != list.get(key) {
                faults.push(format!("{id}: {key}"));
            }
        }
        let asked = array(list, "items").iter().filter(|item| !is_retired(item)).count();
        if entry.get("items").and_then(Value::as_u64) != u64::try_from(asked).ok() {
            faults.push(format!("{id}: {asked} items"));
        }
    }
    faults
}

/// What several lists ask of a unit under one key is asked, weighed and handled in one way.
pub fn common(content: &Content) -> Vec<String> {
    let mut shared: BTreeMap<&str, Vec<(&str, &Value)>> = BTreeMap::new();
    for (name, item) in content.items().filter(|(_, item)| !is_retired(item)) {
        let key = text(item, "common");
        if !key.is_empty() {
            shared.entry(key).or_default().push((name, item));
        }
    }
    let mut faults = Vec::new();
    for (key, items) in shared {
        let lists: BTreeSet<&str> = items.iter().map(|(name, _)| *name).collect();
        if lists.len() < 2 || lists.len() != items.len() {
            faults.push(format!("{key}: not once each in several lists"));
        }
        for (name, item) in &items {
            for same in ["answer", "severity", "on_fail"] {
                if item.get(same) != items[0].1.get(same) {
                    faults.push(format!("{key}: {same} of {} is not that of {}", text(item, "id"), text(items[0].1, "id")));
                }
            }
            let of_equipment =
                content.file(&format!("checklists/{name}.json")).pointer("/applies_to/subject") == Some(&Value::from("equipment"));
            if of_equipment && text(item, "per") != "unit" {
                faults.push(format!("{key}: {} is asked of each piece of equipment", text(item, "id")));
            }
        }
    }
    faults
}

/// Every season adds something, and a list that is proposed for a season has something to add.
pub fn seasons(content: &Content) -> Vec<String> {
    let mut added: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, item) in content.items().filter(|(_, item)| !is_retired(item)) {
        for campaign in item.get("when").map(campaigns).unwrap_or_default() {
            added.entry(campaign).or_default().insert(name);
        }
    }
    let mut faults = Vec::new();
    for campaign in content.codes("campaigns").into_iter().filter(|code| *code != "custom") {
        let lists = added.get(campaign).map_or(0, BTreeSet::len);
        if lists < 2 {
            faults.push(format!("{campaign}: additions in {lists} lists"));
        }
    }
    for rule in array(content.file("suggest.json"), "rules") {
        let wanted = rule.get("if").map(|cond| texts(cond, "campaign")).unwrap_or_default();
        for list in texts(rule, "checklists").into_iter().filter(|_| !wanted.is_empty()) {
            if !wanted.iter().any(|campaign| added.get(campaign).is_some_and(|lists| lists.contains(list))) {
                faults.push(format!("{}: {list} adds nothing", text(rule, "id")));
            }
        }
    }
    faults
}

/// The campaigns that a condition names.
fn campaigns(when: &Value) -> Vec<&str> {
    let inner = ["all", "any"].iter().flat_map(|key| array(when, key)).flat_map(campaigns);
    let own = if text(when, "field") == "season.campaign" { texts(when, "value") } else { Vec::new() };
    inner.chain(own).collect()
}

/// A clause of the rules is called verified only when the text of every law behind it was read, and no reference is in doubt.
pub fn verified(content: &Content) -> Vec<String> {
    let laws = array(content.file("basis.json"), "basis").iter();
    let read: Vec<&str> = laws.filter(|law| text(law, "checked") == "source").map(|law| text(law, "id")).collect();
    let mut faults = Vec::new();
    for (path, file) in content.files.iter().filter(|(path, _)| path.starts_with("rules/")) {
        unread_clauses(file, path, &read, &mut faults);
    }
    faults
}

fn unread_clauses(value: &Value, place: &str, read: &[&str], faults: &mut Vec<String>) {
    if value.get("verified") == Some(&Value::Bool(true)) {
        let doubtful = array(value, "basis").iter().filter(|one| one["verify"] == true || !read.contains(&text(one, "ref")));
        faults.extend(doubtful.map(|one| format!("{place} is verified, and {} is not", text(one, "ref"))));
    }
    match value {
        Value::Object(map) => map.iter().for_each(|(key, below)| unread_clauses(below, &format!("{place}/{key}"), read, faults)),
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(index, below)| unread_clauses(below, &format!("{place}/{index}"), read, faults));
        }
        _ => {}
    }
}
