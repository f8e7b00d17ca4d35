//! What the whole app shares: the workspace, the preferences, and the state of offline readiness.

use std::rc::Rc;
use std::time::Duration;

use gloo_storage::{LocalStorage as Preferences, Storage as _};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::later::Summarising;
use super::words;
use crate::app::session::{SaveState, Session};
use crate::app::workspace::{AppError, Record, Workspace};
use crate::browser::clock::BrowserClock;
use crate::browser::idb::{IdbShelf, open_shelves};
use crate::browser::random::BrowserRandom;
use crate::browser::update::Readiness as Offline;
use crate::browser::{lock, storage, update};
use crate::domain::content::Lang;
use crate::domain::id::RecordId;
use crate::domain::inspection::{Stage, Summary, last_item};
use crate::port::clock::Clock as _;
use crate::port::shelf::{Op, Table};
use crate::port::twin::{Store as _, Twin};

/// The store of the browser.
pub type AppStore = Twin<IdbShelf, IdbShelf>;
/// The workspace of the browser.
pub type AppWorkspace = Workspace<AppStore, BrowserClock, BrowserRandom>;
/// A session in the browser.
pub type AppSession = Session<AppStore, BrowserClock, BrowserRandom>;

const PREFERENCES: &str = "spotcheck.preferences";

/// Where the same lie in the store. Browsers write `localStorage` to the disk seconds late and a killed one not at all,
/// and who holds the phone stands in every change.
const KEPT_PREFERENCES: &str = "preferences";

thread_local! {
    static CURRENT: std::cell::Cell<Option<App>> = const { std::cell::Cell::new(None) };
}

/// Someone who inspects.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Officer {
    /// Name.
    pub name: String,
    /// Enforcement certificate number (执法证号).
    pub cert_no: String,
}

/// Where the person was, to come back to after the page was killed.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Place {
    /// The record.
    pub record: String,
    /// The item; empty when it is not known.
    pub item: String,
    /// Since when, in milliseconds since the epoch.
    pub at_ms: u64,
}

/// Preferences of this device. Never work: work is in the store.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Prefs {
    /// Language.
    pub lang: Lang,
    /// `auto`, `light`, `dark` or `sun`.
    pub theme: String,
    /// Elder mode.
    pub large: bool,
    /// The one who holds the phone.
    pub officer: Officer,
    /// The usual partner.
    pub partner: Officer,
    /// The bureau.
    pub bureau: String,
    /// Its short name in the numbers of documents.
    pub mark: String,
    /// Whether original photos are kept beside the resized ones.
    pub keep_originals: bool,
    /// Where the person was.
    pub place: Option<Place>,
    /// When the person left the last place, in milliseconds since the epoch.
    pub left_ms: u64,
    /// Whether the advice to install was put away.
    pub install_hint_closed: bool,
    /// How often something but the place was changed: of two copies the higher one counts.
    pub changes: u64,
}

/// How far opening has come.
#[derive(Clone, PartialEq, Debug)]
pub enum Boot {
    /// Still at it.
    Opening,
    /// Open.
    Ready,
    /// Storage is empty or behind although work was kept on this device.
    Lost {
        /// The highest number that was announced as kept.
        announced: u64,
        /// The highest number that is there.
        found: u64,
    },
    /// Storage can't be used here.
    Failed {
        /// The error, for the words.
        error: crate::port::twin::StoreError,
    },
}

/// A short message with perhaps one thing to do.
#[derive(Clone)]
pub struct Toast {
    /// For taking it away.
    pub id: u64,
    /// What it says.
    pub text: String,
    /// Label and act of the button.
    pub action: Option<(String, Callback<()>)>,
}

/// An act that keeps what is still being typed, with its number.
type Flusher = (u64, Box<dyn Fn()>);

