//! Files in and out of the page: picking, dropping, reading in slices, downloading, sharing, copying.
//!
//! This module never holds a whole file in the memory of the program: parts go through it.

use js_sys::{Array, Function, JsString, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, DragEvent, Event, File, FileList, FilePropertyBag, HtmlAnchorElement, HtmlElement, HtmlInputElement};
use web_sys::{HtmlTextAreaElement, Navigator, ShareData, Url};

/// What a file input asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pick {
    /// One photo from the camera.
    Camera,
    /// Pictures that are there already, several at once.
    Gallery,
    /// Bundles, several at once. Text files too: some browsers share a bundle only as one.
    Bundles,
    /// One file of any kind.
    One,
    /// One spreadsheet.
    Sheets,
    /// One spreadsheet or file of rules.
    SheetsOrRules,
    /// Files of any kind, several at once.
    Any,
    /// All files of a folder, each with its path in it; where [`can_pick_folder`] says so.
    Folder,
}

impl Pick {
    /// The value of the input's `accept`.
    #[must_use]
    pub fn accept(self) -> &'static str {
        match self {
            Self::Camera | Self::Gallery => "image/*",
            // Encrypted ones have a type that no system knows.
            Self::Bundles => ".json,.age,.txt,application/json,application/octet-stream,text/plain",
            Self::Any | Self::One | Self::Folder => "",
            // By their endings alone some phones offer none of them.
            Self::Sheets => {
                ".xlsx,.xls,.ods,.csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet,application/vnd.ms-excel"
            }
            Self::SheetsOrRules => {
                ".xlsx,.xls,.ods,.csv,.json,application/json,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet,application/vnd.ms-excel"
            }
        }
    }

    /// The value of the input's `capture`, when it has one.
    #[must_use]
    pub fn capture(self) -> Option<&'static str> {
        (self == Self::Camera).then_some("environment")
    }

    /// Whether the input takes several files.
    #[must_use]
    pub fn is_multiple(self) -> bool {
        !matches!(self, Self::Camera | Self::One | Self::Sheets | Self::SheetsOrRules)
    }
}

/// Opens the system's picker and returns what was chosen; nothing when it was closed. Only after a tap of the person.
///
/// The page can be killed while a camera is open: save before calling this. Browsers of before 2023 do not say
/// that the picker was closed; the call then never returns, so nothing may wait for it alone.
pub async fn pick(what: Pick) -> Vec<File> {
    let Some(input) = hidden_input(what) else { return Vec::new() };
    let chosen = Promise::new(&mut |resolve, _| {
        // `cancel` brings an event as well; then the list is empty.
        for name in ["change", "cancel"] {
            let _ = input.add_event_listener_with_callback(name, &resolve);
        }
    });
    input.click();
    let _ = JsFuture::from(chosen).await;
    let files = input.files().map(|list| to_files(&list)).unwrap_or_default();
    input.remove();
    files
}

/// What makes an input ask for a folder.
const FOLDER: &str = "webkitdirectory";

/// Whether this browser's picker can choose folders.
#[must_use]
pub fn can_pick_folder() -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    document.and_then(|document| document.create_element("input").ok()).is_some_and(|input| get(&input, FOLDER).is_some())
}

/// The path of a file from the folder that was chosen, that folder's own name first; its name where files were chosen.
#[must_use]
pub fn path_of(file: &File) -> String {
    let path = get(file, "webkitRelativePath").and_then(|path| path.as_string()).unwrap_or_default();
    if path.is_empty() { file.name() } else { path }
}

fn hidden_input(what: Pick) -> Option<HtmlInputElement> {
    let document = web_sys::window()?.document()?;
    let input: HtmlInputElement = document.create_element("input").ok()?.dyn_into().ok()?;
    input.set_type("file");
    input.set_accept(what.accept());
    input.set_multiple(what.is_multiple());
    if what == Pick::Folder {
        input.set_attribute(FOLDER, "").ok()?;
    }
    if let Some(capture) = what.capture() {
        input.set_attribute("capture", capture).ok()?;
    }
    input.set_hidden(true);
    input.set_attribute("aria-hidden", "true").ok()?;
    // Safari opens a camera only for an input that is in the page.
    document.body()?.append_child(&input).ok()?;
    Some(input)
}

/// The files of an input's `change` event. Empties the input, so that the same file can be chosen again.
#[must_use]
pub fn files_of(event: &Event) -> Vec<File> {
    let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return Vec::new() };
    let files = input.files().map(|list| to_files(&list)).unwrap_or_default();
    input.set_value("");
    files
}

/// The files that were dropped. Keeps the browser from opening them instead of the app.
#[must_use]
pub fn files_of_drop(event: &DragEvent) -> Vec<File> {
    event.prevent_default();
    event.data_transfer().and_then(|data| data.files()).map(|list| to_files(&list)).unwrap_or_default()
}

