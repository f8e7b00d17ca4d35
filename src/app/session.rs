//! A session: one record open on the screen, every change saved by itself.
//!
//! A change shows at once and is kept as soon as the store has it. When the store fails, the very same entries
//! wait and are sent again: a number in a chain is never given to two different changes.

use std::cell::{Cell, Ref, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use serde_json::Value;

use super::workspace::{AppError, Record, Workspace, put_entry, put_index, put_summary};
use crate::domain::change::Entry;
use crate::domain::inspection::{Change, Summary, Visit};
use crate::domain::journal::Journal;
use crate::domain::time::Instant;
use crate::port::clock::Clock;
use crate::port::random::Random;
use crate::port::twin::{Store, StoreError};

/// How it stands with saving.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaveState {
    /// Everything on the screen is kept. `at` is the time of the last receipt, none when nothing was changed yet.
    Saved {
        /// When.
        at: Option<Instant>,
    },
    /// Changes are on their way.
    Saving,
    /// The store failed; the changes wait on the screen and in memory.
    Failed {
        /// Why.
        error: StoreError,
        /// How many changes wait.
        waiting: usize,
    },
}

/// One record open on the screen.
pub struct Session<S, C, R> {
    workspace: Rc<Workspace<S, C, R>>,
    record: RefCell<Record>,
    /// What follows from the record's answers; none when it is no inspection.
    visit: RefCell<Option<Visit>>,
    waiting: RefCell<Vec<Entry>>,
    in_flight: Cell<usize>,
    flushing: RefCell<Vec<Waker>>,
    state: RefCell<SaveState>,
    on_state: Box<dyn Fn(&SaveState)>,
}

impl<S: Store, C: Clock, R: Random> Session<S, C, R> {
    /// Opens a session on a record. `on_state` hears every change of the state of saving.
    #[must_use]
    pub fn new(workspace: Rc<Workspace<S, C, R>>, record: Record, on_state: Box<dyn Fn(&SaveState)>) -> Self {
        let visit = read_visit(&record);
        Self {
            workspace,
            visit: RefCell::new(visit),
            record: RefCell::new(record),
            waiting: RefCell::default(),
            in_flight: Cell::new(0),
            flushing: RefCell::default(),
            state: RefCell::new(SaveState::Saved { at: None }),
            on_state,
        }
    }

