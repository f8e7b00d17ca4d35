//! What a record says: facts, items, problems, photos, signatures.

use std::sync::Arc;

use leptos::prelude::*;
use serde_json::Value;

use super::names::{self, Names};
use super::photos::{PhotoCard, strip};
use super::{Shown, signature};
use crate::domain::checklist::{AnswerSpec, BasisRef, Checked, Checklist, Item, Verdict};
use crate::domain::content::Lang;
use crate::domain::inspection::{Answer, Inspection, Part, answer_path, started};
use crate::domain::journal::State;
use crate::domain::signature::Signature;
use crate::ui::icon::icon;
use crate::ui::words::common::Common;
use crate::ui::words::fill;
use crate::ui::words::office::OfficeWords;
use crate::ui::words::visit::VisitWords;

/// With more questions than this the parts of a visit are drawn when they are opened.
const DRAWN: usize = 400;

/// The mark of a value that was set after the record was sealed.
#[must_use]
pub fn amended(state: &State, path: &str, lang: Lang) -> Option<AnyView> {
    let amended = state.cell(path).is_some_and(|cell| cell.amended);
    amended.then(|| view! { <span class="chip warn amended">{icon("pen")}{OfficeWords::of(lang).amended}</span> }.into_any())
}

/// Everything that a record says; only the failed items when `failed_only`.
#[must_use]
pub fn content(shown: &Arc<Shown>, failed_only: bool, lang: Lang, open: Callback<usize>) -> AnyView {
    let Some(inspection) = &shown.inspection else { return cells(shown, lang) };
    let (state, w) = (shown.record.state(), Common::of(lang));
    let loose: Vec<_> = shown.photos.iter().cloned().enumerate().filter(|(_, card)| !belongs(inspection, card)).collect();
    let parts = inspection.parts();
    let several = parts.len() > 1;
    let parts: Vec<_> = parts.into_iter().filter_map(|part| part_view(shown, inspection, part, several, failed_only, lang, open)).collect();
    let nothing = parts.is_empty().then(|| view! { <div class="card empty">{icon("check")}<p>{OfficeWords::of(lang).no_failed}</p></div> });
    view! {
        {conclusion(shown, lang)}
        {nothing}
        {parts}
        {removed(shown, inspection, lang)}
        {(!loose.is_empty()).then(|| view! { <section class="card"><h2>{w.record_photos}</h2>{strip(&loose, lang, open)}</section> })}

        <section class="card flush">
            <header class="part-head"><h2>{w.signatures}</h2></header>
            {signature::list(state, shown.offset_min(), lang)}
        </section>
    }
    .into_any()
}

fn belongs(inspection: &Inspection, card: &PhotoCard) -> bool {
    card.photo.item.as_ref().is_some_and(|key| inspection.at_key(key).is_some())
}

/// One part of the visit: its sections; folded where there are several parts with many questions.
fn part_view(
    shown: &Arc<Shown>,
    inspection: &Inspection,
    part: Part,
    several: bool,
    failed_only: bool,
    lang: Lang,
    open: Callback<usize>,
) -> Option<AnyView> {
    let counts = inspection.part_counts(part);
    if failed_only && counts.failed == 0 {
        return None;
    }
    if !several {
        return Some(sections(shown, inspection, part, failed_only, lang, open));
    }
    let (w, names) = (Common::of(lang), shown.names(lang));
    let title = names.part(part);
    let place = match part {
        Part::Subject(index) => {
            inspection.subjects.get(index).map(|subject| format!("{} {}", subject.place, subject.code)).unwrap_or_default()
        }
        Part::Whole | Part::Unit => String::new(),
    };
    let drawn = RwSignal::new(inspection.slots.len() <= DRAWN || failed_only);
    let shown = shown.clone();
    let body = move || {
        let inspection = shown.inspection.as_ref()?;
        drawn.get().then(|| sections(&shown, inspection, part, failed_only, lang, open))
    };
    Some(
        view! {
            <details class="record-part" open=drawn.get_untracked() on:toggle=move |_| drawn.set(true)>
                <summary class="spread">
                    <span class="grow"><strong>{title}</strong>" "<span class="muted small">{place}</span></span>
                    {(counts.failed > 0).then(|| view! { <span class="chip bad num">{fill(w.n_failed, &[&counts.failed])}</span> })}
                    <span class="muted num">{fill(w.section_counts, &[&counts.answered, &counts.total])}</span>{icon("down")}
                </summary>
                <div class="stack">{body}</div>
            </details>
        }
        .into_any(),
    )
}

