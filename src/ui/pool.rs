//! What a visit takes from the ledgers: units, their equipment, and the fields that go into the record.

use serde_json::{Value, json};

use super::content::{self, Code};
use super::ledger::types::TypeNames;
use super::state::App;
use crate::app::workspace::AppError;
use crate::domain::content::Lang;
use crate::domain::id::RecordId;
use crate::ledger::row::Row;
use crate::ledger::{Card, Kind};
use crate::rules::Intervals;

/// The equipment of a unit, by place and name.
pub async fn equipment_of(app: App, unit: &str) -> Vec<Card> {
    // Equipment can be entered by hand where the ledgers can't be read.
    let Ok(ledger) = app.ledger(|_| ()).await else { return Vec::new() };
    let mut own: Vec<Card> = ledger.get().of_kind(Kind::Equipment).filter(|card| card.unit_id == unit).cloned().collect();
    own.sort_by(|a, b| (&a.title, &a.address, &a.id).cmp(&(&b.title, &b.address, &b.id)));
    own
}

/// The fields of a ledger record as a visit copies them: its id, and all that it says but for what is only of the ledger.
/// What is printed as the next inspection stands at `next_due`.
///
/// # Errors
/// [`AppError`] when there is no such record or the store can't be read.
pub async fn fields_of(app: App, id: &str) -> Result<Vec<(String, Value)>, AppError> {
    let record_id = RecordId::parse(id).map_err(|_| AppError::NoRecord)?;
    let record = app.workspace().load(&record_id).await?;
    let row = Row::of(record.state());
    let mut fields = vec![("id".to_owned(), json!(id))];
    for (path, value) in row.fields() {
        match path.as_str() {
            "kind" | "unit_id" | "note" | "inspector" => {}
            "printed_next" => fields.push(("next_due".to_owned(), value.clone())),
            path => fields.push((path.to_owned(), value.clone())),
        }
    }
    if row.text("name").is_empty() {
        // Older ledgers call equipment by its number alone.
        let name = ["internal_no", "code", "cert_no"].into_iter().map(|path| row.text(path)).find(|text| !text.is_empty());
        fields.extend(name.map(|name| ("name".to_owned(), json!(name))));
    }
    Ok(fields)
}

/// The rules of intervals; `None` when they can't be fetched or read.
pub async fn intervals() -> Option<Intervals> {
    let value = content::json("rules/intervals.json").await.ok()?;
    Intervals::read(value.to_string().as_bytes()).ok()
}

/// A checklist of the library, as its index has it.
#[derive(Clone, PartialEq, Debug)]
pub struct Listed {
    /// Id.
    pub id: String,
    /// Title.
    pub title_zh: String,
    /// Title in English.
    pub title_en: String,
    /// Field of work.
    pub domain: String,
    /// Whether it is asked of each piece of equipment.
    pub for_equipment: bool,
    /// Beginnings of the type codes that it is for.
    pub prefixes: Vec<String>,
}

impl Listed {
    fn read(value: &Value) -> Option<Self> {
        let text = |field: &str| value.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
        let applies = value.get("applies_to");
        let prefixes = applies.and_then(|applies| applies.get("equipment_code_prefix")).and_then(Value::as_array);
        Some(Self {
            id: Some(text("id")).filter(|id| !id.is_empty())?,
            title_zh: text("title_zh"),
            title_en: text("title_en"),
            domain: text("domain"),
            for_equipment: applies.and_then(|applies| applies.get("subject")).and_then(Value::as_str) == Some("equipment"),
            prefixes: prefixes.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect(),
        })
    }

    /// The title in a language.
    #[must_use]
    pub fn title(&self, lang: Lang) -> &str {
        lang.pick(&self.title_zh, &self.title_en)
    }

    /// Whether a search finds it.
    #[must_use]
    pub fn fits(&self, search: &str) -> bool {
        let text = [&self.title_zh, &self.title_en, &self.id].map(|part| part.to_ascii_lowercase()).join(" ");
        search.to_ascii_lowercase().split_whitespace().all(|word| text.contains(word))
    }
}

/// All checklists: those that came with the app, and the bureau's own.
pub async fn library() -> Vec<Listed> {
    let index = content::json("checklists/index.json").await.ok();
    let files = index.as_ref().and_then(|index| index.get("files")).and_then(Value::as_array);
    let mut all: Vec<Listed> = files.into_iter().flatten().filter_map(Listed::read).collect();
    for own in content::own_files().await {
        let Some(listed) = own.path.strip_prefix("checklists/").and_then(|_| Listed::read(&own.value)) else { continue };
        all.retain(|known| known.id != listed.id);
        // A bureau takes a list that came with the app out of use by an edition of its own that says so.
        let stopped = own.value.get("status").and_then(Value::as_str) == Some("retired");
        if !own.retired && !stopped {
            all.push(listed);
        }
    }
    all
}

/// All types of equipment and their classes, as codes with labels.
pub async fn equipment_types() -> Vec<Code> {
    let names = TypeNames::load().await.0.into_iter().filter(|one| one.level > 0);
    names.map(|one| Code { code: one.code, zh: one.zh, en: one.en, ..Code::default() }).collect()
}
