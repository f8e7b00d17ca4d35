//! The bureau's own edition of a file of rules beside the one that came with the app: what counts of both, and whether
//! the app has brought a newer one since.
//!
//! Days off count by year: a year of the bureau's own stands before the shipped one, all other years are the shipped ones,
//! so that an old edition hides no new year. Of all other files the own edition stands for the whole file.

use serde_json::Value;

use super::file::{FileKind, entries, latest_effective, name, take_over};
use crate::app::library::{bring_back, put_away};
use crate::app::workspace::{AppError, Workspace};
use crate::domain::id::RecordId;
use crate::domain::library::{self, Holding};
use crate::domain::time::CivilDate;
use crate::evidence::chain::{canonical_json, sha256};
use crate::port::clock::Clock;
use crate::port::random::Random;
use crate::port::twin::Store;
use crate::rules::Said;

/// The file of days off.
pub const HOLIDAYS: &str = "rules/holidays.json";
/// The list in it that counts by year, and what tells its entries apart.
const YEARS: (&str, &str) = ("years", "year");

/// The file that counts when the bureau has an edition of its own.
#[must_use]
pub fn in_force(path: &str, own: &Value, shipped: Option<&Value>) -> Value {
    match shipped {
        Some(shipped) if path == HOLIDAYS => over(shipped.clone(), own),
        _ => own.clone(),
    }
}

/// Puts the years and the local days of one file of days off before those of another.
pub(super) fn over(below: Value, above: &Value) -> Value {
    FileKind::Holidays.parts().iter().fold(below, |merged, (part, key)| take_over(merged, above, part, key))
}

/// A file of days off without what the shipped one says as well.
pub(super) fn beyond(mut value: Value, shipped: Option<&Value>) -> Value {
    let Some(shipped) = shipped else { return value };
    for (part, _) in FileKind::Holidays.parts() {
        let own: Vec<Value> = entries(&value, part).iter().filter(|one| !entries(shipped, part).contains(one)).cloned().collect();
        if let Some(fields) = value.as_object_mut() {
            fields.insert((*part).to_owned(), Value::Array(own));
        }
    }
    value
}

/// The years that a file of days off has.
#[must_use]
pub fn years(value: &Value) -> Vec<i32> {
    let year = |one: &Value| one.get(YEARS.1).and_then(Value::as_i64).and_then(|year| i32::try_from(year).ok());
    entries(value, YEARS.0).iter().filter_map(year).collect()
}

/// What tells two versions of a shipped file apart: the digest of its canonical JSON.
#[must_use]
pub fn digest(shipped: &Value) -> String {
    sha256(&canonical_json(shipped)).to_string()
}

/// An entry of a file of rules that the own edition and the shipped file say differently.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EntryDifference {
    /// What people call it.
    pub name: Said,
    /// The latest day on which its rule comes into force in the own edition; none when it names none.
    pub own: Option<CivilDate>,
    /// The same in the shipped file.
    pub shipped: Option<CivilDate>,
    /// Which of the two has it.
    pub there: There,
}

/// Where an entry is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum There {
    /// In the own edition only.
    Own,
    /// In the shipped file only.
    Shipped,
    /// In both, said differently.
    Both,
}

/// How the shipped file differs from the own edition, when the app has brought a newer one since that edition was made.
///
/// An edition remembers the shipped file that it was made beside. For one that does not, the shipped file is newer when it
/// has a rule that comes into force later than the same one of the edition.
#[must_use]
pub fn overtaken(own: &Holding, shipped: &Value) -> Option<Vec<EntryDifference>> {
    let kind = FileKind::of_path(&own.path).filter(|kind| !matches!(kind, FileKind::Holidays | FileKind::Checklist))?;
    if own.retired || own.value == *shipped {
        return None;
    }
    let differences = differences(kind, &own.value, shipped);
    let newer = match &own.base {
        Some(base) => *base != digest(shipped),
        None => {
            let last = latest_effective(&own.value);
            differences.iter().any(|one| match one.there {
                There::Both => one.shipped > one.own,
                There::Shipped => one.shipped > last,
                There::Own => false,
            })
        }
    };
    newer.then_some(differences)
}

fn differences(kind: FileKind, own: &Value, shipped: &Value) -> Vec<EntryDifference> {
    let mut all = Vec::new();
    for (part, key) in kind.parts() {
        let (ours, theirs) = (entries(own, part), entries(shipped, part));
        let twin =
            |one: &Value, among: &[Value]| among.iter().find(|other| other.get(key).is_some() && other.get(key) == one.get(key)).cloned();
        for one in theirs {
            let own = twin(one, ours);
            if own.as_ref() == Some(one) {
                continue;
            }
            let there = if own.is_some() { There::Both } else { There::Shipped };
            let own = own.as_ref().and_then(latest_effective);
            all.push(EntryDifference { name: name(one, key), own, shipped: latest_effective(one), there });
        }
        let only_ours = ours.iter().filter(|one| twin(one, theirs).is_none());
        all.extend(only_ours.map(|one| EntryDifference {
            name: name(one, key),
            own: latest_effective(one),
            shipped: None,
            there: There::Own,
        }));
    }
    all
}

/// What is kept and what changes by year when a year is given back to the shipped file.
fn without_year(own: &Value, year: i32) -> Value {
    let mut value = own.clone();
    if let Some(years) = value.get_mut(YEARS.0).and_then(Value::as_array_mut) {
        years.retain(|one| one.get(YEARS.1).and_then(Value::as_i64) != Some(i64::from(year)));
    }
    value
}

impl<S: Store, C: Clock, R: Random> Workspace<S, C, R> {
    /// Gives a year of the bureau's own days off up: the shipped one counts again, if there is one. False when the bureau
    /// has none of that year. Earlier editions stay in the history.
    ///
    /// # Errors
    /// [`AppError`]; then nothing changed.
    pub async fn drop_year(&self, ids: &[RecordId], year: i32) -> Result<bool, AppError> {
        let Some(mut record) = self.content_record(ids, HOLIDAYS).await? else { return Ok(false) };
        let Some(own) = library::read(record.state()).filter(|own| !own.retired) else { return Ok(false) };
        if !years(&own.value).contains(&year) {
            return Ok(false);
        }
        let left = without_year(&own.value, year);
        let nothing = FileKind::Holidays.parts().iter().all(|(part, _)| entries(&left, part).is_empty());
        let changes = match nothing {
            true => put_away(),
            false => library::publish(Some(record.state()), HOLIDAYS, (&own.title_zh, &own.title_en), left),
        };
        self.save_list(&mut record, &changes).await?;
        Ok(true)
    }

    /// Puts the bureau's own edition of a file away, so that the shipped one counts again, or brings it back. False when
    /// there is none.
    ///
    /// # Errors
    /// [`AppError`]; then nothing changed.
    pub async fn set_own_edition(&self, ids: &[RecordId], path: &str, used: bool) -> Result<bool, AppError> {
        let Some(mut record) = self.content_record(ids, path).await? else { return Ok(false) };
        let changes = if used { bring_back() } else { put_away() };
        self.save_list(&mut record, &changes).await?;
        Ok(true)
    }
}
