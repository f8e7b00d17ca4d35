//! One document: its form while it is a draft, the paper and what became of it once it is issued.

use leptos::prelude::*;
use serde_json::Value;

use super::ctx::DocCtx;
use super::draft::Draft;
use super::make::status_chip;
use super::paper::{Paper, PrintButton};
use super::served::Served;
use super::store::tell_step;
use crate::document::Document;
use crate::ui::icon::icon;
use crate::ui::photo::PhotoViewer;
use crate::ui::print::NumbersHint;
use crate::ui::save::{Sign, Trouble};
use crate::ui::state::App;
use crate::ui::widget::{Notice, TopBar};
use crate::ui::words::{cases_words, document_words, fill, lang, words};

/// Opens the document, then shows it.
#[component]
pub fn DocumentPage(
    /// The record.
    id: String,
) -> impl IntoView {
    let app = App::get();
    app.writing.set(true);
    on_cleanup(move || app.writing.set(false));
    let wanted = StoredValue::new(id);
    let ctx = LocalResource::new(move || {
        let id = wanted.get_value();
        async move { DocCtx::open(app, &id).await }
    });
    move || {
        match ctx.get() {
        None => view! { <main class="page"><div class="empty" role="status"><span class="spinner"></span><p>{words().opening}</p></div></main> }.into_any(),
        Some(Ok(ctx)) if ctx.document.get_untracked().is_some() => view! { <Shown ctx/> }.into_any(),
        Some(_) => view! {
            <TopBar title=Signal::derive(|| document_words().title.to_owned()) back="/documents"/>
            <main class="page"><div class="empty">{icon("search")}<h2>{move || cases_words().no_such}</h2><a class="btn primary" href="/documents">{move || document_words().register}</a></div></main>
        }
        .into_any(),
    }
    }
}

/// The page of what a document was made from.
fn source_href(document: &Document) -> Option<String> {
    let of = document.of.as_ref()?;
    let id = of.get("record").and_then(Value::as_str).filter(|id| !id.is_empty())?;
    Some(if of.get("kind").and_then(Value::as_str) == Some("inspection") { format!("/record/{id}") } else { format!("/case/{id}") })
}

#[component]
fn Shown(ctx: DocCtx) -> impl IntoView {
    let title =
        Signal::derive(move || ctx.document.get().map(|document| document.template.title.get(lang()).to_owned()).unwrap_or_default());
    let number = Signal::derive(move || {
        let text = ctx.document.get().and_then(|document| document.number().map(|number| number.text.clone()));
        text.unwrap_or_else(|| document_words().not_numbered.to_owned())
    });
    let back = ctx.document.get_untracked().and_then(|document| source_href(&document)).unwrap_or_else(|| "/documents".to_owned());
    // The two are different screens: what follows an issue must not keep fields of the draft alive.
    let drafting = Memo::new(move |_| ctx.document.get().is_some_and(|document| document.issued.is_none()));
    view! {
        <TopBar title back=back sub=number><Sign save=ctx.pen.save/></TopBar>
        {move || if drafting.get() { view! { <Draft ctx/> }.into_any() } else { view! { <Issued ctx/> }.into_any() }}
        <PhotoViewer album=ctx.album/>
    }
}

