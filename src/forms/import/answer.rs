//! The kind of answer that a question takes.

use std::collections::BTreeMap;

use spotcheck_sheets::xlsform::{Entry, Kind, Problem, Type};

use super::{Import, head::pair, text_of};
use crate::{
    domain::checklist::{AnswerSpec, Choice, LimitKind},
    forms::{
        cells,
        export::JUDGING,
        judging::{self, Word},
    },
};

impl Import<'_> {
    /// What kind of answer an entry takes.
    pub(super) fn answer(&mut self, entry: &Entry, name: &str) -> AnswerSpec {
        let Kind::Question(kind) = &entry.kind else { return AnswerSpec::Note };
        let limits = self.limits(entry);
        let text = |name: &str| limits.get(name).cloned();
        let number = |name: &str| limits.get(name).and_then(|text| text.parse::<f64>().ok());
        match kind {
            Type::Text => AnswerSpec::Text { max_length: number("maxLength").filter(|n| *n >= 0.0).map(|n| n as usize) },
            Type::Integer | Type::Decimal => AnswerSpec::Number {
                unit: text("unit"),
                min: number("min"),
                max: number("max"),
                min_field: text("minField"),
                max_field: text("maxField"),
                limit_kind: limits.get("kind").map(|kind| if kind == "advisory" { LimitKind::Advisory } else { LimitKind::Rule }),
                step: number("step"),
                integer: *kind == Type::Integer,
            },
            Type::Range { start, end, step } => {
                let whole = cells::is_whole(&[*start, *end, *step]);
                let integer = limits.get("integer").and_then(|text| cells::yes_no(text)).unwrap_or(whole);
                AnswerSpec::Range { start: *start, end: *end, step: *step, integer }
            }
            Type::Date => AnswerSpec::Date { rule: text("rule") },
            Type::Time => AnswerSpec::Time,
            Type::DateTime => AnswerSpec::DateTime,
            Type::SelectOne(list) => self.one_choice(entry, name, list),
            Type::SelectMultiple(list) | Type::Rank(list) => self.choice(name, list, true, None),
            Type::Geopoint => AnswerSpec::Geopoint,
            Type::Image if is_drawn(entry) => AnswerSpec::Drawing,
            Type::Image => AnswerSpec::Image,
            Type::Barcode => AnswerSpec::Barcode,
            Type::Note => AnswerSpec::Note,
            Type::Calculate | Type::Hidden => AnswerSpec::Calculate,
            Type::Acknowledge => {
                let option =
                    Choice {
                        value: "OK".to_owned(), zh: "已确认".to_owned(), en: "OK".to_owned(), pass: true, columns: BTreeMap::new()
                    };
                AnswerSpec::Choice { multiple: false, options: vec![option], list: None }
            }
        }
    }

    fn limits(&mut self, entry: &Entry) -> BTreeMap<String, String> {
        let Some(text) = text_of(entry, "limits") else { return BTreeMap::new() };
        let pairs = cells::read_pairs(&text);
        let bad = match &pairs {
            Err(rest) => Some(rest.clone()),
            Ok(pairs) => {
                let is_number = |name: &str| matches!(name, "min" | "max" | "step" | "maxLength");
                let good = |name: &String, value: &String| {
                    cells::LIMITS.contains(&name.as_str()) && (!is_number(name) || value.parse::<f64>().is_ok_and(f64::is_finite))
                };
                pairs.iter().find(|(name, value)| !good(name, value)).map(|(name, value)| format!("{name}={value}"))
            }
        };
        if let Some(found) = bad {
            self.note(entry, "limits", Problem::NotOneOf { found, allowed: cells::LIMITS });
        }
        pairs.unwrap_or_default()
    }

    /// One of a list: a judgement where the list, or our column, says so.
    fn one_choice(&mut self, entry: &Entry, name: &str, list: &str) -> AnswerSpec {
        let found = self.form.list(list);
        let meanings = found.and_then(judging::meanings);
        let wanted = match text_of(entry, "answer").as_deref() {
            None => found.is_some_and(judging::judges) || says_how_it_is_judged(entry),
            Some(JUDGING) => true,
            Some("choice") => false,
            Some(other) => {
                self.note(entry, "answer", Problem::NotOneOf { found: other.to_owned(), allowed: &[JUDGING, "choice"] });
                false
            }
        };
        let pass = text_of(entry, "pass").unwrap_or_else(|| "yes".to_owned());
        let keeps_values = found.is_some_and(judging::has_our_values);
        let is_plain = entry.choice_filter.is_none() && (keeps_values || !self.referred.contains(&entry.name));
        match meanings {
            Some(_) if wanted && is_plain => AnswerSpec::YesNoNa { pass },
            // Expressions ask for its values: it stays a choice, in which 不符合 fails.
            Some(meanings) if wanted => self.choice(name, list, false, Some(&meanings)),
            _ => self.choice(name, list, false, None),
        }
    }

    fn choice(&self, name: &str, list: &str, multiple: bool, meanings: Option<&[Word]>) -> AnswerSpec {
        let choices = self.form.list(list).map(|list| list.choices.as_slice()).unwrap_or_default();
        let mut options: Vec<Choice> = Vec::new();
        for (index, choice) in choices.iter().enumerate() {
            // A value may stand twice where the settings allow it; the first one counts.
            if options.iter().any(|option| option.value == choice.value) {
                continue;
            }
            let (zh, en) = if choice.label.is_empty() { (choice.value.clone(), choice.value.clone()) } else { pair(&choice.label) };
            let mut columns = choice.columns.clone();
            let says = columns.remove("spotcheck_pass").and_then(|text| cells::yes_no(&text));
            let means = meanings.and_then(|meanings| meanings.get(index)).map(|word| *word != Word::No);
            options.push(Choice { value: choice.value.clone(), zh, en, pass: says.or(means).unwrap_or(true), columns });
        }
        let is_its_own = list == format!("{name}_options") && !self.looked_up.contains(list);
        AnswerSpec::Choice { multiple, options, list: Some(list.to_owned()).filter(|_| !is_its_own) }
    }
}

fn is_drawn(entry: &Entry) -> bool {
    entry.appearance.as_deref().is_some_and(|text| text.split_whitespace().any(|word| matches!(word, "signature" | "draw")))
}

/// Whether the columns that only a judged item has say something.
pub(super) fn says_how_it_is_judged(entry: &Entry) -> bool {
    let says = |column: &str| entry.extra.contains_key(column);
    says("severity") || says("on_fail") || says("basis") || text_of(entry, "answer").is_some_and(|text| text == JUDGING)
}
