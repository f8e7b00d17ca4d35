//! Tokens to an [`Expr`], by recursive descent with a limit.

mod special;

use crate::ast::{Expr, How, MAX_DEPTH, Node, Op, Reference, Uses};
use crate::date;
use crate::error::{Expected, ExprError, Place, nearest};
use crate::func::{self, Func};
use crate::lex::{Tok, Token, tokens};
use crate::pattern::Pattern;
use crate::value::Comparison;

/// Parses without a limit on length; the depth is limited.
pub(crate) fn parse(text: &str) -> Result<Expr, ExprError> {
    let tokens = tokens(text)?;
    if tokens.len() == 1 {
        return Err(ExprError::Empty);
    }
    let expr =
        Expr { root: Node::Current, slots: Vec::new(), lists: Vec::new(), columns: Vec::new(), lookups: Vec::new(), uses: Uses::default() };
    let mut parser = Parser { text, tokens, next: 0, depth: 0, list: None, lookups: 0, expr };
    let root = parser.level(0)?;
    if parser.tok() != &Tok::End {
        return Err(parser.unexpected(Expected::Operator));
    }
    parser.expr.root = root;
    Ok(parser.expr)
}

/// How deep lookups may stand in each other's predicates.
const MAX_LOOKUPS: usize = 2;

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    next: usize,
    depth: usize,
    /// Inside the predicate of a lookup: its list.
    list: Option<u16>,
    /// How many lookups are open.
    lookups: usize,
    expr: Expr,
}

type Parsed = Result<Node, ExprError>;

/// A path as written, with `.` and `..` taken out.
struct Path {
    at: Place,
    absolute: bool,
    ups: u8,
    names: Vec<Box<str>>,
}

