//! From a [`FormDef`] to a [`Form`]: everything parsed and bound once, in an order in which each expression comes after
//! all it depends on.

use crate::ast::{Expr, How};
use crate::error::{Place, nearest};
use crate::form::{FormDef, FormError, Kind, ListDef, NodeDef, NodeId, Preset, Problem, Role, Step};
use crate::is_name;

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
    /// By [`Role`].
    pub formulas: [u32; 8],
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
        let mut form = structure(&def, &mut errors);
        if !errors.is_empty() {
            return Err(errors);
        }
        form.lists = def.lists;
        let formulas = form.formulas(&def.nodes, &mut errors);
        if !errors.is_empty() {
            return Err(errors);
        }
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
        let formula = self.nodes[node.index()].formulas[role as usize];
        self.formulas.get(formula as usize).map(|formula| &formula.bound.expr)
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

    /// The gate of the group or repeat around a node.
    pub(crate) fn gate_around(&self, node: u32) -> u32 {
        self.nodes.get(self.nodes[node as usize].parent as usize).map_or(NONE, |parent| parent.gate)
    }

    /// All formulas, each after those that it depends on. Without recursion: forms come from files.
    fn order(&self, formulas: &[Formula]) -> Result<Vec<u32>, FormError> {
        let mut of = vec![[NONE; 8]; self.nodes.len()];
        for (index, formula) in formulas.iter().enumerate() {
            of[formula.bound.node as usize][formula.role as usize] = index as u32;
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

    /// Puts the formulas in order and notes for each node what reads it.
    fn install(&mut self, formulas: Vec<Formula>, order: &[u32]) {
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
        node.formulas[formula.role as usize] = index;
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

/// Whether it must be evaluated again when its own node's value changes. A calculation is not: it makes that value.
fn looks_at_itself(formula: &Formula) -> bool {
    match formula.role {
        Role::Constraint => true,
        Role::Calculate | Role::Preset | Role::Count => false,
        _ => formula.bound.expr.uses.current,
    }
}

/// Each formula once, with the least depth.
fn tidy(readers: &mut Vec<Reader>) {
    readers.retain(|&(formula, _)| formula != NONE);
    readers.sort_unstable();
    readers.dedup_by_key(|reader| reader.0);
}

/// Nodes and scopes without formulas.
fn structure(def: &FormDef, errors: &mut Vec<FormError>) -> Form {
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
