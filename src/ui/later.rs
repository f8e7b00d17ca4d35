//! Screens that are not in the program's first file. The build cuts them off into files of their
//! own (see `xtask/src/split.rs`); they are fetched soon after the start, or when first wanted.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use leptos::prelude::*;
use leptos::wasm_split::SplitLoaderError;
use leptos_router::ChooseView;
use leptos_router::hooks::use_location;
use wasm_bindgen_futures::JsFuture;

use super::icon::icon;
use super::widget::Nav;
use super::words::words;
use crate::domain::inspection::Summarise;

/// A screen under way, or the news that its file could not be fetched.
pub type Coming = Pin<Box<dyn Future<Output = Result<AnyView, SplitLoaderError>>>>;
/// A file of the program under way.
pub type Fetching = Pin<Box<dyn Future<Output = Result<(), SplitLoaderError>>>>;

/// How long the first screen has the network and the processor to itself.
const HEAD_START: Duration = Duration::from_millis(1500);

/// A screen in another file. The old screen stays until the new one is there.
#[derive(Clone, Copy)]
pub struct Later(pub fn() -> Coming);

impl ChooseView for Later {
    async fn choose(self) -> AnyView {
        match (self.0)().await {
            Ok(view) => view,
            Err(_) => view! { <NotThere/> }.into_any(),
        }
    }

    async fn preload(&self) {}
}

/// The address for an entry that shows several screens. It stands still once the address belongs to another route: the router
/// is about to put another entry in this one's place, and if both showed the new screen, it would be made twice.
#[must_use]
pub fn path_of_route() -> Memo<String> {
    let path = use_location().pathname;
    Memo::new(move |own: Option<&String>| match (own, path.get()) {
        (Some(own), now) if route_of(own) != route_of(&now) => own.clone(),
        (_, now) => now,
    })
}

/// What tells the routes of the entries apart: how the address begins, and how many segments it has.
fn route_of(path: &str) -> (Option<&str>, usize) {
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    let first = segments.next();
    (first, segments.count())
}

/// What makes summaries, under way.
pub type FetchingSummarise = Pin<Box<dyn Future<Output = Result<Summarise, SplitLoaderError>>>>;

/// What makes the summary of a record; it knows all of checklists, and so it is in another file.
#[derive(Clone, Copy)]
pub struct Summarising(pub fn() -> FetchingSummarise);

/// A file of the program, and the addresses whose screens are in it.
#[derive(Clone, Copy)]
pub struct Part {
    /// How the addresses begin.
    pub paths: &'static [&'static str],
    /// Fetches the file.
    pub fetch: fn() -> Fetching,
}

/// What is in other files; only the program itself knows how to get it.
#[derive(Clone, Copy)]
pub struct Parts {
    /// `/start…`
    pub start: Later,
    /// `/check/:id`
    pub check: Later,
    /// `/check/:id/finish`
    pub finish: Later,
    /// `/record/:id`
    pub record: Later,
    /// `/record/:id/print`
    pub print: Later,
    /// `/cases…`, `/case/:id…`, `/leads`, `/stats`, `/notices…`
    pub cases: Later,
    /// `/complain…`
    pub complain: Later,
    /// `/ledger…`, `/due`, `/days`, `/scan`, `/labels`
    pub ledger: Later,
    /// `/library…`
    pub library: Later,
    /// `/export`
    pub export: Later,
    /// `/office`, `/verify`
    pub office: Later,
    /// `/get`
    pub get: Later,
    /// `/me`
    pub me: Later,
    /// What makes summaries, needed after a repair only.
    pub summarising: Summarising,
    /// The files, those first that are most likely wanted next.
    pub files: &'static [Part],
}

impl Parts {
    /// Fetches what the address needs at once, and all else in the background. Whether the first is done.
    pub fn fetch_all(self) -> RwSignal<bool> {
        let path = window().location().pathname().unwrap_or_default();
        let (now, then): (Vec<Part>, Vec<Part>) =
            self.files.iter().partition(|part| part.paths.iter().any(|start| path.starts_with(start)));
        let done = RwSignal::new(now.is_empty());
        leptos::task::spawn_local(async move {
            fetch(now).await;
            done.set(true);
            // The offline worker fetches all files anyway: after that they cost no network.
            if let Ok(ready) = window().navigator().service_worker().ready() {
                let _ = JsFuture::from(ready).await;
            }
            set_timeout(move || leptos::task::spawn_local(fetch(then)), HEAD_START);
        });
        done
    }
}

/// Fetches one file after another. One that fails is fetched again when it is wanted.
async fn fetch(parts: Vec<Part>) {
    for part in parts {
        let _ = (part.fetch)().await;
    }
}

/// Only before the first visit has been completed can a file be missing.
#[component]
fn NotThere() -> impl IntoView {
    view! {
        <main class="page has-nav">
            <div class="empty">
                {icon("warn")}
                <h1>{move || words().part_missing}</h1>
                <p>{move || words().part_missing_hint}</p>
                <button class="btn primary" type="button" on:click=move |_| drop(window().location().reload())>
                    {move || words().reopen}
                </button>
            </div>
        </main>
        <Nav/>
    }
}
