//! Working days and periods: the notices of 2024 to 2026, worked examples, and what holds for all dates.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests say what they expect")]

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};
use spotcheck::domain::content::Lang;
use spotcheck::domain::time::{CivilDate, Instant};
use spotcheck::rules::calendar::{Merged, Part, WorkingDay};
use spotcheck::rules::clock::NoDeadline;
use spotcheck::rules::{Calendar, Campaigns, Clocks, RuleError};

const HOLIDAYS: &str = include_str!("../public/content/rules/holidays.json");
const CLOCKS: &str = include_str!("../public/content/rules/clocks.json");
const CAMPAIGNS: &str = include_str!("../public/content/rules/campaigns.json");
const BASIS: &str = include_str!("../public/content/basis.json");

fn day(text: &str) -> CivilDate {
    CivilDate::parse(text).unwrap_or_else(|| panic!("{text} is no date"))
}

fn calendar() -> Calendar {
    Calendar::read(HOLIDAYS.as_bytes()).unwrap()
}

/// Days off on which people would otherwise work, and make-up days, as the notices give them. Written apart from the
/// content file, by the month: `off` may include weekends.
const NOTICES: &[(&str, &[&str], &[&str])] = &[
    (
        "2024",
        &["01-01", "02-10..02-17", "04-04..04-06", "05-01..05-05", "06-10", "09-15..09-17", "10-01..10-07"],
        &["02-04", "02-18", "04-07", "04-28", "05-11", "09-14", "09-29", "10-12"],
    ),
    (
        "2025",
        &["01-01", "01-28..02-04", "04-04..04-06", "05-01..05-05", "05-31..06-02", "10-01..10-08"],
        &["01-26", "02-08", "04-27", "09-28", "10-11"],
    ),
    (
        "2026",
        &["01-01..01-03", "02-15..02-23", "04-04..04-06", "05-01..05-05", "06-19..06-21", "09-25..09-27", "10-01..10-07"],
        &["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
    ),
];

#[test]
fn knows_every_day_of_2024_to_2026() {
    use chrono::Datelike as _;
    let calendar = calendar();
    for (year, off, work) in NOTICES {
        let date = |text: &str| day(&format!("{year}-{text}"));
        let mut rests = BTreeSet::new();
        for period in *off {
            let (from, to) = period.split_once("..").unwrap_or((period, period));
            let mut one = date(from);
            while one <= date(to) {
                rests.insert(one);
                one = one.plus_days(1);
            }
        }
        let make_up: BTreeSet<CivilDate> = work.iter().map(|text| date(text)).collect();
        let mut one = date("01-01");
        while one <= date("12-31") {
            let weekend = one.0.weekday().number_from_monday() > 5;
            let working = make_up.contains(&one) || (!weekend && !rests.contains(&one));
            assert_eq!(calendar.is_working_day(one).working, working, "{one}");
            one = one.plus_days(1);
        }
        assert!(make_up.iter().all(|day| day.0.weekday().number_from_monday() > 5), "a make-up day is a weekend, {year}");
    }
    // 全国年节及纪念日放假办法 and the notices give these numbers of working days.
    for (year, days) in [("2024", 251), ("2025", 248), ("2026", 248)] {
        let before = day(&format!("{}-12-31", year.parse::<i32>().unwrap() - 1));
        assert_eq!(calendar.working_days_between(before, day(&format!("{year}-12-31"))), days, "{year}");
    }
}

#[test]
fn says_what_it_does_not_know() {
    let calendar = calendar();
    for (text, working, known) in [
        ("2026-11-24", true, true),
        ("2026-12-24", true, true),
        // The notice of 2027 may still change the last days of 2026.
        ("2026-12-25", true, false),
        ("2026-12-27", false, false),
        ("2025-12-31", true, true),
        ("2027-01-01", true, false),
        ("2027-01-02", false, false),
        ("2023-12-29", true, false),
    ] {
        assert_eq!(calendar.is_working_day(day(text)), WorkingDay { working, known }, "{text}");
    }
}

#[track_caller]
fn working_days(start: &str, count: u32, end: &str, estimated: bool) {
    let deadline = calendar().add_working_days(day(start), count);
    assert_eq!((deadline.date.to_string().as_str(), deadline.estimated), (end, estimated), "{start} + {count}: {:?}", deadline.parts);
}

#[test]
fn adds_working_days() {
    // Worked examples.
    working_days("2026-09-28", 7, "2026-10-13", false);
    working_days("2026-02-10", 7, "2026-02-26", false);
    working_days("2026-04-29", 15, "2026-05-22", false);
    // Around every holiday: one working day from the last day of work before it, and from its last day off.
    working_days("2023-12-29", 1, "2024-01-02", true); // 2023 has no notice here
    working_days("2024-02-09", 1, "2024-02-18", false);
    working_days("2024-02-02", 1, "2024-02-04", false);
    working_days("2024-02-17", 6, "2024-02-23", false);
    working_days("2024-04-03", 1, "2024-04-07", false);
    working_days("2024-04-26", 1, "2024-04-28", false);
    working_days("2024-04-30", 1, "2024-05-06", false);
    working_days("2024-05-10", 1, "2024-05-11", false);
    working_days("2024-06-07", 1, "2024-06-11", false);
    working_days("2024-09-13", 1, "2024-09-14", false);
    working_days("2024-09-14", 1, "2024-09-18", false);
    working_days("2024-09-27", 1, "2024-09-29", false);
    working_days("2024-09-30", 1, "2024-10-08", false);
    working_days("2024-10-11", 1, "2024-10-12", false);
    working_days("2024-12-31", 1, "2025-01-02", false);
    working_days("2025-01-24", 1, "2025-01-26", false);
    working_days("2025-01-27", 1, "2025-02-05", false);
    working_days("2025-02-07", 1, "2025-02-08", false);
    working_days("2025-04-03", 1, "2025-04-07", false);
    working_days("2025-04-25", 1, "2025-04-27", false);
    working_days("2025-04-30", 1, "2025-05-06", false);
    working_days("2025-05-30", 1, "2025-06-03", false);
    working_days("2025-09-26", 1, "2025-09-28", false);
    working_days("2025-09-30", 1, "2025-10-09", false);
    working_days("2025-10-10", 1, "2025-10-11", false);
    working_days("2025-12-31", 1, "2026-01-04", false);
    working_days("2026-02-13", 1, "2026-02-14", false);
    working_days("2026-02-14", 1, "2026-02-24", false);
    working_days("2026-02-27", 1, "2026-02-28", false);
    working_days("2026-04-03", 1, "2026-04-07", false);
    working_days("2026-04-30", 1, "2026-05-06", false);
    working_days("2026-05-08", 1, "2026-05-09", false);
    working_days("2026-06-18", 1, "2026-06-22", false);
    working_days("2026-09-18", 1, "2026-09-20", false);
    working_days("2026-09-24", 1, "2026-09-28", false);
    working_days("2026-09-30", 1, "2026-10-08", false);
    working_days("2026-10-09", 1, "2026-10-10", false);
    // No notice of 2027 yet; none is needed for 0 days.
    working_days("2026-12-21", 3, "2026-12-24", false);
    working_days("2026-12-21", 4, "2026-12-25", true);
    working_days("2026-12-30", 2, "2027-01-01", true);
    working_days("2026-02-14", 0, "2026-02-14", false);
}

#[test]
fn moves_the_end_of_calendar_days_off_days_off() {
    let calendar = calendar();
    for (start, count, plain, rolled) in [
        ("2026-08-03", 60, "2026-10-02", "2026-10-08"),
        ("2026-01-01", 1, "2026-01-02", "2026-01-04"),
        ("2026-01-15", 30, "2026-02-14", "2026-02-14"), // a make-up Saturday
        ("2026-11-05", 15, "2026-11-20", "2026-11-20"),
        ("2026-11-06", 15, "2026-11-21", "2026-11-23"),
        ("2024-01-30", 30, "2024-02-29", "2024-02-29"),
        ("2025-01-30", 30, "2025-03-01", "2025-03-03"),
        ("2026-12-18", 15, "2027-01-02", "2027-01-04"),
    ] {
        assert_eq!(calendar.add_calendar_days(day(start), count, false).date, day(plain), "{start} + {count}");
        let moved = calendar.add_calendar_days(day(start), count, true);
        assert_eq!(moved.date, day(rolled), "{start} + {count}, rolled");
        assert_eq!(moved.estimated, start == "2026-12-18");
    }
    assert_eq!(calendar.add_months(day("2025-01-31"), 1, false).date, day("2025-02-28"));
    assert_eq!(calendar.add_months(day("2024-01-31"), 1, true).date, day("2024-02-29"));
}

#[test]
fn explains_how_it_counted() {
    let deadline = calendar().add_working_days(day("2026-09-24"), 5);
    let zh: Vec<String> = deadline.parts.iter().map(|part| part.say().get(Lang::Zh).to_owned()).collect();
    assert_eq!(
        zh,
        ["自2026-09-24起5个工作日，当日不计", "2026-09-25至2026-09-27中秋节放假，不计", "2026-10-01至2026-10-07国庆节放假，不计",]
    );
    let deadline = calendar().add_working_days(day("2026-02-13"), 2);
    let en: Vec<String> = deadline.parts.iter().map(|part| part.say().en).collect();
    assert_eq!(
        en,
        [
            "2 working days from 2026-02-13, that day not counted",
            "2026-02-14 is a make-up working day (Spring Festival), counted",
            "2026-02-15 to 2026-02-23 off (Spring Festival), not counted",
        ]
    );
    let rolled = calendar().add_calendar_days(day("2026-08-03"), 60, true);
    assert_eq!(rolled.parts.last().unwrap().say().zh, "末日2026-10-02为国庆节，顺延至下一个工作日2026-10-08");
    let guessed = calendar().add_working_days(day("2027-03-01"), 1);
    assert_eq!(guessed.parts.last(), Some(&Part::Estimated { year: 2027 }));
}

fn import(years: Value, local: Value) -> Result<Calendar, RuleError> {
    Calendar::read(json!({"schema": "rules/holidays/1", "years": years, "local": local}).to_string().as_bytes())
}

fn year_2027() -> Value {
    json!({"year": 2027, "source": "示例通知", "published_on": "2026-11-30", "checked": "partial",
        "days_off": [{"from": "2027-01-01", "to": "2027-01-03", "zh": "元旦", "en": "New Year"}],
        "workdays": [{"date": "2026-12-27", "zh": "元旦", "en": "New Year"}]})
}

#[test]
fn takes_over_a_new_year_and_local_holidays() {
    let mut calendar = calendar();
    let festival = json!({"id": "demo", "off": true, "from": "2026-11-25", "to": "2026-11-26", "zh": "示例节", "en": "Demo festival"});
    let more = import(json!([year_2027()]), json!([festival])).unwrap();
    assert_eq!(calendar.merge(more.clone()), Merged { added: vec![2027], replaced: vec![], local: vec!["demo".to_owned()] });
    assert_eq!(calendar.merge(more), Merged::default(), "a second time it says nothing new");
    assert_eq!(calendar.is_working_day(day("2026-12-27")), WorkingDay { working: true, known: true });
    assert_eq!(calendar.add_working_days(day("2026-12-31"), 1).date, day("2027-01-04"));
    assert!(!calendar.add_working_days(day("2026-12-31"), 1).estimated);
    let over = calendar.add_working_days(day("2026-11-24"), 1);
    assert_eq!((over.date, over.estimated), (day("2026-11-27"), false));
    assert_eq!(calendar.name_of(day("2026-11-25")).unwrap().zh, "示例节");
    // A later correction of a year replaces it whole.
    let mut corrected = year_2027();
    corrected["workdays"] = json!([]);
    assert_eq!(calendar.merge(import(json!([corrected]), json!([])).unwrap()).replaced, [2027]);
    assert!(!calendar.is_working_day(day("2026-12-27")).working);
    assert_eq!(calendar.years().map(|(year, _)| year).collect::<Vec<_>>(), [2024, 2025, 2026, 2027]);
}

#[test]
fn says_where_a_file_is_wrong() {
    let spoiled = |pointer: &str, value: Value| {
        let mut year = year_2027();
        *year.pointer_mut(pointer).unwrap() = value;
        import(json!([year]), json!([]))
    };
    let place = |place: &str| place.to_owned();
    assert_eq!(spoiled("/days_off/0/to", json!("2026-12-31")), Err(RuleError::Empty { place: place("years[0].days_off[0]") }));
    assert_eq!(
        spoiled("/days_off/0/to", json!("2999-12-31")),
        Err(RuleError::TooMany { place: place("years[0].days_off[0]"), limit: 400 })
    );
    assert_eq!(
        spoiled("/workdays/0/date", json!("2027-01-02")),
        Err(RuleError::Double { place: place("years[0].workdays[0]"), name: place("2027-01-02") })
    );
    assert_eq!(
        import(json!([year_2027(), year_2027()]), json!([])),
        Err(RuleError::Double { place: place("years[1].year"), name: place("2027") })
    );
    assert!(matches!(spoiled("/published_on", json!("2027-13-01")), Err(RuleError::Json { line: 1, .. })));
    assert_eq!(Calendar::read(br#"{"schema": "rules/other/1"}"#), Err(RuleError::Schema { found: place("rules/other/1") }));
    assert!(matches!(Calendar::read(b"[1"), Err(RuleError::Json { .. })));
}

#[track_caller]
fn clock(id: &str, filed: &str, start: &str, expected: Result<(&str, bool), NoDeadline>) {
    let clocks = Clocks::read(CLOCKS.as_bytes()).unwrap();
    let calendar = calendar();
    let due = clocks.get(id).unwrap_or_else(|| panic!("no clock {id}")).due(day(filed), day(start), &calendar);
    if let Ok(due) = &due {
        assert!(due.explain().len() >= 2 && due.explain().iter().all(|said| !said.zh.is_empty() && !said.en.is_empty()));
    }
    assert_eq!(due.map(|due| (due.deadline.date.to_string(), due.verified)), expected.map(|(date, ok)| (date.to_owned(), ok)), "{id}");
}

#[test]
fn counts_periods_by_the_rule_of_the_day_of_filing() {
    clock("complaint_accept", "2026-09-28", "2026-09-28", Ok(("2026-10-13", false)));
    clock("complaint_accept", "2026-02-10", "2026-02-10", Ok(("2026-02-26", true)));
    // The mediation clock changed from 45 working days to 60 days on 2026-04-15.
    clock("mediation_end", "2026-04-14", "2026-04-14", Ok(("2026-06-18", true)));
    clock("mediation_end", "2026-04-15", "2026-04-15", Ok(("2026-06-15", false))); // 06-14 is a Sunday, rolling is not verified
    clock("mediation_end", "2026-08-03", "2026-08-03", Ok(("2026-10-08", false)));
    clock("mediation_end", "2026-04-14", "2026-04-20", Ok(("2026-06-25", true))); // filed under the old rule
    clock("mediation_end", "2019-12-31", "2019-12-31", Err(NoDeadline::NotInForce(day("2019-12-31"))));
    clock("clue_check", "2026-04-29", "2026-04-29", Ok(("2026-05-22", false)));
    clock("report_filing", "2026-04-29", "2026-04-29", Ok(("2026-05-22", false)));
    clock("report_notice", "2026-01-05", "2026-01-05", Ok(("2026-01-12", true)));
    clock("reinspection", "2026-09-28", "2026-09-28", Ok(("2026-10-16", true)));
    clock("preservation", "2026-02-10", "2026-02-10", Ok(("2026-02-26", true)));
    clock("seal", "2026-09-02", "2026-09-02", Ok(("2026-10-02", true))); // lapses on a day off
    clock("sampling_objection", "2026-11-06", "2026-11-06", Ok(("2026-11-23", false)));
    clock("sampling_objection", "2026-11-05", "2026-11-05", Ok(("2026-11-20", true)));
    clock("case_decision", "2026-08-21", "2026-08-21", Ok(("2026-11-19", true)));
    clock("use_registration", "2026-11-01", "2026-11-01", Ok(("2026-12-01", true)));
    clock("elevator_maintenance", "2026-02-01", "2026-02-01", Ok(("2026-02-16", true)));
    clock("self_check", "2026-01-31", "2026-01-31", Ok(("2026-02-28", true)));
    clock("serious_hazard_report", "2026-02-16", "2026-02-16", Ok(("2026-02-16", false)));
    clock("recall_report", "2026-12-24", "2026-12-24", Ok(("2026-12-28", false))); // estimated too
    clock("complaint_identity", "2026-05-01", "2026-05-01", Err(NoDeadline::SetByOffice));
    clock("accident_level", "2026-05-01", "2026-05-01", Err(NoDeadline::Hours));
}

#[test]
fn prolongs_periods_and_counts_hours() {
    let clocks = Clocks::read(CLOCKS.as_bytes()).unwrap();
    let calendar = calendar();
    let extended = |id: &str, end: &str| {
        clocks.get(id).unwrap().extended(day("2026-03-02"), day(end), &calendar).map(|due| due.deadline.date.to_string())
    };
    assert_eq!(extended("seal", "2026-04-01").as_deref(), Ok("2026-05-01"));
    assert_eq!(extended("report_filing", "2026-03-23").as_deref(), Ok("2026-04-14"));
    assert_eq!(extended("reinspection", "2026-03-16"), Err(NoDeadline::NoExtension));
    let hours = clocks.get("accident_level").unwrap().on(day("2026-03-02")).unwrap();
    assert_eq!(hours.hours_after(Instant::from_ms(1_000)), Some(Instant::from_ms(7_201_000)));
    assert_eq!(clocks.get("seal").unwrap().on(day("2026-03-02")).unwrap().hours_after(Instant::from_ms(0)), None);
}

#[track_caller]
fn campaigns(date: &str, expected: &[&str]) {
    let all = Campaigns::read(CAMPAIGNS.as_bytes()).unwrap();
    let on: Vec<String> = all.campaigns_on(day(date)).into_iter().map(|campaign| campaign.id.clone()).collect();
    assert_eq!(on, expected, "{date}");
}

#[test]
fn knows_the_campaigns_of_a_day() {
    campaigns("2026-12-19", &["winter"]);
    campaigns("2026-12-20", &["two_festivals", "winter"]);
    campaigns("2026-01-01", &["two_festivals", "two_sessions", "winter"]);
    campaigns("2024-02-29", &["two_festivals", "two_sessions", "winter"]);
    campaigns("2026-03-01", &["two_sessions", "consumer_rights", "winter"]);
    campaigns("2026-04-05", &["qingming_labour"]);
    campaigns("2026-05-06", &[]);
    campaigns("2026-05-20", &["metrology_day"]);
    campaigns("2026-06-30", &["safety_month", "summer", "flood"]);
    campaigns("2026-09-25", &["summer", "flood", "quality_month", "mid_autumn_national"]);
    campaigns("2026-10-08", &["mid_autumn_national"]);
    campaigns("2026-10-09", &[]);
    campaigns("2026-11-01", &["winter"]);
}

fn refs(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            found.extend(map.get("ref").and_then(Value::as_str).map(str::to_owned));
            map.values().for_each(|value| refs(value, found));
        }
        Value::Array(list) => list.iter().for_each(|value| refs(value, found)),
        _ => {}
    }
}

#[test]
fn content_fits_its_schemas_and_knows_its_basis() {
    let basis: Value = serde_json::from_str(BASIS).unwrap();
    let known: BTreeSet<String> = basis["basis"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect();
    let lists = include_str!("../public/content/checklists/index.json");
    for (content, schema) in [
        (HOLIDAYS, include_str!("../public/content/schema/holidays.schema.json")),
        (CLOCKS, include_str!("../public/content/schema/clocks.schema.json")),
        (CAMPAIGNS, include_str!("../public/content/schema/campaigns.schema.json")),
    ] {
        let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
        compiler.add_resource("schema.json", serde_json::from_str(schema).unwrap()).unwrap();
        let index = compiler.compile("schema.json", &mut schemas).unwrap();
        let content: Value = serde_json::from_str(content).unwrap();
        if let Err(error) = schemas.validate(&content, index) {
            panic!("{error}");
        }
        let mut found = BTreeSet::new();
        refs(&content, &mut found);
        assert!(found.is_subset(&known), "{:?}", found.difference(&known));
    }
    for campaign in Campaigns::read(CAMPAIGNS.as_bytes()).unwrap().campaigns {
        for list in campaign.checklists {
            assert!(lists.contains(&format!("\"id\": \"{list}\"")), "{} suggests {list}", campaign.id);
        }
    }
}

/// Any date of the shipped years and some around them.
fn any_day() -> impl Strategy<Value = CivilDate> {
    (0_u64..2200).prop_map(|days| day("2023-06-01").plus_days(days))
}

proptest! {
    #[test]
    fn a_deadline_is_a_working_day_and_counts_back(start in any_day(), count in 1_u32..60) {
        let calendar = calendar();
        let deadline = calendar.add_working_days(start, count);
        prop_assert!(deadline.date > start);
        prop_assert!(calendar.is_working_day(deadline.date).working);
        prop_assert_eq!(calendar.working_days_between(start, deadline.date), i64::from(count));
        prop_assert_eq!(calendar.working_days_between(deadline.date, start), -i64::from(count));
        prop_assert!(!deadline.parts.is_empty());
    }

    #[test]
    fn later_starts_and_longer_periods_never_end_earlier(start in any_day(), count in 0_u32..60, later in 0_u64..20, longer in 0_u32..20) {
        let calendar = calendar();
        let end = |start: CivilDate, count| calendar.add_working_days(start, count).date;
        prop_assert!(end(start.plus_days(later), count + longer) >= end(start, count));
        let end = |start: CivilDate, count| calendar.add_calendar_days(start, count, true).date;
        prop_assert!(end(start.plus_days(later), count + longer) >= end(start, count));
    }

    #[test]
    fn reads_any_text_without_harm(text in ".{0,200}") {
        let _ = Calendar::read(text.as_bytes());
        let _ = Clocks::read(text.as_bytes());
        let _ = Campaigns::read(text.as_bytes());
    }
}
