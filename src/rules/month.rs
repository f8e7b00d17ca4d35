//! Months and days on which something is due.

use std::fmt;

use chrono::{Datelike as _, NaiveDate};
use serde_json::Value;

use crate::domain::time::CivilDate;

/// A month as printed on reports and use marks. Written `YYYY-MM`, years 1900 to 2999.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Month(i32);

const FIRST: i32 = 1900 * 12;
const LAST: i32 = 2999 * 12 + 11;

impl Month {
    /// The month of a year; what lies outside 1900 to 2999 is moved to its end.
    #[must_use]
    pub fn new(year: i32, month: u32) -> Self {
        let month = i32::try_from(month.clamp(1, 12)).unwrap_or(1);
        Self((year.clamp(1900, 2999) * 12 + month - 1).clamp(FIRST, LAST))
    }

    /// Parses exactly `YYYY-MM`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        CivilDate::parse(&format!("{text}-01")).map(Self::of)
    }

    /// The month of a date.
    #[must_use]
    pub fn of(date: CivilDate) -> Self {
        Self::new(date.0.year(), date.0.month())
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// The month of the year, from 1.
    #[must_use]
    pub fn month(self) -> u32 {
        u32::try_from(self.0.rem_euclid(12)).unwrap_or(0) + 1
    }

    /// So many months later; earlier when negative. Stays within 1900 to 2999.
    #[must_use]
    pub fn plus(self, months: i32) -> Self {
        Self(self.0.saturating_add(months).clamp(FIRST, LAST))
    }

    /// So many months later; `None` when that is after 2999.
    #[must_use]
    pub fn later(self, months: u32) -> Option<Self> {
        i32::try_from(months).ok().and_then(|months| self.0.checked_add(months)).filter(|month| *month <= LAST).map(Self)
    }

    /// How many months it is later than another; negative when earlier.
    #[must_use]
    pub fn since(self, other: Self) -> i32 {
        self.0 - other.0
    }

    /// Its first day.
    #[must_use]
    pub fn first_day(self) -> CivilDate {
        CivilDate(NaiveDate::from_ymd_opt(self.year(), self.month(), 1).unwrap_or_default())
    }

    /// Its last day.
    #[must_use]
    pub fn last_day(self) -> CivilDate {
        let next = CivilDate(self.first_day().0).plus_months(1);
        CivilDate(next.0.pred_opt().unwrap_or(next.0))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.month())
    }
}

/// A month or a day: paper gives the one or the other.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum When {
    /// Some day in the month. As a due date: in time until its last day.
    Month(Month),
    /// That very day.
    Day(CivilDate),
}

impl When {
    /// Parses `YYYY-MM` or `YYYY-MM-DD`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        CivilDate::parse(text).map(Self::Day).or_else(|| Month::parse(text).map(Self::Month))
    }

    /// The text of a value in the form above; `None` for everything else.
    #[must_use]
    pub fn of_value(value: &Value) -> Option<Self> {
        value.as_str().and_then(|text| Self::parse(text.trim()))
    }

    /// Its month.
    #[must_use]
    pub fn month(self) -> Month {
        match self {
            Self::Month(month) => month,
            Self::Day(day) => Month::of(day),
        }
    }

    /// The first day that it may mean.
    #[must_use]
    pub fn first_day(self) -> CivilDate {
        match self {
            Self::Month(month) => month.first_day(),
            Self::Day(day) => day,
        }
    }

    /// The last day that it may mean.
    #[must_use]
    pub fn last_day(self) -> CivilDate {
        match self {
            Self::Month(month) => month.last_day(),
            Self::Day(day) => day,
        }
    }

    /// So many months later, as precise as before; a day that the month lacks becomes its last one.
    ///
    /// Source: 民法典 art. 202 for periods by the month.
    #[must_use]
    pub fn plus_months(self, months: i32) -> Self {
        match self {
            Self::Month(month) => Self::Month(month.plus(months)),
            Self::Day(day) => Self::Day(day.plus_months(months)),
        }
    }
}

impl When {
    /// As [`When::plus_months`]; `None` when that is after 2999, where no date can be written.
    #[must_use]
    pub fn later(self, months: u32) -> Option<Self> {
        match self {
            Self::Month(month) => month.later(months).map(Self::Month),
            Self::Day(day) => {
                let moved = day.0.checked_add_months(chrono::Months::new(months)).filter(|day| day.year() <= 2999);
                moved.map(|day| Self::Day(CivilDate(day)))
            }
        }
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Month(month) => month.fmt(f),
            Self::Day(day) => day.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_months_and_days_and_nothing_else() {
        for text in ["2018-06", "2024-02-29", "1900-01", "2999-12"] {
            assert_eq!(When::parse(text).map(|when| when.to_string()).as_deref(), Some(text));
        }
        for text in ["", "2018", "2018-6", "2018-13", "2023-02-29", "2018-06-", "3000-01", "2018-06-01T00:00"] {
            assert_eq!(When::parse(text), None, "{text}");
        }
    }

    #[test]
    fn counts_months_over_years_and_keeps_month_ends() {
        let month = |text: &str| Month::parse(text).expect("a month written in this test");
        assert_eq!(month("2018-11").plus(14), month("2020-01"));
        assert_eq!(month("2018-01").plus(-1), month("2017-12"));
        assert_eq!(month("2020-01").since(month("2018-11")), 14);
        assert_eq!(month("2024-02").last_day().to_string(), "2024-02-29");
        assert_eq!(month("2999-12").plus(5), month("2999-12"));
        let day = When::parse("2024-02-29").expect("a day written in this test");
        assert_eq!(day.plus_months(12).to_string(), "2025-02-28");
        assert_eq!(day.plus_months(48).to_string(), "2028-02-29");
        assert_eq!(day.later(12), Some(day.plus_months(12)));
        assert_eq!(month("2018-11").later(14), Some(month("2020-01")));
    }

    #[test]
    fn nothing_lies_after_the_last_year() {
        for (text, months, expected) in [
            ("2999-11", 1, Some("2999-12")),
            ("2999-11", 2, None),
            ("2999-11-30", 1, Some("2999-12-30")),
            ("2999-11-30", 2, None),
            ("1900-01", u32::MAX, None),
            ("1900-01-01", u32::MAX, None),
        ] {
            let when = When::parse(text).expect("a date written in this test");
            assert_eq!(when.later(months).map(|when| when.to_string()).as_deref(), expected, "{text} {months}");
        }
    }
}
