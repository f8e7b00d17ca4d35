//! Finding groups of filings that have something in common.

use std::collections::{BTreeMap, BTreeSet};

use super::filing::{Filing, Flag};
use super::rule::{Rule, Rules};
use crate::domain::time::CivilDate;

/// What the filings of a group have in common: the rule, and what it compares by.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Key {
    /// Name of the rule.
    pub rule: String,
    /// What is the same, such as `gtin:6901234567892`.
    pub same: String,
}

/// Filings that are a signal together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Group {
    /// What they have in common.
    pub key: Key,
    /// The records, the earliest first; duplicates among them.
    pub records: Vec<String>,
    /// How many they are, each with its duplicates once.
    pub count: usize,
    /// What they are worth.
    pub points: u32,
    /// Day of the first one.
    pub from: CivilDate,
    /// Day of the last one.
    pub to: CivilDate,
    /// In how many of them somebody was hurt or killed.
    pub injuries: usize,
    /// Persons who died.
    pub deaths: u32,
}

/// All filings, and the groups among them.
///
/// Putting a filing looks again only at what it has something in common with.
#[derive(Clone, Debug)]
pub struct Watch {
    rules: Rules,
    filings: BTreeMap<String, Filing>,
    /// By what is the same: day and record.
    buckets: BTreeMap<Key, BTreeSet<(CivilDate, String)>>,
    /// Which filings say of this one that it is about the same event.
    said_same: BTreeMap<String, BTreeSet<String>>,
    /// What was found of each bucket.
    found: BTreeMap<Key, Vec<Group>>,
    /// What must be looked at again.
    changed: BTreeSet<Key>,
}

impl Watch {
    /// With nothing in it.
    #[must_use]
    pub fn new(rules: Rules) -> Self {
        Self {
            rules,
            filings: BTreeMap::new(),
            buckets: BTreeMap::new(),
            said_same: BTreeMap::new(),
            found: BTreeMap::new(),
            changed: BTreeSet::new(),
        }
    }

    /// The rules.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// A filing.
    #[must_use]
    pub fn filing(&self, record: &str) -> Option<&Filing> {
        self.filings.get(record)
    }

    /// All filings, by their records.
    pub fn filings(&self) -> impl Iterator<Item = &Filing> {
        self.filings.values()
    }

    /// Takes a filing in, or what it says now.
    pub fn put(&mut self, filing: Filing) {
        if self.filings.get(&filing.record) == Some(&filing) {
            return;
        }
        self.remove(&filing.record);
        for other in &filing.same {
            self.said_same.entry(other.clone()).or_default().insert(filing.record.clone());
        }
        for key in self.keys_of(&filing) {
            if let Some(day) = filing.day {
                self.buckets.entry(key).or_default().insert((day, filing.record.clone()));
            }
        }
        let record = filing.record.clone();
        self.filings.insert(record.clone(), filing);
        self.touch(&record);
    }

    /// Takes a filing out.
    pub fn remove(&mut self, record: &str) {
        self.touch(record);
        let Some(known) = self.filings.remove(record) else { return };
        for other in &known.same {
            if let Some(all) = self.said_same.get_mut(other) {
                all.remove(record);
            }
        }
        for key in self.keys_of(&known) {
            if let (Some(day), Some(bucket)) = (known.day, self.buckets.get_mut(&key)) {
                bucket.remove(&(day, record.to_owned()));
            }
        }
    }

