//! Takes files in, one after another.

use std::cell::Cell;
use std::sync::Arc;

use leptos::prelude::*;
use send_wrapper::SendWrapper;
use web_sys::File;

use crate::app::transfer::{ImportReport, Progress, Source, TransferError};
use crate::browser::files;
use crate::ui::state::App;

/// How far a file is.
#[derive(Clone)]
pub enum State {
    /// Others come first.
    Waiting,
    /// Bytes done of bytes in all.
    Working(Progress),
    /// Taken in.
    Done {
        /// What it did.
        report: Arc<ImportReport>,
        /// Parts of the same export that have not arrived.
        missing: Vec<u32>,
    },
    /// Not taken in.
    Refused(Arc<TransferError>),
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
}

struct Picked(File);

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

/// Takes files in. Each is checked to its end before anything of it is kept.
pub fn take_in(app: App, picked: Vec<File>, incoming: RwSignal<Vec<Incoming>>) {
    let queued: Vec<(Incoming, SendWrapper<Picked>)> = picked
        .into_iter()
        .map(|file| {
            let file = Picked(file);
            let id = NEXT.replace(NEXT.get() + 1);
            let one =
                Incoming { id, name: StoredValue::new(file.name()), size_bytes: file.size_bytes(), state: RwSignal::new(State::Waiting) };
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
            take_one(app, one, &file).await;
        }
        app.after_save();
        app.refresh().await;
    });
}

async fn take_one(app: App, one: Incoming, file: &Picked) {
    let workspace = app.workspace();
    let shown = Cell::new(0_u64);
    let result = workspace
        .import(file, |step| {
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
            State::Done { report: Arc::new(report), missing }
        }
        Err(error) => State::Refused(Arc::new(error)),
    };
    one.state.try_set(state);
}
