//! Grades of hazards and accidents, and what the law may attach, by the shipped rules.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests say what they expect")]

use futures::executor::block_on;
use serde_json::{Value, json};
use spotcheck::app::hazard::{self, Found};
use spotcheck::app::matter::{self, About};
use spotcheck::app::workspace::{Record, Workspace};
use spotcheck::domain::change::ClockReading;
use spotcheck::domain::checklist::{Checklist, Condition, Facts};
use spotcheck::domain::inspection::Inspection;
use spotcheck::domain::journal::Journal;
use spotcheck::domain::time::{CivilDate, Instant};
use spotcheck::port::memory::{FixedClock, FixedRandom, MemoryShelf};
use spotcheck::port::twin::Twin;
use spotcheck::procedure::{Case, Lack, Procedure, departs, lacks};
use spotcheck::rules::accident::Accident;
use spotcheck::rules::consequence;
use spotcheck::rules::grading::{Fact, Gradings};
use spotcheck::rules::{AccidentGrades, Consequences, RuleError};

type Phone = Workspace<Twin<MemoryShelf, MemoryShelf>, FixedClock, FixedRandom>;

const GRADINGS: &str = include_str!("../public/content/rules/gradings.json");
const CONSEQUENCES: &str = include_str!("../public/content/rules/consequences.json");
const ACCIDENTS: &str = include_str!("../public/content/rules/accident-grades.json");
const HAZARD: &str = include_str!("../public/content/procedures/hazard.json");
/// 2026-11-24 in Shanghai.
const NOW: ClockReading = ClockReading { wall_ms: 1_795_492_800_000, mono_ms: 0, offset_min: 480 };

fn gradings() -> Gradings {
    Gradings::read(GRADINGS.as_bytes()).unwrap()
}

fn day(text: &str) -> CivilDate {
    CivilDate::parse(text).unwrap_or_else(|| panic!("{text} is no date"))
}

fn today() -> CivilDate {
    Instant::from_ms(NOW.wall_ms).date(NOW.offset_min)
}

/// The list of an item; items are numbered with three digits.
fn list_of(item: &str) -> &str {
    item.rsplit_once('-').map_or("", |(list, _)| list)
}

/// What is proposed: the clauses by their numbers, `?` where that is not verified, `!` where it is only to be looked into.
#[track_caller]
fn check(item: &str, type_code: &str, facts: &[Fact], on: &str, expected: &[&str]) {
    let rules = gradings();
    let list = list_of(item);
    let all = rules.propose(list, item, type_code, facts, day(on));
    let said: Vec<String> = all
        .iter()
        .map(|one| format!("{}{}{}", one.clause.no, if one.verified { "" } else { "?" }, if one.ask { "!" } else { "" }))
        .collect();
    assert_eq!(said, expected, "{item} {type_code} {facts:?} on {on}");
}

#[test]
fn proposes_the_clauses_of_a_failed_item() {
    const ON: &str = "2026-11-24";
    check("boiler-008", "1100", &[], ON, &["第二十五条第（三）项", "5.2.2、5.2.4"]);
    check("boiler-005", "1200", &[], ON, &["第二十五条第（二）项", "5.2.1"]);
    check("boiler-017", "1100", &[], ON, &["第二十五条第（五）项", "4.1?!"]);
    check("boiler-022", "1100", &[], ON, &["第二十五条第（一）项", "4.1?"]);
    check("boiler-003", "1100", &[], ON, &["第二十五条第（二）项?"]);
    check("boiler-001", "1100", &[], ON, &[]);
    check("pressure-vessel-014", "2170", &[], ON, &["第二十五条第（三）项", "5.3?"]);
    check("pressure-pipeline-019", "8310", &[], ON, &["第二十五条第（五）项", "4.1?"]);
    check("gas-cylinder-filling-001", "", &[], ON, &["5.5.1"]);
    check("elevator-020", "3310", &[], ON, &["第二十五条第（三）项?", "5.6.5"]);
    check("crane-012", "4800", &[], ON, &["第二十五条第（三）项?", "5.7.4、5.7.5?"]);
    check("in-plant-vehicle-009", "5110", &[], ON, &["第二十五条第（三）项", "5.10?"]);
    check("amusement-ride-014", "6200", &[], ON, &["第二十五条第（三）项", "5.9.3", "5.9.4"]);
    check("passenger-ropeway-013", "9100", &[], ON, &["第二十五条第（三）项", "5.8.5"]);
    // Goods are no special equipment.
    check("merchandise-childrens-toys-001", "", &[], ON, &[]);
}

