//! Saved, saving, not saved: said only when the store has said so.

use std::time::Duration;

use leptos::prelude::*;

use super::home::clock_text;
use super::icon::icon;
use super::state::App;
use super::widget::Notice;
use super::words::{errors, fill, words};
use crate::app::session::SaveState;
use crate::port::shelf::ShelfError;
use crate::port::twin::StoreError;

/// How it stands with saving, in the bar of a page.
#[component]
pub fn Sign(
    /// What it follows.
    save: RwSignal<SaveState>,
    /// Says nothing before the first save, where there may be nothing to save yet.
    #[prop(optional)]
    quiet: bool,
) -> impl IntoView {
    let app = App::get();
    view! {
        <span class="save-sign" role="status">
            {move || {
                let w = words();
                let busy = view! { <span class="chip">{w.saving}</span> };
                match save.get() {
                    SaveState::Failed { waiting, .. } => view! { <span class="chip bad">{icon("warn")}{fill(w.unsaved, &[&waiting])}</span> }.into_any(),
                    SaveState::Saving => busy.into_any(),
                    _ if app.typing.get() => busy.into_any(),
                    SaveState::Saved { at: Some(at) } => {
                        let text = fill(w.saved_at, &[&clock_text(at.ms(), app.offset_min())]);
                        view! { <span class="chip good num">{icon("check")}{text}</span> }.into_any()
                    }
                    SaveState::Saved { at: None } if quiet => ().into_any(),
                    SaveState::Saved { at: None } => view! { <span class="chip good">{icon("check")}{w.saved}</span> }.into_any(),
                }
            }}
        </span>
    }
}

/// What to do when saving fails.
#[component]
pub fn Trouble(save: RwSignal<SaveState>, retry: Callback<()>) -> impl IntoView {
    move || match save.get() {
        SaveState::Failed { error, .. } => Some(view! {
            <Notice tone="bad">
                {errors::explain_store(&error)}
                <button type="button" class="btn slim" on:click=move |_| retry.run(())>{words().retry}</button>
            </Notice>
        }),
        _ => None,
    }
}

/// How long a failed save waits before it is tried again.
const AGAIN: Duration = Duration::from_secs(3);

/// Follows the saving of a session for as long as the owner lives: `kept` after each save, and `flush` once more after one
/// that failed and can still succeed.
pub fn watch(app: App, save: RwSignal<SaveState>, kept: impl Fn() + 'static, flush: impl Fn() + Copy + 'static) {
    let retrying = StoredValue::new(false);
    Effect::new(move |_| match save.get() {
        SaveState::Saved { at: Some(_) } => {
            app.after_save();
            kept();
        }
        SaveState::Failed { error, .. } => {
            if error == StoreError::Shelf(ShelfError::Full) {
                leptos::task::spawn_local(app.give_room());
            }
            // Another change holds the number, or another tab writes: sending the same again can't help.
            let for_good = matches!(error, StoreError::Conflict { .. } | StoreError::NotOwner);
            if !for_good && !retrying.get_value() {
                retrying.set_value(true);
                set_timeout(
                    move || {
                        retrying.set_value(false);
                        flush();
                    },
                    AGAIN,
                );
            }
        }
        SaveState::Saved { at: None } | SaveState::Saving => {}
    });
}
