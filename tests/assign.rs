//! Work and rules that an office sends out arrive on a phone as they were, from a file that is an ordinary bundle.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, reason = "tests say what they expect")]

use std::cell::RefCell;
use std::collections::BTreeSet;

use futures::executor::block_on;
use serde_json::{Value, json};
use spotcheck::app::assign::file::{ContentFile, FileError, FileKind, PublishError};
use spotcheck::app::assign::hand_out::{HandOut, WhichLines, WhichTasks, counted, town_of};
use spotcheck::app::assign::{Doer, Order, OrderError, Place, TaskError, places, visits_for};
use spotcheck::app::transfer::{LedgerEntry, Outcome, Progress, SenderName, Source};
use spotcheck::app::unit_visits::UnitVisit;
use spotcheck::app::workspace::{AppError, Record, Workspace};
use spotcheck::bundle::BundlePurpose;
use spotcheck::domain::change::ClockReading;
use spotcheck::domain::id::RecordId;
use spotcheck::domain::inspection::Stage;
use spotcheck::domain::journal::Journal;
use spotcheck::domain::library;
use spotcheck::domain::task::{Task, TaskEquipment};
use spotcheck::domain::time::{CivilDate, Instant};
use spotcheck::ledger::{Card, Kind, Ledger};
use spotcheck::port::memory::{Fault, FaultShelf, Faults, FixedClock, FixedRandom, MemoryShelf};
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

fn day(text: &str) -> CivilDate {
    CivilDate::parse(text).unwrap()
}

fn card(kind: Kind, id: &str, title: &str, unit: &str, town: &str, inspector: &str) -> Card {
    let text = str::to_owned;
    Card {
        id: text(id),
        kind: text(kind.name()),
        title: text(title),
        unit_id: text(unit),
        town: text(town),
        inspector: text(inspector),
        ..Card::default()
    }
}

/// Two units in two towns: a mall with two lifts and a scale, a school with a boiler that has an inspector of its own.
fn ledger() -> Ledger {
    Ledger::new(vec![
        card(Kind::Unit, "mall", "示例商场有限公司", "", "示例街道", "张三"),
        card(Kind::Unit, "school", "示例中学", "", "城关镇", "李四"),
        card(Kind::Equipment, "lift-2", "2号客梯", "mall", "", ""),
        card(Kind::Equipment, "lift-1", "1号客梯", "mall", "", ""),
        card(Kind::Instrument, "scale", "电子秤", "mall", "", ""),
        card(Kind::Equipment, "boiler", "热水锅炉", "school", "", "王五"),
        card(Kind::Equipment, "crane", "没有单位的起重机", "", "城关镇", ""),
    ])
}

fn order(doer: Doer) -> Order {
    Order {
        title: " 第四季度电梯专项检查 ".to_owned(),
        lists: vec!["elevator".to_owned()],
        campaign: "two_festivals".to_owned(),
        inspection_kind: "special".to_owned(),
        due: Some(day("2026-12-31")),
        doer,
        ..Order::default()
    }
}

fn chosen(unit: &str, equipment: &[&str]) -> (String, BTreeSet<String>) {
    (unit.to_owned(), equipment.iter().map(|one| (*one).to_owned()).collect())
}

fn two_places(ledger: &Ledger) -> Vec<Place> {
    places(ledger, &[chosen("mall", &["lift-1"]), chosen("school", &["boiler"])])
}

