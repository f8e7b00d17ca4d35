//! The rules of inspection intervals as data: what is due how often for which equipment, since when, and why.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Deserializer};

use super::clock::Origin;
use super::said::{self, InForce, RuleError, Said};
use crate::domain::checklist::{BasisRef, Condition, Severity};

/// The format of the file, see `public/content/schema/intervals.schema.json`.
const SCHEMA: &str = "rules/intervals/1";

/// A statement of a rule with its basis.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct Clause {
    /// What it says.
    #[serde(flatten)]
    pub said: Said,
    /// Whether it was compared with the text; otherwise shown as 未核实.
    pub verified: bool,
    /// Why.
    pub basis: Vec<BasisRef>,
}

/// What an interval means.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// The interval itself.
    #[default]
    Fixed,
    /// The longest that the inspection body may set.
    AtMost,
    /// The longest that monitored use (监控使用) may last.
    Monitored,
    /// The inspection body sets it; there is no number.
    BodyDecides,
    /// Not to be used.
    DoNotUse,
}

/// What to do when it is not known whether an interval is for this equipment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IfUnknown {
    /// Ask for what is missing.
    #[default]
    Ask,
    /// Take it as not for this equipment, and say so.
    Skip,
}

/// After how many months something is due.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct Interval {
    /// For which equipment; all when there is none.
    #[serde(default)]
    pub when: Option<Condition>,
    /// What to do when that is not known.
    #[serde(default)]
    pub if_unknown: IfUnknown,
    /// Months; none when nothing can be counted.
    #[serde(default)]
    pub months: Option<u32>,
    /// The shortest that the inspection body may set.
    #[serde(default)]
    pub months_min: Option<u32>,
    /// What the months mean.
    #[serde(default)]
    pub limit: Limit,
    /// The rule.
    #[serde(flatten)]
    pub clause: Clause,
}

/// Years after the base in which something is due.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct Years {
    /// The very years.
    #[serde(default)]
    pub years: Vec<u32>,
    /// From this year on...
    #[serde(default)]
    pub from_year: Option<u32>,
    /// ...every so many years.
    #[serde(default = "one")]
    pub every_years: u32,
    /// The rule.
    #[serde(flatten)]
    pub clause: Clause,
}

fn one() -> u32 {
    1
}

impl Years {
    /// The first year after a year in which it is due.
    #[must_use]
    pub fn next_after(&self, year: u32) -> Option<u32> {
        let listed = self.years.iter().copied().filter(|one| *one > year).min();
        let repeated = self.from_year.and_then(|from| {
            let every = self.every_years.max(1);
            if year < from { Some(from) } else { ((year - from) / every).checked_add(1)?.checked_mul(every)?.checked_add(from) }
        });
        listed.into_iter().chain(repeated).min()
    }
}

/// Who does it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// An inspection body (检验机构).
    Body,
    /// The use unit, or whom it asks.
    UseUnit,
    /// A laboratory that verifies or calibrates.
    Laboratory,
}

/// How exact due dates are.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// To the month: in time until its last day.
    #[default]
    Month,
    /// To the day.
    Day,
}

/// From what the later intervals count.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Anchor {
    /// From the last time.
    #[default]
    Last,
    /// From the base, so that a late inspection does not move what follows.
    Base,
}

/// How early something may be done without moving what follows.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct Early {
    /// Months.
    pub months: u32,
    /// The rule.
    #[serde(flatten)]
    pub clause: Clause,
}

/// What follows from a long stop.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct Stopped {
    /// From so many months on: inspect before use resumes.
    pub months: u32,
    /// Whether the inspection before restart is the new base.
    #[serde(default)]
    pub moves_base: bool,
    /// The rule.
    #[serde(flatten)]
    pub clause: Clause,
}

/// An event after which something is due at once.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct After {
    /// Path of the date of the event.
    pub event: String,
    /// The rule.
    #[serde(flatten)]
    pub clause: Clause,
}

