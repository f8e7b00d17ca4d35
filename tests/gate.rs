//! The gate before a check: how visits are counted against the cap, when a reason is asked for, and what goes into the record.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests say what they expect")]

use futures::executor::block_on;
use serde_json::{Value, json};
use spotcheck::app::gate::{
    Approval, Lack, Moment, Reason, Told, approval_values, frequency, frequency_values, lacks, told_values, unit_class,
};
use spotcheck::app::unit_visits::UnitVisit;
use spotcheck::app::workspace::{Record, Workspace};
use spotcheck::domain::change::ClockReading;
use spotcheck::domain::content::Lang;
use spotcheck::domain::inspection::{Stage, approval_due};
use spotcheck::domain::journal::Journal;
use spotcheck::domain::time::{CivilDate, Instant};
use spotcheck::port::memory::{FixedClock, FixedRandom, MemoryShelf};
use spotcheck::port::twin::Twin;
use spotcheck::rules::visit_caps::{UnitClass, VisitCaps};

const FILE: &str = include_str!("../public/content/rules/visit-caps.json");

fn day(text: &str) -> CivilDate {
    CivilDate::parse(text).expect("a date")
}

/// The shipped file, with caps that the tests name themselves: the shipped numbers are a bureau's to change.
fn rules() -> VisitCaps {
    let mut file: Value = serde_json::from_str(FILE).unwrap();
    let cap = |id: &str, versions: Value, extra: Value| {
        let mut cap = json!({ "id": id, "zh": id, "en": id, "versions": versions });
        for (key, value) in extra.as_object().unwrap() {
            cap[key] = value.clone();
        }
        cap
    };
    let from = |from: &str, to: Option<&str>, count: u32| json!({ "effective_from": from, "effective_to": to, "count": count, "verified": false, "basis": [] });
    file["caps"] = json!([
        cap("key", json!([from("2026-01-01", None, 3)]), json!({ "key_unit": true })),
        cap("good", json!([from("2026-01-01", None, 1)]), json!({ "credit_class": ["A", "B"] })),
        cap("rest", json!([from("2025-01-01", Some("2025-12-31"), 5), from("2026-01-01", None, 2)]), json!({})),
    ]);
    VisitCaps::read(file.to_string().as_bytes()).expect("rules")
}

/// A visit written as `2026-03-01`, with the kind and `!` and the exception behind it where they matter.
fn visit(text: &str) -> UnitVisit {
    let (text, exception) = text.split_once('!').unwrap_or((text, ""));
    let (on, kind) = text.split_once(' ').unwrap_or((text, "routine"));
    UnitVisit {
        id: text.to_owned(),
        at: Instant::from_ms(0),
        day: day(on),
        kind: kind.to_owned(),
        exception: exception.to_owned(),
        approved_by: String::new(),
        attendant: String::new(),
        stage: Stage::Sealed,
        result: String::new(),
        failed: 0,
    }
}

fn unit(text: &str) -> UnitClass {
    UnitClass { key_unit: text == "key", credit_class: if text == "key" { String::new() } else { text.to_owned() } }
}

/// Count, cap, whether it is over, whether an exclusion holds: what is said of the next visit on 24 November 2026.
fn check(class: &str, kind: &str, visits: &[&str], count: usize, cap: u32, over: bool, excluded: bool) {
    let rules = rules();
    let visits: Vec<UnitVisit> = visits.iter().map(|text| visit(text)).collect();
    let found = frequency(&rules, &unit(class), &visits, kind, day("2026-11-24"));
    let said = (found.count, found.cap.map(|(_, cap)| cap.count), found.is_over(), found.exclusion.is_some());
    assert_eq!(said, (count, Some(cap), over, excluded), "{class:?} {kind} after {visits:?}");
    assert_eq!(found.asks_reason(), over || excluded);
}

#[test]
fn visits_of_the_year_are_counted_against_the_cap_of_the_unit() {
    // Nothing yet, the last that is allowed, one too many.
    check("", "routine", &[], 0, 2, false, false);
    check("", "routine", &["2026-03-01"], 1, 2, false, false);
    check("", "routine", &["2026-03-01", "2026-06-01"], 2, 2, true, false);
    // Other years do not count, whatever lies near.
    check("", "routine", &["2025-12-31", "2025-06-01", "2027-01-01"], 0, 2, false, false);
    // The first class that fits: a key unit, then credit, then all.
    check("key", "routine", &["2026-03-01", "2026-06-01"], 2, 3, false, false);
    check("A", "routine", &["2026-03-01"], 1, 1, true, false);
    check("D", "routine", &["2026-03-01"], 1, 2, false, false);
}

