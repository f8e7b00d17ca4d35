//! Files that somebody made to hurt, to cheat or by mistake: each refused with its own code, at its own place.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

mod corpus;

use corpus::{
    Forgery, START_MS, append, frame, header, jpeg, key, next_change, photo, record_id, sample_bundle, sample_records, seal, seal_lines,
    write,
};
use serde_json::{Value, json};
use spotcheck::bundle::{Event, Extra, Limits, Notice, Photo, Reader, Verified, Writer, read_all};
use spotcheck::domain::journal::Journal;
use spotcheck::evidence::chain::{canonical_json, make_entry, sha256};

#[track_caller]
fn refused(name: &str, file: &[u8], code: &str, place: &str) {
    refused_under(name, file, Limits::default(), code, place);
}

#[track_caller]
fn refused_under(name: &str, file: &[u8], limits: Limits, code: &str, place: &str) {
    match read_under(file, limits) {
        Ok(_) => panic!("{name}: was let in"),
        Err(error) => assert_eq!((error.problem.code(), error.place.to_string().as_str()), (code, place), "{name}: {error}"),
    }
}

fn read_under(file: &[u8], limits: Limits) -> Result<Verified, spotcheck::bundle::BundleError> {
    let mut reader = Reader::new(limits);
    for piece in file.chunks(64 * 1024) {
        reader.feed(piece)?;
    }
    reader.finish()
}

/// The sample with one thing changed, and sealed again by its own sender: only the deep checks can find it.
fn forged(change: impl FnOnce(&mut Forgery)) -> Vec<u8> {
    let mut forgery = Forgery::sample();
    change(&mut forgery);
    forgery.sealed()
}

/// The sample with a record's line replaced by any text, sealed again.
fn with_record_line(line: &str) -> Vec<u8> {
    let forgery = Forgery::sample();
    seal_lines(&canonical_json(&forgery.header), &[line.as_bytes().to_vec()], &[], &forgery.sealer)
}

fn with_header_line(line: &str) -> Vec<u8> {
    seal_lines(line.as_bytes(), &[], &[], &key(1))
}

#[test]
fn the_forger_and_the_writer_agree() {
    assert_eq!(Forgery::sample().sealed(), sample_bundle());
    assert!(read_all(&sample_bundle()).is_ok());
}

#[test]
fn other_files() {
    refused("empty", b"", "truncated", "header");
    refused("text", b"hello\n", "not_a_bundle", "format");
    refused("an envelope", b"age-encryption.org/v1\n-> X25519 abc\nabc\n--- abc\n", "encrypted", "format");
    refused("an envelope as text", b"-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n", "encrypted", "format");
    refused("text without an end", b"hello", "not_a_bundle", "format");
    refused("a picture", &jpeg(1, 500), "not_a_bundle", "format");
    refused("gzip", b"\x1f\x8b\x08\x00\x00\x00\x00\x00", "not_a_bundle", "format");
    refused("other JSON", b"{\"type\":\"FeatureCollection\"}\n", "not_a_bundle", "format");
    refused("only line ends", &b"\n".repeat(1000), "not_a_bundle", "format");
    refused("nothing but text", &b"a".repeat(1 << 20), "not_a_bundle", "format");
    let pretty = serde_json::to_vec_pretty(&serde_json::from_slice::<Value>(&sample_bundle()).unwrap()).unwrap();
    refused("printed prettily", &pretty, "frame", "format");
    refused("with a byte order mark", &[b"\xef\xbb\xbf", &sample_bundle()[..]].concat(), "frame", "format");
    let windows = String::from_utf8(sample_bundle()).unwrap().replace('\n', "\r\n");
    refused("with Windows line ends", windows.as_bytes(), "frame", "header");
    refused("twice in one file", &sample_bundle().repeat(2), "trailing", &format!("byte {}", sample_bundle().len()));
    refused("more at the end", &[&sample_bundle()[..], b" "].concat(), "trailing", &format!("byte {}", sample_bundle().len()));
    let future = String::from_utf8(sample_bundle()).unwrap().replacen("\"version\":1", "\"version\":2", 1);
    refused("a later version", future.as_bytes(), "version", "version");
    let future = future.replacen("\"version\":2", "\"version\":10", 1);
    refused("a much later version", future.as_bytes(), "version", "version");
}

