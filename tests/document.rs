//! Documents: every shipped template filled from matters and checks, issued once, numbered without doubles.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests say what they expect")]

use std::path::PathBuf;

use futures::executor::block_on;
use proptest::prelude::*;
use serde_json::{Value, json};
use spotcheck::app::document::{
    self as documents, Handout, begin, correct, corrected_by, deliver, give_range, issue, lacking, void, withdraw,
};
use spotcheck::app::library::Changes;
use spotcheck::app::matter::{self, About};
use spotcheck::app::workspace::{AppError, Record, Workspace};
use spotcheck::document::data::{of_inspection, of_matter};
use spotcheck::document::register::{Use, account, given, given_up, next_from, next_number, own_number};
use spotcheck::document::words::Term;
use spotcheck::document::{
    Asked, BLANK, Delivery, Document, Filled, Given, Lack, Number, Part, Range, Series, Source, Status, Template, TemplateError, fill,
    served_item,
};
use spotcheck::domain::change::ClockReading;
use spotcheck::domain::checklist::Checklist;
use spotcheck::domain::id::DeviceId;
use spotcheck::domain::inspection::Inspection;
use spotcheck::domain::journal::Journal;
use spotcheck::domain::signature::{Signature, Stroke};
use spotcheck::port::memory::{FixedClock, FixedRandom, MemoryShelf};
use spotcheck::port::twin::Twin;
use spotcheck::procedure::{self, Case, Field, FieldKind, Procedure, field_path, papers_of, photo_item};

type Phone = Workspace<Twin<MemoryShelf, MemoryShelf>, FixedClock, FixedRandom>;

/// 2026-11-24 12:00 in Shanghai.
const NOON: u64 = 1_795_492_800_000;

fn now() -> ClockReading {
    ClockReading { wall_ms: NOON, mono_ms: 0, offset_min: 480 }
}

fn phone(seed: u64) -> Phone {
    let (twin, _) = block_on(Twin::open(MemoryShelf::new(), MemoryShelf::new(), None)).expect("memory opens");
    block_on(Workspace::open(twin, FixedClock::new(now()), FixedRandom::new(seed))).expect("memory keeps a key")
}

fn record(phone: &Phone) -> Record {
    Record::new(Journal::new(phone.new_record_id()))
}

fn write(phone: &Phone, record: &mut Record, changes: &Changes) {
    let values: Vec<(&str, Value)> = changes.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
    phone.write(record, &values, None).expect("a draft takes changes");
}

fn set(phone: &Phone, record: &mut Record, path: &str, value: Value) {
    write(phone, record, &vec![(path.to_owned(), value)]);
}

fn files(folder: &str) -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("public/content").join(folder);
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), std::fs::read(path).unwrap())).collect()
}

fn templates() -> Vec<Template> {
    files("documents").iter().map(|(name, bytes)| Template::read(bytes).unwrap_or_else(|error| panic!("{name}: {error}"))).collect()
}

fn template(id: &str) -> Template {
    templates().into_iter().find(|template| template.id == id).unwrap_or_else(|| panic!("no {id}"))
}

fn procedure(kind: &str) -> Procedure {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("public/content/procedures/{kind}.json"));
    Procedure::read(&std::fs::read(path).unwrap()).unwrap_or_else(|error| panic!("{kind}: {error}"))
}

fn names(term: Term<'_>) -> Option<String> {
    match term {
        Term::Law(id) => Some(format!("示例法{id}")),
        _ => None,
    }
}

fn signature() -> Value {
    let stroke = Stroke::from_raw(&[(0.1, 0.1), (0.9, 0.9), (0.1, 0.9)], 2.0).unwrap();
    serde_json::to_value(Signature::sign("张示例", "SL000001", vec![stroke], 2.0, NOON)).unwrap()
}

fn photo(item: &str) -> Value {
    json!({
        "item": item, "sha256": "ab".repeat(32), "size_bytes": 1000, "width": 40, "height": 30, "mime": "image/jpeg",
        "captured_at_ms": NOON, "position": {"lat": 26.1, "lon": 119.3, "datum": "WGS-84", "from": "device"},
        "original": {"sha256": "cd".repeat(32), "size_bytes": 2000, "mime": "image/jpeg", "name": "a.jpg", "width": 40, "height": 30, "kept": true},
    })
}

/// An answer that fits; `None` for photos, which stand elsewhere.
fn answer(kind: &FieldKind) -> Option<Value> {
    Some(match kind {
        FieldKind::Text | FieldKind::Long => json!("示例内容"),
        FieldKind::Number { min, .. } => json!(min.unwrap_or(1)),
        FieldKind::Date { .. } => json!("2026-11-24"),
        FieldKind::Moment => json!({"ms": NOON, "offset_min": 480}),
        FieldKind::Yes => json!(true),
        FieldKind::Choice { options } => json!(options[0].id),
        FieldKind::Choices { options } => json!([options[0].id]),
        FieldKind::Clauses { .. } => json!(["示例条款"]),
        FieldKind::Officers { .. } => json!([{"name": "张示例", "cert_no": "SL000001"}, {"name": "李示例", "cert_no": "SL000002"}]),
        FieldKind::Person => json!({"name": "王示例", "post": "经理", "phone": "00000000000"}),
        FieldKind::Rows { columns } => {
            json!([columns.iter().map(|column| (column.id.clone(), json!("示例"))).collect::<serde_json::Map<_, _>>()])
        }
        FieldKind::Signature { .. } => signature(),
        FieldKind::Link { kinds } => json!({"record": "01a20d80-0966-7476-afec-8fcbaae5b1d9", "kind": kinds[0], "title": "示例"}),
        FieldKind::Photos { .. } => return None,
    })
}

fn fill_form(phone: &Phone, record: &mut Record, step: Option<&str>, fields: &[Field]) {
    for field in fields {
        match answer(&field.kind) {
            Some(value) => set(phone, record, &field_path(step, &field.id), value),
            None => set(phone, record, &format!("photos/{}", phone.new_photo_id()), photo(&photo_item(step, &field.id))),
        }
    }
}

fn unit() -> Vec<(String, Value)> {
    let known = [
        ("id", "u1"),
        ("name", "示例商场有限公司"),
        ("uscc", "91130227MA0TE5T088"),
        ("address", "示例县示例路1号"),
        ("contact", "王示例"),
        ("phone", "00000000000"),
    ];
    known.iter().map(|(name, text)| ((*name).to_owned(), json!(text))).collect()
}

