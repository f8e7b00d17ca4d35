//! The first screen, and the list of all records.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use super::icon::icon;
use super::state::App;
use super::widget::{Nav, Notice, OfflineSign, TopBar};
use super::words::{fill, lang, visit_words, words};
use crate::app::transfer::{LedgerEntry, is_due};
use crate::browser::update::Readiness;
use crate::domain::inspection::{Stage, Summary};
use crate::domain::time::Instant;

/// The first screen: begin, go on, and how the data stands.
#[component]
pub fn Home() -> impl IntoView {
    let app = App::get();
    app.writing.set(false);
    // After the page was killed during a check, the app starts here: go back to where the person was, once.
    let resume = app.take_resume();
    app.leave_place();
    if let Some(place) = resume {
        let draft =
            app.summaries.with_untracked(|summaries| summaries.iter().any(|one| one.id == place.record && one.stage == Stage::Draft));
        if draft {
            let navigate = use_navigate();
            let to = match place.item.as_str() {
                "" => format!("/check/{}", place.record),
                item => format!("/check/{}?item={item}", place.record),
            };
            navigate(&to, leptos_router::NavigateOptions { replace: true, ..Default::default() });
        }
    }
    let ledger = LocalResource::new(move || async move { app.workspace().ledger().await.unwrap_or_default() });
    let inspections = Memo::new(move |_| app.summaries.get().into_iter().filter(|one| one.kind == "inspection").collect::<Vec<_>>());
    let drafts = Memo::new(move |_| inspections.get().into_iter().filter(|one| one.stage == Stage::Draft).collect::<Vec<_>>());
    let to_export = move || {
        let ledger = ledger.get().unwrap_or_default();
        app.summaries.with(|all| all.iter().filter(|one| needs_export(app, one, &ledger)).count())
    };
    let no_officer = move || app.prefs.with(|prefs| prefs.officer.name.is_empty() || prefs.officer.cert_no.is_empty());
    view! {
        <div class="has-nav">
            <TopBar title=Signal::derive(|| words().app_name.to_owned())><OfflineSign/></TopBar>
            <main class="page">
                <Notices/>
                <Show when=no_officer>
                    <div class="notice warn" role="note">
                        {icon("me")}
                        <div class="grow"><strong>{move || words().officer_missing}</strong>{move || words().officer_missing_hint}</div>
                        <a class="btn slim" href="/me">{move || words().fill_in}</a>
                    </div>
                </Show>
                <section class="card start-card">
                    <h2>{move || words().hello}</h2>
                    <a class="btn primary big block" href="/start">{icon("plus")}{move || words().start_check}</a>
                    <nav class="quick" aria-label=move || words().more>
                        <a class="btn quiet" href="/scan">{icon("scan")}{move || words().home_scan}</a>
                        <a class="btn quiet" href="/due">{icon("calendar")}{move || words().home_due}</a>
                        <a class="btn quiet" href="/cases">{icon("warn")}{move || words().home_cases}</a>
                        <a class="btn quiet" href="/library">{icon("book")}{move || words().home_lists}</a>
                    </nav>
                </section>
                <Tasks/>
                <Show when=move || to_export().gt(&0)>
                    <a class="notice warn link" href="/export">
                        {icon("export")}
                        <div class="grow"><strong>{move || fill(words().to_export, &[&to_export()])}</strong>{move || words().to_export_hint}</div>
                        {icon("next")}
                    </a>
                </Show>
                <section class="stack tight" aria-labelledby="drafts">
                    <div class="section-title"><h2 id="drafts">{move || words().drafts}</h2></div>
                    <Show
                        when=move || !drafts.get().is_empty()
                        fallback=|| view! {
                            <div class="card"><div class="empty">{icon("list")}<p><strong>{move || words().drafts_none}</strong></p><p class="small">{move || words().drafts_none_hint}</p></div></div>
                        }
                    >
                        <div class="card flush"><RecordList records=drafts.into() ledger=Signal::derive(move || ledger.get().unwrap_or_default())/></div>
                    </Show>
                </section>
                <a class="btn quiet block" href="/complain">{icon("info")}{move || words().home_complain}</a>
                <a class="btn quiet block" href="/notices">{icon("book")}{move || words().home_notices}</a>
            </main>
            <Nav/>
        </div>
    }
}

