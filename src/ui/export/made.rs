//! The files that were made: download, share.

use leptos::prelude::*;

use super::make::{Left, Made, MakeError, Making};
use crate::app::transfer::ExportProblem;
use crate::browser::files::{self, ShareError};
use crate::ui::icon::icon;
use crate::ui::record::names;
use crate::ui::state::App;
use crate::ui::widget::Notice;
use crate::ui::words::{errors, fill, lang, office_words, refusals};

/// How far it is, then the files.
#[component]
pub fn MadeList(making: RwSignal<Making, LocalStorage>) -> impl IntoView {
    let app = App::get();
    let can_share = files::can_share_files();
    move || match making.get() {
        Making::Idle => ().into_any(),
        Making::Working { k, n, done, total } => {
            let title = if n == 0 { office_words().planning.to_owned() } else { fill(office_words().making_part, &[&k, &n]) };
            view! {
                <section class="card" aria-live="polite" aria-busy="true">
                    <div class="row"><span class="spinner"></span><h2>{title.clone()}</h2></div>
                    <progress class="bar" aria-label=title max=total.max(1).to_string() value=done.to_string()></progress>
                </section>
            }
            .into_any()
        }
        Making::Done { files: made, absent, left_out, problem } => {
            let all = made.clone();
            let several = made.len() > 1;
            let ready = made.len();
            let rows = made.into_iter().map(|one| file_row(app, one, can_share)).collect_view();
            view! {
                <section class="card flush made" role="region" aria-label=office_words().files_ready>
                    {problem.map(|problem| view! { <div class="inset"><Notice tone="bad"><strong>{office_words().make_failed}</strong>{explain(&problem)}</Notice></div> })}
                    {(ready > 0).then(|| view! {
                        <header class="part-head"><h2>{fill(office_words().n_files_ready, &[&ready])}</h2></header>
                        <p class="muted inset">{office_words().files_hint}</p>
                    })}
                    {left_out_list(app, &left_out)}
                    {(absent > 0).then(|| view! { <div class="inset"><Notice tone="warn">{fill(office_words().photos_not_here, &[&absent])}</Notice></div> })}
                    <ul class="list">{rows}</ul>
                    {several.then(|| view! {
                        <div class="inset"><button type="button" class="btn block" on:click=move |_| all.iter().for_each(|one| download(app, one))>{icon("import")}{office_words().download_all}</button></div>
                    })}
                </section>
            }
            .into_any()
        }
    }
}

fn explain(problem: &MakeError) -> String {
    match problem {
        MakeError::Transfer(error) => refusals::explain_transfer(error, lang()),
        MakeError::NoRoom => office_words().no_room.to_owned(),
    }
}

/// Records and photos that could not go along, each with its reason.
fn left_out_list(app: App, left_out: &[ExportProblem]) -> Option<AnyView> {
    if left_out.is_empty() {
        return None;
    }
    let (o, lang) = (office_words(), lang());
    let rows = left_out
        .iter()
        .map(|one| {
            let known = app
                .summaries
                .with_untracked(|all| all.iter().find(|known| known.id == one.record.as_str()).map(|known| known.title.clone()));
            let title = [one.title.clone(), known.unwrap_or_default()].into_iter().find(|title| !title.is_empty());
            let title = title.unwrap_or_else(|| fill(o.about_record, &[&names::short(one.record.as_str())]));
            let photo = one.photo.as_ref().map(|photo| format!(" · {}", fill(o.about_photo, &[&photo.short()])));
            view! { <li><strong>{title}{photo}</strong>" "{refusals::explain_left_out(&one.error, lang)}</li> }
        })
        .collect_view();
    let title = fill(o.left_out, &[&left_out.len()]);
    Some(view! { <div class="inset"><Notice tone="bad"><strong>{title}</strong>{o.left_out_hint}<ul class="bullets">{rows}</ul></Notice></div> }.into_any())
}

fn download(app: App, one: &Made) {
    match files::download(&one.blob, &one.entry.file) {
        Ok(()) => one.note(app),
        Err(_) => app.toast(office_words().download_failed),
    }
}

fn share(app: App, one: Made) {
    leptos::task::spawn_local(async move {
        match files::share(&one.blob, &one.entry.file, &one.entry.file).await {
            Ok(()) => one.note(app),
            // The person closed the sheet; nothing to say.
            Err(ShareError::Cancelled) => {}
            Err(ShareError::Unsupported | ShareError::Failed) => app.toast(office_words().share_failed),
        }
    });
}

fn file_row(app: App, one: Made, can_share: bool) -> AnyView {
    let (to_download, to_share) = (one.clone(), one.clone());
    let what = fill(office_words().file_what, &[&one.entry.count(), &one.entry.photos, &names::size(one.entry.size_bytes)]);
    let left = one.left;
    let sign = move || match left.get() {
        Left::No | Left::Noting => ().into_any(),
        Left::Noted => view! { <span class="chip good">{icon("check")}{office_words().handed_on}</span> }.into_any(),
        Left::Unnoted(error) => {
            let text = errors::explain_store(&error);
            view! { <Notice tone="warn"><strong>{office_words().not_noted}</strong>{text}</Notice> }.into_any()
        }
    };
    view! {
        <li class="made-row">
            <div class="grow">
                <span class="title mono">{one.entry.file.clone()}</span>
                <span class="sub num">{what}</span>
                <div role="status">{sign}</div>
            </div>
            <div class="made-acts">
                {can_share.then(|| {
                    let to_share = StoredValue::new_local(to_share);
                    view! { <button type="button" class="btn primary" on:click=move |_| share(app, to_share.get_value())>{icon("share")}{office_words().share}</button> }
                })}
                <button type="button" class=if can_share { "btn" } else { "btn primary" } on:click={
                    let to_download = StoredValue::new_local(to_download);
                    move |_| to_download.with_value(|one| download(app, one))
                }>{icon("import")}{office_words().download}</button>
            </div>
        </li>
    }
    .into_any()
}
