//! The office takes in a file of rules by itself: read, compared, and kept when a person says so.

use leptos::prelude::*;

use super::{content_ids, explain};
use crate::app::assign::file::{ContentFile, Difference, FileError, FileKind, MOST_BYTES, PublishError};
use crate::app::library::fault::Fault;
use crate::browser::files::{self, Pick};
use crate::domain::checklist::ChecklistError;
use crate::rules::{RuleError, Said};
use crate::ui::content;
use crate::ui::icon::icon;
use crate::ui::library::describe;
use crate::ui::state::App;
use crate::ui::widget::Notice;
use crate::ui::words::{assign_words, fill, lang, words};

/// How many names of a list of changes are shown.
const NAMES: usize = 12;

/// How far taking in is.
#[derive(Clone, PartialEq)]
enum Step {
    Idle,
    Reading,
    /// Read, and how it differs from what counts.
    Read(Box<ContentFile>, Difference),
    Keeping,
    Kept,
    /// What is wrong, with the place for those who make such files.
    Refused(String, String),
}

/// The part of the page that takes a file in; `after` is called when one was kept.
#[component]
pub fn RulesImport(after: Callback<()>) -> impl IntoView {
    let app = App::get();
    let step = RwSignal::new(Step::Idle);
    let pick = move |_| {
        leptos::task::spawn_local(async move {
            let Some(file) = files::pick(Pick::Bundles).await.into_iter().next() else { return };
            step.try_set(Step::Reading);
            let read = take(&file).await;
            step.try_set(
                read.map_or_else(|(what, place)| Step::Refused(what, place), |(file, difference)| Step::Read(Box::new(file), difference)),
            );
        });
    };
    let keep = move |file: ContentFile| {
        if step.with_untracked(|step| *step == Step::Keeping) {
            return;
        }
        step.set(Step::Keeping);
        leptos::task::spawn_local(async move {
            let shipped = shipped(&file).await;
            match app.workspace().publish_file(&file, &content_ids(app), shipped.as_deref()).await {
                Ok(_) => {
                    app.after_save();
                    app.refresh().await;
                    step.try_set(Step::Kept);
                    after.try_run(());
                }
                Err(PublishError::File(error)) => {
                    let (what, place) = explain_file(&error);
                    step.try_set(Step::Refused(what, place));
                }
                Err(PublishError::App(error)) => {
                    step.try_set(Step::Refused(fill(assign_words().bad_not_kept, &[&explain(&error)]), String::new()));
                }
            }
        });
    };
    let busy = move || step.with(|step| matches!(step, Step::Reading | Step::Keeping));
    view! {
        <section class="card stack">
            <h2>{move || assign_words().import}</h2>
            <p class="muted">{move || assign_words().import_hint}</p>
            <button type="button" class="btn block" disabled=move || busy() || !app.owner.get() on:click=pick>{icon("import")}{move || assign_words().import}</button>
            {move || match step.get() {
                Step::Idle => ().into_any(),
                Step::Reading | Step::Keeping => view! { <div class="row" role="status"><span class="spinner"></span>{assign_words().reading}</div> }.into_any(),
                Step::Kept => view! { <div class="notice good" role="status">{icon("check")}<div class="grow">{assign_words().import_kept}</div></div> }.into_any(),
                Step::Refused(what, place) => view! {
                    <Notice tone="bad"><strong>{assign_words().import_refused}</strong>{what}<span class="small mono">{place}</span></Notice>
                }.into_any(),
                Step::Read(file, difference) => {
                    let (none, kept) = (difference.is_none(), file.clone());
                    view! {
                        <FileFacts file=*file/>
                        <Changes difference/>
                        <div class="row wrap">
                            {(!none).then(|| view! {
                                <button type="button" class="btn primary grow" disabled=move || !app.owner.get() on:click=move |_| keep((*kept).clone())>{icon("check")}{assign_words().import_keep}</button>
                            })}
                            <button type="button" class="btn" on:click=move |_| step.set(Step::Idle)>{if none { words().close } else { assign_words().import_drop }}</button>
                        </div>
                    }.into_any()
                }
            }}
        </section>
    }
}

/// The file as it came with the app, where one did.
async fn shipped(file: &ContentFile) -> Option<std::rc::Rc<serde_json::Value>> {
    // Asking for a list that did not come with the app would cost a request each time.
    if file.kind == FileKind::Checklist {
        let index = content::shipped("checklists/index.json").await.ok()?;
        let files = index.get("files").and_then(serde_json::Value::as_array)?;
        let path = file.path.strip_prefix("checklists/")?;
        files.iter().find(|one| one.get("file").and_then(serde_json::Value::as_str) == Some(path))?;
    }
    content::shipped(&file.path).await.ok()
}

