//! Takes files in, one after another.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use leptos::prelude::*;
use send_wrapper::SendWrapper;
use web_sys::File;

use super::opened::Given;
use crate::app::transfer::{Brought, BroughtRules, ImportReport, Progress, Source, TransferError};
use crate::browser::files::{self, Pick};
use crate::domain::id::RecordId;
use crate::domain::inspection::{Inspection, photos};
use crate::envelope::OpenError;
use crate::ledger::Kind;
use crate::port::shelf::Table;
use crate::port::twin::Store as _;
use crate::ui::state::{App, AppWorkspace};

/// How far a file is.
#[derive(Clone)]
pub enum State {
    /// Others come first.
    Waiting,
    /// Bytes done of bytes in all.
    Working(Progress),
    /// It brings checklists or rules along, and a person is asked whether they shall count here.
    Asking(Arc<Vec<BroughtRules>>),
    /// Taken in.
    Done {
        /// What it did.
        report: Arc<ImportReport>,
        /// Parts of the same export that have not arrived.
        missing: Vec<u32>,
        /// Whether nothing was ever taken in from this device before.
        first_time: bool,
        /// The photos of each of its records, by record id.
        photos: Arc<BTreeMap<String, Vec<PhotoFate>>>,
    },
    /// Encrypted, and not opened.
    Locked(OpenError),
    /// Not taken in.
    Refused(Arc<TransferError>),
}

/// What became of a photo that a record names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PhotoFate {
    /// Number of its item on the checklist, from 1; none for the record as a whole.
    pub item: Option<usize>,
    /// Whether it is the camera's file beside the kept copy.
    pub original: bool,
    /// Its digest.
    pub sha256: String,
    /// Whether it was here before, and whether it is here now.
    pub fate: Fate,
}

/// Whether a photo is here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    /// It came with this file.
    New,
    /// It was here before.
    Known,
    /// It is not here.
    Absent,
}

/// A file that was handed over.
#[derive(Clone, Copy)]
pub struct Incoming {
    /// Its number on this page.
    pub id: u64,
    /// Its name.
    pub name: StoredValue<String>,
    /// Its size.
    pub size_bytes: u64,
    /// How far it is.
    pub state: RwSignal<State>,
    /// The file, for as long as the page may need it again.
    file: StoredValue<SendWrapper<Picked>>,
}

/// A file that a person has chosen.
#[derive(Clone)]
pub struct Picked(File);

impl Source for Picked {
    fn size_bytes(&self) -> u64 {
        files::size_bytes(&self.0)
    }

    fn name(&self) -> String {
        self.0.name()
    }

    async fn read(&self, from: u64, to: u64) -> Option<Vec<u8>> {
        files::read_slice(&self.0, from, to).await.ok()
    }
}

thread_local! {
    static NEXT: Cell<u64> = const { Cell::new(0) };
    /// Files of several drops still go one after another.
    static TURN: Arc<futures::lock::Mutex<()>> = Arc::default();
}

/// Lets a person choose files and takes them in.
pub fn pick_and_take_in(app: App, incoming: RwSignal<Vec<Incoming>>) {
    leptos::task::spawn_local(async move {
        take_in(app, files::pick(Pick::Bundles).await, incoming);
    });
}

/// Takes files in. Each is checked to its end before anything of it is kept.
pub fn take_in(app: App, picked: Vec<File>, incoming: RwSignal<Vec<Incoming>>) {
    let queued: Vec<(Incoming, SendWrapper<Picked>)> = picked
        .into_iter()
        .map(|file| {
            let file = Picked(file);
            let id = NEXT.replace(NEXT.get() + 1);
            let one = Incoming {
                id,
                name: StoredValue::new(file.name()),
                size_bytes: file.size_bytes(),
                state: RwSignal::new(State::Waiting),
                file: StoredValue::new(SendWrapper::new(file.clone())),
            };
            (one, SendWrapper::new(file))
        })
        .collect();
    if queued.is_empty() {
        return;
    }
    incoming.update(|list| list.splice(0..0, queued.iter().map(|(one, _)| *one)).for_each(drop));
    leptos::task::spawn_local(async move {
        let turn = TURN.with(Arc::clone);
        let _turn = turn.lock().await;
        for (one, file) in queued {
            take_one(app, one, &file, Brought::Ask).await;
        }
        refresh(app).await;
    });
}

