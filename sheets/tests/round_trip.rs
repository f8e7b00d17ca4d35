//! What is written is read again as it was.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use proptest::prelude::*;
use spotcheck_sheets::{Cell, Row, Sheet, Workbook, WriteError, XlsxOptions, read, to_csv, to_xlsx};

fn date() -> impl Strategy<Value = NaiveDate> {
    (1900..=9999, 1..=366_u32).prop_filter_map("a day of the year", |(year, day)| NaiveDate::from_yo_opt(year, day))
}

fn time() -> impl Strategy<Value = NaiveDateTime> {
    let moment = |(date, seconds): (NaiveDate, i64)| date.and_time(NaiveTime::MIN) + TimeDelta::seconds(seconds);
    (date(), 1..86_400_i64).prop_map(moment)
}

/// Any characters, and often those that mean something to one of the formats.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[=+\\-@'\t\r\n＝,;|\"<& 甲乙0-9a-c]{1,6}",
        "_?x?(_x00[0-4][0-9A-F]_){0,2}[x_A-F0-9]{0,6}",
        "0{1,3}[0-9]{1,20}",
        "\\PC{1,20}",
        any::<String>(),
        Just("sep=;".to_owned()),
        Just("sep=|".to_owned()),
        Just("\u{FEFF}甲".to_owned()),
        Just("<?xml version=\"1.0\"?>".to_owned()),
        Just("<table".to_owned()),
    ]
}

fn cell() -> impl Strategy<Value = Cell> {
    prop_oneof![
        Just(Cell::Empty),
        text().prop_map(Cell::from),
        any::<f64>().prop_filter("finite", |number| number.is_finite()).prop_map(Cell::Number),
        (-1e6..1e6).prop_map(Cell::Number),
        any::<i32>().prop_map(|number| Cell::Number(f64::from(number))),
        any::<bool>().prop_map(Cell::Bool),
        date().prop_map(Cell::Date),
        time().prop_map(Cell::DateTime),
        Just(Cell::Error("#DIV/0!".to_owned())),
    ]
}

/// A sheet as reading gives it: rows that hold a value, without empty cells at their ends.
fn sheet(name: &'static str) -> impl Strategy<Value = Sheet> {
    prop::collection::vec((0..3_u32, prop::collection::vec(cell(), 1..6)), 1..8).prop_map(move |rows| {
        let mut number = 0;
        let mut sheet = Sheet::new(name);
        for (gap, mut cells) in rows {
            number += 1 + gap;
            while cells.last() == Some(&Cell::Empty) {
                cells.pop();
            }
            if !cells.is_empty() {
                sheet.rows.push(Row { number, cells });
            }
        }
        if sheet.rows.is_empty() {
            sheet.push(["甲"]);
        }
        sheet
    })
}

/// A text file holds what a person sees, and no NUL.
fn as_texts(sheet: &Sheet) -> Sheet {
    let texts = |cells: &[Cell]| cells.iter().map(|cell| Cell::from(cell.text().replace('\0', ""))).collect::<Vec<_>>();
    let mut rows: Vec<Row> = sheet.rows.iter().map(|row| Row { number: row.number, cells: texts(&row.cells) }).collect();
    for row in &mut rows {
        while row.cells.last() == Some(&Cell::Empty) {
            row.cells.pop();
        }
    }
    rows.retain(|row| !row.cells.is_empty());
    Sheet { name: sheet.name.clone(), rows }
}

