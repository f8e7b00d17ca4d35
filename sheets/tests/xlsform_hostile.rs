//! Forms that nobody writes by accident end in clear errors, soon.

mod common;

use std::time::{Duration, Instant};

use spotcheck_sheets::{
    Cell, Row, Sheet, Workbook,
    xlsform::{self, MAX_SHOWN, Reading, Severity},
};

/// Rows below each other, without the text in between.
fn sheet<const N: usize>(name: &str, rows: impl IntoIterator<Item = [String; N]>) -> Sheet {
    let mut sheet = Sheet::new(name);
    for row in rows {
        sheet.push(row);
    }
    sheet
}

fn row<const N: usize>(cells: [&str; N]) -> [String; N] {
    cells.map(str::to_owned)
}

/// Reads the sheets; it must not take long even here, without optimisation.
#[track_caller]
fn read(sheets: Vec<Sheet>) -> Reading {
    let start = Instant::now();
    let reading = xlsform::read(&Workbook { sheets }, "");
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    reading
}

/// The first error, and how many there are.
#[track_caller]
fn check(sheets: Vec<Sheet>, code: &str, place: &str, errors: usize) {
    let reading = read(sheets);
    let shown = reading.diagnostics.shown();
    let first = shown.first().map(|one| (one.problem.code(), one.place.as_ref().map(ToString::to_string).unwrap_or_default()));
    assert_eq!(first, Some((code, place.to_owned())), "{:?}", shown.first());
    assert_eq!(reading.diagnostics.total(Severity::Error), errors, "{:?}", shown.iter().take(5).collect::<Vec<_>>());
    assert!(shown.len() <= 3 * MAX_SHOWN);
}

#[test]
fn ten_thousand_nested_groups() {
    let head = [row(["type", "name", "label"])];
    let groups = (0..10_000)
        .map(|number| [format!("begin_{}", if number % 2 == 0 { "group" } else { "repeat" }), format!("g{number}"), "G".to_owned()]);
    check(vec![sheet("survey", head.into_iter().chain(groups.take(9_999)))], "too_deep", "survey!A34", 1);
}

#[test]
fn groups_as_deep_as_allowed() {
    let head = [row(["type", "name", "label"])];
    let groups = (0..32).map(|number| ["begin_group".to_owned(), format!("g{number}"), "G".to_owned()]);
    let inside = [row(["text", "a", "A"])];
    let ends = (0..32).map(|_| row(["end_group", "", ""]));
    let reading = read(vec![sheet("survey", head.into_iter().chain(groups).chain(inside).chain(ends))]);
    assert!(!reading.diagnostics.has_errors(), "{:?}", reading.diagnostics.shown());
    assert_eq!(reading.form.around(&reading.form.entries[32]).count(), 32);
}

#[test]
fn a_hundred_thousand_choices() {
    let head = [row(["list_name", "name", "label"])];
    let choices = (0..100_000).map(|number| ["all".to_owned(), number.to_string(), "x".to_owned()]);
    let survey = common::sheet("survey", "type|name|label\ntext|a|A");
    check(vec![survey, sheet("choices", head.into_iter().chain(choices))], "too_many", "choices!A20002", 1);
}

#[test]
fn as_many_lists_as_choices() {
    let head = [row(["list_name", "name", "label"])];
    let choices = (0..20_000).map(|number| [format!("list{number}"), "1".to_owned(), "x".to_owned()]);
    let questions = (0..5_000).map(|number| [format!("select_one list{}", 19_999 - number), format!("q{number}"), "Q".to_owned()]);
    let survey = sheet("survey", [row(["type", "name", "label"])].into_iter().chain(questions));
    let reading = read(vec![survey, sheet("choices", head.into_iter().chain(choices))]);
    assert_eq!(reading.diagnostics.total(Severity::Error), 0);
    assert_eq!(reading.diagnostics.total(Severity::Note), 15_000);
}

#[test]
fn more_questions_than_are_read() {
    let rows = (0..20_000).map(|number| ["text".to_owned(), format!("q{number}"), "Q".to_owned()]);
    check(vec![sheet("survey", [row(["type", "name", "label"])].into_iter().chain(rows))], "too_many", "survey!A10002", 1);
}

