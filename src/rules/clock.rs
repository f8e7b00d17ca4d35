//! Periods of handling (办理期限): how long an office or a unit has, by the rule in force when the matter began.

use serde::Deserialize;

use super::calendar::{Calendar, Deadline};
use super::said::{self, InForce, RuleError, Said};
use crate::domain::checklist::BasisRef;
use crate::domain::time::{CivilDate, Instant};

/// The format of the file, see `public/content/schema/clocks.schema.json`.
const SCHEMA: &str = "rules/clocks/1";

/// What a period is counted in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Working days.
    WorkingDays,
    /// Days.
    CalendarDays,
    /// Months.
    Months,
    /// Hours from the minute of the event; see [`ClockVersion::hours_after`].
    Hours,
}

/// Whose rule a period is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A law or rule says so.
    #[default]
    Law,
    /// This program says so, for want of a number in the law.
    Own,
}

/// By how much a period can be prolonged.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Extension {
    /// How long.
    pub length: u32,
    /// In what.
    pub unit: Unit,
    /// On what condition.
    #[serde(flatten)]
    pub condition: Said,
}

/// A period as it stood while a rule was in force.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct ClockVersion {
    /// For matters that began within.
    #[serde(flatten)]
    pub in_force: InForce,
    /// Whose rule it is.
    #[serde(default)]
    pub origin: Origin,
    /// The event that starts it.
    pub start_zh: String,
    /// The same in English.
    pub start_en: String,
    /// How long; `None` when the office sets it.
    pub length: Option<u32>,
    /// In what.
    pub unit: Unit,
    /// Whether an end on a day off moves to the next working day.
    #[serde(default)]
    pub roll: bool,
    /// By how much it can be prolonged.
    #[serde(default)]
    pub extension: Option<Extension>,
    /// Whether it was compared with the article; otherwise shown as 未核实.
    pub verified: bool,
    /// What is left out, and other things to know.
    #[serde(default)]
    pub note_zh: Option<String>,
    /// The same in English.
    #[serde(default)]
    pub note_en: Option<String>,
    /// Why.
    pub basis: Vec<BasisRef>,
}

/// A period with a name, such as 复查整改情况.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Clock {
    /// Stable name.
    pub id: String,
    /// Field of work.
    pub field: String,
    /// What is to be done within.
    #[serde(flatten)]
    pub name: Said,
    /// How long it was, by time; at most one holds on a day.
    pub versions: Vec<ClockVersion>,
}

/// All periods.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Clocks {
    /// Why an end on a day off moves.
    #[serde(default)]
    pub roll_basis: Vec<BasisRef>,
    /// The periods.
    pub clocks: Vec<Clock>,
}

/// Why there is no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoDeadline {
    /// No version was in force when the matter began.
    #[error("no rule in force on {0}")]
    NotInForce(CivilDate),
    /// The office sets the length.
    #[error("the office sets the length")]
    SetByOffice,
    /// Counted in hours, so it needs the minute of the event.
    #[error("counted in hours")]
    Hours,
    /// It can't be prolonged.
    #[error("cannot be extended")]
    NoExtension,
}

/// The end of a period.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Due<'a> {
    /// The day and how it was counted.
    pub deadline: Deadline,
    /// The rule that was applied.
    pub rule: &'a ClockVersion,
    /// Whether the whole result is verified: the rule, and no days were estimated or moved by an unverified rule.
    pub verified: bool,
    steps: Vec<Said>,
}

impl Due<'_> {
    /// How it came about: what is to be done, from which event, by which counting, what to know.
    #[must_use]
    pub fn explain(&self) -> &[Said] {
        &self.steps
    }
}

