//! Due dates: a table for every kind of equipment, the edge cases, and what holds for all dates.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests say what they expect")]

mod corpus;
mod due;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde_json::{Value, json};
use spotcheck::domain::time::CivilDate;
use spotcheck::rules::due::{Due, DueState, FlagKind, Reason, Source};
use spotcheck::rules::{EquipmentFacts, Intervals};

pub const CONTENT: &str = include_str!("../public/content/rules/intervals.json");

pub static RULES: LazyLock<Intervals> = LazyLock::new(|| Intervals::read(CONTENT.as_bytes()).unwrap());

pub fn day(text: &str) -> CivilDate {
    CivilDate::parse(text).unwrap_or_else(|| panic!("{text} is no date"))
}

/// Facts from `path=value` with blanks between; `true`, `false` and whole numbers are what they look like.
/// `date`, `next` and `conclusion` are those of `periodic`; a path with a dot is one of `inspections/`.
pub fn fields(text: &str) -> BTreeMap<String, Value> {
    let mut fields = BTreeMap::new();
    for pair in text.split_whitespace() {
        let (path, value) = pair.split_once('=').unwrap_or_else(|| panic!("{pair} has no value"));
        let path = match path {
            "date" | "next" | "conclusion" if !text.contains("kind=instrument") => format!("inspections/periodic/{path}"),
            path if path.contains('.') => format!("inspections/{}", path.replace('.', "/")),
            path => path.to_owned(),
        };
        let whole = value.parse::<u32>().ok().filter(|_| !matches!(path.as_str(), "type_code" | "equipment_kind")).map(Value::from);
        let value = whole.or_else(|| value.parse::<bool>().ok().map(Value::Bool)).unwrap_or_else(|| json!(value));
        fields.insert(path, value);
    }
    fields
}

pub fn dues(text: &str, today: &str) -> Vec<Due> {
    RULES.due(&EquipmentFacts::read(&fields(text)), day(today))
}

/// A due date as one line: `<obligation> <date or why there is none> <state>`, then `printed`, `?` for 未核实, `!<flag>`.
pub fn line(due: &Due) -> String {
    let mut parts = vec![due.obligation.id.clone()];
    parts.push(match (&due.due, &due.source) {
        (Some(when), _) => when.to_string(),
        (None, Source::NotComputable(Reason::Missing(paths))) => format!("needs {}", paths.join(",")),
        (None, Source::NotComputable(reason)) => match reason {
            Reason::NoInterval => "no-interval".to_owned(),
            Reason::NotInForce => "not-in-force".to_owned(),
            Reason::BodyDecides => "body-decides".to_owned(),
            Reason::LastFailed => "failed".to_owned(),
            Reason::DoNotUse => "do-not-use".to_owned(),
            Reason::RelocatedSince(when) => format!("relocated {when}"),
            Reason::OutOfRange => "out-of-range".to_owned(),
            Reason::Missing(_) => unreachable!("above"),
        },
        (None, source) => panic!("{source:?} without a date"),
    });
    parts.extend(due.state.map(|state| match state {
        DueState::Fine => "fine".to_owned(),
        DueState::Warn => "warn".to_owned(),
        DueState::Apply => "apply".to_owned(),
        DueState::DueThisMonth => "this-month".to_owned(),
        DueState::Overdue { months, days } => format!("overdue {months}m{days}d"),
        DueState::Stopped => "stopped".to_owned(),
    }));
    if due.source == Source::Printed {
        parts.push("printed".to_owned());
    }
    if due.due.is_some() && !due.verified {
        parts.push("?".to_owned());
    }
    parts.extend(due.flag.as_ref().map(|flag| {
        let name = match flag.kind {
            FlagKind::Overdue => "!overdue",
            FlagKind::Failed => "!failed",
            FlagKind::Uninspected => "!uninspected",
            FlagKind::DoNotUse => "!do-not-use",
        };
        format!("{name}{}", if flag.verify { "?" } else { "" })
    }));
    parts.join(" ")
}

#[track_caller]
fn check(text: &str, today: &str, expected: &[&str]) {
    let lines: Vec<String> = dues(text, today).iter().map(line).collect();
    assert_eq!(lines, expected, "{text} on {today}");
}

