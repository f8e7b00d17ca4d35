//! The inbox of complaints and reports: what is urgent or due first, and one tap from a row to its matter.

use leptos::prelude::*;

use super::rules::{SharedTiming, article, end_chip, law_names, timing, tone_class, triage};
use crate::browser::files;
use crate::complaint::code::{self, Carried};
use crate::complaint::records;
use crate::domain::time::{CivilDate, Instant};
use crate::intake::{Ends, NearIndex, Strength, Tab, Triage, Waiting, area, waiting};
use crate::procedure::FieldKind;
use crate::ui::icon::icon;
use crate::ui::office::import::{Incoming, pick_and_take_in, take_in};
use crate::ui::office::report::IncomingList;
use crate::ui::state::App;
use crate::ui::widget::{Nav, Notice, TopBar};
use crate::ui::words::{cases_words, fill, inbox_words, lang, words};

/// How many are shown at first, and how many more at a time.
const PAGE: usize = 40;

/// What is shown, as the person chose.
#[derive(Clone, Copy)]
struct Wanted {
    tab: RwSignal<Option<Tab>>,
    ends: RwSignal<Option<Ends>>,
    urgent: RwSignal<Option<String>>,
    kind: RwSignal<String>,
    goods: RwSignal<String>,
    area: RwSignal<String>,
    search: RwSignal<String>,
    most: RwSignal<usize>,
}

impl Wanted {
    fn new() -> Self {
        Self {
            tab: RwSignal::new(Some(Tab::Incoming)),
            ends: RwSignal::new(None),
            urgent: RwSignal::new(None),
            kind: RwSignal::new(String::new()),
            goods: RwSignal::new(String::new()),
            area: RwSignal::new(String::new()),
            search: RwSignal::new(String::new()),
            most: RwSignal::new(PAGE),
        }
    }

    /// Whether a matter is among those wanted, whatever tab, end or reason is chosen.
    fn takes(self, one: &Waiting<'_>) -> bool {
        let same = |wanted: RwSignal<String>, found: &str| wanted.with(|wanted| wanted.is_empty() || wanted == found);
        let fact = |name: &str| one.line.fact(name).unwrap_or_default();
        let text =
            ["respondent_name", "respondent_address", "goods_name", "brand", "model", "batch", "gtin", "receipt_no"].map(fact).join(" ");
        let text = format!("{} {} {} {text}", one.summary.title, one.line.headline, one.summary.search).to_lowercase();
        let words = self.search.get().to_lowercase();
        same(self.kind, &one.line.procedure)
            && same(self.goods, fact("goods_kind"))
            && same(self.area, &area(one.line).unwrap_or_default())
            && words.split_whitespace().all(|word| text.contains(word))
    }

    fn in_tab(self, one: &Waiting<'_>) -> bool {
        self.tab.get().is_none_or(|tab| tab == one.tab)
    }

    fn has_reason(self, one: &Waiting<'_>) -> bool {
        self.urgent.with(|wanted| wanted.as_ref().is_none_or(|id| one.urgent.iter().any(|reason| reason.id == *id)))
    }
}

