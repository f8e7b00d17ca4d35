//! What the check of bundles and case folders finds, case by case.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what they expect")]

mod corpus;

use std::collections::BTreeMap;

use corpus::{START_MS, append, header, key, photo, record_id, seal, write};
use proptest::prelude::*;
use serde_json::{Value, json};
use spotcheck::app::verify::{Checker, Grade, LIST, Source, Verified, is_case_folder, record_file};
use spotcheck::bundle::Extra;
use spotcheck::domain::journal::Journal;
use spotcheck::evidence::chain::sha256;
use spotcheck::evidence::paper::{Agreement, compare, seal_digest};

/// A sealed visit of one device, with a photo and two signatures.
fn visit() -> Journal {
    let (phone, mut visit) = (key(1), Journal::new(record_id(1)));
    for (path, value) in [
        ("kind", json!("inspection")),
        ("unit/name", json!("示例有限公司")),
        ("answers/elevator-003/verdict", json!("fail")),
        ("photos/p1", json!({ "sha256": photo(1, 60).sha256, "item": "elevator-003" })),
        ("signatures/inspector1", json!({ "name": "张示例", "strokes": [[1, 2, 3, 4]], "aspect": 2, "at_ms": START_MS })),
        ("signatures/attendant", json!({ "refused": true, "reason": "不同意结论", "witness": "", "at_ms": START_MS })),
    ] {
        append(&mut visit, &phone, START_MS + 1_000, path, value);
    }
    seal(&mut visit, &phone, START_MS + 5_000);
    visit
}

fn amended() -> Journal {
    let mut visit = visit();
    append(&mut visit, &key(1), START_MS + 9_000, "unit/name", json!("示例商场有限公司"));
    visit
}

fn bundle(journal: &Journal, k: u32, n: u32) -> Vec<u8> {
    write(&header(&key(1), k, n), &[(journal.clone(), Extra::new())], &[photo(1, 60)], &key(1))
}

type Files = BTreeMap<String, Vec<u8>>;

fn first(text: &str, count: usize) -> String {
    text.chars().take(count).collect()
}

fn record_name() -> String {
    format!("{}.json", record_id(1))
}

fn photo_name() -> String {
    format!("{}.jpg", first(&photo(1, 60).sha256.to_string(), 16))
}

fn list_of(files: &Files) -> Vec<u8> {
    let line = |(name, bytes): (&String, &Vec<u8>)| format!("{}  {name}\n", sha256(bytes));
    files.iter().filter(|(name, _)| *name != LIST).map(line).collect::<String>().into_bytes()
}

/// The files that the command extracts.
fn folder(journal: &Journal) -> Files {
    let mut files = Files::from([(record_name(), record_file(journal).into_bytes()), (photo_name(), photo(1, 60).bytes)]);
    files.insert(LIST.to_owned(), list_of(&files));
    files
}

fn run(mut checker: Checker, files: &Files, piece: usize) -> Vec<Verified> {
    for (name, bytes) in files {
        checker.open(name);
        bytes.chunks(piece).for_each(|bytes| checker.feed(bytes));
        checker.close(true);
    }
    checker.finish()
}

fn codes(verified: &Verified) -> Vec<&'static str> {
    verified.problems.iter().map(|problem| problem.what.code()).collect()
}

#[track_caller]
fn check_bundle(bytes: &[u8], grade: Grade, expected: &[&str]) -> Verified {
    let files = Files::from([("a.json".to_owned(), bytes.to_vec())]);
    let found = run(Checker::bundles(), &files, 100).remove(0);
    assert_eq!(run(Checker::bundles(), &files, 1 << 20), std::slice::from_ref(&found), "whatever the pieces");
    assert_eq!((found.grade(), codes(&found)), (grade, expected.to_vec()), "{:?}", found.problems);
    assert_eq!((found.size_bytes, found.sha256), (bytes.len() as u64, sha256(bytes)));
    found
}

#[track_caller]
fn check_folder(what: &str, spoil: impl Fn(&mut Files), grade: Grade, expected: &[&str]) -> Verified {
    let mut files = folder(&visit());
    spoil(&mut files);
    let found = run(Checker::folder("案卷"), &files, 100).remove(0);
    assert_eq!((found.grade(), codes(&found)), (grade, expected.to_vec()), "{what}: {:?}", found.problems);
    found
}

