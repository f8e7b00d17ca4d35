//! The working copy of a checklist: what an editor has changed and not published yet.
//!
//! | path | value |
//! |---|---|
//! | `draft/base` | the list as it was when the work began |
//! | `draft/edition` | number of the edition that it was; 0 when it came with the app or is new |
//! | `draft/head/<field>` | `title_zh`, `title_en`, `note_zh`, `note_en`, `domain` or `subject` as it is now |
//! | `draft/order` | the names of the items in their order |
//! | `draft/items/<item>` | an item as it is now |
//! | `draft/basis/<law>` | a law that was added, or changed |
//! | `draft/last` | the highest number given to an item, whether or not it is still there |
//!
//! Each change writes what it changed and no more, so that typing costs little however long the list is.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Changes, item_name, last_number};
use crate::domain::checklist::{AnswerSpec, AppliesTo, Basis, Checklist, Item, Per, Severity};
use crate::domain::content::Lang;
use crate::domain::journal::State;

/// The fields of a list that an editor may change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Head {
    /// Title.
    Title(Lang),
    /// What to know before beginning.
    Note(Lang),
    /// Field of work.
    Domain,
    /// `equipment` or `unit`.
    Subject,
}

impl Head {
    const ALL: [Self; 6] =
        [Self::Title(Lang::Zh), Self::Title(Lang::En), Self::Note(Lang::Zh), Self::Note(Lang::En), Self::Domain, Self::Subject];

    fn name(self) -> &'static str {
        match self {
            Self::Title(Lang::Zh) => "title_zh",
            Self::Title(Lang::En) => "title_en",
            Self::Note(Lang::Zh) => "note_zh",
            Self::Note(Lang::En) => "note_en",
            Self::Domain => "domain",
            Self::Subject => "subject",
        }
    }
}

/// A working copy.
#[derive(Clone, PartialEq, Debug)]
pub struct Draft {
    /// The list as it is now. Not checked: texts may be missing.
    pub list: Checklist,
    /// The list as it was when the work began.
    pub base: Checklist,
    /// Number of the edition that the base is; 0 when it came with the app or is new.
    pub edition: u32,
    /// The highest number that was ever given to an item.
    last: u32,
}

impl Draft {
    /// Reads the working copy of a record; `None` when there is none.
    #[must_use]
    pub fn read(state: &State) -> Option<Self> {
        let base = parse_list(state.get("draft/base")?)?;
        let edition = state.get("draft/edition").and_then(Value::as_u64).and_then(|number| u32::try_from(number).ok());
        let mut draft = Self::of(base, edition.unwrap_or_default(), state);
        // The order comes last: only then are all items there.
        for (path, cell) in state.under("draft").filter(|(path, _)| *path != "order") {
            draft.apply(path, &cell.value);
        }
        if let Some(order) = state.get("draft/order") {
            draft.apply("order", order);
        }
        Some(draft)
    }

    /// A working copy of a list in which nothing was changed yet; the record may hold editions of it.
    #[must_use]
    pub fn of(base: Checklist, edition: u32, state: &State) -> Self {
        let published = super::editions(state);
        let given = state.get("draft/last").and_then(Value::as_u64).and_then(|last| u32::try_from(last).ok()).unwrap_or_default();
        let last = last_number(&base.id, published.iter().map(|edition| &edition.list).chain([&base])).max(given);
        Self { list: base.clone(), base, edition, last }
    }

    /// What begins a working copy of a list.
    #[must_use]
    pub fn begin(base: &Checklist, edition: u32) -> Changes {
        vec![
            ("kind".to_owned(), json!(crate::domain::library::KIND)),
            ("path".to_owned(), json!(super::path_of(&base.id))),
            ("draft/base".to_owned(), serde_json::to_value(base).unwrap_or_default()),
            ("draft/edition".to_owned(), json!(edition)),
        ]
    }

