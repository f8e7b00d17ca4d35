//! Working days (工作日): the yearly notices of days off and make-up working days, and counting by them.
//!
//! The day of the event is not counted. A year without a notice counts Monday to Friday and says so.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{Datelike as _, Weekday};
use serde::Deserialize;

use super::said::{self, RuleError, Said};
use crate::domain::checklist::{BasisRef, Checked};
use crate::domain::time::CivilDate;

/// The format of the file, see `public/content/schema/holidays.schema.json`.
const SCHEMA: &str = "rules/holidays/1";
/// Days that a period may have, years and local rules that a file may have: far more than any true one.
const LIMIT: usize = 400;
/// The notice of the next year may change the days before New Year: from 25 December it must be there.
const NEXT_NOTICE_FROM_DAY: u32 = 25;

/// Where the days of a year come from.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct YearSource {
    /// Title and number of the notice.
    pub source: String,
    /// Where the text stands.
    #[serde(default)]
    pub source_url: Option<String>,
    /// When the notice was published.
    #[serde(deserialize_with = "said::date")]
    pub published_on: CivilDate,
    /// How well it was checked.
    pub checked: Checked,
}

#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
struct Period {
    #[serde(deserialize_with = "said::date")]
    from: CivilDate,
    #[serde(deserialize_with = "said::date")]
    to: CivilDate,
    #[serde(flatten)]
    name: Said,
}

#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
struct WorkDate {
    #[serde(deserialize_with = "said::date")]
    date: CivilDate,
    #[serde(flatten)]
    name: Said,
}

#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
struct Year {
    year: i32,
    #[serde(flatten)]
    source: YearSource,
    #[serde(default)]
    days_off: Vec<Period>,
    #[serde(default)]
    workdays: Vec<WorkDate>,
}

/// Days that a place keeps otherwise, such as the holidays of ethnic minorities.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
struct Local {
    id: String,
    off: bool,
    #[serde(flatten)]
    period: Period,
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    basis: Vec<BasisRef>,
    #[serde(default)]
    years: Vec<Year>,
    #[serde(default)]
    local: Vec<Local>,
}

/// What a day is by a notice or a local rule.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Special {
    off: bool,
    name: Arc<Said>,
}

/// What is known of a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WorkingDay {
    /// Whether people work.
    pub working: bool,
    /// Whether a notice says so; otherwise Monday to Friday was assumed.
    pub known: bool,
}

/// The days off and the make-up working days of a year, in order, each with its holiday.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct NoticeDays {
    /// First and last day.
    pub days_off: Vec<(CivilDate, CivilDate, Said)>,
    /// Make-up working days.
    pub workdays: Vec<(CivilDate, Said)>,
}

/// What a day is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DayKind {
    /// People work, as on any such day of the week.
    Working,
    /// A Saturday or Sunday on which people work.
    MakeUp,
    /// A Saturday or Sunday.
    Weekend,
    /// A day off by a notice or a local rule, also on weekends.
    Off,
}

/// How many days of each kind there are, and the years that were estimated.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// Working days that are such without a notice.
    pub working: u32,
    /// Make-up working days.
    pub make_up: u32,
    /// Weekends without those within holidays.
    pub weekends: u32,
    /// Days off.
    pub off: u32,
    /// Years without a notice, each once.
    pub estimated: Vec<i32>,
}

impl Tally {
    /// All working days.
    #[must_use]
    pub fn all_working(&self) -> u32 {
        self.working + self.make_up
    }
}

/// What a merge of two calendars did.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Merged {
    /// Years that were not there before.
    pub added: Vec<i32>,
    /// Years whose days were replaced by other ones.
    pub replaced: Vec<i32>,
    /// Local rules added or replaced, by their id.
    pub local: Vec<String>,
}

/// Days off and make-up working days of some years.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Calendar {
    years: BTreeMap<i32, Year>,
    local: BTreeMap<String, Local>,
    basis: Vec<BasisRef>,
    special: BTreeMap<CivilDate, Special>,
}

impl Calendar {
    /// Reads a file of days off, format `rules/holidays/1`.
    ///
    /// # Errors
    /// [`RuleError`] says what is wrong and where.
    pub fn read(bytes: &[u8]) -> Result<Self, RuleError> {
        let file: File = said::read(bytes, SCHEMA)?;
        for (place, count) in [("years", file.years.len()), ("local", file.local.len())] {
            if count > LIMIT {
                return Err(RuleError::TooMany { place: place.to_owned(), limit: LIMIT });
            }
        }
        let mut calendar = Self { basis: file.basis, ..Self::default() };
        for (index, year) in file.years.into_iter().enumerate() {
            check_days(&format!("years[{index}]"), &year)?;
            let name = year.year;
            if calendar.years.insert(name, year).is_some() {
                return Err(RuleError::Double { place: format!("years[{index}].year"), name: name.to_string() });
            }
        }
        for (index, local) in file.local.into_iter().enumerate() {
            check_period(&format!("local[{index}]"), &local.period)?;
            let name = local.id.clone();
            if calendar.local.insert(name.clone(), local).is_some() {
                return Err(RuleError::Double { place: format!("local[{index}].id"), name });
            }
        }
        calendar.index();
        Ok(calendar)
    }