#[test]
fn one_task_for_each_unit_with_the_equipment_that_is_meant() {
    let (office, ledger) = (device(1), ledger());
    let all = places(&ledger, &[chosen("mall", &["lift-1", "scale", "lift-2", "boiler"]), chosen("lift-1", &[]), chosen("gone", &[])]);
    let names: Vec<_> = all.iter().flat_map(|place| &place.equipment).map(|one| one.name.as_str()).collect();
    assert_eq!((all.len(), names), (1, vec!["1号客梯", "2号客梯"]), "units only, their own equipment only, by name");
    let steps = RefCell::new(Vec::new());
    let (_receipt, made) = block_on(
        office.make_tasks(&order(Doer::Responsible), &two_places(&ledger), |step| steps.borrow_mut().push((step.done, step.total))),
    )
    .unwrap();
    assert_eq!(*steps.borrow(), [(0, 2), (1, 2), (2, 2)]);
    let told: Vec<_> = made.iter().map(|one| (one.unit_name.as_str(), one.equipment, one.inspector.as_str())).collect();
    assert_eq!(told, [("示例商场有限公司", 1, "张三"), ("示例中学", 1, "李四")]);

    let summaries = block_on(office.summaries()).unwrap();
    assert!(summaries.iter().all(|one| one.due.as_deref() == Some("2026-12-31")));
    let tasks = block_on(office.tasks_for_phones(&summaries, &[])).unwrap();
    assert_eq!(tasks.len(), 2);
    let (_, task) = tasks.iter().find(|(_, task)| task.unit_id == "mall").unwrap();
    assert_eq!(task.title, "第四季度电梯专项检查");
    assert_eq!((task.equipment.len(), task.equipment[0].id.as_str()), (1, "lift-1"));
    assert_eq!((task.campaign.as_str(), task.inspection_kind.as_str(), task.due), ("two_festivals", "special", Some(day("2026-12-31"))));
    assert_eq!((task.note.as_str(), task.approval_no.as_str()), ("", ""));

    for (doer, expected) in [(Doer::Anyone, ["", ""]), (Doer::Named("赵六".to_owned()), ["赵六", "赵六"])] {
        let (_, made) = block_on(office.make_tasks(&order(doer), &two_places(&ledger), |_| {})).unwrap();
        assert_eq!(made.iter().map(|one| one.inspector.as_str()).collect::<Vec<_>>(), expected);
    }
}

#[test]
fn an_order_that_says_too_little_makes_nothing() {
    let (office, ledger) = (device(1), ledger());
    let nameless = Order { title: "  ".to_owned(), ..Order::default() };
    assert_eq!(block_on(office.make_tasks(&nameless, &two_places(&ledger), |_| {})).unwrap_err(), OrderError::NoTitle);
    assert_eq!(block_on(office.make_tasks(&order(Doer::Anyone), &[], |_| {})).unwrap_err(), OrderError::NoUnits);
    assert!(block_on(office.record_ids()).unwrap().is_empty());
}

#[test]
fn tasks_for_many_units_are_kept_in_one_piece_or_not_at_all() {
    const UNITS: usize = 20;
    let units: Vec<Place> =
        (0..UNITS).map(|number| Place { id: format!("unit-{number}"), name: format!("示例单位{number}"), ..Place::default() }).collect();
    let clock = || FixedClock::new(ClockReading { wall_ms: NOON, mono_ms: 0, offset_min: 480 });
    for k in 1.. {
        let faults = Faults::default();
        let (a, b) = (FaultShelf::new(&faults), FaultShelf::new(&faults));
        let (twin, _) = block_on(Twin::open(a.clone(), b.clone(), None)).unwrap();
        let office = block_on(Workspace::open(twin, clock(), FixedRandom::new(1))).unwrap();
        faults.plan(k, Fault::Full);
        let made = block_on(office.make_tasks(&order(Doer::Anyone), &units, |_| {}));
        let fired = faults.fired();
        faults.restart();
        let (twin, _) = block_on(Twin::open(a, b, None)).unwrap();
        let again = block_on(Workspace::open(twin, clock(), FixedRandom::new(2))).unwrap();
        let kept = block_on(again.record_ids()).unwrap().len();
        match &made {
            Ok((_, made)) => assert_eq!((made.len(), kept), (UNITS, UNITS), "operation {k}"),
            Err(error) => {
                assert!(matches!(error, OrderError::App(AppError::Store(_))), "operation {k}: {error}");
                assert!(kept == 0 || kept == UNITS, "operation {k}: {kept} of {UNITS}");
            }
        }
        if !fired {
            assert!(made.is_ok());
            break;
        }
    }
}

