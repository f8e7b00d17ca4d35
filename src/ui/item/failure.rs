//! What is wrong at a failed item, how grave it is, what must be done and until when.

use leptos::prelude::*;
use serde_json::{Value, json};

use super::{Asked, severity_word};
use crate::domain::checklist::Severity;
use crate::domain::content::Lang;
use crate::domain::inspection::{answer_path, day};
use crate::ui::icon::icon;
use crate::ui::widget::{TextField, go_to_blank};
use crate::ui::words::{fill, lang, words};

/// What is wrong, how grave, what must be done and until when.
#[component]
pub fn Failure(asked: Asked) -> impl IntoView {
    let Asked { ctx, index, item, .. } = asked;
    let id = item.with_value(|item| item.id.clone());
    let start = ctx.answer(index).get_untracked();
    let finding = RwSignal::new(None::<String>);
    let requirement = RwSignal::new(None::<String>);
    let save_of = move |field: &'static str| {
        Callback::new(move |text: String| asked.set(field, if text.trim().is_empty() { Value::Null } else { json!(text.trim()) }))
    };
    let phrases = move || ctx.phrases.with(|all| all.get(&id).cloned().unwrap_or_default());
    let group = NodeRef::<leptos::html::Div>::new();
    let pick = move |text: String, measure: String| {
        // What has just been typed counts too.
        ctx.app.flush_typing();
        let now = ctx.answer(index).get_untracked();
        let known = now.finding.trim();
        if !has_phrase(known, &text) {
            finding.set(Some(if known.is_empty() { text } else { format!("{known}；{text}") }));
        }
        if now.requirement.trim().is_empty() {
            requirement.set(Some(measure));
        }
        request_animation_frame(move || {
            if let Some(group) = group.get_untracked() {
                go_to_blank(&group);
            }
        });
    };
    let unwritten = start.finding.trim().is_empty();
    view! {
        <div class="check-failure stack" node_ref=group>
            <TextField label=Signal::derive(|| words().finding.to_owned()) hint=Signal::derive(|| words().finding_hint.to_owned())
                value=start.finding on_save=save_of("finding") multiline=true replace=Signal::derive(move || finding.get())/>
            <Show when={ let phrases = phrases.clone(); move || !phrases().is_empty() }>
                <details class="phrases" open=unwritten><summary>{icon("plus")}{move || words().phrases}</summary>
                    <div class="chips-pick">
                        {
                            let phrases = phrases.clone();
                            move || phrases().into_iter().map(|one| {
                                let shown = (one.zh.clone(), one.en.clone());
                                let picked = match lang() {
                                    Lang::Zh => (one.zh, one.measure_zh),
                                    Lang::En => (one.en, one.measure_en),
                                };
                                view! { <button type="button" on:click=move |_| pick(picked.0.clone(), picked.1.clone())>{lang().pick(&shown.0, &shown.1).to_owned()}</button> }
                            }).collect_view()
                        }
                    </div>
                </details>
            </Show>
            <SeverityPick asked/>
            <MeasurePick asked/>
            <TextField label=Signal::derive(|| words().requirement.to_owned()) value=start.requirement on_save=save_of("requirement") multiline=true replace=Signal::derive(move || requirement.get())/>
            <DeadlinePick asked/>
        </div>
    }
}

/// Whether a text has a ready sentence in it already, with its blanks filled in or not.
fn has_phrase(text: &str, phrase: &str) -> bool {
    let mut rest = text;
    phrase.split('_').filter(|part| !part.trim().is_empty()).all(|part| {
        let found = rest.split_once(part.trim());
        if let Some((_, after)) = found {
            rest = after;
        }
        found.is_some()
    })
}

/// The measure that goes with a grade above the item's own; the codes are those of `codes/measures.json`.
fn fitting_measure(severity: Severity) -> Option<&'static str> {
    match severity {
        Severity::General => None,
        Severity::Serious => Some("stop_use_and_report"),
        Severity::Major => Some("stop_use_report_and_supervise"),
    }
}

#[component]
fn SeverityPick(asked: Asked) -> impl IntoView {
    let Asked { ctx, index, item, key } = asked;
    let own = item.with_value(|item| item.severity);
    let now = move || ctx.answer(index).with(|answer| answer.severity).unwrap_or(own);
    let choose = move |one: Severity| {
        let answer = ctx.answer(index).get_untracked();
        let before = answer.severity.unwrap_or(own);
        // A measure that only followed the grade follows it further; one that was chosen stays.
        let follows = answer.measure.is_none() || answer.measure.as_deref() == fitting_measure(before);
        let fitting = if one > own { fitting_measure(one) } else { None };
        key.with_value(|key| {
            let (severity, measure) = (answer_path(key, "severity"), answer_path(key, "measure"));
            let mut values = vec![(severity.as_str(), json!(one.name()))];
            if follows && one != before {
                values.push((measure.as_str(), fitting.map_or(Value::Null, |code| json!(code))));
            }
            ctx.set(&values);
        });
    };
    view! {
        <div class="field" role="group" aria-label=move || words().severity>
            <span>{move || words().severity}</span>
            <div class="segmented">
                {Severity::ALL.map(|one| view! {
                    <button type="button" aria-pressed=move || (now() == one).to_string() on:click=move |_| choose(one)>
                        {move || severity_word(one)}
                    </button>
                })}
            </div>
        </div>
    }
}

#[component]
fn MeasurePick(asked: Asked) -> impl IntoView {
    let Asked { ctx, index, item, .. } = asked;
    let own = item.with_value(|item| item.on_fail.clone());
    let now = move || ctx.answer(index).with(|answer| answer.measure.clone()).unwrap_or_else(|| own.clone());
    let on_change = move |event: web_sys::Event| asked.set("measure", json!(event_target_value(&event)));
    view! {
        <label class="field">
            <span>{move || words().measure}</span>
            <select class="input" on:change=on_change>
                {
                    move || ctx.measures.get().into_iter().map(|one| {
                        let selected = now() == one.code;
                        view! { <option value=one.code.clone() selected=selected>{one.label(lang()).to_owned()}</option> }
                    }).collect_view()
                }
            </select>
        </label>
    }
}

/// A date until when, or a number of days from the check.
#[component]
fn DeadlinePick(asked: Asked) -> impl IntoView {
    let Asked { ctx, index, .. } = asked;
    let today = day(ctx.session().record().state());
    let now = move || ctx.answer(index).with(|answer| answer.deadline);
    let set = move |date: Option<String>| asked.set("deadline", date.map_or(Value::Null, Value::String));
    let preset = move |days: u64| {
        let date = today.plus_days(days);
        view! {
            <button type="button" aria-pressed=move || (now() == Some(date)).to_string() on:click=move |_| set(Some(date.to_string()))>
                {move || if days == 0 { words().deadline_today.to_owned() } else { fill(words().deadline_days, &[&days]) }}
            </button>
        }
    };
    view! {
        <div class="field" role="group" aria-label=move || words().deadline>
            <span>{move || words().deadline}</span>
            <div class="chips-pick">{[0, 7, 15, 30].map(preset)}</div>
            <input class="input date" type="date" aria-label=move || words().deadline min=today.to_string()
                prop:value=move || now().map(|date| date.to_string()).unwrap_or_default()
                on:change=move |event| set(crate::domain::time::CivilDate::parse(&event_target_value(&event)).map(|date| date.to_string()))/>
        </div>
    }
}
