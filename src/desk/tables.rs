//! Ledgers out of spreadsheets and into them, for the desk worker.
//!
//! Rows travel as bytes beside the answer, one line of JSON each (`[12,["设备代码","3110…"]]`), so that the page can take
//! up a county's ledger a few rows at a time and stays alive meanwhile.

use serde::{Deserialize, Serialize};
use spotcheck_sheets::read::{Format, Notes};
use spotcheck_sheets::{Cell, ReadError, Row, Sheet, Workbook, WriteError, XlsxOptions, to_csv, to_xlsx};

use crate::domain::time::CivilDate;
use crate::ledger::columns::{Table, TableRow};

/// A sheet, without its rows.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Head {
    /// Its name; empty for a text file.
    pub name: String,
    /// How many of the rows are its own.
    pub rows: usize,
}

/// What was read, without the rows.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TablesRead {
    /// The sheets that hold anything, in the order of the file.
    pub sheets: Vec<Head>,
    /// What is odd about the file.
    pub notes: Notes,
    /// What kind of file it is.
    pub format: Format,
}

/// Formats that are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WrittenAs {
    /// Office Open XML.
    Xlsx,
    /// Text with commas; the first sheet alone.
    Csv,
}

/// Why tables could not be written.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum WriteFault {
    /// More than one file can hold, or nothing at all.
    Size,
    /// A sheet can't have this name.
    SheetName {
        /// The name.
        name: String,
    },
    /// A cell beyond what the format can hold, or with too long a text.
    Cell {
        /// Where, such as `设备!B3`.
        place: String,
    },
    /// The rows did not arrive as they were sent.
    Rows,
}

impl From<WriteError> for WriteFault {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Size => Self::Size,
            WriteError::SheetName { name } => Self::SheetName { name },
            WriteError::Beyond { place } | WriteError::TextLength { place } => Self::Cell { place: place.to_string() },
        }
    }
}

/// Rows that are not what their heads say.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the rows are not what was sent")]
pub struct BadRows;

/// Reads the tables of a file: what was read, and its rows as bytes for [`Unpacker`].
///
/// # Errors
/// [`ReadError`] when the bytes are no table that can be read.
pub fn read_tables(bytes: &[u8], name: &str) -> Result<(TablesRead, Vec<u8>), ReadError> {
    let reading = spotcheck_sheets::read(bytes, name)?;
    let mut packer = Packer::default();
    for sheet in reading.workbook.sheets.into_iter().filter(|sheet| !sheet.rows.is_empty()) {
        packer.begin(&sheet.name);
        for row in sheet.rows {
            let cells: Vec<String> = row.cells.iter().map(|cell| cell.text().into_owned()).collect();
            packer.push(row.number, &cells);
        }
    }
    let (sheets, rows) = packer.finish();
    Ok((TablesRead { sheets, notes: reading.notes, format: reading.format }, rows))
}

/// Writes tables that a [`Packer`] has packed. Days become dates in formats that have them; all else stays text.
///
/// # Errors
/// [`WriteFault`].
pub fn write_tables(heads: &[Head], bytes: &[u8], format: WrittenAs) -> Result<Vec<u8>, WriteFault> {
    let mut unpacker = Unpacker::new(heads.to_vec(), bytes.to_vec());
    while unpacker.take(usize::MAX).map_err(|BadRows| WriteFault::Rows)? {}
    let cell = |text: String| match CivilDate::parse(&text) {
        Some(day) if format == WrittenAs::Xlsx && text.len() == 10 => Cell::Date(day.0),
        _ => Cell::from(text),
    };
    let row = |row: TableRow| Row { number: row.number, cells: row.cells.into_iter().map(cell).collect() };
    let sheet = |table: Table| Sheet { name: table.sheet, rows: table.rows.into_iter().map(row).collect() };
    let book = Workbook { sheets: unpacker.finish().into_iter().map(sheet).collect() };
    match format {
        WrittenAs::Xlsx => Ok(to_xlsx(&book, &XlsxOptions::default())?),
        WrittenAs::Csv => book.sheets.first().map(to_csv).ok_or(WriteFault::Size),
    }
}

/// Packs rows into bytes.
#[derive(Default)]
pub struct Packer {
    heads: Vec<Head>,
    bytes: Vec<u8>,
}

impl Packer {
    /// Begins a sheet.
    pub fn begin(&mut self, name: &str) {
        self.heads.push(Head { name: name.to_owned(), rows: 0 });
    }

    /// Adds a row to the sheet that was begun last; without one there is none to add it to.
    pub fn push(&mut self, number: u32, cells: &[String]) {
        let Some(head) = self.heads.last_mut() else { return };
        let before = self.bytes.len();
        // Numbers and texts are always JSON.
        match serde_json::to_writer(&mut self.bytes, &(number, cells)) {
            Ok(()) => {
                self.bytes.push(b'\n');
                head.rows += 1;
            }
            Err(_) => self.bytes.truncate(before),
        }
    }

    /// The sheets and all rows.
    #[must_use]
    pub fn finish(self) -> (Vec<Head>, Vec<u8>) {
        (self.heads, self.bytes)
    }
}

/// Unpacks rows, some at a time.
pub struct Unpacker {
    heads: std::vec::IntoIter<Head>,
    bytes: Vec<u8>,
    at: usize,
    left: usize,
    tables: Vec<Table>,
}

impl Unpacker {
    /// For what a [`Packer`] has made.
    #[must_use]
    pub fn new(heads: Vec<Head>, bytes: Vec<u8>) -> Self {
        Self { heads: heads.into_iter(), bytes, at: 0, left: 0, tables: Vec::new() }
    }

    /// Takes up to so many rows of one sheet; false when there are no more.
    ///
    /// # Errors
    /// [`BadRows`].
    pub fn take(&mut self, rows: usize) -> Result<bool, BadRows> {
        while self.left == 0 {
            let Some(head) = self.heads.next() else {
                return if self.at == self.bytes.len() { Ok(false) } else { Err(BadRows) };
            };
            self.left = head.rows;
            self.tables.push(Table { sheet: head.name, rows: Vec::new() });
        }
        let table = self.tables.last_mut().ok_or(BadRows)?;
        for _ in 0..rows.min(self.left) {
            let rest = self.bytes.get(self.at..).ok_or(BadRows)?;
            let end = rest.iter().position(|byte| *byte == b'\n').ok_or(BadRows)?;
            let line = rest.get(..end).ok_or(BadRows)?;
            let (number, cells) = serde_json::from_slice(line).map_err(|_| BadRows)?;
            table.rows.push(TableRow { number, cells });
            self.at += end + 1;
            self.left -= 1;
        }
        Ok(true)
    }

    /// How many rows were taken.
    #[must_use]
    pub fn taken(&self) -> usize {
        self.tables.iter().map(|table| table.rows.len()).sum()
    }

    /// The sheets, with the rows that were taken.
    #[must_use]
    pub fn finish(self) -> Vec<Table> {
        self.tables
    }
}
