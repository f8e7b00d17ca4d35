//! Amends a sealed inspection: values with one reason; the old values stay in the history.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;
use serde_json::{Value, json};

use super::{Shown, names};
use crate::app::session::SaveState;
use crate::app::workspace::{AppError, Record};
use crate::domain::checklist::{AnswerSpec, Item, Severity, Verdict};
use crate::domain::content::Lang;
use crate::domain::inspection::parse_key;
use crate::domain::inspection::{Inspection, Missing, RESULTS, Subject, answer_path};
use crate::domain::journal::is_seal_path;
use crate::domain::time::CivilDate;
use crate::port::twin::StoreError;
use crate::ui::state::{App, AppSession};
use crate::ui::widget::Notice;
use crate::ui::words::common::Common;
use crate::ui::words::office::OfficeWords;
use crate::ui::words::visit::VisitWords;
use crate::ui::words::{errors, fill, lang, lang_now, office_words, words};

/// Fields of an item.
const OF_ITEM: [&str; 8] = ["verdict", "value", "finding", "severity", "measure", "requirement", "deadline", "note"];
/// Places of the conclusion.
const OF_CONCLUSION: [&str; 3] = ["conclusion/result", "conclusion/opinion", "conclusion/remark"];
/// Places of the unit.
const OF_UNIT: [&str; 6] = ["unit/name", "unit/uscc", "unit/address", "unit/contact", "unit/phone", "attendant"];
/// Fields of a piece of equipment.
const OF_EQUIPMENT: [&str; 9] =
    ["name", "type_code", "code", "cert_no", "place", "maintainer", "rescue_code", "next_due", "has_machine_room"];

/// Why an amendment was not made.
#[derive(Clone, PartialEq, Debug)]
enum Problem {
    Reason,
    Same,
    /// What the record would lack afterwards, in words.
    Lacks(Vec<String>),
    /// Nothing came after the last seal.
    NothingToSeal,
    Store(StoreError),
    Other,
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Store(error) => Self::Store(error),
            _ => Self::Other,
        }
    }
}

thread_local! {
    /// Sessions whose changes could not be kept yet, by record: what waits there is sent again as it was.
    static WAITING: RefCell<BTreeMap<String, Rc<AppSession>>> = RefCell::default();
}

/// Writes values into a sealed record with a reason, or seals it anew, or both; all kept or nothing.
async fn write(app: App, shown: &Shown, values: &[(&str, Value)], reason: &str, seal: bool) -> Result<(), Problem> {
    let id = shown.record.id();
    // Whoever else has the record open keeps what waits first: numbers must never be given beside each other.
    if let Some(open) = app.open_check(id.as_str()) {
        keep(&open.session()).await?;
    }
    let mut sent_again = false;
    if let Some(session) = WAITING.with_borrow(|waiting| waiting.get(id.as_str()).cloned()) {
        match keep(&session).await {
            Ok(()) => sent_again = true,
            // The numbers are taken: what waits can never be kept and is written anew.
            Err(Problem::Store(StoreError::Conflict { .. })) => {}
            Err(problem) => return Err(problem),
        }
        WAITING.with_borrow_mut(|waiting| waiting.remove(id.as_str()));
    }
    // As it is in the store now, not as it was when it was shown.
    let session = app.session(id, RwSignal::new(SaveState::Saved { at: None })).await?;
    let lacks = lacks_afterwards(app, &session.record(), values, reason)?;
    if !lacks.is_empty() {
        return Err(Problem::Lacks(lacks));
    }
    // What is not sealed yet is written as it is, not amended.
    let sealed = session.record().is_sealed();
    let changed = !values.is_empty() && session.set(values, sealed.then_some(reason))?;
    if !values.is_empty() && !changed && !sent_again {
        return Err(Problem::Same);
    }
    if seal {
        let done = session.record().journal().timeline().last().is_none_or(|last| is_seal_path(&last.change.path));
        match (done, changed || sent_again) {
            (true, true) => {}
            (true, false) => return Err(Problem::NothingToSeal),
            (false, _) => session.seal()?,
        }
    }
    if let Err(problem) = keep(&session).await {
        WAITING.with_borrow_mut(|waiting| waiting.insert(id.to_string(), session));
        return Err(problem);
    }
    app.after_save();
    app.refresh_checks().await;
    app.refresh().await;
    Ok(())
}

