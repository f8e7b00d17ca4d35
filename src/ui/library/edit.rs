//! The editor of a list: what is typed is kept at once in a working copy, and counts only when it is published.

mod answer;
mod basis;
mod ctx;
mod head;
mod item;
mod phrases;
mod publish;
mod section;

use leptos::prelude::*;

use self::ctx::{EditCtx, Loaded};
use self::head::HeadCard;
use self::item::ItemSheet;
use self::publish::PublishSheet;
use self::section::{RenameSheet, Sections};
use super::acts::explain;
use super::describe;
use super::read::NoList;
use crate::app::library::draft::{Head, clear};
use crate::app::library::fault::Fault;
use crate::domain::content::Lang;
use crate::ui::icon::icon;
use crate::ui::save::{Sign, Trouble};
use crate::ui::state::App;
use crate::ui::widget::{Notice, TopBar};
use crate::ui::words::{fill, lang, library_words, words};

/// The page.
#[component]
pub fn EditPage(id: String) -> impl IntoView {
    let app = App::get();
    app.leave_place();
    let loaded = LocalResource::new(move || {
        let id = id.clone();
        async move { Loaded::of(app, &id).await }
    });
    move || match loaded.get() {
        None => {
            view! { <main class="page"><div class="empty" role="status"><span class="spinner"></span><p>{words().opening}</p></div></main> }
                .into_any()
        }
        Some(Ok(Some(loaded))) => view! { <Editor ctx=EditCtx::open(app, loaded)/> }.into_any(),
        Some(Ok(None)) => view! { <NoList/> }.into_any(),
        Some(Err(error)) => view! {
            <TopBar title=Signal::derive(|| library_words().edit_title.to_owned()) back="/library"/>
            <main class="page"><Notice tone="bad">{explain(&error)}</Notice></main>
        }
        .into_any(),
    }
}

#[component]
fn Editor(ctx: EditCtx) -> impl IntoView {
    let app = ctx.app;
    // Here and not in the page: for a moment two of that may be there, and the one that goes must not have the last word.
    app.writing.set(true);
    on_cleanup(move || app.writing.set(false));
    let title = Signal::derive(move || ctx.draft.with(|draft| draft.head(Head::Title(lang()))));
    let sub = Signal::derive(|| library_words().edit_title.to_owned());
    let back = match ctx.published() {
        true => format!("/library/{}", ctx.list_id()),
        false => "/library".to_owned(),
    };
    let outdated = ctx.outdated();
    let logic = Memo::new(move |_| ctx.draft.with(|draft| draft.list.has_logic()));
    let changed = Memo::new(move |_| ctx.draft.with(|draft| draft.is_changed()));
    let add = move |_| ctx.add_item(None);
    let publishing = RwSignal::new(false);
    let publish = move |_| {
        if !changed.get_untracked() {
            app.toast(library_words().nothing_to_publish);
            return;
        }
        ctx.tried.set(true);
        if ctx.faults.with_untracked(Vec::is_empty) {
            publishing.set(true);
        } else {
            request_animation_frame(|| super::focus("faults"));
        }
    };
    let discard = move |_| ctx.act(&ctx.pen.with_state(clear), library_words().discarded);
    view! {
        <TopBar title sub back=back><Sign save=ctx.pen.save quiet=true/></TopBar>
        <main class="page list-edit">
            <Trouble save=ctx.pen.save retry=Callback::new(move |()| ctx.pen.flush())/>
            <Show when=move || !app.owner.get()><Notice tone="warn">{move || words().reader_note}</Notice></Show>
            <Faults ctx/>
            {ctx.shipped.then(|| view! { <Notice>{move || library_words().edit_shipped_note}</Notice> })}
            {outdated.map(|(from, now)| view! { <Notice tone="warn">{move || fill(library_words().edit_outdated, &[&from, &now])}</Notice> })}
            <Show when=move || logic.get()><Notice>{move || library_words().formula_note}</Notice></Show>
            <p class="muted small">{move || library_words().edit_running_note}</p>
            <HeadCard ctx/>
            <Sections ctx/>
            <Show when=move || changed.get()>
                <button type="button" class="btn quiet danger-text" on:click=discard>{icon("undo")}{move || library_words().discard}</button>
            </Show>
        </main>
        <nav class="actionbar" aria-label=move || library_words().edit_title><div>
            <button type="button" class="btn" disabled=move || !app.owner.get() on:click=add>{icon("plus")}{move || library_words().add_item}</button>
            <button type="button" class="btn grow" class:primary=move || changed.get() disabled=move || !app.owner.get() on:click=publish>{move || library_words().publish}</button>
        </div></nav>
        <ItemSheet ctx/>
        <RenameSheet ctx/>
        <PublishSheet ctx open=publishing/>
    }
}

/// What has to be put right, once publishing was tried.
#[component]
fn Faults(ctx: EditCtx) -> impl IntoView {
    let row = move |fault: &Fault| match fault {
        Fault::Item { item, fault } => {
            let (number, id) = (ctx.number(item), item.clone());
            let text = fill(library_words().item_and, &[&fill(library_words().item_n, &[&number]), &describe::item_fault(fault)]);
            let open = move |_| ctx.open_item(&id);
            view! { <li><button type="button" class="btn slim fault" on:click=open>{text}{icon("next")}</button></li> }.into_any()
        }
        other => view! { <li>{describe::list_fault(other)}</li> }.into_any(),
    };
    move || {
        let faults = ctx.faults.get();
        (!faults.is_empty()).then(|| {
            view! {
                <div class="notice bad" role="alert" id="faults" tabindex="-1">
                    {icon("warn")}
                    <div class="grow">
                        <strong>{fill(library_words().faults, &[&faults.len()])}</strong>{library_words().faults_hint}
                        <ul class="fault-list">{faults.iter().map(row).collect_view()}</ul>
                    </div>
                </div>
            }
        })
    }
}

/// Whether the English text stands for itself; a field shows nothing where it was taken from the Chinese one.
fn own_english(zh: &str, en: &str) -> String {
    if zh == en { String::new() } else { en.to_owned() }
}

/// The languages in the order of fields.
const LANGS: [Lang; 2] = [Lang::Zh, Lang::En];
