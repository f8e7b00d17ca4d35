//! An inspection: what the state of its record says, question by question, and what it still lacks.
//!
//! One record is one visit to one unit (57号令 art. 21): it lists the equipment that was looked at and is signed once.
//!
//! Where things stand in the journal of an inspection (all paths are documented here and nowhere else):
//!
//! | path | value |
//! |---|---|
//! | `kind` | `"inspection"` |
//! | `checklists/<list>` | a checklist of the visit as it was begun with, without ready sentences; the order is that in which they were added |
//! | `started` | `{"ms":…,"offset_min":…}` |
//! | `bureau` | the bureau that inspects |
//! | `inspection_kind` | `routine`, `special`, `post_licence` or `other` (57号令 art. 5) |
//! | `task_source` | why it is checked, such as the yearly plan |
//! | `task/{id,title}` | the task that it was made for |
//! | `links/lead` | the lead that the task was made for, see [`super::task`] |
//! | `approval_no`, `approval/{by,day}` | number of the approval, who gave it, and when (`YYYY-MM-DD`) |
//! | `approval/urgent` | why the check had to begin before it was approved; see [`approval_due`] |
//! | `credentials_shown` | `{"ms":…,"offset_min":…}`: when the inspectors showed their certificates; by earlier versions without `offset_min`, and together with saying why they came |
//! | `purpose_told`, `rights_told` | likewise: when source, basis and content of the check were explained, and the unit's rights told |
//! | `frequency/count` | visits to the unit in this year before this one, those of one day once, without those under an exception |
//! | `frequency/joint` | `true` when one of them was made on the same day: then this one belongs to it |
//! | `frequency/cap` | `{"id":…,"zh":…,"en":…,"count":…,"verified":…}`: the cap that holds for the unit |
//! | `frequency/exclusion` | `{"id":…,"zh":…,"en":…,"verified":…}`: the rule by which this kind of check may not follow another of this year |
//! | `frequency/exception`, `frequency/note` | `{"id":…,"zh":…,"en":…}`: the lawful reason to come all the same; more about it |
//! | `unit/{id,name,uscc,address,contact,phone,…}` | copied from the unit's record when the check begins; conditions may ask for any field |
//! | `place/<field>`, `product/<field>`, `instrument/<field>`, `action/<field>` | what else conditions ask for |
//! | `season/campaign` | codes of the campaigns that the visit belongs to |
//! | `subjects/<n>/{id,name,code,type_code,cert_no,place,maintainer,rescue_code,next_due,…}` | a piece of equipment, copied likewise; `<n>` is never given again, see [`next_subject`] |
//! | `subjects/<n>/derived/<field>` | what the rules of the day work out of it, such as `elevator_due_type` |
//! | `subjects/<n>/lists` | ids of the checklists that are asked of it; all for equipment when there is none |
//! | `subjects/<n>/removed` | why it was taken out of the visit |
//! | `repeats/<list>/g<group>…/<n>` | whether an instance of a repeated group is there; `<group>` is its index in the list, behind it as in a key |
//! | `inspectors/{1,2}` | `{"name":…,"cert_no":…}` |
//! | `attendant` | name and post of the unit's attendant |
//! | `answers/<key>/verdict` | `pass`, `fail` or `na` |
//! | `answers/<key>/value` | number, date, choice, text, position, drawing; also what is computed |
//! | `answers/<key>/{finding,severity,measure,requirement,deadline,note}` | details of a failure |
//! | `photos/<photo>` | [`super::photo::PhotoMeta`], its `item` a key; beside it `caption`, `marks`, `deleted` |
//! | `conclusion/{result,opinion,remark}` | how it ended |
//! | `signatures/{inspector1,inspector2,attendant}` | [`super::signature::Signature`] |
//! | `seals/<n>` | [`crate::evidence::seal::RecordSeal`] |
//! | `voided` | reason why the draft counts no more |
//!
//! A key is the item's id where it is asked once; `<item>.s<n>` for a piece of equipment; `.r<n>` follows for each repeat
//! around it. See [`key`].
//!
//! Records that were begun by earlier versions have one list at `checklist`, one piece of equipment at `equipment/…`, and
//! item ids as keys. They are read as they are, and can still be given more lists and equipment.

