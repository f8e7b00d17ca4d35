//! The parsed form of an expression, and how it is written back.

use crate::error::{ExprError, Place};
use crate::func::Func;
use crate::parse;
use crate::pattern::Pattern;
use crate::value::{Comparison, number_text};

/// The longest text that is parsed, in characters.
pub const MAX_CHARACTERS: usize = 20_000;
/// The deepest nesting of parentheses, arguments, predicates and signs.
pub const MAX_DEPTH: usize = 64;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Op {
    Or,
    And,
    Compare(Comparison),
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

impl Op {
    fn text(self) -> &'static str {
        match self {
            Self::Or => "or",
            Self::And => "and",
            Self::Compare(Comparison::Equal) => "=",
            Self::Compare(Comparison::Unequal) => "!=",
            Self::Compare(Comparison::Less) => "<",
            Self::Compare(Comparison::LessEqual) => "<=",
            Self::Compare(Comparison::Greater) => ">",
            Self::Compare(Comparison::GreaterEqual) => ">=",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "div",
            Self::Remainder => "mod",
        }
    }

    /// 0 binds loosest.
    pub fn level(self) -> u8 {
        match self {
            Self::Or => 0,
            Self::And => 1,
            Self::Compare(Comparison::Equal | Comparison::Unequal) => 2,
            Self::Compare(_) => 3,
            Self::Add | Self::Subtract => 4,
            Self::Multiply | Self::Divide | Self::Remainder => 5,
        }
    }
}

const NEGATION: u8 = 6;
const UNION: u8 = 7;
const OPERAND: u8 = 8;

/// Whose position is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Whose {
    /// `position()`: the row of a list, else the innermost repeat's.
    Context,
    /// `position(..)`: so many parents up.
    Up(u8),
    /// `position(${repeat})`
    Slot(u16),
}

/// Chains of operators of one level are flat, so that only real nesting costs depth.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Node {
    Number(f64),
    Text(Box<str>),
    /// `.`
    Current,
    /// `${name}`, or a path with several names.
    Ref(u16),
    /// A bare name: a column of the list's row.
    Column(Box<str>),
    Position(Whose),
    /// `index(${repeat})`, `index()`
    Index(Option<u16>),
    /// `indexed-repeat(${name}, ${repeat}, 1, …)`
    Indexed(u16, Vec<(u16, Self)>),
    /// `jr:choice-name(value, '${question}')`
    Label(Box<Self>, u16),
    /// `instance('list')/root/item[…]/column`
    Lookup(u16, Vec<Self>, Option<Box<str>>),
    Negate(Box<Self>),
    Chain(Box<Self>, Vec<(Op, Self)>),
    Union(Vec<Self>),
    Call(Func, Vec<Self>),
    Regex(Box<Self>, Pattern),
}

/// How an expression depends on a name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum How {
    /// On the value, of this instance or of all.
    Value,
    /// On the value by a path such as `../../group/name`: how many parents up, and the names before the last one.
    /// A repeat among them stands for all of its instances.
    Path(u8, Box<[Box<str>]>),
    /// On the value in given instances of the named repeats (`indexed-repeat`).
    Indexed(Box<[Box<str>]>),
    /// On the number and order of a repeat's instances only (`position`, `index`, `indexed-repeat`).
    Instances,
    /// On the labels of the question's choices only (`jr:choice-name`).
    Label,
}

/// A name that an expression depends on.
#[derive(Clone, Debug)]
pub struct Reference {
    /// The name of a question, group or repeat.
    pub name: Box<str>,
    /// How it is used.
    pub how: How,
    /// Where it stands for the first time.
    pub at: Place,
}

/// What else an expression depends on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Uses {
    /// `today()`
    pub today: bool,
    /// `now()`
    pub now: bool,
    /// `random()` or `uuid()`
    pub random: bool,
    /// `position(…)` or `index(…)`
    pub position: bool,
    /// `.`, `once(…)`, `string()` and the like: the question's own value.
    pub current: bool,
    /// `once(…)`
    pub once: bool,
}

/// An expression, parsed once. Two are equal if they mean the same letter by letter, whatever their spacing.
#[derive(Clone, Debug)]
pub struct Expr {
    pub(crate) root: Node,
    pub(crate) slots: Vec<Reference>,
    pub(crate) lists: Vec<(Box<str>, Place)>,
    /// Bare names outside of `instance(…)[…]`, each once.
    pub(crate) columns: Vec<(Box<str>, Place)>,
    /// Bare names and columns inside lookups: list, column.
    pub(crate) lookups: Vec<(u16, Box<str>, Place)>,
    pub(crate) uses: Uses,
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.root == other.root
            && self.slots.len() == other.slots.len()
            && self.slots.iter().zip(&other.slots).all(|(a, b)| a.name == b.name && a.how == b.how)
            && self.lists.len() == other.lists.len()
            && self.lists.iter().zip(&other.lists).all(|(a, b)| a.0 == b.0)
    }
}

impl Expr {
    /// Parses the text of a cell in `relevant`, `constraint`, `calculation`, `required`, `choice_filter` and so on.
    ///
    /// # Errors
    /// [`ExprError`] with the place: see its variants.
    pub fn parse(text: &str) -> Result<Self, ExprError> {
        let found = text.chars().count();
        if found > MAX_CHARACTERS {
            return Err(ExprError::TooLong { found, limit: MAX_CHARACTERS });
        }
        parse::parse(text)
    }

    /// The names it depends on, in order of appearance, each once per [`How`].
    #[must_use]
    pub fn references(&self) -> &[Reference] {
        &self.slots
    }

