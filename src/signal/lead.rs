//! Leads (线索): which groups have become one, and which wait.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::watch::{Group, Watch};
use crate::domain::inspection::{Stage, Summary};
use crate::domain::journal::State;

/// The kind of these matters.
pub const KIND: &str = "lead";
/// How the links of a lead to its filings begin.
pub const FILING_LINK: &str = "filing_";

/// A lead, as signals see it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Lead {
    /// The record.
    #[serde(skip)]
    pub record: String,
    /// Whether nothing more has to be done with it.
    #[serde(skip)]
    pub closed: bool,
    /// The rule that it was raised by; empty when a person raised it without one.
    pub rule: String,
    /// The filings that it names.
    pub filings: Vec<String>,
}

impl Lead {
    /// What the state of a record says, without the record and how it stands; `None` when it is no lead.
    #[must_use]
    pub fn read(state: &State) -> Option<Self> {
        if state.text("kind") != Some(KIND) {
            return None;
        }
        let links = state.under("links").filter(|(name, _)| name.starts_with(FILING_LINK));
        let filings = links.filter_map(|(_, cell)| Some(cell.value.get("record").and_then(Value::as_str)?.to_owned()));
        Some(Self { rule: state.text("proposed/rule").unwrap_or_default().to_owned(), filings: filings.collect(), ..Self::default() })
    }

    /// The lead of a summary; `None` when it is none, or was voided.
    #[must_use]
    pub fn of(summary: &Summary) -> Option<Self> {
        let line = summary.matter.as_ref().filter(|_| summary.kind == KIND && summary.stage != Stage::Voided)?;
        let mut lead: Self = serde_json::from_value(line.signal.clone()?).ok()?;
        lead.record.clone_from(&summary.id);
        lead.closed = line.closed;
        Some(lead)
    }
}

/// What can be done with a group.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Pending {
    /// No lead names it: it can become one.
    Raise(Group),
    /// An open lead names some of it: the others can be added.
    Add {
        /// The record of the lead.
        lead: String,
        /// The whole group.
        group: Group,
        /// Those that the lead does not name.
        records: Vec<String>,
    },
}

impl Pending {
    /// The group.
    #[must_use]
    pub fn group(&self) -> &Group {
        match self {
            Self::Raise(group) | Self::Add { group, .. } => group,
        }
    }
}

/// The groups that wait for somebody, those worth most first.
///
/// What leads that are over named is answered: only what came after them counts, and must be enough by itself.
#[must_use]
pub fn pending(watch: &mut Watch, leads: &[Lead]) -> Vec<Pending> {
    let mut waiting = Vec::new();
    for group in watch.groups() {
        let members: BTreeSet<&str> = group.records.iter().map(String::as_str).collect();
        let own = |lead: &&Lead| lead.rule == group.key.rule && lead.filings.iter().any(|filing| members.contains(filing.as_str()));
        let same: Vec<&Lead> = leads.iter().filter(own).collect();
        let named: BTreeSet<&str> = same.iter().flat_map(|lead| &lead.filings).map(String::as_str).collect();
        let left: BTreeSet<&str> = members.difference(&named).copied().collect();
        if same.is_empty() {
            waiting.push(Pending::Raise(group));
        } else if let Some(open) = same.iter().find(|lead| !lead.closed) {
            let records: Vec<String> = group.records.iter().filter(|record| left.contains(record.as_str())).cloned().collect();
            if !records.is_empty() {
                waiting.push(Pending::Add { lead: open.record.clone(), group, records });
            }
        } else {
            waiting.extend(watch.groups_among(&group.key, &left).into_iter().map(Pending::Raise));
        }
    }
    waiting
}