/// Writes values into a record with a reason, without sealing it anew.
///
/// # Errors
/// What went wrong, in words.
pub async fn amend(app: App, shown: &Shown, values: &[(&str, Value)], reason: &str) -> Result<(), String> {
    write(app, shown, values, reason, false).await.map_err(|problem| explain(&problem))
}

async fn keep(session: &AppSession) -> Result<(), Problem> {
    session.flush().await;
    match session.save_state() {
        SaveState::Failed { error, .. } => Err(Problem::Store(error)),
        SaveState::Saved { .. } | SaveState::Saving => Ok(()),
    }
}

/// What the record would lack that it does not lack now.
fn lacks_afterwards(app: App, record: &Record, values: &[(&str, Value)], reason: &str) -> Result<Vec<String>, Problem> {
    let missing = |record: &Record| {
        let inspection = Inspection::read(record.state()).ok()?;
        let missing = inspection.missing(record.state());
        Some((inspection, missing))
    };
    let Some((_, before)) = missing(record) else { return Ok(Vec::new()) };
    let mut trial = record.clone();
    if app.workspace().write(&mut trial, values, Some(reason))?.is_empty() {
        return Ok(Vec::new());
    }
    let Some((inspection, after)) = missing(&trial) else { return Err(Problem::Other) };
    let lang = lang_now();
    // Who signed what is not amended away: the signatures are of the content that was sealed first.
    let signing = |one: &&Missing| matches!(one, Missing::Signature(_) | Missing::Stale(_));
    let names = names::Names { inspection: Some(&inspection), measures: &[], types: &[], lang, hidden: None };
    Ok(after.iter().filter(|one| !before.contains(one) && !signing(one)).map(|one| lack(one, &inspection, names)).collect())
}

fn lack(missing: &Missing, inspection: &Inspection, names: names::Names<'_>) -> String {
    let lang = names.lang;
    let (w, v) = (Common::of(lang), VisitWords::of(lang));
    let of_item = |index: &usize, text: &str| {
        let required = matches!(missing, Missing::Required(_));
        let item = if required { inspection.required_text(*index, lang) } else { inspection.text(*index, lang) };
        let line = fill(text, &[&inspection.number(*index), &item]);
        // Where there are several, which one is meant.
        if inspection.parts().len() > 1 { format!("{} · {line}", names.part(inspection.part_of(*index))) } else { line }
    };
    match missing {
        Missing::Unit => w.missing_unit.to_owned(),
        Missing::Equipment => w.missing_equipment.to_owned(),
        Missing::Answer(index) => of_item(index, w.missing_answer),
        Missing::Value(index) => of_item(index, w.missing_value),
        Missing::Finding(index) => of_item(index, w.missing_finding),
        Missing::Blank(index) => of_item(index, w.missing_blank),
        Missing::Deadline(index) => of_item(index, w.missing_deadline),
        Missing::Constraint(index) => of_item(index, v.missing_constraint),
        Missing::Required(index) => of_item(index, v.missing_required),
        Missing::Conclusion => w.missing_conclusion.to_owned(),
        Missing::Contradiction => w.missing_contradiction.to_owned(),
        Missing::Attendant => w.missing_attendant.to_owned(),
        Missing::SameInspector => w.missing_same.to_owned(),
        Missing::Inspector(number) => fill(w.missing_inspector, &[number]),
        Missing::Signature(role) | Missing::Stale(role) => fill(w.missing_signature, &[&names::role(role, lang)]),
    }
}

/// Seals a record again, so that its amendments are covered too. Does nothing while it is at it.
pub fn seal_again(app: App, shown: Arc<Shown>, busy: RwSignal<bool>, done: Callback<()>) {
    if busy.get_untracked() {
        return;
    }
    busy.set(true);
    leptos::task::spawn_local(async move {
        let written = write(app, &shown, &[], "", true).await;
        busy.try_set(false);
        match written {
            Ok(()) => {
                app.toast(OfficeWords::of(lang_now()).sealed_again);
                done.try_run(());
            }
            Err(problem) => app.toast(untrack(|| explain(&problem))),
        }
    });
}

fn explain(problem: &Problem) -> String {
    let o = office_words();
    match problem {
        Problem::Reason => o.amend_reason_needed.to_owned(),
        Problem::Same => o.amend_same.to_owned(),
        Problem::Lacks(_) => o.amend_lacks.to_owned(),
        Problem::NothingToSeal => o.amend_nothing_to_seal.to_owned(),
        Problem::Store(error) => errors::explain_store(error),
        Problem::Other => o.amend_failed.to_owned(),
    }
}