mod logic;
mod missing;
mod slot;
mod status;
mod summary;
mod visit;
mod wording;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

pub use self::logic::presets;
pub use self::missing::{Missing, approval_due};
pub use self::slot::{
    Elsewhere, RepeatAt, Section, Slot, Subject, is_of_unit, key, lists_for, next_due_day, next_repeat, next_subject, parse_key,
    subject_order,
};
use self::status::Case;
pub use self::status::{Counts, Said, Standing, Status};
pub use self::summary::{Stage, Summarise, Summary};
pub use self::visit::{Change, Visit, preset_values};
pub use self::wording::without_answers;
use super::checklist::{Checklist, Facts, Item, Severity, Truth, Verdict};
use super::journal::{Journal, State};
use super::signature::Signature;
use super::time::{CivilDate, Instant};

/// Who signs, in the order of the paper form.
pub const SIGNERS: [&str; 3] = ["inspector1", "inspector2", "attendant"];

/// What stands in ready sentences where a figure or a name goes.
pub const BLANK: &str = "__";

/// The results that an inspection can end with. Stored names; the words are the UI's.
pub const RESULTS: [&str; 5] = ["no_problem", "corrected_on_spot", "rectify", "stop_use", "file_case"];

/// What is answered to one question.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Answer {
    /// What the inspector chose.
    pub chosen: Option<Verdict>,
    /// The number, date, choice or text.
    pub value: Option<Value>,
    /// What is wrong.
    pub finding: String,
    /// How grave, when it differs from the item's own.
    pub severity: Option<Severity>,
    /// The measure, when it differs from the item's own.
    pub measure: Option<String>,
    /// What must be done.
    pub requirement: String,
    /// Until when, `YYYY-MM-DD`.
    pub deadline: Option<CivilDate>,
    /// Anything else.
    pub note: String,
}

impl Answer {
    /// What the state says of a question.
    #[must_use]
    pub fn read(state: &State, item: &str) -> Self {
        let text = |field: &str| state.text(&answer_path(item, field)).unwrap_or_default().to_owned();
        Self {
            chosen: Verdict::parse(&text("verdict")),
            value: state.get(&answer_path(item, "value")).cloned(),
            finding: text("finding"),
            severity: Severity::parse(&text("severity")),
            measure: Some(text("measure")).filter(|code| !code.is_empty()),
            requirement: text("requirement"),
            deadline: CivilDate::parse(&text("deadline")),
            note: text("note"),
        }
    }

    /// Whether there is any answer.
    #[must_use]
    pub fn is_given(&self) -> bool {
        self.chosen.is_some() || self.value.is_some()
    }
}

