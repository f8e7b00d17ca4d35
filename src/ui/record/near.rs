//! Does something once an element comes near the screen, so that long pages load what is looked at.

use js_sys::{Array, Function, Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;

/// Runs `act` once when the element is within a screen or so of what is shown; at once where the browser can't tell.
///
/// Call it within a component: what waits is given up when the component goes.
pub fn when_near(element: &web_sys::Element, act: impl FnOnce() + 'static) {
    let mut act = Some(act);
    let seen = Closure::<dyn FnMut(Array, JsValue)>::new(move |entries: Array, observer: JsValue| {
        let near = |entry: JsValue| Reflect::get(&entry, &"isIntersecting".into()).is_ok_and(|value| value.is_truthy());
        if entries.iter().any(near) {
            call(&observer, "disconnect", &Array::new());
            if let Some(act) = act.take() {
                act();
            }
        }
    });
    let Some(observer) = make(seen.as_ref()) else {
        // Older than the feature: then the oldest phones load everything, but they do load it.
        call_with_entry(&seen);
        return;
    };
    call(&observer, "observe", &Array::of1(element));
    let kept = StoredValue::new_local((observer, seen));
    on_cleanup(move || {
        kept.try_with_value(|(observer, _)| call(observer, "disconnect", &Array::new()));
    });
}

fn make(callback: &JsValue) -> Option<JsValue> {
    let class: Function = Reflect::get(&js_sys::global(), &"IntersectionObserver".into()).ok()?.dyn_into().ok()?;
    let options = Object::new();
    Reflect::set(&options, &"rootMargin".into(), &"600px".into()).ok()?;
    Reflect::construct(&class, &Array::of2(callback, &options)).ok()
}

fn call(target: &JsValue, name: &str, arguments: &Array) {
    if let Some(function) = Reflect::get(target, &name.into()).ok().and_then(|function| function.dyn_into::<Function>().ok()) {
        // Observing and disconnecting do not fail on an element of this page.
        let _ = function.apply(target, arguments);
    }
}

fn call_with_entry(seen: &Closure<dyn FnMut(Array, JsValue)>) {
    let entry = Object::new();
    let _ = Reflect::set(&entry, &"isIntersecting".into(), &JsValue::TRUE);
    if let Some(function) = seen.as_ref().dyn_ref::<Function>() {
        let _ = function.call2(&JsValue::UNDEFINED, &Array::of1(&entry), &Object::new());
    }
}