/// A matter of a kind, at a step, with everything that can be answered, or with nothing.
fn matter_source(phone: &Phone, kind: &str, step: Option<&str>, full: bool) -> Source {
    let procedure = procedure(kind);
    let mut record = record(phone);
    let bureau = "示例县市场监督管理局".to_owned();
    let equipment = vec![("name".to_owned(), json!("1号锅炉")), ("code".to_owned(), json!("110010130202000001"))];
    let about = if full { About { bureau, unit: unit(), equipment, ..About::default() } } else { About::default() };
    write(phone, &mut record, &matter::begin(&procedure, &about, now()));
    let def = step.map(|name| procedure.step(name).unwrap_or_else(|| panic!("{kind} has no step {name}")));
    if full {
        fill_form(phone, &mut record, None, &procedure.fields);
    }
    let id = def.map(|def| {
        write(phone, &mut record, &matter::begin_step("s1", &def.id));
        if full {
            fill_form(phone, &mut record, Some("s1"), &def.fields);
            set(phone, &mut record, "steps/s1/done", json!({"ms": NOON, "offset_min": 480}));
        }
        "s1"
    });
    let case = Case::read(record.state()).expect("a matter");
    of_matter(&case, record.state(), record.id().as_str(), id, &names)
}

fn boiler() -> Checklist {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/public/content/checklists/boiler.json");
    Checklist::read(&std::fs::read(path).unwrap()).unwrap()
}

/// A check of a unit; with failed items where `full`.
fn visit_source(phone: &Phone, full: bool) -> Source {
    let mut record = record(phone);
    let list = boiler();
    let mut changes: Changes = vec![
        ("kind".to_owned(), json!("inspection")),
        ("checklist".to_owned(), list.for_record()),
        ("started".to_owned(), json!({"ms": NOON, "offset_min": 480})),
    ];
    if full {
        changes.extend(unit().into_iter().map(|(name, value)| (format!("unit/{name}"), value)));
        let more = [
            ("bureau", json!("示例县市场监督管理局")),
            ("inspection_kind", json!("routine")),
            ("approval_no", json!("示检批1号")),
            ("approval/by", json!("赵示例")),
            ("approval/day", json!("2026-11-20")),
            ("rights_told", json!({"ms": NOON, "offset_min": 480})),
            ("frequency/count", json!(1)),
            ("attendant", json!("王示例 经理")),
            ("equipment/name", json!("1号锅炉")),
            ("equipment/type_code", json!("1100")),
            ("inspectors/1", json!({"name": "张示例", "cert_no": "SL000001"})),
            ("inspectors/2", json!({"name": "李示例", "cert_no": "SL000002"})),
            ("conclusion/result", json!("rectify")),
        ];
        changes.extend(more.into_iter().map(|(path, value)| (path.to_owned(), value)));
        for (index, item) in list.items.iter().enumerate() {
            let verdict = if index < 3 { "fail" } else { "pass" };
            changes.push((format!("answers/{}/verdict", item.id), json!(verdict)));
            if index < 3 {
                changes.push((format!("answers/{}/finding", item.id), json!(format!("示例问题{index}"))));
                changes.push((format!("answers/{}/requirement", item.id), json!("示例要求")));
                changes.push((format!("answers/{}/deadline", item.id), json!("2026-12-09")));
            }
        }
        changes.push((format!("photos/{}", phone.new_photo_id()), photo(&list.items[0].id)));
    }
    write(phone, &mut record, &changes);
    let visit = Inspection::read(record.state()).unwrap();
    of_inspection(&visit, record.state(), record.id().as_str(), &names)
}

/// Every way in which a template can be made: name of kind and step, and its source.
fn sources(phone: &Phone, template: &Template, full: bool) -> Vec<(String, Source)> {
    let mut all = Vec::new();
    for origin in &template.of {
        if origin.kind == "inspection" {
            all.push((origin.kind.clone(), visit_source(phone, full)));
        } else if origin.steps.is_empty() {
            all.push((origin.kind.clone(), matter_source(phone, &origin.kind, None, full)));
        } else {
            all.extend(origin.steps.iter().map(|step| {
                assert!(template.is_of(&origin.kind, Some(step)) && !template.is_of(&origin.kind, Some("nowhere")));
                (format!("{}.{step}", origin.kind), matter_source(phone, &origin.kind, Some(step), full))
            }));
        }
    }
    all
}

fn draft(phone: &Phone, template: &Template, source: &Source) -> Record {
    let mut record = record(phone);
    write(phone, &mut record, &begin(template, source));
    record
}

/// Answers what is asked and not yet known, and signs.
fn complete(phone: &Phone, record: &mut Record) {
    let document = Document::read(record.state()).unwrap();
    let open: Vec<Asked> = document.asked(record.state()).into_iter().cloned().collect();
    for asked in open {
        let path = field_path(None, &asked.field.id);
        if record.state().get(&path).is_none() {
            set(phone, record, &path, answer(&asked.field.kind).unwrap());
        }
    }
    for asked in &document.template.signatures {
        set(phone, record, &format!("signatures/{}", asked.field.id), json!(null));
        set(phone, record, &format!("signatures/{}", asked.field.id), signature());
    }
}

fn number(template: &Template, n: u32) -> Number {
    let series = template.series.as_ref().unwrap();
    Number { series: series.id.clone(), year: 2026, n, text: series.text("示市", 2026, &n.to_string()), range: None, tag: None }
}

/// Issues and seals.
fn issued(phone: &Phone, record: &mut Record, n: u32) -> Document {
    let document = Document::read(record.state()).unwrap();
    let changes = issue(record.state(), Some(&number(&document.template, n)), now()).unwrap_or_else(|lacks| panic!("{lacks:?}"));
    write(phone, record, &changes);
    phone.seal(record).unwrap();
    Document::read(record.state()).unwrap()
}

