//! Amends a sealed inspection: one value, with the reason; the old value stays in the history.

use std::sync::Arc;

use leptos::prelude::*;
use serde_json::{Value, json};

use super::Shown;
use crate::app::session::SaveState;
use crate::domain::checklist::Verdict;
use crate::domain::inspection::{RESULTS, answer_path};
use crate::ui::state::App;
use crate::ui::widget::Notice;
use crate::ui::words::office::OfficeWords;
use crate::ui::words::{errors, fill, lang, office_words, words};

/// Fields of an item that can be amended.
const FIELDS: [&str; 4] = ["verdict", "finding", "requirement", "deadline"];
/// Fields of the conclusion that can be amended.
const ENDING: [&str; 3] = ["conclusion/result", "conclusion/opinion", "conclusion/remark"];

/// Why an amendment was not made.
#[derive(Clone, PartialEq, Debug)]
enum Problem {
    Reason,
    Same,
    Store(crate::port::twin::StoreError),
    Other,
}

/// Writes values into a sealed record with a reason, or seals it anew; all kept or nothing.
async fn write(app: App, shown: &Shown, values: &[(&str, Value)], reason: &str, seal: bool) -> Result<(), Problem> {
    let save = RwSignal::new(SaveState::Saved { at: None });
    let session = app.session_on(shown.record.clone(), save);
    if !values.is_empty() && !session.set(values, Some(reason)).map_err(|_| Problem::Other)? {
        return Err(Problem::Same);
    }
    if seal {
        session.seal().map_err(|_| Problem::Other)?;
    }
    session.flush().await;
    match session.save_state() {
        SaveState::Failed { error, .. } => Err(Problem::Store(error)),
        SaveState::Saved { .. } | SaveState::Saving => {
            app.after_save();
            app.refresh().await;
            Ok(())
        }
    }
}

/// Seals a record again, so that its amendments are covered too.
pub fn seal_again(app: App, shown: Arc<Shown>, done: Callback<()>) {
    leptos::task::spawn_local(async move {
        match write(app, &shown, &[], "", true).await {
            Ok(()) => {
                app.toast(OfficeWords::of(crate::ui::words::lang_now()).sealed_again);
                done.try_run(());
            }
            Err(problem) => app.toast(explain(&problem)),
        }
    });
}

fn explain(problem: &Problem) -> String {
    let o = office_words();
    match problem {
        Problem::Reason => o.amend_reason_needed.to_owned(),
        Problem::Same => o.amend_same.to_owned(),
        Problem::Store(error) => errors::explain_store(error),
        Problem::Other => o.amend_failed.to_owned(),
    }
}

/// The form. `done` is called after the amendment was kept.
#[component]
pub fn Amend(
    /// The record.
    shown: Arc<Shown>,
    /// Called once it is kept.
    done: Callback<()>,
) -> impl IntoView {
    let app = App::get();
    let target = RwSignal::new(first_target(&shown));
    let value = RwSignal::new(String::new());
    let reason = RwSignal::new(String::new());
    let seal = RwSignal::new(true);
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<Problem>);
    let shown = StoredValue::new(shown);
    let standing = move |path: &str| shown.with_value(|shown| shown.record.state().text(path).unwrap_or_default().to_owned());
    Effect::new(move |_| value.set(standing(&target.get())));
    let submit = move |_| {
        let (path, text, why) = (target.get_untracked(), value.get_untracked(), reason.get_untracked());
        if why.trim().is_empty() {
            problem.set(Some(Problem::Reason));
            return;
        }
        busy.set(true);
        problem.set(None);
        leptos::task::spawn_local(async move {
            let new = if text.trim().is_empty() { Value::Null } else { json!(text.trim()) };
            let record = shown.get_value();
            let written = write(app, &record, &[(&path, new)], &why, seal.get_untracked()).await;
            busy.try_set(false);
            match written {
                Ok(()) => {
                    app.toast(OfficeWords::of(crate::ui::words::lang_now()).amend_done);
                    done.try_run(());
                }
                Err(found) => {
                    problem.try_set(Some(found));
                }
            }
        });
    };
    let old = move || {
        shown.with_value(|shown| {
            let path = target.get();
            let text = shown.record.state().get(&path).map(|value| shown.names(lang()).value(&path, value)).unwrap_or_default();
            fill(office_words().amend_old, &[&if text.is_empty() { office_words().nothing.to_owned() } else { text }])
        })
    };
    view! {
        <p class="muted">{move || office_words().amend_hint}</p>
        <Targets shown target/>
        <p class="amend-old">{old}</p>
        {move || {
            let path = target.get();
            let initial = standing(&path);
            new_value(&path, initial, value)
        }}
        <label class="field">
            <span>{move || office_words().amend_reason}</span>
            <textarea class="input" rows="2" maxlength="500" required=true on:input=move |event| reason.set(event_target_value(&event))></textarea>
            <span class="hint">{move || office_words().amend_reason_hint}</span>
        </label>
        <label class="choice">
            <input type="checkbox" prop:checked=move || seal.get() on:change=move |event| seal.set(event_target_checked(&event))/>
            <span>{move || office_words().amend_seal}</span>
        </label>
        {move || problem.get().map(|problem| view! { <Notice tone="bad">{explain(&problem)}</Notice> })}
        <button type="button" class="btn primary big block" disabled=move || busy.get() on:click=submit>{move || office_words().amend_do}</button>
    }
}

