//! Ledger lines on several devices: files and people write without knowing of each other, and everything comes together.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests say what they expect")]

use std::collections::{BTreeMap, BTreeSet};

use futures::executor::block_on;
use proptest::prelude::*;
use serde_json::{Value, json};
use spotcheck::app::workspace::{Record, Workspace};
use spotcheck::domain::change::{ClockReading, Entry};
use spotcheck::domain::id::DeviceId;
use spotcheck::domain::journal::Journal;
use spotcheck::domain::time::Hlc;
use spotcheck::ledger::row::{self, Fields, Row};
use spotcheck::ledger::{Card, Kind};
use spotcheck::port::memory::{FixedClock, FixedRandom, MemoryShelf};
use spotcheck::port::twin::Twin;

type Phone = Workspace<Twin<MemoryShelf, MemoryShelf>, FixedClock, FixedRandom>;

const NOON: u64 = 1_795_500_000_000;

/// A device whose clock is so far off.
fn phone(seed: u64, off_ms: u64) -> Phone {
    block_on(async {
        let (twin, _) = Twin::open(MemoryShelf::new(), MemoryShelf::new(), None).await.expect("opens");
        let clock = FixedClock::new(ClockReading { wall_ms: NOON + off_ms, mono_ms: 0, offset_min: 480 });
        Workspace::open(twin, clock, FixedRandom::new(seed)).await.expect("keeps a key")
    })
}

fn write(phone: &Phone, record: &mut Record, writes: &[(String, Value)]) {
    let writes: Vec<(&str, Value)> = writes.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
    phone.write(record, &writes, None).expect("not sealed");
}

fn merged(a: &Record, b: &Record) -> Record {
    let mut journal = a.journal().clone();
    journal.merge(b.journal()).expect("the same record");
    Record::new(journal)
}

fn fields(pairs: &[(&str, &str)]) -> Fields {
    pairs.iter().map(|(path, text)| ((*path).to_owned(), json!(text))).collect()
}

/// The conflicts of a record: path, what stands, what else was said.
fn disputes(record: &Record) -> Vec<(String, Value, Vec<Value>)> {
    let others = |unseen: &[Entry]| unseen.iter().map(|entry| entry.change.value.clone()).collect();
    let conflicts = record.state().conflicts().iter();
    conflicts.map(|one| (one.path.as_str().to_owned(), one.kept.change.value.clone(), others(&one.unseen))).collect()
}

/// A line that an import began, on two devices.
fn two(begin: &[(&str, &str)]) -> ([Phone; 2], [Record; 2]) {
    let phones = [phone(1, 0), phone(2, 60_000)];
    let mut record = Record::new(Journal::new(phones[0].new_record_id()));
    write(&phones[0], &mut record, &row::begin(Kind::Equipment, &fields(begin)));
    (phones, [record.clone(), record])
}

#[test]
fn an_older_edit_does_not_silently_beat_a_newer_import() {
    let (phones, [mut edited, mut imported]) = two(&[("name", "1号梯"), ("place", "东侧")]);
    let edit = row::edit(edited.state(), &[("place", json!("手写的地点"))]);
    write(&phones[0], &mut edited, &edit);
    let import = row::import(imported.state(), &fields(&[("place", "西侧"), ("maker", "示例电梯制造有限公司")]));
    write(&phones[1], &mut imported, &import);
    let mut both = merged(&edited, &imported);
    assert_eq!(Row::of(both.state()).text("place"), "西侧", "the newest counts");
    assert_eq!(disputes(&both), [("place".to_owned(), json!("西侧"), vec![json!("手写的地点")])]);
    assert_eq!(Card::of(both.journal(), both.state()).map(|card| card.conflicts), Some(1));
    // A person settles it, by saying again what stands or what did not.
    for place in ["西侧", "手写的地点"] {
        let mut settled = both.clone();
        let form = [("name", json!("1号梯")), ("place", json!(place))];
        let edit = row::edit(settled.state(), &form);
        write(&phones[0], &mut settled, &edit);
        assert_eq!((Row::of(settled.state()).text("place"), disputes(&settled)), (place, vec![]));
        assert_eq!(disputes(&merged(&settled, &imported)), []);
    }
    // So does an import that a person has looked at.
    let import = row::import(both.state(), &fields(&[("place", "南侧")]));
    write(&phones[1], &mut both, &import);
    assert_eq!((Row::of(both.state()).text("place"), disputes(&both)), ("南侧", vec![]));
}

