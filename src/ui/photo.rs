//! Photos of a record: taking, showing, describing, drawing on them.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use serde_json::{Value, json};
use web_sys::File;

use super::icon::icon;
use super::state::{App, AppSession};
use super::widget::TextField;
use super::words::{Word, errors, fill, lang, words};
use crate::browser::files::{ObjectUrl, files_of};
use crate::browser::photos::{Job, PhotoError};
use crate::browser::position::{Fix, PositionError, Watcher, current};
use crate::bundle::Mime;
use crate::bundle::limits::PHOTO_BYTES;
use crate::domain::change::Sha256;
use crate::domain::inspection::{PhotoRef, photos};
use crate::domain::photo::{Mark, MarkColour, MarkKind, Marks, PhotoMeta, PhotoSource};
use crate::domain::time::Instant;
use crate::port::shelf::Table;
use crate::port::twin::{Store as _, StoreError};

/// A photo on its way into the record.
#[derive(Clone, PartialEq, Debug)]
pub struct Taking {
    /// Which one.
    pub key: String,
    /// Item that it belongs to.
    pub item: Option<String>,
    /// Address of the thumbnail, once there.
    pub thumb: Option<String>,
}

/// The photos of a record that is open for writing. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Album {
    /// The app.
    pub app: App,
    /// Those that count.
    pub photos: RwSignal<Vec<PhotoRef>>,
    /// Those on their way into the record.
    pub taking: RwSignal<Vec<Taking>>,
    /// Those that are hidden for now.
    pub covered: RwSignal<Vec<String>>,
    session: StoredValue<Rc<AppSession>, LocalStorage>,
    write: Callback<Values>,
    about: Callback<Option<String>, Vec<String>>,
}

/// Paths and their values.
type Values = Vec<(String, Value)>;

impl Album {
    /// The photos of a record. `write` sets values in it; `about` says, for what a photo belongs to, what is written below
    /// the picture besides time and place.
    #[must_use]
    pub fn new(app: App, session: Rc<AppSession>, write: Callback<Values>, about: Callback<Option<String>, Vec<String>>) -> Self {
        let known = photos(session.record().state());
        let (photos, taking) = (RwSignal::new(known), RwSignal::new(Vec::new()));
        let covered = RwSignal::new(Vec::new());
        Self { app, photos, taking, covered, session: StoredValue::new_local(session), write, about }
    }

    /// Looks at what the record says of its photos now.
    pub fn refresh(self) {
        let known = photos(self.session().record().state());
        self.photos.set(known);
    }

    fn session(self) -> Rc<AppSession> {
        self.session.get_value()
    }

    fn value(self, path: &str) -> Option<Value> {
        self.session().record().state().get(path).cloned()
    }

    fn set(self, path: &str, value: Value) {
        self.write.run(vec![(path.to_owned(), value)]);
        self.refresh();
    }
}

thread_local! {
    // One address a picture for the life of the page: thumbnails are small and shown again and again.
    static THUMBS: RefCell<BTreeMap<String, ObjectUrl>> = RefCell::default();
    static WATCHER: RefCell<Option<Watcher>> = const { RefCell::new(None) };
}

fn remember_thumb(sha256: &str, bytes: &[u8]) -> Option<String> {
    let url = ObjectUrl::of_bytes(bytes, "image/jpeg")?;
    let text = url.as_str().to_owned();
    THUMBS.with_borrow_mut(|thumbs| thumbs.insert(sha256.to_owned(), url));
    Some(text)
}

/// The address of a small picture of a photo: its thumbnail, else the photo itself.
pub async fn thumb_url(app: App, sha256: String) -> Option<String> {
    if let Some(known) = THUMBS.with_borrow(|thumbs| thumbs.get(&sha256).map(|url| url.as_str().to_owned())) {
        return Some(known);
    }
    let workspace = app.workspace();
    let bytes = match workspace.store.get(Table::Thumbs, &sha256).await {
        Ok(Some(bytes)) => bytes,
        _ => workspace.store.get(Table::Blobs, &sha256).await.ok().flatten()?,
    };
    remember_thumb(&sha256, &bytes)
}

