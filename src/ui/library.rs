//! The checklist library: what there is, read through, edited, brought in from spreadsheets and taken out.

mod acts;
pub mod describe;
mod edit;
mod export;
mod findings;
mod history;
mod import;
mod new;
pub mod pages;
mod read;
mod shelf;

use std::collections::BTreeMap;

use leptos::prelude::*;

use self::shelf::{Entry, Standing};
use super::content;
use super::icon::icon;
use super::state::App;
use super::widget::{Nav, Notice, Sheet, TopBar};
use super::words::{fill, lang, library_words, words};
use crate::app::library;

/// What the page shows and follows.
#[derive(Clone, Copy)]
struct Shelf {
    app: App,
    /// Counts up when something was done to a list.
    changed: RwSignal<u64>,
    /// How many items are asked and not verified, for lists that were read.
    counts: RwSignal<BTreeMap<(String, String), (usize, usize)>>,
    /// The list whose actions are shown.
    chosen: RwSignal<Option<Entry>>,
}

/// The page.
#[component]
pub fn Library() -> impl IntoView {
    let app = App::get();
    app.writing.set(false);
    app.leave_place();
    let shelf = Shelf { app, changed: RwSignal::new(0), counts: RwSignal::default(), chosen: RwSignal::new(None) };
    let entries = LocalResource::new(move || {
        shelf.changed.track();
        async move { shelf::entries(app).await }
    });
    let search = RwSignal::new(String::new());
    let stopped = RwSignal::new(false);
    let making = RwSignal::new(false);
    let all = Memo::new(move |_| entries.get().and_then(Result::ok).unwrap_or_default());
    let out_of_use = move || all.with(|all| all.iter().filter(|one| one.standing == Standing::Stopped).count());
    Effect::new(move |_| all.with(|all| count_items(shelf, all)));
    let shown = Memo::new(move |_| {
        let (search, stopped) = (search.get().trim().to_lowercase(), stopped.get());
        let fits = |one: &Entry| {
            let text = format!("{} {} {} {}", one.title_zh, one.title_en, one.id, describe::domain(&one.domain)).to_lowercase();
            (stopped || one.standing != Standing::Stopped) && search.split_whitespace().all(|word| text.contains(word))
        };
        let mut groups: Vec<(String, Vec<Entry>)> = Vec::new();
        for one in all.get().into_iter().filter(fits) {
            match groups.iter_mut().find(|(domain, _)| describe::domain(domain) == describe::domain(&one.domain)) {
                Some((_, entries)) => entries.push(one),
                None => groups.push((one.domain.clone(), vec![one])),
            }
        }
        groups.sort_by_key(|(domain, _)| describe::domain_place(domain));
        groups
    });
    view! {
        <div class="has-nav">
            <TopBar title=Signal::derive(|| library_words().title.to_owned()) back="/"/>
            <main class="page wide library">
                <Show when=move || !app.owner.get()><Notice tone="warn">{move || words().reader_note}</Notice></Show>
                <label class="search">
                    <span class="sr">{move || library_words().search}</span>
                    {icon("search")}
                    <input class="input" type="search" placeholder=move || library_words().search on:input=move |event| search.set(event_target_value(&event))/>
                </label>
                <div class="library-acts">
                    <button type="button" class="btn primary" disabled=move || !app.owner.get() on:click=move |_| making.set(true)>{icon("plus")}{move || library_words().new_list}</button>
                    <a class="btn" href="/library/import">{icon("import")}{move || library_words().from_sheet}</a>
                    <a class="btn" href="/cases/forms">{icon("list")}{move || library_words().official}</a>
                </div>
                {move || match entries.get() {
                    None => view! { <div class="empty" role="status"><span class="spinner"></span><p>{words().opening}</p></div> }.into_any(),
                    Some(Err(error)) => view! {
                        <Notice tone="bad"><strong>{library_words().failed}</strong>{words().checklist_failed_hint}<span class="small mono">{error.to_string()}</span>
                            <button type="button" class="btn slim" on:click=move |_| entries.refetch()>{words().retry}</button>
                        </Notice>
                    }.into_any(),
                    Some(Ok(_)) => view! { <Groups shelf shown/> }.into_any(),
                }}
                <Show when=move || out_of_use().gt(&0)>
                    <div class="chips-pick">
                        <button type="button" aria-pressed=move || stopped.get().to_string() on:click=move |_| stopped.update(|on| *on = !*on)>
                            {move || fill(library_words().show_retired, &[&out_of_use()])}
                        </button>
                    </div>
                </Show>
            </main>
        </div>
        <Nav/>
        <ListActs shelf/>
        <new::NewList open=making/>
    }
}

/// Reads the lists one after another for what the index does not say.
fn count_items(shelf: Shelf, entries: &[Entry]) {
    let known = |one: &Entry| one.unverified.is_some() || shelf.counts.with_untracked(|counts| counts.contains_key(&key(one)));
    let open: Vec<Entry> = entries.iter().filter(|one| !known(one)).cloned().collect();
    leptos::task::spawn_local(async move {
        for one in open {
            // The page may be gone by now.
            if shelf.counts.try_with_untracked(BTreeMap::len).is_none() {
                return;
            }
            let Ok(list) = content::checklist(&one.id).await else { continue };
            shelf.counts.try_update(|counts| counts.insert(key(&one), library::count(&list)));
        }
    });
}

fn key(one: &Entry) -> (String, String) {
    (one.id.clone(), one.version.clone())
}

