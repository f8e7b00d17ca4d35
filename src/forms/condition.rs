//! Conditions on facts as expressions, so that a form asks for the facts and works elsewhere too.
//!
//! An item whose fact is not known is asked ([`Truth::Unknown`](crate::domain::checklist::Truth)). In an expression
//! this is an empty answer: each comparison holds for it as well.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::cells;
use crate::domain::{
    checklist::{Comparison, Condition},
    time::CivilDate,
};

/// How a fact is asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ask {
    /// Yes or no.
    YesNo,
    /// One of these values, or another.
    OneOf(BTreeSet<String>),
    /// A number.
    Number,
    /// A day.
    Date,
    /// Words.
    Text,
}

/// What a field of a condition is in a form.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    /// Name of the question.
    pub name: String,
    /// Several values may be chosen.
    pub multiple: bool,
}

/// The facts that conditions ask for, by field, and how each is asked.
pub fn facts<'a>(conditions: impl Iterator<Item = &'a Condition>) -> BTreeMap<String, Ask> {
    let mut facts = BTreeMap::new();
    for condition in conditions {
        collect(condition, &mut facts);
    }
    facts
}

fn collect(condition: &Condition, facts: &mut BTreeMap<String, Ask>) {
    match condition {
        Condition::All { all: parts } | Condition::Any { any: parts } => parts.iter().for_each(|part| collect(part, facts)),
        Condition::Field { field, op, value } => {
            let wanted = ask(*op, value);
            match (facts.get_mut(field), wanted) {
                (None, wanted) => drop(facts.insert(field.clone(), wanted)),
                (Some(Ask::OneOf(known)), Ask::OneOf(more)) => known.extend(more),
                (Some(known), wanted) if *known == wanted => {}
                (Some(known), _) => *known = Ask::Text,
            }
        }
    }
}

fn ask(op: Comparison, value: &Value) -> Ask {
    let values: Vec<&Value> = listed(value);
    let all = |test: fn(&Value) -> bool| values.iter().all(|value| test(value));
    let date = |value: &Value| value.as_str().is_some_and(|text| CivilDate::parse(text).is_some());
    // A choice's value can't hold a space in every program, and an empty one is no answer.
    let word = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty() && !text.contains(char::is_whitespace));
    match op {
        _ if all(Value::is_number) => Ask::Number,
        Comparison::Gte | Comparison::Lt if all(date) => Ask::Date,
        Comparison::Eq | Comparison::In if all(Value::is_boolean) => Ask::YesNo,
        Comparison::Eq | Comparison::In if all(word) => {
            Ask::OneOf(values.iter().filter_map(|value| value.as_str()).map(str::to_owned).collect())
        }
        Comparison::Eq | Comparison::In | Comparison::StartsWith | Comparison::Gte | Comparison::Lt => Ask::Text,
    }
}

fn listed(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(values) => values.iter().collect(),
        single => vec![single],
    }
}

/// The expression that holds where the condition does or is not known.
pub fn expression(condition: &Condition, fields: &dyn Fn(&str) -> Field) -> String {
    let joined = |parts: &[Condition], word: &str, empty: &str| {
        let parts: Vec<String> = parts.iter().map(|part| format!("({})", expression(part, fields))).collect();
        if parts.is_empty() { empty.to_owned() } else { parts.join(word) }
    };
    match condition {
        Condition::All { all } => joined(all, " and ", "true()"),
        Condition::Any { any } => joined(any, " or ", "false()"),
        Condition::Field { field, op, value } => {
            let field = fields(field);
            let known = format!("${{{}}}", field.name);
            let tests: Vec<String> = listed(value).into_iter().map(|value| test(&known, field.multiple, *op, value)).collect();
            let mut all = vec![format!("{known} = ''")];
            all.extend(tests);
            all.join(" or ")
        }
    }
}

