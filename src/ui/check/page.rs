//! The page: the parts of the visit, the sections of the one that is shown, and what helps to get on.

use leptos::html;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use serde_json::{Value, json};

use super::drawn::Drawn;
use super::site::{AddEquipment, AddList, PartHead, SiteDetails};
use super::{CheckCtx, VoidCheck};
use crate::app::visit;
use crate::domain::checklist::Verdict;
use crate::domain::inspection::{Inspection, Part, RepeatAt, Section, answer_path, without_answers};
use crate::ui::icon::icon;
use crate::ui::item::ItemCard;
use crate::ui::photo::{PhotoStrip, PhotoViewer, follow_if_allowed};
use crate::ui::record::near::when_near;
use crate::ui::save::{Sign, Trouble};
use crate::ui::widget::{Notice, Sheet, TopBar};
use crate::ui::words::{fill, lang, visit_words, words};

/// What people call a part.
#[must_use]
pub fn part_title(ctx: CheckCtx, part: Part) -> String {
    ctx.names.track();
    match part {
        Part::Whole => visit_words().part_whole.to_owned(),
        Part::Unit => visit_words().part_unit.to_owned(),
        Part::Subject(index) => ctx.with(|inspection| {
            let subject = inspection.subjects.get(index);
            let title = subject.map(|subject| subject.title().to_owned()).unwrap_or_default();
            if title.is_empty() { fill(visit_words().part_n, &[&(index + 1)]) } else { title }
        }),
    }
}

#[component]
pub(super) fn CheckPage(ctx: CheckCtx) -> impl IntoView {
    follow_if_allowed();
    let sheet = RwSignal::new(false);
    let title = Signal::derive(move || ctx.text("unit/name"));
    let sub = Signal::derive(move || {
        ctx.version.track();
        ctx.with(Inspection::equipment_line)
    });
    let counts = Memo::new(move |_| ctx.counts());
    let several = Memo::new(move |_| {
        ctx.layout.track();
        ctx.with(|inspection| inspection.parts().len() > 1)
    });
    // Back to the question where the person was, when the page was killed.
    let wanted = use_query_map().with_untracked(|query| query.get("item"));
    Effect::new(move |_| {
        if let Some(index) = wanted.as_deref().and_then(|key| ctx.with(|inspection| inspection.at_key(key))) {
            ctx.go_to(index);
        }
    });
    let id = ctx.id.get_value();
    let open = move || counts.get().total - counts.get().answered;
    view! {
        <TopBar title=title sub=sub back="/"><Sign save=ctx.save/></TopBar>
        <div class="check-progress" role="region" aria-label=move || words().progress>
            <progress class="bar" max=move || counts.get().total.to_string() value=move || counts.get().answered.to_string() aria-label=move || words().progress></progress>
            <p class="row num">
                <span class="grow">{move || fill(words().n_items, &[&counts.get().answered, &counts.get().total])}</span>
                <Show when=move || counts.get().failed.gt(&0)><span class="chip bad">{move || fill(words().n_failed, &[&counts.get().failed])}</span></Show>
                <span class="chip">{move || fill(words().n_photos, &[&ctx.photos.get().len()])}</span>
            </p>
            <PartTabs ctx/>
        </div>
        <main class="page check" class:several=move || several.get()>
            <Trouble save=ctx.save retry=Callback::new(move |()| ctx.flush())/>
            <Show when=move || !ctx.app.owner.get()><Notice tone="warn">{move || words().reader_note}</Notice></Show>
            <SiteDetails ctx/>
            {move || {
                ctx.layout.track();
                let part = ctx.part.get();
                view! { <PartView ctx part/> }
            }}
            <div class="row wrap">
                <AddEquipment ctx/>
                <AddList ctx/>
            </div>
            <section class="card stack">
                <h2>{move || words().record_photos}</h2>
                <p class="muted">{move || words().record_photos_hint}</p>
                <PhotoStrip album=ctx.album item=None/>
            </section>
            <VoidCheck ctx/>
        </main>
        <nav class="actionbar" aria-label=move || words().sections><div>
            <button type="button" class="btn" on:click=move |_| sheet.set(true)>{icon("list")}{move || words().sections}</button>
            <button type="button" class="btn grow" on:click=move |_| next_open(ctx)>
                {move || if open() == 0 { words().all_answered.to_owned() } else { format!("{} {}", words().next_open, open()) }}
            </button>
            <a class="btn" class:primary=move || open().eq(&0) href=format!("/check/{id}/finish")>{move || words().finish}</a>
        </div></nav>
        <Sheet open=sheet title=Signal::derive(|| words().sections.to_owned())><Jump ctx sheet/></Sheet>
        <PhotoViewer album=ctx.album/>
    }
}