fn to_files(list: &FileList) -> Vec<File> {
    (0..list.length()).filter_map(|index| list.get(index)).collect()
}

/// The system would not give bytes of a file (deleted, moved, permission withdrawn).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the file could not be read")]
pub struct ReadError;

/// The size of a blob in bytes.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the size of a blob is a whole number below 2^53")]
pub fn size_bytes(blob: &Blob) -> u64 {
    blob.size() as u64
}

/// Reads the bytes from `start` up to `end`, or up to the end of the blob when that comes first.
///
/// # Errors
/// [`ReadError`] when the system would not give them.
pub async fn read_slice(blob: &Blob, start: u64, end: u64) -> Result<Vec<u8>, ReadError> {
    let buffer = read_buffer(&slice(blob, start, end, "")?).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// A part of a blob as a blob of type `mime`; copies nothing.
#[expect(clippy::cast_precision_loss, reason = "sizes of blobs are below 2^53")]
pub(super) fn slice(blob: &Blob, start: u64, end: u64, mime: &str) -> Result<Blob, ReadError> {
    blob.slice_with_f64_and_f64_and_content_type(start as f64, end as f64, mime).map_err(|_| ReadError)
}

/// The bytes of a blob as an `ArrayBuffer`, outside the program's own memory.
pub(super) async fn read_buffer(blob: &Blob) -> Result<js_sys::ArrayBuffer, ReadError> {
    JsFuture::from(blob.array_buffer()).await.map_err(|_| ReadError)?.dyn_into().map_err(|_| ReadError)
}

/// Makes a blob of bytes. `None` only when the browser is out of memory.
#[must_use]
pub fn blob_of(bytes: &[u8], mime: &str) -> Option<Blob> {
    let bag = BlobPropertyBag::new();
    bag.set_type(mime);
    // The copy goes outside the program's memory at once.
    Blob::new_with_u8_array_sequence_and_options(&Array::of1(&Uint8Array::from(bytes)), &bag).ok()
}

/// Makes a file of bytes, such as one that came as a text. `None` only when the browser is out of memory.
#[must_use]
pub fn file_of(bytes: &[u8], name: &str) -> Option<File> {
    let blob = blob_of(bytes, "application/json")?;
    File::new_with_blob_sequence(&Array::of1(&blob), name).ok()
}

/// How many bytes are gathered before they become a blob.
const GATHER_BYTES: usize = 256 << 10;
/// How many blobs are gathered before they become one.
const GATHER_BLOBS: u32 = 64;

/// Builds a large blob from parts; the browser may keep finished parts on disk.
#[derive(Default)]
pub struct BlobBuilder {
    gathered: Vec<u8>,
    /// Blobs by level; 64 of one level become one of the next.
    levels: Vec<Array>,
    size_bytes: u64,
}

/// The browser would not make a part, for want of memory or disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no room to build the file")]
pub struct BuildError;

impl BlobBuilder {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds bytes at the end.
    ///
    /// # Errors
    /// [`BuildError`]; what was built so far is then of no use.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), BuildError> {
        self.size_bytes += bytes.len() as u64;
        self.gathered.extend_from_slice(bytes);
        if self.gathered.len() >= GATHER_BYTES { self.flush() } else { Ok(()) }
    }

    /// Adds a blob at the end, without reading it.
    ///
    /// # Errors
    /// As [`Self::push`].
    pub fn push_blob(&mut self, blob: &Blob) -> Result<(), BuildError> {
        self.flush()?;
        self.size_bytes += size_bytes(blob);
        self.add(0, blob)
    }

    /// How many bytes were added.
    #[must_use]
    pub fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// The whole.
    ///
    /// # Errors
    /// As [`Self::push`].
    pub fn finish(mut self, mime: &str) -> Result<Blob, BuildError> {
        self.flush()?;
        // Higher levels hold what came earlier.
        let parts = Array::new();
        for level in self.levels.iter().rev() {
            for blob in level.iter() {
                parts.push(&blob);
            }
        }
        join(&parts, mime)
    }

    fn flush(&mut self) -> Result<(), BuildError> {
        if self.gathered.is_empty() {
            return Ok(());
        }
        let blob = blob_of(&self.gathered, "").ok_or(BuildError)?;
        self.gathered.clear();
        self.add(0, &blob)
    }

    fn add(&mut self, level: usize, blob: &Blob) -> Result<(), BuildError> {
        if self.levels.len() <= level {
            self.levels.push(Array::new());
        }
        let Some(blobs) = self.levels.get(level) else { return Err(BuildError) };
        blobs.push(blob);
        if blobs.length() < GATHER_BLOBS {
            return Ok(());
        }
        let joined = join(blobs, "")?;
        blobs.set_length(0);
        self.add(level + 1, &joined)
    }
}

