//! The command as a court's expert would use it.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

#[path = "../../tests/corpus/mod.rs"]
mod corpus;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use corpus::{Forgery, START_MS, append, header, key, photo, sample_bundle, sample_records, write};
use serde_json::{Value, json};
use spotcheck::bundle::Extra;
use spotcheck::envelope::{self, Identity, armor, passphrase};
use spotcheck::port::memory::FixedRandom;

/// A folder of its own for each test.
fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

fn run(args: &[&str], folder: &Path) -> (i32, String, String) {
    let Output { status, stdout, stderr } =
        Command::new(env!("CARGO_BIN_EXE_spotcheck")).args(args).current_dir(folder).env("LC_ALL", "C").output().unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

/// The sample's visit in two parts, a photo in each; the visit has a checklist, an amendment and texts that attack terminals.
fn parts() -> [Vec<u8>; 2] {
    let mut visit = sample_records().remove(0);
    let checklist = json!({ "id": "elevator", "version": "1", "title_zh": "电梯检查表", "title_en": "Elevators", "items": [
        { "id": "elevator-003", "section_zh": "轿厢", "section_en": "Car", "text_zh": "对讲有效", "text_en": "The intercom works" } ] });
    append(&mut visit, &key(1), START_MS + 9_000, "checklist", checklist);
    append(&mut visit, &key(1), START_MS + 9_500, "unit/name", json!("甲\u{1b}[2J\u{202e}乙"));
    append(&mut visit, &key(1), START_MS + 9_600, "photos/p2", json!({ "sha256": photo(2, 45).sha256 }));
    [1, 2]
        .map(|k| write(&header(&key(1), k, 2), &[(visit.clone(), Extra::new())], &[photo(k as u8, if k == 1 { 60 } else { 45 })], &key(1)))
}

#[test]
fn verifies_good_files_and_names_what_is_missing() {
    let here = folder("verify");
    let [first, second] = parts();
    fs::write(here.join("1.json"), first).unwrap();
    fs::write(here.join("2.json"), second).unwrap();
    let (code, out, err) = run(&["verify", "1.json", "2.json"], &here);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert!(out.contains("1.json: good") && out.contains("part          1 / 2") && out.contains("ok (Ed25519)"), "{out}");
    assert!(!out.contains("is not in the given files") && !out.contains("lacks parts"), "{out}");
    let (code, out, _) = run(&["verify", "--lang", "zh", "1.json"], &here);
    assert_eq!(code, 0);
    assert!(out.contains("完好") && out.contains("缺少分卷：2（共 2 卷）") && out.contains("更正"), "{out}");
}

#[test]
fn refuses_a_changed_file_and_still_checks_the_others() {
    let here = folder("refuse");
    let mut spoiled = sample_bundle();
    let at = spoiled.windows(9).position(|window| window == b"\"hazard\"}," || window == b"\"hazard\",").unwrap();
    spoiled[at + 1] ^= 1;
    fs::write(here.join("spoiled.json"), &spoiled).unwrap();
    fs::write(here.join("good.json"), sample_bundle()).unwrap();
    fs::write(here.join("cut.json"), &sample_bundle()[..2_000]).unwrap();
    let (code, out, _) = run(&["verify", "spoiled.json", "good.json", "cut.json"], &here);
    assert_eq!(code, 1);
    assert!(out.contains("spoiled.json: REFUSED") && out.contains("records[1]") && out.contains(corpus::record_id(2).as_str()), "{out}");
    assert!(out.contains("good.json: good") && out.contains("[truncated]"), "{out}");
    assert_eq!(run(&["verify", "good.json", "absent.json"], &here).0, 2);
    for command in [&["show", "spoiled.json"][..], &["extract", "spoiled.json", "out"]] {
        let (code, out, err) = run(command, &here);
        assert_eq!((code, out.as_str()), (1, ""), "nothing of a refused file is shown");
        assert!(err.contains("REFUSED"));
    }
    assert!(!here.join("out").exists(), "nothing of a refused file is written");
}

#[test]
fn shows_a_record_without_obeying_it() {
    let here = folder("show");
    let [first, second] = parts();
    fs::write(here.join("1.json"), first).unwrap();
    fs::write(here.join("2.json"), second).unwrap();
    let (code, out, _) = run(&["show", "1.json", "2.json"], &here);
    assert_eq!(code, 0);
    for text in ["The intercom works", "verdict", "[*amendment]", "seals/1", "\\u{1b}[2J\\u{202e}"] {
        assert!(out.contains(text), "{text} in {out}");
    }
    assert!(!out.contains('\u{1b}') && !out.contains('\u{202e}'));
    let id = corpus::record_id(1);
    let (code, out, _) = run(&["show", "--json", "--record", id.as_str(), "1.json"], &here);
    let state: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &state["state"]["kind"]), (0, &json!("inspection")));
    assert_eq!(run(&["show", "1.json", "--record", corpus::record_id(9).as_str()], &here).0, 2);
}

