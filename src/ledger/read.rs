//! From the rows of a file to lines of a ledger: every cell understood, or named with its place and what is wrong.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::Kind;
use super::cell::{Oddity, Problem, is_type_code, understand};
use super::columns::{Columns, MissingColumn, Table, TableRow, cell_of, letters};
use super::field::Cell;
use super::row::Fields;
use super::vocabulary::Vocabulary;
use crate::domain::equipment::{CertificateNotice, CodeNotice, look_over_certificate, look_over_code, type_code_of};
use crate::domain::uscc::{Uscc, UsccError};

/// How many rows a file may have.
pub const ROWS: usize = 100_000;

/// Where something stands in a file.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Place {
    /// Row, from 1.
    pub row: u32,
    /// Letters of the column; empty when the row as a whole is meant.
    pub column: String,
    /// Its header.
    pub header: String,
    /// What stands there.
    pub value: String,
}

/// Why a row can't be taken as it is.
#[derive(Clone, PartialEq, Debug)]
pub enum RowProblem {
    /// A cell can't be understood.
    Cell(Problem),
    /// Nothing in the row tells which machine, unit or instrument it is.
    NoIdentity,
    /// Nothing in the row tells whose it is, and it is not in the ledger yet.
    NoUnit,
    /// The name fits several units; the credit code or the address would tell.
    AmbiguousUnit {
        /// How many.
        units: usize,
    },
    /// Several lines fit what the row says, and it has no number that tells which is meant.
    SeveralFit {
        /// How many.
        lines: usize,
    },
    /// It looks like one that is known, but has another number: mistyped, or really another one. A person must decide.
    OtherCode {
        /// The number in the row.
        found: String,
        /// The number of the one that is known.
        known: String,
    },
    /// Another row is about the same one and says something else.
    ContradictsRow {
        /// That row.
        row: u32,
    },
}

/// A row that can't be taken as it is.
#[derive(Clone, PartialEq, Debug)]
pub struct CellError {
    /// Where.
    pub place: Place,
    /// Why.
    pub problem: RowProblem,
}

/// What is odd about a row that is taken all the same.
#[derive(Clone, PartialEq, Debug)]
pub enum RowOddity {
    /// About how the cell is written.
    Cell(Oddity),
    /// The credit code is not well formed.
    Uscc(UsccError),
    /// About the equipment code.
    Code(CodeNotice),
    /// About the certificate number.
    Certificate(CertificateNotice),
    /// A year that is hardly meant.
    Year,
    /// Another row says exactly the same; this one is passed over.
    RepeatsRow {
        /// That row.
        row: u32,
    },
    /// It is taken for a new one, but a record of the ledger has the same name or one of its numbers.
    OtherHasNumber {
        /// The record.
        record: String,
    },
    /// Rows say different things of one unit; the first counts.
    UnitDiffers {
        /// The row that counts.
        row: u32,
        /// What it says.
        value: String,
    },
}

/// Something odd, with its place.
#[derive(Clone, PartialEq, Debug)]
pub struct CellWarning {
    /// Where.
    pub place: Place,
    /// What.
    pub oddity: RowOddity,
}

/// A row that was understood.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Line {
    /// Row, from 1.
    pub row: u32,
    /// What it says.
    pub fields: Fields,
    /// What follows from it and counts for a new record, such as the type that stands in the code.
    pub derived: Fields,
    /// What it says of the unit, without `unit/`.
    pub unit: Fields,
    /// Whether its certificate covers several pieces of the unit, so that it tells none of them from the others.
    pub shared_certificate: bool,
}

/// A file that was read.
#[derive(Clone, PartialEq, Debug)]
pub struct Reading {
    /// What the rows are.
    pub kind: Kind,
    /// Name of the sheet.
    pub sheet: String,
    /// The rows that were understood, in order.
    pub lines: Vec<Line>,
    /// What can't be taken. A row with an error is not among the lines.
    pub errors: Vec<CellError>,
    /// What is odd.
    pub warnings: Vec<CellWarning>,
    /// Columns that lack. Nothing was read then.
    pub missing: Vec<MissingColumn>,
    /// Rows that only repeat the headers, as on every printed page.
    pub repeated_headers: usize,
    /// Rows beyond [`ROWS`] that were not read.
    pub rows_left: usize,
}

/// Reads the rows below the headers. `year_now` is the present year, to notice years that are hardly meant.
#[must_use]
pub fn read(kind: Kind, table: &Table, columns: &Columns, vocabulary: &Vocabulary, year_now: i32) -> Reading {
    let mut reading = Reading {
        kind,
        sheet: table.sheet.clone(),
        lines: Vec::new(),
        errors: Vec::new(),
        warnings: Vec::new(),
        missing: columns.missing(),
        repeated_headers: 0,
        rows_left: 0,
    };
    if !reading.missing.is_empty() {
        return reading;
    }
    let places: Vec<Column> =
        columns.paths.iter().enumerate().filter_map(|(at, path)| Column::of(kind, columns, at, path.as_deref()?)).collect();
    let rows = table.rows.iter().filter(|row| row.number > columns.header_row);
    reading.rows_left = rows.clone().count().saturating_sub(ROWS);
    for row in rows.take(ROWS) {
        let repeats = places.iter().filter(|column| row.cells.get(column.at).is_some_and(|cell| *cell == column.header)).count();
        if repeats * 2 > places.len() {
            reading.repeated_headers += 1;
            continue;
        }
        reading.read_row(row, &places, vocabulary, year_now);
    }
    reading
}

struct Column {
    at: usize,
    header: String,
    path: String,
    cell: Cell,
}

