//! Spreadsheets: read without trust, written plainly.

pub mod workbook;
pub mod xlsform;

pub use workbook::{Cell, Place, Row, Sheet, Workbook, column_name};
