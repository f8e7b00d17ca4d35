//! One line of a ledger: what is known, what belongs to it, when it was checked.

use leptos::prelude::*;
use serde_json::Value;

use super::due::LineDues;
use super::form::{Gone, as_typed, field_label, kind_word};
use super::list::{Line, LineLink, Loading, choice_word, load};
use super::types::TypeNames;
use super::unit::{OpenFindings, UnitDues};
use crate::app::workspace::AppError;
use crate::domain::id::RecordId;
use crate::domain::inspection::{Stage, Summary};
use crate::domain::time::{CivilDate, Instant};
use crate::ledger::field::{Cell, fields};
use crate::ledger::{Card, Kind, Row, natural};
use crate::ui::home::{clock_text, stage_tone, stage_word};
use crate::ui::icon::icon;
use crate::ui::state::App;
use crate::ui::widget::{Nav, Notice, TopBar};
use crate::ui::words::{fill, lang, ledger_words, words};

/// How many lines of a long list are shown before the rest is asked for.
const SHORT: usize = 20;

/// The page: `/ledger/<id>`.
#[component]
pub fn LinePage(id: String) -> impl IntoView {
    let app = App::get();
    app.writing.set(false);
    app.leave_place();
    let (step, problem) = load(app);
    let types = LocalResource::new(TypeNames::load);
    let record = LocalResource::new(move || {
        let id = id.clone();
        async move {
            let record = app.workspace().load(&RecordId::parse(&id).map_err(|_| AppError::NoRecord)?).await?;
            let conflicts = record.state().conflicts().len();
            Ok::<_, AppError>((id, Row::of(record.state()), conflicts))
        }
    });
    move || match record.get() {
        None => view! { <main class="page"><Loading step problem/></main> }.into_any(),
        Some(Ok((id, row, conflicts))) => match row.kind() {
            Some(kind) => view! { <Shown id kind row conflicts step problem types/> }.into_any(),
            None => view! { <Gone/> }.into_any(),
        },
        Some(Err(_)) => view! { <Gone/> }.into_any(),
    }
}

#[component]
fn Shown(
    id: String,
    kind: Kind,
    row: Row,
    conflicts: usize,
    step: RwSignal<Option<crate::app::ledger::Step>>,
    problem: RwSignal<Option<crate::port::twin::StoreError>>,
    types: LocalResource<TypeNames>,
) -> impl IntoView {
    let app = App::get();
    let card = Card::of_row(kind, &id, &row);
    let title = card.title.clone();
    let unit_id = if kind == Kind::Unit { id.clone() } else { card.unit_id.clone() };
    let phone = row.text(if kind == Kind::Unit { "phone" } else { "maintainer_phone" }).to_owned();
    let start = match kind {
        Kind::Unit => Some(format!("/start/{id}")),
        Kind::Equipment if !unit_id.is_empty() => Some(format!("/start/{unit_id}?equipment={id}")),
        Kind::Equipment | Kind::Instrument => None,
    };
    let owner = StoredValue::new(unit_id);
    let unit = Memo::new(move |_| {
        let shared = app.ledger_now()?;
        let ledger = shared.get();
        owner.with_value(|id| ledger.get(id).map(|card| (card.id.clone(), card.title.clone(), card.address.clone())))
    });
    let (edit, history, labels) = (format!("/ledger/{id}/edit"), format!("/record/{id}"), format!("/labels?of={id}"));
    view! {
        <div class="has-nav">
            <TopBar title=Signal::derive(move || title.clone()) back="/ledger" sub=Signal::derive(move || kind_word(kind).to_owned())/>
            <main class="page">
                <Show when=move || { conflicts > 0 }><Notice tone="warn">{move || ledger_words().conflict}</Notice></Show>
                <div class="row wrap">
                    {start.map(|href| view! {
                        <a class="btn primary grow" href=href>{icon("plus")}{move || if kind == Kind::Unit { ledger_words().start_check } else { ledger_words().check_this }}</a>
                    })}
                    <a class="btn" href=edit>{icon("pen")}{move || ledger_words().edit}</a>
                </div>
                {(kind != Kind::Unit).then(|| view! {
                    <section class="card flush">
                        <Show when=move || unit.get().is_some() fallback=move || view! { <p class="pad-text muted">{move || ledger_words().no_unit}</p> }>
                            {move || unit.get().map(|(id, name, address)| view! {
                                <a class="list-row" href=format!("/ledger/{id}")>
                                    {icon("office")}
                                    <span class="grow"><span class="sub">{ledger_words().of_unit}</span><span class="title">{name}</span><span class="sub">{address}</span></span>
                                    {icon("next")}
                                </a>
                            })}
                        </Show>
                    </section>
                })}
                {(kind != Kind::Unit).then(|| view! { <LineDues fields=row.fields().clone()/> })}
                <Facts kind row types/>
                {(!phone.is_empty()).then(|| { let href = format!("tel:{phone}"); view! { <a class="btn block" href=href>{icon("phone")}{move || fill(ledger_words().call, &[&phone])}</a> } })}
                {(kind == Kind::Unit).then(|| view! {
                    <OpenFindings unit=id.clone()/>
                    <UnitDues unit=id.clone()/>
                    <Belonging unit=id.clone() kind=Kind::Equipment step problem types/>
                    <Belonging unit=id.clone() kind=Kind::Instrument step problem types/>
                })}
                <Visits id=id.clone()/>
                <nav class="tiles" aria-label=move || words().more>
                    <a class="btn" href=labels>{icon("print")}{move || ledger_words().labels}</a>
                    <a class="btn" href=history>{icon("clock")}{move || ledger_words().history}</a>
                </nav>
            </main>
            <Nav/>
        </div>
    }
}

