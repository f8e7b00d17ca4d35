//! Office Open XML, the little of it that a table needs.

use std::collections::HashSet;
use std::fmt::Write;

use chrono::{Datelike, NaiveDateTime, Timelike};

use super::WriteError;
use crate::dates;
use crate::workbook::{Cell, Place, Row, Sheet, Workbook, column_name};
use crate::zip::ZipWriter;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

const LAST_ROW: u32 = 1_048_576;
const COLUMNS: usize = 16_384;
const SHEETS: usize = 255;
const TEXT_UNITS: usize = 32_767;
const NAME_UNITS: usize = 31;

// Cell styles, in the order of `STYLES`.
const PLAIN: u8 = 0;
const TEXT: u8 = 1;
const HEADER: u8 = 2;
const DATE: u8 = 3;
const DATE_TIME: u8 = 4;

/// 49 is the built-in text format: what is typed over such a cell stays text, so codes keep their zeros.
const STYLES: &str = concat!(
    "<numFmts count=\"2\"><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\"/>",
    "<numFmt numFmtId=\"165\" formatCode=\"yyyy\\-mm\\-dd\\ hh:mm:ss\"/></numFmts>",
    "<fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/><family val=\"2\"/></font>",
    "<font><b/><sz val=\"11\"/><name val=\"Calibri\"/><family val=\"2\"/></font></fonts>",
    "<fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills>",
    "<borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>",
    "<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>",
    "<cellXfs count=\"5\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>",
    "<xf numFmtId=\"49\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>",
    "<xf numFmtId=\"49\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\" applyFont=\"1\"/>",
    "<xf numFmtId=\"164\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>",
    "<xf numFmtId=\"165\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/></cellXfs>",
    "<cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles>",
);

/// How a workbook is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct XlsxOptions {
    /// The first row of each sheet is a header: bold, and stays in sight.
    pub header: bool,
    /// The header gets filters; without a header it is ignored.
    pub filter: bool,
    /// When the workbook was made, in UTC, for its properties; none leaves them out.
    pub created: Option<NaiveDateTime>,
}

impl Default for XlsxOptions {
    /// Header and filter, no date.
    fn default() -> Self {
        Self { header: true, filter: true, created: None }
    }
}

/// Writes a workbook.
///
/// Texts are text cells, so that codes keep their zeros and nothing is computed; dates are dates, those before 1900
/// or after 9999 texts. Columns are as wide as their content, Chinese characters counting twice.
///
/// # Errors
/// See [`WriteError`].
pub fn to_xlsx(book: &Workbook, options: &XlsxOptions) -> Result<Vec<u8>, WriteError> {
    check_names(book)?;
    let mut zip = ZipWriter::default();
    let mut add = |name: &str, content: &str| zip.add(name, content.as_bytes()).map_err(|_| WriteError::Size);
    add("[Content_Types].xml", &content_types(book, options))?;
    add("_rels/.rels", &package_relations(options))?;
    add("xl/workbook.xml", &workbook(book, options))?;
    add("xl/_rels/workbook.xml.rels", &workbook_relations(book))?;
    add("xl/styles.xml", &format!("{HEAD}<styleSheet xmlns=\"{MAIN}\">{STYLES}</styleSheet>"))?;
    for (index, sheet) in book.sheets.iter().enumerate() {
        add(&format!("xl/worksheets/sheet{}.xml", index + 1), &worksheet(sheet, index == 0, options)?)?;
    }
    if let Some(created) = options.created {
        add("docProps/core.xml", &properties(created))?;
    }
    zip.finish().map_err(|_| WriteError::Size)
}

fn check_names(book: &Workbook) -> Result<(), WriteError> {
    if book.sheets.is_empty() || book.sheets.len() > SHEETS {
        return Err(WriteError::Size);
    }
    let mut names = HashSet::new();
    for Sheet { name, .. } in &book.sheets {
        let fits = (1..=NAME_UNITS).contains(&name.encode_utf16().count());
        let allowed = !name.contains(['[', ']', ':', '*', '?', '/', '\\']) && !name.contains(|char: char| char.is_control());
        let ends = !name.starts_with('\'') && !name.ends_with('\'');
        if !(fits && allowed && ends && names.insert(name.to_lowercase())) {
            return Err(WriteError::SheetName { name: name.clone() });
        }
    }
    Ok(())
}

fn content_types(book: &Workbook, options: &XlsxOptions) -> String {
    let main = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    let mut out = format!(
        "{HEAD}<Types xmlns=\"{PACKAGE}/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
         <Override PartName=\"/xl/workbook.xml\" ContentType=\"{main}.sheet.main+xml\"/>\
         <Override PartName=\"/xl/styles.xml\" ContentType=\"{main}.styles+xml\"/>"
    );
    for number in 1..=book.sheets.len() {
        push(&mut out, format_args!("<Override PartName=\"/xl/worksheets/sheet{number}.xml\" ContentType=\"{main}.worksheet+xml\"/>"));
    }
    if options.created.is_some() {
        out.push_str(
            "<Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>",
        );
    }
    out + "</Types>"
}

