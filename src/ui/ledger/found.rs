//! The page for scanning: what a code says is looked up in the ledgers.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::list::{Line, LineLink, Loading, load};
use super::types::TypeNames;
use crate::domain::id::RecordId;
use crate::ledger::{Card, Kind, Ledger};
use crate::scan::decode::Code;
use crate::scan::meaning::{Meaning, meanings};
use crate::ui::icon::icon;
use crate::ui::record::paper::QUERY;
use crate::ui::scan::ScanView;
use crate::ui::state::App;
use crate::ui::widget::{Nav, TopBar};
use crate::ui::words::{lang, scan_words, verify_words};

/// How many lines a number that fits several may show.
const MOST: usize = 20;

/// The page: `/scan`, and the addresses that labels and prints lead to, `/scan#r=<record>` and `/scan#r=<record>&d=<digits>`.
#[component]
pub fn ScanPage() -> impl IntoView {
    let app = App::get();
    app.writing.set(false);
    app.leave_place();
    let (step, problem) = load(app);
    let types = LocalResource::new(TypeNames::load);
    let code = RwSignal::new(label_of_address());
    let navigate = StoredValue::new_local(use_navigate());
    let there = Memo::new(move |_| app.ledger_now().is_some());
    let print = Memo::new(move |_| meanings(&code.get()?.text).into_iter().find_map(of_print));
    let found = Memo::new(move |_| {
        let (shared, code) = (app.ledger_now()?, code.get()?);
        let ledger = shared.get();
        Some(look_up(&ledger, &code.text))
    });
    Effect::new(move |_| {
        if let Some([only]) = found.get().as_deref() {
            // A buzz tells that it worked where the screen can't be seen; not every phone has one.
            let _ = window().navigator().vibrate_with_duration(60);
            let to = format!("/ledger/{only}");
            navigate.with_value(|navigate| navigate(&to, NavigateOptions { replace: true, ..Default::default() }));
        }
    });
    let lines = move || {
        let Some(shared) = app.ledger_now() else { return Vec::new() };
        let ledger = shared.get();
        let types = types.get().unwrap_or_default();
        let ids = found.get().unwrap_or_default();
        ids.iter().filter_map(|id| ledger.get(id)).map(|card| Line::of(card, &ledger, &types, lang())).collect::<Vec<_>>()
    };
    view! {
        <div class="has-nav">
            <TopBar title=Signal::derive(|| scan_words().title.to_owned()) back="/ledger"/>
            <main class="page">
                <Show when=move || code.get().is_some() fallback=move || view! { <ScanView on_code=Callback::new(move |read: Code| code.set(Some(read)))/> }>
                    <Show when=move || print.get().is_none() fallback=move || view! { <OfPrint print/> }>
                    <Show when=move || there.get() fallback=move || view! { <Loading step problem/> }>
                        <Read code/>
                        <Show when=move || { found.get().is_some_and(|found| found.len() > 1) }>
                            <h2>{move || scan_words().several}</h2>
                            <ul class="card flush list"><For each=lines key=|line| line.id.clone() let:line><li><LineLink line/></li></For></ul>
                        </Show>
                        <Show when=move || found.get().is_some_and(|found| found.is_empty())><Unknown code/></Show>
                    </Show>
                    </Show>
                    <button type="button" class="btn block" on:click=move |_| code.set(None)>{icon("scan")}{move || scan_words().again}</button>
                </Show>
            </main>
            <Nav/>
        </div>
    }
}

fn of_print(meaning: Meaning) -> Option<(RecordId, String)> {
    match meaning {
        Meaning::Paper(record, digits) => Some((record, digits)),
        _ => None,
    }
}

/// Opens the record of a print, where the digits of the print are compared; says so when it is not on this device.
#[component]
fn OfPrint(print: Memo<Option<(RecordId, String)>>) -> impl IntoView {
    let app = App::get();
    let absent = RwSignal::new(false);
    let navigate = StoredValue::new_local(use_navigate());
    Effect::new(move |_| {
        let Some((record, digits)) = print.get() else { return };
        leptos::task::spawn_local(async move {
            if app.workspace().load(&record).await.is_err() {
                absent.try_set(true);
                return;
            }
            let to = format!("/record/{record}?{QUERY}={digits}");
            navigate.try_with_value(|navigate| navigate(&to, NavigateOptions { replace: true, ..Default::default() }));
        });
    });
    let id = move || print.get().map(|(record, _)| record.to_string());
    view! {
        <Show when=move || absent.get() fallback=move || view! { <div class="empty" role="status"><span class="spinner"></span></div> }>
            <div class="card"><div class="empty" role="status">
                {icon("search")}
                <p><strong>{move || verify_words().paper_unknown}</strong></p>
                <p class="small">{move || verify_words().paper_unknown_hint}</p>
                <p class="small mono">{id}</p>
            </div></div>
        </Show>
    }
}

