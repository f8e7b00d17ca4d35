//! What is due when: for one line with the reasons, and for all of them by month.

use std::rc::Rc;

use leptos::prelude::*;

use super::line::today;
use super::list::{Loading, load};
use crate::browser::files;
use crate::browser::pace::Pace;
use crate::domain::content::Lang;
use crate::domain::time::CivilDate;
use crate::ledger::{Card, Expiry, Fields, Kind};
use crate::rules::due::{Due, DueState, Source};
use crate::rules::{EquipmentFacts, Intervals, Month, When};
use crate::ui::content;
use crate::ui::icon::icon;
use crate::ui::pool;
use crate::ui::state::App;
use crate::ui::widget::{Nav, Notice, TopBar};
use crate::ui::words::{Word, due_words, fill, lang, words};

/// How many lines of a group are shown at first, and how many more at a time.
const PAGE: usize = 30;

/// The rules; `None` when they can't be fetched or read.
pub async fn intervals() -> Option<Rc<Intervals>> {
    pool::intervals().await.map(Rc::new)
}

/// What is due by the fields of a record.
#[must_use]
pub fn dues_of(rules: &Intervals, fields: &Fields, today: CivilDate) -> Vec<Due> {
    rules.due(&EquipmentFacts::read(fields), today)
}

/// The fields of a card as the rules read them.
#[must_use]
pub fn fields_of(card: &Card) -> Fields {
    let mut fields = card.facts.clone();
    fields.insert("kind".to_owned(), serde_json::json!(card.kind));
    if card.kind() == Some(Kind::Instrument) {
        fields.insert("instrument_kind".to_owned(), serde_json::json!(card.type_code));
    }
    fields
}

/// The chip for how far away something is: its colour and its words.
#[must_use]
pub fn state_chip(state: Option<DueState>) -> (&'static str, String) {
    let words = due_words();
    match state {
        Some(DueState::Fine) => ("chip good", words.state_fine.to_owned()),
        Some(DueState::Warn) => ("chip warn", words.state_warn.to_owned()),
        Some(DueState::Apply) => ("chip warn", words.state_apply.to_owned()),
        Some(DueState::DueThisMonth) => ("chip warn", words.state_month.to_owned()),
        Some(DueState::Overdue { days, .. }) => ("chip bad num", fill(words.state_overdue, &[&days])),
        Some(DueState::Stopped) => ("chip", words.state_stopped.to_owned()),
        None => ("chip", words.state_none.to_owned()),
    }
}

/// What is due for one line, each with its reasons.
#[component]
pub fn LineDues(
    /// The fields of the record.
    fields: Fields,
) -> impl IntoView {
    let app = App::get();
    let rules = LocalResource::new(intervals);
    let fields = StoredValue::new(fields);
    let names = LocalResource::new(basis_names);
    move || match rules.get() {
        None => ().into_any(),
        Some(None) => view! { <Notice tone="warn">{due_words().no_rules}</Notice> }.into_any(),
        Some(Some(rules)) => {
            let dues = fields.with_value(|fields| dues_of(&rules, fields, today(app)));
            // Not before the names are there: people know no ids of laws.
            let Some(names) = names.get() else { return ().into_any() };
            if dues.is_empty() {
                return ().into_any();
            }
            view! {
                <section class="card stack">
                    <h2>{due_words().title}</h2>
                    {dues.into_iter().map(|due| one_due(&due, &names)).collect_view()}
                </section>
            }
            .into_any()
        }
    }
}

/// One thing that is due, with its reasons behind a fold.
fn one_due(due: &Due, names: &[(String, String, String)]) -> impl IntoView + use<> {
    let lang = lang();
    let (class, state) = state_chip(due.state);
    let date = due.due.map(|when| when.to_string()).unwrap_or_default();
    let source = match due.source {
        Source::Printed => due_words().by_printed,
        Source::Computed => due_words().by_rule,
        Source::NotComputable(_) => "",
    };
    let flag = due.flag.as_ref().map(|flag| (flag.rule.said.get(lang).to_owned(), flag.verify));
    let reasons: Vec<String> = due.explain().iter().map(|said| said.get(lang).to_owned()).collect();
    let basis: Vec<(String, bool)> = due.basis().iter().map(|one| (basis_text(one, names, lang), one.verify)).collect();
    let unverified = !due.verified;
    view! {
        <div class="due">
            <div class="row wrap">
                <strong>{due.name().get(lang).to_owned()}</strong>
                <span class="num">{date}</span>
                <span class=class>{state}</span>
                {unverified.then(|| view! { <span class="chip warn">{words().unverified}</span> })}
            </div>
            {(!source.is_empty()).then(|| view! { <p class="muted small">{source}</p> })}
            {flag.map(|(said, verify)| view! {
                <Notice tone="bad">{fill(due_words().flag, &[&said])}{verify.then(|| view! { " " <span class="chip warn">{words().unverified}</span> })}</Notice>
            })}
            <details>
                <summary>{due_words().why}</summary>
                <ol class="reasons">{reasons.into_iter().map(|reason| view! { <li>{reason}</li> }).collect_view()}</ol>
                {(!basis.is_empty()).then(|| view! {
                    <p class="small"><strong>{due_words().basis}</strong></p>
                    <ul class="reasons small">{basis.into_iter().map(|(text, verify)| view! { <li>{text}{verify.then(|| view! { " " <span class="chip warn">{words().unverified}</span> })}</li> }).collect_view()}</ul>
                })}
            </details>
        </div>
    }
}

