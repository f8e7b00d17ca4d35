//! Checklists through the desk worker: out into a spreadsheet, back in, and what is said when that fails.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests say what they expect")]

use spotcheck::app::library::compare::compare;
use spotcheck::app::library::follow;
use spotcheck::desk::forms::{FormRead, Grade, Key};
use spotcheck::desk::{Answer, Job, run};
use spotcheck::domain::checklist::Checklist;
use spotcheck_sheets::{Place, ReadError, Sheet, Workbook, XlsxOptions, to_xlsx};

fn shipped() -> Vec<Checklist> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("public/content/checklists");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let lists = files.filter(|path| path.file_name().is_some_and(|name| name != "index.json"));
    lists.map(|path| Checklist::read(&std::fs::read(path).unwrap()).unwrap()).collect()
}

/// A job as it crosses to the worker and back: as JSON.
fn ask(job: &Job, bytes: &[u8]) -> (Answer, Option<Vec<u8>>) {
    let job: Job = serde_json::from_str(&serde_json::to_string(job).unwrap()).unwrap();
    let (answer, made) = run(&job, bytes);
    (serde_json::from_str(&serde_json::to_string(&answer).unwrap()).unwrap(), made)
}

fn write(list: &Checklist) -> Vec<u8> {
    let (answer, made) = ask(&Job::WriteForm { checklist: serde_json::to_value(list).unwrap() }, &[]);
    assert_eq!(answer, Answer::Written { done: true });
    made.unwrap()
}

fn read(bytes: &[u8], name: &str, previous: Option<&Checklist>) -> Result<FormRead, ReadError> {
    let previous = previous.map(|list| serde_json::to_value(list).unwrap());
    match ask(&Job::ReadForm { name: name.to_owned(), previous }, bytes) {
        (Answer::Form { read }, None) => read,
        other => panic!("another answer: {other:?}"),
    }
}

#[test]
fn every_list_comes_back_as_it_went_out() {
    for list in shipped() {
        let name = format!("{}-{}.xlsx", list.id, list.version);
        let read = read(&write(&list), &name, Some(&list)).unwrap();
        assert_eq!(read.totals[0], 0, "{name}: {:?}", read.findings);
        let back = Checklist::from_value(&read.checklist.unwrap()).unwrap();
        assert!(compare(&list, &back).is_empty(), "{name}: {:?}", compare(&list, &back));
        // Brought in unchanged it would only count the version on.
        let next = follow(&list, back, true);
        assert_eq!((next.version, next.items.len()), (format!("{}+1", list.version), list.items.len()), "{name}");
    }
}

fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    let mut survey = Sheet::new("survey");
    for row in rows {
        survey.push(row.iter().copied());
    }
    to_xlsx(&Workbook { sheets: vec![survey] }, &XlsxOptions::default()).unwrap()
}

#[test]
fn says_what_is_wrong_where_and_what_was_meant() {
    let file = workbook(&[&["type", "name", "label"], &["text", "a", "甲"], &["txet", "b", "乙"], &["text", "a", "丙"]]);
    let read = read(&file, "夜市.xlsx", None).unwrap();
    assert_eq!((read.checklist.is_none(), read.totals[0]), (true, 2));
    let found: Vec<_> = read.findings.iter().filter(|one| one.grade == Grade::Error).collect();
    let place = |row: u32, column: u32| Some(Place { sheet: "survey".to_owned(), row, column });
    assert_eq!((found[0].key, &found[0].place, found[0].nearest.as_deref()), (Key::UnknownType, &place(3, 0), Some("text")));
    assert_eq!(found[0].values, ["txet"]);
    assert_eq!((found[1].key, &found[1].place, &found[1].values), (Key::DoubleName, &place(4, 1), &vec!["a".to_owned(), "2".to_owned()]));
}

#[test]
fn says_where_in_a_formula() {
    let row =
        |relevant: &str| workbook(&[&["type", "name", "label", "relevant"], &["text", "a", "甲", ""], &["text", "b", "乙", relevant]]);
    for (relevant, key, values) in [
        ("${c} = 1", Key::UnknownNameInFormula, vec!["1", "c"]),
        ("${a} =", Key::ExpectedOperand, vec!["7", ""]),
        ("${a} == 1", Key::LookAlike, vec!["6", "==", "="]),
        ("nothing(1)", Key::UnknownFunction, vec!["1", "nothing"]),
        ("${b} = 1", Key::Cycle, vec!["b → b"]),
    ] {
        let read = read(&row(relevant), "a.xlsx", None).unwrap();
        let first = read.findings.first().unwrap_or_else(|| panic!("nothing was found in {relevant}"));
        assert_eq!((first.key, first.grade), (key, Grade::Error), "{relevant}: {first:?}");
        assert_eq!(first.values.len(), values.len(), "{relevant}: {first:?}");
        for (value, expected) in first.values.iter().zip(values) {
            assert_eq!(value, expected, "{relevant}: {first:?}");
        }
    }
}

#[test]
fn a_file_that_is_no_workbook_is_an_answer_too() {
    assert_eq!(read(b"", "a.xlsx", None), Err(ReadError::Empty));
    assert!(read(b"%PDF-1.7\n%\xe2\xe3", "a.pdf", None).is_err());
    let mut cut = write(&shipped()[0]);
    cut.truncate(cut.len() / 2);
    assert!(read(&cut, "a.xlsx", None).is_err());
}

#[test]
fn what_is_no_checklist_is_not_written() {
    let (answer, made) = ask(&Job::WriteForm { checklist: serde_json::json!({"schema": "checklist/1"}) }, &[]);
    assert_eq!((answer, made), (Answer::Written { done: false }, None));
}
