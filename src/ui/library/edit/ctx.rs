//! A list open in the editor: its working copy in memory and in the record, and what can be undone.

use leptos::prelude::*;
use serde_json::Value;

use crate::app::library::draft::{Draft, clear};
use crate::app::library::fault::{self, Fault};
use crate::app::library::{Changes, Own};
use crate::app::workspace::AppError;
use crate::domain::checklist::{Basis, Checklist, Item};
use crate::domain::content::Lang;
use crate::ui::content::{self, Code};
use crate::ui::library::acts::explain;
use crate::ui::library::describe::{self, Labels};
use crate::ui::library::shelf::Found;
use crate::ui::pen::Pen;
use crate::ui::state::App;
use crate::ui::words::{lang_now, library_words, words};

/// What was done last within a sheet, and how to undo it.
#[derive(Clone)]
pub struct Undo {
    /// What was done.
    pub said: String,
    /// Undoes it.
    pub back: Callback<()>,
}

/// A list that is about to be opened in the editor.
#[derive(Clone)]
pub struct Loaded {
    pen: Pen,
    draft: Draft,
    begun: bool,
    current: Option<(Checklist, u32)>,
    shipped: bool,
    measures: Vec<Code>,
    laws: Vec<Basis>,
}

impl Loaded {
    /// Loads a list; none when there is no such list.
    ///
    /// # Errors
    /// [`AppError`] when its record can't be read.
    pub async fn of(app: App, id: &str) -> Result<Option<Self>, AppError> {
        let Some(found) = Found::of(app, id).await else { return Ok(None) };
        let pen = match &found.own {
            Some(own) => Pen::on(app, own.record.id()).await?,
            None => Pen::fresh(app),
        };
        let current = found.list().map(|list| (list, found.edition()));
        // One in which nothing was changed is no reason to go on with an old version.
        let (draft, begun) = match (found.own.as_ref().and_then(Own::draft), &current) {
            (Some(draft), Some(_)) if draft.is_changed() => (draft, true),
            (Some(draft), None) => (draft, true),
            (_, Some((list, edition))) => (pen.with_state(|state| Draft::of(list.clone(), *edition, state)), false),
            (None, None) => return Ok(None),
        };
        let (measures, laws) = (content::codes("measures").await, laws().await);
        Ok(Some(Self { pen, draft, begun, current, shipped: found.shipped.is_some(), measures, laws }))
    }
}

/// A list open in the editor. Cheap to copy.
#[derive(Clone, Copy)]
pub struct EditCtx {
    /// The app.
    pub app: App,
    /// Writes into the record.
    pub pen: Pen,
    /// The working copy.
    pub draft: RwSignal<Draft>,
    /// Whether the list came with the app.
    pub shipped: bool,
    /// The list that is used by now, with the number of its edition; none when none was published.
    current: StoredValue<Option<(Checklist, u32)>>,
    /// Whether the record has this working copy.
    begun: StoredValue<bool>,
    /// Whether publishing was tried: from then on faults are shown.
    pub tried: RwSignal<bool>,
    /// What has to be put right.
    pub faults: Memo<Vec<Fault>>,
    /// The measures.
    pub measures: RwSignal<Vec<Code>>,
    /// Laws and standards that the app knows.
    pub laws: RwSignal<Vec<Basis>>,
    /// Labels for conditions.
    pub labels: RwSignal<Labels>,
    /// The item whose sheet is open.
    pub item: RwSignal<Option<String>>,
    /// The section that is being renamed.
    pub section: RwSignal<Option<(String, String)>>,
    /// What was done last within the sheet.
    pub undo: RwSignal<Option<Undo>>,
    /// Whether English texts are edited as well.
    pub english: RwSignal<bool>,
}

impl EditCtx {
    /// A list that was loaded, open in the editor.
    pub fn open(app: App, loaded: Loaded) -> Self {
        let Loaded { pen, draft, begun, current, shipped, measures, laws } = loaded;
        let (draft, tried) = (RwSignal::new(draft), RwSignal::new(false));
        let faults = Memo::new(move |_| {
            let asked = tried.get();
            draft.with(|draft| if asked { fault::check(&draft.list).err() } else { None }).unwrap_or_default()
        });
        Self {
            app,
            pen,
            draft,
            shipped,
            current: StoredValue::new(current),
            begun: StoredValue::new(begun),
            tried,
            faults,
            measures: RwSignal::new(measures),
            laws: RwSignal::new(laws),
            labels: describe::load_labels(),
            item: RwSignal::new(None),
            section: RwSignal::new(None),
            undo: RwSignal::new(None),
            english: RwSignal::new(lang_now() == Lang::En),
        }
    }

    /// Name of the list.
    pub fn list_id(self) -> String {
        self.draft.with_untracked(|draft| draft.list.id.clone())
    }

    /// Whether any version is used.
    pub fn published(self) -> bool {
        self.current.with_value(Option::is_some)
    }

    /// The version that the work began with and the one that is used now, when they differ.
    pub fn outdated(self) -> Option<(String, String)> {
        let began = self.draft.with_untracked(|draft| draft.base.version.clone());
        let current = self.current.with_value(|current| current.as_ref().map(|(list, _)| list.version.clone()))?;
        (current != began).then_some((began, current))
    }

    /// The item's number in the list, from 1.
    pub fn number(self, id: &str) -> usize {
        self.draft.with(|draft| draft.list.items.iter().position(|item| item.id == id)).map_or(0, |at| at + 1)
    }

