//! The browser behind the ports.

pub mod clock;
pub mod desk;
pub mod desk_worker;
pub mod files;
pub mod idb;
pub mod keys;
pub mod lock;
pub mod pace;
pub mod photo_worker;
pub mod photos;
pub mod position;
pub mod random;
pub mod scanner;
pub mod storage;
pub mod update;
pub mod upload;
pub mod vault;
pub mod worker_handle;
