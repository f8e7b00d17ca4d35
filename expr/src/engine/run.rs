//! What follows from a change, first what others depend on.

use std::cmp::Reverse;
use std::rc::Rc;

use super::{Cell, Change, Engine, Instance, InstanceId, Kids, MAX_COUNTED, MAX_INSTANCES, READONLY, RELEVANT, REQUIRED, VALID, What};
use crate::form::{NodeId, Role};
use crate::graph::{NONE, Reader};
use crate::here::Here;
use crate::value::{Value, cut};

/// The largest count that is told apart: below it a number has all its digits.
const MOST_ASKED: f64 = 1e15;

impl Engine {
    /// Makes an instance with its cells, and puts its formulas in the queue.
    pub(super) fn create(&mut self, scope: u32, parent: InstanceId, index: u32, presets: bool) -> InstanceId {
        let form = Rc::clone(&self.form);
        let info = &form.scopes[scope as usize];
        let cells = info.cells.iter().map(|&node| Cell {
            value: form.nodes[node as usize].preset.as_deref().filter(|_| presets).unwrap_or_default().to_owned(),
            flags: RELEVANT | VALID,
            choices: None,
            mentions: Vec::new(),
        });
        let made = InstanceId(self.instances.len() as u32);
        let kids = info.repeats.iter().map(|_| Kids::default()).collect();
        self.instances.push(Instance { scope, parent, index, cells: cells.collect(), kids });
        self.living += 1;
        for &formula in &info.formulas {
            if presets || form.formulas[formula as usize].role != Role::Preset {
                self.push(formula, made);
            }
        }
        for &inner in &info.repeats {
            let initial = form.nodes[form.scopes[inner as usize].node as usize].initial;
            for _ in 0..initial {
                if presets && self.living < MAX_INSTANCES {
                    self.append(inner, made, true);
                }
            }
        }
        made
    }

    /// Shows one more instance.
    pub(super) fn append(&mut self, scope: u32, around: InstanceId, presets: bool) -> InstanceId {
        let (place, repeat) = (self.form.scopes[scope as usize].index as usize, self.form.scopes[scope as usize].node);
        let kids = &self.instances[around.0 as usize].kids[place];
        let shown = kids.shown;
        let instance = match kids.all.get(shown) {
            Some(&kept) => {
                self.wake(kept);
                kept
            }
            None => {
                let made = self.create(scope, around, shown as u32, presets);
                self.instances[around.0 as usize].kids[place].all.push(made);
                made
            }
        };
        self.instances[around.0 as usize].kids[place].shown += 1;
        self.changes.push(Change { instance, node: NodeId(repeat), what: What::Added });
        instance
    }

    /// An instance that was hidden may have missed changes.
    fn wake(&mut self, instance: InstanceId) {
        let form = Rc::clone(&self.form);
        let scope = &form.scopes[self.scope_of(instance) as usize];
        for &formula in &scope.formulas {
            if form.formulas[formula as usize].role != Role::Preset {
                self.push(formula, instance);
            }
        }
        for &inner in &scope.repeats {
            for kid in self.shown(instance, inner).to_vec() {
                self.wake(kid);
            }
        }
    }

    /// Puts in the queue what depends on the number of instances, and on the positions from `first` on.
    pub(super) fn instances_changed(&mut self, scope: u32, around: InstanceId, first: usize) {
        let form = Rc::clone(&self.form);
        let info = &form.scopes[scope as usize];
        for &reader in &info.readers {
            self.push_reader(reader, around);
        }
        if !info.positions.is_empty() {
            for sibling in self.shown(around, scope).iter().skip(first).copied().collect::<Vec<_>>() {
                for &formula in &info.positions {
                    self.push_reader((formula, info.depth), sibling);
                }
            }
        }
    }

    pub(super) fn push(&mut self, formula: u32, instance: InstanceId) {
        if formula != NONE {
            self.queue.push(Reverse((formula, instance.0)));
        }
    }

    /// Puts a formula in the queue in all instances that can read what changed in `instance`.
    pub(super) fn push_reader(&mut self, (formula, common): Reader, instance: InstanceId) {
        let scope = self.form.nodes[self.form.formulas[formula as usize].bound.node as usize].scope;
        let from = self.ancestor(instance, common);
        if self.scope_of(from) == scope {
            self.push(formula, from);
            return;
        }
        let mut found = Vec::new();
        self.each(from, scope, &mut |reader| found.push(reader));
        for reader in found {
            self.push(formula, reader);
        }
    }

    /// Evaluates all that is in the queue and what follows from it.
    pub(super) fn run(&mut self) -> Vec<Change> {
        let mut last = None;
        while let Some(Reverse(next)) = self.queue.pop() {
            // What is pushed while running comes later, so the same one twice stands side by side.
            if last == Some(next) || !self.is_shown(InstanceId(next.1)) {
                continue;
            }
            last = Some(next);
            self.apply(next.0, InstanceId(next.1));
        }
        let mut changes = std::mem::take(&mut self.changes);
        changes.sort_unstable();
        changes.dedup();
        changes
    }

