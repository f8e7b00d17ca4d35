//! One inspection open for writing: its session, and the signals that follow it.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;
use serde_json::Value;

use super::earlier::{self, Past};
use super::scroll_to;
use crate::app::session::SaveState;
use crate::app::visit::Values;
use crate::app::workspace::AppError;
use crate::domain::checklist::{Phrase, Verdict, Wording};
use crate::domain::id::RecordId;
use crate::domain::inspection::{Answer, Change, Counts, Inspection, Part, PhotoRef, Status, answer_path};
use crate::ui::content::{self, Code};
use crate::ui::photo::{Album, Taking};
use crate::ui::save;
use crate::ui::state::{App, AppSession};
use crate::ui::words::{lang, words};

/// The signals of one question; made when it is first shown.
#[derive(Clone, Copy)]
pub struct SlotSignals {
    /// The answer.
    pub answer: RwSignal<Answer>,
    /// How it stands with it.
    pub status: RwSignal<Status>,
}

/// One inspection open for writing. Cheap to copy; lives until another one is opened, whatever page is shown.
#[derive(Clone, Copy)]
pub struct CheckCtx {
    /// The app.
    pub app: App,
    /// The session.
    session: StoredValue<Rc<AppSession>, LocalStorage>,
    /// Record id, as text.
    pub id: StoredValue<String>,
    /// How it stands with saving.
    pub save: RwSignal<SaveState>,
    signals: StoredValue<BTreeMap<usize, SlotSignals>>,
    /// Counts up when the questions are others than before.
    pub layout: RwSignal<u64>,
    /// Counts up when the names of unit or equipment may have changed.
    pub names: RwSignal<u64>,
    /// The part that is shown.
    pub part: RwSignal<Part>,
    /// A question that is to be shown: by its slot, with a number that makes each wish a new one.
    pub wanted: RwSignal<Option<(usize, u64)>>,
    /// The photos.
    pub album: Album,
    /// The photos that count.
    pub photos: RwSignal<Vec<PhotoRef>>,
    /// Photos on their way into the record.
    pub taking: RwSignal<Vec<Taking>>,
    /// Ready sentences by item.
    pub phrases: RwSignal<BTreeMap<String, Vec<Phrase>>>,
    /// The measures.
    pub measures: RwSignal<Vec<Code>>,
    /// What was found at the last visit, by key.
    pub earlier: RwSignal<Arc<BTreeMap<String, Past>>>,
    /// Counts up with every change, for what follows the whole record.
    pub version: RwSignal<u64>,
    /// The question where the person is.
    pub here: StoredValue<usize>,
}

impl CheckCtx {
    /// Opens an inspection; the one that is open already is given again.
    ///
    /// # Errors
    /// [`AppError`] when there is no such inspection or the store can't be read.
    pub async fn open(app: App, id: &str) -> Result<Self, AppError> {
        if let Some(open) = app.open_check(id) {
            return Ok(open);
        }
        let record_id = RecordId::parse(id).map_err(|_| AppError::NoRecord)?;
        let save = app.in_root(|| RwSignal::new(SaveState::Saved { at: None }));
        let session = app.session(&record_id, save).await?;
        if session.visit().is_none() {
            return Err(AppError::NoRecord);
        }
        // Opened by someone else while this one was loading.
        if let Some(open) = app.open_check(id) {
            return Ok(open);
        }
        let ctx = app.in_root(|| Self::make(app, id, session, save));
        app.add_check(ctx);
        Ok(ctx)
    }

    fn make(app: App, id: &str, session: Rc<AppSession>, save: RwSignal<SaveState>) -> Self {
        let slot = StoredValue::new(None::<Self>);
        let write = Callback::new(move |values: Values| {
            if let Some(ctx) = slot.get_value() {
                ctx.set_all(&values);
            }
        });
        let stamping = StoredValue::new_local(session.clone());
        let about = Callback::new(move |item: Option<String>| stamped(&stamping.get_value(), item.as_deref()));
        let album = Album::new(app, session.clone(), write, about);
        let ctx = Self {
            app,
            session: StoredValue::new_local(session),
            id: StoredValue::new(id.to_owned()),
            save,
            signals: StoredValue::new(BTreeMap::new()),
            layout: RwSignal::new(0),
            names: RwSignal::new(0),
            part: RwSignal::new(Part::Whole),
            wanted: RwSignal::new(None),
            album,
            photos: album.photos,
            taking: album.taking,
            phrases: RwSignal::default(),
            measures: RwSignal::new(Vec::new()),
            earlier: RwSignal::default(),
            version: RwSignal::new(0),
            here: StoredValue::new(0),
        };
        slot.set_value(Some(ctx));
        ctx.part.set(ctx.first_part());
        save::watch(app, save, move || ctx.update_summary(), move || ctx.flush());
        ctx.load_words();
        leptos::task::spawn_local(async move {
            ctx.measures.set(content::codes("measures").await);
            ctx.earlier.set(Arc::new(earlier::find(ctx).await));
        });
        ctx
    }

