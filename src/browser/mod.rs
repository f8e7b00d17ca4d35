//! The browser behind the ports.

pub mod photo_worker;
