//! One matter: where it stands, until when, what can be done, what was done.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use serde_json::Value;

use super::ctx::CaseCtx;
use super::field::{FormView, LackList, shown_value};
use super::grading::{ConsequencesOf, Proposed};
use super::list::flag_chips;
use super::near::NearOf;
use super::private::{ExtractNote, Hidden, Looks, hidden_photos, is_hidden};
use super::rules::{end_chip, law_names, procedure, timing, tone_class};
use super::start::create;
use crate::app::{hazard, matter};
use crate::domain::checklist::BasisRef;
use crate::domain::mask::scrub;
use crate::domain::time::{CivilDate, Instant};
use crate::procedure::{
    Done, Field, FieldKind, Open, Paper, Running, field_path, lacks, line, masked, papers_of, photo_item, photos_of, running, secrets,
    timers,
};
use crate::ui::documents::{DocumentsOf, Offer};
use crate::ui::icon::icon;
use crate::ui::photo::{PhotoThumb, PhotoViewer};
use crate::ui::save::{Sign, Trouble};
use crate::ui::signals::SignalsOf;
use crate::ui::widget::{Notice, TopBar};
use crate::ui::words::{cases_words, fill, lang, words};

/// How many steps stand out as what comes next; the others are behind a fold.
const FIRST: usize = 3;

/// The page of a matter that is open.
#[component]
pub fn CaseView(ctx: CaseCtx) -> impl IntoView {
    let title = Signal::derive(move || ctx.case.get().map(|case| case.procedure.title.get(lang()).to_owned()).unwrap_or_default());
    let unit = Signal::derive(move || {
        let text = |path: &str| ctx.value(path).and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default();
        [text("unit/name"), text("equipment/name")].join(" ").trim().to_owned()
    });
    let back = ctx.case.get_untracked().map_or("/cases".to_owned(), |case| format!("/cases/{}", case.procedure.id));
    view! {
        <TopBar title back=back sub=unit><Sign save=ctx.pen.save/></TopBar>
        <main class="page">
            <Trouble save=ctx.pen.save retry=Callback::new(move |()| ctx.pen.flush())/>
            <ExtractNote ctx/>
            <Head ctx/>
            <Clocks ctx/>
            <Next ctx/>
            <NearOf ctx/>
            <Hidden ctx/>
            <SignalsOf ctx/>
            <Facts ctx/>
            <Proposed ctx/>
            <ConsequencesOf ctx/>
            <BeforeAfter ctx/>
            <Timeline ctx/>
            <Papers ctx/>
            <Links ctx/>
            <Basis ctx/>
        </main>
        <PhotoViewer album=ctx.album/>
    }
}

#[component]
fn Head(ctx: CaseCtx) -> impl IntoView {
    let shown = move || {
        ctx.pen.version.track();
        ctx.pen.with_state(line)
    };
    move || {
        shown().map(|line| {
            let state = lang().pick(&line.state_zh, &line.state_en).to_owned();
            let voided = ctx.case.get().and_then(|case| case.voided.clone());
            view! {
                <section class="card stack">
                    <div class="row wrap chips"><span class=tone_class(&line.tone)>{state}</span>{flag_chips(&line)}</div>
                    <p class="lead">{line.headline.clone()}</p>
                    {line.closed.then(|| view! { <p class="muted small">{cases_words().closed_note}</p> })}
                    {voided.map(|why| view! { <Notice tone="warn">{fill(cases_words().voided, &[&why])}</Notice> })}
                </section>
            }
        })
    }
}

