//! Ledgers in the store: their cards, imports that count whole or not at all, and what exports read.
//!
//! Cards are a cache beside the summaries of other records and are not read at the start. An import keeps all its changes
//! in one batch, together with taking away the note that the cards are whole; the cards follow in steps. Whatever dies in
//! between, the next [`Workspace::load_cards`] makes those that lack.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::workspace::{AppError, Record, STEP, Workspace, put_card, put_entry};
use crate::domain::id::RecordId;
use crate::domain::journal::Journal;
use crate::ledger::columns::Columns;
use crate::ledger::plan::{Preview, Target, UnitOf};
use crate::ledger::{Card, Fields, Kind, Row, row};
use crate::port::clock::Clock;
use crate::port::random::Random;
use crate::port::shelf::{Op, Table};
use crate::port::twin::{Receipt, Store, StoreError, whole_key};

/// A record that an import begins or changes.
struct Item {
    kind: Kind,
    id: RecordId,
    is_new: bool,
    fields: Fields,
}

/// The form of the cards, noted where all ledger records have one. Another form has them made anew.
const CARDS: &[u8] = b"2";

/// How many cards are kept in one step.
const CARDS_KEPT: usize = 512;

/// What becomes of the rows of a file that can't be taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WithErrors {
    /// Nothing is imported before the file is mended.
    Refuse,
    /// A person has chosen to import all other rows.
    LeaveOut,
}

/// What an import did.
#[derive(Clone, PartialEq, Debug)]
pub struct Imported {
    /// Proof that it was kept; none when nothing changed.
    pub receipt: Option<Receipt>,
    /// The cards of all records that began or changed, for [`crate::ledger::Ledger::put_all`].
    pub cards: Vec<Card>,
}

/// Why an import was not kept. Nothing of it is, then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// Rows have errors, and nobody has chosen to leave them out.
    #[error("{rows} rows have errors")]
    RowsWithErrors {
        /// How many.
        rows: usize,
    },
    /// The store failed, or a record is gone that was there when the preview was made.
    #[error(transparent)]
    App(#[from] AppError),
}

/// Which step an import is at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// The changes are being made; nothing is kept yet.
    Preparing(Step),
    /// All changes are being kept, in one piece.
    Keeping,
    /// The import counts; the lists are being brought up to date.
    Listing(Step),
}

/// Where it is noted that a line was edited here and has not left since: id → number of its changes.
const EDITED: &str = "edited/";

/// Steps done of steps in all.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Step {
    /// Done.
    pub done: usize,
    /// In all.
    pub total: usize,
}

impl<S: Store, C: Clock, R: Random> Workspace<S, C, R> {
    /// The cards of all ledger records, in no particular order. Makes those that lack, as after an upgrade, a repair or an
    /// import that was cut off; what can't be kept now is made again the next time.
    ///
    /// # Errors
    /// [`StoreError`] when the store can't be read.
    pub async fn load_cards(&self, progress: impl Fn(Step)) -> Result<Vec<Card>, StoreError> {
        let note = whole_key(Table::Cards);
        let noted = self.store.get(Table::Meta, &note).await?;
        let whole = noted.as_deref() == Some(CARDS);
        let mut made = Vec::new();
        // Versions before the cards kept summaries of these records, and may have been used again since.
        let summarised = self.ledger_summaries().await?;
        let mut missing = if whole { Vec::new() } else { self.without_index().await? };
        if noted.is_some() && !whole {
            let keys = self.store.keys(Table::Cards, "").await?;
            missing.extend(keys.iter().filter_map(|key| RecordId::parse(key.rsplit('/').next()?).ok()));
        }
        let all: Vec<RecordId> = summarised.iter().chain(&missing).cloned().collect();
        let mut all_kept = true;
        for (index, part) in all.chunks(STEP).enumerate() {
            let mut ops = Vec::new();
            for record in self.load_many(part).await?.into_iter().flatten() {
                let Some(card) = Card::of(record.journal(), record.state()) else { continue };
                ops.push(put_card(&card));
                ops.push(Op::delete(Table::Records, card.id.clone()));
                made.push(card);
            }
            all_kept &= ops.is_empty() || self.store.commit(ops).await.is_ok();
            progress(Step { done: (index * STEP + part.len()).min(all.len()), total: all.len() });
        }
        if !whole && all_kept {
            // Only a note: without it the next time looks again.
            let _ = self.store.commit(vec![Op::put(Table::Meta, note, CARDS)]).await;
        }
        let stored = self.store.scan(Table::Cards, "").await?;
        let mut cards: Vec<Card> = stored.iter().filter_map(|(key, bytes)| Card::read(key, bytes)).collect();
        if !all_kept {
            cards.retain(|card| !made.iter().any(|other| other.id == card.id));
            cards.append(&mut made);
        }
        Ok(cards)
    }

