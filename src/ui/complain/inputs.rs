//! Answers by taps: tiles, yes or no, numbers of people, days. Each is a group with its question as the name.

use leptos::prelude::*;
use serde_json::{Value, json};

use crate::domain::time::Instant;
use crate::ui::icon::icon;
use crate::ui::state::App;
use crate::ui::words::{complain_words, fill};

/// One of several answers.
#[derive(Clone, PartialEq, Debug)]
pub struct Tile {
    /// What is kept.
    pub id: String,
    /// What is read.
    pub name: String,
    /// A line below it; empty for none.
    pub hint: String,
    /// Its icon; empty for none.
    pub icon: &'static str,
}

/// What every field has.
#[derive(Clone)]
pub struct Asked {
    /// The field, and the start of all ids of it.
    pub id: String,
    /// The question, following the language.
    pub label: Signal<String>,
    /// Ids of what describes it: hint and problems.
    pub described: String,
    /// The answer that counts.
    pub now: Signal<Value>,
    /// Takes another answer.
    pub keep: Callback<Value>,
}

/// How tiles answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Many {
    /// One: a text.
    One,
    /// Some: a list.
    Some,
    /// Some, or none of them, which is an answer too: a list that may be empty.
    OrNone,
}

/// The most characters of a name that has half of a narrow page for itself.
const SHORT: usize = 9;

/// Tiles to choose one or several from.
#[component]
pub fn Tiles(asked: Asked, tiles: Vec<Tile>, many: Many) -> impl IntoView {
    let Asked { id: name, label, described, now, keep } = asked;
    let short = tiles.iter().all(|tile| tile.name.chars().count() <= SHORT && tile.hint.is_empty());
    let chosen = move |id: &str| {
        now.with(|value| match value {
            Value::String(text) => text == id,
            Value::Array(all) => all.iter().any(|one| one == id),
            _ => false,
        })
    };
    let group = name.clone();
    let tile = move |tile: Tile| {
        let (mark, id) = (tile.id.clone(), tile.id);
        let toggle = move |event: web_sys::Event| {
            if many == Many::One {
                keep.run(json!(id));
                return;
            }
            let mut all: Vec<Value> = now.with_untracked(|value| value.as_array().cloned().unwrap_or_default());
            all.retain(|one| *one != id);
            if event_target_checked(&event) {
                all.push(json!(id));
            }
            keep.run(if all.is_empty() { Value::Null } else { Value::Array(all) });
        };
        view! {
            <label class="tile">
                <input type=if many == Many::One { "radio" } else { "checkbox" } name=group.clone() prop:checked=move || chosen(&mark) on:change=toggle/>
                {(!tile.icon.is_empty()).then(|| icon(tile.icon))}
                <span class="grow">{tile.name}{(!tile.hint.is_empty()).then(|| view! { <span class="sub">{tile.hint}</span> })}</span>
            </label>
        }
    };
    let none = (many == Many::OrNone).then(|| {
        view! {
            <label class="tile">
                <input type="checkbox" name=name prop:checked=move || now.with(|value| value.as_array().is_some_and(Vec::is_empty))
                    on:change=move |event| keep.run(if event_target_checked(&event) { json!([]) } else { Value::Null })/>
                <span class="grow">{move || complain_words().none_of_them}</span>
            </label>
        }
    });
    view! {
        <fieldset class="tile-set" aria-describedby=described>
            <legend>{label}</legend>
            <div class=if short { "two-up" } else { "choices" }>{tiles.into_iter().map(tile).collect_view()}{none}</div>
        </fieldset>
    }
}

/// Yes or no.
#[component]
pub fn YesNo(asked: Asked) -> impl IntoView {
    let Asked { id: name, label, described, now, keep } = asked;
    let one = move |answer: bool, word: fn() -> &'static str| {
        view! {
            <label class="tile">
                <input type="radio" name=name.clone() prop:checked=move || now.with(|value| value.as_bool() == Some(answer)) on:change=move |_| keep.run(json!(answer))/>
                <span class="grow">{word}</span>
            </label>
        }
    };
    view! {
        <fieldset class="tile-set" aria-describedby=described>
            <legend>{label}</legend>
            <div class="two-up">{one.clone()(true, || complain_words().yes)}{one(false, || complain_words().no)}</div>
        </fieldset>
    }
}

/// How many: one more, one fewer.
#[component]
pub fn Count(asked: Asked, max: i64) -> impl IntoView {
    let Asked { label, described, now, keep, .. } = asked;
    let count = move || now.with(|value| value.as_i64().unwrap_or_default());
    view! {
        <div class="answer" role="group" aria-label=label aria-describedby=described>
            <span class="label">{label}</span>
            <div class="counter">
                <button type="button" class="btn" disabled={move || count() <= 0} aria-label=move || fill(complain_words().fewer, &[&label.get()])
                    on:click=move |_| { let next = untrack(count) - 1; keep.run(json!(next.max(0))); }>{icon("minus")}</button>
                <output aria-live="polite">{move || fill(complain_words().people, &[&count()])}</output>
                <button type="button" class="btn" disabled={move || count() >= max} aria-label=move || fill(complain_words().more, &[&label.get()])
                    on:click=move |_| { let next = untrack(count) + 1; keep.run(json!(next.min(max))); }>{icon("plus")}</button>
            </div>
        </div>
    }
}

const DAY_MS: u64 = 86_400_000;

/// A day in the past: some by one tap, others by the calendar. `offer` counts days back from today.
#[component]
pub fn Day(asked: Asked, offer: Vec<u64>) -> impl IntoView {
    let Asked { id: name, label, described, now, keep } = asked;
    let app = App::get();
    let day_of = |back: u64| Instant::from_ms(app.now_ms().saturating_sub(back * DAY_MS)).date(app.offset_min()).to_string();
    let day = Memo::new(move |_| now.with(|value| value.as_str().unwrap_or_default().to_owned()));
    let known: Vec<(String, u64)> = offer.into_iter().map(|back| (day_of(back), back)).collect();
    let other = RwSignal::new(day.with_untracked(|day| !day.is_empty() && known.iter().all(|(quick, _)| quick != day)));
    let group = name.clone();
    let last = day_of(0);
    let word = |back: u64| match back {
        0 => complain_words().today.to_owned(),
        1 => complain_words().yesterday.to_owned(),
        2 => complain_words().before_yesterday.to_owned(),
        more => fill(complain_words().days_ago, &[&more]),
    };
    view! {
        <fieldset class="tile-set" aria-describedby=described>
            <legend>{label}</legend>
            <div class="two-up">
                {known.into_iter().map(|(date, back)| {
                    let mark = date.clone();
                    view! {
                        <label class="tile">
                            <input type="radio" name=group.clone() prop:checked=move || !other.get() && day.with(|day| *day == mark) on:change=move |_| { other.set(false); keep.run(json!(date)); }/>
                            <span class="grow">{move || word(back)}</span>
                        </label>
                    }
                }).collect_view()}
                <label class="tile">
                    <input type="radio" name=name prop:checked=move || other.get() on:change=move |_| other.set(true)/>
                    <span class="grow">{move || complain_words().other_day}</span>
                </label>
            </div>
            <Show when=move || other.get()>
                <label class="field"><span>{move || complain_words().other_day_label}</span>
                    <input class="input" type="date" autocomplete="off" min="2000-01-01" max=last.clone() prop:value=day.get_untracked()
                        on:change=move |event| { let text = event_target_value(&event); keep.run(if text.is_empty() { Value::Null } else { json!(text) }); }/>
                </label>
            </Show>
        </fieldset>
    }
}