#[test]
fn joint_checks_count_once_and_exceptions_do_not() {
    check("", "special", &["2026-03-01", "2026-03-01", "2026-03-01"], 1, 2, false, false);
    // One that was begun today: this one belongs to it, also where the cap is used up.
    check("A", "special", &["2026-11-24"], 1, 1, false, false);
    check("A", "special", &["2026-11-24", "2026-03-01"], 2, 1, true, false);
    check("", "special", &["2026-03-01", "2026-06-01!complaint", "2026-07-01!reinspection"], 1, 2, false, false);
    let (rules, visits) = (rules(), [visit("2026-06-01!complaint"), visit("2026-07-01")]);
    let found = frequency(&rules, &unit(""), &visits, "routine", day("2026-11-24"));
    assert_eq!((found.count, found.excepted, found.joint), (1, 1, false));
}

#[test]
fn after_licence_checks_leave_no_room_for_routine_ones_in_the_same_year() {
    check("key", "routine", &["2026-03-01 post_licence"], 1, 3, false, true);
    check("key", "special", &["2026-03-01 post_licence"], 1, 3, false, false);
    check("key", "post_licence", &["2026-03-01"], 1, 3, false, false);
    check("key", "routine", &["2025-03-01 post_licence"], 0, 3, false, false);
    // Made under an exception, it was made all the same.
    check("key", "routine", &["2026-03-01 post_licence!requested"], 0, 3, false, true);
    let rules = rules();
    let before = rules.exclusion("routine", ["post_licence"].into_iter(), day("2022-06-30"));
    assert!(before.is_none(), "the rule was not in force yet");
}

#[test]
fn caps_and_notices_are_those_of_the_day() {
    let rules = rules();
    let cap = |on: &str| rules.cap(&unit(""), day(on)).map(|(_, cap)| cap.count);
    assert_eq!((cap("2024-12-31"), cap("2025-12-31"), cap("2026-01-01")), (None, Some(5), Some(2)));
    assert!(rules.notice(day("2024-01-01")).is_none());
    let notice = rules.notice(day("2026-11-24")).expect("a notice");
    assert_eq!(notice.prohibitions.len(), 5);
    let known = [("bureau", "示例县市场监督管理局".to_owned()), ("source", " ".to_owned())];
    let said = notice.purpose(Lang::Zh, &known);
    assert!(said.contains("示例县市场监督管理局") && said.contains("____") && !said.contains("{bureau}"), "{said}");
}

#[test]
fn files_that_say_nothing_or_twice_are_refused() {
    let refused = |pointer: &str, value: Value| {
        let mut file: Value = serde_json::from_str(FILE).unwrap();
        *file.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}")) = value;
        assert!(VisitCaps::read(file.to_string().as_bytes()).is_err(), "{pointer} is accepted");
    };
    VisitCaps::read(FILE.as_bytes()).expect("the shipped file");
    refused("/schema", json!("rules/visit-caps/2"));
    refused("/caps/0/versions", json!([]));
    refused("/caps/0/versions/0/count", json!(0));
    refused("/caps/0/versions/0/effective_to", json!("2020-01-01"));
    refused("/caps/1/id", json!("key_unit"));
    refused("/exceptions/0/versions", json!([]));
    refused("/exclusions/0/versions/0/effective_to", json!("2020-01-01"));
}

#[test]
fn only_what_the_inspectors_owe_must_be_done_first() {
    let moment = Moment { ms: 5, offset_min: 480 };
    let told = Told { credentials: Some(moment), purpose: Some(moment), rights: Some(moment) };
    let urgent = |reason: &str| Approval { urgent: Some(reason.to_owned()), ..Approval::default() };
    assert_eq!(lacks(&Approval::default(), &told), []);
    assert_eq!(lacks(&urgent(" "), &told), [Lack::UrgentReason]);
    assert_eq!(lacks(&urgent("燃气泄漏"), &told), []);
    assert_eq!(lacks(&Approval::default(), &Told::default()), [Lack::Credentials, Lack::Purpose, Lack::Rights]);
    assert_eq!(lacks(&Approval::default(), &Told { purpose: None, ..told }), [Lack::Purpose]);
}

