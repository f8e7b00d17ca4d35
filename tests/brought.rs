//! Checklists and rules that come along in a file for something else count only when a person says so.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, reason = "tests say what they expect")]

use futures::executor::block_on;
use serde_json::{Value, json};
use spotcheck::app::transfer::{Brought, ExportPlan, Outcome, SenderName, Source, TransferError};
use spotcheck::app::workspace::{Record, Workspace};
use spotcheck::bundle::BundlePurpose;
use spotcheck::domain::change::ClockReading;
use spotcheck::domain::id::RecordId;
use spotcheck::domain::journal::Journal;
use spotcheck::domain::library;
use spotcheck::port::memory::{FixedClock, FixedRandom, MemoryShelf};
use spotcheck::port::twin::Twin;

type Device = Workspace<Twin<MemoryShelf, MemoryShelf>, FixedClock, FixedRandom>;

fn device(seed: u64) -> Device {
    let (twin, _) = block_on(Twin::open(MemoryShelf::new(), MemoryShelf::new(), None)).unwrap();
    let clock = FixedClock::new(ClockReading { wall_ms: 1_795_500_000_000, mono_ms: 0, offset_min: 480 });
    block_on(Workspace::open(twin, clock, FixedRandom::new(seed))).unwrap()
}

struct File(Vec<u8>);

impl Source for File {
    fn size_bytes(&self) -> u64 {
        self.0.len() as u64
    }
    fn name(&self) -> String {
        "file.json".to_owned()
    }
    async fn read(&self, from: u64, to: u64) -> Option<Vec<u8>> {
        self.0.get(usize::try_from(from).ok()?..usize::try_from(to).ok()?).map(<[u8]>::to_vec)
    }
}

fn save(device: &Device, record: &mut Record, values: &[(String, Value)]) {
    let values: Vec<(&str, Value)> = values.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
    block_on(device.save(record, &values, None)).unwrap();
}

/// Rules and a task of one device.
fn rules_and_task(device: &Device) -> (Record, Record) {
    let (mut rules, mut task) = (Record::new(Journal::new(device.new_record_id())), Record::new(Journal::new(device.new_record_id())));
    let file = json!({"schema": "rules/clocks/1", "clocks": []});
    save(device, &mut rules, &library::publish(None, "rules/clocks.json", ("办理期限", "Periods"), file));
    save(device, &mut task, &[("kind".to_owned(), json!("task")), ("title".to_owned(), json!("检查"))]);
    (rules, task)
}

fn plan(from: &Device, records: [&Record; 2], purpose: BundlePurpose) -> ExportPlan {
    let ids: Vec<RecordId> = records.iter().map(|record| record.id().clone()).collect();
    block_on(from.plan_export(&ids, purpose, 20_000_000)).unwrap()
}

fn file(from: &Device, plan: &ExportPlan) -> File {
    let mut bytes = Vec::new();
    block_on(from.write_part(plan, 1, &SenderName::default(), "file.json", |piece| bytes.extend_from_slice(piece), |_| {})).unwrap();
    File(bytes)
}

