//! Files made to harm, each ending in an error that says what it is, or read as what little they hold.

mod forge;

use forge::{Entry, SHEET, STYLES, TEXTS, entry, open_document, relations, rows, with, with_tables, workbook, worksheet, zip};
use spotcheck_sheets::read::limits;
use spotcheck_sheets::read::{Fault, Foreign, Limit, Note};
use spotcheck_sheets::{Cell, Place, ReadError, Reading, read};

const ONE: &str = "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>";

#[track_caller]
fn refused(entries: &[Entry], error: &ReadError) {
    assert_eq!(read(&zip(entries), "").as_ref(), Err(error));
}

#[track_caller]
fn accepted(entries: &[Entry]) -> Reading {
    read(&zip(entries), "").expect("a workbook that is read")
}

fn damaged(part: &str, fault: Fault) -> ReadError {
    ReadError::Damaged { part: part.to_owned(), fault }
}

fn too_much(limit: Limit, part: &str) -> ReadError {
    ReadError::TooMuch { limit, part: part.to_owned(), place: None }
}

fn at(row: u32, column: u32) -> Place {
    Place { sheet: "a".to_owned(), row, column }
}

fn too_much_at(limit: Limit, row: u32, column: u32) -> ReadError {
    ReadError::TooMuch { limit, part: String::new(), place: Some(at(row, column)) }
}

#[test]
fn a_file_over_the_limit_is_not_looked_at() {
    assert_eq!(read(&vec![b'a'; limits::FILE_BYTES as usize + 1], "").unwrap_err(), too_much(Limit::FileBytes, ""));
    assert_eq!(read(b"", "").unwrap_err(), ReadError::Empty);
}

// ---- ZIP ----

#[test]
fn bombs_are_seen_in_the_directory() {
    let zeros = forge::well_packed("xl/media/a.bin", &vec![0; limits::RATIO_FROM as usize + 1]);
    refused(&with(rows(ONE), zeros), &too_much(Limit::Ratio, "xl/media/a.bin"));

    let claim = Entry { unpacked: limits::UNPACKED_BYTES + 1, packed: vec![0; 2 << 20], ..entry("a", "") };
    refused(&with(rows(ONE), claim), &too_much(Limit::UnpackedBytes, "a"));
    let claim = Entry { unpacked: u64::MAX, ..entry("a", "") };
    refused(&with(rows(ONE), claim), &too_much(Limit::UnpackedBytes, "a"));
    let small = |n: usize| Entry { unpacked: limits::RATIO_FROM, ..entry(&format!("x{n:02}"), "") };
    let many: Vec<_> = (0..17).map(small).collect();
    refused(&[rows(ONE), many].concat(), &too_much(Limit::UnpackedBytes, "x15"));
}

#[test]
fn bombs_are_seen_while_unpacking() {
    // A sheet that says it is small: what comes after the said size is not looked at.
    let mut sheet = entry(SHEET, worksheet(&format!("{}<row><c t=\"x\"><v>1</v></c></row>", "<row/>".repeat(100_000))));
    sheet.unpacked = 1_000;
    refused(&with(rows(ONE), sheet), &damaged(SHEET, Fault::Contradiction));
    // One that says it is larger than it is, or whose content is another one.
    let mut sheet = entry(SHEET, worksheet(ONE));
    sheet.unpacked += 1;
    refused(&with(rows(ONE), sheet), &damaged(SHEET, Fault::Contradiction));
    let mut sheet = entry(SHEET, worksheet(ONE));
    sheet.crc ^= 1;
    refused(&with(rows(ONE), sheet), &damaged(SHEET, Fault::Contradiction));
}

#[test]
fn one_part_read_again_and_again_is_counted_each_time() {
    let padding = " ".repeat(1 << 20);
    let large = worksheet(&format!("{}{ONE}", format!("<row/>{padding}").repeat(10)));
    let sheets: Vec<_> = (0..100).map(|n| format!("s{n}")).collect();
    let outline = forge::outline("", &sheets.iter().map(|name| (name.as_str(), "")).collect::<Vec<_>>());
    let ids: Vec<_> = (1..=100).map(|n| format!("rId{n}")).collect();
    let links: Vec<_> = ids.iter().map(|id| (id.as_str(), "worksheet", "worksheets/sheet1.xml")).collect();
    let entries = with(workbook(&large), entry("xl/workbook.xml", outline));
    let entries = with(entries, entry("xl/_rels/workbook.xml.rels", relations(&links)));
    refused(&entries, &too_much(Limit::UnpackedBytes, SHEET));
}

