//! The sheet `survey`, row by row.

use std::collections::{BTreeMap, BTreeSet};

use spotcheck_expr::MAX_COUNTED;

use super::{
    diagnostic::{Diagnostics, Problem},
    header::{self, Columns},
    kind::{self, Meaning, Type},
    model::{Choice, Entry, Form, Kind, Texts},
    parameters,
    read::{MAX_QUESTIONS, Options, add_text, names_asked_for, note_languages, value_of},
    text::{self, nearest},
};
use crate::{Place, Row, Sheet};

/// Groups within groups.
pub const MAX_DEPTH: usize = 32;

/// Names of rows that were left out, and their types.
pub(super) type LeftOut = BTreeMap<String, String>;

/// Reads the rows into the form.
pub(super) fn read(sheet: &Sheet, options: &Options, form: &mut Form, found: &mut Diagnostics) -> LeftOut {
    let columns = Columns::read(sheet, &header::SURVEY, found);
    note_languages(&columns, options, form);
    form.columns = columns.numbers();
    note_columns(sheet, &columns, found);
    if !columns.has("type") {
        found.push(Columns::place(sheet, 0), Problem::NoColumn { column: "type" });
        return LeftOut::new();
    }
    let rows: Vec<&Row> = sheet.rows.iter().filter(|row| row.number > 1).collect();
    if rows.len() > MAX_QUESTIONS {
        found.push(sheet.place(rows[MAX_QUESTIONS], 0), Problem::TooMany { found: rows.len(), limit: MAX_QUESTIONS });
        return LeftOut::new();
    }
    let lists = form.lists.iter().enumerate().map(|(index, list)| (list.name.clone(), index)).collect();
    let asked = names_asked_for(sheet);
    let mut survey = Survey {
        sheet,
        options,
        form,
        found,
        lists,
        asked,
        left_out: LeftOut::new(),
        repeats: BTreeMap::new(),
        open: vec![Level::default()],
    };
    for row in rows {
        if !survey.row(row, &columns) {
            return survey.left_out;
        }
    }
    survey.end();
    survey.left_out
}

fn note_columns(sheet: &Sheet, columns: &Columns, found: &mut Diagnostics) {
    for (index, column) in &columns.columns {
        if column.name.starts_with("spotcheck::") || matches!(column.name.as_str(), "rows" | "autoplay") {
            continue;
        }
        let place = Columns::place(sheet, *index);
        let written = column.name.clone();
        if column.name == "trigger" || ["bind", "body", "control", "instance", "save_to"].iter().any(|word| written.starts_with(word)) {
            found.push(place, Problem::UnsupportedColumn { column: written });
        } else if !header::SURVEY.iter().any(|(_, name)| *name == column.name) {
            let problem = match nearest(&written, header::SURVEY.iter().map(|(word, _)| *word)) {
                Some(nearest) => Problem::MisspeltColumn { column: written, nearest },
                None => Problem::UnknownColumn { column: written },
            };
            found.push(place, problem);
        }
    }
}

/// What is open at a row: the survey itself, groups, repeats.
#[derive(Default)]
struct Level {
    index: Option<usize>,
    repeat: bool,
    row: u32,
    name: String,
    names: BTreeMap<String, u32>,
    small: BTreeSet<String>,
}

struct Survey<'a> {
    sheet: &'a Sheet,
    options: &'a Options,
    form: &'a mut Form,
    found: &'a mut Diagnostics,
    lists: BTreeMap<String, usize>,
    asked: BTreeSet<String>,
    left_out: LeftOut,
    repeats: BTreeMap<String, u32>,
    /// Never empty.
    open: Vec<Level>,
}

/// The cells of a row.
#[derive(Default)]
struct Cells {
    entry: Entry,
    kind: String,
    parameters: String,
    trigger: String,
    disabled: bool,
    any: bool,
}

