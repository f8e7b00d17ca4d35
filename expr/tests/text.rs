//! Printing, references and renaming.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

mod common;

use proptest::prelude::*;
use spotcheck_expr::{Expr, How, Reference};

#[track_caller]
fn check_printed(text: &str, printed: &str) {
    let expr = Expr::parse(text).unwrap();
    assert_eq!(expr.to_string(), printed);
    assert_eq!(Expr::parse(printed).unwrap(), expr);
}

#[test]
fn the_canonical_text() {
    check_printed("1+2*3", "1 + 2 * 3");
    check_printed("(1+2)*3", "(1 + 2) * 3");
    check_printed("((1))", "1");
    check_printed("(1 + 2) + 3", "(1 + 2) + 3");
    check_printed("1 - (2 - 3)", "1 - (2 - 3)");
    check_printed("${ a }='x'or not( ${b}>=1 )", "${a} = 'x' or not(${b} >= 1)");
    check_printed("-(1 + 2)", "-(1 + 2)");
    check_printed("-${a}|${b}", "-${a} | ${b}");
    check_printed("- -1", "--1");
    check_printed("(-1) * 2", "-1 * 2");
    check_printed("\"x\"", "'x'");
    check_printed("\"it's\"", "\"it's\"");
    check_printed("1.0", "1");
    check_printed("0.000001", "0.000001");
    check_printed("/data/g/a", "${a}");
    check_printed("../a", "${a}");
    check_printed("../../g/a", "../../g/a");
    check_printed("current()/../a", "${a}");
    check_printed("current()", ".");
    check_printed("position( ../.. )", "position(../..)");
    check_printed("jr:choice-name(${a},\"/data/b\")", "jr:choice-name(${a}, '${b}')");
    check_printed("instance(\"l\")/root/item[ a=${b} ][2]/c", "instance('l')/root/item[a = ${b}][2]/c");
    check_printed("indexed-repeat( /data/r/a , ../r, 1 )", "indexed-repeat(${a}, ${r}, 1)");
    check_printed("regex(., \"[a']\")", "regex(., \"[a']\")");
    check_printed("a and b or c = d", "a and b or c = d");
    check_printed("today ( )", "today()");
}

#[test]
fn references() {
    let expr = Expr::parse(
        "${a} + ${b} + ${a} + indexed-repeat(${c}, ${r}, 1) + sum(../../s/d) + jr:choice-name(${e}, '${f}') + instance('l')/root/item[x = ${g}]/y + z",
    )
    .unwrap();
    let names: Vec<String> = expr.references().iter().map(|reference| format!("{}:{:?}", reference.name, reference.how)).collect();
    assert_eq!(names, ["a:Value", "b:Value", "c:Indexed([\"r\"])", "r:Instances", "d:Path(2, [\"s\"])", "e:Value", "f:Label", "g:Value"]);
    assert!(expr.references().iter().any(|reference| reference.how == How::Label && reference.at.character > 80));
    assert_eq!(expr.references()[1].at.character, 7);
    assert_eq!(expr.lists().collect::<Vec<_>>(), ["l"]);
    assert_eq!(expr.columns().collect::<Vec<_>>(), ["z"]);
}

#[test]
fn uses() {
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let uses = Expr::parse(text).unwrap().uses();
        let all = [
            (uses.today, "today"),
            (uses.now, "now"),
            (uses.random, "random"),
            (uses.position, "position"),
            (uses.current, "current"),
            (uses.once, "once"),
        ];
        let used: Vec<&str> = all.iter().filter(|(used, _)| *used).map(|(_, name)| *name).collect();
        assert_eq!(used.join(" "), expected, "{text}");
    }
    check("1 + ${a}", "");
    check("if(true(), 1, today())", "today");
    check("now()", "now");
    check("once(uuid())", "random current once");
    check("position(..)", "position");
    check("index()", "position");
    check(". > 1", "current");
    check("string-length() > 1", "current");
    check("string-length('a') > 1", "");
    check("current()/.", "current");
}

