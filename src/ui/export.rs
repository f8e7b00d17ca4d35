//! Records leave as files: choose, make, hand on; and the ledger of what left and what arrived.

mod ledger;
pub(super) mod made;
pub(super) mod make;

use std::collections::{BTreeMap, BTreeSet};

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use self::ledger::Ledger;
use self::made::MadeList;
use self::make::{Left, Making, extract, make};
use super::icon::icon;
use super::record::names;
use super::state::{App, AppWorkspace};
use super::widget::{Nav, Notice, TopBar};
use super::words::{fill, inbox_words, lang, office_words};
use crate::app::transfer::{LedgerEntry, is_due};
use crate::bundle::BundlePurpose;
use crate::domain::id::RecordId;
use crate::domain::inspection::{Stage, Summary, photos};
use crate::domain::time::Instant;
use crate::port::shelf::Table;
use crate::port::twin::Store as _;

/// What the ledger says of the records of this device.
#[derive(Clone, Default)]
pub(super) struct Known {
    /// Every line, the latest first.
    pub entries: Vec<LedgerEntry>,
    /// Record id → the most changes that went along with a submission.
    pub submitted: BTreeMap<String, usize>,
    /// Records that came from other devices and hold no change of this one.
    pub foreign: BTreeSet<String>,
    /// This device.
    device: String,
}

impl Known {
    async fn read(workspace: &AppWorkspace) -> Self {
        // Without a ledger nothing counts as exported, which errs on the safe side.
        let entries = workspace.ledger().await.unwrap_or_default();
        let mut known = Self { device: workspace.device().to_string(), ..Self::default() };
        let mut arrived = BTreeSet::new();
        for entry in &entries {
            if entry.direction == "export" && entry.purpose == "submit" {
                for (id, changes) in &entry.records {
                    let most = known.submitted.entry(id.clone()).or_default();
                    *most = (*most).max(*changes);
                }
            }
            if entry.direction == "import" && entry.device != known.device {
                arrived.extend(entry.records.keys().cloned());
            }
        }
        for id in arrived {
            let own = workspace.store.keys(Table::Changes, &format!("{id}/{}/", known.device)).await;
            // What can't be read now is shown among one's own: rather one too many than one forgotten.
            if own.is_ok_and(|own| own.is_empty()) {
                known.foreign.insert(id);
            }
        }
        known.entries = entries;
        known
    }

    /// Whether the latest state of a record has not left yet.
    fn is_due(&self, summary: &Summary) -> bool {
        is_due(summary, &self.entries, &self.device)
    }
}

