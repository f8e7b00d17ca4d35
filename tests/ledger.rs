//! Ledgers as values: how lines of files and people's edits go together, files that read back as the same, search.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests say what they expect")]

use std::collections::{BTreeMap, HashMap};

use proptest::prelude::*;
use serde_json::{Value, json};
use spotcheck::domain::change::{Change, ClockReading, Path};
use spotcheck::domain::equipment::CodeNotice;
use spotcheck::domain::id::{DeviceId, RecordId};
use spotcheck::domain::journal::{Journal, State};
use spotcheck::domain::time::{CivilDate, Instant};
use spotcheck::domain::uscc::UsccError;
use spotcheck::evidence::chain::make_entry;
use spotcheck::ledger::columns::{Columns, Table, cell_of};
use spotcheck::ledger::export::{Headers, Layout, Written};
use spotcheck::ledger::field::{Cell, fields};
use spotcheck::ledger::plan::{Preview, Tally, Target};
use spotcheck::ledger::query::Grouping;
use spotcheck::ledger::read::{RowOddity, RowProblem, read};
use spotcheck::ledger::row::{self, Fields, Row};
use spotcheck::ledger::{Card, Kind, Ledger, Position};

#[path = "common/ledger.rs"]
mod sample;

/// A journal to which writes are added.
struct Record {
    journal: Journal,
    state: State,
}

impl Record {
    fn new() -> Self {
        let journal = Journal::new(RecordId::make(1, &[7; 10]));
        Self { state: journal.fold(), journal }
    }

    fn write(&mut self, writes: &[(String, Value)]) {
        for (path, value) in writes {
            let head = self.journal.heads().into_values().next();
            let path = Path::parse(path).expect("a path");
            let change = Change {
                record: self.journal.record().clone(),
                device: DeviceId::parse("d0123456789abcdef").expect("well formed"),
                seq: head.map_or(1, |head| head.seq + 1),
                at: self.journal.latest().tick(Instant::from_ms(1)),
                by: String::new(),
                over: self.state.latest_at(&path),
                over_also: self.state.seen_beside(&path),
                path,
                value: value.clone(),
                prev: head.map(|head| head.hash),
                clock: ClockReading::default(),
                reason: None,
                extra: BTreeMap::new(),
            };
            self.journal.insert(make_entry(change)).expect("the same record");
            self.state = self.journal.fold();
        }
    }
}

#[derive(Clone, Debug)]
enum Act {
    Import(Fields),
    Edit(String, Value),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let path = || prop::sample::select(vec!["name", "place", "status", "inspections/periodic/date", "lat"]);
    let value = || prop_oneof![Just(Value::Null), Just(json!("")), "[a-c]{1,2}".prop_map(Value::from), (0..3).prop_map(Value::from)];
    let import = prop::collection::btree_map(path().prop_map(str::to_owned), value(), 0..4).prop_map(Act::Import);
    let edit = (path(), value()).prop_map(|(path, value)| Act::Edit(path.to_owned(), value));
    prop::collection::vec(prop_oneof![import, edit], 1..12)
}

fn says(value: &Value) -> bool {
    !value.is_null() && *value != json!("")
}

proptest! {
    /// Whatever files and people write in turn: what was said last of a field counts, and a file takes nothing away.
    #[test]
    fn the_last_word_counts(acts in acts()) {
        let mut record = Record::new();
        record.write(&row::begin(Kind::Equipment, &Fields::new()));
        let mut model: Fields = [("kind".to_owned(), json!("equipment"))].into();
        for act in acts {
            match &act {
                Act::Import(file) => {
                    let writes = row::import(&record.state, file);
                    let changes = row::compare(&Row::of(&record.state), file);
                    prop_assert_eq!(writes.is_empty(), changes.is_empty());
                    record.write(&writes);
                    model.extend(file.iter().filter(|(_, value)| says(value)).map(|(path, value)| (path.clone(), value.clone())));
                    prop_assert!(row::import(&record.state, file).is_empty(), "the same file again changes nothing");
                }
                Act::Edit(path, value) => {
                    record.write(&row::edit(&record.state, &[(path.as_str(), value.clone())]));
                    if says(value) { model.insert(path.clone(), value.clone()); } else { model.remove(path); }
                }
            }
            let counted = Row::of(&record.state);
            prop_assert_eq!(counted.fields(), &model);
            prop_assert_eq!(Kind::of(&record.state), Some(Kind::Equipment));
        }
    }

    /// Nothing in a file makes the reader panic, and every row that says something is a line, an error or passed over.
    #[test]
    fn any_table_is_read_or_refused(rows in prop::collection::vec(prop::collection::vec("\\PC{0,12}", 0..6), 0..8)) {
        let mut all = vec![vec!["设备代码".to_owned(), "使用单位名称".to_owned(), "检验日期".to_owned(), "纬度".to_owned()]];
        all.extend(rows);
        let table = Table::of_rows("表", &all);
        let columns = Columns::find(Kind::Equipment, &table).expect("headers");
        let reading = read(Kind::Equipment, &table, &columns, sample::vocabulary(), 2026);
        let below = table.rows.iter().filter(|row| row.number > columns.header_row).count();
        prop_assert!(reading.lines.len() + reading.bad_rows().len() + reading.repeated_headers <= below);
        let lines = reading.lines.len();
        let preview = Preview::of(reading, &Ledger::default());
        prop_assert!(preview.lines.len() + preview.repeated + preview.errors.len() >= lines);
    }
}

