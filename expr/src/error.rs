//! Why a text is no expression, and where.

use std::fmt;

/// A place in an expression's text, both counted from 0.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Place {
    /// Bytes before it (UTF-8).
    pub byte: u32,
    /// Characters before it: what a person counts.
    pub character: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "character {}", self.character + 1)
    }
}

/// What could have stood at a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Expected {
    /// A value: a number, a text, `${name}`, a function, `(`.
    Operand,
    /// An operator or the end of the expression.
    Operator,
    /// `)`, after an operator or an argument.
    CloseParen,
    /// `]` at the end of a predicate.
    CloseBracket,
    /// `(` after a function's name.
    OpenParen,
    /// `,` or `)` in a list of arguments.
    CommaOrClose,
    /// `/root/item` after `instance('list')`.
    RootItem,
    /// A name, as in `/data/name`.
    Name,
    /// The name of a list in quotes.
    ListName,
    /// `${name}` or a path to a question.
    Reference,
}

/// Why a text is not an [`Expr`](crate::Expr). `found` is the text of what stands at the place, empty at the end.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
pub enum ExprError {
    /// Nothing but spaces.
    #[error("the expression is empty")]
    Empty,
    /// Longer than [`MAX_CHARACTERS`](crate::MAX_CHARACTERS).
    #[error("{found} characters, at most {limit} are allowed")]
    TooLong {
        /// Its length in characters.
        found: usize,
        /// The limit.
        limit: usize,
    },
    /// Nested deeper than [`MAX_DEPTH`](crate::MAX_DEPTH).
    #[error("nested deeper than {limit} at {at}")]
    TooDeep {
        /// Where the limit was passed.
        at: Place,
        /// The limit.
        limit: usize,
    },
    /// Something else should stand here.
    #[error("found `{found}` at {at} where {expected:?} was expected")]
    Unexpected {
        /// Where.
        at: Place,
        /// What stands there; empty at the end of the text.
        found: String,
        /// What could stand there.
        expected: Expected,
    },
    /// A character that has no meaning in expressions.
    #[error("`{found}` at {at} has no meaning in an expression")]
    Character {
        /// Where.
        at: Place,
        /// The character.
        found: char,
    },
    /// A sign that only looks like one of the language: `，`, `“`, `==`, `&&`.
    #[error("`{found}` at {at}: write `{meant}`")]
    LookAlike {
        /// Where.
        at: Place,
        /// What was written.
        found: String,
        /// What is probably meant.
        meant: &'static str,
    },
    /// A text in quotes without its end.
    #[error("the text that begins at {at} is not closed")]
    UnclosedText {
        /// Its opening quote.
        at: Place,
    },
    /// `${` without `}`.
    #[error("the reference that begins at {at} is not closed")]
    UnclosedReference {
        /// Its `$`.
        at: Place,
    },
    /// What stands in `${…}` is not a name.
    #[error("`{found}` at {at} is not a name")]
    BadName {
        /// The `$`.
        at: Place,
        /// What stands between the braces.
        found: String,
    },
    /// `${last-saved#…}`: the answers of an earlier form are not kept for expressions.
    #[error("`last-saved` at {at} is not supported")]
    LastSaved {
        /// The `$`.
        at: Place,
        /// The name after `#`.
        name: String,
    },
    /// A number too large to compute with.
    #[error("the number at {at} is too large")]
    Number {
        /// Where it begins.
        at: Place,
    },
    /// No function has this name.
    #[error("no function is called `{name}` ({at})")]
    UnknownFunction {
        /// Where the name begins.
        at: Place,
        /// The name.
        name: String,
        /// A function with a similar name.
        nearest: Option<&'static str>,
    },
    /// A function of ODK that is not supported here.
    #[error("the function `{name}` at {at} is not supported")]
    UnsupportedFunction {
        /// Where the name begins.
        at: Place,
        /// The name.
        name: &'static str,
    },
    /// Too few or too many arguments.
    #[error("`{function}` at {at} has {found} arguments")]
    Arguments {
        /// Where the function's name begins.
        at: Place,
        /// The function.
        function: &'static str,
        /// How many there are.
        found: usize,
        /// How many there must be at least.
        min: usize,
        /// How many there may be; `None`: any number.
        max: Option<usize>,
        /// Their number must be even.
        even: bool,
    },
    /// The function takes a set of answers (`${name}`), not a computed value.
    #[error("`{function}` at {at} takes a reference")]
    NeedsNodes {
        /// Where the function's name begins.
        at: Place,
        /// The function.
        function: &'static str,
    },
    /// A path of a form that is not supported: children, wildcards, `..` outside `position`.
    #[error("the path at {at} is not supported")]
    Path {
        /// Where it begins.
        at: Place,
    },
    /// `[…]` elsewhere than after `instance('…')/root/item`.
    #[error("the predicate at {at} is not supported")]
    Predicate {
        /// Its `[`.
        at: Place,
    },
    /// A regular expression that cannot be compiled.
    #[error("the regular expression at {at} cannot be used: {reason}")]
    Regex {
        /// Where the text begins.
        at: Place,
        /// The pattern as written.
        pattern: String,
        /// What the compiler says (English, for the log).
        reason: String,
    },
    /// `format-date` with a code that does not exist.
    #[error("`%{code}` at {at} is no date code")]
    DateCode {
        /// Where the text with the codes begins.
        at: Place,
        /// The letter after `%`.
        code: char,
    },
}