/// The label that the address itself names.
fn label_of_address() -> Option<Code> {
    let address = window().location().href().ok()?;
    crate::scan::label::record_of(&address).map(|_| Code { format: "qr_code".to_owned(), text: address })
}

/// The records that a code's text leads to. Numbers that stand nowhere are searched for as a person would.
fn look_up(ledger: &Ledger, text: &str) -> Vec<String> {
    let all = meanings(text);
    for meaning in &all {
        let fits = |card: &&Card| match meaning {
            Meaning::Record(id) => card.id == id.as_str(),
            Meaning::Unit(uscc) => card.kind() == Some(Kind::Unit) && card.code.split(' ').any(|code| code == uscc.as_str()),
            Meaning::Equipment(code) => card.kind() == Some(Kind::Equipment) && (card.code == *code || card.registration_code == *code),
            Meaning::Certificate(no) => card.cert_no == *no,
            // Printed records are records of checks, which are in no ledger.
            Meaning::Goods(_) | Meaning::Paper(..) => false,
        };
        let found: Vec<String> = ledger.cards().iter().filter(fits).take(MOST).map(|card| card.id.clone()).collect();
        if !found.is_empty() {
            return found;
        }
    }
    // An address or a sentence is no name of anything.
    if all.is_empty() && text.chars().count() <= 40 && !text.contains("://") {
        return ledger.search(text, |_| true, MOST).cards.into_iter().map(|card| card.id.clone()).collect();
    }
    Vec::new()
}

/// What the code says, in words.
#[component]
fn Read(code: RwSignal<Option<Code>>) -> impl IntoView {
    let text = move || code.get().map(|code| code.text).unwrap_or_default();
    let kinds = move || {
        let word = |meaning: &Meaning| match meaning {
            Meaning::Record(_) => (scan_words().labels, String::new()),
            Meaning::Paper(_, digits) => (verify_words().paper_read, digits.clone()),
            Meaning::Unit(uscc) => (scan_words().is_unit, uscc.to_string()),
            Meaning::Equipment(code) => (scan_words().is_equipment, code.clone()),
            Meaning::Certificate(no) => (scan_words().is_certificate, no.clone()),
            Meaning::Goods(no) => (scan_words().is_goods, no.clone()),
        };
        let all = meanings(&text());
        if all.is_empty() { vec![(scan_words().is_text, text())] } else { all.iter().map(word).collect() }
    };
    view! {
        <section class="card"><h2>{move || scan_words().read_as}</h2>
            <dl class="facts">{move || kinds().into_iter().map(|(word, value)| view! { <dt>{word}</dt><dd class="mono">{value}</dd> }).collect_view()}</dl>
        </section>
    }
}

/// Nothing fits: ways on.
#[component]
fn Unknown(code: RwSignal<Option<Code>>) -> impl IntoView {
    let all = move || code.get().map(|code| meanings(&code.text)).unwrap_or_default();
    let is_label = move || all().iter().any(|meaning| matches!(meaning, Meaning::Record(_)));
    let new_equipment = move || {
        let query = all().iter().find_map(|meaning| match meaning {
            Meaning::Equipment(code) => Some(format!("?code={code}")),
            Meaning::Certificate(no) => Some(format!("?cert={}", js_sys::encode_uri_component(no))),
            _ => None,
        });
        format!("/ledger/new/equipment{}", query.unwrap_or_default())
    };
    let new_unit = move || {
        let uscc = all().iter().find_map(|meaning| match meaning {
            Meaning::Unit(uscc) => Some(format!("?uscc={uscc}")),
            _ => None,
        });
        format!("/ledger/new/unit{}", uscc.unwrap_or_default())
    };
    view! {
        <div class="card"><div class="empty" role="status">
            {icon("search")}
            <p><strong>{move || if is_label() { scan_words().unknown_record } else { scan_words().unknown }}</strong></p>
            <p class="small">{move || if is_label() { scan_words().unknown_record_hint } else { scan_words().unknown_hint }}</p>
        </div></div>
        <div class="tiles">
            <Show when=move || !is_label()>
                <a class="btn" href=new_equipment>{icon("plus")}{move || scan_words().new_equipment}</a>
                <a class="btn" href=new_unit>{icon("plus")}{move || scan_words().new_unit}</a>
            </Show>
            <a class="btn" href="/ledger">{icon("search")}{move || scan_words().search_ledger}</a>
        </div>
    }
}
