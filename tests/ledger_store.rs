//! Ledgers in the store: imports that count whole or not at all, cards that are made again, upgrades of phones with data.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests say what they expect")]

use std::cell::RefCell;
use std::collections::BTreeMap;

use futures::executor::block_on;
use serde_json::{Value, json};
use spotcheck::app::ledger::{ImportError, Imported, Phase, WithErrors};
use spotcheck::app::transfer::{SenderName, Source};
use spotcheck::app::unit_visits::visits_in;
use spotcheck::app::workspace::{Record, Workspace};
use spotcheck::bundle::BundlePurpose;
use spotcheck::domain::change::ClockReading;
use spotcheck::domain::id::RecordId;
use spotcheck::domain::journal::Journal;
use spotcheck::ledger::columns::{Columns, Table};
use spotcheck::ledger::plan::{Preview, Tally};
use spotcheck::ledger::read::read;
use spotcheck::ledger::{Card, Kind, Ledger, Row};
use spotcheck::port::memory::{Fault, FaultShelf, Faults, FixedClock, FixedRandom, MemoryShelf};
use spotcheck::port::shelf::{Op, Shelf, Table as Stored};
use spotcheck::port::twin::{Store, Twin, whole_key};

#[path = "common/ledger.rs"]
mod sample;

type Phone<S> = Workspace<Twin<S, S>, FixedClock, FixedRandom>;

const NOON: u64 = 1_795_500_000_000;

async fn open<S: Shelf + Clone>(a: &S, b: &S, marker: Option<u64>, seed: u64) -> Phone<S> {
    let (twin, report) = Twin::open(a.clone(), b.clone(), marker).await.expect("opens");
    assert_eq!(report.lost, None);
    let clock = FixedClock::new(ClockReading { wall_ms: NOON, mono_ms: 0, offset_min: 480 });
    Workspace::open(twin, clock, FixedRandom::new(seed)).await.expect("keeps a key")
}

fn phone(seed: u64) -> Phone<MemoryShelf> {
    block_on(open(&MemoryShelf::new(), &MemoryShelf::new(), None, seed))
}

async fn ledger_of<S: Shelf>(phone: &Phone<S>) -> Ledger {
    Ledger::new(phone.load_cards(|_| ()).await.expect("cards"))
}

async fn preview_of<S: Shelf>(phone: &Phone<S>, table: &Table) -> Preview {
    let kind = Columns::guess_kind(table).expect("a ledger");
    let columns = Columns::find(kind, table).expect("headers");
    let reading = read(kind, table, &columns, sample::vocabulary(), 2026);
    let mut preview = Preview::of(reading, &ledger_of(phone).await);
    phone.compare_import(&mut preview, |_| ()).await.expect("compares");
    preview
}

async fn import<S: Shelf>(phone: &Phone<S>, table: &Table) -> Result<Imported, ImportError> {
    let preview = preview_of(phone, table).await;
    assert_eq!(preview.errors, []);
    phone.commit_import(&preview, WithErrors::Refuse, |_| ()).await
}

/// Cards as they are kept and as the changes say.
async fn check_cards<S: Shelf>(phone: &Phone<S>) -> BTreeMap<String, Card> {
    let cards: BTreeMap<String, Card> =
        phone.load_cards(|_| ()).await.expect("cards").into_iter().map(|card| (card.id.clone(), card)).collect();
    for id in phone.record_ids().await.expect("ids") {
        let record = phone.load(&id).await.expect("a record");
        assert_eq!(cards.get(id.as_str()), Card::of(record.journal(), record.state()).as_ref(), "{id}");
    }
    cards
}

