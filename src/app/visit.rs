//! What is written when a visit is begun, and when equipment or a checklist comes to it or leaves it.
//!
//! Everything here only says which values to set; a [`super::session::Session`] or a workspace keeps them.

use serde_json::{Value, json};

use super::workspace::{AppError, Record, Workspace, put_entry, put_summary};
use crate::domain::checklist::Checklist;
use crate::domain::equipment::type_code_of;
use crate::domain::id::DeviceId;
use crate::domain::inspection::{Inspection, RepeatAt, Subject, Summary, Visit, key, lists_for, next_repeat, next_subject, preset_values};
use crate::domain::journal::{Journal, State};
use crate::domain::time::CivilDate;
use crate::port::clock::Clock;
use crate::port::random::Random;
use crate::port::twin::Store;
use crate::rules::{EquipmentFacts, Intervals};

/// Path and value, to be written.
pub type Values = Vec<(String, Value)>;

impl<S: Store, C: Clock, R: Random> Workspace<S, C, R> {
    /// Begins a visit: its setting (`kind`, `started`, the unit…), its checklists, its equipment with the fields as the
    /// ledger has them, and what the questions begin with. All is kept or nothing.
    ///
    /// Lists that do not go together are left out; [`fits`] says so before.
    ///
    /// # Errors
    /// [`AppError`] when it can't be kept.
    pub async fn begin_visit(&self, setting: &Values, lists: &[Checklist], equipment: &[Values]) -> Result<Record, AppError> {
        let mut record = Record::new(Journal::new(self.new_record_id()));
        let mut entries = Vec::new();
        let mut write = |record: &mut Record, values: &Values| -> Result<(), AppError> {
            let values: Vec<(&str, Value)> = values.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
            entries.extend(self.write(record, &values, None)?);
            Ok(())
        };
        write(&mut record, setting)?;
        let mut taken: Vec<&Checklist> = Vec::new();
        for list in lists {
            if fits(taken.iter().copied(), list).is_ok() {
                let values = list_values(record.state(), &[], list);
                write(&mut record, &values)?;
                taken.push(list);
            }
        }
        for fields in equipment {
            let values = subject_at(record.state(), next_subject(record.state(), None), lists, fields);
            write(&mut record, &values)?;
        }
        let Ok(mut visit) = Visit::read(record.state()) else {
            self.keep(self.ops(&record, &entries), &entries).await?;
            return Ok(record);
        };
        let computed = visit.calculated();
        write(&mut record, &computed)?;
        visit.apply(record.state(), computed.iter().map(|(path, _)| path.as_str()));
        let summary = Summary::with(record.journal(), record.state(), visit.inspection().counts());
        self.keep(entries.iter().map(put_entry).chain([put_summary(&summary)]).collect(), &entries).await?;
        Ok(record)
    }
}

/// Why something can't be added to a visit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VisitError {
    /// The checklist is there already.
    #[error("the checklist {list} is there already")]
    ListTwice {
        /// Its id.
        list: String,
    },
    /// Another checklist has an item of the same name, so that their answers could not be told apart.
    #[error("the item {item} stands in another checklist too")]
    ItemTwice {
        /// The item's id.
        item: String,
    },
}

/// The values that bring a checklist into a visit; equipment that it fits is asked it.
///
/// # Errors
/// [`VisitError`] when it does not go together with those that are there.
pub fn add_list(state: &State, there: Option<&Inspection>, list: &Checklist) -> Result<Values, VisitError> {
    let lists = there.map(|inspection| inspection.lists.as_slice()).unwrap_or_default();
    fits(lists, list)?;
    Ok(list_values(state, there.map(|inspection| inspection.subjects.as_slice()).unwrap_or_default(), list))
}

fn list_values(state: &State, subjects: &[Subject], list: &Checklist) -> Values {
    let mut values = vec![(format!("checklists/{}", list.id), list.for_record())];
    let fitting: Vec<&Subject> =
        subjects.iter().filter(|one| lists_for(&one.type_code, std::slice::from_ref(list)).contains(&list.id)).collect();
    for subject in fitting {
        // One without a choice of its own is asked everything for equipment anyway.
        if let Some(known) = &subject.lists {
            let all: Vec<&String> = known.iter().chain([&list.id]).collect();
            values.push((format!("{}/lists", subject.base), json!(all)));
        }
        values.extend(preset_values(state, list, Some(subject)));
    }
    values.extend(preset_values(state, list, None));
    values
}

