//! The tables of a visit to several pieces of equipment: each item once, with the results of all of them.

use std::collections::BTreeMap;

use leptos::prelude::*;

use super::tables::amended;
use crate::domain::checklist::{AnswerSpec, Verdict, Wording};
use crate::domain::content::Lang;
use crate::domain::inspection::{Inspection, Subject, answer_path};
use crate::ui::record::content::basis_words;
use crate::ui::record::{Shown, names};
use crate::ui::words::common::Common;
use crate::ui::words::fill;
use crate::ui::words::office::OfficeWords;
use crate::ui::words::visit::VisitWords;

/// Numbers as people list them: `1–4、6、8`.
#[must_use]
pub(super) fn ranges(numbers: &[usize], lang: Lang) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for &number in numbers {
        match runs.last_mut() {
            Some((_, end)) if *end + 1 == number => *end = number,
            _ => runs.push((number, number)),
        }
    }
    let text = |(start, end): (usize, usize)| if start == end { start.to_string() } else { format!("{start}–{end}") };
    runs.into_iter().map(text).collect::<Vec<_>>().join(lang.pick("、", ", "))
}

/// The equipment that was looked at: code, certificate, next inspection, and what came out.
pub(super) fn equipment(shown: &Shown, inspection: &Inspection, lang: Lang) -> AnyView {
    let (w, v, o, names) = (Common::of(lang), VisitWords::of(lang), OfficeWords::of(lang), shown.names(lang));
    let row = |(index, subject): (usize, &Subject)| {
        let field =
            |field: &str, text: &str| format!("{text}{}", amended(shown, &format!("{}/{field}", subject.base), lang).unwrap_or_default());
        let numbers = |wanted: Option<Verdict>| {
            let own = inspection.slots.iter().enumerate().filter(|(_, slot)| slot.subject == Some(index));
            let own =
                own.filter(|(slot, _)| inspection.verdict(*slot) == wanted && inspection.status(*slot).is_some_and(|status| status.counts));
            own.map(|(slot, _)| inspection.number(slot)).collect::<Vec<_>>()
        };
        let failed = numbers(Some(Verdict::Fail));
        let counts = [(w.verdict_pass, numbers(Some(Verdict::Pass)).len()), (w.verdict_na, numbers(Some(Verdict::Na)).len())];
        let counts = counts.into_iter().filter(|(_, count)| *count > 0).map(|(word, count)| format!("{word} {count}")).collect::<Vec<_>>();
        let bad = (!failed.is_empty()).then(|| fill(v.failed_items, &[&ranges(&failed, lang)]));
        view! {
            <tr class=if failed.is_empty() { "" } else { "fail" }>
                <td class="no">{index + 1}</td>
                <td>{field("name", &names.subject_title(subject))}" "{field("place", &subject.place)}</td>
                <td class="mono">{field("code", &subject.code)}</td>
                <td class="mono">{field("cert_no", &subject.cert_no)}</td>
                <td>{field("next_due", &subject.next_due)}</td>
                <td>{counts.join("　")}{bad.map(|bad| view! { <br/><strong>{bad}</strong> })}</td>
            </tr>
        }
    };
    let rows = inspection.subjects.iter().enumerate().map(row).collect_view();
    let removed = |one: &Subject| {
        let reason = one.removed.clone().unwrap_or_default();
        view! { <p class="paper-small">{v.removed_equipment}"："{fill(v.removed_line, &[&names.subject_title(one), &reason])}</p> }
    };
    view! {
        <section class="paper-block">
            <h2>{v.equipment_table}</h2>
            <table class="paper-table equipment">
                <thead><tr>
                    <th scope="col" class="no">{o.column_no}</th><th scope="col">{v.column_equipment}</th><th scope="col">{v.column_code}</th>
                    <th scope="col">{v.column_cert}</th><th scope="col">{v.column_due}</th><th scope="col">{o.column_result}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
            {inspection.removed.iter().map(removed).collect_view()}
        </section>
    }
    .into_any()
}

/// The same question put to several pieces of equipment: list, item and the repeats around it.
type Same = (usize, usize, Vec<u32>);

