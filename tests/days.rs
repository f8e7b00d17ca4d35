//! Holiday tables of a bureau's own: read from rows, counted year by year before the shipped ones, given up again; and
//! own editions of rules that the app has overtaken.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, reason = "tests say what they expect")]

use futures::executor::block_on;
use proptest::prelude::*;
use serde_json::{Value, json};
use spotcheck::app::assign::days::{Column, DayProblem, DaysTable, Notice, TableError};
use spotcheck::app::assign::edition::{HOLIDAYS, There, digest, in_force, overtaken, years};
use spotcheck::app::assign::file::{ContentFile, FileError};
use spotcheck::app::workspace::Workspace;
use spotcheck::domain::change::ClockReading;
use spotcheck::domain::library::Holding;
use spotcheck::domain::time::CivilDate;
use spotcheck::ledger::columns::{Table, TableRow};
use spotcheck::port::memory::{FixedClock, FixedRandom, MemoryShelf};
use spotcheck::port::twin::Twin;
use spotcheck::rules::{Calendar, RuleError};

fn day(text: &str) -> CivilDate {
    CivilDate::parse(text).unwrap()
}

fn shipped(name: &str) -> Value {
    let bytes = std::fs::read(format!("{}/public/content/rules/{name}.json", env!("CARGO_MANIFEST_DIR"))).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

/// A sheet whose rows are lines with commas, the first one in row 1.
fn sheet(lines: &[&str]) -> Table {
    let row = |(number, line): (u32, &&str)| TableRow { number, cells: line.split(',').map(str::to_owned).collect() };
    Table { sheet: String::new(), rows: (1..).zip(lines).map(row).collect() }
}

fn read(lines: &[&str]) -> DaysTable {
    DaysTable::read(&[sheet(lines)]).unwrap()
}

fn notice() -> Notice {
    Notice { source: "示例通知".to_owned(), published_on: Some(day("2026-11-01")), compared: true }
}

fn file_of(lines: &[&str]) -> ContentFile {
    let value = read(lines).to_file(&notice(), Some(&shipped("holidays"))).unwrap();
    ContentFile::read(value.to_string().as_bytes()).unwrap()
}

const NEXT_YEAR: [&str; 6] = [
    "日期,类型,名称",
    "2027-01-01,放假,元旦",
    "2027/2/5至2027/2/11,放假,春节",
    "2027年2月12日,放假,春节",
    "2027-01-31,上班,春节",
    "2027-05-01~2027-05-05,休,本县文化节",
];

#[test]
fn rows_become_a_file_of_the_shipped_format() {
    let table = read(&NEXT_YEAR);
    assert_eq!((&table.errors, table.counts()), (&Vec::new(), (14, 1)));
    let file = table.to_file(&notice(), Some(&shipped("holidays"))).unwrap();
    let year = &file["years"][0];
    assert_eq!((&year["year"], &year["source"], &year["checked"]), (&json!(2027), &json!("示例通知"), &json!("source")));
    let spring = json!({"from": "2027-02-05", "to": "2027-02-12", "zh": "春节", "en": "Spring Festival"});
    assert_eq!(year["days_off"][1], spring, "days that follow each other are one period, with the English name that is known");
    assert_eq!(year["days_off"][2]["en"], json!("本县文化节"));
    let calendar = Calendar::read(file.to_string().as_bytes()).unwrap();
    for (date, working) in [("2027-02-12", false), ("2027-01-31", true), ("2027-02-15", true), ("2027-02-13", false)] {
        assert_eq!((calendar.is_working_day(day(date)).working, date), (working, date));
    }
    let doubtful = Notice { compared: false, ..notice() };
    assert_eq!(table.to_file(&doubtful, None).unwrap()["years"][0]["checked"], json!("knowledge"));
}

#[test]
fn every_wrong_cell_is_named_with_its_place() {
    let check = |row: &str, expected: &[(&str, DayProblem)]| {
        let table = read(&["2027年放假安排", "名称,日期,类型", "元旦,2027-01-01,放假", row]);
        let found: Vec<_> =
            table.errors.iter().map(|error| (format!("{}{}", error.place.column, error.place.row), &error.problem)).collect();
        let expected: Vec<_> = expected.iter().map(|(place, problem)| ((*place).to_owned(), problem)).collect();
        assert_eq!(found, expected, "{row}");
        assert_eq!(table.to_file(&notice(), None).is_none(), !expected.is_empty(), "nothing comes out of a table with errors: {row}");
    };
    check("元旦,2027-01-02,放假", &[]);
    check(",,", &[]);
    check("元旦,2027-13-45,放假", &[("B4", DayProblem::NotADate)]);
    check("元旦,2027-02-29,放假", &[("B4", DayProblem::NotADate)]);
    check("元旦,2027-01,放假", &[("B4", DayProblem::NotADate)]);
    check("元旦,,放假", &[("B4", DayProblem::NotADate)]);
    check("元旦,2027-01-02,加班", &[("C4", DayProblem::Kind)]);
    check(",2027-01-02,放假", &[("A4", DayProblem::Name)]);
    check(",2027-1-99,", &[("B4", DayProblem::NotADate), ("C4", DayProblem::Kind), ("A4", DayProblem::Name)]);
    check("春节,2027-02-12至2027-02-05,放假", &[("B4", DayProblem::Period)]);
    check("春节,2027-02-05至2028-02-05,放假", &[("B4", DayProblem::Period)]);
    check("元旦,2027-01-01,上班", &[("B4", DayProblem::Double { row: 3, day: day("2027-01-01") })]);
    check("元旦,2026-12-31至2027-01-02,放假", &[("B4", DayProblem::Double { row: 3, day: day("2027-01-01") })]);
    check("元旦,1949-10-01,放假", &[("B4", DayProblem::Year)]);
}

#[test]
fn a_file_without_the_table_says_what_lacks() {
    let refused = |lines: &[&str]| DaysTable::read(&[sheet(&["说明"]), sheet(lines)]).unwrap_err();
    assert_eq!(refused(&["日期,名称", "2027-01-01,元旦"]), TableError::NoHeaders { missing: vec![Column::Kind] });
    assert_eq!(refused(&[]), TableError::NoHeaders { missing: Column::ALL.to_vec() });
    assert_eq!(refused(&["日期,类型,名称", ",,"]), TableError::NoRows);
    let mut many = vec!["日期,类型,名称"];
    many.resize(4_002, "2027-01-01,放假,元旦");
    assert_eq!(refused(&many), TableError::TooMany { rows: 4_001, limit: 4_000 });
    assert_eq!(DaysTable::read(&[]).unwrap_err(), TableError::NoHeaders { missing: Column::ALL.to_vec() });
}

#[test]
fn the_last_days_of_december_go_with_the_year_that_the_table_is_about() {
    let years = |lines: &[&str]| read(&[&["日期,类型,名称"], lines].concat()).years().into_iter().collect::<Vec<_>>();
    assert_eq!(years(&["2026-12-31,放假,元旦", "2027-01-01,放假,元旦"]), [2027]);
    assert_eq!(years(&["2026-12-31,放假,元旦", "2026-10-01,放假,国庆节"]), [2026]);
    assert_eq!(years(&["2026-12-31,放假,元旦"]), [2026]);
    let idle = read(&["日期,类型,名称", "2027-01-04,上班,元旦", "2027-01-09,上班,元旦"]).idle;
    assert_eq!(idle.iter().map(|place| place.row).collect::<Vec<_>>(), [2], "a working day that is one anyway");
}

#[test]
fn a_year_of_ones_own_counts_before_the_shipped_one_and_hides_no_other() {
    let (now, own) = (shipped("holidays"), file_of(&NEXT_YEAR).plan(None, Some(&shipped("holidays"))).unwrap().value);
    assert_eq!(years(&own), [2027]);
    // A later version of the app brings the year itself, and mends another.
    let mut later = now.clone();
    let mut year = later["years"][2].clone();
    year["year"] = json!(2027);
    later["years"].as_array_mut().unwrap().push(year.clone());
    year["year"] = json!(2028);
    later["years"][0]["source"] = json!("更正后的通知");
    later["years"].as_array_mut().unwrap().push(year);
    let counts = in_force(HOLIDAYS, &own, Some(&later));
    let mut all = years(&counts);
    all.sort_unstable();
    assert_eq!(all, [2024, 2025, 2026, 2027, 2028]);
    let source = |year: i64| counts["years"].as_array().unwrap().iter().find(|one| one["year"] == json!(year)).unwrap()["source"].clone();
    assert_eq!((source(2027), source(2024)), (json!("示例通知"), json!("更正后的通知")));
    assert_eq!(in_force("rules/clocks.json", &own, Some(&later)), own, "all other files are replaced whole");
    assert_eq!(in_force(HOLIDAYS, &own, None), own);
    // The app now says the same of that year: nothing is left of one's own.
    let mut same = now;
    same["years"].as_array_mut().unwrap().push(own["years"][0].clone());
    let plan = file_of(&NEXT_YEAR).plan(Some(&own), Some(&same)).unwrap();
    assert_eq!((years(&plan.value), plan.difference.is_none()), (vec![], true));
}

#[test]
fn what_does_not_go_together_with_the_shipped_years_is_refused() {
    let bad = json!({"schema": "rules/holidays/1", "years": [{"year": 2024}]});
    let refused = file_of(&NEXT_YEAR).plan(None, Some(&bad)).unwrap_err();
    assert!(matches!(refused, FileError::Rule(RuleError::Json { .. })), "{refused:?}");
}

#[test]
fn years_are_kept_given_up_and_brought_back() {
    let (twin, _) = block_on(Twin::open(MemoryShelf::new(), MemoryShelf::new(), None)).unwrap();
    let clock = FixedClock::new(ClockReading { wall_ms: 1_795_500_000_000, mono_ms: 0, offset_min: 480 });
    let office = block_on(Workspace::open(twin, clock, FixedRandom::new(1))).unwrap();
    let app = shipped("holidays");
    let ids = || block_on(office.record_ids()).unwrap();
    let own = || block_on(office.holdings(&ids())).unwrap().into_iter().map(|(_, own)| (years(&own.value), own.retired)).next();
    assert!(!block_on(office.drop_year(&ids(), 2027)).unwrap(), "there is nothing to give up");
    block_on(office.publish_file(&file_of(&NEXT_YEAR), &ids(), Some(&app))).unwrap().unwrap();
    block_on(office.publish_file(&file_of(&["日期,类型,名称", "2026-01-01,放假,元旦"]), &ids(), Some(&app))).unwrap().unwrap();
    let sorted = |(mut years, retired): (Vec<i32>, bool)| {
        years.sort_unstable();
        (years, retired)
    };
    assert_eq!(own().map(sorted), Some((vec![2026, 2027], false)));
    let base = block_on(office.holdings(&ids())).unwrap()[0].1.base.clone();
    assert_eq!(base, Some(digest(&app)));
    assert!(block_on(office.drop_year(&ids(), 2026)).unwrap());
    assert_eq!(own(), Some((vec![2027], false)));
    assert!(!block_on(office.drop_year(&ids(), 2026)).unwrap());
    assert!(block_on(office.drop_year(&ids(), 2027)).unwrap());
    assert_eq!(own(), Some((vec![2027], true)), "with the last year the edition is put away");
    assert!(block_on(office.set_own_edition(&ids(), HOLIDAYS, true)).unwrap());
    assert_eq!(own(), Some((vec![2027], false)));
}

#[test]
fn a_newer_shipped_file_is_told_with_what_differs() {
    let app = shipped("clocks");
    let mut ours = app.clone();
    ours["clocks"][0]["versions"][0]["length"] = json!(5);
    let own = |base: Option<&Value>| Holding {
        path: "rules/clocks.json".to_owned(),
        title_zh: String::new(),
        title_en: String::new(),
        current: 1,
        retired: false,
        base: base.map(digest),
        value: ours.clone(),
    };
    assert_eq!(overtaken(&own(Some(&app)), &app), None, "made beside this very file");
    assert_eq!(overtaken(&own(None), &app), None, "no rule of the shipped file comes into force later");

    let mut later = app.clone();
    let id = later["clocks"][1]["id"].clone();
    later["clocks"][1]["versions"][0]["effective_from"] = json!("2027-01-01");
    let mut added = app["clocks"][2].clone();
    added["id"] = json!("new_clock");
    added["zh"] = json!("新的期限");
    added["versions"][0]["effective_from"] = json!("2027-06-01");
    later["clocks"].as_array_mut().unwrap().push(added);
    let differences = overtaken(&own(None), &later).unwrap();
    let told: Vec<_> = differences.iter().map(|one| (one.name.zh.as_str(), one.there, one.shipped)).collect();
    let name = |index: usize| app["clocks"][index]["zh"].as_str().unwrap();
    assert_eq!(told[1], (name(1), There::Both, Some(day("2027-01-01"))), "{id}");
    assert_eq!(told[2], ("新的期限", There::Shipped, Some(day("2027-06-01"))));
    assert_eq!((told[0].0, told[0].1, told.len()), (name(0), There::Both, 3));
    assert_eq!(overtaken(&own(Some(&app)), &later).unwrap(), differences);

    let one = own(None);
    assert_eq!(overtaken(&Holding { retired: true, ..one.clone() }, &later), None);
    assert_eq!(overtaken(&Holding { value: later.clone(), ..one.clone() }, &later), None, "the same as the shipped one");
    assert_eq!(overtaken(&Holding { path: HOLIDAYS.to_owned(), ..one }, &later), None, "days off count by year");
}

proptest! {
    /// Whatever a table says, it is either refused with a place or makes a file that the reader of rules takes.
    #[test]
    fn a_table_without_errors_makes_a_file_that_can_be_read(rows in proptest::collection::vec("(20[0-9]{2}[-/.](0?[1-9]|1[0-2])[-/.]([12]?[0-9]|3[01])|[0-9至-]{0,12}),(放假|上班|休|班|x?),[\u{4e00}-\u{4e20}a ]{0,4}", 0..24)) {
        let lines: Vec<&str> = std::iter::once("日期,类型,名称").chain(rows.iter().map(String::as_str)).collect();
        if let Ok(table) = DaysTable::read(&[sheet(&lines)]) {
            match table.to_file(&notice(), None) {
                Some(file) => prop_assert!(ContentFile::read(file.to_string().as_bytes()).is_ok(), "{file}"),
                None => prop_assert!(table.errors.iter().all(|error| error.place.row > 1 && !error.place.column.is_empty())),
            }
        }
    }
}

#[test]
fn a_table_of_less_than_a_year_says_which_days_off_go() {
    let current = Calendar::read(shipped("holidays").to_string().as_bytes()).unwrap();
    let of = |lines: &[&str]| Calendar::read(read(lines).to_file(&notice(), None).unwrap().to_string().as_bytes()).unwrap();
    let local = of(&["日期,类型,名称", "2026-06-01,放假,本县文化节"]);
    let lost = current.days_off_beside(&local, &[2026]);
    assert!(lost.contains(&day("2026-10-01")) && lost.contains(&day("2026-02-17")));
    assert!(lost.iter().all(|day| day.to_string().starts_with("2026-")), "{lost:?}");
    assert_eq!(current.days_off_beside(&current, &[2025, 2026]), []);
    assert_eq!(current.days_off_beside(&local, &[2027]), []);
}