/// Goes to the next question without an answer: from where the person is, and around.
fn next_open(ctx: CheckCtx) {
    let here = ctx.here.get_value();
    let open = ctx.with(|inspection| {
        let total = inspection.slots.len();
        let mut around = (0..total).map(|step| (here + step) % total.max(1));
        around.find(|&index| inspection.status(index).is_some_and(crate::domain::inspection::Status::is_open))
    });
    match open {
        Some(index) => ctx.go_to(index),
        None => ctx.app.toast(words().all_answered),
    }
}

/// One tab for each part; nothing where there is only one.
#[component]
fn PartTabs(ctx: CheckCtx) -> impl IntoView {
    let tab = move |part: Part| {
        let counts = Memo::new(move |_| ctx.part_counts(part));
        let place = match part {
            Part::Subject(index) => ctx.with(|inspection| inspection.subjects.get(index).map(|one| one.place.clone()).unwrap_or_default()),
            Part::Whole | Part::Unit => String::new(),
        };
        let here = move || ctx.part.get() == part;
        let button = NodeRef::<html::Button>::new();
        Effect::new(move |_| {
            if here()
                && let Some(button) = button.get()
            {
                show_in_row(&button);
            }
        });
        view! {
            <button type="button" role="tab" class="part-tab" node_ref=button aria-selected=move || here().to_string() on:click=move |_| ctx.part.set(part)>
                <span class="part-name">{move || part_title(ctx, part)}</span>
                {(!place.is_empty()).then(|| view! { <span class="part-place">{place.clone()}</span> })}
                <span class="part-state num">
                    {move || fill(words().section_counts, &[&counts.get().answered, &counts.get().total])}
                    <Show when=move || counts.get().is_complete()>{icon("check")}</Show>
                    <Show when=move || counts.get().failed.gt(&0)><span class="chip bad">{move || fill(words().n_failed, &[&counts.get().failed])}</span></Show>
                </span>
            </button>
        }
    };
    move || {
        ctx.layout.track();
        let parts = ctx.with(Inspection::parts);
        (parts.len() > 1).then(|| {
            view! { <div class="part-tabs" role="tablist" aria-label=move || visit_words().parts>{parts.into_iter().map(tab).collect_view()}</div> }
        })
    }
}

/// Scrolls a row so that an element in it can be seen, without moving the page.
fn show_in_row(element: &web_sys::HtmlElement) {
    let Some(row) = element.parent_element() else { return };
    let (left, width) = (element.offset_left(), element.offset_width());
    row.set_scroll_left(left - (row.client_width() - width) / 2);
}

