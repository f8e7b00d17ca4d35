//! The expressions of the checklists at work: one engine for each list that has any, and for each piece of equipment.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::{Value, json};
use spotcheck_expr::{Change, Engine, Form, Host, InstanceId, Kind, Names, NodeId, Now, ROOT, Role, What};

use super::super::checklist::{AnswerSpec, Checklist, Item, LABEL_COLUMN};
use super::super::journal::State;
use super::slot::{self, Slot, Subject};
use super::status::Said;
use super::wording::Filled;
use super::{Answer, started};

/// What stands for the photos of an item in expressions: XLSForm has a file's name there.
const PHOTO: &str = "photo";

/// The time of an inspection's expressions: when it began, so that a record says the same whenever it is read.
fn host(state: &State) -> Host {
    let (at, offset_min) = started(state);
    let utc_ms = i64::try_from(at.ms()).unwrap_or_default();
    let label_column = LABEL_COLUMN.to_owned();
    // Not secret, only different from visit to visit, and the same each time that a visit is opened.
    let seed = [at.ms(), at.ms().rotate_left(29) ^ 0x9e37_79b9_7f4a_7c15];
    Host { now: Now { utc_ms, offset_min, names: &Names::CHINESE }, seed, label_column }
}

/// An instance of a repeat: its number in the record, and the engine's name for it.
pub(super) struct Instance {
    pub number: u32,
    pub id: InstanceId,
}

/// The engine of one list, for one piece of equipment or the unit.
#[derive(Clone, Debug)]
pub(super) struct Logic {
    pub list: usize,
    pub subject: Option<usize>,
    engine: Engine,
    groups: u32,
    /// The slots of its questions.
    slots: BTreeMap<(NodeId, InstanceId), usize>,
}

/// What a change led to.
#[derive(Default)]
pub(super) struct Effect {
    /// Slots of which something changed.
    pub slots: Vec<usize>,
    /// Slots whose value was computed anew, with that value.
    pub calculated: Vec<(usize, String)>,
    /// Whether instances came or went, or another number of them is asked for than there can be.
    pub instances: bool,
}

impl Logic {
    pub(super) fn new(state: &State, list: usize, subject: Option<usize>, checklist: &Checklist, form: Rc<Form>) -> Self {
        let engine = Engine::bare(form, host(state));
        Self { list, subject, engine, groups: u32::try_from(checklist.groups.len()).unwrap_or_default(), slots: BTreeMap::new() }
    }

    /// Makes the instances of a repeat that the record notes, or finds those that are counted.
    pub(super) fn instances(
        &mut self,
        state: &State,
        checklist: &Checklist,
        subject: Option<&Subject>,
        group: usize,
        around: (InstanceId, &[u32]),
    ) -> Vec<Instance> {
        let node = NodeId(u32::try_from(group).unwrap_or(u32::MAX));
        if self.is_counted(group) {
            let counted = self.engine.instances(node, around.0).iter();
            return counted.zip(1..).map(|(&id, number)| Instance { number, id }).collect();
        }
        let numbers = slot::repeats(state, &checklist.id, group, subject, around.1);
        // What can't be added any more is beyond the engine's limit.
        numbers.into_iter().filter_map(|number| Some(Instance { number, id: self.engine.restore(node, around.0).ok()?.0 })).collect()
    }

    pub(super) fn is_counted(&self, group: usize) -> bool {
        let node = NodeId(u32::try_from(group).unwrap_or(u32::MAX));
        node.0 < self.groups && self.engine.form().expr(node, Role::Count).is_some()
    }

    /// How many instances a count asks for beyond those that there can be.
    pub(super) fn asked_beyond(&self, group: usize, around: InstanceId) -> Option<u64> {
        self.engine.asked_beyond(NodeId(u32::try_from(group).unwrap_or(u32::MAX)), around)
    }

    /// Notes which slot a question is.
    pub(super) fn place(&mut self, node: NodeId, instance: InstanceId, slot: usize) {
        self.slots.insert((node, instance), slot);
    }

    /// Enters answers.
    pub(super) fn enter(&mut self, answers: &[(NodeId, InstanceId, String)]) -> Effect {
        let mut changes = Vec::new();
        for (node, instance, text) in answers {
            if self.engine.value(*node, *instance) != text {
                // A question that is gone, as in an instance that is no longer counted, takes nothing.
                changes.extend(self.engine.set(*node, *instance, text).unwrap_or_default());
            }
        }
        self.effect(&changes)
    }

    fn effect(&self, changes: &[Change]) -> Effect {
        let mut effect = Effect::default();
        for change in changes {
            if matches!(change.what, What::Added | What::Removed | What::Asked) {
                effect.instances = true;
            }
            let Some(&slot) = self.slots.get(&(change.node, change.instance)) else { continue };
            effect.slots.push(slot);
            if change.what == What::Value && self.engine.form().expr(change.node, Role::Calculate).is_some() {
                effect.calculated.push((slot, self.engine.value(change.node, change.instance).to_owned()));
            }
        }
        effect
    }

    /// The computed value of a question; none when it is entered by people.
    pub(super) fn computed(&self, node: NodeId, instance: InstanceId) -> Option<&str> {
        self.engine.form().expr(node, Role::Calculate).is_some().then(|| self.engine.value(node, instance))
    }

