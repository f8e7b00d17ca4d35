//! Photos of a record: loaded from the store when looked at, with the marks drawn on them.

use std::sync::Arc;

use futures::lock::Mutex;
use leptos::html;
use leptos::prelude::*;

use super::near::when_near;
use crate::browser::files::ObjectUrl;
use crate::domain::content::Lang;
use crate::domain::inspection::{PhotoRef, photos};
use crate::domain::journal::State;
use crate::domain::photo::{MarkColour, Marks, PhotoMeta, PhotoSource};
use crate::domain::time::Instant;
use crate::port::shelf::Table;
use crate::port::twin::Store as _;
use crate::ui::icon::icon;
use crate::ui::state::App;
use crate::ui::words::common::Common;
use crate::ui::words::{fill, words};

thread_local! {
    /// One photo at a time: a phone has no memory for twenty at once.
    static TURN: Arc<Mutex<()>> = Arc::default();
}

/// A photo with all that the record says of it.
#[derive(Clone, PartialEq, Debug)]
pub struct PhotoCard {
    /// As the inspection lists it.
    pub photo: PhotoRef,
    /// What is known of it; none when it can't be read.
    pub meta: Option<PhotoMeta>,
    /// What was drawn on it.
    pub marks: Marks,
}

/// The photos of a record that count.
#[must_use]
pub fn photo_cards(state: &State) -> Vec<PhotoCard> {
    photos(state)
        .into_iter()
        .map(|photo| {
            let path = format!("photos/{}", photo.id);
            let meta = state.get(&path).and_then(|value| serde_json::from_value(value.clone()).ok());
            let marks = state.get(&format!("{path}/marks")).and_then(Marks::read).unwrap_or_default();
            PhotoCard { photo, meta, marks }
        })
        .collect()
}

enum Shown {
    Waiting,
    Here(ObjectUrl),
    Absent,
}

/// A stored photo, loaded when it comes near the screen; the thumbnail unless `full`.
#[component]
pub fn StoredPhoto(
    /// Digest of the kept bytes, as text.
    #[prop(into)]
    sha256: String,
    /// What it shows, for those who can't see it.
    #[prop(into)]
    alt: Signal<String>,
    /// Whether to load all of it instead of the thumbnail.
    #[prop(optional)]
    full: bool,
    /// Whether to load it at once, as for printing.
    #[prop(optional)]
    at_once: bool,
    /// Called once it is shown or known not to be here.
    #[prop(optional, into)]
    on_ready: Option<Callback<()>>,
) -> impl IntoView {
    let app = App::get();
    let shown = RwSignal::new_local(Shown::Waiting);
    let frame = NodeRef::<html::Span>::new();
    let ready = move || {
        if let Some(on_ready) = on_ready {
            on_ready.try_run(());
        }
    };
    let load = move || {
        let sha256 = sha256.clone();
        leptos::task::spawn_local(async move {
            let found = load_photo(app, &sha256, full).await;
            let absent = found.is_none();
            shown.try_set(found.map_or(Shown::Absent, Shown::Here));
            if absent {
                ready();
            }
        });
    };
    if at_once {
        load();
    } else {
        let mut load = Some(load);
        Effect::new(move |_| {
            if let Some(element) = frame.get()
                && let Some(load) = load.take()
            {
                when_near(&element, load);
            }
        });
    }
    view! {
        <span class="stored-photo" node_ref=frame>
            {move || shown.with(|shown| match shown {
                Shown::Waiting => view! { <span class="photo-wait"><span class="spinner"></span></span> }.into_any(),
                Shown::Here(url) => view! {
                    <img src=url.as_str().to_owned() alt=move || alt.get() decoding="async" on:load=move |_| ready() on:error=move |_| ready()/>
                }.into_any(),
                Shown::Absent => view! { <span class="photo-absent">{icon("gallery")}<span>{words().photo_lost}</span></span> }.into_any(),
            })}
        </span>
    }
}

async fn load_photo(app: App, sha256: &str, full: bool) -> Option<ObjectUrl> {
    let turn = TURN.with(Arc::clone);
    let _turn = turn.lock().await;
    let workspace = app.workspace();
    if !full && let Ok(Some(bytes)) = workspace.store.get(Table::Thumbs, sha256).await {
        return ObjectUrl::of_bytes(&bytes, "image/jpeg");
    }
    // A thumbnail is a cache: an imported photo has none, and its bytes serve as well.
    let bytes = workspace.store.get(Table::Blobs, sha256).await.ok().flatten()?;
    ObjectUrl::of_bytes(&bytes, crate::bundle::Mime::sniff(&bytes).map_or("image/jpeg", |mime| mime.as_str()))
}

