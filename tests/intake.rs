//! Complaints and reports at the office: what comes first, what looks alike, what others get, and what is printed for whom.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests say what they expect")]

use std::path::PathBuf;

use futures::executor::block_on;
use serde_json::{Value, json};
use spotcheck::app::document::{begin, issue, lacking};
use spotcheck::app::extract;
use spotcheck::app::library::Changes;
use spotcheck::app::matter::{self, About, summary};
use spotcheck::app::transfer::SenderName;
use spotcheck::app::workspace::{Record, Workspace};
use spotcheck::bundle::{BundlePurpose, Event, Limits, Reader};
use spotcheck::document::data::of_matter;
use spotcheck::document::words::Term;
use spotcheck::document::{BLANK, Document, Lack, Number, Template};
use spotcheck::domain::change::ClockReading;
use spotcheck::domain::inspection::Summary;
use spotcheck::domain::journal::Journal;
use spotcheck::domain::signature::{Signature, Stroke};
use spotcheck::domain::time::{CivilDate, Instant};
use spotcheck::intake::{Ends, Finding, NearIndex, Strength, Tab, Triage, found, waiting};
use spotcheck::port::memory::{FixedClock, FixedRandom, MemoryShelf};
use spotcheck::port::twin::Twin;
use spotcheck::procedure::{self, Case, Field, FieldKind, Procedure, field_path, is_private_path, mark, photo_item};
use spotcheck::rules::calendar::Calendar;
use spotcheck::rules::clock::Clocks;

type Office = Workspace<Twin<MemoryShelf, MemoryShelf>, FixedClock, FixedRandom>;

/// 2026-11-24 12:00 in Shanghai, a Tuesday.
const NOON: u64 = 1_795_492_800_000;
const NAME: &str = "王示例甲";
const PHONE: &str = "13912345678";
const ID_NO: &str = "110101199001010012";
const ADDRESS: &str = "示例县示例街99号3单元";

fn office(seed: u64) -> Office {
    let (twin, _) = block_on(Twin::open(MemoryShelf::new(), MemoryShelf::new(), None)).unwrap();
    block_on(Workspace::open(twin, FixedClock::new(now()), FixedRandom::new(seed))).unwrap()
}

fn now() -> ClockReading {
    ClockReading { wall_ms: NOON, mono_ms: 0, offset_min: 480 }
}

fn today() -> CivilDate {
    Instant::from_ms(NOON).date(480)
}

fn content(path: &str) -> Vec<u8> {
    std::fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("public/content").join(path)).unwrap()
}

fn procedure(name: &str) -> Procedure {
    Procedure::read(&content(&format!("procedures/{name}.json"))).unwrap()
}

fn triage() -> Triage {
    Triage::read(&content("rules/triage.json")).unwrap()
}

fn signature() -> Value {
    let stroke = Stroke::from_raw(&[(0.1, 0.1), (0.9, 0.9), (0.1, 0.9)], 2.0).unwrap();
    serde_json::to_value(Signature::sign(NAME, "", vec![stroke], 2.0, NOON)).unwrap()
}

fn write(office: &Office, record: &mut Record, changes: &Changes) {
    let values: Vec<(&str, Value)> = changes.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
    office.write(record, &values, None).unwrap();
}

/// An answer that fits, as a consumer would give it where it is private; `None` for photos.
fn answer(field: &Field) -> Option<Value> {
    let texts = [("_name", NAME), ("_phone", PHONE), ("id_no", ID_NO), ("_address", ADDRESS)];
    Some(match &field.kind {
        FieldKind::Text | FieldKind::Long if field.private => {
            let known = texts.iter().find(|(end, _)| field.id.ends_with(end));
            json!(known.map_or("左手烫伤三处", |(_, text)| text))
        }
        FieldKind::Text | FieldKind::Long if field.id == "respondent_name" => json!("示例玩具店"),
        FieldKind::Text | FieldKind::Long if field.id == "facts" => json!(format!("{NAME}（{PHONE}）买到的玩具掉零件")),
        FieldKind::Text | FieldKind::Long => json!(format!("示例{}", field.name.zh)),
        FieldKind::Number { min, .. } => json!(min.unwrap_or(1)),
        FieldKind::Date { .. } => json!("2026-11-24"),
        FieldKind::Moment => json!({"ms": NOON, "offset_min": 480}),
        FieldKind::Yes => json!(true),
        FieldKind::Choice { options } => json!(options[0].id),
        FieldKind::Choices { options } => json!([options[0].id]),
        FieldKind::Clauses { .. } => json!([]),
        FieldKind::Officers { .. } => json!([{"name": "张示例", "cert_no": "SL000001"}, {"name": "李示例", "cert_no": "SL000002"}]),
        FieldKind::Person if field.private => json!({"name": NAME, "post": "", "phone": PHONE}),
        FieldKind::Person => json!({"name": "赵示例", "post": "科员", "phone": "0000-1234567"}),
        FieldKind::Rows { columns } => {
            let cell = if field.private { NAME } else { "示例" };
            json!([columns.iter().map(|column| (column.id.clone(), json!(cell))).collect::<serde_json::Map<_, _>>()])
        }
        FieldKind::Signature { .. } => signature(),
        FieldKind::Link { .. } | FieldKind::Photos { .. } => return None,
    })
}