    fn apply(&mut self, index: u32, instance: InstanceId) {
        let form = Rc::clone(&self.form);
        let formula = &form.formulas[index as usize];
        let node = NodeId(formula.bound.node);
        let here = Here { engine: self, bound: &formula.bound, instance };
        match formula.role {
            Role::Filter => {
                let choices = here.filtered();
                let Some(cell) = self.cell_mut(node, instance) else { return };
                if cell.choices.as_deref() != Some(&*choices) {
                    cell.choices = Some(choices);
                    self.changes.push(Change { instance, node, what: What::Choices });
                }
            }
            Role::Relevant => {
                let open = self.gate_open(form.gate_around(node.0), instance) && formula.bound.expr.evaluate(&here).truth();
                self.open(node, instance, open);
            }
            Role::Count => {
                let count = formula.bound.expr.evaluate(&here).number(self.host.now.offset_min);
                // Not a number becomes 0, and what is no number that anybody meant stays one that can be shown.
                self.resize(node, instance, count.clamp(0.0, MOST_ASKED) as u64);
            }
            Role::Calculate | Role::Preset => {
                let text = match formula.bound.expr.evaluate(&here) {
                    Value::Number(number) if number.is_nan() => String::new(),
                    value => cut(value.into_text()),
                };
                if formula.role == Role::Calculate || self.value(node, instance).is_empty() {
                    self.put(node, instance, &text);
                }
            }
            Role::Constraint => {
                let due = !self.value(node, instance).is_empty() && self.relevant(node.0, instance);
                let holds = !due || formula.bound.expr.evaluate(&here).truth();
                self.flag(node, instance, VALID, holds, What::Validity);
            }
            Role::Mention => {
                let text = formula.bound.expr.evaluate(&here).into_text();
                let Some(mention) = form.nodes[node.index()].mentions.iter().position(|&own| own == index) else { return };
                let Some(cell) = self.cell_mut(node, instance) else { return };
                if cell.mentions.len() <= mention {
                    cell.mentions.resize(mention + 1, String::new());
                }
                if cell.mentions[mention] != text {
                    cell.mentions[mention] = text;
                    self.changes.push(Change { instance, node, what: What::Mention });
                }
            }
            Role::Required => {
                let holds = formula.bound.expr.evaluate(&here).truth();
                self.flag(node, instance, REQUIRED, holds, What::Required);
            }
            Role::Readonly => {
                let holds = formula.bound.expr.evaluate(&here).truth();
                self.flag(node, instance, READONLY, holds, What::Readonly);
            }
        }
    }

    fn flag(&mut self, node: NodeId, instance: InstanceId, flag: u8, on: bool, what: What) -> bool {
        let Some(cell) = self.cell_mut(node, instance) else { return false };
        let changed = (cell.flags & flag != 0) != on;
        if changed {
            cell.flags ^= flag;
            self.changes.push(Change { instance, node, what });
        }
        changed
    }

    /// Keeps a value and puts in the queue what depends on it.
    pub(super) fn put(&mut self, node: NodeId, instance: InstanceId, value: &str) -> bool {
        let Some(cell) = self.cell_mut(node, instance) else { return false };
        if cell.value == value {
            return false;
        }
        value.clone_into(&mut cell.value);
        self.changes.push(Change { instance, node, what: What::Value });
        let form = Rc::clone(&self.form);
        let info = &form.nodes[node.index()];
        for &reader in &info.readers {
            self.push_reader(reader, instance);
        }
        for &formula in &info.own {
            self.push(formula, instance);
        }
        true
    }

    /// Opens or closes a gate: everything that it governs becomes relevant or irrelevant.
    fn open(&mut self, gate: NodeId, instance: InstanceId, open: bool) {
        if !self.flag(gate, instance, RELEVANT, open, What::Relevance) {
            return;
        }
        let form = Rc::clone(&self.form);
        let info = &form.nodes[gate.index()];
        for &node in &info.gated {
            let scope = form.nodes[node as usize].scope;
            let mut found = Vec::new();
            self.each(instance, scope, &mut |inside| found.push(inside));
            let change = |instance| Change { instance, node: NodeId(node), what: What::Relevance };
            self.changes.extend(found.into_iter().map(change));
        }
        for &reader in &info.gate_readers {
            self.push_reader(reader, instance);
        }
    }

    /// Shows so many instances of a counted repeat, and no more than are allowed.
    fn resize(&mut self, repeat: NodeId, around: InstanceId, asked: u64) {
        let scope = self.form.nodes[repeat.index()].inner;
        let place = self.form.scopes[scope as usize].index as usize;
        let wanted = asked.min(MAX_COUNTED as u64) as usize;
        let asked_before = std::mem::replace(&mut self.instances[around.0 as usize].kids[place].asked, asked);
        let before = self.shown(around, scope).len();
        for &instance in self.shown(around, scope).to_vec().iter().skip(wanted) {
            self.changes.push(Change { instance, node: repeat, what: What::Removed });
        }
        if wanted < before {
            self.instances[around.0 as usize].kids[place].shown = wanted;
        }
        for shown in before..wanted {
            let kept = self.instances[around.0 as usize].kids[place].all.len() > shown;
            if !kept && self.living >= MAX_INSTANCES {
                break;
            }
            self.append(scope, around, true);
        }
        let after = self.shown(around, scope).len();
        if before != after {
            self.instances_changed(scope, around, usize::MAX);
        }
        if asked_before != asked && (asked_before > before as u64 || asked > after as u64) {
            self.changes.push(Change { instance: around, node: repeat, what: What::Asked });
        }
    }
}
