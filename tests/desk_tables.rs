//! The desk's work on ledgers in spreadsheets: real files in and out, hostile bytes, templates.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests say what they expect")]

use proptest::prelude::*;
use spotcheck::desk::tables::{BadRows, Head, Packer, TablesRead, Unpacker, WriteFault, WrittenAs};
use spotcheck::desk::{Answer, Job, run};
use spotcheck::domain::uscc::Uscc;
use spotcheck::ledger::columns::{Columns, Table, TableRow};
use spotcheck::ledger::export::Headers;
use spotcheck::ledger::plan::{Planner, Preview};
use spotcheck::ledger::read::{Reading, read};
use spotcheck::ledger::{Kind, Ledger, template};
use spotcheck_sheets::read::{Fault, Foreign, Format, Note};
use spotcheck_sheets::{Cell, ReadError, Row, Sheet, Workbook, XlsxOptions, to_xlsx};

#[path = "common/ledger.rs"]
mod sample;

/// Sends a job as the page does: through JSON, there and back.
fn ask(job: &Job, bytes: &[u8]) -> (Answer, Option<Vec<u8>>) {
    let job: Job = serde_json::from_str(&serde_json::to_string(job).unwrap()).unwrap();
    let (answer, made) = run(&job, bytes);
    (serde_json::from_str(&serde_json::to_string(&answer).unwrap()).unwrap(), made)
}

fn open(bytes: &[u8], name: &str) -> Result<(TablesRead, Vec<Table>), ReadError> {
    let (answer, rows) = ask(&Job::ReadTables { name: name.to_owned() }, bytes);
    let Answer::Tables { read } = answer else { panic!("another answer: {answer:?}") };
    let read = read?;
    let mut unpacker = Unpacker::new(read.sheets.clone(), rows.unwrap());
    while unpacker.take(7).unwrap() {}
    Ok((read, unpacker.finish()))
}

fn write(tables: &[Table], format: WrittenAs) -> Result<Vec<u8>, WriteFault> {
    let mut packer = Packer::default();
    for table in tables {
        packer.begin(&table.sheet);
        table.rows.iter().for_each(|row| packer.push(row.number, &row.cells));
    }
    let (sheets, rows) = packer.finish();
    let (answer, file) = ask(&Job::WriteTables { sheets, format }, &rows);
    let Answer::TablesWritten { written } = answer else { panic!("another answer: {answer:?}") };
    written.map(|()| file.unwrap())
}

fn table(sheet: &str, rows: &[&[&str]]) -> Table {
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect();
    Table::of_rows(sheet, &rows)
}

#[test]
fn reads_a_workbook_with_rows_as_numbered_in_the_file() {
    let mut units = Sheet::new("单位");
    units.push(["示例县使用单位台账"]);
    units.rows.push(Row { number: 4, cells: vec!["单位名称".into(), "统一社会信用代码".into(), "成立日期".into()] });
    let day = chrono::NaiveDate::from_ymd_opt(2020, 6, 15).unwrap();
    units.rows.push(Row { number: 9, cells: vec!["示例商场有限公司".into(), Cell::Empty, Cell::Date(day)] });
    let book = Workbook {
        sheets: vec![
            Sheet::new("空"),
            units,
            Sheet { name: "附表".to_owned(), rows: vec![Row { number: 2, cells: vec![Cell::Number(3110.0), Cell::Bool(true)] }] },
        ],
    };
    let (read, tables) = open(&to_xlsx(&book, &XlsxOptions::default()).unwrap(), "台账.xlsx").unwrap();
    assert_eq!(read.format, Format::Xlsx);
    assert_eq!(read.sheets, [Head { name: "单位".to_owned(), rows: 3 }, Head { name: "附表".to_owned(), rows: 1 }]);
    let expected = [
        (1, vec!["示例县使用单位台账"]),
        (4, vec!["单位名称", "统一社会信用代码", "成立日期"]),
        (9, vec!["示例商场有限公司", "", "2020-06-15"]),
    ];
    let found: Vec<(u32, Vec<&str>)> =
        tables[0].rows.iter().map(|row| (row.number, row.cells.iter().map(String::as_str).collect())).collect();
    assert_eq!(found, expected);
    assert_eq!(tables[1].rows[0].cells, ["3110", "TRUE"]);
}

#[test]
fn reads_a_text_file_in_the_encoding_of_chinese_windows() {
    // 设备代码,使用单位,备注 ⏎ 031100000020200001,示例商场有限公司,"一行 ⏎ 两行" in GBK.
    let bytes = b"\xC9\xE8\xB1\xB8\xB4\xFA\xC2\xEB,\xCA\xB9\xD3\xC3\xB5\xA5\xCE\xBB,\xB1\xB8\xD7\xA2\r\n031100000020200001,\xCA\xBE\xC0\xFD\xC9\xCC\xB3\xA1\xD3\xD0\xCF\xDE\xB9\xAB\xCB\xBE,\"\xD2\xBB\xD0\xD0\r\n\xC1\xBD\xD0\xD0\"\r\n";
    let (read, tables) = open(bytes, "电梯台账.csv").unwrap();
    assert_eq!(read.format, Format::Text);
    assert_eq!(read.notes.list, [Note::AssumedGb18030]);
    assert_eq!(tables[0].sheet, "电梯台账");
    assert_eq!(tables[0].rows[1].cells, ["031100000020200001", "示例商场有限公司", "一行\r\n两行"], "zeros and line ends stay");
    assert_eq!(Columns::guess_kind(&tables[0]), Some(Kind::Equipment));
}

