//! Spreadsheets: read without trust, written plainly.

pub mod workbook;

pub use workbook::{Cell, Place, Row, Sheet, Workbook, column_name};
