//! What consumers fill in, what the law wants to be there, and what arrives at the office.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests say what they expect")]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use futures::executor::block_on;
use proptest::prelude::*;
use serde_json::{Value, json};
use spotcheck::app::transfer::{Outcome, Source};
use spotcheck::app::workspace::Workspace;
use spotcheck::bundle::{BundlePurpose, Notice, read_all};
use spotcheck::complaint::code::{self, Carried, CodeError, Opened};
use spotcheck::complaint::{
    AnswerKind, Draft, DraftError, DraftPhoto, FileError, Filed, FiledState, Filing, Form, Handed, HandedBy, Level, Prefill, Problem,
    Reading, check, file, fit, receipt, records,
};
use spotcheck::domain::change::{ClockReading, Sha256};
use spotcheck::domain::content::Lang;
use spotcheck::domain::id::{PhotoId, RecordId};
use spotcheck::domain::journal::State;
use spotcheck::domain::photo::PhotoMeta;
use spotcheck::domain::time::CivilDate;
use spotcheck::evidence::chain::sha256;
use spotcheck::port::memory::{FixedClock, FixedRandom, MemoryShelf};
use spotcheck::port::twin::Twin;
use spotcheck::procedure::{Case, Lack as CaseLack, Procedure, lacks};

/// 2026-11-24 14:03 in China.
const NOW: ClockReading = ClockReading { wall_ms: 1_795_500_180_000, mono_ms: 5, offset_min: 480 };

fn content(path: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("public/content").join(path)).unwrap()
}

static FORM: LazyLock<Form> = LazyLock::new(|| Form::read(&content("complaint-form.json")).unwrap());
static PROCEDURES: LazyLock<Vec<Procedure>> = LazyLock::new(|| {
    ["complaint", "report"].iter().map(|name| Procedure::read(&content(&format!("procedures/{name}.json"))).unwrap()).collect()
});

fn today() -> CivilDate {
    CivilDate::parse("2026-11-24").unwrap()
}

fn draft(answers: Value, prefill: Prefill) -> Draft {
    let mut draft = Draft::begin(RecordId::make(NOW.wall_ms, &[7; 10]), NOW.wall_ms, Lang::Zh, prefill, &FORM);
    for (name, value) in answers.as_object().unwrap() {
        assert!(FORM.field(name).is_some(), "the form asks no {name}");
        draft.set(name, value.clone(), NOW.wall_ms + 1);
    }
    draft
}

/// Bytes that begin like a picture.
fn picture(number: u8) -> Vec<u8> {
    vec![0xff, 0xd8, 0xff, 0xe0, number]
}

fn with_photo(draft: &mut Draft, number: u8, kind: &str) {
    let bytes = picture(number);
    let meta: PhotoMeta = serde_json::from_value(json!({
        "item": null, "sha256": sha256(&bytes), "size_bytes": bytes.len(), "width": 10, "height": 10, "mime": "image/jpeg",
        "source": "camera", "captured_at_ms": NOW.wall_ms, "taken_at": null,
        "position": {"lat": 40.1, "lon": 118.3, "datum": "WGS-84", "from": "device"}, "camera": "Example",
        "original": {"sha256": sha256(&bytes), "size_bytes": bytes.len(), "mime": "image/jpeg", "name": "IMG_张三.jpg", "width": 10, "height": 10, "kept": false}
    }))
    .unwrap();
    let photo = DraftPhoto { id: PhotoId::make(NOW.wall_ms, &[number; 10]), kind: kind.to_owned(), meta, extra: serde_json::Map::new() };
    assert!(draft.add_photo(photo, NOW.wall_ms + 2));
}

fn bytes_of(sha: &Sha256) -> Option<Vec<u8>> {
    (0..=255).map(picture).find(|bytes| sha256(bytes) == *sha)
}

fn filed(draft: &mut Draft) -> Filed {
    draft.take_ticket(NOW, [3; 32]).unwrap();
    file(draft, &FORM, &PROCEDURES).unwrap()
}

fn state_of(filed: &Filed, filing: Filing) -> State {
    filed.matters.iter().find(|matter| matter.filing == filing).unwrap().journal.fold()
}

