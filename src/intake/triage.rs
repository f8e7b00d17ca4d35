//! The rules: what is urgent, what looks alike.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value;

use crate::domain::checklist::{Condition, Truth};
use crate::domain::matter::MatterLine;
use crate::rules::said::{self, RuleError, Said};

/// The format of the file, see `public/content/schema/triage.schema.json`.
const SCHEMA: &str = "rules/triage/1";

/// A reason why something comes first.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct Urgent {
    /// Stable name.
    pub id: String,
    /// What people read.
    #[serde(flatten)]
    pub name: Said,
    /// The lower, the sooner.
    pub rank: u8,
    /// When it applies: of listed fields, and of the yes-or-no fields that say yes.
    pub when: Condition,
}

/// How surely two are about the same.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// Perhaps.
    Weak,
    /// Likely about the same business or product.
    Medium,
    /// The same thing or the same person.
    Strong,
}

/// A reason why two look alike.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct NearRule {
    /// Stable name.
    pub id: String,
    /// What people read.
    #[serde(flatten)]
    pub name: Said,
    /// How surely.
    pub strength: Strength,
    /// How many days apart they may have come in; any number when it does not say.
    #[serde(default)]
    pub days: Option<u32>,
    /// Of each group one field must be the same as one of it in the other.
    pub same: Vec<Vec<String>>,
}

/// A procedure whose matters come in.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Taken {
    /// Its name.
    pub id: String,
    /// The states in which nobody has decided yet whether it is taken.
    pub incoming: Vec<String>,
}

/// The rules of the inbox.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct Triage {
    /// What comes in.
    pub procedures: Vec<Taken>,
    /// Working days within which an end counts as near.
    pub soon_days: u32,
    /// What comes first.
    pub urgent: Vec<Urgent>,
    /// What looks alike.
    pub near: Vec<NearRule>,
}

impl Triage {
    /// Reads the file, format `rules/triage/1`.
    ///
    /// # Errors
    /// [`RuleError`] says what is wrong and where.
    pub fn read(bytes: &[u8]) -> Result<Self, RuleError> {
        let read: Self = said::read(bytes, SCHEMA)?;
        let names = read.urgent.iter().map(|one| &one.id).collect::<Vec<_>>();
        let near = read.near.iter().map(|one| &one.id).collect::<Vec<_>>();
        for (place, names) in [("urgent", names), ("near", near)] {
            if let Some((at, name)) = names.iter().enumerate().find(|(at, name)| names.iter().take(*at).any(|other| other == *name)) {
                return Err(RuleError::Double { place: format!("{place}[{at}].id"), name: (*name).clone() });
            }
        }
        let empty = |rule: &NearRule| rule.same.is_empty() || rule.same.iter().any(Vec::is_empty);
        if let Some(at) = read.near.iter().position(empty) {
            return Err(RuleError::Empty { place: format!("near[{at}].same") });
        }
        Ok(read)
    }

    /// What the rules say of a procedure; none when its matters are not for the inbox.
    #[must_use]
    pub fn taken(&self, procedure: &str) -> Option<&Taken> {
        self.procedures.iter().find(|taken| taken.id == procedure)
    }

    /// Why a matter comes first, the gravest reason first.
    #[must_use]
    pub fn reasons(&self, line: &MatterLine) -> Vec<&Urgent> {
        let known = |field: &str| -> Option<Cow<'_, Value>> {
            if line.flags.iter().any(|flag| flag == field) {
                return Some(Cow::Owned(Value::Bool(true)));
            }
            let text = line.fact(field)?;
            let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
            Some(Cow::Owned(number.map_or_else(|| Value::from(text), Value::from)))
        };
        let mut found: Vec<&Urgent> = self.urgent.iter().filter(|one| one.when.evaluate_by(&known) == Truth::True).collect();
        found.sort_by_key(|one| one.rank);
        found
    }
}
