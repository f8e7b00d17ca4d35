//! Makes the files, part by part.

use std::cell::Cell;
use std::rc::Rc;

use leptos::prelude::*;
use web_sys::Blob;

use crate::app::transfer::{LedgerEntry, SenderName, TransferError};
use crate::browser::files::BlobBuilder;
use crate::bundle::BundlePurpose;
use crate::domain::id::RecordId;
use crate::ui::state::App;

/// The most bytes of a part: small enough for every phone and for chat programs.
const CAP_BYTES: u64 = 32 * 1024 * 1024;

/// A file that is ready to be handed on.
#[derive(Clone)]
pub struct Made {
    /// As noted in the ledger.
    pub entry: LedgerEntry,
    /// The file.
    pub blob: Blob,
    /// Whether it was handed on: downloaded or shared.
    pub handed_on: RwSignal<bool>,
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
        /// What went wrong, if anything.
        problem: Option<MakeError>,
    },
}

/// Plans and writes the parts; `noted` is called when the ledger has grown.
pub fn make(app: App, ids: Vec<String>, purpose: BundlePurpose, making: RwSignal<Making, LocalStorage>, noted: Callback<()>) {
    making.set(Making::Working { k: 0, n: 0, done: 0, total: 0 });
    leptos::task::spawn_local(async move {
        let mut files = Vec::new();
        let mut absent = 0;
        let problem = write_all(app, &ids, purpose, making, &mut files, &mut absent).await.err();
        making.try_set(Making::Done { files, absent, problem });
        noted.try_run(());
    });
}

async fn write_all(
    app: App,
    ids: &[String],
    purpose: BundlePurpose,
    making: RwSignal<Making, LocalStorage>,
    files: &mut Vec<Made>,
    absent: &mut usize,
) -> Result<(), MakeError> {
    let ids: Vec<RecordId> = ids.iter().filter_map(|id| RecordId::parse(id).ok()).collect();
    let workspace = app.workspace();
    let plan = workspace.plan_export(&ids, purpose, CAP_BYTES).await.map_err(MakeError::Transfer)?;
    *absent = plan.absent.len();
    let from = app.prefs.with_untracked(|prefs| {
        let name = [prefs.officer.name.as_str(), prefs.officer.cert_no.as_str()].join(" ").trim().to_owned();
        SenderName { name, bureau: prefs.bureau.clone() }
    });
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
        let entry = workspace.write_part(&plan, k, &from, &file, sink, progress).await.map_err(MakeError::Transfer)?;
        if failed.get() {
            return Err(MakeError::NoRoom);
        }
        let blob = builder.finish("application/json").map_err(|_| MakeError::NoRoom)?;
        // Only now is there a file that can leave the phone.
        workspace.note_export(&entry).await.map_err(|error| MakeError::Transfer(error.into()))?;
        files.push(Made { entry, blob, handed_on: RwSignal::new(false) });
    }
    Ok(())
}
