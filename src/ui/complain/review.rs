//! The last step: everything that was said, what is filed, and the way to file it.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use serde_json::Value;

use super::ctx::DraftCtx;
use super::field::LackList;
use super::photos::picture;
use super::step::{StepFrame, address};
use super::store;
use crate::complaint::{AnswerKind, DraftPhoto, Filing, FormField, Lack, Level, Reading, fit};
use crate::notice::Product;
use crate::ui::icon::icon;
use crate::ui::notices::MatchingNotices;
use crate::ui::widget::Notice;
use crate::ui::words::{complain_words, fill, lang};

/// An answer as it is read.
#[must_use]
pub fn answer_text(reading: &Reading<'_>, field: &FormField, lang: crate::domain::content::Lang) -> String {
    let w = super::words_of(lang);
    let names = |reading: &Reading<'_>| reading.chosen(field).map(|choice| choice.name.get(lang).to_owned()).collect::<Vec<_>>().join("、");
    let value = reading.answer(&field.id);
    let plain = || match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    match &field.kind {
        AnswerKind::Choice { .. } | AnswerKind::Choices { .. } => names(reading),
        AnswerKind::Flags { .. } => match value {
            Some(Value::Array(all)) if all.is_empty() => w.none_of_them.to_owned(),
            _ => names(reading),
        },
        AnswerKind::Yes => match value.and_then(Value::as_bool) {
            Some(true) => w.yes.to_owned(),
            Some(false) => w.no.to_owned(),
            None => String::new(),
        },
        AnswerKind::Number { unit, .. } => match value {
            Some(_) => format!("{} {unit}", plain()),
            None => String::new(),
        },
        AnswerKind::Count { .. } => match value {
            Some(_) => fill(w.people, &[&plain()]),
            None => String::new(),
        },
        AnswerKind::Photos { .. } => match reading.draft.photos_of(&field.id).count() {
            0 => String::new(),
            count => fill(w.n_photos, &[&count]),
        },
        _ => plain(),
    }
}

/// A question and what was answered, for reading.
#[derive(Clone, PartialEq, Debug)]
struct Said {
    field: String,
    question: String,
    answer: String,
    photos: Vec<DraftPhoto>,
}

/// A step and what was answered in it.
#[derive(Clone, PartialEq, Debug)]
struct Part {
    step: String,
    name: String,
    said: Vec<Said>,
}

fn parts(reading: &Reading<'_>) -> Vec<Part> {
    let lang = lang();
    let said = |field: &FormField| Said {
        field: field.id.clone(),
        question: field.name.get(lang).to_owned(),
        answer: answer_text(reading, field, lang),
        photos: reading.draft.photos_of(&field.id).cloned().collect(),
    };
    let part = |step: &crate::complaint::FormStep| Part {
        step: step.id.clone(),
        name: step.name.get(lang).to_owned(),
        // What may be said besides and was not is no gap.
        said: reading.fields_of(step).map(said).filter(|said| !said.answer.is_empty() || is_open(reading, &said.field)).collect(),
    };
    reading.form.steps.iter().map(part).filter(|part| !part.said.is_empty()).collect()
}

