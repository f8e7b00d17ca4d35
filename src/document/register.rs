//! Numbers of documents: given once, on any phone, and every one accounted for.
//!
//! The office gives ranges to devices. A device gives the numbers of its own ranges one after the other, and knows which
//! it has given, because it has issued those documents itself. Without a range it counts by itself, and a tag made of its
//! name stands in the number.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::template::Series;
use super::{KIND, RANGE_KIND};
use crate::domain::id::DeviceId;
use crate::domain::journal::{Journal, State};

/// The widest range that is read: more is an error of whoever wrote it.
const WIDEST: u32 = 10_000;
/// How many characters a tag has, unless another device is known with the same one.
const TAG: usize = 4;
/// What tags are written with: nothing that is read as something else.
const LETTERS: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// A number as it is given to a document.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Number {
    /// The series.
    pub series: String,
    /// The year.
    pub year: i32,
    /// The number within series, year and tag.
    pub n: u32,
    /// As it is printed.
    pub text: String,
    /// The range that it is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<String>,
    /// The tag of the device that counts by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
}

/// A range of numbers that the office has given to a device.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Range {
    /// The record.
    pub id: String,
    /// The series.
    pub series: String,
    /// The year.
    pub year: i32,
    /// The short name of the bureau in numbers.
    pub mark: String,
    /// Who gives them.
    pub device: String,
    /// The first.
    pub from: u32,
    /// The last.
    pub to: u32,
    /// Numbers that are never given, with the reason.
    pub voids: BTreeMap<u32, String>,
    /// It is no range: its voids are of the numbers that the device with this tag counts by itself.
    pub tag: Option<String>,
}

impl Range {
    /// What the record says; `None` when it is no range.
    #[must_use]
    pub fn read(id: &str, state: &State) -> Option<Self> {
        let text = |path: &str| state.text(path).unwrap_or_default().to_owned();
        let whole = |path: &str| state.get(path)?.as_u64().and_then(|number| u32::try_from(number).ok());
        let tag = state.text("tag").filter(|tag| !tag.is_empty()).map(str::to_owned);
        let (from, to) = if tag.is_some() { (0, 0) } else { (whole("from")?, whole("to")?) };
        let is_range = (1..=to).contains(&from) && to - from < WIDEST;
        let good = state.text("kind") == Some(RANGE_KIND) && (tag.is_some() || is_range);
        let void = |(n, value): (&str, &Value)| Some((n.parse().ok()?, value.as_str()?.to_owned()));
        good.then(|| Self {
            id: id.to_owned(),
            series: text("series"),
            year: whole("year").and_then(|year| i32::try_from(year).ok()).unwrap_or_default(),
            mark: text("mark"),
            device: text("device"),
            from,
            to,
            voids: state.under("voids").filter_map(|(n, cell)| void((n, &cell.value))).collect(),
            tag,
        })
    }

    fn holds(&self, n: u32) -> bool {
        self.tag.is_none() && (self.from..=self.to).contains(&n)
    }
}

/// A number that stands, or once stood, in a document.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Given {
    /// The document.
    pub document: String,
    /// The device that gave it.
    pub device: String,
    /// The number.
    pub number: Number,
    /// The document bears it. Otherwise another one took its place, because two devices had issued the same draft.
    pub stands: bool,
    /// The document was withdrawn.
    pub withdrawn: bool,
}

/// All numbers that were ever given to a document; none when the record is none.
#[must_use]
pub fn given(journal: &Journal, state: &State) -> Vec<Given> {
    if state.text("kind") != Some(KIND) {
        return Vec::new();
    }
    let read = |value: &Value| serde_json::from_value::<Number>(value.clone()).ok();
    let stands = state.get("issued").and_then(|issued| read(issued.get("number")?));
    let withdrawn = state.get("withdrawn").is_some();
    let mut all: BTreeSet<Given> = BTreeSet::new();
    for entry in journal.entries() {
        let value = match entry.change.path.as_str() {
            "number" => Some(&entry.change.value),
            "issued" => entry.change.value.get("number"),
            _ => None,
        };
        if let Some(number) = value.and_then(read) {
            let stands = stands.as_ref() == Some(&number);
            let (document, device) = (journal.record().to_string(), entry.change.device.to_string());
            all.insert(Given { document, device, number, stands, withdrawn });
        }
    }
    all.into_iter().collect()
}

/// Why a draft was given up; `None` when it was not, or when the record is no draft.
#[must_use]
pub fn given_up(state: &State) -> Option<String> {
    let is_draft = state.text("kind") == Some(KIND) && state.get("issued").is_none();
    let reason = state.get("withdrawn").filter(|_| is_draft)?.get("reason").and_then(Value::as_str);
    Some(reason.unwrap_or_default().to_owned())
}

