//! A draft read by the form: what is asked, and what the answers say.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::draft::Draft;
use super::fit::proposed;
use super::form::{AnswerKind, Choice, Filing, Form, FormField, FormStep};
use crate::domain::checklist::{Condition, Facts, Truth};

/// A draft read by the form. Answers to what is not asked any more say nothing.
#[derive(Clone, Debug)]
pub struct Reading<'a> {
    /// The form.
    pub form: &'a Form,
    /// The draft.
    pub draft: &'a Draft,
    /// What is filed: what the person chose, else what fits.
    pub filings: Vec<Filing>,
    facts: Facts,
    asked: BTreeSet<&'a str>,
}

impl<'a> Reading<'a> {
    /// Reads a draft.
    #[must_use]
    pub fn new(form: &'a Form, draft: &'a Draft) -> Self {
        let mut filings: Vec<Filing> = draft.files.iter().copied().collect();
        if filings.is_empty() {
            let (facts, _) = pass(form, draft, &Filing::ALL);
            filings = proposed(form, &facts);
        }
        let (facts, asked) = pass(form, draft, &filings);
        Self { form, draft, filings, facts, asked }
    }

    /// Whether a field is asked.
    #[must_use]
    pub fn asks(&self, field: &str) -> bool {
        self.asked.contains(field)
    }

    /// The fields that a step asks.
    pub fn fields_of<'b>(&'b self, step: &'a FormStep) -> impl Iterator<Item = &'a FormField> + use<'a, 'b> {
        step.fields.iter().filter(|field| self.asks(&field.id))
    }

    /// All fields that are asked, in order.
    pub fn fields(&self) -> impl Iterator<Item = &'a FormField> + use<'a, '_> {
        self.form.steps.iter().flat_map(|step| self.fields_of(step))
    }

    /// The answer to a field that is asked: what the person said, else the one that it begins with.
    #[must_use]
    pub fn answer(&self, field: &str) -> Option<&Value> {
        self.asks(field).then(|| self.facts.get(field)).flatten()
    }

    /// What follows from the answers for a name: an answer, a flag, or what a choice sets.
    #[must_use]
    pub fn fact(&self, name: &str) -> Option<&Value> {
        self.facts.get(name)
    }

    /// Whether a condition holds.
    #[must_use]
    pub fn holds(&self, condition: &Condition) -> bool {
        condition.evaluate(&self.facts) == Truth::True
    }

    /// Whether a field is asked and answered, photos included.
    #[must_use]
    pub fn answered(&self, field: &str) -> bool {
        let Some(def) = self.form.field(field).filter(|_| self.asks(field)) else { return false };
        match def.kind {
            AnswerKind::Photos { .. } => self.draft.photos_of(field).next().is_some(),
            // That it was none of them is an answer; that nothing was chosen is none.
            AnswerKind::Choices { .. } => self.answer(field).and_then(Value::as_array).is_some_and(|chosen| !chosen.is_empty()),
            _ => self.answer(field).is_some_and(|value| value.as_str().is_none_or(|text| !text.trim().is_empty())),
        }
    }

    /// What was chosen in a field.
    pub fn chosen<'b>(&'b self, field: &'a FormField) -> impl Iterator<Item = &'a Choice> + use<'a, 'b> {
        let answer = self.answer(&field.id);
        field.kind.options().iter().filter(move |option| match answer {
            Some(Value::Array(many)) => many.iter().any(|one| one.as_str() == Some(&option.id)),
            Some(Value::String(one)) => *one == option.id,
            _ => false,
        })
    }
}

/// One pass over the fields: what the answers say, and which fields are asked.
fn pass<'a>(form: &'a Form, draft: &Draft, filings: &[Filing]) -> (Facts, BTreeSet<&'a str>) {
    let mut facts = Facts::from([
        ("files".to_owned(), json!(filings)),
        ("complaining".to_owned(), Value::Bool(filings.contains(&Filing::Complaint))),
        ("reporting".to_owned(), Value::Bool(filings.contains(&Filing::Report))),
    ]);
    for name in ["equipment", "kind", "unit", "place", "product", "gtin", "bureau"] {
        if let Some(said) = draft.prefill.get(name) {
            facts.insert(format!("prefill.{name}"), Value::from(said));
        }
    }
    let mut asked = BTreeSet::new();
    for field in form.fields() {
        if field.when.as_ref().is_some_and(|when| when.evaluate(&facts) != Truth::True) {
            continue;
        }
        asked.insert(field.id.as_str());
        let Some(answer) = draft.answers.get(&field.id).or(field.default.as_ref()) else { continue };
        facts.insert(field.id.clone(), answer.clone());
        for option in field.kind.options() {
            let chosen = match answer {
                Value::Array(many) => many.iter().any(|one| one.as_str() == Some(&option.id)),
                one => one.as_str() == Some(&option.id),
            };
            if matches!(field.kind, AnswerKind::Flags { .. }) {
                // What a choice before has said already (a lift is one) stays said.
                let before = facts.get(&option.id).and_then(Value::as_bool).unwrap_or_default();
                facts.insert(option.id.clone(), Value::Bool(chosen || before));
            }
            if chosen {
                facts.extend(option.sets.iter().map(|(name, value)| (name.clone(), value.clone())));
            }
        }
    }
    (facts, asked)
}
