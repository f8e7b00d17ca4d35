//! The end of a check: what is missing, the conclusion, the signatures, the seal.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use serde_json::{Value, json};

use super::check::{CheckCtx, slot_place, with_check};
use super::icon::icon;
use super::save::{Sign, Trouble};
use super::sign::{Signer, signer_word};
use super::widget::{Notice, TextField, TopBar};
use super::words::{Word, aside, fill, lang, visit_words, words};
use crate::app::session::SaveState;
use crate::domain::checklist::{Evidence, Severity};
use crate::domain::id::RecordId;
use crate::domain::inspection::{Inspection, Missing, RESULTS, SIGNERS};

/// How much of what lacks is listed; who has put that right sees the rest.
const LISTED: usize = 60;

/// The page.
#[component]
pub fn Finish() -> impl IntoView {
    with_check(|ctx| view! { <FinishPage ctx/> }.into_any())
}

/// The word for a result.
#[must_use]
pub fn result_word(result: &str) -> &'static str {
    match result {
        "no_problem" => words().result_no_problem,
        "corrected_on_spot" => words().result_corrected_on_spot,
        "rectify" => words().result_rectify,
        "stop_use" => words().result_stop_use,
        "file_case" => words().result_file_case,
        _ => "",
    }
}

/// What the record lacks now.
fn missing_now(ctx: CheckCtx) -> Vec<Missing> {
    ctx.version.track();
    let session = ctx.session();
    let record = session.record();
    ctx.with(|inspection| inspection.missing(record.state()))
}

#[component]
fn FinishPage(ctx: CheckCtx) -> impl IntoView {
    let id = ctx.id.get_value();
    let missing = Memo::new(move |_| missing_now(ctx));
    let back = format!("/check/{id}");
    let navigate = use_navigate();
    let busy = RwSignal::new(false);
    let seal = {
        let id = id.clone();
        move |_| {
            // What is still being typed belongs to what is sealed.
            ctx.app.flush_typing();
            if busy.get_untracked() || !missing_now_untracked(ctx).is_empty() || !ctx.taking.with_untracked(Vec::is_empty) {
                return;
            }
            busy.set(true);
            let (id, navigate) = (id.clone(), navigate.clone());
            leptos::task::spawn_local(async move {
                let session = ctx.session();
                // What is computed stands in what is sealed; the record is not sealed yet, so it is taken.
                let _ = session.settle();
                // Everything before the seal is kept before there is a seal.
                session.flush().await;
                if session.unsaved() > 0 {
                    busy.set(false);
                    return;
                }
                let made = session.seal();
                session.flush().await;
                busy.set(false);
                // Said only when the store has said so.
                if made.is_ok() && matches!(ctx.save.get_untracked(), SaveState::Saved { .. }) && session.unsaved() == 0 {
                    ctx.app.leave_place();
                    finish_task(ctx).await;
                    ctx.app.toast(words().sealed_done);
                    navigate(&format!("/record/{id}"), NavigateOptions { replace: true, ..Default::default() });
                }
            });
        }
    };
    view! {
        <TopBar title=Signal::derive(|| words().finish_title.to_owned()) back=back sub=Signal::derive(move || ctx.text("unit/name"))><Sign save=ctx.save/></TopBar>
        <main class="page">
            <Trouble save=ctx.save retry=Callback::new(move |()| ctx.flush())/>
            <Show when=move || !ctx.taking.get().is_empty()><Notice tone="warn">{move || words().missing_photos}</Notice></Show>
            <MissingList ctx missing/>
            <Conclusion ctx/>
            <Inspectors ctx/>
            <Problems ctx/>
            <section class="card stack" aria-labelledby="signatures">
                <h2 id="signatures">{move || words().signatures}</h2>
                <ul class="stack loose">{SIGNERS.map(|role| view! { <Signer ctx role/> })}</ul>
            </section>
            <section class="stack tight">
                {move || {
                    ctx.version.track();
                    let hidden = ctx.with(Inspection::hidden_answers);
                    (hidden > 0).then(|| view! { <Notice>{fill(visit_words().hidden_not_filed, &[&hidden])}</Notice> })
                }}
                <button type="button" class="btn primary big block" disabled=move || busy.get() || !missing.get().is_empty() || !ctx.taking.get().is_empty() on:click=seal>{icon("lock")}{move || words().seal}</button>
                <p class="muted">{move || words().seal_hint}</p>
            </section>
        </main>
    }
}

