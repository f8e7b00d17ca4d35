//! Begin a check: the unit, the equipment, who inspects.

mod begin;
mod gate;
mod lists;
mod prepare;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};
use serde_json::{Value, json};

use self::begin::Begin;
pub use self::gate::DayField;
use super::content::Code;
use super::icon::icon;
use super::pool;
use super::state::App;
use super::widget::{FormField, Notice, TopBar};
use super::words::{Word, errors, fill, lang, visit_words, words};
use crate::app::workspace::{AppError, Record};
use crate::domain::equipment::{CodeNotice, look_over_code, normalise_certificate, normalise_code, type_code_of};
use crate::domain::id::RecordId;
use crate::domain::journal::Journal;
use crate::domain::uscc::{Uscc, UsccError};
use crate::ledger::{Card, Kind, Row, natural};

/// What stands in the address for a visit that is not about equipment.
const NONE: &str = "none";

/// The three steps; which one is shown follows the address, so that back goes one step back.
#[component]
pub fn Start() -> impl IntoView {
    let app = App::get();
    app.writing.set(false);
    app.leave_place();
    let params = use_params_map();
    let query = use_query_map();
    let asked = move |name: &'static str| query.with_untracked(|query| query.get(name)).filter(|value| !value.is_empty());
    let unit = move || params.with(|params| params.get("unit"));
    let equipment = move || params.with(|params| params.get("equipment"));
    move || match (unit(), equipment()) {
        (None, _) => view! { <ChooseUnit/> }.into_any(),
        // One that was chosen elsewhere, as in the ledger.
        (Some(unit), None) => match (asked("equipment"), asked("task")) {
            (Some(equipment), task) => view! { <Begin unit equipment=vec![equipment] task/> }.into_any(),
            (None, Some(task)) => view! { <ByTask unit task/> }.into_any(),
            (None, None) => view! { <ChooseEquipment unit task=None/> }.into_any(),
        },
        (Some(unit), Some(equipment)) => {
            let equipment = equipment.split(',').filter(|id| *id != NONE).map(str::to_owned).collect();
            view! { <Begin unit equipment task=asked("task")/> }.into_any()
        }
    }
}

/// How many lines of a ledger are shown; who looks for another one types more of its name.
const SHOWN: usize = 100;

/// What a search of the ledgers finds; none while they are being read.
type Find = StoredValue<Box<dyn Fn(&str) -> Option<Vec<Card>> + Send + Sync>>;

fn find(app: App, wanted: impl Fn(&Card) -> bool + Send + Sync + 'static) -> Find {
    leptos::task::spawn_local(async move {
        if let Err(problem) = app.ledger(|_| ()).await {
            app.toast(errors::explain_store(&problem));
        }
    });
    StoredValue::new(Box::new(move |query| {
        let ledger = app.ledger_now()?;
        let mut found: Vec<Card> = ledger.get().search(query, &wanted, SHOWN).cards.into_iter().cloned().collect();
        // Who names nothing looks through the equipment as it is numbered, and for the unit that was there last.
        if query.trim().is_empty() && found.iter().all(|card| card.kind() == Some(Kind::Equipment)) {
            found.sort_by(|a, b| natural::compare(&a.title, &b.title));
        }
        Some(found)
    }))
}

/// What the page of a list shows.
#[derive(Clone)]
enum Shown {
    /// The list.
    List,
    /// The form: for a new one, or for one that is there.
    Form(Option<Box<Record>>),
}

/// The form for a new record, or for one that is there; the signal leads back to the list.
type FormOf = StoredValue<Box<dyn Fn(Option<Record>, RwSignal<Shown>) -> AnyView + Send + Sync>>;

/// Says that nothing can be kept here while another tab writes.
#[component]
fn ReaderNote() -> impl IntoView {
    let app = App::get();
    view! { <Show when=move || !app.owner.get()><Notice tone="warn">{move || words().reader_note}</Notice></Show> }
}

