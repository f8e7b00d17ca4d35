//! Where a consumer begins: danger first, then one question.

use std::rc::Rc;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use send_wrapper::SendWrapper;
use serde_json::json;

use super::bureau;
use super::ctx::{DraftCtx, form};
use super::lists::{Lines, NoVault, lines};
use super::step::address;
use super::{PHOTOS_FIRST, poster};
use crate::complaint::{AnswerKind, Form, FormField, Prefill, Reading};
use crate::domain::bureau::Bureau;
use crate::ui::icon::icon;
use crate::ui::state::App;
use crate::ui::widget::{Notice, TopBar};
use crate::ui::words::{complain_words, lang, words};

/// The first page.
#[component]
pub fn Landing() -> impl IntoView {
    let app = App::get();
    app.writing.set(false);
    let found = LocalResource::new(|| async { form().await.map(SendWrapper::new) });
    let kept = LocalResource::new(lines);
    let again = Callback::new(move |()| kept.refetch());
    let shared = RwSignal::new(false);
    let prefill = StoredValue::new(poster::prefill());
    view! {
        <TopBar title=Signal::derive(|| complain_words().title.to_owned()) back="/"/>
        <main class="page complain">
            <Danger/>
            <Show when=move || !app.owner.get()><Notice tone="warn">{move || words().reader_note}</Notice></Show>
            <Switches shared/>
            {move || match kept.get() {
                Some(Some(all)) => view! { <Lines lines=Signal::stored(all) filed=false on_clear=again/> }.into_any(),
                Some(None) if found.get().flatten().is_some() => view! { <NoVault/> }.into_any(),
                _ => ().into_any(),
            }}
            {move || match found.get() {
                None => view! { <div class="empty" role="status"><span class="spinner"></span><p>{words().opening}</p></div> }.into_any(),
                Some(None) => view! { <Notice tone="bad">{complain_words().form_failed}</Notice> }.into_any(),
                Some(Some(form)) => view! { <Question form prefill=prefill.get_value() shared/> }.into_any(),
            }}
            <Difference found=Signal::derive_local(move || found.get().flatten())/>
            <a class="btn quiet block" href="/notices">{icon("book")}{move || words().home_notices}</a>
            <a class="btn quiet block" href="/complain/mine">{icon("list")}{move || complain_words().mine}</a>
        </main>
    }
}

/// Numbers to call, large.
#[component]
pub fn Danger() -> impl IntoView {
    let bureau = LocalResource::new(bureau::get);
    view! {
        <section class="card calls" aria-labelledby="danger">
            <h2 id="danger">{move || complain_words().danger}</h2>
            <p class="muted">{move || complain_words().danger_hint}</p>
            {move || match bureau.get() {
                None => ().into_any(),
                Some(None) => view! { <p>{complain_words().numbers_failed}</p> }.into_any(),
                Some(Some(bureau)) => view! { <Numbers bureau/> }.into_any(),
            }}
        </section>
    }
}

#[component]
fn Numbers(bureau: Bureau) -> impl IntoView {
    let call = move |name: String, number: String, class: &'static str| {
        let href = format!("tel:{}", number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect::<String>());
        view! { <a class=class href=href><strong>{number}</strong>" "<span>{name}</span></a> }
    };
    let name = bureau::name(&bureau, lang()).to_owned();
    view! {
        <ul>{bureau.emergency.iter().map(|one| view! { <li>{call(lang().pick(&one.zh, &one.en).to_owned(), one.number.clone(), "call")}</li> }).collect_view()}</ul>
        {(!bureau.phone.is_empty()).then(|| call(name, bureau.phone.clone(), "call wide"))}
    }
}

/// What is set for the phone: borrowed or shared, and large type.
#[component]
fn Switches(shared: RwSignal<bool>) -> impl IntoView {
    let app = App::get();
    view! {
        <div class="switches">
            <label class="switch">
                <input type="checkbox" prop:checked=move || app.prefs.with(|prefs| prefs.large) aria-describedby="elder-hint"
                    on:change=move |event| { let on = event_target_checked(&event); app.set_prefs(|prefs| prefs.large = on); }/>
                <span class="grow"><span class="title">{move || complain_words().elder}</span></span>
            </label>
            <p class="sr" id="elder-hint">{move || complain_words().elder_hint}</p>
            <label class="switch">
                <input type="checkbox" prop:checked=move || shared.get() aria-describedby="shared-hint" on:change=move |event| shared.set(event_target_checked(&event))/>
                <span class="grow"><span class="title">{move || complain_words().shared}</span></span>
            </label>
            <Show when=move || shared.get() fallback=|| view! { <p class="sr" id="shared-hint">{move || complain_words().shared_hint}</p> }>
                <p class="muted" id="shared-hint">{move || complain_words().shared_hint}</p>
            </Show>
        </div>
    }
}

