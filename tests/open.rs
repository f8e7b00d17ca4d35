//! What stays open from visit to visit.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, reason = "tests say what they expect")]

use futures::executor::block_on;
use serde_json::{Value, json};
use spotcheck::app::open::open_findings;
use spotcheck::app::workspace::{Record, Workspace};
use spotcheck::domain::change::ClockReading;
use spotcheck::domain::checklist::{Checklist, Severity};
use spotcheck::domain::journal::Journal;
use spotcheck::port::memory::{FixedClock, FixedRandom, MemoryShelf};
use spotcheck::port::twin::Twin;

type Device = Workspace<Twin<MemoryShelf, MemoryShelf>, FixedClock, FixedRandom>;

fn device() -> Device {
    let (twin, _) = block_on(Twin::open(MemoryShelf::new(), MemoryShelf::new(), None)).unwrap();
    let clock = FixedClock::new(ClockReading { wall_ms: 1_795_500_000_000, mono_ms: 0, offset_min: 480 });
    block_on(Workspace::open(twin, clock, FixedRandom::new(7))).unwrap()
}

/// A visit to two lifts on a day, with these answers.
fn visit(device: &Device, ms: u64, answers: &[(&str, &str)]) -> Record {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/public/content/checklists/elevator.json");
    let list = Checklist::read(&std::fs::read(path).unwrap()).unwrap();
    let mut record = Record::new(Journal::new(device.new_record_id()));
    let mut values: Vec<(String, Value)> = vec![
        ("kind".to_owned(), json!("inspection")),
        ("checklists/elevator".to_owned(), list.for_record()),
        ("started".to_owned(), json!({"ms": ms, "offset_min": 480})),
        ("unit/name".to_owned(), json!("示例商场有限公司")),
    ];
    for (number, id) in [(1, "lift-a"), (2, "lift-b")] {
        values.push((format!("subjects/{number}/id"), json!(id)));
        values.push((format!("subjects/{number}/name"), json!(format!("{number}号客梯"))));
        values.push((format!("subjects/{number}/type_code"), json!("3110")));
        values.push((format!("subjects/{number}/lists"), json!(["elevator"])));
    }
    for (key, verdict) in answers {
        values.push((format!("answers/{key}/verdict"), json!(verdict)));
        if *verdict == "fail" {
            values.push((format!("answers/{key}/finding"), json!(format!("{key} 不符合"))));
        }
    }
    let values: Vec<(&str, Value)> = values.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
    block_on(device.save(&mut record, &values, None)).unwrap();
    record
}

#[track_caller]
fn check(visits: &[&Record], expected: &[&str]) {
    let states = visits.iter().map(|record| (record.id().as_str(), record.state()));
    let found: Vec<String> = open_findings(states).into_iter().map(|open| format!("{} {}", open.equipment, open.finding)).collect();
    assert_eq!(found, expected);
}

#[test]
fn open_until_a_later_visit_sees_it_put_right() {
    let device = device();
    let spring =
        visit(&device, 1_775_000_000_000, &[("elevator-001.s1", "fail"), ("elevator-001.s2", "fail"), ("elevator-002.s1", "fail")]);
    let summer = visit(&device, 1_785_000_000_000, &[("elevator-001.s1", "pass"), ("elevator-002.s1", "na")]);
    let autumn = visit(&device, 1_790_000_000_000, &[("elevator-002.s1", "pass"), ("elevator-001.s2", "pass")]);
    check(&[&spring], &["1号客梯 elevator-001.s1 不符合", "1号客梯 elevator-002.s1 不符合", "2号客梯 elevator-001.s2 不符合"]);
    // Put right at one lift, not looked at elsewhere; 不适用 closes nothing.
    check(&[&summer, &spring], &["1号客梯 elevator-002.s1 不符合", "2号客梯 elevator-001.s2 不符合"]);
    check(&[&autumn, &summer, &spring], &[]);
}

#[test]
fn a_question_that_lists_share_is_one_whatever_list_asks_it() {
    let device = device();
    let by = |list: &str, ms: u64, item: &str, verdict: &str| {
        let path = format!("{}/public/content/checklists/{list}.json", env!("CARGO_MANIFEST_DIR"));
        let checklist = Checklist::read(&std::fs::read(path).unwrap()).unwrap();
        let mut record = Record::new(Journal::new(device.new_record_id()));
        let (list, verdict_at, finding_at) =
            (format!("checklists/{list}"), format!("answers/{item}/verdict"), format!("answers/{item}/finding"));
        let values = [
            ("kind", json!("inspection")),
            (list.as_str(), checklist.for_record()),
            ("started", json!({"ms": ms, "offset_min": 480})),
            (verdict_at.as_str(), json!(verdict)),
            (finding_at.as_str(), json!("没有应急预案")),
        ];
        block_on(device.save(&mut record, &values, None)).unwrap();
        record
    };
    let failed = by("elevator", 1_775_000_000_000, "elevator-024", "fail");
    check(&[&failed], &[" 没有应急预案"]);
    let passed = by("use-unit-management", 1_785_000_000_000, "use-unit-management-022", "pass");
    check(&[&passed, &failed], &[]);
}

#[test]
fn the_gravest_comes_first() {
    let device = device();
    let one = visit(&device, 1_775_000_000_000, &[("elevator-005.s1", "fail"), ("elevator-004.s1", "fail")]);
    let open = open_findings([(one.id().as_str(), one.state())]);
    assert_eq!(open.first().map(|first| first.severity), Some(Severity::Major));
    assert!(open.iter().all(|finding| finding.record == one.id().as_str()));
}