#[test]
fn extracts_into_a_new_folder_alone() {
    let here = folder("extract");
    let [first, second] = parts();
    fs::write(here.join("1.json"), first).unwrap();
    fs::write(here.join("2.json"), second).unwrap();
    let (code, out, err) = run(&["extract", "1.json", "2.json", "out"], &here);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    let mut names: Vec<_> =
        fs::read_dir(here.join("out")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names.len(), 4, "{names:?}");
    let short: String = photo(1, 60).sha256.to_string().chars().take(16).collect();
    assert_eq!(fs::read(here.join("out").join(format!("{short}.jpg"))).unwrap(), photo(1, 60).bytes);
    let record: Value =
        serde_json::from_slice(&fs::read(here.join("out").join(format!("{}.json", corpus::record_id(1)))).unwrap()).unwrap();
    assert_eq!(record["history"].as_array().unwrap().len(), 8);
    if let Ok(output) = Command::new("sha256sum").args(["-c", "SHA256SUMS"]).current_dir(here.join("out")).output() {
        assert!(output.status.success(), "{output:?}");
    }
    let (code, _, err) = run(&["extract", "1.json", "out"], &here);
    assert_eq!(code, 2);
    assert!(err.contains("not overwritten"), "{err}");
}

#[test]
fn explains_itself() {
    let here = folder("help");
    assert!(run(&["--version"], &here).1.starts_with("spotcheck 0."));
    assert!(run(&["--help"], &here).1.contains("extract FILE... DIR"));
    assert!(run(&["--help", "--lang=zh"], &here).1.contains("退出码"));
    for wrong in [
        &[][..],
        &["verify"],
        &["juggle", "x"],
        &["verify", "--json", "x"],
        &["show", "x", "--record"],
        &["extract", "x"],
        &["--lang", "fr"],
    ] {
        let (code, out, err) = run(wrong, &here);
        assert_eq!((code, out.as_str()), (2, ""), "{wrong:?}");
        assert!(err.contains("--help"), "{wrong:?}");
    }
}

#[test]
fn tells_files_that_contradict_each_other() {
    let here = folder("forks");
    for (name, place) in [("a.json", "甲地"), ("b.json", "乙地")] {
        let mut visit = sample_records().remove(0);
        append(&mut visit, &key(1), START_MS + 9_000, "unit/address", json!(place));
        fs::write(here.join(name), write(&header(&key(1), 1, 1), &[(visit, Extra::new())], &[photo(1, 60)], &key(1))).unwrap();
    }
    assert_eq!(run(&["verify", "a.json"], &here).0, 0);
    let (code, out, _) = run(&["verify", "a.json", "b.json"], &here);
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("a.json ≠ b.json") && out.contains("two different changes"), "{out}");
    assert_eq!(run(&["verify", "a.json", "a.json"], &here).0, 0, "the same file twice contradicts nothing");
    let (code, out, _) = run(&["show", "--lang", "zh", "a.json", "b.json"], &here);
    assert_eq!(code, 1);
    assert!(out.contains("两个不同的第"), "{out}");
}

#[test]
fn shows_words_and_not_codes() {
    let here = folder("words");
    let mut visit = sample_records().remove(0);
    for (path, value) in [
        ("answers/elevator-003/verdict", json!("fail")),
        ("answers/elevator-003/severity", json!("major")),
        ("answers/elevator-003/measure", json!("rectify_by_deadline")),
        ("inspectors/1", json!({ "name": "张示例", "cert_no": "示A001" })),
        ("conclusion/result", json!("stop_use")),
        ("started", json!({ "ms": START_MS, "offset_min": 480 })),
    ] {
        append(&mut visit, &key(1), START_MS + 9_000, path, value);
    }
    fs::write(here.join("1.json"), write(&header(&key(1), 1, 1), &[(visit, Extra::new())], &[photo(1, 60)], &key(1))).unwrap();
    let (code, out, _) = run(&["show", "--lang", "zh", "1.json"], &here);
    assert_eq!(code, 0);
    for text in ["不符合", "重大", "责令限期改正", "张示例 示A001", "责令停止使用", "结果", "隐患等级", "处理措施", "第1次签封", "[*更正]"]
    {
        assert!(out.contains(text), "{text} in {out}");
    }
    for text in ["verdict", "severity", "stop_use", "{\"", "inspectors/1", "seals/1"] {
        assert!(!out.contains(text), "{text} in {out}");
    }
}

