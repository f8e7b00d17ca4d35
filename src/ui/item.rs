//! One item of the checklist: the question, its answer, and what follows when it fails.

use leptos::prelude::*;
use serde_json::{Value, json};

use super::check::CheckCtx;
use super::icon::icon;
use super::photo::PhotoStrip;
use super::widget::{TextField, go_to_blank};
use super::words::{fill, lang, words};
use crate::domain::checklist::{AnswerSpec, BasisRef, Choice, Item, Judgement, LimitKind, Severity, Verdict, read_number};
use crate::domain::content::Lang;
use crate::domain::inspection::{answer_path, day};

/// The word for a verdict.
#[must_use]
pub fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => words().verdict_pass,
        Verdict::Fail => words().verdict_fail,
        Verdict::Na => words().verdict_na,
    }
}

/// The word for a severity.
#[must_use]
pub fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::General => words().severity_general,
        Severity::Serious => words().severity_serious,
        Severity::Major => words().severity_major,
    }
}

/// One item.
#[component]
pub fn ItemCard(ctx: CheckCtx, index: usize, item: Item) -> impl IntoView {
    let verdict = Memo::new(move |_| ctx.verdict(index));
    let item = StoredValue::new(item);
    let id = item.with_value(|item| item.id.clone());
    let touched = id.clone();
    let failed = move || verdict.get() == Some(Verdict::Fail);
    let text = move || item.with_value(|item| item.text(lang()).to_owned());
    let relevant = ctx.inspection.with_value(|inspection| item.with_value(|item| item.is_relevant(&inspection.facts)));
    let heading = format!("{id}-t");
    let label = heading.clone();
    let unanswered = move || verdict.get().is_none();
    view! {
        <article class="card check-item" id=id tabindex="-1" aria-labelledby=label
            class:open=unanswered class:failed=failed class:irrelevant=!relevant
            on:focusin=move |_| ctx.at(&touched)>
            <h3 class="item-text" id=heading><span class="item-no num">{index + 1}</span><span class="grow">{text}</span></h3>
            <SeverityLine ctx index item failed=Signal::derive(failed)/>
            {(!relevant).then(|| view! { <p class="muted small">{move || words().not_relevant}</p> })}
            <ValueInput ctx index item/>
            <Verdicts ctx index item verdict/>
            <Show when=failed><Failure ctx index item/></Show>
            <PhotoStrip ctx item=Some(item.with_value(|item| (index, item.id.clone())))/>
            <ItemHelp ctx item/>
        </article>
    }
}

/// How grave a failure of an item is; before it has failed, how grave it would be.
#[component]
fn SeverityLine(ctx: CheckCtx, index: usize, item: StoredValue<Item>, #[prop(into)] failed: Signal<bool>) -> impl IntoView {
    let own = item.with_value(|item| item.severity);
    let unverified = ctx
        .inspection
        .with_value(|inspection| item.with_value(|item| item.severity_basis.iter().any(|one| inspection.checklist.is_unverified(one))));
    let severity = Memo::new(move |_| {
        let chosen = ctx.answer(index).and_then(|answer| answer.with(|answer| answer.severity));
        if failed.get() { chosen.unwrap_or(own) } else { own }
    });
    move || {
        let severity = severity.get();
        if severity == Severity::General {
            return None;
        }
        let tone = match (failed.get(), severity) {
            (true, Severity::Major) => "chip bad",
            (true, _) => "chip warn",
            (false, _) => "chip",
        };
        let text = move || {
            if failed.get() {
                format!("{} · {}", words().severity, severity_word(severity))
            } else {
                fill(words().if_failed, &[&severity_word(severity)])
            }
        };
        let doubt = unverified && severity == own;
        Some(view! {
            <p class="row wrap"><span class=tone>{text}</span>{doubt.then(|| view! { <span class="chip warn">{move || words().unverified}</span> })}</p>
        })
    }
}

/// The three buttons. A verdict that follows from a limit is shown as chosen, with a word why.
#[component]
fn Verdicts(ctx: CheckCtx, index: usize, item: StoredValue<Item>, verdict: Memo<Option<Verdict>>) -> impl IntoView {
    let button = move |one: Verdict| {
        let choose = move |_| {
            let again = ctx.answer(index).is_some_and(|answer| answer.with_untracked(|answer| answer.chosen) == Some(one));
            let value = if again { Value::Null } else { json!(one.name()) };
            item.with_value(|item| ctx.set_answer(&item.id, "verdict", value));
        };
        let name = match one {
            Verdict::Pass => "check",
            Verdict::Fail => "cross",
            Verdict::Na => "minus",
        };
        view! {
            <button type="button" class=format!("verdict {}", one.name()) aria-pressed=move || (verdict.get() == Some(one)).to_string() on:click=choose>
                {icon(name)}<span>{move || verdict_word(one)}</span>
            </button>
        }
    };
    let why = move || {
        let answer = ctx.answer(index)?.get();
        let value = answer.value?;
        let judged = ctx.inspection.with_value(|inspection| item.with_value(|item| item.judge(&value, inspection.day, &inspection.facts)));
        match judged {
            Judgement::Decided(_) if answer.chosen.is_none() => Some(words().by_rule),
            Judgement::Advised(Verdict::Fail) if answer.chosen.is_none() => Some(words().by_rule_advice),
            _ => None,
        }
    };
    view! {
        <div class="verdicts" role="group" aria-label=move || item.with_value(|item| item.text(lang()).to_owned())>{Verdict::ALL.map(button)}</div>
        {move || why().map(|why| view! { <p class="muted small" role="status">{why}</p> })}
    }
}

