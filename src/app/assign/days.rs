//! A holiday table (节假日表) that a person keeps as a spreadsheet: 日期, 类型 (放假 or 上班), 名称, one row for each day or
//! period. Every cell is understood or named with its place; what comes out is a file of the shipped format.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike as _, Weekday};
use serde_json::{Value, json};

use super::file::entries;
use crate::domain::time::CivilDate;
use crate::ledger::cell::understand;
use crate::ledger::columns::{Table, TableRow, letters};
use crate::ledger::field::Cell;
use crate::ledger::read::Place;
use crate::ledger::vocabulary::Vocabulary;
use crate::rules::Said;

/// Rows that a table may have; a year has fifty at most.
pub const ROWS: usize = 4_000;
/// Rows among which the headers are looked for, below titles and remarks.
const HEADER_WITHIN: usize = 20;
/// Days of one period; longer than any holiday.
const PERIOD_DAYS: i64 = 60;
/// From this day of December on a row may belong to the notice of the next year.
const NEXT_NOTICE_FROM_DAY: u32 = 25;
/// Years that a table may name.
const YEARS: std::ops::Range<i32> = 1950..3000;
/// Characters of a name.
const NAME_CHARS: usize = 40;

/// A column of the table.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Column {
    /// 日期: a day, or a period as `2027-02-05至2027-02-12`.
    Day,
    /// 类型: 放假 or 上班.
    Kind,
    /// 名称: of the holiday.
    Name,
}

impl Column {
    /// All of them, in the order of the template.
    pub const ALL: [Self; 3] = [Self::Day, Self::Kind, Self::Name];

    /// How files head it, the usual one first.
    #[must_use]
    pub fn headers(self) -> &'static [&'static str] {
        match self {
            Self::Day => &["日期", "Date", "日子", "时间"],
            Self::Kind => &["类型", "Type", "类别", "安排"],
            Self::Name => &["名称", "Name", "节日", "假日", "节假日", "节日名称"],
        }
    }
}

/// Why a row can't be taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DayProblem {
    /// Not a date.
    NotADate,
    /// A period that ends before it begins, or lasts longer than any holiday.
    Period,
    /// A year outside of the range.
    Year,
    /// Neither 放假 nor 上班.
    Kind,
    /// No name, or one that is too long.
    Name,
    /// Another row has this day already.
    Double {
        /// That row.
        row: u32,
        /// The day.
        day: CivilDate,
    },
}

/// A row that can't be taken.
#[derive(Clone, PartialEq, Debug)]
pub struct DayError {
    /// Where.
    pub place: Place,
    /// Why.
    pub problem: DayProblem,
}

/// Why nothing of a table can be read.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum TableError {
    /// No row has the headers; these lack in the row that comes closest.
    #[error("{} headers are missing", .missing.len())]
    NoHeaders {
        /// The columns that were not found.
        missing: Vec<Column>,
    },
    /// No rows below the headers.
    #[error("no rows")]
    NoRows,
    /// More rows than any true table has.
    #[error("{rows} rows, more than {limit}")]
    TooMany {
        /// How many.
        rows: usize,
        /// How many are read.
        limit: usize,
    },
}

/// A day or a period as a row says it.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Line {
    from: CivilDate,
    to: CivilDate,
    off: bool,
    name: String,
}

/// A table that was read.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct DaysTable {
    lines: Vec<Line>,
    /// Rows that can't be taken. With any of them nothing is kept.
    pub errors: Vec<DayError>,
    /// Make-up working days that are Monday to Friday, and so change nothing; by their place.
    pub idle: Vec<Place>,
}

/// Where a person has the days from.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Notice {
    /// Title and number of the notice.
    pub source: String,
    /// When it was published.
    pub published_on: Option<CivilDate>,
    /// Whether somebody compared the table with its text.
    pub compared: bool,
}

impl DaysTable {
    /// Reads the table of a file: the first sheet that has the headers.
    ///
    /// # Errors
    /// [`TableError`] when nothing can be read; single rows that can't be are in [`Self::errors`].
    pub fn read(tables: &[Table]) -> Result<Self, TableError> {
        let mut closest: Option<Vec<Column>> = None;
        for table in tables {
            for (index, row) in table.rows.iter().enumerate().take(HEADER_WITHIN) {
                let found = Heads::find(row);
                let missing = found.missing();
                if missing.is_empty() {
                    return Self::rows(&found, table.rows.get(index + 1..).unwrap_or_default());
                }
                if closest.as_ref().is_none_or(|closest| missing.len() < closest.len()) {
                    closest = Some(missing);
                }
            }
        }
        Err(TableError::NoHeaders { missing: closest.unwrap_or_else(|| Column::ALL.to_vec()) })
    }