fn photo(item: &str) -> Value {
    json!({"item": item, "sha256": "ab".repeat(32), "size_bytes": 1000, "width": 40, "height": 30, "mime": "image/jpeg", "captured_at_ms": NOON})
}

fn fill(office: &Office, record: &mut Record, step: Option<&str>, fields: &[Field], given: &[(&str, Value)]) {
    for field in fields {
        let own = given.iter().find(|(id, _)| *id == field.id).map(|(_, value)| value.clone());
        match own.or_else(|| answer(field)) {
            Some(value) => write(office, record, &vec![(field_path(step, &field.id), value)]),
            None if matches!(field.kind, FieldKind::Photos { .. }) => {
                write(office, record, &vec![(format!("photos/{}", office.new_photo_id()), photo(&photo_item(step, &field.id)))]);
            }
            None => {}
        }
    }
}

/// A matter of which everything is said, with these answers where they are given.
fn begun(office: &Office, kind: &str, given: &[(&str, Value)]) -> Record {
    let mut record = Record::new(Journal::new(office.new_record_id()));
    let procedure = procedure(kind);
    let unit = vec![
        ("name".to_owned(), json!("示例玩具店")),
        ("address".to_owned(), json!("示例县示例路1号")),
        ("contact".to_owned(), json!(NAME)),
    ];
    let about = About { bureau: "示例县市场监督管理局".into(), unit, ..About::default() };
    write(office, &mut record, &matter::begin(&procedure, &about, now()));
    fill(office, &mut record, None, &procedure.fields, given);
    record
}

/// Does a step; returns its id.
fn step(office: &Office, record: &mut Record, name: &str, given: &[(&str, Value)]) -> String {
    let id = office.new_record_id().to_string();
    write(office, record, &matter::begin_step(&id, name));
    let case = Case::read(record.state()).unwrap();
    let fields = case.procedure.step(name).unwrap().fields.clone();
    fill(office, record, Some(&id), &fields, given);
    write(office, record, &vec![(format!("steps/{id}/done"), json!({"ms": NOON, "offset_min": 480}))]);
    id
}

fn shown(record: &Record) -> Summary {
    summary(record.journal(), record.state())
}

/// A complaint in a list, with only these answers.
fn listed(office: &Office, kind: &str, given: &[(&str, Value)]) -> Summary {
    let mut record = Record::new(Journal::new(office.new_record_id()));
    write(office, &mut record, &matter::begin(&procedure(kind), &About::default(), now()));
    write(office, &mut record, &given.iter().map(|(id, value)| (field_path(None, id), value.clone())).collect());
    shown(&record)
}

#[test]
fn what_is_grave_comes_first_and_says_why() {
    let (office, rules) = (office(1), triage());
    let check = |given: &[(&str, Value)], expected: &[&str]| {
        let summary = listed(&office, "complaint", given);
        let line = summary.matter.as_ref().unwrap();
        let reasons: Vec<&str> = rules.reasons(line).iter().map(|one| one.id.as_str()).collect();
        assert_eq!(reasons, expected, "{given:?}");
    };
    check(&[("subject", json!("玩具"))], &[]);
    check(&[("injury", json!(false)), ("gas", json!(false)), ("deaths", json!(0))], &[]);
    check(&[("injury", json!(true))], &["injury"]);
    check(&[("child", json!(true)), ("injury", json!(true)), ("serious_injuries", json!(1))], &["deaths", "injury", "child"]);
    check(&[("goods_kind", json!("toys"))], &["child"]);
    check(&[("equipment_kind", json!("lift"))], &["elevator"]);
    check(&[("equipment_kind", json!("cylinder")), ("fire", json!(true))], &["fire", "gas"]);
}

