//! Which checklists a visit should have, by rules that are data, and what it must be asked before they can be used well.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::domain::checklist::{Checklist, Condition};

/// What is known of a visit before it begins: the key of a rule's condition, and the values that hold.
pub type Known = BTreeMap<&'static str, Vec<String>>;

/// The key whose values are beginnings of type codes; the others are compared as a whole.
const PREFIX: &str = "equipment_code_prefix";

/// A checklist that is proposed, with the reasons.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proposal {
    /// Id of the checklist.
    pub list: String,
    /// Whether it is chosen unless the inspector takes it out.
    pub preselect: bool,
    /// Why, in Chinese and English.
    pub reasons: Vec<(String, String)>,
}

/// Proposes checklists by the rules of `suggest.json` (format `suggest/1`): the order is that of the rules. A rule whose
/// conditions are not known does not hold. A rule that can't be read proposes nothing.
#[must_use]
pub fn propose(rules: &Value, known: &Known) -> Vec<Proposal> {
    let mut proposals: Vec<Proposal> = Vec::new();
    for rule in rules.get("rules").and_then(Value::as_array).into_iter().flatten().filter(|rule| holds(rule, known)) {
        let text = |field: &str| rule.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
        let reason = (text("reason_zh"), text("reason_en"));
        let preselect = rule.get("preselect").and_then(Value::as_bool) == Some(true);
        for list in rule.get("checklists").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
            match proposals.iter_mut().find(|one| one.list == list) {
                Some(one) => {
                    one.preselect |= preselect;
                    one.reasons.push(reason.clone());
                }
                None => proposals.push(Proposal { list: list.to_owned(), preselect, reasons: vec![reason.clone()] }),
            }
        }
    }
    proposals
}

fn holds(rule: &Value, known: &Known) -> bool {
    let Some(conditions) = rule.get("if").and_then(Value::as_object).filter(|conditions| !conditions.is_empty()) else { return false };
    conditions.iter().all(|(key, wanted)| {
        let values = known.iter().find(|(known, _)| *known == key).map(|(_, values)| values.as_slice()).unwrap_or_default();
        let mut wanted = wanted.as_array().into_iter().flatten().filter_map(Value::as_str);
        wanted.any(|wanted| values.iter().any(|value| if key == PREFIX { value.starts_with(wanted) } else { value == wanted }))
    })
}

/// Groups of facts that no ledger of equipment holds, so that a person is asked for them.
const ASKED: [&str; 5] = ["unit", "place", "product", "instrument", "action"];

/// A fact that conditions of the chosen lists ask for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question {
    /// The field, such as `product.kind`.
    pub field: String,
    /// The values that conditions compare it with, in the order of the lists; none when it is a yes or no.
    pub values: Vec<String>,
}

impl Question {
    /// Whether the answer is yes or no.
    #[must_use]
    pub fn is_yes_no(&self) -> bool {
        self.values.is_empty()
    }

    /// The path at which the answer stands in the record.
    #[must_use]
    pub fn path(&self) -> String {
        self.field.replace('.', "/")
    }
}

/// What the conditions of some lists ask for beyond the equipment, the campaign and other answers.
#[must_use]
pub fn questions(lists: &[Checklist]) -> Vec<Question> {
    let mut questions: Vec<Question> = Vec::new();
    let items = lists.iter().flat_map(|list| &list.items).filter(|item| !item.retired);
    for condition in items.filter_map(|item| item.when.as_ref()) {
        collect(condition, &mut questions);
    }
    questions
}

