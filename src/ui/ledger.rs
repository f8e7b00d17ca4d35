//! The ledgers as the screens share them: loaded when first asked for, brought up to date after every save and import.

pub mod due;
pub mod export;
pub mod form;
pub mod found;
pub mod import;
pub mod labels;
pub mod line;
pub mod list;
pub mod pages;
pub mod types;
pub mod unit;

use std::cell::{Ref, RefCell};
use std::rc::Rc;

use leptos::prelude::*;

use super::state::App;
use crate::app::ledger::Step;
use crate::ledger::{Card, Ledger};
use crate::port::twin::StoreError;

/// The ledgers in memory. Cheap to copy.
#[derive(Clone)]
pub struct SharedLedger(Rc<RefCell<Ledger>>);

impl SharedLedger {
    /// To look at. Never held over an `await`.
    pub fn get(&self) -> Ref<'_, Ledger> {
        self.0.borrow()
    }
}

impl App {
    /// The ledgers; read from the store when this is asked for the first time.
    ///
    /// # Errors
    /// [`StoreError`] when the store can't be read.
    pub async fn ledger(self, progress: impl Fn(Step)) -> Result<SharedLedger, StoreError> {
        if let Some(shared) = self.known_ledger() {
            return Ok(shared);
        }
        let cards = self.workspace().load_cards(progress).await?;
        // Somebody else may have been quicker; one copy is shared.
        if let Some(shared) = self.known_ledger() {
            return Ok(shared);
        }
        let shared = SharedLedger(Rc::new(RefCell::new(Ledger::new(cards))));
        self.ledger.set_value(Some(Rc::new(shared.clone())));
        self.ledger_news.update(|news| *news += 1);
        Ok(shared)
    }

    /// The ledgers if they are there already; a screen that asks follows what becomes new in them.
    pub fn ledger_now(self) -> Option<SharedLedger> {
        self.ledger_news.track();
        self.known_ledger()
    }

    fn known_ledger(self) -> Option<SharedLedger> {
        self.ledger.with_value(|ledger| ledger.as_ref()?.downcast_ref::<SharedLedger>().cloned())
    }

    /// Takes in what a save or an import made of some records.
    pub fn ledger_put(self, cards: Vec<Card>) {
        if let Some(shared) = self.known_ledger() {
            shared.0.borrow_mut().put_all(cards);
            self.ledger_news.update(|news| *news += 1);
        }
    }

    /// Forgets the ledgers, as after an imported bundle: the next screen that asks reads them again.
    pub fn forget_ledger(self) {
        self.ledger.set_value(None);
        self.ledger_news.update(|news| *news += 1);
    }
}
