//! From a [`FormDef`] to a [`Form`]: everything parsed and bound once, in an order in which each expression comes after
//! all it depends on.

mod order;
mod readers;
mod structure;

use crate::ast::{Expr, How};
use crate::error::{Place, nearest};
use crate::form::{FormDef, FormError, Kind, ListDef, NodeDef, NodeId, Problem, Role};
use crate::words::{Piece, pieces};

/// How deep repeats may be nested.
pub const MAX_REPEAT_DEPTH: usize = 16;

/// No parent, no formula, no list.
pub(crate) const NONE: u32 = u32::MAX;

/// Where a reference leads.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub node: u32,
    /// The instances of the target are those around which the repeats down to this depth are the expression's own.
    pub common: u16,
    /// Of `indexed-repeat`: the depths of the repeats that are given an index.
    pub explicit: Vec<u16>,
}

/// An expression whose names are bound to nodes and lists.
#[derive(Clone, Debug)]
pub struct Bound {
    pub(crate) expr: Expr,
    pub(crate) node: u32,
    /// By [`Expr::references`].
    pub(crate) targets: Vec<Target>,
    /// By [`Expr::lists`].
    pub(crate) lists: Vec<u32>,
}

impl Bound {
    /// The expression.
    #[must_use]
    pub fn expr(&self) -> &Expr {
        &self.expr
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Formula {
    pub role: Role,
    pub bound: Bound,
}

/// A formula, and down to which depth its repeats are those of what changed.
pub(crate) type Reader = (u32, u16);

#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub name: Box<str>,
    pub kind: Kind,
    pub parent: u32,
    /// The innermost repeat around it.
    pub scope: u32,
    /// Of a repeat: the scope that it opens.
    pub inner: u32,
    /// Its cell in an instance of its scope.
    pub cell: u32,
    /// The nearest node that has a `relevant`: itself or around it.
    pub gate: u32,
    pub list: u32,
    pub preset: Option<Box<str>>,
    pub initial: u32,
    /// By [`Role`], without the mentions.
    pub formulas: [u32; 8],
    /// [`NodeDef::texts`] in pieces.
    pub texts: Vec<Vec<Piece>>,
    /// The formulas of the answers that they name.
    pub mentions: Vec<u32>,
    /// What must be evaluated again when its value changes.
    pub readers: Vec<Reader>,
    /// Its own formulas that look at its value.
    pub own: Vec<u32>,
    /// Of a gate: the nodes that it governs directly, …
    pub gated: Vec<u32>,
    /// … what must be evaluated again when it opens or closes.
    pub gate_readers: Vec<Reader>,
}

/// A repeat's inside, or the form as a whole (scope 0).
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    pub parent: u32,
    /// Its place among the repeats of its parent.
    pub index: u32,
    pub depth: u16,
    /// The repeat.
    pub node: u32,
    /// Nodes by cell.
    pub cells: Vec<u32>,
    /// The scopes of the repeats directly in it.
    pub repeats: Vec<u32>,
    pub formulas: Vec<u32>,
    /// What must be evaluated again when an instance comes or goes, …
    pub readers: Vec<Reader>,
    /// … and when those before it do.
    pub positions: Vec<u32>,
}

/// A form, ready to be filled in by an [`Engine`](crate::Engine).
#[derive(Debug)]
pub struct Form {
    pub(crate) nodes: Vec<Node>,
    pub(crate) scopes: Vec<Scope>,
    /// Each after all that it depends on.
    pub(crate) formulas: Vec<Formula>,
    pub(crate) lists: Vec<ListDef>,
    /// Formulas that depend on the time.
    pub(crate) timed: Vec<u32>,
    /// Sorted.
    names: Vec<(Box<str>, u32)>,
}

impl Form {
    /// Parses, binds and orders all expressions of a form.
    ///
    /// # Errors
    /// All errors that were found, in the order of the nodes; cycles last and only if nothing else is wrong.
    pub fn compile(def: FormDef) -> Result<Self, Vec<FormError>> {
        let mut errors = Vec::new();
        let mut form = structure::structure(&def, &mut errors);
        if !errors.is_empty() {
            return Err(errors);
        }
        form.lists = def.lists;
        let mut formulas = form.formulas(&def.nodes, &mut errors);
        if !errors.is_empty() {
            return Err(errors);
        }
        form.mentions(&def.nodes, &mut formulas);
        let order = form.order(&formulas).map_err(|error| vec![error])?;
        form.install(formulas, &order);
        Ok(form)
    }

    /// The node with this name; the first one if there are several.
    #[must_use]
    pub fn node(&self, name: &str) -> Option<NodeId> {
        let first = self.names.partition_point(|(known, _)| **known < *name);
        self.names.get(first).filter(|(known, _)| **known == *name).map(|&(_, node)| NodeId(node))
    }

