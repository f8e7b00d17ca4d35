//! A bureau's own checklists: what is typed is kept, what is published never changes, and no name of an item is used twice.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, reason = "tests say what they expect")]

use std::collections::BTreeSet;

use futures::executor::block_on;
use serde_json::{Value, json};
use spotcheck::app::library::compare::{Change, compare};
use spotcheck::app::library::draft::{self, Draft, Head, Step, new_list, set_text};
use spotcheck::app::library::fault::{Fault, ItemFault, check};
use spotcheck::app::library::{self, Changes, Own, next_version};
use spotcheck::app::workspace::{Record, Workspace};
use spotcheck::domain::change::ClockReading;
use spotcheck::domain::checklist::{AnswerSpec, Checklist, Item};
use spotcheck::domain::content::Lang;
use spotcheck::domain::id::RecordId;
use spotcheck::domain::journal::Journal;
use spotcheck::port::memory::{FixedClock, FixedRandom, MemoryShelf};
use spotcheck::port::twin::Twin;

type Device = Workspace<Twin<MemoryShelf, MemoryShelf>, FixedClock, FixedRandom>;

const NOON: u64 = 1_795_500_000_000;

fn open(a: MemoryShelf, b: MemoryShelf) -> Device {
    let (twin, _) = block_on(Twin::open(a, b, None)).unwrap();
    let clock = FixedClock::new(ClockReading { wall_ms: NOON, mono_ms: 0, offset_min: 480 });
    block_on(Workspace::open(twin, clock, FixedRandom::new(7))).unwrap()
}

fn device() -> Device {
    open(MemoryShelf::new(), MemoryShelf::new())
}

fn elevator() -> Checklist {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("public/content/checklists/elevator.json");
    let list = Checklist::read(&std::fs::read(path).unwrap()).unwrap();
    Checklist { version: "1.1.0".to_owned(), ..list }
}

/// A list being edited in a store, as the editor does it.
struct Desk {
    device: Device,
    record: Record,
}

impl Desk {
    fn begin(base: &Checklist, edition: u32) -> Self {
        let device = device();
        let record = Record::new(Journal::new(device.new_record_id()));
        let mut desk = Self { device, record };
        desk.write(&Draft::begin(base, edition));
        desk
    }

    fn write(&mut self, changes: &Changes) {
        block_on(self.device.save_list(&mut self.record, changes)).unwrap();
    }

    fn draft(&self) -> Draft {
        Draft::read(self.record.state()).unwrap()
    }

    fn add(&mut self, section: &str, text: &str) -> String {
        let (id, changes) = self.draft().add((section, ""), "rectify_by_deadline");
        self.write(&changes);
        self.change(&id, |item| set_text((&mut item.text_zh, &mut item.text_en), Lang::Zh, text));
        id
    }

    fn change(&mut self, id: &str, change: impl FnOnce(&mut Item)) {
        let mut item = self.draft().item(id).unwrap().clone();
        change(&mut item);
        self.write(&Draft::set_item(&item));
    }

    fn publish(&mut self, from_app: bool) -> Checklist {
        let (list, changes) = library::publish_draft(self.record.state(), from_app).unwrap();
        self.write(&changes);
        list
    }

    fn own(&self) -> Own {
        Own::of(self.record.clone()).unwrap()
    }
}

fn ids(list: &Checklist) -> Vec<&str> {
    list.items.iter().map(|item| item.id.as_str()).collect()
}

#[test]
fn what_is_typed_is_there_after_the_page_was_killed() {
    let mut desk = Desk::begin(&elevator(), 0);
    desk.change("elevator-001", |item| set_text((&mut item.text_zh, &mut item.text_en), Lang::Zh, "登记证在机房张贴"));
    let added = desk.add("资料与标志", "维保合同在有效期内");
    desk.write(&desk.draft().set_head(Head::Title(Lang::Zh), "本县电梯检查表"));
    desk.write(&desk.draft().step(&added, Step::Up));
    let (id, before) = (desk.record.id().clone(), desk.draft());
    // Only what both shelves hold is left.
    let (a, b) = desk.device.store.shelves();
    let again = open(a.copy(), b.copy());
    drop(desk);

    let record = block_on(again.load(&id)).unwrap();
    let draft = Draft::read(record.state()).unwrap();
    assert_eq!(draft, before);
    assert_eq!(draft.item("elevator-001").map(|item| item.text_zh.as_str()), Some("登记证在机房张贴"));
    assert_eq!(draft.head(Head::Title(Lang::Zh)), "本县电梯检查表");
    assert!(draft.is_new(&added) && draft.is_changed());
    // Nothing was published yet: the list that came with the app counts.
    assert!(Own::of(record).unwrap().holding().is_none());
}