/// All texts that are printed.
fn texts(filled: &Filled) -> Vec<String> {
    let mut all = Vec::new();
    for part in &filled.parts {
        match part {
            Part::Title(text) | Part::Number(text) | Part::Heading(text) | Part::Seal(text) | Part::Day(text) | Part::Note(text) => {
                all.push(text.clone())
            }
            Part::Para { text, .. } => all.push(text.clone()),
            Part::Rows(rows) => all.extend(rows.iter().map(|(label, value)| format!("{label}：{value}"))),
            Part::Table { rows, none, .. } => {
                all.extend(rows.iter().flatten().cloned());
                all.push(none.clone());
            }
            Part::List(lines) => all.extend(lines.iter().cloned()),
            Part::Photos(photos) => all.extend(photos.iter().map(|photo| photo.caption.clone())),
            Part::Signatures(signings) => all.extend(signings.iter().map(|signing| format!("{} {}", signing.label, signing.who))),
            Part::PageBreak => {}
        }
    }
    all
}

fn says(filled: &Filled, text: &str) -> bool {
    texts(filled).iter().any(|one| one.contains(text))
}

#[test]
fn every_template_is_issued_from_what_was_answered() {
    let phone = phone(1);
    for template in templates() {
        for (place, source) in sources(&phone, &template, true) {
            let place = format!("{} of {place}", template.id);
            let mut record = draft(&phone, &template, &source);
            complete(&phone, &mut record);
            assert_eq!(lacking(record.state(), now()), [], "{place}");
            let document = issued(&phone, &mut record, 7);
            let filled = document.filled(record.state());
            assert_eq!(filled.missing, Vec::<String>::new(), "{place}");
            assert!(document.changed_after.is_empty() && !document.issued_twice, "{place}: {:?}", document.changed_after);
            for text in texts(&filled) {
                assert!(!text.contains(BLANK) && !text.contains(['{', '}']), "{place}: {text}");
            }
            assert!(says(&filled, "示例县市场监督管理局") && says(&filled, "2026年11月24日"), "{place}");
            assert!(says(&filled, &document.number().unwrap().text), "{place}");
            let signed =
                filled.parts.iter().filter_map(|part| if let Part::Signatures(signings) = part { Some(signings) } else { None }).flatten();
            assert!(signed.clone().count() > 0 && signed.clone().all(|signing| signing.signature.is_some()), "{place}: signatures");
        }
    }
}

#[test]
fn nothing_is_issued_from_nothing() {
    let phone = phone(2);
    for template in templates() {
        for (place, source) in sources(&phone, &template, false) {
            let mut record = draft(&phone, &template, &source);
            let document = Document::read(record.state()).unwrap();
            let filled = document.filled(record.state());
            assert!(filled.missing.contains(&"bureau".to_owned()), "{}: {place}", template.id);
            assert!(says(&filled, BLANK), "{}: {place}", template.id);
            let lacks = issue(record.state(), Some(&number(&template, 1)), now()).unwrap_err();
            let required = template
                .fields
                .iter()
                .any(|asked| lacks.iter().any(|lack| matches!(lack, Lack::Field(procedure::Lack::Answer(id)) if *id == asked.field.id)));
            assert!(required, "{}: {place}: {lacks:?}", template.id);
            // A draft that is given up is no document.
            write(&phone, &mut record, &withdraw("误建", now()));
            assert_eq!(Document::read(record.state()).unwrap().status, Status::Withdrawn { reason: "误建".to_owned() });
        }
    }
}

#[test]
fn a_hazard_becomes_an_order() {
    let phone = phone(3);
    let mut source = matter_source(&phone, "hazard", Some("order"), true);
    assert_eq!(source.data["step"]["title"], "下达指令");
    source.data["findings"][0]["finding"] = json!("安全阀校验过期");
    source.data["findings"][0]["basis"] = json!("《示例法》第四十条");
    let mut order = draft(&phone, &template("supervision_order"), &source);
    let about = Document::read(order.state()).unwrap();
    let lacks = lacking(order.state(), now());
    assert!(lacks.is_empty(), "what the step asked is enough: {lacks:?}");
    assert_eq!(issue(order.state(), None, now()), Err(vec![Lack::Number]));
    let other_year = Number { year: 2025, ..number(&about.template, 1) };
    assert_eq!(issue(order.state(), Some(&other_year), now()), Err(vec![Lack::Number]));
    // The signatures of the step count until something else is said.
    set(&phone, &mut order, "fields/contact", json!("张示例 00000000000"));
    set(&phone, &mut order, "fields/stop", json!(false));
    let stale = lacking(order.state(), now());
    assert!(stale.contains(&Lack::Field(procedure::Lack::Stale("unit".to_owned()))), "{stale:?}");
    complete(&phone, &mut order);
    let order_doc = issued(&phone, &mut order, 12);
    let filled = order_doc.filled(order.state());
    for text in [
        "示市监特令〔2026〕12号",
        "示例商场有限公司",
        "安全阀校验过期",
        "《示例法》第四十条",
        "2026年11月24日前改正完毕",
        "六十日内向本级人民政府",
    ] {
        assert!(says(&filled, text), "{text} in {:#?}", texts(&filled));
    }
    assert!(!says(&filled, "立即停止使用"), "only a date was set");
    let stop = draft(&phone, &template("supervision_order"), &matter_source(&phone, "hazard", Some("stop_use"), true));
    assert!(says(&Document::read(stop.state()).unwrap().filled(stop.state()), "立即停止使用"));
}

#[test]
fn what_is_issued_stays_as_it_was() {
    let (one, other) = (phone(4), phone(5));
    let source = matter_source(&one, "hazard", Some("order"), true);
    let mut record = draft(&one, &template("rectification_order"), &source);
    complete(&one, &mut record);
    // Somebody else has the draft too, and goes on with it.
    let mut copy = Record::new(Journal::new(record.id().clone()));
    copy.merge(record.journal());
    set(&other, &mut copy, "fields/facts", json!("改过的事实"));
    let document = issued(&one, &mut record, 3);
    let (before, digest) = (document.filled(record.state()), document.digest());
    record.merge(copy.journal());
    let after = Document::read(record.state()).unwrap();
    assert_eq!(after.filled(record.state()), before);
    assert_eq!(after.digest(), digest);
    assert!(after.changed_after.contains(&"fields/facts".to_owned()), "{:?}", after.changed_after);
    // A sealed record takes nothing without a reason, and serving it is no change of it.
    let delivery = Delivery { method: "direct".to_owned(), receiver: "王示例".to_owned(), ..Delivery::default() };
    let changes = deliver("01", &delivery);
    let values: Vec<(&str, Value)> = changes.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
    assert!(matches!(one.write(&mut record, &values, None), Err(AppError::Sealed)));
    let reason = Some("送达");
    one.write(&mut record, &values, reason).unwrap();
    let served = Document::read(record.state()).unwrap();
    assert_eq!(served.deliveries, [("01".to_owned(), delivery)]);
    assert_eq!(served.changed_after, after.changed_after);
    // What was taken away later is seen as well.
    one.write(&mut record, &[("fields/order_content", Value::Null)], Some("误删")).unwrap();
    assert!(Document::read(record.state()).unwrap().changed_after.contains(&"fields/order_content".to_owned()));
    assert!(issue(record.state(), Some(&number(&template("rectification_order"), 4)), now()).is_err());
}

