//! Hazards and other matters: lists, the page of one, the forms of its steps.

mod ctx;
pub(super) mod field;
mod grading;
pub(super) mod host;
mod inbox;
mod inputs;
mod list;
mod near;
mod page;
mod private;
pub(super) mod rules;
pub(super) mod start;
mod step;

use leptos::prelude::*;

pub use self::ctx::CaseCtx;
use self::inbox::InboxPage;
use self::list::CasesPage;
pub use self::list::{MattersOf, MattersOfKind};
use self::page::{CaseView, FactsView};
pub use self::start::HazardsOfCheck;
use self::start::NewCase;
use self::step::StepView;
use super::documents::{DocumentPage, FormsPage, RegisterPage};
use super::icon::icon;
use super::later::path_of_route;
use super::notices::{EditPage, NoticePage, NoticesPage};
use super::signals::{LeadsPage, StatsPage};
use super::state::App;
use super::widget::TopBar;
use super::words::{cases_words, words};

/// The screen for the address.
#[component]
pub fn Pages() -> impl IntoView {
    let path = path_of_route();
    move || {
        let path = path.get();
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        match segments.as_slice() {
            ["inbox"] => view! { <InboxPage/> }.into_any(),
            ["cases"] => view! { <CasesPage procedure=None/> }.into_any(),
            ["cases", "forms"] => view! { <FormsPage/> }.into_any(),
            ["cases", procedure] => view! { <CasesPage procedure=Some((*procedure).to_owned())/> }.into_any(),
            ["cases", procedure, "new"] => view! { <NewCase procedure_id=*procedure/> }.into_any(),
            ["case", id] => view! { <Opened id=(*id).to_owned() step=None/> }.into_any(),
            ["case", id, step] => view! { <Opened id=(*id).to_owned() step=Some((*step).to_owned())/> }.into_any(),
            ["doc", id] => view! { <DocumentPage id=(*id).to_owned()/> }.into_any(),
            ["leads"] => view! { <LeadsPage/> }.into_any(),
            ["stats"] => view! { <StatsPage/> }.into_any(),
            ["notices"] => view! { <NoticesPage/> }.into_any(),
            ["notices", "new"] => view! { <EditPage id=None/> }.into_any(),
            ["notices", id] => view! { <NoticePage id=(*id).to_owned()/> }.into_any(),
            ["notices", id, "edit"] => view! { <EditPage id=Some((*id).to_owned())/> }.into_any(),
            ["documents"] => view! { <RegisterPage/> }.into_any(),
            // No screen has this address.
            _ => ().into_any(),
        }
    }
}

/// Opens the matter, then shows it: as a whole, what it is about, or one step.
#[component]
fn Opened(id: String, step: Option<String>) -> impl IntoView {
    let app = App::get();
    let writes = step.is_some();
    if writes {
        app.writing.set(true);
        on_cleanup(move || app.writing.set(false));
    }
    let wanted = StoredValue::new(id.clone());
    let ctx = LocalResource::new(move || {
        let id = wanted.get_value();
        async move { CaseCtx::open(app, &id).await }
    });
    let step = StoredValue::new(step);
    move || {
        match ctx.get() {
        None => view! { <main class="page"><div class="empty" role="status"><span class="spinner"></span><p>{words().opening}</p></div></main> }.into_any(),
        Some(Ok(ctx)) if ctx.case.get_untracked().is_some() => match step.get_value().as_deref() {
            None => view! { <CaseView ctx/> }.into_any(),
            Some("facts") => view! { <FactsView ctx/> }.into_any(),
            Some(step) => {
                let open = ctx.case.get_untracked().and_then(|case| case.open.iter().find(|open| open.id == step).cloned());
                match open {
                    Some(open) => view! { <StepView ctx open/> }.into_any(),
                    // Done by now, or given up.
                    None => view! { <CaseView ctx/> }.into_any(),
                }
            }
        },
        Some(_) => view! {
            <TopBar title=Signal::derive(|| cases_words().title.to_owned()) back="/cases"/>
            <main class="page"><div class="empty">{icon("search")}<h2>{move || cases_words().no_such}</h2><a class="btn primary" href="/cases">{move || cases_words().title}</a></div></main>
        }
        .into_any(),
    }
    }
}
