//! What a draft says in the fields of the two procedures: all that is filed, photos excepted.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::draft::{DraftPhoto, Ticket};
use super::form::{AnswerKind, Filing, FormField};
use super::reading::Reading;
use super::receipt;
use crate::bundle::limits::NUMBER;
use crate::domain::change::Sha256;
use crate::domain::content::Lang;
use crate::domain::id::{BundleId, PhotoId, RecordId};
use crate::domain::time::{CivilDate, Instant};
use crate::evidence::chain::{canonical_json, sha256};
use crate::evidence::key::DeviceKey;

/// The most characters of the sentence that names a matter.
const SUBJECT_CHARS: usize = 60;

/// All that is filed, photos excepted; a text code carries it. Ids, keys and receipt numbers follow from `seed`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Statement {
    /// When it was filed, in milliseconds since the epoch.
    #[serde(rename = "t")]
    pub at_ms: u64,
    /// Minutes east of Greenwich there.
    #[serde(rename = "z")]
    pub offset_min: i32,
    /// See [`Ticket::seed`].
    #[serde(rename = "s")]
    pub seed: Sha256,
    /// Fields that all filed matters have alike.
    #[serde(rename = "a", default, skip_serializing_if = "Map::is_empty")]
    pub both: Map<String, Value>,
    /// What is filed, each with the fields that only it has.
    #[serde(rename = "f")]
    pub filings: BTreeMap<Filing, Map<String, Value>>,
    /// The unit, by [`crate::procedure`].
    #[serde(rename = "u", default, skip_serializing_if = "Map::is_empty")]
    pub unit: Map<String, Value>,
    /// The equipment, likewise.
    #[serde(rename = "e", default, skip_serializing_if = "Map::is_empty")]
    pub equipment: Map<String, Value>,
    /// Photos that go along, empty in a text code.
    #[serde(skip)]
    pub photos: Vec<FiledPhoto>,
}

/// A photo that goes along.
#[derive(Clone, PartialEq, Debug)]
pub struct FiledPhoto {
    /// The photo.
    pub id: PhotoId,
    /// The field of each procedure that it belongs to.
    pub fields: BTreeMap<Filing, String>,
    /// What is known of it, as it is filed.
    pub meta: crate::domain::photo::PhotoMeta,
}

impl Statement {
    /// What a draft says, under its ticket.
    #[must_use]
    pub fn of(reading: &Reading<'_>, ticket: &Ticket) -> Self {
        let mut each: BTreeMap<Filing, Map<String, Value>> = BTreeMap::new();
        for filing in &reading.filings {
            each.insert(*filing, fields_of(reading, *filing));
        }
        let both = match each.values().collect::<Vec<_>>().as_slice() {
            [one, other] => {
                one.iter().filter(|(name, value)| other.get(*name) == Some(*value)).map(|(n, v)| (n.clone(), v.clone())).collect()
            }
            _ => Map::new(),
        };
        for fields in each.values_mut() {
            fields.retain(|name, _| !both.contains_key(name));
        }
        let part = |part: fn(&FormField) -> Option<&String>| {
            let told = reading.fields().filter_map(|field| Some((part(field)?.clone(), stored(field, reading.answer(&field.id)?)?)));
            told.collect::<Map<String, Value>>()
        };
        Self {
            at_ms: ticket.at_ms,
            offset_min: ticket.offset_min,
            seed: ticket.seed,
            both,
            filings: each,
            unit: part(|field| field.fills.unit.as_ref()),
            equipment: part(|field| field.fills.equipment.as_ref()),
            photos: photos_of(reading),
        }
    }

    /// The fields of one matter.
    #[must_use]
    pub fn fields(&self, filing: Filing) -> Map<String, Value> {
        let mut fields = self.both.clone();
        fields.extend(self.filings.get(&filing).cloned().unwrap_or_default());
        fields
    }

    /// The day of filing, where it was filed.
    #[must_use]
    pub fn day(&self) -> CivilDate {
        Instant::from_ms(self.at_ms).date(self.offset_min)
    }

    /// The receipt number of one matter.
    #[must_use]
    pub fn receipt(&self, filing: Filing) -> String {
        receipt::make(filing, self.day(), &self.random(&format!("receipt {}", filing.as_str())))
    }

    /// The record of one matter.
    #[must_use]
    pub fn record(&self, filing: Filing) -> RecordId {
        RecordId::make(self.at_ms, &self.ten(&format!("record {}", filing.as_str())))
    }

    /// The bundle.
    #[must_use]
    pub fn bundle(&self) -> BundleId {
        BundleId::make(self.at_ms, &self.ten("bundle"))
    }

    /// The key of the device that files. It is made for this alone, so two complaints of one person can't be told to be
    /// theirs by it.
    #[must_use]
    pub fn key(&self) -> DeviceKey {
        DeviceKey::make(&self.random("key").0)
    }

    /// What follows from the seed for a purpose.
    fn random(&self, purpose: &str) -> Sha256 {
        sha256(&[b"spotcheck-complaint-v1\n", self.seed.0.as_slice(), purpose.as_bytes()].concat())
    }

    fn ten(&self, purpose: &str) -> [u8; 10] {
        let mut ten = [0; 10];
        for (to, from) in ten.iter_mut().zip(self.random(purpose).0) {
            *to = from;
        }
        ten
    }
}