/// Names of laws by their id: id, Chinese, English.
pub async fn basis_names() -> Vec<(String, String, String)> {
    let Ok(value) = content::json("basis.json").await else { return Vec::new() };
    let entries = value.get("basis").or_else(|| value.get("items")).and_then(serde_json::Value::as_array).cloned().unwrap_or_default();
    let text = |entry: &serde_json::Value, field: &str| entry.get(field).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
    entries.iter().map(|entry| (text(entry, "id"), text(entry, "name_zh"), text(entry, "name_en"))).collect()
}

/// A law with its article, by the name that people know.
#[must_use]
pub fn basis_text(one: &crate::domain::checklist::BasisRef, names: &[(String, String, String)], lang: Lang) -> String {
    let name = names.iter().find(|(id, ..)| *id == one.basis).map_or(due_words().basis_unknown, |(_, zh, en)| lang.pick(zh, en));
    [name, one.article.as_deref().unwrap_or_default()].join(" ").trim().to_owned()
}

/// Which group of the list something is in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Group {
    Overdue,
    ThisMonth,
    Month(Month),
    Later,
    Unknown,
    Stopped,
}

/// How the list is divided.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum By {
    Month,
    Unit,
    Inspector,
}

/// A part of the list.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Part {
    When(Group),
    Whose(String),
}

fn part_of(entry: &Entry, by: By) -> Part {
    match by {
        By::Month => Part::When(entry.group),
        By::Unit if entry.unit.is_empty() => Part::Whose(due_words().no_unit.to_owned()),
        By::Unit => Part::Whose(entry.unit.clone()),
        By::Inspector if entry.inspector.is_empty() => Part::Whose(due_words().nobody.to_owned()),
        By::Inspector => Part::Whose(entry.inspector.clone()),
    }
}

/// How many parts are shown at first, and how many more at a time.
const PARTS: usize = 20;

/// How many months after this one have a group of their own.
const MONTHS: i32 = 3;

/// A line of the list.
#[derive(Clone, PartialEq, Debug)]
struct Entry {
    id: String,
    group: Group,
    last_day: Option<CivilDate>,
    due: Option<When>,
    what: String,
    name: String,
    unit: String,
    place: String,
    code: String,
    inspector: String,
    state: Option<DueState>,
    verified: bool,
    flagged: bool,
}

fn group_of(state: Option<DueState>, due: Option<When>, today: CivilDate) -> Group {
    match (state, due) {
        (Some(DueState::Stopped), _) => Group::Stopped,
        (Some(DueState::Overdue { .. }), _) => Group::Overdue,
        (_, None) => Group::Unknown,
        (_, Some(when)) => match when.month().since(Month::of(today)) {
            ..=0 => Group::ThisMonth,
            months if months <= MONTHS => Group::Month(when.month()),
            _ => Group::Later,
        },
    }
}

/// A permit or certificate of a unit that expires. `warn_days`: how long before that is told.
fn expiry_entry(card: &Card, expiry: &Expiry, warn_days: u32, today: CivilDate) -> Option<Entry> {
    let on = CivilDate::parse(&expiry.on)?;
    let left = on.0.signed_duration_since(today.0).num_days();
    let state = match u32::try_from(left) {
        Ok(days) if days <= warn_days => DueState::Warn,
        Ok(_) => DueState::Fine,
        Err(_) => DueState::Overdue {
            months: u32::try_from(Month::of(today).since(Month::of(on))).unwrap_or_default(),
            days: u32::try_from(-left).unwrap_or_default(),
        },
    };
    let due = Some(When::Day(on));
    let kind = if expiry.path.starts_with("permits/") { due_words().permit } else { due_words().officer };
    Some(Entry {
        id: card.id.clone(),
        group: group_of(Some(state), due, today),
        last_day: Some(on),
        due,
        what: kind.to_owned(),
        name: if expiry.name.is_empty() { card.title.clone() } else { expiry.name.clone() },
        unit: card.title.clone(),
        place: card.address.clone(),
        code: card.code.clone(),
        inspector: card.inspector.clone(),
        state: Some(state),
        verified: true,
        flagged: false,
    })
}

