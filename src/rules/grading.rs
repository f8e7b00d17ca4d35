//! Gradings of hazards (隐患定级): which clauses a failed item may fall under. Proposals only; inspectors decide.

use serde::Deserialize;

use super::month::When;
use super::said::{self, InForce, RuleError, Said};
use crate::domain::checklist::{BasisRef, Facts};
use crate::domain::time::CivilDate;

/// The format of the file, see `public/content/schema/gradings.schema.json`.
const SCHEMA: &str = "rules/gradings/1";

/// What is known of equipment, whichever item failed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// In use after the month in which its inspection was due.
    OverdueInUse,
    /// In use, and the last inspection was failed.
    FailedInUse,
    /// The ledger has it as scrapped or struck off, and it was found at an inspection.
    ScrappedInUse,
    /// Not registered.
    NotRegistered,
}

impl Fact {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::OverdueInUse, Self::FailedInUse, Self::ScrappedInUse, Self::NotRegistered];

    /// The name in files and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::OverdueInUse => "overdue_in_use",
            Self::FailedInUse => "failed_in_use",
            Self::ScrappedInUse => "scrapped_in_use",
            Self::NotRegistered => "not_registered",
        }
    }

    /// Those that hold on a day of equipment as a visit knows it (`equipment.status`, `equipment.next_due`, …).
    ///
    /// What is printed as a month counts until its last day.
    #[must_use]
    pub fn of(facts: &Facts, day: CivilDate) -> Vec<Self> {
        let text = |name: &str| facts.get(name).and_then(serde_json::Value::as_str).unwrap_or_default().trim();
        let status = text("equipment.status");
        let used = !matches!(status, "stopped" | "scrapped" | "cancelled");
        let overdue = facts.get("equipment.next_due").and_then(When::of_value).is_some_and(|due| due.last_day() < day);
        let holds = |fact: &Self| match fact {
            Self::OverdueInUse => used && overdue,
            Self::FailedInUse => used && text("equipment.inspections.periodic.conclusion") == "fail",
            Self::ScrappedInUse => matches!(status, "scrapped" | "cancelled"),
            Self::NotRegistered => status == "not_registered",
        };
        Self::ALL.into_iter().filter(holds).collect()
    }
}

/// What makes the program propose a clause: failed items of a list, or a fact.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Trigger {
    /// The checklist.
    #[serde(default)]
    pub list: String,
    /// Its items.
    #[serde(default)]
    pub items: Vec<String>,
    /// The fact.
    #[serde(default)]
    pub fact: Option<Fact>,
    /// Whether the item belongs to the clause was not verified.
    #[serde(default)]
    pub verify: bool,
    /// Whether the clause fits has to be looked into: it is named and not chosen.
    #[serde(default)]
    pub ask: bool,
}

/// A clause of a grading.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Clause {
    /// Stable name, as records keep it.
    pub id: String,
    /// Its number, as it is quoted.
    pub no: String,
    /// What it says, paraphrased.
    #[serde(flatten)]
    pub name: Said,
    /// Beginnings of the type codes that it is about; all equipment when there are none.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Whether it was compared with the text; otherwise shown as 未核实.
    pub verified: bool,
    /// When it is in force.
    #[serde(flatten)]
    pub in_force: InForce,
    /// What makes the program propose it.
    #[serde(default)]
    pub triggers: Vec<Trigger>,
}

impl Clause {
    /// Whether it is about equipment of this type. What is not known is not ruled out.
    #[must_use]
    pub fn fits(&self, type_code: &str) -> bool {
        type_code.is_empty() || self.kinds.is_empty() || self.kinds.iter().any(|kind| type_code.starts_with(kind.as_str()))
    }

    /// Whether it is about this kind of equipment and no other.
    #[must_use]
    pub fn is_special(&self, type_code: &str) -> bool {
        !type_code.is_empty() && !self.kinds.is_empty() && self.fits(type_code)
    }
}

