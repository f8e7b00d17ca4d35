//! The edits that a host makes.

use super::{Change, EditError, Engine, InstanceId, MAX_INSTANCES, ROOT, What};
use crate::date::Now;
use crate::form::{Kind, NodeId, Role};
use crate::graph::NONE;

impl Engine {
    /// Enters an answer. Yields everything that has changed by it.
    ///
    /// The answer to a calculated question is replaced by its calculation at once; `once(…)` keeps it.
    ///
    /// # Errors
    /// [`EditError`]
    pub fn set(&mut self, node: NodeId, instance: InstanceId, value: &str) -> Result<Vec<Change>, EditError> {
        self.set_all(&[(node, instance, value)])
    }

    /// Enters several answers at once.
    ///
    /// # Errors
    /// [`EditError`] of the first one that is refused; then none is entered.
    pub fn set_all(&mut self, answers: &[(NodeId, InstanceId, &str)]) -> Result<Vec<Change>, EditError> {
        for &(node, instance, _) in answers {
            let info = self.form.nodes.get(node.index()).ok_or(EditError::NoNode)?;
            if info.kind != Kind::Question {
                return Err(EditError::NoValue);
            }
            if self.cell(node, instance).is_none() || !self.is_shown(instance) {
                return Err(EditError::NoInstance);
            }
        }
        for &(node, instance, value) in answers {
            if self.put(node, instance, value) {
                let calculate = self.form.nodes[node.index()].formulas[Role::Calculate as usize];
                self.push(calculate, instance);
            }
        }
        Ok(self.run())
    }

    /// Adds an instance at the end of a repeat, with its presets and first instances of repeats in it.
    ///
    /// # Errors
    /// [`EditError`]
    pub fn add(&mut self, repeat: NodeId, around: InstanceId) -> Result<(InstanceId, Vec<Change>), EditError> {
        self.grow(repeat, around, true)
    }

    /// Adds an instance that will be filled from a store: without presets, and with only those instances that are counted.
    ///
    /// # Errors
    /// [`EditError`]
    pub fn restore(&mut self, repeat: NodeId, around: InstanceId) -> Result<(InstanceId, Vec<Change>), EditError> {
        self.grow(repeat, around, false)
    }

    fn grow(&mut self, repeat: NodeId, around: InstanceId, presets: bool) -> Result<(InstanceId, Vec<Change>), EditError> {
        let node = self.form.nodes.get(repeat.index()).ok_or(EditError::NoNode)?;
        let (scope, kind, inner) = (node.scope, node.kind, node.inner);
        if kind != Kind::Repeat {
            return Err(EditError::NoRepeat);
        }
        if node.formulas[Role::Count as usize] != NONE {
            return Err(EditError::Counted);
        }
        if !self.is_shown(around) || self.instances[around.0 as usize].scope != scope {
            return Err(EditError::NoInstance);
        }
        if self.living >= MAX_INSTANCES {
            return Err(EditError::Full);
        }
        let added = self.append(inner, around, presets);
        self.instances_changed(inner, around, usize::MAX);
        Ok((added, self.run()))
    }

    /// Takes an instance away, with all that is in it.
    ///
    /// # Errors
    /// [`EditError`]
    pub fn remove(&mut self, instance: InstanceId) -> Result<Vec<Change>, EditError> {
        if !self.is_shown(instance) {
            return Err(EditError::NoInstance);
        }
        let removed = &mut self.instances[instance.0 as usize];
        if removed.scope == 0 {
            return Err(EditError::NoRepeat);
        }
        let (scope, around, index) = (removed.scope, removed.parent, removed.index as usize);
        let (place, repeat) = {
            let scope = &self.form.scopes[scope as usize];
            (scope.index as usize, scope.node)
        };
        if self.form.nodes[repeat as usize].formulas[Role::Count as usize] != NONE {
            return Err(EditError::Counted);
        }
        removed.index = NONE;
        let kids = &mut self.instances[around.0 as usize].kids[place];
        kids.all.remove(index);
        kids.shown -= 1;
        for (index, sibling) in kids.all.clone().into_iter().enumerate().skip(index) {
            self.instances[sibling.0 as usize].index = index as u32;
        }
        self.bury(instance);
        self.changes.push(Change { instance, node: NodeId(repeat), what: What::Removed });
        self.instances_changed(scope, around, index);
        Ok(self.run())
    }

    /// Frees what a removed instance held.
    fn bury(&mut self, instance: InstanceId) {
        self.living -= 1;
        let dead = &mut self.instances[instance.0 as usize];
        dead.index = NONE;
        dead.cells = Vec::new();
        for kids in std::mem::take(&mut dead.kids) {
            for kid in kids.all {
                self.bury(kid);
            }
        }
    }

    /// Tells the time. Only what depends on it is evaluated again.
    pub fn set_now(&mut self, now: Now) -> Vec<Change> {
        self.host.now = now;
        for index in 0..self.form.timed.len() {
            let formula = self.form.timed[index];
            self.push_reader((formula, 0), ROOT);
        }
        self.run()
    }

    /// Evaluates everything again. Changes nothing, unless an expression depends on chance or on its own former value.
    pub fn recompute(&mut self) -> Vec<Change> {
        for formula in 0..self.form.formulas.len() as u32 {
            if self.form.formulas[formula as usize].role != Role::Preset {
                self.push_reader((formula, 0), ROOT);
            }
        }
        self.run()
    }
}
