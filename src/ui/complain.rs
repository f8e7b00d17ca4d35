//! What consumers see: a complaint or report written in steps, handed over, and cleared away. No account, no network.
//!
//! Nothing of what a person writes is in an address, a title, the preferences or the console, and what is kept is sealed
//! (`store`). Addresses carry the random id of a draft and names of the form.

mod bureau;
mod ctx;
mod done;
mod field;
mod inputs;
mod landing;
mod lists;
mod next;
mod paper;
mod photos;
mod poster;
mod review;
mod step;
mod store;

use leptos::prelude::*;

use self::ctx::DraftCtx;
use self::done::Done;
use self::landing::Landing;
use self::lists::{Mine, NoVault};
use self::paper::Paper;
use self::photos::PhotosFirst;
use self::review::Review;
use self::step::StepPage;
use super::icon::icon;
use super::later::path_of_route;
use super::state::App;
use super::widget::TopBar;
use super::words::complain::ComplainWords;
use super::words::{complain_words, words};
use crate::domain::content::Lang;

/// The step with photos before everything else. No step of the form has this name.
const PHOTOS_FIRST: &str = "photos-first";

/// The words in a language, for paper.
fn words_of(lang: Lang) -> &'static ComplainWords {
    ComplainWords::of(lang)
}

/// The screen for the address.
#[component]
pub fn Pages() -> impl IntoView {
    let path = path_of_route();
    move || {
        let path = path.get();
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        match segments.as_slice() {
            ["complain"] => view! { <Landing/> }.into_any(),
            ["complain", "mine"] => view! { <Mine/> }.into_any(),
            ["complain", draft, step] => view! { <Opened id=(*draft).to_owned() step=(*step).to_owned()/> }.into_any(),
            // No screen has this address.
            _ => ().into_any(),
        }
    }
}

/// Opens a draft, then shows a step of it or what was filed.
#[component]
fn Opened(id: String, step: String) -> impl IntoView {
    let app = App::get();
    app.writing.set(true);
    on_cleanup(move || app.writing.set(false));
    let wanted = StoredValue::new(id);
    let found = LocalResource::new(move || async move { DraftCtx::open(app, &wanted.get_value()).await });
    let step = StoredValue::new(step);
    move || {
        match found.get() {
        None => view! { <main class="page"><div class="empty" role="status"><span class="spinner"></span><p>{words().opening}</p></div></main> }.into_any(),
        Some(Ok(Some(ctx))) => shown(ctx, step.get_value()),
        Some(Ok(None)) => view! {
            <TopBar title=Signal::derive(|| complain_words().title.to_owned()) back="/complain"/>
            <main class="page complain"><div class="empty">{icon("search")}<h2>{move || complain_words().no_such}</h2><a class="btn primary" href="/complain">{move || complain_words().to_start}</a></div></main>
        }
        .into_any(),
        Some(Err(_)) => view! {
            <TopBar title=Signal::derive(|| complain_words().title.to_owned()) back="/complain"/>
            <main class="page complain"><NoVault/></main>
        }
        .into_any(),
    }
    }
}

/// The screen of a draft. What was filed is not written any more.
fn shown(ctx: DraftCtx, step: String) -> AnyView {
    let filed = ctx.draft.with_untracked(|draft| draft.filed.is_some());
    let last = ctx.form().steps.last().map(|last| last.id.clone()).unwrap_or_default();
    let known = untrack(|| ctx.steps()).contains(&step);
    match step.as_str() {
        "print" if filed => view! { <Paper ctx/> }.into_any(),
        _ if filed => view! { <Done ctx/> }.into_any(),
        PHOTOS_FIRST => view! { <PhotosFirst ctx/> }.into_any(),
        one if one == last => view! { <Review ctx step/> }.into_any(),
        _ if known => view! { <StepPage ctx step/> }.into_any(),
        _ => {
            let first = ctx.form().steps.first().map(|first| first.id.clone()).unwrap_or_default();
            view! { <StepPage ctx step=first/> }.into_any()
        }
    }
}
