//! A record on paper: A4, in the layout of an official inspection record.

mod annex;
mod code;
mod tables;
mod visit;

use std::sync::Arc;

use leptos::prelude::*;

pub use self::code::{RecordCode, qr};
use super::icon::icon;
use super::record::{Loaded, Shown, names, not_here, signature, use_record};
use super::state::App;
use super::widget::TopBar;
use super::words::common::Common;
use super::words::office::OfficeWords;
use super::words::{fill, lang_now, office_words};
use crate::browser::files::user_agent;
use crate::domain::content::Lang;
use crate::domain::inspection::{Inspection, SIGNERS};
use crate::domain::time::Instant;
use crate::evidence::paper::seal_digest;

/// Says how pages get their numbers where the browser does not take them from the styles.
#[component]
pub fn NumbersHint() -> impl IntoView {
    // Nothing else tells: what stands in the margins of a page can't be asked for.
    user_agent().contains("Firefox/").then(|| view! { <p class="print-hint no-print small">{move || office_words().print_numbers}</p> })
}

/// The page that is printed.
#[component]
pub fn PrintPage() -> impl IntoView {
    let app = App::get();
    let (loaded, reload) = use_record(app);
    let paper_lang = RwSignal::new(lang_now());
    let waiting = RwSignal::new(0_usize);
    let back = Memo::new(move |_| match loaded.get() {
        Loaded::Here(shown) => format!("/record/{}", shown.record.id()),
        _ => "/records".to_owned(),
    });
    let title = Signal::derive(move || match loaded.get() {
        Loaded::Here(shown) => format!("{} {}", paper_title(&shown, office_words()), names::short(shown.record.id().as_str())),
        _ => office_words().print.to_owned(),
    });
    let ready = move || matches!(loaded.get(), Loaded::Here(_)) && waiting.get() == 0;
    let label = move || match waiting.get() {
        0 => office_words().print.to_owned(),
        count => fill(office_words().print_wait, &[&count]),
    };
    view! {
        {move || view! { <TopBar title back=back.get()/> }}
        <section class="print-tools" aria-label=move || office_words().print_tools>
            <div class="segmented" role="group" aria-label=move || office_words().paper_lang>
                {[(Lang::Zh, "中文"), (Lang::En, "English")].into_iter().map(|(this, label)| view! {
                    <button type="button" lang=this.tag() aria-pressed=move || (paper_lang.get() == this).to_string() on:click=move |_| paper_lang.set(this)>{label}</button>
                }).collect_view()}
            </div>
            <button type="button" class="btn primary" disabled=move || !ready() on:click=move |_| {
                // The browser's dialog; where printing is switched off nothing happens.
                let _ = window().print();
            }>{icon("print")}{label}</button>
            <NumbersHint/>
        </section>
        {move || match loaded.get() {
            Loaded::Here(shown) => {
                let of_paper = paper_lang.get();
                waiting.set(shown.photos.len());
                let done = Callback::new(move |()| waiting.update(|count| *count = count.saturating_sub(1)));
                view! { <main class="paper-desk">{paper(app, &shown, of_paper, done)}</main> }.into_any()
            }
            other => not_here(&other, reload),
        }}
        <p class="sr" role="status">{move || if ready() { office_words().print_ready } else { "" }}</p>
    }
}

/// Only visits by a list on special equipment are inspections under 57号令, whose record has a title of its own.
fn paper_title(shown: &Shown, words: &OfficeWords) -> &'static str {
    let special = |inspection: &Inspection| inspection.lists.iter().any(|list| list.domain == "special_equipment");
    if shown.inspection.as_ref().is_none_or(special) { words.print_title } else { words.print_title_plain }
}

fn paper(app: App, shown: &Arc<Shown>, lang: Lang, done: Callback<()>) -> AnyView {
    let (o, state) = (OfficeWords::of(lang), shown.record.state());
    // What the record says; else who handed it in; else who prints it.
    let said = [state.text("bureau").map(str::to_owned), shown.import.as_ref().map(|import| import.bureau.clone())];
    let said = said.into_iter().flatten().find(|bureau| !bureau.trim().is_empty());
    let bureau = said.unwrap_or_else(|| app.prefs.with(|prefs| prefs.bureau.clone()));
    let id = shown.record.id().to_string();
    let digest = seal_digest(shown.record.journal());
    let result = state.text("conclusion/result").map(|code| names::result(code, lang)).unwrap_or_else(|| o.no_conclusion.to_owned());
    let draft = (!shown.record.is_sealed()).then(|| view! { <p class="paper-draft">{o.paper_draft}</p> });
    view! {
        <article class="paper" lang=lang.tag()>
            <header>
                <p class="paper-bureau">{bureau}</p>
                <h1>{paper_title(shown, o)}</h1>
                <p class="paper-no">{o.record_no}"："<span class="mono">{names::short(&id)}</span></p>
                {draft}
            </header>
            {tables::parties(shown, lang)}
            {tables::items(shown, lang)}
            {tables::problems(shown, lang)}
            <section class="paper-block">
                <h2>{Common::of(lang).conclusion}</h2>
                <p><strong>{result}</strong></p>
                {state.text("conclusion/remark").filter(|text| !text.is_empty()).map(|text| view! { <p>{Common::of(lang).remark}"："{text.to_owned()}</p> })}
            </section>
            <section class="paper-block">
                <h2>{Common::of(lang).opinion}</h2>
                <p>{state.text("conclusion/opinion").filter(|text| !text.is_empty()).unwrap_or(o.nothing).to_owned()}</p>
            </section>
            {signatures(shown, lang)}
            {tables::amendments(shown, lang)}
            <footer class="paper-foot paper-foot-code">
                <RecordCode record=shown.record.id().clone() digest lang/>
                <div>
                <p>{fill(o.printed_at, &[&Instant::from_ms(app.now_ms()).minute_text(app.offset_min())])}</p>
                <p>{o.record_no}"："<span class="mono">{id}</span></p>
                <p>{o.seal_digest}"："<span class="mono">{digest.map_or_else(|| o.seal_none.to_owned(), |digest| digest.to_string())}</span></p>
                <p>{o.paper_note}</p>
                </div>
            </footer>
            {annex::annex(shown, lang, done)}
        </article>
    }
    .into_any()
}

fn signatures(shown: &Shown, lang: Lang) -> AnyView {
    let state = shown.record.state();
    let cells = SIGNERS
        .into_iter()
        .map(|role| {
            let value = state.get(&format!("signatures/{role}"));
            let title = names::role(role, lang);
            let who = signature::signer(state, role);
            let differs = signature::differs(state, role, lang).map(|text| view! { <p class="paper-small">{text}</p> });
            view! {
                <div class="paper-sign">
                    <p>{title}"："{who.clone()}</p>
                    <div class="paper-ink">{signature::ink(value, format!("{title} {who}"))}</div>
                    <p class="paper-small">{signature::note(value, shown.offset_min(), lang)}</p>
                    {differs}
                </div>
            }
        })
        .collect_view();
    view! { <section class="paper-block"><h2>{Common::of(lang).signatures}</h2><div class="paper-signs">{cells}</div><p class="paper-stamp">{OfficeWords::of(lang).stamp}</p></section> }.into_any()
}
