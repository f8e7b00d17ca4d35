//! The working days between two days.

use std::sync::Arc;

use leptos::prelude::*;

use super::Rules;
use super::period::{Asked, DayField};
use crate::domain::time::CivilDate;
use crate::ui::widget::Notice;
use crate::ui::words::{days_words, fill, lang};

/// Days that are counted one by one: far more than any matter lasts.
const MOST_DAYS: i64 = 40_000;

/// Counts the working days after one day and up to another.
#[component]
pub fn SpanCard(rules: Arc<Rules>, asked: Asked) -> impl IntoView {
    let count = move || {
        let d = days_words();
        let (from, to) = (CivilDate::parse(&asked.from.get())?, CivilDate::parse(&asked.to.get())?);
        let days = (to.0 - from.0).num_days();
        if !(0..=MOST_DAYS).contains(&days) {
            return Some(view! { <Notice tone="warn">{d.between_back}</Notice> }.into_any());
        }
        let tally = rules.calendar.tally(from, to);
        let years: Vec<String> = tally.estimated.iter().map(ToString::to_string).collect();
        let counted = fill(d.counted, &[&tally.all_working(), &tally.make_up, &tally.off, &tally.weekends]);
        let estimated = (!years.is_empty()).then(|| {
            view! {
                <Notice tone="warn"><strong>{d.estimated}</strong>{fill(d.estimated_hint, &[&years.join(lang().pick("、", ", "))])}</Notice>
            }
        });
        Some(
            view! {
                <p class="row wrap"><strong class="num days-last">{fill(d.between_n, &[&tally.all_working()])}</strong><span class="muted num">{fill(d.between_all, &[&days])}</span></p>
                <p class="muted num">{counted}</p>
                {estimated}
            }
            .into_any(),
        )
    };
    view! {
        <section class="card stack" aria-labelledby="days-between">
            <h2 id="days-between">{move || days_words().between}</h2>
            <p class="muted">{move || days_words().between_hint}</p>
            <DayField label=Signal::derive(|| days_words().from.to_owned()) day=asked.from/>
            <DayField label=Signal::derive(|| days_words().to.to_owned()) day=asked.to/>
            <div role="status">{count}</div>
        </section>
    }
}