#[test]
fn proposes_by_what_was_in_force_and_only_for_its_kind() {
    check("boiler-008", "1100", &[], "2022-06-30", &[]);
    check("boiler-008", "1100", &[], "2022-07-01", &["第二十五条第（三）项"]);
    check("boiler-008", "1100", &[], "2024-11-30", &["第二十五条第（三）项"]);
    check("boiler-008", "1100", &[], "2024-12-01", &["第二十五条第（三）项", "5.2.2、5.2.4"]);
    // 5.6.3 is about escalators; what the type is not known of is not ruled out.
    check("elevator-019", "3110", &[], "2026-11-24", &["第二十五条第（三）项"]);
    check("elevator-019", "", &[], "2026-11-24", &["第二十五条第（三）项", "5.6.3"]);
}

#[test]
fn facts_are_only_to_be_looked_into() {
    use Fact::{NotRegistered, OverdueInUse, ScrappedInUse};
    const ON: &str = "2026-11-24";
    check("boiler-001", "1100", &[NotRegistered], ON, &["第二十五条第（二）项!"]);
    check("boiler-001", "1100", &[OverdueInUse], ON, &["第二十五条第（二）项!"]);
    check("boiler-001", "1100", &[ScrappedInUse], ON, &["第二十五条第（一）项!", "4.1?!"]);
    // The failed item is the stronger reason.
    check("boiler-003", "1100", &[OverdueInUse], ON, &["第二十五条第（二）项?"]);
}

#[test]
fn facts_are_read_of_the_equipment_of_a_visit() {
    use Fact::{FailedInUse, NotRegistered, OverdueInUse, ScrappedInUse};
    let read = |status: &str, due: &str, conclusion: &str, expected: &[Fact]| {
        let known = [("equipment.status", status), ("equipment.next_due", due), ("equipment.inspections.periodic.conclusion", conclusion)];
        let facts: Facts =
            known.into_iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| (name.to_owned(), json!(text))).collect();
        assert_eq!(Fact::of(&facts, day("2026-11-24")), expected, "{status} {due} {conclusion}");
    };
    read("", "", "", &[]);
    read("in_use", "2026-11", "pass", &[]);
    read("in_use", "2026-10", "", &[OverdueInUse]);
    read("in_use", "2026-11-23", "", &[OverdueInUse]);
    read("in_use", "2026-11-24", "", &[]);
    read("", "2026-10", "fail", &[OverdueInUse, FailedInUse]);
    read("stopped", "2026-10", "fail", &[]);
    read("scrapped", "2026-10", "", &[ScrappedInUse]);
    read("cancelled", "", "", &[ScrappedInUse]);
    read("not_registered", "2026-10", "", &[OverdueInUse, NotRegistered]);
    read("in_use", "soon", "", &[]);
}

#[test]
fn refuses_files_that_say_something_twice_or_in_the_wrong_order() {
    let spoiled = |text: &str, pointer: &str, value: Value| {
        let mut file: Value = serde_json::from_str(text).unwrap();
        *file.pointer_mut(pointer).unwrap() = value;
        file.to_string().into_bytes()
    };
    let double = |place: &str, name: &str| RuleError::Double { place: place.into(), name: name.into() };
    let twice = spoiled(GRADINGS, "/gradings/1/clauses/0/id", json!("order57-25-1"));
    assert_eq!(Gradings::read(&twice), Err(double("gradings[1].clauses[0].id", "order57-25-1")));
    let over = spoiled(GRADINGS, "/gradings/0/clauses/0/effective_to", json!("2020-01-01"));
    assert_eq!(Gradings::read(&over), Err(RuleError::Empty { place: "gradings[0].clauses[0]".into() }));
    let format = spoiled(GRADINGS, "/schema", json!("rules/gradings/2"));
    assert_eq!(Gradings::read(&format), Err(RuleError::Schema { found: "rules/gradings/2".into() }));
    let wrong = spoiled(CONSEQUENCES, "/consequences/0/fines/0/low", json!(200_000));
    assert_eq!(Consequences::read(&wrong), Err(RuleError::Empty { place: "consequences[0]".into() }));
    let twice = spoiled(ACCIDENTS, "/grades/1/rank", json!(4));
    assert_eq!(AccidentGrades::read(&twice), Err(double("grades[1]", "major")));
}

