//! What is refused, with the place: the character counted from 0, and for some the byte.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use spotcheck_expr::{Expected, Expr, ExprError, MAX_CHARACTERS, MAX_DEPTH};

#[track_caller]
fn error(text: &str) -> ExprError {
    match Expr::parse(text) {
        Ok(expr) => panic!("{text} was read as {expr}"),
        Err(error) => error,
    }
}

/// The kind of error and the character where it is.
#[track_caller]
fn check(text: &str, code: &str, character: u32) {
    let error = error(text);
    assert_eq!((error.code(), error.place().character), (code, character), "{text}: {error}");
}

#[track_caller]
fn check_found(text: &str, found: &str, expected: Expected) {
    match error(text) {
        ExprError::Unexpected { found: there, expected: wanted, .. } => assert_eq!((there.as_str(), wanted), (found, expected), "{text}"),
        other => panic!("{text}: {other}"),
    }
}

#[test]
fn places() {
    check("", "empty", 0);
    check("  \n ", "empty", 0);
    check("1 +", "unexpected", 3);
    check("1 + )", "unexpected", 4);
    check("(1", "unexpected", 2);
    check("1 2", "unexpected", 2);
    check("* 2", "unexpected", 0);
    check("if(1, 2", "unexpected", 7);
    check("'示例' + ?", "character", 7);
    check("${a", "unclosed_reference", 0);
    check("1 + 'abc", "unclosed_text", 4);
    check("$a", "character", 0);
    check("${a b}", "bad_name", 0);
    check("${}", "bad_name", 0);
    check("${1a}", "bad_name", 0);
    check("'' = ${last-saved#name}", "last_saved", 5);
    check("a::b", "path", 0);
    check("@a", "unexpected", 0);
    check("${a} = ${b} extra", "unexpected", 12);
}

#[test]
fn the_byte_is_counted_too() {
    let place = error("'示例' + ?").place();
    assert_eq!((place.byte, place.character), (11, 7));
}

#[test]
fn what_was_found_and_expected() {
    check_found("1 +", "", Expected::Operand);
    check_found("1 + )", ")", Expected::Operand);
    check_found("(1 2)", "2", Expected::CloseParen);
    check_found("1 'a'", "'a'", Expected::Operator);
    check_found("concat('a' 'b')", "'b'", Expected::CommaOrClose);
    check_found("concat('a',)", ")", Expected::Operand);
    check_found("instance(cities)/root/item", "cities", Expected::ListName);
    check_found("instance('c')/items", "items", Expected::RootItem);
    check_found("instance('c')", "", Expected::RootItem);
    check_found("instance('c')/root/item[1", "", Expected::CloseBracket);
    check_found("instance('c')/root/item/", "", Expected::Name);
    check_found("../", "", Expected::Name);
    check_found("position(1)", "1", Expected::Reference);
    check_found("indexed-repeat('a', ${r}, 1)", "'a'", Expected::Reference);
    check_found("jr:choice-name('a', 'two words')", "'two words'", Expected::Reference);
    check_found("and", "and", Expected::Operand);
    check_found("${a} = 1 and or ${b}", "or", Expected::Operand);
}

#[test]
fn signs_that_only_look_right() {
    #[track_caller]
    fn check(text: &str, sign: &str, meaning: &str) {
        match error(text) {
            ExprError::LookAlike { found, meant, .. } => assert_eq!((found.as_str(), meant), (sign, meaning), "{text}"),
            other => panic!("{text}: {other}"),
        }
    }
    check("${a} == 1", "==", "=");
    check("${a} && ${b}", "&&", "and");
    check("${a} || ${b}", "||", "or");
    check("${a} <> 1", "<>", "!=");
    check("${a} % 2", "%", "mod");
    check("!${a}", "!", "not(…)");
    check("if(1，2, 3)", "，", ",");
    check("（1)", "（", "(");
    check("${a} = “x”", "“", "\"");
    check("${a} ≥ 1", "≥", ">=");
    check("${a} ＝ 1", "＝", "=");
}