/// What stands over a document: how it stands, and what is wrong with it.
#[component]
pub fn Head(ctx: DocCtx) -> impl IntoView {
    move || {
        let document = ctx.document.get()?;
        let w = document_words();
        let (class, word) = status_chip(&document);
        let text = |value: &Option<Value>, name: &str| {
            value.as_ref().and_then(|value| value.get(name)).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let link = |value: &Option<Value>, words: &str| {
            let (id, number) = (text(value, "record"), text(value, "number"));
            let number = if number.is_empty() { w.not_numbered.to_owned() } else { number };
            (!id.is_empty()).then(|| {
                let words = fill(words, &[&number]);
                view! { <a class="list-row" href=format!("/doc/{id}")><span class="grow">{words}</span>{icon("next")}</a> }
            })
        };
        let withdrawn = match &document.status {
            crate::document::Status::Withdrawn { reason } => Some(fill(w.withdrawn_because, &[reason])),
            _ => None,
        };
        let changed = (!document.changed_after.is_empty()).then(|| document.changed_after.join("、"));
        let unverified = !document.template.verified;
        Some(view! {
            <section class="card stack no-print">
                <div class="row wrap chips"><span class=class>{word}</span>
                    {unverified.then(|| view! { <span class="chip warn">{words().unverified}</span> })}</div>
                {changed.map(|paths| view! { <Notice tone="bad"><strong>{w.changed_after}</strong><p class="small mono">{paths}</p></Notice> })}
                {document.issued_twice.then(|| view! { <Notice tone="bad">{w.issued_twice}</Notice> })}
                {withdrawn.map(|text| view! { <Notice tone="warn">{text}</Notice> })}
                {link(&document.corrects, w.corrects)}
                {link(&document.corrected_by, w.corrected_by)}
                {source_href(&document).map(|href| view! { <a class="list-row" href=href><span class="grow">{w.to_source}</span>{icon("next")}</a> })}
            </section>
        })
    }
}

/// What is shown on the desk.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Sheet {
    /// The document.
    Document,
    /// That it was served.
    Receipt,
}

/// The page may have ended between the issue and the seal; the seal is made up for then.
#[component]
fn Unsealed(ctx: DocCtx) -> impl IntoView {
    let open = move || {
        ctx.pen.version.track();
        !ctx.pen.session().record().is_sealed() && ctx.app.owner.get()
    };
    let seal = move |_| {
        leptos::task::spawn_local(async move {
            let session = ctx.pen.session();
            session.flush().await;
            if session.unsaved() == 0 && !session.record().is_sealed() {
                // Refused only where it is sealed already.
                let _ = session.seal();
                session.flush().await;
                ctx.pen.version.update(|version| *version += 1);
            }
        });
    };
    view! {
        <Show when=open>
            <Notice tone="warn">{move || document_words().unsealed}</Notice>
            <button type="button" class="btn primary block" on:click=seal>{icon("lock")}{move || document_words().seal_now}</button>
        </Show>
    }
}

#[component]
fn Issued(ctx: DocCtx) -> impl IntoView {
    let sheet = RwSignal::new(Sheet::Document);
    let waiting = RwSignal::new(0_usize);
    let tab = move |this: Sheet, word: fn() -> &'static str| {
        view! { <button type="button" aria-pressed=move || (sheet.get() == this).to_string() on:click=move |_| sheet.set(this)>{move || word()}</button> }
    };
    let record = ctx.pen.id().to_string();
    // The page may have ended between the issue and this; only the device that issued it makes up for it.
    let own = ctx.pen.with_state(|state| state.cell("issued").map(|cell| cell.device.clone())) == Some(ctx.app.workspace().device());
    if own && ctx.app.owner.get_untracked() {
        leptos::task::spawn_local(async move {
            // It is tried again when the page is opened again.
            let _ = tell_step(ctx).await;
        });
    }
    view! {
        <div class="doc-side no-print">
            <Trouble save=ctx.pen.save retry=Callback::new(move |()| ctx.pen.flush())/>
            <Head ctx/>
            <Unsealed ctx/>
        </div>
        <Show when=move || ctx.document.get().is_some_and(|document| document.issued.is_some())>
            <section class="print-tools" aria-label=move || document_words().print_tools>
                <div class="segmented" role="group" aria-label=move || document_words().print_tools>
                    {tab(Sheet::Document, || document_words().sheet_document)}
                    {tab(Sheet::Receipt, || document_words().sheet_receipt)}
                </div>
                <PrintButton waiting/>
                <NumbersHint/>
            </section>
            <main class="paper-desk"><Paper ctx sheet=Signal::from(sheet) waiting/></main>
        </Show>
        <div class="page no-print">
            <Served ctx/>
            <section class="card flush"><ul class="list">
                <li><a class="list-row" href=format!("/export?ids={record}")><span class="grow">{move || cases_words().hand_on}</span>{icon("next")}</a></li>
                <li><a class="list-row" href=format!("/record/{record}")><span class="grow">{move || cases_words().record}</span>{icon("next")}</a></li>
                <li><a class="list-row" href="/documents"><span class="grow">{move || document_words().register}</span>{icon("next")}</a></li>
            </ul></section>
        </div>
    }
}
