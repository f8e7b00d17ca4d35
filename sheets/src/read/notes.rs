//! What was odd about a file, but not wrong.

use serde::{Deserialize, Serialize};

use crate::workbook::Place;

/// At most this many are kept; the rest is counted.
const KEPT: usize = 200;

/// Odd things, in the order met.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notes {
    /// The notes.
    pub list: Vec<Note>,
    /// How many more there were.
    pub more: u32,
}

/// Something odd.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "note", rename_all = "snake_case")]
pub enum Note {
    /// A sheet that a person doesn't see; read like any other.
    HiddenSheet {
        /// Its name.
        sheet: String,
    },
    /// A chart, a macro sheet …: not read.
    SkippedSheet {
        /// Its name.
        sheet: String,
    },
    /// Rows that are hidden or filtered away; read like any other.
    HiddenRows {
        /// In which sheet.
        sheet: String,
        /// The first one's number.
        first: u32,
        /// How many.
        count: u32,
    },
    /// Cells shown as one: the value is the first one's, the others are empty.
    Merged {
        /// The first cell.
        place: Place,
        /// Number of the last row.
        last_row: u32,
        /// The last column, from 0.
        last_column: u32,
    },
    /// Formulas: their last computed values were read.
    Formulas {
        /// The first one.
        first: Place,
        /// How many in this sheet.
        count: u32,
    },
    /// A number of 16 or more digits: spreadsheet programs have already lost the last ones. A code kept as a number.
    LongNumber {
        /// Where.
        place: Place,
    },
    /// Macros: not read.
    Macros,
    /// Links to other workbooks: not followed.
    ExternalLinks,
    /// The text file isn't UTF-8 or UTF-16 by its mark; read as GB 18030.
    AssumedGb18030,
}

impl Notes {
    /// Adds a note, or counts it.
    pub(crate) fn add(&mut self, note: Note) {
        if self.list.len() < KEPT { self.list.push(note) } else { self.more = self.more.saturating_add(1) }
    }
}