/// The values that are to be written, by place.
type Edits = RwSignal<BTreeMap<String, Value>>;

/// The form. `done` is called after the amendment was kept.
#[component]
pub fn Amend(
    /// The record.
    shown: Arc<Shown>,
    /// Called once it is kept.
    done: Callback<()>,
) -> impl IntoView {
    let app = App::get();
    let target = RwSignal::new(first_target(&shown));
    let edits: Edits = RwSignal::default();
    let reason = RwSignal::new(String::new());
    let seal = RwSignal::new(true);
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<Problem>);
    let shown = StoredValue::new(shown);
    Effect::new(move |_| {
        // What was wrong was said of other values.
        edits.track();
        problem.set(None);
    });
    let submit = move |_| {
        if busy.get_untracked() {
            return;
        }
        let (values, why) = (edits.get_untracked(), reason.get_untracked());
        if values.is_empty() || why.trim().is_empty() {
            problem.set(Some(if values.is_empty() { Problem::Same } else { Problem::Reason }));
            return;
        }
        busy.set(true);
        problem.set(None);
        leptos::task::spawn_local(async move {
            let values: Vec<(&str, Value)> = values.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
            let record = shown.get_value();
            let written = write(app, &record, &values, &why, seal.get_untracked()).await;
            busy.try_set(false);
            match written {
                Ok(()) => {
                    app.toast(OfficeWords::of(lang_now()).amend_done);
                    done.try_run(());
                }
                Err(found) => {
                    problem.try_set(Some(found));
                }
            }
        });
    };
    let old = move || {
        let text = shown.with_value(|shown| standing_words(shown, &target.get(), lang()));
        fill(office_words().amend_old, &[&text])
    };
    let wrong = move || {
        problem.get().map(|problem| {
            let lacks = if let Problem::Lacks(lacks) = &problem { lacks.clone() } else { Vec::new() };
            let lacks = lacks.into_iter().map(|text| view! { <li>{text}</li> }).collect::<Vec<_>>();
            let text = explain(&problem);
            view! { <Notice tone="bad">{text}{(!lacks.is_empty()).then(|| view! { <ul class="bullets">{lacks}</ul> })}</Notice> }
        })
    };
    view! {
        <p class="muted">{move || office_words().amend_hint}</p>
        <Targets shown target edits/>
        <p class="amend-old">{old}</p>
        {move || {
            let path = target.get();
            let _follow = lang();
            shown.with_value(|shown| new_value(shown, &path, edits))
        }}
        <Staged shown edits/>
        <label class="field">
            <span>{move || office_words().amend_reason}</span>
            <textarea class="input" rows="2" maxlength="500" required=true on:input=move |event| reason.set(event_target_value(&event))></textarea>
            <span class="hint">{move || office_words().amend_reason_hint}</span>
        </label>
        <label class="choice">
            <input type="checkbox" prop:checked=move || seal.get() on:change=move |event| seal.set(event_target_checked(&event))/>
            <span>{move || office_words().amend_seal}</span>
        </label>
        <div role="alert">{wrong}</div>
        <button type="button" class="btn primary big block" disabled=move || busy.get() on:click=submit>{move || office_words().amend_do}</button>
    }
}

fn standing_words(shown: &Shown, path: &str, lang: Lang) -> String {
    let text = shown.record.state().get(path).map(|value| shown.names(lang).value(path, value)).unwrap_or_default();
    if text.is_empty() { OfficeWords::of(lang).nothing.to_owned() } else { text }
}

/// Takes a new value into the amendment, or out of it when it is the one that stands.
fn put(shown: &Shown, edits: Edits, path: &str, value: Value) {
    let standing = shown.record.state().get(path).cloned().unwrap_or_default();
    let same = standing == value || (value.as_f64().is_some() && value.as_f64() == standing.as_f64());
    edits.update(|edits| {
        if same {
            edits.remove(path);
        } else {
            edits.insert(path.to_owned(), value);
        }
    });
}

