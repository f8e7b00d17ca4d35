//! What becomes of a task: done by a check, or cancelled with a reason.

use leptos::prelude::*;

use super::explain;
use crate::app::assign::{TaskError, visits_for};
use crate::app::unit_visits::UnitVisit;
use crate::app::workspace::Record;
use crate::domain::time::CivilDate;
use crate::ui::home::{stage_tone, stage_word};
use crate::ui::icon::icon;
use crate::ui::state::App;
use crate::ui::widget::{FormField, Notice, Sheet};
use crate::ui::words::{assign_words, fill, words};

/// What to say when a task did not change.
pub fn explain_task(error: &TaskError) -> String {
    match error {
        TaskError::NoTask => assign_words().gone.to_owned(),
        TaskError::Closed => assign_words().closed_already.to_owned(),
        TaskError::NoReason => assign_words().reason_needed.to_owned(),
        TaskError::App(error) => explain(error),
    }
}

/// After a task changed: the lists say so, and the page reads it again.
async fn changed(app: App, said: &'static str, after: Callback<()>) {
    app.after_save();
    app.toast(said);
    app.refresh().await;
    after.try_run(());
}

/// Chooses the check that was made for the task.
#[component]
pub fn DoneSheet(
    open: RwSignal<bool>,
    record: StoredValue<Record, LocalStorage>,
    /// Id of the unit.
    unit: String,
    made_on: CivilDate,
    after: Callback<()>,
) -> impl IntoView {
    let app = App::get();
    let (unit, busy) = (StoredValue::new(unit), RwSignal::new(false));
    let visits = RwSignal::new(None::<Vec<UnitVisit>>);
    let problem = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        if !open.get() {
            return;
        }
        problem.set(None);
        leptos::task::spawn_local(async move {
            let id = unit.get_value();
            let all = app.summaries.get_untracked();
            match app.workspace().unit_visits(&all, &id).await {
                Ok(found) => drop(visits.try_set(Some(visits_for(&found, made_on).into_iter().cloned().collect()))),
                Err(error) => drop(problem.try_set(Some(explain(&error)))),
            }
        });
    });
    let choose = move |inspection: String| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        leptos::task::spawn_local(async move {
            let mut task = record.get_value();
            match app.workspace().finish_task(&mut task, &inspection).await {
                Ok(_) => {
                    open.try_set(false);
                    changed(app, assign_words().marked_done, after).await;
                }
                Err(error) => drop(problem.try_set(Some(explain_task(&error)))),
            }
            busy.try_set(false);
        });
    };
    let failed = move |visit: &UnitVisit| visit.failed;
    view! {
        <Sheet open title=Signal::derive(|| assign_words().mark_done.to_owned())>
            <Show when=move || problem.get().is_some()><Notice tone="bad">{move || problem.get()}</Notice></Show>
            <Show when=move || visits.with(|visits| visits.as_ref().is_some_and(Vec::is_empty))>
                <div class="empty">{icon("list")}<p><strong>{move || assign_words().no_visits}</strong></p><p class="small">{move || assign_words().no_visits_hint}</p></div>
            </Show>
            <Show when=move || visits.with(|visits| visits.as_ref().is_some_and(|visits| !visits.is_empty()))>
                <p class="muted">{move || assign_words().choose_visit}</p>
                <ul class="list boxed">
                    <For each=move || visits.get().unwrap_or_default() key=|visit| visit.id.clone() let:visit>
                        <li><button type="button" class="list-row" disabled=move || busy.get() on:click={ let id = visit.id.clone(); move |_| choose(id.clone()) }>
                            <span class="grow">
                                <span class="title num">{visit.at.minute_text(app.offset_min())}</span>
                                <span class="row wrap chips">
                                    <span class=stage_tone(visit.stage)>{move || stage_word(visit.stage)}</span>
                                    {(failed(&visit) > 0).then(|| { let n = failed(&visit); view! { <span class="chip bad num">{move || fill(words().n_failed, &[&n])}</span> } })}
                                </span>
                            </span>
                            {icon("check")}
                        </button></li>
                    </For>
                </ul>
            </Show>
        </Sheet>
    }
}

/// Asks why the task is no longer wanted.
#[component]
pub fn CancelSheet(open: RwSignal<bool>, record: StoredValue<Record, LocalStorage>, after: Callback<()>) -> impl IntoView {
    let app = App::get();
    let reason = RwSignal::new(String::new());
    let (missing, problem, busy) = (RwSignal::new(None::<String>), RwSignal::new(None::<String>), RwSignal::new(false));
    let cancel = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(None);
        leptos::task::spawn_local(async move {
            let mut task = record.get_value();
            match app.workspace().cancel_task(&mut task, &reason.get_untracked()).await {
                Ok(_) => {
                    open.try_set(false);
                    changed(app, assign_words().was_cancelled, after).await;
                }
                Err(error @ TaskError::NoReason) => drop(missing.try_set(Some(explain_task(&error)))),
                Err(error) => drop(problem.try_set(Some(explain_task(&error)))),
            }
            busy.try_set(false);
        });
    };
    view! {
        <Sheet open title=Signal::derive(|| assign_words().cancel.to_owned())>
            <p class="muted">{move || assign_words().cancel_hint}</p>
            <FormField label=Signal::derive(|| assign_words().reason.to_owned()) text=reason problem=missing/>
            <Show when=move || problem.get().is_some()><Notice tone="bad">{move || problem.get()}</Notice></Show>
            <button type="button" class="btn danger block" disabled=move || busy.get() on:click=cancel>{move || assign_words().cancel}</button>
        </Sheet>
    }
}
