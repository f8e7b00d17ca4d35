//! A document on paper: A4, in the layout of official papers. The paper is Chinese in every language of the screens.

use leptos::prelude::*;
use serde_json::Value;

use super::ctx::DocCtx;
use super::delivery::method_word;
use super::page::Sheet;
use crate::document::words::{day as day_words, minute};
use crate::document::{Delivery, Document, Part, Picked, Signing, Status};
use crate::domain::signature::Signature;
use crate::domain::time::Instant;
use crate::evidence::paper::seal_digest;
use crate::scan::label::paper_text;
use crate::ui::icon::icon;
use crate::ui::print::qr;
use crate::ui::record::photos::{PhotoCard, StoredPhoto, marks_overlay, photo_cards};
use crate::ui::words::documents::DocumentWords;
use crate::ui::words::{document_words, fill};

/// The words of the paper.
const W: &DocumentWords = &DocumentWords::ZH;

/// Prints, once every photo is there.
#[component]
pub fn PrintButton(
    /// How many photos are not there yet.
    waiting: RwSignal<usize>,
) -> impl IntoView {
    let label = move || match waiting.get() {
        0 => document_words().print.to_owned(),
        count => fill(document_words().print_wait, &[&count]),
    };
    view! {
        <button type="button" class="btn primary" disabled=move || { waiting.get() > 0 } on:click=move |_| {
            // The browser's dialog; where printing is switched off nothing happens.
            let _ = window().print();
        }>{icon("print")}{label}</button>
    }
}

/// What the parts need besides themselves.
#[derive(Clone)]
struct Desk {
    cards: Vec<PhotoCard>,
    done: Callback<()>,
    offset_min: i32,
}

/// The document, or the receipt of its service, as it is printed.
#[component]
pub fn Paper(
    /// The document.
    ctx: DocCtx,
    /// Which of the two.
    sheet: Signal<Sheet>,
    /// Counts the photos that are not there yet.
    waiting: RwSignal<usize>,
) -> impl IntoView {
    move || {
        let document = ctx.document.get()?;
        let (filled, cards) = ctx.pen.with_state(|state| (document.filled(state), photo_cards(state)));
        let offset_min = document.issued.as_ref().map_or_else(|| ctx.app.offset_min(), |issued| issued.offset_min);
        let face = sheet.get();
        let photos = |part: &Part| if let Part::Photos(all) = part { all.len() } else { 0 };
        waiting.set(if face == Sheet::Document { filled.parts.iter().map(photos).sum() } else { 0 });
        let desk = Desk { cards, done: Callback::new(move |()| waiting.update(|count| *count = count.saturating_sub(1))), offset_min };
        let body = match face {
            Sheet::Document => parts(&filled.parts, &desk),
            Sheet::Receipt => receipt(&document, &desk),
        };
        Some(view! {
            <article class="paper doc" lang="zh-CN">
                {stamp(&document)}
                {body}
                {foot(ctx, &document)}
            </article>
        })
    }
}

/// What must be seen before anything else: that it is no document in force.
fn stamp(document: &Document) -> Option<AnyView> {
    let text = match &document.status {
        Status::Draft => W.stamp_draft.to_owned(),
        Status::Withdrawn { reason } => fill(W.stamp_withdrawn, &[reason]),
        Status::Issued => {
            let by = document.corrected_by.as_ref()?;
            fill(W.stamp_corrected, &[&by.get("number").and_then(Value::as_str).unwrap_or_default()])
        }
    };
    Some(view! { <p class="doc-stamp">{text}</p> }.into_any())
}

/// The parts in order; the seal and the day below it stay together.
fn parts(all: &[Part], desk: &Desk) -> AnyView {
    let mut shown = Vec::new();
    let mut rest = all;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        shown.push(match (first, after.first()) {
            (Part::Seal(bureau), Some(Part::Day(day))) => {
                rest = after.get(1..).unwrap_or_default();
                seal(bureau, Some(day))
            }
            (Part::Seal(bureau), _) => seal(bureau, None),
            (part, _) => one(part, desk),
        });
    }
    view! { {shown} }.into_any()
}

fn one(part: &Part, desk: &Desk) -> AnyView {
    match part {
        Part::Title(text) => title(text),
        Part::Number(number) => view! { <p class="doc-no">{number.clone()}</p> }.into_any(),
        Part::Heading(text) => view! { <h2 class="doc-heading">{text.clone()}</h2> }.into_any(),
        Part::Para { text, flush } => paragraphs(text, if *flush { "doc-para flush" } else { "doc-para" }),
        Part::Rows(rows) => view! {
            <table class="doc-table rows"><tbody>{rows.iter().map(|(label, value)| view! {
                <tr><th scope="row">{label.clone()}</th><td>{value.clone()}</td></tr>
            }).collect_view()}</tbody></table>
        }
        .into_any(),
        Part::Table { columns, rows, none } => table(columns, rows, none),
        Part::List(all) => all.iter().map(|text| paragraphs(text, "doc-para")).collect_view().into_any(),
        Part::Photos(all) => photos(all, desk),
        Part::Signatures(all) => signatures(all, desk),
        Part::Seal(bureau) => seal(bureau, None),
        Part::Day(day) => view! { <p class="doc-day">{day.clone()}</p> }.into_any(),
        Part::Note(text) => paragraphs(text, "doc-note"),
        Part::PageBreak => view! { <div class="doc-break"></div> }.into_any(),
    }
}