/// What the whole app shares. Cheap to copy.
#[derive(Clone, Copy)]
pub struct App {
    /// How far opening has come.
    pub boot: RwSignal<Boot>,
    /// The workspace, once open.
    workspace: StoredValue<Option<Rc<AppWorkspace>>, LocalStorage>,
    /// Preferences.
    pub prefs: RwSignal<Prefs>,
    /// Summaries of all records, the latest first.
    pub summaries: RwSignal<Vec<Summary>>,
    /// The ledgers, once a screen has asked for them, see `super::ledger`. Without their type, because its code is no
    /// part of the first screen's.
    pub(super) ledger: StoredValue<Option<Rc<dyn std::any::Any>>, LocalStorage>,
    /// Counts what became new in the ledgers, for screens to follow.
    pub(super) ledger_news: RwSignal<u64>,
    /// Offline readiness.
    pub offline: RwSignal<Offline>,
    /// A new version waits to be used.
    pub update: RwSignal<bool>,
    /// Whether this tab may write.
    pub owner: RwSignal<bool>,
    /// Messages.
    pub toasts: RwSignal<Vec<Toast>>,
    /// How many values were repaired at the start.
    pub repaired: RwSignal<u64>,
    /// Why nothing can be written now although everything can be read.
    pub incomplete: RwSignal<Option<crate::port::twin::StoreError>>,
    /// Whether the browser promised not to evict the data.
    pub persisted: RwSignal<bool>,
    /// Whether a record is open for writing; an update waits for it.
    pub writing: RwSignal<bool>,
    /// Whether something is being typed that is not kept yet.
    pub typing: RwSignal<bool>,
    /// The inspections opened for writing since the start. Each is opened once: two sessions would number changes beside each other.
    checks: StoredValue<Vec<super::check::CheckCtx>>,
    /// The page was loaded at its start, and no screen has been shown yet.
    starting: StoredValue<bool>,
    root: StoredValue<Owner>,
    /// Makes summaries where they lack.
    summarising: StoredValue<Option<Summarising>>,
    /// Takes photos in, one at a time.
    pipeline: StoredValue<crate::browser::photos::PhotoPipeline, LocalStorage>,
    /// Acts that keep what is still being typed; called when the page is hidden.
    flushers: StoredValue<Vec<Flusher>, LocalStorage>,
    next_id: StoredValue<u64>,
}

impl App {
    /// Makes the app and gives it to everything below.
    pub fn provide() -> Self {
        let prefs: Prefs = Preferences::get(PREFERENCES).unwrap_or_default();
        words::set_lang(prefs.lang);
        let app = Self {
            boot: RwSignal::new(Boot::Opening),
            workspace: StoredValue::new_local(None),
            prefs: RwSignal::new(prefs),
            summaries: RwSignal::new(Vec::new()),
            ledger: StoredValue::new_local(None),
            ledger_news: RwSignal::new(0),
            offline: RwSignal::new(Offline::Preparing { done: 0, total: 0 }),
            update: RwSignal::new(false),
            owner: RwSignal::new(true),
            toasts: RwSignal::new(Vec::new()),
            repaired: RwSignal::new(0),
            incomplete: RwSignal::new(None),
            persisted: RwSignal::new(false),
            writing: RwSignal::new(false),
            typing: RwSignal::new(false),
            checks: StoredValue::new(Vec::new()),
            starting: StoredValue::new(window().location().pathname().is_ok_and(|path| path == "/")),
            summarising: StoredValue::new(None),
            root: StoredValue::new(Owner::current().expect("the root component has an owner")),
            pipeline: StoredValue::new_local(crate::browser::photos::PhotoPipeline::new()),
            flushers: StoredValue::new_local(Vec::new()),
            next_id: StoredValue::new(0),
        };
        provide_context(app);
        CURRENT.set(Some(app));
        Effect::new(move |_| {
            let prefs = app.prefs.get();
            words::set_lang(prefs.lang);
            apply_look(&prefs);
        });
        app
    }

    /// The app, from anywhere below the root.
    pub fn get() -> Self {
        expect_context::<Self>()
    }

    /// The app, from where no component is near; none before it was made.
    pub fn current() -> Option<Self> {
        CURRENT.get()
    }

    /// Opens the store and the workspace.
    pub fn open(self, summarising: Summarising) {
        self.summarising.set_value(Some(summarising));
        self.watch_page();
        update::watch(move |offline| self.offline.set(offline), move || self.update.set(true));
        leptos::task::spawn_local(async move {
            if let Err(boot) = self.try_open(false).await {
                self.boot.set(boot);
            }
        });
    }

