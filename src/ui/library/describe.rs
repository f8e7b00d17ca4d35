//! A checklist in words: conditions, kinds of answers, limits, and what has to be put right.

use std::collections::BTreeMap;

use leptos::prelude::*;
use serde_json::Value;

use super::shelf::DOMAINS;
use crate::app::library::compare::Change;
use crate::app::library::fault::{Fault, ItemFault};
use crate::domain::checklist::{AnswerSpec, Checklist, Choice, Comparison, Condition, LimitKind};
use crate::ui::content;
use crate::ui::words::{condition_words, fill, lang, library_words};

/// Labels of stored values, by the field that holds them: code, Chinese, English.
pub type Labels = BTreeMap<&'static str, Vec<(String, String, String)>>;

/// The code tables that hold the values of fields.
const TABLES: [(&str, &str); 6] = [
    ("season.campaign", "campaigns"),
    ("place.kind", "place-kinds"),
    ("instrument.kind", "instrument-kinds"),
    ("unit.body_kind", "body-kinds"),
    ("unit.role", "unit-roles"),
    ("product.sub", "goods-kinds"),
];

/// Loads the labels. A table that can't be read leaves its codes as they are.
pub async fn labels() -> Labels {
    let mut labels = Labels::new();
    for (field, table) in TABLES {
        if let Ok(value) = content::json(&format!("codes/{table}.json")).await {
            labels.insert(field, rows(&value));
        }
    }
    if let Ok(value) = content::json("codes/equipment-types.json").await {
        let mut types = Vec::new();
        for kind in list(&value, "kinds") {
            for class in list(kind, "classes") {
                types.extend(list(class, "types").iter().filter_map(row));
                types.extend(row(class));
            }
            types.extend(row(kind));
        }
        labels.insert("equipment.type_code", types);
    }
    labels
}

fn list<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value.get(field).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn rows(value: &Value) -> Vec<(String, String, String)> {
    list(value, "rows").iter().chain(list(value, "items")).filter_map(row).collect()
}

fn row(value: &Value) -> Option<(String, String, String)> {
    let text = |field: &str| value.get(field).and_then(Value::as_str).map(str::to_owned);
    Some((text("code")?, text("zh")?, text("en")?))
}

/// A field in words; itself when it has none.
#[must_use]
pub fn field(name: &str) -> String {
    let c = condition_words();
    let word = match name {
        "action.seal" => c.action_seal,
        "derived.elevator_due_type" => c.derived_due_type,
        "derived.over_design_life" => c.derived_over_design_life,
        "equipment.type_code" => c.equipment_type_code,
        "equipment.buried" => c.equipment_buried,
        "equipment.fuel" => c.equipment_fuel,
        "equipment.has_cabin" => c.equipment_has_cabin,
        "equipment.has_emergency_shutoff" => c.equipment_has_emergency_shutoff,
        "equipment.has_machine_room" => c.equipment_has_machine_room,
        "equipment.made_on" => c.equipment_made_on,
        "equipment.max_slope" => c.equipment_max_slope,
        "equipment.max_temp" => c.equipment_max_temp,
        "equipment.min_temp" => c.equipment_min_temp,
        "equipment.max_working_pressure" => c.equipment_max_working_pressure,
        "equipment.rated_pressure" => c.equipment_rated_pressure,
        "equipment.medium_flammable" => c.equipment_medium_flammable,
        "equipment.medium_state" => c.equipment_medium_state,
        "equipment.medium_toxic" => c.equipment_medium_toxic,
        "equipment.molten_metal" => c.equipment_molten_metal,
        "equipment.outdoor" => c.equipment_outdoor,
        "equipment.power" => c.equipment_power,
        "equipment.quick_opening" => c.equipment_quick_opening,
        "inspection.kind" => c.inspection_kind,
        "instrument.kind" => c.instrument_kind,
        "place.kind" => c.place_kind,
        "product.class" => c.product_class,
        "product.energy_label" => c.product_energy_label,
        "product.has_recall" => c.product_has_recall,
        "product.kind" => c.product_kind,
        "product.sub" => c.product_sub,
        "product.needs_ccc" => c.product_needs_ccc,
        "product.needs_production_licence" => c.product_needs_licence,
        "product.nominal_diameter" => c.product_diameter,
        "product.nominal_thickness" => c.product_thickness,
        "product.octane_grade" => c.product_octane,
        "season.campaign" => c.season_campaign,
        "unit.body_kind" => c.unit_body_kind,
        "unit.exempt_registration" => c.unit_exempt,
        "unit.medium" => c.unit_medium,
        "unit.rents_site" => c.unit_rents_site,
        "unit.role" => c.unit_role,
        other => other,
    };
    word.to_owned()
}