proptest! {
    #[test]
    fn csv_is_read_as_written(sheet in sheet("表")) {
        let expected = as_texts(&sheet);
        prop_assume!(!expected.rows.is_empty());
        let reading = read(&to_csv(&sheet), "夹/表.csv").unwrap();
        prop_assert_eq!(&reading.workbook.sheets, &vec![expected]);
        prop_assert!(reading.notes.list.is_empty());
    }

    #[test]
    fn xlsx_is_read_as_written(first in sheet("单位 '& 台账"), second in sheet("<2>"), header: bool, filter: bool) {
        let book = Workbook { sheets: vec![first, second] };
        let options = XlsxOptions { header, filter, created: None };
        let reading = read(&to_xlsx(&book, &options).unwrap(), "").unwrap();
        prop_assert_eq!(&reading.workbook, &book);
    }

    #[test]
    fn no_text_of_a_csv_is_computed(sheet in sheet("表")) {
        let texts = as_texts(&sheet);
        let file = String::from_utf8(to_csv(&texts)).unwrap();
        let starts = file.trim_start_matches('\u{FEFF}').split(['\r', '\n', ',']).map(|field| field.trim_start_matches('"'));
        // Inside a quoted text, a line or comma may begin with anything: only whole files of plain texts show it.
        prop_assume!(!file.contains('"'));
        for start in starts {
            prop_assert!(!start.starts_with(['=', '+', '-', '@', '\t', '＝', '＋', '－', '＠']), "{}", start);
        }
    }

    /// Whatever comes in, reading ends with a value or an error.
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes, "");
    }
}

#[test]
fn formulas_are_written_as_texts() {
    let mut sheet = Sheet::new("a");
    sheet.push(["=1+1", "@a", "-5"]);
    sheet.push([Cell::Number(-5.0), Cell::Uncomputed("A1".to_owned())]);
    let csv = String::from_utf8(to_csv(&sheet)).unwrap();
    assert_eq!(csv, "\u{FEFF}'=1+1,'@a,'-5\r\n-5,'=A1,\r\n");
    let file = to_xlsx(&Workbook { sheets: vec![sheet] }, &XlsxOptions::default()).unwrap();
    let reading = read(&file, "").unwrap();
    assert!(reading.notes.list.is_empty());
    assert_eq!(reading.workbook.sheets[0].rows[1].cells, [Cell::Number(-5.0), Cell::Text("=A1".to_owned())]);
}

#[test]
fn no_text_is_mistaken_for_a_separator() {
    for texts in [["sep=;", "a"], ["sep=|", "a"], ["a;b", "c;d"], ["a\tb", "c\td"], ["<table>", "a"], [" <?xml", "a"]] {
        let mut sheet = Sheet::new("表");
        for text in texts {
            sheet.push([text]);
        }
        assert_eq!(read(&to_csv(&sheet), "表.csv").unwrap().workbook.sheets, [sheet]);
    }
}

#[test]
fn the_same_workbook_gives_the_same_bytes() {
    let mut sheet = Sheet::new("a");
    sheet.push(["甲"]);
    let book = Workbook { sheets: vec![sheet] };
    let created = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap().and_hms_opt(8, 30, 0);
    let options = XlsxOptions { created, ..XlsxOptions::default() };
    assert_eq!(to_xlsx(&book, &options).unwrap(), to_xlsx(&book, &options).unwrap());
    assert_ne!(to_xlsx(&book, &options).unwrap(), to_xlsx(&book, &XlsxOptions::default()).unwrap());
}

#[test]
fn what_a_format_cannot_hold_is_refused() {
    let write = |sheets: Vec<Sheet>| to_xlsx(&Workbook { sheets }, &XlsxOptions::default());
    let names = ["", "a/b", "[a", "'a", "a'", "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二", "a\nb"];
    for name in names {
        assert_eq!(write(vec![Sheet::new(name)]), Err(WriteError::SheetName { name: name.to_owned() }));
    }
    assert_eq!(write(vec![Sheet::new("a"), Sheet::new("A")]), Err(WriteError::SheetName { name: "A".to_owned() }));
    assert_eq!(write(Vec::new()), Err(WriteError::Size));

    let mut sheet = Sheet::new("a");
    sheet.push(["甲".repeat(32_767)]);
    assert!(write(vec![sheet.clone()]).is_ok());
    sheet.push(["甲".repeat(32_768)]);
    assert_eq!(write(vec![sheet.clone()]), Err(WriteError::TextLength { place: sheet.place(&sheet.rows[1], 0) }));

    let far = Row { number: 1_048_577, cells: vec![Cell::Number(1.0)] };
    let sheet = Sheet { name: "a".to_owned(), rows: vec![far] };
    assert_eq!(write(vec![sheet.clone()]), Err(WriteError::Beyond { place: sheet.place(&sheet.rows[0], 0) }));
}
