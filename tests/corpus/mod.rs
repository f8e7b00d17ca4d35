//! Sample records and bundles, and a forger that seals whatever it is given.
//!
//! The forger builds the frame by itself, after `docs/format.md`, so that it checks the writer too.
#![allow(dead_code, clippy::unwrap_used, clippy::panic)]

use serde_json::{Value, json};
use spotcheck::bundle::{BundlePurpose, Extra, Header, Mime, Part, Photo, Sender, Writer};
use spotcheck::domain::change::{Change, ClockReading, Path};
use spotcheck::domain::id::{BundleId, RecordId};
use spotcheck::domain::journal::Journal;
use spotcheck::domain::time::Instant;
use spotcheck::evidence::chain::{canonical_json, make_entry, sha256};
use spotcheck::evidence::key::{DeviceKey, Purpose};
use spotcheck::evidence::seal::make_seal;

pub const START_MS: u64 = 1_795_500_000_000;
pub const BUREAU: &str = "示例县市场监督管理局";

pub fn key(seed: u8) -> DeviceKey {
    DeviceKey::make(&[seed; 32])
}

pub fn record_id(seed: u8) -> RecordId {
    RecordId::make(START_MS, &[seed; 10])
}

pub fn header(sender: &DeviceKey, k: u32, n: u32) -> Header {
    Header {
        id: BundleId::make(START_MS, &[7; 10]),
        purpose: BundlePurpose::Submit,
        from: Sender {
            device: sender.device(),
            key: sender.public(),
            name: "甲".to_owned(),
            bureau: BUREAU.to_owned(),
            extra: Extra::new(),
        },
        created_at: Instant::from_ms(START_MS + 86_400_000),
        part: Part { k, n, extra: Extra::new() },
        extra: Extra::new(),
    }
}

/// The change that this device would make next.
pub fn next_change(journal: &Journal, author: &DeviceKey, ms: u64, path: &str, value: Value) -> Change {
    let device = author.device();
    let head = journal.heads().get(&device).copied();
    Change {
        record: journal.record().clone(),
        seq: head.map_or(1, |head| head.seq + 1),
        at: journal.latest().tick(Instant::from_ms(ms)),
        by: "甲".to_owned(),
        path: Path::parse(path).expect("a path written in a test"),
        value,
        prev: head.map(|head| head.hash),
        over: journal.fold().cell(path).map(|cell| cell.hash),
        over_also: Vec::new(),
        clock: ClockReading { wall_ms: ms, mono_ms: ms - START_MS + 500, offset_min: 480 },
        reason: None,
        extra: std::collections::BTreeMap::new(),
        device,
    }
}

pub fn append(journal: &mut Journal, author: &DeviceKey, ms: u64, path: &str, value: Value) {
    let entry = make_entry(next_change(journal, author, ms, path, value));
    journal.insert(entry).expect("the change is of this record");
}

pub fn seal(journal: &mut Journal, author: &DeviceKey, ms: u64) {
    let value = serde_json::to_value(make_seal(journal, author)).expect("a seal is JSON");
    append(journal, author, ms, "seals/1", value);
}

/// Bytes that begin like a JPEG file and differ by their seed.
pub fn jpeg(seed: u8, size: usize) -> Vec<u8> {
    let body = (0..size).map(|index| (index % 251) as u8 ^ seed);
    [0xff, 0xd8, 0xff, 0xe0].into_iter().chain(body).collect()
}

pub fn photo(seed: u8, size: usize) -> Photo {
    let bytes = jpeg(seed, size);
    Photo { sha256: sha256(&bytes), mime: Mime::Jpeg, bytes, extra: Extra::new() }
}