    /// How many nodes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there are no nodes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// A node's name.
    #[must_use]
    pub fn name(&self, node: NodeId) -> &str {
        &self.nodes[node.index()].name
    }

    /// What a node is.
    #[must_use]
    pub fn kind(&self, node: NodeId) -> Kind {
        self.nodes[node.index()].kind
    }

    /// The group or repeat around a node.
    #[must_use]
    pub fn parent(&self, node: NodeId) -> Option<NodeId> {
        let parent = self.nodes[node.index()].parent;
        (parent != NONE).then_some(NodeId(parent))
    }

    /// The innermost repeat around a node.
    #[must_use]
    pub fn repeat_of(&self, node: NodeId) -> Option<NodeId> {
        let scope = self.nodes[node.index()].scope;
        (scope != 0).then(|| NodeId(self.scopes[scope as usize].node))
    }

    /// The choice list of a node.
    #[must_use]
    pub fn list(&self, node: NodeId) -> Option<&ListDef> {
        self.lists.get(self.nodes[node.index()].list as usize)
    }

    /// An expression of a node as it was parsed.
    #[must_use]
    pub fn expr(&self, node: NodeId, role: Role) -> Option<&Expr> {
        let formula = *self.nodes[node.index()].formulas.get(role as usize)?;
        self.formulas.get(formula as usize).map(|formula| &formula.bound.expr)
    }

    /// The texts of a node in pieces.
    #[must_use]
    pub fn texts(&self, node: NodeId) -> &[Vec<Piece>] {
        self.nodes.get(node.index()).map_or(&[], |node| &node.texts)
    }

    /// The node that a text of this one names.
    #[must_use]
    pub fn mentioned(&self, node: NodeId, mention: usize) -> Option<NodeId> {
        let formula = self.formulas.get(*self.nodes.get(node.index())?.mentions.get(mention)? as usize)?;
        formula.bound.targets.first().map(|target| NodeId(target.node))
    }

    /// Binds a further expression to where a node stands, for [`Engine::evaluate`](crate::Engine::evaluate).
    ///
    /// # Errors
    /// Everything in it that leads nowhere.
    pub fn bind(&self, expr: Expr, node: NodeId) -> Result<Bound, Vec<Problem>> {
        let mut problems = Vec::new();
        let bound = self.bind_at(expr, node.0, None, &mut problems);
        if problems.is_empty() { Ok(bound) } else { Err(problems) }
    }

    fn depth(&self, scope: u32) -> u16 {
        self.scopes[scope as usize].depth
    }

    /// How many repeats two scopes have in common.
    fn common(&self, mut a: u32, mut b: u32) -> u16 {
        while a != b {
            if self.depth(a) < self.depth(b) {
                b = self.scopes[b as usize].parent;
            } else {
                a = self.scopes[a as usize].parent;
            }
        }
        self.depth(a)
    }

    /// Whether `scope` is `inner` or in it.
    fn is_in(&self, scope: u32, inner: u32) -> bool {
        self.common(scope, inner) == self.depth(inner)
    }

    fn formulas(&self, defs: &[NodeDef], errors: &mut Vec<FormError>) -> Vec<Formula> {
        let mut formulas = Vec::new();
        for (index, def) in defs.iter().enumerate() {
            for role in Role::ALL {
                let Some(text) = role.text(def) else { continue };
                let mut problems = Vec::new();
                match Expr::parse(text) {
                    Ok(expr) => {
                        let own = (role == Role::Filter).then_some(self.nodes[index].list);
                        let bound = self.bind_at(expr, index as u32, own, &mut problems);
                        formulas.push(Formula { role, bound });
                    }
                    Err(error) => problems.push(Problem::Expr(error)),
                }
                let place = |problem| FormError { node: NodeId(index as u32), name: def.name.clone(), role: Some(role), problem };
                errors.extend(problems.into_iter().map(place));
            }
        }
        formulas
    }

    /// Cuts the texts of the questions into pieces, with a formula for each answer that is named. What names nothing is not
    /// refused: it stays as written.
    fn mentions(&mut self, defs: &[NodeDef], formulas: &mut Vec<Formula>) {
        for (index, def) in defs.iter().enumerate().filter(|(_, def)| def.kind == Kind::Question && !def.texts.is_empty()) {
            let mut named: Vec<String> = Vec::new();
            let mut mention = |expr: Expr| {
                let name = expr.to_string();
                let known = named.iter().position(|known| *known == name);
                known.or_else(|| {
                    let mut problems = Vec::new();
                    let bound = self.bind_at(expr, index as u32, None, &mut problems);
                    problems.is_empty().then(|| {
                        formulas.push(Formula { role: Role::Mention, bound });
                        named.push(name);
                        named.len() - 1
                    })
                })
            };
            let texts = def.texts.iter().map(|text| pieces(text, &mut mention)).collect();
            self.nodes[index].texts = texts;
            self.nodes[index].mentions = vec![NONE; named.len()];
        }
    }

