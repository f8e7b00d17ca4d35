//! What the visit is of: the unit, the equipment and the checklists, to look up, to correct, to add to and to take out.

use leptos::prelude::*;
use serde_json::{Value, json};

use super::CheckCtx;
use super::page::part_title;
use crate::app::visit::{self, Values, VisitError};
use crate::domain::checklist::Checklist;
use crate::domain::equipment::{normalise_certificate, normalise_code};
use crate::domain::inspection::{Inspection, Part, Subject, next_due_day};
use crate::ledger::Card;
use crate::ui::content;
use crate::ui::icon::icon;
use crate::ui::pool;
use crate::ui::widget::{FormField, Notice, Sheet, TextField};
use crate::ui::words::{Word, fill, lang, visit_words, words};

/// Fields of a piece of equipment as a person may correct them on site.
const OF_EQUIPMENT: [(&str, Word); 7] = [
    ("name", || words().equipment_name),
    ("code", || words().equipment_code),
    ("type_code", || words().equipment_type),
    ("cert_no", || words().equipment_cert),
    ("place", || words().equipment_place),
    ("maintainer", || words().equipment_maintainer),
    ("next_due", || visit_words().next_due),
];

/// A field of the record that keeps itself.
fn field(ctx: CheckCtx, path: String, label: Word) -> impl IntoView {
    let start = untrack(|| ctx.text(&path));
    let save = Callback::new(move |text: String| ctx.set(&[(path.as_str(), json!(text.trim()))]));
    view! { <TextField label=Signal::derive(move || label().to_owned()) value=start on_save=save max=200/> }
}

fn equipment_fields(ctx: CheckCtx, base: &str) -> impl IntoView + use<> {
    OF_EQUIPMENT.map(|(name, label)| field(ctx, format!("{base}/{name}"), label)).into_iter().collect_view()
}

