//! When the store is empty or behind although work was kept, or can't be used at all: calm words and the way on.

use leptos::prelude::*;

use super::icon::icon;
use super::state::{App, Boot};
use super::words::{errors, fill, office_words, words};

/// The page that stands in place of all others.
#[component]
pub fn Rescue() -> impl IntoView {
    let app = App::get();
    Effect::new(move |_| document().set_title(&format!("{} · {}", office_words().rescue_short, words().app_name)));
    move || match app.boot.get() {
        Boot::Lost { announced, found } => view! { <Lost announced found/> }.into_any(),
        Boot::Failed { error } => view! { <Failed error/> }.into_any(),
        Boot::Opening | Boot::Ready => ().into_any(),
    }
}

fn reload() {
    // Fails only while the page is being left anyway.
    let _ = window().location().reload();
}

#[component]
fn Lost(announced: u64, found: u64) -> impl IntoView {
    let app = App::get();
    let sure = RwSignal::new(false);
    let behind = found > 0;
    let title = move || if behind { office_words().rescue_behind } else { office_words().rescue_empty };
    let what = move || if behind { office_words().rescue_behind_what } else { office_words().rescue_empty_what };
    view! {
        <main class="page rescue">
            <div class="rescue-sign">{icon("warn")}</div>
            <h1>{title}</h1>
            <p>{what}</p>
            <dl class="facts card">
                <dt>{move || office_words().rescue_announced}</dt><dd class="num">{announced}</dd>
                <dt>{move || office_words().rescue_found}</dt><dd class="num">{found}</dd>
            </dl>
            <section class="card stack">
                <h2>{move || office_words().rescue_steps}</h2>
                <ol class="steps">
                    <li><p>{move || office_words().rescue_step_reload}</p>
                        <button type="button" class="btn primary block" on:click=move |_| reload()>{icon("undo")}{move || office_words().reload}</button></li>
                    <li><p>{move || office_words().rescue_step_browser}</p></li>
                    <li><p>{move || office_words().rescue_step_go_on}</p>
                        {move || if sure.get() {
                            view! {
                                <div class="notice warn" role="alertdialog" aria-label=office_words().rescue_sure>{icon("warn")}<div class="grow stack">
                                    <strong>{office_words().rescue_sure}</strong>
                                    <span>{office_words().rescue_sure_text}</span>
                                    <div class="row wrap">
                                        <button type="button" class="btn danger" on:click=move |_| app.open_anyway()>{office_words().rescue_go_on}</button>
                                        <button type="button" class="btn" on:click=move |_| sure.set(false)>{words().cancel}</button>
                                    </div>
                                </div></div>
                            }
                            .into_any()
                        } else {
                            view! { <button type="button" class="btn block" on:click=move |_| sure.set(true)>{office_words().rescue_go_on}</button> }.into_any()
                        }}
                    </li>
                </ol>
            </section>
            <p class="muted">{move || fill(office_words().rescue_office, &[&announced])}</p>
        </main>
    }
}

#[component]
fn Failed(error: crate::port::twin::StoreError) -> impl IntoView {
    view! {
        <main class="page rescue">
            <div class="rescue-sign">{icon("warn")}</div>
            <h1>{move || office_words().rescue_failed}</h1>
            <p>{move || errors::explain_store(&error)}</p>
            <section class="card stack">
                <h2>{move || office_words().rescue_steps}</h2>
                <ol class="steps">
                    <li><p>{move || office_words().rescue_step_retry}</p>
                        <button type="button" class="btn primary block" on:click=move |_| reload()>{icon("undo")}{move || words().retry}</button></li>
                    <li><p>{move || office_words().rescue_step_window}</p></li>
                    <li><p>{move || office_words().rescue_step_space}</p></li>
                </ol>
            </section>
            <p class="muted">{move || office_words().rescue_kept}</p>
        </main>
    }
}
