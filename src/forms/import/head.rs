//! What a form says of the whole checklist: its head, the laws and the ready sentences.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};
use spotcheck_sheets::{
    Place,
    xlsform::{Diagnostics, Form, Problem, Table, Texts},
};

use crate::{
    domain::{
        checklist::{AppliesTo, Basis, Checked, Checklist, NAME_CHARACTERS, Phrase},
        content::Lang,
    },
    forms::{
        basis,
        cells::{self, language},
    },
};

/// The texts in our two languages; what is not given in one is taken from another.
pub(super) fn pair(texts: &Texts) -> (String, String) {
    let in_language = |lang: Lang| texts.0.iter().find(|(name, _)| language(name) == Some(lang)).map(|(_, text)| text.clone());
    let zh = in_language(Lang::Zh);
    let en = in_language(Lang::En);
    let any = texts.any().unwrap_or_default().to_owned();
    let zh = zh.or_else(|| en.clone()).unwrap_or(any);
    (zh.clone(), en.unwrap_or(zh))
}

pub(super) fn pair_of_options(texts: &Texts) -> (Option<String>, Option<String>) {
    if texts.is_empty() {
        return (None, None);
    }
    let (zh, en) = pair(texts);
    (Some(zh), Some(en))
}

/// All of a checklist but its groups, items and laws.
pub(super) fn head(form: &Form, previous: Option<&Checklist>, found: &mut Diagnostics) -> Checklist {
    let settings = &form.settings;
    let extra = |name: &str| settings.extra.get(name).and_then(Texts::any).map(str::to_owned);
    let (note_zh, note_en) = settings.extra.get("note").map(pair_of_options).unwrap_or_default();
    let title_en = settings.extra.get("title").map(|texts| pair(texts).1);
    let says_nothing = ["subject", "equipment_code_prefix", "applies_to"].iter().all(|name| !settings.extra.contains_key(*name));
    let applies_to = match previous {
        Some(previous) if says_nothing => previous.applies_to.clone(),
        _ => AppliesTo {
            subject: extra("subject").unwrap_or_else(|| "unit".to_owned()),
            equipment_code_prefix: extra("equipment_code_prefix")
                .map(|text| cells::words(&text).map(str::to_owned).collect())
                .unwrap_or_default(),
            extra: extra("applies_to").map(|text| applies(&text, settings.places.get("applies_to"), found)).unwrap_or_default(),
        },
    };
    if !["equipment", "unit"].contains(&applies_to.subject.as_str()) {
        let problem = Problem::NotOneOf { found: applies_to.subject.clone(), allowed: &["equipment", "unit"] };
        found.push(settings.places.get("subject").cloned(), problem);
    }
    let otherwise = |old: fn(&Checklist) -> &String, new: &str| previous.map_or_else(|| new.to_owned(), |list| old(list).clone());
    Checklist {
        schema: "checklist/1".to_owned(),
        id: checklist_id(&settings.form_id),
        version: if settings.version.is_empty() { "1".to_owned() } else { settings.version.clone() },
        status: extra("status").unwrap_or_else(|| "active".to_owned()),
        title_zh: settings.title.clone(),
        title_en: title_en.unwrap_or_else(|| settings.title.clone()),
        domain: extra("domain").unwrap_or_else(|| otherwise(|list| &list.domain, "special_equipment")),
        applies_to,
        note_zh,
        note_en,
        basis: Vec::new(),
        groups: Vec::new(),
        items: Vec::new(),
    }
}

fn applies(text: &str, place: Option<&Place>, found: &mut Diagnostics) -> BTreeMap<String, serde_json::Value> {
    serde_json::from_str(text).unwrap_or_else(|error| {
        found.push(place.cloned(), Problem::BadJson { reason: error.to_string() });
        BTreeMap::new()
    })
}

/// The form's id where it can begin the ids of items, else one that always comes out the same for it.
fn checklist_id(form_id: &str) -> String {
    // `-` and up to five digits follow.
    if form_id.len() + 6 <= NAME_CHARACTERS && is_id(form_id) {
        return form_id.to_owned();
    }
    let digest: String = Sha256::digest(form_id.as_bytes()).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("form-{digest}")
}

/// Whether a list or item can have this id.
pub(super) fn is_id(text: &str) -> bool {
    (1..=NAME_CHARACTERS).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

pub(super) fn laws(table: Option<&Table>, found: &mut Diagnostics) -> Vec<Basis> {
    let Some(table) = table else { return Vec::new() };
    let mut ids = BTreeSet::new();
    let mut laws = Vec::new();
    for row in &table.rows {
        let text = |name: &str| row.cells.get(name).and_then(Texts::any).map(str::to_owned);
        let Some(id) = text("id") else { continue };
        if !ids.insert(id.clone()) {
            found.push(table.place(row, "id"), Problem::DoubleId { id });
            continue;
        }
        let (name_zh, name_en) = row.cells.get("name").map(pair).unwrap_or_default();
        let checked = match text("checked") {
            None => Checked::Knowledge,
            Some(word) => basis::CHECKED.iter().find(|(known, _)| *known == word).map_or_else(
                || {
                    let allowed = &["source", "partial", "knowledge"];
                    found.push(table.place(row, "checked"), Problem::NotOneOf { found: word.clone(), allowed });
                    Checked::Knowledge
                },
                |(_, checked)| *checked,
            ),
        };
        let number = text("number").unwrap_or_default();
        laws.push(Basis { id, name_zh, name_en, number, effective: text("effective"), checked, source: text("source") });
    }
    laws
}

/// Ready sentences by the item that they are for.
pub(super) fn phrases(table: Option<&Table>) -> BTreeMap<String, Vec<Phrase>> {
    let mut phrases: BTreeMap<String, Vec<Phrase>> = BTreeMap::new();
    for row in table.into_iter().flat_map(|table| &table.rows) {
        let Some(item) = row.cells.get("item").and_then(Texts::any) else { continue };
        let (zh, en) = row.cells.get("text").map(pair).unwrap_or_default();
        let (measure_zh, measure_en) = row.cells.get("measure").map(pair).unwrap_or_default();
        phrases.entry(item.to_owned()).or_default().push(Phrase { zh, en, measure_zh, measure_en });
    }
    phrases
}