    fn rows(heads: &Heads, rows: &[TableRow]) -> Result<Self, TableError> {
        if rows.len() > ROWS {
            return Err(TableError::TooMany { rows: rows.len(), limit: ROWS });
        }
        let mut table = Self::default();
        let mut seen: BTreeMap<CivilDate, u32> = BTreeMap::new();
        let full = rows.iter().filter(|row| Column::ALL.iter().any(|column| !heads.text(row, *column).is_empty()));
        for row in full {
            match line(heads, row) {
                Ok(line) => table.take(line, &mut seen, heads, row),
                Err(problems) => {
                    table.errors.extend(problems.into_iter().map(|(column, problem)| DayError { place: heads.place(row, column), problem }))
                }
            }
        }
        if table.lines.is_empty() && table.errors.is_empty() { Err(TableError::NoRows) } else { Ok(table) }
    }

    fn take(&mut self, line: Line, seen: &mut BTreeMap<CivilDate, u32>, heads: &Heads, row: &TableRow) {
        let days: Vec<CivilDate> = days(line.from, line.to).collect();
        if let Some((day, other)) = days.iter().find_map(|day| seen.get(day).map(|other| (*day, *other))) {
            self.errors.push(DayError { place: heads.place(row, Column::Day), problem: DayProblem::Double { row: other, day } });
            return;
        }
        seen.extend(days.iter().map(|day| (*day, row.number)));
        if !line.off && days.iter().any(|day| !matches!(day.0.weekday(), Weekday::Sat | Weekday::Sun)) {
            self.idle.push(heads.place(row, Column::Day));
        }
        self.lines.push(line);
    }

    /// How many days it has off, and how many working days.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        let count = |off: bool| self.lines.iter().filter(|line| line.off == off).map(|line| days(line.from, line.to).count()).sum();
        (count(true), count(false))
    }

    /// The years whose notices it holds.
    #[must_use]
    pub fn years(&self) -> BTreeSet<i32> {
        let named: BTreeSet<i32> = self.lines.iter().filter(|line| !is_late(line.from)).map(|line| line.from.0.year()).collect();
        self.lines.iter().map(|line| year_of(line, &named)).collect()
    }

    /// The table as a file of the shipped format; `None` while rows can't be taken. Names in English are those that
    /// `current` has for the same holiday.
    #[must_use]
    pub fn to_file(&self, notice: &Notice, current: Option<&Value>) -> Option<Value> {
        if !self.errors.is_empty() {
            return None;
        }
        let english = english(current);
        let said = |name: &str| Said::new(name, english.get(name).map_or(name, String::as_str));
        let named: BTreeSet<i32> = self.lines.iter().filter(|line| !is_late(line.from)).map(|line| line.from.0.year()).collect();
        let published_on = notice.published_on.map(|day| day.to_string()).unwrap_or_default();
        let year = |year: i32| {
            let mut lines: Vec<&Line> = self.lines.iter().filter(|line| year_of(line, &named) == year).collect();
            lines.sort_by_key(|line| line.from);
            let mut off: Vec<Line> = Vec::new();
            for line in lines.iter().filter(|line| line.off) {
                match off.last_mut() {
                    // Day by day in the table, one period in the file.
                    Some(last) if last.name == line.name && last.to.plus_days(1) == line.from => last.to = line.to,
                    _ => off.push((*line).clone()),
                }
            }
            let period = |line: &Line| {
                let name = said(&line.name);
                json!({ "from": line.from.to_string(), "to": line.to.to_string(), "zh": name.zh, "en": name.en })
            };
            let work = lines.iter().filter(|line| !line.off).flat_map(|line| days(line.from, line.to).map(|day| (day, said(&line.name))));
            let work: Vec<Value> = work.map(|(day, name)| json!({ "date": day.to_string(), "zh": name.zh, "en": name.en })).collect();
            json!({
                "year": year,
                "source": notice.source.trim(),
                "published_on": published_on,
                "checked": if notice.compared { "source" } else { "knowledge" },
                "days_off": off.iter().map(period).collect::<Vec<_>>(),
                "workdays": work,
            })
        };
        Some(json!({
            "schema": "rules/holidays/1",
            "title_zh": "放假和调休上班日",
            "title_en": "Days off and make-up working days",
            "years": self.years().into_iter().map(year).collect::<Vec<_>>(),
        }))
    }
}

/// Where the columns are.
struct Heads {
    at: BTreeMap<Column, (usize, String)>,
}

