//! A checklist from a spreadsheet: read in the worker, shown, and kept only when the person says so.

use leptos::ev;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use web_sys::File;

use super::acts::explain;
use super::describe;
use super::export;
use super::findings::findings_view;
use super::history::differences_view;
use super::shelf::Found;
use crate::app::library::compare::{Differences, compare};
use crate::app::library::{self, is_list_name};
use crate::app::workspace::AppError;
use crate::browser::{desk, files};
use crate::desk::forms::FormRead;
use crate::desk::{Answer, Job};
use crate::domain::checklist::Checklist;
use crate::ui::icon::icon;
use crate::ui::ledger::import::explain_table;
use crate::ui::pen::Pen;
use crate::ui::state::App;
use crate::ui::widget::{Nav, Notice, TopBar};
use crate::ui::words::{fill, form_words, lang, library_words, words};

/// The largest file that is read into memory; the reader refuses larger ones as well.
const MOST_BYTES: u64 = 32 << 20;
/// How long a large form may take on a slow phone.
const LIMIT_MS: i32 = 120_000;

/// How far it is.
#[derive(Clone)]
enum Coming {
    /// No file yet.
    Idle,
    /// Being read.
    Reading(String),
    /// The browser gives no bytes.
    Gone,
    /// The worker gave no answer.
    NoAnswer,
    /// No workbook.
    Refused(spotcheck_sheets::ReadError),
    /// Read.
    Read(Box<Incoming>),
}

/// A file that was read.
#[derive(Clone)]
struct Incoming {
    read: FormRead,
    list: Option<Checklist>,
    /// The list of the same name that is there.
    known: Option<Found>,
}

/// The page.
#[component]
pub fn ImportPage() -> impl IntoView {
    let app = App::get();
    app.writing.set(false);
    app.leave_place();
    let coming = RwSignal::new_local(Coming::Idle);
    let dragging = RwSignal::new(false);
    let (enter, leave, drop) = (
        window_event_listener(ev::dragover, move |event: web_sys::DragEvent| {
            event.prevent_default();
            dragging.set(true);
        }),
        window_event_listener(ev::dragleave, move |event: web_sys::DragEvent| {
            // Leaving the window, not one element for another.
            if event.related_target().is_none() {
                dragging.set(false);
            }
        }),
        window_event_listener(ev::drop, move |event: web_sys::DragEvent| {
            dragging.set(false);
            take(app, files::files_of_drop(&event), coming);
        }),
    );
    on_cleanup(move || {
        enter.remove();
        leave.remove();
        drop.remove();
    });
    let pick = move |_| {
        leptos::task::spawn_local(async move {
            take(app, files::pick(files::Pick::Sheets).await, coming);
        });
    };
    let busy = RwSignal::new(false);
    let waiting = move || coming.with(|coming| matches!(coming, Coming::Reading(_)));
    let label = move || if coming.with(|coming| matches!(coming, Coming::Idle)) { form_words().pick } else { form_words().pick_other };
    view! {
        <div class="has-nav">
            <TopBar title=Signal::derive(|| form_words().title.to_owned()) back="/library"/>
            <main class="page">
                <Show when=move || !app.owner.get()><Notice tone="warn">{move || words().reader_note}</Notice></Show>
                <section class="drop" class:over=move || dragging.get()>
                    {icon("import")}
                    <p class="grow muted">{move || form_words().hint}</p>
                    <button type="button" class="btn primary" disabled=waiting on:click=pick>{label}</button>
                </section>
                <div class="row wrap template-row">
                    <p class="grow muted small">{move || form_words().template_hint}</p>
                    <button type="button" class="btn slim" disabled=move || busy.get() on:click=move |_| export::export_template(app, busy)>
                        {icon("export")}{move || form_words().template}
                    </button>
                </div>
                <div class="stack">{move || coming_view(app, coming.get())}</div>
            </main>
        </div>
        <Nav/>
    }
}

