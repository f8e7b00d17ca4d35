//! The ledger: what left and what arrived, when, and in which file.

use std::collections::BTreeMap;

use leptos::prelude::*;

use super::Known;
use crate::app::transfer::LedgerEntry;
use crate::domain::time::Instant;
use crate::ui::icon::icon;
use crate::ui::record::names;
use crate::ui::state::App;
use crate::ui::words::{assign_words, fill, lang, office_words};

/// How many lines are shown at first.
const FIRST: usize = 30;

/// The ledger, the latest first.
#[component]
pub fn Ledger(known: RwSignal<Option<Known>>) -> impl IntoView {
    let app = App::get();
    let all = RwSignal::new(false);
    let titles = Memo::new(move |_| app.summaries.get().into_iter().map(|one| (one.id.clone(), one.title)).collect::<BTreeMap<_, _>>());
    let rows = move || {
        let entries = known.get().unwrap_or_default().entries;
        let most = if all.get() { entries.len() } else { FIRST };
        let more = (entries.len() > most).then(|| {
            let rest = entries.len() - most;
            view! { <button type="button" class="btn block quiet" on:click=move |_| all.set(true)>{fill(office_words().show_more, &[&rest])}</button> }
        });
        let none = entries.is_empty().then(|| view! { <div class="empty">{icon("book")}<p>{office_words().ledger_empty}</p></div> });
        let rows = titles.with(|titles| entries.iter().take(most).map(|entry| row(app, entry, titles)).collect_view());
        view! { {none}<ul class="list">{rows}</ul>{more} }
    };
    view! {
        <section class="card flush">
            <header class="part-head"><h2>{move || office_words().ledger}</h2></header>
            {rows}
        </section>
    }
}

fn row(app: App, entry: &LedgerEntry, titles: &BTreeMap<String, String>) -> AnyView {
    let o = office_words();
    let out = entry.direction == "export";
    let at = Instant::from_ms(entry.at_ms).minute_text(app.offset_min());
    let part = if entry.n > 1 { fill(o.part_of, &[&entry.k, &entry.n]) } else { String::new() };
    let who = if out { String::new() } else { [entry.sender.as_str(), entry.bureau.as_str()].join(" ").trim().to_owned() };
    let records = entry
        .records
        .iter()
        .map(|(id, changes)| {
            let title = titles.get(id).filter(|title| !title.is_empty()).cloned().unwrap_or_else(|| names::short(id));
            view! { <li><a href=format!("/record/{id}")>{title}</a>" "<span class="muted num">{fill(o.n_changes, &[changes])}</span></li> }
        })
        .collect_view();
    let lines = (entry.lines > 0).then(|| view! { <li class="num">{fill(assign_words().lines_n, &[&entry.lines])}</li> });
    let what = fill(o.file_what, &[&entry.count(), &entry.photos, &names::size(entry.size_bytes)]);
    view! {
        <li>
            <details class="ledger-row">
                <summary>
                    {icon(if out { "export" } else { "import" })}
                    <span class="grow">
                        <span class="title">{if out { o.direction_out } else { o.direction_in }}" · "{names::purpose(&entry.purpose, lang())}" "{part}</span>
                        <span class="sub num">{at}" · "{what}</span>
                        {(!who.is_empty()).then(|| view! { <span class="sub">{who.clone()}</span> })}
                    </span>
                    {icon("down")}
                </summary>
                <dl class="facts">
                    <dt>{o.file}</dt><dd class="mono">{entry.file.clone()}</dd>
                    <dt>{o.device}</dt><dd class="mono">{entry.device.clone()}</dd>
                    <dt>{o.digest}</dt><dd class="mono">{entry.digest.clone()}</dd>
                    <dt>{o.records}</dt><dd><ul class="plain">{records}{lines}</ul></dd>
                </dl>
            </details>
        </li>
    }
    .into_any()
}
