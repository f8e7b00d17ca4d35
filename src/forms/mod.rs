//! Checklists as forms in spreadsheets (XLSForm) and back.
//!
//! A spreadsheet in the standard's columns alone gives questions whose answers are recorded. Columns that begin with
//! `spotcheck::` make inspection items of them: severity, basis, measure and so on (`docs/xlsform.md`). What is
//! written here is read by ODK too: conditions on facts become questions for these facts.
//!
//! This module never reads or writes files itself: bytes come in and go out.

mod basis;
mod cells;
mod condition;
mod export;
mod import;
mod judging;

use spotcheck_sheets::{
    ReadError, WriteError, XlsxOptions, to_xlsx,
    xlsform::{self, Diagnostics},
};

use crate::domain::checklist::Checklist;

pub use export::export;
pub use import::import;

/// What comes out of a file.
#[derive(Debug)]
pub struct Imported {
    /// The checklist; `None` when the diagnostics have errors.
    pub checklist: Option<Checklist>,
    /// What is wrong or odd, with places.
    pub diagnostics: Diagnostics,
}

/// Reads a checklist from the bytes of a workbook. The file's name names the form where its settings don't.
///
/// `previous` is the version that the bureau uses now: items keep their ids by name, and what is no longer in the
/// file stays as retired.
///
/// # Errors
/// [`ReadError`] when the bytes are no workbook that can be read. What is wrong in the form is no error but stands in
/// [`Imported::diagnostics`].
pub fn import_file(bytes: &[u8], file_name: &str, previous: Option<&Checklist>) -> Result<Imported, ReadError> {
    let workbook = spotcheck_sheets::read(bytes, file_name)?.workbook;
    let stem = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    let xlsform::Reading { form, mut diagnostics } = xlsform::read(&workbook, stem);
    if diagnostics.has_errors() {
        return Ok(Imported { checklist: None, diagnostics });
    }
    let checklist = import(&form, previous, &mut diagnostics);
    Ok(Imported { checklist: Some(checklist).filter(|_| !diagnostics.has_errors()), diagnostics })
}

/// Writes a checklist as the bytes of an XLSX workbook. The same checklist gives the same bytes.
///
/// # Errors
/// [`WriteError`] when a text is too long for a cell.
pub fn export_file(checklist: &Checklist) -> Result<Vec<u8>, WriteError> {
    to_xlsx(&xlsform::write(&export(checklist)), &XlsxOptions::default())
}
