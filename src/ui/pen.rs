//! Writing into a record: one session for each, whatever page is shown, so that two never number changes beside each other.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use serde_json::Value;

use crate::app::library::Changes;
use crate::app::session::SaveState;
use crate::app::workspace::{AppError, Record};
use crate::domain::id::RecordId;
use crate::domain::journal::{Journal, State};
use crate::port::twin::StoreError;
use crate::ui::save;
use crate::ui::state::{App, AppSession};
use crate::ui::words::{errors, words};

thread_local! {
    static OPEN: RefCell<Vec<Pen>> = const { RefCell::new(Vec::new()) };
}

/// One record open for writing. Cheap to copy; lives as long as the app.
#[derive(Clone, Copy)]
pub struct Pen {
    app: App,
    session: StoredValue<Rc<AppSession>, LocalStorage>,
    /// How it stands with saving.
    pub save: RwSignal<SaveState>,
    /// Counts up with every change.
    pub version: RwSignal<u64>,
}

impl Pen {
    /// The pen for a record, with what the store has of it by now.
    ///
    /// # Errors
    /// [`AppError`] when the record can't be read.
    pub async fn on(app: App, id: &RecordId) -> Result<Self, AppError> {
        let stored = app.workspace().load(id).await?;
        let open = OPEN.with_borrow(|all| all.iter().find(|pen| pen.session().record().id() == id).copied());
        match open {
            Some(pen) => {
                if pen.session().merge(stored.journal()) > 0 {
                    pen.version.update(|version| *version += 1);
                }
                Ok(pen)
            }
            None => Ok(Self::make(app, stored)),
        }
    }

    /// The pen for a record that is not there yet.
    #[must_use]
    pub fn fresh(app: App) -> Self {
        Self::make(app, Record::new(Journal::new(app.workspace().new_record_id())))
    }

    fn make(app: App, record: Record) -> Self {
        let pen = app.in_root(|| {
            let save = RwSignal::new(SaveState::Saved { at: None });
            let session = StoredValue::new_local(app.session_on(record, save));
            let pen = Self { app, session, save, version: RwSignal::new(0) };
            save::watch(app, pen.save, move || pen.update_summary(), move || pen.flush());
            pen
        });
        OPEN.with_borrow_mut(|all| all.push(pen));
        pen
    }

    /// The session.
    #[must_use]
    pub fn session(self) -> Rc<AppSession> {
        self.session.get_value()
    }

    /// The record's id.
    #[must_use]
    pub fn id(self) -> RecordId {
        self.session().record().id().clone()
    }

    /// Looks at what the record says now.
    pub fn with_state<T>(self, look: impl FnOnce(&State) -> T) -> T {
        let session = self.session();
        let record = session.record();
        look(record.state())
    }

    /// Keeps what waits.
    pub fn flush(self) {
        let session = self.session();
        leptos::task::spawn_local(async move { session.flush().await });
    }

    fn update_summary(self) {
        let summary = self.session().summary();
        self.app.summaries.update(|all| {
            all.retain(|one| one.id != summary.id);
            all.insert(0, summary);
        });
    }

    /// Writes changes: on the screen at once, in the store as soon as it can.
    ///
    /// # Errors
    /// [`AppError`] when they are not taken.
    pub fn write(self, changes: &Changes) -> Result<(), AppError> {
        self.write_because(changes, None)
    }

    /// As [`Pen::write`], with the reason that a sealed record asks for.
    ///
    /// # Errors
    /// As [`Pen::write`].
    pub fn write_because(self, changes: &Changes, reason: Option<&str>) -> Result<(), AppError> {
        if !self.app.owner.get_untracked() {
            return Err(AppError::Store(StoreError::NotOwner));
        }
        let values: Vec<(&str, Value)> = changes.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
        if self.session().set(&values, reason)? {
            self.version.update(|version| *version += 1);
        }
        self.flush();
        Ok(())
    }

    /// As [`Pen::write`], for what a person does: who is told when it is not taken. What is done with a sealed record says
    /// itself what it is, so `later` does as the reason.
    pub fn put(self, changes: &Changes, later: &str) -> bool {
        if !self.app.owner.get_untracked() {
            self.app.toast(words().reader_note);
            return false;
        }
        let sealed = self.session().record().is_sealed();
        match self.write_because(changes, sealed.then_some(later)) {
            Ok(()) => true,
            Err(AppError::Store(error)) => {
                self.app.toast(errors::explain_store(&error));
                false
            }
            Err(_) => {
                self.app.toast(words().sealed_note);
                false
            }
        }
    }

    /// Writes changes and waits until the store has them.
    ///
    /// # Errors
    /// [`AppError`]; when the store failed the changes wait and are sent again.
    pub async fn keep(self, changes: &Changes) -> Result<(), AppError> {
        self.write(changes)?;
        let session = self.session();
        session.flush().await;
        match session.save_state() {
            SaveState::Failed { error, .. } => Err(AppError::Store(error)),
            SaveState::Saved { .. } | SaveState::Saving => {
                // Not only when the effect above gets its turn: the next page looks for the record at once.
                self.update_summary();
                Ok(())
            }
        }
    }
}
