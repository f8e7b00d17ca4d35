//! What a record says of the gate before the check, and the approval that is entered afterwards.

use std::sync::Arc;

use leptos::prelude::*;
use serde_json::Value;

use super::Shown;
use super::amend::amend;
use crate::app::gate::{Approval, approval_values};
use crate::domain::content::Lang;
use crate::domain::inspection::approval_due;
use crate::domain::journal::State;
use crate::ui::start::DayField;
use crate::ui::state::App;
use crate::ui::widget::{FormField, Notice};
use crate::ui::words::assign::AssignWords;
use crate::ui::words::visit::VisitWords;
use crate::ui::words::{aside, assign_words, fill, visit_words, words};

/// The approval of a check in one line: number, who, when, why it was urgent. Empty when nothing is known of it.
#[must_use]
pub fn approval(state: &State, lang: Lang) -> String {
    let v = VisitWords::of(lang);
    let text = |path: &str| state.text(path).map(str::trim).filter(|text| !text.is_empty());
    let named = |label: &str, text: &str| format!("{label}{}{text}", lang.pick("：", ": "));
    let parts = [
        text("approval_no").map(|no| named(AssignWords::of(lang).approval_no, no)),
        text("approval/by").map(|by| named(v.approved_by, by)),
        text("approval/day").map(str::to_owned),
        text("approval/urgent").map(|why| named(v.approve_later, why)),
        approval_due(state).then(|| v.approval_due.to_owned()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(lang.pick("；", "; "))
}

/// The visits of the year in one line, as they were when the check began. Empty when the record does not say.
#[must_use]
pub fn frequency(state: &State, lang: Lang) -> String {
    let v = VisitWords::of(lang);
    let Some(count) = state.get("frequency/count").and_then(Value::as_u64) else { return String::new() };
    let said = |value: &Value| {
        let text = value.get(lang.pick("zh", "en")).and_then(Value::as_str).unwrap_or_default().to_owned();
        let doubtful = value.get("verified").and_then(Value::as_bool) == Some(false);
        (text, if doubtful { lang.pick("（未核实）", " (unverified)") } else { "" })
    };
    let mut parts = vec![fill(v.year_line, &[&count])];
    let cap = state.get("frequency/cap");
    let most = cap.and_then(|cap| cap.get("count")).and_then(Value::as_u64);
    parts.push(match cap.map(said).zip(most) {
        Some(((name, mark), most)) => format!("{}{mark}", fill(v.year_cap, &[&name, &most])),
        None => v.year_no_cap.to_owned(),
    });
    let exclusion = state.get("frequency/exclusion").map(said);
    let joint = state.get("frequency/joint").and_then(Value::as_bool) == Some(true);
    let over = most.is_some_and(|most| count + u64::from(!joint) > most);
    if joint {
        parts.push(v.year_joint.to_owned());
    }
    let exception = state.get("frequency/exception").map(said);
    if over && exception.is_none() {
        parts.push(v.exception_none.to_owned());
    }
    parts.extend(exclusion.map(|(text, mark)| format!("{text}{mark}")));
    parts.extend(exception.map(|(text, _)| format!("{}{}{text}", v.exception, lang.pick("：", ": "))));
    parts.extend(state.text("frequency/note").map(str::to_owned));
    parts.join(lang.pick("；", "; "))
}

/// Asks for an approval that is still due; in a sealed record it is entered as an amendment.
#[component]
pub fn ApprovalDue(shown: Arc<Shown>, done: Callback<()>) -> impl IntoView {
    let app = App::get();
    if !approval_due(shown.record.state()) {
        return ().into_any();
    }
    let [no, by, day] = [(); 3].map(|()| RwSignal::new(String::new()));
    let (problem, failed, busy) = (RwSignal::new(None::<String>), RwSignal::new(None::<String>), RwSignal::new(false));
    let shown = StoredValue::new(shown);
    let enter = move |_| {
        if busy.get_untracked() {
            return;
        }
        let approval = Approval { no: no.get_untracked(), by: by.get_untracked(), day: day.get_untracked(), urgent: None };
        if approval.no.trim().is_empty() && approval.by.trim().is_empty() {
            problem.set(Some(visit_words().approval_empty.to_owned()));
            return;
        }
        busy.set(true);
        failed.set(None);
        leptos::task::spawn_local(async move {
            let values = approval_values(&approval);
            let values: Vec<(&str, Value)> = values.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
            let written = amend(app, &shown.get_value(), &values, visit_words().approval_reason).await;
            busy.try_set(false);
            match written {
                Ok(()) => {
                    app.toast(visit_words().approval_kept);
                    done.try_run(());
                }
                Err(text) => drop(failed.try_set(Some(text))),
            }
        });
    };
    view! {
        <section class="card stack" aria-labelledby="approval-due">
            <h2 id="approval-due">{move || visit_words().approval_due}</h2>
            <p class="muted small">{move || visit_words().approval_due_hint}</p>
            <FormField label=Signal::derive(|| assign_words().approval_no.to_owned()) text=no problem/>
            <FormField label=Signal::derive(|| aside(visit_words().approved_by, words().optional)) text=by/>
            <DayField label=|| visit_words().approved_on day/>
            <Show when=move || failed.get().is_some()><Notice tone="bad">{move || failed.get()}</Notice></Show>
            <button type="button" class="btn block" disabled=move || busy.get() || !app.owner.get() on:click=enter>{move || visit_words().approval_enter}</button>
        </section>
    }
    .into_any()
}