/// A child hurt by a toy, with three photos.
fn toy() -> Draft {
    let mut draft = draft(
        json!({
            "danger_now": false, "about": "goods", "goods_kind": "toys", "problem": ["unsafe", "no_label"], "flags": ["injury"],
            "slight_injuries": 1, "happened_on": "2026-11-22", "place": "示例县示例路", "facts": "小熊的眼睛掉了，孩子吞了下去。",
            "goods_name": "发条小熊", "seller_name": "示例玩具店", "seller_address": "示例县示例路3号", "amount": 35,
            "aim": "both", "requests": ["refund", "damages"], "request_amount": 335, "own_use": true,
            "name": "张三", "phone": "139 0000 0000", "address": "示例县示例小区1号楼"
        }),
        Prefill::default(),
    );
    for number in 1..=2 {
        with_photo(&mut draft, number, "evidence");
    }
    with_photo(&mut draft, 3, "harm_photos");
    draft
}

fn elevator() -> Draft {
    let prefill = Prefill {
        equipment: "31101302272016010001".to_owned(),
        kind: "lift".to_owned(),
        unit: "示例物业有限公司".to_owned(),
        place: "示例小区2号楼".to_owned(),
        ..Prefill::default()
    };
    let mut draft = draft(
        json!({"danger_now": true, "problem": ["unsafe", "no_inspection"], "flags": [], "facts": "电梯门开着就走。", "aim": "punish", "named": false}),
        prefill,
    );
    with_photo(&mut draft, 9, "evidence");
    draft
}

fn unlicensed() -> Draft {
    draft(
        json!({
            "about": "unlicensed", "problem": ["no_licence"], "facts": "没有执照，在居民楼里灌装煤气。", "place": "示例县示例街5号后院", "flags": ["gas"],
            "happened_on": "2026-11-24", "named": true, "name": "李四", "phone": "+86 13900000001"
        }),
        Prefill::default(),
    )
}

fn online() -> Draft {
    draft(
        json!({
            "about": "online", "goods_kind": "phones", "problem": ["fake", "refuses"], "flags": [], "happened_on": "2026-10-30", "facts": "充电器发烫，不给退。",
            "goods_name": "充电器", "seller_name": "示例数码网店", "platform": "示例购物平台", "order_no": "20261030-0001", "amount": 49.9, "aim": "solve",
            "requests": ["return", "refund"], "own_use": true, "name": "王五", "phone": "13900000002", "address": "示例县示例村"
        }),
        Prefill::default(),
    )
}

/// The errors and warnings of a draft, by the name of the rule, or of the field and the problem.
#[track_caller]
fn lacking(draft: &Draft, expected: &[&str]) {
    let reading = Reading::new(&FORM, draft);
    let found: Vec<String> = check(&reading, today())
        .into_iter()
        .map(|lack| {
            let mark = if lack.level == Level::Error { "" } else { "?" };
            assert!(FORM.steps.iter().any(|step| step.id == lack.step), "{lack:?} has a place");
            match lack.problem {
                Problem::Rule { id, .. } => format!("{mark}{id}"),
                other => format!("{mark}{} {other:?}", lack.field),
            }
        })
        .collect();
    assert_eq!(found, expected);
}

#[track_caller]
fn fitting(draft: &Draft, filings: &[Filing], reasons: &[&str]) {
    let fit = fit(&Reading::new(&FORM, draft));
    assert_eq!(fit.filings, filings);
    assert_eq!(fit.reasons.iter().map(|reason| reason.rule.as_str()).collect::<Vec<_>>(), reasons);
}

/// What stands in a record.
#[track_caller]
fn says(state: &State, expected: Value) {
    for (path, value) in expected.as_object().unwrap() {
        assert_eq!(state.get(path).unwrap_or(&Value::Null), value, "{path}");
    }
}

#[test]
fn every_field_that_the_form_fills_is_asked_by_the_procedure() {
    for procedure in PROCEDURES.iter() {
        let filing = Filing::ALL.into_iter().find(|filing| filing.as_str() == procedure.id).unwrap();
        assert_eq!(FORM.unknown_to(filing, procedure), Vec::<String>::new());
    }
}

