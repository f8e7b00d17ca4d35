//! The form for a line of a ledger, made from the table of its fields.

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use serde_json::{Value, json};

use super::list::load;
use super::types::TypeNames;
use crate::app::workspace::{AppError, Record};
use crate::browser::position;
use crate::domain::content::Lang;
use crate::domain::equipment::{normalise_code, type_code_of};
use crate::domain::id::RecordId;
use crate::domain::journal::Journal;
use crate::domain::time::CivilDate;
use crate::ledger::cell::tidy;
use crate::ledger::field::{Cell, Field, fields};
use crate::ledger::{Kind, Row};
use crate::ui::icon::icon;
use crate::ui::start::uscc_advice;
use crate::ui::state::App;
use crate::ui::widget::{FormField, Nav, Notice, TopBar};
use crate::ui::words::{Word, errors, fill, lang, ledger_words, words};

/// Which part of the form a field is in. What is in none is under 其他信息.
const MAIN: &[&str] = &[
    "name",
    "uscc",
    "legacy_no",
    "type_code",
    "code",
    "cert_no",
    "registration_code",
    "internal_no",
    "status",
    "instrument_kind",
    "model",
    "serial_no",
    "contact",
    "phone",
    "sector",
    "place_kind",
];
const PLACE: &[&str] = &[
    "address",
    "place",
    "town",
    "inspector",
    "lat",
    "lon",
    "maintainer",
    "maintainer_phone",
    "rescue_code",
    "crowded_place",
    "key_unit",
    "credit_class",
];
const DATES: &[&str] = &[
    "printed_next",
    "installed_inspection",
    "commissioned_on",
    "made_on",
    "inspections/periodic/date",
    "inspections/periodic/conclusion",
    "safety_grade",
    "verified_on",
    "valid_until",
    "conclusion",
    "verification_body",
];
/// Follow from others and are not asked.
const DERIVED: &[&str] = &["equipment_kind", "equipment_class"];

/// What is typed, by path.
type Typed = StoredValue<BTreeMap<String, RwSignal<String>>>;

/// The page for a new line: `/ledger/new/<kind>`, with `unit` and `code` from where the person comes.
#[component]
pub fn NewLine(kind: Kind) -> impl IntoView {
    let query = use_query_map();
    let given = query.with_untracked(|query| {
        let values = [("unit_id", "unit"), ("code", "code"), ("cert_no", "cert"), ("uscc", "uscc"), ("name", "name")];
        let fields = values.into_iter().filter_map(|(path, name)| Some((path.to_owned(), json!(query.get(name)?)))).collect();
        Row::from_fields(fields)
    });
    view! { <LineForm kind given old=None/> }
}

/// The page for a line that is there: `/ledger/<id>/edit`.
#[component]
pub fn EditLine(id: String) -> impl IntoView {
    let app = App::get();
    let record = LocalResource::new(move || {
        let id = id.clone();
        async move { app.workspace().load(&RecordId::parse(&id).map_err(|_| AppError::NoRecord)?).await }
    });
    move || match record.get() {
        None => view! { <main class="page"><div class="empty" role="status"><span class="spinner"></span></div></main> }.into_any(),
        Some(Ok(record)) => {
            let row = Row::of(record.state());
            match row.kind() {
                Some(kind) => view! { <LineForm kind given=row old=Some(record)/> }.into_any(),
                None => view! { <Gone/> }.into_any(),
            }
        }
        Some(Err(_)) => view! { <Gone/> }.into_any(),
    }
}

/// There is no such line.
#[component]
pub fn Gone() -> impl IntoView {
    view! {
        <div class="has-nav">
            <TopBar title=Signal::derive(|| ledger_words().title.to_owned()) back="/ledger"/>
            <main class="page"><div class="card"><div class="empty">
                {icon("search")}
                <p><strong>{move || ledger_words().gone}</strong></p>
                <p class="small">{move || ledger_words().gone_hint}</p>
            </div></div></main>
            <Nav/>
        </div>
    }
}

/// The name of a kind of line.
#[must_use]
pub fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Unit => ledger_words().unit,
        Kind::Equipment => ledger_words().one_equipment,
        Kind::Instrument => ledger_words().instrument,
    }
}

