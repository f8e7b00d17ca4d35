//! Files of other programs, and ours read by another one.

mod forge;

use std::io::Cursor;

use calamine::{Data, Reader, Xls, Xlsx};
use chrono::NaiveDate;
use forge::{entry, open_document, outline, rows, with, with_tables, zip};
use rust_xlsxwriter as writer;
use spotcheck_sheets::read::{Format, Note};
use spotcheck_sheets::{Cell, Place, ReadError, Sheet, Workbook, XlsxOptions, read, to_xlsx};

/// Made by xlwt 1.3: three sheets, one hidden, with 20,000 characters of shared text, wide and narrow.
const OFFICE_97: &[u8] = include_bytes!("files/office97.xls");

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a date")
}

fn at(sheet: &str, row: u32, column: u32) -> Place {
    Place { sheet: sheet.to_owned(), row, column }
}

fn texts(cells: &[Cell]) -> Vec<String> {
    cells.iter().map(|cell| cell.text().into_owned()).collect()
}

#[test]
fn a_workbook_of_another_writer_is_read() {
    let mut book = writer::Workbook::new();
    let chinese = writer::Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
    let built_in = writer::Format::new().set_num_format_index(31);
    let sheet = book.add_worksheet().set_name("单位台账").unwrap();
    sheet.write_string(0, 0, "00123").unwrap();
    sheet.write_number(0, 1, 2.5).unwrap();
    sheet.write_boolean(0, 2, true).unwrap();
    sheet.write_datetime_with_format(1, 0, writer::ExcelDateTime::from_ymd(2026, 3, 1).unwrap(), &chinese).unwrap();
    sheet.write_number_with_format(1, 1, 46_082.5, &built_in).unwrap();
    sheet.write_formula(1, 2, writer::Formula::new("=B1*2").set_result("5")).unwrap();
    sheet.write_rich_string(1, 3, &[(&writer::Format::default(), "甲"), (&writer::Format::new().set_bold(), "乙\n丙")]).unwrap();
    sheet.merge_range(3, 0, 4, 1, "合并", &writer::Format::new()).unwrap();
    sheet.write_string(6, 0, "a_x000D_b & <c>").unwrap();
    sheet.set_row_hidden(1).unwrap();
    book.add_worksheet().set_name("隐藏").unwrap().set_hidden(true).write_string(9, 3, "x").unwrap();

    let reading = read(&book.save_to_buffer().unwrap(), "x.csv").unwrap();
    assert_eq!(reading.format, Format::Xlsx);
    let sheet = reading.workbook.sheet("单位台账").unwrap();
    assert_eq!(sheet.row(1).unwrap().cells, [Cell::from("00123"), Cell::Number(2.5), Cell::Bool(true)]);
    let noon = Cell::DateTime(date(2026, 3, 1).and_hms_opt(12, 0, 0).unwrap());
    assert_eq!(sheet.row(2).unwrap().cells, [Cell::Date(date(2026, 3, 1)), noon, Cell::Number(5.0), Cell::from("甲乙\n丙")]);
    assert_eq!(sheet.row(4).unwrap().cells, [Cell::from("合并")]);
    assert!(sheet.row(5).is_none());
    assert_eq!(sheet.row(7).unwrap().cells, [Cell::from("a_x000D_b & <c>")]);
    assert_eq!(texts(&reading.workbook.sheet("隐藏").unwrap().row(10).unwrap().cells), ["", "", "", "x"]);
    let expected = [
        Note::Merged { place: at("单位台账", 4, 0), last_row: 5, last_column: 1 },
        Note::Formulas { first: at("单位台账", 2, 2), count: 1 },
        Note::HiddenRows { sheet: "单位台账".to_owned(), first: 2, count: 1 },
        Note::HiddenSheet { sheet: "隐藏".to_owned() },
    ];
    assert_eq!(reading.notes.list, expected);
}

#[test]
fn another_reader_reads_our_workbook() {
    let mut sheet = Sheet::new("台账");
    sheet.push(["编号", "名称", "日期"]);
    sheet.push([Cell::from("00123"), Cell::Number(-2.5), Cell::Date(date(2026, 3, 1)), Cell::Bool(true), Cell::from("=1+1 _x0041_ &\n")]);
    let mut second = Sheet::new("空");
    second.push([Cell::Error("#N/A".to_owned())]);
    let file = to_xlsx(&Workbook { sheets: vec![sheet, second] }, &XlsxOptions::default()).unwrap();

    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(file)).unwrap();
    assert_eq!(book.sheet_names(), ["台账", "空"]);
    let range = book.worksheet_range("台账").unwrap();
    let value = |row, column| range.get_value((row, column)).unwrap();
    assert_eq!(value(1, 0), &Data::String("00123".to_owned()));
    assert_eq!(value(1, 1), &Data::Float(-2.5));
    assert!(matches!(value(1, 2), Data::DateTime(date) if date.as_f64() == 46_082.0));
    assert_eq!(value(1, 3), &Data::Bool(true));
    assert_eq!(value(1, 4), &Data::String("=1+1 _x0041_ &\n".to_owned()));
    assert_eq!(book.worksheet_formula("台账").unwrap().get_size(), (0, 0));
}