#[test]
fn an_import_begins_changes_and_leaves_alone() {
    let phone = phone(1);
    block_on(async {
        let table = sample::equipment_file(30, 4);
        let preview = preview_of(&phone, &table).await;
        assert_eq!(preview.errors, []);
        assert_eq!(preview.tally(), Tally { new: 30, changed: 0, same: 0 });
        assert_eq!(preview.unit_tally(), Tally { new: 8, changed: 0, same: 0 });
        let phases = RefCell::new(Vec::new());
        let imported = phone.commit_import(&preview, WithErrors::Refuse, |phase| phases.borrow_mut().push(phase)).await.expect("kept");
        assert_eq!(imported.cards.len(), 38);
        assert!(phases.borrow().contains(&Phase::Keeping));
        let cards = check_cards(&phone).await;
        assert_eq!(cards.len(), 38);
        let changes = phone.store.keys(Stored::Changes, "").await.expect("keys").len();
        assert_eq!(changes, 38, "one change for each record");
        assert_eq!(phone.store.keys(Stored::Records, "").await.expect("keys").len(), 0, "no summaries");

        let preview = preview_of(&phone, &table).await;
        assert_eq!((preview.tally().same, preview.unit_tally().same), (30, 8));
        assert!(!preview.changes_anything());
        let again = phone.commit_import(&preview, WithErrors::Refuse, |_| ()).await.expect("nothing to do");
        assert_eq!(again.receipt, None);

        let mut edited = table.clone();
        let place = Columns::find(Kind::Equipment, &table).expect("headers").column_of("place").expect("a column");
        edited.rows[3].cells[place] = "新楼".to_owned();
        let preview = preview_of(&phone, &edited).await;
        assert_eq!(preview.tally(), Tally { new: 0, changed: 1, same: 29 });
        let changed = preview.lines.iter().find(|line| !line.changes.is_empty()).expect("one");
        assert_eq!((changed.row, changed.changes.len(), &changed.changes[0].new), (4, 1, &json!("新楼")));
        phone.commit_import(&preview, WithErrors::Refuse, |_| ()).await.expect("kept");
        assert_eq!(check_cards(&phone).await.values().filter(|card| card.address == "新楼").count(), 1);
    });
}

#[test]
fn rows_with_errors_are_left_out_only_by_choice() {
    let phone = phone(2);
    block_on(async {
        let mut table = sample::equipment_file(5, 4);
        let date = Columns::find(Kind::Equipment, &table).expect("headers").column_of("inspections/periodic/date").expect("a column");
        table.rows[2].cells[date] = "去年".to_owned();
        let preview = preview_of(&phone, &table).await;
        assert_eq!((preview.errors.len(), preview.tally().new), (1, 4));
        let place = &preview.errors[0].place;
        assert_eq!((place.row, place.header.as_str(), place.value.as_str()), (3, "检验日期", "去年"));
        let refused = phone.commit_import(&preview, WithErrors::Refuse, |_| ()).await;
        assert_eq!(refused, Err(ImportError::RowsWithErrors { rows: 1 }));
        assert!(phone.record_ids().await.expect("ids").is_empty());
        phone.commit_import(&preview, WithErrors::LeaveOut, |_| ()).await.expect("kept");
        assert_eq!(ledger_of(&phone).await.of_kind(Kind::Equipment).count(), 4);
    });
}

#[test]
fn what_people_wrote_is_shown_and_counts_as_confirmed() {
    let phone = phone(3);
    block_on(async {
        let table = sample::equipment_file(1, 4);
        import(&phone, &table).await.expect("kept");
        let card = ledger_of(&phone).await.of_kind(Kind::Equipment).next().expect("one").clone();
        let id = RecordId::parse(&card.id).expect("an id");
        let mut record = phone.load(&id).await.expect("a record");
        let edits = [("place", json!("手写的地点")), ("maintainer", Value::Null), ("note", json!("看过"))];
        let (_, edited) = phone.save_line(&mut record, &edits).await.expect("kept").expect("changed");
        assert_eq!((edited.address.as_str(), Row::of(record.state()).text("maintainer")), ("手写的地点", ""));
        check_cards(&phone).await;

        let preview = preview_of(&phone, &table).await;
        let paths: Vec<&str> = preview.lines[0].changes.iter().map(|change| change.path.as_str()).collect();
        assert_eq!(paths, ["maintainer", "place"], "the preview shows what the file would take back");
        phone.commit_import(&preview, WithErrors::Refuse, |_| ()).await.expect("kept");
        let row = Row::of(phone.load(&id).await.expect("a record").state());
        assert_eq!((row.text("place"), row.text("note")), (sample::equipment(0)["place"].as_str().expect("a text"), "看过"));
        assert_ne!(row.text("maintainer"), "");
        assert_eq!(preview_of(&phone, &table).await.tally().same, 1);
    });
}