/// What is known, field by field; permits and people one after another.
#[component]
fn Facts(kind: Kind, row: Row, types: LocalResource<TypeNames>) -> impl IntoView {
    let today = StoredValue::new(today(App::get()));
    let row = StoredValue::new(row);
    let value = move |cell: Cell, path: &str| {
        row.with_value(|row| {
            let value = row.get(path)?;
            let typed = as_typed(Some(value));
            Some(match cell {
                Cell::Choice(choices) => choice_word(choices, &typed, lang()).to_owned(),
                Cell::EquipmentKind | Cell::EquipmentType => {
                    let types = types.get().unwrap_or_default();
                    format!("{} {typed}", types.name(&typed, lang()))
                }
                Cell::YesNo => match value {
                    Value::Bool(true) => ledger_words().yes.to_owned(),
                    _ => ledger_words().no.to_owned(),
                },
                _ => typed,
            })
        })
    };
    let plain = move || {
        let own = fields(kind).filter(|field| {
            !field.path.contains("{n}") && !field.path.starts_with("unit/") && field.path != "equipment_kind" && field.path != "name"
        });
        own.filter_map(|field| Some((field_label(field, lang(), 0), value(field.cell, field.path)?)))
            .map(|(label, value)| view! { <dt>{label}</dt><dd>{value}</dd> })
            .collect_view()
    };
    let several = move |prefix: &'static str| {
        let numbers = row.with_value(|row| row.numbers(prefix));
        let until = if prefix == "permits" { "expires_on" } else { "cert_expires_on" };
        numbers
            .into_iter()
            .map(|number| {
                let late =
                    row.with_value(|row| row.date(&format!("{prefix}/{number}/{until}"))).is_some_and(|until| until < today.get_value());
                let facts = fields(kind).filter(|field| field.path.starts_with(prefix)).filter_map(|field| {
                    let path = field.path.replace("{n}", &number.to_string());
                    Some((field_label(field, lang(), number), value(field.cell, &path)?))
                });
                view! {
                    <dl class="facts boxed">{facts.map(|(label, value)| view! { <dt>{label}</dt><dd>{value}</dd> }).collect_view()}
                        {late.then(|| view! { <dd><span class="chip bad">{ledger_words().expired}</span></dd> })}
                    </dl>
                }
            })
            .collect_view()
    };
    let has = move |prefix: &'static str| row.with_value(|row| !row.numbers(prefix).is_empty());
    view! {
        <section class="card"><h2>{move || ledger_words().facts}</h2><dl class="facts">{plain}</dl></section>
        {has("permits").then(|| view! { <section class="card stack"><h2>{move || ledger_words().permits}</h2>{move || several("permits")}</section> })}
        {has("officers").then(|| view! { <section class="card stack"><h2>{move || ledger_words().officers}</h2>{move || several("officers")}</section> })}
    }
}

