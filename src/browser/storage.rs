//! What the app asks of the browser's storage besides the shelves: the install marker, the promise to keep the data,
//! and a reserve for the last save.

use gloo_storage::{LocalStorage, Storage as _};
use js_sys::{Promise, Reflect};
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{StorageEstimate, StorageManager};

use crate::domain::id::DeviceId;
use crate::port::shelf::{Op, Shelf, ShelfError, Table};
use crate::port::twin::RESERVE;

/// Where the install marker lies in `localStorage`.
const MARKER: &str = "spotcheck.installed";

/// How much room is kept for the last save.
const RESERVE_BYTES: usize = 2 << 20;

/// What proves that this is no first run, kept apart from the shelves.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Marker {
    /// The device.
    pub device: DeviceId,
    /// The highest number that was announced as kept.
    pub seq: u64,
}

/// The marker; `None` on a first run, or when it was cleared together with everything else.
#[must_use]
pub fn read_marker() -> Option<Marker> {
    LocalStorage::get(MARKER).ok()
}

/// Remembers that a batch was announced as kept. Never goes back.
///
/// Whether it was remembered: it is no part of the save, which is kept without it.
pub fn write_marker(device: &DeviceId, seq: u64) -> bool {
    let earlier = read_marker().filter(|marker| marker.device == *device).map_or(0, |marker| marker.seq);
    LocalStorage::set(MARKER, Marker { device: device.clone(), seq: seq.max(earlier) }).is_ok()
}

/// Forgets the marker: after the person has read what is lost and chosen to begin anew.
pub fn clear_marker() {
    LocalStorage::delete(MARKER);
}

/// Asks the browser to keep the data until a person clears it; whether it promised. Some ask the person, so ask after a
/// tap. A browser that does not tell has not promised.
pub async fn persist() -> bool {
    promised(StorageManager::persist).await
}

/// Whether the browser has promised to keep the data, without asking.
pub async fn persisted() -> bool {
    promised(StorageManager::persisted).await
}

async fn promised(ask: impl FnOnce(&StorageManager) -> Result<Promise, JsValue>) -> bool {
    let Some(asked) = manager().and_then(|storage| ask(&storage).ok()) else { return false };
    JsFuture::from(asked).await.is_ok_and(|answer| answer == JsValue::TRUE)
}

/// About how much is stored, in bytes. How much room is left is not to be had: browsers name a number that isn't true.
pub async fn usage_bytes() -> Option<u64> {
    let estimate = JsFuture::from(manager()?.estimate().ok()?).await.ok()?;
    let estimate: StorageEstimate = estimate.unchecked_into();
    estimate.get_usage().map(|usage| usage as u64)
}

fn manager() -> Option<StorageManager> {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into()).ok()?;
    // Missing in WebKit without flags, and outside of secure pages.
    let storage = Reflect::get(&navigator, &"storage".into()).ok()?;
    storage.is_object().then(|| storage.unchecked_into())
}

/// Keeps room on a shelf for the last save; nothing happens when it is kept already.
///
/// # Errors
/// [`ShelfError`]; [`ShelfError::Full`] when there is no such room.
pub async fn keep_reserve(shelf: &impl Shelf) -> Result<(), ShelfError> {
    if shelf.keys(Table::Meta, RESERVE).await?.iter().any(|key| key == RESERVE) {
        return Ok(());
    }
    // Not zeros: browsers compress what they store, and a reserve of zeros would keep no room.
    let mut state = 0x9e37_79b9_u32;
    let noise = (0..RESERVE_BYTES).map(|_| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_le_bytes()[0]
    });
    shelf.write(&[Op::put(Table::Meta, RESERVE, noise.collect::<Vec<u8>>())]).await
}

/// Gives the reserve of a shelf up, so that a last small save goes through after [`ShelfError::Full`].
/// Do it on both shelves, then send the batch again.
///
/// # Errors
/// [`ShelfError`] when the shelf does not even take that.
pub async fn drop_reserve(shelf: &impl Shelf) -> Result<(), ShelfError> {
    shelf.write(&[Op::delete(Table::Meta, RESERVE)]).await
}
