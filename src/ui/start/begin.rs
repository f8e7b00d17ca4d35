//! The last step: what is checked, and who inspects. Then the record begins.

use std::rc::Rc;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use send_wrapper::SendWrapper;
use serde_json::{Value, json};

use super::gate::{Approve, Arrival, Gate, YearVisits};
use super::lists::{About, Lists, Looked, Seasons};
use super::prepare::{Prepared, answer_values, prepare};
use super::{FormError, ReaderNote};
use crate::app::lead;
use crate::app::suggest::{self, Question};
use crate::app::visit::{Values, fits};
use crate::app::workspace::AppError;
use crate::domain::checklist::Checklist;
use crate::domain::id::RecordId;
use crate::ui::check;
use crate::ui::content;
use crate::ui::state::{App, Officer};
use crate::ui::widget::{FormField, Notice, TopBar};
use crate::ui::words::{Word, aside, errors, fill, lang, visit_words, words};

/// The kinds of check (57号令 art. 5): stored name and word. The first is the usual one.
pub(super) const INSPECTION_KINDS: [(&str, Word); 4] = [
    ("routine", || words().check_kind_routine),
    ("special", || words().check_kind_special),
    ("post_licence", || words().check_kind_post_licence),
    ("other", || words().check_kind_other),
];

/// How it stands with looking things up.
type Looking = Option<Result<SendWrapper<Rc<Prepared>>, AppError>>;

#[component]
pub(super) fn Begin(unit: String, equipment: Vec<String>, task: Option<String>) -> impl IntoView {
    let app = App::get();
    let back = format!("/start/{unit}");
    let looking = RwSignal::new(None as Looking);
    let unit_id = unit.clone();
    leptos::task::spawn_local(async move {
        let found = prepare(app, &unit_id, &equipment, task).await;
        looking.try_set(Some(found.map(|found| SendWrapper::new(Rc::new(found)))));
    });
    let shown = move || match looking.get() {
        None => view! { <div class="empty" role="status"><span class="spinner"></span></div> }.into_any(),
        Some(Ok(found)) => view! { <Setting looked=StoredValue::new(found)/> }.into_any(),
        Some(Err(AppError::Store(problem))) => view! { <Notice tone="bad">{errors::explain_store(&problem)}</Notice> }.into_any(),
        Some(Err(_)) => view! { <Notice tone="bad">{words().record_gone}</Notice> }.into_any(),
    };
    view! {
        <TopBar title=Signal::derive(|| words().inspectors.to_owned()) back=back sub=Signal::derive(|| fill(words().step_of, &[&3]))/>
        <main class="page"><ReaderNote/>{shown}</main>
    }
}

/// What was fetched of the chosen lists, by their ids; or the id of one that could not be fetched.
type Fetched = Result<Vec<Checklist>, String>;

async fn fetch(ids: Vec<String>) -> Fetched {
    let mut lists: Vec<Checklist> = Vec::new();
    for id in ids {
        lists.push(content::checklist(&id).await.map_err(|_| id)?);
    }
    Ok(lists)
}

