//! The clocks of the browser.

use js_sys::{Date, Reflect};
use wasm_bindgen::JsCast;
use web_sys::Performance;

use crate::domain::change::ClockReading;
use crate::port::clock::Clock;

/// `Date`, and `performance` as the clock that does not jump. For windows and workers.
#[derive(Clone, Copy, Default, Debug)]
pub struct BrowserClock;

impl Clock for BrowserClock {
    fn read(&self) -> ClockReading {
        let now = Date::new_0();
        // `timeOrigin` makes readings of a window and of its worker comparable.
        let mono_ms = performance().map_or(0.0, |performance| performance.time_origin() + performance.now());
        // `getTimezoneOffset` counts westwards.
        ClockReading { wall_ms: now.get_time() as u64, mono_ms: mono_ms as u64, offset_min: -(now.get_timezone_offset() as i32) }
    }
}

fn performance() -> Option<Performance> {
    Reflect::get(&js_sys::global(), &"performance".into()).ok()?.dyn_into().ok()
}
