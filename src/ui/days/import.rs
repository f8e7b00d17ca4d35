//! A holiday table comes in: read, every row checked, compared by year, kept when a person says so.

use std::sync::Arc;

use leptos::prelude::*;
use spotcheck_sheets::ReadError;
use spotcheck_sheets::read::Limit;

use super::Rules;
use super::calendar::notice_list;
use super::period::DayField;
use crate::app::assign::days::{Column, DayError, DayProblem, DaysTable, Notice as Source, TableError};
use crate::app::assign::edition::HOLIDAYS;
use crate::app::assign::file::{ContentFile, FileKind, MOST_BYTES, PublishError};
use crate::browser::files::{self, Pick};
use crate::browser::{desk, pace::give_way};
use crate::desk::tables::Unpacker;
use crate::desk::{Answer, Job};
use crate::domain::time::CivilDate;
use crate::ledger::columns::Table;
use crate::rules::Calendar;
use crate::ui::assign::{content_ids, explain, explain_file};
use crate::ui::content;
use crate::ui::icon::icon;
use crate::ui::ledger::import::explain_table;
use crate::ui::ledger::line::today;
use crate::ui::state::App;
use crate::ui::widget::{FormField, Notice};
use crate::ui::words::{assign_words, days_words, fill, lang};

/// How long reading may take on the slowest phone.
const LIMIT_MS: i32 = 60_000;
/// How many errors are shown.
const ERRORS: usize = 50;

/// How far taking in is.
#[derive(Clone)]
enum Step {
    Idle,
    Reading,
    /// What is wrong, with the place for those who make such files.
    Refused(String, String),
    /// Rows that can't be taken.
    Errors(Arc<DaysTable>),
    Read(Arc<Ready>),
    Keeping,
    Kept,
}

/// A file that passed.
struct Ready {
    /// The rows of a spreadsheet, which say nothing of the notice.
    table: Option<DaysTable>,
    /// A file of the shipped format.
    file: Option<ContentFile>,
    /// What it says.
    calendar: Calendar,
    added: Vec<i32>,
    changed: Vec<i32>,
    /// Days off of those years now in force that it does not have.
    lost: Vec<CivilDate>,
    same: bool,
    /// Something else than years differs.
    local: bool,
}

/// What a person says of the notice that a spreadsheet was made from.
#[derive(Clone, Copy)]
struct Said {
    source: RwSignal<String>,
    source_problem: RwSignal<Option<String>>,
    published_on: RwSignal<String>,
    published_problem: RwSignal<bool>,
    compared: RwSignal<bool>,
}

impl Said {
    fn clear(self) {
        self.source.set(String::new());
        self.source_problem.set(None);
        self.published_on.set(String::new());
        self.published_problem.set(false);
        self.compared.set(false);
    }

    /// The notice, or what lacks shown beside the fields.
    fn notice(self) -> Option<Source> {
        let source = self.source.get_untracked().trim().to_owned();
        let published_on = CivilDate::parse(&self.published_on.get_untracked());
        self.published_problem.set(published_on.is_none());
        if source.is_empty() {
            self.source_problem.set(Some(days_words().source_needed.to_owned()));
        }
        (!source.is_empty() && published_on.is_some()).then(|| Source { source, published_on, compared: self.compared.get_untracked() })
    }
}

