//! Label sheets for equipment: a code that opens the record, and what people read beside it.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::list::{Loading, load};
use crate::domain::id::RecordId;
use crate::ledger::{Card, Kind, Ledger, natural};
use crate::scan::label::{self, Drawing};
use crate::ui::icon::icon;
use crate::ui::state::App;
use crate::ui::widget::{Nav, TopBar};
use crate::ui::words::{fill, ledger_words, scan_words};

/// Labels on an A4 sheet of the usual kinds of paper.
const LAYOUTS: [u32; 3] = [21, 24, 10];
/// The most that one page makes; more would make the browser slow.
const MOST: usize = 500;

/// A label.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Label {
    id: String,
    unit: String,
    name: String,
    place: String,
    code: String,
    cert_no: String,
}

/// The page: `/labels?of=<unit or equipment>`.
#[component]
pub fn LabelsPage() -> impl IntoView {
    let app = App::get();
    app.writing.set(false);
    app.leave_place();
    let (step, problem) = load(app);
    let query = use_query_map();
    let of = Memo::new(move |_| query.with(|query| query.get("of")).unwrap_or_default());
    let per_page = RwSignal::new(LAYOUTS[0]);
    let skip = RwSignal::new(0_u32);
    let there = Memo::new(move |_| app.ledger_now().is_some());
    let labels = Memo::new(move |_| {
        let Some(shared) = app.ledger_now() else { return Vec::new() };
        let ledger = shared.get();
        of.with(|of| labels_of(&ledger, of))
    });
    let back = move || of.with(|of| if of.is_empty() { "/ledger".to_owned() } else { format!("/ledger/{of}") });
    let origin = StoredValue::new(window().location().origin().unwrap_or_default());
    view! {
        <div class="has-nav">
            <div class="no-print">
                <TopBar title=Signal::derive(|| scan_words().labels.to_owned()) back=untrack(back)/>
            </div>
            <main class="page wide print-plain">
                <Show when=move || there.get() fallback=move || view! { <Loading step problem/> }>
                    <Show when=move || !labels.with(Vec::is_empty) fallback=move || view! {
                        <div class="card"><div class="empty">
                            {icon("print")}
                            <p><strong>{move || scan_words().labels_none}</strong></p>
                            <p class="small">{move || scan_words().labels_none_hint}</p>
                            <a class="btn" href="/ledger">{move || ledger_words().title}</a>
                        </div></div>
                    }>
                        <section class="card stack no-print">
                            <p class="muted">{move || scan_words().labels_hint}</p>
                            <fieldset class="field"><legend>{move || scan_words().labels_layout}</legend>
                                <div class="segmented" role="group">
                                    {LAYOUTS.into_iter().map(|layout| view! {
                                        <button type="button" aria-pressed=move || (per_page.get() == layout).to_string() on:click=move |_| per_page.set(layout)>
                                            {move || fill(scan_words().labels_n, &[&layout])}
                                        </button>
                                    }).collect_view()}
                                </div>
                            </fieldset>
                            <label class="field"><span>{move || scan_words().labels_skip}</span>
                                <input class="input" type="number" min="0" max="23" inputmode="numeric" value="0"
                                    on:input=move |event| skip.set(event_target_value(&event).parse().unwrap_or(0).min(23))/>
                            </label>
                            <button type="button" class="btn primary block" on:click=move |_| drop(window().print())>
                                {icon("print")}{move || fill(scan_words().labels_print, &[&labels.with(Vec::len)])}
                            </button>
                        </section>
                        <div class="labels" data-per-page=move || per_page.get().to_string()>
                            {move || (0..skip.get()).map(|_| view! { <div class="code-label blank" aria-hidden="true"></div> }).collect_view()}
                            <For each=move || labels.get() key=|label| label.id.clone() let:label><LabelView label origin/></For>
                        </div>
                    </Show>
                </Show>
            </main>
            <Nav/>
        </div>
    }
}

/// The labels for a piece of equipment, or for all equipment of a unit.
fn labels_of(ledger: &Ledger, of: &str) -> Vec<Label> {
    let label = |card: &Card| Label {
        id: card.id.clone(),
        unit: ledger.unit_of(card).map(|unit| unit.title.clone()).unwrap_or_default(),
        name: card.title.clone(),
        place: card.address.clone(),
        code: card.code.clone(),
        cert_no: card.cert_no.clone(),
    };
    let Some(card) = ledger.get(of) else { return Vec::new() };
    if card.kind() != Some(Kind::Unit) {
        return vec![label(card)];
    }
    let mut labels: Vec<Label> = ledger.of_kind(Kind::Equipment).filter(|card| card.unit_id == of).take(MOST).map(label).collect();
    labels.sort_by(|a, b| natural::compare(&a.name, &b.name).then_with(|| a.id.cmp(&b.id)));
    labels
}

#[component]
fn LabelView(label: Label, origin: StoredValue<String>) -> impl IntoView {
    let drawing = RecordId::parse(&label.id).ok().and_then(|id| Drawing::of(&origin.with_value(|origin| label::text(origin, &id))));
    let name = label.name.clone();
    view! {
        <div class="code-label">
            {drawing.map(|drawing| (drawing.view_box(), drawing.path)).map(|(view_box, path)| view! {
                <svg viewBox=view_box shape-rendering="crispEdges" role="img" aria-label=move || fill(scan_words().label_qr, &[&name])>
                    <path d=path></path>
                </svg>
            })}
            <div>
                <strong>{label.name.clone()}</strong>
                <div>{label.unit}</div>
                {(!label.place.is_empty()).then(|| view! { <div>{label.place}</div> })}
                {(!label.code.is_empty()).then(|| view! { <div class="mono">{label.code}</div> })}
                {(!label.cert_no.is_empty()).then(|| view! { <div class="mono">{label.cert_no}</div> })}
            </div>
        </div>
    }
}