#[test]
fn what_is_written_reads_back() {
    let first =
        table("设备", &[&["设备代码", "下次检验日期", "备注"], &["0011", "2027-05-31", "=1+1"], &["A\"B", "2027-05", " 2027-05-31"]]);
    let second = table("单位", &[&["单位名称"], &["示例商场有限公司"]]);
    let both = [first, second];
    let (read, tables) = open(&write(&both, WrittenAs::Xlsx).unwrap(), "a.xlsx").unwrap();
    assert_eq!((read.format, read.notes.list.as_slice()), (Format::Xlsx, [].as_slice()));
    assert_eq!(tables, both);
    let csv = write(&both, WrittenAs::Csv).unwrap();
    assert!(csv.starts_with(&[0xEF, 0xBB, 0xBF]), "Excel reads it as UTF-8");
    assert_eq!(open(&csv, "设备.csv").unwrap().1, both[..1]);
}

#[test]
fn days_are_dates_in_a_workbook() {
    let file = write(&[table("a", &[&["检验日期"], &["2026-05-12"], &["2026-02-30"], &["2026-5-12"]])], WrittenAs::Xlsx).unwrap();
    let book = spotcheck_sheets::read(&file, "").unwrap().workbook;
    let column: Vec<&Cell> = book.sheets[0].rows.iter().skip(1).map(|row| row.cell(0)).collect();
    let day = chrono::NaiveDate::from_ymd_opt(2026, 5, 12).unwrap();
    assert_eq!(column, [&Cell::Date(day), &Cell::Text("2026-02-30".to_owned()), &Cell::Text("2026-5-12".to_owned())]);
}

#[test]
fn hostile_bytes_are_refused_with_a_reason() {
    let good = to_xlsx(
        &Workbook { sheets: vec![Sheet { name: "a".to_owned(), rows: vec![Row { number: 1, cells: vec!["b".into()] }] }] },
        &XlsxOptions::default(),
    )
    .unwrap();
    let cut = &good[..good.len() - 30];
    let cases: [(&str, &[u8], ReadError); 5] = [
        ("nothing", b"", ReadError::Empty),
        ("only ends of lines", b"\r\n\r\n", ReadError::Empty),
        ("a PDF", b"%PDF-1.7\n", ReadError::Unsupported { format: Foreign::Pdf }),
        ("a web page", b"<html><body><table><tr><td>1</td></tr></table></body></html>", ReadError::Unsupported { format: Foreign::Html }),
        ("a workbook cut off", cut, ReadError::Damaged { part: String::new(), fault: Fault::CutOff }),
    ];
    for (what, bytes, expected) in cases {
        assert_eq!(open(bytes, "x.xlsx").unwrap_err(), expected, "{what}");
    }
    assert!(matches!(open(b"a,\"b\nc", "").unwrap_err(), ReadError::UnclosedQuote { .. }));
}

#[test]
fn rows_that_are_not_as_sent_are_refused() {
    let heads = |rows| vec![Head { name: "a".to_owned(), rows }];
    let line: &[u8] = b"[1,[\"b\"]]\n";
    for (what, rows, bytes) in
        [("too few", 2, line), ("too many", 0, line), ("no end", 1, b"[1,[\"b\"]]".as_slice()), ("no JSON", 1, b"[1,\n".as_slice())]
    {
        let mut unpacker = Unpacker::new(heads(rows), bytes.to_vec());
        let taken = loop {
            match unpacker.take(1) {
                Ok(true) => {}
                end => break end,
            }
        };
        assert_eq!(taken, Err(BadRows), "{what}");
        let (answer, file) = ask(&Job::WriteTables { sheets: heads(rows), format: WrittenAs::Xlsx }, bytes);
        assert_eq!((answer, file), (Answer::TablesWritten { written: Err(WriteFault::Rows) }, None), "{what}");
    }
}

#[test]
fn what_no_format_can_hold_is_told_with_its_place() {
    assert_eq!(write(&[], WrittenAs::Csv), Err(WriteFault::Size));
    assert_eq!(write(&[table("a/b", &[&["x"]])], WrittenAs::Xlsx), Err(WriteFault::SheetName { name: "a/b".to_owned() }));
    let long = "长".repeat(32_768);
    assert_eq!(write(&[table("a", &[&["x"], &["", &long]])], WrittenAs::Xlsx), Err(WriteFault::Cell { place: "a!B2".to_owned() }));
}

