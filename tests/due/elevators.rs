//! Elevators: years after the base, bases that move, early and late inspections.

use serde_json::json;
use spotcheck::rules::EquipmentFacts;
use spotcheck::rules::due::{DueType, Step, Warning};

use crate::{RULES, check, day, dues, fields};

#[track_caller]
fn year(today: &str, expected: Option<DueType>) {
    let facts = EquipmentFacts::read(&fields("type_code=3110 installed_inspection=2018-06"));
    assert_eq!(RULES.elevator_due_type(&facts, day(today)), expected, "{today}");
}

#[test]
fn knows_what_a_year_asks_for() {
    use DueType::{Inspection, Nothing, SelfTest};
    year("2023-04-01", None); // the former rule knew no such years
    for (n, expected) in [
        (5, SelfTest),
        (6, SelfTest),
        (7, Inspection),
        (8, SelfTest),
        (9, Inspection),
        (10, SelfTest),
        (11, Inspection),
        (12, SelfTest),
        (13, Inspection),
        (14, SelfTest),
        (15, Inspection),
        (16, Inspection),
        (17, Inspection),
        (40, Inspection),
    ] {
        year(&format!("{}-06-01", 2018 + n), Some(expected));
        year(&format!("{}-05-31", 2019 + n), Some(expected));
    }
    let young = |installed: &str, today: &str| {
        let facts = EquipmentFacts::read(&fields(&format!("type_code=3320 installed_inspection={installed}")));
        RULES.elevator_due_type(&facts, day(today))
    };
    assert_eq!(young("2025-12", "2026-11-24"), Some(Nothing));
    assert_eq!(young("2025-11", "2026-11-01"), Some(Inspection));
    assert_eq!(young("2022-11", "2026-11-30"), Some(Inspection));
    assert_eq!(young("2024-11", "2026-11-30"), Some(SelfTest));
    assert_eq!(young("2027-11", "2026-11-30"), None, "a base in the future");
    for other in ["type_code=3110", "type_code=4110 installed_inspection=2018-06", "name=示例"] {
        assert_eq!(RULES.elevator_due_type(&EquipmentFacts::read(&fields(other)), day("2026-11-24")), None, "{other}");
    }
}

