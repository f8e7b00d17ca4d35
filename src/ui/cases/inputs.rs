//! The fields of a form that are more than a line of text.

use leptos::prelude::*;
use serde_json::{Value, json};

use super::grading::clause_line;
use super::host::FormHost;
use super::rules::gradings;
use crate::document::words::moment;
use crate::domain::signature::{Signature, Stroke};
use crate::domain::time::Instant;
use crate::procedure::{FieldKind, OptionDef};
use crate::rules::grading::Clause;
use crate::ui::icon::icon;
use crate::ui::sign::{ASPECT, Pad, Refuse, Refused, SignatureView, refusal};
use crate::ui::widget::{FormField, Notice, Sheet, TextField};
use crate::ui::words::{aside, cases_words, fill, lang, words};

/// A day, with days that are often meant one tap away.
#[component]
pub fn DateInput(
    host: FormHost,
    label: Signal<String>,
    start: String,
    offer: Vec<u32>,
    past: bool,
    keep: Callback<Value>,
) -> impl IntoView {
    let day = RwSignal::new(start);
    let set = move |text: String| {
        keep.run(if text.is_empty() { Value::Null } else { json!(text) });
        day.set(text);
    };
    let today = host.today();
    let mut chips: Vec<(String, u32)> = offer.iter().map(|days| (today.plus_days(u64::from(*days)).to_string(), *days)).collect();
    if past {
        chips.insert(0, (today.to_string(), 0));
    }
    view! {
        <div class="stack tight">
            <label class="field"><span>{label}</span>
                <input class="input" type="date" min="1900-01-01" max="2999-12-31" prop:value=move || day.get() on:change=move |event| set(event_target_value(&event))/>
            </label>
            {(!chips.is_empty()).then(|| view! {
                <div class="chips-pick">
                    {chips.into_iter().map(|(date, days)| {
                        let (mark, value) = (date.clone(), date);
                        view! { <button type="button" aria-pressed=move || (day.get() == mark).to_string() on:click=move |_| set(value.clone())>
                            {move || if days == 0 { cases_words().today.to_owned() } else { fill(cases_words().in_days, &[&days]) }}
                        </button> }
                    }).collect_view()}
                </div>
            })}
        </div>
    }
}

/// The moment that a field for a minute says, in milliseconds since the epoch.
fn local_ms(text: &str, offset_min: i32) -> Option<u64> {
    let local = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").ok()?;
    u64::try_from(local.and_utc().timestamp_millis() - i64::from(offset_min) * 60_000).ok()
}

/// A minute: now, or another one.
#[component]
pub fn MomentInput(host: FormHost, label: Signal<String>, start: Option<Value>, keep: Callback<Value>) -> impl IntoView {
    let shown_of = move |value: &Value| {
        let ms = value.get("ms").and_then(Value::as_u64)?;
        Some(Instant::from_ms(ms).local(host.app.offset_min()).format("%Y-%m-%dT%H:%M").to_string())
    };
    let shown = RwSignal::new(start.as_ref().and_then(shown_of).unwrap_or_default());
    let set = move |value: Option<Value>| {
        shown.set(value.as_ref().and_then(shown_of).unwrap_or_default());
        keep.run(value.unwrap_or(Value::Null));
    };
    view! {
        <div class="stack tight">
            <label class="field"><span>{label}</span>
                <input class="input" type="datetime-local" prop:value=move || shown.get() on:change=move |event| {
                    let offset = host.app.offset_min();
                    set(local_ms(&event_target_value(&event), offset).map(|ms| json!({"ms": ms, "offset_min": offset})));
                }/>
            </label>
            <div class="chips-pick"><button type="button" on:click=move |_| { let now = host.now(); set(Some(json!({"ms": now.wall_ms, "offset_min": now.offset_min}))); }>{move || cases_words().now}</button></div>
        </div>
    }
}

/// Each with its place.
fn numbered<T>(all: Vec<T>) -> Vec<(usize, T)> {
    all.into_iter().enumerate().collect()
}

/// Texts that belong together, by their names.
type Texts = Vec<(String, RwSignal<String>)>;

fn texts(names: &[&str], start: Option<&Value>) -> Texts {
    let of = |name: &str| start.and_then(|value| value.get(name)).and_then(Value::as_str).unwrap_or_default().to_owned();
    names.iter().map(|name| ((*name).to_owned(), RwSignal::new(of(name)))).collect()
}

fn object(texts: &Texts) -> Value {
    Value::Object(texts.iter().map(|(name, text)| (name.clone(), json!(text.get_untracked().trim()))).collect())
}

