//! Office Open XML workbooks. Cells are met one by one: what a sheet says of its size is not looked at.

use std::collections::HashMap;

use super::error::{Fault, Foreign, ReadError};
use super::grid::Grid;
use super::limits::{self, Limit};
use super::notes::Note;
use super::xml::{Element, Token, Xml};
use crate::dates::{self, Format};
use crate::workbook::Cell;
use crate::zip::Archive;

const LAST_ROW: u32 = 1_048_575;
const LAST_COLUMN: u32 = 16_383;
/// Longer texts are refused where they are used; no more of them is kept.
const TEXT_KEPT: usize = 4 * limits::CELL_CHARS as usize + 4;

/// Reads all worksheets.
pub(crate) fn read(archive: &Archive<'_>, grid: &mut Grid) -> Result<(), ReadError> {
    let office = relations(archive, "", "_rels/.rels")?;
    let path = office.values().find(|relation| relation.is("officeDocument")).map(|relation| relation.target.clone());
    let path = path.ok_or_else(|| ReadError::damaged("_rels/.rels", Fault::MissingPart))?;
    if path.to_lowercase().ends_with(".bin") {
        return Err(ReadError::Unsupported { format: Foreign::Xlsb });
    }
    let (folder, file) = path.rsplit_once('/').map_or(("", path.as_str()), |(folder, file)| (folder, file));
    let outline = outline(Xml::new(archive.part(&path)?))?;
    let relations = relations(archive, folder, &format!("{folder}/_rels/{file}.rels"))?;
    let part =
        |kind: &str| relations.values().find(|relation| relation.is(kind)).map(|relation| archive.part(&relation.target)).transpose();
    let book = Book {
        from_1904: outline.from_1904,
        formats: part("styles")?.map_or(Ok(Vec::new()), |part| formats(Xml::new(part)))?,
        texts: part("sharedStrings")?.map_or(Ok(Vec::new()), |part| shared_texts(Xml::new(part)))?,
    };
    if archive.has(&format!("{folder}/vbaProject.bin")) {
        grid.notes.add(Note::Macros);
    }
    if archive.has_under(&format!("{folder}/externalLinks/")) {
        grid.notes.add(Note::ExternalLinks);
    }
    for sheet in outline.sheets {
        let relation = relations.get(&sheet.relation).ok_or_else(|| ReadError::damaged(&path, Fault::MissingPart))?;
        if relation.is("worksheet") {
            grid.sheet(&sheet.name, sheet.hidden)?;
            book.sheet(Xml::new(archive.part(&relation.target)?), grid)?;
            grid.end_sheet();
        } else {
            grid.notes.add(Note::SkippedSheet { sheet: sheet.name });
        }
    }
    Ok(())
}

struct Relation {
    kind: String,
    target: String,
}

impl Relation {
    /// The kind's last part: the namespace before it differs between the two variants of the standard.
    fn is(&self, kind: &str) -> bool {
        self.kind.rsplit('/').next() == Some(kind)
    }
}

fn relations(archive: &Archive<'_>, folder: &str, part: &str) -> Result<HashMap<String, Relation>, ReadError> {
    let mut xml = Xml::new(archive.part(part.trim_start_matches('/'))?);
    let mut relations = HashMap::new();
    loop {
        match xml.next()? {
            Token::Open(element) if element.name() == "Relationship" => {
                let text = |name| element.attribute(name).map(|value| value.into_owned()).unwrap_or_default();
                let relation = Relation { kind: text("Type"), target: resolve(folder, &text("Target")) };
                if relations.insert(text("Id"), relation).is_some() {
                    return Err(ReadError::damaged(part, Fault::Contradiction));
                }
            }
            Token::End => return Ok(relations),
            _ => {}
        }
    }
}