/// The items that are asked of each piece of equipment, with the numbers of those that passed, failed or are not concerned.
pub(super) fn items(shown: &Shown, inspection: &Inspection, lang: Lang) -> AnyView {
    let o = OfficeWords::of(lang);
    let mut same: BTreeMap<Same, Vec<usize>> = BTreeMap::new();
    for (index, slot) in inspection.slots.iter().enumerate().filter(|(index, slot)| slot.subject.is_some() && inspection.is_shown(*index)) {
        same.entry((slot.list, slot.item, slot.repeat.clone())).or_default().push(index);
    }
    let mut groups: Vec<(String, Vec<AnyView>)> = Vec::new();
    for ((list, _, _), slots) in &same {
        let Some((first, item)) = slots.first().and_then(|first| Some((*first, inspection.item(*first)?))) else { continue };
        if matches!(item.answer, AnswerSpec::Note) {
            continue;
        }
        let checklist = inspection.lists.get(*list);
        // In the words of the first; what differs from piece to piece is said of each.
        let section = inspection.wording(first, Wording::Section, lang);
        let mut texts: Vec<&str> = slots.iter().map(|slot| inspection.text(*slot, lang)).collect();
        texts.dedup();
        let title = match checklist.filter(|_| inspection.lists.len() > 1) {
            Some(checklist) => format!("{} · {section}", checklist.title(lang)),
            None => section.to_owned(),
        };
        let row = view! {
            <tr class=if slots.iter().any(|slot| inspection.verdict(*slot) == Some(Verdict::Fail)) { "fail" } else { "" }>
                <td class="no">{inspection.number(first)}</td>
                <td>{texts.join(" / ")}</td>
                <td class="res wide" data-label=o.column_result>{results(shown, inspection, slots, lang)}</td>
                <td class="bas" data-label=o.column_basis>{checklist.map(|checklist| basis_words(checklist, &item.basis, lang))}</td>
            </tr>
        }
        .into_any();
        match groups.last_mut() {
            Some((known, rows)) if *known == title => rows.push(row),
            _ => groups.push((title, vec![row])),
        }
    }
    let groups = groups
        .into_iter()
        .map(|(title, rows)| view! { <tbody><tr class="paper-section"><th colspan="4" scope="rowgroup">{title}</th></tr>{rows}</tbody> });
    view! {
        <table class="paper-table items several">
            <thead><tr>
                <th scope="col" class="no">{o.column_no}</th><th scope="col">{o.column_item}</th><th scope="col" class="res wide">{o.column_result}</th>
                <th scope="col" class="bas">{o.column_basis}</th>
            </tr></thead>
            {groups.collect_view()}
        </table>
    }
    .into_any()
}

/// Which of the equipment passed, failed and so on at one item: by the numbers of the table of equipment.
fn results(shown: &Shown, inspection: &Inspection, slots: &[usize], lang: Lang) -> AnyView {
    let (v, o) = (VisitWords::of(lang), OfficeWords::of(lang));
    let number = |slot: usize| inspection.slots.get(slot).and_then(|slot| slot.subject).map_or(0, |subject| subject + 1);
    let of =
        |wanted: Option<Verdict>| slots.iter().copied().filter(|slot| inspection.verdict(*slot) == wanted).map(number).collect::<Vec<_>>();
    let all = slots.len() == inspection.subjects.len();
    let verdicts = [Some(Verdict::Pass), Some(Verdict::Fail), Some(Verdict::Na), None];
    let recorded = slots.iter().any(|slot| inspection.item(*slot).is_some_and(|item| item.record_only));
    let lines = verdicts.into_iter().filter_map(|verdict| {
        let numbers = of(verdict);
        if numbers.is_empty() || (recorded && verdict.is_none()) {
            return None;
        }
        let word = verdict.map_or(o.unanswered, |verdict| names::verdict(verdict, lang));
        let whom = if all && numbers.len() == slots.len() { v.part_whole.to_owned() } else { ranges(&numbers, lang) };
        let text = format!("{word}：{whom}");
        Some(if verdict == Some(Verdict::Fail) {
            view! { <p><strong>{text}</strong></p> }.into_any()
        } else {
            view! { <p>{text}</p> }.into_any()
        })
    });
    let changed =
        slots.iter().any(|slot| inspection.key(*slot).is_some_and(|key| amended(shown, &answer_path(key, "verdict"), lang).is_some()));
    view! { {lines.collect::<Vec<_>>()}{changed.then_some(o.paper_amended)} }.into_any()
}

/// What was entered for each piece of equipment: values and notes, by item number.
pub(super) fn values(shown: &Shown, inspection: &Inspection, lang: Lang) -> AnyView {
    let (v, o, names) = (VisitWords::of(lang), OfficeWords::of(lang), shown.names(lang));
    let entry = |(index, slot): (usize, &crate::domain::inspection::Slot)| {
        let item = inspection.item(index)?;
        let answer = inspection.answer(index);
        let value = answer.value.as_ref().map(|value| {
            format!("{}{}", names.answer(item, value), amended(shown, &answer_path(&slot.key, "value"), lang).unwrap_or_default())
        });
        let parts =
            [value.unwrap_or_default(), answer.note.clone()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("；");
        (!parts.is_empty() && inspection.is_shown(index)).then(|| format!("{} {parts}", fill(o.item_n, &[&inspection.number(index)])))
    };
    let of_subject = |(index, subject): (usize, &Subject)| {
        let own = inspection.slots.iter().enumerate().filter(|(_, slot)| slot.subject == Some(index));
        let texts: Vec<String> = own.filter_map(entry).collect();
        (!texts.is_empty()).then(|| view! { <li><strong>{names.subject_title(subject)}</strong>"："{texts.join("；")}</li> })
    };
    let rows: Vec<_> = inspection.subjects.iter().enumerate().filter_map(of_subject).collect();
    if rows.is_empty() {
        return ().into_any();
    }
    view! { <section class="paper-block"><h2>{v.values_of}</h2><ol class="paper-values">{rows}</ol></section> }.into_any()
}
