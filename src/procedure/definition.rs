//! What a procedure is: data, checked when it is read.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::domain::checklist::{BasisRef, Condition};
use crate::domain::content::Lang;
use crate::domain::mask::Mask;

/// The format of the file, see `public/content/schema/procedure.schema.json`.
const SCHEMA: &str = "procedure/1";
/// The most states, steps, fields of one form, or clocks.
const MAX_PARTS: usize = 80;

/// A text in both languages.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Named {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Named {
    /// The text in a language.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        lang.pick(&self.zh, &self.en)
    }
}

/// A procedure, format `procedure/1`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Procedure {
    /// Always `procedure/1`.
    pub schema: String,
    /// Stable name; that of the file.
    pub id: String,
    /// Version; a matter keeps the one that it was begun with.
    pub version: String,
    /// The kind of the records.
    pub kind: String,
    /// What it is called.
    pub title: Named,
    /// What to know before beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Named>,
    /// Why it is so.
    pub basis: Vec<BasisRef>,
    /// Whether it was compared with the text of the law; otherwise shown as 未核实.
    pub verified: bool,
    /// The field whose text names a matter in lists.
    pub headline: String,
    /// The field of the matter with the day or the minute that says which version of a period counts (受理之日、收到之日), for
    /// that may be written down later; the day when the matter began where there is none, or no answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filed: Option<String>,
    /// What lists and searches know of a matter besides its headline: fields, and `unit.…` and `equipment.…`. Of private fields
    /// they get a mark by which they can be compared, and never the text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub listed: Vec<String>,
    /// Who it came from must stay unknown to others: to them it goes as an extract only, see [`crate::app::extract`].
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub confidential: bool,
    /// What is asked when a matter begins.
    pub fields: Vec<Field>,
    /// Where a matter can stand.
    pub states: Vec<StateDef>,
    /// Where it begins.
    pub start: String,
    /// What can be done.
    pub steps: Vec<StepDef>,
    /// Until when.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<ClockDef>,
}

/// How a state looks: what it means for whoever answers for the matter.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Waits for us.
    #[default]
    Todo,
    /// Waits for somebody else.
    Waiting,
    /// Something is wrong.
    Bad,
    /// Over, as wanted.
    Good,
    /// Over, in another way.
    Ended,
}

/// Where a matter can stand.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StateDef {
    /// Stable name.
    pub id: String,
    /// What it is called.
    #[serde(flatten)]
    pub name: Named,
    /// How it looks.
    #[serde(default)]
    pub tone: Tone,
    /// Whether nothing more has to be done.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub closed: bool,
}

/// What can be done.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct StepDef {
    /// Stable name.
    pub id: String,
    /// What it is called, as an act: 下达, 复查.
    #[serde(flatten)]
    pub name: Named,
    /// What to know before doing it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Named>,
    /// From which states.
    pub from: Vec<String>,
    /// Where it leads; none when the matter stays where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Only when this holds of what is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// What it asks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
    /// An earlier field of kind [`FieldKind::Officers`], the matter's own where it has one of this name: somebody who does
    /// this step must not be among those.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fresh_eyes: Option<String>,
    /// A text field of the step with the reason why the same people do it all the same, where an office has no others. It is
    /// asked then alone, and must be answered. Without such a field they can't do it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fresh_eyes_unless: Option<String>,
    /// The field that takes the number of its document, unless somebody fills it in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numbered: Option<Numbered>,
    /// Templates of the documents that belong to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<String>,
    /// The record is sealed with it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub seals: bool,
    /// Why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub basis: Vec<BasisRef>,
}

/// A field that takes the number of a document.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Numbered {
    /// A text field of the step.
    pub field: String,
    /// Of which of its documents; of all when there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by: Vec<String>,
}

impl StepDef {
    /// Whether the number of a document of this template flows back into the step.
    #[must_use]
    pub fn takes_number_of(&self, template: &str) -> bool {
        self.numbered.as_ref().is_some_and(|numbered| {
            let own = if numbered.by.is_empty() { &self.documents } else { &numbered.by };
            own.iter().any(|one| one == template)
        })
    }
}

