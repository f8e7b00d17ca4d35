//! Under which name something is recorded, printed dates that were met already, and values that are no answer.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use spotcheck::rules::EquipmentFacts;
use spotcheck::rules::due::{Due, Reason, Source, Step, Warning};

use crate::{RULES, check, day, dues, fields};

/// What a person reads of the first thing that is due.
fn reasons(text: &str) -> Vec<String> {
    dues(text, "2026-11-24").remove(0).explain().into_iter().map(|said| said.zh).collect()
}

#[test]
fn the_general_columns_of_a_boiler_are_its_external_inspection() {
    let boiler = |rest: &str, external: &str| {
        let text = format!("type_code=1100 internal.date=2026-03-10 {rest}");
        check(&text, "2026-11-24", &[external, "internal 2028-03 fine ?"]);
    };
    boiler("date=2026-03-10 conclusion=pass", "external 2027-03 fine ?");
    boiler("date=2026-03-10 conclusion=fail", "external failed !failed");
    boiler("conclusion=fail", "external failed !failed");
    boiler("date=2025-09-10", "external 2026-09 overdue 2m55d ? !overdue?");
    // The newest of the two counts, whichever it is.
    boiler("date=2025-03-10 conclusion=fail external.date=2026-03-10 external.conclusion=pass", "external 2027-03 fine ?");
    boiler("date=2026-03-10 conclusion=pass external.date=2025-03-10 external.conclusion=fail", "external 2027-03 fine ?");
    boiler("date=2026-03-10 conclusion=fail external.date=2025-03-10 external.conclusion=pass", "external failed !failed");
    // Of the same day the worse result counts, either way round.
    boiler("date=2026-03-10 conclusion=fail external.date=2026-03-10 external.conclusion=pass", "external failed !failed");
    boiler("date=2026-03-10 conclusion=pass external.date=2026-03-10 external.conclusion=fail", "external failed !failed");
    // A conclusion or next date without a day of its own belongs to the day in the other column.
    boiler("conclusion=fail external.date=2026-03-10", "external failed !failed");
    boiler("conclusion=fail external.date=2026-03-10 external.conclusion=pass", "external 2027-03 fine ?");
    boiler("next=2027-02 external.date=2026-03-10", "external 2027-02 fine printed");
    // The printed next date is read under the other name, too.
    boiler("date=2026-03-10 next=2027-02", "external 2027-02 fine printed");
    // No internal inspection comes of it.
    check(
        "type_code=1100 date=2026-03-10",
        "2026-11-24",
        &["external 2027-03 fine ?", "internal needs commissioned_on,inspections/internal/date"],
    );
    // A boiler that was moved after it is to be inspected again.
    boiler("date=2026-03-10 relocated_on=2026-11-02", "external 2026-11 this-month ?");
}

#[test]
fn says_as_what_a_record_counts() {
    let zh = reasons("type_code=1100 date=2026-03-10 conclusion=pass commissioned_on=2020-01-15");
    assert_eq!(
        zh[..6],
        [
            "锅炉",
            "“检验日期、检验结论”栏按外部检验计",
            "基准：投入使用日期2020-01-15",
            "最近一次外部检验：2026-03-10",
            "外部检验：每年一次",
            "按规则推算：2027-03",
        ]
    );
    let zh = reasons("type_code=1100 date=2026-03-10 conclusion=fail");
    assert_eq!(zh[..4], ["锅炉", "“检验日期、检验结论”栏按外部检验计", "最近一次外部检验：2026-03-10", "最近一次检验不合格"]);
    let zh = reasons("type_code=1100 external.date=2026-03-10 conclusion=fail");
    assert_eq!(zh[..4], ["锅炉", "“检验日期、检验结论”栏按外部检验计", "最近一次外部检验：2026-03-10", "最近一次检验不合格"]);
    // Nothing is said where the own column is the one that counts.
    let own = dues("type_code=1100 date=2025-03-10 external.date=2026-03-10", "2026-11-24").remove(0);
    assert!(!own.steps.iter().any(|step| matches!(step, Step::RecordedAs { .. })));
    // What is odd under the other name is told.
    let odd = dues("type_code=1100 date=2027-03-10", "2026-11-24").remove(0);
    assert!(matches!(&odd.warnings[..], [Warning::InFuture { path, .. }] if path == "inspections/periodic/date"));
    let odd = dues("type_code=1100 date=2026/03/10 external.date=2026-01-10", "2026-11-24").remove(0);
    assert_eq!(odd.warnings, [Warning::Unreadable("inspections/periodic/date".to_owned())]);
}

