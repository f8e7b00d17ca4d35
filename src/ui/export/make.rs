//! Makes the files, part by part.

use std::cell::Cell;
use std::rc::Rc;

use leptos::prelude::*;
use web_sys::Blob;

use crate::app::transfer::{ExportProblem, LedgerEntry, SenderName, TransferError, Written};
use crate::browser::files::BlobBuilder;
use crate::bundle::BundlePurpose;
use crate::domain::id::RecordId;
use crate::port::twin::StoreError;
use crate::ui::state::App;

/// The most bytes of a part: small enough for every phone and for chat programs.
const CAP_BYTES: u64 = 32 * 1024 * 1024;

/// Whether a file has left. Only what has left is noted in the ledger.
#[derive(Clone, PartialEq, Debug)]
pub enum Left {
    /// Still only in this page's memory.
    No,
    /// It has left and is being noted.
    Noting,
    /// It has left and is noted.
    Noted,
    /// It has left but could not be noted: its records stay on the list.
    Unnoted(StoreError),
}

/// A file that is ready to be handed on.
#[derive(Clone)]
pub struct Made {
    /// What the ledger is to say.
    pub entry: LedgerEntry,
    /// The file.
    pub blob: Blob,
    /// Whether it has left.
    pub left: RwSignal<Left>,
    /// Called when the ledger has grown.
    noted: Callback<()>,
}

impl Made {
    /// Notes that it has left: downloaded or shared.
    pub fn note(&self, app: App) {
        if matches!(self.left.get_untracked(), Left::Noting | Left::Noted) {
            return;
        }
        self.left.set(Left::Noting);
        let (left, noted) = (self.left, self.noted);
        let entry = LedgerEntry { at_ms: app.now_ms(), ..self.entry.clone() };
        leptos::task::spawn_local(async move {
            let kept = app.workspace().note_export(&entry).await;
            left.try_set(kept.map_or_else(Left::Unnoted, |()| Left::Noted));
            noted.try_run(());
        });
    }
}

/// Why no file came out.
#[derive(Clone, PartialEq, Debug)]
pub enum MakeError {
    /// The export failed.
    Transfer(TransferError),
    /// The browser had no room for the file.
    NoRoom,
}

/// How far making files is.
#[derive(Clone)]
pub enum Making {
    /// Nothing asked for.
    Idle,
    /// At part k of n, steps done of steps in all.
    Working {
        /// Which part.
        k: usize,
        /// Of how many; 0 while it is being planned.
        n: usize,
        /// Steps done.
        done: u64,
        /// Steps in all.
        total: u64,
    },
    /// Done, perhaps with a problem after some parts.
    Done {
        /// The files.
        files: Vec<Made>,
        /// Photos that records name and that are not on this device.
        absent: usize,
        /// Records and photos that could not go along.
        left_out: Vec<ExportProblem>,
        /// What went wrong, if anything.
        problem: Option<MakeError>,
    },
}

/// Plans and writes the parts, without writing to the store; `noted` is called when the ledger has grown.
pub fn make(app: App, ids: Vec<String>, purpose: BundlePurpose, making: RwSignal<Making, LocalStorage>, noted: Callback<()>) {
    making.set(Making::Working { k: 0, n: 0, done: 0, total: 0 });
    leptos::task::spawn_local(async move {
        let mut done = Done { files: Vec::new(), absent: 0, left_out: Vec::new(), noted };
        let problem = write_all(app, &ids, purpose, making, &mut done).await.err();
        making.try_set(Making::Done { files: done.files, absent: done.absent, left_out: done.left_out, problem });
    });
}

/// Makes one file with extracts of the matters among the records, for another authority.
pub fn extract(app: App, ids: Vec<String>, making: RwSignal<Making, LocalStorage>, noted: Callback<()>) {
    making.set(Making::Working { k: 0, n: 0, done: 0, total: 0 });
    leptos::task::spawn_local(async move {
        let ids: Vec<RecordId> = ids.iter().filter_map(|id| RecordId::parse(id).ok()).collect();
        let offset = app.offset_min();
        let made = async {
            let name = |plan: &crate::app::transfer::ExportPlan| plan.file_name(1, offset);
            let (Written { entry, .. }, bytes) =
                app.workspace().write_extracts(&ids, &sender(app), name).await.map_err(MakeError::Transfer)?;
            let mut builder = BlobBuilder::new();
            builder.push(&bytes).map_err(|_| MakeError::NoRoom)?;
            let blob = builder.finish("application/json").map_err(|_| MakeError::NoRoom)?;
            Ok(Made { entry, blob, left: RwSignal::new(Left::No), noted })
        };
        let (files, problem) = match made.await {
            Ok(made) => (vec![made], None),
            Err(problem) => (Vec::new(), Some(problem)),
        };
        making.try_set(Making::Done { files, absent: 0, left_out: Vec::new(), problem });
    });
}

/// Who sends, as set on this device.
fn sender(app: App) -> SenderName {
    app.prefs.with_untracked(|prefs| {
        let name = [prefs.officer.name.as_str(), prefs.officer.cert_no.as_str()].join(" ").trim().to_owned();
        SenderName { name, bureau: prefs.bureau.clone() }
    })
}

/// What has come out so far.
struct Done {
    files: Vec<Made>,
    absent: usize,
    left_out: Vec<ExportProblem>,
    noted: Callback<()>,
}

async fn write_all(
    app: App,
    ids: &[String],
    purpose: BundlePurpose,
    making: RwSignal<Making, LocalStorage>,
    made: &mut Done,
) -> Result<(), MakeError> {
    let ids: Vec<RecordId> = ids.iter().filter_map(|id| RecordId::parse(id).ok()).collect();
    let workspace = app.workspace();
    let planned = |step: crate::app::transfer::Progress| {
        making.try_set(Making::Working { k: 0, n: 0, done: step.done, total: step.total });
    };
    let plan = workspace.plan_export_telling(&ids, purpose, CAP_BYTES, planned).await.map_err(MakeError::Transfer)?;
    made.absent = plan.absent.len();
    made.left_out.clone_from(&plan.problems);
    let from = sender(app);
    let n = plan.parts.len();
    for k in 1..=n {
        let file = plan.file_name(k, app.offset_min());
        let mut builder = BlobBuilder::new();
        let failed = Rc::new(Cell::new(false));
        let sink_failed = failed.clone();
        let sink = |bytes: &[u8]| {
            if !sink_failed.get() && builder.push(bytes).is_err() {
                sink_failed.set(true);
            }
        };
        let progress = |step: crate::app::transfer::Progress| {
            making.try_set(Making::Working { k, n, done: step.done, total: step.total });
        };
        let Written { entry, problems } =
            workspace.write_part(&plan, k, &from, &file, sink, progress).await.map_err(MakeError::Transfer)?;
        if failed.get() {
            return Err(MakeError::NoRoom);
        }
        let blob = builder.finish("application/json").map_err(|_| MakeError::NoRoom)?;
        made.left_out.extend(problems);
        // It lives as long as the page that shows it.
        made.files.push(Made { entry, blob, left: RwSignal::new(Left::No), noted: made.noted });
    }
    Ok(())
}
