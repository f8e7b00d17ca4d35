//! Codes on equipment, licences and our own labels: read from a picture, understood, and made.

pub mod decode;
pub mod label;
pub mod meaning;
