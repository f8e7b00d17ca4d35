//! Checklists out of spreadsheets and into them, for the desk worker.

mod finding;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use spotcheck_sheets::ReadError;
use spotcheck_sheets::xlsform::Severity;

pub use self::finding::{Finding, Grade, Key};
use crate::domain::checklist::Checklist;
use crate::forms::{export_file, import_file};

/// What came out of a file.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct FormRead {
    /// The checklist as JSON; none when there are errors.
    pub checklist: Option<Value>,
    /// What is wrong or odd, errors first.
    pub findings: Vec<Finding>,
    /// How many errors, warnings and notes there were, those included that are not listed.
    pub totals: [usize; 3],
}

/// Reads a checklist from a workbook. `previous` is the list that is used now, as JSON: its items keep their ids.
///
/// # Errors
/// [`ReadError`] when the bytes are no workbook that can be read.
pub fn read_form(bytes: &[u8], name: &str, previous: Option<&Value>) -> Result<FormRead, ReadError> {
    let previous = previous.and_then(|value| Checklist::from_value(value).ok());
    let imported = import_file(bytes, name, previous.as_ref())?;
    let totals = [Severity::Error, Severity::Warning, Severity::Note].map(|severity| imported.diagnostics.total(severity));
    Ok(FormRead {
        checklist: imported.checklist.and_then(|list| serde_json::to_value(list).ok()),
        findings: imported.diagnostics.shown().into_iter().map(Finding::of).collect(),
        totals,
    })
}

/// Writes a checklist, given as JSON, as a workbook. None when it is no checklist, or does not fit into one.
#[must_use]
pub fn write_form(list: &Value) -> Option<Vec<u8>> {
    let list: Checklist = serde_json::from_slice(list.to_string().as_bytes()).ok()?;
    export_file(&list).ok()
}