#[test]
fn the_record_says_what_was_known_and_nothing_else() {
    let moment = Moment { ms: 5, offset_min: 480 };
    let told = told_values(&Told { credentials: Some(moment), purpose: None, rights: Some(moment) });
    let time = json!({ "ms": 5, "offset_min": 480 });
    assert_eq!(told, [("credentials_shown".to_owned(), time.clone()), ("rights_told".to_owned(), time)]);
    let approval = Approval { no: " 示检〔2026〕12号 ".to_owned(), by: "  ".to_owned(), day: "2026-11-23".to_owned(), urgent: None };
    let values = [("approval_no".to_owned(), json!("示检〔2026〕12号")), ("approval/day".to_owned(), json!("2026-11-23"))];
    assert_eq!(approval_values(&approval), values);

    let rules = rules();
    let reason = Reason { exception: "complaint".to_owned(), note: " 举报编号12 ".to_owned() };
    let paths = |visits: &[&str], reason: &Reason| -> Vec<String> {
        let visits: Vec<UnitVisit> = visits.iter().map(|text| visit(text)).collect();
        let found = frequency(&rules, &unit(""), &visits, "routine", day("2026-11-24"));
        frequency_values(&rules, &found, reason).into_iter().map(|(path, _)| path).collect()
    };
    // A reason that was chosen and is not asked for any more is none.
    assert_eq!(paths(&[], &reason), ["frequency/count", "frequency/cap"]);
    let twice = ["2026-03-01", "2026-06-01"];
    assert_eq!(paths(&twice, &reason), ["frequency/count", "frequency/cap", "frequency/exception", "frequency/note"]);
    assert_eq!(paths(&["2026-11-24"], &reason), ["frequency/count", "frequency/joint", "frequency/cap"]);
    // Over the cap without a reason: begun all the same, and the record says so by what it lacks.
    assert_eq!(paths(&twice, &Reason::default()), ["frequency/count", "frequency/cap"]);
    assert_eq!(paths(&["2026-03-01 post_licence"], &Reason::default()), ["frequency/count", "frequency/cap", "frequency/exclusion"]);
}

#[test]
fn a_unit_s_class_comes_from_its_ledger() {
    let of = |key: Value, credit: Value| unit_class(&vec![("key_unit".to_owned(), key), ("credit_class".to_owned(), credit)]);
    assert_eq!(of(json!(true), json!("C")), UnitClass { key_unit: true, credit_class: "C".to_owned() });
    assert_eq!(of(json!("yes"), Value::Null), UnitClass::default());
    assert_eq!(unit_class(&Vec::new()), UnitClass::default());
}

/// Whether a record with these values waits for its approval.
fn due(values: &[(&str, Value)]) -> bool {
    let (twin, _) = block_on(Twin::open(MemoryShelf::new(), MemoryShelf::new(), None)).unwrap();
    let clock = FixedClock::new(ClockReading { wall_ms: 1_795_500_000_000, mono_ms: 0, offset_min: 480 });
    let device = block_on(Workspace::open(twin, clock, FixedRandom::new(7))).unwrap();
    let mut record = Record::new(Journal::new(device.new_record_id()));
    device.write(&mut record, values, None).unwrap();
    approval_due(record.state())
}

#[test]
fn an_approval_is_waited_for_until_it_is_entered() {
    let time = json!({ "ms": 5, "offset_min": 480 });
    let begun = [("kind", json!("inspection")), ("rights_told", time)];
    let with = |path: &'static str, value: Value| due(&[begun[0].clone(), begun[1].clone(), (path, value)]);
    assert!(due(&begun));
    assert!(with("approval/urgent", json!("燃气泄漏")));
    assert!(with("approval_no", json!(" ")));
    assert!(!with("approval_no", json!("示检〔2026〕12号")));
    assert!(!with("approval/by", json!("李示例")));
    assert!(!with("voided", json!("误建")));
    // Begun by an earlier version, which did not ask.
    assert!(!due(&[("kind", json!("inspection"))]));
    assert!(!due(&[("kind", json!("unit")), ("rights_told", json!({}))]));
}
