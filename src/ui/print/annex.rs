//! The photo annex of the paper.

use leptos::prelude::*;

use crate::domain::content::Lang;
use crate::ui::record::Shown;
use crate::ui::record::photos::{PhotoCard, StoredPhoto, marks_overlay, photo_facts, photo_name};
use crate::ui::words::office::OfficeWords;

/// Every photo with its item, caption, time, place and digests. `done` is called once for each that is ready.
pub(super) fn annex(shown: &Shown, lang: Lang, done: Callback<()>) -> AnyView {
    if shown.photos.is_empty() {
        return ().into_any();
    }
    let figures = shown.photos.iter().enumerate().map(|(index, card)| figure(shown, index, card, lang, done)).collect_view();
    view! { <section class="paper-annex"><h2>{OfficeWords::of(lang).annex}</h2><div class="paper-photos">{figures}</div></section> }
        .into_any()
}

fn figure(shown: &Shown, index: usize, card: &PhotoCard, lang: Lang, done: Callback<()>) -> AnyView {
    let inspection = shown.inspection.as_ref();
    let item = card.photo.item.as_deref().filter(|key| inspection.is_some_and(|inspection| inspection.at_key(key).is_some()));
    let name = photo_name(card, index + 1, lang);
    let title = item.map_or_else(|| name.clone(), |key| format!("{name}（{}）", shown.names(lang).question(key)));
    let facts = photo_facts(card, shown.offset_min(), lang)
        .into_iter()
        .map(|(label, text, mono)| view! { <span class="paper-fact">{label}"："<span class:mono=mono>{text}</span></span> })
        .collect_view();
    view! {
        <figure>
            <div class="paper-photo">
                <StoredPhoto sha256=card.photo.sha256.clone() alt=Signal::stored(name) full=true at_once=true on_ready=done/>
                {marks_overlay(card)}
            </div>
            <figcaption><strong>{title}</strong>{facts}</figcaption>
        </figure>
    }
    .into_any()
}
