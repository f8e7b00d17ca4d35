//! OpenDocument spreadsheets. Repeated cells and rows are only spread out where they hold a value.

use std::collections::HashSet;

use super::error::{Foreign, ReadError};
use super::grid::Grid;
use super::limits;
use super::xml::{Element, Token, Xml};
use crate::dates;
use crate::workbook::Cell;
use crate::zip::Archive;

const MANIFEST: &str = "META-INF/manifest.xml";
/// Longer texts are refused; no more of them is kept.
const TEXT_KEPT: usize = 4 * limits::CELL_CHARS as usize + 4;

/// Reads all tables.
pub(crate) fn read(archive: &Archive<'_>, grid: &mut Grid) -> Result<(), ReadError> {
    if archive.has(MANIFEST) && is_encrypted(Xml::new(archive.part(MANIFEST)?))? {
        return Err(ReadError::Encrypted);
    }
    let mut xml = Xml::new(archive.part("content.xml")?);
    let mut hidden_styles = HashSet::new();
    let mut style = String::new();
    let mut is_spreadsheet = false;
    loop {
        let (name, hidden) = match xml.next()? {
            Token::Open(element) => match element.name() {
                "style" => {
                    style = attribute(&element, "style:name");
                    continue;
                }
                "table-properties" => {
                    if attribute(&element, "table:display") == "false" {
                        hidden_styles.insert(style.clone());
                    }
                    continue;
                }
                "spreadsheet" => {
                    is_spreadsheet = true;
                    continue;
                }
                "table" if is_spreadsheet => {
                    (attribute(&element, "table:name"), hidden_styles.contains(&attribute(&element, "table:style-name")))
                }
                _ => continue,
            },
            Token::End if is_spreadsheet => return Ok(()),
            Token::End => return Err(ReadError::Unsupported { format: Foreign::OtherZip }),
            _ => continue,
        };
        grid.sheet(&name, hidden)?;
        read_table(&mut xml, grid)?;
        grid.end_sheet();
    }
}

fn is_encrypted(mut xml: Xml<'_>) -> Result<bool, ReadError> {
    loop {
        match xml.next()? {
            Token::Open(element) if element.name() == "encryption-data" => return Ok(true),
            Token::End => return Ok(false),
            _ => {}
        }
    }
}

/// The table just opened, to its end.
fn read_table(xml: &mut Xml<'_>, grid: &mut Grid) -> Result<(), ReadError> {
    let depth = xml.depth();
    let mut row = 0_u32;
    while xml.depth() >= depth {
        let (repeated, hidden) = match xml.next()? {
            Token::Open(element) if element.name() == "table-row" => {
                (repeated(&element, "table:number-rows-repeated"), !matches!(&*attribute(&element, "table:visibility"), "" | "visible"))
            }
            Token::End => break,
            _ => continue,
        };
        let cells = read_row(xml, grid, row)?;
        if hidden {
            grid.hidden_row(row);
        }
        if !cells.is_empty() {
            for row in row..row.saturating_add(repeated) {
                for (first, last, cell) in &cells {
                    for column in *first..=*last {
                        grid.put(row, column, cell.clone())?;
                    }
                }
            }
        }
        row = row.saturating_add(repeated);
    }
    Ok(())
}

