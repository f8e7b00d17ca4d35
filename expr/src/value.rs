//! Values and how one kind becomes another (XPath 1.0, with dates as in ODK).

use crate::date;

/// How many characters a computed text can have: as many as a cell of a spreadsheet. The rest is cut off, so that texts
/// which are joined over and over don't fill the memory.
pub const MAX_TEXT: usize = 32_767;

/// What an expression yields.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// A text; answers are texts.
    Text(String),
    /// A number; may be NaN or infinite.
    Number(f64),
    /// True or false.
    Bool(bool),
    /// The answers of a set of nodes, in document order.
    Nodes(Vec<String>),
}

impl Value {
    /// As text. Of a set of nodes the first one; whole numbers have no decimal point.
    #[must_use]
    pub fn into_text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Number(number) => number_text(number),
            Self::Bool(true) => "true".to_owned(),
            Self::Bool(false) => "false".to_owned(),
            Self::Nodes(nodes) => nodes.into_iter().next().unwrap_or_default(),
        }
    }

    /// As number. ISO dates are days since 1970-01-01 in local time; what is no number is NaN.
    ///
    /// `offset_min`: minutes that local time is ahead of UTC, for times that carry an offset.
    #[must_use]
    pub fn number(&self, offset_min: i32) -> f64 {
        match self {
            Self::Text(text) => text_number(text, offset_min),
            Self::Number(number) => *number,
            Self::Bool(bool) => f64::from(u8::from(*bool)),
            Self::Nodes(nodes) => nodes.first().map_or(f64::NAN, |text| text_number(text, offset_min)),
        }
    }

    /// As truth: a text that is not empty, a number that is neither 0 nor NaN, a set that is not empty.
    #[must_use]
    pub fn truth(&self) -> bool {
        match self {
            Self::Text(text) => !text.is_empty(),
            Self::Number(number) => *number != 0.0 && !number.is_nan(),
            Self::Bool(bool) => *bool,
            Self::Nodes(nodes) => !nodes.is_empty(),
        }
    }

    /// The texts of a set, or the one text of anything else.
    pub(crate) fn into_nodes(self) -> Vec<String> {
        match self {
            Self::Nodes(nodes) => nodes,
            other => vec![other.into_text()],
        }
    }
}

/// The first [`MAX_TEXT`] characters.
pub(crate) fn cut(mut text: String) -> String {
    // A character takes at least a byte, so short texts need no counting.
    if text.len() > MAX_TEXT
        && let Some((end, _)) = text.char_indices().nth(MAX_TEXT)
    {
        text.truncate(end);
    }
    text
}

/// Texts joined, up to what [`cut`] leaves of them: stops taking more as soon as there is enough.
pub(crate) fn join(texts: impl Iterator<Item = String>, between: &str) -> String {
    const LONGEST_CHARACTER: usize = 4;
    let mut joined = String::new();
    for (nth, text) in texts.enumerate() {
        if joined.len() >= MAX_TEXT * LONGEST_CHARACTER {
            break;
        }
        if nth > 0 {
            joined.push_str(between);
        }
        joined.push_str(&text);
    }
    cut(joined)
}

/// A number as XPath writes it: no exponent, no decimal point if whole, `NaN`, `Infinity`.
pub(crate) fn number_text(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    if number == 0.0 {
        return "0".to_owned();
    }
    if number.fract() == 0.0 && number.abs() < 9e15 {
        return (number as i64).to_string();
    }
    number.to_string()
}

fn text_number(text: &str, offset_min: i32) -> f64 {
    let text = text.trim();
    plain_number(text).or_else(|| date::parse(text, offset_min).map(date::Local::days)).unwrap_or(f64::NAN)
}

/// `-?(digits(.digits?)?|.digits)` and nothing else: no `+`, no exponent.
fn plain_number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let good = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && digits.bytes().any(|b| b.is_ascii_digit())
        && digits.bytes().filter(|&b| b == b'.').count() <= 1;
    if good { text.parse().ok() } else { None }
}

/// The six ways to compare.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Comparison {
    Equal,
    Unequal,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

impl Comparison {
    fn numbers(self, a: f64, b: f64) -> bool {
        match self {
            Self::Equal => a == b,
            Self::Unequal => a != b,
            Self::Less => a < b,
            Self::LessEqual => a <= b,
            Self::Greater => a > b,
            Self::GreaterEqual => a >= b,
        }
    }

    fn is_equality(self) -> bool {
        matches!(self, Self::Equal | Self::Unequal)
    }
}

/// Compares by XPath 1.0: a set of nodes is compared if one of its nodes does.
pub(crate) fn compare(how: Comparison, a: &Value, b: &Value, offset_min: i32) -> bool {
    match (a, b) {
        (Value::Bool(bool), Value::Nodes(_)) | (Value::Nodes(_), Value::Bool(bool)) if how.is_equality() => {
            let set = if let Value::Nodes(_) = a { a } else { b };
            (set.truth() == *bool) == (how == Comparison::Equal)
        }
        (Value::Nodes(nodes), Value::Text(_) | Value::Number(_) | Value::Nodes(_)) => {
            nodes.iter().any(|node| compare(how, &Value::Text(node.clone()), b, offset_min))
        }
        (Value::Text(_) | Value::Number(_), Value::Nodes(nodes)) => {
            nodes.iter().any(|node| compare(how, a, &Value::Text(node.clone()), offset_min))
        }
        (Value::Bool(_), _) | (_, Value::Bool(_)) if how.is_equality() => (a.truth() == b.truth()) == (how == Comparison::Equal),
        (Value::Text(a), Value::Text(b)) if how.is_equality() => texts_equal(a, b, offset_min) == (how == Comparison::Equal),
        _ => how.numbers(a.number(offset_min), b.number(offset_min)),
    }
}

/// Two texts are equal if they are the same, or are dates or times of one moment.
fn texts_equal(a: &str, b: &str, offset_min: i32) -> bool {
    a == b
        || match (date::parse(a.trim(), offset_min), date::parse(b.trim(), offset_min)) {
            (Some(a), Some(b)) => a.ms == b.ms,
            _ => false,
        }
}
