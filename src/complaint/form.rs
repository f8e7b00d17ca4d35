//! What a consumer is asked: data, checked when it is read.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::draft::Prefill;
use crate::domain::checklist::{BasisRef, Condition};
use crate::domain::time::CivilDate;
use crate::procedure::{Named, Procedure};

/// The format of the file, see `public/content/schema/complaint-form.schema.json`.
const SCHEMA: &str = "complaint-form/1";
/// The most steps, fields of a step, options or rules.
const MAX_PARTS: usize = 80;

/// One of the two things that can be filed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Filing {
    /// 投诉: a consumer's dispute with a business.
    Complaint,
    /// 举报: a clue of a violation.
    Report,
}

impl Filing {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Complaint, Self::Report];

    /// The name of the procedure and the kind of the record.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Complaint => "complaint",
            Self::Report => "report",
        }
    }
}

/// The form, format `complaint-form/1`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Form {
    /// Always `complaint-form/1`.
    pub schema: String,
    /// Version.
    pub version: String,
    /// What it is called.
    pub title: Named,
    /// What can be filed, and what the difference is.
    pub filings: Vec<FilingDef>,
    /// Steps in order.
    pub steps: Vec<FormStep>,
    /// What must be there, and what to warn of.
    pub rules: Vec<Rule>,
    /// Which of the two fits.
    pub fit: Vec<FitRule>,
}

/// What can be filed.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct FilingDef {
    /// Which.
    pub id: Filing,
    /// What it is called.
    #[serde(flatten)]
    pub name: Named,
    /// What it is for, in plain words.
    pub note: Named,
    /// Why it is so.
    pub basis: Vec<BasisRef>,
}

/// A step of the form: one screen.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct FormStep {
    /// Stable name.
    pub id: String,
    /// What it is called.
    #[serde(flatten)]
    pub name: Named,
    /// What to know before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Named>,
    /// What it asks; none on the last one, which shows everything again.
    #[serde(default)]
    pub fields: Vec<FormField>,
}

/// Something that is asked.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct FormField {
    /// Stable name, under which the draft holds the answer.
    pub id: String,
    /// The question in plain words.
    #[serde(flatten)]
    pub name: Named,
    /// How to answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<Named>,
    /// What an answer is.
    #[serde(flatten)]
    pub kind: AnswerKind,
    /// Asked only when this holds. It may ask for answers of fields before it, for `files` (a list),
    /// `complaining` and `reporting` (whether they are in it), and for `prefill.…`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// Shown only when the person wants to say more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
    /// Name of what a poster says that begins the answer, see [`Prefill::get`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefill: Option<String>,
    /// The answer as long as nobody gives another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    /// Where the answer goes.
    #[serde(default, skip_serializing_if = "Fills::is_empty")]
    pub fills: Fills,
    /// Where it fills nothing, the answer stands as a line in the facts.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub told: bool,
    /// The answer, as a word, begins the sentence that names the matter in lists.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub names: bool,
}

/// Where an answer goes, by names of fields.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fills {
    /// Field of the procedure `complaint`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complaint: Option<String>,
    /// Field of the procedure `report`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<String>,
    /// Part of the unit of a matter: `name`, `uscc`, `address`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Part of the equipment of a matter: `code`, `name`, `place`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub equipment: Option<String>,
}

impl Fills {
    /// Whether it goes nowhere.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The field of a procedure.
    #[must_use]
    pub fn of(&self, filing: Filing) -> Option<&str> {
        match filing {
            Filing::Complaint => self.complaint.as_deref(),
            Filing::Report => self.report.as_deref(),
        }
    }
}

/// What an answer is, and how the draft holds it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AnswerKind {
    /// One of some: its name.
    Choice {
        /// Of which.
        options: Vec<Choice>,
    },
    /// Some of some: a list of names.
    Choices {
        /// Of which.
        options: Vec<Choice>,
    },
    /// Which of these there was: a list of names, empty for none of them. Each name is a field with yes or no of its own.
    Flags {
        /// Of which.
        options: Vec<Choice>,
    },
    /// Yes or no: a boolean.
    Yes,
    /// A day in the past: `YYYY-MM-DD`.
    Date {
        /// Days ago that are offered as one tap.
        #[serde(default)]
        offer: Vec<u64>,
    },
    /// A line of text.
    Text {
        /// The most characters.
        max: usize,
    },
    /// A text of several lines.
    Long {
        /// The most characters.
        max: usize,
    },
    /// An amount, at least 0.
    Number {
        /// Its unit.
        unit: String,
        /// Most.
        max: i64,
    },
    /// How many, a whole number from 0, by taps.
    Count {
        /// Most.
        max: i64,
    },
    /// A telephone number: a text.
    Phone,
    /// The number of an identity document: a text.
    Identity,
    /// A unified social credit code, typed or scanned from a licence: a text.
    Uscc,
    /// The bar code of a product, scanned or typed: a text of digits.
    Gtin,
    /// A code on a machine, scanned or typed: a text.
    Code {
        /// The most characters.
        max: usize,
    },
    /// An address on the net: a text.
    Link {
        /// The most characters.
        max: usize,
    },
    /// Photos: [`super::DraftPhoto`]s of this kind; there is no answer.
    Photos {
        /// The most.
        most: usize,
    },
}

