//! The published schema says of written bundles what the reader says.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

mod corpus;

use corpus::{header, key, sample_bundle, write};
use serde_json::{Value, json};

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
        ("/records/0/changes/0/path", json!("/a")),
        ("/photos/0/mime", json!("text/html")),
        ("/photos/0/data", json!("<>")),
        ("/seal/alg", json!("none")),
        ("/seal/sig", json!("00")),
    ] {
        let mut spoiled = bundle.clone();
        *spoiled.pointer_mut(pointer).unwrap() = value;
        assert!(!accepts(&spoiled), "{pointer}");
    }
}