/// Starts following the position; asked for when the first photo is about to be taken.
fn follow_position() {
    WATCHER.with_borrow_mut(|watcher| {
        if watcher.is_none() {
            *watcher = Watcher::start(true).ok();
        }
    });
}

/// Starts following the position when the person allowed it before, so that the first photo has one.
pub fn follow_if_allowed() {
    leptos::task::spawn_local(async move {
        if permission("geolocation").await.as_deref() == Some("granted") {
            follow_position();
        }
    });
}

/// State of a permission, where the browser tells.
async fn permission(name: &str) -> Option<String> {
    let permissions = window().navigator().permissions().ok()?;
    let query = js_sys::Object::new();
    js_sys::Reflect::set(&query, &"name".into(), &name.into()).ok()?;
    let status = wasm_bindgen_futures::JsFuture::from(permissions.query(&query).ok()?).await.ok()?;
    js_sys::Reflect::get(&status, &"state".into()).ok()?.as_string()
}

/// Takes files into the record, one after another.
fn take(album: Album, item: Option<String>, files: Vec<File>, source: PhotoSource) {
    for file in files {
        let item = item.clone();
        leptos::task::spawn_local(async move {
            let key = album.app.workspace().new_photo_id().to_string();
            let taking = Taking { key: key.clone(), item: item.clone(), thumb: None };
            album.taking.update(|all| all.push(taking));
            let taken = take_one(album, &key, item, &file, source).await;
            album.taking.update(|all| all.retain(|one| one.key != key));
            match taken {
                Ok(()) => {}
                Err(Trouble::Photo(error)) => {
                    album.app.toast_with(errors::explain_photo(&error), Some((words().close.to_owned(), Callback::new(|()| ()))))
                }
                Err(Trouble::Store(error)) => {
                    album.app.toast_with(errors::explain_store(&error), Some((words().close.to_owned(), Callback::new(|()| ()))))
                }
            }
        });
    }
}

/// When the shutter went: the camera's file says it, when it is not far from now.
fn shutter_ms(file: &File, now_ms: u64) -> Option<u64> {
    let modified = file.last_modified();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole milliseconds since 1970, checked against now")]
    let modified_ms = modified.max(0.0) as u64;
    (now_ms.abs_diff(modified_ms) < 600_000).then_some(modified_ms)
}

/// An older position says where the phone was before, perhaps at another site.
const OLDEST_FIX_MS: u64 = 120_000;

/// How long a photo waits for the first position of a visit.
const FIRST_FIX: Duration = Duration::from_secs(4);

/// Where the phone was at a moment: from what was followed, else asked for once and waited for briefly.
async fn fix_of(app: App, moment_ms: u64) -> Option<Fix> {
    let (known, error) =
        WATCHER.with_borrow(|watcher| watcher.as_ref().map_or((None, None), |watcher| (watcher.nearest(moment_ms), watcher.error())));
    let known = known.filter(|fix| fix.at_ms.abs_diff(moment_ms) <= OLDEST_FIX_MS);
    if known.is_some() {
        return known;
    }
    let asked = async {
        match error {
            Some(PositionError::Denied) => Err(PositionError::Denied),
            _ => current(4_000, true).await,
        }
    };
    let timeout = std::pin::pin!(pause(FIRST_FIX));
    // A question that the person leaves unanswered must not hold the photo back.
    match futures::future::select(std::pin::pin!(asked), timeout).await {
        futures::future::Either::Left((Ok(fix), _)) => Some(fix),
        futures::future::Either::Left((Err(error), _)) => {
            // Said after the photo: before it the camera would hide the words.
            if error == PositionError::Denied {
                app.toast(words().place_denied);
            }
            None
        }
        futures::future::Either::Right(_) => None,
    }
}

enum Trouble {
    Photo(PhotoError),
    Store(StoreError),
}