fn package_relations(options: &XlsxOptions) -> String {
    let mut out = format!(
        "{HEAD}<Relationships xmlns=\"{PACKAGE}/relationships\">\
         <Relationship Id=\"rId1\" Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/>"
    );
    if options.created.is_some() {
        let kind = "metadata/core-properties";
        push(&mut out, format_args!("<Relationship Id=\"rId2\" Type=\"{PACKAGE}/relationships/{kind}\" Target=\"docProps/core.xml\"/>"));
    }
    out + "</Relationships>"
}

fn workbook(book: &Workbook, options: &XlsxOptions) -> String {
    let mut out = format!("{HEAD}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><bookViews><workbookView/></bookViews><sheets>");
    for (index, sheet) in book.sheets.iter().enumerate() {
        out.push_str("<sheet name=\"");
        push_escaped(&mut out, &sheet.name);
        push(&mut out, format_args!("\" sheetId=\"{0}\" r:id=\"rId{0}\"/>", index + 1));
    }
    out.push_str("</sheets>");
    let filters: Vec<_> =
        book.sheets.iter().enumerate().filter_map(|(index, sheet)| Some((index, sheet, filter(sheet, options)?))).collect();
    if !filters.is_empty() {
        out.push_str("<definedNames>");
        for (index, sheet, (first, last_column, last)) in filters {
            push(&mut out, format_args!("<definedName name=\"_xlnm._FilterDatabase\" localSheetId=\"{index}\" hidden=\"1\">'"));
            push_escaped(&mut out, &sheet.name.replace('\'', "''"));
            push(&mut out, format_args!("'!$A${first}:${last_column}${last}</definedName>"));
        }
        out.push_str("</definedNames>");
    }
    out + "</workbook>"
}

fn workbook_relations(book: &Workbook) -> String {
    let mut out = format!("{HEAD}<Relationships xmlns=\"{PACKAGE}/relationships\">");
    for number in 1..=book.sheets.len() {
        push(
            &mut out,
            format_args!("<Relationship Id=\"rId{number}\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>"),
        );
    }
    let styles = book.sheets.len() + 1;
    push(&mut out, format_args!("<Relationship Id=\"rId{styles}\" Type=\"{OFFICE}/styles\" Target=\"styles.xml\"/>"));
    out + "</Relationships>"
}

fn properties(created: NaiveDateTime) -> String {
    let (year, month, day) = (created.year(), created.month(), created.day());
    let (hour, minute, second) = (created.hour(), created.minute(), created.second());
    format!(
        "{HEAD}<cp:coreProperties xmlns:cp=\"{PACKAGE}/metadata/core-properties\" xmlns:dcterms=\"http://purl.org/dc/terms/\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dcterms:created xsi:type=\"dcterms:W3CDTF\">\
         {year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z</dcterms:created></cp:coreProperties>"
    )
}

fn width(sheet: &Sheet) -> usize {
    sheet.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0)
}

/// First row, last column and last row of the filtered range.
fn filter(sheet: &Sheet, options: &XlsxOptions) -> Option<(u32, String, u32)> {
    let last = u32::try_from(width(sheet)).ok()?.checked_sub(1)?;
    let rows = sheet.rows.first().zip(sheet.rows.last()).filter(|_| options.header && options.filter);
    rows.map(|(first, last_row)| (first.number, column_name(last), last_row.number))
}

fn worksheet(sheet: &Sheet, is_first: bool, options: &XlsxOptions) -> Result<String, WriteError> {
    let mut out = format!(
        "{HEAD}<worksheet xmlns=\"{MAIN}\"><sheetViews><sheetView{} workbookViewId=\"0\"",
        if is_first { " tabSelected=\"1\"" } else { "" }
    );
    match sheet.rows.first().filter(|_| options.header) {
        Some(header) => {
            let split = header.number;
            push(
                &mut out,
                format_args!(
                    "><pane ySplit=\"{split}\" topLeftCell=\"A{}\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView>",
                    split.saturating_add(1)
                ),
            );
        }
        None => out.push_str("/>"),
    }
    out.push_str("</sheetViews><sheetFormatPr defaultRowHeight=\"15\"/>");
    push_columns(&mut out, sheet);
    out.push_str("<sheetData>");
    for (index, row) in sheet.rows.iter().enumerate() {
        push_row(&mut out, sheet, row, options.header && index == 0)?;
    }
    out.push_str("</sheetData>");
    if let Some((first, last_column, last)) = filter(sheet, options) {
        push(&mut out, format_args!("<autoFilter ref=\"A{first}:{last_column}{last}\"/>"));
    }
    Ok(out + "</worksheet>")
}