/// What the answers say in the fields of a procedure.
fn fields_of(reading: &Reading<'_>, filing: Filing) -> Map<String, Value> {
    let mut fields = Map::new();
    let mut lines: Vec<String> = Vec::new();
    let mut facts = None;
    for field in reading.fields() {
        let Some(answer) = reading.answer(&field.id) else { continue };
        for option in reading.chosen(field) {
            fields.extend(option.sets.iter().map(|(name, value)| (name.clone(), value.clone())));
        }
        if matches!(field.kind, AnswerKind::Flags { .. }) {
            let flags = field.kind.options().iter();
            fields.extend(flags.map(|option| (option.id.clone(), reading.fact(&option.id).cloned().unwrap_or(Value::Bool(false)))));
        }
        let Some(value) = stored(field, answer) else { continue };
        match field.fills.of(filing) {
            Some("facts") => facts = value.as_str().map(str::to_owned),
            Some(name) => drop(fields.insert(name.to_owned(), value)),
            None if field.told => lines.extend(line_of(reading, field, &value)),
            None => {}
        }
    }
    let facts: Vec<String> = facts.into_iter().chain(lines).collect();
    if !facts.is_empty() {
        fields.insert("facts".to_owned(), Value::from(facts.join("\n")));
    }
    fields.insert("subject".to_owned(), Value::from(subject(reading)));
    fields.insert("channel".to_owned(), Value::from("file"));
    match filing {
        Filing::Report => {
            // Who complains with it has said who they are.
            if reading.filings.contains(&Filing::Complaint) {
                fields.insert("named".to_owned(), Value::Bool(true));
            } else {
                fields.entry("named").or_insert(Value::Bool(false));
            }
            fields.insert("clue_source".to_owned(), Value::from("person"));
            fields.remove("trade");
        }
        Filing::Complaint => {}
    }
    fields
}

/// The answer as the record holds it; nothing where there is none.
fn stored(field: &FormField, answer: &Value) -> Option<Value> {
    match (&field.kind, answer) {
        (_, Value::String(text)) => {
            let text = text.trim();
            (!text.is_empty()).then(|| Value::from(text))
        }
        (AnswerKind::Choices { .. }, Value::Array(many)) if many.is_empty() => None,
        (_, Value::Null | Value::Object(_)) => None,
        // A record holds no number beyond this.
        (_, Value::Number(number)) if number.as_f64().is_none_or(|number| number.abs() >= NUMBER) => Some(Value::from(number.to_string())),
        (_, Value::Array(many)) => Some(many.iter().filter(|one| one.is_string()).cloned().collect()),
        // In the form that it has when it is read back: a record knows no difference between `2` and `2.0`.
        (_, value) => serde_json::from_slice(&canonical_json(value)).ok(),
    }
}

/// A line for the facts: the question and the answer in Chinese, the language of the record.
fn line_of(reading: &Reading<'_>, field: &FormField, value: &Value) -> Option<String> {
    let question = field.name.zh.split('（').next().unwrap_or_default().trim_end_matches('？');
    let answer = match (&field.kind, value) {
        (AnswerKind::Choice { .. } | AnswerKind::Choices { .. }, _) => {
            reading.chosen(field).map(|option| option.name.get(Lang::Zh)).collect::<Vec<_>>().join("、")
        }
        (_, Value::Bool(yes)) => (if *yes { "是" } else { "否" }).to_owned(),
        (AnswerKind::Number { unit, .. }, number) => format!("{number}{unit}"),
        (_, Value::String(text)) => text.clone(),
        _ => return None,
    };
    (!answer.is_empty()).then(|| format!("{question}：{answer}"))
}

/// The sentence that names the matter in lists, of words of the form and the name of the goods; nothing personal.
fn subject(reading: &Reading<'_>) -> String {
    let mut words: Vec<String> = Vec::new();
    for field in reading.fields().filter(|field| field.names) {
        match (&field.kind, reading.answer(&field.id)) {
            (AnswerKind::Choice { .. } | AnswerKind::Choices { .. }, Some(_)) => {
                let chosen: Vec<&str> = reading.chosen(field).map(|option| option.name.get(Lang::Zh)).collect();
                words.push(chosen.join("、"));
            }
            (_, Some(Value::String(text))) => words.push(text.trim().to_owned()),
            _ => {}
        }
    }
    if reading.fact("injury") == Some(&Value::Bool(true)) {
        words.push("有人受伤".to_owned());
    }
    words.retain(|word| !word.is_empty());
    words.join("，").chars().take(SUBJECT_CHARS).collect()
}

/// The photos that go along: those of fields that are asked, each where its field goes in the procedures.
fn photos_of(reading: &Reading<'_>) -> Vec<FiledPhoto> {
    let anonymous = reading.filings == [Filing::Report] && reading.fact("named") != Some(&Value::Bool(true));
    let filed = |photo: &DraftPhoto| -> Option<FiledPhoto> {
        let field = reading.form.field(&photo.kind).filter(|field| reading.asks(&field.id))?;
        let filings = reading.filings.iter();
        let fields: BTreeMap<Filing, String> = filings.filter_map(|filing| Some((*filing, field.fills.of(*filing)?.to_owned()))).collect();
        let mut meta = photo.meta.clone();
        meta.item = None;
        if photo.kind != "evidence" {
            meta.extra.insert("shows".to_owned(), Value::from(photo.kind.clone()));
        }
        if anonymous {
            // Where a phone stood, which it was and what it called the file can say who reported.
            meta.position = None;
            meta.extra.remove("exif_position");
            meta.extra.remove("camera");
            meta.original.name = String::new();
            meta.original.extra.clear();
            meta.stamp.clear();
        }
        (!fields.is_empty()).then(|| FiledPhoto { id: photo.id.clone(), fields, meta })
    };
    reading.draft.photos.iter().filter_map(filed).collect()
}
