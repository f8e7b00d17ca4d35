//! The office: files come in, and the records of all devices are found again.

mod bureau;
pub(super) mod import;
mod keys;
mod opened;
pub(super) mod report;
mod table;

use leptos::ev;
use leptos::prelude::*;

use self::bureau::BureauPage;
use self::import::{Incoming, take_in};
use self::report::IncomingList;
use self::table::RecordTable;
use super::icon::icon;
use super::later::path_of_route;
use super::state::App;
use super::verify::VerifyPage;
use super::widget::{Nav, Notice, TopBar};
use super::words::{assign_words, days_words, inbox_words, office_words, sealed_words, verify_words, words};
use crate::browser::files::{self, Pick};

/// The screen for the address.
#[component]
pub fn Pages() -> impl IntoView {
    let path = path_of_route();
    move || match path.get().trim_matches('/') {
        "bureau" => view! { <BureauPage/> }.into_any(),
        "verify" => view! { <VerifyPage/> }.into_any(),
        _ => view! { <Office/> }.into_any(),
    }
}

/// The page.
#[component]
pub fn Office() -> impl IntoView {
    let app = App::get();
    let incoming = RwSignal::new(Vec::<Incoming>::new());
    let dragging = RwSignal::new(false);
    let enter = window_event_listener(ev::dragover, move |event: web_sys::DragEvent| {
        event.prevent_default();
        dragging.set(true);
    });
    let leave = window_event_listener(ev::dragleave, move |event: web_sys::DragEvent| {
        // Leaving the window, not one element for another.
        if event.related_target().is_none() {
            dragging.set(false);
        }
    });
    let drop = window_event_listener(ev::drop, move |event: web_sys::DragEvent| {
        dragging.set(false);
        take_in(app, files::files_of_drop(&event), incoming);
    });
    on_cleanup(move || {
        enter.remove();
        leave.remove();
        drop.remove();
    });
    let pick = move |_| {
        leptos::task::spawn_local(async move {
            take_in(app, files::pick(Pick::Bundles).await, incoming);
        });
    };
    view! {
        <div class="has-nav">
            <TopBar title=Signal::derive(move || office_words().title.to_owned())/>
            <main class="page wide office">
                <Show when=move || !app.owner.get()><Notice tone="warn">{move || words().reader_note}</Notice></Show>
                <section class="drop" class:over=move || dragging.get()>
                    {icon("import")}
                    <div class="grow">
                        <h2>{move || office_words().import_title}</h2>
                        <p class="muted">{move || office_words().import_hint}</p>
                    </div>
                    <button type="button" class="btn primary" disabled=move || !app.owner.get() on:click=pick>{move || office_words().pick_files}</button>
                </section>
                <IncomingList incoming/>
                <section class="card flush">
                    <a class="list-row" href="/inbox">
                        {icon("book")}
                        <span class="grow"><span class="title">{move || inbox_words().title}</span><span class="sub">{move || inbox_words().link_hint}</span></span>
                        {icon("next")}
                    </a>
                    <a class="list-row" href="/assign">
                        {icon("share")}
                        <span class="grow"><span class="title">{move || assign_words().link_title}</span><span class="sub">{move || assign_words().link_hint}</span></span>
                        {icon("next")}
                    </a>
                    <a class="list-row" href="/days">
                        {icon("calendar")}
                        <span class="grow"><span class="title">{move || days_words().title}</span><span class="sub">{move || days_words().link_hint}</span></span>
                        {icon("next")}
                    </a>
                    <a class="list-row" href="/bureau">
                        {icon("lock")}
                        <span class="grow"><span class="title">{move || sealed_words().bureau}</span><span class="sub">{move || sealed_words().bureau_hint}</span></span>
                        {icon("next")}
                    </a>
                    <a class="list-row" href="/verify">
                        {icon("shield")}
                        <span class="grow"><span class="title">{move || verify_words().title}</span><span class="sub">{move || verify_words().link_hint}</span></span>
                        {icon("next")}
                    </a>
                </section>
                <RecordTable/>
            </main>
        </div>
        <Nav/>
    }
}