fn join(parts: &Array, mime: &str) -> Result<Blob, BuildError> {
    let bag = BlobPropertyBag::new();
    bag.set_type(mime);
    Blob::new_with_blob_sequence_and_options(parts, &bag).map_err(|_| BuildError)
}

/// The address of a blob within this page; taken back when dropped.
#[derive(Debug)]
pub struct ObjectUrl(String);

impl ObjectUrl {
    /// An address for showing or downloading the blob.
    #[must_use]
    pub fn of(blob: &Blob) -> Option<Self> {
        Url::create_object_url_with_blob(blob).ok().map(Self)
    }

    /// An address for showing bytes, such as a stored photo.
    #[must_use]
    pub fn of_bytes(bytes: &[u8], mime: &str) -> Option<Self> {
        Self::of(&blob_of(bytes, mime)?)
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Drop for ObjectUrl {
    fn drop(&mut self) {
        let _ = Url::revoke_object_url(&self.0);
    }
}

/// The browser would not start a download.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the download could not be started")]
pub struct DownloadError;

/// Hands a blob to the browser's downloads under a name. That it was started is all that can be known.
///
/// # Errors
/// [`DownloadError`].
pub fn download(blob: &Blob, name: &str) -> Result<(), DownloadError> {
    start_download(blob, name).ok_or(DownloadError)
}

fn start_download(blob: &Blob, name: &str) -> Option<()> {
    let window = web_sys::window()?;
    let document = window.document()?;
    let url = ObjectUrl::of(blob)?;
    let anchor: HtmlAnchorElement = document.create_element("a").ok()?.dyn_into().ok()?;
    anchor.set_href(url.as_str());
    anchor.set_download(name);
    anchor.set_hidden(true);
    let body = document.body()?;
    body.append_child(&anchor).ok()?;
    anchor.click();
    anchor.remove();
    // Browsers read the blob after the click, slow ones much later.
    let revoke = Closure::once_into_js(move || drop(url));
    window.set_timeout_with_callback_and_timeout_and_arguments_0(revoke.unchecked_ref::<Function>(), 120_000).ok()?;
    Some(())
}

/// How sharing ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShareError {
    /// The person closed the sheet. Nothing is wrong.
    #[error("cancelled")]
    Cancelled,
    /// This browser shares no files; offer a download.
    #[error("sharing files is not supported here")]
    Unsupported,
    /// The browser or the receiving app refused; offer a download.
    #[error("sharing failed")]
    Failed,
}

/// Whether this browser can put files such as ours on its share sheet.
#[must_use]
pub fn can_share_files() -> bool {
    let Some((navigator, file)) = navigator().zip(blob_of(b"{}", "application/json").and_then(|blob| share_file(&blob, "a.json"))) else {
        return false;
    };
    can_share(&navigator, &share_data(&file, ""))
}

/// Whether this browser can put this file on its share sheet: browsers differ in the kinds of files that they share.
#[must_use]
pub fn can_share_file(blob: &Blob, name: &str) -> bool {
    navigator().zip(share_file(blob, name)).is_some_and(|(navigator, file)| can_share(&navigator, &share_data(&file, "")))
}

/// Opens the share sheet with one file. Only directly after a tap of the person.
///
/// # Errors
/// [`ShareError`].
pub async fn share(blob: &Blob, name: &str, title: &str) -> Result<(), ShareError> {
    let navigator = navigator().ok_or(ShareError::Unsupported)?;
    let data = share_data(&share_file(blob, name).ok_or(ShareError::Failed)?, title);
    if !can_share(&navigator, &data) {
        return Err(ShareError::Unsupported);
    }
    let cancelled_or_failed = |error: &JsValue| if error_name(error) == "AbortError" { ShareError::Cancelled } else { ShareError::Failed };
    JsFuture::from(navigator.share_with_data(&data)).await.map_err(|error| cancelled_or_failed(&error))?;
    Ok(())
}

/// A file for the share sheet. Browsers of the Chromium family share no `.json`, but they do share `.txt`.
fn share_file(blob: &Blob, name: &str) -> Option<File> {
    let chromium = navigator()?.user_agent().is_ok_and(|agent| agent.contains("Chrome/"));
    let as_text = chromium && blob.type_().starts_with("application/json");
    let bag = FilePropertyBag::new();
    bag.set_type(&if as_text { "text/plain".to_owned() } else { blob.type_() });
    let name = if as_text { format!("{name}.txt") } else { name.to_owned() };
    File::new_with_blob_sequence_and_options(&Array::of1(blob), &name, &bag).ok()
}

fn share_data(file: &File, title: &str) -> ShareData {
    let data = ShareData::new();
    data.set_files(&Array::of1(file));
    if !title.is_empty() {
        data.set_title(title);
    }
    data
}

fn can_share(navigator: &Navigator, data: &ShareData) -> bool {
    has_function(navigator, "share") && has_function(navigator, "canShare") && navigator.can_share_with_data(data)
}

/// Puts text on the clipboard. Only after a tap of the person.
///
/// Falls back to a selected text field where the clipboard is refused (WeChat, old browsers). False when neither worked:
/// show the text for copying by hand.
pub async fn copy_text(text: &str) -> bool {
    if let Some(promise) = clipboard_write(text)
        && JsFuture::from(promise).await.is_ok()
    {
        return true;
    }
    copy_by_selection(text).unwrap_or(false)
}

fn clipboard_write(text: &str) -> Option<Promise> {
    let navigator = navigator()?;
    let clipboard = get(&navigator, "clipboard")?;
    let write: Function = get(&clipboard, "writeText")?.dyn_into().ok()?;
    write.call1(&clipboard, &JsString::from(text)).ok()?.dyn_into().ok()
}

fn copy_by_selection(text: &str) -> Option<bool> {
    let document = web_sys::window()?.document()?;
    let before = document.active_element();
    let area: HtmlTextAreaElement = document.create_element("textarea").ok()?.dyn_into().ok()?;
    area.set_value(text);
    area.set_read_only(true);
    area.set_attribute("class", "visually-hidden").ok()?;
    document.body()?.append_child(&area).ok()?;
    area.select();
    let command = get(&document, "execCommand")?.dyn_into::<Function>().ok();
    let copied = command.and_then(|command| command.call1(&document, &JsString::from("copy")).ok());
    area.remove();
    if let Some(element) = before.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
    Some(copied.is_some_and(|value| value.is_truthy()))
}

/// Whether the page runs in WeChat's built-in browser, where cameras, downloads and storage can't be relied on.
#[must_use]
pub fn is_wechat(user_agent: &str) -> bool {
    user_agent.contains("MicroMessenger/")
}

/// What the browser calls itself.
#[must_use]
pub fn user_agent() -> String {
    navigator().and_then(|navigator| navigator.user_agent().ok()).unwrap_or_default()
}

fn navigator() -> Option<Navigator> {
    Some(web_sys::window()?.navigator())
}

/// A property that is there.
pub(super) fn get(target: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(target, &JsString::from(name)).ok().filter(|value| !value.is_undefined() && !value.is_null())
}

/// Sets a property of a plain object, which cannot fail.
pub(super) fn set(target: &Object, name: &str, value: &JsValue) {
    let _ = Reflect::set(target, &JsString::from(name), value);
}

fn has_function(target: &JsValue, name: &str) -> bool {
    get(target, name).is_some_and(|value| value.is_function())
}

/// The browser's name of an error, such as `AbortError`; empty when it has none.
fn error_name(error: &JsValue) -> String {
    get(error, "name").and_then(|name| name.as_string()).unwrap_or_default()
}

/// Largest file that is fetched from a link.
const FETCH_BYTES: f64 = 400.0 * 1024.0 * 1024.0;

/// Why a file on our own origin could not be fetched.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FetchError {
    /// No path on our own origin.
    Path,
    /// No answer.
    Offline,
    /// There is no such file.
    Absent,
    /// It is too large.
    Large,
}