async fn take_one(album: Album, key: &str, item: Option<String>, file: &File, source: PhotoSource) -> Result<(), Trouble> {
    let app = album.app;
    let now_ms = app.now_ms();
    let shutter = shutter_ms(file, now_ms);
    // Some browsers offer old pictures behind the camera button too; then nobody knows when and where it was taken.
    let source = if source == PhotoSource::Camera && shutter.is_none() { PhotoSource::Unknown } else { source };
    let captured_ms = if source == PhotoSource::Camera { shutter.unwrap_or(now_ms) } else { now_ms };
    // A gallery photo was taken elsewhere and earlier: where the phone is now says nothing about it.
    let fix = match source {
        PhotoSource::Gallery | PhotoSource::Unknown => None,
        PhotoSource::Camera => fix_of(app, captured_ms).await,
    };
    let position = fix.and_then(|fix| fix.position_at(captured_ms));
    let stamp = stamp(album, item.as_deref(), captured_ms, source, position.as_ref().map(|at| (at.lat, at.lon, at.accuracy_m)));
    let job = Job::new(file, stamp, app.prefs.with_untracked(|prefs| prefs.keep_originals));
    let shown = key.to_owned();
    let on_thumb = move |thumb: crate::browser::photos::Thumb| {
        let url = remember_thumb(&shown, &thumb.bytes);
        album.taking.update(|all| {
            if let Some(one) = all.iter_mut().find(|one| one.key == shown) {
                one.thumb = url;
            }
        });
    };
    let taken = app.pipeline().take(job, on_thumb).await.map_err(Trouble::Photo)?;
    let thumb = taken.thumb.as_ref().map(|thumb| thumb.bytes.clone()).unwrap_or_default();
    // An original that a bundle can't carry would hold its whole record back.
    let original = taken.original.filter(|bytes| Mime::sniff(bytes).is_some() && bytes.len() <= PHOTO_BYTES);
    // The bytes are kept before anything names them. A camera's photo may exist nowhere else: it waits here until it is kept.
    let workspace = app.workspace();
    let mut told = false;
    while let Err(error) = workspace.keep_photo(&taken.kept, &thumb, original.as_deref()).await {
        if error == StoreError::NotOwner {
            return Err(Trouble::Store(error));
        }
        if !told {
            app.toast_with(
                format!("{} {}", errors::explain_store(&error), words().photo_waits),
                Some((words().close.to_owned(), app.in_root(|| Callback::new(|()| ())))),
            );
            told = true;
        }
        pause(RETRY).await;
    }
    let mut meta: PhotoMeta = taken.facts.into_meta(item, source, captured_ms, position);
    meta.original.kept = original.is_some();
    let value = serde_json::to_value(&meta).unwrap_or_default();
    album.set(&format!("photos/{key}"), value);
    album.session().flush().await;
    Ok(())
}

/// How long a photo that could not be kept waits before the next try.
const RETRY: Duration = Duration::from_secs(4);

async fn pause(time: Duration) {
    let (sender, receiver) = futures::channel::oneshot::channel();
    set_timeout(
        move || {
            // Nobody waits any more when the page is going.
            let _ = sender.send(());
        },
        time,
    );
    let _ = receiver.await;
}

/// What is written below the picture: when, where, which unit and equipment, who. In Chinese, the language of records.
fn stamp(album: Album, item: Option<&str>, captured_ms: u64, source: PhotoSource, at: Option<(f64, f64, Option<f64>)>) -> Vec<String> {
    let when = Instant::from_ms(captured_ms).local(album.app.offset_min()).format("%Y-%m-%d %H:%M:%S");
    // Said only where the file itself agrees that it was taken just now.
    let label = if source == PhotoSource::Camera { "拍摄时间" } else { "加入时间" };
    let mut lines = vec![format!("{label} {when}")];
    lines.push(match at {
        Some((lat, lon, accuracy)) => {
            let accuracy = accuracy.map(|meters| format!(" ±{meters:.0}米")).unwrap_or_default();
            format!("位置 {lat:.6}, {lon:.6}{accuracy} (WGS-84)")
        }
        None if source != PhotoSource::Camera => "非现场拍摄，位置见原图信息".to_owned(),
        None => "未取得定位".to_owned(),
    });
    lines.extend(album.about.run(item.map(str::to_owned)));
    lines
}