impl Survey<'_> {
    /// Reads a row; `false` when the rest can't be read.
    fn row(&mut self, row: &Row, columns: &Columns) -> bool {
        let mut cells = self.cells(row, columns);
        if cells.disabled {
            self.note(&cells.entry, "disabled", Problem::DisabledRow);
            return true;
        }
        if !cells.any {
            return true;
        }
        if cells.kind.is_empty() {
            let is_comment = cells.entry.name.is_empty() && cells.entry.label.is_empty();
            self.note(&cells.entry, "type", if is_comment { Problem::CommentRow } else { Problem::NoType });
            return true;
        }
        if !cells.trigger.is_empty() && text::references(&cells.trigger).map_or(true, |names| names.is_empty()) {
            self.note(&cells.entry, "trigger", Problem::BadReference { at: 0 });
        }
        match parameters::parse(&cells.parameters) {
            Ok(pairs) => cells.entry.parameters = pairs,
            Err(problem) => self.note(&cells.entry, "parameters", problem),
        }
        match kind::meaning(&cells.kind) {
            Meaning::End { repeat } => {
                self.close(&cells.entry, repeat);
                true
            }
            Meaning::Setting(name) => {
                let value = cells.entry.name;
                if name == "form_id" {
                    self.form.settings.form_id = value
                } else {
                    self.form.settings.title = value
                }
                true
            }
            Meaning::Unknown => {
                let shown: String = cells.kind.chars().take(100).collect();
                let nearest = nearest(shown.split(' ').next().unwrap_or_default(), kind::WORDS.into_iter());
                self.note(&cells.entry, "type", Problem::UnknownType { found: shown, nearest });
                // Its name may be referred to all the same: one error is enough.
                self.left_out.insert(cells.entry.name, cells.kind);
                true
            }
            meaning => {
                self.named(cells, meaning);
                if self.open.len() > MAX_DEPTH + 1 {
                    self.found.push(self.sheet.place(row, 0), Problem::TooDeep { limit: MAX_DEPTH });
                    return false;
                }
                true
            }
        }
    }

    fn cells(&mut self, row: &Row, columns: &Columns) -> Cells {
        let mut cells = Cells::default();
        cells.entry.row = row.number;
        for (index, column) in &columns.columns {
            let place = self.sheet.place(row, *index);
            let cell = row.cell(*index);
            if cell.is_blank() {
                continue;
            }
            cells.any = cells.any || column.name != "disabled";
            let known = column.name.starts_with("spotcheck::") || header::SURVEY.iter().any(|(_, name)| *name == column.name);
            if !known {
                continue;
            }
            if let Some(value) = value_of(cell, &place, self.found) {
                cells.put(&column.name, &column.language, value, self.options);
            }
        }
        cells
    }

    /// A row that has a name: a group, a repeat or a question.
    fn named(&mut self, mut cells: Cells, meaning: Meaning) {
        let entry = &mut cells.entry;
        if cells.kind == "audit" {
            if !matches!(entry.name.as_str(), "" | "audit") {
                let name = entry.name.clone();
                self.note(&cells.entry, "name", Problem::BadName { found: name });
            }
            return;
        }
        if entry.name.is_empty() && cells.kind == "note" {
            entry.name = format!("generated_note_name_{}", entry.row);
        }
        if !self.take_name(&cells.entry, meaning == (Meaning::Begin { repeat: true })) {
            if let Meaning::Begin { repeat } = meaning {
                // What stands in it is read all the same, and its end finds its beginning.
                let index = self.open.last().and_then(|level| level.index);
                self.open.push(Level { index, repeat, row: cells.entry.row, name: cells.entry.name, ..Level::default() });
            }
            return;
        }
        let mut entry = cells.entry;
        entry.parent = self.open.last().and_then(|level| level.index);
        match meaning {
            Meaning::Begin { repeat } => self.begin(entry, repeat),
            Meaning::Meta { computed } => self.meta(entry, cells.kind, computed),
            Meaning::Unsupported => {
                self.note(&entry, "type", Problem::UnsupportedType { found: cells.kind.clone() });
                self.left_out.insert(entry.name, cells.kind);
            }
            Meaning::Question(Type::Range { .. }) => {
                let kind = parameters::range(&entry.parameters).unwrap_or_else(|problem| {
                    self.note(&entry, "parameters", problem);
                    Type::Range { start: 1.0, end: 10.0, step: 1.0 }
                });
                self.question(entry, kind);
            }
            Meaning::Question(kind) => self.question(entry, kind),
            Meaning::Select { multiple, rank, list, or_other } => self.select(entry, multiple, rank, list, or_other),
            Meaning::End { .. } | Meaning::Setting(_) | Meaning::Unknown => {}
        }
    }

    /// Whether the row's name can be used in its group.
    fn take_name(&mut self, entry: &Entry, repeat: bool) -> bool {
        let name = entry.name.clone();
        let problem = if name.is_empty() {
            Some(Problem::NoName)
        } else if !spotcheck_expr::is_name(&name) {
            Some(Problem::BadName { found: name.chars().take(100).collect() })
        } else if name == "meta" {
            Some(Problem::ReservedName)
        } else {
            None
        };
        if let Some(problem) = problem {
            self.note(entry, "name", problem);
            return false;
        }
        let Some(level) = self.open.last_mut() else { return false };
        let first = level.names.get(&name).copied().or_else(|| self.repeats.get(&name).copied().filter(|_| repeat));
        if let Some(first) = first {
            self.note(entry, "name", Problem::DoubleName { name, first });
            return false;
        }
        let is_similar = !level.small.insert(name.to_lowercase());
        level.names.insert(name.clone(), entry.row);
        if repeat {
            self.repeats.insert(name.clone(), entry.row);
        }
        if is_similar {
            self.note(entry, "name", Problem::SimilarName { name });
        }
        true
    }

    fn begin(&mut self, mut entry: Entry, repeat: bool) {
        if repeat && entry.label.is_empty() && entry.media.is_empty() {
            let name = entry.name.clone();
            self.note(&entry, "label", Problem::NoRepeatLabel { name });
        }
        if let Some(count) = entry.repeat_count.as_ref().filter(|_| repeat)
            && count.trim().parse::<f64>().is_ok_and(|count| count > MAX_COUNTED as f64)
        {
            self.note(&entry, "repeat_count", Problem::CountBeyond { found: count.trim().to_owned(), limit: MAX_COUNTED });
        }
        entry.kind = if repeat { Kind::Repeat } else { Kind::Group };
        let level = Level { index: Some(self.form.entries.len()), repeat, row: entry.row, name: entry.name.clone(), ..Level::default() };
        self.open.push(level);
        self.form.entries.push(entry);
    }

    fn close(&mut self, entry: &Entry, repeat: bool) {
        let open = self.open.last().filter(|_| self.open.len() > 1);
        if open.is_some_and(|level| level.repeat == repeat) {
            self.open.pop();
        } else {
            let open = open.map(|level| (level.name.clone(), level.row));
            self.note(entry, "type", Problem::EndMismatch { open });
        }
    }

    fn end(&mut self) {
        for level in self.open.split_off(1) {
            let entry = Entry { row: level.row, ..Entry::default() };
            self.note(&entry, "type", Problem::NotEnded { name: level.name });
        }
        if self.form.entries.iter().all(|entry| entry.kind == Kind::Group || entry.kind == Kind::Repeat) {
            self.found.push(None, Problem::NoQuestion);
        }
    }

    fn meta(&mut self, mut entry: Entry, kind: String, computed: Option<&str>) {
        match computed {
            Some(expression) if self.asked.contains(&entry.name) => {
                entry.calculation = Some(expression.to_owned());
                entry.kind = Kind::Question(Type::Calculate);
                self.form.entries.push(entry);
            }
            _ => {
                self.note(&entry, "type", Problem::MetaLeftOut { found: kind.clone() });
                self.left_out.insert(entry.name, kind);
            }
        }
    }

    fn select(&mut self, entry: Entry, multiple: bool, rank: bool, list: String, or_other: bool) {
        match self.lists.get(&list) {
            None => {
                // Not among thousands for thousands of questions.
                let nearest = nearest(&list, self.lists.keys().take(100).map(String::as_str));
                self.note(&entry, "type", Problem::NoList { list: list.clone(), nearest });
            }
            Some(index) if multiple && !rank => {
                let spaced = self.form.lists[*index].choices.iter().find(|choice| choice.value.contains(' '));
                if let Some(value) = spaced.map(|choice| choice.value.clone()) {
                    self.note(&entry, "type", Problem::SpaceInChoice { list: list.clone(), value });
                }
            }
            Some(_) => {}
        }
        if rank {
            self.note(&entry, "type", Problem::RankAsMultiple);
        }
        if or_other {
            if entry.choice_filter.is_some() {
                self.note(&entry, "choice_filter", Problem::OtherWithFilter);
            }
            self.add_other(&list);
        }
        let other = or_other.then(|| Entry {
            name: format!("{}_other", entry.name),
            parent: entry.parent,
            label: self.in_every_language("请说明", "Please specify"),
            relevant: Some(format!("selected(${{{}}}, 'other')", entry.name)),
            ..Entry::default()
        });
        let kind = if rank {
            Type::Rank(list)
        } else if multiple {
            Type::SelectMultiple(list)
        } else {
            Type::SelectOne(list)
        };
        self.question(entry, kind);
        if let Some(other) = other {
            self.form.entries.push(other);
        }
    }

    /// `or_other` adds a choice to the list itself.
    fn add_other(&mut self, list: &str) {
        let label = self.in_every_language("其他", "Other");
        if let Some(list) = self.lists.get(list).and_then(|index| self.form.lists.get_mut(*index))
            && !list.choices.iter().any(|choice| choice.value == "other")
        {
            list.choices.push(Choice { value: "other".to_owned(), label, ..Choice::default() });
        }
    }

    /// A text of ours: English where a language calls itself so, else Chinese.
    fn in_every_language(&self, zh: &str, en: &str) -> Texts {
        let is_english = |language: &str| language.to_lowercase().contains("en");
        let text = |language: &str| if is_english(language) { en.to_owned() } else { zh.to_owned() };
        Texts(self.form.languages.iter().map(|language| (language.clone(), text(language))).collect())
    }

    fn question(&mut self, mut entry: Entry, kind: Type) {
        let name = entry.name.clone();
        if let Some(problem) = parameters::check(&kind, &entry.parameters) {
            self.note(&entry, "parameters", problem);
        }
        let is_dynamic = entry.default.as_deref().is_some_and(text::is_dynamic);
        if kind == Type::Calculate && entry.calculation.is_none() && !is_dynamic {
            self.note(&entry, "calculation", Problem::NoCalculation { name: name.clone() });
        }
        let is_silent = entry.label.is_empty() && entry.hint.is_empty();
        if is_silent && entry.calculation.is_some() {
            // Nothing would be shown of it: a computed value, whatever its type.
            entry.kind = Kind::Question(Type::Calculate);
        } else {
            if is_silent && entry.media.is_empty() && kind.is_shown() {
                self.note(&entry, "label", Problem::NoLabel { name: name.clone() });
            }
            if entry.media.contains_key("big-image") && !entry.media.contains_key("image") {
                self.note(&entry, "big-image", Problem::BigImageAlone { name });
            }
            entry.kind = Kind::Question(kind);
        }
        self.form.entries.push(entry);
    }

    fn note(&mut self, entry: &Entry, column: &str, problem: Problem) {
        let place: Place = self.form.place(entry, column);
        self.found.push(place, problem);
    }
}

