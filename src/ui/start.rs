//! Begin a check: the unit, the equipment, who inspects.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map};
use serde_json::{Value, json};

use super::content::{self, Code};
use super::icon::icon;
use super::state::{App, Officer};
use super::widget::{FormField, Notice, TopBar};
use super::words::{Word, errors, fill, lang, words};
use crate::app::workspace::{AppError, Record};
use crate::domain::equipment::{CodeNotice, look_over_code, normalise_code, type_code_of};
use crate::domain::id::RecordId;
use crate::domain::inspection::Summary;
use crate::domain::journal::Journal;
use crate::domain::uscc::{Uscc, UsccError};

/// The checklist of this kind of equipment. Other kinds come with their ledgers.
const CHECKLIST: &str = "elevator";

/// The three steps; which one is shown follows the address, so that back goes one step back.
#[component]
pub fn Start() -> impl IntoView {
    let app = App::get();
    app.writing.set(false);
    app.leave_place();
    let params = use_params_map();
    let unit = move || params.with(|params| params.get("unit"));
    let equipment = move || params.with(|params| params.get("equipment"));
    move || match (unit(), equipment()) {
        (None, _) => view! { <ChooseUnit/> }.into_any(),
        (Some(unit), None) => view! { <ChooseEquipment unit/> }.into_any(),
        (Some(unit), Some(equipment)) => view! { <Begin unit equipment/> }.into_any(),
    }
}

fn of_kind(app: App, kind: &'static str) -> Memo<Vec<Summary>> {
    Memo::new(move |_| app.summaries.get().into_iter().filter(|one| one.kind == kind).collect())
}

fn matches(one: &Summary, search: &str) -> bool {
    let text = format!("{} {} {}", one.title, one.subtitle, one.search).to_lowercase();
    search.to_lowercase().split_whitespace().all(|word| text.contains(word))
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
    /// What there is.
    #[prop(into)]
    all: Signal<Vec<Summary>>,
    /// Where choosing one leads.
    to: Callback<String, String>,
    /// The form for a new one.
    form: ChildrenFn,
) -> impl IntoView {
    let search = RwSignal::new(String::new());
    let adding = RwSignal::new(false);
    let shown = Memo::new(move |_| {
        let search = search.get();
        all.get().into_iter().filter(|one| matches(one, &search)).collect::<Vec<_>>()
    });
    let sub = Signal::derive(move || fill(words().step_of, &[&step]));
    let form = StoredValue::new(form);
    view! {
        <TopBar title=Signal::derive(move || title().to_owned()) back=back sub/>
        <main class="page">
            <Show
                when=move || !adding.get()
                fallback=move || view! { <section class="card stack"><h2>{move || add_label()}</h2>{form.with_value(|form| form())}
                    <button type="button" class="btn quiet" on:click=move |_| adding.set(false)>{move || words().cancel}</button>
                </section> }
            >
                <label class="search">
                    <span class="sr">{move || search_label()}</span>
                    {icon("search")}
                    <input class="input" type="search" placeholder=search_label on:input=move |event| search.set(event_target_value(&event))/>
                </label>
                <button type="button" class="btn block" on:click=move |_| adding.set(true)>{icon("plus")}{move || add_label()}</button>
                <Show
                    when=move || !shown.get().is_empty()
                    fallback=move || view! {
                        <div class="card"><div class="empty">
                            {icon("search")}
                            <p><strong>{move || if all.get().is_empty() { (none.0)() } else { words().nothing_found }}</strong></p>
                            <Show when=move || all.get().is_empty()><p class="small">{move || (none.1)()}</p></Show>
                        </div></div>
                    }
                >
                    <ul class="card flush list">
                        <For each=move || shown.get() key=|one| (one.id.clone(), one.updated_ms) let:one>
                            <li>
                                <a class="list-row" href=to.run(one.id.clone())>
                                    <span class="grow"><span class="title">{one.title.clone()}</span><span class="sub">{one.subtitle.clone()}</span></span>
                                    {icon("next")}
                                </a>
                            </li>
                        </For>
                    </ul>
                </Show>
            </Show>
        </main>
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
            all=of_kind(app, "unit")
            to=Callback::new(|id: String| format!("/start/{id}"))
            form=ChildrenFn::to_children(|| view! { <UnitForm/> })
        />
    }
}

