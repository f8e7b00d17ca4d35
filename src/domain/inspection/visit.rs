//! A visit being written: everything that follows from an answer, kept up to date answer by answer.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde_json::Value;
use spotcheck_expr::{Form, InstanceId, ROOT};

use super::super::checklist::{Checklist, Condition};
use super::super::journal::State;
use super::logic::{self, At, Instance, Logic};
use super::slot::{self, Elsewhere, RepeatAt, Section, Slot, Subject};
use super::status::{Counts, Said};
use super::{Answer, Inspection, NoChecklist, answer_path, day, facts, photos};

/// An inspection with what is needed to follow its changes.
#[derive(Clone, Debug)]
pub struct Visit {
    inspection: Inspection,
    logics: Vec<Logic>,
    /// Where each slot stands in the engines; empty when no list has expressions.
    places: Vec<Option<At>>,
    /// Slots whose conditions read the answer of a slot.
    readers: BTreeMap<usize, Vec<usize>>,
}

/// What changed by some values.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Change {
    /// The questions are others than before; all indices are new.
    pub layout: bool,
    /// Slots of which answer or status changed.
    pub slots: Vec<usize>,
    /// Values that were computed anew and are to be written: path and value.
    pub calculated: Vec<(String, Value)>,
}

/// First segments of paths that decide what is asked, or what conditions know.
const SETTING: [&str; 12] = [
    "checklist",
    "checklists",
    "subjects",
    "equipment",
    "unit",
    "season",
    "place",
    "product",
    "instrument",
    "action",
    "repeats",
    "started",
];

impl Visit {
    /// What the state says.
    ///
    /// # Errors
    /// [`NoChecklist`] when there is none that can be read.
    pub fn read(state: &State) -> Result<Self, NoChecklist> {
        let (lists, forms, single) = read_lists(state)?;
        let (removed, subjects): (Vec<Subject>, Vec<Subject>) =
            slot::read_subjects(state, single).into_iter().partition(|subject| subject.removed.is_some());
        let facts = facts(state, &subjects);
        Ok(Builder::new(state, (lists, forms), subjects, removed, facts).build())
    }

    /// The inspection as it stands.
    #[must_use]
    pub fn inspection(&self) -> &Inspection {
        &self.inspection
    }

    /// The inspection alone, for showing.
    #[must_use]
    pub fn into_inspection(self) -> Inspection {
        self.inspection
    }