/// Work that the office gave and that waits to be done, the most urgent first.
#[component]
fn Tasks() -> impl IntoView {
    let app = App::get();
    let tasks = Memo::new(move |_| app.summaries.get().into_iter().filter(|one| one.due.is_some()).collect::<Vec<_>>());
    let today = move || Instant::from_ms(app.now_ms()).date(app.offset_min()).to_string();
    // Those without a date come last; dates sort as texts.
    let rank = |one: &Summary| one.due.clone().filter(|due| !due.is_empty()).unwrap_or_else(|| "9".to_owned());
    let sorted = move || {
        let mut left = tasks.get();
        let mut sorted = Vec::new();
        while let Some(next) = (0..left.len()).min_by_key(|&index| left.get(index).map(rank)) {
            sorted.push(left.remove(next));
        }
        sorted
    };
    view! {
        <Show when=move || !tasks.with(Vec::is_empty)>
            <section class="stack tight" aria-labelledby="tasks">
                <div class="section-title"><h2 id="tasks">{move || words().tasks}</h2></div>
                <ul class="card flush list">
                    <For each=sorted key=|one| (one.id.clone(), one.updated_ms) let:one>
                        {
                            let due = one.due.clone().unwrap_or_default();
                            let late = !due.is_empty() && due < today();
                            let until = due.clone();
                            view! {
                                <li><a class="list-row" href=format!("/task/{}", one.id)>
                                    <span class="grow">
                                        <span class="title">{one.title.clone()}</span>
                                        <span class="sub">{one.subtitle.clone()}</span>
                                        <span class="row wrap chips">
                                            {(!due.is_empty()).then(|| view! { <span class="chip num">{move || fill(words().task_due, &[&until])}</span> })}
                                            {late.then(|| view! { <span class="chip bad">{move || words().task_late}</span> })}
                                        </span>
                                    </span>
                                    {icon("next")}
                                </a></li>
                            }
                        }
                    </For>
                </ul>
            </section>
        </Show>
    }
}

/// What a person should know about the data on this device.
#[component]
fn Notices() -> impl IntoView {
    let app = App::get();
    let unsupported = move || app.offline.get() == Readiness::Unsupported;
    let install = move || !app.persisted.get() && !app.prefs.with(|prefs| prefs.install_hint_closed) && !standalone();
    view! {
        {move || app.incomplete.get().map(|error| view! { <Notice tone="bad">{super::words::errors::explain_store(&error)}</Notice> })}
        <Show when=move || !app.owner.get()><Notice tone="warn">{move || words().reader_note}</Notice></Show>
        <Show when=move || app.repaired.get().gt(&0)>
            <Notice tone="good">{move || fill(words().repaired_note, &[&app.repaired.get()])}</Notice>
        </Show>
        <Show when=unsupported>
            <Notice tone="bad"><strong>{move || words().offline_unsupported}</strong>{move || words().offline_unsupported_hint}</Notice>
        </Show>
        {move || approvals_due(app)}
        <Show when=install>
            <div class="notice" role="note">
                {icon("info")}
                <div class="grow"><strong>{move || words().install_note}</strong>{move || words().install_how}</div>
                <button type="button" class="icon-btn" aria-label=move || words().close on:click=move |_| app.set_prefs(|prefs| prefs.install_hint_closed = true)>{icon("close")}</button>
            </div>
        </Show>
    }
}

/// How many checks are named whose approval is still due; the others follow when these are done.
const NAMED: usize = 3;

/// The checks whose approval is still to be entered.
fn approvals_due(app: App) -> Option<impl IntoView> {
    let due = app.summaries.with(|all| {
        let due = all.iter().filter(|one| one.approval_due);
        due.map(|one| (one.id.clone(), one.title.clone(), Instant::from_ms(one.created_ms))).collect::<Vec<_>>()
    });
    let link = |(id, title, at): (String, String, Instant)| {
        view! { <li><a class="btn quiet block" href=format!("/record/{id}")>{title}" · "<span class="num">{at.minute_text(app.offset_min())}</span></a></li> }
    };
    (!due.is_empty()).then(|| {
        let count = due.len();
        let named = due.into_iter().take(NAMED).map(link).collect_view();
        view! { <Notice tone="warn"><strong class="num">{fill(visit_words().approvals_due, &[&count])}</strong><ul>{named}</ul></Notice> }
    })
}

/// Whether the app runs from the home screen.
fn standalone() -> bool {
    window().match_media("(display-mode: standalone)").ok().flatten().is_some_and(|query| query.matches())
}

/// Whether a record still has to leave for the office.
fn needs_export(app: App, summary: &Summary, ledger: &[LedgerEntry]) -> bool {
    is_due(summary, ledger, app.workspace().device().as_str())
}

