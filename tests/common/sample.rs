//! Made-up work that passes every check of the store.

use serde_json::Value;
use spotcheck::domain::change::{Change, ClockReading, Path, Sha256};
use spotcheck::domain::id::{DeviceId, RecordId};
use spotcheck::domain::time::{Hlc, Instant};
use spotcheck::evidence::chain::{canonical_json, entry_to_json, make_entry, sha256};
use spotcheck::port::shelf::{Op, Table};

/// A change of a record, as it is stored.
pub fn change(seq: u64, value: &str) -> Op {
    let change = Change {
        record: RecordId::make(1_795_500_000_000, &[7; 10]),
        device: DeviceId::parse("d0123456789abcdef").expect("well formed"),
        seq,
        at: Hlc::default().tick(Instant::from_ms(1_795_500_000_000 + seq)),
        by: "张三".to_owned(),
        path: Path::parse("answers/elevator-003/value").expect("well formed"),
        value: Value::String(value.to_owned()),
        prev: None::<Sha256>,
        over: None,
        over_also: Vec::new(),
        clock: ClockReading::default(),
        reason: None,
        extra: Default::default(),
    };
    let entry = make_entry(change);
    let key = format!("{}/{}/{seq:010}/{}", entry.change.record, entry.change.device, entry.hash);
    Op::put(Table::Changes, key, canonical_json(&entry_to_json(&entry)))
}

/// A photo of so many bytes.
pub fn photo(seed: u8, size_bytes: usize) -> Op {
    let bytes: Vec<u8> = (0..size_bytes).map(|index| (index as u8).wrapping_mul(31) ^ seed).collect();
    Op::put(Table::Blobs, sha256(&bytes).to_string(), bytes)
}
