//! Spreadsheets: read without trust, written plainly.

mod dates;
pub mod read;
pub mod workbook;
pub mod write;
pub mod xlsform;
mod zip;

pub use read::{ReadError, Reading, read};
pub use workbook::{Cell, Place, Row, Sheet, Workbook, column_name};
pub use write::{WriteError, XlsxOptions, to_csv, to_xlsx};
