//! The form for new tasks: one for each chosen unit.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::lead::{self, ForLead};
use super::lists::ListsChoice;
use super::units::{Chosen, UnitsChoice};
use super::{INSPECTION_KINDS, campaigns, explain};
use crate::app::assign::{Doer, MadeTask, Order, OrderError, places};
use crate::app::ledger::Step;
use crate::browser::pace::give_way;
use crate::domain::time::CivilDate;
use crate::ui::icon::icon;
use crate::ui::ledger::line::today;
use crate::ui::state::App;
use crate::ui::widget::{FormField, Nav, Notice, TopBar};
use crate::ui::words::{Word, aside, assign_words, fill, lang, ledger_words, signal_words, words};

/// How many of the tasks that were made are shown before the rest is asked for.
const SHOWN: usize = 30;

/// Who should do the tasks, as the form asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Who {
    Anyone,
    Responsible,
    Named,
}

/// The page: `/assign/new`.
#[component]
pub fn NewTasks() -> impl IntoView {
    let app = App::get();
    app.writing.set(false);
    app.leave_place();
    let made = RwSignal::new(None::<Vec<MadeTask>>);
    let asked = use_query_map().with_untracked(|query| query.get("lead"));
    let of_lead = LocalResource::new(move || {
        let asked = asked.clone();
        async move {
            match asked {
                Some(id) => lead::for_task(app, &id).await.unwrap_or_default(),
                None => ForLead::default(),
            }
        }
    });
    view! {
        <div class:has-nav=move || made.with(Option::is_some)>
            <TopBar title=Signal::derive(|| assign_words().new_tasks.to_owned()) back="/assign"/>
            {move || match (made.get(), of_lead.get()) {
                (None, None) => view! { <div class="empty" role="status"><span class="spinner"></span><p>{assign_words().reading}</p></div> }.into_any(),
                (None, Some(of_lead)) => view! { <Form made of_lead/> }.into_any(),
                (Some(tasks), _) => view! { <Made tasks again=Callback::new(move |()| made.set(None))/> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Form(made: RwSignal<Option<Vec<MadeTask>>>, of_lead: ForLead) -> impl IntoView {
    let app = App::get();
    let texts = [of_lead.title.as_str(), of_lead.source.as_str(), "", "", ""].map(|text| RwSignal::new(text.to_owned()));
    let [title, task_source, approval_no, doer_name, note] = texts;
    let due = RwSignal::new(None::<CivilDate>);
    let kind = RwSignal::new(INSPECTION_KINDS.first().map(|(name, _)| *name).unwrap_or_default());
    let who = RwSignal::new(Who::Anyone);
    let campaign = RwSignal::new(String::new());
    let chosen: Chosen = RwSignal::new(of_lead.chosen);
    let lists = RwSignal::new(of_lead.lists);
    let (who_sells, lead) = (of_lead.unit_typed, StoredValue::new(of_lead.link));
    let all_campaigns = LocalResource::new(campaigns);
    let [no_title, no_units, no_doer] = [(); 3].map(|()| RwSignal::new(None::<String>));
    let error = RwSignal::new(None::<String>);
    let step = RwSignal::new(None::<Step>);
    let count = Memo::new(move |_| chosen.with(Vec::len));

    let save = move |_| {
        if step.get_untracked().is_some() {
            return;
        }
        error.set(None);
        let text = |signal: RwSignal<String>| signal.get_untracked().trim().to_owned();
        let missing = |is_missing: bool, word: &str| is_missing.then(|| word.to_owned());
        no_title.set(missing(text(title).is_empty(), assign_words().title_needed));
        no_units.set(missing(count.get_untracked() == 0, assign_words().units_needed));
        no_doer.set(missing(who.get_untracked() == Who::Named && text(doer_name).is_empty(), assign_words().doer_needed));
        let Some(shared) = app.ledger_now() else { return };
        if [no_title, no_units, no_doer].into_iter().any(|problem| problem.with_untracked(Option::is_some)) {
            return;
        }
        let code = all_campaigns.get_untracked().and_then(|all| {
            let one = all.campaigns.into_iter().find(|one| campaign.with_untracked(|id| one.id == *id))?;
            Some(one.code)
        });
        let order = Order {
            title: text(title),
            lists: lists.get_untracked(),
            campaign: code.unwrap_or_default(),
            inspection_kind: kind.get_untracked().to_owned(),
            task_source: text(task_source),
            approval_no: text(approval_no),
            due: due.get_untracked(),
            doer: match who.get_untracked() {
                Who::Anyone => Doer::Anyone,
                Who::Responsible => Doer::Responsible,
                Who::Named => Doer::Named(text(doer_name)),
            },
            note: text(note),
            lead: lead.get_value(),
        };
        let places = chosen.with_untracked(|chosen| places(&shared.get(), chosen));
        step.set(Some(Step { done: 0, total: places.len() }));
        leptos::task::spawn_local(async move {
            // The page shows that work has begun before the work takes its time.
            give_way().await;
            let tell = |now: Step| {
                step.try_set(Some(now));
            };
            let result = app.workspace().make_tasks(&order, &places, tell).await;
            match result {
                Ok((_receipt, tasks)) => {
                    app.after_save();
                    if let (Some(link), Some(task)) = (lead.get_value(), tasks.first()) {
                        // The tasks are made; a lead that can't note it shows them all the same.
                        let _ = lead::note_task(app, &link, task, &order).await;
                    }
                    app.refresh().await;
                    made.try_set(Some(tasks));
                }
                Err(problem) => {
                    let why = match &problem {
                        OrderError::App(error) => explain(error),
                        OrderError::NoTitle => assign_words().title_needed.to_owned(),
                        OrderError::NoUnits => assign_words().units_needed.to_owned(),
                    };
                    error.try_set(Some(why));
                }
            }
            step.try_set(None);
        });
    };
    let campaign_options = move || {
        let day = today(app);
        all_campaigns.get().map(|all| all.campaigns).unwrap_or_default().into_iter().map(move |one| {
            let id = one.id.clone();
            let name = move || {
                if one.is_on(day) { fill(assign_words().campaign_now, &[&one.name.get(lang())]) } else { one.name.get(lang()).to_owned() }
            };
            view! { <option value=id>{name}</option> }
        })
    };
    let whos: [(Who, Word); 3] = [
        (Who::Anyone, || assign_words().doer_anyone),
        (Who::Responsible, || assign_words().doer_responsible),
        (Who::Named, || assign_words().doer_named),
    ];
    let label = |word: Word| Signal::derive(move || aside(word(), words().optional));
    view! {
        <main class="page">
            <Show when=move || !app.owner.get()><Notice tone="warn">{move || words().reader_note}</Notice></Show>
            <section class="card stack">
                <h2>{move || assign_words().what}</h2>
                <FormField label=Signal::derive(|| assign_words().task_title.to_owned()) text=title problem=no_title hint=Signal::derive(|| assign_words().task_title_hint.to_owned())/>
                <label class="field"><span>{move || assign_words().campaign}</span>
                    <select class="input" on:change=move |event| campaign.set(event_target_value(&event))>
                        <option value="">{move || assign_words().campaign_none}</option>
                        {move || campaign_options().collect_view()}
                    </select>
                </label>
                <label class="field"><span>{move || assign_words().due}</span>
                    <input class="input" type="date" on:change=move |event| due.set(CivilDate::parse(&event_target_value(&event)))/>
                </label>
            </section>
            {(!who_sells.is_empty()).then(|| view! { <Notice>{move || fill(signal_words().unit_not_in_ledger, &[&who_sells])}</Notice> })}
            <UnitsChoice chosen problem=no_units/>
            <ListsChoice lists chosen campaigns=all_campaigns campaign/>
            <section class="card stack">
                <div class="field" role="group" aria-labelledby="doer">
                    <span id="doer">{move || assign_words().doer}</span>
                    <div class="segmented fit">
                        {whos.map(|(one, word)| view! {
                            <button type="button" aria-pressed=move || (who.get() == one).to_string() on:click=move |_| { who.set(one); no_doer.set(None); }>{word}</button>
                        })}
                    </div>
                </div>
                <Show when=move || who.get() == Who::Named>
                    <FormField label=Signal::derive(|| assign_words().doer_name.to_owned()) text=doer_name problem=no_doer/>
                </Show>
                <div class="field" role="group" aria-labelledby="check-kind">
                    <span id="check-kind">{move || words().check_kind}</span>
                    <div class="segmented fit">
                        {INSPECTION_KINDS.map(|(name, word)| view! {
                            <button type="button" aria-pressed=move || (kind.get() == name).to_string() on:click=move |_| kind.set(name)>{word}</button>
                        })}
                    </div>
                </div>
                <FormField label=label(|| words().task_source) text=task_source hint=Signal::derive(|| words().task_source_hint.to_owned())/>
                <FormField label=label(|| assign_words().approval_no) text=approval_no/>
                <FormField label=label(|| assign_words().note) text=note/>
            </section>
            <Show when=move || error.get().is_some()>
                <Notice tone="bad"><strong>{move || assign_words().none_made}</strong>{move || error.get()}</Notice>
            </Show>
        </main>
        <div class="actionbar"><div>
            <button type="button" class="btn primary grow" disabled=move || step.get().is_some() || !app.owner.get() on:click=save>
                {move || match step.get() {
                    Some(step) => fill(assign_words().making, &[&step.done, &step.total]),
                    None => fill(assign_words().make_n, &[&count.get()]),
                }}
            </button>
        </div></div>
    }
}

/// What was made.
#[component]
fn Made(tasks: Vec<MadeTask>, again: Callback<()>) -> impl IntoView {
    let all = RwSignal::new(false);
    let count = tasks.len();
    let tasks = StoredValue::new(tasks);
    let shown = move || {
        let most = if all.get() { usize::MAX } else { SHOWN };
        tasks.with_value(|tasks| tasks.iter().take(most).cloned().collect::<Vec<_>>())
    };
    view! {
        <main class="page">
            <div class="notice good" role="status">{icon("check")}<div class="grow"><strong>{move || fill(assign_words().made_n, &[&count])}</strong>{move || assign_words().made_hint}</div></div>
            <div class="row wrap">
                <a class="btn primary grow" href="/assign">{icon("share")}{move || assign_words().to_hand_out}</a>
                <button type="button" class="btn" on:click=move |_| again.run(())>{icon("plus")}{move || assign_words().more_tasks}</button>
            </div>
            <ul class="card flush list">
                <For each=shown key=|one| one.id.to_string() let:one>
                    <li><a class="list-row" href=format!("/task/{}", one.id)>
                        <span class="grow">
                            <span class="title">{one.unit_name.clone()}</span>
                            {(!one.inspector.is_empty()).then(|| view! { <span class="sub">{one.inspector.clone()}</span> })}
                            <span class="sub num">{move || if one.equipment == 0 { assign_words().whole_unit.to_owned() } else { fill(assign_words().n_sets, &[&one.equipment]) }}</span>
                        </span>
                        {icon("next")}
                    </a></li>
                </For>
            </ul>
            <Show when=move || { !all.get() && count > SHOWN }>
                <button type="button" class="btn block" on:click=move |_| all.set(true)>{move || fill(ledger_words().more, &[&(count - SHOWN)])}</button>
            </Show>
        </main>
        <Nav/>
    }
}