impl AnswerKind {
    /// What can be chosen.
    #[must_use]
    pub fn options(&self) -> &[Choice] {
        match self {
            Self::Choice { options } | Self::Choices { options } | Self::Flags { options } => options,
            _ => &[],
        }
    }
}

/// One of the things that can be chosen.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Choice {
    /// Stable name.
    pub id: String,
    /// What it is called.
    #[serde(flatten)]
    pub name: Named,
    /// How to tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<Named>,
    /// Fields of the procedures that follow from choosing it.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub sets: Map<String, Value>,
    /// Chosen when a poster says something under this name, see [`Prefill::get`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefill: Option<String>,
}

/// How grave it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The office may refuse it without this.
    Error,
    /// Worth knowing.
    Warning,
}

/// What must be there, or what to warn of. It is broken when `when` holds and none of the ways of `has` is answered whole.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Rule {
    /// Stable name.
    pub id: String,
    /// What lacks, as a sentence.
    #[serde(flatten)]
    pub name: Named,
    /// Which of the two asks for it.
    pub files: Vec<Filing>,
    /// How grave it is.
    pub level: Level,
    /// Only when this holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// Ways to satisfy it, each a list of fields that must be answered; with none it always speaks when `when` holds.
    #[serde(default)]
    pub has: Vec<Vec<String>>,
    /// Instead: a field with a day that is longer ago than so many months.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub older: Option<Older>,
    /// The field to go to; that of `has` or `older` when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// From this day of filing on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<CivilDate>,
    /// Until this day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<CivilDate>,
    /// Why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub basis: Vec<BasisRef>,
}

/// A day that is long ago.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Older {
    /// The field with the day.
    pub field: String,
    /// More than so many months before today.
    pub months: i32,
}

/// Why one of the two fits.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct FitRule {
    /// Stable name.
    pub id: String,
    /// The reason, as a sentence.
    #[serde(flatten)]
    pub name: Named,
    /// Which of the two.
    pub files: Filing,
    /// When this holds.
    pub when: Condition,
}

/// Why a file is no form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
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
    #[error("unknown format {0}")]
    Schema(String),
    /// Too many of something, or none.
    #[error("{0}: too many, or none")]
    Count(String),
    /// A name stands twice.
    #[error("{0} stands twice")]
    Twice(String),
    /// Something names what is not there, or only comes later.
    #[error("{place}: there is no {name}")]
    Unknown {
        /// Where.
        place: String,
        /// The name.
        name: String,
    },
}

impl Form {
    /// Reads and checks a form.
    ///
    /// # Errors
    /// [`FormError`] names the first thing that is wrong.
    pub fn read(json: &[u8]) -> Result<Self, FormError> {
        let form: Self = serde_json::from_slice(json).map_err(|error| FormError::Json {
            line: error.line(),
            column: error.column(),
            problem: error.to_string(),
        })?;
        form.check()?;
        Ok(form)
    }

    /// All fields in order.
    pub fn fields(&self) -> impl Iterator<Item = &FormField> {
        self.steps.iter().flat_map(|step| &step.fields)
    }

    /// A field.
    #[must_use]
    pub fn field(&self, id: &str) -> Option<&FormField> {
        self.fields().find(|field| field.id == id)
    }

    /// The step that asks a field.
    #[must_use]
    pub fn step_of(&self, field: &str) -> Option<&FormStep> {
        self.steps.iter().find(|step| step.fields.iter().any(|one| one.id == field))
    }

    /// What can be filed.
    #[must_use]
    pub fn filing(&self, filing: Filing) -> Option<&FilingDef> {
        self.filings.iter().find(|def| def.id == filing)
    }

