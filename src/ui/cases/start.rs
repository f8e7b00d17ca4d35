//! Beginning a matter: by itself, or the hazards of a check.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use serde_json::{Value, json};

use super::list::MattersOf;
use super::rules::{gradings, law_names, procedure};
use crate::app::hazard::{self, Found};
use crate::app::matter::{self, About};
use crate::app::workspace::{AppError, Record};
use crate::domain::id::RecordId;
use crate::domain::inspection::Inspection;
use crate::domain::journal::Journal;
use crate::ledger::{Card, Kind};
use crate::port::clock::Clock as _;
use crate::procedure::Procedure;
use crate::ui::icon::icon;
use crate::ui::pool;
use crate::ui::state::App;
use crate::ui::widget::{FormField, Notice, TopBar};
use crate::ui::words::{cases_words, errors, fill, lang, words};

/// How many units are offered.
const OFFERED: usize = 30;

/// The page that begins a matter of a kind.
#[component]
pub fn NewCase(#[prop(into)] procedure_id: String) -> impl IntoView {
    let app = App::get();
    let id = StoredValue::new(procedure_id.clone());
    let found = LocalResource::new(move || {
        let id = id.get_value();
        async move { procedure(&id).await }
    });
    let title = Signal::derive(move || {
        let name = found.get().flatten().map(|one| one.title.get(lang()).to_owned()).unwrap_or_default();
        fill(cases_words().new_of, &[&name])
    });
    let units = LocalResource::new(move || async move {
        let Ok(ledger) = app.ledger(|_| ()).await else { return Vec::new() };
        let mut all: Vec<Card> = ledger.get().of_kind(Kind::Unit).cloned().collect();
        all.sort_by(|a, b| a.title.cmp(&b.title));
        all
    });
    let (search, typed) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let busy = RwSignal::new(false);
    let navigate = StoredValue::new_local(use_navigate());
    let begin = move |unit: Option<String>| {
        let Some(Some(procedure)) = found.get_untracked() else { return };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        leptos::task::spawn_local(async move {
            let unit = match unit {
                Some(id) => pool::fields_of(app, &id).await.unwrap_or_default(),
                None => vec![("name".to_owned(), json!(typed.get_untracked().trim()))],
            };
            let about = About { bureau: app.prefs.with_untracked(|prefs| prefs.bureau.clone()), unit, ..About::default() };
            match create(app, &procedure, &about, &[]).await {
                Ok(id) => {
                    app.refresh().await;
                    navigate.with_value(|navigate| {
                        navigate(&format!("/case/{id}/facts"), NavigateOptions { replace: true, ..Default::default() })
                    });
                }
                Err(error) => app.toast(explain(&error)),
            }
            busy.set(false);
        });
    };
    let offered = move || {
        let wanted = search.get().to_lowercase();
        let all = units.get().unwrap_or_default();
        let fits = |card: &&Card| {
            wanted.split_whitespace().all(|word| format!("{} {} {}", card.title, card.code, card.address).to_lowercase().contains(word))
        };
        all.iter().filter(fits).take(OFFERED).map(|card| (card.id.clone(), card.title.clone(), card.address.clone())).collect::<Vec<_>>()
    };
    view! {
        <TopBar title back=format!("/cases/{procedure_id}")/>
        <main class="page">
            <Show when=move || matches!(found.get(), Some(None))><Notice tone="bad">{move || cases_words().no_rules}</Notice></Show>
            {move || found.get().flatten().and_then(|one| one.note).map(|note| view! { <Notice>{note.get(lang()).to_owned()}</Notice> })}
            <section class="card stack">
                <h2>{move || cases_words().unit_pick}</h2>
                <label class="search"><span class="sr">{move || cases_words().unit_pick}</span>{icon("search")}
                    <input class="input" type="search" autocomplete="off" on:input=move |event| search.set(event_target_value(&event))/>
                </label>
                <ul class="list">{move || offered().into_iter().map(|(id, title, address)| view! {
                    <li><button type="button" class="list-row" disabled=move || busy.get() on:click=move |_| begin(Some(id.clone()))>
                        <span class="grow"><span class="title">{title}</span><span class="sub">{address}</span></span>{icon("next")}
                    </button></li>
                }).collect_view()}</ul>
            </section>
            <section class="card stack">
                <h2>{move || cases_words().unit_typed}</h2>
                <FormField label=Signal::derive(|| cases_words().which_unit.to_owned()) text=typed/>
                <button type="button" class="btn primary block" disabled=move || busy.get() || typed.get().trim().is_empty() on:click=move |_| begin(None)>{move || cases_words().begin}</button>
            </section>
        </main>
    }
}