    /// Follows values that were set; `state` has them already. The work is that of what changed, not of all questions,
    /// unless what is asked changes.
    pub fn apply<'a>(&mut self, state: &State, paths: impl Iterator<Item = &'a str>) -> Change {
        let mut entered = BTreeSet::new();
        let mut photos_changed = false;
        for path in paths {
            let mut segments = path.split('/');
            match (segments.next(), segments.next()) {
                (Some("answers"), Some(key)) => entered.extend(self.inspection.by_key.get(key)),
                (Some("photos"), _) => photos_changed = true,
                (Some("inspection_kind"), _) => return self.anew(state),
                (Some(first), _) if SETTING.contains(&first) => return self.anew(state),
                _ => {}
            }
        }
        if photos_changed {
            let counted = count_photos(state);
            let keys = counted.keys().chain(self.inspection.photos.keys());
            let differs = |key: &&String| counted.get(*key) != self.inspection.photos.get(*key);
            entered.extend(keys.filter(differs).filter_map(|key| self.inspection.by_key.get(key)));
            self.inspection.photos = counted;
        }
        // What is emptied may no longer stand for what other lists ask.
        let stands = |index: &usize| self.inspection.elsewhere.iter().any(|one| one.slot == *index);
        let emptied = |index: &usize| self.inspection.key(*index).is_some_and(|key| !has_entry(state, &self.inspection.photos, key));
        if entered.iter().any(|index| stands(index) && emptied(index)) {
            return self.anew(state);
        }
        self.enter(state, entered)
    }

    fn enter(&mut self, state: &State, entered: BTreeSet<usize>) -> Change {
        let mut touched = entered.clone();
        let mut calculated = Vec::new();
        for index in entered {
            let Some(slot) = self.inspection.slots.get(index) else { continue };
            let answer = Answer::read(state, &slot.key);
            if let Some(known) = self.inspection.answers.get_mut(index) {
                *known = answer;
            }
            touched.extend(self.readers.get(&index).into_iter().flatten());
            for effect in self.tell(index) {
                if effect.instances {
                    return self.anew(state);
                }
                touched.extend(effect.slots);
                calculated.extend(effect.calculated);
            }
            // Who overwrites what is computed has it computed again.
            let own = self.places.get(index).copied().flatten();
            let own = own.and_then(|at| self.logics.get(at.logic)?.computed(at.node, at.instance).map(str::to_owned));
            calculated.extend(own.map(|text| (index, text)));
        }
        for &index in &touched {
            self.settle(index);
        }
        let calculated = calculated.into_iter().filter_map(|(index, text)| self.to_write(index, &text)).collect();
        Change { layout: false, slots: touched.into_iter().collect(), calculated }
    }

    /// Tells the engines of an answer: those of its list, and of the lists for which it stands.
    fn tell(&mut self, index: usize) -> Vec<logic::Effect> {
        if self.logics.is_empty() {
            return Vec::new();
        }
        let at = self.places.get(index).copied().flatten();
        let (Some(slot), Some(item)) = (self.inspection.slots.get(index), self.inspection.item(index)) else { return Vec::new() };
        let text = logic::text_of(item, self.inspection.answer(index), self.inspection.photos_at(index));
        let mut heard = at.map(|at| logic::listeners(&self.logics, slot, at)).unwrap_or_default();
        for one in self.inspection.elsewhere.iter().filter(|one| one.slot == index && slot.repeat.is_empty()) {
            let Some(node) = self.inspection.lists.get(one.list).map(|list| list.node(one.item)) else { continue };
            heard.extend(logic::of_list(&self.logics, one.list).map(|logic| At { logic, node, instance: ROOT }));
        }
        heard.into_iter().filter_map(|at| Some(self.logics.get_mut(at.logic)?.enter(&[(at.node, at.instance, text.clone())]))).collect()
    }

    fn said(&self, index: usize) -> Said {
        let at = self.places.get(index).copied().flatten();
        at.and_then(|at| Some(self.logics.get(at.logic)?.said(at.node, at.instance))).unwrap_or_default()
    }

    fn settle(&mut self, index: usize) {
        let said = self.said(index);
        self.inspection.settle(index, said);
        let at = self.places.get(index).copied().flatten();
        let filled = at.and_then(|at| {
            let logic = self.logics.get(at.logic)?;
            logic.filled(at.node, at.instance, self.inspection.lists.get(logic.list)?)
        });
        if let Some(filled) = filled {
            self.inspection.filled.insert(index, filled);
        }
    }

    /// A computed value that the record does not have yet.
    fn to_write(&self, index: usize, text: &str) -> Option<(String, Value)> {
        let (slot, item) = (self.inspection.slots.get(index)?, self.inspection.item(index)?);
        let value = logic::value_of(item, text);
        let standing = self.inspection.answer(index).value.clone().unwrap_or_default();
        (standing != value).then(|| (answer_path(&slot.key, "value"), value))
    }

    /// Every computed value that the record does not have yet: path and value.
    #[must_use]
    pub fn calculated(&self) -> Vec<(String, Value)> {
        let all = self.logics.iter().flat_map(Logic::calculated);
        all.filter_map(|(index, text)| self.to_write(index, text)).collect()
    }

    /// Reads everything again.
    fn anew(&mut self, state: &State) -> Change {
        // A record never loses its checklist: it is only ever added to.
        let Ok(new) = Self::read(state) else { return Change::default() };
        let old = std::mem::replace(self, new);
        let (old, new) = (old.inspection, &self.inspection);
        let same = old.slots == new.slots && old.subjects.len() == new.subjects.len() && old.sections == new.sections;
        let calculated = self.calculated();
        if !same {
            return Change { layout: true, slots: (0..new.slots.len()).collect(), calculated };
        }
        let differs = |index: &usize| {
            old.answers.get(*index) != new.answers.get(*index)
                || old.statuses.get(*index) != new.statuses.get(*index)
                || old.filled.get(index) != new.filled.get(index)
        };
        Change { layout: false, slots: (0..new.slots.len()).filter(differs).collect(), calculated }
    }
}

