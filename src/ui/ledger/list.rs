//! The ledgers as one list with a search.

use std::cell::RefCell;
use std::sync::Arc;

use leptos::prelude::*;

use super::types::TypeNames;
use crate::browser::position;
use crate::domain::content::Lang;
use crate::ledger::{Card, Kind, Ledger, Position, field};
use crate::ui::icon::icon;
use crate::ui::state::App;
use crate::ui::widget::{Nav, Notice, TopBar};
use crate::ui::words::{Word, errors, fill, lang, ledger_words, words};

/// How many lines are shown at first, and how many more at a time.
const PAGE: usize = 20;
/// How far near me reaches, in metres.
const NEAR_M: f64 = 2_000.0;
/// How long finding the position may take.
const POSITION_MS: u32 = 15_000;

/// Whom a list is narrowed to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum Whose {
    #[default]
    All,
    Mine,
    Nobody,
}

/// What the list is narrowed to; kept while the page is open, so that back leads to the same list.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Wanted {
    query: String,
    kind: Option<Kind>,
    whose: Whose,
}

thread_local! {
    static LAST: RefCell<Wanted> = RefCell::default();
}

/// How it stands with being near.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Near {
    Off,
    Finding,
    At(Position),
    Failed,
}

/// A line of the list, in words.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Line {
    /// Record id.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// Unit and place.
    pub sub: String,
    /// Codes.
    pub codes: String,
    /// Kind or type.
    pub kind: String,
    /// Status, when it is not the usual one.
    pub status: Option<String>,
    /// How far it is.
    pub distance: Option<String>,
    /// When it last changed: lines that changed are drawn anew.
    pub updated_ms: u64,
}

impl Line {
    /// The line of a card.
    #[must_use]
    pub fn of(card: &Card, ledger: &Ledger, types: &TypeNames, lang: Lang) -> Self {
        let words = crate::ui::words::ledger::LedgerWords::of(lang);
        let join = |parts: &[&str]| parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" · ");
        let unit = ledger.unit_of(card).map(|unit| unit.title.as_str()).unwrap_or_default();
        let kind = match card.kind() {
            Some(Kind::Equipment) if !card.type_code.is_empty() => types.name(&card.type_code, lang).to_owned(),
            Some(Kind::Equipment) => words.one_equipment.to_owned(),
            Some(Kind::Instrument) if !card.type_code.is_empty() => card.type_code.clone(),
            Some(Kind::Instrument) => words.instrument.to_owned(),
            Some(Kind::Unit) | None => words.unit.to_owned(),
        };
        Self {
            id: card.id.clone(),
            title: card.title.clone(),
            sub: join(&[unit, &card.address]),
            codes: join(&[&card.code, &card.cert_no]),
            kind,
            status: status_word(card, lang),
            distance: None,
            updated_ms: card.updated_ms,
        }
    }

    fn status_text(&self) -> &str {
        self.status.as_deref().unwrap_or_default()
    }

    fn distance_text(&self) -> &str {
        self.distance.as_deref().unwrap_or_default()
    }
}

/// The word for a status that is not the usual one.
#[must_use]
pub fn status_word(card: &Card, lang: Lang) -> Option<String> {
    let table = if card.kind() == Some(Kind::Unit) { field::UNIT_STATUS } else { field::EQUIPMENT_STATUS };
    if card.status.is_empty() || table.first().is_some_and(|usual| usual.code == card.status) {
        return None;
    }
    Some(choice_word(table, &card.status, lang).to_owned())
}

/// A code's name in a language; the code itself when it is unknown.
#[must_use]
pub fn choice_word<'a>(table: &[field::Choice], code: &'a str, lang: Lang) -> &'a str {
    let names = table.iter().find(|choice| choice.code == code).map(|choice| choice.names);
    let name = match lang {
        Lang::Zh => names.and_then(|names| names.first()),
        Lang::En => names.and_then(|names| names.last()),
    };
    name.copied().unwrap_or(code)
}

/// A distance for people.
#[must_use]
pub fn distance_text(metres: f64) -> String {
    if metres < 1_000.0 {
        fill(ledger_words().metres, &[&format!("{:.0}", (metres / 10.0).round() * 10.0)])
    } else {
        fill(ledger_words().kilometres, &[&format!("{:.1}", metres / 1_000.0)])
    }
}

/// Reads the ledgers in the background; says how far that is, and why it failed.
pub fn load(app: App) -> (RwSignal<Option<crate::app::ledger::Step>>, RwSignal<Option<crate::port::twin::StoreError>>) {
    let (step, problem) = (RwSignal::new(None), RwSignal::new(None));
    leptos::task::spawn_local(async move {
        if let Err(error) = app
            .ledger(move |now| {
                step.try_set(Some(now));
            })
            .await
        {
            problem.try_set(Some(error));
        }
        step.try_set(None);
    });
    (step, problem)
}

