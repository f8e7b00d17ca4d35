//! The words of the screens: both languages complete (else they do not compile), neither mixed up with the other.
#![allow(missing_docs, reason = "tests say what they expect")]

/// Reads the same tables as the screens, without the screens.
macro_rules! word_table {
    ($(#[$meta:meta])* $name:ident { $($key:ident: $zh:literal, $en:literal;)* }) => {
        pub const ALL: &[(&str, &str, &str)] = &[$((stringify!($key), $zh, $en),)*];
    };
}
pub(crate) use word_table;

#[path = "../src/ui/words/assign.rs"]
mod assign;
#[path = "../src/ui/words/cases.rs"]
mod cases;
#[path = "../src/ui/words/common.rs"]
mod common;
#[path = "../src/ui/words/conditions.rs"]
mod conditions;
#[path = "../src/ui/words/days.rs"]
mod days;
#[path = "../src/ui/words/documents.rs"]
mod documents;
#[path = "../src/ui/words/due.rs"]
mod due;
#[path = "../src/ui/words/forms.rs"]
mod forms;
#[path = "../src/ui/words/get.rs"]
mod get;
#[path = "../src/ui/words/inbox.rs"]
mod inbox;
#[path = "../src/ui/words/ledger.rs"]
mod ledger;
#[path = "../src/ui/words/ledger_import.rs"]
mod ledger_import;
#[path = "../src/ui/words/library.rs"]
mod library;
#[path = "../src/ui/words/office.rs"]
mod office;
#[path = "../src/ui/words/scan.rs"]
mod scan;
#[path = "../src/ui/words/verify.rs"]
mod verify;
#[path = "../src/ui/words/visit.rs"]
mod visit;

const TABLES: [&[(&str, &str, &str)]; 17] = [
    assign::ALL,
    cases::ALL,
    days::ALL,
    documents::ALL,
    due::ALL,
    ledger::ALL,
    ledger_import::ALL,
    common::ALL,
    get::ALL,
    inbox::ALL,
    office::ALL,
    scan::ALL,
    verify::ALL,
    visit::ALL,
    conditions::ALL,
    forms::ALL,
    library::ALL,
];

fn is_han(c: char) -> bool {
    ('\u{3400}'..='\u{9fff}').contains(&c)
}

#[test]
fn every_word_is_in_its_own_language() {
    let mut seen = 0;
    for (key, zh, en) in TABLES.into_iter().flatten() {
        assert!(!zh.trim().is_empty() && !en.trim().is_empty(), "{key} is empty");
        // Names of languages are written in themselves.
        if !key.starts_with("lang_") {
            assert!(!en.chars().any(is_han), "{key} has Chinese in its English text: {en}");
            assert!(
                zh.chars().any(is_han) || zh == en || !zh.chars().any(char::is_alphabetic),
                "{key} has no Chinese in its Chinese text: {zh}"
            );
        }
        seen += 1;
    }
    assert!(seen > 200, "only {seen} words found");
}

#[test]
fn both_languages_have_the_same_places_to_fill() {
    for (key, zh, en) in TABLES.into_iter().flatten() {
        assert_eq!(zh.matches("{}").count(), en.matches("{}").count(), "{key}");
    }
}

#[test]
fn no_word_is_declared_twice() {
    for table in TABLES {
        let mut keys: Vec<&str> = table.iter().map(|(key, _, _)| *key).collect();
        keys.sort_unstable();
        let all = keys.len();
        keys.dedup();
        assert_eq!(keys.len(), all);
    }
}