fn test(known: &str, multiple: bool, op: Comparison, value: &Value) -> String {
    let text = match value {
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) => number.as_f64().map(cells::number).unwrap_or_default(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let quoted = quoted(&text);
    let side = match value {
        Value::Number(_) => text.clone(),
        Value::String(day) if CivilDate::parse(day).is_some() => format!("date({quoted})"),
        _ => quoted.clone(),
    };
    match op {
        Comparison::Eq | Comparison::In if multiple => format!("selected({known}, {quoted})"),
        Comparison::Eq | Comparison::In => format!("{known} = {}", if value.is_number() { &text } else { &quoted }),
        Comparison::StartsWith => format!("starts-with({known}, {quoted})"),
        Comparison::Gte => format!("{known} >= {side}"),
        Comparison::Lt => format!("{known} < {side}"),
    }
}

/// A text in quotes. The language has no escapes: of two kinds of quotes in one text, one goes.
fn quoted(text: &str) -> String {
    if text.contains('\'') { format!("\"{}\"", text.replace('"', "'")) } else { format!("'{text}'") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(condition: Value, expected: &str) {
        let condition: Condition = serde_json::from_value(condition).expect("a condition");
        let field = |name: &str| Field { name: name.replace('.', "_"), multiple: name.ends_with('s') };
        assert_eq!(expression(&condition, &field), expected);
        spotcheck_expr::Expr::parse(expected).expect("an expression");
    }

    #[test]
    fn comparisons_hold_for_what_is_not_known() {
        check(json!({"field": "a.b", "op": "eq", "value": "x"}), "${a_b} = '' or ${a_b} = 'x'");
        check(json!({"field": "a", "op": "eq", "value": true}), "${a} = '' or ${a} = 'yes'");
        check(json!({"field": "a", "op": "eq", "value": 4}), "${a} = '' or ${a} = 4");
        check(json!({"field": "a", "op": "in", "value": ["x", "y"]}), "${a} = '' or ${a} = 'x' or ${a} = 'y'");
        check(json!({"field": "as", "op": "in", "value": ["x"]}), "${as} = '' or selected(${as}, 'x')");
        check(
            json!({"field": "a", "op": "startsWith", "value": ["31", "32"]}),
            "${a} = '' or starts-with(${a}, '31') or starts-with(${a}, '32')",
        );
        check(json!({"field": "a", "op": "gte", "value": "2023-12-01"}), "${a} = '' or ${a} >= date('2023-12-01')");
        check(json!({"field": "a", "op": "lt", "value": 2.5}), "${a} = '' or ${a} < 2.5");
        check(
            json!({"all": [{"field": "a", "op": "eq", "value": "x"}, {"any": [{"field": "b", "op": "eq", "value": "it's"}]}]}),
            "(${a} = '' or ${a} = 'x') and ((${b} = '' or ${b} = \"it's\"))",
        );
        check(json!({"any": []}), "false()");
    }

    #[test]
    fn facts_are_asked_as_they_are_compared() {
        let conditions: Vec<Condition> = [
            json!({"all": [{"field": "a", "op": "eq", "value": "x"}, {"field": "a", "op": "in", "value": ["y"]}]}),
            json!({"any": [{"field": "b", "op": "eq", "value": true}, {"field": "c", "op": "gte", "value": "2023-12-01"}]}),
            json!({"any": [{"field": "d", "op": "eq", "value": 4}, {"field": "e", "op": "startsWith", "value": "3"}]}),
            json!({"any": [{"field": "f", "op": "eq", "value": "x"}, {"field": "f", "op": "startsWith", "value": "3"}]}),
        ]
        .into_iter()
        .map(|value| serde_json::from_value(value).expect("a condition"))
        .collect();
        let found = facts(conditions.iter());
        let one_of = |values: &[&str]| Ask::OneOf(values.iter().map(|value| (*value).to_owned()).collect());
        let expected =
            [("a", one_of(&["x", "y"])), ("b", Ask::YesNo), ("c", Ask::Date), ("d", Ask::Number), ("e", Ask::Text), ("f", Ask::Text)];
        assert_eq!(found, expected.into_iter().map(|(name, ask)| (name.to_owned(), ask)).collect());
    }
}
