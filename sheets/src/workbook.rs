//! A workbook as this crate sees it, whatever file it came from or goes to.
//!
//! Rows without any value are not kept: [`Row::number`] tells where a row stands, so a sheet with one value in its
//! last possible row is one row long.

use std::borrow::Cow;
use std::fmt;

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};
use serde::de::{self, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Sheets in the order of the file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Workbook {
    /// At least one after reading; may be none while being built.
    #[serde(rename = "s")]
    pub sheets: Vec<Sheet>,
}

/// One sheet.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Sheet {
    /// As on its tab; empty for a text file.
    #[serde(rename = "n")]
    pub name: String,
    /// Rows that hold a value, by ascending number.
    #[serde(rename = "r")]
    pub rows: Vec<Row>,
}

/// One row with at least one value.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// As a person sees it at the sheet's edge, from 1. In a text file: the number of the record, from 1.
    #[serde(rename = "n")]
    pub number: u32,
    /// From column A on, without trailing [`Cell::Empty`].
    #[serde(rename = "c")]
    pub cells: Vec<Cell>,
}

/// One value.
///
/// Crosses to a worker as `null`, a string, a number, a boolean, or an object of one key: `d` date, `t` date and
/// time, `e` error, `f` formula.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Never empty after reading.
    Text(String),
    /// Finite. Text files give no numbers, only [`Cell::Text`].
    Number(f64),
    /// True or false.
    Bool(bool),
    /// A day without time zone, as written.
    Date(NaiveDate),
    /// A day and time without time zone, as written.
    DateTime(NaiveDateTime),
    /// What a formula failed with, as a person sees it: `#DIV/0!`, `#N/A` …
    Error(String),
    /// A formula that the program which wrote the file never computed; the formula without its leading `=`.
    Uncomputed(String),
}

/// Where a value stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The sheet's name; empty for a text file.
    pub sheet: String,
    /// From 1, as a person sees it.
    pub row: u32,
    /// From 0: A.
    pub column: u32,
}

impl Workbook {
    /// The sheet of exactly this name.
    pub fn sheet(&self, name: &str) -> Option<&Sheet> {
        self.sheets.iter().find(|sheet| sheet.name == name)
    }
}

impl Sheet {
    /// A sheet without rows.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), rows: Vec::new() }
    }

    /// Adds a row below the last one.
    pub fn push<C: Into<Cell>>(&mut self, cells: impl IntoIterator<Item = C>) {
        let number = self.rows.last().map_or(0, |row| row.number).saturating_add(1);
        self.rows.push(Row { number, cells: cells.into_iter().map(Into::into).collect() });
    }

    /// The row of this number, if it has a value.
    pub fn row(&self, number: u32) -> Option<&Row> {
        self.rows.binary_search_by_key(&number, |row| row.number).ok().and_then(|index| self.rows.get(index))
    }

    /// The place of a column in one of this sheet's rows.
    pub fn place(&self, row: &Row, column: usize) -> Place {
        Place { sheet: self.name.clone(), row: row.number, column: u32::try_from(column).unwrap_or(u32::MAX) }
    }
}

impl Row {
    /// The value in a column, from 0; [`Cell::Empty`] beyond the last one.
    pub fn cell(&self, column: usize) -> &Cell {
        self.cells.get(column).unwrap_or(&Cell::Empty)
    }
}