    /// Ledger records that an earlier version has put among the summaries.
    async fn ledger_summaries(&self) -> Result<Vec<RecordId>, StoreError> {
        let is_ledger = |bytes: &[u8]| {
            let value: Value = serde_json::from_slice(bytes).unwrap_or_default();
            value.get("kind").and_then(Value::as_str).and_then(Kind::parse).is_some()
        };
        let stored = self.store.scan(Table::Records, "").await?;
        Ok(stored.into_iter().filter(|(_, bytes)| is_ledger(bytes)).filter_map(|(id, _)| RecordId::parse(&id).ok()).collect())
    }

    /// Writes what a person edited into a ledger record and keeps it. `null` and empty texts take a value away, also one
    /// that an import brought. The card as it is then; none when nothing changed.
    ///
    /// # Errors
    /// [`AppError`]; when the store failed the record in memory is as it was.
    pub async fn save_line(&self, record: &mut Record, values: &[(&str, Value)]) -> Result<Option<(Receipt, Card)>, AppError> {
        let writes = crate::ledger::row::edit(record.state(), values);
        let writes: Vec<(&str, Value)> = writes.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
        let mut changed = record.clone();
        let entries = self.write(&mut changed, &writes, None)?;
        if entries.is_empty() {
            return Ok(None);
        }
        let mut ops = self.ops(&changed, &entries);
        // Goes along with the next submission, so that the office learns of it.
        ops.push(Op::put(Table::Meta, format!("{EDITED}{}", changed.id()), changed.journal().len().to_string()));
        let receipt = self.keep(ops, &entries).await?;
        *record = changed;
        Ok(Card::of(record.journal(), record.state()).map(|card| (receipt, card)))
    }

    /// The lines that were edited on this device since they last left for the office, with their number of changes.
    ///
    /// # Errors
    /// [`StoreError`] when the store can't be read.
    pub async fn edited_lines(&self) -> Result<Vec<(RecordId, String)>, StoreError> {
        let marks = self.store.scan(Table::Meta, EDITED).await?;
        let line =
            |(key, changes): (String, Vec<u8>)| Some((RecordId::parse(key.strip_prefix(EDITED)?).ok()?, String::from_utf8(changes).ok()?));
        Ok(marks.into_iter().filter_map(line).collect())
    }

    /// Notes that these lines left, each as it was then; one that was edited again meanwhile stays on the list.
    ///
    /// # Errors
    /// [`StoreError`]; the lines go along once more then.
    pub async fn lines_left(&self, left: &[(RecordId, String)]) -> Result<(), StoreError> {
        let now = self.edited_lines().await?;
        let settled = now.into_iter().filter(|line| left.contains(line));
        let ops: Vec<Op> = settled.map(|(id, _)| Op::delete(Table::Meta, format!("{EDITED}{id}"))).collect();
        if ops.is_empty() { Ok(()) } else { self.store.commit(ops).await.map(|_receipt| ()) }
    }

    /// Compares the rows of a file with the records that are there.
    ///
    /// # Errors
    /// [`StoreError`] when the store can't be read.
    pub async fn compare_import(&self, preview: &mut Preview, progress: impl Fn(Step)) -> Result<(), StoreError> {
        let ids: Vec<RecordId> = preview.known_ids().iter().filter_map(|id| RecordId::parse(id).ok()).collect();
        let mut done = 0;
        for part in ids.chunks(STEP * 4) {
            let rows: HashMap<String, Row> = self.load_rows(part).await?.into_iter().map(|(id, row)| (id.to_string(), row)).collect();
            preview.compare(&rows);
            done += part.len();
            progress(Step { done, total: ids.len() });
        }
        Ok(())
    }

    /// The rows of some records, as exports write them. Those that are gone are left out.
    ///
    /// # Errors
    /// [`StoreError`] when the store can't be read.
    pub async fn load_rows(&self, ids: &[RecordId]) -> Result<Vec<(RecordId, Row)>, StoreError> {
        let mut rows = Vec::with_capacity(ids.len());
        for part in ids.chunks(STEP) {
            let records = self.load_many(part).await?;
            rows.extend(records.into_iter().flatten().map(|record| (record.id().clone(), Row::of(record.state()))));
        }
        Ok(rows)
    }

    /// Keeps an import: all of it or nothing. Whatever dies in the middle, the next start finds either none of its records
    /// or all of them.
    ///
    /// # Errors
    /// [`ImportError`]; then nothing of it is kept, and the same preview may be sent again.
    pub async fn commit_import(&self, preview: &Preview, errors: WithErrors, progress: impl Fn(Phase)) -> Result<Imported, ImportError> {
        self.commit_import_paced(preview, errors, progress, async || ()).await
    }

