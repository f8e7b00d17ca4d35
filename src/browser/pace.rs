//! Rests in long work, in which the page draws and answers, and limits to waiting.

use std::cell::Cell;

use futures::future::{Either, select};
use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::MessageChannel;

/// How long work may go on without a rest, in milliseconds: less than one picture of the screen.
const STRETCH_MS: f64 = 12.0;

/// Knows when it is time for a rest.
#[derive(Default)]
pub struct Pace {
    rested_ms: Cell<f64>,
}

impl Pace {
    /// Begins to work.
    #[must_use]
    pub fn new() -> Self {
        Self { rested_ms: Cell::new(now_ms()) }
    }

    /// Rests when it is time; else goes on at once.
    pub async fn rest(&self) {
        if now_ms() - self.rested_ms.get() < STRETCH_MS {
            return;
        }
        give_way().await;
        self.rested_ms.set(now_ms());
    }
}

/// Lets everything go first that waits for the page. A message to oneself, because timers of a page in the background
/// ring once a second only.
pub async fn give_way() {
    let Ok(channel) = MessageChannel::new() else { return };
    let arrived = Promise::new(&mut |resolve, _| channel.port1().set_onmessage(Some(&resolve)));
    if channel.port2().post_message(&JsValue::NULL).is_ok() {
        let _ = JsFuture::from(arrived).await;
    }
    channel.port1().close();
}

/// Waits for a future, but not longer than this.
pub(super) async fn within<F: Future + Unpin>(ms: i32, future: F) -> Option<F::Output> {
    match select(future, JsFuture::from(sleep(ms))).await {
        Either::Left((output, _)) => Some(output),
        Either::Right(_) => None,
    }
}

/// Rings after this time.
pub(super) fn sleep(ms: i32) -> Promise {
    Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments(&resolve, ms, &Array::new());
        }
    })
}

fn now_ms() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
}