#[test]
fn a_task_is_done_or_cancelled_once_and_waits_again_when_that_was_wrong() {
    let (office, ledger) = (device(1), ledger());
    let (_, made) = block_on(office.make_tasks(&order(Doer::Anyone), &two_places(&ledger), |_| {})).unwrap();
    let mut task = block_on(office.load(&made[0].id)).unwrap();
    let is_open = |task: &Record| Task::read(task.state()).unwrap().is_open();

    assert_eq!(block_on(office.cancel_task(&mut task, "  ")).unwrap_err(), TaskError::NoReason);
    assert!(is_open(&task));
    block_on(office.finish_task(&mut task, "0192a4c0-0000-7000-8000-000000000009")).unwrap().unwrap();
    assert_eq!(task.state().get("done"), Some(&json!({"inspection": "0192a4c0-0000-7000-8000-000000000009", "ms": NOON})));
    assert_eq!(block_on(office.finish_task(&mut task, "other")).unwrap_err(), TaskError::Closed);
    assert_eq!(block_on(office.cancel_task(&mut task, "停业")).unwrap_err(), TaskError::Closed);
    block_on(office.reopen_task(&mut task)).unwrap().unwrap();
    assert!(is_open(&task));
    block_on(office.cancel_task(&mut task, " 单位已停业 ")).unwrap().unwrap();
    assert_eq!(Task::read(task.state()).unwrap().cancelled.as_deref(), Some("单位已停业"));
    assert_eq!(block_on(office.tasks_for_phones(&block_on(office.summaries()).unwrap(), &[])).unwrap().len(), 1);

    let mut other = record(&office, &[("kind".to_owned(), json!("unit")), ("name".to_owned(), json!("示例中学"))]);
    assert_eq!(block_on(office.finish_task(&mut other, "x")).unwrap_err(), TaskError::NoTask);
}

#[test]
fn a_task_closed_after_it_was_handed_out_goes_to_the_phones_once_more() {
    let (office, ledger) = (device(1), ledger());
    let (_, made) = block_on(office.make_tasks(&order(Doer::Anyone), &two_places(&ledger), |_| {})).unwrap();
    let offered = |sent: &[LedgerEntry]| {
        let summaries = block_on(office.summaries()).unwrap();
        block_on(office.tasks_for_phones(&summaries, sent)).unwrap().into_iter().map(|(id, _)| id).collect::<BTreeSet<_>>()
    };
    let hand_out = || {
        let ids: Vec<RecordId> = made.iter().map(|one| one.id.clone()).collect();
        let plan = block_on(office.plan_export(&ids, BundlePurpose::Assign, 20_000_000)).unwrap();
        block_on(office.write_part(&plan, 1, &SenderName::default(), "assign.json", |_| {}, |_| {})).unwrap().entry
    };
    let [waiting, cancelled] = [&made[0].id, &made[1].id].map(ToString::to_string);
    let both = BTreeSet::from([waiting.clone(), cancelled]);
    let first = hand_out();
    let mut task = block_on(office.load(&made[1].id)).unwrap();
    block_on(office.cancel_task(&mut task, "单位已停业")).unwrap().unwrap();
    assert_eq!(offered(&[]), BTreeSet::from([waiting.clone()]), "what no phone has needs not be taken back");
    assert_eq!(offered(std::slice::from_ref(&first)), both);
    assert_eq!(offered(&[first, hand_out()]), BTreeSet::from([waiting]), "they know it by now");
}

#[test]
fn a_task_goes_to_the_office_with_the_check_that_did_it() {
    let (phone, ledger) = (device(2), ledger());
    let (_, made) = block_on(phone.make_tasks(&order(Doer::Anyone), &two_places(&ledger), |_| {})).unwrap();
    let checks = ["0192a4c0-0000-7000-8000-000000000009", "0192a4c0-0000-7000-8000-000000000010"].map(str::to_owned);
    let with = |checks: &[String]| block_on(phone.tasks_done_by(&block_on(phone.summaries()).unwrap(), checks)).unwrap();
    assert_eq!(with(&checks), Vec::<String>::new());
    let mut task = block_on(phone.load(&made[0].id)).unwrap();
    block_on(phone.finish_task(&mut task, &checks[0])).unwrap().unwrap();
    assert_eq!(with(&checks), [made[0].id.to_string()]);
    assert_eq!(with(&checks[1..]), Vec::<String>::new());
}

#[test]
fn only_filed_visits_since_the_task_was_made_may_have_done_it() {
    let visit = |id: &str, on: &str, stage: Stage| UnitVisit {
        id: id.to_owned(),
        at: Instant::from_ms(NOON),
        day: day(on),
        kind: String::new(),
        exception: String::new(),
        approved_by: String::new(),
        attendant: String::new(),
        stage,
        result: String::new(),
        failed: 0,
    };
    let visits = [
        visit("later", "2026-11-26", Stage::Amended),
        visit("draft", "2026-11-26", Stage::Draft),
        visit("same day", "2026-11-24", Stage::Sealed),
        visit("before", "2026-11-23", Stage::Sealed),
    ];
    assert_eq!(visits_for(&visits, day("2026-11-24")).iter().map(|visit| visit.id.as_str()).collect::<Vec<_>>(), ["later", "same day"]);
}

