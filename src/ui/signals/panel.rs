//! What a complaint or a lead shows of signals: similar ones, its lead, tasks and checks, and what a lead leads to.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use serde_json::json;

use super::leads::filing_row;
use super::{made_for, rules, with_watch};
use crate::app::lead;
use crate::domain::inspection::{Stage, Summary};
use crate::domain::task;
use crate::domain::time::Instant;
use crate::signal::lead::KIND;
use crate::signal::{Filing, KINDS};
use crate::ui::cases::rules::procedure;
use crate::ui::cases::start::{create, explain};
use crate::ui::cases::{CaseCtx, MattersOf};
use crate::ui::icon::icon;
use crate::ui::words::{cases_words, fill, signal_words};

/// How many similar ones are listed.
const SHOWN: usize = 30;

/// The part of a matter's page; nothing for matters that are neither filings nor leads.
#[component]
pub fn SignalsOf(ctx: CaseCtx) -> impl IntoView {
    let kind = ctx.case.get_untracked().map(|case| case.procedure.kind.clone()).unwrap_or_default();
    match kind.as_str() {
        KIND => view! { <OfLead ctx/> }.into_any(),
        kind if KINDS.contains(&kind) => view! { <OfFiling ctx/> }.into_any(),
        _ => ().into_any(),
    }
}

/// Of a complaint or a report: similar ones, its leads, the checks made for them.
#[component]
fn OfFiling(ctx: CaseCtx) -> impl IntoView {
    let known = LocalResource::new(rules);
    let record = StoredValue::new(ctx.pen.id().to_string());
    let alike = move || {
        let Some(Some(rules)) = known.get() else { return Vec::new() };
        let find = |watch: &mut crate::signal::Watch| record.with_value(|id| watch.alike(id).into_iter().cloned().collect::<Vec<Filing>>());
        with_watch(ctx.app, &rules, find)
    };
    let own_leads =
        move || super::leads(ctx.app).into_iter().filter(|lead| record.with_value(|id| lead.filings.contains(id))).collect::<Vec<_>>();
    view! {
        {move || {
            let all = alike();
            let count = all.len();
            (count > 0).then(|| view! {
                <section class="card stack">
                    <details class="fold"><summary><h2>{fill(signal_words().alike, &[&count])}</h2>{icon("down")}</summary>
                        <p class="muted small">{signal_words().alike_hint}</p>
                        <ul class="list">{all.into_iter().take(SHOWN).map(filing_row).collect_view()}</ul>
                    </details>
                    <a class="btn block" href="/leads">{icon("warn")}{signal_words().leads}</a>
                </section>
            })
        }}
        {move || {
            let leads = own_leads();
            (!leads.is_empty()).then(|| view! {
                <section class="card flush" aria-labelledby="of-lead">
                    <h2 class="card-head" id="of-lead">{signal_words().of_lead}</h2>
                    <MattersOf record=record.get_value()/>
                    {leads.into_iter().map(|lead| checks_view(made_for(ctx.app, &lead.record, "inspection"))).collect_view()}
                </section>
            })
        }}
    }
}

fn checks_view(checks: Vec<Summary>) -> Option<impl IntoView> {
    (!checks.is_empty())
        .then(|| view! { <ul class="list" aria-label=signal_words().checks>{checks.into_iter().map(check_row).collect_view()}</ul> })
}

fn check_row(one: Summary) -> impl IntoView {
    let w = signal_words();
    let (href, class, state) = match one.stage {
        Stage::Draft => (format!("/check/{}", one.id), "chip", w.draft_check),
        _ => (format!("/record/{}", one.id), "chip good", w.sealed_check),
    };
    view! {
        <li><a class="list-row" href=href>{icon("check")}
            <span class="grow"><span class="title">{one.title}</span><span class="sub">{one.subtitle}</span></span>
            <span class=class>{state}</span>{icon("next")}
        </a></li>
    }
}

