//! What is due when for a piece of equipment or an instrument, and why.
//!
//! A date printed on a report or use mark prevails; the rule only fills gaps and warns. What can't be computed says what
//! is missing. Due in a month means in time until its last day and overdue from the first day of the next one.

mod conclude;
mod judge;
mod say;

use std::sync::Arc;

use chrono::Datelike as _;
use serde_json::{Value, json};

use super::facts::{EquipmentFacts, Status};
use super::interval::{After, By, Clause, DesignLife, Early, FlagRule, Interval, Intervals, Obligation, Rule, Stopped, Version, Years};
use super::month::{Month, When};
use super::said::Said;
use crate::domain::checklist::{BasisRef, Facts, Severity, Truth};
use crate::domain::time::CivilDate;

/// Where a due date comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Source {
    /// Printed on a report or use mark.
    Printed,
    /// Computed by the rule.
    Computed,
    /// There is none.
    NotComputable(Reason),
}

/// Why there is no due date.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reason {
    /// These paths of the record are not known. With several, one of them may do.
    Missing(Vec<String>),
    /// There is no interval for this equipment.
    NoInterval,
    /// No version of the rule was in force.
    NotInForce,
    /// The inspection body sets the date.
    BodyDecides,
    /// The last inspection was failed.
    LastFailed,
    /// It must not be used.
    DoNotUse,
    /// It was moved and not inspected since.
    RelocatedSince(When),
    /// The rule counts to a date that can't be written (after 2999), or by no months at all.
    OutOfRange,
}

/// How far away a due date is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DueState {
    /// In time, and nothing to do.
    Fine,
    /// Within the days of the reminder ([`Intervals::warn`]).
    Warn,
    /// Within the days in which the inspection must be requested ([`Intervals::request`]).
    Apply,
    /// In this month, and not yet over.
    DueThisMonth,
    /// Over.
    Overdue {
        /// Months from the due month to the present one: 1 from the first day of the month after.
        months: u32,
        /// Days since the last day in time.
        days: u32,
    },
    /// Out of use: nothing is due before use resumes.
    Stopped,
}

/// Why equipment must not be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FlagKind {
    /// Overdue and in use.
    Overdue,
    /// Failed its last inspection and in use.
    Failed,
    /// Never inspected and in use.
    Uninspected,
    /// Its grade forbids use, and it is in use.
    DoNotUse,
}

/// Equipment is used that must not be.
#[derive(Clone, PartialEq, Debug)]
pub struct Flag {
    /// Why.
    pub kind: FlagKind,
    /// How grave it is, in words, and its basis.
    pub rule: Arc<FlagRule>,
    /// Whether the basis or the date is not verified; shown as 未核实.
    pub verify: bool,
}

impl Flag {
    /// How grave it is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.rule.severity
    }
}

/// One step of the way to a due date; [`Step::say`] puts it into words.
#[derive(Clone, PartialEq, Debug)]
pub enum Step {
    /// The rule and the version that was applied.
    Rule(Arc<Rule>, Option<CivilDate>),
    /// What is recorded under another name and counts as this obligation.
    RecordedAs {
        /// The name below `inspections/`.
        name: String,
        /// What it counts as.
        obligation: Arc<Obligation>,
    },
    /// The date that is counted from.
    Base {
        /// Its path; `None` for the inspection before a restart.
        path: Option<String>,
        /// The date.
        when: When,
    },
    /// The last time.
    Last {
        /// What was done; another obligation may do for this one.
        obligation: Arc<Obligation>,
        /// When.
        when: When,
    },
    /// The interval that was applied.
    Interval(Arc<Interval>),
    /// The year after the base in which it is due.
    Year {
        /// The year.
        year: u32,
        /// The rule for that year.
        rule: Arc<Years>,
        /// When.
        due: When,
    },
    /// A year that a major repair did for.
    Repaired {
        /// The year.
        year: u32,
        /// When the repair was.
        on: When,
        /// The rule.
        clause: Arc<Clause>,
    },
    /// An early inspection that kept the base.
    KeptBase(Arc<Early>),
    /// Use resumed after a long stop without an inspection.
    Restarted {
        /// When use resumed.
        on: When,
        /// How long it was stopped.
        months: i32,
        /// The rule.
        rule: Arc<Stopped>,
    },
    /// An event after which it is due at once.
    After {
        /// When.
        on: When,
        /// The rule.
        rule: Arc<After>,
    },
    /// The date that the rule gives.
    Computed(When),
    /// The printed date, which prevails.
    Printed(When),
}