/// The name of a field without what is added to it for reading.
fn bare(label: &str) -> String {
    let optional = aside("", cases_words().optional);
    label.strip_suffix(optional.as_str()).unwrap_or(label).to_owned()
}

/// A person: name, post and telephone.
#[component]
pub fn Person(label: Signal<String>, start: Option<Value>, keep: Callback<Value>) -> impl IntoView {
    let all = StoredValue::new(texts(&["name", "post", "phone"], start.as_ref()));
    let field = move |at: usize, word: fn() -> &'static str, mode: &'static str| {
        let text = all.with_value(|all| all.get(at).map(|(_, text)| *text));
        text.map(|text| {
            let save = Callback::new(move |value: String| {
                text.set(value);
                all.with_value(|all| keep.run(if all.iter().all(|(_, text)| text.get_untracked().trim().is_empty()) { Value::Null } else { object(all) }));
            });
            view! { <TextField label=Signal::derive(move || fill(word(), &[&bare(&label.get())])) value=text.get_untracked() on_save=save inputmode=mode max=60/> }
        })
    };
    view! {
        <div class="stack tight" role="group" aria-label=label>
            <span class="label">{label}</span>
            {field(0, || cases_words().person_name, "text")}
            <div class="two">{field(1, || cases_words().person_post, "text")}{field(2, || cases_words().person_phone, "tel")}</div>
        </div>
    }
}

/// Inspectors; those who hold the phone are there already.
#[component]
pub fn Officers(host: FormHost, label: Signal<String>, least: usize, start: Option<Value>, keep: Callback<Value>) -> impl IntoView {
    let blank = || texts(&["name", "cert_no"], None);
    let known: Vec<Texts> =
        start.as_ref().and_then(Value::as_array).into_iter().flatten().map(|one| texts(&["name", "cert_no"], Some(one))).collect();
    let proposed = known.is_empty();
    let mut people = known;
    if proposed {
        let prefs = host.app.prefs.get_untracked();
        people = [prefs.officer, prefs.partner]
            .into_iter()
            .filter(|one| !one.name.is_empty())
            .map(|one| texts(&["name", "cert_no"], Some(&json!({"name": one.name, "cert_no": one.cert_no}))))
            .collect();
    }
    while people.len() < least.max(1) {
        people.push(blank());
    }
    let people = RwSignal::new(people.into_iter().enumerate().collect::<Vec<(usize, Texts)>>());
    let next = StoredValue::new(people.with_untracked(Vec::len));
    let save = move || {
        let all = people.with_untracked(|all| all.iter().map(|(_, one)| object(one)).collect::<Vec<_>>());
        let given: Vec<Value> =
            all.into_iter().filter(|one| one.as_object().is_some_and(|fields| fields.values().any(|text| text != ""))).collect();
        keep.run(if given.is_empty() { Value::Null } else { json!(given) });
    };
    if proposed
        && people.with_untracked(|all| all.iter().any(|(_, one)| one.first().is_some_and(|(_, name)| !name.get_untracked().is_empty())))
    {
        // Who holds the phone does the step unless somebody says otherwise.
        save();
    }
    let field = move |number: usize, at: usize, one: &Texts, word: fn() -> &'static str| {
        one.get(at).map(|(_, text)| {
            let text = *text;
            let on_save = Callback::new(move |value: String| { text.set(value); save(); });
            view! { <TextField label=Signal::derive(move || fill(word(), &[&bare(&label.get()), &number])) value=text.get_untracked() on_save max=60/> }
        })
    };
    view! {
        <div class="stack tight" role="group" aria-label=label>
            <span class="label">{label}</span>
            <For each=move || numbered(people.get()) key=|(at, (id, _))| (*at, *id) let((at, (id, one)))>
                <div class="two">
                    {field(at + 1, 0, &one, || cases_words().officer_name)}
                    {field(at + 1, 1, &one, || cases_words().officer_no)}
                </div>
                {(at >= least.max(1)).then(|| view! {
                    <button type="button" class="btn slim quiet" on:click=move |_| { people.update(|all| all.retain(|(known, _)| *known != id)); save(); }>{icon("trash")}{move || fill(cases_words().remove_row, &[&(at + 1)])}</button>
                })}
            </For>
            <button type="button" class="btn slim" on:click=move |_| { let id = next.get_value(); next.set_value(id + 1); people.update(|all| all.push((id, blank()))); }>{icon("plus")}{move || cases_words().add_officer}</button>
        </div>
    }
}

