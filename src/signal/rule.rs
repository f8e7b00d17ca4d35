//! When several filings are a signal: data, the bureau's own numbers.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::filing::{Filing, Flag, KINDS};
use crate::domain::checklist::BasisRef;
use crate::rules::clock::Origin;
use crate::rules::said::{self, RuleError, Said};

/// The format of the file, see `public/content/schema/signals.schema.json`.
const SCHEMA: &str = "rules/signals/1";
/// The longest window, in days.
const LONGEST_DAYS: u32 = 3660;

/// What filings have in common.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Matching {
    /// Bar code, or brand and model.
    Product,
    /// Product or brand, and batch.
    Batch,
    /// Unified social credit code, or name.
    Seller,
    /// Code or record of a piece of equipment.
    Equipment,
}

impl Matching {
    /// The name in the data and in the record of a lead.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Batch => "batch",
            Self::Seller => "seller",
            Self::Equipment => "equipment",
        }
    }

    /// What a filing is compared by; several where it can be told in several ways.
    #[must_use]
    pub fn keys(self, filing: &Filing) -> Vec<String> {
        match self {
            Self::Product => filing.products(),
            Self::Batch => filing.batches(),
            Self::Seller => filing.sellers(),
            Self::Equipment => filing.machines(),
        }
    }
}

/// So many points within so many days.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Rule {
    /// Stable name, kept in leads.
    pub id: String,
    /// What it is called.
    #[serde(flatten)]
    pub name: Said,
    /// What the filings have in common.
    #[serde(rename = "match")]
    pub matching: Matching,
    /// Kinds of matters that count.
    pub kinds: Vec<String>,
    /// How many points make a signal.
    pub points: u32,
    /// At least so many filings, whatever they weigh.
    pub least: u32,
    /// Within so many days, the first and the last one counted.
    pub window_days: u32,
    /// Whose number it is.
    #[serde(default)]
    pub origin: Origin,
    /// Why.
    #[serde(default)]
    pub basis: Vec<BasisRef>,
    /// Whether it was compared with the text; otherwise shown as 未核实. Says nothing of a number of one's own.
    #[serde(default)]
    pub verified: bool,
}

/// How many points something is worth.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
pub struct Weight {
    /// What.
    pub flag: Flag,
    /// How many.
    pub points: u32,
}

/// States that do not count.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct LeftOut {
    /// Of which kind of matters.
    pub kind: String,
    /// Names of the states.
    pub states: Vec<String>,
}

/// When several filings are a signal.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Rules {
    /// The rules, the most telling first.
    pub rules: Vec<Rule>,
    /// How many points any filing is worth.
    pub plain_points: u32,
    /// What is worth more; of several the one with the most points counts.
    pub weights: Vec<Weight>,
    /// What does not count.
    pub left_out: Vec<LeftOut>,
}

impl Rules {
    /// Reads a file.
    ///
    /// # Errors
    /// [`RuleError`] says what is wrong.
    pub fn read(bytes: &[u8]) -> Result<Self, RuleError> {
        let read: Self = said::read(bytes, SCHEMA)?;
        let empty = |place: String| Err(RuleError::Empty { place });
        let mut seen = BTreeSet::new();
        for (at, rule) in read.rules.iter().enumerate() {
            let place = format!("rules[{at}]");
            if !seen.insert(&rule.id) {
                return Err(RuleError::Double { place, name: rule.id.clone() });
            }
            let unknown = rule.kinds.iter().any(|kind| !KINDS.contains(&kind.as_str()));
            // One filing is no group, and one that weighs nothing would be.
            if rule.kinds.is_empty() || unknown || rule.least < 2 || rule.points == 0 || rule.window_days == 0 {
                return empty(place);
            }
            if rule.window_days > LONGEST_DAYS {
                return Err(RuleError::TooMany { place: format!("{place}.window_days"), limit: LONGEST_DAYS as usize });
            }
        }
        Ok(read)
    }

    /// A rule.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// What a filing is worth.
    #[must_use]
    pub fn points(&self, filing: &Filing) -> u32 {
        let more = self.weights.iter().filter(|weight| filing.flags.contains(&weight.flag)).map(|weight| weight.points);
        more.chain([self.plain_points]).max().unwrap_or_default()
    }

    /// Whether a filing counts at all.
    #[must_use]
    pub fn counts(&self, filing: &Filing) -> bool {
        let out = |one: &LeftOut| one.kind == filing.kind && one.states.contains(&filing.state);
        !self.left_out.iter().any(out)
    }
}