/// Something to know about a due date.
#[derive(Clone, PartialEq, Debug)]
pub enum Warning {
    /// The printed date is later than the rule allows.
    PrintedLater {
        /// Printed.
        printed: When,
        /// By the rule.
        allowed: When,
    },
    /// The printed date was met by the last inspection, or is older than it, and was left aside.
    PrintedStale(When),
    /// The printed date comes soon after the last inspection; perhaps the mark was not renewed.
    PrintedSoon {
        /// Printed.
        printed: When,
        /// The last inspection.
        last: When,
    },
    /// The printed date could not be compared with the rule: these paths are not known.
    NotCompared(Vec<String>),
    /// The printed date is from before something that asks for an inspection at once, and was left aside.
    PrintedBefore {
        /// Printed.
        printed: When,
        /// The event.
        event: When,
    },
    /// The base was moved.
    BaseMoved {
        /// From.
        from: When,
        /// To.
        to: When,
    },
    /// Moved, and no inspection of the installation since.
    RelocatedSince(When),
    /// Inspect before use resumes.
    InspectBeforeRestart {
        /// How long it has been stopped, when that is known.
        months: Option<i32>,
    },
    /// Done, but too early to do for what is due.
    TooEarly {
        /// When it was done.
        done: When,
        /// What is due.
        due: When,
        /// The rule.
        rule: Arc<Early>,
    },
    /// Nothing is recorded of the one that was due then.
    NoRecord(When),
    /// The inspection body sets the date; this one is the latest.
    BodyDecides {
        /// The earliest, when the rule has one.
        earliest: Option<When>,
        /// The latest.
        latest: When,
    },
    /// Monitored use: the date is the end of all of it.
    Monitored(When),
    /// These paths are not known; the ordinary case was assumed.
    Assumed(Vec<String>),
    /// A date that lies in the future.
    InFuture {
        /// Its path.
        path: String,
        /// The date.
        when: When,
    },
    /// A value that could not be read.
    Unreadable(String),
}

/// One thing that is due.
#[derive(Clone, PartialEq, Debug)]
pub struct Due {
    /// The rule.
    pub rule: Arc<Rule>,
    /// What is due.
    pub obligation: Arc<Obligation>,
    /// When; `None` when it can't be said.
    pub due: Option<When>,
    /// Where that comes from.
    pub source: Source,
    /// What the rule gives, also where a printed date prevails.
    pub by_rule: Option<When>,
    /// How far away it is; `None` without a date.
    pub state: Option<DueState>,
    /// Whether every rule that the date rests on is verified; otherwise shown as 未核实. A printed date rests on none.
    pub verified: bool,
    /// Whether every rule behind `by_rule`, and so behind a warning of a printed date, is verified.
    pub rule_verified: bool,
    /// How it came about.
    pub steps: Vec<Step>,
    /// What to know.
    pub warnings: Vec<Warning>,
    /// Whether equipment is used that must not be.
    pub flag: Option<Flag>,
}

impl Due {
    /// Name of the obligation.
    #[must_use]
    pub fn name(&self) -> &Said {
        &self.obligation.name
    }

    /// Who does it.
    #[must_use]
    pub fn by(&self) -> By {
        self.obligation.by
    }

    /// The way to the date in words, then what to know, then exceptions of the rule that were not computed.
    #[must_use]
    pub fn explain(&self) -> Vec<Said> {
        let steps = self.steps.iter().map(Step::say);
        let reason = match &self.source {
            Source::NotComputable(reason) => Some(reason.say()),
            Source::Printed | Source::Computed => None,
        };
        steps.chain(reason).chain(self.warnings.iter().map(Warning::say)).chain(self.notes().map(|note| note.said.clone())).collect()
    }

    /// Exceptions that the rule tells and that were not computed.
    pub fn notes(&self) -> impl Iterator<Item = &Clause> {
        self.obligation.notes.iter()
    }

    /// The references of every rule that was used, each once.
    #[must_use]
    pub fn basis(&self) -> Vec<BasisRef> {
        let mut all: Vec<BasisRef> = Vec::new();
        for one in self.steps.iter().filter_map(Step::clause).flat_map(|clause| &clause.basis) {
            if !all.contains(one) {
                all.push(one.clone());
            }
        }
        all
    }

    /// For sorting: overdue first, then by date; what has no date comes last.
    #[must_use]
    pub fn urgency(&self) -> (bool, Option<CivilDate>) {
        let last_day = self.due.filter(|_| self.state != Some(DueState::Stopped)).map(When::last_day);
        (last_day.is_none(), last_day)
    }
}

/// What is due for an elevator in the year that has begun.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DueType {
    /// A periodic inspection (定期检验).
    Inspection,
    /// Self-testing (自行检测).
    SelfTest,
    /// Nothing: in the first year after the base.
    Nothing,
}

impl DueType {
    /// The value of `derived.elevator_due_type`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Inspection => "inspection",
            Self::SelfTest => "self_test",
            Self::Nothing => "none",
        }
    }
}