/// Everything that will be amended, so that nothing is written unseen.
#[component]
fn Staged(shown: StoredValue<Arc<Shown>>, edits: Edits) -> impl IntoView {
    move || {
        let all = edits.get();
        if all.is_empty() {
            return None;
        }
        let lang = lang();
        let o = OfficeWords::of(lang);
        let rows = all
            .iter()
            .map(|(path, value)| {
                shown.with_value(|shown| {
                    let names = shown.names(lang);
                    let new = names.value(path, value);
                    let text = fill(o.paper_amendment, &[&names.path(path), &standing_words(shown, path, lang), &new]);
                    view! { <li>{text}</li> }
                })
            })
            .collect_view();
        Some(view! { <div class="amend-old"><strong>{fill(o.amend_staged, &[&all.len()])}</strong><ul class="bullets">{rows}</ul></div> })
    }
}

fn first_target(shown: &Shown) -> String {
    let failed = shown.inspection.as_ref().and_then(|inspection| {
        let first = inspection.failed().next()?;
        inspection.key(first).map(|key| answer_path(key, "deadline"))
    });
    failed.unwrap_or_else(|| "conclusion/remark".to_owned())
}

/// The group that a place belongs to, as the list of groups names it: a question's key, or one of `@unit`, `@photos`,
/// `@` and the place of a piece of equipment; empty for the conclusion.
fn group_of(path: &str) -> String {
    let mut segments = path.split('/');
    match (segments.next(), segments.next()) {
        (Some("answers"), Some(item)) => item.to_owned(),
        (Some("unit" | "attendant"), _) => "@unit".to_owned(),
        (Some("equipment"), _) => "@equipment".to_owned(),
        (Some("subjects"), Some(number)) => format!("@subjects/{number}"),
        (Some("photos"), _) => "@photos".to_owned(),
        _ => String::new(),
    }
}

/// The places of a group.
fn places(shown: &Shown, group: &str) -> Vec<String> {
    let owned = |places: &[&str]| places.iter().map(|place| (*place).to_owned()).collect();
    match group {
        "" => owned(&OF_CONCLUSION),
        "@unit" => owned(&OF_UNIT),
        "@photos" => shown.photos.iter().map(|card| format!("photos/{}/caption", card.photo.id)).collect(),
        key => match key.strip_prefix('@') {
            Some(base) => OF_EQUIPMENT.iter().map(|field| format!("{base}/{field}")).collect(),
            None => {
                let item = item_of(shown, key);
                let valued = item.is_some_and(Item::takes_value);
                let judged = item.is_some_and(|item| !item.record_only);
                let wanted = |field: &&&str| match **field {
                    "value" => valued,
                    "note" => true,
                    _ => judged,
                };
                OF_ITEM.iter().filter(wanted).map(|field| answer_path(key, field)).collect()
            }
        },
    }
}

fn item_of<'a>(shown: &'a Shown, key: &str) -> Option<&'a Item> {
    let id = parse_key(key).0;
    shown.inspection.as_ref()?.lists.iter().flat_map(|list| &list.items).find(|item| item.id == id)
}

/// What a place is called within its group.
fn place_name(shown: &Shown, path: &str, lang: Lang) -> String {
    let names = shown.names(lang);
    match path.split('/').collect::<Vec<_>>().as_slice() {
        // The group is named above; only the field is of interest here.
        ["answers", _, field] => names.path(field),
        ["photos", id, _] => {
            let number = shown.photos.iter().position(|card| card.photo.id == *id).map_or(0, |index| index + 1);
            fill(Common::of(lang).photo_n, &[&number])
        }
        _ => {
            let name = names.path(path);
            name.rsplit(" · ").next().unwrap_or_default().to_owned()
        }
    }
}