/// Something that must be done again and again: an inspection, a check, a calibration.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct Obligation {
    /// Stable name; the last time stands at `inspections/<id>/...`.
    pub id: String,
    /// Other names below `inspections/` under which it is kept as well: `periodic` is where the general columns of a
    /// ledger (检验日期, 检验结论) go. The newest of the records counts.
    #[serde(default)]
    pub also_recorded_as: Vec<String>,
    /// Name.
    #[serde(flatten)]
    pub name: Said,
    /// Who does it.
    pub by: By,
    /// How exact its dates are.
    #[serde(default)]
    pub precision: Precision,
    /// Whether equipment must not be used once it is overdue.
    #[serde(default)]
    pub use_block: bool,
    /// Whether it must have been done before use begins.
    #[serde(default)]
    pub before_use: bool,
    /// Shown only for equipment whose record has something about it.
    #[serde(default)]
    pub only_when_recorded: bool,
    /// Whether `printed_next` of the equipment is its date.
    #[serde(default)]
    pub takes_printed_next: bool,
    /// Paths of the dates that the first one counts from; the latest counts.
    pub base: Vec<String>,
    /// Whether the base must be later than a relocation.
    #[serde(default)]
    pub relocation_needs_base: bool,
    /// From what the later ones count.
    #[serde(default)]
    pub anchor: Anchor,
    /// When the first one is due, from the base.
    #[serde(default, deserialize_with = "shared")]
    pub first: Vec<Arc<Interval>>,
    /// When the later ones are due.
    #[serde(default, deserialize_with = "shared")]
    pub then: Vec<Arc<Interval>>,
    /// Years after the base, instead of intervals.
    #[serde(default, deserialize_with = "shared")]
    pub years: Vec<Arc<Years>>,
    /// How early it may be done.
    #[serde(default, deserialize_with = "some_shared")]
    pub early: Option<Arc<Early>>,
    /// Obligations that do for this one when they were done later.
    #[serde(default)]
    pub replaced_by: Vec<String>,
    /// The supervisory inspection of a major repair does for the one of that year.
    #[serde(default, deserialize_with = "some_shared")]
    pub major_repair_replaces: Option<Arc<Clause>>,
    /// What follows from a long stop.
    #[serde(default, deserialize_with = "some_shared")]
    pub stopped: Option<Arc<Stopped>>,
    /// Events after which it is due at once.
    #[serde(default, deserialize_with = "shared")]
    pub after: Vec<Arc<After>>,
    /// Exceptions that are told and not computed.
    #[serde(default)]
    pub notes: Vec<Clause>,
}

impl Obligation {
    /// Every name below `inspections/` under which it may be recorded, its own first.
    pub fn names(&self) -> impl DoubleEndedIterator<Item = &str> {
        std::iter::once(self.id.as_str()).chain(self.also_recorded_as.iter().map(String::as_str))
    }

    /// The first year after a year in which it is due, and the rule that says so.
    #[must_use]
    pub fn year_after(&self, year: u32) -> Option<(u32, &Arc<Years>)> {
        self.years.iter().filter_map(|rule| Some((rule.next_after(year)?, rule))).min_by_key(|(year, _)| *year)
    }

    /// The last year before a year in which it is due.
    #[must_use]
    pub fn year_before(&self, year: u32) -> Option<u32> {
        (1..year).rev().find(|before| self.year_after(before - 1).is_some_and(|(next, _)| next == *before))
    }
}

fn shared<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Vec<Arc<T>>, D::Error> {
    Ok(Vec::<T>::deserialize(from)?.into_iter().map(Arc::new).collect())
}

fn some_shared<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<Arc<T>>, D::Error> {
    Ok(Option::<T>::deserialize(from)?.map(Arc::new))
}

fn shared_one<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Arc<T>, D::Error> {
    T::deserialize(from).map(Arc::new)
}

/// The obligations while a rule was in force.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct Version {
    /// For judgements on days within.
    #[serde(flatten)]
    pub in_force: InForce,
    /// Exceptions that are told and not computed.
    #[serde(default)]
    pub notes: Vec<Clause>,
    /// What is due.
    #[serde(deserialize_with = "shared")]
    pub obligations: Vec<Arc<Obligation>>,
}

