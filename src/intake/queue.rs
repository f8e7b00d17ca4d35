//! In which order the office looks at what has come in.

use super::triage::{Triage, Urgent};
use crate::domain::inspection::{Stage, Summary};
use crate::domain::matter::{MatterLine, Period};
use crate::domain::time::{CivilDate, Instant};
use crate::procedure::{End, count};
use crate::rules::calendar::Calendar;
use crate::rules::clock::Clocks;

/// How far handling has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tab {
    /// Nobody has decided whether it is taken (待受理).
    Incoming,
    /// It is being handled (办理中).
    Handled,
    /// It is over (已办结).
    Closed,
}

/// When the nearest period ends.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Ends {
    /// It has ended.
    Overdue,
    /// Today is the last day.
    Today,
    /// Within the working days that the rules call near.
    Soon,
    /// Later.
    Later,
    /// No period runs, or the office has not set its end.
    Never,
}

/// A complaint or report in the inbox.
#[derive(Clone, PartialEq, Debug)]
pub struct Waiting<'a> {
    /// What lists show of it.
    pub summary: &'a Summary,
    /// The same of the matter.
    pub line: &'a MatterLine,
    /// How far it has come.
    pub tab: Tab,
    /// Why it comes first, the gravest reason first; never of what is over.
    pub urgent: Vec<&'a Urgent>,
    /// The periods that run, the nearest end first.
    pub periods: Vec<(&'a Period, End)>,
    /// When the nearest one ends.
    pub ends: Ends,
}

impl Waiting<'_> {
    /// The nearest last day.
    #[must_use]
    pub fn due(&self) -> Option<CivilDate> {
        self.periods.first().and_then(|(_, end)| end.due)
    }
}

/// Everything that has come in, in the order in which it is to be looked at: what is over last; what is urgent first, the
/// gravest before the others; then by the nearest end of a period; then what came in first.
#[must_use]
pub fn waiting<'a>(
    rules: &'a Triage,
    summaries: &'a [Summary],
    clocks: &Clocks,
    calendar: &Calendar,
    now: Instant,
    today: CivilDate,
) -> Vec<Waiting<'a>> {
    let soon = calendar.add_working_days(today, rules.soon_days).date;
    let mut all: Vec<Waiting<'a>> = summaries
        .iter()
        .filter(|one| one.stage != Stage::Voided)
        .filter_map(|summary| {
            let line = summary.matter.as_ref()?;
            let taken = rules.taken(&line.procedure)?;
            let tab = if line.closed {
                Tab::Closed
            } else if taken.incoming.contains(&line.state) {
                Tab::Incoming
            } else {
                Tab::Handled
            };
            let mut periods: Vec<(&Period, End)> = line.periods.iter().map(|period| (period, count(period, clocks, calendar))).collect();
            periods.sort_by_key(|(_, end)| (end.due.is_none(), end.due, end.due_at));
            let ends = periods.first().map_or(Ends::Never, |(_, end)| ends(end, now, today, soon));
            let urgent = if line.closed { Vec::new() } else { rules.reasons(line) };
            Some(Waiting { summary, line, tab, urgent, periods, ends })
        })
        .collect();
    all.sort_by_key(|one| {
        let rank = one.urgent.first().map_or(u8::MAX, |reason| reason.rank);
        (one.line.closed, rank, one.due().is_none(), one.due(), one.summary.created_ms)
    });
    all
}

fn ends(end: &End, now: Instant, today: CivilDate, soon: CivilDate) -> Ends {
    match end.due {
        None => Ends::Never,
        Some(_) if end.is_past(now, today) => Ends::Overdue,
        Some(due) if due <= today => Ends::Today,
        Some(due) if due <= soon => Ends::Soon,
        Some(_) => Ends::Later,
    }
}

/// The town or quarter in the address of the business: what follows the county, as far as 镇, 乡 or 街道. None where the
/// address does not say.
#[must_use]
pub fn area(line: &MatterLine) -> Option<String> {
    area_of(line.fact("respondent_address")?)
}

fn area_of(address: &str) -> Option<String> {
    let ends = ["街道", "镇", "乡"].into_iter().filter_map(|end| Some((address.find(end)?, end)));
    let (at, end) = ends.min_by_key(|(at, _)| *at)?;
    let before = address.get(..at)?;
    let from = before
        .char_indices()
        .rev()
        .find(|(_, sign)| matches!(sign, '县' | '区' | '市' | '旗'))
        .map_or(0, |(at, sign)| at + sign.len_utf8());
    let name = before.get(from..)?.trim();
    (!name.is_empty() && name.chars().count() <= 12).then(|| format!("{name}{end}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_area_is_what_follows_the_county() {
        let check = |address: &str, expected: Option<&str>| assert_eq!(area_of(address).as_deref(), expected, "{address}");
        check("示例省示例市示例县示例镇示例路1号", Some("示例镇"));
        check("示例区示例街道示例路1号", Some("示例街道"));
        check("示例乡示例村", Some("示例乡"));
        check("示例县示例路1号", None);
        check("示例县镇前路1号", None);
        check("", None);
    }
}
