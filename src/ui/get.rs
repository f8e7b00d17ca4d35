//! Takes in a file that lies on our own origin, from a link such as `/get?file=/packs/2026-12.json`.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::icon::icon;
use super::office::import::{Incoming, take_in};
use super::office::report::IncomingList;
use super::state::App;
use super::widget::{Nav, Notice, TopBar};
use super::words::{get_words, words};
use crate::browser::files::{FetchError, fetch_file};

/// The page. Nothing is taken in before the person says so: a link may come from anyone.
#[component]
pub fn Get() -> impl IntoView {
    let app = App::get();
    app.writing.set(false);
    app.leave_place();
    let query = use_query_map();
    let path = Memo::new(move |_| query.with(|query| query.get("file")).unwrap_or_default());
    let incoming = RwSignal::new(Vec::<Incoming>::new());
    let problem = RwSignal::new(None::<FetchError>);
    let busy = RwSignal::new(false);
    let fetch = move |_| {
        problem.set(None);
        busy.set(true);
        let path = path.get_untracked();
        leptos::task::spawn_local(async move {
            match fetch_file(&path).await {
                Ok(file) => take_in(app, vec![file], incoming),
                Err(error) => {
                    problem.try_set(Some(error));
                }
            }
            busy.try_set(false);
        });
    };
    let told = move || {
        problem.get().map(|problem| match problem {
            FetchError::Path => get_words().bad_path,
            FetchError::Offline => get_words().offline,
            FetchError::Absent => get_words().absent,
            FetchError::Large => get_words().large,
        })
    };
    view! {
        <div class="has-nav">
            <TopBar title=Signal::derive(|| get_words().title.to_owned()) back="/"/>
            <main class="page">
                <Show when=move || !app.owner.get()><Notice tone="warn">{move || words().reader_note}</Notice></Show>
                <section class="card stack">
                    <p>{move || get_words().hint}</p>
                    <p class="mono">{path}</p>
                    <button type="button" class="btn primary block" disabled=move || busy.get() || !app.owner.get() || path.get().is_empty() on:click=fetch>
                        {icon("import")}{move || if busy.get() { get_words().fetching } else { get_words().fetch }}
                    </button>
                    <Show when=move || told().is_some()><Notice tone="bad">{told}</Notice></Show>
                </section>
                <IncomingList incoming/>
            </main>
            <Nav/>
        </div>
    }
}