/// The values that the questions of a list begin with, of the unit (none) or of a piece of equipment: path and value.
#[must_use]
pub fn preset_values(state: &State, list: &Checklist, subject: Option<&Subject>) -> Vec<(String, Value)> {
    let presets = logic::presets(state, list).into_iter();
    presets
        .filter_map(|(index, repeat, value)| {
            let item = list.items.get(index)?;
            let of_unit = slot::is_of_unit(list, item);
            (of_unit == subject.is_none()).then(|| (answer_path(&slot::key(&item.id, subject, &repeat), "value"), value))
        })
        .collect()
}

impl PartialEq for Visit {
    fn eq(&self, other: &Self) -> bool {
        self.inspection == other.inspection
    }
}

/// What the expressions of each list became; none where it has none.
type Forms = Vec<Option<Rc<Form>>>;

/// The lists in the order in which they were chosen, those of the unit first, with their expressions, and whether the record
/// was begun for one piece of equipment alone.
fn read_lists(state: &State) -> Result<(Vec<Checklist>, Forms, bool), NoChecklist> {
    let single = state.cell("checklist");
    let mut cells: Vec<_> = single.into_iter().chain(state.under("checklists").map(|(_, cell)| cell)).collect();
    cells.sort_by_key(|cell| cell.at);
    let mut lists: Vec<_> = cells.into_iter().filter_map(|cell| Checklist::from_record_ready(&cell.value).ok()).collect();
    if lists.is_empty() {
        return Err(NoChecklist);
    }
    lists.sort_by_key(|(list, _)| list.is_for_equipment());
    let single = single.is_some_and(|cell| {
        let for_equipment = cell.value.pointer("/applies_to/subject").and_then(Value::as_str) == Some("equipment");
        for_equipment || state.under("equipment").next().is_some()
    });
    let (lists, forms): (Vec<_>, Vec<_>) = lists.into_iter().unzip();
    Ok((lists, forms.into_iter().map(|form| form.map(Rc::new)).collect(), single))
}

/// How many photos are at each question.
fn count_photos(state: &State) -> BTreeMap<String, usize> {
    let mut counted = BTreeMap::new();
    for photo in photos(state) {
        if let Some(item) = photo.item {
            *counted.entry(item).or_default() += 1;
        }
    }
    counted
}

/// Whether anything was entered at a question: an answer, a finding, a note or a photo.
fn has_entry(state: &State, photos: &BTreeMap<String, usize>, key: &str) -> bool {
    photos.contains_key(key) || state.under(&format!("answers/{key}")).next().is_some()
}

/// The answers of a record by what stands for their questions, read in one go.
fn read_answers(state: &State) -> BTreeMap<&str, Answer> {
    let mut keys: Vec<&str> = state.under("answers").filter_map(|(rest, _)| rest.split('/').next()).collect();
    keys.dedup();
    keys.into_iter().map(|key| (key, Answer::read(state, key))).collect()
}

struct Builder<'a> {
    state: &'a State,
    inspection: Inspection,
    logics: Vec<Logic>,
    forms: Forms,
    places: Vec<Option<At>>,
    /// The sections by what they are for.
    sections: BTreeMap<SectionKey, usize>,
    shared: Shared,
}

/// What a section is for: list, equipment, title and instance of a repeat.
type SectionKey = (usize, Option<usize>, String, Option<RepeatAt>);

