//! The templates of documents and the procedures: taken out as files, changed elsewhere, taken in as the bureau's own editions,
//! and back to those that came with the app.

use std::rc::Rc;

use leptos::prelude::*;
use send_wrapper::SendWrapper;
use serde_json::Value;

use super::ctx::explain;
use super::terms;
use crate::app::assign::edition::digest;
use crate::app::library::official::{Flaw, Known, MOST_BYTES, Must, Official, procedure_path, template_path, usable};
use crate::browser::files::{self, Pick};
use crate::document::TemplateError;
use crate::domain::id::RecordId;
use crate::domain::library::KIND;
use crate::procedure::{Named, ProcedureError};
use crate::ui::cases::rules;
use crate::ui::content;
use crate::ui::icon::icon;
use crate::ui::state::App;
use crate::ui::widget::{Nav, Notice, TopBar};
use crate::ui::words::{document_words, fill, lang, words};

/// What such files are.
const JSON: &str = "application/json";

/// A template or a procedure in the list.
#[derive(Clone)]
struct Entry {
    path: String,
    title: Named,
    version: String,
    unverified: bool,
    /// The bureau's own edition counts.
    own: bool,
    /// The bureau has an edition that can't be used; the shipped one counts.
    broken: bool,
    /// The app has brought another one since the own edition was made.
    overtaken: bool,
}

/// What the page knows.
#[derive(Clone, Default)]
struct All {
    templates: Vec<Entry>,
    procedures: Vec<Entry>,
    known: Known,
}

/// What counts under a name; the own edition where it can be used.
async fn official(path: &str) -> Option<Official> {
    let own = content::own_files().await.into_iter().find(|holding| holding.path == path);
    match own.as_ref().and_then(usable) {
        Some(own) => Some(own),
        None => Official::of_value(&*content::shipped(path).await.ok()?).ok(),
    }
}

async fn entry(path: String) -> Option<(Entry, Official)> {
    let own = content::own_files().await.into_iter().find(|holding| holding.path == path && !holding.retired);
    let used = own.as_ref().and_then(usable);
    let counts = official(&path).await?;
    let base = own.as_ref().and_then(|own| own.base.clone());
    let overtaken = match (&used, base) {
        (Some(_), Some(base)) => content::shipped(&path).await.is_ok_and(|shipped| digest(&shipped) != base),
        _ => false,
    };
    let unverified = match &counts {
        Official::Template(template) => !template.verified,
        Official::Procedure(procedure) => !procedure.verified,
    };
    let entry = Entry {
        path,
        title: counts.title().clone(),
        version: counts.version().to_owned(),
        unverified,
        own: used.is_some(),
        broken: own.is_some() && used.is_none(),
        overtaken,
    };
    Some((entry, counts))
}

async fn all() -> SendWrapper<Rc<All>> {
    let mut all = All::default();
    for shown in terms::index().await {
        all.templates.extend(entry(template_path(&shown.id)).await.map(|(entry, _)| entry));
        all.known.templates.push(shown);
    }
    for known in rules::groups().await.into_iter().flat_map(|group| group.procedures) {
        if let Some((entry, Official::Procedure(procedure))) = entry(procedure_path(&known.id)).await {
            all.procedures.push(entry);
            all.known.procedures.push(*procedure);
        }
    }
    SendWrapper::new(Rc::new(all))
}

fn content_ids(app: App) -> Vec<RecordId> {
    let own = |all: &Vec<crate::domain::inspection::Summary>| {
        all.iter().filter(|one| one.kind == KIND).filter_map(|one| RecordId::parse(&one.id).ok()).collect()
    };
    app.summaries.with_untracked(own)
}

/// How far taking in is.
#[derive(Clone)]
enum Step {
    Idle,
    Busy,
    /// Read, and what counts under its name now.
    Read(Box<Official>, Option<Box<Official>>),
    Kept,
    Refused(Vec<Flaw>),
    Failed(String),
}

