//! A small world for expressions without a form.
#![allow(dead_code, missing_docs, clippy::panic, reason = "each test file uses a part of it, and tests say what they expect")]

use spotcheck_expr::{Expr, List, Names, Now, PositionOf, Reference, Scope, Value};

/// 2024-03-01T09:05:07.250+08:00
pub const NOW: Now = Now { utc_ms: 1_709_255_107_250, offset_min: 480, names: &Names::ENGLISH };

pub struct World;

const CITIES: [[&str; 4]; 3] = [["fz", "Fuzhou", "fj", "8"], ["xm", "Xiamen", "fj", "5"], ["gz", "Guangzhou", "gd", "18"]];

fn nodes(texts: &[&str]) -> Value {
    Value::Nodes(texts.iter().map(|&text| text.to_owned()).collect())
}

impl Scope for World {
    fn current(&self) -> String {
        "here".to_owned()
    }

    fn value(&self, _: usize, reference: &Reference) -> Value {
        match &*reference.name {
            "five" => Value::Text("5".to_owned()),
            "empty" => Value::Text(String::new()),
            "many" => Value::Text("a c".to_owned()),
            "yes" => Value::Text("yes".to_owned()),
            "no" => Value::Text("no".to_owned()),
            "date" => Value::Text("2024-02-29".to_owned()),
            "city" => Value::Text("xm".to_owned()),
            "amounts" => nodes(&["10", "20", "30"]),
            "others" => nodes(&["5", "20"]),
            "gaps" => nodes(&["1", "", "2"]),
            "points" => nodes(&["0 0 0 0", "0 1 0 0", "0 2 0 0"]),
            "none" => nodes(&[]),
            other => panic!("no value for {other}"),
        }
    }

    fn indexed(&self, _: usize, reference: &Reference, at: &[f64]) -> String {
        let at: String = at.iter().map(|number| format!("[{number}]")).collect();
        format!("{}{at}", reference.name)
    }

    fn position(&self, place: PositionOf<'_>) -> f64 {
        match place {
            PositionOf::Innermost => 7.0,
            PositionOf::Up(ups) => f64::from(ups) + 1.0,
            PositionOf::Repeat(..) => 4.0,
        }
    }

    fn label(&self, _: usize, reference: &Reference, choice: &str) -> String {
        format!("{}:{choice}", reference.name)
    }

    fn rows(&self, _: List<'_>) -> usize {
        CITIES.len()
    }

    fn cell(&self, _: List<'_>, row: usize, column: &str) -> &str {
        let column = ["name", "label", "province", "people"].iter().position(|&known| known == column);
        column.map_or("", |column| CITIES[row][column])
    }

    fn now(&self) -> Now {
        NOW
    }

    fn random(&self) -> f64 {
        0.25
    }

    fn uuid(&self) -> String {
        "11111111-2222-4333-8444-555555555555".to_owned()
    }
}

/// What a text evaluates to, as text; and that its printed form is the same expression.
#[track_caller]
pub fn check(text: &str, expected: &str) {
    let expr = Expr::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(expr.evaluate(&World).into_text(), expected, "{text}");
    let printed = expr.to_string();
    assert_eq!(Expr::parse(&printed).as_ref(), Ok(&expr), "{text} printed as {printed}");
}

#[track_caller]
pub fn check_true(text: &str) {
    check(text, "true");
}
