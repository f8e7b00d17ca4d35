//! What makes a record provable: hashes, chains, seals.
//!
//! This module never stores and never shows anything.

pub mod chain;
pub mod exif;
pub mod image_header;
pub mod key;
pub mod paper;
pub mod seal;
