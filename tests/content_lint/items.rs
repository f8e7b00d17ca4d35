//! Rules for single items.

use std::collections::BTreeSet;

use serde_json::Value;

use super::content::{Content, array, is_retired, text, texts};
use super::fields::{Holds, holds};

/// The measure is known and weighs what the severity weighs.
pub fn measures(content: &Content) -> Vec<String> {
    let table = array(content.file("codes/measures.json"), "items");
    let mut faults = Vec::new();
    for (_, item) in content.items() {
        let (id, severity, on_fail) = (text(item, "id"), text(item, "severity"), text(item, "on_fail"));
        let mut say = |problem: &str| faults.push(format!("{id}: {severity}, {on_fail}: {problem}"));
        let Some(measure) = table.iter().find(|measure| text(measure, "code") == on_fail) else {
            say("unknown measure");
            continue;
        };
        let advice = ["record_only", "rectify_by_deadline"].contains(&on_fail);
        if severity != "general" && advice {
            say("too light");
        }
        if severity == "major" && measure.get("stop_use") != Some(&Value::Bool(true)) {
            say("use is not stopped");
        }
        if severity == "general" && on_fail == "stop_use_report_and_supervise" {
            say("too heavy");
        }
        if severity != "general" && array(item, "severity_basis").is_empty() {
            say("no basis for the severity");
        }
    }
    faults
}

/// Who may take over is known, and named where the measure is to transfer.
pub fn authorities(content: &Content) -> Vec<String> {
    let known = content.codes("authorities");
    let mut faults = Vec::new();
    for (_, item) in content.items() {
        let named = texts(item, "transfer_to");
        faults.extend(
            named.iter().filter(|code| !known.contains(code)).map(|code| format!("{}: unknown authority {code}", text(item, "id"))),
        );
        if ["transfer", "stop_and_transfer"].contains(&text(item, "on_fail")) && named.is_empty() {
            faults.push(format!("{}: transferred to nobody", text(item, "id")));
        }
    }
    faults
}

/// Choices differ, and one of them passes.
pub fn options(content: &Content) -> Vec<String> {
    let mut faults = Vec::new();
    for (_, item) in content.items() {
        let Some(answer) = item.get("answer").filter(|answer| text(answer, "type") == "choice") else { continue };
        let options = array(answer, "options");
        for key in ["value", "zh", "en"] {
            let different: BTreeSet<&str> = options.iter().map(|option| text(option, key)).collect();
            if different.len() != options.len() {
                faults.push(format!("{}: two options have one {key}", text(item, "id")));
            }
        }
        if !options.iter().any(|option| option.get("pass") == Some(&Value::Bool(true))) {
            faults.push(format!("{}: no option passes", text(item, "id")));
        }
    }
    faults
}

/// Numbers have a unit and limits that make sense; a limit that nobody verified only advises.
pub fn numbers(content: &Content) -> Vec<String> {
    // Counts need no standard: how many of those drawn are in order.
    let counted = ["台", "台（件）", "份", "种", "户", "条", "只", "批", "枪", "处", "层", "人", "次", "部"];
    let mut faults = Vec::new();
    for (_, item) in content.items() {
        let Some(answer) = item.get("answer").filter(|answer| text(answer, "type") == "number") else { continue };
        let mut say = |problem: String| faults.push(format!("{}: {problem}", text(item, "id")));
        let number = |key: &str| answer.get(key).and_then(Value::as_f64);
        let unit = text(answer, "unit");
        if unit.trim().is_empty() {
            say("no unit".to_owned());
        }
        if let (Some(min), Some(max)) = (number("min"), number("max"))
            && min > max
        {
            say(format!("{min} is more than {max}"));
        }
        let mut limited = false;
        for (fixed, field) in [("min", "minField"), ("max", "maxField")] {
            limited |= answer.get(fixed).is_some() || answer.get(field).is_some();
            if answer.get(fixed).is_some() && answer.get(field).is_some() {
                say(format!("{fixed} hides {field}"));
            }
            let name = text(answer, field);
            if !name.is_empty() && !matches!(holds(name), Some(Holds::Number)) {
                say(format!("{name} is no number that is known"));
            }
        }
        if !limited {
            say("no limit".to_owned());
        }
        let verified = array(item, "basis").iter().any(|basis| basis.get("verify").is_none());
        if !verified && !counted.contains(&unit) && text(answer, "limit_kind") != "advisory" {
            say(format!("a limit in {unit} that is not verified decides"));
        }
    }
    faults
}

/// No list asks the same twice.
pub fn texts_once(content: &Content) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, list) in content.lists() {
        let mut seen = BTreeSet::new();
        for item in array(list, "items").iter().filter(|item| !is_retired(item)) {
            if !seen.insert(text(item, "text_zh")) {
                faults.push(format!("{name}: {} is asked twice", text(item, "text_zh")));
            }
        }
    }
    faults
}
