//! The third step: what would change, what is wrong, and the person's word.

use std::rc::Rc;

use leptos::prelude::*;
use serde_json::Value;

use super::check::Checked;
use super::columns::path_label;
use super::explain::{self, Said};
use super::{FileLine, Flow, Stage, errors_file, keep};
use crate::app::ledger::WithErrors;
use crate::ledger::columns::cell_of;
use crate::ledger::field::Cell;
use crate::ledger::plan::{Tally, Target};
use crate::ledger::row::{FieldChange, Fields};
use crate::ledger::{Kind, Ledger};
use crate::ui::icon::icon;
use crate::ui::ledger::form::kind_word;
use crate::ui::ledger::list::choice_word;
use crate::ui::widget::Notice;
use crate::ui::words::{fill, lang, ledger_words, table_words};

/// How many of a list are shown.
const SHOWN: usize = 100;

/// The step.
#[component]
pub(super) fn PreviewStep(flow: Flow) -> impl IntoView {
    view! {
        <FileLine flow/>
        {move || flow.checked.get().map(|checked| view! { <Contents flow checked/> })}
    }
}

#[component]
fn Contents(flow: Flow, checked: Rc<Checked>) -> impl IntoView {
    let checked = StoredValue::new_local(checked);
    let of = move || checked.get_value();
    let preview_kind = of().preview.kind;
    let (tally, units, bad) = (of().preview.tally(), of().preview.unit_tally(), of().bad_rows);
    let rest = of().preview.lines.len();
    let changes = of().preview.changes_anything();
    let with_ledger = StoredValue::new_local(untrack(|| flow.app.ledger_now()));
    let (said_errors, said_warnings) = (of().errors(), of().preview.warnings.len());
    view! {
        <section class="card stack" role="region" aria-label=move || table_words().step_preview>
            <Counts title=Signal::derive(move || fill(table_words().counts, &[&kind_word(preview_kind)])) tally bad=Some(bad)/>
            {(preview_kind != Kind::Unit && units != Tally::default()).then(|| view! {
                <Counts title=Signal::derive(|| table_words().counts_units.to_owned()) tally=units bad=None/>
            })}
            <ul class="bullets">{move || asides(&of()).into_iter().map(|text| view! { <li>{text}</li> }).collect_view()}</ul>
        </section>
        {(bad > 0).then(|| view! {
            <section class="card stack">
                <Notice tone="bad"><strong>{move || fill(table_words().error_list, &[&said_errors])}</strong>{move || table_words().bad_hint}</Notice>
                <SaidList said=Signal::derive_local(move || first_errors(&of())) total=said_errors label=Signal::derive(move || fill(table_words().error_list, &[&said_errors]))/>
                <button type="button" class="btn" on:click=move |_| leptos::task::spawn_local(async move { errors_file::download(flow, &of()).await })>
                    {icon("import")}{move || table_words().download_errors}
                </button>
            </section>
        })}
        {(said_warnings > 0).then(|| view! {
            <details class="card">
                <summary><h2>{move || fill(table_words().warning_list, &[&said_warnings])}</h2></summary>
                <p class="muted">{move || table_words().warnings_hint}</p>
                <SaidList said=Signal::derive_local(move || with_ledger.with_value(|shared| {
                    let ledger = shared.as_ref().map(|shared| shared.get());
                    explain::warnings(&of(), ledger.as_deref(), SHOWN)
                })) total=said_warnings label=Signal::derive(move || fill(table_words().warning_list, &[&said_warnings]))/>
            </details>
        })}
        {(tally.changed > 0).then(|| {
            let lines = move || with_ledger.with_value(|shared| changed_lines(&of(), shared.as_ref().map(|shared| shared.get()).as_deref()));
            view! { <ChangedList title=Signal::derive(move || fill(table_words().changed_list, &[&tally.changed])) lines=Signal::derive_local(lines) total=tally.changed open=true/> }
        })}
        {(units.changed > 0).then(|| {
            let lines = move || with_ledger.with_value(|shared| changed_units(&of(), shared.as_ref().map(|shared| shared.get()).as_deref()));
            view! { <ChangedList title=Signal::derive(move || fill(table_words().unit_list, &[&units.changed])) lines=Signal::derive_local(lines) total=units.changed open=false/> }
        })}
        {(tally.new > 0).then(|| view! {
            <details class="card">
                <summary><h2>{move || fill(table_words().new_list, &[&tally.new])}</h2></summary>
                <ul class="bullets">{new_titles(&of()).into_iter().map(|title| view! { <li>{title}</li> }).collect_view()}</ul>
                <OnlyFirst total=tally.new/>
            </details>
        })}
        {(!changes).then(|| view! { <Notice>{move || nothing_to_do(bad, rest)}</Notice> })}
        <div class="stack">
            <Show when=move || changes><p class="muted">{move || table_words().warn_to_keep}</p></Show>
            <Show when=move || changes && bad == 0>
                <button type="button" class="btn primary big block" on:click=move |_| keep::keep(flow, of(), WithErrors::Refuse)>
                    {move || fill(table_words().import_all, &[&tally.new, &tally.changed])}
                </button>
            </Show>
            <Show when=move || bad.gt(&0)>
                <button type="button" class="btn primary block" on:click=move |_| flow.restart()>{move || table_words().fix_first}</button>
                <Show when=move || changes>
                    <button type="button" class="btn block" on:click=move |_| keep::keep(flow, of(), WithErrors::LeaveOut)>
                        {move || fill(table_words().import_rest, &[&bad, &rest])}
                    </button>
                </Show>
            </Show>
            <button type="button" class="btn quiet block" on:click=move |_| flow.go(Stage::Columns)>{move || table_words().back_to_columns}</button>
        </div>
    }
}