#[test]
fn entries_that_lie_are_refused() {
    let many: Vec<_> = (0..=limits::ENTRIES).map(|n| entry(&format!("{n}"), "")).collect();
    refused(&many, &too_much(Limit::Entries, ""));

    let twice = Entry { name: "XL\\Workbook.xml".to_owned(), local_name: "XL\\Workbook.xml".to_owned(), ..entry("", "a") };
    refused(&[rows(ONE), vec![twice]].concat(), &damaged("xl/workbook.xml", Fault::Contradiction));

    let shared = Entry { shares: Some(0), ..entry("[Content_Types].xml", "<Types/>") };
    let shared = Entry { name: "other".to_owned(), ..shared };
    refused(&[rows(ONE), vec![shared]].concat(), &damaged("other", Fault::Contradiction));
    let overlap = Entry { packed: vec![0; 70], ..entry("[Content_Types].xml", "<Types/>") };
    let mut file = zip(&with(rows(ONE), overlap));
    // The first local header now says the truth, but the directory counts on.
    let directory = file.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    file[directory + 20] = 200;
    assert_eq!(read(&file, "").unwrap_err(), damaged("_rels/.rels", Fault::Contradiction));

    let renamed = Entry { local_name: "xl/worksheets/sheet2.xml".to_owned(), ..entry(SHEET, "") };
    refused(&with(rows(ONE), renamed), &damaged(SHEET, Fault::Contradiction));
    let locked = Entry { flags: 1, ..entry(SHEET, worksheet(ONE)) };
    refused(&with(rows(ONE), locked), &ReadError::Encrypted);
    let packed = Entry { method: 12, ..entry(SHEET, worksheet(ONE)) };
    refused(&with(rows(ONE), packed), &ReadError::Unsupported { format: Foreign::Packing });
}

#[test]
fn nonsense_in_64_bits_is_refused() {
    let plain = zip(&rows(ONE));
    let end = plain.len() - 22;
    for at in [0, 8, u64::MAX - 8, end as u64] {
        let mut file = plain[..end].to_vec();
        file.extend(b"PK\x06\x07\0\0\0\0");
        file.extend(at.to_le_bytes());
        file.extend([1, 0, 0, 0]);
        file.extend(&plain[end..end + 8]);
        file.extend([0xFF; 12]);
        file.extend([0, 0]);
        assert_eq!(read(&file, "").unwrap_err(), damaged("", Fault::CutOff), "{at}");
    }
}

#[test]
fn a_file_cut_off_anywhere_is_refused() {
    let whole = zip(&rows(ONE));
    for end in 4..whole.len() {
        assert!(read(&whole[..end], "").is_err(), "{end}");
    }
    let mut longer = whole.clone();
    let size = longer.len() - 10;
    longer[size] += 1;
    assert_eq!(read(&longer, "").unwrap_err(), damaged("", Fault::CutOff));
    let inner =
        Entry { packed: entry(SHEET, worksheet(&ONE.repeat(99))).packed[..20].to_vec(), ..entry(SHEET, worksheet(&ONE.repeat(99))) };
    refused(&with(rows(ONE), inner), &damaged(SHEET, Fault::CutOff));
}

#[test]
fn other_files_are_named() {
    refused(&[entry("a.txt", "a")], &ReadError::Unsupported { format: Foreign::OtherZip });
    let document = with(rows(ONE), entry("xl/workbook.xml", "<w:document><w:body/></w:document>"));
    refused(&document, &ReadError::Unsupported { format: Foreign::OtherZip });
    let binary = with(rows(ONE), entry("_rels/.rels", relations(&[("r", "officeDocument", "xl/workbook.bin")])));
    refused(&binary, &ReadError::Unsupported { format: Foreign::Xlsb });
    assert_eq!(read(b"%PDF-1.7", "").unwrap_err(), ReadError::Unsupported { format: Foreign::Pdf });
    assert_eq!(read(b"\x09\x04\x06\0\0\0\0\0", "").unwrap_err(), ReadError::Unsupported { format: Foreign::OldXls });
    assert_eq!(read(&zip(&[]), "").unwrap_err(), ReadError::Unsupported { format: Foreign::OtherZip });
}