fn sections(shown: &Arc<Shown>, inspection: &Inspection, part: Part, failed_only: bool, lang: Lang, open: Callback<usize>) -> AnyView {
    let w = Common::of(lang);
    let several_lists = inspection.lists.len() > 1;
    let all = inspection.sections_of(part).filter_map(|(index, section)| {
        let rows: Vec<_> = section.slots.iter().filter_map(|slot| item_row(shown, inspection, *slot, failed_only, lang, open)).collect();
        let list = inspection.lists.get(section.list).filter(|_| several_lists).map(|list| list.title(lang).to_owned());
        let number = section.repeat.as_ref().filter(|at| at.number.is_some()).map(|at| format!(" #{}", at.place));
        let title = format!("{}{}", inspection.section_title(index, lang), number.unwrap_or_default());
        let counts = inspection.section_counts(index);
        (!rows.is_empty()).then(|| {
            view! {
                <section class="card flush">
                    <header class="part-head"><h2>{title}</h2>{list.map(|list| view! { <span class="muted small">{list}</span> })}<span class="muted num">{fill(w.section_counts, &[&counts.answered, &counts.total])}</span></header>
                    <ol class="items">{rows}</ol>
                </section>
            }
        })
    });
    all.collect::<Vec<_>>().into_any()
}

/// Equipment that was taken out of the visit, with the reason.
fn removed(shown: &Shown, inspection: &Inspection, lang: Lang) -> Option<AnyView> {
    let (words, names) = (VisitWords::of(lang), shown.names(lang));
    let rows: Vec<_> = inspection
        .removed
        .iter()
        .map(|one| view! { <li>{fill(words.removed_line, &[&names.subject_title(one), &one.removed.clone().unwrap_or_default()])}</li> })
        .collect();
    (!rows.is_empty())
        .then(|| view! { <section class="card"><h2>{words.removed_equipment}</h2><ul class="bullets">{rows}</ul></section> }.into_any())
}

fn item_row(shown: &Shown, inspection: &Inspection, index: usize, failed_only: bool, lang: Lang, open: Callback<usize>) -> Option<AnyView> {
    let (item, key) = (inspection.item(index)?, inspection.key(index)?);
    let state = shown.record.state();
    let answer = inspection.answer(index);
    let verdict = inspection.verdict(index);
    let failed = verdict == Some(Verdict::Fail);
    let silent = matches!(item.answer, AnswerSpec::Note) || !inspection.is_shown(index);
    if silent || (failed_only && !failed) {
        return None;
    }
    let (w, names) = (Common::of(lang), shown.names(lang));
    let cards: Vec<_> = shown.photos.iter().cloned().enumerate().filter(|(_, card)| card.photo.item.as_deref() == Some(key)).collect();
    let status = inspection.status(index);
    let open_word = status.is_some_and(|status| status.is_open()).then_some(OfficeWords::of(lang).unanswered);
    let word = verdict.map(|verdict| names::verdict(verdict, lang)).or(open_word);
    let path = |field: &str| answer_path(key, field);
    let value = answer.value.as_ref().map(|value| {
        view! { <p class="entry-value"><strong>{names.answer(item, value)}</strong>{amended(state, &path("value"), lang)}</p> }
    });
    let drawing = answer.value.as_ref().filter(|_| matches!(item.answer, AnswerSpec::Drawing)).and_then(Signature::read);
    let drawing = drawing.map(|drawing| view! { <crate::ui::sign::SignatureView signature=drawing/> });
    let conflict = state.conflicts().iter().any(|conflict| conflict.path.as_str().starts_with(&format!("answers/{key}/")));
    let note = (!failed && !answer.note.is_empty()).then(|| view! { <p class="muted">{format!("{}：{}", w.note, answer.note)}</p> });
    let basis = inspection.list(index).map(|list| basis_words(list, &item.basis, lang));
    Some(
        view! {
            <li class="entry" class:failed=failed id=key.to_owned()>
                <span class="entry-no num">{inspection.number(index)}</span>
                <p class="entry-text">{inspection.text(index, lang).to_owned()}</p>
                <div class="entry-verdict">{word.map(|word| view! { <span class=names::verdict_tone(verdict)>{word}</span> })}{amended(state, &path("verdict"), lang)}</div>
                <div class="entry-main">
                    {value}
                    {drawing}
                    {failed.then(|| failure(state, item, key, answer, names))}
                    {note}
                    {conflict.then(|| view! { <p><span class="chip warn">{icon("warn")}{OfficeWords::of(lang).conflict}</span></p> })}
                    {strip(&cards, lang, open)}
                    <p class="entry-cites">{basis}</p>
                </div>
            </li>
        }
        .into_any(),
    )
}