#[test]
fn looks_up_articles_and_ranges() {
    let rules = Consequences::read(CONSEQUENCES.as_bytes()).unwrap();
    let look = |clauses: &[&str], item: &str, facts: &[Fact], holds: bool, on: &str, expected: &[&str]| {
        let clauses: Vec<String> = clauses.iter().map(|clause| (*clause).to_owned()).collect();
        let list = list_of(item);
        let holds = |_: &Condition| holds;
        let found = consequence::Found { clauses: &clauses, list, item, facts, holds: &holds };
        let ids: Vec<&str> = rules.lookup(found, day(on)).into_iter().map(|one| one.id.as_str()).collect();
        assert_eq!(ids, expected, "{clauses:?} {item} {facts:?}");
    };
    const ON: &str = "2026-11-24";
    look(&[], "", &[], false, ON, &[]);
    look(&[], "boiler-001", &[], false, ON, &["tssl-83-1"]);
    look(&["order57-25-2"], "boiler-003", &[], false, ON, &["tssl-83-4", "tssl-84-1"]);
    look(&["order57-25-4"], "crane-017", &[], false, ON, &["tssl-84-2"]);
    look(&["order57-25-3"], "boiler-008", &[], false, ON, &["tssl-84-2"]);
    look(&["gb45067-5-5-1"], "gas-cylinder-filling-001", &[], false, ON, &["tssl-85-2"]);
    look(&[], "inspection-body-010", &[], false, ON, &["tssl-93"]);
    look(&[], "", &[Fact::NotRegistered], false, ON, &["tssl-83-1"]);
    look(&[], "", &[], true, ON, &["tssl-95-1", "tssl-95-2", "order57-36"]);
    look(&[], "", &[], true, "2022-06-30", &["tssl-95-1", "tssl-95-2"]);
    let range = |id: &str| rules.get(id).unwrap().fines.iter().map(|fine| (fine.low, fine.high)).collect::<Vec<_>>();
    // 特种设备安全法 and 57号令, as they stand.
    assert_eq!(range("tssl-83-1"), [(10_000, 100_000)]);
    assert_eq!(range("tssl-84-1"), [(30_000, 300_000)]);
    assert_eq!(range("tssl-85-1"), [(20_000, 200_000)]);
    assert_eq!(range("tssl-85-2"), [(100_000, 500_000)]);
    assert_eq!(range("tssl-86"), [(10_000, 50_000)]);
    assert_eq!(range("tssl-87-2"), [(20_000, 100_000)]);
    assert_eq!(range("tssl-88"), [(10_000, 100_000)]);
    assert_eq!(range("tssl-93"), [(50_000, 200_000), (5_000, 50_000)]);
    assert_eq!(range("tssl-95-1"), [(20_000, 200_000)]);
    assert_eq!(range("tssl-95-2"), [(50_000, 200_000)]);
    assert_eq!(range("order57-36"), [(5_000, 100_000), (100_000, 200_000)]);
}

/// The grade that fields of a matter come to, with how many reasons.
#[track_caller]
fn accident(fields: Value, expected: Option<(&str, usize)>) {
    let rules = AccidentGrades::read(ACCIDENTS.as_bytes()).unwrap();
    let found = Accident::read(&|name| fields.get(name)).unwrap_or_else(|| panic!("{fields} says nothing"));
    let grade = rules.grade(&found).map(|(grade, reasons)| (grade.id.as_str(), reasons.len()));
    assert_eq!(grade, expected, "{fields}");
}