#[component]
fn Groups(shelf: Shelf, shown: Memo<Vec<(String, Vec<Entry>)>>) -> impl IntoView {
    view! {
        <Show
            when=move || shown.with(|shown| !shown.is_empty())
            fallback=|| view! {
                <div class="card"><div class="empty">{icon("search")}<p><strong>{move || library_words().nothing}</strong></p><p class="small">{move || library_words().nothing_hint}</p></div></div>
            }
        >
            <div class="library-groups">
                {move || shown.get().into_iter().map(|(domain, entries)| {
                    let count = entries.len();
                    view! {
                        <section class="stack tight">
                            <div class="section-title"><h2>{describe::domain(&domain)}</h2><span class="muted num">{count}</span></div>
                            <ul class="card flush list">{entries.into_iter().map(|one| line(shelf, one)).collect_view()}</ul>
                        </section>
                    }
                }).collect_view()}
            </div>
        </Show>
    }
}

fn line(shelf: Shelf, one: Entry) -> AnyView {
    let w = library_words();
    let title = one.title(lang()).to_owned();
    let href = match one.standing {
        Standing::Unpublished => format!("/library/{}/edit", one.id),
        _ => format!("/library/{}", one.id),
    };
    let known = key(&one);
    let (items, unverified) = (one.items, one.unverified);
    let doubtful = move || {
        unverified.or_else(|| shelf.counts.with(|counts| counts.get(&known).map(|(_, doubtful)| *doubtful))).filter(|count| *count > 0)
    };
    let label = fill(w.acts, &[&title]);
    let version = one.version.clone();
    view! {
        <li class="pick-row">
            <a class="list-row" href=href>
                <span class="grow">
                    <span class="title">{title}</span>
                    <span class="row wrap chips">
                        {standing_chip(one.standing)}
                        <span class="chip num">{fill(w.n_items, &[&items])}</span>
                        {(!version.is_empty()).then(|| view! { <span class="chip num">{fill(w.version, &[&version])}</span> })}
                        {move || doubtful().map(|count| view! { <span class="chip warn num">{fill(library_words().n_unverified, &[&count])}</span> })}
                        {(one.draft && one.standing != Standing::Unpublished).then(|| view! { <span class="chip brand">{w.has_draft}</span> })}
                    </span>
                </span>
            </a>
            <button type="button" class="icon-btn" aria-label=label aria-haspopup="dialog" on:click=move |_| shelf.chosen.set(Some(one.clone()))>{icon("more")}</button>
        </li>
    }
    .into_any()
}

/// Whose list it is, and whether it is used.
fn standing_chip(standing: Standing) -> AnyView {
    let w = library_words();
    let (tone, word) = match standing {
        Standing::Shipped => ("chip", w.shipped),
        Standing::Edition => ("chip good", w.own_edition),
        Standing::Own => ("chip good", w.own),
        Standing::Stopped => ("chip bad", w.retired),
        Standing::Unpublished => ("chip brand", w.unpublished),
    };
    view! { <span class=tone>{word}</span> }.into_any()
}

/// What can be done with the list that was chosen.
#[component]
fn ListActs(shelf: Shelf) -> impl IntoView {
    let open = opens_with(shelf.chosen);
    let title = Signal::derive(move || shelf.chosen.with(|one| one.as_ref().map(|one| one.title(lang()).to_owned())).unwrap_or_default());
    let busy = RwSignal::new(false);
    let after = Callback::new(move |()| {
        shelf.changed.update(|count| *count += 1);
    });
    view! {
        <Sheet open title>
            {move || shelf.chosen.get().map(|one| {
                let w = library_words();
                let app = shelf.app;
                let (to_switch, to_export) = (one.id.clone(), one.id.clone());
                let published = one.standing != Standing::Unpublished;
                let stopped = one.standing == Standing::Stopped;
                view! {
                    <div class="stack tight">
                        {published.then(|| view! { <a class="btn block" href=format!("/library/{}", one.id)>{icon("book")}{w.view}</a> })}
                        <a class="btn block" href=format!("/library/{}/edit", one.id)>{icon("pen")}{w.edit}</a>
                        {published.then(|| view! {
                            <button type="button" class="btn block" disabled=move || busy.get() on:click=move |_| {
                                // Messages below the page can't be reached while a sheet is open.
                                open.set(false);
                                app.toast(library_words().exporting);
                                export::export_list(app, to_export.clone(), busy);
                            }>
                                {icon("export")}{w.export}
                            </button>
                            <button type="button" class=if stopped { "btn block" } else { "btn block danger" } disabled=move || !app.owner.get()
                                on:click=move |_| { open.set(false); acts::switch(app, to_switch.clone(), after); }>
                                {icon(if stopped { "check" } else { "minus" })}{if stopped { w.resume } else { w.stop }}
                            </button>
                            <p class="muted small">{w.stop_hint}</p>
                        })}
                    </div>
                }
            })}
        </Sheet>
    }
}

/// Whether a sheet is open: while something is chosen. Closing the sheet takes the choice back.
fn opens_with<T: Send + Sync + 'static>(chosen: RwSignal<Option<T>>) -> RwSignal<bool> {
    let open = RwSignal::new(false);
    Effect::new(move |_| {
        let wanted = chosen.with(Option::is_some);
        if open.get_untracked() != wanted {
            open.set(wanted);
        }
    });
    Effect::new(move |_| {
        if !open.get() && chosen.with_untracked(Option::is_some) {
            chosen.set(None);
        }
    });
    open
}

/// Gives an element the focus.
fn focus(id: &str) {
    let Some(element) = document().get_element_by_id(id) else { return };
    if let Some(element) = wasm_bindgen::JsCast::dyn_ref::<web_sys::HtmlElement>(&element) {
        // It is there even where the focus can't be moved.
        let _ = element.focus();
    }
}