#[test]
fn missing_parts_are_named() {
    for part in ["_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", SHEET] {
        let entries: Vec<_> = rows(ONE).into_iter().filter(|entry| entry.name != part).collect();
        refused(&entries, &damaged(part, Fault::MissingPart));
    }
    let lost = with(rows(ONE), entry("xl/_rels/workbook.xml.rels", relations(&[])));
    refused(&lost, &damaged("xl/workbook.xml", Fault::MissingPart));
}

// ---- XML ----

#[test]
fn entities_never_expand() {
    let laughs = "<!DOCTYPE a [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]>";
    let cell = "<row><c t=\"inlineStr\"><is><t>&b;</t></is></c></row>";
    refused(&workbook(&format!("{laughs}{}", worksheet(cell))), &damaged(SHEET, Fault::Doctype));
    refused(&rows(cell), &damaged(SHEET, Fault::Xml));
    let outside = "<!DOCTYPE a SYSTEM \"file:///etc/passwd\">";
    refused(&workbook(&format!("{outside}{}", worksheet(ONE))), &damaged(SHEET, Fault::Doctype));
}

#[test]
fn depth_and_tokens_are_limited() {
    let depth = limits::XML_DEPTH as usize;
    refused(&rows(&"<a>".repeat(1_000_000)), &too_much(Limit::XmlDepth, SHEET));
    accepted(&rows(&format!("{ONE}{}{}", "<a>".repeat(depth - 2), "</a>".repeat(depth - 2))));
    refused(&rows(&format!("{ONE}{}{}", "<a>".repeat(depth - 1), "</a>".repeat(depth - 1))), &too_much(Limit::XmlDepth, SHEET));

    let long = "x".repeat(limits::XML_TOKEN_BYTES as usize + 100_000);
    for token in [
        format!("<!--{long}-->"),
        format!("<a b=\"{long}\"/>"),
        format!("<c><v>{long}</v></c>"),
        format!("<![CDATA[{long}]]>"),
        format!("<{long}/>"),
    ] {
        refused(&rows(&token), &too_much(Limit::XmlTokenBytes, SHEET));
    }
    let attributes: String = (0..100_000).map(|n| format!(" a{n}=\"\"")).collect();
    accepted(&rows(&format!("<row{attributes}>{}</row>", "<c><v>1</v></c>")));
}

#[test]
fn what_is_no_xml_is_refused() {
    let check = |sheet: &[u8], fault| refused(&with(rows(ONE), entry(SHEET, sheet)), &damaged(SHEET, fault));
    check(b"", Fault::CutOff);
    check(b"<worksheet><sheetData><row>", Fault::CutOff);
    check(b"<worksheet><sheetData></row></sheetData></worksheet>", Fault::Xml);
    check(b"<worksheet><sheetData><row></sheetData></worksheet>", Fault::Xml);
    check(b"<worksheet>\xFF</worksheet>", Fault::Xml);
    check(b"<worksheet><c t=\"\xC0\xAF\"/></worksheet>", Fault::Xml);
    check(b"<worksheet>&#0;</worksheet>", Fault::Xml);
    check(b"<worksheet>&#xD800;</worksheet>", Fault::Xml);
    check(b"<chart/>", Fault::Structure);
    let wide: Vec<u8> = [0xFEFF].into_iter().chain(worksheet(ONE).encode_utf16()).flat_map(u16::to_le_bytes).collect();
    // Which of the two it is depends on a feature that other users of the XML reader may switch on.
    let error = read(&zip(&with(rows(ONE), entry(SHEET, wide))), "").unwrap_err();
    assert!([Fault::Xml, Fault::Structure].into_iter().any(|fault| error == damaged(SHEET, fault)), "{error}");
}

// ---- sheets ----

#[test]
fn empty_rows_cost_nothing() {
    let many: String = (1..=1_000_000).map(|n| format!("<row r=\"{n}\" hidden=\"1\"><c r=\"A{n}\" s=\"1\"/></row>")).collect();
    let reading = accepted(&rows(&format!("{ONE}{many}")));
    assert_eq!(reading.workbook.sheets[0].rows.len(), 1);
    assert_eq!(reading.workbook.sheets[0].rows[0].cells, [Cell::Number(1.0)]);
    assert_eq!(reading.notes.list, [Note::HiddenRows { sheet: "a".to_owned(), first: 1, count: 1_000_000 }]);
    refused(&rows("<row r=\"7\"><c r=\"A7\" s=\"1\"/><c t=\"inlineStr\"><is><t></t></is></c></row>"), &ReadError::Empty);
}

