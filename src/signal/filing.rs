//! A complaint or a report as signals and statistics see it: no name, telephone, address or number of a person.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::equipment::normalise_code;
use crate::domain::inspection::{Stage, Summary};
use crate::domain::journal::State;
use crate::domain::time::{CivilDate, Hlc, Instant};
use crate::domain::uscc::{Uscc, half_width};

/// The kinds of matters that are filings.
pub const KINDS: [&str; 2] = ["complaint", "report"];

/// What makes a filing weigh more, by the names of `rules/signals.json`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// Somebody died.
    Deaths,
    /// Somebody was gravely hurt.
    SeriousInjuries,
    /// Somebody was hurt or killed.
    Injury,
    /// Fire or explosion.
    Fire,
    /// Children are concerned.
    Child,
    /// Gas or gas cylinders.
    Gas,
    /// A lift.
    Elevator,
}

/// A complaint or a report.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Filing {
    /// The record.
    #[serde(skip)]
    pub record: String,
    /// Its kind, one of [`KINDS`].
    #[serde(skip)]
    pub kind: String,
    /// Where it stands, by the procedure.
    #[serde(skip)]
    pub state: String,
    /// The day when it came in.
    pub day: Option<CivilDate>,
    /// What it is about, as lists show it.
    #[serde(skip)]
    pub subject: String,
    /// Kind of goods.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub goods_kind: String,
    /// Kind of equipment.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub equipment_kind: String,
    /// What the goods are called.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub goods_name: String,
    /// Brand.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub brand: String,
    /// Model.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub model: String,
    /// Batch.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub batch: String,
    /// Bar code.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub gtin: String,
    /// The business that it is about.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub seller: String,
    /// Its unified social credit code, as typed.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub uscc: String,
    /// Where the business is.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub seller_address: String,
    /// Where it happened.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub place: String,
    /// The record of the unit.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// The record of the equipment.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub equipment: String,
    /// Its code.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub equipment_code: String,
    /// What it is called, with its place.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub equipment_name: String,
    /// What makes it weigh more, each once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<Flag>,
    /// Persons who died.
    #[serde(skip_serializing_if = "is_zero")]
    pub deaths: u32,
    /// Persons who were hurt, gravely or slightly.
    #[serde(skip_serializing_if = "is_zero")]
    pub hurt: u32,
    /// Records that are about the same event and count once together with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub same: Vec<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl Default for Filing {
    fn default() -> Self {
        let text = String::new;
        Self {
            record: text(),
            kind: text(),
            state: text(),
            day: None,
            subject: text(),
            goods_kind: text(),
            equipment_kind: text(),
            goods_name: text(),
            brand: text(),
            model: text(),
            batch: text(),
            gtin: text(),
            seller: text(),
            uscc: text(),
            seller_address: text(),
            place: text(),
            unit: text(),
            equipment: text(),
            equipment_code: text(),
            equipment_name: text(),
            flags: Vec::new(),
            deaths: 0,
            hurt: 0,
            same: Vec::new(),
        }
    }
}

impl Filing {
    /// What the state of a record says, without record, kind and state; `None` when it is no filing.
    #[must_use]
    pub fn read(state: &State) -> Option<Self> {
        let kind = state.text("kind").filter(|kind| KINDS.contains(kind))?;
        let text = |field: &str| said(state, field).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
        let number =
            |field: &str| said(state, field).and_then(Value::as_u64).and_then(|number| u32::try_from(number).ok()).unwrap_or_default();
        let path = |path: &str| state.text(path).unwrap_or_default().trim().to_owned();
        let opened = || {
            let at = state.get("opened")?;
            let offset = at.get("offset_min").and_then(Value::as_i64).and_then(|offset| i32::try_from(offset).ok()).unwrap_or_default();
            Some(Instant::from_ms(at.get("ms")?.as_u64()?).date(offset))
        };
        let (deaths, serious, slight) = (number("deaths"), number("serious_injuries"), number("slight_injuries"));
        let yes = |field: &str| said(state, field) == Some(&Value::Bool(true));
        // Numbers stay in the record when the answer that asked for them is taken back.
        let injury = yes("injury");
        let flags = [
            (Flag::Deaths, injury && deaths > 0),
            (Flag::SeriousInjuries, injury && serious > 0),
            (Flag::Injury, injury),
            (Flag::Fire, yes("fire")),
            (Flag::Child, yes("child")),
            (Flag::Gas, yes("gas")),
            (Flag::Elevator, yes("elevator")),
        ];
        let first = |a: String, b: String| if a.is_empty() { b } else { a };
        Some(Self {
            kind: kind.to_owned(),
            day: CivilDate::parse(&text("received_on")).or_else(opened),
            goods_kind: text("goods_kind"),
            equipment_kind: if text("goods_kind") == "special_equipment" { text("equipment_kind") } else { String::new() },
            goods_name: text("goods_name"),
            brand: text("brand"),
            model: text("model"),
            batch: text("batch"),
            gtin: text("gtin"),
            seller: first(text("respondent_name"), path("unit/name")),
            uscc: first(text("respondent_uscc"), path("unit/uscc")),
            seller_address: first(text("respondent_address"), path("unit/address")),
            place: first(text("place"), text("act_place")),
            unit: path("unit/id"),
            equipment: path("equipment/id"),
            equipment_code: path("equipment/code"),
            equipment_name: [path("equipment/name"), path("equipment/place")].join(" ").trim().to_owned(),
            flags: flags.into_iter().filter(|(_, holds)| *holds).map(|(flag, _)| flag).collect(),
            deaths: if injury { deaths } else { 0 },
            hurt: if injury { serious.saturating_add(slight) } else { 0 },
            same: same(state),
            ..Self::default()
        })
    }