/// A hazard with an order, and what the order says of its number, if anything.
fn ordered(phone: &Phone, order_no: Option<&str>) -> Record {
    let procedure = procedure("hazard");
    let mut matter = record(phone);
    let about = About { bureau: "示例县市场监督管理局".to_owned(), unit: unit(), ..About::default() };
    write(phone, &mut matter, &matter::begin(&procedure, &about, now()));
    fill_form(phone, &mut matter, None, &procedure.fields);
    write(phone, &mut matter, &matter::begin_step("s1", "order"));
    fill_form(phone, &mut matter, Some("s1"), &procedure.step("order").unwrap().fields);
    set(phone, &mut matter, "steps/s1/fields/order_no", order_no.map_or(Value::Null, Value::from));
    set(phone, &mut matter, "steps/s1/done", json!({"ms": NOON, "offset_min": 480}));
    matter
}

/// Issues a document for the order of a matter and tells the matter.
fn issue_for(phone: &Phone, matter: &mut Record, id: &str, n: u32) -> Record {
    let case = Case::read(matter.state()).unwrap();
    let source = of_matter(&case, matter.state(), matter.id().as_str(), Some("s1"), &names);
    let mut record = draft(phone, &template(id), &source);
    complete(phone, &mut record);
    let draft = Document::read(record.state()).unwrap();
    assert_eq!(documents::tell_step(record.id().as_str(), &draft, matter.state()), vec![], "a draft has no number");
    let document = issued(phone, &mut record, n);
    tell(phone, matter, &record, &document);
    record
}

fn tell(phone: &Phone, matter: &mut Record, record: &Record, document: &Document) {
    let changes = documents::tell_step(record.id().as_str(), document, matter.state());
    assert_eq!(changes.len(), 1);
    write(phone, matter, &changes);
    assert_eq!(documents::tell_step(record.id().as_str(), document, matter.state()), vec![], "told once");
}

#[test]
fn the_number_of_a_document_flows_back_into_its_step() {
    let phone = phone(31);
    let said = |matter: &Record| Case::read(matter.state()).unwrap().value(matter.state(), None, "order_no").cloned();
    let mut matter = ordered(&phone, None);
    assert_eq!(said(&matter), None);
    let first = issue_for(&phone, &mut matter, "supervision_order", 7);
    assert_eq!(said(&matter), Some(json!("示市监特令〔2026〕7号")));
    let papers = papers_of(matter.state(), "s1");
    assert_eq!((papers.len(), papers[0].day.map(|day| day.to_string())), (1, Some("2026-11-24".to_owned())));
    assert_eq!(papers[0].title.zh, "特种设备安全监察指令书");
    assert!(Case::read(matter.state()).unwrap().done[0].changed_after.is_empty(), "the number comes after the step");
    // The next document of the step begins with it, as its reference to the order.
    let case = Case::read(matter.state()).unwrap();
    let source = of_matter(&case, matter.state(), matter.id().as_str(), Some("s1"), &names);
    assert_eq!(source.data["about"]["order_no"], "示市监特令〔2026〕7号");
    // A later one counts, and when that is withdrawn the one before again.
    let mut second = issue_for(&phone, &mut matter, "supervision_order", 9);
    assert_eq!(said(&matter), Some(json!("示市监特令〔2026〕9号")));
    let changes = withdraw("写错", now());
    let values: Vec<(&str, Value)> = changes.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
    phone.write(&mut second, &values, Some("写错")).unwrap();
    let document = Document::read(second.state()).unwrap();
    tell(&phone, &mut matter, &second, &document);
    assert_eq!(said(&matter), Some(json!("示市监特令〔2026〕7号")));
    let all = papers_of(matter.state(), "s1");
    assert!(all.iter().any(|paper| paper.withdrawn) && all.iter().any(|paper| paper.document == first.id().as_str()));
}

#[test]
fn a_number_that_somebody_filled_in_stays_and_both_are_known() {
    let phone = phone(32);
    let mut matter = ordered(&phone, Some("纸质〔2026〕3号"));
    issue_for(&phone, &mut matter, "rectification_order", 4);
    let case = Case::read(matter.state()).unwrap();
    assert_eq!(case.value(matter.state(), None, "order_no"), Some(&json!("纸质〔2026〕3号")));
    assert_eq!(papers_of(matter.state(), "s1")[0].number, "示市责改〔2026〕4号");
}

#[test]
fn a_document_that_gives_no_number_to_its_step_tells_it_nothing() {
    let phone = phone(33);
    let mut matter = ordered(&phone, None);
    let source = of_matter(&Case::read(matter.state()).unwrap(), matter.state(), matter.id().as_str(), None, &names);
    let mut record = draft(&phone, &template("on_site_note"), &source);
    complete(&phone, &mut record);
    let document = issued(&phone, &mut record, 1);
    assert_eq!(documents::tell_step(record.id().as_str(), &document, matter.state()), vec![], "of the matter as a whole");
    set(&phone, &mut matter, "procedure", json!({}));
    let other = issue_for_of(&phone, &ordered(&phone, None));
    assert_eq!(documents::tell_step("x", &other, matter.state()), vec![], "no matter that can be read");
}

/// A document issued for the order of a matter that is not told.
fn issue_for_of(phone: &Phone, matter: &Record) -> Document {
    let source = of_matter(&Case::read(matter.state()).unwrap(), matter.state(), matter.id().as_str(), Some("s1"), &names);
    let mut record = draft(phone, &template("supervision_order"), &source);
    complete(phone, &mut record);
    issued(phone, &mut record, 2)
}