#[component]
fn Clocks(ctx: CaseCtx) -> impl IntoView {
    let rules = LocalResource::new(timing);
    move || {
        let rules = rules.get().flatten()?;
        let all = ctx.with(|case, state| timers(case, state, &rules.clocks, &rules.calendar))?;
        if all.is_empty() {
            return None;
        }
        let now = ctx.now();
        let (at, today) = (Instant::from_ms(now.wall_ms), ctx.today());
        let w = cases_words();
        // The latest end that has passed: by that a directive is given.
        let late = all.iter().filter(|timer| timer.is_late(at, today)).filter_map(|timer| Some((timer.period.zh.clone(), timer.end.due?)));
        let late = late.min_by_key(|(_, day)| *day);
        let directive = late.filter(|_| ctx.case.get_untracked().is_some_and(|case| case.procedure.kind == "hazard"));
        let rows = all.into_iter().map(|timer| {
            let (class, text) = match &timer.running {
                Running::Yes => end_chip(&timer.end, at, today, now.offset_min),
                Running::Met { on, in_time: Some(false) } => ("chip bad num", fill(w.met_late, &[on])),
                Running::Met { on, .. } => ("chip good num", fill(w.met_in_time, &[on])),
                Running::Dropped => ("chip", w.closed.to_owned()),
            };
            let due = match timer.end.due_at {
                Some(minute) => minute.minute_text(now.offset_min),
                None => timer.end.due.map(|day| day.to_string()).unwrap_or_default(),
            };
            view! {
                <li class="list-row">
                    <span class="grow"><span class="title">{lang().pick(&timer.period.zh, &timer.period.en).to_owned()}</span><span class="sub num">{due}</span></span>
                    <span class="row wrap chips">
                        <span class=class>{text}</span>
                        {timer.end.estimated.then(|| view! { <span class="chip warn">{w.estimated}</span> })}
                        {(!timer.end.verified).then(|| view! { <span class="chip warn">{w.unverified}</span> })}
                    </span>
                </li>
            }
        });
        Some(view! {
            <section class="card flush"><h2 class="card-head">{w.clocks}</h2><ul class="list">{rows.collect_view()}</ul>
                {directive.map(|(what, day)| view! { <div class="list-row"><GiveDirective ctx what day/></div> })}
            </section>
        })
    }
}

/// Begins a directive for a hazard that is overdue, filled in with what is known; both name each other.
#[component]
fn GiveDirective(ctx: CaseCtx, what: String, day: CivilDate) -> impl IntoView {
    let navigate = StoredValue::new_local(use_navigate());
    let busy = RwSignal::new(false);
    let what = StoredValue::new(what);
    let give = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        leptos::task::spawn_local(async move {
            let (record, today) = (ctx.pen.id().to_string(), ctx.today());
            let about = untrack(|| {
                ctx.with(|case, state| what.with_value(|what| hazard::directive(case, state, &record, Some((what, day)), today)))
            });
            let rules = procedure("directive").await;
            let made = match (rules, about) {
                (Some(rules), Some(about)) => create(ctx.app, &rules, &about, &[]).await.ok().map(|id| (id, rules.title.zh)),
                _ => None,
            };
            match made {
                Some((id, title)) => {
                    let (path, link) = hazard::linked_directive(id.as_str(), &title);
                    ctx.set_one(&path, link);
                    ctx.pen.session().flush().await;
                    ctx.app.refresh().await;
                    navigate.with_value(|navigate| navigate(&format!("/case/{id}"), NavigateOptions::default()));
                }
                None => ctx.app.toast(cases_words().no_rules),
            }
            busy.try_set(false);
        });
    };
    view! {
        <button type="button" class="btn block" disabled=move || busy.get() || !ctx.app.owner.get() on:click=give>{icon("plus")}{move || cases_words().give_directive}</button>
    }
}