/// A matter as its row shows it.
#[derive(Clone, PartialEq)]
struct Row {
    id: String,
    title: String,
    kind: String,
    sub: String,
    state: (&'static str, String),
    urgent: Vec<String>,
    clock: Option<(&'static str, String)>,
    law: Option<(String, bool)>,
    estimated: bool,
    double: usize,
}

/// Everything that the page shows.
#[derive(Clone, PartialEq, Default)]
struct View {
    rows: Vec<Row>,
    any: bool,
    tabs: [usize; 4],
    ends: [usize; 4],
    reasons: Vec<(String, String, usize)>,
    goods: Vec<String>,
    areas: Vec<String>,
}

const ENDS: [Ends; 4] = [Ends::Overdue, Ends::Today, Ends::Soon, Ends::Later];
const TABS: [Option<Tab>; 4] = [Some(Tab::Incoming), Some(Tab::Handled), Some(Tab::Closed), None];

/// The page.
#[component]
pub fn InboxPage() -> impl IntoView {
    let app = App::get();
    let (rules, times, laws) = (LocalResource::new(triage), LocalResource::new(timing), LocalResource::new(law_names));
    let goods_names = LocalResource::new(|| async {
        let procedure = super::rules::procedure("complaint").await?;
        match &procedure.field("goods_kind")?.kind {
            FieldKind::Choice { options } => Some(options.clone()),
            _ => None,
        }
    });
    let wanted = Wanted::new();
    let incoming = RwSignal::new(Vec::<Incoming>::new());
    let view = Memo::new(move |_| {
        let (Some(Some(rules)), Some(Some(times))) = (rules.get(), times.get()) else { return None };
        let laws = laws.get().unwrap_or_default();
        let now = Instant::from_ms(app.now_ms());
        let today = now.date(app.offset_min());
        Some(app.summaries.with(|all| look(&rules, &times, &laws, all, wanted, now, today)))
    });
    let failed = move || matches!(rules.get(), Some(None)) || matches!(times.get(), Some(None));
    let soon_days = move || rules.get().flatten().map_or(0, |rules| rules.soon_days);
    let goods_name = move |id: &str| {
        let known = goods_names.get().flatten().unwrap_or_default();
        known.iter().find(|option| option.id == id).map_or_else(|| id.to_owned(), |option| option.name.get(lang()).to_owned())
    };
    let pick = move |_| pick_and_take_in(app, incoming);
    view! {
        <TopBar title=Signal::derive(|| inbox_words().title.to_owned()) back="/office" sub=Signal::derive(|| inbox_words().sub.to_owned())/>
        <main class="page wide columns has-nav inbox">
            <div class="stack">
                <Show when=failed><Notice tone="bad">{move || inbox_words().no_rules}</Notice></Show>
                <section class="stack" aria-label=move || inbox_words().which>
                    <div class="segmented" role="group" aria-label=move || inbox_words().which>
                        {TABS.into_iter().enumerate().map(|(at, tab)| view! {
                            <button type="button" aria-pressed=move || (wanted.tab.get() == tab).to_string() on:click=move |_| { wanted.tab.set(tab); wanted.most.set(PAGE); }>
                                {move || tab_word(tab)}" "<span class="num">{move || view.with(|view| view.as_ref().map(|view| view.tabs.get(at).copied().unwrap_or_default()))}</span>
                            </button>
                        }).collect_view()}
                    </div>
                    <label class="search"><span class="sr">{move || inbox_words().search}</span>{icon("search")}
                        <input class="input" type="search" autocomplete="off" placeholder=move || inbox_words().search on:input=move |event| { wanted.search.set(event_target_value(&event)); wanted.most.set(PAGE); }/>
                    </label>
                    <details class="fold"><summary>{move || cases_words().filter}{icon("down")}</summary>
                        <div class="stack">
                            <label class="field"><span>{move || inbox_words().kind}</span>
                                <select class="input" on:change=move |event| wanted.kind.set(event_target_value(&event))>
                                    <option value="">{move || inbox_words().kind_all}</option>
                                    <option value="complaint">{move || inbox_words().new_complaint_kind}</option>
                                    <option value="report">{move || inbox_words().new_report_kind}</option>
                                </select>
                            </label>
                            <label class="field"><span>{move || inbox_words().goods}</span>
                                <select class="input" on:change=move |event| wanted.goods.set(event_target_value(&event))>
                                    <option value="">{move || inbox_words().goods_all}</option>
                                    {move || view.with(|view| view.as_ref().map(|view| view.goods.clone()).unwrap_or_default()).into_iter().map(|id| {
                                        let (value, name) = (id.clone(), goods_name(&id));
                                        view! { <option value=value selected=wanted.goods.get_untracked() == id>{name}</option> }
                                    }).collect_view()}
                                </select>
                            </label>
                            <label class="field"><span>{move || inbox_words().area}</span>
                                <select class="input" on:change=move |event| wanted.area.set(event_target_value(&event))>
                                    <option value="">{move || inbox_words().area_all}</option>
                                    {move || view.with(|view| view.as_ref().map(|view| view.areas.clone()).unwrap_or_default()).into_iter().map(|name| {
                                        let selected = wanted.area.get_untracked() == name;
                                        view! { <option value=name.clone() selected=selected>{name.clone()}</option> }
                                    }).collect_view()}
                                </select>
                            </label>
                        </div>
                    </details>
                </section>
                {move || view.with(|view| view.clone()).map(|view| list(view, wanted))}
            </div>
            <div class="stack">
                <section class="card stack" aria-labelledby="inbox-periods">
                    <h2 id="inbox-periods">{move || inbox_words().panel}</h2>
                    <div class="inbox-ends" role="group" aria-label=move || inbox_words().panel>
                        {ENDS.into_iter().enumerate().map(|(at, ends)| view! {
                            <button type="button" class="inbox-end" class:bad=ends == Ends::Overdue class:warn=ends == Ends::Today aria-pressed=move || (wanted.ends.get() == Some(ends)).to_string()
                                on:click=move |_| { wanted.ends.update(|now| *now = if *now == Some(ends) { None } else { Some(ends) }); wanted.most.set(PAGE); }>
                                <span class="inbox-number num">{move || view.with(|view| view.as_ref().map_or(0, |view| view.ends.get(at).copied().unwrap_or_default()))}</span>
                                <span>{move || ends_word(ends, soon_days())}</span>
                            </button>
                        }).collect_view()}
                    </div>
                    {move || {
                        let reasons = view.with(|view| view.as_ref().map(|view| view.reasons.clone()).unwrap_or_default());
                        (!reasons.is_empty()).then(|| view! {
                            <h3>{inbox_words().urgent}" "<span class="chip">{inbox_words().own_rule}</span></h3>
                            <div class="chips-pick" role="group" aria-label=inbox_words().urgent>
                                {reasons.into_iter().map(|(id, name, count)| {
                                    let (mark, pick) = (id.clone(), id);
                                    view! {
                                        <button type="button" aria-pressed=move || wanted.urgent.with(|now| now.as_ref() == Some(&mark)).to_string()
                                            on:click=move |_| { wanted.urgent.update(|now| *now = if now.as_ref() == Some(&pick) { None } else { Some(pick.clone()) }); wanted.most.set(PAGE); }>
                                            {name}" "<span class="num">{count}</span>
                                        </button>
                                    }
                                }).collect_view()}
                            </div>
                        })
                    }}
                </section>
                <section class="card stack" aria-labelledby="inbox-in">
                    <h2 id="inbox-in">{move || inbox_words().take_in}</h2>
                    <p class="muted small">{move || inbox_words().open_hint}</p>
                    <button type="button" class="btn primary block" disabled=move || !app.owner.get() on:click=pick>{icon("import")}{move || inbox_words().open_file}</button>
                    <PasteCode incoming/>
                    <a class="btn block" href="/cases/complaint/new">{icon("plus")}{move || inbox_words().new_complaint}</a>
                    <a class="btn block" href="/cases/report/new">{icon("plus")}{move || inbox_words().new_report}</a>
                    <Show when=move || !app.owner.get()><Notice tone="warn">{move || words().reader_note}</Notice></Show>
                </section>
                <IncomingList incoming/>
            </div>
        </main>
        <Nav/>
    }
}

/// Takes in a complaint that came as a text: it becomes a file and is checked and kept like any other.
#[component]
fn PasteCode(incoming: RwSignal<Vec<Incoming>>) -> impl IntoView {
    let app = App::get();
    let text = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let take = move |_| {
        busy.set(true);
        leptos::task::spawn_local(async move {
            match file_of_code(&text.get_untracked()).await {
                Ok(file) => {
                    text.set(String::new());
                    take_in(app, vec![file], incoming);
                }
                Err(why) => app.toast(why),
            }
            busy.set(false);
        });
    };
    view! {
        <details class="fold"><summary>{move || inbox_words().paste}{icon("down")}</summary>
            <div class="stack">
                <label class="field"><span>{move || inbox_words().paste_hint}</span>
                    <textarea class="input mono" rows="4" autocomplete="off" spellcheck="false" prop:value=move || text.get() on:input=move |event| text.set(event_target_value(&event))></textarea>
                </label>
                <button type="button" class="btn block" disabled=move || busy.get() || !app.owner.get() || text.with(|text| text.trim().is_empty()) on:click=take>{move || inbox_words().paste_go}</button>
            </div>
        </details>
    }
}

/// The bundle that a text code stands for; else what to tell the person.
async fn file_of_code(text: &str) -> Result<web_sys::File, &'static str> {
    let statement = match code::decode(text) {
        Ok(Carried::Statement(statement)) => *statement,
        Ok(Carried::Envelope(_)) => return Err(inbox_words().paste_sealed),
        Err(_) => return Err(inbox_words().paste_bad),
    };
    let mut procedures = Vec::new();
    for filing in statement.filings.keys() {
        procedures.extend(super::rules::procedure(filing.as_str()).await);
    }
    let filed = records(statement, &procedures).map_err(|_| inbox_words().paste_bad)?;
    // A text carries no photos.
    let bytes = filed.write(|_| None).map_err(|_| inbox_words().paste_bad)?;
    files::file_of(&bytes, &filed.file_name()).ok_or(inbox_words().paste_bad)
}

/// Reads what has come in, as the page shows it.
fn look(
    rules: &Triage,
    times: &SharedTiming,
    laws: &[super::rules::Law],
    all: &[crate::domain::inspection::Summary],
    wanted: Wanted,
    now: Instant,
    today: CivilDate,
) -> View {
    let queue = waiting(rules, all, &times.clocks, &times.calendar, now, today);
    let index = NearIndex::of(rules, all);
    let mut view = View { any: !queue.is_empty(), ..View::default() };
    for one in &queue {
        view.goods.extend(one.line.fact("goods_kind").map(str::to_owned));
        view.areas.extend(area(one.line));
    }
    for names in [&mut view.goods, &mut view.areas] {
        names.sort();
        names.dedup();
    }
    let taken: Vec<&Waiting<'_>> = queue.iter().filter(|one| wanted.takes(one)).collect();
    view.tabs = TABS.map(|tab| taken.iter().filter(|one| tab.is_none_or(|tab| tab == one.tab)).count());
    let in_tab: Vec<&Waiting<'_>> = taken.into_iter().filter(|one| wanted.in_tab(one)).collect();
    view.ends = ENDS.map(|ends| in_tab.iter().filter(|one| one.ends == ends).count());
    for reason in &rules.urgent {
        let count = in_tab.iter().filter(|one| one.urgent.iter().any(|other| other.id == reason.id)).count();
        if count > 0 {
            view.reasons.push((reason.id.clone(), reason.name.get(lang()).to_owned(), count));
        }
    }
    let shown = in_tab.into_iter().filter(|one| wanted.has_reason(one) && wanted.ends.get().is_none_or(|ends| ends == one.ends));
    view.rows = shown
        .map(|one| {
            let near = index.near(&one.summary.id);
            let double = near.iter().filter(|near| near.finding.is_none() && near.strength > Strength::Weak).count();
            let first = one.periods.first();
            let fact = |name: &str| one.line.fact(name).unwrap_or_default().to_owned();
            let respondent = Some(fact("respondent_name")).filter(|name| !name.is_empty()).unwrap_or_else(|| one.summary.title.clone());
            let day = fact("received_on");
            let received = if day.is_empty() { String::new() } else { fill(inbox_words().received, &[&day]) };
            Row {
                id: one.summary.id.clone(),
                title: Some(one.line.headline.clone()).filter(|text| !text.is_empty()).unwrap_or_else(|| respondent.clone()),
                kind: if one.line.procedure == "report" { inbox_words().new_report_kind } else { inbox_words().new_complaint_kind }
                    .to_owned(),
                sub: [respondent, received].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
                state: (tone_class(&one.line.tone), lang().pick(&one.line.state_zh, &one.line.state_en).to_owned()),
                urgent: one.urgent.iter().map(|reason| reason.name.get(lang()).to_owned()).collect(),
                clock: first.map(|(period, end)| {
                    let (class, text) = end_chip(end, now, today, period.offset_min);
                    (class, format!("{} · {text}", lang().pick(&period.zh, &period.en)))
                }),
                law: first.and_then(|(period, end)| {
                    let (law, verified) = article(period, &times.clocks, laws, lang())?;
                    Some((law, verified && end.verified))
                }),
                estimated: first.is_some_and(|(_, end)| end.estimated),
                double,
            }
        })
        .collect();
    view
}

fn list(view: View, wanted: Wanted) -> AnyView {
    let w = inbox_words();
    if view.rows.is_empty() {
        let (title, hint) = if view.any { (w.nothing_found, None) } else { (w.none, Some(w.none_hint)) };
        return view! { <div class="empty">{icon("list")}<h2>{title}</h2>{hint.map(|hint| view! { <p>{hint}</p> })}</div> }.into_any();
    }
    let (many, most) = (view.rows.len(), wanted.most.get());
    view! {
        <ul class="list card flush">{view.rows.into_iter().take(most).map(row_view).collect_view()}</ul>
        {(many > most).then(|| view! {
            <button type="button" class="btn block" on:click=move |_| wanted.most.update(|most| *most += PAGE)>{fill(w.more, &[&(many - most).min(PAGE)])}</button>
        })}
    }
    .into_any()
}

fn row_view(row: Row) -> impl IntoView {
    let w = inbox_words();
    view! {
        <li><a class="list-row" href=format!("/case/{}", row.id)>
            <span class="grow">
                <span class="title clip-2">{row.title}</span>
                <span class="sub">{row.kind}" · "{row.sub}</span>
                <span class="row wrap chips">
                    {row.urgent.into_iter().map(|reason| view! { <span class="chip bad">{reason}</span> }).collect_view()}
                    <span class=row.state.0>{row.state.1}</span>
                    {row.clock.map(|(class, text)| view! { <span class=class>{text}</span> })}
                    {row.estimated.then(|| view! { <span class="chip warn">{cases_words().estimated}</span> })}
                    {(row.double > 0).then(|| view! { <span class="chip warn num">{fill(w.may_be_double, &[&row.double])}</span> })}
                </span>
                {row.law.map(|(law, verified)| view! {
                    <span class="sub small">{fill(w.by_law, &[&law])}" "{(!verified).then(|| view! { <span class="chip warn">{cases_words().unverified}</span> })}</span>
                })}
            </span>
            {icon("next")}
        </a></li>
    }
}

fn tab_word(tab: Option<Tab>) -> &'static str {
    let w = inbox_words();
    match tab {
        Some(Tab::Incoming) => w.incoming,
        Some(Tab::Handled) => w.handled,
        Some(Tab::Closed) => w.closed,
        None => w.all,
    }
}

fn ends_word(ends: Ends, soon_days: u32) -> String {
    let w = inbox_words();
    match ends {
        Ends::Overdue => w.overdue.to_owned(),
        Ends::Today => w.today.to_owned(),
        Ends::Soon => fill(w.soon, &[&soon_days]),
        Ends::Later | Ends::Never => w.later.to_owned(),
    }
}
