//! Content of the app (checklists, code tables), fetched from our own origin and kept for the life of the page.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use leptos::prelude::WithUntracked as _;
use serde_json::Value;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;

use super::state::App;
use crate::app::assign::edition;
use crate::domain::checklist::{Checklist, Phrase};
use crate::domain::content::Lang;
use crate::domain::id::RecordId;
use crate::domain::library::{self, Holding};

/// Why content is not there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContentError {
    /// It can't be fetched: no network and not kept for offline use.
    #[error("{path} can't be fetched")]
    Absent {
        /// Which file.
        path: String,
    },
    /// It is not what it should be.
    #[error("{path} can't be read: {problem}")]
    Unreadable {
        /// Which file.
        path: String,
        /// What is wrong.
        problem: String,
    },
}

thread_local! {
    static FILES: RefCell<BTreeMap<String, Rc<Value>>> = RefCell::default();
    /// The bureau's own files, and the stamp of the records that they were read from.
    static OWN: RefCell<(u64, Vec<Holding>)> = RefCell::default();
}

/// The bureau's own files of the library: newer editions of files that came with the app, and lists of its own.
pub async fn own_files() -> Vec<Holding> {
    let Some(app) = App::current() else { return Vec::new() };
    let records: Vec<(String, u64)> = app
        .summaries
        .with_untracked(|all| all.iter().filter(|one| one.kind == library::KIND).map(|one| (one.id.clone(), one.updated_ms)).collect());
    let stamp = records.iter().fold(records.len() as u64, |stamp, (_, updated_ms)| stamp.wrapping_mul(31).wrapping_add(*updated_ms));
    if OWN.with_borrow(|(known, _)| *known == stamp) {
        return OWN.with_borrow(|(_, own)| own.clone());
    }
    let workspace = app.workspace();
    let mut all: Vec<(Holding, u64)> = Vec::new();
    for (id, updated_ms) in records {
        let Ok(id) = RecordId::parse(&id) else { continue };
        // One that can't be read is as good as absent: the file that came with the app counts.
        let Ok(record) = workspace.load(&id).await else { continue };
        all.extend(library::read(record.state()).map(|holding| (holding, updated_ms)));
    }
    let mut own: Vec<Holding> = Vec::new();
    while let Some((first, _)) = all.first() {
        let path = first.path.clone();
        let (same, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|(holding, _)| holding.path == path);
        own.extend(library::newest(same));
        all = others;
    }
    OWN.set((stamp, own.clone()));
    own
}

/// A JSON file below `content/`; the bureau's own edition where there is one, of days off the bureau's own years.
///
/// # Errors
/// [`ContentError`] when it can't be fetched or is no JSON.
pub async fn json(path: &str) -> Result<Rc<Value>, ContentError> {
    let Some(own) = own_files().await.into_iter().find(|holding| holding.path == path) else { return shipped(path).await };
    // Of days off only some years are the bureau's own.
    let beside = if path == edition::HOLIDAYS { shipped(path).await.ok() } else { None };
    Ok(Rc::new(edition::in_force(path, &own.value, beside.as_deref())))
}

/// A JSON file below `content/` as it came with the app.
///
/// # Errors
/// As [`json`].
pub async fn shipped(path: &str) -> Result<Rc<Value>, ContentError> {
    if let Some(known) = FILES.with_borrow(|files| files.get(path).cloned()) {
        return Ok(known);
    }
    let absent = || ContentError::Absent { path: path.to_owned() };
    let text = fetch(&format!("/content/{path}")).await.ok_or_else(absent)?;
    let value =
        serde_json::from_str(&text).map_err(|error| ContentError::Unreadable { path: path.to_owned(), problem: error.to_string() })?;
    let value: Rc<Value> = Rc::new(value);
    FILES.with_borrow_mut(|files| files.insert(path.to_owned(), value.clone()));
    Ok(value)
}

async fn fetch(url: &str) -> Option<String> {
    let response = JsFuture::from(web_sys::window()?.fetch_with_str(url)).await.ok()?;
    let response: web_sys::Response = response.dyn_into().ok()?;
    if !response.ok() {
        return None;
    }
    JsFuture::from(response.text().ok()?).await.ok()?.as_string()
}

/// A checklist of the library.
///
/// # Errors
/// [`ContentError`] when it can't be fetched or is no checklist.
pub async fn checklist(id: &str) -> Result<Checklist, ContentError> {
    let path = format!("checklists/{id}.json");
    let value = json(&path).await?;
    Checklist::from_record(&value).map_err(|error| ContentError::Unreadable { path, problem: error.to_string() })
}

/// The ready sentences of a checklist, by item id. Empty when the library has none or another version of the list.
pub async fn phrases(id: &str) -> BTreeMap<String, Vec<Phrase>> {
    let Ok(list) = checklist(id).await else { return BTreeMap::new() };
    list.items.into_iter().map(|item| (item.id, item.phrases)).collect()
}

/// An entry of a code table.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Code {
    /// Stored code.
    pub code: String,
    /// Label.
    pub zh: String,
    /// Label in English.
    pub en: String,
    /// What it means.
    pub explain_zh: String,
    /// The same in English.
    pub explain_en: String,
    /// The sentence for the record, with blanks; empty when the label is the sentence.
    pub record_zh: String,
    /// The same in English.
    pub record_en: String,
    /// Days of the preset deadline.
    pub default_deadline_days: Option<u64>,
    /// Whether use must stop.
    pub stop_use: bool,
}

impl Code {
    /// The label in a language.
    #[must_use]
    pub fn label(&self, lang: Lang) -> &str {
        lang.pick(&self.zh, &self.en)
    }

    /// What goes into the record when it is chosen.
    #[must_use]
    pub fn sentence(&self, lang: Lang) -> &str {
        let sentence = lang.pick(&self.record_zh, &self.record_en);
        if sentence.is_empty() { self.label(lang) } else { sentence }
    }

    fn read(value: &Value) -> Self {
        let text = |field: &str| value.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
        Self {
            code: text("code"),
            zh: text("zh"),
            en: text("en"),
            explain_zh: text("explain_zh"),
            explain_en: text("explain_en"),
            record_zh: text("record_zh"),
            record_en: text("record_en"),
            default_deadline_days: value.get("default_deadline_days").and_then(Value::as_u64),
            stop_use: value.get("stop_use").and_then(Value::as_bool) == Some(true),
        }
    }
}

/// The entries of `codes/<table>.json`; none when it can't be fetched.
pub async fn codes(table: &str) -> Vec<Code> {
    let Ok(value) = json(&format!("codes/{table}.json")).await else { return Vec::new() };
    value.get("items").and_then(Value::as_array).map(|items| items.iter().map(Code::read).collect()).unwrap_or_default()
}
