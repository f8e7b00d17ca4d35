//! Rules for what binds a visit before it begins.

use std::collections::BTreeSet;

use serde_json::Value;
use spotcheck::rules::VisitCaps;

use super::content::{Content, array, text};

/// What stands in the words on arrival for what is known of the visit.
const PLACES: [&str; 5] = ["{bureau}", "{inspectors}", "{kind}", "{source}", "{lists}"];

/// The program reads them, the last class of units is everybody, every reference is to a law of the registry, and the words on
/// arrival name what they should in both languages.
pub fn caps(content: &Content) -> Vec<String> {
    let file = content.file("rules/visit-caps.json");
    let mut faults = Vec::new();
    faults.extend(VisitCaps::read(file.to_string().as_bytes()).err().map(|error| error.to_string()));
    let last = array(file, "caps").last();
    if last.is_none_or(|cap| cap.get("credit_class").is_some() || cap.get("key_unit").is_some()) {
        faults.push("there are units without a cap".to_owned());
    }
    let known: BTreeSet<&str> = array(content.file("basis.json"), "basis").iter().map(|law| text(law, "id")).collect();
    refs(file, &mut |name| {
        if !known.contains(name) {
            faults.push(format!("{name} is no law of the registry"));
        }
    });
    for notice in array(file, "notices") {
        for (language, place) in ["purpose_zh", "purpose_en"].into_iter().flat_map(|language| PLACES.map(|place| (language, place))) {
            if !text(notice, language).contains(place) {
                faults.push(format!("{language} lacks {place}"));
            }
        }
    }
    faults
}

/// Every reference to a law, however deep.
fn refs<'a>(value: &'a Value, found: &mut impl FnMut(&'a str)) {
    match value {
        Value::Object(map) => {
            if let Some(name) = map.get("ref").and_then(Value::as_str) {
                found(name);
            }
            map.values().for_each(|below| refs(below, found));
        }
        Value::Array(list) => list.iter().for_each(|below| refs(below, found)),
        _ => {}
    }
}