/// The part of the page that takes a table in; `after` is called when one was kept.
#[component]
pub fn Import(now: Signal<Option<Arc<Rules>>>, after: Callback<()>) -> impl IntoView {
    let app = App::get();
    let step = RwSignal::new(Step::Idle);
    let said = Said {
        source: RwSignal::new(String::new()),
        source_problem: RwSignal::new(None),
        published_on: RwSignal::new(String::new()),
        published_problem: RwSignal::new(false),
        compared: RwSignal::new(false),
    };
    let pick = move |_| {
        leptos::task::spawn_local(async move {
            let Some(file) = files::pick(Pick::SheetsOrRules).await.into_iter().next() else { return };
            said.clear();
            step.try_set(Step::Reading);
            let Some(rules) = now.try_get_untracked().flatten() else {
                step.try_set(Step::Refused(days_words().no_rules.to_owned(), String::new()));
                return;
            };
            let next = read(&file, &rules, today(app)).await.unwrap_or_else(|(what, place)| Step::Refused(what, place));
            step.try_set(next);
        });
    };
    let keep = move |ready: Arc<Ready>| {
        let Some(file) = file_to_keep(&ready, said, now.get_untracked().as_deref()) else { return };
        let file = match file {
            Ok(file) => file,
            Err((what, place)) => return step.set(Step::Refused(what, place)),
        };
        step.set(Step::Keeping);
        leptos::task::spawn_local(async move {
            let shipped = content::shipped(HOLIDAYS).await.ok();
            let next = match app.workspace().publish_file(&file, &content_ids(app), shipped.as_deref()).await {
                Ok(Some(_)) => Step::Kept,
                Ok(None) => Step::Refused(days_words().same.to_owned(), String::new()),
                Err(PublishError::File(error)) => {
                    let (what, place) = explain_file(&error);
                    Step::Refused(what, place)
                }
                Err(PublishError::App(error)) => Step::Refused(fill(days_words().not_kept, &[&explain(&error)]), String::new()),
            };
            app.after_save();
            app.refresh().await;
            step.try_set(next);
            after.try_run(());
        });
    };
    let busy = move || step.with(|step| matches!(step, Step::Reading | Step::Keeping));
    view! {
        <section class="card stack" aria-labelledby="days-import">
            <h2 id="days-import">{move || days_words().import}</h2>
            <p class="muted">{move || days_words().import_hint}</p>
            <button type="button" class="btn block" disabled=move || busy() || !app.owner.get() on:click=pick>{icon("import")}{move || days_words().pick}</button>
            {move || match step.get() {
                Step::Idle => ().into_any(),
                Step::Reading => waiting(days_words().checking),
                Step::Keeping => waiting(days_words().keeping),
                Step::Kept => view! {
                    <div class="notice good" role="status">{icon("check")}<div class="grow">{days_words().kept}</div><a class="btn slim" href="/assign">{days_words().to_hand_out}</a></div>
                }.into_any(),
                Step::Refused(what, place) => view! {
                    <Notice tone="bad"><strong>{days_words().refused}</strong>{what}<span class="small mono">{place}</span></Notice>
                }.into_any(),
                Step::Errors(table) => errors(&table.errors),
                Step::Read(ready) => view! { <Preview ready said step keep=Callback::new(keep)/> }.into_any(),
            }}
        </section>
    }
}

fn waiting(text: &'static str) -> AnyView {
    view! { <div class="row" role="status"><span class="spinner"></span>{text}</div> }.into_any()
}

/// What is wrong with a file as a whole, and its place.
type Refusal = (String, String);

/// The file as it will be kept; `None` when the person has to say more first.
fn file_to_keep(ready: &Ready, said: Said, rules: Option<&Rules>) -> Option<Result<ContentFile, Refusal>> {
    let Some(table) = &ready.table else { return ready.file.clone().map(Ok) };
    let value = table.to_file(&said.notice()?, rules.map(|rules| &rules.file))?;
    Some(ContentFile::read(value.to_string().as_bytes()).map_err(|error| explain_file(&error)))
}

async fn read(file: &web_sys::File, rules: &Rules, today: CivilDate) -> Result<Step, Refusal> {
    let plain = |text: String| (text, String::new());
    let size = files::size_bytes(file);
    if size > Limit::FileBytes.value() {
        return Err(plain(explain_table(&ReadError::TooMuch { limit: Limit::FileBytes, part: String::new(), place: None })));
    }
    let bytes = files::read_slice(file, 0, size).await.map_err(|_| plain(days_words().gone.to_owned()))?;
    let json = bytes.iter().find(|byte| !byte.is_ascii_whitespace() && !b"\xef\xbb\xbf".contains(byte)) == Some(&b'{');
    if json {
        return rules_file(&bytes, rules).await;
    }
    let table = DaysTable::read(&tables(file.name(), &bytes).await?).map_err(|error| plain(explain_days(&error)))?;
    if !table.errors.is_empty() {
        return Ok(Step::Errors(Arc::new(table)));
    }
    // Only to show the days as they would be: what the notice is called is asked next.
    let shown = Source { source: HOLIDAYS.to_owned(), published_on: Some(today), compared: false };
    let value = table.to_file(&shown, Some(&rules.file)).unwrap_or_default();
    let calendar = Calendar::read(value.to_string().as_bytes()).map_err(|error| explain_file(&error.into()))?;
    let known = |year: &i32| rules.calendar.years().any(|(known, _)| known == *year);
    let (changed, added) = table.years().into_iter().partition(known);
    let changed: Vec<i32> = changed;
    let lost = rules.calendar.days_off_beside(&calendar, &changed);
    Ok(Step::Read(Arc::new(Ready { table: Some(table), file: None, calendar, added, changed, lost, same: false, local: false })))
}