/// A list to choose from with a search above and a form for a new one.
#[component]
fn Choose(
    /// Title of the page.
    title: Word,
    /// Which step.
    step: u8,
    /// Where back leads.
    back: String,
    /// What the search looks for.
    search_label: Word,
    /// Label of the button for a new one.
    add_label: Word,
    /// Shown when there are none.
    none: (Word, Word),
    /// Finds what there is.
    find: Find,
    /// Where choosing one leads.
    to: Callback<String, String>,
    /// The form.
    form: FormOf,
    /// Those that are ticked, where several can be chosen.
    #[prop(optional)]
    picked: Option<RwSignal<Vec<String>>>,
    /// What follows the list.
    #[prop(optional)]
    after: Option<Children>,
) -> impl IntoView {
    let app = App::get();
    let search = RwSignal::new(String::new());
    let page = RwSignal::new(Shown::List);
    let shown = Memo::new(move |_| find.with_value(|find| find(&search.get())));
    let reading = move || shown.with(Option::is_none);
    let searching = move || !search.with(|search| search.trim().is_empty());
    let sub = Signal::derive(move || fill(words().step_of, &[&step]));
    let listing = Memo::new(move |_| page.with(|page| matches!(page, Shown::List)));
    let editing = move || page.with_untracked(|page| matches!(page, Shown::Form(Some(_))));
    let edit = move |id: String| {
        leptos::task::spawn_local(async move {
            let Ok(id) = RecordId::parse(&id) else { return };
            match app.workspace().load(&id).await {
                Ok(record) => page.set(Shown::Form(Some(Box::new(record)))),
                Err(AppError::Store(problem)) => app.toast(errors::explain_store(&problem)),
                Err(_) => app.toast(words().record_gone),
            }
        });
    };
    view! {
        <TopBar title=Signal::derive(move || title().to_owned()) back=back sub/>
        <main class="page">
            <ReaderNote/>
            <Show
                when=move || listing.get()
                fallback=move || {
                    let old = page.with_untracked(|page| match page {
                        Shown::Form(record) => record.as_deref().cloned(),
                        Shown::List => None,
                    });
                    let heading = move || if editing() { words().edit } else { add_label() };
                    view! { <section class="card stack"><h2>{heading}</h2>{form.with_value(|form| form(old, page))}
                        <button type="button" class="btn quiet" on:click=move |_| page.set(Shown::List)>{move || words().cancel}</button>
                    </section> }
                }
            >
                <label class="search">
                    <span class="sr">{move || search_label()}</span>
                    {icon("search")}
                    <input class="input" type="search" placeholder=search_label on:input=move |event| search.set(event_target_value(&event))/>
                </label>
                <button type="button" class="btn block" disabled=move || !app.owner.get() on:click=move |_| page.set(Shown::Form(None))>{icon("plus")}{move || add_label()}</button>
                <Show
                    when=move || shown.with(|shown| shown.as_ref().is_some_and(|shown| !shown.is_empty()))
                    fallback=move || view! {
                        <div class="card"><div class="empty">
                            {icon("search")}
                            <p><strong>{move || if reading() { words().opening } else if searching() { words().nothing_found } else { (none.0)() }}</strong></p>
                            <Show when=move || !reading() && !searching()><p class="small">{move || (none.1)()}</p></Show>
                        </div></div>
                    }
                >
                    <ul class="card flush list">
                        <For each=move || shown.get().unwrap_or_default() key=|one| (one.id.clone(), one.updated_ms) let:one>
                            <li class="pick-row">
                                {picked.map(|picked| view! { <Tick picked id=one.id.clone() title=one.title.clone()/> })}
                                <a class="list-row" href=to.run(one.id.clone())>
                                    <span class="grow"><span class="title">{one.title.clone()}</span><span class="sub">{one.address.clone()}</span></span>
                                    {icon("next")}
                                </a>
                                <button type="button" class="btn quiet" disabled=move || !app.owner.get()
                                    aria-label={ let title = one.title.clone(); move || fill(words().edit_one, &[&title]) }
                                    on:click=move |_| edit(one.id.clone())>{move || words().edit}</button>
                            </li>
                        </For>
                    </ul>
                    {picked.map(|picked| view! { <TickAll picked all=Signal::derive(move || shown.get().unwrap_or_default().into_iter().map(|one| one.id).collect())/> })}
                </Show>
            </Show>
            {after.map(|after| after())}
        </main>
    }
}

/// One of several.
#[component]
fn Tick(picked: RwSignal<Vec<String>>, id: String, title: String) -> impl IntoView {
    let this = id.clone();
    let change = move |event: web_sys::Event| {
        let on = event_target_checked(&event);
        picked.update(|picked| {
            picked.retain(|known| *known != id);
            if on {
                picked.push(id.clone());
            }
        });
    };
    view! {
        <label class="tick"><input type="checkbox" aria-label=move || fill(visit_words().pick_one, &[&title])
            prop:checked=move || picked.with(|picked| picked.contains(&this)) on:change=change/></label>
    }
}