/// What can be done: what was begun first, then the usual steps, the others behind a fold.
#[component]
fn Next(ctx: CaseCtx) -> impl IntoView {
    let navigate = StoredValue::new_local(use_navigate());
    let begin = move |step: String| {
        let id = ctx.app.workspace().new_record_id().to_string();
        let mut changes = matter::begin_step(&id, &step);
        changes.extend(untrack(|| ctx.with(|case, state| matter::carried(case, state, &id, &step))).unwrap_or_default());
        if ctx.set(&changes) {
            let to = format!("/case/{}/{id}", ctx.pen.id());
            navigate.with_value(|navigate| navigate(&to, NavigateOptions::default()));
        }
    };
    let button = move |id: String, name: String, strong: bool| {
        let class = if strong { "btn primary block" } else { "btn block" };
        view! { <button type="button" class=class on:click=move |_| begin(id.clone())>{name}</button> }
    };
    move || {
        let w = cases_words();
        let (open, next, head, closed) = ctx.with(|case, state| {
            let name = |open: &Open| case.procedure.step(&open.step).map(|step| step.name.get(lang()).to_owned()).unwrap_or_default();
            let open: Vec<(String, String, String)> = case.open.iter().map(|open| (open.id.clone(), name(open), open.by.clone())).collect();
            // What ends a period that runs, then what leads on; the rest keeps its order.
            let running = running(case, state);
            let urgent = |step: &crate::procedure::StepDef| {
                let ends =
                    |def: &crate::procedure::ClockDef| def.ends.contains(&step.id) && running.iter().any(|period| period.clock == def.id);
                case.procedure.clocks.iter().any(ends)
            };
            let mut all: Vec<_> = case.next(state).collect();
            all.sort_by_key(|step| (!urgent(step), step.to.is_none()));
            let all = all.into_iter().filter(|step| !case.open.iter().any(|open| open.step == step.id));
            let next: Vec<(String, String)> = all.map(|step| (step.id.clone(), step.name.get(lang()).to_owned())).collect();
            let head = case.done.is_empty() && !lacks(case, state, None, ctx.today()).is_empty();
            (open, next, head, case.is_closed())
        })?;
        if open.is_empty() && next.is_empty() {
            return None;
        }
        let record = ctx.pen.id();
        let (first, more) = next.split_at(next.len().min(FIRST));
        let (first, more) = (first.to_vec(), more.to_vec());
        let busy = !open.is_empty();
        Some(view! {
            <section class="card stack" aria-labelledby="what-next">
                <h2 id="what-next">{w.what_next}</h2>
                {head.then(|| view! {
                    <p>{w.facts_first}</p>
                    <a class="btn primary block" href=format!("/case/{record}/facts")>{icon("pen")}{w.edit_facts}</a>
                })}
                {open.into_iter().map(|(id, name, by)| view! {
                    <a class="btn primary block" href=format!("/case/{record}/{id}")>{icon("pen")}{fill(w.go_on, &[&name])}</a>
                    {(!by.is_empty()).then(|| view! { <p class="muted small">{fill(w.begun_by, &[&by])}</p> })}
                }).collect_view()}
                {(!head).then(|| view! {
                    {first.into_iter().enumerate().map(|(at, (id, name))| button(id, name, at == 0 && !busy && !closed)).collect_view()}
                    {(!more.is_empty()).then(|| view! {
                        <details class="fold"><summary>{w.more_steps}{icon("down")}</summary><div class="stack">{more.into_iter().map(|(id, name)| button(id, name, false)).collect_view()}</div></details>
                    })}
                })}
            </section>
        })
    }
}

/// What the matter is about; can be filled in until the first step is done.
#[component]
fn Facts(ctx: CaseCtx) -> impl IntoView {
    move || {
        let w = cases_words();
        let (rows, early) = ctx.with(|case, state| {
            let rows: Vec<(String, AnyView)> = case
                .procedure
                .fields
                .iter()
                .filter(|field| case.asks(state, None, field))
                .map(|field| {
                    (
                        field.name.get(lang()).to_owned(),
                        answer(ctx, None, field, &case.procedure.fields, state.get(&format!("fields/{}", field.id))),
                    )
                })
                .collect();
            (rows, case.done.is_empty() && !case.is_closed())
        })?;
        let record = ctx.pen.id();
        Some(view! {
            <section class="card stack">
                <div class="spread"><h2 class="grow">{w.facts}</h2>
                    {early.then(|| view! { <a class="btn slim" href=format!("/case/{record}/facts")>{icon("pen")}{w.edit_facts}</a> })}
                </div>
                <dl class="facts">{rows.into_iter().map(|(name, value)| view! { <dt>{name}</dt><dd>{value}</dd> }).collect_view()}</dl>
            </section>
        })
    }
}