/// The records that a restarted phone has, and that its cards tell of.
fn found_after(a: &FaultShelf, b: &FaultShelf, marker: Option<u64>) -> usize {
    block_on(async {
        let phone = open(a, b, marker, 9).await;
        phone.rebuild_summaries().await.expect("summaries");
        let cards = check_cards(&phone).await;
        assert_eq!(phone.rebuild_summaries().await.expect("summaries"), 0);
        cards.len()
    })
}

/// Two shelves with some records, and an import that is to come.
fn before_import(existing: usize, change: impl FnOnce(&mut Table)) -> (FaultShelf, FaultShelf, Preview) {
    let faults = Faults::default();
    let (a, b) = (FaultShelf::new(&faults), FaultShelf::new(&faults));
    let preview = block_on(async {
        let phone = open(&a, &b, None, 4).await;
        let mut table = sample::equipment_file(6, 3);
        if existing > 0 {
            import(&phone, &table).await.expect("no faults yet");
        }
        change(&mut table);
        preview_of(&phone, &table).await
    });
    (a, b, preview)
}

/// Imports while operation `k` goes wrong. Whether it was reported as kept, the shelves after a restart, and whether the
/// fault happened at all.
fn import_with(a: &FaultShelf, b: &FaultShelf, preview: &Preview, (k, fault): (u64, Fault)) -> (Option<u64>, FaultShelf, FaultShelf, bool) {
    let faults = Faults::default();
    let (a, b) = (a.cut(usize::MAX, &faults), b.cut(usize::MAX, &faults));
    let kept = block_on(async {
        let phone = open(&a, &b, None, 4).await;
        faults.plan(k, fault);
        let kept = phone.commit_import(preview, WithErrors::Refuse, |_| ()).await;
        kept.ok().map(|_| phone.store.seq())
    });
    let fired = faults.fired();
    faults.restart();
    a.reopen();
    b.reopen();
    (kept, a, b, fired)
}

#[test]
fn an_import_may_die_anywhere_and_is_never_half_there() {
    for existing in [0, 8] {
        // All machines are new; with something there, their units are known.
        let (a, b, preview) = before_import(existing, |table| {
            let columns = Columns::find(Kind::Equipment, table).expect("headers");
            // Other machines have other numbers of every sort; with the same certificate they would be errors.
            for (path, from, to) in
                [("code", "10890", "10891"), ("cert_no", "冀B", "冀C"), ("made_no", "M", "N"), ("internal_no", "NB", "NC")]
            {
                let column = columns.column_of(path).expect("a column");
                table.rows.iter_mut().skip(1).for_each(|row| row.cells[column] = row.cells[column].replace(from, to));
            }
        });
        assert_eq!((preview.errors.len(), preview.tally().new), (0, 6));
        let whole = if existing == 0 { 8 } else { 14 };
        let (mut before, mut after) = (0, 0);
        for fault in Fault::ALL {
            for k in 1.. {
                assert!(k < 400, "the loop ends");
                let (kept, a, b, fired) = import_with(&a, &b, &preview, (k, fault));
                let found = found_after(&a, &b, kept);
                let is_whole = found == whole;
                assert!(is_whole || (kept.is_none() && found == existing), "{fault:?} at {k}: {found} of {whole}, kept {kept:?}");
                *(if is_whole { &mut after } else { &mut before }) += 1;
                if !fired {
                    break;
                }
            }
        }
        assert!(before > 20 && after > 20, "both ends were seen: {before} {after}");
    }
}