/// Says that the ledgers are being read, or why they can't be.
#[component]
pub fn Loading(
    step: RwSignal<Option<crate::app::ledger::Step>>,
    problem: RwSignal<Option<crate::port::twin::StoreError>>,
) -> impl IntoView {
    let text = move || match step.get() {
        Some(step) if step.total > 0 => fill(ledger_words().preparing, &[&step.done, &step.total]),
        _ => ledger_words().loading.to_owned(),
    };
    move || match problem.get() {
        Some(error) => {
            view! { <Notice tone="bad"><strong>{ledger_words().unreadable}</strong>{errors::explain_store(&error)}</Notice> }.into_any()
        }
        None => view! { <div class="empty" role="status"><span class="spinner"></span><p>{text}</p></div> }.into_any(),
    }
}

/// The page.
#[component]
pub fn LedgerPage() -> impl IntoView {
    let app = App::get();
    app.writing.set(false);
    app.leave_place();
    let (step, problem) = load(app);
    let types = LocalResource::new(TypeNames::load);
    let wanted = RwSignal::new(LAST.with_borrow(Clone::clone));
    let limit = RwSignal::new(PAGE);
    let near = RwSignal::new(Near::Off);
    let change = move |change: &dyn Fn(&mut Wanted)| {
        wanted.update(change);
        LAST.set(wanted.get_untracked());
        limit.set(PAGE);
    };
    let found = Memo::new(move |_| {
        let shared = app.ledger_now()?;
        let ledger = shared.get();
        let types = types.read();
        let no_types = TypeNames::default();
        let types = types.as_ref().unwrap_or(&no_types);
        let me = app.prefs.with(|prefs| prefs.officer.name.clone());
        let lang = lang();
        let line = |card: &Card| Line::of(card, &ledger, types, lang);
        wanted.with(|wanted| {
            let fits = |card: &Card| {
                wanted.kind.is_none_or(|kind| card.kind == kind.name())
                    && match wanted.whose {
                        Whose::All => true,
                        Whose::Mine => !me.is_empty() && card.inspector == me,
                        Whose::Nobody => card.inspector.is_empty(),
                    }
            };
            if let Near::At(here) = near.get() {
                let near = ledger.near(here, NEAR_M, fits, limit.get());
                let lines: Vec<Line> =
                    near.into_iter().map(|(metres, card)| Line { distance: Some(distance_text(metres)), ..line(card) }).collect();
                return Some((lines.len(), Arc::new(lines)));
            }
            let found = ledger.search(&wanted.query, fits, limit.get());
            Some((found.total, Arc::new(found.cards.into_iter().map(line).collect::<Vec<_>>())))
        })
    });
    let is_empty = move || app.ledger_now().is_some_and(|shared| shared.get().cards().is_empty());
    let there = Memo::new(move |_| app.ledger_now().is_some());
    let total = Memo::new(move |_| found.with(|found| found.as_ref().map_or(0, |(total, _)| *total)));
    let shown = Memo::new(move |_| found.with(|found| found.as_ref().map(|(_, lines)| Arc::clone(lines)).unwrap_or_default()));
    let lines = Memo::new(move |_| shown.with(|lines| lines.len()));
    let find_near = move |_| {
        if near.get_untracked() != Near::Off {
            near.set(Near::Off);
            return;
        }
        near.set(Near::Finding);
        leptos::task::spawn_local(async move {
            let here = position::current(POSITION_MS, true).await.ok().and_then(|fix| Position::new(fix.lat, fix.lon));
            near.try_set(here.map_or(Near::Failed, Near::At));
        });
    };
    let kinds: [(Option<Kind>, Word); 4] = [
        (None, || ledger_words().all),
        (Some(Kind::Unit), || ledger_words().units),
        (Some(Kind::Equipment), || ledger_words().equipment),
        (Some(Kind::Instrument), || ledger_words().instruments),
    ];
    view! {
        <div class="has-nav">
            <TopBar title=Signal::derive(|| ledger_words().title.to_owned())>
                <a class="icon-btn" href="/scan" aria-label=move || ledger_words().scan>{icon("scan")}</a>
            </TopBar>
            <main class="page">
                <label class="search">
                    <span class="sr">{move || ledger_words().search}</span>
                    {icon("search")}
                    <input class="input" type="search" autocomplete="off" spellcheck="false" placeholder=move || ledger_words().search_hint
                        prop:value=wanted.get_untracked().query
                        on:input=move |event| {
                            let text = event_target_value(&event);
                            near.set(Near::Off);
                            change(&|wanted| wanted.query.clone_from(&text));
                        }/>
                </label>
                <div class="chips-pick" role="group">
                    {kinds.into_iter().map(|(kind, word)| view! {
                        <button type="button" aria-pressed=move || wanted.with(|wanted| wanted.kind == kind).to_string()
                            on:click=move |_| change(&|wanted| wanted.kind = kind)>{word}</button>
                    }).collect_view()}
                    <button type="button" aria-pressed=move || matches!(near.get(), Near::At(_)).to_string() on:click=find_near>
                        {move || if near.get() == Near::Finding { ledger_words().near_finding } else { ledger_words().near }}
                    </button>
                    {[(Whose::Mine, (|| ledger_words().mine) as Word), (Whose::Nobody, || ledger_words().unassigned)].into_iter().map(|(whose, word)| view! {
                        <button type="button" aria-pressed=move || wanted.with(|wanted| wanted.whose == whose).to_string()
                            on:click=move |_| change(&|wanted| wanted.whose = if wanted.whose == whose { Whose::All } else { whose })>{word}</button>
                    }).collect_view()}
                </div>
                <Show when=move || near.get() == Near::Failed><Notice tone="warn">{move || ledger_words().near_failed}</Notice></Show>
                <Show when=move || there.get() fallback=move || view! { <Loading step problem/> }>
                    <Show
                        when=move || total.get().gt(&0)
                        fallback=move || view! {
                            <div class="card"><div class="empty">
                                {icon("ledger")}
                                <p><strong>{move || if is_empty() { ledger_words().none } else if matches!(near.get(), Near::At(_)) { ledger_words().near_none } else { ledger_words().none_found }}</strong></p>
                                <p class="small">{move || if is_empty() { ledger_words().none_hint } else { ledger_words().none_found_hint }}</p>
                            </div></div>
                        }
                    >
                        <p class="muted small" role="status">{move || fill(ledger_words().found_n, &[&total.get()])}</p>
                        <ul class="card flush list">
                            // A line stays in its place and says something else: to make all anew would be most of a key's work.
                            <For each=move || 0..lines.get() key=|index| *index let:index>
                                <li><LineLink line=Memo::new(move |_| shown.with(|lines| lines.get(index).cloned()).unwrap_or_default())/></li>
                            </For>
                        </ul>
                        <Show when=move || total.get().gt(&lines.get())>
                            <button type="button" class="btn block" on:click=move |_| limit.update(|limit| *limit += PAGE)>
                                {move || fill(ledger_words().more, &[&PAGE.min(total.get().saturating_sub(lines.get()))])}
                            </button>
                        </Show>
                    </Show>
                </Show>
                <Actions/>
            </main>
            <Nav/>
        </div>
    }
}

