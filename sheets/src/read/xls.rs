//! Excel 97 to 2003 (BIFF8): a stream of records in an OLE container.
//!
//! Records are those of Microsoft's open specification \[MS-XLS\]; only what holds values, formats and merged cells
//! is looked at.

mod records;

use std::collections::{HashMap, HashSet};

use super::cfb::Cfb;
use super::error::{Fault, Foreign, ReadError};
use super::grid::Grid;
use super::limits::{self, Limit};
use super::notes::Note;
use crate::dates::{self, Format};
use crate::workbook::Cell;
use records::{Fields, Record, records};

const STREAM: &str = "Workbook";
const BIFF8: u16 = 0x0600;

// Record types.
const FORMULA: u16 = 0x0006;
const EOF: u16 = 0x000A;
const DATE_MODE: u16 = 0x0022;
const FILE_PASS: u16 = 0x002F;
const BOUND_SHEET: u16 = 0x0085;
const MUL_RK: u16 = 0x00BD;
const RICH_STRING: u16 = 0x00D6;
const XF: u16 = 0x00E0;
const MERGE_CELLS: u16 = 0x00E5;
const SST: u16 = 0x00FC;
const LABEL_SST: u16 = 0x00FD;
const SUP_BOOK: u16 = 0x01AE;
const NUMBER: u16 = 0x0203;
const LABEL: u16 = 0x0204;
const BOOL_ERR: u16 = 0x0205;
const STRING: u16 = 0x0207;
const ROW: u16 = 0x0208;
const RK: u16 = 0x027E;
const FORMAT: u16 = 0x041E;
const BOF: u16 = 0x0809;

/// Reads all worksheets.
pub(crate) fn read(bytes: &[u8], grid: &mut Grid) -> Result<(), ReadError> {
    let cfb = Cfb::open(bytes).ok_or_else(|| ReadError::damaged("", Fault::CutOff))?;
    if cfb.has("EncryptedPackage") {
        return Err(ReadError::Encrypted);
    }
    if !cfb.has(STREAM) {
        let format = if cfb.has("Book") { Foreign::OldXls } else { Foreign::OtherOle };
        return Err(ReadError::Unsupported { format });
    }
    let stream = cfb.stream(STREAM).ok_or_else(|| ReadError::damaged(STREAM, Fault::CutOff))?;
    if cfb.has("_VBA_PROJECT_CUR") {
        grid.notes.add(Note::Macros);
    }
    let book = Book::read(&stream, grid)?;
    let mut starts = HashSet::new();
    for sheet in &book.sheets {
        if sheet.kind != 0 {
            grid.notes.add(Note::SkippedSheet { sheet: sheet.name.clone() });
            continue;
        }
        let from = stream.get(sheet.start as usize..).filter(|_| starts.insert(sheet.start));
        let from = from.ok_or_else(|| ReadError::damaged(STREAM, Fault::Contradiction))?;
        grid.sheet(&sheet.name, sheet.hidden)?;
        book.sheet(from, grid)?;
        grid.end_sheet();
    }
    Ok(())
}

#[derive(Default)]
struct Book {
    from_1904: bool,
    formats: Vec<Format>,
    texts: Vec<String>,
    sheets: Vec<SheetEntry>,
}

struct SheetEntry {
    name: String,
    start: u32,
    hidden: bool,
    /// 0 is a worksheet.
    kind: u8,
}

impl Book {
    /// The part before the first sheet.
    fn read(stream: &[u8], grid: &mut Grid) -> Result<Self, ReadError> {
        let mut book = Book::default();
        let mut custom = HashMap::new();
        let mut format_ids = Vec::new();
        let mut records = records(stream);
        let damaged = || ReadError::damaged(STREAM, Fault::Structure);
        match records.next() {
            Some(Ok(first)) if first.kind == BOF => {
                if first.fields().u16() != Some(BIFF8) {
                    return Err(ReadError::Unsupported { format: Foreign::OldXls });
                }
            }
            Some(Err(error)) => return Err(error),
            _ => return Err(damaged()),
        }
        let mut external = false;
        for record in records {
            let record = record?;
            let mut fields = record.fields();
            match record.kind {
                EOF => break,
                FILE_PASS => return Err(ReadError::Encrypted),
                DATE_MODE => book.from_1904 = fields.u16() == Some(1),
                FORMAT => {
                    let id = fields.u16().ok_or_else(damaged)?;
                    custom.insert(id, dates::custom(&fields.text().ok_or_else(damaged)?));
                }
                XF => format_ids.push(fields.skip(2).and_then(|()| fields.u16()).ok_or_else(damaged)?),
                BOUND_SHEET => book.sheets.push(bound_sheet(&mut fields).ok_or_else(damaged)?),
                SST => book.texts = shared_texts(&mut fields)?,
                // References within the file have one of two marks instead of a name.
                SUP_BOOK => external |= fields.skip(2).and_then(|()| fields.u16()).is_some_and(|mark| !matches!(mark, 0x0401 | 0x3A01)),
                _ => {}
            }
            if book.sheets.len() as u64 > limits::SHEETS {
                return Err(ReadError::too_much(Limit::Sheets, STREAM));
            }
        }
        if external {
            grid.notes.add(Note::ExternalLinks);
        }
        let format = |id| custom.get(&id).copied().unwrap_or_else(|| dates::built_in(u32::from(id)));
        book.formats = format_ids.into_iter().map(format).collect();
        Ok(book)
    }