/// How many begin, change and stay.
#[component]
fn Counts(title: Signal<String>, tally: Tally, bad: Option<usize>) -> impl IntoView {
    let count = |word: fn() -> &'static str, number: usize, tone: &'static str| {
        view! { <div class=tone><dt>{word}</dt><dd class="num">{number}</dd></div> }
    };
    view! {
        <div class="stack tight">
            <h3>{title}</h3>
            <dl class="import-counts">
                {count(|| table_words().n_new, tally.new, "")}
                {count(|| table_words().n_changed, tally.changed, "")}
                {count(|| table_words().n_same, tally.same, "")}
                {bad.map(|bad| count(|| table_words().n_bad, bad, if bad > 0 { "bad" } else { "" }))}
            </dl>
        </div>
    }
}

/// The errors that are shown.
fn first_errors(checked: &Checked) -> Vec<Said> {
    explain::errors(checked).iter().take(SHOWN).map(|found| found.say(checked)).collect()
}

/// Why there is nothing to confirm.
fn nothing_to_do(bad: usize, rest: usize) -> &'static str {
    match (bad, rest) {
        (0, 0) => table_words().no_rows,
        (_, 0) => table_words().all_bad,
        _ => table_words().same_all,
    }
}

/// What was passed over.
fn asides(checked: &Checked) -> Vec<String> {
    let w = table_words();
    let told = [(w.n_repeated, checked.preview.repeated), (w.n_headers, checked.repeated_headers), (w.n_examples, checked.examples)];
    told.into_iter().filter(|(_, number)| *number > 0).map(|(text, number)| fill(text, &[&number])).collect()
}

#[component]
fn OnlyFirst(total: usize) -> impl IntoView {
    (total > SHOWN).then(|| view! { <p class="muted">{move || fill(table_words().only_first, &[&SHOWN, &total])}</p> })
}

/// Errors or warnings with their places.
#[component]
fn SaidList(said: Signal<Vec<Said>, LocalStorage>, total: usize, label: Signal<String>) -> impl IntoView {
    view! {
        <ul class="import-said" aria-label=label>
            {move || said.get().into_iter().map(|one| {
                let value = Some(one.place.value.clone()).filter(|value| !value.is_empty());
                view! {
                    <li>
                        <strong>{one.place_text()}</strong>
                        {value.map(|value| view! { <span class="muted">{fill(table_words().value_is, &[&value])}</span> })}
                        <span>{one.text}</span>
                    </li>
                }
            }).collect_view()}
        </ul>
        <OnlyFirst total/>
    }
}

