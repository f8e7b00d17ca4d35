//! A new checklist: what it is called and what it is for; the rest is written in the editor.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use serde_json::Value;

use super::acts::explain;
use super::describe;
use super::shelf::{self, DOMAINS};
use crate::app::library::draft::{Draft, new_list};
use crate::app::library::{Changes, new_list_name};
use crate::app::workspace::AppError;
use crate::ui::content;
use crate::ui::pen::Pen;
use crate::ui::state::App;
use crate::ui::widget::{FormField, Notice, Sheet};
use crate::ui::words::{Word, lang, library_words};

/// The sheet that asks for it.
#[component]
pub fn NewList(open: RwSignal<bool>) -> impl IntoView {
    view! {
        <Sheet open title=Signal::derive(|| library_words().new_list.to_owned())><NewForm/></Sheet>
    }
}

/// The kinds of equipment: the beginning of their codes and their names.
async fn kinds() -> Vec<(String, String, String)> {
    let Ok(value) = content::json("codes/equipment-types.json").await else { return Vec::new() };
    let text = |kind: &Value, field: &str| kind.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
    let kinds = value.get("kinds").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let beginning = |code: &str| code.chars().take(1).collect::<String>();
    kinds.iter().map(|kind| (beginning(&text(kind, "code")), text(kind, "zh"), text(kind, "en"))).collect()
}

#[component]
fn NewForm() -> impl IntoView {
    let app = App::get();
    let (title, domain, subject) = (RwSignal::new(String::new()), RwSignal::new(DOMAINS[0].to_owned()), RwSignal::new("unit"));
    let (prefix, untitled) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
    let (error, busy) = (RwSignal::new(None::<AppError>), RwSignal::new(false));
    let kinds = LocalResource::new(kinds);
    let navigate = StoredValue::new_local(use_navigate());
    let create = move |_| {
        let text = title.get_untracked().trim().to_owned();
        if text.is_empty() {
            untitled.set(Some(library_words().form_title_needed.to_owned()));
            return;
        }
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        error.set(None);
        let (domain, subject) = (domain.get_untracked(), subject.get_untracked());
        let prefix = Some(prefix.get_untracked()).filter(|prefix| !prefix.is_empty() && subject == "equipment");
        leptos::task::spawn_local(async move {
            match begin(app, &text, &domain, subject, prefix).await {
                Ok(id) => {
                    navigate.try_with_value(|navigate| navigate(&format!("/library/{id}/edit"), NavigateOptions::default()));
                }
                Err(problem) => {
                    error.try_set(Some(problem));
                }
            }
            busy.try_set(false);
        });
    };
    let subjects: [(&'static str, Word); 2] =
        [("unit", || library_words().subject_unit), ("equipment", || library_words().subject_equipment)];
    view! {
        <FormField label=Signal::derive(|| library_words().form_title.to_owned()) text=title problem=untitled hint=Signal::derive(|| library_words().form_title_hint.to_owned())/>
        <label class="field">
            <span>{move || library_words().form_domain}</span>
            <select class="input" on:change=move |event| domain.set(event_target_value(&event))>
                {DOMAINS.map(|one| view! { <option value=one>{move || describe::domain(one)}</option> })}
            </select>
        </label>
        <div class="field" role="group" aria-labelledby="new-subject">
            <span id="new-subject">{move || library_words().form_subject}</span>
            <div class="segmented">
                {subjects.map(|(value, label)| view! {
                    <button type="button" aria-pressed=move || (subject.get() == value).to_string() on:click=move |_| subject.set(value)>{label}</button>
                })}
            </div>
        </div>
        <Show when=move || subject.get() == "equipment">
            <label class="field">
                <span>{move || library_words().form_kind}</span>
                <select class="input" on:change=move |event| prefix.set(event_target_value(&event))>
                    <option value="">{move || library_words().form_kind_any}</option>
                    {move || kinds.get().unwrap_or_default().into_iter().map(|(code, zh, en)| view! { <option value=code>{move || lang().pick(&zh, &en).to_owned()}</option> }).collect_view()}
                </select>
            </label>
        </Show>
        {move || error.get().map(|error| view! { <Notice tone="bad">{explain(&error)}</Notice> })}
        <button type="button" class="btn primary block" disabled=move || busy.get() || !app.owner.get() on:click=create>{move || library_words().create}</button>
    }
}

async fn begin(app: App, title: &str, domain: &str, subject: &str, prefix: Option<String>) -> Result<String, AppError> {
    let taken = shelf::taken(app).await;
    let pen = Pen::fresh(app);
    let id = new_list_name(title, &taken, pen.id().as_str());
    let mut list = new_list(&id, title, domain, subject);
    list.applies_to.equipment_code_prefix.extend(prefix);
    let changes: Changes = Draft::begin(&list, 0);
    pen.keep(&changes).await?;
    Ok(id)
}
