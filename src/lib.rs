//! Spotcheck 巡检通: offline-first field inspection for market supervision.
//!
//! The map. Arrows point at what a module may use; nothing points back.
//!
//! ```text
//!  ui ──► app ──► bundle ──► evidence ──► domain      pure values, every target
//!  browser ──► port ◄── app                           the world, behind traits
//! ```
//!
//! - [`domain`]: what inspectors talk about. Never does IO, never asks the time.
//! - [`evidence`]: hashes, chains, signatures: what makes a record provable.
//! - [`ledger`]: units, equipment and instruments: lines of imported files under what people wrote, search, queries.
//! - [`bundle`]: the file that travels. Never trusts what it reads.
//! - [`complaint`]: what consumers fill in, what the law wants to be there, and what is filed of it.
//! - [`envelope`]: files encrypted for the bureau, in the age format.
//! - [`forms`]: checklists as forms in spreadsheets and back.
//! - [`port`]: what the app needs from the world, with memory versions for tests.
//! - [`scan`]: codes on machines, licences and labels.
//! - [`desk`]: heavy work for a worker: pictures and spreadsheets in, plain answers out.
//! - [`procedure`]: what may be done with a hazard and other matters, in which order and until when; data, like rules.
//! - [`intake`]: the inbox of complaints and reports: what comes first, and what looks alike; by data.
//! - [`document`]: official documents: templates as data, filled, numbered, issued once.
//! - [`notice`]: warnings to consumers and what they should know of their rights, as data.
//! - [`signal`]: what complaints and reports have in common, and what their numbers say; by data.
//! - [`rules`]: working days, periods, due dates: counts by data, holds no rule of law.
//! - [`app`]: the use cases. Never touches the browser, never holds a text for people.
//! - `browser`, `ui`: wasm32 only.
#![forbid(unsafe_code)]

pub mod app;
pub mod bundle;
pub mod complaint;
pub mod desk;
pub mod document;
pub mod domain;
pub mod envelope;
pub mod evidence;
pub mod forms;
pub mod intake;
pub mod ledger;
pub mod notice;
pub mod port;
pub mod procedure;
pub mod rules;
pub mod scan;
pub mod signal;

#[cfg(any(target_arch = "wasm32", web_lint))]
pub mod browser;
#[cfg(any(target_arch = "wasm32", web_lint))]
pub mod ui;
