//! The value of an answer: an input for every kind of answer.

use leptos::prelude::*;
use serde_json::{Value, json};

use super::Asked;
use crate::browser::position;
use crate::domain::checklist::{AnswerSpec, Choice, LimitKind, read_number};
use crate::domain::inspection::chosen;
use crate::domain::signature::{Signature, Stroke};
use crate::domain::time::CivilDate;
use crate::scan::decode::Code;
use crate::ui::icon::icon;
use crate::ui::scan::ScanView;
use crate::ui::sign::{ASPECT, Pad, SignatureView};
use crate::ui::widget::{Sheet, TextField};
use crate::ui::words::{fill, lang, scan_words, visit_words, words};

/// How many options are shown without a search.
const MANY: usize = 12;
/// How long the position may take, in milliseconds.
const FIX_MS: u32 = 20_000;

/// The number, date, choice, text, position, drawing of an item.
#[component]
pub(super) fn ValueInput(asked: Asked) -> impl IntoView {
    let status = asked.ctx.status(asked.index);
    let read_only = Memo::new(move |_| status.with(|status| status.said.read_only));
    move || {
        if read_only.get() {
            let value = move || asked.ctx.answer(asked.index).with(|answer| answer.value.as_ref().map(plain).unwrap_or_default());
            let shown = asked.item.with_value(|item| !matches!(item.answer, AnswerSpec::YesNoNa { .. } | AnswerSpec::Note));
            return shown
                .then(|| view! { <p class="computed"><strong class="num">{value}</strong>" "<span class="chip">{move || visit_words().read_only}</span></p> })
                .into_any();
        }
        input(asked)
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn input(asked: Asked) -> AnyView {
    let start = asked.ctx.answer(asked.index).with_untracked(|answer| answer.value.clone());
    let text = start.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned();
    match asked.item.with_value(|item| item.answer.clone()) {
        AnswerSpec::YesNoNa { .. } | AnswerSpec::Note | AnswerSpec::Calculate => ().into_any(),
        AnswerSpec::Image => view! { <p class="muted small">{move || visit_words().photo_needed}</p> }.into_any(),
        AnswerSpec::Number { unit, min, max, limit_kind, integer, .. } => {
            let start = start.as_ref().and_then(Value::as_f64).map(|number| number.to_string()).unwrap_or_default();
            view! { <Number asked start unit min max limit_kind integer/> }.into_any()
        }
        AnswerSpec::Range { start: from, end, step, integer } => {
            view! { <Scale asked value=start.as_ref().and_then(Value::as_f64) from end step integer/> }.into_any()
        }
        AnswerSpec::Date { .. } => {
            let read = |text: &str| CivilDate::parse(text).map(|date| date.to_string());
            moment(asked, "date", text, || words().value_date, read)
        }
        AnswerSpec::Time => moment(asked, "time", text, || visit_words().time, |text| (!text.is_empty()).then(|| text.to_owned())),
        AnswerSpec::DateTime => {
            // With the offset of the place, which the field does not show.
            let shown: String = text.chars().take(16).collect();
            let offset = asked.ctx.app.offset_min();
            let read = move |text: &str| (!text.is_empty()).then(|| format!("{text}:00.000{}", offset_text(offset)));
            moment(asked, "datetime-local", shown, || visit_words().date_time, read)
        }
        AnswerSpec::Choice { multiple, options, .. } => view! { <Choices asked multiple options/> }.into_any(),
        AnswerSpec::Text { max_length } => {
            let save = Callback::new(move |text: String| asked.set("value", words_or_nothing(&text)));
            let max = max_length.and_then(|max| u32::try_from(max).ok()).unwrap_or(2000);
            view! { <TextField label=Signal::derive(|| words().value.to_owned()) value=text on_save=save multiline=true max/> }.into_any()
        }
        AnswerSpec::Barcode => {
            let save = Callback::new(move |text: String| asked.set("value", words_or_nothing(&text)));
            view! { <ScannedCode text save/> }.into_any()
        }
        AnswerSpec::Geopoint => view! { <Place asked/> }.into_any(),
        AnswerSpec::Drawing => view! { <Drawing asked/> }.into_any(),
    }
}

/// What a code says: scanned, or typed where the camera can't be used.
#[component]
fn ScannedCode(text: String, save: Callback<String>) -> impl IntoView {
    let open = RwSignal::new(false);
    let read = RwSignal::new(None::<String>);
    view! {
        <TextField label=Signal::derive(|| visit_words().code_field.to_owned()) value=text on_save=save max=400 replace=Signal::derive(move || read.get())/>
        <button type="button" class="btn" on:click=move |_| open.set(true)>{icon("scan")}{move || scan_words().title}</button>
        <Sheet open title=Signal::derive(|| scan_words().title.to_owned())>
            <ScanView on_code=Callback::new(move |code: Code| {
                read.set(Some(code.text));
                open.set(false);
            })/>
        </Sheet>
    }
}

fn words_or_nothing(text: &str) -> Value {
    if text.trim().is_empty() { Value::Null } else { json!(text.trim()) }
}

/// An offset from UTC as dates carry it: `+08:00`.
fn offset_text(offset_min: i32) -> String {
    let sign = if offset_min < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", offset_min.abs() / 60, offset_min.abs() % 60)
}

/// A date or a time.
fn moment(
    asked: Asked,
    kind: &'static str,
    start: String,
    label: fn() -> &'static str,
    read: impl Fn(&str) -> Option<String> + Clone + 'static,
) -> AnyView {
    let on_change = move |event: web_sys::Event| asked.set("value", read(&event_target_value(&event)).map_or(Value::Null, Value::String));
    view! { <label class="field"><span>{label}</span><input class="input date" type=kind value=start on:change=on_change/></label> }
        .into_any()
}

#[component]
fn Number(
    asked: Asked,
    start: String,
    unit: Option<String>,
    min: Option<f64>,
    max: Option<f64>,
    limit_kind: Option<LimitKind>,
    integer: bool,
) -> impl IntoView {
    let odd = RwSignal::new(None::<fn() -> &'static str>);
    let of_unit = unit.clone();
    let save = Callback::new(move |text: String| {
        let number = read_number(&text, of_unit.as_deref());
        odd.set(match number {
            None if !text.trim().is_empty() => Some(|| words().number_needed),
            Some(number) if integer && number.fract() != 0.0 => Some(|| visit_words().whole_number),
            _ => None,
        });
        asked.set("value", number.map_or(Value::Null, |number| json!(number)));
    });
    let limits = limits_text(min, max, unit.as_deref());
    let label = Signal::derive(move || {
        let kind = if limit_kind == Some(LimitKind::Advisory) { words().limits_advice } else { words().limits };
        match &limits {
            Some(limits) => format!("{}（{}）", words().value_number, fill(kind, &[limits])),
            None => words().value_number.to_owned(),
        }
    });
    let odd = Signal::derive(move || odd.get().map(|text| text().to_owned()).unwrap_or_default());
    let keys = if integer { "numeric" } else { "decimal" };
    view! { <TextField label=label value=start on_save=save inputmode=keys max=20 unit=unit.unwrap_or_default() odd/> }
}

/// Limits as people write them: `0～15 天`, `≤4 mm`.
#[must_use]
pub fn limits_text(min: Option<f64>, max: Option<f64>, unit: Option<&str>) -> Option<String> {
    let unit = unit.map(|unit| format!(" {unit}")).unwrap_or_default();
    match (min, max) {
        (Some(min), Some(max)) => Some(format!("{min}～{max}{unit}")),
        (None, Some(max)) => Some(format!("≤{max}{unit}")),
        (Some(min), None) => Some(format!("≥{min}{unit}")),
        (None, None) => None,
    }
}

/// A number on a scale. Nothing is chosen until it is moved, and it can be taken back.
#[component]
fn Scale(asked: Asked, value: Option<f64>, from: f64, end: f64, step: f64, integer: bool) -> impl IntoView {
    let now = RwSignal::new(value);
    let kept = move || asked.ctx.answer(asked.index).with(|answer| answer.value.as_ref().and_then(Value::as_f64));
    let (low, high) = (from.min(end), from.max(end));
    let shown = move || now.get().map_or_else(|| visit_words().scale_unset.to_owned(), |number| number.to_string());
    let read = |event: &web_sys::Event| event_target_value(event).parse::<f64>().ok();
    let step = if step > 0.0 {
        step
    } else if integer {
        1.0
    } else {
        (high - low) / 100.0
    };
    let clear = move |_| {
        now.set(None);
        asked.set("value", Value::Null);
    };
    let label = move || fill(visit_words().scale, &[&from, &end]);
    view! {
        <div class="field">
            <label class="field"><span>{label}</span>
                <input class="scale" type="range" min=low.to_string() max=high.to_string() step=step.to_string() value=value.unwrap_or(low).to_string()
                    aria-valuetext=shown
                    on:input=move |event| now.set(read(&event))
                    on:change=move |event| asked.set("value", read(&event).map_or(Value::Null, |number| json!(number)))/>
            </label>
            <p class="row"><output class="grow num"><strong>{shown}</strong></output>
                <Show when=move || kept().is_some()><button type="button" class="btn slim quiet" on:click=clear>{move || visit_words().clear}</button></Show>
            </p>
        </div>
    }
}

/// One or several options: those that are offered, with a search where there are many.
#[component]
fn Choices(asked: Asked, multiple: bool, options: Vec<Choice>) -> impl IntoView {
    let answer = asked.ctx.answer(asked.index);
    let status = asked.ctx.status(asked.index);
    let offered = Memo::new(move |_| status.with(|status| status.said.options.clone()));
    let marked = move || {
        answer.with(|answer| {
            answer.value.as_ref().map(|value| chosen(value).into_iter().map(str::to_owned).collect::<Vec<_>>()).unwrap_or_default()
        })
    };
    let search = RwSignal::new(String::new());
    let total = options.len();
    let options = StoredValue::new(options);
    let shown = Memo::new(move |_| {
        let wanted = search.get().to_ascii_lowercase();
        let offered = offered.get();
        options.with_value(|options| {
            let open =
                |index: usize| offered.as_ref().is_none_or(|offered| u32::try_from(index).is_ok_and(|index| offered.contains(&index)));
            let fits = |one: &Choice| {
                wanted.is_empty() || [&one.zh, &one.en, &one.value].into_iter().any(|text| text.to_ascii_lowercase().contains(&wanted))
            };
            options.iter().enumerate().filter(|(index, one)| open(*index) && fits(one)).map(|(_, one)| one.clone()).collect::<Vec<_>>()
        })
    });
    let take = move |value: &str, on: bool| {
        let new = if multiple {
            let mut all = untrack(marked);
            all.retain(|known| known != value);
            if on {
                all.push(value.to_owned());
            }
            if all.is_empty() { Value::Null } else { json!(all) }
        } else {
            json!(value)
        };
        asked.set("value", new);
    };
    let name = asked.key.with_value(|key| format!("choice-{key}"));
    let option = move |one: Choice| {
        let (value, checked, name) = (one.value.clone(), one.value.clone(), name.clone());
        view! {
            <label class="choice">
                <input type=if multiple { "checkbox" } else { "radio" } name=name prop:checked=move || marked().contains(&checked)
                    on:change=move |event| take(&value, event_target_checked(&event))/>
                <span>{move || lang().pick(&one.zh, &one.en).to_owned()}</span>
            </label>
        }
    };
    let none = move || shown.with(Vec::is_empty) && search.with(String::is_empty);
    view! {
        <fieldset class="choices" class:many=total.gt(&MANY)>
            <legend class="label">{move || if multiple { words().value_choice_many } else { words().value_choice }}</legend>
            {(total > MANY).then(|| view! {
                <label class="search"><span class="sr">{move || visit_words().find_option}</span>{icon("search")}
                    <input class="input" type="search" placeholder=move || visit_words().find_option on:input=move |event| search.set(event_target_value(&event))/>
                </label>
            })}
            <Show when=none><p class="muted small">{move || visit_words().no_options}</p></Show>
            <div class="options"><For each=move || shown.get() key=|one| one.value.clone() let:one>{option(one)}</For></div>
        </fieldset>
    }
}

/// Where the phone is.
#[component]
fn Place(asked: Asked) -> impl IntoView {
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(false);
    let answer = asked.ctx.answer(asked.index);
    let line = move || {
        answer.with(|answer| {
            let value = answer.value.as_ref()?;
            let number = |field: &str| value.get(field).and_then(Value::as_f64);
            let accuracy = number("accuracy_m").map_or_else(|| "?".to_owned(), |metres| format!("{metres:.0}"));
            let (lat, lon) = (format!("{:.6}", number("lat")?), format!("{:.6}", number("lon")?));
            Some(fill(visit_words().place_line, &[&lat, &lon, &accuracy]))
        })
    };
    let take = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        failed.set(false);
        leptos::task::spawn_local(async move {
            let found = position::current(FIX_MS, true).await;
            busy.try_set(false);
            match found {
                Ok(fix) => asked.set(
                    "value",
                    json!({ "lat": fix.lat, "lon": fix.lon, "accuracy_m": fix.accuracy_m, "datum": "WGS-84", "at_ms": fix.at_ms }),
                ),
                Err(_) => {
                    failed.try_set(true);
                }
            }
        });
    };
    let label = move || match (busy.get(), line().is_some()) {
        (true, _) => visit_words().place_taking,
        (false, true) => visit_words().place_again,
        (false, false) => visit_words().place_take,
    };
    view! {
        <div class="stack tight">
            {move || line().map(|line| view! { <p class="num">{line}</p> })}
            <Show when=move || failed.get()><p class="error" role="alert">{move || visit_words().place_none}</p></Show>
            <button type="button" class="btn" disabled=move || busy.get() on:click=take>{icon("pin")}{label}</button>
        </div>
    }
}

/// A drawing or a signature that belongs to an item.
#[component]
fn Drawing(asked: Asked) -> impl IntoView {
    let open = RwSignal::new(false);
    let answer = asked.ctx.answer(asked.index);
    let now = Memo::new(move |_| answer.with(|answer| answer.value.as_ref().and_then(Signature::read)));
    let label = move || if now.get().is_some() { visit_words().draw_again } else { visit_words().draw_here };
    let done = Callback::new(move |strokes: Vec<Stroke>| {
        let drawing = Signature::sign("", "", strokes, ASPECT, asked.ctx.app.now_ms());
        asked.set("value", serde_json::to_value(&drawing).unwrap_or_default());
        open.set(false);
    });
    view! {
        {move || now.get().map(|signature| view! { <SignatureView signature/> })}
        <div class="row wrap">
            <button type="button" class="btn" on:click=move |_| open.set(true)>{icon("pen")}{label}</button>
            <Show when=move || now.get().is_some()><button type="button" class="btn quiet" on:click=move |_| asked.set("value", Value::Null)>{move || visit_words().clear}</button></Show>
        </div>
        <Sheet open title=Signal::derive(|| visit_words().draw_here.to_owned()) full=true><Pad on_done=done/></Sheet>
    }
}
