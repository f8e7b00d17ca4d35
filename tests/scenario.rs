//! Visits from end to end without a screen: a phone, an office, and everything that can come between them.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests say what they expect")]

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures::executor::block_on;
use proptest::prelude::*;
use serde_json::{Value, json};
use spotcheck::app::session::{SaveState, Session};
use spotcheck::app::transfer::{ImportReport, Outcome, SenderName, Source, TransferError, is_due};
use spotcheck::app::workspace::{AppError, Record, Workspace};
use spotcheck::bundle::BundlePurpose;
use spotcheck::domain::change::ClockReading;
use spotcheck::domain::checklist::{AnswerSpec, Checklist, Verdict};
use spotcheck::domain::id::RecordId;
use spotcheck::domain::inspection::{Inspection, Missing, Stage, Summary, last_item, photos};
use spotcheck::domain::journal::Journal;
use spotcheck::domain::time::Hlc;
use spotcheck::evidence::chain::{make_entry, sha256, verify_chains};
use spotcheck::evidence::seal::{SealFault, verify_seals};
use spotcheck::port::memory::{Fault, FaultShelf, Faults, FixedClock, FixedRandom, MemoryShelf};
use spotcheck::port::shelf::{ShelfError, Table};
use spotcheck::port::twin::{Store as _, StoreError, Twin};

type Phone = Workspace<Twin<MemoryShelf, MemoryShelf>, FixedClock, FixedRandom>;

const NOON: u64 = 1_795_500_000_000;

fn clock() -> FixedClock {
    FixedClock::new(ClockReading { wall_ms: NOON, mono_ms: 0, offset_min: 480 })
}

fn phone(seed: u64) -> Rc<Phone> {
    let (twin, report) = block_on(Twin::open(MemoryShelf::new(), MemoryShelf::new(), None)).expect("memory opens");
    assert!(report.fresh);
    let phone = block_on(Workspace::open(twin, clock(), FixedRandom::new(seed))).expect("memory keeps a key");
    phone.set_officer("张示例 示例执法001");
    Rc::new(phone)
}

fn elevator() -> Checklist {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/public/content/checklists/elevator.json");
    Checklist::read(&std::fs::read(path).expect("part of the project")).expect("valid")
}

fn begin(phone: &Phone) -> Record {
    let mut record = Record::new(Journal::new(phone.new_record_id()));
    let list = elevator();
    let values = [
        ("kind", json!("inspection")),
        ("checklist", list.for_record()),
        ("started", json!({"ms": NOON, "offset_min": 480})),
        ("unit/name", json!("示例商场有限公司")),
        ("equipment/name", json!("1号客梯")),
        ("inspectors/1", json!({"name": "张示例", "cert_no": "示例执法001"})),
        ("inspectors/2", json!({"name": "李示例", "cert_no": "示例执法002"})),
    ];
    block_on(phone.save(&mut record, &values, None)).expect("memory keeps it");
    record
}

fn without_stale(missing: Vec<Missing>) -> Vec<Missing> {
    missing.into_iter().filter(|one| !matches!(one, Missing::Stale(_))).collect()
}

/// Answers all, fails one, signs, seals.
fn complete(phone: &Phone, record: &mut Record) {
    let list = elevator();
    for item in &list.items {
        let value = match &item.answer {
            AnswerSpec::Number { .. } => json!(1),
            AnswerSpec::Date { .. } => json!("2099-12-31"),
            AnswerSpec::Choice { options, .. } => json!(options[0].value),
            _ => Value::Null,
        };
        let (verdict, path) = (format!("answers/{}/verdict", item.id), format!("answers/{}/value", item.id));
        block_on(phone.save(record, &[(verdict.as_str(), json!("pass")), (path.as_str(), value)], None)).expect("kept");
    }
    let stroke = json!({"name": "张示例", "strokes": [[100, 100, 5000, 5000]], "aspect": 2.0, "at_ms": NOON});
    let values = [
        ("answers/elevator-011/verdict", json!("fail")),
        ("answers/elevator-011/finding", json!("轿厢紧急报警装置按下后无人应答")),
        ("conclusion/result", json!("stop_use")),
        ("signatures/inspector1", stroke.clone()),
        ("signatures/inspector2", stroke),
        ("signatures/attendant", json!({"refused": true, "reason": "对检查结论有异议", "witness": "王示例 物业", "at_ms": NOON})),
    ];
    block_on(phone.save(record, &values, None)).expect("kept");
    let entries = phone.seal(record).expect("seals");
    block_on(phone.store.commit(phone.ops(record, &entries))).expect("kept");
}