#[component]
fn Setting(looked: Looked) -> impl IntoView {
    let app = App::get();
    let prefs = app.prefs.get_untracked();
    let signal = |text: &str| RwSignal::new(text.to_owned());
    let people =
        [(signal(&prefs.officer.name), signal(&prefs.officer.cert_no)), (signal(&prefs.partner.name), signal(&prefs.partner.cert_no))];
    let attendant = RwSignal::new(looked.with_value(|looked| looked.last_visit(|visit| &visit.attendant)));
    let as_before = attendant.with_untracked(|name| !name.is_empty());
    let task = looked.with_value(|looked| looked.task.clone());
    let of_task = task.as_ref().map(|(_, task)| task.clone()).unwrap_or_default();
    let asked_kind = INSPECTION_KINDS.iter().find(|(name, _)| *name == of_task.inspection_kind);
    let kind = RwSignal::new(asked_kind.map_or(INSPECTION_KINDS[0].0, |(name, _)| *name));
    let task_source = RwSignal::new(if of_task.task_source.is_empty() { of_task.title.clone() } else { of_task.task_source.clone() });
    let gate = Gate::new(looked, kind);
    let error = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let answers = RwSignal::new(looked.with_value(|looked| looked.answers()));
    let of_day = looked.with_value(|looked| looked.seasons.iter().filter(|one| one.on).map(|one| one.code.clone()).collect::<Vec<_>>());
    let campaign = Some(of_task.campaign.clone()).filter(|code| !code.is_empty() && !of_day.contains(code));
    let seasons = RwSignal::new(of_day.into_iter().chain(campaign).collect::<Vec<_>>());
    let proposals = Memo::new(move |_| {
        let (answers, seasons) = (answers.get(), seasons.get());
        looked.with_value(|looked| suggest::propose(&looked.rules, &looked.known(&answers, &seasons)))
    });
    // A task says itself which lists are wanted; without one they are those proposed.
    let by_task = !of_task.lists.is_empty();
    let (chosen, dropped) = (RwSignal::new(of_task.lists.clone()), RwSignal::new(Vec::<String>::new()));
    Effect::new(move |_| {
        if by_task {
            return;
        }
        // What is proposed comes by itself, unless it was taken out before.
        let wanted: Vec<String> = proposals.with(|all| all.iter().filter(|one| one.preselect).map(|one| one.list.clone()).collect());
        let new: Vec<String> = wanted
            .into_iter()
            .filter(|id| !chosen.with_untracked(|chosen| chosen.contains(id)) && !dropped.with_untracked(|dropped| dropped.contains(id)))
            .collect();
        if !new.is_empty() {
            chosen.update(|chosen| chosen.extend(new));
        }
    });
    let lists = LocalResource::new(move || fetch(chosen.get()));
    let questions = Memo::new(move |_| {
        let lists = lists.get().and_then(Result::ok).unwrap_or_default();
        let without_equipment = looked.with_value(|looked| looked.equipment.is_empty());
        let mut all: Vec<Question> = if without_equipment { looked.with_value(|looked| looked.first_questions()) } else { Vec::new() };
        for question in suggest::questions(&lists) {
            match all.iter_mut().find(|known| known.field == question.field) {
                Some(known) => {
                    let more: Vec<String> = question.values.into_iter().filter(|value| !known.values.contains(value)).collect();
                    known.values.extend(more);
                }
                None => all.push(question),
            }
        }
        all
    });
    let trouble = move || match lists.get() {
        Some(Ok(lists)) => clash(&lists)
            .or_else(|| looked.with_value(|looked| looked.lacks_equipment(&lists)).then(|| visit_words().equipment_needed.to_owned())),
        Some(Err(id)) => Some(fill(visit_words().list_failed, &[&id])),
        None => None,
    };
    let failed = move || matches!(lists.get(), Some(Err(_)));
    let navigate = use_navigate();
    let begin = move |_| {
        let Some(Ok(lists)) = lists.get_untracked() else { return };
        if busy.get_untracked() || !gate.lacks().is_empty() {
            return;
        }
        busy.set(true);
        error.set(None);
        let officers = people
            .map(|(name, cert)| Officer { name: name.get_untracked().trim().to_owned(), cert_no: cert.get_untracked().trim().to_owned() });
        remember(app, &officers);
        let mut setting = setting_values(app, kind.get_untracked(), &officers);
        setting.extend(gate.values());
        for (path, text) in [("task_source", task_source), ("attendant", attendant)] {
            let text = text.get_untracked().trim().to_owned();
            if !text.is_empty() {
                setting.push((path.to_owned(), json!(text)));
            }
        }
        if let Some((id, task)) = &task {
            setting.push(("task/id".to_owned(), json!(id)));
            setting.push(("task/title".to_owned(), json!(task.title)));
            setting.extend(task.lead.clone().map(|lead| (lead::LINK.to_owned(), lead)));
        }
        setting.extend(answer_values(&answers.get_untracked()));
        // None is an answer too: what is asked in a campaign alone is of no concern then.
        setting.push(("season/campaign".to_owned(), json!(seasons.get_untracked())));
        let navigate = navigate.clone();
        leptos::task::spawn_local(async move {
            let found = looked.get_value();
            let made = begin_record(app, &found, setting, &lists).await;
            busy.try_set(false);
            match made {
                Ok(id) => navigate(&format!("/check/{id}"), NavigateOptions { replace: true, ..Default::default() }),
                Err(AppError::Store(problem)) => error.set(Some(errors::explain_store(&problem))),
                Err(other) => error.set(Some(other.to_string())),
            }
        });
    };
    let labels: [Word; 2] = [|| words().inspector_1, || words().inspector_2];
    // Those that are chosen now, not those of before the last tick.
    let current = move || match lists.get() {
        Some(Ok(lists)) => chosen.with(|chosen| lists.iter().map(|list| &list.id).eq(chosen)).then_some(lists),
        _ => None,
    };
    let ready = move || current().is_some_and(|lists| !lists.is_empty()) && trouble().is_none();
    let waits = move || busy.get() || !app.owner.get() || !gate.lacks().is_empty() || !ready();
    let titles = Signal::derive(move || {
        let titled = |id: &String| {
            looked.with_value(|looked| looked.library.iter().find(|list| list.id == *id).map(|list| list.title(lang()).to_owned()))
        };
        chosen.with(|chosen| chosen.iter().filter_map(titled).collect::<Vec<_>>().join(lang().pick("、", ", ")))
    });
    let lacks_inspectors = move || {
        let text = |signal: RwSignal<String>| signal.with(|text| text.trim().to_owned());
        let [first, second] = people.map(|(name, cert)| (text(name), text(cert)));
        [&first.0, &first.1, &second.0, &second.1].into_iter().any(String::is_empty) || first.1 == second.1
    };
    view! {
        <Summary looked/>
        <YearVisits gate/>
        <Lists looked proposals chosen dropped/>
        <About looked questions answers/>
        {people
            .into_iter()
            .zip(labels)
            .map(|((name, cert), label)| view! {
                <fieldset class="card stack">
                    <legend class="sr">{label}</legend>
                    <h2>{label}</h2>
                    <FormField label=Signal::derive(move || format!("{} · {}", label(), words().person_name)) text=name/>
                    <FormField label=Signal::derive(move || format!("{} · {}", label(), words().cert_no)) text=cert/>
                </fieldset>
            })
            .collect_view()}
        <section class="card"><FormField label=Signal::derive(|| aside(words().attendant, words().optional)) text=attendant
            hint=Signal::derive(move || if as_before { visit_words().last_attendant } else { words().attendant_hint }.to_owned())/></section>
        <section class="card stack" aria-labelledby="gate-task">
            <h2 id="gate-task">{move || visit_words().gate_task}</h2>
            <div class="field" role="group" aria-labelledby="check-kind">
                <span id="check-kind">{move || words().check_kind}</span>
                <div class="segmented fit">
                    {INSPECTION_KINDS.map(|(name, label)| view! {
                        <button type="button" aria-pressed=move || (kind.get() == name).to_string() on:click=move |_| kind.set(name)>{label}</button>
                    })}
                </div>
            </div>
            <Seasons looked seasons/>
            {(!of_task.title.is_empty()).then(|| view! { <Notice><strong>{of_task.title.clone()}</strong>{of_task.note.clone()}</Notice> })}
            <FormField label=Signal::derive(|| aside(words().task_source, words().optional)) text=task_source hint=Signal::derive(|| words().task_source_hint.to_owned())/>
            <Approve gate/>
        </section>
        <Show when=lacks_inspectors><Notice tone="warn">{move || visit_words().two_lacking}</Notice></Show>
        {move || trouble().map(|problem| view! {
            <Notice tone="bad"><strong>{problem}</strong>
                {failed().then(|| view! { {words().checklist_failed_hint}<button type="button" class="btn slim" on:click=move |_| lists.refetch()>{words().retry}</button> })}
            </Notice>
        })}
        <FormError error/>
        <Arrival gate people source=task_source titles/>
        <button type="button" class="btn primary big block" disabled=waits on:click=begin>{move || words().begin}</button>
    }
}