    /// The answers that follow from what a poster says.
    #[must_use]
    pub fn prefilled(&self, prefill: &Prefill) -> BTreeMap<String, Value> {
        let mut answers = BTreeMap::new();
        for field in self.fields() {
            let said = field.prefill.as_deref().and_then(|name| prefill.get(name));
            let options = field.kind.options();
            let chosen = options.iter().find(|option| option.prefill.as_deref().is_some_and(|name| prefill.get(name).is_some()));
            let chosen = chosen.or_else(|| options.iter().find(|option| Some(option.id.as_str()) == said));
            let answer = match (&field.kind, chosen, said) {
                (AnswerKind::Choice { .. }, Some(option), _) => Value::from(option.id.clone()),
                (AnswerKind::Text { .. } | AnswerKind::Code { .. } | AnswerKind::Gtin, _, Some(text)) => Value::from(text),
                _ => continue,
            };
            answers.insert(field.id.clone(), answer);
        }
        answers
    }

    /// Checks names against a procedure: what is filled must be asked there when a matter begins.
    #[must_use]
    pub fn unknown_to(&self, filing: Filing, procedure: &Procedure) -> Vec<String> {
        let known: BTreeSet<&str> = procedure.fields.iter().map(|field| field.id.as_str()).collect();
        let filled = self.fields().filter_map(|field| field.fills.of(filing));
        filled.filter(|name| !known.contains(name)).map(str::to_owned).collect()
    }

    fn check(&self) -> Result<(), FormError> {
        if self.schema != SCHEMA {
            return Err(FormError::Schema(self.schema.clone()));
        }
        let counted = [("steps", self.steps.len()), ("rules", self.rules.len()), ("fit", self.fit.len()), ("filings", self.filings.len())];
        for (name, count) in counted {
            if !(1..=MAX_PARTS).contains(&count) {
                return Err(FormError::Count(name.to_owned()));
            }
        }
        unique("filings", self.filings.iter().map(|def| def.id.as_str()))?;
        unique("steps", self.steps.iter().map(|step| step.id.as_str()))?;
        unique("rules", self.rules.iter().map(|rule| rule.id.as_str()))?;
        unique("fields", self.fields().map(|field| field.id.as_str()))?;
        unique("fit", self.fit.iter().map(|rule| rule.id.as_str()))?;
        // A condition asks only what stands before it, so one pass over the fields says which are asked.
        let mut before: BTreeSet<&str> = BTreeSet::from(["files", "complaining", "reporting"]);
        for step in &self.steps {
            if step.fields.len() > MAX_PARTS {
                return Err(FormError::Count(step.id.clone()));
            }
            for field in &step.fields {
                let options = field.kind.options();
                if options.len() > MAX_PARTS {
                    return Err(FormError::Count(field.id.clone()));
                }
                unique(&field.id, options.iter().map(|option| option.id.as_str()))?;
                asks_known(&field.id, field.when.as_ref(), &before)?;
                before.insert(&field.id);
                if matches!(field.kind, AnswerKind::Flags { .. }) {
                    before.extend(options.iter().map(|option| option.id.as_str()));
                }
                before.extend(options.iter().flat_map(|option| option.sets.keys().map(String::as_str)));
            }
        }
        let own: BTreeSet<&str> = self.fields().map(|field| field.id.as_str()).collect();
        for rule in &self.rules {
            asks_known(&rule.id, rule.when.as_ref(), &before)?;
            let named = rule.has.iter().flatten().chain(rule.older.as_ref().map(|older| &older.field)).chain(&rule.field);
            if let Some(name) = named.into_iter().find(|name| !own.contains(name.as_str())) {
                return Err(FormError::Unknown { place: rule.id.clone(), name: name.clone() });
            }
        }
        for rule in &self.fit {
            asks_known(&rule.id, Some(&rule.when), &before)?;
        }
        Ok(())
    }
}

fn unique<'a>(place: &str, names: impl Iterator<Item = &'a str>) -> Result<(), FormError> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(FormError::Twice(format!("{place}: {name}")));
        }
    }
    Ok(())
}

fn asks_known(place: &str, when: Option<&Condition>, known: &BTreeSet<&str>) -> Result<(), FormError> {
    let mut names = when.map(Condition::fields).unwrap_or_default().into_iter();
    match names.find(|name| !known.contains(name) && !name.starts_with("prefill.")) {
        Some(name) => Err(FormError::Unknown { place: place.to_owned(), name: name.to_owned() }),
        None => Ok(()),
    }
}
