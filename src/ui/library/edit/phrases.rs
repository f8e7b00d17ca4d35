//! Ready sentences for what is wrong, each with the requirement that follows.

use leptos::prelude::*;

use super::ctx::EditCtx;
use super::item::{both_languages, label};
use crate::domain::checklist::Phrase;
use crate::domain::content::Lang;
use crate::ui::icon::icon;
use crate::ui::words::{fill, library_words};

/// The sentences of an item.
#[component]
pub fn PhraseFields(ctx: EditCtx, id: StoredValue<String>) -> impl IntoView {
    // Rows are made anew when their number changes, never while someone types.
    let count = Memo::new(move |_| id.with_value(|id| ctx.of(id, |item| item.phrases.len())));
    let add = move |_| {
        let empty = Phrase { zh: String::new(), en: String::new(), measure_zh: String::new(), measure_en: String::new() };
        id.with_value(|id| ctx.change(id, |item| item.phrases.push(empty)));
    };
    let row = move |at: usize| {
        let number = at + 1;
        let remove = move |_| {
            id.with_value(|id| {
                ctx.act_here(id, library_words().phrase_removed, |item| {
                    if at < item.phrases.len() {
                        item.phrases.remove(at);
                    }
                });
            });
        };
        let what = move |lang: Lang| label(lang, &fill(library_words().phrase_text, &[&number]));
        let measure = move |lang: Lang| label(lang, &fill(library_words().phrase_measure, &[&number]));
        view! {
            <li class="part-row">
                <div class="row">
                    <h4 class="grow">{move || fill(library_words().phrase_n, &[&number])}</h4>
                    <button type="button" class="icon-btn" aria-label=move || fill(library_words().phrase_remove, &[&number]) on:click=remove>{icon("trash")}</button>
                </div>
                {both_languages(ctx, id, move |item| item.phrases.get_mut(at).map(|one| (&mut one.zh, &mut one.en)), what, Some(|| library_words().phrase_hint))}
                {both_languages(ctx, id, move |item| item.phrases.get_mut(at).map(|one| (&mut one.measure_zh, &mut one.measure_en)), measure, None)}
            </li>
        }
    };
    view! {
        <details class="part">
            <summary>{icon("down")}{move || fill(library_words().n_phrases, &[&count.get()])}</summary>
            <ol class="stack">{move || (0..count.get()).map(row).collect_view()}</ol>
            <button type="button" class="btn quiet block" on:click=add>{icon("plus")}{move || library_words().phrase_add}</button>
        </details>
    }
}