#[test]
fn a_change_taken_over_is_the_same_as_one_read() {
    let mut desk = Desk::begin(&elevator(), 0);
    let mut held = desk.draft();
    let added = desk.add("新分区", "甲");
    let mut all = vec![desk.draft().step_section("新分区", Step::Up), desk.draft().set_head(Head::Note(Lang::Zh), "说明")];
    all.push(desk.draft().move_to("elevator-002", ("新分区", "New")));
    all.push(desk.draft().rename_section("新分区", ("改名", "")));
    all.push(desk.draft().remove(&added));
    for changes in &all {
        desk.write(changes);
    }
    for (path, cell) in desk.record.state().under("draft") {
        held.apply(path, &cell.value);
    }
    held.apply(&format!("items/{added}"), &Value::Null);
    held.apply("order", desk.record.state().get("draft/order").unwrap());
    assert_eq!(held.list.items, desk.draft().list.items);
}

#[test]
fn publishing_makes_the_next_edition_and_clears_the_desk() {
    let mut desk = Desk::begin(&new_list("night-market", "夜市检查表", "merchandise", "unit"), 0);
    desk.add("证照", "亮证经营");
    let first = desk.publish(false);
    assert_eq!((first.version.as_str(), first.title_en.as_str()), ("1.0.0", "夜市检查表"));
    assert!(Draft::read(desk.record.state()).is_none());
    assert_eq!(desk.own().checklist(), Some(first.clone()));

    let edition = desk.own().holding().unwrap().current;
    desk.write(&Draft::begin(&first, edition));
    desk.change("night-market-001", |item| set_text((&mut item.text_zh, &mut item.text_en), Lang::Zh, "亮照亮证经营"));
    let second = desk.publish(false);
    assert_eq!((second.version.as_str(), desk.own().holding().unwrap().current), ("1.1.0", 2));
    let editions = library::editions(desk.record.state());
    assert_eq!(editions.iter().map(|one| (one.number, &one.list)).collect::<Vec<_>>(), [(1, &first), (2, &second)]);
}

#[test]
fn no_number_of_an_item_is_given_twice() {
    let mut desk = Desk::begin(&new_list("night-market", "夜市检查表", "merchandise", "unit"), 0);
    assert_eq!(desk.add("证照", "一"), "night-market-001");
    assert_eq!(desk.add("证照", "二"), "night-market-002");
    desk.write(&desk.draft().remove("night-market-002"));
    assert_eq!(desk.add("证照", "三"), "night-market-003");
    let list = desk.publish(false);
    assert_eq!(ids(&list), ["night-market-001", "night-market-003"]);

    // What was published is retired, never removed.
    desk.write(&Draft::begin(&list, 1));
    assert!(desk.draft().remove("night-market-003").is_empty());
    desk.change("night-market-003", |item| item.retired = true);
    assert_eq!(desk.add("证照", "四"), "night-market-004");
    desk.write(&desk.draft().remove("night-market-004"));
    desk.write(&draft::clear(desk.record.state()));
    assert!(Draft::read(desk.record.state()).is_none());
    // Also not after a working copy was given up.
    desk.write(&Draft::begin(&list, 1));
    assert_eq!(desk.add("证照", "五"), "night-market-005");
    assert_eq!(ids(&desk.publish(false)), ["night-market-001", "night-market-003", "night-market-005"]);
}

#[test]
fn a_check_keeps_the_list_that_it_was_begun_with() {
    let mut desk = Desk::begin(&new_list("night-market", "夜市检查表", "merchandise", "unit"), 0);
    desk.add("证照", "亮证经营");
    let list = desk.publish(false);
    let mut check = Record::new(Journal::new(desk.device.new_record_id()));
    let values = [("kind", json!("inspection")), ("checklists/night-market", list.for_record())];
    block_on(desk.device.save(&mut check, &values, None)).unwrap();

    desk.write(&Draft::begin(&list, 1));
    desk.change("night-market-001", |item| item.retired = true);
    desk.add("证照", "另一件事");
    desk.publish(false);
    let stored = block_on(desk.device.load(check.id())).unwrap();
    let carried = Checklist::from_record(stored.state().get("checklists/night-market").unwrap()).unwrap();
    assert_eq!((carried.version, carried.items.len(), carried.items[0].retired), ("1.0.0".to_owned(), 1, false));
}