/// Whether an answer must be there.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Required {
    /// Always, or never.
    Plain(bool),
    /// When this holds.
    When(Condition),
}

impl Default for Required {
    fn default() -> Self {
        Self::Plain(false)
    }
}

/// Something that is asked.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Field {
    /// Stable name.
    pub id: String,
    /// What it is called.
    #[serde(flatten)]
    pub name: Named,
    /// How to answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<Named>,
    /// What an answer is.
    #[serde(flatten)]
    pub kind: FieldKind,
    /// Whether it must be there.
    #[serde(default)]
    pub required: Required,
    /// Asked only when this holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// Personal data: masked in lists and left out of exports to others.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub private: bool,
    /// What of it stays to be seen while it is hidden; nothing where it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mask: Option<Mask>,
    /// What was said of it before stands here when the step begins, and can be changed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub carry: bool,
}

/// What an answer is, and how it is written in the record.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FieldKind {
    /// A line of text.
    Text,
    /// A text of several lines.
    Long,
    /// A number.
    Number {
        /// Its unit.
        #[serde(default)]
        unit: String,
        /// Least.
        #[serde(default)]
        min: Option<i64>,
        /// Most.
        #[serde(default)]
        max: Option<i64>,
    },
    /// A day, `YYYY-MM-DD`.
    Date {
        /// Not in the future.
        #[serde(default)]
        past: bool,
        /// Not in the past.
        #[serde(default)]
        future: bool,
        /// Days from today that are offered.
        #[serde(default)]
        offer: Vec<u32>,
        /// Not before so many days after another day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        earliest: Option<Bound>,
        /// Not later than so many days after another day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        latest: Option<Bound>,
    },
    /// A minute, `{"ms":…,"offset_min":…}`.
    Moment,
    /// Yes or no, a boolean.
    Yes,
    /// One of some, its name.
    Choice {
        /// Of which.
        options: Vec<OptionDef>,
    },
    /// Some of some, a list of names.
    Choices {
        /// Of which.
        options: Vec<OptionDef>,
    },
    /// Clauses of a grading (`rules/gradings.json`), a list of their names.
    Clauses {
        /// Which grading.
        grading: String,
    },
    /// Inspectors, a list of `{"name":…,"cert_no":…}`.
    Officers {
        /// At least so many.
        least: usize,
    },
    /// A person, `{"name":…,"post":…,"phone":…}`.
    Person,
    /// Rows of texts: a list of objects.
    Rows {
        /// The columns.
        columns: Vec<OptionDef>,
    },
    /// Photos; they name the field as their `item`, and nothing stands at the field itself.
    Photos {
        /// At least so many.
        least: usize,
    },
    /// A signature, [`crate::domain::signature::Signature`].
    Signature {
        /// Whether a refusal with its reason does as well.
        #[serde(default)]
        may_refuse: bool,
        /// The field that says who signs: inspectors or a person. Asked when signing where there is none.
        #[serde(default)]
        who: String,
        /// Which of the inspectors, from 0.
        #[serde(default)]
        nth: usize,
    },
    /// Another record, `{"record":…,"kind":…,"title":…}`.
    Link {
        /// Of which kinds.
        kinds: Vec<String>,
    },
}

/// A day by another one.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Bound {
    /// The field with that day: the latest answer counts.
    pub of: String,
    /// Days after it.
    pub days: u32,
    /// Only when this holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
}

/// One of the things that can be chosen, or a column.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OptionDef {
    /// Stable name.
    pub id: String,
    /// What it is called.
    #[serde(flatten)]
    pub name: Named,
}

/// A period that a matter is under.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ClockDef {
    /// Stable name.
    pub id: String,
    /// What has to be done within.
    #[serde(flatten)]
    pub name: Named,
    /// The steps that start it; it begins with the matter when there is none. A later one starts it anew.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub starts: Vec<String>,
    /// The steps that end it. Every closed state ends it as well.
    pub ends: Vec<String>,
    /// The period, by its name in `rules/clocks.json`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// The field with the day or the minute that it starts from, when that is not the time of the step itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_day: Option<String>,
    /// The field with its last day: the latest answer counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Fields of the steps that end it with the day or the minute when it was done: that may be written down later. The
    /// first that is answered counts, else the time of the step.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub met_on: Vec<String>,
    /// Steps that can't be done while it runs: what it is about is to be decided first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<String>,
    /// Only when this holds of what is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
}