fn add_photo(phone: &Phone, record: &mut Record, content: u8) -> Vec<u8> {
    // Only the beginning of a JPEG matters here: the bundle looks at the kind, the app at the digest.
    let bytes: Vec<u8> = [0xff, 0xd8, 0xff, 0xe0].into_iter().chain(std::iter::repeat_n(content, 3000)).collect();
    block_on(phone.keep_photo(&bytes, &[1, 2, 3], None)).expect("kept");
    let meta = json!({"item": "elevator-011", "sha256": sha256(&bytes), "original": {"sha256": sha256(&bytes), "kept": false}});
    block_on(phone.save(record, &[(format!("photos/{}", phone.new_photo_id()).as_str(), meta)], None)).expect("kept");
    bytes
}

struct File(Vec<u8>, RefCell<Option<u64>>);

impl File {
    fn new(bytes: Vec<u8>) -> Self {
        Self(bytes, RefCell::new(None))
    }
}

impl Source for File {
    fn size_bytes(&self) -> u64 {
        self.0.len() as u64
    }
    fn name(&self) -> String {
        "示例.json".to_owned()
    }
    async fn read(&self, from: u64, to: u64) -> Option<Vec<u8>> {
        if self.1.borrow().is_some_and(|end| to > end) {
            return None;
        }
        self.0.get(usize::try_from(from).ok()?..usize::try_from(to).ok()?).map(<[u8]>::to_vec)
    }
}

fn export(phone: &Phone, ids: &[RecordId], cap_bytes: u64) -> Vec<File> {
    let plan = block_on(phone.plan_export(ids, BundlePurpose::Submit, cap_bytes)).expect("planned");
    let from = SenderName { name: "张示例".to_owned(), bureau: "示例县市场监督管理局".to_owned() };
    (1..=plan.parts.len())
        .map(|k| {
            let mut bytes = Vec::new();
            let name = plan.file_name(k, 480);
            let written =
                block_on(phone.write_part(&plan, k, &from, &name, |piece| bytes.extend_from_slice(piece), |_| {})).expect("written");
            block_on(phone.note_export(&written.entry)).expect("kept");
            File::new(bytes)
        })
        .collect()
}

fn import(office: &Phone, file: &File) -> Result<ImportReport, TransferError> {
    block_on(office.import(file, |_| {}))
}

fn contents(phone: &Phone) -> Vec<(Table, String, Vec<u8>)> {
    [Table::Changes, Table::Blobs, Table::Records]
        .into_iter()
        .flat_map(|table| block_on(phone.store.scan(table, "")).expect("readable").into_iter().map(move |(key, value)| (table, key, value)))
        .collect()
}

#[test]
fn a_visit_reaches_the_office_and_a_second_import_changes_nothing() {
    let (phone, office) = (phone(1), phone(2));
    let mut record = begin(&phone);
    let photo = add_photo(&phone, &mut record, 7);
    complete(&phone, &mut record);
    let files = export(&phone, &[record.id().clone()], u64::MAX);
    let report = import(&office, &files[0]).expect("good");
    assert_eq!(report.records.len(), 1);
    assert_eq!((report.records[0].outcome, report.records[0].photos_absent, report.photos_new), (Outcome::New, 0, 1));
    let arrived = block_on(office.load(record.id())).expect("there");
    assert!(arrived.journal() == record.journal(), "the journals differ");
    assert!(arrived.state() == record.state(), "the states differ");
    assert_eq!(verify_chains(arrived.journal()), []);
    assert!(verify_seals(arrived.journal()).iter().all(|(_, seal)| seal.is_ok()));
    let key = photos(arrived.state())[0].sha256.clone();
    assert_eq!(block_on(office.store.get(Table::Blobs, &key)).expect("readable"), Some(photo));
    let before = contents(&office);
    office.clock().advance_ms(1);
    let again = import(&office, &files[0]).expect("good");
    assert_eq!((again.records[0].outcome, again.photos_new, again.photos_known), (Outcome::Known, 0, 1));
    assert!(contents(&office) == before, "something changed");
    assert_eq!(block_on(office.ledger()).expect("readable").len(), 2);
}

