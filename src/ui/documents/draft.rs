//! A draft: what its form asks, what lacks, how it will print, and its issue.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use serde_json::Value;

use super::ctx::{DocCtx, explain};
use super::page::{Head, Sheet as Face};
use super::paper::Paper;
use super::store::{Numbers, numbers, source, tell_step};
use crate::app::document;
use crate::document::register::{next_number, own_number};
use crate::document::{Asked, BlockKind, Lack, Number, Series, at};
use crate::domain::checklist::Truth;
use crate::domain::id::RecordId;
use crate::procedure::field_path;
use crate::ui::cases::field::{FieldView, anchor, words_of};
use crate::ui::check::scroll_to;
use crate::ui::icon::icon;
use crate::ui::pen::Pen;
use crate::ui::photo::PhotoStrip;
use crate::ui::save::Trouble;
use crate::ui::widget::{FormField, Notice, Sheet};
use crate::ui::words::{cases_words, document_words, errors, fill, lang, words};

/// The page of a draft.
#[component]
pub fn Draft(ctx: DocCtx) -> impl IntoView {
    let preview = RwSignal::new(false);
    let waiting = RwSignal::new(0_usize);
    let tab = move |this: bool, word: fn() -> &'static str| {
        view! { <button type="button" aria-pressed=move || (preview.get() == this).to_string() on:click=move |_| { ctx.app.flush_typing(); preview.set(this); }>{move || word()}</button> }
    };
    let note = ctx.document.get_untracked().and_then(|document| document.template.note.clone());
    let open = move || ctx.document.get().is_some_and(|document| document.status == crate::document::Status::Draft);
    view! {
        <main class="page">
            <Trouble save=ctx.pen.save retry=Callback::new(move |()| ctx.pen.flush())/>
            <Head ctx/>
            {note.map(|note| view! { <Notice>{move || note.get(lang()).to_owned()}</Notice> })}
            <div class="segmented" role="group" aria-label=move || document_words().view>
                {tab(false, || document_words().form)}
                {tab(true, || document_words().preview)}
            </div>
            <Show when=move || preview.get() fallback=move || view! { <Form ctx/> }>
                <div class="paper-desk"><Paper ctx sheet=Signal::derive(|| Face::Document) waiting/></div>
            </Show>
            <Show when=open><Issue ctx preview/></Show>
        </main>
    }
}

/// Fields and signatures that are asked now, each by its id; a signature stands elsewhere in the record.
fn asked_now(ctx: DocCtx) -> Vec<(String, bool)> {
    let Some(document) = ctx.document.get() else { return Vec::new() };
    let values = ctx.pen.with_state(|state| document.values(state));
    let asks = |asked: &&Asked| {
        let holds = |when: &crate::domain::checklist::Condition| {
            when.evaluate_by(&|path: &str| at(&values, path).map(std::borrow::Cow::Borrowed)) == Truth::True
        };
        asked.field.when.as_ref().is_none_or(holds)
    };
    let of = |all: &[Asked], signs: bool| all.iter().filter(asks).map(|one| (one.field.id.clone(), signs)).collect::<Vec<_>>();
    let mut all = of(&document.template.fields, false);
    all.extend(of(&document.template.signatures, true));
    all
}

#[component]
fn Form(ctx: DocCtx) -> impl IntoView {
    let host = ctx.host();
    // Counts how often the source was read anew, so that fields which follow it are made again.
    let asked = Memo::new(move |_| {
        ctx.pen.version.track();
        asked_now(ctx)
    });
    let one = move |(id, signs): (String, bool)| {
        let document = ctx.document.get_untracked()?;
        let all = if signs { &document.template.signatures } else { &document.template.fields };
        let field = all.iter().find(|asked| asked.field.id == id)?.field.clone();
        let path = if signs { format!("signatures/{id}") } else { field_path(None, &id) };
        Some(view! { <FieldView host path item=id field/> })
    };
    view! {
        <section class="card stack form-fields">
            <For each=move || asked.get() key=|one| one.clone() children=one/>
        </section>
        <Pictures ctx/>
    }
}

/// The photos that are printed with it, by the field that they came from.
#[component]
fn Pictures(ctx: DocCtx) -> impl IntoView {
    let items = Memo::new(move |_| {
        let Some(document) = ctx.document.get() else { return Vec::new() };
        let mut items: Vec<String> = Vec::new();
        let mut all = false;
        for block in &document.template.blocks {
            if let BlockKind::Photos { each } | BlockKind::Table { each, .. } | BlockKind::List { each, .. } = &block.kind {
                match each.strip_prefix("pictures.") {
                    Some(field) => items.push(field.to_owned()),
                    None => all |= each == "photos",
                }
            }
        }
        if all {
            items.extend(ctx.album.photos.get().into_iter().filter_map(|photo| photo.item));
            if items.is_empty() {
                items.push("photos".to_owned());
            }
        }
        items.sort();
        items.dedup();
        items
    });
    view! {
        <Show when=move || !items.get().is_empty()>
            <section class="card stack" aria-labelledby="doc-photos">
                <h2 id="doc-photos">{move || words().photos}</h2>
                <For each=move || items.get() key=|item| item.clone() let:item><PhotoStrip album=ctx.album item=Some((None, item))/></For>
            </section>
        </Show>
    }
}

