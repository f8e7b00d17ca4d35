//! The expression language of XLSForm: a subset of XPath 1.0 with the functions of ODK.

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

pub use ast::{Expr, How, MAX_CHARACTERS, MAX_DEPTH, Reference, Uses};
pub use date::{Names, Now};
pub use engine::{Change, EditError, Engine, Host, InstanceId, MAX_INSTANCES, ROOT, What};
pub use error::{Expected, ExprError, Place, nearest};
pub use eval::{List, Place as PositionOf, Scope};
pub use form::{FormDef, FormError, Kind, ListDef, NodeDef, NodeId, Preset, Problem, Role, Step};
pub use graph::{Bound, Form, MAX_REPEAT_DEPTH};
pub use names::is_name;
pub use value::Value;