fn missing_now_untracked(ctx: CheckCtx) -> Vec<Missing> {
    untrack(|| missing_now(ctx))
}

/// The task that the check was made for is done by it. Who wants can still say so by hand, so a failure is no trouble.
async fn finish_task(ctx: CheckCtx) {
    let task = untrack(|| ctx.text("task/id"));
    let Ok(id) = RecordId::parse(&task) else { return };
    let workspace = ctx.app.workspace();
    if let Ok(mut record) = workspace.load(&id).await
        && workspace.finish_task(&mut record, &ctx.id.get_value()).await.is_ok()
    {
        ctx.app.refresh().await;
    }
}

/// Whose question it is, where there are several, with what parts it from the number.
fn place_before(inspection: &Inspection, index: usize) -> String {
    let place = slot_place(inspection, index);
    if place.is_empty() { place } else { format!("{place} · ") }
}

/// What lacks at a question, in words, and the key that leads there.
fn item_line(ctx: CheckCtx, index: usize, text: &str, required: bool) -> (String, String) {
    ctx.with(|inspection| {
        let item = if required { inspection.required_text(index, lang()) } else { inspection.text(index, lang()) };
        let line = format!("{}{}", place_before(inspection, index), fill(text, &[&inspection.number(index), &item]));
        (inspection.key(index).unwrap_or_default().to_owned(), line)
    })
}