/// Unit and equipment, as they will stand in the record.
#[component]
fn Summary(looked: Looked) -> impl IntoView {
    let text = |fields: &Values, name: &str| {
        fields.iter().find(|(path, _)| path == name).and_then(|(_, value)| value.as_str()).unwrap_or_default().to_owned()
    };
    let (unit, equipment) = looked.with_value(|looked| {
        let of = |fields: &Values| format!("{} {}", text(fields, "name"), text(fields, "place"));
        (looked.unit_text("name").to_owned(), looked.equipment.iter().map(of).collect::<Vec<_>>())
    });
    let count = equipment.len();
    view! {
        <section class="card">
            <dl class="facts">
                <dt>{move || words().unit}</dt><dd>{unit}</dd>
                {(count > 0).then(|| view! {
                    <dt>{move || words().equipment}</dt>
                    <dd>{(count > 1).then(|| view! { <span class="chip num">{move || fill(visit_words().chosen_equipment, &[&count])}</span>" " })}{equipment.join("、")}</dd>
                })}
            </dl>
        </section>
    }
}

/// Why some lists can't be used together.
fn clash(lists: &[Checklist]) -> Option<String> {
    let _ = lang();
    (1..lists.len()).find_map(|index| {
        let (there, rest) = lists.split_at(index);
        rest.first().and_then(|list| fits(there, list).err()).map(|error| check::explain(&error))
    })
}

