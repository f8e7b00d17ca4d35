//! How a file is handed out by a link: it lies on the app's own site, and phones take it in by opening the link.

use leptos::prelude::*;

use crate::browser::files::{copy_text, is_own_path};
use crate::scan::label::Drawing;
use crate::ui::export::make::Making;
use crate::ui::icon::icon;
use crate::ui::state::App;
use crate::ui::widget::{FormField, Notice};
use crate::ui::words::{assign_words, fill};

/// Where files are put, unless somebody says otherwise.
const FOLDER: &str = "/packs/";

/// The links to the files that were made.
#[component]
pub fn Links(making: RwSignal<Making, LocalStorage>) -> impl IntoView {
    let folder = RwSignal::new(FOLDER.to_owned());
    let names = Memo::new(move |_| {
        making.with(|making| match making {
            Making::Done { files, .. } => files.iter().map(|one| one.entry.file.clone()).collect::<Vec<_>>(),
            Making::Idle | Making::Working { .. } => Vec::new(),
        })
    });
    let path = move |name: &str| folder.with(|folder| format!("{}/{name}", folder.trim().trim_end_matches('/')));
    let is_odd = move || names.with(|names| names.iter().any(|name| !is_own_path(&path(name))));
    let links = move || {
        let origin = window().location().origin().unwrap_or_default();
        names
            .get()
            .into_iter()
            .map(|name| {
                let link = format!("{origin}/get?file={}", path(&name));
                (name, link)
            })
            .collect::<Vec<_>>()
    };
    view! {
        <Show when=move || !names.with(Vec::is_empty)>
            <section class="card stack">
                <h2>{move || assign_words().link}</h2>
                <p class="muted">{move || assign_words().link_how}</p>
                <FormField label=Signal::derive(|| assign_words().link_folder.to_owned()) text=folder/>
                <Show when=move || !is_odd() fallback=|| view! { <Notice tone="warn">{move || assign_words().link_odd}</Notice> }>
                    <For each=links key=|(_, link)| link.clone() let:one><Link name=one.0 link=one.1/></For>
                </Show>
            </section>
        </Show>
    }
}

#[component]
fn Link(name: String, link: String) -> impl IntoView {
    let app = App::get();
    let drawing = Drawing::of(&link).map(|drawing| (drawing.view_box(), drawing.path));
    let (label, described, copied) = (name.clone(), name, StoredValue::new(link.clone()));
    let copy = move |_| {
        leptos::task::spawn_local(async move {
            let done = copy_text(&copied.get_value()).await;
            app.toast(if done { assign_words().link_copied } else { assign_words().link_not_copied });
        });
    };
    view! {
        <div class="stack tight">
            <label class="field"><span>{move || fill(assign_words().link_text, &[&label])}</span>
                <input class="input mono" type="text" readonly prop:value=link/>
            </label>
            <button type="button" class="btn" on:click=copy>{icon("share")}{move || assign_words().link_copy}</button>
            {drawing.map(|(view_box, path)| view! {
                <svg class="qr" viewBox=view_box shape-rendering="crispEdges" role="img" aria-label=move || fill(assign_words().link_qr, &[&described])><path d=path></path></svg>
            })}
        </div>
    }
}
