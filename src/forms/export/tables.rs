//! What a checklist says as a whole: the sheets `settings`, `basis` and `phrases`.

use std::collections::BTreeMap;

use spotcheck_sheets::xlsform::{Settings, Table, TableRow, Texts};

use super::{both, put};
use crate::{
    domain::checklist::{Basis, Checklist},
    forms::{
        basis,
        cells::{EN, ZH},
    },
};

/// The sheet `settings`.
pub(super) fn settings(checklist: &Checklist) -> Settings {
    let mut extra = BTreeMap::new();
    let applies = &checklist.applies_to;
    let more = if applies.extra.is_empty() { String::new() } else { serde_json::to_string(&applies.extra).unwrap_or_default() };
    let columns = [
        ("title", Texts::of(EN, &checklist.title_en)),
        ("note", both(checklist.note_zh.as_deref().unwrap_or_default(), checklist.note_en.as_deref().unwrap_or_default())),
        ("status", Texts::plain(&checklist.status)),
        ("domain", Texts::plain(&checklist.domain)),
        ("subject", Texts::plain(&applies.subject)),
        ("equipment_code_prefix", Texts::plain(applies.equipment_code_prefix.join(" "))),
        ("applies_to", Texts::plain(more)),
    ];
    for (name, texts) in columns {
        put(&mut extra, name, texts);
    }
    Settings {
        title: checklist.title_zh.clone(),
        form_id: checklist.id.clone(),
        version: checklist.version.clone(),
        default_language: ZH.to_owned(),
        extra,
        ..Settings::default()
    }
}

/// The sheet `basis`.
pub(super) fn laws(checklist: &Checklist) -> Table {
    let columns = ["id", "name", "number", "effective", "checked", "source"];
    let row = |law: &Basis| {
        let checked = basis::CHECKED.iter().find(|(_, checked)| *checked == law.checked).map_or("knowledge", |(word, _)| word);
        cells_of(&[
            ("id", Texts::plain(&law.id)),
            ("name", both(&law.name_zh, &law.name_en)),
            ("number", Texts::plain(&law.number)),
            ("effective", Texts::plain(law.effective.clone().unwrap_or_default())),
            ("checked", Texts::plain(checked)),
            ("source", Texts::plain(law.source.clone().unwrap_or_default())),
        ])
    };
    table("basis", &columns, checklist.basis.iter().map(row))
}

/// The sheet `phrases`.
pub(super) fn phrases(checklist: &Checklist, names: &[String]) -> Table {
    let rows = checklist.items.iter().zip(names).flat_map(|(item, name)| {
        item.phrases.iter().map(move |phrase| {
            cells_of(&[
                ("item", Texts::plain(name)),
                ("text", both(&phrase.zh, &phrase.en)),
                ("measure", both(&phrase.measure_zh, &phrase.measure_en)),
            ])
        })
    });
    table("phrases", &["item", "text", "measure"], rows)
}

fn cells_of(cells: &[(&str, Texts)]) -> BTreeMap<String, Texts> {
    cells.iter().filter(|(_, texts)| !texts.is_empty()).map(|(name, texts)| ((*name).to_owned(), texts.clone())).collect()
}

fn table(name: &str, columns: &[&str], rows: impl Iterator<Item = BTreeMap<String, Texts>>) -> Table {
    Table {
        name: name.to_owned(),
        rows: rows.map(|cells| TableRow { row: 0, cells }).collect(),
        columns: (0..).zip(columns).map(|(number, name)| ((*name).to_owned(), number)).collect(),
    }
}