impl Cell {
    /// What a person sees: numbers with at most 15 digits and no needless `.0`, dates as `2026-03-01`, times as
    /// `2026-03-01 08:30` (seconds when there are any), booleans as `TRUE` and `FALSE`.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Cell::Empty => Cow::Borrowed(""),
            Cell::Text(text) | Cell::Error(text) => Cow::Borrowed(text),
            Cell::Number(number) => Cow::Owned(number_text(*number)),
            Cell::Bool(true) => Cow::Borrowed("TRUE"),
            Cell::Bool(false) => Cow::Borrowed("FALSE"),
            Cell::Date(date) => Cow::Owned(date_text(*date)),
            Cell::DateTime(time) => Cow::Owned(time_text(*time)),
            Cell::Uncomputed(formula) => Cow::Owned(format!("={formula}")),
        }
    }

    /// Nothing, or only white space.
    pub fn is_blank(&self) -> bool {
        match self {
            Cell::Empty => true,
            Cell::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text())
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Cell::from(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        if text.is_empty() { Cell::Empty } else { Cell::Text(text) }
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        if number.is_finite() { Cell::Number(number) } else { Cell::Error("#NUM!".to_owned()) }
    }
}

impl From<u32> for Cell {
    fn from(number: u32) -> Self {
        Cell::Number(f64::from(number))
    }
}

impl From<bool> for Cell {
    fn from(value: bool) -> Self {
        Cell::Bool(value)
    }
}

impl From<NaiveDate> for Cell {
    fn from(date: NaiveDate) -> Self {
        Cell::Date(date)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Cell::Empty, Into::into)
    }
}

impl Place {
    /// Column letters and row number: `B3`.
    pub fn cell(&self) -> String {
        format!("{}{}", column_name(self.column), self.row)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.sheet.is_empty() { out.write_str(&self.cell()) } else { write!(out, "{}!{}", self.sheet, self.cell()) }
    }
}

/// A column's letters: 0 is `A`, 25 `Z`, 26 `AA`.
pub fn column_name(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = u64::from(column) + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

/// Spreadsheets show 15 digits: 0.1 + 0.2 is 0.3 to a person.
fn number_text(number: f64) -> String {
    let seen: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    let size = seen.abs();
    if size == 0.0 {
        "0".to_owned()
    } else if (1e-9..1e21).contains(&size) {
        format!("{seen}")
    } else {
        format!("{seen:E}")
    }
}

// By hand: chrono's `format` is 6 kB of program.
fn date_text(date: NaiveDate) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

fn time_text(time: NaiveDateTime) -> String {
    let (date, hour, minute, second) = (date_text(time.date()), time.hour(), time.minute(), time.second());
    if second == 0 { format!("{date} {hour:02}:{minute:02}") } else { format!("{date} {hour:02}:{minute:02}:{second:02}") }
}

fn parse_date(text: &str) -> Option<NaiveDate> {
    let mut parts = text.splitn(3, '-');
    let mut part = || parts.next();
    let (year, month, day) = (part()?.parse().ok()?, part()?.parse().ok()?, part()?.parse().ok()?);
    NaiveDate::from_ymd_opt(year, month, day)
}

fn parse_time(text: &str) -> Option<NaiveDateTime> {
    let (date, time) = text.split_once(' ')?;
    let mut parts = time.split(':').map(|part| part.parse::<u32>().ok());
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = parts.next().unwrap_or(Some(0))?;
    parse_date(date)?.and_hms_opt(hour, minute, second)
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self {
            Cell::Date(_) => tagged(out, "d", &self.text()),
            Cell::DateTime(_) => tagged(out, "t", &self.text()),
            Cell::Error(text) => tagged(out, "e", text),
            Cell::Uncomputed(formula) => tagged(out, "f", formula),
            Cell::Empty => out.serialize_unit(),
            Cell::Text(text) => out.serialize_str(text),
            Cell::Number(number) => out.serialize_f64(*number),
            Cell::Bool(value) => out.serialize_bool(*value),
        }
    }
}

fn tagged<S: Serializer>(out: S, key: &str, value: &str) -> Result<S::Ok, S::Error> {
    let mut map = out.serialize_map(Some(1))?;
    map.serialize_entry(key, value)?;
    map.end()
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(CellVisitor)
    }
}

struct CellVisitor;

