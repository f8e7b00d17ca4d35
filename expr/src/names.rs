//! What may be a name: that of an XML element without a prefix.

pub(crate) fn begins(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

pub(crate) fn continues(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '\u{b7}')
}

/// Whether a text can be the name of a question, group, repeat, list or column.
///
/// A letter (Chinese ones too) or `_`, then letters, digits, `_`, `-` and `.`.
#[must_use]
pub fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(begins) && chars.all(continues)
}
