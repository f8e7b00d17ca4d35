//! The page's side of a worker of ours: starts it, asks it one thing after another, ends it, and starts it anew after it died.
//!
//! A worker says once that it is ready. Each request carries an `id`, and so does all that is said to it.

use std::cell::{Cell, RefCell};
use std::ops::ControlFlow;
use std::rc::Rc;

use futures::channel::oneshot;
use futures::lock::{Mutex, MutexGuard};
use js_sys::{Array, ArrayBuffer, Function, JsString, Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, Worker};

use super::files::{get, set};
use super::pace::within;

/// What is to be known of a worker to start it.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Where its start script is.
    pub script: &'static str,
    /// How long it may take to start on the slowest phone.
    pub start_ms: i32,
    /// Reads the message that it is ready: whether it can do its work here. `None` for every other message.
    pub ready: fn(&JsValue) -> Option<bool>,
}

/// A worker and those who wait for it.
#[derive(Debug)]
pub struct WorkerQueue {
    kind: Kind,
    running: Mutex<Option<Running>>,
    last_id: Cell<u32>,
}

impl WorkerQueue {
    /// Starts nothing yet.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Self { kind, running: Mutex::new(None), last_id: Cell::new(0) }
    }

    /// The worker for oneself, after all who asked for it before.
    pub async fn turn(&self) -> Turn<'_> {
        Turn { queue: self, running: self.running.lock().await }
    }
}

/// The worker, as long as nobody else has it.
pub struct Turn<'a> {
    queue: &'a WorkerQueue,
    running: MutexGuard<'a, Option<Running>>,
}

impl Turn<'_> {
    /// Starts the worker unless it runs; whether it runs now.
    pub async fn start(&mut self) -> bool {
        if self.running.as_ref().is_none_or(Running::is_dead) {
            *self.running = Running::start(self.queue.kind).await;
        }
        self.running.is_some()
    }

    /// Sends a request and gives the worker `given` with it for good. `read` gets what the worker says to it, until it
    /// breaks with the answer, or with `None` when it makes no sense.
    ///
    /// `None` when there is no answer within `limit_ms`; the worker is ended then.
    pub async fn ask<T: 'static>(
        &mut self,
        request: &Object,
        given: Option<&ArrayBuffer>,
        limit_ms: i32,
        read: impl FnMut(&JsValue) -> ControlFlow<Option<T>> + 'static,
    ) -> Option<T> {
        let id = self.queue.last_id.get().wrapping_add(1);
        self.queue.last_id.set(id);
        set(request, "id", &JsValue::from(id));
        let answer = self.running.as_ref()?.ask(id, request, given, limit_ms, read).await;
        if answer.is_none() {
            self.end();
        }
        answer
    }

    /// Ends the worker. The next one who asks gets a new one.
    pub fn end(&mut self) {
        *self.running = None;
    }
}

/// Takes what is said to a request; whether that was the last of it.
type Heed = Box<dyn FnMut(&JsValue) -> bool>;

/// What the worker owes the page.
#[derive(Default)]
struct Mail {
    ready: Option<oneshot::Sender<bool>>,
    waiting: Option<(u32, Heed)>,
    dead: bool,
}

/// A running worker; ended when dropped.
struct Running {
    worker: Worker,
    mail: Rc<RefCell<Mail>>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut()>,
}

impl std::fmt::Debug for Running {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Running").field("dead", &self.is_dead()).finish_non_exhaustive()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

impl Running {
    /// Starts a worker and waits until it listens; `None` when it can't be used here.
    async fn start(kind: Kind) -> Option<Self> {
        let worker = Worker::new(kind.script).ok()?;
        let (sender, ready) = oneshot::channel();
        let mail = Rc::new(RefCell::new(Mail { ready: Some(sender), ..Mail::default() }));
        let on_message = {
            let mail = Rc::clone(&mail);
            Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| receive(&mail, kind, &event.data()))
        };
        let on_error = {
            let mail = Rc::clone(&mail);
            // What is dropped with the old mail tells those who wait.
            Closure::<dyn FnMut()>::new(move || drop(mail.replace(Mail { dead: true, ..Mail::default() })))
        };
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref::<Function>()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref::<Function>()));
        let _ = Reflect::set(&worker, &JsString::from("onmessageerror"), on_error.as_ref());
        let running = Self { worker, mail, _on_message: on_message, _on_error: on_error };
        let able = within(kind.start_ms, ready).await?.unwrap_or(false);
        able.then_some(running)
    }

    fn is_dead(&self) -> bool {
        self.mail.borrow().dead
    }

    async fn ask<T: 'static>(
        &self,
        id: u32,
        request: &Object,
        given: Option<&ArrayBuffer>,
        limit_ms: i32,
        mut read: impl FnMut(&JsValue) -> ControlFlow<Option<T>> + 'static,
    ) -> Option<T> {
        let (sender, answer) = oneshot::channel();
        let mut sender = Some(sender);
        let heed = Box::new(move |message: &JsValue| match read(message) {
            ControlFlow::Continue(()) => false,
            ControlFlow::Break(read) => {
                if let Some((sender, read)) = sender.take().zip(read) {
                    // Nobody listens any more when the time was over.
                    let _ = sender.send(read);
                }
                true
            }
        });
        self.mail.borrow_mut().waiting = Some((id, heed));
        match given {
            Some(given) => self.worker.post_message_with_transfer(request, &Array::of1(given)),
            None => self.worker.post_message(request),
        }
        .ok()?;
        within(limit_ms, answer).await?.ok()
    }
}

/// Takes a message of the worker to where it belongs. Nothing is borrowed while it is read.
fn receive(mail: &RefCell<Mail>, kind: Kind, message: &JsValue) {
    if let Some(able) = (kind.ready)(message) {
        if let Some(ready) = mail.borrow_mut().ready.take() {
            let _ = ready.send(able);
        }
        return;
    }
    let Some((wanted, mut heed)) = mail.borrow_mut().waiting.take() else { return };
    let id = get(message, "id").and_then(|id| id.as_f64());
    // One to a request that nobody waits for any more leaves the one who waits where they are.
    if id != Some(f64::from(wanted)) || !heed(message) {
        mail.borrow_mut().waiting = Some((wanted, heed));
    }
}