/// All that are shown, or none.
#[component]
fn TickAll(picked: RwSignal<Vec<String>>, all: Signal<Vec<String>>) -> impl IntoView {
    let whole = move || all.with(|all| !all.is_empty() && picked.with(|picked| all.iter().all(|id| picked.contains(id))));
    let act = move |_| {
        let all = all.get_untracked();
        let whole = untrack(whole);
        picked.update(|picked| {
            picked.retain(|id| !all.contains(id));
            if !whole {
                picked.extend(all);
            }
        });
    };
    view! {
        <Show when=move || all.with(|all| all.len().gt(&1))>
            <button type="button" class="btn quiet" on:click=act>{move || if whole() { visit_words().select_none } else { visit_words().select_all }}</button>
        </Show>
    }
}

#[component]
fn ChooseUnit() -> impl IntoView {
    let app = App::get();
    view! {
        <Choose
            title=|| words().choose_unit step=1 back="/".to_owned()
            search_label=|| words().search_unit add_label=|| words().add_unit
            none=(|| words().no_units, || words().no_units_hint)
            find=find(app, |card| card.kind() == Some(Kind::Unit))
            to=Callback::new(|id: String| format!("/start/{id}"))
            form=StoredValue::new(Box::new(|old, page| view! { <UnitForm old page/> }.into_any()))
        />
    }
}

/// The equipment that a task names.
fn named(task: crate::domain::task::Task) -> Vec<String> {
    task.equipment.into_iter().map(|one| one.id).filter(|id| !id.is_empty()).collect()
}

/// A visit for a task: with the equipment that it names, else with what is chosen now.
#[component]
fn ByTask(unit: String, task: String) -> impl IntoView {
    let app = App::get();
    let id = task.clone();
    let found = LocalResource::new(move || {
        let id = id.clone();
        async move { prepare::task(app, &id).await.map(named).unwrap_or_default() }
    });
    move || {
        let (unit, task) = (unit.clone(), Some(task.clone()));
        match found.get() {
            None => view! { <main class="page"><div class="empty" role="status"><span class="spinner"></span></div></main> }.into_any(),
            Some(equipment) if !equipment.is_empty() => view! { <Begin unit equipment task/> }.into_any(),
            Some(_) => view! { <ChooseEquipment unit task/> }.into_any(),
        }
    }
}

#[component]
fn ChooseEquipment(unit: String, task: Option<String>) -> impl IntoView {
    let app = App::get();
    let tail = task.map(|task| format!("?task={task}")).unwrap_or_default();
    let (of_one, of_several, of_none) = (tail.clone(), tail.clone(), tail);
    let wanted = unit.clone();
    let find = find(app, move |card| card.kind() == Some(Kind::Equipment) && card.unit_id == wanted);
    let picked = RwSignal::new(Vec::<String>::new());
    let (to, owner, several, without) = (unit.clone(), unit.clone(), unit.clone(), unit);
    let after = move || {
        view! {
            <p><a class="btn quiet block" href=format!("/start/{without}/{NONE}{of_none}")>{move || visit_words().no_equipment_visit}{icon("next")}</a></p>
            <Show when=move || picked.with(|picked| !picked.is_empty())>
                <nav class="actionbar" aria-label=move || visit_words().several><div>
                    <span class="grow num">{move || fill(visit_words().chosen_equipment, &[&picked.with(Vec::len)])}</span>
                    <a class="btn primary" href={ let (several, tail) = (several.clone(), of_several.clone()); move || format!("/start/{several}/{}{tail}", picked.with(|picked| picked.join(","))) }>{move || visit_words().go_on}{icon("next")}</a>
                </div></nav>
            </Show>
        }
    };
    view! {
        <Choose
            title=|| words().choose_equipment step=2 back="/start".to_owned()
            search_label=|| words().search_equipment add_label=|| words().add_equipment
            none=(|| words().no_equipment, || words().no_equipment_hint)
            find
            to=Callback::new(move |id: String| format!("/start/{to}/{id}{of_one}"))
            form=StoredValue::new(Box::new(move |old, page| view! { <EquipmentForm unit=owner.clone() old page/> }.into_any()))
            picked
            after=Box::new(move || after().into_any())
        />
    }
}

