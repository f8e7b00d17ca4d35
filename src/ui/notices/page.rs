//! One notice, to be read and printed.

use leptos::prelude::*;

use super::{Known, all, kind_words, today};
use crate::notice::{Block, Notice, NoticeKind, Product, Text};
use crate::ui::cases::rules::law_names;
use crate::ui::icon::icon;
use crate::ui::state::App;
use crate::ui::widget::{Nav, TopBar};
use crate::ui::words::{fill, lang, notice_words};

/// The page: `/notices/<id>`.
#[component]
pub fn NoticePage(id: String) -> impl IntoView {
    let app = App::get();
    app.writing.set(false);
    app.leave_place();
    let id = StoredValue::new(id);
    let found = LocalResource::new(move || async move { all().await.into_iter().find(|known| id.with_value(|id| known.notice.id == *id)) });
    let title = Signal::derive(move || {
        let known = found.get().flatten();
        known.map_or(notice_words().title.to_owned(), |known| kind_words(known.notice.kind).0().to_owned())
    });
    view! {
        <div class="has-nav">
            <div class="no-print"><TopBar title back="/notices">
                <button type="button" class="icon-btn" aria-label=move || notice_words().print on:click=move |_| drop(window().print())>{icon("print")}</button>
            </TopBar></div>
            <main class="page print-plain">
                {move || found.get().map(|known| match known {
                    None => view! { <div class="card"><div class="empty">{icon("search")}<p>{notice_words().gone}</p><a class="btn" href="/notices">{notice_words().title}</a></div></div> }.into_any(),
                    Some(known) => shown(app, known).into_any(),
                })}
            </main>
            <Nav/>
        </div>
    }
}

fn shown(app: App, known: Known) -> impl IntoView {
    let Known { notice, own } = known;
    let w = notice_words();
    let over = !notice.holds_on(today(app));
    let text = |text: &Text| text.get(lang()).to_owned();
    let body = notice.body.iter().map(|block| match block {
        Block::Heading(heading) => view! { <h3>{text(heading)}</h3> }.into_any(),
        Block::Paragraph(paragraph) => view! { <p class="pre">{text(paragraph)}</p> }.into_any(),
        Block::List(items) => {
            view! { <ul class="bullets">{items.iter().map(|item| view! { <li>{text(item)}</li> }).collect_view()}</ul> }.into_any()
        }
    });
    let edit = own || notice.kind != NoticeKind::Rights;
    view! {
        <article class="card stack">
            <h2>{text(&notice.title)}</h2>
            <div class="row wrap chips">
                <span class=if notice.kind == NoticeKind::Rights { "chip" } else { "chip warn" }>{kind_words(notice.kind).0()}</span>
                {own.then(|| view! { <span class="chip">{w.own}</span> })}
                {notice.advice.then(|| view! { <span class="chip">{w.advice}</span> })}
                {(!notice.verified && !notice.basis.is_empty()).then(|| view! { <span class="chip warn">{w.unverified}</span> })}
                <span class="chip num">{fill(w.published_on, &[&notice.published_on])}</span>
                {notice.until.map(|until| view! { <span class="chip num">{fill(w.until, &[&until])}</span> })}
                {over.then(|| view! { <span class="chip bad">{w.over}</span> })}
            </div>
            <p class="lead">{text(&notice.summary)}</p>
            {body.collect_view()}
        </article>
        {(!notice.products.is_empty()).then(|| view! {
            <section class="card stack"><h2>{w.products}</h2>{notice.products.iter().map(product_view).collect_view()}</section>
        })}
        {(!notice.measures.is_empty()).then(|| view! {
            <section class="card stack"><h2>{w.measures}</h2><ul class="bullets">{notice.measures.iter().map(|one| view! { <li>{text(one)}</li> }).collect_view()}</ul></section>
        })}
        <Basis notice=notice.clone()/>
        <div class="stack no-print">
            {edit.then(|| view! { <a class="btn block" href=format!("/notices/{}/edit", notice.id)>{icon("pen")}{w.edit}</a> })}
        </div>
    }
}

fn product_view(product: &Product) -> impl IntoView + use<> {
    let w = notice_words();
    let rows = [
        (w.name, product.name.clone()),
        (w.brand, product.brand.clone()),
        (w.model, product.model.clone()),
        (w.batch, product.batch.clone()),
        (w.gtin, product.gtin.clone()),
    ];
    let rows = rows.into_iter().filter(|(_, text)| !text.is_empty());
    view! { <dl class="facts">{rows.map(|(name, text)| view! { <dt>{name}</dt><dd>{text}</dd> }).collect_view()}</dl> }
}

#[component]
fn Basis(notice: Notice) -> impl IntoView {
    let names = LocalResource::new(law_names);
    let notice = StoredValue::new(notice);
    move || {
        let (names, w) = (names.get()?, notice_words());
        let (basis, source) = notice.with_value(|notice| (notice.basis.clone(), notice.source.clone()));
        if basis.is_empty() && source.is_none() {
            return None;
        }
        let lines = basis.into_iter().map(|basis| {
            let law = names.iter().find(|law| law.id == basis.basis).map_or(basis.basis.clone(), |law| law.name(lang()).to_owned());
            (format!("{law} {}", basis.article.unwrap_or_default()), basis.verify)
        });
        let lines: Vec<(String, bool)> = lines.collect();
        Some(view! {
            <section class="card stack tight"><h2>{w.basis}</h2>
                {source.map(|source| view! { <p>{fill(w.source, &[&source.get(lang())])}</p> })}
                <ul class="plain small">{lines.into_iter().map(|(text, verify)| view! { <li>{text}{verify.then(|| view! { " " <span class="chip warn">{w.unverified}</span> })}</li> }).collect_view()}</ul>
            </section>
        })
    }
}