impl Intervals {
    /// The rule for a piece of equipment: the first whose condition holds.
    #[must_use]
    pub fn rule_of(&self, facts: &EquipmentFacts) -> Option<&Arc<Rule>> {
        self.rules.iter().find(|rule| rule.applies.as_ref().is_none_or(|applies| facts.holds(applies) == Truth::True))
    }

    /// Everything that is due, by the rules in force on `today`, in the order of the rule.
    ///
    /// What is due in certain years after the base is left out when the last of them is over.
    /// Nothing for equipment that was scrapped or cancelled. Equipment whose type is not known has one entry that shows
    /// the printed date or asks for the type.
    #[must_use]
    pub fn due(&self, facts: &EquipmentFacts, today: CivilDate) -> Vec<Due> {
        let Some(rule) = self.rule_of(facts).filter(|_| facts.status != Status::Gone) else { return Vec::new() };
        match version_on(rule, today) {
            Some(version) => version.obligations.iter().filter_map(|one| judge::judge(self, rule, version, one, facts, today)).collect(),
            None => {
                let newest = rule.versions.iter().max_by_key(|version| version.in_force.from);
                let obligations = newest.into_iter().flat_map(|version| &version.obligations);
                obligations.map(|one| judge::not_in_force(self, rule, one, facts, today)).collect()
            }
        }
    }

    /// What of several things comes first: the overdue one, else the next; `None` when nothing has a date.
    #[must_use]
    pub fn first(dues: &[Due]) -> Option<&Due> {
        dues.iter().filter(|due| !due.urgency().0).min_by_key(|due| due.urgency())
    }

    /// Whether an elevator has its inspection or its self-test in the year after the base that has begun.
    ///
    /// `None` when it is no elevator, the base is not known, or the rules in force had no such years.
    /// Source: TSG T7001—2023 and TSG T7008—2023 on the years; the years themselves are in the content.
    #[must_use]
    pub fn elevator_due_type(&self, facts: &EquipmentFacts, today: CivilDate) -> Option<DueType> {
        let version = version_on(self.rule_of(facts)?, today)?;
        let mut yearly = version.obligations.iter().filter(|one| !one.years.is_empty()).peekable();
        let (_, base) = judge::base_of(yearly.peek()?, facts)?;
        let years = u32::try_from(Month::of(today).since(base.month()).div_euclid(12)).ok()?;
        let due = yearly.find(|one| years > 0 && one.year_after(years - 1).is_some_and(|(year, _)| year == years));
        Some(match due.map(|one| one.by) {
            Some(By::Body) => DueType::Inspection,
            Some(By::UseUnit | By::Laboratory) => DueType::SelfTest,
            None => DueType::Nothing,
        })
    }

    /// Whether equipment is past its design life; `None` when that is not known.
    #[must_use]
    pub fn over_design_life(&self, facts: &EquipmentFacts, today: CivilDate) -> Option<bool> {
        let rule: &DesignLife = self.design_life.iter().find(|rule| facts.holds(&rule.applies) == Truth::True)?;
        let years = facts.design_life_years.or(rule.default_years)?;
        let from = rule.from.iter().find_map(|path| facts.date(path))?;
        let end = years.checked_mul(12).and_then(|months| from.later(months))?;
        Some(end.last_day() < today)
    }

    /// The facts that checklists ask for as `derived.…`: `elevator_due_type` and `over_design_life`, as far as known.
    #[must_use]
    pub fn derived(&self, facts: &EquipmentFacts, today: CivilDate) -> Facts {
        let due_type = self.elevator_due_type(facts, today).map(|due| json!(due.name()));
        let over = self.over_design_life(facts, today).map(Value::Bool);
        [("derived.elevator_due_type", due_type), ("derived.over_design_life", over)]
            .into_iter()
            .filter_map(|(field, value)| Some((field.to_owned(), value?)))
            .collect()
    }

    fn state(&self, due: When, today: CivilDate) -> DueState {
        let days = |from: CivilDate, to: CivilDate| u32::try_from((to.0 - from.0).num_days()).unwrap_or(0);
        if today > due.last_day() {
            let months = Month::of(today).since(due.month());
            return DueState::Overdue { months: u32::try_from(months).unwrap_or(0), days: days(due.last_day(), today) };
        }
        let ahead = days(today, due.first_day());
        if (today.0.year(), today.0.month()) == (due.month().year(), due.month().month()) {
            DueState::DueThisMonth
        } else if ahead <= self.request.days {
            DueState::Apply
        } else if ahead <= self.warn.days {
            DueState::Warn
        } else {
            DueState::Fine
        }
    }
}

fn version_on(rule: &Rule, day: CivilDate) -> Option<&Version> {
    rule.versions.iter().find(|version| version.in_force.holds_on(day))
}
