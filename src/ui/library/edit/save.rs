//! How it stands with saving: said only when the store has said so.

use leptos::prelude::*;

use crate::app::session::SaveState;
use crate::ui::home::clock_text;
use crate::ui::icon::icon;
use crate::ui::pen::Pen;
use crate::ui::state::App;
use crate::ui::widget::Notice;
use crate::ui::words::{errors, fill, words};

/// Saved, saving, not saved.
#[component]
pub fn SaveSign(save: RwSignal<SaveState>) -> impl IntoView {
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
                    SaveState::Saved { at: None } => ().into_any(),
                }
            }}
        </span>
    }
}

/// What to do when saving fails.
#[component]
pub fn SaveTrouble(pen: Pen) -> impl IntoView {
    move || match pen.save.get() {
        SaveState::Failed { error, .. } => Some(view! {
            <Notice tone="bad">
                {errors::explain_store(&error)}
                <button type="button" class="btn slim" on:click=move |_| pen.flush()>{words().retry}</button>
            </Notice>
        }),
        _ => None,
    }
}
