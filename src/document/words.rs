//! Answers as documents print them: in Chinese, dates as on paper.

use chrono::{Datelike as _, Timelike as _};
use serde_json::{Map, Value, json};

use crate::domain::checklist::Severity;
use crate::domain::photo::Position;
use crate::domain::time::{CivilDate, Instant};
use crate::procedure::{Field, FieldKind, OptionDef};

/// Something whose Chinese name stands elsewhere: in code tables, gradings, the registry of laws.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Term<'a> {
    /// A law, by its id in `basis.json`.
    Law(&'a str),
    /// A clause of a grading.
    Clause {
        /// The grading.
        grading: &'a str,
        /// The clause.
        id: &'a str,
    },
    /// A measure of `codes/measures.json`.
    Measure(&'a str),
    /// How grave a failure is.
    Severity(Severity),
    /// The kind of a check.
    InspectionKind(&'a str),
    /// How a check ended.
    Outcome(&'a str),
}

/// What knows the names; the code itself is printed where it knows none.
pub type Names<'a> = &'a dyn Fn(Term<'_>) -> Option<String>;

/// `2026年11月24日`.
#[must_use]
pub fn day(day: CivilDate) -> String {
    format!("{}年{}月{}日", day.0.year(), day.0.month(), day.0.day())
}

/// `2026年11月24日14时03分`.
#[must_use]
pub fn minute(at: Instant, offset_min: i32) -> String {
    let local = at.local(offset_min);
    format!("{}{}时{:02}分", day(at.date(offset_min)), local.hour(), local.minute())
}

/// A minute as records hold it.
#[must_use]
pub fn moment(value: &Value) -> Option<(Instant, i32)> {
    let offset = value.get("offset_min").and_then(Value::as_i64).unwrap_or_default();
    Some((Instant::from_ms(value.get("ms")?.as_u64()?), i32::try_from(offset).ok()?))
}

/// Where a photo was taken.
#[must_use]
pub fn position(at: &Position) -> String {
    let (ns, ew) = (if at.lat < 0.0 { "南纬" } else { "北纬" }, if at.lon < 0.0 { "西经" } else { "东经" });
    let accuracy = at.accuracy_m.map(|metres| format!("，±{metres}米")).unwrap_or_default();
    format!("{ns}{:.6}°，{ew}{:.6}°{accuracy}", at.lat.abs(), at.lon.abs())
}

/// An answer as it is printed: a text, or an object with its `text` and its parts. `None` where there is none.
///
/// Officers give `{text, list: [{n, name, cert_no}]}`, a person `{text, name, post, phone}`, rows `{text, list: […]}`.
#[must_use]
pub fn answer(field: &Field, value: &Value, names: Names<'_>) -> Option<Value> {
    let text = |text: String| Some(Value::String(text));
    match &field.kind {
        FieldKind::Text | FieldKind::Long => value.as_str().filter(|text| !text.trim().is_empty()).map(Value::from),
        FieldKind::Number { unit, .. } => value.as_f64().and_then(|_| text(format!("{value}{unit}"))),
        FieldKind::Date { .. } => text(day(CivilDate::parse(value.as_str()?)?)),
        FieldKind::Moment => moment(value).and_then(|(at, offset_min)| text(minute(at, offset_min))),
        FieldKind::Yes => value.as_bool().map(Value::from),
        FieldKind::Choice { options } => text(label(options, value.as_str()?)),
        FieldKind::Choices { options } => {
            let all: Vec<String> = texts(value).map(|id| label(options, id)).collect();
            if all.is_empty() { None } else { text(all.join("、")) }
        }
        FieldKind::Clauses { grading } => {
            let name = |id: &str| names(Term::Clause { grading, id }).unwrap_or_else(|| id.to_owned());
            let all: Vec<String> = texts(value).map(name).collect();
            if all.is_empty() { None } else { text(all.join("；")) }
        }
        FieldKind::Officers { .. } => officers(value),
        FieldKind::Person => person(value),
        FieldKind::Rows { columns } => rows(columns, value),
        FieldKind::Link { .. } => value.get("title").and_then(Value::as_str).filter(|title| !title.is_empty()).map(Value::from),
        FieldKind::Photos { .. } | FieldKind::Signature { .. } => None,
    }
}

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

fn label(options: &[OptionDef], id: &str) -> String {
    options.iter().find(|option| option.id == id).map_or_else(|| id.to_owned(), |option| option.name.zh.clone())
}

/// Inspectors with their numbers.
#[must_use]
pub fn officers(value: &Value) -> Option<Value> {
    let of = |one: &Value, name: &str| one.get(name).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
    let all: Vec<(String, String)> = value.as_array()?.iter().map(|one| (of(one, "name"), of(one, "cert_no"))).collect();
    let all: Vec<&(String, String)> = all.iter().filter(|(name, _)| !name.is_empty()).collect();
    let one =
        |(name, number): &(String, String)| if number.is_empty() { name.clone() } else { format!("{name}（执法证号{number}）") };
    let text = all.iter().map(|officer| one(officer)).collect::<Vec<_>>().join("、");
    let list: Vec<Value> =
        all.iter().enumerate().map(|(index, (name, number))| json!({"n": index + 1, "name": name, "cert_no": number})).collect();
    (!list.is_empty()).then(|| json!({"text": text, "list": list}))
}

fn person(value: &Value) -> Option<Value> {
    let of = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().trim();
    let (name, post) = (of("name"), of("post"));
    let text = if post.is_empty() { name.to_owned() } else { format!("{name}（{post}）") };
    (!name.is_empty()).then(|| json!({"text": text, "name": name, "post": post, "phone": of("phone")}))
}

fn rows(columns: &[OptionDef], value: &Value) -> Option<Value> {
    let mut list = Vec::new();
    for row in value.as_array()? {
        let cell = |column: &OptionDef| Some((column.id.clone(), row.get(&column.id)?.as_str().map(str::trim)?.to_owned()));
        let cells: Vec<(String, String)> = columns.iter().filter_map(cell).filter(|(_, text)| !text.is_empty()).collect();
        if !cells.is_empty() {
            let text = cells.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(" ");
            let mut fields: Map<String, Value> = cells.into_iter().map(|(name, text)| (name, Value::from(text))).collect();
            fields.insert("n".to_owned(), Value::from(list.len() + 1));
            fields.insert("text".to_owned(), Value::from(text));
            list.push(Value::Object(fields));
        }
    }
    let text = list.iter().filter_map(|row| row.get("text")?.as_str()).collect::<Vec<_>>().join("；");
    (!list.is_empty()).then(|| json!({"text": text, "list": list}))
}
