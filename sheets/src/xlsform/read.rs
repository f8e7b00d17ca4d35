//! A workbook as a [`Form`].

use std::collections::{BTreeMap, BTreeSet};

use super::{
    check,
    diagnostic::{Diagnostics, Problem},
    header::{self, Columns, TRANSLATED},
    model::{Choice, ChoiceList, Form, Settings, Table, TableRow, Texts},
    survey,
    text::{self, nearest},
};
use crate::{Cell, Place, Sheet, Workbook};

/// The most rows of a survey.
pub const MAX_QUESTIONS: usize = 10_000;
/// The most choices of a form.
pub const MAX_CHOICES: usize = 20_000;
/// The most rows of another sheet.
pub const MAX_TABLE_ROWS: usize = 10_000;

/// What [`read`] finds.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Reading {
    /// The form, as far as it could be read; not to be used when there are errors.
    pub form: Form,
    /// What is wrong or odd.
    pub diagnostics: Diagnostics,
}

/// Reads a form from a workbook. `file_stem` names it where the settings don't.
///
/// Never fails: what is wrong stands in [`Reading::diagnostics`].
#[must_use]
pub fn read(book: &Workbook, file_stem: &str) -> Reading {
    let mut found = Diagnostics::default();
    let Some(sheet) = survey_sheet(book) else {
        let names = book.sheets.iter().map(|sheet| sheet.name.as_str());
        found.push(None, Problem::NoSurvey { nearest: nearest("survey", names) });
        return Reading { form: Form::default(), diagnostics: found };
    };
    let (settings, options) = read_settings(sheet_named(book, "settings"), file_stem, &mut found);
    let mut form = Form { settings, sheet: sheet.name.clone(), ..Form::default() };
    if let Some(choices) = sheet_named(book, "choices") {
        read_choices(choices, &options, &mut form, &mut found);
    }
    for name in ["external_choices", "entities", "osm"] {
        if let Some(sheet) = sheet_named(book, name) {
            found.push(None, Problem::UnsupportedSheet { sheet: sheet.name.clone() });
        }
    }
    let left_out = survey::read(sheet, &options, &mut form, &mut found);
    for name in ["basis", "phrases"] {
        if let Some(sheet) = sheet_named(book, name) {
            let table = read_table(name, sheet, &mut found);
            form.tables.push(table);
        }
    }
    check::check(&form, &left_out, &mut found);
    Reading { form, diagnostics: found }
}

/// How cells are read, from the settings.
#[derive(Debug)]
pub(super) struct Options {
    /// Runs of spaces in the survey become one.
    pub clean: bool,
    /// A value may stand twice in a list.
    pub doubles: bool,
    /// The language of columns that name none.
    pub language: String,
}

/// Sheet names are compared without regard to capitals; a lone sheet is the survey, whatever it is called.
fn survey_sheet(book: &Workbook) -> Option<&Sheet> {
    sheet_named(book, "survey").or(match book.sheets.as_slice() {
        [only] => Some(only),
        _ => None,
    })
}

fn sheet_named<'a>(book: &'a Workbook, name: &str) -> Option<&'a Sheet> {
    book.sheets.iter().find(|sheet| sheet.name.to_lowercase() == name)
}

fn read_settings(sheet: Option<&Sheet>, file_stem: &str, found: &mut Diagnostics) -> (Settings, Options) {
    let mut settings = Settings::default();
    let mut options = Options { clean: true, doubles: false, language: String::new() };
    let columns = sheet.map(|sheet| Columns::read(sheet, &header::SETTINGS, found)).unwrap_or_default();
    if let Some(sheet) = sheet
        && let Some(row) = sheet.rows.iter().find(|row| row.number > 1)
    {
        for (index, column) in &columns.columns {
            let place = sheet.place(row, *index);
            let Some(value) = value_of(row.cell(*index), &place, found) else { continue };
            match column.name.as_str() {
                "form_title" => settings.title = value,
                "form_id" => settings.form_id = value,
                "version" => settings.version = value,
                "default_language" => settings.default_language = value,
                "allow_choice_duplicates" => options.doubles = text::yes_no(&value) == Some(true),
                "clean_text_values" => options.clean = text::yes_no(&value) != Some(false),
                name => match name.strip_prefix("spotcheck::") {
                    Some(name) => {
                        settings.places.insert(name.to_owned(), place);
                        settings.extra.entry(name.to_owned()).or_default().0.insert(column.language.clone(), value);
                    }
                    None => found.push(Columns::place(sheet, *index), Problem::UnusedSetting { setting: name.to_owned() }),
                },
            }
        }
    }
    if settings.form_id.is_empty() {
        settings.form_id = if file_stem.is_empty() { "data".to_owned() } else { file_stem.to_owned() };
    }
    if settings.title.is_empty() {
        settings.title.clone_from(&settings.form_id);
    }
    options.language.clone_from(&settings.default_language);
    (settings, options)
}