    /// Fetches the ready sentences of all lists of the visit.
    fn load_words(self) {
        let lists: Vec<String> = self.with(|inspection| inspection.lists.iter().map(|list| list.id.clone()).collect());
        leptos::task::spawn_local(async move {
            let mut all = BTreeMap::new();
            for list in lists {
                all.extend(content::phrases(&list).await);
            }
            self.phrases.set(all);
        });
    }

    /// The session.
    pub fn session(self) -> Rc<AppSession> {
        self.session.get_value()
    }

    /// Reads the inspection as it stands now, without following it.
    pub fn with<T>(self, read: impl FnOnce(&Inspection) -> T) -> T {
        let session = self.session();
        let visit = session.visit();
        let visit = visit.as_ref().expect("an inspection was opened because it can be read");
        read(visit.inspection())
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

    /// Sets values: on the screen at once, in the store as soon as it can. A person is told when they are not taken.
    pub fn set(self, values: &[(&str, Value)]) {
        self.try_set(values);
    }

    /// As [`CheckCtx::set`], for values that were made elsewhere.
    pub fn set_all(self, values: &Values) -> bool {
        let values: Vec<(&str, Value)> = values.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
        self.try_set(&values)
    }

    /// As [`CheckCtx::set`]; returns whether they were taken.
    pub fn try_set(self, values: &[(&str, Value)]) -> bool {
        if !self.app.owner.get_untracked() {
            self.app.toast(words().reader_note);
            return false;
        }
        let edited = self.session().edit(values, None);
        match edited {
            Ok(Some(change)) => {
                let under = |starts: &[&str]| values.iter().any(|(path, _)| starts.iter().any(|start| path.starts_with(start)));
                if under(&["subjects/", "equipment/"]) {
                    self.names.update(|names| *names += 1);
                }
                self.follow(&change, under(&["photos/"]));
                self.flush();
                true
            }
            Ok(None) => true,
            Err(_) => {
                self.app.toast(words().sealed_note);
                false
            }
        }
    }

    /// Brings the signals up to what the record says now.
    pub(super) fn follow(self, change: &Change, photos_too: bool) {
        if photos_too {
            self.album.refresh();
        }
        if change.layout {
            self.new_layout();
        } else {
            // Only what is or was on the screen has signals.
            let shown = self.signals.with_value(|signals| {
                let known = change.slots.iter().filter_map(|index| Some((*index, *signals.get(index)?)));
                known.collect::<Vec<_>>()
            });
            for (index, signals) in shown {
                let (answer, status) = self.now(index);
                if signals.answer.with_untracked(|old| *old != answer) {
                    signals.answer.set(answer);
                }
                if signals.status.with_untracked(|old| *old != status) {
                    signals.status.set(status);
                }
            }
        }
        self.version.update(|version| *version += 1);
    }

    fn new_layout(self) {
        // Who still holds the old signals is about to be taken away with the old layout.
        self.signals.set_value(BTreeMap::new());
        let part = self.part.get_untracked();
        let parts = self.with(Inspection::parts);
        self.here.set_value(0);
        if !parts.contains(&part) {
            self.part.set(self.first_part());
        }
        self.layout.update(|layout| *layout += 1);
        self.load_words();
    }

    fn first_part(self) -> Part {
        self.with(|inspection| inspection.parts().first().copied().unwrap_or(Part::Whole))
    }

    fn now(self, index: usize) -> (Answer, Status) {
        self.with(|inspection| (inspection.answer(index).clone(), inspection.status(index).cloned().unwrap_or_default()))
    }

    /// Takes over what the store has of this record beyond what is here, as after an import.
    pub async fn take_over(self) {
        let session = self.session();
        let id = session.record().id().clone();
        let Ok(stored) = self.app.workspace().load(&id).await else { return };
        if session.merge(stored.journal()) == 0 {
            return;
        }
        self.album.refresh();
        self.new_layout();
        self.version.update(|version| *version += 1);
        self.update_summary();
    }

    /// Whether nothing may be written any more: sealed, or taken out of the count.
    pub fn is_closed(self) -> bool {
        self.version.track();
        let session = self.session();
        let record = session.record();
        record.is_sealed() || record.state().get("voided").is_some()
    }

    /// What a text of a question says now. One that names answers follows them.
    pub fn wording(self, index: usize, which: Wording) -> String {
        let lang = lang();
        let (text, follows) = self.with(|inspection| (inspection.wording(index, which, lang).to_owned(), inspection.names_answers(index)));
        if follows {
            self.version.track();
        }
        text
    }

    /// The title of a section, likewise.
    pub fn section_title(self, index: usize) -> String {
        let lang = lang();
        let (title, follows) = self.with(|inspection| {
            let first = inspection.sections.get(index).and_then(|section| section.slots.first());
            (inspection.section_title(index, lang), first.is_some_and(|first| inspection.names_answers(*first)))
        });
        if follows {
            self.version.track();
        }
        title
    }

    /// The signals of a question.
    pub fn slot(self, index: usize) -> SlotSignals {
        if let Some(known) = self.signals.with_value(|signals| signals.get(&index).copied()) {
            return known;
        }
        let (answer, status) = self.now(index);
        let made = self.app.in_root(|| SlotSignals { answer: RwSignal::new(answer), status: RwSignal::new(status) });
        self.signals.update_value(|signals| {
            signals.insert(index, made);
        });
        made
    }

    /// The answer to a question.
    pub fn answer(self, index: usize) -> RwSignal<Answer> {
        self.slot(index).answer
    }

    /// How it stands with a question.
    pub fn status(self, index: usize) -> RwSignal<Status> {
        self.slot(index).status
    }

    /// The verdict that counts for a question, following it.
    pub fn verdict(self, index: usize) -> Option<Verdict> {
        self.status(index).with(|status| status.verdict)
    }

    /// What stands for a question in paths.
    pub fn key(self, index: usize) -> String {
        self.with(|inspection| inspection.key(index).unwrap_or_default().to_owned())
    }

    /// Sets one field of an answer.
    pub fn set_answer(self, key: &str, field: &str, value: Value) {
        self.set(&[(answer_path(key, field).as_str(), value)]);
    }

    /// A text of the record now, following changes.
    pub fn text(self, path: &str) -> String {
        self.version.track();
        self.session().record().state().text(path).unwrap_or_default().to_owned()
    }

    /// A value of the record now, following changes.
    pub fn value(self, path: &str) -> Option<Value> {
        self.version.track();
        self.session().record().state().get(path).cloned()
    }

    /// Counts over a section, following changes.
    pub fn section_counts(self, section: usize) -> Counts {
        self.version.track();
        self.with(|inspection| inspection.section_counts(section))
    }

    /// Counts over a part, following changes.
    pub fn part_counts(self, part: Part) -> Counts {
        self.version.track();
        self.with(|inspection| inspection.part_counts(part))
    }

    /// Counts over all, following changes.
    pub fn counts(self) -> Counts {
        self.version.track();
        self.with(Inspection::counts)
    }

    /// Shows a question and remembers the place.
    pub fn go_to(self, index: usize) {
        let Some((key, part)) = self.with(|inspection| Some((inspection.key(index)?.to_owned(), inspection.part_of(index)))) else {
            return;
        };
        self.at(&key);
        if self.part.get_untracked() != part {
            self.part.set(part);
        }
        self.wanted.update(|wanted| *wanted = Some((index, wanted.map_or(0, |(_, number)| number + 1))));
        // After what is wanted has been drawn.
        request_animation_frame(move || request_animation_frame(move || scroll_to(&key)));
    }

    /// Remembers that the person is at this question.
    pub fn at(self, key: &str) {
        self.here.set_value(self.with(|inspection| inspection.at_key(key)).unwrap_or_default());
        self.id.with_value(|id| self.app.set_place(id, key));
    }
}

/// What is written below a photo besides time and place: the unit, the equipment that the question is about (all of the
/// visit where it is about none), who inspects. In Chinese, the language of records.
fn stamped(session: &AppSession, item: Option<&str>) -> Vec<String> {
    let record = session.record();
    let visit = session.visit();
    let equipment = visit.as_ref().map(|visit| {
        let inspection = visit.inspection();
        let subject = item.and_then(|key| inspection.at_key(key)).and_then(|index| inspection.subject(index));
        subject.map_or_else(|| inspection.equipment_line(), |subject| format!("{} {}", subject.title(), subject.place))
    });
    let unit = record.state().text("unit/name").unwrap_or_default();
    let officers = ["inspectors/1", "inspectors/2"].into_iter().filter_map(|path| {
        let officer = record.state().get(path)?;
        let field = |name: &str| officer.get(name).and_then(Value::as_str).unwrap_or_default();
        Some(format!("{} {}", field("name"), field("cert_no")).trim().to_owned())
    });
    let officers = officers.filter(|one| !one.is_empty()).collect::<Vec<_>>().join("、");
    vec![format!("{unit} {}", equipment.unwrap_or_default().trim()).trim().to_owned(), format!("检查人员 {officers}").trim().to_owned()]
}
