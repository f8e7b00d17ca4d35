//! What lists, search and queries know of a ledger record: a cache, always made from the journal.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::row::{Fields, Row};
use super::{Kind, field};
use crate::domain::journal::{Journal, State};

/// A place on earth, in degrees, WGS 84.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Position {
    /// Latitude.
    pub lat: f64,
    /// Longitude.
    pub lon: f64,
}

impl Position {
    /// A place; `None` for numbers that are none.
    #[must_use]
    pub fn new(lat: f64, lon: f64) -> Option<Self> {
        ((-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon)).then_some(Self { lat, lon })
    }

    /// Metres between two places along the earth (haversine on a sphere of 6,371 km; good to 0.5 %).
    #[must_use]
    pub fn distance_m(self, other: Self) -> f64 {
        let (from, to) = (self.lat.to_radians(), other.lat.to_radians());
        let half = |degrees: f64| (degrees.to_radians() / 2.0).sin().powi(2);
        let h = half(other.lat - self.lat) + from.cos() * to.cos() * half(other.lon - self.lon);
        2.0 * 6_371_000.0 * h.sqrt().clamp(0.0, 1.0).asin()
    }
}

/// A paper that expires.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Expiry {
    /// The path of the date, which also tells what it is: `permits/1/expires_on`, `officers/2/cert_expires_on`, `valid_until`.
    #[serde(rename = "p")]
    pub path: String,
    /// What people call it: kind of permit, name of the officer, name of the instrument.
    #[serde(rename = "n")]
    pub name: String,
    /// Until when, `YYYY-MM-DD`.
    #[serde(rename = "d")]
    pub on: String,
}

