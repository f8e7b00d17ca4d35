//! Where the device is. Always WGS-84; shifting for Chinese maps is for display alone.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use js_sys::{Function, Object};
use wasm_bindgen::prelude::*;

use super::files::{get, set};
use crate::domain::photo::{Position, PositionFrom};

#[wasm_bindgen]
extern "C" {
    type Geolocation;
    #[wasm_bindgen(method, catch, js_name = getCurrentPosition)]
    fn get_current_position(this: &Geolocation, found: &Function, failed: &Function, options: &Object) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = watchPosition)]
    fn watch_position(this: &Geolocation, found: &Function, failed: &Function, options: &Object) -> Result<i32, JsValue>;
    #[wasm_bindgen(method, js_name = clearWatch)]
    fn clear_watch(this: &Geolocation, id: i32);

    type Found;
    #[wasm_bindgen(method, getter)]
    fn coords(this: &Found) -> Coordinates;
    #[wasm_bindgen(method, getter)]
    fn timestamp(this: &Found) -> f64;

    type Coordinates;
    #[wasm_bindgen(method, getter)]
    fn latitude(this: &Coordinates) -> f64;
    #[wasm_bindgen(method, getter)]
    fn longitude(this: &Coordinates) -> f64;
    #[wasm_bindgen(method, getter)]
    fn accuracy(this: &Coordinates) -> f64;

    type Failure;
    #[wasm_bindgen(method, getter)]
    fn code(this: &Failure) -> u16;
}

/// One reading of the position.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Fix {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// Radius of the 95 % circle in metres.
    pub accuracy_m: f64,
    /// When, in milliseconds since the epoch by the device's clock.
    pub at_ms: u64,
}

impl Fix {
    /// The position as kept with something that happened at `moment_ms`: with the time between both as its age.
    #[must_use]
    pub fn position_at(&self, moment_ms: u64) -> Option<Position> {
        let age_ms = Some(self.at_ms.abs_diff(moment_ms));
        Position::new(self.lat, self.lon, Some(self.accuracy_m), age_ms, PositionFrom::Device)
    }
}

/// Why there is no position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PositionError {
    /// The person or a policy said no.
    #[error("permission denied")]
    Denied,
    /// No satellites, no networks, location switched off.
    #[error("position unavailable")]
    Unavailable,
    /// Not found in time.
    #[error("timed out")]
    Timeout,
    /// The browser knows no positions, or the page is not secure.
    #[error("not supported")]
    Unsupported,
}

/// Asks for the position once. A fix of the last ten seconds counts as present.
///
/// # Errors
/// [`PositionError`].
pub async fn current(timeout_ms: u32, high_accuracy: bool) -> Result<Fix, PositionError> {
    let geolocation = geolocation().ok_or(PositionError::Unsupported)?;
    let (sender, receiver) = futures::channel::oneshot::channel();
    let sender = Rc::new(RefCell::new(Some(sender)));
    let answer = move |sender: &RefCell<Option<futures::channel::oneshot::Sender<_>>>, result: Result<Fix, PositionError>| {
        if let Some(sender) = sender.borrow_mut().take() {
            let _ = sender.send(result);
        }
    };
    let found = {
        let sender = Rc::clone(&sender);
        Closure::<dyn FnMut(Found)>::new(move |found: Found| answer(&sender, Ok(to_fix(&found))))
    };
    let failed = Closure::<dyn FnMut(Failure)>::new(move |failure: Failure| answer(&sender, Err(to_error(&failure))));
    geolocation
        .get_current_position(function(&found), function(&failed), &options(timeout_ms, high_accuracy, 10_000))
        .map_err(|_| PositionError::Unsupported)?;
    // Both closures stay alive until one of them was called.
    receiver.await.unwrap_or(Err(PositionError::Unavailable))
}

/// How many fixes a watcher remembers.
const REMEMBERED: usize = 64;

#[derive(Default)]
struct Seen {
    fixes: VecDeque<Fix>,
    error: Option<PositionError>,
}

/// Follows the position while a record is open, so that a photo gets the fix of its shutter moment. Stops when dropped.
pub struct Watcher {
    geolocation: Geolocation,
    id: i32,
    seen: Rc<RefCell<Seen>>,
    _found: Closure<dyn FnMut(Found)>,
    _failed: Closure<dyn FnMut(Failure)>,
}

impl Watcher {
    /// Starts to follow; the browser may ask the person.
    ///
    /// # Errors
    /// [`PositionError::Unsupported`]. Other errors show later, in [`Self::error`].
    pub fn start(high_accuracy: bool) -> Result<Self, PositionError> {
        let geolocation = geolocation().ok_or(PositionError::Unsupported)?;
        let seen = Rc::new(RefCell::new(Seen::default()));
        let found = {
            let seen = Rc::clone(&seen);
            Closure::<dyn FnMut(Found)>::new(move |found: Found| {
                let mut seen = seen.borrow_mut();
                seen.error = None;
                seen.fixes.push_back(to_fix(&found));
                if seen.fixes.len() > REMEMBERED {
                    seen.fixes.pop_front();
                }
            })
        };
        let failed = {
            let seen = Rc::clone(&seen);
            Closure::<dyn FnMut(Failure)>::new(move |failure: Failure| seen.borrow_mut().error = Some(to_error(&failure)))
        };
        let id = geolocation
            .watch_position(function(&found), function(&failed), &options(60_000, high_accuracy, 0))
            .map_err(|_| PositionError::Unsupported)?;
        Ok(Self { geolocation, id, seen, _found: found, _failed: failed })
    }

    /// The latest fix.
    #[must_use]
    pub fn latest(&self) -> Option<Fix> {
        self.seen.borrow().fixes.back().copied()
    }

    /// The fix nearest to a moment, for instance to the time at which a photo file was written.
    #[must_use]
    pub fn nearest(&self, moment_ms: u64) -> Option<Fix> {
        self.seen.borrow().fixes.iter().min_by_key(|fix| fix.at_ms.abs_diff(moment_ms)).copied()
    }

    /// What went wrong last, unless a fix came since.
    #[must_use]
    pub fn error(&self) -> Option<PositionError> {
        self.seen.borrow().error
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.geolocation.clear_watch(self.id);
    }
}

fn geolocation() -> Option<Geolocation> {
    get(&web_sys::window()?.navigator(), "geolocation").map(JsCast::unchecked_into)
}

fn function<T: ?Sized>(closure: &Closure<T>) -> &Function
where
    Closure<T>: AsRef<JsValue>,
{
    closure.as_ref().unchecked_ref()
}

fn options(timeout_ms: u32, high_accuracy: bool, maximum_age_ms: u32) -> Object {
    let options = Object::new();
    set(&options, "timeout", &JsValue::from(timeout_ms));
    set(&options, "enableHighAccuracy", &JsValue::from(high_accuracy));
    set(&options, "maximumAge", &JsValue::from(maximum_age_ms));
    options
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positive and below 2^53, or replaced by the time now")]
fn to_fix(found: &Found) -> Fix {
    let (now, told) = (js_sys::Date::now(), found.timestamp());
    // Some phones count from another year or in other units: believe a time of the last hour only.
    let at = if told <= now && now - told < 3_600_000.0 { told } else { now };
    let coords = found.coords();
    Fix { lat: coords.latitude(), lon: coords.longitude(), accuracy_m: coords.accuracy(), at_ms: at as u64 }
}

fn to_error(failure: &Failure) -> PositionError {
    match failure.code() {
        1 => PositionError::Denied,
        3 => PositionError::Timeout,
        _ => PositionError::Unavailable,
    }
}