fn first_target(shown: &Shown) -> String {
    let failed = shown.inspection.as_ref().and_then(|inspection| {
        let state = shown.record.state();
        let failed = |(index, item): &(usize, &crate::domain::checklist::Item)| {
            inspection.verdict(*index, &crate::domain::inspection::Answer::read(state, &item.id)) == Some(Verdict::Fail)
        };
        inspection.checklist.items.iter().enumerate().find(failed).map(|(_, item)| answer_path(&item.id, "deadline"))
    });
    failed.unwrap_or_else(|| "conclusion/remark".to_owned())
}

/// What to amend: the item, then its field; or a part of the conclusion.
#[component]
fn Targets(shown: StoredValue<Arc<Shown>>, target: RwSignal<String>) -> impl IntoView {
    let item_of = |path: &str| path.strip_prefix("answers/").and_then(|rest| rest.split('/').next()).unwrap_or_default().to_owned();
    let options = move || {
        shown.with_value(|shown| {
            let lang = lang();
            let items = shown.inspection.iter().flat_map(|inspection| inspection.checklist.items.iter().enumerate());
            let chosen = item_of(&target.get_untracked());
            let items: Vec<_> = items
                .map(|(index, item)| {
                    let label: String = format!("{}. {}", index + 1, item.text(lang)).chars().take(48).collect();
                    view! { <option value=item.id.clone() selected=item.id == chosen>{label}</option> }
                })
                .collect();
            let first = view! { <option value="" selected=chosen.is_empty()>{words().conclusion}</option> };
            (first, items)
        })
    };
    let fields = move || {
        shown.with_value(|shown| {
        let item = item_of(&target.get());
        let paths: Vec<String> =
            if item.is_empty() { ENDING.map(str::to_owned).to_vec() } else { FIELDS.map(|field| answer_path(&item, field)).to_vec() };
        let names = shown.names(lang());
        paths
            .into_iter()
            .map(|path| {
                // The item is named above; only the field is of interest here.
                let field = path.rsplit('/').next().unwrap_or_default();
                let label = if item.is_empty() { names.path(&path) } else { names.path(field) };
                let (this, to) = (path.clone(), path);
                view! { <button type="button" aria-pressed=move || (target.get() == this).to_string() on:click=move |_| target.set(to.clone())>{label}</button> }
            })
            .collect_view()
    })
    };
    let choose = move |event: web_sys::Event| {
        let item = event_target_value(&event);
        target.set(if item.is_empty() { "conclusion/result".to_owned() } else { answer_path(&item, "verdict") });
    };
    view! {
        <label class="field">
            <span>{move || office_words().amend_what}</span>
            <select class="input" on:change=choose>{options}</select>
        </label>
        <div class="chips-pick" role="group" aria-label=move || office_words().amend_field>{fields}</div>
    }
}

/// The field for the new value, fitting to the place.
fn new_value(path: &str, initial: String, value: RwSignal<String>) -> AnyView {
    let (w, o, lang) = (words(), office_words(), lang());
    let choose = |options: Vec<(String, String)>| {
        let buttons = options
            .into_iter()
            .map(|(code, label)| {
                let this = code.clone();
                view! { <button type="button" aria-pressed=move || (value.get() == this).to_string() on:click=move |_| value.set(code.clone())>{label}</button> }
            })
            .collect_view();
        view! { <div class="field"><span>{o.amend_new}</span><div class="chips-pick" role="group" aria-label=o.amend_new>{buttons}</div></div> }.into_any()
    };
    let on_input = move |event: web_sys::Event| value.set(event_target_value(&event));
    match path.rsplit('/').next() {
        Some("verdict") => {
            choose(Verdict::ALL.map(|verdict| (verdict.name().to_owned(), super::names::verdict(verdict, lang).to_owned())).to_vec())
        }
        Some("result") => choose(RESULTS.map(|code| (code.to_owned(), super::names::result(code, lang))).to_vec()),
        Some("deadline") => {
            view! { <label class="field"><span>{w.deadline}</span><input class="input" type="date" value=initial on:input=on_input/></label> }.into_any()
        }
        _ => view! {
            <label class="field"><span>{o.amend_new}</span><textarea class="input" rows="3" maxlength="2000" on:input=on_input>{initial}</textarea></label>
        }
        .into_any(),
    }
}