#[test]
fn what_a_sheet_says_of_its_size_is_not_believed() {
    let far = "<row r=\"1048576\"><c r=\"C1048576\"><v>1</v></c></row>";
    let sheet = worksheet(far).replace("<sheetData>", "<dimension ref=\"A1:XFD1048576\"/><sheetData>");
    let reading = accepted(&workbook(&sheet));
    let rows_read = &reading.workbook.sheets[0].rows;
    assert_eq!((rows_read.len(), rows_read[0].number, rows_read[0].cells.len()), (1, 1_048_576, 3));

    refused(&rows("<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>"), &too_much_at(Limit::Columns, 1_048_576, 16_383));
    for place in ["A1048577", "XFE1", "ZZZZZZZZZZ1", "A99999999999999999999", "A0", "1", "A", "", "B-1"] {
        refused(&rows(&format!("<row><c r=\"{place}\"><v>1</v></c></row>")), &damaged(SHEET, Fault::Structure));
    }
    refused(&rows("<row r=\"4294967296\"><c><v>1</v></c></row>"), &damaged(SHEET, Fault::Structure));
    refused(&rows("<row r=\"4294967295\"/><row><c><v>1</v></c></row>"), &damaged(SHEET, Fault::Structure));

    let counts = "<sst count=\"18446744073709551615\" uniqueCount=\"18446744073709551615\"><si><t>x</t></si></sst>";
    let styles = "<styleSheet><cellXfs count=\"4294967295\"><xf numFmtId=\"14\"/></cellXfs></styleSheet>";
    let text = "<row><c t=\"s\"><v>0</v></c></row>";
    assert_eq!(accepted(&with_tables(rows(text), counts, styles)).workbook.sheets[0].rows[0].cells, [Cell::from("x")]);
}

#[test]
fn rows_columns_and_cells_are_limited() {
    let row = |n: u64| format!("<row r=\"{n}\"><c><v>1</v></c></row>");
    let many = |count| (1..=count).map(row).collect::<String>();
    assert_eq!(accepted(&rows(&many(limits::ROWS))).workbook.sheets[0].rows.len() as u64, limits::ROWS);
    refused(&rows(&many(limits::ROWS + 1)), &too_much_at(Limit::Rows, limits::ROWS as u32 + 1, 0));

    let cells = |count: u64| format!("<row>{}</row>", "<c><v>1</v></c>".repeat(count as usize));
    assert_eq!(accepted(&rows(&cells(limits::COLUMNS))).workbook.sheets[0].rows[0].cells.len() as u64, limits::COLUMNS);
    refused(&rows(&cells(limits::COLUMNS + 1)), &too_much_at(Limit::Columns, 1, limits::COLUMNS as u32));

    // One value at the end of each row takes the whole row.
    let wide = |n: u64| format!("<row r=\"{n}\"><c r=\"SR{n}\"><v>1</v></c></row>");
    let last = limits::CELLS / limits::COLUMNS + 1;
    refused(&rows(&(1..=last).map(wide).collect::<String>()), &too_much_at(Limit::Cells, last as u32, limits::COLUMNS as u32 - 1));
}

#[test]
fn text_files_have_the_same_limits() {
    let place =
        |limit, row, column| ReadError::TooMuch { limit, part: String::new(), place: Some(Place { sheet: "t".to_owned(), row, column }) };
    let check = |text: String, error| assert_eq!(read(text.as_bytes(), "t.csv").unwrap_err(), error);
    check("1\n".repeat(limits::ROWS as usize + 1), place(Limit::Rows, limits::ROWS as u32 + 1, 0));
    check(format!("{}1\n", ",".repeat(limits::COLUMNS as usize)), place(Limit::Columns, 1, limits::COLUMNS as u32));
    check(format!("a\n{}\n", "甲".repeat(limits::CELL_CHARS as usize + 1)), place(Limit::CellChars, 2, 0));
    assert!(read("甲".repeat(limits::CELL_CHARS as usize).as_bytes(), "t").is_ok());
    let reading = read(format!("a\n{}b\n", "\n".repeat(1_000_000)).as_bytes(), "t").unwrap();
    assert_eq!(reading.workbook.sheets[0].rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 1_000_002]);
}