fn reading_of(kind: Kind, table: &Table) -> Reading {
    let columns = Columns::find(kind, table).expect("headers");
    assert_eq!(columns.missing(), []);
    read(kind, table, &columns, sample::vocabulary(), 2026)
}

#[test]
fn a_template_is_known_by_its_headers_and_its_made_up_line_by_its_mark() {
    for kind in Kind::ALL {
        for language in [Headers::Chinese, Headers::English] {
            for format in [WrittenAs::Xlsx, WrittenAs::Csv] {
                let made = template::table(kind, "模板", language, sample::vocabulary());
                let file = write(std::slice::from_ref(&made), format).unwrap();
                let (_, tables) = open(&file, "模板.csv").unwrap();
                let [header, example] = tables[0].rows.as_slice() else { panic!("two lines") };
                assert_eq!(Columns::guess_kind(&tables[0]), Some(kind), "{kind:?} {language:?}");
                let columns = Columns::find(kind, &tables[0]).unwrap();
                let unmatched: Vec<&str> =
                    header.cells.iter().zip(&columns.paths).filter(|(_, path)| path.is_none()).map(|(header, _)| header.as_str()).collect();
                assert_eq!(unmatched, [header.cells[0].as_str()], "only the mark is no field");
                assert!(template::is_example(example) && !template::is_example(header));
                // Were it not passed over, it would be a line without a fault.
                let reading = reading_of(kind, &tables[0]);
                assert_eq!(
                    (reading.errors.as_slice(), reading.warnings.as_slice(), reading.lines.len()),
                    ([].as_slice(), [].as_slice(), 1),
                    "{kind:?}"
                );
            }
        }
    }
    let other = TableRow { number: 2, cells: vec!["示例商场有限公司".to_owned(), "示例".to_owned()] };
    assert!(!template::is_example(&other), "a name is no mark");
}

#[test]
fn the_code_of_the_made_up_unit_is_well_formed() {
    let made = template::table(Kind::Unit, "", Headers::Chinese, sample::vocabulary());
    let column = made.rows[0].cells.iter().position(|header| header == "统一社会信用代码").unwrap();
    assert!(Uscc::parse(&made.rows[1].cells[column]).is_ok());
}

/// Fifty machines, of which some are there already, some repeat others, some contradict them or can't be understood.
fn untidy_file() -> Table {
    let mut table = sample::equipment_file(50, 7);
    let width = table.rows[0].cells.len();
    let code = table.rows[0].cells.iter().position(|header| header == "设备代码").unwrap();
    let graded = table.rows[0].cells.iter().position(|header| header == "安全状况等级").unwrap();
    let mut extra: Vec<TableRow> = [3, 20, 41].map(|at: usize| table.rows[at].clone()).to_vec();
    extra[1].cells[graded] = "5".to_owned();
    extra[2].cells[graded] = "九".to_owned();
    extra.push(TableRow { number: 0, cells: vec![String::new(); width] });
    extra[3].cells[code] = "31100000020200999".to_owned();
    for (number, mut row) in (100..).zip(extra) {
        row.number = number;
        table.rows.push(row);
    }
    table
}

#[test]
fn rows_that_are_checked_in_parts_come_to_the_same() {
    let table = untidy_file();
    let columns = Columns::find(Kind::Equipment, &table).unwrap();
    let ledger = Ledger::new(sample::cards(20));
    let whole = Preview::of(reading_of(Kind::Equipment, &table), &ledger);
    assert_eq!((whole.repeated, whole.errors.len()), (1, 3), "the file has each kind of trouble");
    for size in [1, 7, 50] {
        let mut planner = Planner::new(Kind::Equipment);
        ledger.cards().chunks(3).for_each(|cards| planner.know(cards));
        for rows in table.rows[1..].chunks(size) {
            let part = Table { sheet: table.sheet.clone(), rows: rows.to_vec() };
            planner.add(read(Kind::Equipment, &part, &columns, sample::vocabulary(), 2026));
        }
        assert_eq!(planner.finish(), whole, "{size} at a time");
    }
}

proptest! {
    #[test]
    fn any_bytes_end_in_tables_or_in_a_reason(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = open(&bytes, "x");
    }

    #[test]
    fn any_rows_come_back(rows in prop::collection::vec(prop::collection::vec("\\PC{0,8}", 0..5), 0..20), some in 1_usize..9) {
        let mut packer = Packer::default();
        packer.begin("a");
        (1..).zip(&rows).for_each(|(number, cells)| packer.push(number, cells));
        let (heads, bytes) = packer.finish();
        let mut unpacker = Unpacker::new(heads, bytes);
        while unpacker.take(some).unwrap() {}
        prop_assert_eq!(unpacker.taken(), rows.len());
        let back: Vec<Vec<String>> = unpacker.finish().remove(0).rows.into_iter().map(|row| row.cells).collect();
        prop_assert_eq!(back, rows);
    }
}