/// What keeps a small record: a new one leads to the next step, one that was there back to the list.
fn keeper(
    app: App,
    old: Option<Record>,
    page: RwSignal<Shown>,
    error: RwSignal<Option<String>>,
    next: impl Fn(&str) -> String + Clone + Send + Sync + 'static,
) -> Callback<Vec<(&'static str, Value)>> {
    // A click comes from outside of the router's context, so the way on is taken now.
    let navigate = StoredValue::new_local(use_navigate());
    let busy = StoredValue::new(false);
    Callback::new(move |values: Vec<(&'static str, Value)>| {
        if busy.get_value() {
            return;
        }
        busy.set_value(true);
        let (old, next) = (old.clone(), next.clone());
        leptos::task::spawn_local(async move {
            let workspace = app.workspace();
            let is_new = old.is_none();
            let mut record = old.unwrap_or_else(|| Record::new(Journal::new(workspace.new_record_id())));
            let kept = workspace.save_line(&mut record, &values).await;
            busy.set_value(false);
            match kept {
                Ok(card) => {
                    app.after_save();
                    app.ledger_put(card.map(|(_, card)| card).into_iter().collect());
                    if is_new {
                        let to = next(record.id().as_str());
                        navigate.with_value(|navigate| navigate(&to, NavigateOptions { replace: true, ..Default::default() }));
                    } else {
                        app.toast(words().changes_kept);
                        page.set(Shown::List);
                    }
                }
                Err(AppError::Store(problem)) => error.set(Some(errors::explain_store(&problem))),
                Err(other) => error.set(Some(other.to_string())),
            }
        });
    })
}

/// A text of the record that a form begins with.
fn start_text(old: Option<&Record>, field: &str) -> RwSignal<String> {
    RwSignal::new(old.map(|record| Row::of(record.state()).text(field).to_owned()).unwrap_or_default())
}

/// The advice on a credit code while it is typed.
#[must_use]
pub fn uscc_advice(typed: &str) -> String {
    if typed.trim().is_empty() {
        return String::new();
    }
    let problem = match Uscc::parse(typed) {
        Ok(_) => return String::new(),
        Err(UsccError::Length { found }) => fill(words().uscc_length, &[&found]),
        Err(UsccError::Alphabet { position, found }) => fill(words().uscc_alphabet, &[&position, &found]),
        Err(UsccError::Check { expected }) => fill(words().uscc_check, &[&expected]),
    };
    format!("{problem}。{}", words().uscc_save_anyway)
}

#[component]
fn UnitForm(old: Option<Record>, page: RwSignal<Shown>) -> impl IntoView {
    let app = App::get();
    let fields = ["name", "uscc", "address", "contact", "phone"].map(|field| start_text(old.as_ref(), field));
    let [name, uscc, address, contact, phone] = fields;
    let error = RwSignal::new(None::<String>);
    let no_name = RwSignal::new(None::<String>);
    let save = keeper(app, old, page, error, |id| format!("/start/{id}"));
    let on_save = move |_| {
        error.set(None);
        if name.get_untracked().trim().is_empty() {
            no_name.set(Some(words().name_needed.to_owned()));
            return;
        }
        let typed = uscc.get_untracked();
        let code = Uscc::parse(&typed).map_or_else(|_| normalise_code(&typed), |code| code.to_string());
        let text = |signal: RwSignal<String>| json!(signal.get_untracked().trim());
        save.run(vec![
            ("kind", json!("unit")),
            ("name", text(name)),
            ("uscc", json!(code)),
            ("address", text(address)),
            ("contact", text(contact)),
            ("phone", text(phone)),
        ]);
    };
    view! {
        <FormField label=Signal::derive(|| words().unit_name.to_owned()) text=name problem=no_name/>
        <FormField label=Signal::derive(|| words().unit_uscc.to_owned()) text=uscc odd=Signal::derive(move || uscc_advice(&uscc.get()))/>
        <FormField label=Signal::derive(|| words().unit_address.to_owned()) text=address/>
        <FormField label=Signal::derive(|| words().unit_contact.to_owned()) text=contact/>
        <FormField label=Signal::derive(|| words().unit_phone.to_owned()) text=phone inputmode="tel"/>
        <FormError error/>
        <button type="button" class="btn primary block" disabled=move || !app.owner.get() on:click=on_save>{move || words().save}</button>
    }
}

#[component]
fn FormError(error: RwSignal<Option<String>>) -> impl IntoView {
    view! {
        <Show when=move || error.get().is_some()>
            <Notice tone="bad">{move || error.get().unwrap_or_default()}</Notice>
        </Show>
    }
}

fn code_advice(typed: &str, kind: Option<char>, year_now: i32) -> String {
    let code = normalise_code(typed);
    if code.is_empty() {
        return String::new();
    }
    let advice = |notice: &CodeNotice| match notice {
        CodeNotice::Length { found } => fill(words().code_odd_length, &[found]),
        CodeNotice::Form => words().code_odd_form.to_owned(),
        CodeNotice::Year => words().code_odd_year.to_owned(),
        CodeNotice::Kind { found } => fill(words().code_odd_kind, &[found]),
    };
    look_over_code(&code, kind, year_now).first().map(advice).unwrap_or_default()
}

