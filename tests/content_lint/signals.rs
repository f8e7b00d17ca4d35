//! Rules for signals.

use std::collections::BTreeSet;

use serde_json::Value;
use spotcheck::signal::{Flag, Rules};

use super::content::{Content, array, text, texts};

/// The program reads them; what does not count is a closed state of its procedure, what weighs is weighed once and never less
/// than anything else, the kinds of leads name every rule's kind, and a number of the office is not called verified.
pub fn readable(content: &Content) -> Vec<String> {
    let file = content.file("rules/signals.json");
    let rules = match Rules::read(file.to_string().as_bytes()) {
        Ok(rules) => rules,
        Err(error) => return vec![error.to_string()],
    };
    let mut faults = Vec::new();
    for out in &rules.left_out {
        let states = array(content.file(&format!("procedures/{}.json", out.kind)), "states");
        let closed = |id: &&String| states.iter().any(|state| text(state, "id") == **id && state.get("closed") == Some(&Value::Bool(true)));
        faults.extend(out.states.iter().filter(|id| !closed(id)).map(|id| format!("{} has no closed state {id}", out.kind)));
    }
    let different: BTreeSet<Flag> = rules.weights.iter().map(|weight| weight.flag).collect();
    if different.len() != rules.weights.len() {
        faults.push("something is weighed twice".to_owned());
    }
    faults.extend(rules.weights.iter().filter(|weight| weight.points < rules.plain_points).map(|weight| format!("{weight:?} weighs less")));
    let lead = content.file("procedures/lead.json");
    let kinds = array(lead, "fields").iter().find(|field| text(field, "id") == "signal_kind").map(|field| array(field, "options"));
    let known: Vec<&str> = kinds.unwrap_or_default().iter().map(|option| text(option, "id")).collect();
    for rule in array(file, "rules") {
        if !known.contains(&text(rule, "match")) {
            faults.push(format!("leads know no {}", text(rule, "match")));
        }
        if text(rule, "origin") == "own" && rule.get("verified") == Some(&Value::Bool(true)) {
            faults.push(format!("{}: verified, and of the office itself", text(rule, "id")));
        }
        let laws: Vec<&str> = array(content.file("basis.json"), "basis").iter().map(|law| text(law, "id")).collect();
        let strange = array(rule, "basis").iter().map(|basis| text(basis, "ref")).filter(|id| !laws.contains(id));
        faults.extend(strange.map(|id| format!("{}: no law {id}", text(rule, "id"))));
        if texts(rule, "kinds").is_empty() {
            faults.push(format!("{}: of no kind", text(rule, "id")));
        }
    }
    faults
}
