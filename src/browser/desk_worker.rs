//! The desk worker's side: listens, does one job after another, answers.
//!
//! | direction | fields |
//! |---|---|
//! | worker → page, once | `ready: true` |
//! | page → worker | `id`, `job: JSON of Job`, `bytes?: ArrayBuffer` |
//! | worker → page | `id`, `answer: JSON of Answer`, `bytes?: ArrayBuffer` |

use js_sys::{Array, ArrayBuffer, Function, Object, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::files::{get, set};
use crate::desk::{Job, run};

/// Starts to listen, in the worker.
pub fn start() {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else { return };
    let listen = {
        let scope = scope.clone();
        Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| answer(&scope, &event.data()))
    };
    scope.set_onmessage(Some(listen.as_ref().unchecked_ref::<Function>()));
    // The worker listens as long as it lives.
    listen.forget();
    let ready = Object::new();
    set(&ready, "ready", &JsValue::TRUE);
    let _ = scope.post_message(&ready);
}

fn answer(scope: &DedicatedWorkerGlobalScope, request: &JsValue) {
    let Some(id) = get(request, "id") else { return };
    let Some(job) = get(request, "job").and_then(|job| job.as_string()).and_then(|job| serde_json::from_str::<Job>(&job).ok()) else {
        return;
    };
    let bytes = get(request, "bytes").and_then(|bytes| bytes.dyn_into::<ArrayBuffer>().ok()).map(|bytes| Uint8Array::new(&bytes).to_vec());
    let (answer, made) = run(&job, &bytes.unwrap_or_default());
    let message = Object::new();
    set(&message, "id", &id);
    set(&message, "answer", &JsValue::from(serde_json::to_string(&answer).unwrap_or_default()));
    // When it can't be sent the page hears nothing and gives up after its time.
    let _ = match made {
        Some(made) => {
            let buffer = Uint8Array::from(made.as_slice()).buffer();
            set(&message, "bytes", &buffer);
            scope.post_message_with_transfer(&message, &Array::of1(&buffer))
        }
        None => scope.post_message(&message),
    };
}
