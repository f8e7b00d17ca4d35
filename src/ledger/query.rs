//! Questions to the ledgers: what is due, what expires, who is responsible.

use std::collections::{BTreeMap, BTreeSet};

use super::card::{Card, Expiry};
use super::{Kind, Ledger};
use crate::domain::time::CivilDate;

/// Something that is due for a card.
#[derive(Clone, PartialEq, Debug)]
pub struct Dated<'a, D> {
    /// The equipment or instrument.
    pub card: &'a Card,
    /// Its unit.
    pub unit: Option<&'a Card>,
    /// The month in which it is due, `YYYY-MM`.
    pub month: String,
    /// What is due, as the rules say.
    pub due: D,
}

/// By what a list is put together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Grouping {
    /// Month.
    Month,
    /// Unit.
    Unit,
    /// Responsible inspector.
    Inspector,
}

/// A part of a list.
#[derive(Clone, PartialEq, Debug)]
pub struct Group<'a, 'b, D> {
    /// Month, record id of the unit, or name of the inspector; empty for what has none.
    pub key: String,
    /// What people call it.
    pub label: String,
    /// What belongs to it, in the order of the list.
    pub items: Vec<&'b Dated<'a, D>>,
}

/// How many there are of something.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Count {
    /// In all.
    pub total: usize,
    /// Of them in use (or without a status).
    pub in_use: usize,
    /// Of them without a responsible inspector.
    pub without_inspector: usize,
}

/// A paper that expires, and whose it is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Expiring<'a> {
    /// The unit or instrument.
    pub card: &'a Card,
    /// The paper.
    pub expiry: &'a Expiry,
}

impl Ledger {
    /// What belongs to a unit, equipment before instruments, by name.
    #[must_use]
    pub fn of_unit(&self, unit_id: &str) -> Vec<&Card> {
        let mut cards: Vec<&Card> = self.cards().iter().filter(|card| card.unit_id == unit_id && !unit_id.is_empty()).collect();
        cards.sort_by(|a, b| (&a.kind, &a.title, &a.id).cmp(&(&b.kind, &b.title, &b.id)));
        cards
    }

    /// Who is responsible for a card: its own inspector, else its unit's. Empty when nobody is.
    #[must_use]
    pub fn inspector_of<'a>(&'a self, card: &'a Card) -> &'a str {
        if card.inspector.is_empty() { self.unit_of(card).map_or("", |unit| &unit.inspector) } else { &card.inspector }
    }

    /// What is due for the wanted cards, by month, then unit and name. `due` gives month and details for each, such as the
    /// rules compute them out of [`Card::facts`].
    pub fn due_list<D>(&self, wanted: impl Fn(&Card) -> bool, due: impl Fn(&Card) -> Vec<(String, D)>) -> Vec<Dated<'_, D>> {
        let mut list = Vec::new();
        for card in self.cards().iter().filter(|card| card.kind() != Some(Kind::Unit) && wanted(card)) {
            let unit = self.unit_of(card);
            list.extend(due(card).into_iter().map(|(month, due)| Dated { card, unit, month, due }));
        }
        let title = |dated: &Dated<'_, D>| dated.unit.map(|unit| unit.title.clone()).unwrap_or_default();
        list.sort_by_cached_key(|dated| (dated.month.clone(), title(dated), dated.card.title.clone(), dated.card.id.clone()));
        list
    }

    /// Puts a list together by month, unit or inspector, in the order of the keys' labels. What has none comes first.
    #[must_use]
    pub fn grouped<'a, 'b, D>(&self, list: &'b [Dated<'a, D>], by: Grouping) -> Vec<Group<'a, 'b, D>> {
        let mut groups: BTreeMap<(String, String), Vec<&'b Dated<'a, D>>> = BTreeMap::new();
        for dated in list {
            let (label, key) = match by {
                Grouping::Month => (dated.month.clone(), dated.month.clone()),
                Grouping::Unit => dated.unit.map(|unit| (unit.title.clone(), unit.id.clone())).unwrap_or_default(),
                Grouping::Inspector => {
                    let own = dated.card.inspector.as_str();
                    let name = if own.is_empty() { dated.unit.map_or("", |unit| &unit.inspector) } else { own };
                    (name.to_owned(), name.to_owned())
                }
            };
            groups.entry((label, key)).or_default().push(dated);
        }
        groups.into_iter().map(|((label, key), items)| Group { key, label, items }).collect()
    }

    /// Cards of a kind for which nobody is responsible.
    #[must_use]
    pub fn without_inspector(&self, kind: Kind) -> Vec<&Card> {
        self.of_kind(kind).filter(|card| self.inspector_of(card).trim().is_empty()).collect()
    }

    /// All who are responsible for something, sorted.
    #[must_use]
    pub fn inspectors(&self) -> BTreeSet<&str> {
        self.cards().iter().map(|card| card.inspector.as_str()).filter(|name| !name.trim().is_empty()).collect()
    }

    /// Permits, certificates of officers and verifications that end on or before a day, or have ended; the first to end
    /// come first.
    #[must_use]
    pub fn expiring(&self, until: CivilDate) -> Vec<Expiring<'_>> {
        let until = until.to_string();
        let all = self.cards().iter().flat_map(|card| card.expiries.iter().map(move |expiry| Expiring { card, expiry }));
        // Written dates sort like the days that they name.
        let mut found: Vec<Expiring<'_>> = all.filter(|one| one.expiry.on <= until).collect();
        found.sort_by(|a, b| (&a.expiry.on, &a.card.title, &a.card.id).cmp(&(&b.expiry.on, &b.card.title, &b.card.id)));
        found
    }

    /// How many machines there are of each kind, by the first character of their type code; empty for those without one.
    #[must_use]
    pub fn equipment_counts(&self) -> BTreeMap<String, Count> {
        let mut counts: BTreeMap<String, Count> = BTreeMap::new();
        for card in self.of_kind(Kind::Equipment) {
            self.count(counts.entry(card.type_code.chars().take(1).collect()).or_default(), card);
        }
        counts
    }

    /// How many records there are of each kind.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<Kind, Count> {
        let mut counts = BTreeMap::new();
        for kind in Kind::ALL {
            let mut count = Count::default();
            self.of_kind(kind).for_each(|card| self.count(&mut count, card));
            counts.insert(kind, count);
        }
        counts
    }

    fn count(&self, count: &mut Count, card: &Card) {
        count.total += 1;
        count.in_use += usize::from(matches!(card.status.as_str(), "" | "in_use" | "open"));
        count.without_inspector += usize::from(self.inspector_of(card).trim().is_empty());
    }
}
