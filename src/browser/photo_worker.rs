//! The photo worker.

/// Starts listening.
pub fn start() {}
