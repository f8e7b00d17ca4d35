//! A form being filled in: values, and everything that follows from them, kept up to date change by change.

mod edit;
mod run;

use std::cell::Cell as Shared;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::rc::Rc;

use crate::date::Now;
use crate::form::{Kind, NodeId};
use crate::graph::{Bound, Form, NONE};
use crate::here::Here;
use crate::value::Value;

/// How many instances of repeats a form can have in all.
pub const MAX_INSTANCES: usize = 10_000;

/// How many instances a computed number can give one repeat: more than anybody fills in, few enough that a date or a
/// telephone number typed in the place of the number doesn't stop the work.
pub const MAX_COUNTED: usize = 200;

/// An instance of a repeat, or the form as a whole. Stays the same when others come and go, and is not used again.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct InstanceId(pub u32);

/// The form as a whole: the instance of all nodes that stand in no repeat.
pub const ROOT: InstanceId = InstanceId(0);

/// What the engine is told by its host.
#[derive(Clone, PartialEq, Debug)]
pub struct Host {
    /// The time.
    pub now: Now,
    /// Where `random()` and `uuid()` begin: truly random bits.
    pub seed: [u64; 2],
    /// The column of choice lists with the reader's language, `label` or `label::language`.
    pub label_column: String,
}

/// What has changed of a node in an instance. Ask the engine for the new state.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Change {
    /// The innermost repeat's instance around the node.
    pub instance: InstanceId,
    /// The node.
    pub node: NodeId,
    /// What of it.
    pub what: What,
}

/// What has changed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum What {
    /// The node is a repeat and `instance` a new instance of it.
    Added,
    /// The node is a repeat and `instance` was an instance of it.
    Removed,
    /// The value, by an edit or a calculation.
    Value,
    /// Whether it is asked.
    Relevance,
    /// Whether its answer fulfils its constraint.
    Validity,
    /// Whether an answer is needed.
    Required,
    /// Whether it can be edited.
    Readonly,
    /// Which of its choices can be chosen.
    Choices,
    /// An answer that one of its texts names.
    Mention,
    /// The node is a repeat whose count asks for another number of instances beyond those that there can be, or no longer does.
    Asked,
}

/// Why an edit was refused; nothing has changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum EditError {
    /// There is no such node.
    #[error("no such node")]
    NoNode,
    /// The instance does not exist (any more), or it is none of the repeat around the node.
    #[error("no such instance of the node")]
    NoInstance,
    /// The node is a group or repeat and has no value.
    #[error("the node has no value")]
    NoValue,
    /// The node is no repeat.
    #[error("the node is no repeat")]
    NoRepeat,
    /// The number of instances is computed.
    #[error("the number of instances is computed")]
    Counted,
    /// There are [`MAX_INSTANCES`].
    #[error("too many instances")]
    Full,
}

const RELEVANT: u8 = 1;
const VALID: u8 = 2;
const REQUIRED: u8 = 4;
const READONLY: u8 = 8;

#[derive(Clone, Debug)]
struct Cell {
    value: String,
    flags: u8,
    /// Rows of the list; `None`: all.
    choices: Option<Box<[u32]>>,
    /// The answers that the texts name, as far as they have been looked up.
    mentions: Vec<String>,
}

/// The instances of one repeat in one instance around it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kids {
    all: Vec<InstanceId>,
    /// Fewer than all when a computed number has shrunk: what was answered is kept, should it grow again.
    shown: usize,
    /// How many a count asks for.
    asked: u64,
}

#[derive(Clone, Debug)]
struct Instance {
    scope: u32,
    parent: InstanceId,
    /// Its place among its siblings; `NONE` once removed.
    index: u32,
    /// By [`Node::cell`](crate::graph::Node::cell).
    cells: Vec<Cell>,
    /// By [`Scope::index`](crate::graph::Scope::index).
    kids: Vec<Kids>,
}

/// A form being filled in. See the crate's documentation for the rules.
#[derive(Clone, Debug)]
pub struct Engine {
    form: Rc<Form>,
    host: Host,
    seed: Shared<[u64; 2]>,
    instances: Vec<Instance>,
    living: usize,
    /// Formulas to be evaluated, first those that others depend on.
    queue: BinaryHeap<Reverse<(u32, u32)>>,
    changes: Vec<Change>,
}

impl Engine {
    /// Begins a form: presets, first instances, calculations.
    #[must_use]
    pub fn new(form: Rc<Form>, host: Host) -> Self {
        Self::start(form, host, true)
    }

