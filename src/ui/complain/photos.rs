//! Photos of a draft: made small by the worker, kept sealed with the draft, never among the photos of records.

use std::cell::RefCell;
use std::collections::BTreeMap;

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::{File, HtmlInputElement};

use super::ctx::DraftCtx;
use super::inputs::Asked;
use super::store;
use crate::browser::files::{ObjectUrl, files_of};
use crate::browser::photos::{Job, Thumb};
use crate::complaint::{AnswerKind, DraftPhoto};
use crate::domain::change::Sha256;
use crate::domain::photo::PhotoSource;
use crate::ui::icon::icon;
use crate::ui::save;
use crate::ui::widget::TopBar;
use crate::ui::words::{Word, complain_words, fill, lang};

thread_local! {
    /// Addresses of small pictures by draft and digest, for the life of the page or until the draft is cleared.
    static THUMBS: RefCell<BTreeMap<(String, String), ObjectUrl>> = const { RefCell::new(BTreeMap::new()) };
}

/// Lets go of the pictures of a draft.
pub fn forget(draft: &str) {
    THUMBS.with_borrow_mut(|all| all.retain(|(of, _), _| of != draft));
}

fn remember(draft: &str, sha256: &str, bytes: &[u8]) -> Option<String> {
    let url = ObjectUrl::of_bytes(bytes, "image/jpeg")?;
    let text = url.as_str().to_owned();
    THUMBS.with_borrow_mut(|all| all.insert((draft.to_owned(), sha256.to_owned()), url));
    Some(text)
}

/// The address of a picture of a photo; `None` when its bytes are gone.
pub async fn picture(draft: String, sha256: Sha256) -> Option<String> {
    let key = (draft.clone(), sha256.to_string());
    if let Some(known) = THUMBS.with_borrow(|all| all.get(&key).map(|url| url.as_str().to_owned())) {
        return Some(known);
    }
    let bytes = store::photo(&draft, &sha256).await.ok().flatten()?;
    remember(&draft, &key.1, &bytes)
}

/// One photo on its way.
#[derive(Clone, PartialEq, Debug)]
struct Coming {
    key: String,
    thumb: Option<String>,
}

/// Why a photo is not there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Failed {
    Unreadable,
    NoRoom,
    TooMany,
}

/// The photos of a field, and two ways to add more: plain file inputs, which work in every browser.
#[component]
pub fn Photos(ctx: DraftCtx, asked: Asked, most: usize) -> impl IntoView {
    let Asked { id: field, label, described, .. } = asked;
    let kind = StoredValue::new(field);
    let coming = RwSignal::new(Vec::<Coming>::new());
    let failed = RwSignal::new(None::<Failed>);
    let shown = Memo::new(move |_| ctx.draft.with(|draft| kind.with_value(|kind| draft.photos_of(kind).cloned().collect::<Vec<_>>())));
    let take = move |files: Vec<File>, source: PhotoSource| {
        failed.set(None);
        for file in files {
            let key = ctx.app.workspace().new_photo_id();
            coming.update(|all| all.push(Coming { key: key.to_string(), thumb: None }));
            leptos::task::spawn_local(async move {
                let name = key.to_string();
                let on_thumb = {
                    let name = name.clone();
                    move |thumb: Thumb| {
                        let url = remember(&ctx.id(), &name, &thumb.bytes);
                        coming.try_update(|all| {
                            if let Some(one) = all.iter_mut().find(|one| one.key == name) {
                                one.thumb = url;
                            }
                        });
                    }
                };
                let taken = take_one(ctx, kind.try_get_value().unwrap_or_default(), most, key, file, source, on_thumb).await;
                coming.try_update(|all| all.retain(|one| one.key != name));
                if let Err(why) = taken {
                    failed.try_set(Some(why));
                }
            });
        }
    };
    let input = move |source: PhotoSource, name: &'static str, word: Word| {
        let camera = source == PhotoSource::Camera;
        let on_change = move |event: web_sys::Event| {
            take(files_of(&event), source);
            // The same file may be chosen again.
            if let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) {
                input.set_value("");
            }
        };
        view! {
            <label class="btn photo-add">
                {icon(name)}<span aria-hidden="true">{word}</span>
                // The page may be killed behind the camera: everything typed is kept first.
                <input class="sr" type="file" accept="image/*" capture=camera.then_some("environment") multiple=!camera aria-label=word
                    on:click=move |_| ctx.app.flush_typing() on:change=on_change/>
            </label>
        }
    };
    let trouble = move || {
        let w = complain_words();
        failed.get().map(|why| match why {
            Failed::Unreadable => w.photo_failed.to_owned(),
            Failed::NoRoom => w.photo_full.to_owned(),
            Failed::TooMany => fill(w.photo_most, &[&most]),
        })
    };
    let numbered = move || shown.get().into_iter().enumerate().collect::<Vec<_>>();
    view! {
        <div class="answer" role="group" aria-label=label aria-describedby=described>
            <span class="label">{label}</span>
            <div class="complain-photos">
                <For each=numbered key=|(at, photo)| (*at, photo.id.clone()) let((at, photo))><Tile ctx photo number={at + 1}/></For>
                <For each=move || coming.get() key=|one| (one.key.clone(), one.thumb.is_some()) let:one>
                    <span class="photo-tile working" role="status">
                        {one.thumb.clone().map(|url| view! { <img src=url alt=""/> })}
                        <span class="spinner"></span><span class="sr">{move || complain_words().photo_working}</span>
                    </span>
                </For>
            </div>
            <div class="complain-photos">
                {input(PhotoSource::Camera, "camera", || complain_words().take_photo)}
                {input(PhotoSource::Gallery, "gallery", || complain_words().pick_photo)}
            </div>
            <p class="lack" role="status">{trouble}</p>
            <p class="hint">{move || complain_words().photos_private}</p>
        </div>
    }
}