#[test]
fn a_re_inspection_by_the_same_people_says_so_on_paper() {
    let phone = phone(34);
    for (same, expected) in [(true, true), (false, false)] {
        let mut matter = ordered(&phone, None);
        let procedure = procedure("hazard");
        write(&phone, &mut matter, &matter::begin_step("s2", "reinspect_pass"));
        fill_form(&phone, &mut matter, Some("s2"), &procedure.step("reinspect_pass").unwrap().fields);
        if !same {
            let others = json!([{"name": "赵示例", "cert_no": "SL000003"}, {"name": "李示例", "cert_no": "SL000002"}]);
            set(&phone, &mut matter, "steps/s2/fields/reinspectors", others);
        }
        let source = of_matter(&Case::read(matter.state()).unwrap(), matter.state(), matter.id().as_str(), Some("s2"), &names);
        let mut record = draft(&phone, &template("reinspection_record"), &source);
        complete(&phone, &mut record);
        let document = issued(&phone, &mut record, 5);
        assert_eq!(says(&document.filled(record.state()), "由原检查人员进行"), expected);
    }
}

#[test]
fn a_second_issue_written_over_the_first_is_noticed() {
    let (one, other) = (phone(4), phone(5));
    let source = matter_source(&one, "hazard", Some("order"), true);
    let mut record = draft(&one, &template("rectification_order"), &source);
    complete(&one, &mut record);
    assert!(issued(&one, &mut record, 3).changed_after.is_empty());
    // Somebody who had seen what was issued writes something else there, and takes it away.
    let mut again = record.state().get("issued").cloned().unwrap();
    again["values"]["doc"]["facts"] = json!("改过的事实");
    let mut copy = Record::new(Journal::new(record.id().clone()));
    copy.merge(record.journal());
    other.write(&mut copy, &[("issued", again)], Some("更正")).unwrap();
    let changed = Document::read(copy.state()).unwrap();
    assert!(changed.changed_after.contains(&"issued".to_owned()), "{:?}", changed.changed_after);
    other.write(&mut copy, &[("issued", Value::Null)], Some("更正")).unwrap();
    let emptied = Document::read(copy.state()).unwrap();
    assert_eq!(
        (emptied.changed_after.as_slice(), spotcheck::app::document::lacking(copy.state(), now())),
        (["issued".to_owned()].as_slice(), vec![Lack::NotDraft])
    );
}

#[test]
fn a_correction_names_what_it_corrects() {
    let phone = phone(6);
    let source = matter_source(&phone, "hazard", Some("order"), true);
    let mut old = draft(&phone, &template("supervision_order"), &source);
    assert_eq!(correct(old.id().as_str(), old.state(), "尚未发出"), None);
    complete(&phone, &mut old);
    let old_doc = issued(&phone, &mut old, 12);
    let mut new = record(&phone);
    write(&phone, &mut new, &correct(old.id().as_str(), old.state(), "期限写错").unwrap());
    let lacks = lacking(new.state(), now());
    assert!(lacks.is_empty(), "{lacks:?}");
    assert!(new.state().under("signatures").next().is_none(), "what others signed was the old one");
    set(&phone, &mut new, "fields/deadline", json!("2026-12-24"));
    let new_doc = issued(&phone, &mut new, 13);
    let filled = new_doc.filled(new.state());
    assert!(
        says(&filled, "编号：示市监特令〔2026〕12号") && says(&filled, "期限写错") && says(&filled, "示市监特令〔2026〕13号"),
        "{:#?}",
        texts(&filled)
    );
    assert!(!says(&old_doc.filled(old.state()), "更正"));
    let changes = corrected_by(new.id().as_str(), new_doc.number());
    let values: Vec<(&str, Value)> = changes.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
    phone.write(&mut old, &values, Some("更正")).unwrap();
    let old_doc = Document::read(old.state()).unwrap();
    assert!(old_doc.changed_after.is_empty() && old_doc.corrected_by.is_some());
}

#[test]
fn a_record_of_a_check_says_by_what_right_it_was_made() {
    let phone = phone(12);
    let record = draft(&phone, &template("inspection_record"), &visit_source(&phone, true));
    let filled = Document::read(record.state()).unwrap().filled(record.state());
    for line in [
        "审批编号：示检批1号",
        "批准人和日期：赵示例 2026年11月20日",
        "告知权利和义务：2026年11月24日12时00分",
        "本年度第几次检查：2",
        "示例问题0",
        "2026年12月9日",
        "张示例（执法证号SL000001）、李示例（执法证号SL000002）",
    ] {
        assert!(says(&filled, line), "{line} in {:#?}", texts(&filled));
    }
    let source = visit_source(&phone, true);
    assert_eq!(source.raw["about.deadline"], "2026-12-09");
    // What only the record lists is not carried by others.
    let order = draft(&phone, &template("supervision_order"), &source);
    assert!(order.state().get("data").unwrap().get("items").is_none() && record.state().get("data").unwrap().get("items").is_some());
}

#[test]
fn long_and_empty_lists_are_printed_whole() {
    let phone = phone(7);
    let long = "很长的单位名称".repeat(40);
    let mut source = visit_source(&phone, true);
    let rows = |count: usize| -> Vec<Value> {
        (0..count).map(|index| json!({"n": index + 1, "finding": format!("问题{index}<b>&"), "basis": "《示例法》"})).collect()
    };
    for count in [0, 1, 200] {
        source.data["findings"] = json!(rows(count));
        source.data["counts"]["findings"] = json!(count);
        source.data["unit"]["name"] = json!(long);
        source.pictures = (0..40)
            .map(|_| spotcheck::document::Picture {
                id: phone.new_photo_id().to_string(),
                field: "boiler-001".to_owned(),
                value: photo("boiler-001"),
                caption: "示例\u{7}照片".to_owned(),
                marks: None,
            })
            .collect();
        let record = draft(&phone, &template("inspection_record"), &source);
        let filled = Document::read(record.state()).unwrap().filled(record.state());
        let tables: Vec<(usize, String)> = filled
            .parts
            .iter()
            .filter_map(|part| if let Part::Table { rows, none, .. } = part { Some((rows.len(), none.clone())) } else { None })
            .collect();
        assert!(tables.iter().any(|(rows, none)| *rows == count && none.is_empty() == (count > 0)), "{tables:?}");
        // Nothing is markup, and nothing is lost or cut.
        assert_eq!(says(&filled, &format!("问题{}<b>&", count.saturating_sub(1))), count > 0);
        assert!(says(&filled, &long));
        let photos: usize = filled.parts.iter().map(|part| if let Part::Photos(photos) = part { photos.len() } else { 0 }).sum();
        assert_eq!(photos, 40);
        assert!(says(&filled, "示例照片"));
    }
}