/// The page.
#[component]
pub fn Export() -> impl IntoView {
    let app = App::get();
    let known = RwSignal::new(None::<Known>);
    let chosen = RwSignal::new(BTreeSet::<String>::new());
    let sizes = RwSignal::new(BTreeMap::<String, u64>::new());
    let making = RwSignal::new_local(Making::Idle);
    let query = use_query_map();
    let asked: BTreeSet<String> = query
        .with_untracked(|query| query.get("ids"))
        .unwrap_or_default()
        .split(',')
        .filter(|id| !id.is_empty())
        .map(str::to_owned)
        .collect();
    let read_ledger = move |first: Option<BTreeSet<String>>| {
        leptos::task::spawn_local(async move {
            let workspace = app.workspace();
            let found = Known::read(&workspace).await;
            if let Some(asked) = first {
                let all = app.summaries.get_untracked();
                let due = || all.iter().filter(|one| found.is_due(one)).map(|one| one.id.clone()).collect();
                chosen.try_set(if asked.is_empty() { due() } else { asked });
            }
            known.try_set(Some(found));
        });
    };
    read_ledger(Some(asked));
    Effect::new(move |_| {
        let missing: Vec<String> =
            chosen.with(|chosen| sizes.with_untracked(|sizes| chosen.iter().filter(|id| !sizes.contains_key(*id)).cloned().collect()));
        estimate(app, missing, sizes);
    });
    let offered = |one: &Summary| {
        one.kind == "inspection" || one.matter.is_some() || (one.kind == crate::document::KIND && one.stage != Stage::Draft)
    };
    let inspections = Memo::new(move |_| app.summaries.get().into_iter().filter(offered).collect::<Vec<_>>());
    // Ledger lines that were edited here go along with a submission, and are off the list when all its files have left.
    let edited = RwSignal::new(Vec::<(RecordId, String)>::new());
    let along = StoredValue::new(Vec::<(RecordId, String)>::new());
    let read_edited = move || {
        leptos::task::spawn_local(async move {
            // What can't be read now goes along the next time.
            edited.try_set(app.workspace().edited_lines().await.unwrap_or_default());
        });
    };
    read_edited();
    let noted = move |()| {
        read_ledger(None);
        let all_left = making.with_untracked(|making| match making {
            Making::Done { files, .. } => files.iter().all(|file| matches!(file.left.get_untracked(), Left::Noted)),
            Making::Idle | Making::Working { .. } => false,
        });
        let left = along.get_value();
        if all_left && !left.is_empty() {
            along.set_value(Vec::new());
            leptos::task::spawn_local(async move {
                // What can't be noted goes along once more.
                let _ = app.workspace().lines_left(&left).await;
                read_edited();
            });
        }
    };
    let start = move |purpose: BundlePurpose, ids: Vec<String>| make(app, ids, purpose, making, Callback::new(noted));
    let submit = move |mut ids: Vec<String>| {
        making.set(Making::Working { k: 0, n: 0, done: 0, total: 0 });
        leptos::task::spawn_local(async move {
            // The office can still mark a task by hand when it does not come along.
            let done = app.workspace().tasks_done_by(&app.summaries.get_untracked(), &ids).await.unwrap_or_default();
            ids.extend(done);
            let lines = app.workspace().edited_lines().await.unwrap_or_default();
            ids.extend(lines.iter().map(|(id, _)| id.to_string()));
            along.set_value(lines);
            start(BundlePurpose::Submit, ids);
        });
    };
    let confidential = Memo::new(move |_| {
        let is_chosen = |one: &&Summary| chosen.with(|chosen| chosen.contains(&one.id));
        app.summaries.with(|all| all.iter().filter(is_chosen).any(|one| one.matter.as_ref().is_some_and(|line| line.confidential)))
    });
    let busy = move || making.with(|making| matches!(making, Making::Working { .. }));
    let about = move || {
        let found = chosen.with(|chosen| sizes.with(|sizes| chosen.iter().map(|id| sizes.get(id).copied()).collect::<Option<Vec<u64>>>()));
        match found {
            None => office_words().size_unknown.to_owned(),
            Some(none) if none.is_empty() => String::new(),
            Some(all) => fill(office_words().size_estimate, &[&names::size(all.iter().sum())]),
        }
    };
    view! {
        <div class="has-nav">
            <TopBar title=Signal::derive(move || office_words().export_title.to_owned())/>
            <main class="page wide columns">
                <div class="stack">
                    <MadeList making/>
                    <section class="card flush">
                        <header class="part-head"><h2>{move || office_words().choose_records}</h2>
                            <span class="muted num">{move || fill(office_words().n_chosen, &[&chosen.with(BTreeSet::len)])}</span></header>
                        <Choose inspections known chosen/>
                    </section>
                    <div class="export-go">
                        <p class="muted num">{about}</p>
                        <Show when=move || edited.with(|edited| !edited.is_empty())>
                            <p class="muted num">{move || fill(office_words().lines_along, &[&edited.with(Vec::len)])}</p>
                        </Show>
                        <button type="button" class="btn primary big block" disabled=move || busy() || (chosen.with(BTreeSet::is_empty) && edited.with(Vec::is_empty))
                            on:click=move |_| submit(chosen.get_untracked().into_iter().collect())>
                            {icon("export")}{move || office_words().make_files}
                        </button>
                        <Show when=move || confidential.get()>
                            <Notice tone="warn">{move || inbox_words().for_others_hint}</Notice>
                            <button type="button" class="btn block" disabled=busy on:click=move |_| extract(app, chosen.get_untracked().into_iter().collect(), making, Callback::new(noted))>
                                {icon("share")}{move || inbox_words().for_others}
                            </button>
                        </Show>
                    </div>
                    <p class="muted">{move || office_words().export_explain}</p>
                </div>
                <div class="stack">
                    <section class="card">
                        <h2>{move || office_words().backup}</h2>
                        <p class="muted">{move || office_words().backup_explain}</p>
                        <button type="button" class="btn block after" disabled=busy
                            on:click=move |_| leptos::task::spawn_local(async move {
                                match app.workspace().record_ids().await {
                                    Ok(ids) if ids.is_empty() => app.toast(office_words().nothing),
                                    Ok(ids) => start(BundlePurpose::Backup, ids.iter().map(ToString::to_string).collect()),
                                    Err(problem) => app.toast(super::words::errors::explain_store(&problem)),
                                }
                            })>
                            {icon("shield")}{move || office_words().backup_all}
                        </button>
                    </section>
                    <Ledger known/>
                </div>
            </main>
        </div>
        <Nav/>
    }
}