#[test]
fn a_shipped_list_gets_an_edition_of_the_bureau_and_comes_back() {
    let shipped = elevator();
    let mut desk = Desk::begin(&shipped, 0);
    desk.change("elevator-001", |item| set_text((&mut item.text_zh, &mut item.text_en), Lang::Zh, "登记证在机房张贴"));
    let own = desk.publish(true);
    assert_eq!((own.version.as_str(), library::base_version(&own.version)), ("1.1.0+1", "1.1.0"));
    let ids =
        |device: &Device| block_on(device.summaries()).unwrap().iter().map(|one| RecordId::parse(&one.id).unwrap()).collect::<Vec<_>>();
    let offered = |desk: &Desk| {
        let all = block_on(desk.device.own_lists(&ids(&desk.device)));
        all.iter().filter(|one| one.is_offered()).map(|one| one.list.clone()).collect::<Vec<_>>()
    };
    assert_eq!(offered(&desk), ["elevator"]);
    desk.write(&library::put_away());
    assert!(offered(&desk).is_empty());
    desk.write(&library::bring_back());
    assert_eq!(offered(&desk), ["elevator"]);
}

#[test]
fn a_shipped_list_can_be_stopped_and_used_again() {
    let shipped = elevator();
    let mut desk = Desk { device: device(), record: Record::new(Journal::new(RecordId::make(NOON, &[1; 10]))) };
    desk.write(&library::stop(None, &shipped));
    let stopped = desk.own().checklist().unwrap();
    assert_eq!((stopped.status.as_str(), stopped.version.as_str()), ("retired", "1.1.0"));
    // Nothing else was changed: the list of the app counts again.
    desk.write(&library::resume(desk.record.state(), &stopped, &shipped));
    assert!(!desk.own().is_offered());

    let changed = Checklist { title_zh: "本县电梯检查表".to_owned(), ..stopped };
    desk.write(&library::publish_list(Some(&desk.record.state().clone()), &changed));
    desk.write(&library::resume(&desk.record.state().clone(), &changed, &shipped));
    assert!(desk.own().is_offered());
    assert_eq!(desk.own().checklist().map(|list| list.status), Some("active".to_owned()));
}

#[test]
fn of_several_records_for_a_list_one_counts() {
    let device = device();
    let list = |title: &str| Checklist { version: "1.0.0".to_owned(), ..filled(title) };
    let make = |title: &str, retired: bool| {
        let mut record = Record::new(Journal::new(device.new_record_id()));
        block_on(device.save_list(&mut record, &library::publish_list(None, &list(title)))).unwrap();
        if retired {
            block_on(device.save_list(&mut record, &library::put_away())).unwrap();
        }
        record.id().clone()
    };
    let ids = [make("甲", false), make("乙", true)];
    let all = block_on(device.own_lists(&ids));
    assert_eq!(all.iter().map(|own| own.checklist().unwrap().title_zh).collect::<Vec<_>>(), ["甲"]);
}

fn filled(title: &str) -> Checklist {
    let mut list = new_list("night-market", title, "merchandise", "unit");
    let mut item = draft::new_item("night-market-001", ("证照", ""), "rectify_by_deadline");
    set_text((&mut item.text_zh, &mut item.text_en), Lang::Zh, "亮证经营");
    list.items.push(item);
    list
}

