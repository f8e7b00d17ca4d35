//! Bundles under any content: what is written is read, what is read is written again byte for byte, and what is touched is refused.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

mod corpus;

use corpus::{START_MS, append, header, key, next_change, photo, record_id, sample_bundle, seal, write};
use proptest::prelude::*;
use serde_json::{Value, json};
use spotcheck::bundle::{
    BundlePurpose, Event, Extra, Header, Limits, PartItem, PartPhoto, Photo, Reader, plan_parts, read_all, record_line,
};
use spotcheck::domain::journal::Journal;
use spotcheck::evidence::chain::make_entry;
use std::collections::BTreeMap;

/// Any JSON that a bundle may carry, `__proto__` and the like included.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        (-(1_i64 << 53)..=1_i64 << 53).prop_map(|number| json!(number)),
        (-1.0e9..1.0e9).prop_map(|number: f64| json!(number)),
        any_text().prop_map(Value::String),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::btree_map(any_name(), inner, 0..4).prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

fn any_text() -> impl Strategy<Value = String> {
    prop::collection::vec(any::<char>(), 0..12).prop_map(|chars| chars.into_iter().collect())
}

fn any_name() -> impl Strategy<Value = String> {
    prop_oneof![any_text(), Just("__proto__".to_owned()), Just("constructor".to_owned()), Just(String::new()), Just("电梯".to_owned())]
}

fn extra() -> impl Strategy<Value = Extra> {
    // The first letter keeps them apart from the names that the format knows.
    prop::collection::btree_map(any_name().prop_map(|name| format!("x{name}")), any_json(), 0..3)
        .prop_map(|fields| fields.into_iter().collect())
}

#[derive(Clone, Debug)]
struct Content {
    header: Header,
    records: Vec<(Journal, Extra)>,
    photos: Vec<Photo>,
}

fn content() -> impl Strategy<Value = Content> {
    let value = prop::collection::vec((any_json(), extra(), 1..4_u8), 0..6);
    let records = prop::collection::vec((value, any_text(), any::<bool>(), extra()), 0..3);
    let photos = prop::collection::vec((0..200_usize, extra()), 0..3);
    (records, photos, extra(), any_text()).prop_map(|(records, photos, header_extra, purpose)| {
        let mut header = header(&key(1), 1, 1);
        header.extra = header_extra.clone();
        header.from.extra = header_extra.clone();
        header.part.extra = header_extra;
        header.purpose = BundlePurpose::from(purpose);
        let records = records.into_iter().enumerate().map(|(index, record)| (make_journal(index as u8, &record), record.3)).collect();
        let photos = photos.into_iter().enumerate().map(|(index, (size, extra))| Photo { extra, ..photo(index as u8, size) }).collect();
        Content { header, records, photos }
    })
}

type RecordSeed = (Vec<(Value, Extra, u8)>, String, bool, Extra);

fn make_journal(index: u8, (values, kind, sealed, _): &RecordSeed) -> Journal {
    let mut journal = Journal::new(record_id(index + 1));
    append(&mut journal, &key(1), START_MS + 1_000, "kind", json!(kind));
    for (at, (value, extra, device)) in values.iter().enumerate() {
        let mut change = next_change(&journal, &key(*device), START_MS + 2_000, &format!("later/p{}", at % 3), value.clone());
        change.extra = extra.clone().into_iter().collect();
        journal.insert(make_entry(change)).unwrap();
    }
    if *sealed {
        seal(&mut journal, &key(2), START_MS + 9_000);
    }
    journal
}