/// Sizes of records for the estimate: their photos as base64, and their changes.
fn estimate(app: App, ids: Vec<String>, sizes: RwSignal<BTreeMap<String, u64>>) {
    if ids.is_empty() {
        return;
    }
    leptos::task::spawn_local(async move {
        let workspace = app.workspace();
        for id in ids {
            let Ok(record_id) = RecordId::parse(&id) else { continue };
            // What can't be read now is told when the file is made.
            let Ok(record) = workspace.load(&record_id).await else {
                sizes.try_update(|sizes| sizes.insert(id, 0));
                continue;
            };
            let state = record.state();
            let listed = photos(state);
            let bytes = listed.iter().filter_map(|photo| {
                let meta = state.get(&format!("photos/{}", photo.id))?;
                let original = meta.get("original").filter(|_| photo.original.is_some()).and_then(|original| original.get("size_bytes"));
                Some(meta.get("size_bytes")?.as_u64()? + original.and_then(serde_json::Value::as_u64).unwrap_or_default())
            });
            let size = bytes.sum::<u64>() / 3 * 4 + record.journal().len() as u64 * 700 + 60_000;
            sizes.try_update(|sizes| sizes.insert(id, size));
        }
    });
}

#[component]
fn Choose(inspections: Memo<Vec<Summary>>, known: RwSignal<Option<Known>>, chosen: RwSignal<BTreeSet<String>>) -> impl IntoView {
    let app = App::get();
    let row = move |one: &Summary, known: &Known| {
        let id = one.id.clone();
        let (this, toggled) = (id.clone(), id.clone());
        let (stage, class) = match &one.matter {
            Some(line) => (lang().pick(&line.state_zh, &line.state_en).to_owned(), "chip"),
            None => {
                let (stage, class) = names::stage(one.stage, lang());
                (stage.to_owned(), class)
            }
        };
        let headline = one.matter.as_ref().map(|line| line.headline.clone());
        let sent = known.submitted.get(&id).map(|changes| {
            if *changes >= one.changes {
                view! { <span class="chip good">{icon("check")}{office_words().exported}</span> }.into_any()
            } else {
                view! { <span class="chip warn">{office_words().changed_since}</span> }.into_any()
            }
        });
        let at = Instant::from_ms(one.created_ms).minute_text(app.offset_min());
        view! {
            <li>
                <label class="list-row pick">
                    <input type="checkbox" prop:checked=move || chosen.with(|chosen| chosen.contains(&this)) on:change=move |event| {
                        let on = event_target_checked(&event);
                        chosen.update(|chosen| { if on { chosen.insert(toggled.clone()); } else { chosen.remove(&toggled); } });
                    }/>
                    <span class="grow">
                        {headline.map(|headline| view! { <span class="title">{headline}</span> })}
                        <span class="title">{one.title.clone()}</span>
                        <span class="sub">{one.subtitle.clone()}</span>
                        <span class="sub num">{at}" · "{fill(office_words().n_photos, &[&one.photos])}</span>
                    </span>
                    <span class="chips-end"><span class=class>{stage}</span>{sent}</span>
                </label>
            </li>
        }
    };
    move || {
        let Some(known) = known.get() else { return view! { <div class="empty"><span class="spinner"></span></div> }.into_any() };
        let all = inspections.get();
        let (mine, foreign): (Vec<_>, Vec<_>) =
            all.into_iter().filter(|one| one.stage != Stage::Voided).partition(|one| !known.foreign.contains(&one.id));
        let none = mine.is_empty().then(|| view! {
            <div class="empty">{icon("export")}<p>{office_words().nothing_to_export}</p><p class="muted">{office_words().nothing_to_export_hint}</p></div>
        });
        let nothing_due = (!mine.is_empty() && !mine.iter().any(|one| known.is_due(one))).then(|| {
            view! {
                <div class="inset"><Notice tone="good">{office_words().all_exported}</Notice></div>
            }
        });
        view! {
            {none}
            {nothing_due}
            <ul class="list">{mine.iter().map(|one| row(one, &known)).collect_view()}</ul>
            {(!foreign.is_empty()).then(|| view! {
                <details class="more"><summary>{fill(office_words().foreign_records, &[&foreign.len()])}</summary>
                    <ul class="list">{foreign.iter().map(|one| row(one, &known)).collect_view()}</ul></details>
            })}
        }
        .into_any()
    }
}