fn entry(card: &Card, unit: &str, due: &Due, today: CivilDate, lang: Lang) -> Entry {
    Entry {
        id: card.id.clone(),
        group: group_of(due.state, due.due, today),
        last_day: due.due.map(When::last_day),
        due: due.due,
        what: due.name().get(lang).to_owned(),
        name: card.title.clone(),
        unit: unit.to_owned(),
        place: card.address.clone(),
        code: [card.code.as_str(), card.cert_no.as_str()].into_iter().find(|code| !code.is_empty()).unwrap_or_default().to_owned(),
        inspector: card.inspector.clone(),
        state: due.state,
        verified: due.verified,
        flagged: due.flag.is_some(),
    }
}

/// The page: `/due`.
#[component]
pub fn DuePage() -> impl IntoView {
    let app = App::get();
    app.writing.set(false);
    app.leave_place();
    let (step, problem) = load(app);
    let entries = RwSignal::new(None::<Vec<Entry>>);
    let done = RwSignal::new((0_usize, 0_usize));
    let no_rules = RwSignal::new(false);
    let there = Memo::new(move |_| app.ledger_now().is_some());
    Effect::new(move |_| {
        if !there.get() {
            return;
        }
        let lang = lang();
        leptos::task::spawn_local(async move {
            let Some(rules) = intervals().await else {
                no_rules.try_set(true);
                return;
            };
            let today = today(app);
            let pace = Pace::new();
            let mut all = Vec::new();
            let mut index = 0;
            loop {
                // Never held over a rest: a save may change the ledgers meanwhile.
                let Some(shared) = app.ledger_now() else { return };
                let more = {
                    let ledger = shared.get();
                    let cards = ledger.cards();
                    let end = (index + 50).min(cards.len());
                    for card in cards.get(index..end).into_iter().flatten() {
                        if card.kind() == Some(Kind::Unit) {
                            all.extend(card.expiries.iter().filter_map(|expiry| expiry_entry(card, expiry, rules.warn.days, today)));
                            continue;
                        }
                        let unit = ledger.unit_of(card).map(|unit| unit.title.as_str()).unwrap_or_default();
                        all.extend(dues_of(&rules, &fields_of(card), today).iter().map(|due| entry(card, unit, due, today, lang)));
                    }
                    index = end;
                    done.try_set((end, cards.len()));
                    end < cards.len()
                };
                if !more {
                    break;
                }
                pace.rest().await;
            }
            all.sort_by(|a, b| (a.group, a.last_day, &a.unit, &a.name).cmp(&(b.group, b.last_day, &b.unit, &b.name)));
            entries.try_set(Some(all));
        });
    });
    let query = RwSignal::new(String::new());
    let mine = RwSignal::new(false);
    let by = RwSignal::new(By::Month);
    let chosen = RwSignal::new(None::<Part>);
    let parts_shown = RwSignal::new(PARTS);
    let fitting = Memo::new(move |_| {
        let query = query.get().to_lowercase();
        let me = app.prefs.with(|prefs| prefs.officer.name.clone());
        let (mine, by) = (mine.get(), by.get());
        let fits = |entry: &&Entry| {
            (!mine || (!me.is_empty() && entry.inspector == me))
                && query.split_whitespace().all(|word| {
                    let texts = [&entry.name, &entry.unit, &entry.code, &entry.place, &entry.inspector, &entry.what];
                    texts.iter().any(|text| text.to_lowercase().contains(word))
                })
        };
        let mut fitting = entries.with(|entries| entries.as_ref().map(|all| all.iter().filter(fits).cloned().collect::<Vec<_>>()));
        if let Some(fitting) = &mut fitting {
            match by {
                // In this order already.
                By::Month => {}
                By::Unit => fitting.sort_by(|a, b| (&a.unit, a.last_day).cmp(&(&b.unit, b.last_day))),
                By::Inspector => fitting.sort_by(|a, b| (&a.inspector, a.last_day).cmp(&(&b.inspector, b.last_day))),
            }
        }
        fitting
    });
    let parts = Memo::new(move |_| {
        let by = by.get();
        let mut parts: Vec<(Part, usize)> = Vec::new();
        fitting.with(|fitting| {
            for entry in fitting.iter().flatten() {
                let part = part_of(entry, by);
                match parts.last_mut().filter(|(last, _)| *last == part) {
                    Some((_, count)) => *count += 1,
                    None => parts.push((part, 1)),
                }
            }
        });
        parts
    });
    let wanted = Memo::new(move |_| {
        let chosen = chosen.get();
        let fits = |part: &Part| chosen.as_ref().is_none_or(|chosen| chosen == part);
        parts
            .with(|parts| parts.iter().map(|(part, _)| part).filter(|part| fits(part)).take(parts_shown.get()).cloned().collect::<Vec<_>>())
    });
    let hidden = move || {
        if chosen.with(Option::is_some) { 0 } else { parts.with(Vec::len).saturating_sub(parts_shown.get()) }
    };
    let ways: [(By, Word); 3] =
        [(By::Month, || due_words().by_month), (By::Unit, || due_words().by_unit), (By::Inspector, || due_words().by_inspector)];
    let export = move |_| {
        let rows = fitting.with_untracked(|fitting| table(fitting.as_deref().unwrap_or_default(), today(app)));
        leptos::task::spawn_local(async move {
            let bytes = spotcheck_sheets::to_csv(&rows);
            let name = format!("{}-{}.csv", due_words().file, today(app));
            if let Some(blob) = files::blob_of(&bytes, "text/csv") {
                // Where nothing can be downloaded the list is still on the screen, and can be printed.
                let _ = files::download(&blob, &name);
            }
        });
    };
    view! {
        <div class="has-nav">
            <TopBar title=Signal::derive(|| due_words().title.to_owned()) back="/ledger">
                <button type="button" class="icon-btn" aria-label=move || due_words().export disabled=move || fitting.with(Option::is_none) on:click=export>{icon("export")}</button>
            </TopBar>
            <main class="page">
                <label class="search">
                    <span class="sr">{move || due_words().search}</span>
                    {icon("search")}
                    <input class="input" type="search" autocomplete="off" placeholder=move || due_words().search on:input=move |event| query.set(event_target_value(&event))/>
                </label>
                <div class="segmented" role="group" aria-label=move || due_words().by>
                    {ways.into_iter().map(|(way, word)| view! {
                        <button type="button" aria-pressed=move || (by.get() == way).to_string() on:click=move |_| {
                            chosen.set(None);
                            parts_shown.set(PARTS);
                            by.set(way);
                        }>{word}</button>
                    }).collect_view()}
                </div>
                <div class="chips-pick" role="group" aria-label=move || due_words().title>
                    <button type="button" aria-pressed=move || mine.get().to_string() on:click=move |_| mine.update(|mine| *mine = !*mine)>{move || due_words().mine}</button>
                    <Show when=move || by.get() == By::Month>
                        <button type="button" aria-pressed=move || chosen.with(Option::is_none).to_string() on:click=move |_| chosen.set(None)>{move || due_words().all}</button>
                        <For each=move || parts.get() key=|(part, count)| format!("{part:?} {count}") let:part>
                            {
                                let (this, word) = (part.0.clone(), part.0.clone());
                                view! {
                                    <button type="button" aria-pressed={ let this = this.clone(); move || chosen.with(|chosen| chosen.as_ref() == Some(&this)).to_string() }
                                        on:click=move |_| chosen.set(Some(this.clone()))>
                                        {move || part_word(&word)}" "<span class="num">{part.1}</span>
                                    </button>
                                }
                            }
                        </For>
                    </Show>
                </div>
                <Show when=move || !no_rules.get() fallback=|| view! { <Notice tone="bad">{move || due_words().no_rules}</Notice> }>
                    <Show when=move || there.get() fallback=move || view! { <Loading step problem/> }>
                        <Show when=move || entries.with(Option::is_some) fallback=move || view! {
                            <div class="empty" role="status"><span class="spinner"></span><p class="num">{move || fill(due_words().computing, &[&done.get().0, &done.get().1])}</p></div>
                        }>
                            <Show when=move || parts.with(|parts| !parts.is_empty()) fallback=|| view! {
                                <div class="card"><div class="empty">{icon("calendar")}<p><strong>{move || due_words().none}</strong></p><p class="small">{move || due_words().none_hint}</p></div></div>
                            }>
                                <For each=move || wanted.get() key=|part| format!("{part:?}") let:part>
                                    <PartList part by fitting/>
                                </For>
                                <Show when=move || { hidden() > 0 }>
                                    <button type="button" class="btn block" on:click=move |_| parts_shown.update(|shown| *shown += PARTS)>
                                        {move || fill(due_words().more_groups, &[&hidden().min(PARTS)])}
                                    </button>
                                </Show>
                            </Show>
                        </Show>
                    </Show>
                </Show>
            </main>
            <Nav/>
        </div>
    }
}