/// Rows of texts, such as a list of what was seized.
#[component]
pub fn Rows(label: Signal<String>, columns: Vec<OptionDef>, start: Option<Value>, keep: Callback<Value>) -> impl IntoView {
    let names: Vec<String> = columns.iter().map(|column| column.id.clone()).collect();
    let row = move |value: Option<&Value>| texts(&names.iter().map(String::as_str).collect::<Vec<_>>(), value);
    let mut first: Vec<Texts> = start.as_ref().and_then(Value::as_array).into_iter().flatten().map(|one| row(Some(one))).collect();
    if first.is_empty() {
        first.push(row(None));
    }
    let row = StoredValue::new(row);
    let rows = RwSignal::new(first.into_iter().enumerate().collect::<Vec<(usize, Texts)>>());
    let next = StoredValue::new(rows.with_untracked(Vec::len));
    let save = move || {
        let all = rows.with_untracked(|all| all.iter().map(|(_, one)| object(one)).collect::<Vec<_>>());
        let given: Vec<Value> =
            all.into_iter().filter(|one| one.as_object().is_some_and(|fields| fields.values().any(|text| text != ""))).collect();
        keep.run(if given.is_empty() { Value::Null } else { json!(given) });
    };
    let columns = StoredValue::new(columns);
    let cell = move |number: usize, column: &OptionDef, text: RwSignal<String>| {
        let name = column.name.clone();
        let on_save = Callback::new(move |value: String| {
            text.set(value);
            save();
        });
        view! { <TextField label=Signal::derive(move || format!("{} {number}", name.get(lang()))) value=text.get_untracked() on_save max=200/> }
    };
    view! {
        <div class="stack tight" role="group" aria-label=label>
            <span class="label">{label}</span>
            <For each=move || numbered(rows.get()) key=|(at, (id, _))| (*at, *id) let((at, (id, one)))>
                <div class="row-group">
                    <div class="two">{columns.with_value(|columns| columns.iter().zip(&one).map(|(column, (_, text))| cell(at + 1, column, *text)).collect_view())}</div>
                    {(at > 0).then(|| view! {
                        <button type="button" class="btn slim quiet" on:click=move |_| { rows.update(|all| all.retain(|(known, _)| *known != id)); save(); }>{icon("trash")}{move || fill(cases_words().remove_row, &[&(at + 1)])}</button>
                    })}
                </div>
            </For>
            <button type="button" class="btn slim" on:click=move |_| { let id = next.get_value(); next.set_value(id + 1); let one = row.with_value(|row| row(None)); rows.update(|all| all.push((id, one))); }>{icon("plus")}{move || cases_words().add_row}</button>
        </div>
    }
}

/// Clauses of a grading, each with its text: those for the kind of equipment and those that were chosen first, the others
/// behind a fold.
#[component]
pub fn Clauses(host: FormHost, label: Signal<String>, grading: String, start: Vec<String>, keep: Callback<Value>) -> impl IntoView {
    let chosen = RwSignal::new(start.clone());
    let grading = StoredValue::new(grading);
    let found = LocalResource::new(gradings);
    let choice = move |clause: &Clause| {
        let (mark, name) = (clause.id.clone(), clause.id.clone());
        let line = clause_line(clause);
        view! {
            <label class="choice">
                <input type="checkbox" prop:checked=move || chosen.with(|all| all.contains(&mark)) on:change=move |event| {
                    let on = event_target_checked(&event);
                    chosen.update(|all| { all.retain(|other| *other != name); if on { all.push(name.clone()); } });
                    keep.run(if chosen.with_untracked(Vec::is_empty) { Value::Null } else { json!(chosen.get_untracked()) });
                }/>
                <span>{line}</span>
            </label>
        }
    };
    view! {
        <fieldset class="choices"><legend>{label}</legend>
            {move || {
                let rules = found.get()?;
                let Some(one) = rules.as_ref().and_then(|rules| grading.with_value(|id| rules.get(id))) else {
                    return Some(view! { <Notice tone="warn">{cases_words().clauses_failed}</Notice> }.into_any());
                };
                let type_code = untrack(|| host.value("equipment/type_code")).and_then(|code| code.as_str().map(str::to_owned)).unwrap_or_default();
                // The day whose rules count: that on which the matter began.
                let opened = untrack(|| host.value("opened")).and_then(|value| moment(&value));
                let day = opened.map_or_else(|| host.today(), |(at, offset_min)| at.date(offset_min));
                let in_force = one.clauses.iter().filter(|clause| clause.in_force.holds_on(day) || start.contains(&clause.id));
                let first = |clause: &&Clause| start.contains(&clause.id) || clause.kinds.is_empty() || clause.is_special(&type_code);
                let (first, others): (Vec<&Clause>, Vec<&Clause>) = in_force.partition(first);
                let others = others.into_iter().map(choice).collect_view();
                Some(view! {
                    {first.into_iter().map(choice).collect_view()}
                    <details class="fold"><summary>{cases_words().other_clauses}{icon("down")}</summary><div class="choices">{others}</div></details>
                }.into_any())
            }}
        </fieldset>
    }
}