#[test]
fn says_what_must_be_put_right_and_where() {
    let faults = |change: &dyn Fn(&mut Checklist)| {
        let mut list = filled("夜市检查表");
        change(&mut list);
        check(&list).err().unwrap_or_default()
    };
    let at = |fault: ItemFault| vec![Fault::Item { item: "night-market-001".to_owned(), fault }];
    let answer =
        |answer: Value| move |list: &mut Checklist| list.items[0].answer = serde_json::from_value::<AnswerSpec>(answer.clone()).unwrap();
    assert_eq!(faults(&|_| ()), []);
    assert_eq!(faults(&|list| list.title_zh = " ".to_owned()), [Fault::NoTitle]);
    assert_eq!(faults(&|list| list.items.clear()), [Fault::Empty]);
    assert_eq!(faults(&|list| list.items[0].retired = true), [Fault::Empty]);
    assert_eq!(faults(&|list| list.items[0].text_zh.clear()), at(ItemFault::NoText));
    assert_eq!(faults(&|list| list.items[0].section_zh.clear()), at(ItemFault::NoSection));
    let double = |list: &mut Checklist| list.items.push(list.items[0].clone());
    assert_eq!(faults(&double), at(ItemFault::DoubleId));
    assert_eq!(faults(&answer(json!({"type": "number", "min": 5, "max": 1}))), at(ItemFault::Limits { min: 5.0, max: 1.0 }));
    assert_eq!(faults(&answer(json!({"type": "number", "min": 1, "max": 1}))), []);
    assert_eq!(faults(&answer(json!({"type": "range", "start": 1.0, "end": 5.0, "step": 0.0}))), at(ItemFault::Scale));
    assert_eq!(faults(&answer(json!({"type": "choice", "options": []}))), at(ItemFault::FewOptions));
    let options =
        |a: &str, b: &str| json!({"type": "choice", "options": [{"value": "1", "zh": a, "en": a}, {"value": "2", "zh": b, "en": b}]});
    assert_eq!(faults(&answer(options("甲", ""))), at(ItemFault::NoOptionText { number: 2 }));
    assert_eq!(faults(&answer(options("甲", "甲"))), at(ItemFault::DoubleOption { text: "甲".to_owned() }));
    assert_eq!(faults(&answer(options("甲", "乙"))), []);
    assert_eq!(faults(&answer(json!({"type": "date", "rule": "someday"}))), at(ItemFault::Rule { rule: "someday".to_owned() }));
    let unknown = |list: &mut Checklist| {
        list.items[0].basis = serde_json::from_value(json!([{"ref": "LAW"}])).unwrap();
    };
    assert_eq!(faults(&unknown), at(ItemFault::UnknownBasis { basis: "LAW".to_owned() }));
    let logic = |list: &mut Checklist| {
        list.items[0].logic = serde_json::from_value(json!({"name": "a", "relevant": "${nothing} = 1"})).unwrap();
    };
    assert!(matches!(faults(&logic).as_slice(), [Fault::Item { fault: ItemFault::Logic { .. }, .. }]));
    assert!(elevator().items.len() > 20 && check(&elevator()).is_ok());
}

#[test]
fn a_faulty_list_is_not_published() {
    let mut desk = Desk::begin(&new_list("night-market", "夜市检查表", "merchandise", "unit"), 0);
    let (id, changes) = desk.draft().add(("证照", ""), "rectify_by_deadline");
    desk.write(&changes);
    let faults = library::publish_draft(desk.record.state(), false).map(|_| ());
    assert_eq!(faults, Err(vec![Fault::Item { item: id, fault: ItemFault::NoText }]));
    assert!(desk.draft().is_changed());
}

#[test]
fn english_that_was_taken_from_the_chinese_text_follows_it() {
    let (mut zh, mut en) = (String::new(), String::new());
    let mut step = |lang: Lang, text: &str, expected: (&str, &str)| {
        set_text((&mut zh, &mut en), lang, text);
        assert_eq!((zh.as_str(), en.as_str()), expected);
    };
    step(Lang::Zh, "亮证", ("亮证", "亮证"));
    step(Lang::Zh, "亮证经营", ("亮证经营", "亮证经营"));
    step(Lang::En, "Licence on show", ("亮证经营", "Licence on show"));
    step(Lang::Zh, "亮照经营", ("亮照经营", "Licence on show"));
    step(Lang::En, "", ("亮照经营", "亮照经营"));
    assert!(draft::is_untranslated("亮照", "亮照") && !draft::is_untranslated("A4", "A4") && !draft::is_untranslated("亮照", "x"));
}

#[test]
fn items_move_within_their_section_and_to_another() {
    let mut desk = Desk::begin(&new_list("market", "市场", "merchandise", "unit"), 0);
    for (section, text) in [("甲", "一"), ("乙", "二"), ("甲", "三"), ("乙", "四")] {
        desk.add(section, text);
    }
    let texts = |desk: &Desk| desk.draft().list.items.iter().map(|item| item.text_zh.clone()).collect::<Vec<_>>().concat();
    assert_eq!(texts(&desk), "一三二四");
    assert_eq!(desk.draft().can_move("market-003"), (true, false));
    desk.write(&desk.draft().step("market-003", Step::Up));
    assert_eq!(texts(&desk), "三一二四");
    assert!(desk.draft().step("market-003", Step::Up).is_empty());
    desk.write(&desk.draft().move_to("market-003", ("乙", "")));
    assert_eq!(texts(&desk), "一二四三");
    desk.write(&desk.draft().step_section("乙", Step::Up));
    assert_eq!(texts(&desk), "二四三一");
    assert!(desk.draft().rename_section("乙", ("甲", "")).is_empty());
    desk.write(&desk.draft().rename_section("乙", ("丙", "C")));
    assert_eq!(desk.draft().list.sections().iter().map(|one| one.title_zh.clone()).collect::<Vec<_>>(), ["丙", "甲"]);
}