#[test]
fn hostile_json() {
    for open in ["[", "{\"a\":"] {
        refused("100,000 levels", with_record_line(&format!("{{\"a\":{}", open.repeat(100_000))).as_slice(), "limit_depth", "records[0]");
    }
    let million = format!("{{\"a\":[{}1]}}", "1,".repeat(1_000_000));
    refused("a million small values", &with_record_line(&million), "limit_values", "records[0]");
    for number in ["1e999", "-1e999", "18446744073709551616", "9007199254740994", "1e300"] {
        refused(number, &with_record_line(&format!("{{\"a\":{number}}}")), "number", "records[0]");
    }
    for number in ["-0", "1.0", "1e2", "9007199254740993", "0.10"] {
        refused(number, &with_record_line(&format!("{{\"a\":{number}}}")), "reformatted", "records[0]");
    }
    for text in [
        "NaN",
        "Infinity",
        "01",
        "+1",
        "'a'",
        "\"\u{1}\"",
        "\"\u{0}\"",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"\\x\"",
        "tru",
        "",
        "1,",
        "//",
    ] {
        refused(text, &with_record_line(&format!("{{\"a\":{text}}}")), "json", "records[0]");
    }
    refused(
        "not UTF-8",
        &seal_lines(&canonical_json(&Forgery::sample().header), &[b"{\"a\":\"\xff\"}".to_vec()], &[], &key(1)),
        "utf8",
        "records[0]",
    );
    for line in ["{\"a\":1,\"a\":1}", "{\"a\":1,\"a\":2}", "{\"b\":1,\"a\":1}", "{ \"a\":1}", "{\"a\":\"\\u0041\"}", "{\"a\":\"\\/\"}"] {
        refused(line, &with_record_line(line), "reformatted", "records[0]");
    }
    for line in ["null", "[]", "1", "\"a\""] {
        refused(line, &with_record_line(line), "malformed", "records[0]");
    }
    refused("no fields", &with_record_line("{}"), "missing", "records[0].id");
    refused("two records on one line", &with_record_line("{},{}"), "json", "records[0]");
    let surrogate = with_header_line("{\"id\":\"\\ud800\"}");
    refused("a lone surrogate in the header", &surrogate, "json", "header");
}

#[test]
fn hostile_headers() {
    let header = |change: fn(&mut Value)| forged(|forgery| change(&mut forgery.header));
    refused("no id", &header(|header| header["id"] = json!(null)), "malformed", "header.id");
    refused("a path for an id", &header(|header| header["id"] = json!("../../etc/passwd")), "malformed", "header.id");
    refused("no sender", &header(|header| header["from"] = json!([])), "malformed", "header.from");
    refused("another's device", &header(|header| header["from"]["device"] = json!(key(2).device())), "sender_device", "header.from.device");
    refused("another's key", &header(|header| header["from"]["key"] = json!(key(2).public())), "sender_device", "header.from.device");
    refused("part 0", &header(|header| header["part"]["k"] = json!(0)), "part_range", "header.part");
    refused("part 2 of 1", &header(|header| header["part"]["k"] = json!(2)), "part_range", "header.part");
    refused("1000 parts", &header(|header| header["part"]["n"] = json!(1000)), "limit_parts", "header.part.n");
    refused("part 1.5", &header(|header| header["part"]["k"] = json!(1.5)), "malformed", "header.part.k");
    for time in ["0000-01-01T00:00:00.000Z", "2026-02-30T00:00:00.000Z", "2026-11-24", "2026-11-24T06:03:00.000+08:00"] {
        refused(time, &forged(|forgery| forgery.header["created_at"] = json!(time)), "malformed", "header.created_at");
    }
    for (count, good) in [(119, true), (120, true), (121, false)] {
        let file = forged(|forgery| forgery.header["from"]["bureau"] = json!("局".repeat(count)));
        assert_eq!(read_all(&file).is_ok(), good, "{count}");
    }
}