    /// Takes over what another calendar says: its years replace those here, its local rules those of the same id.
    pub fn merge(&mut self, other: Self) -> Merged {
        let mut merged = Merged::default();
        for (name, year) in other.years {
            match self.years.insert(name, year.clone()) {
                None => merged.added.push(name),
                Some(before) if before != year => merged.replaced.push(name),
                Some(_) => {}
            }
        }
        for (id, local) in other.local {
            if self.local.insert(id.clone(), local.clone()) != Some(local) {
                merged.local.push(id);
            }
        }
        if self.basis.is_empty() {
            self.basis = other.basis;
        }
        self.index();
        merged
    }

    fn index(&mut self) {
        self.special.clear();
        for year in self.years.values() {
            for period in &year.days_off {
                let name = Arc::new(period.name.clone());
                for day in days(period) {
                    self.special.insert(day, Special { off: true, name: Arc::clone(&name) });
                }
            }
            for day in &year.workdays {
                self.special.insert(day.date, Special { off: false, name: Arc::new(day.name.clone()) });
            }
        }
        // A local rule is there to say otherwise.
        for local in self.local.values() {
            let name = Arc::new(local.period.name.clone());
            for day in days(&local.period) {
                self.special.insert(day, Special { off: local.off, name: Arc::clone(&name) });
            }
        }
    }

    /// The years that there are notices of, with their source.
    pub fn years(&self) -> impl Iterator<Item = (i32, &YearSource)> {
        self.years.iter().map(|(year, days)| (*year, &days.source))
    }

    /// What the notice of a year says, and the local days that begin in it; `None` when there is neither.
    #[must_use]
    pub fn notice(&self, year: i32) -> Option<NoticeDays> {
        let own = self.years.get(&year);
        let free = |period: &Period| (period.from, period.to, period.name.clone());
        let mut days_off: Vec<_> = own.iter().flat_map(|year| &year.days_off).map(free).collect();
        let mut workdays: Vec<_> = own.iter().flat_map(|year| &year.workdays).map(|day| (day.date, day.name.clone())).collect();
        for local in self.local.values().filter(|local| local.period.from.0.year() == year) {
            if local.off {
                days_off.push(free(&local.period));
            } else {
                workdays.extend(days(&local.period).map(|day| (day, local.period.name.clone())));
            }
        }
        days_off.sort_by_key(|(from, ..)| *from);
        workdays.sort_by_key(|(day, _)| *day);
        (own.is_some() || !days_off.is_empty() || !workdays.is_empty()).then_some(NoticeDays { days_off, workdays })
    }

    /// What a day is: an ordinary one, a day off or a make-up working day.
    #[must_use]
    pub fn kind_of(&self, day: CivilDate) -> DayKind {
        match self.special.get(&day) {
            Some(special) if special.off => DayKind::Off,
            Some(_) if is_weekend(day) => DayKind::MakeUp,
            None if is_weekend(day) => DayKind::Weekend,
            _ => DayKind::Working,
        }
    }

    /// The days off of these years that another calendar does not have, in order.
    #[must_use]
    pub fn days_off_beside(&self, other: &Self, years: &[i32]) -> Vec<CivilDate> {
        let of_years = self.special.iter().filter(|(day, special)| special.off && years.contains(&day.0.year()));
        of_years.map(|(day, _)| *day).filter(|day| other.kind_of(*day) != DayKind::Off).collect()
    }

    /// Counts what the days after one day and up to another are; nothing when the other is not later.
    #[must_use]
    pub fn tally(&self, from: CivilDate, to: CivilDate) -> Tally {
        let mut tally = Tally::default();
        let mut day = from;
        while day < to {
            let next = day.plus_days(1);
            if next == day {
                break; // the end of the calendar
            }
            day = next;
            let count = match self.kind_of(day) {
                DayKind::Working => &mut tally.working,
                DayKind::MakeUp => &mut tally.make_up,
                DayKind::Weekend => &mut tally.weekends,
                DayKind::Off => &mut tally.off,
            };
            *count += 1;
            if let Some(year) = self.missing_year(day)
                && tally.estimated.last() != Some(&year)
            {
                tally.estimated.push(year);
            }
        }
        tally
    }