/// An answer as it is read: words, a drawing, or the photos.
///
/// What tells of a person is hidden until somebody asks for it, also within other texts.
fn answer(ctx: CaseCtx, step: Option<&str>, field: &Field, form: &[Field], value: Option<&Value>) -> AnyView {
    let hidden = is_hidden(ctx, field, form);
    if matches!(field.kind, FieldKind::Photos { .. }) {
        let ids: Vec<String> = ctx.pen.with_state(|state| photos_of(state, &photo_item(step, &field.id)).map(str::to_owned).collect());
        if ids.is_empty() {
            return view! { <span class="muted">{cases_words().not_filled}</span> }.into_any();
        }
        if hidden {
            return hidden_photos(ids.len());
        }
        return view! { <div class="photos">{ids.into_iter().map(|id| view! { <PhotoThumb album=ctx.album id/> }).collect_view()}</div> }
            .into_any();
    }
    let Some(value) = value.filter(|value| !value.is_null()) else { return shown_value(&field.kind, None) };
    if hidden {
        return view! { <span class="pre">{masked(field, value)}</span> }.into_any();
    }
    if let (false, Some(text)) = (ctx.shown.get(), value.as_str().filter(|_| matches!(field.kind, FieldKind::Text | FieldKind::Long))) {
        let hidden = ctx.with(secrets).unwrap_or_default();
        return view! { <span class="pre">{scrub(text, &hidden)}</span> }.into_any();
    }
    shown_value(&field.kind, Some(value))
}

/// Photos before and after, side by side.
#[component]
fn BeforeAfter(ctx: CaseCtx) -> impl IntoView {
    let of = move |item: &str| ctx.pen.with_state(|state| photos_of(state, item).map(str::to_owned).collect::<Vec<_>>());
    move || {
        ctx.album.photos.track();
        let after_step = ctx.with(|case, _| {
            let has_after =
                |done: &&Done| case.procedure.step(&done.step).is_some_and(|step| step.fields.iter().any(|field| field.id == "after"));
            case.done.iter().rev().find(has_after).map(|done| done.id.clone())
        })??;
        let (before, after) = (of("before"), of(&photo_item(Some(&after_step), "after")));
        if before.is_empty() && after.is_empty() {
            return None;
        }
        let w = cases_words();
        let column = move |title: &'static str, ids: Vec<String>| {
            view! {
                <div class="stack tight"><h3>{title}</h3>
                    <div class="photos">{ids.into_iter().map(|id| view! { <PhotoThumb album=ctx.album id/> }).collect_view()}</div>
                </div>
            }
        };
        Some(view! {
            <section class="card stack" aria-labelledby="before-after"><h2 id="before-after">{w.before_after}</h2>
                <div class="side-by-side">{column(w.before, before)}{column(w.after, after)}</div>
            </section>
        })
    }
}