/// What is wrong at a failed item and what follows.
fn failure(state: &State, item: &Item, key: &str, answer: &Answer, names: Names<'_>) -> AnyView {
    let lang = names.lang;
    let w = Common::of(lang);
    let path = |field: &str| answer_path(key, field);
    let severity = answer.severity.unwrap_or(item.severity);
    let tone = if severity == crate::domain::checklist::Severity::General { "chip warn" } else { "chip bad" };
    let measure = names.measure(answer.measure.as_deref().unwrap_or(&item.on_fail));
    let rows = [
        (w.requirement, answer.requirement.clone(), "requirement"),
        (w.measure, measure, "measure"),
        (w.deadline, answer.deadline.map(|date| date.to_string()).unwrap_or_default(), "deadline"),
        (w.note, answer.note.clone(), "note"),
    ];
    let rows = rows
        .into_iter()
        .filter(|(_, text, _)| !text.is_empty())
        .map(|(label, text, field)| view! { <dt>{label}</dt><dd>{text}" "{amended(state, &path(field), lang)}</dd> })
        .collect_view();
    view! {
        <div class="failure">
            <p class="failure-what">
                <span class=tone>{names::severity(severity, lang)}</span>
                <strong>{answer.finding.clone()}</strong>
                {amended(state, &path("finding"), lang)}
            </p>
            <dl class="facts">{rows}</dl>
        </div>
    }
    .into_any()
}

/// The bases of an item in words, with a mark where nobody has checked the text.
#[must_use]
pub fn basis_words(checklist: &Checklist, refs: &[BasisRef], lang: Lang) -> AnyView {
    refs.iter()
        .map(|wanted| {
            let known = checklist.basis(&wanted.basis);
            let name = known.map_or(wanted.basis.clone(), |known| lang.pick(&known.name_zh, &known.name_en).to_owned());
            let title = if lang == Lang::Zh { format!("《{name}》") } else { name };
            let article = wanted.article.clone().unwrap_or_default();
            let unverified = wanted.verify || known.is_none_or(|known| known.checked != Checked::Source);
            view! {
                <span class="cite">{title}{(lang == Lang::En).then_some(" ")}{article}
                    {unverified.then(|| view! { " "<span class="unread">{Common::of(lang).unverified}</span> })}
                </span>
            }
        })
        .collect_view()
        .into_any()
}

