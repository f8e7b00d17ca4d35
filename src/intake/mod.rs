//! The inbox of complaints and reports: what comes first, until when, and which ones look alike.
//!
//! What is urgent and what counts as alike are data (`public/content/rules/triage.json`, the office's own rules). All that is
//! needed stands in the summaries, without a name or a telephone: private fields are compared by marks
//! ([`crate::domain::matter::MatterLine::facts`]). Nothing is merged or left out by itself; what a person finds of two that
//! look alike stands in the record at `near/<record>`.

mod near;
mod queue;
mod triage;

pub use self::near::{Finding, Near, NearIndex, found};
pub use self::queue::{Ends, Tab, Waiting, area, waiting};
pub use self::triage::{NearRule, Strength, Taken, Triage, Urgent};