    /// A value of an item, following its changes.
    pub fn of<T: Default>(self, id: &str, look: impl FnOnce(&Item) -> T) -> T {
        self.draft.with(|draft| draft.item(id).map(look)).unwrap_or_default()
    }

    /// A value of an item now.
    pub fn now<T: Default>(self, id: &str, look: impl FnOnce(&Item) -> T) -> T {
        self.draft.with_untracked(|draft| draft.item(id).map(look)).unwrap_or_default()
    }

    /// Writes changes; returns whether they were taken. The first ones begin the working copy.
    pub fn write(self, changes: &Changes) -> bool {
        if changes.is_empty() {
            return true;
        }
        let mut all = Changes::new();
        if !self.begun.get_value() {
            // The record may still have one of an older version, in which nothing was changed.
            all.extend(self.pen.with_state(clear));
            all.extend(self.draft.with_untracked(|draft| Draft::begin(&draft.base, draft.edition)));
        }
        all.extend(changes.iter().cloned());
        if let Err(error) = self.pen.write(&all) {
            self.app.toast(explain(&error));
            return false;
        }
        self.begun.set_value(true);
        if changes.iter().any(|(path, value)| path == "draft/base" && value.is_null()) {
            self.reread();
        } else {
            self.draft.update(|draft| {
                for (path, value) in changes {
                    if let Some(path) = path.strip_prefix("draft/") {
                        draft.apply(path, value);
                    }
                }
            });
        }
        true
    }

    /// The working copy as the record says it; a new one when that was put away.
    fn reread(self) {
        self.draft.update(|draft| {
            let (base, edition) = self.current.get_value().unwrap_or_else(|| (draft.base.clone(), draft.edition));
            *draft = self.pen.with_state(|state| Draft::read(state).unwrap_or_else(|| Draft::of(base, edition, state)));
        });
        self.begun.set_value(self.pen.with_state(|state| state.get("draft/base").is_some()));
    }

    /// Changes an item.
    pub fn change(self, id: &str, change: impl FnOnce(&mut Item)) -> bool {
        self.write(&self.changed(id, change))
    }

    fn changed(self, id: &str, change: impl FnOnce(&mut Item)) -> Changes {
        let Some(old) = self.draft.with_untracked(|draft| draft.item(id).cloned()) else { return Changes::new() };
        let mut item = old.clone();
        change(&mut item);
        if item == old { Changes::new() } else { Draft::set_item(&item) }
    }

    /// Does what can be undone, and says so below the page.
    pub fn act(self, changes: &Changes, said: &str) {
        if let Some(back) = self.undoable(changes) {
            self.app.toast_with(said, Some((words().undo.to_owned(), back)));
        }
    }

    /// Changes an item in a way that can be undone, and says so within its sheet.
    pub fn act_here(self, id: &str, said: &str, change: impl FnOnce(&mut Item)) {
        if let Some(back) = self.undoable(&self.changed(id, change)) {
            self.undo.set(Some(Undo { said: said.to_owned(), back }));
        }
    }

    fn undoable(self, changes: &Changes) -> Option<Callback<()>> {
        let look = |path: &String| self.pen.with_state(|state| state.get(path).cloned()).unwrap_or_default();
        let mut paths: Vec<String> = changes.iter().map(|(path, _)| path.clone()).collect();
        paths.dedup();
        let before: Changes = paths.iter().map(|path| (path.clone(), look(path))).collect();
        if changes.is_empty() || !self.write(changes) {
            return None;
        }
        let after: Vec<(String, Value)> = paths.iter().map(|path| (path.clone(), look(path))).collect();
        // The button that was tapped is gone by then, and what it owned with it.
        Some(self.app.in_root(|| Callback::new(move |()| self.go_back(&before, &after))))
    }

    fn go_back(self, before: &Changes, after: &[(String, Value)]) {
        // What was changed since then stays.
        let still = self.pen.with_state(|state| after.iter().all(|(path, value)| state.get(path).cloned().unwrap_or_default() == *value));
        if !still {
            self.app.toast(library_words().undo_late);
            return;
        }
        if let Err(error) = self.pen.write(before) {
            self.app.toast(explain(&error));
            return;
        }
        // The page may be gone by now; the record has it.
        if self.draft.try_with_untracked(|_| ()).is_some() {
            self.reread();
        }
    }

    /// Opens the sheet of an item.
    pub fn open_item(self, id: &str) {
        self.undo.set(None);
        self.item.set(Some(id.to_owned()));
    }

    /// Adds an item to a section, or to the last one, and opens its sheet.
    pub fn add_item(self, section: Option<(String, String)>) {
        let last =
            || self.draft.with_untracked(|draft| draft.list.items.last().map(|item| (item.section_zh.clone(), item.section_en.clone())));
        let first = || {
            use crate::ui::words::library::LibraryWords;
            (LibraryWords::ZH.first_section.to_owned(), LibraryWords::EN.first_section.to_owned())
        };
        let (zh, en) = section.or_else(last).unwrap_or_else(first);
        let (id, changes) = self.draft.with_untracked(|draft| draft.add((&zh, &en), "rectify_by_deadline"));
        if self.write(&changes) {
            self.open_item(&id);
        }
    }
}

async fn laws() -> Vec<Basis> {
    let Ok(value) = content::json("basis.json").await else { return Vec::new() };
    let all = value.get("basis").map(ToString::to_string).unwrap_or_default();
    // Without them laws can still be written by hand.
    serde_json::from_str(&all).unwrap_or_default()
}