#[test]
fn reads_only_templates_that_hold_together() {
    let good = serde_json::to_value(template("supervision_order")).unwrap();
    let read = |pointer: &str, value: Value| {
        let mut spoilt = good.clone();
        *spoilt.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}")) = value;
        Template::read(spoilt.to_string().as_bytes())
    };
    assert!(Template::read(good.to_string().as_bytes()).is_ok());
    assert!(matches!(Template::read(b"{"), Err(TemplateError::Json { line: 1, .. })));
    assert_eq!(read("/schema", json!("document/2")), Err(TemplateError::Schema("document/2".to_owned())));
    assert!(matches!(read("/of", json!([])), Err(TemplateError::Name { place }) if place == "of"));
    assert!(matches!(read("/series/format", json!("{mark}〔{year}〕号")), Err(TemplateError::Name { place }) if place == "series"));
    assert!(matches!(read("/series/format", json!("{day}〔{year}〕{n}号")), Err(TemplateError::Name { place }) if place == "series"));
    assert!(matches!(read("/blocks/0/text", json!("{bureau")), Err(TemplateError::Text { place, .. }) if place == "blocks.0.text"));
    assert!(
        matches!(read("/blocks/0/text", json!("{单位}")), Err(TemplateError::Text { place, problem }) if place == "blocks.0.text" && problem == "单位")
    );
    assert!(matches!(read("/blocks/0/text", json!(" ")), Err(TemplateError::Text { .. })));
    assert!(matches!(read("/blocks/0/text", json!("长".repeat(2_001))), Err(TemplateError::Text { .. })));
    assert!(matches!(read("/signatures/0/who", json!("nobody")), Err(TemplateError::Field(_))));
    assert!(matches!(read("/fields/0/type", json!("photos")), Err(TemplateError::Json { .. } | TemplateError::Type { .. })));
    assert!(matches!(read("/signatures/0/id", json!("someone")), Err(TemplateError::Unknown { name, .. }) if name == "officer1"));
    assert!(matches!(read("/blocks", json!([])), Err(TemplateError::Name { place }) if place == "blocks"));
}

fn device(index: usize) -> DeviceId {
    DeviceId::parse(&format!("d{:016x}", 0xabc0_1234_5678_9abc_u64.wrapping_mul(index as u64 * 2 + 1))).unwrap()
}

fn series() -> Series {
    Series { id: "supervision_order".to_owned(), format: "{mark}监特令〔{year}〕{n}号".to_owned() }
}

fn range(id: &str, device_index: usize, from: u32, to: u32) -> Range {
    Range {
        id: id.to_owned(),
        series: series().id,
        year: 2026,
        mark: "示市".to_owned(),
        device: device(device_index).to_string(),
        from,
        to,
        ..Range::default()
    }
}

fn taken(document: &str, device_index: usize, number: Number) -> Given {
    Given { document: document.to_owned(), device: device(device_index).to_string(), number, stands: true, withdrawn: false }
}

#[test]
fn numbers_come_from_the_ranges_of_the_device() {
    let phone = phone(8);
    let mut record = record(&phone);
    let handout = Handout { series: series().id, year: 2026, mark: "示市".to_owned(), device: device(0).to_string(), from: 1, to: 3 };
    write(&phone, &mut record, &give_range(&handout));
    write(&phone, &mut record, &void([2], "写坏"));
    let mut ranges = vec![Range::read(record.id().as_str(), record.state()).unwrap(), range("z", 1, 4, 9)];
    let mut given = Vec::new();
    let next = |ranges: &[Range], given: &[Given]| next_number(&series(), 2026, &device(0), ranges, given);
    let first = next(&ranges, &given).unwrap();
    assert_eq!((first.n, first.text.as_str(), first.range.as_deref()), (1, "示市监特令〔2026〕1号", Some(record.id().as_str())));
    given.push(taken("a", 0, first));
    let second = next(&ranges, &given).unwrap();
    assert_eq!(second.n, 3, "2 is void");
    given.push(taken("b", 0, second));
    assert!(next(&ranges, &given).is_err());
    assert!(next_number(&series(), 2027, &device(0), &ranges, &given).is_err());
    assert_eq!(next_from(&series().id, 2026, &ranges, &given), 10);
    // By a mistake of the office, 5 and 6 are given twice: they stay with the range that was there first.
    ranges.push(range("zz", 0, 5, 10));
    assert_eq!(next(&ranges, &given).unwrap().n, 10);
    let account = account(&series().id, 2026, &ranges, &given);
    assert_eq!(account.overlaps, [("z".to_owned(), "zz".to_owned())]);
    assert_eq!(account.lines.iter().map(|line| line.n).collect::<Vec<_>>(), (1..=10).collect::<Vec<_>>());
    assert!(matches!(&account.lines[1].used, Use::Void { reason, .. } if reason == "写坏"));
    assert!(account.lines.iter().all(|line| !line.gap && !line.is_double()));
    // A range as wide as no year is none.
    assert_eq!(
        Range::read("x", &{
            write(&phone, &mut record, &vec![("to".to_owned(), json!(4_000_000_000_u64))]);
            record.state().clone()
        }),
        None
    );
}

#[test]
fn without_a_range_the_device_stands_in_the_number() {
    let first = own_number(&series(), 2026, "示市", &device(0), &[]);
    let tag = first.tag.clone().unwrap();
    assert_eq!((tag.len(), first.text.clone()), (4, format!("示市监特令〔2026〕{tag}-1号")));
    let given = vec![taken("a", 0, first.clone())];
    assert_eq!(own_number(&series(), 2026, "示市", &device(0), &given).n, 2);
    assert_ne!(own_number(&series(), 2026, "示市", &device(1), &given).tag, Some(tag.clone()));
    // Another device that is known with the same tag makes it longer.
    let alike = vec![taken("a", 1, first)];
    let longer = own_number(&series(), 2026, "示市", &device(0), &alike);
    assert_eq!(longer.tag.unwrap().len(), 5);
    // Lost ones are seen.
    let third = Number { n: 3, ..alike[0].number.clone() };
    let account = account(&series().id, 2026, &[], &[alike[0].clone(), taken("c", 1, third)]);
    assert_eq!(account.lines.iter().map(|line| (line.n, line.gap)).collect::<Vec<_>>(), [(1, false), (2, true), (3, false)]);
}

