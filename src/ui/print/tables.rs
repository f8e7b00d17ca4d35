//! The tables of the paper: parties, items, problems, amendments.

use leptos::prelude::*;
use serde_json::Value;

use crate::domain::checklist::{AnswerSpec, Verdict};
use crate::domain::content::Lang;
use crate::domain::inspection::{Inspection, Part, answer_path, started};
use crate::domain::journal::is_seal_path;
use crate::domain::signature::Signature;
use crate::domain::time::Instant;
use crate::ui::record::content::basis_words;
use crate::ui::record::{Shown, gate, names};
use crate::ui::words::common::Common;
use crate::ui::words::fill;
use crate::ui::words::office::OfficeWords;
use crate::ui::words::visit::VisitWords;

/// A mark where a value was set after sealing.
pub(super) fn amended(shown: &Shown, path: &str, lang: Lang) -> Option<&'static str> {
    let amended = shown.record.state().cell(path).is_some_and(|cell| cell.amended);
    amended.then_some(OfficeWords::of(lang).paper_amended)
}

/// Unit, equipment, inspectors, time.
pub(super) fn parties(shown: &Shown, lang: Lang) -> AnyView {
    let (w, o, names, state) = (Common::of(lang), OfficeWords::of(lang), shown.names(lang), shown.record.state());
    let text = |path: &str| {
        let value = names.value(path, state.get(path).unwrap_or(&Value::String(String::new())));
        format!("{value}{}", amended(shown, path, lang).unwrap_or_default())
    };
    let both =
        |first: &str, second: &str| [text(first), text(second)].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("　");
    let (at, offset) = started(state);
    let row = |first: (&'static str, String), second: (&'static str, String)| {
        view! { <tr><th scope="row">{first.0}</th><td>{first.1}</td><th scope="row">{second.0}</th><td>{second.1}</td></tr> }
    };
    let v = VisitWords::of(lang);
    // Records of earlier versions say nothing of these.
    let told = state.get("purpose_told").is_some() || state.get("rights_told").is_some();
    let marked = |text: String, paths: &[&str]| {
        let mark = paths.iter().find_map(|path| amended(shown, path, lang)).unwrap_or_default();
        format!("{text}{mark}")
    };
    let approval = marked(gate::approval(state, lang), &["approval_no", "approval/by", "approval/day"]);
    let frequency = gate::frequency(state, lang);
    let uscc = text("unit/uscc");
    let uscc = match state.text("unit/uscc").and_then(|code| names::uscc_mark(code, lang)) {
        Some(mark) => format!("{uscc}（{mark}）"),
        None => uscc,
    };
    let subjects = shown.inspection.as_ref().map(|inspection| inspection.subjects.as_slice()).unwrap_or_default();
    // Several pieces of equipment have a table of their own.
    let of_equipment = match subjects {
        [one] => {
            let field = |name: &str| text(&format!("{}/{name}", one.base));
            let due = (!one.next_due.is_empty()).then(|| row((VisitWords::of(lang).next_due, field("next_due")), ("", String::new())));
            Some(view! {
                {row((w.equipment_name, field("name")), (w.equipment_type, field("type_code")))}
                {row((w.equipment_code, field("code")), (w.equipment_cert, field("cert_no")))}
                {row((w.equipment_place, field("place")), (w.equipment_maintainer, field("maintainer")))}
                {due}
            })
        }
        _ => None,
    };
    let lists = state.under("checklists").map(|(id, _)| text(&format!("checklists/{id}")));
    let lists = state.get("checklist").map(|_| text("checklist")).into_iter().chain(lists).collect::<Vec<_>>().join("；");
    let ended = first_seal(shown).map_or_else(|| o.seal_none.to_owned(), |sealed| sealed.minute_text(offset));
    view! {
        <table class="paper-table parties">
            <tbody>
                {row((o.inspection_kind, text("inspection_kind")), (o.task_source, text("task_source")))}
                {(!approval.is_empty() || !frequency.is_empty()).then(|| row((v.approval, approval), (v.year_visits, frequency)))}
                {row((w.unit, text("unit/name")), (w.unit_uscc, uscc))}
                {row((w.unit_address, text("unit/address")), (w.unit_contact, both("unit/contact", "unit/phone")))}
                {of_equipment}
                {row((w.inspector_1, text("inspectors/1")), (w.inspector_2, text("inspectors/2")))}
                {row((w.attendant, text("attendant")), (o.credentials_shown, text("credentials_shown")))}
                {told.then(|| row((v.purpose_told, text("purpose_told")), (v.rights_told, text("rights_told"))))}
                {row((o.time_from, at.minute_text(offset)), (o.time_to, ended))}
                {row((w.checklist, lists), (o.record_kind, names::kind(&shown.summary.kind, lang)))}
            </tbody>
        </table>
    }
    .into_any()
}