/// The name of the bureau over the name of the document.
fn title(text: &str) -> AnyView {
    let (over, name) = text.rsplit_once('\n').unwrap_or(("", text));
    view! {
        <header>
            {over.lines().map(|line| view! { <p class="doc-bureau">{line.to_owned()}</p> }).collect_view()}
            <h1>{name.to_owned()}</h1>
        </header>
    }
    .into_any()
}

fn paragraphs(text: &str, class: &'static str) -> AnyView {
    text.lines().map(|line| view! { <p class=class>{line.to_owned()}</p> }).collect_view().into_any()
}

fn table(columns: &[(String, u8)], rows: &[Vec<String>], none: &str) -> AnyView {
    let sum: u32 = columns.iter().map(|(_, width)| u32::from(*width).max(1)).sum();
    let widths = columns.iter().map(|(_, width)| format!("{}%", u32::from(*width).max(1) * 100 / sum.max(1)));
    let span = columns.len().to_string();
    view! {
        <table class="doc-table">
            <colgroup>{widths.map(|width| leptos::html::col().attr("width", width)).collect_view()}</colgroup>
            <thead><tr>{columns.iter().map(|(label, _)| view! { <th scope="col">{label.clone()}</th> }).collect_view()}</tr></thead>
            <tbody>
                {rows.iter().map(|row| view! {
                    <tr>{row.iter().zip(columns).map(|(cell, (label, _))| view! { <td data-label=label.clone()>{cell.clone()}</td> }).collect_view()}</tr>
                }).collect_view()}
                {rows.is_empty().then(|| view! { <tr><td colspan=span>{if none.is_empty() { W.none } else { none }.to_owned()}</td></tr> })}
            </tbody>
        </table>
    }
    .into_any()
}

/// Photos in pairs. The bytes are named by the digest that was issued.
fn photos(all: &[Picked], desk: &Desk) -> AnyView {
    let figure = |picked: &Picked| {
        let card = desk.cards.iter().find(|card| card.photo.id == picked.id);
        let kept = card.map_or_else(|| picked.sha256.clone(), |card| card.photo.sha256.clone());
        let same = kept == picked.sha256;
        let name = fill(W.photo_n, &[&picked.n]);
        let facts = [&picked.time, &picked.place].into_iter().filter(|text| !text.is_empty()).cloned().collect::<Vec<_>>().join("　");
        let drawn = card.filter(|_| same).and_then(marks_overlay);
        view! {
            <figure>
                <div class="paper-photo">
                    <StoredPhoto sha256=picked.sha256.clone() alt=Signal::stored(name.clone()) full=true at_once=true on_ready=desk.done/>
                    {drawn}
                </div>
                <figcaption>
                    <strong>{name}" "{picked.caption.clone()}</strong>
                    <span>{facts}</span>
                    <span class="mono">"SHA-256 "{picked.sha256.clone()}</span>
                </figcaption>
            </figure>
        }
    };
    if all.is_empty() {
        return view! { <p class="doc-para">{W.none}</p> }.into_any();
    }
    view! { <div class="paper-photos doc-photos">{all.iter().map(figure).collect_view()}</div> }.into_any()
}

