//! What goes into a file that is handed out: tasks, lines of the ledgers, the bureau's own checklists and rules.

use std::collections::{BTreeMap, BTreeSet};

use crate::app::workspace::{AppError, Workspace};
use crate::bundle::BundlePurpose;
use crate::domain::id::RecordId;
use crate::domain::library::{self, Holding};
use crate::domain::task::Task;
use crate::ledger::{Card, Kind, Ledger};
use crate::port::clock::Clock;
use crate::port::random::Random;
use crate::port::twin::Store;

/// Which tasks go.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum WhichTasks {
    /// None.
    #[default]
    None,
    /// All that wait to be done.
    All,
    /// Those of a person; the empty name means those that anyone may do.
    Of(String),
}

/// Which lines of the ledgers go.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum WhichLines {
    /// None.
    #[default]
    None,
    /// All.
    All,
    /// Those of a town; what has none of its own counts to the one of its unit.
    Town(String),
    /// Those that a person is responsible for; what has nobody of its own counts to the one of its unit.
    Inspector(String),
    /// The units of the tasks that go, with their equipment and instruments.
    OfTasks,
}

/// What is to be handed out.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct HandOut {
    /// Tasks.
    pub tasks: WhichTasks,
    /// Lines of the ledgers.
    pub lines: WhichLines,
    /// Ids of the records of checklists and rules.
    pub content: BTreeSet<String>,
}

/// The records that go, by what they are.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Chosen {
    /// Tasks.
    pub tasks: Vec<String>,
    /// Lines of the ledgers: units first, so that what names them finds them.
    pub lines: Vec<String>,
    /// Checklists and rules.
    pub content: Vec<String>,
}

impl Chosen {
    /// What the file is for: rules when nothing else goes.
    #[must_use]
    pub fn purpose(&self) -> BundlePurpose {
        if self.tasks.is_empty() && self.lines.is_empty() { BundlePurpose::Rules } else { BundlePurpose::Assign }
    }

    /// All records: rules first, then the ledgers, then the tasks that name them.
    #[must_use]
    pub fn ids(&self) -> Vec<String> {
        [&self.content, &self.lines, &self.tasks].into_iter().flatten().cloned().collect()
    }

    /// Whether nothing goes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tasks.is_empty() && self.lines.is_empty() && self.content.is_empty()
    }
}

impl HandOut {
    /// The records that go. A unit goes along with each piece of equipment and each instrument of it.
    #[must_use]
    pub fn choose(&self, tasks: &[(String, Task)], ledger: &Ledger) -> Chosen {
        let going: Vec<&(String, Task)> = tasks
            .iter()
            .filter(|(_, task)| match &self.tasks {
                WhichTasks::None => false,
                WhichTasks::All => true,
                WhichTasks::Of(name) => task.inspector == *name,
            })
            .collect();
        let units: BTreeSet<&str> = going.iter().map(|(_, task)| task.unit_id.as_str()).collect();
        let wanted = |card: &Card| match &self.lines {
            WhichLines::None => false,
            WhichLines::All => true,
            WhichLines::Town(town) => town_of(ledger, card) == town,
            WhichLines::Inspector(name) => inspector_of(ledger, card) == name,
            WhichLines::OfTasks => units.contains(if card.kind() == Some(Kind::Unit) { card.id.as_str() } else { card.unit_id.as_str() }),
        };
        let mut own: BTreeSet<&str> = BTreeSet::new();
        let mut belonging: Vec<&str> = Vec::new();
        for card in ledger.cards().iter().filter(|card| wanted(card)) {
            if card.kind() == Some(Kind::Unit) {
                own.insert(&card.id);
            } else {
                own.extend(ledger.unit_of(card).map(|unit| unit.id.as_str()));
                belonging.push(&card.id);
            }
        }
        Chosen {
            tasks: going.into_iter().map(|(id, _)| id.clone()).collect(),
            lines: own.into_iter().chain(belonging).map(str::to_owned).collect(),
            content: self.content.iter().cloned().collect(),
        }
    }
}

/// The town of a line, or that of its unit.
#[must_use]
pub fn town_of<'a>(ledger: &'a Ledger, card: &'a Card) -> &'a str {
    if card.town.is_empty() { ledger.unit_of(card).map_or("", |unit| unit.town.as_str()) } else { &card.town }
}

/// Who is responsible for a line, or for its unit.
#[must_use]
pub fn inspector_of<'a>(ledger: &'a Ledger, card: &'a Card) -> &'a str {
    if card.inspector.is_empty() { ledger.unit_of(card).map_or("", |unit| unit.inspector.as_str()) } else { &card.inspector }
}

/// The towns or people that the lines of the ledgers have, each with how many; those without one are left out.
#[must_use]
pub fn counted<'a>(ledger: &'a Ledger, by: impl Fn(&'a Ledger, &'a Card) -> &'a str) -> BTreeMap<String, usize> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for name in ledger.cards().iter().map(|card| by(ledger, card)).filter(|name| !name.is_empty()) {
        match counts.get_mut(name) {
            Some(count) => *count += 1,
            None => drop(counts.insert(name.to_owned(), 1)),
        }
    }
    counts
}

impl<S: Store, C: Clock, R: Random> Workspace<S, C, R> {
    /// The bureau's own checklists and rules among these records, with their ids; what was never published is left out.
    ///
    /// # Errors
    /// [`AppError`] when the store can't be read.
    pub async fn holdings(&self, ids: &[RecordId]) -> Result<Vec<(String, Holding)>, AppError> {
        let mut holdings = Vec::new();
        // One at a time: rules are large.
        for id in ids {
            match self.load(id).await {
                Ok(record) => holdings.extend(library::read(record.state()).map(|holding| (id.to_string(), holding))),
                Err(AppError::NoRecord) => {}
                Err(error) => return Err(error),
            }
        }
        holdings.sort_by(|(a_id, a), (b_id, b)| (&a.path, a_id).cmp(&(&b.path, b_id)));
        Ok(holdings)
    }
}
