//! What makes a record provable: hashes, chains, seals.
//!
//! This module never stores and never shows anything.

pub mod chain;
pub mod key;
pub mod seal;