/// The sections of one part, drawn as far as they are looked at.
#[component]
fn PartView(ctx: CheckCtx, part: Part) -> impl IntoView {
    let sections: Vec<(usize, Section)> =
        ctx.with(|inspection| inspection.sections_of(part).map(|(index, section)| (index, section.clone())).collect());
    let total: usize = sections.iter().map(|(_, section)| section.slots.len()).sum();
    let drawn = Drawn::begin();
    let order: Vec<usize> = sections.iter().flat_map(|(_, section)| section.slots.clone()).collect();
    Effect::new(move |_| {
        if let Some(place) = ctx.wanted.get().and_then(|(index, _)| order.iter().position(|slot| *slot == index)) {
            drawn.go_to(place);
        }
    });
    let end = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        if drawn.behind(total) > 0
            && let Some(end) = end.get()
        {
            when_near(&end, move || drawn.on());
        }
    });
    // Where each section begins among all questions, so that what is beyond the end is left out.
    let mut start = 0;
    let with_start: Vec<(usize, usize, Section)> = sections
        .into_iter()
        .map(|(index, section)| {
            let begins = start;
            start += section.slots.len();
            (begins, index, section)
        })
        .collect();
    let mut list_before = None;
    let views = with_start
        .into_iter()
        .map(|(begins, index, section)| {
            let new_list = (list_before != Some(section.list)).then_some(section.list);
            list_before = Some(section.list);
            let section = StoredValue::new(section);
            let ends = begins + section.with_value(|section| section.slots.len());
            let has = Memo::new(move |_| drawn.has(begins, ends, total));
            view! {
                <Show when=move || has.get()>
                    {new_list.map(|list| view! { <ListHead ctx list/> })}
                    <SectionView ctx index section=section.get_value() drawn begins/>
                </Show>
            }
        })
        .collect_view();
    view! {
        <div class="check-part" role=(part != Part::Whole).then_some("tabpanel") aria-label=move || (part != Part::Whole).then(|| part_title(ctx, part))>
            <PartHead ctx part/>
            <Show when=move || drawn.before().gt(&0)>
                <button type="button" class="btn block quiet" on:click=move |_| drawn.back()>{move || fill(visit_words().show_before, &[&drawn.before()])}</button>
            </Show>
            {views}
            <div node_ref=end class="check-end">
                <Show when=move || drawn.behind(total).gt(&0)>
                    <button type="button" class="btn block quiet" on:click=move |_| drawn.on()>{move || fill(visit_words().show_rest, &[&drawn.behind(total)])}</button>
                </Show>
            </div>
            <PartEnd ctx part/>
        </div>
    }
}

/// Title, version and note of a checklist.
#[component]
fn ListHead(ctx: CheckCtx, list: usize) -> impl IntoView {
    let several = ctx.with(|inspection| inspection.lists.len() > 1);
    let of = move |lang| {
        ctx.with(|inspection| {
            let list = inspection.lists.get(list)?;
            Some((list.title(lang).to_owned(), list.version.clone(), list.note(lang).map(str::to_owned)))
        })
    };
    move || {
        of(lang()).map(|(title, version, note)| {
            let title =
                several.then(|| view! { <p class="list-title"><strong>{title}</strong>" "<span class="muted num">{version}</span></p> });
            let note = note.map(|text| view! { <p class="muted">{text}</p> });
            view! { <div class="check-note">{title}{note}</div> }
        })
    }
}

#[component]
fn SectionView(
    ctx: CheckCtx,
    index: usize,
    section: Section,
    /// What of the part is drawn.
    drawn: Drawn,
    /// Where the section begins among the questions of the part.
    begins: usize,
) -> impl IntoView {
    let slots = StoredValue::new(section.slots.clone());
    let shown = Memo::new(move |_| {
        let (skip, end) = drawn.within(begins);
        slots.with_value(|slots| slots.iter().take(end).skip(skip).copied().collect::<Vec<_>>())
    });
    view! {
        <section class="check-section">
            <SectionHead ctx index section=section.clone()/>
            {section.repeat.clone().map(|at| view! { <CutNotice at/> })}
            <For each=move || shown.get() key=|slot| *slot let:slot><ItemCard ctx index=slot/></For>
            {section.repeat.clone().map(|at| view! { <RepeatTools ctx section=section.clone() at/> })}
        </section>
    }
}