#[test]
fn names_the_record_of_a_bad_photo() {
    let here = folder("photo");
    let mut forgery = Forgery::sample();
    forgery.photos[0]["data"] = forgery.photos[1]["data"].clone();
    fs::write(here.join("bad.json"), forgery.sealed()).unwrap();
    let (code, out, _) = run(&["verify", "bad.json"], &here);
    assert_eq!(code, 1);
    assert!(out.contains("its record") && out.contains("photos[0]"), "{out}");
}

#[test]
fn shows_each_piece_of_equipment_of_a_visit_by_itself() {
    let here = folder("visit");
    let mut visit = sample_records().remove(0);
    let list = json!({ "id": "elevator", "version": "1", "title_zh": "电梯检查表", "title_en": "Elevators", "items": [
        { "id": "elevator-001", "section_zh": "管理", "section_en": "Duties", "text_zh": "有安全员", "text_en": "There is an officer" },
        { "id": "elevator-003", "section_zh": "轿厢", "section_en": "Car", "text_zh": "对讲有效", "text_en": "The intercom works" } ] });
    for (path, value) in [
        ("checklists/elevator", list),
        ("subjects/1/name", json!("1号客梯")),
        ("subjects/1/code", json!("31102301020150098")),
        ("subjects/1/next_due", json!("2027-03")),
        ("subjects/2/name", json!("2号客梯")),
        ("subjects/2/removed", json!("停用")),
        ("answers/elevator-001/verdict", json!("pass")),
        ("answers/elevator-003.s1/verdict", json!("fail")),
        ("answers/elevator-003.s2/verdict", json!("na")),
    ] {
        append(&mut visit, &key(1), START_MS + 9_000, path, value);
    }
    fs::write(here.join("1.json"), write(&header(&key(1), 1, 1), &[(visit, Extra::new())], &[photo(1, 60)], &key(1))).unwrap();
    let (code, out, _) = run(&["show", "--lang", "zh", "1.json"], &here);
    assert_eq!(code, 0);
    let at = |text: &str| out.find(text).unwrap_or_else(|| panic!("{text} in {out}"));
    assert!(at("单位共性") < at("有安全员") && at("有安全员") < at("对讲有效"), "{out}");
    for text in ["2027-03", "下次检验日期", "未列入检查的原因", "1号客梯 第2项 结果", "停用"] {
        at(text);
    }
    // The sample answers it once for the visit as a whole too.
    assert_eq!(out.matches("对讲有效").count(), 3, "once for each piece of equipment");
}

/// A case folder that the command wrote, and the name of its photo.
fn case_folder(here: &Path) -> String {
    let [first, second] = parts();
    fs::write(here.join("1.json"), first).unwrap();
    fs::write(here.join("2.json"), second).unwrap();
    assert_eq!(run(&["extract", "1.json", "2.json", "case"], here).0, 0);
    format!("{}.jpg", photo(1, 60).sha256.to_string().chars().take(16).collect::<String>())
}

#[test]
fn verifies_a_case_folder_that_it_wrote() {
    let here = folder("case");
    let photo_name = case_folder(&here);
    let (code, out, err) = run(&["verify", "case"], &here);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert!(out.contains("The check passed") && out.contains("records: 1 (sealed: 1), changes: 8, photos: 2"), "{out}");
    assert!(out.contains("[amended]") && !out.contains("rewritten"), "{out}");
    fs::write(here.join("case").join(&photo_name), photo(3, 60).bytes).unwrap();
    let (code, out, _) = run(&["verify", "case"], &here);
    assert_eq!(code, 1);
    assert!(out.contains("The check failed") && out.contains("[photo_hash]") && out.contains("[not_as_listed]"), "{out}");
    assert!(out.contains(&photo_name) && out.contains(corpus::record_id(1).as_str()), "{out}");
    fs::create_dir(here.join("empty")).unwrap();
    assert!(run(&["verify", "empty"], &here).1.contains("[no_list]"));
}

