//! The page's side of the photo worker: one photo after another, and the page itself where there is no worker.

use std::cell::Cell;
use std::ops::ControlFlow;
use std::rc::Rc;

use futures::channel::oneshot;
use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::File;

use super::files::get;
pub use super::photo_worker::Job;
use super::photo_worker::{DEFAULT_MAX_EDGE, DEFAULT_QUALITY, MadeThumb, Surface, make, write_job};
use super::worker_handle::{Kind, WorkerQueue};
pub use crate::domain::photo::PhotoError;
use crate::domain::photo::PhotoFacts;

/// Trunk names a worker's start script after its binary and never hashes it: see index.html.
const WORKER: Kind = Kind { script: "/spotcheck-worker_loader.js", start_ms: 10_000, ready: read_ready };
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

struct Inner {
    worker: WorkerQueue,
    /// The worker can't be used in this browser.
    page_only: Cell<bool>,
    waiting: Cell<usize>,
}

impl Default for Inner {
    fn default() -> Self {
        Self { worker: WorkerQueue::new(WORKER), page_only: Cell::default(), waiting: Cell::default() }
    }
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
        let mut turn = self.worker.turn().await;
        if !self.page_only.get() {
            self.page_only.set(!turn.start().await);
        }
        if self.page_only.get() {
            return make_here(&job, on_thumb).await;
        }
        let result = turn.ask(&write_job(&job), None, PHOTO_MS, reader(on_thumb)).await.unwrap_or(Err(PhotoError::WorkerFailed));
        if result == Err(PhotoError::WorkerFailed) {
            // The next photo gets a new worker. This one isn't tried again: what killed a worker may kill the page.
            turn.end();
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

/// Whether the worker can make photos, when it says that it is ready.
fn read_ready(message: &JsValue) -> Option<bool> {
    is(message, "ready").then(|| get(message, "able").is_some_and(|able| able.is_truthy()))
}

/// Reads what the worker says to one photo: the thumbnail, then the photo or what is wrong with it.
fn reader(on_thumb: OnThumb) -> impl FnMut(&JsValue) -> ControlFlow<Option<Result<TakenPhoto, PhotoError>>> {
    let mut on_thumb = Some(on_thumb);
    let mut shown = None;
    move |message| {
        if is(message, "thumb") {
            if let Some((on_thumb, thumb)) = on_thumb.take().zip(read_thumb(message)) {
                shown = Some(thumb.clone());
                on_thumb(thumb);
            }
            return ControlFlow::Continue(());
        }
        ControlFlow::Break(if is(message, "made") {
            read_made(message, shown.take()).map(Ok)
        } else {
            read_text(message, "error").and_then(|text| serde_json::from_str(&text).ok()).map(Err)
        })
    }
}

fn is(message: &JsValue, kind: &str) -> bool {
    get(message, "type").and_then(|kind| kind.as_string()).as_deref() == Some(kind)
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
