//! What holds for all dates, and for the content.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};
use spotcheck::domain::time::CivilDate;
use spotcheck::rules::due::Source;
use spotcheck::rules::{EquipmentFacts, Intervals, Month, RuleError};

use crate::{CONTENT, RULES, day, fields};

/// Facts that make every rule computable, but for dates.
const TYPES: &[&str] = &[
    "type_code=1100",
    "type_code=2170 safety_grade=1",
    "type_code=2170 safety_grade=3",
    "type_code=2170 vessel_material=nonmetal safety_grade=2",
    "type_code=2220 safety_grade=3",
    "type_code=2210 safety_grade=1",
    "type_code=2240 safety_grade=3",
    "type_code=2230 medium_group=A",
    "type_code=2410",
    "type_code=2310 gas_class=inert",
    "type_code=8310 pipe_class=GC1 safety_grade=2",
    "type_code=8210 pipe_class=GB1-IV",
    "type_code=8110",
    "type_code=3110",
    "type_code=4310",
    "type_code=4110 molten_metal=false",
    "type_code=4D10",
    "type_code=5110",
    "type_code=6100",
    "type_code=9110",
];

fn any_type() -> impl Strategy<Value = &'static str> {
    prop::sample::select(TYPES)
}

fn month(number: i32) -> Month {
    Month::new(2005, 1).plus(number)
}

/// The dates by the rule of a piece whose base and last dates are these.
fn by_rule(kind: &str, base: Month, last: Option<CivilDate>, today: CivilDate) -> Vec<Option<CivilDate>> {
    let mut text = format!("{kind} installed_inspection={base} commissioned_on={} made_on={}", base.first_day(), base.first_day());
    if let Some(last) = last {
        for id in ["periodic", "external", "internal", "annual_check", "self_test", "full"] {
            text.push_str(&format!(" {id}.date={last}"));
        }
    }
    RULES.due(&EquipmentFacts::read(&fields(&text)), today).iter().map(|due| due.by_rule.map(|when| when.last_day())).collect()
}

proptest! {
    #[test]
    fn never_before_the_base_or_the_last(kind in any_type(), base in 0..240, since in 0..200_u64, today in 0..9000_u64) {
        let (base, today) = (month(base), day("2005-01-01").plus_days(today));
        let last = base.first_day().plus_days(since * 11);
        for due in by_rule(kind, base, Some(last), today).into_iter().flatten() {
            prop_assert!(due > base.last_day(), "{kind} {base} {due}");
            prop_assert!(due > last, "{kind} {base} {last} {due}");
        }
        for due in by_rule(kind, base, None, today).into_iter().flatten() {
            prop_assert!(due > base.last_day(), "{kind} {base} {due}");
        }
    }

    #[test]
    fn a_later_base_or_inspection_never_makes_it_due_earlier(kind in any_type(), base in 0..240, later in 0..60_i32, since in 0..200_u64) {
        // Before anything is done, on the day on which use begins...
        let (first, second) = (month(base), month(base + later));
        let pairs = by_rule(kind, first, None, first.first_day()).into_iter().zip(by_rule(kind, second, None, first.first_day()));
        // (the rules of the day count, so it is the same day for both)
        for (early, late) in pairs {
            prop_assert!(early <= late, "{kind} {first} {second}");
        }
        // ...and after the last time.
        let last = first.first_day().plus_days(since * 11);
        let today = day("2026-11-24");
        let pairs = by_rule(kind, first, Some(last), today).into_iter().zip(by_rule(kind, first, Some(last.plus_days(u64::from(later.unsigned_abs()) * 9)), today));
        for (early, late) in pairs {
            prop_assert!(early <= late || late.is_none(), "{kind} {first} {last}: {early:?} {late:?}");
        }
    }

    #[test]
    fn elevator_years_never_leave_a_gap_of_more_than_three(base in 0..240, inspected in 0_i32..40) {
        // Inspected in time, the next inspection is at most three years away and one year after the fifteenth.
        let base = month(base);
        let last = base.plus(inspected * 12).first_day();
        let due = by_rule("type_code=3110", base, Some(last), day("2026-11-24"))[0].unwrap();
        let months = Month::of(due).since(Month::of(last));
        prop_assert!((12..=36).contains(&months) && months % 12 == 0, "{months}");
        prop_assert!(inspected < 15 || months == 12);
    }

    #[test]
    fn always_explains_itself(kind in any_type(), base in 0..300, printed in prop::option::of(0..400), today in 0..9000_u64, grade in 0..7) {
        let text = format!("{kind} installed_inspection={} safety_grade={grade} {}", month(base),
            printed.map_or(String::new(), |printed| format!("printed_next={}", month(printed))));
        for due in RULES.due(&EquipmentFacts::read(&fields(&text)), day("2005-01-01").plus_days(today)) {
            let said = due.explain();
            prop_assert!(said.len() >= 2 && said.iter().all(|said| !said.zh.is_empty() && !said.en.is_empty()));
            prop_assert_eq!(due.due.is_none(), matches!(due.source, Source::NotComputable(_)));
            prop_assert_eq!(due.due.is_none(), due.state.is_none());
            prop_assert!(due.source != Source::Computed || !due.basis().is_empty());
        }
    }

    #[test]
    fn no_record_does_harm(entries in prop::collection::btree_map("[a-z_]{1,12}|inspections/[a-z]{1,8}/(date|next|conclusion)|type_code|printed_next|stopped_since|restarted_on|installed_inspection|status", "[0-9]{4}-[0-9]{2}|[0-9]{4}|stopped|.{0,12}", 0..12)) {
        let fields = entries.into_iter().map(|(path, text)| (path, Value::String(text))).collect();
        let facts = EquipmentFacts::read(&fields);
        for today in ["1900-01-01", "2026-11-24", "2999-12-31"] {
            for due in RULES.due(&facts, day(today)) {
                let _ = (due.explain(), due.basis());
            }
            let _ = RULES.derived(&facts, day(today));
        }
    }

    #[test]
    fn reads_any_text_without_harm(text in ".{0,200}") {
        let _ = Intervals::read(text.as_bytes());
    }
}