/// Reads a file and compares it with what counts.
async fn take(file: &web_sys::File) -> Result<(ContentFile, Difference), (String, String)> {
    let size = files::size_bytes(file);
    if size > MOST_BYTES {
        return Err(explain_file(&FileError::Large { bytes: size, limit: MOST_BYTES }));
    }
    let bytes = files::read_slice(file, 0, size).await.map_err(|_| (assign_words().import_nothing.to_owned(), String::new()))?;
    let read = ContentFile::read(&bytes).map_err(|error| explain_file(&error))?;
    let shipped = shipped(&read).await;
    let own = content::own_files().await.into_iter().find(|holding| holding.path == read.path && !holding.retired);
    let plan = read.plan(own.as_ref().map(|own| &own.value), shipped.as_deref()).map_err(|error| explain_file(&error))?;
    Ok((read, plan.difference))
}

#[component]
fn FileFacts(file: ContentFile) -> impl IntoView {
    let kind = match file.kind {
        FileKind::Holidays => assign_words().kind_holidays,
        FileKind::Clocks => assign_words().kind_clocks,
        FileKind::Campaigns => assign_words().kind_campaigns,
        FileKind::Intervals => assign_words().kind_intervals,
        FileKind::VisitCaps => assign_words().kind_visit_caps,
        FileKind::Signals => assign_words().kind_signals,
        FileKind::Checklist => assign_words().kind_checklist,
    };
    let years = file.years.iter().map(ToString::to_string).collect::<Vec<_>>().join(lang().pick("、", ", "));
    let facts = [
        (assign_words().import_what, kind.to_owned()),
        (assign_words().import_title, file.title.get(lang()).to_owned()),
        (assign_words().import_version, file.version),
        (assign_words().import_effective, file.effective.map(|day| day.to_string()).unwrap_or_default()),
        (assign_words().import_years, years),
        (assign_words().import_path, file.path),
    ];
    let filled = facts.into_iter().filter(|(_, text)| !text.is_empty());
    view! { <dl class="facts">{filled.map(|(label, text)| view! { <dt>{label}</dt><dd>{text}</dd> }).collect_view()}</dl> }
}

#[component]
fn Changes(difference: Difference) -> impl IntoView {
    if difference.is_none() {
        return view! { <Notice>{assign_words().import_same}</Notice> }.into_any();
    }
    let part = |word: &str, names: &[Said]| {
        if names.is_empty() {
            return None;
        }
        let title = fill(word, &[&names.len()]);
        let rows = names.iter().take(NAMES).map(|name| view! { <li>{name.get(lang()).to_owned()}</li> }).collect_view();
        let rest =
            (names.len() > NAMES).then(|| view! { <li class="muted">{fill(assign_words().import_more, &[&(names.len() - NAMES)])}</li> });
        Some(view! { <div><h3>{title}</h3><ul class="bullets">{rows}{rest}</ul></div> })
    };
    view! {
        <h3>{assign_words().import_changes}</h3>
        {part(assign_words().import_added, &difference.added)}
        {part(assign_words().import_changed, &difference.changed)}
        {part(assign_words().import_removed, &difference.removed)}
        {difference.other.then(|| view! { <p class="muted">{assign_words().import_other}</p> })}
    }
    .into_any()
}

/// What is wrong with a file, and the place in it as its makers read it.
pub fn explain_file(error: &FileError) -> (String, String) {
    let words = assign_words();
    let plain = |text: String| (text, String::new());
    match error {
        FileError::Large { bytes, limit } => plain(fill(words.bad_large, &[bytes, limit])),
        FileError::Json { line, column, problem } => (fill(words.bad_json, &[line, column]), problem.clone()),
        FileError::Bundle => plain(words.bad_bundle.to_owned()),
        FileError::Schema { found } => plain(explain_schema(found)),
        FileError::Deep { limit } => plain(fill(words.bad_deep, &[limit])),
        FileError::Name { name } => plain(fill(words.bad_name, &[name])),
        FileError::Rule(error) => explain_rule(error),
        FileError::Checklist(ChecklistError::Json { line, column, problem }) => (fill(words.bad_json, &[line, column]), problem.clone()),
        FileError::Checklist(error) => (words.bad_list.to_owned(), error.to_string()),
        FileError::Faults(faults) => {
            let told = |fault: &Fault| match fault {
                Fault::Item { item, fault } => Some(format!("{item}: {}", describe::item_fault(fault))),
                other => describe::list_fault(other),
            };
            (fill(words.bad_faults, &[&faults.len()]), faults.iter().filter_map(told).take(NAMES).collect::<Vec<_>>().join(" "))
        }
    }
}

fn explain_schema(found: &str) -> String {
    if found.is_empty() { assign_words().bad_no_schema.to_owned() } else { fill(assign_words().bad_schema, &[&found]) }
}

fn explain_rule(error: &RuleError) -> (String, String) {
    let words = assign_words();
    let plain = |text: String| (text, String::new());
    match error {
        RuleError::Json { line, column, problem } => (fill(words.bad_json, &[line, column]), problem.clone()),
        RuleError::Schema { found } => plain(explain_schema(found)),
        RuleError::Double { place, name } => plain(fill(words.bad_double, &[place, name])),
        RuleError::Empty { place } => plain(fill(words.bad_empty, &[place])),
        RuleError::TooMany { place, limit } => plain(fill(words.bad_many, &[place, limit])),
    }
}
