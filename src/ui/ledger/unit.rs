//! What a unit's page gathers: what is due for its equipment, and what visits found that was not put right.

use leptos::prelude::*;

use super::due::{dues_of, fields_of, intervals, state_chip};
use super::line::today;
use crate::app::open::{OpenFinding, open_findings};
use crate::domain::checklist::Severity;
use crate::domain::id::RecordId;
use crate::domain::inspection::{Stage, Summary};
use crate::domain::time::CivilDate;
use crate::ledger::{Card, Kind};
use crate::rules::due::DueState;
use crate::ui::icon::icon;
use crate::ui::state::App;
use crate::ui::words::{due_words, fill, lang, ledger_words, words};

/// How many visits are read back.
const VISITS: usize = 12;
/// How many lines a section shows before it leads on.
const SHORT: usize = 8;

/// Something of the unit that is due.
#[derive(Clone, PartialEq, Debug)]
struct UnitDue {
    id: String,
    name: String,
    what: String,
    due: String,
    last_day: CivilDate,
    state: Option<DueState>,
    verified: bool,
}

/// What is due for the equipment and instruments of a unit: what is overdue or comes soon, the most urgent first.
#[component]
pub fn UnitDues(unit: String) -> impl IntoView {
    let app = App::get();
    let rules = LocalResource::new(intervals);
    let unit = StoredValue::new(unit);
    let all = RwSignal::new(false);
    let dues = Memo::new(move |_| {
        let (Some(shared), Some(Some(rules))) = (app.ledger_now(), rules.get()) else { return Vec::new() };
        let (today, lang) = (today(app), lang());
        let ledger = shared.get();
        let own = ledger.cards().iter().filter(|card| card.kind() != Some(Kind::Unit) && unit.with_value(|unit| card.unit_id == *unit));
        let near = |state: Option<DueState>| !matches!(state, None | Some(DueState::Fine | DueState::Stopped));
        let mut dues: Vec<UnitDue> = own
            .flat_map(|card: &Card| dues_of(&rules, &fields_of(card), today).into_iter().map(move |due| (card, due)))
            .filter(|(_, due)| near(due.state))
            .filter_map(|(card, due)| {
                let when = due.due?;
                Some(UnitDue {
                    id: card.id.clone(),
                    name: card.title.clone(),
                    what: due.name().get(lang).to_owned(),
                    due: when.to_string(),
                    last_day: when.last_day(),
                    state: due.state,
                    verified: due.verified,
                })
            })
            .collect();
        dues.sort_by(|a, b| (a.last_day, &a.name).cmp(&(b.last_day, &b.name)));
        dues
    });
    let count = move || dues.with(Vec::len);
    let shown = move || dues.with(|dues| dues.iter().take(if all.get() { usize::MAX } else { SHORT }).cloned().collect::<Vec<_>>());
    view! {
        <section class="stack tight">
            <div class="section-title"><h2>{move || ledger_words().dues}</h2><span class="muted num">{move || fill(due_words().n, &[&count()])}</span></div>
            <div class="card flush">
                <Show when=move || { count() > 0 } fallback=move || view! { <p class="pad-text muted">{move || ledger_words().dues_none}</p> }>
                    <ul class="list">
                        <For each=shown key=|due| format!("{} {} {}", due.id, due.what, due.due) let:due>
                            {
                                let state = due.state;
                                view! {
                                    <li><a class="list-row" href=format!("/ledger/{}", due.id)>
                                        <span class="grow"><span class="title">{due.name.clone()}</span>
                                            <span class="row wrap chips">
                                                <span class="chip">{due.what.clone()}</span><span class="chip num">{due.due.clone()}</span>
                                                {move || { let (class, word) = state_chip(state); view! { <span class=class>{word}</span> } }}
                                                {(!due.verified).then(|| view! { <span class="chip warn">{move || words().unverified}</span> })}
                                            </span>
                                        </span>
                                        {icon("next")}
                                    </a></li>
                                }
                            }
                        </For>
                    </ul>
                </Show>
            </div>
            <Show when=move || { !all.get() && count() > SHORT }>
                <button type="button" class="btn block" on:click=move |_| all.set(true)>{move || fill(due_words().more, &[&(count() - SHORT)])}</button>
            </Show>
        </section>
    }
}

/// What earlier visits to a unit found that no later one saw put right.
#[component]
pub fn OpenFindings(unit: String) -> impl IntoView {
    let app = App::get();
    let unit = StoredValue::new(unit);
    let findings = LocalResource::new(move || {
        let sealed = |one: &&Summary| {
            one.kind == "inspection"
                && matches!(one.stage, Stage::Sealed | Stage::Amended)
                && unit.with_value(|unit| one.search.split(' ').any(|word| word == unit))
        };
        let mut visits: Vec<Summary> = app.summaries.with(|all| all.iter().filter(sealed).cloned().collect());
        visits.sort_by_key(|one| std::cmp::Reverse(one.created_ms));
        visits.truncate(VISITS);
        async move {
            let mut records = Vec::new();
            for visit in visits {
                let Ok(id) = RecordId::parse(&visit.id) else { continue };
                // One that can't be read is told where it is opened.
                if let Ok(record) = app.workspace().load(&id).await {
                    records.push(record);
                }
            }
            open_findings(records.iter().map(|record| (record.id().as_str(), record.state())))
        }
    });
    let all = move || findings.get().unwrap_or_default();
    view! {
        <section class="stack tight">
            <div class="section-title"><h2>{move || ledger_words().hazards}</h2><span class="muted num">{move || fill(due_words().n, &[&all().len()])}</span></div>
            <div class="card flush">
                <Show when=move || !all().is_empty() fallback=move || view! { <p class="pad-text muted">{move || ledger_words().hazards_none}</p> }>
                    <ul class="list">{move || all().into_iter().map(|finding| view! { <li><FindingLink finding/></li> }).collect_view()}</ul>
                </Show>
            </div>
        </section>
    }
}

#[component]
fn FindingLink(finding: OpenFinding) -> impl IntoView {
    let today = today(App::get());
    let (class, grade): (_, fn() -> &'static str) = match finding.severity {
        Severity::Major => ("chip bad", || ledger_words().grade_major),
        Severity::Serious => ("chip bad", || ledger_words().grade_serious),
        Severity::General => ("chip warn", || ledger_words().grade_general),
    };
    let late = finding.deadline.is_some_and(|deadline| deadline < today);
    let until = finding.deadline.map(|deadline| deadline.to_string());
    let text =
        if finding.finding.is_empty() { lang().pick(&finding.text_zh, &finding.text_en).to_owned() } else { finding.finding.clone() };
    view! {
        <a class="list-row" href=format!("/record/{}", finding.record)>
            <span class="grow">
                <span class="title">{text}</span>
                <span class="sub">{[finding.equipment.clone(), finding.day.to_string()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")}</span>
                <span class="row wrap chips">
                    <span class=class>{grade}</span>
                    {until.map(|until| view! { <span class="chip num">{move || fill(due_words().due_on, &[&until])}</span> })}
                    {late.then(|| view! { <span class="chip bad">{move || due_words().overdue}</span> })}
                </span>
            </span>
            {icon("next")}
        </a>
    }
}