/// Where the builder is: which list, whose equipment, in which engine, in whose part of the visit.
#[derive(Clone, Copy)]
struct Place {
    list: usize,
    subject: Option<usize>,
    logic: Option<usize>,
    tab: Option<usize>,
}

/// Items that ask the same: by their common key the one that is asked, and those that it stands for.
#[derive(Clone, Default)]
struct Shared {
    kept: BTreeMap<String, (usize, usize)>,
    given: BTreeMap<(usize, usize), String>,
}

impl Shared {
    fn given(&self, place: (usize, usize)) -> bool {
        self.given.contains_key(&place)
    }

    /// The items of a list that others stand for, each with that other one.
    fn stand_ins(&self, list: usize) -> impl Iterator<Item = (usize, (usize, usize))> {
        let own = self.given.iter().filter(move |((of, _), _)| *of == list);
        own.filter_map(|((_, item), common)| Some((*item, *self.kept.get(common)?)))
    }

    fn elsewhere(&self, inspection: &Inspection) -> Vec<Elsewhere> {
        let slot_of = |place: &(usize, usize)| inspection.slots.iter().position(|slot| (slot.list, slot.item) == *place);
        let found = self
            .given
            .iter()
            .filter_map(|((list, item), common)| Some(Elsewhere { list: *list, item: *item, slot: slot_of(self.kept.get(common)?)? }));
        found.collect()
    }
}

impl<'a> Builder<'a> {
    fn new(
        state: &'a State,
        (lists, forms): (Vec<Checklist>, Forms),
        subjects: Vec<Subject>,
        removed: Vec<Subject>,
        facts: Vec<super::Facts>,
    ) -> Self {
        let inspection = Inspection {
            tabs: vec![Counts::default(); subjects.len() + 1],
            lists,
            subjects,
            removed,
            facts,
            day: day(state),
            photos: count_photos(state),
            slots: Vec::new(),
            sections: Vec::new(),
            elsewhere: Vec::new(),
            answers: Vec::new(),
            statuses: Vec::new(),
            by_key: BTreeMap::new(),
            counts: Vec::new(),
            total: Counts::default(),
            hidden: BTreeSet::new(),
            flaws: BTreeMap::new(),
            filled: BTreeMap::new(),
        };
        Self { state, inspection, logics: Vec::new(), forms, places: Vec::new(), sections: BTreeMap::new(), shared: Shared::default() }
    }

    fn build(mut self) -> Visit {
        self.shared = self.share();
        let shared = self.shared.clone();
        let single = self.inspection.subjects.len() == 1;
        let mut asked = Vec::new();
        for list in 0..self.inspection.lists.len() {
            let once = self.items(list, |place, checklist, item| slot::is_of_unit(checklist, item) && !shared.given(place));
            // With one piece of equipment its questions and those of the unit stand together, as on paper.
            if single && self.forms.get(list).is_none_or(Option::is_none) {
                let each = self.of_subject(list, 0);
                let mut all: Vec<(usize, Option<usize>)> =
                    once.into_iter().map(|item| (item, None)).chain(each.into_iter().map(|item| (item, Some(0)))).collect();
                all.sort_unstable();
                for (item, subject) in all {
                    self.push(Place { list, subject, logic: None, tab: None }, item, ROOT, &[], None);
                }
            } else {
                asked.push((list, once));
            }
        }
        for (list, once) in asked {
            self.ask(list, None, &once);
        }
        for subject in 0..self.inspection.subjects.len() {
            for list in 0..self.inspection.lists.len() {
                if !single || self.forms.get(list).is_some_and(Option::is_some) {
                    let each = self.of_subject(list, subject);
                    self.ask(list, Some(subject), &each);
                }
            }
        }
        self.inspection.elsewhere = shared.elsewhere(&self.inspection);
        let readers = self.readers();
        let mut visit = Visit { inspection: self.inspection, logics: self.logics, places: self.places, readers };
        visit.begin(self.state);
        visit
    }