/// What was done, the latest first.
#[component]
fn Timeline(ctx: CaseCtx) -> impl IntoView {
    move || {
        let w = cases_words();
        let case = ctx.case.get()?;
        let offset = ctx.app.offset_min();
        let step_view = |done: &Done| {
            let def = case.procedure.step(&done.step);
            let name = def.map_or(done.step.clone(), |def| def.name.get(lang()).to_owned());
            let state = case.procedure.state(&done.to).map(|state| state.name.get(lang()).to_owned()).unwrap_or_default();
            let moved = done.from != done.to;
            let rows: Vec<(String, AnyView)> = def
                .map(|def| {
                    let fields = def.fields.iter().filter(|field| ctx.pen.with_state(|state| case.asks(state, Some(&done.id), field)));
                    let given = fields.filter_map(|field| {
                        let value = ctx.pen.with_state(|state| state.get(&format!("steps/{}/fields/{}", done.id, field.id)).cloned());
                        let photos = matches!(field.kind, FieldKind::Photos { .. });
                        (photos || value.is_some())
                            .then(|| (field.name.get(lang()).to_owned(), answer(ctx, Some(&done.id), field, &def.fields, value.as_ref())))
                    });
                    given.collect()
                })
                .unwrap_or_default();
            let changed = done.changed_after.len();
            let same = ctx.pen.with_state(|state| case.has_same_eyes(state, &done.id));
            // Only what a person filled in: without it the number of the document counts.
            let typed = def.and_then(|def| def.numbered.as_ref()).and_then(|numbered| {
                let path = field_path(Some(&done.id), &numbered.field);
                ctx.pen.with_state(|state| state.text(&path).map(|text| text.trim().to_owned()))
            });
            let papers = ctx.pen.with_state(|state| papers_of(state, &done.id));
            let papers = papers.into_iter().map(|paper| paper_view(paper, typed.as_deref())).collect_view();
            view! {
                <li class="step">
                    <details>
                        <summary>
                            <span class="grow"><strong>{name}</strong><span class="sub num">{done.at.minute_text(done.offset_min)}" "{done.by.clone()}</span></span>
                            {moved.then(|| view! { <span class="chip">{state}</span> })}
                            {icon("down")}
                        </summary>
                        <dl class="facts">{rows.into_iter().map(|(name, value)| view! { <dt>{name}</dt><dd>{value}</dd> }).collect_view()}</dl>
                    </details>
                    {papers}
                    {same.then(|| view! { <Notice tone="warn">{w.same_people}</Notice> })}
                    {done.misfit.then(|| view! { <Notice tone="warn">{w.misfit}</Notice> })}
                    {done.disputed.then(|| view! { <Notice tone="bad">{w.disputed}</Notice> })}
                    {(changed > 0).then(|| view! { <Notice tone="bad">{fill(w.changed_after, &[&changed])}</Notice> })}
                </li>
            }
        };
        let opened = case.opened.map(|(at, _)| at.minute_text(offset));
        Some(view! {
            <section class="card stack" aria-labelledby="timeline"><h2 id="timeline">{w.timeline}</h2>
                <ol class="case-steps">
                    <Looks ctx/>
                    {case.done.iter().rev().map(step_view).collect_view()}
                    {opened.map(|at| view! { <li class="step"><strong>{w.opened}</strong><span class="sub num">{at}</span></li> })}
                </ol>
            </section>
        })
    }
}

/// A document that was issued for a step, with a number that somebody filled in otherwise beside it.
fn paper_view(paper: Paper, typed: Option<&str>) -> AnyView {
    let w = cases_words();
    let differs = !paper.withdrawn && typed.is_some_and(|typed| !typed.is_empty() && typed != paper.number);
    let day = paper.day.map(|day| day.to_string()).unwrap_or_default();
    view! {
        <a class="list-row" href=format!("/doc/{}", paper.document)>
            <span class="grow"><span class="sub">{w.paper}" · "{paper.title.get(lang()).to_owned()}</span><span class="title num">{paper.number}" "{day}</span></span>
            {paper.withdrawn.then(|| view! { <span class="chip bad">{w.paper_withdrawn}</span> })}
            {differs.then(|| view! { <span class="chip warn">{w.paper_differs}</span> })}
            {icon("next")}
        </a>
    }
    .into_any()
}

/// The documents of the matter, and those that its steps ask for.
#[component]
fn Papers(ctx: CaseCtx) -> impl IntoView {
    let steps = Signal::derive(move || {
        let Some(case) = ctx.case.get() else { return Vec::new() };
        let offer = |done: &Done| {
            let def = case.procedure.step(&done.step)?;
            Some(Offer {
                id: done.id.clone(),
                step: def.id.clone(),
                name: def.name.get(lang()).to_owned(),
                templates: def.documents.clone(),
            })
        };
        case.done.iter().rev().filter(|done| !done.misfit).filter_map(offer).collect()
    });
    let kind = ctx.case.get_untracked().map(|case| case.procedure.kind.clone()).unwrap_or_default();
    view! { <DocumentsOf record=ctx.pen.id().to_string() kind steps/> }
}