/// Everything that is missing, each one tap away.
#[component]
fn MissingList(ctx: CheckCtx, missing: Memo<Vec<Missing>>) -> impl IntoView {
    let id = ctx.id.get_value();
    let row = {
        let id = id.clone();
        move |one: Missing| {
            let w = words();
            let of_item = |index: usize, text: &str| {
                let (key, line) = item_line(ctx, index, text, matches!(one, Missing::Required(_)));
                (line, format!("/check/{id}?item={key}"))
            };
            let (text, href) = match one {
                Missing::Unit => (w.missing_unit.to_owned(), format!("/check/{id}")),
                Missing::Equipment => (w.missing_equipment.to_owned(), format!("/check/{id}")),
                Missing::Inspector(number) => (fill(w.missing_inspector, &[&number]), "#inspectors".to_owned()),
                Missing::SameInspector => (w.missing_same.to_owned(), "#inspectors".to_owned()),
                Missing::Answer(index) => of_item(index, w.missing_answer),
                Missing::Finding(index) => of_item(index, w.missing_finding),
                Missing::Value(index) => of_item(index, w.missing_value),
                Missing::Contradiction => (w.missing_contradiction.to_owned(), "#conclusion".to_owned()),
                Missing::Attendant => (w.missing_attendant.to_owned(), "#inspectors".to_owned()),
                Missing::Stale(role) => (fill(w.missing_stale, &[&signer_word(role)]), format!("#sign-{role}")),
                Missing::Blank(index) => of_item(index, w.missing_blank),
                Missing::Deadline(index) => of_item(index, w.missing_deadline),
                Missing::Constraint(index) => of_item(index, visit_words().missing_constraint),
                Missing::Required(index) => of_item(index, visit_words().missing_required),
                Missing::Conclusion => (w.missing_conclusion.to_owned(), "#conclusion".to_owned()),
                Missing::Signature(role) => (fill(w.missing_signature, &[&signer_word(role)]), format!("#sign-{role}")),
            };
            match href.strip_prefix('#') {
                Some(anchor) => {
                    let anchor = anchor.to_owned();
                    view! { <li><button type="button" class="list-row" on:click=move |_| super::check::scroll_to(&anchor)><span class="grow">{text}</span>{icon("down")}</button></li> }.into_any()
                }
                None => view! { <li><a class="list-row" href=href><span class="grow">{text}</span>{icon("next")}</a></li> }.into_any(),
            }
        }
    };
    let advice = move || {
        ctx.version.track();
        ctx.photos.track();
        ctx.with(|inspection| {
            let photo_wanted = |index: &usize| inspection.item(*index).is_some_and(|item| item.evidence.contains(&Evidence::Photo));
            let lacking = inspection.failed().filter(photo_wanted).filter(|&index| inspection.photos_at(index) == 0);
            lacking
                .take(LISTED)
                .map(|index| {
                    (place_before(inspection, index), inspection.number(index), inspection.key(index).unwrap_or_default().to_owned())
                })
                .collect::<Vec<_>>()
        })
    };
    let photo_id = id.clone();
    view! {
        <section class="card flush" aria-labelledby="missing" aria-live="polite">
            {
                let row = row.clone();
                move || {
                    let all = missing.get();
                    let row = row.clone();
                    if all.is_empty() {
                        view! { <div class="notice good flat" id="missing">{icon("check")}<strong class="grow">{words().missing_none}</strong></div> }.into_any()
                    } else {
                        let only_signatures = all.iter().all(|one| matches!(one, Missing::Signature(_) | Missing::Stale(_)));
                        let title = if only_signatures { words().missing_only_signatures.to_owned() } else { fill(words().missing_title, &[&all.len()]) };
                        let more = all.len().saturating_sub(LISTED);
                        view! {
                            <h2 class="card-head" id="missing">{title}</h2>
                            <ul class="list">{all.into_iter().take(LISTED).map(row).collect_view()}</ul>
                            {(more > 0).then(|| view! { <p class="list-row muted">{fill(visit_words().more_missing, &[&more])}</p> })}
                        }.into_any()
                    }
                }
            }
            <ul class="list">
                {move || advice().into_iter().map(|(place, number, key)| view! {
                    <li><a class="list-row" href=format!("/check/{photo_id}?item={key}")><span class="chip warn">{icon("camera")}</span><span class="grow muted">{place}{fill(words().advice_photo, &[&number])}</span>{icon("next")}</a></li>
                }).collect_view()}
            </ul>
        </section>
    }
}

/// The result, the unit's opinion and what else is to be said.
#[component]
fn Conclusion(ctx: CheckCtx) -> impl IntoView {
    let chosen = move || ctx.text("conclusion/result");
    let grave = move || {
        ctx.version.track();
        ctx.with(|inspection| {
            inspection.failed().any(|index| inspection.severity(index).is_some_and(|severity| severity >= Severity::Serious))
        })
    };
    let option = move |result: &'static str| {
        view! {
            <label class="choice">
                <input type="radio" name="result" prop:checked=move || chosen() == result on:change=move |_| ctx.set(&[("conclusion/result", json!(result))])/>
                <span>{move || result_word(result)}</span>
            </label>
        }
    };
    let text = move |path: &'static str| {
        let save = Callback::new(move |text: String| {
            let value = if text.trim().is_empty() { Value::Null } else { json!(text.trim()) };
            ctx.set(&[(path, value)]);
        });
        (untrack(|| ctx.text(path)), save)
    };
    let (opinion, save_opinion) = text("conclusion/opinion");
    let (remark, save_remark) = text("conclusion/remark");
    let no_objection = RwSignal::new(None::<String>);
    view! {
        <section class="card stack" id="conclusion" tabindex="-1">
            <fieldset class="choices">
                <legend><h2>{move || words().conclusion}</h2></legend>
                {RESULTS.map(option)}
            </fieldset>
            <Show when=move || grave() && matches!(chosen().as_str(), "no_problem" | "corrected_on_spot" | "rectify")>
                <Notice tone="warn">{move || words().result_hint_stop}</Notice>
            </Show>
            <TextField label=Signal::derive(|| words().opinion.to_owned()) value=opinion on_save=save_opinion multiline=true replace=Signal::derive(move || no_objection.get())/>
            <div class="chips-pick"><button type="button" on:click=move |_| no_objection.set(Some(words().opinion_none.to_owned()))>{move || words().opinion_none}</button></div>
            <TextField label=Signal::derive(|| aside(words().remark, words().optional)) value=remark on_save=save_remark multiline=true/>
        </section>
    }
}