#[test]
fn a_gap_among_the_numbers_of_a_device_is_voided_with_a_reason() {
    let phone = phone(41);
    let first = own_number(&series(), 2026, "示市", &device(0), &[]);
    let tag = first.tag.clone().unwrap();
    let third = Number { n: 3, ..first.clone() };
    let given = vec![taken("a", 0, first), taken("c", 0, third)];
    let mut voids = record(&phone);
    write(&phone, &mut voids, &documents::own_voids(&series().id, 2026, &tag));
    let ranges = |voids: &Record| vec![Range::read(voids.id().as_str(), voids.state()).unwrap(), range("r1", 0, 1, 5)];
    let gaps = |ranges: &[Range]| account(&series().id, 2026, ranges, &given).lines.iter().filter(|line| line.gap).count();
    assert_eq!(gaps(&ranges(&voids)), 1);
    write(&phone, &mut voids, &void([2], "手机丢失，文书未发出"));
    let known = ranges(&voids);
    assert_eq!(gaps(&known), 0);
    let accounted = account(&series().id, 2026, &known, &given);
    let line = accounted.lines.iter().find(|line| line.tag.is_some() && line.n == 2).unwrap();
    assert!(matches!(&line.used, Use::Void { reason, given } if reason == "手机丢失，文书未发出" && given.is_empty()));
    assert!(accounted.overlaps.is_empty());
    // It is no range: nothing is given from it, and it takes nothing from those that are.
    assert_eq!(next_number(&series(), 2026, &device(0), &known, &[]).unwrap().n, 1);
    assert_eq!(next_from(&series().id, 2026, &known, &[]), 6);
    // Another device's gap of the same number stays one.
    let other = Number { tag: Some("ZZZZ".into()), n: 2, ..given[0].number.clone() };
    let lines = account(&series().id, 2026, &known, &[taken("x", 1, other)]).lines;
    assert!(lines.iter().any(|line| line.tag.as_deref() == Some("ZZZZ") && line.n == 1 && line.gap));
    // The lost document turns up: it bears a void number.
    let mut with_lost = given.clone();
    with_lost.push(taken("b", 0, Number { n: 2, ..given[0].number.clone() }));
    let lines = account(&series().id, 2026, &known, &with_lost).lines;
    assert!(lines.iter().any(|line| line.tag.is_some() && line.n == 2 && line.is_double()));
}

#[test]
fn a_draft_that_was_given_up_is_told_apart_from_what_was_withdrawn() {
    let phone = phone(42);
    let source = matter_source(&phone, "hazard", Some("order"), true);
    let mut record = draft(&phone, &template("supervision_order"), &source);
    assert_eq!(given_up(record.state()), None);
    write(&phone, &mut record, &withdraw("重复制作", now()));
    assert_eq!(given_up(record.state()), Some("重复制作".to_owned()));
    assert_eq!(given(record.journal(), record.state()), vec![], "it never had a number");
    let mut other = draft(&phone, &template("supervision_order"), &source);
    complete(&phone, &mut other);
    issued(&phone, &mut other, 8);
    let changes = withdraw("写错", now());
    let values: Vec<(&str, Value)> = changes.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
    phone.write(&mut other, &values, Some("写错")).unwrap();
    assert_eq!(given_up(other.state()), None, "its number stays used");
}

#[test]
fn photos_of_a_delivery_are_kept_with_it_and_change_nothing_that_was_issued() {
    let phone = phone(43);
    let source = matter_source(&phone, "hazard", Some("reinspect_pass"), true);
    let mut record = draft(&phone, &template("reinspection_record"), &source);
    complete(&phone, &mut record);
    let before = issued(&phone, &mut record, 6);
    let mut later = |path: &str, value: Value| phone.write(&mut record, &[(path, value)], Some("送达")).map(|_| ()).unwrap();
    later("delivery/d1", json!({"method": "left", "day": "2026-11-24"}));
    later("photos/p9", photo(&served_item("d1")));
    later("photos/p9/caption", json!("留置现场"));
    let after = Document::read(record.state()).unwrap();
    assert_eq!((after.changed_after.clone(), after.digest()), (vec![], before.digest()));
    assert_eq!(procedure::photos_of(record.state(), &served_item("d1")).collect::<Vec<_>>(), ["p9"]);
    let corrected = correct(record.id().as_str(), record.state(), "写错").unwrap();
    assert!(!corrected.iter().any(|(path, _)| path.contains("p9")), "it shows how the old one was served");
    // A photo of the document itself is a change, and so is one of the document that is passed off as one of its service.
    phone.write(&mut record, &[("photos/p8", photo("before"))], Some("补拍")).unwrap();
    assert_eq!(Document::read(record.state()).unwrap().changed_after, ["photos", "photos/p8"]);
    let own =
        record.state().under("photos").map(|(path, _)| path.to_owned()).find(|path| !path.contains('/') && path != "p8" && path != "p9");
    phone.write(&mut record, &[(&*format!("photos/{}", own.unwrap()), photo(&served_item("d1")))], Some("改动")).unwrap();
    assert!(Document::read(record.state()).unwrap().changed_after.contains(&"photos".to_owned()));
}

#[test]
fn a_draft_that_two_phones_issued_keeps_both_numbers_in_the_account() {
    let (one, other) = (phone(9), phone(10));
    let source = matter_source(&one, "hazard", Some("order"), true);
    let mut record = draft(&one, &template("supervision_order"), &source);
    complete(&one, &mut record);
    let mut copy = Record::new(Journal::new(record.id().clone()));
    copy.merge(record.journal());
    issued(&one, &mut record, 1);
    issued(&other, &mut copy, 50);
    record.merge(copy.journal());
    assert!(Document::read(record.state()).unwrap().issued_twice);
    let given = given(record.journal(), record.state());
    let mut numbers: Vec<(u32, bool)> = given.iter().map(|given| (given.number.n, given.stands)).collect();
    numbers.sort_unstable();
    assert_eq!(numbers.len(), 2);
    assert_eq!(numbers.iter().filter(|(_, stands)| *stands).count(), 1, "{numbers:?}");
    let lines = account(&series().id, 2026, &[], &given).lines;
    assert_eq!(lines.iter().map(|line| line.n).collect::<Vec<_>>(), [1, 50]);
}