/// There is no number left in the ranges of a device.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("device {device} has no range of {series} in {year} with a number left")]
pub struct NoNumber {
    /// The series.
    pub series: String,
    /// The year.
    pub year: i32,
    /// The device.
    pub device: String,
}

/// The next number of the ranges of a device.
///
/// # Errors
/// [`NoNumber`] when the office has to give a range; see [`own_number`] for what can be done without one.
pub fn next_number(series: &Series, year: i32, device: &DeviceId, ranges: &[Range], given: &[Given]) -> Result<Number, NoNumber> {
    let of_series: Vec<&Range> =
        ranges.iter().filter(|range| range.tag.is_none() && range.series == series.id && range.year == year).collect();
    let mut own: Vec<&Range> = of_series.iter().copied().filter(|range| range.device == device.as_str()).collect();
    own.sort_by_key(|range| (range.from, &range.id));
    for range in own {
        let last =
            numbers(&series.id, year, given).filter(|number| number.tag.is_none() && range.holds(number.n)).map(|number| number.n).max();
        // Behind all that were given, not into a gap: a document of this device may have been lost with its number.
        let first = last.map_or(Some(range.from), |last| last.checked_add(1));
        let free = |n: &u32| {
            // Two ranges that overlap by mistake: the number is of the record that was there first.
            let owner = of_series.iter().filter(|range| range.holds(*n)).min_by_key(|range| &range.id);
            owner.is_some_and(|owner| owner.id == range.id) && !of_series.iter().any(|range| range.voids.contains_key(n) && range.holds(*n))
        };
        if let Some(n) = first.and_then(|first| (first..=range.to).find(free)) {
            let text = series.text(&range.mark, year, &n.to_string());
            return Ok(Number { series: series.id.clone(), year, n, text, range: Some(range.id.clone()), tag: None });
        }
    }
    Err(NoNumber { series: series.id.clone(), year, device: device.to_string() })
}

fn numbers<'a>(series: &'a str, year: i32, given: &'a [Given]) -> impl Iterator<Item = &'a Number> {
    given.iter().map(|given| &given.number).filter(move |number| number.series == series && number.year == year)
}

/// The next number that a device counts by itself, with its tag: `监特令〔2026〕K7QX-1号`.
///
/// Tags of four characters are alike for two devices once in 900,000 times; where that is known, the tag is longer.
#[must_use]
pub fn own_number(series: &Series, year: i32, mark: &str, device: &DeviceId, given: &[Given]) -> Number {
    let whole = whole_tag(device);
    let others: Vec<String> =
        given.iter().filter(|given| given.device != device.as_str()).filter_map(|given| given.number.tag.clone()).collect();
    let tag = (TAG..=whole.len()).filter_map(|length| whole.get(..length)).find(|tag| !others.iter().any(|other| other == tag));
    let tag = tag.unwrap_or(&whole).to_owned();
    let last = numbers(&series.id, year, given).filter(|number| number.tag.as_ref() == Some(&tag)).map(|number| number.n).max();
    let n = last.unwrap_or_default().saturating_add(1);
    let text = series.text(mark, year, &format!("{tag}-{n}"));
    Number { series: series.id.clone(), year, n, text, range: None, tag: Some(tag) }
}

/// The name of a device in the letters of tags: 13 of them hold its 64 bits.
fn whole_tag(device: &DeviceId) -> String {
    let mut rest = device.as_str().strip_prefix('d').and_then(|hex| u64::from_str_radix(hex, 16).ok()).unwrap_or_default();
    let mut tag = String::new();
    for _ in 0..13 {
        let index = usize::try_from(rest % 31).unwrap_or_default();
        tag.push(LETTERS.get(index).map_or('0', |letter| char::from(*letter)));
        rest /= 31;
    }
    tag
}

/// Where the next range of a series begins: behind all ranges and numbers of the year.
#[must_use]
pub fn next_from(series: &str, year: i32, ranges: &[Range], given: &[Given]) -> u32 {
    let of_series = ranges.iter().filter(|range| range.series == series && range.year == year).map(|range| range.to);
    let given = numbers(series, year, given).filter(|number| number.tag.is_none()).map(|number| number.n);
    of_series.chain(given).max().unwrap_or_default().saturating_add(1)
}

/// What became of a number.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Use {
    /// Not given.
    Free,
    /// Given to these documents: more than one is a double.
    Given(Vec<Given>),
    /// Never to be given.
    Void {
        /// Why.
        reason: String,
        /// Documents that bear it nevertheless.
        given: Vec<Given>,
    },
}

