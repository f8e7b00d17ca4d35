//! What several tests of this crate need.
#![allow(dead_code, reason = "each test file uses a part of it")]

pub mod pyxform;

use rust_xlsxwriter::Workbook as Writer;
use spotcheck_sheets::{Cell, Sheet, Workbook};

/// A sheet written as text: one line a row, cells apart by `|`. An empty line is an empty row.
pub fn sheet(name: &str, text: &str) -> Sheet {
    let mut sheet = Sheet::new(name);
    for line in text.lines().skip_while(|line| line.trim().is_empty()) {
        sheet.push(line.split('|').map(|cell| cell.trim()));
    }
    sheet.rows.retain(|row| row.cells.iter().any(|cell| *cell != Cell::Empty));
    for row in &mut sheet.rows {
        while row.cells.last() == Some(&Cell::Empty) {
            row.cells.pop();
        }
    }
    sheet
}

/// A workbook of sheets written as text.
pub fn workbook(sheets: &[(&str, &str)]) -> Workbook {
    Workbook { sheets: sheets.iter().map(|(name, text)| sheet(name, text)).collect() }
}

/// The bytes of a workbook as XLSX.
pub fn xlsx(book: &Workbook) -> Vec<u8> {
    let mut writer = Writer::new();
    for sheet in &book.sheets {
        let out = writer.add_worksheet();
        out.set_name(&sheet.name).expect("a name for a sheet");
        for row in &sheet.rows {
            for (column, cell) in row.cells.iter().enumerate() {
                let (row, column) = (row.number - 1, u16::try_from(column).expect("few columns"));
                match cell {
                    Cell::Empty => {}
                    Cell::Number(number) => drop(out.write_number(row, column, *number).expect("writes")),
                    Cell::Bool(value) => drop(out.write_boolean(row, column, *value).expect("writes")),
                    other => drop(out.write_string(row, column, other.text()).expect("writes")),
                }
            }
        }
    }
    writer.save_to_buffer().expect("writes")
}