/// Every kind of equipment reads the general columns of a ledger: a failed result there is flagged.
#[test]
fn a_failure_in_the_general_columns_is_seen_for_every_kind() {
    let table: Value = serde_json::from_str(include_str!("../../public/content/codes/equipment-types.json")).unwrap();
    let mut kinds = Vec::new();
    for kind in table["kinds"].as_array().unwrap() {
        for class in kind["classes"].as_array().unwrap() {
            let code = class["types"].as_array().and_then(|types| types.first()).map_or(&class["code"], |one| &one["code"]);
            check_failure(code.as_str().unwrap());
        }
        kinds.push(&kind["code"]);
    }
    assert!(kinds.len() >= 8, "{kinds:?}");
}

fn check_failure(code: &str) {
    let facts = [("type_code", code), ("inspections/periodic/date", "2026-03-10"), ("inspections/periodic/conclusion", "fail")];
    let facts: BTreeMap<String, Value> = facts.into_iter().map(|(path, value)| (path.to_owned(), json!(value))).collect();
    let dues = RULES.due(&EquipmentFacts::read(&facts), day("2026-11-24"));
    let failed: Vec<&Due> = dues.iter().filter(|due| due.source == Source::NotComputable(Reason::LastFailed)).collect();
    assert!(matches!(failed[..], [one] if one.flag.is_some()), "{code}");
}

/// The first thing that is due as a line, and what is to know about it.
fn with_warnings(text: &str) -> (String, Vec<Warning>) {
    let due = dues(text, "2026-11-24").remove(0);
    (crate::line(&due), due.warnings)
}

#[test]
fn a_printed_date_that_was_met_does_not_prevail() {
    let stale = |text: &str, expected: &str| {
        let (line, warnings) = with_warnings(text);
        assert_eq!(line, expected, "{text}");
        assert!(warnings.iter().any(|warning| matches!(warning, Warning::PrintedStale(_))), "{text}: {warnings:?}");
    };
    // A forklift whose mark says 2026-09, inspected within the month in which the inspection must be requested.
    stale("type_code=5110 date=2026-08-10 printed_next=2026-09", "periodic 2028-08 fine");
    // The mark is older than the inspection.
    stale("type_code=5110 date=2026-08-10 printed_next=2025-09", "periodic 2028-08 fine");
    // The next date of the report that was kept while only the date was brought up.
    stale("type_code=5110 date=2026-08-10 next=2026-08-31", "periodic 2028-08 fine");
    stale("type_code=5110 date=2026-08-10 next=2026-08-31 printed_next=2028-07", "periodic 2028-07 fine printed");
    // An elevator may come two months early.
    stale("type_code=3110 installed_inspection=2018-06 date=2025-04-10 printed_next=2025-06", "periodic 2027-06 fine");
    // Also where the rule can't say what follows: an old date is no date.
    stale("type_code=2150 date=2026-06-15 printed_next=2026-06 annual_check.date=2026-02-01", "periodic needs safety_grade");
    // The full inspection of a ropeway did for the yearly one.
    stale("type_code=9310 date=2025-01-10 full.date=2026-01-10 printed_next=2026-01", "periodic 2027-01 warn ?");
    // One warning is enough for the same date twice.
    let (_, warnings) = with_warnings("type_code=5110 date=2026-08-10 next=2026-09 printed_next=2026-09");
    assert_eq!(warnings.len(), 1, "{warnings:?}");
}

