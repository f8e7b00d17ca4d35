//! What several tests of this crate need.
#![allow(dead_code, reason = "each test file uses a part of it")]

pub mod pyxform;

use spotcheck_sheets::{Cell, Sheet, Workbook, XlsxOptions, to_xlsx};

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
    to_xlsx(book, &XlsxOptions::default()).expect("writes")
}