    /// Begins a form that will be filled from a store: without presets and with only those instances that are counted.
    /// Add the others with [`restore`](Self::restore) and set what was kept.
    #[must_use]
    pub fn bare(form: Rc<Form>, host: Host) -> Self {
        Self::start(form, host, false)
    }

    fn start(form: Rc<Form>, host: Host, presets: bool) -> Self {
        let seed = Shared::new(host.seed);
        let mut engine = Self { form, host, seed, instances: Vec::new(), living: 0, queue: BinaryHeap::new(), changes: Vec::new() };
        engine.create(0, ROOT, 0, presets);
        engine.run();
        engine
    }

    /// The form.
    #[must_use]
    pub fn form(&self) -> &Form {
        &self.form
    }

    pub(crate) fn host(&self) -> &Host {
        &self.host
    }

    /// The value as it was entered or computed, also while it is irrelevant; empty for groups and for what does not exist.
    #[must_use]
    pub fn value(&self, node: NodeId, instance: InstanceId) -> &str {
        self.cell(node, instance).map_or("", |cell| &cell.value)
    }

    /// Whether it is asked: its own condition and those of everything around it hold.
    #[must_use]
    pub fn is_relevant(&self, node: NodeId, instance: InstanceId) -> bool {
        self.cell(node, instance).is_some() && self.relevant(node.0, instance)
    }

    /// Whether its answer fulfils its constraint. True while there is no answer or it is irrelevant.
    #[must_use]
    pub fn is_valid(&self, node: NodeId, instance: InstanceId) -> bool {
        self.cell(node, instance).is_none_or(|cell| cell.flags & VALID != 0)
    }

    /// Whether an answer is needed, should it be relevant.
    #[must_use]
    pub fn is_required(&self, node: NodeId, instance: InstanceId) -> bool {
        self.cell(node, instance).is_some_and(|cell| cell.flags & REQUIRED != 0)
    }

    /// Whether it can't be edited.
    #[must_use]
    pub fn is_readonly(&self, node: NodeId, instance: InstanceId) -> bool {
        self.cell(node, instance).is_some_and(|cell| cell.flags & READONLY != 0)
    }

    /// Which rows of its list can be chosen; `None`: all of them.
    #[must_use]
    pub fn choices(&self, node: NodeId, instance: InstanceId) -> Option<&[u32]> {
        self.cell(node, instance)?.choices.as_deref()
    }

    /// The answer that a text of the node names, by the index in [`Piece::Mention`](crate::Piece::Mention): of several
    /// instances the first; empty when there is none or it is irrelevant.
    #[must_use]
    pub fn mention(&self, node: NodeId, instance: InstanceId, mention: usize) -> &str {
        self.cell(node, instance).and_then(|cell| cell.mentions.get(mention)).map_or("", String::as_str)
    }

    /// The instances of a repeat in an instance of what is around it, in order.
    #[must_use]
    pub fn instances(&self, repeat: NodeId, around: InstanceId) -> &[InstanceId] {
        let Some(node) = self.form.nodes.get(repeat.index()) else { return &[] };
        match self.instances.get(around.0 as usize) {
            Some(instance) if node.kind == Kind::Repeat && node.scope == instance.scope && instance.index != NONE => {
                self.shown(around, node.inner)
            }
            _ => &[],
        }
    }

    /// How many instances a repeat's count asks for, in an instance of what is around it; none where it asks for no more
    /// than there are.
    #[must_use]
    pub fn asked_beyond(&self, repeat: NodeId, around: InstanceId) -> Option<u64> {
        let node = self.form.nodes.get(repeat.index()).filter(|node| node.kind == Kind::Repeat)?;
        let instance = self.instances.get(around.0 as usize).filter(|instance| instance.scope == node.scope)?;
        let asked = instance.kids.get(self.form.scopes[node.inner as usize].index as usize)?.asked;
        (asked > self.shown(around, node.inner).len() as u64).then_some(asked)
    }

    /// The place of an instance among its siblings, counted from 0; `None` if there is no such instance.
    #[must_use]
    pub fn position(&self, instance: InstanceId) -> Option<usize> {
        self.is_shown(instance).then(|| self.instances[instance.0 as usize].index as usize)
    }

    /// The repeat of an instance and the instance around it; `None` for [`ROOT`].
    #[must_use]
    pub fn around(&self, instance: InstanceId) -> Option<(NodeId, InstanceId)> {
        let found = self.instances.get(instance.0 as usize).filter(|found| found.scope != 0)?;
        Some((NodeId(self.form.scopes[found.scope as usize].node), found.parent))
    }

