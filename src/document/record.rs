//! A document as its record says.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::fill::{Filled, fill, holds};
use super::register::Number;
use super::template::{Asked, Template};
use super::{KIND, words};
use crate::domain::change::Sha256;
use crate::domain::inspection::photos;
use crate::domain::journal::State;
use crate::domain::photo::PhotoMeta;
use crate::domain::signature::Signature;
use crate::domain::time::{CivilDate, Instant};
use crate::evidence::chain::{canonical_json, sha256};
use crate::procedure::{self, FieldKind, Required, field_path, lack_of};

/// How the place of photos of a delivery begins.
const SERVED: &str = "served.";

/// What stands at `issued`: everything that is printed, so that nothing written later can change it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Issued {
    /// When, in milliseconds since the epoch.
    pub ms: u64,
    /// Offset of the local time, in minutes.
    pub offset_min: i32,
    /// Its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<Number>,
    /// The template.
    pub template: Template,
    /// What it is filled with, `number` and `day` included.
    pub values: Value,
}

/// How it stands with a document.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Status {
    /// Being written.
    Draft,
    /// Issued.
    Issued,
    /// No longer in force, or given up as a draft.
    Withdrawn {
        /// Why.
        reason: String,
    },
}

/// That it was served, or received.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Delivery {
    /// How, see [`super::DELIVERIES`].
    #[serde(default)]
    pub method: String,
    /// When.
    pub day: Option<CivilDate>,
    /// By whom it was received.
    #[serde(default)]
    pub receiver: String,
    /// Anything else: number of the letter, why it was left.
    #[serde(default)]
    pub note: String,
    /// Signature of who received it, or that it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<Signature>,
}

/// What lacks before a document can be issued.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Lack {
    /// One of its own fields or signatures.
    Field(procedure::Lack),
    /// Something that the source does not say, by its path in the data.
    Place(String),
    /// No number, or one of another series or year.
    Number,
    /// It is no draft.
    NotDraft,
}

/// A document as it stands.
#[derive(Clone, PartialEq, Debug)]
pub struct Document {
    /// By which form.
    pub template: Template,
    /// How it stands.
    pub status: Status,
    /// What was issued.
    pub issued: Option<Issued>,
    /// `{"record":…,"kind":…,"title":…,"step":…}`: what it was made from.
    pub of: Option<Value>,
    /// The document that it corrects: `{"record":…,"number":…,"day":…,"reason":…}`.
    pub corrects: Option<Value>,
    /// The document that corrects it: `{"record":…,"number":…}`.
    pub corrected_by: Option<Value>,
    /// How it was served, by id.
    pub deliveries: Vec<(String, Delivery)>,
    /// That it was received, by id.
    pub receipts: Vec<(String, Delivery)>,
    /// Paths where the record says something else than what was issued. What is printed stays what was issued.
    pub changed_after: Vec<String>,
    /// Two devices had issued it without seeing each other; one of the numbers is void.
    pub issued_twice: bool,
}

/// Whether something may be written there after a document was issued.
#[must_use]
pub fn is_after_issue(path: &str) -> bool {
    ["delivery/", "receipt/", "seals/"].iter().any(|prefix| path.starts_with(prefix)) || ["withdrawn", "corrected_by"].contains(&path)
}

/// What photos of a delivery or a receipt name as their place, by its id: what was left, the slip of the post.
#[must_use]
pub fn served_item(id: &str) -> String {
    format!("{SERVED}{id}")
}

/// Whether a photo, or what is said of it, belongs to a delivery or a receipt: that is no part of what was issued.
#[must_use]
pub fn is_of_service(state: &State, path: &str) -> bool {
    let photo = path.strip_prefix("photos/").and_then(|rest| rest.split('/').next());
    let item = photo.and_then(|photo| state.get(&format!("photos/{photo}"))?.get("item")?.as_str());
    item.is_some_and(|item| item.starts_with(SERVED))
}

