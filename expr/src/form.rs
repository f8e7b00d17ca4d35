//! A form as the engine takes it, and what can be wrong with it.

use crate::error::{ExprError, Place};

/// A question, group or repeat: its index in [`FormDef::nodes`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct NodeId(pub u32);

impl NodeId {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a node is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Kind {
    /// Has a value. Notes and calculations too.
    #[default]
    Question,
    /// Holds other nodes, once.
    Group,
    /// Holds other nodes, any number of times.
    Repeat,
}

/// The value that a question begins with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Preset {
    /// A fixed text.
    Text(String),
    /// An expression that is evaluated once, when the form or the repeat's instance is begun.
    Expr(String),
}

/// A node with its expressions as texts.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct NodeDef {
    /// Unique among the nodes that expressions name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Index of the group or repeat that holds it; must be smaller than its own.
    pub parent: Option<usize>,
    /// When it is asked; of a group or repeat: when all in it is asked.
    pub relevant: Option<String>,
    /// What an answer must fulfil; not evaluated while there is none.
    pub constraint: Option<String>,
    /// Yields the value.
    pub calculate: Option<String>,
    /// When an answer is needed.
    pub required: Option<String>,
    /// When it can't be edited.
    pub readonly: Option<String>,
    /// Which rows of its list can be chosen; bare names are columns.
    pub choice_filter: Option<String>,
    /// The value at the beginning.
    pub preset: Option<Preset>,
    /// The name of its choice list.
    pub list: Option<String>,
    /// Texts for people in which `${name}` shows an answer. Those of a question alone are looked at.
    pub texts: Vec<String>,
    /// Of a repeat: how many instances there are. Without it they are added and removed by hand.
    pub count: Option<String>,
    /// Of a repeat without `count`: how many instances there are at the beginning (1 in ODK).
    pub initial: u32,
}

impl NodeDef {
    /// A node without expressions; a repeat begins with one instance.
    #[must_use]
    pub fn new(name: &str, kind: Kind, parent: Option<usize>) -> Self {
        let initial = u32::from(kind == Kind::Repeat);
        Self { name: name.to_owned(), kind, parent, initial, ..Self::default() }
    }
}

/// A choice list.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ListDef {
    /// Its name in `instance('name')`.
    pub name: String,
    /// `name` (the value), `label` or `label::language`, and others that filters use.
    pub columns: Vec<String>,
    /// Cells in the order of the columns; missing ones are empty.
    pub rows: Vec<Vec<String>>,
}

impl ListDef {
    pub(crate) fn has_column(&self, column: &str) -> bool {
        column == "label" || self.columns.iter().any(|known| known == column)
    }

    /// A cell; empty if there is none.
    #[must_use]
    pub fn cell(&self, row: usize, column: &str) -> &str {
        let index = self.columns.iter().position(|known| known == column);
        index.and_then(|index| self.rows.get(row)?.get(index)).map_or("", String::as_str)
    }

    /// The label of a row: from `column` if there is one, else `label`, else the first column of labels, else the name.
    #[must_use]
    pub fn label(&self, row: usize, column: &str) -> &str {
        let first = self.columns.iter().find(|known| known.starts_with("label"));
        let wanted = [column, "label", first.map_or("", String::as_str), "name"];
        wanted.into_iter().map(|column| self.cell(row, column)).find(|text| !text.is_empty()).unwrap_or_default()
    }
}

/// A form: nodes in document order, a parent before its children.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FormDef {
    /// Questions, groups and repeats.
    pub nodes: Vec<NodeDef>,
    /// The choice lists.
    pub lists: Vec<ListDef>,
}

/// What an expression of a node is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Role {
    /// [`NodeDef::preset`]
    Preset,
    /// [`NodeDef::count`]
    Count,
    /// [`NodeDef::relevant`]
    Relevant,
    /// [`NodeDef::calculate`]
    Calculate,
    /// [`NodeDef::required`]
    Required,
    /// [`NodeDef::readonly`]
    Readonly,
    /// [`NodeDef::constraint`]
    Constraint,
    /// [`NodeDef::choice_filter`]
    Filter,
    /// An answer that is named in [`NodeDef::texts`]. A node has one for each, and nothing depends on them.
    Mention,
}