#[test]
fn an_edit_writes_only_what_it_changes_of_an_import() {
    let file = |next: &str| -> Fields {
        [("name".to_owned(), json!("1号梯")), ("safety_grade".to_owned(), json!(2)), ("printed_next".to_owned(), json!(next))].into()
    };
    let mut record = Record::new();
    record.write(&row::begin(Kind::Equipment, &file("2025-12")));
    let form = [("name", json!("2号梯")), ("safety_grade", json!(2.0)), ("printed_next", json!("2025-12")), ("place", Value::Null)];
    let writes = row::edit(&record.state, &form);
    assert_eq!(writes, [("name".to_owned(), json!("2号梯")), ("place".to_owned(), Value::Null)]);
    // An import that knew nothing of the edit.
    let mut base = file("2026-12");
    base.insert("kind".to_owned(), json!("equipment"));
    record.write(&writes);
    record.write(&[(row::BASE.to_owned(), json!(base))]);
    let row = Row::of(&record.state);
    assert_eq!((row.text("printed_next"), row.text("name")), ("2026-12", "2号梯"));
}

/// Values as records hold them, for a field.
fn value_for(kind: Kind, path: &str) -> BoxedStrategy<Value> {
    match cell_of(kind, path).expect("a field") {
        Cell::Text => "[示例甲乙丙丁A-Za-z0-9（）()，、]{1,12}".prop_map(Value::from).boxed(),
        Cell::Code | Cell::Uscc => "[0-9A-Z]{2,18}".prop_filter("no exponent", |code| !code.contains('E')).prop_map(Value::from).boxed(),
        Cell::Certificate => "[锅容梯]1[0-9]冀[A-Z][0-9]{4,5}\\([0-9]{2}\\)".prop_map(Value::from).boxed(),
        Cell::Date => (1950..2100i32, 1..13u32, 1..29u32).prop_map(|(y, m, d)| json!(format!("{y:04}-{m:02}-{d:02}"))).boxed(),
        Cell::Month => (1950..2100i32, 1..13u32).prop_map(|(y, m)| json!(format!("{y:04}-{m:02}"))).boxed(),
        Cell::Number(from, to) => {
            let (from, to) = (from.ceil() as i64, to.floor() as i64);
            prop_oneof![(from..=to).prop_map(|n| json!(n)), (from..to).prop_map(|n| json!(n as f64 + 0.25))].boxed()
        }
        Cell::YesNo => any::<bool>().prop_map(Value::from).boxed(),
        Cell::Choice(choices) => prop::sample::select(choices).prop_map(|choice| json!(choice.code)).boxed(),
        Cell::EquipmentKind => prop::sample::select(vec!["1000", "2000", "3000", "5000"]).prop_map(Value::from).boxed(),
        Cell::EquipmentType => prop::sample::select(vec!["3110", "2150", "4D10", "5110", "2100"]).prop_map(Value::from).boxed(),
    }
}

fn rows_of(kind: Kind) -> impl Strategy<Value = Vec<Fields>> {
    let paths: Vec<String> = fields(kind)
        .filter(|field| !field.path.starts_with("unit/") && field.path != "equipment_class")
        .flat_map(|field| {
            if field.path.contains("{n}") { vec![1, 2, 4] } else { vec![0] }
                .into_iter()
                .map(|n: u32| field.path.replace("{n}", &n.to_string()))
        })
        .collect();
    let all: Vec<_> = paths.iter().map(|path| prop::option::weighted(0.6, value_for(kind, path))).collect();
    let row =
        all.prop_map(move |values| paths.iter().cloned().zip(values).filter_map(|(path, value)| Some((path, value?))).collect::<Fields>());
    prop::collection::vec(row, 1..4)
}