    /// The items of a list that are asked of a piece of equipment.
    fn of_subject(&self, list: usize, subject: usize) -> Vec<usize> {
        let takes = self.inspection.subjects.get(subject).zip(self.inspection.lists.get(list));
        if takes.is_some_and(|(subject, list)| subject.takes(list)) {
            self.items(list, |_, checklist, item| !slot::is_of_unit(checklist, item))
        } else {
            Vec::new()
        }
    }

    fn items(&self, list: usize, wanted: impl Fn((usize, usize), &Checklist, &super::Item) -> bool) -> Vec<usize> {
        let Some(checklist) = self.inspection.lists.get(list) else { return Vec::new() };
        let items = checklist.items.iter().enumerate();
        items.filter(|(index, item)| !item.retired && wanted((list, *index), checklist, item)).map(|(index, _)| index).collect()
    }

    /// What several lists ask of the unit: one that is answered already stands for the others, else the first that concerns it.
    /// So a list that comes later takes no answer off the screen.
    fn share(&self) -> Shared {
        let mut shared = Shared::default();
        for (list, checklist) in self.inspection.lists.iter().enumerate() {
            for (item, known) in checklist.items.iter().enumerate().filter(|(_, item)| !item.retired) {
                let Some(common) = &known.common else { continue };
                let concerned = |(list, item): (usize, usize)| {
                    let known = self.inspection.lists.get(list).and_then(|list| list.items.get(item));
                    known.is_some_and(|item| item.is_relevant(self.inspection.facts_of(None)))
                };
                let answered = |(list, item): (usize, usize)| {
                    let known = self.inspection.lists.get(list).and_then(|list| list.items.get(item));
                    known.is_some_and(|item| has_entry(self.state, &self.inspection.photos, &item.id))
                };
                let rank = |place| (answered(place), concerned(place));
                let here = (list, item);
                match shared.kept.get(common).copied() {
                    None => {
                        shared.kept.insert(common.clone(), here);
                    }
                    Some(first) if rank(here) > rank(first) => {
                        shared.kept.insert(common.clone(), here);
                        shared.given.insert(first, common.clone());
                    }
                    Some(_) => {
                        shared.given.insert(here, common.clone());
                    }
                }
            }
        }
        shared
    }

    fn ask(&mut self, list: usize, subject: Option<usize>, items: &[usize]) {
        if items.is_empty() {
            return;
        }
        let logic = match (self.forms.get(list).cloned().flatten(), self.inspection.lists.get(list)) {
            (Some(form), Some(checklist)) => {
                self.logics.push(Logic::new(self.state, list, subject, checklist, form));
                Some(self.logics.len() - 1)
            }
            _ => None,
        };
        let place = Place { list, subject, logic, tab: subject };
        // Counted repeats need the answers that they count; the unit's own come first.
        self.fill(place, items);
        self.emit(place, items, None, ROOT, &[], None);
    }

    /// Gives a new engine all answers that stand outside of repeats.
    fn fill(&mut self, place: Place, items: &[usize]) {
        let Some(index) = place.logic else { return };
        let Some(checklist) = self.inspection.lists.get(place.list) else { return };
        let subject = place.subject.and_then(|subject| self.inspection.subjects.get(subject));
        let entry = |item: &usize| {
            let known = checklist.items.get(*item)?;
            checklist.repeats_around(known).is_empty().then_some(())?;
            let of_unit = slot::is_of_unit(checklist, known);
            let key = slot::key(&known.id, subject.filter(|_| !of_unit), &[]);
            let text =
                logic::text_of(known, &Answer::read(self.state, &key), self.inspection.photos.get(&key).copied().unwrap_or_default());
            Some((checklist.node(*item), ROOT, text))
        };
        // What was asked of the unit is known to the equipment's expressions too.
        let of_unit: Vec<usize> = match place.subject {
            Some(_) => self.items(place.list, |_, checklist, item| slot::is_of_unit(checklist, item)),
            None => Vec::new(),
        };
        let mut entries: Vec<_> = items.iter().chain(&of_unit).filter_map(entry).collect();
        // Last, so that they count: what another list asks for this one.
        entries.extend(self.shared.stand_ins(place.list).filter_map(|(item, asked)| {
            let (list, other) = (self.inspection.lists.get(asked.0)?, self.inspection.lists.get(asked.0)?.items.get(asked.1)?);
            list.repeats_around(other).is_empty().then_some(())?;
            let photos = self.inspection.photos.get(&other.id).copied().unwrap_or_default();
            Some((checklist.node(item), ROOT, logic::text_of(other, &Answer::read(self.state, &other.id), photos)))
        }));
        if let Some(logic) = self.logics.get_mut(index) {
            logic.enter(&entries);
        }
    }