/// The photos of a question or field, by its number if it has one and its key (or of the record as a whole), and the two
/// ways to add more.
#[component]
pub fn PhotoStrip(album: Album, item: Option<(Option<usize>, String)>) -> impl IntoView {
    let number = item.as_ref().and_then(|(number, _)| *number);
    let id = item.map(|(_, id)| id);
    let (mine, going) = (id.clone(), id.clone());
    let shown = Memo::new(move |_| album.photos.get().into_iter().filter(|photo| photo.item == mine).collect::<Vec<_>>());
    let taking = move || album.taking.get().into_iter().filter(|one| one.item == going).collect::<Vec<_>>();
    let input = move |source: PhotoSource, name: &'static str, word: Word| {
        let id = id.clone();
        let camera = source == PhotoSource::Camera;
        let on_change = move |event: web_sys::Event| {
            let files = files_of(&event);
            take(album, id.clone(), files, source);
            // The same file may be chosen again.
            if let Some(input) = event.target().and_then(|target| wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlInputElement>(target).ok())
            {
                input.set_value("");
            }
        };
        let before = move |_| {
            // The page may be killed behind the camera: everything typed is kept first.
            album.app.flush_typing();
            if camera {
                follow_position();
            }
        };
        let label = move || match number {
            Some(number) => format!("{} {number}", word()),
            None => word().to_owned(),
        };
        view! {
            <label class="btn slim photo-add">
                {icon(name)}<span aria-hidden="true">{word}</span>
                <input class="sr" type="file" accept="image/*" capture=camera.then_some("environment") multiple=!camera aria-label=label on:click=before on:change=on_change/>
            </label>
        }
    };
    view! {
        <div class="photos">
            <For each=move || shown.get() key=|photo| (photo.id.clone(), photo.caption.clone()) let:photo><PhotoTile album photo/></For>
            <For each=taking key=|one| (one.key.clone(), one.thumb.is_some()) let:one>
                <span class="photo-tile working" role="status">
                    {one.thumb.clone().map(|url| view! { <img src=url alt=""/> })}
                    <span class="spinner"></span><span class="sr">{move || words().photo_working}</span>
                </span>
            </For>
            {input.clone()(PhotoSource::Camera, "camera", || words().take_photo)}
            {input(PhotoSource::Gallery, "gallery", || words().pick_photo)}
        </div>
    }
}

/// A photo of the record by its id, small; a tap shows it large. Nothing where it does not count.
#[component]
pub fn PhotoThumb(album: Album, #[prop(into)] id: String) -> impl IntoView {
    move || {
        let photo = album.photos.with(|all| all.iter().find(|one| one.id == id).cloned());
        photo.map(|photo| view! { <PhotoTile album photo/> })
    }
}

#[component]
fn PhotoTile(album: Album, photo: PhotoRef) -> impl IntoView {
    let sha256 = photo.sha256.clone();
    let url = LocalResource::new(move || thumb_url(album.app, sha256.clone()));
    let id = photo.id.clone();
    let number = {
        let id = photo.id.clone();
        move || album.photos.with(|all| all.iter().position(|one| one.id == id).unwrap_or_default() + 1)
    };
    let caption = photo.caption.clone();
    let name = move || format!("{} {caption}", fill(words().photo_n, &[&number()]));
    let open = open_viewer();
    view! {
        <button type="button" class="photo-tile" aria-label=name on:click=move |_| open.run(Some(id.clone()))>
            {move || url.get().map(|url| match url {
                Some(url) => view! { <img src=url alt="" loading="lazy"/> }.into_any(),
                None => view! { <span class="photo-lost">{icon("warn")}</span> }.into_any(),
            })}
        </button>
    }
}

/// Opens or closes the viewer; it stands in the address, so that the phone's back key closes it. Turning pages leaves no
/// trace, and closing goes back to where it was opened.
fn open_viewer() -> Callback<Option<String>> {
    thread_local! { static OPENED_HERE: Cell<bool> = const { Cell::new(false) }; }
    let navigate = StoredValue::new_local(use_navigate());
    Callback::new(move |id: Option<String>| {
        let location = window().location();
        let path = location.pathname().unwrap_or_default();
        let shown = location.search().is_ok_and(|search| search.contains("photo="));
        match id {
            None if OPENED_HERE.replace(false) => {
                // Without a history the address stays and the viewer with it; it never fails in a page.
                let _ = window().history().and_then(|history| history.back());
            }
            id => {
                let to = id.as_ref().map_or(path.clone(), |id| format!("{path}?photo={id}"));
                OPENED_HERE.set(id.is_some() && (!shown || OPENED_HERE.get()));
                let replace = shown || id.is_none();
                navigate.with_value(|navigate| navigate(&to, NavigateOptions { scroll: false, replace, ..Default::default() }));
            }
        }
    })
}