/// What is exported reads back as the same.
fn round_trip(kind: Kind, mut rows: Vec<Fields>, language: Headers) {
    let id = |number: usize| format!("00000000-0000-7000-8000-{number:012}");
    let unit = Row::from_fields(
        [("kind".to_owned(), json!("unit")), ("name".to_owned(), json!("示例单位")), ("uscc".to_owned(), json!("91130227MA0TE5T088"))]
            .into(),
    );
    for (number, row) in rows.iter_mut().enumerate() {
        row.insert("kind".to_owned(), json!(kind.name()));
        let identity = match kind {
            Kind::Unit => "uscc",
            Kind::Equipment => "code",
            Kind::Instrument => "serial_no",
        };
        row.insert(identity.to_owned(), json!(format!("311010890{number:09}")));
        row.entry("name".to_owned()).or_insert(json!("示例"));
        if kind != Kind::Unit {
            row.insert("unit_id".to_owned(), json!(id(999)));
        }
    }
    let rows: Vec<Row> = rows.into_iter().map(Row::from_fields).collect();
    let layout = Layout::of(kind, rows.iter());
    let unit_of = if kind == Kind::Unit { None } else { Some(&unit) };
    let table = layout.table("表", language, rows.iter().map(|row| Written { row, unit: unit_of }), sample::vocabulary());
    let mut cards: Vec<Card> = rows.iter().enumerate().map(|(number, row)| Card::of_row(kind, &id(number), row)).collect();
    cards.push(Card::of_row(Kind::Unit, &id(999), &unit));
    let columns = Columns::find(kind, &table).expect("headers");
    assert_eq!(columns.paths.iter().flatten().count(), table.rows[0].cells.len(), "every column is known: {columns:?}");
    let reading = read(kind, &table, &columns, sample::vocabulary(), 2026);
    assert_eq!(reading.errors, []);
    let mut preview = Preview::of(reading, &Ledger::new(cards));
    let mut known: HashMap<String, Row> = rows.iter().enumerate().map(|(number, row)| (id(number), row.clone())).collect();
    known.insert(id(999), unit.clone());
    preview.compare(&known);
    let changes: Vec<_> =
        preview.lines.iter().flat_map(|line| &line.changes).chain(preview.units.iter().flat_map(|unit| &unit.changes)).collect();
    assert_eq!(changes, Vec::<&row::FieldChange>::new());
    assert_eq!((preview.errors.clone(), preview.tally()), (vec![], Tally { new: 0, changed: 0, same: rows.len() }));
    // And says all of it.
    for (line, row) in preview.lines.iter().zip(&rows) {
        for (path, value) in row.fields().iter().filter(|(path, _)| !["kind", "unit_id"].contains(&path.as_str())) {
            let read = line.fields.get(path);
            let nothing = read.is_none() && value.as_str().is_some_and(|text| text.chars().all(|c| !c.is_alphanumeric()));
            assert!(read == Some(value) || nothing, "{path}: {value} became {read:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn units_read_back_as_the_same(rows in rows_of(Kind::Unit), english in any::<bool>()) {
        round_trip(Kind::Unit, rows, if english { Headers::English } else { Headers::Chinese });
    }

    #[test]
    fn equipment_reads_back_as_the_same(rows in rows_of(Kind::Equipment), english in any::<bool>()) {
        round_trip(Kind::Equipment, rows, if english { Headers::English } else { Headers::Chinese });
    }

    #[test]
    fn instruments_read_back_as_the_same(rows in rows_of(Kind::Instrument), english in any::<bool>()) {
        round_trip(Kind::Instrument, rows, if english { Headers::English } else { Headers::Chinese });
    }
}

fn preview_of(kind: Kind, rows: &[&[&str]], ledger: &Ledger) -> Preview {
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect();
    let table = Table::of_rows("表", &rows);
    let columns = Columns::find(kind, &table).expect("headers");
    Preview::of(read(kind, &table, &columns, sample::vocabulary(), 2026), ledger)
}

fn problems(preview: &Preview) -> Vec<(u32, RowProblem)> {
    preview.errors.iter().map(|error| (error.place.row, error.problem.clone())).collect()
}

fn oddities(preview: &Preview) -> Vec<(u32, String, RowOddity)> {
    preview.warnings.iter().map(|warning| (warning.place.row, warning.place.column.clone(), warning.oddity.clone())).collect()
}

const HEAD: &[&str] =
    &["设备代码", "注册代码", "使用登记证编号", "出厂编号", "使用单位名称", "统一社会信用代码", "使用单位地址", "检验日期"];

#[test]
fn rows_are_known_by_what_tells_them_apart() {
    let unit = Row::from_fields([("name".to_owned(), json!("示例商场")), ("address".to_owned(), json!("建设路1号"))].into());
    let machine = |fields: &[(&str, &str)]| {
        let fields = fields.iter().map(|(path, text)| ((*path).to_owned(), json!(text))).chain([("unit_id".to_owned(), json!("u1"))]);
        Row::from_fields(fields.collect())
    };
    let ledger = Ledger::new(vec![
        Card::of_row(Kind::Unit, "u1", &unit),
        Card::of_row(Kind::Equipment, "e1", &machine(&[("code", "311010890202400001"), ("registration_code", "31103506002016053337")])),
        Card::of_row(Kind::Equipment, "e2", &machine(&[("cert_no", "梯11冀B00123（19）")])),
        Card::of_row(Kind::Equipment, "e3", &machine(&[("made_no", "M-1")])),
    ]);
    let preview = preview_of(
        Kind::Equipment,
        &[
            HEAD,
            &["3110 1089 0202 4000 01", "", "", "", "", "", "", ""],
            &["", "31103506002016053337", "", "x", "", "", "", ""],
            &["", "", "梯11冀B00123(19)", "", "示例商场", "", "", ""],
            &["", "", "", "M-1", "示例商场", "", "建设路1号", ""],
            &["", "", "", "M-1", "另一家", "", "", ""],
            &["311010890202400002", "31103506002016053337", "", "", "示例商场", "", "", ""],
        ],
        &ledger,
    );
    let targets: Vec<(u32, &Target)> = preview.lines.iter().map(|line| (line.row, &line.target)).collect();
    let known = |id: &str| Target::Known(id.to_owned());
    assert_eq!(targets, [(2, &known("e1")), (4, &known("e2")), (5, &known("e3")), (6, &Target::New)]);
    let other_code = RowProblem::OtherCode { found: "311010890202400002".to_owned(), known: "311010890202400001".to_owned() };
    assert_eq!(problems(&preview), [(3, RowProblem::ContradictsRow { row: 2 }), (7, other_code)], "all three are about e1");
    assert_eq!(preview.unit_tally(), Tally { new: 1, changed: 0, same: 1 });
}

const USCC: &str = "91130227MA0TE5T088";
const OTHER_USCC: &str = "91130227MA0TE5T096";

/// Rows that name units (name, credit code, address) against units of the ledger: what becomes of each.
#[track_caller]
fn check_units(known: &[[&str; 3]], rows: &[[&str; 3]], (new, changed, same): (usize, usize, usize), expected: &[(u32, RowProblem)]) {
    let fields = |of: &[&str; 3]| -> Fields {
        let pairs = ["name", "uscc", "address"].into_iter().zip(of);
        pairs.filter(|(_, text)| !text.is_empty()).map(|(path, text)| (path.to_owned(), json!(text))).collect()
    };
    let known: HashMap<String, Row> = known.iter().enumerate().map(|(at, of)| (format!("u{at}"), Row::from_fields(fields(of)))).collect();
    let ledger = Ledger::new(known.iter().map(|(id, row)| Card::of_row(Kind::Unit, id, row)).collect());
    let machines: Vec<String> = (0..rows.len()).map(|at| format!("31101089020240000{at}")).collect();
    let mut file = vec![HEAD.to_vec()];
    file.extend(rows.iter().zip(&machines).map(|([name, uscc, address], code)| vec![code.as_str(), "", "", "", name, uscc, address, ""]));
    let mut preview = preview_of(Kind::Equipment, &file.iter().map(Vec::as_slice).collect::<Vec<_>>(), &ledger);
    preview.compare(&known);
    assert_eq!((preview.unit_tally(), problems(&preview)), (Tally { new, changed, same }, expected.to_vec()));
}

#[test]
fn a_unit_is_one_with_and_without_its_code() {
    let (mall, named, coded) = (["示例商场", "", "建设路1号"], ["示例商场", "", ""], ["示例商场", USCC, "建设路1号"]);
    let (other, elsewhere) = (["示例商场", OTHER_USCC, "建设路1号"], ["示例商场", OTHER_USCC, "建设路2号"]);
    let only_coded = ["示例商场", USCC, ""];
    let problem = |row| [(row, RowProblem::OtherCode { found: OTHER_USCC.to_owned(), known: USCC.to_owned() })];
    let ambiguous = |row| [(row, RowProblem::AmbiguousUnit { units: 2 })];
    check_units(&[mall], &[coded], (0, 1, 0), &[]);
    check_units(&[mall], &[mall, coded, mall], (0, 1, 0), &[]);
    check_units(&[mall], &[only_coded, named], (0, 1, 0), &[]);
    check_units(&[named], &[coded, named, mall], (0, 1, 0), &[]);
    check_units(&[], &[mall, coded, mall], (1, 0, 0), &[]);
    check_units(&[], &[coded, named, mall], (1, 0, 0), &[]);
    check_units(&[coded], &[coded, mall, named], (0, 0, 1), &[]);
    check_units(&[coded], &[other], (0, 0, 0), &problem(2));
    check_units(&[mall], &[coded, other], (0, 1, 0), &problem(3));
    check_units(&[], &[mall, coded, other], (1, 0, 0), &problem(4));
    check_units(&[coded], &[elsewhere], (1, 0, 0), &[]);
    check_units(&[coded], &[elsewhere, named], (1, 0, 0), &ambiguous(3));
    check_units(&[coded, elsewhere], &[named], (0, 0, 0), &ambiguous(2));
    check_units(&[], &[named, coded, elsewhere], (2, 0, 0), &ambiguous(2));
    // Two of one name, and a code that neither has: taken for a third.
    check_units(&[mall, ["示例商场", "", "建设路3号"]], &[only_coded], (1, 0, 0), &[]);
    // Brackets and letters are as wide as whoever wrote them liked.
    let (wide, narrow) = (["示例商场（Ａ座）", "", "建设路1号（东）"], ["示例商场(A座)", "", "建设路1号 (东)"]);
    check_units(&[wide], &[narrow, narrow], (0, 1, 0), &[]);
    check_units(&[wide], &[["示例商场(a座)", USCC, ""]], (0, 1, 0), &[]);
    // At another address it may be another one, or the same: a person is asked to look, unless their codes differ.
    let odd = |known: &[&str; 3], row: &[&str; 3]| -> Vec<RowOddity> {
        let pairs = ["name", "uscc", "address"].into_iter().zip(known).filter(|(_, text)| !text.is_empty());
        let fields = pairs.map(|(path, text)| (path.to_owned(), json!(text))).collect();
        let ledger = Ledger::new(vec![Card::of_row(Kind::Unit, "u1", &Row::from_fields(fields))]);
        let head: &[&str] = &["单位名称", "统一社会信用代码", "注册号", "地址"];
        let preview = preview_of(Kind::Unit, &[head, &coded_row(row)], &ledger);
        assert_eq!(preview.tally(), Tally { new: 1, changed: 0, same: 0 });
        oddities(&preview).into_iter().map(|(_, _, odd)| odd).filter(|odd| matches!(odd, RowOddity::OtherHasNumber { .. })).collect()
    };
    assert_eq!(odd(&mall, &["示例商场", "", "建设路2号"]), [RowOddity::OtherHasNumber { record: "u1".to_owned() }]);
    assert_eq!(odd(&coded, &elsewhere), []);
    // The number of registration from before, which files put into the one column or the other.
    let unit = |fields: &[(&str, &str)]| Row::from_fields(fields.iter().map(|(path, text)| ((*path).to_owned(), json!(text))).collect());
    let ledger = |fields: &[(&str, &str)]| Ledger::new(vec![Card::of_row(Kind::Unit, "u1", &unit(fields))]);
    let head: &[&str] = &["单位名称", "统一社会信用代码", "注册号", "地址"];
    for (known, row) in [
        (&[("name", "示例商场"), ("legacy_no", "130227600123456")][..], ["示例商场新店", USCC, "130227600123456", ""]),
        (&[("name", "示例商场"), ("legacy_no", "130227600123456")], ["示例商场新店", "130227600123456", "", ""]),
        (&[("name", "示例商场"), ("uscc", "130227600123456")], ["示例商场新店", "", "130227600123456", ""]),
        (&[("name", "示例商场"), ("address", "建设路1号")], coded_row(&coded)),
    ] {
        let preview = preview_of(Kind::Unit, &[head, &row], &ledger(known));
        assert_eq!(preview.lines.first().map(|line| &line.target), Some(&Target::Known("u1".to_owned())), "{known:?} {row:?}");
    }
}

fn coded_row<'a>([name, uscc, address]: &[&'a str; 3]) -> [&'a str; 4] {
    [name, uscc, "", address]
}

