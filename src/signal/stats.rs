//! How many complaints and reports there were, by kind, place and month. Counts records; names nobody.

use std::collections::BTreeMap;

use super::filing::{Filing, Flag};
use crate::domain::time::CivilDate;

/// By what is counted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum By {
    /// Complaint or report.
    Kind,
    /// Where it stands.
    State,
    /// Kind of goods.
    Goods,
    /// Kind of equipment.
    Equipment,
    /// Town of the business, or of where it happened.
    Area,
    /// Month when it came in.
    Month,
}

impl By {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 6] = [Self::Kind, Self::Goods, Self::Equipment, Self::Area, Self::Month, Self::State];

    /// The name in addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::State => "state",
            Self::Goods => "goods",
            Self::Equipment => "equipment",
            Self::Area => "area",
            Self::Month => "month",
        }
    }

    /// The one with a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.name() == name)
    }
}

/// A line of a table.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Row {
    /// What its records have in common: a stored name, a town, a month `YYYY-MM`; empty where nothing is known.
    pub value: String,
    /// How many.
    pub count: usize,
    /// In how many of them somebody was hurt or killed.
    pub injuries: usize,
    /// Persons who died.
    pub deaths: u64,
    /// The records, in the order of their days.
    pub records: Vec<String>,
}

/// What is counted.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Wanted {
    /// First day; none from the beginning.
    pub from: Option<CivilDate>,
    /// Last day; none to the end.
    pub to: Option<CivilDate>,
    /// Towns of the area, to be found in addresses.
    pub towns: Vec<String>,
}

impl Wanted {
    /// Whether a filing came in within the days. One without a day is in no period, but in the whole.
    #[must_use]
    pub fn takes(&self, filing: &Filing) -> bool {
        match filing.day {
            Some(day) => self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to),
            None => self.from.is_none() && self.to.is_none(),
        }
    }

    /// The town of a filing: the one that its addresses name, the longest where one name begins another; empty when none does.
    #[must_use]
    pub fn town<'a>(&'a self, filing: &Filing) -> &'a str {
        let named = |text: &str| {
            let within = self.towns.iter().filter(|town| !town.is_empty() && text.contains(town.as_str()));
            within.max_by_key(|town| (town.len(), std::cmp::Reverse(*town))).map(String::as_str)
        };
        named(&filing.seller_address).or_else(|| named(&filing.place)).or_else(|| named(&filing.equipment_name)).unwrap_or_default()
    }
}

/// Records with their days.
type Dated<'a> = Vec<(Option<CivilDate>, &'a str)>;

/// Counts the filings of a period. The most frequent first, months in their order. What is about no equipment is in no line by
/// equipment; everywhere else what is not known has a line of its own, so that the lines add up.
///
/// Duplicates are counted as well: each of them was received and must be answered.
#[must_use]
pub fn table<'a>(filings: impl IntoIterator<Item = &'a Filing>, wanted: &Wanted, by: By) -> Vec<Row> {
    let mut rows: BTreeMap<String, (Row, Dated<'a>)> = BTreeMap::new();
    for filing in filings.into_iter().filter(|filing| wanted.takes(filing)) {
        let value = match by {
            By::Kind => filing.kind.clone(),
            By::State => format!("{}.{}", filing.kind, filing.state),
            By::Goods => filing.goods_kind.clone(),
            By::Equipment => filing.equipment_kind.clone(),
            By::Area => wanted.town(filing).to_owned(),
            By::Month => filing.day.map(|day| day.to_string().chars().take(7).collect()).unwrap_or_default(),
        };
        if value.is_empty() && by == By::Equipment {
            continue;
        }
        let (row, records) = rows.entry(value).or_default();
        row.count += 1;
        row.injuries += usize::from(filing.flags.contains(&Flag::Injury));
        row.deaths += u64::from(filing.deaths);
        records.push((filing.day, &filing.record));
    }
    let whole = |(value, (mut row, mut records)): (String, (Row, Dated<'a>))| {
        records.sort_unstable();
        row.value = value;
        row.records = records.into_iter().map(|(_, record)| record.to_owned()).collect();
        row
    };
    let mut rows: Vec<Row> = rows.into_iter().map(whole).collect();
    if by != By::Month {
        rows.sort_by_key(|row| std::cmp::Reverse(row.count));
    }
    rows
}
