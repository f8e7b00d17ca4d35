//! Evaluation of an [`Expr`] against what a host knows.

use crate::ast::{Expr, Node, Op, Reference, Whose};
use crate::call;
use crate::date::Now;
use crate::pattern::Pattern;
use crate::value::{Value, compare, cut};

/// A choice list, as an expression names it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum List<'a> {
    /// That of the question whose choices are filtered.
    Own,
    /// `instance('name')`; the number counts [`Expr::lists`].
    Named(usize, &'a str),
}

/// Whose position an expression asks for.
#[derive(Clone, Copy, Debug)]
pub enum PositionOf<'a> {
    /// The innermost repeat's instance around the question.
    Innermost,
    /// So many parents up from the question: 1 is its group or repeat.
    Up(u8),
    /// The instance of this repeat around the question.
    Repeat(usize, &'a Reference),
}

/// What an expression is evaluated in. References come with their index in [`Expr::references`].
pub trait Scope {
    /// The question's own value, `.`.
    fn current(&self) -> String;
    /// The value of a name: [`Value::Text`] if there is one instance of it, else [`Value::Nodes`] without irrelevant ones.
    fn value(&self, index: usize, reference: &Reference) -> Value;
    /// The value in given instances, counted from 1, of the repeats in [`How::Indexed`](crate::How::Indexed).
    fn indexed(&self, index: usize, reference: &Reference, at: &[f64]) -> String;
    /// A position, counted from 1; NaN if there is none.
    fn position(&self, of: PositionOf<'_>) -> f64;
    /// The label of a choice in the reader's language.
    fn label(&self, index: usize, reference: &Reference, choice: &str) -> String;
    /// How many rows a choice list has.
    fn rows(&self, list: List<'_>) -> usize;
    /// A cell of a choice list; empty if there is none.
    fn cell(&self, list: List<'_>, row: usize, column: &str) -> &str;
    /// The time.
    fn now(&self) -> Now;
    /// A random number, at least 0 and below 1.
    fn random(&self) -> f64;
    /// A random UUID of version 4.
    fn uuid(&self) -> String;
}

impl Expr {
    /// Evaluates it for a question.
    #[must_use]
    pub fn evaluate(&self, scope: &dyn Scope) -> Value {
        Env { expr: self, scope, row: None }.node(&self.root)
    }

    /// Evaluates it as the filter of one row of a choice list: bare names are the row's columns.
    #[must_use]
    pub fn evaluate_row(&self, scope: &dyn Scope, list: List<'_>, row: usize) -> Value {
        Env { expr: self, scope, row: Some(Row { list, row, position: row + 1 }) }.node(&self.root)
    }
}

#[derive(Clone, Copy)]
struct Row<'a> {
    list: List<'a>,
    row: usize,
    /// Among those that passed the filters before, counted from 1.
    position: usize,
}

pub(crate) struct Env<'a> {
    expr: &'a Expr,
    pub scope: &'a dyn Scope,
    row: Option<Row<'a>>,
}

impl Env<'_> {
    fn reference(&self, slot: u16) -> (usize, &Reference) {
        (usize::from(slot), &self.expr.slots[usize::from(slot)])
    }

    pub fn text(&self, node: &Node) -> String {
        self.node(node).into_text()
    }

    pub fn number(&self, node: &Node) -> f64 {
        self.as_number(&self.node(node))
    }

    pub fn as_number(&self, value: &Value) -> f64 {
        match value {
            Value::Number(number) => *number,
            other => other.number(self.scope.now().offset_min),
        }
    }