/// Unit and equipment as copied into the record, to look up or correct on site.
#[component]
pub(super) fn SiteDetails(ctx: CheckCtx) -> impl IntoView {
    let of_unit: [(&'static str, Word); 5] = [
        ("unit/name", || words().unit_name),
        ("unit/uscc", || words().unit_uscc),
        ("unit/address", || words().unit_address),
        ("unit/contact", || words().unit_contact),
        ("unit/phone", || words().unit_phone),
    ];
    let single = move || {
        ctx.layout.track();
        ctx.with(|inspection| match inspection.subjects.as_slice() {
            [one] => Some(one.base.clone()),
            _ => None,
        })
    };
    let removed = move || {
        ctx.layout.track();
        let removed = ctx.with(|inspection| inspection.removed.clone());
        (!removed.is_empty()).then(|| {
            let line = |one: Subject| fill(visit_words().removed_line, &[&one.title(), &one.removed.clone().unwrap_or_default()]);
            view! { <p class="muted">{visit_words().removed_equipment}</p><ul class="bullets">{removed.into_iter().map(|one| view! { <li>{line(one)}</li> }).collect_view()}</ul> }
        })
    };
    view! {
        <details class="card fold">
            <summary><h2>{move || words().what_unit_says}</h2>{icon("down")}</summary>
            <div class="stack">
                {of_unit.map(|(path, label)| field(ctx, path.to_owned(), label)).into_iter().collect_view()}
                {move || single().map(|base| equipment_fields(ctx, &base))}
                {field(ctx, "attendant".to_owned(), || words().attendant)}
                {removed}
            </div>
        </details>
    }
}

/// What a part is of: the equipment with its papers, to look up, correct or take out.
#[component]
pub(super) fn PartHead(ctx: CheckCtx, part: Part) -> impl IntoView {
    let Part::Subject(index) = part else { return ().into_any() };
    let Some(subject) = ctx.with(|inspection| inspection.subjects.get(index).cloned()) else { return ().into_any() };
    let total = ctx.with(|inspection| inspection.subjects.len());
    let base = subject.base.clone();
    let removing = RwSignal::new(false);
    let line = [subject.place.as_str(), subject.code.as_str(), subject.cert_no.as_str()];
    let line = line.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    let day = ctx.with(|inspection| inspection.day);
    let overdue = next_due_day(&subject.next_due).is_some_and(|due| due < day);
    let due = subject.next_due.clone();
    let of_subject = StoredValue::new(subject);
    view! {
        <details class="card fold part-head">
            <summary>
                <span class="grow">
                    <span class="title">{move || part_title(ctx, part)}" "<span class="muted small num">{move || fill(visit_words().part_of, &[&(index + 1), &total])}</span></span>
                    <span class="sub">{line}</span>
                    {(!due.is_empty()).then(|| view! {
                        <span class="sub num">{move || visit_words().next_due}" "{due.clone()}" "
                            {overdue.then(|| view! { <span class="chip bad">{move || visit_words().overdue}</span> })}</span>
                    })}
                </span>
                {icon("down")}
            </summary>
            <div class="stack">
                {equipment_fields(ctx, &base)}
                <button type="button" class="btn quiet danger-text" on:click=move |_| removing.set(true)>{icon("trash")}{move || visit_words().remove_equipment}</button>
            </div>
        </details>
        <Sheet open=removing title=Signal::derive(|| visit_words().remove_equipment.to_owned())>
            <Remove ctx subject=of_subject open=removing/>
        </Sheet>
    }
    .into_any()
}

#[component]
fn Remove(ctx: CheckCtx, subject: StoredValue<Subject>, open: RwSignal<bool>) -> impl IntoView {
    let reason = RwSignal::new(String::new());
    let act = move |_| {
        let values = subject.with_value(|subject| visit::remove_subject(subject, &reason.get_untracked()));
        open.set(false);
        ctx.set_all(&values);
    };
    view! {
        <p>{move || visit_words().remove_hint}</p>
        <label class="field"><span>{move || visit_words().remove_reason}</span>
            <input class="input" type="text" maxlength="200" on:input=move |event| reason.set(event_target_value(&event))/>
        </label>
        <button type="button" class="btn danger block" disabled=move || reason.get().trim().is_empty() on:click=act>{move || visit_words().remove_equipment}</button>
    }
}

/// One more piece of equipment, as when a ninth elevator is found.
#[component]
pub(super) fn AddEquipment(ctx: CheckCtx) -> impl IntoView {
    let open = RwSignal::new(false);
    let wanted = move || {
        ctx.layout.track();
        ctx.with(|inspection| inspection.lists.iter().any(Checklist::is_for_equipment))
    };
    view! {
        <Show when=wanted>
            <button type="button" class="btn grow" on:click=move |_| open.set(true)>{icon("plus")}{move || visit_words().add_equipment}</button>
        </Show>
        <Sheet open title=Signal::derive(|| visit_words().add_equipment.to_owned())><ChooseEquipment ctx open/></Sheet>
    }
}

#[component]
fn ChooseEquipment(ctx: CheckCtx, open: RwSignal<bool>) -> impl IntoView {
    let unit = untrack(|| ctx.text("unit/id"));
    let known: Vec<String> = ctx.with(|inspection| inspection.subjects.iter().map(|one| one.id.clone()).collect());
    let found = LocalResource::new(move || {
        let (unit, known) = (unit.clone(), known.clone());
        async move { pool::equipment_of(ctx.app, &unit).await.into_iter().filter(|card| !known.contains(&card.id)).collect::<Vec<_>>() }
    });
    let take = move |card: Card| {
        leptos::task::spawn_local(async move {
            match pool::fields_of(ctx.app, &card.id).await {
                Ok(fields) => add(ctx, fields, open).await,
                Err(_) => ctx.app.toast(words().record_gone),
            }
        });
    };
    let row = move |card: Card| {
        let (title, sub) = (card.title.clone(), [card.address.as_str(), card.code.as_str()].join(" "));
        view! { <li><button type="button" class="list-row" on:click=move |_| take(card.clone())><span class="grow"><span class="title">{title}</span><span class="sub">{sub}</span></span>{icon("plus")}</button></li> }
    };
    let fields: [(&'static str, RwSignal<String>, Word); 5] = [
        ("name", RwSignal::new(String::new()), || words().equipment_name),
        ("code", RwSignal::new(String::new()), || words().equipment_code),
        ("type_code", RwSignal::new(String::new()), || words().equipment_type),
        ("cert_no", RwSignal::new(String::new()), || words().equipment_cert),
        ("place", RwSignal::new(String::new()), || words().equipment_place),
    ];
    let nameless = RwSignal::new(None::<String>);
    let by_hand = move |_| {
        let filled: Vec<(String, Value)> = fields
            .iter()
            .map(|(name, text, _)| {
                let typed = text.get_untracked();
                let kept = match *name {
                    "code" => normalise_code(&typed),
                    "cert_no" => normalise_certificate(&typed),
                    _ => typed.trim().to_owned(),
                };
                ((*name).to_owned(), json!(kept))
            })
            .filter(|(_, value)| value.as_str() != Some(""))
            .collect();
        if filled.iter().any(|(name, _)| matches!(name.as_str(), "name" | "code" | "cert_no")) {
            leptos::task::spawn_local(add(ctx, filled, open));
        } else {
            nameless.set(Some(words().equipment_needed.to_owned()));
        }
    };
    view! {
        <h3>{move || visit_words().from_ledger}</h3>
        {move || match found.get() {
            None => view! { <span class="spinner"></span> }.into_any(),
            Some(cards) if cards.is_empty() => view! { <p class="muted">{words().nothing_found}</p> }.into_any(),
            Some(cards) => view! { <ul class="list">{cards.into_iter().map(row).collect_view()}</ul> }.into_any(),
        }}
        <h3>{move || visit_words().by_hand}</h3>
        <p class="muted">{move || visit_words().add_equipment_hint}</p>
        <div class="stack">
            {fields.map(|(name, text, label)| {
                let label = Signal::derive(move || label().to_owned());
                if name == "name" { view! { <FormField label text problem=nameless/> }.into_any() } else { view! { <FormField label text/> }.into_any() }
            }).into_iter().collect_view()}
            <button type="button" class="btn primary block" on:click=by_hand>{icon("plus")}{move || words().add}</button>
        </div>
    }
}

async fn add(ctx: CheckCtx, fields: Values, open: RwSignal<bool>) {
    // At once, so that a second tap adds nothing.
    open.set(false);
    let rules = pool::intervals().await;
    let fields = visit::with_derived(fields, rules.as_ref(), ctx.with(|inspection| inspection.day));
    let session = ctx.session();
    let values = {
        let record = session.record();
        ctx.with(|inspection| visit::add_subject(record.state(), &inspection.lists, &fields, &ctx.app.workspace().device()))
    };
    if ctx.set_all(&values) {
        let last = ctx.with(|inspection| inspection.subjects.len().checked_sub(1));
        let name = ctx.with(|inspection| inspection.subjects.last().map(|one| one.title().to_owned()).unwrap_or_default());
        if let Some(last) = last.filter(|last| *last > 0) {
            ctx.part.set(Part::Subject(last));
        }
        ctx.app.toast(fill(visit_words().added_equipment, &[&name]));
    }
}

/// One more checklist out of the library.
#[component]
pub(super) fn AddList(ctx: CheckCtx) -> impl IntoView {
    let open = RwSignal::new(false);
    view! {
        <button type="button" class="btn grow" on:click=move |_| open.set(true)>{icon("plus")}{move || visit_words().add_list}</button>
        <Sheet open title=Signal::derive(|| visit_words().add_list.to_owned())><ChooseList ctx open/></Sheet>
    }
}

#[component]
fn ChooseList(ctx: CheckCtx, open: RwSignal<bool>) -> impl IntoView {
    let search = RwSignal::new(String::new());
    let library = LocalResource::new(pool::library);
    let problem = RwSignal::new(None::<String>);
    let known: Vec<String> = ctx.with(|inspection| inspection.lists.iter().map(|list| list.id.clone()).collect());
    let shown = Memo::new(move |_| {
        let search = search.get();
        let all = library.get().unwrap_or_default();
        all.into_iter().filter(|one| !known.contains(&one.id) && one.fits(&search)).collect::<Vec<_>>()
    });
    let take = move |id: String| {
        leptos::task::spawn_local(async move {
            let Ok(list) = content::checklist(&id).await else {
                problem.set(Some(fill(visit_words().list_failed, &[&id])));
                return;
            };
            let session = ctx.session();
            let values = {
                let record = session.record();
                ctx.with(|inspection| visit::add_list(record.state(), Some(inspection), &list))
            };
            match values {
                Ok(values) => {
                    open.set(false);
                    if ctx.set_all(&values) {
                        ctx.app.toast(fill(visit_words().added_list, &[&list.title(lang())]));
                    }
                }
                Err(error) => problem.set(Some(explain(&error))),
            }
        });
    };
    view! {
        <label class="search"><span class="sr">{move || visit_words().search_lists}</span>{icon("search")}
            <input class="input" type="search" placeholder=move || visit_words().search_lists on:input=move |event| search.set(event_target_value(&event))/>
        </label>
        {move || problem.get().map(|problem| view! { <Notice tone="bad">{problem}</Notice> })}
        <ul class="list">
            {move || shown.get().into_iter().map(|one| {
                let (id, title) = (one.id.clone(), one.title(lang()).to_owned());
                view! { <li><button type="button" class="list-row" on:click=move |_| take(id.clone())><span class="grow title">{title}</span>{icon("plus")}</button></li> }
            }).collect_view()}
        </ul>
    }
}

/// Why a checklist can't be added, in words.
#[must_use]
pub fn explain(error: &VisitError) -> String {
    match error {
        VisitError::ListTwice { .. } => visit_words().list_twice.to_owned(),
        VisitError::ItemTwice { item } => fill(visit_words().item_twice, &[item]),
    }
}

/// The name of the equipment of a question and of its checklist where there are several: what stands before its number.
#[must_use]
pub fn slot_place(inspection: &Inspection, index: usize) -> String {
    let mut parts = Vec::new();
    if inspection.subjects.len() > 1
        && let Some(slot) = inspection.slots.get(index)
    {
        let name = slot.subject.and_then(|subject| inspection.subjects.get(subject)).map(|subject| subject.title().to_owned());
        parts.push(name.unwrap_or_else(|| visit_words().part_unit.to_owned()));
    }
    if inspection.lists.len() > 1
        && let Some(list) = inspection.list(index)
    {
        parts.push(list.title(lang()).to_owned());
    }
    parts.join(" · ")
}
