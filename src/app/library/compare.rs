//! What differs between two editions of a checklist, item by item.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::checklist::{Checklist, Item};

/// How an item differs from what it was.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Change {
    /// It was not there.
    Added,
    /// It is not there any more.
    Removed,
    /// It is no longer asked.
    Retired,
    /// It is asked again.
    Restored,
    /// Its text is another.
    Reworded,
    /// It stands elsewhere.
    Moved,
    /// Something else about it: how it is checked, its answer, basis, severity, measure or sentences.
    Altered,
}

/// An item that differs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// Its id.
    pub item: String,
    /// Its text in both languages, as it is now; as it was when it is gone.
    pub text: (String, String),
    /// What it was before, when it was reworded.
    pub before: Option<(String, String)>,
    /// In which ways; never empty.
    pub changes: Vec<Change>,
}

/// What differs, in the order of the later list; what is gone comes last.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Differences {
    /// Title, note, field of work, what it is for, or the laws.
    pub head: bool,
    /// The items.
    pub items: Vec<Difference>,
}

impl Differences {
    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.head && self.items.is_empty()
    }

    /// How many items differ in this way.
    #[must_use]
    pub fn count(&self, change: Change) -> usize {
        self.items.iter().filter(|item| item.changes.contains(&change)).count()
    }
}

/// Compares two editions. Version and status are no differences.
#[must_use]
pub fn compare(before: &Checklist, after: &Checklist) -> Differences {
    let head = (&before.title_zh, &before.title_en, &before.note_zh, &before.note_en, &before.domain)
        != (&after.title_zh, &after.title_en, &after.note_zh, &after.note_en, &after.domain)
        || before.applies_to != after.applies_to
        || before.basis != after.basis
        || before.groups != after.groups;
    let old: BTreeMap<&str, (usize, &Item)> = before.items.iter().enumerate().map(|(at, item)| (item.id.as_str(), (at, item))).collect();
    let staying = staying(after, &old);
    let mut items: Vec<Difference> = Vec::new();
    for item in &after.items {
        let Some((_, was)) = old.get(item.id.as_str()) else {
            items.push(Difference { changes: vec![Change::Added], ..difference(item) });
            continue;
        };
        let changes = changes(was, item, staying.contains(item.id.as_str()));
        if !changes.is_empty() {
            let reworded = changes.contains(&Change::Reworded);
            let before = reworded.then(|| (was.text_zh.clone(), was.text_en.clone()));
            items.push(Difference { before, changes, ..difference(item) });
        }
    }
    let kept: BTreeSet<&str> = after.items.iter().map(|item| item.id.as_str()).collect();
    let gone = before.items.iter().filter(|item| !kept.contains(item.id.as_str()));
    items.extend(gone.map(|item| Difference { changes: vec![Change::Removed], ..difference(item) }));
    Differences { head, items }
}

fn difference(item: &Item) -> Difference {
    Difference { item: item.id.clone(), text: (item.text_zh.clone(), item.text_en.clone()), before: None, changes: Vec::new() }
}

fn changes(was: &Item, is: &Item, in_place: bool) -> Vec<Change> {
    let mut changes = Vec::new();
    match (was.retired, is.retired) {
        (false, true) => changes.push(Change::Retired),
        (true, false) => changes.push(Change::Restored),
        _ => {}
    }
    if (&was.text_zh, &was.text_en) != (&is.text_zh, &is.text_en) {
        changes.push(Change::Reworded);
    }
    if !in_place || was.section_zh != is.section_zh {
        changes.push(Change::Moved);
    }
    let as_before = Item {
        retired: was.retired,
        text_zh: was.text_zh.clone(),
        text_en: was.text_en.clone(),
        section_zh: was.section_zh.clone(),
        section_en: was.section_en.clone(),
        ..is.clone()
    };
    if as_before != *was {
        changes.push(Change::Altered);
    }
    changes
}

/// The items that keep their order: a longest row of items that follow each other in both lists. The others were moved.
fn staying<'a>(after: &'a Checklist, old: &BTreeMap<&str, (usize, &Item)>) -> BTreeSet<&'a str> {
    let common: Vec<(&str, usize)> = after.items.iter().filter_map(|item| Some((item.id.as_str(), old.get(item.id.as_str())?.0))).collect();
    // `ends[n]` is where the best row of n + 1 items ends, `before[k]` the item that comes before k in its row.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(common.len());
    for (at, (_, place)) in common.iter().enumerate() {
        let length = ends.partition_point(|&end| common.get(end).is_some_and(|(_, known)| known < place));
        before.push(length.checked_sub(1).and_then(|last| ends.get(last).copied()));
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut row = BTreeSet::new();
    let mut next = ends.last().copied();
    while let Some(at) = next {
        row.extend(common.get(at).map(|(id, _)| *id));
        next = before.get(at).copied().flatten();
    }
    row
}
