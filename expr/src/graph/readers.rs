//! What must be evaluated again after which change.

use super::{Form, Formula, NONE, Reader, looks_at_itself};
use crate::ast::How;
use crate::form::{Kind, Role};

impl Form {
    /// Puts the formulas in order and notes for each node what reads it.
    pub(super) fn install(&mut self, formulas: Vec<Formula>, order: &[u32]) {
        let mut unordered: Vec<Option<Formula>> = formulas.into_iter().map(Some).collect();
        self.formulas = order.iter().filter_map(|&index| unordered[index as usize].take()).collect();
        for index in 0..self.formulas.len() as u32 {
            self.note(index);
        }
        self.note_gates();
        self.note_repeats();
    }

    fn note(&mut self, index: u32) {
        let formula = &self.formulas[index as usize];
        let node = &mut self.nodes[formula.bound.node as usize];
        match node.formulas.get_mut(formula.role as usize) {
            Some(own) => *own = index,
            // They were made, and are put in order, one after the other.
            None => node.mentions.iter_mut().find(|own| **own == NONE).into_iter().for_each(|own| *own = index),
        }
        if looks_at_itself(formula) {
            node.own.push(index);
        }
        let scope = node.scope;
        self.scopes[scope as usize].formulas.push(index);
        // A preset is evaluated once and never again.
        if formula.role == Role::Preset {
            return;
        }
        let uses = formula.bound.expr.uses;
        if uses.today || uses.now {
            self.timed.push(index);
        }
        for (target, reference) in formula.bound.targets.iter().zip(&formula.bound.expr.slots) {
            if reference.how != How::Label {
                self.nodes[target.node as usize].readers.push((index, target.common));
            }
        }
        if uses.position {
            let mut around = scope;
            while around != 0 {
                self.scopes[around as usize].positions.push(index);
                around = self.scopes[around as usize].parent;
            }
        }
    }

    fn note_gates(&mut self) {
        for node in 0..self.nodes.len() {
            let mut readers = Vec::new();
            let depth = self.depth(self.nodes[node].scope);
            for &gated in &self.nodes[node].gated {
                let gated = &self.nodes[gated as usize];
                readers.extend(gated.readers.iter().map(|&(formula, common)| (formula, common.min(depth))));
                readers.push((gated.formulas[Role::Constraint as usize], depth));
            }
            self.nodes[node].gate_readers = readers;
        }
        // A gate inside another one opens and closes with it.
        for node in 0..self.nodes.len() as u32 {
            let relevant = self.nodes[node as usize].formulas[Role::Relevant as usize];
            let around = self.gate_around(node);
            if relevant != NONE && around != NONE {
                let depth = self.depth(self.nodes[around as usize].scope);
                self.nodes[around as usize].gate_readers.push((relevant, depth));
            }
        }
        for node in &mut self.nodes {
            tidy(&mut node.gate_readers);
        }
    }

    fn note_repeats(&mut self) {
        for node in &self.nodes {
            let mut scope = if node.kind == Kind::Repeat { node.inner } else { node.scope };
            while scope != 0 {
                let info = &mut self.scopes[scope as usize];
                info.readers.extend(node.readers.iter().filter(|(_, common)| *common < info.depth));
                scope = info.parent;
            }
        }
        for scope in &mut self.scopes {
            tidy(&mut scope.readers);
        }
    }
}

/// Each formula once, with the least depth.
fn tidy(readers: &mut Vec<Reader>) {
    readers.retain(|&(formula, _)| formula != NONE);
    readers.sort_unstable();
    readers.dedup_by_key(|reader| reader.0);
}
