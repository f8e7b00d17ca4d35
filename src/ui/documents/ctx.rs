//! One document open for writing, and what its screens follow.

use std::cell::RefCell;
use std::sync::Arc;

use leptos::prelude::*;
use serde_json::Value;

use crate::app::library::Changes;
use crate::app::workspace::AppError;
use crate::document::{Document, at};
use crate::domain::change::ClockReading;
use crate::domain::checklist::Truth;
use crate::domain::id::RecordId;
use crate::domain::time::{CivilDate, Instant};
use crate::port::clock::Clock as _;
use crate::procedure::{Field, Required, field_path};
use crate::ui::cases::host::FormHost;
use crate::ui::pen::Pen;
use crate::ui::photo::Album;
use crate::ui::state::App;
use crate::ui::words::{document_words, errors, words};

thread_local! {
    static OPEN: RefCell<Vec<(RecordId, DocCtx)>> = const { RefCell::new(Vec::new()) };
}

/// One document open for writing. Cheap to copy; lives as long as the app.
#[derive(Clone, Copy)]
pub struct DocCtx {
    /// The app.
    pub app: App,
    /// Writes.
    pub pen: Pen,
    /// Its photos.
    pub album: Album,
    /// How it stands; none when the record is no document.
    pub document: Memo<Option<Arc<Document>>>,
}

impl DocCtx {
    /// Opens a document; one that is open already is given again, with what the store has of it by now.
    ///
    /// # Errors
    /// [`AppError`] when the record can't be read.
    pub async fn open(app: App, id: &str) -> Result<Self, AppError> {
        let id = RecordId::parse(id).map_err(|_| AppError::NoRecord)?;
        let pen = Pen::on(app, &id).await?;
        let known = OPEN.with_borrow(|all| all.iter().find(|(known, _)| *known == id).map(|(_, ctx)| *ctx));
        if let Some(known) = known {
            known.album.refresh();
            return Ok(known);
        }
        let ctx = app.in_root(|| Self::make(app, pen));
        OPEN.with_borrow_mut(|all| all.push((id, ctx)));
        Ok(ctx)
    }

    fn make(app: App, pen: Pen) -> Self {
        let write = Callback::new(move |values: Changes| {
            pen.put(&values, document_words().after_issue);
        });
        let about = Callback::new(move |_item: Option<String>| Vec::new());
        let album = Album::new(app, pen.session(), write, about);
        let document = Memo::new(move |_| {
            pen.version.track();
            pen.with_state(Document::read).map(Arc::new)
        });
        Self { app, pen, album, document }
    }

    /// Sets values: on the screen at once, in the store as soon as it can. A person is told when they are not taken.
    pub fn set(self, changes: &Changes) -> bool {
        self.pen.put(changes, document_words().after_issue)
    }

    /// What the fields of its form need.
    pub fn host(self) -> FormHost {
        let look = Callback::new(move |path: String| {
            self.pen.version.track();
            self.pen.with_state(|state| state.get(&path).cloned())
        });
        let keep = Callback::new(move |(path, value): (String, Value)| {
            self.set(&vec![(path, value)]);
        });
        let requires = Callback::new(move |field: Field| self.requires(&field));
        let named = Callback::new(move |field: String| look.run(field_path(None, &field)));
        FormHost::new(self.app, self.album, self.pen.id().to_string(), look, keep, requires, named)
    }

    fn requires(self, field: &Field) -> bool {
        match &field.required {
            Required::Plain(required) => *required,
            Required::When(when) => self.document.get().is_some_and(|document| {
                let values = self.pen.with_state(|state| document.values(state));
                when.evaluate_by(&|path: &str| at(&values, path).map(std::borrow::Cow::Borrowed)) == Truth::True
            }),
        }
    }

    /// What the device's clocks say.
    pub fn now(self) -> ClockReading {
        self.app.workspace().clock().read()
    }

    /// Today, where the phone is.
    pub fn today(self) -> CivilDate {
        let now = self.now();
        Instant::from_ms(now.wall_ms).date(now.offset_min)
    }
}

/// Why something was not taken.
#[must_use]
pub fn explain(error: &AppError) -> String {
    match error {
        AppError::Store(error) => errors::explain_store(error),
        AppError::NoRecord => document_words().no_source.to_owned(),
        _ => words().sealed_note.to_owned(),
    }
}