#[test]
fn what_goes_into_a_file_is_chosen_by_town_inspector_and_task() {
    let ledger = ledger();
    let task = |id: &str, unit: &str, inspector: &str| {
        (id.to_owned(), Task { unit_id: unit.to_owned(), inspector: inspector.to_owned(), ..Task::default() })
    };
    let tasks = [task("t1", "mall", "张三"), task("t2", "school", ""), task("t3", "gone", "张三")];
    let check = |which: WhichTasks, lines: WhichLines, expected_tasks: &[&str], expected: &[&str]| {
        let chosen = HandOut { tasks: which.clone(), lines: lines.clone(), content: BTreeSet::new() }.choose(&tasks, &ledger);
        assert_eq!(chosen.tasks, expected_tasks, "{which:?}");
        assert_eq!(chosen.lines.iter().map(String::as_str).collect::<BTreeSet<_>>(), expected.iter().copied().collect(), "{lines:?}");
        assert_eq!(chosen.lines.len(), expected.len(), "{lines:?}: nothing twice");
        // Whatever names a unit comes after it.
        let at = |id: &str| chosen.lines.iter().position(|one| one == id);
        for id in &chosen.lines {
            let unit = ledger.get(id).map(|card| card.unit_id.as_str()).filter(|unit| !unit.is_empty());
            assert!(unit.is_none_or(|unit| at(unit).is_some() && at(unit) < at(id)), "{id}");
        }
    };
    let mall = ["mall", "lift-1", "lift-2", "scale"];
    check(WhichTasks::None, WhichLines::None, &[], &[]);
    check(WhichTasks::All, WhichLines::None, &["t1", "t2", "t3"], &[]);
    check(WhichTasks::Of("张三".to_owned()), WhichLines::OfTasks, &["t1", "t3"], &mall);
    check(WhichTasks::Of(String::new()), WhichLines::OfTasks, &["t2"], &["school", "boiler"]);
    check(WhichTasks::None, WhichLines::OfTasks, &[], &[]);
    check(WhichTasks::None, WhichLines::Town("示例街道".to_owned()), &[], &mall);
    check(WhichTasks::None, WhichLines::Town("城关镇".to_owned()), &[], &["school", "boiler", "crane"]);
    check(WhichTasks::None, WhichLines::Inspector("王五".to_owned()), &[], &["school", "boiler"]);
    check(WhichTasks::None, WhichLines::Inspector("李四".to_owned()), &[], &["school"]);
    check(WhichTasks::None, WhichLines::All, &[], &["mall", "lift-1", "lift-2", "scale", "school", "boiler", "crane"]);

    assert_eq!(counted(&ledger, town_of).into_iter().collect::<Vec<_>>(), [("城关镇".to_owned(), 3), ("示例街道".to_owned(), 4)]);
    let rules = HandOut { content: BTreeSet::from(["rules".to_owned()]), ..HandOut::default() };
    assert_eq!(rules.choose(&tasks, &ledger).purpose(), BundlePurpose::Rules);
    let both = HandOut { tasks: WhichTasks::All, ..rules };
    assert_eq!(both.choose(&tasks, &ledger).purpose(), BundlePurpose::Assign);
    assert_eq!(both.choose(&tasks, &ledger).ids(), ["rules", "t1", "t2", "t3"]);
}