#[test]
fn a_workbook_of_1904_has_its_own_days() {
    let styles = "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>";
    let entries = with_tables(rows("<row><c s=\"1\"><v>44620</v></c></row>"), "<sst/>", styles);
    let entries = with(entries, entry("xl/workbook.xml", outline("<workbookPr date1904=\"1\"/>", &[("a", "")])));
    assert_eq!(read(&zip(&entries), "").unwrap().workbook.sheets[0].rows[0].cells, [Cell::Date(date(2026, 3, 1))]);
}

#[test]
fn variants_of_the_standard_are_read() {
    // Prefixed names, no places, pronunciation, white space between elements, ISO dates.
    let sheet = "<x:worksheet xmlns:x=\"m\">\n<x:sheetData>\n<x:row>\n<x:c t=\"inlineStr\">\n<x:is>\n<x:r><x:t>甲</x:t></x:r>\n\
                 <x:rPh><x:t>jia</x:t></x:rPh><x:r><x:t> 乙&amp;&#x4E19;<![CDATA[<]]></x:t></x:r></x:is></x:c><x:c/><x:c t=\"d\"><x:v>2026-03-01T08:30:00.000Z</x:v></x:c>\
                 </x:row></x:sheetData></x:worksheet>";
    let reading = read(&zip(&forge::workbook(sheet)), "").unwrap();
    assert_eq!(texts(&reading.workbook.sheets[0].rows[0].cells), ["甲 乙&丙<", "", "2026-03-01 08:30"]);
}

#[test]
fn a_workbook_of_office_97_is_read() {
    let reading = read(OFFICE_97, "").unwrap();
    assert_eq!(reading.format, Format::Xls);
    let sheet = reading.workbook.sheet("单位台账").unwrap();
    assert_eq!(texts(&sheet.row(1).unwrap().cells), ["编号", "名称", "数量", "日期", "时刻", "在用", "公式", "错误"]);
    let cells = &sheet.row(2).unwrap().cells;
    assert_eq!(texts(&cells[..6]), ["00123", "示例商场有限公司", "2.5", "2026-03-01", "2026-03-01 08:30", "TRUE"]);
    assert!(matches!((&cells[3], &cells[4]), (Cell::Date(_), Cell::DateTime(_))));
    assert_eq!(texts(&sheet.row(3).unwrap().cells), ["abc", "", "100", "123456789", "12:00", "FALSE"]);
    assert_eq!(texts(&sheet.row(5).unwrap().cells), ["合并"]);
    let expected = [
        Note::Merged { place: at("单位台账", 5, 0), last_row: 6, last_column: 1 },
        Note::Formulas { first: at("单位台账", 2, 6), count: 2 },
        Note::HiddenRows { sheet: "单位台账".to_owned(), first: 3, count: 1 },
        Note::HiddenSheet { sheet: "隐藏".to_owned() },
    ];
    assert_eq!(reading.notes.list, expected);

    let mut other: Xls<_> = calamine::open_workbook_from_rs(Cursor::new(OFFICE_97)).unwrap();
    for sheet in &reading.workbook.sheets {
        let range = other.worksheet_range(&sheet.name).unwrap();
        for (row, column, value) in range.cells().map(|(row, column, value)| (row as u32, column, value)) {
            let (from_row, from_column) = range.start().unwrap();
            let cell = sheet.row(row + from_row + 1).map_or(&Cell::Empty, |row| row.cell(column + from_column as usize));
            match value {
                Data::Float(number) => assert_eq!(cell, &Cell::Number(*number)),
                Data::Int(number) => assert_eq!(cell, &Cell::Number(*number as f64)),
                Data::DateTime(_) => assert!(matches!(cell, Cell::Date(_) | Cell::DateTime(_) | Cell::Text(_))),
                other => assert_eq!(other.to_string().to_uppercase(), cell.text().to_uppercase()),
            }
        }
    }
}

/// Where a value of the file is damaged, the reading may differ, but it ends.
#[test]
fn an_altered_workbook_of_office_97_is_read_or_refused() {
    let mut outcomes = [0, 0];
    for at in (0..OFFICE_97.len()).step_by(23) {
        for value in [0x00, 0xFF, OFFICE_97[at].wrapping_add(1)] {
            let mut file = OFFICE_97.to_vec();
            file[at] = value;
            outcomes[usize::from(read(&file, "").is_err())] += 1;
        }
    }
    for end in (8..OFFICE_97.len()).step_by(97) {
        outcomes[usize::from(read(&OFFICE_97[..end], "").is_err())] += 1;
    }
    assert!(outcomes.iter().all(|count| *count > 50), "{outcomes:?}");
}