fn read_choices(sheet: &Sheet, options: &Options, form: &mut Form, found: &mut Diagnostics) {
    let columns = Columns::read(sheet, &header::CHOICES, found);
    note_languages(&columns, options, form);
    let rows: Vec<_> = sheet.rows.iter().filter(|row| row.number > 1).collect();
    if rows.is_empty() {
        return;
    }
    if rows.len() > MAX_CHOICES {
        found.push(sheet.place(rows[MAX_CHOICES], 0), Problem::TooMany { found: rows.len(), limit: MAX_CHOICES });
        return;
    }
    for name in ["name", "list_name"] {
        if !columns.has(name) {
            let problem = Problem::NoColumn { column: if name == "name" { "name" } else { "list_name" } };
            found.push(Columns::place(sheet, 0), problem);
        }
    }
    let mut kept = Vec::new();
    for (index, column) in &columns.columns {
        let known = header::CHOICES.iter().any(|(_, name)| *name == column.name);
        let is_media = matches!(column.name.as_str(), "image" | "big-image" | "audio" | "video");
        if is_media || (!known && !spotcheck_expr::is_name(&column.name)) {
            found.push(Columns::place(sheet, *index), Problem::UnsupportedColumn { column: column.name.clone() });
        } else {
            kept.push((*index, column));
        }
    }
    let mut lists: BTreeMap<String, (usize, BTreeMap<String, u32>)> = BTreeMap::new();
    for row in rows {
        let mut choice = Choice { row: row.number, ..Choice::default() };
        let mut list = String::new();
        for (index, column) in &kept {
            let place = sheet.place(row, *index);
            let Some(value) = value_of(row.cell(*index), &place, found) else { continue };
            match column.name.as_str() {
                "list_name" => list = text::straight(&value),
                "name" => choice.value = text::straight(&value),
                "label" => add_text(&mut choice.label, &column.language, &options.language, value),
                name => {
                    choice.columns.insert(name.to_owned(), text::straight(&value));
                }
            }
        }
        let place = sheet.place(row, 0);
        if list.is_empty() {
            found.push(place, Problem::NoListName);
            continue;
        }
        let number = form.lists.len();
        let (index, values) = lists.entry(list.clone()).or_insert_with(|| (number, BTreeMap::new()));
        if *index == number {
            form.lists.push(ChoiceList { name: list.clone(), choices: Vec::new() });
        }
        if choice.value.is_empty() {
            found.push(place, Problem::NoChoiceName);
            continue;
        }
        if choice.label.is_empty() {
            found.push(place.clone(), Problem::NoChoiceLabel { value: choice.value.clone() });
        }
        if let Some(first) = values.insert(choice.value.clone(), row.number)
            && !options.doubles
        {
            found.push(place, Problem::DoubleChoice { list, value: choice.value.clone(), first });
        }
        form.lists[*index].choices.push(choice);
    }
}

fn read_table(name: &str, sheet: &Sheet, found: &mut Diagnostics) -> Table {
    let columns = Columns::read(sheet, &[], found);
    let mut table = Table { name: name.to_owned(), rows: Vec::new(), columns: BTreeMap::new() };
    let rows: Vec<_> = sheet.rows.iter().filter(|row| row.number > 1).collect();
    if rows.len() > MAX_TABLE_ROWS {
        found.push(sheet.place(rows[MAX_TABLE_ROWS], 0), Problem::TooMany { found: rows.len(), limit: MAX_TABLE_ROWS });
        return table;
    }
    for row in rows {
        let mut cells: BTreeMap<String, Texts> = BTreeMap::new();
        for (index, column) in &columns.columns {
            // Nothing is known of these columns: the heading itself says the language.
            let (name, language) = column.name.split_once("::").map_or((column.name.as_str(), ""), |(a, b)| (a.trim(), b.trim()));
            table.columns.entry(name.to_owned()).or_insert_with(|| u32::try_from(*index).unwrap_or(u32::MAX));
            let Some(value) = value_of(row.cell(*index), &sheet.place(row, *index), found) else { continue };
            cells.entry(name.to_owned()).or_default().0.insert(language.to_owned(), value);
        }
        table.rows.push(TableRow { row: row.number, cells });
    }
    table
}

/// The languages of a sheet's columns, in their order.
pub(super) fn note_languages(columns: &Columns, options: &Options, form: &mut Form) {
    for (_, column) in &columns.columns {
        if TRANSLATED.contains(&column.name.as_str()) {
            let language = if column.language.is_empty() { &options.language } else { &column.language };
            if !form.languages.contains(language) {
                form.languages.push(language.clone());
            }
        }
    }
}

/// A column without language speaks the default language; one that names it is stronger.
pub(super) fn add_text(texts: &mut Texts, language: &str, default: &str, value: String) {
    if language.is_empty() {
        texts.0.entry(default.to_owned()).or_insert(value);
    } else {
        texts.0.insert(language.to_owned(), value);
    }
}

/// The text of a cell, without spaces around it; `None` when there is none.
pub(super) fn value_of(cell: &Cell, place: &Place, found: &mut Diagnostics) -> Option<String> {
    match cell {
        Cell::Error(shown) => found.push(place.clone(), Problem::NoValueInCell { found: shown.clone() }),
        Cell::Uncomputed(formula) => found.push(place.clone(), Problem::NoValueInCell { found: format!("={formula}") }),
        _ => {
            let value = cell.text().replace('\u{a0}', " ");
            let value = value.trim();
            let length = value.chars().count();
            if length > text::MAX_TEXT {
                found.push(place.clone(), Problem::TooLong { found: length, limit: text::MAX_TEXT });
            } else if !value.is_empty() {
                return Some(value.to_owned());
            }
        }
    }
    None
}

/// The names in `${…}` anywhere in a sheet: metadata is only kept where somebody asks for it.
pub(super) fn names_asked_for(sheet: &Sheet) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for cell in sheet.rows.iter().flat_map(|row| &row.cells) {
        if let Cell::Text(text) = cell
            && text.len() <= text::MAX_TEXT * 4
            && let Ok(found) = text::references(text)
        {
            names.extend(found.into_iter().map(|(name, _)| name.to_owned()));
        }
    }
    names
}