/// What a place that lacks is called.
fn place_name(path: &str) -> String {
    let w = document_words();
    match path {
        "bureau" => w.place_bureau.to_owned(),
        "unit.name" => w.place_unit.to_owned(),
        "unit.address" => w.place_address.to_owned(),
        path if path.starts_with("equipment") => format!("{} ({path})", w.place_equipment),
        path if path.starts_with("officers") => w.place_officers.to_owned(),
        path => path.to_owned(),
    }
}

/// Shows a field of the form, which is not there while the preview is.
fn go_to(preview: RwSignal<bool>, anchor: String) {
    preview.set(false);
    request_animation_frame(move || scroll_to(&anchor));
}

/// What lacks, each one tap away.
#[component]
fn Lacks(ctx: DocCtx, lacking: Memo<Vec<Lack>>, preview: RwSignal<bool>) -> impl IntoView {
    move || {
        let all = lacking.get();
        if all.is_empty() {
            return view! { <div class="notice good" role="status">{icon("check")}<strong class="grow">{cases_words().nothing_lacks}</strong></div> }
                .into_any();
        }
        let name = |field: &str| {
            let document = ctx.document.get_untracked();
            let found = document.and_then(|document| {
                let mut all = document.template.fields.iter().chain(&document.template.signatures);
                Some(all.find(|asked| asked.field.id == field)?.field.name.get(lang()).to_owned())
            });
            found.unwrap_or_default()
        };
        let rows = all.iter().map(|lack| {
            let (text, field) = match lack {
                Lack::Field(lack) => {
                    let (text, field, _) = words_of(lack, &name);
                    (text, field)
                }
                Lack::Place(path) if path == "bureau" => {
                    let text = fill(document_words().lack_place, &[&place_name(path)]);
                    return view! { <li><a class="list-row" href="/me"><span class="grow">{text}</span>{icon("next")}</a></li> }.into_any();
                }
                Lack::Place(path) => match path.strip_prefix("doc.").and_then(|rest| rest.split('.').next()) {
                    Some(field) => (fill(cases_words().lack_answer, &[&name(field)]), Some(field.to_owned())),
                    None => (fill(document_words().lack_place, &[&place_name(path)]), None),
                },
                Lack::Number => (document_words().no_number.to_owned(), None),
                Lack::NotDraft => (document_words().not_draft.to_owned(), None),
            };
            match field {
                Some(field) => view! {
                    <li><button type="button" class="list-row" on:click=move |_| go_to(preview, anchor(&field))><span class="grow">{text}</span>{icon("up")}</button></li>
                }
                .into_any(),
                None => view! { <li class="list-row"><span class="grow">{text}</span></li> }.into_any(),
            }
        });
        view! {
            <section class="card flush" aria-live="polite"><h2 class="card-head">{fill(cases_words().lacking, &[&all.len()])}</h2><ul class="list">{rows.collect_view()}</ul></section>
        }
        .into_any()
    }
}

/// Issues the draft: number, content, seal. Words for a person when it did not come about.
async fn issue(ctx: DocCtx, number: Option<Number>) -> Result<(), String> {
    let now = ctx.now();
    let changes =
        ctx.pen.with_state(|state| document::issue(state, number.as_ref(), now)).map_err(|_| document_words().lacks_now.to_owned())?;
    ctx.pen.keep(&changes).await.map_err(|error| explain(&error))?;
    let session = ctx.pen.session();
    if session.unsaved() > 0 {
        return Err(document_words().not_kept.to_owned());
    }
    session.seal().map_err(|error| explain(&error))?;
    session.flush().await;
    ctx.pen.version.update(|version| *version += 1);
    let corrected = ctx.document.get_untracked().and_then(|document| {
        let id = document.corrects.as_ref()?.get("record")?.as_str()?;
        RecordId::parse(id).ok()
    });
    if let Some(old) = corrected {
        // The new one names the old in any case; where the old is not on this device, it learns of it when both meet.
        if let Ok(pen) = Pen::on(ctx.app, &old).await {
            let changes = document::corrected_by(ctx.pen.id().as_str(), number.as_ref());
            pen.write_because(&changes, Some(document_words().after_issue)).map_err(|error| explain(&error))?;
            pen.session().flush().await;
        }
    }
    tell_step(ctx).await.map_err(|error| explain(&error))
}

/// What is needed to number a draft.
struct Numbering {
    series: Option<Series>,
    year: i32,
    numbers: Numbers,
}

