//! The bureau's own checklists: a working copy that outlives the page, and editions that never change.
//!
//! Beside what [`crate::domain::library`] says of a content record, one for a checklist may hold a working copy, see [`draft`].
//! A check carries the list that it was begun with, so nothing here changes a check.

pub mod compare;
pub mod draft;
pub mod fault;
pub mod official;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use self::draft::Draft;
use self::fault::Fault;
use super::workspace::{AppError, Record, Workspace};
use crate::domain::checklist::{Checklist, Item};
use crate::domain::id::RecordId;
use crate::domain::journal::State;
use crate::domain::library::{self, Holding};
use crate::port::clock::Clock;
use crate::port::random::Random;
use crate::port::twin::Store;

/// What is to be written: paths of the journal and their values; `null` takes a value away.
pub type Changes = Vec<(String, Value)>;

/// Names that no list may have: the index of the folder, and addresses of the app's own screens.
const RESERVED: [&str; 2] = ["index", "import"];
/// The longest name of a list, so that its items' names stay within theirs.
const LIST_NAME: usize = 40;

/// A record for a checklist of the bureau's own.
#[derive(Clone, Debug)]
pub struct Own {
    /// The record.
    pub record: Record,
    /// Name of the list.
    pub list: String,
    /// When it was changed last, in milliseconds since the epoch.
    pub updated_ms: u64,
}

impl Own {
    /// Reads a record; `None` when it is for no checklist.
    #[must_use]
    pub fn of(record: Record) -> Option<Self> {
        let state = record.state();
        if state.text("kind") != Some(library::KIND) {
            return None;
        }
        let list = list_of(state.text("path")?)?.to_owned();
        let updated_ms = record.journal().latest().ms;
        Some(Self { record, list, updated_ms })
    }

    /// What it says now.
    #[must_use]
    pub fn state(&self) -> &State {
        self.record.state()
    }

    /// The edition that counts; none before the first one was published.
    #[must_use]
    pub fn holding(&self) -> Option<Holding> {
        library::read(self.state())
    }

    /// Whether this record's edition is used.
    #[must_use]
    pub fn is_offered(&self) -> bool {
        self.holding().is_some_and(|holding| !holding.retired)
    }

    /// The checklist that counts, as it was published, offered or not.
    #[must_use]
    pub fn checklist(&self) -> Option<Checklist> {
        Checklist::from_value(&self.holding()?.value).ok()
    }

    /// The working copy.
    #[must_use]
    pub fn draft(&self) -> Option<Draft> {
        Draft::read(self.state())
    }
}

impl<S: Store, C: Clock, R: Random> Workspace<S, C, R> {
    /// The records for checklists among these, one for each list: the one that is used, else the one that was changed last.
    /// What can't be read is left out: the list that came with the app counts then.
    pub async fn own_lists(&self, ids: &[RecordId]) -> Vec<Own> {
        let mut all: Vec<Own> = Vec::new();
        for id in ids {
            let Some(own) = self.load(id).await.ok().and_then(Own::of) else { continue };
            let rank = |one: &Own| (one.is_offered(), one.updated_ms);
            match all.iter_mut().find(|known| known.list == own.list) {
                Some(known) if rank(known) < rank(&own) => *known = own,
                Some(_) => {}
                None => all.push(own),
            }
        }
        all
    }

    /// Writes changes into a record and keeps them at once.
    ///
    /// # Errors
    /// [`AppError`]; then nothing was kept.
    pub async fn save_list(&self, record: &mut Record, changes: &Changes) -> Result<(), AppError> {
        let values: Vec<(&str, Value)> = changes.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
        self.save(record, &values, None).await.map(|_| ())
    }
}

/// The file of a list.
#[must_use]
pub fn path_of(list: &str) -> String {
    format!("checklists/{list}.json")
}

/// The list that a file is for; `None` when it is for none.
#[must_use]
pub fn list_of(path: &str) -> Option<&str> {
    let list = path.strip_prefix("checklists/")?.strip_suffix(".json")?;
    (library::is_path(path) && !RESERVED.contains(&list)).then_some(list)
}

