//! Dates as spreadsheets keep them: a number of days and a format that says that it is one.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Timelike};

use crate::workbook::Cell;

const DAY_SECONDS: f64 = 86_400.0;
/// 9999-12-31 counted from 1899-12-30.
const LAST_DAY: u64 = 2_958_465;
/// Days from 1899-12-30 to 1904-01-01.
const FROM_1904: u64 = 1_462;

/// What a number format makes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Plain,
    Date,
    /// A time of day.
    Time,
    /// A span: hours may be over 24.
    Span,
}

/// A built-in format, by its number; 27 to 36 and 50 to 58 are East Asian dates.
pub(crate) fn built_in(id: u32) -> Format {
    match id {
        14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58 => Format::Date,
        18..=21 | 32..=35 | 45 | 47 | 55 | 56 => Format::Time,
        46 => Format::Span,
        _ => Format::Plain,
    }
}

/// What a format code says: `yyyy"年"m"月"d"日"`, `[$-804]h:mm`, `0.00_);[Red](0.00)` …
pub(crate) fn custom(code: &str) -> Format {
    let (mut date, mut time, mut month) = (false, false, false);
    let mut chars = code.chars();
    while let Some(char) = chars.next() {
        match char {
            '"' => while chars.next().is_some_and(|char| char != '"') {},
            '\\' | '_' | '*' => {
                chars.next();
            }
            '[' => {
                let inside: String = chars.by_ref().take_while(|char| *char != ']').collect();
                let spans = inside.chars().all(|char| matches!(char.to_ascii_lowercase(), 'h' | 'm' | 's'));
                if spans && !inside.is_empty() {
                    return Format::Span;
                }
            }
            // The first section is for positive numbers, as dates are.
            ';' => break,
            'y' | 'Y' | 'd' | 'D' | '年' | '日' => date = true,
            'h' | 'H' | 's' | 'S' => time = true,
            'm' | 'M' | '月' => month = true,
            // General, and the engineering E of numbers.
            'G' | 'g' if code.to_ascii_lowercase().contains("general") => return Format::Plain,
            _ => {}
        }
    }
    match (date || (month && !time), time) {
        (true, _) => Format::Date,
        (_, true) => Format::Time,
        _ => Format::Plain,
    }
}

/// The cell that a number with a format is.
pub(crate) fn cell(number: f64, format: Format, from_1904: bool) -> Cell {
    let dated = match format {
        Format::Plain => None,
        Format::Span => span(number),
        Format::Date => date_cell(number, from_1904),
        Format::Time if (0.0..1.0).contains(&number) => Some(Cell::Text(clock((number * DAY_SECONDS).round() as u64))),
        Format::Time => date_cell(number, from_1904),
    };
    dated.unwrap_or_else(|| Cell::from(number))
}

fn span(number: f64) -> Option<Cell> {
    let seconds = (number * DAY_SECONDS).round();
    (0.0..1e12).contains(&seconds).then(|| Cell::Text(clock(seconds as u64)))
}

fn clock(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if seconds == 0 { format!("{hours:02}:{minutes:02}") } else { format!("{hours:02}:{minutes:02}:{seconds:02}") }
}

fn date_cell(number: f64, from_1904: bool) -> Option<Cell> {
    if !(0.0..(LAST_DAY + 1) as f64).contains(&number) {
        return None;
    }
    let seconds = (number * DAY_SECONDS).round() as u64;
    let (day, second) = (seconds / 86_400, seconds % 86_400);
    let day = match (from_1904, day) {
        (true, day) => day + FROM_1904,
        // The first serial is 1900-01-01, and 60 is a 29 February that never was.
        (false, 0 | 60) => return None,
        (false, 1..60) => day + 1,
        (false, _) => day,
    };
    let date = day_zero().checked_add_days(Days::new(day)).filter(|date| date.year() <= 9_999)?;
    if second == 0 {
        return Some(Cell::Date(date));
    }
    let time = NaiveTime::from_num_seconds_from_midnight_opt(second as u32, 0)?;
    Some(Cell::DateTime(date.and_time(time)))
}

/// The days of a date in the 1900 system; nothing before 1900 or after 9999.
pub(crate) fn serial(date: NaiveDate) -> Option<f64> {
    let days = date.signed_duration_since(day_zero()).num_days();
    match days {
        2..=60 => Some((days - 1) as f64),
        61.. if date.year() <= 9_999 => Some(days as f64),
        _ => None,
    }
}

