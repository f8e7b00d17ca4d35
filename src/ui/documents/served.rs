//! What follows the issue of a document: service, receipt, correction, withdrawal.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::ctx::{DocCtx, explain};
use super::delivery::{DeliveryForm, DeliveryView};
use super::store::{create, tell_step};
use crate::app::document;
use crate::document::{Delivery, Status, served_item};
use crate::ui::icon::icon;
use crate::ui::photo::PhotoStrip;
use crate::ui::widget::{Notice, Sheet};
use crate::ui::words::document_words;

/// Asks for a reason.
#[component]
pub fn Reason(
    /// The act, following the language.
    word: fn() -> &'static str,
    /// What is done with the reason.
    on_done: Callback<String>,
) -> impl IntoView {
    let reason = RwSignal::new(String::new());
    view! {
        <label class="field"><span>{move || document_words().reason}</span>
            <textarea class="input" rows="3" maxlength="500" on:input=move |event| reason.set(event_target_value(&event))></textarea>
        </label>
        <button type="button" class="btn primary block" disabled=move || reason.get().trim().is_empty() on:click=move |_| on_done.run(reason.get_untracked().trim().to_owned())>{move || word()}</button>
    }
}

/// How a document was served, and what else can be done with it.
#[component]
pub fn Served(ctx: DocCtx) -> impl IntoView {
    let (delivering, receiving) = (RwSignal::new(false), RwSignal::new(false));
    let (correcting, withdrawing, busy) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let navigate = StoredValue::new_local(use_navigate());
    let add = move |receipt: bool, delivery: Delivery| {
        let id = ctx.app.workspace().new_record_id().to_string();
        let changes = if receipt { document::receive(&id, &delivery) } else { document::deliver(&id, &delivery) };
        if ctx.set(&changes) {
            delivering.set(false);
            receiving.set(false);
            ctx.app.toast(if receipt { document_words().received_toast } else { document_words().served_toast });
        }
    };
    let correct = Callback::new(move |reason: String| {
        if busy.get_untracked() {
            return;
        }
        let id = ctx.pen.id().to_string();
        let Some(changes) = ctx.pen.with_state(|state| document::correct(&id, state, &reason)) else { return };
        busy.set(true);
        leptos::task::spawn_local(async move {
            match create(ctx.app, &changes).await {
                Ok(new) => {
                    correcting.try_set(false);
                    navigate.with_value(|navigate| navigate(&format!("/doc/{new}"), NavigateOptions::default()));
                }
                Err(error) => ctx.app.toast(explain(&error)),
            }
            busy.try_set(false);
        });
    });
    let withdraw = Callback::new(move |reason: String| {
        if ctx.set(&document::withdraw(&reason, ctx.now())) {
            withdrawing.set(false);
            leptos::task::spawn_local(async move {
                if let Err(error) = tell_step(ctx).await {
                    ctx.app.toast(explain(&error));
                }
            });
        }
    });
    let all = move |receipts: bool| {
        let document = ctx.document.get()?;
        let all = if receipts { document.receipts.clone() } else { document.deliveries.clone() };
        (!all.is_empty()).then(|| {
            let heading = if receipts { document_words().receipt } else { document_words().delivery };
            view! { <h3>{heading}</h3><ul class="list">{all.into_iter().map(|(id, one)| view! {
                <li class="list-row"><div class="grow stack tight"><DeliveryView delivery=one/>
                    <p class="muted small">{document_words().served_photos}</p>
                    <PhotoStrip album=ctx.album item=Some((None, served_item(&id)))/>
                </div></li>
            }).collect_view()}</ul> }
        })
    };
    let issued = move || ctx.document.get().is_some_and(|document| document.issued.is_some());
    let standing = move || ctx.document.get().is_some_and(|document| document.status == Status::Issued);
    view! {
        <Show when=issued>
            <section class="card stack" aria-labelledby="served">
                <h2 id="served">{move || document_words().service}</h2>
                {move || all(false)}
                {move || all(true)}
                <button type="button" class="btn block" on:click=move |_| delivering.set(true)>{icon("share")}{move || document_words().serve}</button>
                <button type="button" class="btn block" on:click=move |_| receiving.set(true)>{icon("check")}{move || document_words().receive}</button>
            </section>
            <section class="card stack" aria-labelledby="correction">
                <h2 id="correction">{move || document_words().correction}</h2>
                <Notice>{move || document_words().never_changes}</Notice>
                <button type="button" class="btn block" on:click=move |_| correcting.set(true)>{icon("pen")}{move || document_words().correct}</button>
                <Show when=standing><button type="button" class="btn quiet danger-text" on:click=move |_| withdrawing.set(true)>{icon("cross")}{move || document_words().withdraw}</button></Show>
            </section>
        </Show>
        <Sheet open=delivering title=Signal::derive(|| document_words().serve.to_owned())>
            <DeliveryForm ctx receipt=false on_done=Callback::new(move |delivery| add(false, delivery))/>
        </Sheet>
        <Sheet open=receiving title=Signal::derive(|| document_words().receive.to_owned())>
            <DeliveryForm ctx receipt=true on_done=Callback::new(move |delivery| add(true, delivery))/>
        </Sheet>
        <Sheet open=correcting title=Signal::derive(|| document_words().correct.to_owned())>
            <p>{move || document_words().correct_hint}</p>
            <Reason word=|| document_words().correct on_done=correct/>
        </Sheet>
        <Sheet open=withdrawing title=Signal::derive(|| document_words().withdraw.to_owned())>
            <p>{move || document_words().withdraw_hint}</p>
            <Reason word=|| document_words().withdraw on_done=withdraw/>
        </Sheet>
    }
}
