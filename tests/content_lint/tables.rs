//! Rules for code tables and proposals, and the published schemas.

use std::collections::BTreeSet;

use serde_json::Value;
use spotcheck::domain::bureau::{self, Address, Bureau};
use spotcheck::envelope::Recipient;

use super::content::{Content, array, text, texts};

/// Every file is as its schema says.
pub fn schemas(content: &Content) -> Vec<String> {
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    let mut compiled = std::collections::BTreeMap::new();
    for (path, schema) in content.files.iter().filter(|(path, _)| path.starts_with("schema/")) {
        compiler.add_resource(path, schema.clone()).unwrap();
        compiled.insert(path.as_str(), compiler.compile(path, &mut schemas).unwrap_or_else(|error| panic!("{path}: {error}")));
    }
    let mut faults = Vec::new();
    for (path, value) in &content.files {
        let Some(schema) = schema_of(path).and_then(|schema| compiled.get(schema.as_str())) else { continue };
        if let Err(error) = schemas.validate(value, *schema) {
            faults.push(format!("{path}: {error:#}"));
        }
    }
    faults
}

/// The schema of a file. Rules have one of the same name, where their kind has only one file.
fn schema_of(path: &str) -> Option<String> {
    let name = match path {
        "basis.json" => "basis",
        "bureau.json" => "bureau",
        "suggest.json" => "suggest",
        "complaint-form.json" => "complaint-form",
        "procedure-index.json" => "procedure-index",
        "document-index.json" => "document-index",
        "checklists/index.json" => "checklist-index",
        "notices/index.json" => "notice-index",
        _ if path.starts_with("checklists/") => "checklist",
        _ if path.starts_with("codes/") => "codes",
        _ if path.starts_with("procedures/") => "procedure",
        _ if path.starts_with("documents/") => "document",
        _ if path.starts_with("notices/") => "notice",
        _ => path.strip_prefix("rules/")?.strip_suffix(".json")?,
    };
    Some(format!("schema/{name}.schema.json"))
}

/// The bureau can be read, its key is one, and its address leads nowhere else.
pub fn bureau(content: &Content) -> Vec<String> {
    let bureau: Bureau = match serde_json::from_value(content.file(bureau::PATH).clone()) {
        Ok(bureau) => bureau,
        Err(error) => return vec![error.to_string()],
    };
    let mut faults = Vec::new();
    if let Some(error) = bureau.public_key.as_deref().and_then(|key| Recipient::parse(key).err()) {
        faults.push(format!("public_key: {error}"));
    }
    if bureau.upload_url.as_deref().is_some_and(|url| Address::parse(url).is_none()) {
        faults.push("upload_url".to_owned());
    }
    faults
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
        let name = text(table, "schema").split('/').nth(1).unwrap_or_default();
        if *path != format!("codes/{name}.json") {
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
    let (campaigns, lists) = (content.codes("campaigns"), content.lists().map(|(name, _)| name).collect::<BTreeSet<_>>());
    for campaign in content.files.get("rules/campaigns.json").into_iter().flat_map(|calendar| array(calendar, "campaigns")) {
        let strange = texts(campaign, "checklists").into_iter().find(|list| !lists.contains(list));
        if !campaigns.contains(&text(campaign, "code")) || strange.is_some() {
            faults.push(format!("calendar {}: code {}, {strange:?}", text(campaign, "id"), text(campaign, "code")));
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

/// A record of an inspection counts for one obligation, and what the general columns of a ledger keep (检验日期, 检验结论:
/// `periodic`) is read by the rule of every kind of equipment, by the obligation that takes the printed next date.
pub fn obligations(content: &Content) -> Vec<String> {
    let mut faults = Vec::new();
    for rule in array(content.file("rules/intervals.json"), "rules") {
        let of_instruments = rule.get("applies").is_some_and(|applies| text(applies, "field") != "equipment.type_code");
        for version in array(rule, "versions") {
            let all = array(version, "obligations");
            let own: BTreeSet<&str> = all.iter().map(|one| text(one, "id")).collect();
            let mut seen = BTreeSet::new();
            let mut say = |one: &Value, problem: &str| faults.push(format!("{} {}: {problem}", text(rule, "id"), text(one, "id")));
            for one in all {
                let others = texts(one, "also_recorded_as");
                if others.iter().any(|name| own.contains(name) || !seen.insert(*name)) {
                    say(one, "recorded under the name of another");
                }
                if texts(one, "replaced_by").iter().any(|name| !own.contains(name)) {
                    say(one, "replaced by what the rule does not have");
                }
                let general = text(one, "id") == "periodic" || others.contains(&"periodic");
                let printed = one.get("takes_printed_next") == Some(&Value::Bool(true));
                if !of_instruments && general != printed {
                    say(one, "the general columns and the printed next date belong together");
                }
            }
            if !of_instruments && !own.contains("periodic") && !seen.contains("periodic") {
                faults.push(format!("{}: nothing reads the general columns", text(rule, "id")));
            }
        }
    }
    faults
}