    /// Takes a change over, as if the working copy had been read after it. `path` is without `draft/`.
    pub fn apply(&mut self, path: &str, value: &Value) {
        let (place, name) = path.split_once('/').unwrap_or((path, ""));
        match place {
            "head" => self.apply_head(name, value),
            "order" => self.sort(value),
            "items" => match parse::<Item>(value) {
                Some(item) => self.put(item),
                // Taken back: an item of the base is as it was, a new one is gone.
                None => match self.base.items.iter().find(|item| item.id == name).cloned() {
                    Some(item) => self.put(item),
                    None => self.list.items.retain(|item| item.id != name),
                },
            },
            "basis" => {
                let law = parse::<Basis>(value).or_else(|| self.base.basis(name).cloned());
                match (law, self.list.basis.iter().position(|known| known.id == name)) {
                    (Some(law), Some(at)) => self.list.basis[at] = law,
                    (Some(law), None) => self.list.basis.push(law),
                    (None, Some(at)) => drop(self.list.basis.remove(at)),
                    (None, None) => {}
                }
            }
            "last" => self.last = self.last.max(value.as_u64().and_then(|last| u32::try_from(last).ok()).unwrap_or_default()),
            _ => {}
        }
    }

    fn apply_head(&mut self, name: &str, value: &Value) {
        let Some(head) = Head::ALL.into_iter().find(|head| head.name() == name) else { return };
        let text = value.as_str().map_or_else(|| head_text(&self.base, head), str::to_owned);
        let note = |text: String| Some(text).filter(|text| !text.is_empty());
        match head {
            Head::Title(Lang::Zh) => self.list.title_zh = text,
            Head::Title(Lang::En) => self.list.title_en = text,
            Head::Note(Lang::Zh) => self.list.note_zh = note(text),
            Head::Note(Lang::En) => self.list.note_en = note(text),
            Head::Domain => self.list.domain = text,
            Head::Subject => self.list.applies_to.subject = text,
        }
    }

    fn put(&mut self, item: Item) {
        match self.list.items.iter_mut().find(|known| known.id == item.id) {
            Some(known) => *known = item,
            None => self.list.items.push(item),
        }
    }

    /// Sorts the items; those that the order does not name stay behind the others.
    fn sort(&mut self, order: &Value) {
        let names = order.as_array().map(Vec::as_slice).unwrap_or_default();
        let place: BTreeMap<&str, usize> = names.iter().enumerate().filter_map(|(at, name)| Some((name.as_str()?, at))).collect();
        if place.is_empty() {
            let base: BTreeMap<&str, usize> = self.base.items.iter().enumerate().map(|(at, item)| (item.id.as_str(), at)).collect();
            self.list.items.sort_by_key(|item| base.get(item.id.as_str()).copied().unwrap_or(usize::MAX));
            return;
        }
        self.list.items.sort_by_key(|item| place.get(item.id.as_str()).copied().unwrap_or(usize::MAX));
    }