/// Whether a list of the bureau's own may have this name.
#[must_use]
pub fn is_list_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (2..=LIST_NAME).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(plain)
        && !RESERVED.contains(&name)
}

/// A name for a new list: the Latin letters and digits of its title, else random ones; never one that is `taken`.
///
/// `random` are letters or digits that no other list has, such as the end of the new record's id.
#[must_use]
pub fn new_list_name(title: &str, taken: &BTreeSet<String>, random: &str) -> String {
    let lower: String = title.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    let words: Vec<&str> = lower.split('-').filter(|word| !word.is_empty()).collect();
    let slug: String = words.join("-").trim_start_matches(|c: char| !c.is_ascii_lowercase()).chars().take(24).collect();
    let slug = slug.trim_end_matches('-');
    if slug.len() >= 3 && is_list_name(slug) && !taken.contains(slug) {
        return slug.to_owned();
    }
    let mut tail: Vec<char> = random.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).rev().take(6).collect();
    tail.reverse();
    let tail: String = tail.into_iter().collect();
    let name = if slug.len() >= 3 { format!("{slug}-{tail}") } else { format!("list-{tail}") };
    // Two records never have one id; an id that is taken all the same is found out when it is published.
    if is_list_name(&name) { name } else { format!("list-{tail}") }
}

/// The number at the end of an item's name, when it belongs to this list: `7` of `elevator-007`.
#[must_use]
pub fn item_number(list: &str, item: &str) -> Option<u32> {
    item.strip_prefix(list)?.strip_prefix('-')?.parse().ok()
}

/// The name of the n-th item of a list.
#[must_use]
pub fn item_name(list: &str, number: u32) -> String {
    format!("{list}-{number:03}")
}

/// The highest number that any item of these lists has.
#[must_use]
pub fn last_number<'a>(list: &str, lists: impl IntoIterator<Item = &'a Checklist>) -> u32 {
    lists.into_iter().flat_map(|one| &one.items).filter_map(|item| item_number(list, &item.id)).max().unwrap_or_default()
}

/// Every edition of a record, the first one first. One that can't be read is left out.
#[must_use]
pub fn editions(state: &State) -> Vec<Edition> {
    let mut all: Vec<Edition> = state
        .under("editions")
        .filter_map(|(number, cell)| {
            let list = draft::parse_list(&cell.value)?;
            Some(Edition { number: number.parse().ok()?, list, at_ms: cell.at.ms, by: cell.by.clone() })
        })
        .collect();
    all.sort_by_key(|edition| edition.number);
    all
}

/// A list as it was published once.
#[derive(Clone, PartialEq, Debug)]
pub struct Edition {
    /// Counted from 1.
    pub number: u32,
    /// The list.
    pub list: Checklist,
    /// When it was published, in milliseconds since the epoch.
    pub at_ms: u64,
    /// By whom.
    pub by: String,
}

/// The version after this one. A list of the bureau's own counts on; its edition of a list that came with the app says
/// from which version it was made: `1.1.0`, `1.1.0+1`, `1.1.0+2`.
#[must_use]
pub fn next_version(version: &str, from_app: bool) -> String {
    let version = version.trim();
    if let Some((base, count)) = version.rsplit_once('+').and_then(|(base, count)| Some((base, count.parse::<u64>().ok()?))) {
        return format!("{base}+{}", count.saturating_add(1));
    }
    if version.is_empty() {
        return "1.0.0".to_owned();
    }
    if from_app {
        return format!("{version}+1");
    }
    let parts: Vec<&str> = version.split('.').collect();
    if let [major, minor, _] = parts.as_slice()
        && let Ok(minor) = minor.parse::<u64>()
        && major.parse::<u64>().is_ok()
    {
        return format!("{major}.{}.0", minor.saturating_add(1));
    }
    match (version.rsplit_once('.'), version.parse::<u64>()) {
        (_, Ok(count)) => count.saturating_add(1).to_string(),
        (Some((head, last)), _) if last.parse::<u64>().is_ok() => {
            format!("{head}.{}", last.parse::<u64>().unwrap_or_default().saturating_add(1))
        }
        _ => format!("{version}.1"),
    }
}

