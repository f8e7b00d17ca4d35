//! Empty sheets to fill in.

use leptos::prelude::*;

use super::save_file::make_and_download;
use crate::desk::tables::WrittenAs;
use crate::domain::content::Lang;
use crate::ledger::export::Headers;
use crate::ledger::vocabulary::Vocabulary;
use crate::ledger::{Kind, template};
use crate::ui::content;
use crate::ui::icon::icon;
use crate::ui::ledger::form::kind_word;
use crate::ui::state::App;
use crate::ui::words::{fill, lang, table_words};

/// Offers a template of each ledger.
#[component]
pub fn Templates(app: App) -> impl IntoView {
    let busy = RwSignal::new(false);
    let get = move |kind: Kind| {
        busy.set(true);
        leptos::task::spawn_local(async move {
            // Without the table of types the example shows codes instead of names.
            let vocabulary = content::json("codes/equipment-types.json").await.map(|table| Vocabulary::read(&table)).unwrap_or_default();
            let name = kind_word(kind);
            let table = template::table(kind, name, headers_now(), &vocabulary);
            make_and_download(app, &table, WrittenAs::Xlsx, &fill(table_words().template_file, &[&name])).await;
            busy.try_set(false);
        });
    };
    view! {
        <section class="card stack">
            <h2>{move || table_words().templates}</h2>
            <p class="muted">{move || table_words().templates_hint}</p>
            <div class="tiles names">
                {[Kind::Unit, Kind::Equipment, Kind::Instrument].into_iter().map(|kind| view! {
                    <button type="button" class="btn" disabled=move || busy.get() on:click=move |_| get(kind)>
                        {icon("import")}{move || fill(table_words().template_of, &[&kind_word(kind)])}
                    </button>
                }).collect_view()}
            </div>
        </section>
    }
}

/// The language of the headers: that of the screens.
pub fn headers_now() -> Headers {
    match lang() {
        Lang::Zh => Headers::Chinese,
        Lang::En => Headers::English,
    }
}