#[test]
fn a_good_bundle_says_what_is_in_it() {
    let found = check_bundle(&bundle(&visit(), 1, 1), Grade::Good, &[]);
    assert_eq!((found.source, found.changes, found.photos, found.sealed()), (Source::Bundle, 7, 1, 1));
    assert_eq!(found.header.as_ref().unwrap().from.bureau, corpus::BUREAU);
    let line = &found.records[0];
    assert_eq!((line.kind.as_str(), line.title.as_str(), line.photos), ("inspection", "示例有限公司", 1));
    assert_eq!(line.digest, seal_digest(&visit()));
    assert_eq!(line.sealed_by, [key(1).device()]);
    let signers: Vec<_> = line.signers.iter().map(|one| (one.role.as_str(), one.text.as_str(), one.refused)).collect();
    assert_eq!(signers, [("attendant", "不同意结论", true), ("inspector1", "张示例", false)]);
}

#[test]
fn what_holds_and_should_be_known_is_told() {
    let found = check_bundle(&bundle(&amended(), 1, 2), Grade::Odd, &["amended", "parts_absent"]);
    assert_eq!(found.problems[0].place.title, "示例商场有限公司");
    let mut open = Journal::new(record_id(1));
    append(&mut open, &key(1), START_MS, "kind", json!("inspection"));
    append(&mut open, &key(1), START_MS, "photos/p1", json!({ "sha256": photo(1, 60).sha256 }));
    check_bundle(&bundle(&open, 1, 1), Grade::Odd, &["unsealed"]);
    // Lines of ledgers are never sealed.
    let mut unit = Journal::new(record_id(1));
    append(&mut unit, &key(1), START_MS, "kind", json!("unit"));
    append(&mut unit, &key(1), START_MS, "photos/p1", json!({ "sha256": photo(1, 60).sha256 }));
    check_bundle(&bundle(&unit, 1, 1), Grade::Good, &[]);
}

#[test]
fn a_bundle_that_was_altered_is_refused_as_a_whole() {
    let mut bytes = bundle(&visit(), 1, 1);
    let at = bytes.windows(6).position(|window| window == b"\"fail\"").unwrap();
    bytes[at + 1] ^= 1;
    let found = check_bundle(&bytes, Grade::Bad, &["entry_hash"]);
    assert_eq!(found.problems[0].place.record, Some(record_id(1)));
    assert!(found.records.is_empty() && found.photos == 0, "nothing of it is relied on");
    let mut bytes = bundle(&visit(), 1, 1);
    let at = bytes.windows(8).position(|window| window == b"\"data\":\"").unwrap() + 40;
    bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
    let found = check_bundle(&bytes, Grade::Bad, &["photo_hash"]);
    assert_eq!(found.problems[0].place.record, Some(record_id(1)), "whose photo it is");
    assert_eq!(found.problems[0].place.title, "示例有限公司");
    check_bundle(&bundle(&visit(), 1, 1)[..900], Grade::Bad, &["truncated"]);
    check_bundle(b"hello", Grade::Bad, &["not_a_bundle"]);
    check_bundle(b"", Grade::Bad, &["truncated"]);
}

#[test]
fn files_are_compared_with_each_other() {
    let files = Files::from([("1.json".to_owned(), bundle(&visit(), 1, 2)), ("2.json".to_owned(), bundle(&visit(), 2, 2))]);
    let found = run(Checker::bundles(), &files, 4_096);
    assert_eq!(found.iter().map(Verified::grade).collect::<Vec<_>>(), [Grade::Good, Grade::Good]);
    let mut other = visit();
    append(&mut other, &key(1), START_MS + 9_000, "unit/name", json!("另一有限公司"));
    let files = Files::from([("1.json".to_owned(), bundle(&amended(), 1, 1)), ("2.json".to_owned(), bundle(&other, 1, 1))]);
    let found = run(Checker::bundles(), &files, 4_096);
    for (one, other) in found.iter().zip(["2.json", "1.json"]) {
        assert_eq!((one.grade(), codes(one)), (Grade::Bad, vec!["other_file", "amended"]));
        assert_eq!(one.problems[0].what.values().last().unwrap(), other);
    }
}

#[test]
fn a_file_that_could_not_be_read_has_no_verdict() {
    let mut checker = Checker::bundles();
    checker.open("a.json");
    checker.feed(&bundle(&visit(), 1, 1)[..500]);
    checker.close(false);
    let found = checker.finish().remove(0);
    assert!(found.is_unread() && found.grade() == Grade::Bad);
    let mut checker = Checker::folder("案卷");
    for (name, bytes) in folder(&visit()) {
        checker.open(&name);
        checker.feed(&bytes);
        checker.close(name != photo_name());
    }
    let found = checker.finish().remove(0);
    assert_eq!(codes(&found), ["unreadable", "photo_absent"]);
    assert!(found.is_unread());
}