#[test]
fn containers_that_are_no_workbook_are_told_apart() {
    fn renamed(from: &str, to: &str) -> Vec<u8> {
        let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
        let (from, to) = (wide(from), wide(to));
        let mut file = OFFICE_97.to_vec();
        let place = file.windows(from.len()).position(|window| window == from).unwrap();
        file[place..place + to.len()].copy_from_slice(&to);
        file[place + 64] = to.len() as u8 + 2;
        file
    }
    use spotcheck_sheets::read::Foreign::{OldXls, OtherOle};
    assert_eq!(read(&renamed("Workbook", "Book"), "").unwrap_err(), ReadError::Unsupported { format: OldXls });
    assert_eq!(read(&renamed("Workbook", "WordDocument"), "").unwrap_err(), ReadError::Unsupported { format: OtherOle });
    assert_eq!(read(&renamed("Workbook", "EncryptedPackage"), "").unwrap_err(), ReadError::Encrypted);

    // A password of Excel 97: the record after the first says so.
    let mut file = OFFICE_97.to_vec();
    let start = file.windows(6).position(|window| window == [0x09, 0x08, 0x10, 0x00, 0x00, 0x06]).unwrap();
    let second = start + 20;
    file[second..second + 2].copy_from_slice(&[0x2F, 0x00]);
    assert_eq!(read(&file, "").unwrap_err(), ReadError::Encrypted);
}

#[test]
fn an_open_document_is_read() {
    let table = "<table:table table:name=\"单位\"><table:table-column/>\
        <table:table-row><table:table-cell office:value-type=\"string\" calcext:value-type=\"string\"><text:p>00123</text:p></table:table-cell>\
        <table:table-cell office:value-type=\"float\" office:value=\"2.5\" table:number-columns-repeated=\"2\"><text:p>2.50</text:p></table:table-cell>\
        <table:table-cell office:value-type=\"date\" office:date-value=\"2026-03-01\"><text:p>26/3/1</text:p></table:table-cell>\
        <table:table-cell office:value-type=\"date\" office:date-value=\"2026-03-01T08:30:00\"/>\
        <table:table-cell office:value-type=\"time\" office:time-value=\"PT08H30M00S\"/>\
        <table:table-cell office:value-type=\"boolean\" office:boolean-value=\"true\"/>\
        <table:table-cell table:number-columns-repeated=\"16377\"/></table:table-row>\
        <table:table-row table:number-rows-repeated=\"2\"><table:table-cell office:value-type=\"string\"><office:annotation><text:p>note</text:p></office:annotation>\
        <text:p>a <text:span>b</text:span>\n  c<text:s text:c=\"2\"/>d</text:p><text:p>e&amp;<text:line-break/>f</text:p></table:table-cell></table:table-row>\
        <table:table-row table:visibility=\"filter\"><table:table-cell table:number-columns-spanned=\"2\" table:number-rows-spanned=\"2\" office:value-type=\"string\"><text:p>m</text:p></table:table-cell>\
        <table:covered-table-cell/><table:table-cell table:formula=\"of:=[.A1]\" office:value-type=\"float\" office:value=\"3\"/><table:table-cell table:formula=\"of:=[.A2]\"/></table:table-row>\
        </table:table><table:table table:name=\"隐藏\" table:style-name=\"h\"><table:table-row><table:table-cell/></table:table-row></table:table>";
    let reading = read(&zip(&open_document(table)), "").unwrap();
    assert_eq!(reading.format, Format::Ods);
    let sheet = reading.workbook.sheet("单位").unwrap();
    assert_eq!(texts(&sheet.rows[0].cells), ["00123", "2.5", "2.5", "2026-03-01", "2026-03-01 08:30", "08:30", "TRUE"]);
    assert_eq!(texts(&sheet.rows[1].cells), ["a b c  d\ne&\nf"]);
    assert_eq!(sheet.rows[2].cells, sheet.rows[1].cells);
    assert_eq!(sheet.rows[3].cells, [Cell::from("m"), Cell::Empty, Cell::Number(3.0), Cell::Uncomputed("[.A2]".to_owned())]);
    assert_eq!(sheet.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 2, 3, 4]);
    let expected = [
        Note::Merged { place: at("单位", 4, 0), last_row: 5, last_column: 1 },
        Note::Formulas { first: at("单位", 4, 2), count: 2 },
        Note::HiddenRows { sheet: "单位".to_owned(), first: 4, count: 1 },
        Note::HiddenSheet { sheet: "隐藏".to_owned() },
    ];
    assert_eq!(reading.notes.list, expected);
}
