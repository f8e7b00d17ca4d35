//! Signals: which complaints and reports make a group, which groups wait for somebody, and what the numbers say.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests say what they expect")]

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};
use spotcheck::domain::time::CivilDate;
use spotcheck::signal::lead::{Pending, pending};
use spotcheck::signal::stats::{By, Wanted, table};
use spotcheck::signal::{Filing, Flag, Group, Lead, Rules, Watch};

fn file() -> Value {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("public/content/rules/signals.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The shipped weights, with rules of three points from two filings within ten days.
fn rules() -> Rules {
    let mut file = file();
    for rule in file["rules"].as_array_mut().unwrap() {
        (rule["points"], rule["least"], rule["window_days"]) = (json!(3), json!(2), json!(10));
    }
    Rules::read(file.to_string().as_bytes()).unwrap()
}

fn day(number: u64) -> CivilDate {
    CivilDate::parse("2026-01-01").unwrap().plus_days(number)
}

/// A complaint about a toy of a shop.
fn filing(record: &str, on: u64) -> Filing {
    Filing {
        record: record.to_owned(),
        kind: "complaint".to_owned(),
        state: "received".to_owned(),
        day: Some(day(on)),
        brand: "示例".to_owned(),
        model: "A-1".to_owned(),
        ..Filing::default()
    }
}

fn hurt(record: &str, on: u64) -> Filing {
    Filing { flags: vec![Flag::Injury], hurt: 1, ..filing(record, on) }
}

fn watch(filings: &[Filing]) -> Watch {
    let mut watch = Watch::new(rules());
    filings.iter().for_each(|filing| watch.put(filing.clone()));
    watch
}

/// The groups of the products, each as its records.
#[track_caller]
fn check(filings: &[Filing], expected: &[&str]) {
    let groups = watch(filings).groups();
    let found: BTreeSet<String> = groups.iter().map(|group| group.records.join(" ")).collect();
    assert_eq!(found, expected.iter().map(|group| (*group).to_owned()).collect());
}

#[test]
fn so_many_within_so_many_days() {
    check(&[], &[]);
    check(&[filing("a", 0), filing("b", 1)], &[]);
    check(&[filing("a", 0), filing("b", 1), filing("c", 2)], &["a b c"]);
    // The first and the last day count both.
    check(&[filing("a", 0), filing("b", 1), filing("c", 9)], &["a b c"]);
    check(&[filing("a", 0), filing("b", 1), filing("c", 10)], &[]);
    // All on one day.
    check(&[filing("a", 0), filing("b", 0), filing("c", 0)], &["a b c"]);
    // Windows that share a filing are one group; those that don't are two.
    check(&[filing("a", 0), filing("b", 5), filing("c", 9), filing("d", 14)], &["a b c d"]);
    check(&[filing("a", 0), filing("b", 1), filing("c", 2), filing("d", 40), filing("e", 41), filing("f", 42)], &["a b c", "d e f"]);
}

#[test]
fn harm_weighs_more_but_one_is_no_group() {
    check(&[hurt("a", 0), filing("b", 1)], &["a b"]);
    check(&[Filing { flags: vec![Flag::Deaths, Flag::Injury], ..filing("a", 0) }], &[]);
    let groups = watch(&[hurt("a", 0), hurt("b", 1), filing("c", 2)]).groups();
    let Group { count, points, injuries, from, to, .. } = &groups[0];
    assert_eq!((*count, *points, *injuries, *from, *to), (3, 5, 2, day(0), day(2)));
}

#[test]
fn what_is_the_same_is_told_however_it_is_written() {
    let typed = |record: &str, brand: &str, model: &str| Filing { brand: brand.to_owned(), model: model.to_owned(), ..filing(record, 0) };
    check(&[typed("a", "示例", "A-1"), typed("b", " 示 例", "a1"), typed("c", "示例", "Ａ－１")], &["a b c"]);
    check(&[typed("a", "示例", "A-1"), typed("b", "示例", "A-2"), typed("c", "示例", "")], &[]);
    let coded = |record: &str, gtin: &str| Filing { gtin: gtin.to_owned(), brand: String::new(), ..filing(record, 0) };
    check(&[coded("a", "6901234567892"), coded("b", "06901234567892"), coded("c", "690 1234 567892")], &["a b c"]);
    let sold = |record: &str, name: &str, uscc: &str| Filing {
        seller: name.to_owned(),
        uscc: uscc.to_owned(),
        brand: String::new(),
        ..filing(record, 0)
    };
    let code = "91130227MA0TE5T088";
    check(&[sold("a", "示例商场（总店）", code), sold("b", "示例商场(总店)", ""), sold("c", "示例商场总店", "")], &["a b c"]);
    check(&[sold("a", "示例商场", code), sold("b", "", code), sold("c", "另一个名字", code)], &["a b c"]);
    // A wrong code tells nothing.
    check(&[sold("a", "", "91130227MA0ABCD12X"), sold("b", "", "91130227MA0ABCD12X"), sold("c", "", "91130227MA0ABCD12X")], &[]);
    let lift = |record: &str, code: &str| Filing { equipment_code: code.to_owned(), brand: String::new(), ..filing(record, 0) };
    let code = "31102301020150098";
    check(&[lift("a", code), lift("b", &format!(" {code}")), lift("c", code)], &["a b c"]);
}

#[test]
fn one_event_counts_once() {
    let again = |record: &str, same: &str, on: u64| Filing { same: vec![same.to_owned()], ..filing(record, on) };
    check(&[filing("a", 0), filing("b", 1), again("c", "b", 2)], &[]);
    check(&[filing("a", 0), filing("b", 1), again("c", "b", 2), filing("d", 3)], &["a b c d"]);
    // Whoever says it, and in a circle too.
    check(&[again("a", "b", 0), again("b", "c", 1), again("c", "a", 2)], &[]);
    // Through one that is not here.
    check(&[again("a", "x", 0), again("b", "x", 1), filing("c", 2)], &[]);
    // It is worth what the gravest of them is.
    check(&[filing("a", 0), Filing { same: vec!["a".to_owned()], ..hurt("b", 1) }, filing("c", 2)], &["a b c"]);
}

#[test]
fn what_was_withdrawn_does_not_count_and_what_was_refused_does() {
    let stands = |record: &str, state: &str| Filing { state: state.to_owned(), ..filing(record, 0) };
    check(&[filing("a", 0), filing("b", 0), stands("c", "withdrawn")], &[]);
    check(&[filing("a", 0), filing("b", 0), stands("c", "refused")], &["a b c"]);
}

#[test]
fn a_filing_that_changes_is_looked_at_anew() {
    let mut watch = watch(&[filing("a", 0), filing("b", 1), filing("c", 2)]);
    assert_eq!(watch.groups().len(), 1);
    watch.put(Filing { model: "B-9".to_owned(), ..filing("c", 2) });
    assert_eq!(watch.groups(), []);
    watch.put(filing("c", 2));
    assert_eq!(watch.groups().len(), 1);
    watch.put(Filing { same: vec!["a".to_owned()], ..filing("b", 1) });
    assert_eq!(watch.groups(), []);
    watch.put(filing("b", 1));
    watch.remove("a");
    assert_eq!(watch.groups(), []);
    assert_eq!(watch.alike("b").iter().map(|filing| filing.record.as_str()).collect::<Vec<_>>(), ["c"]);
}

#[test]
fn leads_answer_groups() {
    let lead = |filings: &[&str], closed: bool| Lead {
        record: "lead".to_owned(),
        closed,
        rule: "product".to_owned(),
        filings: filings.iter().map(|one| (*one).to_owned()).collect(),
    };
    let three = [filing("a", 0), filing("b", 1), filing("c", 2)];
    let raised = |filings: &[Filing], leads: &[Lead]| {
        let told = |one: Pending| match one {
            Pending::Raise(group) => format!("raise {}", group.records.join(" ")),
            Pending::Add { lead, records, .. } => format!("{lead} + {}", records.join(" ")),
        };
        pending(&mut watch(filings), leads).into_iter().map(told).collect::<Vec<_>>()
    };
    assert_eq!(raised(&three, &[]), ["raise a b c"]);
    assert!(raised(&three, &[lead(&["a", "b", "c"], false)]).is_empty());
    assert_eq!(raised(&three, &[lead(&["a", "b"], false)]), ["lead + c"]);
    // What is over was answered; only enough of what came later is asked again.
    assert!(raised(&three, &[lead(&["a", "b"], true)]).is_empty());
    let mut six = three.to_vec();
    six.extend([filing("d", 3), filing("e", 4), filing("f", 5)]);
    assert_eq!(raised(&six, &[lead(&["a", "b", "c"], true)]), ["raise d e f"]);
    // A lead of another rule answers nothing of this one.
    assert_eq!(raised(&three, &[Lead { rule: "seller".to_owned(), ..lead(&["a", "b", "c"], false) }]), ["raise a b c"]);
}

#[test]
fn statistics_add_up() {
    let mut filings = vec![hurt("a", 0), filing("b", 31), filing("c", 31)];
    filings[0].goods_kind = "toys".to_owned();
    filings[0].seller_address = "示例县城关镇中心街1号".to_owned();
    filings[1].goods_kind = "special_equipment".to_owned();
    filings[1].equipment_kind = "lift".to_owned();
    filings[2].kind = "report".to_owned();
    let towns = vec!["城关".to_owned(), "城关镇".to_owned()];
    let rows = |wanted: &Wanted, by: By| {
        table(&filings, wanted, by).into_iter().map(|row| (row.value, row.count, row.injuries, row.records.join(" "))).collect::<Vec<_>>()
    };
    let all = Wanted { towns, ..Wanted::default() };
    let line = |value: &str, count: usize, injuries: usize, records: &str| (value.to_owned(), count, injuries, records.to_owned());
    assert_eq!(rows(&all, By::Month), [line("2026-01", 1, 1, "a"), line("2026-02", 2, 0, "b c")]);
    assert_eq!(rows(&all, By::Kind), [line("complaint", 2, 1, "a b"), line("report", 1, 0, "c")]);
    assert_eq!(rows(&all, By::Equipment), [line("lift", 1, 0, "b")]);
    assert_eq!(rows(&all, By::Area), [line("", 2, 0, "b c"), line("城关镇", 1, 1, "a")]);
    let january = Wanted { from: Some(day(0)), to: Some(day(30)), ..all };
    assert_eq!(rows(&january, By::Goods), [line("toys", 1, 1, "a")]);
}

/// A county's complaints of years; nothing is timed, it must only come to an end.
#[test]
fn twenty_thousand_filings_are_watched() {
    let mut watch = Watch::new(Rules::read(file().to_string().as_bytes()).unwrap());
    for number in 0..20_000_u64 {
        let mut one = filing(&format!("r{number:05}"), number / 20);
        (one.model, one.seller) = (format!("M{}", number % 700), format!("示例商店{}", number % 200));
        watch.put(one);
    }
    let groups = watch.groups();
    assert!(!groups.is_empty());
    watch.put(Filing { model: "新型号".to_owned(), ..filing("late", 1) });
    assert_eq!(watch.groups().len(), groups.len());
}

fn any_filing() -> impl Strategy<Value = (u8, u64, u8, bool, Option<u8>)> {
    (0..24_u8, 0..60_u64, 0..3_u8, any::<bool>(), proptest::option::weighted(0.2, 0..24_u8))
}

/// A filing out of numbers; `same` names one that was made before it, as an office does.
fn made(numbers: &[(u8, u64, u8, bool, Option<u8>)]) -> Vec<Filing> {
    let mut seen: BTreeSet<u8> = BTreeSet::new();
    let mut all = Vec::new();
    for (id, on, model, injured, same) in numbers {
        let same = same.filter(|other| seen.contains(other) && other != id);
        if !seen.insert(*id) {
            continue;
        }
        let name = |id: u8| format!("r{id:02}");
        all.push(Filing {
            model: format!("M{model}"),
            seller: format!("店{}", model % 2),
            flags: if *injured { vec![Flag::Injury] } else { Vec::new() },
            same: same.map(name).into_iter().collect(),
            ..filing(&name(*id), *on)
        });
    }
    all
}

proptest! {
    #[test]
    fn the_order_says_nothing(numbers in proptest::collection::vec(any_filing(), 0..24), seed in any::<u64>()) {
        let filings = made(&numbers);
        let mut turned = filings.clone();
        // Any order: turned by the digest of name and seed.
        turned.sort_by_key(|one| spotcheck::evidence::chain::sha256(format!("{}{seed}", one.record).as_bytes()).to_string());
        prop_assert_eq!(watch(&filings).groups(), watch(&turned).groups());
    }

    #[test]
    fn one_after_another_is_as_all_at_once(numbers in proptest::collection::vec(any_filing(), 0..24)) {
        let filings = made(&numbers);
        let mut slowly = Watch::new(rules());
        for filing in &filings {
            slowly.put(filing.clone());
            slowly.groups();
        }
        prop_assert_eq!(slowly.groups(), watch(&filings).groups());
    }

    #[test]
    fn one_more_takes_no_group_away(numbers in proptest::collection::vec(any_filing(), 1..24)) {
        let filings = made(&numbers);
        let (last, before) = filings.split_last().unwrap();
        let mut watch = watch(before);
        let groups = watch.groups();
        watch.put(last.clone());
        let now = watch.groups();
        for group in groups {
            let kept = now.iter().any(|other| {
                other.key.rule == group.key.rule && other.points >= group.points && group.records.iter().all(|one| other.records.contains(one))
            });
            prop_assert!(kept, "{:?} is gone", group);
        }
    }

    #[test]
    fn groups_keep_their_rule(numbers in proptest::collection::vec(any_filing(), 0..24)) {
        for group in watch(&made(&numbers)).groups() {
            prop_assert!(group.count >= 2 && group.points >= 3 && group.count <= group.records.len());
            prop_assert!(group.from <= group.to);
        }
    }
}

/// From records of an office to a lead, its task, and back.
mod records {
    use super::*;
    use futures::executor::block_on;
    use spotcheck::app::assign::{Order, Place};
    use spotcheck::app::lead;
    use spotcheck::app::matter::{self, About};
    use spotcheck::app::workspace::{Record, Workspace};
    use spotcheck::domain::change::ClockReading;
    use spotcheck::domain::id::RecordId;
    use spotcheck::domain::journal::Journal;
    use spotcheck::domain::task::Task;
    use spotcheck::port::memory::{FixedClock, FixedRandom, MemoryShelf};
    use spotcheck::port::twin::Twin;
    use spotcheck::procedure::{Case, Procedure};

    type Office = Workspace<Twin<MemoryShelf, MemoryShelf>, FixedClock, FixedRandom>;

    const NOW: ClockReading = ClockReading { wall_ms: 1_795_492_800_000, mono_ms: 0, offset_min: 480 };
    const NAME: &str = "张不该出现";
    const PHONE: &str = "13800138000";

    fn office() -> Office {
        let (twin, _) = block_on(Twin::open(MemoryShelf::new(), MemoryShelf::new(), None)).unwrap();
        block_on(Workspace::open(twin, FixedClock::new(NOW), FixedRandom::new(3))).unwrap()
    }

    fn procedure(id: &str) -> Procedure {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("public/content/procedures");
        Procedure::read(&std::fs::read(folder.join(format!("{id}.json"))).unwrap()).unwrap()
    }

    fn begin(office: &Office, kind: &str, about: &About) -> String {
        let mut record = Record::new(Journal::new(office.new_record_id()));
        save(office, &mut record, matter::begin(&procedure(kind), about, NOW));
        record.id().to_string()
    }

    fn save(office: &Office, record: &mut Record, changes: Vec<(String, Value)>) {
        let values: Vec<(&str, Value)> = changes.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
        block_on(office.save(record, &values, None)).unwrap();
    }

    fn load(office: &Office, id: &str) -> Record {
        block_on(office.load(&RecordId::parse(id).unwrap())).unwrap()
    }

    fn watched(office: &Office) -> (Watch, Vec<Lead>) {
        let summaries = block_on(office.summaries()).unwrap();
        let mut watch = Watch::new(Rules::read(file().to_string().as_bytes()).unwrap());
        summaries.iter().filter_map(Filing::of).for_each(|filing| watch.put(filing));
        (watch, summaries.iter().filter_map(Lead::of).collect())
    }

    #[test]
    fn a_lead_names_its_complaints_and_its_task_and_no_person() {
        let office = office();
        for number in 0..10 {
            let texts = [
                ("subject", format!("玩具零件脱落（第{number}件）")),
                ("received_on", format!("2026-11-{:02}", 10 + number)),
                ("complainant_name", NAME.to_owned()),
                ("complainant_phone", PHONE.to_owned()),
                ("respondent_name", "示例商场有限公司".to_owned()),
                ("goods_kind", "toys".to_owned()),
                ("goods_name", "摇铃".to_owned()),
                ("brand", "示例".to_owned()),
                ("model", "YL-1".to_owned()),
            ];
            let fields =
                texts.into_iter().map(|(field, text)| (field.to_owned(), json!(text))).chain([("injury".to_owned(), json!(number == 0))]);
            begin(&office, "complaint", &About { fields: fields.collect(), ..About::default() });
        }
        let (mut watch, leads) = watched(&office);
        let waiting = pending(&mut watch, &leads);
        let rules: BTreeSet<&str> = waiting.iter().map(|one| one.group().key.rule.as_str()).collect();
        assert_eq!(rules, BTreeSet::from(["product", "seller"]));
        let group = waiting.iter().map(Pending::group).find(|group| group.key.rule == "product").unwrap();
        assert_eq!((group.count, group.injuries), (10, 1));

        let about = lead::about(&watch, group, CivilDate::parse("2026-11-24").unwrap(), "示例县市场监督管理局", (Vec::new(), Vec::new()));
        let id = begin(&office, "lead", &about);
        let (mut watch, leads) = watched(&office);
        assert_eq!(leads[0].filings.len(), 10);
        assert_eq!(watch.filings().count(), 10, "a lead is no complaint");
        assert!(pending(&mut watch, &leads).iter().all(|one| one.group().key.rule == "seller"));

        let mut record = load(&office, &id);
        let written = record.state().to_json().to_string();
        assert!(written.contains("示例 摇铃 YL-1") && !written.contains(NAME) && !written.contains(PHONE));
        assert!(
            spotcheck::procedure::lacks(
                &Case::read(record.state()).unwrap(),
                record.state(),
                None,
                CivilDate::parse("2026-11-24").unwrap()
            )
            .is_empty()
        );

        let link = lead::link(&id, "示例线索");
        let order = Order { title: "线索核查".to_owned(), lead: Some(link), ..Order::default() };
        let place = Place { id: "u".to_owned(), name: "示例商场有限公司".to_owned(), ..Place::default() };
        let (_, made) = block_on(office.make_tasks(&order, &[place], |_| {})).unwrap();
        let task = made[0].id.to_string();
        assert_eq!(Task::read(load(&office, &task).state()).unwrap().lead.unwrap()["record"], json!(id));
        let summaries = block_on(office.summaries()).unwrap();
        assert!(summaries.iter().any(|one| one.id == task && one.search.contains(&id)), "a task is found by its lead");

        let noted = lead::task_made(record.state(), "step-1", json!({"record": task, "kind": "task", "title": "线索核查"}), None, NOW);
        save(&office, &mut record, noted);
        let case = Case::read(record.state()).unwrap();
        let done = matter::finish_step(&case, record.state(), &case.open[0], NOW).unwrap();
        save(&office, &mut record, done);
        assert_eq!(Case::read(record.state()).unwrap().state, "dispatched");
        let check = json!({"record": "01a20d80-0966-7476-afec-8fcbaae5b1d9", "kind": "inspection", "title": "检查"});
        let begun = lead::check_made(record.state(), "step-2", check, CivilDate::parse("2026-11-24").unwrap());
        save(&office, &mut record, begun);
        let case = Case::read(record.state()).unwrap();
        assert_eq!((case.open.len(), case.open[0].step.as_str()), (1, "check_done"));

        let recall = lead::recall(record.state(), &id, CivilDate::parse("2026-11-24").unwrap());
        let recall = begin(&office, "recall", &recall);
        let summaries = block_on(office.summaries()).unwrap();
        let links = summaries.iter().find(|one| one.id == recall).unwrap().matter.clone().unwrap().links;
        assert_eq!(links, [id]);
    }
}