#[component]
fn EquipmentForm(unit: String, old: Option<Record>, page: RwSignal<Shown>) -> impl IntoView {
    let app = App::get();
    let fields = ["name", "code", "cert_no", "place", "maintainer", "type_code"].map(|field| start_text(old.as_ref(), field));
    let [name, code, cert, place, maintainer, kind] = fields;
    let machine_room = RwSignal::new(old.as_ref().and_then(|record| Row::of(record.state()).flag("has_machine_room")));
    let nameless = RwSignal::new(None::<String>);
    let types = LocalResource::new(pool::equipment_types);
    let error = RwSignal::new(None::<String>);
    let year = chrono::Datelike::year(&crate::domain::time::Instant::from_ms(app.now_ms()).local(app.offset_min()));
    // The code on the plate begins with the type; a person's own choice stays.
    Effect::new(move |_| {
        let from_code = type_code_of(&normalise_code(&code.get())).unwrap_or_default();
        let known = types.get().unwrap_or_default().iter().any(|one| one.code == from_code);
        if known && kind.get_untracked().is_empty() {
            kind.set(from_code);
        }
    });
    // Any of the three will do, so typing into any of them takes the complaint away.
    Effect::new(move |_| {
        code.track();
        cert.track();
        nameless.set(None);
    });
    let next_unit = unit.clone();
    let save = keeper(app, old, page, error, move |id| format!("/start/{next_unit}/{id}"));
    let on_save = move |_| {
        error.set(None);
        let text = |signal: RwSignal<String>| signal.get_untracked().trim().to_owned();
        if [name, code, cert].into_iter().all(|signal| text(signal).is_empty()) {
            nameless.set(Some(words().equipment_needed.to_owned()));
            return;
        }
        let title = if text(name).is_empty() { [text(code), text(cert)].concat() } else { text(name) };
        let mut values = vec![
            ("kind", json!("equipment")),
            ("unit_id", json!(unit)),
            ("name", json!(title)),
            ("code", json!(normalise_code(&text(code)))),
            ("type_code", json!(text(kind))),
            ("cert_no", json!(normalise_certificate(&text(cert)))),
            ("place", json!(text(place))),
            ("maintainer", json!(text(maintainer))),
        ];
        values.push(("has_machine_room", json!(machine_room.get_untracked())));
        save.run(values);
    };
    let option = move |one: Code| {
        let (value, code) = (one.code.clone(), one.code.clone());
        view! { <option value=value selected=move || kind.get() == code>{move || format!("{} {}", one.label(lang()), one.code)}</option> }
    };
    let rooms: [(Option<bool>, Word); 3] = [
        (None, || words().equipment_machine_room_unknown),
        (Some(true), || words().equipment_machine_room_yes),
        (Some(false), || words().equipment_machine_room_no),
    ];
    view! {
        <FormField label=Signal::derive(|| words().equipment_name.to_owned()) text=name problem=nameless hint=Signal::derive(|| words().equipment_name_hint.to_owned())/>
        <FormField label=Signal::derive(|| words().equipment_code.to_owned()) text=code odd=Signal::derive(move || code_advice(&code.get(), kind.with(|kind| kind.chars().next()), year))/>
        <label class="field">
            <span>{move || words().equipment_type}</span>
            <select class="input" on:change=move |event| kind.set(event_target_value(&event))>
                <option value="">{move || words().equipment_type_unknown}</option>
                {move || types.get().unwrap_or_default().into_iter().map(option).collect_view()}
            </select>
        </label>
        <FormField label=Signal::derive(|| words().equipment_cert.to_owned()) text=cert/>
        <FormField label=Signal::derive(|| words().equipment_place.to_owned()) text=place/>
        <FormField label=Signal::derive(|| words().equipment_maintainer.to_owned()) text=maintainer/>
        <div class="field" role="group" aria-labelledby="machine-room" hidden=move || kind.with(|kind| !kind.is_empty() && !kind.starts_with('3'))>
            <span id="machine-room">{move || words().equipment_machine_room}</span>
            <div class="segmented">
                {rooms
                    .into_iter()
                    .map(|(value, label)| view! {
                        <button type="button" aria-pressed=move || (machine_room.get() == value).to_string() on:click=move |_| machine_room.set(value)>{label}</button>
                    })
                    .collect_view()}
            </div>
        </div>
        <FormError error/>
        <button type="button" class="btn primary block" disabled=move || !app.owner.get() on:click=on_save>{move || words().save}</button>
    }
}