#[test]
fn a_case_folder_as_it_was_written_holds() {
    let found = check_folder("as written", |_| (), Grade::Good, &[]);
    assert_eq!((found.source, found.photos, found.sealed()), (Source::Folder { files: 2 }, 1, 1));
    assert_eq!(found.sha256, sha256(&folder(&visit())[LIST]), "the digest is that of the list");
    let lists = |files: &mut Files| *files = folder(&amended());
    check_folder("amended", lists, Grade::Odd, &["amended"]);
}

/// What a person may do to a folder, the list of digests made anew or not.
#[test]
fn what_is_done_to_a_case_folder_is_found() {
    let edit = |files: &mut Files, edit: &dyn Fn(&mut Value)| {
        let mut record: Value = serde_json::from_slice(&files[&record_name()]).unwrap();
        edit(&mut record);
        files.insert(record_name(), format!("{record:#}\n").into_bytes());
        files.insert(LIST.to_owned(), list_of(files));
    };
    let swap = |files: &mut Files| drop(files.insert(photo_name(), photo(2, 60).bytes));
    let found = check_folder("a swapped photo", swap, Grade::Bad, &["photo_hash", "not_as_listed"]);
    assert_eq!(found.problems[0].place.record, Some(record_id(1)), "whose photo it is");
    let swap_and_list = |files: &mut Files| {
        swap(files);
        files.insert(LIST.to_owned(), list_of(files));
    };
    check_folder("a swapped photo, listed anew", swap_and_list, Grade::Bad, &["photo_hash"]);
    let rename = |files: &mut Files| {
        files.remove(&photo_name());
        files.insert(format!("{}.jpg", photo(2, 60).sha256), photo(2, 60).bytes);
        files.insert(LIST.to_owned(), list_of(files));
    };
    check_folder("another photo under its own name", rename, Grade::Odd, &["photo_absent", "photo_unnamed"]);
    let state = |files: &mut Files| edit(files, &|record| record["state"]["unit/name"] = json!("另一有限公司"));
    check_folder("another state", state, Grade::Bad, &["state"]);
    let change = |files: &mut Files| edit(files, &|record| record["history"][1]["value"] = json!("另一有限公司"));
    check_folder("another value in the history", change, Grade::Bad, &["change"]);
    let rehashed = |files: &mut Files| {
        edit(files, &|record| {
            record["history"][1]["value"] = json!("另一有限公司");
            corpus::Forgery::rehash(&mut record["history"][1]);
            record["state"]["unit/name"] = json!("另一有限公司");
        });
    };
    check_folder("a change with a new digest", rehashed, Grade::Bad, &["chain_prev"]);
    let shorter = |files: &mut Files| edit(files, &|record| drop(record["history"].as_array_mut().unwrap().remove(1)));
    check_folder("a change taken out", shorter, Grade::Bad, &["chain_gap", "state"]);
    let unsealed = |files: &mut Files| {
        edit(files, &|record| {
            record["history"].as_array_mut().unwrap().pop();
            record["state"].as_object_mut().unwrap().remove("seals/1");
        });
    };
    check_folder("the seal taken off", unsealed, Grade::Odd, &["unsealed"]);
    let note = |files: &mut Files| edit(files, &|record| record["history"][1]["amendment"] = json!(true));
    check_folder("a mark that is not true", note, Grade::Bad, &["rewritten"]);
    let twice = |files: &mut Files| {
        let text = String::from_utf8(files[&record_name()].clone()).unwrap();
        files.insert(record_name(), text.replacen("\"state\": {", "\"state\": {},\n  \"state\": {", 1).into_bytes());
        files.insert(LIST.to_owned(), list_of(files));
    };
    check_folder("a name that stands twice", twice, Grade::Bad, &["rewritten"]);
    let renamed = |files: &mut Files| {
        let bytes = files.remove(&record_name()).unwrap();
        files.insert(format!("{}.json", record_id(2)), bytes);
        files.insert(LIST.to_owned(), list_of(files));
    };
    check_folder("a record under another name", renamed, Grade::Bad, &["other_record"]);
    let gone = |files: &mut Files| drop(files.remove(&photo_name()));
    check_folder("a photo taken away", gone, Grade::Bad, &["absent", "photo_absent"]);
    check_folder("no list", |files| drop(files.remove(LIST)), Grade::Odd, &["no_list"]);
    check_folder("one file more", |files| drop(files.insert("notes.txt".to_owned(), b"x".to_vec())), Grade::Odd, &["unlisted"]);
    let scribble = |files: &mut Files| files.get_mut(LIST).unwrap().extend(b"hello\n");
    check_folder("a line that is none", scribble, Grade::Bad, &["list_line"]);
    let star = |files: &mut Files| {
        let list = String::from_utf8(files[LIST].clone()).unwrap().replace("  ", " *");
        files.insert(LIST.to_owned(), list.into_bytes());
    };
    check_folder("another form", star, Grade::Bad, &["list_line", "list_line", "unlisted", "unlisted"]);
    let turned = |files: &mut Files| {
        let list: String = String::from_utf8(files[LIST].clone()).unwrap().lines().rev().map(|line| format!("{line}\n")).collect();
        files.insert(LIST.to_owned(), list.into_bytes());
    };
    let found = check_folder("another order", turned, Grade::Bad, &["list_line"]);
    assert_eq!(found.problems[0].what.values(), ["1"]);
    let text = |files: &mut Files| drop(files.insert(record_name(), b"{}".to_vec()));
    check_folder("no record", text, Grade::Bad, &["no_record", "not_as_listed", "empty", "photo_unnamed"]);
    check_folder("nothing at all", |files| files.clear(), Grade::Bad, &["empty", "no_list"]);
    let kind = |files: &mut Files| {
        let bytes = files.remove(&photo_name()).unwrap();
        files.insert(photo_name().replace(".jpg", ".png"), bytes);
        files.insert(LIST.to_owned(), list_of(files));
    };
    check_folder("another ending", kind, Grade::Bad, &["photo_kind", "photo_absent"]);
}