/// A grade with its clauses, such as 严重事故隐患.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Grading {
    /// Stable name: `serious` or `major`.
    pub id: String,
    /// What it is called.
    #[serde(flatten)]
    pub name: Said,
    /// Where the clauses stand.
    pub basis: Vec<BasisRef>,
    /// The clauses.
    pub clauses: Vec<Clause>,
}

impl Grading {
    /// A clause by its name.
    #[must_use]
    pub fn clause(&self, id: &str) -> Option<&Clause> {
        self.clauses.iter().find(|clause| clause.id == id)
    }
}

/// All gradings.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Gradings {
    /// One for each grade.
    pub gradings: Vec<Grading>,
}

/// Why a clause is proposed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Why {
    /// The item failed.
    Item,
    /// Something is known of the equipment.
    Fact(Fact),
}

impl Why {
    /// The name in records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Item => "item",
            Self::Fact(fact) => fact.name(),
        }
    }
}

/// A clause that a hazard may fall under.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Proposal<'a> {
    /// Of which grade.
    pub grading: &'a Grading,
    /// The clause.
    pub clause: &'a Clause,
    /// Why.
    pub why: Why,
    /// It has to be looked into; nothing is decided by it.
    pub ask: bool,
    /// Clause and assignment were both verified.
    pub verified: bool,
}

impl Gradings {
    /// Reads a file of gradings, format `rules/gradings/1`.
    ///
    /// # Errors
    /// [`RuleError`] says what is wrong and where.
    pub fn read(bytes: &[u8]) -> Result<Self, RuleError> {
        let file: Self = said::read(bytes, SCHEMA)?;
        let mut known: Vec<&str> = Vec::new();
        for (at, grading) in file.gradings.iter().enumerate() {
            if file.gradings.iter().take(at).any(|other| other.id == grading.id) {
                return Err(RuleError::Double { place: format!("gradings[{at}].id"), name: grading.id.clone() });
            }
            for (number, clause) in grading.clauses.iter().enumerate() {
                let place = format!("gradings[{at}].clauses[{number}]");
                if known.contains(&clause.id.as_str()) {
                    return Err(RuleError::Double { place: format!("{place}.id"), name: clause.id.clone() });
                }
                if !clause.in_force.is_ordered() {
                    return Err(RuleError::Empty { place });
                }
                known.push(&clause.id);
            }
        }
        Ok(file)
    }

    /// A grading by its name.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Grading> {
        self.gradings.iter().find(|grading| grading.id == id)
    }

    /// A clause of any grading by its name.
    #[must_use]
    pub fn clause(&self, id: &str) -> Option<(&Grading, &Clause)> {
        self.gradings.iter().find_map(|grading| Some((grading, grading.clause(id)?)))
    }

    /// The clauses that a failed item may fall under, by those in force on the day of the check: each once, for its
    /// strongest reason, in the order of the file. `facts` are those of [`Fact::of`].
    #[must_use]
    pub fn propose(&self, list: &str, item: &str, type_code: &str, facts: &[Fact], day: CivilDate) -> Vec<Proposal<'_>> {
        let clauses = self.gradings.iter().flat_map(|grading| grading.clauses.iter().map(move |clause| (grading, clause)));
        let in_force = clauses.filter(|(_, clause)| clause.in_force.holds_on(day) && clause.fits(type_code));
        let proposed = in_force.filter_map(|(grading, clause)| {
            let holds = clause.triggers.iter().filter_map(|trigger| {
                let why = match trigger.fact {
                    Some(fact) if facts.contains(&fact) => Why::Fact(fact),
                    None if trigger.list == list && trigger.items.iter().any(|known| known == item) => Why::Item,
                    _ => return None,
                };
                // A fact is about the equipment and not about what failed: it decides nothing by itself.
                Some((trigger.ask || trigger.fact.is_some(), why, !trigger.verify))
            });
            let (ask, why, assigned) = holds.min_by_key(|(ask, why, _)| (*ask, *why))?;
            Some(Proposal { grading, clause, why, ask, verified: clause.verified && assigned })
        });
        proposed.collect()
    }
}