/// The number, date, choice or text of an item.
#[component]
fn ValueInput(ctx: CheckCtx, index: usize, item: StoredValue<Item>) -> impl IntoView {
    let id = item.with_value(|item| item.id.clone());
    let start = ctx.answer(index).and_then(|answer| answer.with_untracked(|answer| answer.value.clone()));
    match item.with_value(|item| item.answer.clone()) {
        AnswerSpec::YesNoNa { .. } => ().into_any(),
        AnswerSpec::Number { unit, min, max, limit_kind, .. } => {
            let start = start.as_ref().and_then(Value::as_f64).map(|number| number.to_string()).unwrap_or_default();
            let odd = RwSignal::new(false);
            let of_unit = unit.clone();
            let save = Callback::new(move |text: String| {
                let number = read_number(&text, of_unit.as_deref());
                odd.set(number.is_none() && !text.trim().is_empty());
                ctx.set_answer(&id, "value", number.map_or(Value::Null, |number| json!(number)));
            });
            let limits = limits_text(min, max, unit.as_deref());
            let label = Signal::derive(move || {
                let kind = if limit_kind == Some(LimitKind::Advisory) { words().limits_advice } else { words().limits };
                match &limits {
                    Some(limits) => format!("{}（{}）", words().value_number, fill(kind, &[limits])),
                    None => words().value_number.to_owned(),
                }
            });
            let odd = Signal::derive(move || if odd.get() { words().number_needed.to_owned() } else { String::new() });
            view! { <TextField label=label value=start on_save=save inputmode="decimal" max=20 unit=unit.unwrap_or_default() odd/> }
                .into_any()
        }
        AnswerSpec::Date { .. } => {
            let start = start.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned();
            let on_change = move |event: web_sys::Event| {
                let text = event_target_value(&event);
                let value = crate::domain::time::CivilDate::parse(&text).map_or(Value::Null, |date| json!(date.to_string()));
                ctx.set_answer(&id, "value", value);
            };
            view! { <label class="field"><span>{move || words().value_date}</span><input class="input date" type="date" value=start on:change=on_change/></label> }.into_any()
        }
        AnswerSpec::Choice { multiple, options, .. } => view! { <Choices ctx index item multiple options/> }.into_any(),
        AnswerSpec::Text { max_length } => {
            let start = start.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned();
            let save = Callback::new(move |text: String| {
                let value = if text.trim().is_empty() { Value::Null } else { json!(text.trim()) };
                ctx.set_answer(&id, "value", value);
            });
            let max = max_length.and_then(|max| u32::try_from(max).ok()).unwrap_or(2000);
            view! { <TextField label=Signal::derive(|| words().value.to_owned()) value=start on_save=save multiline=true max/> }.into_any()
        }
        _ => ().into_any(),
    }
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

#[component]
fn Choices(ctx: CheckCtx, index: usize, item: StoredValue<Item>, multiple: bool, options: Vec<Choice>) -> impl IntoView {
    let id = item.with_value(|item| item.id.clone());
    let chosen = move || -> Vec<String> {
        match ctx.answer(index).and_then(|answer| answer.get().value) {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            _ => Vec::new(),
        }
    };
    let option = move |one: Choice| {
        let (value, id, checked) = (one.value.clone(), id.clone(), one.value.clone());
        let on_change = move |event: web_sys::Event| {
            let on = event_target_checked(&event);
            let new = if multiple {
                let mut all = untrack(chosen);
                all.retain(|known| *known != value);
                if on {
                    all.push(value.clone());
                }
                if all.is_empty() { Value::Null } else { json!(all) }
            } else {
                json!(value)
            };
            ctx.set_answer(&id, "value", new);
        };
        view! {
            <label class="choice">
                <input type=if multiple { "checkbox" } else { "radio" } name=format!("choice-{index}") prop:checked=move || chosen().contains(&checked) on:change=on_change/>
                <span>{move || lang().pick(&one.zh, &one.en).to_owned()}</span>
            </label>
        }
    };
    view! {
        <fieldset class="choices">
            <legend class="label">{move || if multiple { words().value_choice_many } else { words().value_choice }}</legend>
            {options.into_iter().map(option).collect_view()}
        </fieldset>
    }
}

/// What is wrong, how grave, what must be done and until when.
#[component]
fn Failure(ctx: CheckCtx, index: usize, item: StoredValue<Item>) -> impl IntoView {
    let id = item.with_value(|item| item.id.clone());
    let start = ctx.answer(index).map(|answer| answer.get_untracked()).unwrap_or_default();
    let finding = RwSignal::new(None::<String>);
    let requirement = RwSignal::new(None::<String>);
    let save_of = {
        let id = id.clone();
        move |field: &'static str| {
            let id = id.clone();
            Callback::new(move |text: String| {
                let value = if text.trim().is_empty() { Value::Null } else { json!(text.trim()) };
                ctx.set_answer(&id, field, value);
            })
        }
    };
    let phrases = {
        let id = id.clone();
        move || ctx.phrases.with(|all| all.get(&id).cloned().unwrap_or_default())
    };
    let group = NodeRef::<leptos::html::Div>::new();
    let pick = move |text: String, measure: String| {
        // What has just been typed counts too.
        ctx.app.flush_typing();
        let now = ctx.answer(index).map(|answer| answer.get_untracked()).unwrap_or_default();
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
            <SeverityPick ctx index item/>
            <MeasurePick ctx index item/>
            <TextField label=Signal::derive(|| words().requirement.to_owned()) value=start.requirement on_save=save_of("requirement") multiline=true replace=Signal::derive(move || requirement.get())/>
            <DeadlinePick ctx index item/>
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
fn SeverityPick(ctx: CheckCtx, index: usize, item: StoredValue<Item>) -> impl IntoView {
    let own = item.with_value(|item| item.severity);
    let now = move || ctx.answer(index).and_then(|answer| answer.get().severity).unwrap_or(own);
    let choose = move |one: Severity| {
        let answer = ctx.answer(index).map(|answer| answer.get_untracked()).unwrap_or_default();
        let before = answer.severity.unwrap_or(own);
        // A measure that only followed the grade follows it further; one that was chosen stays.
        let follows = answer.measure.is_none() || answer.measure.as_deref() == fitting_measure(before);
        let fitting = if one > own { fitting_measure(one) } else { None };
        item.with_value(|item| {
            let (severity, measure) = (answer_path(&item.id, "severity"), answer_path(&item.id, "measure"));
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
fn MeasurePick(ctx: CheckCtx, index: usize, item: StoredValue<Item>) -> impl IntoView {
    let own = item.with_value(|item| item.on_fail.clone());
    let now = move || ctx.answer(index).and_then(|answer| answer.get().measure).unwrap_or_else(|| own.clone());
    let on_change =
        move |event: web_sys::Event| item.with_value(|item| ctx.set_answer(&item.id, "measure", json!(event_target_value(&event))));
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
fn DeadlinePick(ctx: CheckCtx, index: usize, item: StoredValue<Item>) -> impl IntoView {
    let today = day(ctx.session().record().state());
    let now = move || ctx.answer(index).and_then(|answer| answer.get().deadline);
    let set =
        move |date: Option<String>| item.with_value(|item| ctx.set_answer(&item.id, "deadline", date.map_or(Value::Null, Value::String)));
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

/// How to check it and why: folded away until asked for.
#[component]
fn ItemHelp(ctx: CheckCtx, item: StoredValue<Item>) -> impl IntoView {
    let id = item.with_value(|item| item.id.clone());
    let start = untrack(|| ctx.text(&format!("answers/{id}/note")));
    let save = Callback::new(move |text: String| {
        let value = if text.trim().is_empty() { Value::Null } else { json!(text.trim()) };
        ctx.set_answer(&id, "note", value);
    });
    let refs = item.with_value(|item| item.basis.iter().chain(&item.severity_basis).cloned().collect::<Vec<_>>());
    view! {
        <details class="help">
            <summary>{icon("book")}{move || format!("{} · {} · {}", words().how, words().basis, words().note)}</summary>
            <div class="stack tight">
                <p>{move || item.with_value(|item| item.how(lang()).to_owned())}</p>
                <ul class="basis">{refs.into_iter().map(|one| view! { <BasisLine ctx one/> }).collect_view()}</ul>
                <TextField label=Signal::derive(|| words().note.to_owned()) value=start on_save=save multiline=true/>
            </div>
        </details>
    }
}

#[component]
fn BasisLine(ctx: CheckCtx, one: BasisRef) -> impl IntoView {
    let (basis, unverified) =
        ctx.inspection.with_value(|inspection| (inspection.checklist.basis(&one.basis).cloned(), inspection.checklist.is_unverified(&one)));
    view! {
        <li>
            {move || basis.as_ref().map(|basis| format!("{}（{}）", lang().pick(&basis.name_zh, &basis.name_en), basis.number))}
            " "{one.article.clone()}" "
            {unverified.then(|| view! { <span class="chip warn">{move || words().unverified}</span> })}
        </li>
    }
}