#[test]
fn follows_the_years_from_inspection_to_inspection() {
    // The worked examples: base 2018-06.
    for (last, test, periodic, self_test) in [
        ("2019-06-20", "2021-06-20", "2022-06", "2023-06"),
        ("2022-06-20", "2024-06-20", "2025-06", "2026-06"),
        ("2025-06-20", "2026-06-20", "2027-06", "2028-06"),
        ("2027-06-20", "2028-06-20", "2029-06", "2030-06"),
        ("2031-06-20", "2032-06-20", "2033-06", "over"),
        ("2033-06-20", "2030-06-20", "2034-06", "2032-06"),
        ("2034-06-20", "2032-06-20", "2035-06", "over"),
        ("2044-06-20", "2032-06-20", "2045-06", "over"),
    ] {
        let text = format!("type_code=3110 installed_inspection=2018-06 date={last} self_test.date={test}");
        let found: Vec<String> = dues(&text, "2026-11-24").iter().map(|due| due.due.unwrap().to_string()).collect();
        let expected: Vec<&str> = [periodic, self_test].into_iter().filter(|when| *when != "over").collect();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn asks_for_no_self_test_once_every_year_has_its_inspection() {
    let old = |rest: &str, expected: &[&str]| check(&format!("type_code=3110 installed_inspection=2008-06 {rest}"), "2026-11-24", expected);
    old("date=2026-06-20 self_test.date=2022-06-20", &["periodic 2027-06 fine ?"]);
    // Whether the self-tests of former years were done does not matter any more.
    old("date=2026-06-20 self_test.date=2014-06-20", &["periodic 2027-06 fine ?"]);
    old("date=2026-06-20", &["periodic 2027-06 fine ?"]);
    old("", &["periodic 2027-06 fine ?"]);
    // A self-test that failed, and a date on its report, are still shown.
    old("date=2026-06-20 self_test.conclusion=fail", &["periodic 2027-06 fine ?", "self_test failed"]);
    old("date=2026-06-20 self_test.next=2027-01", &["periodic 2027-06 fine ?", "self_test 2027-01 warn printed"]);
    // In the fourteenth year it is still due.
    let text = "type_code=3110 installed_inspection=2008-06 date=2021-06-20 self_test.date=2020-06-20";
    check(text, "2023-05-31", &["periodic 2023-06 apply", "self_test 2022-06 overdue 11m335d"]);
    check(text, "2023-06-01", &["periodic 2023-06 this-month"]);
    assert!(dues("type_code=3110 installed_inspection=2008-06 date=2026-06-20", "2026-11-24")[0].warnings.is_empty());
}

#[test]
fn says_when_it_is_overdue() {
    let text = "type_code=3110 installed_inspection=2018-06 date=2022-06-20 self_test.date=2026-06-20";
    check(text, "2025-04-01", &["periodic 2025-06 fine", "self_test 2028-06 fine"]);
    check(text, "2025-04-02", &["periodic 2025-06 warn", "self_test 2028-06 fine"]);
    check(text, "2025-05-01", &["periodic 2025-06 warn", "self_test 2028-06 fine"]);
    check(text, "2025-05-02", &["periodic 2025-06 apply", "self_test 2028-06 fine"]);
    check(text, "2025-05-31", &["periodic 2025-06 apply", "self_test 2028-06 fine"]);
    check(text, "2025-06-01", &["periodic 2025-06 this-month", "self_test 2028-06 fine"]);
    check(text, "2025-06-30", &["periodic 2025-06 this-month", "self_test 2028-06 fine"]);
    check(text, "2025-07-01", &["periodic 2025-06 overdue 1m1d !overdue?", "self_test 2028-06 fine"]);
    check(text, "2026-07-01", &["periodic 2025-06 overdue 13m366d !overdue?", "self_test 2028-06 fine"]);
    // A late self-test is no serious hazard.
    let text = "type_code=3110 installed_inspection=2018-06 date=2025-06-20 self_test.date=2024-06-20";
    check(text, "2026-07-01", &["periodic 2027-06 fine", "self_test 2026-06 overdue 1m1d"]);
}

#[track_caller]
fn inspected(date: &str, next: &str) -> Vec<Warning> {
    let text = format!("type_code=3110 installed_inspection=2018-06 date={date} self_test.date=2026-06-01");
    let due = dues(&text, "2026-11-24").remove(0);
    assert_eq!(due.due.unwrap().to_string(), next, "{date}");
    due.warnings
}

#[test]
fn an_early_inspection_keeps_the_base_within_two_months() {
    // The seventh year is due in 2025-06.
    assert_eq!(inspected("2025-06-01", "2027-06"), []);
    assert_eq!(inspected("2025-04-01", "2027-06"), []);
    assert!(matches!(inspected("2025-03-31", "2025-06")[..], [Warning::TooEarly { .. }]));
    assert!(matches!(inspected("2024-12-01", "2025-06")[..], [Warning::TooEarly { .. }]));
    assert_eq!(inspected("2024-11-30", "2025-06"), []);
    // A late one does not move what follows either.
    assert_eq!(inspected("2026-03-01", "2027-06"), []);
    let early = dues("type_code=3110 installed_inspection=2018-06 date=2025-04-01", "2026-11-24").remove(0);
    assert!(early.steps.iter().any(|step| matches!(step, Step::KeptBase(_))));
}

#[test]
fn bases_move() {
    let text = "type_code=3110 installed_inspection=2010-06 altered_inspection=2024-09 date=2024-09-01";
    check(text, "2026-11-24", &["periodic 2025-09 overdue 14m420d !overdue?", "self_test 2027-09 fine"]);
    let due = dues(text, "2026-11-24").remove(0);
    assert!(due.warnings.iter().any(|warning| matches!(warning, Warning::BaseMoved { .. })));
    // An inspection before the alteration belongs to the time before it; that one was done since is not known.
    check(
        "type_code=3110 installed_inspection=2010-06 altered_inspection=2026-09 date=2026-06-01",
        "2026-11-24",
        &["periodic 2027-09 fine", "self_test 2028-09 fine"],
    );
    // Moved: nothing counts before the new installation was inspected.
    let moved = "type_code=3110 installed_inspection=2018-06 date=2025-06-01 relocated_on=2026-03-05";
    check(moved, "2026-11-24", &["periodic relocated 2026-03-05", "self_test relocated 2026-03-05"]);
    check(
        "type_code=3110 installed_inspection=2026-04 date=2025-06-01 relocated_on=2026-03-05",
        "2026-11-24",
        &["periodic 2027-04 fine", "self_test 2028-04 fine"],
    );
}

#[test]
fn a_major_repair_does_for_its_year() {
    let text = |repair: &str| {
        format!("type_code=3110 installed_inspection=2018-06 date=2022-06-01 self_test.date=2024-06-01 major_repair_on={repair}")
    };
    // The inspection of 2025 is the seventh; the next one is in 2027. The self-test of 2026 stays.
    check(&text("2025-02-10"), "2026-11-24", &["periodic 2027-06 fine", "self_test 2026-06 overdue 5m147d"]);
    check(&text("2025-12-10"), "2026-11-24", &["periodic 2027-06 fine", "self_test 2026-06 overdue 5m147d"]);
    check(&text("2026-02-10"), "2026-11-24", &["periodic 2025-06 overdue 17m512d !overdue?", "self_test 2028-06 fine"]);
    check(&text("2024-02-10"), "2025-03-24", &["periodic 2025-06 fine", "self_test 2026-06 fine"]);
}

#[test]
fn a_long_stop_asks_for_an_inspection_first() {
    let stopped = "type_code=3110 installed_inspection=2018-06 date=2025-06-01 self_test.date=2026-06-01 status=stopped stopped_since=";
    let warned = |since: &str| {
        let due = dues(&format!("{stopped}{since}"), "2026-11-24").remove(0);
        assert_eq!(due.flag, None);
        due.warnings
    };
    check(&format!("{stopped}2025-11-01"), "2026-11-24", &["periodic 2027-06 stopped", "self_test 2028-06 stopped"]);
    assert_eq!(warned("2025-11-01"), [Warning::InspectBeforeRestart { months: Some(12) }]);
    assert_eq!(warned("2025-12-01"), []);
    // In use again without one: due when use resumed, whatever the mark says.
    let again = "type_code=3110 installed_inspection=2018-06 self_test.date=2026-06-01 stopped_since=2025-07-01 restarted_on=2026-10-15";
    let text = format!("{again} date=2025-06-01 printed_next=2027-06");
    check(&text, "2026-11-24", &["periodic 2026-10 overdue 1m24d !overdue?", "self_test 2028-06 fine"]);
    assert!(matches!(dues(&text, "2026-11-24")[0].warnings[..], [Warning::PrintedBefore { .. }]));
    check(&format!("{again} date=2026-10-10"), "2026-11-24", &["periodic 2027-06 fine", "self_test 2028-06 fine"]);
    // Less than a year changes nothing.
    let short = "type_code=3110 installed_inspection=2018-06 date=2025-06-01 self_test.date=2026-06-01 stopped_since=2025-07-01 restarted_on=2026-06-15";
    check(short, "2026-11-24", &["periodic 2027-06 fine", "self_test 2028-06 fine"]);
}

#[test]
fn without_records_it_tells_the_next_and_asks_for_the_last() {
    let text = "type_code=3110 installed_inspection=2018-06";
    check(text, "2026-11-24", &["periodic 2027-06 fine", "self_test 2028-06 fine"]);
    let missed: Vec<String> = dues(text, "2026-11-24")
        .iter()
        .flat_map(|due| &due.warnings)
        .map(|warning| match warning {
            Warning::NoRecord(when) => when.to_string(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(missed, ["2025-06", "2026-06"]);
    check("type_code=3110 installed_inspection=2025-11", "2026-11-24", &["periodic 2026-11 this-month", "self_test 2027-11 fine"]);
    assert!(dues("type_code=3110 installed_inspection=2025-11", "2026-11-24").iter().all(|due| due.warnings.is_empty()));
    check("type_code=3110", "2026-11-24", &["periodic needs installed_inspection", "self_test needs installed_inspection"]);
    check("type_code=3110 printed_next=2027-01", "2026-11-24", &["periodic 2027-01 warn printed", "self_test needs installed_inspection"]);
}

#[test]
fn the_former_rule_was_yearly() {
    let text = "type_code=3110 installed_inspection=2018-06 date=2022-06-20 self_test.date=2022-06-20";
    check(text, "2023-04-01", &["periodic 2023-06 fine ?"]);
    check(text, "2023-04-02", &["periodic 2025-06 fine", "self_test 2023-06 warn"]);
}

#[test]
fn explains_itself() {
    let due = dues("type_code=3110 installed_inspection=2018-06 date=2019-06-20", "2026-11-24").remove(0);
    let zh: Vec<String> = due.explain().into_iter().map(|said| said.zh).collect();
    assert_eq!(
        zh,
        [
            "电梯（2023-04-02起的规则）",
            "基准：安装监督检验（首次检验）合格月份2018-06",
            "最近一次定期检验：2019-06-20",
            "第4年，2022-06（第1、4、7、9、11、13、15年：定期检验）",
            "按规则推算：2022-06",
        ]
    );
    assert_eq!(due.basis().iter().map(|one| one.basis.as_str()).collect::<Vec<_>>(), ["TSGT7001"]);
    let derived = RULES.derived(&EquipmentFacts::read(&fields("type_code=3110 installed_inspection=2018-06")), day("2026-11-24"));
    assert_eq!(derived, [("derived.elevator_due_type".to_owned(), json!("self_test"))].into());
}