#[test]
fn rules_in_a_file_for_something_else_wait_for_an_answer() {
    let (other, here) = (device(1), device(2));
    let (mut rules, task) = rules_and_task(&other);
    let other_purpose = || BundlePurpose::Other("survey".to_owned());
    let bundle = file(&other, &plan(&other, [&rules, &task], other_purpose()));
    let here_now = || block_on(here.record_ids()).unwrap().len();

    let Err(TransferError::BringsRules(brought)) = block_on(here.import(&bundle, |_| {})) else { unreachable!("it has to ask") };
    let told: Vec<_> = brought.iter().map(|one| (one.record.clone(), one.path.as_str(), one.title.zh.as_str(), one.edition)).collect();
    assert_eq!(told, [(rules.id().clone(), "rules/clocks.json", "办理期限", 1)]);
    assert_eq!((here_now(), block_on(here.ledger()).unwrap().len()), (0, 0), "nothing is kept before there is an answer");

    let outcomes = |brought: Brought| {
        here.clock().advance_ms(1_000);
        let report = block_on(here.import_with(&bundle, brought, |_| {})).unwrap();
        report.records.into_iter().map(|record| (record.summary.id, record.outcome)).collect::<Vec<_>>()
    };
    let (rules_id, task_id) = (rules.id().to_string(), task.id().to_string());
    assert_eq!(outcomes(Brought::Leave), [(rules_id.clone(), Outcome::LeftOut), (task_id.clone(), Outcome::New)]);
    assert_eq!(here_now(), 1);
    assert_eq!(outcomes(Brought::Take), [(rules_id, Outcome::New), (task_id, Outcome::Known)]);
    here.clock().advance_ms(1_000);
    assert!(block_on(here.import(&bundle, |_| {})).is_ok(), "what is here already is not asked for again");

    // One change more has to be agreed to again.
    save(&other, &mut rules, &[("retired".to_owned(), json!(true))]);
    let newer = file(&other, &plan(&other, [&rules, &task], other_purpose()));
    assert!(matches!(block_on(here.import(&newer, |_| {})), Err(TransferError::BringsRules(brought)) if brought.len() == 1));
    assert!(block_on(here.import_with(&newer, Brought::Leave, |_| {})).is_ok());
    assert!(!library::read(block_on(here.load(rules.id())).unwrap().state()).unwrap().retired, "left out as a whole");
}

#[test]
fn files_that_are_made_to_bring_rules_are_not_asked_about() {
    for purpose in [BundlePurpose::Rules, BundlePurpose::Assign, BundlePurpose::Backup] {
        let (office, phone) = (device(1), device(2));
        let (rules, task) = rules_and_task(&office);
        let report = block_on(phone.import(&file(&office, &plan(&office, [&rules, &task], purpose.clone())), |_| {})).unwrap();
        assert!(report.records.iter().all(|record| record.outcome == Outcome::New), "{purpose}");
    }
}

#[test]
fn a_submission_takes_no_rules_along() {
    let phone = device(1);
    let (rules, task) = rules_and_task(&phone);
    let planned = plan(&phone, [&rules, &task], BundlePurpose::Submit);
    let left: Vec<_> = planned.problems.iter().map(|problem| (&problem.record, &problem.error)).collect();
    assert_eq!(left, [(rules.id(), &TransferError::RulesStay)]);
    let report = block_on(device(2).import(&file(&phone, &planned), |_| {})).unwrap();
    assert_eq!(report.records.iter().map(|record| record.summary.kind.as_str()).collect::<Vec<_>>(), ["task"]);
}

#[test]
fn changes_that_hide_what_they_are_change_no_rules() {
    let (here, other) = (device(1), device(2));
    let (rules, _) = rules_and_task(&here);
    let mut hidden = Record::new(Journal::new(rules.id().clone()));
    other.clock().advance_ms(3_600_000);
    save(&other, &mut hidden, &[("retired".to_owned(), json!(true))]);
    let mut visit = Record::new(Journal::new(other.new_record_id()));
    save(&other, &mut visit, &[("kind".to_owned(), json!("task")), ("title".to_owned(), json!("示例任务"))]);
    let bundle = file(&other, &plan(&other, [&hidden, &visit], BundlePurpose::Submit));
    let report = block_on(here.import(&bundle, |_| {})).unwrap();
    let outcome = |id: &RecordId| report.records.iter().find(|one| one.summary.id == id.to_string()).map(|one| one.outcome);
    assert_eq!((outcome(rules.id()), outcome(visit.id())), (Some(Outcome::Refused), Some(Outcome::New)));
    assert!(!library::read(block_on(here.load(rules.id())).unwrap().state()).unwrap().retired, "they count as before");
}
