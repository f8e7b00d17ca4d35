//! What an expression of a form sees from where it stands.

use crate::ast::Reference;
use crate::date::Now;
use crate::engine::{Engine, InstanceId};
use crate::eval::{List, PositionOf, Scope};
use crate::form::{Kind, ListDef, NodeId};
use crate::graph::Bound;
use crate::value::Value;

pub(crate) struct Here<'a> {
    pub engine: &'a Engine,
    pub bound: &'a Bound,
    pub instance: InstanceId,
}

impl Here<'_> {
    fn list(&self, list: List<'_>) -> Option<&ListDef> {
        let form = self.engine.form();
        let index = match list {
            List::Own => form.nodes[self.bound.node as usize].list,
            List::Named(index, _) => *self.bound.lists.get(index)?,
        };
        form.lists.get(index as usize)
    }

    /// The rows of the node's own list for which the expression holds.
    pub fn filtered(&self) -> Box<[u32]> {
        let rows = self.rows(List::Own) as u32;
        (0..rows).filter(|&row| self.bound.expr.evaluate_row(self, List::Own, row as usize).truth()).collect()
    }
}

impl Scope for Here<'_> {
    fn current(&self) -> String {
        self.engine.value(NodeId(self.bound.node), self.instance).to_owned()
    }

    fn value(&self, index: usize, _: &Reference) -> Value {
        let (engine, form) = (self.engine, self.engine.form());
        let target = &self.bound.targets[index];
        let node = &form.nodes[target.node as usize];
        let from = engine.ancestor(self.instance, target.common);
        let id = NodeId(target.node);
        if node.kind != Kind::Repeat && form.scopes[node.scope as usize].depth == target.common {
            let relevant = engine.relevant(target.node, from);
            return Value::Text(if relevant { engine.value(id, from).to_owned() } else { String::new() });
        }
        let mut found = Vec::new();
        engine.each(from, node.scope, &mut |instance| {
            if engine.relevant(target.node, instance) {
                if node.kind == Kind::Repeat {
                    found.extend(engine.shown(instance, node.inner).iter().map(|_| String::new()));
                } else {
                    found.push(engine.value(id, instance).to_owned());
                }
            }
        });
        Value::Nodes(found)
    }

    fn indexed(&self, index: usize, _: &Reference, at: &[f64]) -> String {
        let (engine, form) = (self.engine, self.engine.form());
        let target = &self.bound.targets[index];
        let mut scopes = Vec::new();
        let mut scope = form.nodes[target.node as usize].scope;
        while form.scopes[scope as usize].depth > target.common {
            scopes.push(scope);
            scope = form.scopes[scope as usize].parent;
        }
        let mut instance = engine.ancestor(self.instance, target.common);
        for &scope in scopes.iter().rev() {
            let depth = form.scopes[scope as usize].depth;
            let siblings = engine.shown(instance, scope);
            let given = target.explicit.iter().position(|&explicit| explicit == depth).and_then(|index| at.get(index));
            let next = match given {
                Some(&number) if number >= 1.0 => siblings.get(number as usize - 1),
                Some(_) => None,
                // Our own if we are in it, else the first.
                None => siblings.iter().find(|&&own| engine.ancestor(self.instance, depth) == own).or_else(|| siblings.first()),
            };
            match next {
                Some(&next) => instance = next,
                None => return String::new(),
            }
        }
        if engine.relevant(target.node, instance) { engine.value(NodeId(target.node), instance).to_owned() } else { String::new() }
    }

    fn position(&self, of: PositionOf<'_>) -> f64 {
        let (engine, form) = (self.engine, self.engine.form());
        let around = |scope: u32| engine.ancestor(self.instance, form.scopes[scope as usize].depth);
        match of {
            PositionOf::Innermost => engine.place(self.instance),
            PositionOf::Up(ups) => {
                let mut node = Some(NodeId(self.bound.node));
                for _ in 0..ups {
                    node = node.and_then(|node| form.parent(node));
                }
                match node.map(|node| &form.nodes[node.index()]) {
                    Some(node) if node.kind == Kind::Repeat => engine.place(around(node.inner)),
                    _ => 1.0,
                }
            }
            PositionOf::Repeat(index, _) => {
                let target = &self.bound.targets[index];
                let node = &form.nodes[target.node as usize];
                let own = around(node.inner);
                if engine.scope_of(own) == node.inner {
                    return engine.place(own);
                }
                let mut any = false;
                engine.each(engine.ancestor(self.instance, target.common), node.inner, &mut |_| any = true);
                if any { 1.0 } else { f64::NAN }
            }
        }
    }

    fn label(&self, index: usize, _: &Reference, choice: &str) -> String {
        let form = self.engine.form();
        let Some(list) = form.list(NodeId(self.bound.targets[index].node)) else { return String::new() };
        let row = (0..list.rows.len()).find(|&row| list.cell(row, "name") == choice);
        row.map_or_else(String::new, |row| list.label(row, &self.engine.host().label_column).to_owned())
    }

    fn rows(&self, list: List<'_>) -> usize {
        self.list(list).map_or(0, |list| list.rows.len())
    }

    fn cell(&self, list: List<'_>, row: usize, column: &str) -> &str {
        match self.list(list) {
            Some(list) if column == "label" => list.label(row, &self.engine.host().label_column),
            Some(list) => list.cell(row, column),
            None => "",
        }
    }

    fn now(&self) -> Now {
        self.engine.host().now
    }

    fn random(&self) -> f64 {
        // 53 bits are what fits between 0 and 1.
        (self.engine.random_bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn uuid(&self) -> String {
        let high = self.engine.random_bits() & 0xffff_ffff_ffff_0fff | 0x4000;
        let low = self.engine.random_bits() & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000;
        let mut out = String::with_capacity(36);
        for (index, bits) in [high, low].into_iter().enumerate() {
            for nibble in 0..16 {
                if matches!((index, nibble), (0, 8 | 12) | (1, 0 | 4)) {
                    out.push('-');
                }
                let digit = (bits >> (60 - 4 * nibble)) & 15;
                out.extend(char::from_digit(digit as u32, 16));
            }
        }
        out
    }
}
