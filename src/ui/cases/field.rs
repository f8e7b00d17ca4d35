//! What a form asks: a field for each kind of answer, what lacks, and how answers are read.

use leptos::prelude::*;
use serde_json::{Value, json};

use super::ctx::CaseCtx;
use super::grading::{AccidentGrade, ClauseTexts};
use super::host::FormHost;
use super::inputs::{Clauses, DateInput, MomentInput, Officers, Person, Rows, Signing};
use crate::domain::mask::HIDDEN;
use crate::domain::signature::Signature;
use crate::domain::time::Instant;
use crate::procedure::{Field, FieldKind, Lack, Open, field_path, masked, photo_item};
use crate::ui::check::scroll_to;
use crate::ui::icon::icon;
use crate::ui::photo::PhotoStrip;
use crate::ui::sign::SignatureView;
use crate::ui::widget::TextField;
use crate::ui::words::{aside, cases_words, fill, inbox_words, lang};

/// The fields of a step, or (without one) of the matter. Those that a condition rules out come and go.
#[component]
pub fn FormView(ctx: CaseCtx, open: Option<Open>) -> impl IntoView {
    let step = open.as_ref().map(|open| open.id.clone());
    let open = StoredValue::new(open);
    let asked = Memo::new(move |_| {
        let ids = ctx.with(|case, state| {
            open.with_value(|open| {
                let step = open.as_ref().map(|open| open.id.as_str());
                let fields = match open {
                    Some(open) => case.procedure.step(&open.step).map(|def| def.fields.as_slice()).unwrap_or_default(),
                    None => case.procedure.fields.as_slice(),
                };
                // What the program proposed stands in a card of its own.
                let in_card = |field: &&Field| step.is_none() && field.id == "proposed" && state.get("proposed/from").is_some();
                fields
                    .iter()
                    .filter(|field| !in_card(field) && case.asks(state, step, field))
                    .map(|field| field.id.clone())
                    .collect::<Vec<_>>()
            })
        });
        ids.unwrap_or_default()
    });
    let host = ctx.host(open.with_value(|open| open.as_ref().map(|open| open.id.clone())));
    let one = move |id: &str| {
        let case = ctx.case.get_untracked()?;
        let step = open.with_value(|open| open.as_ref().map(|open| (open.id.clone(), open.step.clone())));
        let field = match &step {
            Some((_, def)) => case.procedure.step(def)?.fields.iter().find(|field| field.id == id)?.clone(),
            None => case.procedure.fields.iter().find(|field| field.id == id)?.clone(),
        };
        let step = step.as_ref().map(|(id, _)| id.as_str());
        let (path, item) = (field_path(step, &field.id), photo_item(step, &field.id));
        Some(view! { <FieldView host path item field/> })
    };
    view! {
        <section class="card stack form-fields">
            <For each=move || asked.get() key=|id| id.clone() children=move |id| one(&id)/>
        </section>
        <AccidentGrade ctx step/>
    }
}

/// Where a field stands on the page.
#[must_use]
pub fn anchor(field: &str) -> String {
    format!("field-{field}")
}

/// What it is called, with whether it must be there.
fn label(host: FormHost, field: &Field) -> Signal<String> {
    let field = StoredValue::new(field.clone());
    Signal::derive(move || {
        field.with_value(|field| {
            let required = host.requires(field);
            let name = field.name.get(lang());
            if required { name.to_owned() } else { aside(name, cases_words().optional) }
        })
    })
}

/// One field: its value stands at `path`, its photos name `item`. A private answer that was there before is hidden until
/// somebody asks for it; what is being written stays to be read.
#[component]
pub fn FieldView(host: FormHost, path: String, item: String, field: Field) -> impl IntoView {
    let there = untrack(|| {
        let photos = host.album.photos.with(|all| all.iter().any(|photo| photo.item.as_deref() == Some(item.as_str())));
        photos || host.value(&path).is_some_and(|value| !value.is_null() && value.as_str() != Some(""))
    });
    let covered = RwSignal::new(field.private && there && untrack(|| host.covers()));
    move || {
        if covered.get() {
            return view! { <CoveredField host path=path.clone() field=field.clone() covered/> }.into_any();
        }
        view! { <OpenField host path=path.clone() item=item.clone() field=field.clone()/> }.into_any()
    }
}

