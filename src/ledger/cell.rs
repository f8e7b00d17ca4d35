//! What the cells of a file say: dates, codes, names and numbers in the ways that people write them.

use chrono::{Datelike as _, NaiveDate};
use serde_json::{Value, json};

use super::field::{Cell, choose};
use super::vocabulary::Vocabulary;
use crate::domain::equipment::{normalise_certificate, normalise_code};
use crate::domain::time::CivilDate;
use crate::domain::uscc::half_width;

/// How many characters a text may have.
pub const TEXT_CHARS: usize = 500;

/// Why a cell can't be taken as it is.
#[derive(Clone, PartialEq, Debug)]
pub enum Problem {
    /// Not a date.
    NotADate,
    /// Not a month.
    NotAMonth,
    /// Not a number.
    NotANumber,
    /// A number outside of the range.
    OutOfRange {
        /// From…
        from: f64,
        /// …to.
        to: f64,
    },
    /// Neither yes nor no.
    NotYesOrNo,
    /// None of the names that are known here.
    UnknownChoice,
    /// No kind of equipment.
    UnknownKind,
    /// The program that wrote the file has shortened a long code to a number such as `3.1E+17`: digits are lost.
    LostDigits,
    /// Longer than a field may be.
    TooLong {
        /// How many characters there are.
        found: usize,
        /// How many there may be.
        max: usize,
    },
}

/// What is odd about a cell that is taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Oddity {
    /// A month where a date is asked for: its first day is taken.
    DayAssumed,
    /// `2026.1` may have been October: spreadsheets drop the last zero of a number.
    MonthMayBeTen,
    /// The type of equipment has no code that is known here; its name is kept as it stands.
    UnknownType,
}

/// A cell that was understood.
#[derive(Clone, PartialEq, Debug)]
pub struct Understood {
    /// The value as it is stored. `Null` when the cell says nothing.
    pub value: Value,
    /// What is odd.
    pub odd: Option<Oddity>,
}

/// Understands a cell.
///
/// # Errors
/// [`Problem`].
pub fn understand(cell: Cell, text: &str, vocabulary: &Vocabulary) -> Result<Understood, Problem> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\u{200b}');
    if says_nothing(text, cell) {
        return Ok(Understood { value: Value::Null, odd: None });
    }
    let found = text.chars().count();
    if found > TEXT_CHARS {
        return Err(Problem::TooLong { found, max: TEXT_CHARS });
    }
    let mut odd = None;
    let value = match cell {
        Cell::Text => json!(text),
        Cell::Code | Cell::Uscc | Cell::Certificate if is_shortened(text) => return Err(Problem::LostDigits),
        Cell::Code | Cell::Uscc => json!(tidy(cell, whole_number(text))),
        Cell::Certificate => json!(tidy(cell, text)),
        Cell::Date => {
            let when = When::parse(text).ok_or(Problem::NotADate)?;
            odd = when.odd.or(when.day.is_none().then_some(Oddity::DayAssumed));
            json!(when.date().ok_or(Problem::NotADate)?.to_string())
        }
        Cell::Month => {
            let when = When::parse(text).ok_or(Problem::NotAMonth)?;
            odd = when.odd;
            json!(format!("{:04}-{:02}", when.year, when.month))
        }
        Cell::Number(from, to) => {
            let number = number(text).ok_or(Problem::NotANumber)?;
            if !(from..=to).contains(&number) {
                return Err(Problem::OutOfRange { from, to });
            }
            as_json(number)
        }
        Cell::YesNo => json!(yes_or_no(text).ok_or(Problem::NotYesOrNo)?),
        Cell::Choice(choices) => json!(choose(choices, text).or_else(|| choose(choices, &narrow(text))).ok_or(Problem::UnknownChoice)?),
        Cell::EquipmentKind => json!(vocabulary.kind(&narrow(text)).ok_or(Problem::UnknownKind)?.code),
        Cell::EquipmentType => match vocabulary.type_or_class(&narrow(text)) {
            Some(term) => json!(term.code),
            None if is_type_code(&narrow(text)) => json!(normalise_code(text)),
            None => {
                odd = Some(Oddity::UnknownType);
                json!(text)
            }
        },
    };
    Ok(Understood { value, odd })
}

