//! The second step: which sheet, which ledger, which column is which field.

use std::collections::BTreeSet;

use leptos::prelude::*;

use super::read::{choose_header, choose_kind, choose_sheet};
use super::{FileLine, Flow, Problem, check, explain};
use crate::domain::content::Lang;
use crate::ledger::Kind;
use crate::ledger::columns::{Columns, MissingColumn, TableRow, letters};
use crate::ledger::field::{field_at, fields, number_in};
use crate::ui::ledger::form::{field_label, kind_word};
use crate::ui::widget::Notice;
use crate::ui::words::{fill, lang, table_words};

/// How many rows at the top may be chosen as headers.
const HEADER_ROWS: usize = 30;
/// How many rows are looked through for something to show of a column.
const SAMPLE_ROWS: usize = 200;
/// How many permits or officers are offered when the file names fewer.
const NUMBERS: u32 = 3;

/// The step.
#[component]
pub(super) fn ColumnsStep(flow: Flow) -> impl IntoView {
    let missing = Memo::new(move |_| {
        flow.columns.with(|columns| columns.as_ref().map(|columns| texts_of_missing(flow.kind.get(), columns.missing())))
    });
    let ready = move || missing.with(|missing| missing.as_ref().is_some_and(Vec::is_empty));
    view! {
        <FileLine flow/>
        <Notes flow/>
        <section class="card stack">
            <SheetChoice flow/>
            <fieldset class="field">
                <legend>{move || table_words().which_ledger}</legend>
                <div class="segmented" role="group">
                    {[Kind::Unit, Kind::Equipment, Kind::Instrument].into_iter().map(|kind| view! {
                        <button type="button" aria-pressed=move || (flow.kind.get() == Some(kind)).to_string() on:click=move |_| choose_kind(flow, kind)>
                            {move || kind_word(kind)}
                        </button>
                    }).collect_view()}
                </div>
            </fieldset>
            <Show when=move || flow.kind.get().is_none()><Notice tone="warn">{move || table_words().kind_unknown}</Notice></Show>
            <HeaderChoice flow/>
        </section>
        <Show when=move || flow.columns.with(Option::is_some)>
            <section class="card stack">
                <h2>{move || table_words().columns}</h2>
                <p class="muted">{move || table_words().columns_hint}</p>
                <Show when=move || flow.remembered.get()>
                    <Notice>
                        <strong>{move || table_words().columns_remembered}</strong>
                        <span>{move || table_words().columns_remembered_hint}</span>
                        <button type="button" class="btn slim after" on:click=move |_| {
                            flow.columns.set(flow.found.get_untracked());
                            flow.remembered.set(false);
                        }>{move || table_words().columns_automatic}</button>
                    </Notice>
                </Show>
                {move || missing.get().filter(|missing| !missing.is_empty()).map(|missing| view! {
                    <Notice tone="bad"><strong>{table_words().missing}</strong>
                        <ul class="bullets">{missing.into_iter().map(|text| view! { <li>{text}</li> }).collect_view()}</ul>
                    </Notice>
                })}
                <ColumnList flow/>
            </section>
        </Show>
        <div class="export-go">
            <button type="button" class="btn primary big block" disabled=move || !ready() on:click=move |_| check::check(flow)>{move || table_words().to_preview}</button>
        </div>
    }
}

fn texts_of_missing(kind: Option<Kind>, missing: Vec<MissingColumn>) -> Vec<String> {
    let Some(kind) = kind else { return Vec::new() };
    let comma = lang().pick("、", ", ");
    let text = |one: MissingColumn| {
        let names: Vec<String> = one.one_of.iter().map(|path| path_label(kind, path, lang())).collect();
        fill(if names.len() == 1 { table_words().missing_one } else { table_words().missing_any }, &[&names.join(comma)])
    };
    missing.into_iter().map(text).collect()
}

/// What people call a path.
pub(super) fn path_label(kind: Kind, path: &str, lang: Lang) -> String {
    let label = |kind| field_at(kind, path).map(|field| field_label(field, lang, number_in(field.path, path).unwrap_or_default()));
    label(kind).unwrap_or_else(|| path.to_owned())
}

