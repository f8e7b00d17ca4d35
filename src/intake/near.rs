//! Which complaints and reports look alike, and what a person found of it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::triage::{NearRule, Strength, Triage};
use crate::app::library::Changes;
use crate::domain::change::ClockReading;
use crate::domain::inspection::{Stage, Summary};
use crate::domain::matter::MatterLine;
use crate::domain::time::CivilDate;
use crate::domain::uscc::half_width;

/// What a person found of another matter that looks like this one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Finding {
    /// It is about the same.
    Duplicate,
    /// It is about something else.
    Dismissed,
}

impl Finding {
    /// The word in the record.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::Dismissed => "dismissed",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        [Self::Duplicate, Self::Dismissed].into_iter().find(|one| one.name() == name)
    }
}

/// The changes that write down what was found of another record. A later finding replaces it, and both stay in the history.
#[must_use]
pub fn found(other: &str, title: &str, finding: Finding, now: ClockReading) -> Changes {
    let value = json!({"as": finding.name(), "title": title, "ms": now.wall_ms, "offset_min": now.offset_min});
    vec![(format!("near/{other}"), value)]
}

/// Another matter that looks like one.
#[derive(Clone, PartialEq, Debug)]
pub struct Near<'a> {
    /// The other one.
    pub other: &'a Summary,
    /// Why, the surest reason first.
    pub reasons: Vec<&'a NearRule>,
    /// How surely: as the surest reason.
    pub strength: Strength,
    /// What somebody found, in either of the two records.
    pub finding: Option<Finding>,
}

/// All matters of the inbox by what they could have in common.
#[derive(Debug)]
pub struct NearIndex<'a> {
    rules: &'a Triage,
    all: BTreeMap<&'a str, &'a Summary>,
    by_key: BTreeMap<String, BTreeSet<&'a str>>,
}

impl<'a> NearIndex<'a> {
    /// Reads the summaries; what is no matter of the inbox or was voided is left out.
    #[must_use]
    pub fn of(rules: &'a Triage, summaries: &'a [Summary]) -> Self {
        let mut index = Self { rules, all: BTreeMap::new(), by_key: BTreeMap::new() };
        for one in summaries.iter().filter(|one| one.stage != Stage::Voided) {
            let Some(line) = one.matter.as_ref().filter(|line| rules.taken(&line.procedure).is_some()) else { continue };
            index.all.insert(&one.id, one);
            for key in rules.near.iter().flat_map(|rule| keys(rule, line)) {
                index.by_key.entry(key).or_default().insert(&one.id);
            }
        }
        index
    }

    /// The others that look like one, the surest first, then the latest. What it is linked with anyway, such as the report that was filed
    /// with a complaint, is none of them. Empty for what is not in the index.
    #[must_use]
    pub fn near(&self, id: &str) -> Vec<Near<'a>> {
        let Some((one, line)) = self.all.get(id).and_then(|one| Some((*one, one.matter.as_ref()?))) else { return Vec::new() };
        let mut found: BTreeMap<&'a str, Vec<&'a NearRule>> = BTreeMap::new();
        for rule in &self.rules.near {
            let hits: BTreeSet<&'a str> = keys(rule, line).iter().filter_map(|key| self.by_key.get(key)).flatten().copied().collect();
            for other in hits.into_iter().filter(|other| *other != id && !self.are_linked(one, other) && self.within(rule, one, other)) {
                found.entry(other).or_default().push(rule);
            }
        }
        let mut near: Vec<Near<'a>> = found
            .into_iter()
            .filter_map(|(other, mut reasons)| {
                let other = *self.all.get(other)?;
                reasons.sort_by_key(|rule| std::cmp::Reverse(rule.strength));
                let strength = reasons.first()?.strength;
                Some(Near { finding: finding(line, &other.id).or_else(|| finding(other.matter.as_ref()?, id)), other, reasons, strength })
            })
            .collect();
        near.sort_by_key(|one| std::cmp::Reverse((one.strength, one.other.created_ms)));
        near
    }

    /// Whether one of the two names the other.
    fn are_linked(&self, one: &Summary, other: &str) -> bool {
        let names = |summary: &Summary, id: &str| {
            summary.matter.as_ref().is_some_and(|line| line.links.iter().any(|link| link.split('#').next() == Some(id)))
        };
        names(one, other) || self.all.get(other).is_some_and(|other| names(other, &one.id))
    }

    fn within(&self, rule: &NearRule, one: &Summary, other: &str) -> bool {
        let day = |summary: &Summary| CivilDate::parse(summary.matter.as_ref()?.fact("received_on")?);
        match (rule.days, day(one), self.all.get(other).and_then(|other| day(other))) {
            (Some(days), Some(a), Some(b)) => (a.0 - b.0).num_days().unsigned_abs() <= u64::from(days),
            // Who has not said when it came in is not left out for it.
            _ => true,
        }
    }
}

fn finding(line: &MatterLine, other: &str) -> Option<Finding> {
    Finding::parse(line.fact(&format!("near/{other}"))?)
}

/// What a matter can be found by under a rule: one key for each way in which its groups are answered.
fn keys(rule: &NearRule, line: &MatterLine) -> BTreeSet<String> {
    let mut keys = BTreeSet::from([rule.id.clone()]);
    for group in &rule.same {
        let values: BTreeSet<String> = group.iter().filter_map(|field| plain(line, field)).collect();
        keys = keys.iter().flat_map(|key| values.iter().map(move |value| format!("{key}\u{1f}{value}"))).collect();
    }
    keys
}

/// What a field says, without how it is set; none where it says nothing.
fn plain(line: &MatterLine, field: &str) -> Option<String> {
    if let Some(mark) = line.mark(field) {
        return Some(format!("#{mark}"));
    }
    let signs = line.fact(field)?.chars().map(half_width).filter(|sign| sign.is_alphanumeric());
    Some(signs.flat_map(char::to_lowercase).collect::<String>()).filter(|text| !text.is_empty())
}
