//! The functions whose arguments are plain values.

use crate::ast::Node;
use crate::date::{self, Local};
use crate::eval::{Env, matches};
use crate::func::Func;
use crate::geo;
use crate::value::{self, Value};

/// Evaluates a call; the parser has checked the number of arguments.
pub(crate) fn call(env: &Env<'_>, function: Func, arguments: &[Node]) -> Value {
    let text = |index: usize| arguments.get(index).map_or_else(|| env.scope.current(), |node| env.text(node));
    let number = |index: usize| match arguments.get(index) {
        Some(node) => env.number(node),
        None => env.as_number(&Value::Text(env.scope.current())),
    };
    let truth = |index: usize| arguments.get(index).is_some_and(|node| env.node(node).truth());
    let each = |from: usize| arguments.iter().skip(from).flat_map(|node| env.node(node).into_nodes());
    let nodes = |from: usize| -> Vec<String> { each(from).collect() };
    let numbers = |from: usize| -> Vec<f64> { arguments.iter().skip(from).flat_map(|node| numbers_of(env, env.node(node))).collect() };
    match function {
        Func::Abs => Value::Number(number(0).abs()),
        Func::Acos => Value::Number(number(0).acos()),
        Func::Area => Value::Number(geo::points(&nodes(0)).map_or(f64::NAN, |points| geo::area_m2(&points))),
        Func::Asin => Value::Number(number(0).asin()),
        Func::Atan => Value::Number(number(0).atan()),
        Func::Atan2 => Value::Number(number(0).atan2(number(1))),
        Func::Boolean => Value::Bool(truth(0)),
        Func::BooleanFromString => Value::Bool(matches!(text(0).as_str(), "true" | "1")),
        Func::Ceiling => Value::Number(number(0).ceil()),
        Func::Checklist => {
            let yes = nodes(2).into_iter().filter(|answer| is_yes(env, answer)).count();
            Value::Bool(between(yes as f64, number(0), number(1)))
        }
        Func::Coalesce => {
            let mut texts = (0..arguments.len()).map(text);
            Value::Text(texts.find(|text| !text.is_empty()).unwrap_or_default())
        }
        Func::Concat => Value::Text(value::join(each(0), "")),
        Func::Contains => Value::Bool(text(0).contains(&text(1))),
        Func::Cos => Value::Number(number(0).cos()),
        Func::Count => Value::Number(nodes(0).len() as f64),
        Func::CountNonEmpty => Value::Number(nodes(0).iter().filter(|text| !text.is_empty()).count() as f64),
        Func::CountSelected => Value::Number(text(0).split_whitespace().count() as f64),
        Func::Date => Value::Text(moment(env, arguments, 0).map_or_else(String::new, Local::date_text)),
        Func::DateTime => {
            let offset = env.scope.now().offset_min;
            Value::Text(moment(env, arguments, 0).map_or_else(String::new, |moment| moment.date_time_text(offset)))
        }
        Func::DecimalDateTime => Value::Number(moment(env, arguments, 0).map_or(f64::NAN, Local::days)),
        Func::DecimalTime => {
            let time = text(0);
            let offset = env.scope.now().offset_min;
            let local = date::parse_time(time.trim(), offset).map(|ms| Local { ms }).or_else(|| date::parse(time.trim(), offset));
            Value::Number(local.map_or(f64::NAN, Local::time))
        }
        Func::Distance => Value::Number(geo::points(&nodes(0)).map_or(f64::NAN, |points| geo::length_m(&points))),
        Func::EndsWith => Value::Bool(text(0).ends_with(&text(1))),
        Func::Exp => Value::Number(number(0).exp()),
        Func::Exp10 => Value::Number(10f64.powf(number(0))),
        Func::False => Value::Bool(false),
        Func::Floor => Value::Number(number(0).floor()),
        Func::FormatDate | Func::FormatDateTime => {
            let names = env.scope.now().names;
            Value::Text(moment(env, arguments, 0).map_or_else(String::new, |moment| moment.format(&text(1), names)))
        }
        Func::If => arguments.get(if truth(0) { 1 } else { 2 }).map_or(Value::Bool(false), |node| env.node(node)),
        Func::Int => Value::Number(number(0).trunc()),
        Func::Join => Value::Text(value::join(each(1), &text(0))),
        Func::Log => Value::Number(number(0).ln()),
        Func::Log10 => Value::Number(number(0).log10()),
        Func::LowerCase => Value::Text(text(0).to_lowercase()),
        Func::Max => Value::Number(extreme(&numbers(0), f64::max)),
        Func::Min => Value::Number(extreme(&numbers(0), f64::min)),
        Func::NormalizeSpace => Value::Text(text(0).split_whitespace().collect::<Vec<_>>().join(" ")),
        Func::Not => Value::Bool(!truth(0)),
        Func::Now => {
            let now = env.scope.now();
            Value::Text(Local::now(now).date_time_text(now.offset_min))
        }
        Func::Number => Value::Number(number(0)),
        Func::Once => match env.scope.current() {
            empty if empty.is_empty() => arguments.first().map_or(Value::Text(empty), |node| env.node(node)),
            kept => Value::Text(kept),
        },
        Func::Pi => Value::Number(std::f64::consts::PI),
        Func::Pow => Value::Number(number(0).powf(number(1))),
        Func::Random => Value::Number(env.scope.random()),
        Func::Regex => Value::Bool(matches(&text(0), &text(1))),
        Func::Round => Value::Number(if arguments.len() > 1 { round_to(number(0), number(1)) } else { round(number(0)) }),
        Func::Selected => {
            let wanted = text(1);
            Value::Bool(is_selected(&text(0), wanted.trim()))
        }
        Func::SelectedAt => {
            let index = number(1);
            let list = text(0);
            let word = if index >= 0.0 { list.split_whitespace().nth(index as usize) } else { None };
            Value::Text(word.unwrap_or_default().to_owned())
        }
        Func::Sin => Value::Number(number(0).sin()),
        Func::Sqrt => Value::Number(number(0).sqrt()),
        Func::StartsWith => Value::Bool(text(0).starts_with(&text(1))),
        Func::String => Value::Text(text(0)),
        Func::StringLength => Value::Number(text(0).chars().count() as f64),
        Func::Substr => Value::Text(substr(&text(0), number(1), arguments.get(2).map(|node| env.number(node)))),
        Func::Substring => Value::Text(substring(&text(0), number(1), arguments.get(2).map(|node| env.number(node)))),
        Func::SubstringAfter => {
            let (text, mark) = (text(0), text(1));
            Value::Text(text.split_once(mark.as_str()).map_or("", |(_, after)| after).to_owned())
        }
        Func::SubstringBefore => {
            let (text, mark) = (text(0), text(1));
            Value::Text(text.split_once(mark.as_str()).map_or("", |(before, _)| before).to_owned())
        }
        Func::Sum => Value::Number(numbers(0).iter().sum()),
        Func::Tan => Value::Number(number(0).tan()),
        Func::Today => Value::Text(Local::now(env.scope.now()).date_text()),
        Func::Translate => Value::Text(translate(&text(0), &text(1), &text(2))),
        Func::True => Value::Bool(true),
        Func::UpperCase => Value::Text(text(0).to_uppercase()),
        Func::Uuid => Value::Text(uuid(env, arguments.first())),
        Func::WeightedChecklist => {
            let mut sum = 0.0;
            for pair in arguments.get(2..).unwrap_or_default().chunks_exact(2) {
                let answers = env.node(&pair[0]).into_nodes();
                let weights = numbers_of(env, env.node(&pair[1]));
                sum += answers.iter().zip(weights).filter(|(answer, _)| is_yes(env, answer)).map(|(_, weight)| weight).sum::<f64>();
            }
            Value::Bool(between(sum, number(0), number(1)))
        }
    }
}