impl ExprError {
    /// Where in the text the error is; the beginning for an empty or overlong text.
    #[must_use]
    pub fn place(&self) -> Place {
        match self {
            Self::Empty | Self::TooLong { .. } => Place::default(),
            Self::TooDeep { at, .. }
            | Self::Unexpected { at, .. }
            | Self::Character { at, .. }
            | Self::LookAlike { at, .. }
            | Self::UnclosedText { at }
            | Self::UnclosedReference { at }
            | Self::BadName { at, .. }
            | Self::LastSaved { at, .. }
            | Self::Number { at }
            | Self::UnknownFunction { at, .. }
            | Self::UnsupportedFunction { at, .. }
            | Self::Arguments { at, .. }
            | Self::NeedsNodes { at, .. }
            | Self::Path { at }
            | Self::Predicate { at }
            | Self::Regex { at, .. }
            | Self::DateCode { at, .. } => *at,
        }
    }

    /// A short name of the kind of error, for word tables and tests.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong { .. } => "too_long",
            Self::TooDeep { .. } => "too_deep",
            Self::Unexpected { .. } => "unexpected",
            Self::Character { .. } => "character",
            Self::LookAlike { .. } => "look_alike",
            Self::UnclosedText { .. } => "unclosed_text",
            Self::UnclosedReference { .. } => "unclosed_reference",
            Self::BadName { .. } => "bad_name",
            Self::LastSaved { .. } => "last_saved",
            Self::Number { .. } => "number",
            Self::UnknownFunction { .. } => "unknown_function",
            Self::UnsupportedFunction { .. } => "unsupported_function",
            Self::Arguments { .. } => "arguments",
            Self::NeedsNodes { .. } => "needs_nodes",
            Self::Path { .. } => "path",
            Self::Predicate { .. } => "predicate",
            Self::Regex { .. } => "regex",
            Self::DateCode { .. } => "date_code",
        }
    }
}

/// The name of `all` most like `name`, if one is near enough to be meant.
#[must_use]
pub fn nearest<'a>(name: &str, all: &mut dyn Iterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |text: &str| text.chars().map(|c| if c == '_' { '-' } else { c.to_ascii_lowercase() }).take(64).collect::<Vec<char>>();
    let wanted = plain(name);
    let allowed = 1 + wanted.len() / 4;
    let mut best = None;
    for other in all {
        let far = distance(&wanted, &plain(other));
        if far <= allowed && best.is_none_or(|(least, _)| far < least) {
            best = Some((far, other));
        }
    }
    best.map(|(_, name)| name)
}

/// How many letters must be put in, left out or changed (Levenshtein).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = i;
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let cost = if x == y { corner } else { 1 + corner.min(row[j]).min(row[j + 1]) };
            corner = row[j + 1];
            row[j + 1] = cost;
        }
    }
    row[b.len()]
}