/// Of a lead: its tasks and checks, and the ways on.
#[component]
fn OfLead(ctx: CaseCtx) -> impl IntoView {
    let app = ctx.app;
    let id = StoredValue::new(ctx.pen.id().to_string());
    let navigate = StoredValue::new_local(use_navigate());
    let busy = RwSignal::new(false);
    let go = move |to: String| navigate.with_value(|navigate| navigate(&to, NavigateOptions::default()));
    let tasks = move || id.with_value(|id| made_for(app, id, task::KIND));
    let checks = move || id.with_value(|id| made_for(app, id, "inspection"));
    // Sealed ones whose result no step names yet.
    let unentered = move || {
        ctx.pen.version.track();
        let named = |check: &str| {
            ctx.pen.with_state(|state| {
                let mut steps = state.under("steps").filter(|(path, _)| path.ends_with("/fields/check"));
                steps.any(|(_, cell)| cell.value.get("record").and_then(serde_json::Value::as_str) == Some(check))
            })
        };
        let mut sealed = checks().into_iter().filter(|one| matches!(one.stage, Stage::Sealed | Stage::Amended));
        sealed.find(|one| !named(&one.id))
    };
    let can = move |step: &str| ctx.with(|case, state| case.next(state).any(|next| next.id == step)).unwrap_or(false);
    let enter = move |check: Summary| {
        let step = app.workspace().new_record_id().to_string();
        let day = Instant::from_ms(check.updated_ms).date(app.offset_min());
        let link = json!({"record": check.id, "kind": "inspection", "title": format!("{} {day}", check.title)});
        let changes = untrack(|| ctx.pen.with_state(|state| lead::check_made(state, &step, link, day)));
        if !changes.is_empty() && ctx.set(&changes) {
            go(format!("/case/{}/{step}", id.get_value()));
        }
    };
    let recall = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        leptos::task::spawn_local(async move {
            let made = match procedure("recall").await {
                None => Err(cases_words().no_rules.to_owned()),
                Some(procedure) => {
                    let about = id.with_value(|id| ctx.pen.with_state(|state| lead::recall(state, id, ctx.today())));
                    create(app, &procedure, &about, &[]).await.map_err(|error| explain(&error))
                }
            };
            app.refresh().await;
            busy.try_set(false);
            match made {
                Ok(recall) => {
                    app.toast(signal_words().recall_started);
                    go(format!("/case/{recall}"));
                }
                Err(text) => app.toast(text),
            }
        });
    };
    let task_row = |one: Summary| {
        let (class, text) = if one.due.is_some() { ("chip", signal_words().task_open) } else { ("chip good", signal_words().task_done) };
        view! {
            <li><a class="list-row" href=format!("/task/{}", one.id)>{icon("list")}
                <span class="grow"><span class="title clip-2">{one.title}</span><span class="sub">{one.subtitle}</span></span>
                <span class=class>{text}</span>{icon("next")}
            </a></li>
        }
    };
    view! {
        <section class="card stack" aria-labelledby="from-lead">
            <h2 id="from-lead">{move || signal_words().handle}</h2>
            {move || unentered().filter(|_| can("check_done")).map(|check| view! {
                <button type="button" class="btn primary block" disabled=move || !app.owner.get() on:click=move |_| enter(check.clone())>{icon("check")}{signal_words().enter_check}</button>
            })}
            <div class="tiles">
                {move || can("dispatch").then(|| view! { <a class="btn" href=format!("/assign/new?lead={}", id.get_value())>{icon("plus")}{signal_words().make_task}</a> })}
                <button type="button" class="btn" disabled=move || busy.get() || !app.owner.get() on:click=recall>{icon("undo")}{move || signal_words().start_recall}</button>
                <a class="btn" href=move || format!("/notices/new?lead={}", id.get_value())>{icon("warn")}{move || signal_words().draft_notice}</a>
            </div>
        </section>
        {move || {
            let (tasks, checks) = (tasks(), checks());
            (!tasks.is_empty() || !checks.is_empty()).then(|| view! {
                <section class="card flush" aria-labelledby="made-for-lead">
                    <h2 class="card-head" id="made-for-lead">{signal_words().led_to}</h2>
                    <ul class="list" aria-label=signal_words().tasks>{tasks.into_iter().map(task_row).collect_view()}</ul>
                    {checks_view(checks)}
                </section>
            })
        }}
        <section class="stack" aria-label=move || signal_words().led_to><div class="card flush"><MattersOf record=id.get_value()/></div></section>
    }
}
