//! What binds a visit before it begins: how often a unit may be visited in a year, why more often, which kinds of check
//! exclude each other, and what the unit is told on arrival.

use serde::Deserialize;

use super::clock::Origin;
use super::said::{self, InForce, RuleError, Said};
use crate::domain::checklist::BasisRef;
use crate::domain::content::Lang;
use crate::domain::time::CivilDate;

/// The format of the file, see `public/content/schema/visit-caps.schema.json`.
const SCHEMA: &str = "rules/visit-caps/1";

/// A rule as it stood for a time.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Version {
    /// For visits that began within.
    #[serde(flatten)]
    pub in_force: InForce,
    /// Whether it was compared with the text; otherwise shown as 未核实.
    pub verified: bool,
    /// Why.
    pub basis: Vec<BasisRef>,
}

/// A cap as it stood for a time.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct CapVersion {
    /// For visits that began within.
    #[serde(flatten)]
    pub in_force: InForce,
    /// Whose number it is.
    #[serde(default)]
    pub origin: Origin,
    /// Visits in a calendar year.
    pub count: u32,
    /// Whether it was compared with what was published; otherwise shown as 未核实.
    pub verified: bool,
    /// What to know.
    #[serde(default)]
    pub note_zh: Option<String>,
    /// The same in English.
    #[serde(default)]
    pub note_en: Option<String>,
    /// Why.
    pub basis: Vec<BasisRef>,
}

/// A cap for a class of units.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Cap {
    /// Stable name.
    pub id: String,
    /// The class of units.
    #[serde(flatten)]
    pub name: Said,
    /// For key units alone.
    #[serde(default)]
    pub key_unit: bool,
    /// For units of these credit-risk classes alone; for all when there is none.
    #[serde(default)]
    pub credit_class: Vec<String>,
    /// How many visits, by time.
    pub versions: Vec<CapVersion>,
}

/// A lawful reason to come although the cap is reached.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Exception {
    /// Stable name, kept in records.
    pub id: String,
    /// The reason.
    #[serde(flatten)]
    pub name: Said,
    /// When it is one.
    pub versions: Vec<Version>,
}

/// A kind of check that leaves no room for another one in the same year.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Exclusion {
    /// Stable name, kept in records.
    pub id: String,
    /// The rule.
    #[serde(flatten)]
    pub name: Said,
    /// The kind that was made.
    pub done: String,
    /// The kind that may not follow.
    pub excludes: String,
    /// When it holds.
    pub versions: Vec<Version>,
}

/// What the unit is told on arrival.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Notice {
    /// For visits that began within.
    #[serde(flatten)]
    pub in_force: InForce,
    /// Whether it was compared with the texts; otherwise shown as 未核实.
    pub verified: bool,
    /// Who comes, and why; `{bureau}`, `{inspectors}`, `{kind}`, `{source}` and `{lists}` are filled in.
    pub purpose_zh: String,
    /// The same in English.
    pub purpose_en: String,
    /// Rights of the unit.
    pub rights: Vec<Said>,
    /// What inspectors must not do.
    pub prohibitions: Vec<Said>,
    /// Why.
    pub basis: Vec<BasisRef>,
}

impl Notice {
    /// Who comes and why, with the places filled in; a place that is not known stays a blank.
    #[must_use]
    pub fn purpose(&self, lang: Lang, known: &[(&str, String)]) -> String {
        let mut text = lang.pick(&self.purpose_zh, &self.purpose_en).to_owned();
        for (place, value) in known {
            let value = Some(value.trim()).filter(|value| !value.is_empty()).unwrap_or("____");
            text = text.replace(&format!("{{{place}}}"), value);
        }
        text
    }
}

/// What of a unit decides on its cap.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct UnitClass {
    /// Whether it is a key unit (重点单位).
    pub key_unit: bool,
    /// Credit-risk class, `A` to `D`; empty when it is not known.
    pub credit_class: String,
}