#[test]
fn the_inbox_is_in_the_order_in_which_it_is_to_be_looked_at() {
    let (office, rules) = (office(2), triage());
    let clocks = Clocks::read(&content("rules/clocks.json")).unwrap();
    let calendar = Calendar::read(&content("rules/holidays.json")).unwrap();
    // Seven working days: from 12 November until 23 November, from 13 until 24, from 18 until 27, from 24 until 3 December.
    let received = |day: &str, subject: &str, more: &[(&str, Value)]| {
        let mut given = vec![("received_on", json!(day)), ("subject", json!(subject))];
        given.extend(more.iter().cloned());
        listed(&office, "complaint", &given)
    };
    let mut closed = begun(&office, "complaint", &[("received_on", json!("2026-11-02")), ("subject", json!("办结"))]);
    step(&office, &mut closed, "triage", &[]);
    step(&office, &mut closed, "refuse", &[("refuse_ground", json!("papers"))]);
    let all = vec![
        shown(&closed),
        received("2026-11-24", "以后", &[]),
        received("2026-11-18", "三日内", &[]),
        received("2026-11-13", "今天", &[]),
        received("2026-11-12", "超期", &[]),
        received("2026-11-24", "伤人", &[("injury", json!(true))]),
        received("2026-11-24", "电梯", &[("elevator", json!(true))]),
    ];
    let queue = waiting(&rules, &all, &clocks, &calendar, Instant::from_ms(NOON), today());
    let order: Vec<(&str, Ends, Tab)> = queue.iter().map(|one| (one.line.headline.as_str(), one.ends, one.tab)).collect();
    let expected = [
        ("伤人", Ends::Later, Tab::Incoming),
        ("电梯", Ends::Later, Tab::Incoming),
        ("超期", Ends::Overdue, Tab::Incoming),
        ("今天", Ends::Today, Tab::Incoming),
        ("三日内", Ends::Soon, Tab::Incoming),
        ("以后", Ends::Later, Tab::Incoming),
        ("办结", Ends::Never, Tab::Closed),
    ];
    assert_eq!(order, expected);
    assert_eq!(queue[3].due(), CivilDate::parse("2026-11-24"));
    assert!(queue.last().unwrap().urgent.is_empty(), "what is over is not urgent");
}

#[test]
fn what_looks_alike_is_said_with_its_reason() {
    let (office, rules) = (office(3), triage());
    let check = |kinds: (&str, &str), one: &[(&str, Value)], other: &[(&str, Value)], expected: Option<(&[&str], Strength)>| {
        let all = vec![listed(&office, kinds.0, one), listed(&office, kinds.1, other)];
        let index = NearIndex::of(&rules, &all);
        for (from, to) in [(0, 1), (1, 0)] {
            let near = index.near(&all[from].id);
            let said: Option<(Vec<&str>, Strength)> =
                near.first().map(|near| (near.reasons.iter().map(|rule| rule.id.as_str()).collect(), near.strength));
            assert_eq!(said.as_ref().map(|(ids, strength)| (ids.as_slice(), *strength)), expected, "{one:?} {other:?}");
            assert!(near.iter().all(|near| near.other.id == all[to].id));
        }
    };
    let both = ("complaint", "complaint");
    check(both, &[("subject", json!("甲"))], &[("subject", json!("甲"))], None);
    check(
        both,
        &[("respondent_name", json!("示例玩具店"))],
        &[("respondent_name", json!("示例 玩具店。"))],
        Some((&["respondent"], Strength::Medium)),
    );
    check(both, &[("respondent_name", json!("示例玩具店"))], &[("respondent_name", json!("示例文具店"))], None);
    check(
        ("complaint", "report"),
        &[("complainant_phone", json!("139 1234 5678"))],
        &[("reporter_phone", json!("+8613912345678"))],
        Some((&["person"], Strength::Strong)),
    );
    check(
        both,
        &[("id_no", json!("11010119900101001x"))],
        &[("id_no", json!("11010119900101001Ｘ"))],
        Some((&["person"], Strength::Strong)),
    );
    check(both, &[("batch", json!("B1"))], &[("batch", json!("B1"))], None);
    check(
        both,
        &[("batch", json!("B1")), ("goods_name", json!("玩具车"))],
        &[("batch", json!("b-1")), ("goods_name", json!("玩具车"))],
        Some((&["batch"], Strength::Strong)),
    );
    check(
        both,
        &[("brand", json!("示例牌")), ("model", json!("X1")), ("order_no", json!("A9"))],
        &[("brand", json!("示例牌")), ("model", json!("x1")), ("order_no", json!("a9"))],
        Some((&["order", "product"], Strength::Strong)),
    );
    check(
        both,
        &[("gtin", json!("6900000000012")), ("received_on", json!("2024-01-01"))],
        &[("gtin", json!("6900000000012")), ("received_on", json!("2026-11-24"))],
        None,
    );
    check(("hazard", "complaint"), &[], &[("respondent_name", json!("示例玩具店"))], None);
}

