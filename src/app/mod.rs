//! The use cases: what a person can do, without a screen and without a browser.
//!
//! This module never touches the browser and never holds a text for people.

pub mod assign;
pub mod document;
pub mod extract;
pub mod gate;
pub mod hazard;
pub mod lead;
pub mod ledger;
pub mod library;
pub mod matter;
pub mod open;
pub mod session;
pub mod suggest;
pub mod transfer;
pub mod unit_visits;
pub mod vault;
pub mod verify;
pub mod visit;
pub mod workspace;
