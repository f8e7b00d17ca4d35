//! A bureau's own templates and procedures: what is taken in, what is refused and where, and what counts afterwards.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests say what they expect")]

use std::path::PathBuf;

use futures::executor::block_on;
use serde_json::{Value, json};
use spotcheck::app::document as documents;
use spotcheck::app::library::official::{Flaw, Known, MOST_BYTES, Must, Official, usable};
use spotcheck::app::matter::{self, About};
use spotcheck::app::workspace::{Record, Workspace};
use spotcheck::document::data::of_matter;
use spotcheck::document::{Document, Shown};
use spotcheck::domain::change::ClockReading;
use spotcheck::domain::id::RecordId;
use spotcheck::domain::journal::Journal;
use spotcheck::domain::library::Holding;
use spotcheck::port::memory::{FixedClock, FixedRandom, MemoryShelf};
use spotcheck::port::twin::Twin;
use spotcheck::procedure::{Case, ProcedureError};

type Phone = Workspace<Twin<MemoryShelf, MemoryShelf>, FixedClock, FixedRandom>;

/// 2026-11-24 12:00 in Shanghai.
const NOON: u64 = 1_795_492_800_000;

fn now() -> ClockReading {
    ClockReading { wall_ms: NOON, mono_ms: 0, offset_min: 480 }
}

fn phone() -> Phone {
    let (twin, _) = block_on(Twin::open(MemoryShelf::new(), MemoryShelf::new(), None)).expect("memory opens");
    block_on(Workspace::open(twin, FixedClock::new(now()), FixedRandom::new(3))).expect("memory keeps a key")
}

fn folder(name: &str) -> Vec<Value> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("public/content").join(name);
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|path| serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()).collect()
}

fn shipped(folder_name: &str, id: &str) -> Value {
    folder(folder_name).into_iter().find(|file| file["id"] == id).unwrap_or_else(|| panic!("no {id}"))
}

fn read(value: &Value) -> Result<Official, Vec<Flaw>> {
    Official::read(value.to_string().as_bytes())
}

fn known() -> Known {
    let mut known = Known::default();
    for value in folder("documents").iter().chain(&folder("procedures")) {
        match read(value).unwrap_or_else(|flaws| panic!("{}: {flaws:?}", value["id"])) {
            Official::Template(template) => known.templates.push(Shown::of_template(&template)),
            Official::Procedure(procedure) => known.procedures.push(*procedure),
        }
    }
    known
}

/// All flaws of a file, alone and beside what counts.
fn flaws(value: &Value) -> Vec<Flaw> {
    match read(value) {
        Ok(official) => official.against(&known()),
        Err(flaws) => flaws,
    }
}

#[test]
fn what_is_shipped_is_held_to_the_same_and_passes() {
    let known = known();
    for value in folder("documents").iter().chain(&folder("procedures")) {
        let official = read(value).unwrap();
        assert_eq!(official.against(&known), [], "{}", official.path());
        assert_eq!(read(&official.value()), Ok(official.clone()), "what is exported comes back as it was");
    }
}

/// Changes one place of a shipped file and expects one of these flaws.
fn check(folder: &str, id: &str, pointer: &str, new: Value, expected: &Flaw) {
    let mut value = shipped(folder, id);
    *value.pointer_mut(pointer).unwrap_or_else(|| panic!("{id} has no {pointer}")) = new;
    let found = flaws(&value);
    assert!(found.contains(expected), "{id}{pointer}: {found:?}");
}

