//! The form of one step: it keeps itself, and counts once it is finished.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::ctx::CaseCtx;
use super::field::{FormView, LackList};
use super::page::BasisList;
use crate::app::matter;
use crate::procedure::{Open, lacks};
use crate::ui::icon::icon;
use crate::ui::photo::PhotoViewer;
use crate::ui::save::{Sign, Trouble};
use crate::ui::widget::{Notice, Sheet, TopBar};
use crate::ui::words::{cases_words, fill, lang, words};

/// The page of a step that was begun.
#[component]
pub fn StepView(ctx: CaseCtx, open: Open) -> impl IntoView {
    let record = ctx.pen.id().to_string();
    let def = ctx.case.get_untracked().and_then(|case| case.procedure.step(&open.step).cloned());
    let Some(def) = def else { return view! { <Notice tone="bad">{cases_words().no_such}</Notice> }.into_any() };
    let (name, note) = (StoredValue::new(def.name.clone()), def.note.clone());
    let title = Signal::derive(move || name.with_value(|name| name.get(lang()).to_owned()));
    let (seals, basis) = (def.seals, def.basis.clone());
    let open = StoredValue::new(open);
    let lacking = Memo::new(move |_| {
        ctx.pen.version.track();
        ctx.album.photos.track();
        let today = ctx.today();
        ctx.with(|case, state| open.with_value(|open| lacks(case, state, Some(open), today))).unwrap_or_default()
    });
    let navigate = StoredValue::new_local(use_navigate());
    let busy = RwSignal::new(false);
    let to_case = format!("/case/{record}");
    let leave = StoredValue::new(to_case.clone());
    let finish = move |_| {
        ctx.app.flush_typing();
        if busy.get_untracked() || !ctx.album.taking.with_untracked(Vec::is_empty) {
            return;
        }
        let now = ctx.now();
        let made = untrack(|| ctx.with(|case, state| open.with_value(|open| matter::finish_step(case, state, open, now))));
        let Some(Ok(changes)) = made else { return };
        if !ctx.set(&changes) {
            return;
        }
        busy.set(true);
        leptos::task::spawn_local(async move {
            let session = ctx.pen.session();
            session.flush().await;
            if seals && session.unsaved() == 0 {
                // What closes a matter is sealed, so that nothing can be changed unnoticed; one that was reopened anew. Refused
                // only where nothing came after the last seal.
                let _ = session.seal();
                session.flush().await;
                ctx.pen.version.update(|version| *version += 1);
            }
            busy.set(false);
            if session.unsaved() == 0 {
                ctx.app.toast(fill(cases_words().finished, &[&title.get_untracked()]));
                navigate
                    .with_value(|navigate| leave.with_value(|to| navigate(to, NavigateOptions { replace: true, ..Default::default() })));
            }
        });
    };
    view! {
        <TopBar title back=to_case><Sign save=ctx.pen.save/></TopBar>
        <main class="page">
            <Trouble save=ctx.pen.save retry=Callback::new(move |()| ctx.pen.flush())/>
            {note.map(|note| view! { <Notice>{move || note.get(lang()).to_owned()}</Notice> })}
            {(!basis.is_empty()).then(|| view! { <details class="card fold"><summary>{move || cases_words().basis}{icon("down")}</summary><BasisList basis/></details> })}
            <FormView ctx open=Some(open.get_value())/>
            <section class="stack tight">
                <LackList ctx open=Some(open.get_value()) lacking/>
                <Show when=move || !ctx.album.taking.get().is_empty()><Notice tone="warn">{move || words().missing_photos}</Notice></Show>
                <button type="button" class="btn primary big block" disabled=move || busy.get() || !lacking.get().is_empty() || !ctx.album.taking.get().is_empty() on:click=finish>
                    {icon("check")}{move || fill(cases_words().finish, &[&title.get()])}
                </button>
                <p class="muted">{move || cases_words().step_note}</p>
                <DropStep ctx open/>
            </section>
        </main>
        <PhotoViewer album=ctx.album/>
    }
    .into_any()
}

/// Gives the step up, with a reason.
#[component]
fn DropStep(ctx: CaseCtx, open: StoredValue<Open>) -> impl IntoView {
    let shown = RwSignal::new(false);
    let reason = RwSignal::new(String::new());
    let navigate = StoredValue::new_local(use_navigate());
    let to = StoredValue::new(format!("/case/{}", ctx.pen.id()));
    view! {
        <button type="button" class="btn quiet danger-text" on:click=move |_| shown.set(true)>{icon("trash")}{move || cases_words().drop}</button>
        <Sheet open=shown title=Signal::derive(|| cases_words().drop.to_owned())>
            <p>{move || cases_words().drop_hint}</p>
            <label class="field"><span>{move || cases_words().drop_reason}</span>
                <input class="input" type="text" maxlength="200" on:input=move |event| reason.set(event_target_value(&event))/>
            </label>
            <button type="button" class="btn danger block" disabled=move || reason.get().trim().is_empty() on:click=move |_| {
                let id = open.with_value(|open| open.id.clone());
                if ctx.set(&matter::drop_step(&id, reason.get_untracked().trim())) {
                    shown.set(false);
                    ctx.app.toast(cases_words().dropped);
                    navigate.with_value(|navigate| to.with_value(|to| navigate(to, NavigateOptions { replace: true, ..Default::default() })));
                }
            }>{move || cases_words().drop}</button>
        </Sheet>
    }
}
