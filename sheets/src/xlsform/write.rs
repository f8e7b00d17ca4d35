//! A [`Form`] as a workbook.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{ChoiceList, Entry, Form, Kind, Settings, Table, Texts};
use crate::{Row, Sheet, Workbook};

/// The columns of a survey in the order in which they are written; what is not used is left out.
const SURVEY: [&str; 21] = [
    "type",
    "name",
    "label",
    "hint",
    "guidance_hint",
    "required",
    "required_message",
    "relevant",
    "constraint",
    "constraint_message",
    "calculation",
    "choice_filter",
    "repeat_count",
    "default",
    "read_only",
    "appearance",
    "parameters",
    "image",
    "big-image",
    "audio",
    "video",
];

/// Writes a form as a workbook with the sheets `survey`, `choices`, `settings` and those of its tables.
///
/// All cells are texts, so that no program takes `1.10` for a number.
#[must_use]
pub fn write(form: &Form) -> Workbook {
    let mut sheets = vec![survey(form)];
    if !form.lists.is_empty() {
        sheets.push(choices(&form.lists));
    }
    sheets.push(settings(&form.settings));
    sheets.extend(form.tables.iter().filter(|table| !table.rows.is_empty()).map(table));
    Workbook { sheets }
}

/// Rows whose columns are known only when all of them are.
#[derive(Default)]
struct Grid {
    rows: Vec<BTreeMap<String, String>>,
    /// First columns, in order.
    first: Vec<String>,
}

impl Grid {
    fn new(first: &[&str]) -> Self {
        Self { rows: Vec::new(), first: first.iter().map(|name| (*name).to_owned()).collect() }
    }

    /// Columns by the given order, languages as they come, then the rest by name.
    fn sheet(self, name: &str) -> Sheet {
        let used: BTreeSet<&String> = self.rows.iter().flat_map(BTreeMap::keys).collect();
        let mut headings: Vec<String> = Vec::new();
        for first in &self.first {
            let prefix = format!("{first}::");
            // Chinese before English: `中` comes after `E`.
            headings.extend(used.iter().rev().filter(|key| **key == first || key.starts_with(&prefix)).map(|key| (*key).clone()));
        }
        let rest: Vec<String> = used.iter().filter(|key| !headings.contains(key)).map(|key| (*key).clone()).collect();
        headings.extend(rest);
        let mut sheet = Sheet::new(name);
        sheet.push(headings.iter().map(String::as_str));
        for row in &self.rows {
            sheet.push(headings.iter().map(|heading| row.get(heading).map_or("", String::as_str)));
        }
        sheet.rows.retain(|row| row.cells.iter().any(|cell| !cell.is_blank()));
        sheet.rows.iter_mut().for_each(trim);
        sheet
    }
}

/// Rows are kept without empty cells at their end.
fn trim(row: &mut Row) {
    while row.cells.last().is_some_and(crate::Cell::is_blank) {
        row.cells.pop();
    }
}

fn put(row: &mut BTreeMap<String, String>, column: &str, value: &str) {
    if !value.is_empty() {
        row.insert(column.to_owned(), value.to_owned());
    }
}

fn put_texts(row: &mut BTreeMap<String, String>, column: &str, texts: &Texts) {
    for (language, text) in &texts.0 {
        if language.is_empty() {
            put(row, column, text);
        } else {
            put(row, &format!("{column}::{language}"), text);
        }
    }
}

fn survey(form: &Form) -> Sheet {
    let mut grid = Grid::new(&SURVEY);
    let mut open: Vec<usize> = Vec::new();
    for (index, entry) in form.entries.iter().enumerate() {
        close(form, &mut open, entry.parent, &mut grid);
        grid.rows.push(entry_row(entry));
        if entry.kind == Kind::Group || entry.kind == Kind::Repeat {
            open.push(index);
        }
    }
    close(form, &mut open, None, &mut grid);
    grid.sheet("survey")
}

/// Ends the groups that the next row does not stand in.
fn close(form: &Form, open: &mut Vec<usize>, parent: Option<usize>, grid: &mut Grid) {
    while open.last().copied() != parent
        && let Some(last) = open.pop()
    {
        let is_repeat = form.entries.get(last).is_some_and(|entry| entry.kind == Kind::Repeat);
        let word = if is_repeat { "end_repeat" } else { "end_group" };
        grid.rows.push(BTreeMap::from([("type".to_owned(), word.to_owned())]));
    }
}

fn entry_row(entry: &Entry) -> BTreeMap<String, String> {
    let mut row = BTreeMap::new();
    let kind = match &entry.kind {
        Kind::Group => "begin_group".to_owned(),
        Kind::Repeat => "begin_repeat".to_owned(),
        Kind::Question(kind) => kind.text(),
    };
    put(&mut row, "type", &kind);
    put(&mut row, "name", &entry.name);
    let texts = [
        ("label", &entry.label),
        ("hint", &entry.hint),
        ("guidance_hint", &entry.guidance),
        ("constraint_message", &entry.constraint_message),
        ("required_message", &entry.required_message),
    ];
    for (column, texts) in texts {
        put_texts(&mut row, column, texts);
    }
    let single = [
        ("relevant", &entry.relevant),
        ("constraint", &entry.constraint),
        ("required", &entry.required),
        ("calculation", &entry.calculation),
        ("read_only", &entry.read_only),
        ("choice_filter", &entry.choice_filter),
        ("repeat_count", &entry.repeat_count),
        ("default", &entry.default),
        ("appearance", &entry.appearance),
    ];
    for (column, value) in single {
        put(&mut row, column, value.as_deref().unwrap_or_default());
    }
    for (kind, texts) in &entry.media {
        put_texts(&mut row, kind, texts);
    }
    let pairs: Vec<String> = entry.parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
    put(&mut row, "parameters", &pairs.join(" "));
    for (name, texts) in &entry.extra {
        put_texts(&mut row, &format!("spotcheck::{name}"), texts);
    }
    row
}

fn choices(lists: &[ChoiceList]) -> Sheet {
    let mut grid = Grid::new(&["list_name", "name", "label"]);
    for list in lists {
        for choice in &list.choices {
            let mut row: BTreeMap<String, String> = choice.columns.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
            put(&mut row, "list_name", &list.name);
            put(&mut row, "name", &choice.value);
            put_texts(&mut row, "label", &choice.label);
            grid.rows.push(row);
        }
    }
    grid.sheet("choices")
}

fn settings(settings: &Settings) -> Sheet {
    let mut grid = Grid::new(&["form_title", "form_id", "version", "default_language"]);
    let mut row = BTreeMap::new();
    put(&mut row, "form_title", &settings.title);
    put(&mut row, "form_id", &settings.form_id);
    put(&mut row, "version", &settings.version);
    put(&mut row, "default_language", &settings.default_language);
    for (name, texts) in &settings.extra {
        put_texts(&mut row, &format!("spotcheck::{name}"), texts);
    }
    grid.rows.push(row);
    grid.sheet("settings")
}

fn table(table: &Table) -> Sheet {
    let mut columns: Vec<(&String, &u32)> = table.columns.iter().collect();
    columns.sort_by_key(|(_, number)| **number);
    let first: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    let mut grid = Grid::new(&first);
    for row in &table.rows {
        let mut cells = BTreeMap::new();
        for (name, texts) in &row.cells {
            put_texts(&mut cells, name, texts);
        }
        grid.rows.push(cells);
    }
    grid.sheet(&table.name)
}
