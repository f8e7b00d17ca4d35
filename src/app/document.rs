//! Documents: beginning, issuing, correcting and serving them, and handing out their numbers, as changes to write.

use serde_json::{Value, json};

use super::library::Changes;
use crate::document::{Delivery, Document, KIND, Lack, Number, RANGE_KIND, Source, Status, Template, at, fill, is_of_service};
use crate::domain::change::ClockReading;
use crate::domain::journal::State;
use crate::domain::signature::Signature;
use crate::domain::time::Instant;
use crate::procedure::{Case, paper_path};

/// The changes that begin a document in a new record.
///
/// Signatures that were given for the same step come last, so that they count until something is changed.
#[must_use]
pub fn begin(template: &Template, source: &Source) -> Changes {
    let mut changes = head(template, &kept(template, source), &source.link);
    for asked in &template.fields {
        let path = format!("fields/{}", asked.field.id);
        let known = if asked.is_text() {
            asked.preset.iter().find_map(|preset| preset_text(preset, &source.data)).map(Value::from)
        } else {
            asked.preset.iter().find_map(|preset| source.raw.get(preset)).cloned()
        };
        changes.extend(known.map(|value| (path, value)));
    }
    for picture in source.pictures.iter().filter(|picture| template.takes(&picture.field)) {
        let mut value = picture.value.clone();
        if let Some(fields) = value.as_object_mut() {
            fields.insert("item".to_owned(), Value::from(picture.field.clone()));
        }
        let base = format!("photos/{}", picture.id);
        changes.push((base.clone(), value));
        changes.push((format!("{base}/caption"), Value::from(picture.caption.clone())));
        changes.extend(picture.marks.clone().map(|marks| (format!("{base}/marks"), marks)));
    }
    for asked in &template.signatures {
        let known = asked.preset.iter().find_map(|preset| source.raw.get(preset)).filter(|value| Signature::read(value).is_some());
        changes.extend(known.cloned().map(|value| (format!("signatures/{}", asked.field.id), value)));
    }
    changes.retain(|(_, value)| value.as_str() != Some(""));
    changes
}

fn head(template: &Template, data: &Value, link: &Value) -> Changes {
    vec![
        ("kind".to_owned(), Value::from(KIND)),
        ("template".to_owned(), serde_json::to_value(template).unwrap_or_default()),
        ("data".to_owned(), data.clone()),
        ("links/of".to_owned(), link.clone()),
    ]
}

/// The data without the long list that only few templates print, and without personal data that this one does not print: a
/// paper for the other party must not hold who complained.
fn kept(template: &Template, source: &Source) -> Value {
    let mut data = source.data.clone();
    let printed = serde_json::to_string(template).unwrap_or_default();
    let names = |field: &str| ["}", "?", "\"", "."].iter().any(|end| printed.contains(&format!("about.{field}{end}")));
    for part in ["about", "codes"] {
        let fields = data.get_mut(part).and_then(Value::as_object_mut);
        fields.into_iter().for_each(|fields| fields.retain(|field, _| !source.private.contains(field) || names(field)));
    }
    if let Some(fields) = data.as_object_mut()
        && !template.lists("items")
    {
        fields.remove("items");
    }
    data
}

