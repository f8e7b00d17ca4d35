//! Ledgers as spreadsheets: which, whose, as what; and empty ones to fill in.

mod make;

use std::collections::BTreeMap;

use leptos::prelude::*;

use self::make::{Done, Problem, make};
use super::import::Busy;
use super::import::BusyCard;
use super::import::save_file::MadeRow;
use super::import::template::Templates;
use super::list::{Loading, load};
use crate::desk::tables::WrittenAs;
use crate::ledger::{Card, Kind, Ledger};
use crate::ui::icon::icon;
use crate::ui::state::App;
use crate::ui::widget::{Nav, Notice, TopBar};
use crate::ui::words::{errors, fill, ledger_words, table_words};

/// The kinds in the order of the page.
const KINDS: [Kind; 3] = [Kind::Unit, Kind::Equipment, Kind::Instrument];

/// Whose entries are written.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Scope {
    All,
    /// Of this inspector.
    Mine(String),
    /// Of this town.
    Town(String),
}

impl Scope {
    fn fits(&self, card: &Card, ledger: &Ledger) -> bool {
        match self {
            Self::All => true,
            Self::Mine(me) => !me.is_empty() && card.inspector == *me,
            Self::Town(town) => town_of(card, ledger) == town,
        }
    }
}

/// The town where a thing is, else that of its unit.
fn town_of<'a>(card: &'a Card, ledger: &'a Ledger) -> &'a str {
    if card.town.is_empty() { ledger.unit_of(card).map_or("", |unit| unit.town.as_str()) } else { &card.town }
}

/// The name of a kind of ledger.
fn ledger_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Unit => ledger_words().units,
        Kind::Equipment => ledger_words().equipment,
        Kind::Instrument => ledger_words().instruments,
    }
}

/// What is asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Wanted {
    kinds: Vec<Kind>,
    scope: Scope,
    format: WrittenAs,
}

/// How far making it is.
#[derive(Clone)]
enum Making {
    Idle,
    Working(Busy),
    Done(Done),
    Failed(Problem),
}

/// The page.
#[component]
pub fn ExportPage() -> impl IntoView {
    let app = App::get();
    app.leave_place();
    let (step, problem) = load(app);
    let there = Memo::new(move |_| app.ledger_now().is_some());
    let wanted = RwSignal::new(Wanted { kinds: KINDS.to_vec(), scope: Scope::All, format: WrittenAs::Xlsx });
    let making = RwSignal::new_local(Making::Idle);
    view! {
        <div class="has-nav">
            <TopBar title=Signal::derive(|| table_words().export_title.to_owned()) back="/ledger"/>
            <main class="page">
                <Show when=move || there.get() fallback=move || view! { <Loading step problem/> }>
                    <Form app wanted making/>
                </Show>
                <MadeFiles making/>
                <Templates app/>
            </main>
            <Nav/>
        </div>
    }
}

#[component]
fn Form(app: App, wanted: RwSignal<Wanted>, making: RwSignal<Making, LocalStorage>) -> impl IntoView {
    let counts = Memo::new(move |_| {
        let Some(shared) = app.ledger_now() else { return [0; 3] };
        let ledger = shared.get();
        wanted.with(|wanted| KINDS.map(|kind| ledger.of_kind(kind).filter(|card| wanted.scope.fits(card, &ledger)).count()))
    });
    let towns = Memo::new(move |_| {
        let mut towns = BTreeMap::<String, usize>::new();
        if let Some(shared) = app.ledger_now() {
            let ledger = shared.get();
            for card in ledger.cards() {
                let town = town_of(card, &ledger);
                if let Some(count) = towns.get_mut(town) {
                    *count += 1;
                } else if !town.is_empty() {
                    towns.insert(town.to_owned(), 1);
                }
            }
        }
        towns
    });
    let me = move || app.prefs.with(|prefs| prefs.officer.name.clone());
    // What was made does not belong to another wish.
    let change = move |change: &dyn Fn(&mut Wanted)| {
        wanted.update(change);
        making.set(Making::Idle);
    };
    let total = move || {
        wanted.with(|wanted| {
            KINDS.into_iter().zip(counts.get()).filter(|(kind, _)| wanted.kinds.contains(kind)).map(|(_, count)| count).sum::<usize>()
        })
    };
    let busy = move || making.with(|making| matches!(making, Making::Working(_)));
    let none = move || wanted.with(|wanted| wanted.kinds.is_empty());
    view! {
        <section class="card stack">
            <fieldset class="field choices">
                <legend>{move || table_words().export_what}</legend>
                {KINDS.into_iter().enumerate().map(|(at, kind)| view! {
                    <label class="choice">
                        <input type="checkbox" prop:checked=move || wanted.with(|wanted| wanted.kinds.contains(&kind)) on:change=move |event| {
                            let on = event_target_checked(&event);
                            change(&|wanted| {
                                wanted.kinds.retain(|known| *known != kind);
                                if on { wanted.kinds.push(kind); }
                                wanted.kinds.sort_unstable();
                            });
                        }/>
                        <span class="num">{move || fill(table_words().export_rows, &[&ledger_word(kind), &counts.get().get(at).copied().unwrap_or_default()])}</span>
                    </label>
                }).collect_view()}
            </fieldset>
            <fieldset class="field choices">
                <legend>{move || table_words().export_whose}</legend>
                <ScopeChoice wanted name="all" label=Signal::derive(|| table_words().whose_all.to_owned()) choose=Callback::new(move |()| change(&|wanted| wanted.scope = Scope::All)) disabled=Signal::derive(|| false)/>
                <ScopeChoice wanted name="mine" label=Signal::derive(move || if me().is_empty() { table_words().whose_mine_unnamed.to_owned() } else { fill(table_words().whose_mine, &[&me()]) })
                    choose=Callback::new(move |()| change(&|wanted| wanted.scope = Scope::Mine(app.prefs.with_untracked(|prefs| prefs.officer.name.clone())))) disabled=Signal::derive(move || me().is_empty())/>
                <ScopeChoice wanted name="town" label=Signal::derive(|| table_words().whose_town.to_owned())
                    choose=Callback::new(move |()| {
                        let first = towns.with_untracked(|towns| towns.keys().next().cloned()).unwrap_or_default();
                        change(&|wanted| wanted.scope = Scope::Town(first.clone()));
                    }) disabled=Signal::derive(move || towns.with(BTreeMap::is_empty))/>
                <Show when=move || wanted.with(|wanted| matches!(wanted.scope, Scope::Town(_)))>
                    <label class="field"><span>{move || table_words().town}</span>
                        <select class="input" on:change=move |event| { let town = event_target_value(&event); change(&|wanted| wanted.scope = Scope::Town(town.clone())); }>
                            {move || towns.get().into_iter().map(|(town, count)| {
                                let (value, own) = (town.clone(), town.clone());
                                view! {
                                    <option value=value prop:selected=move || wanted.with(|wanted| wanted.scope == Scope::Town(own.clone()))>
                                        {fill(table_words().export_rows, &[&town, &count])}
                                    </option>
                                }
                            }).collect_view()}
                        </select>
                    </label>
                </Show>
            </fieldset>
            <fieldset class="field choices">
                <legend>{move || table_words().export_format}</legend>
                {[(WrittenAs::Xlsx, (|| table_words().format_xlsx) as fn() -> &'static str), (WrittenAs::Csv, || table_words().format_csv)].into_iter().map(|(format, word)| view! {
                    <label class="choice">
                        <input type="radio" name="table-format" prop:checked=move || wanted.with(|wanted| wanted.format == format) on:change=move |_| change(&|wanted| wanted.format = format)/>
                        <span>{word}</span>
                    </label>
                }).collect_view()}
            </fieldset>
            <Show when=none><Notice tone="warn">{move || table_words().export_choose}</Notice></Show>
            <Show when=move || { total() == 0 && !none() }><Notice>{move || table_words().export_none}</Notice></Show>
            <button type="button" class="btn primary big block" disabled=move || busy() || total() == 0 on:click=move |_| start(app, wanted.get_untracked(), making)>
                {icon("export")}{move || table_words().export_make}
            </button>
        </section>
    }
}

