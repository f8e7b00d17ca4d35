//! What the rules read of a piece of equipment or an instrument.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::month::{Month, When};
use crate::domain::checklist::{Condition, Facts, Truth};
use crate::domain::journal::State;
use crate::ledger::Row;

/// Whether equipment is used.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Status {
    /// 在用; also where a record says nothing.
    #[default]
    InUse,
    /// 停用.
    Stopped,
    /// 报废 or 注销: nothing is due any more.
    Gone,
    /// 未登记: used or not, nothing else is known.
    NotRegistered,
}

/// What an inspection came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Conclusion {
    /// Passed, with or without conditions.
    Passed,
    /// Failed.
    Failed,
    /// A person recorded that it was never done.
    NotInspected,
}

/// The last time that something was done.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Inspection {
    /// When.
    pub date: Option<When>,
    /// What it came to.
    pub conclusion: Option<Conclusion>,
    /// When it is due next, as printed on the report.
    pub next: Option<When>,
}

/// What the rules read of a piece of equipment or an instrument.
///
/// Made from the flat fields of a ledger record by [`EquipmentFacts::read`]. The paths (dates are `YYYY-MM-DD`, months
/// `YYYY-MM`; each may stand where the other is asked for):
///
/// | path | what |
/// |---|---|
/// | `kind` | `equipment` (also when missing) or `instrument` |
/// | `type_code`, else `equipment_class`, else `equipment_kind` | code of the type (品种), class or kind |
/// | `made_on` | date of manufacture |
/// | `commissioned_on` | date on which use began |
/// | `installed_inspection` | month in which the supervisory inspection of the installation, or the first inspection, was passed |
/// | `altered_inspection` | month in which the supervisory inspection of an alteration was passed |
/// | `relocated_on`, `major_repair_on` | dates |
/// | `inspections/<obligation>/date` | last time |
/// | `inspections/<obligation>/conclusion` | `pass`, `basically_pass`, `fail`, `not_inspected` |
/// | `inspections/<obligation>/next` | next time as printed on that report |
/// | `printed_next` | month of the next inspection as printed on the report or the use mark |
/// | `status` | `in_use` (also when missing), `stopped`, `scrapped`, `cancelled`, `not_registered` |
/// | `stopped_since`, `restarted_on` | dates |
/// | `design_life_years` | number |
/// | `safety_grade` | 1 to 5: a number, or a text such as `3` or `3级` |
/// | `molten_metal` | boolean: lifts molten metal |
/// | `fuel`, `medium`, `medium_flammable`, `medium_toxic` | what burns or is inside |
/// | `boiler_use` | `power_plant` or anything else |
/// | `vessel_material` | `metal` or `nonmetal` |
/// | `medium_group` | `A` or `B`: group of the medium of tube trailers |
/// | `gas_class` | `corrosive`, `marine`, `ordinary`, `inert`, `high_purity`, `lpg`, `lpg_50`, `vehicle_lpg`, `acetylene`, `vehicle_cng` |
/// | `pipe_class` | `GC1`, `GC2`, `GC3`, `GCD`, `GB1-III`, `GB1-IV`, `GB1-V`, `GB1-VI`, `GB2` |
/// | `pipe_material` | `pe`, `cast_iron` or anything else |
///
/// Of instruments: `instrument_kind` (a code or name), `verified_on`, `valid_until`, `conclusion`, `status`; they count as
/// the obligation `verification`.
///
/// Conditions of rules ask for every path that holds no date as `equipment.<path>`, for `instrument.kind`, and for `kind`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct EquipmentFacts {
    /// Whether it is used.
    pub status: Status,
    /// Month of the next inspection as printed.
    pub printed_next: Option<When>,
    /// Since when it is out of use.
    pub stopped_since: Option<When>,
    /// When use resumed.
    pub restarted_on: Option<When>,
    /// Years that it is made for.
    pub design_life_years: Option<u32>,
    /// Paths whose values could not be read; they count as missing.
    pub unreadable: BTreeSet<String>,
    dates: BTreeMap<String, When>,
    inspections: BTreeMap<String, Inspection>,
    known: Facts,
}

