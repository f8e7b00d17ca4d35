//! What a visit asks, and of which equipment: one slot for each question.

use std::fmt::Write as _;

use serde_json::Value;

use super::super::checklist::{Checklist, Item};
use super::super::id::DeviceId;
use super::super::journal::State;
use super::super::time::CivilDate;

/// A piece of equipment of the visit, as the record has it.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Subject {
    /// Number within the record, see [`next_subject`]; one that was taken out keeps its own.
    pub number: u32,
    /// Where its fields stand: `subjects/<n>`, or `equipment` in records that were begun for one piece alone.
    pub base: String,
    /// Id of its ledger record; empty when there is none.
    pub id: String,
    /// Number or name within the unit.
    pub name: String,
    /// Where it stands.
    pub place: String,
    /// 设备代码.
    pub code: String,
    /// 品种代码.
    pub type_code: String,
    /// 使用登记证编号.
    pub cert_no: String,
    /// Next inspection as printed: `YYYY-MM` or `YYYY-MM-DD`.
    pub next_due: String,
    /// Ids of the checklists that are asked of it; all that are for equipment when there are none.
    pub lists: Option<Vec<String>>,
    /// Why it was taken out of the visit.
    pub removed: Option<String>,
}

impl Subject {
    fn read(state: &State, number: u32, base: String) -> Self {
        let text = |field: &str| state.text(&format!("{base}/{field}")).unwrap_or_default().to_owned();
        let lists = state.get(&format!("{base}/lists")).and_then(Value::as_array);
        Self {
            number,
            id: text("id"),
            name: text("name"),
            place: text("place"),
            code: text("code"),
            type_code: text("type_code"),
            cert_no: text("cert_no"),
            next_due: text("next_due"),
            lists: lists.map(|lists| lists.iter().filter_map(Value::as_str).map(str::to_owned).collect()),
            removed: Some(text("removed")).filter(|reason| !reason.is_empty()),
            base,
        }
    }

    /// Its place in the order in which equipment came to the visit, from 1; what two devices added at the same time shares one.
    #[must_use]
    pub fn nth(&self) -> u32 {
        subject_order(self.number).0
    }

    /// What people call it: name, else code, else certificate.
    #[must_use]
    pub fn title(&self) -> &str {
        [&self.name, &self.code, &self.cert_no].into_iter().find(|text| !text.trim().is_empty()).map_or("", |text| text)
    }

    /// Whether anything says which one it is.
    #[must_use]
    pub fn is_named(&self) -> bool {
        !self.title().is_empty()
    }

    /// Whether a list is asked of it.
    #[must_use]
    pub fn takes(&self, list: &Checklist) -> bool {
        list.is_for_equipment() && self.lists.as_ref().is_none_or(|lists| lists.contains(&list.id))
    }
}

/// All pieces of equipment that the record names, by number; those taken out too.
#[must_use]
pub(super) fn read_subjects(state: &State, single: bool) -> Vec<Subject> {
    let mut subjects = Vec::new();
    if single {
        subjects.push(Subject::read(state, 1, "equipment".to_owned()));
    }
    let mut numbers: Vec<u32> = state.under("subjects").filter_map(|(rest, _)| rest.split('/').next()?.parse().ok()).collect();
    numbers.sort_unstable_by_key(|number| subject_order(*number));
    numbers.dedup();
    numbers.retain(|number| !single || *number != 1);
    subjects.extend(numbers.into_iter().map(|number| Subject::read(state, number, format!("subjects/{number}"))));
    subjects
}

/// From here on the numbers of equipment and of instances of repeats say which device gave them.
const TAGGED: u32 = 1_000_000;

/// Place and tag of a number, see [`next_subject`]: in this order equipment and instances of repeats stand in a visit.
#[must_use]
pub fn subject_order(number: u32) -> (u32, u32) {
    if number < TAGGED { (number, 0) } else { (number / TAGGED, number % TAGGED) }
}

/// The number for one more piece of equipment: its place, behind all that were ever given.
///
/// `device` is the one that adds it to a visit that others may have too: then a number made of the device's id follows the
/// place, `place × 1,000,000 + tag`, because two devices that don't know of each other must not give the same number.
/// While a visit is begun nobody else has it, and the place alone is the number.
#[must_use]
pub fn next_subject(state: &State, device: Option<&DeviceId>) -> u32 {
    let numbers = state.under("subjects").filter_map(|(rest, _)| rest.split('/').next()?.parse::<u32>().ok());
    let single = u32::from(state.get("checklist").is_some());
    next_number(numbers, single, device)
}