impl Document {
    /// What the record says; `None` when it is no document, or one of a form that this version can't read.
    #[must_use]
    pub fn read(state: &State) -> Option<Self> {
        if state.text("kind") != Some(KIND) {
            return None;
        }
        let issued: Option<Issued> = match state.get("issued") {
            Some(value) => Some(serde_json::from_value(value.clone()).ok()?),
            None => None,
        };
        let template = match &issued {
            Some(issued) => issued.template.clone(),
            None => serde_json::from_value(state.get("template")?.clone()).ok()?,
        };
        template.check().ok()?;
        let status = match (state.get("withdrawn"), &issued) {
            (Some(value), _) => {
                let reason = value.get("reason").and_then(Value::as_str).unwrap_or_default();
                Status::Withdrawn { reason: reason.to_owned() }
            }
            (None, Some(_)) => Status::Issued,
            (None, None) => Status::Draft,
        };
        let served = |base: &str| {
            let all = state.under(base).filter(|(id, _)| !id.contains('/'));
            all.filter_map(|(id, cell)| Some((id.to_owned(), serde_json::from_value(cell.value.clone()).ok()?))).collect()
        };
        let changed_after = match &issued {
            Some(issued) => changed_after(state, issued),
            // What was issued was taken away: no draft again.
            None if state.was_written("issued") => vec!["issued".to_owned()],
            None => Vec::new(),
        };
        Some(Self {
            of: state.get("links/of").cloned(),
            corrects: state.get("corrects").cloned(),
            corrected_by: state.get("corrected_by").cloned(),
            deliveries: served("delivery"),
            receipts: served("receipt"),
            changed_after,
            issued_twice: state.is_disputed("issued") || state.is_disputed("number"),
            template,
            status,
            issued,
        })
    }

    /// Its number, once it is issued.
    #[must_use]
    pub fn number(&self) -> Option<&Number> {
        self.issued.as_ref()?.number.as_ref()
    }

    /// The digest of all that was issued: what a code on the print leads back by.
    #[must_use]
    pub fn digest(&self) -> Option<Sha256> {
        let value = serde_json::to_value(self.issued.as_ref()?).ok()?;
        Some(sha256(&canonical_json(&value)))
    }

    /// What it is filled with: what was issued, else what is known now.
    #[must_use]
    pub fn values(&self, state: &State) -> Value {
        self.issued.as_ref().map_or_else(|| values(&self.template, state), |issued| issued.values.clone())
    }

    /// The document as it is printed.
    #[must_use]
    pub fn filled(&self, state: &State) -> Filled {
        fill(&self.template, &self.values(state))
    }

    /// The fields that are asked now, in order.
    #[must_use]
    pub fn asked(&self, state: &State) -> Vec<&Asked> {
        let values = self.values(state);
        self.template.fields.iter().filter(|asked| asked.field.when.as_ref().is_none_or(|when| holds(when, &values))).collect()
    }

    /// What lacks before it can be issued; its number is another matter. `today` is the day where it is issued.
    #[must_use]
    pub fn lacks(&self, state: &State, today: CivilDate) -> Vec<Lack> {
        if self.status != Status::Draft || state.was_written("issued") {
            return vec![Lack::NotDraft];
        }
        let values = values(&self.template, state);
        let required = |asked: &Asked| match &asked.field.required {
            Required::Plain(required) => *required,
            Required::When(when) => holds(when, &values),
        };
        let asks = |asked: &&Asked| asked.field.when.as_ref().is_none_or(|when| holds(when, &values));
        let own = self.template.fields.iter().filter(asks);
        let mut lacks: Vec<Lack> =
            own.filter_map(|asked| lack_of(state, None, &asked.field, required(asked), today)).map(Lack::Field).collect();
        // A field that lacks is told once, as a field.
        let told: Vec<String> = self.template.fields.iter().map(|asked| format!("doc.{}", asked.field.id)).collect();
        let is_own =
            |path: &String| told.iter().any(|own| path == own || path.strip_prefix(own.as_str()).is_some_and(|rest| rest.starts_with('.')));
        let filled = fill(&self.template, &values);
        if lacks.is_empty() {
            lacks.extend(filled.missing.into_iter().map(Lack::Place));
        } else {
            lacks.extend(filled.missing.into_iter().filter(|path| !is_own(path)).map(Lack::Place));
        }
        for asked in self.template.signatures.iter().filter(asks) {
            lacks.extend(signature_lack(state, asked, required(asked)).map(Lack::Field));
        }
        lacks
    }
}

