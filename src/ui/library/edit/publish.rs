//! Publishing: what changes, and the next version.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::super::acts::explain;
use super::super::history::differences_view;
use super::ctx::EditCtx;
use crate::app::library::compare::compare;
use crate::app::library::{next_version, publish_draft};
use crate::app::workspace::AppError;
use crate::ui::widget::{Notice, Sheet};
use crate::ui::words::{fill, library_words};

/// The sheet that asks once more.
#[component]
pub fn PublishSheet(ctx: EditCtx, open: RwSignal<bool>) -> impl IntoView {
    view! {
        <Sheet open title=Signal::derive(|| library_words().publish_title.to_owned())><PublishForm ctx open/></Sheet>
    }
}

#[component]
fn PublishForm(ctx: EditCtx, open: RwSignal<bool>) -> impl IntoView {
    let app = ctx.app;
    let (busy, error) = (RwSignal::new(false), RwSignal::new(None::<AppError>));
    let navigate = StoredValue::new_local(use_navigate());
    let version = ctx.draft.with_untracked(|draft| next_version(&draft.list.version, ctx.shipped));
    let differences = StoredValue::new(ctx.draft.with_untracked(|draft| compare(&draft.base, &draft.list)));
    let publish = move |_| {
        if busy.get_untracked() {
            return;
        }
        let (list, changes) = match ctx.pen.with_state(|state| publish_draft(state, ctx.shipped)) {
            Ok(next) => next,
            // Something was changed beside this sheet: the page shows what is wrong.
            Err(_) => return open.set(false),
        };
        busy.set(true);
        error.set(None);
        leptos::task::spawn_local(async move {
            match ctx.pen.keep(&changes).await {
                Ok(()) => {
                    app.toast(fill(library_words().published, &[&list.version]));
                    navigate.try_with_value(|navigate| {
                        navigate(&format!("/library/{}", list.id), NavigateOptions { replace: true, ..Default::default() });
                    });
                }
                Err(problem) => {
                    error.try_set(Some(problem));
                }
            }
            busy.try_set(false);
        });
    };
    view! {
        <p class="record-title num">{move || fill(library_words().publish_as, &[&version])}</p>
        {move || differences.with_value(differences_view)}
        {ctx.shipped.then(|| view! { <p class="muted">{move || library_words().publish_own}</p> })}
        <p class="muted">{move || library_words().publish_running}</p>
        {move || error.get().map(|error| view! { <Notice tone="bad">{explain(&error)}</Notice> })}
        <button type="button" class="btn primary big block" disabled=move || busy.get() || !app.owner.get() on:click=publish>{move || library_words().publish}</button>
    }
}
