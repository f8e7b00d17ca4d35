//! The register: every number of every series, and what became of it.

use std::collections::BTreeMap;

use leptos::prelude::*;

use super::ranges::{GiveRange, VoidNumber};
use super::store::{Numbers, numbers, void_own};
use super::terms::index;
use crate::app::document::void;
use crate::document::register::{Account, Line, Use, account};
use crate::document::{KIND, RANGE_KIND, Series};
use crate::domain::id::RecordId;
use crate::domain::time::Instant;
use crate::ui::icon::icon;
use crate::ui::pen::Pen;
use crate::ui::state::App;
use crate::ui::widget::{Nav, Notice, TopBar};
use crate::ui::words::{document_words, errors, fill, lang};

use super::ctx::explain;

/// How many lines of a series are shown at first.
const PAGE: usize = 60;

/// A series with what people call it: the documents that share it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Named {
    /// The series.
    pub series: Series,
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// The series of all templates, each once.
async fn all_series() -> Vec<Named> {
    let mut all: Vec<Named> = Vec::new();
    for template in index().await {
        let Some(series) = template.series else { continue };
        match all.iter_mut().find(|known| known.series.id == series.id) {
            Some(known) => {
                known.zh = format!("{}、{}", known.zh, template.title.zh);
                known.en = format!("{}, {}", known.en, template.title.en);
            }
            None => all.push(Named { series, zh: template.title.zh, en: template.title.en }),
        }
    }
    all
}

/// How many numbers of an account are what.
#[derive(Default)]
struct Counts {
    used: usize,
    free: usize,
    void: usize,
    doubles: usize,
    gaps: usize,
}

fn count(account: &Account) -> Counts {
    let mut counts = Counts::default();
    for line in &account.lines {
        match &line.used {
            Use::Free => counts.free += usize::from(!line.gap),
            Use::Given(_) => counts.used += 1,
            Use::Void { .. } => counts.void += 1,
        }
        counts.doubles += usize::from(line.is_double());
        counts.gaps += usize::from(line.gap);
    }
    counts
}