    /// The law on public holidays.
    #[must_use]
    pub fn basis(&self) -> &[BasisRef] {
        &self.basis
    }

    /// Whether people work on a day, and whether that is known.
    #[must_use]
    pub fn is_working_day(&self, day: CivilDate) -> WorkingDay {
        let working = match self.special.get(&day) {
            Some(special) => !special.off,
            None => !is_weekend(day),
        };
        WorkingDay { working, known: self.missing_year(day).is_none() }
    }

    /// The year whose notice is missing for a day.
    fn missing_year(&self, day: CivilDate) -> Option<i32> {
        let year = day.0.year();
        let next = (day.0.month() == 12 && day.0.day() >= NEXT_NOTICE_FROM_DAY).then_some(year + 1);
        [Some(year), next].into_iter().flatten().find(|year| !self.years.contains_key(year))
    }

    /// The name of the holiday that a day off or a make-up working day belongs to.
    #[must_use]
    pub fn name_of(&self, day: CivilDate) -> Option<&Said> {
        self.special.get(&day).map(|special| &*special.name)
    }

    /// The `count`th working day after a day; the day itself when `count` is 0.
    #[must_use]
    pub fn add_working_days(&self, start: CivilDate, count: u32) -> Deadline {
        let mut deadline = Deadline::from(start, Part::WorkingDays { start, count });
        let mut left = count;
        while left > 0 {
            let next = deadline.date.plus_days(1);
            if next == deadline.date {
                break; // the end of the calendar
            }
            deadline.date = next;
            self.look(&mut deadline, next);
            if self.is_working_day(next).working {
                left -= 1;
            }
        }
        deadline
    }

    /// The `count`th day after a day. With `roll` an end on a day off moves to the next working day.
    #[must_use]
    pub fn add_calendar_days(&self, start: CivilDate, count: u32, roll: bool) -> Deadline {
        let mut deadline = Deadline::from(start, Part::CalendarDays { start, count });
        deadline.date = start.plus_days(u64::from(count));
        if roll { self.roll(deadline) } else { deadline }
    }

    /// The same day `count` months later, or the last one of a month that lacks it. Rolls like [`Self::add_calendar_days`].
    #[must_use]
    pub fn add_months(&self, start: CivilDate, count: u32, roll: bool) -> Deadline {
        let mut deadline = Deadline::from(start, Part::Months { start, count });
        deadline.date = start.plus_months(i32::try_from(count).unwrap_or(i32::MAX));
        if roll { self.roll(deadline) } else { deadline }
    }

    fn roll(&self, mut deadline: Deadline) -> Deadline {
        let end = deadline.date;
        self.look(&mut deadline, end);
        while !self.is_working_day(deadline.date).working {
            let next = deadline.date.plus_days(1);
            if next == deadline.date {
                break;
            }
            self.look(&mut deadline, next);
            deadline.date = next;
        }
        if deadline.date != end {
            // Day by day would be more than people want to read here.
            deadline.parts.retain(|part| !matches!(part, Part::Off { .. } | Part::MakeUp { .. }));
            deadline.parts.push(Part::Rolled { from: end, to: deadline.date, name: self.name_of(end).cloned() });
        }
        deadline
    }

    /// Notes what is special about a day.
    fn look(&self, deadline: &mut Deadline, day: CivilDate) {
        if let Some(year) = self.missing_year(day) {
            deadline.estimated = true;
            if !deadline.parts.contains(&Part::Estimated { year }) {
                deadline.parts.push(Part::Estimated { year });
            }
        }
        let Some(special) = self.special.get(&day) else { return };
        if !special.off {
            if is_weekend(day) {
                deadline.parts.push(Part::MakeUp { day, name: (*special.name).clone() });
            }
        } else if let Some(Part::Off { to, name, .. }) = deadline.parts.last_mut()
            && *name == *special.name
        {
            *to = day;
        } else {
            deadline.parts.push(Part::Off { from: day, to: day, name: (*special.name).clone() });
        }
    }

    /// How many working days lie after one day and up to another; negative when the other is earlier.
    #[must_use]
    pub fn working_days_between(&self, from: CivilDate, to: CivilDate) -> i64 {
        let (first, last, sign) = if from <= to { (from, to, 1) } else { (to, from, -1) };
        let mut count = 0;
        let mut day = first;
        while day < last {
            let next = day.plus_days(1);
            if next == day {
                break;
            }
            day = next;
            count += i64::from(self.is_working_day(day).working);
        }
        sign * count
    }
}

fn is_weekend(day: CivilDate) -> bool {
    matches!(day.0.weekday(), Weekday::Sat | Weekday::Sun)
}