#[test]
fn a_changed_record_that_died_before_its_card_is_not_out_of_date() {
    let (a, b, preview) = before_import(8, |table| {
        let place = Columns::find(Kind::Equipment, table).expect("headers").column_of("place").expect("a column");
        table.rows.iter_mut().skip(1).for_each(|row| row.cells[place] = "搬走了".to_owned());
    });
    assert_eq!(preview.tally().changed, 6);
    for k in 1.. {
        let (_, a, b, fired) = import_with(&a, &b, &preview, (k, Fault::CrashAfter));
        found_after(&a, &b, None);
        if !fired {
            return assert!(k > 10, "{k}");
        }
    }
}

/// A phone as earlier versions left it: units and equipment among the summaries, no cards, no notes.
async fn old_phone(a: &MemoryShelf, b: &MemoryShelf) -> Vec<RecordId> {
    let phone = open(a, b, None, 5).await;
    let mut ids = Vec::new();
    for (kind, name) in [("unit", "示例商场有限公司"), ("equipment", "1号客梯"), ("inspection", "检查")] {
        let mut record = Record::new(Journal::new(phone.new_record_id()));
        phone.save(&mut record, &[("kind", json!(kind)), ("name", json!(name))], None).await.expect("kept");
        ids.push(record.id().clone());
    }
    for shelf in [a, b] {
        let cards = shelf.keys(Stored::Cards, "").await.expect("keys");
        let mut ops: Vec<Op> = cards.into_iter().map(|key| Op::delete(Stored::Cards, key)).collect();
        for (id, kind) in ids.iter().zip(["unit", "equipment", "inspection"]) {
            let summary = json!({"id": id, "kind": kind, "title": "alt"});
            ops.push(Op::put(Stored::Records, id.as_str(), summary.to_string()));
        }
        shelf.write(&ops).await.expect("written");
    }
    ids
}

#[test]
fn a_phone_of_before_gets_its_cards_and_keeps_everything() {
    let (a, b) = (MemoryShelf::new(), MemoryShelf::new());
    block_on(async {
        let ids = old_phone(&a, &b).await;
        for round in 0..3 {
            let phone = open(&a, &b, None, 6).await;
            phone.rebuild_summaries().await.expect("summaries");
            let cards = check_cards(&phone).await;
            let titles: Vec<&str> = ids.iter().filter_map(|id| cards.get(id.as_str())).map(|card| card.title.as_str()).collect();
            assert_eq!(titles, ["示例商场有限公司", "1号客梯"], "round {round}");
            assert_eq!(phone.store.keys(Stored::Records, "").await.expect("keys"), [ids[2].to_string()]);
            if round == 1 {
                // The version of before is used once more: it writes a change and its summary, and knows no cards.
                let mut record = phone.load(&ids[1]).await.expect("a record");
                let entries = phone.write(&mut record, &[("name", json!("1号客梯"))], None).expect("the same");
                assert!(entries.is_empty());
                let summary = json!({"id": ids[1], "kind": "equipment", "title": "alt"});
                phone.store.commit(vec![Op::put(Stored::Records, ids[1].as_str(), summary.to_string())]).await.expect("kept");
                let card = Card { id: ids[1].to_string(), kind: "equipment".to_owned(), title: "veraltet".to_owned(), ..Card::default() };
                phone.store.commit(vec![Op::put(Stored::Cards, card.key(), card.to_bytes())]).await.expect("kept");
            }
        }
    });
}

