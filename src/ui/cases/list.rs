//! The matters: an overview by kind, and those of one kind or all.

use leptos::prelude::*;

use super::rules::{SharedTiming, Timing, end_chip, groups, most_urgent, timing, tone_class};
use crate::domain::content::Lang;
use crate::domain::inspection::Summary;
use crate::domain::matter::MatterLine;
use crate::domain::time::{CivilDate, Instant};
use crate::ui::icon::icon;
use crate::ui::state::App;
use crate::ui::widget::{Nav, TopBar};
use crate::ui::words::{cases_words, document_words, fill, inbox_words, lang, signal_words};

/// How many are shown at first, and how many more at a time.
const PAGE: usize = 40;

/// Which ones are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    Open,
    Late,
    Closed,
    All,
}

/// The page; with a procedure only its matters.
#[component]
pub fn CasesPage(procedure: Option<String>) -> impl IntoView {
    let app = App::get();
    let timing = LocalResource::new(timing);
    let all = LocalResource::new(groups);
    let which = RwSignal::new(Which::Open);
    let search = RwSignal::new(String::new());
    let shown = RwSignal::new(PAGE);
    let only = StoredValue::new(procedure.clone());
    let mine = move || {
        let matters = app.summaries.with(|all| all.iter().filter(|one| one.matter.is_some()).cloned().collect::<Vec<_>>());
        only.with_value(|only| match only {
            Some(id) => matters.into_iter().filter(|one| one.matter.as_ref().is_some_and(|line| line.procedure == *id)).collect(),
            None => matters,
        })
    };
    let picked = move || {
        let (which, words) = (which.get(), search.get());
        let mut rows = rows_of(app, mine(), timing);
        rows.retain(|row| row.is(which) && row.fits(&words));
        rows.sort_by_key(|row| (row.urgency, std::cmp::Reverse(row.summary.updated_ms)));
        rows
    };
    let counts = move |id: &str| {
        let of_kind = app.summaries.with(|all| {
            let same = all.iter().filter(|one| one.matter.as_ref().is_some_and(|line| line.procedure == id));
            same.cloned().collect::<Vec<_>>()
        });
        let rows = rows_of(app, of_kind, timing);
        (rows.iter().filter(|row| row.is(Which::Open)).count(), rows.iter().filter(|row| row.is(Which::Late)).count())
    };
    let title = Signal::derive(move || {
        let named = only.with_value(Clone::clone).and_then(|id| {
            let groups = all.get()?;
            let known = groups.iter().flat_map(|group| &group.procedures).find(|known| known.id == id)?;
            Some(known.title(lang()).to_owned())
        });
        named.unwrap_or_else(|| cases_words().title.to_owned())
    });
    let back = procedure.as_ref().map_or("/", |_| "/cases");
    let overview = procedure.is_none().then(|| {
        view! {
            {move || all.get().map(|groups| groups.into_iter().filter(|group| !group.procedures.is_empty()).map(|group| {
                let name = lang().pick(&group.zh, &group.en).to_owned();
                view! {
                    <section class="card flush">
                        <h2 class="card-head">{name}</h2>
                        <ul class="list">
                            {group.procedures.into_iter().map(|one| {
                                let href = format!("/cases/{}", one.id);
                                let (open, late) = counts(&one.id);
                                view! {
                                    <li><a class="list-row" href=href>
                                        <span class="grow"><span class="title">{one.title(lang()).to_owned()}</span>
                                            <span class="sub num">{fill(cases_words().counts, &[&open, &late])}</span></span>
                                        {(late > 0).then(|| view! { <span class="chip bad num">{late}</span> })}
                                        {icon("next")}
                                    </a></li>
                                }
                            }).collect_view()}
                        </ul>
                    </section>
                }
            }).collect_view())}
        }
    });
    let inbox = procedure.as_deref().is_none_or(|id| id == "complaint" || id == "report").then(|| {
        view! { <a class="btn block" href="/inbox">{icon("import")}{move || inbox_words().title}</a> }
    });
    let register = procedure.is_none().then(|| {
        view! {
            <div class="tiles">
                <a class="btn" href="/documents">{icon("book")}{move || document_words().register}</a>
                <a class="btn" href="/leads">{icon("warn")}{move || signal_words().leads}</a>
                <a class="btn" href="/stats">{icon("list")}{move || signal_words().stats}</a>
            </div>
        }
    });
    let begin = procedure.clone().map(|id| {
        view! { <a class="btn primary block" href=format!("/cases/{id}/new")>{icon("plus")}{move || cases_words().new}</a> }
    });
    view! {
        <TopBar title back=back sub=Signal::derive(|| cases_words().hint.to_owned())/>
        <main class="page has-nav">
            {overview}
            {inbox}
            {register}
            {begin}
            <section class="stack" aria-label=move || cases_words().filter>
                <div class="segmented" role="group" aria-label=move || cases_words().filter>
                    {[Which::Open, Which::Late, Which::Closed, Which::All].map(|one| view! {
                        <button type="button" aria-pressed=move || (which.get() == one).to_string() on:click=move |_| { which.set(one); shown.set(PAGE); }>{move || word(one)}</button>
                    })}
                </div>
                <label class="search"><span class="sr">{move || cases_words().search}</span>{icon("search")}
                    <input class="input" type="search" autocomplete="off" placeholder=move || cases_words().search on:input=move |event| { search.set(event_target_value(&event)); shown.set(PAGE); }/>
                </label>
            </section>
            {move || {
                let rows = picked();
                if rows.is_empty() {
                    return empty(mine().is_empty()).into_any();
                }
                let (many, limit) = (rows.len(), shown.get());
                view! {
                    <ul class="list card flush">{rows.into_iter().take(limit).map(|row| row_view(app, row)).collect_view()}</ul>
                    {(many > limit).then(|| view! {
                        <button type="button" class="btn block" on:click=move |_| shown.update(|shown| *shown += PAGE)>{fill(cases_words().more, &[&(many - limit).min(PAGE)])}</button>
                    })}
                }.into_any()
            }}
        </main>
        <Nav/>
    }
}

