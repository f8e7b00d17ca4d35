//! Signals, leads and statistics of complaints and reports.

mod leads;
mod panel;
mod stats;

use std::cell::RefCell;
use std::collections::BTreeSet;

use leptos::prelude::*;

pub use self::leads::LeadsPage;
pub use self::panel::SignalsOf;
pub use self::stats::StatsPage;
use super::content;
use super::state::App;
use crate::domain::inspection::Summary;
use crate::signal::{Filing, Lead, Rules, Watch};

thread_local! {
    /// Kept for the life of the page, so that a change of one record looks again only at what it concerns.
    static WATCH: RefCell<Option<Watch>> = const { RefCell::new(None) };
}

/// The rules of signals; `None` when they can't be fetched or read.
async fn rules() -> Option<Rules> {
    let value = content::json("rules/signals.json").await.ok()?;
    Rules::read(value.to_string().as_bytes()).ok()
}

/// All filings of this device as they are now, watched by these rules. Follows changes.
fn with_watch<T>(app: App, rules: &Rules, read: impl FnOnce(&mut Watch) -> T) -> T {
    WATCH.with_borrow_mut(|kept| {
        let mut watch = kept.take().filter(|watch| watch.rules() == rules).unwrap_or_else(|| Watch::new(rules.clone()));
        app.summaries.with(|all| bring_up(&mut watch, all));
        read(kept.insert(watch))
    })
}

fn bring_up(watch: &mut Watch, all: &[Summary]) {
    let filings: Vec<Filing> = all.iter().filter_map(Filing::of).collect();
    let here: BTreeSet<&str> = filings.iter().map(|filing| filing.record.as_str()).collect();
    let gone: Vec<String> =
        watch.filings().map(|filing| &filing.record).filter(|record| !here.contains(record.as_str())).cloned().collect();
    gone.iter().for_each(|record| watch.remove(record));
    filings.into_iter().for_each(|filing| watch.put(filing));
}

/// The leads of this device. Follows changes.
fn leads(app: App) -> Vec<Lead> {
    app.summaries.with(|all| all.iter().filter_map(Lead::of).collect())
}

/// Tasks and checks that were made for a lead, by what finds them. Follows changes.
fn made_for(app: App, lead: &str, kind: &str) -> Vec<Summary> {
    let names = |one: &&Summary| one.kind == kind && one.search.contains(lead);
    app.summaries.with(|all| all.iter().filter(names).cloned().collect())
}