    /// `anew`: under a new device key, because kept work is missing and the old chains must not be continued.
    async fn try_open(self, anew: bool) -> Result<(), Boot> {
        let failed = |error: crate::port::twin::StoreError| Boot::Failed { error };
        let owns = lock::try_own(move || {
            // The other tab is gone: read what it kept, then write.
            let _ = window().location().reload();
        })
        .await;
        let (a, b) = open_shelves(owns).await.map_err(|error| failed(error.into()))?;
        let marker = storage::read_marker();
        let announced = marker.as_ref().map(|marker| marker.seq);
        // A tab that only reads must not repair beside the one that writes.
        let opened = if owns { Twin::open(a, b, announced).await } else { Twin::open_reader(a, b, announced).await };
        let (twin, report) = opened.map_err(failed)?;
        if let Some(lost) = &report.lost {
            return Err(Boot::Lost { announced: lost.announced, found: lost.found });
        }
        self.owner.set(owns);
        self.repaired.set(report.repaired);
        self.incomplete.set(report.incomplete.clone().map(crate::port::twin::StoreError::from));
        let opened = if anew {
            Workspace::open_as_new_device(twin, BrowserClock, BrowserRandom).await
        } else {
            Workspace::open(twin, BrowserClock, BrowserRandom).await
        };
        let workspace = opened.map_err(failed)?;
        let workspace = Rc::new(workspace);
        if owns {
            // A cache only: what can't be made now is made at the next start.
            let summarise = async || match self.summarising.get_value() {
                Some(summarising) => (summarising.0)().await.ok(),
                None => None,
            };
            let _ = workspace.rebuild_summaries_by(summarise).await;
        }
        self.workspace.set_value(Some(workspace.clone()));
        self.find_prefs(&workspace).await;
        self.apply_officer();
        self.refresh().await;
        self.find_place(&workspace).await;
        self.persisted.set(storage::persisted().await);
        self.boot.set(Boot::Ready);
        if owns {
            // Room for one last save when the disk is full. Without it everything else still works.
            let (a, b) = workspace.store.shelves();
            let _ = storage::keep_reserve(a).await;
            let _ = storage::keep_reserve(b).await;
        }
        Ok(())
    }

    /// Goes on although something is missing, after the person was told.
    pub fn open_anyway(self) {
        storage::clear_marker();
        self.boot.set(Boot::Opening);
        leptos::task::spawn_local(async move {
            if let Err(boot) = self.try_open(true).await {
                self.boot.set(boot);
            }
        });
    }

    /// The workspace. Only called from screens, which are shown once it is open.
    pub fn workspace(self) -> Rc<AppWorkspace> {
        self.workspace.get_value().expect("screens are shown only after the workspace was opened")
    }

    /// Runs `make` so that the signals it makes live as long as the app.
    pub fn in_root<T>(self, make: impl FnOnce() -> T) -> T {
        self.root.with_value(|root| root.with(make))
    }

    /// The inspection with this id, when it was opened before.
    pub fn open_check(self, id: &str) -> Option<super::check::CheckCtx> {
        self.checks.with_value(|checks| checks.iter().find(|check| check.id.with_value(|known| known == id)).copied())
    }

    /// Remembers an inspection that was opened.
    pub fn add_check(self, check: super::check::CheckCtx) {
        self.checks.update_value(|checks| checks.push(check));
    }

    /// Brings what an import or an amendment kept into the inspections that are open.
    pub async fn refresh_checks(self) {
        for check in self.checks.get_value() {
            check.take_over().await;
        }
    }

    /// Takes photos in.
    pub fn pipeline(self) -> crate::browser::photos::PhotoPipeline {
        self.pipeline.get_value()
    }

    /// Reads the summaries again.
    pub async fn refresh(self) {
        if let Some(workspace) = self.workspace.get_value()
            && let Ok(summaries) = workspace.summaries().await
        {
            self.summaries.set(summaries);
        }
    }