/// A value that stands in no code table, in words; itself when it has none.
#[must_use]
pub fn plain_value(text: &str) -> &str {
    let c = condition_words();
    match text {
        "biomass_gas" => c.value_biomass_gas,
        "gas" => c.value_gas,
        "oil" => c.value_oil,
        "electric" => c.value_electric,
        "liquefied" => c.value_liquefied,
        "lpg" => c.value_lpg,
        "oxygen" => c.value_oxygen,
        "self_test" => c.value_self_test,
        "special" => c.value_special,
        other => other,
    }
}

/// A condition in words.
#[must_use]
pub fn condition(list: &Checklist, when: &Condition, labels: &Labels) -> String {
    let w = library_words();
    let parts = |parts: &[Condition], between: &str| {
        let texts = parts.iter().map(|part| {
            let text = condition(list, part, labels);
            let nested = matches!(part, Condition::All { all } if all.len() > 1) || matches!(part, Condition::Any { any } if any.len() > 1);
            if nested { fill(w.when_group, &[&text]) } else { text }
        });
        texts.collect::<Vec<_>>().join(between)
    };
    match when {
        Condition::All { all } => parts(all, w.when_and),
        Condition::Any { any } => parts(any, w.when_or),
        Condition::Field { field: name, op, value } => {
            let asked = name.strip_prefix("answer:").and_then(|id| list.items.iter().enumerate().find(|(_, item)| item.id == id));
            let word = asked.map_or_else(|| field(name), |(_, item)| fill(w.when_answer, &[&item.text(lang())]));
            let options = asked.and_then(|(_, item)| match &item.answer {
                AnswerSpec::Choice { options, .. } => Some(options.as_slice()),
                _ => None,
            });
            comparison(&word, name, *op, value, options, labels)
        }
    }
}

fn comparison(word: &str, name: &str, op: Comparison, value: &Value, options: Option<&[Choice]>, labels: &Labels) -> String {
    let w = library_words();
    let one = |value: &Value| match value {
        Value::String(text) => value_word(name, text, op, options, labels),
        other => other.to_string(),
    };
    let all = match value {
        Value::Array(values) => values.iter().map(one).collect::<Vec<_>>().join(w.when_list),
        single => one(single),
    };
    match (op, value) {
        (Comparison::Eq, Value::Bool(true)) => fill(w.when_yes, &[&word]),
        (Comparison::Eq, Value::Bool(false)) => fill(w.when_no, &[&word]),
        (Comparison::Eq, _) => fill(w.when_eq, &[&word, &all]),
        (Comparison::In, _) => fill(w.when_in, &[&word, &all]),
        (Comparison::StartsWith, _) => fill(w.when_starts, &[&word, &all]),
        (Comparison::Gte, _) => fill(w.when_gte, &[&word, &all]),
        (Comparison::Lt, _) => fill(w.when_lt, &[&word, &all]),
    }
}