/// Who signs a field, as another field of the form says: an inspector by number, or a person.
fn signer(host: FormHost, who: &str, nth: usize) -> (String, String) {
    let found = host.named(who);
    let one = match &found {
        Some(Value::Array(all)) => all.get(nth).cloned(),
        other => other.clone(),
    };
    let text = |name: &str| one.as_ref().and_then(|one| one.get(name)).and_then(Value::as_str).unwrap_or_default().to_owned();
    (text("name"), text("cert_no"))
}

/// A signature of a form.
#[component]
pub fn Signing(host: FormHost, label: Signal<String>, path: String, kind: FieldKind) -> impl IntoView {
    let FieldKind::Signature { may_refuse, who, nth } = kind else { return ().into_any() };
    let now = {
        let path = path.clone();
        Memo::new(move |_| host.value(&path).and_then(|value| Signature::read(&value)))
    };
    let (open, refusing) = (RwSignal::new(false), RwSignal::new(false));
    let typed = RwSignal::new(String::new());
    let who = StoredValue::new(who);
    let known = move || who.with_value(|who| signer(host, who, nth));
    let keep = Callback::new(move |signature: Signature| {
        // What is still being typed belongs to what is signed.
        host.app.flush_typing();
        host.set(&path, serde_json::to_value(&signature).unwrap_or_default());
    });
    let word = move || if now.get().is_some() { words().sign_again } else { words().sign };
    // Asked before the pad is shown, so that the keyboard is gone when people sign.
    let given = RwSignal::new(String::new());
    let named = move || !known().0.is_empty() || !given.get().is_empty();
    view! {
        <div class="signer">
            <div class="spread">
                <span class="grow"><span class="title">{label}</span><span class="sub">{move || known().0}</span></span>
                {move || match now.get() {
                    Some(Signature::Refused(_)) => view! { <span class="chip warn">{words().refused}</span> }.into_any(),
                    Some(Signature::Signed(_)) => view! { <span class="chip good">{icon("check")}{words().signed}</span> }.into_any(),
                    None => view! { <span class="chip">{words().not_signed}</span> }.into_any(),
                }}
            </div>
            {move || now.get().map(|signature| view! { <SignatureView signature/> })}
            <div class="row wrap">
                <button type="button" class="btn" aria-label=move || format!("{} · {}", word(), label.get()) on:click=move |_| { host.app.flush_typing(); open.set(true); }>{icon("pen")}{word}</button>
                {may_refuse.then(|| view! { <button type="button" class="btn quiet" on:click=move |_| refusing.set(true)>{move || words().refuse}</button> })}
            </div>
            <Sheet open title=Signal::derive(move || format!("{} · {}", words().sign, label.get())) full=true>
                <Show when=named fallback=move || view! {
                    <form class="stack" on:submit=move |event| { event.prevent_default(); given.set(typed.get_untracked().trim().to_owned()); }>
                        <p>{move || words().sign_name_needed}</p>
                        <FormField label=Signal::derive(|| words().person_name.to_owned()) text=typed/>
                        <button type="submit" class="btn primary block" disabled=move || typed.get().trim().is_empty()>{move || words().sign_go_on}</button>
                    </form>
                }>
                    <Pad on_done=Callback::new(move |strokes: Vec<Stroke>| {
                        let (name, cert_no) = untrack(known);
                        let name = if name.is_empty() { given.get_untracked() } else { name };
                        keep.run(Signature::sign(&name, &cert_no, strokes, ASPECT, host.app.now_ms()));
                        open.set(false);
                    })/>
                </Show>
            </Sheet>
            <Sheet open=refusing title=Signal::derive(|| words().refuse.to_owned())>
                <Refuse on_done=Callback::new(move |refused: Refused| { keep.run(refusal(&refused, host.app.now_ms())); refusing.set(false); })/>
            </Sheet>
        </div>
    }
    .into_any()
}
