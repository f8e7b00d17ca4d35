//! Documents that were issued for a step, as the matter knows of them: their numbers flow back into it.

use serde_json::Value;

use super::definition::{Named, StepDef};
use crate::domain::journal::State;
use crate::domain::time::CivilDate;

/// A document that was issued for a step.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Paper {
    /// Its record.
    pub document: String,
    /// The name of its template.
    pub template: String,
    /// What it is called.
    pub title: Named,
    /// Its number, as it is printed.
    pub number: String,
    /// The day of issue.
    pub day: Option<CivilDate>,
    /// It was withdrawn since.
    pub withdrawn: bool,
}

/// Where it stands; `step` is the id of the step in the record.
#[must_use]
pub fn paper_path(step: &str, document: &str) -> String {
    format!("steps/{step}/papers/{document}")
}

/// The documents of a step, in the order in which the matter learned of them.
#[must_use]
pub fn papers_of(state: &State, step: &str) -> Vec<Paper> {
    let mut all: Vec<_> = state.under(&format!("steps/{step}/papers")).filter(|(document, _)| !document.contains('/')).collect();
    all.sort_by_key(|(_, cell)| cell.at);
    let read = |document: &str, value: &Value| {
        let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let title = |lang: &str| value.get("title").and_then(|title| title.get(lang)?.as_str()).unwrap_or_default().to_owned();
        Paper {
            document: document.to_owned(),
            template: text("template"),
            title: Named { zh: title("zh"), en: title("en") },
            number: text("number"),
            day: CivilDate::parse(&text("day")),
            withdrawn: is_withdrawn(value),
        }
    };
    all.into_iter().map(|(document, cell)| read(document, &cell.value)).collect()
}

fn is_withdrawn(value: &Value) -> bool {
    value.get("withdrawn") == Some(&Value::Bool(true))
}

/// The number that a field of a step takes from its documents: that of the latest one that was not withdrawn.
pub(super) fn number_for<'a>(state: &'a State, step: &str, def: &StepDef, field: &str) -> Option<&'a Value> {
    def.numbered.as_ref().filter(|numbered| numbered.field == field)?;
    let standing = state.under(&format!("steps/{step}/papers")).filter(|(path, cell)| !path.contains('/') && !is_withdrawn(&cell.value));
    standing.max_by_key(|(_, cell)| cell.at)?.1.value.get("number")
}