    /// The record as it stands on the screen.
    pub fn record(&self) -> Ref<'_, Record> {
        self.record.borrow()
    }

    /// What follows from the answers; none when the record is no inspection.
    pub fn visit(&self) -> Ref<'_, Option<Visit>> {
        self.visit.borrow()
    }

    /// The record's summary as it stands on the screen.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let record = self.record.borrow();
        let counts = self.visit.borrow().as_ref().map(|visit| visit.inspection().counts()).unwrap_or_default();
        super::matter::with_line(Summary::with(record.journal(), record.state(), counts), record.state())
    }

    /// The workspace.
    #[must_use]
    pub fn workspace(&self) -> &Rc<Workspace<S, C, R>> {
        &self.workspace
    }

    /// How it stands with saving.
    #[must_use]
    pub fn save_state(&self) -> SaveState {
        self.state.borrow().clone()
    }

    /// How many changes are not kept yet.
    #[must_use]
    pub fn unsaved(&self) -> usize {
        self.waiting.borrow().len() + self.in_flight.get()
    }

    /// Sets values at once on the screen; call [`Session::flush`] to keep them. Returns whether anything changed.
    ///
    /// # Errors
    /// [`AppError::Sealed`] when the record is sealed and no reason is given.
    pub fn set(&self, values: &[(&str, Value)], reason: Option<&str>) -> Result<bool, AppError> {
        Ok(self.edit(values, reason)?.is_some())
    }

    /// As [`Session::set`], and says what followed from it; none when nothing changed. What is computed from the values is
    /// written with them.
    ///
    /// # Errors
    /// As [`Session::set`].
    pub fn edit(&self, values: &[(&str, Value)], reason: Option<&str>) -> Result<Option<Change>, AppError> {
        let record = &mut *self.record.borrow_mut();
        let entries = self.workspace.write(record, values, reason)?;
        let paths = entries.iter().map(|entry| entry.change.path.as_str());
        let mut change = self.visit.borrow_mut().as_mut().map(|visit| visit.apply(record.state(), paths)).unwrap_or_default();
        if !self.enqueue(entries) {
            return Ok(None);
        }
        let computed = std::mem::take(&mut change.calculated);
        if !computed.is_empty() {
            let values: Vec<(&str, Value)> = computed.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
            let entries = self.workspace.write(record, &values, reason)?;
            let paths = entries.iter().map(|entry| entry.change.path.as_str());
            let more = self.visit.borrow_mut().as_mut().map(|visit| visit.apply(record.state(), paths)).unwrap_or_default();
            change.layout |= more.layout;
            change.slots.extend(more.slots);
            change.slots.sort_unstable();
            change.slots.dedup();
            self.enqueue(entries);
        }
        Ok(Some(change))
    }

    /// Writes what is computed and not kept yet, as before sealing. Says what followed from it, as [`Session::edit`].
    ///
    /// # Errors
    /// As [`Session::set`].
    pub fn settle(&self) -> Result<Option<Change>, AppError> {
        let computed = self.visit.borrow().as_ref().map(Visit::calculated).unwrap_or_default();
        let values: Vec<(&str, Value)> = computed.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
        if values.is_empty() { Ok(None) } else { self.edit(&values, None) }
    }

    /// Seals the record; call [`Session::flush`] to keep the seal.
    ///
    /// # Errors
    /// As [`Workspace::seal`].
    pub fn seal(&self) -> Result<(), AppError> {
        let entries = self.workspace.seal(&mut self.record.borrow_mut())?;
        self.enqueue(entries);
        Ok(())
    }

    fn enqueue(&self, entries: Vec<Entry>) -> bool {
        let changed = !entries.is_empty();
        self.waiting.borrow_mut().extend(entries);
        changed
    }

    fn tell(&self, state: SaveState) {
        *self.state.borrow_mut() = state.clone();
        (self.on_state)(&state);
    }

    /// Keeps everything that waits. While one call is at work others wait for it; it keeps theirs too.
    pub async fn flush(&self) {
        poll_fn(|context| {
            if self.in_flight.get() == 0 {
                return Poll::Ready(());
            }
            self.flushing.borrow_mut().push(context.waker().clone());
            Poll::Pending
        })
        .await;
        self.flush_now().await;
        for waker in self.flushing.take() {
            waker.wake();
        }
    }

    async fn flush_now(&self) {
        loop {
            let entries = std::mem::take(&mut *self.waiting.borrow_mut());
            if entries.is_empty() {
                return;
            }
            self.in_flight.set(entries.len());
            self.tell(SaveState::Saving);
            let ops = {
                let record = self.record.borrow();
                // Counted already where there are questions.
                let counted = self.visit.borrow().is_some();
                let index = if counted { put_summary(&self.summary()) } else { put_index(record.journal(), record.state()) };
                entries.iter().map(put_entry).chain([index]).collect()
            };
            let kept = self.workspace.keep(ops, &entries).await;
            self.in_flight.set(0);
            match kept {
                Ok(_receipt) => {
                    if self.waiting.borrow().is_empty() {
                        self.tell(SaveState::Saved { at: Some(self.workspace.clock().now()) });
                    }
                }
                Err(error) => {
                    // Back to the front, in order; what was typed meanwhile comes after.
                    self.waiting.borrow_mut().splice(0..0, entries);
                    let waiting = self.waiting.borrow().len();
                    self.tell(SaveState::Failed { error, waiting });
                    return;
                }
            }
        }
    }

    /// Adds what an import brought for this record. Returns how many entries were new here; what waits stays.
    pub fn merge(&self, other: &Journal) -> usize {
        let added = self.record.borrow_mut().merge(other);
        if added > 0 {
            let visit = read_visit(&self.record.borrow());
            *self.visit.borrow_mut() = visit;
        }
        added
    }
}

fn read_visit(record: &Record) -> Option<Visit> {
    let inspection = record.state().text("kind") == Some("inspection");
    if inspection { Visit::read(record.state()).ok() } else { None }
}