#[test]
fn an_edit_that_has_seen_the_import_is_no_conflict() {
    let (phones, [mut record, _]) = two(&[("name", "1号梯"), ("place", "东侧")]);
    let import = row::import(record.state(), &fields(&[("place", "西侧")]));
    write(&phones[1], &mut record, &import);
    let edit = row::edit(record.state(), &[("place", json!("手写的地点"))]);
    write(&phones[0], &mut record, &edit);
    assert_eq!((Row::of(record.state()).text("place"), disputes(&record)), ("手写的地点", vec![]));
    // Nor is a file that says again what the device itself had said before the other one.
    let (phones, [mut record, _]) = two(&[("place", "东侧")]);
    for (phone, place) in [(&phones[1], "西侧"), (&phones[0], "东侧")] {
        let import = row::import(record.state(), &fields(&[("place", place)]));
        write(phone, &mut record, &import);
        assert_eq!((Row::of(record.state()).text("place"), disputes(&record)), (place, vec![]));
    }
}

#[test]
fn imports_differ_only_where_they_differ() {
    let (phones, [mut one, mut other]) = two(&[("name", "1号梯"), ("place", "东侧"), ("maker", "甲")]);
    let import = row::import(one.state(), &fields(&[("place", "西侧"), ("maker", "乙"), ("model", "M")]));
    write(&phones[0], &mut one, &import);
    let import = row::import(other.state(), &fields(&[("name", "2号梯"), ("maker", "丙"), ("model", "M")]));
    write(&phones[1], &mut other, &import);
    let mut both = merged(&one, &other);
    assert_eq!(disputes(&both), [("maker".to_owned(), json!("丙"), vec![json!("乙")])]);
    let row = Row::of(both.state());
    assert_eq!(["name", "place", "maker", "model"].map(|path| row.text(path)), ["2号梯", "西侧", "丙", "M"]);
    // A file that says again what one of the two had replaced counts.
    let import = row::import(both.state(), &fields(&[("place", "东侧")]));
    write(&phones[0], &mut both, &import);
    assert_eq!(Row::of(both.state()).text("place"), "东侧");
    let import = row::import(both.state(), &fields(&[("model", "N")]));
    write(&phones[1], &mut both, &import);
    assert_eq!(["place", "model"].map(|path| Row::of(both.state()).text(path).to_owned()), ["东侧", "N"]);
    assert_eq!(disputes(&both).len(), 1, "they say nothing of the maker");
    let edit = row::edit(both.state(), &[("maker", json!("丙"))]);
    write(&phones[1], &mut both, &edit);
    assert_eq!((Row::of(both.state()).text("maker"), disputes(&both)), ("丙", vec![]));
}

#[derive(Clone, Debug)]
enum Act {
    Import { device: usize, file: Fields },
    Edit { device: usize, path: String, value: Value },
    Take { device: usize, from: usize },
}

const PATHS: [&str; 4] = ["name", "place", "maker", "model"];

fn acts() -> impl Strategy<Value = (Fields, bool, Vec<Act>)> {
    let path = || prop::sample::select(PATHS.to_vec()).prop_map(str::to_owned);
    let text = || "[a-c]".prop_map(Value::from);
    let file = || prop::collection::btree_map(path(), text(), 0..4);
    let import = (0..3usize, file()).prop_map(|(device, file)| Act::Import { device, file });
    let value = prop_oneof![3 => text(), 1 => Just(Value::Null)];
    let edit = (0..3usize, path(), value).prop_map(|(device, path, value)| Act::Edit { device, path, value });
    let take = (0..3usize, 0..3usize).prop_map(|(device, from)| Act::Take { device, from });
    (file(), any::<bool>(), prop::collection::vec(prop_oneof![import, edit, take], 0..16))
}

/// What somebody said of a path, and all that had been said as far as the device knew.
struct Said {
    path: String,
    value: Value,
    at: (Hlc, DeviceId, u64),
    seen: BTreeSet<usize>,
}

/// What must count and what must be in dispute, for one who knows these statements.
fn expected(said: &[Said], known: &BTreeSet<usize>) -> (BTreeMap<String, Value>, BTreeMap<String, BTreeSet<String>>) {
    let (mut counted, mut disputed) = (BTreeMap::new(), BTreeMap::new());
    for path in PATHS {
        let of: Vec<(usize, &Said)> = known.iter().map(|at| (*at, &said[*at])).filter(|(_, one)| one.path == path).collect();
        let open: Vec<&(usize, &Said)> = of.iter().filter(|(at, _)| !of.iter().any(|(_, other)| other.seen.contains(at))).collect();
        let Some((_, latest)) = open.iter().max_by_key(|(_, one)| one.at.clone()) else { continue };
        if !latest.value.is_null() {
            counted.insert(path.to_owned(), latest.value.clone());
        }
        let values: BTreeSet<String> = open.iter().map(|(_, one)| one.value.to_string()).collect();
        if values.len() > 1 {
            disputed.insert(path.to_owned(), values);
        }
    }
    (counted, disputed)
}

