//! The page's side of the desk worker: one job after another; the worker starts with the first one.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures::channel::oneshot;
use futures::lock::Mutex;
use js_sys::{Array, ArrayBuffer, Function, Object, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, Worker};

use super::files::{get, set};
use super::photos::within;
use crate::desk::{Answer, Job};

/// Where the worker's start script is. Trunk names a worker after its binary and never hashes it: see index.html.
const SCRIPT: &str = "/spotcheck-desk_loader.js";
/// How long the worker may take to start on the slowest phone.
const START_MS: i32 = 20_000;

/// The worker gave no answer: it can't be used in this browser, or the job was too much for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the worker gave no answer")]
pub struct DeskFailed;

type Reply = (Answer, Option<Vec<u8>>);

/// The desk. Clones share one worker.
#[derive(Clone, Default)]
pub struct Desk(Rc<Inner>);

#[derive(Default)]
struct Inner {
    worker: Mutex<Option<Handle>>,
    last_id: Cell<u32>,
}

impl Desk {
    /// Does a job in the worker, after all that were asked for before.
    ///
    /// # Errors
    /// [`DeskFailed`] when there is no answer within `limit_ms`; the worker is ended then.
    pub async fn ask(&self, job: &Job, bytes: Option<&[u8]>, limit_ms: i32) -> Result<Reply, DeskFailed> {
        let mut slot = self.0.worker.lock().await;
        if slot.as_ref().is_none_or(Handle::is_dead) {
            *slot = Handle::start().await;
        }
        let handle = slot.as_ref().ok_or(DeskFailed)?;
        let id = self.0.last_id.get().wrapping_add(1);
        self.0.last_id.set(id);
        let reply = handle.ask(id, job, bytes, limit_ms).await;
        if reply.is_none() {
            *slot = None;
        }
        reply.ok_or(DeskFailed)
    }
}

#[derive(Default)]
struct Mail {
    ready: Option<oneshot::Sender<()>>,
    waiting: Option<(u32, oneshot::Sender<Reply>)>,
    dead: bool,
}

/// A running worker; ended when dropped.
struct Handle {
    worker: Worker,
    mail: Rc<RefCell<Mail>>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut()>,
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

impl Handle {
    async fn start() -> Option<Self> {
        let worker = Worker::new(SCRIPT).ok()?;
        let (sender, ready) = oneshot::channel();
        let mail = Rc::new(RefCell::new(Mail { ready: Some(sender), ..Mail::default() }));
        let on_message = {
            let mail = Rc::clone(&mail);
            Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| receive(&mail, &event.data()))
        };
        let on_error = {
            let mail = Rc::clone(&mail);
            // Dropped senders tell those who wait.
            Closure::<dyn FnMut()>::new(move || *mail.borrow_mut() = Mail { dead: true, ..Mail::default() })
        };
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref::<Function>()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref::<Function>()));
        let handle = Self { worker, mail, _on_message: on_message, _on_error: on_error };
        within(START_MS, ready).await?.ok()?;
        Some(handle)
    }

    fn is_dead(&self) -> bool {
        self.mail.borrow().dead
    }

    async fn ask(&self, id: u32, job: &Job, bytes: Option<&[u8]>, limit_ms: i32) -> Option<Reply> {
        let (sender, reply) = oneshot::channel();
        self.mail.borrow_mut().waiting = Some((id, sender));
        let request = Object::new();
        set(&request, "id", &JsValue::from(id));
        set(&request, "job", &JsValue::from(serde_json::to_string(job).ok()?));
        let sent = match bytes {
            Some(bytes) => {
                let buffer = Uint8Array::from(bytes).buffer();
                set(&request, "bytes", &buffer);
                self.worker.post_message_with_transfer(&request, &Array::of1(&buffer))
            }
            None => self.worker.post_message(&request),
        };
        sent.ok()?;
        within(limit_ms, reply).await?.ok()
    }
}

fn receive(mail: &RefCell<Mail>, message: &JsValue) {
    if get(message, "ready").is_some_and(|ready| ready.is_truthy()) {
        if let Some(ready) = mail.borrow_mut().ready.take() {
            let _ = ready.send(());
        }
        return;
    }
    let id = get(message, "id").and_then(|id| id.as_f64());
    let Some((wanted, sender)) = mail.borrow_mut().waiting.take() else { return };
    if id != Some(f64::from(wanted)) {
        // The answer to a job that nobody waits for any more.
        mail.borrow_mut().waiting = Some((wanted, sender));
        return;
    }
    let answer = get(message, "answer").and_then(|answer| answer.as_string()).and_then(|answer| serde_json::from_str(&answer).ok());
    let bytes = get(message, "bytes").and_then(|bytes| bytes.dyn_into::<ArrayBuffer>().ok()).map(|bytes| Uint8Array::new(&bytes).to_vec());
    if let Some(answer) = answer {
        let _ = sender.send((answer, bytes));
    }
}

thread_local! {
    static SHARED: Desk = Desk::default();
}

/// The page's one desk.
#[must_use]
pub fn shared() -> Desk {
    SHARED.with(Clone::clone)
}