#[test]
fn shelves_that_went_apart_come_together_with_up_to_date_lists() {
    let edit = |phone: &Phone<MemoryShelf>, id: &RecordId, name: &str| {
        block_on(async {
            let mut record = phone.load(id).await.expect("a record");
            phone.save(&mut record, &[("name", json!(name))], None).await.expect("kept");
        });
    };
    let (a, b) = (MemoryShelf::new(), MemoryShelf::new());
    let ids = block_on(old_phone(&a, &b));
    let whole = |a: &MemoryShelf, b: &MemoryShelf| {
        let phone = block_on(open(a, b, None, 5));
        block_on(async {
            phone.rebuild_summaries().await.expect("summaries");
            check_cards_of_ledger(&phone).await;
        });
        phone
    };
    drop(whole(&a, &b));
    let (other_a, other_b) = (a.copy(), b.copy());
    // Two lines of work from here, as no browser should make them: each shelf ends up with the one's and the other's.
    let phone = whole(&a, &b);
    edit(&phone, &ids[0], "一");
    edit(&phone, &ids[0], "二");
    let other = whole(&other_a, &other_b);
    edit(&other, &ids[1], "另一边");
    edit(&other, &ids[2], "另一边");
    for (first, second) in [(&a, &other_b), (&other_a, &b)] {
        let phone = whole(&first.copy(), &second.copy());
        block_on(async {
            let summaries = phone.summaries().await.expect("summaries");
            let record = phone.load(&ids[2]).await.expect("a record");
            assert_eq!(
                summaries.iter().map(|one| (one.id.as_str(), one.changes)).collect::<Vec<_>>(),
                [(ids[2].as_str(), record.journal().len())]
            );
            assert_eq!(Row::of(phone.load(&ids[1]).await.expect("a record").state()).text("name"), "另一边");
        });
    }
}

/// As [`check_cards`], of a phone that has other records as well.
async fn check_cards_of_ledger(phone: &Phone<MemoryShelf>) {
    for card in phone.load_cards(|_| ()).await.expect("cards") {
        let record = phone.load(&RecordId::parse(&card.id).expect("an id")).await.expect("a record");
        assert_eq!(Some(card), Card::of(record.journal(), record.state()));
    }
}

#[test]
fn a_start_with_everything_noted_reads_no_changes() {
    let phone = phone(7);
    block_on(async {
        import(&phone, &sample::equipment_file(12, 4)).await.expect("kept");
        phone.rebuild_summaries().await.expect("summaries");
        for table in [Stored::Records, Stored::Cards] {
            assert!(phone.store.get(Stored::Meta, &whole_key(table)).await.expect("read").is_some(), "{table:?}");
        }
        // Would be found missing by a start that compares.
        let key = phone.store.keys(Stored::Cards, "equipment/").await.expect("keys").remove(0);
        phone.store.commit(vec![Op::delete(Stored::Cards, key)]).await.expect("kept");
        assert_eq!(phone.rebuild_summaries().await.expect("summaries"), 0);
        assert_eq!(ledger_of(&phone).await.of_kind(Kind::Equipment).count(), 11);
        // Another form of the cards has all made anew.
        phone.store.commit(vec![Op::put(Stored::Meta, whole_key(Stored::Cards), "0")]).await.expect("kept");
        assert_eq!(ledger_of(&phone).await.of_kind(Kind::Equipment).count(), 12);
    });
}

struct File(Vec<u8>);

impl Source for File {
    fn size_bytes(&self) -> u64 {
        self.0.len() as u64
    }
    fn name(&self) -> String {
        "示例.json".to_owned()
    }
    async fn read(&self, from: u64, to: u64) -> Option<Vec<u8>> {
        self.0.get(from as usize..to as usize).map(<[u8]>::to_vec)
    }
}

#[test]
fn ledgers_travel_as_bundles_and_arrive_with_cards() {
    let (office, field) = (phone(8), phone(9));
    block_on(async {
        import(&office, &sample::equipment_file(400, 4)).await.expect("kept");
        let ids = office.record_ids().await.expect("ids");
        let plan = office.plan_export(&ids, BundlePurpose::Assign, 400_000).await.expect("planned");
        assert!(plan.parts.len() > 1 && plan.problems.is_empty());
        for k in 1..=plan.parts.len() {
            let mut bytes = Vec::new();
            let sink = |piece: &[u8]| bytes.extend_from_slice(piece);
            office.write_part(&plan, k, &SenderName::default(), "file", sink, |_| ()).await.expect("written");
            field.import(&File(bytes), |_| ()).await.expect("imported");
        }
        assert_eq!(field.store.keys(Stored::Records, "").await.expect("keys").len(), 0);
        let sort = |mut cards: Vec<Card>| {
            cards.sort_by(|a, b| a.id.cmp(&b.id));
            cards
        };
        let sent = sort(office.load_cards(|_| ()).await.expect("cards"));
        assert_eq!(sent.len(), 500);
        assert!(sort(field.load_cards(|_| ()).await.expect("cards")) == sent, "the same cards on both phones");
        assert_eq!(preview_of(&field, &sample::equipment_file(400, 4)).await.tally().same, 400);
    });
}