/// What is signed: the failed items in short, to be read by all before they sign.
#[component]
fn Problems(ctx: CheckCtx) -> impl IntoView {
    let failed = move || {
        ctx.version.track();
        ctx.with(|inspection| {
            let line = |index: usize| {
                let text = inspection.text(index, lang());
                let heading = format!("{}{}. {text}", place_before(inspection, index), inspection.number(index));
                (heading, inspection.answer(index).clone())
            };
            inspection.failed().map(line).collect::<Vec<_>>()
        })
    };
    view! {
        <section class="card stack" aria-labelledby="problems">
            <h2 id="problems">{move || fill(words().problems, &[&failed().len()])}</h2>
            <Show when=move || failed().is_empty()><p class="muted">{move || words().result_no_problem}</p></Show>
            <ol class="stack">
                {move || failed().into_iter().map(|(heading, answer)| view! {
                    <li class="problem">
                        <p><strong>{heading}</strong></p>
                        <p>{answer.finding.clone()}</p>
                        {(!answer.requirement.is_empty()).then(|| view! { <p class="muted">{format!("{}：{}", words().requirement, answer.requirement)}</p> })}
                        {answer.deadline.map(|deadline| view! { <p class="muted num">{format!("{}：{deadline}", words().deadline)}</p> })}
                    </li>
                }).collect_view()}
            </ol>
            <p class="muted">{move || words().read_before_signing}</p>
        </section>
    }
}

/// The two inspectors and the attendant, as they stand in the record.
#[component]
fn Inspectors(ctx: CheckCtx) -> impl IntoView {
    let field = move |number: u8, key: &'static str, label: Signal<String>| {
        let path = format!("inspectors/{number}");
        let value = untrack(|| ctx.value(&path)).unwrap_or_else(|| json!({}));
        let start = value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let save = Callback::new(move |text: String| {
            let mut person = untrack(|| ctx.value(&path)).unwrap_or_else(|| json!({}));
            if let Some(fields) = person.as_object_mut() {
                fields.insert(key.to_owned(), json!(text.trim()));
            }
            ctx.set(&[(path.as_str(), person)]);
        });
        view! { <TextField label=label value=start on_save=save max=60/> }
    };
    let labels: [(u8, Word); 2] = [(1, || words().inspector_1), (2, || words().inspector_2)];
    let save_attendant = Callback::new(move |text: String| ctx.set(&[("attendant", json!(text.trim()))]));
    view! {
        <section class="card stack" id="inspectors" tabindex="-1">
            <h2>{move || words().inspectors}</h2>
            {labels.map(|(number, label)| view! {
                <div class="two">
                    {field(number, "name", Signal::derive(move || format!("{} · {}", label(), words().person_name)))}
                    {field(number, "cert_no", Signal::derive(move || format!("{} · {}", label(), words().cert_no)))}
                </div>
            })}
            // Made anew when the attendant signs, and perhaps gives the name only then.
            {move || {
                let _ = ctx.value("signatures/attendant");
                view! { <TextField label=Signal::derive(|| words().attendant.to_owned()) value=untrack(|| ctx.text("attendant")) on_save=save_attendant hint=Signal::derive(|| words().attendant_hint.to_owned()) max=120/> }
            }}
        </section>
    }
}