fn visit(value: &Value, found: &mut impl FnMut(&serde_json::Map<String, Value>)) {
    match value {
        Value::Object(map) => {
            found(map);
            map.values().for_each(|value| visit(value, found));
        }
        Value::Array(list) => list.iter().for_each(|value| visit(value, found)),
        _ => {}
    }
}

#[test]
fn content_fits_its_schema_and_knows_its_basis() {
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    compiler
        .add_resource("schema.json", serde_json::from_str(include_str!("../../public/content/schema/intervals.schema.json")).unwrap())
        .unwrap();
    let index = compiler.compile("schema.json", &mut schemas).unwrap();
    let content: Value = serde_json::from_str(CONTENT).unwrap();
    if let Err(error) = schemas.validate(&content, index) {
        panic!("{error}");
    }
    let basis: Value = serde_json::from_str(include_str!("../../public/content/basis.json")).unwrap();
    let known: BTreeSet<&str> = basis["basis"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    visit(&content, &mut |map| {
        if let Some(basis) = map.get("ref") {
            assert!(known.contains(basis.as_str().unwrap()), "{basis}");
        }
        // What is of our own making has no article; that only what was read is called verified is a rule of all content.
        if map.get("verified") == Some(&json!(true)) {
            let refs = map["basis"].as_array().unwrap();
            assert!(!refs.is_empty() || map.get("origin") == Some(&json!("own")), "{map:?}");
        }
    });
}

#[test]
fn versions_of_a_rule_follow_one_another() {
    for rule in &RULES.rules {
        let mut versions: Vec<_> = rule.versions.iter().map(|version| version.in_force).collect();
        versions.sort_by_key(|version| version.from);
        for pair in versions.windows(2) {
            assert_eq!(pair[0].to.map(|to| to.plus_days(1)), pair[1].from, "{}", rule.id);
        }
        assert_eq!(versions.last().unwrap().to, None, "{}", rule.id);
        for version in &rule.versions {
            let ids: Vec<&str> = version.obligations.iter().map(|one| one.id.as_str()).collect();
            for one in version.obligations.iter().flat_map(|one| &one.replaced_by) {
                assert!(ids.contains(&one.as_str()), "{}: {one}", rule.id);
            }
        }
    }
}

#[test]
fn says_where_a_file_is_wrong() {
    let spoiled = |pointer: &str, value: Value| {
        let mut content: Value = serde_json::from_str(CONTENT).unwrap();
        *content.pointer_mut(pointer).unwrap() = value;
        Intervals::read(content.to_string().as_bytes()).map(|_| ())
    };
    let place = |place: &str| place.to_owned();
    assert_eq!(spoiled("/schema", json!("rules/intervals/9")), Err(RuleError::Schema { found: place("rules/intervals/9") }));
    assert_eq!(spoiled("/rules/0/versions", json!([])), Err(RuleError::Empty { place: place("rules[0].versions") }));
    assert_eq!(spoiled("/rules/1/id", json!("boiler")), Err(RuleError::Double { place: place("rules[1].id"), name: place("boiler") }));
    assert_eq!(spoiled("/rules/0/versions/0/obligations", json!([])), Err(RuleError::Empty { place: place("rules[0].versions[0]") }));
    let alias = "rules[0].versions[0].obligations[0].also_recorded_as";
    for name in ["internal", "external"] {
        let wrong = Err(RuleError::Double { place: place(alias), name: place(name) });
        assert_eq!(spoiled("/rules/0/versions/0/obligations/0/also_recorded_as", json!([name])), wrong);
    }
    assert_eq!(
        spoiled("/rules/0/versions/0/obligations/0/also_recorded_as", json!(["periodic", "periodic"])),
        Err(RuleError::Double { place: place(alias), name: place("periodic") })
    );
    assert!(matches!(spoiled("/warn/days", json!("60")), Err(RuleError::Json { .. })));
}

#[test]
fn a_rule_that_was_not_in_force_yet_shows_only_what_is_printed() {
    let mut content: Value = serde_json::from_str(CONTENT).unwrap();
    let rules = content["rules"].as_array_mut().unwrap();
    let vehicle = rules.iter_mut().find(|rule| rule["id"] == "in-plant-vehicle").unwrap();
    vehicle["versions"][0]["effective_from"] = json!("2022-12-01");
    let rules = Intervals::read(content.to_string().as_bytes()).unwrap();
    let lines = |text: &str| -> Vec<String> {
        rules.due(&EquipmentFacts::read(&fields(text)), day("2022-11-30")).iter().map(crate::line).collect()
    };
    assert_eq!(lines("type_code=5110 date=2021-12-01"), ["periodic not-in-force"]);
    assert_eq!(lines("type_code=5110 date=2021-12-01 printed_next=2023-12"), ["periodic 2023-12 fine printed"]);
}
