//! Dates and times: ISO text, days since 1970-01-01 in local time, and the codes of `format-date`.

use chrono::{Datelike as _, NaiveDate};

const DAY_MS: i64 = 86_400_000;

/// The present, as the host tells it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Now {
    /// Milliseconds since 1970-01-01T00:00Z.
    pub utc_ms: i64,
    /// Minutes that local time is ahead of UTC: 480 in China.
    pub offset_min: i32,
    /// For `%b` and `%a`.
    pub names: &'static Names,
}

/// Short names of months and weekdays, for `%b` and `%a`.
#[derive(PartialEq, Debug)]
pub struct Names {
    /// January first.
    pub months: [&'static str; 12],
    /// Monday first.
    pub days: [&'static str; 7],
}

impl Names {
    /// `Jan`, `Mon`.
    pub const ENGLISH: Self = Self {
        months: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
        days: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    };
    /// `1月`, `周一`.
    pub const CHINESE: Self = Self {
        months: ["1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"],
        days: ["周一", "周二", "周三", "周四", "周五", "周六", "周日"],
    };
}

/// A date or a time on the wall clock of the host's zone.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Local {
    /// Milliseconds since 1970-01-01T00:00 on that clock.
    pub ms: i64,
}

impl Local {
    pub fn now(now: Now) -> Self {
        Self { ms: now.utc_ms.saturating_add(i64::from(now.offset_min) * 60_000) }
    }

    /// Rounded to milliseconds; `None` outside the years 1 to 9999.
    pub fn from_days(days: f64) -> Option<Self> {
        let ms = (days * DAY_MS as f64).round();
        // 1e15 ms is beyond the year 9999, so the cast is exact and `civil` decides.
        if ms.abs() < 1e15 { Some(Self { ms: ms as i64 }).filter(|local| local.civil().is_some()) } else { None }
    }

    pub fn days(self) -> f64 {
        self.ms as f64 / DAY_MS as f64
    }

    /// The part of the day that has passed.
    pub fn time(self) -> f64 {
        self.ms.rem_euclid(DAY_MS) as f64 / DAY_MS as f64
    }

    fn civil(self) -> Option<NaiveDate> {
        let day = i32::try_from(self.ms.div_euclid(DAY_MS)).ok()?;
        NaiveDate::from_num_days_from_ce_opt(day.checked_add(719_163)?).filter(|date| (1..=9999).contains(&date.year()))
    }

    /// `2024-02-29`
    pub fn date_text(self) -> String {
        let mut out = String::new();
        if let Some(date) = self.civil() {
            push_date(&mut out, date);
        }
        out
    }

    /// `2024-02-29T09:05:00.000+08:00`
    pub fn date_time_text(self, offset_min: i32) -> String {
        let mut out = String::new();
        if let Some(date) = self.civil() {
            push_date(&mut out, date);
            let clock = self.clock();
            for (sign, part, width) in [('T', clock[0], 2), (':', clock[1], 2), (':', clock[2], 2), ('.', clock[3], 3)] {
                out.push(sign);
                pad(&mut out, part, width);
            }
            out.push(if offset_min < 0 { '-' } else { '+' });
            pad(&mut out, offset_min.unsigned_abs() / 60, 2);
            out.push(':');
            pad(&mut out, offset_min.unsigned_abs() % 60, 2);
        }
        out
    }

    /// Hour, minute, second, millisecond.
    fn clock(self) -> [u32; 4] {
        let ms = self.ms.rem_euclid(DAY_MS) as u32;
        [ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, ms % 1000]
    }