#[test]
fn functions() {
    #[track_caller]
    fn check_unknown(text: &str, name: &str, similar: Option<&str>) {
        match error(text) {
            ExprError::UnknownFunction { name: found, nearest, .. } => assert_eq!((found.as_str(), nearest), (name, similar), "{text}"),
            other => panic!("{text}: {other}"),
        }
    }
    check_unknown("1 + slected(., 'a')", "slected", Some("selected"));
    check_unknown("TRUE()", "TRUE", Some("true"));
    check_unknown("count_selected(.)", "count_selected", Some("count-selected"));
    check_unknown("choice-name(., 'a')", "choice-name", Some("jr:choice-name"));
    check_unknown("formatdate(., '%Y')", "formatdate", Some("format-date"));
    check_unknown("frobnicate()", "frobnicate", None);
    check("1 + slected(., 'a')", "unknown_function", 4);
    check("pulldata('a', 'b', 'c', 'd')", "unsupported_function", 0);
    check("digest('a', 'MD5')", "unsupported_function", 0);
}

#[test]
fn numbers_of_arguments() {
    #[track_caller]
    fn check(text: &str, count: usize, least: usize, most: Option<usize>) {
        match error(text) {
            ExprError::Arguments { found, min, max, .. } => assert_eq!((found, min, max), (count, least, most), "{text}"),
            other => panic!("{text}: {other}"),
        }
    }
    check("if(1, 2)", 2, 3, Some(3));
    check("today(1)", 1, 0, Some(0));
    check("selected(.)", 1, 2, Some(2));
    check("round()", 0, 1, Some(2));
    check("substr('a', 1, 2, 3)", 4, 2, Some(3));
    check("concat()", 0, 1, None);
    check("join(',')", 1, 2, None);
    check("weighted-checklist(1, 2, 'a', 1, 'b')", 5, 4, None);
    check("indexed-repeat(${a}, ${r})", 2, 3, Some(7));
    check("indexed-repeat(${a})", 1, 3, Some(7));
    check("indexed-repeat()", 0, 3, Some(7));
    check("indexed-repeat(${a}, ${r}, 1, ${r})", 4, 3, Some(7));
    check("jr:choice-name('a')", 1, 2, Some(2));
    check("jr:choice-name()", 0, 2, Some(2));
}

#[test]
fn what_can_be_known_before_any_value_is() {
    check("sum(1 + 2)", "needs_nodes", 0);
    check("1 + count('a')", "needs_nodes", 4);
    check("regex(., '(')", "regex", 9);
    check("regex(., '(?=a)b')", "regex", 9);
    check("format-date(., '%Q')", "date_code", 15);
    check("format-date(., '%')", "date_code", 15);
}

#[test]
fn paths_and_predicates_that_are_not_supported() {
    check("..", "path", 0);
    check("../..", "path", 0);
    check("/", "unexpected", 1);
    check("1 + group/name", "path", 4);
    check("../*", "path", 0);
    check("${repeat}/name", "path", 0);
    check("current()/name", "path", 0);
    check("${repeat}[1]", "predicate", 9);
    check("/data/repeat[position() = 2]/name", "predicate", 12);
    check("sum(../amount[1])", "predicate", 13);
}

#[test]
fn limits() {
    let long = |count: usize| format!("'{}'", "x".repeat(count - 2));
    assert!(Expr::parse(&long(MAX_CHARACTERS)).is_ok());
    check(&long(MAX_CHARACTERS + 1), "too_long", 0);
    let nested = |count: usize| format!("{}1{}", "(".repeat(count), ")".repeat(count));
    assert!(Expr::parse(&nested(MAX_DEPTH)).is_ok());
    check(&nested(MAX_DEPTH + 1), "too_deep", 65);
    check(&"-".repeat(15_000), "too_deep", 65);
    check(&"not(".repeat(5_000), "too_deep", 260);
    check(&"9".repeat(400), "number", 0);
    let lookup = |inner: &str| format!("instance('l')/root/item[name = {inner}]/col");
    assert!(Expr::parse(&lookup(&lookup("1"))).is_ok());
    check(&lookup(&lookup(&lookup("1"))), "too_deep", 71);
    // Long but flat is no nesting.
    assert!(Expr::parse(&vec!["1"; 4_000].join(" + ")).is_ok());
    assert!(Expr::parse(&vec!["${a} = 1"; 1_500].join(" or ")).is_ok());
}