#[test]
fn a_toy_that_hurt_a_child_is_a_complaint_and_a_report() {
    let mut draft = toy();
    fitting(&draft, &Filing::ALL, &["wants_solution", "wants_check"]);
    lacking(&draft, &[]);
    let filed = filed(&mut draft);
    let (complaint, report) = (state_of(&filed, Filing::Complaint), state_of(&filed, Filing::Report));
    let (complaint_id, report_id) = (filed.matters[0].journal.record().as_str(), filed.matters[1].journal.record().as_str());
    says(
        &complaint,
        json!({
            "kind": "complaint", "fields/subject": "在店里买的东西，儿童玩具，不安全、有危险、没有厂名、合格证、说明，发条小熊，有人受伤",
            "fields/channel": "file", "fields/receipt_no": filed.matters[0].receipt, "fields/complainant_name": "张三", "fields/goods_kind": "toys",
            "fields/trade": "shop", "fields/injury": true, "fields/child": true, "fields/fire": false, "fields/slight_injuries": 1, "fields/requests": ["refund", "damages"],
            "fields/complainant_kind": "self", "fields/report/record": null, "links/report/record": null, "unit/name": "示例玩具店", "fields/received_on": null
        }),
    );
    assert_eq!(complaint.get("fields/report").unwrap()["record"], json!(report_id));
    assert_eq!(report.get("links/complaint").unwrap()["record"], json!(complaint_id));
    says(
        &report,
        json!({"fields/named": true, "fields/reporter_name": "张三", "fields/act_on": "2026-11-22", "fields/act_place": "示例县示例路", "fields/complainant_name": null, "fields/amount": null}),
    );
    let facts = report.text("fields/facts").unwrap();
    assert_eq!(
        facts,
        "小熊的眼睛掉了，孩子吞了下去。\n现在还有危险吗：否\n问题是什么：不安全、有危险、没有厂名、合格证、说明\n花了多少钱：35元\n是自己或者家里用的吗：是"
    );
    assert_eq!(complaint.under("photos").count(), 3);
    let harm = complaint.under("photos").find(|(_, cell)| cell.value["item"] == json!("harm_photos")).unwrap();
    assert_eq!(harm.1.value["sha256"], json!(sha256(&picture(3))));
    assert!(!complaint.text("fields/subject").unwrap().contains("张三"));
}

#[test]
fn a_lift_is_reported_without_a_name_and_without_a_trace_of_the_phone() {
    let mut draft = elevator();
    fitting(&draft, &[Filing::Report], &["wants_check", "danger", "equipment"]);
    lacking(&draft, &["?day", "?anonymous"]);
    let filed = filed(&mut draft);
    let report = state_of(&filed, Filing::Report);
    says(
        &report,
        json!({
            "kind": "report", "fields/named": false, "fields/reporter_name": null, "fields/goods_kind": "special_equipment", "fields/equipment_kind": "lift",
            "fields/elevator": true, "fields/injury": false, "fields/respondent_name": "示例物业有限公司", "fields/act_place": "示例小区2号楼", "fields/clue_source": "person",
            "equipment/code": "31101302272016010001", "equipment/place": "示例小区2号楼", "unit/name": "示例物业有限公司", "links/complaint": null, "fields/complaint": null
        }),
    );
    let (_, photo) = report.under("photos").next().unwrap();
    assert_eq!(
        (&photo.value["position"], &photo.value["camera"], &photo.value["original"]["name"]),
        (&Value::Null, &Value::Null, &json!(""))
    );
    let bytes = filed.write(bytes_of).unwrap();
    assert!(!String::from_utf8_lossy(&bytes).contains("IMG_"));
}

#[test]
fn a_shop_without_licence_and_an_online_seller() {
    let mut shop = unlicensed();
    fitting(&shop, &[Filing::Report], &["unlicensed"]);
    lacking(&shop, &[]);
    says(
        &state_of(&filed(&mut shop), Filing::Report),
        json!({"fields/named": true, "fields/reporter_phone": "+86 13900000001", "fields/gas": true, "fields/act_on": "2026-11-24"}),
    );

    let mut shop = online();
    fitting(&shop, &[Filing::Complaint], &["wants_solution"]);
    lacking(&shop, &[]);
    says(
        &state_of(&filed(&mut shop), Filing::Complaint),
        json!({"fields/trade": "online", "fields/platform": "示例购物平台", "fields/order_no": "20261030-0001", "fields/amount": 49.9, "fields/elevator": false}),
    );
    shop.set("order_no", Value::Null, 0);
    lacking(&shop, &["respondent_online", "?evidence"]);
    shop.set("seller_address", json!("示例市示例路"), 0);
    lacking(&shop, &["?evidence"]);
}