    /// The filing of a summary; `None` when it is none, or was voided.
    #[must_use]
    pub fn of(summary: &Summary) -> Option<Self> {
        // Leads keep something there too, and are no filings.
        let is_filing = summary.stage != Stage::Voided && KINDS.contains(&summary.kind.as_str());
        let line = summary.matter.as_ref().filter(|_| is_filing)?;
        let mut filing: Self = serde_json::from_value(line.signal.clone()?).ok()?;
        filing.record.clone_from(&summary.id);
        filing.kind.clone_from(&summary.kind);
        filing.state.clone_from(&line.state);
        filing.subject.clone_from(&line.headline);
        Some(filing)
    }

    /// What tells the product apart: by its bar code, and by brand and model. Either may be missing.
    #[must_use]
    pub fn products(&self) -> Vec<String> {
        let digits: String = plain(&self.gtin).chars().filter(char::is_ascii_digit).collect();
        let gtin = (8..=14).contains(&digits.len()).then(|| format!("gtin:{}", digits.trim_start_matches('0')));
        let (brand, model) = (plain(&self.brand), plain(&self.model));
        let named = (!brand.is_empty() && !model.is_empty()).then(|| format!("name:{brand}|{model}"));
        gtin.into_iter().chain(named).collect()
    }

    /// What tells the batch apart: the product, or else its brand, with the batch.
    #[must_use]
    pub fn batches(&self) -> Vec<String> {
        let batch = plain(&self.batch);
        if batch.is_empty() {
            return Vec::new();
        }
        let brand = plain(&self.brand);
        let mut products = self.products();
        if products.is_empty() && !brand.is_empty() {
            products.push(format!("brand:{brand}"));
        }
        products.into_iter().map(|product| format!("{product}|{batch}")).collect()
    }

    /// What tells the seller apart: its code where it is a good one, and its name.
    #[must_use]
    pub fn sellers(&self) -> Vec<String> {
        let code = Uscc::parse(&self.uscc).ok().map(|code| format!("uscc:{code}"));
        let name = plain(&self.seller);
        code.into_iter().chain((!name.is_empty()).then(|| format!("name:{name}"))).collect()
    }

    /// What tells the equipment apart: its code, and its record.
    #[must_use]
    pub fn machines(&self) -> Vec<String> {
        let code = normalise_code(&self.equipment_code);
        let code = (!code.is_empty()).then(|| format!("code:{code}"));
        code.into_iter().chain((!self.equipment.is_empty()).then(|| format!("record:{}", self.equipment))).collect()
    }
}

/// What a field says: the latest of what the matter and its steps say.
fn said<'a>(state: &'a State, field: &str) -> Option<&'a Value> {
    let own = state.cell(&format!("fields/{field}")).map(|cell| (cell.at, &cell.value));
    let ending = format!("/fields/{field}");
    let of_steps = state.under("steps").filter_map(|(path, cell)| {
        let id = path.strip_suffix(&ending)?;
        state.get(&format!("steps/{id}/done"))?;
        Some((cell.at, &cell.value))
    });
    let latest = of_steps.chain(own).filter(|(_, value)| !value.is_null()).max_by_key(|(at, _): &(Hlc, &Value)| *at);
    latest.map(|(_, value)| value)
}

/// The records that are about the same event: one that it was merged with, those that somebody found to be duplicates, and the
/// complaint or report that was made along with it.
fn same(state: &State) -> Vec<String> {
    let linked = |value: &Value| Some(value.get("record")?.as_str()?.to_owned());
    let near = state.under("near").filter(|(_, cell)| cell.value.get("as").and_then(Value::as_str) == Some("duplicate"));
    let near = near.map(|(record, _)| record.to_owned());
    let fields = ["merged_with", "report", "complaint"].into_iter().filter_map(|field| linked(said(state, field)?));
    near.chain(fields).collect()
}

/// A text to compare by: without blanks and marks, in half width and small letters, so that `ABC-12（红）` is `abc12红`.
#[must_use]
pub(super) fn plain(text: &str) -> String {
    let letters = text.chars().map(half_width).filter(|letter| letter.is_alphanumeric());
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}