#[test]
fn the_lower_bound_counts_and_the_highest_grade_prevails() {
    let one = |field: &str, steps: &[(f64, Option<&str>)]| {
        for (number, grade) in steps {
            accident(json!({field: number}), grade.map(|grade| (grade, 1)));
        }
    };
    let (general, larger, major, most) = (Some("general"), Some("larger"), Some("major"), Some("extraordinary"));
    let people = [(0.0, None), (1.0, general), (2.0, general), (3.0, larger), (9.0, larger), (10.0, major), (29.0, major), (30.0, most)];
    one("deaths", &people);
    one(
        "serious_injuries",
        &[(0.0, None), (1.0, general), (9.0, general), (10.0, larger), (49.0, larger), (50.0, major), (99.0, major), (100.0, most)],
    );
    // In units of 10,000 yuan.
    one(
        "loss",
        &[
            (0.99, None),
            (1.0, general),
            (999.99, general),
            (1000.0, larger),
            (4999.99, larger),
            (5000.0, major),
            (9999.99, major),
            (10_000.0, most),
        ],
    );
    let with = |special: &str, field: &str, steps: &[(f64, Option<&str>)]| {
        for (number, grade) in steps {
            accident(json!({"special": [special], field: number}), grade.map(|grade| (grade, 1)));
        }
    };
    with(
        "toxic_leak",
        "moved",
        &[(499.0, None), (500.0, general), (9999.0, general), (10_000.0, larger), (50_000.0, major), (149_999.0, major), (150_000.0, most)],
    );
    with("lift_trapped", "stranded_hours", &[(1.99, None), (2.0, general), (20.0, general)]);
    with("ropeway_stranded", "stranded_hours", &[(3.49, None), (3.5, general), (11.99, general), (12.0, larger), (48.0, larger)]);
    with("ride_stranded", "stranded_hours", &[(0.99, None), (1.0, general), (11.99, general), (12.0, larger)]);
    // Moved or stranded for another reason comes to nothing.
    accident(json!({"moved": 20_000, "stranded": 200, "stranded_hours": 50}), None);
    accident(json!({"special": ["ropeway_stranded"], "stranded": 99, "stranded_hours": 48}), Some(("larger", 1)));
    accident(json!({"special": ["ropeway_stranded"], "stranded": 100, "stranded_hours": 23.9}), Some(("larger", 1)));
    accident(json!({"special": ["ride_stranded"], "stranded": 100, "stranded_hours": 24}), Some(("major", 1)));
    accident(json!({"special": ["ride_stranded"], "stranded": 100, "stranded_hours": 48}), Some(("extraordinary", 1)));
    for (special, grade) in [
        ("explosion", "larger"),
        ("big_boiler_explosion", "extraordinary"),
        ("big_boiler_outage", "major"),
        ("crane_overturned", "larger"),
        ("crane_member", "general"),
        ("hoist_dropped", "general"),
    ] {
        accident(json!({"special": [special]}), Some((grade, 1)));
    }
    accident(json!({"deaths": 1, "serious_injuries": 12, "special": ["explosion"]}), Some(("larger", 2)));
    accident(json!({"deaths": 1, "serious_injuries": 2, "loss": 5}), Some(("general", 3)));
}

#[test]
fn an_accident_of_nothing_and_one_of_goods_have_no_grade() {
    let read = |fields: Value| Accident::read(&|name| fields.get(name));
    assert_eq!(read(json!({})), None);
    assert_eq!(read(json!({"deaths": "three"})), None);
    assert_eq!(read(json!({"deaths": 3, "equipment_kind": "product"})), None);
    assert!(read(json!({"deaths": 3, "equipment_kind": "boiler"})).is_some());
}

fn phone() -> Phone {
    let (twin, _) = block_on(Twin::open(MemoryShelf::new(), MemoryShelf::new(), None)).expect("memory opens");
    block_on(Workspace::open(twin, FixedClock::new(NOW), FixedRandom::new(3))).expect("memory keeps a key")
}