async fn rules_file(bytes: &[u8], rules: &Rules) -> Result<Step, Refusal> {
    if bytes.len() as u64 > MOST_BYTES {
        return Err((fill(assign_words().bad_large, &[&bytes.len(), &MOST_BYTES]), String::new()));
    }
    let file = ContentFile::read(bytes).map_err(|error| explain_file(&error))?;
    if file.kind != FileKind::Holidays {
        return Err((days_words().not_days.to_owned(), String::new()));
    }
    let calendar = Calendar::read(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)).map_err(|error| explain_file(&error.into()))?;
    let shipped = content::shipped(HOLIDAYS).await.ok();
    let own = content::own_files().await.into_iter().find(|own| own.path == HOLIDAYS).map(|own| own.value);
    let plan = file.plan(own.as_ref().filter(|_| !rules.damaged), shipped.as_deref()).map_err(|error| explain_file(&error))?;
    let years = |names: &[crate::rules::Said]| names.iter().filter_map(|name| name.zh.parse::<i32>().ok()).collect::<Vec<_>>();
    let (added, changed) = (years(&plan.difference.added), years(&plan.difference.changed));
    let told = added.len() + changed.len();
    let local = plan.difference.added.len() + plan.difference.changed.len() > told;
    let same = plan.difference.is_none();
    let lost = rules.calendar.days_off_beside(&calendar, &changed);
    Ok(Step::Read(Arc::new(Ready { table: None, file: Some(file), calendar, added, changed, lost, same, local })))
}

/// The sheets of a file, read by the desk worker.
async fn tables(name: String, bytes: &[u8]) -> Result<Vec<Table>, Refusal> {
    let plain = |text: &str| (text.to_owned(), String::new());
    let asked = desk::shared().ask(&Job::ReadTables { name }, Some(bytes), LIMIT_MS).await;
    let (answer, rows) = asked.map_err(|_| plain(days_words().no_answer))?;
    let Answer::Tables { read } = answer else { return Err(plain(days_words().no_answer)) };
    let read = read.map_err(|error| (explain_table(&error), String::new()))?;
    let mut unpacker = Unpacker::new(read.sheets, rows.unwrap_or_default());
    while unpacker.take(500).map_err(|_| plain(days_words().gone))? {
        give_way().await;
    }
    Ok(unpacker.finish())
}

/// Why nothing of a table can be read.
fn explain_days(error: &TableError) -> String {
    let d = days_words();
    match error {
        TableError::NoHeaders { missing } => {
            fill(d.no_headers, &[&missing.iter().map(|column| header(*column)).collect::<Vec<_>>().join(lang().pick("、", ", "))])
        }
        TableError::NoRows => d.no_rows.to_owned(),
        TableError::TooMany { rows, limit } => fill(d.too_many, &[rows, limit]),
    }
}

/// The usual header of a column, in the language of the screens.
fn header(column: Column) -> &'static str {
    let [zh, en, ..] = column.headers() else { return "" };
    lang().pick(zh, en)
}

fn errors(all: &[DayError]) -> AnyView {
    let d = days_words();
    let row = |error: &DayError| {
        let place = &error.place;
        let stands = if place.value.is_empty() { String::new() } else { fill(d.stands, &[&place.value]) };
        view! { <li><strong>{fill(d.at, &[&place.row, &place.column, &place.header])}</strong>{stands}<br/>{explain_problem(&error.problem)}</li> }
    };
    let title = fill(d.errors, &[&all.len()]);
    let more = (all.len() > ERRORS).then(|| view! { <li class="muted">{fill(d.more_errors, &[&(all.len() - ERRORS)])}</li> });
    view! {
        <Notice tone="bad"><strong>{d.refused}</strong>{d.errors_hint}</Notice>
        <h3>{title.clone()}</h3>
        <ul class="bullets" aria-label=title>{all.iter().take(ERRORS).map(row).collect_view()}{more}</ul>
    }
    .into_any()
}