#[test]
fn says_what_lacks_and_where() {
    let all = ["facts", "respondent", "request", "name", "phone", "address"];
    let mut draft = draft(json!({"about": "goods", "aim": "solve"}), Prefill::default());
    lacking(&draft, &[&all[..1], &["respondent", "respondent_address"], &all[2..], &["?evidence", "?day"]].concat());
    draft.answers.clear();
    let reading = Reading::new(&FORM, &draft);
    assert!(check(&reading, today()).iter().any(|lack| lack.problem == Problem::NoFiling));
    draft.files = BTreeSet::from([Filing::Report]);
    lacking(&draft, &["about", "clue", "facts", "?day"]);
    // A name that was asked for as long as there was a complaint is asked no more, and not filed.
    let mut anonymous = toy();
    anonymous.files = BTreeSet::from([Filing::Report]);
    anonymous.set("named", json!(false), 0);
    lacking(&anonymous, &["?anonymous"]);
    let text = String::from_utf8(filed(&mut anonymous).write(bytes_of).unwrap()).unwrap();
    assert!(!text.contains("张三") && !text.contains("139"), "an answer to what is not asked stays here");
    let mut agent = toy();
    agent.set("complainant_kind", json!("agent"), 0);
    lacking(&agent, &["authorisation"]);
    with_photo(&mut agent, 8, "authorisation");
    agent.set("agent_name", json!("赵六"), 0);
    lacking(&agent, &[]);
}

#[test]
fn says_what_can_not_be() {
    for (field, value, expected) in [
        ("phone", json!("12345"), "phone Phone"),
        ("phone", json!("电话一二三"), "phone Phone"),
        ("happened_on", json!("2026-11-25"), "happened_on Future"),
        ("happened_on", json!("2026-02-30"), "happened_on Day"),
        ("happened_on", json!("2023-11-24"), ""),
        ("happened_on", json!("2023-11-23"), "?three_years"),
        ("amount", json!(-1), "amount Range { max: 100000000 }"),
        ("slight_injuries", json!(1.5), "slight_injuries Range { max: 999 }"),
        ("name", json!(7), "name Strange"),
        ("about", json!("moon"), "about Strange"),
        ("requests", json!(["refund", "moon"]), "requests Strange"),
        ("id_no", json!("110101199003074477"), ""),
        ("id_no", json!("110101199003074478"), "?id_no Identity"),
        ("id_no", json!("110101199013074477"), "?id_no Identity"),
        ("id_no", json!("E12345678"), ""),
        ("gtin", json!("6901234567892"), ""),
        ("gtin", json!("6901234567893"), "?gtin Gtin"),
        ("own_use", json!(false), "?own_use"),
        ("handled_before", json!(true), "?handled_before"),
        ("name", json!("长".repeat(41)), "name TooLong { have: 41, max: 40 }"),
    ] {
        let mut draft = toy();
        draft.set(field, value, 0);
        let reading = Reading::new(&FORM, &draft);
        let found = check(&reading, today()).into_iter().map(|lack| match lack.problem {
            Problem::Rule { id, .. } => format!("?{id}"),
            other => format!("{}{} {other:?}", if lack.level == Level::Error { "" } else { "?" }, lack.field),
        });
        let expected: Vec<String> = Some(expected.to_owned()).filter(|text| !text.is_empty()).into_iter().collect();
        let found: Vec<String> = found.filter(|found| field != "about" || found.starts_with("about")).collect();
        assert_eq!(found, expected, "{field}");
    }
}

struct File(Vec<u8>);