    fn sheet(&self, stream: &[u8], grid: &mut Grid) -> Result<(), ReadError> {
        // Charts within a sheet are sheets within a sheet.
        let mut depth = 0_u32;
        let mut formula_at = None;
        for record in records(stream) {
            let record = record?;
            match record.kind {
                BOF => depth = depth.saturating_add(1),
                EOF if depth <= 1 => return Ok(()),
                EOF => depth -= 1,
                _ if depth == 1 => self.record(&record, grid, &mut formula_at)?,
                _ if depth == 0 => break,
                _ => {}
            }
        }
        Err(ReadError::damaged(STREAM, Fault::CutOff))
    }

    fn record(&self, record: &Record<'_>, grid: &mut Grid, formula_at: &mut Option<(u32, u32)>) -> Result<(), ReadError> {
        let damaged = || ReadError::damaged(STREAM, Fault::Structure);
        let mut fields = record.fields();
        match record.kind {
            ROW => {
                let row = fields.u16().ok_or_else(damaged)?;
                let flags = fields.skip(10).and_then(|()| fields.u16()).ok_or_else(damaged)?;
                if flags & 0x20 != 0 {
                    grid.hidden_row(u32::from(row));
                }
                Ok(())
            }
            STRING => {
                let (row, column) = formula_at.take().ok_or_else(damaged)?;
                grid.put(row, column, Cell::from(fields.text().ok_or_else(damaged)?))
            }
            MERGE_CELLS => {
                for _ in 0..fields.u16().ok_or_else(damaged)? {
                    let corner = |fields: &mut Fields<'_>| fields.u16().map(u32::from);
                    let (first_row, last_row) = corner(&mut fields).zip(corner(&mut fields)).ok_or_else(damaged)?;
                    let (first_column, last_column) = corner(&mut fields).zip(corner(&mut fields)).ok_or_else(damaged)?;
                    grid.merged((first_row, first_column), (last_row, last_column));
                }
                Ok(())
            }
            FORMULA | MUL_RK | RICH_STRING | LABEL_SST | NUMBER | LABEL | BOOL_ERR | RK => {
                let (row, column) = fields.u16().zip(fields.u16()).ok_or_else(damaged)?;
                self.cell(record.kind, &mut fields, (u32::from(row), u32::from(column)), grid, formula_at)
            }
            _ => Ok(()),
        }
    }

    /// A record that begins with a place.
    fn cell(
        &self,
        kind: u16,
        fields: &mut Fields<'_>,
        (row, mut column): (u32, u32),
        grid: &mut Grid,
        formula_at: &mut Option<(u32, u32)>,
    ) -> Result<(), ReadError> {
        if kind == MUL_RK {
            // Six bytes each, then the last column.
            while fields.left() >= 8 {
                let (style, packed) = fields.u16().zip(fields.u32()).ok_or_else(|| grid.bad_value(row, column))?;
                grid.put(row, column, self.number(unpack(packed), style))?;
                column += 1;
            }
            return Ok(());
        }
        let bad = |grid: &Grid| grid.bad_value(row, column);
        let style = fields.u16().ok_or_else(|| bad(grid))?;
        let cell = match kind {
            NUMBER => fields.f64().map(|number| self.number(number, style)),
            RK => fields.u32().map(|packed| self.number(unpack(packed), style)),
            LABEL_SST => fields.u32().and_then(|index| self.texts.get(index as usize)).map(|text| Cell::from(text.as_str())),
            LABEL | RICH_STRING => fields.text().map(Cell::from),
            BOOL_ERR => {
                fields.u8().zip(fields.u8()).map(|(value, is_error)| if is_error == 0 { Cell::Bool(value != 0) } else { error(value) })
            }
            _ => {
                grid.formula(row, column);
                *formula_at = Some((row, column));
                fields.bytes8().map(|value| match value {
                    // Its text comes in the next record, if it isn't empty.
                    [0 | 3, .., 0xFF, 0xFF] => Cell::Empty,
                    [1, _, value, .., 0xFF, 0xFF] => Cell::Bool(value != 0),
                    [2, _, code, .., 0xFF, 0xFF] => error(code),
                    number => self.number(f64::from_le_bytes(number), style),
                })
            }
        };
        let cell = cell.ok_or_else(|| bad(grid))?;
        grid.put(row, column, cell)
    }

    fn number(&self, number: f64, style: u16) -> Cell {
        let format = self.formats.get(usize::from(style)).copied().unwrap_or(Format::Plain);
        dates::cell(number, format, self.from_1904)
    }
}

fn bound_sheet(fields: &mut Fields<'_>) -> Option<SheetEntry> {
    let start = fields.u32()?;
    let (state, kind) = (fields.u8()?, fields.u8()?);
    let length = fields.u8()?;
    let name = fields.characters(usize::from(length))?;
    Some(SheetEntry { name, start, hidden: state & 3 != 0, kind })
}

fn shared_texts(fields: &mut Fields<'_>) -> Result<Vec<String>, ReadError> {
    let damaged = || ReadError::damaged(STREAM, Fault::Structure);
    let count = fields.skip(4).and_then(|()| fields.u32()).ok_or_else(damaged)?;
    if u64::from(count) > limits::SHARED {
        return Err(ReadError::too_much(Limit::Shared, STREAM));
    }
    // The count is not believed as a capacity.
    let mut texts = Vec::new();
    for _ in 0..count {
        texts.push(fields.text().ok_or_else(damaged)?);
    }
    Ok(texts)
}

/// A number in 30 bits: a whole one, or the upper part of a float; perhaps in hundredths.
fn unpack(packed: u32) -> f64 {
    let number = if packed & 2 != 0 { f64::from(packed.cast_signed() >> 2) } else { f64::from_bits(u64::from(packed & 0xFFFF_FFFC) << 32) };
    if packed & 1 != 0 { number / 100.0 } else { number }
}

fn error(code: u8) -> Cell {
    let text = match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        _ => "#N/A",
    };
    Cell::Error(text.to_owned())
}
