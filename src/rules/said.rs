//! What rules say to people, in both languages, and why a file of rules can't be used.

use serde::{Deserialize, Deserializer};

use crate::domain::content::Lang;
use crate::domain::time::CivilDate;

/// A text in both languages.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
pub struct Said {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Said {
    /// From two texts.
    #[must_use]
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// The text in a language.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        lang.pick(&self.zh, &self.en)
    }
}

/// Why a file of rules can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// Not JSON of this form.
    #[error("line {line}, column {column}: {problem}")]
    Json {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What the reader says.
        problem: String,
    },
    /// Of a format that this version does not know.
    #[error("unknown format {found}")]
    Schema {
        /// The format.
        found: String,
    },
    /// Two entries have one name.
    #[error("{place}: {name} occurs twice")]
    Double {
        /// Where the second one stands.
        place: String,
        /// The name.
        name: String,
    },
    /// A period that ends before it begins, or a rule that says nothing.
    #[error("{place}: empty or the wrong way round")]
    Empty {
        /// Where.
        place: String,
    },
    /// More than any true file has.
    #[error("{place}: more than {limit}")]
    TooMany {
        /// Where.
        place: String,
        /// The limit.
        limit: usize,
    },
}

/// Reads JSON of a format.
pub(crate) fn read<T: serde::de::DeserializeOwned>(bytes: &[u8], schema: &str) -> Result<T, RuleError> {
    #[derive(Deserialize)]
    struct Format {
        #[serde(default)]
        schema: String,
    }
    let json = |error: serde_json::Error| RuleError::Json { line: error.line(), column: error.column(), problem: error.to_string() };
    let format: Format = serde_json::from_slice(bytes).map_err(json)?;
    if format.schema != schema {
        return Err(RuleError::Schema { found: format.schema });
    }
    serde_json::from_slice(bytes).map_err(json)
}

/// A date in a file of rules.
pub(super) fn date<'de, D: Deserializer<'de>>(from: D) -> Result<CivilDate, D::Error> {
    let text = String::deserialize(from)?;
    CivilDate::parse(&text).ok_or_else(|| serde::de::Error::custom(format!("{text:?} is no date")))
}

/// A date or `null`.
pub(super) fn some_date<'de, D: Deserializer<'de>>(from: D) -> Result<Option<CivilDate>, D::Error> {
    let text = Option::<String>::deserialize(from)?;
    text.map(|text| CivilDate::parse(&text).ok_or_else(|| serde::de::Error::custom(format!("{text:?} is no date")))).transpose()
}

/// From when until when something is in force; open where there is no date.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
pub struct InForce {
    /// First day.
    #[serde(default, rename = "effective_from", deserialize_with = "some_date")]
    pub from: Option<CivilDate>,
    /// Last day.
    #[serde(default, rename = "effective_to", deserialize_with = "some_date")]
    pub to: Option<CivilDate>,
}

impl InForce {
    /// Whether a day lies within.
    #[must_use]
    pub fn holds_on(self, day: CivilDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }

    /// Whether the first day is not after the last one.
    pub(super) fn is_ordered(self) -> bool {
        !matches!((self.from, self.to), (Some(from), Some(to)) if from > to)
    }
}
