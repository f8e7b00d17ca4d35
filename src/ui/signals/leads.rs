//! The leads: groups that wait to become one, and those in hand.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::{leads, rules, with_watch};
use crate::app::lead;
use crate::app::workspace::AppError;
use crate::domain::id::RecordId;
use crate::domain::time::Instant;
use crate::rules::clock::Origin;
use crate::signal::lead::{Pending, pending};
use crate::signal::{Filing, Group, Rules};
use crate::ui::cases::MattersOfKind;
use crate::ui::cases::rules::procedure;
use crate::ui::cases::start::{create, explain};
use crate::ui::icon::icon;
use crate::ui::pool;
use crate::ui::state::App;
use crate::ui::widget::{Nav, Notice, TopBar};
use crate::ui::words::{cases_words, fill, lang, signal_words, words};

/// How many filings of a group are listed.
const SHOWN: usize = 50;

/// A group as the page shows it.
struct Shown {
    pending: Pending,
    what: String,
    filings: Vec<Filing>,
}

/// The page: `/leads`.
#[component]
pub fn LeadsPage() -> impl IntoView {
    let app = App::get();
    app.writing.set(false);
    app.leave_place();
    let known = LocalResource::new(rules);
    let busy = RwSignal::new(false);
    let waiting = move || {
        let Some(Some(rules)) = known.get() else { return Vec::new() };
        let leads = leads(app);
        with_watch(app, &rules, |watch| {
            let all = pending(watch, &leads);
            let shown = |pending: Pending| {
                let group = pending.group();
                let filings = group.records.iter().take(SHOWN).filter_map(|record| watch.filing(record)).cloned().collect();
                Shown { what: lead::what(watch, group), filings, pending }
            };
            all.into_iter().map(shown).collect::<Vec<_>>()
        })
    };
    let raise = StoredValue::new_local(raiser(app, busy));
    view! {
        <div class="has-nav">
            <TopBar title=Signal::derive(|| signal_words().leads.to_owned()) back="/cases" sub=Signal::derive(|| signal_words().leads_hint.to_owned())/>
            <main class="page">
                <Show when=move || !app.owner.get()><Notice tone="warn">{move || words().reader_note}</Notice></Show>
                <Show when=move || matches!(known.get(), Some(None))><Notice tone="bad">{move || signal_words().no_rules}</Notice></Show>
                {move || known.get().flatten().map(|rules| {
                    let all = waiting();
                    let w = signal_words();
                    let count = all.len();
                    let cards: Vec<AnyView> = all.into_iter().map(|one| group_view(app, one, &rules, busy, raise)).collect();
                    view! {
                        <section class="stack" aria-labelledby="waiting">
                            <div class="section-title"><h2 id="waiting">{fill(w.waiting, &[&count])}</h2></div>
                            {(count == 0).then(|| view! { <div class="card"><div class="empty">{icon("check")}<p>{w.none_waiting}</p><p class="small">{w.none_waiting_hint}</p></div></div> })}
                            {cards}
                        </section>
                    }
                })}
                <section class="card flush" aria-labelledby="raised">
                    <h2 class="card-head" id="raised">{move || signal_words().raised}</h2>
                    <MattersOfKind procedure="lead"/>
                    <ul class="list"><li><a class="list-row" href="/cases/lead"><span class="grow">{move || signal_words().all_leads}</span>{icon("next")}</a></li></ul>
                </section>
                <a class="btn block" href="/stats">{icon("list")}{move || signal_words().stats}</a>
            </main>
            <Nav/>
        </div>
    }
}

/// What a tap on a group does.
type Raise = Box<dyn Fn(Pending, Rules)>;

fn raiser(app: App, busy: RwSignal<bool>) -> Raise {
    let navigate = use_navigate();
    Box::new(move |pending, rules| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let navigate = navigate.clone();
        leptos::task::spawn_local(async move {
            let done = match &pending {
                Pending::Raise(group) => raise(app, group, &rules).await.map(|id| (id, signal_words().was_raised.to_owned())),
                Pending::Add { lead, records, .. } => {
                    add(app, lead, records, &rules).await.map(|()| (lead.clone(), fill(signal_words().was_added, &[&records.len()])))
                }
            };
            app.refresh().await;
            busy.try_set(false);
            match done {
                Ok((id, text)) => {
                    app.toast(text);
                    navigate(&format!("/case/{id}"), NavigateOptions::default());
                }
                Err(text) => app.toast(text),
            }
        });
    })
}