#[test]
fn a_broken_template_is_refused_with_its_place() {
    let order = |pointer: &str, new: Value, expected: &Flaw| check("documents", "supervision_order", pointer, new, expected);
    let lacks = |what: Must| Flaw::Lacks { place: "blocks".into(), what };
    let unknown = |place: &str, name: &str| Flaw::Unknown { place: place.into(), name: name.into() };
    order("/schema", json!("document/9"), &Flaw::Schema { found: "document/9".into() });
    order("/blocks/0", json!({"type": "title", "text": "指令书"}), &lacks(Must::Bureau));
    order("/blocks/1", json!({"type": "note", "text": "没有编号处"}), &lacks(Must::Number));
    order("/series", Value::Null, &lacks(Must::Series));
    order("/blocks/0", json!({"type": "title", "text": "{bureau}{doc.colour?}"}), &unknown("blocks.0", "doc.colour"));
    order("/blocks/0", json!({"type": "title", "text": "{bureau}{window.location?}"}), &unknown("blocks.0", "window.location"));
    order("/blocks/0/text", json!("书".repeat(2_001)), &Flaw::Long { place: "blocks.0.text".into(), limit: 2_000 });
    order("/of/1/steps", json!(["dance"]), &Flaw::NoStep { kind: "hazard".into(), step: Some("dance".into()) });
    order("/of/1/kind", json!("danger"), &Flaw::NoStep { kind: "danger".into(), step: None });
    let same = json!({"id": "own", "format": "{mark}责改〔{year}〕{n}号"});
    order("/series", same, &Flaw::SameNumbers { other: "rectification_order".into() });
    let mut unsigned = shipped("documents", "supervision_order");
    unsigned["blocks"].as_array_mut().unwrap().retain(|block| block["type"] != "signatures");
    assert!(flaws(&unsigned).contains(&Flaw::NotPrinted { name: "officer1".into() }));
    let mut silent = shipped("documents", "supervision_order");
    silent["blocks"].as_array_mut().unwrap().retain(|block| !block.to_string().contains("corrects.reason"));
    assert!(flaws(&silent).contains(&lacks(Must::Correction)));
    check("documents", "reinspection_record", "/blocks/0/text", json!("{bureau}{about.colour?}"), &unknown("blocks.0", "about.colour"));
}

#[test]
fn a_broken_procedure_is_refused_with_its_place() {
    let at = |id: &str| {
        let steps = shipped("procedures", "hazard");
        let index = steps["steps"].as_array().unwrap().iter().position(|step| step["id"] == id).unwrap();
        format!("/steps/{index}")
    };
    let hazard = |pointer: &str, new: Value, expected: &Flaw| check("procedures", "hazard", pointer, new, expected);
    let pass = at("reinspect_pass");
    hazard(&format!("{pass}/seals"), json!(false), &Flaw::Lacks { place: "steps.reinspect_pass".into(), what: Must::Seal });
    hazard(
        &format!("{pass}/fields"),
        json!([]),
        &Flaw::Procedure(ProcedureError::Unknown { place: "steps.reinspect_pass".into(), name: "same_people_reason".into() }),
    );
    hazard(&format!("{}/fields", at("end")), json!([]), &Flaw::Lacks { place: "steps.end".into(), what: Must::Signature });
    hazard(&format!("{}/documents", at("preserve")), json!(["fine"]), &Flaw::NoTemplate { step: "preserve".into(), name: "fine".into() });
    hazard(
        &format!("{}/fields/0/required", at("order")),
        json!({"field": "colour", "op": "eq", "value": true}),
        &Flaw::Unknown { place: "steps.order.measures".into(), name: "colour".into() },
    );
    hazard("/kind", json!("inspection"), &Flaw::OtherKind { found: "inspection".into(), expected: "hazard".into() });
    hazard("/id", json!("danger"), &Flaw::NoSuchProcedure { name: "danger".into() });
    hazard("/states/0/tone", json!("good"), &Flaw::Tone { state: "found".into() });
    hazard("/start", json!("nowhere"), &Flaw::Procedure(ProcedureError::Unknown { place: "start".into(), name: "nowhere".into() }));
}

#[test]
fn a_hostile_file_costs_nothing() {
    assert_eq!(Official::read(&vec![b' '; MOST_BYTES + 1]), Err(vec![Flaw::Large { bytes: MOST_BYTES + 1, limit: MOST_BYTES }]));
    assert_eq!(Official::read(b"{\"schema\":\n]"), Err(vec![Flaw::Json { line: 2, column: 1 }]));
    assert!(matches!(Official::read("[".repeat(100_000).as_bytes()).unwrap_err()[..], [Flaw::Json { .. }]));
    let mut deep = json!(1);
    (0..40).for_each(|_| deep = json!([deep]));
    assert!(flaws(&json!({"schema": "document/1", "x": deep})).contains(&Flaw::Deep { limit: 32 }));
    for value in [json!(null), json!([]), json!("document/1"), json!({}), json!({"schema": 1})] {
        assert_eq!(read(&value), Err(vec![Flaw::Schema { found: String::new() }]), "{value}");
    }
    // Every part of a shipped file broken in turn: refused or read, never a panic, and never more than can be told.
    for id in ["supervision_order", "sampling_sheet"] {
        let value = shipped("documents", id);
        for key in value.as_object().unwrap().keys() {
            for wrong in [json!(null), json!(7), json!("x"), json!([[]]), json!({"a": {}})] {
                let mut broken = value.clone();
                broken[key] = wrong;
                assert!(flaws(&broken).len() <= 40);
            }
        }
    }
}