#[test]
fn hostile_changes() {
    let change = |index: usize, change: fn(&mut Value)| forged(|forgery| change(&mut forgery.records[0]["changes"][index]));
    let rehashed = |index: usize, change: fn(&mut Value)| {
        forged(|forgery| {
            let entry = &mut forgery.records[0]["changes"][index];
            change(entry);
            Forgery::rehash(entry);
        })
    };
    refused("a value altered", &change(1, |entry| entry["value"] = json!("another")), "entry_hash", "records[0].changes[1]");
    refused("no digest", &change(1, |entry| entry["hash"] = json!(null)), "malformed", "records[0].changes[1]");
    // The sample's changes are in the order of the devices: which of the two comes first follows from their keys.
    let first_of_second = if key(1).device() < key(2).device() { 4 } else { 0 };
    let second_of_first = if first_of_second == 4 { 1 } else { 2 };
    let place = |field: &str| format!("records[0].changes[{second_of_first}]{field}");
    let sealed_again = |field: &'static str, value: Value| {
        forged(|forgery| {
            let entry = &mut forgery.records[0]["changes"][second_of_first];
            entry[field] = value;
            Forgery::rehash(entry);
        })
    };
    refused("another predecessor", &sealed_again("prev", json!(sha256(b"x"))), "chain_prev", &place(".prev"));
    refused("no predecessor", &sealed_again("prev", json!(null)), "chain_prev", &place(".prev"));
    refused("out of order in time", &sealed_again("at", json!("0000000000001-00000")), "chain_order", &place(".at"));
    refused("another record's change", &sealed_again("record", json!(record_id(9))), "other_record", &place(".record"));
    refused("a device that is none", &sealed_again("device", json!("../x")), "malformed", &place(""));
    refused("a path that leads out", &sealed_again("path", json!("a/../b")), "malformed", &place(""));
    refused(
        "a field more in the clock",
        &sealed_again("clock", json!({"wall_ms":1,"mono_ms":1,"offset_min":0,"x":1})),
        "malformed",
        &place(""),
    );
    refused("no reason at all", &sealed_again("reason", json!(null)), "malformed", &place(""));
    refused("a number for a name", &rehashed(0, |entry| entry["by"] = json!(1)), "malformed", "records[0].changes[0]");
    let cut = forged(|forgery| {
        forgery.records[0]["changes"].as_array_mut().unwrap().remove(second_of_first);
    });
    refused("a change cut out", &cut, "chain_gap", &place(".seq"));
    let swapped = forged(|forgery| forgery.records[0]["changes"].as_array_mut().unwrap().swap(0, 1));
    assert_eq!(read_all(&swapped).expect_err("swapped").problem.code(), "changes_order");
    let doubled = forged(|forgery| {
        let changes = forgery.records[0]["changes"].as_array_mut().unwrap();
        changes.insert(0, changes[0].clone());
    });
    refused("a change twice", &doubled, "changes_order", "records[0].changes[1]");
    refused("another state", &forged(|forgery| forgery.records[0]["state"]["unit/name"] = json!("x")), "state", "records[0].state");
    refused("a state with more", &forged(|forgery| forgery.records[0]["state"]["__proto__"] = json!({})), "state", "records[0].state");
    refused("another kind", &forged(|forgery| forgery.records[0]["kind"] = json!("hazard")), "kind", "records[0].kind");
    let twice = forged(|forgery| forgery.records[1] = forgery.records[0].clone());
    refused("a record twice", &twice, "record_twice", "records[1].id");
}

