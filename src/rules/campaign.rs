//! Campaigns (专项行动) that return every year: when, what for, which checklists.

use chrono::Datelike as _;
use serde::{Deserialize, Deserializer};

use super::clock::Origin;
use super::said::{self, RuleError, Said};
use crate::domain::time::CivilDate;

/// The format of the file, see `public/content/schema/campaigns.schema.json`.
const SCHEMA: &str = "rules/campaigns/1";

/// A day of every year. Written `MM-DD`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct YearDay {
    month: u32,
    day: u32,
}

impl YearDay {
    /// Parses exactly `MM-DD`; 29 February is one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let date = CivilDate::parse(&format!("2024-{text}"))?;
        Some(Self::of(date))
    }

    /// The day of a date.
    #[must_use]
    pub fn of(date: CivilDate) -> Self {
        Self { month: date.0.month(), day: date.0.day() }
    }
}

impl<'de> Deserialize<'de> for YearDay {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom(format!("{text:?} is no day of the year")))
    }
}

/// A campaign that returns every year.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Campaign {
    /// Stable name.
    pub id: String,
    /// What checklists ask for in `season.campaign`.
    pub code: String,
    /// Name.
    #[serde(flatten)]
    pub name: Said,
    /// First day.
    pub from: YearDay,
    /// Last day; earlier in the year than the first when it goes over New Year.
    pub to: YearDay,
    /// What to look at.
    pub focus_zh: String,
    /// The same in English.
    pub focus_en: String,
    /// Ids of the checklists to suggest, the most fitting first.
    #[serde(default)]
    pub checklists: Vec<String>,
    /// Whose dates they are.
    #[serde(default)]
    pub origin: Origin,
    /// What to know.
    #[serde(default)]
    pub note_zh: Option<String>,
    /// The same in English.
    #[serde(default)]
    pub note_en: Option<String>,
}

impl Campaign {
    /// Whether it is on.
    #[must_use]
    pub fn is_on(&self, date: CivilDate) -> bool {
        let day = YearDay::of(date);
        if self.from <= self.to { self.from <= day && day <= self.to } else { self.from <= day || day <= self.to }
    }
}

/// All campaigns.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Campaigns {
    /// The campaigns.
    pub campaigns: Vec<Campaign>,
}

impl Campaigns {
    /// Reads a file of campaigns, format `rules/campaigns/1`.
    ///
    /// # Errors
    /// [`RuleError`] says what is wrong and where.
    pub fn read(bytes: &[u8]) -> Result<Self, RuleError> {
        let file: Self = said::read(bytes, SCHEMA)?;
        for (index, campaign) in file.campaigns.iter().enumerate() {
            if file.campaigns.iter().take(index).any(|other| other.id == campaign.id) {
                return Err(RuleError::Double { place: format!("campaigns[{index}].id"), name: campaign.id.clone() });
            }
        }
        Ok(file)
    }

    /// The campaigns that are on.
    #[must_use]
    pub fn campaigns_on(&self, date: CivilDate) -> Vec<&Campaign> {
        self.campaigns.iter().filter(|campaign| campaign.is_on(date)).collect()
    }
}