const DATES: &[&str] = &[
    "made_on",
    "commissioned_on",
    "installed_inspection",
    "altered_inspection",
    "relocated_on",
    "major_repair_on",
    "stopped_since",
    "restarted_on",
    "printed_next",
];

const YES_OR_NO: &[&str] = &["molten_metal", "medium_flammable", "medium_toxic"];

impl EquipmentFacts {
    /// From the fields of a record: path → value, as ledgers keep their rows.
    #[must_use]
    pub fn read(fields: &BTreeMap<String, Value>) -> Self {
        let mut facts = Self::default();
        let text = |path: &str| fields.get(path).and_then(Value::as_str).map_or("", str::trim);
        for path in DATES {
            if let Some(when) = facts.date_of(fields, path) {
                facts.dates.insert((*path).to_owned(), when);
            }
        }
        facts.status = match text("status") {
            "stopped" => Status::Stopped,
            "scrapped" | "cancelled" => Status::Gone,
            "not_registered" => Status::NotRegistered,
            _ => Status::InUse,
        };
        facts.printed_next = facts.date("printed_next");
        facts.stopped_since = facts.date("stopped_since");
        facts.restarted_on = facts.date("restarted_on");
        facts.design_life_years = facts.number_of(fields, "design_life_years", 200);
        facts.read_inspections(fields);
        let asked = |path: &str| !path.starts_with("inspections/") && !DATES.contains(&path);
        let known = fields.iter().filter(|(path, value)| asked(path) && !is_empty(value));
        facts.known = known.map(|(path, value)| (format!("equipment.{path}"), value.clone())).collect();
        if let Some(grade) = facts.number_of(fields, "safety_grade", 5) {
            facts.known.insert("equipment.safety_grade".to_owned(), json!(grade));
        } else {
            facts.known.remove("equipment.safety_grade");
        }
        for path in YES_OR_NO {
            facts.read_yes_or_no(fields, path);
        }
        let type_code = ["type_code", "equipment_class", "equipment_kind"].into_iter().map(text).find(|code| !code.is_empty());
        if let Some(code) = type_code {
            facts.known.insert("equipment.type_code".to_owned(), json!(code.to_ascii_uppercase()));
        }
        let kind = text("kind");
        facts.known.insert("kind".to_owned(), json!(if kind.is_empty() { "equipment" } else { kind }));
        if kind == "instrument" {
            facts.known.insert("instrument.kind".to_owned(), json!(text("instrument_kind")));
        }
        facts
    }

    /// From the state of a ledger record; what an imported file brought counts where nothing else stands, see [`Row`].
    #[must_use]
    pub fn of_state(state: &State) -> Self {
        Self::read(Row::of(state).fields())
    }

    fn date_of(&mut self, fields: &BTreeMap<String, Value>, path: &str) -> Option<When> {
        let value = fields.get(path).filter(|value| !is_empty(value))?;
        let when = When::of_value(value);
        if when.is_none() {
            self.unreadable.insert(path.to_owned());
        }
        when
    }

    fn number_of(&mut self, fields: &BTreeMap<String, Value>, path: &str, highest: u32) -> Option<u32> {
        let value = fields.get(path).filter(|value| !is_empty(value))?;
        let number = match value {
            Value::Number(number) => number.as_f64().filter(|number| number.fract() == 0.0),
            Value::String(text) => text.trim().trim_end_matches(['级', '年']).parse::<u32>().ok().map(f64::from),
            _ => None,
        };
        let whole = number.and_then(|number| (1..=highest).find(|whole| f64::from(*whole) == number));
        if whole.is_none() {
            self.unreadable.insert(path.to_owned());
        }
        whole
    }