/// A path seen from a folder.
fn resolve(folder: &str, target: &str) -> String {
    let from = if target.starts_with('/') { "" } else { folder };
    let mut parts = Vec::new();
    for part in from.split('/').chain(target.split(['/', '\\'])) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[derive(Default)]
struct Outline {
    from_1904: bool,
    sheets: Vec<SheetEntry>,
}

struct SheetEntry {
    name: String,
    hidden: bool,
    relation: String,
}

fn outline(mut xml: Xml<'_>) -> Result<Outline, ReadError> {
    let mut outline = Outline::default();
    loop {
        let first = xml.depth() == 0;
        match xml.next()? {
            Token::Open(element) => match element.name() {
                "workbookPr" => outline.from_1904 = is_true(&element, "date1904"),
                "sheet" => {
                    if outline.sheets.len() as u64 >= limits::SHEETS {
                        return Err(ReadError::too_much(Limit::Sheets, xml.part()));
                    }
                    outline.sheets.push(SheetEntry {
                        name: element.attribute("name").unwrap_or_default().into_owned(),
                        hidden: element.attribute("state").is_some_and(|state| state != "visible"),
                        relation: element.prefixed("id").unwrap_or_default().into_owned(),
                    });
                }
                "workbook" => {}
                // A text document or presentation has the same frame.
                _ if first => return Err(ReadError::Unsupported { format: Foreign::OtherZip }),
                _ => {}
            },
            Token::End => return Ok(outline),
            _ => {}
        }
    }
}

fn is_true(element: &Element<'_>, attribute: &str) -> bool {
    element.attribute(attribute).is_some_and(|value| value == "1" || value == "true")
}

/// What each cell style makes of a number.
fn formats(mut xml: Xml<'_>) -> Result<Vec<Format>, ReadError> {
    let mut custom: HashMap<u32, Format> = HashMap::new();
    let mut ids: Vec<u32> = Vec::new();
    let mut in_cells = false;
    loop {
        match xml.next()? {
            Token::Open(element) => match element.name() {
                "numFmt" => {
                    if let Some((id, code)) = element.number("numFmtId").zip(element.attribute("formatCode")) {
                        custom.insert(id, dates::custom(&code));
                    }
                }
                "cellXfs" => in_cells = true,
                "xf" if in_cells => ids.push(element.number("numFmtId").unwrap_or(0)),
                _ => {}
            },
            Token::Close(element) if element.name() == "cellXfs" => in_cells = false,
            Token::End => break,
            _ => {}
        }
        if ids.len().max(custom.len()) as u64 > limits::SHARED {
            return Err(ReadError::too_much(Limit::Shared, xml.part()));
        }
    }
    Ok(ids.into_iter().map(|id| custom.get(&id).copied().unwrap_or_else(|| dates::built_in(id))).collect())
}

fn shared_texts(mut xml: Xml<'_>) -> Result<Vec<String>, ReadError> {
    let mut texts = Vec::new();
    loop {
        match xml.next()? {
            Token::Open(element) if element.name() == "si" => {}
            Token::End => return Ok(texts),
            _ => continue,
        }
        if texts.len() as u64 >= limits::SHARED {
            return Err(ReadError::too_much(Limit::Shared, xml.part()));
        }
        texts.push(rich_text(&mut xml)?);
    }
}

/// The text of the element just opened: all its runs, without pronunciation.
fn rich_text(xml: &mut Xml<'_>) -> Result<String, ReadError> {
    let depth = xml.depth();
    let (mut text, mut in_text, mut in_phonetic) = (String::new(), false, false);
    while xml.depth() >= depth {
        match xml.next()? {
            Token::Open(element) => match element.name() {
                "t" => in_text = true,
                "rPh" => in_phonetic = true,
                _ => {}
            },
            Token::Close(element) => match element.name() {
                "t" => in_text = false,
                "rPh" => in_phonetic = false,
                _ => {}
            },
            Token::Text(piece) if in_text && !in_phonetic && text.len() < TEXT_KEPT => text.push_str(&piece),
            Token::End => break,
            _ => {}
        }
    }
    Ok(unescape(text))
}

/// Characters that XML can't hold are written `_x000D_`, and what looks like that `_x005F_x000D_`.
fn unescape(text: String) -> String {
    if !text.contains("_x") {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("_x") {
        out.push_str(before);
        let digits = after.get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let char = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()).and_then(char::from_u32);
        match char.zip(after.get(4..).and_then(|after| after.strip_prefix('_'))) {
            Some((char, after)) => {
                out.push(char);
                rest = after;
            }
            None => {
                out.push_str("_x");
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

struct Book {
    from_1904: bool,
    formats: Vec<Format>,
    texts: Vec<String>,
}

impl Book {
    fn sheet(&self, mut xml: Xml<'_>, grid: &mut Grid) -> Result<(), ReadError> {
        let (mut next_row, mut row, mut next_column) = (0_u32, 0_u32, 0_u32);
        let mut is_sheet = false;
        loop {
            let first = xml.depth() == 0;
            match xml.next()? {
                Token::Open(element) => match element.name() {
                    "row" => {
                        row = match element.attribute("r") {
                            Some(number) => number.trim().parse::<u32>().ok().and_then(|number| number.checked_sub(1)).unwrap_or(u32::MAX),
                            None => next_row,
                        };
                        if is_true(&element, "hidden") {
                            grid.hidden_row(row);
                        }
                        (next_row, next_column) = (row.saturating_add(1), 0);
                    }
                    "c" => {
                        let place = match element.attribute("r") {
                            Some(reference) => parse_reference(&reference),
                            None => Some((row, next_column)),
                        };
                        let place = place.filter(|(row, column)| *row <= LAST_ROW && *column <= LAST_COLUMN);
                        let kind = element.attribute("t").unwrap_or_default().into_owned();
                        let style = element.number::<usize>("s").unwrap_or(0);
                        let (row, column) = place.ok_or_else(|| ReadError::damaged(xml.part(), Fault::Structure))?;
                        next_column = column.saturating_add(1);
                        let cell = self.cell(&mut xml, grid, (row, column), &kind, style)?;
                        grid.put(row, column, cell)?;
                    }
                    "mergeCell" => {
                        let range = element.attribute("ref").unwrap_or_default();
                        let (first, last) = range.split_once(':').unwrap_or((&range, &range));
                        if let Some((first, last)) = parse_reference(first).zip(parse_reference(last)) {
                            grid.merged(first, last);
                        }
                    }
                    "worksheet" => is_sheet = true,
                    _ if first => return Err(ReadError::damaged(xml.part(), Fault::Structure)),
                    _ => {}
                },
                Token::End if is_sheet => return Ok(()),
                Token::End => return Err(ReadError::damaged(xml.part(), Fault::CutOff)),
                _ => {}
            }
        }
    }

    /// The cell just opened, to its end.
    fn cell(&self, xml: &mut Xml<'_>, grid: &mut Grid, at: (u32, u32), kind: &str, style: usize) -> Result<Cell, ReadError> {
        let depth = xml.depth();
        let (mut value, mut inline, mut formula) = (None, None, None);
        while xml.depth() >= depth {
            let Token::Open(element) = xml.next()? else { continue };
            match element.name() {
                "v" => value = Some(xml.text()?),
                "f" => formula = Some(xml.text()?),
                "is" => inline = Some(rich_text(xml)?),
                _ => {}
            }
        }
        if formula.is_some() {
            grid.formula(at.0, at.1);
        }
        if let Some(text) = inline {
            return Ok(Cell::from(text));
        }
        let value = value.unwrap_or_default();
        if kind == "str" {
            return Ok(Cell::from(unescape(value)));
        }
        if value.is_empty() {
            return Ok(formula.map_or(Cell::Empty, Cell::Uncomputed));
        }
        self.typed(&value, kind, style).ok_or_else(|| grid.bad_value(at.0, at.1))
    }

    fn typed(&self, value: &str, kind: &str, style: usize) -> Option<Cell> {
        match kind {
            "" | "n" => {
                let number: f64 = value.trim().parse().ok().filter(|number: &f64| number.is_finite())?;
                let format = self.formats.get(style).copied().unwrap_or(Format::Plain);
                Some(dates::cell(number, format, self.from_1904))
            }
            "s" => self.texts.get(value.trim().parse::<usize>().ok()?).map(|text| Cell::from(text.as_str())),
            "b" => match value.trim() {
                "1" | "true" => Some(Cell::Bool(true)),
                "0" | "false" => Some(Cell::Bool(false)),
                _ => None,
            },
            "e" => Some(Cell::Error(value.to_owned())),
            "d" => dates::parse_iso(value),
            _ => None,
        }
    }
}

/// Row and column from 0 of `B3` or `$B$3`.
fn parse_reference(reference: &str) -> Option<(u32, u32)> {
    let (mut column, mut row) = (0_u32, 0_u32);
    for byte in reference.bytes().filter(|byte| *byte != b'$') {
        match byte.to_ascii_uppercase() {
            letter @ b'A'..=b'Z' if row == 0 => column = column.checked_mul(26)?.checked_add(u32::from(letter - b'A') + 1)?,
            digit @ b'0'..=b'9' => row = row.checked_mul(10)?.checked_add(u32::from(digit - b'0'))?,
            _ => return None,
        }
    }
    row.checked_sub(1).zip(column.checked_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_or_refused() {
        fn check(text: &str, place: Option<(u32, u32)>) {
            assert_eq!(parse_reference(text), place, "{text}");
        }
        check("A1", Some((0, 0)));
        check("$ab$12", Some((11, 27)));
        check("XFD1048576", Some((1_048_575, 16_383)));
        check("A0", None);
        check("A", None);
        check("1", None);
        check("A1B", None);
        check("ZZZZZZZZ1", None);
        check("A99999999999", None);
        check("甲1", None);
    }

    #[test]
    fn escapes_are_undone() {
        fn check(text: &str, plain: &str) {
            assert_eq!(unescape(text.to_owned()), plain);
        }
        check("a_x000D_b", "a\rb");
        check("_x005F_x000D_", "_x000D_");
        check("_x_x0041_", "_xA");
        check("_xD800_", "_xD800_");
        check("_x00", "_x00");
        check("_x甲乙丙丁_", "_x甲乙丙丁_");
    }

    #[test]
    fn paths_are_resolved() {
        fn check(folder: &str, target: &str, path: &str) {
            assert_eq!(resolve(folder, target), path);
        }
        check("xl", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml");
        check("xl", "/xl/styles.xml", "xl/styles.xml");
        check("xl", "../a/./b.xml", "a/b.xml");
        check("", "../../x", "x");
    }
}
