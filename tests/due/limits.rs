//! Rules with absurd numbers, and dates at the ends of the calendar: no date that can't be written, and no panic.

use chrono::NaiveDate;
use proptest::prelude::*;
use serde_json::{Value, json};
use spotcheck::domain::time::CivilDate;
use spotcheck::rules::due::{Reason, Source};
use spotcheck::rules::{EquipmentFacts, Intervals};

use crate::{CONTENT, day, fields};

/// The numbers that rules count by.
const COUNTS: &[&str] = &["months", "months_min", "days", "from_year", "every_years", "default_years"];

/// The shipped rules with every number of a name, and every list of years, replaced.
fn rules_with(change: &dyn Fn(&str) -> Option<u32>) -> Intervals {
    fn walk(value: &mut Value, change: &dyn Fn(&str) -> Option<u32>) {
        match value {
            Value::Object(map) => {
                for (key, value) in map.iter_mut() {
                    match change(key) {
                        Some(number) if key == "years" && value.get(0).is_some_and(Value::is_number) => *value = json!([number]),
                        Some(number) if value.is_number() => *value = json!(number),
                        _ => walk(value, change),
                    }
                }
            }
            Value::Array(list) => list.iter_mut().for_each(|value| walk(value, change)),
            _ => {}
        }
    }
    let mut content: Value = serde_json::from_str(CONTENT).unwrap();
    walk(&mut content, change);
    Intervals::read(content.to_string().as_bytes()).unwrap()
}

fn first(rules: &Intervals, text: &str, today: &str) -> String {
    crate::line(&rules.due(&EquipmentFacts::read(&fields(text)), day(today))[0])
}

#[test]
fn what_goes_beyond_any_date_is_not_computed() {
    let months = |number: u32| rules_with(&move |key: &str| (key == "months").then_some(number));
    for number in [0, 1_000_000, 1 << 31, u32::MAX] {
        let rules = months(number);
        for text in [
            "type_code=6100 date=2025-06-01",
            "type_code=6100 installed_inspection=2025-06",
            "type_code=5110 installed_inspection=2020-01 date=2025-06-01",
            "kind=instrument instrument_kind=scale verified_on=2025-06-01",
            "type_code=2130 date=2023-06-15 safety_grade=3",
        ] {
            assert!(first(&rules, text, "2026-11-24").contains("out-of-range"), "{text} {number}: {}", first(&rules, text, "2026-11-24"));
        }
        // What is printed still counts.
        let printed = first(&rules, "type_code=6100 date=2025-06-01 printed_next=2026-12", "2026-11-24");
        assert_eq!(printed, "periodic 2026-12 apply printed", "{number}");
    }
    // The last month that can be written, and the one after it.
    assert_eq!(first(&months(24), "type_code=6100 date=2997-12-31", "2997-12-31"), "periodic 2999-12 fine ?");
    assert_eq!(first(&months(25), "type_code=6100 date=2997-12-31", "2997-12-31"), "periodic out-of-range");
    let years = rules_with(&|key: &str| (key == "years").then_some(u32::MAX));
    let lift = "type_code=3110 installed_inspection=2018-06 self_test.date=2024-06-01";
    let tests = years.due(&EquipmentFacts::read(&fields(lift)), day("2026-11-24"));
    assert!(tests.iter().any(|due| due.source == Source::NotComputable(Reason::OutOfRange)));
    assert!(Reason::OutOfRange.say().zh.contains("无法推算"));
}

#[test]
fn a_design_life_beyond_any_date_is_not_known() {
    let rules = rules_with(&|key: &str| (key == "default_years").then_some(u32::MAX));
    let facts = EquipmentFacts::read(&fields("type_code=2170 commissioned_on=2006-11-24"));
    assert_eq!(rules.over_design_life(&facts, day("2026-11-24")), None);
}

fn any_number() -> impl Strategy<Value = u32> {
    prop_oneof![0..40_u32, any::<u32>(), Just(u32::MAX), Just(i32::MAX.unsigned_abs()), Just(i32::MAX.unsigned_abs() / 12)]
}

fn any_date() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("1900-01-01".to_owned()),
        Just("2999-12-31".to_owned()),
        Just("2999-12".to_owned()),
        "(19|20|29)[0-9][0-9]-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])"
    ]
}

fn any_today() -> impl Strategy<Value = CivilDate> {
    prop_oneof![
        Just(CivilDate(NaiveDate::MIN)),
        Just(CivilDate(NaiveDate::MAX)),
        any_date().prop_map(|text| day(text.get(..10).unwrap_or("2026-11-24"))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn absurd_rules_and_dates_give_no_date_that_cannot_be_written(
        numbers in prop::collection::vec(prop::option::of(any_number()), COUNTS.len() + 1),
        kind in prop::sample::select(&["1100", "2130", "3110", "4310", "5110", "6100", "9110", "8210"][..]),
        dates in prop::collection::vec(any_date(), 6),
        today in any_today(),
        status in prop::sample::select(&["in_use", "stopped"][..]),
    ) {
        let rules = rules_with(&|key: &str| {
            let place = COUNTS.iter().position(|count| *count == key).or((key == "years").then_some(COUNTS.len()))?;
            numbers[place]
        });
        let text = format!(
            "type_code={kind} safety_grade=3 pipe_class=GB2 status={status} installed_inspection={} commissioned_on={} date={} external.date={} stopped_since={} major_repair_on={}",
            dates[0], dates[1], dates[2], dates[3], dates[4], dates[5],
        );
        let facts = EquipmentFacts::read(&fields(&text));
        for due in rules.due(&facts, today) {
            for when in due.due.into_iter().chain(due.by_rule) {
                prop_assert!(when.last_day() <= day("2999-12-31"), "{when} of {text}");
                prop_assert!(when.to_string().len() <= 10);
            }
            prop_assert_eq!(due.due.is_none(), matches!(due.source, Source::NotComputable(_)));
            prop_assert!(due.explain().iter().all(|said| !said.zh.is_empty() && !said.en.is_empty()));
        }
        let _ = (rules.derived(&facts, today), rules.over_design_life(&facts, today));
    }
}
