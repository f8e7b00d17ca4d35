//! Tables as text: comma, semicolon or tab; UTF-8, UTF-16 or GB 18030.

use std::borrow::Cow;

use encoding_rs::GB18030;

use super::error::{Foreign, ReadError};
use super::grid::Grid;
use super::notes::Note;
use crate::workbook::Cell;

/// By how likely a file has them when all else is equal.
const SEPARATORS: [u8; 3] = *b",\t;";
/// So many records decide about the separator.
const LOOKED_AT: usize = 50;

/// Reads a whole text file as one sheet. A record is a row, blank ones too, so rows are numbered as a spreadsheet
/// program numbers them.
pub(crate) fn read(bytes: &[u8], name: &str, grid: &mut Grid) -> Result<(), ReadError> {
    let text = decode(bytes, grid)?;
    refuse_markup(&text)?;
    grid.sheet(name, false)?;
    let (separator, body) = separator(&text);
    let mut records = Records { rest: body, separator };
    let mut row = 0_u32;
    while !records.rest.is_empty() {
        let mut column = 0_u32;
        loop {
            let (value, more) = records.field().ok_or_else(|| ReadError::UnclosedQuote { place: grid.place(row, column) })?;
            grid.put(row, column, Cell::from(unprotect(&value).to_owned()))?;
            if !more {
                break;
            }
            column = column.saturating_add(1);
        }
        row = row.saturating_add(1);
    }
    grid.end_sheet();
    Ok(())
}

/// Takes away the apostrophe that [`crate::write::to_csv`] and others put before what a spreadsheet program would
/// compute.
fn unprotect(value: &str) -> &str {
    match value.strip_prefix('\'') {
        Some(rest) if crate::write::is_computed(rest) => rest,
        _ => value,
    }
}

fn decode<'a>(bytes: &'a [u8], grid: &mut Grid) -> Result<Cow<'a, str>, ReadError> {
    let text = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => match std::str::from_utf8(rest) {
            Ok(text) => Cow::Borrowed(text),
            Err(error) => return Err(ReadError::BadEncoding { offset: error.valid_up_to() as u64 + 3 }),
        },
        [0xFF, 0xFE, rest @ ..] => Cow::Owned(utf16(rest, u16::from_le_bytes)?),
        [0xFE, 0xFF, rest @ ..] => Cow::Owned(utf16(rest, u16::from_be_bytes)?),
        _ if bytes.contains(&0) => return Err(ReadError::UnknownFormat),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(error) => {
                let text = GB18030.decode_without_bom_handling_and_without_replacement(bytes);
                grid.notes.add(Note::AssumedGb18030);
                text.ok_or(ReadError::BadEncoding { offset: error.valid_up_to() as u64 })?
            }
        },
    };
    if text.contains('\0') { Err(ReadError::UnknownFormat) } else { Ok(text) }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, ReadError> {
    let (units, rest) = bytes.as_chunks::<2>();
    let bad = |offset: usize| ReadError::BadEncoding { offset: offset as u64 + 2 };
    if !rest.is_empty() {
        return Err(bad(bytes.len() - 1));
    }
    let mut text = String::with_capacity(bytes.len());
    let mut offset = 0;
    for char in char::decode_utf16(units.iter().map(|pair| unit(*pair))) {
        let char = char.map_err(|_| bad(offset))?;
        offset += 2 * char.len_utf16();
        text.push(char);
    }
    Ok(text)
}

/// Web pages and XML are often named `.xls` or `.csv` by the system that made them.
fn refuse_markup(text: &str) -> Result<(), ReadError> {
    let start: String = text.trim_start().chars().take(9).collect::<String>().to_ascii_lowercase();
    let is = |tags: &[&str]| tags.iter().any(|tag| start.starts_with(tag));
    if is(&["<?xml", "<workbook"]) {
        return Err(ReadError::Unsupported { format: Foreign::Xml });
    }
    if is(&["<html", "<!doctype", "<table", "<meta", "<head", "<style", "<div"]) {
        return Err(ReadError::Unsupported { format: Foreign::Html });
    }
    Ok(())
}

