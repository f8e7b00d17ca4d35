//! The judgement on one obligation.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Due, EquipmentFacts, Intervals, Reason, Source, Step, Warning};
use crate::domain::checklist::Truth;
use crate::domain::time::CivilDate;
use crate::rules::facts::{Conclusion, Inspection};
use crate::rules::interval::{Anchor, IfUnknown, Interval, Limit, Obligation, Precision, Rule, Stopped, Version};
use crate::rules::month::When;

/// Judges an obligation; `None` when it is shown only for equipment whose record has something about it, and this has not.
pub(super) fn judge(
    rules: &Intervals,
    rule: &Arc<Rule>,
    version: &Version,
    obligation: &Arc<Obligation>,
    facts: &EquipmentFacts,
    today: CivilDate,
) -> Option<Due> {
    let mut case = Case::new(rules, rule, obligation, facts, today);
    if obligation.only_when_recorded && case.names.is_empty() {
        return None;
    }
    case.steps.push(Step::Rule(Arc::clone(rule), version.in_force.from));
    case.look_over();
    let due = case.decide();
    // The years are over: nothing is due any more, and nothing is missing.
    let over = !obligation.years.is_empty() && due.source == Source::NotComputable(Reason::NoInterval);
    (!over).then_some(due)
}

/// When no version of the rule was in force, only a printed date can be told.
pub(super) fn not_in_force(
    rules: &Intervals,
    rule: &Arc<Rule>,
    obligation: &Arc<Obligation>,
    facts: &EquipmentFacts,
    today: CivilDate,
) -> Due {
    let mut case = Case::new(rules, rule, obligation, facts, today);
    case.steps.push(Step::Rule(Arc::clone(rule), None));
    case.look_over();
    case.conclude(Err(Reason::NotInForce))
}

/// The latest of the dates that an obligation counts from, with its path.
pub(super) fn base_of<'a>(obligation: &'a Obligation, facts: &EquipmentFacts) -> Option<(&'a str, When)> {
    let known = obligation.base.iter().filter_map(|path| Some((path.as_str(), facts.date(path)?)));
    known.max_by_key(|(_, when)| when.month())
}

/// What is recorded of an obligation, with the names that it was taken from: the newest of all its names comes first. On
/// the same day the worse result counts; what has no date comes last, and only fills in what a dated one leaves open.
fn recorded<'a>(obligation: &'a Obligation, facts: &EquipmentFacts) -> Option<(Vec<&'a str>, Inspection)> {
    let all: Vec<(&str, Inspection)> = obligation.names().filter_map(|name| Some((name, facts.inspection(name)?))).collect();
    let newness = |one: &Inspection| (one.date.map(When::last_day), one.conclusion == Some(Conclusion::Failed));
    // The last of equals is taken, and that shall be the one under the own name.
    let (name, newest) = all.iter().rev().copied().max_by_key(|(_, one)| newness(one))?;
    let (mut names, mut filled) = (vec![name], newest);
    for (other, undated) in all.iter().filter(|(other, one)| *other != name && one.date.is_none()) {
        let before = filled;
        filled.conclusion = filled.conclusion.or(undated.conclusion);
        filled.next = filled.next.or(undated.next);
        if filled != before {
            names.push(other);
        }
    }
    Some((names, filled))
}

/// So many months later, where that can be written.
fn later(when: When, months: u32) -> Result<When, Reason> {
    when.later(months).ok_or(Reason::OutOfRange)
}

/// An obligation of a piece of equipment, and what has been found out about it so far.
pub(super) struct Case<'a> {
    pub(super) rules: &'a Intervals,
    pub(super) rule: &'a Arc<Rule>,
    pub(super) obligation: &'a Arc<Obligation>,
    pub(super) facts: &'a EquipmentFacts,
    pub(super) today: CivilDate,
    pub(super) record: Inspection,
    /// The names below `inspections/` that the record was taken from, the one of its date first.
    pub(super) names: Vec<&'a str>,
    /// What asks for an inspection at once.
    pub(super) event: Option<When>,
    pub(super) steps: Vec<Step>,
    pub(super) warnings: Vec<Warning>,
}

impl<'a> Case<'a> {
    fn new(
        rules: &'a Intervals,
        rule: &'a Arc<Rule>,
        obligation: &'a Arc<Obligation>,
        facts: &'a EquipmentFacts,
        today: CivilDate,
    ) -> Self {
        let (names, record) = recorded(obligation, facts).unwrap_or_default();
        Self { rules, rule, obligation, facts, today, record, names, event: None, steps: vec![], warnings: vec![] }
    }