/// The line of a journal as it is, sealed by the sample's sender, without the writer's checks.
fn bundle_of(journal: &Journal) -> Vec<u8> {
    let line = spotcheck::bundle::record_line(journal, &Extra::new());
    seal_lines(&canonical_json(&Forgery::sample().header), &[line], &[], &key(1))
}

#[test]
fn forks_and_false_seals() {
    let mut forked = sample_records().remove(1);
    let one = make_entry(next_change(&forked, &key(2), START_MS + 8_000, "note", json!("one")));
    let other = make_entry(next_change(&forked, &key(2), START_MS + 8_000, "note", json!("other")));
    forked.insert(one).unwrap();
    forked.insert(other).unwrap();
    refused("a fork", &bundle_of(&forked), "fork", "records[0].changes[3].seq");

    let mut stolen = sample_records().remove(1);
    let seal_of_another = sample_records().remove(0).fold().get("seals/1").unwrap().clone();
    append(&mut stolen, &key(2), START_MS + 8_000, "seals/1", seal_of_another);
    refused("another record's seal", &bundle_of(&stolen), "record_seal", "records[0].changes[2].value");

    let mut empty = sample_records().remove(1);
    append(&mut empty, &key(2), START_MS + 8_000, "seals/1", json!({"alg": "none"}));
    refused("a seal without a signature", &bundle_of(&empty), "record_seal", "records[0].changes[2].value");

    let (mut writer, _) = Writer::begin(&header(&key(1), 1, 1)).unwrap();
    let error = writer.record(&forked, &Extra::new()).expect_err("the writer refuses what the reader would");
    assert_eq!(error.problem.code(), "fork");
}

#[test]
fn hostile_photos() {
    let photo_field = |field: &'static str, value: Value| forged(|forgery| forgery.photos[1][field] = value);
    let data = Forgery::sample().photos[1]["data"].as_str().unwrap().to_owned();
    refused("wrong padding", &photo_field("data", json!(data.trim_end_matches('='))), "base64", "photos[1].data");
    refused("more padding", &photo_field("data", json!(format!("{data}===="))), "base64", "photos[1].data");
    refused("spaces in the data", &photo_field("data", json!(data.replacen('A', " ", 1))), "base64", "photos[1].data");
    refused("the other base64", &photo_field("data", json!(data.replace('/', "_"))), "base64", "photos[1].data");
    // 49 bytes: the last sign before the padding has unused bits.
    let loose = data.replace("==", "").chars().rev().skip(1).collect::<String>().chars().rev().chain("B==".chars()).collect::<String>();
    refused("unused bits set", &photo_field("data", json!(loose)), "base64", "photos[1].data");
    refused("wrong size", &photo_field("size_bytes", json!(3)), "photo_size", "photos[1].size_bytes");
    refused("negative size", &photo_field("size_bytes", json!(-1)), "malformed", "photos[1].size_bytes");
    refused("the right digest for the wrong file", &photo_field("sha256", json!(sha256(b"x"))), "photo_hash", "photos[1].data");
    refused("data that is no text", &photo_field("data", json!([])), "malformed", "photos[1].data");
    refused("a page as a picture", &photo_field("mime", json!("text/html")), "malformed", "photos[1].mime");
    refused("a drawing that can run", &photo_field("mime", json!("image/svg+xml")), "malformed", "photos[1].mime");
    refused("a PNG that is none", &photo_field("mime", json!("image/png")), "photo_kind", "photos[1].mime");
    let html = forged(|forgery| {
        let bytes = b"<html><script>alert(1)</script>";
        forgery.photos[1] = json!({ "mime": "image/jpeg", "sha256": sha256(bytes), "size_bytes": bytes.len(), "data": base64_of(bytes) });
    });
    refused("a page that says it is a JPEG", &html, "photo_kind", "photos[1].mime");
    refused("a photo twice", &forged(|forgery| forgery.photos[1] = forgery.photos[0].clone()), "photo_twice", "photos[1].sha256");
    let forgery = Forgery::sample();
    let line = String::from_utf8(canonical_json(&forgery.photos[0])).unwrap();
    for (name, line) in [
        ("data twice", line.replacen('{', "{\"data\":\"AAAA\",", 1)),
        ("data under a hidden name", line.replacen("\"data\"", "\"d\\u0061ta\"", 1)),
        ("spaced", line.replacen(':', ": ", 1)),
    ] {
        let file = seal_lines(&canonical_json(&forgery.header), &[], &[line.into_bytes()], &forgery.sealer);
        refused(name, &file, "reformatted", "photos[0]");
    }
}