/// The rule for a kind of equipment.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct Rule {
    /// Stable name.
    pub id: String,
    /// The kind of equipment.
    #[serde(flatten)]
    pub name: Said,
    /// For which equipment; the first rule that holds counts. All when there is none.
    #[serde(default)]
    pub applies: Option<Condition>,
    /// By time; at most one holds on a day.
    pub versions: Vec<Version>,
}

/// How many days ahead people are told.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct Lead {
    /// Days before the first day on which it is due.
    pub days: u32,
    /// Whose rule it is.
    pub origin: Origin,
    /// The rule.
    #[serde(flatten)]
    pub clause: Clause,
}

/// How grave it is to use equipment all the same.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct FlagRule {
    /// How grave.
    pub severity: Severity,
    /// What it is.
    #[serde(flatten)]
    pub said: Said,
    /// Why.
    pub basis: Vec<BasisRef>,
}

/// The flags of [`super::due::FlagKind`].
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct FlagRules {
    /// Overdue.
    #[serde(deserialize_with = "shared_one")]
    pub overdue: Arc<FlagRule>,
    /// Failed its last inspection.
    #[serde(deserialize_with = "shared_one")]
    pub failed: Arc<FlagRule>,
    /// Never inspected.
    #[serde(deserialize_with = "shared_one")]
    pub uninspected: Arc<FlagRule>,
    /// Its grade forbids use.
    #[serde(deserialize_with = "shared_one")]
    pub do_not_use: Arc<FlagRule>,
}

/// How long equipment is made for when nothing else is said, and from when that counts.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct DesignLife {
    /// For which equipment; the first that holds counts.
    pub applies: Condition,
    /// Paths of the dates that it counts from; the first known one counts.
    pub from: Vec<String>,
    /// Years when the record says none.
    #[serde(default)]
    pub default_years: Option<u32>,
    /// The rule.
    #[serde(flatten)]
    pub clause: Clause,
}

/// All rules of intervals.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct Intervals {
    /// When people are reminded.
    pub warn: Lead,
    /// When the inspection must be requested.
    pub request: Lead,
    /// How grave it is to use equipment all the same.
    pub flags: FlagRules,
    /// Design lives.
    pub design_life: Vec<DesignLife>,
    /// The rules.
    #[serde(deserialize_with = "shared")]
    pub rules: Vec<Arc<Rule>>,
}

/// A record counts for one obligation: no name, own or other, occurs twice.
fn named_once(obligations: &[Arc<Obligation>], place: &str) -> Result<(), RuleError> {
    let own: BTreeSet<&str> = obligations.iter().map(|one| one.id.as_str()).collect();
    let mut seen = BTreeSet::new();
    for (number, one) in obligations.iter().enumerate() {
        let twice =
            |field: &str, name: &str| RuleError::Double { place: format!("{place}.obligations[{number}].{field}"), name: name.to_owned() };
        if !seen.insert(one.id.as_str()) {
            return Err(twice("id", &one.id));
        }
        for name in &one.also_recorded_as {
            if own.contains(name.as_str()) || !seen.insert(name) {
                return Err(twice("also_recorded_as", name));
            }
        }
    }
    Ok(())
}

impl Intervals {
    /// Reads a file of intervals, format `rules/intervals/1`.
    ///
    /// # Errors
    /// [`RuleError`] says what is wrong and where.
    pub fn read(bytes: &[u8]) -> Result<Self, RuleError> {
        let file: Self = said::read(bytes, SCHEMA)?;
        for (index, rule) in file.rules.iter().enumerate() {
            let place = format!("rules[{index}]");
            if file.rules.iter().take(index).any(|other| other.id == rule.id) {
                return Err(RuleError::Double { place: format!("{place}.id"), name: rule.id.clone() });
            }
            if rule.versions.is_empty() {
                return Err(RuleError::Empty { place: format!("{place}.versions") });
            }
            for (number, version) in rule.versions.iter().enumerate() {
                let place = format!("{place}.versions[{number}]");
                if !version.in_force.is_ordered() || version.obligations.is_empty() {
                    return Err(RuleError::Empty { place });
                }
                named_once(&version.obligations, &place)?;
            }
        }
        Ok(file)
    }
}
