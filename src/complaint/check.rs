//! What lacks before a draft can be filed: what the law wants to be there, and what can't be as it stands.

use serde_json::Value;

use super::draft::MAX_PHOTOS;
use super::form::{AnswerKind, Filing, FormField, Level, Rule};
use super::reading::Reading;
use crate::domain::checklist::BasisRef;
use crate::domain::time::CivilDate;
use crate::domain::uscc::{Uscc, UsccError, half_width};
use crate::procedure::Named;
use crate::scan::meaning::is_trade_item;

/// What lacks, with its place.
#[derive(Clone, PartialEq, Debug)]
pub struct Lack {
    /// The step to go to.
    pub step: String,
    /// The field to go to; empty where no single one is meant.
    pub field: String,
    /// For which of the two.
    pub filings: Vec<Filing>,
    /// How grave it is.
    pub level: Level,
    /// What it is.
    pub problem: Problem,
    /// Why.
    pub basis: Vec<BasisRef>,
}

/// What can be wrong.
#[derive(Clone, PartialEq, Debug)]
pub enum Problem {
    /// A rule of the form is broken; what it says.
    Rule {
        /// Name of the rule.
        id: String,
        /// What it says.
        name: Named,
    },
    /// It is not decided what is filed.
    NoFiling,
    /// An answer of another type, or one that can't be chosen.
    Strange,
    /// Too long.
    TooLong {
        /// Characters.
        have: usize,
        /// Characters at most.
        max: usize,
    },
    /// A number below 0, not whole where people are counted, or beyond this.
    Range {
        /// At most.
        max: i64,
    },
    /// Not a day.
    Day,
    /// A day that has not come yet.
    Future,
    /// Not of the form of a telephone number.
    Phone,
    /// The check digit of a resident's identity number does not fit, or its day of birth is none.
    Identity,
    /// Not a unified social credit code.
    Uscc(UsccError),
    /// The check digit of the bar code does not fit.
    Gtin,
    /// Not an address on the net.
    Link,
    /// More photos than go along.
    TooManyPhotos {
        /// At most.
        max: usize,
    },
}

/// What lacks, errors first, each kind in the order of the form. `today` is the day of filing.
#[must_use]
pub fn check(reading: &Reading<'_>, today: CivilDate) -> Vec<Lack> {
    let mut lacks = Vec::new();
    for field in reading.fields() {
        let Some((level, problem)) = problem_of(reading, field, today) else { continue };
        lacks.push(lack(reading, &field.id, reading.filings.clone(), level, problem));
    }
    if reading.draft.photos.len() > MAX_PHOTOS {
        lacks.push(lack(reading, "", reading.filings.clone(), Level::Error, Problem::TooManyPhotos { max: MAX_PHOTOS }));
    }
    if reading.filings.is_empty() {
        lacks.push(lack(reading, "", Vec::new(), Level::Error, Problem::NoFiling));
    }
    for rule in reading.form.rules.iter().filter(|rule| applies(rule, today) && is_broken(reading, rule, today)) {
        let filings: Vec<Filing> = rule.files.iter().copied().filter(|filing| reading.filings.contains(filing)).collect();
        if filings.is_empty() {
            continue;
        }
        let problem = Problem::Rule { id: rule.id.clone(), name: rule.name.clone() };
        let mut lack = lack(reading, place_of(reading, rule), filings, rule.level, problem);
        lack.basis.clone_from(&rule.basis);
        lacks.push(lack);
    }
    let order = |lack: &Lack| {
        let step = reading.form.steps.iter().position(|step| step.id == lack.step);
        (lack.level, step.unwrap_or(usize::MAX), reading.form.fields().position(|field| field.id == lack.field))
    };
    lacks.sort_by_key(order);
    lacks
}

fn lack(reading: &Reading<'_>, field: &str, filings: Vec<Filing>, level: Level, problem: Problem) -> Lack {
    // What has no field of its own is decided on the last step.
    let step = reading.form.step_of(field).or(reading.form.steps.last()).map(|step| step.id.clone()).unwrap_or_default();
    Lack { step, field: field.to_owned(), filings, level, problem, basis: Vec::new() }
}

fn applies(rule: &Rule, today: CivilDate) -> bool {
    rule.from.is_none_or(|from| from <= today) && rule.to.is_none_or(|to| today <= to)
}

fn is_broken(reading: &Reading<'_>, rule: &Rule, today: CivilDate) -> bool {
    if rule.when.as_ref().is_some_and(|when| !reading.holds(when)) {
        return false;
    }
    match &rule.older {
        Some(older) => {
            let day = reading.answer(&older.field).and_then(Value::as_str).and_then(CivilDate::parse);
            day.is_some_and(|day| day < today.plus_months(-older.months.abs()))
        }
        None => !rule.has.iter().any(|way| way.iter().all(|field| reading.answered(field))),
    }
}

/// The field to go to: the first that is asked and not answered.
fn place_of<'a>(reading: &Reading<'_>, rule: &'a Rule) -> &'a str {
    let named = rule.field.iter().chain(rule.older.as_ref().map(|older| &older.field));
    let missing = rule.has.iter().flatten().filter(|field| reading.asks(field) && !reading.answered(field));
    named.chain(missing).chain(rule.has.iter().flatten()).map(String::as_str).next().unwrap_or_default()
}

