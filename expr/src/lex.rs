//! Text to tokens.

use crate::error::{ExprError, Place};
use crate::names;

#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Tok {
    Number(f64),
    Text(String),
    /// `${name}`
    Ref(String),
    Name(String),
    /// An operator or a bracket, as written.
    Sign(&'static str),
    End,
}

#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub tok: Tok,
    pub at: Place,
    /// The byte after it.
    pub end: u32,
}

/// Longest first where one begins another.
const SIGNS: [&str; 21] = ["!=", "<=", ">=", "//", "..", "=", "<", ">", "/", ".", "(", ")", "[", "]", ",", "+", "-", "*", "|", "::", "@"];

/// What people write instead, on Chinese keyboards and from other languages.
const LOOK_ALIKES: [(&str, &str); 27] = [
    ("==", "="),
    ("&&", "and"),
    ("||", "or"),
    ("<>", "!="),
    ("=<", "<="),
    ("=>", ">="),
    ("%", "mod"),
    ("!", "not(…)"),
    ("，", ","),
    ("、", ","),
    ("（", "("),
    ("）", ")"),
    ("［", "["),
    ("］", "]"),
    ("【", "["),
    ("】", "]"),
    ("“", "\""),
    ("”", "\""),
    ("‘", "'"),
    ("’", "'"),
    ("＝", "="),
    ("＞", ">"),
    ("＜", "<"),
    ("≥", ">="),
    ("≤", "<="),
    ("≠", "!="),
    ("÷", "div"),
];

struct Lexer<'a> {
    text: &'a str,
    chars: Vec<(usize, char)>,
    next: usize,
}

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.next + ahead).map(|&(_, c)| c)
    }

    fn byte(&self) -> usize {
        self.chars.get(self.next).map_or(self.text.len(), |&(byte, _)| byte)
    }

    fn place(&self) -> Place {
        // Both fit: the length is limited before.
        Place { byte: self.byte() as u32, character: self.next as u32 }
    }

    fn rest(&self) -> &str {
        self.text.get(self.byte()..).unwrap_or_default()
    }

    fn take_while(&mut self, good: &dyn Fn(char) -> bool) -> String {
        let mut taken = String::new();
        while let Some(c) = self.peek(0).filter(|&c| good(c)) {
            taken.push(c);
            self.next += 1;
        }
        taken
    }

    fn number(&mut self) -> Result<Tok, ExprError> {
        let at = self.place();
        let mut digits = self.take_while(&|c| c.is_ascii_digit());
        if self.peek(0) == Some('.') && self.peek(1) != Some('.') {
            self.next += 1;
            digits.push('.');
            digits += &self.take_while(&|c| c.is_ascii_digit());
        }
        match digits.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Tok::Number(number)),
            _ => Err(ExprError::Number { at }),
        }
    }

    fn quoted(&mut self, quote: char) -> Result<Tok, ExprError> {
        let at = self.place();
        self.next += 1;
        let text = self.take_while(&|c| c != quote);
        if self.peek(0).is_none() {
            return Err(ExprError::UnclosedText { at });
        }
        self.next += 1;
        Ok(Tok::Text(text))
    }

    fn reference(&mut self) -> Result<Tok, ExprError> {
        let at = self.place();
        if self.peek(1) != Some('{') {
            return Err(ExprError::Character { at, found: '$' });
        }
        self.next += 2;
        let inner = self.take_while(&|c| c != '}');
        if self.peek(0).is_none() {
            return Err(ExprError::UnclosedReference { at });
        }
        self.next += 1;
        let name = inner.trim();
        if let Some(saved) = name.strip_prefix("last-saved#") {
            return Err(ExprError::LastSaved { at, name: saved.to_owned() });
        }
        if names::is_name(name) { Ok(Tok::Ref(name.to_owned())) } else { Err(ExprError::BadName { at, found: inner }) }
    }

    /// A name, with one prefix at most: `jr:choice-name`.
    fn name(&mut self) -> Tok {
        let mut name = self.take_while(&names::continues);
        if self.peek(0) == Some(':') && self.peek(1).is_some_and(names::begins) {
            self.next += 1;
            name.push(':');
            name += &self.take_while(&names::continues);
        }
        Tok::Name(name)
    }

    fn sign(&mut self, c: char) -> Result<Tok, ExprError> {
        let at = self.place();
        let starts = |sign: &&str| self.rest().starts_with(*sign);
        let real = SIGNS.iter().copied().find(|sign| starts(sign)).unwrap_or_default();
        let other = LOOK_ALIKES.iter().find(|(sign, _)| sign.chars().count() > real.len() && starts(sign));
        if let Some((found, meant)) = other {
            return Err(ExprError::LookAlike { at, found: (*found).to_owned(), meant });
        }
        if real.is_empty() {
            return Err(ExprError::Character { at, found: c });
        }
        self.next += real.len();
        Ok(Tok::Sign(real))
    }
}

/// The tokens of a text; the last one is [`Tok::End`].
pub(crate) fn tokens(text: &str) -> Result<Vec<Token>, ExprError> {
    let mut lexer = Lexer { text, chars: text.char_indices().collect(), next: 0 };
    let mut tokens = Vec::new();
    loop {
        lexer.take_while(&char::is_whitespace);
        let at = lexer.place();
        let tok = match lexer.peek(0) {
            None => Tok::End,
            Some(c) if c.is_ascii_digit() => lexer.number()?,
            Some('.') if lexer.peek(1).is_some_and(|c| c.is_ascii_digit()) => lexer.number()?,
            Some(c @ ('\'' | '"')) => lexer.quoted(c)?,
            Some('$') => lexer.reference()?,
            Some(c) if names::begins(c) => lexer.name(),
            Some(c) => lexer.sign(c)?,
        };
        let done = tok == Tok::End;
        tokens.push(Token { tok, at, end: lexer.byte() as u32 });
        if done {
            return Ok(tokens);
        }
    }
}