    /// Every computed value.
    pub(super) fn calculated(&self) -> impl Iterator<Item = (usize, &str)> {
        self.slots
            .iter()
            .filter(|((node, _), _)| self.engine.form().expr(*node, Role::Calculate).is_some())
            .map(|((node, instance), slot)| (*slot, self.engine.value(*node, *instance)))
    }

    /// The texts of a question that name answers.
    pub(super) fn filled(&self, node: NodeId, instance: InstanceId, checklist: &Checklist) -> Option<Filled> {
        Filled::of(&self.engine, node, instance, checklist)
    }

    pub(super) fn said(&self, node: NodeId, instance: InstanceId) -> Said {
        let engine = &self.engine;
        Said {
            relevant: engine.is_relevant(node, instance),
            valid: engine.is_valid(node, instance),
            required: engine.is_required(node, instance),
            read_only: engine.is_readonly(node, instance) || engine.form().expr(node, Role::Calculate).is_some(),
            options: engine.choices(node, instance).map(Into::into),
        }
    }
}

/// What the questions of a list begin with, for the unit or a new piece of equipment, or a new instance of a repeat:
/// the item's index, the repeats around it, and the value.
#[must_use]
pub fn presets(state: &State, checklist: &Checklist) -> Vec<(usize, Vec<u32>, Value)> {
    // Most lists begin with nothing: then nothing is compiled for it.
    let has_preset = |item: &Item| item.logic.as_ref().is_some_and(|logic| logic.default.is_some());
    if !checklist.items.iter().any(has_preset) {
        return Vec::new();
    }
    let Ok(Some(form)) = checklist.form() else { return Vec::new() };
    let engine = Engine::new(Rc::new(form), host(state));
    let form = engine.form();
    let mut found = Vec::new();
    engine.each_cell(&mut |node, instance| {
        let Some(index) = (node.0 as usize).checked_sub(checklist.groups.len()) else { return };
        let text = engine.value(node, instance);
        let has_preset = checklist.items.get(index).is_some_and(has_preset);
        if text.is_empty() || !has_preset || form.kind(node) != Kind::Question {
            return;
        }
        let mut repeat = Vec::new();
        let mut at = instance;
        while let Some((_, around)) = engine.around(at) {
            let place = engine.position(at).and_then(|place| u32::try_from(place).ok()).unwrap_or_default();
            repeat.insert(0, place + 1);
            at = around;
        }
        if let Some(item) = checklist.items.get(index) {
            found.push((index, repeat, value_of(item, text)));
        }
    });
    found
}

/// An answer as expressions see it: a text; of several choices all, with blanks between; the verdict where nothing is entered.
pub(super) fn text_of(item: &Item, answer: &Answer, photos: usize) -> String {
    match (&item.answer, &answer.value) {
        (AnswerSpec::Image, _) => if photos > 0 { PHOTO } else { "" }.to_owned(),
        (AnswerSpec::YesNoNa { .. }, None) => answer.chosen.map(|verdict| verdict.name().to_owned()).unwrap_or_default(),
        (_, None) => String::new(),
        (_, Some(value)) => plain(value),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(yes) => yes.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Array(many) => many.iter().map(plain).collect::<Vec<_>>().join(" "),
        Value::Object(fields) => match (fields.get("lat"), fields.get("lon")) {
            (Some(lat), Some(lon)) => {
                let accuracy = fields.get("accuracy_m").map(plain).unwrap_or_default();
                format!("{} {} 0 {accuracy}", plain(lat), plain(lon)).trim_end().to_owned()
            }
            _ => "drawing".to_owned(),
        },
    }
}

/// A computed text as the record keeps it: a number where the item takes one.
pub(super) fn value_of(item: &Item, text: &str) -> Value {
    if text.is_empty() {
        return Value::Null;
    }
    match &item.answer {
        AnswerSpec::Number { .. } | AnswerSpec::Range { .. } => text.parse::<f64>().map_or_else(|_| json!(text), number),
        AnswerSpec::Choice { multiple: true, .. } => json!(text.split_whitespace().collect::<Vec<_>>()),
        _ => json!(text),
    }
}

/// A number as it is read back from the record: whole ones without a point.
fn number(number: f64) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "whole and far from the ends of the type")]
    if number.fract() == 0.0 && number.abs() < 9e15 { json!(number as i64) } else { json!(number) }
}

/// Where each slot stands in the engines.
#[derive(Clone, Copy, Debug)]
pub(super) struct At {
    /// Index of the engine.
    pub logic: usize,
    pub node: NodeId,
    pub instance: InstanceId,
}

/// The engines that hear of an answer: its own, and for what is asked of the unit those of the equipment too.
pub(super) fn listeners(logics: &[Logic], slot: &Slot, at: At) -> Vec<At> {
    let mut heard = vec![at];
    if slot.subject.is_none() && at.instance == ROOT {
        let others = logics.iter().enumerate().filter(|(_, logic)| logic.list == slot.list && logic.subject.is_some());
        heard.extend(others.map(|(logic, _)| At { logic, ..at }));
    }
    heard
}

/// The engines of a list, of the unit and of each piece of equipment.
pub(super) fn of_list(logics: &[Logic], list: usize) -> impl Iterator<Item = usize> {
    logics.iter().enumerate().filter(move |(_, logic)| logic.list == list).map(|(index, _)| index)
}
