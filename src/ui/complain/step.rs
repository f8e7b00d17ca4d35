//! One step of the form: its questions, or one question at a time where the type is large.

use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use super::ctx::DraftCtx;
use super::field::{FieldView, LackList, go_to};
use super::landing::Danger;
use crate::complaint::{FormField, Lack};
use crate::ui::icon::icon;
use crate::ui::save;
use crate::ui::widget::{Notice, TopBar};
use crate::ui::words::{complain_words, fill, lang};

/// Names the field to go to when a step is opened from elsewhere. A name of the form, nothing of a person.
const TO: &str = "to";

/// The step of the form that begins with the numbers to call.
const DANGER: &str = "danger";

/// The address of a step, perhaps of a field in it.
#[must_use]
pub fn address(draft: &str, step: &str, field: Option<&str>) -> String {
    match field.filter(|field| !field.is_empty()) {
        Some(field) => format!("/complain/{draft}/{step}?{TO}={field}"),
        None => format!("/complain/{draft}/{step}"),
    }
}

/// The frame of a step: how far it is, its name, how it stands with saving. The name gets the focus, so that who listens
/// hears where they are.
#[component]
pub fn StepFrame(
    /// The draft.
    ctx: DraftCtx,
    /// The step.
    step: String,
    /// What is asked.
    children: Children,
) -> impl IntoView {
    let steps = Memo::new(move |_| ctx.steps());
    let own = step.clone();
    let place = move || steps.with(|steps| (steps.iter().position(|one| *one == own).unwrap_or_default() + 1, steps.len()));
    let place = Memo::new(move |_| place());
    let progress = move || {
        let (at, of) = place.get();
        fill(complain_words().step_of, &[&at, &of])
    };
    let (name, note) = {
        let form = ctx.form();
        let def = form.steps.iter().find(|one| one.id == step);
        (def.map(|def| def.name.clone()).unwrap_or_default(), def.and_then(|def| def.note.clone()))
    };
    let title = NodeRef::<html::H2>::new();
    let asked_for = use_query_map().with_untracked(|query| query.get(TO));
    Effect::new(move |_| {
        let Some(title) = title.get() else { return };
        match &asked_for {
            Some(field) => go_to(field),
            None => {
                window().scroll_to_with_x_and_y(0.0, 0.0);
                // Where the focus can't be moved the page is read from its start.
                let _ = title.focus();
            }
        }
    });
    view! {
        <TopBar title=Signal::derive(|| complain_words().title.to_owned()) back="/complain"><save::Sign save=ctx.save quiet=true/></TopBar>
        <main class="page complain">
            <Trouble ctx/>
            <div class="step-head">
                <p class="muted num">{progress}</p>
                <progress class="bar" aria-hidden="true" max=move || place.get().1.to_string() value=move || place.get().0.to_string()></progress>
                <h2 tabindex="-1" node_ref=title>{move || name.get(lang()).to_owned()}</h2>
                {note.map(|note| view! { <p class="muted">{move || note.get(lang()).to_owned()}</p> })}
            </div>
            {children()}
        </main>
    }
}

/// That something could not be kept.
#[component]
pub fn Trouble(ctx: DraftCtx) -> impl IntoView {
    let failed = Memo::new(move |_| matches!(ctx.save.get(), crate::app::session::SaveState::Failed { .. }));
    view! { <Show when=move || failed.get()><Notice tone="bad">{move || complain_words().save_failed}</Notice></Show> }
}