fn section_title(ctx: CheckCtx, index: usize, section: &Section) -> String {
    let title = ctx.section_title(index);
    match &section.repeat {
        Some(RepeatAt { number: Some(_), place, .. }) => fill(visit_words().instance_n, &[&title, place]),
        _ => title,
    }
}

/// Title of a section, its counts, and one tap for the rest of it.
#[component]
fn SectionHead(ctx: CheckCtx, index: usize, section: Section) -> impl IntoView {
    let counts = Memo::new(move |_| ctx.section_counts(index));
    let slots = StoredValue::new(section.slots.clone());
    let judged = ctx.with(|inspection| section.slots.iter().any(|slot| inspection.item(*slot).is_some_and(|item| !item.record_only)));
    view! {
        <div class="section-head">
            <h2 class="grow">{move || section_title(ctx, index, &section)}
                <span class="chip num" class:good=move || counts.get().is_complete()>{move || fill(words().section_counts, &[&counts.get().answered, &counts.get().total])}</span>
            </h2>
            <Show when=move || judged && !counts.get().is_complete()>
                <button type="button" class="btn slim" on:click=move |_| slots.with_value(|slots| pass_rest(ctx, slots))>{icon("check")}{move || words().section_pass}</button>
            </Show>
        </div>
    }
}

/// Passes every open question that needs no value, and says what is left.
pub(super) fn pass_rest(ctx: CheckCtx, slots: &[usize]) {
    // A number or a date can't be passed unread: those items stay open.
    let (open, asking): (Vec<usize>, Vec<usize>) = ctx.with(|inspection| {
        let judged = |index: &usize| inspection.item(*index).is_some_and(|item| !item.record_only);
        let is_open = |index: &usize| inspection.status(*index).is_some_and(crate::domain::inspection::Status::is_open);
        let open = slots.iter().copied().filter(|index| is_open(index) && judged(index));
        open.partition(|&index| inspection.item(index).is_some_and(|item| !item.asks_for_value()))
    });
    let rest = asking.first().copied();
    if open.is_empty() {
        ctx.app.toast(fill(words().section_pass_values, &[&asking.len()]));
        rest.into_iter().for_each(|index| ctx.go_to(index));
        return;
    }
    let values = open.iter().map(|&index| (answer_path(&ctx.key(index), "verdict"), json!(Verdict::Pass.name()))).collect();
    let said = match asking.len() {
        0 => fill(words().section_pass_done, &[&open.len()]),
        left => fill(words().section_pass_some, &[&open.len(), &left]),
    };
    set_with_undo(ctx, values, said);
}

/// Sets values that were not there before, and offers to take them back; what was answered otherwise since then stays.
pub(super) fn set_with_undo(ctx: CheckCtx, values: Vec<(String, Value)>, said: String) {
    if !ctx.set_all(&values) {
        return;
    }
    // The button that was tapped is gone by then, and what it owned with it.
    let undo = ctx.app.in_root(|| {
        Callback::new(move |()| {
            let session = ctx.session();
            let back: Vec<(String, Value)> = {
                let record = session.record();
                let still = |(path, value): &&(String, Value)| record.state().get(path) == Some(value);
                values.iter().filter(still).map(|(path, _)| (path.clone(), Value::Null)).collect()
            };
            ctx.set_all(&back);
        })
    });
    ctx.app.toast_with(said, Some((words().undo.to_owned(), undo)));
}

/// Says at the first and the last instance of a repeat that there are fewer than were asked for.
#[component]
fn CutNotice(at: RepeatAt) -> impl IntoView {
    let cut = at.cut.filter(|_| at.place <= 1 || at.last);
    cut.map(|(asked, shown)| view! { <Notice tone="warn">{move || fill(visit_words().instances_cut, &[&asked, &shown])}</Notice> })
}

