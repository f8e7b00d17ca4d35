//! The ledgers (台账): market entities, special equipment and measuring instruments, as pure values.
//!
//! A line of a ledger is a record with a journal like everything else. Where things stand in it (documented here and
//! nowhere else; every value is a text unless something else is said, dates are `YYYY-MM-DD`, months `YYYY-MM`):
//!
//! All kinds:
//!
//! | path | value |
//! |---|---|
//! | `kind` | `unit`, `equipment` or `instrument` |
//! | `base` | the line of an imported file: an object from the paths below to their values, see [`row`] |
//! | `name` | what people call it |
//! | `inspector` | who is responsible for it (责任到人): the name |
//! | `lat`, `lon` | degrees, WGS 84 (numbers) |
//! | `note` | anything else |
//!
//! `unit` (经营主体, 使用单位):
//!
//! | path | value |
//! |---|---|
//! | `uscc`, `legacy_no` | unified social credit code; number of registration or organisation from before |
//! | `address`, `town` | where; town or area (乡镇、街道) |
//! | `contact`, `phone` | whom to call |
//! | `legal_representative`, `principal` | 法定代表人, 主要负责人 |
//! | `sector` | 行业, free text or a code of the bureau |
//! | `roles` | what it does, such as `使用单位` or `维保单位`; several joined by `、` |
//! | `place_kind` | what kind of place it is, such as `学校` |
//! | `crowded_place`, `key_unit` | 人员密集场所, 重点单位 (booleans) |
//! | `credit_class` | a code of [`field::CREDIT_CLASS`] |
//! | `status` | a code of [`field::UNIT_STATUS`] |
//! | `permits/<n>/{kind,no,issued_on,expires_on,scope}` | permits, from 1 |
//! | `officers/<n>/{role,name,phone,cert_no,cert_expires_on}` | officers; `role` is a code of [`field::OFFICER_ROLES`] |
//!
//! `equipment` (特种设备):
//!
//! | path | value |
//! |---|---|
//! | `unit_id` | record id of the use unit |
//! | `equipment_kind`, `type_code`, `type_name` | 种类, such as `3000`; 品种代码, such as `3110`; its name where a file had no code |
//! | `code`, `registration_code`, `cert_no` | 设备代码, 注册代码, 使用登记证编号 |
//! | `internal_no` | 单位内编号 |
//! | `place`, `town` | where it stands |
//! | `maintainer`, `maintainer_phone`, `rescue_code` | 维保单位, its phone, 救援识别码 |
//! | `maker`, `made_no`, `made_on` | 制造单位, 出厂编号 (产品编号), date of manufacture |
//! | `model`, `parameters` | 型号, main parameters |
//! | `commissioned_on` | 投入使用日期 |
//! | `installed_inspection` | month of the supervisory inspection of the installation |
//! | `inspections/<obligation>/{date,conclusion,next}` | the last inspection of a kind; `conclusion` is a code of [`field::CONCLUSIONS`] |
//! | `inspection_body`, `report_no` | who inspected last; number of the report |
//! | `printed_next` | month of the next inspection, as printed on the report or the use mark |
//! | `safety_grade` | 安全状况等级, 1 to 5 (number) |
//! | `medium`, `fuel` | 介质, 燃料 |
//! | `medium_flammable`, `medium_toxic`, `molten_metal`, `has_machine_room` | booleans |
//! | `medium_group`, `boiler_use`, `vessel_material`, `gas_class`, `pipe_class`, `pipe_material` | codes of [`field`] |
//! | `design_life_years` | number |
//! | `status` | a code of [`field::EQUIPMENT_STATUS`] |
//! | `stopped_since`, `restarted_on`, `major_repair_on`, `relocated_on` | dates |
//! | `altered_inspection` | month of the supervisory inspection of an alteration |
//! | `rated_pressure`, `max_working_pressure`, `min_temp`, `max_temp`, `max_slope` | MPa, °C, % (numbers) |
//! | `medium_state`, `power` | codes, see [`field`] |
//! | `quick_opening`, `has_emergency_shutoff`, `buried`, `outdoor`, `has_cabin` | booleans |
//!
//! `instrument` (强制检定计量器具):
//!
//! | path | value |
//! |---|---|
//! | `unit_id` | record id of the user |
//! | `instrument_kind`, `model`, `serial_no`, `range`, `accuracy`, `maker` | what it is |
//! | `place` | where it is used |
//! | `verified_on`, `valid_until` | last verification, and until when it counts |
//! | `verification_body`, `cert_no`, `conclusion` | who verified; number of the certificate; a code of [`field::CONCLUSIONS`] |
//! | `status` | a code of [`field::EQUIPMENT_STATUS`] |
//!
//! This module never does IO, never asks the time, and holds no rule of law: when something is due is told to it.

pub mod card;
pub mod cell;
pub mod columns;
pub mod export;
pub mod field;
mod identity;
pub mod natural;
mod pinyin;
pub mod plan;
pub mod query;
pub mod read;
pub mod row;
pub mod search;
pub mod template;
pub mod vocabulary;

use crate::domain::journal::State;

pub use card::{Card, Expiry, Position};
pub use row::{Fields, Row};
pub use search::Ledger;

/// The kinds of ledger records.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// A market entity, as a rule the use unit of equipment.
    Unit,
    /// A piece of special equipment.
    Equipment,
    /// A measuring instrument under mandatory verification.
    Instrument,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Unit, Self::Equipment, Self::Instrument];

    /// The stored name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unit => "unit",
            Self::Equipment => "equipment",
            Self::Instrument => "instrument",
        }
    }

    /// The kind with a stored name; `None` for records that are in no ledger.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The kind of a record, as [`Row::kind`] tells it, without making a row.
    #[must_use]
    pub fn of(state: &State) -> Option<Self> {
        let own = state.text("kind").filter(|kind| !kind.is_empty());
        let name = own.or_else(|| state.base()?.get("kind")?.as_str());
        name.and_then(Self::parse)
    }
}