/// The questions of a step.
#[component]
pub fn StepPage(
    /// The draft.
    ctx: DraftCtx,
    /// The step; one that asks something.
    step: String,
) -> impl IntoView {
    ctx.at_step(&step);
    let at_danger = step == DANGER;
    let own = StoredValue::new(step.clone());
    let asked = Memo::new(move |_| {
        ctx.read(|reading| {
            let step = own.with_value(|own| reading.form.steps.iter().find(|one| one.id == *own));
            step.map(|step| reading.fields_of(step).cloned().collect::<Vec<FormField>>()).unwrap_or_default()
        })
    });
    let first = Memo::new(move |_| asked.with(|all| all.iter().filter(|field| !field.more).cloned().collect::<Vec<_>>()));
    let more = Memo::new(move |_| asked.with(|all| all.iter().filter(|field| field.more).cloned().collect::<Vec<_>>()));
    let large = move || ctx.app.prefs.with(|prefs| prefs.large);
    // Where the type is large: which question is shown.
    let at = RwSignal::new(use_query_map().with_untracked(|query| {
        let to = query.get(TO);
        first.with_untracked(|all| all.iter().position(|field| Some(&field.id) == to.as_ref())).unwrap_or_default()
    }));
    let shown = Memo::new(move |_| {
        let all = first.get();
        if !large() {
            return all;
        }
        let at = at.get().min(all.len().saturating_sub(1));
        all.into_iter().nth(at).into_iter().collect()
    });
    let at_end = Memo::new(move |_| !large() || at.get() + 1 >= first.with(Vec::len));
    let lacks = Memo::new(move |_| {
        let here = own.get_value();
        let unseen = first.with(|all| all.iter().skip(shown_until(large(), at.get())).map(|field| field.id.clone()).collect::<Vec<_>>());
        let all = ctx.lacks().into_iter();
        all.filter(|lack| lack.step == here && !lack.field.is_empty() && !unseen.contains(&lack.field)).collect::<Vec<Lack>>()
    });
    let go = Callback::new(move |lack: Lack| {
        if let Some(index) = first.with_untracked(|all| all.iter().position(|field| field.id == lack.field)) {
            at.set(index);
        }
        go_to(&lack.field);
    });
    let beside = move |by: isize| {
        let steps = ctx.steps();
        let here = steps.iter().position(|one| own.with_value(|own| one == own))?;
        here.checked_add_signed(by).and_then(|at| steps.get(at).cloned())
    };
    let navigate = StoredValue::new_local(use_navigate());
    let leave = move |to: String| navigate.with_value(|navigate| navigate(&to, NavigateOptions::default()));
    let next = move |_| {
        ctx.app.flush_typing();
        if !at_end.get_untracked() {
            at.update(|at| *at += 1);
            focus_first(shown);
            return;
        }
        if let Some(step) = untrack(|| beside(1)) {
            leave(address(&ctx.id(), &step, None));
        }
    };
    let previous = move |_| {
        ctx.app.flush_typing();
        if large() && at.get_untracked() > 0 {
            at.update(|at| *at -= 1);
            focus_first(shown);
            return;
        }
        let to = untrack(|| beside(-1)).map_or("/complain".to_owned(), |step| address(&ctx.id(), &step, None));
        leave(to);
    };
    let is_last = Memo::new(move |_| at_end.get() && beside(2).is_none());
    view! {
        <StepFrame ctx step>
            {at_danger.then(|| view! { <Danger/> })}
            <div class="stack step-form">
                <For each=move || shown.get() key=|field| field.id.clone() let:field><FieldView ctx field/></For>
                <Show when=move || at_end.get() && !more.with(Vec::is_empty)>
                    <details class="fold card">
                        <summary>{move || complain_words().more_to_say}{icon("down")}</summary>
                        <div class="stack step-form"><For each=move || more.get() key=|field| field.id.clone() let:field><FieldView ctx field/></For></div>
                    </details>
                </Show>
            </div>
            <LackList lacks go title=Signal::derive(|| complain_words().lacks_step.to_owned()) good=Signal::derive(String::new)/>
            <p class="muted small">{move || complain_words().saved_here}</p>
        </StepFrame>
        <div class="actionbar"><div>
            <button type="button" class="btn" on:click=previous>{icon("back")}{move || complain_words().previous}</button>
            <button type="button" class="btn primary grow" on:click=next>
                {move || if is_last.get() { complain_words().to_check } else { complain_words().next }}
            </button>
        </div></div>
    }
}

/// How many questions have been shown.
fn shown_until(large: bool, at: usize) -> usize {
    if large { at + 1 } else { usize::MAX }
}

/// Moves to the question that is shown now.
fn focus_first(shown: Memo<Vec<FormField>>) {
    let id = shown.with_untracked(|all| all.first().map(|field| field.id.clone()));
    window().scroll_to_with_x_and_y(0.0, 0.0);
    if let Some(id) = id {
        // After the question is on the page.
        request_animation_frame(move || go_to(&id));
    }
}