fn base64_of(bytes: &[u8]) -> String {
    base64::Engine::encode(&base64::engine::general_purpose::STANDARD, bytes)
}

#[test]
fn hostile_seals() {
    refused("another's seal", &forged(|forgery| forgery.sealer = key(2)), "seal_key", "seal.key");
    let forgery = Forgery::sample();
    let header_line = canonical_json(&forgery.header);
    let lines = |items: &[Value]| items.iter().map(canonical_json).collect::<Vec<_>>();
    let (records, photos) = (lines(&forgery.records), lines(&forgery.photos));
    let file: Value = serde_json::from_slice(&sample_bundle()).unwrap();
    let seal = |change: &dyn Fn(&mut Value)| {
        let mut seal = file["seal"].clone();
        change(&mut seal);
        frame(&header_line, &records, &photos, &canonical_json(&seal))
    };
    refused("no algorithm", &seal(&|seal| seal["alg"] = json!("none")), "malformed", "seal.alg");
    refused("a field more", &seal(&|seal| seal["x"] = json!(1)), "unexpected", "seal");
    refused("another digest", &seal(&|seal| seal["digest"] = json!(sha256(b"x"))), "seal_digest", "seal.digest");
    refused("another line digest", &seal(&|seal| seal["records"][1] = json!(sha256(b"x"))), "seal_digest", "seal.records[1]");
    refused("another photo digest", &seal(&|seal| seal["photos"][0] = json!(sha256(b"x"))), "seal_digest", "seal.photos[0]");
    refused("another header digest", &seal(&|seal| seal["header"] = json!(sha256(b"x"))), "seal_digest", "seal.header");
    refused("a short signature", &seal(&|seal| seal["sig"] = json!("00")), "malformed", "seal.sig");
    refused("a zero signature", &seal(&|seal| seal["sig"] = json!("00".repeat(64))), "seal_signature", "seal.sig");
    refused(
        "upper case",
        &seal(&|seal| seal["digest"] = json!(seal["digest"].as_str().unwrap().to_uppercase())),
        "malformed",
        "seal.digest",
    );

    // The seal of an honest bundle under other content of the same sender.
    let honest = canonical_json(&file["seal"]);
    let mut renamed = forgery.header.clone();
    renamed["purpose"] = json!("backup");
    refused("replayed under another header", &frame(&canonical_json(&renamed), &records, &photos, &honest), "line_digest", "header");
    refused("without its last record", &frame(&header_line, &records[..1], &photos, &honest), "seal_count", "seal.records");
    refused("without a photo", &frame(&header_line, &records, &photos[1..], &honest), "seal_count", "seal.photos");
    let swapped: Vec<_> = records.iter().rev().cloned().collect();
    refused("records in another order", &frame(&header_line, &swapped, &photos, &honest), "line_digest", "records[0]");
    let swapped: Vec<_> = photos.iter().rev().cloned().collect();
    refused("photos in another order", &frame(&header_line, &records, &swapped, &honest), "line_digest", "photos[0]");
    let mut other = forgery.photos[1].clone();
    other["extra"] = json!("later");
    let changed = [photos[0].clone(), canonical_json(&other)];
    refused("a photo with a field more", &frame(&header_line, &records, &changed, &honest), "line_digest", "photos[1]");
    let error = read_all(&frame(&header_line, &records, &changed, &honest)).expect_err("changed");
    assert!(error.offset > 0 && error.subject.is_some(), "the line and the photo are named, not those of the seal");
}