impl Role {
    /// Those of which a node has one at most.
    pub(crate) const ALL: [Self; 8] =
        [Self::Preset, Self::Count, Self::Relevant, Self::Calculate, Self::Required, Self::Readonly, Self::Constraint, Self::Filter];

    pub(crate) fn text(self, node: &NodeDef) -> Option<&str> {
        match self {
            Self::Preset => match &node.preset {
                Some(Preset::Expr(text)) => Some(text.as_str()),
                _ => None,
            },
            Self::Count => node.count.as_deref(),
            Self::Relevant => node.relevant.as_deref(),
            Self::Calculate => node.calculate.as_deref(),
            Self::Required => node.required.as_deref(),
            Self::Readonly => node.readonly.as_deref(),
            Self::Constraint => node.constraint.as_deref(),
            Self::Filter => node.choice_filter.as_deref(),
            Self::Mention => None,
        }
    }

    fn fits(self, kind: Kind) -> bool {
        match self {
            Self::Relevant => true,
            Self::Count => kind == Kind::Repeat,
            _ => kind == Kind::Question,
        }
    }

    pub(crate) fn wrong(self, node: &NodeDef) -> bool {
        !self.fits(node.kind) && self.text(node).is_some()
    }
}

/// One expression on the way round a cycle.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// The node.
    pub node: NodeId,
    /// Its name.
    pub name: String,
    /// Which of its expressions.
    pub role: Role,
}

/// What is wrong with an expression in its form.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
pub enum Problem {
    /// It can't be read.
    #[error(transparent)]
    Expr(ExprError),
    /// No node has this name.
    #[error("nothing is called `{name}` ({at})")]
    UnknownName {
        /// The name.
        name: String,
        /// Where it stands.
        at: Place,
        /// A node with a similar name.
        nearest: Option<String>,
    },
    /// More than one node has this name.
    #[error("more than one node is called `{name}` ({at})")]
    AmbiguousName {
        /// The name.
        name: String,
        /// Where it stands.
        at: Place,
    },
    /// The name of a repeat is needed, one that holds the question in `indexed-repeat`.
    #[error("`{name}` at {at} is not a repeat around it")]
    NotARepeat {
        /// The name.
        name: String,
        /// Where it stands.
        at: Place,
    },
    /// `jr:choice-name` of a question that has no choices.
    #[error("`{name}` at {at} has no choices")]
    NoChoices {
        /// The name.
        name: String,
        /// Where it stands.
        at: Place,
    },
    /// No list has this name.
    #[error("no list is called `{name}` ({at})")]
    UnknownList {
        /// The name.
        name: String,
        /// Where it stands; the beginning if it is the node's own list.
        at: Place,
    },
    /// The list has no such column.
    #[error("the list `{list}` has no column `{column}` ({at})")]
    UnknownColumn {
        /// The list.
        list: String,
        /// The column.
        column: String,
        /// Where it stands.
        at: Place,
    },
    /// A bare name outside of a choice filter: `${name}` is probably meant.
    #[error("`{name}` at {at} stands without `${{}}`")]
    BareName {
        /// The name.
        name: String,
        /// Where it stands.
        at: Place,
    },
    /// Each expression depends on the next, the last one (the first again) closes the circle.
    #[error("depends on itself: {}", path_text(.0))]
    Cycle(Vec<Step>),
    /// Such an expression does not belong to this kind of node.
    #[error("does not belong to this kind of node")]
    WrongKind,
    /// The parent is no group or repeat before it.
    #[error("the parent is no group or repeat before it")]
    Parent,
    /// The name is none, see [`is_name`](crate::is_name).
    #[error("`{name}` is not a name")]
    BadName {
        /// The name.
        name: String,
    },
    /// Repeats in repeats beyond the limit.
    #[error("repeats are nested deeper than {limit}")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
}

/// The names round a cycle: `a → b → a`.
fn path_text(steps: &[Step]) -> String {
    let mut names: Vec<&str> = steps.iter().map(|step| step.name.as_str()).collect();
    names.dedup();
    if names.len() == 1 {
        names.push(names[0]);
    }
    names.join(" → ")
}

/// What is wrong with a form, and where.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
#[error("{name}: {role:?}: {problem}")]
pub struct FormError {
    /// The node.
    pub node: NodeId,
    /// Its name.
    pub name: String,
    /// Which of its expressions; `None`: the node itself.
    pub role: Option<Role>,
    /// What is wrong.
    pub problem: Problem,
}