impl Cells {
    fn put(&mut self, column: &str, language: &str, value: String, options: &Options) {
        if let Some(name) = column.strip_prefix("spotcheck::") {
            self.entry.extra.entry(name.to_owned()).or_default().0.insert(language.to_owned(), value);
            return;
        }
        let value = if options.clean { text::single_spaced(&value) } else { value };
        let entry = &mut self.entry;
        let words = |texts: &mut Texts| add_text(texts, language, &options.language, value.clone());
        match column {
            "label" => return words(&mut entry.label),
            "hint" => return words(&mut entry.hint),
            "guidance_hint" => return words(&mut entry.guidance),
            "constraint_message" => return words(&mut entry.constraint_message),
            "required_message" => return words(&mut entry.required_message),
            "image" | "big-image" | "audio" | "video" => return words(entry.media.entry(column.to_owned()).or_default()),
            _ => {}
        }
        let value = text::straight(&value);
        let logic = || Some(text::yes_no(&value).map_or_else(|| value.clone(), |yes| if yes { "true()" } else { "false()" }.to_owned()));
        match column {
            // Ideographic spaces too.
            "type" => self.kind = value.split_whitespace().collect::<Vec<_>>().join(" "),
            "name" => entry.name = value,
            "relevant" => entry.relevant = logic(),
            "constraint" => entry.constraint = logic(),
            "required" => entry.required = logic(),
            "calculation" => entry.calculation = logic(),
            "read_only" => entry.read_only = logic(),
            "choice_filter" => entry.choice_filter = Some(value),
            "repeat_count" => entry.repeat_count = Some(value),
            "default" => entry.default = Some(value),
            "appearance" => entry.appearance = Some(value),
            "parameters" => self.parameters = value,
            "trigger" => self.trigger = value,
            "disabled" => self.disabled = text::yes_no(&value) == Some(true),
            _ => {}
        }
    }
}
