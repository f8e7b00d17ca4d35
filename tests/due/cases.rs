//! Printed dates, failed and missing inspections, stops, odd records, design lives.

use serde_json::json;
use spotcheck::domain::journal::Journal;
use spotcheck::rules::EquipmentFacts;
use spotcheck::rules::due::Warning;

use crate::corpus::{START_MS, append, key, record_id};
use crate::{RULES, check, day, dues, fields};

#[test]
fn a_printed_date_prevails_and_the_rule_warns() {
    let text = "type_code=5110 installed_inspection=2023-01 date=2025-01-10 printed_next=";
    let printed = |month: &str| {
        check(
            &format!("{text}{month}"),
            "2026-11-24",
            &[&format!(
                "periodic {month} {} printed",
                if month == "2026-12" {
                    "apply"
                } else if month == "2027-01" {
                    "warn"
                } else {
                    "fine"
                }
            )],
        );
        dues(&format!("{text}{month}"), "2026-11-24").remove(0).warnings
    };
    assert_eq!(printed("2026-12"), []);
    assert_eq!(printed("2027-01"), []);
    assert!(
        matches!(&printed("2027-03")[..], [Warning::PrintedLater { printed, allowed }] if printed.to_string() == "2027-03" && allowed.to_string() == "2027-01")
    );
    // A mark that was not renewed after the last inspection.
    let stale = dues(&format!("{text}2025-01"), "2026-11-24").remove(0);
    assert_eq!(stale.due.unwrap().to_string(), "2027-01");
    assert!(matches!(stale.warnings[..], [Warning::PrintedStale(_)]));
    // The date of the report itself comes before the one of the mark.
    check("type_code=5110 date=2025-01-10 next=2026-12-20 printed_next=2027-06", "2026-11-24", &["periodic 2026-12-20 apply printed"]);
    // Overdue by the printed date.
    check("type_code=5110 printed_next=2026-10", "2026-11-24", &["periodic 2026-10 overdue 1m24d printed !overdue?"]);
    // A day that is printed for something due by the month counts to the day.
    check("type_code=5110 next=2026-11-23", "2026-11-24", &["periodic 2026-11-23 overdue 0m1d printed !overdue?"]);
    // A grade that the rule can't judge does not hide the printed date.
    check(
        "type_code=2150 date=2023-06-15 printed_next=2027-06 annual_check.date=2026-02-01",
        "2026-11-24",
        &["periodic 2027-06 fine printed", "annual_check 2027-02 fine ?"],
    );
    let wide = dues("type_code=2150 date=2023-06-15 safety_grade=3 printed_next=2027-06", "2026-11-24").remove(0);
    assert!(matches!(&wide.warnings[..], [Warning::Assumed(paths), Warning::BodyDecides { earliest: Some(earliest), latest }]
        if paths == &["vessel_material"] && earliest.to_string() == "2026-06" && latest.to_string() == "2029-06"));
}

#[test]
fn what_failed_or_was_never_inspected_is_flagged_while_in_use() {
    let failed = "type_code=4D10 installed_inspection=2021-03 date=2026-03-10 conclusion=fail printed_next=2028-03";
    check(failed, "2026-11-24", &["periodic failed !failed"]);
    check(&format!("{failed} status=stopped"), "2026-11-24", &["periodic failed"]);
    check(&format!("{failed} status=scrapped"), "2026-11-24", &[]);
    check(&format!("{failed} status=cancelled"), "2026-11-24", &[]);
    check(&format!("{failed} status=not_registered"), "2026-11-24", &["periodic failed !failed"]);
    // A crane must be inspected before its first use.
    check(
        "type_code=4D10 conclusion=not_inspected",
        "2026-11-24",
        &["periodic needs installed_inspection,inspections/periodic/date !uninspected"],
    );
    // A vessel need not, until its first inspection is due.
    let vessel = "type_code=2170 vessel_material=metal annual_check.date=2026-02-01 conclusion=not_inspected commissioned_on=";
    check(&format!("{vessel}2024-01-01"), "2026-11-24", &["periodic 2027-01 warn ?", "annual_check 2027-02 fine ?"]);
    check(
        &format!("{vessel}2020-01-01"),
        "2026-11-24",
        &["periodic 2023-01 overdue 46m1393d ? !uninspected?", "annual_check 2027-02 fine ?"],
    );
    // Without any record it is asked and not accused.
    check(
        "type_code=2170 vessel_material=metal annual_check.date=2026-02-01 commissioned_on=2020-01-01",
        "2026-11-24",
        &["periodic needs inspections/periodic/date", "annual_check 2027-02 fine ?"],
    );
    // A failed full inspection of a ropeway does not do for the yearly one.
    check(
        "type_code=9310 date=2025-12-10 full.date=2026-01-10 full.conclusion=fail",
        "2026-11-24",
        &["periodic 2026-12 apply ?", "full failed !failed"],
    );
}