/// Remembers who inspects, for the next time. Who holds the phone is said once and not by whom a record names.
fn remember(app: App, [first, second]: &[Officer; 2]) {
    let holder = app.prefs.with_untracked(|prefs| prefs.officer.clone());
    let holder = if holder == Officer::default() { first.clone() } else { holder };
    let partner = if *second == holder { first } else { second };
    let partner = Some(partner.clone()).filter(|partner| *partner != holder && !partner.name.is_empty());
    app.set_prefs(|prefs| {
        prefs.officer = holder;
        if let Some(partner) = partner {
            prefs.partner = partner;
        }
    });
}

/// What every record begins with.
fn setting_values(app: App, kind: &str, officers: &[Officer; 2]) -> Values {
    let mut values: Values = vec![
        ("kind".to_owned(), json!("inspection")),
        ("started".to_owned(), json!({ "ms": app.now_ms(), "offset_min": app.offset_min() })),
        ("inspection_kind".to_owned(), json!(kind)),
    ];
    for (number, officer) in officers.iter().enumerate() {
        values.push((format!("inspectors/{}", number + 1), json!(officer)));
    }
    let bureau = app.prefs.with_untracked(|prefs| prefs.bureau.trim().to_owned());
    if !bureau.is_empty() {
        values.push(("bureau".to_owned(), json!(bureau)));
    }
    values
}

async fn begin_record(app: App, found: &Prepared, mut setting: Values, lists: &[Checklist]) -> Result<RecordId, AppError> {
    // What was answered here counts before what the ledger says.
    let answered: Vec<String> = setting.iter().map(|(path, _)| path.clone()).collect();
    let of_unit = found.unit.iter().map(|(field, value): &(String, Value)| (format!("unit/{field}"), value.clone()));
    setting.extend(of_unit.filter(|(path, _)| !answered.contains(path)));
    let record = app.workspace().begin_visit(&setting, lists, &found.equipment).await?;
    app.after_save();
    app.refresh().await;
    Ok(record.id().clone())
}