fn signature_lack(state: &State, asked: &Asked, required: bool) -> Option<procedure::Lack> {
    let name = || asked.field.id.clone();
    let may_refuse = matches!(asked.field.kind, FieldKind::Signature { may_refuse: true, .. });
    let Some(cell) = state.cell(&format!("signatures/{}", asked.field.id)) else {
        return required.then(|| procedure::Lack::Signature(name()));
    };
    match Signature::read(&cell.value) {
        None => Some(procedure::Lack::Wrong(name())),
        Some(Signature::Refused(_)) if !may_refuse => Some(procedure::Lack::Signature(name())),
        Some(signature) if signature.is_blank() => required.then(|| procedure::Lack::Signature(name())),
        Some(_) if cell.at < state.content_at() => Some(procedure::Lack::Stale(name())),
        Some(_) => None,
    }
}

/// What a draft is filled with: its data, its own answers, photos and signatures.
fn values(template: &Template, state: &State) -> Value {
    let mut root = state.get("data").and_then(Value::as_object).cloned().unwrap_or_default();
    let mut codes = root.get("codes").and_then(Value::as_object).cloned().unwrap_or_default();
    for asked in &template.fields {
        let value = state.get(&field_path(None, &asked.field.id)).filter(|_| has_code(&asked.field.kind));
        match value {
            Some(value) => drop(codes.insert(asked.field.id.clone(), value.clone())),
            None if has_code(&asked.field.kind) => drop(codes.remove(&asked.field.id)),
            None => {}
        }
    }
    root.insert("codes".to_owned(), Value::Object(codes));
    if let Some(corrects) = state.get("corrects") {
        root.insert("corrects".to_owned(), corrects.clone());
    }
    add_photos(&mut root, state);
    let known = Value::Object(root);
    let asks = |asked: &&Asked| asked.field.when.as_ref().is_none_or(|when| holds(when, &known));
    let answer = |asked: &Asked| {
        let value = state.get(&field_path(None, &asked.field.id))?;
        Some((asked.field.id.clone(), words::answer(&asked.field, value, &|_| None)?))
    };
    let doc: Map<String, Value> = template.fields.iter().filter(asks).filter_map(answer).collect();
    let signature = |asked: &Asked| Some((asked.field.id.clone(), state.get(&format!("signatures/{}", asked.field.id))?.clone()));
    let signatures: Map<String, Value> = template.signatures.iter().filter(asks).filter_map(signature).collect();
    let mut root = match known {
        Value::Object(root) => root,
        _ => Map::new(),
    };
    root.insert("doc".to_owned(), Value::Object(doc));
    root.insert("signatures".to_owned(), Value::Object(signatures));
    Value::Object(root)
}

fn has_code(kind: &FieldKind) -> bool {
    matches!(kind, FieldKind::Yes | FieldKind::Choice { .. } | FieldKind::Choices { .. } | FieldKind::Number { .. })
}

