//! What a bureau adds to the content that comes with the app: its own checklists and newer rules, each a record of its own.
//!
//! Where things stand in the journal of such a record:
//!
//! | path | value |
//! |---|---|
//! | `kind` | `"content"` |
//! | `path` | the file that it stands for, such as `checklists/my-list.json`, `rules/holidays.json`, `documents/supervision_order.json` or `procedures/hazard.json` |
//! | `title_zh`, `title_en` | what people call it |
//! | `editions/<n>` | the whole file as it was published the n-th time, from 1; never changed after |
//! | `current` | the number of the edition that counts |
//! | `retired` | `true` when it is no longer offered |
//! | `base` | digest of the file that came with the app when the edition was made, of files of rules |
//!
//! A check that was begun keeps the list that it carries, so a new edition changes no draft.

use serde_json::{Value, json};

use super::bureau;
use super::journal::State;

/// The kind of these records.
pub const KIND: &str = "content";

/// Folders whose files a bureau may replace, beside what is said of itself. Anything else in an imported record is not used.
const FOLDERS: [&str; 6] = ["checklists/", "rules/", "codes/", "documents/", "procedures/", "notices/"];

/// A file of the library, as its record says.
#[derive(Clone, PartialEq, Debug)]
pub struct Holding {
    /// The file that it stands for.
    pub path: String,
    /// Title.
    pub title_zh: String,
    /// The same in English.
    pub title_en: String,
    /// Number of the edition that counts.
    pub current: u32,
    /// No longer offered.
    pub retired: bool,
    /// Digest of the shipped file that it was made beside; none where it was not noted.
    pub base: Option<String>,
    /// The file.
    pub value: Value,
}

/// Whether a path names a file that a bureau may replace: one folder deep, plain characters, no way out of the folder.
#[must_use]
pub fn is_path(path: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    path == bureau::PATH
        || FOLDERS.iter().any(|folder| {
            path.strip_prefix(folder)
                .and_then(|rest| rest.strip_suffix(".json"))
                .is_some_and(|name| (1..=80).contains(&name.len()) && name.chars().all(plain))
        })
}

/// What the state says; `None` when it is no such record, or its edition is missing.
#[must_use]
pub fn read(state: &State) -> Option<Holding> {
    if state.text("kind") != Some(KIND) {
        return None;
    }
    let text = |path: &str| state.text(path).unwrap_or_default().to_owned();
    let path = text("path");
    let current = u32::try_from(state.get("current")?.as_u64()?).ok()?;
    let value = state.get(&format!("editions/{current}"))?.clone();
    let retired = state.get("retired").and_then(Value::as_bool) == Some(true);
    let base = state.text("base").map(str::to_owned);
    is_path(&path).then(|| Holding { path, title_zh: text("title_zh"), title_en: text("title_en"), current, retired, base, value })
}

/// The changes that publish a file: the first edition, or the one after all that the state knows.
#[must_use]
pub fn publish(state: Option<&State>, path: &str, (title_zh, title_en): (&str, &str), value: Value) -> Vec<(String, Value)> {
    let known = state.into_iter().flat_map(|state| state.under("editions"));
    let last = known.filter_map(|(number, _)| number.parse::<u32>().ok()).max().unwrap_or_default();
    let number = last + 1;
    vec![
        ("kind".to_owned(), json!(KIND)),
        ("path".to_owned(), json!(path)),
        ("title_zh".to_owned(), json!(title_zh)),
        ("title_en".to_owned(), json!(title_en)),
        (format!("editions/{number}"), value),
        ("current".to_owned(), json!(number)),
        ("retired".to_owned(), Value::Null),
    ]
}

/// Which of several records for one file counts: of those that are offered the one that was changed last.
#[must_use]
pub fn newest(holdings: Vec<(Holding, u64)>) -> Option<Holding> {
    holdings.into_iter().filter(|(holding, _)| !holding.retired).max_by_key(|(_, changed_ms)| *changed_ms).map(|(holding, _)| holding)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_only_files_that_may_be_replaced() {
        for good in [
            "bureau.json",
            "checklists/my-list.json",
            "rules/holidays.json",
            "codes/sectors_2.json",
            "documents/my_order.json",
            "procedures/hazard.json",
            "notices/n-2026-1.json",
        ] {
            assert!(is_path(good), "{good}");
        }
        for bad in [
            "basis.json",
            "bureau.json/",
            "../bureau.json",
            "checklists/../basis.json",
            "checklists/a/b.json",
            "checklists/.json",
            "checklists/清单.json",
            "documents/../document-index.json",
            "procedure/hazard.json",
            "document-index.json",
            "/rules/a.json",
            "rules/a.js",
        ] {
            assert!(!is_path(bad), "{bad}");
        }
    }

    #[test]
    fn the_last_one_offered_counts() {
        let one = |path: &str, retired: bool| Holding {
            path: path.to_owned(),
            title_zh: String::new(),
            title_en: String::new(),
            current: 1,
            retired,
            base: None,
            value: Value::Null,
        };
        let newest = newest(vec![(one("rules/a.json", false), 5), (one("rules/b.json", false), 9), (one("rules/c.json", true), 12)]);
        assert_eq!(newest.map(|holding| holding.path).as_deref(), Some("rules/b.json"));
    }
}