fn collect(condition: &Condition, questions: &mut Vec<Question>) {
    match condition {
        Condition::All { all: parts } | Condition::Any { any: parts } => parts.iter().for_each(|part| collect(part, questions)),
        Condition::Field { field, value, .. } => {
            if !field.split_once('.').is_some_and(|(group, _)| ASKED.contains(&group)) {
                return;
            }
            let place = questions.iter().position(|known| known.field == *field).unwrap_or_else(|| {
                questions.push(Question { field: field.clone(), values: Vec::new() });
                questions.len() - 1
            });
            let values = match value {
                Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
                one => one.as_str().into_iter().collect::<Vec<_>>(),
            };
            if let Some(question) = questions.get_mut(place) {
                for value in values {
                    if !question.values.iter().any(|known| known == value) {
                        question.values.push(value.to_owned());
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn known(pairs: &[(&'static str, &[&str])]) -> Known {
        pairs.iter().map(|(key, values)| (*key, values.iter().map(|value| (*value).to_owned()).collect())).collect()
    }

    #[track_caller]
    fn check(pairs: &[(&'static str, &[&str])], expected: &[(&str, bool, usize)]) {
        let rules = json!({"schema": "suggest/1", "rules": [
            {"if": {"equipment_code_prefix": ["3"]}, "checklists": ["elevator"], "preselect": true, "reason_zh": "有电梯", "reason_en": "lifts"},
            {"if": {"equipment_code_prefix": ["21", "3"], "campaign": ["flood"]}, "checklists": ["vessel", "elevator"], "preselect": false, "reason_zh": "汛期", "reason_en": "flood"},
            {"if": {"unit_role": ["retailer"]}, "checklists": ["retail"], "preselect": false, "reason_zh": "零售", "reason_en": "retail"},
            {"if": {}, "checklists": ["never"], "preselect": true},
        ]});
        let proposals = propose(&rules, &known(pairs));
        let found: Vec<_> = proposals.iter().map(|one| (one.list.as_str(), one.preselect, one.reasons.len())).collect();
        assert_eq!(found, expected, "{pairs:?}");
    }

    #[test]
    fn proposes_what_holds_in_the_order_of_the_rules() {
        check(&[("equipment_code_prefix", &["3110", "3320"])], &[("elevator", true, 1)]);
        check(&[("equipment_code_prefix", &["3110"]), ("campaign", &["flood"])], &[("elevator", true, 2), ("vessel", false, 1)]);
        check(&[("campaign", &["flood"])], &[]);
        check(&[("unit_role", &["retailer", "wholesaler"])], &[("retail", false, 1)]);
        check(&[], &[]);
    }

    #[test]
    fn every_proposed_list_is_in_the_library() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("public/content");
        let rules: Value = serde_json::from_slice(&std::fs::read(folder.join("suggest.json")).expect("part of the project")).expect("JSON");
        let all = rules["rules"].as_array().expect("a list of rules");
        assert!(all.len() > 10);
        for list in all.iter().flat_map(|rule| rule["checklists"].as_array().expect("a list")).filter_map(Value::as_str) {
            assert!(folder.join(format!("checklists/{list}.json")).exists(), "{list}");
        }
        let lift = propose(&rules, &known(&[("equipment_code_prefix", &["3110"])]));
        assert!(lift.iter().any(|one| one.list == "elevator" && one.preselect));
    }

    #[test]
    fn asks_what_conditions_need_and_no_ledger_has() {
        let condition = json!({"all": [
            {"field": "product.kind", "op": "in", "value": ["wire_cable", "hazchem"]},
            {"any": [{"field": "product.kind", "op": "eq", "value": "building_material"}, {"field": "product.needs_ccc", "op": "eq", "value": true}]},
            {"field": "equipment.type_code", "op": "startsWith", "value": "31"},
            {"field": "answer:demo-001", "op": "eq", "value": "a"},
            {"field": "season.campaign", "op": "eq", "value": "flood"},
        ]});
        let mut questions = Vec::new();
        collect(&serde_json::from_value(condition).expect("a condition"), &mut questions);
        let found: Vec<_> = questions.iter().map(|one| (one.field.as_str(), one.values.len(), one.path())).collect();
        assert_eq!(found, [("product.kind", 3, "product/kind".to_owned()), ("product.needs_ccc", 0, "product/needs_ccc".to_owned())]);
        assert!(questions[1].is_yes_no());
    }
}