/// When the record was first sealed, which ended the check.
fn first_seal(shown: &Shown) -> Option<Instant> {
    let timeline = shown.record.journal().timeline();
    timeline.iter().find(|entry| is_seal_path(&entry.change.path)).map(|entry| Instant::from_ms(entry.change.clock.wall_ms))
}

/// Every item with its result; with several pieces of equipment each item once.
pub(super) fn items(shown: &Shown, lang: Lang) -> AnyView {
    let Some(inspection) = &shown.inspection else { return ().into_any() };
    if inspection.subjects.len() < 2 {
        return part_items(shown, inspection, Part::Whole, lang);
    }
    let names = shown.names(lang);
    let once = inspection.slots.first().is_some_and(|slot| slot.subject.is_none());
    view! {
        {super::visit::equipment(shown, inspection, lang)}
        {once.then(|| view! { <h2 class="paper-head">{names.part(Part::Unit)}</h2>{part_items(shown, inspection, Part::Unit, lang)} })}
        <h2 class="paper-head">{VisitWords::of(lang).parts}</h2>
        {super::visit::items(shown, inspection, lang)}
        {super::visit::values(shown, inspection, lang)}
    }
    .into_any()
}

fn part_items(shown: &Shown, inspection: &Inspection, part: Part, lang: Lang) -> AnyView {
    let o = OfficeWords::of(lang);
    let several = inspection.lists.len() > 1;
    let groups = inspection
        .sections_of(part)
        .map(|(at, section)| {
            let rows = section.slots.iter().filter_map(|index| item_row(shown, inspection, *index, lang)).collect_view();
            let title = inspection.section_title(at, lang);
            let list = inspection.lists.get(section.list).filter(|_| several).map(|list| format!("{} · ", list.title(lang)));
            let number = section.repeat.as_ref().filter(|at| at.number.is_some()).map(|at| format!(" #{}", at.place));
            view! { <tbody><tr class="paper-section"><th colspan="5" scope="rowgroup">{list}{title}{number}</th></tr>{rows}</tbody> }
        })
        .collect_view();
    let elsewhere = (part != Part::Subject(0)).then(|| elsewhere(inspection, lang));
    view! {
        <table class="paper-table items">
            <thead><tr>
                <th scope="col" class="no">{o.column_no}</th><th scope="col">{o.column_item}</th><th scope="col" class="res">{o.column_result}</th>
                <th scope="col" class="bas">{o.column_basis}</th><th scope="col" class="rem">{o.column_remark}</th>
            </tr></thead>
            {groups}
            {elsewhere}
        </table>
    }
    .into_any()
}

/// Items that another one stands for: where they are answered.
fn elsewhere(inspection: &Inspection, lang: Lang) -> AnyView {
    let v = VisitWords::of(lang);
    let row = |one: &crate::domain::inspection::Elsewhere| {
        let list = inspection.lists.get(one.list)?;
        let item = list.items.get(one.item)?;
        let there = inspection.list(one.slot)?;
        let text = fill(v.asked_elsewhere, &[&there.title(lang), &inspection.number(one.slot)]);
        let word = inspection.verdict(one.slot).map_or("—", |verdict| names::verdict(verdict, lang));
        Some(view! {
            <tr><td class="no">{one.item + 1}</td><td>{inspection.elsewhere_text(one, lang).to_owned()}</td><td class="res">{word}</td>
                <td class="bas">{basis_words(list, &item.basis, lang)}</td><td class="rem">{text}</td></tr>
        })
    };
    let rows: Vec<_> = inspection.elsewhere.iter().filter_map(row).collect();
    if rows.is_empty() { ().into_any() } else { view! { <tbody>{rows}</tbody> }.into_any() }
}