#[test]
fn a_circle_through_a_thousand_calculations() {
    let rows = (0..1000).map(|number| ["calculate".to_owned(), format!("c{number}"), format!("${{c{}}} + 1", (number + 1) % 1000)]);
    check(vec![sheet("survey", [row(["type", "name", "calculation"])].into_iter().chain(rows))], "cycle", "survey!C2", 1);
}

#[test]
fn a_chain_of_ten_thousand_calculations() {
    let rows = (0..9_999).map(|number| {
        let calculation = if number == 0 { "1".to_owned() } else { format!("${{c{}}} + 1", number - 1) };
        ["calculate".to_owned(), format!("c{number}"), calculation]
    });
    let reading = read(vec![sheet("survey", [row(["type", "name", "calculation"])].into_iter().chain(rows))]);
    assert!(!reading.diagnostics.has_errors(), "{:?}", reading.diagnostics.shown());
}

#[test]
fn an_expression_of_a_megabyte() {
    let long = format!("1{}", " + 1".repeat(250_000));
    let survey = |expression: &str| sheet("survey", [row(["type", "name", "label", "relevant"]), row(["text", "a", "A", expression])]);
    check(vec![survey(&long)], "too_long", "survey!D2", 1);
    check(vec![survey(&"1+".repeat(15_000))], "expression", "survey!D2", 1);
    check(vec![survey(&"(".repeat(15_000))], "expression", "survey!D2", 1);
}

#[test]
fn ten_thousand_errors_are_counted_and_the_first_hundred_shown() {
    let rows = (0..9_999).map(|number| {
        ["text".to_owned(), format!("quite_a_long_name_{number}"), "Q".to_owned(), format!("${{quite_a_lung_nome_{number}}} = 1")]
    });
    let reading = read(vec![sheet("survey", [row(["type", "name", "label", "relevant"])].into_iter().chain(rows))]);
    assert_eq!(reading.diagnostics.total(Severity::Error), 9_999);
    assert_eq!(reading.diagnostics.shown().len(), MAX_SHOWN);
}

#[test]
fn warnings_never_crowd_out_errors() {
    let rows = (0..500).map(|number| ["audio".to_owned(), format!("a{number}"), "A".to_owned()]);
    let last = [row(["txt", "b", "B"])];
    let reading = read(vec![sheet("survey", [row(["type", "name", "label"])].into_iter().chain(rows).chain(last))]);
    assert_eq!(reading.diagnostics.total(Severity::Warning), 500);
    let shown = reading.diagnostics.shown();
    assert_eq!(shown.first().map(|one| one.problem.code()), Some("unknown_type"));
}

#[test]
fn cells_without_value() {
    let mut survey = common::sheet("survey", "type|name|label\ntext|a|A\ntext|b|B");
    survey.rows[1].cells[2] = Cell::Error("#REF!".to_owned());
    survey.rows[2].cells[1] = Cell::Uncomputed("A1&\"x\"".to_owned());
    check(vec![survey], "no_value_in_cell", "survey!C2", 4);
}

#[test]
fn headings_by_the_thousand() {
    let languages: Vec<String> = (0..5_000).map(|number| format!("label::language {number}")).collect();
    let mut survey = Sheet::new("survey");
    survey.push(["type".to_owned(), "name".to_owned()].into_iter().chain(languages));
    survey.push(["text".to_owned(), "a".to_owned()].into_iter().chain((0..5_000).map(|_| "x".to_owned())));
    let reading = read(vec![survey]);
    assert!(!reading.diagnostics.has_errors());
    assert_eq!(reading.form.languages.len(), 5_000);
}

#[test]
fn sheets_of_nothing() {
    check(vec![], "no_survey", "", 1);
    check(vec![Sheet::new("survey")], "no_column", "survey!A1", 1);
    let far = Row { number: 1_000_000, cells: vec!["text".into(), "a".into(), "A".into()] };
    let mut survey = common::sheet("survey", "type|name|label");
    survey.rows.push(far);
    let reading = read(vec![survey]);
    assert!(!reading.diagnostics.has_errors(), "{:?}", reading.diagnostics.shown());
    assert_eq!(reading.form.entries[0].row, 1_000_000);
}