/// Two records by two devices, the first one sealed, and two photos.
pub fn sample_records() -> Vec<Journal> {
    let (phone, tablet) = (key(1), key(2));
    let mut visit = Journal::new(record_id(1));
    append(&mut visit, &phone, START_MS + 1_000, "kind", json!("inspection"));
    append(&mut visit, &phone, START_MS + 2_000, "unit/name", json!("示例有限公司"));
    append(&mut visit, &tablet, START_MS + 3_000, "answers/elevator-003/verdict", json!("no"));
    append(&mut visit, &phone, START_MS + 4_000, "photos/p1", json!({ "sha256": photo(1, 60).sha256, "item": "elevator-003" }));
    seal(&mut visit, &phone, START_MS + 5_000);
    let mut hazard = Journal::new(record_id(2));
    append(&mut hazard, &tablet, START_MS + 6_000, "kind", json!("hazard"));
    append(&mut hazard, &tablet, START_MS + 7_000, "photos/p2", json!({ "sha256": photo(2, 45).sha256 }));
    vec![visit, hazard]
}

pub fn write(header: &Header, records: &[(Journal, Extra)], photos: &[Photo], sealer: &DeviceKey) -> Vec<u8> {
    let (mut writer, mut file) = Writer::begin(header).expect("a good header");
    for (journal, extra) in records {
        file.extend(writer.record(journal, extra).expect("a good record"));
    }
    for photo in photos {
        file.extend(writer.photo(photo).expect("a good photo"));
    }
    file.extend(writer.finish(sealer).expect("the sender's key"));
    file
}

pub fn sample_bundle() -> Vec<u8> {
    let records: Vec<_> = sample_records().into_iter().map(|journal| (journal, Extra::new())).collect();
    write(&header(&key(1), 1, 1), &records, &[photo(1, 60), photo(2, 45)], &key(1))
}

/// The parts of the sample as JSON, to be spoiled and sealed again.
pub struct Forgery {
    pub header: Value,
    pub records: Vec<Value>,
    pub photos: Vec<Value>,
    pub sealer: DeviceKey,
}

impl Forgery {
    pub fn of(file: &[u8]) -> Self {
        let mut json: Value = serde_json::from_slice(file).expect("a bundle is JSON");
        let list = |value: &mut Value| value.as_array().expect("a list").clone();
        Self { header: json["header"].take(), records: list(&mut json["records"]), photos: list(&mut json["photos"]), sealer: key(1) }
    }

    pub fn sample() -> Self {
        Self::of(&sample_bundle())
    }

    /// Gives a change a digest that fits its content.
    pub fn rehash(change: &mut Value) {
        let mut content = change.clone();
        content.as_object_mut().expect("a change").remove("hash");
        change["hash"] = json!(sha256(&canonical_json(&content)));
    }

    pub fn sealed(&self) -> Vec<u8> {
        let lines = |items: &[Value]| items.iter().map(canonical_json).collect::<Vec<_>>();
        seal_lines(&canonical_json(&self.header), &lines(&self.records), &lines(&self.photos), &self.sealer)
    }
}

/// Puts any lines into the frame, with a seal that fits them.
pub fn seal_lines(header: &[u8], records: &[Vec<u8>], photos: &[Vec<u8>], sealer: &DeviceKey) -> Vec<u8> {
    let digests = |lines: &[Vec<u8>]| lines.iter().map(|line| sha256(line).to_string()).collect::<Vec<_>>();
    let covered = json!({ "header": sha256(header), "records": digests(records), "photos": digests(photos) });
    let digest = sha256(&canonical_json(&covered));
    let mut seal = covered;
    seal["alg"] = json!("Ed25519");
    seal["digest"] = json!(digest);
    seal["key"] = json!(sealer.public());
    seal["sig"] = json!(sealer.sign(Purpose::BundleSeal, &digest.0));
    frame(header, records, photos, &canonical_json(&seal))
}

pub fn frame(header: &[u8], records: &[Vec<u8>], photos: &[Vec<u8>], seal: &[u8]) -> Vec<u8> {
    let list = |lines: &[Vec<u8>]| {
        let text = lines.join(&b",\n"[..]);
        if text.is_empty() { text } else { [&text[..], b"\n"].concat() }
    };
    [
        b"{\"format\":\"spotcheck-bundle\",\"version\":1,\"header\":",
        header,
        b",\"records\":[\n",
        &list(records),
        b"],\"photos\":[\n",
        &list(photos),
        b"],\"seal\":",
        seal,
        b"}\n",
    ]
    .concat()
}