/// The page: `/cases/forms`.
#[component]
pub fn FormsPage() -> impl IntoView {
    let app = App::get();
    let changed = RwSignal::new(0_u32);
    let found = LocalResource::new(move || {
        changed.track();
        all()
    });
    let step = RwSignal::new_local(Step::Idle);
    let pick = move |_| {
        leptos::task::spawn_local(async move {
            let Some(file) = files::pick(Pick::Bundles).await.into_iter().next() else { return };
            step.try_set(Step::Busy);
            // One byte more than is allowed is enough to say so.
            let next = match files::read_slice(&file, 0, files::size_bytes(&file).min(MOST_BYTES as u64 + 1)).await {
                Err(_) => Step::Failed(document_words().own_unread.to_owned()),
                Ok(bytes) => take(&bytes).await,
            };
            step.try_set(next);
        });
    };
    let publish = move |official: Official| {
        step.set(Step::Busy);
        leptos::task::spawn_local(async move {
            let shipped = content::shipped(&official.path()).await.ok();
            let kept = app.workspace().publish_official(&official, &content_ids(app), shipped.as_deref()).await;
            let next = match kept {
                Ok(()) => Step::Kept,
                Err(error) => Step::Failed(explain(&error)),
            };
            app.after_save();
            app.refresh().await;
            step.try_set(next);
            changed.try_update(|changed| *changed += 1);
        });
    };
    let back = Callback::new(move |path: String| {
        leptos::task::spawn_local(async move {
            match app.workspace().set_own_edition(&content_ids(app), &path, false).await {
                Ok(_) => app.toast(document_words().own_back_toast),
                Err(error) => app.toast(explain(&error)),
            }
            app.after_save();
            app.refresh().await;
            changed.try_update(|changed| *changed += 1);
        });
    });
    let list = move |title: &'static str, entries: Vec<Entry>| {
        view! {
            <section class="card flush"><h2 class="card-head">{title}</h2>
                <ul class="list">{entries.into_iter().map(|entry| view! { <Row entry back/> }).collect_view()}</ul>
            </section>
        }
    };
    view! {
        <TopBar title=Signal::derive(|| document_words().own_title.to_owned()) back="/documents" sub=Signal::derive(|| document_words().own_hint.to_owned())/>
        <main class="page has-nav">
            <section class="card stack">
                <h2>{move || document_words().own_take}</h2>
                <p class="muted">{move || document_words().own_take_hint}</p>
                <button type="button" class="btn block" disabled=move || step.with(|step| matches!(step, Step::Busy)) || !app.owner.get() on:click=pick>{icon("import")}{move || document_words().own_take}</button>
                {move || match step.get() {
                    Step::Idle => ().into_any(),
                    Step::Busy => view! { <div class="row" role="status"><span class="spinner"></span>{words().opening}</div> }.into_any(),
                    Step::Kept => view! { <div class="notice good" role="status">{icon("check")}<div class="grow">{document_words().own_kept}</div></div> }.into_any(),
                    Step::Failed(text) => view! { <Notice tone="bad">{text}</Notice> }.into_any(),
                    Step::Refused(flaws) => view! {
                        <Notice tone="bad"><strong>{document_words().own_refused}</strong>
                            <ul class="bullets">{flaws.iter().map(|flaw| view! { <li>{explain_flaw(flaw)}</li> }).collect_view()}</ul>
                        </Notice>
                    }.into_any(),
                    Step::Read(official, now) => {
                        let same = now.as_deref() == Some(&*official);
                        let title = official.title().get(lang()).to_owned();
                        let version = match &now {
                            Some(now) => format!("{} → {}", now.version(), official.version()),
                            None => official.version().to_owned(),
                        };
                        let path = official.path();
                        view! {
                            <dl class="facts">
                                <dt>{document_words().own_name}</dt><dd>{title}</dd>
                                <dt>{document_words().own_version}</dt><dd class="num">{version}</dd>
                                <dt>{document_words().own_file}</dt><dd class="mono">{path}</dd>
                            </dl>
                            {same.then(|| view! { <Notice>{document_words().own_same}</Notice> })}
                            <p class="muted">{document_words().own_note}</p>
                            <div class="row wrap">
                                {(!same).then(|| view! {
                                    <button type="button" class="btn primary grow" disabled=move || !app.owner.get() on:click=move |_| publish((*official).clone())>{icon("check")}{document_words().own_publish}</button>
                                })}
                                <button type="button" class="btn" on:click=move |_| step.set(Step::Idle)>{words().close}</button>
                            </div>
                        }.into_any()
                    }
                }}
            </section>
            {move || match found.get() {
                None => view! { <div class="empty" role="status"><span class="spinner"></span></div> }.into_any(),
                Some(all) => view! {
                    {list(document_words().own_templates, all.templates.clone())}
                    {list(document_words().own_procedures, all.procedures.clone())}
                }.into_any(),
            }}
        </main>
        <Nav/>
    }
}

/// Reads a file and holds it to what counts.
async fn take(bytes: &[u8]) -> Step {
    let read = match Official::read(bytes) {
        Ok(read) => read,
        Err(flaws) => return Step::Refused(flaws),
    };
    let flaws = read.against(&all().await.known);
    if !flaws.is_empty() {
        return Step::Refused(flaws);
    }
    let now = official(&read.path()).await;
    let read = read.following(now.as_ref());
    Step::Read(Box::new(read), now.map(Box::new))
}