fn add_photos(root: &mut Map<String, Value>, state: &State) {
    let offset = root.get("offset_min").and_then(Value::as_i64).and_then(|offset| i32::try_from(offset).ok()).unwrap_or_default();
    let (mut all, mut by_field) = (Vec::new(), Map::new());
    for photo in photos(state).into_iter().filter(|photo| !is_of_service(state, &format!("photos/{}", photo.id))) {
        let Some(meta) = state.get(&format!("photos/{}", photo.id)).and_then(|value| PhotoMeta::deserialize(value).ok()) else { continue };
        let row = json!({
            "n": all.len() + 1,
            "id": photo.id,
            "caption": photo.caption,
            "time": words::minute(Instant::from_ms(meta.captured_at_ms), offset),
            "place": meta.position.as_ref().map(words::position),
            "source": meta.source,
            "sha256": meta.sha256,
            "original_sha256": meta.original.sha256,
            "size": meta.original.size_bytes,
        });
        let field = meta.item.unwrap_or_default();
        if let Value::Array(own) = by_field.entry(field).or_insert_with(|| Value::Array(Vec::new())) {
            own.push(row.clone());
        }
        all.push(row);
    }
    let mut counts = root.get("counts").and_then(Value::as_object).cloned().unwrap_or_default();
    counts.insert("photos".to_owned(), Value::from(all.len()));
    root.insert("counts".to_owned(), Value::Object(counts));
    root.insert("photos".to_owned(), Value::Array(all));
    root.insert("pictures".to_owned(), Value::Object(by_field));
}

/// What is issued when a draft is issued now.
pub(crate) fn issued_now(template: &Template, state: &State, number: Option<&Number>, at: Instant, offset_min: i32) -> Issued {
    let mut values = values(template, state);
    if let Some(root) = values.as_object_mut() {
        root.insert("day".to_owned(), Value::from(words::day(at.date(offset_min))));
        if let Some(number) = number {
            root.insert("number".to_owned(), Value::from(number.text.clone()));
        }
    }
    Issued { ms: at.ms(), offset_min, number: number.cloned(), template: template.clone(), values }
}

/// Paths where the record says something else than what was issued: written later, or by somebody who had not seen it.
fn changed_after(state: &State, issued: &Issued) -> Vec<String> {
    let mut changed = Vec::new();
    if let Some(moment) = state.cell("issued") {
        let allowed = |path: &str| is_after_issue(path) || is_of_service(state, path);
        let later = state.cells().filter(|(path, cell)| (cell.at, &cell.device) > (moment.at, &moment.device) && !allowed(path.as_str()));
        changed.extend(later.map(|(path, _)| path.to_string()).filter(|path| path != "issued"));
        // It is sealed with its record: what the seal does not cover was written over it. Where two phones had issued the same
        // draft one of the two is not covered either, and that is told by itself.
        if moment.amended && !state.is_disputed("issued") {
            changed.push("issued".to_owned());
        }
    }
    let number = state.get("number").and_then(|value| serde_json::from_value::<Number>(value.clone()).ok());
    if number != issued.number {
        changed.push("number".to_owned());
    }
    let template = state.get("template").and_then(|value| serde_json::from_value::<Template>(value.clone()).ok());
    if template.as_ref() != Some(&issued.template) {
        changed.push("template".to_owned());
    }
    let now = values(&issued.template, state);
    let none = Map::new();
    let (now, then) = (now.as_object().unwrap_or(&none), issued.values.as_object().unwrap_or(&none));
    let names = now.keys().chain(then.keys()).filter(|name| !["number", "day"].contains(&name.as_str()));
    for name in names.filter(|name| now.get(*name) != then.get(*name)) {
        let parts = |of: &Map<String, Value>| of.get(name).and_then(Value::as_object).cloned().unwrap_or_default();
        match name.as_str() {
            "doc" | "codes" | "signatures" => {
                let (now, then) = (parts(now), parts(then));
                let base = if name == "signatures" { "signatures" } else { "fields" };
                let differ = now.keys().chain(then.keys()).filter(|field| now.get(*field) != then.get(*field));
                changed.extend(differ.map(|field| format!("{base}/{field}")));
            }
            "photos" | "pictures" | "counts" => changed.push("photos".to_owned()),
            "corrects" => changed.push("corrects".to_owned()),
            _ => changed.push("data".to_owned()),
        }
    }
    changed.sort();
    changed.dedup();
    changed
}