/// Unit and equipment as the record has them.
#[must_use]
pub fn facts(shown: &Shown, lang: Lang) -> AnyView {
    let (w, o, names, state) = (Common::of(lang), OfficeWords::of(lang), shown.names(lang), shown.record.state());
    let row = |label: String, path: &str, mono: bool| {
        let text = names.value(path, state.get(path).unwrap_or(&Value::Null));
        let doubt = names::uscc_mark(&text, lang).filter(|_| path == "unit/uscc");
        let doubt = doubt.map(|mark| view! { " "<span class="unread">{mark}</span> });
        (state.get(path).is_some() && !text.is_empty())
            .then(|| view! { <dt>{label}</dt><dd><span class:mono=mono>{text}</span>{doubt}" "{amended(state, path, lang)}</dd> })
    };
    let said = |label: &'static str, text: String, path: &str| {
        (!text.is_empty()).then(|| view! { <dt>{label}</dt><dd>{text}" "{amended(state, path, lang)}</dd> })
    };
    let unit = ["name", "uscc", "address", "contact", "phone"];
    let equipment = ["name", "type_code", "code", "cert_no", "place", "maintainer", "rescue_code", "next_due"];
    let subjects = shown.inspection.as_ref().map(|inspection| inspection.subjects.as_slice()).unwrap_or_default();
    let lists = state.under("checklists").map(|(id, _)| format!("checklists/{id}")).chain(["checklist".to_owned()]);
    let tail = |path: &str| names.path(path).rsplit(" · ").next().unwrap_or_default().to_owned();
    let group = |name: &str, fields: &[&str]| {
        let mono = |field: &str| matches!(field, "uscc" | "code" | "cert_no" | "rescue_code");
        fields
            .iter()
            .map(|field| {
                let path = format!("{name}/{field}");
                row(tail(&path), &path, mono(field))
            })
            .collect_view()
    };
    let (at, offset) = started(state);
    // On a phone they would push the items off the screen.
    let open = window().inner_width().ok().and_then(|width| width.as_f64()).is_some_and(|width| width >= 1024.0);
    view! {
        <details class="card facts-card" open=open>
            <summary>{w.what_unit_says}{icon("down")}</summary>
            <h2>{w.unit}</h2>
            <dl class="facts">{group("unit", &unit)}</dl>
            {subjects.iter().map(|subject| view! {
                <h2 class="facts-next">{w.equipment}{(subjects.len() > 1).then(|| format!(" {}", names.subject_title(subject)))}</h2>
                <dl class="facts">{group(&subject.base, &equipment)}</dl>
            }).collect_view()}
            <h2 class="facts-next">{o.check}</h2>
            <dl class="facts">
                <dt>{o.check_time}</dt><dd class="num">{at.minute_text(offset)}</dd>
                {row(o.inspection_kind.to_owned(), "inspection_kind", false)}
                {row(o.task_source.to_owned(), "task_source", false)}
                {said(VisitWords::of(lang).approval, super::gate::approval(state, lang), "approval_no")}
                {said(VisitWords::of(lang).year_visits, super::gate::frequency(state, lang), "frequency/count")}
                {row(o.credentials_shown.to_owned(), "credentials_shown", false)}
                {row(VisitWords::of(lang).purpose_told.to_owned(), "purpose_told", false)}
                {row(VisitWords::of(lang).rights_told.to_owned(), "rights_told", false)}
                {row(o.bureau.to_owned(), "bureau", false)}
                {row(w.inspector_1.to_owned(), "inspectors/1", false)}
                {row(w.inspector_2.to_owned(), "inspectors/2", false)}
                {row(w.attendant.to_owned(), "attendant", false)}
                {row(VisitWords::of(lang).campaign.to_owned(), "season/campaign", false)}
                {lists.map(|path| row(w.checklist.to_owned(), &path, false)).collect_view()}
                <dt>{o.record_no}</dt><dd class="mono">{shown.record.id().to_string()}</dd>
            </dl>
        </details>
    }
    .into_any()
}

fn conclusion(shown: &Shown, lang: Lang) -> AnyView {
    let (w, names, state) = (Common::of(lang), shown.names(lang), shown.record.state());
    let rows = ["result", "opinion", "remark"]
        .into_iter()
        .filter_map(|field| {
            let path = format!("conclusion/{field}");
            let text = names.value(&path, state.get(&path)?);
            (!text.is_empty()).then(|| view! { <dt>{names.path(&path)}</dt><dd>{text}" "{amended(state, &path, lang)}</dd> })
        })
        .collect::<Vec<_>>();
    let empty = rows.is_empty().then(|| view! { <p class="muted">{OfficeWords::of(lang).no_conclusion}</p> });
    view! { <section class="card"><h2>{w.conclusion}</h2>{empty}<dl class="facts">{rows}</dl></section> }.into_any()
}

/// A record that is no inspection: every value with its place.
fn cells(shown: &Shown, lang: Lang) -> AnyView {
    let names = shown.names(lang);
    let state = shown.record.state();
    let rows = state
        .cells()
        .filter(|(path, _)| !matches!(path.as_str(), "kind" | "unit_id"))
        .map(|(path, cell)| view! { <dt>{names.path(path.as_str())}</dt><dd>{names.value(path.as_str(), &cell.value)}" "{amended(state, path.as_str(), lang)}</dd> })
        .collect_view();
    view! { <section class="card"><dl class="facts">{rows}</dl></section> }.into_any()
}
