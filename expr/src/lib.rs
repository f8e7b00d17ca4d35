//! The expression language of XLSForm: a subset of XPath 1.0 with the functions of ODK.

mod ast;
mod call;
mod date;
mod error;
mod eval;
mod func;
mod geo;
mod lex;
mod names;
mod parse;
mod pattern;
mod value;

pub use ast::{Expr, How, MAX_CHARACTERS, MAX_DEPTH, Reference, Uses};
pub use date::{Names, Now};
pub use error::{Expected, ExprError, Place, nearest};
pub use eval::{List, Place as PositionOf, Scope};
pub use names::is_name;
pub use value::Value;