/// The last entry of the ledger of what left and arrived, after a bundle with a task, a unit and an imported line went.
#[test]
fn lines_of_the_ledgers_are_counted_and_not_named_in_the_ledger_of_files() {
    let (office, phone) = (device(1), device(2));
    let text = str::to_owned;
    let task = record(&office, &[(text("kind"), json!("task")), (text("title"), json!("检查"))]);
    let unit = record(&office, &[(text("kind"), json!("unit")), (text("name"), json!("示例商场有限公司"))]);
    let line = record(&office, &[(text("base"), json!({"kind": "equipment", "name": "1号客梯", "unit_id": unit.id()}))]);
    let ids = [task.id().clone(), unit.id().clone(), line.id().clone()];
    let plan = block_on(office.plan_export(&ids, BundlePurpose::Assign, 20_000_000)).unwrap();
    let mut bytes = Vec::new();
    let sent = block_on(office.write_part(&plan, 1, &SenderName::default(), "a.json", |piece| bytes.extend_from_slice(piece), |_| {}))
        .unwrap()
        .entry;
    let report = block_on(phone.import(&File(bytes), |_| {})).unwrap();
    let told: Vec<_> = report.records.iter().map(|record| (record.summary.kind.as_str(), record.summary.title.as_str())).collect();
    assert_eq!(told, [("task", "检查"), ("unit", "示例商场有限公司"), ("equipment", "1号客梯")]);
    let arrived = block_on(phone.ledger()).unwrap().remove(0);
    for entry in [&sent, &arrived] {
        assert_eq!(entry.records.keys().collect::<Vec<_>>(), [&task.id().to_string()], "{}", entry.direction);
        assert_eq!((entry.lines, entry.count()), (2, 3), "{}", entry.direction);
    }
    // What earlier versions noted is still read.
    let mut old = serde_json::to_value(&sent).unwrap();
    old.as_object_mut().unwrap().remove("lines");
    let old: LedgerEntry = serde_json::from_value(old).unwrap();
    assert_eq!((old.lines, old.count()), (0, 1));
}

#[test]
fn a_ledger_too_large_for_one_file_goes_in_several_and_leaves_short_notes() {
    const LINES: usize = 2_100;
    let (office, phone) = (device(1), device(2));
    let line = |number: usize| vec![("base".to_owned(), json!({"kind": "equipment", "name": format!("{number}号客梯")}))];
    let ids: Vec<RecordId> = (0..LINES).map(|number| record(&office, &line(number)).id().clone()).collect();
    let planned = RefCell::new(Vec::new());
    let tell = |step: Progress| planned.borrow_mut().push((step.done, step.total));
    let plan = block_on(office.plan_export_telling(&ids, BundlePurpose::Assign, 20_000_000, tell)).unwrap();
    assert_eq!((plan.parts.len(), &plan.problems), (2, &Vec::new()));
    assert_eq!(planned.borrow().last(), Some(&(LINES as u64, LINES as u64)));
    assert!(planned.borrow().is_sorted() && planned.borrow().len() > 10);
    for k in 1..=plan.parts.len() {
        let mut bytes = Vec::new();
        block_on(office.write_part(&plan, k, &SenderName::default(), "a.json", |piece| bytes.extend_from_slice(piece), |_| {})).unwrap();
        let report = block_on(phone.import(&File(bytes), |_| {})).unwrap();
        assert!(report.records.iter().all(|record| record.outcome == Outcome::New));
    }
    let notes = block_on(phone.ledger()).unwrap();
    assert_eq!(notes.iter().map(LedgerEntry::count).sum::<usize>(), LINES);
    assert!(notes.iter().all(|note| serde_json::to_vec(note).unwrap().len() < 1_000));
    let (names, ids): (BTreeSet<String>, usize) = {
        let cards = block_on(phone.load_cards(|_| {})).unwrap();
        (cards.iter().map(|card| card.title.clone()).collect(), cards.len())
    };
    assert_eq!((names.len(), ids), (LINES, LINES));
}

