//! The fields that conditions and limits may ask for, and what they mean.

use serde_json::Value;

use super::content::{Content, array, text};

/// What a field holds.
#[derive(Clone, Copy)]
pub enum Holds {
    /// Yes or no.
    Flag,
    /// A number.
    Number,
    /// A date, `YYYY-MM-DD`.
    Date,
    /// A type code of equipment.
    TypeCode,
    /// One of these.
    Words(&'static [&'static str]),
    /// A code of a table; several when the unit, place or visit has several.
    Codes(&'static str),
    /// A finer kind of goods; may be several.
    SubKinds,
}

use Holds::{Codes, Date, Flag, Number, SubKinds, TypeCode, Words};

/// Every field, what it holds, and its meaning.
pub const FIELDS: &[(&str, Holds, &str)] = &[
    ("equipment.type_code", TypeCode, "type code of the equipment"),
    ("equipment.made_on", Date, "date of manufacture"),
    ("equipment.outdoor", Flag, "stands in the open"),
    ("equipment.molten_metal", Flag, "lifts molten metal"),
    ("equipment.power", Words(&["electric", "combustion"]), "what drives it"),
    ("equipment.has_cabin", Flag, "has a cabin"),
    ("equipment.has_machine_room", Flag, "has a machine room"),
    ("equipment.has_emergency_shutoff", Flag, "has an emergency shut-off valve"),
    ("equipment.quick_opening", Flag, "has a quick-opening door"),
    ("equipment.medium_state", Words(&["gas", "liquefied", "liquid", "steam"]), "state of the medium"),
    ("equipment.medium_toxic", Flag, "the medium is toxic"),
    ("equipment.medium_flammable", Flag, "the medium is flammable"),
    ("equipment.buried", Flag, "lies underground"),
    ("equipment.fuel", Words(&["coal", "oil", "gas", "biomass", "biomass_gas", "electric"]), "fuel of the boiler"),
    ("equipment.rated_pressure", Number, "rated pressure, MPa"),
    ("equipment.max_working_pressure", Number, "highest working pressure, MPa"),
    ("equipment.min_temp", Number, "lowest working temperature, °C"),
    ("equipment.max_temp", Number, "highest working temperature, °C"),
    ("equipment.max_slope", Number, "steepest slope that the vehicle is made for, %"),
    ("derived.over_design_life", Flag, "older than its design life"),
    ("derived.elevator_due_type", Words(&["inspection", "self_test"]), "what is due this year"),
    ("inspection.kind", Words(&["routine", "special", "post_licence", "other"]), "kind of the inspection"),
    ("action.seal", Flag, "something was sealed or detained"),
    ("unit.role", Codes("unit-roles"), "what the unit does"),
    ("unit.body_kind", Codes("body-kinds"), "kind of inspection body"),
    (
        "unit.medium",
        Words(&["lpg", "oxygen", "acetylene", "cng", "lng", "hydrogen", "nitrogen", "argon", "carbon_dioxide", "ammonia", "chlorine"]),
        "what is filled",
    ),
    ("unit.rents_site", Flag, "the unit lets its site or equipment to others"),
    ("unit.exempt_registration", Flag, "needs no registration"),
    ("place.kind", Codes("place-kinds"), "kind of place"),
    ("season.campaign", Codes("campaigns"), "campaigns of the visit"),
    ("instrument.kind", Codes("instrument-kinds"), "kinds of instruments on site"),
    ("product.kind", Codes("goods-kinds"), "kinds of goods or products"),
    ("product.sub", SubKinds, "finer kinds of goods"),
    ("product.class", Words(&["0", "I", "II", "III"]), "protection class of the appliance"),
    ("product.needs_production_licence", Flag, "is in the licence catalogue"),
    ("product.needs_ccc", Flag, "is in the CCC catalogue"),
    ("product.has_recall", Flag, "is under recall"),
    ("product.energy_label", Flag, "is in the energy or water label catalogue"),
    ("product.nominal_diameter", Number, "nominal conductor diameter, mm"),
    ("product.nominal_thickness", Number, "nominal wall thickness, mm"),
    ("product.octane_grade", Number, "grade of the petrol"),
];

/// What a field holds; `None` when there is no such field.
pub fn holds(field: &str) -> Option<Holds> {
    FIELDS.iter().find(|(name, ..)| *name == field).map(|(_, holds, _)| *holds)
}

/// Every condition asks known fields for known values.
pub fn conditions(content: &Content) -> Vec<String> {
    let mut faults = Vec::new();
    for (list, item) in content.items() {
        if let Some(when) = item.get("when") {
            check(content, list, when, &mut |problem| faults.push(format!("{}: {problem}", text(item, "id"))));
        }
    }
    faults
}

/// Whether a field can have a value.
type Accepts<'a> = Box<dyn Fn(&str) -> bool + 'a>;

fn check(content: &Content, list: &str, when: &Value, say: &mut dyn FnMut(String)) {
    for key in ["all", "any"] {
        if when.get(key).is_some() {
            if array(when, key).is_empty() {
                say(format!("{key} of nothing"));
            }
            for part in array(when, key) {
                check(content, list, part, say);
            }
            return;
        }
    }
    let (field, op) = (text(when, "field"), text(when, "op"));
    let value = when.get("value").unwrap_or(&Value::Null);
    let single = [value.clone()];
    let values = value.as_array().map_or(&single[..], Vec::as_slice);
    if values.is_empty() {
        say(format!("{field} compared with nothing"));
    }
    let (ops, accepts): (&[&str], Accepts<'_>) = if let Some(id) = field.strip_prefix("answer:") {
        let values = answers(content, list, id);
        if values.is_empty() {
            say(format!("{field} is no choice of this list"));
        }
        (&["eq", "in"], Box::new(move |value| values.contains(&value)))
    } else {
        match holds(field) {
            None => return say(format!("unknown field {field}")),
            Some(Flag) => {
                if op != "eq" || !value.is_boolean() {
                    say(format!("{field} is yes or no"));
                }
                return;
            }
            Some(Number) => {
                if !["gte", "lt"].contains(&op) || !value.is_number() {
                    say(format!("{field} is a number"));
                }
                return;
            }
            Some(Date) => (&["gte", "lt"], Box::new(|value| chrono::NaiveDate::parse_from_str(value, "%Y-%m-%d").is_ok())),
            Some(TypeCode) => (&["startsWith"], Box::new(|value| content.is_type_prefix(value))),
            Some(Words(words)) => (&["eq", "in"], Box::new(|value| words.contains(&value))),
            // `eq` would not hold where there are several.
            Some(Codes(table)) => (&["in"], Box::new(move |value| content.codes(table).contains(&value))),
            Some(SubKinds) => (&["in"], Box::new(|value| content.sub_kinds().contains(&value))),
        }
    };
    if !ops.contains(&op) {
        say(format!("{field} can't be compared by {op}"));
    }
    for value in values {
        if !value.as_str().is_some_and(&accepts) {
            say(format!("{field} is never {value}"));
        }
    }
}

/// The values of a choice of the list; none when there is no such choice.
fn answers<'a>(content: &'a Content, list: &str, id: &str) -> Vec<&'a str> {
    let item = content.items().find(|(name, item)| *name == list && text(item, "id") == id);
    item.and_then(|(_, item)| item.get("answer"))
        .map(|answer| array(answer, "options"))
        .unwrap_or_default()
        .iter()
        .map(|option| text(option, "value"))
        .collect()
}