fn group_word(group: Group) -> String {
    let words = due_words();
    match group {
        Group::Overdue => words.overdue.to_owned(),
        Group::ThisMonth => words.this_month.to_owned(),
        Group::Month(month) => fill(words.within, &[&month]),
        Group::Later => words.later.to_owned(),
        Group::Unknown => words.unknown.to_owned(),
        Group::Stopped => words.stopped.to_owned(),
    }
}

/// What a part of the list is called.
fn part_word(part: &Part) -> String {
    match part {
        Part::When(group) => group_word(*group),
        Part::Whose(name) => name.clone(),
    }
}

#[component]
fn PartList(part: Part, by: RwSignal<By>, fitting: Memo<Option<Vec<Entry>>>) -> impl IntoView {
    let limit = RwSignal::new(PAGE);
    let word = part.clone();
    let own = Memo::new(move |_| {
        let by = by.get();
        fitting.with(|fitting| fitting.iter().flatten().filter(|entry| part_of(entry, by) == part).cloned().collect::<Vec<_>>())
    });
    let count = move || own.with(Vec::len);
    view! {
        <section class="stack tight">
            <div class="section-title"><h2>{move || part_word(&word)}</h2><span class="muted num">{move || fill(due_words().n, &[&count()])}</span></div>
            <ul class="card flush list">
                <For each={move || own.with(|own| own.iter().take(limit.get()).cloned().collect::<Vec<_>>())} key=|entry| format!("{} {}", entry.id, entry.what) let:entry>
                    {
                        let state = entry.state;
                        let due = entry.due.map(|when| when.to_string());
                        // Grouped by unit, the heading says whose it is.
                        let unit = if by.get_untracked() == By::Unit { "" } else { entry.unit.as_str() };
                        let sub = [unit, entry.place.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
                        view! {
                            <li><a class="list-row" href=format!("/ledger/{}", entry.id)>
                                <span class="grow">
                                    <span class="title">{entry.name.clone()}</span>
                                    <span class="sub">{sub}</span>
                                    <span class="row wrap chips">
                                        <span class="chip">{entry.what.clone()}</span>
                                        {due.map(|due| view! { <span class="chip num">{due}</span> })}
                                        {move || { let (class, word) = state_chip(state); view! { <span class=class>{word}</span> } }}
                                        {(!entry.verified).then(|| view! { <span class="chip warn">{move || words().unverified}</span> })}
                                    </span>
                                </span>
                                {if entry.flagged { view! { <span class="flag">{icon("warn")}</span> }.into_any() } else { icon("next").into_any() }}
                            </a></li>
                        }
                    }
                </For>
            </ul>
            <Show when=move || { count() > limit.get() }>
                <button type="button" class="btn block" on:click=move |_| limit.update(|limit| *limit += PAGE * 4)>{move || fill(due_words().more, &[&(count() - limit.get()).min(PAGE * 4)])}</button>
            </Show>
        </section>
    }
}

/// The list as a table.
fn table(entries: &[Entry], today: CivilDate) -> spotcheck_sheets::Sheet {
    let w = due_words();
    let mut sheet = spotcheck_sheets::Sheet::new(format!("{} {today}", w.title));
    let head = [w.col_due, w.col_state, w.col_what, w.col_name, w.col_unit, w.col_place, w.col_code, w.col_inspector, w.col_verified];
    sheet.push(head);
    for entry in entries {
        let due = entry.due.map(|when| when.to_string()).unwrap_or_default();
        let state = state_chip(entry.state).1;
        let verified = if entry.verified { "" } else { words().unverified };
        let cells = [
            due.as_str(),
            state.as_str(),
            entry.what.as_str(),
            entry.name.as_str(),
            entry.unit.as_str(),
            entry.place.as_str(),
            entry.code.as_str(),
            entry.inspector.as_str(),
            verified,
        ];
        sheet.push(cells);
    }
    sheet
}
