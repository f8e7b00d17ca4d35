//! One matter open for writing, and what its screens follow.

use std::cell::RefCell;
use std::sync::Arc;

use leptos::prelude::*;
use serde_json::Value;

use super::host::FormHost;
use super::private::{private_photos, reveal};
use crate::app::library::Changes;
use crate::app::matter;
use crate::app::workspace::AppError;
use crate::domain::change::ClockReading;
use crate::domain::id::RecordId;
use crate::domain::journal::State;
use crate::domain::time::{CivilDate, Instant};
use crate::port::clock::Clock as _;
use crate::procedure::{Case, Field};
use crate::ui::pen::Pen;
use crate::ui::photo::Album;
use crate::ui::state::App;
use crate::ui::words::cases_words;

thread_local! {
    static OPEN: RefCell<Vec<(RecordId, CaseCtx)>> = const { RefCell::new(Vec::new()) };
}

/// One matter open for writing. Cheap to copy; lives as long as the app.
#[derive(Clone, Copy)]
pub struct CaseCtx {
    /// The app.
    pub app: App,
    /// Writes.
    pub pen: Pen,
    /// Its photos.
    pub album: Album,
    /// Where it stands; none when the record is no matter.
    pub case: Memo<Option<Arc<Case>>>,
    /// Whether somebody asked for the personal data of it, see [`super::private`].
    pub shown: RwSignal<bool>,
}

impl CaseCtx {
    /// Opens a matter; one that is open already is given again, with what the store has of it by now.
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
            pen.put(&values, cases_words().later_step);
        });
        let about = Callback::new(move |_item: Option<String>| pen.with_state(stamped));
        let album = Album::new(app, pen.session(), write, about);
        let case = Memo::new(move |_| {
            pen.version.track();
            pen.with_state(Case::read).map(Arc::new)
        });
        let shown = RwSignal::new(false);
        let ctx = Self { app, pen, album, case, shown };
        Effect::new(move |_| {
            album.photos.track();
            let covered = if shown.get() { Vec::new() } else { ctx.with(private_photos).unwrap_or_default() };
            album.covered.set(covered);
        });
        ctx
    }

    /// Sets values: on the screen at once, in the store as soon as it can. A person is told when they are not taken.
    pub fn set(self, changes: &Changes) -> bool {
        self.pen.put(changes, cases_words().later_step)
    }

    /// Sets one value.
    pub fn set_one(self, path: &str, value: Value) -> bool {
        self.set(&vec![(path.to_owned(), value)])
    }

    /// A value of the record now, following changes.
    pub fn value(self, path: &str) -> Option<Value> {
        self.pen.version.track();
        self.pen.with_state(|state| state.get(path).cloned())
    }

    /// Reads the matter and its record as they stand now, following changes; `None` when it is no matter.
    pub fn with<T>(self, read: impl FnOnce(&Case, &State) -> T) -> Option<T> {
        // What is answered is no part of where the matter stands.
        self.pen.version.track();
        let case = self.case.get()?;
        Some(self.pen.with_state(|state| read(&case, state)))
    }

    /// What the fields of a form need: of a step, or without one of the matter.
    pub fn host(self, step: Option<String>) -> FormHost {
        let step = StoredValue::new(step);
        let look = Callback::new(move |path: String| self.value(&path));
        let keep = Callback::new(move |(path, value): (String, Value)| {
            // A signature says what it was given for.
            let value = self.pen.with_state(|state| step.with_value(|step| matter::signed(state, step.as_deref(), value)));
            self.set_one(&path, value);
        });
        let requires = Callback::new(move |field: Field| {
            self.with(|case, state| step.with_value(|step| case.requires(state, step.as_deref(), &field))).unwrap_or(false)
        });
        let named = Callback::new(move |field: String| {
            self.with(|case, state| step.with_value(|step| case.value(state, step.as_deref(), &field).cloned())).flatten()
        });
        FormHost::new(self.app, self.album, self.pen.id().to_string(), look, keep, requires, named)
            .covering(self.shown, Callback::new(move |()| reveal(self)))
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

/// What is written below a photo besides time and place. In Chinese, the language of records.
fn stamped(state: &State) -> Vec<String> {
    let text = |path: &str| state.text(path).unwrap_or_default();
    let place = [text("unit/name"), text("equipment/name"), text("fields/place")].join(" ");
    let officer = |one: &Value| {
        let field = |name: &str| one.get(name).and_then(Value::as_str).unwrap_or_default();
        format!("{} {}", field("name"), field("cert_no")).trim().to_owned()
    };
    let officers = state.get("fields/officers").and_then(Value::as_array).into_iter().flatten().map(officer);
    let officers: Vec<String> = officers.filter(|one| !one.is_empty()).collect();
    let mut lines = vec![place.split_whitespace().collect::<Vec<_>>().join(" ")];
    if !officers.is_empty() {
        lines.push(format!("检查人员 {}", officers.join("、")));
    }
    lines.retain(|line| !line.is_empty());
    lines
}
