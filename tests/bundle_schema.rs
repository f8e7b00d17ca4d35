//! The published schema says of written bundles what the reader says.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

mod corpus;

use corpus::{START_MS, append, header, key, next_change, record_id, sample_bundle, write};
use serde_json::{Value, json};
use spotcheck::domain::journal::Journal;
use spotcheck::evidence::chain::make_entry;

fn accepts(bundle: &Value) -> bool {
    let schema: Value = serde_json::from_str(include_str!("../public/content/schema/bundle.schema.json")).unwrap();
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    compiler.add_resource("bundle.json", schema).unwrap();
    let index = compiler.compile("bundle.json", &mut schemas).unwrap();
    schemas.validate(bundle, index).is_ok()
}

#[test]
fn accepts_what_the_writer_writes() {
    assert!(accepts(&serde_json::from_slice(&sample_bundle()).unwrap()));
    assert!(accepts(&serde_json::from_slice(&write(&header(&key(1), 2, 3), &[], &[], &key(1))).unwrap()));
}

/// A bundle in which one person settles what two others had written at one path.
fn settled_conflict() -> Value {
    let mut journal = Journal::new(record_id(3));
    append(&mut journal, &key(1), START_MS + 1_000, "unit/name", json!("示例有限公司"));
    let mut unseen = next_change(&journal, &key(2), START_MS + 2_000, "unit/name", json!("示例商场有限公司"));
    unseen.over = None;
    let unseen = make_entry(unseen);
    journal.insert(unseen.clone()).unwrap();
    let mut settling = next_change(&journal, &key(1), START_MS + 3_000, "unit/name", json!("示例商场有限公司"));
    settling.over_also = vec![journal.entries().next().unwrap().hash];
    assert_eq!(settling.over, Some(unseen.hash));
    journal.insert(make_entry(settling)).unwrap();
    serde_json::from_slice(&write(&header(&key(1), 1, 1), &[(journal, Default::default())], &[], &key(1))).unwrap()
}

#[test]
fn knows_what_settles_a_conflict() {
    let bundle = settled_conflict();
    let changes = bundle.pointer("/records/0/changes").and_then(Value::as_array).unwrap();
    let settling = changes.iter().position(|change| change.get("over_also").is_some()).unwrap();
    assert!(accepts(&bundle));
    for wrong in [json!([]), json!(null), json!(["00"]), json!("")] {
        let mut spoiled = bundle.clone();
        spoiled["records"][0]["changes"][settling]["over_also"] = wrong.clone();
        assert!(!accepts(&spoiled), "{wrong}");
    }
}

#[test]
fn refuses_other_forms() {
    let bundle: Value = serde_json::from_slice(&sample_bundle()).unwrap();
    for (pointer, value) in [
        ("/format", json!("other")),
        ("/version", json!(2)),
        ("/header/id", json!("../x")),
        ("/header/created_at", json!("2026-11-24")),
        ("/header/part/k", json!(0)),
        ("/header/from/bureau", json!("局".repeat(121))),
        ("/records/0/changes/0/seq", json!(0)),
        ("/records/0/changes/0/prev", json!("")),
        ("/records/0/changes/0/prev", json!("0".repeat(64))),
        ("/records/0/changes/1/prev", json!(null)),
        ("/records/0/changes/0/at", json!("7999999999999999-00000")),
        ("/records/0/changes/0/path", json!("/a")),
        ("/records/0/changes/0/path", json!("a/../b")),
        ("/records/0/changes/0/path", json!("seals/2")),
        ("/records/0/state/kind", json!(null)),
        ("/records/0/state/seals~11/alg", json!("none")),
        ("/records/0/state/seals~11/heads", json!({ "phone": { "seq": 1, "hash": "0".repeat(64) } })),
        ("/photos/0/mime", json!("text/html")),
        ("/photos/0/data", json!("<>")),
        ("/photos/0/data", json!("AAAAA")),
        ("/seal/alg", json!("none")),
        ("/seal/sig", json!("00")),
    ] {
        let mut spoiled = bundle.clone();
        *spoiled.pointer_mut(pointer).unwrap() = value;
        assert!(!accepts(&spoiled), "{pointer}");
    }
}