/// The label of a field in a language: the header that exports write.
#[must_use]
pub fn field_label(field: &Field, lang: Lang, number: u32) -> String {
    let header = match lang {
        Lang::Zh => field.headers.first(),
        Lang::En => field.headers.get(1),
    };
    header.copied().unwrap_or(field.path).replace("{n}", &number.to_string())
}

/// A value as it stands in its input.
#[must_use]
pub fn as_typed(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Bool(true)) => "yes".to_owned(),
        Some(Value::Bool(false)) => "no".to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// What is typed as it is kept; `None` when it is not understood.
fn as_kept(cell: Cell, typed: &str) -> Option<Value> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Some(Value::Null);
    }
    match cell {
        Cell::Text | Cell::Choice(_) | Cell::EquipmentKind | Cell::EquipmentType => Some(json!(typed)),
        Cell::Code | Cell::Uscc | Cell::Certificate => Some(json!(tidy(cell, typed))),
        Cell::Date => CivilDate::parse(typed).map(|date| json!(date.to_string())),
        Cell::Month => CivilDate::parse(&format!("{typed}-01")).map(|_| json!(typed)),
        Cell::Number(from, to) => typed.parse::<f64>().ok().filter(|number| (from..=to).contains(number)).map(|number| json!(number)),
        Cell::YesNo => Some(json!(typed == "yes")),
    }
}