fn problem_of(reading: &Reading<'_>, field: &FormField, today: CivilDate) -> Option<(Level, Problem)> {
    let error = |problem| Some((Level::Error, problem));
    if let AnswerKind::Photos { most } = field.kind {
        return (reading.draft.photos_of(&field.id).count() > most).then_some((Level::Error, Problem::TooManyPhotos { max: most }));
    }
    let value = reading.answer(&field.id)?;
    let known = |name: &Value| field.kind.options().iter().any(|option| Some(option.id.as_str()) == name.as_str());
    let right = match &field.kind {
        AnswerKind::Choice { .. } => known(value),
        AnswerKind::Choices { .. } | AnswerKind::Flags { .. } => value.as_array().is_some_and(|many| many.iter().all(known)),
        AnswerKind::Yes => value.is_boolean(),
        AnswerKind::Number { .. } | AnswerKind::Count { .. } => value.is_number(),
        _ => value.is_string(),
    };
    if !right {
        return error(Problem::Strange);
    }
    match (&field.kind, value) {
        (AnswerKind::Number { max, .. }, value) => number_problem(value, *max, false),
        (AnswerKind::Count { max }, value) => number_problem(value, *max, true),
        (kind, Value::String(text)) => text_problem(kind, text, today),
        _ => None,
    }
}

fn number_problem(value: &Value, max: i64, whole: bool) -> Option<(Level, Problem)> {
    let number = value.as_f64()?;
    #[expect(clippy::cast_precision_loss, reason = "limits are small whole numbers")]
    let within = number >= 0.0 && number <= max as f64;
    let good = within && (!whole || value.as_i64().is_some());
    (!good).then_some((Level::Error, Problem::Range { max }))
}

fn text_problem(kind: &AnswerKind, text: &str, today: CivilDate) -> Option<(Level, Problem)> {
    let have = text.chars().count();
    let max = match kind {
        AnswerKind::Text { max } | AnswerKind::Long { max } | AnswerKind::Code { max } | AnswerKind::Link { max } => *max,
        AnswerKind::Choice { .. } => return None,
        _ => SHORT,
    };
    if have > max {
        return Some((Level::Error, Problem::TooLong { have, max }));
    }
    match kind {
        AnswerKind::Date { .. } => match CivilDate::parse(text) {
            None => Some((Level::Error, Problem::Day)),
            Some(day) => (day > today).then_some((Level::Error, Problem::Future)),
        },
        AnswerKind::Phone => (!is_phone(text)).then_some((Level::Error, Problem::Phone)),
        AnswerKind::Identity => identity_fails(text).then_some((Level::Warning, Problem::Identity)),
        AnswerKind::Uscc => Uscc::parse(text).err().map(|fault| (Level::Warning, Problem::Uscc(fault))),
        AnswerKind::Gtin => (!is_trade_item(text.trim())).then_some((Level::Warning, Problem::Gtin)),
        AnswerKind::Link { .. } => (!is_link(text)).then_some((Level::Warning, Problem::Link)),
        _ => None,
    }
}

/// The most characters of numbers and codes.
const SHORT: usize = 60;

/// Whether a text has the form of a telephone number: 7 to 15 digits, with a plus before and blanks or dashes between.
#[must_use]
pub fn is_phone(text: &str) -> bool {
    let text: String = text.trim().chars().map(half_width).collect();
    let rest = text.strip_prefix('+').unwrap_or(&text);
    let digits = rest.chars().filter(char::is_ascii_digit).count();
    (7..=15).contains(&digits) && rest.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '(' | ')' | '\u{2014}'))
}

/// Whether a text looks like a resident's identity number and its check digit or day of birth does not hold. Documents of
/// other kinds are not judged. Source: GB 11643—1999, 18 digits, ISO 7064 MOD 11-2.
#[must_use]
pub fn identity_fails(text: &str) -> bool {
    let code: String = text.chars().filter(|c| !c.is_whitespace()).map(half_width).map(|c| c.to_ascii_uppercase()).collect();
    let digits: Vec<u32> = code.chars().take(17).filter_map(|c| c.to_digit(10)).collect();
    if code.chars().count() != 18 || digits.len() != 17 {
        return false;
    }
    let part = |from: usize, count: usize| digits.iter().skip(from).take(count).fold(0, |number, digit| number * 10 + digit);
    let born = format!("{:04}-{:02}-{:02}", part(6, 4), part(10, 2), part(12, 2));
    // Weights 2^(17-i) mod 11; the check value 10 is written X.
    let sum: u32 = digits.iter().fold(0, |sum, digit| (sum + digit) * 2 % 11);
    let expected = (12 - sum) % 11;
    let last = code.chars().last().and_then(|c| if c == 'X' { Some(10) } else { c.to_digit(10) });
    CivilDate::parse(&born).is_none() || last != Some(expected)
}

fn is_link(text: &str) -> bool {
    let text = text.trim();
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(text);
    // What apps share is mostly a sentence with an address in it; that is as good.
    rest.contains('.') && rest.chars().any(|c| c.is_ascii_alphanumeric())
}
