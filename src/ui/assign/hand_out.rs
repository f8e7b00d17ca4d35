//! What goes to the phones: chosen, counted, made into files.

use std::collections::{BTreeMap, BTreeSet};

use leptos::prelude::*;

use super::link::Links;
use super::overtaken::Overtaken;
use super::rules::RulesImport;
use super::{content_ids, explain};
use crate::app::assign::hand_out::{Chosen, HandOut, WhichLines, WhichTasks, counted, inspector_of, town_of};
use crate::app::workspace::AppError;
use crate::bundle::BundlePurpose;
use crate::bundle::limits::RECORDS;
use crate::document::RANGE_KIND;
use crate::domain::library::Holding;
use crate::domain::task::Task;
use crate::ui::export::made::MadeList;
use crate::ui::export::make::{Making, make};
use crate::ui::icon::icon;
use crate::ui::ledger::list::{Loading, load};
use crate::ui::state::App;
use crate::ui::widget::{Nav, Notice, TopBar};
use crate::ui::words::{Word, assign_words, document_words, fill, lang, words};

/// Which tasks go, as the page asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Tasks {
    None,
    All,
    OfOne,
}

/// Which lines go, as the page asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Lines {
    None,
    All,
    Town,
    Inspector,
    OfTasks,
}

/// What the page reads from the store.
pub(super) type Stored<T> = RwSignal<Option<Result<Vec<(String, T)>, AppError>>>;

/// The page: `/assign`.
#[component]
pub fn HandOutPage() -> impl IntoView {
    let app = App::get();
    app.writing.set(false);
    app.leave_place();
    let (step, unreadable) = load(app);
    let tasks: Stored<Task> = RwSignal::new(None);
    let content: Stored<Holding> = RwSignal::new(None);
    let (which, doer) = (RwSignal::new(Tasks::All), RwSignal::new(None::<String>));
    let (lines, town, responsible) = (RwSignal::new(Lines::None), RwSignal::new(None::<String>), RwSignal::new(None::<String>));
    let picked = RwSignal::new(BTreeSet::<String>::new());
    let making = RwSignal::new_local(Making::Idle);
    let read = Callback::new(move |()| {
        leptos::task::spawn_local(async move {
            let workspace = app.workspace();
            // Without its notes nothing counts as handed out.
            let sent = workspace.ledger().await.unwrap_or_default();
            let found = workspace.tasks_for_phones(&app.summaries.get_untracked(), &sent).await;
            tasks.try_set(Some(found));
            let found = workspace.holdings(&content_ids(app)).await;
            content.try_set(Some(found));
        });
    });
    read.run(());
    let there = Memo::new(move |_| app.ledger_now().is_some());
    let chosen = Memo::new(move |_| {
        let Some(shared) = app.ledger_now() else { return Chosen::default() };
        let wanted = HandOut {
            tasks: match which.get() {
                Tasks::None => WhichTasks::None,
                Tasks::All => WhichTasks::All,
                Tasks::OfOne => doer.get().map_or(WhichTasks::None, WhichTasks::Of),
            },
            lines: match lines.get() {
                Lines::None => WhichLines::None,
                Lines::All => WhichLines::All,
                Lines::Town => town.get().map_or(WhichLines::None, WhichLines::Town),
                Lines::Inspector => responsible.get().map_or(WhichLines::None, WhichLines::Inspector),
                Lines::OfTasks => WhichLines::OfTasks,
            },
            content: picked.get(),
        };
        let ledger = shared.get();
        tasks.with(|tasks| wanted.choose(tasks.as_ref().and_then(|tasks| tasks.as_deref().ok()).unwrap_or_default(), &ledger))
    });
    let busy = move || making.with(|making| matches!(making, Making::Working { .. }));
    // Numbers of documents go along with what phones get: they are small, and each phone takes those of its own ranges.
    let ranges =
        move || app.summaries.with(|all| all.iter().filter(|one| one.kind == RANGE_KIND).map(|one| one.id.clone()).collect::<Vec<_>>());
    let begin = move |_| {
        let (mut ids, purpose) = chosen.with_untracked(|chosen| (chosen.ids(), chosen.purpose()));
        if purpose == BundlePurpose::Assign {
            ids.extend(untrack(ranges));
        }
        make(app, ids, purpose, making, Callback::new(|()| ()));
    };
    let counts = move || {
        chosen.with(|chosen| match chosen.is_empty() {
            true => assign_words().going_none.to_owned(),
            false => fill(assign_words().going, &[&chosen.tasks.len(), &chosen.lines.len(), &chosen.content.len()]),
        })
    };
    let many = move || chosen.with(|chosen| chosen.tasks.len() + chosen.lines.len() + chosen.content.len() > RECORDS);
    view! {
        <div class="has-nav">
            <TopBar title=Signal::derive(|| assign_words().title.to_owned()) back="/office"/>
            <main class="page wide columns">
                <div class="stack">
                    <MadeList making/>
                    <Links making/>
                    <Show when=move || there.get() fallback=move || view! { <Loading step problem=unreadable/> }>
                        <TasksChoice tasks which doer/>
                        <LinesChoice lines town responsible/>
                        <ContentChoice content picked/>
                    </Show>
                    <Overtaken content after=read/>
                    <div class="export-go">
                        <p class="muted num" role="status">{counts}</p>
                        <Show when=move || !ranges().is_empty()><p class="muted num">{move || fill(document_words().ranges_along, &[&ranges().len()])}</p></Show>
                        <Show when=many><p class="muted">{move || assign_words().many_parts}</p></Show>
                        <button type="button" class="btn primary big block" disabled=move || busy() || chosen.with(Chosen::is_empty) on:click=begin>
                            {icon("share")}{move || assign_words().make}
                        </button>
                    </div>
                </div>
                <div class="stack">
                    <Show when=move || !app.owner.get()><Notice tone="warn">{move || words().reader_note}</Notice></Show>
                    <a class="btn primary block" href="/assign/new">{icon("plus")}{move || assign_words().new_tasks}</a>
                    <RulesImport after=read/>
                </div>
            </main>
        </div>
        <Nav/>
    }
}