/// What stands for a private answer, and the way to it.
#[component]
fn CoveredField(host: FormHost, path: String, field: Field, covered: RwSignal<bool>) -> impl IntoView {
    let label = label(host, &field);
    let value = untrack(|| host.value(&path)).unwrap_or_default();
    let shown = match &field.kind {
        FieldKind::Photos { .. } => HIDDEN.to_owned(),
        _ => masked(&field, &value),
    };
    view! {
        <div class="form-field" id=anchor(&field.id) tabindex="-1">
            <div class="field" role="group" aria-label=label><span>{label}</span>
                <p class="spread"><span class="grow num">{icon("lock")}" "{shown}</span>
                    <button type="button" class="btn slim" on:click=move |_| if host.reveal() { covered.set(false) }>{move || inbox_words().show_field}</button>
                </p>
            </div>
        </div>
    }
}

#[component]
fn OpenField(host: FormHost, path: String, item: String, field: Field) -> impl IntoView {
    let label = label(host, &field);
    let now = untrack(|| host.value(&path));
    let help = field.help.clone().map(|help| Signal::derive(move || help.get(lang()).to_owned()));
    let keep = {
        let path = path.clone();
        Callback::new(move |value: Value| {
            host.set(&path, value);
        })
    };
    let as_text = Callback::new(move |text: String| keep.run(if text.trim().is_empty() { Value::Null } else { json!(text.trim()) }));
    let text = now.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned();
    let id = anchor(&field.id);
    let body = match field.kind.clone() {
        FieldKind::Text => text_field(label, text, as_text, help, false),
        FieldKind::Long => text_field(label, text, as_text, help, true),
        FieldKind::Number { unit, .. } => {
            let shown = now.as_ref().and_then(Value::as_f64).map(|number| number.to_string()).unwrap_or_default();
            let keep = Callback::new(move |text: String| {
                let number = text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
                keep.run(match (number, text.trim()) {
                    (_, "") => Value::Null,
                    (Some(number), _) => json!(number),
                    // Kept as it was typed, and said to be no number.
                    (None, text) => json!(text),
                });
            });
            let unit = Some(unit).filter(|unit| !unit.is_empty());
            match unit {
                Some(unit) => view! { <TextField label value=shown on_save=keep inputmode="decimal" unit=unit max=20/> }.into_any(),
                None => view! { <TextField label value=shown on_save=keep inputmode="decimal" max=20/> }.into_any(),
            }
        }
        FieldKind::Date { offer, past, .. } => view! { <DateInput host label start=text offer past keep/> }.into_any(),
        FieldKind::Moment => view! { <MomentInput host label start=now.clone() keep/> }.into_any(),
        FieldKind::Yes => {
            let options = vec![
                ("true".to_owned(), Box::new(|| cases_words().yes.to_owned()) as WordOf),
                ("false".to_owned(), Box::new(|| cases_words().no.to_owned()) as WordOf),
            ];
            let chosen = now.as_ref().and_then(Value::as_bool).map(|yes| yes.to_string());
            choice(&id, label, options, chosen, Callback::new(move |one: String| keep.run(json!(one == "true"))))
        }
        FieldKind::Choice { options } => {
            let options = options.into_iter().map(|one| (one.id, Box::new(move || one.name.get(lang()).to_owned()) as WordOf)).collect();
            let chosen = now.as_ref().and_then(Value::as_str).map(str::to_owned);
            choice(&id, label, options, chosen, Callback::new(move |one: String| keep.run(json!(one))))
        }
        FieldKind::Choices { options } => {
            let chosen = RwSignal::new(names_of(now.as_ref()));
            let boxes = options.into_iter().map(|one| {
                let (name, mark) = (one.id.clone(), one.id.clone());
                view! {
                    <label class="choice">
                        <input type="checkbox" prop:checked=move || chosen.with(|all| all.contains(&mark)) on:change=move |event| {
                            let on = event_target_checked(&event);
                            chosen.update(|all| { all.retain(|other| *other != name); if on { all.push(name.clone()); } });
                            keep.run(json!(chosen.get_untracked()));
                        }/>
                        <span>{move || one.name.get(lang()).to_owned()}</span>
                    </label>
                }
            });
            view! { <fieldset class="choices"><legend>{label}</legend>{boxes.collect_view()}</fieldset> }.into_any()
        }
        FieldKind::Clauses { grading } => view! { <Clauses host label grading start=names_of(now.as_ref()) keep/> }.into_any(),
        FieldKind::Officers { least } => view! { <Officers host label least start=now.clone() keep/> }.into_any(),
        FieldKind::Person => view! { <Person label start=now.clone() keep/> }.into_any(),
        FieldKind::Rows { columns } => view! { <Rows label columns start=now.clone() keep/> }.into_any(),
        FieldKind::Photos { .. } => {
            view! { <div class="stack tight" role="group" aria-label=label><span class="label">{label}</span><PhotoStrip album=host.album item=Some((None, item))/></div> }.into_any()
        }
        FieldKind::Signature { .. } => {
            view! { <Signing host label path=path.clone() kind=field.kind.clone()/> }.into_any()
        }
        FieldKind::Link { kinds } => link(host, label, &kinds, now.as_ref(), keep),
    };
    let below = help.filter(|_| !matches!(field.kind, FieldKind::Text | FieldKind::Long));
    view! { <div class="form-field" id=id tabindex="-1">{body}{below.map(|help| view! { <p class="hint">{help}</p> })}</div> }
}