/// A photo large, over the page.
#[component]
pub fn PhotoViewer(album: Album) -> impl IntoView {
    let query = use_query_map();
    let id = Memo::new(move |_| query.with(|query| query.get("photo")));
    let photo = Memo::new(move |_| {
        let id = id.get()?;
        album.photos.with(|all| all.iter().find(|one| one.id == id && !album.covered.with(|covered| covered.contains(&one.id))).cloned())
    });
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let shown = photo.get().is_some();
        let Some(dialog) = dialog.get() else { return };
        if shown && !dialog.open() {
            let _ = dialog.show_modal();
        } else if !shown && dialog.open() {
            dialog.close();
        }
    });
    let open = open_viewer();
    view! {
        <dialog class="viewer" node_ref=dialog aria-label=move || words().photo_view on:cancel=move |event: web_sys::Event| { event.prevent_default(); open.run(None); }>
            {move || id.get().and_then(|_| photo.get_untracked()).map(|photo| view! { <Viewer album photo/> })}
        </dialog>
    }
}

#[component]
fn Viewer(album: Album, photo: PhotoRef) -> impl IntoView {
    let open = open_viewer();
    let sealed = album.session().record().is_sealed();
    let id = StoredValue::new(photo.id.clone());
    let path = move |rest: &str| id.with_value(|id| format!("photos/{id}{rest}"));
    let meta: Option<PhotoMeta> = untrack(|| album.value(&path(""))).and_then(|value| serde_json::from_value(value).ok());
    let sha256 = photo.sha256.clone();
    let url = LocalResource::new(move || {
        let sha256 = sha256.clone();
        async move {
            let bytes = album.app.workspace().store.get(Table::Blobs, &sha256).await.ok().flatten()?;
            ObjectUrl::of_bytes(&bytes, "image/jpeg").map(|url| send_wrapper::SendWrapper::new(Rc::new(url)))
        }
    });
    let marks = RwSignal::new(untrack(|| album.value(&path("/marks"))).and_then(|value| Marks::read(&value)).unwrap_or_default());
    let tool = RwSignal::new(None::<MarkKind>);
    let save_caption = Callback::new(move |text: String| {
        let value = if text.trim().is_empty() { Value::Null } else { json!(text.trim()) };
        album.set(&path("/caption"), value);
    });
    let keep_marks = move || {
        let value = marks
            .with_untracked(|marks| if marks.strokes.is_empty() { Value::Null } else { serde_json::to_value(marks).unwrap_or_default() });
        album.set(&path("/marks"), value);
    };
    let neighbour = move |step: isize| {
        album.photos.with(|all| {
            let all: Vec<&PhotoRef> = all.iter().filter(|one| !album.covered.with(|covered| covered.contains(&one.id))).collect();
            let here = id.with_value(|id| all.iter().position(|one| one.id == *id))?;
            all.get(here.checked_add_signed(step)?).map(|one| one.id.clone())
        })
    };
    let delete = move |_| {
        let deleted = path("/deleted");
        album.set(&deleted, json!(true));
        // The viewer is closed by then, and what it owned gone with it.
        let undo = album.app.in_root(|| Callback::new(move |()| album.set(&deleted, Value::Null)));
        open.run(None);
        album.app.toast_with(words().photo_deleted, Some((words().undo.to_owned(), undo)));
    };
    let turn = move |step: isize, name: &'static str, word: Word| {
        view! {
            <button type="button" class="icon-btn" aria-label=word disabled=move || neighbour(step).is_none()
                on:click=move |_| open.run(untrack(|| neighbour(step)))>{icon(name)}</button>
        }
    };
    let (width, height) = meta.as_ref().map_or((4, 3), |meta| (meta.width.max(1), meta.height.max(1)));
    view! {
        <div class="viewer-bar">
            <button type="button" class="icon-btn" aria-label=move || words().close on:click=move |_| open.run(None)>{icon("close")}</button>
            <span class="grow"></span>
            {turn(-1, "back", || words().previous)}
            {turn(1, "next", || words().next)}
            <Show when=move || !sealed>
                <button type="button" class="icon-btn" aria-label=move || words().draw aria-pressed=move || tool.get().is_some().to_string()
                    on:click=move |_| tool.update(|tool| *tool = if tool.is_some() { None } else { Some(MarkKind::Circle) })>{icon("pen")}</button>
                <button type="button" class="icon-btn" aria-label=move || words().delete on:click=delete>{icon("trash")}</button>
            </Show>
        </div>
        <div class="viewer-stage">
            {move || match url.get() {
                None => view! { <span class="spinner"></span> }.into_any(),
                Some(None) => view! { <p class="empty">{icon("warn")}{words().photo_lost}</p> }.into_any(),
                Some(Some(url)) => view! {
                    <div class="picture" style:aspect-ratio=format!("{width} / {height}") style:--w=width.to_string() style:--h=height.to_string()>
                        <img src=url.as_str().to_owned() alt=move || words().photo_view/>
                        <MarkLayer marks tool aspect=(width, height) on_done=Callback::new(move |()| keep_marks())/>
                    </div>
                }.into_any(),
            }}
        </div>
        <Show when=move || tool.get().is_some()><DrawBar marks tool on_change=Callback::new(move |()| keep_marks())/></Show>
        <div class="viewer-text" hidden=move || tool.get().is_some()>
            {if sealed {
                view! { <p>{photo.caption.clone()}</p> }.into_any()
            } else {
                view! { <TextField label=Signal::derive(|| words().caption.to_owned()) value=photo.caption.clone() on_save=save_caption hint=Signal::derive(|| words().caption_hint.to_owned()) max=200/> }.into_any()
            }}
            {meta.map(|meta| view! { <MetaFacts meta offset_min=album.app.offset_min()/> })}
        </div>
    }
}