/// Why a file is no procedure.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProcedureError {
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
    /// Something names what is not there.
    #[error("{place}: there is no {name}")]
    Unknown {
        /// Where.
        place: String,
        /// The name.
        name: String,
    },
    /// Two have one name.
    #[error("{place}: {name} occurs twice")]
    Double {
        /// Where.
        place: String,
        /// The name.
        name: String,
    },
    /// A name that can't stand in a path, or a text that lacks.
    #[error("{place}: no good name or text")]
    Name {
        /// Where.
        place: String,
    },
    /// A state that no step leads to, or an open one that none leads out of.
    #[error("state {0} is cut off")]
    CutOff(String),
    /// More than any true file has.
    #[error("more than {MAX_PARTS} parts")]
    TooMany,
}

impl Procedure {
    /// Reads a file.
    ///
    /// # Errors
    /// [`ProcedureError`] says what is wrong and where.
    pub fn read(bytes: &[u8]) -> Result<Self, ProcedureError> {
        let read: Self = serde_json::from_slice(bytes).map_err(|error| ProcedureError::Json {
            line: error.line(),
            column: error.column(),
            problem: error.to_string(),
        })?;
        read.check()?;
        Ok(read)
    }

    /// A state.
    #[must_use]
    pub fn state(&self, id: &str) -> Option<&StateDef> {
        self.states.iter().find(|state| state.id == id)
    }

    /// A step.
    #[must_use]
    pub fn step(&self, id: &str) -> Option<&StepDef> {
        self.steps.iter().find(|step| step.id == id)
    }

    /// A field of the matter or of any step, the matter's first.
    #[must_use]
    pub fn field(&self, id: &str) -> Option<&Field> {
        self.fields.iter().chain(self.steps.iter().flat_map(|step| &step.fields)).find(|field| field.id == id)
    }

    /// Whether everything fits together.
    ///
    /// # Errors
    /// [`ProcedureError`] with the first thing that does not.
    pub fn check(&self) -> Result<(), ProcedureError> {
        if self.schema != SCHEMA {
            return Err(ProcedureError::Schema(self.schema.clone()));
        }
        let most = self.steps.iter().map(|step| step.fields.len()).max().unwrap_or_default();
        if [self.fields.len(), self.states.len(), self.steps.len(), self.clocks.len(), most].iter().any(|count| *count > MAX_PARTS) {
            return Err(ProcedureError::TooMany);
        }
        names("procedure", [(&self.id, &self.title), (&self.kind, &self.title)].into_iter().skip(1))?;
        names("states", self.states.iter().map(|state| (&state.id, &state.name)))?;
        names("steps", self.steps.iter().map(|step| (&step.id, &step.name)))?;
        names("clocks", self.clocks.iter().map(|clock| (&clock.id, &clock.name)))?;
        check_fields("fields", &self.fields)?;
        self.known_state("start", &self.start)?;
        self.known_field("headline", &self.headline)?;
        let is_time = |field: &Field| matches!(field.kind, FieldKind::Date { .. } | FieldKind::Moment);
        if let Some(name) = self.filed.as_ref().filter(|name| !self.fields.iter().any(|field| field.id == **name && is_time(field))) {
            return Err(ProcedureError::Unknown { place: "filed".to_owned(), name: name.clone() });
        }
        for name in self.listed.iter().filter(|name| !name.starts_with("unit.") && !name.starts_with("equipment.")) {
            self.known_field("listed", name)?;
        }
        for step in &self.steps {
            let place = format!("steps.{}", step.id);
            check_fields(&place, &step.fields)?;
            for state in step.from.iter().chain(&step.to) {
                self.known_state(&place, state)?;
            }
            if let Some(field) = &step.fresh_eyes {
                self.known_field(&place, field)?;
            }
            let is_text = |field: &Field| matches!(field.kind, FieldKind::Text | FieldKind::Long);
            for name in step.fresh_eyes_unless.iter().chain(step.numbered.as_ref().map(|numbered| &numbered.field)) {
                if !step.fields.iter().any(|field| field.id == *name && is_text(field)) {
                    return Err(ProcedureError::Unknown { place, name: name.clone() });
                }
            }
            if let Some(name) = step.numbered.iter().flat_map(|numbered| &numbered.by).find(|name| !step.documents.contains(name)) {
                return Err(ProcedureError::Unknown { place, name: name.clone() });
            }
            for field in &step.fields {
                let FieldKind::Date { earliest, latest, .. } = &field.kind else { continue };
                for bound in earliest.iter().chain(latest) {
                    self.known_field(&place, &bound.of)?;
                }
            }
        }
        for clock in &self.clocks {
            let place = format!("clocks.{}", clock.id);
            for step in clock.starts.iter().chain(&clock.ends).chain(&clock.blocks) {
                if self.step(step).is_none() {
                    return Err(ProcedureError::Unknown { place, name: step.clone() });
                }
            }
            for field in clock.from_day.iter().chain(&clock.until).chain(&clock.met_on) {
                self.known_field(&place, field)?;
            }
            if clock.period.is_none() && clock.until.is_none() {
                return Err(ProcedureError::Name { place });
            }
        }
        self.connected()
    }

