//! Nodes, and the repeats and conditions around them.

use super::{Form, MAX_REPEAT_DEPTH, NONE, Node, Scope};
use crate::error::Place;
use crate::form::{FormDef, FormError, Kind, NodeId, Preset, Problem, Role};
use crate::is_name;

/// Nodes and scopes without formulas.
pub(super) fn structure(def: &FormDef, errors: &mut Vec<FormError>) -> Form {
    let root = Scope { node: NONE, ..Scope::default() };
    let mut form =
        Form { nodes: Vec::new(), scopes: vec![root], formulas: Vec::new(), lists: Vec::new(), timed: Vec::new(), names: Vec::new() };
    for (index, node) in def.nodes.iter().enumerate() {
        let mut refuse = |role, problem| errors.push(FormError { node: NodeId(index as u32), name: node.name.clone(), role, problem });
        if !is_name(&node.name) {
            refuse(None, Problem::BadName { name: node.name.clone() });
        }
        for role in Role::ALL.into_iter().filter(|role| role.wrong(node)) {
            refuse(Some(role), Problem::WrongKind);
        }
        let list = match &node.list {
            None => NONE,
            Some(name) => match def.lists.iter().position(|list| list.name == *name) {
                Some(index) => index as u32,
                None => {
                    refuse(None, Problem::UnknownList { name: name.clone(), at: Place::default() });
                    NONE
                }
            },
        };
        if node.choice_filter.is_some() && node.list.is_none() {
            refuse(Some(Role::Filter), Problem::NoChoices { name: node.name.clone(), at: Place::default() });
        }
        let parent = match node.parent {
            None => None,
            Some(parent) => match form.nodes.get(parent).filter(|parent| parent.kind != Kind::Question) {
                Some(info) => Some((parent as u32, info)),
                None => {
                    refuse(None, Problem::Parent);
                    None
                }
            },
        };
        let (parent, scope, around) = match parent {
            None => (NONE, 0, NONE),
            Some((index, info)) => (index, if info.kind == Kind::Repeat { info.inner } else { info.scope }, info.gate),
        };
        // Inside a repeat that was refused; the form will not be used.
        let scope = if (scope as usize) < form.scopes.len() { scope } else { 0 };
        let gate = if node.relevant.is_some() { index as u32 } else { around };
        let mut inner = NONE;
        if node.kind == Kind::Repeat {
            let depth = form.depth(scope) + 1;
            if usize::from(depth) > MAX_REPEAT_DEPTH {
                refuse(None, Problem::TooDeep { limit: MAX_REPEAT_DEPTH });
            } else {
                inner = form.scopes.len() as u32;
                let place = form.scopes[scope as usize].repeats.len() as u32;
                form.scopes[scope as usize].repeats.push(inner);
                form.scopes.push(Scope { parent: scope, index: place, depth, node: index as u32, ..Scope::default() });
            }
        }
        let cells = &mut form.scopes[scope as usize].cells;
        let cell = cells.len() as u32;
        cells.push(index as u32);
        form.nodes.push(Node {
            name: node.name.as_str().into(),
            kind: node.kind,
            parent,
            scope,
            inner,
            cell,
            gate,
            list,
            preset: match &node.preset {
                Some(Preset::Text(text)) => Some(text.as_str().into()),
                _ => None,
            },
            initial: if node.count.is_some() { 0 } else { node.initial },
            formulas: [NONE; 8],
            texts: Vec::new(),
            mentions: Vec::new(),
            readers: Vec::new(),
            own: Vec::new(),
            gated: Vec::new(),
            gate_readers: Vec::new(),
        });
        if let Some(gate) = form.nodes.get_mut(gate as usize) {
            gate.gated.push(index as u32);
        }
    }
    form.names = form.nodes.iter().zip(0..).map(|(node, index)| (node.name.clone(), index)).collect();
    form.names.sort_unstable();
    form
}