/// Makes the lead; its id, or what to say.
async fn raise(app: App, group: &Group, rules: &Rules) -> Result<String, String> {
    let procedure = procedure("lead").await.ok_or_else(|| cases_words().no_rules.to_owned())?;
    let first = |of: fn(&Filing) -> &String| {
        untrack(|| {
            with_watch(app, rules, |watch| {
                let mut said = group.records.iter().filter_map(|record| watch.filing(record)).map(|filing| of(filing).clone());
                said.find(|text| !text.is_empty())
            })
        })
    };
    let fields = async |id: Option<String>| match id {
        Some(id) => pool::fields_of(app, &id).await.unwrap_or_default(),
        None => Vec::new(),
    };
    let unit = fields(first(|filing| &filing.unit)).await;
    let equipment = fields(first(|filing| &filing.equipment)).await;
    let today = Instant::from_ms(app.now_ms()).date(app.offset_min());
    let bureau = app.prefs.with_untracked(|prefs| prefs.bureau.clone());
    let about = untrack(|| with_watch(app, rules, |watch| lead::about(watch, group, today, &bureau, (unit, equipment))));
    create(app, &procedure, &about, &[]).await.map(|id| id.to_string()).map_err(|error| explain(&error))
}

async fn add(app: App, lead: &str, records: &[String], rules: &Rules) -> Result<(), String> {
    let changes = untrack(|| with_watch(app, rules, |watch| lead::add(watch, records)));
    let pen = async {
        let id = RecordId::parse(lead).map_err(|_| AppError::NoRecord)?;
        let workspace = app.workspace();
        let mut record = workspace.load(&id).await?;
        let values: Vec<(&str, serde_json::Value)> = changes.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
        workspace.save(&mut record, &values, None).await?;
        app.after_save();
        Ok::<(), AppError>(())
    };
    pen.await.map_err(|error| explain(&error))
}

fn group_view(app: App, one: Shown, rules: &Rules, busy: RwSignal<bool>, raise: StoredValue<Raise, LocalStorage>) -> AnyView {
    let w = signal_words();
    let Shown { pending, what, filings } = one;
    let group = pending.group().clone();
    let rule = rules.rule(&group.key.rule).cloned();
    let name = rule.as_ref().map(|rule| rule.name.get(lang()).to_owned()).unwrap_or_default();
    let why = rule.as_ref().map(|rule| fill(w.by_rule, &[&rule.window_days, &rule.least, &rule.points]));
    let own = rule.as_ref().is_some_and(|rule| rule.origin == Origin::Own);
    let unverified = rule.as_ref().is_some_and(|rule| rule.origin == Origin::Law && !rule.verified);
    let label = match &pending {
        Pending::Raise(_) => w.raise.to_owned(),
        Pending::Add { records, .. } => fill(w.add_to, &[&records.len()]),
    };
    let open = match &pending {
        Pending::Raise(_) => None,
        Pending::Add { lead, .. } => Some(format!("/case/{lead}")),
    };
    let pressed = (pending, rules.clone());
    view! {
        <article class="card stack">
            <div><p class="muted small">{name}</p><h3 class="lead">{what}</h3></div>
            <div class="row wrap chips">
                <span class="chip num">{fill(w.n_filings, &[&group.count])}</span>
                <span class="chip num">{fill(w.window, &[&group.from, &group.to])}</span>
                {(group.injuries > 0).then(|| view! { <span class="chip bad num">{fill(w.n_injuries, &[&group.injuries])}</span> })}
                {(group.deaths > 0).then(|| view! { <span class="chip bad num">{fill(w.n_deaths, &[&group.deaths])}</span> })}
                <span class="chip num">{fill(w.points, &[&group.points])}</span>
            </div>
            <p class="muted small">{why}" "{own.then(|| view! { <span class="chip">{w.own_rule}</span> })}{unverified.then(|| view! { <span class="chip warn">{words().unverified}</span> })}</p>
            <details class="fold"><summary>{w.show_filings}{icon("down")}</summary><ul class="list">{filings.into_iter().map(filing_row).collect_view()}</ul></details>
            <button type="button" class="btn primary block" disabled=move || busy.get() || !app.owner.get() on:click=move |_| raise.with_value(|raise| raise(pressed.0.clone(), pressed.1.clone()))>{icon("plus")}{label}</button>
            {open.map(|href| view! { <a class="btn block" href=href>{w.open_lead}</a> })}
        </article>
    }
    .into_any()
}

/// A filing in a list: what it is about, and when it came in. Nothing of a person.
pub(super) fn filing_row(filing: Filing) -> impl IntoView {
    let w = signal_words();
    let kind = if filing.kind == "report" { w.reports } else { w.complaints };
    let day = filing.day.map(|day| day.to_string()).unwrap_or_default();
    let hurt = filing.flags.contains(&crate::signal::Flag::Injury);
    view! {
        <li><a class="list-row" href=format!("/case/{}", filing.record)>
            <span class="grow"><span class="title clip-2">{filing.subject}</span><span class="sub num">{day}" · "{kind}" "{filing.seller}</span></span>
            {hurt.then(|| view! { <span class="chip bad">{w.col_injuries}</span> })}
            {icon("next")}
        </a></li>
    }
}