    /// Says under which other name the record stands, and warns of what is odd in it, as far as it bears on this obligation.
    fn look_over(&mut self) {
        let others = self.names.iter().filter(|name| **name != self.obligation.id);
        self.steps.extend(others.map(|name| Step::RecordedAs { name: (*name).to_owned(), obligation: Arc::clone(self.obligation) }));
        let name = self.names.first().copied().unwrap_or(&self.obligation.id);
        let mut dates: Vec<(String, Option<When>)> = vec![(format!("inspections/{name}/date"), self.record.date)];
        dates.extend(self.obligation.base.iter().map(|path| (path.clone(), self.facts.date(path))));
        let later = dates.into_iter().filter_map(|(path, when)| Some((path, when?))).filter(|(_, when)| when.first_day() > self.today);
        self.warnings.extend(later.map(|(path, when)| Warning::InFuture { path, when }));
        let own = |path: &str| {
            let id = path.strip_prefix("inspections/").and_then(|rest| rest.split_once('/')).map(|(id, _)| id);
            self.obligation.names().any(|name| id == Some(name))
        };
        let bears = |path: &&String| own(path) || !path.contains('/');
        self.warnings.extend(self.facts.unreadable.iter().filter(bears).map(|path| Warning::Unreadable(path.clone())));
    }

    fn decide(mut self) -> Due {
        if self.record.conclusion == Some(Conclusion::Failed) {
            if let Some(date) = self.record.date {
                self.push_last(date);
            }
            return self.conclude(Err(Reason::LastFailed));
        }
        let computed = self.by_rule();
        self.conclude(computed)
    }

    /// The date as precise as the obligation has it.
    fn precise(&self, when: When) -> When {
        match self.obligation.precision {
            Precision::Month => When::Month(when.month()),
            Precision::Day => when,
        }
    }

    /// The date by the rule alone.
    fn by_rule(&mut self) -> Result<When, Reason> {
        let base = self.base()?;
        if let Some(event) = self.pending() {
            self.event = Some(event);
            return Ok(self.precise(event));
        }
        let due = if self.obligation.years.is_empty() { self.by_interval(base)? } else { self.by_years(base)? };
        self.steps.push(Step::Computed(due));
        Ok(due)
    }

    /// What is counted from: the latest of the dates of the obligation, or the inspection before a restart.
    fn base(&mut self) -> Result<Option<When>, Reason> {
        let Some((path, base)) = base_of(self.obligation, self.facts) else {
            return Ok(self.restart_inspection());
        };
        if self.obligation.relocation_needs_base
            && let Some(moved) = self.facts.date("relocated_on")
            && moved.month() > base.month()
        {
            self.warnings.push(Warning::RelocatedSince(moved));
            return Err(Reason::RelocatedSince(moved));
        }
        let earliest = self.obligation.base.iter().filter_map(|path| self.facts.date(path)).min_by_key(|when| when.month());
        if let Some(from) = earliest.filter(|from| from.month() < base.month()) {
            self.warnings.push(Warning::BaseMoved { from, to: base });
        }
        if let Some(restart) = self.restart_inspection().filter(|restart| restart.month() > base.month()) {
            self.warnings.push(Warning::BaseMoved { from: base, to: restart });
            self.steps.push(Step::Base { path: None, when: restart });
            return Ok(Some(restart));
        }
        self.steps.push(Step::Base { path: Some(path.to_owned()), when: base });
        Ok(Some(base))
    }

    /// The rule on long stops and how long it was stopped, when that was long enough.
    pub(super) fn long_stop(&self) -> Option<(&Arc<Stopped>, i32)> {
        let rule = self.obligation.stopped.as_ref()?;
        let months = self.facts.months_stopped(crate::rules::Month::of(self.today))?;
        (months >= i32::try_from(rule.months).unwrap_or(i32::MAX)).then_some((rule, months))
    }

    /// The inspection after a long stop, where the rule makes it the new base.
    fn restart_inspection(&self) -> Option<When> {
        let (rule, _) = self.long_stop()?;
        let last = self.record.date.filter(|_| rule.moves_base)?;
        (last.last_day() >= self.facts.stopped_since?.first_day()).then_some(last)
    }