/// The codes that a choice holds: one or several.
#[must_use]
pub fn chosen(value: &Value) -> Vec<&str> {
    match value {
        Value::String(one) => vec![one],
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// The path of a field of an answer.
#[must_use]
pub fn answer_path(item: &str, field: &str) -> String {
    format!("answers/{item}/{field}")
}

/// A photo as an inspection lists it.
#[derive(Clone, PartialEq, Debug)]
pub struct PhotoRef {
    /// Photo id.
    pub id: String,
    /// Key of the question that it belongs to; none for the record as a whole.
    pub item: Option<String>,
    /// Digest of the kept bytes, as text.
    pub sha256: String,
    /// Digest of the original bytes when they are kept too.
    pub original: Option<String>,
    /// What it shows.
    pub caption: String,
}

/// An inspection as it stands.
#[derive(Clone, PartialEq, Debug)]
pub struct Inspection {
    /// The checklists, those for the unit first, each with the version that it was begun with.
    pub lists: Vec<Checklist>,
    /// The equipment that is looked at, by number.
    pub subjects: Vec<Subject>,
    /// Equipment that was taken out of the visit.
    pub removed: Vec<Subject>,
    /// Every question: those of the unit first, then those of each piece of equipment.
    pub slots: Vec<Slot>,
    /// What stands together, in the same order.
    pub sections: Vec<Section>,
    /// Items that another one stands for.
    pub elsewhere: Vec<Elsewhere>,
    /// The day of the check, where it took place.
    pub day: CivilDate,
    /// What is known for conditions and limits: of the unit, then of each piece of equipment.
    facts: Vec<Facts>,
    answers: Vec<Answer>,
    statuses: Vec<Status>,
    by_key: BTreeMap<String, usize>,
    photos: BTreeMap<String, usize>,
    /// By section.
    counts: Vec<Counts>,
    /// Of the unit, then of each piece of equipment.
    tabs: Vec<Counts>,
    total: Counts,
    /// Questions that are hidden now and have an answer.
    hidden: BTreeSet<usize>,
    flaws: BTreeMap<usize, Vec<Missing>>,
    /// The texts of questions that name answers.
    filled: BTreeMap<usize, self::wording::Filled>,
}

/// A part of a visit, as the screens turn its pages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// Everything.
    Whole,
    /// What is asked once of the unit.
    Unit,
    /// A piece of equipment, by its index.
    Subject(usize),
}

/// Why a record can't be shown as an inspection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the record carries no checklist that this version understands")]
pub struct NoChecklist;

static NO_ANSWER: Answer = Answer {
    chosen: None,
    value: None,
    finding: String::new(),
    severity: None,
    measure: None,
    requirement: String::new(),
    deadline: None,
    note: String::new(),
};

impl Inspection {
    /// What the state says.
    ///
    /// # Errors
    /// [`NoChecklist`] when there is none that can be read.
    pub fn read(state: &State) -> Result<Self, NoChecklist> {
        Visit::read(state).map(Visit::into_inspection)
    }

    /// The checklist of a question.
    #[must_use]
    pub fn list(&self, index: usize) -> Option<&Checklist> {
        self.lists.get(self.slots.get(index)?.list)
    }

    /// The item of a question.
    #[must_use]
    pub fn item(&self, index: usize) -> Option<&Item> {
        let slot = self.slots.get(index)?;
        self.lists.get(slot.list)?.items.get(slot.item)
    }

    /// The equipment that a question is about; none for the unit.
    #[must_use]
    pub fn subject(&self, index: usize) -> Option<&Subject> {
        self.subjects.get(self.slots.get(index)?.subject?)
    }

    /// What stands for a question in paths.
    #[must_use]
    pub fn key(&self, index: usize) -> Option<&str> {
        self.slots.get(index).map(|slot| slot.key.as_str())
    }

    /// The question that a key stands for.
    #[must_use]
    pub fn at_key(&self, key: &str) -> Option<usize> {
        self.by_key.get(key).copied()
    }

    /// The number that people know an item by: its place in its checklist.
    #[must_use]
    pub fn number(&self, index: usize) -> usize {
        self.slots.get(index).map_or(0, |slot| slot.item + 1)
    }

    /// The answer to a question.
    #[must_use]
    pub fn answer(&self, index: usize) -> &Answer {
        self.answers.get(index).unwrap_or(&NO_ANSWER)
    }

    /// How it stands with a question.
    #[must_use]
    pub fn status(&self, index: usize) -> Option<&Status> {
        self.statuses.get(index)
    }

    /// The verdict that counts.
    #[must_use]
    pub fn verdict(&self, index: usize) -> Option<Verdict> {
        self.status(index).and_then(|status| status.verdict)
    }

    /// How grave a failure is: as the inspector says, else as the item does.
    #[must_use]
    pub fn severity(&self, index: usize) -> Option<Severity> {
        self.answer(index).severity.or_else(|| self.item(index).map(|item| item.severity))
    }

    /// Whether a question is asked, or answered although it would not be; hidden ones are not.
    #[must_use]
    pub fn is_shown(&self, index: usize) -> bool {
        self.status(index).is_some_and(|status| status.standing != Standing::Hidden)
    }

    /// How many photos are at a question.
    #[must_use]
    pub fn photos_at(&self, index: usize) -> usize {
        self.key(index).and_then(|key| self.photos.get(key)).copied().unwrap_or_default()
    }

    /// Counts over all questions.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.total
    }

    /// Counts over a section.
    #[must_use]
    pub fn section_counts(&self, section: usize) -> Counts {
        self.counts.get(section).copied().unwrap_or_default()
    }

    /// The parts of the visit: one with all questions where there is at most one piece of equipment, else what is asked once
    /// of the unit, and each piece of equipment.
    #[must_use]
    pub fn parts(&self) -> Vec<Part> {
        if self.subjects.len() < 2 {
            return vec![Part::Whole];
        }
        let once = self.slots.first().is_some_and(|slot| slot.subject.is_none());
        once.then_some(Part::Unit).into_iter().chain((0..self.subjects.len()).map(Part::Subject)).collect()
    }

    /// The part that a question stands in.
    #[must_use]
    pub fn part_of(&self, index: usize) -> Part {
        match self.slots.get(index).and_then(|slot| slot.subject) {
            _ if self.subjects.len() < 2 => Part::Whole,
            None => Part::Unit,
            Some(subject) => Part::Subject(subject),
        }
    }

    /// Counts over a part.
    #[must_use]
    pub fn part_counts(&self, part: Part) -> Counts {
        let tab = match part {
            Part::Whole => return self.total,
            Part::Unit => 0,
            Part::Subject(subject) => subject + 1,
        };
        self.tabs.get(tab).copied().unwrap_or_default()
    }

    /// The sections of a part, with their indices.
    pub fn sections_of(&self, part: Part) -> impl Iterator<Item = (usize, &Section)> {
        let own = move |section: &Section| match part {
            Part::Whole => true,
            Part::Unit => section.subject.is_none(),
            Part::Subject(subject) => section.subject == Some(subject),
        };
        self.sections.iter().enumerate().filter(move |(_, section)| own(section))
    }

    /// The failed questions, in order.
    pub fn failed(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.slots.len()).filter(|&index| self.status(index).is_some_and(Status::failed))
    }

    /// How many answers are kept that belong to hidden questions and are therefore not filed.
    #[must_use]
    pub fn hidden_answers(&self) -> usize {
        self.hidden.len()
    }

    /// The equipment in one line: one with its place, else the first names and how many more there are.
    #[must_use]
    pub fn equipment_line(&self) -> String {
        summary::equipment_line(&self.subjects)
    }

    /// What is known of a piece of equipment, or of the unit alone.
    #[must_use]
    pub fn facts_of(&self, subject: Option<usize>) -> &Facts {
        static NONE: Facts = Facts::new();
        self.facts.get(subject.map_or(0, |subject| subject + 1)).unwrap_or(&NONE)
    }

    /// The question about an item of the same equipment and repeats, else of the unit, else the one that stands for it.
    fn neighbour(&self, index: usize, item: &str) -> Option<usize> {
        let slot = self.slots.get(index)?;
        let subject = slot.subject.and_then(|subject| self.subjects.get(subject));
        let near = key(item, subject, &slot.repeat);
        let wider = key(item, subject, &[]);
        let own = [near.as_str(), wider.as_str(), item].into_iter().find_map(|key| self.at_key(key));
        own.or_else(|| {
            // Asked once, under the name that another list has for it.
            let item = self.lists.get(slot.list)?.items.iter().position(|known| known.id == item)?;
            self.elsewhere.iter().find(|one| (one.list, one.item) == (slot.list, item)).map(|one| one.slot)
        })
    }

    /// What conditions may know at a question.
    fn known(&self, index: usize, field: &str) -> Option<Cow<'_, Value>> {
        let Some(item) = field.strip_prefix("answer:") else {
            return self.facts_of(self.slots.get(index)?.subject).get(field).map(Cow::Borrowed);
        };
        let answer = self.answer(self.neighbour(index, item)?);
        let verdict = || answer.chosen.map(|verdict| Cow::Owned(Value::from(verdict.name())));
        answer.value.as_ref().map(Cow::Borrowed).or_else(verdict)
    }

    /// Works out how it stands with a question, and keeps all counts.
    fn settle(&mut self, index: usize, said: Said) {
        let (Some(slot), Some(item)) = (self.slots.get(index), self.item(index)) else { return };
        let answer = self.answer(index);
        let concerned = item.when.as_ref().is_none_or(|when| when.evaluate_by(&|field| self.known(index, field)) != Truth::False);
        let judged = answer
            .value
            .as_ref()
            .map_or(super::checklist::Judgement::Open, |value| item.judge(value, self.day, self.facts_of(slot.subject)));
        let case = Case { item, answer, photos: self.photos_at(index), concerned, judged, said };
        let status = case.status();
        let flaws = case.flaws(index, &status);
        let hidden = status.standing == Standing::Hidden && (answer.is_given() || case.photos > 0);
        let (section, tab) = (slot.section, slot.subject.map_or(0, |subject| subject + 1));
        let old = self.statuses.get(index).map(Status::share).unwrap_or_default();
        let new = status.share();
        if let Some(counts) = self.counts.get_mut(section) {
            counts.exchange(old, new);
        }
        if let Some(counts) = self.tabs.get_mut(tab) {
            counts.exchange(old, new);
        }
        self.total.exchange(old, new);
        match (flaws.is_empty(), self.flaws.contains_key(&index)) {
            (false, _) => {
                self.flaws.insert(index, flaws);
            }
            (true, true) => {
                self.flaws.remove(&index);
            }
            (true, false) => {}
        }
        if hidden {
            self.hidden.insert(index);
        } else {
            self.hidden.remove(&index);
        }
        if let Some(known) = self.statuses.get_mut(index) {
            *known = status;
        }
    }

    /// Everything that still lacks, in the order of the form.
    #[must_use]
    pub fn missing(&self, state: &State) -> Vec<Missing> {
        let mut all = missing::before(self, state);
        all.extend(self.flaws.values().flatten().cloned());
        all.extend(missing::after(self, state));
        all
    }

    /// What still lacks at the questions alone: how much, without a list.
    #[must_use]
    pub fn flaws(&self) -> usize {
        self.flaws.values().map(Vec::len).sum()
    }
}

