//! Saved, saving, not saved: said only when the store has said so.

use leptos::prelude::*;

use super::home::clock_text;
use super::icon::icon;
use super::state::App;
use super::widget::Notice;
use super::words::{errors, fill, words};
use crate::app::session::SaveState;

/// How it stands with saving, in the bar of a page.
#[component]
pub fn Sign(save: RwSignal<SaveState>) -> impl IntoView {
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