/// What to amend: the item, then its field; or a part of the conclusion, the unit, the equipment, the photos.
#[component]
fn Targets(shown: StoredValue<Arc<Shown>>, target: RwSignal<String>, edits: Edits) -> impl IntoView {
    let options = move || {
        shown.with_value(|shown| {
            let lang = lang();
            let chosen = group_of(&target.get_untracked());
            let option = |id: &str, label: String| {
                let selected = id == chosen;
                view! { <option value=id.to_owned() selected=selected>{label}</option> }
            };
            let names = shown.names(lang);
            let of_slot = |inspection: &Inspection, index: usize| {
                let (item, key) = (inspection.item(index)?, inspection.key(index)?);
                let silent = matches!(item.answer, AnswerSpec::Note | AnswerSpec::Calculate) || !inspection.is_shown(index);
                let place =
                    if inspection.parts().len() > 1 { format!("{} · ", names.part(inspection.part_of(index))) } else { String::new() };
                let text = format!("{place}{}. {}", inspection.number(index), inspection.text(index, lang));
                (!silent).then(|| option(key, text.chars().take(48).collect()))
            };
            let items =
                shown.inspection.iter().flat_map(|inspection| (0..inspection.slots.len()).filter_map(|index| of_slot(inspection, index)));
            let items: Vec<_> = items.collect();
            let w = words();
            let subjects = shown.inspection.as_ref().map(|inspection| inspection.subjects.as_slice()).unwrap_or_default();
            let of_subject =
                |subject: &Subject| option(&format!("@{}", subject.base), format!("{} · {}", w.equipment, names.subject_title(subject)));
            let subjects = subjects.iter().map(of_subject).collect::<Vec<_>>();
            let photos = (!shown.photos.is_empty()).then(|| option("@photos", format!("{} · {}", office_words().photos, w.caption)));
            (option("", w.conclusion.to_owned()), items, option("@unit", w.unit.to_owned()), subjects, photos)
        })
    };
    let fields = move || {
        shown.with_value(|shown| {
            places(shown, &group_of(&target.get()))
                .into_iter()
                .map(|path| {
                    let label = place_name(shown, &path, lang());
                    let (this, marked, to) = (path.clone(), path.clone(), path);
                    view! {
                        <button type="button" class:edited=move || edits.with(|edits| edits.contains_key(&marked))
                            aria-pressed=move || (target.get() == this).to_string() on:click=move |_| target.set(to.clone())>{label}</button>
                    }
                })
                .collect_view()
        })
    };
    let choose = move |event: web_sys::Event| {
        let group = event_target_value(&event);
        if let Some(first) = shown.with_value(|shown| places(shown, &group).into_iter().next()) {
            target.set(first);
        }
    };
    view! {
        <label class="field">
            <span>{move || office_words().amend_what}</span>
            <select class="input" on:change=choose>{options}</select>
        </label>
        <div class="chips-pick" role="group" aria-label=move || office_words().amend_field>{fields}</div>
    }
}

/// The field for the new value, fitting to the place.
fn new_value(shown: &Arc<Shown>, path: &str, edits: Edits) -> AnyView {
    let (w, lang) = (words(), lang_now());
    let initial = edits.with_untracked(|edits| edits.get(path).cloned());
    let initial = initial.or_else(|| shown.record.state().get(path).cloned()).unwrap_or_default();
    let text = || initial.as_str().unwrap_or_default().to_owned();
    let field = Field { shown: shown.clone(), path: path.to_owned(), edits, initial: initial.clone() };
    match path.split('/').collect::<Vec<_>>().as_slice() {
        ["answers", _, "verdict"] => {
            field.choose(Verdict::ALL.map(|one| (json!(one.name()), names::verdict(one, lang).to_owned())).to_vec())
        }
        ["answers", _, "severity"] => {
            field.choose(Severity::ALL.map(|one| (json!(one.name()), names::severity(one, lang).to_owned())).to_vec())
        }
        ["answers", _, "measure"] => field.choose(shown.measures.iter().map(|one| (json!(one.code), one.label(lang).to_owned())).collect()),
        ["answers", _, "deadline"] => field.date(w.deadline, text()),
        ["answers", item, "value"] => match item_of(shown, item).map(|item| item.answer.clone()) {
            Some(AnswerSpec::Date { .. }) => field.date(w.value_date, text()),
            Some(AnswerSpec::Number { unit, .. }) => field.number(unit),
            Some(AnswerSpec::Choice { multiple: true, options, .. }) => field
                .choose_many(options.iter().map(|option| (option.value.clone(), lang.pick(&option.zh, &option.en).to_owned())).collect()),
            Some(AnswerSpec::Choice { multiple: false, options, .. }) => {
                field.choose(options.iter().map(|option| (json!(option.value), lang.pick(&option.zh, &option.en).to_owned())).collect())
            }
            Some(_) | None => field.text(text()),
        },
        ["conclusion", "result"] => field.choose(RESULTS.map(|code| (json!(code), names::result(code, lang))).to_vec()),
        ["equipment", "type_code"] | ["subjects", _, "type_code"] if !shown.types.is_empty() => {
            // Of the same kind: a lift stays a lift.
            let kind = text().chars().next();
            let same = shown.types.iter().filter(|one| kind.is_none() || one.code.chars().next() == kind);
            field.choose(same.map(|one| (json!(one.code), one.label(lang).to_owned())).collect())
        }
        ["equipment", "has_machine_room"] | ["subjects", _, "has_machine_room"] => field.choose(vec![
            (json!(true), w.equipment_machine_room_yes.to_owned()),
            (json!(false), w.equipment_machine_room_no.to_owned()),
            (Value::Null, w.equipment_machine_room_unknown.to_owned()),
        ]),
        _ => field.text(text()),
    }
}

