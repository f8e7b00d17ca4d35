//! The browser behind the ports.

pub mod clock;
pub mod files;
pub mod idb;
pub mod lock;
pub mod photo_worker;
pub mod photos;
pub mod position;
pub mod random;
pub mod storage;
pub mod update;