    pub fn node(&self, node: &Node) -> Value {
        match node {
            Node::Number(number) => Value::Number(*number),
            Node::Text(text) => Value::Text(text.to_string()),
            Node::Current => Value::Text(self.scope.current()),
            Node::Ref(slot) => {
                let (index, reference) = self.reference(*slot);
                self.scope.value(index, reference)
            }
            Node::Column(name) => Value::Text(match self.row {
                Some(row) => self.scope.cell(row.list, row.row, name).to_owned(),
                None => String::new(),
            }),
            Node::Position(whose) => Value::Number(self.position(*whose)),
            Node::Index(slot) => {
                let of = match slot {
                    Some(slot) => {
                        let (index, reference) = self.reference(*slot);
                        PositionOf::Repeat(index, reference)
                    }
                    None => PositionOf::Innermost,
                };
                Value::Number(self.scope.position(of))
            }
            Node::Indexed(slot, at) => {
                let at: Vec<f64> = at.iter().map(|(_, index)| self.number(index)).collect();
                let (index, reference) = self.reference(*slot);
                Value::Text(self.scope.indexed(index, reference, &at))
            }
            Node::Label(value, slot) => {
                let (index, reference) = self.reference(*slot);
                Value::Text(self.scope.label(index, reference, &self.text(value)))
            }
            Node::Lookup(list, filters, column) => Value::Nodes(self.lookup(*list, filters, column.as_deref())),
            Node::Negate(inner) => Value::Number(-self.number(inner)),
            Node::Chain(first, rest) => self.chain(first, rest),
            Node::Union(parts) => Value::Nodes(parts.iter().flat_map(|part| self.node(part).into_nodes()).collect()),
            Node::Call(function, arguments) => match call::call(self, *function, arguments) {
                Value::Text(text) => Value::Text(cut(text)),
                other => other,
            },
            Node::Regex(value, pattern) => Value::Bool(pattern.matches(&self.text(value))),
        }
    }

    fn chain(&self, first: &Node, rest: &[(Op, Node)]) -> Value {
        let mut so_far = self.node(first);
        for (op, operand) in rest {
            so_far = match op {
                Op::Or => Value::Bool(so_far.truth() || self.node(operand).truth()),
                Op::And => Value::Bool(so_far.truth() && self.node(operand).truth()),
                Op::Compare(how) => Value::Bool(compare(*how, &so_far, &self.node(operand), self.scope.now().offset_min)),
                _ => {
                    let (a, b) = (self.as_number(&so_far), self.number(operand));
                    Value::Number(match op {
                        Op::Add => a + b,
                        Op::Subtract => a - b,
                        Op::Multiply => a * b,
                        Op::Divide => a / b,
                        _ => a % b,
                    })
                }
            };
        }
        so_far
    }

    fn position(&self, whose: Whose) -> f64 {
        match (whose, self.row) {
            (Whose::Context, Some(row)) => row.position as f64,
            (Whose::Context, None) => self.scope.position(PositionOf::Innermost),
            (Whose::Up(ups), _) => self.scope.position(PositionOf::Up(ups)),
            (Whose::Slot(slot), _) => {
                let (index, reference) = self.reference(slot);
                self.scope.position(PositionOf::Repeat(index, reference))
            }
        }
    }

    fn lookup(&self, list: u16, filters: &[Node], column: Option<&str>) -> Vec<String> {
        let list = List::Named(usize::from(list), &self.expr.lists[usize::from(list)].0);
        // One counter per filter: a number as filter counts among the rows that the filters before it let through.
        let mut passed = vec![0; filters.len()];
        let mut found = Vec::new();
        for row in 0..self.scope.rows(list) {
            let good = filters.iter().zip(&mut passed).all(|(filter, position)| {
                *position += 1;
                let env = Env { expr: self.expr, scope: self.scope, row: Some(Row { list, row, position: *position }) };
                match env.node(filter) {
                    Value::Number(number) => number == *position as f64,
                    other => other.truth(),
                }
            });
            if good {
                found.push(column.map_or_else(String::new, |column| self.scope.cell(list, row, column).to_owned()));
            }
        }
        found
    }
}

/// A pattern that is only known now; one that cannot be used matches nothing.
pub(crate) fn matches(text: &str, pattern: &str) -> bool {
    Pattern::new(pattern).is_ok_and(|pattern| pattern.matches(text))
}
