//! The screens. They show what the use cases say and pass on what is tapped; they hold no rule of law.
#![allow(
    missing_docs,
    reason = "the component macro makes a public struct of every parameter; what is not plain is documented all the same"
)]

pub mod assign;
pub mod cases;
pub mod check;
pub mod complain;
pub mod content;
pub mod days;
pub mod documents;
pub mod export;
pub mod finish;
pub mod get;
pub mod home;
pub mod icon;
pub mod item;
pub mod later;
pub mod ledger;
pub mod library;
pub mod me;
pub mod notices;
pub mod office;
pub mod pen;
pub mod photo;
pub mod pool;
pub mod print;
pub mod record;
pub mod rescue;
pub mod save;
pub mod scan;
pub mod sign;
pub mod signals;
pub mod start;
pub mod state;
pub mod verify;
pub mod widget;
pub mod words;

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::path;

use later::Parts;
use state::{App, Boot};
use widget::{Nav, Toasts, UpdateBanner};

/// Mounts the app into the page.
pub fn start(parts: Parts) {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(move || view! { <Root parts/> });
}

/// The whole app.
#[component]
fn Root(parts: Parts) -> impl IntoView {
    let app = App::provide();
    app.open(parts.summarising);
    let here = parts.fetch_all();
    view! {
        <Router>
            {move || match app.boot.get() {
                Boot::Ready if here.get() => view! { <Screens parts/> }.into_any(),
                Boot::Opening | Boot::Ready => view! { <Opening/> }.into_any(),
                Boot::Lost { .. } | Boot::Failed { .. } => view! { <rescue::Rescue/> }.into_any(),
            }}
        </Router>
        <Toasts/>
    }
}

#[component]
fn Opening() -> impl IntoView {
    view! {
        <main class="page">
            <div class="empty" role="status">
                <span class="spinner"></span>
                <p>{move || words::words().opening}</p>
            </div>
        </main>
    }
}

#[component]
fn Screens(parts: Parts) -> impl IntoView {
    view! {
        <UpdateBanner/>
        <FlatRoutes fallback=|| view! { <NotFound/> }>
            <Route path=path!("/") view=home::Home/>
            <Route path=path!("/start") view=parts.start/>
            <Route path=path!("/start/:unit") view=parts.start/>
            <Route path=path!("/start/:unit/:equipment") view=parts.start/>
            <Route path=path!("/check/:id") view=parts.check/>
            <Route path=path!("/check/:id/finish") view=parts.finish/>
            <Route path=path!("/records") view=home::Records/>
            <Route path=path!("/record/:id") view=parts.record/>
            <Route path=path!("/record/:id/print") view=parts.print/>
            <Route path=path!("/inbox") view=parts.cases/>
            <Route path=path!("/cases") view=parts.cases/>
            <Route path=path!("/cases/:procedure") view=parts.cases/>
            <Route path=path!("/cases/:procedure/:what") view=parts.cases/>
            <Route path=path!("/case/:id") view=parts.cases/>
            <Route path=path!("/case/:id/:step") view=parts.cases/>
            <Route path=path!("/doc/:id") view=parts.cases/>
            <Route path=path!("/documents") view=parts.cases/>
            <Route path=path!("/complain") view=parts.complain/>
            <Route path=path!("/complain/mine") view=parts.complain/>
            <Route path=path!("/complain/:draft/:step") view=parts.complain/>
            <Route path=path!("/leads") view=parts.cases/>
            <Route path=path!("/stats") view=parts.cases/>
            <Route path=path!("/notices") view=parts.cases/>
            <Route path=path!("/notices/:id") view=parts.cases/>
            <Route path=path!("/notices/:id/:what") view=parts.cases/>
            <Route path=path!("/ledger") view=parts.ledger/>
            <Route path=path!("/ledger/:id") view=parts.ledger/>
            <Route path=path!("/ledger/:id/:what") view=parts.ledger/>
            <Route path=path!("/library") view=parts.library/>
            <Route path=path!("/library/:id") view=parts.library/>
            <Route path=path!("/library/:id/:what") view=parts.library/>
            <Route path=path!("/due") view=parts.ledger/>
            <Route path=path!("/days") view=parts.ledger/>
            <Route path=path!("/scan") view=parts.ledger/>
            <Route path=path!("/labels") view=parts.ledger/>
            <Route path=path!("/assign") view=parts.ledger/>
            <Route path=path!("/assign/:what") view=parts.ledger/>
            <Route path=path!("/task/:id") view=parts.ledger/>
            <Route path=path!("/export") view=parts.export/>
            <Route path=path!("/office") view=parts.office/>
            <Route path=path!("/verify") view=parts.office/>
            <Route path=path!("/bureau") view=parts.office/>
            <Route path=path!("/get") view=parts.get/>
            <Route path=path!("/me") view=parts.me/>
        </FlatRoutes>
    }
}

#[component]
fn NotFound() -> impl IntoView {
    let w = words::words;
    view! {
        <main class="page has-nav">
            <div class="empty">
                {icon::icon("search")}
                <h1>{move || w().not_found}</h1>
                <p>{move || w().not_found_hint}</p>
                <a class="btn primary" href="/">{move || w().to_home}</a>
            </div>
        </main>
        <Nav/>
    }
}