/// A photo with its number, and the way to take it out.
#[component]
fn Tile(ctx: DraftCtx, photo: DraftPhoto, number: usize) -> impl IntoView {
    let (id, sha256) = (photo.id.clone(), photo.meta.sha256);
    let url = LocalResource::new(move || picture(ctx.id(), sha256));
    view! {
        <figure>
            <span class="photo-tile">
                {move || match url.get() {
                    None => view! { <span class="spinner"></span> }.into_any(),
                    Some(Some(url)) => view! { <img src=url alt=fill(complain_words().photo_n, &[&number])/> }.into_any(),
                    Some(None) => view! { <span class="photo-lost">{icon("warn")}</span> }.into_any(),
                }}
            </span>
            <button type="button" class="btn slim quiet" aria-label=move || fill(complain_words().photo_remove, &[&number])
                on:click=move |_| { ctx.remove_photo(&id); ctx.app.toast(complain_words().photo_removed); }>{icon("trash")}</button>
        </figure>
    }
}

/// Takes one file into the draft. Its bytes are kept before the draft names them.
async fn take_one(
    ctx: DraftCtx,
    kind: String,
    most: usize,
    id: crate::domain::id::PhotoId,
    file: File,
    source: PhotoSource,
    on_thumb: impl FnOnce(Thumb) + 'static,
) -> Result<(), Failed> {
    let full = |draft: &crate::complaint::Draft| draft.photos_of(&kind).count() >= most;
    if ctx.draft.with_untracked(full) {
        return Err(Failed::TooMany);
    }
    let job = Job::new(&file, Vec::new(), false);
    let taken = ctx.app.pipeline().take(job, on_thumb).await.map_err(|_| Failed::Unreadable)?;
    let mut facts = taken.facts;
    // Where a person was, and what their file is called, is nobody's business.
    facts.exif_position = None;
    facts.original.name = String::new();
    let sha256 = facts.sha256;
    store::keep_photo(&ctx.id(), &sha256, &taken.kept).await.map_err(|_| Failed::NoRoom)?;
    let meta = facts.into_meta(None, source, ctx.app.now_ms(), None);
    if ctx.draft.with_untracked(full) || !ctx.add_photo(DraftPhoto { id, kind, meta, extra: serde_json::Map::new() }) {
        // Not named by the draft, so they go when it does.
        return Err(Failed::TooMany);
    }
    Ok(())
}

/// Photos before everything else: those that show what it is about; the questions follow.
#[component]
pub fn PhotosFirst(ctx: DraftCtx) -> impl IntoView {
    ctx.at_step(super::PHOTOS_FIRST);
    let form = ctx.form();
    let field = form.fields().find_map(|field| match field.kind {
        AnswerKind::Photos { most } => Some((field.clone(), most)),
        _ => None,
    });
    let first = form.steps.first().map(|step| step.id.clone()).unwrap_or_default();
    let title = NodeRef::<leptos::html::H2>::new();
    Effect::new(move |_| {
        if let Some(title) = title.get() {
            // Where the focus can't be moved the page is read from its start.
            let _ = title.focus();
        }
    });
    let photos = field.map(|(field, most)| {
        let name = field.name.clone();
        let asked = Asked {
            id: field.id,
            label: Signal::derive(move || name.get(lang()).to_owned()),
            described: "photos-hint".to_owned(),
            now: Signal::stored(serde_json::Value::Null),
            keep: Callback::new(|_| ()),
        };
        view! { <Photos ctx asked most/> }
    });
    view! {
        <TopBar title=Signal::derive(|| complain_words().title.to_owned()) back="/complain"><save::Sign save=ctx.save quiet=true/></TopBar>
        <main class="page complain">
            <super::step::Trouble ctx/>
            <div class="step-head"><h2 tabindex="-1" node_ref=title>{move || complain_words().photos_first}</h2><p class="muted" id="photos-hint">{move || complain_words().photos_first_hint}</p></div>
            {photos}
        </main>
        <div class="actionbar"><div>
            <a class="btn" href="/complain">{icon("back")}{move || complain_words().previous}</a>
            <a class="btn primary grow" href=super::step::address(&ctx.id(), &first, None)>{move || complain_words().next}</a>
        </div></div>
    }
}