fn item_row(shown: &Shown, inspection: &Inspection, index: usize, lang: Lang) -> Option<AnyView> {
    let (item, key) = (inspection.item(index)?, inspection.key(index)?);
    if matches!(item.answer, AnswerSpec::Note) || !inspection.is_shown(index) {
        return None;
    }
    let answer = inspection.answer(index);
    let verdict = inspection.verdict(index);
    let word = verdict.map_or(if item.record_only { "" } else { "—" }, |verdict| names::verdict(verdict, lang));
    let mark = amended(shown, &answer_path(key, "verdict"), lang);
    let value = answer.value.as_ref().map(|value| shown.names(lang).answer(item, value)).unwrap_or_default();
    let remark = [value, answer.note.clone()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("；");
    let drawing = answer.value.as_ref().filter(|_| matches!(item.answer, AnswerSpec::Drawing)).and_then(Signature::read);
    let drawing = drawing.map(|drawing| view! { <crate::ui::sign::SignatureView signature=drawing/> });
    let class = if verdict == Some(Verdict::Fail) { "fail" } else { "" };
    let o = OfficeWords::of(lang);
    let basis = inspection.list(index).map(|list| basis_words(list, &item.basis, lang));
    Some(
        view! {
            <tr class=class>
                <td class="no">{inspection.number(index)}</td>
                <td>{inspection.text(index, lang).to_owned()}</td>
                <td class="res" data-label=o.column_result>{word}{mark}</td>
                <td class="bas" data-label=o.column_basis>{basis}</td>
                <td class="rem" data-label=o.column_remark>{remark}{drawing}</td>
            </tr>
        }
        .into_any(),
    )
}

/// The failed items: what is wrong, why it must not be, what must be done until when.
pub(super) fn problems(shown: &Shown, lang: Lang) -> AnyView {
    let Some(inspection) = &shown.inspection else { return ().into_any() };
    let o = OfficeWords::of(lang);
    let rows: Vec<_> = inspection.failed().filter_map(|index| problem(shown, inspection, index, lang)).collect();
    let none = rows.is_empty().then(|| view! { <p>{o.no_problems}</p> });
    view! { <section class="paper-block"><h2>{o.problems}</h2>{none}<ol class="paper-problems">{rows}</ol></section> }.into_any()
}

fn problem(shown: &Shown, inspection: &Inspection, index: usize, lang: Lang) -> Option<AnyView> {
    let (w, o, names) = (Common::of(lang), OfficeWords::of(lang), shown.names(lang));
    let (item, key) = (inspection.item(index)?, inspection.key(index)?);
    let answer = inspection.answer(index);
    let mark = |field: &str| amended(shown, &answer_path(key, field), lang);
    let severity = names::severity(answer.severity.unwrap_or(item.severity), lang);
    let measure = names.measure(answer.measure.as_deref().unwrap_or(&item.on_fail));
    let finding = if answer.finding.is_empty() { inspection.text(index, lang).to_owned() } else { answer.finding.clone() };
    let deadline = answer.deadline.map_or_else(|| o.no_deadline.to_owned(), |date| date.to_string());
    let basis = inspection.list(index).map(|list| basis_words(list, &item.basis, lang));
    Some(
        view! {
            <li>
                <p><strong>{names.question(key)}"："{finding}{mark("finding")}</strong>"（"{severity}"）"</p>
                <p>{w.basis}"："{basis}</p>
                <p>{w.requirement}"："{answer.requirement.clone()}{mark("requirement")}"　"{w.measure}"："{measure}{mark("measure")}"　"{w.deadline}"："{deadline}{mark("deadline")}</p>
            </li>
        }
        .into_any(),
    )
}

/// What was changed after sealing, with the reasons.
pub(super) fn amendments(shown: &Shown, lang: Lang) -> AnyView {
    let (o, names, journal) = (OfficeWords::of(lang), shown.names(lang), shown.record.journal());
    let timeline = journal.timeline();
    let rows: Vec<_> = journal
        .amendments()
        .into_iter()
        .map(|entry| {
            let change = &entry.change;
            let before = change.over.and_then(|over| timeline.iter().find(|other| other.hash == over));
            let old = before.map(|before| names.value(change.path.as_str(), &before.change.value)).unwrap_or_else(|| o.nothing.to_owned());
            let at = Instant::from_ms(change.clock.wall_ms).minute_text(change.clock.offset_min);
            let text =
                fill(o.paper_amendment, &[&names.path(change.path.as_str()), &old, &names.value(change.path.as_str(), &change.value)]);
            let reason = fill(o.reason_is, &[&change.reason.as_deref().unwrap_or(o.nothing)]);
            view! { <li>{text}"　"{reason}"　"{change.by.clone()}" "{at}</li> }
        })
        .collect();
    if rows.is_empty() {
        return ().into_any();
    }
    view! { <section class="paper-block"><h2>{o.amendments}</h2><ol class="paper-problems">{rows}</ol></section> }.into_any()
}