    /// By the codes of ODK; an unknown code stays as it is.
    pub fn format(self, codes: &str, names: &Names) -> String {
        let mut out = String::new();
        let Some(date) = self.civil() else { return out };
        let clock = self.clock();
        let mut chars = codes.chars();
        while let Some(c) = chars.next() {
            if c != '%' {
                out.push(c);
                continue;
            }
            let year = date.year().unsigned_abs();
            match chars.next() {
                Some('Y') => pad(&mut out, year, 4),
                Some('y') => pad(&mut out, year % 100, 2),
                Some('m') => pad(&mut out, date.month(), 2),
                Some('n') => pad(&mut out, date.month(), 1),
                Some('b') => out.push_str(names.months[date.month0() as usize % 12]),
                Some('d') => pad(&mut out, date.day(), 2),
                Some('e') => pad(&mut out, date.day(), 1),
                Some('a') => out.push_str(names.days[date.weekday().num_days_from_monday() as usize % 7]),
                Some('H') => pad(&mut out, clock[0], 2),
                Some('h') => pad(&mut out, clock[0], 1),
                Some('M') => pad(&mut out, clock[1], 2),
                Some('S') => pad(&mut out, clock[2], 2),
                Some('3') => pad(&mut out, clock[3], 3),
                Some('%') => out.push('%'),
                Some(other) => {
                    out.push('%');
                    out.push(other);
                }
                None => out.push('%'),
            }
        }
        out
    }
}

/// The first code of a format that does not exist; a lonely `%` at the end counts as `%`.
pub(crate) fn unknown_code(codes: &str) -> Option<char> {
    let mut chars = codes.chars();
    while let Some(c) = chars.next() {
        if c == '%' {
            match chars.next() {
                Some(code) if "YymnbdeaHhMS3%".contains(code) => {}
                other => return Some(other.unwrap_or('%')),
            }
        }
    }
    None
}

fn push_date(out: &mut String, date: NaiveDate) {
    pad(out, date.year().unsigned_abs(), 4);
    out.push('-');
    pad(out, date.month(), 2);
    out.push('-');
    pad(out, date.day(), 2);
}

fn pad(out: &mut String, number: u32, width: usize) {
    let digits = number.to_string();
    for _ in digits.len()..width {
        out.push('0');
    }
    out.push_str(&digits);
}

/// `2024-02-29` or `2024-02-29T09:05[:00[.000]][Z|+08:00]`; a time without an offset is local.
pub(crate) fn parse(text: &str, offset_min: i32) -> Option<Local> {
    let (date, time) = match text.split_once(['T', ' ']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let midnight = parse_date(date)?;
    match time {
        None => Some(Local { ms: midnight }),
        Some(time) => Some(Local { ms: midnight + parse_time(time, offset_min)? }),
    }
}

/// Milliseconds since 1970.
fn parse_date(text: &str) -> Option<i64> {
    let mut parts = text.split('-');
    let year = digits(parts.next()?, 4, 4)?;
    let month = digits(parts.next()?, 1, 2)?;
    let day = digits(parts.next()?, 1, 2)?;
    if parts.next().is_some() || year == 0 {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    Some((i64::from(date.num_days_from_ce()) - 719_163) * DAY_MS)
}

/// Milliseconds since midnight on the host's clock; below 0 or over a day where the offset moves the date.
pub(crate) fn parse_time(text: &str, offset_min: i32) -> Option<i64> {
    let (clock, zone) = match text.find(['Z', '+', '-']) {
        Some(index) => (text.get(..index)?, text.get(index..)?),
        None => (text, ""),
    };
    let moved = match zone {
        "" => 0,
        zone => i64::from(offset_min - parse_zone(zone)?) * 60_000,
    };
    let mut parts = clock.split(':');
    let hour = digits(parts.next()?, 1, 2)?;
    let minute = digits(parts.next()?, 2, 2)?;
    let (second, ms) = match parts.next() {
        None => (0, 0),
        Some(seconds) => {
            let (second, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
            let thousandths: String = fraction.chars().chain("000".chars()).take(3).collect();
            digits(fraction, 1, 9)?;
            (digits(second, 2, 2)?, digits(&thousandths, 3, 3)?)
        }
    };
    if parts.next().is_some() || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    Some(i64::from(((hour * 60 + minute) * 60 + second) * 1000 + ms) + moved)
}

/// `Z`, `+08:00`, `+0800` or `+08`, in minutes.
fn parse_zone(zone: &str) -> Option<i32> {
    if zone == "Z" {
        return Some(0);
    }
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let plain: String = zone.chars().skip(1).filter(|&c| c != ':').collect();
    let number = digits(&plain, 2, 4)? as i32;
    let (hours, minutes) = if plain.len() > 2 { (number / 100, number % 100) } else { (number, 0) };
    if hours <= 14 && minutes <= 59 { Some(sign * (hours * 60 + minutes)) } else { None }
}

fn digits(text: &str, min: usize, max: usize) -> Option<u32> {
    let good = (min..=max).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if good { text.parse().ok() } else { None }
}
