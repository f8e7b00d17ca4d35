//! Randomness fit for keys.

/// Fills bytes from the system's cryptographic generator.
pub trait Random {
    /// Fills all of `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}
