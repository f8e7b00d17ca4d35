//! Which of the two fits: 投诉, 举报 or both.

use super::form::{Filing, Form};
use super::reading::Reading;
use crate::domain::checklist::{Facts, Truth};
use crate::procedure::Named;

/// What fits, and why.
#[derive(Clone, PartialEq, Debug)]
pub struct Fit {
    /// What fits; both names when nothing is known yet would say too much, so it is empty then.
    pub filings: Vec<Filing>,
    /// Why, in the order of the form.
    pub reasons: Vec<Reason>,
}

/// Why one of the two fits.
#[derive(Clone, PartialEq, Debug)]
pub struct Reason {
    /// Name of the rule.
    pub rule: String,
    /// Which fits.
    pub filing: Filing,
    /// The reason as a sentence.
    pub name: Named,
}

/// What fits the answers, whatever the person has chosen.
#[must_use]
pub fn fit(reading: &Reading<'_>) -> Fit {
    let rules = reading.form.fit.iter().filter(|rule| reading.holds(&rule.when));
    let reasons: Vec<Reason> = rules.map(|rule| Reason { rule: rule.id.clone(), filing: rule.files, name: rule.name.clone() }).collect();
    let filings = Filing::ALL.into_iter().filter(|filing| reasons.iter().any(|reason| reason.filing == *filing)).collect();
    Fit { filings, reasons }
}

/// What fits, by what the answers say.
pub(super) fn proposed(form: &Form, facts: &Facts) -> Vec<Filing> {
    let holds = |filing: Filing| form.fit.iter().any(|rule| rule.files == filing && rule.when.evaluate(facts) == Truth::True);
    Filing::ALL.into_iter().filter(|filing| holds(*filing)).collect()
}