impl Heads {
    fn find(row: &TableRow) -> Self {
        let mut at = BTreeMap::new();
        for column in Column::ALL {
            let is_head = |text: &String| column.headers().iter().any(|head| head.eq_ignore_ascii_case(plain(text)));
            if let Some((index, text)) = row.cells.iter().enumerate().find(|(_, text)| is_head(text)) {
                at.insert(column, (index, plain(text).to_owned()));
            }
        }
        Self { at }
    }

    fn missing(&self) -> Vec<Column> {
        Column::ALL.into_iter().filter(|column| !self.at.contains_key(column)).collect()
    }

    fn text<'a>(&self, row: &'a TableRow, column: Column) -> &'a str {
        let index = self.at.get(&column).map(|(index, _)| *index);
        index.and_then(|index| row.cells.get(index)).map(|text| plain(text)).unwrap_or_default()
    }

    fn place(&self, row: &TableRow, column: Column) -> Place {
        let (index, header) = self.at.get(&column).cloned().unwrap_or_default();
        Place { row: row.number, column: letters(index), header, value: self.text(row, column).to_owned() }
    }
}

fn plain(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\u{200b}')
}

/// What a row says, or everything that is wrong with it.
fn line(heads: &Heads, row: &TableRow) -> Result<Line, Vec<(Column, DayProblem)>> {
    let mut problems = Vec::new();
    let period = period(heads.text(row, Column::Day)).map_err(|problem| problems.push((Column::Day, problem))).ok();
    let off = match heads.text(row, Column::Kind) {
        "放假" | "休" | "休息" | "假" | "假日" | "节假日" | "off" | "Off" | "OFF" => Some(true),
        "上班" | "班" | "工作" | "工作日" | "补班" | "调休上班" | "work" | "Work" | "WORK" => Some(false),
        _ => {
            problems.push((Column::Kind, DayProblem::Kind));
            None
        }
    };
    let name = heads.text(row, Column::Name);
    if name.is_empty() || name.chars().count() > NAME_CHARS {
        problems.push((Column::Name, DayProblem::Name));
    }
    match (period, off) {
        (Some((from, to)), Some(off)) if problems.is_empty() => Ok(Line { from, to, off, name: name.to_owned() }),
        _ => Err(problems),
    }
}

/// A day, or a period of two days with a word or a wave between them.
fn period(text: &str) -> Result<(CivilDate, CivilDate), DayProblem> {
    let (from, to) = ['至', '到', '~', '～'].into_iter().find_map(|between| text.split_once(between)).unwrap_or((text, text));
    let (from, to) = (day(from)?, day(to)?);
    if !YEARS.contains(&from.0.year()) || !YEARS.contains(&to.0.year()) {
        return Err(DayProblem::Year);
    }
    let length = (to.0 - from.0).num_days();
    if (0..PERIOD_DAYS).contains(&length) { Ok((from, to)) } else { Err(DayProblem::Period) }
}

fn day(text: &str) -> Result<CivilDate, DayProblem> {
    let understood = understand(Cell::Date, text, &Vocabulary::default()).map_err(|_| DayProblem::NotADate)?;
    // A month alone is no day.
    if understood.odd.is_some() {
        return Err(DayProblem::NotADate);
    }
    understood.value.as_str().and_then(CivilDate::parse).ok_or(DayProblem::NotADate)
}

fn days(from: CivilDate, to: CivilDate) -> impl Iterator<Item = CivilDate> {
    let last = u64::try_from((to.0 - from.0).num_days()).unwrap_or_default();
    (0..=last).map(move |more| from.plus_days(more))
}

/// Whether a day may belong to the notice of the next year.
fn is_late(day: CivilDate) -> bool {
    day.0.month() == 12 && day.0.day() >= NEXT_NOTICE_FROM_DAY
}

/// The year whose notice a line belongs to: the last days of December go with the next year when the table is about that one.
fn year_of(line: &Line, named: &BTreeSet<i32>) -> i32 {
    let year = line.from.0.year();
    if is_late(line.from) && !named.contains(&year) && named.contains(&(year + 1)) { year + 1 } else { year }
}

/// The English names that a file has for holidays.
fn english(file: Option<&Value>) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    let years = file.map(|file| entries(file, "years")).unwrap_or_default();
    for day in years.iter().flat_map(|year| entries(year, "days_off").iter().chain(entries(year, "workdays"))) {
        if let (Some(zh), Some(en)) = (day.get("zh").and_then(Value::as_str), day.get("en").and_then(Value::as_str)) {
            names.insert(zh.to_owned(), en.to_owned());
        }
    }
    names
}
