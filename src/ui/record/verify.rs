//! Checks a record as anybody could: chains, seals, and every photo's bytes against the digest that the record names.

use std::collections::BTreeSet;

use leptos::prelude::*;

use super::names;
use crate::app::workspace::Record;
use crate::domain::change::{Entry, Sha256};
use crate::domain::content::Lang;
use crate::domain::inspection::photos;
use crate::domain::journal::{Journal, is_seal_path};
use crate::evidence::chain::{ChainFault, sha256, verify_chains};
use crate::evidence::seal::{RecordSeal, SealFault, verify_seals};
use crate::port::shelf::Table;
use crate::port::twin::{Store as _, StoreError};
use crate::ui::icon::icon;
use crate::ui::state::App;
use crate::ui::words::office::OfficeWords;
use crate::ui::words::{errors, fill};

/// What a check of a record found.
#[derive(Clone, PartialEq, Debug)]
pub struct Findings {
    /// What is wrong with the chains.
    pub chains: Vec<ChainFault>,
    /// Each seal by its path, and whether it holds.
    pub seals: Vec<(String, Option<SealFault>)>,
    /// Photos whose bytes have the digest that the record names.
    pub photos_whole: usize,
    /// Numbers of photos whose bytes do not, from 1.
    pub photos_bad: Vec<usize>,
    /// Numbers of photos that are not on this device, from 1.
    pub photos_absent: Vec<usize>,
    /// Places where people set values without having seen each other's.
    pub conflicts: usize,
    /// Stored entries that can't be read.
    pub damaged: usize,
    /// Whether a seal is to be expected: units and equipment have none.
    pub sealable: bool,
    /// Changes that no seal covers, although there is one.
    pub uncovered: usize,
    /// How many changes were checked.
    pub changes: usize,
    /// How many devices made them.
    pub devices: usize,
}

impl Findings {
    /// Whether something is proven to be wrong.
    #[must_use]
    pub fn is_bad(&self) -> bool {
        let bad_seal = self.seals.iter().any(|(_, fault)| fault.is_some());
        !self.chains.is_empty() || bad_seal || !self.photos_bad.is_empty() || self.damaged > 0
    }

    /// Whether nothing is wrong but a person should know something.
    #[must_use]
    pub fn is_odd(&self) -> bool {
        (self.sealable && self.seals.is_empty()) || self.uncovered > 0 || self.conflicts > 0 || !self.photos_absent.is_empty()
    }
}

/// Checks everything; `progress` hears photos done of photos in all.
///
/// # Errors
/// [`StoreError`] when the store can't be read; a damaged photo is a finding, not an error.
pub async fn verify(app: App, record: &Record, progress: impl Fn(usize, usize)) -> Result<Findings, StoreError> {
    let journal = record.journal();
    let devices: BTreeSet<_> = journal.entries().map(|entry| &entry.change.device).collect();
    let seals = verify_seals(journal);
    let mut findings = Findings {
        chains: verify_chains(journal),
        sealable: record.state().text("kind") == Some("inspection"),
        uncovered: uncovered(journal, &seals),
        seals: seals.into_iter().map(|(path, seal)| (path, seal.err())).collect(),
        photos_whole: 0,
        photos_bad: Vec::new(),
        photos_absent: Vec::new(),
        conflicts: record.state().conflicts().len(),
        damaged: record.damaged.len(),
        changes: journal.len(),
        devices: devices.len(),
    };
    let listed = photos(record.state());
    let workspace = app.workspace();
    for (index, photo) in listed.iter().enumerate() {
        progress(index, listed.len());
        match workspace.store.get(Table::Blobs, &photo.sha256).await {
            Ok(None) => findings.photos_absent.push(index + 1),
            Ok(Some(bytes)) if Sha256::parse(&photo.sha256) == Ok(sha256(&bytes)) => findings.photos_whole += 1,
            Ok(Some(_)) | Err(StoreError::Damaged { .. }) => findings.photos_bad.push(index + 1),
            Err(error) => return Err(error),
        }
    }
    Ok(findings)
}

/// Changes that came after the last seal that holds.
fn uncovered(journal: &Journal, seals: &[(String, Result<RecordSeal, SealFault>)]) -> usize {
    let Some(last) = seals.iter().rev().find_map(|(_, seal)| seal.as_ref().ok()) else { return 0 };
    let after = |entry: &&Entry| {
        let change = &entry.change;
        !is_seal_path(&change.path) && last.heads.get(&change.device).is_none_or(|head| change.seq > head.seq)
    };
    journal.entries().filter(after).count()
}

/// Where a check stands.
#[derive(Clone, PartialEq, Debug)]
pub enum Checked {
    /// Photos done of photos in all.
    Working(usize, usize),
    /// Done.
    Done(Findings),
    /// The store could not be read.
    Failed(StoreError),
}

/// Runs a check and tells how far it is.
pub fn run(app: App, record: &std::sync::Arc<super::Shown>, checked: RwSignal<Checked>) {
    let record = record.clone();
    checked.set(Checked::Working(0, record.photos.len()));
    leptos::task::spawn_local(async move {
        let found = verify(app, &record.record, |done, total| {
            checked.try_set(Checked::Working(done, total));
        })
        .await;
        checked.try_set(found.map_or_else(Checked::Failed, Checked::Done));
    });
}

