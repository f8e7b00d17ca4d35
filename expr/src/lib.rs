//! The expression language of XLSForm: a subset of XPath 1.0 with the functions of ODK, and an engine that keeps a form's
//! values and conditions up to date. Never asks the time, does no IO, doesn't panic on any text, compiles for wasm32.
//!
//! - [`Expr::parse`] reads a cell; it prints canonically, can be asked for its [references](Expr::references) and renamed.
//! - [`Form::compile`] binds all expressions of a [`FormDef`] and orders them; [`Engine`] holds the answers.
//!
//! # Language
//!
//! - `${name}`, and paths as authors write them: `/data/group/name`, `//name`, `../name`, `current()/../name`. A path stands for
//!   the name that it ends with. Only `../../repeat/name` means more: all instances, also from inside that repeat.
//! - `.` is the question's own value, `..` stands only in `position(..)`.
//! - Texts in `'` or `"`, numbers, `or and = != < <= > >= + - * div mod |`, unary minus, parentheses.
//! - `instance('list')/root/item[…]/column` looks into a choice list, alone or in `count`, `sum`, `join` and so on; predicates may
//!   be conditions or numbers. In them, and in a choice filter, a bare name is a column of the row.
//! - Functions: `abs acos area asin atan atan2 boolean boolean-from-string ceiling checklist coalesce concat contains cos count
//!   count-non-empty count-selected current date date-time decimal-date-time decimal-time distance ends-with exp exp10 false floor
//!   format-date format-date-time if index indexed-repeat int join jr:choice-name log log10 lower-case max min normalize-space not
//!   now number once pi position pow random regex round selected selected-at sin sqrt starts-with string string-length substr
//!   substring substring-after substring-before sum tan today translate true upper-case uuid weighted-checklist`.
//!
//! Refused, with the place: `${last-saved#…}`, other predicates and axes, `pulldata`, `randomize`, `digest` and the other functions
//! of ODK, unknown functions (the nearest is named), wrong numbers of arguments, `sum` or `count` of what is no reference, literal
//! patterns that can't be compiled, unknown date codes, signs such as `，` and `==` (the right one is named), more than
//! [`MAX_CHARACTERS`] or [`MAX_DEPTH`]. Nothing costs more stack than the depth allows.
//!
//! # Semantics
//!
//! - Answers are texts; no answer is the empty text. It is not 0: sums with it are NaN and comparisons with it false.
//! - As number: `-?digits(.digits)?`, else an ISO date or time, which is **days since 1970-01-01 on the local clock** (so a plain
//!   date is whole everywhere), else NaN. As truth: a text if not empty (`'false'` is true), a number if neither 0 nor NaN.
//! - `=` compares truths if one side is one, else numbers if one side is one, else texts, two texts that are both dates or times by
//!   their moment. `<` compares numbers. A set compares if one of its members does.
//! - A question outside of repeats, or in a repeat around the expression, is a single value; from outside its repeat it is the set
//!   of all its instances. A repeat's name is the set of its instances.
//! - `min` and `max` are NaN if a member is. `round` and `round(x, n)` round halves up, by the decimal digits as written.
//!   `substr` counts from 0 and from the end, `substring` from 1; both count characters. `checklist` counts `yes`, `true` and
//!   numbers above 0. `regex` must match the whole text; Java's `\p{IsHan}`, `\p{Alpha}`, `\Q…\E`, `\h` are translated, look-around and
//!   back references refused; a pattern that is computed and wrong matches nothing. `area` and `distance` are in metres on a sphere.
//! - What a function yields as text, and every calculation, is cut after [`MAX_TEXT`] characters. Answers are not: `.` and
//!   `${name}` read them whole.
//! - `format-date` knows `%Y %y %m %n %b %d %e %a`, and `%H %h %M %S %3`, and `%%`.
//!
//! # Forms
//!
//! - Relevance is inherited. What is irrelevant keeps its value, reads as empty in expressions, is left out of sets, is valid.
//! - A constraint waits for an answer. A calculation that yields NaN yields nothing. An answer given to a calculated question is
//!   replaced at once, except by `once(…)`.
//! - Presets are evaluated once, when the form or an instance is begun.
//! - A repeat's relevance and count are computed where the repeat stands, not in each instance. A count above [`MAX_COUNTED`]
//!   is taken for that many, and [`Engine::asked_beyond`] says so. When a count shrinks, the instances
//!   beyond are hidden and come back with their answers when it grows.
//! - Choices that are filtered away stay answered: [`What::Choices`] says that it is time to look.
//! - Texts for people are cut into pieces once; the answers that they name are kept up to date like everything else. Nothing
//!   depends on them, so they close no circle. A name that leads nowhere stays as written.
//! - A form is refused if an expression depends on itself in any way, also through another instance of its repeat; constraints,
//!   `required`, `readonly` and filters can't close a circle, as nothing depends on them.
//! - Whatever the edits were, the state is what evaluating everything from scratch yields (unless an expression depends on chance or
//!   on its own former value).

mod ast;
mod call;
mod date;
mod engine;
mod error;
mod eval;
mod form;
mod func;
mod geo;
mod graph;
mod here;
mod lex;
mod names;
mod parse;
mod pattern;
mod value;
mod words;

pub use ast::{Expr, How, MAX_CHARACTERS, MAX_DEPTH, Reference, Uses};
pub use date::{Names, Now};
pub use engine::{Change, EditError, Engine, Host, InstanceId, MAX_COUNTED, MAX_INSTANCES, ROOT, What};
pub use error::{Expected, ExprError, Place, nearest};
pub use eval::{List, PositionOf, Scope};
pub use form::{FormDef, FormError, Kind, ListDef, NodeDef, NodeId, Preset, Problem, Role, Step};
pub use graph::{Bound, Form, MAX_REPEAT_DEPTH};
pub use names::is_name;
pub use value::{MAX_TEXT, Value};
pub use words::Piece;