/// One case at least for every rule: rule, facts, today, what is due.
const KINDS: &[(&str, &str, &str, &[&str])] = &[
    // Boilers: external every 12 months, internal after 12 and then every 24.
    ("boiler", "type_code=1100 commissioned_on=2026-01-15", "2026-11-24", &["external 2027-01 warn ?", "internal 2027-01 warn ?"]),
    (
        "boiler",
        "type_code=1200 commissioned_on=2020-01-15 external.date=2026-03-10 internal.date=2025-03-10",
        "2026-11-24",
        &["external 2027-03 fine ?", "internal 2027-03 fine ?"],
    ),
    (
        "boiler",
        "type_code=1100 external.date=2025-10-01 internal.date=2024-11-30 boiler_use=industrial",
        "2026-11-24",
        &["external 2026-10 overdue 1m24d ? !overdue?", "internal 2026-11 this-month ?"],
    ),
    (
        "boiler",
        "type_code=1100 external.date=2026-05-01 internal.date=2022-05-01 boiler_use=power_plant",
        "2026-11-24",
        &["external 2027-05 fine ?", "internal 2028-05 fine ?"],
    ),
    (
        "boiler",
        "type_code=1100 external.date=2026-05-01 internal.date=2026-05-01 hydrostatic.date=2020-01-01 hydrostatic.next=2027-01 safety_valve.date=2026-01-31 pressure_gauge.date=2026-08-31",
        "2026-11-24",
        &[
            "external 2027-05 fine ?",
            "internal 2028-05 fine ?",
            "hydrostatic 2027-01 warn printed",
            "safety_valve 2027-01-31 fine ?",
            "pressure_gauge 2027-02-28 fine ?",
        ],
    ),
    // The mark of a boiler shows the next external inspection, and what a sheet calls the inspection is that one.
    (
        "boiler",
        "type_code=1100 date=2025-06-01 printed_next=2027-06",
        "2026-11-24",
        &["external 2027-06 fine printed", "internal needs commissioned_on,inspections/internal/date"],
    ),
    (
        "boiler",
        "type_code=1100 date=2026-03-10 conclusion=pass internal.date=2026-03-10",
        "2026-11-24",
        &["external 2027-03 fine ?", "internal 2028-03 fine ?"],
    ),
    (
        "boiler",
        "type_code=1100 date=2026-03-10 conclusion=fail internal.date=2026-03-10",
        "2026-11-24",
        &["external failed !failed", "internal 2028-03 fine ?"],
    ),
    // Stationary vessels: first within 36 months, then by the grade.
    (
        "stationary-vessel",
        "type_code=2170 commissioned_on=2024-02-29 vessel_material=metal",
        "2026-11-24",
        &["periodic 2027-02 fine ?", "annual_check needs inspections/annual_check/date"],
    ),
    (
        "stationary-vessel",
        "type_code=2150 commissioned_on=2014-01-01 date=2021-06-15 safety_grade=1 annual_check.date=2026-02-01",
        "2026-11-24",
        &["periodic 2027-06 fine ?", "annual_check 2027-02 fine ?"],
    ),
    (
        "stationary-vessel",
        "type_code=2150 date=2021-06-15 safety_grade=2 annual_check.date=2020-02-01",
        "2022-05-02",
        &["periodic 2027-06 fine ?", "annual_check 2022-06 apply ?"],
    ),
    (
        "stationary-vessel",
        "type_code=2130 date=2023-06-15 safety_grade=3 annual_check.date=2026-02-01",
        "2026-11-24",
        &["periodic 2029-06 fine ?", "annual_check 2027-02 fine ?"],
    ),
    (
        "stationary-vessel",
        "type_code=2130 date=2023-06-15 safety_grade=4 annual_check.date=2026-02-01",
        "2026-11-24",
        &["periodic 2026-06 overdue 5m147d ? !overdue?", "annual_check 2027-02 fine ?"],
    ),
    (
        "stationary-vessel",
        "type_code=2130 date=2026-06-15 safety_grade=5 annual_check.date=2026-02-01",
        "2026-11-24",
        &["periodic do-not-use !do-not-use?", "annual_check 2027-06 fine ?"],
    ),
    (
        "stationary-vessel",
        "type_code=2110 date=2023-06-15 annual_check.date=2026-02-01",
        "2026-11-24",
        &["periodic needs safety_grade", "annual_check 2027-02 fine ?"],
    ),
    (
        "stationary-vessel",
        "type_code=2170 vessel_material=nonmetal date=2024-02-29 safety_grade=2 annual_check.date=2026-02-01",
        "2026-01-24",
        &["periodic 2026-02 apply ?", "annual_check 2027-02 fine ?"],
    ),
    (
        "stationary-vessel",
        "type_code=2170 vessel_material=nonmetal date=2024-06-01 safety_grade=1级 annual_check.date=2026-02-01",
        "2026-11-24",
        &["periodic 2027-06 fine ?", "annual_check 2027-02 fine ?"],
    ),
    (
        "stationary-vessel",
        "type_code=2170 vessel_material=nonmetal date=2026-06-01 safety_grade=4 annual_check.date=2026-02-01",
        "2026-11-24",
        &["periodic do-not-use !do-not-use?", "annual_check 2027-06 fine ?"],
    ),
    // Transportable vessels.
    ("road-tanker", "type_code=2220 commissioned_on=2026-03-01", "2026-11-24", &["periodic 2027-03 fine ?", "annual_check 2027-03 fine ?"]),
    (
        "road-tanker",
        "type_code=2220 date=2022-03-01 safety_grade=2 annual_check.date=2026-03-01",
        "2026-11-24",
        &["periodic 2027-03 fine ?", "annual_check 2027-03 fine ?"],
    ),
    (
        "road-tanker",
        "type_code=2220 date=2022-03-01 safety_grade=3 annual_check.date=2026-03-01",
        "2025-04-01",
        &["periodic 2025-03 overdue 1m1d ? !overdue?", "annual_check 2027-03 fine ?"],
    ),
    (
        "road-tanker",
        "type_code=2220 date=2022-03-01 safety_grade=4 annual_check.date=2026-03-01",
        "2026-11-24",
        &["periodic no-interval", "annual_check 2027-03 fine ?"],
    ),
    (
        "rail-tank",
        "type_code=2210 date=2022-12-31 safety_grade=1 annual_check.date=2026-03-01",
        "2026-11-24",
        &["periodic 2026-12 apply ?", "annual_check 2027-03 fine ?"],
    ),
    ("rail-tank", "type_code=2210 commissioned_on=2026-03-01", "2026-11-24", &["periodic 2027-03 fine ?", "annual_check 2027-03 fine ?"]),
    (
        "tank-container",
        "type_code=2240 date=2024-06-30 safety_grade=3 annual_check.date=2026-03-01",
        "2026-11-24",
        &["periodic 2026-12 apply ?", "annual_check 2027-03 fine ?"],
    ),
    (
        "tube-trailer",
        "type_code=2230 date=2022-01-10 medium_group=A annual_check.date=2026-03-01",
        "2026-11-24",
        &["periodic 2027-01 warn ?", "annual_check 2027-03 fine ?"],
    ),
    (
        "tube-trailer",
        "type_code=2250 commissioned_on=2023-01-10 medium_group=B annual_check.date=2026-03-01",
        "2026-12-02",
        &["periodic 2027-01 apply ?", "annual_check 2027-03 fine ?"],
    ),
    (
        "tube-trailer",
        "type_code=2230 date=2022-01-10 annual_check.date=2026-03-01",
        "2026-11-24",
        &["periodic needs medium_group", "annual_check 2027-03 fine ?"],
    ),
    ("hyperbaric-chamber", "type_code=2410 commissioned_on=2025-12-31", "2026-11-24", &["periodic 2026-12 apply ?"]),
    ("hyperbaric-chamber", "type_code=2410 date=2024-02-29", "2026-11-24", &["periodic 2027-02 fine ?"]),
    // Cylinders.
    ("gas-cylinder", "type_code=2310 gas_class=corrosive date=2025-01-01", "2026-11-24", &["periodic 2027-01 warn ?"]),
    ("gas-cylinder", "type_code=2310 gas_class=marine date=2025-01-01", "2026-11-24", &["periodic 2027-01 warn ?"]),
    ("gas-cylinder", "type_code=2310 gas_class=ordinary date=2024-01-01", "2026-11-24", &["periodic 2027-01 warn ?"]),
    ("gas-cylinder", "type_code=2310 gas_class=inert date=2022-01-01", "2026-11-24", &["periodic 2027-01 warn ?"]),
    ("gas-cylinder", "type_code=2310 gas_class=high_purity date=2022-01-01", "2026-11-24", &["periodic 2027-01 warn ?"]),
    ("gas-cylinder", "type_code=2320 gas_class=lpg made_on=2023-01-01", "2026-11-24", &["periodic 2027-01 warn ?"]),
    ("gas-cylinder", "type_code=2320 gas_class=lpg date=2023-01-01", "2026-11-24", &["periodic 2027-01 warn ?"]),
    ("gas-cylinder", "type_code=2320 gas_class=lpg_50 date=2024-01-01", "2026-11-24", &["periodic 2027-01 warn ?"]),
    ("gas-cylinder", "type_code=2320 gas_class=vehicle_lpg made_on=2022-01-01", "2026-11-24", &["periodic 2027-01 warn ?"]),
    ("gas-cylinder", "type_code=23T0 gas_class=acetylene date=2024-01-01", "2026-11-24", &["periodic 2027-01 warn ?"]),
    ("gas-cylinder", "type_code=23t0 gas_class=vehicle_cng made_on=2024-01-01", "2026-11-24", &["periodic 2027-01 warn ?"]),
    ("gas-cylinder", "type_code=2310 gas_class=ordinary made_on=2024-01-01", "2026-11-24", &["periodic 2027-01 warn ?"]),
    ("gas-cylinder", "type_code=2310 date=2024-01-01", "2026-11-24", &["periodic needs gas_class"]),
    // Pipelines.
    (
        "industrial-pipe",
        "type_code=8310 pipe_class=GC2 date=2021-02-01 safety_grade=2 annual_check.date=2026-02-01",
        "2026-11-24",
        &["periodic 2027-02 fine ?", "annual_check 2027-02 fine ?"],
    ),
    (
        "industrial-pipe",
        "type_code=8310 pipe_class=GC1 date=2021-02-01 safety_grade=3 annual_check.date=2026-02-01",
        "2024-01-31",
        &["periodic 2024-02 apply ?", "annual_check 2027-02 fine ?"],
    ),
    (
        "industrial-pipe",
        "type_code=8320 pipe_class=GC1 date=2021-02-01 safety_grade=4 annual_check.date=2026-02-01",
        "2026-11-24",
        &["periodic do-not-use !do-not-use?", "annual_check 2027-02 fine ?"],
    ),
    // The former rule until the end of 2025, then the one of 2026.
    (
        "industrial-pipe",
        "type_code=8330 pipe_class=GC3 date=2020-02-01 annual_check.date=2025-02-01",
        "2025-12-31",
        &["periodic 2029-02 fine ?", "annual_check 2026-02 warn ?"],
    ),
    (
        "industrial-pipe",
        "type_code=8330 pipe_class=GC3 date=2020-02-01 annual_check.date=2025-02-01",
        "2026-01-01",
        &["periodic 2029-02 fine ?", "annual_check 2026-02 warn ?"],
    ),
    (
        "industrial-pipe",
        "type_code=8310 commissioned_on=2024-05-01 pipe_class=GCD annual_check.date=2026-02-01",
        "2026-11-24",
        &["periodic 2027-05 fine ?", "annual_check 2027-02 fine ?"],
    ),
    (
        "industrial-pipe",
        "type_code=8310 date=2021-02-01 annual_check.date=2026-02-01",
        "2026-11-24",
        &["periodic needs pipe_class", "annual_check 2027-02 fine ?"],
    ),
    (
        "industrial-pipe",
        "type_code=8310 pipe_class=GC2 date=2021-02-01 annual_check.date=2026-02-01",
        "2026-11-24",
        &["periodic needs safety_grade", "annual_check 2027-02 fine ?"],
    ),
    (
        "public-pipe",
        "type_code=8210 pipe_class=GB1-III date=2019-01-01 pipe_material=steel annual_check.date=2026-02-01",
        "2026-11-24",
        &["periodic 2027-01 warn ?", "annual_check 2027-02 fine ?"],
    ),
    (
        "public-pipe",
        "type_code=8220 pipe_class=GB2 date=2015-01-01 annual_check.date=2026-02-01",
        "2026-11-24",
        &["periodic 2027-01 warn ?", "annual_check 2027-02 fine ?"],
    ),
    (
        "public-pipe",
        "type_code=8210 pipe_class=GB1-V pipe_material=pe date=2012-01-01 annual_check.date=2026-02-01",
        "2026-11-24",
        &["periodic 2027-01 warn ?", "annual_check 2027-02 fine ?"],
    ),
    (
        "public-pipe",
        "type_code=8210 commissioned_on=2025-12-01",
        "2026-11-24",
        &["periodic needs inspections/periodic/date", "annual_check 2026-12 apply ?"],
    ),
    ("long-distance-pipe", "type_code=8120 commissioned_on=2024-01-01", "2026-11-24", &["periodic 2027-01 warn ?"]),
    ("long-distance-pipe", "type_code=8110 date=2019-01-01", "2026-11-24", &["periodic 2027-01 warn ?"]),
    // Elevators: see also `due::elevators`.
    (
        "elevator",
        "type_code=3110 installed_inspection=2018-06 date=2025-06-10 self_test.date=2026-06-10",
        "2026-11-24",
        &["periodic 2027-06 fine", "self_test 2028-06 fine"],
    ),
    // Cranes: every 24 months, or 12; the base keeps late inspections from moving what follows.
    ("crane-yearly", "type_code=4310 installed_inspection=2026-01", "2026-11-24", &["periodic 2027-01 warn ?"]),
    ("crane-yearly", "type_code=4410 installed_inspection=2020-01 date=2026-02-20", "2026-11-24", &["periodic 2027-01 warn ?"]),
    ("crane-yearly", "type_code=4860 date=2025-12-20", "2026-11-24", &["periodic 2026-12 apply ?"]),
    ("crane-bridge", "type_code=4110 installed_inspection=2025-03 molten_metal=false", "2026-11-24", &["periodic 2027-03 fine ?"]),
    ("crane-bridge", "type_code=4150 installed_inspection=2026-03 molten_metal=true", "2026-11-24", &["periodic 2027-03 fine ?"]),
    ("crane-bridge", "type_code=4210 date=2025-03-01", "2026-11-24", &["periodic needs molten_metal"]),
    ("crane-other", "type_code=4D10 installed_inspection=2025-03", "2026-11-24", &["periodic 2027-03 fine ?"]),
    ("crane-other", "type_code=4710 installed_inspection=2021-03 date=2025-07-01", "2026-11-24", &["periodic 2027-03 fine ?"]),
    ("crane-other", "type_code=4900 date=2025-03-31", "2026-11-24", &["periodic 2027-03 fine ?"]),
    ("crane-other", "type_code=4A00 date=2024-11-30", "2026-12-01", &["periodic 2026-11 overdue 1m1d ? !overdue?"]),
    ("crane-other", "type_code=4A00 installed_inspection=2024-11", "2026-12-01", &["periodic needs inspections/periodic/date"]),
    // In-plant vehicles: forklifts 24 months, sightseeing vehicles 12.
    ("in-plant-vehicle", "type_code=5110 installed_inspection=2025-01", "2026-11-24", &["periodic 2027-01 warn"]),
    ("in-plant-vehicle", "type_code=5110 installed_inspection=2021-01 date=2025-04-02", "2026-11-24", &["periodic 2027-01 warn"]),
    ("in-plant-vehicle", "type_code=5110 date=2025-01-31", "2026-11-24", &["periodic 2027-01 warn"]),
    (
        "in-plant-vehicle",
        "type_code=5110 commissioned_on=2025-01-31",
        "2026-11-24",
        &["periodic needs installed_inspection,inspections/periodic/date"],
    ),
    ("sightseeing-vehicle", "type_code=5200 installed_inspection=2026-01", "2026-11-24", &["periodic 2027-01 warn"]),
    // Rides and ropeways.
    ("amusement-ride", "type_code=6100 installed_inspection=2026-01", "2026-11-24", &["periodic 2027-01 warn ?"]),
    ("amusement-ride", "type_code=6E10 date=2025-11-30", "2026-11-24", &["periodic 2026-11 this-month ?"]),
    ("passenger-ropeway", "type_code=9110 installed_inspection=2026-01", "2026-11-24", &["periodic 2027-01 warn ?", "full 2029-01 fine ?"]),
    // The full inspection does for the yearly one.
    (
        "passenger-ropeway",
        "type_code=9310 date=2025-01-10 full.date=2026-01-10",
        "2026-11-24",
        &["periodic 2027-01 warn ?", "full 2029-01 fine ?"],
    ),
    // Instruments: to the day.
    (
        "pressure-gauge",
        "kind=instrument instrument_kind=pressure_gauge verified_on=2026-08-31",
        "2026-11-24",
        &["verification 2027-02-28 fine ?"],
    ),
    (
        "gas-alarm",
        "kind=instrument instrument_kind=gas_alarm verified_on=2024-02-29",
        "2025-02-28",
        &["verification 2025-02-28 this-month ?"],
    ),
    (
        "gas-alarm",
        "kind=instrument instrument_kind=gas_alarm verified_on=2024-02-29",
        "2025-03-01",
        &["verification 2025-02-28 overdue 1m1d ?"],
    ),
    ("scale", "kind=instrument instrument_kind=电子秤 verified_on=2025-12-15", "2026-11-24", &["verification 2026-12-15 apply ?"]),
    (
        "fuel-dispenser",
        "kind=instrument instrument_kind=fuel_dispenser verified_on=2026-05-23",
        "2026-11-24",
        &["verification 2026-11-23 overdue 0m1d ?"],
    ),
    (
        "fuel-dispenser",
        "kind=instrument instrument_kind=fuel_dispenser valid_until=2026-12-01",
        "2026-11-24",
        &["verification 2026-12-01 apply printed"],
    ),
    ("safety-valve", "kind=instrument instrument_kind=安全阀 verified_on=2026-01-31", "2026-06-30", &["verification 2027-01-31 fine ?"]),
    ("safety-valve", "kind=instrument instrument_kind=安全阀 verified_on=2026-01-31", "2026-07-01", &["verification 2027-01-31 fine ?"]),
    (
        "instrument-other",
        "kind=instrument instrument_kind=water_meter verified_on=2026-01-31",
        "2026-11-24",
        &["verification body-decides"],
    ),
    ("instrument-other", "kind=instrument instrument_kind=water_meter", "2026-11-24", &["verification needs verified_on"]),
    // What is not recognised shows what is printed, or asks.
    ("other", "printed_next=2027-01", "2026-11-24", &["periodic 2027-01 warn printed"]),
    ("other", "name=示例", "2026-11-24", &["periodic needs type_code"]),
    ("other", "equipment_kind=2000 date=2024-01-01", "2026-11-24", &["periodic needs type_code"]),
    ("other", "type_code=7777", "2026-11-24", &["periodic needs type_code"]),
];

#[test]
fn knows_every_kind() {
    for (rule, text, today, expected) in KINDS {
        check(text, today, expected);
        let found = RULES.rule_of(&EquipmentFacts::read(&fields(text))).unwrap();
        assert_eq!(found.id, *rule, "{text}");
    }
    let covered: BTreeSet<&str> = KINDS.iter().map(|(rule, ..)| *rule).collect();
    let all: BTreeSet<&str> = RULES.rules.iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(covered, all);
}

#[test]
fn every_type_code_has_a_rule() {
    let table: Value = serde_json::from_str(include_str!("../public/content/codes/equipment-types.json")).unwrap();
    let list = |value: &Value, key: &str| value[key].as_array().cloned().unwrap_or_default();
    for class in list(&table, "kinds").iter().flat_map(|kind| list(kind, "classes")) {
        let types = list(&class, "types");
        let codes: Vec<&Value> = if types.is_empty() { vec![&class["code"]] } else { types.iter().map(|one| &one["code"]).collect() };
        for code in codes {
            let facts = EquipmentFacts::read(&BTreeMap::from([("type_code".to_owned(), code.clone())]));
            assert_ne!(RULES.rule_of(&facts).unwrap().id, "other", "{code}");
        }
    }
}