/// Why something could not be read.
fn problem<T>(stored: &Option<Result<Vec<(String, T)>, AppError>>) -> Option<String> {
    stored.as_ref()?.as_ref().err().map(explain)
}

/// Buttons of which one is pressed.
#[component]
fn OneOf<T: Copy + PartialEq + Send + Sync + 'static>(
    /// What the choice is about, following the language.
    label: Word,
    chosen: RwSignal<T>,
    options: Vec<(T, Signal<String>)>,
) -> impl IntoView {
    let options = options.into_iter().map(|(one, word)| {
        view! { <button type="button" aria-pressed=move || (chosen.get() == one).to_string() on:click=move |_| chosen.set(one)>{word}</button> }
    });
    view! { <div class="chips-pick" role="group" aria-label=label>{options.collect_view()}</div> }
}

/// One of several names, each with how many there are.
#[component]
fn NameChoice(label: Word, names: Signal<Vec<(String, String)>>, chosen: RwSignal<Option<String>>) -> impl IntoView {
    // The names get numbers, so that a name that is empty differs from none.
    let choose = move |event| {
        let at = event_target_value(&event).parse::<usize>().ok();
        chosen.set(names.with_untracked(|names| at.and_then(|at| names.get(at)).map(|(name, _)| name.clone())));
    };
    view! {
        <label class="field"><span>{label}</span>
            <select class="input" on:change=choose>
                <option value="" selected=move || chosen.with(Option::is_none)>{label}</option>
                {move || names.get().into_iter().enumerate().map(|(at, (name, text))| {
                    view! { <option value=at.to_string() selected=move || chosen.with(|chosen| chosen.as_deref() == Some(name.as_str()))>{text}</option> }
                }).collect_view()}
            </select>
        </label>
    }
}

#[component]
fn TasksChoice(tasks: Stored<Task>, which: RwSignal<Tasks>, doer: RwSignal<Option<String>>) -> impl IntoView {
    let count = move || tasks.with(|tasks| tasks.as_ref().and_then(|tasks| tasks.as_ref().ok()).map_or(0, Vec::len));
    let closed = move || {
        let is_closed = |(_, task): &&(String, Task)| !task.is_open();
        tasks.with(|tasks| tasks.iter().flat_map(|tasks| tasks.iter().flatten()).filter(is_closed).count())
    };
    let doers = Signal::derive(move || {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        tasks.with(|tasks| {
            for (_, task) in tasks.iter().flat_map(|tasks| tasks.iter().flatten()) {
                *counts.entry(task.inspector.clone()).or_default() += 1;
            }
        });
        let text = |(name, count): (String, usize)| {
            let text =
                if name.is_empty() { fill(assign_words().anyone_n, &[&count]) } else { fill(assign_words().name_n, &[&name, &count]) };
            (name, text)
        };
        counts.into_iter().map(text).collect()
    });
    let options = vec![
        (Tasks::None, Signal::derive(|| assign_words().none.to_owned())),
        (Tasks::All, Signal::derive(move || fill(assign_words().tasks_all, &[&count()]))),
        (Tasks::OfOne, Signal::derive(|| assign_words().tasks_of.to_owned())),
    ];
    view! {
        <section class="card stack">
            <h2>{move || assign_words().tasks}</h2>
            {move || tasks.with(problem).map(|why| view! { <Notice tone="bad">{why}</Notice> })}
            <Show when=move || { tasks.with(Option::is_some) && count() == 0 }><p class="muted">{move || assign_words().tasks_none}</p></Show>
            <Show when=move || { closed() > 0 }><p class="muted">{move || fill(assign_words().tasks_closed, &[&closed()])}</p></Show>
            <OneOf label=|| assign_words().tasks chosen=which options/>
            <Show when=move || which.get() == Tasks::OfOne><NameChoice label=|| assign_words().choose_inspector names=doers chosen=doer/></Show>
        </section>
    }
}