#[test]
fn broken_frames() {
    let text = String::from_utf8(sample_bundle()).unwrap();
    let with = |from: &str, to: &str| text.replacen(from, to, 1).into_bytes();
    refused("a comma before the end", &with("}\n],\"photos\"", "},\n],\"photos\""), "json", "records[2]");
    refused("no comma between", &with("},\n{", "}\n{"), "frame", "records");
    refused("a list more", &with("],\"photos\":[\n", "],\"more\":[\n],\"photos\":[\n"), "frame", "records");
    let longer = text.strip_suffix("}\n").unwrap().to_owned() + ",\"x\":1}\n";
    refused("a field after the seal", longer.as_bytes(), "json", "seal");
    refused("no photos at all", &with("],\"photos\":[\n", "],\"seal\":"), "frame", "records");
}

#[test]
fn limits_hold_at_their_edge() {
    let file = sample_bundle();
    let longest = file.split(|byte| *byte == b'\n').map(|line| line.len() + 1).max().unwrap();
    let first = file.split(|byte| *byte == b'\n').map(|line| line.len() + 1).next().unwrap();
    let edge = |what: &str, set: &dyn Fn(&mut Limits, usize), exact: usize, place: &str| {
        for (limit, good) in [(exact + 1, true), (exact, true), (exact - 1, false)] {
            let mut limits = Limits::default();
            set(&mut limits, limit);
            if good {
                read_under(&file, limits).unwrap_or_else(|error| panic!("{what} {limit}: {error}"));
            } else {
                refused_under(what, &file, limits, what, place);
            }
        }
    };
    edge("limit_part_bytes", &|limits, limit| limits.part_bytes = limit as u64, file.len(), &format!("byte {}", file.len() - 1));
    edge("limit_line_bytes", &|limits, limit| limits.line_bytes = limit, longest, "records[0]");
    edge("limit_line_bytes", &|limits, limit| limits.header_bytes = limit, first, "header");
    edge("limit_records", &|limits, limit| limits.records = limit, 2, "records[1]");
    edge("limit_changes", &|limits, limit| limits.changes = limit, 5, "records[0].changes");
    edge("limit_photos", &|limits, limit| limits.photos = limit, 2, "photos[1]");
    edge("limit_photo_bytes", &|limits, limit| limits.photo_bytes = limit, 64, "photos[0].size_bytes");
    edge("limit_parts", &|limits, limit| limits.parts = limit as u32, 1, "header.part.n");
    // The record's own object is the first level.
    for (levels, good) in [(63, true), (64, false)] {
        let deep = (1..levels).fold(json!([]), |inner, _| json!([inner]));
        assert_eq!(read_all(&forged(|forgery| forgery.records[0]["later"] = deep)).is_ok(), good, "{levels}");
    }
    for (bytes, good) in [(65_535, true), (65_536, true), (65_537, false)] {
        let long = json!("a".repeat(bytes));
        assert_eq!(read_all(&forged(|forgery| forgery.records[0]["later"] = long)).is_ok(), good, "{bytes}");
    }
}

#[test]
fn a_file_without_line_ends_does_not_fill_the_memory() {
    let mut reader = Reader::new(Limits::default());
    let start = sample_bundle().iter().position(|byte| *byte == b'\n').unwrap() + 1;
    reader.feed(&sample_bundle()[..start]).unwrap();
    let piece = vec![b'a'; 1024 * 1024];
    let refused_at = (0..64).position(|_| reader.feed(&piece).is_err());
    assert_eq!(refused_at, Some(24), "refused with the byte that is over the limit, not at the end of the file");
}

