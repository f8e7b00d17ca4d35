//! What the law may attach to a finding (法律后果): articles, orders and ranges to look up, never a penalty.

use serde::Deserialize;

use super::grading::Fact;
use super::said::{self, InForce, RuleError, Said};
use crate::domain::checklist::{BasisRef, Condition};
use crate::domain::time::CivilDate;

/// The format of the file, see `public/content/schema/consequences.schema.json`.
const SCHEMA: &str = "rules/consequences/1";

/// A range of fines, in yuan.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Fine {
    /// Least.
    pub low: u64,
    /// Most.
    pub high: u64,
    /// Whom or which case it is about; empty when there is only one.
    #[serde(default)]
    pub zh: String,
    /// The same in English.
    #[serde(default)]
    pub en: String,
}

/// Items of a list.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Items {
    /// The checklist.
    pub list: String,
    /// Its items.
    pub items: Vec<String>,
}

/// When a consequence may apply: any one of these is enough.
#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(default)]
pub struct May {
    /// Clauses of gradings under which the hazard falls.
    pub clauses: Vec<String>,
    /// Items that failed.
    pub items: Vec<Items>,
    /// Facts of the equipment.
    pub facts: Vec<Fact>,
    /// What the matter says.
    pub when: Option<Condition>,
}

/// A consequence in law.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct Consequence {
    /// Stable name.
    pub id: String,
    /// Where it stands.
    pub basis: Vec<BasisRef>,
    /// The conduct, paraphrased.
    #[serde(flatten)]
    pub conduct: Said,
    /// What is ordered.
    pub order_zh: String,
    /// The same in English.
    pub order_en: String,
    /// The ranges.
    pub fines: Vec<Fine>,
    /// Whether it was compared with the text; otherwise shown as 未核实.
    pub verified: bool,
    /// When it is in force.
    #[serde(flatten)]
    pub in_force: InForce,
    /// When it may apply.
    pub may: May,
}

/// What is asked for.
#[derive(Clone, Copy)]
pub struct Found<'a> {
    /// The clauses that were chosen.
    pub clauses: &'a [String],
    /// The checklist whose item failed; empty when there is none.
    pub list: &'a str,
    /// The item.
    pub item: &'a str,
    /// What is known of the equipment.
    pub facts: &'a [Fact],
    /// Whether a condition holds of the matter.
    pub holds: &'a dyn Fn(&Condition) -> bool,
}

/// All consequences.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct Consequences {
    /// In the order of the law.
    pub consequences: Vec<Consequence>,
}

impl Consequences {
    /// Reads a file of consequences, format `rules/consequences/1`.
    ///
    /// # Errors
    /// [`RuleError`] says what is wrong and where.
    pub fn read(bytes: &[u8]) -> Result<Self, RuleError> {
        let file: Self = said::read(bytes, SCHEMA)?;
        for (at, one) in file.consequences.iter().enumerate() {
            let place = format!("consequences[{at}]");
            if file.consequences.iter().take(at).any(|other| other.id == one.id) {
                return Err(RuleError::Double { place: format!("{place}.id"), name: one.id.clone() });
            }
            if !one.in_force.is_ordered() || one.fines.iter().any(|fine| fine.low > fine.high) {
                return Err(RuleError::Empty { place });
            }
        }
        Ok(file)
    }

    /// A consequence by its name.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Consequence> {
        self.consequences.iter().find(|one| one.id == id)
    }

    /// What may apply, by what was in force on the day of the check.
    #[must_use]
    pub fn lookup(&self, found: Found<'_>, day: CivilDate) -> Vec<&Consequence> {
        let may = |one: &&Consequence| {
            let may = &one.may;
            may.clauses.iter().any(|clause| found.clauses.contains(clause))
                || may.items.iter().any(|known| known.list == found.list && known.items.iter().any(|item| item == found.item))
                || may.facts.iter().any(|fact| found.facts.contains(fact))
                || may.when.as_ref().is_some_and(|when| (found.holds)(when))
        };
        self.consequences.iter().filter(|one| one.in_force.holds_on(day)).filter(may).collect()
    }
}