impl<'de> Visitor<'de> for CellVisitor {
    type Value = Cell;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a cell")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Cell, E> {
        Ok(Cell::Empty)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Cell, E> {
        Ok(Cell::Bool(value))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Cell, E> {
        Ok(Cell::Number(number))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Cell, E> {
        Ok(Cell::Number(number as f64))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Cell, E> {
        Ok(Cell::Number(number as f64))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Cell, E> {
        Ok(Cell::Text(text.to_owned()))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Cell, E> {
        Ok(Cell::Text(text))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Cell, A::Error> {
        let (key, value): (String, String) = map.next_entry()?.ok_or_else(|| de::Error::custom("no key"))?;
        let cell = match key.as_str() {
            "d" => parse_date(&value).map(Cell::Date),
            "t" => parse_time(&value).map(Cell::DateTime),
            "e" => Some(Cell::Error(value)),
            "f" => Some(Cell::Uncomputed(value)),
            _ => None,
        };
        cell.ok_or_else(|| de::Error::custom("not a cell"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn columns_have_letters() {
        for (column, letters) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD"), (u32::MAX, "MWLQKWV")] {
            assert_eq!(column_name(column), letters);
        }
    }

    #[test]
    fn cells_read_as_a_person_sees_them() {
        fn check(cell: impl Into<Cell>, text: &str) {
            assert_eq!(cell.into().text(), text);
        }
        check("", "");
        check("007", "007");
        check(5.0, "5");
        check(-0.0, "0");
        check(-2.5, "-2.5");
        check(0.1 + 0.2, "0.3");
        check(3_110_000_000.0, "3110000000");
        check(1e21, "1E21");
        check(1.5e-12, "1.5E-12");
        check(f64::NAN, "#NUM!");
        check(true, "TRUE");
        check(day(2026, 3, 1), "2026-03-01");
        assert_eq!(Cell::DateTime(day(2026, 3, 1).and_hms_opt(8, 5, 0).unwrap()).text(), "2026-03-01 08:05");
        assert_eq!(Cell::DateTime(day(2026, 3, 1).and_hms_opt(8, 5, 9).unwrap()).text(), "2026-03-01 08:05:09");
        assert_eq!(Cell::Uncomputed("A1+1".to_owned()).text(), "=A1+1");
    }

    #[test]
    fn a_workbook_crosses_to_a_worker_and_back() {
        let cells = vec![
            Cell::Empty,
            Cell::Text("甲".to_owned()),
            Cell::Number(0.1),
            Cell::Number(-3.0),
            Cell::Bool(false),
            Cell::Date(day(2024, 2, 29)),
            Cell::DateTime(day(2024, 2, 29).and_hms_opt(23, 59, 58).unwrap()),
            Cell::Error("#N/A".to_owned()),
            Cell::Uncomputed("A1".to_owned()),
        ];
        let book = Workbook { sheets: vec![Sheet { name: "表".to_owned(), rows: vec![Row { number: 7, cells }] }] };
        let json = serde_json::to_string(&book).unwrap();
        let expected = r##"{"s":[{"n":"表","r":[{"n":7,"c":[null,"甲",0.1,-3.0,false,{"d":"2024-02-29"},{"t":"2024-02-29 23:59:58"},{"e":"#N/A"},{"f":"A1"}]}]}]}"##;
        assert_eq!(json, expected);
        assert_eq!(serde_json::from_str::<Workbook>(&json).unwrap(), book);
        assert!(serde_json::from_str::<Cell>(r#"{"d":"2024-02-30"}"#).is_err());
    }

    #[test]
    fn rows_are_found_by_number() {
        let mut sheet = Sheet::new("a");
        sheet.push(["编号", "名称"]);
        sheet.push([Cell::Number(1.0)]);
        assert_eq!(sheet.row(2).unwrap().cell(0), &Cell::Number(1.0));
        assert_eq!(sheet.row(2).unwrap().cell(9), &Cell::Empty);
        assert!(sheet.row(3).is_none());
        assert_eq!(sheet.place(&sheet.rows[1], 1).to_string(), "a!B2");
    }
}