/// The strokes, and when; the refusal in words; or a line to sign on.
fn ink(signature: Option<&Signature>, offset_min: i32) -> AnyView {
    let minute_of = |at_ms: u64| minute(Instant::from_ms(at_ms), offset_min);
    match signature {
        Some(Signature::Signed(signed)) => {
            let drawn = Signature::Signed(signed.clone());
            let by = [signed.name.trim(), signed.cert_no.trim()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
            let (view_box, d) = (drawn.view_box(), drawn.svg_path());
            view! {
                <svg class="ink" viewBox=view_box role="img" aria-label=by preserveAspectRatio="xMinYMid meet"><path d=d></path></svg>
                <span class="doc-small">{minute_of(signed.at_ms)}</span>
            }
            .into_any()
        }
        Some(Signature::Refused(refusal)) => {
            let witness = if refusal.witness.trim().is_empty() { W.none } else { refusal.witness.as_str() };
            view! { <span class="doc-refused">{fill(W.refused, &[&refusal.reason, &witness, &minute_of(refusal.at_ms)])}</span> }.into_any()
        }
        None => view! { <span class="doc-line"></span><span class="doc-small">{W.year_month_day}</span> }.into_any(),
    }
}

fn signatures(all: &[Signing], desk: &Desk) -> AnyView {
    let cell = |signing: &Signing| {
        view! {
            <div class="doc-sign">
                <p>{signing.label.clone()}"："<span>{signing.who.clone()}</span></p>
                <div class="doc-ink">{ink(signing.signature.as_ref(), desk.offset_min)}</div>
            </div>
        }
    };
    view! { <div class="doc-signs">{all.iter().map(cell).collect_view()}</div> }.into_any()
}

/// The place for the seal, with the bureau and the day below.
fn seal(bureau: &str, day: Option<&str>) -> AnyView {
    view! {
        <div class="doc-seal">
            <p>{bureau.to_owned()}</p>
            {day.map(|day| view! { <p>{day.to_owned()}</p> })}
            <p class="doc-small">{W.seal_here}</p>
        </div>
    }
    .into_any()
}

/// The receipt of service: one for all deliveries, with lines to write on where nothing is noted yet.
fn receipt(document: &Document, desk: &Desk) -> AnyView {
    let values = document.issued.as_ref().map(|issued| &issued.values);
    let text = |path: &str| {
        let value = values.and_then(|values| crate::document::at(values, path));
        value.and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let party = [text("doc.party"), text("doc.to"), text("doc.addressee"), text("unit.name")].into_iter().find(|name| !name.is_empty());
    let blank = Delivery::default();
    let served: Vec<&Delivery> = document.deliveries.iter().map(|(_, one)| one).collect();
    let served = if served.is_empty() { vec![&blank] } else { served };
    let rows = |delivery: &Delivery, came: bool| {
        let day = delivery.day.map(day_words).unwrap_or_default();
        let method = if delivery.method.is_empty() { "" } else { method_word(&delivery.method, W) };
        view! {
            <table class="doc-table rows"><tbody>
                {(!came).then(|| view! { <tr><th scope="row">{W.method}</th><td>{method}</td></tr> })}
                <tr><th scope="row">{if came { W.received_on } else { W.served_on }}</th><td>{day}</td></tr>
                <tr><th scope="row">{W.receiver}</th><td>{delivery.receiver.clone()}</td></tr>
                <tr><th scope="row">{W.receiver_signature}</th><td><div class="doc-ink">{ink(delivery.signature.as_ref(), desk.offset_min)}</div></td></tr>
                <tr><th scope="row">{W.served_note}</th><td>{delivery.note.clone()}</td></tr>
            </tbody></table>
        }
    };
    let number = document.number().map(|number| number.text.clone()).unwrap_or_default();
    view! {
        {title(&format!("{}\n{}", text("bureau"), W.receipt_title))}
        <table class="doc-table rows"><tbody>
            <tr><th scope="row">{W.document_name}</th><td>{document.template.title.zh.clone()}</td></tr>
            <tr><th scope="row">{W.number}</th><td>{number}</td></tr>
            <tr><th scope="row">{W.party}</th><td>{party.unwrap_or_default()}</td></tr>
        </tbody></table>
        {served.into_iter().map(|one| rows(one, false)).collect_view()}
        {(!document.receipts.is_empty()).then(|| view! { <h2 class="doc-heading">{W.receipt}</h2> })}
        {document.receipts.iter().map(|(_, one)| rows(one, true)).collect_view()}
        <div class="doc-signs">
            {[W.server_one, W.server_two].map(|label| view! { <div class="doc-sign"><p>{label}"："</p><div class="doc-ink">{ink(None, desk.offset_min)}</div></div> })}
        </div>
        {seal(&text("bureau"), None)}
    }
    .into_any()
}

/// How the paper leads back to the record: its address as a code, and the digest of what was issued.
fn foot(ctx: DocCtx, document: &Document) -> AnyView {
    let Some(digest) = document.digest() else { return ().into_any() };
    let id = ctx.pen.id();
    let origin = window().location().origin().unwrap_or_default();
    let session = ctx.pen.session();
    let seal = seal_digest(session.record().journal());
    let code = qr(&paper_text(&origin, &id, seal.as_ref()), W.code);
    let copies = document.template.copies.iter().map(|copy| copy.zh.clone()).collect::<Vec<_>>().join("；");
    let copies = (!copies.is_empty()).then(|| fill(W.copies, &[&document.template.copies.len(), &copies]));
    view! {
        <footer class="doc-foot">
            {code}
            <div>
                {copies.map(|text| view! { <p>{text}</p> })}
                <p>{W.record_no}"："<span class="mono">{id.to_string()}</span></p>
                <p>{W.digest}"："<span class="mono">{digest.to_string()}</span></p>
            </div>
        </footer>
    }
    .into_any()
}
