//! What a judgement comes to: the printed date against the rule, what is due while out of use, and what is flagged.

use std::sync::Arc;

use super::judge::{Case, HALF_A_YEAR};
use super::{Due, DueState, Flag, FlagKind, Reason, Source, Step, Warning};
use crate::rules::facts::{Conclusion, Status};
use crate::rules::interval::By;
use crate::rules::month::When;

impl Case<'_> {
    /// How many months early it may be done.
    pub(super) fn early(&self) -> i32 {
        self.obligation.early.as_ref().map_or(0, |early| i32::try_from(early.months).unwrap_or(i32::MAX))
    }

    /// Whether a printed date is the one that the last inspection was done for, or an older one: the inspection came
    /// after it, or as early as the rule lets it, or within the days in which it must be requested.
    fn is_met(&self, printed: When, last: When) -> bool {
        let requested = i64::from(if self.obligation.by == By::Body { self.rules.request.days } else { 0 });
        let ahead = (printed.first_day().0 - last.last_day().0).num_days();
        printed.month().since(last.month()) <= self.early() || ahead <= requested
    }

    /// The date that is printed, on the report before the one on the mark, when it is newer than the last inspection.
    fn printed(&mut self) -> Option<When> {
        let of_mark = self.facts.printed_next.filter(|_| self.obligation.takes_printed_next);
        let all = self.record.next.into_iter().chain(of_mark);
        if let Some(event) = self.event {
            self.warnings.extend(all.take(1).map(|printed| Warning::PrintedBefore { printed, event }));
            return None;
        }
        let Some(last) = self.met() else { return all.into_iter().next() };
        for printed in all {
            if !self.is_met(printed, last) {
                return Some(printed);
            }
            let stale = Warning::PrintedStale(printed);
            if !self.warnings.contains(&stale) {
                self.warnings.push(stale);
            }
        }
        None
    }

    /// When this obligation, or one that does for it, was last met.
    fn met(&self) -> Option<When> {
        self.replaced().map(|(_, when)| when).or(self.record.date)
    }

    /// What to know of a printed date that prevails, beside what the rule says.
    fn compare(&mut self, printed: When, computed: &Result<When, Reason>) {
        match computed {
            Ok(allowed) if printed.last_day() > allowed.last_day() && printed.month() > allowed.month() => {
                self.warnings.push(Warning::PrintedLater { printed, allowed: *allowed });
            }
            Ok(allowed) if allowed.month().since(printed.month()) > HALF_A_YEAR => {
                let last = self.met().filter(|last| printed.month().since(last.month()) <= HALF_A_YEAR);
                self.warnings.extend(last.map(|last| Warning::PrintedSoon { printed, last }));
            }
            Err(Reason::Missing(paths)) => self.warnings.push(Warning::NotCompared(paths.clone())),
            Ok(_) | Err(_) => {}
        }
    }

    pub(super) fn conclude(mut self, computed: Result<When, Reason>) -> Due {
        let by_rule = computed.as_ref().ok().copied();
        let barred = matches!(computed, Err(Reason::LastFailed | Reason::DoNotUse));
        let printed = if barred { None } else { self.printed() };
        if let Some(printed) = printed {
            self.compare(printed, &computed);
            self.steps.push(Step::Printed(printed));
        }
        let (due, source) = match (printed, computed) {
            (Some(printed), _) => (Some(printed), Source::Printed),
            (None, Ok(due)) => (Some(due), Source::Computed),
            (None, Err(reason)) => (None, Source::NotComputable(reason)),
        };
        let state = due.map(|due| self.rules.state(due, self.today));
        let state = if self.facts.status == Status::Stopped { self.stopped(state) } else { state };
        let rule_verified = self.steps.iter().filter_map(Step::clause).all(|clause| clause.verified);
        let verified = source == Source::Printed || rule_verified;
        let flag = self.flag(&source, state, verified);
        let (rule, obligation) = (Arc::clone(self.rule), Arc::clone(self.obligation));
        Due { rule, obligation, due, source, by_rule, state, verified, rule_verified, steps: self.steps, warnings: self.warnings, flag }
    }

    /// Nothing is due while it is out of use; what is due before use resumes is a warning.
    fn stopped(&mut self, state: Option<DueState>) -> Option<DueState> {
        let last_since = |since: When| self.record.date.is_some_and(|last| last.last_day() >= since.first_day());
        let inspected = self.facts.stopped_since.is_some_and(last_since);
        let long = self.long_stop().map(|(_, months)| months).filter(|_| !inspected);
        if self.obligation.use_block && (long.is_some() || matches!(state, Some(DueState::Overdue { .. }))) {
            let months = self.facts.months_stopped(crate::rules::Month::of(self.today));
            self.warnings.push(Warning::InspectBeforeRestart { months });
        }
        state.map(|_| DueState::Stopped)
    }

    fn flag(&self, source: &Source, state: Option<DueState>, verified: bool) -> Option<Flag> {
        if !self.facts.may_be_used() || !self.obligation.use_block {
            return None;
        }
        let overdue = matches!(state, Some(DueState::Overdue { .. }));
        let never = self.record.conclusion == Some(Conclusion::NotInspected);
        let flags = &self.rules.flags;
        let (kind, rule) = match source {
            Source::NotComputable(Reason::LastFailed) => (FlagKind::Failed, &flags.failed),
            Source::NotComputable(Reason::DoNotUse) => (FlagKind::DoNotUse, &flags.do_not_use),
            _ if never && (overdue || self.obligation.before_use) => (FlagKind::Uninspected, &flags.uninspected),
            _ if overdue => (FlagKind::Overdue, &flags.overdue),
            _ => return None,
        };
        let rests_on_rule = *source != Source::NotComputable(Reason::LastFailed);
        let verify = rule.basis.iter().any(|one| one.verify) || (rests_on_rule && !verified);
        Some(Flag { kind, rule: Arc::clone(rule), verify })
    }
}
