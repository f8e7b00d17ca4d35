//! Ledgers in the store: their cards, imports that count whole or not at all, and what exports read.
//!
//! Cards are a cache beside the summaries of other records and are not read at the start. An import keeps all its changes
//! in one batch, together with taking away the note that the cards are whole; the cards follow in steps. Whatever dies in
//! between, the next [`Workspace::load_cards`] makes those that lack.

use serde_json::Value;

use super::workspace::{AppError, Record, STEP, Workspace, put_card};
use crate::domain::id::RecordId;
use crate::ledger::{Card, Kind};
use crate::port::clock::Clock;
use crate::port::random::Random;
use crate::port::shelf::{Op, Table};
use crate::port::twin::{Receipt, Store, StoreError, whole_key};

/// The form of the cards, noted where all ledger records have one. Another form has them made anew.
const CARDS: &[u8] = b"1";

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
        let receipt = self.save(record, &writes, None).await?;
        let card = Card::of(record.journal(), record.state());
        Ok(receipt.zip(card))
    }
}
