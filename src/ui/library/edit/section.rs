//! The items by section: order, state, and what is wrong with them.

use leptos::prelude::*;

use super::super::{describe, focus, opens_with};
use super::ctx::EditCtx;
use crate::app::library::draft::{Step, is_untranslated};
use crate::app::library::fault::{Fault, ItemFault};
use crate::domain::checklist::{AnswerSpec, Severity};
use crate::domain::content::Lang;
use crate::ui::icon::icon;
use crate::ui::item::severity_word;
use crate::ui::widget::{FormField, Sheet};
use crate::ui::words::{fill, lang, library_words, words};

/// All sections.
#[component]
pub fn Sections(ctx: EditCtx) -> impl IntoView {
    let sections = Memo::new(move |_| {
        ctx.draft.with(|draft| draft.list.sections().into_iter().map(|one| (one.title_zh, one.title_en)).collect::<Vec<_>>())
    });
    view! {
        <Show
            when=move || sections.with(|all| !all.is_empty())
            fallback=|| view! {
                <div class="card"><div class="empty">{icon("list")}<p><strong>{move || library_words().no_items}</strong></p><p class="small">{move || library_words().no_items_hint}</p></div></div>
            }
        >
            <For each=move || sections.get() key=Clone::clone let:section><SectionCard ctx section sections/></For>
        </Show>
    }
}

#[component]
fn SectionCard(ctx: EditCtx, section: (String, String), sections: Memo<Vec<(String, String)>>) -> impl IntoView {
    let section = StoredValue::new(section);
    let name = move || section.with_value(|(zh, _)| zh.clone());
    let shown = move || section.with_value(|(zh, en)| lang().pick(zh, en).to_owned());
    let items = Memo::new(move |_| {
        let name = name();
        ctx.draft
            .with(|draft| draft.list.items.iter().filter(|item| item.section_zh == name).map(|item| item.id.clone()).collect::<Vec<_>>())
    });
    let place = Memo::new(move |_| {
        let name = name();
        sections.with(|all| (all.iter().position(|(zh, _)| *zh == name), all.len()))
    });
    let can = move |step: Step| match (place.get(), step) {
        ((Some(at), _), Step::Up) => at > 0,
        ((Some(at), all), Step::Down) => at + 1 < all,
        ((None, _), _) => false,
    };
    let step = move |step: Step| {
        let changes = ctx.draft.with_untracked(|draft| draft.step_section(&name(), step));
        ctx.write(&changes);
    };
    view! {
        <section class="card flush">
            <header class="part-head section-edit">
                <h2 class="grow">{shown}</h2>
                <span class="row">
                    <button type="button" class="icon-btn up" aria-label=move || fill(library_words().section_up, &[&shown()])
                        aria-disabled=move || (!can(Step::Up)).to_string() on:click=move |_| step(Step::Up)>{icon("down")}</button>
                    <button type="button" class="icon-btn" aria-label=move || fill(library_words().section_down, &[&shown()])
                        aria-disabled=move || (!can(Step::Down)).to_string() on:click=move |_| step(Step::Down)>{icon("down")}</button>
                    <button type="button" class="icon-btn" aria-haspopup="dialog" aria-label=move || fill(library_words().section_rename, &[&shown()])
                        on:click=move |_| ctx.section.set(Some(section.get_value()))>{icon("pen")}</button>
                </span>
            </header>
            <ol class="list">
                <For each=move || items.get() key=Clone::clone let:id><Row ctx id/></For>
            </ol>
            <button type="button" class="btn quiet block" on:click=move |_| ctx.add_item(Some(section.get_value()))>{icon("plus")}{move || library_words().add_here}</button>
        </section>
    }
}

/// What a row shows of an item.
#[derive(Clone, PartialEq, Default)]
struct Shown {
    text: (String, String),
    answer: Option<AnswerSpec>,
    severity: Option<Severity>,
    retired: bool,
    new: bool,
    changed: bool,
}