/// The page: `/documents`.
#[component]
pub fn RegisterPage() -> impl IntoView {
    let app = App::get();
    let stamp = Memo::new(move |_| {
        app.summaries.with(|all| {
            let own = all.iter().filter(|one| one.kind == KIND || one.kind == RANGE_KIND);
            own.map(|one| (one.id.clone(), one.changes)).collect::<Vec<_>>()
        })
    });
    let found = LocalResource::new(move || {
        stamp.track();
        async move { numbers(app).await }
    });
    let series = LocalResource::new(all_series);
    let this_year = chrono::Datelike::year(&Instant::from_ms(app.now_ms()).date(app.offset_min()).0);
    let year = RwSignal::new(this_year);
    let years = move || {
        let mut years = vec![this_year];
        if let Some(Ok(numbers)) = found.get() {
            years.extend(numbers.ranges.iter().map(|range| range.year));
            years.extend(numbers.given.iter().map(|given| given.number.year));
        }
        years.sort_unstable();
        years.dedup();
        years
    };
    // What has no number of its own yet is found here too.
    let given_up = move || found.get().and_then(Result::ok).map(|numbers| numbers.given_up).unwrap_or_default();
    let unnumbered = move || {
        app.summaries.with(|all| {
            let own = all.iter().filter(|one| one.kind == KIND && one.subtitle.is_empty());
            own.map(|one| (one.id.clone(), one.title.clone(), one.updated_ms)).collect::<Vec<_>>()
        })
    };
    // Those that were given up are listed apart, with the reason.
    let drafts = move || {
        let given_up = given_up();
        unnumbered().into_iter().filter(|(id, ..)| !given_up.iter().any(|(other, _)| other == id)).collect::<Vec<_>>()
    };
    let gone = move || {
        let titles = unnumbered();
        let titled = |(id, reason): (String, String)| {
            let title = titles.iter().find(|(other, ..)| *other == id).map(|(_, title, _)| title.clone()).unwrap_or_default();
            (id, title, reason)
        };
        given_up().into_iter().map(titled).collect::<Vec<_>>()
    };
    view! {
        <TopBar title=Signal::derive(|| document_words().register.to_owned()) back="/cases" sub=Signal::derive(|| document_words().register_hint.to_owned())/>
        <main class="page has-nav">
            {move || match found.get() {
                Some(Err(error)) => Some(view! { <Notice tone="bad">{errors::explain_store(&error)}</Notice> }.into_any()),
                _ => None,
            }}
            {move || Some(drafts()).filter(|all| !all.is_empty()).map(|all| {
                let (few, title) = (all.len() < 4, fill(document_words().without_number, &[&all.len()]));
                view! {
                <details class="card fold" open=few><summary>{title}{icon("down")}</summary>
                    <ul class="list">{all.into_iter().take(PAGE).map(|(id, title, at)| view! {
                        <li><a class="list-row" href=format!("/doc/{id}")><span class="grow"><span class="title">{title}</span>
                            <span class="sub num">{Instant::from_ms(at).minute_text(app.offset_min())}</span></span>{icon("next")}</a></li>
                    }).collect_view()}</ul>
                </details>
                }
            })}
            {move || Some(gone()).filter(|all| !all.is_empty()).map(|all| view! {
                <details class="card fold"><summary>{fill(document_words().given_up_n, &[&all.len()])}{icon("down")}</summary>
                    <ul class="list">{all.into_iter().take(PAGE).map(|(id, title, reason)| view! {
                        <li><a class="list-row" href=format!("/doc/{id}")><span class="grow"><span class="title">{title}</span><span class="sub">{reason}</span></span>{icon("next")}</a></li>
                    }).collect_view()}</ul>
                </details>
            })}
            <div class="chips-pick" role="group" aria-label=move || document_words().year>
                {move || years().into_iter().map(|one| view! {
                    <button type="button" class="num" aria-pressed=move || (year.get() == one).to_string() on:click=move |_| year.set(one)>{one}</button>
                }).collect_view()}
            </div>
            {move || {
                let (Some(Ok(numbers)), Some(all)) = (found.get(), series.get()) else {
                    return view! { <div class="empty"><span class="spinner"></span></div> }.into_any();
                };
                let year = year.get();
                view! { <SeriesList numbers all year/> }.into_any()
            }}
            <a class="btn block" href="/cases/forms">{icon("list")}{move || document_words().own_title}</a>
            <GiveRange series=Signal::derive(move || series.get().unwrap_or_default()) numbers=Signal::derive(move || found.get().and_then(Result::ok).unwrap_or_default()) year/>
        </main>
        <Nav/>
    }
}

#[component]
fn SeriesList(numbers: Numbers, all: Vec<Named>, year: i32) -> impl IntoView {
    let mut known: BTreeMap<String, Named> = BTreeMap::new();
    let mut order: Vec<String> = Vec::new();
    for one in all {
        order.push(one.series.id.clone());
        known.insert(one.series.id.clone(), one);
    }
    // Series of templates that this device does not have.
    let ids = numbers.ranges.iter().map(|range| &range.series).chain(numbers.given.iter().map(|given| &given.number.series));
    for id in ids {
        if !order.contains(id) {
            order.push(id.clone());
        }
    }
    let cards = order.into_iter().filter_map(|id| {
        let accounted = account(&id, year, &numbers.ranges, &numbers.given);
        let named = known.get(&id).cloned();
        (!accounted.lines.is_empty()).then(|| view! { <SeriesCard id year named accounted/> })
    });
    let cards = cards.collect_view();
    if cards.is_empty() {
        return view! { <div class="empty">{icon("list")}<h2>{move || document_words().no_numbers}</h2><p>{move || document_words().no_numbers_hint}</p></div> }.into_any();
    }
    cards.into_any()
}