#[test]
fn stops_and_moves_of_other_equipment() {
    // A vehicle that was inspected after a long stop has a new base.
    let text = "type_code=5110 installed_inspection=2018-02 stopped_since=2022-01-01 restarted_on=2024-06-20 date=2024-06-10";
    check(text, "2026-11-24", &["periodic 2026-06 overdue 5m147d !overdue?"]);
    assert!(matches!(dues(text, "2026-11-24")[0].warnings[..], [Warning::BaseMoved { .. }]));
    // After a short one it has not.
    check(
        "type_code=5110 installed_inspection=2018-02 stopped_since=2023-12-01 restarted_on=2024-06-20 date=2024-02-10",
        "2025-11-24",
        &["periodic 2026-02 fine"],
    );
    // A boiler that was moved after its last external inspection; the internal one is not asked for by the move.
    let boiler = "type_code=1100 external.date=2026-01-10 internal.date=2026-01-10 relocated_on=";
    check(&format!("{boiler}2026-11-02"), "2026-11-24", &["external 2026-11 this-month ?", "internal 2028-01 fine ?"]);
    check(&format!("{boiler}2026-01-02"), "2026-11-24", &["external 2027-01 warn ?", "internal 2028-01 fine ?"]);
    check(&format!("{boiler}2026-09-30"), "2026-11-24", &["external 2026-09 overdue 2m55d ? !overdue?", "internal 2028-01 fine ?"]);
    // Fell due while out of use.
    let stopped = dues("type_code=6100 date=2025-06-01 status=stopped stopped_since=2026-05-01", "2026-11-24").remove(0);
    assert_eq!(stopped.warnings, [Warning::InspectBeforeRestart { months: Some(6) }]);
    let unknown = dues("type_code=6100 date=2025-06-01 status=stopped", "2026-11-24").remove(0);
    assert_eq!(unknown.warnings, [Warning::InspectBeforeRestart { months: None }]);
}

#[test]
fn odd_records_are_told() {
    // A base in the future.
    let future = dues("type_code=5110 installed_inspection=2027-03", "2026-11-24").remove(0);
    assert_eq!(future.due.unwrap().to_string(), "2029-03");
    assert!(matches!(&future.warnings[..], [Warning::InFuture { path, .. }] if path == "installed_inspection"));
    let future = dues("type_code=3110 installed_inspection=2027-03", "2026-11-24").remove(0);
    assert_eq!(future.due.unwrap().to_string(), "2028-03");
    // Values that are none.
    let odd = dues("type_code=5110 installed_inspection=2025-13 date=2025/01/10 printed_next=明年", "2026-11-24").remove(0);
    let unreadable: Vec<&str> =
        odd.warnings.iter().filter_map(|w| if let Warning::Unreadable(path) = w { Some(path.as_str()) } else { None }).collect();
    assert_eq!(unreadable, ["inspections/periodic/date", "installed_inspection", "printed_next"]);
    check(
        "type_code=2150 date=2023-06-15 safety_grade=7 annual_check.date=2026-02-01",
        "2026-11-24",
        &["periodic needs safety_grade", "annual_check 2027-02 fine ?"],
    );
    // 29 February and month ends, to the month and to the day.
    check("type_code=5200 date=2024-02-29", "2025-02-28", &["periodic 2025-02 this-month"]);
    check("type_code=5200 date=2024-02-29", "2025-03-01", &["periodic 2025-02 overdue 1m1d !overdue?"]);
    check("kind=instrument instrument_kind=pressure_gauge verified_on=2023-08-31", "2024-02-29", &["verification 2024-02-29 this-month ?"]);
    // Empty texts are nothing.
    let mut empty = fields("type_code=5110 date=2025-01-10");
    empty.insert("printed_next".to_owned(), json!(""));
    empty.insert("safety_grade".to_owned(), json!(null));
    assert!(RULES.due(&EquipmentFacts::read(&empty), day("2026-11-24"))[0].warnings.is_empty());
}

#[test]
fn knows_what_is_past_its_design_life() {
    let over = |text: &str, today: &str| RULES.over_design_life(&EquipmentFacts::read(&fields(text)), day(today));
    assert_eq!(over("type_code=2170 commissioned_on=2006-11-24", "2026-11-24"), Some(false));
    assert_eq!(over("type_code=2170 commissioned_on=2006-11-23", "2026-11-24"), Some(true));
    assert_eq!(over("type_code=2170 commissioned_on=2016-11-23 design_life_years=10", "2026-11-24"), Some(true));
    assert_eq!(over("type_code=2170 made_on=2000-01-01", "2026-11-24"), None);
    assert_eq!(over("type_code=2320 gas_class=lpg made_on=2018-10", "2026-11-24"), Some(true));
    assert_eq!(over("type_code=2310 gas_class=ordinary made_on=1990-10", "2026-11-24"), None);
    assert_eq!(over("type_code=6100 commissioned_on=2010-01-01", "2026-11-24"), None);
    assert_eq!(over("type_code=6100 made_on=2010-01-01 design_life_years=15", "2026-11-24"), Some(true));
    assert_eq!(over("kind=instrument instrument_kind=scale", "2026-11-24"), None);
}

#[test]
fn sorts_the_most_urgent_first() {
    let dues = dues("type_code=1100 external.date=2026-09-01 internal.date=2024-08-01", "2026-11-24");
    assert_eq!(spotcheck::rules::Intervals::first(&dues).unwrap().obligation.id, "internal");
    assert_eq!(spotcheck::rules::Intervals::first(&crate::dues("type_code=3110", "2026-11-24")), None);
}

#[test]
fn reads_a_record_with_what_an_imported_file_brought() {
    let (mut journal, author) = (Journal::new(record_id(1)), key(1));
    let base = json!({"kind": "equipment", "type_code": "5110", "inspections/periodic/date": "2024-01-10", "printed_next": "2026-01"});
    append(&mut journal, &author, START_MS, "base", base);
    let due = |journal: &Journal| crate::line(&RULES.due(&EquipmentFacts::of_state(&journal.fold()), day("2026-11-24"))[0]);
    assert_eq!(due(&journal), "periodic 2026-01 overdue 10m297d printed !overdue?");
    append(&mut journal, &author, START_MS + 1, "inspections/periodic/date", json!("2026-03-02"));
    append(&mut journal, &author, START_MS + 2, "printed_next", json!("2028-01"));
    assert_eq!(due(&journal), "periodic 2028-01 fine printed");
    append(&mut journal, &author, START_MS + 3, "printed_next", json!(""));
    assert_eq!(due(&journal), "periodic 2028-03 fine");
}