fn word(which: Which) -> &'static str {
    match which {
        Which::Open => cases_words().open,
        Which::Late => cases_words().late,
        Which::Closed => cases_words().closed,
        Which::All => cases_words().all,
    }
}

fn empty(nothing: bool) -> impl IntoView {
    let w = cases_words();
    let (title, hint) = if nothing { (w.none, Some(w.none_hint)) } else { (w.nothing_found, None) };
    view! { <div class="empty">{icon("list")}<h2>{title}</h2>{hint.map(|hint| view! { <p>{hint}</p> })}</div> }
}

/// The moment and the day.
/// The matters among some summaries, as they stand now; without periods while their rules are on the way.
fn rows_of(app: App, all: Vec<Summary>, timing: LocalResource<Option<SharedTiming>>) -> Vec<Row> {
    let timing = timing.get().flatten();
    let now = Instant::from_ms(app.now_ms());
    let today = now.date(app.offset_min());
    all.into_iter().filter_map(|one| Row::of(one, timing.as_deref().map(|timing| &**timing), now, today)).collect()
}

/// Rows below each other; nothing where there are none.
fn list_of(app: App, rows: Vec<Row>) -> Option<impl IntoView> {
    (!rows.is_empty()).then(|| view! { <ul class="list">{rows.into_iter().map(|row| row_view(app, row)).collect_view()}</ul> })
}

