//! Time as evidence: instants, paper dates, and the hybrid clock that orders changes.

use std::fmt;

use chrono::{DateTime, Datelike as _, FixedOffset, NaiveDate, TimeZone, Timelike as _, Utc};
use serde::{Deserialize, Serialize};

/// A moment: milliseconds since 1970-01-01T00:00Z, between the years 1970 and 9999.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Instant(u64);

/// 9999-12-31T23:59:59.999Z.
const LAST_MS: u64 = 253_402_300_799_999;

impl Instant {
    /// A moment from milliseconds since the epoch; what lies outside the range is moved to its end.
    #[must_use]
    pub const fn from_ms(ms: u64) -> Self {
        Self(if ms < LAST_MS { ms } else { LAST_MS })
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub fn ms(self) -> u64 {
        self.0
    }

    fn utc(self) -> DateTime<Utc> {
        i64::try_from(self.0).ok().and_then(|ms| Utc.timestamp_millis_opt(ms).single()).unwrap_or_default()
    }

    /// The moment on the wall clock `offset_min` minutes east of Greenwich.
    #[must_use]
    pub fn local(self, offset_min: i32) -> DateTime<FixedOffset> {
        let offset = FixedOffset::east_opt(offset_min.clamp(-1439, 1439) * 60);
        self.utc().with_timezone(&offset.unwrap_or_else(|| Utc.fix_zero()))
    }

    /// The calendar day there and then.
    #[must_use]
    pub fn date(self, offset_min: i32) -> CivilDate {
        CivilDate(self.local(offset_min).date_naive())
    }

    /// `2026-11-24 14:03` on that wall clock.
    #[must_use]
    pub fn minute_text(self, offset_min: i32) -> String {
        format!("{} {}", self.date(offset_min), self.clock_text(offset_min))
    }

    /// `14:03` on that wall clock.
    // Put together by hand here and below: chrono's formats are 20 kB of the first screen's program.
    #[must_use]
    pub fn clock_text(self, offset_min: i32) -> String {
        let local = self.local(offset_min);
        format!("{:02}:{:02}", local.hour(), local.minute())
    }

    /// RFC 3339 in UTC with milliseconds: `2026-11-24T06:03:00.000Z`.
    #[must_use]
    pub fn rfc3339(self) -> String {
        let utc = self.utc();
        format!("{}T{:02}:{:02}:{:02}.{:03}Z", self.date(0), utc.hour(), utc.minute(), utc.second(), utc.timestamp_subsec_millis())
    }
}

/// The zero offset without a panic path.
trait FixZero {
    fn fix_zero(&self) -> FixedOffset;
}

impl FixZero for Utc {
    fn fix_zero(&self) -> FixedOffset {
        chrono::Offset::fix(self)
    }
}

/// A date as it stands on paper, without a time or a zone. Written `YYYY-MM-DD`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CivilDate(pub NaiveDate);

impl TryFrom<String> for CivilDate {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, &'static str> {
        Self::parse(&text).ok_or("not a day YYYY-MM-DD")
    }
}

impl From<CivilDate> for String {
    fn from(day: CivilDate) -> String {
        day.to_string()
    }
}

impl CivilDate {
    /// Parses exactly `YYYY-MM-DD`, years 1900 to 2999. `None` for everything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let well_formed = text.len() == 10
            && text.bytes().enumerate().all(|(index, byte)| if index == 4 || index == 7 { byte == b'-' } else { byte.is_ascii_digit() });
        if !well_formed {
            return None;
        }
        let number = |from, to| text.get(from..to)?.parse::<u32>().ok();
        let year = i32::try_from(number(0, 4)?).ok()?;
        let date = NaiveDate::from_ymd_opt(year, number(5, 7)?, number(8, 10)?)?;
        (1900..3000).contains(&year).then_some(Self(date))
    }

    /// This date and `days` more. Stays where it is at the end of the calendar.
    #[must_use]
    pub fn plus_days(self, days: u64) -> Self {
        Self(self.0.checked_add_days(chrono::Days::new(days)).unwrap_or(self.0))
    }

    /// This day `months` months later; a day that the month lacks becomes its last one.
    #[must_use]
    pub fn plus_months(self, months: i32) -> Self {
        let count = chrono::Months::new(months.unsigned_abs());
        let moved = if months < 0 { self.0.checked_sub_months(count) } else { self.0.checked_add_months(count) };
        Self(moved.unwrap_or(self.0))
    }
}

