//! The column `parameters`: pairs `name=value`, and which of them a type takes.

use std::collections::BTreeMap;

use super::{diagnostic::Problem, kind::Type};

/// The pairs in a cell, separated by spaces, commas or semicolons; small letters.
///
/// # Errors
/// [`Problem::BadParameters`] when it is something else.
pub(super) fn parse(text: &str) -> Result<BTreeMap<String, String>, Problem> {
    let bad = || Problem::BadParameters { found: text.chars().take(100).collect() };
    let spaced = text.replace([',', ';'], " ").replace('=', " = ");
    let mut words = spaced.split_whitespace();
    let mut pairs = BTreeMap::new();
    while let Some(name) = words.next() {
        let (Some("="), Some(value)) = (words.next(), words.next()) else { return Err(bad()) };
        if name == "=" || value == "=" {
            return Err(bad());
        }
        pairs.insert(name.to_lowercase(), value.to_lowercase());
    }
    Ok(pairs)
}

/// The first parameter that a type does not take, or whose value it does not understand. Types without rules take all.
pub(super) fn check(kind: &Type, pairs: &BTreeMap<String, String>) -> Option<Problem> {
    let accepted: &[&str] = match kind {
        Type::Text => &["rows"],
        Type::Image => &["app", "max-pixels"],
        Type::Geopoint => &["allow-mock-accuracy", "capture-accuracy", "reference-geometry", "warning-accuracy"],
        Type::SelectOne(_) | Type::SelectMultiple(_) | Type::Rank(_) => &["randomize", "seed"],
        Type::Range { .. } => &["start", "end", "step", "tick_interval", "placeholder", "tick_labelset"],
        _ => return None,
    };
    pairs.iter().find_map(|(name, value)| {
        if !accepted.contains(&name.as_str()) {
            return Some(Problem::UnknownParameter { name: name.clone() });
        }
        let good = match name.as_str() {
            "rows" | "max-pixels" => value.parse::<i64>().is_ok(),
            "capture-accuracy" | "warning-accuracy" => value.parse::<f64>().is_ok(),
            "allow-mock-accuracy" | "randomize" => matches!(value.as_str(), "true" | "false"),
            "seed" => pairs.contains_key("randomize") && (value.parse::<f64>().is_ok() || value.starts_with("${")),
            _ => true,
        };
        (!good).then(|| bad(name, value))
    })
}

/// The scale of a range: from 1 to 10 by 1 where nothing else is said.
///
/// # Errors
/// [`Problem::BadParameter`] when a value is no number, the step 0 or larger than the scale.
pub(super) fn range(pairs: &BTreeMap<String, String>) -> Result<Type, Problem> {
    let number = |name: &str, otherwise: f64| match pairs.get(name) {
        None => Ok(otherwise),
        Some(text) => text.parse::<f64>().ok().filter(|number| number.is_finite()).ok_or_else(|| bad(name, text)),
    };
    let (start, end, step) = (number("start", 1.0)?, number("end", 10.0)?, number("step", 1.0)?);
    if step == 0.0 || step > (end - start).abs() {
        return Err(bad("step", pairs.get("step").map_or("1", String::as_str)));
    }
    if let Some(text) = pairs.get("tick_interval") {
        let ticks = number("tick_interval", step)?;
        if ticks == 0.0 || ticks > (end - start).abs() || !is_multiple(ticks, step) {
            return Err(bad("tick_interval", text));
        }
    }
    if let Some(text) = pairs.get("placeholder") {
        let place = number("placeholder", start)?;
        if place < start.min(end) || place > start.max(end) || !is_multiple(place - start, step) {
            return Err(bad("placeholder", text));
        }
    }
    Ok(Type::Range { start, end, step })
}

/// As far as decimal fractions in binary allow.
fn is_multiple(number: f64, step: f64) -> bool {
    let times = number / step;
    (times - times.round()).abs() < 1e-9 * times.abs().max(1.0)
}

fn bad(name: &str, found: &str) -> Problem {
    Problem::BadParameter { name: name.to_owned(), found: found.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_stand_apart_by_spaces_commas_or_semicolons() {
        let pairs = |text: &str| parse(text).ok().map(|pairs| pairs.into_iter().map(|(a, b)| format!("{a}={b}")).collect::<Vec<_>>());
        assert_eq!(pairs("start=1 end=5;step=0.5"), Some(vec!["end=5".to_owned(), "start=1".to_owned(), "step=0.5".to_owned()]));
        assert_eq!(pairs(" Start = 1 , END=5 "), Some(vec!["end=5".to_owned(), "start=1".to_owned()]));
        assert_eq!(pairs(""), Some(vec![]));
        for bad in ["start", "start=", "=1", "start==1", "start=1 end"] {
            assert_eq!(pairs(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_scale_has_ends_and_a_step_between() {
        let scale = |text: &str| range(&parse(text).unwrap());
        assert_eq!(scale(""), Ok(Type::Range { start: 1.0, end: 10.0, step: 1.0 }));
        assert_eq!(scale("start=0 end=1 step=0.1 placeholder=0.3"), Ok(Type::Range { start: 0.0, end: 1.0, step: 0.1 }));
        assert_eq!(scale("start=10 end=1"), Ok(Type::Range { start: 10.0, end: 1.0, step: 1.0 }));
        for bad in ["step=0", "step=20", "start=x", "end=inf", "step=2 tick_interval=3", "placeholder=11", "step=2 placeholder=2"] {
            assert!(scale(bad).is_err(), "{bad}");
        }
    }
}