/// The card that shows what a check found.
#[must_use]
pub fn card(checked: &Checked, lang: Lang) -> AnyView {
    let o = OfficeWords::of(lang);
    match checked {
        Checked::Working(done, total) => view! {
            <section class="card verify" aria-busy="true">
                <div class="verify-head"><span class="spinner"></span><h2>{o.verifying}</h2></div>
                <progress class="bar" max=total.to_string() value=done.to_string() aria-label=o.verifying></progress>
            </section>
        }
        .into_any(),
        Checked::Failed(error) => view! {
            <section class="card verify bad" role="alert">
                <div class="verify-head">{icon("warn")}<h2>{o.verify_failed}</h2></div>
                <p class="muted">{errors::explain_store(error)}</p>
            </section>
        }
        .into_any(),
        Checked::Done(findings) => done_card(findings, lang),
    }
}

fn done_card(findings: &Findings, lang: Lang) -> AnyView {
    let o = OfficeWords::of(lang);
    let (class, name, title, hint) = match (findings.is_bad(), findings.is_odd()) {
        (true, _) => ("card verify bad", "warn", o.verify_bad, o.verify_bad_hint),
        (false, true) => ("card verify warn", "shield", o.verify_odd, o.verify_odd_hint),
        (false, false) => ("card verify good", "shield", o.verify_good, o.verify_good_hint),
    };
    let rows = rows(findings, lang)
        .into_iter()
        .map(|(tone, text)| {
            let mark = match tone {
                "good" => "check",
                "bad" => "cross",
                _ => "info",
            };
            view! { <li class=tone>{icon(mark)}<span>{text}</span></li> }
        })
        .collect_view();
    view! {
        <section class=class>
            <div class="verify-head">{icon(name)}<div><h2>{title}</h2><p class="muted">{hint}</p></div></div>
            <ul class="verify-rows">{rows}</ul>
        </section>
    }
    .into_any()
}

fn rows(findings: &Findings, lang: Lang) -> Vec<(&'static str, String)> {
    let o = OfficeWords::of(lang);
    let numbers = |photos: &[usize]| photos.iter().map(ToString::to_string).collect::<Vec<_>>().join(lang.pick("、", ", "));
    let mut rows = Vec::new();
    if findings.chains.is_empty() {
        rows.push(("good", fill(o.chain_good, &[&findings.changes, &findings.devices])));
    }
    rows.extend(findings.chains.iter().map(|fault| ("bad", chain_fault(fault, lang))));
    if findings.damaged > 0 {
        rows.push(("bad", fill(o.damaged_entries, &[&findings.damaged])));
    }
    let broken: Vec<_> = findings.seals.iter().filter_map(|(path, fault)| fault.map(|fault| (path, fault))).collect();
    match (findings.seals.len(), broken.is_empty()) {
        (0, _) if findings.sealable => rows.push(("info", o.seal_none.to_owned())),
        (0, _) => {}
        (count, true) => rows.push(("good", fill(o.seals_good, &[&count]))),
        (_, false) => {}
    }
    if findings.uncovered > 0 {
        rows.push(("info", fill(o.uncovered_n, &[&findings.uncovered])));
    }
    for (path, fault) in broken {
        let number = path.strip_prefix("seals/").unwrap_or(path);
        rows.push(("bad", format!("{}：{}", fill(o.seal_n, &[&number]), seal_fault(fault, lang))));
    }
    if findings.photos_whole > 0 {
        rows.push(("good", fill(o.photos_good, &[&findings.photos_whole])));
    }
    if !findings.photos_bad.is_empty() {
        rows.push(("bad", fill(o.photos_bad, &[&numbers(&findings.photos_bad)])));
    }
    if !findings.photos_absent.is_empty() {
        rows.push(("info", fill(o.photos_absent, &[&numbers(&findings.photos_absent)])));
    }
    if findings.conflicts > 0 {
        rows.push(("info", fill(o.conflicts_n, &[&findings.conflicts])));
    }
    rows
}

fn chain_fault(fault: &ChainFault, lang: Lang) -> String {
    let o = OfficeWords::of(lang);
    let (text, device, seq) = match fault {
        ChainFault::Gap { device, seq } => (o.chain_gap, device, seq),
        ChainFault::Prev { device, seq } => (o.chain_prev, device, seq),
        ChainFault::Fork { device, seq } => (o.chain_fork, device, seq),
        ChainFault::Order { device, seq } => (o.chain_order, device, seq),
    };
    fill(text, &[&names::device(device), seq])
}

/// Why a seal does not hold, in words.
#[must_use]
pub fn seal_fault(fault: SealFault, lang: Lang) -> &'static str {
    let o = OfficeWords::of(lang);
    match fault {
        SealFault::Malformed => o.seal_malformed,
        SealFault::Device => o.seal_device,
        SealFault::Signature => o.seal_signature,
        SealFault::Heads => o.seal_heads,
        SealFault::Time => o.seal_time,
    }
}
