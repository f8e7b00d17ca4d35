//! What lists show of a matter (a hazard, a sample, a supervision order…), see [`crate::procedure`].

use serde::{Deserialize, Serialize};

use super::time::CivilDate;

/// What lists show of a matter, beside its summary.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct MatterLine {
    /// Name of the procedure.
    pub procedure: String,
    /// Name of the state, and what it is called in Chinese and in English.
    pub state: String,
    /// In Chinese.
    pub state_zh: String,
    /// In English.
    pub state_en: String,
    /// How the state looks: `todo`, `waiting`, `bad`, `good` or `ended`.
    pub tone: String,
    /// Nothing more has to be done.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub closed: bool,
    /// What the matter is called.
    pub headline: String,
    /// Grades and the like that lists can be narrowed by: the yes-or-no fields that say yes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<String>,
    /// The record of the unit.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// The record of the equipment.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub equipment: String,
    /// What it came from or belongs to: records, with `#` and the key where a question of a check is meant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<String>,
    /// What else is known of it, as the procedure lists it: `<field>=<text>`, and of private fields `<field>#<mark>`, by which they
    /// can be compared and not read; `near/<record>=duplicate` or `=dismissed` is what somebody found of another matter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<String>,
    /// Who it came from must stay unknown to others.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub confidential: bool,
    /// The periods that run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub periods: Vec<Period>,
    /// What signals and statistics read of a complaint, a report or a lead, without anything personal; see
    /// [`crate::signal::of`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal: Option<serde_json::Value>,
}

impl MatterLine {
    /// What a listed field says.
    #[must_use]
    pub fn fact(&self, field: &str) -> Option<&str> {
        self.facts.iter().find_map(|fact| fact.strip_prefix(field)?.strip_prefix('='))
    }

    /// The mark of a private field.
    #[must_use]
    pub fn mark(&self, field: &str) -> Option<&str> {
        self.facts.iter().find_map(|fact| fact.strip_prefix(field)?.strip_prefix('#'))
    }
}

/// A period that runs, before it is counted.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Period {
    /// Name of the clock in the procedure.
    pub clock: String,
    /// What is to be done, in Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
    /// The period in `rules/clocks.json`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// The day of receipt where the procedure asks for it, else the day when the matter began: it decides the version of the rule.
    pub filed: CivilDate,
    /// The day that it is counted from.
    pub start: CivilDate,
    /// The minute that it is counted from, for periods in hours.
    pub start_ms: u64,
    /// Offset of the local time, in minutes.
    pub offset_min: i32,
    /// The last day, where somebody has set it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<CivilDate>,
}