#[component]
fn SeriesCard(id: String, year: i32, named: Option<Named>, accounted: Account) -> impl IntoView {
    let counts = count(&accounted);
    let title = named.as_ref().map_or_else(|| id.clone(), |named| lang().pick(&named.zh, &named.en).to_owned());
    let overlaps = accounted.overlaps.len();
    // A long row of numbers that nobody has used yet says nothing line by line.
    let lines: Vec<Line> = accounted.lines.into_iter().filter(|line| line.gap || line.used != Use::Free).collect();
    let more = lines.len() > PAGE;
    let lines = StoredValue::new(lines);
    let shown = RwSignal::new(PAGE);
    let voiding = RwSignal::new(None::<(Where, u32)>);
    let series = StoredValue::new(id);
    let w = document_words();
    let chip =
        |number: usize, word: &str, class: &'static str| (number > 0).then(|| view! { <span class=class>{fill(word, &[&number])}</span> });
    view! {
        <section class="card stack" aria-label=title.clone()>
            <h2>{title.clone()}</h2>
            <div class="row wrap chips">
                <span class="chip num">{fill(w.used_n, &[&counts.used])}</span>
                <span class="chip num">{fill(w.free_n, &[&counts.free])}</span>
                {chip(counts.void, w.void_n, "chip num")}
                {chip(counts.gaps, w.gaps_n, "chip warn num")}
                {chip(counts.doubles, w.doubles_n, "chip bad num")}
                {chip(overlaps, w.overlaps_n, "chip bad num")}
            </div>
            <ul class="list">
                {move || lines.with_value(|lines| lines.iter().take(shown.get()).map(|line| view! { <NumberLine line=line.clone() voiding/> }).collect_view())}
            </ul>
            {more.then(|| view! { <Show when=move || { lines.with_value(Vec::len) > shown.get() }>
                <button type="button" class="btn block" on:click=move |_| shown.update(|shown| *shown += PAGE)>{move || document_words().more}</button>
            </Show> })}
            <VoidNumber voiding on_void=Callback::new(move |(place, n, reason): (Where, u32, String)| void_number(series.get_value(), year, place, n, reason))/>
        </section>
    }
}

/// Whose number is voided.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Where {
    /// Of a range, by its record.
    Range(String),
    /// Of those that a device counts by itself, by its tag.
    Own(String),
}

/// Voids a number where its voids stand.
fn void_number(series: String, year: i32, place: Where, n: u32, reason: String) {
    let Some(app) = App::current() else { return };
    leptos::task::spawn_local(async move {
        let kept = match place {
            Where::Own(tag) => void_own(app, &series, year, &tag, n, &reason).await,
            Where::Range(range) => match RecordId::parse(&range) {
                Ok(id) => match Pen::on(app, &id).await {
                    Ok(pen) => pen.keep(&void([n], &reason)).await,
                    Err(error) => Err(error),
                },
                Err(_) => return,
            },
        };
        match kept {
            Ok(()) => app.toast(document_words().voided_toast),
            Err(error) => app.toast(explain(&error)),
        }
    });
}

/// A number and what became of it.
#[component]
fn NumberLine(line: Line, voiding: RwSignal<Option<(Where, u32)>>) -> impl IntoView {
    let w = document_words();
    let double = line.is_double();
    let number = match (&line.tag, line.text.is_empty()) {
        (_, false) => line.text.clone(),
        (Some(tag), true) => format!("{tag}-{}", line.n),
        (None, true) => line.n.to_string(),
    };
    let (given, reason) = match &line.used {
        Use::Free => (Vec::new(), None),
        Use::Given(given) => (given.clone(), None),
        Use::Void { reason, given } => (given.clone(), Some(reason.clone())),
    };
    let links = given.iter().map(|one| {
        let word = match (one.stands, one.withdrawn) {
            (false, _) => w.not_standing,
            (true, true) => w.withdrawn,
            (true, false) => w.open_document,
        };
        view! { <a class="btn slim" href=format!("/doc/{}", one.document)>{word}</a> }
    });
    let links = links.collect_view();
    let place = line.range.clone().map(Where::Range).or_else(|| line.tag.clone().map(Where::Own));
    let can_void = (line.gap || matches!(line.used, Use::Free)).then_some(place).flatten().map(|place| (place, line.n));
    view! {
        <li class="list-row">
            <span class="grow"><span class="title num">{number}</span>
                {reason.map(|reason| view! { <span class="sub">{fill(w.void_because, &[&reason])}</span> })}
                {line.gap.then(|| view! { <span class="sub">{w.gap}</span> })}
                {double.then(|| view! { <span class="chip bad">{w.double}</span> })}
            </span>
            {links}
            {can_void.map(|one| view! { <button type="button" class="btn slim" on:click=move |_| voiding.set(Some(one.clone()))>{w.void}</button> })}
        </li>
    }
}