/// All records, with a search and a filter.
#[component]
pub fn Records() -> impl IntoView {
    let app = App::get();
    app.writing.set(false);
    app.leave_place();
    let search = RwSignal::new(String::new());
    let stage = RwSignal::new(None::<Stage>);
    let ledger = LocalResource::new(move || async move { app.workspace().ledger().await.unwrap_or_default() });
    let all = Memo::new(move |_| app.summaries.get().into_iter().filter(|one| one.kind == "inspection").collect::<Vec<_>>());
    let shown = Memo::new(move |_| {
        let search = search.get().trim().to_ascii_lowercase();
        let stage = stage.get();
        let fits = |one: &Summary| {
            let text = format!("{} {} {}", one.title, one.subtitle, one.search).to_ascii_lowercase();
            stage.is_none_or(|stage| one.stage == stage) && search.split_whitespace().all(|word| text.contains(word))
        };
        all.get().into_iter().filter(fits).collect::<Vec<_>>()
    });
    let stages = [None, Some(Stage::Draft), Some(Stage::Sealed), Some(Stage::Amended), Some(Stage::Voided)];
    view! {
        <div class="has-nav">
            <TopBar title=Signal::derive(|| words().all_records.to_owned())/>
            <main class="page">
                <label class="search">
                    <span class="sr">{move || words().search_records}</span>
                    {icon("search")}
                    <input class="input" type="search" placeholder=move || words().search_records on:input=move |event| search.set(event_target_value(&event))/>
                </label>
                <div class="chips-pick" role="group">
                    {stages
                        .into_iter()
                        .map(|one| view! {
                            <button type="button" aria-pressed=move || (stage.get() == one).to_string() on:click=move |_| stage.set(one)>
                                {move || one.map_or(words().filter_all, stage_word)}
                            </button>
                        })
                        .collect_view()}
                </div>
                <Show
                    when=move || !shown.get().is_empty()
                    fallback=move || view! {
                        <div class="card"><div class="empty">
                            {icon("list")}
                            <p><strong>{move || if all.get().is_empty() { words().records_none } else { words().nothing_found }}</strong></p>
                            <Show when=move || all.get().is_empty()><p class="small">{move || words().records_none_hint}</p></Show>
                        </div></div>
                    }
                >
                    <div class="card flush"><RecordList records=shown.into() ledger=Signal::derive(move || ledger.get().unwrap_or_default())/></div>
                </Show>
            </main>
            <Nav/>
        </div>
    }
}

/// The word for how far a record has come.
#[must_use]
pub fn stage_word(stage: Stage) -> &'static str {
    match stage {
        Stage::Draft => words().stage_draft,
        Stage::Sealed => words().stage_sealed,
        Stage::Amended => words().stage_amended,
        Stage::Voided => words().stage_voided,
    }
}

/// The colour of that word.
#[must_use]
pub fn stage_tone(stage: Stage) -> &'static str {
    match stage {
        Stage::Draft => "chip brand",
        Stage::Sealed => "chip good",
        Stage::Amended => "chip warn",
        Stage::Voided => "chip",
    }
}

/// Inspections as a list; a draft opens for writing, everything else for reading.
#[component]
fn RecordList(records: Signal<Vec<Summary>>, ledger: Signal<Vec<LedgerEntry>>) -> impl IntoView {
    let app = App::get();
    view! {
        <ul class="list">
            <For each=move || records.get() key=|one| (one.id.clone(), one.updated_ms, one.changes) let:one>
                {
                    let href = match one.stage {
                        Stage::Draft => format!("/check/{}", one.id),
                        _ => format!("/record/{}", one.id),
                    };
                    let summary = one.clone();
                    let waits = move || needs_export(app, &summary, &ledger.get());
                    let (stage, counts, photos) = (one.stage, one.counts, one.photos);
                    let when = Instant::from_ms(one.updated_ms).minute_text(app.offset_min());
                    view! {
                        <li>
                            <a class="list-row" href=href>
                                <span class="grow">
                                    <span class="title">{one.title.clone()}</span>
                                    <span class="sub">{one.subtitle.clone()}</span>
                                    <span class="sub num">{when}</span>
                                    <span class="row wrap chips">
                                        <span class=stage_tone(stage)>{move || stage_word(stage)}</span>
                                        <span class="chip num">{move || fill(words().n_items, &[&counts.answered, &counts.total])}</span>
                                        {(counts.failed > 0).then(|| view! { <span class="chip bad num">{move || fill(words().n_failed, &[&counts.failed])}</span> })}
                                        {(photos > 0).then(|| view! { <span class="chip num">{move || fill(words().n_photos, &[&photos])}</span> })}
                                        {move || waits().then(|| view! { <span class="chip warn">{words().nav_export}</span> })}
                                    </span>
                                </span>
                                {icon("next")}
                            </a>
                        </li>
                    }
                }
            </For>
        </ul>
    }
}

/// A date and time for people, as the language writes it.
#[must_use]
pub fn clock_text(ms: u64, offset_min: i32) -> String {
    let _ = lang();
    Instant::from_ms(ms).clock_text(offset_min)
}