impl Clocks {
    /// Reads a file of periods, format `rules/clocks/1`.
    ///
    /// # Errors
    /// [`RuleError`] says what is wrong and where.
    pub fn read(bytes: &[u8]) -> Result<Self, RuleError> {
        let file: Self = said::read(bytes, SCHEMA)?;
        for (index, clock) in file.clocks.iter().enumerate() {
            let place = format!("clocks[{index}]");
            if file.clocks.iter().take(index).any(|other| other.id == clock.id) {
                return Err(RuleError::Double { place: format!("{place}.id"), name: clock.id.clone() });
            }
            if clock.versions.is_empty() || clock.versions.iter().any(|version| !version.in_force.is_ordered()) {
                return Err(RuleError::Empty { place: format!("{place}.versions") });
            }
        }
        Ok(file)
    }

    /// A period by its id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Clock> {
        self.clocks.iter().find(|clock| clock.id == id)
    }
}

impl Clock {
    /// The version for a matter that began on a day.
    #[must_use]
    pub fn on(&self, filed: CivilDate) -> Option<&ClockVersion> {
        self.versions.iter().find(|version| version.in_force.holds_on(filed))
    }

    /// The last day of the period that `start` began, by the rule in force when the matter was `filed`.
    ///
    /// # Errors
    /// [`NoDeadline`] when there is no rule, the office sets the length, or hours are counted.
    pub fn due(&self, filed: CivilDate, start: CivilDate, calendar: &Calendar) -> Result<Due<'_>, NoDeadline> {
        self.due_within(filed, start, None, calendar)
    }

    /// As [`Self::due`], with the length that the office has set where the rule leaves it to the office.
    ///
    /// # Errors
    /// As [`Self::due`].
    pub fn due_within(&self, filed: CivilDate, start: CivilDate, set: Option<u32>, calendar: &Calendar) -> Result<Due<'_>, NoDeadline> {
        let rule = self.on(filed).ok_or(NoDeadline::NotInForce(filed))?;
        let length = rule.length.or(set).ok_or(NoDeadline::SetByOffice)?;
        let begun =
            Said::new(format!("{}：自{}起计算", self.name.zh, rule.start_zh), format!("{}: counted from {}", self.name.en, rule.start_en));
        rule.count(start, length, rule.unit, calendar, vec![begun])
    }

    /// The last day once the period was prolonged; `end` is that of [`Self::due`] as it was told to people.
    ///
    /// # Errors
    /// As [`Self::due`], and [`NoDeadline::NoExtension`].
    pub fn extended(&self, filed: CivilDate, end: CivilDate, calendar: &Calendar) -> Result<Due<'_>, NoDeadline> {
        let rule = self.on(filed).ok_or(NoDeadline::NotInForce(filed))?;
        let more = rule.extension.as_ref().ok_or(NoDeadline::NoExtension)?;
        let begun = Said::new(format!("{}：{}", self.name.zh, more.condition.zh), format!("{}: {}", self.name.en, more.condition.en));
        rule.count(end, more.length, more.unit, calendar, vec![begun])
    }
}

impl ClockVersion {
    fn count(&self, start: CivilDate, length: u32, unit: Unit, calendar: &Calendar, mut steps: Vec<Said>) -> Result<Due<'_>, NoDeadline> {
        let deadline = match unit {
            Unit::WorkingDays => calendar.add_working_days(start, length),
            Unit::CalendarDays => calendar.add_calendar_days(start, length, self.roll),
            Unit::Months => calendar.add_months(start, length, self.roll),
            Unit::Hours => return Err(NoDeadline::Hours),
        };
        steps.extend(deadline.parts.iter().map(super::calendar::Part::say));
        if let (Some(zh), Some(en)) = (&self.note_zh, &self.note_en) {
            steps.push(Said::new(zh, en));
        }
        let rolled = deadline.parts.iter().any(|part| matches!(part, super::calendar::Part::Rolled { .. }));
        Ok(Due { verified: self.verified && !deadline.estimated && !rolled, deadline, rule: self, steps })
    }

    /// The minute by which something must be done, when hours are counted.
    #[must_use]
    pub fn hours_after(&self, event: Instant) -> Option<Instant> {
        let hours = self.length.filter(|_| self.unit == Unit::Hours)?;
        Some(Instant::from_ms(event.ms().saturating_add(u64::from(hours) * 3_600_000)))
    }
}
