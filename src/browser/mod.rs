//! The browser behind the ports.

pub mod files;
pub mod photo_worker;
pub mod photos;
pub mod position;
pub mod update;
