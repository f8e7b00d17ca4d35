//! From the rows to what would change: understood, compared with the ledgers, a few at a time.

use std::collections::BTreeSet;
use std::rc::Rc;

use leptos::prelude::*;

use super::{Busy, Flow, Problem, Stage};
use crate::browser::pace::Pace;
use crate::domain::time::Instant;
use crate::ledger::Kind;
use crate::ledger::columns::{Columns, Table, TableRow, letters};
use crate::ledger::plan::{Planner, Preview};
use crate::ledger::read::{Place, read};
use crate::ledger::template;
use crate::ledger::vocabulary::Vocabulary;
use crate::ui::content;
use crate::ui::words::table_words;

/// Rows that are understood, and cards that are taken in, between two looks at the clock.
const ROWS: usize = 50;

/// A cell that holds no value: what a formula failed with, or a formula itself.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Broken {
    /// Where.
    pub place: Place,
    /// Whether it is a formula that was never computed.
    pub formula: bool,
}

/// What an import would do, and what was passed over.
pub(super) struct Checked {
    /// What would change.
    pub preview: Preview,
    /// The columns by which the rows were read.
    pub columns: Columns,
    /// Whether a person chose some of them.
    pub by_hand: bool,
    /// Cells that hold no value. Their rows are not in the preview.
    pub broken: Vec<Broken>,
    /// How many rows have errors of either kind.
    pub bad_rows: usize,
    /// How many lines were made-up ones of a template.
    pub examples: usize,
    /// How many rows repeat the headers.
    pub repeated_headers: usize,
    /// What kinds and types of equipment are called.
    pub types: super::super::types::TypeNames,
}

impl Checked {
    /// How many errors there are.
    pub fn errors(&self) -> usize {
        self.preview.errors.len() + self.broken.len()
    }
}

/// Checks the rows and goes on to what would change.
pub(super) fn check(flow: Flow) {
    let (Some(kind), Some(columns)) = (flow.kind.get_untracked(), flow.columns.get_untracked()) else { return };
    if !columns.missing().is_empty() {
        return;
    }
    let turn = flow.begin();
    flow.checked.set(None);
    flow.busy.set(Some(Busy::unknown(table_words().reading_ledger)));
    leptos::task::spawn_local(async move {
        match check_all(flow, turn, kind, columns).await {
            Ok(Some(checked)) if flow.counts(turn) => {
                flow.checked.set(Some(Rc::new(checked)));
                flow.go(Stage::Preview);
            }
            Ok(_) => {}
            Err(problem) => flow.fail(turn, problem),
        }
    });
}

/// None when it was given up.
async fn check_all(flow: Flow, turn: u64, kind: Kind, columns: Columns) -> Result<Option<Checked>, Problem> {
    let table = content::json("codes/equipment-types.json").await.map_err(|_| Problem::NoContent)?;
    let vocabulary = Vocabulary::read(&table);
    let types = super::super::types::TypeNames::load().await;
    let reading = |step: crate::app::ledger::Step| {
        flow.report(turn, Busy { text: table_words().reading_ledger.to_owned(), done: step.done, total: step.total });
    };
    let ledger = flow.app.ledger(reading).await.map_err(Problem::Store)?;
    let pace = Pace::new();
    let mut planner = Planner::new(kind);
    let cards = ledger.get().cards().len();
    for from in (0..cards).step_by(ROWS) {
        planner.know(ledger.get().cards().get(from..cards.min(from + ROWS)).unwrap_or_default());
        pace.rest().await;
        if !flow.counts(turn) {
            return Ok(None);
        }
    }
    let year_now = year(flow);
    let mapped: Vec<usize> = columns.paths.iter().enumerate().filter(|(_, path)| path.is_some()).map(|(at, _)| at).collect();
    let Some(book) = flow.book.get_untracked() else { return Ok(None) };
    let Some(table) = book.tables.get(flow.sheet.get_untracked()) else { return Ok(None) };
    let below: Vec<&TableRow> = table.rows.iter().filter(|row| row.number > columns.header_row).collect();
    let (mut broken, mut examples, mut repeated_headers) = (Vec::new(), 0, 0);
    let total = below.len();
    for (index, rows) in below.chunks(ROWS).enumerate() {
        let own: Vec<&TableRow> = rows.iter().copied().filter(|row| !template::is_example(row)).collect();
        examples += rows.len() - own.len();
        let (rows, found) = take_broken(&own, &columns, &mapped);
        let mut reading = read(kind, &Table { sheet: table.sheet.clone(), rows }, &columns, &vocabulary, year_now);
        let numbers: BTreeSet<u32> = found.iter().map(|one| one.place.row).collect();
        reading.lines.retain(|line| !numbers.contains(&line.row));
        repeated_headers += reading.repeated_headers;
        broken.extend(found);
        planner.add(reading);
        let done = total.min((index + 1) * ROWS);
        flow.report(turn, Busy { text: table_words().checking.to_owned(), done, total });
        pace.rest().await;
        if !flow.counts(turn) {
            return Ok(None);
        }
    }
    let mut preview = planner.finish();
    let comparing = |step: crate::app::ledger::Step| {
        flow.report(turn, Busy { text: table_words().comparing.to_owned(), done: step.done, total: step.total });
    };
    flow.app.workspace().compare_import(&mut preview, comparing).await.map_err(Problem::Store)?;
    let mut bad = preview.bad_rows();
    bad.extend(broken.iter().map(|one| one.place.row));
    let by_hand = flow.found.try_get_untracked().flatten().as_ref() != Some(&columns);
    Ok(Some(Checked { preview, columns, by_hand, broken, bad_rows: bad.len(), examples, repeated_headers, types }))
}

/// The rows with cells that hold no value emptied, and those cells. The rows themselves can't be taken then.
fn take_broken(rows: &[&TableRow], columns: &Columns, mapped: &[usize]) -> (Vec<TableRow>, Vec<Broken>) {
    let mut broken = Vec::new();
    let take = |row: &&TableRow| {
        let mut row = (*row).clone();
        for &at in mapped {
            let Some(cell) = row.cells.get_mut(at) else { continue };
            let formula = cell.starts_with('=');
            if !formula && !matches!(cell.as_str(), "#NULL!" | "#DIV/0!" | "#VALUE!" | "#REF!" | "#NAME?" | "#NUM!") {
                continue;
            }
            let value: String = std::mem::take(cell).chars().take(80).collect();
            let header = columns.headers.get(at).cloned().unwrap_or_default();
            broken.push(Broken { place: Place { row: row.number, column: letters(at), header, value }, formula });
        }
        row
    };
    let rows = rows.iter().map(take).collect();
    (rows, broken)
}

/// The present year where the phone is.
fn year(flow: Flow) -> i32 {
    use chrono::Datelike as _;
    Instant::from_ms(flow.app.now_ms()).date(flow.app.offset_min()).0.year()
}