#[component]
fn Row(ctx: EditCtx, id: String) -> impl IntoView {
    let known = StoredValue::new(id.clone());
    let shown = Memo::new(move |_| {
        known.with_value(|id| {
            ctx.draft.with(|draft| {
                let Some(item) = draft.item(id) else { return Shown::default() };
                let before = draft.base.items.iter().find(|one| one.id == *id);
                Shown {
                    text: (item.text_zh.clone(), item.text_en.clone()),
                    answer: Some(item.answer.clone()),
                    severity: Some(item.severity).filter(|severity| *severity != Severity::General),
                    retired: item.retired,
                    new: before.is_none(),
                    changed: before.is_some_and(|before| before != item),
                }
            })
        })
    });
    let number = Memo::new(move |_| known.with_value(|id| ctx.number(id)));
    let moves = Memo::new(move |_| known.with_value(|id| ctx.draft.with(|draft| draft.can_move(id))));
    let faults = Memo::new(move |_| {
        known.with_value(|id| {
            let own = |fault: &Fault| match fault {
                Fault::Item { item, fault } if item == id => Some(fault.clone()),
                _ => None,
            };
            ctx.faults.with(|all| all.iter().filter_map(own).collect::<Vec<ItemFault>>())
        })
    });
    let text = move || {
        shown.with(|shown| {
            let text = lang().pick(&shown.text.0, &shown.text.1);
            if text.is_empty() { library_words().no_text.to_owned() } else { text.to_owned() }
        })
    };
    let chips = move || {
        let w = library_words();
        shown.with(|shown| {
            let plain = lang() == Lang::En && is_untranslated(&shown.text.0, &shown.text.1);
            view! {
                {shown.answer.as_ref().map(|answer| view! { <span class="chip">{describe::answer_kind(answer)}</span> })}
                {shown.severity.map(|severity| view! { <span class="chip warn">{severity_word(severity)}</span> })}
                {shown.new.then(|| view! { <span class="chip good">{w.mark_new}</span> })}
                {shown.changed.then(|| view! { <span class="chip brand">{w.mark_changed}</span> })}
                {shown.retired.then(|| view! { <span class="chip bad">{w.retired}</span> })}
                {plain.then(|| view! { <span class="chip warn">{w.untranslated}</span> })}
            }
        })
    };
    let step = move |step: Step, button: &'static str| {
        let changes = known.with_value(|id| ctx.draft.with_untracked(|draft| draft.step(id, step)));
        if !changes.is_empty() && ctx.write(&changes) {
            // A row that moves loses the focus; whoever uses the keyboard wants to go on.
            let target = known.with_value(|id| format!("{id}-{button}"));
            request_animation_frame(move || focus(&target));
        }
    };
    let (row_id, up_id, down_id) = (format!("row-{id}"), format!("{id}-up"), format!("{id}-down"));
    view! {
        <li class="edit-row" id=row_id tabindex="-1" class:gone=move || shown.with(|shown| shown.retired) class:faulty=move || faults.with(|faults| !faults.is_empty())>
            <button type="button" class="list-row edit-open" aria-haspopup="dialog" on:click=move |_| known.with_value(|id| ctx.open_item(id))>
                <span class="item-no num" aria-hidden="true">{number}</span>
                <span class="sr">{move || fill(library_words().item_and, &[&fill(library_words().edit_item, &[&number.get()]), &""])}</span>
                <span class="grow"><span class="title">{text}</span><span class="row wrap chips">{chips}</span></span>
            </button>
            <span class="edit-move">
                <button type="button" class="icon-btn up" id=up_id aria-label=move || fill(library_words().move_up, &[&number.get()])
                    aria-disabled=move || (!moves.get().0).to_string() on:click=move |_| step(Step::Up, "up")>{icon("down")}</button>
                <button type="button" class="icon-btn" id=down_id aria-label=move || fill(library_words().move_down, &[&number.get()])
                    aria-disabled=move || (!moves.get().1).to_string() on:click=move |_| step(Step::Down, "down")>{icon("down")}</button>
            </span>
            {move || faults.get().iter().map(|fault| view! { <p class="row-fault">{describe::item_fault(fault)}</p> }).collect_view()}
        </li>
    }
}

/// Gives a section another title.
#[component]
pub fn RenameSheet(ctx: EditCtx) -> impl IntoView {
    let open = opens_with(ctx.section);
    view! {
        <Sheet open title=Signal::derive(|| library_words().section_name.to_owned())>
            {move || ctx.section.get().map(|section| view! { <RenameForm ctx section open/> })}
        </Sheet>
    }
}

#[component]
fn RenameForm(ctx: EditCtx, section: (String, String), open: RwSignal<bool>) -> impl IntoView {
    let zh = RwSignal::new(section.0.clone());
    let en = RwSignal::new(super::own_english(&section.0, &section.1));
    let problem = RwSignal::new(None::<String>);
    let save = move |_| {
        let (zh, en) = (zh.get_untracked().trim().to_owned(), en.get_untracked().trim().to_owned());
        if zh.is_empty() {
            problem.set(Some(library_words().fault_no_section.to_owned()));
            return;
        }
        let changes = ctx.draft.with_untracked(|draft| draft.rename_section(&section.0, (&zh, &en)));
        if changes.is_empty() {
            problem.set(Some(library_words().section_taken.to_owned()));
        } else if ctx.write(&changes) {
            open.set(false);
        }
    };
    view! {
        <FormField label=Signal::derive(|| library_words().section_name.to_owned()) text=zh problem/>
        <FormField label=Signal::derive(|| library_words().in_english.to_owned()) text=en hint=Signal::derive(|| library_words().english_hint.to_owned())/>
        <button type="button" class="btn primary block" on:click=save>{move || words().save}</button>
    }
}