fn value_word(name: &str, text: &str, op: Comparison, options: Option<&[Choice]>, labels: &Labels) -> String {
    if let Some(option) = options.and_then(|options| options.iter().find(|option| option.value == text)) {
        return lang().pick(&option.zh, &option.en).to_owned();
    }
    // A beginning of a code is called by the class that it stands for.
    let whole = if op == Comparison::StartsWith { format!("{text:0<4}") } else { text.to_owned() };
    match labels.get(name).and_then(|rows| rows.iter().find(|(code, _, _)| *code == whole)) {
        Some((_, zh, en)) if op == Comparison::StartsWith => format!("{text}（{}）", lang().pick(zh, en)),
        Some((_, zh, en)) => lang().pick(zh, en).to_owned(),
        None => plain_value(text).to_owned(),
    }
}

/// The word for a kind of answer.
#[must_use]
pub fn answer_kind(answer: &AnswerSpec) -> &'static str {
    let w = library_words();
    match answer {
        AnswerSpec::YesNoNa { .. } => w.answer_yes_no_na,
        AnswerSpec::Choice { multiple: false, .. } => w.answer_choice,
        AnswerSpec::Choice { multiple: true, .. } => w.answer_choices,
        AnswerSpec::Number { .. } => w.answer_number,
        AnswerSpec::Range { .. } => w.answer_range,
        AnswerSpec::Date { .. } => w.answer_date,
        AnswerSpec::Text { .. } => w.answer_text,
        AnswerSpec::Time => w.answer_time,
        AnswerSpec::DateTime => w.answer_date_time,
        AnswerSpec::Geopoint => w.answer_geopoint,
        AnswerSpec::Image => w.answer_image,
        AnswerSpec::Drawing => w.answer_drawing,
        AnswerSpec::Barcode => w.answer_barcode,
        AnswerSpec::Note => w.answer_note,
        AnswerSpec::Calculate => w.answer_calculate,
    }
}

/// A kind of answer with its limits.
#[must_use]
pub fn answer(answer: &AnswerSpec) -> String {
    let w = library_words();
    let mut parts = vec![answer_kind(answer).to_owned()];
    match answer {
        AnswerSpec::YesNoNa { pass } => parts.extend((pass == "no").then(|| w.inverted.to_owned())),
        AnswerSpec::Choice { options, .. } => parts.push(options.iter().map(option).collect::<Vec<_>>().join(" / ")),
        AnswerSpec::Number { unit, min, max, min_field, max_field, limit_kind, integer, .. } => {
            let low = min.map(number).or_else(|| min_field.as_deref().map(|name| fill(w.by_field, &[&field(name)])));
            let high = max.map(number).or_else(|| max_field.as_deref().map(|name| fill(w.by_field, &[&field(name)])));
            parts.extend(unit.clone().filter(|unit| !unit.is_empty()));
            parts.extend(integer.then(|| w.whole.to_owned()));
            parts.extend(match (low, high) {
                (Some(low), Some(high)) => Some(fill(w.between, &[&low, &high])),
                (Some(low), None) => Some(fill(w.at_least, &[&low])),
                (None, Some(high)) => Some(fill(w.at_most, &[&high])),
                (None, None) => None,
            });
            parts.extend((*limit_kind == Some(LimitKind::Advisory)).then(|| w.advisory.to_owned()));
        }
        AnswerSpec::Range { start, end, step, .. } => parts.push(fill(w.scale, &[start, end, step])),
        AnswerSpec::Date { rule } => parts.extend(rule.as_deref().map(date_rule)),
        AnswerSpec::Text { max_length } => parts.extend(max_length.map(|most| fill(w.characters, &[&most]))),
        AnswerSpec::Time
        | AnswerSpec::DateTime
        | AnswerSpec::Geopoint
        | AnswerSpec::Image
        | AnswerSpec::Drawing
        | AnswerSpec::Barcode
        | AnswerSpec::Note
        | AnswerSpec::Calculate => {}
    }
    parts.join(" · ")
}

fn option(option: &Choice) -> String {
    let text = lang().pick(&option.zh, &option.en);
    if option.pass { text.to_owned() } else { fill(library_words().option_fails, &[&text]) }
}

/// A number as it is written; a whole one without its point.
#[must_use]
pub fn number(number: f64) -> String {
    number.to_string()
}