fn take(app: App, chosen: Vec<File>, coming: RwSignal<Coming, LocalStorage>) {
    let Some(file) = chosen.into_iter().next() else { return };
    // One after the other: the answer to an earlier file would take the place of this one's.
    if coming.with_untracked(|coming| matches!(coming, Coming::Reading(_))) {
        return;
    }
    coming.set(Coming::Reading(file.name()));
    leptos::task::spawn_local(async move {
        let read = read(app, &file).await;
        coming.try_set(read);
    });
}

async fn read(app: App, file: &File) -> Coming {
    // One byte more than is allowed is enough for the reader to say so.
    let Ok(bytes) = files::read_slice(file, 0, MOST_BYTES + 1).await else { return Coming::Gone };
    let first = match ask(&file.name(), &bytes, None).await {
        Ok(read) => read,
        Err(problem) => return problem,
    };
    let Some(list) = first.checklist.as_ref().and_then(|value| Checklist::from_value(value).ok()) else {
        return Coming::Read(Box::new(Incoming { read: first, list: None, known: None }));
    };
    let known = Found::of(app, &list.id).await;
    let Some(before) = known.as_ref().and_then(Found::list) else {
        return Coming::Read(Box::new(Incoming { read: first, list: Some(list), known }));
    };
    // Once more, beside the list that is used: its items keep their ids, and what is gone stays as retired.
    let again = match ask(&file.name(), &bytes, Some(&before)).await {
        Ok(read) => read,
        Err(problem) => return problem,
    };
    let list = again.checklist.as_ref().and_then(|value| Checklist::from_value(value).ok());
    let from_app = known.as_ref().is_some_and(|found| found.shipped.is_some());
    let list = list.map(|list| library::follow(&before, list, from_app));
    Coming::Read(Box::new(Incoming { read: again, list, known }))
}

async fn ask(name: &str, bytes: &[u8], previous: Option<&Checklist>) -> Result<FormRead, Coming> {
    let previous = previous.and_then(|list| serde_json::to_value(list).ok());
    let job = Job::ReadForm { name: name.to_owned(), previous };
    match desk::shared().ask(&job, Some(bytes), LIMIT_MS).await {
        Ok((Answer::Form { read: Ok(read) }, _)) => Ok(read),
        Ok((Answer::Form { read: Err(error) }, _)) => Err(Coming::Refused(error)),
        Ok(_) | Err(_) => Err(Coming::NoAnswer),
    }
}

fn coming_view(app: App, coming: Coming) -> AnyView {
    let w = form_words();
    match coming {
        Coming::Idle => ().into_any(),
        Coming::Reading(name) => view! {
            <div class="card row" role="status" aria-busy="true"><span class="spinner"></span><span class="grow">{fill(w.reading, &[&name])}</span></div>
        }
        .into_any(),
        Coming::Gone => view! { <Notice tone="bad">{w.unreadable_file}</Notice> }.into_any(),
        Coming::NoAnswer => view! { <Notice tone="bad">{w.no_answer}</Notice> }.into_any(),
        Coming::Refused(error) => view! { <Notice tone="bad"><strong>{w.refused}</strong>{explain_table(&error)}</Notice> }.into_any(),
        Coming::Read(incoming) => {
            let Incoming { read, list, known } = *incoming;
            let refused = list.is_none();
            view! {
                {refused.then(|| view! { <Notice tone="bad"><strong>{w.refused}</strong></Notice> })}
                {findings_view(&read)}
                {list.map(|list| view! { <Preview app list known/> })}
            }
            .into_any()
        }
    }
}