#[test]
fn texts_are_limited() {
    let text = |count: u64| format!("<row><c t=\"inlineStr\"><is><t>{}</t></is></c></row>", "甲".repeat(count as usize));
    accepted(&rows(&text(limits::CELL_CHARS)));
    refused(&rows(&text(limits::CELL_CHARS + 1)), &too_much_at(Limit::CellChars, 1, 0));
    let pieces = format!("<row><c t=\"inlineStr\"><is>{}</is></c></row>", "<r><t>甲甲甲甲甲甲甲甲</t></r>".repeat(300_000));
    refused(&rows(&pieces), &too_much_at(Limit::CellChars, 1, 0));

    // A long text used by many cells is small in the file and large in memory.
    let texts = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(limits::CELL_CHARS as usize));
    let uses: String = (1..=100_u32).map(|_| format!("<row>{}</row>", "<c t=\"s\"><v>0</v></c>".repeat(500))).collect();
    let fits = limits::TEXT_BYTES / limits::CELL_CHARS;
    refused(
        &with_tables(rows(&uses), &texts, "<styleSheet/>"),
        &too_much_at(Limit::TextBytes, (fits / 500) as u32 + 1, (fits % 500) as u32),
    );
}

#[test]
fn tables_of_texts_and_styles_are_limited() {
    let texts = format!("<sst>{}</sst>", "<si/>".repeat(limits::SHARED as usize + 1));
    refused(&with_tables(rows(ONE), &texts, "<styleSheet/>"), &too_much(Limit::Shared, TEXTS));
    let styles = format!("<styleSheet><cellXfs>{}</cellXfs></styleSheet>", "<xf/>".repeat(limits::SHARED as usize + 1));
    refused(&with_tables(rows(ONE), "<sst/>", &styles), &too_much(Limit::Shared, STYLES));
}

#[test]
fn sheets_and_their_names_are_limited() {
    let sheets = |count: u64| forge::outline("", &vec![("a", ""); count as usize]);
    refused(&with(rows(ONE), entry("xl/workbook.xml", sheets(limits::SHEETS + 1))), &too_much(Limit::Sheets, "xl/workbook.xml"));
    let name = "甲".repeat(256);
    refused(&with(rows(ONE), entry("xl/workbook.xml", forge::outline("", &[(&name, "")]))), &damaged("", Fault::Structure));
}

#[test]
fn wrong_types_are_refused_with_their_place() {
    let check =
        |cell: &str| refused(&rows(&format!("<row r=\"3\"><c r=\"B3\" {cell}</c></row>")), &ReadError::BadValue { place: at(3, 1) });
    check("t=\"n\"><v>abc</v>");
    check("><v>1e999</v>");
    check("><v>NaN</v>");
    check("><v>inf</v>");
    check("t=\"b\"><v>2</v>");
    check("t=\"s\"><v>0</v>");
    check("t=\"s\"><v>-1</v>");
    check("t=\"d\"><v>2026-02-30</v>");
    check("t=\"x\"><v>1</v>");
}

#[test]
fn formulas_give_what_was_last_computed() {
    let cells = "<row><c><f>1+1</f><v>2</v></c><c t=\"str\"><f>A1</f><v></v></c><c><f>SUM(A1)</f></c><c t=\"e\"><f>1/0</f><v>#DIV/0!</v></c>\
                 <c><f t=\"shared\" si=\"4294967295\"/><v>3</v></c><c><f t=\"shared\" ref=\"A1:XFD1048576\" si=\"999999999\">A1</f><v>4</v></c></row>";
    let reading = accepted(&rows(cells));
    let expected = [
        Cell::Number(2.0),
        Cell::Empty,
        Cell::Uncomputed("SUM(A1)".to_owned()),
        Cell::Error("#DIV/0!".to_owned()),
        Cell::Number(3.0),
        Cell::Number(4.0),
    ];
    assert_eq!(reading.workbook.sheets[0].rows[0].cells, expected);
    assert_eq!(reading.notes.list, [Note::Formulas { first: at(1, 0), count: 6 }]);
}