/// A number of a series and what became of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// The tag of the device that counts by itself.
    pub tag: Option<String>,
    /// The number.
    pub n: u32,
    /// As it is printed, where it was given.
    pub text: String,
    /// The range that it is of; none for what was counted without one.
    pub range: Option<String>,
    /// Who gives it.
    pub device: String,
    /// What became of it.
    pub used: Use,
    /// Not given although a later one of the same range was: it has to be voided with a reason.
    pub gap: bool,
}

impl Line {
    /// Whether several documents bear the number, or one bears a void one.
    #[must_use]
    pub fn is_double(&self) -> bool {
        let several = |given: &[Given]| given.iter().map(|one| &one.document).collect::<BTreeSet<_>>().len() > 1;
        match &self.used {
            Use::Free => false,
            Use::Given(given) => several(given),
            Use::Void { given, .. } => given.iter().any(|one| one.stands),
        }
    }
}

/// What became of all numbers of a series in a year.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Account {
    /// All numbers of all ranges, then those that were given outside of them, by tag and number.
    pub lines: Vec<Line>,
    /// Pairs of ranges that hold the same numbers.
    pub overlaps: Vec<(String, String)>,
}

/// Accounts for all numbers of a series in a year.
#[must_use]
pub fn account(series: &str, year: i32, ranges: &[Range], given: &[Given]) -> Account {
    let mut by_number: BTreeMap<(Option<String>, u32), Vec<Given>> = BTreeMap::new();
    for one in given.iter().filter(|one| one.number.series == series && one.number.year == year) {
        by_number.entry((one.number.tag.clone(), one.number.n)).or_default().push(one.clone());
    }
    let same = |range: &&Range| range.series == series && range.year == year;
    let (mut of_series, own): (Vec<&Range>, Vec<&Range>) = ranges.iter().filter(same).partition(|range| range.tag.is_none());
    let void_of = |tag: &Option<String>, n: u32| own.iter().filter(|one| one.tag == *tag).find_map(|one| one.voids.get(&n));
    of_series.sort_by_key(|range| (range.from, &range.id));
    let mut lines = Vec::new();
    let mut seen = BTreeSet::new();
    for range in &of_series {
        let last = by_number.keys().filter(|(tag, n)| tag.is_none() && range.holds(*n)).map(|(_, n)| *n).max().unwrap_or_default();
        for n in (range.from..=range.to).filter(|n| seen.insert(*n)) {
            let void = of_series.iter().filter(|range| range.holds(n)).find_map(|range| range.voids.get(&n));
            let taken = by_number.remove(&(None, n)).unwrap_or_default();
            let gap = void.is_none() && taken.is_empty() && n < last;
            lines.push(line(None, n, taken, void, Some(range), gap));
        }
    }
    // Numbers of devices that count by themselves begin with 1.
    let mut before: (Option<String>, u32) = (None, 0);
    for ((tag, n), taken) in by_number {
        if tag.is_some() {
            let first = if before.0 == tag { before.1.saturating_add(1) } else { 1 };
            // A gap wider than any bureau's year is no list of numbers that anybody could look through.
            lines.extend((first..n).take(WIDEST as usize).map(|n| {
                let void = void_of(&tag, n);
                line(tag.clone(), n, Vec::new(), void, None, void.is_none())
            }));
            before = (tag.clone(), n);
        }
        let void = if tag.is_some() { void_of(&tag, n) } else { None };
        lines.push(line(tag, n, taken, void, None, false));
    }
    let overlaps = of_series.iter().enumerate().flat_map(|(index, one)| {
        let rest = of_series.iter().skip(index + 1).filter(|other| other.from <= one.to && one.from <= other.to);
        rest.map(|other| (one.id.clone(), other.id.clone()))
    });
    Account { overlaps: overlaps.collect(), lines }
}

fn line(tag: Option<String>, n: u32, taken: Vec<Given>, void: Option<&String>, range: Option<&&Range>, gap: bool) -> Line {
    let text = taken.first().map(|given| given.number.text.clone()).unwrap_or_default();
    let device = range.map(|range| range.device.clone()).or_else(|| taken.first().map(|given| given.device.clone()));
    let used = match void {
        Some(reason) => Use::Void { reason: reason.clone(), given: taken },
        None if taken.is_empty() => Use::Free,
        None => Use::Given(taken),
    };
    Line { tag, n, text, range: range.map(|range| range.id.clone()), device: device.unwrap_or_default(), used, gap }
}