/// What lists show of a ledger record, and what search and queries need. When it is due is computed when it is looked at.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Card {
    /// Record id. Not in the stored value: it is in the key.
    #[serde(skip)]
    pub id: String,
    /// Stored name of the kind. Not in the stored value either.
    #[serde(skip)]
    pub kind: String,
    /// What people call it.
    #[serde(rename = "t", skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Where: address or place.
    #[serde(rename = "a", skip_serializing_if = "String::is_empty")]
    pub address: String,
    /// Town or area.
    #[serde(rename = "w", skip_serializing_if = "String::is_empty")]
    pub town: String,
    /// Type code of equipment, kind of an instrument.
    #[serde(rename = "y", skip_serializing_if = "String::is_empty")]
    pub type_code: String,
    /// Equipment code, credit code of a unit (the legacy number where it has none), serial number of an instrument.
    #[serde(rename = "c", skip_serializing_if = "String::is_empty")]
    pub code: String,
    /// Old registration code of equipment, legacy number of a unit.
    #[serde(rename = "r", skip_serializing_if = "String::is_empty")]
    pub registration_code: String,
    /// Use registration certificate, or verification certificate.
    #[serde(rename = "e", skip_serializing_if = "String::is_empty")]
    pub cert_no: String,
    /// Number of equipment within its unit.
    #[serde(rename = "n", skip_serializing_if = "String::is_empty")]
    pub internal_no: String,
    /// Number within the unit, number of the product: further texts to find it by.
    #[serde(rename = "o", skip_serializing_if = "String::is_empty")]
    pub other_no: String,
    /// Record id of the unit.
    #[serde(rename = "u", skip_serializing_if = "String::is_empty")]
    pub unit_id: String,
    /// Contact and phone of a unit.
    #[serde(rename = "k", skip_serializing_if = "String::is_empty")]
    pub contact: String,
    /// Status code.
    #[serde(rename = "s", skip_serializing_if = "String::is_empty")]
    pub status: String,
    /// Responsible inspector.
    #[serde(rename = "i", skip_serializing_if = "String::is_empty")]
    pub inspector: String,
    /// Month of the next inspection as printed, or date until which a verification counts.
    #[serde(rename = "x", skip_serializing_if = "String::is_empty")]
    pub printed_next: String,
    /// Latitude and longitude.
    #[serde(rename = "g", skip_serializing_if = "Option::is_none")]
    pub lat_lon: Option<(f64, f64)>,
    /// Papers that expire.
    #[serde(rename = "z", skip_serializing_if = "Vec::is_empty")]
    pub expiries: Vec<Expiry>,
    /// The fields that rules of due dates and filters read, see [`field::FACTS`].
    #[serde(rename = "f", skip_serializing_if = "Fields::is_empty")]
    pub facts: Fields,
    /// When it last changed.
    #[serde(rename = "m")]
    pub updated_ms: u64,
    /// How many values were set by people who had not seen each other's.
    #[serde(rename = "q", skip_serializing_if = "is_zero")]
    pub conflicts: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl Card {
    /// Makes the card of a record; `None` when it is in no ledger.
    #[must_use]
    pub fn of(journal: &Journal, state: &State) -> Option<Self> {
        let row = Row::of(state);
        let kind = row.kind()?;
        let mut card = Self::of_row(kind, journal.record().as_str(), &row);
        card.updated_ms = journal.latest().ms;
        card.conflicts = state.conflicts().len();
        Some(card)
    }

    /// Makes the card of a row.
    #[must_use]
    pub fn of_row(kind: Kind, id: &str, row: &Row) -> Self {
        let text = |path: &str| row.text(path).to_owned();
        let all = |paths: &[&str]| {
            let texts: Vec<&str> = paths.iter().map(|path| row.text(path)).filter(|text| !text.is_empty()).collect();
            texts.join(" ")
        };
        let first = |paths: &[&str]| paths.iter().map(|path| row.text(path)).find(|text| !text.is_empty()).unwrap_or_default().to_owned();
        let (code, address, type_code, printed_next, other_no) = match kind {
            Kind::Unit => {
                (first(&["uscc", "legacy_no"]), text("address"), String::new(), String::new(), all(&["legal_representative", "principal"]))
            }
            Kind::Equipment => (
                text("code"),
                text("place"),
                first(&["type_code", "equipment_kind"]),
                text("printed_next"),
                all(&["internal_no", "made_no", "rescue_code"]),
            ),
            Kind::Instrument => (text("serial_no"), text("place"), text("instrument_kind"), text("valid_until"), text("model")),
        };
        let facts = field::FACTS.iter().filter_map(|path| Some(((*path).to_owned(), row.get(path)?.clone())));
        let inspections = row.fields().range("inspections/".to_owned()..).take_while(|(path, _)| path.starts_with("inspections/"));
        Self {
            id: id.to_owned(),
            kind: kind.name().to_owned(),
            title: first(&["name", "internal_no", "code", "cert_no", "registration_code", "serial_no", "uscc"]),
            address,
            town: text("town"),
            type_code,
            code,
            registration_code: first(&["registration_code", "legacy_no"]),
            cert_no: text("cert_no"),
            internal_no: text("internal_no"),
            other_no,
            unit_id: text("unit_id"),
            contact: all(&["contact", "phone"]),
            status: text("status"),
            inspector: text("inspector"),
            printed_next,
            lat_lon: row.number("lat").zip(row.number("lon")),
            expiries: expiries(kind, row),
            facts: facts.chain(inspections.map(|(path, value)| (path.clone(), value.clone()))).collect(),
            updated_ms: 0,
            conflicts: 0,
        }
    }

    /// The kind.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        Kind::parse(&self.kind)
    }

    /// Where it is, when that is known.
    #[must_use]
    pub fn position(&self) -> Option<Position> {
        self.lat_lon.and_then(|(lat, lon)| Position::new(lat, lon))
    }

    /// The key under which it is kept.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}/{}", self.kind, self.id)
    }

    /// The stored value.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads a card as it is kept; `None` for what another version wrote and this one can't read.
    #[must_use]
    pub fn read(key: &str, bytes: &[u8]) -> Option<Self> {
        let (kind, id) = key.split_once('/')?;
        let card: Self = serde_json::from_slice(bytes).ok()?;
        Some(Self { kind: Kind::parse(kind)?.name().to_owned(), id: id.to_owned(), ..card })
    }

    /// A fact that is said to be so.
    #[must_use]
    pub fn is(&self, path: &str) -> bool {
        self.facts.get(path).and_then(Value::as_bool) == Some(true)
    }
}

fn expiries(kind: Kind, row: &Row) -> Vec<Expiry> {
    let dated = |path: String, name: &str| {
        let on = row.date(&path)?.to_string();
        Some(Expiry { path, name: name.to_owned(), on })
    };
    match kind {
        Kind::Unit => {
            let permits = row.numbers("permits").into_iter().filter_map(|n| {
                let name = [format!("permits/{n}/kind"), format!("permits/{n}/no")].map(|path| row.text(&path).to_owned());
                dated(format!("permits/{n}/expires_on"), name.iter().find(|name| !name.is_empty()).map_or("", String::as_str))
            });
            let officers = row
                .numbers("officers")
                .into_iter()
                .filter_map(|n| dated(format!("officers/{n}/cert_expires_on"), row.text(&format!("officers/{n}/name"))));
            permits.chain(officers).collect()
        }
        Kind::Instrument => dated("valid_until".to_owned(), row.text("name")).into_iter().collect(),
        Kind::Equipment => Vec::new(),
    }
}
