//! Title, note and field of work of a list.

use leptos::prelude::*;

use super::super::describe;
use super::super::shelf::DOMAINS;
use super::ctx::EditCtx;
use super::{LANGS, own_english};
use crate::app::library::draft::Head;
use crate::domain::content::Lang;
use crate::ui::icon::icon;
use crate::ui::widget::TextField;
use crate::ui::words::library_words;

/// The card; folded, for it is seldom changed.
#[component]
pub fn HeadCard(ctx: EditCtx) -> impl IntoView {
    let fields = [("title", Head::Title as fn(Lang) -> Head, false), ("note", Head::Note as fn(Lang) -> Head, true)];
    let field = move |(name, head, multiline): (&'static str, fn(Lang) -> Head, bool), lang: Lang| {
        let start = ctx.draft.with_untracked(|draft| match lang {
            Lang::Zh => draft.head(head(Lang::Zh)),
            Lang::En => own_english(&draft.head(head(Lang::Zh)), &draft.head(head(Lang::En))),
        });
        let save = Callback::new(move |text: String| {
            let changes = ctx.draft.with_untracked(|draft| draft.set_head(head(lang), text.trim()));
            ctx.write(&changes);
        });
        let label = Signal::derive(move || {
            let w = library_words();
            match (name, lang) {
                ("title", Lang::Zh) => w.title_zh,
                ("title", Lang::En) => w.title_en,
                (_, Lang::Zh) => w.note_zh,
                (_, Lang::En) => w.note_en,
            }
            .to_owned()
        });
        let hint = Signal::derive(move || if lang == Lang::En { library_words().english_hint.to_owned() } else { String::new() });
        view! { <TextField label value=start on_save=save multiline max=if multiline { 1000 } else { 100 } hint/> }
    };
    let domain = Memo::new(move |_| ctx.draft.with(|draft| draft.head(Head::Domain)));
    let set_domain = move |event| {
        let changes = ctx.draft.with_untracked(|draft| draft.set_head(Head::Domain, &event_target_value(&event)));
        ctx.write(&changes);
    };
    view! {
        <details class="card fold" open=!ctx.published()>
            <summary><h2>{move || library_words().list_title}</h2>{icon("down")}</summary>
            <div class="stack">
                {fields.map(|one| LANGS.map(|lang| field(one, lang)))}
                <label class="field">
                    <span>{move || library_words().form_domain}</span>
                    <select class="input" prop:value=domain on:change=set_domain>
                        {DOMAINS.map(|one| view! { <option value=one selected=move || domain.get() == one>{move || describe::domain(one)}</option> })}
                    </select>
                </label>
            </div>
        </details>
    }
}