/// A field for the new value at one place.
struct Field {
    shown: Arc<Shown>,
    path: String,
    edits: Edits,
    initial: Value,
}

impl Field {
    fn put(&self) -> impl Fn(Value) + Clone + 'static {
        let (shown, path, edits) = (self.shown.clone(), self.path.clone(), self.edits);
        move |value| put(&shown, edits, &path, value)
    }

    fn choose(self, options: Vec<(Value, String)>) -> AnyView {
        let now = RwSignal::new(self.initial.clone());
        let buttons = options.into_iter().map(|(value, label)| {
            let (this, put) = (value.clone(), self.put());
            let act = move |_| {
                now.set(value.clone());
                put(value.clone());
            };
            view! { <button type="button" aria-pressed=move || now.with(|now| *now == this).to_string() on:click=act>{label}</button> }
        });
        group(buttons.collect_view().into_any())
    }

    fn choose_many(self, options: Vec<(String, String)>) -> AnyView {
        let chosen = self.initial.as_array().map(|many| many.iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>());
        let now = RwSignal::new(chosen.unwrap_or_default());
        // In the order of the list, as the page of items keeps them.
        let order = StoredValue::new(options.iter().map(|(code, _)| code.clone()).collect::<Vec<_>>());
        let buttons = options.into_iter().map(|(code, label)| {
            let (this, put) = (code.clone(), self.put());
            let act = move |_| {
                now.update(|now| {
                    if now.contains(&code) {
                        now.retain(|one| *one != code);
                    } else {
                        now.push(code.clone());
                    }
                });
                let all = now.with_untracked(|now| order.with_value(|order| order.iter().filter(|one| now.contains(one)).cloned().collect::<Vec<_>>()));
                put(if all.is_empty() { Value::Null } else { json!(all) });
            };
            view! { <button type="button" aria-pressed=move || now.with(|now| now.contains(&this)).to_string() on:click=act>{label}</button> }
        });
        group(buttons.collect_view().into_any())
    }

    fn date(self, label: &'static str, initial: String) -> AnyView {
        let put = self.put();
        let on_input = move |event: web_sys::Event| {
            put(CivilDate::parse(&event_target_value(&event)).map_or(Value::Null, |date| json!(date.to_string())))
        };
        view! { <label class="field"><span>{label}</span><input class="input date" type="date" value=initial on:input=on_input/></label> }
            .into_any()
    }

    fn number(self, unit: Option<String>) -> AnyView {
        let initial = self.initial.as_f64().map(|number| number.to_string()).unwrap_or_default();
        let put = self.put();
        let on_input = move |event: web_sys::Event| {
            let typed: String =
                event_target_value(&event).chars().filter(|c| !c.is_whitespace()).map(crate::domain::uscc::half_width).collect();
            put(typed.parse::<f64>().ok().filter(|number| number.abs() < 1e12).map_or(Value::Null, |number| json!(number)));
        };
        view! {
            <div class="with-unit">
                <label class="field"><span>{office_words().amend_new}</span><input class="input" inputmode="decimal" maxlength="20" value=initial on:input=on_input/></label>
                <span class="unit">{unit}</span>
            </div>
        }
        .into_any()
    }

    fn text(self, initial: String) -> AnyView {
        let put = self.put();
        let on_input = move |event: web_sys::Event| {
            let typed = event_target_value(&event);
            put(if typed.trim().is_empty() { Value::Null } else { json!(typed.trim()) });
        };
        view! { <label class="field"><span>{office_words().amend_new}</span><textarea class="input" rows="3" maxlength="2000" on:input=on_input>{initial}</textarea></label> }.into_any()
    }
}

fn group(buttons: AnyView) -> AnyView {
    let label = office_words().amend_new;
    view! { <div class="field"><span>{label}</span><div class="chips-pick" role="group" aria-label=label>{buttons}</div></div> }.into_any()
}