/// What it is about, as far as the answers say.
fn product(reading: &Reading<'_>) -> Product {
    let fact = |name: &str| reading.fact(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    Product { name: fact("goods_name"), brand: fact("brand"), model: fact("model"), batch: fact("batch"), gtin: fact("gtin") }
}

/// Whether a question is shown even where it was not answered.
fn is_open(reading: &Reading<'_>, field: &str) -> bool {
    reading.form.field(field).is_some_and(|field| !field.more)
}

/// The last step.
#[component]
pub fn Review(ctx: DraftCtx, step: String) -> impl IntoView {
    ctx.at_step(&step);
    let parts = Memo::new(move |_| ctx.read(parts));
    let lacks = Memo::new(move |_| ctx.lacks());
    let errors = Memo::new(move |_| lacks.with(|all| all.iter().filter(|lack| lack.level == Level::Error).count()));
    let product = Memo::new(move |_| ctx.read(product));
    let truth = RwSignal::new(false);
    let (busy, failed, unsaid) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let navigate = StoredValue::new_local(use_navigate());
    let leave = move |to: String| {
        // The page may be gone by the time that something is done.
        navigate.try_with_value(|navigate| navigate(&to, NavigateOptions::default()));
    };
    let own = StoredValue::new(step.clone());
    let go = Callback::new(move |lack: Lack| {
        if own.with_value(|own| *own == lack.step) {
            go_to_kind();
        } else {
            leave(address(&ctx.id(), &lack.step, Some(&lack.field)));
        }
    });
    let previous = move |_| {
        let steps = untrack(|| ctx.steps());
        let before = steps.len().checked_sub(2).and_then(|at| steps.get(at).cloned());
        leave(before.map_or("/complain".to_owned(), |step| address(&ctx.id(), &step, None)));
    };
    let submit = move |_| {
        if !truth.get_untracked() {
            unsaid.set(true);
            focus("truth");
            return;
        }
        if errors.get_untracked() > 0 {
            if let Some(lack) = lacks.with_untracked(|all| all.first().cloned()) {
                go.run(lack);
            }
            return;
        }
        busy.set(true);
        failed.set(false);
        leptos::task::spawn_local(async move {
            let filed = store::file(ctx).await;
            busy.try_set(false);
            match filed {
                Ok(()) => leave(format!("/complain/{}/done", ctx.id())),
                Err(_) => {
                    failed.try_set(true);
                }
            }
        });
    };
    view! {
        <StepFrame ctx step>
            <p class="muted">{move || complain_words().check_hint}</p>
            <MatchingNotices product/>
            <Kind ctx/>
            {move || parts.get().into_iter().map(|part| view! { <PartView ctx part/> }).collect_view()}
            <LackList lacks go title=Signal::derive(move || fill(complain_words().lacks, &[&errors.get()])) good=Signal::derive(|| complain_words().lacks_none.to_owned())/>
            <label class="switch">
                <input type="checkbox" id="truth" prop:checked=move || truth.get() aria-describedby="truth-hint truth-lack"
                    on:change=move |event| { truth.set(event_target_checked(&event)); unsaid.set(false); }/>
                <span class="grow"><span class="title">{move || complain_words().truth}</span></span>
            </label>
            <p class="muted small" id="truth-hint">{move || complain_words().truth_hint}</p>
            <p class="lack" id="truth-lack" role="alert">{move || if unsaid.get() { complain_words().file_truth } else { "" }}</p>
            <Show when=move || failed.get()><Notice tone="bad">{move || complain_words().file_failed}</Notice></Show>
        </StepFrame>
        <div class="actionbar"><div>
            <button type="button" class="btn" on:click=previous>{icon("back")}{move || complain_words().previous}</button>
            <button type="button" class="btn primary grow" disabled=move || busy.get() on:click=submit>
                {icon("check")}{move || if busy.get() { complain_words().filing } else { complain_words().file }}
            </button>
        </div></div>
    }
}

/// The element of the choice what is filed.
const KIND: &str = "kind";

fn go_to_kind() {
    if let Some(place) = document().get_element_by_id(KIND) {
        place.scroll_into_view();
    }
    focus("kind-0");
}

fn focus(id: &str) {
    let found = document().get_element_by_id(id).and_then(|found| wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlElement>(found).ok());
    if let Some(found) = found {
        // What is said below it is there all the same.
        let _ = found.focus();
    }
}

/// What is filed: as proposed, or as the person chooses.
#[component]
fn Kind(ctx: DraftCtx) -> impl IntoView {
    let now = Memo::new(move |_| ctx.read(|reading| reading.filings.clone()));
    let proposed = Memo::new(move |_| ctx.read(|reading| fit(reading).filings));
    let reasons = Memo::new(move |_| {
        ctx.read(|reading| fit(reading).reasons.into_iter().map(|reason| reason.name.get(lang()).to_owned()).collect::<Vec<_>>())
    });
    let ways: [&'static [Filing]; 3] = [&[Filing::Complaint], &[Filing::Report], &Filing::ALL];
    let form = ctx.form();
    let name_of = move |way: &[Filing]| {
        let names: Vec<String> = way.iter().filter_map(|filing| form.filing(*filing)).map(|def| def.name.get(lang()).to_owned()).collect();
        match names.as_slice() {
            [one] => fill(complain_words().kind_only, &[one]),
            _ => complain_words().kind_both.to_owned(),
        }
    };
    let name_of = StoredValue::new_local(name_of);
    let tile = move |(at, way): (usize, &'static [Filing])| {
        let label = move || {
            let name = name_of.with_value(|name_of| name_of(way));
            if proposed.with(|all| all == way) { fill(complain_words().kind_proposed, &[&name]) } else { name }
        };
        view! {
            <label class="tile">
                <input type="radio" name="filings" id=format!("kind-{at}") prop:checked=move || now.with(|now| now == way)
                    on:change=move |_| ctx.update(|draft| draft.files = way.iter().copied().collect())/>
                <span class="grow">{label}</span>
            </label>
        }
    };
    view! {
        <section class="card stack" id=KIND>
            <fieldset class="tile-set" aria-describedby="kind-hint">
                <legend>{move || complain_words().kind}</legend>
                <div class="choices">{ways.into_iter().enumerate().map(tile).collect_view()}</div>
            </fieldset>
            <div class="muted small" id="kind-hint">
                <p>{move || complain_words().kind_hint}</p>
                <ul>{move || reasons.get().into_iter().map(|reason| view! { <li>"· "{reason}</li> }).collect_view()}</ul>
            </div>
        </section>
    }
}

#[component]
fn PartView(ctx: DraftCtx, part: Part) -> impl IntoView {
    let id = ctx.id();
    let name = part.name.clone();
    let href = address(&id, &part.step, None);
    let said = part.said.into_iter().map(|said| {
        let answer = if said.answer.is_empty() { complain_words().nothing.to_owned() } else { said.answer };
        let muted = said.photos.is_empty() && answer == complain_words().nothing;
        let photos = said.photos.into_iter().enumerate().map(|(at, photo)| view! { <Small ctx photo number={at + 1}/> }).collect_view();
        view! { <div><dt>{said.question}</dt><dd class=muted.then_some("muted")>{answer}<span class="photos">{photos}</span></dd></div> }
    });
    view! {
        <section class="card">
            <div class="spread"><h3>{part.name}</h3><a class="btn slim" href=href aria-label=move || fill(complain_words().change, &[&name])>{move || complain_words().change_short}</a></div>
            <dl class="said">{said.collect_view()}</dl>
        </section>
    }
}

#[component]
fn Small(ctx: DraftCtx, photo: DraftPhoto, number: usize) -> impl IntoView {
    let sha256 = photo.meta.sha256;
    let url = LocalResource::new(move || picture(ctx.id(), sha256));
    move || match url.get().flatten() {
        Some(url) => view! { <span class="photo-tile"><img src=url alt=fill(complain_words().photo_n, &[&number])/></span> }.into_any(),
        None => ().into_any(),
    }
}