/// The version that the edition of a list that came with the app was made from.
#[must_use]
pub fn base_version(version: &str) -> &str {
    version.split_once('+').map_or(version, |(base, _)| base)
}

/// Publishes the working copy as the next edition and puts the working copy away.
///
/// # Errors
/// Everything that has to be put right first.
pub fn publish_draft(state: &State, from_app: bool) -> Result<(Checklist, Changes), Vec<Fault>> {
    let draft = Draft::read(state).ok_or_else(|| vec![Fault::Empty])?;
    let mut list = draft.list;
    list.version = next_version(&list.version, from_app);
    if list.status == "retired" {
        "active".clone_into(&mut list.status);
    }
    fault::check(&list)?;
    let mut changes = publish_list(Some(state), &list);
    changes.extend(draft::clear(state));
    Ok((list, changes))
}

/// What publishes a list as the next edition of a record, or the first one of a new record.
#[must_use]
pub fn publish_list(state: Option<&State>, list: &Checklist) -> Changes {
    let value = serde_json::to_value(list).unwrap_or_default();
    library::publish(state, &path_of(&list.id), (&list.title_zh, &list.title_en), value)
}

/// A list from a file made ready to follow `before` as its next edition: items that were published and are not in the file
/// stay as retired ones, so that their names are never used again, and the version counts on when the file does not.
#[must_use]
pub fn follow(before: &Checklist, mut list: Checklist, from_app: bool) -> Checklist {
    let known: BTreeSet<String> = list.items.iter().map(|item| item.id.clone()).collect();
    let gone: Vec<Item> = before
        .items
        .iter()
        .filter(|item| !known.contains(&item.id))
        // Expressions and groups of theirs may be gone from the list.
        .map(|item| Item { retired: true, logic: None, group: None, common: None, ..item.clone() })
        .collect();
    for law in gone.iter().flat_map(|item| item.basis.iter().chain(&item.severity_basis)) {
        if list.basis(&law.basis).is_none() {
            list.basis.extend(before.basis(&law.basis).cloned());
        }
    }
    list.items.extend(gone);
    if list.version.trim().is_empty() || list.version == before.version {
        list.version = next_version(&before.version, from_app);
    }
    list
}

/// What takes a list of the bureau's own out of use; with the bureau's edition of a list that came with the app, that list
/// counts again.
#[must_use]
pub fn put_away() -> Changes {
    vec![("retired".to_owned(), json!(true))]
}

/// What brings it back.
#[must_use]
pub fn bring_back() -> Changes {
    vec![("retired".to_owned(), Value::Null)]
}

/// What stops the use of a list that came with the app: an edition of the bureau's own that says so.
#[must_use]
pub fn stop(state: Option<&State>, list: &Checklist) -> Changes {
    publish_list(state, &Checklist { status: "retired".to_owned(), ..list.clone() })
}

/// What lets a list be used again that was stopped by [`stop`]: when nothing else sets it apart from the list that came
/// with the app, that one counts again.
#[must_use]
pub fn resume(state: &State, list: &Checklist, shipped: &Checklist) -> Changes {
    if (Checklist { status: shipped.status.clone(), ..list.clone() }) == *shipped {
        return put_away();
    }
    publish_list(Some(state), &Checklist { status: "active".to_owned(), ..list.clone() })
}

/// How many items are asked, and how many of them rest on something that was not verified.
#[must_use]
pub fn count(list: &Checklist) -> (usize, usize) {
    let asked: Vec<&Item> = list.items.iter().filter(|item| !item.retired).collect();
    let doubtful = asked.iter().filter(|item| item.basis.iter().chain(&item.severity_basis).any(|one| list.is_unverified(one))).count();
    (asked.len(), doubtful)
}