#[test]
fn what_was_filed_together_is_no_duplicate() {
    let (office, rules) = (office(11), triage());
    let shop: &[(&str, Value)] = &[("respondent_name", json!("示例玩具店"))];
    let mut all = vec![listed(&office, "complaint", shop), listed(&office, "report", shop)];
    assert_eq!(NearIndex::of(&rules, &all).near(&all[0].id).len(), 1);
    let complaint = all[0].id.clone();
    all[1].matter.as_mut().unwrap().links.push(complaint);
    let index = NearIndex::of(&rules, &all);
    assert!(all.iter().all(|one| index.near(&one.id).is_empty()));
}

#[test]
fn what_a_person_finds_of_two_is_kept_and_can_be_changed() {
    let (office, rules) = (office(4), triage());
    let given = [("respondent_name", json!("示例玩具店"))];
    let other = listed(&office, "complaint", &given);
    let mut record = begun(&office, "complaint", &given);
    let finding = |record: &Record| {
        let all = [other.clone(), shown(record)];
        let index = NearIndex::of(&rules, &all);
        let (own, theirs) = (index.near(record.id().as_str())[0].finding, index.near(&other.id)[0].finding);
        assert_eq!(own, theirs, "both say the same");
        own
    };
    assert_eq!(finding(&record), None);
    for what in [Finding::Duplicate, Finding::Dismissed] {
        write(&office, &mut record, &found(&other.id, "示例", what, now()));
        assert_eq!(finding(&record), Some(what));
    }
    let entries = record.journal().entries().filter(|entry| entry.change.path.as_str().starts_with("near/")).count();
    assert_eq!(entries, 2, "nothing is forgotten");
}

#[test]
fn lists_hold_nothing_that_is_private() {
    let office = office(5);
    for kind in ["complaint", "report"] {
        let subject = json!(format!("{NAME}（{PHONE}）说玩具车掉零件"));
        let record = begun(&office, kind, &[("subject", subject)]);
        let summary = shown(&record);
        let text = serde_json::to_string(&summary).unwrap();
        for secret in [NAME, PHONE, ID_NO, ADDRESS, "左手烫伤三处"] {
            assert!(!text.contains(secret), "{kind}: {secret} in {text}");
        }
        let line = summary.matter.unwrap();
        assert_eq!(line.headline, "王**（139****5678）说玩具车掉零件");
        assert!(line.confidential);
        let phone = if kind == "complaint" { "complainant_phone" } else { "reporter_phone" };
        assert_eq!(line.mark(phone), Some(mark(PHONE).as_str()));
        assert_eq!(line.fact(phone), None);
        assert_eq!(line.fact("respondent_name"), Some("示例玩具店"));
    }
    assert!(!shown(&begun(&office, "hazard", &[])).matter.unwrap().confidential);
}