#[test]
fn writes_a_page_for_the_file() {
    let here = folder("page");
    case_folder(&here);
    let (code, out, err) = run(&["verify", "1.json", "2.json", "--page", "page.html"], &here);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    let html = fs::read_to_string(here.join("page.html")).unwrap();
    for text in ["<svg", "1.json", "2.json", "The check passed", "Check", corpus::BUREAU, corpus::record_id(1).as_str(), "UTC+08:00"] {
        assert!(html.contains(text), "{text} in {html}");
    }
    assert_eq!(html.matches("<article>").count(), 2);
    for text in ["<script", "http://", "https://", "src=", "href=", "\u{1b}", "\u{202e}"] {
        assert!(!html.contains(text), "{text} in {html}");
    }
    let (code, _, _) = run(&["verify", "--lang", "zh", "case", "--page=page.txt"], &here);
    assert_eq!(code, 0);
    let text = fs::read_to_string(here.join("page.txt")).unwrap();
    for part in ["电子证据核验结果", "核验通过", "文件清单的 SHA-256", "目录本身没有签封", "现场检查"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let (code, _, err) = run(&["verify", "1.json", "--page", "page.txt"], &here);
    assert_eq!(code, 2);
    assert!(err.contains("not overwritten"), "{err}");
    assert_eq!(run(&["verify", "1.json", "--page", "page.pdf"], &here).0, 2, "only pages that it can write");
    assert_eq!(run(&["show", "1.json", "--page", "page.html"], &here).0, 2);
}

#[test]
fn the_page_of_a_refused_file_says_so_and_shows_nothing_of_it() {
    let here = folder("refused-page");
    let mut forgery = Forgery::sample();
    forgery.header["from"]["name"] = json!("<b>甲</b>");
    forgery.photos[0]["data"] = forgery.photos[1]["data"].clone();
    fs::write(here.join("bad.json"), forgery.sealed()).unwrap();
    assert_eq!(run(&["verify", "bad.json", "--page", "page.html"], &here).0, 1);
    let html = fs::read_to_string(here.join("page.html")).unwrap();
    assert!(html.contains("The check failed") && html.contains("[photo_size]"), "{html}");
    assert!(html.contains("&lt;b&gt;") && !html.contains("<b>甲"), "{html}");
    assert!(!html.contains("class=\"records\""), "{html}");
    assert_eq!(run(&["verify", "absent.json", "--page", "absent.txt"], &here).0, 2);
    assert!(fs::read_to_string(here.join("absent.txt")).unwrap().contains("Not checked"));
}

/// As `run`, with a line on the standard input.
fn run_typing(args: &[&str], typed: &str, folder: &Path) -> (i32, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_spotcheck"))
        .args(args)
        .current_dir(folder)
        .env("LC_ALL", "C")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It may have ended without reading.
    let _ = child.stdin.take().unwrap().write_all(typed.as_bytes());
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[test]
fn opens_what_was_encrypted_for_the_bureau() {
    let here = folder("open");
    let random = FixedRandom::new(5);
    let (ours, theirs) = (Identity::generate(&random), Identity::generate(&random));
    let plain = sample_bundle();
    let sealed = envelope::seal(&plain, &[ours.recipient()], &random);
    fs::write(here.join("a.json.age"), &sealed).unwrap();
    fs::write(here.join("text.txt"), armor::write(&sealed)).unwrap();
    fs::write(here.join("plain.json"), &plain).unwrap();
    fs::write(here.join("cut.age"), &sealed[..sealed.len() - 100]).unwrap();
    fs::write(here.join("ours.txt"), format!("# our key\n{}\n", &*ours.to_text())).unwrap();
    fs::write(here.join("theirs.txt"), &*theirs.to_text()).unwrap();
    fs::write(here.join("locked.age"), passphrase::seal(ours.to_text().as_bytes(), "open sesame", 4, &random)).unwrap();

    let (code, out, _) = run(&["verify", "a.json.age"], &here);
    assert!(code == 1 && out.contains("[encrypted]"), "{out}");
    let check = |args: &[&str], code: i32, says: &str| {
        let (found, out, err) = run_typing(args, "open sesame\n", &here);
        assert_eq!(found, code, "{args:?} {out}{err}");
        assert!(format!("{out}{err}").contains(says), "{args:?} {out}{err}");
    };
    check(&["open", "a.json.age", "--key", "theirs.txt"], 1, "a.json.age: this key does not open it");
    check(&["open", "cut.age", "--key", "ours.txt"], 1, "cut.age: the encrypted file is");
    check(&["open", "plain.json", "--key", "ours.txt"], 1, "not encrypted");
    check(&["open", "a.json.age", "--key", "plain.json"], 2, "plain.json: not a key file");
    check(&["open", "a.json.age", "--key", "a.json.age"], 2, "a.json.age: not a key file");
    check(&["open", "a.json.age"], 2, "--key");
    check(&["open", "a.json.age", "text.txt", "--key", "ours.txt"], 2, "one file");
    check(&["verify", "a.json.age", "--key", "ours.txt"], 2, "--key");
    assert!(!here.join("a.json").exists() && !here.join("cut").exists());

    check(&["open", "a.json.age", "--key", "locked.age"], 0, "a.json: decrypted");
    assert_eq!(fs::read(here.join("a.json")).unwrap(), plain);
    check(&["open", "a.json.age", "--key", "ours.txt"], 2, "a.json: exists already");
    check(&["open", "text.txt", "--key", "ours.txt", "--out", "b.json"], 0, "b.json: decrypted");
    assert_eq!(run(&["verify", "b.json"], &here).0, 0);
    let (code, _, err) = run_typing(&["open", "a.json.age", "--key", "locked.age", "--out", "c.json"], "shut sesame\n", &here);
    assert!(code == 1 && err.contains("wrong passphrase"), "{err}");
}
