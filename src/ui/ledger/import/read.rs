//! From a file to its tables: the desk worker reads, the page takes the rows up a few at a time.

use std::rc::Rc;

use leptos::prelude::*;
use spotcheck_sheets::ReadError;
use spotcheck_sheets::read::Limit;
use web_sys::File;

use super::{Book, Busy, Flow, Problem, Stage};
use crate::browser::desk;
use crate::browser::files;
use crate::browser::pace::{Pace, give_way};
use crate::desk::tables::Unpacker;
use crate::desk::{Answer, Job};
use crate::ledger::Kind;
use crate::ledger::columns::{Columns, Table};
use crate::ui::words::{fill, table_words};

/// How long reading may take on the slowest phone.
const LIMIT_MS: i32 = 180_000;
/// Rows that are taken up at a time.
const ROWS: usize = 200;
/// How many sheets are looked at to find the one that is a ledger.
const SHEETS: usize = 12;

/// Reads a file and goes on to its columns.
pub(super) fn read(flow: Flow, file: File) {
    let turn = flow.begin();
    flow.busy.set(Some(Busy::unknown(fill(table_words().reading, &[&file.name()]))));
    leptos::task::spawn_local(async move {
        match read_book(flow, turn, &file).await {
            Ok(book) => show(flow, turn, book).await,
            Err(problem) => flow.fail(turn, problem),
        }
    });
}

async fn read_book(flow: Flow, turn: u64, file: &File) -> Result<Book, Problem> {
    let size = files::size_bytes(file);
    if size > Limit::FileBytes.value() {
        return Err(Problem::File(ReadError::TooMuch { limit: Limit::FileBytes, part: String::new(), place: None }));
    }
    let bytes = files::read_slice(file, 0, size).await.map_err(|_| Problem::Gone)?;
    let job = Job::ReadTables { name: file.name() };
    let (answer, rows) = desk::shared().ask(&job, Some(&bytes), LIMIT_MS).await.map_err(|_| Problem::NoAnswer)?;
    drop(bytes);
    let Answer::Tables { read } = answer else { return Err(Problem::NoAnswer) };
    let read = read.map_err(Problem::File)?;
    let total: usize = read.sheets.iter().map(|sheet| sheet.rows).sum();
    let mut unpacker = Unpacker::new(read.sheets, rows.unwrap_or_default());
    let pace = Pace::new();
    while unpacker.take(ROWS).map_err(|_| Problem::BadRows)? {
        let done = unpacker.taken();
        flow.report(turn, Busy { text: fill(table_words().reading, &[&file.name()]), done, total });
        pace.rest().await;
        if !flow.counts(turn) {
            break;
        }
    }
    Ok(Book { name: file.name(), tables: unpacker.finish(), notes: read.notes })
}

/// Chooses the sheet that looks most like a ledger, and goes on.
async fn show(flow: Flow, turn: u64, book: Book) {
    let mut chosen = (0, None);
    for (index, table) in book.tables.iter().enumerate().take(SHEETS) {
        give_way().await;
        if let Some(kind) = Columns::guess_kind(table) {
            chosen = (index, Some(kind));
            break;
        }
    }
    if !flow.counts(turn) {
        return;
    }
    flow.book.set(Some(Rc::new(book)));
    flow.sheet.set(chosen.0);
    flow.kind.set(chosen.1);
    find_columns(flow);
    flow.go(Stage::Columns);
}

/// Another sheet was chosen: its kind is guessed anew.
pub(super) fn choose_sheet(flow: Flow, index: usize) {
    flow.sheet.set(index);
    if let Some(kind) = flow.with_table(Columns::guess_kind).flatten() {
        flow.kind.set(Some(kind));
    }
    find_columns(flow);
}

/// Another ledger was chosen.
pub(super) fn choose_kind(flow: Flow, kind: Kind) {
    flow.kind.set(Some(kind));
    find_columns(flow);
}

/// A person says in which row the headers are.
pub(super) fn choose_header(flow: Flow, number: u32) {
    let Some(kind) = flow.kind.get_untracked() else { return };
    let columns = flow.with_table(|table| {
        let row = table.rows.iter().find(|row| row.number == number)?.clone();
        let blank =
            Columns { kind: kind.name().to_owned(), header_row: number, headers: row.cells.clone(), paths: vec![None; row.cells.len()] };
        let alone = Table { sheet: table.sheet.clone(), rows: vec![row] };
        Some(Columns::find(kind, &alone).unwrap_or(blank))
    });
    take_over(flow, columns.flatten());
}

/// Finds the headers of the chosen ledger in the chosen sheet.
fn find_columns(flow: Flow) {
    let kind = flow.kind.get_untracked();
    let columns = kind.and_then(|kind| flow.with_table(|table| Columns::find(kind, table)).flatten());
    take_over(flow, columns);
}

/// Takes columns over, and what a person said of files with the same headers before.
fn take_over(flow: Flow, columns: Option<Columns>) {
    flow.checked.set(None);
    flow.remembered.set(false);
    flow.found.set(columns.clone());
    flow.columns.set(columns.clone());
    let Some(found) = columns else { return };
    leptos::task::spawn_local(async move {
        // Comfort only: what can't be read now is chosen again.
        let Ok(Some(remembered)) = flow.app.workspace().remembered_columns(&found).await else { return };
        let is_current = flow.columns.try_with_untracked(|columns| columns.as_ref() == Some(&found)) == Some(true);
        let columns = found.clone().with_remembered(&remembered);
        if is_current && columns != found {
            flow.columns.set(Some(columns));
            flow.remembered.set(true);
        }
    });
}