/// Widths in characters of the default font, with room for the filter's button.
fn push_columns(out: &mut String, sheet: &Sheet) {
    let mut widths = vec![8_usize; width(sheet)];
    for row in &sheet.rows {
        for (width, cell) in widths.iter_mut().zip(&row.cells) {
            let text = cell.text();
            let longest = text.lines().map(shown_width).max().unwrap_or(0);
            *width = (*width).max(longest.saturating_add(3).min(60));
        }
    }
    if widths.is_empty() {
        return;
    }
    out.push_str("<cols>");
    for (index, width) in widths.iter().enumerate() {
        push(out, format_args!("<col min=\"{0}\" max=\"{0}\" width=\"{width}\" customWidth=\"1\"/>", index + 1));
    }
    out.push_str("</cols>");
}

/// Chinese, Japanese and Korean characters and wide forms are twice as wide as others. No more than 100 are counted.
fn shown_width(line: &str) -> usize {
    let wide = |char: char| matches!(u32::from(char), 0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE6F | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 | 0x1F300..=0x1FAFF | 0x20000..=0x3FFFD);
    line.chars().take(100).map(|char| if wide(char) { 2 } else { 1 }).sum()
}

fn push_row(out: &mut String, sheet: &Sheet, row: &Row, is_header: bool) -> Result<(), WriteError> {
    if row.number == 0 || row.number > LAST_ROW || row.cells.len() > COLUMNS {
        return Err(WriteError::Beyond { place: sheet.place(row, row.cells.len().saturating_sub(1)) });
    }
    push(out, format_args!("<row r=\"{}\">", row.number));
    for (column, cell) in row.cells.iter().enumerate() {
        let place = sheet.place(row, column);
        if !push_valued(out, &place.cell(), cell) {
            push_text(out, place, &cell.text(), if is_header { HEADER } else { TEXT })?;
        }
    }
    out.push_str("</row>");
    Ok(())
}

/// Writes what is no text; false if it must be written as one.
fn push_valued(out: &mut String, reference: &str, cell: &Cell) -> bool {
    let (style, serial) = match cell {
        Cell::Empty => return true,
        Cell::Bool(value) => {
            push(out, format_args!("<c r=\"{reference}\" t=\"b\"><v>{}</v></c>", u8::from(*value)));
            return true;
        }
        Cell::Error(error) if is_error(error) => {
            push(out, format_args!("<c r=\"{reference}\" t=\"e\"><v>{error}</v></c>"));
            return true;
        }
        Cell::Number(number) => (PLAIN, Some(*number).filter(|number| number.is_finite())),
        Cell::Date(date) => (DATE, dates::serial(*date)),
        Cell::DateTime(time) => (DATE_TIME, dates::serial_time(*time)),
        Cell::Text(_) | Cell::Error(_) | Cell::Uncomputed(_) => return false,
    };
    if let Some(number) = serial {
        push(out, format_args!("<c r=\"{reference}\" s=\"{style}\"><v>{number:?}</v></c>"));
    }
    serial.is_some()
}

fn push_text(out: &mut String, place: Place, text: &str, style: u8) -> Result<(), WriteError> {
    if text.encode_utf16().count() > TEXT_UNITS {
        return Err(WriteError::TextLength { place });
    }
    push(out, format_args!("<c r=\"{}\" s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">", place.cell()));
    push_escaped(out, text);
    out.push_str("</t></is></c>");
    Ok(())
}

fn is_error(text: &str) -> bool {
    matches!(text, "#NULL!" | "#DIV/0!" | "#VALUE!" | "#REF!" | "#NAME?" | "#NUM!" | "#N/A")
}

/// XML's own characters as entities; what XML can't hold, and what would read as such an escape, as `_x000D_`.
fn push_escaped(out: &mut String, text: &str) {
    let mut rest = text.chars();
    while let Some(char) = rest.next() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(char),
            '\0'..' ' | '\u{FFFE}' | '\u{FFFF}' => push(out, format_args!("_x{:04X}_", u32::from(char))),
            '_' if is_escape(rest.as_str()) => out.push_str("_x005F_"),
            _ => out.push(char),
        }
    }
}

fn is_escape(after: &str) -> bool {
    matches!(after.as_bytes(), [b'x', digits @ ..] if digits.len() >= 5 && digits.iter().take(4).all(u8::is_ascii_hexdigit) && digits.get(4) == Some(&b'_'))
}

fn push(out: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a string can't fail.
    let _ = out.write_fmt(arguments);
}