/// Whether a checklist can join others in one visit.
///
/// # Errors
/// [`VisitError`] says why not.
pub fn fits<'a>(there: impl IntoIterator<Item = &'a Checklist, IntoIter: Clone>, list: &Checklist) -> Result<(), VisitError> {
    let there = there.into_iter();
    if there.clone().any(|known| known.id == list.id) {
        return Err(VisitError::ListTwice { list: list.id.clone() });
    }
    let known: std::collections::BTreeSet<&str> = there.flat_map(|list| &list.items).map(|item| item.id.as_str()).collect();
    match list.items.iter().find(|item| known.contains(item.id.as_str())) {
        Some(item) => Err(VisitError::ItemTwice { item: item.id.clone() }),
        None => Ok(()),
    }
}

/// The fields of a piece of equipment with what follows from them, whether they come from the ledger or were entered on
/// site: the type from its code where nothing else says it, and at `derived/…` what the rules of the day work out. Kept in
/// the record, so that it can be read without the rules.
#[must_use]
pub fn with_derived(mut fields: Values, rules: Option<&Intervals>, today: CivilDate) -> Values {
    let text = |name: &str| fields.iter().find(|(field, _)| field == name).and_then(|(_, value)| value.as_str()).unwrap_or_default();
    if text("type_code").is_empty()
        && let Some(code) = type_code_of(text("code"))
    {
        fields.retain(|(field, _)| field != "type_code");
        fields.push(("type_code".to_owned(), json!(code)));
    }
    if let Some(rules) = rules {
        let named = |field: &String| if field == "next_due" { "printed_next".to_owned() } else { field.clone() };
        let facts = EquipmentFacts::read(&fields.iter().map(|(field, value)| (named(field), value.clone())).collect());
        fields.extend(rules.derived(&facts, today).into_iter().map(|(field, value)| (field.replace('.', "/"), value)));
    }
    fields
}

/// The values with which `device` brings a piece of equipment into a visit, with its fields as the ledger has them.
#[must_use]
pub fn add_subject(state: &State, lists: &[Checklist], fields: &[(String, Value)], device: &DeviceId) -> Values {
    subject_at(state, next_subject(state, Some(device)), lists, fields)
}

/// As [`add_subject`] under a number of the caller's, as when a visit is begun.
#[must_use]
pub fn subject_at(state: &State, number: u32, lists: &[Checklist], fields: &[(String, Value)]) -> Values {
    let base = format!("subjects/{number}");
    let filled = fields.iter().filter(|(_, value)| !value.is_null() && value.as_str() != Some(""));
    let mut values: Values = filled.map(|(field, value)| (format!("{base}/{field}"), value.clone())).collect();
    let type_code = fields.iter().find(|(field, _)| field == "type_code").and_then(|(_, value)| value.as_str()).unwrap_or_default();
    let ids = lists_for(type_code, lists);
    let subject = Subject { number, base: base.clone(), lists: Some(ids.clone()), ..Subject::default() };
    for list in lists.iter().filter(|list| ids.contains(&list.id)) {
        values.extend(preset_values(state, list, Some(&subject)));
    }
    values.push((format!("{base}/lists"), json!(ids)));
    values
}

/// The values that take a piece of equipment out of a visit. What was answered stays in the history.
#[must_use]
pub fn remove_subject(subject: &Subject, reason: &str) -> Values {
    vec![(format!("{}/removed", subject.base), json!(reason.trim()))]
}

/// The values with which `device` adds one more instance of a repeat.
#[must_use]
pub fn add_repeat(state: &State, list: &Checklist, subject: Option<&Subject>, at: &RepeatAt, device: &DeviceId) -> Values {
    // Where there is none, and the first was never taken away, that is the one.
    let number = if at.number.is_none() && state.get(&at.path(&list.id, subject, 1)).is_none() {
        1
    } else {
        next_repeat(state, &list.id, subject, at, device)
    };
    let mut values = vec![(at.path(&list.id, subject, number), json!(true))];
    let first = [at.around.as_slice(), &[1]].concat();
    let new = [at.around.as_slice(), &[number]].concat();
    for (item, repeat, value) in crate::domain::inspection::presets(state, list) {
        let inner = repeat.strip_prefix(first.as_slice());
        if let (Some(inner), Some(item)) = (inner, list.items.get(item)) {
            let repeat = [new.as_slice(), inner].concat();
            values.push((format!("answers/{}/value", key(&item.id, subject, &repeat)), value));
        }
    }
    values
}

/// The values that take an instance of a repeat away.
#[must_use]
pub fn remove_repeat(list: &Checklist, subject: Option<&Subject>, at: &RepeatAt) -> Values {
    at.number.map(|number| (at.path(&list.id, subject, number), json!(false))).into_iter().collect()
}