    /// What is due at once: the inspection that a restart or another event asked for and that was not done.
    fn pending(&mut self) -> Option<When> {
        let last = self.record.date?;
        self.push_last(last);
        if let (Some((rule, months)), Some(on), Some(since)) = (self.long_stop(), self.facts.restarted_on, self.facts.stopped_since)
            && on.last_day() >= since.first_day()
            && last.last_day() < since.first_day()
        {
            let step = Step::Restarted { on, months, rule: Arc::clone(rule) };
            self.steps.push(step);
            return Some(on);
        }
        let events = self.obligation.after.iter().filter_map(|rule| Some((rule, self.facts.date(&rule.event)?)));
        let (rule, on) = events.filter(|(_, on)| on.first_day() > last.last_day()).max_by_key(|(_, on)| on.last_day())?;
        self.steps.push(Step::After { on, rule: Arc::clone(rule) });
        Some(on)
    }

    fn push_last(&mut self, when: When) {
        self.steps.push(Step::Last { obligation: Arc::clone(self.obligation), when });
    }

    /// What was done later than this obligation and does for it.
    pub(super) fn replaced(&self) -> Option<(&'a Arc<Obligation>, When)> {
        let own = self.record.date;
        let others = self.obligation.replaced_by.iter().filter_map(|id| {
            let other = self.rule.versions.iter().flat_map(|version| &version.obligations).find(|one| one.id == *id)?;
            let (_, record) = recorded(other, self.facts).filter(|(_, record)| record.conclusion != Some(Conclusion::Failed))?;
            Some((other, record.date?))
        });
        let later = others.filter(|(_, date)| own.is_none_or(|own| date.last_day() > own.last_day()));
        later.max_by_key(|(_, date)| date.last_day())
    }

    /// The last time that this obligation, or one that does for it, was met.
    fn last(&mut self) -> Option<When> {
        let Some((other, date)) = self.replaced() else { return self.record.date };
        self.steps.push(Step::Last { obligation: Arc::clone(other), when: date });
        Some(date)
    }

    /// The first interval of a list that is for this equipment.
    fn choose(&mut self, list: &[Arc<Interval>]) -> Result<Arc<Interval>, Reason> {
        let mut assumed = BTreeSet::new();
        for interval in list {
            match interval.when.as_ref().map_or(Truth::True, |when| self.facts.holds(when)) {
                Truth::False => {}
                Truth::True => {
                    if !assumed.is_empty() {
                        self.warnings.push(Warning::Assumed(assumed.into_iter().collect()));
                    }
                    self.steps.push(Step::Interval(Arc::clone(interval)));
                    return Ok(Arc::clone(interval));
                }
                Truth::Unknown => {
                    let missing = interval.when.as_ref().map(|when| self.facts.missing(when)).unwrap_or_default();
                    match interval.if_unknown {
                        IfUnknown::Ask => return Err(Reason::Missing(missing)),
                        IfUnknown::Skip => assumed.extend(missing),
                    }
                }
            }
        }
        // A rule without intervals is the one for what is not recognised.
        let recognised = !self.obligation.first.is_empty() || !self.obligation.then.is_empty();
        Err(if recognised { Reason::NoInterval } else { Reason::Missing(vec!["type_code".to_owned()]) })
    }

    fn by_interval(&mut self, base: Option<When>) -> Result<When, Reason> {
        let anchored = self.obligation.anchor == Anchor::Base;
        // What was done before the base belongs to the time before it.
        let last = self.last().filter(|last| !(anchored && base.is_some_and(|base| base.month() > last.month())));
        let list = if last.is_some() { &self.obligation.then } else { &self.obligation.first };
        // Without a first interval only the last time helps; without any interval nothing does.
        if last.is_none() && (base.is_none() || list.is_empty()) && !self.obligation.then.is_empty() {
            return Err(Reason::Missing(self.missing_dates()));
        }
        let interval = self.choose(list)?;
        match interval.limit {
            Limit::DoNotUse => return Err(Reason::DoNotUse),
            Limit::BodyDecides => return Err(Reason::BodyDecides),
            Limit::Fixed | Limit::AtMost | Limit::Monitored => {}
        }
        let months = match interval.months {
            None => return Err(Reason::BodyDecides),
            Some(0) => return Err(Reason::OutOfRange),
            Some(months) => months,
        };
        let Some(last) = last else { return self.first_due(base, months) };
        let last = self.precise(last);
        let due = match base.filter(|_| anchored) {
            Some(base) => after_base(self.precise(base), last, months)?,
            None => later(last, months)?,
        };
        match interval.limit {
            Limit::AtMost => {
                let earliest = interval.months_min.and_then(|min| last.later(min));
                self.warnings.push(Warning::BodyDecides { earliest, latest: due });
            }
            Limit::Monitored => self.warnings.push(Warning::Monitored(due)),
            Limit::Fixed | Limit::BodyDecides | Limit::DoNotUse => {}
        }
        Ok(due)
    }