    /// Makes the slots of some items that all stand in the repeat `within`, instance by instance.
    fn emit(&mut self, place: Place, items: &[usize], within: Option<usize>, around: InstanceId, path: &[u32], at: Option<&RepeatAt>) {
        let mut rest = items;
        while let Some((&item, _)) = rest.split_first() {
            let inner = self.inner_repeat(place.list, item, within);
            let same = rest.iter().take_while(|item| self.inner_repeat(place.list, **item, within) == inner).count();
            let (these, after) = rest.split_at(same.max(1));
            match inner {
                None => these.iter().for_each(|item| self.push(place, *item, around, path, at)),
                Some(group) => self.emit_repeat(place, these, group, around, path),
            }
            rest = after;
        }
    }

    fn emit_repeat(&mut self, place: Place, items: &[usize], group: usize, around: InstanceId, path: &[u32]) {
        let Some(index) = place.logic else { return };
        let (instances, counted, beyond) = {
            let subject = place.subject.and_then(|subject| self.inspection.subjects.get(subject));
            let (Some(checklist), Some(logic)) = (self.inspection.lists.get(place.list), self.logics.get_mut(index)) else { return };
            let instances = logic.instances(self.state, checklist, subject, group, (around, path));
            (instances, logic.is_counted(group), logic.asked_beyond(group, around))
        };
        let cut = beyond.map(|asked| (asked, instances.len()));
        if instances.is_empty() {
            let at = RepeatAt { group, around: path.to_vec(), number: None, place: 0, last: true, counted, cut };
            self.section(place, items.first().copied().unwrap_or_default(), Some(&at));
        }
        let count = instances.len();
        for (nth, Instance { number, id }) in instances.into_iter().enumerate() {
            let at = RepeatAt { group, around: path.to_vec(), number: Some(number), place: nth + 1, last: nth + 1 == count, counted, cut };
            let inside = [path, &[number]].concat();
            self.enter_instance(place, items, group, id, &inside);
            self.emit(place, items, Some(group), id, &inside, Some(&at));
        }
    }

    /// Gives an engine the answers that stand directly in one instance of a repeat.
    fn enter_instance(&mut self, place: Place, items: &[usize], group: usize, id: InstanceId, path: &[u32]) {
        let Some(index) = place.logic else { return };
        let Some(checklist) = self.inspection.lists.get(place.list) else { return };
        let subject = place.subject.and_then(|subject| self.inspection.subjects.get(subject));
        let entry = |item: &usize| {
            let known = checklist.items.get(*item)?;
            (checklist.repeats_around(known).last() == Some(&group)).then_some(())?;
            let key = slot::key(&known.id, subject, path);
            let text =
                logic::text_of(known, &Answer::read(self.state, &key), self.inspection.photos.get(&key).copied().unwrap_or_default());
            Some((checklist.node(*item), id, text))
        };
        let entries: Vec<_> = items.iter().filter_map(entry).collect();
        if let Some(logic) = self.logics.get_mut(index) {
            logic.enter(&entries);
        }
    }