impl Source for File {
    fn size_bytes(&self) -> u64 {
        self.0.len() as u64
    }
    fn name(&self) -> String {
        "complaint.json".to_owned()
    }
    async fn read(&self, from: u64, to: u64) -> Option<Vec<u8>> {
        self.0.get(usize::try_from(from).ok()?..usize::try_from(to).ok()?).map(<[u8]>::to_vec)
    }
}

#[test]
fn the_office_takes_in_what_is_filed_once_and_can_go_on_with_it() {
    let mut draft = toy();
    let filed = filed(&mut draft);
    let bytes = filed.write(bytes_of).unwrap();
    let (twin, _) = block_on(Twin::open(MemoryShelf::new(), MemoryShelf::new(), None)).unwrap();
    let office = block_on(Workspace::open(twin, FixedClock::new(NOW), FixedRandom::new(5))).unwrap();
    let report = block_on(office.import(&File(bytes.clone()), |_| {})).unwrap();
    assert_eq!(report.header.purpose, BundlePurpose::Complaint);
    assert_eq!((report.records.len(), report.photos_new), (2, 3));
    // Nobody has sealed a matter that has only begun.
    assert!(report.notices.iter().all(|notice| matches!(notice, Notice::Unsealed { .. })), "{:?}", report.notices);
    assert!(report.records.iter().all(|record| record.outcome == Outcome::New && record.photos_absent == 0));
    let again = block_on(office.import(&File(filed.write(bytes_of).unwrap()), |_| {})).unwrap();
    assert!(again.records.iter().all(|record| record.outcome == Outcome::Known));
    for matter in &filed.matters {
        let record = block_on(office.load(matter.journal.record())).unwrap();
        let case = Case::read(record.state()).unwrap();
        assert_eq!((case.state.as_str(), case.opened), ("received", Some((draft_at(), 480))));
        // The day on which it came in is for the office to say.
        assert_eq!(lacks(&case, record.state(), None, today()), [CaseLack::Answer("received_on".to_owned())]);
    }
}

#[test]
fn a_text_before_its_file_is_the_beginning_of_the_same_records() {
    let mut draft = toy();
    let filed = filed(&mut draft);
    let text = code::encode(&Carried::Statement(Box::new(filed.statement.clone()))).unwrap();
    let Carried::Statement(statement) = code::decode(&text).unwrap() else { panic!("a statement") };
    let (twin, _) = block_on(Twin::open(MemoryShelf::new(), MemoryShelf::new(), None)).unwrap();
    let office = block_on(Workspace::open(twin, FixedClock::new(NOW), FixedRandom::new(6))).unwrap();
    let pasted = records(*statement, &PROCEDURES).unwrap().write(|_| None).unwrap();
    let first = block_on(office.import(&File(pasted), |_| {})).unwrap();
    assert!(first.records.iter().all(|record| record.outcome == Outcome::New));
    office.clock().advance_ms(1_000);
    let second = block_on(office.import(&File(filed.write(bytes_of).unwrap()), |_| {})).unwrap();
    let outcomes: Vec<Outcome> = second.records.iter().map(|record| record.outcome).collect();
    assert_eq!(outcomes, [Outcome::Newer { changes: 3 }, Outcome::Newer { changes: 3 }], "the photos alone");
}

fn draft_at() -> spotcheck::domain::time::Instant {
    spotcheck::domain::time::Instant::from_ms(NOW.wall_ms)
}

#[test]
fn one_ticket_is_for_one_content() {
    let mut draft = toy();
    assert_eq!(file(&draft, &FORM, &PROCEDURES).map(drop), Err(FileError::NoTicket));
    let first = draft.take_ticket(NOW, [1; 32]).unwrap().clone();
    assert_eq!(draft.take_ticket(NOW, [2; 32]), Ok(&first), "nothing was changed");
    draft.set("facts", json!("改过"), NOW.wall_ms + 9);
    assert_eq!(file(&draft, &FORM, &PROCEDURES).map(drop), Err(FileError::Changed));
    let second = draft.take_ticket(NOW, [2; 32]).unwrap().clone();
    assert_ne!(second.seed, first.seed);
    draft.filed = Some(FiledState { handed: vec![Handed { by: HandedBy::File, at_ms: 1 }], ..FiledState::default() });
    assert_eq!(draft.take_ticket(NOW, [4; 32]), Ok(&second));
    draft.set("facts", json!("又改过"), NOW.wall_ms + 9);
    assert_eq!(draft.take_ticket(NOW, [4; 32]), Err(DraftError::HandedOver));
    let mut copy = draft.copy(RecordId::make(NOW.wall_ms, &[8; 10]), NOW.wall_ms + 10);
    assert!(copy.take_ticket(NOW, [4; 32]).is_ok());
    draft.answers.clear();
    draft.ticket = None;
    draft.filed = None;
    draft.take_ticket(NOW, [1; 32]).unwrap();
    assert_eq!(file(&draft, &FORM, &PROCEDURES).map(drop), Err(FileError::Nothing));
}