/// What is known of a photo.
#[component]
pub fn MetaFacts(meta: PhotoMeta, offset_min: i32) -> impl IntoView {
    let added = Instant::from_ms(meta.captured_at_ms).local(offset_min).format("%Y-%m-%d %H:%M:%S").to_string();
    let source = meta.source;
    let position = meta.position.clone();
    let where_ = move || match &position {
        Some(at) => {
            let accuracy =
                at.accuracy_m.map(|meters| fill(words().photo_accuracy, &[&format!("{meters:.0}")])).unwrap_or_else(|| at.datum.clone());
            format!("{:.6}, {:.6} {accuracy}", at.lat, at.lon)
        }
        None => words().photo_no_position.to_owned(),
    };
    let short = |digest: &Sha256| digest.to_string();
    view! {
        <dl class="facts">
            {meta.taken_at.clone().map(|taken| view! { <dt>{move || words().photo_taken}</dt><dd class="num">{taken}</dd> })}
            <dt>{move || words().photo_added}</dt><dd class="num">{added}</dd>
            <dt>{move || words().photo_source}</dt>
            <dd>{move || match source {
                PhotoSource::Camera => words().photo_source_camera,
                PhotoSource::Gallery => words().photo_source_gallery,
                PhotoSource::Unknown => words().photo_source_unknown,
            }}</dd>
            <dt>{move || words().photo_position}</dt><dd class="num">{where_}</dd>
            <dt>{move || words().photo_hash}</dt><dd class="mono small">{short(&meta.original.sha256)}</dd>
            <dt>{move || words().photo_kept_hash}</dt><dd class="mono small">{short(&meta.sha256)}</dd>
        </dl>
    }
}