#[test]
fn renaming() {
    #[track_caller]
    fn check(text: &str, renamed: &str) {
        let expr = Expr::parse(text).unwrap().rename(&|name| format!("x_{name}")).unwrap();
        assert_eq!(expr.to_string(), renamed);
    }
    check("${a} + ../b", "${x_a} + ${x_b}");
    check("sum(../../r/a)", "sum(../../x_r/x_a)");
    check("jr:choice-name(${a}, '${b}')", "jr:choice-name(${x_a}, '${x_b}')");
    check("indexed-repeat(${a}, ${r}, ${i})", "indexed-repeat(${x_a}, ${x_r}, ${x_i})");
    check("position(${r})", "position(${x_r})");
    check("instance('l')/root/item[c = ${a}]/d = '${a}'", "instance('l')/root/item[c = ${x_a}]/d = '${a}'");
    assert!(Expr::parse("${a}").unwrap().rename(&|_| "two words".to_owned()).is_err());
}

/// Pieces of the language, so that many random sequences get far into the parser.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "1",
        "2.5",
        "'a'",
        "\"b\"",
        "${five}",
        "${amounts}",
        "${empty}",
        ".",
        "..",
        "/",
        "//",
        "(",
        ")",
        "[",
        "]",
        ",",
        "+",
        "-",
        "*",
        " div ",
        " mod ",
        "|",
        "=",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        " and ",
        " or ",
        "if(",
        "concat(",
        "sum(",
        "not(",
        "position(",
        "index()",
        "today()",
        "instance('l')/root/item",
        "jr:choice-name(",
        "indexed-repeat(",
        "current()",
        "name",
        "data",
        "regex(",
        "'[0-9]+'",
        "format-date(",
        "'%Y'",
        "${",
        "}",
        "'",
        "示",
        "\u{301}",
        "：",
        "count(",
        "selected(",
        "round(",
        "substr(",
        "once(",
        "weighted-checklist(",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// Expressions that are right by construction.
fn expressions() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("${five}".to_owned()),
        Just("${amounts}".to_owned()),
        Just("${empty}".to_owned()),
        Just(".".to_owned()),
        Just("today()".to_owned()),
        Just("../../g/five".to_owned()),
        Just("position(..)".to_owned()),
        (0u32..1000).prop_map(|n| n.to_string()),
        (0.0f64..1e6).prop_map(|n| n.to_string()),
        "'[a-z \"示]{0,4}'",
    ];
    leaf.prop_recursive(5, 40, 4, |inner| {
        let operator = prop::sample::select(vec!["or", "and", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod"]);
        prop_oneof![
            (inner.clone(), operator, inner.clone(), any::<bool>()).prop_map(|(a, op, b, brackets)| if brackets {
                format!("({a}) {op} ({b})")
            } else {
                format!("{a} {op} {b}")
            }),
            inner.clone().prop_map(|a| format!("-({a})")),
            (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| format!("if({a}, {b}, {c})")),
            prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| format!("concat({})", parts.join(","))),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("selected({a},{b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("substr({a}, {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("format-date({a}, {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("round({a}, {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("regex({a}, concat('', {b}))")),
            inner.clone().prop_map(|a| format!("date({a})")),
            inner.clone().prop_map(|a| format!("instance('l')/root/item[name = {a}]/label")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("indexed-repeat(${{a}}, ${{r}}, {a}, ${{s}}, {b})")),
        ]
    })
}

/// Reading never panics; what is read evaluates without panic and survives printing.
fn survives(text: &str) -> Result<bool, TestCaseError> {
    let Ok(expr) = Expr::parse(text) else { return Ok(false) };
    let printed = expr.to_string();
    let again = Expr::parse(&printed);
    prop_assert_eq!(again.as_ref(), Ok(&expr), "{} printed as {}", text, printed);
    let renamed = expr.rename(&|name| name.to_owned());
    prop_assert_eq!(renamed.as_ref(), Ok(&expr));
    let known = |reference: &Reference| match reference.how {
        How::Value | How::Path(..) => ["five", "amounts", "empty"].contains(&&*reference.name),
        How::Indexed(_) | How::Instances | How::Label => true,
    };
    if expr.references().iter().all(known) {
        let _ = expr.evaluate(&common::World);
    }
    Ok(true)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_refused(text in ".{0,60}") {
        survives(&text)?;
    }

    #[test]
    fn any_sequence_of_pieces_is_read_or_refused(text in pieces()) {
        survives(&text)?;
    }

    #[test]
    fn right_expressions_are_read(text in expressions()) {
        prop_assert!(survives(&text)?, "{}", text);
    }

    #[test]
    fn errors_point_into_the_text(text in pieces()) {
        if let Err(error) = Expr::parse(&text) {
            let place = error.place();
            let before = text.chars().take(place.character as usize).map(char::len_utf8).sum::<usize>();
            prop_assert_eq!(before, place.byte as usize);
        }
    }
}