/// The separator, and the text after a first line `sep=;` if there is one.
fn separator(text: &str) -> (u8, &str) {
    if let Some(after) = text.strip_prefix("sep=")
        && let [separator @ (b',' | b';' | b'\t' | b'|'), rest @ ..] = after.as_bytes()
        && let Some(skipped) = match rest {
            [b'\r', b'\n', ..] => Some(3),
            [b'\r' | b'\n', ..] => Some(2),
            _ => None,
        }
    {
        return (*separator, after.get(skipped..).unwrap_or_default());
    }
    let mut best = (0, 0, b',');
    for separator in SEPARATORS {
        let mut widths = record_widths(text, separator).filter(|width| *width > 0);
        let first = widths.next().unwrap_or(0);
        if first > 1 {
            let same = 1 + widths.filter(|width| *width == first).count();
            if (same, first) > (best.0, best.1) {
                best = (same, first, separator);
            }
        }
    }
    (best.2, text)
}

/// Numbers of fields of the first records; 0 for a blank line.
fn record_widths(text: &str, separator: u8) -> impl Iterator<Item = usize> {
    let mut records = Records { rest: text, separator };
    std::iter::from_fn(move || {
        if records.rest.is_empty() {
            return None;
        }
        let mut width = 0;
        let mut blank = true;
        loop {
            let (value, more) = records.field()?;
            width += 1;
            blank &= value.is_empty();
            if !more {
                return Some(if width == 1 && blank { 0 } else { width });
            }
        }
    })
    .take(LOOKED_AT)
}

/// Splits RFC 4180 text, with any line ends; what follows a closing quotation mark counts as it stands.
struct Records<'a> {
    rest: &'a str,
    separator: u8,
}

