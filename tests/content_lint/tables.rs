//! Rules for code tables and proposals, and the published schemas.

use std::collections::BTreeSet;

use serde_json::Value;

use super::content::{Content, array, text, texts};

/// Every file is as its schema says. The files below `rules/` have none.
pub fn schemas(content: &Content) -> Vec<String> {
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    let mut compiled = std::collections::BTreeMap::new();
    for (path, schema) in content.files.iter().filter(|(path, _)| path.starts_with("schema/")) {
        compiler.add_resource(path, schema.clone()).unwrap();
        compiled.insert(path.as_str(), compiler.compile(path, &mut schemas).unwrap_or_else(|error| panic!("{path}: {error}")));
    }
    let mut faults = Vec::new();
    for (path, value) in &content.files {
        let Some(schema) = schema_of(path) else { continue };
        if let Err(error) = schemas.validate(value, compiled[schema]) {
            faults.push(format!("{path}: {error:#}"));
        }
    }
    faults
}

fn schema_of(path: &str) -> Option<&'static str> {
    match path {
        "basis.json" => Some("schema/basis.schema.json"),
        "suggest.json" => Some("schema/suggest.schema.json"),
        "checklists/index.json" => Some("schema/checklist-index.schema.json"),
        _ if path.starts_with("checklists/") => Some("schema/checklist.schema.json"),
        _ if path.starts_with("codes/") => Some("schema/codes.schema.json"),
        _ => None,
    }
}

/// Codes are unique, and those of other tables are known.
pub fn codes(content: &Content) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, table) in content.files.iter().filter(|(path, _)| path.starts_with("codes/")) {
        let mut seen = BTreeSet::new();
        for row in array(table, "rows").iter().chain(array(table, "items")) {
            if !seen.insert(text(row, "code")) {
                faults.push(format!("{path}: {} twice", text(row, "code")));
            }
        }
        if !table
            .get("schema")
            .and_then(Value::as_str)
            .is_some_and(|schema| path.as_str() == format!("codes/{}.json", schema.split('/').nth(1).unwrap_or_default()))
        {
            faults.push(format!("{path}: schema {}", text(table, "schema")));
        }
    }
    let authorities = content.codes("authorities");
    for row in array(content.file("codes/permit-kinds.json"), "rows") {
        let authority = text(row, "authority");
        if authority != "own" && !authorities.contains(&authority) {
            faults.push(format!("permit {}: authority {authority}", text(row, "code")));
        }
    }
    let instruments = content.file("codes/instrument-kinds.json");
    let uses: Vec<&str> = array(instruments, "uses").iter().map(|row| text(row, "code")).collect();
    for row in array(instruments, "rows").iter().filter(|row| !uses.contains(&text(row, "use"))) {
        faults.push(format!("instrument {}: use {}", text(row, "code"), text(row, "use")));
    }
    for row in array(content.file("codes/campaigns.json"), "rows") {
        // A year with 29 February is not wanted: the dates are those of any year.
        let is_day = |key: &str| chrono::NaiveDate::parse_from_str(&format!("2025-{}", text(row, key)), "%Y-%m-%d").is_ok();
        if text(row, "code") != "custom" && !(is_day("from") && is_day("to")) {
            faults.push(format!("campaign {}: dates", text(row, "code")));
        }
    }
    faults
}

/// Type codes are unique and stand below the class and kind that they begin like.
pub fn type_codes(content: &Content) -> Vec<String> {
    let mut faults = Vec::new();
    let codes = content.type_codes();
    let different: BTreeSet<&&str> = codes.iter().collect();
    if different.len() != codes.len() {
        faults.push("a code occurs twice".to_owned());
    }
    for kind in array(content.file("codes/equipment-types.json"), "kinds") {
        let begins = |row: &Value, length: usize| text(row, "code").chars().take(length).collect::<String>();
        for class in array(kind, "classes") {
            if begins(class, 1) != begins(kind, 1) {
                faults.push(format!("{} below {}", text(class, "code"), text(kind, "code")));
            }
            let strange = array(class, "types").iter().filter(|row| begins(row, 2) != begins(class, 2));
            faults.extend(strange.map(|row| format!("{} below {}", text(row, "code"), text(class, "code"))));
        }
    }
    faults
}

/// Proposals name known lists for known codes, and every list is proposed by something.
pub fn suggestions(content: &Content) -> Vec<String> {
    let rules = array(content.file("suggest.json"), "rules");
    let lists: BTreeSet<&str> = content.lists().map(|(name, _)| name).collect();
    let mut faults = Vec::new();
    let mut ids = BTreeSet::new();
    let mut proposed = BTreeSet::new();
    for rule in rules {
        let id = text(rule, "id");
        if !ids.insert(id) {
            faults.push(format!("{id} occurs twice"));
        }
        for list in texts(rule, "checklists") {
            proposed.insert(list);
            if !lists.contains(list) {
                faults.push(format!("{id}: there is no list {list}"));
            }
        }
        let cond = rule.get("if").unwrap_or(&Value::Null);
        for prefix in texts(cond, "equipment_code_prefix") {
            if !content.is_type_prefix(prefix) {
                faults.push(format!("{id}: no type {prefix}"));
            }
        }
        for (key, table) in [
            ("unit_role", "unit-roles"),
            ("sector", "sectors"),
            ("place_kind", "place-kinds"),
            ("body_kind", "body-kinds"),
            ("product_kind", "goods-kinds"),
            ("instrument_kind", "instrument-kinds"),
            ("campaign", "campaigns"),
        ] {
            let known = content.codes(table);
            faults.extend(texts(cond, key).into_iter().filter(|code| !known.contains(code)).map(|code| format!("{id}: {key} {code}")));
        }
    }
    faults.extend(lists.difference(&proposed).map(|list| format!("{list} is proposed by nothing")));
    faults
}