#[component]
fn LinesChoice(lines: RwSignal<Lines>, town: RwSignal<Option<String>>, responsible: RwSignal<Option<String>>) -> impl IntoView {
    let app = App::get();
    let count = move || app.ledger_now().map_or(0, |shared| shared.get().cards().len());
    let named = move |counts: BTreeMap<String, usize>| {
        let text = |(name, count): (String, usize)| {
            let text = fill(assign_words().name_n, &[&name, &count]);
            (name, text)
        };
        counts.into_iter().map(text).collect::<Vec<_>>()
    };
    let towns = Signal::derive(move || app.ledger_now().map(|shared| named(counted(&shared.get(), town_of))).unwrap_or_default());
    let people = Signal::derive(move || app.ledger_now().map(|shared| named(counted(&shared.get(), inspector_of))).unwrap_or_default());
    let options = vec![
        (Lines::None, Signal::derive(|| assign_words().none.to_owned())),
        (Lines::All, Signal::derive(move || fill(assign_words().lines_all, &[&count()]))),
        (Lines::Town, Signal::derive(|| assign_words().lines_town.to_owned())),
        (Lines::Inspector, Signal::derive(|| assign_words().lines_inspector.to_owned())),
        (Lines::OfTasks, Signal::derive(|| assign_words().lines_of_tasks.to_owned())),
    ];
    view! {
        <section class="card stack">
            <h2>{move || assign_words().ledgers}</h2>
            <OneOf label=|| assign_words().ledgers chosen=lines options/>
            <Show when=move || lines.get() == Lines::Town><NameChoice label=|| assign_words().choose_town names=towns chosen=town/></Show>
            <Show when=move || lines.get() == Lines::Inspector><NameChoice label=|| assign_words().choose_responsible names=people chosen=responsible/></Show>
        </section>
    }
}

#[component]
fn ContentChoice(content: Stored<Holding>, picked: RwSignal<BTreeSet<String>>) -> impl IntoView {
    let all = move || content.with(|content| content.as_ref().and_then(|content| content.as_ref().ok()).cloned()).unwrap_or_default();
    let toggle = move |id: &str, on: bool| {
        picked.update(|picked| {
            if on {
                picked.insert(id.to_owned());
            } else {
                picked.remove(id);
            }
        });
    };
    let row = move |(id, holding): (String, Holding)| {
        let (known, title) = (id.clone(), holding.clone());
        view! {
            <label class="choice">
                <input type="checkbox" prop:checked=move || picked.with(|picked| picked.contains(&known)) on:change=move |event| toggle(&id, event_target_checked(&event))/>
                <span class="grow">{move || lang().pick(&title.title_zh, &title.title_en).to_owned()}
                    <span class="hint">{holding.path}" · "{move || fill(assign_words().edition, &[&holding.current])}</span></span>
                {holding.retired.then(|| view! { <span class="chip">{move || assign_words().retired}</span> })}
            </label>
        }
    };
    let choose_all = move |_| picked.set(all().into_iter().map(|(id, _)| id).collect());
    view! {
        <section class="card stack">
            <h2>{move || assign_words().content}</h2>
            {move || content.with(problem).map(|why| view! { <Notice tone="bad">{why}</Notice> })}
            <Show when=move || content.with(|content| matches!(content, Some(Ok(all)) if all.is_empty()))>
                <p class="muted">{move || assign_words().content_none}</p>
            </Show>
            <div class="choices"><For each=all key=|(id, holding)| (id.clone(), holding.current, holding.retired) let:one>{row(one)}</For></div>
            <Show when=move || { all().len() > 1 }>
                <button type="button" class="btn" on:click=choose_all>{icon("check")}{move || assign_words().content_all}</button>
            </Show>
        </section>
    }
}