#[component]
fn Row(entry: Entry, back: Callback<String>) -> impl IntoView {
    let app = App::get();
    let w = document_words();
    let Entry { path, title, version, unverified, own, broken, overtaken } = entry;
    let (out, put_back) = (path.clone(), path);
    let export = move |_| {
        let path = out.clone();
        leptos::task::spawn_local(async move {
            let file = official(&path).await.map(|official| (official.value(), official.version().to_owned()));
            let name = path.rsplit('/').next().unwrap_or_default().trim_end_matches(".json").to_owned();
            let done = file.and_then(|(value, version)| hand_over(&value, &format!("{name}-{version}.json")));
            if done.is_none() {
                app.toast(document_words().own_export_failed);
            }
        });
    };
    view! {
        <li class="list-row">
            <span class="grow"><span class="title">{title.get(lang()).to_owned()}</span>
                <span class="row wrap chips"><span class="chip num">{version}</span>
                    {own.then(|| view! { <span class="chip good">{w.own_edition}</span> })}
                    {broken.then(|| view! { <span class="chip bad">{w.own_broken}</span> })}
                    {overtaken.then(|| view! { <span class="chip warn">{w.own_overtaken}</span> })}
                    {unverified.then(|| view! { <span class="chip warn">{words().unverified}</span> })}
                </span>
            </span>
            <button type="button" class="btn slim" on:click=export>{icon("export")}{w.own_export}</button>
            {(own || broken).then(|| view! {
                <button type="button" class="btn slim" disabled=move || !app.owner.get() on:click=move |_| back.run(put_back.clone())>{icon("undo")}{w.own_back}</button>
            })}
        </li>
    }
}

/// Gives a file to the browser's downloads, indented, so that people can change it.
fn hand_over(value: &Value, name: &str) -> Option<()> {
    let bytes = serde_json::to_vec_pretty(value).ok()?;
    files::download(&files::blob_of(&bytes, JSON)?, name).ok()
}

/// Where something is wrong and why.
fn explain_flaw(flaw: &Flaw) -> String {
    let w = document_words();
    match flaw {
        Flaw::Large { bytes, limit } => fill(w.flaw_large, &[bytes, limit]),
        Flaw::Json { line, column } => fill(w.flaw_json, &[line, column]),
        Flaw::Schema { found } => fill(w.flaw_schema, &[found]),
        Flaw::Deep { limit } => fill(w.flaw_deep, &[limit]),
        Flaw::Long { place, limit } => fill(w.flaw_long, &[place, limit]),
        Flaw::Template(error) => template_flaw(error),
        Flaw::Procedure(error) => procedure_flaw(error),
        Flaw::Lacks { place, what } => fill(w.flaw_lacks, &[place, &must_word(*what)]),
        Flaw::NotPrinted { name } => fill(w.flaw_not_printed, &[name]),
        Flaw::NobodySigns { place } => fill(w.flaw_nobody_signs, &[place]),
        Flaw::Unknown { place, name } => fill(w.flaw_unknown, &[place, name]),
        Flaw::Tone { state } => fill(w.flaw_tone, &[state]),
        Flaw::NoSuchProcedure { name } => fill(w.flaw_no_procedure, &[name]),
        Flaw::OtherKind { found, expected } => fill(w.flaw_kind, &[found, expected]),
        Flaw::NoStep { kind, step: Some(step) } => fill(w.flaw_no_step, &[kind, step]),
        Flaw::NoStep { kind, step: None } => fill(w.flaw_no_kind, &[kind]),
        Flaw::NoTemplate { step, name } => fill(w.flaw_no_template, &[step, name]),
        Flaw::SameNumbers { other } => fill(w.flaw_same_numbers, &[other]),
    }
}

fn must_word(what: Must) -> &'static str {
    let w = document_words();
    match what {
        Must::Title => w.must_title,
        Must::Bureau => w.must_bureau,
        Must::Day => w.must_day,
        Must::Number => w.must_number,
        Must::Series => w.must_series,
        Must::Correction => w.must_correction,
        Must::Signature => w.must_signature,
        Must::Photos => w.must_photos,
        Must::Seal => w.must_seal,
    }
}

fn template_flaw(error: &TemplateError) -> String {
    let w = document_words();
    match error {
        TemplateError::Json { line, column, problem } => format!("{} {problem}", fill(w.flaw_form, &[line, column])),
        TemplateError::Schema(found) => fill(w.flaw_schema, &[found]),
        TemplateError::Field(error) => procedure_flaw(error),
        TemplateError::Type { place } => fill(w.flaw_type, &[place]),
        TemplateError::Text { place, problem } => fill(w.flaw_text, &[place, problem]),
        TemplateError::Unknown { place, name } => fill(w.flaw_unknown, &[place, name]),
        TemplateError::Name { place } => fill(w.flaw_name, &[place]),
        TemplateError::TooMany => w.flaw_many.to_owned(),
    }
}

fn procedure_flaw(error: &ProcedureError) -> String {
    let w = document_words();
    match error {
        ProcedureError::Json { line, column, problem } => format!("{} {problem}", fill(w.flaw_form, &[line, column])),
        ProcedureError::Schema(found) => fill(w.flaw_schema, &[found]),
        ProcedureError::Unknown { place, name } => fill(w.flaw_unknown, &[place, name]),
        ProcedureError::Double { place, name } => fill(w.flaw_double, &[place, name]),
        ProcedureError::Name { place } => fill(w.flaw_name, &[place]),
        ProcedureError::CutOff(state) => fill(w.flaw_cut_off, &[state]),
        ProcedureError::TooMany => w.flaw_many.to_owned(),
    }
}
