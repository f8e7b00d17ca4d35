//! The order in which formulas are evaluated.

use super::{Form, Formula, NONE, looks_at_itself};
use crate::ast::How;
use crate::form::{FormError, Kind, NodeId, Problem, Role, Step};

impl Form {
    /// The formulas that must come before one: indices into `formulas`, found through `of` (by node and role).
    fn before(&self, formula: &Formula, of: &[[u32; 8]]) -> Vec<u32> {
        let mut before = Vec::new();
        let node = formula.bound.node;
        let mut needs = |node: u32, role: Role| {
            if let Some(roles) = of.get(node as usize) {
                before.push(roles[role as usize]);
            }
        };
        for (target, reference) in formula.bound.targets.iter().zip(&formula.bound.expr.slots) {
            if reference.how == How::Label {
                continue;
            }
            let info = &self.nodes[target.node as usize];
            needs(info.gate, Role::Relevant);
            needs(target.node, Role::Calculate);
            needs(target.node, Role::Preset);
            let mut scope = if info.kind == Kind::Repeat { info.inner } else { info.scope };
            while self.depth(scope) > target.common {
                needs(self.scopes[scope as usize].node, Role::Count);
                scope = self.scopes[scope as usize].parent;
            }
        }
        let info = &self.nodes[node as usize];
        let mut scope = info.scope;
        while scope != 0 {
            needs(self.scopes[scope as usize].node, Role::Count);
            scope = self.scopes[scope as usize].parent;
        }
        match formula.role {
            Role::Relevant => needs(self.gate_around(node), Role::Relevant),
            Role::Constraint => needs(info.gate, Role::Relevant),
            _ => {}
        }
        if formula.role == Role::Calculate {
            needs(node, Role::Preset);
        } else if looks_at_itself(formula) {
            needs(node, Role::Calculate);
            needs(node, Role::Preset);
        }
        before.retain(|&index| index != NONE);
        before
    }

    /// All formulas, each after those that it depends on, those of one node and role in their order. Without recursion: forms come from files.
    pub(super) fn order(&self, formulas: &[Formula]) -> Result<Vec<u32>, FormError> {
        let mut of = vec![[NONE; 8]; self.nodes.len()];
        for (index, formula) in formulas.iter().enumerate() {
            if let Some(own) = of[formula.bound.node as usize].get_mut(formula.role as usize) {
                *own = index as u32;
            }
        }
        #[derive(Clone, Copy, PartialEq)]
        enum Seen {
            No,
            Open,
            Done,
        }
        let mut seen = vec![Seen::No; formulas.len()];
        let mut order = Vec::with_capacity(formulas.len());
        for start in 0..formulas.len() {
            let mut stack: Vec<(usize, Vec<u32>)> = Vec::new();
            if seen[start] == Seen::No {
                seen[start] = Seen::Open;
                stack.push((start, self.before(&formulas[start], &of)));
            }
            while let Some((current, before)) = stack.last_mut() {
                let current = *current;
                let Some(next) = before.pop().map(|next| next as usize) else {
                    seen[current] = Seen::Done;
                    order.push(current as u32);
                    stack.pop();
                    continue;
                };
                match seen[next] {
                    Seen::Done => {}
                    Seen::No => {
                        seen[next] = Seen::Open;
                        stack.push((next, self.before(&formulas[next], &of)));
                    }
                    Seen::Open => {
                        let path = stack.iter().map(|(index, _)| *index).skip_while(|&index| index != next).chain([next]);
                        return Err(self.cycle(path.map(|index| &formulas[index]).collect()));
                    }
                }
            }
        }
        Ok(order)
    }

    fn cycle(&self, path: Vec<&Formula>) -> FormError {
        let step = |formula: &&Formula| Step {
            node: NodeId(formula.bound.node),
            name: self.nodes[formula.bound.node as usize].name.to_string(),
            role: formula.role,
        };
        let steps: Vec<Step> = path.iter().map(step).collect();
        let (node, name, role) = match steps.first() {
            Some(first) => (first.node, first.name.clone(), Some(first.role)),
            None => (NodeId(0), String::new(), None),
        };
        FormError { node, name, role, problem: Problem::Cycle(steps) }
    }
}