/// What is odd about the file.
#[component]
fn Notes(flow: Flow) -> impl IntoView {
    move || {
        let book = flow.book.get()?;
        let total = book.notes.list.len() + book.notes.more as usize;
        (total > 0).then(|| {
            let lines = book
                .notes
                .list
                .iter()
                .map(explain::note)
                .chain((book.notes.more > 0).then(|| fill(table_words().note_more, &[&book.notes.more])));
            view! {
                <details class="card" open=total <= 3>
                    <summary><h2>{fill(table_words().notes, &[&total])}</h2></summary>
                    <ul class="bullets">{lines.map(|line| view! { <li>{line}</li> }).collect_view()}</ul>
                </details>
            }
        })
    }
}

#[component]
fn SheetChoice(flow: Flow) -> impl IntoView {
    let sheets = move || {
        flow.book
            .get()
            .map(|book| book.tables.iter().map(|table| (table.sheet.clone(), table.rows.len())).collect::<Vec<_>>())
            .unwrap_or_default()
    };
    move || {
        let sheets = sheets();
        (sheets.len() > 1).then(|| view! {
            <label class="field"><span>{move || table_words().sheet}</span>
                <select class="input" on:change=move |event| choose_sheet(flow, event_target_value(&event).parse().unwrap_or_default())>
                    {sheets.into_iter().enumerate().map(|(index, (name, rows))| view! {
                        <option value=index.to_string() prop:selected=move || flow.sheet.get() == index>
                            {fill(table_words().sheet_rows, &[&if name.is_empty() { table_words().sheet_unnamed.to_owned() } else { name }, &rows])}
                        </option>
                    }).collect_view()}
                </select>
            </label>
        })
    }
}

/// Where the headers are: found, or said by the person.
#[component]
fn HeaderChoice(flow: Flow) -> impl IntoView {
    let found = move || flow.columns.with(|columns| columns.as_ref().map(|columns| columns.header_row));
    let told = move || {
        let header = found()?;
        let below = flow.with_table(|table| table.rows.iter().filter(|row| row.number > header).count()).unwrap_or_default();
        Some(fill(table_words().header_found, &[&header, &below]))
    };
    let rows = move || {
        flow.sheet.track();
        flow.book.track();
        flow.with_table(|table| table.rows.iter().take(HEADER_ROWS).map(|row| (row.number, start_of(row))).collect::<Vec<_>>())
            .unwrap_or_default()
    };
    view! {
        <Show when=move || flow.kind.get().is_some()>
            <p role="status">{told}</p>
            <Show when=move || found().is_none()><Notice tone="bad">{move || table_words().header_none}</Notice></Show>
            <label class="field"><span>{move || table_words().header_row}</span>
                <select class="input" on:change=move |event| if let Ok(number) = event_target_value(&event).parse() { choose_header(flow, number) }>
                    <option value="" prop:selected=move || found().is_none()>{move || table_words().header_choose}</option>
                    {move || rows().into_iter().map(|(number, start)| view! {
                        <option value=number.to_string() prop:selected=move || found() == Some(number)>{fill(table_words().header_row_is, &[&number, &start])}</option>
                    }).collect_view()}
                </select>
            </label>
        </Show>
    }
}

/// How a row begins, short enough for a list.
fn start_of(row: &TableRow) -> String {
    let cells: Vec<&str> = row.cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).take(4).collect();
    shorten(&cells.join("、"), 40)
}

fn shorten(text: &str, most: usize) -> String {
    let short: String = text.chars().take(most).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}

/// A column of the file.
#[derive(Clone, PartialEq, Eq)]
struct Line {
    at: usize,
    header: String,
    sample: String,
}

