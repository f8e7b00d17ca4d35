//! The checklists of one inspection: what the inspector has in hand on site.

mod ctx;
mod drawn;
mod earlier;
mod page;
mod site;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_params_map;
use serde_json::json;

pub use self::ctx::{CheckCtx, SlotSignals};
pub use self::earlier::Past;
use self::page::CheckPage;
pub use self::site::{explain, slot_place};
use super::icon::icon;
use super::state::App;
use super::widget::{Sheet, TopBar};
use super::words::{errors, words};
use crate::app::workspace::AppError;

/// Brings an item into view and gives it the focus, for people who see and people who listen.
pub fn scroll_to(item: &str) {
    let Some(element) = document().get_element_by_id(item) else { return };
    element.scroll_into_view();
    if let Some(element) = wasm_bindgen::JsCast::dyn_ref::<web_sys::HtmlElement>(&element) {
        // Without focus the item is still in view.
        let _ = element.focus();
    }
}

/// Opens the inspection in the address and shows what `page` makes of it.
pub fn with_check(page: impl Fn(CheckCtx) -> AnyView + Send + Sync + 'static) -> impl IntoView {
    let app = App::get();
    app.writing.set(true);
    on_cleanup(move || app.writing.set(false));
    let params = use_params_map();
    let ctx = LocalResource::new(move || {
        let id = params.with(|params| params.get("id").unwrap_or_default());
        async move { CheckCtx::open(app, &id).await }
    });
    let navigate = StoredValue::new_local(leptos_router::hooks::use_navigate());
    Effect::new(move |_| {
        // What is closed is read on its own page; nothing there looks as if it could be changed.
        if let Some(Ok(ctx)) = ctx.get()
            && ctx.is_closed()
        {
            let to = ctx.id.with_value(|id| format!("/record/{id}"));
            navigate.with_value(|navigate| navigate(&to, NavigateOptions { replace: true, ..Default::default() }));
        }
    });
    move || match ctx.get() {
        None => {
            view! { <main class="page"><div class="empty" role="status"><span class="spinner"></span><p>{words().opening}</p></div></main> }
                .into_any()
        }
        Some(Ok(ctx)) => page(ctx),
        Some(Err(error)) => view! { <Gone error/> }.into_any(),
    }
}

#[component]
fn Gone(error: AppError) -> impl IntoView {
    let text = move || match &error {
        AppError::Store(error) => errors::explain_store(error),
        _ => words().record_gone_hint.to_owned(),
    };
    view! {
        <TopBar title=Signal::derive(|| words().record_gone.to_owned()) back="/"/>
        <main class="page"><div class="card"><div class="empty">{icon("search")}<h2>{move || words().record_gone}</h2><p>{text}</p><a class="btn primary" href="/">{move || words().to_home}</a></div></div></main>
    }
}

/// The page.
#[component]
pub fn Check() -> impl IntoView {
    with_check(|ctx| view! { <CheckPage ctx/> }.into_any())
}

/// Takes a draft out of the count, with a reason.
#[component]
fn VoidCheck(ctx: CheckCtx) -> impl IntoView {
    let open = RwSignal::new(false);
    let reason = RwSignal::new(String::new());
    let navigate = leptos_router::hooks::use_navigate();
    let leave = StoredValue::new_local(navigate);
    view! {
        <button type="button" class="btn quiet danger-text" on:click=move |_| open.set(true)>{icon("trash")}{move || words().void_check}</button>
        <Sheet open title=Signal::derive(|| words().void_check.to_owned())>
            <p>{move || words().void_hint}</p>
            <label class="field"><span>{move || words().void_reason}</span>
                <input class="input" type="text" on:input=move |event| reason.set(event_target_value(&event))/>
            </label>
            <button type="button" class="btn danger block" disabled=move || reason.get().trim().is_empty() on:click=move |_| {
                if ctx.try_set(&[("voided", json!(reason.get_untracked().trim()))]) {
                    open.set(false);
                    ctx.app.toast(words().void_done);
                    leave.with_value(|navigate| navigate("/", Default::default()));
                }
            }>{move || words().void_check}</button>
        </Sheet>
    }
}