#[test]
fn folders_are_told_from_bundles_by_their_names() {
    for (names, expected) in [
        (&["案卷/SHA256SUMS"][..], true),
        (&["a/0192a4c0-0000-7000-8000-000000000001.json"], true),
        (&["spotcheck-20261124-1of2.json", "spotcheck-20261124-2of2.json"], false),
        (&[], false),
    ] {
        assert_eq!(is_case_folder(names.iter().copied()), expected, "{names:?}");
    }
}

#[test]
fn prints_are_compared_with_the_seals() {
    let digits = |journal: &Journal| first(&seal_digest(journal).unwrap().to_string(), 16);
    let mut again = amended();
    let value = serde_json::to_value(spotcheck::evidence::seal::make_seal(&again, &key(1))).unwrap();
    append(&mut again, &key(1), START_MS + 9_500, "seals/2", value);
    assert_eq!(compare(&visit(), &digits(&visit())), Agreement::Same);
    assert_eq!(compare(&amended(), &digits(&visit())), Agreement::Same, "an amendment alone is no seal");
    assert_eq!(compare(&again, &digits(&visit())), Agreement::Earlier);
    assert_eq!(compare(&visit(), &digits(&again)), Agreement::Other);
    assert_eq!(compare(&visit(), &first(&digits(&visit()), 8)), Agreement::Other, "too few digits prove nothing");
    assert_eq!(compare(&Journal::new(record_id(1)), &digits(&visit())), Agreement::Unsealed);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    /// One changed byte anywhere in a bundle or a case folder never goes by unnoticed.
    #[test]
    fn no_changed_byte_is_good(which in 0_usize..4, at in any::<prop::sample::Index>(), flip in 1_u8..) {
        let mut files = folder(&visit());
        let name = files.keys().nth(which).cloned();
        let found = match name {
            Some(name) => {
                let bytes = files.get_mut(&name).unwrap();
                let at = at.index(bytes.len());
                bytes[at] ^= flip;
                run(Checker::folder("案卷"), &files, 1_000).remove(0)
            }
            None => {
                let mut bytes = bundle(&visit(), 1, 1);
                let at = at.index(bytes.len());
                bytes[at] ^= flip;
                run(Checker::bundles(), &Files::from([("a.json".to_owned(), bytes)]), 1_000).remove(0)
            }
        };
        prop_assert_eq!(found.grade(), Grade::Bad);
    }

    /// Bytes that are nobody's records are told, never a panic.
    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let mut files = folder(&visit());
        for name in [record_name(), LIST.to_owned(), photo_name()] {
            files.insert(name, bytes.clone());
        }
        let found = run(Checker::folder("案卷"), &files, 7).remove(0);
        prop_assert_eq!(found.grade(), Grade::Bad);
    }
}