fn days(period: &Period) -> impl Iterator<Item = CivilDate> {
    let count = (period.to.0 - period.from.0).num_days();
    let from = period.from;
    (0..=u64::try_from(count).unwrap_or(0)).map(move |day| from.plus_days(day))
}

fn check_period(place: &str, period: &Period) -> Result<(), RuleError> {
    let length = (period.to.0 - period.from.0).num_days();
    match usize::try_from(length) {
        Err(_) => Err(RuleError::Empty { place: place.to_owned() }),
        Ok(days) if days > LIMIT => Err(RuleError::TooMany { place: place.to_owned(), limit: LIMIT }),
        Ok(_) => Ok(()),
    }
}

fn check_days(place: &str, year: &Year) -> Result<(), RuleError> {
    if year.days_off.len() > LIMIT || year.workdays.len() > LIMIT {
        return Err(RuleError::TooMany { place: place.to_owned(), limit: LIMIT });
    }
    let mut seen = BTreeSet::new();
    for (index, period) in year.days_off.iter().enumerate() {
        let place = format!("{place}.days_off[{index}]");
        check_period(&place, period)?;
        if let Some(double) = days(period).find(|day| !seen.insert(*day)) {
            return Err(RuleError::Double { place, name: double.to_string() });
        }
    }
    for (index, day) in year.workdays.iter().enumerate() {
        if !seen.insert(day.date) {
            return Err(RuleError::Double { place: format!("{place}.workdays[{index}]"), name: day.date.to_string() });
        }
    }
    Ok(())
}

/// A day by which something must be done, and how it was counted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Deadline {
    /// The last day.
    pub date: CivilDate,
    /// Whether a year without a notice was counted Monday to Friday (估算).
    pub estimated: bool,
    /// How it was counted, in order.
    pub parts: Vec<Part>,
}

impl Deadline {
    fn from(start: CivilDate, part: Part) -> Self {
        Self { date: start, estimated: false, parts: vec![part] }
    }
}

/// One step of the counting of a [`Deadline`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Part {
    /// So many working days after a day.
    WorkingDays {
        /// The day that is not counted.
        start: CivilDate,
        /// How many.
        count: u32,
    },
    /// So many days after a day.
    CalendarDays {
        /// The day that is not counted.
        start: CivilDate,
        /// How many.
        count: u32,
    },
    /// So many months after a day.
    Months {
        /// The day that is not counted.
        start: CivilDate,
        /// How many.
        count: u32,
    },
    /// Days off that were not counted.
    Off {
        /// First day met.
        from: CivilDate,
        /// Last day met.
        to: CivilDate,
        /// Holiday.
        name: Said,
    },
    /// A Saturday or Sunday on which people work.
    MakeUp {
        /// The day.
        day: CivilDate,
        /// The holiday that it makes up for.
        name: Said,
    },
    /// The end was a day off.
    Rolled {
        /// The end.
        from: CivilDate,
        /// The next working day.
        to: CivilDate,
        /// Holiday; none at weekends.
        name: Option<Said>,
    },
    /// A year without a notice: Monday to Friday was assumed.
    Estimated {
        /// The year.
        year: i32,
    },
}

impl Part {
    /// The step in words.
    #[must_use]
    pub fn say(&self) -> Said {
        match self {
            Self::WorkingDays { start, count } => Said::new(
                format!("自{start}起{count}个工作日，当日不计"),
                format!("{count} working days from {start}, that day not counted"),
            ),
            Self::CalendarDays { start, count } => {
                Said::new(format!("自{start}起{count}日，当日不计"), format!("{count} days from {start}, that day not counted"))
            }
            Self::Months { start, count } => Said::new(format!("自{start}起{count}个月"), format!("{count} months from {start}")),
            Self::Off { from, to, name } if from == to => {
                Said::new(format!("{from}{}放假，不计", name.zh), format!("{from} off ({}), not counted", name.en))
            }
            Self::Off { from, to, name } => {
                Said::new(format!("{from}至{to}{}放假，不计", name.zh), format!("{from} to {to} off ({}), not counted", name.en))
            }
            Self::MakeUp { day, name } => {
                Said::new(format!("{day}（{}调休）上班，计入", name.zh), format!("{day} is a make-up working day ({}), counted", name.en))
            }
            Self::Rolled { from, to, name } => {
                let (zh, en) = name.as_ref().map_or(("休息日", "a weekend"), |name| (name.zh.as_str(), name.en.as_str()));
                Said::new(
                    format!("末日{from}为{zh}，顺延至下一个工作日{to}"),
                    format!("The last day {from} is {en}: moved to the next working day {to}"),
                )
            }
            Self::Estimated { year } => Said::new(
                format!("没有{year}年放假通知，按周一至周五估算"),
                format!("No notice of days off for {year}: estimated by Monday to Friday"),
            ),
        }
    }
}
