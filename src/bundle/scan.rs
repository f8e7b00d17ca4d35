//! Looks at a line before the JSON parser does: depth, sizes, numbers. Not recursive.
//!
//! It is no parser: what it lets through may still be no JSON, and the parser behind it says so.

use std::ops::Range;

use super::error::{Limited, Problem};
use super::limits::{self, Limits};

/// Depth beyond which not even a caller's own limits go.
const DEPTH_CEILING: usize = 100;

/// Checks a line against the limits.
///
/// With `exempt`, the text value of that field of the outermost object may be as long as the line, and its place is returned.
pub(super) fn scan(line: &[u8], limits: &Limits, exempt: Option<&[u8]>) -> Result<Option<Range<usize>>, Problem> {
    let max_depth = limits.depth.min(DEPTH_CEILING);
    let mut depth = 0_usize;
    let mut values = 0_usize;
    let mut exempt_next = false;
    let mut found = None;
    let mut at = 0;
    while let Some(byte) = line.get(at) {
        let mut next = at + 1;
        match byte {
            b'{' | b'[' => {
                depth += 1;
                values += 1;
                exempt_next = false;
                if depth > max_depth {
                    return Err(Problem::limit(Limited::Depth, max_depth));
                }
            }
            b'}' | b']' => depth = depth.checked_sub(1).ok_or(Problem::Json { column: next })?,
            b'"' => {
                let content = text_at(line, next)?;
                next = content.end + 1;
                let is_name = line.get(next) == Some(&b':');
                values += usize::from(!is_name);
                let is_exempt = exempt_next && !is_name;
                exempt_next =
                    is_name && depth == 1 && found.is_none() && exempt.is_some_and(|name| line.get(content.clone()) == Some(name));
                if is_exempt {
                    found = Some(content);
                } else if content.len() > limits.string_bytes {
                    return Err(Problem::limit(Limited::StringBytes, limits.string_bytes));
                }
            }
            b'-' | b'0'..=b'9' => {
                next = number_end(line, at);
                values += 1;
                exempt_next = false;
                check_number(line.get(at..next).unwrap_or_default())?;
            }
            b't' | b'f' | b'n' => {
                values += 1;
                exempt_next = false;
                next = at + line.iter().skip(at).take_while(|byte| byte.is_ascii_lowercase()).count();
            }
            _ => {}
        }
        if values > limits.values {
            return Err(Problem::limit(Limited::Values, limits.values));
        }
        at = next;
    }
    Ok(found)
}

/// The content of the text that begins at `start`, without its quotes.
fn text_at(line: &[u8], start: usize) -> Result<Range<usize>, Problem> {
    let mut bytes = line.iter().enumerate().skip(start);
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => return Ok(start..at),
            b'\\' => {
                bytes.next();
            }
            _ => {}
        }
    }
    Err(Problem::Json { column: start })
}

fn number_end(line: &[u8], start: usize) -> usize {
    let is_part = |byte: &&u8| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E');
    start + line.iter().skip(start).take_while(is_part).count()
}

fn check_number(token: &[u8]) -> Result<(), Problem> {
    // The longest canonical number has 25 characters; longer ones are not worth the time to read them.
    if token.len() > 32 {
        return Err(Problem::Number);
    }
    let number: Option<f64> = std::str::from_utf8(token).ok().and_then(|text| text.parse().ok());
    match number {
        Some(number) if number.abs() > limits::NUMBER => Err(Problem::Number),
        // What is no number is the parser's to refuse.
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: Result<Option<Range<usize>>, &str>) {
        let limits = Limits { depth: 3, string_bytes: 4, values: 6, ..Limits::default() };
        let found = scan(line.as_bytes(), &limits, Some(b"data"));
        assert_eq!(found.as_ref().map_err(Problem::code), expected.as_ref().map_err(|code| *code), "{line}");
    }

    #[test]
    fn holds_a_line_to_each_limit() {
        check("[[[]]]", Ok(None));
        check("[[[[]]]]", Err("limit_depth"));
        check(r#"["abcd"]"#, Ok(None));
        check(r#"["abcde"]"#, Err("limit_string_bytes"));
        check(r#"{"abcde":1}"#, Err("limit_string_bytes"));
        check("[1,2,3,4,5]", Ok(None));
        check("[1,2,3,4,5,6]", Err("limit_values"));
        check("[true,null,false,1,2,3]", Err("limit_values"));
        check("[9007199254740992,-9007199254740992]", Ok(None));
        for number in ["9007199254740994", "1e999", "-1e300", "18446744073709551616", "100000000000000000000000000000000000"] {
            check(&format!("[{number}]"), Err("number"));
        }
    }

    #[test]
    fn exempts_one_text_of_the_outermost_object() {
        check(r#"{"data":"long enough"}"#, Ok(Some(9..20)));
        check(r#"{"data":1,"x":"long enough"}"#, Err("limit_string_bytes"));
        check(r#"{"a":{"data":"long enough"}}"#, Err("limit_string_bytes"));
        check(r#"{"data":"long enough","data":"long enough"}"#, Err("limit_string_bytes"));
        check(r#"{"data":["long enough"]}"#, Err("limit_string_bytes"));
    }

    #[test]
    fn survives_what_is_no_json() {
        for line in ["", "}", "\"", "\"\\", "\"\\\"", "-", "{\"data\":\"", "tru", "]]]]", "\u{0}"] {
            let _ = scan(line.as_bytes(), &Limits::default(), Some(b"data"));
        }
    }

    #[test]
    fn a_hundred_thousand_levels_cost_nothing() {
        let line = "[".repeat(100_000);
        assert_eq!(scan(line.as_bytes(), &Limits::default(), None), Err(Problem::limit(Limited::Depth, 64)));
    }
}