/// A preset whose places are all known.
fn preset_text(preset: &str, data: &Value) -> Option<String> {
    fill::text(preset, data).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// The changes that bring a draft up to date with its source: what it says itself stays.
#[must_use]
pub fn refresh(state: &State, source: &Source) -> Changes {
    match Document::read(state) {
        Some(document) if document.issued.is_none() => vec![("data".to_owned(), kept(&document.template, source))],
        _ => Vec::new(),
    }
}

/// What lacks before a draft can be issued, besides its number.
#[must_use]
pub fn lacking(state: &State, now: ClockReading) -> Vec<Lack> {
    let today = Instant::from_ms(now.wall_ms).date(now.offset_min);
    Document::read(state).map_or_else(|| vec![Lack::NotDraft], |document| document.lacks(state, today))
}

/// The changes that issue a draft. They are to be written in one batch, and the record is to be sealed then.
///
/// # Errors
/// What lacks; nothing is to be written then.
pub fn issue(state: &State, number: Option<&Number>, now: ClockReading) -> Result<Changes, Vec<Lack>> {
    let Some(document) = Document::read(state) else { return Err(vec![Lack::NotDraft]) };
    let at = Instant::from_ms(now.wall_ms);
    let today = at.date(now.offset_min);
    let mut lacks = document.lacks(state, today);
    let fits = match (&document.template.series, number) {
        (None, number) => number.is_none(),
        (Some(_), None) => false,
        (Some(series), Some(number)) => number.series == series.id && number.year == chrono::Datelike::year(&today.0),
    };
    if !fits {
        lacks.push(Lack::Number);
    }
    if !lacks.is_empty() {
        return Err(lacks);
    }
    let issued = crate::document::issued_now(&document.template, state, number, at, now.offset_min);
    let mut changes: Changes =
        number.map(|number| ("number".to_owned(), serde_json::to_value(number).unwrap_or_default())).into_iter().collect();
    changes.push(("issued".to_owned(), serde_json::to_value(issued).unwrap_or_default()));
    Ok(changes)
}

/// The changes that begin a document that corrects another one: its content without the signatures, and its number.
/// `record` is the id of the old one. `None` when that was never issued.
#[must_use]
pub fn correct(record: &str, state: &State, reason: &str) -> Option<Changes> {
    let document = Document::read(state)?;
    let issued = document.issued.as_ref()?;
    let data = state.get("data").cloned().unwrap_or_default();
    let mut changes = head(&document.template, &data, &document.of.clone().unwrap_or_default());
    let fields = state.under("fields").map(|(path, cell)| (format!("fields/{path}"), cell.value.clone()));
    changes.extend(fields.filter(|(path, _)| document.template.field(path.strip_prefix("fields/").unwrap_or_default()).is_some()));
    let photos = state.under("photos").map(|(path, cell)| (format!("photos/{path}"), cell.value.clone()));
    changes.extend(photos.filter(|(path, _)| !is_of_service(state, path)));
    let number = issued.number.as_ref().map(|number| number.text.clone());
    let day = at(&issued.values, "day").cloned().unwrap_or_default();
    let corrects = json!({"record": record, "number": number, "day": day, "reason": reason.trim()});
    changes.push(("corrects".to_owned(), corrects));
    Some(changes)
}

/// The changes that say in the old document which one corrects it, once that is issued. `record` is the id of the new one.
#[must_use]
pub fn corrected_by(record: &str, number: Option<&Number>) -> Changes {
    let number = number.map(|number| number.text.clone());
    vec![("corrected_by".to_owned(), json!({"record": record, "number": number}))]
}

/// The changes in the matter that a document was made from, by which the step learns its number, or that it was withdrawn.
/// `record` is the id of the document. None where no step of the matter takes its number, or knows it already; what a person
/// filled in there stays.
#[must_use]
pub fn tell_step(record: &str, document: &Document, matter: &State) -> Changes {
    let told = || {
        let issued = document.issued.as_ref()?;
        let step = document.of.as_ref()?.get("step")?.as_str()?;
        let case = Case::read(matter)?;
        let def = case.procedure.step(matter.text(&format!("steps/{step}/step"))?)?;
        if !def.takes_number_of(&issued.template.id) {
            return None;
        }
        let mut paper = json!({
            "template": issued.template.id,
            "title": issued.template.title,
            "number": issued.number.as_ref()?.text,
            "day": Instant::from_ms(issued.ms).date(issued.offset_min).to_string(),
        });
        if let (Status::Withdrawn { .. }, Some(fields)) = (&document.status, paper.as_object_mut()) {
            fields.insert("withdrawn".to_owned(), Value::Bool(true));
        }
        let path = paper_path(step, record);
        (matter.get(&path) != Some(&paper)).then_some((path, paper))
    };
    told().into_iter().collect()
}

/// The changes that note how a document was served, under an id that no other has, such as that of a new record.
#[must_use]
pub fn deliver(id: &str, delivery: &Delivery) -> Changes {
    vec![(format!("delivery/{id}"), serde_json::to_value(delivery).unwrap_or_default())]
}

/// The changes that note that a document was received, likewise.
#[must_use]
pub fn receive(id: &str, receipt: &Delivery) -> Changes {
    vec![(format!("receipt/{id}"), serde_json::to_value(receipt).unwrap_or_default())]
}

/// The changes that withdraw a document, or give up a draft.
#[must_use]
pub fn withdraw(reason: &str, now: ClockReading) -> Changes {
    let value = json!({"reason": reason.trim(), "ms": now.wall_ms, "offset_min": now.offset_min});
    vec![("withdrawn".to_owned(), value)]
}

/// What the office hands out.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Handout {
    /// The series.
    pub series: String,
    /// The year.
    pub year: i32,
    /// The short name of the bureau in numbers.
    pub mark: String,
    /// To which device.
    pub device: String,
    /// The first number, see [`crate::document::register::next_from`].
    pub from: u32,
    /// The last.
    pub to: u32,
}

/// The changes that hand out a range of numbers, in a new record.
#[must_use]
pub fn give_range(handout: &Handout) -> Changes {
    let Handout { series, year, mark, device, from, to } = handout;
    vec![
        ("kind".to_owned(), Value::from(RANGE_KIND)),
        ("series".to_owned(), Value::from(series.clone())),
        ("year".to_owned(), Value::from(*year)),
        ("mark".to_owned(), Value::from(mark.clone())),
        ("device".to_owned(), Value::from(device.clone())),
        ("from".to_owned(), Value::from(*from)),
        ("to".to_owned(), Value::from(*to)),
    ]
}

/// The changes in the record of a range that void numbers of it.
#[must_use]
pub fn void(numbers: impl IntoIterator<Item = u32>, reason: &str) -> Changes {
    numbers.into_iter().map(|n| (format!("voids/{n}"), Value::from(reason.trim()))).collect()
}

/// The changes that begin the record for voids among the numbers that a device counts by itself; see [`void`] for those.
#[must_use]
pub fn own_voids(series: &str, year: i32, tag: &str) -> Changes {
    vec![
        ("kind".to_owned(), Value::from(RANGE_KIND)),
        ("series".to_owned(), Value::from(series)),
        ("year".to_owned(), Value::from(year)),
        ("tag".to_owned(), Value::from(tag)),
    ]
}