/// Equipment of one unit, as `path=value` pairs: lines of the ledger, rows of a file, and for each row in turn the number of
/// the line, `new` (`new?` when a person is asked to look) or what is wrong.
#[track_caller]
fn check_machines(known: &[&str], rows: &[&str], expected: &[&str]) {
    const COLUMNS: [(&str, &str); 8] = [
        ("code", "设备代码"),
        ("registration_code", "注册代码"),
        ("cert_no", "使用登记证编号"),
        ("made_no", "出厂编号"),
        ("internal_no", "单位内编号"),
        ("name", "设备名称"),
        ("equipment_kind", "设备种类"),
        ("place", "使用地点"),
    ];
    let pairs = |of: &str| -> Vec<(String, String)> {
        of.split(' ').filter_map(|pair| pair.split_once('=')).map(|(path, text)| (path.to_owned(), text.to_owned())).collect()
    };
    let unit = Row::from_fields([("name".to_owned(), json!("示例商场"))].into());
    let machine = |(at, of): (usize, &&str)| {
        let fields = pairs(of).into_iter().map(|(path, text)| (path, json!(text))).chain([("unit_id".to_owned(), json!("unit"))]);
        Card::of_row(Kind::Equipment, &at.to_string(), &Row::from_fields(fields.collect()))
    };
    let mut cards: Vec<Card> = known.iter().enumerate().map(machine).collect();
    cards.push(Card::of_row(Kind::Unit, "unit", &unit));
    let cells = |of: &&str| -> Vec<String> {
        let pairs = pairs(of);
        let own =
            COLUMNS.iter().map(|(path, _)| pairs.iter().find(|(own, _)| own == path).map(|(_, text)| text.clone()).unwrap_or_default());
        own.chain(["示例商场".to_owned()]).collect()
    };
    let head: Vec<String> = COLUMNS.iter().map(|(_, header)| (*header).to_owned()).chain(["使用单位名称".to_owned()]).collect();
    // Cards come in any order.
    for turn in 0..2 {
        if turn == 1 {
            cards.reverse();
        }
        let table = Table::of_rows("表", &[vec![head.clone()], rows.iter().map(cells).collect()].concat());
        let columns = Columns::find(Kind::Equipment, &table).expect("headers");
        assert_eq!(columns.paths.iter().flatten().count(), head.len(), "{columns:?}");
        let preview = Preview::of(read(Kind::Equipment, &table, &columns, sample::vocabulary(), 2026), &Ledger::new(cards.clone()));
        let of_row = |row: u32| -> String {
            if let Some(line) = preview.lines.iter().find(|line| line.row == row) {
                let asked = oddities(&preview).iter().any(|(of, _, odd)| *of == row && matches!(odd, RowOddity::OtherHasNumber { .. }));
                return match &line.target {
                    Target::Known(id) => id.clone(),
                    Target::New => if asked { "new?" } else { "new" }.to_owned(),
                };
            }
            match problems(&preview).into_iter().find(|(of, _)| *of == row).map(|(_, problem)| problem) {
                Some(RowProblem::OtherCode { found, known }) => format!("{found}≠{known}"),
                Some(RowProblem::SeveralFit { lines }) => format!("several {lines}"),
                Some(RowProblem::ContradictsRow { row }) => format!("as row {row}"),
                Some(other) => format!("{other:?}"),
                None => "repeated".to_owned(),
            }
        };
        let found: Vec<String> = (2..).take(rows.len()).map(of_row).collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn a_machine_is_one_with_and_without_its_code() {
    let cert = "cert_no=梯11冀B00123(19)";
    let with = |more: &str| format!("{cert} {more}");
    // What is known by a weaker number gains the stronger one.
    check_machines(&[cert], &[&with("code=31A")], &["0"]);
    check_machines(&["registration_code=R1"], &["code=31A registration_code=R1"], &["0"]);
    check_machines(&["made_no=M1"], &["code=31A made_no=M1"], &["0"]);
    check_machines(&["internal_no=1# equipment_kind=电梯"], &["code=31A internal_no=1#"], &["0"]);
    check_machines(&["name=1号客梯"], &["code=31A name=1号客梯", "code=31B name=2号客梯"], &["0", "new"]);
    check_machines(&["name=1号客梯"], &["name=1号客梯 place=东侧"], &["0"]);
    check_machines(&["code=31A name=1号客梯"], &["name=1号客梯 place=东侧"], &["0"]);
    check_machines(&["internal_no=１＃ equipment_kind=电梯"], &["code=31A internal_no=1#"], &["0"]);
    check_machines(&["code=31103506002016053337"], &["code=31A registration_code=31103506002016053337"], &["0"]);
    check_machines(&["code=31A registration_code=31103506002016053337"], &["code=31103506002016053337"], &["0"]);
    // A stronger number that differs decides.
    check_machines(&[&with("code=31A")], &[&with("code=31B")], &["31B≠31A"]);
    check_machines(&[&with("registration_code=R1")], &[&with("registration_code=R2")], &["R2≠R1"]);
    check_machines(&["code=31A made_no=M1"], &["code=31B made_no=M1"], &["new"]);
    check_machines(&["code=31A name=客梯"], &["code=31B name=客梯"], &["new"]);
    check_machines(&["cert_no=梯11冀B00123(19) name=客梯"], &["cert_no=梯11冀B00124(19) name=客梯"], &["new"]);
    // The strongest number is believed, whatever else changed.
    check_machines(&["code=31A cert_no=梯11冀B00123(19)"], &["code=31A cert_no=梯11冀B00124(19) name=客梯"], &["0"]);
    // Nothing is picked of several.
    check_machines(&[cert, &with("name=客梯")], &[&with("code=31A")], &["several 2"]);
    check_machines(&["name=客梯 place=东侧", "name=客梯 place=西侧"], &["name=客梯 place=东侧"], &["several 2"]);
    check_machines(&["name=客梯 place=东侧", "name=客梯 place=西侧"], &["code=31A name=客梯"], &["new?"]);
    check_machines(&["name=客梯"], &["code=31A name=客梯", "code=31B name=客梯"], &["new?", "new?"]);
    check_machines(&["name=客梯 code=31A", "name=客梯 code=31B"], &["code=31B name=客梯", "name=客梯"], &["1", "several 2"]);
    // Boilers and lifts are numbered apart.
    check_machines(&["internal_no=1# type_code=1100"], &["internal_no=1# equipment_kind=电梯"], &["new"]);
    check_machines(&["internal_no=1# type_code=1100", "internal_no=1# type_code=3110"], &["internal_no=1# equipment_kind=电梯"], &["1"]);
    // A name alone begins nothing.
    check_machines(&[], &["name=客梯"], &["NoIdentity"]);
}

#[test]
fn rows_of_one_file_about_one_machine_are_named() {
    let cert = "cert_no=梯11冀B00123(19)";
    let with = |more: &str| format!("{cert} {more}");
    check_machines(&[], &[cert, &with("code=31A"), cert], &["as row 3", "new", "as row 3"]);
    check_machines(&[cert], &[cert, &with("code=31A")], &["as row 3", "0"]);
    check_machines(&[], &[&with("code=31A"), &with("code=31B")], &["new", "31B≠31A"]);
    check_machines(&[cert], &[&with("code=31A"), &with("code=31B")], &["0", "31B≠31A"]);
    check_machines(&[], &["code=31A made_no=M1", "made_no=M1"], &["new", "as row 2"]);
    check_machines(&[], &["code=31A made_no=M1", "code=31B made_no=M1", "made_no=M1"], &["new", "new", "several 2"]);
    check_machines(&[], &["code=31A name=客梯", "cert_no=梯11冀B00123(19) name=客梯"], &["new", "new"]);
    check_machines(&[], &["code=31A name=客梯", "name=客梯"], &["new", "as row 2"]);
    check_machines(&["code=31A registration_code=R1"], &["registration_code=R1", "code=31A"], &["as row 3", "0"]);
    check_machines(&[], &["internal_no=1# name=甲", "internal_no=1# name=甲"], &["new", "repeated"]);
}

#[test]
fn one_certificate_may_cover_the_pipelines_of_a_unit() {
    let cert = "equipment_kind=压力管道 cert_no=管10冀B00123(19)";
    let with = |more: &str| format!("{cert} {more}");
    check_machines(&[], &[&with("code=81A"), &with("code=81B"), &with("internal_no=G3"), &with("internal_no=G4")], &["new"; 4]);
    let known = [with("code=81A").replace("equipment_kind=压力管道", "type_code=8300")];
    check_machines(&[&known[0]], &[&with("code=81B"), &with("code=81A")], &["new", "0"]);
}

#[test]
fn equipment_known_by_its_certificate_gains_a_code() {
    let unit = Row::from_fields([("name".to_owned(), json!("示例商场"))].into());
    let fields = [("cert_no", "梯11冀B00123(19)"), ("unit_id", "u1")].map(|(path, text)| (path.to_owned(), json!(text)));
    let machine = Row::from_fields(fields.into());
    let ledger = Ledger::new(vec![Card::of_row(Kind::Unit, "u1", &unit), Card::of_row(Kind::Equipment, "e1", &machine)]);
    let row: &[&str] = &["311010890202400001", "", "梯11冀B00123(19)", "", "示例商场", "", "", ""];
    let mut preview = preview_of(Kind::Equipment, &[HEAD, row], &ledger);
    preview.compare(&[("e1".to_owned(), machine), ("u1".to_owned(), unit)].into());
    let changed: Vec<&str> = preview.lines.iter().flat_map(|line| &line.changes).map(|change| change.path.as_str()).collect();
    assert_eq!((preview.tally(), changed), (Tally { new: 0, changed: 1, same: 0 }, vec!["code"]));
}

#[test]
fn what_can_not_be_taken_is_named() {
    let units = [("u1", "建设路1号"), ("u2", "建设路2号")].map(|(id, address)| {
        let row = Row::from_fields([("name".to_owned(), json!("示例超市")), ("address".to_owned(), json!(address))].into());
        Card::of_row(Kind::Unit, id, &row)
    });
    let preview = preview_of(
        Kind::Equipment,
        &[
            HEAD,
            &["", "", "", "", "示例商场", "", "", ""],
            &["311010890202400001", "", "", "", "", "", "", ""],
            &["311010890202400002", "", "", "", "示例超市", "", "", ""],
            &["311010890202400003", "", "", "", "示例超市", "", "建设路2号", "昨天"],
            &["311010890202400004", "", "", "", "示例超市", "", "建设路2号", "2024-05-01"],
            HEAD,
            &["311010890202400004", "", "", "", "示例超市", "", "建设路2号", "2024-05-01"],
            &["311010890202400004", "", "", "", "示例超市", "", "建设路2号", "2025-05-01"],
            &["3.1101E+17", "", "", "", "示例超市", "", "建设路2号", ""],
        ],
        &Ledger::new(units.into()),
    );
    use spotcheck::ledger::cell::Problem;
    assert_eq!(
        problems(&preview),
        [
            (2, RowProblem::NoIdentity),
            (3, RowProblem::NoUnit),
            (4, RowProblem::AmbiguousUnit { units: 2 }),
            (5, RowProblem::Cell(Problem::NotADate)),
            (9, RowProblem::ContradictsRow { row: 6 }),
            (10, RowProblem::Cell(Problem::LostDigits)),
        ]
    );
    let place = &preview.errors[3].place;
    assert_eq!((place.column.as_str(), place.header.as_str(), place.value.as_str()), ("H", "检验日期", "昨天"));
    assert_eq!((preview.lines.len(), preview.repeated), (1, 1));
}

#[test]
fn what_is_odd_is_told_and_taken() {
    let preview = preview_of(
        Kind::Equipment,
        &[
            &["设备代码", "设备种类", "使用登记证编号", "使用单位名称", "统一社会信用代码", "检验日期", "联系电话"],
            &["31101", "电梯", "梯11", "示例商场", "91130227MA0ABCD12X", "1949-01-01", "1"],
            &["215010890201500098", "电梯", "", "示例商场", "91130227MA0ABCD12X", "", "2"],
        ],
        &Ledger::default(),
    );
    assert_eq!(problems(&preview), []);
    let found = oddities(&preview);
    let expected = [
        (2, "E", RowOddity::Uscc(UsccError::Check { expected: 'Y' })),
        (2, "F", RowOddity::Year),
        (2, "A", RowOddity::Code(CodeNotice::Length { found: 5 })),
        (2, "C", RowOddity::Certificate(spotcheck::domain::equipment::CertificateNotice::Form)),
        (3, "E", RowOddity::Uscc(UsccError::Check { expected: 'Y' })),
        (3, "A", RowOddity::Code(CodeNotice::Kind { found: '2' })),
        (3, "", RowOddity::UnitDiffers { row: 2, value: "1".to_owned() }),
    ];
    assert_eq!(found, expected.map(|(row, column, oddity)| (row, column.to_owned(), oddity)));
    assert_eq!((preview.lines.len(), preview.units.len()), (2, 1));
}

#[test]
fn kinds_and_types_become_codes() {
    let preview = preview_of(
        Kind::Equipment,
        &[
            &["设备代码", "设备种类", "设备类别", "设备品种", "使用单位名称"],
            &["311010890202400001", "", "", "", "甲"],
            &["311010890202400002", "电梯", "曳引与强制驱动电梯", "", "甲"],
            &["311010890202400003", "电梯", "", "杂物电梯", "甲"],
            &["311010890202400004", "电梯", "", "云梯", "甲"],
        ],
        &Ledger::default(),
    );
    let text = |fields: &Fields, path: &str| fields.get(path).and_then(Value::as_str).unwrap_or("-").to_owned();
    let types: Vec<_> = preview
        .lines
        .iter()
        .map(|line| [&line.fields, &line.derived].map(|fields| (text(fields, "type_code"), text(fields, "equipment_kind"))))
        .collect();
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(types[0], [pair("-", "-"), pair("3110", "3000")]);
    assert_eq!(types[1], [pair("3100", "3000"), pair("-", "-")]);
    assert_eq!(types[2], [pair("3430", "3000"), pair("-", "-")]);
    assert_eq!(types[3], [pair("-", "3000"), pair("3110", "-")], "the name is kept, the code follows from the equipment code");
    assert_eq!(text(&preview.lines[3].fields, "type_name"), "云梯");
}

fn people() -> Ledger {
    let unit = |id: &str, name: &str, address: &str, contact: &str| {
        let fields = [("name", name), ("address", address), ("contact", contact), ("uscc", "91130227MA0TE5T088")];
        Card::of_row(Kind::Unit, id, &Row::from_fields(fields.map(|(path, text)| (path.to_owned(), json!(text))).into()))
    };
    let machine = |id: &str, fields: &[(&str, &str)]| {
        let fields = fields.iter().map(|(path, text)| ((*path).to_owned(), json!(text)));
        Card::of_row(Kind::Equipment, id, &Row::from_fields(fields.collect()))
    };
    Ledger::new(vec![
        machine(
            "m1",
            &[("name", "1号客梯"), ("code", "31101089020240001"), ("cert_no", "梯11冀B00123(19)"), ("unit_id", "u1"), ("place", "东侧")],
        ),
        unit("u1", "重庆百货示例店", "长河镇绿源路1号", "单示例"),
        unit("u2", "示例（长城）商场", "城关镇", ""),
        unit("u3", "演示市场", "重庆路9号", ""),
        machine("m2", &[("name", "蒸汽锅炉"), ("code", "1100"), ("unit_id", "u2"), ("registration_code", "31103506002016053337")]),
    ])
}

#[track_caller]
fn check_search(query: &str, expected: &[&str]) {
    let ledger = people();
    let found: Vec<String> = ledger.search(query, |_| true, 10).cards.iter().map(|card| card.id.clone()).collect();
    assert_eq!(found, expected, "{query}");
}

#[test]
fn finds_by_name_pinyin_initials_and_codes() {
    for query in ["重庆百货", "chongqingbaihuo", "zhongqingbaihuo", "cqbh", "zqbh", "chqbh", "重qing百h", "chongqingb", "CQBH", "ＣＱＢＨ"]
    {
        check_search(query, &["u1", "m1"]);
    }
    check_search("chong", &["u1", "m1", "u3"]);
    check_search("31101089020240001", &["m1"]);
    check_search("31101089", &["m1"]);
    check_search("3110", &["m1", "m2"]);
    check_search("梯11冀b00123（19）", &["m1"]);
    check_search("016053337", &["m2"]);
    check_search("1hkt", &["m1"]);
    check_search("1号 cqbh", &["m1", "u1"]);
    check_search("lvyuan", &["u1"]);
    check_search("luyuan", &["u1"]);
    check_search("shanshili", &["u1"]);
    check_search("danshili", &["u1"]);
    check_search("slccsc", &["u2", "m2"]);
    check_search("slsc", &[]);
    check_search("不存在", &[]);
    check_search("91130227", &["u3", "u1", "u2"]);
    check_search("城关", &["u2"]);
}

#[test]
fn the_better_hit_comes_first() {
    // By name before by address, by text before by pinyin.
    check_search("重庆", &["u1", "m1", "u3"]);
    check_search("yanshi", &["u3"]);
    check_search("shili", &["u2", "u1", "m1", "m2"]);
    assert_eq!(people().search("", |card| card.kind() == Some(Kind::Unit), 2).total, 3);
    let first = |query: &str| people().search(query, |_| true, 1).cards[0].id.clone();
    assert_eq!(first("1100"), "m2", "the whole code");
    assert_eq!(people().search("shili", |_| true, 1).total, 4, "the others are counted");
}

#[test]
fn a_card_that_changes_is_found_as_it_is_now() {
    let mut ledger = people();
    for round in 0..60 {
        let name = format!("新店{round}");
        let row = Row::from_fields([("name".to_owned(), json!(name))].into());
        ledger.put(Card::of_row(Kind::Unit, "u1", &row));
        assert_eq!(ledger.search(&name, |_| true, 9).cards.iter().map(|card| card.id.as_str()).collect::<Vec<_>>(), ["u1", "m1"]);
        assert_eq!(ledger.search("cqbh", |_| true, 9).total, 0, "the old name is gone");
    }
    assert_eq!(
        (ledger.cards().len(), ledger.unit_of(ledger.get("m1").expect("there")).map(|unit| unit.title.as_str())),
        (5, Some("新店59"))
    );
}

#[test]
fn hostile_queries_end() {
    let row = Row::from_fields([("name".to_owned(), json!("安".repeat(400)))].into());
    let ledger = Ledger::new(vec![Card::of_row(Kind::Unit, "u", &row)]);
    assert_eq!(ledger.search(&"a".repeat(10_000), |_| true, 9).total, 1);
    assert_eq!(ledger.search(&"anaaanananaaannnanaanan".repeat(50), |_| true, 9).total, 0, "nothing is read nnn");
    assert_eq!(ledger.search(&"x ".repeat(10_000), |_| true, 9).total, 0);
}

#[test]
fn what_is_near_comes_first() {
    let here = Position::new(40.0, 118.0).expect("a place");
    let there = Position::new(40.0, 118.01).expect("a place");
    assert!((here.distance_m(there) - 851.8).abs() < 2.0, "{}", here.distance_m(there));
    assert_eq!(Position::new(91.0, 0.0), None);
    let at = |id: &str, kind: Kind, lat: Option<f64>, unit: &str| {
        let mut fields: Fields = [("name".to_owned(), json!(id)), ("unit_id".to_owned(), json!(unit))].into();
        if let Some(lat) = lat {
            fields.extend([("lat".to_owned(), json!(lat)), ("lon".to_owned(), json!(118))]);
        }
        Card::of_row(kind, id, &Row::from_fields(fields))
    };
    let ledger = Ledger::new(vec![
        at("far", Kind::Unit, Some(40.5), ""),
        at("near", Kind::Unit, Some(40.001), ""),
        at("of near", Kind::Equipment, None, "near"),
        at("nowhere", Kind::Equipment, None, ""),
    ]);
    let ids = |within_m: f64| ledger.near(here, within_m, |_| true, 9).iter().map(|(_, card)| card.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(1_000.0), ["near", "of near"]);
    assert_eq!(ids(1e9), ["near", "of near", "far"]);
}

#[test]
fn questions_to_the_ledger() {
    let mut cards = sample::cards(12);
    for card in &mut cards {
        if card.id.ends_with("000000000000") || card.id.ends_with("000000000001") {
            card.inspector.clear();
        }
    }
    let ledger = Ledger::new(cards);
    let unit = ledger.of_kind(Kind::Unit).next().expect("one").id.clone();
    assert_eq!(ledger.of_unit(&unit).len(), 4);
    assert_eq!(ledger.of_unit("").len(), 0);
    assert_eq!(ledger.without_inspector(Kind::Unit).len(), 2);
    assert_eq!(ledger.without_inspector(Kind::Equipment).len(), 2, "no inspector of its own nor of its unit");
    assert_eq!(ledger.equipment_counts().values().map(|count| count.total).sum::<usize>(), 12);
    assert_eq!(ledger.counts()[&Kind::Unit].total, 3);

    let due = |card: &Card| vec![(card.printed_next.clone(), ())];
    let list = ledger.due_list(|card| card.printed_next.as_str() <= "2027-12", due);
    assert_eq!(list.len(), 12);
    assert!(list.is_sorted_by_key(|dated| &dated.month));
    for by in [Grouping::Month, Grouping::Unit, Grouping::Inspector] {
        let groups = ledger.grouped(&list, by);
        assert_eq!(groups.iter().map(|group| group.items.len()).sum::<usize>(), 12, "{by:?}");
        assert!(groups.is_sorted_by_key(|group| group.label.clone()));
    }
    assert_eq!(ledger.grouped(&list, Grouping::Unit).len(), 3);

    let last = CivilDate::parse("2099-01-01").expect("a date");
    let expiring = ledger.expiring(last);
    assert_eq!(expiring.len(), 3);
    assert!(expiring.is_sorted_by_key(|one| &one.expiry.on));
    let first = CivilDate::parse(&expiring[0].expiry.on).expect("a date");
    assert!(!ledger.expiring(first).is_empty() && ledger.expiring(first.plus_months(-1)).is_empty());
}

#[test]
fn cards_are_kept_as_they_are() {
    for card in sample::cards(40) {
        assert_eq!(Card::read(&card.key(), &card.to_bytes()), Some(card));
    }
    for (key, bytes) in [("unit", "{}"), ("unit/1", "nonsense"), ("inspection/1", "{}")] {
        assert_eq!(Card::read(key, bytes.as_bytes()), None, "{key}");
    }
}

#[test]
fn instruments_of_different_kinds_may_have_one_serial_number() {
    let unit = Row::from_fields(
        [("kind".to_owned(), json!("unit")), ("name".to_owned(), json!("示例单位")), ("uscc".to_owned(), json!("91130227MA0TE5T088"))]
            .into(),
    );
    let gauge = Row::from_fields(
        [("kind", "instrument"), ("name", "压力表"), ("instrument_kind", "压力表"), ("serial_no", "001"), ("unit_id", "u1")]
            .map(|(path, text)| (path.to_owned(), json!(text)))
            .into(),
    );
    let ledger = Ledger::new(vec![Card::of_row(Kind::Unit, "u1", &unit), Card::of_row(Kind::Instrument, "g1", &gauge)]);
    let head: &[&str] = &["器具名称", "器具种类", "出厂编号", "使用单位", "统一社会信用代码"];
    let row = |name: &'static str, kind: &'static str| [name, kind, "001", "示例单位", "91130227MA0TE5T088"];
    let (scale, same, unknown) = (row("电子秤", "电子秤"), row("压力表", "压力表"), row("压力表", ""));
    for (rows, expected) in [
        (vec![scale], Tally { new: 1, changed: 0, same: 0 }),
        (vec![same], Tally { new: 0, changed: 0, same: 1 }),
        (vec![unknown], Tally { new: 0, changed: 0, same: 1 }),
        (vec![scale, same], Tally { new: 1, changed: 0, same: 1 }),
    ] {
        let all: Vec<&[&str]> = std::iter::once(head).chain(rows.iter().map(<[&str; 5]>::as_slice)).collect();
        let mut preview = preview_of(Kind::Instrument, &all, &ledger);
        preview.compare(&HashMap::from([("u1".to_owned(), unit.clone()), ("g1".to_owned(), gauge.clone())]));
        assert_eq!((problems(&preview), preview.tally()), (vec![], expected), "{rows:?}");
    }
}