/// A file of the content that comes with the app.
fn shipped(path: &str) -> Value {
    let bytes = std::fs::read(format!("{}/public/content/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

fn read(value: &Value) -> Result<ContentFile, FileError> {
    ContentFile::read(value.to_string().as_bytes())
}

fn holidays_of(year: i32) -> Value {
    json!({
        "schema": "rules/holidays/1",
        "title_zh": "2027年放假安排",
        "years": [{
            "year": year,
            "source": "示例通知",
            "published_on": "2026-11-01",
            "checked": "source",
            "days_off": [{"from": format!("{year}-01-01"), "to": format!("{year}-01-03"), "zh": "元旦", "en": "New Year"}]
        }]
    })
}

#[test]
fn every_file_that_comes_with_the_app_can_be_taken_in_and_says_what_it_is() {
    let check = |path: &str, kind: FileKind| {
        let value = shipped(path);
        let file = read(&value).unwrap();
        assert_eq!((file.kind, file.path.as_str()), (kind, path));
        assert!(!file.title.zh.is_empty() && !file.title.en.is_empty(), "{path}");
        assert!(file.plan(None, Some(&value)).unwrap().difference.is_none(), "{path} differs from itself");
        assert!(!file.plan(None, None).unwrap().difference.added.is_empty(), "{path} adds nothing to nothing");
        file
    };
    assert_eq!(check("rules/holidays.json", FileKind::Holidays).years, [2024, 2025, 2026]);
    assert!(check("rules/clocks.json", FileKind::Clocks).effective.is_some());
    check("rules/campaigns.json", FileKind::Campaigns);
    check("rules/intervals.json", FileKind::Intervals);
    assert!(!check("checklists/elevator.json", FileKind::Checklist).version.is_empty());
}

#[test]
fn a_year_of_days_off_is_added_and_takes_no_other_away() {
    let current = shipped("rules/holidays.json");
    let plan = read(&holidays_of(2027)).unwrap().plan(None, Some(&current)).unwrap();
    assert_eq!(plan.difference.added.iter().map(|name| name.zh.as_str()).collect::<Vec<_>>(), ["2027"]);
    assert!(plan.difference.changed.is_empty() && plan.difference.removed.is_empty() && !plan.difference.other);
    assert_eq!(read(&plan.value).unwrap().years, [2027], "what the app brings is not kept a second time");
    assert_eq!(plan.value["title_zh"], current["title_zh"]);

    let plan = read(&holidays_of(2026)).unwrap().plan(None, Some(&current)).unwrap();
    assert_eq!(plan.difference.changed.iter().map(|name| name.zh.as_str()).collect::<Vec<_>>(), ["2026"]);
    assert_eq!(read(&plan.value).unwrap().years, [2026]);
}

#[test]
fn rules_take_the_place_of_those_that_count_and_say_what_is_gone() {
    let current = shipped("rules/campaigns.json");
    let mut file = current.clone();
    let all = file["campaigns"].as_array_mut().unwrap();
    let gone = all.remove(0);
    all[0]["zh"] = json!("改了名的行动");
    all.push(json!({"id": "own", "code": "custom", "zh": "本县行动", "en": "Our own", "from": "05-01", "to": "05-31", "focus_zh": "电梯", "focus_en": "Lifts"}));
    let difference = read(&file).unwrap().plan(None, Some(&current)).unwrap().difference;
    let names = |names: &[spotcheck::rules::Said]| names.iter().map(|name| name.zh.clone()).collect::<Vec<_>>();
    assert_eq!(names(&difference.added), ["本县行动"]);
    assert_eq!(names(&difference.changed), ["改了名的行动"]);
    assert_eq!(names(&difference.removed), [gone["zh"].as_str().unwrap()]);
}

#[test]
fn a_checklist_follows_the_one_that_counts() {
    let current = shipped("checklists/elevator.json");
    let mut file = current.clone();
    let items = file["items"].as_array_mut().unwrap();
    let count = items.len();
    let gone = items.pop().unwrap();
    items[0]["text_zh"] = json!("改过的要求");
    let first = read(&file).unwrap().plan(None, Some(&current)).unwrap();
    assert_eq!(first.value["version"], json!(format!("{}+1", current["version"].as_str().unwrap())));
    assert_eq!((first.value["items"].as_array().unwrap().len(), &first.value["items"][count - 1]["retired"]), (count, &json!(true)));
    assert_eq!(
        first.difference.changed.iter().map(|name| name.zh.as_str()).collect::<Vec<_>>(),
        ["改过的要求", gone["text_zh"].as_str().unwrap()]
    );
    // The same file once more says nothing new, and makes no edition with an older version.
    assert!(read(&file).unwrap().plan(Some(&first.value), Some(&current)).unwrap().difference.is_none());
    file["items"][1]["text_zh"] = json!("再改的要求");
    let second = read(&file).unwrap().plan(Some(&first.value), Some(&current)).unwrap();
    assert_eq!(second.value["version"], json!(format!("{}+2", current["version"].as_str().unwrap())));
}

#[test]
fn what_is_no_such_file_is_refused_with_its_reason() {
    let code = |bytes: &[u8]| match ContentFile::read(bytes).unwrap_err() {
        FileError::Large { .. } => "large",
        FileError::Json { .. } => "json",
        FileError::Bundle => "bundle",
        FileError::Schema { .. } => "schema",
        FileError::Deep { .. } => "deep",
        FileError::Rule(_) => "rule",
        FileError::Checklist(_) => "checklist",
        FileError::Name { .. } => "name",
        FileError::Faults(_) => "faults",
    };
    let changed = |path: &str, change: &dyn Fn(&mut Value)| {
        let mut value = shipped(path);
        change(&mut value);
        value.to_string().into_bytes()
    };
    let mut deep = json!(1);
    (0..40).for_each(|_| deep = json!([deep]));
    let mut backwards = holidays_of(2027);
    backwards["years"][0]["days_off"][0]["to"] = json!("2026-01-01");
    let cases: [(&str, Vec<u8>); 14] = [
        ("json", b"".to_vec()),
        ("json", b"{\"schema\": \"rules/holidays/1\", ".to_vec()),
        ("json", b"PK\x03\x04".to_vec()),
        ("json", [b"[".repeat(100_000), b"]".repeat(100_000)].concat()),
        ("bundle", b"{\"format\":\"spotcheck-bundle\",\"version\":1}".to_vec()),
        ("schema", b"[]".to_vec()),
        ("schema", b"{\"schema\": \"rules/holidays/2\"}".to_vec()),
        ("large", vec![b' '; 2 * 1024 * 1024 + 1]),
        ("deep", changed("rules/holidays.json", &|value| value["deep"] = deep.clone())),
        ("rule", changed("rules/holidays.json", &|value| value["years"][1]["year"] = json!(2024))),
        ("rule", backwards.to_string().into_bytes()),
        ("rule", changed("rules/clocks.json", &|value| value["clocks"][0]["versions"] = json!([]))),
        ("checklist", changed("checklists/elevator.json", &|value| value["items"][1]["id"] = value["items"][0]["id"].clone())),
        ("name", changed("checklists/elevator.json", &|value| value["id"] = json!("index"))),
    ];
    for (expected, bytes) in cases {
        assert_eq!(code(&bytes), expected, "{}", String::from_utf8_lossy(&bytes).chars().take(80).collect::<String>());
    }
    assert_eq!(code(&changed("checklists/elevator.json", &|value| value["items"][0]["text_zh"] = json!(" "))), "faults");
    let marked = [b"\xef\xbb\xbf".to_vec(), holidays_of(2027).to_string().into_bytes()].concat();
    assert!(ContentFile::read(&marked).is_ok(), "a mark of byte order is no fault");
}

#[test]
fn a_file_taken_in_becomes_the_next_edition_and_goes_to_the_phones() {
    let (office, phone) = (device(1), device(2));
    let current = shipped("rules/holidays.json");
    let publish = |file: &Value| {
        let ids = block_on(office.record_ids()).unwrap();
        block_on(office.publish_file(&read(file).unwrap(), &ids, Some(&current))).unwrap()
    };
    assert_eq!(publish(&current), None, "what came with the app needs no edition");
    assert!(publish(&holidays_of(2027)).is_some());
    assert_eq!(publish(&holidays_of(2027)), None);
    assert!(publish(&holidays_of(2028)).is_some());

    let ids = block_on(office.record_ids()).unwrap();
    let holdings = block_on(office.holdings(&ids)).unwrap();
    let (id, holding) = &holdings[0];
    assert_eq!((holdings.len(), holding.current, holding.path.as_str()), (1, 2, "rules/holidays.json"));
    assert_eq!(read(&holding.value).unwrap().years, [2027, 2028]);
    assert_eq!(send(&office, &phone, &[RecordId::parse(id).unwrap()], BundlePurpose::Rules), [Outcome::New]);
    let arrived = block_on(phone.holdings(&block_on(phone.record_ids()).unwrap())).unwrap();
    assert_eq!(arrived, holdings);

    // A file that does not fit leaves everything as it is.
    let mut odd = holidays_of(2029);
    odd["local"] = json!([{"id": "x", "off": true, "from": "2029-01-02", "to": "2029-01-01", "zh": "甲", "en": "a"}]);
    assert!(matches!(read(&odd), Err(FileError::Rule(_))));
    let file = read(&holidays_of(2030)).unwrap();
    let bad = json!({"schema": "rules/holidays/1", "years": [{"year": 2024}]});
    let other = device(3);
    assert!(matches!(block_on(other.publish_file(&file, &[], Some(&bad))), Err(PublishError::File(FileError::Rule(_)))));
    assert!(block_on(other.record_ids()).unwrap().is_empty());
}
