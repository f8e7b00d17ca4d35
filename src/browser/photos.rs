//! The page's side of the photo worker: one photo after another, and the page itself where there is no worker.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures::channel::oneshot;
use futures::future::{Either, select};
use futures::lock::Mutex;
use js_sys::{Array, ArrayBuffer, Function, JsString, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{File, MessageEvent, Worker};

use super::files::get;
pub use super::photo_worker::Job;
use super::photo_worker::{DEFAULT_MAX_EDGE, DEFAULT_QUALITY, MadeThumb, Surface, make, write_job};
pub use crate::domain::photo::PhotoError;
use crate::domain::photo::PhotoFacts;

/// Where the worker's start script is. Trunk names a worker after its binary and never hashes it: see index.html.
const SCRIPT: &str = "/spotcheck-worker_loader.js";
/// How long the worker may take to start.
const START_MS: i32 = 10_000;
/// How long one photo may take on the slowest phone.
const PHOTO_MS: i32 = 90_000;

impl Job {
    /// A job for a picked file with the usual sizes.
    #[must_use]
    pub fn new(file: &File, stamp: Vec<String>, keep_original: bool) -> Self {
        Self { name: file.name(), file: file.clone().into(), stamp, max_edge: DEFAULT_MAX_EDGE, quality: DEFAULT_QUALITY, keep_original }
    }
}

/// A thumbnail, JPEG.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Thumb {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

impl From<MadeThumb> for Thumb {
    fn from(made: MadeThumb) -> Self {
        Self { bytes: Uint8Array::new(&made.bytes).to_vec(), width: made.width, height: made.height }
    }
}

/// A photo ready to be stored.
#[derive(Clone, PartialEq, Debug)]
pub struct TakenPhoto {
    /// The kept picture, JPEG; its digest is `facts.sha256`.
    pub kept: Vec<u8>,
    /// The thumbnail.
    pub thumb: Option<Thumb>,
    /// The file as it was, when asked for; its digest is `facts.original.sha256`.
    pub original: Option<Vec<u8>>,
    /// What is known of it.
    pub facts: PhotoFacts,
}

/// Takes photos in, one at a time. Clones share one worker, which starts with the first photo.
#[derive(Clone, Default)]
pub struct PhotoPipeline(Rc<Inner>);

#[derive(Default)]
struct Inner {
    /// Held while a photo is made: the queue.
    worker: Mutex<Option<Handle>>,
    /// The worker can't be used in this browser.
    page_only: Cell<bool>,
    waiting: Cell<usize>,
    last_id: Cell<u32>,
}

impl PhotoPipeline {
    /// One with its own worker, not started yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many photos wait or are being made.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.0.waiting.get()
    }

    /// Makes a photo after all that were asked for before. `on_thumb` is called as soon as the thumbnail is there.
    ///
    /// The work goes on when the returned future is dropped.
    ///
    /// # Errors
    /// [`PhotoError`]; nothing was kept then.
    pub async fn take(&self, job: Job, on_thumb: impl FnOnce(Thumb) + 'static) -> Result<TakenPhoto, PhotoError> {
        let (sender, receiver) = oneshot::channel();
        let inner = Rc::clone(&self.0);
        inner.waiting.set(inner.waiting.get() + 1);
        spawn_local(async move {
            let result = inner.run(job, Box::new(on_thumb)).await;
            inner.waiting.set(inner.waiting.get().saturating_sub(1));
            // Nobody listens any more when the future was dropped.
            let _ = sender.send(result);
        });
        receiver.await.unwrap_or(Err(PhotoError::WorkerFailed))
    }
}

impl Inner {
    async fn run(&self, job: Job, on_thumb: OnThumb) -> Result<TakenPhoto, PhotoError> {
        let mut slot = self.worker.lock().await;
        if !self.page_only.get() && slot.as_ref().is_none_or(Handle::is_dead) {
            *slot = Handle::start().await;
            self.page_only.set(slot.is_none());
        }
        let Some(handle) = slot.as_ref() else { return make_here(&job, on_thumb).await };
        let id = self.last_id.get().wrapping_add(1);
        self.last_id.set(id);
        let result = handle.make(id, &job, on_thumb).await;
        if result == Err(PhotoError::WorkerFailed) {
            // The next photo gets a new worker. This one isn't tried again: what killed a worker may kill the page.
            *slot = None;
        }
        result
    }
}

type OnThumb = Box<dyn FnOnce(Thumb)>;

/// Makes a photo in the page itself.
async fn make_here(job: &Job, on_thumb: OnThumb) -> Result<TakenPhoto, PhotoError> {
    let surface = if Surface::is_offscreen_able() { Surface::Offscreen } else { Surface::Page };
    let mut shown = None;
    let made = make(job, surface, |thumb| {
        let thumb = Thumb::from(thumb);
        shown = Some(thumb.clone());
        on_thumb(thumb);
    })
    .await?;
    let to_vec = |buffer: &ArrayBuffer| Uint8Array::new(buffer).to_vec();
    Ok(TakenPhoto { kept: to_vec(&made.kept), thumb: shown, original: made.original.as_ref().map(to_vec), facts: made.facts })
}