#[test]
fn a_text_brings_the_same_as_a_file() {
    let mut draft = online();
    let filed = filed(&mut draft);
    let carried = Carried::Statement(Box::new(filed.statement.clone()));
    let text = code::encode(&carried).unwrap();
    let qr = code::encode_qr(&carried).unwrap();
    assert!(text.starts_with("巡检通投诉1:") && qr.starts_with("XJTTS1:"));
    let chatty = text.replace('\n', " \r\n\u{200b}").replace(':', "：").to_lowercase();
    let wide: String =
        text.chars().map(|c| if c.is_ascii_graphic() { char::from_u32(u32::from(c) + 0xfee0).unwrap() } else { c }).collect();
    for text in [text.clone(), qr, chatty, wide, format!("王先生说：\n{text}\n\n发自我的手机"), format!("{text}\nSent from my phone")]
    {
        let Carried::Statement(statement) = code::decode(&text).unwrap() else { panic!("a statement") };
        let again = records(*statement, &PROCEDURES).unwrap();
        assert_eq!(again.write(bytes_of).unwrap(), filed.write(bytes_of).unwrap());
        assert_eq!(again.receipts(), filed.receipts());
    }
    let sealed = code::to_seal(&filed.statement);
    assert_eq!(code::opened(sealed), Ok(Opened::Statement(Box::new(filed.statement.clone()))));
    assert_eq!(code::opened(b"{\"format\"".to_vec()), Ok(Opened::Bundle(b"{\"format\"".to_vec())));
    let envelope = Carried::Envelope(b"age-encryption.org/v1\n\0\xff".to_vec());
    assert_eq!(code::decode(&code::encode(&envelope).unwrap()), Ok(envelope));
}

#[test]
fn says_what_is_wrong_with_a_text() {
    let mut draft = online();
    let text = code::encode(&Carried::Statement(Box::new(filed(&mut draft).statement))).unwrap();
    assert_eq!(code::decode("您好"), Err(CodeError::NoCode));
    assert_eq!(code::decode(&text.replacen('1', "2", 1)), Err(CodeError::Version { found: 2 }));
    let want = text.chars().skip(7).filter(char::is_ascii_alphanumeric).count();
    let cut: String = text.chars().take(text.chars().count() - 3).collect();
    assert_eq!(code::decode(&cut), Err(CodeError::CutOff { have: want - 3, want }));
    assert!(matches!(code::decode("巡检通投诉1:0"), Err(CodeError::CutOff { have: 1, .. })));
    let huge = Carried::Envelope(vec![0; code::MAX_BYTES + 1]);
    assert_eq!(code::encode(&huge), Err(CodeError::TooLong { have: code::MAX_BYTES + 1, max: code::MAX_BYTES }));
    let dense = Carried::Envelope(vec![0; 1_200]);
    assert!(matches!(code::encode_qr(&dense), Err(CodeError::TooLong { max: code::QR_MAX_CHARS, .. })));
    assert!(code::encode(&dense).is_ok());
}

#[test]
fn every_changed_character_of_a_text_is_found() {
    let mut draft = unlicensed();
    let text: Vec<char> = code::encode_qr(&Carried::Statement(Box::new(filed(&mut draft).statement))).unwrap().chars().collect();
    for place in 0..text.len() {
        for other in ['0', '1', '9', 'A', 'K', 'Z', '!', '中'] {
            if text[place] != other {
                let mut wrong = text.clone();
                wrong[place] = other;
                assert!(code::decode(&wrong.iter().collect::<String>()).is_err(), "{place} {other}");
            }
        }
        let mut shorter = text.clone();
        shorter.remove(place);
        assert!(code::decode(&shorter.iter().collect::<String>()).is_err() || text.get(place) == text.get(place + 1));
    }
}