#[component]
fn ChooseEquipment(unit: String) -> impl IntoView {
    let app = App::get();
    let wanted = unit.clone();
    let all = Memo::new(move |_| {
        let of_unit = |one: &Summary| one.kind == "equipment" && one.search.contains(&wanted);
        app.summaries.get().into_iter().filter(of_unit).collect::<Vec<_>>()
    });
    let (to, form) = (unit.clone(), unit);
    view! {
        <Choose
            title=|| words().choose_equipment step=2 back="/start".to_owned()
            search_label=|| words().search_equipment add_label=|| words().add_equipment
            none=(|| words().no_equipment, || words().no_equipment_hint)
            all
            to=Callback::new(move |id: String| format!("/start/{to}/{id}"))
            form=ChildrenFn::to_children(move || view! { <EquipmentForm unit=form.clone()/> })
        />
    }
}

/// Keeps a small record and goes on to the next step.
fn keep(app: App, error: RwSignal<Option<String>>, values: Vec<(&'static str, Value)>, next: impl Fn(&str) -> String + 'static) {
    let navigate = use_navigate();
    leptos::task::spawn_local(async move {
        let workspace = app.workspace();
        let mut record = Record::new(Journal::new(workspace.new_record_id()));
        let kept = workspace.save(&mut record, &values, None).await;
        match kept {
            Ok(_) => {
                app.after_save();
                app.refresh().await;
                navigate(&next(record.id().as_str()), NavigateOptions { replace: true, ..Default::default() });
            }
            Err(AppError::Store(problem)) => error.set(Some(errors::explain_store(&problem))),
            Err(other) => error.set(Some(other.to_string())),
        }
    });
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
fn UnitForm() -> impl IntoView {
    let app = App::get();
    let fields = [(); 5].map(|()| RwSignal::new(String::new()));
    let [name, uscc, address, contact, phone] = fields;
    let error = RwSignal::new(None::<String>);
    // The click handler runs outside of the reactive owner, so the navigation is taken now.
    let save = keep_later(app, error, |id| format!("/start/{id}"));
    let on_save = move |_| {
        if name.get_untracked().trim().is_empty() {
            error.set(Some(words().name_needed.to_owned()));
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
        <FormField label=Signal::derive(|| words().unit_name.to_owned()) text=name/>
        <FormField label=Signal::derive(|| words().unit_uscc.to_owned()) text=uscc odd=Signal::derive(move || uscc_advice(&uscc.get()))/>
        <FormField label=Signal::derive(|| words().unit_address.to_owned()) text=address/>
        <FormField label=Signal::derive(|| words().unit_contact.to_owned()) text=contact/>
        <FormField label=Signal::derive(|| words().unit_phone.to_owned()) text=phone inputmode="tel"/>
        <FormError error/>
        <button type="button" class="btn primary block" on:click=on_save>{move || words().save}</button>
    }
}

/// As [`keep`], bound to the place where it was made.
fn keep_later(app: App, error: RwSignal<Option<String>>, next: fn(&str) -> String) -> Callback<Vec<(&'static str, Value)>> {
    keep_with(app, error, next)
}

fn keep_with(
    app: App,
    error: RwSignal<Option<String>>,
    next: impl Fn(&str) -> String + Clone + Send + Sync + 'static,
) -> Callback<Vec<(&'static str, Value)>> {
    let owner = Owner::current();
    Callback::new(move |values| {
        let next = next.clone();
        match &owner {
            Some(owner) => owner.with(|| keep(app, error, values, next)),
            None => keep(app, error, values, next),
        }
    })
}

#[component]
fn FormError(error: RwSignal<Option<String>>) -> impl IntoView {
    view! {
        <Show when=move || error.get().is_some()>
            <Notice tone="bad">{move || error.get().unwrap_or_default()}</Notice>
        </Show>
    }
}

fn code_advice(typed: &str, year_now: i32) -> String {
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
    look_over_code(&code, Some('3'), year_now).first().map(advice).unwrap_or_default()
}

#[component]
fn EquipmentForm(unit: String) -> impl IntoView {
    let app = App::get();
    let fields = [(); 6].map(|()| RwSignal::new(String::new()));
    let [name, code, cert, place, maintainer, kind] = fields;
    let machine_room = RwSignal::new(None::<bool>);
    let types = LocalResource::new(content::elevator_types);
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
    let next_unit = unit.clone();
    let save = keep_with(app, error, move |id| format!("/start/{next_unit}/{id}"));
    let on_save = move |_| {
        let text = |signal: RwSignal<String>| signal.get_untracked().trim().to_owned();
        if [name, code, cert].into_iter().all(|signal| text(signal).is_empty()) {
            error.set(Some(words().equipment_needed.to_owned()));
            return;
        }
        let title = if text(name).is_empty() { [text(code), text(cert)].concat() } else { text(name) };
        let mut values = vec![
            ("kind", json!("equipment")),
            ("unit_id", json!(unit)),
            ("name", json!(title)),
            ("code", json!(normalise_code(&text(code)))),
            ("type_code", json!(text(kind))),
            ("cert_no", json!(text(cert))),
            ("place", json!(text(place))),
            ("maintainer", json!(text(maintainer))),
        ];
        if let Some(has) = machine_room.get_untracked() {
            values.push(("has_machine_room", json!(has)));
        }
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
        <FormField label=Signal::derive(|| words().equipment_name.to_owned()) text=name hint=Signal::derive(|| words().equipment_name_hint.to_owned())/>
        <FormField label=Signal::derive(|| words().equipment_code.to_owned()) text=code odd=Signal::derive(move || code_advice(&code.get(), year))/>
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
        <div class="field" role="group" aria-labelledby="machine-room">
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
        <button type="button" class="btn primary block" on:click=on_save>{move || words().save}</button>
    }
}

/// The last step: who inspects. Then the record begins.
#[component]
fn Begin(unit: String, equipment: String) -> impl IntoView {
    let app = App::get();
    let prefs = app.prefs.get_untracked();
    let signal = |text: &str| RwSignal::new(text.to_owned());
    let people =
        [(signal(&prefs.officer.name), signal(&prefs.officer.cert_no)), (signal(&prefs.partner.name), signal(&prefs.partner.cert_no))];
    let attendant = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    let checklist = LocalResource::new(|| content::checklist(CHECKLIST));
    let title = |id: &str| {
        app.summaries
            .with_untracked(|all| all.iter().find(|one| one.id == id).map(|one| (one.title.clone(), one.subtitle.clone())))
            .unwrap_or_default()
    };
    let (unit_title, equipment_title) = (title(&unit), title(&equipment));
    let back = format!("/start/{unit}");
    let navigate = use_navigate();
    let busy = RwSignal::new(false);
    let begin = move |_| {
        let Some(Ok(list)) = checklist.get_untracked() else { return };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let officers = people
            .map(|(name, cert)| Officer { name: name.get_untracked().trim().to_owned(), cert_no: cert.get_untracked().trim().to_owned() });
        let [officer, partner] = officers.clone();
        app.set_prefs(|prefs| {
            prefs.officer = officer;
            prefs.partner = partner;
        });
        let (unit, equipment, navigate) = (unit.clone(), equipment.clone(), navigate.clone());
        let attendant = attendant.get_untracked().trim().to_owned();
        leptos::task::spawn_local(async move {
            let made = begin_record(app, &unit, &equipment, &list.for_record(), &officers, &attendant).await;
            busy.set(false);
            match made {
                Ok(id) => navigate(&format!("/check/{id}"), NavigateOptions { replace: true, ..Default::default() }),
                Err(AppError::Store(problem)) => error.set(Some(errors::explain_store(&problem))),
                Err(other) => error.set(Some(other.to_string())),
            }
        });
    };
    let labels: [Word; 2] = [|| words().inspector_1, || words().inspector_2];
    view! {
        <TopBar title=Signal::derive(|| words().inspectors.to_owned()) back=back sub=Signal::derive(|| fill(words().step_of, &[&3]))/>
        <main class="page">
            <section class="card">
                <dl class="facts">
                    <dt>{move || words().unit}</dt><dd>{unit_title.0}</dd>
                    <dt>{move || words().equipment}</dt><dd>{equipment_title.0}" "{equipment_title.1}</dd>
                    <dt>{move || words().checklist}</dt>
                    <dd>{move || checklist.get().and_then(Result::ok).map(|list| format!("{} · {}", list.title(lang()), list.version))}</dd>
                </dl>
            </section>
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
            <section class="card"><FormField label=Signal::derive(|| format!("{}（{}）", words().attendant, words().optional)) text=attendant hint=Signal::derive(|| words().attendant_hint.to_owned())/></section>
            <p class="muted">{move || words().two_needed}</p>
            {move || checklist.get().and_then(Result::err).map(|problem| view! {
                <Notice tone="bad"><strong>{words().checklist_failed}</strong>{words().checklist_failed_hint}<span class="small mono">{problem.to_string()}</span>
                    <button type="button" class="btn slim" on:click=move |_| checklist.refetch()>{words().retry}</button>
                </Notice>
            })}
            <FormError error/>
            <button type="button" class="btn primary big block" disabled=move || busy.get() || !matches!(checklist.get(), Some(Ok(_))) on:click=begin>{move || words().begin}</button>
        </main>
    }
}

async fn begin_record(
    app: App,
    unit: &str,
    equipment: &str,
    list: &Value,
    officers: &[Officer; 2],
    attendant: &str,
) -> Result<RecordId, AppError> {
    let workspace = app.workspace();
    let load = |id: &str| RecordId::parse(id).map_err(|_| AppError::NoRecord);
    let unit_record = workspace.load(&load(unit)?).await?;
    let equipment_record = workspace.load(&load(equipment)?).await?;
    let mut values = vec![
        ("kind".to_owned(), json!("inspection")),
        ("checklist".to_owned(), list.clone()),
        ("started".to_owned(), json!({ "ms": app.now_ms(), "offset_min": app.offset_min() })),
        ("unit/id".to_owned(), json!(unit)),
        ("equipment/id".to_owned(), json!(equipment)),
    ];
    for (group, record, fields) in [
        ("unit", &unit_record, &["name", "uscc", "address", "contact", "phone"][..]),
        ("equipment", &equipment_record, &["name", "code", "type_code", "cert_no", "place", "maintainer", "has_machine_room"][..]),
    ] {
        for field in fields {
            if let Some(value) = record.state().get(field).filter(|value| value.as_str() != Some("")) {
                values.push((format!("{group}/{field}"), value.clone()));
            }
        }
    }
    for (number, officer) in officers.iter().enumerate() {
        values.push((format!("inspectors/{}", number + 1), json!(officer)));
    }
    if !attendant.is_empty() {
        values.push(("attendant".to_owned(), json!(attendant)));
    }
    let values: Vec<(&str, Value)> = values.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
    let mut record = Record::new(Journal::new(workspace.new_record_id()));
    workspace.save(&mut record, &values, None).await?;
    app.after_save();
    app.refresh().await;
    Ok(record.id().clone())
}