/// Whether the content changed after a signature was given: what someone signs is what stands then.
#[must_use]
pub fn is_stale(state: &State, role: &str) -> bool {
    state.cell(&format!("signatures/{role}")).is_some_and(|cell| cell.at < state.content_at())
}

fn is_refused(state: &State, role: &str) -> bool {
    state.get(&format!("signatures/{role}")).and_then(|value| value.get("refused")).and_then(Value::as_bool) == Some(true)
}

/// Whether someone signed, or the attendant's refusal is recorded with the reason and a witness or a recording (57号令 art. 27).
#[must_use]
pub fn is_signed(state: &State, role: &str) -> bool {
    let Some(signature) = state.get(&format!("signatures/{role}")) else { return false };
    let filled = |field: &str| signature.get(field).and_then(Value::as_str).is_some_and(|text| !text.trim().is_empty());
    if signature.get("refused").and_then(Value::as_bool) == Some(true) {
        let recorded = signature.get("recorded").and_then(Value::as_bool) == Some(true);
        return role == "attendant" && filled("reason") && (filled("witness") || recorded);
    }
    // A dot is no signature.
    Signature::read(signature).is_some_and(|signature| !signature.is_blank())
}

/// The photos that count, in the order in which they were taken in.
#[must_use]
pub fn photos(state: &State) -> Vec<PhotoRef> {
    let mut photos: Vec<(super::time::Hlc, PhotoRef)> = state
        .under("photos")
        .filter(|(rest, _)| !rest.contains('/'))
        .filter(|(id, _)| state.get(&format!("photos/{id}/deleted")).and_then(Value::as_bool) != Some(true))
        .filter_map(|(id, cell)| {
            let text = |value: &Value, field: &str| value.get(field).and_then(Value::as_str).map(str::to_owned);
            let original = cell.value.get("original").filter(|original| original.get("kept").and_then(Value::as_bool) == Some(true));
            Some((
                cell.at,
                PhotoRef {
                    id: id.to_owned(),
                    item: text(&cell.value, "item"),
                    sha256: text(&cell.value, "sha256")?,
                    original: original.and_then(|original| text(original, "sha256")),
                    caption: state.text(&format!("photos/{id}/caption")).unwrap_or_default().to_owned(),
                },
            ))
        })
        .collect();
    photos.sort_by(|a, b| (a.0, &a.1.id).cmp(&(b.0, &b.1.id)));
    photos.into_iter().map(|(_, photo)| photo).collect()
}