/// A rule for a date in words; itself when it is not understood.
#[must_use]
pub fn date_rule(rule: &str) -> String {
    let w = library_words();
    let Some((frame, rest)) = rule.strip_prefix("gte_today").map(|rest| (w.date_not_before, rest)).or_else(|| {
        let rest = rule.strip_prefix("lte_today")?;
        Some((w.date_not_after, rest))
    }) else {
        return rule.to_owned();
    };
    let amount = |rest: &str, months: &'static str, years: &'static str| {
        let (count, word) = rest.strip_suffix('m').map(|count| (count, months)).or_else(|| Some((rest.strip_suffix('y')?, years)))?;
        Some(fill(word, &[&count]))
    };
    let day = if rest.is_empty() {
        Some(w.date_today.to_owned())
    } else if let Some(rest) = rest.strip_prefix("_minus_") {
        amount(rest, w.date_months_before, w.date_years_before)
    } else {
        rest.strip_prefix("_plus_").and_then(|rest| amount(rest, w.date_months_after, w.date_years_after))
    };
    day.map_or_else(|| rule.to_owned(), |day| fill(frame, &[&day]))
}

/// The word for a field of work.
#[must_use]
pub fn domain(name: &str) -> &'static str {
    let w = library_words();
    match name {
        "special_equipment" => w.domain_special_equipment,
        "market_access" => w.domain_market_access,
        "product_quality" => w.domain_product_quality,
        "merchandise" => w.domain_merchandise,
        "inspection_metrology" => w.domain_inspection_metrology,
        _ => w.domain_other,
    }
}

/// The place of a field of work in the library.
#[must_use]
pub fn domain_place(name: &str) -> usize {
    DOMAINS.iter().position(|one| *one == name).unwrap_or(DOMAINS.len())
}

/// The word for a change between editions.
#[must_use]
pub fn change(change: Change) -> &'static str {
    let w = library_words();
    match change {
        Change::Added => w.change_added,
        Change::Removed => w.change_removed,
        Change::Retired => w.change_retired,
        Change::Restored => w.change_restored,
        Change::Reworded => w.change_reworded,
        Change::Moved => w.change_moved,
        Change::Altered => w.change_altered,
    }
}

/// What to put right about an item.
#[must_use]
pub fn item_fault(fault: &ItemFault) -> String {
    let w = library_words();
    match fault {
        ItemFault::NoText => w.fault_no_text.to_owned(),
        ItemFault::NoSection => w.fault_no_section.to_owned(),
        ItemFault::DoubleId => w.fault_double_id.to_owned(),
        ItemFault::Limits { min, max } => fill(w.fault_limits, &[min, max]),
        ItemFault::Scale => w.fault_scale.to_owned(),
        ItemFault::FewOptions => w.fault_few_options.to_owned(),
        ItemFault::NoOptionText { number } => fill(w.fault_option_text, &[number]),
        ItemFault::DoubleOption { text } => fill(w.fault_double_option, &[text]),
        ItemFault::UnknownBasis { basis } => fill(w.fault_basis, &[basis]),
        ItemFault::Rule { rule } => fill(w.fault_rule, &[rule]),
        ItemFault::Logic { problem } => fill(w.fault_logic, &[problem]),
        ItemFault::NoPhraseText { number } => fill(w.fault_phrase, &[number]),
    }
}

/// What to put right about a list as a whole; none when it is about one item.
#[must_use]
pub fn list_fault(fault: &Fault) -> Option<String> {
    let w = library_words();
    match fault {
        Fault::Empty => Some(w.fault_empty.to_owned()),
        Fault::NoTitle => Some(w.fault_no_title.to_owned()),
        Fault::Item { .. } => None,
        Fault::List(error) => Some(fill(w.fault_list, &[error])),
    }
}

/// Follows the language: labels once they are loaded.
#[must_use]
pub fn load_labels() -> RwSignal<Labels> {
    let loaded = RwSignal::new(Labels::new());
    leptos::task::spawn_local(async move {
        let found = labels().await;
        loaded.try_set(found);
    });
    loaded
}
