//! From the ledgers to files: rows read from the store, a few at a time, written by the desk worker.

use std::collections::{BTreeSet, HashMap};

use super::{KINDS, Wanted, ledger_word};
use crate::browser::pace::Pace;
use crate::desk::tables::{Packer, WrittenAs};
use crate::domain::id::RecordId;
use crate::domain::time::Instant;
use crate::ledger::export::{Layout, Written};
use crate::ledger::row::Fields;
use crate::ledger::vocabulary::Vocabulary;
use crate::ledger::{Kind, Row};
use crate::port::twin::StoreError;
use crate::ui::content;
use crate::ui::ledger::import::Busy;
use crate::ui::ledger::import::save_file::{self, Made, SaveError};
use crate::ui::ledger::import::template::headers_now;
use crate::ui::state::App;
use crate::ui::words::{fill, table_words};

/// Rows that are read at a time.
const ROWS: usize = 128;

/// The files, each with the ledgers that are in it and how many rows they have.
#[derive(Clone)]
pub(super) struct Done {
    pub files: Vec<(Made, Vec<(Kind, usize)>)>,
}

/// Why there is none.
#[derive(Clone)]
pub(super) enum Problem {
    /// The ledgers can't be read.
    Store(StoreError),
    /// The file can't be made.
    Save(SaveError),
    /// Nothing fits any more.
    Nothing,
}

/// Makes the files.
pub(super) async fn make(app: App, wanted: Wanted, report: impl Fn(Busy) + Copy) -> Result<Done, Problem> {
    // Without the table of types codes are written instead of names.
    let vocabulary = content::json("codes/equipment-types.json").await.map(|table| Vocabulary::read(&table)).unwrap_or_default();
    let today = Instant::from_ms(app.now_ms()).date(app.offset_min());
    let (mut packer, mut counts, mut files) = (Packer::default(), Vec::new(), Vec::new());
    for kind in KINDS.into_iter().filter(|kind| wanted.kinds.contains(kind)) {
        let rows = pack(app, kind, &wanted, &vocabulary, &mut packer, report).await.map_err(Problem::Store)?;
        if rows == 0 {
            continue;
        }
        counts.push((kind, rows));
        if wanted.format == WrittenAs::Csv {
            report(Busy::unknown(table_words().export_writing));
            let stem = fill(table_words().file_one, &[&ledger_word(kind), &today]);
            let made = save_file::make(std::mem::take(&mut packer), wanted.format, &stem).await.map_err(Problem::Save)?;
            files.push((made, std::mem::take(&mut counts)));
        }
    }
    if wanted.format == WrittenAs::Xlsx && !counts.is_empty() {
        report(Busy::unknown(table_words().export_writing));
        let stem = match counts.as_slice() {
            [(kind, _)] => fill(table_words().file_one, &[&ledger_word(*kind), &today]),
            _ => fill(table_words().file_all, &[&today]),
        };
        let made = save_file::make(packer, wanted.format, &stem).await.map_err(Problem::Save)?;
        files.push((made, counts));
    }
    if files.is_empty() { Err(Problem::Nothing) } else { Ok(Done { files }) }
}

/// Packs the rows of a kind as one sheet; how many there were. Without any there is no sheet.
async fn pack(
    app: App,
    kind: Kind,
    wanted: &Wanted,
    vocabulary: &Vocabulary,
    packer: &mut Packer,
    report: impl Fn(Busy) + Copy,
) -> Result<usize, StoreError> {
    let (ids, unit_ids) = chosen(app, kind, wanted).await?;
    let total = ids.len() + unit_ids.len();
    let reading = |done: usize| report(Busy { text: table_words().export_reading.to_owned(), done, total });
    let units: HashMap<String, Row> = read(app, &unit_ids, reading).await?.into_iter().map(|(id, row)| (id.to_string(), row)).collect();
    let rows = read(app, &ids, |done| reading(unit_ids.len() + done)).await?;
    if rows.is_empty() {
        return Ok(0);
    }
    let pace = Pace::new();
    // One row that says something wherever any does has the same columns as all of them.
    let mut union = Fields::new();
    for (_, row) in &rows {
        for (path, value) in row.fields() {
            if !union.contains_key(path) {
                union.insert(path.clone(), value.clone());
            }
        }
        pace.rest().await;
    }
    let layout = Layout::of(kind, std::iter::once(&Row::from_fields(union)));
    packer.begin(ledger_word(kind));
    packer.push(1, &layout.headers(headers_now()));
    for (number, (_, row)) in (2..).zip(&rows) {
        let unit = units.get(row.text("unit_id"));
        packer.push(number, &layout.cells(Written { row, unit }, vocabulary));
        if number % 32 == 0 {
            report(Busy { text: table_words().export_writing.to_owned(), done: number as usize, total: rows.len() });
            pace.rest().await;
        }
    }
    Ok(rows.len())
}

/// The records that fit, by unit and name, and the units that they name.
async fn chosen(app: App, kind: Kind, wanted: &Wanted) -> Result<(Vec<RecordId>, Vec<RecordId>), StoreError> {
    let shared = app.ledger(|_| ()).await?;
    let ledger = shared.get();
    let mut cards: Vec<_> = ledger.of_kind(kind).filter(|card| wanted.scope.fits(card, &ledger)).collect();
    cards.sort_by_cached_key(|card| {
        let unit = ledger.unit_of(card).map(|unit| unit.title.clone()).unwrap_or_default();
        (unit, card.title.clone(), card.id.clone())
    });
    let units: BTreeSet<&str> = cards.iter().map(|card| card.unit_id.as_str()).filter(|id| !id.is_empty()).collect();
    let ids = cards.iter().filter_map(|card| RecordId::parse(&card.id).ok()).collect();
    Ok((ids, units.into_iter().filter_map(|id| RecordId::parse(id).ok()).collect()))
}

async fn read(app: App, ids: &[RecordId], report: impl Fn(usize)) -> Result<Vec<(RecordId, Row)>, StoreError> {
    let workspace = app.workspace();
    let mut rows = Vec::with_capacity(ids.len());
    for part in ids.chunks(ROWS) {
        report(rows.len());
        rows.extend(workspace.load_rows(part).await?);
    }
    Ok(rows)
}