    /// The same, with a `rest` between its steps in which a page stays alive: making changes asks nothing of the store.
    ///
    /// # Errors
    /// As [`Workspace::commit_import`].
    pub async fn commit_import_paced(
        &self,
        preview: &Preview,
        errors: WithErrors,
        progress: impl Fn(Phase),
        rest: impl AsyncFn(),
    ) -> Result<Imported, ImportError> {
        let bad = preview.bad_rows().len();
        if bad > 0 && errors == WithErrors::Refuse {
            return Err(ImportError::RowsWithErrors { rows: bad });
        }
        let items = self.import_items(preview)?;
        let (mut ops, mut cards) = (Vec::with_capacity(items.len() + 1), Vec::with_capacity(items.len()));
        let total = items.len();
        for (index, part) in items.chunks(STEP).enumerate() {
            progress(Phase::Preparing(Step { done: index * STEP, total }));
            rest().await;
            self.write_items(part, &mut ops, &mut cards).await?;
        }
        drop(items);
        if ops.is_empty() {
            return Ok(Imported { receipt: None, cards });
        }
        progress(Phase::Keeping);
        rest().await;
        let note = whole_key(Table::Cards);
        let was_whole = self.store.get(Table::Meta, &note).await.map_err(AppError::from)?.as_deref() == Some(CARDS);
        ops.push(Op::delete(Table::Meta, note.clone()));
        let receipt = self.store.commit(ops).await.map_err(AppError::from)?;
        let listed = self.keep_cards(&cards, |step| progress(Phase::Listing(step))).await;
        if listed && was_whole {
            let _ = self.store.commit(vec![Op::put(Table::Meta, note, CARDS)]).await;
        }
        Ok(Imported { receipt: Some(receipt), cards })
    }

    /// What an import writes: units first, because equipment names them.
    fn import_items(&self, preview: &Preview) -> Result<Vec<Item>, AppError> {
        let id_of = |target: &Target| match target {
            Target::New => Ok((self.new_record_id(), true)),
            Target::Known(id) => RecordId::parse(id).map(|id| (id, false)).map_err(|_| AppError::NoRecord),
        };
        let mut items = Vec::new();
        let mut unit_ids = Vec::with_capacity(preview.units.len());
        for unit in &preview.units {
            let (id, is_new) = id_of(&unit.target)?;
            unit_ids.push(id.clone());
            if is_new || !unit.changes.is_empty() {
                items.push(Item { kind: Kind::Unit, id, is_new, fields: unit.fields.clone() });
            }
        }
        for line in &preview.lines {
            let (id, is_new) = id_of(&line.target)?;
            if !is_new && line.changes.is_empty() {
                continue;
            }
            let mut fields = line.fields.clone();
            fields.extend(line.derived.iter().map(|(path, value)| (path.clone(), value.clone())));
            if let UnitOf::Listed(at) = line.unit
                && let Some(unit) = unit_ids.get(at)
            {
                fields.insert("unit_id".to_owned(), json!(unit));
            }
            items.push(Item { kind: preview.kind, id, is_new, fields });
        }
        Ok(items)
    }

    async fn write_items(&self, items: &[Item], ops: &mut Vec<Op>, cards: &mut Vec<Card>) -> Result<(), AppError> {
        let known: Vec<RecordId> = items.iter().filter(|item| !item.is_new).map(|item| item.id.clone()).collect();
        let mut records = self.load_many(&known).await?.into_iter();
        for item in items {
            let (mut record, writes) = if item.is_new {
                (Record::new(Journal::new(item.id.clone())), row::begin(item.kind, &item.fields))
            } else {
                let record = records.next().flatten().ok_or(AppError::NoRecord)?;
                let writes = row::import(record.state(), &item.fields);
                (record, writes)
            };
            let writes: Vec<(&str, Value)> = writes.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
            let entries = self.write(&mut record, &writes, None)?;
            ops.extend(entries.iter().map(put_entry));
            if !entries.is_empty() && !item.is_new {
                // It says what counted before: gone together with that, or it would be taken for up to date.
                ops.push(Op::delete(Table::Cards, format!("{}/{}", item.kind.name(), item.id)));
            }
            if !entries.is_empty() {
                cards.extend(Card::of(record.journal(), record.state()));
            }
        }
        Ok(())
    }

    /// Keeps cards beside changes that are kept already. Whether all are kept. What can't be kept now is made by the next
    /// [`Workspace::load_cards`], because the note that all are there is missing.
    async fn keep_cards(&self, cards: &[Card], progress: impl Fn(Step)) -> bool {
        for (index, part) in cards.chunks(CARDS_KEPT).enumerate() {
            progress(Step { done: index * CARDS_KEPT, total: cards.len() });
            if self.store.commit(part.iter().map(put_card).collect()).await.is_err() {
                return false;
            }
        }
        true
    }

    /// What a person said of the columns of files with these headers.
    ///
    /// # Errors
    /// [`StoreError`] when the store can't be read.
    pub async fn remembered_columns(&self, columns: &Columns) -> Result<Option<Columns>, StoreError> {
        let stored = self.store.get(Table::Meta, &columns_key(columns)).await?;
        Ok(stored.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
    }

    /// Remembers what a person said of the columns, for the next file with the same headers.
    ///
    /// # Errors
    /// [`StoreError`] when it can't be kept.
    pub async fn remember_columns(&self, columns: &Columns) -> Result<(), StoreError> {
        let value = serde_json::to_vec(columns).unwrap_or_default();
        self.store.commit(vec![Op::put(Table::Meta, columns_key(columns), value)]).await.map(|_receipt| ())
    }
}

fn columns_key(columns: &Columns) -> String {
    format!("columns/{}", columns.signature())
}
