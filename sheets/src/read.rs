//! Reads workbooks and tables without trusting them: the format is found by content, every limit is checked before
//! memory is taken, and no input makes it panic.

mod cfb;
pub mod error;
mod grid;
pub mod limits;
pub mod notes;
mod ods;
mod text;
mod xls;
mod xlsx;
mod xml;

pub use error::{Fault, Foreign, ReadError};
pub use limits::Limit;
pub use notes::{Note, Notes};

use grid::Grid;
use serde::{Deserialize, Serialize};

use crate::workbook::Workbook;
use crate::zip::Archive;

/// What was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// At least one value in at least one sheet.
    pub workbook: Workbook,
    /// What was odd.
    pub notes: Notes,
    /// What kind of file it was.
    pub format: Format,
}

/// Formats that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Office Open XML, with or without macros.
    Xlsx,
    /// Excel 97 to 2003.
    Xls,
    /// OpenDocument.
    Ods,
    /// Text with commas, semicolons or tabs.
    Text,
}

/// Reads a file. The name only serves to name the one sheet of a text file; the format is found by content.
///
/// Cells of a text file are all [`crate::Cell::Text`]: nothing is guessed, so codes keep their leading zeros.
///
/// # Errors
/// See [`ReadError`]. Nothing is half-read.
pub fn read(bytes: &[u8], name_hint: &str) -> Result<Reading, ReadError> {
    if bytes.len() as u64 > limits::FILE_BYTES {
        return Err(ReadError::too_much(Limit::FileBytes, ""));
    }
    let mut grid = Grid::default();
    let format = match bytes {
        [] => return Err(ReadError::Empty),
        [b'P', b'K', 3 | 5, 4 | 6, ..] => read_zip(bytes, &mut grid)?,
        [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, ..] => {
            xls::read(bytes, &mut grid)?;
            Format::Xls
        }
        // A bare BIFF stream of Excel 2 to 4.
        [0x09, 0 | 2 | 4, 4 | 6 | 8, 0, ..] => return Err(ReadError::Unsupported { format: Foreign::OldXls }),
        [b'%', b'P', b'D', b'F', ..] => return Err(ReadError::Unsupported { format: Foreign::Pdf }),
        _ => {
            text::read(bytes, sheet_name(name_hint), &mut grid)?;
            Format::Text
        }
    };
    let (workbook, notes) = grid.finish()?;
    Ok(Reading { workbook, notes, format })
}

fn read_zip(bytes: &[u8], grid: &mut Grid) -> Result<Format, ReadError> {
    let archive = Archive::open(bytes)?;
    if archive.has("[Content_Types].xml") {
        xlsx::read(&archive, grid)?;
        Ok(Format::Xlsx)
    } else if archive.has("content.xml") {
        ods::read(&archive, grid)?;
        Ok(Format::Ods)
    } else {
        Err(ReadError::Unsupported { format: Foreign::OtherZip })
    }
}

/// The file's name without folder and extension; none if it is longer than any file's.
fn sheet_name(hint: &str) -> &str {
    let name = hint.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    if stem.len() > 255 { "" } else { stem }
}
