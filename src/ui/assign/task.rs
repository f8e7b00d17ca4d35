//! A task: what is to be done, where, until when, and what becomes of it.

use leptos::prelude::*;

use super::doing::{CancelSheet, DoneSheet};
use super::{INSPECTION_KINDS, campaign_name, campaigns, explain};
use crate::app::workspace::{AppError, Record};
use crate::domain::id::RecordId;
use crate::domain::task::{Task, TaskEquipment};
use crate::domain::time::{CivilDate, Instant};
use crate::ledger::Row;
use crate::ui::icon::icon;
use crate::ui::ledger::line::today;
use crate::ui::pool;
use crate::ui::state::App;
use crate::ui::widget::{Nav, Notice, TopBar};
use crate::ui::words::{assign_words, fill, lang, ledger_words, words};

/// What the page knows.
#[derive(Clone)]
enum Loaded {
    Opening,
    /// The record, the task in it, and what the unit's record says of whom to call.
    Here(Box<Record>, Box<Task>, String),
    Gone,
    Failed(AppError),
}

async fn read(app: App, id: &str) -> Loaded {
    let Ok(id) = RecordId::parse(id) else { return Loaded::Gone };
    let workspace = app.workspace();
    let record = match workspace.load(&id).await {
        Ok(record) => record,
        Err(AppError::NoRecord) => return Loaded::Gone,
        Err(error) => return Loaded::Failed(error),
    };
    let Some(task) = Task::read(record.state()) else { return Loaded::Gone };
    // A unit that is not on this phone has no number to call; everything else is in the task.
    let unit = match RecordId::parse(&task.unit_id) {
        Ok(unit) => workspace.load(&unit).await.ok(),
        Err(_) => None,
    };
    let phone = unit.map(|unit| Row::of(unit.state()).text("phone").to_owned()).unwrap_or_default();
    Loaded::Here(Box::new(record), Box::new(task), phone)
}

/// The page: `/task/<id>`.
#[component]
pub fn TaskPage(id: String) -> impl IntoView {
    let app = App::get();
    app.writing.set(false);
    app.leave_place();
    let loaded = RwSignal::new(Loaded::Opening);
    let id = StoredValue::new(id);
    let reload = Callback::new(move |()| {
        leptos::task::spawn_local(async move {
            let found = read(app, &id.get_value()).await;
            loaded.try_set(found);
        });
    });
    reload.run(());
    view! {
        <div class="has-nav">
            <TopBar title=Signal::derive(|| assign_words().task.to_owned()) back="/"/>
            <main class="page">
                <Show when=move || !app.owner.get()><Notice tone="warn">{move || words().reader_note}</Notice></Show>
                {move || match loaded.get() {
                    Loaded::Opening => view! { <div class="empty" role="status"><span class="spinner"></span><p>{assign_words().reading}</p></div> }.into_any(),
                    Loaded::Gone => view! { <div class="card"><div class="empty">{icon("search")}
                        <p><strong>{assign_words().gone}</strong></p><p class="small">{assign_words().gone_hint}</p></div></div> }.into_any(),
                    Loaded::Failed(error) => view! { <Notice tone="bad">{explain(&error)}</Notice> }.into_any(),
                    Loaded::Here(record, task, phone) => view! { <Shown record=*record task=*task phone reload/> }.into_any(),
                }}
            </main>
            <Nav/>
        </div>
    }
}

/// How it stands with the date: the text, and whether it is late.
fn due_text(due: Option<CivilDate>, is_open: bool, today: CivilDate) -> (String, bool) {
    let Some(due) = due else { return (assign_words().no_due.to_owned(), false) };
    if !is_open {
        return (due.to_string(), false);
    }
    let left = due.0.signed_duration_since(today.0).num_days();
    let said = match left {
        0 => assign_words().due_today.to_owned(),
        1.. => fill(assign_words().days_left, &[&left]),
        _ => fill(assign_words().days_late, &[&-left]),
    };
    (format!("{due} · {said}"), left < 0)
}