/// The one question of the first page: the first of the form with a choice. Its answer begins a draft.
#[component]
fn Question(form: SendWrapper<Rc<Form>>, prefill: Prefill, shared: RwSignal<bool>) -> impl IntoView {
    let app = App::get();
    let busy = RwSignal::new(false);
    let navigate = StoredValue::new_local(use_navigate());
    let first: Option<FormField> = form.fields().find(|field| matches!(field.kind, AnswerKind::Choice { .. })).cloned();
    let has_photos = form.fields().any(|field| matches!(field.kind, AnswerKind::Photos { .. }));
    let shared_form = StoredValue::new_local(Rc::clone(&form));
    let prefill_of = StoredValue::new(prefill.clone());
    let begin = move |answer: Option<(String, String)>, photos: bool| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let form = shared_form.get_value();
        let ctx = DraftCtx::begin(app, form, prefill_of.get_value(), shared.get_untracked());
        if let Some((field, choice)) = answer {
            ctx.draft.update(|draft| draft.set(&field, json!(choice), app.now_ms()));
        }
        let step = if photos { PHOTOS_FIRST.to_owned() } else { begin_at(ctx) };
        ctx.at_step(&step);
        ctx.keep();
        navigate.with_value(|navigate| navigate(&address(&ctx.id(), &step, None), NavigateOptions::default()));
    };
    let known = poster::lines(&prefill);
    let from_poster = (!known.is_empty()).then(|| {
        view! {
            <section class="card stack">
                <h2>{move || complain_words().from_poster}</h2>
                <dl class="said">{known.into_iter().map(|(name, text)| view! { <div><dt>{name}</dt><dd>{text}</dd></div> }).collect_view()}</dl>
                <button type="button" class="btn primary big block" disabled=move || busy.get() on:click=move |_| begin(None, false)>{move || complain_words().begin_this}</button>
            </section>
        }
    });
    let unreadable = (from_poster.is_none() && poster::was_meant())
        .then(|| view! { <Notice tone="warn">{move || complain_words().from_poster_none}</Notice> });
    let tiles = first.map(|field| {
        let (id, name) = (field.id.clone(), field.name.clone());
        let help = field.help.clone().map(|help| view! { <p class="muted">{move || help.get(lang()).to_owned()}</p> });
        let options = field.kind.options().to_vec();
        view! {
            <section class="stack" aria-labelledby="about">
                <h2 id="about">{move || name.get(lang()).to_owned()}</h2>
                {help}
                <div class="tile-set"><ul class="two-up">
                    {options.into_iter().map(|option| {
                        let (field, choice, name) = (id.clone(), option.id, option.name);
                        let hint = option.help.map(|help| view! { <span class="sub">{move || help.get(lang()).to_owned()}</span> });
                        view! {
                            <li><button type="button" class="tile" disabled=move || busy.get() on:click=move |_| begin(Some((field.clone(), choice.clone())), false)>
                                <span class="grow">{move || name.get(lang()).to_owned()}{hint}</span>
                            </button></li>
                        }
                    }).collect_view()}
                </ul></div>
            </section>
        }
    });
    view! {
        {from_poster}
        {unreadable}
        {has_photos.then(|| view! {
            <button type="button" class="btn block big" disabled=move || busy.get() on:click=move |_| begin(None, true)>{icon("camera")}{move || complain_words().photos_first}</button>
        })}
        {tiles}
        <p class="muted center">{move || complain_words().lead}</p>
    }
}

/// The step where a new draft goes on: the first that is not answered already.
fn begin_at(ctx: DraftCtx) -> String {
    let open = |reading: &Reading<'_>| {
        let steps = reading.form.steps.iter();
        let mut steps = steps.filter(|step| reading.fields_of(step).any(|field| !field.more && !reading.answered(&field.id)));
        steps.next().or(reading.form.steps.first()).map(|step| step.id.clone()).unwrap_or_default()
    };
    untrack(|| ctx.read(open))
}

/// What a complaint and a report are, in two sentences.
#[component]
fn Difference(found: Signal<Option<SendWrapper<Rc<Form>>>, LocalStorage>) -> impl IntoView {
    view! {
        <details class="fold card">
            <summary>{move || complain_words().which}{icon("down")}</summary>
            <div class="stack">
                {move || found.get().map(|form| form.filings.iter().map(|def| {
                    let lang = lang();
                    view! { <p><strong>{def.name.get(lang).to_owned()}</strong>" "{def.note.get(lang).to_owned()}</p> }
                }).collect_view())}
                <p class="muted">{move || complain_words().which_end}</p>
            </div>
        </details>
    }
}