/// The equipment or instruments of a unit.
#[component]
fn Belonging(
    unit: String,
    kind: Kind,
    step: RwSignal<Option<crate::app::ledger::Step>>,
    problem: RwSignal<Option<crate::port::twin::StoreError>>,
    types: LocalResource<TypeNames>,
) -> impl IntoView {
    let app = App::get();
    let add = format!("/ledger/new/{}?unit={unit}", kind.name());
    let unit = StoredValue::new(unit);
    let all = RwSignal::new(false);
    let lines = Memo::new(move |_| {
        let shared = app.ledger_now()?;
        let ledger = shared.get();
        let types = types.get().unwrap_or_default();
        let mut own: Vec<&Card> = unit.with_value(|unit| ledger.of_kind(kind).filter(|card| card.unit_id == *unit).collect());
        own.sort_by(|a, b| natural::compare(&a.title, &b.title).then_with(|| a.id.cmp(&b.id)));
        Some(
            own.into_iter()
                .map(|card| Line::of(card, &ledger, &types, lang()))
                .map(|line| Line { sub: place_of(&line), ..line })
                .collect::<Vec<_>>(),
        )
    });
    let count = move || lines.with(|lines| lines.as_ref().map_or(0, Vec::len));
    let shown = move || {
        let most = if all.get() { usize::MAX } else { SHORT };
        lines.with(|lines| lines.iter().flatten().take(most).cloned().collect::<Vec<_>>())
    };
    let equipment = kind == Kind::Equipment;
    view! {
        <section class="stack tight">
            <div class="section-title">
                <h2>{move || if equipment { ledger_words().equipment } else { ledger_words().instruments }}</h2>
                <span class="muted">{move || fill(ledger_words().n_sets, &[&count()])}</span>
            </div>
            <Show when=move || lines.with(Option::is_some) fallback=move || view! { <Loading step problem/> }>
                <div class="card flush">
                    <Show when=move || { count() > 0 } fallback=move || view! { <p class="pad-text muted">{move || if equipment { ledger_words().no_equipment } else { ledger_words().no_instruments }}</p> }>
                        <ul class="list"><For each=shown key=|line| (line.id.clone(), line.updated_ms, line.kind.clone()) let:line><li><LineLink line/></li></For></ul>
                    </Show>
                </div>
            </Show>
            <Show when=move || { !all.get() && count() > SHORT }>
                <button type="button" class="btn block" on:click=move |_| all.set(true)>{move || fill(ledger_words().more, &[&(count() - SHORT)])}</button>
            </Show>
            <a class="btn quiet" href=add>{icon("plus")}{move || if equipment { ledger_words().add_equipment } else { ledger_words().add_instrument }}</a>
        </section>
    }
}

/// Without the unit's name, which stands above the list.
fn place_of(line: &Line) -> String {
    line.sub.rsplit(" · ").next().unwrap_or_default().to_owned()
}

/// The checks of a unit or of a piece of equipment, the latest first, and how many there were this year.
#[component]
fn Visits(id: String) -> impl IntoView {
    let app = App::get();
    let id = StoredValue::new(id);
    let visits = Memo::new(move |_| {
        let names = |one: &&Summary| {
            one.kind == "inspection" && one.stage != Stage::Voided && id.with_value(|id| one.search.split(' ').any(|word| word == id))
        };
        app.summaries.with(|all| all.iter().filter(names).cloned().collect::<Vec<_>>())
    });
    let this_year = move || {
        let year = |ms: u64| Instant::from_ms(ms).date(app.offset_min()).to_string().chars().take(4).collect::<String>();
        let now = year(app.now_ms());
        visits.with(|visits| visits.iter().filter(|one| one.stage != Stage::Draft && year(one.created_ms) == now).count())
    };
    view! {
        <section class="stack tight">
            <div class="section-title"><h2>{move || ledger_words().visits}</h2><span class="muted">{move || fill(ledger_words().visits_year, &[&this_year()])}</span></div>
            <div class="card flush">
                <Show when=move || !visits.with(Vec::is_empty) fallback=move || view! { <p class="pad-text muted">{move || ledger_words().visits_none}</p> }>
                    <ul class="list">
                        <For each=move || visits.get() key=|one| (one.id.clone(), one.updated_ms) let:one>
                            {
                                let href = if one.stage == Stage::Draft { format!("/check/{}", one.id) } else { format!("/record/{}", one.id) };
                                let (stage, failed) = (one.stage, one.counts.failed);
                                view! {
                                    <li><a class="list-row" href=href>
                                        <span class="grow">
                                            <span class="title num">{clock_text(one.created_ms, app.offset_min())}</span>
                                            <span class="sub">{one.subtitle.clone()}</span>
                                            <span class="row wrap chips">
                                                <span class=stage_tone(stage)>{move || stage_word(stage)}</span>
                                                {(failed > 0).then(|| view! { <span class="chip bad num">{move || fill(words().n_failed, &[&failed])}</span> })}
                                            </span>
                                        </span>
                                        {icon("next")}
                                    </a></li>
                                }
                            }
                        </For>
                    </ul>
                </Show>
            </div>
        </section>
    }
}

/// The day where the device is.
#[must_use]
pub fn today(app: App) -> CivilDate {
    Instant::from_ms(app.now_ms()).date(app.offset_min())
}