/// The number behind all that were given; `first` are the places that are taken without a number.
fn next_number(given: impl Iterator<Item = u32>, first: u32, device: Option<&DeviceId>) -> u32 {
    let (last, place) = given.fold((first, first), |(last, place), number| (last.max(number), place.max(subject_order(number).0)));
    let next = place.saturating_add(1);
    let tagged = device.and_then(|device| next.checked_mul(TAGGED)?.checked_add(tag(device)));
    tagged.unwrap_or(if last < TAGGED { next } else { last.saturating_add(1) })
}

/// 1 to 999,999, from the digits of the id, which are those of a digest.
fn tag(device: &DeviceId) -> u32 {
    let digits = device.as_str().trim_start_matches('d');
    let number = u64::from_str_radix(digits, 16).unwrap_or_default();
    u32::try_from(number % u64::from(TAGGED - 1)).unwrap_or_default() + 1
}

/// Which of some checklists are asked of equipment of a type: those for such types, else all for equipment that name no type,
/// else all for equipment: what is not known is asked.
#[must_use]
pub fn lists_for(type_code: &str, lists: &[Checklist]) -> Vec<String> {
    let of_equipment = || lists.iter().filter(|list| list.is_for_equipment());
    let ids = |fits: &dyn Fn(&&Checklist) -> bool| of_equipment().filter(fits).map(|list| list.id.clone()).collect::<Vec<_>>();
    let prefixes = |list: &&Checklist| list.applies_to.equipment_code_prefix.clone();
    if type_code.is_empty() {
        return ids(&|_| true);
    }
    let found = ids(&|list| prefixes(list).is_empty() || prefixes(list).iter().any(|prefix| type_code.starts_with(prefix.as_str())));
    if found.is_empty() { ids(&|_| true) } else { found }
}

/// One question of the visit.
#[derive(Clone, PartialEq, Debug)]
pub struct Slot {
    /// Index of the checklist in [`super::Inspection::lists`].
    pub list: usize,
    /// Index of the item in the checklist.
    pub item: usize,
    /// Index of the equipment in [`super::Inspection::subjects`]; none for what is asked once of the unit.
    pub subject: Option<usize>,
    /// Instance numbers of the repeats around it, the outermost first.
    pub repeat: Vec<u32>,
    /// What stands for it in paths: see [`key`].
    pub key: String,
    /// Index of its section in [`super::Inspection::sections`].
    pub section: usize,
}

/// What stands for a question in paths: `<item>`, then `.s<number>` for the equipment, then `.r<number>` for each repeat.
///
/// The equipment of a record that was begun for one piece alone (`equipment/…`) adds nothing.
#[must_use]
pub fn key(item: &str, subject: Option<&Subject>, repeat: &[u32]) -> String {
    let mut key = item.to_owned();
    suffix(&mut key, subject, repeat);
    key
}

pub(super) fn suffix(key: &mut String, subject: Option<&Subject>, repeat: &[u32]) {
    if let Some(subject) = subject.filter(|subject| subject.base != "equipment") {
        // Writing into a text never fails.
        let _ = write!(key, ".s{}", subject.number);
    }
    for number in repeat {
        let _ = write!(key, ".r{number}");
    }
}

/// The item, the number of the equipment and the repeats of a [`key`], also of one that is asked no more.
#[must_use]
pub fn parse_key(key: &str) -> (&str, Option<u32>, Vec<u32>) {
    let mut parts = key.split('.');
    let item = parts.next().unwrap_or_default();
    let mut subject = None;
    let mut repeat = Vec::new();
    for part in parts {
        if let Some(number) = part.strip_prefix('s').and_then(|number| number.parse().ok()) {
            subject = Some(number);
        } else if let Some(number) = part.strip_prefix('r').and_then(|number| number.parse().ok()) {
            repeat.push(number);
        }
    }
    (item, subject, repeat)
}

/// An instance of a repeat that a section stands for, or the place for the first one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct RepeatAt {
    /// Index of the group in the checklist.
    pub group: usize,
    /// Instance numbers of the repeats around it.
    pub around: Vec<u32>,
    /// Its own number; none where there is no instance yet.
    pub number: Option<u32>,
    /// Its place among its siblings, from 1.
    pub place: usize,
    /// Whether it is the last one, after which one more can be added.
    pub last: bool,
    /// Whether the number of instances is computed, so that nobody adds or removes any.
    pub counted: bool,
    /// How many instances the computed number asks for and how many there are, where it asks for more than there can be.
    pub cut: Option<(u64, usize)>,
}

