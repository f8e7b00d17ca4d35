//! Complaints (投诉) and reports (举报) of consumers: what is asked, what the law wants to be there, and what is filed.
//!
//! ```text
//!  Form (data) ─┐
//!  Draft ───────┴► Reading ─► check, fit          what lacks; which of the two it is
//!                     └────► Statement ─► Filed    what is handed over: records, receipt numbers, bundle
//!                                 └─────► code     the same as a text to paste, or in a QR code
//! ```
//!
//! A draft is a plain value and no record: nothing of it is kept in a journal before it is filed. What is filed are matters
//! of the procedures `complaint` and `report`, so the office handles them like those that it writes down itself. All that
//! is random in them comes from the [`Ticket`] of the draft: filing again gives the same bytes.
#![deny(clippy::indexing_slicing)]

mod check;
pub mod code;
mod draft;
mod file;
mod fit;
mod form;
pub mod link;
mod reading;
pub mod receipt;
mod statement;

pub use self::check::{Lack, Problem, check};
pub use self::draft::{Draft, DraftError, DraftPhoto, FORMAT, FiledState, Handed, HandedBy, MAX_PHOTOS, Prefill, Ticket};
pub use self::file::{FileError, Filed, FiledMatter, file, records};
pub use self::fit::{Fit, Reason, fit};
pub use self::form::{AnswerKind, Choice, Filing, FilingDef, Fills, FitRule, Form, FormError, FormField, FormStep, Level, Rule};
pub use self::reading::Reading;
pub use self::statement::{FiledPhoto, Statement};