/// The whole file.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct VisitCaps {
    /// Caps; the first that fits a unit counts.
    pub caps: Vec<Cap>,
    /// Reasons to come more often.
    pub exceptions: Vec<Exception>,
    /// Kinds of check that exclude each other.
    pub exclusions: Vec<Exclusion>,
    /// What is told.
    pub notices: Vec<Notice>,
}

impl VisitCaps {
    /// Reads a file of format `rules/visit-caps/1`.
    ///
    /// # Errors
    /// [`RuleError`] says what is wrong and where.
    pub fn read(bytes: &[u8]) -> Result<Self, RuleError> {
        let file: Self = said::read(bytes, SCHEMA)?;
        for (index, cap) in file.caps.iter().enumerate() {
            let ordered = cap.versions.iter().all(|version| version.in_force.is_ordered() && version.count > 0);
            check(&format!("caps[{index}]"), cap.versions.is_empty() || !ordered)?;
        }
        for (index, one) in file.exceptions.iter().enumerate() {
            check(&format!("exceptions[{index}]"), !is_ordered(&one.versions))?;
        }
        for (index, one) in file.exclusions.iter().enumerate() {
            check(&format!("exclusions[{index}]"), !is_ordered(&one.versions))?;
        }
        for (index, one) in file.notices.iter().enumerate() {
            check(&format!("notices[{index}]"), !one.in_force.is_ordered())?;
        }
        unique("caps", file.caps.iter().map(|one| one.id.as_str()))?;
        unique("exceptions", file.exceptions.iter().map(|one| one.id.as_str()))?;
        unique("exclusions", file.exclusions.iter().map(|one| one.id.as_str()))?;
        Ok(file)
    }

    /// The cap of a unit on a day: that of the first class that it belongs to.
    #[must_use]
    pub fn cap(&self, unit: &UnitClass, day: CivilDate) -> Option<(&Cap, &CapVersion)> {
        let fits =
            |cap: &&Cap| (!cap.key_unit || unit.key_unit) && (cap.credit_class.is_empty() || cap.credit_class.contains(&unit.credit_class));
        self.caps.iter().filter(fits).find_map(|cap| Some((cap, cap.versions.iter().find(|version| version.in_force.holds_on(day))?)))
    }

    /// The reasons to come more often that hold on a day.
    pub fn exceptions_on(&self, day: CivilDate) -> impl Iterator<Item = (&Exception, &Version)> {
        self.exceptions.iter().filter_map(move |one| Some((one, version_on(&one.versions, day)?)))
    }

    /// Which rule leaves no room for a `kind` of check on a day, after checks of the kinds `done` in the same year.
    #[must_use]
    pub fn exclusion<'a>(&self, kind: &str, done: impl Iterator<Item = &'a str> + Clone, day: CivilDate) -> Option<(&Exclusion, &Version)> {
        let fits = |one: &&Exclusion| one.excludes == kind && done.clone().any(|known| known == one.done);
        self.exclusions.iter().filter(fits).find_map(|one| Some((one, version_on(&one.versions, day)?)))
    }

    /// What is told on a day.
    #[must_use]
    pub fn notice(&self, day: CivilDate) -> Option<&Notice> {
        self.notices.iter().find(|one| one.in_force.holds_on(day))
    }
}

fn version_on(versions: &[Version], day: CivilDate) -> Option<&Version> {
    versions.iter().find(|version| version.in_force.holds_on(day))
}

fn is_ordered(versions: &[Version]) -> bool {
    !versions.is_empty() && versions.iter().all(|version| version.in_force.is_ordered())
}

fn check(place: &str, wrong: bool) -> Result<(), RuleError> {
    if wrong { Err(RuleError::Empty { place: format!("{place}.versions") }) } else { Ok(()) }
}

fn unique<'a>(list: &str, ids: impl Iterator<Item = &'a str>) -> Result<(), RuleError> {
    let mut seen = std::collections::BTreeSet::new();
    for (index, id) in ids.enumerate() {
        if !seen.insert(id) {
            return Err(RuleError::Double { place: format!("{list}[{index}].id"), name: id.to_owned() });
        }
    }
    Ok(())
}