/// What the worker owes the page.
struct Pending {
    id: u32,
    on_thumb: Option<OnThumb>,
    thumb: Option<Thumb>,
    done: oneshot::Sender<Result<TakenPhoto, PhotoError>>,
}

#[derive(Default)]
struct Desk {
    ready: Option<oneshot::Sender<bool>>,
    pending: Option<Pending>,
    dead: bool,
}

impl Desk {
    fn fail(&mut self) {
        self.dead = true;
        self.ready = None;
        if let Some(pending) = self.pending.take() {
            let _ = pending.done.send(Err(PhotoError::WorkerFailed));
        }
    }
}

/// A running worker; ended when dropped.
struct Handle {
    worker: Worker,
    desk: Rc<RefCell<Desk>>,
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
    /// Starts a worker and waits until it listens; `None` when it can't be used here.
    async fn start() -> Option<Self> {
        let worker = Worker::new(SCRIPT).ok()?;
        let (sender, ready) = oneshot::channel();
        let desk = Rc::new(RefCell::new(Desk { ready: Some(sender), ..Desk::default() }));
        let on_message = {
            let desk = Rc::clone(&desk);
            Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| receive(&desk, &event.data()))
        };
        let on_error = {
            let desk = Rc::clone(&desk);
            Closure::<dyn FnMut()>::new(move || desk.borrow_mut().fail())
        };
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref::<Function>()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref::<Function>()));
        let _ = Reflect::set(&worker, &JsString::from("onmessageerror"), on_error.as_ref());
        let handle = Self { worker, desk, _on_message: on_message, _on_error: on_error };
        let able = within(START_MS, ready).await?.unwrap_or(false);
        able.then_some(handle)
    }

    fn is_dead(&self) -> bool {
        self.desk.borrow().dead
    }

    async fn make(&self, id: u32, job: &Job, on_thumb: OnThumb) -> Result<TakenPhoto, PhotoError> {
        let (done, result) = oneshot::channel();
        self.desk.borrow_mut().pending = Some(Pending { id, on_thumb: Some(on_thumb), thumb: None, done });
        self.worker.post_message(&write_job(id, job)).map_err(|_| PhotoError::WorkerFailed)?;
        // No answer in time, or the desk was cleared without one: the same to the caller.
        within(PHOTO_MS, result).await.and_then(Result::ok).unwrap_or(Err(PhotoError::WorkerFailed))
    }
}

/// Takes a message of the worker to where it belongs. Callbacks run with nothing borrowed.
fn receive(desk: &RefCell<Desk>, message: &JsValue) {
    let kind = get(message, "type").and_then(|kind| kind.as_string()).unwrap_or_default();
    if kind == "ready" {
        let able = get(message, "able").is_some_and(|able| able.is_truthy());
        if let Some(ready) = desk.borrow_mut().ready.take() {
            let _ = ready.send(able);
        }
        return;
    }
    let id = get(message, "id").and_then(|id| id.as_f64());
    let Some(mut pending) = desk.borrow_mut().pending.take() else { return };
    // The answer to a photo that nobody waits for any more.
    if id != Some(f64::from(pending.id)) {
        desk.borrow_mut().pending = Some(pending);
        return;
    }
    if kind == "thumb" {
        let show = pending.on_thumb.take().zip(read_thumb(message));
        pending.thumb = show.as_ref().map(|(_, thumb)| thumb.clone());
        desk.borrow_mut().pending = Some(pending);
        if let Some((on_thumb, thumb)) = show {
            on_thumb(thumb);
        }
        return;
    }
    let result = if kind == "made" {
        read_made(message, pending.thumb).ok_or(PhotoError::WorkerFailed)
    } else {
        Err(read_text(message, "error").and_then(|text| serde_json::from_str(&text).ok()).unwrap_or(PhotoError::WorkerFailed))
    };
    let _ = pending.done.send(result);
}

fn read_thumb(message: &JsValue) -> Option<Thumb> {
    Some(Thumb { bytes: read_bytes(message, "thumb")?, width: read_number(message, "width")?, height: read_number(message, "height")? })
}

fn read_made(message: &JsValue, thumb: Option<Thumb>) -> Option<TakenPhoto> {
    let facts: PhotoFacts = serde_json::from_str(&read_text(message, "facts")?).ok()?;
    Some(TakenPhoto { kept: read_bytes(message, "kept")?, thumb, original: read_bytes(message, "original"), facts })
}

fn read_bytes(message: &JsValue, name: &str) -> Option<Vec<u8>> {
    let buffer: ArrayBuffer = get(message, name)?.dyn_into().ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}

fn read_text(message: &JsValue, name: &str) -> Option<String> {
    get(message, name)?.as_string()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast from f64 saturates")]
fn read_number(message: &JsValue, name: &str) -> Option<u32> {
    get(message, name)?.as_f64().map(|number| number as u32)
}

/// Waits for a future, but not longer than this.
pub(super) async fn within<F: Future + Unpin>(ms: i32, future: F) -> Option<F::Output> {
    match select(future, JsFuture::from(sleep(ms))).await {
        Either::Left((output, _)) => Some(output),
        Either::Right(_) => None,
    }
}

pub(super) fn sleep(ms: i32) -> Promise {
    Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments(&resolve, ms, &Array::new());
        }
    })
}
