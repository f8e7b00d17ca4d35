//! Writes tables and workbooks. The same workbook gives the same bytes: no clock is asked.

mod csv;
mod xlsx;

pub(crate) use csv::is_computed;
pub use csv::to_csv;
pub use xlsx::{XlsxOptions, to_xlsx};

use crate::workbook::Place;

/// What the format can't hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// No sheet, more than 255, or together too much for one file.
    #[error("size")]
    Size,
    /// Empty, longer than 31 UTF-16 units, with one of `[]:*?/\`, with `'` at an end, or there twice.
    #[error("sheet_name: {name}")]
    SheetName {
        /// The name.
        name: String,
    },
    /// Beyond the last row or column of the format.
    #[error("beyond: {place}")]
    Beyond {
        /// Where.
        place: Place,
    },
    /// Over 32,767 UTF-16 units.
    #[error("text_length: {place}")]
    TextLength {
        /// Where.
        place: Place,
    },
}