/// What was drawn on a photo, to lie over it.
#[must_use]
pub fn marks_overlay(card: &PhotoCard) -> Option<AnyView> {
    let meta = card.meta.as_ref().filter(|_| !card.marks.strokes.is_empty())?;
    let paths = card
        .marks
        .strokes
        .iter()
        .map(|mark| {
            let class = match mark.colour {
                MarkColour::Red => "drawn red",
                MarkColour::Yellow => "drawn yellow",
                MarkColour::Blue => "drawn blue",
                MarkColour::White => "drawn white",
            };
            view! { <path class=class d=mark.svg_path(meta.width, meta.height)></path> }
        })
        .collect_view();
    let view_box = format!("0 0 {} {}", meta.width, meta.height);
    Some(view! { <svg class="overlay" viewBox=view_box preserveAspectRatio="none" aria-hidden="true">{paths}</svg> }.into_any())
}

/// A photo's name for people: its caption, else its number.
#[must_use]
pub fn photo_name(card: &PhotoCard, number: usize, lang: Lang) -> String {
    let n = fill(Common::of(lang).photo_n, &[&number]);
    if card.photo.caption.is_empty() { n } else { format!("{n}：{}", card.photo.caption) }
}

/// Facts of a photo, label and text; the digest of what is kept last.
#[must_use]
pub fn photo_facts(card: &PhotoCard, offset_min: i32, lang: Lang) -> Vec<(&'static str, String, bool)> {
    let w = Common::of(lang);
    let mut facts = Vec::new();
    if let Some(meta) = &card.meta {
        if let Some(taken) = &meta.taken_at {
            facts.push((w.photo_taken, taken.replace('T', " "), false));
        }
        facts.push((w.photo_added, Instant::from_ms(meta.captured_at_ms).minute_text(offset_min), false));
        let position = meta.position.as_ref().map_or_else(
            || w.photo_no_position.to_owned(),
            |position| {
                let accuracy = position.accuracy_m.map(|metres| format!(" {}", fill(w.photo_accuracy, &[&metres.round()])));
                format!("{:.6}, {:.6}{}", position.lat, position.lon, accuracy.unwrap_or_else(|| format!(" {}", position.datum)))
            },
        );
        facts.push((w.photo_position, position, false));
        match meta.source {
            PhotoSource::Camera => facts.push((w.photo_source, w.photo_source_camera.to_owned(), false)),
            PhotoSource::Gallery => facts.push((w.photo_source, w.photo_source_gallery.to_owned(), false)),
            PhotoSource::Unknown => {}
        }
        facts.push((w.photo_hash, meta.original.sha256.to_string(), true));
    }
    facts.push((w.photo_kept_hash, card.photo.sha256.clone(), true));
    facts
}

/// A row of thumbnails; a tap opens one in the viewer.
#[must_use]
pub fn strip(cards: &[(usize, PhotoCard)], lang: Lang, open: Callback<usize>) -> AnyView {
    if cards.is_empty() {
        return ().into_any();
    }
    let thumbs = cards
        .iter()
        .map(|(index, card)| {
            let (index, name) = (*index, photo_name(card, index + 1, lang));
            let label = format!("{} {name}", Common::of(lang).photo_view);
            view! {
                <li>
                    <button type="button" class="thumb" aria-label=label on:click=move |_| open.run(index)>
                        <StoredPhoto sha256=card.photo.sha256.clone() alt=Signal::stored(name)/>
                        {marks_overlay(card)}
                    </button>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="thumbs">{thumbs}</ul> }.into_any()
}

/// One photo in full with its facts, and the way to its neighbours.
#[must_use]
pub fn viewer(cards: &[PhotoCard], at: RwSignal<usize>, zoomed: RwSignal<bool>, offset_min: i32, lang: Lang) -> AnyView {
    let index = at.get();
    let Some(card) = cards.get(index) else { return ().into_any() };
    let w = Common::of(lang);
    let last = cards.len().saturating_sub(1);
    let name = photo_name(card, index + 1, lang);
    let facts = photo_facts(card, offset_min, lang)
        .into_iter()
        .map(|(label, text, mono)| view! { <dt>{label}</dt><dd class:mono=mono>{text}</dd> })
        .collect_view();
    let go = move |to: usize| {
        zoomed.set(false);
        at.set(to);
    };
    view! {
        <div class="photo-view">
            <button type="button" class="photo-full" class:zoomed=move || zoomed.get() aria-pressed=move || zoomed.get().to_string()
                aria-label=name.clone() on:click=move |_| zoomed.update(|zoomed| *zoomed = !*zoomed)>
                <StoredPhoto sha256=card.photo.sha256.clone() alt=Signal::stored(name.clone()) full=true at_once=true/>
                {marks_overlay(card)}
            </button>
        </div>
        <div class="spread">
            <button type="button" class="btn slim" disabled=index == 0 on:click=move |_| go(index.saturating_sub(1))>{icon("back")}{w.previous}</button>
            <span class="num muted">{format!("{} / {}", index + 1, last + 1)}</span>
            <button type="button" class="btn slim" disabled=index == last on:click=move |_| go((index + 1).min(last))>{w.next}{icon("next")}</button>
        </div>
        <h3>{name}</h3>
        <dl class="facts">{facts}</dl>
    }
    .into_any()
}
