//! Warnings to consumers and what they should know of their rights: read offline, published by the bureau.

mod edit;
mod page;

use leptos::prelude::*;

pub use self::edit::EditPage;
pub use self::page::NoticePage;
use super::content;
use super::icon::icon;
use super::state::App;
use super::widget::{Nav, TopBar};
use super::words::{Word, fill, lang, notice_words};
use crate::domain::time::{CivilDate, Instant};
use crate::notice::{FOLDER, Notice, NoticeKind, Product, matching};

/// A notice, and whether the bureau published it.
#[derive(Clone, PartialEq, Debug)]
pub struct Known {
    /// The notice.
    pub notice: Notice,
    /// Whether it is an edition of the bureau's own.
    pub own: bool,
}

/// All notices: those that came with the app, and the bureau's own instead or besides; the latest first. What can't be read is
/// left out.
pub async fn all() -> Vec<Known> {
    let own = content::own_files().await;
    let own: Vec<&crate::domain::library::Holding> = own.iter().filter(|holding| holding.path.starts_with(FOLDER)).collect();
    let mut all: Vec<Known> =
        own.iter().filter_map(|holding| Some(Known { notice: Notice::read(&holding.value).ok()?, own: true })).collect();
    let index = content::shipped(&format!("{FOLDER}index.json")).await.ok();
    let files = index.as_ref().and_then(|index| index.get("files")?.as_array()).into_iter().flatten();
    for id in files.filter_map(serde_json::Value::as_str) {
        let path = format!("{FOLDER}{id}.json");
        if own.iter().any(|holding| holding.path == path) {
            continue;
        }
        if let Some(notice) = content::shipped(&path).await.ok().and_then(|value| Notice::read(&value).ok()) {
            all.push(Known { notice, own: false });
        }
    }
    // Those that came with the app keep their order.
    all.sort_by_key(|known| std::cmp::Reverse(known.notice.published_on));
    all
}

/// What a kind is called, of one notice and of many.
pub(super) fn kind_words(kind: NoticeKind) -> (Word, Word) {
    match kind {
        NoticeKind::Warning => (|| notice_words().warning, || notice_words().warnings),
        NoticeKind::Recall => (|| notice_words().recall, || notice_words().recalls),
        NoticeKind::Rights => (|| notice_words().right, || notice_words().rights),
    }
}

pub(super) fn today(app: App) -> CivilDate {
    Instant::from_ms(app.now_ms()).date(app.offset_min())
}

/// The page: `/notices`.
#[component]
pub fn NoticesPage() -> impl IntoView {
    let app = App::get();
    app.writing.set(false);
    app.leave_place();
    let notices = LocalResource::new(all);
    // A consumer who reads here has nothing to publish.
    let is_office = move || app.prefs.with(|prefs| !prefs.officer.name.is_empty());
    view! {
        <div class="has-nav">
            <TopBar title=Signal::derive(|| notice_words().title.to_owned()) back="/" sub=Signal::derive(|| notice_words().hint.to_owned())/>
            <main class="page">
                {move || notices.get().map(|all| {
                    let day = today(app);
                    if all.is_empty() {
                        return view! { <div class="card"><div class="empty">{icon("book")}<p>{notice_words().none}</p></div></div> }.into_any();
                    }
                    NoticeKind::ALL.map(|kind| {
                        let own: Vec<Known> = all.iter().filter(|known| known.notice.kind == kind).cloned().collect();
                        (!own.is_empty()).then(|| view! {
                            <section class="card flush"><h2 class="card-head">{kind_words(kind).1()}</h2>
                                <ul class="list">{own.into_iter().map(|known| row(&known, day)).collect_view()}</ul>
                            </section>
                        })
                    }).collect_view().into_any()
                })}
                <Show when=is_office><a class="btn block" href="/notices/new">{icon("pen")}{move || notice_words().write}</a></Show>
            </main>
            <Nav/>
        </div>
    }
}

fn row(known: &Known, day: CivilDate) -> impl IntoView + use<> {
    let (notice, w) = (&known.notice, notice_words());
    let over = !notice.holds_on(day);
    view! {
        <li><a class="list-row" href=format!("/notices/{}", notice.id)>
            <span class="grow"><span class="title">{notice.title.get(lang()).to_owned()}</span><span class="sub clip-2">{notice.summary.get(lang()).to_owned()}</span>
                <span class="row wrap chips">
                    {known.own.then(|| view! { <span class="chip">{w.own}</span> })}
                    {(notice.kind != NoticeKind::Rights).then(|| view! { <span class="chip num">{fill(w.published_on, &[&notice.published_on])}</span> })}
                    {over.then(|| view! { <span class="chip">{w.over}</span> })}
                </span>
            </span>
            {icon("next")}
        </a></li>
    }
}

/// The warnings and recalls for a product that somebody has; nothing while there are none.
#[component]
pub fn MatchingNotices(
    /// The product, as far as it is known.
    #[prop(into)]
    product: Signal<Product>,
) -> impl IntoView {
    let app = App::get();
    let notices = LocalResource::new(all);
    move || {
        let all: Vec<Notice> = notices.get()?.into_iter().map(|known| known.notice).collect();
        let fitting: Vec<Notice> = product.with(|product| matching(product, &all, today(app)).into_iter().cloned().collect());
        let w = notice_words();
        (!fitting.is_empty()).then(|| view! {
            <section class="notice warn" role="status">{icon("warn")}<div class="grow"><strong>{w.matches}</strong>{w.matches_hint}
                <ul class="plain">{fitting.into_iter().map(|notice| view! { <li><a href=format!("/notices/{}", notice.id)>{notice.title.get(lang()).to_owned()}</a></li> }).collect_view()}</ul>
            </div></section>
        })
    }
}