    /// Writes who is at work into everything that follows.
    pub fn apply_officer(self) {
        if let Some(workspace) = self.workspace.get_value() {
            let officer = self.prefs.with_untracked(|prefs| prefs.officer.clone());
            let by = [officer.name, officer.cert_no].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
            workspace.set_officer(&by);
        }
    }

    /// Changes preferences and keeps them.
    pub fn set_prefs(self, change: impl FnOnce(&mut Prefs)) {
        self.prefs.update(|prefs| {
            change(prefs);
            prefs.changes += 1;
        });
        // Preferences are comfort: when they can't be kept the app still works.
        let _ = self.prefs.with_untracked(|prefs| Preferences::set(PREFERENCES, prefs));
        self.apply_officer();
        if let Some(workspace) = self.workspace.get_value().filter(|_| self.owner.get_untracked()) {
            leptos::task::spawn_local(async move {
                let kept = self.prefs.with_untracked(serde_json::to_vec).unwrap_or_default();
                let _ = workspace.store.commit(vec![Op::put(Table::Meta, KEPT_PREFERENCES, kept)]).await;
            });
        }
    }

    /// Takes the preferences of the store when they are the later ones.
    async fn find_prefs(self, workspace: &AppWorkspace) {
        let Ok(Some(kept)) = workspace.store.get(Table::Meta, KEPT_PREFERENCES).await else { return };
        let Ok(kept) = serde_json::from_slice::<Prefs>(&kept) else { return };
        if kept.changes > self.prefs.with_untracked(|prefs| prefs.changes) {
            self.prefs.update(|prefs| *prefs = Prefs { place: prefs.place.take(), left_ms: prefs.left_ms, ..kept });
        }
    }

    /// Remembers where the person is, without telling the screens.
    pub fn set_place(self, record: &str, item: &str) {
        let same = |place: &Place| place.record == record && place.item == item;
        if self.prefs.with_untracked(|prefs| prefs.place.as_ref().is_some_and(same)) {
            return;
        }
        let place = Place { record: record.to_owned(), item: item.to_owned(), at_ms: self.now_ms() };
        self.prefs.update_untracked(|prefs| prefs.place = Some(place));
        let _ = self.prefs.with_untracked(|prefs| Preferences::set(PREFERENCES, prefs));
    }

    /// Forgets it: the person went elsewhere.
    pub fn leave_place(self) {
        if self.prefs.with_untracked(|prefs| prefs.place.is_none()) {
            return;
        }
        let now = self.now_ms();
        self.prefs.update_untracked(|prefs| {
            prefs.place = None;
            prefs.left_ms = now;
        });
        let _ = self.prefs.with_untracked(|prefs| Preferences::set(PREFERENCES, prefs));
    }

    /// Where the person was when the page ended.
    ///
    /// Browsers write preferences to the disk seconds late, and a killed one not at all. The store is never late:
    /// when its last change is the newer one, the place is where that was made.
    async fn find_place(self, workspace: &AppWorkspace) {
        let known = self.prefs.with_untracked(|prefs| prefs.place.as_ref().map_or(prefs.left_ms, |place| place.at_ms));
        let newer = |one: &&Summary| one.kind == "inspection" && one.stage == Stage::Draft && one.updated_ms > known;
        let Some(draft) = self.summaries.with_untracked(|all| all.iter().find(newer).cloned()) else { return };
        let Ok(id) = RecordId::parse(&draft.id) else { return };
        // Only comfort: a record that can't be read is told where it is opened.
        let Ok(record) = workspace.load(&id).await else { return };
        let item = last_item(record.journal(), record.state()).unwrap_or_default();
        self.prefs.update_untracked(|prefs| prefs.place = Some(Place { record: draft.id, item, at_ms: draft.updated_ms }));
    }

    /// Where to go on after a start; asked once, by the first screen.
    pub fn take_resume(self) -> Option<Place> {
        let started_here = self.starting.get_value();
        self.starting.set_value(false);
        self.prefs.with_untracked(|prefs| prefs.place.clone()).filter(|_| started_here)
    }