fn numbers_of(env: &Env<'_>, value: Value) -> Vec<f64> {
    match value {
        Value::Nodes(nodes) => nodes.into_iter().map(|node| env.as_number(&Value::Text(node))).collect(),
        other => vec![env.as_number(&other)],
    }
}

/// NaN as soon as one number is NaN, and without numbers.
fn extreme(numbers: &[f64], better: fn(f64, f64) -> f64) -> f64 {
    if numbers.iter().any(|number| number.is_nan()) {
        return f64::NAN;
    }
    numbers.iter().copied().reduce(better).unwrap_or(f64::NAN)
}

/// The answers that count in checklists: `yes`, `true` and numbers above 0.
fn is_yes(env: &Env<'_>, answer: &str) -> bool {
    matches!(answer, "yes" | "true") || env.as_number(&Value::Text(answer.to_owned())) > 0.0
}

/// -1 is no bound.
fn between(number: f64, min: f64, max: f64) -> bool {
    (min == -1.0 || number >= min) && (max == -1.0 || number <= max)
}

fn is_selected(list: &str, wanted: &str) -> bool {
    if wanted.is_empty() { list.trim().is_empty() } else { list.split_whitespace().any(|word| word == wanted) }
}

/// A date or time from ISO text, or from days since 1970-01-01.
fn moment(env: &Env<'_>, arguments: &[Node], index: usize) -> Option<Local> {
    Local::from_days(env.number(arguments.get(index)?))
}

