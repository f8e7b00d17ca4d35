//! The offline worker seen from the page: readiness, progress, and a waiting version. Protocol: `public/sw.js`.

use std::rc::Rc;

use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// How far the files for offline use are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Readiness {
    /// Files kept of files in all; zeros when not known yet.
    Preparing {
        /// Files kept.
        done: u32,
        /// Files in all.
        total: u32,
    },
    /// Everything is there.
    Ready,
    /// This browser has no offline workers.
    Unsupported,
}

fn container() -> Option<web_sys::ServiceWorkerContainer> {
    let navigator = web_sys::window()?.navigator();
    let present = Reflect::has(&navigator, &"serviceWorker".into()).unwrap_or(false);
    present.then(|| navigator.service_worker())
}

/// Lets messages in that came before anyone listened; web-sys has no name for it.
fn start_messages(container: &web_sys::ServiceWorkerContainer) {
    if let Ok(start) = Reflect::get(container, &"startMessages".into())
        && let Some(start) = start.dyn_ref::<js_sys::Function>()
    {
        let _ = start.call0(container);
    }
}

fn message(kind: &str) -> JsValue {
    let object = Object::new();
    // Setting a field of a fresh object does not fail.
    let _ = Reflect::set(&object, &"type".into(), &kind.into());
    object.into()
}

fn field(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

fn count(value: &JsValue, name: &str) -> u32 {
    let number = field(value, name).as_f64().unwrap_or_default();
    // Counts of files: small, whole and not negative.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of files fits")]
    let count = number.max(0.0) as u32;
    count
}

/// Watches the offline worker for as long as the page lives.
pub fn watch(on_readiness: impl Fn(Readiness) + 'static, on_update: impl Fn() + 'static) {
    let Some(container) = container() else {
        on_readiness(Readiness::Unsupported);
        return;
    };
    let on_readiness = Rc::new(on_readiness);
    let told = on_readiness.clone();
    let listener = Closure::<dyn Fn(web_sys::MessageEvent)>::new(move |event: web_sys::MessageEvent| {
        let data = event.data();
        if field(&data, "type").as_string().as_deref() == Some("PROGRESS") {
            told(Readiness::Preparing { done: count(&data, "done"), total: count(&data, "total") });
        }
    });
    // Not added only where the container can't listen; then the status below still tells.
    let _ = container.add_event_listener_with_callback("message", listener.as_ref().unchecked_ref());
    start_messages(&container);
    listener.forget();
    wasm_bindgen_futures::spawn_local(async move {
        let Some(registration) = container.ready().ok() else { return };
        let Ok(registration) = JsFuture::from(registration).await else { return };
        let registration: web_sys::ServiceWorkerRegistration = registration.unchecked_into();
        if let Some(active) = registration.active() {
            let _ = active.post_message(&message("STARTED"));
            if let Some(status) = ask(&active, "STATUS").await
                && field(&status, "complete").as_bool() == Some(true)
            {
                on_readiness(Readiness::Ready);
            }
        }
        watch_update(&registration, Rc::new(on_update));
    });
}

/// Tells when another version is installed and waits.
fn watch_update(registration: &web_sys::ServiceWorkerRegistration, on_update: Rc<dyn Fn()>) {
    if registration.waiting().is_some() {
        on_update();
    }
    let found = {
        let registration = registration.clone();
        Closure::<dyn Fn()>::new(move || {
            let Some(worker) = registration.installing() else { return };
            let on_update = on_update.clone();
            let registration = registration.clone();
            let changed = Closure::<dyn Fn()>::new(move || {
                if registration.waiting().is_some() {
                    on_update();
                }
            });
            worker.set_onstatechange(Some(changed.as_ref().unchecked_ref()));
            changed.forget();
        })
    };
    registration.set_onupdatefound(Some(found.as_ref().unchecked_ref()));
    found.forget();
}

/// Asks a worker and waits for its answer.
async fn ask(worker: &web_sys::ServiceWorker, kind: &str) -> Option<JsValue> {
    let channel = web_sys::MessageChannel::new().ok()?;
    let port = channel.port1();
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let answered = Closure::once_into_js(move |event: web_sys::MessageEvent| {
            let _ = resolve.call1(&JsValue::UNDEFINED, &event.data());
        });
        port.set_onmessage(Some(answered.unchecked_ref()));
    });
    let ports = js_sys::Array::of1(&channel.port2());
    worker.post_message_with_transferable(&message(kind), &ports).ok()?;
    JsFuture::from(promise).await.ok()
}

/// Lets the waiting version take over; the page loads itself again once it has.
pub fn activate() {
    let Some(container) = container() else { return };
    let reload = Closure::once_into_js(|| {
        if let Some(window) = web_sys::window() {
            let _ = window.location().reload();
        }
    });
    container.set_oncontrollerchange(Some(reload.unchecked_ref()));
    wasm_bindgen_futures::spawn_local(async move {
        let Ok(ready) = container.ready() else { return };
        let Ok(registration) = JsFuture::from(ready).await else { return };
        let registration: web_sys::ServiceWorkerRegistration = registration.unchecked_into();
        if let Some(waiting) = registration.waiting() {
            let _ = waiting.post_message(&message("ACTIVATE"));
        }
    });
}