#[component]
fn ScopeChoice(
    wanted: RwSignal<Wanted>,
    name: &'static str,
    label: Signal<String>,
    choose: Callback<()>,
    disabled: Signal<bool>,
) -> impl IntoView {
    let is = move || {
        wanted.with(|wanted| match wanted.scope {
            Scope::All => name == "all",
            Scope::Mine(_) => name == "mine",
            Scope::Town(_) => name == "town",
        })
    };
    view! {
        <label class="choice">
            <input type="radio" name="table-scope" disabled=disabled prop:checked=is on:change=move |_| choose.run(())/>
            <span>{label}</span>
        </label>
    }
}

fn start(app: App, wanted: Wanted, making: RwSignal<Making, LocalStorage>) {
    making.set(Making::Working(Busy::unknown(table_words().export_reading)));
    leptos::task::spawn_local(async move {
        let report = move |busy: Busy| {
            making.try_set(Making::Working(busy));
        };
        let ended = match make(app, wanted, report).await {
            Ok(done) => Making::Done(done),
            Err(problem) => Making::Failed(problem),
        };
        making.try_set(ended);
    });
}

/// How far it is, then the files.
#[component]
fn MadeFiles(making: RwSignal<Making, LocalStorage>) -> impl IntoView {
    let busy = Memo::new(move |_| making.with(|making| if let Making::Working(busy) = making { Some(busy.clone()) } else { None }));
    view! {
        <div role="status" aria-live="polite">
            <Show when=move || busy.with(Option::is_some)>
                <BusyCard busy=Signal::derive(move || busy.get().unwrap_or_else(|| Busy::unknown("")))/>
            </Show>
            {move || making.with(|making| if let Making::Done(done) = making { Some(view! { <Ready done=done.clone()/> }) } else { None })}
        </div>
        {move || making.with(|making| if let Making::Failed(problem) = making {
            let text = match problem {
                Problem::Store(error) => errors::explain_store(error),
                Problem::Save(error) => error.explain(),
                Problem::Nothing => table_words().export_none.to_owned(),
            };
            Some(view! { <Notice tone="bad"><strong>{table_words().export_failed}</strong>{text}</Notice> })
        } else { None })}
    }
}

#[component]
fn Ready(done: Done) -> impl IntoView {
    let rows = |counts: &[(Kind, usize)]| {
        let one = |(kind, count): &(Kind, usize)| fill(table_words().export_rows, &[&ledger_word(*kind), count]);
        counts.iter().map(one).collect::<Vec<_>>().join(" · ")
    };
    let files = done.files.into_iter().map(|(made, counts)| view! { <MadeRow made sub=rows(&counts)/> }).collect_view();
    view! {
        <section class="card flush made" role="region" aria-label=table_words().export_ready>
            <header class="part-head"><h2>{table_words().export_ready}</h2></header>
            <p class="muted inset">{table_words().export_ready_hint}</p>
            <ul class="list">{files}</ul>
        </section>
    }
}