/// Halves go up: -2.5 becomes -2.
fn round(number: f64) -> f64 {
    let down = number.floor();
    if number - down >= 0.5 { down + 1.0 } else { down }
}

/// Rounds the decimal digits as they are written, so that 1.005 becomes 1.01. Halves go up.
fn round_to(number: f64, places: f64) -> f64 {
    if !number.is_finite() || places.is_nan() {
        return f64::NAN;
    }
    let places = places.trunc().clamp(-30.0, 30.0) as i32;
    let moved = |number: f64, by: i32| [&number.to_string(), "e", &by.to_string()].concat().parse::<f64>().unwrap_or(f64::NAN);
    let shifted = moved(number, places);
    if shifted.abs() < 1e15 { moved(round(shifted), -places) } else { number }
}

/// Characters from `start` up to `end`, counted from 0; negative numbers count from the end.
fn substr(text: &str, start: f64, end: Option<f64>) -> String {
    let length = text.chars().count();
    let place = |number: f64| {
        let number = number.trunc();
        let number = if number < 0.0 { number + length as f64 } else { number };
        // Not a number becomes 0.
        number.clamp(0.0, length as f64) as usize
    };
    let (start, end) = (place(start), end.map_or(length, place));
    text.chars().skip(start).take(end.saturating_sub(start)).collect()
}

/// XPath's: counted from 1, with a length, both rounded.
fn substring(text: &str, start: f64, length: Option<f64>) -> String {
    let start = round(start);
    let end = length.map_or(f64::INFINITY, |length| start + round(length));
    let inside = |position: f64| position >= start && position < end;
    text.chars().enumerate().filter(|(index, _)| inside(*index as f64 + 1.0)).map(|(_, c)| c).collect()
}

fn translate(text: &str, from: &str, to: &str) -> String {
    let to: Vec<char> = to.chars().collect();
    text.chars()
        .filter_map(|c| match from.chars().position(|known| known == c) {
            Some(index) => to.get(index).copied(),
            None => Some(c),
        })
        .collect()
}

/// With a length: so many random letters and digits.
fn uuid(env: &Env<'_>, length: Option<&Node>) -> String {
    const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let Some(length) = length.map(|node| env.number(node)) else { return env.scope.uuid() };
    let length = length.clamp(0.0, 128.0) as usize;
    (0..length).map(|_| char::from(LETTERS[(env.scope.random() * 32.0) as usize % 32])).collect()
}