    fn known_state(&self, place: &str, name: &str) -> Result<(), ProcedureError> {
        self.state(name).map(|_| ()).ok_or_else(|| ProcedureError::Unknown { place: place.to_owned(), name: name.to_owned() })
    }

    fn known_field(&self, place: &str, name: &str) -> Result<(), ProcedureError> {
        self.field(name).map(|_| ()).ok_or_else(|| ProcedureError::Unknown { place: place.to_owned(), name: name.to_owned() })
    }

    /// Every state can be reached, and from every open one a closed one.
    fn connected(&self) -> Result<(), ProcedureError> {
        let mut reached = BTreeSet::from([self.start.as_str()]);
        let mut out: BTreeSet<&str> = self.states.iter().filter(|state| state.closed).map(|state| state.id.as_str()).collect();
        // As often as there are states: then nothing can be added any more.
        for _ in &self.states {
            for step in &self.steps {
                let Some(to) = step.to.as_deref() else { continue };
                if step.from.iter().any(|from| reached.contains(from.as_str())) {
                    reached.insert(to);
                }
                if out.contains(to) {
                    out.extend(step.from.iter().map(String::as_str));
                }
            }
        }
        match self.states.iter().find(|state| !reached.contains(state.id.as_str()) || !out.contains(state.id.as_str())) {
            Some(state) => Err(ProcedureError::CutOff(state.id.clone())),
            None => Ok(()),
        }
    }
}

/// Names are unique and can stand in a path; texts are there.
fn names<'a>(place: &str, all: impl Iterator<Item = (&'a String, &'a Named)>) -> Result<(), ProcedureError> {
    let mut seen = BTreeSet::new();
    for (id, name) in all {
        let good =
            (1..=40).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if !good || name.zh.trim().is_empty() || name.en.trim().is_empty() {
            return Err(ProcedureError::Name { place: format!("{place}.{id}") });
        }
        if !seen.insert(id.as_str()) {
            return Err(ProcedureError::Double { place: place.to_owned(), name: id.clone() });
        }
    }
    Ok(())
}

/// Names, options and signers of the fields of one form fit together.
pub(crate) fn check_fields(place: &str, all: &[Field]) -> Result<(), ProcedureError> {
    names(place, all.iter().map(|field| (&field.id, &field.name)))?;
    for field in all {
        let within = format!("{place}.{}", field.id);
        match &field.kind {
            FieldKind::Choice { options } | FieldKind::Choices { options } | FieldKind::Rows { columns: options } => {
                names(&within, options.iter().map(|option| (&option.id, &option.name)))?;
                if options.is_empty() {
                    return Err(ProcedureError::Name { place: within });
                }
            }
            FieldKind::Signature { who, .. } if !who.is_empty() && !all.iter().any(|other| other.id == *who) => {
                return Err(ProcedureError::Unknown { place: within, name: who.clone() });
            }
            _ => {}
        }
    }
    Ok(())
}