impl RepeatAt {
    /// The path at which an instance is noted.
    #[must_use]
    pub fn path(&self, list: &str, subject: Option<&Subject>, number: u32) -> String {
        repeat_path(list, self.group, subject, &self.around, number)
    }
}

/// The path at which an instance of a repeat is noted: `repeats/<list>/g<group>…/<number>`.
pub(super) fn repeat_path(list: &str, group: usize, subject: Option<&Subject>, around: &[u32], number: u32) -> String {
    format!("{}/{number}", repeats_at(list, group, subject, around))
}

fn repeats_at(list: &str, group: usize, subject: Option<&Subject>, around: &[u32]) -> String {
    format!("repeats/{list}/{}", key(&format!("g{group}"), subject, around))
}

/// The instances of a repeat as noted: the first is there unless it was taken away.
pub(super) fn repeats(state: &State, list: &str, group: usize, subject: Option<&Subject>, around: &[u32]) -> Vec<u32> {
    let mut numbers = vec![1];
    for (number, cell) in state.under(&repeats_at(list, group, subject, around)) {
        let Ok(number) = number.parse::<u32>() else { continue };
        numbers.retain(|known| *known != number);
        if cell.value == Value::Bool(true) {
            numbers.push(number);
        }
    }
    numbers.sort_unstable_by_key(|number| subject_order(*number));
    numbers
}

/// The number for one more instance of a repeat, behind all that were ever given; made like that of equipment, see
/// [`next_subject`], because another device may add one as well.
#[must_use]
pub fn next_repeat(state: &State, list: &str, subject: Option<&Subject>, at: &RepeatAt, device: &DeviceId) -> u32 {
    let base = repeats_at(list, at.group, subject, &at.around);
    let noted = state.under(&base).filter_map(|(number, _)| number.parse::<u32>().ok());
    next_number(noted, 1, Some(device))
}

/// Items that stand together on the screen and on paper.
#[derive(Clone, PartialEq, Debug)]
pub struct Section {
    /// Index of the checklist.
    pub list: usize,
    /// Index of the equipment; none for what is asked once of the unit.
    pub subject: Option<usize>,
    /// Title.
    pub title_zh: String,
    /// Title in English.
    pub title_en: String,
    /// The instance of a repeat that it stands for.
    pub repeat: Option<RepeatAt>,
    /// Indices of its slots.
    pub slots: Vec<usize>,
}

/// An item that another one stands for: what several lists ask of the unit is asked once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Elsewhere {
    /// Index of the checklist.
    pub list: usize,
    /// Index of the item.
    pub item: usize,
    /// The slot where it is answered.
    pub slot: usize,
}

/// Whether an item is asked once in a visit, of the unit.
#[must_use]
pub fn is_of_unit(list: &Checklist, item: &Item) -> bool {
    !list.is_for_equipment() || item.per == super::super::checklist::Per::Unit || item.common.is_some()
}

/// A day from the next inspection as printed; the last day of a month that is printed alone.
#[must_use]
pub fn next_due_day(text: &str) -> Option<CivilDate> {
    CivilDate::parse(text).or_else(|| {
        let first = CivilDate::parse(&format!("{text}-01"))?;
        let next = first.plus_months(1);
        Some(CivilDate(next.0.pred_opt()?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_paths_and_can_be_read_back() {
        let second = Subject { number: 2, base: "subjects/2".to_owned(), ..Subject::default() };
        let single = Subject { number: 1, base: "equipment".to_owned(), ..Subject::default() };
        for (subject, repeat, expected) in [
            (None, &[][..], "elevator-003"),
            (Some(&single), &[][..], "elevator-003"),
            (Some(&second), &[][..], "elevator-003.s2"),
            (Some(&second), &[1, 12][..], "elevator-003.s2.r1.r12"),
            (None, &[7][..], "elevator-003.r7"),
        ] {
            let key = key("elevator-003", subject, repeat);
            assert_eq!(key, expected);
            let number = subject.filter(|subject| subject.base != "equipment").map(|subject| subject.number);
            assert_eq!(parse_key(&key), ("elevator-003", number, repeat.to_vec()));
            assert!(crate::domain::change::Path::parse(&format!("answers/{key}/verdict")).is_ok());
        }
    }

    #[test]
    fn a_month_ends_on_its_last_day() {
        for (text, expected) in [("2028-02", "2028-02-29"), ("2026-12", "2026-12-31"), ("2026-11-15", "2026-11-15")] {
            assert_eq!(next_due_day(text).map(|day| day.to_string()).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(next_due_day("明年"), None);
    }
}