/// A number or text as it is kept, whether it comes from a file or is typed: the same number is always the same text.
#[must_use]
pub fn tidy(cell: Cell, text: &str) -> String {
    match cell {
        Cell::Code | Cell::Uscc => normalise_code(text),
        Cell::Certificate => normalise_certificate(text),
        _ => text.trim().to_owned(),
    }
}

/// Whether a text has the form of a type code, known or not.
#[must_use]
pub fn is_type_code(text: &str) -> bool {
    text.len() == 4 && text.starts_with(|c: char| c.is_ascii_digit()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// A whole number is stored as one, so that what is read back is the same.
fn as_json(number: f64) -> Value {
    // Far below the range where the cast would not be exact.
    if number.fract() == 0.0 && number.abs() < 1e9 { json!(number as i64) } else { json!(number) }
}

fn narrow(text: &str) -> String {
    text.chars().map(half_width).collect()
}

/// Whether the cell stands for nothing.
fn says_nothing(text: &str, cell: Cell) -> bool {
    let bar = !text.is_empty() && text.chars().all(|c| matches!(c, '-' | '—' | '－' | '/' | '\\' | '_' | '–' | '*' | '?' | '？'));
    let word = matches!(text, "无" | "暂无" | "不详" | "未知" | "空" | "N/A" | "n/a" | "NULL" | "null" | "#N/A");
    text.is_empty() || bar || (word && !matches!(cell, Cell::Text | Cell::YesNo)) || matches!(text, "NULL" | "null" | "#N/A")
}

/// Whether a long code became a number with an exponent.
fn is_shortened(text: &str) -> bool {
    let text = text.to_ascii_uppercase();
    text.split_once("E+").is_some_and(|(before, after)| {
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        plain(before) && plain(after)
    })
}

/// `123.0`, as some programs write whole numbers.
fn whole_number(text: &str) -> &str {
    let digits = text.strip_suffix(".0").filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    digits.unwrap_or(text)
}

fn yes_or_no(text: &str) -> Option<bool> {
    match narrow(text).to_ascii_lowercase().as_str() {
        "是" | "有" | "√" | "✓" | "✔" | "☑" | "对" | "y" | "yes" | "true" | "1" | "1.0" => Some(true),
        "否" | "无" | "不是" | "没有" | "×" | "✗" | "✘" | "☐" | "n" | "no" | "false" | "0" | "0.0" => Some(false),
        _ => None,
    }
}

/// A number, with a unit behind it or words before it: `2级`, `Ⅲ级`, `四`, `北纬39.93°`.
fn number(text: &str) -> Option<f64> {
    let narrow = narrow(text);
    let rest = narrow.trim_start_matches(|c: char| !c.is_ascii_digit() && !matches!(c, '-' | '+' | '.') && !is_numeral(c)).trim();
    let digits: String = rest.chars().take_while(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | ',')).collect();
    if digits.is_empty() {
        // 十五 is not five, and 二十 not two.
        return if narrow.contains(|c| "零〇六七八九十百千万亿两".contains(c)) { None } else { numeral(rest) };
    }
    let unit = rest.strip_prefix(digits.as_str()).unwrap_or_default();
    // Degrees with minutes are no number, nor is a second number behind the first, nor a number in ten thousands.
    if unit.chars().any(|c| c.is_ascii_digit()) || unit.trim_start().starts_with(['十', '百', '万', '亿']) {
        return None;
    }
    let number: f64 = digits.replace(',', "").parse().ok()?;
    let mirrored = ["南纬", "西经", "零下", "负"].iter().any(|below| narrow.starts_with(below));
    number.is_finite().then_some(if mirrored { -number } else { number })
}

fn is_numeral(c: char) -> bool {
    "一二三四五ⅠⅡⅢⅣⅤIV".contains(c)
}

fn numeral(text: &str) -> Option<f64> {
    let numeral: String = text.chars().take_while(|c| is_numeral(*c)).collect();
    Some(match numeral.as_str() {
        "一" | "Ⅰ" | "I" => 1.0,
        "二" | "Ⅱ" | "II" => 2.0,
        "三" | "Ⅲ" | "III" => 3.0,
        "四" | "Ⅳ" | "IV" => 4.0,
        "五" | "Ⅴ" | "V" => 5.0,
        _ => return None,
    })
}

/// A day or a month, as written.
struct When {
    year: i32,
    month: u32,
    day: Option<u32>,
    odd: Option<Oddity>,
}

impl When {
    /// Understands `2026-05-01`, `2026/5/1`, `2026.5`, `2026年5月1日`, `20260501`, `202605`, a time behind it, and the
    /// numbers of days that spreadsheets keep (`46143`).
    fn parse(text: &str) -> Option<Self> {
        let text = narrow(text);
        let text = text.split(['T', 't']).next()?.trim();
        // A time of day after a blank.
        let text = text.split_whitespace().filter(|part| !part.contains(':')).collect::<Vec<_>>().join(" ");
        let plain = whole_number(&text);
        if plain.bytes().all(|byte| byte.is_ascii_digit()) {
            return Self::from_digits(plain);
        }
        let parts: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
        let between: String = text.chars().filter(|c| !c.is_ascii_digit()).collect();
        if !between.chars().all(|c| matches!(c, '-' | '/' | '.' | '年' | '月' | '日' | '号' | ' ' | '—' | '–' | '~')) {
            return None;
        }
        let [year, month, rest @ ..] = parts.as_slice() else { return None };
        let day = match rest {
            [] => None,
            [day] if day.len() <= 2 => Some(day.parse().ok()?),
            _ => return None,
        };
        if year.len() != 4 || month.len() > 2 {
            // A number of days with a time of day behind the point.
            let days = text.split_once('.').filter(|(days, part)| days.len() == 5 && part.bytes().all(|byte| byte.is_ascii_digit()))?;
            return Self::from_digits(days.0);
        }
        let odd = (day.is_none() && between == "." && *month == "1").then_some(Oddity::MonthMayBeTen);
        Self::checked(year.parse().ok()?, month.parse().ok()?, day, odd)
    }

    fn from_digits(digits: &str) -> Option<Self> {
        let part = |from, to| digits.get(from..to)?.parse::<u32>().ok();
        let year = || i32::try_from(part(0, 4)?).ok();
        match digits.len() {
            8 => Self::checked(year()?, part(4, 6)?, Some(part(6, 8)?), None),
            6 => Self::checked(year()?, part(4, 6)?, None, None),
            5 => {
                let date = NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(chrono::Days::new(digits.parse().ok()?))?;
                Self::checked(date.year(), date.month(), Some(date.day()), None)
            }
            _ => None,
        }
    }

    fn checked(year: i32, month: u32, day: Option<u32>, odd: Option<Oddity>) -> Option<Self> {
        let when = Self { year, month, day, odd };
        ((1900..=2100).contains(&year) && when.date().is_some()).then_some(when)
    }

    fn date(&self) -> Option<CivilDate> {
        NaiveDate::from_ymd_opt(self.year, self.month, self.day.unwrap_or(1)).map(CivilDate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::field::EQUIPMENT_STATUS;

    #[track_caller]
    fn check(cell: Cell, text: &str, expected: Result<Value, Problem>) {
        let table = json!({"kinds": [{"code": "3000", "zh": "电梯", "en": "Lifts", "classes": [
            {"code": "3100", "zh": "曳引与强制驱动电梯", "types": [{"code": "3110", "zh": "曳引驱动乘客电梯"}]}]}]});
        assert_eq!(understand(cell, text, &Vocabulary::read(&table)).map(|understood| understood.value), expected, "{text}");
    }

    #[test]
    fn reads_dates_as_people_write_them() {
        for text in [
            "2026-05-01",
            "2026/5/1",
            "2026.5.1",
            "2026.05.01",
            "2026年5月1日",
            "2026 年 5 月 1 日",
            "20260501",
            "20260501.0",
            "46143",
            "46143.0",
            "46143.75",
            "２０２６-０５-０１",
            "2026-05-01 00:00:00",
            "2026-05-01T00:00:00",
            " 2026/05/01 8:30 ",
            "2026年5月1号",
        ] {
            check(Cell::Date, text, Ok(json!("2026-05-01")));
            check(Cell::Month, text, Ok(json!("2026-05")));
        }
        for text in ["2026.5", "2026年5月", "202605", "2026-5", "2026/05"] {
            check(Cell::Month, text, Ok(json!("2026-05")));
            check(Cell::Date, text, Ok(json!("2026-05-01")));
        }
        for text in ["", " ", "-", "—", "/", "无", "暂无", "N/A"] {
            check(Cell::Date, text, Ok(Value::Null));
        }
        for text in [
            "26-5-1",
            "5/1/2026",
            "2026-13-01",
            "2026-02-30",
            "明年",
            "2026",
            "20261301",
            "1899-01-01",
            "2026-05-01至2027-05-01",
            "3",
            "9999999",
        ] {
            check(Cell::Date, text, Err(Problem::NotADate));
            check(Cell::Month, text, Err(Problem::NotAMonth));
        }
        let odd = |text: &str| understand(Cell::Date, text, &Vocabulary::default()).expect("a date").odd;
        assert_eq!(odd("2026.1"), Some(Oddity::MonthMayBeTen));
        assert_eq!(odd("2026-1"), Some(Oddity::DayAssumed));
        assert_eq!(odd("2026-1-1"), None);
    }

    #[test]
    fn a_number_that_is_typed_is_kept_as_one_that_is_read() {
        for (cell, typed, kept) in [
            (Cell::Certificate, "梯11示A00001(26)", "梯11示A00001(26)"),
            (Cell::Certificate, " 梯11示a00001（26） ", "梯11示A00001(26)"),
            (Cell::Certificate, "梯11示A00001〔26〕", "梯11示A00001(26)"),
            (Cell::Certificate, "梯11示A00001【26】", "梯11示A00001(26)"),
            (Cell::Certificate, "TS3310-001〔2026〕", "TS3310-001(2026)"),
            (Cell::Code, " ３１１０ 2301020150098", "31102301020150098"),
            (Cell::Uscc, "91110000示例", "91110000示例"),
            (Cell::Text, " 一〔二〕 ", "一〔二〕"),
        ] {
            assert_eq!(tidy(cell, typed), kept, "{typed}");
            check(cell, typed, Ok(json!(kept)));
        }
    }

    #[test]
    fn reads_codes_numbers_and_choices() {
        check(Cell::Code, " ３１１０ 2301020150098 ", Ok(json!("31102301020150098")));
        check(Cell::Code, "3.11035E+19", Err(Problem::LostDigits));
        check(Cell::Code, "1234.0", Ok(json!("1234")));
        check(Cell::Certificate, "梯11冀b00123（19）", Ok(json!("梯11冀B00123(19)")));
        for (text, grade) in [("2", 2), ("2级", 2), ("二级", 2), ("Ⅱ级", 2), ("II", 2), ("2.0", 2), ("等级3", 3), ("五", 5)] {
            check(Cell::Number(1.0, 5.0), text, Ok(json!(grade)));
        }
        check(Cell::Number(1.0, 5.0), "6", Err(Problem::OutOfRange { from: 1.0, to: 5.0 }));
        for text in ["好", "十五", "二十年", "二百零一", "六", "3万", "2 百"] {
            check(Cell::Number(0.0, 100.0), text, Err(Problem::NotANumber));
        }
        check(Cell::Number(0.0, 100.0), "15千克", Ok(json!(15)));
        check(Cell::Number(-273.0, 2000.0), "零下20℃", Ok(json!(-20)));
        check(Cell::Number(-90.0, 90.0), "北纬40.15°", Ok(json!(40.15)));
        check(Cell::Number(-90.0, 90.0), "40°9′", Err(Problem::NotANumber));
        for (text, yes) in [("是", true), ("√", true), ("Ｙ", true), ("有", true), ("无", false), ("×", false), ("no", false)] {
            check(Cell::YesNo, text, Ok(json!(yes)));
        }
        check(Cell::YesNo, "也许", Err(Problem::NotYesOrNo));
        check(Cell::Choice(EQUIPMENT_STATUS), "在用", Ok(json!("in_use")));
        check(Cell::Choice(EQUIPMENT_STATUS), "丢失", Err(Problem::UnknownChoice));
        check(Cell::EquipmentKind, "电梯", Ok(json!("3000")));
        check(Cell::EquipmentKind, "3", Ok(json!("3000")));
        check(Cell::EquipmentKind, "汽车", Err(Problem::UnknownKind));
        check(Cell::EquipmentType, "曳引驱动乘客电梯", Ok(json!("3110")));
        check(Cell::EquipmentType, "3110 曳引驱动乘客电梯", Ok(json!("3110")));
        check(Cell::EquipmentType, "曳引与强制驱动电梯", Ok(json!("3100")));
        check(Cell::EquipmentType, "4d10", Ok(json!("4D10")));
        check(Cell::EquipmentType, "飞毯", Ok(json!("飞毯")));
        check(Cell::Text, &"长".repeat(501), Err(Problem::TooLong { found: 501, max: 500 }));
        check(Cell::Text, "无", Ok(json!("无")));
    }
}