/// The values of the row just opened, with first and last column, to its end.
fn read_row(xml: &mut Xml<'_>, grid: &mut Grid, row: u32) -> Result<Vec<(u32, u32, Cell)>, ReadError> {
    let depth = xml.depth();
    let mut cells = Vec::new();
    let mut column = 0_u32;
    while xml.depth() >= depth {
        let (value, repeated) = match xml.next()? {
            Token::Open(element) if matches!(element.name(), "table-cell" | "covered-table-cell") => {
                let across = element.number::<u32>("table:number-columns-spanned").unwrap_or(1).max(1);
                let down = element.number::<u32>("table:number-rows-spanned").unwrap_or(1).max(1);
                grid.merged((row, column), (row.saturating_add(down - 1), column.saturating_add(across - 1)));
                let formula = element.attribute("table:formula").map(|formula| formula.into_owned());
                if formula.is_some() {
                    grid.formula(row, column);
                }
                (value(&element, formula), repeated(&element, "table:number-columns-repeated"))
            }
            Token::End => break,
            _ => continue,
        };
        let text = paragraphs(xml)?;
        let cell = match value {
            Value::Text if text.is_empty() => Cell::Empty,
            Value::Text => Cell::Text(text),
            Value::Cell(cell) => cell,
            Value::Bad => return Err(grid.bad_value(row, column)),
        };
        let next = column.saturating_add(repeated);
        if cell != Cell::Empty {
            cells.push((column, next - 1, cell));
        }
        column = next;
    }
    Ok(cells)
}

enum Value {
    /// What its paragraphs say.
    Text,
    Cell(Cell),
    Bad,
}

fn value(element: &Element<'_>, formula: Option<String>) -> Value {
    let kind = attribute(element, "office:value-type");
    let cell = match kind.as_str() {
        "float" | "percentage" | "currency" => element.number::<f64>("office:value").filter(|number| number.is_finite()).map(Cell::from),
        "date" => dates::parse_iso(&attribute(element, "office:date-value")),
        "time" => dates::parse_span(&attribute(element, "office:time-value")),
        "boolean" => match &*attribute(element, "office:boolean-value") {
            "true" => Some(Cell::Bool(true)),
            "false" => Some(Cell::Bool(false)),
            _ => None,
        },
        "string" => match element.attribute("office:string-value") {
            Some(text) => Some(Cell::from(text.into_owned())),
            None => return Value::Text,
        },
        "" => match formula {
            Some(formula) => Some(Cell::Uncomputed(formula.trim_start_matches("of:").trim_start_matches('=').to_owned())),
            None => return Value::Text,
        },
        _ => None,
    };
    cell.map_or(Value::Bad, Value::Cell)
}

/// The paragraphs of the cell just opened, to its end; not those of notes or drawings in it.
fn paragraphs(xml: &mut Xml<'_>) -> Result<String, ReadError> {
    let depth = xml.depth();
    let (mut text, mut count, mut inside, mut spaced) = (String::new(), 0, false, true);
    while xml.depth() >= depth {
        let direct = xml.depth() == depth;
        match xml.next()? {
            Token::Open(element) => match element.name() {
                "p" if direct => {
                    if count > 0 {
                        text.push('\n');
                    }
                    count += 1;
                    (inside, spaced) = (true, true);
                }
                "s" if inside && text.len() < TEXT_KEPT => {
                    let count = element.number::<usize>("text:c").unwrap_or(1).min(TEXT_KEPT);
                    text.extend(std::iter::repeat_n(' ', count));
                }
                "tab" if inside => text.push('\t'),
                "line-break" if inside => text.push('\n'),
                _ => {}
            },
            Token::Text(piece) if inside && text.len() < TEXT_KEPT => push_collapsed(&mut text, &piece, &mut spaced),
            Token::End => break,
            _ => {}
        }
        // The paragraph's end came.
        if xml.depth() == depth {
            inside = false;
        }
    }
    Ok(text)
}

/// White space in a paragraph counts once: what is meant as such has elements of its own.
fn push_collapsed(text: &mut String, piece: &str, spaced: &mut bool) {
    for char in piece.chars() {
        let space = matches!(char, ' ' | '\t' | '\r' | '\n');
        if !space {
            text.push(char);
        } else if !*spaced {
            text.push(' ');
        }
        *spaced = space;
    }
}

fn repeated(element: &Element<'_>, name: &str) -> u32 {
    element.number(name).unwrap_or(1).max(1)
}

fn attribute(element: &Element<'_>, name: &str) -> String {
    element.attribute(name).map(|value| value.into_owned()).unwrap_or_default()
}
