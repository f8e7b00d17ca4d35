//! Where the cells of every format come together, within the limits.

use std::collections::BTreeMap;

use super::error::{Fault, ReadError};
use super::limits::{self, Limit};
use super::notes::{Note, Notes};
use crate::workbook::{Cell, Place, Row, Sheet, Workbook};

/// Numbers of at least this size have lost digits: 2^53 has 16.
const LONG: f64 = 1e15;

/// Characters of a sheet's name; Excel allows 31, others more.
const SHEET_NAME: usize = 255;

/// A workbook being read.
#[derive(Default)]
pub(crate) struct Grid {
    done: Vec<Sheet>,
    name: String,
    rows: BTreeMap<u32, Vec<Cell>>,
    row_count: u64,
    cell_count: u64,
    text_bytes: u64,
    formulas: Option<(Place, u32)>,
    hidden_rows: Option<(u32, u32)>,
    pub notes: Notes,
}

impl Grid {
    /// Begins a sheet.
    pub fn sheet(&mut self, name: &str, hidden: bool) -> Result<(), ReadError> {
        if self.done.len() as u64 >= limits::SHEETS {
            return Err(ReadError::too_much(Limit::Sheets, ""));
        }
        // Every note and error carries it.
        if name.chars().count() > SHEET_NAME {
            return Err(ReadError::damaged("", Fault::Structure));
        }
        self.name = name.to_owned();
        if hidden {
            self.notes.add(Note::HiddenSheet { sheet: name.to_owned() });
        }
        Ok(())
    }

    /// Ends it.
    pub fn end_sheet(&mut self) {
        let name = std::mem::take(&mut self.name);
        if let Some((first, count)) = self.formulas.take() {
            self.notes.add(Note::Formulas { first, count });
        }
        if let Some((first, count)) = self.hidden_rows.take() {
            self.notes.add(Note::HiddenRows { sheet: name.clone(), first, count });
        }
        let rows = std::mem::take(&mut self.rows).into_iter().map(|(row, cells)| Row { number: row.saturating_add(1), cells });
        self.done.push(Sheet { name, rows: rows.collect() });
    }

    /// Where a cell of this sheet stands; row and column from 0.
    pub fn place(&self, row: u32, column: u32) -> Place {
        Place { sheet: self.name.clone(), row: row.saturating_add(1), column }
    }

    /// Keeps a value; row and column from 0. A later value of the same cell replaces it.
    pub fn put(&mut self, row: u32, column: u32, cell: Cell) -> Result<(), ReadError> {
        let bytes = match &cell {
            Cell::Empty => return Ok(()),
            Cell::Text(text) if text.is_empty() => return Ok(()),
            Cell::Text(text) | Cell::Error(text) | Cell::Uncomputed(text) => {
                if text.len() as u64 > limits::CELL_CHARS && text.chars().count() as u64 > limits::CELL_CHARS {
                    return Err(self.over(Limit::CellChars, row, column));
                }
                text.len() as u64
            }
            Cell::Number(number) => {
                if number.abs() >= LONG {
                    self.notes.add(Note::LongNumber { place: self.place(row, column) });
                }
                0
            }
            Cell::Bool(_) | Cell::Date(_) | Cell::DateTime(_) => 0,
        };
        self.text_bytes += bytes;
        if self.text_bytes > limits::TEXT_BYTES {
            return Err(self.over(Limit::TextBytes, row, column));
        }
        if u64::from(column) >= limits::COLUMNS {
            return Err(self.over(Limit::Columns, row, column));
        }
        let cells = self.rows.entry(row).or_insert_with(|| {
            self.row_count += 1;
            Vec::new()
        });
        let index = column as usize;
        if cells.len() <= index {
            self.cell_count += (index + 1 - cells.len()) as u64;
            cells.resize(index + 1, Cell::Empty);
        }
        if let Some(kept) = cells.get_mut(index) {
            *kept = cell;
        }
        match (self.row_count > limits::ROWS, self.cell_count > limits::CELLS) {
            (true, _) => Err(self.over(Limit::Rows, row, column)),
            (_, true) => Err(self.over(Limit::Cells, row, column)),
            _ => Ok(()),
        }
    }

    /// Counts a formula of this sheet.
    pub fn formula(&mut self, row: u32, column: u32) {
        match &mut self.formulas {
            Some((_, count)) => *count = count.saturating_add(1),
            None => self.formulas = Some((self.place(row, column), 1)),
        }
    }

    /// Counts a row of this sheet that is not shown; it may have no value.
    pub fn hidden_row(&mut self, row: u32) {
        match &mut self.hidden_rows {
            Some((_, count)) => *count = count.saturating_add(1),
            None => self.hidden_rows = Some((row.saturating_add(1), 1)),
        }
    }

    /// Notes cells shown as one; both corners from 0.
    pub fn merged(&mut self, first: (u32, u32), last: (u32, u32)) {
        if last != first {
            let place = self.place(first.0, first.1);
            self.notes.add(Note::Merged { place, last_row: last.0.saturating_add(1), last_column: last.1 });
        }
    }

    /// The workbook, if any sheet has a value.
    pub fn finish(self) -> Result<(Workbook, Notes), ReadError> {
        if self.row_count == 0 {
            return Err(ReadError::Empty);
        }
        Ok((Workbook { sheets: self.done }, self.notes))
    }

    /// What a wrong value is answered with.
    pub fn bad_value(&self, row: u32, column: u32) -> ReadError {
        ReadError::BadValue { place: self.place(row, column) }
    }

    fn over(&self, limit: Limit, row: u32, column: u32) -> ReadError {
        ReadError::too_much_at(limit, self.place(row, column))
    }
}