/// One thing that a phone does.
#[derive(Clone, Debug)]
enum Act {
    Issue(usize),
    Meet(usize, usize),
    Void(usize, u32),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (0..5_usize).prop_map(Act::Issue),
        2 => (0..5_usize, 0..5_usize).prop_map(|(a, b)| Act::Meet(a, b)),
        1 => (0..5_usize, 0..12_u32).prop_map(|(phone, n)| Act::Void(phone, n)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Five phones, some with ranges, that know of each other only what they were told: no number is given twice, and every
    /// number of every range is given, free or void.
    #[test]
    fn numbers_of_five_phones_are_never_doubles(acts in prop::collection::vec(act(), 1..120), widths in prop::collection::vec(0..12_u32, 5), order in any::<u64>()) {
        let mut office: Vec<Range> = Vec::new();
        for (index, width) in widths.iter().enumerate().filter(|(_, width)| **width > 0) {
            let from = next_from(&series().id, 2026, &office, &[]);
            office.push(range(&format!("r{index}"), index, from, from + width - 1));
        }
        let mut known: Vec<(Vec<Range>, Vec<Given>)> = vec![(office.clone(), Vec::new()); 5];
        let mut issued = 0;
        for act in &acts {
            match *act {
                Act::Issue(index) => {
                    let (ranges, given) = &known[index];
                    let number = next_number(&series(), 2026, &device(index), ranges, given)
                        .unwrap_or_else(|_| own_number(&series(), 2026, "示市", &device(index), given));
                    prop_assert!(ranges.iter().all(|range| number.tag.is_some() || !range.voids.contains_key(&number.n)));
                    issued += 1;
                    known[index].1.push(taken(&format!("doc{issued}"), index, number));
                }
                Act::Meet(a, b) => {
                    let mut all: Vec<Given> = known[a].1.iter().chain(&known[b].1).cloned().collect();
                    all.sort();
                    all.dedup();
                    known[a].1.clone_from(&all);
                    known[b].1 = all;
                }
                // The phone itself says that a number is spoilt.
                Act::Void(index, n) => {
                    let free = known[index].1.clone();
                    for range in known[index].0.iter_mut().filter(|range| range.device == device(index).as_str()) {
                        let n = range.from + n;
                        if n <= range.to && !free.iter().any(|given| given.number.n == n && given.number.tag.is_none()) {
                            range.voids.insert(n, "作废".to_owned());
                        }
                    }
                }
            }
        }
        let mut ranges = office.clone();
        for (theirs, _) in &known {
            for (range, theirs) in ranges.iter_mut().zip(theirs) {
                range.voids.extend(theirs.voids.clone());
            }
        }
        let mut all: Vec<Given> = known.iter().flat_map(|(_, given)| given.clone()).collect();
        all.sort();
        all.dedup();
        let turn = usize::try_from(order % 97).unwrap() % all.len().max(1);
        all.rotate_left(turn);
        let account = account(&series().id, 2026, &ranges, &all);
        prop_assert!(account.lines.iter().all(|line| !line.is_double()), "{account:?}");
        prop_assert!(account.overlaps.is_empty());
        let texts: std::collections::BTreeSet<&str> = all.iter().map(|given| given.number.text.as_str()).collect();
        prop_assert_eq!(texts.len(), issued);
        let borne: usize = account.lines.iter().map(|line| match &line.used { Use::Given(given) | Use::Void { given, .. } => given.len(), Use::Free => 0 }).sum();
        prop_assert_eq!(borne, issued);
        let of_ranges = account.lines.iter().filter(|line| line.range.is_some()).count();
        prop_assert_eq!(of_ranges, widths.iter().sum::<u32>() as usize);
    }

    /// Whatever stands in the data, filling neither fails nor takes any of it for a place.
    #[test]
    fn data_are_never_places(text in "[\\PC\\n]{0,60}") {
        let template = template("transfer_letter");
        let data = json!({"bureau": text, "doc": {"to": "{bureau}", "officers": text, "papers": {"list": [text, 1, null]}}, "counts": []});
        let filled = fill::fill(&template, &data);
        let printed = texts(&filled);
        let kept = printed.iter().any(|one| one == "{bureau}：");
        prop_assert!(kept);
    }

    #[test]
    fn reading_a_template_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "[{}a.?一]{0,20}") {
        drop(Template::read(&bytes));
        let places = spotcheck::document::places(&text);
        let braces = text.matches('{').count();
        prop_assert!(places.is_err() || braces == places.unwrap().len());
    }
}

#[test]
fn a_draft_follows_its_source_and_an_issued_document_does_not() {
    let phone = phone(11);
    let mut source = matter_source(&phone, "hazard", Some("order"), true);
    let mut record = draft(&phone, &template("rectification_order"), &source);
    source.data["bureau"] = json!("另一个局");
    let changes = documents::refresh(record.state(), &source);
    write(&phone, &mut record, &changes);
    complete(&phone, &mut record);
    let document = issued(&phone, &mut record, 1);
    assert!(says(&document.filled(record.state()), "另一个局"));
    assert_eq!(documents::refresh(record.state(), &source), vec![]);
}

#[test]
fn a_paper_holds_no_personal_data_that_it_does_not_print() {
    let phone = phone(7);
    let held = |name: &str, step: &str| {
        let template = template(name);
        let source = matter_source(&phone, "complaint", Some(step), true);
        let record = draft(&phone, &template, &source);
        record.state().get("data").unwrap()["about"].as_object().unwrap().keys().cloned().collect::<Vec<_>>()
    };
    let private: Vec<String> = procedure("complaint").fields.into_iter().filter(|field| field.private).map(|field| field.id).collect();
    assert!(private.contains(&"complainant_phone".to_owned()));
    let registration = held("complaint_registration", "triage");
    assert!(registration.contains(&"complainant_phone".to_owned()), "{registration:?}");
    let notice = held("mediation_notice", "notify");
    assert!(!notice.iter().any(|field| ["complainant_phone", "complainant_address", "id_no"].contains(&field.as_str())), "{notice:?}");
    assert!(notice.contains(&"respondent_name".to_owned()), "{notice:?}");
}