fn collect(events: Vec<Event>) -> Content {
    let (mut first, mut records, mut photos) = (None, Vec::new(), Vec::new());
    for event in events {
        match event {
            Event::Header(header) => first = Some(*header),
            Event::Record(record) => records.push((record.journal, record.extra)),
            Event::Photo(event) => photos.push(event.photo),
            Event::Seal(_) => {}
        }
    }
    Content { header: first.unwrap(), records, photos }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_read_is_written_again_byte_for_byte(content in content(), piece in 1..700_usize) {
        let file = write(&content.header, &content.records, &content.photos, &key(1));
        serde_json::from_slice::<Value>(&file).unwrap();
        let mut reader = Reader::new(Limits::default());
        let mut events = Vec::new();
        for bytes in file.chunks(piece) {
            events.extend(reader.feed(bytes).unwrap());
        }
        let verified = reader.finish().unwrap();
        prop_assert_eq!(verified.size_bytes, file.len() as u64);
        prop_assert_eq!(verified.records, content.records.len());
        for event in &events {
            if let Event::Photo(photo) = event {
                let (start, len) = (photo.data_offset as usize, photo.data_len as usize);
                let data = &file[start..start + len];
                prop_assert_eq!(&base64::Engine::decode(&base64::engine::general_purpose::STANDARD, data).unwrap(), &photo.photo.bytes);
            }
        }
        let read = collect(events);
        prop_assert_eq!(&read.records, &content.records);
        prop_assert_eq!(write(&read.header, &read.records, &read.photos, &key(1)), file);
    }

    #[test]
    fn parts_in_any_order_and_repeated_give_the_same_union(
        content in content(),
        order in Just((0..12_usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let parts = write_parts(&content);
        let mut journals: BTreeMap<String, Journal> = BTreeMap::new();
        let mut photos = BTreeMap::new();
        // Each part comes at least once and some come twice.
        for index in order.iter().copied().chain(0..parts.len()) {
            let (events, _) = read_all(&parts[index % parts.len()]).unwrap();
            let read = collect(events);
            for (journal, _) in read.records {
                let kept = journals.entry(journal.record().to_string()).or_insert_with(|| Journal::new(journal.record().clone()));
                kept.merge(&journal).unwrap();
            }
            photos.extend(read.photos.into_iter().map(|photo| (photo.sha256, photo.bytes)));
        }
        let expected: BTreeMap<_, _> = content.records.iter().map(|(journal, _)| (journal.record().to_string(), journal.clone())).collect();
        prop_assert_eq!(journals, expected);
        if !content.records.is_empty() {
            prop_assert_eq!(photos.len(), content.photos.len());
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), at in 0..4_000_usize) {
        prop_assert!(read_all(&bytes).is_err());
        let mut file = sample_bundle();
        let at = at.min(file.len());
        file.splice(at..at, bytes.iter().copied());
        prop_assert_eq!(read_all(&file).is_err(), !bytes.is_empty());
    }
}

fn write_parts(content: &Content) -> Vec<Vec<u8>> {
    let shared: Vec<PartPhoto> =
        content.photos.iter().map(|photo| PartPhoto { sha256: photo.sha256, size_bytes: photo.bytes.len() as u64 }).collect();
    let items: Vec<PartItem> = content
        .records
        .iter()
        .map(|(journal, extra)| PartItem {
            record: journal.record().clone(),
            line_bytes: record_line(journal, extra).len() as u64,
            photos: shared.clone(),
        })
        .collect();
    let cap = 16_000;
    let plan = plan_parts(&items, cap).unwrap();
    let count = plan.len() as u32;
    let write_part = |(index, part): (usize, &spotcheck::bundle::PartPlan)| {
        let mut header = content.header.clone();
        (header.part.k, header.part.n) = (index as u32 + 1, count);
        let records: Vec<_> = content.records.iter().filter(|(journal, _)| part.records.contains(journal.record())).cloned().collect();
        let photos: Vec<_> = content.photos.iter().filter(|photo| part.photos.contains(&photo.sha256)).cloned().collect();
        assert_eq!(photos.len(), part.photos.len());
        let file = write(&header, &records, &photos, &key(1));
        assert!(part.records.len() == 1 || file.len() as u64 <= cap, "a part of {} bytes is over the cap", file.len());
        file
    };
    plan.iter().enumerate().map(write_part).collect()
}

/// Every byte of a sealed bundle, changed in one bit and in several: each is refused and has a place.
#[test]
fn every_changed_byte_is_refused_and_named() {
    let file = sample_bundle();
    let check = |positions: Vec<usize>| {
        for at in positions {
            // One bit of every byte, and several of every third.
            let several = (at % 3 == 0).then_some((at * 37 % 255) as u8 + 1);
            for mask in [1_u8 << (at % 8)].into_iter().chain(several) {
                let mut spoiled = file.clone();
                spoiled[at] ^= mask;
                let Err(error) = read_all(&spoiled) else {
                    panic!("byte {at} changed by {mask:#04x} went unseen");
                };
                assert!(!error.place.to_string().is_empty() && !error.problem.code().is_empty());
                assert!(error.offset <= at as u64 + 1 || error.place.to_string().starts_with("seal"), "byte {at}: {error}");
                place_fits(&file, at, &error.place.to_string());
            }
        }
    };
    let (even, odd) = (0..file.len()).partition(|at| at % 2 == 0);
    std::thread::scope(|scope| {
        scope.spawn(|| check(even));
        check(odd);
    });
}

/// The place that is named is on the line of the changed byte, or on the next where a line end was lost.
#[track_caller]
fn place_fits(file: &[u8], at: usize, place: &str) {
    let lines = file[..at].iter().filter(|byte| **byte == b'\n').count();
    let expected: &[&str] = match lines {
        0 => &["format", "version", "header"],
        1 => &["records[0]"],
        2 => &["records"],
        3 => &["records"],
        4 => &["photos[0]"],
        5 => &["photos[1]", "seal"],
        _ => &["seal", "byte"],
    };
    assert!(expected.iter().any(|start| place.starts_with(start)), "byte {at} on line {lines} is called {place}");
}

#[test]
fn every_cut_is_refused_as_a_cut() {
    let file = sample_bundle();
    for len in 0..file.len() {
        let error = read_all(&file[..len]).expect_err("a cut file");
        assert_eq!(error.problem.code(), "truncated", "{len}: {error}");
    }
}

#[test]
fn a_refused_file_stays_refused() {
    let mut reader = Reader::new(Limits::default());
    let error = reader.feed(b"{\"format\":\"spotcheck-bundle\",\"version\":2,\"header\":{}}\n").expect_err("a later version");
    assert_eq!(reader.feed(&sample_bundle()), Err(error.clone()));
    assert_eq!(reader.finish(), Err(error));
}