    /// The outermost repeat around an item within another one.
    fn inner_repeat(&self, list: usize, item: usize, within: Option<usize>) -> Option<usize> {
        let checklist = self.inspection.lists.get(list)?;
        let around = checklist.repeats_around(checklist.items.get(item)?);
        match within {
            None => around.first().copied(),
            Some(outer) => around.iter().skip_while(|group| **group != outer).nth(1).copied(),
        }
    }

    fn push(&mut self, place: Place, item: usize, instance: InstanceId, repeat: &[u32], at: Option<&RepeatAt>) {
        let section = self.section(place, item, at);
        let subject = place.subject.and_then(|subject| self.inspection.subjects.get(subject));
        let Some(checklist) = self.inspection.lists.get(place.list) else { return };
        let Some(known) = checklist.items.get(item) else { return };
        let key = slot::key(&known.id, subject, repeat);
        let index = self.inspection.slots.len();
        // Two lists with one name for an item: the first one has it.
        if self.inspection.by_key.contains_key(&key) {
            return;
        }
        let node = checklist.node(item);
        self.inspection.by_key.insert(key.clone(), index);
        if let Some(section) = self.inspection.sections.get_mut(section) {
            section.slots.push(index);
        }
        self.inspection.slots.push(Slot { list: place.list, item, subject: place.subject, repeat: repeat.to_vec(), key, section });
        let at = place.logic.map(|logic| At { logic, node, instance });
        if let Some(logic) = place.logic.and_then(|logic| self.logics.get_mut(logic)) {
            logic.place(node, instance, index);
        }
        self.places.push(at);
    }

    /// The section of an item: found, or made.
    fn section(&mut self, place: Place, item: usize, at: Option<&RepeatAt>) -> usize {
        let Some(checklist) = self.inspection.lists.get(place.list) else { return 0 };
        let known = checklist.items.get(item);
        let group = at.and_then(|at| checklist.groups.get(at.group)).filter(|group| !group.title_zh.is_empty());
        let (zh, en) = match (group, known) {
            (Some(group), _) => (group.title_zh.as_str(), group.title_en.as_str()),
            (None, Some(item)) => (item.section_zh.as_str(), item.section_en.as_str()),
            (None, None) => ("", ""),
        };
        // Many instances make many sections: looking through them all for each question would take the square of that.
        let next = self.inspection.sections.len();
        let found = *self.sections.entry((place.list, place.tab, zh.to_owned(), at.cloned())).or_insert(next);
        if found == next {
            let (title_zh, title_en) = (zh.to_owned(), en.to_owned());
            let section = Section { list: place.list, subject: place.tab, title_zh, title_en, repeat: at.cloned(), slots: Vec::new() };
            self.inspection.sections.push(section);
        }
        found
    }

    /// Which slots read the answers of others in their conditions.
    fn readers(&self) -> BTreeMap<usize, Vec<usize>> {
        let mut readers: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for index in 0..self.inspection.slots.len() {
            let fields = self.inspection.item(index).and_then(|item| item.when.as_ref()).map(Condition::fields).unwrap_or_default();
            for item in fields.into_iter().filter_map(|field| field.strip_prefix("answer:")) {
                if let Some(read) = self.inspection.neighbour(index, item) {
                    readers.entry(read).or_default().push(index);
                }
            }
        }
        readers
    }
}

impl Visit {
    /// Reads all answers and settles every slot.
    fn begin(&mut self, state: &State) {
        let mut answers = read_answers(state);
        let of_slot = |slot: &Slot| answers.remove(slot.key.as_str()).unwrap_or_default();
        self.inspection.answers = self.inspection.slots.iter().map(of_slot).collect();
        self.inspection.statuses = vec![super::Status { counts: false, ..Default::default() }; self.inspection.slots.len()];
        self.inspection.counts = vec![Counts::default(); self.inspection.sections.len()];
        for index in 0..self.inspection.slots.len() {
            self.settle(index);
        }
    }
}