/// A line that leads to its page.
#[component]
pub fn LineLink(#[prop(into)] line: Signal<Line>) -> impl IntoView {
    let text = move |read: fn(&Line) -> &str| move || line.with(|line| read(line).to_owned());
    let lacks = move |read: fn(&Line) -> &str| move || line.with(|line| read(line).is_empty());
    view! {
        <a class="list-row" href=move || line.with(|line| format!("/ledger/{}", line.id))>
            <span class="grow">
                <span class="title">{text(|line| &line.title)}</span>
                <span class="sub" hidden=lacks(|line| &line.sub)>{text(|line| &line.sub)}</span>
                <span class="sub mono" hidden=lacks(|line| &line.codes)>{text(|line| &line.codes)}</span>
                <span class="row wrap chips">
                    <span class="chip">{text(|line| &line.kind)}</span>
                    <span class="chip warn" hidden=lacks(Line::status_text)>{text(Line::status_text)}</span>
                    <span class="chip brand num" hidden=lacks(Line::distance_text)>{text(Line::distance_text)}</span>
                </span>
            </span>
            {icon("next")}
        </a>
    }
}

/// What else can be done with the ledgers.
#[component]
fn Actions() -> impl IntoView {
    let app = App::get();
    let links: [(&'static str, &'static str, Word); 6] = [
        ("/due", "calendar", || ledger_words().due),
        ("/ledger/import", "import", || ledger_words().import),
        ("/ledger/export", "export", || ledger_words().export),
        ("/labels", "print", || ledger_words().labels),
        ("/ledger/new/unit", "plus", || ledger_words().add_unit),
        ("/ledger/new/equipment", "plus", || ledger_words().add_equipment),
    ];
    view! {
        <Show when=move || !app.owner.get()><Notice tone="warn">{move || words().reader_note}</Notice></Show>
        <nav class="tiles" aria-label=move || ledger_words().title>
            {links.into_iter().map(|(href, name, word)| view! { <a class="btn" href=href>{icon(name)}{word}</a> }).collect_view()}
        </nav>
    }
}
