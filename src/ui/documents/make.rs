//! The documents of a record: those that were made, and those that can be made from it.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::ctx::explain;
use super::store::{begin, documents_of};
use super::terms::{index, template};
use crate::document::{Document, KIND, Shown, Status};
use crate::ui::icon::icon;
use crate::ui::state::App;
use crate::ui::words::{document_words, fill, lang};

/// How many are offered at once; the others are behind a fold.
const FIRST: usize = 3;

/// A step of a matter that documents can be made of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Offer {
    /// Its id in the record.
    pub id: String,
    /// Which it is.
    pub step: String,
    /// What it is called.
    pub name: String,
    /// Templates that belong to it.
    pub templates: Vec<String>,
}

/// What can be made: the template, and the step with its name.
type Makeable = (Shown, Option<(String, String)>);

/// Those of the steps first, each template once, for the latest step that has it; then those of the record as a whole.
fn makeable(all: &[Shown], kind: &str, steps: &[Offer]) -> (Vec<Makeable>, Vec<Makeable>) {
    let mut own: Vec<Makeable> = Vec::new();
    for step in steps {
        let of_step = |template: &&Shown| {
            let asked = template.of.iter().any(|origin| origin.kind == kind && origin.steps.contains(&step.step));
            asked || (step.templates.contains(&template.id) && template.is_of(kind, Some(&step.step)))
        };
        for template in all.iter().filter(of_step) {
            if !own.iter().any(|(known, _)| known.id == template.id) {
                own.push((template.clone(), Some((step.id.clone(), step.name.clone()))));
            }
        }
    }
    let whole = all.iter().filter(|template| template.is_of(kind, None) && !own.iter().any(|(known, _)| known.id == template.id));
    let rest = whole.map(|template| (template.clone(), None)).collect();
    (own, rest)
}

/// How it stands with a document: class and word of its chip.
#[must_use]
pub fn status_chip(document: &Document) -> (&'static str, &'static str) {
    let w = document_words();
    match &document.status {
        Status::Draft => ("chip warn", w.draft),
        Status::Withdrawn { .. } => ("chip bad", w.withdrawn),
        Status::Issued if document.corrected_by.is_some() => ("chip", w.corrected),
        Status::Issued if !document.receipts.is_empty() => ("chip good", w.received),
        Status::Issued if !document.deliveries.is_empty() => ("chip good", w.served),
        Status::Issued => ("chip good", w.issued),
    }
}

/// The documents of a record, with buttons to make more.
#[component]
pub fn DocumentsOf(
    /// The record.
    #[prop(into)]
    record: String,
    /// Its kind.
    #[prop(into)]
    kind: String,
    /// Steps that were done, the latest first.
    #[prop(into)]
    steps: Signal<Vec<Offer>>,
) -> impl IntoView {
    let app = App::get();
    let (record, kind) = (StoredValue::new(record), StoredValue::new(kind));
    let busy = RwSignal::new(false);
    let stamp = Memo::new(move |_| {
        app.summaries.with(|all| {
            let own = all.iter().filter(|one| one.kind == KIND && record.with_value(|record| one.search.contains(record.as_str())));
            own.map(|one| (one.id.clone(), one.changes)).collect::<Vec<_>>()
        })
    });
    let made = LocalResource::new(move || {
        stamp.track();
        // Asked for now: the page may be gone when the answer is worked out.
        let record = record.get_value();
        async move { documents_of(app, &record).await }
    });
    let known = LocalResource::new(index);
    let navigate = StoredValue::new_local(use_navigate());
    let make = move |id: String, step: Option<String>| {
        if busy.get_untracked() {
            return;
        }
        app.flush_typing();
        busy.set(true);
        let source = record.get_value();
        leptos::task::spawn_local(async move {
            let Some(template) = template(&id).await else {
                app.toast(document_words().no_templates);
                busy.try_set(false);
                return;
            };
            match begin(app, &template, &source, step.as_deref()).await {
                Ok(id) => navigate.with_value(|navigate| navigate(&format!("/doc/{id}"), NavigateOptions::default())),
                Err(error) => app.toast(explain(&error)),
            }
            busy.try_set(false);
        });
    };
    let button = move |(template, step): Makeable| {
        let title = template.title.get(lang()).to_owned();
        let text = fill(document_words().make, &[&title]);
        let (step, name) = step.map_or((None, None), |(id, name)| (Some(id), Some(name)));
        let id = template.id;
        view! {
            <button type="button" class="btn block" disabled=move || busy.get() || !app.owner.get() on:click=move |_| make(id.clone(), step.clone())>
                {icon("plus")}<span>{text}{name.map(|name| view! { <span class="sub">{name}</span> })}</span>
            </button>
        }
    };
    view! {
        <section class="card stack" aria-labelledby="documents-of">
            <h2 id="documents-of">{move || document_words().title}</h2>
            {move || made.get().filter(|all| !all.is_empty()).map(|all| view! {
                <ul class="list">{all.into_iter().map(|(id, document)| {
                    let (class, word) = status_chip(&document);
                    let number = document.number().map(|number| number.text.clone()).unwrap_or_default();
                    let changed = !document.changed_after.is_empty();
                    view! {
                        <li><a class="list-row" href=format!("/doc/{id}")>
                            <span class="grow"><span class="title">{document.template.title.get(lang()).to_owned()}</span><span class="sub num">{number}</span></span>
                            <span class="row wrap chips"><span class=class>{word}</span>
                                {changed.then(|| view! { <span class="chip bad">{document_words().changed_chip}</span> })}</span>
                            {icon("next")}
                        </a></li>
                    }
                }).collect_view()}</ul>
            })}
            {move || {
                let all = known.get()?;
                let w = document_words();
                if all.is_empty() {
                    return Some(view! { <p class="muted">{w.no_templates}</p> }.into_any());
                }
                let (own, rest) = kind.with_value(|kind| steps.with(|steps| makeable(&all, kind, steps)));
                let shown = if own.is_empty() { FIRST.min(rest.len()) } else { 0 };
                let (first, more) = rest.split_at(shown);
                let (first, more) = (first.to_vec(), more.to_vec());
                Some(view! {
                    {own.into_iter().chain(first).map(button).collect_view()}
                    {(!more.is_empty()).then(|| view! {
                        <details class="fold"><summary>{w.more_templates}{icon("down")}</summary><div class="stack">{more.into_iter().map(button).collect_view()}</div></details>
                    })}
                }.into_any())
            }}
        </section>
    }
}