impl Column {
    fn of(kind: Kind, columns: &Columns, at: usize, path: &str) -> Option<Self> {
        let header = columns.headers.get(at).cloned().unwrap_or_default();
        Some(Self { at, header, path: path.to_owned(), cell: cell_of(kind, path)? })
    }

    fn place(&self, row: &TableRow) -> Place {
        let value: String = row.cells.get(self.at).map(|cell| cell.trim().chars().take(80).collect()).unwrap_or_default();
        Place { row: row.number, column: letters(self.at), header: self.header.clone(), value }
    }
}

impl Reading {
    fn read_row(&mut self, row: &TableRow, columns: &[Column], vocabulary: &Vocabulary, year_now: i32) {
        let mut line = Line { row: row.number, ..Line::default() };
        let mut values: BTreeMap<&str, &Column> = BTreeMap::new();
        let errors_before = self.errors.len();
        for column in columns {
            let text = row.cells.get(column.at).map_or("", String::as_str);
            match understand(column.cell, text, vocabulary) {
                Err(problem) => self.errors.push(CellError { place: column.place(row), problem: RowProblem::Cell(problem) }),
                Ok(understood) => {
                    if let Some(odd) = understood.odd {
                        self.warn(column.place(row), RowOddity::Cell(odd));
                    }
                    if understood.value.is_null() {
                        continue;
                    }
                    if matches!(column.cell, Cell::Date | Cell::Month) && is_odd_year(&understood.value, year_now) {
                        self.warn(column.place(row), RowOddity::Year);
                    }
                    if let (Cell::Uscc, Some(Err(error))) = (column.cell, understood.value.as_str().map(Uscc::parse)) {
                        self.warn(column.place(row), RowOddity::Uscc(error));
                    }
                    values.insert(&column.path, column);
                    match column.path.strip_prefix("unit/") {
                        Some(path) => line.unit.insert(path.to_owned(), understood.value),
                        None => line.fields.insert(column.path.clone(), understood.value),
                    };
                }
            }
        }
        if self.errors.len() > errors_before {
            return;
        }
        if self.kind == Kind::Equipment {
            self.settle_type(&mut line, vocabulary);
            self.look_over(row, &line, &values, year_now);
        }
        if line.fields.is_empty() && line.unit.is_empty() {
            return;
        }
        self.lines.push(line);
    }

    fn warn(&mut self, place: Place, oddity: RowOddity) {
        self.warnings.push(CellWarning { place, oddity });
    }

    /// Kind, class and type become one type code and its kind; what lacks follows from the equipment code.
    #[expect(clippy::unused_self, reason = "reads as a step of reading a row")]
    fn settle_type(&self, line: &mut Line, vocabulary: &Vocabulary) {
        let mut terms: Vec<Value> = ["type_code", "equipment_class"].iter().filter_map(|path| line.fields.remove(*path)).collect();
        let code = terms.iter().position(|term| term.as_str().is_some_and(is_type_code));
        let name = terms.iter().position(|term| term.as_str().is_some_and(|text| !is_type_code(text)));
        if let Some(name) = name {
            line.fields.insert("type_name".to_owned(), terms.get(name).cloned().unwrap_or_default());
        }
        if let Some(code) = code {
            line.fields.insert("type_code".to_owned(), terms.swap_remove(code));
        } else if let Some(code) = line.fields.get("code").and_then(Value::as_str).and_then(type_code_of)
            && vocabulary.type_or_class(&code).is_some()
        {
            line.derived.insert("type_code".to_owned(), json!(code));
        }
        let type_code = line.fields.get("type_code").or_else(|| line.derived.get("type_code")).and_then(Value::as_str);
        line.shared_certificate = type_code
            .or_else(|| line.fields.get("equipment_kind").and_then(Value::as_str))
            .is_some_and(|code| vocabulary.certificate_covers_unit(code));
        if !line.fields.contains_key("equipment_kind")
            && let Some(kind) = type_code.and_then(|code| vocabulary.kind_of(code))
        {
            line.derived.insert("equipment_kind".to_owned(), json!(kind.code));
        }
    }

    /// Codes and certificates that look odd.
    fn look_over(&mut self, row: &TableRow, line: &Line, columns: &BTreeMap<&str, &Column>, year_now: i32) {
        let text = |path: &str| line.fields.get(path).or_else(|| line.derived.get(path)).and_then(Value::as_str);
        let type_code = text("type_code");
        let kind = text("equipment_kind").or(type_code).and_then(|code| code.chars().next());
        let mut found = Vec::new();
        for path in ["code", "registration_code"] {
            let notices = text(path).map(|code| look_over_code(code, kind, year_now)).unwrap_or_default();
            found.extend(notices.into_iter().map(|notice| (path, RowOddity::Code(notice))));
        }
        let notices = text("cert_no").map(|number| look_over_certificate(number, type_code)).unwrap_or_default();
        found.extend(notices.into_iter().map(|notice| ("cert_no", RowOddity::Certificate(notice))));
        for (path, oddity) in found {
            if let Some(column) = columns.get(path) {
                self.warn(column.place(row), oddity);
            }
        }
    }

    /// The rows with errors, from 1.
    #[must_use]
    pub fn bad_rows(&self) -> BTreeSet<u32> {
        self.errors.iter().map(|error| error.place.row).collect()
    }
}

fn is_odd_year(value: &Value, year_now: i32) -> bool {
    let year = value.as_str().and_then(|text| text.get(..4)).and_then(|year| year.parse::<i32>().ok());
    year.is_some_and(|year| !(1950..=year_now + 20).contains(&year))
}
