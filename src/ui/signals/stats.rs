//! Statistics of complaints and reports: tables with bars, back to the records, as a file and on paper.

use std::collections::{BTreeMap, BTreeSet};

use leptos::prelude::*;

use super::leads::filing_row;
use crate::browser::files;
use crate::domain::time::{CivilDate, Instant};
use crate::procedure::{FieldKind, Procedure};
use crate::signal::stats::{By, Row, Wanted, table};
use crate::signal::{Filing, KINDS};
use crate::ui::cases::rules::procedure;
use crate::ui::icon::icon;
use crate::ui::state::App;
use crate::ui::widget::{Nav, TopBar};
use crate::ui::words::{Word, fill, lang, signal_words};

/// How many records are listed below a table.
const SHOWN: usize = 200;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Period {
    Month,
    Year,
    Whole,
    Own,
}

const PERIODS: [(Period, Word); 4] = [
    (Period::Month, || signal_words().this_month),
    (Period::Year, || signal_words().this_year),
    (Period::Whole, || signal_words().whole),
    (Period::Own, || signal_words().own_period),
];

/// The days of a period; those of its own are typed.
fn days(period: Period, typed: (Option<CivilDate>, Option<CivilDate>), today: CivilDate) -> (Option<CivilDate>, Option<CivilDate>) {
    let text = today.to_string();
    let first = |length: usize, rest: &str| CivilDate::parse(&format!("{}{rest}", text.chars().take(length).collect::<String>()));
    match period {
        Period::Month => (first(7, "-01"), Some(today)),
        Period::Year => (first(4, "-01-01"), Some(today)),
        Period::Whole => (None, None),
        Period::Own => typed,
    }
}

fn title(by: By) -> &'static str {
    let w = signal_words();
    match by {
        By::Kind => w.by_kind,
        By::State => w.by_state,
        By::Goods => w.by_goods,
        By::Equipment => w.by_equipment,
        By::Area => w.by_area,
        By::Month => w.by_month,
    }
}

/// What the values of a table are called.
#[derive(Clone, Default)]
struct Names {
    procedures: Vec<Procedure>,
}

impl Names {
    async fn load() -> Self {
        let mut procedures = Vec::new();
        for kind in KINDS {
            procedures.extend(procedure(kind).await);
        }
        Self { procedures }
    }

    fn of(&self, by: By, value: &str) -> String {
        let w = signal_words();
        let option = |field: &str| {
            let field = self.procedures.iter().find_map(|procedure| procedure.field(field))?;
            let FieldKind::Choice { options } = &field.kind else { return None };
            options.iter().find(|option| option.id == value).map(|option| option.name.get(lang()).to_owned())
        };
        let named = match by {
            By::Kind => self.procedures.iter().find(|one| one.kind == value).map(|one| one.title.get(lang()).to_owned()),
            By::State => value.split_once('.').and_then(|(kind, state)| {
                let procedure = self.procedures.iter().find(|one| one.kind == kind)?;
                Some(format!("{} · {}", procedure.title.get(lang()), procedure.state(state)?.name.get(lang())))
            }),
            By::Goods => option("goods_kind"),
            By::Equipment => option("equipment_kind"),
            By::Area | By::Month => None,
        };
        named.unwrap_or_else(|| if value.is_empty() { w.unknown.to_owned() } else { value.to_owned() })
    }
}

/// The page: `/stats`.
#[component]
pub fn StatsPage() -> impl IntoView {
    let app = App::get();
    app.writing.set(false);
    app.leave_place();
    let names = LocalResource::new(Names::load);
    let period = RwSignal::new(Period::Year);
    let (from, to) = (RwSignal::new(None::<CivilDate>), RwSignal::new(None::<CivilDate>));
    let picked = RwSignal::new(None::<(By, String)>);
    let today = move || Instant::from_ms(app.now_ms()).date(app.offset_min());
    // Towns stand in the ledger of units; without it nothing is told by area.
    leptos::task::spawn_local(async move {
        let _ = app.ledger(|_| ()).await;
    });
    let towns = Memo::new(move |_| {
        let Some(shared) = app.ledger_now() else { return Vec::new() };
        let ledger = shared.get();
        let towns: BTreeSet<String> = ledger.of_kind(crate::ledger::Kind::Unit).map(|card| card.town.clone()).collect();
        towns.into_iter().filter(|town| !town.is_empty()).collect::<Vec<_>>()
    });
    let filings = Memo::new(move |_| app.summaries.with(|all| all.iter().filter_map(Filing::of).collect::<Vec<_>>()));
    let wanted = Memo::new(move |_| {
        let (from, to) = days(period.get(), (from.get(), to.get()), today());
        Wanted { from, to, towns: towns.get() }
    });
    let tables =
        Memo::new(move |_| filings.with(|filings| wanted.with(|wanted| By::ALL.map(|by| (by, table(filings, wanted, by))).to_vec())));
    let count = Memo::new(move |_| filings.with(|all| wanted.with(|wanted| all.iter().filter(|filing| wanted.takes(filing)).count())));
    let window_text = move || {
        let wanted = wanted.get();
        let text = |day: Option<CivilDate>| day.map(|day| day.to_string()).unwrap_or_default();
        if wanted.from.is_none() && wanted.to.is_none() {
            signal_words().whole.to_owned()
        } else {
            fill(signal_words().window, &[&text(wanted.from), &text(wanted.to)])
        }
    };
    let export = move |_| {
        let names = names.get_untracked().unwrap_or_default();
        let bytes = spotcheck_sheets::to_csv(&untrack(|| sheet(&tables.get(), &names, &window_text())));
        if let Some(blob) = files::blob_of(&bytes, "text/csv") {
            // Where nothing can be downloaded the tables are still on the screen, and can be printed.
            let _ = files::download(&blob, &format!("{}-{}.csv", signal_words().file, today()));
        }
    };
    view! {
        <div class="has-nav">
            <div class="no-print"><TopBar title=Signal::derive(|| signal_words().stats.to_owned()) back="/cases" sub=Signal::derive(|| signal_words().stats_hint.to_owned())>
                <button type="button" class="icon-btn" aria-label=move || signal_words().csv on:click=export>{icon("export")}</button>
                <button type="button" class="icon-btn" aria-label=move || signal_words().print on:click=move |_| drop(window().print())>{icon("print")}</button>
            </TopBar></div>
            <main class="page wide print-plain">
                <section class="card stack no-print" aria-label=move || signal_words().period>
                    <div class="segmented" role="group" aria-label=move || signal_words().period>
                        {PERIODS.map(|(one, word)| view! {
                            <button type="button" aria-pressed=move || (period.get() == one).to_string() on:click=move |_| { period.set(one); picked.set(None); }>{word}</button>
                        })}
                    </div>
                    <Show when=move || period.get() == Period::Own>
                        <div class="row wrap">
                            <label class="field grow"><span>{move || signal_words().from}</span><input class="input" type="date" on:change=move |event| from.set(CivilDate::parse(&event_target_value(&event)))/></label>
                            <label class="field grow"><span>{move || signal_words().to}</span><input class="input" type="date" on:change=move |event| to.set(CivilDate::parse(&event_target_value(&event)))/></label>
                        </div>
                    </Show>
                </section>
                <p class="spread"><strong class="num" role="status">{move || fill(signal_words().total, &[&count.get()])}</strong><span class="muted num">{window_text}</span></p>
                <Show when=move || count.get() == 0><div class="card"><div class="empty">{icon("list")}<p>{move || signal_words().nothing}</p></div></div></Show>
                <div class="stats">
                    {move || {
                        let names = names.get().unwrap_or_default();
                        let all = tables.get().into_iter().filter(|(_, rows)| !rows.is_empty());
                        all.map(|(by, rows)| table_view(by, rows, &names, filings, picked)).collect::<Vec<_>>()
                    }}
                </div>
            </main>
            <Nav/>
        </div>
    }
}