/// The key of the question at which the last change was made; none when that was elsewhere in the record.
#[must_use]
pub fn last_item(journal: &Journal, state: &State) -> Option<String> {
    let timeline = journal.timeline();
    let path = &timeline.last()?.change.path;
    let mut segments = path.segments();
    match (segments.next()?, segments.next()?) {
        ("answers", item) => Some(item.to_owned()),
        ("photos", photo) => Some(state.get(&format!("photos/{photo}"))?.get("item")?.as_str()?.to_owned()),
        _ => None,
    }
}

/// The day of the check at its place.
#[must_use]
pub fn day(state: &State) -> CivilDate {
    let (started, offset_min) = started(state);
    started.date(offset_min)
}

/// When the check began, and the minutes east of Greenwich there.
#[must_use]
pub fn started(state: &State) -> (Instant, i32) {
    let field = |name: &str| state.get("started").and_then(|value| value.get(name));
    let ms = field("ms").and_then(Value::as_u64).unwrap_or_default();
    let offset = field("offset_min").and_then(Value::as_i64).and_then(|offset| i32::try_from(offset).ok()).unwrap_or(480);
    (Instant::from_ms(ms), offset)
}

/// What conditions and limits may ask for: of the unit, then of each piece of equipment.
#[must_use]
fn facts(state: &State, subjects: &[Subject]) -> Vec<Facts> {
    let mut of_unit = Facts::new();
    let mut note = |name: String, value: &Value| {
        let known = !matches!(value, Value::String(text) if text.is_empty());
        if known {
            of_unit.insert(name, value.clone());
        }
    };
    for group in ["unit", "season", "place", "product", "instrument", "action"] {
        for (field, cell) in state.under(group) {
            note(format!("{group}.{}", field.replace('/', ".")), &cell.value);
        }
    }
    if let Some(kind) = state.get("inspection_kind") {
        note("inspection.kind".to_owned(), kind);
    }
    let of_subject = |subject: &Subject| {
        let mut facts = of_unit.clone();
        for (field, cell) in state.under(&subject.base) {
            if cell.value.as_str() != Some("") {
                // What rules worked out of the equipment when the check began.
                let name =
                    if field.starts_with("derived/") { field.replace('/', ".") } else { format!("equipment.{}", field.replace('/', ".")) };
                facts.insert(name, cell.value.clone());
            }
        }
        facts
    };
    let all: Vec<Facts> = subjects.iter().map(of_subject).collect();
    std::iter::once(of_unit).chain(all).collect()
}
