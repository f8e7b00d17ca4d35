//! The last step: everything is kept, or nothing; and what was.

use std::rc::Rc;

use leptos::prelude::*;

use super::check::Checked;
use super::{Busy, Flow, Problem, Stage};
use crate::app::ledger::{Phase, WithErrors};
use crate::browser::pace::Pace;
use crate::ledger::Kind;
use crate::ledger::plan::Tally;
use crate::ui::icon::icon;
use crate::ui::state::AppWorkspace;
use crate::ui::widget::Notice;
use crate::ui::words::{fill, table_words};

/// What was kept.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Kept {
    kind: Kind,
    tally: Tally,
    units: Tally,
    /// The number of the store's receipt; none when nothing had to be kept.
    receipt: Option<u64>,
    /// Rows with errors that were left out.
    left_out: usize,
}

/// Keeps what the person has confirmed.
pub(super) fn keep(flow: Flow, checked: Rc<Checked>, errors: WithErrors) {
    if flow.busy.with_untracked(Option::is_some) {
        return;
    }
    let turn = flow.begin();
    flow.busy.set(Some(Busy::unknown(table_words().keeping)));
    leptos::task::spawn_local(async move {
        let pace = Pace::new();
        let workspace = flow.app.workspace();
        let progress = |phase: Phase| flow.report(turn, busy_of(phase));
        match workspace.commit_import_paced(&checked.preview, errors, progress, async || pace.rest().await).await {
            Ok(imported) => {
                // What was kept counts for the whole app, whether or not this page is still there.
                flow.app.after_save();
                flow.app.ledger_put(imported.cards);
                remember(&workspace, &checked).await;
                if !flow.counts(turn) {
                    return;
                }
                flow.kept.set(Some(Kept {
                    kind: checked.preview.kind,
                    tally: checked.preview.tally(),
                    units: checked.preview.unit_tally(),
                    receipt: imported.receipt.map(|receipt| receipt.seq()),
                    left_out: checked.bad_rows,
                }));
                flow.checked.set(None);
                flow.book.set(None);
                flow.go(Stage::Result);
            }
            Err(error) => flow.fail(turn, Problem::Import(error)),
        }
    });
}

/// Remembers what a person said of the columns. What was found by itself is found again, perhaps better.
async fn remember(workspace: &AppWorkspace, checked: &Checked) {
    // Who has gone back to what is found by itself does not want the earlier choice again.
    let earlier = workspace.remembered_columns(&checked.columns).await;
    if checked.by_hand || matches!(earlier, Ok(Some(_))) {
        // Comfort only: what can't be kept now is chosen again with the next file.
        let _ = workspace.remember_columns(&checked.columns).await;
    }
}

fn busy_of(phase: Phase) -> Busy {
    let w = table_words();
    match phase {
        Phase::Preparing(step) => Busy { text: w.preparing.to_owned(), done: step.done, total: step.total },
        Phase::Keeping => Busy::unknown(w.keeping),
        Phase::Listing(step) => Busy { text: w.listing.to_owned(), done: step.done, total: step.total },
    }
}

/// The step.
#[component]
pub(super) fn ResultStep(flow: Flow) -> impl IntoView {
    let told = move || flow.kept.get().map(|kept| view! { <Told kept/> });
    view! {
        <section class="card stack" role="status">{told}</section>
        <a class="btn primary big block" href="/ledger">{move || table_words().to_ledger}</a>
        <button type="button" class="btn block" on:click=move |_| flow.restart()>{icon("import")}{move || table_words().import_more}</button>
    }
}

#[component]
fn Told(kept: Kept) -> impl IntoView {
    let w = table_words();
    let Kept { kind, tally, units, receipt, left_out } = kept;
    let Some(receipt) = receipt else { return view! { <Notice>{w.nothing_new}</Notice> }.into_any() };
    let units = (kind != Kind::Unit && units.new + units.changed > 0)
        .then(|| view! { <p class="num">{fill(w.saved_units, &[&units.new, &units.changed])}</p> });
    view! {
        <Notice tone="good"><strong>{w.saved}</strong><span class="num">{fill(w.saved_detail, &[&tally.new, &tally.changed])}</span></Notice>
        {units}
        {(left_out > 0).then(|| view! { <Notice tone="warn">{fill(w.left_out, &[&left_out])}</Notice> })}
        <p class="muted small num">{fill(w.kept_code, &[&receipt])}</p>
    }
    .into_any()
}
