//! Signals: what several complaints and reports have in common, and what their numbers say.
//!
//! A [`Filing`] is what is known of one complaint or report without anything personal. A [`Watch`] holds all of them and
//! finds [`Group`]s by [`Rules`] (`public/content/rules/signals.json`, the bureau's own numbers): so many within so many
//! days about the same product, batch, seller or piece of equipment. A group becomes a lead (线索), a matter of its own, see
//! [`crate::app::lead`]; [`lead::pending`] says which did not yet. [`stats`] counts.
//!
//! Nothing here asks the time or knows a number of its own. Adding a filing never takes a group away; it may make one
//! longer, or join two.

mod filing;
pub mod lead;
mod rule;
pub mod stats;
mod watch;

use serde_json::Value;

pub use self::filing::{Filing, Flag, KINDS};
pub use self::lead::Lead;
pub use self::rule::{Matching, Rule, Rules, Weight};
pub use self::watch::{Group, Key, Watch};
use crate::domain::journal::State;

/// What the summary of a record keeps for signals and statistics; `None` when it is neither a filing nor a lead.
#[must_use]
pub fn of(state: &State) -> Option<Value> {
    match Filing::read(state) {
        Some(filing) => serde_json::to_value(filing).ok(),
        None => serde_json::to_value(Lead::read(state)?).ok(),
    }
}
