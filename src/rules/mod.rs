//! Rules that compute: working days, periods, due dates of inspections, campaigns, grades.
//!
//! This module never holds a rule of law: what it counts by is data in `public/content/rules`, effective-dated, with its
//! basis and whether it was verified. It never does IO and never asks the time.
//!
//! - [`calendar`]: working days by the yearly notices.
//! - [`clock`]: how long offices and units have, by the rule in force when the matter began.
//! - [`interval`], [`facts`], [`due`]: what is due when for equipment and instruments, and why.
//! - [`campaign`]: campaigns that return every year.
//! - [`visit_caps`]: how often a unit may be visited in a year, and what it is told on arrival.
//! - [`grading`]: the clauses that make a hazard a serious or a major one; [`consequence`]: what the law may attach to it.
//! - [`accident`]: the grade of an accident.

pub mod accident;
pub mod calendar;
pub mod campaign;
pub mod clock;
pub mod consequence;
pub mod due;
pub mod facts;
pub mod grading;
pub mod interval;
pub mod month;
pub mod said;
pub mod visit_caps;

pub use accident::{Accident, AccidentGrades};
pub use calendar::{Calendar, Deadline};
pub use campaign::Campaigns;
pub use clock::Clocks;
pub use consequence::Consequences;
pub use due::Due;
pub use facts::EquipmentFacts;
pub use grading::Gradings;
pub use interval::Intervals;
pub use month::{Month, When};
pub use said::{RuleError, Said};
pub use visit_caps::VisitCaps;