fn inspection(phone: &Phone<MemoryShelf>, unit: (&str, &str), at_ms: u64, more: &[(&str, Value)]) -> RecordId {
    let mut record = Record::new(Journal::new(phone.new_record_id()));
    let mut values = vec![
        ("kind", json!("inspection")),
        ("started", json!({"ms": at_ms, "offset_min": 480})),
        ("unit/id", json!(unit.0)),
        ("unit/name", json!(unit.1)),
        ("subjects/1/id", json!("machine 1")),
        ("subjects/2/id", json!("machine 2")),
    ];
    values.extend_from_slice(more);
    block_on(phone.save(&mut record, &values, None)).expect("kept");
    record.id().clone()
}

#[test]
fn the_visits_of_a_unit_are_found_whatever_it_was_called() {
    let phone = phone(11);
    let year_ms = 365 * 86_400_000;
    let (shop, other) = ("0192a4c0-0000-7000-8000-000000000001", "0192a4c0-0000-7000-8000-000000000002");
    let first = inspection(&phone, (shop, "示例商场"), NOON - 1_000, &[("conclusion/result", json!("rectify"))]);
    let second = inspection(&phone, (shop, "示例商场有限公司"), NOON, &[]);
    let before = inspection(&phone, (shop, "示例百货"), NOON - year_ms, &[]);
    inspection(&phone, (other, "示例商场"), NOON, &[]);
    inspection(&phone, (shop, "示例商场"), NOON, &[("voided", json!("误建"))]);
    let summaries = block_on(phone.summaries()).expect("summaries");
    let visits = block_on(phone.unit_visits(&summaries, shop)).expect("visits");
    assert_eq!(visits.iter().map(|visit| visit.id.as_str()).collect::<Vec<_>>(), [second.as_str(), first.as_str(), before.as_str()]);
    assert_eq!((visits_in(&visits, 2026), visits_in(&visits, 2025)), (2, 1));
    assert_eq!(visits[1].result, "rectify");
}

#[test]
fn edited_lines_wait_until_they_left_as_they_are() {
    let phone = phone(5);
    let mut record = Record::new(Journal::new(phone.new_record_id()));
    let edit = |record: &mut Record, address: &str| {
        block_on(phone.save_line(record, &[("kind", json!("unit")), ("name", json!("示例商场有限公司")), ("address", json!(address))]))
            .expect("kept")
    };
    assert!(edit(&mut record, "示例县中心大街1号").is_some());
    let waiting = block_on(phone.edited_lines()).expect("readable");
    assert_eq!(waiting.iter().map(|(id, _)| id).collect::<Vec<_>>(), [record.id()]);
    // Nothing new, nothing noted.
    assert!(edit(&mut record, "示例县中心大街1号").is_none());
    assert_eq!(block_on(phone.edited_lines()).expect("readable"), waiting);
    // Edited again between the file and the note that it left: it goes along once more.
    assert!(edit(&mut record, "示例县中心大街2号").is_some());
    block_on(phone.lines_left(&waiting)).expect("kept");
    let later = block_on(phone.edited_lines()).expect("readable");
    assert_eq!(later.len(), 1);
    block_on(phone.lines_left(&later)).expect("kept");
    assert_eq!(block_on(phone.edited_lines()).expect("readable"), []);
}
