//! The first row of a sheet: which column holds what, in which language.

use std::collections::BTreeMap;

use super::diagnostic::{Diagnostics, Problem};
use crate::{Cell, Place, Row, Sheet, column_name};

/// Columns of a sheet by what they hold.
#[derive(Debug, Default)]
pub(super) struct Columns {
    /// Column number from 0, what it holds.
    pub columns: Vec<(usize, Column)>,
}

/// What a column holds.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Column {
    /// The canonical name, such as `constraint_message`, `image`, `spotcheck::severity`.
    pub name: String,
    /// The language as written; empty for none.
    pub language: String,
}

impl Column {
    /// `label`, `label::中文 (zh)`.
    pub fn key(&self) -> String {
        if self.language.is_empty() { self.name.clone() } else { format!("{}::{}", self.name, self.language) }
    }
}

/// The columns of a sheet that may hold several languages.
pub(super) const TRANSLATED: [&str; 9] =
    ["label", "hint", "guidance_hint", "constraint_message", "required_message", "image", "big-image", "audio", "video"];

/// Known columns of the survey: what may be written, its canonical name.
pub(super) const SURVEY: [(&str, &str); 38] = [
    ("type", "type"),
    ("command", "type"),
    ("name", "name"),
    ("tag", "name"),
    ("value", "name"),
    ("label", "label"),
    ("caption", "label"),
    ("hint", "hint"),
    ("guidance_hint", "guidance_hint"),
    ("relevant", "relevant"),
    ("relevance", "relevant"),
    ("constraint", "constraint"),
    ("constraint_message", "constraint_message"),
    ("constraining_message", "constraint_message"),
    ("jr:constraintmsg", "constraint_message"),
    ("required", "required"),
    ("required_message", "required_message"),
    ("requiredmsg", "required_message"),
    ("jr:requiredmsg", "required_message"),
    ("calculation", "calculation"),
    ("calculate", "calculation"),
    ("read_only", "read_only"),
    ("readonly", "read_only"),
    ("choice_filter", "choice_filter"),
    ("repeat_count", "repeat_count"),
    ("count", "repeat_count"),
    ("jr:count", "repeat_count"),
    ("parameters", "parameters"),
    ("appearance", "appearance"),
    ("default", "default"),
    ("disabled", "disabled"),
    ("trigger", "trigger"),
    ("image", "image"),
    ("big-image", "big-image"),
    ("audio", "audio"),
    ("video", "video"),
    ("rows", "rows"),
    ("autoplay", "autoplay"),
];

/// Known columns of the choices.
pub(super) const CHOICES: [(&str, &str); 9] = [
    ("list_name", "list_name"),
    ("name", "name"),
    ("value", "name"),
    ("label", "label"),
    ("caption", "label"),
    ("image", "image"),
    ("big-image", "big-image"),
    ("audio", "audio"),
    ("video", "video"),
];

/// Known settings.
pub(super) const SETTINGS: [(&str, &str); 10] = [
    ("form_title", "form_title"),
    ("set_form_title", "form_title"),
    ("title", "form_title"),
    ("form_id", "form_id"),
    ("set_form_id", "form_id"),
    ("id_string", "form_id"),
    ("version", "version"),
    ("default_language", "default_language"),
    ("allow_choice_duplicates", "allow_choice_duplicates"),
    ("clean_text_values", "clean_text_values"),
];

impl Columns {
    /// Reads a sheet's first row. Unknown headings keep their spelling: filters may name them.
    pub fn read(sheet: &Sheet, known: &[(&str, &str)], found: &mut Diagnostics) -> Self {
        let none = Row::default();
        let row = sheet.row(1).unwrap_or(&none);
        let headings: Vec<(usize, String)> =
            row.cells.iter().enumerate().map(|(index, cell)| (index, tidy(cell))).filter(|(_, text)| !text.is_empty()).collect();
        let double = headings.iter().any(|(_, text)| text.contains("::"));
        let mut seen: BTreeMap<Column, usize> = BTreeMap::new();
        let mut columns = Vec::new();
        for (index, heading) in headings {
            let column = parse(&heading, double, known);
            if let Some(first) = seen.get(&column) {
                let other = column_name(u32::try_from(*first).unwrap_or(u32::MAX));
                found.push(sheet.place(row, index), Problem::DoubleColumn { other });
                continue;
            }
            seen.insert(column.clone(), index);
            columns.push((index, column));
        }
        Self { columns }
    }

    /// Whether there is a column of this name, in whatever language.
    pub fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|(_, column)| column.name == name)
    }

    /// Where the columns stand.
    pub fn numbers(&self) -> BTreeMap<String, u32> {
        self.columns.iter().map(|(index, column)| (column.key(), u32::try_from(*index).unwrap_or(u32::MAX))).collect()
    }

    /// The place of a heading.
    pub fn place(sheet: &Sheet, index: usize) -> Place {
        Place { sheet: sheet.name.clone(), row: 1, column: u32::try_from(index).unwrap_or(u32::MAX) }
    }
}

fn tidy(cell: &Cell) -> String {
    cell.text().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A heading's meaning. With one `::` anywhere in the row, a single colon separates nothing.
fn parse(heading: &str, double: bool, known: &[(&str, &str)]) -> Column {
    let mut parts: Vec<&str> = heading.split(if double { "::" } else { ":" }).map(str::trim).collect();
    let joined;
    if let Some(at) = parts.iter().position(|part| *part == "jr")
        && at + 1 < parts.len()
    {
        joined = format!("jr:{}", parts[at + 1]);
        parts.splice(at..at + 2, [joined.as_str()]);
    }
    let first = snake(parts[0]);
    if first == "spotcheck" && parts.len() > 1 {
        return Column { name: format!("spotcheck::{}", snake(parts[1])), language: parts[2..].join("::") };
    }
    // `media::image::zh`, `bind::relevant`, `body::appearance`
    if matches!(first.as_str(), "media" | "bind" | "control" | "body") && parts.len() > 1 {
        parts.remove(0);
    }
    let first = snake(parts[0]);
    match known.iter().find(|(word, _)| *word == first) {
        Some((_, name)) if parts.len() == 1 || TRANSLATED.contains(name) => {
            Column { name: (*name).to_owned(), language: parts[1..].join("::") }
        }
        _ => Column { name: heading.to_owned(), language: String::new() },
    }
}

/// As names are compared: small letters, `_` for spaces.
fn snake(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join("_").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(heading: &str, double: bool, name: &str, language: &str) {
        assert_eq!(parse(heading, double, &SURVEY), Column { name: name.to_owned(), language: language.to_owned() }, "{heading}");
    }

    #[test]
    fn headings_have_many_spellings() {
        check("label", false, "label", "");
        check("Label", false, "label", "");
        check("label::中文 (zh)", true, "label", "中文 (zh)");
        check("label :: English (en)", true, "label", "English (en)");
        check("label:zh", false, "label", "zh");
        check("label:zh", true, "label:zh", "");
        check("Choice Filter", false, "choice_filter", "");
        check("media::image::中文", true, "image", "中文");
        check("media:image", false, "image", "");
        check("jr:count", false, "repeat_count", "");
        check("bind::jr:constraintMsg::en", true, "constraint_message", "en");
        check("bind:jr:constraintMsg", false, "constraint_message", "");
        check("body::appearance", true, "appearance", "");
        check("instance::odk:tag", true, "instance::odk:tag", "");
        check("spotcheck::How::中文 (zh)", true, "spotcheck::how", "中文 (zh)");
        check("remarks", true, "remarks", "");
    }
}