#[component]
fn LineForm(kind: Kind, given: Row, old: Option<Record>) -> impl IntoView {
    let app = App::get();
    app.leave_place();
    let is_new = old.is_none();
    let old = StoredValue::new_local(old);
    let (step, _) = load(app);
    let types = LocalResource::new(TypeNames::load);
    let typed: Typed = StoredValue::new(BTreeMap::new());
    let given = StoredValue::new(given);
    let signal = move |path: &str| {
        if let Some(known) = typed.with_value(|typed| typed.get(path).copied()) {
            return known;
        }
        let signal = RwSignal::new(given.with_value(|given| as_typed(given.get(path))));
        typed.update_value(|typed| {
            typed.insert(path.to_owned(), signal);
        });
        signal
    };
    let problems = RwSignal::new(BTreeMap::<String, String>::new());
    let error = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let navigate = StoredValue::new_local(use_navigate());

    // The code on the plate begins with the type; a person's own choice stays.
    if kind == Kind::Equipment {
        let (code, type_code) = (signal("code"), signal("type_code"));
        Effect::new(move |_| {
            let from_code = type_code_of(&normalise_code(&code.get())).unwrap_or_default();
            let known = types.get().is_some_and(|types| types.0.iter().any(|one| one.code == from_code));
            if known && type_code.get_untracked().is_empty() {
                type_code.set(from_code);
            }
        });
    }

    let save = move |_| {
        if busy.get_untracked() {
            return;
        }
        error.set(None);
        let (values, wrong) = collect(kind, typed);
        problems.set(wrong.clone());
        let named = ["name", "uscc", "code", "cert_no", "registration_code", "internal_no", "serial_no", "legacy_no"];
        if !values.iter().any(|(path, value)| named.contains(&path.as_str()) && !value.is_null()) {
            error.set(Some(ledger_words().form_name_needed.to_owned()));
            return;
        }
        if !wrong.is_empty() {
            error.set(Some(fill(ledger_words().form_fix, &[&wrong.len()])));
            return;
        }
        busy.set(true);
        leptos::task::spawn_local(async move {
            let workspace = app.workspace();
            let mut record = old.get_value().unwrap_or_else(|| Record::new(Journal::new(workspace.new_record_id())));
            let values: Vec<(&str, Value)> = values.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
            let kept = workspace.save_line(&mut record, &values).await;
            busy.try_set(false);
            match kept {
                Ok(kept) => {
                    app.after_save();
                    app.ledger_put(kept.into_iter().map(|(_receipt, card)| card).collect());
                    app.toast(ledger_words().form_kept);
                    let to = format!("/ledger/{}", record.id());
                    navigate.try_with_value(|navigate| navigate(&to, NavigateOptions { replace: true, ..Default::default() }));
                }
                Err(AppError::Store(problem)) => {
                    error.try_set(Some(errors::explain_store(&problem)));
                }
                Err(other) => {
                    error.try_set(Some(other.to_string()));
                }
            }
        });
    };
    let title = Signal::derive(move || fill(if is_new { ledger_words().form_new } else { ledger_words().form_edit }, &[&kind_word(kind)]));
    let back = old.with_value(|old| old.as_ref().map_or("/ledger".to_owned(), |record| format!("/ledger/{}", record.id())));
    let part = move |paths: &'static [&'static str]| {
        let mut own: Vec<&'static Field> = fields(kind).filter(|field| paths.contains(&field.path)).collect();
        own.sort_by_key(|field| paths.iter().position(|path| *path == field.path));
        own.into_iter().map(|field| view! { <Input field number=0 text=signal(field.path) problems types/> }).collect_view()
    };
    let rest = move || {
        let own = |field: &&'static Field| {
            ![MAIN, PLACE, DATES, DERIVED].iter().any(|paths| paths.contains(&field.path))
                && !field.path.contains("{n}")
                && !field.path.starts_with("unit/")
        };
        fields(kind).filter(own).map(|field| view! { <Input field number=0 text=signal(field.path) problems types/> }).collect_view()
    };
    let taken = RwSignal::new(None::<String>);
    let take_position = move |_| {
        let (lat, lon) = (signal("lat"), signal("lon"));
        leptos::task::spawn_local(async move {
            match position::current(15_000, true).await {
                Ok(fix) => {
                    lat.try_set(format!("{:.6}", fix.lat));
                    lon.try_set(format!("{:.6}", fix.lon));
                    taken.try_set(Some(fill(ledger_words().form_position_taken, &[&format!("{:.0}", fix.accuracy_m)])));
                }
                Err(_) => {
                    taken.try_set(Some(ledger_words().near_failed.to_owned()));
                }
            }
        });
    };
    let dated = kind != Kind::Unit;
    view! {
        <div>
            <TopBar title back/>
            <main class="page">
                <Show when=move || !app.owner.get()><Notice tone="warn">{move || words().reader_note}</Notice></Show>
                <section class="card stack">
                    <h2>{move || ledger_words().form_main}</h2>
                    {(kind != Kind::Unit).then(|| view! { <UnitChoice unit=signal("unit_id") step/> })}
                    {part(MAIN)}
                </section>
                <section class="card stack">
                    <h2>{move || ledger_words().form_place}</h2>
                    {part(PLACE)}
                    <button type="button" class="btn" on:click=take_position>{icon("pin")}{move || ledger_words().form_position}</button>
                    <Show when=move || taken.get().is_some()><p class="muted small" role="status">{move || taken.get()}</p></Show>
                </section>
                {dated.then(|| view! { <section class="card stack"><h2>{move || ledger_words().form_dates}</h2>{part(DATES)}</section> })}
                {(kind == Kind::Unit).then(|| view! {
                    <Several kind prefix="permits" given typed problems types/>
                    <Several kind prefix="officers" given typed problems types/>
                })}
                <details class="card stack">
                    <summary><h2>{move || ledger_words().form_more}</h2></summary>
                    {rest()}
                </details>
                <Show when=move || error.get().is_some()><Notice tone="bad">{move || error.get()}</Notice></Show>
            </main>
            <div class="actionbar"><div>
                <button type="button" class="btn primary grow" disabled=move || busy.get() || !app.owner.get() on:click=save>{move || words().save}</button>
            </div></div>
        </div>
    }
}