#[test]
fn odd_things_are_noted() {
    let merged = "<mergeCells><mergeCell ref=\"A1:C2\"/><mergeCell ref=\"XFD1048576:A1\"/><mergeCell ref=\"?\"/></mergeCells>";
    let sheet = worksheet("<row><c><v>123456789012345678</v></c></row>").replace("</worksheet>", &format!("{merged}</worksheet>"));
    let links = [("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "chartsheet", "x.xml")];
    let entries = with(workbook(&sheet), entry("xl/workbook.xml", forge::outline("", &[("a", "state=\"veryHidden\""), ("图", "")])));
    let entries = with(entries, entry("xl/_rels/workbook.xml.rels", relations(&links)));
    let entries = with(entries, entry("xl/externalLinks/externalLink1.xml", "<a/>"));
    let reading = accepted(&with(entries, entry("xl/vbaProject.bin", "a")));
    let expected = [
        Note::Macros,
        Note::ExternalLinks,
        Note::HiddenSheet { sheet: "a".to_owned() },
        Note::LongNumber { place: at(1, 0) },
        Note::Merged { place: at(1, 0), last_row: 2, last_column: 2 },
        Note::Merged { place: at(1_048_576, 16_383), last_row: 1, last_column: 0 },
        Note::SkippedSheet { sheet: "图".to_owned() },
    ];
    assert_eq!(reading.notes.list, expected);

    let many = format!("<mergeCells>{}</mergeCells>", "<mergeCell ref=\"A1:B2\"/>".repeat(500_000));
    let notes = accepted(&workbook(&worksheet(ONE).replace("</worksheet>", &format!("{many}</worksheet>")))).notes;
    assert_eq!((notes.list.len(), notes.more), (200, 499_800));
}

// ---- OpenDocument ----

#[test]
fn repetition_in_open_documents_is_limited() {
    let table = |rows: &str| open_document(&format!("<table:table table:name=\"a\">{rows}</table:table>"));
    let one = "<table:table-cell office:value-type=\"float\" office:value=\"1\"";
    let empty = "<table:table-row table:number-rows-repeated=\"1048570\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>";
    let reading = accepted(&table(&format!("{empty}<table:table-row>{one}/></table:table-row>{empty}")));
    assert_eq!(reading.workbook.sheets[0].rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1_048_571]);

    let rows = format!("<table:table-row table:number-rows-repeated=\"4294967295\">{one}/></table:table-row>");
    refused(&table(&rows), &too_much_at(Limit::Rows, limits::ROWS as u32 + 1, 0));
    let columns = format!("<table:table-row>{one} table:number-columns-repeated=\"4294967295\"/></table:table-row>");
    refused(&table(&columns), &too_much_at(Limit::Columns, 1, limits::COLUMNS as u32));
    let spaces = "<text:s text:c=\"4294967295\"/>".repeat(10_000);
    let text = format!(
        "<table:table-row><table:table-cell office:value-type=\"string\"><text:p>{spaces}</text:p></table:table-cell></table:table-row>"
    );
    refused(&table(&text), &too_much_at(Limit::CellChars, 1, 0));
    let wrong = "<table:table-row><table:table-cell office:value-type=\"float\" office:value=\"x\"/></table:table-row>";
    refused(&table(wrong), &ReadError::BadValue { place: at(1, 0) });
    let spans = "<table:table-row><table:table-cell table:number-columns-spanned=\"4294967295\" table:number-rows-spanned=\"0\"><text:p>x</text:p></table:table-cell></table:table-row>";
    let merged = Note::Merged { place: at(1, 0), last_row: 1, last_column: u32::MAX - 1 };
    assert_eq!(accepted(&table(spans)).notes.list, [merged]);
}

#[test]
fn open_documents_of_other_kinds_are_refused() {
    let manifest = "<m><f><manifest:encryption-data/></f></m>";
    refused(&with(open_document(""), entry("META-INF/manifest.xml", manifest)), &ReadError::Encrypted);
    let text = entry("content.xml", "<office:document-content><office:body><office:text/></office:body></office:document-content>");
    refused(&with(open_document(""), text), &ReadError::Unsupported { format: Foreign::OtherZip });
    refused(&open_document("<table:table table:name=\"a\"/>"), &ReadError::Empty);
}
