//! What was found at the last visit: shown beside the question, so that an old problem is not overlooked.

use std::collections::BTreeMap;

use leptos::prelude::*;

use super::CheckCtx;
use crate::domain::checklist::Verdict;
use crate::domain::id::RecordId;
use crate::domain::inspection::{Inspection, Stage, Subject, photos};
use crate::domain::journal::State;
use crate::domain::time::CivilDate;

/// How many earlier records are read at most.
const MOST: usize = 8;

/// What an earlier record says of a question.
#[derive(Clone, PartialEq, Debug)]
pub struct Past {
    /// The verdict.
    pub verdict: Verdict,
    /// What was wrong.
    pub finding: String,
    /// The day of that check.
    pub day: CivilDate,
    /// How many photos there are.
    pub photos: usize,
    /// The record.
    pub record: String,
}

/// Looks through the sealed checks, the latest first, until each piece of equipment and the unit have been found.
pub async fn find(ctx: CheckCtx) -> BTreeMap<String, Past> {
    let own = ctx.id.get_value();
    let (subjects, unit) = {
        let session = ctx.session();
        let record = session.record();
        let text = |path: &str| record.state().text(path).unwrap_or_default().to_owned();
        (ctx.with(|inspection| inspection.subjects.clone()), [text("unit/id"), text("unit/uscc"), text("unit/name")])
    };
    let names: Vec<&str> =
        subjects.iter().flat_map(|one| [one.id.as_str(), one.code.as_str()]).chain(unit.iter().map(String::as_str)).collect();
    let names: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
    let candidates: Vec<String> = ctx.app.summaries.with_untracked(|all| {
        let sealed =
            all.iter().filter(|one| one.kind == "inspection" && one.id != own && matches!(one.stage, Stage::Sealed | Stage::Amended));
        let mut fitting: Vec<_> = sealed.filter(|one| names.iter().any(|name| one.search.contains(name) || one.title == *name)).collect();
        fitting.sort_by_key(|one| std::cmp::Reverse(one.created_ms));
        fitting.into_iter().take(MOST).map(|one| one.id.clone()).collect()
    });
    let mut found = Found { open: subjects.into_iter().map(Some).collect(), unit: Some(unit), past: BTreeMap::new() };
    for id in candidates {
        if found.is_done() {
            break;
        }
        let Ok(record_id) = RecordId::parse(&id) else { continue };
        // Only an aid: a record that can't be read is told where it is opened.
        let Ok(record) = ctx.app.workspace().load(&record_id).await else { continue };
        if let Ok(old) = Inspection::read(record.state()) {
            found.take(ctx, &id, record.state(), &old);
        }
    }
    found.past
}

/// What is still looked for, and what was found.
struct Found {
    open: Vec<Option<Subject>>,
    unit: Option<[String; 3]>,
    past: BTreeMap<String, Past>,
}

impl Found {
    fn is_done(&self) -> bool {
        self.unit.is_none() && self.open.iter().all(Option::is_none)
    }

    fn take(&mut self, ctx: CheckCtx, id: &str, state: &State, old: &Inspection) {
        let text = |path: &str| state.text(path).unwrap_or_default().to_owned();
        let [unit_id, uscc, name] = [text("unit/id"), text("unit/uscc"), text("unit/name")];
        let same = |ours: &str, theirs: &str| !ours.is_empty() && ours == theirs;
        let same_unit = self.unit.as_ref().is_some_and(|[our_id, our_uscc, our_name]| {
            same(our_id, &unit_id) || same(our_uscc, &uscc) || (our_id.is_empty() && same(our_name, &name))
        });
        if same_unit {
            self.unit = None;
            self.note(ctx, id, state, old, None, None);
        }
        for index in 0..self.open.len() {
            let Some(Some(ours)) = self.open.get(index) else { continue };
            let theirs = old.subjects.iter().position(|theirs| same(&ours.id, &theirs.id) || same(&ours.code, &theirs.code));
            if let Some(theirs) = theirs {
                if let Some(open) = self.open.get_mut(index) {
                    *open = None;
                }
                self.note(ctx, id, state, old, Some(index), Some(theirs));
            }
        }
    }

    /// Notes all verdicts of one piece of equipment, or of what was asked of the unit.
    fn note(&mut self, ctx: CheckCtx, id: &str, state: &State, old: &Inspection, ours: Option<usize>, theirs: Option<usize>) {
        let all = photos(state);
        let mut by_item = BTreeMap::new();
        for (index, slot) in old.slots.iter().enumerate().filter(|(_, slot)| slot.subject == theirs && slot.repeat.is_empty()) {
            if let (Some(verdict), Some(item)) = (old.verdict(index), old.item(index)) {
                let at = all.iter().filter(|photo| photo.item.as_deref() == Some(slot.key.as_str())).count();
                let finding = old.answer(index).finding.clone();
                by_item.insert(item.question().to_owned(), Past { verdict, finding, day: old.day, photos: at, record: id.to_owned() });
            }
        }
        ctx.with(|inspection| {
            let mine = inspection.slots.iter().enumerate().filter(|(_, slot)| slot.subject == ours && slot.repeat.is_empty());
            for (index, slot) in mine {
                if let Some(past) = inspection.item(index).and_then(|item| by_item.get(item.question())) {
                    self.past.insert(slot.key.clone(), past.clone());
                }
            }
        });
    }
}