#[test]
fn parts_arrive_in_any_order_and_say_what_is_still_absent() {
    let phone = phone(1);
    let mut record = begin(&phone);
    for content in 1..=6 {
        add_photo(&phone, &mut record, content);
    }
    let line = spotcheck::bundle::record_line(record.journal(), &Default::default()).len() as u64;
    let files = export(&phone, &[record.id().clone()], line + 8192 + 3 * 6000);
    assert!(files.len() > 1, "{} parts", files.len());
    let mut digests = Vec::new();
    for turn in 0..files.len() {
        let office = self::phone(9);
        let mut absent = Vec::new();
        for step in 0..files.len() {
            let report = import(&office, &files[(turn + step) % files.len()]).expect("good");
            absent.push(report.records[0].photos_absent);
        }
        assert_eq!(absent.last(), Some(&0));
        assert!(absent[0] > 0, "{absent:?}");
        digests.push(contents(&office));
    }
    assert!(digests.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn a_file_with_any_fault_is_refused_whole() {
    let phone = phone(1);
    let mut record = begin(&phone);
    add_photo(&phone, &mut record, 7);
    complete(&phone, &mut record);
    let good = export(&phone, &[record.id().clone()], u64::MAX).remove(0).0;
    let office = self::phone(2);
    for place in (0..good.len()).step_by(good.len() / 40) {
        let mut bytes = good.clone();
        bytes[place] ^= 1;
        assert!(matches!(import(&office, &File::new(bytes)), Err(TransferError::Refused(_))), "byte {place}");
    }
    for end in (0..good.len()).step_by(good.len() / 20) {
        assert!(matches!(import(&office, &File::new(good[..end].to_vec())), Err(TransferError::Refused(_))), "cut at {end}");
    }
    let unreadable = File(good.clone(), RefCell::new(Some(100)));
    assert_eq!(import(&office, &unreadable), Err(TransferError::Unreadable));
    assert!(contents(&office).is_empty());
    assert!(block_on(office.ledger()).expect("readable").is_empty());
    assert!(import(&office, &File::new(good)).is_ok());
}

#[test]
fn two_people_who_had_not_seen_each_other_are_both_kept_and_told() {
    let (first, second, office) = (phone(1), phone(2), phone(3));
    let record = begin(&first);
    import(&second, &export(&first, &[record.id().clone()], u64::MAX)[0]).expect("good");
    for (phone, text) in [(&first, "甲"), (&second, "乙")] {
        let mut mine = block_on(phone.load(record.id())).expect("there");
        block_on(phone.save(&mut mine, &[("conclusion/remark", json!(text))], None)).expect("kept");
        let report = import(&office, &export(phone, &[record.id().clone()], u64::MAX)[0]).expect("good");
        let expected = if text == "甲" { Outcome::New } else { Outcome::Conflicting { changes: 1, places: 1 } };
        assert_eq!(report.records[0].outcome, expected);
        // What the second phone says of the first one's work is only said.
        assert_eq!(report.notices.iter().any(|notice| notice.code() == "unattested"), text == "乙");
    }
    let merged = block_on(office.load(record.id())).expect("there");
    let conflict = &merged.state().conflicts()[0];
    assert_eq!(conflict.path.as_str(), "conclusion/remark");
    // Whoever writes next has seen both, so the conflict is settled and the history keeps all three.
    let mut settled = merged.clone();
    block_on(office.save(&mut settled, &[("conclusion/remark", json!("甲和乙"))], None)).expect("kept");
    assert_eq!(settled.state().text("conclusion/remark"), Some("甲和乙"));
    assert_eq!(settled.state().conflicts(), []);
    assert_eq!(settled.journal().fold().conflicts(), []);
}

#[test]
fn a_sealed_record_changes_only_with_a_reason_and_says_so() {
    let phone = phone(1);
    let mut record = begin(&phone);
    complete(&phone, &mut record);
    assert_eq!(Summary::of(record.journal(), record.state()).stage, Stage::Sealed);
    let refused = block_on(phone.save(&mut record, &[("conclusion/remark", json!("x"))], None));
    assert_eq!(refused.err(), Some(AppError::Sealed));
    assert_eq!(block_on(phone.save(&mut record, &[("conclusion/remark", json!("x"))], Some("  "))).err(), Some(AppError::Sealed));
    block_on(phone.save(&mut record, &[("conclusion/remark", json!("补充：已通知维保单位"))], Some("漏记"))).expect("kept");
    assert_eq!(Summary::of(record.journal(), record.state()).stage, Stage::Amended);
    assert!(record.state().cell("conclusion/remark").is_some_and(|cell| cell.amended));
    assert!(record.state().cell("unit/name").is_some_and(|cell| !cell.amended));
    assert!(verify_seals(record.journal()).iter().all(|(_, seal)| seal.is_ok()));
}

#[test]
fn says_what_is_missing_until_nothing_is() {
    let phone = phone(1);
    let mut record = begin(&phone);
    let missing = |record: &Record| Inspection::read(record.state()).expect("has a checklist").missing(record.state());
    let at_first = missing(&record);
    assert_eq!(at_first.iter().filter(|one| matches!(one, Missing::Answer(_))).count(), elevator().items.len());
    assert!(at_first.contains(&Missing::Conclusion) && at_first.contains(&Missing::Signature("attendant")));
    complete(&phone, &mut record);
    assert_eq!(missing(&record), []);
    let other = Record::new(record.journal().clone());
    block_on(phone.save(&mut record, &[("inspectors/2", json!({"name": "张示例", "cert_no": "示例执法001"}))], Some("测试")))
        .expect("kept");
    // What was signed is not what stands now.
    let stale = ["inspector1", "inspector2", "attendant"].map(Missing::Stale);
    assert_eq!(missing(&record), [[Missing::SameInspector].as_slice(), &stale].concat());
    assert_eq!(missing(&other), []);
}

#[test]
fn a_blank_of_a_ready_sentence_must_be_filled_in() {
    let phone = phone(1);
    let mut record = begin(&phone);
    complete(&phone, &mut record);
    let missing = |record: &Record| without_stale(Inspection::read(record.state()).expect("has a checklist").missing(record.state()));
    block_on(phone.save(&mut record, &[("answers/elevator-011/requirement", json!("责令___日内修复"))], Some("测试"))).expect("kept");
    assert_eq!(missing(&record), [Missing::Blank(10)]);
    block_on(phone.save(&mut record, &[("answers/elevator-011/requirement", json!("责令3日内修复"))], Some("测试"))).expect("kept");
    assert_eq!(missing(&record), []);
}

#[test]
fn a_contradiction_or_an_empty_value_is_missing() {
    let phone = phone(1);
    let mut record = begin(&phone);
    complete(&phone, &mut record);
    let missing = |record: &Record| without_stale(Inspection::read(record.state()).expect("has a checklist").missing(record.state()));
    block_on(phone.save(&mut record, &[("conclusion/result", json!("no_problem"))], Some("测试"))).expect("kept");
    assert_eq!(missing(&record), [Missing::Contradiction]);
    block_on(phone.save(&mut record, &[("answers/elevator-003/value", Value::Null)], Some("测试"))).expect("kept");
    assert_eq!(missing(&record), [Missing::Value(2), Missing::Contradiction]);
}

#[test]
fn a_seal_under_an_early_time_hides_no_amendment() {
    let (phone, other) = (phone(1), phone(2));
    let mut record = begin(&phone);
    complete(&phone, &mut record);
    import(&other, &export(&phone, &[record.id().clone()], u64::MAX)[0]).expect("good");
    let mut changed = block_on(other.load(record.id())).expect("there");
    block_on(other.save(&mut changed, &[("answers/elevator-011/verdict", json!("pass"))], Some("改"))).expect("kept");
    // A genuine seal of another device over everything, dated before the first one.
    let mut forged = Record::new(changed.journal().clone());
    let entries = other.seal(&mut forged).expect("seals");
    let mut backdated = entries[0].change.clone();
    backdated.at = Hlc { ms: NOON - 1, counter: 0 };
    let mut journal = changed.journal().clone();
    assert!(journal.insert(make_entry(backdated)).expect("same record"));
    assert!(verify_seals(&journal).iter().any(|(_, seal)| *seal == Err(SealFault::Time)));
    let summary = Summary::of(&journal, &journal.fold());
    assert_eq!(summary.stage, Stage::Amended);
    assert!(journal.fold().cell("answers/elevator-011/verdict").is_some_and(|cell| cell.amended));
}

#[test]
fn a_seal_can_not_be_taken_away() {
    let phone = phone(1);
    let mut record = begin(&phone);
    complete(&phone, &mut record);
    let refused = block_on(phone.save(&mut record, &[("seals/1", Value::Null)], Some("改")));
    assert!(matches!(refused, Err(AppError::Path { .. })));
    let mut journal = record.journal().clone();
    let mut taken = journal.timeline().last().expect("sealed").change.clone();
    (taken.prev, taken.seq, taken.value, taken.at) =
        (journal.heads().values().next().map(|head| head.hash), taken.seq + 1, Value::Null, taken.at.tick(Default::default()));
    assert!(journal.insert(make_entry(taken)).expect("same record"));
    assert!(Record::new(journal.clone()).is_sealed());
    assert!(verify_seals(&journal).iter().any(|(_, seal)| *seal == Err(SealFault::Malformed)));
}

#[test]
fn one_record_that_can_not_travel_does_not_hold_the_others_back() {
    let phone = phone(1);
    let (mut good, mut bad) = (begin(&phone), begin(&phone));
    complete(&phone, &mut good);
    add_photo(&phone, &mut bad, 9);
    // Its first change is gone from both shelves.
    let key = block_on(phone.store.keys(Table::Changes, &format!("{}/", bad.id()))).expect("readable").remove(0);
    let (a, b) = phone.store.shelves();
    a.damage(Table::Changes, &key, |bytes| bytes.truncate(5));
    b.damage(Table::Changes, &key, |bytes| bytes.truncate(5));
    let plan = block_on(phone.plan_export(&[good.id().clone(), bad.id().clone()], BundlePurpose::Submit, u64::MAX)).expect("planned");
    assert_eq!(plan.parts[0].records, [good.id().clone()]);
    assert_eq!(plan.problems.iter().map(|problem| problem.record.clone()).collect::<Vec<_>>(), [bad.id().clone()]);
}

#[test]
fn a_photo_that_can_not_travel_is_named_and_its_record_stays_due() {
    let phone = phone(1);
    let mut record = begin(&phone);
    let bytes = add_photo(&phone, &mut record, 9);
    complete(&phone, &mut record);
    let plan = block_on(phone.plan_export(&[record.id().clone()], BundlePurpose::Submit, u64::MAX)).expect("planned");
    let key = sha256(&bytes).to_string();
    let (a, b) = phone.store.shelves();
    for shelf in [a, b] {
        shelf.damage(Table::Blobs, &key, |bytes| bytes.push(0));
    }
    let written = block_on(phone.write_part(&plan, 1, &SenderName::default(), "示例.json", |_| {}, |_| {})).expect("written");
    assert_eq!(
        written.problems.iter().map(|one| (one.record.clone(), one.photo)).collect::<Vec<_>>(),
        [(record.id().clone(), Some(sha256(&bytes)))]
    );
    assert!(written.entry.records.is_empty());
}

#[test]
fn two_sessions_on_one_record_never_fork_it() {
    let phone = phone(1);
    let record = begin(&phone);
    let sessions = [(); 2].map(|()| Session::new(phone.clone(), record.clone(), Box::new(|_| {})));
    for (session, text) in sessions.iter().zip(["甲", "乙"]) {
        session.set(&[("conclusion/remark", json!(text))], None).expect("not sealed");
        block_on(session.flush());
    }
    assert!(matches!(sessions[0].save_state(), SaveState::Saved { .. }));
    assert!(matches!(sessions[1].save_state(), SaveState::Failed { error: StoreError::Conflict { .. }, waiting: 1 }));
    let kept = block_on(phone.load(record.id())).expect("there");
    assert_eq!(kept.journal().forks(), []);
    assert_eq!(kept.state().text("conclusion/remark"), Some("甲"));
}

#[test]
fn a_record_is_due_until_it_has_left() {
    let (phone, office) = (phone(1), phone(2));
    let mut record = begin(&phone);
    complete(&phone, &mut record);
    let due = |phone: &Phone, record: &Record| {
        let ledger = block_on(phone.ledger()).expect("readable");
        is_due(&Summary::of(record.journal(), record.state()), &ledger, phone.device().as_str())
    };
    assert!(due(&phone, &record));
    let files = export(&phone, &[record.id().clone()], u64::MAX);
    assert!(!due(&phone, &record));
    import(&office, &files[0]).expect("good");
    assert!(!due(&office, &record));
    block_on(phone.save(&mut record, &[("conclusion/remark", json!("补充"))], Some("漏记"))).expect("kept");
    assert!(due(&phone, &record));
}

#[test]
fn a_document_is_due_once_it_is_sealed() {
    let phone = phone(1);
    let mut paper = Record::new(Journal::new(phone.new_record_id()));
    let source = begin(&phone);
    let of = json!({"record": source.id().to_string(), "kind": "inspection"});
    block_on(phone.save(&mut paper, &[("kind", json!("document")), ("links/of", of)], None)).expect("kept");
    let summary = |paper: &Record| Summary::of(paper.journal(), paper.state());
    assert!(!is_due(&summary(&paper), &[], phone.device().as_str()), "a draft stays");
    assert!(summary(&paper).search.contains(source.id().as_str()), "it is found by what it was made from");
    let entries = phone.seal(&mut paper).expect("seals");
    block_on(phone.keep(phone.ops(&paper, &entries), &entries)).expect("kept");
    assert!(is_due(&summary(&paper), &[], phone.device().as_str()));
}

#[test]
fn a_limit_decides_until_the_inspector_does() {
    let phone = phone(1);
    let mut record = begin(&phone);
    let verdict = |record: &Record| {
        let inspection = Inspection::read(record.state()).expect("has a checklist");
        inspection.verdict(6)
    };
    block_on(phone.save(&mut record, &[("answers/elevator-007/value", json!(16))], None)).expect("kept");
    assert_eq!(verdict(&record), Some(Verdict::Fail));
    // Advice passes what is within it and leaves the rest to the inspector.
    for (value, expected) in [(10, Some(Verdict::Pass)), (11, None)] {
        block_on(phone.save(&mut record, &[("answers/elevator-014/value", json!(value))], None)).expect("kept");
        let inspection = Inspection::read(record.state()).expect("has a checklist");
        assert_eq!(inspection.verdict(13), expected);
    }
    block_on(phone.save(&mut record, &[("answers/elevator-007/verdict", json!("na"))], None)).expect("kept");
    assert_eq!(verdict(&record), Some(Verdict::Na));
    block_on(phone.save(&mut record, &[("answers/elevator-007/verdict", Value::Null), ("answers/elevator-007/value", json!(15))], None))
        .expect("kept");
    assert_eq!(verdict(&record), Some(Verdict::Pass));
}

#[test]
fn what_could_not_be_kept_waits_and_is_kept_later_without_a_gap() {
    let faults = Faults::default();
    let (a, b) = (FaultShelf::new(&faults), FaultShelf::new(&faults));
    let (twin, _) = block_on(Twin::open(a, b, None)).expect("opens");
    let workspace = Rc::new(block_on(Workspace::open(twin, clock(), FixedRandom::new(5))).expect("opens"));
    let told = Rc::new(RefCell::new(Vec::new()));
    let heard = told.clone();
    let record = Record::new(Journal::new(workspace.new_record_id()));
    let id = record.id().clone();
    let session = Session::new(workspace.clone(), record, Box::new(move |state| heard.borrow_mut().push(state.clone())));
    session.set(&[("unit/name", json!("示例"))], None).expect("not sealed");
    block_on(session.flush());
    assert!(matches!(told.borrow().last(), Some(SaveState::Saved { at: Some(_) })));
    faults.plan(1, Fault::Full);
    session.set(&[("unit/address", json!("示例路1号"))], None).expect("not sealed");
    block_on(session.flush());
    let failed = SaveState::Failed { error: StoreError::Shelf(ShelfError::Full), waiting: 1 };
    assert_eq!(told.borrow().last(), Some(&failed));
    session.set(&[("unit/phone", json!("000"))], None).expect("not sealed");
    assert_eq!(session.unsaved(), 2);
    faults.make_room();
    faults.unplan();
    block_on(session.flush());
    assert_eq!(session.unsaved(), 0);
    let kept = block_on(workspace.load(&id)).expect("there");
    assert_eq!(verify_chains(kept.journal()), []);
    assert!(kept.state() == session.record().state());
    assert_eq!(kept.journal().len(), 3);
}

#[test]
fn order_survives_a_clock_that_goes_back() {
    let (twin, _) = block_on(Twin::open(MemoryShelf::new(), MemoryShelf::new(), None)).expect("opens");
    let wall = clock();
    let phone = block_on(Workspace::open(twin, wall.clone(), FixedRandom::new(5))).expect("opens");
    let mut record = Record::new(Journal::new(phone.new_record_id()));
    for (turn, wall_ms) in [NOON, NOON - 86_400_000, NOON + 315_360_000_000, 951_782_400_000].into_iter().enumerate() {
        wall.set(ClockReading { wall_ms, mono_ms: turn as u64, offset_min: 480 });
        block_on(phone.save(&mut record, &[("unit/name", json!(turn))], None)).expect("kept");
    }
    assert_eq!(record.state().get("unit/name"), Some(&json!(3)));
    assert_eq!(verify_chains(record.journal()), []);
}

#[test]
fn a_clock_in_another_age_is_named_and_does_not_spread() {
    let (twin, _) = block_on(Twin::open(MemoryShelf::new(), MemoryShelf::new(), None)).expect("opens");
    let wall = clock();
    let phone = block_on(Workspace::open(twin, wall.clone(), FixedRandom::new(5))).expect("opens");
    wall.set(ClockReading { wall_ms: 8_000_000_000_000, mono_ms: 0, offset_min: 480 });
    let mut strange = Record::new(Journal::new(phone.new_record_id()));
    block_on(phone.save(&mut strange, &[("kind", json!("unit"))], None)).expect("kept");
    wall.set(ClockReading { wall_ms: NOON, mono_ms: 0, offset_min: 480 });
    let mut good = Record::new(Journal::new(phone.new_record_id()));
    block_on(phone.save(&mut good, &[("kind", json!("unit"))], None)).expect("kept");
    assert_eq!(good.journal().latest().ms, NOON);
    let ids = [strange.id().clone(), good.id().clone()];
    let plan = block_on(phone.plan_export(&ids, BundlePurpose::Backup, u64::MAX)).expect("planned");
    assert_eq!(plan.parts[0].records, [ids[1].clone()]);
    assert_eq!(plan.problems[0].record, ids[0]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn writing_step_by_step_is_the_same_as_folding_anew(steps in proptest::collection::vec((0_usize..6, 0_u8..4), 1..60)) {
        let phone = phone(1);
        let mut record = Record::new(Journal::new(phone.new_record_id()));
        let paths = ["kind", "a/b", "a/c", "conclusion/remark", "photos/x", "answers/i/verdict"];
        let sealed = Cell::new(false);
        for (path, value) in steps {
            let value = match value { 0 => Value::Null, other => json!(other) };
            let reason = sealed.get().then_some("更正");
            phone.write(&mut record, &[(paths[path], value)], reason).unwrap();
            if record.journal().len() == 20 && !sealed.get() {
                phone.seal(&mut record).unwrap();
                sealed.set(true);
            }
            prop_assert_eq!(record.state(), &record.journal().fold());
        }
    }
}

#[test]
fn the_last_change_tells_where_the_person_was() {
    let phone = phone(31);
    let mut record = begin(&phone);
    assert_eq!(last_item(record.journal(), record.state()), None);
    for (path, value, item) in [
        ("answers/elevator-012/note", json!("示例"), Some("elevator-012")),
        ("photos/p1", json!({"item": "elevator-003", "sha256": "00"}), Some("elevator-003")),
        ("photos/p1/caption", json!("示例"), Some("elevator-003")),
        ("conclusion/remark", json!("示例"), None),
    ] {
        block_on(phone.save(&mut record, &[(path, value)], None)).unwrap();
        assert_eq!(last_item(record.journal(), record.state()).as_deref(), item, "{path}");
    }
}