#[test]
fn what_a_later_version_wrote_survives() {
    let mut value: Value = serde_json::from_slice(&toy().to_json()).unwrap();
    value["mood"] = json!("calm");
    value["photos"][0]["tilt"] = json!(3);
    value["answers"]["new_field"] = json!({"a": [1]});
    let draft = Draft::read(value.to_string().as_bytes()).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&draft.to_json()).unwrap(), value);
    value["format"] = json!("complaint-draft/2");
    assert_eq!(Draft::read(value.to_string().as_bytes()), Err(DraftError::Format("complaint-draft/2".to_owned())));
    assert!(matches!(Draft::read(b"{"), Err(DraftError::Json(_))));
    assert!(matches!(Draft::read(&vec![b' '; 600_000]), Err(DraftError::TooLarge { .. })));
}

/// Any value that an answer may be, sensible or not.
fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        ".{0,40}".prop_map(Value::from),
        "[0-9X-]{0,20}".prop_map(Value::from),
        prop::sample::select(vec!["goods", "online", "equipment", "toys", "lift", "solve", "punish", "both", "agent", "2026-11-24"])
            .prop_map(Value::from),
        prop::collection::vec(prop::sample::select(vec!["injury", "fire", "unsafe", "refund", "no_licence", "x"]), 0..4)
            .prop_map(|many| json!(many)),
        Just(json!({"a": {"b": []}})),
    ]
}

fn any_draft() -> impl Strategy<Value = Draft> {
    let fields: Vec<String> =
        FORM.fields().filter(|field| !matches!(field.kind, AnswerKind::Photos { .. })).map(|field| field.id.clone()).collect();
    let answers = prop::collection::btree_map(prop::sample::select(fields), any_value(), 0..25);
    (answers, prop::collection::btree_set(prop::sample::select(Filing::ALL.to_vec()), 0..3)).prop_map(|(answers, files)| {
        let mut draft = toy();
        draft.answers.extend(answers);
        draft.files = files;
        draft
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn odd_answers_are_checked_and_filed_alike_each_time(mut draft in any_draft(), seed in any::<[u8; 32]>()) {
        let reading = Reading::new(&FORM, &draft);
        for lack in check(&reading, today()) {
            prop_assert!(lack.field.is_empty() || FORM.field(&lack.field).is_some());
        }
        draft.take_ticket(NOW, seed).unwrap();
        prop_assert_eq!(Draft::read(&draft.to_json()).map(|read| read.content()), Ok(draft.content()));
        let before = draft.clone();
        match file(&draft, &FORM, &PROCEDURES) {
            Ok(filed) => {
                let bytes = filed.write(bytes_of).unwrap();
                prop_assert_eq!(&file(&draft, &FORM, &PROCEDURES).unwrap().write(bytes_of).unwrap(), &bytes);
                prop_assert!(read_all(&bytes).is_ok());
                for receipt in filed.receipts().values() {
                    prop_assert_eq!(receipt::read(receipt), Some(receipt.clone()));
                }
                let text = code::encode(&Carried::Statement(Box::new(filed.statement.clone()))).unwrap();
                let Carried::Statement(read) = code::decode(&text).unwrap() else { panic!("a statement") };
                let mut said = filed.statement.clone();
                said.photos.clear();
                prop_assert_eq!(*read, said);
            }
            Err(error) => prop_assert_eq!(error, FileError::Nothing),
        }
        prop_assert_eq!(before, draft);
    }

    #[test]
    fn any_envelope_comes_back_and_any_text_is_answered(bytes in prop::collection::vec(any::<u8>(), 0..600), text in ".{0,200}") {
        let carried = Carried::Envelope(bytes);
        let read = code::decode(&code::encode(&carried).unwrap());
        prop_assert_eq!(read, Ok(carried));
        let _ = code::decode(&text);
        let _ = code::decode(&format!("{}{text}", code::HEAD));
        let _ = receipt::read(&text);
    }
}
