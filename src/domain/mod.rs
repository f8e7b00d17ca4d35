//! What inspectors talk about: pure values.
//!
//! This module never does IO, never asks the time, never draws randomness: it is told.

pub mod bureau;
pub mod change;
pub mod checklist;
pub mod content;
pub mod equipment;
pub mod id;
pub mod inspection;
pub mod journal;
pub mod library;
pub mod mask;
pub mod matter;
pub mod photo;
pub mod signature;
pub mod task;
pub mod time;
pub mod uscc;
