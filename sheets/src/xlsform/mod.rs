//! Forms in spreadsheets: the standard XLSForm, read and written.
//!
//! [`read`] takes a workbook with the sheets `survey`, `choices` and `settings` and says of everything that is wrong,
//! odd or not supported where it stands; [`write`] makes such a workbook. What a form is for is decided elsewhere:
//! columns that begin with `spotcheck::` are handed on as they are.

mod check;
mod diagnostic;
mod header;
mod kind;
mod model;
mod parameters;
mod read;
mod survey;
mod text;
mod write;

pub use diagnostic::{Diagnostic, Diagnostics, MAX_SHOWN, Problem, Severity};
pub use kind::Type;
pub use model::{Choice, ChoiceList, Entry, Form, Kind, Settings, Table, TableRow, Texts};
pub use read::{MAX_CHOICES, MAX_QUESTIONS, MAX_TABLE_ROWS, Reading, read};
pub use survey::MAX_DEPTH;
pub use text::{MAX_TEXT, is_dynamic, references};
pub use write::write;
