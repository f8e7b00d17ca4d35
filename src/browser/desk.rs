//! The page's side of the desk worker: one job after another; the worker starts with the first one.

use std::ops::ControlFlow;
use std::rc::Rc;

use js_sys::{ArrayBuffer, Object, Uint8Array};
use wasm_bindgen::prelude::*;

use super::files::{get, set};
use super::worker_handle::{Kind, WorkerQueue};
use crate::desk::{Answer, Job};

/// Trunk names a worker's start script after its binary and never hashes it: see index.html.
const WORKER: Kind = Kind { script: "/spotcheck-desk_loader.js", start_ms: 20_000, ready: read_ready };

/// The worker gave no answer: it can't be used in this browser, or the job was too much for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the worker gave no answer")]
pub struct DeskFailed;

type Reply = (Answer, Option<Vec<u8>>);

/// The desk. Clones share one worker.
#[derive(Clone)]
pub struct Desk(Rc<WorkerQueue>);

impl Default for Desk {
    fn default() -> Self {
        Self(Rc::new(WorkerQueue::new(WORKER)))
    }
}

impl Desk {
    /// Does a job in the worker, after all that were asked for before.
    ///
    /// # Errors
    /// [`DeskFailed`] when there is no answer within `limit_ms`; the worker is ended then.
    pub async fn ask(&self, job: &Job, bytes: Option<&[u8]>, limit_ms: i32) -> Result<Reply, DeskFailed> {
        let mut turn = self.0.turn().await;
        if !turn.start().await {
            return Err(DeskFailed);
        }
        let request = Object::new();
        set(&request, "job", &JsValue::from(serde_json::to_string(job).map_err(|_| DeskFailed)?));
        let bytes = bytes.map(|bytes| Uint8Array::from(bytes).buffer());
        if let Some(bytes) = &bytes {
            set(&request, "bytes", bytes);
        }
        turn.ask(&request, bytes.as_ref(), limit_ms, |message| ControlFlow::Break(read_reply(message))).await.ok_or(DeskFailed)
    }
}

fn read_ready(message: &JsValue) -> Option<bool> {
    get(message, "ready").map(|ready| ready.is_truthy())
}

fn read_reply(message: &JsValue) -> Option<Reply> {
    let answer = serde_json::from_str(&get(message, "answer")?.as_string()?).ok()?;
    let bytes = get(message, "bytes").and_then(|bytes| bytes.dyn_into::<ArrayBuffer>().ok()).map(|bytes| Uint8Array::new(&bytes).to_vec());
    Some((answer, bytes))
}

thread_local! {
    static SHARED: Desk = Desk::default();
}

/// The page's one desk.
#[must_use]
pub fn shared() -> Desk {
    SHARED.with(Clone::clone)
}
