//! The file that travels: one JSON document, written and read as a stream, every byte of it protected.
//!
//! This module never trusts what it reads, never does IO and never panics: whoever calls it feeds bytes and gets events.
//! The format itself is described in `docs/format.md`.
//!
//! ```text
//!  Journal, Photo ──► Writer ──► bytes      lines of canonical JSON in a fixed frame, a seal at the end
//!  bytes ──► Reader ──► events, then Verified or BundleError (place, problem, byte)
//! ```
//!
//! What the [`Writer`] writes, the [`Reader`] reads: both go through the same checks.
#![deny(clippy::indexing_slicing)]

mod error;
mod header;
pub mod limits;
mod line;
mod notice;
mod photo;
mod plan;
mod read;
mod record;
mod scan;
mod seal;
mod write;

pub use error::{BundleError, Limited, Place, Problem, Section, Step, Subject};
pub use header::{BundlePurpose, Header, Part, Sender};
pub use limits::Limits;
pub use line::Extra;
pub use notice::Notice;
pub use photo::{Mime, Photo, PhotoEvent};
pub use plan::{PartItem, PartPhoto, PartPlan, PlanError, plan_parts};
pub use read::{Event, Reader, Verified, read_all};
pub use record::{RecordModel, record_line};
pub use seal::Seal;
pub use write::Writer;
