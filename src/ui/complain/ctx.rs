//! A draft that is open: one for each, whatever page is shown, kept sealed after every answer.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use serde_json::Value;

use super::store::{self, Trouble};
use crate::app::session::SaveState;
use crate::complaint::{Draft, DraftPhoto, Form, Lack, Prefill, Reading, check};
use crate::domain::id::PhotoId;
use crate::domain::time::{CivilDate, Instant};
use crate::ui::content;
use crate::ui::state::App;
use crate::ui::words::lang_now;

thread_local! {
    static OPEN: RefCell<Vec<DraftCtx>> = const { RefCell::new(Vec::new()) };
    static FORM: RefCell<Option<Rc<Form>>> = const { RefCell::new(None) };
}

/// How long a save that failed waits before the next try.
const AGAIN: Duration = Duration::from_secs(3);

/// What a draft says of the phone that it is written on: true where it is borrowed or shared.
const SHARED: &str = "shared_phone";

/// The form, read once; `None` when it can't be fetched or read.
pub async fn form() -> Option<Rc<Form>> {
    if let Some(known) = FORM.with_borrow(Clone::clone) {
        return Some(known);
    }
    let value = content::json("complaint-form.json").await.ok()?;
    let form = Rc::new(Form::read(value.to_string().as_bytes()).ok()?);
    FORM.set(Some(form.clone()));
    Some(form)
}

/// Whether a draft is written on a borrowed or shared phone.
#[must_use]
pub fn is_shared(draft: &Draft) -> bool {
    draft.extra.get(SHARED).and_then(Value::as_bool) == Some(true)
}

/// Whether a draft was handed over.
#[must_use]
pub fn is_handed(draft: &Draft) -> bool {
    draft.filed.as_ref().is_some_and(|filed| !filed.handed.is_empty())
}

/// One draft open for writing. Cheap to copy; lives until it is cleared away.
#[derive(Clone, Copy)]
pub struct DraftCtx {
    /// The app.
    pub app: App,
    /// What is filled in.
    pub draft: RwSignal<Draft>,
    /// How it stands with saving.
    pub save: RwSignal<SaveState>,
    form: StoredValue<Rc<Form>, LocalStorage>,
    /// Counts changes, so that one that comes during a save is kept by the next.
    changes: StoredValue<u64>,
    busy: StoredValue<bool>,
    /// Cleared away: nothing is written any more.
    gone: StoredValue<bool>,
}

impl DraftCtx {
    /// The draft with this id; `None` when there is none, or it was cleared.
    ///
    /// # Errors
    /// [`Trouble`] when it can't be read.
    pub async fn open(app: App, id: &str) -> Result<Option<Self>, Trouble> {
        let known = OPEN.with_borrow(|all| all.iter().find(|one| one.draft.with_untracked(|draft| draft.id.as_str() == id)).copied());
        if known.is_some() {
            return Ok(known);
        }
        let form = form().await.ok_or(Trouble::Form)?;
        Ok(store::load(id).await?.map(|draft| Self::make(app, form, draft)))
    }

    /// A new draft, with what a poster said.
    #[must_use]
    pub fn begin(app: App, form: Rc<Form>, prefill: Prefill, shared: bool) -> Self {
        let mut draft = Draft::begin(app.workspace().new_record_id(), app.now_ms(), lang_now(), prefill, &form);
        if shared {
            draft.extra.insert(SHARED.to_owned(), Value::Bool(true));
        }
        Self::make(app, form, draft)
    }

    fn make(app: App, form: Rc<Form>, draft: Draft) -> Self {
        let ctx = app.in_root(|| Self {
            app,
            draft: RwSignal::new(draft),
            save: RwSignal::new(SaveState::Saved { at: None }),
            form: StoredValue::new_local(form),
            changes: StoredValue::new(0),
            busy: StoredValue::new(false),
            gone: StoredValue::new(false),
        });
        OPEN.with_borrow_mut(|all| all.push(ctx));
        ctx
    }

    /// The form.
    #[must_use]
    pub fn form(self) -> Rc<Form> {
        self.form.get_value()
    }

    /// The draft's id.
    #[must_use]
    pub fn id(self) -> String {
        self.draft.with_untracked(|draft| draft.id.to_string())
    }

    /// Today.
    #[must_use]
    pub fn today(self) -> CivilDate {
        Instant::from_ms(self.app.now_ms()).date(self.app.offset_min())
    }