    /// Whether anything differs from the list that the work began with.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.list != self.base
    }

    /// Whether an item was never published: it may be taken out again.
    #[must_use]
    pub fn is_new(&self, item: &str) -> bool {
        self.base.items.iter().all(|known| known.id != item)
    }

    /// An item.
    #[must_use]
    pub fn item(&self, name: &str) -> Option<&Item> {
        self.list.items.iter().find(|item| item.id == name)
    }

    /// A text of the head as it is now.
    #[must_use]
    pub fn head(&self, head: Head) -> String {
        head_text(&self.list, head)
    }

    /// What sets a text of the head. An English text that was taken from the Chinese one follows it.
    #[must_use]
    pub fn set_head(&self, head: Head, text: &str) -> Changes {
        let set = |head: Head, text: &str| (format!("draft/head/{}", head.name()), json!(text));
        let other = |lang: Lang| match head {
            Head::Title(_) => Head::Title(lang),
            _ => Head::Note(lang),
        };
        match head {
            Head::Title(Lang::Zh) | Head::Note(Lang::Zh) => {
                let (zh, en) = (self.head(other(Lang::Zh)), self.head(other(Lang::En)));
                let mut changes = vec![set(head, text)];
                changes.extend((en.is_empty() || en == zh).then(|| set(other(Lang::En), text)));
                changes
            }
            Head::Title(Lang::En) | Head::Note(Lang::En) if text.is_empty() => vec![set(head, &self.head(other(Lang::Zh)))],
            _ => vec![set(head, text)],
        }
    }

    /// What keeps an item as it is now.
    #[must_use]
    pub fn set_item(item: &Item) -> Changes {
        vec![(format!("draft/items/{}", item.id), serde_json::to_value(item).unwrap_or_default())]
    }

    /// What adds an item at the end of a section, and its name. The list's first section when it has that title already.
    #[must_use]
    pub fn add(&self, section: (&str, &str), on_fail: &str) -> (String, Changes) {
        let number = self.last.max(last_number(&self.list.id, [&self.list])) + 1;
        let item = new_item(&item_name(&self.list.id, number), section, on_fail);
        let after = self.list.items.iter().rposition(|one| one.section_zh == section.0).map_or(self.list.items.len(), |at| at + 1);
        let mut order = self.names();
        order.insert(after.min(order.len()), item.id.clone());
        let mut changes = Self::set_item(&item);
        changes.push(order_change(&order));
        changes.push(("draft/last".to_owned(), json!(number)));
        (item.id, changes)
    }

    /// What takes an item out that was never published; nothing for any other.
    #[must_use]
    pub fn remove(&self, item: &str) -> Changes {
        if !self.is_new(item) {
            return Vec::new();
        }
        let order: Vec<String> = self.names().into_iter().filter(|name| name != item).collect();
        vec![(format!("draft/items/{item}"), Value::Null), order_change(&order)]
    }

    /// Whether an item can move among the others of its section: up, down.
    #[must_use]
    pub fn can_move(&self, item: &str) -> (bool, bool) {
        let at = |step| self.neighbour(item, step).is_some();
        (at(Step::Up), at(Step::Down))
    }

    /// What moves an item one place within its section.
    #[must_use]
    pub fn step(&self, item: &str, step: Step) -> Changes {
        let Some((from, to)) = self.neighbour(item, step) else { return Vec::new() };
        let mut order = self.names();
        order.swap(from, to);
        vec![order_change(&order)]
    }

    fn neighbour(&self, item: &str, step: Step) -> Option<(usize, usize)> {
        let items = &self.list.items;
        let from = items.iter().position(|one| one.id == item)?;
        let here = items.get(from)?;
        // Expressions count on what stands in one group, so nothing leaves its group by this way.
        let fits = |at: &usize| items.get(*at).is_some_and(|one| one.section_zh == here.section_zh && one.group == here.group);
        let to = match step {
            Step::Up => (0..from).rev().find(fits),
            Step::Down => (from + 1..items.len()).find(fits),
        }?;
        Some((from, to))
    }

    /// What moves an item to the end of another section, old or new.
    #[must_use]
    pub fn move_to(&self, item: &str, section: (&str, &str)) -> Changes {
        let Some(old) = self.item(item) else { return Vec::new() };
        if old.section_zh == section.0 || old.group.is_some() {
            return Vec::new();
        }
        let moved = Item { section_zh: section.0.to_owned(), section_en: section.1.to_owned(), ..old.clone() };
        let mut order: Vec<String> = self.names().into_iter().filter(|name| name != item).collect();
        let in_section = |name: &String| self.item(name).is_some_and(|one| one.section_zh == section.0);
        let after = order.iter().rposition(in_section).map_or(order.len(), |at| at + 1);
        order.insert(after, item.to_owned());
        let mut changes = Self::set_item(&moved);
        changes.push(order_change(&order));
        changes
    }

    /// What moves a whole section before the one that stands in front of it, or behind the next one.
    #[must_use]
    pub fn step_section(&self, section: &str, step: Step) -> Changes {
        let mut sections = self.list.sections();
        let Some(from) = sections.iter().position(|one| one.title_zh == section) else { return Vec::new() };
        let to = match step {
            Step::Up => from.checked_sub(1),
            Step::Down => Some(from + 1).filter(|to| *to < sections.len()),
        };
        let Some(to) = to else { return Vec::new() };
        sections.swap(from, to);
        let order: Vec<String> =
            sections.iter().flat_map(|one| &one.items).filter_map(|&at| Some(self.list.items.get(at)?.id.clone())).collect();
        vec![order_change(&order)]
    }

    /// What gives a section another title; nothing when the new title is empty or another section has it.
    #[must_use]
    pub fn rename_section(&self, section: &str, (zh, en): (&str, &str)) -> Changes {
        let taken = zh != section && self.list.items.iter().any(|item| item.section_zh == zh);
        if zh.is_empty() || taken {
            return Vec::new();
        }
        let en = if en.is_empty() { zh } else { en };
        let of_section = self.list.items.iter().filter(|item| item.section_zh == section);
        of_section
            .map(|item| Item { section_zh: zh.to_owned(), section_en: en.to_owned(), ..item.clone() })
            .flat_map(|item| Self::set_item(&item))
            .collect()
    }

    /// What adds a law to the list.
    #[must_use]
    pub fn set_law(law: &Basis) -> Changes {
        vec![(format!("draft/basis/{}", law.id), serde_json::to_value(law).unwrap_or_default())]
    }

    fn names(&self) -> Vec<String> {
        self.list.items.iter().map(|item| item.id.clone()).collect()
    }
}