type WordOf = Box<dyn Fn() -> String + Send + Sync>;

fn names_of(value: Option<&Value>) -> Vec<String> {
    value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn text_field(label: Signal<String>, value: String, on_save: Callback<String>, help: Option<Signal<String>>, multiline: bool) -> AnyView {
    match help {
        Some(hint) => view! { <TextField label value on_save hint multiline/> }.into_any(),
        None => view! { <TextField label value on_save multiline/> }.into_any(),
    }
}

/// One of some, as radio buttons.
fn choice(
    name: &str,
    label: Signal<String>,
    options: Vec<(String, WordOf)>,
    chosen: Option<String>,
    on_choose: Callback<String>,
) -> AnyView {
    let chosen = RwSignal::new(chosen);
    let name = name.to_owned();
    let short = options.len() == 2;
    let buttons = options.into_iter().map(|(id, word)| {
        let (value, mark) = (id.clone(), id);
        view! {
            <label class="choice">
                <input type="radio" name=name.clone() prop:checked=move || chosen.with(|chosen| chosen.as_deref() == Some(mark.as_str()))
                    on:change=move |_| { chosen.set(Some(value.clone())); on_choose.run(value.clone()); }/>
                <span>{move || word()}</span>
            </label>
        }
    });
    let class = if short { "choices across" } else { "choices" };
    view! { <fieldset class=class><legend>{label}</legend>{buttons.collect_view()}</fieldset> }.into_any()
}

/// Another record, from a list.
fn link(host: FormHost, label: Signal<String>, kinds: &[String], now: Option<&Value>, keep: Callback<Value>) -> AnyView {
    let all = host.app.summaries.with_untracked(|all| {
        let own = host.record();
        let same = all.iter().filter(|one| kinds.contains(&one.kind) && one.id != own);
        let named = |one: &crate::domain::inspection::Summary| {
            let headline = one.matter.as_ref().map(|line| line.headline.clone()).unwrap_or_default();
            let title = [headline, one.title.clone(), one.subtitle.clone()]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(" · ");
            (one.id.clone(), one.kind.clone(), title)
        };
        same.map(named).collect::<Vec<_>>()
    });
    if all.is_empty() {
        return view! { <div class="field"><span>{label}</span><span class="muted">{move || cases_words().no_link}</span></div> }
            .into_any();
    }
    let chosen = now.and_then(|value| value.get("record")).and_then(Value::as_str).unwrap_or_default().to_owned();
    let options = StoredValue::new(all.clone());
    let on_change = move |event: web_sys::Event| {
        let id = event_target_value(&event);
        let found = options.with_value(|all| all.iter().find(|(known, _, _)| *known == id).cloned());
        keep.run(found.map_or(Value::Null, |(record, kind, title)| json!({"record": record, "kind": kind, "title": title})));
    };
    view! {
        <label class="field"><span>{label}</span>
            <select class="input" on:change=on_change>
                <option value="">{move || cases_words().choose}</option>
                {all.into_iter().map(|(id, _, title)| { let selected = id == chosen; view! { <option value=id selected=selected>{title}</option> } }).collect_view()}
            </select>
        </label>
    }
    .into_any()
}

/// What lacks, each one tap away.
#[component]
pub fn LackList(ctx: CaseCtx, open: Option<Open>, lacking: Memo<Vec<Lack>>) -> impl IntoView {
    let open = StoredValue::new(open);
    let record = ctx.pen.id().to_string();
    move || {
        let w = cases_words();
        let all = lacking.get();
        if all.is_empty() {
            return view! { <div class="notice good" role="status">{icon("check")}<strong class="grow">{w.nothing_lacks}</strong></div> }
                .into_any();
        }
        let name = |field: &str| {
            let case = ctx.case.get()?;
            let own = open.with_value(|open| {
                let def = case.procedure.step(&open.as_ref()?.step)?;
                Some(def.fields.iter().find(|known| known.id == field)?.name.get(lang()).to_owned())
            });
            let clock = || case.procedure.clocks.iter().find(|clock| clock.id == field).map(|clock| &clock.name);
            own.or_else(|| Some(case.procedure.field(field).map(|field| &field.name).or_else(clock)?.get(lang()).to_owned()))
        };
        let rows = all.iter().map(|lack| {
            let (text, field, head) = words_of(lack, &|field| name(field).unwrap_or_default());
            let facts = format!("/case/{record}/facts");
            match (head, field) {
                (true, _) => view! { <li><a class="list-row" href=facts><span class="grow">{text}</span>{icon("next")}</a></li> }.into_any(),
                (false, Some(field)) => view! {
                    <li><button type="button" class="list-row" on:click=move |_| scroll_to(&anchor(&field))><span class="grow">{text}</span>{icon("up")}</button></li>
                }.into_any(),
                // What is to be done first is offered on the page of the matter.
                (false, None) if matches!(lack, Lack::Waits { .. }) => view! {
                    <li><a class="list-row" href=format!("/case/{record}")><span class="grow">{text}</span>{icon("next")}</a></li>
                }
                .into_any(),
                (false, None) => view! { <li class="list-row"><span class="grow">{text}</span></li> }.into_any(),
            }
        });
        view! {
            <section class="card flush" aria-live="polite"><h2 class="card-head">{fill(w.lacking, &[&all.len()])}</h2><ul class="list">{rows.collect_view()}</ul></section>
        }
        .into_any()
    }
}

/// What lacks in words, the field that it is about, and whether that is one of the matter's own.
#[must_use]
pub fn words_of(lack: &Lack, name: &dyn Fn(&str) -> String) -> (String, Option<String>, bool) {
    let w = cases_words();
    let of = |text: &str, field: &String| (fill(text, &[&name(field)]), Some(field.clone()), false);
    match lack {
        Lack::Answer(field) => of(w.lack_answer, field),
        Lack::Wrong(field) => of(w.lack_wrong, field),
        Lack::Photos { field, least, .. } => (fill(w.lack_photos, &[&name(field), least]), Some(field.clone()), false),
        Lack::Officers { field, least } => (fill(w.lack_officers, &[&name(field), least]), Some(field.clone()), false),
        Lack::TooEarly { field, earliest } => (fill(w.lack_early, &[&name(field), earliest]), Some(field.clone()), false),
        Lack::TooLate { field, latest } => (fill(w.lack_late, &[&name(field), latest]), Some(field.clone()), false),
        Lack::Signature(field) => of(w.lack_signature, field),
        Lack::Stale(field) => of(w.lack_stale, field),
        Lack::Reason(field) => of(w.lack_reason, field),
        Lack::FreshEyes { reason: Some(reason), .. } => of(w.lack_fresh_reason, reason),
        Lack::FreshEyes { reason: None, .. } => (w.lack_fresh.to_owned(), None, false),
        Lack::Waits { clock } => (fill(w.lack_waits, &[&name(clock)]), None, false),
        Lack::NotHere => (w.lack_not_here.to_owned(), None, false),
        Lack::Head(lack) => {
            let (text, field, _) = words_of(lack, name);
            (fill(w.lack_head, &[&text]), field, true)
        }
    }
}

/// An answer as it is read.
#[must_use]
pub fn shown_value(kind: &FieldKind, value: Option<&Value>) -> AnyView {
    let w = cases_words();
    let Some(value) = value else { return view! { <span class="muted">{w.not_filled}</span> }.into_any() };
    if let (FieldKind::Signature { .. }, Some(signature)) = (kind, Signature::read(value)) {
        return view! { <SignatureView signature/> }.into_any();
    }
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let option = |options: &[crate::procedure::OptionDef], id: &str| {
        options.iter().find(|known| known.id == id).map_or(id.to_owned(), |known| known.name.get(lang()).to_owned())
    };
    let shown = match kind {
        FieldKind::Yes => (if value.as_bool() == Some(true) { w.yes } else { w.no }).to_owned(),
        FieldKind::Number { unit, .. } => {
            let number = value.as_f64().map_or_else(|| value.as_str().unwrap_or_default().to_owned(), |number| number.to_string());
            format!("{number} {unit}").trim().to_owned()
        }
        FieldKind::Choice { options } => option(options, value.as_str().unwrap_or_default()),
        FieldKind::Choices { options } => names_of(Some(value)).iter().map(|id| option(options, id)).collect::<Vec<_>>().join("、"),
        FieldKind::Clauses { .. } => return view! { <ClauseTexts ids=names_of(Some(value))/> }.into_any(),
        FieldKind::Officers { .. } => {
            let people = value.as_array().into_iter().flatten().map(|one| format!("{} {}", text(one, "name"), text(one, "cert_no")));
            people.collect::<Vec<_>>().join("、")
        }
        FieldKind::Person => [text(value, "name"), text(value, "post"), text(value, "phone")].join(" ").trim().to_owned(),
        FieldKind::Moment => {
            let ms = value.get("ms").and_then(Value::as_u64).unwrap_or_default();
            let offset = value.get("offset_min").and_then(Value::as_i64).and_then(|offset| i32::try_from(offset).ok()).unwrap_or_default();
            Instant::from_ms(ms).minute_text(offset)
        }
        FieldKind::Rows { columns } => {
            let rows = value.as_array().into_iter().flatten();
            let line = |row: &Value| {
                columns.iter().map(|column| text(row, &column.id)).filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join("，")
            };
            rows.map(line).collect::<Vec<_>>().join("；")
        }
        FieldKind::Link { .. } => text(value, "title"),
        _ => value.as_str().unwrap_or_default().to_owned(),
    };
    view! { <span class="pre">{shown}</span> }.into_any()
}
