//! How a record came to be: every change, newest first, with what it replaced; and the conflicts.

use std::collections::BTreeMap;

use leptos::prelude::*;

use super::Shown;
use super::names::{self, Names};
use crate::domain::change::{Entry, Sha256};
use crate::domain::content::Lang;
use crate::domain::time::Instant;
use crate::ui::icon::icon;
use crate::ui::words::fill;
use crate::ui::words::office::OfficeWords;

/// How many changes are shown at first, and how many more each time.
pub const STEP: usize = 60;

/// The conflicts and the timeline.
#[must_use]
pub fn history(shown: &Shown, most: RwSignal<usize>, lang: Lang) -> AnyView {
    let o = OfficeWords::of(lang);
    let journal = shown.record.journal();
    let names = shown.names(lang);
    let by_hash: BTreeMap<Sha256, &Entry> = journal.entries().map(|entry| (entry.hash, entry)).collect();
    let timeline = journal.timeline();
    let later: std::collections::BTreeSet<Sha256> = journal.amendments().into_iter().map(|entry| entry.hash).collect();
    let shown_count = most.get().min(timeline.len());
    let mut day = String::new();
    let rows = timeline
        .iter()
        .rev()
        .take(shown_count)
        .map(|entry| {
            let this_day = Instant::from_ms(entry.change.clock.wall_ms).date(entry.change.clock.offset_min).to_string();
            let heading = (this_day != day).then(|| {
                day.clone_from(&this_day);
                view! { <li class="day num">{this_day}</li> }
            });
            let before = entry.change.over.and_then(|over| by_hash.get(&over)).map(|before| &before.change.value);
            view! { {heading}{change_row(entry, before, later.contains(&entry.hash), names)} }
        })
        .collect_view();
    let rest = timeline.len() - shown_count;
    let more = (rest > 0).then(|| {
        view! { <button type="button" class="btn block" on:click=move |_| most.update(|most| *most += STEP)>{fill(o.show_more, &[&rest])}</button> }
    });
    view! {
        {conflicts(shown, lang)}
        <section class="card flush">
            <header class="part-head"><h2>{o.history}</h2><span class="muted num">{fill(o.n_changes, &[&timeline.len()])}</span></header>
            <ol class="timeline">{rows}</ol>
        </section>
        {more}
    }
    .into_any()
}

fn change_row(entry: &Entry, before: Option<&serde_json::Value>, amendment: bool, names: Names<'_>) -> AnyView {
    let o = OfficeWords::of(names.lang);
    let change = &entry.change;
    let path = change.path.as_str();
    let time = Instant::from_ms(change.clock.wall_ms).local(change.clock.offset_min).format("%H:%M:%S").to_string();
    let is_seal = path.starts_with("seals/");
    let class = if is_seal {
        "change seal"
    } else if amendment {
        "change amendment"
    } else {
        "change"
    };
    let old = before.map(|value| names.value(path, value)).filter(|old| !old.is_empty());
    let by = if change.by.is_empty() { o.somebody.to_owned() } else { change.by.clone() };
    view! {
        <li class=class>
            <p class="change-what">
                <strong>{names.path(path)}</strong>
                {amendment.then(|| view! { <span class="chip warn amended">{icon("pen")}{o.amended}</span> })}
            </p>
            <p class="change-value">
                {old.map(|old| view! { <del>{old}</del><span class="change-to">{icon("next")}</span> })}
                <span>{names.value(path, &change.value)}</span>
            </p>
            {change.reason.clone().map(|reason| view! { <p class="change-reason">{fill(o.reason_is, &[&reason])}</p> })}
            <p class="muted small num">{format!("{time} · {by} · {} {}", o.device, names::device(&change.device))}</p>
        </li>
    }
    .into_any()
}

fn conflicts(shown: &Shown, lang: Lang) -> Option<AnyView> {
    let found = shown.record.state().conflicts();
    if found.is_empty() {
        return None;
    }
    let (o, names) = (OfficeWords::of(lang), shown.names(lang));
    let line = |entry: &Entry, label: &'static str| {
        let change = &entry.change;
        let at = Instant::from_ms(change.clock.wall_ms).minute_text(change.clock.offset_min);
        view! {
            <li><span class="chip">{label}</span><div class="grow"><strong>{names.value(change.path.as_str(), &change.value)}</strong>
                <p class="muted small num">{format!("{at} · {} · {}", change.by, names::device(&change.device))}</p></div></li>
        }
    };
    let rows = found
        .iter()
        .map(|conflict| {
            let unseen = conflict.unseen.iter().map(|entry| line(entry, o.conflict_other)).collect_view();
            view! {
                <li class="conflict">
                    <h3>{names.path(conflict.path.as_str())}</h3>
                    <ul>{line(&conflict.kept, o.conflict_kept)}{unseen}</ul>
                </li>
            }
        })
        .collect_view();
    Some(
        view! {
            <section class="card flush conflicts">
                <header class="part-head"><h2>{fill(o.conflicts_n, &[&found.len()])}</h2></header>
                <p class="muted conflicts-hint">{o.conflicts_hint}</p>
                <ul class="list">{rows}</ul>
            </section>
        }
        .into_any(),
    )
}