/// One place up or down.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// Towards the beginning.
    Up,
    /// Towards the end.
    Down,
}

/// What puts a working copy away.
#[must_use]
pub fn clear(state: &State) -> Changes {
    // `draft/last` stays: a number that was given is never given again.
    state.under("draft").filter(|(path, _)| *path != "last").map(|(path, _)| (format!("draft/{path}"), Value::Null)).collect()
}

/// A list with no items yet.
#[must_use]
pub fn new_list(name: &str, title: &str, domain: &str, subject: &str) -> Checklist {
    Checklist {
        schema: "checklist/1".to_owned(),
        id: name.to_owned(),
        version: String::new(),
        status: "active".to_owned(),
        title_zh: title.to_owned(),
        title_en: title.to_owned(),
        domain: domain.to_owned(),
        applies_to: AppliesTo { subject: subject.to_owned(), ..AppliesTo::default() },
        note_zh: None,
        note_en: None,
        basis: Vec::new(),
        groups: Vec::new(),
        items: Vec::new(),
    }
}

/// An item as a new one begins: judged by 符合 / 不符合 / 不适用, of the lightest severity.
#[must_use]
pub fn new_item(name: &str, section: (&str, &str), on_fail: &str) -> Item {
    Item {
        id: name.to_owned(),
        section_zh: section.0.to_owned(),
        section_en: if section.1.is_empty() { section.0 } else { section.1 }.to_owned(),
        text_zh: String::new(),
        text_en: String::new(),
        basis: Vec::new(),
        how_zh: String::new(),
        how_en: String::new(),
        severity: Severity::General,
        severity_basis: Vec::new(),
        evidence: Vec::new(),
        answer: AnswerSpec::YesNoNa { pass: "yes".to_owned() },
        on_fail: on_fail.to_owned(),
        when: None,
        per: Per::Equipment,
        common: None,
        group: None,
        record_only: false,
        retired: false,
        logic: None,
        transfer_to: Vec::new(),
        phrases: Vec::new(),
    }
}

/// Sets a text that exists in both languages: an English one that is empty, or was taken from the Chinese one, follows it.
pub fn set_text((zh, en): (&mut String, &mut String), lang: Lang, text: &str) {
    match lang {
        Lang::Zh => {
            if en.is_empty() || en == zh {
                text.clone_into(en);
            }
            text.clone_into(zh);
        }
        Lang::En if text.is_empty() => en.clone_from(zh),
        Lang::En => text.clone_into(en),
    }
}

/// Whether the English text is only the Chinese one again.
#[must_use]
pub fn is_untranslated(zh: &str, en: &str) -> bool {
    zh == en && zh.chars().any(|c| ('\u{3400}'..='\u{9fff}').contains(&c))
}

fn head_text(list: &Checklist, head: Head) -> String {
    match head {
        Head::Title(lang) => lang.pick(&list.title_zh, &list.title_en).to_owned(),
        Head::Note(Lang::Zh) => list.note_zh.clone().unwrap_or_default(),
        Head::Note(Lang::En) => list.note_en.clone().unwrap_or_default(),
        Head::Domain => list.domain.clone(),
        Head::Subject => list.applies_to.subject.clone(),
    }
}

fn order_change(order: &[String]) -> (String, Value) {
    ("draft/order".to_owned(), json!(order))
}

/// A list that need not be complete.
#[must_use]
pub fn parse_list(value: &Value) -> Option<Checklist> {
    parse(value)
}

/// Through the text, as [`Checklist::from_value`]: a second reader of so large a type would be a large part of the program.
fn parse<T: serde::de::DeserializeOwned>(value: &Value) -> Option<T> {
    if value.is_null() { None } else { serde_json::from_slice(value.to_string().as_bytes()).ok() }
}