#[test]
fn a_printed_date_soon_after_the_inspection_prevails_and_is_doubted() {
    // The inspection body may have set a shorter term, so the date counts.
    let (line, warnings) = with_warnings("type_code=5110 date=2026-08-10 printed_next=2026-12");
    assert_eq!(line, "periodic 2026-12 apply printed");
    assert!(matches!(warnings[..], [Warning::PrintedSoon { .. }]), "{warnings:?}");
    // A term of half a year that the rule has itself is nothing odd.
    let (_, warnings) =
        with_warnings("type_code=1100 pressure_gauge.date=2026-08-10 pressure_gauge.next=2027-02-09 external.date=2026-05-01");
    assert_eq!(warnings, []);
    let gauge = dues("type_code=1100 pressure_gauge.date=2026-08-10 pressure_gauge.next=2027-02-09", "2026-11-24").pop().unwrap();
    assert_eq!((gauge.obligation.id.as_str(), gauge.warnings), ("pressure_gauge", vec![]));
}

#[test]
fn a_crane_says_that_it_is_not_known_whether_it_lifts_molten_metal() {
    let missing = || vec!["molten_metal".to_owned()];
    let crane = "type_code=4110 installed_inspection=2023-03 date=2025-03-10";
    check(crane, "2026-11-24", &["periodic needs molten_metal"]);
    assert!(reasons(crane).contains(&"无法推算，缺少：是否吊运熔融金属".to_owned()));
    check("type_code=4210 installed_inspection=2026-03", "2026-11-24", &["periodic needs molten_metal"]);
    // A printed date counts, and is said not to have been held against the rule.
    let (line, warnings) = with_warnings(&format!("{crane} printed_next=2027-03"));
    assert_eq!((line.as_str(), warnings), ("periodic 2027-03 fine printed", vec![Warning::NotCompared(missing())]));
    assert!(reasons(&format!("{crane} printed_next=2027-03")).contains(&"没有与规则核对，缺少：是否吊运熔融金属".to_owned()));
    // What is neither yes nor no is not taken for a no.
    for odd in ["不详", "unknown", "2", ""] {
        let mut facts = fields(crane);
        facts.insert("molten_metal".to_owned(), json!(odd));
        let due = RULES.due(&EquipmentFacts::read(&facts), day("2026-11-24")).remove(0);
        assert_eq!(due.source, Source::NotComputable(Reason::Missing(missing())), "{odd}");
        assert_eq!(due.warnings.contains(&Warning::Unreadable("molten_metal".to_owned())), !odd.is_empty(), "{odd}");
    }
    let mut facts = fields(crane);
    for (said, expected) in [("是", "2026-03"), ("否", "2027-03")] {
        facts.insert("molten_metal".to_owned(), json!(said));
        assert_eq!(RULES.due(&EquipmentFacts::read(&facts), day("2026-11-24"))[0].due.unwrap().to_string(), expected);
    }
}

#[test]
fn people_read_no_paths() {
    let mut facts = fields("date=2026-13 next=x conclusion=x relocated_on=x made_on=x safety_grade=9 design_life_years=x molten_metal=x");
    for code in ["1100", "2150", "2230", "2310", "3110", "4110", "5110", "8210", "8310", "9110"] {
        facts.insert("type_code".to_owned(), json!(code));
        for path in
            ["medium_flammable", "medium_toxic", "stopped_since", "restarted_on", "printed_next", "major_repair_on", "altered_inspection"]
        {
            facts.insert(path.to_owned(), json!("x"));
        }
        for said in RULES.due(&EquipmentFacts::read(&facts), day("2026-11-24")).iter().flat_map(Due::explain) {
            assert!(!said.zh.contains(['_', '/']) && !said.en.contains(['_', '/']), "{said:?}");
        }
    }
    // Nor what only a rule of one's own asks for.
    let said = Reason::Missing(vec!["own_field".to_owned(), "inspections/own_check/result".to_owned()]).say();
    assert!(!said.zh.contains(['_', '/']) && !said.en.contains(['_', '/']), "{said:?}");
}
