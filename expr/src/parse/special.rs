//! The functions whose arguments are not just values.

use super::{MAX_LOOKUPS, Parsed, Parser};
use crate::ast::{How, Node, Whose};
use crate::error::{Expected, ExprError, Place};
use crate::lex::Tok;
use crate::names;

impl Parser<'_> {
    /// `current()`, `current()/.`, `current()/../name`
    pub(super) fn current(&mut self, at: Place) -> Parsed {
        self.expect(")", Expected::CloseParen)?;
        if !self.eat("/") {
            self.expr.uses.current = true;
            return Ok(Node::Current);
        }
        if !(self.is(".") || self.is("..")) {
            return Err(ExprError::Path { at });
        }
        let path = self.path()?;
        if path.ups == 0 && !path.names.is_empty() {
            return Err(ExprError::Path { at });
        }
        let node = self.resolve(path)?;
        if self.is("[") { Err(ExprError::Predicate { at: self.at() }) } else { Ok(node) }
    }

    /// `instance('list')/root/item[…]/column`
    pub(super) fn lookup(&mut self) -> Parsed {
        let Tok::Text(name) = self.tok().clone() else { return Err(self.unexpected(Expected::ListName)) };
        let at = self.at();
        self.advance();
        self.expect(")", Expected::CloseParen)?;
        for step in ["root", "item"] {
            self.expect("/", Expected::RootItem)?;
            if self.tok() != &Tok::Name(step.to_owned()) {
                return Err(self.unexpected(Expected::RootItem));
            }
            self.advance();
        }
        let known = self.expr.lists.iter().position(|(list, _)| **list == *name);
        let list = known.unwrap_or_else(|| {
            self.expr.lists.push((name.into(), at));
            self.expr.lists.len() - 1
        }) as u16;
        // Each level multiplies the work by the length of a list.
        self.lookups += 1;
        if self.lookups > MAX_LOOKUPS {
            return Err(ExprError::TooDeep { at, limit: MAX_LOOKUPS });
        }
        let outer = self.list.replace(list);
        let mut filters = Vec::new();
        while self.eat("[") {
            filters.push(self.deeper(&mut |parser| parser.level(0))?);
            self.expect("]", Expected::CloseBracket)?;
        }
        let mut column = None;
        if self.eat("/") {
            let Tok::Name(name) = self.tok().clone() else { return Err(self.unexpected(Expected::Name)) };
            self.column(&name, self.at());
            self.advance();
            column = Some(name.into());
        }
        self.list = outer;
        self.lookups -= 1;
        Ok(Node::Lookup(list, filters, column))
    }

    pub(super) fn position(&mut self, at: Place) -> Parsed {
        self.expr.uses.position = true;
        if self.eat(")") {
            return Ok(Node::Position(Whose::Context));
        }
        self.skip_current();
        let whose = if self.is("..") || self.is(".") {
            let path = self.path()?;
            match (path.ups, path.names.as_slice()) {
                (0, []) => Whose::Context,
                (ups, []) => Whose::Up(ups),
                (_, [.., name]) if path.ups > 0 => Whose::Slot(self.slot(name.clone(), How::Instances, at)),
                _ => return Err(ExprError::Path { at }),
            }
        } else {
            let (name, at) = self.named()?;
            Whose::Slot(self.slot(name, How::Instances, at))
        };
        self.expect(")", Expected::CloseParen)?;
        Ok(Node::Position(whose))
    }

    pub(super) fn index(&mut self) -> Parsed {
        self.expr.uses.position = true;
        if self.eat(")") {
            return Ok(Node::Index(None));
        }
        let (name, at) = self.named()?;
        let slot = self.slot(name, How::Instances, at);
        self.expect(")", Expected::CloseParen)?;
        Ok(Node::Index(Some(slot)))
    }

    /// `current()/` before a path: where a name is meant it makes no difference.
    fn skip_current(&mut self) {
        let is_current = self.tok() == &Tok::Name("current".to_owned());
        let after = ["(", ")", "/"].iter().zip(self.tokens.iter().skip(self.next + 1));
        if is_current && after.clone().count() == 3 && after.into_iter().all(|(sign, token)| token.tok == Tok::Sign(sign)) {
            self.next += 4;
        }
    }

    /// `${name}` or a path, where a name is meant and not its value.
    fn named(&mut self) -> Result<(Box<str>, Place), ExprError> {
        let at = self.at();
        self.skip_current();
        match self.tok().clone() {
            Tok::Ref(name) => {
                self.advance();
                Ok((name.into(), at))
            }
            Tok::Sign(".." | "/" | "//") => {
                let mut path = self.path()?;
                path.names.pop().map(|name| (name, at)).ok_or(ExprError::Path { at })
            }
            _ => Err(self.unexpected(Expected::Reference)),
        }
    }

    pub(super) fn indexed(&mut self, at: Place) -> Parsed {
        let wrong = |found| ExprError::Arguments { at, function: "indexed-repeat", found, min: 3, max: Some(7), even: false };
        if self.is(")") {
            return Err(wrong(0));
        }
        let (name, name_at) = self.named()?;
        let mut parts = Vec::new();
        let mut found = 1;
        while self.eat(",") {
            let (repeat, repeat_at) = self.named()?;
            found += 1;
            if !self.eat(",") {
                break;
            }
            found += 1;
            parts.push((repeat, repeat_at, self.deeper(&mut |parser| parser.level(0))?));
        }
        self.expect(")", Expected::CommaOrClose)?;
        if parts.is_empty() || parts.len() > 3 || found % 2 == 0 {
            return Err(wrong(found));
        }
        let repeats = parts.iter().map(|(repeat, _, _)| repeat.clone()).collect();
        let slot = self.slot(name, How::Indexed(repeats), name_at);
        let at = parts.into_iter().map(|(repeat, at, index)| (self.slot(repeat, How::Instances, at), index)).collect();
        Ok(Node::Indexed(slot, at))
    }

    /// `jr:choice-name(value, '${question}')`; the question also as a path or unquoted.
    pub(super) fn label(&mut self, at: Place) -> Parsed {
        let wrong = |found| ExprError::Arguments { at, function: "jr:choice-name", found, min: 2, max: Some(2), even: false };
        if self.is(")") {
            return Err(wrong(0));
        }
        let value = self.deeper(&mut |parser| parser.level(0))?;
        if self.is(")") {
            return Err(wrong(1));
        }
        self.expect(",", Expected::CommaOrClose)?;
        let (name, name_at) = match self.tok().clone() {
            Tok::Text(text) => {
                let inner = text.trim();
                let inner = inner.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')).unwrap_or(inner);
                let name = inner.trim().rsplit('/').next().unwrap_or_default();
                if !names::is_name(name) {
                    return Err(self.unexpected(Expected::Reference));
                }
                let at = self.at();
                self.advance();
                (name.into(), at)
            }
            _ => self.named()?,
        };
        if self.is(",") {
            return Err(wrong(3));
        }
        self.expect(")", Expected::CloseParen)?;
        let slot = self.slot(name, How::Label, name_at);
        Ok(Node::Label(Box::new(value), slot))
    }
}