    /// The groups, those worth most first, the same for the same filings in whatever order they came.
    ///
    /// One that is wholly within another one of the same rule is left out: it is the same signal, told by less.
    pub fn groups(&mut self) -> Vec<Group> {
        for key in std::mem::take(&mut self.changed) {
            let groups = self.look(&key);
            if groups.is_empty() {
                self.found.remove(&key);
            } else {
                self.found.insert(key, groups);
            }
        }
        let mut all: Vec<&Group> = self.found.values().flatten().collect();
        // The wider one first, so that whatever lies within it comes after it.
        all.sort_by(|a, b| b.records.len().cmp(&a.records.len()).then_with(|| a.key.cmp(&b.key)).then_with(|| a.from.cmp(&b.from)));
        let mut holding: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
        let mut kept: Vec<(&Group, BTreeSet<&str>)> = Vec::new();
        for group in all {
            let first = group.records.first().map(String::as_str).unwrap_or_default();
            let beside = holding.get(&(group.key.rule.as_str(), first)).into_iter().flatten();
            let mut wider = beside.filter_map(|at| kept.get(*at));
            if wider.any(|(_, records)| group.records.iter().all(|record| records.contains(record.as_str()))) {
                continue;
            }
            for record in &group.records {
                holding.entry((group.key.rule.as_str(), record.as_str())).or_default().push(kept.len());
            }
            kept.push((group, group.records.iter().map(String::as_str).collect()));
        }
        let mut groups: Vec<Group> = kept.into_iter().map(|(group, _)| group.clone()).collect();
        let place = |group: &Group| self.rules.rules.iter().position(|rule| rule.id == group.key.rule);
        groups.sort_by(|a, b| {
            let by_weight = b.points.cmp(&a.points).then_with(|| b.to.cmp(&a.to)).then_with(|| place(a).cmp(&place(b)));
            by_weight.then_with(|| a.key.cmp(&b.key)).then_with(|| a.from.cmp(&b.from))
        });
        groups
    }

    /// The groups that some filings make by themselves under one rule, for those that no lead names yet.
    #[must_use]
    pub fn groups_among(&self, key: &Key, records: &BTreeSet<&str>) -> Vec<Group> {
        let Some(rule) = self.rules.rule(&key.rule) else { return Vec::new() };
        let bucket = self.buckets.get(key).into_iter().flatten();
        let within: Vec<&(CivilDate, String)> = bucket.filter(|(_, record)| records.contains(record.as_str())).collect();
        self.windows(rule, key, &within)
    }

    /// Other filings that have something in common with this one under any rule, whenever they came in, the latest first.
    #[must_use]
    pub fn alike(&self, record: &str) -> Vec<&Filing> {
        let Some(filing) = self.filings.get(record) else { return Vec::new() };
        let own = self.root(record);
        let same = self.keys_of(filing).into_iter().filter_map(|key| self.buckets.get(&key)).flatten();
        let others: BTreeSet<&(CivilDate, String)> = same.filter(|(_, other)| self.root(other) != own).collect();
        others.into_iter().rev().filter_map(|(_, other)| self.filings.get(other)).collect()
    }

    fn keys_of(&self, filing: &Filing) -> Vec<Key> {
        if !self.rules.counts(filing) {
            return Vec::new();
        }
        let rules = self.rules.rules.iter().filter(|rule| rule.kinds.contains(&filing.kind));
        rules.flat_map(|rule| rule.matching.keys(filing).into_iter().map(|same| Key { rule: rule.id.clone(), same })).collect()
    }

    /// Notes that whatever this filing has something in common with must be looked at again, and likewise all that are about
    /// the same event.
    fn touch(&mut self, record: &str) {
        let event: Vec<String> = self.event(record).into_iter().map(str::to_owned).collect();
        let known = event.iter().filter_map(|one| self.filings.get(one));
        let keys: Vec<Key> = known.flat_map(|filing| self.keys_of(filing)).collect();
        self.changed.extend(keys);
    }

    /// All records that are about the same event as this one, itself among them.
    fn event<'a>(&'a self, record: &'a str) -> BTreeSet<&'a str> {
        let (mut all, mut wait) = (BTreeSet::new(), vec![record]);
        while let Some(one) = wait.pop() {
            if all.insert(one) {
                wait.extend(self.filings.get(one).into_iter().flat_map(|filing| &filing.same).map(String::as_str));
                wait.extend(self.said_same.get(one).into_iter().flatten().map(String::as_str));
            }
        }
        all
    }