    /// Whether it depends on the time, on chance, on positions, on its own question.
    #[must_use]
    pub fn uses(&self) -> Uses {
        self.uses
    }

    /// The choice lists that it looks into by `instance('…')`.
    pub fn lists(&self) -> impl Iterator<Item = &str> {
        self.lists.iter().map(|(name, _)| &**name)
    }

    /// The bare names: columns of the choice list in a `choice_filter`, meaningless elsewhere.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(name, _)| &**name)
    }

    /// The same expression with other names for questions, groups and repeats. Lists and columns keep theirs.
    ///
    /// # Errors
    /// If a new name is none.
    pub fn rename(&self, rename: &dyn Fn(&str) -> String) -> Result<Self, ExprError> {
        let mut out = String::new();
        Printer { expr: self, rename: Some(rename), out: &mut out }.node(&self.root, 0);
        parse::parse(&out)
    }
}

impl std::fmt::Display for Expr {
    /// The canonical text: single spaces, `${name}` for names, parentheses only where they matter.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut out = String::new();
        Printer { expr: self, rename: None, out: &mut out }.node(&self.root, 0);
        f.write_str(&out)
    }
}

impl std::str::FromStr for Expr {
    type Err = ExprError;

    fn from_str(text: &str) -> Result<Self, ExprError> {
        Self::parse(text)
    }
}

struct Printer<'a> {
    expr: &'a Expr,
    rename: Option<&'a dyn Fn(&str) -> String>,
    out: &'a mut String,
}

impl Printer<'_> {
    fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn name(&mut self, name: &str) {
        match self.rename {
            Some(rename) => self.out.push_str(&rename(name)),
            None => self.out.push_str(name),
        }
    }

    fn reference(&mut self, slot: u16) {
        let expr = self.expr;
        let reference = &expr.slots[usize::from(slot)];
        if let How::Path(ups, steps) = &reference.how {
            for index in 0..*ups {
                self.push(if index == 0 { ".." } else { "/.." });
            }
            for step in steps {
                self.push("/");
                self.name(step);
            }
            self.push("/");
            self.name(&reference.name);
        } else {
            self.push("${");
            self.name(&reference.name);
            self.push("}");
        }
    }

    fn quoted(&mut self, text: &str) {
        // A text can't hold both kinds: the language has no escapes.
        let quote = if text.contains('\'') { "\"" } else { "'" };
        self.push(quote);
        self.push(text);
        self.push(quote);
    }

    fn arguments(&mut self, name: &str, arguments: &[Node]) {
        self.push(name);
        self.push("(");
        for (index, argument) in arguments.iter().enumerate() {
            if index > 0 {
                self.push(", ");
            }
            self.node(argument, 0);
        }
        self.push(")");
    }

    fn node(&mut self, node: &Node, loosest: u8) {
        let level = match node {
            Node::Chain(_, rest) => rest.first().map_or(OPERAND, |(op, _)| op.level()),
            Node::Negate(_) => NEGATION,
            Node::Union(_) => UNION,
            _ => OPERAND,
        };
        if level < loosest {
            self.push("(");
        }
        match node {
            Node::Number(number) => {
                let text = number_text(*number);
                self.push(&text);
            }
            Node::Text(text) => self.quoted(text),
            Node::Current => self.push("."),
            Node::Ref(slot) => self.reference(*slot),
            Node::Column(name) => self.push(name),
            Node::Position(Whose::Context) => self.push("position()"),
            Node::Position(Whose::Up(ups)) => {
                self.push("position(..");
                for _ in 1..*ups {
                    self.push("/..");
                }
                self.push(")");
            }
            Node::Position(Whose::Slot(slot)) => {
                self.push("position(");
                self.reference(*slot);
                self.push(")");
            }
            Node::Index(slot) => {
                self.push("index(");
                if let Some(slot) = slot {
                    self.reference(*slot);
                }
                self.push(")");
            }
            Node::Indexed(slot, at) => {
                self.push("indexed-repeat(");
                self.reference(*slot);
                for (repeat, index) in at {
                    self.push(", ");
                    self.reference(*repeat);
                    self.push(", ");
                    self.node(index, 0);
                }
                self.push(")");
            }
            Node::Label(value, slot) => {
                self.push("jr:choice-name(");
                self.node(value, 0);
                self.push(", '");
                self.reference(*slot);
                self.push("')");
            }
            Node::Lookup(list, filters, column) => self.lookup(*list, filters, column.as_deref()),
            Node::Negate(inner) => {
                self.push("-");
                self.node(inner, NEGATION);
            }
            Node::Chain(first, rest) => {
                self.node(first, level + 1);
                for (op, operand) in rest {
                    self.push(" ");
                    self.push(op.text());
                    self.push(" ");
                    self.node(operand, level + 1);
                }
            }
            Node::Union(parts) => {
                for (index, part) in parts.iter().enumerate() {
                    if index > 0 {
                        self.push(" | ");
                    }
                    self.node(part, UNION + 1);
                }
            }
            Node::Call(function, arguments) => self.arguments(function.name(), arguments),
            Node::Regex(value, pattern) => {
                self.push("regex(");
                self.node(value, 0);
                self.push(", ");
                self.quoted(&pattern.source);
                self.push(")");
            }
        }
        if level < loosest {
            self.push(")");
        }
    }

    fn lookup(&mut self, list: u16, filters: &[Node], column: Option<&str>) {
        let expr = self.expr;
        self.push("instance(");
        self.quoted(&expr.lists[usize::from(list)].0);
        self.push(")/root/item");
        for filter in filters {
            self.push("[");
            self.node(filter, 0);
            self.push("]");
        }
        if let Some(column) = column {
            self.push("/");
            self.push(column);
        }
    }
}
