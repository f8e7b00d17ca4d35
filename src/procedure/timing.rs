//! Until when: the periods that a matter is under.

use serde_json::Value;

use super::case::{Case, Done, moment};
use super::definition::ClockDef;
use super::field_path;
use crate::domain::journal::State;
use crate::domain::matter::Period;
use crate::domain::time::{CivilDate, Instant};
use crate::rules::calendar::Calendar;
use crate::rules::clock::Clocks;

/// How it stands with a period.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Running {
    /// It runs.
    Yes,
    /// What was to be done is done.
    Met {
        /// When.
        on: CivilDate,
        /// Whether in time; not known without a last day.
        in_time: Option<bool>,
    },
    /// The matter was closed in another way.
    Dropped,
}

/// The end of a period.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct End {
    /// Its last day; none when the office has not set it.
    pub due: Option<CivilDate>,
    /// Its last minute, when it is counted in hours.
    pub due_at: Option<Instant>,
    /// Days of it were estimated: there is no holiday table for that year.
    pub estimated: bool,
    /// Whether rule and counting are verified.
    pub verified: bool,
}

impl End {
    /// Days until the last day; negative when it has passed.
    #[must_use]
    pub fn days_left(&self, today: CivilDate) -> Option<i64> {
        Some(self.due?.0.signed_duration_since(today.0).num_days())
    }

    /// Whether the last day, or the last minute, has passed.
    #[must_use]
    pub fn is_past(&self, now: Instant, today: CivilDate) -> bool {
        match self.due_at {
            Some(due) => now > due,
            None => self.days_left(today).is_some_and(|left| left < 0),
        }
    }
}

/// A period of a matter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Timer {
    /// What it is.
    pub period: Period,
    /// Its end.
    pub end: End,
    /// How it stands.
    pub running: Running,
}

impl Timer {
    /// Whether it runs and its end has passed.
    #[must_use]
    pub fn is_late(&self, now: Instant, today: CivilDate) -> bool {
        self.running == Running::Yes && self.end.is_past(now, today)
    }
}

/// Counts a period.
#[must_use]
pub fn count(period: &Period, rules: &Clocks, calendar: &Calendar) -> End {
    if let Some(until) = period.until {
        return End { due: Some(until), due_at: None, estimated: false, verified: true };
    }
    let Some(clock) = period.period.as_ref().and_then(|name| rules.get(name)) else { return End::default() };
    if let Ok(due) = clock.due(period.filed, period.start, calendar) {
        return End { due: Some(due.deadline.date), due_at: None, estimated: due.deadline.estimated, verified: due.verified };
    }
    let version = clock.on(period.filed);
    let due_at = version.and_then(|version| version.hours_after(Instant::from_ms(period.start_ms)));
    End {
        due: due_at.map(|at| at.date(period.offset_min)),
        due_at,
        estimated: false,
        verified: version.is_some_and(|version| version.verified),
    }
}

/// The periods of a matter, in the order of its rules; those that have not begun are left out.
#[must_use]
pub fn timers(case: &Case, state: &State, rules: &Clocks, calendar: &Calendar) -> Vec<Timer> {
    let all = case.procedure.clocks.iter().filter_map(|def| Some((def, begun(case, state, def)?)));
    all.map(|(def, (period, from))| {
        let end = count(&period, rules, calendar);
        let running = match ended(case, def, from) {
            Some(done) => {
                let (on, at) = met(state, def, done);
                let in_time = end.due_at.map(|due| at <= due).or_else(|| end.due.map(|due| on <= due));
                Running::Met { on, in_time }
            }
            None if case.is_closed() => Running::Dropped,
            None => Running::Yes,
        };
        Timer { period, end, running }
    })
    .collect()
}

/// The periods that run.
#[must_use]
pub fn running(case: &Case, state: &State) -> Vec<Period> {
    if case.is_closed() {
        return Vec::new();
    }
    let all = case.procedure.clocks.iter().filter_map(|def| Some((def, begun(case, state, def)?)));
    all.filter(|(def, (_, from))| ended(case, def, *from).is_none()).map(|(_, (period, _))| period).collect()
}

/// The clocks that run and have to end before a step of this kind.
pub(super) fn waits_for(case: &Case, state: &State, step: &str) -> impl Iterator<Item = String> {
    let blocking = case.procedure.clocks.iter().filter(move |def| def.blocks.iter().any(|one| one == step));
    let runs = blocking.filter(|def| begun(case, state, def).is_some_and(|(_, from)| ended(case, def, from).is_none()));
    runs.map(|def| def.id.clone())
}

/// A period that has begun, with the index of the step that began it.
fn begun(case: &Case, state: &State, def: &ClockDef) -> Option<(Period, Option<usize>)> {
    if def.when.as_ref().is_some_and(|when| !case.holds(state, None, when)) {
        return None;
    }
    let from = if def.starts.is_empty() {
        None
    } else {
        Some(case.done.iter().rposition(|done| !done.misfit && def.starts.contains(&done.step))?)
    };
    let (opened, offset_min) = case.opened?;
    let step = from.and_then(|index| case.done.get(index));
    let day = |field: &Option<String>| case.value(state, None, field.as_deref()?).and_then(|value| CivilDate::parse(value.as_str()?));
    let own = (step.map_or(opened, |step| step.at), step.map_or(offset_min, |step| step.offset_min));
    // A minute that is written down counts as such, a day by its date alone.
    let written = def.from_day.as_ref().and_then(|field| case.value(state, None, field)).and_then(moment);
    let (start_at, start_offset) = written.unwrap_or(own);
    let period = Period {
        clock: def.id.clone(),
        zh: def.name.zh.clone(),
        en: def.name.en.clone(),
        period: def.period.clone(),
        filed: filed(case, state).unwrap_or_else(|| opened.date(offset_min)),
        start: day(&def.from_day).unwrap_or_else(|| start_at.date(start_offset)),
        start_ms: start_at.ms(),
        offset_min: start_offset,
        until: day(&def.until),
    };
    Some((period, from))
}

/// The day of receipt, where the procedure says which field has it: entered late it is earlier than the matter.
fn filed(case: &Case, state: &State) -> Option<CivilDate> {
    let value = case.value(state, None, case.procedure.filed.as_deref()?)?;
    value.as_str().and_then(CivilDate::parse).or_else(|| moment(value).map(|(at, offset_min)| at.date(offset_min)))
}

/// The step that ended it.
fn ended<'a>(case: &'a Case, def: &ClockDef, from: Option<usize>) -> Option<&'a Done> {
    let after = case.done.iter().skip(from.map_or(0, |index| index + 1));
    after.filter(|done| !done.misfit).find(|done| def.ends.contains(&done.step))
}

/// When it was done that ends a period: what the step says, else when the step was done.
fn met(state: &State, def: &ClockDef, done: &Done) -> (CivilDate, Instant) {
    let said = |field: &String| match state.get(&field_path(Some(&done.id), field))? {
        // The minute of a day is not known: that of the step stands for it, for periods in hours.
        Value::String(day) => Some((CivilDate::parse(day)?, done.at)),
        minute => moment(minute).map(|(at, offset_min)| (at.date(offset_min), at)),
    };
    def.met_on.iter().find_map(said).unwrap_or_else(|| (done.day(), done.at))
}