#[test]
fn an_edition_is_used_only_when_it_is_sound_and_stands_at_its_name() {
    let holding = |path: &str, value: Value, retired: bool| Holding {
        path: path.to_owned(),
        title_zh: String::new(),
        title_en: String::new(),
        current: 1,
        retired,
        base: None,
        value,
    };
    let good = shipped("documents", "supervision_order");
    let mut broken = good.clone();
    broken["blocks"] = json!([{"type": "title", "text": "{bureau}"}]);
    for (path, value, retired, used) in [
        ("documents/supervision_order.json", &good, false, true),
        ("documents/supervision_order.json", &good, true, false),
        ("documents/supervision_order.json", &broken, false, false),
        ("documents/rectification_order.json", &good, false, false),
        ("procedures/supervision_order.json", &good, false, false),
    ] {
        assert_eq!(usable(&holding(path, value.clone(), retired)).is_some(), used, "{path} {retired}");
    }
}

fn ids(phone: &Phone) -> Vec<RecordId> {
    block_on(phone.summaries()).unwrap().iter().map(|one| RecordId::parse(&one.id).unwrap()).collect()
}

fn write(phone: &Phone, record: &mut Record, changes: &[(String, Value)]) {
    let values: Vec<(&str, Value)> = changes.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
    phone.write(record, &values, None).unwrap();
}

#[test]
fn a_new_edition_counts_from_then_on_and_what_was_begun_keeps_its_own() {
    let phone = phone();
    let file = shipped("documents", "supervision_order");
    let old = read(&file).unwrap();
    let Official::Template(template) = old.clone() else { panic!("a template") };
    let Official::Procedure(procedure) = read(&shipped("procedures", "hazard")).unwrap() else { panic!("a procedure") };
    let mut hazard = Record::new(Journal::new(phone.new_record_id()));
    write(&phone, &mut hazard, &matter::begin(&procedure, &About::default(), now()));
    let case = Case::read(hazard.state()).unwrap();
    let source = of_matter(&case, hazard.state(), hazard.id().as_str(), None, &|_| None);
    let mut draft = Record::new(Journal::new(phone.new_record_id()));
    write(&phone, &mut draft, &documents::begin(&template, &source));

    let mut own = file.clone();
    own["title"]["zh"] = json!("示例县监察指令书");
    let own = read(&own).unwrap().following(Some(&old));
    assert_eq!(own.version(), format!("{}+1", old.version()), "another text under one version would be two forms of one name");
    assert_eq!(old.clone().following(Some(&old)).version(), old.version());
    block_on(phone.publish_official(&own, &ids(&phone), Some(&file))).unwrap();
    let holdings = block_on(phone.holdings(&ids(&phone))).unwrap();
    let [(_, first)] = &holdings[..] else { panic!("{holdings:?}") };
    assert_eq!(usable(first), Some(own.clone()));

    // The next one is an edition of the same record; the first one stays in it.
    let mut next = own.value();
    next["title"]["zh"] = json!("示例县安全监察指令书");
    let next = read(&next).unwrap().following(Some(&own));
    block_on(phone.publish_official(&next, &ids(&phone), Some(&file))).unwrap();
    let holdings = block_on(phone.holdings(&ids(&phone))).unwrap();
    let [(id, second)] = &holdings[..] else { panic!("{holdings:?}") };
    assert_eq!((second.current, usable(second)), (2, Some(next)));
    let record = block_on(phone.load(&RecordId::parse(id).unwrap())).unwrap();
    assert_eq!(record.state().get("editions/1"), Some(&own.value()));

    // What was begun keeps the template and the procedure that it carries.
    assert_eq!(Document::read(draft.state()).unwrap().template, *template);
    assert_eq!(Case::read(hazard.state()).unwrap().procedure, *procedure);

    // Back to the shipped one.
    assert!(block_on(phone.set_own_edition(&ids(&phone), &old.path(), false)).unwrap());
    let holdings = block_on(phone.holdings(&ids(&phone))).unwrap();
    assert!(holdings.iter().all(|(_, holding)| usable(holding).is_none()));
}