#[component]
fn Shown(record: Record, task: Task, phone: String, reload: Callback<()>) -> impl IntoView {
    let app = App::get();
    let id = record.id().to_string();
    let made_ms = record.journal().first().ms;
    let record = StoredValue::new_local(record);
    let (finishing, cancelling) = (RwSignal::new(false), RwSignal::new(false));
    let is_open = task.is_open();
    let start = format!("/start/{}?task={id}", task.unit_id);
    let history = format!("/record/{id}");
    let has_unit = !task.unit_id.is_empty();
    let made_on = Instant::from_ms(made_ms).date(app.offset_min());
    let (due, title) = (task.due, task.title.clone());
    let unit_id = task.unit_id.clone();
    let busy = RwSignal::new(false);
    let reopen = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        leptos::task::spawn_local(async move {
            let mut task = record.get_value();
            match app.workspace().reopen_task(&mut task).await {
                Ok(_) => {
                    app.after_save();
                    app.toast(assign_words().reopened);
                    app.refresh().await;
                }
                Err(error) => app.toast(super::doing::explain_task(&error)),
            }
            busy.try_set(false);
            reload.try_run(());
        });
    };
    view! {
        <section class="card stack">
            <h2>{title}</h2>
            <p class="row wrap">
                {move || {
                    let (text, late) = due_text(due, is_open, today(app));
                    view! { <span class=if late { "chip bad num" } else { "chip num" }>{text}</span> }
                }}
            </p>
            {task.done.clone().map(|inspection| view! {
                <div class="notice good" role="note">{icon("check")}<div class="grow"><strong>{move || assign_words().done}</strong>
                    <a href=format!("/record/{inspection}")>{move || assign_words().done_by}</a></div></div>
            })}
            {task.cancelled.clone().map(|why| view! { <Notice tone="warn"><strong>{move || assign_words().cancelled}</strong>{move || fill(assign_words().cancelled_why, &[&why])}</Notice> })}
            {is_open.then(|| view! {
                {has_unit.then(|| view! { <a class="btn primary big block" href=start>{icon("plus")}{move || assign_words().start}</a> })}
                <div class="row wrap">
                    <button type="button" class="btn grow" disabled=move || !app.owner.get() on:click=move |_| finishing.set(true)>{icon("check")}{move || assign_words().mark_done}</button>
                    <button type="button" class="btn" disabled=move || !app.owner.get() on:click=move |_| cancelling.set(true)>{move || assign_words().cancel}</button>
                </div>
            })}
            {(!is_open).then(|| view! {
                <button type="button" class="btn" disabled=move || busy.get() || !app.owner.get() on:click=reopen>{icon("undo")}{move || assign_words().reopen}</button>
            })}
        </section>
        <Where unit_id=task.unit_id.clone() name=task.unit_name.clone() address=task.unit_address.clone() phone/>
        <Equipment equipment=task.equipment.clone()/>
        <Facts task made_ms/>
        <a class="btn block" href=history>{icon("clock")}{move || assign_words().history}</a>
        <DoneSheet open=finishing record unit=unit_id made_on after=reload/>
        <CancelSheet open=cancelling record after=reload/>
    }
}

/// The unit, and whom to call.
#[component]
fn Where(unit_id: String, name: String, address: String, phone: String) -> impl IntoView {
    let app = App::get();
    let id = StoredValue::new(unit_id);
    // The ledger may not be on this phone; what the task says is shown all the same.
    leptos::task::spawn_local(async move {
        let _ = app.ledger(|_| ()).await;
    });
    let known = Memo::new(move |_| app.ledger_now().is_some_and(|shared| id.with_value(|id| shared.get().get(id).is_some())));
    let shown = if name.is_empty() { None } else { Some((name, address)) };
    let line = StoredValue::new(shown);
    let text = move || {
        line.get_value().map_or_else(
            || view! { <span class="title">{assign_words().no_unit}</span> }.into_any(),
            |(name, address)| view! { <span class="title">{name}</span><span class="sub">{address}</span> }.into_any(),
        )
    };
    view! {
        <section class="card flush" aria-label=move || assign_words().place>
            <Show when=move || known.get() fallback=move || view! { <div class="list-row">{icon("office")}<span class="grow">{text}</span></div> }>
                <a class="list-row" href=id.with_value(|id| format!("/ledger/{id}"))>{icon("office")}<span class="grow">{text}</span>{icon("next")}</a>
            </Show>
            {(!phone.is_empty()).then(|| {
                let href = format!("tel:{phone}");
                view! { <div class="inset"><a class="btn block" href=href>{icon("phone")}{move || fill(ledger_words().call, &[&phone])}</a></div> }
            })}
        </section>
    }
}

