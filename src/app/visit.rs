//! What is written when a visit is begun, and when equipment or a checklist comes to it or leaves it.
//!
//! Everything here only says which values to set; a [`super::session::Session`] or a workspace keeps them.

use serde_json::{Value, json};

use super::workspace::{AppError, Record, Workspace};
use crate::domain::checklist::Checklist;
use crate::domain::id::DeviceId;
use crate::domain::inspection::{Inspection, RepeatAt, Subject, Visit, key, lists_for, next_repeat, next_subject, preset_values};
use crate::domain::journal::{Journal, State};
use crate::port::clock::Clock;
use crate::port::random::Random;
use crate::port::twin::Store;

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
        for list in lists {
            let there = Inspection::read(record.state()).ok();
            if let Ok(values) = add_list(record.state(), there.as_ref(), list) {
                write(&mut record, &values)?;
            }
        }
        for fields in equipment {
            let values = subject_at(record.state(), next_subject(record.state(), None), lists, fields);
            write(&mut record, &values)?;
        }
        let computed = Visit::read(record.state()).map(|visit| visit.calculated()).unwrap_or_default();
        write(&mut record, &computed)?;
        self.keep(self.ops(&record, &entries), &entries).await?;
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
    let mut values = vec![(format!("checklists/{}", list.id), list.for_record())];
    let subjects = there.map(|inspection| inspection.subjects.as_slice()).unwrap_or_default();
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
    Ok(values)
}

/// Whether a checklist can join others in one visit.
///
/// # Errors
/// [`VisitError`] says why not.
pub fn fits(there: &[Checklist], list: &Checklist) -> Result<(), VisitError> {
    if there.iter().any(|known| known.id == list.id) {
        return Err(VisitError::ListTwice { list: list.id.clone() });
    }
    let known: std::collections::BTreeSet<&str> = there.iter().flat_map(|list| &list.items).map(|item| item.id.as_str()).collect();
    match list.items.iter().find(|item| known.contains(item.id.as_str())) {
        Some(item) => Err(VisitError::ItemTwice { item: item.id.clone() }),
        None => Ok(()),
    }
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

/// The values that add one more instance of a repeat.
#[must_use]
pub fn add_repeat(state: &State, list: &Checklist, subject: Option<&Subject>, at: &RepeatAt) -> Values {
    // Where there is none, the first comes back.
    let number = if at.number.is_none() && state.get(&at.path(&list.id, subject, 1)).is_some() {
        next_repeat(state, &list.id, subject, at)
    } else if at.number.is_none() {
        1
    } else {
        next_repeat(state, &list.id, subject, at)
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
