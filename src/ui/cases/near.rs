//! Which other complaints and reports look like one, and what a person finds of it.

use leptos::prelude::*;

use super::ctx::CaseCtx;
use super::rules::triage;
use crate::domain::inspection::Summary;
use crate::intake::{Finding, NearIndex, Strength, found};
use crate::ui::icon::icon;
use crate::ui::words::{inbox_words, lang};

/// One of them, as it is shown.
#[derive(Clone, PartialEq)]
struct Shown {
    id: String,
    title: String,
    sub: String,
    reasons: String,
    strength: Strength,
    finding: Option<Finding>,
}

/// What a matter is called in a list of others.
fn title_of(summary: &Summary) -> String {
    summary.matter.as_ref().map(|line| line.headline.clone()).filter(|text| !text.is_empty()).unwrap_or_else(|| summary.title.clone())
}

/// How surely they are about the same.
pub fn strength_word(strength: Strength) -> &'static str {
    let w = inbox_words();
    match strength {
        Strength::Strong => w.strong,
        Strength::Medium => w.medium,
        Strength::Weak => w.weak,
    }
}

/// The others that look like this matter, with their reasons; nothing for what is not for the inbox.
#[component]
pub fn NearOf(ctx: CaseCtx) -> impl IntoView {
    let rules = LocalResource::new(triage);
    let id = StoredValue::new(ctx.pen.id().to_string());
    let all = Memo::new(move |_| {
        let Some(rules) = rules.get().flatten() else { return Vec::new() };
        ctx.app.summaries.with(|summaries| {
            let index = NearIndex::of(&rules, summaries);
            let near = id.with_value(|id| index.near(id));
            near.into_iter()
                .map(|one| Shown {
                    id: one.other.id.clone(),
                    title: title_of(one.other),
                    sub: one.other.matter.as_ref().map(|line| lang().pick(&line.state_zh, &line.state_en).to_owned()).unwrap_or_default(),
                    reasons: one.reasons.iter().map(|rule| rule.name.get(lang())).collect::<Vec<_>>().join("、"),
                    strength: one.strength,
                    finding: one.finding,
                })
                .collect()
        })
    });
    let decide = move |other: String, title: String, finding: Finding| {
        ctx.pen.put(&found(&other, &title, finding, ctx.now()), inbox_words().near_reason);
    };
    let row = move |one: Shown| {
        let w = inbox_words();
        let told = match one.finding {
            Some(Finding::Duplicate) => Some(("chip bad", w.was_double)),
            Some(Finding::Dismissed) => Some(("chip", w.was_other)),
            None => None,
        };
        let (double, other) = (one.clone(), one.clone());
        view! {
            <li class="near-row">
                <a class="list-row" href=format!("/case/{}", one.id)>
                    <span class="grow"><span class="title clip-2">{one.title}</span><span class="sub">{strength_word(one.strength)}"："{one.reasons}" · "{one.sub}</span></span>
                    {told.map(|(class, word)| view! { <span class=class>{word}</span> })}
                    {icon("next")}
                </a>
                <div class="row wrap near-acts">
                    {(one.finding != Some(Finding::Duplicate)).then(|| view! {
                        <button type="button" class="btn slim" on:click=move |_| decide(double.id.clone(), double.title.clone(), Finding::Duplicate)>{w.is_double}</button>
                    })}
                    {(one.finding != Some(Finding::Dismissed)).then(|| view! {
                        <button type="button" class="btn slim quiet" on:click=move |_| decide(other.id.clone(), other.title.clone(), Finding::Dismissed)>{w.is_other}</button>
                    })}
                </div>
            </li>
        }
    };
    move || {
        let w = inbox_words();
        let all = all.get();
        let double = all.iter().any(|one| one.finding == Some(Finding::Duplicate));
        (!all.is_empty()).then(|| {
            view! {
                <section class="card flush" aria-labelledby="near-of">
                    <h2 class="card-head" id="near-of">{w.near}</h2>
                    <p class="muted small inset">{w.near_hint}" "<span class="chip">{w.own_rule}</span></p>
                    {double.then(|| view! { <p class="small inset">{w.merge_hint}</p> })}
                    <ul class="list">{all.into_iter().map(row).collect_view()}</ul>
                </section>
            }
        })
    }
}