impl Parser<'_> {
    fn token(&self) -> &Token {
        // `next` never passes the last token, `End`.
        &self.tokens[self.next]
    }

    fn tok(&self) -> &Tok {
        &self.token().tok
    }

    fn at(&self) -> Place {
        self.token().at
    }

    fn advance(&mut self) {
        if self.next + 1 < self.tokens.len() {
            self.next += 1;
        }
    }

    fn is(&self, sign: &str) -> bool {
        matches!(self.tok(), Tok::Sign(found) if *found == sign)
    }

    fn follows(&self, sign: &str) -> bool {
        matches!(self.tokens.get(self.next + 1), Some(Token { tok: Tok::Sign(found), .. }) if *found == sign)
    }

    fn eat(&mut self, sign: &str) -> bool {
        let found = self.is(sign);
        if found {
            self.advance();
        }
        found
    }

    fn expect(&mut self, sign: &str, expected: Expected) -> Result<(), ExprError> {
        if self.eat(sign) { Ok(()) } else { Err(self.unexpected(expected)) }
    }

    fn unexpected(&self, expected: Expected) -> ExprError {
        let token = self.token();
        let found = self.text.get(token.at.byte as usize..token.end as usize).unwrap_or_default().to_owned();
        ExprError::Unexpected { at: token.at, found, expected }
    }

    fn deeper(&mut self, inner: &mut dyn FnMut(&mut Self) -> Parsed) -> Parsed {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(ExprError::TooDeep { at: self.at(), limit: MAX_DEPTH });
        }
        let node = inner(self);
        self.depth -= 1;
        node
    }

    /// The operator of this level that stands here.
    fn operator(&self, level: u8) -> Option<Op> {
        let op = match self.tok() {
            Tok::Name(name) => match name.as_str() {
                "or" => Op::Or,
                "and" => Op::And,
                "div" => Op::Divide,
                "mod" => Op::Remainder,
                _ => return None,
            },
            Tok::Sign(sign) => match *sign {
                "=" => Op::Compare(Comparison::Equal),
                "!=" => Op::Compare(Comparison::Unequal),
                "<" => Op::Compare(Comparison::Less),
                "<=" => Op::Compare(Comparison::LessEqual),
                ">" => Op::Compare(Comparison::Greater),
                ">=" => Op::Compare(Comparison::GreaterEqual),
                "+" => Op::Add,
                "-" => Op::Subtract,
                "*" => Op::Multiply,
                _ => return None,
            },
            _ => return None,
        };
        (op.level() == level).then_some(op)
    }

    fn level(&mut self, level: u8) -> Parsed {
        if level > 5 {
            return self.unary();
        }
        let first = self.level(level + 1)?;
        let mut rest = Vec::new();
        while let Some(op) = self.operator(level) {
            self.advance();
            rest.push((op, self.level(level + 1)?));
        }
        Ok(if rest.is_empty() { first } else { Node::Chain(Box::new(first), rest) })
    }

    fn unary(&mut self) -> Parsed {
        if self.eat("-") {
            return Ok(Node::Negate(Box::new(self.deeper(&mut Self::unary)?)));
        }
        let first = self.operand()?;
        if !self.is("|") {
            return Ok(first);
        }
        let mut parts = vec![first];
        while self.eat("|") {
            parts.push(self.operand()?);
        }
        Ok(Node::Union(parts))
    }

    fn operand(&mut self) -> Parsed {
        let at = self.at();
        let node = match self.tok().clone() {
            Tok::Number(number) => {
                self.advance();
                Node::Number(number)
            }
            Tok::Text(text) => {
                self.advance();
                Node::Text(text.into())
            }
            Tok::Ref(name) => {
                self.advance();
                if self.is("/") {
                    return Err(ExprError::Path { at });
                }
                Node::Ref(self.slot(name.into(), How::Value, at))
            }
            Tok::Sign("(") => {
                self.advance();
                let inner = self.deeper(&mut |parser| parser.level(0))?;
                self.expect(")", Expected::CloseParen)?;
                inner
            }
            // An operator where a value should stand, not a column of that name.
            Tok::Name(name) if matches!(name.as_str(), "and" | "or" | "div" | "mod") => return Err(self.unexpected(Expected::Operand)),
            Tok::Name(name) if self.follows("(") => return self.call(&name, at),
            Tok::Sign("." | ".." | "/" | "//") | Tok::Name(_) => {
                let path = self.path()?;
                self.resolve(path)?
            }
            _ => return Err(self.unexpected(Expected::Operand)),
        };
        if self.is("[") { Err(ExprError::Predicate { at: self.at() }) } else { Ok(node) }
    }

    /// `.`, `..`, `../name`, `/data/group/name`, `//name`, `name`.
    fn path(&mut self) -> Result<Path, ExprError> {
        let at = self.at();
        let absolute = self.is("/") || self.is("//");
        if absolute {
            self.advance();
        }
        let mut path = Path { at, absolute, ups: 0, names: Vec::new() };
        loop {
            match self.tok().clone() {
                Tok::Sign(".") => {}
                // Up from a name inside the path only takes it back.
                Tok::Sign("..") => {
                    if path.names.pop().is_none() {
                        path.ups = path.ups.saturating_add(1);
                    }
                }
                Tok::Name(name) if !self.follows("(") => path.names.push(name.into()),
                Tok::Sign("*" | "@" | "::") => return Err(ExprError::Path { at }),
                _ => return Err(self.unexpected(Expected::Name)),
            }
            self.advance();
            if self.is("::") {
                return Err(ExprError::Path { at });
            }
            if !self.eat("/") {
                return Ok(path);
            }
        }
    }

    /// A path to the name that it ends with.
    fn resolve(&mut self, path: Path) -> Parsed {
        let Path { at, absolute, ups, mut names } = path;
        let Some(last) = names.pop() else {
            return if ups == 0 && !absolute {
                self.expr.uses.current = true;
                Ok(Node::Current)
            } else {
                Err(ExprError::Path { at })
            };
        };
        if absolute && ups == 0 || ups > 0 && names.is_empty() {
            return Ok(Node::Ref(self.slot(last, How::Value, at)));
        }
        if ups > 0 && !absolute {
            return Ok(Node::Ref(self.slot(last, How::Path(ups, names.into()), at)));
        }
        if absolute || !names.is_empty() {
            return Err(ExprError::Path { at });
        }
        self.column(&last, at);
        Ok(Node::Column(last))
    }

    fn column(&mut self, name: &str, at: Place) {
        match self.list {
            Some(list) => {
                if !self.expr.lookups.iter().any(|(l, n, _)| *l == list && **n == *name) {
                    self.expr.lookups.push((list, name.into(), at));
                }
            }
            None => {
                if !self.expr.columns.iter().any(|(n, _)| **n == *name) {
                    self.expr.columns.push((name.into(), at));
                }
            }
        }
    }

    fn slot(&mut self, name: Box<str>, how: How, at: Place) -> u16 {
        let known = self.expr.slots.iter().position(|slot| slot.name == name && slot.how == how);
        // At most as many as characters, which are limited below 65,536.
        known.unwrap_or_else(|| {
            self.expr.slots.push(Reference { name, how, at });
            self.expr.slots.len() - 1
        }) as u16
    }

    fn call(&mut self, name: &str, at: Place) -> Parsed {
        self.advance();
        self.advance();
        match name {
            "current" => self.current(at),
            "instance" => self.lookup(),
            "position" => self.position(at),
            "index" => self.index(),
            "indexed-repeat" => self.indexed(at),
            "jr:choice-name" => self.label(at),
            _ => self.function(name, at),
        }
    }

    fn function(&mut self, name: &str, at: Place) -> Parsed {
        let Some(function) = Func::find(name) else {
            if let Some(name) = func::UNSUPPORTED.iter().find(|known| **known == name) {
                return Err(ExprError::UnsupportedFunction { at, name });
            }
            return Err(ExprError::UnknownFunction { at, name: name.to_owned(), nearest: nearest(name, &mut func::all()) });
        };
        let (arguments, places) = self.arguments()?;
        let (min, max) = function.arguments();
        let even = function == Func::WeightedChecklist;
        let limited = max != func::ANY;
        let found = arguments.len();
        if found < usize::from(min) || limited && found > usize::from(max) || even && found % 2 == 1 {
            let max = limited.then_some(usize::from(max));
            return Err(ExprError::Arguments { at, function: function.name(), found, min: usize::from(min), max, even });
        }
        self.note(function, found);
        self.finish(function, arguments, &places, at)
    }

    /// Up to and with the closing parenthesis.
    fn arguments(&mut self) -> Result<(Vec<Node>, Vec<Place>), ExprError> {
        let (mut arguments, mut places) = (Vec::new(), Vec::new());
        if self.eat(")") {
            return Ok((arguments, places));
        }
        loop {
            places.push(self.at());
            arguments.push(self.deeper(&mut |parser| parser.level(0))?);
            if self.eat(")") {
                return Ok((arguments, places));
            }
            self.expect(",", Expected::CommaOrClose)?;
        }
    }

    fn note(&mut self, function: Func, arguments: usize) {
        let uses = &mut self.expr.uses;
        match function {
            Func::Today => uses.today = true,
            Func::Now => uses.now = true,
            Func::Random | Func::Uuid => uses.random = true,
            Func::Once => {
                uses.once = true;
                uses.current = true;
            }
            Func::String | Func::Number | Func::StringLength | Func::NormalizeSpace if arguments == 0 => uses.current = true,
            _ => {}
        }
    }

    /// What can be checked before any value is known.
    fn finish(&mut self, function: Func, mut arguments: Vec<Node>, places: &[Place], at: Place) -> Parsed {
        match (function, arguments.as_slice()) {
            (Func::Sum | Func::Count | Func::CountNonEmpty, [set]) => {
                let is_set = matches!(set, Node::Ref(_) | Node::Union(_) | Node::Lookup(..) | Node::Indexed(..) | Node::Current);
                if !is_set {
                    return Err(ExprError::NeedsNodes { at, function: function.name() });
                }
            }
            (Func::FormatDate | Func::FormatDateTime, [_, Node::Text(codes)]) => {
                if let Some(code) = date::unknown_code(codes) {
                    return Err(ExprError::DateCode { at: places[1], code });
                }
            }
            (Func::Regex, [_, Node::Text(pattern)]) => {
                let compiled =
                    Pattern::new(pattern).map_err(|reason| ExprError::Regex { at: places[1], pattern: pattern.to_string(), reason })?;
                return Ok(Node::Regex(Box::new(arguments.swap_remove(0)), compiled));
            }
            _ => {}
        }
        Ok(Node::Call(function, arguments))
    }
}