    /// `own`: the list whose columns bare names are.
    fn bind_at(&self, expr: Expr, node: u32, own: Option<u32>, problems: &mut Vec<Problem>) -> Bound {
        let mut targets = Vec::with_capacity(expr.slots.len());
        for reference in &expr.slots {
            match self.target(node, &reference.name, &reference.how, reference.at) {
                Ok(target) => targets.push(target),
                Err(problem) => problems.push(problem),
            }
        }
        let mut lists = Vec::with_capacity(expr.lists.len());
        for (name, at) in &expr.lists {
            match self.lists.iter().position(|list| list.name == **name) {
                Some(index) => lists.push(index as u32),
                None => {
                    problems.push(Problem::UnknownList { name: name.to_string(), at: *at });
                    lists.push(NONE);
                }
            }
        }
        let in_lookups = expr.lookups.iter().filter_map(|(list, column, at)| Some((*lists.get(usize::from(*list))?, column, at)));
        let bare = expr.columns.iter().map(|(column, at)| (own.unwrap_or(NONE), column, at));
        for (list, column, at) in in_lookups {
            self.check_column(list, column, *at, problems);
        }
        for (list, column, at) in bare {
            if own.is_some() {
                self.check_column(list, column, *at, problems);
            } else {
                problems.push(Problem::BareName { name: column.to_string(), at: *at });
            }
        }
        Bound { expr, node, targets, lists }
    }

    fn check_column(&self, list: u32, column: &str, at: Place, problems: &mut Vec<Problem>) {
        if let Some(list) = self.lists.get(list as usize).filter(|list| !list.has_column(column)) {
            problems.push(Problem::UnknownColumn { list: list.name.clone(), column: column.to_owned(), at });
        }
    }

    fn find(&self, name: &str, at: Place) -> Result<u32, Problem> {
        let first = self.names.partition_point(|(known, _)| **known < *name);
        let mut same = self.names.iter().skip(first).take_while(|(known, _)| **known == *name);
        match (same.next(), same.next()) {
            (Some((_, node)), None) => Ok(*node),
            (Some(_), Some(_)) => Err(Problem::AmbiguousName { name: name.to_owned(), at }),
            (None, _) => {
                let nearest = nearest(name, &mut self.names.iter().map(|(known, _)| &**known)).map(str::to_owned);
                Err(Problem::UnknownName { name: name.to_owned(), at, nearest })
            }
        }
    }

    fn target(&self, from: u32, name: &str, how: &How, at: Place) -> Result<Target, Problem> {
        let scope = self.nodes[from as usize].scope;
        let node = self.find(name, at)?;
        let info = &self.nodes[node as usize];
        let mut target = Target { node, common: self.common(scope, info.scope), explicit: Vec::new() };
        match how {
            How::Value => {}
            How::Path(_, steps) => {
                for step in steps {
                    // A group's name on the way means nothing, and one that does not exist can only be the form's own.
                    let Ok(step) = self.find(step, at) else { continue };
                    let inner = self.nodes[step as usize].inner;
                    if inner != NONE && self.is_in(scope, inner) {
                        target.common = target.common.min(self.depth(inner) - 1);
                    }
                }
            }
            How::Indexed(repeats) => {
                for repeat in repeats {
                    let inner = self.nodes[self.find(repeat, at)? as usize].inner;
                    if inner == NONE || !self.is_in(info.scope, inner) {
                        return Err(Problem::NotARepeat { name: repeat.to_string(), at });
                    }
                    target.explicit.push(self.depth(inner));
                    target.common = target.common.min(self.depth(inner) - 1);
                }
            }
            How::Instances if info.kind != Kind::Repeat => return Err(Problem::NotARepeat { name: name.to_owned(), at }),
            How::Instances => {}
            How::Label if info.list == NONE => return Err(Problem::NoChoices { name: name.to_owned(), at }),
            How::Label => {}
        }
        Ok(target)
    }

    /// The gate of the group or repeat around a node.
    pub(crate) fn gate_around(&self, node: u32) -> u32 {
        self.nodes.get(self.nodes[node as usize].parent as usize).map_or(NONE, |parent| parent.gate)
    }
}

/// Whether it must be evaluated again when its own node's value changes. A calculation is not: it makes that value.
fn looks_at_itself(formula: &Formula) -> bool {
    match formula.role {
        Role::Constraint => true,
        Role::Calculate | Role::Preset | Role::Count => false,
        _ => formula.bound.expr.uses.current,
    }
}
