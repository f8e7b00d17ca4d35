//! Small things about the texts in cells.

use spotcheck_expr::{Place, is_name};

/// The longest text in a cell, in characters: what a spreadsheet itself allows.
pub const MAX_TEXT: usize = 32_767;

/// Curly quotes as straight ones, for names, values and expressions. In words for people they stay: they are Chinese.
pub(super) fn straight(text: &str) -> String {
    text.replace(['\u{2018}', '\u{2019}'], "'").replace(['\u{201c}', '\u{201d}'], "\"")
}

/// Runs of spaces as one.
pub(super) fn single_spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c != ' ' || !out.ends_with(' ') {
            out.push(c);
        }
    }
    out
}

/// Yes or no as spreadsheets say it.
pub(super) fn yes_no(text: &str) -> Option<bool> {
    match text {
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "true()" => Some(true),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "false()" => Some(false),
        _ => None,
    }
}

/// The names in the references `${name}` of a text, and where their `$` stand.
///
/// # Errors
/// The characters before a `${` that begins no reference.
pub fn references(text: &str) -> Result<Vec<(&str, Place)>, usize> {
    let mut names = Vec::new();
    let mut rest = text;
    let mut at = Place::default();
    while let Some((before, after)) = rest.split_once("${") {
        at.byte += length(before.len());
        at.character += length(before.chars().count());
        let bad = at.character as usize;
        let (name, next) = after.split_once('}').ok_or(bad)?;
        let plain = name.strip_prefix("last-saved#").unwrap_or(name);
        if !is_name(plain) {
            return Err(bad);
        }
        names.push((plain, at));
        at.byte += length(name.len() + 3);
        at.character += length(name.chars().count() + 3);
        rest = next;
    }
    Ok(names)
}

fn length(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Whether a default is an expression: it refers to something, calls a function or computes.
#[must_use]
pub fn is_dynamic(default: &str) -> bool {
    let calls = default.char_indices().any(|(at, c)| {
        c == '(' && default.get(..at).and_then(|before| before.chars().next_back()).is_some_and(|c| c.is_ascii_alphanumeric() || c == '-')
    });
    let computes = [" + ", " - ", " * ", " div ", " mod ", " | "].iter().any(|sign| default.contains(sign));
    default.contains("${") || calls || (computes && spotcheck_expr::Expr::parse(default).is_ok())
}

/// The name of `all` that was probably meant.
pub(super) fn nearest<'a>(name: &str, mut all: impl Iterator<Item = &'a str>) -> Option<String> {
    spotcheck_expr::nearest(name, &mut all).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_found_and_broken_ones_named() {
        let at = |byte, character| Place { byte, character };
        assert_eq!(references("甲 ${b} c ${last-saved#d}${中文}"), Ok(vec![("b", at(4, 2)), ("d", at(11, 9)), ("中文", at(26, 24))]));
        assert_eq!(references("costs $5 {x}"), Ok(vec![]));
        for (text, at) in [("中 ${", 2), ("${ a}", 0), ("${a} ${}", 5), ("${a b}", 0)] {
            assert_eq!(references(text), Err(at), "{text}");
        }
    }

    #[test]
    fn defaults_that_compute_are_expressions() {
        for text in ["${a}", "today()", "1 + 2", "once(uuid())"] {
            assert!(is_dynamic(text), "{text}");
        }
        for text in ["5", "-5", "2026-03-01", "a-b", "合格（已查）", "N/A (none)", "1 2 3 4", "C + D (?)"] {
            assert!(!is_dynamic(text), "{text}");
        }
    }

    #[test]
    fn only_spaces_are_run_together() {
        assert_eq!(single_spaced("a  b   c\n\nd"), "a b c\n\nd");
        assert_eq!(straight("‘a’ “b”"), "'a' \"b\"");
    }
}