#[test]
fn says_what_is_different_between_two_editions() {
    let before = {
        let mut desk = Desk::begin(&new_list("market", "市场", "merchandise", "unit"), 0);
        for text in ["一", "二", "三", "四"] {
            desk.add("甲", text);
        }
        desk.publish(false)
    };
    let mut after = before.clone();
    after.items[0].text_zh = "壹".to_owned();
    after.items[1].retired = true;
    after.items[2].how_zh = "看".to_owned();
    let moved = after.items.remove(3);
    after.items.insert(0, moved);
    after.items.push(draft::new_item("market-005", ("甲", ""), "rectify_by_deadline"));
    let found = compare(&before, &after);
    let found: Vec<(&str, &[Change])> = found.items.iter().map(|one| (one.item.as_str(), one.changes.as_slice())).collect();
    let expected: [(&str, &[Change]); 5] = [
        ("market-004", &[Change::Moved]),
        ("market-001", &[Change::Reworded]),
        ("market-002", &[Change::Retired]),
        ("market-003", &[Change::Altered]),
        ("market-005", &[Change::Added]),
    ];
    assert_eq!(found, expected);
    assert_eq!(compare(&after, &before).items.last().map(|one| one.changes.clone()), Some(vec![Change::Removed]));
    assert!(compare(&before, &Checklist { version: "9".to_owned(), ..before.clone() }).is_empty());
    assert!(compare(&before, &Checklist { title_zh: "夜市".to_owned(), ..before.clone() }).head);
}

#[test]
fn a_file_that_lacks_published_items_keeps_their_names() {
    let before = elevator();
    let mut file = before.clone();
    file.items.retain(|item| item.id != "elevator-003");
    file.basis.retain(|law| file.items.iter().any(|item| item.basis.iter().any(|one| one.basis == law.id)));
    let next = library::follow(&before, file, true);
    assert_eq!(next.version, "1.1.0+1");
    assert_eq!(next.items.last().map(|item| (item.id.as_str(), item.retired)), Some(("elevator-003", true)));
    assert_eq!(check(&next), Ok(()));
    let newer = Checklist { version: "2027-01".to_owned(), ..before.clone() };
    assert_eq!(library::follow(&before, newer, true).version, "2027-01");
}

#[test]
fn versions_count_on() {
    for (version, from_app, expected) in [
        ("", false, "1.0.0"),
        ("1.0.0", false, "1.1.0"),
        ("1.9.3", false, "1.10.0"),
        ("3", false, "4"),
        ("2026.1", false, "2026.2"),
        ("2026.a", false, "2026.a.1"),
        ("v1", false, "v1.1"),
        ("1.1.0", true, "1.1.0+1"),
        ("1.1.0+1", true, "1.1.0+2"),
        ("1.1.0+9", false, "1.1.0+10"),
    ] {
        assert_eq!(next_version(version, from_app), expected, "{version} {from_app}");
    }
}

#[test]
fn a_new_list_has_a_name_of_its_own() {
    let taken = BTreeSet::from(["night-market".to_owned()]);
    for (title, expected) in [
        ("Food court", "food-court"),
        ("Night market", "night-market-c0ffee"),
        ("夜市检查表", "list-c0ffee"),
        ("GB 45067 检查", "gb-45067"),
        ("2026 秋季", "list-c0ffee"),
        ("import", "import-c0ffee"),
        ("A very long title of a checklist that nobody types", "a-very-long-title-of-a-c"),
    ] {
        let name = library::new_list_name(title, &taken, "0192a4c0-00c0ffee");
        assert_eq!(name, expected, "{title}");
        assert!(library::is_list_name(&name) && library::list_of(&library::path_of(&name)) == Some(expected));
    }
    for bad in ["", "a", "index", "import", "Market", "1a", "a_b", "夜市", "a/b"] {
        assert!(!library::is_list_name(bad), "{bad}");
    }
}