/// Adds an instance of a repeat after the last, or takes one away.
#[component]
fn RepeatTools(ctx: CheckCtx, section: Section, at: RepeatAt) -> impl IntoView {
    let place = StoredValue::new((section, at.clone()));
    let of_list = move |make: &dyn Fn(
        &crate::domain::checklist::Checklist,
        Option<&crate::domain::inspection::Subject>,
        &RepeatAt,
    ) -> visit::Values| {
        place.with_value(|(section, at)| {
            ctx.with(|inspection| {
                let subject = section.subject.and_then(|index| inspection.subjects.get(index));
                inspection.lists.get(section.list).map(|list| make(list, subject, at)).unwrap_or_default()
            })
        })
    };
    let add = move |_| {
        let session = ctx.session();
        let values = {
            let record = session.record();
            of_list(&|list, subject, at| visit::add_repeat(record.state(), list, subject, at, &ctx.app.workspace().device()))
        };
        ctx.set_all(&values);
    };
    let remove = move |_| {
        let values = of_list(&|list, subject, at| visit::remove_repeat(list, subject, at));
        let back: Vec<(String, Value)> = values.iter().map(|(path, _)| (path.clone(), json!(true))).collect();
        if ctx.set_all(&values) {
            let undo = ctx.app.in_root(|| {
                Callback::new(move |()| {
                    ctx.set_all(&back);
                })
            });
            ctx.app.toast_with(visit_words().removed_instance, Some((words().undo.to_owned(), undo)));
        }
    };
    let title = move || place.with_value(|(section, _)| without_answers(lang().pick(&section.title_zh, &section.title_en)));
    let (there, last, counted) = (at.number.is_some(), at.last, at.counted);
    (!counted).then(|| {
        view! {
            <div class="row wrap">
                {last.then(|| view! {
                    <button type="button" class="btn slim" on:click=add>{icon("plus")}
                        {move || fill(if there { visit_words().add_instance } else { visit_words().first_instance }, &[&title()])}
                    </button>
                })}
                {there.then(|| view! { <button type="button" class="btn slim quiet" on:click=remove>{icon("trash")}{move || visit_words().remove_instance}</button> })}
            </div>
        }
    })
}

/// What follows the questions of a part: the rest in one tap, the same for others, and the way to the neighbours.
#[component]
fn PartEnd(ctx: CheckCtx, part: Part) -> impl IntoView {
    let parts = ctx.with(Inspection::parts);
    if parts.len() < 2 {
        return ().into_any();
    }
    let here = parts.iter().position(|one| *one == part).unwrap_or_default();
    let neighbour = |step: isize| here.checked_add_signed(step).and_then(|at| parts.get(at).copied());
    let turn = move |to: Option<Part>, label: fn() -> &'static str, name: &'static str| {
        view! {
            <button type="button" class="btn grow" disabled=to.is_none() on:click=move |_| {
                if let Some(to) = to {
                    ctx.part.set(to);
                    window().scroll_to_with_x_and_y(0.0, 0.0);
                }
            }>{icon(name)}{label}</button>
        }
    };
    let slots = StoredValue::new(
        ctx.with(|inspection| inspection.sections_of(part).flat_map(|(_, section)| section.slots.clone()).collect::<Vec<_>>()),
    );
    let counts = Memo::new(move |_| ctx.part_counts(part));
    let subject = matches!(part, Part::Subject(_));
    let pass = move || if subject { visit_words().pass_part } else { visit_words().pass_unit };
    view! {
        <div class="stack tight part-end">
            <div class="row wrap">
                <Show when=move || !counts.get().is_complete()>
                    <button type="button" class="btn grow" on:click=move |_| slots.with_value(|slots| pass_rest(ctx, slots))>{icon("check")}{pass}</button>
                </Show>
                {subject.then(|| view! { <button type="button" class="btn grow" on:click=move |_| copy_to_others(ctx, part)>{icon("list")}{move || visit_words().copy_part}</button> })}
            </div>
            {subject.then(|| view! { <p class="muted small">{move || visit_words().copy_hint}</p> })}
            <div class="row">
                {turn(neighbour(-1), || visit_words().previous_part, "back")}
                {turn(neighbour(1), || visit_words().next_part, "next")}
            </div>
        </div>
    }
    .into_any()
}