/// A walk: what it is called, its record, and the steps with their forms.
type Walk = (&'static str, Record, Vec<(String, String)>);

/// A complaint that was agreed on, a refused one, an ended one and an answered report, with the names of the steps done.
fn walked(office: &Office) -> Vec<Walk> {
    let walks: [(&str, &[&str]); 6] = [
        ("complaint", &["triage", "accept", "notify", "session", "agree"]),
        ("complaint", &["triage", "ask_identity", "refuse"]),
        ("complaint", &["triage", "accept", "notify", "terminate"]),
        ("complaint", &["triage", "dispatch"]),
        ("report", &["triage", "check", "file", "tell", "close"]),
        ("report", &["triage", "dispatch"]),
    ];
    walks
        .into_iter()
        .map(|(kind, steps)| {
            let mut record = begun(office, kind, &[]);
            let done = steps.iter().map(|name| ((*name).to_owned(), step(office, &mut record, name, &[]))).collect();
            let case = Case::read(record.state()).unwrap();
            assert!(case.done.iter().all(|done| !done.misfit), "{kind} {steps:?}");
            (kind, record, done)
        })
        .collect()
}

#[test]
fn an_extract_tells_others_the_case_and_not_the_person() {
    let office = office(6);
    for (kind, record, _) in walked(&office) {
        let changes = extract::changes(record.journal(), record.state()).unwrap();
        let text = serde_json::to_string(&changes.iter().filter(|(path, _)| path != "procedure").collect::<Vec<_>>()).unwrap();
        for secret in [NAME, PHONE, ID_NO, ADDRESS, "左手烫伤三处", "photos/"] {
            assert!(!text.contains(secret), "{kind}: {secret} in {text}");
        }
        let mut taken = Record::new(Journal::new(office.new_record_id()));
        write(&office, &mut taken, &changes);
        let (own, theirs) = (Case::read(record.state()).unwrap(), Case::read(taken.state()).unwrap());
        if !own.is_closed() {
            assert_eq!(theirs.state, own.state, "it stands where the original stands");
            assert!(theirs.done.iter().all(|done| !done.misfit && done.changed_after.is_empty()));
        }
        let said = taken.state().get("extract").unwrap();
        assert_eq!(said["record"], json!(record.id().as_str()));
        assert_eq!(said["stands"]["zh"], json!(own.procedure.state(&own.state).unwrap().name.zh));
        let left_out: Vec<&str> = said["left_out"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let name = if kind == "complaint" { "投诉人姓名" } else { "举报人姓名" };
        assert!(left_out.contains(&name), "{left_out:?}");
        assert_eq!(said["ends"].as_array().unwrap().len(), 1);
        assert!(text.contains("示例玩具店"));
    }
    let nothing = Record::new(Journal::new(office.new_record_id()));
    assert_eq!(extract::changes(nothing.journal(), nothing.state()), None, "no matter");
}

#[test]
fn a_file_for_others_reads_as_any_file_and_says_what_it_is() {
    let office = office(7);
    let (_, record, _) = walked(&office).remove(0);
    let values: Vec<(String, Value)> = record.state().cells().map(|(path, cell)| (path.as_str().to_owned(), cell.value.clone())).collect();
    let mut kept = Record::new(Journal::new(office.new_record_id()));
    let values: Vec<(&str, Value)> = values.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
    block_on(office.save(&mut kept, &values, None)).unwrap();
    let from = SenderName { name: "赵示例".into(), bureau: "示例县市场监督管理局".into() };
    let made = block_on(office.write_extracts(&[kept.id().clone()], &from, |plan| plan.file_name(1, 480)));
    let (written, bytes) = made.unwrap();
    assert!(written.entry.file.starts_with("spotcheck-extract-"), "{}", written.entry.file);
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(![NAME, PHONE, ID_NO, ADDRESS].iter().any(|secret| text.contains(secret)));
    let mut reader = Reader::new(Limits::default());
    let events = reader.feed(&bytes).unwrap();
    assert_eq!(events.iter().filter(|event| matches!(event, Event::Record(_))).count(), 1);
    assert_eq!(reader.finish().unwrap().header.purpose, BundlePurpose::Extract);
    let none = block_on(office.write_extracts(&[], &from, |plan| plan.file_name(1, 480)));
    assert!(none.is_err(), "an empty file is no extract");
    assert_eq!(block_on(office.record_ids()).unwrap().len(), 1, "the extract is no record of the office");
}

#[test]
fn every_private_value_is_known_by_its_path() {
    let office = office(8);
    for (kind, record, _) in walked(&office) {
        let case = Case::read(record.state()).unwrap();
        for (path, cell) in record.state().cells() {
            let told = cell.value.to_string();
            let is_text = !["facts", "procedure"].iter().any(|open| path.as_str().ends_with(open)) && !path.as_str().starts_with("unit/");
            let tells = [NAME, PHONE, ID_NO, ADDRESS].iter().any(|secret| told.contains(secret));
            // Whoever signs for the office is no private person; the test signs everything alike.
            let official = told.contains("strokes");
            if tells && is_text && !official {
                assert!(is_private_path(&case.procedure, record.state(), path.as_str()), "{kind}: {path}");
            }
        }
    }
}

/// Form, kind and step that it is made at, whom it is for, what somebody must still type, and whether it may name the person.
type Row = (&'static str, &'static str, &'static str, Option<&'static str>, &'static [&'static str], bool);

/// Each of the ten forms from a walked matter: what is left to be typed, who reads it, and whom it may name.
#[test]
fn the_ten_forms_are_made_at_their_steps_and_name_nobody_to_the_other_party() {
    let office = office(9);
    let walks = walked(&office);
    let rows: [Row; 14] = [
        ("complaint_registration", "complaint", "triage", None, &[], true),
        ("report_registration", "report", "triage", None, &[], true),
        ("dispatch_notice", "complaint", "dispatch", None, &[], true),
        ("dispatch_notice", "report", "dispatch", None, &[], false),
        ("identity_notice", "complaint", "ask_identity", None, &["office_address"], true),
        ("acceptance_decision", "complaint", "accept", None, &[], true),
        ("refusal_decision", "complaint", "refuse", None, &[], true),
        ("mediation_notice", "complaint", "notify", Some("complainant"), &["recusal_days"], true),
        ("mediation_notice", "complaint", "notify", Some("respondent"), &["recusal_days"], false),
        ("mediation_termination", "complaint", "terminate", Some("complainant"), &[], true),
        ("mediation_termination", "complaint", "terminate", Some("respondent"), &[], false),
        ("mediation_agreement", "complaint", "agree", None, &[], true),
        ("report_result_notice", "report", "tell", None, &[], true),
        ("transfer_letter", "report", "none", None, &[], false),
    ];
    for (form, kind, at, party, typed, names_person) in rows {
        let template = Template::read(&content(&format!("documents/{form}.json"))).unwrap();
        if at == "none" {
            assert!(!template.is_of(kind, None), "{form} is made from the record of the transfer");
            continue;
        }
        let (_, source, id) = walks
            .iter()
            .filter(|(of, _, _)| *of == kind)
            .find_map(|(of, record, steps)| Some((of, record, &steps.iter().find(|(name, _)| name == at)?.1)))
            .unwrap_or_else(|| panic!("nothing walks {at}"));
        assert!(template.is_of(kind, Some(at)), "{form} is offered at {at}");
        let offered = procedure(kind).step(at).unwrap().documents.contains(&form.to_owned());
        assert!(offered, "{at} offers {form}");
        let case = Case::read(source.state()).unwrap();
        let names = |_: Term<'_>| Some("示例".to_owned());
        let made = of_matter(&case, source.state(), source.id().as_str(), Some(id), &names);
        let mut record = Record::new(Journal::new(office.new_record_id()));
        write(&office, &mut record, &begin(&template, &made));
        if let Some(party) = party {
            write(&office, &mut record, &vec![("fields/party".to_owned(), json!(party))]);
        }
        let open: Vec<String> = lacking(record.state(), now())
            .into_iter()
            .filter_map(|lack| match lack {
                Lack::Field(procedure::Lack::Answer(field)) => Some(field),
                Lack::Field(procedure::Lack::Signature(_) | procedure::Lack::Stale(_)) | Lack::Number => None,
                other => Some(format!("{other:?}")),
            })
            .collect();
        assert_eq!(open, typed, "{form} {party:?}");
        for field in &open {
            let asked = template.field(field).unwrap();
            write(&office, &mut record, &vec![(format!("fields/{field}"), answer(&asked.field).unwrap())]);
        }
        for asked in &template.signatures {
            write(&office, &mut record, &vec![(format!("signatures/{}", asked.field.id), Value::Null)]);
            write(&office, &mut record, &vec![(format!("signatures/{}", asked.field.id), official(&asked.field.id))]);
        }
        let series = template.series.as_ref().unwrap();
        let number = Number { series: series.id.clone(), year: 2026, n: 1, text: series.text("示市", 2026, "1"), range: None, tag: None };
        let changes = issue(record.state(), Some(&number), now()).unwrap_or_else(|lacks| panic!("{form} {party:?}: {lacks:?}"));
        write(&office, &mut record, &changes);
        let document = Document::read(record.state()).unwrap();
        let filled = document.filled(record.state());
        assert_eq!(filled.missing, Vec::<String>::new(), "{form} {party:?}");
        let all = format!("{:?}", filled.parts);
        assert!(!all.contains(BLANK), "{form} {party:?} has blanks: {all}");
        assert_eq!(all.contains(NAME), names_person, "{form} {party:?}: {all}");
        if ["mediation_notice", "mediation_termination", "mediation_agreement"].contains(&form) {
            assert!(!all.contains(PHONE) && !all.contains(ADDRESS) && !all.contains(ID_NO), "{form} {party:?}: {all}");
        }
    }
}

/// A signature of somebody who is no party, so that what is printed tells whether the form itself names the person.
fn official(field: &str) -> Value {
    let mut signature = signature();
    if !["sign_complainant", "sign_reporter"].contains(&field) {
        signature["name"] = json!("赵示例");
    }
    signature
}