impl<'a> Records<'a> {
    /// The next field and whether another one follows in the same record; none when its quotation is never closed.
    fn field(&mut self) -> Option<(Cow<'a, str>, bool)> {
        let mut quoted = None;
        if let Some(inside) = self.rest.strip_prefix('"') {
            let mut value = String::new();
            let mut inside = inside;
            loop {
                let (before, after) = inside.split_once('"')?;
                value.push_str(before);
                match after.strip_prefix('"') {
                    Some(after) => {
                        value.push('"');
                        inside = after;
                    }
                    None => {
                        self.rest = after;
                        break;
                    }
                }
            }
            quoted = Some(value);
        }
        let bytes = self.rest.as_bytes();
        let end = bytes.iter().position(|byte| *byte == self.separator || matches!(byte, b'\r' | b'\n')).unwrap_or(bytes.len());
        let (plain, after) = self.rest.split_at_checked(end)?;
        let (more, skipped) = match after.as_bytes() {
            [b'\r', b'\n', ..] => (false, 2),
            [b'\r' | b'\n', ..] => (false, 1),
            [_, ..] => (true, 1),
            [] => (false, 0),
        };
        self.rest = after.get(skipped..)?;
        let value = match quoted {
            Some(mut value) => {
                value.push_str(plain);
                Cow::Owned(value)
            }
            None => Cow::Borrowed(plain),
        };
        Some((value, more))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(bytes: &[u8]) -> Result<Vec<(u32, Vec<String>)>, ReadError> {
        let mut grid = Grid::default();
        read(bytes, "表", &mut grid)?;
        let (book, _) = grid.finish()?;
        let row = |row: &crate::Row| (row.number, row.cells.iter().map(|cell| cell.text().into_owned()).collect());
        Ok(book.sheets[0].rows.iter().map(row).collect())
    }

    #[track_caller]
    fn check(text: &str, expected: &[(u32, &[&str])]) {
        let expected: Vec<(u32, Vec<String>)> =
            expected.iter().map(|(n, cells)| (*n, cells.iter().map(|c| (*c).to_owned()).collect())).collect();
        assert_eq!(rows(text.as_bytes()).unwrap(), expected, "{text:?}");
    }

    #[test]
    fn records_are_split() {
        check("a,b\r\n1,2\r\n", &[(1, &["a", "b"]), (2, &["1", "2"])]);
        check("a,b\n1,2", &[(1, &["a", "b"]), (2, &["1", "2"])]);
        check("a,b\r1,2\r", &[(1, &["a", "b"]), (2, &["1", "2"])]);
        check("a,b\n\n\n1,2\n\n", &[(1, &["a", "b"]), (4, &["1", "2"])]);
        check("a,b\n,\n,x,,\n", &[(1, &["a", "b"]), (3, &["", "x"])]);
        check("\"a,b\",\"c\"\"d\",\"e\r\nf\"\n", &[(1, &["a,b", "c\"d", "e\r\nf"])]);
        check("a\"b\",\"c\"d\n", &[(1, &["a\"b\"", "cd"])]);
        check("007,1e5,TRUE,2026-03-01, x \n", &[(1, &["007", "1e5", "TRUE", "2026-03-01", " x "])]);
        check("'=1+1,'-,'a,''=x,'\n", &[(1, &["=1+1", "-", "'a", "'=x", "'"])]);
    }

    #[test]
    fn the_separator_is_found() {
        check("名称;地址\n甲;乙,丙\n", &[(1, &["名称", "地址"]), (2, &["甲", "乙,丙"])]);
        check("名称\t地址\n甲,乙\t丙\n", &[(1, &["名称", "地址"]), (2, &["甲,乙", "丙"])]);
        check("说明\n甲,乙\n", &[(1, &["说明"]), (2, &["甲", "乙"])]);
        check("\"a;b\",c\n\"d;e;f\",g\n", &[(1, &["a;b", "c"]), (2, &["d;e;f", "g"])]);
        check("sep=|\r\na|b,c\r\n", &[(1, &["a", "b,c"])]);
        check("sep=x\r\n", &[(1, &["sep=x"])]);
    }

    #[test]
    fn encodings_are_found() {
        let text = "名称,地址\n示例商场,一街1号\n";
        let expected = rows(text.as_bytes()).unwrap();
        let check = |bytes: Vec<u8>| assert_eq!(rows(&bytes).unwrap(), expected);
        check([&[0xEF, 0xBB, 0xBF], text.as_bytes()].concat());
        check([0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect());
        check([0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect());
        check(encoding_rs::GBK.encode(text).0.into_owned());
        // A character that only GB 18030 has, in four bytes.
        let rare = encoding_rs::GB18030.encode("𠮷,名").0.into_owned();
        assert_eq!(rows(&rare).unwrap(), rows("𠮷,名".as_bytes()).unwrap());
    }

    #[test]
    fn what_is_no_table_is_refused() {
        let check = |bytes: &[u8], error: ReadError| assert_eq!(rows(bytes).unwrap_err(), error);
        check(b"a,b\0c", ReadError::UnknownFormat);
        check(b"\x89PNG\0\xFF\xFF", ReadError::UnknownFormat);
        check(b"\xFF\xFEa\0\0\0", ReadError::UnknownFormat);
        check(b"\xFF\xFEa\0b", ReadError::BadEncoding { offset: 4 });
        check(b"\xFF\xFEa\0\x00\xD8", ReadError::BadEncoding { offset: 4 });
        check(b"\xEF\xBB\xBFab\xFF", ReadError::BadEncoding { offset: 5 });
        check(b"ab\xFF\xFF", ReadError::BadEncoding { offset: 2 });
        check(b"\n\n,,\n", ReadError::Empty);
        check(b" <HTML><table>", ReadError::Unsupported { format: Foreign::Html });
        check(b"<?xml version='1.0'?>", ReadError::Unsupported { format: Foreign::Xml });
        let place = crate::Place { sheet: "表".to_owned(), row: 2, column: 1 };
        check(b"a,b\nc,\"d\ne,f\n", ReadError::UnclosedQuote { place });
    }
}