/// Gives the other pieces of equipment the passes and not-applicables of this one, where they have no answer.
fn copy_to_others(ctx: CheckCtx, part: Part) {
    let Part::Subject(from) = part else { return };
    let values = ctx.with(|inspection| copies(inspection, from));
    if values.is_empty() {
        ctx.app.toast(visit_words().copy_none);
        return;
    }
    let said = fill(visit_words().copy_done, &[&values.len()]);
    set_with_undo(ctx, values, said);
}

fn copies(inspection: &Inspection, from: usize) -> Vec<(String, Value)> {
    let own = |(index, slot): &(usize, &crate::domain::inspection::Slot)| {
        slot.subject == Some(from) && {
            let plain = inspection.item(*index).is_some_and(|item| !item.record_only && !item.asks_for_value());
            plain && matches!(inspection.answer(*index).chosen, Some(Verdict::Pass | Verdict::Na))
        }
    };
    let mut values = Vec::new();
    for (index, slot) in inspection.slots.iter().enumerate().filter(own) {
        let (Some(item), Some(verdict)) = (inspection.item(index), inspection.answer(index).chosen) else { continue };
        for (other, subject) in inspection.subjects.iter().enumerate().filter(|(other, _)| *other != from) {
            let key = crate::domain::inspection::key(&item.id, Some(subject), &slot.repeat);
            let open = inspection.at_key(&key).filter(|&at| {
                let same = inspection.slots.get(at).is_some_and(|slot| slot.subject == Some(other));
                same && inspection.status(at).is_some_and(crate::domain::inspection::Status::is_open)
            });
            if open.is_some() {
                values.push((answer_path(&key, "verdict"), json!(verdict.name())));
            }
        }
    }
    values
}

/// The way to another section or another part.
#[component]
fn Jump(ctx: CheckCtx, sheet: RwSignal<bool>) -> impl IntoView {
    let part = ctx.part.get_untracked();
    let (sections, parts) = ctx.with(|inspection| {
        let sections: Vec<(usize, Section)> = inspection.sections_of(part).map(|(index, section)| (index, section.clone())).collect();
        (sections, inspection.parts())
    });
    let row = move |title: Signal<String>, counts: Memo<crate::domain::inspection::Counts>, go: Callback<()>| {
        view! {
            <li><button type="button" class="list-row" on:click=move |_| { sheet.set(false); go.run(()); }>
                <span class="grow title">{title}</span>
                <Show when=move || counts.get().failed.gt(&0)><span class="chip bad num">{move || counts.get().failed}</span></Show>
                <span class="chip num" class:good=move || counts.get().is_complete()>{move || fill(words().section_counts, &[&counts.get().answered, &counts.get().total])}</span>
            </button></li>
        }
    };
    let of_section = move |(index, section): (usize, Section)| {
        let first = section.slots.first().copied();
        let go = Callback::new(move |()| first.into_iter().for_each(|first| ctx.go_to(first)));
        row(Signal::derive(move || section_title(ctx, index, &section)), Memo::new(move |_| ctx.section_counts(index)), go)
    };
    let of_part = move |part: Part| {
        let go = Callback::new(move |()| ctx.part.set(part));
        row(Signal::derive(move || part_title(ctx, part)), Memo::new(move |_| ctx.part_counts(part)), go)
    };
    view! {
        <ul class="list">{sections.into_iter().map(of_section).collect_view()}</ul>
        {(parts.len() > 1).then(|| view! {
            <h3>{move || visit_words().parts}</h3>
            <ul class="list">{parts.into_iter().map(of_part).collect_view()}</ul>
        })}
    }
}
