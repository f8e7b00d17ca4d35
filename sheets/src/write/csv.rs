//! Text with commas as spreadsheet programs read it.

use crate::workbook::{Cell, Sheet};

const BOM: &str = "\u{FEFF}";
const LINE_END: &str = "\r\n";

/// Writes a sheet as UTF-8 with its mark (without it, Excel reads another encoding), lines ended by CR LF, fields
/// quoted where RFC 4180 needs it and where a separator might be mistaken.
///
/// A text that a spreadsheet program would compute gets an apostrophe before it, which [`crate::read::read`] takes
/// away again. Rows keep their numbers: rows in between are blank lines. Characters of no text (NUL) are left out.
pub fn to_csv(sheet: &Sheet) -> Vec<u8> {
    let mut out = String::from(BOM);
    let width = sheet.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let mut next = 1;
    for row in &sheet.rows {
        for _ in next..row.number {
            out.push_str(LINE_END);
        }
        next = row.number.saturating_add(1);
        for column in 0..width {
            if column > 0 {
                out.push(',');
            }
            push_field(&mut out, row.cell(column));
        }
        out.push_str(LINE_END);
    }
    out.into_bytes()
}

/// Whether a spreadsheet program would compute this text, or would once an apostrophe is taken away.
pub(crate) fn is_computed(text: &str) -> bool {
    // The wide forms are read like the narrow ones by East Asian versions.
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

fn push_field(out: &mut String, cell: &Cell) {
    let text = cell.text();
    // A number may be negative; it is no text to protect.
    let protect = matches!(cell, Cell::Text(_) | Cell::Error(_) | Cell::Uncomputed(_)) && is_computed(&text);
    let quote = text.contains(['"', ',', ';', '\t', '|', '\r', '\n']) || text.starts_with([' ', '\u{FEFF}']);
    let quote = quote || text.ends_with(' ') || text.trim_start().starts_with('<');
    if quote {
        out.push('"');
    }
    if protect {
        out.push('\'');
    }
    for char in text.chars().filter(|char| *char != '\0') {
        if char == '"' {
            out.push('"');
        }
        out.push(char);
    }
    if quote {
        out.push('"');
    }
}