/// A record and its fields, old → new.
#[derive(Clone, PartialEq)]
struct Changed {
    row: u32,
    title: String,
    fields: Vec<String>,
}

#[component]
fn ChangedList(title: Signal<String>, lines: Signal<Vec<Changed>, LocalStorage>, total: usize, open: bool) -> impl IntoView {
    view! {
        <details class="card" open=open>
            <summary><h2>{title}</h2></summary>
            <ul class="import-said" aria-label=title>
                {move || lines.get().into_iter().map(|line| view! {
                    <li>
                        <strong>{line.title}</strong>
                        <span class="muted small">{fill(table_words().row_n, &[&line.row])}</span>
                        {line.fields.into_iter().map(|field| view! { <span>{field}</span> }).collect_view()}
                    </li>
                }).collect_view()}
            </ul>
            <OnlyFirst total/>
        </details>
    }
}

fn changed_lines(checked: &Checked, ledger: Option<&Ledger>) -> Vec<Changed> {
    let preview = &checked.preview;
    let changed = preview.lines.iter().filter(|line| line.target != Target::New && !line.changes.is_empty()).take(SHOWN);
    changed.map(|line| changed_of(checked, preview.kind, ledger, (line.row, &line.target, &line.fields, &line.changes))).collect()
}

fn changed_units(checked: &Checked, ledger: Option<&Ledger>) -> Vec<Changed> {
    let changed = checked.preview.units.iter().filter(|unit| unit.target != Target::New && !unit.changes.is_empty()).take(SHOWN);
    changed.map(|unit| changed_of(checked, Kind::Unit, ledger, (unit.row, &unit.target, &unit.fields, &unit.changes))).collect()
}

fn changed_of(
    checked: &Checked,
    kind: Kind,
    ledger: Option<&Ledger>,
    (row, target, fields, changes): (u32, &Target, &Fields, &[FieldChange]),
) -> Changed {
    let known = match target {
        Target::Known(id) => ledger.and_then(|ledger| ledger.get(id)).map(|card| card.title.clone()),
        Target::New => None,
    };
    let of = |change: &FieldChange| {
        let old = change
            .old
            .as_ref()
            .map_or_else(|| table_words().empty_value.to_owned(), |old| value_text(checked, kind, &change.path, old, ledger));
        let label = if change.path == "unit_id" { ledger_words().of_unit.to_owned() } else { path_label(kind, &change.path, lang()) };
        fill(table_words().old_new, &[&label, &old, &value_text(checked, kind, &change.path, &change.new, ledger)])
    };
    Changed { row, title: known.unwrap_or_else(|| title_of(fields)), fields: changes.iter().map(of).collect() }
}

/// A value as people read it.
fn value_text(checked: &Checked, kind: Kind, path: &str, value: &Value, ledger: Option<&Ledger>) -> String {
    let Some(text) = value.as_str() else {
        return match value.as_bool() {
            Some(true) => ledger_words().yes.to_owned(),
            Some(false) => ledger_words().no.to_owned(),
            None => value.to_string(),
        };
    };
    if path == "unit_id" {
        return ledger.and_then(|ledger| ledger.get(text)).map_or_else(|| text.to_owned(), |card| card.title.clone());
    }
    match cell_of(kind, path) {
        Some(Cell::Choice(choices)) => choice_word(choices, text, lang()).to_owned(),
        Some(Cell::EquipmentKind | Cell::EquipmentType) => checked.types.name(text, lang()).to_owned(),
        _ => text.to_owned(),
    }
}

/// What people call a line of the file.
fn title_of(fields: &Fields) -> String {
    let text = |path: &&str| fields.get(*path).and_then(Value::as_str).filter(|text| !text.is_empty());
    let name = ["name", "internal_no", "uscc"].iter().find_map(text);
    let number = ["code", "cert_no", "registration_code", "serial_no", "made_no"].iter().find_map(text);
    [name, number].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn new_titles(checked: &Checked) -> Vec<String> {
    checked.preview.lines.iter().filter(|line| line.target == Target::New).take(SHOWN).map(|line| title_of(&line.fields)).collect()
}
