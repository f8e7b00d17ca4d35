//! Work and rules that an office sends out arrive on a phone as they were, from a file that is an ordinary bundle.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, reason = "tests say what they expect")]

use futures::executor::block_on;
use serde_json::{Value, json};
use spotcheck::app::transfer::{Outcome, SenderName, Source};
use spotcheck::app::workspace::{Record, Workspace};
use spotcheck::bundle::BundlePurpose;
use spotcheck::domain::change::ClockReading;
use spotcheck::domain::id::RecordId;
use spotcheck::domain::journal::Journal;
use spotcheck::domain::library;
use spotcheck::domain::task::{Task, TaskEquipment};
use spotcheck::domain::time::CivilDate;
use spotcheck::port::memory::{FixedClock, FixedRandom, MemoryShelf};
use spotcheck::port::twin::Twin;

type Device = Workspace<Twin<MemoryShelf, MemoryShelf>, FixedClock, FixedRandom>;

const NOON: u64 = 1_795_500_000_000;

fn device(seed: u64) -> Device {
    let (twin, _) = block_on(Twin::open(MemoryShelf::new(), MemoryShelf::new(), None)).unwrap();
    let clock = FixedClock::new(ClockReading { wall_ms: NOON, mono_ms: 0, offset_min: 480 });
    block_on(Workspace::open(twin, clock, FixedRandom::new(seed))).unwrap()
}

struct File(Vec<u8>);

impl Source for File {
    fn size_bytes(&self) -> u64 {
        self.0.len() as u64
    }
    fn name(&self) -> String {
        "assign.json".to_owned()
    }
    async fn read(&self, from: u64, to: u64) -> Option<Vec<u8>> {
        self.0.get(usize::try_from(from).ok()?..usize::try_from(to).ok()?).map(<[u8]>::to_vec)
    }
}

fn record(device: &Device, values: &[(String, Value)]) -> Record {
    let mut record = Record::new(Journal::new(device.new_record_id()));
    save(device, &mut record, values);
    record
}

fn save(device: &Device, record: &mut Record, values: &[(String, Value)]) {
    let values: Vec<(&str, Value)> = values.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
    block_on(device.save(record, &values, None)).unwrap();
}

fn send(from: &Device, to: &Device, ids: &[RecordId], purpose: BundlePurpose) -> Vec<Outcome> {
    let plan = block_on(from.plan_export(ids, purpose, 20_000_000)).unwrap();
    assert_eq!((plan.parts.len(), &plan.problems), (1, &Vec::new()));
    let mut bytes = Vec::new();
    block_on(from.write_part(&plan, 1, &SenderName::default(), "assign.json", |piece| bytes.extend_from_slice(piece), |_| {})).unwrap();
    let report = block_on(to.import(&File(bytes), |_| {})).unwrap();
    assert_eq!(report.header.purpose, plan.purpose);
    report.records.into_iter().map(|record| record.outcome).collect()
}

#[test]
fn a_task_arrives_is_done_and_comes_back() {
    let (office, phone) = (device(1), device(2));
    let task = record(
        &office,
        &[
            ("kind".to_owned(), json!("task")),
            ("title".to_owned(), json!("第四季度电梯专项检查")),
            ("unit/id".to_owned(), json!("0192a4c0-0000-7000-8000-000000000001")),
            ("unit/name".to_owned(), json!("示例商场有限公司")),
            ("equipment/2".to_owned(), json!({"id": "b", "name": "2号客梯"})),
            ("equipment/10".to_owned(), json!({"id": "j", "name": "10号客梯"})),
            ("equipment/1".to_owned(), json!({"id": "a", "name": "1号客梯", "code": "31102301020150098", "place": "东门"})),
            ("lists".to_owned(), json!(["elevator", "use-unit-management"])),
            ("due".to_owned(), json!("2026-12-31")),
        ],
    );
    assert_eq!(send(&office, &phone, &[task.id().clone()], BundlePurpose::Assign), [Outcome::New]);

    let mut on_phone = block_on(phone.load(task.id())).unwrap();
    let read = Task::read(on_phone.state()).unwrap();
    assert_eq!(read.equipment.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["1号客梯", "2号客梯", "10号客梯"]);
    assert_eq!(
        read.equipment.first(),
        Some(&TaskEquipment { id: "a".into(), name: "1号客梯".into(), code: "31102301020150098".into(), place: "东门".into() })
    );
    assert_eq!(read.lists, ["elevator", "use-unit-management"]);
    let day = |text: &str| CivilDate::parse(text).unwrap();
    assert_eq!((read.is_open(), read.days_late(day("2026-12-31")), read.days_late(day("2027-01-03"))), (true, None, Some(3)));

    save(&phone, &mut on_phone, &[("done".to_owned(), json!({"inspection": "0192a4c0-0000-7000-8000-000000000009", "ms": NOON}))]);
    assert_eq!(send(&phone, &office, &[task.id().clone()], BundlePurpose::Submit), [Outcome::Newer { changes: 1 }]);
    let back = Task::read(block_on(office.load(task.id())).unwrap().state()).unwrap();
    assert_eq!((back.is_open(), back.days_late(day("2027-01-03"))), (false, None));
    assert_eq!(back.done.as_deref(), Some("0192a4c0-0000-7000-8000-000000000009"));
}

#[test]
fn a_new_edition_replaces_the_old_and_both_stay_in_the_record() {
    let (office, phone) = (device(1), device(2));
    let titles = ("节假日安排", "Holidays");
    let mut rules = record(&office, &library::publish(None, "rules/holidays.json", titles, json!({"years": [2026]})));
    assert_eq!(send(&office, &phone, &[rules.id().clone()], BundlePurpose::Rules), [Outcome::New]);
    let held = |id: &RecordId| library::read(block_on(phone.load(id)).unwrap().state()).unwrap();
    assert_eq!(held(rules.id()).value, json!({"years": [2026]}));

    let next = library::publish(Some(rules.state()), "rules/holidays.json", titles, json!({"years": [2026, 2027]}));
    save(&office, &mut rules, &next);
    assert_eq!(send(&office, &phone, &[rules.id().clone()], BundlePurpose::Rules), [Outcome::Newer { changes: 2 }]);
    let held = held(rules.id());
    assert_eq!((held.current, held.value, held.path.as_str()), (2, json!({"years": [2026, 2027]}), "rules/holidays.json"));
    assert_eq!(block_on(phone.load(rules.id())).unwrap().state().get("editions/1"), Some(&json!({"years": [2026]})));
}

#[test]
fn a_record_for_a_file_outside_of_the_library_is_not_used() {
    let office = device(1);
    let record = record(&office, &library::publish(None, "../index.html", ("坏", "bad"), json!("x")));
    assert_eq!(library::read(record.state()), None);
}