/// A matter in a list.
struct Row {
    summary: Summary,
    line: MatterLine,
    chip: Option<(&'static str, String, String)>,
    late: bool,
    /// Days until the most urgent period ends; far away where none runs.
    urgency: i64,
}

impl Row {
    fn of(mut summary: Summary, timing: Option<&Timing>, now: Instant, today: CivilDate) -> Option<Self> {
        let line = summary.matter.take()?;
        let urgent = most_urgent(&line, timing);
        let late = urgent.as_ref().is_some_and(|(_, end)| end.is_past(now, today));
        let urgency = urgent.as_ref().and_then(|(_, end)| end.days_left(today)).unwrap_or(i64::MAX);
        let chip = urgent.map(|(period, end)| {
            let (class, text) = end_chip(&end, now, today, period.offset_min);
            (class, text, lang().pick(&period.zh, &period.en).to_owned())
        });
        Some(Self { summary, line, chip, late, urgency })
    }

    fn is(&self, which: Which) -> bool {
        match which {
            Which::Open => !self.line.closed,
            Which::Late => !self.line.closed && self.late,
            Which::Closed => self.line.closed,
            Which::All => true,
        }
    }

    fn fits(&self, search: &str) -> bool {
        let text =
            format!("{} {} {} {}", self.summary.title, self.summary.subtitle, self.line.headline, self.summary.search).to_lowercase();
        search.to_lowercase().split_whitespace().all(|word| text.contains(word))
    }
}

/// A matter in a list, with a link to it.
fn row_view(app: App, row: Row) -> impl IntoView {
    let _ = app;
    let Row { summary, line, chip, .. } = row;
    let state = state_text(&line, lang());
    view! {
        <li><a class="list-row" href=format!("/case/{}", summary.id)>
            <span class="grow">
                <span class="title clip-2">{line.headline.clone()}</span>
                <span class="sub">{[summary.title, summary.subtitle].join(" ")}</span>
                <span class="row wrap chips">
                    <span class=tone_class(&line.tone)>{state}</span>
                    {flag_chips(&line)}
                    {chip.map(|(class, text, what)| view! { <span class=class>{format!("{what} · {text}")}</span> })}
                </span>
            </span>
            {icon("next")}
        </a></li>
    }
}

/// The matters of another record, such as the hazards of a check.
#[component]
pub fn MattersOf(
    /// The record.
    #[prop(into)]
    record: String,
) -> impl IntoView {
    let app = App::get();
    let timing = LocalResource::new(timing);
    move || {
        let linked = app.summaries.with(|all| {
            let same = all.iter().filter(|one| {
                one.matter.as_ref().is_some_and(|line| line.links.iter().any(|link| link.split('#').next() == Some(record.as_str())))
            });
            same.cloned().collect::<Vec<_>>()
        });
        list_of(app, rows_of(app, linked, timing))
    }
}

/// The open matters of one procedure, the most urgent first.
#[component]
pub fn MattersOfKind(
    /// The procedure.
    #[prop(into)]
    procedure: String,
) -> impl IntoView {
    let app = App::get();
    let timing = LocalResource::new(timing);
    move || {
        let open = |one: &&Summary| one.matter.as_ref().is_some_and(|line| line.procedure == procedure && !line.closed);
        let all = app.summaries.with(|all| all.iter().filter(open).cloned().collect::<Vec<_>>());
        let mut rows = rows_of(app, all, timing);
        rows.sort_by_key(|row| (row.urgency, std::cmp::Reverse(row.summary.updated_ms)));
        list_of(app, rows)
    }
}

/// What the state is called.
#[must_use]
pub fn state_text(line: &MatterLine, lang: Lang) -> String {
    lang.pick(&line.state_zh, &line.state_en).to_owned()
}

/// The grades, each a chip.
#[must_use]
pub fn flag_chips(line: &MatterLine) -> Vec<AnyView> {
    let chip = |flag: &String| match flag.as_str() {
        "serious" => Some(view! { <span class="chip bad">{cases_words().flag_serious}</span> }.into_any()),
        "major" => Some(view! { <span class="chip bad">{cases_words().flag_major}</span> }.into_any()),
        _ => None,
    };
    line.flags.iter().filter_map(chip).collect()
}