    /// A session on a record, which announces what was kept.
    pub async fn session(self, id: &RecordId, save: RwSignal<SaveState>) -> Result<Rc<AppSession>, AppError> {
        let workspace = self.workspace();
        let record = workspace.load(id).await?;
        Ok(self.session_on(record, save))
    }

    /// A session on a record in memory.
    pub fn session_on(self, record: Record, save: RwSignal<SaveState>) -> Rc<AppSession> {
        let workspace = self.workspace();
        Rc::new(Session::new(workspace, record, Box::new(move |state| save.set(state.clone()))))
    }

    /// After work was kept: asks the browser to keep the data for good and notes how far the store has come.
    pub fn after_save(self) {
        if let Some(workspace) = self.workspace.get_value() {
            storage::write_marker(&workspace.device(), workspace.store.seq());
        }
        if !self.persisted.get_untracked() {
            leptos::task::spawn_local(async move {
                self.persisted.set(storage::persist().await);
            });
        }
    }

    /// Gives up the reserve so that what waits can still be kept on a full disk.
    pub async fn give_room(self) {
        let workspace = self.workspace();
        let (a, b) = workspace.store.shelves();
        // What can't be given up gives no room; the person is told that the disk is full.
        let _ = storage::drop_reserve(a).await;
        let _ = storage::drop_reserve(b).await;
    }

    /// Shows a message.
    pub fn toast(self, text: impl Into<String>) {
        self.toast_with(text, None);
    }

    /// Shows a message with something to do.
    pub fn toast_with(self, text: impl Into<String>, action: Option<(String, Callback<()>)>) {
        let id = self.new_id();
        let stay = if action.is_some() { 8 } else { 4 };
        // One at a time: a phone has no room for more, and the last is the one that matters.
        self.toasts.set(vec![Toast { id, text: text.into(), action }]);
        set_timeout(move || self.close_toast(id), Duration::from_secs(stay));
    }

    /// Takes a message away.
    pub fn close_toast(self, id: u64) {
        self.toasts.update(|toasts| toasts.retain(|toast| toast.id != id));
    }

    fn new_id(self) -> u64 {
        self.next_id.update_value(|id| *id += 1);
        self.next_id.get_value()
    }

    /// Adds an act that keeps what is still being typed. Returns its number for [`App::remove_flusher`].
    pub fn add_flusher(self, flush: impl Fn() + 'static) -> u64 {
        let id = self.new_id();
        self.flushers.update_value(|flushers| flushers.push((id, Box::new(flush))));
        id
    }

    /// Takes such an act away.
    pub fn remove_flusher(self, id: u64) {
        self.flushers.try_update_value(|flushers| flushers.retain(|(known, _)| *known != id));
    }

    /// Keeps everything that is still being typed, now.
    pub fn flush_typing(self) {
        self.flushers.with_value(|flushers| flushers.iter().for_each(|(_, flush)| flush()));
    }

    fn watch_page(self) {
        let flush = move |_| self.flush_typing();
        let _ = window_event_listener_untyped("pagehide", flush);
        let _ = window_event_listener_untyped("visibilitychange", flush);
        let _ = window_event_listener_untyped("blur", flush);
    }

    /// Milliseconds since the epoch, now.
    pub fn now_ms(self) -> u64 {
        BrowserClock.read().wall_ms
    }

    /// Minutes east of Greenwich, now.
    pub fn offset_min(self) -> i32 {
        BrowserClock.read().offset_min
    }
}

fn apply_look(prefs: &Prefs) {
    let Some(root) = document().document_element() else { return };
    let dark = || window().match_media("(prefers-color-scheme: dark)").ok().flatten().is_some_and(|query| query.matches());
    let theme = match prefs.theme.as_str() {
        "light" | "dark" | "sun" => prefs.theme.as_str(),
        _ if dark() => "dark",
        _ => "light",
    };
    // The page still works when an attribute can't be set; it only looks plain.
    let _ = root.set_attribute("data-theme", theme);
    let _ = root.set_attribute("data-size", if prefs.large { "large" } else { "normal" });
    let _ = root.set_attribute("lang", prefs.lang.tag());
}