fn table_view(by: By, rows: Vec<Row>, names: &Names, filings: Memo<Vec<Filing>>, picked: RwSignal<Option<(By, String)>>) -> AnyView {
    let w = signal_words();
    let most = rows.iter().map(|row| row.count).max().unwrap_or(1);
    let called: BTreeMap<String, String> = rows.iter().map(|row| (row.value.clone(), names.of(by, &row.value))).collect();
    let known = StoredValue::new((rows.clone(), called.clone()));
    let body = rows.into_iter().map(|row| {
        let name = called.get(&row.value).cloned().unwrap_or_default();
        let (value, is) = (row.value.clone(), row.value.clone());
        let pick = move |_| {
            let this = Some((by, value.clone()));
            picked.update(|picked| *picked = if *picked == this { None } else { this });
        };
        view! {
            <tr>
                <th scope="row">{name.clone()}<progress class="bar" max=most.to_string() value=row.count.to_string() aria-hidden="true"></progress></th>
                <td class="num"><button type="button" class="btn slim num" aria-label=fill(w.records_of, &[&name, &row.count]) aria-expanded=move || picked.with(|picked| picked.as_ref() == Some(&(by, is.clone()))).to_string() on:click=pick>{row.count}</button></td>
                <td class="num">{row.injuries}</td>
                <td class="num">{row.deaths}</td>
            </tr>
        }
    });
    let body = body.collect_view();
    let listed = move || {
        let value = picked.get().filter(|(of, _)| *of == by).map(|(_, value)| value)?;
        known.with_value(|(rows, called)| {
            let row = rows.iter().find(|row| row.value == value)?;
            let own = filings.with(|all| {
                let find = |id: &String| all.iter().find(|filing| filing.record == *id).cloned();
                row.records.iter().rev().take(SHOWN).filter_map(find).collect::<Vec<_>>()
            });
            let name = called.get(&value).cloned().unwrap_or_default();
            Some(view! {
                <section class="no-print" aria-label=fill(signal_words().records_of, &[&name, &row.count])>
                    <ul class="list">{own.into_iter().map(filing_row).collect_view()}</ul>
                    <div class="inset"><button type="button" class="btn block" on:click=move |_| picked.set(None)>{signal_words().close_records}</button></div>
                </section>
            })
        })
    };
    view! {
        <section class="card flush">
            <table class="stat-table">
                <caption class="card-head">{title(by)}</caption>
                <thead><tr><th scope="col">{w.col_what}</th><th scope="col">{w.col_count}</th><th scope="col">{w.col_injuries}</th><th scope="col">{w.col_deaths}</th></tr></thead>
                <tbody>{body}</tbody>
            </table>
            {listed}
        </section>
    }
    .into_any()
}

/// All tables as one.
fn sheet(tables: &[(By, Vec<Row>)], names: &Names, window: &str) -> spotcheck_sheets::Sheet {
    let w = signal_words();
    let mut sheet = spotcheck_sheets::Sheet::new(format!("{} {window}", w.stats));
    sheet.push([w.col_table, w.col_what, w.col_count, w.col_injuries, w.col_deaths]);
    for (by, rows) in tables {
        for row in rows {
            let cells =
                [title(*by).to_owned(), names.of(*by, &row.value), row.count.to_string(), row.injuries.to_string(), row.deaths.to_string()];
            sheet.push(cells.iter().map(String::as_str));
        }
    }
    sheet
}