pub fn explain(error: &AppError) -> String {
    match error {
        AppError::Store(error) => errors::explain_store(error),
        _ => words().sealed_note.to_owned(),
    }
}

/// Makes the record of a matter, with the photos that it begins with; returns its id.
pub async fn create(app: App, procedure: &Procedure, about: &About, photos: &[(String, Value)]) -> Result<RecordId, AppError> {
    let workspace = app.workspace();
    let mut record = Record::new(Journal::new(workspace.new_record_id()));
    let mut changes = matter::begin(procedure, about, workspace.clock().read());
    for (id, meta) in photos {
        let mut meta = meta.clone();
        if let Some(fields) = meta.as_object_mut() {
            fields.insert("item".to_owned(), json!("before"));
        }
        changes.push((format!("photos/{id}"), meta));
    }
    let values: Vec<(&str, Value)> = changes.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
    workspace.save(&mut record, &values, None).await?;
    app.after_save();
    Ok(record.id().clone())
}

/// The hazards of a sealed check: those that are registered, and the way to register the others.
#[component]
pub fn HazardsOfCheck(
    /// The check.
    #[prop(into)]
    record: String,
) -> impl IntoView {
    let app = App::get();
    let id = StoredValue::new(record.clone());
    let busy = RwSignal::new(false);
    let failed = LocalResource::new(move || {
        let id = id.get_value();
        async move {
            let id = RecordId::parse(&id).ok()?;
            let record = app.workspace().load(&id).await.ok()?;
            let names = law_names().await;
            let gradings = gradings().await;
            let inspection = Inspection::read(record.state()).ok()?;
            let name = |law: &str| names.iter().find(|known| known.id == law).map_or(law.to_owned(), |known| known.zh.clone());
            Some(hazard::found(&inspection, record.state(), id.as_str(), gradings.as_deref().map(|all| &**all), &name))
        }
    });
    // Those that no hazard names yet.
    let waiting = move || {
        let failed: Vec<Found> = failed.get().flatten().unwrap_or_default();
        let known: Vec<String> =
            app.summaries.with(|all| all.iter().filter_map(|one| one.matter.as_ref()).flat_map(|line| line.links.clone()).collect());
        failed.into_iter().filter(|one| !known.contains(&id.with_value(|id| hazard::link(id, &one.key)))).collect::<Vec<_>>()
    };
    let register = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        leptos::task::spawn_local(async move {
            let all = untrack(waiting);
            let made = match procedure("hazard").await {
                None => Err(cases_words().no_rules.to_owned()),
                Some(procedure) => {
                    let mut made = Ok(0);
                    for one in &all {
                        match (create(app, &procedure, &one.about, &one.photos).await, &mut made) {
                            (Ok(_), Ok(count)) => *count += 1,
                            (Err(error), _) => {
                                made = Err(explain(&error));
                                break;
                            }
                            (Ok(_), Err(_)) => {}
                        }
                    }
                    made
                }
            };
            app.refresh().await;
            busy.set(false);
            app.toast(match made {
                Ok(count) => fill(cases_words().registered, &[&count]),
                Err(text) => text,
            });
        });
    };
    view! {
        <section class="card stack" aria-labelledby="hazards">
            <h2 id="hazards">{move || cases_words().hazards_of_check}</h2>
            <MattersOf record/>
            {move || {
                let count = waiting().len();
                (count > 0).then(|| view! {
                    <p>{fill(cases_words().register_hint, &[&count])}</p>
                    <button type="button" class="btn primary block" disabled=move || busy.get() on:click=register>{icon("plus")}{fill(cases_words().register, &[&count])}</button>
                })
            }}
        </section>
    }
}
