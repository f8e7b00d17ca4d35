//! The bureau's editions of a list: when, by whom, and what each one changed.

use leptos::prelude::*;

use super::describe;
use super::shelf::Found;
use crate::app::library::compare::{Difference, Differences, compare};
use crate::app::library::{Edition, count, editions};
use crate::domain::time::Instant;
use crate::ui::icon::icon;
use crate::ui::state::App;
use crate::ui::words::{fill, lang, library_words};

/// The versions, the latest first. What they changed is worked out when it is opened.
#[component]
pub fn History(found: Found) -> impl IntoView {
    let app = App::get();
    let open = RwSignal::new(false);
    let found = StoredValue::new_local(found);
    let rows = move || {
        let all = found.with_value(|found| found.own.as_ref().map(|own| editions(own.state())).unwrap_or_default());
        if all.is_empty() {
            return view! { <p class="muted">{library_words().history_none}</p> }.into_any();
        }
        let now = found.with_value(Found::edition);
        let line = |at: usize| {
            let edition = all.get(at)?;
            let before = at.checked_sub(1).and_then(|before| all.get(before)).map(|before| &before.list);
            let shipped = found.with_value(|found| found.shipped.clone());
            let compared = match (before, &shipped) {
                (Some(before), _) => Some((library_words().compared_before.to_owned(), compare(before, &edition.list))),
                (None, Some(shipped)) => {
                    Some((fill(library_words().compared_shipped, &[&shipped.version]), compare(shipped, &edition.list)))
                }
                (None, None) => None,
            };
            Some(view! { <li>{edition_view(app, edition, edition.number == now, compared)}</li> })
        };
        view! { <ol class="editions">{(0..all.len()).rev().filter_map(line).collect_view()}</ol> }.into_any()
    };
    view! {
        <details class="card fold" on:toggle=move |_| open.set(true)>
            <summary><h2>{move || library_words().history}</h2>{icon("down")}</summary>
            <div class="stack">{move || open.get().then(rows)}</div>
        </details>
    }
}

fn edition_view(app: App, edition: &Edition, now: bool, compared: Option<(String, Differences)>) -> AnyView {
    let w = library_words();
    let when = Instant::from_ms(edition.at_ms).minute_text(app.offset_min());
    let by = edition.by.clone();
    let what = match compared {
        Some((with, differences)) => view! { <p class="muted small">{with}</p>{differences_view(&differences)} }.into_any(),
        None => view! { <p class="muted">{fill(w.edition_first, &[&count(&edition.list).0])}</p> }.into_any(),
    };
    view! {
        <div class="row wrap">
            <h3>{fill(w.edition, &[&edition.number])}</h3>
            <span class="chip num">{fill(w.version, &[&edition.list.version])}</span>
            {now.then(|| view! { <span class="chip good">{w.edition_now}</span> })}
        </div>
        <p class="muted num">{when}" "{by}</p>
        {what}
    }
    .into_any()
}

/// What differs, item by item.
pub fn differences_view(differences: &Differences) -> AnyView {
    let w = library_words();
    if differences.is_empty() {
        return view! { <p class="muted">{w.no_difference}</p> }.into_any();
    }
    let head = differences.head.then(|| view! { <li>{w.head_differs}</li> });
    view! { <ul class="differences">{head}{differences.items.iter().map(difference_view).collect_view()}</ul> }.into_any()
}

fn difference_view(one: &Difference) -> AnyView {
    let lang = lang();
    let changes = one.changes.iter().map(|change| view! { <span class="chip">{describe::change(*change)}</span> }).collect_view();
    let text = lang.pick(&one.text.0, &one.text.1).to_owned();
    let before = one.before.as_ref().map(|(zh, en)| fill(library_words().was_text, &[&lang.pick(zh, en)]));
    view! {
        <li>
            <span class="row wrap chips">{changes}<span class="mono small">{one.item.clone()}</span></span>
            <span>{text}</span>
            {before.map(|before| view! { <span class="muted">{before}</span> })}
        </li>
    }
    .into_any()
}