#[component]
fn ColumnList(flow: Flow) -> impl IntoView {
    // The lines stay while fields are chosen, so that the focus does.
    let lines = Memo::new(move |_| {
        flow.book.track();
        flow.sheet.track();
        let (header_row, headers) =
            flow.columns.with(|columns| columns.as_ref().map(|columns| (columns.header_row, columns.headers.clone())))?;
        flow.with_table(|table| {
            let below = || table.rows.iter().filter(|row| row.number > header_row).take(SAMPLE_ROWS);
            let sample = |at: usize| below().filter_map(|row| row.cells.get(at)).map(|cell| cell.trim()).find(|cell| !cell.is_empty());
            let line = |(at, header): (usize, &String)| Line {
                at,
                header: header.trim().to_owned(),
                sample: sample(at).map(|text| shorten(text, 60)).unwrap_or_default(),
            };
            headers.iter().enumerate().map(line).filter(|line| !line.header.is_empty() || !line.sample.is_empty()).collect::<Vec<_>>()
        })
    });
    // Which fields are offered, without those that nobody needs.
    let offered = Memo::new(move |_| {
        let kind = flow.kind.get()?;
        let of = |columns: &Option<Columns>| {
            columns.iter().flat_map(|columns| columns.paths.iter().flatten().cloned()).collect::<BTreeSet<String>>()
        };
        // What was found stays on offer when it is put aside.
        let used = &flow.columns.with(of) | &flow.found.with(of);
        Some(paths(kind, &used))
    });
    view! {
        <ul class="import-columns">
            {move || lines.get().unwrap_or_default().into_iter().map(|line| view! { <ColumnLine flow line offered/> }).collect_view()}
        </ul>
    }
}

/// The paths that a column may go into, in the order of the form.
fn paths(kind: Kind, used: &BTreeSet<String>) -> Vec<String> {
    let mut all = Vec::new();
    for field in fields(kind) {
        if field.path.contains("{n}") {
            let most = used.iter().filter_map(|path| number_in(field.path, path)).max().unwrap_or_default().max(NUMBERS);
            all.extend((1..=most).map(|number| field.path.replace("{n}", &number.to_string())));
        } else {
            all.push(field.path.to_owned());
        }
    }
    // Inspections of obligations that the form does not have.
    let others: Vec<String> = used.iter().filter(|path| !all.contains(path)).cloned().collect();
    all.extend(others);
    all
}

#[component]
fn ColumnLine(flow: Flow, line: Line, offered: Memo<Option<Vec<String>>>) -> impl IntoView {
    let at = line.at;
    let path =
        Memo::new(move |_| flow.columns.with(|columns| columns.as_ref().and_then(|columns| columns.paths.get(at).cloned().flatten())));
    let automatic = Memo::new(move |_| flow.found.with(|found| found.as_ref().and_then(|found| found.paths.get(at).cloned().flatten())));
    let sign = move || match (path.get(), automatic.get()) {
        (None, _) => view! { <span class="chip">{table_words().not_imported}</span> }.into_any(),
        (Some(path), Some(automatic)) if path == automatic => {
            view! { <span class="chip good">{table_words().matched_auto}</span> }.into_any()
        }
        (Some(_), _) => view! { <span class="chip brand">{table_words().matched_hand}</span> }.into_any(),
    };
    let header = StoredValue::new(line.header.clone());
    let label = move || header.with_value(|header| fill(table_words().column_label, &[&letters(at), header]));
    let sample = line.sample;
    view! {
        <li class="import-column">
            <div class="import-head">
                <span class="muted small">{move || fill(table_words().column_head, &[&letters(at)])}</span>
                <strong>{line.header}</strong>
                <span class="muted small">{move || if sample.is_empty() { table_words().column_blank.to_owned() } else { fill(table_words().column_sample, &[&sample]) }}</span>
            </div>
            <select class="input" aria-label=label on:change=move |event| {
                let chosen = event_target_value(&event);
                flow.problem.set(None::<Problem>);
                flow.columns.update(|columns| if let Some(columns) = columns {
                    columns.choose(at, Some(chosen.as_str()).filter(|path| !path.is_empty()));
                });
            }>
                <option value="" prop:selected=move || path.get().is_none()>{move || table_words().not_imported}</option>
                {move || offered.get().unwrap_or_default().into_iter().map(|one| {
                    let (value, own) = (one.clone(), one.clone());
                    let name = flow.kind.get_untracked().map(|kind| path_label(kind, &one, lang()));
                    view! { <option value=value prop:selected=move || path.with(|path| path.as_deref() == Some(own.as_str()))>{name}</option> }
                }).collect_view()}
            </select>
            <span class="import-sign">{sign}</span>
        </li>
    }
}