    /// What stands for the event that a filing is about: the least of its records.
    fn root<'a>(&'a self, record: &'a str) -> &'a str {
        self.event(record).first().copied().unwrap_or(record)
    }

    fn look(&self, key: &Key) -> Vec<Group> {
        let Some(rule) = self.rules.rule(&key.rule) else { return Vec::new() };
        let all: Vec<&(CivilDate, String)> = self.buckets.get(key).into_iter().flatten().collect();
        self.windows(rule, key, &all)
    }

    /// The windows of a rule that hold enough, joined where they share a filing.
    fn windows(&self, rule: &Rule, key: &Key, all: &[&(CivilDate, String)]) -> Vec<Group> {
        if all.len() < rule.least as usize {
            return Vec::new();
        }
        let of = |record: &str| self.filings.get(record).map(|filing| self.rules.points(filing)).unwrap_or_default();
        let items: Vec<(CivilDate, &str, u32)> = all.iter().map(|(day, record)| (*day, self.root(record), of(record))).collect();
        let mut spans: Vec<(usize, usize)> = Vec::new();
        let (mut held, mut end) = (Held::default(), 0);
        for (start, (day, root, points)) in items.iter().enumerate() {
            let last = day.plus_days(u64::from(rule.window_days.saturating_sub(1)));
            while let Some((_, root, points)) = items.get(end).filter(|(day, ..)| *day <= last) {
                held.add(root, *points);
                end += 1;
            }
            if held.roots.len() >= rule.least as usize && held.points >= u64::from(rule.points) {
                match spans.last_mut() {
                    Some((_, until)) if start < *until => *until = end,
                    _ => spans.push((start, end)),
                }
            }
            held.take(root, *points);
        }
        spans.into_iter().filter_map(|(start, end)| self.group(key, all.get(start..end)?)).collect()
    }

    fn group(&self, key: &Key, members: &[&(CivilDate, String)]) -> Option<Group> {
        let (from, to) = (members.first()?.0, members.last()?.0);
        let mut sums: BTreeMap<&str, (u32, bool, u32)> = BTreeMap::new();
        for (_, record) in members.iter().copied() {
            let filing = self.filings.get(record)?;
            let (points, injury, deaths) = sums.entry(self.root(record)).or_default();
            *points = self.rules.points(filing).max(*points);
            *injury |= filing.flags.contains(&Flag::Injury);
            *deaths = filing.deaths.max(*deaths);
        }
        Some(Group {
            key: key.clone(),
            records: members.iter().map(|(_, record)| record.clone()).collect(),
            count: sums.len(),
            points: sums.values().fold(0, |sum, (points, ..)| sum.saturating_add(*points)),
            from,
            to,
            injuries: sums.values().filter(|(_, injury, _)| *injury).count(),
            deaths: sums.values().fold(0, |sum, (.., deaths)| sum.saturating_add(*deaths)),
        })
    }
}

/// What a window holds: each filing with its duplicates once, at the most that one of them is worth.
#[derive(Default)]
struct Held<'a> {
    roots: BTreeMap<&'a str, BTreeMap<u32, usize>>,
    points: u64,
}

impl<'a> Held<'a> {
    fn worth(&self, root: &str) -> u64 {
        self.roots.get(root).and_then(|all| all.keys().next_back()).copied().map(u64::from).unwrap_or_default()
    }

    fn add(&mut self, root: &'a str, points: u32) {
        let before = self.worth(root);
        *self.roots.entry(root).or_default().entry(points).or_default() += 1;
        self.points = self.points + self.worth(root) - before;
    }

    fn take(&mut self, root: &'a str, points: u32) {
        let before = self.worth(root);
        if let Some(all) = self.roots.get_mut(root) {
            if let Some(times) = all.get_mut(&points) {
                *times -= 1;
            }
            all.retain(|_, times| *times > 0);
            if all.is_empty() {
                self.roots.remove(root);
            }
        }
        self.points = self.points + self.worth(root) - before;
    }
}
