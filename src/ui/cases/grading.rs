//! What the rules say beside the forms: grades that are proposed, what the law may attach, the grade of an accident.

use leptos::prelude::*;
use serde_json::Value;

use super::ctx::CaseCtx;
use super::rules::{Law, accident_grades, consequences, gradings, law_names};
use crate::domain::checklist::BasisRef;
use crate::domain::content::Lang;
use crate::domain::time::CivilDate;
use crate::procedure::{Case, FieldKind, departs};
use crate::rules::accident::Accident;
use crate::rules::consequence::{Consequence, Fine, Found};
use crate::rules::grading::{Clause, Fact, Gradings};
use crate::ui::icon::icon;
use crate::ui::widget::Notice;
use crate::ui::words::{cases_words, fill, lang, words};

/// Where something stands: the names of laws with the articles.
fn places(laws: &[Law], basis: &[BasisRef]) -> String {
    let name = |id: &str| laws.iter().find(|law| law.id == id).map_or(id.to_owned(), |law| law.name(lang()).to_owned());
    let one = |basis: &BasisRef| fill(cases_words().law_ref, &[&name(&basis.basis), &basis.article.clone().unwrap_or_default()]);
    basis.iter().map(one).collect::<Vec<_>>().join("、")
}

fn text(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn names_at(value: Option<Value>) -> Vec<String> {
    value.as_ref().and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// A clause in a line: number, what it says, and whether that was verified.
#[must_use]
pub fn clause_line(clause: &Clause) -> AnyView {
    let (number, says, verified) = (clause.no.clone(), clause.name.clone(), clause.verified);
    view! {
        <strong class="num">{number}</strong>" "{says.get(lang()).to_owned()}
        {(!verified).then(|| view! { " " <span class="chip warn">{words().unverified}</span> })}
    }
    .into_any()
}

/// The day whose rules count: that on which the matter began.
#[must_use]
pub fn day_of(ctx: CaseCtx, case: &Case) -> CivilDate {
    case.opened.map_or_else(|| ctx.today(), |(at, offset_min)| at.date(offset_min))
}

/// The clauses that were chosen, each with its text; their names until the rules are there.
#[component]
pub fn ClauseTexts(ids: Vec<String>) -> impl IntoView {
    let rules = LocalResource::new(gradings);
    move || {
        let rules = rules.get().flatten();
        let lines = ids.iter().map(|id| match rules.as_ref().and_then(|rules| rules.clause(id)) {
            Some((_, clause)) => view! { <li>{clause_line(clause)}</li> }.into_any(),
            None => view! { <li>{id.clone()}</li> }.into_any(),
        });
        view! { <ul class="stack tight plain">{lines.collect_view()}</ul> }
    }
}

/// What the program proposed for the grades, what has to be looked into, and whether somebody decided otherwise.
#[component]
pub fn Proposed(ctx: CaseCtx) -> impl IntoView {
    let rules = LocalResource::new(gradings);
    move || {
        ctx.value("proposed/from")?;
        let rules = rules.get().flatten()?;
        let w = cases_words();
        let differs = ctx.with(departs).unwrap_or_default();
        let of = |grade: &str| {
            let proposed = ctx.value(&format!("proposed/{grade}")) == Some(Value::Bool(true));
            let grading = rules.get(grade)?;
            let clauses = names_at(ctx.value(&format!("proposed/{grade}_clauses")));
            let lines = clauses.iter().filter_map(|id| grading.clause(id)).map(|clause| view! { <li>{clause_line(clause)}</li> });
            let said = if proposed { w.yes } else { w.no };
            Some(view! {
                <dt>{grading.name.get(lang()).to_owned()}</dt>
                <dd>{said}<ul class="stack tight plain">{lines.collect_view()}</ul></dd>
            })
        };
        let asked = ctx.value("proposed/check").map(|all| to_check(&rules, &all)).unwrap_or_default();
        Some(view! {
            <section class="card stack" aria-labelledby="proposed">
                <h2 id="proposed">{w.proposed}</h2>
                <dl class="facts">{of("serious")}{of("major")}</dl>
                {(!asked.is_empty()).then(|| view! { <div class="stack tight"><h3>{w.proposed_check}</h3><ul class="stack tight plain">{asked}</ul></div> })}
                {differs.then(|| view! { <Notice tone="warn">{w.proposed_differs}</Notice> })}
                <p class="muted small">{w.proposed_note}</p>
            </section>
        })
    }
}

/// What has to be looked into, each with the reason.
fn to_check(rules: &Gradings, all: &Value) -> Vec<AnyView> {
    let one = |entry: &Value| {
        let (grading, clause) = rules.clause(&text(entry, "clause"))?;
        let why = why_word(&text(entry, "why"));
        Some(
            view! { <li><span class="sub">{why}</span><span>{grading.name.get(lang()).to_owned()}" "{clause_line(clause)}</span></li> }
                .into_any(),
        )
    };
    all.as_array().into_iter().flatten().filter_map(one).collect()
}

fn why_word(why: &str) -> &'static str {
    let w = cases_words();
    match Fact::ALL.into_iter().find(|fact| fact.name() == why) {
        Some(Fact::OverdueInUse) => w.fact_overdue,
        Some(Fact::FailedInUse) => w.fact_failed,
        Some(Fact::ScrappedInUse) => w.fact_scrapped,
        Some(Fact::NotRegistered) => w.fact_not_registered,
        None => w.fact_item,
    }
}

/// An amount of money: in Chinese in 万元 where it is whole, in English with its thousands apart.
fn money(yuan: u64) -> String {
    let w = cases_words();
    if lang() == Lang::Zh {
        let whole = yuan.is_multiple_of(10_000);
        return if whole { fill(w.ten_thousand_yuan, &[&(yuan / 10_000)]) } else { fill(w.yuan, &[&yuan]) };
    }
    let digits = yuan.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    fill(w.yuan, &[&grouped])
}

fn fine_line(fine: &Fine) -> String {
    let range = fill(cases_words().fine, &[&money(fine.low), &money(fine.high)]);
    let who = lang().pick(&fine.zh, &fine.en);
    if who.is_empty() { range } else { fill(cases_words().of_whom, &[&who, &range]) }
}

/// What the law may attach to a hazard: to look up, behind a fold.
#[component]
pub fn ConsequencesOf(ctx: CaseCtx) -> impl IntoView {
    let rules = LocalResource::new(consequences);
    let laws = LocalResource::new(law_names);
    move || {
        let rules = rules.get().flatten()?;
        let laws = laws.get().unwrap_or_default();
        let found: Vec<Consequence> = ctx.with(|case, state| {
            let of_clauses = case.procedure.fields.iter().filter(|field| matches!(field.kind, FieldKind::Clauses { .. }));
            let asked: Vec<_> = of_clauses.collect();
            // Only what is graded by clauses is looked up.
            if asked.is_empty() {
                return Vec::new();
            }
            let given = asked.iter().filter(|field| case.asks(state, None, field));
            let clauses: Vec<String> = given.flat_map(|field| names_at(case.value(state, None, &field.id).cloned())).collect();
            let from = state.get("proposed/from").cloned().unwrap_or_default();
            let reasons = state.get("proposed/check").and_then(Value::as_array).into_iter().flatten().map(|entry| text(entry, "why"));
            let facts: Vec<Fact> = reasons.filter_map(|why| Fact::ALL.into_iter().find(|fact| fact.name() == why)).collect();
            let (list, item) = (text(&from, "list"), text(&from, "item"));
            let holds = |condition: &_| case.holds(state, None, condition);
            let found = Found { clauses: &clauses, list: &list, item: &item, facts: &facts, holds: &holds };
            rules.lookup(found, day_of(ctx, case)).into_iter().cloned().collect()
        })?;
        if found.is_empty() {
            return None;
        }
        let w = cases_words();
        let rows = found.into_iter().map(|one| {
            let place = places(&laws, &one.basis);
            let fines = one.fines.iter().map(|fine| view! { <li class="num">{fine_line(fine)}</li> }).collect_view();
            view! {
                <li class="stack tight">
                    <strong>{place}{(!one.verified).then(|| view! { " " <span class="chip warn">{words().unverified}</span> })}</strong>
                    <span>{one.conduct.get(lang()).to_owned()}</span>
                    <span class="muted">{lang().pick(&one.order_zh, &one.order_en).to_owned()}</span>
                    <ul class="plain">{fines}</ul>
                </li>
            }
        });
        Some(view! {
            <section class="card stack">
                <details class="fold"><summary><span class="grow">{w.consequences}</span>{icon("down")}</summary>
                    <div class="stack">
                        <p class="muted small">{w.consequences_note}</p>
                        <ul class="stack plain">{rows.collect_view()}</ul>
                    </div>
                </details>
            </section>
        })
    }
}

/// The grade that an accident comes to by what was filled in, beside the form where that is asked. A step without an id is
/// what the matter is about.
#[component]
pub fn AccidentGrade(ctx: CaseCtx, step: Option<String>) -> impl IntoView {
    let counted = ctx.case.get_untracked().is_some_and(|case| {
        let has = |id: &str| case.procedure.field(id).is_some();
        has("deaths") && has("serious_injuries") && has("special")
    });
    if !counted {
        return ().into_any();
    }
    let step = StoredValue::new(step);
    let rules = LocalResource::new(accident_grades);
    let laws = LocalResource::new(law_names);
    let shown = move || {
        let rules = rules.get().flatten()?;
        let laws = laws.get().unwrap_or_default();
        let w = cases_words();
        let (accident, chosen) = ctx.with(|case, state| {
            step.with_value(|step| {
                let accident = Accident::read(&|name| case.value(state, step.as_deref(), name));
                let chosen = step.as_ref().and_then(|id| state.text(&format!("steps/{id}/fields/grade")).map(str::to_owned));
                (accident, chosen)
            })
        })?;
        let accident = accident?;
        let reached = rules.grade(&accident).map(|(grade, reasons)| {
            let reasons: Vec<String> = reasons.into_iter().map(|one| one.name.get(lang()).to_owned()).collect();
            (grade.clone(), reasons.join(lang().pick("；", "; ")))
        });
        let counted = reached.as_ref().map_or("none", |(grade, _)| grade.id.as_str());
        let differs = chosen.is_some_and(|chosen| chosen != counted && chosen != "unknown");
        let body = match reached {
            None => view! { <Notice>{w.accident_none}</Notice> }.into_any(),
            Some((grade, reasons)) => {
                let (title, place) = (fill(w.accident_is, &[&grade.name.get(lang())]), places(&laws, &grade.basis));
                view! {
                    <Notice tone="warn"><span class="stack tight">
                        <strong>{title}</strong>
                        <span>{reasons}</span>
                        <span class="small">{place}</span>
                        {(!grade.verified).then(|| view! { <span class="chip warn">{words().unverified}</span> })}
                    </span></Notice>
                }
                .into_any()
            }
        };
        Some(view! {
            <div class="stack tight" aria-live="polite">{body}{differs.then(|| view! { <Notice tone="bad">{w.accident_differs}</Notice> })}
                <p class="muted small">{w.accident_note}</p>
            </div>
        })
    };
    shown.into_any()
}