    /// Calls back for each node in each instance, nodes in document order, instances in theirs.
    pub fn each_cell(&self, seen: &mut dyn FnMut(NodeId, InstanceId)) {
        for (index, node) in self.form.nodes.iter().enumerate() {
            self.each(ROOT, node.scope, &mut |instance| seen(NodeId(index as u32), instance));
        }
    }

    /// Evaluates a further expression, see [`Form::bind`].
    #[must_use]
    pub fn evaluate(&self, bound: &Bound, instance: InstanceId) -> Value {
        let scope = self.form.nodes.get(bound.node as usize).map(|node| node.scope);
        if scope != self.instances.get(instance.0 as usize).map(|instance| instance.scope) {
            return Value::Text(String::new());
        }
        bound.expr.evaluate(&Here { engine: self, bound, instance })
    }

    fn cell(&self, node: NodeId, instance: InstanceId) -> Option<&Cell> {
        let info = self.form.nodes.get(node.index())?;
        self.instances.get(instance.0 as usize).filter(|found| found.scope == info.scope)?.cells.get(info.cell as usize)
    }

    fn cell_mut(&mut self, node: NodeId, instance: InstanceId) -> Option<&mut Cell> {
        let info = self.form.nodes.get(node.index())?;
        self.instances.get_mut(instance.0 as usize).filter(|found| found.scope == info.scope)?.cells.get_mut(info.cell as usize)
    }

    /// Whether neither it nor one around it was removed or is beyond a computed number.
    fn is_shown(&self, instance: InstanceId) -> bool {
        let mut at = instance;
        loop {
            let Some(found) = self.instances.get(at.0 as usize).filter(|found| found.index != NONE) else { return false };
            if found.scope == 0 {
                return true;
            }
            let place = self.form.scopes[found.scope as usize].index as usize;
            let siblings = self.instances[found.parent.0 as usize].kids.get(place);
            if siblings.is_none_or(|siblings| found.index as usize >= siblings.shown) {
                return false;
            }
            at = found.parent;
        }
    }

    /// The instances of the repeat that opens `scope` in the instance around it.
    pub(crate) fn shown(&self, around: InstanceId, scope: u32) -> &[InstanceId] {
        let place = self.form.scopes[scope as usize].index as usize;
        self.instances[around.0 as usize].kids.get(place).map_or(&[], |kids| &kids.all[..kids.shown])
    }

    /// The instance around this one at a depth of repeats.
    pub(crate) fn ancestor(&self, mut instance: InstanceId, depth: u16) -> InstanceId {
        loop {
            let found = &self.instances[instance.0 as usize];
            if self.form.scopes[found.scope as usize].depth <= depth {
                return instance;
            }
            instance = found.parent;
        }
    }

    pub(crate) fn scope_of(&self, instance: InstanceId) -> u32 {
        self.instances[instance.0 as usize].scope
    }

    /// Its place among its siblings, counted from 1.
    pub(crate) fn place(&self, instance: InstanceId) -> f64 {
        f64::from(self.instances[instance.0 as usize].index) + 1.0
    }

    /// All instances of a scope in an instance around them.
    pub(crate) fn each(&self, from: InstanceId, scope: u32, seen: &mut dyn FnMut(InstanceId)) {
        let info = &self.form.scopes[scope as usize];
        if info.depth <= self.form.scopes[self.scope_of(from) as usize].depth {
            seen(from);
            return;
        }
        // At most as deep as repeats may be nested.
        self.each(from, info.parent, &mut |around| self.shown(around, scope).iter().copied().for_each(&mut *seen));
    }

    pub(crate) fn relevant(&self, node: u32, instance: InstanceId) -> bool {
        self.gate_open(self.form.nodes[node as usize].gate, instance)
    }

    fn gate_open(&self, gate: u32, instance: InstanceId) -> bool {
        if gate == NONE {
            return true;
        }
        let depth = self.form.scopes[self.form.nodes[gate as usize].scope as usize].depth;
        self.cell(NodeId(gate), self.ancestor(instance, depth)).is_some_and(|cell| cell.flags & RELEVANT != 0)
    }

    /// The next random number (SplitMix64), mixed from both halves of the seed.
    pub(crate) fn random_bits(&self) -> u64 {
        let [state, other] = self.seed.get();
        let state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let other = other.rotate_left(17) ^ state;
        self.seed.set([state, other]);
        let mut bits = state ^ other.rotate_left(32);
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }
}