async fn numbering(ctx: DocCtx) -> Result<Numbering, String> {
    let series = ctx.document.get_untracked().and_then(|document| document.template.series.clone());
    let numbers = numbers(ctx.app).await.map_err(|error| errors::explain_store(&error))?;
    Ok(Numbering { series, year: chrono::Datelike::year(&ctx.today().0), numbers })
}

#[component]
fn Issue(ctx: DocCtx, preview: RwSignal<bool>) -> impl IntoView {
    let app = ctx.app;
    let lacking = Memo::new(move |_| {
        ctx.pen.version.track();
        ctx.album.photos.track();
        let now = ctx.now();
        ctx.pen.with_state(|state| document::lacking(state, now))
    });
    let (busy, own) = (RwSignal::new(false), RwSignal::new(false));
    let mark = RwSignal::new(app.prefs.with_untracked(|prefs| prefs.mark.clone()));
    let run = move |own_series: bool| {
        app.flush_typing();
        if busy.get_untracked() || !ctx.album.taking.with_untracked(Vec::is_empty) || !lacking.get_untracked().is_empty() {
            return;
        }
        busy.set(true);
        leptos::task::spawn_local(async move {
            let done = async {
                ctx.pen.session().flush().await;
                let Numbering { series, year, numbers } = numbering(ctx).await?;
                let device = app.workspace().device();
                let number = match &series {
                    None => None,
                    Some(series) => match next_number(series, year, &device, &numbers.ranges, &numbers.given) {
                        Ok(number) => Some(number),
                        Err(_) if own_series => {
                            let mark = mark.get_untracked().trim().to_owned();
                            app.set_prefs(|prefs| prefs.mark = mark.clone());
                            Some(own_number(series, year, &mark, &device, &numbers.given))
                        }
                        Err(_) => return Ok(false),
                    },
                };
                issue(ctx, number).await.map(|()| true)
            };
            match done.await {
                Ok(true) => {
                    own.try_set(false);
                    app.toast(document_words().issued_toast);
                }
                // No range here: say so, and offer the numbers of this device.
                Ok(false) => drop(own.try_set(true)),
                Err(text) => app.toast(text),
            }
            busy.try_set(false);
        });
    };
    let refresh = move |_| {
        app.flush_typing();
        let of = ctx.document.get_untracked().and_then(|document| document.of.clone()).unwrap_or_default();
        let text = move |name: &str| of.get(name).and_then(Value::as_str).map(str::to_owned);
        let (record, step) = (text("record").unwrap_or_default(), text("step"));
        leptos::task::spawn_local(async move {
            match source(app, &record, step.as_deref()).await {
                Ok(source) => {
                    let changes = ctx.pen.with_state(|state| document::refresh(state, &source));
                    if ctx.set(&changes) {
                        app.toast(document_words().refreshed);
                    }
                }
                Err(error) => app.toast(explain(&error)),
            }
        });
    };
    view! {
        <section class="stack tight">
            <Lacks ctx lacking preview/>
            <button type="button" class="btn primary big block" disabled=move || busy.get() || !lacking.get().is_empty() || !app.owner.get() on:click=move |_| run(false)>
                {icon("check")}{move || document_words().issue}
            </button>
            <p class="muted">{move || document_words().issue_note}</p>
            <button type="button" class="btn quiet" disabled=move || busy.get() on:click=refresh>{icon("undo")}{move || document_words().refresh}</button>
            <Discard ctx/>
        </section>
        <Sheet open=own title=Signal::derive(|| document_words().no_range.to_owned())>
            <p>{move || document_words().no_range_hint}</p>
            <FormField label=Signal::derive(|| document_words().mark.to_owned()) text=mark hint=Signal::derive(|| document_words().mark_hint.to_owned())/>
            <button type="button" class="btn primary block" disabled=move || busy.get() || mark.get().trim().is_empty() on:click=move |_| run(true)>{move || document_words().own_series}</button>
            <p class="muted small">{move || fill(document_words().device_is, &[&app.workspace().device()])}</p>
        </Sheet>
    }
}

/// Gives the draft up, with a reason.
#[component]
fn Discard(ctx: DocCtx) -> impl IntoView {
    let shown = RwSignal::new(false);
    let navigate = StoredValue::new_local(use_navigate());
    view! {
        <button type="button" class="btn quiet danger-text" on:click=move |_| shown.set(true)>{icon("trash")}{move || document_words().discard}</button>
        <Sheet open=shown title=Signal::derive(|| document_words().discard.to_owned())>
            <super::served::Reason word=|| document_words().discard on_done=Callback::new(move |reason: String| {
                if ctx.set(&document::withdraw(&reason, ctx.now())) {
                    shown.set(false);
                    navigate.with_value(|navigate| navigate("/documents", NavigateOptions { replace: true, ..Default::default() }));
                }
            })/>
        </Sheet>
    }
}
