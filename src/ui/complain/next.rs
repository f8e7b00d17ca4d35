//! What happens after a complaint was handed over, with days counted by the rules that are data.

use leptos::prelude::*;

use super::ctx::DraftCtx;
use crate::complaint::Filing;
use crate::domain::time::CivilDate;
use crate::rules::clock::{Clock, Unit};
use crate::ui::cases::rules::{SharedTiming, timing};
use crate::ui::icon::icon;
use crate::ui::widget::Notice;
use crate::ui::words::{complain_words, fill};

/// One thing that happens.
struct Coming {
    title: &'static str,
    text: String,
    verified: bool,
    estimated: bool,
}

/// What happens next, for what was filed.
#[component]
pub fn WhatNext(ctx: DraftCtx) -> impl IntoView {
    let rules = LocalResource::new(timing);
    let filings = Memo::new(move |_| ctx.read(|reading| reading.filings.clone()));
    // An unnamed report carries no telephone to answer to; beside a complaint there is always one.
    let named = Memo::new(move |_| {
        ctx.read(|reading| {
            reading.filings.contains(&Filing::Complaint) || reading.answer("named").and_then(serde_json::Value::as_bool) == Some(true)
        })
    });
    let row = |coming: Coming| {
        let w = complain_words();
        view! {
            <li>
                <span class="when">{coming.title}</span>
                <span>{coming.text}</span>
                <span class="row wrap chips">
                    {(!coming.verified).then(|| view! { <span class="chip warn">{w.unverified}</span> })}
                    {coming.estimated.then(|| view! { <span class="chip">{w.estimated}</span> })}
                </span>
            </li>
        }
    };
    view! {
        <section class="card stack" aria-labelledby="what-next">
            <h2 id="what-next">{move || complain_words().what_next}</h2>
            {move || match rules.get() {
                None => view! { <span class="spinner"></span> }.into_any(),
                Some(None) => view! { <Notice tone="warn">{complain_words().next_failed}</Notice> }.into_any(),
                Some(Some(rules)) => {
                    let all = coming(&rules, &filings.get(), named.get(), ctx.today());
                    view! { <ol class="next-steps">{all.into_iter().map(row).collect_view()}</ol> }.into_any()
                }
            }}
            {move || (filings.get().contains(&Filing::Report) && !named.get()).then(|| view! { <p class="muted">{complain_words().next_anonymous}</p> })}
            <p class="row muted">{icon("info")}<span class="grow">{move || complain_words().next_danger}</span></p>
        </section>
    }
}

fn coming(rules: &SharedTiming, filings: &[Filing], named: bool, today: CivilDate) -> Vec<Coming> {
    let w = complain_words();
    let until = |title: &'static str, text: &'static str, period: &str| {
        let due = rules.clocks.get(period)?.due(today, today, &rules.calendar).ok()?;
        let text = fill(text, &[&due.deadline.date]);
        Some(Coming { title, text, verified: due.verified, estimated: due.deadline.estimated })
    };
    let within = |title: &'static str, text: &'static str, period: &str| {
        let clock = rules.clocks.get(period)?;
        let rule = clock.on(today)?;
        Some(Coming { title, text: fill(text, &[&length(clock, today)?]), verified: rule.verified, estimated: false })
    };
    let mut all = Vec::new();
    if filings.contains(&Filing::Complaint) {
        all.extend(until(w.next_complaint, w.next_complaint_text, "complaint_accept"));
        all.extend(within(w.next_mediation, w.next_mediation_text, "mediation_end"));
    }
    if filings.contains(&Filing::Report) {
        all.extend(until(w.next_report, w.next_report_text, "report_filing"));
        if named {
            all.extend(within(w.next_named, w.next_named_text, "report_notice"));
        }
    }
    all
}

/// How long a period is, in words; `None` where the office sets it.
fn length(clock: &Clock, today: CivilDate) -> Option<String> {
    let w = complain_words();
    let rule = clock.on(today)?;
    let text = match rule.unit {
        Unit::WorkingDays => w.working_days,
        Unit::CalendarDays => w.calendar_days,
        Unit::Months => w.months,
        Unit::Hours => w.hours,
    };
    Some(fill(text, &[&rule.length?]))
}