fn explain_problem(problem: &DayProblem) -> String {
    let d = days_words();
    match problem {
        DayProblem::NotADate => d.bad_date.to_owned(),
        DayProblem::Period => d.bad_period.to_owned(),
        DayProblem::Year => d.bad_year.to_owned(),
        DayProblem::Kind => d.bad_kind.to_owned(),
        DayProblem::Name => d.bad_name.to_owned(),
        DayProblem::Double { row, day } => fill(d.bad_double, &[day, row]),
    }
}

#[component]
fn Preview(ready: Arc<Ready>, said: Said, step: RwSignal<Step>, keep: Callback<Arc<Ready>>) -> impl IntoView {
    let app = App::get();
    let d = days_words();
    let join = |years: &[i32]| years.iter().map(ToString::to_string).collect::<Vec<_>>().join(lang().pick("、", ", "));
    let line = |word: &str, years: &[i32]| (!years.is_empty()).then(|| fill(word, &[&join(years)]));
    let changes: Vec<String> =
        [line(d.years_new, &ready.added), line(d.years_changed, &ready.changed), ready.local.then(|| d.local_changed.to_owned())]
            .into_iter()
            .flatten()
            .collect();
    let counts = ready.table.as_ref().map(|table| {
        let (off, work) = table.counts();
        fill(d.table_counts, &[&off, &work])
    });
    let lost = (!ready.lost.is_empty()).then(|| {
        let days = ready.lost.iter().map(ToString::to_string).collect::<Vec<_>>().join(lang().pick("、", ", "));
        fill(d.days_lost, &[&ready.lost.len(), &days])
    });
    let idle = ready.table.as_ref().map_or(0, |table| table.idle.len());
    let years = ready.calendar.years().map(|(year, _)| {
        view! { <details open><summary>{fill(d.year_n, &[&year])}</summary>{ready.calendar.notice(year).map(|days| notice_list(&days))}</details> }
    });
    let years = years.collect_view();
    let asks = ready.table.is_some().then(|| view! { <NoticeFields said/> });
    let (same, again) = (ready.same, ready.clone());
    view! {
        <section class="stack" aria-labelledby="days-preview">
            <h3 id="days-preview">{d.preview}</h3>
            {same.then(|| view! { <Notice>{d.same}</Notice> })}
            <ul class="bullets">{changes.into_iter().map(|text| view! { <li><strong>{text}</strong></li> }).collect_view()}</ul>
            {lost.map(|text| view! { <Notice tone="bad">{text}</Notice> })}
            {counts.map(|counts| view! { <p class="num">{counts}</p> })}
            {(idle > 0).then(|| view! { <Notice tone="warn">{fill(d.idle, &[&idle])}</Notice> })}
            {years}
            {asks}
            <div class="row wrap">
                {(!same).then(|| view! {
                    <button type="button" class="btn primary grow" disabled=move || !app.owner.get() on:click=move |_| keep.run(again.clone())>{icon("check")}{d.keep}</button>
                })}
                <button type="button" class="btn" on:click=move |_| step.set(Step::Idle)>{d.drop}</button>
            </div>
        </section>
    }
}

/// What the rows of a spreadsheet don't say: which notice they are from.
#[component]
fn NoticeFields(said: Said) -> impl IntoView {
    view! {
        <FormField label=Signal::derive(|| days_words().source.to_owned()) text=said.source problem=said.source_problem/>
        <DayField label=Signal::derive(|| days_words().published_on.to_owned()) day=said.published_on/>
        <Show when=move || said.published_problem.get() && said.published_on.with(String::is_empty)>
            <p class="error" role="alert">{move || days_words().published_needed}</p>
        </Show>
        <label class="choice">
            <input type="checkbox" prop:checked=move || said.compared.get() on:change=move |event| said.compared.set(event_target_checked(&event))/>
            <span class="grow">{move || days_words().compared}<span class="hint">{move || days_words().compared_hint}</span></span>
        </label>
    }
}