#[track_caller]
fn check(record: &Record, said: &[Said], known: &BTreeSet<usize>) {
    assert_eq!(record.state(), &record.journal().fold(), "the same as folding anew");
    let (counted, disputed) = expected(said, known);
    let row = Row::of(record.state());
    let found: BTreeMap<String, Value> = row.fields().clone().into_iter().filter(|(path, _)| path != "kind").collect();
    assert_eq!(found, counted);
    let plain = |value: &Value| if value == &json!("") { Value::Null.to_string() } else { value.to_string() };
    let shown: BTreeMap<String, BTreeSet<String>> =
        disputes(record).into_iter().map(|(path, kept, others)| (path, others.iter().chain([&kept]).map(plain).collect())).collect();
    assert_eq!(shown, disputed);
}

/// Plays it on three devices, and looks at each after every step.
fn play(begin: &Fields, by_file: bool, acts: &[Act]) -> (Vec<Record>, Vec<Said>, Vec<BTreeSet<usize>>) {
    let phones = [phone(1, 0), phone(2, 3), phone(3, 1)];
    let mut first = Record::new(Journal::new(phones[0].new_record_id()));
    let mut said: Vec<Said> = Vec::new();
    if by_file {
        write(&phones[0], &mut first, &row::begin(Kind::Equipment, begin));
    } else {
        let values: Vec<(&str, Value)> =
            [("kind", json!("equipment"))].into_iter().chain(begin.iter().map(|(path, value)| (path.as_str(), value.clone()))).collect();
        let writes = row::edit(first.state(), &values);
        write(&phones[0], &mut first, &writes);
    }
    let at = |record: &Record, path: &str, device: &DeviceId| {
        let own = record.journal().entries().filter(|entry| entry.change.device == *device);
        let of = own.filter(|entry| entry.change.path.as_str() == path || entry.change.path.as_str() == row::BASE);
        let last = of.max_by_key(|entry| entry.change.seq).expect("just written");
        (last.change.at, last.change.device.clone(), last.change.seq)
    };
    for (path, value) in begin {
        said.push(Said { path: path.clone(), value: value.clone(), at: at(&first, path, &phones[0].device()), seen: BTreeSet::new() });
    }
    let mut records = vec![first; 3];
    let mut known: Vec<BTreeSet<usize>> = vec![(0..said.len()).collect(); 3];
    for act in acts {
        let device = match act {
            Act::Import { device, file } => {
                let (counted, _) = expected(&said, &known[*device]);
                let writes = row::import(records[*device].state(), file);
                write(&phones[*device], &mut records[*device], &writes);
                let seen = known[*device].clone();
                for (path, value) in file.iter().filter(|(path, value)| counted.get(*path) != Some(*value)) {
                    let at = at(&records[*device], path, &phones[*device].device());
                    known[*device].insert(said.len());
                    said.push(Said { path: path.clone(), value: value.clone(), at, seen: seen.clone() });
                }
                *device
            }
            Act::Edit { device, path, value } => {
                let (counted, disputed) = expected(&said, &known[*device]);
                let writes = row::edit(records[*device].state(), &[(path.as_str(), value.clone())]);
                write(&phones[*device], &mut records[*device], &writes);
                let standing = counted.get(path).cloned().unwrap_or(Value::Null);
                if standing != *value || disputed.contains_key(path) {
                    let at = at(&records[*device], path, &phones[*device].device());
                    let seen = known[*device].clone();
                    known[*device].insert(said.len());
                    said.push(Said { path: path.clone(), value: value.clone(), at, seen });
                }
                *device
            }
            Act::Take { device, from } => {
                records[*device] = merged(&records[*device], &records[*from]);
                let more = known[*from].clone();
                known[*device].extend(more);
                *device
            }
        };
        check(&records[device], &said, &known[device]);
    }
    (records, said, known)
}

proptest! {
    /// Whoever writes what, knowing or not knowing of others: of each path the newest statement counts, what had not been
    /// seen and differs is shown, and the order in which things come together changes nothing.
    #[test]
    fn nothing_is_silently_lost((begin, by_file, acts) in acts()) {
        let (records, said, known) = play(&begin, by_file, &acts);
        let all: BTreeSet<usize> = known.into_iter().flatten().collect();
        let [a, b, c] = records.as_slice() else { panic!("three devices") };
        let whole = merged(&merged(a, b), c);
        check(&whole, &said, &all);
        let (other, twice) = (merged(c, &merged(b, a)), merged(&merged(a, c), &merged(b, c)));
        prop_assert_eq!(other.state(), whole.state());
        prop_assert_eq!(twice.state(), whole.state());
    }
}