#[component]
fn Links(ctx: CaseCtx) -> impl IntoView {
    move || {
        ctx.pen.version.track();
        let links: Vec<(String, String)> = ctx.pen.with_state(|state| {
            let all = state.under("links").filter_map(|(_, cell)| {
                let text = |name: &str| cell.value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
                let id = text("record");
                let href = match text("kind").as_str() {
                    "inspection" => format!("/record/{id}"),
                    "unit" | "equipment" | "instrument" => format!("/ledger/{id}"),
                    "task" => format!("/task/{id}"),
                    _ => format!("/case/{id}"),
                };
                (!id.is_empty()).then(|| (href, text("title")))
            });
            all.collect()
        });
        let record = ctx.pen.id();
        view! {
            <section class="card flush"><h2 class="card-head">{cases_words().links}</h2>
                <ul class="list">
                    {links.into_iter().map(|(href, title)| view! { <li><a class="list-row" href=href><span class="grow">{title}</span>{icon("next")}</a></li> }).collect_view()}
                    <li><a class="list-row" href=format!("/export?ids={record}")><span class="grow">{cases_words().hand_on}</span>{icon("next")}</a></li>
                    <li><a class="list-row" href=format!("/record/{record}")><span class="grow">{cases_words().record}</span>{icon("next")}</a></li>
                </ul>
            </section>
        }
    }
}

/// References to laws in words, each with whether it was verified.
#[component]
pub fn BasisList(basis: Vec<BasisRef>) -> impl IntoView {
    let names = LocalResource::new(law_names);
    move || {
        let names = names.get()?;
        let lines = basis.iter().filter_map(|one| {
            let law = names.iter().find(|law| law.id == one.basis).map(|law| law.name(lang()).to_owned())?;
            Some((format!("{law} {}", one.article.clone().unwrap_or_default()), one.verify))
        });
        let lines = lines.map(
            |(text, verify)| view! { <li>{text}{verify.then(|| view! { " " <span class="chip warn">{words().unverified}</span> })}</li> },
        );
        Some(view! { <ul class="plain small">{lines.collect_view()}</ul> })
    }
}

/// By which rules the matter is handled, and whether they were compared with the law.
#[component]
fn Basis(ctx: CaseCtx) -> impl IntoView {
    move || {
        let case = ctx.case.get()?;
        let unverified = !case.procedure.verified;
        let version = case.procedure.version.clone();
        Some(view! {
            <section class="card stack tight"><h2>{cases_words().basis}</h2>
                <BasisList basis=case.procedure.basis.clone()/>
                <p class="muted small">{fill(cases_words().version, &[&version])}" "{unverified.then(|| view! { <span class="chip warn">{words().unverified}</span> })}</p>
            </section>
        })
    }
}

/// What the matter is about, as a form.
#[component]
pub fn FactsView(ctx: CaseCtx) -> impl IntoView {
    let record = ctx.pen.id().to_string();
    let lacking = Memo::new(move |_| {
        ctx.pen.version.track();
        ctx.album.photos.track();
        let today = ctx.today();
        ctx.with(|case, state| lacks(case, state, None, today)).unwrap_or_default()
    });
    view! {
        <TopBar title=Signal::derive(|| cases_words().edit_facts.to_owned()) back=format!("/case/{record}")><Sign save=ctx.pen.save/></TopBar>
        <main class="page">
            <Trouble save=ctx.pen.save retry=Callback::new(move |()| ctx.pen.flush())/>
            <Proposed ctx/>
            <FormView ctx open=None/>
            <LackList ctx open=None lacking/>
            <a class="btn primary big block" href=format!("/case/{record}")>{move || words().done}</a>
        </main>
        <PhotoViewer album=ctx.album/>
    }
}