    /// Anything but a clear yes or no is not known: compared with `true` it would pass for a no.
    fn read_yes_or_no(&mut self, fields: &BTreeMap<String, Value>, path: &str) {
        let Some(value) = fields.get(path).filter(|value| !is_empty(value)) else { return };
        let said = match value {
            Value::Bool(said) => Some(*said),
            Value::String(text) => match text.trim() {
                "是" | "true" => Some(true),
                "否" | "false" => Some(false),
                _ => None,
            },
            _ => None,
        };
        let field = format!("equipment.{path}");
        if let Some(said) = said {
            self.known.insert(field, Value::Bool(said));
        } else {
            self.known.remove(&field);
            self.unreadable.insert(path.to_owned());
        }
    }

    fn read_inspections(&mut self, fields: &BTreeMap<String, Value>) {
        let own = fields.range("inspections/".to_owned()..).take_while(|(path, _)| path.starts_with("inspections/"));
        let own = own.filter_map(|(path, _)| {
            let (id, what) = path.strip_prefix("inspections/")?.split_once('/')?;
            Some((id.to_owned(), what.to_owned(), path.clone()))
        });
        let instrument = [("date", "verified_on"), ("next", "valid_until"), ("conclusion", "conclusion")]
            .map(|(what, path)| ("verification".to_owned(), what.to_owned(), path.to_owned()));
        for (id, what, path) in own.chain(instrument) {
            let Some(value) = fields.get(&path).filter(|value| !is_empty(value)) else { continue };
            let mut one = self.inspections.get(&id).copied().unwrap_or_default();
            match what.as_str() {
                "date" => one.date = self.date_of(fields, &path),
                "next" => one.next = self.date_of(fields, &path),
                "conclusion" => {
                    one.conclusion = match value.as_str().map(str::trim) {
                        Some("pass" | "basically_pass") => Some(Conclusion::Passed),
                        Some("fail") => Some(Conclusion::Failed),
                        Some("not_inspected") => Some(Conclusion::NotInspected),
                        _ => {
                            self.unreadable.insert(path);
                            None
                        }
                    }
                }
                _ => continue,
            }
            self.inspections.insert(id, one);
        }
    }

    /// The date at a path of the table above that holds one.
    #[must_use]
    pub fn date(&self, path: &str) -> Option<When> {
        self.dates.get(path).copied()
    }

    /// The last time that an obligation was met, when the record says anything about it.
    #[must_use]
    pub fn inspection(&self, obligation: &str) -> Option<Inspection> {
        self.inspections.get(obligation).copied()
    }

    /// Whether people may be using it.
    #[must_use]
    pub fn may_be_used(&self) -> bool {
        matches!(self.status, Status::InUse | Status::NotRegistered)
    }

    /// Months from the stop until use resumed, or until a month when it has not. `None` when it was not stopped, or when
    /// it resumed before the stop that is recorded.
    #[must_use]
    pub fn months_stopped(&self, until: Month) -> Option<i32> {
        let since = self.stopped_since?;
        let end = match self.restarted_on {
            Some(restarted) if restarted.last_day() >= since.first_day() => restarted.month(),
            _ if self.status == Status::Stopped => until,
            _ => return None,
        };
        Some(end.since(since.month())).filter(|months| *months >= 0)
    }

    /// Evaluates a condition of a rule.
    #[must_use]
    pub fn holds(&self, condition: &Condition) -> Truth {
        condition.evaluate(&self.known)
    }

    /// The paths that a condition asks for and that are not known.
    #[must_use]
    pub fn missing(&self, condition: &Condition) -> Vec<String> {
        let unknown = condition.fields().into_iter().filter(|field| self.known.get(*field).is_none_or(Value::is_null));
        let paths: BTreeSet<Cow<'_, str>> = unknown
            .map(|field| match field {
                "instrument.kind" => Cow::Borrowed("instrument_kind"),
                field => Cow::Borrowed(field.strip_prefix("equipment.").unwrap_or(field)),
            })
            .collect();
        paths.into_iter().map(Cow::into_owned).collect()
    }
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}
