//! What was filed, on paper: A4, to sign and send by post or hand in.

use leptos::prelude::*;

use super::bureau;
use super::ctx::DraftCtx;
use super::photos::picture;
use super::review::answer_text;
use super::words_of;
use crate::complaint::{AnswerKind, DraftPhoto, Filing, Handed, HandedBy};
use crate::domain::content::Lang;
use crate::domain::time::Instant;
use crate::ui::icon::icon;
use crate::ui::widget::TopBar;
use crate::ui::words::{complain_words, fill, lang_now};

/// The page that is printed.
#[component]
pub fn Paper(ctx: DraftCtx) -> impl IntoView {
    let bureau = LocalResource::new(bureau::get);
    // Pictures that are still being read.
    let waiting = RwSignal::new(ctx.draft.with_untracked(|draft| draft.photos.len()));
    let on_shown = Callback::new(move |()| waiting.update(|count| *count = count.saturating_sub(1)));
    let ready = move || waiting.get() == 0 && bureau.get().is_some();
    view! {
        <TopBar title=Signal::derive(|| complain_words().print.to_owned()) back=format!("/complain/{}/done", ctx.id())/>
        <section class="print-tools" aria-label=move || complain_words().print>
            <button type="button" class="btn primary" disabled=move || !ready() on:click=move |_| {
                // The browser's dialog; where printing is switched off nothing happens. To look at the page hands nothing over.
                if window().print().is_ok() {
                    let at_ms = ctx.app.now_ms();
                    ctx.update(|draft| {
                        if let Some(filed) = &mut draft.filed {
                            filed.handed.push(Handed { by: HandedBy::Paper, at_ms });
                        }
                    });
                }
            }>{icon("print")}{move || complain_words().print}</button>
        </section>
        {move || bureau.get().map(|bureau| {
            let lang = lang_now();
            let to = bureau.map(|bureau| bureau::name(&bureau, lang).to_owned()).unwrap_or_default();
            view! { <main class="paper-desk"><Sheet ctx to lang on_shown/></main> }
        })}
        <p class="sr" role="status">{move || if ready() { complain_words().print_ready } else { "" }}</p>
    }
}

#[component]
fn Sheet(ctx: DraftCtx, to: String, lang: Lang, on_shown: Callback<()>) -> impl IntoView {
    let w = words_of(lang);
    let form = ctx.form();
    let (title, rows) = ctx.draft.with_untracked(|draft| {
        let reading = crate::complaint::Reading::new(&form, draft);
        let title = match reading.filings.as_slice() {
            [Filing::Complaint] => w.print_title_complaint,
            [Filing::Report] => w.print_title_report,
            _ => w.print_title_both,
        };
        let fields = reading.fields().filter(|field| !matches!(field.kind, AnswerKind::Photos { .. }));
        let rows = fields.map(|field| (field.name.get(lang).to_owned(), answer_text(&reading, field, lang)));
        (title, rows.filter(|(_, answer)| !answer.is_empty()).collect::<Vec<_>>())
    });
    let (filed, photos) = ctx.draft.with_untracked(|draft| (draft.filed.clone(), draft.photos.clone()));
    let receipts = filed.map(|filed| filed.receipts.values().cloned().collect::<Vec<_>>().join("、")).unwrap_or_default();
    let day = ctx.draft.with_untracked(|draft| draft.ticket.as_ref().map(|ticket| Instant::from_ms(ticket.at_ms).date(ticket.offset_min)));
    let day = day.map(|day| day.to_string()).unwrap_or_default();
    let row = |(name, text): (String, String)| view! { <tr><th scope="row">{name}</th><td class="pre">{text}</td></tr> };
    let pictures =
        photos.into_iter().enumerate().map(|(at, photo)| view! { <Picture ctx photo number={at + 1} lang on_shown/> }).collect::<Vec<_>>();
    view! {
        <article class="paper" lang=lang.tag()>
            <header><h1>{title}</h1><p class="paper-no">{w.receipt}"："<span class="mono">{receipts}</span></p></header>
            <p>{fill(w.print_to, &[&to])}</p>
            <table class="paper-table parties"><tbody>{rows.into_iter().map(row).collect_view()}</tbody></table>
            <section class="paper-block"><p>{w.truth}"。"{w.truth_hint}</p></section>
            <div class="paper-signs"><p>{w.print_sign}</p><p>{w.print_date}{day}</p></div>
            <footer class="paper-foot"><p>{w.print_note}</p></footer>
            {(!pictures.is_empty()).then(|| view! { <section class="paper-annex"><h2>{w.print_photos}</h2><div class="paper-photos">{pictures}</div></section> })}
        </article>
    }
}

#[component]
fn Picture(ctx: DraftCtx, photo: DraftPhoto, number: usize, lang: Lang, on_shown: Callback<()>) -> impl IntoView {
    let sha256 = photo.meta.sha256;
    let url = LocalResource::new(move || picture(ctx.id(), sha256));
    let done = move || {
        on_shown.try_run(());
    };
    move || {
        match url.get() {
        None => ().into_any(),
        Some(None) => {
            done();
            ().into_any()
        }
        Some(Some(url)) => view! {
            <figure>
                <div class="paper-photo"><img src=url alt=fill(words_of(lang).photo_n, &[&number]) on:load=move |_| done() on:error=move |_| done()/></div>
                <figcaption>{fill(words_of(lang).photo_n, &[&number])}</figcaption>
            </figure>
        }
        .into_any(),
    }
    }
}