/// Takes a file in after a person has said what to do with the checklists and rules in it.
pub fn take_answered(app: App, one: Incoming, brought: Brought) {
    let Some(file) = one.file.try_get_value() else { return };
    one.state.set(State::Waiting);
    leptos::task::spawn_local(async move {
        let turn = TURN.with(Arc::clone);
        let _turn = turn.lock().await;
        take_one(app, one, &file, brought).await;
        refresh(app).await;
    });
}

async fn refresh(app: App) {
    app.after_save();
    app.refresh_checks().await;
    app.forget_ledger();
    app.refresh().await;
}

async fn take_one(app: App, one: Incoming, file: &Picked, brought: Brought) {
    let workspace = app.workspace();
    let shown = Cell::new(0_u64);
    // Only to tell what is new; when it can't be read now the import says why.
    let known = kept_photos(&workspace).await;
    let seen = workspace.ledger().await.unwrap_or_default();
    let given = match Given::of(file).await {
        Ok(given) => given,
        Err(error) => {
            one.state.try_set(State::Locked(error));
            return;
        }
    };
    let result = workspace
        .import_with(&given, brought, |step| {
            // A bar of a hundred steps is smooth enough and leaves the time to the work.
            let percent = step.done * 100 / step.total.max(1);
            if shown.replace(percent) != percent {
                one.state.try_set(State::Working(step));
            }
        })
        .await;
    let state = match result {
        Ok(report) => {
            let arrived: Vec<u32> = workspace
                .ledger()
                .await
                .unwrap_or_default()
                .iter()
                .filter(|entry| entry.direction == "import" && entry.bundle == report.header.id.as_str())
                .map(|entry| entry.k)
                .collect();
            let missing = (1..=report.header.part.n).filter(|k| !arrived.contains(k)).collect();
            let from = report.header.from.device.as_str();
            let first_time =
                from != workspace.device().as_str() && !seen.iter().any(|entry| entry.direction == "import" && entry.device == from);
            let photos = Arc::new(photo_fates(&workspace, &report, &known).await);
            State::Done { report: Arc::new(report), missing, first_time, photos }
        }
        Err(TransferError::BringsRules(brought)) => State::Asking(Arc::new(brought)),
        Err(error) => given.fault().map_or_else(|| State::Refused(Arc::new(error)), State::Locked),
    };
    one.state.try_set(state);
}

async fn kept_photos(workspace: &AppWorkspace) -> BTreeSet<String> {
    workspace.store.keys(Table::Blobs, "").await.unwrap_or_default().into_iter().collect()
}

/// What became of the photos that the records of a file name.
async fn photo_fates(workspace: &AppWorkspace, report: &ImportReport, known: &BTreeSet<String>) -> BTreeMap<String, Vec<PhotoFate>> {
    let here = kept_photos(workspace).await;
    let fate = |sha256: &str| match (known.contains(sha256), here.contains(sha256)) {
        (true, _) => Fate::Known,
        (false, true) => Fate::New,
        (false, false) => Fate::Absent,
    };
    let mut all = BTreeMap::new();
    for record in &report.records {
        let Ok(id) = RecordId::parse(&record.summary.id) else { continue };
        // Lines of the ledgers have no photos, and there may be thousands of them.
        if Kind::parse(&record.summary.kind).is_some() {
            continue;
        }
        // A record that was refused and is not here names nothing.
        let Ok(loaded) = workspace.load(&id).await else { continue };
        let inspection = Inspection::read(loaded.state()).ok();
        let number = |item: &Option<String>| {
            let inspection = inspection.as_ref()?;
            inspection.at_key(item.as_deref()?).map(|index| inspection.number(index))
        };
        let mut fates = Vec::new();
        for photo in photos(loaded.state()) {
            let item = number(&photo.item);
            let originals = photo.original.into_iter().map(|sha256| (sha256, true));
            for (sha256, original) in [(photo.sha256, false)].into_iter().chain(originals) {
                fates.push(PhotoFate { item, original, fate: fate(&sha256), sha256 });
            }
        }
        if !fates.is_empty() {
            all.insert(record.summary.id.clone(), fates);
        }
    }
    all
}