#[test]
fn what_is_strange_but_lawful_survives() {
    let strange = json!({ "__proto__": {"polluted": true}, "constructor": 1, "": "\u{0}", "bidi": "\u{202e}gnp.exe", "zero": "a\u{200b}b", "=cmd": "=1+1" });
    let file = forged(|forgery| {
        forgery.header["later"] = strange.clone();
        forgery.header["from"]["name"] = json!("<script>alert(1)</script>\u{202e}");
        forgery.header["purpose"] = json!("census");
        forgery.records[0]["later"] = strange.clone();
        forgery.photos[0]["later"] = strange.clone();
    });
    let (events, verified) = read_all(&file).unwrap();
    assert!(verified.notices.contains(&Notice::UnknownPurpose { purpose: "census".to_owned() }));
    let (mut first, mut records, mut photos) = (None, Vec::new(), Vec::new());
    for event in events {
        match event {
            Event::Header(header) => first = Some(*header),
            Event::Record(record) => records.push((record.journal, record.extra)),
            Event::Photo(event) => photos.push(event.photo),
            Event::Seal(_) => {}
        }
    }
    assert_eq!(write(&first.unwrap(), &records, &photos, &key(1)), file);
}

#[test]
fn oddities_are_noticed() {
    let mut late = Journal::new(record_id(1));
    append(&mut late, &key(1), START_MS + 1_000, "kind", json!("inspection"));
    let mut jump = next_change(&late, &key(1), START_MS + 2_000, "note", json!("x"));
    jump.clock.wall_ms += 121_000;
    late.insert(make_entry(jump)).unwrap();
    append(
        &mut late,
        &key(1),
        START_MS + 90_000_000,
        "photos/p",
        json!({ "sha256": photo(9, 9).sha256, "original": { "sha256": sha256(b"o"), "kept": false } }),
    );
    let file = write(&header(&key(1), 1, 1), &[(late, Extra::new())], &[photo(1, 10)], &key(1));
    let (_, verified) = read_all(&file).unwrap();
    let (record, device) = (record_id(1), key(1).device());
    assert_eq!(
        verified.notices,
        [
            Notice::Unsealed { record: record.clone() },
            Notice::AfterBundle { record: record.clone(), device: device.clone(), seq: 3 },
            Notice::ClockJump { record: record.clone(), device, seq: 2, by_ms: 121_000 },
            Notice::PhotoUnnamed { sha256: photo(1, 10).sha256 },
            Notice::PhotoElsewhere { record, sha256: photo(9, 9).sha256 },
        ]
    );
    let mut amended = sample_records().remove(0);
    append(&mut amended, &key(2), START_MS + 8_000, "unit/name", json!("示例商店"));
    let file = write(&header(&key(1), 1, 1), &[(amended, Extra::new())], &[], &key(1));
    let notices = read_all(&file).unwrap().1.notices;
    assert!(notices.contains(&Notice::Amended { record: record_id(1), changes: 1 }), "{notices:?}");
}

#[test]
fn the_writer_writes_nothing_that_would_be_refused() {
    let good = header(&key(1), 1, 1);
    for (k, n) in [(0, 1), (2, 1), (1, 1000)] {
        assert!(Writer::begin(&header(&key(1), k, n)).is_err());
    }
    let (mut writer, _) = Writer::begin(&good).unwrap();
    let wrong = Photo { sha256: sha256(b"x"), ..photo(1, 10) };
    assert_eq!(writer.photo(&wrong).expect_err("a wrong digest").problem.code(), "photo_hash");
    writer.photo(&photo(1, 10)).unwrap();
    let journal = sample_records().remove(0);
    assert_eq!(writer.record(&journal, &Extra::new()).expect_err("a record after a photo").problem.code(), "frame");
    assert_eq!(writer.finish(&key(2)).expect_err("another's key").problem.code(), "seal_key");
    let mut future = seal_test_journal();
    future.merge(&seal_test_journal()).unwrap();
    let (mut writer, _) = Writer::begin(&good).unwrap();
    assert!(writer.record(&future, &Extra::new()).is_ok());
}

fn seal_test_journal() -> Journal {
    let mut journal = Journal::new(record_id(3));
    append(&mut journal, &key(3), START_MS, "kind", json!("census"));
    seal(&mut journal, &key(3), START_MS + 1);
    journal
}