/// Whether a text is a path of a file on our own origin, with nothing that could lead elsewhere.
#[must_use]
pub fn is_own_path(path: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.');
    path.starts_with('/')
        && !path.contains("//")
        && !path.contains("..")
        && path.ends_with(".json")
        && path.len() <= 200
        && path.chars().all(plain)
}

/// A file on our own origin.
///
/// # Errors
/// [`FetchError`].
pub async fn fetch_file(path: &str) -> Result<File, FetchError> {
    if !is_own_path(path) {
        return Err(FetchError::Path);
    }
    let window = web_sys::window().ok_or(FetchError::Offline)?;
    let response = JsFuture::from(window.fetch_with_str(path)).await.map_err(|_| FetchError::Offline)?;
    let response: web_sys::Response = response.dyn_into().map_err(|_| FetchError::Offline)?;
    let kind = response.headers().get("content-type").ok().flatten().unwrap_or_default();
    // A host that answers every unknown path with the app's page has no such file.
    if !response.ok() || kind.contains("text/html") {
        return Err(FetchError::Absent);
    }
    let length = response.headers().get("content-length").ok().flatten().and_then(|length| length.parse::<f64>().ok());
    if length.is_some_and(|length| length > FETCH_BYTES) {
        return Err(FetchError::Large);
    }
    let blob = JsFuture::from(response.blob().map_err(|_| FetchError::Offline)?).await.map_err(|_| FetchError::Offline)?;
    let name = path.rsplit('/').next().unwrap_or("file.json");
    File::new_with_blob_sequence(&Array::of1(&blob), name).map_err(|_| FetchError::Offline)
}