impl fmt::Display for CivilDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

/// A reading of the hybrid logical clock: wall time made monotone by a counter.
///
/// Written `<ms, 13 digits>-<counter, 5 digits>`, so that the texts sort like the values.
/// Order comes from here and never from the wall clock alone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hlc {
    /// The highest wall time seen, in milliseconds since the epoch.
    pub ms: u64,
    /// How many readings shared that time before.
    pub counter: u32,
}

/// Why a text is not a reading of the hybrid clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a clock reading")]
pub struct HlcError;

/// The largest counter that the written form holds.
const LAST_COUNTER: u32 = 99_999;

impl Hlc {
    /// The next reading, given the wall clock: always greater than `self`.
    #[must_use]
    pub fn tick(self, wall: Instant) -> Self {
        if wall.ms() > self.ms {
            Self { ms: wall.ms(), counter: 0 }
        } else if self.counter < LAST_COUNTER {
            Self { ms: self.ms, counter: self.counter + 1 }
        } else {
            Self { ms: (self.ms + 1).min(LAST_MS), counter: 0 }
        }
    }

    /// The wall time in this reading.
    #[must_use]
    pub fn instant(self) -> Instant {
        Instant::from_ms(self.ms)
    }
}

impl fmt::Display for Hlc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:013}-{:05}", self.ms, self.counter)
    }
}

impl From<Hlc> for String {
    fn from(hlc: Hlc) -> String {
        hlc.to_string()
    }
}

impl TryFrom<String> for Hlc {
    type Error = HlcError;
    fn try_from(text: String) -> Result<Self, HlcError> {
        let (ms, counter) = text.split_once('-').ok_or(HlcError)?;
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        // Thirteen digits last until the year 2286; fourteen are accepted after that.
        if !(13..=15).contains(&ms.len()) || counter.len() != 5 || !digits(ms) || !digits(counter) {
            return Err(HlcError);
        }
        let parsed = Self { ms: ms.parse().map_err(|_| HlcError)?, counter: counter.parse().map_err(|_| HlcError)? };
        // One written form only, or two texts would hash differently for one reading.
        if parsed.ms > LAST_MS || parsed.to_string() != text { Err(HlcError) } else { Ok(parsed) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_only_real_dates() {
        assert_eq!(CivilDate::parse("2024-02-29").map(|date| date.to_string()), Some("2024-02-29".to_owned()));
        for text in ["2023-02-29", "2024-2-29", "2024-02-30", "0000-01-01", "9999-01-01", "２０２４-02-29", ""] {
            assert_eq!(CivilDate::parse(text), None, "{text}");
        }
    }

    #[test]
    fn writes_times_as_chrono_would() {
        for ms in [0, 1_732_428_180_007, 951_782_399_999, LAST_MS] {
            let at = Instant::from_ms(ms);
            assert_eq!(at.rfc3339(), at.utc().format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string());
            for offset in [0, 480, -330] {
                assert_eq!(at.minute_text(offset), at.local(offset).format("%Y-%m-%d %H:%M").to_string().trim_start_matches('+'));
            }
        }
    }

    #[test]
    fn adds_months_to_the_last_day() {
        let day = |text: &str| CivilDate::parse(text).expect("a date written in this test");
        assert_eq!(day("2024-01-31").plus_months(1), day("2024-02-29"));
        assert_eq!(day("2024-02-29").plus_months(-12), day("2023-02-28"));
    }

    #[test]
    fn ticks_forward_when_the_wall_clock_goes_back() {
        let mut clock = Hlc::default().tick(Instant::from_ms(2_000_000_000_000));
        for wall in [1_999_000_000_000, 1, 2_000_000_000_000] {
            let next = clock.tick(Instant::from_ms(wall));
            assert!(next > clock && next.to_string() > clock.to_string());
            clock = next;
        }
        assert_eq!(Hlc::try_from(clock.to_string()), Ok(clock));
        let full = Hlc { ms: 1_999_000_000_000, counter: LAST_COUNTER };
        assert!(full.tick(Instant::from_ms(5)) > full);
    }

    #[test]
    fn refuses_other_written_forms() {
        for text in ["", "1-1", "01999000000000-00000", "1999000000000-0", "1999000000000-+0001", "-00001"] {
            assert_eq!(Hlc::try_from(text.to_owned()), Err(HlcError), "{text}");
        }
    }
}
