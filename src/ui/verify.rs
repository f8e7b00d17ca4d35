//! The page that checks bundles and case folders without keeping anything of them.

mod paper;
mod run;

use leptos::prelude::*;

use self::paper::paper;
use self::run::{Progress, check};
use super::icon::icon;
use super::state::App;
use super::widget::{Nav, TopBar};
use super::words::{fill, lang, verify_words};
use crate::app::verify::Verified;
use crate::browser::files::{self, Pick};

/// How far the page is.
#[derive(Clone)]
enum Step {
    /// Nothing was chosen yet.
    Choosing,
    /// At it.
    Working(Progress),
    /// Done, and when, in milliseconds since the epoch.
    Done(StoredValue<Vec<Verified>>, u64),
}

/// The page.
#[component]
pub fn VerifyPage() -> impl IntoView {
    let app = App::get();
    let step = RwSignal::new(Step::Choosing);
    let choose = move |what: Pick| {
        leptos::task::spawn_local(async move {
            let picked = files::pick(what).await;
            if picked.is_empty() || step.try_get_untracked().is_none() {
                return;
            }
            let found = check(picked, |progress| drop(step.try_set(Step::Working(progress)))).await;
            step.try_set(Step::Done(StoredValue::new(found), app.now_ms()));
        });
    };
    let done = move || matches!(step.get(), Step::Done(..));
    view! {
        <div class="has-nav">
            <TopBar title=Signal::derive(|| verify_words().title.to_owned()) back="/office"/>
            <Show when=done>
                <section class="print-tools" aria-label=move || verify_words().title>
                    <button type="button" class="btn" on:click=move |_| step.set(Step::Choosing)>{icon("undo")}{move || verify_words().again}</button>
                    <button type="button" class="btn primary" on:click=move |_| {
                        // The browser's dialog; where printing is switched off nothing happens.
                        let _ = window().print();
                    }>{icon("print")}{move || verify_words().print}</button>
                </section>
            </Show>
            {move || match step.get() {
                Step::Choosing => view! { <Choose choose=Callback::new(choose)/> }.into_any(),
                Step::Working(progress) => view! { <Working progress/> }.into_any(),
                Step::Done(found, at_ms) => {
                    let papers = found.with_value(|found| found.iter().map(|one| paper(app, one, at_ms, lang())).collect_view());
                    view! { <main class="paper-desk verify-desk" aria-live="polite">{papers}</main> }.into_any()
                }
            }}
        </div>
        <Nav/>
    }
}

#[component]
fn Choose(choose: Callback<Pick>) -> impl IntoView {
    let folders = files::can_pick_folder();
    view! {
        <main class="page">
            <section class="card stack">
                <h2>{move || verify_words().choose}</h2>
                <p class="muted">{move || verify_words().choose_hint}</p>
                <button type="button" class="btn primary block" on:click=move |_| choose.run(Pick::Any)>{icon("shield")}{move || verify_words().pick_files}</button>
                {if folders {
                    view! {
                        <button type="button" class="btn block" on:click=move |_| choose.run(Pick::Folder)>{icon("list")}{move || verify_words().pick_folder}</button>
                    }.into_any()
                } else {
                    view! { <p class="hint">{move || verify_words().no_folder}</p> }.into_any()
                }}
            </section>
        </main>
    }
}

#[component]
fn Working(progress: Progress) -> impl IntoView {
    let label = fill(verify_words().working, &[&progress.file]);
    view! {
        <main class="page">
            <section class="card verify" aria-busy="true">
                <div class="verify-head"><span class="spinner"></span><h2>{label.clone()}</h2></div>
                <progress class="bar" max="100" value=progress.percent.to_string() aria-label=label></progress>
            </section>
        </main>
    }
}