    /// Looks at the draft as the form reads it; follows changes.
    pub fn read<T>(self, look: impl FnOnce(&Reading<'_>) -> T) -> T {
        let form = self.form();
        self.draft.with(|draft| look(&Reading::new(&form, draft)))
    }

    /// What lacks; follows changes.
    #[must_use]
    pub fn lacks(self) -> Vec<Lack> {
        self.read(|reading| check(reading, self.today()))
    }

    /// The ids of the steps that ask something, and the last, which shows everything; follows changes.
    #[must_use]
    pub fn steps(self) -> Vec<String> {
        self.read(|reading| {
            let last = reading.form.steps.len().saturating_sub(1);
            let asks = |(at, step)| at == last || reading.fields_of(step).next().is_some();
            let all = reading.form.steps.iter().enumerate();
            all.filter(|(at, step)| asks((*at, *step))).map(|(_, step)| step.id.clone()).collect()
        })
    }

    /// Changes the draft and keeps it.
    pub fn update(self, change: impl FnOnce(&mut Draft)) {
        self.draft.update(change);
        self.keep();
    }

    /// Gives an answer.
    pub fn set(self, field: &str, value: Value) {
        let now = self.app.now_ms();
        self.update(|draft| draft.set(field, value, now));
    }

    /// Notes where the person is.
    pub fn at_step(self, step: &str) {
        if self.draft.with_untracked(|draft| draft.step != step) {
            self.update(|draft| draft.step = step.to_owned());
        }
    }

    /// Adds a photo whose bytes are kept already. False when there are too many.
    pub fn add_photo(self, photo: DraftPhoto) -> bool {
        let now = self.app.now_ms();
        let added = self.draft.try_update(|draft| draft.add_photo(photo, now)).unwrap_or_default();
        self.keep();
        added
    }

    /// Takes a photo out of the draft, and its bytes away once the draft without it is kept.
    pub fn remove_photo(self, id: &PhotoId) {
        let now = self.app.now_ms();
        let unused = self.draft.try_update(|draft| draft.remove_photo(id, now)).flatten();
        self.keep();
        let Some(unused) = unused else { return };
        leptos::task::spawn_local(async move {
            // Bytes that stay are cleared away with the draft.
            if self.settle().await {
                let _ = store::remove_photo(&self.id(), &unused).await;
            }
        });
    }

    /// Keeps the draft as it is now, unless that is under way.
    pub fn keep(self) {
        self.changes.update_value(|count| *count += 1);
        self.save.set(SaveState::Saving);
        if !self.busy.get_value() {
            self.busy.set_value(true);
            leptos::task::spawn_local(async move {
                self.keep_all().await;
                self.busy.set_value(false);
            });
        }
    }

    async fn keep_all(self) {
        while !self.gone.get_value() {
            let seen = self.changes.get_value();
            match store::save(&self.draft.get_untracked()).await {
                Ok(()) if self.changes.get_value() == seen => {
                    self.save.set(SaveState::Saved { at: Some(Instant::from_ms(self.app.now_ms())) });
                    return;
                }
                Ok(()) => {}
                Err(trouble) => {
                    self.save.set(SaveState::Failed { error: trouble.into(), waiting: 1 });
                    pause(AGAIN).await;
                }
            }
        }
    }

    /// Waits until what there is to keep is kept. False where it could not be.
    pub async fn settle(self) -> bool {
        self.app.flush_typing();
        while self.busy.get_value() {
            if matches!(self.save.get_untracked(), SaveState::Failed { .. }) {
                return false;
            }
            pause(Duration::from_millis(20)).await;
        }
        true
    }

    /// Clears the draft away, with its photos and its key. Nothing of it is written afterwards.
    ///
    /// # Errors
    /// [`Trouble`] when something may be left.
    pub async fn clear(self) -> Result<(), Trouble> {
        self.gone.set_value(true);
        while self.busy.get_value() {
            pause(Duration::from_millis(20)).await;
        }
        store::clear(&self.id()).await?;
        self.forget();
        Ok(())
    }

    /// Nothing of it stays in the memory of the page.
    fn forget(self) {
        let id = self.id();
        OPEN.with_borrow_mut(|all| all.retain(|one| one.draft.with_untracked(|draft| draft.id.as_str() != id)));
        self.draft.update(|draft| {
            draft.answers.clear();
            draft.photos.clear();
            draft.prefill = Prefill::default();
        });
    }
}

/// Clears a draft away, whether it is open or not.
///
/// # Errors
/// [`Trouble`] when something may be left.
pub async fn clear(id: &str) -> Result<(), Trouble> {
    let open = OPEN.with_borrow(|all| all.iter().find(|one| one.draft.with_untracked(|draft| draft.id.as_str() == id)).copied());
    match open {
        Some(ctx) => ctx.clear().await,
        None => store::clear(id).await,
    }
}

/// Rests.
pub async fn pause(time: Duration) {
    let (sender, receiver) = futures::channel::oneshot::channel();
    set_timeout(
        move || {
            // Nobody waits any more when the page is going.
            let _ = sender.send(());
        },
        time,
    );
    let _ = receiver.await;
}
