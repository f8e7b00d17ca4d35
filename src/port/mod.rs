//! What the app needs from the world, as traits, with memory versions for tests.
//!
//! This module never knows a browser and never knows what a bundle is.

pub mod clock;
pub mod keys;
pub mod memory;
pub mod random;
pub mod shelf;
pub mod twin;