/// The same with the time, to the second.
pub(crate) fn serial_time(time: NaiveDateTime) -> Option<f64> {
    Some(serial(time.date())? + f64::from(time.num_seconds_from_midnight()) / DAY_SECONDS)
}

/// `2026-03-01`, or with `T08:30:00` and anything finer.
pub(crate) fn parse_iso(text: &str) -> Option<Cell> {
    let (date, time) = text.trim().trim_end_matches('Z').split_once('T').map_or((text.trim(), None), |(date, time)| (date, Some(time)));
    let mut parts = date.splitn(3, '-');
    let mut part = || parts.next();
    let date = NaiveDate::from_ymd_opt(part()?.parse().ok()?, part()?.parse().ok()?, part()?.parse().ok()?)?;
    let Some(time) = time else { return Some(Cell::Date(date)) };
    let whole = time.split_once('.').map_or(time, |(whole, _)| whole);
    let mut parts = whole.split(':').map(|part| part.parse::<u32>().ok());
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next().unwrap_or(Some(0))?);
    let time = date.and_hms_opt(hour, minute, second)?;
    Some(if time.num_seconds_from_midnight() == 0 { Cell::Date(date) } else { Cell::DateTime(time) })
}

/// An ISO span as OpenDocument keeps times: `PT08H30M00S`.
pub(crate) fn parse_span(text: &str) -> Option<Cell> {
    let mut seconds = 0_f64;
    let mut digits = String::new();
    for char in text.strip_prefix("PT")?.chars() {
        let unit = match char {
            '0'..='9' | '.' => {
                digits.push(char);
                continue;
            }
            'H' => 3_600.0,
            'M' => 60.0,
            'S' => 1.0,
            _ => return None,
        };
        seconds += digits.parse::<f64>().ok()? * unit;
        digits.clear();
    }
    (digits.is_empty() && (0.0..1e12).contains(&seconds)).then(|| Cell::Text(clock(seconds.round() as u64)))
}

fn day_zero() -> NaiveDate {
    NaiveDate::from_ymd_opt(1899, 12, 30).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_of_dates_are_told_from_those_of_numbers() {
        fn check(code: &str, format: Format) {
            assert_eq!(custom(code), format, "{code}");
        }
        check("General", Format::Plain);
        check("0.00E+00", Format::Plain);
        check("#,##0\"元/day\"", Format::Plain);
        check("0.00_);[Red]\\d0", Format::Plain);
        check("[Red]0;yyyy", Format::Plain);
        check("@", Format::Plain);
        check("yyyy\"年\"m\"月\"d\"日\"", Format::Date);
        check("[$-804]yyyy年m月", Format::Date);
        check("mmm", Format::Date);
        check("yyyy-mm-dd hh:mm", Format::Date);
        check("[DBNum1][$-804]m\"月\"d\"日\"", Format::Date);
        check("h:mm AM/PM", Format::Time);
        check("mm:ss", Format::Time);
        check("[h]:mm:ss", Format::Span);
    }

    #[test]
    fn serials_are_days() {
        fn check(number: f64, format: Format, from_1904: bool, text: &str) {
            assert_eq!(cell(number, format, from_1904).text(), text);
        }
        check(1.0, Format::Date, false, "1900-01-01");
        check(59.0, Format::Date, false, "1900-02-28");
        check(60.0, Format::Date, false, "60");
        check(61.0, Format::Date, false, "1900-03-01");
        check(46_082.0, Format::Date, false, "2026-03-01");
        check(44_620.0, Format::Date, true, "2026-03-01");
        check(0.0, Format::Date, true, "1904-01-01");
        check(46_082.354_166_666_664, Format::Date, false, "2026-03-01 08:30");
        check(46_082.999_999_999, Format::Date, false, "2026-03-02");
        check(2_958_465.0, Format::Date, false, "9999-12-31");
        check(2_958_466.0, Format::Date, false, "2958466");
        check(2_958_465.0, Format::Date, true, "2958465");
        check(-1.0, Format::Date, false, "-1");
        check(0.354_166_666_666_666_7, Format::Time, false, "08:30");
        check(1.5, Format::Span, false, "36:00");
        check(f64::MAX, Format::Span, false, &Cell::Number(f64::MAX).text());
    }

    #[test]
    fn every_day_has_a_serial_and_back() {
        let mut date = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap();
        while date.year() < 2110 {
            assert_eq!(cell(serial(date).unwrap(), Format::Date, false), Cell::Date(date));
            date = date.succ_opt().unwrap();
        }
        assert_eq!(serial(NaiveDate::from_ymd_opt(1899, 12, 31).unwrap()), None);
    }
}