/// What would be kept, and the button that keeps it.
#[component]
fn Preview(app: App, list: Checklist, known: Option<Found>) -> impl IntoView {
    let before = known.as_ref().and_then(Found::list);
    let differences: Option<Differences> = before.as_ref().map(|before| compare(before, &list));
    let same = differences.as_ref().is_some_and(Differences::is_empty);
    let named = is_list_name(&list.id) || known.is_some();
    let has_draft = known.as_ref().is_some_and(Found::has_draft);
    let (busy, error) = (RwSignal::new(false), RwSignal::new(None::<AppError>));
    let navigate = StoredValue::new_local(use_navigate());
    let (items, _) = library::count(&list);
    let groups = list.groups.len();
    let kept = StoredValue::new_local((list.clone(), known));
    let keep = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        error.set(None);
        let (list, known) = kept.get_value();
        leptos::task::spawn_local(async move {
            match publish(app, &list, known.as_ref()).await {
                Ok(()) => {
                    app.toast(fill(form_words().imported, &[&list.title(lang()), &list.version]));
                    navigate.try_with_value(|navigate| navigate(&format!("/library/{}", list.id), NavigateOptions::default()));
                }
                Err(problem) => {
                    error.try_set(Some(problem));
                }
            }
            busy.try_set(false);
        });
    };
    let new = before.is_none();
    let with = before.map(|before| (before.title_zh.clone(), before.title_en.clone(), before.version));
    let version = list.version.clone();
    let label = move || {
        let w = form_words();
        if busy.get() {
            w.importing.to_owned()
        } else if new {
            w.import_new.to_owned()
        } else {
            fill(w.import_edition, &[&version])
        }
    };
    let shown = StoredValue::new(list);
    view! {
        <section class="card stack" aria-labelledby="preview">
            <h2 id="preview">{move || form_words().preview}</h2>
            {move || shown.with_value(|list| {
                let (w, f) = (library_words(), form_words());
                view! {
                    <p class="record-title">{list.title(lang()).to_owned()}</p>
                    <dl class="facts">
                        <dt>{f.id}</dt><dd class="mono">{list.id.clone()}</dd>
                        <dt>{w.form_domain}</dt><dd>{describe::domain(&list.domain)}</dd>
                        <dt>{w.items}</dt>
                        <dd class="num">{fill(w.n_items, &[&items])}{(groups > 0).then(|| format!(" · {}", fill(f.n_groups, &[&groups])))}</dd>
                    </dl>
                }
            })}
            {move || match &with {
                None => view! { <p><span class="chip good">{form_words().list_new}</span></p> }.into_any(),
                Some((zh, en, version)) => view! { <p class="muted">{fill(form_words().list_known, &[&lang().pick(zh, en), version])}</p> }.into_any(),
            }}
            {move || differences.as_ref().filter(|_| !same).map(differences_view)}
            {same.then(|| view! { <Notice>{move || form_words().same}</Notice> })}
            {has_draft.then(|| view! { <Notice tone="warn">{move || form_words().known_draft}</Notice> })}
            {(!named).then(|| view! { <Notice tone="bad">{move || shown.with_value(|list| fill(form_words().bad_list_id, &[&list.id]))}</Notice> })}
            {new.then(|| view! { <NewItems list=shown/> })}
            {move || error.get().map(|error| view! { <Notice tone="bad">{explain(&error)}</Notice> })}
            {(named && !same).then(|| view! {
                <button type="button" class="btn primary big block" disabled=move || busy.get() || !app.owner.get() on:click=keep>{label.clone()}</button>
            })}
        </section>
    }
}

/// The items of a list that is not there yet.
#[component]
fn NewItems(list: StoredValue<Checklist>) -> impl IntoView {
    move || {
        list.with_value(|list| {
            let items = list.items.iter().filter(|item| !item.retired);
            let rows = items.map(|item| view! { <li><span>{item.text(lang()).to_owned()}</span><span class="muted small">{describe::answer(&item.answer)}</span></li> }).collect_view();
            view! { <h3>{fill(form_words().items_heading, &[&library::count(list).0])}</h3><ol class="differences">{rows}</ol> }
        })
    }
}

async fn publish(app: App, list: &Checklist, known: Option<&Found>) -> Result<(), AppError> {
    match known.and_then(|found| found.own.as_ref()) {
        Some(own) => {
            let pen = Pen::on(app, own.record.id()).await?;
            let changes = pen.with_state(|state| library::publish_list(Some(state), list));
            pen.keep(&changes).await
        }
        None => Pen::fresh(app).keep(&library::publish_list(None, list)).await,
    }
}