/// The hazards of a check of a boiler whose safety valve and use mark failed.
fn found(phone: &Phone, rules: Option<&Gradings>) -> Vec<Found> {
    let text = include_str!("../public/content/checklists/boiler.json");
    let list = Checklist::from_record(&serde_json::from_str(text).unwrap()).unwrap();
    let mut record = Record::new(Journal::new(phone.new_record_id()));
    let values = [
        ("kind", json!("inspection")),
        ("checklist", list.for_record()),
        ("started", json!({"ms": NOW.wall_ms, "offset_min": 480})),
        ("unit/name", json!("示例商场有限公司")),
        ("equipment/type_code", json!("1100")),
        ("equipment/status", json!("not_registered")),
        ("answers/boiler-002/verdict", json!("fail")),
        ("answers/boiler-002/value", json!("no")),
        ("answers/boiler-008/verdict", json!("fail")),
        ("answers/boiler-008/value", json!("no")),
    ];
    phone.write(&mut record, &values, None).unwrap();
    let inspection = Inspection::read(record.state()).unwrap();
    let name = |law: &str| if law == "ORDER57" { "特种设备安全监督检查办法".to_owned() } else { law.to_owned() };
    hazard::found(&inspection, record.state(), "01a20d80-0966-7476-afec-8fcbaae5b1d9", rules, &name)
}

fn of<'a>(values: &'a [(String, Value)], name: &str) -> Option<&'a Value> {
    values.iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

#[test]
fn a_failed_item_becomes_a_hazard_with_its_grades() {
    let phone = phone();
    let all = found(&phone, Some(&gradings()));
    let [mark, valve] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!((of(&mark.about.fields, "serious"), of(&mark.about.fields, "major")), (Some(&json!(false)), Some(&json!(false))));
    assert_eq!(of(&mark.about.fields, "grading_reason"), None);
    assert_eq!(
        of(&mark.about.proposed, "check"),
        Some(&json!([{"grading": "serious", "clause": "order57-25-2", "why": "not_registered"}]))
    );
    let about = &valve.about;
    assert_eq!(of(&about.fields, "serious_clauses"), Some(&json!(["order57-25-3"])));
    assert_eq!(of(&about.fields, "major_clauses"), Some(&json!(["gb45067-5-2-2"])));
    assert_eq!(of(&about.fields, "proposed"), Some(&json!(["serious", "major"])));
    assert_eq!(
        of(&about.fields, "grading_reason"),
        Some(&json!(
            "检查项“安全阀齐全，未被隔断、加锁或者绑扎”不符合，对应《特种设备安全监督检查办法》第二十五条第（三）项、《GB45067》5.2.2、5.2.4。"
        ))
    );
    assert_eq!(of(&about.proposed, "from"), Some(&json!({"list": "boiler", "item": "boiler-008"})));
    // Without rules nothing is decided for anybody.
    let bare = found(&phone, None);
    assert!(bare.iter().all(|one| one.about.proposed.is_empty() && of(&one.about.fields, "serious").is_none()));
}

#[test]
fn who_decides_otherwise_gives_a_reason_of_their_own() {
    let phone = phone();
    let about: About = found(&phone, Some(&gradings())).pop().unwrap().about;
    let procedure = Procedure::read(HAZARD.as_bytes()).unwrap();
    let mut record = Record::new(Journal::new(phone.new_record_id()));
    let mut write = |values: &[(String, Value)]| {
        let values: Vec<(&str, Value)> = values.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
        phone.write(&mut record, &values, None).unwrap();
        let case = Case::read(record.state()).unwrap();
        let reason = lacks(&case, record.state(), None, today()).contains(&Lack::Reason("grading_reason".into()));
        (departs(&case, record.state()), reason)
    };
    let one = |path: &str, value: Value| [(path.to_owned(), value)];
    assert_eq!(write(&matter::begin(&procedure, &about, NOW)), (false, false));
    assert_eq!(write(&one("fields/major", json!(false))), (true, true));
    assert_eq!(write(&one("fields/grading_reason", json!("现场已当场恢复，见照片"))), (true, false));
    assert_eq!(write(&one("fields/grading_reason", Value::Null)), (true, true));
    assert_eq!(write(&one("fields/major", json!(true))), (false, false));
    // Another clause is another decision; the order of clauses is none.
    assert_eq!(write(&one("fields/serious_clauses", json!(["order57-25-3", "order57-25-4"]))), (true, true));
    assert_eq!(write(&one("fields/serious_clauses", json!(["order57-25-3"]))), (false, false));
}