/// What is typed, as it is kept, and what is wrong, by path.
fn collect(kind: Kind, typed: Typed) -> (Vec<(String, Value)>, BTreeMap<String, String>) {
    let (mut values, mut wrong) = (vec![("kind".to_owned(), json!(kind.name()))], BTreeMap::new());
    typed.with_value(|typed| {
        for (path, text) in typed {
            let text = text.get_untracked();
            let field = crate::ledger::field::field_at(kind, path);
            match as_kept(field.map_or(Cell::Text, |field| field.cell), &text) {
                Some(value) => values.push((path.clone(), value)),
                None => {
                    let label = field.map(|field| field_label(field, lang(), 0)).unwrap_or_default();
                    wrong.insert(path.clone(), fill(ledger_words().form_odd, &[&label, &text]));
                }
            }
        }
    });
    let type_code = values.iter().find(|(path, _)| path == "type_code").and_then(|(_, value)| value.as_str()).unwrap_or_default();
    if let Some(first) = type_code.chars().next() {
        values.push(("equipment_kind".to_owned(), json!(format!("{first}000"))));
    }
    (values, wrong)
}

/// The input of one field.
#[component]
fn Input(
    field: &'static Field,
    number: u32,
    text: RwSignal<String>,
    problems: RwSignal<BTreeMap<String, String>>,
    types: LocalResource<TypeNames>,
) -> impl IntoView {
    let path = field.path.replace("{n}", &number.to_string());
    let label = Signal::derive(move || field_label(field, lang(), number));
    let problem = Memo::new(move |_| problems.with(|problems| problems.get(&path).cloned()));
    let wrong = move || problem.get().map(|problem| view! { <span class="error" role="alert">{problem}</span> });
    let invalid = move || problem.get().map(|_| "true");
    match field.cell {
        Cell::Uscc => view! { <FormField label text odd=Signal::derive(move || uscc_advice(&text.get()))/> }.into_any(),
        Cell::Text | Cell::Code | Cell::Certificate => {
            let inputmode = if field.path.ends_with("phone") { "tel" } else { "" };
            view! { <FormField label text inputmode/> }.into_any()
        }
        Cell::Date | Cell::Month | Cell::Number(..) => {
            let kind = match field.cell {
                Cell::Date => "date",
                Cell::Month => "month",
                _ => "text",
            };
            let mode = if kind == "text" { "decimal" } else { "" };
            view! {
                <label class="field"><span>{label}</span>
                    <input class="input" type=kind inputmode=mode prop:value=move || text.get() aria-invalid=invalid
                        on:change=move |event| text.set(event_target_value(&event))/>
                    {wrong}
                </label>
            }
            .into_any()
        }
        Cell::YesNo => {
            let options: [(&'static str, Word); 3] =
                [("", || ledger_words().unknown), ("yes", || ledger_words().yes), ("no", || ledger_words().no)];
            view! {
                <fieldset class="field"><legend>{label}</legend>
                    <div class="segmented" role="group">
                        {options.into_iter().map(|(value, word)| view! {
                            <button type="button" aria-pressed=move || (text.get() == value).to_string() on:click=move |_| text.set(value.to_owned())>{word}</button>
                        }).collect_view()}
                    </div>
                </fieldset>
            }
            .into_any()
        }
        Cell::Choice(choices) => view! {
            <label class="field"><span>{label}</span>
                <select class="input" aria-invalid=invalid on:change=move |event| text.set(event_target_value(&event))>
                    <option value="" selected=move || text.get().is_empty()>{move || ledger_words().unknown}</option>
                    {choices.iter().map(|choice| view! {
                        <option value=choice.code selected=move || text.get() == choice.code>{move || super::list::choice_word(choices, choice.code, lang())}</option>
                    }).collect_view()}
                </select>
                {wrong}
            </label>
        }
        .into_any(),
        Cell::EquipmentKind | Cell::EquipmentType => view! {
            <label class="field"><span>{label}</span>
                <select class="input" on:change=move |event| text.set(event_target_value(&event))>
                    <option value="" selected=move || text.get().is_empty()>{move || ledger_words().choose}</option>
                    {move || types.get().unwrap_or_default().0.into_iter().map(|one| {
                        let (code, value) = (one.code.clone(), one.code.clone());
                        let indent = "\u{3000}".repeat(usize::from(one.level));
                        view! { <option value=value selected=move || text.get() == code>{format!("{indent}{} {}", lang().pick(&one.zh, &one.en), one.code)}</option> }
                    }).collect_view()}
                </select>
            </label>
        }
        .into_any(),
    }
}

/// The permits or people of a unit, one card each, and a button for another.
#[component]
fn Several(
    kind: Kind,
    prefix: &'static str,
    given: StoredValue<Row>,
    typed: Typed,
    problems: RwSignal<BTreeMap<String, String>>,
    types: LocalResource<TypeNames>,
) -> impl IntoView {
    let numbers = RwSignal::new(given.with_value(|given| given.numbers(prefix)));
    let permits = prefix == "permits";
    let add = move |_| numbers.update(|numbers| numbers.push(numbers.iter().max().map_or(1, |last| last + 1)));
    view! {
        <section class="card stack">
            <h2>{move || if permits { ledger_words().permits } else { ledger_words().officers }}</h2>
            <For each=move || numbers.get() key=|number| *number let:number>
                <fieldset class="stack boxed">
                    <legend>{move || fill(if permits { ledger_words().form_permit } else { ledger_words().form_officer }, &[&number])}</legend>
                    {fields(kind)
                        .filter(|field| field.path.starts_with(prefix))
                        .map(|field| {
                            let path = field.path.replace("{n}", &number.to_string());
                            let text = typed.with_value(|typed| typed.get(&path).copied()).unwrap_or_else(|| {
                                let text = RwSignal::new(given.with_value(|given| as_typed(given.get(&path))));
                                typed.update_value(|typed| { typed.insert(path.clone(), text); });
                                text
                            });
                            view! { <Input field number text problems types/> }
                        })
                        .collect_view()}
                </fieldset>
            </For>
            <button type="button" class="btn" on:click=add>{icon("plus")}{move || if permits { ledger_words().form_add_permit } else { ledger_words().form_add_officer }}</button>
        </section>
    }
}

/// Chooses the unit of a piece of equipment or an instrument.
#[component]
fn UnitChoice(unit: RwSignal<String>, step: RwSignal<Option<crate::app::ledger::Step>>) -> impl IntoView {
    let app = App::get();
    let search = RwSignal::new(String::new());
    let changing = RwSignal::new(unit.get_untracked().is_empty());
    let chosen = Memo::new(move |_| {
        let shared = app.ledger_now()?;
        let ledger = shared.get();
        unit.with(|unit| ledger.get(unit).map(|card| (card.title.clone(), card.address.clone())))
    });
    let offered = Memo::new(move |_| {
        let Some(shared) = app.ledger_now() else { return Vec::new() };
        let ledger = shared.get();
        let found = ledger.search(&search.get(), |card| card.kind() == Some(Kind::Unit), 6);
        found.cards.into_iter().map(|card| (card.id.clone(), card.title.clone(), card.address.clone())).collect()
    });
    view! {
        <fieldset class="stack boxed">
            <legend>{move || ledger_words().form_unit}</legend>
            <Show when=move || step.get().is_some()><p class="muted small" role="status">{move || ledger_words().loading}</p></Show>
            <Show when=move || chosen.get().is_some()>
                <p><strong>{move || chosen.get().map(|(name, _)| name)}</strong><br/><span class="muted small">{move || chosen.get().map(|(_, address)| address)}</span></p>
            </Show>
            <Show when=move || changing.get() fallback=move || view! {
                <button type="button" class="btn" on:click=move |_| changing.set(true)>{move || ledger_words().form_unit_change}</button>
            }>
                <label class="search">
                    <span class="sr">{move || ledger_words().form_unit_search}</span>
                    {icon("search")}
                    <input class="input" type="search" autocomplete="off" placeholder=move || ledger_words().form_unit_search on:input=move |event| search.set(event_target_value(&event))/>
                </label>
                <ul class="list boxed">
                    <For each=move || offered.get() key=|(id, ..)| id.clone() let:one>
                        <li><button type="button" class="list-row" on:click={ let id = one.0.clone(); move |_| { unit.set(id.clone()); changing.set(false); } }>
                            <span class="grow"><span class="title">{one.1.clone()}</span><span class="sub">{one.2.clone()}</span></span>
                        </button></li>
                    </For>
                </ul>
                <a class="btn quiet" href="/ledger/new/unit">{icon("plus")}{move || ledger_words().add_unit}</a>
            </Show>
        </fieldset>
    }
}