#[component]
fn Equipment(equipment: Vec<TaskEquipment>) -> impl IntoView {
    let app = App::get();
    let count = equipment.len();
    let equipment = StoredValue::new(equipment);
    let known = move |id: &str| app.ledger_now().is_some_and(|shared| shared.get().get(id).is_some());
    let rows = move || {
        let row = |one: TaskEquipment| {
            let inner = view! { <span class="grow"><span class="title">{one.name}</span><span class="sub">{one.place}</span><span class="sub mono">{one.code}</span></span> };
            if known(&one.id) {
                view! { <li><a class="list-row" href=format!("/ledger/{}", one.id)>{inner}{icon("next")}</a></li> }.into_any()
            } else {
                view! { <li><div class="list-row">{inner}</div></li> }.into_any()
            }
        };
        equipment.get_value().into_iter().map(row).collect_view()
    };
    view! {
        <section class="stack tight">
            <div class="section-title"><h2>{move || ledger_words().equipment}</h2><span class="muted num">{move || fill(ledger_words().n_sets, &[&count])}</span></div>
            <div class="card flush">
                {(count == 0).then(|| view! { <p class="pad-text muted">{move || assign_words().whole_unit}</p> })}
                <ul class="list">{rows}</ul>
            </div>
        </section>
    }
}

#[component]
fn Facts(task: Task, made_ms: u64) -> impl IntoView {
    let app = App::get();
    let library = LocalResource::new(pool::library);
    let all_campaigns = LocalResource::new(campaigns);
    let task = StoredValue::new(task);
    let lists = move || {
        let known = library.get().unwrap_or_default();
        let title = |id: &String| known.iter().find(|list| list.id == *id).map_or_else(|| id.clone(), |list| list.title(lang()).to_owned());
        task.with_value(|task| task.lists.iter().map(title).collect::<Vec<_>>()).join(lang().pick("、", ", "))
    };
    let kind = move || {
        let word = |task: &Task| {
            INSPECTION_KINDS
                .iter()
                .find(|(name, _)| *name == task.inspection_kind)
                .map_or(task.inspection_kind.clone(), |(_, word)| word().to_owned())
        };
        task.with_value(word)
    };
    let campaign = move || {
        let code = task.with_value(|task| task.campaign.clone());
        if code.is_empty() { String::new() } else { all_campaigns.get().map(|all| campaign_name(&all, &code)).unwrap_or_default() }
    };
    let text = move |of: fn(&Task) -> &String| task.with_value(|task| of(task).clone());
    let facts = move || {
        let inspector = text(|task| &task.inspector);
        let inspector = if inspector.is_empty() { assign_words().doer_anyone.to_owned() } else { inspector };
        let all = [
            (assign_words().lists, lists()),
            (assign_words().inspector, inspector),
            (assign_words().kind, kind()),
            (assign_words().campaign, campaign()),
            (assign_words().source, text(|task| &task.task_source)),
            (assign_words().approval_no, text(|task| &task.approval_no)),
            (assign_words().note, text(|task| &task.note)),
            (assign_words().made_at, Instant::from_ms(made_ms).minute_text(app.offset_min())),
        ];
        let filled = all.into_iter().filter(|(_, text)| !text.is_empty());
        filled.map(|(label, text)| view! { <dt>{label}</dt><dd>{text}</dd> }).collect_view()
    };
    view! { <section class="card"><h2>{move || assign_words().what}</h2><dl class="facts">{facts}</dl></section> }
}
