//! The clocks of the device.

use crate::domain::change::ClockReading;
use crate::domain::time::Instant;

/// Tells the time. The core is told; it never asks by itself.
pub trait Clock {
    /// What all clocks say now.
    fn read(&self) -> ClockReading;

    /// The wall clock now.
    fn now(&self) -> Instant {
        Instant::from_ms(self.read().wall_ms)
    }
}