    /// The first one, when nothing was done yet.
    fn first_due(&mut self, base: Option<When>, months: u32) -> Result<When, Reason> {
        let Some(base) = base else { return Err(Reason::Missing(self.missing_dates())) };
        let due = later(self.precise(base), months)?;
        if due.last_day() >= self.today || self.record.conclusion == Some(Conclusion::NotInspected) {
            return Ok(due);
        }
        // Whether it was done is not known: an old machine would have been inspected many times.
        self.warnings.push(Warning::NoRecord(due));
        Err(Reason::Missing(vec![self.own_date()]))
    }

    fn own_date(&self) -> String {
        match self.obligation.id.as_str() {
            "verification" => "verified_on".to_owned(),
            id => format!("inspections/{id}/date"),
        }
    }

    fn missing_dates(&self) -> Vec<String> {
        let mut paths: Vec<String> = if self.obligation.first.is_empty() && self.obligation.years.is_empty() {
            Vec::new()
        } else {
            self.obligation.base.iter().filter(|path| self.facts.date(path).is_none()).take(1).cloned().collect()
        };
        if self.obligation.years.is_empty() {
            paths.push(self.own_date());
        }
        paths
    }

    fn by_years(&mut self, base: Option<When>) -> Result<When, Reason> {
        let Some(base) = base else { return Err(Reason::Missing(self.missing_dates())) };
        let base = When::Month(base.month());
        let at = |year: u32| year.checked_mul(12).ok_or(Reason::OutOfRange).and_then(|months| later(base, months));
        let early = self.early();
        let obligation = self.obligation;
        let next = |year: u32| obligation.year_after(year).ok_or(Reason::NoInterval);
        // When the last of the years is over, one that was missed is not asked for any more: what takes its place is.
        let begun = u32::try_from(crate::rules::Month::of(self.today).since(base.month()).div_euclid(12)).unwrap_or(0);
        next(begun.saturating_sub(1))?;
        let last = self.last().filter(|last| last.month() >= base.month());
        let done = match (last, self.record.conclusion) {
            (Some(last), _) => u32::try_from(last.month().since(base.month()).saturating_add(early).div_euclid(12)).unwrap_or(0),
            (None, Some(Conclusion::NotInspected)) => 0,
            (None, _) => self.not_recorded(base),
        };
        let (mut year, mut rule) = next(done)?;
        if let (Some(clause), Some(on)) = (&self.obligation.major_repair_replaces, self.facts.date("major_repair_on"))
            && on.month() >= base.month()
            && on.month().year() == at(year)?.month().year()
        {
            self.steps.push(Step::Repaired { year, on, clause: Arc::clone(clause) });
            (year, rule) = next(year)?;
        }
        let due = at(year)?;
        if let (Some(last), Some(rule)) = (last, &self.obligation.early) {
            let ahead = due.month().since(last.month());
            let until_year = at(done).map(|year| year.month().since(last.month()));
            if until_year.is_ok_and(|months| months > 0) {
                self.steps.push(Step::KeptBase(Arc::clone(rule)));
            } else if ahead > early && ahead <= HALF_A_YEAR {
                self.warnings.push(Warning::TooEarly { done: last, due, rule: Arc::clone(rule) });
            }
        }
        self.steps.push(Step::Year { year, rule: Arc::clone(rule), due });
        Ok(due)
    }

    /// The year before the next one to come, when nothing is recorded.
    fn not_recorded(&mut self, base: When) -> u32 {
        let gone = When::Month(crate::rules::Month::of(self.today)).month().since(base.month()) - 1;
        let done = u32::try_from(gone.div_euclid(12)).unwrap_or(0);
        let before = self.obligation.year_before(done + 1);
        if let Some(before) = before {
            let was = before.checked_mul(12).and_then(|months| base.later(months));
            self.warnings.extend(was.map(Warning::NoRecord));
        }
        done
    }
}

/// The next of the dates that lie whole intervals after the base. Which of them the last one did for is the nearest; how
/// early it may be done is not said by these rules, so never more than one interval after it.
fn after_base(base: When, last: When, months: u32) -> Result<When, Reason> {
    let interval = i64::from(months);
    let done = (i64::from(last.month().since(base.month())) + interval / 2).div_euclid(interval);
    let by_base = u32::try_from((done + 1) * interval).ok().and_then(|months| base.later(months));
    let by_last = last.later(months);
    by_base.into_iter().chain(by_last).min_by_key(|when| when.last_day()).ok_or(Reason::OutOfRange)
}

/// An inspection so many months before the next one was meant to be that one, and was too early. For a warning only.
pub(super) const HALF_A_YEAR: i32 = 6;