/// The drawing over a picture; takes the finger while a tool is chosen.
#[component]
pub fn MarkLayer(
    /// What is drawn.
    marks: RwSignal<Marks>,
    /// The tool in hand.
    tool: RwSignal<Option<MarkKind>>,
    /// Width and height of the picture in pixels.
    aspect: (u32, u32),
    /// Called when a stroke is finished.
    on_done: Callback<()>,
) -> impl IntoView {
    let raw = StoredValue::new(Vec::<(f64, f64)>::new());
    let drawing = RwSignal::new(None::<Mark>);
    let (width, height) = aspect;
    let ratio = f64::from(width) / f64::from(height);
    let place = |event: &web_sys::PointerEvent| {
        let target: web_sys::Element = wasm_bindgen::JsCast::unchecked_into(event.current_target()?);
        let rect = target.get_bounding_client_rect();
        Some(((f64::from(event.client_x()) - rect.left()) / rect.width(), (f64::from(event.client_y()) - rect.top()) / rect.height()))
    };
    let preview = move || {
        let Some(kind) = tool.get_untracked() else { return };
        drawing.set(raw.with_value(|raw| Mark::from_raw(kind, raw, ratio, MarkColour::Red)));
    };
    let down = move |event: web_sys::PointerEvent| {
        if tool.get_untracked().is_none() {
            return;
        }
        event.prevent_default();
        if let Some(target) = event.current_target() {
            let target: web_sys::Element = wasm_bindgen::JsCast::unchecked_into(target);
            let _ = target.set_pointer_capture(event.pointer_id());
        }
        raw.set_value(place(&event).into_iter().collect());
    };
    let moved = move |event: web_sys::PointerEvent| {
        if event.buttons() == 0 || tool.get_untracked().is_none() {
            return;
        }
        if let Some(at) = place(&event) {
            raw.update_value(|raw| raw.push(at));
            preview();
        }
    };
    let up = move |_| {
        preview();
        raw.set_value(Vec::new());
        if let Some(mark) = drawing.get_untracked() {
            drawing.set(None);
            // Beyond the limit of marks nothing is added; sixty hide the picture anyway.
            marks.update(|marks| {
                let _ = marks.add(mark);
            });
            on_done.run(());
        }
    };
    view! {
        <svg class="marks" class:active=move || tool.get().is_some() viewBox=format!("0 0 {width} {height}") preserveAspectRatio="none" aria-hidden="true"
            on:pointerdown=down on:pointermove=moved on:pointerup=up on:pointercancel=move |_| { raw.set_value(Vec::new()); drawing.set(None); }>
            {move || marks.get().strokes.iter().chain(drawing.get().as_ref()).map(|mark| {
                let d = mark.svg_path(width, height);
                view! { <path class="halo" d=d.clone()></path><path class="mark" d=d></path> }
            }).collect_view()}
        </svg>
    }
}

#[component]
fn DrawBar(marks: RwSignal<Marks>, tool: RwSignal<Option<MarkKind>>, on_change: Callback<()>) -> impl IntoView {
    let one = move |kind: MarkKind, name: &'static str, word: Word| {
        view! {
            <button type="button" class="btn slim" aria-pressed=move || (tool.get() == Some(kind)).to_string() on:click=move |_| tool.set(Some(kind))>{icon(name)}{word}</button>
        }
    };
    view! {
        <div class="draw-bar">
            <p class="small">{move || words().draw_hint}</p>
            <div class="row wrap">
                {one(MarkKind::Circle, "circle", || words().draw_circle)}
                {one(MarkKind::Arrow, "arrow", || words().draw_arrow)}
                {one(MarkKind::Pen, "pen", || words().draw_pen)}
                <button type="button" class="btn slim" disabled=move || marks.with(|marks| marks.strokes.is_empty())
                    on:click=move |_| { marks.update(|marks| { marks.strokes.pop(); }); on_change.run(()); }>{icon("undo")}{move || words().undo}</button>
                <button type="button" class="btn slim primary" on:click=move |_| tool.set(None)>{icon("check")}{move || words().draw_done}</button>
            </div>
        </div>
    }
}

/// For screens that show a photo beside its time; kept here with the other words on photos.
#[must_use]
pub fn photo_time(meta: &PhotoMeta, offset_min: i32) -> String {
    let _ = lang();
    Instant::from_ms(meta.captured_at_ms).minute_text(offset_min)
}
