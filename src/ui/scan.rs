//! Scanning: the camera's picture, a picked picture, or a typed number.

use std::rc::Rc;

use leptos::html;
use leptos::prelude::*;
use send_wrapper::SendWrapper;

use super::icon::icon;
use super::widget::Notice;
use super::words::scan_words;
use crate::browser::desk;
use crate::browser::files::{Pick, pick};
use crate::browser::scanner::{Camera, CameraError, Scanner};
use crate::scan::decode::Code;

/// How it stands with the camera.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum View {
    Starting,
    Live,
    Off(CameraError),
}

/// Shows the camera until there is a code; beside it the ways without a camera. The camera goes off when this is taken away.
#[component]
pub fn ScanView(
    /// Called once with each code.
    on_code: Callback<Code>,
) -> impl IntoView {
    let video = NodeRef::<html::Video>::new();
    let view = RwSignal::new(View::Starting);
    let lamp = RwSignal::new(None::<bool>);
    let note = RwSignal::new(None::<fn() -> &'static str>);
    let reading = RwSignal::new(false);
    let typed = RwSignal::new(String::new());
    let camera = StoredValue::new_local(None::<Rc<Camera>>);
    let scanner = SendWrapper::new(Scanner::new(desk::shared()));
    let by_file = StoredValue::new_local((*scanner).clone());

    let watched = scanner.clone();
    // Runs for each element that is shown: at first, and again when the camera is to be opened again.
    Effect::new(move |_| {
        let Some(video) = video.get() else { return };
        let scanner = (*watched).clone();
        leptos::task::spawn_local(async move {
            let running = match Camera::start(&video).await {
                Ok(running) => Rc::new(running),
                Err(error) => {
                    view.try_set(View::Off(error));
                    return;
                }
            };
            // The screen may be gone by now; then the camera goes off here.
            if view.try_set(View::Live).is_some() {
                return;
            }
            lamp.try_set(running.has_lamp().then_some(false));
            camera.try_set_value(Some(running));
            match scanner.watch(&video).await {
                Some(code) => {
                    on_code.try_run(code);
                }
                None => {
                    // Where the screen is gone this says nothing to anybody.
                    lamp.try_set(None);
                    view.try_set(View::Off(CameraError::Busy));
                }
            }
        });
    });
    on_cleanup(move || {
        scanner.stop();
        camera.try_set_value(None);
    });

    let pick_picture = move |_| {
        note.set(None);
        leptos::task::spawn_local(async move {
            let Some(file) = pick(Pick::Gallery).await.into_iter().next() else { return };
            reading.try_set(true);
            let scanner = by_file.get_value();
            let found = scanner.read_file(&file).await;
            reading.try_set(false);
            match found {
                Some(code) => {
                    on_code.try_run(code);
                }
                None => {
                    note.try_set(Some(|| scan_words().none_in_picture));
                }
            }
        });
    };
    let look_up = move || {
        let text = typed.get_untracked().trim().to_owned();
        if !text.is_empty() {
            on_code.run(Code { format: "typed".to_owned(), text });
        }
    };
    let off = move || match view.get() {
        View::Off(CameraError::Refused) => Some(scan_words().refused),
        View::Off(CameraError::Missing) => Some(scan_words().missing),
        View::Off(CameraError::Busy) => Some(scan_words().busy),
        View::Off(CameraError::Unsupported) => Some(scan_words().unsupported),
        View::Starting | View::Live => None,
    };
    view! {
        <div class="scan">
            <Show when=move || off().is_some() fallback=move || view! {
                <div class="scan-view">
                    <video node_ref=video playsinline prop:muted=true aria-label=move || scan_words().view></video>
                    <div class="scan-frame" aria-hidden="true"></div>
                    <Show when=move || view.get() == View::Starting><p class="scan-note" role="status">{move || scan_words().starting}</p></Show>
                </div>
                <p class="muted center">{move || scan_words().hint}</p>
            }>
                <Notice tone="warn">{off}</Notice>
                <button type="button" class="btn" on:click=move |_| view.set(View::Starting)>{icon("camera")}{move || scan_words().reopen}</button>
            </Show>
            <Show when=move || note.get().is_some()><Notice tone="warn">{move || note.get().map(|note| note())}</Notice></Show>
            <div class="row wrap">
                <Show when=move || lamp.get().is_some()>
                    <button type="button" class="btn" aria-pressed=move || (lamp.get() == Some(true)).to_string() on:click=move |_| {
                        let on = lamp.get_untracked() != Some(true);
                        camera.with_value(|camera| if let Some(camera) = camera { camera.set_lamp(on) });
                        lamp.set(Some(on));
                    }>{icon("lamp")}{move || if lamp.get() == Some(true) { scan_words().lamp_off } else { scan_words().lamp_on }}</button>
                </Show>
                <button type="button" class="btn grow" disabled=move || reading.get() on:click=pick_picture>
                    {icon("gallery")}{move || if reading.get() { scan_words().reading } else { scan_words().pick }}
                </button>
            </div>
            <form class="stack tight" on:submit=move |event| { event.prevent_default(); look_up(); }>
                <label class="field"><span>{move || scan_words().type_label}</span>
                    <input class="input" type="text" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="200"
                        on:input=move |event| typed.set(event_target_value(&event))/>
                    <span class="hint">{move || scan_words().type_hint}</span>
                </label>
                <button type="submit" class="btn block" disabled=move || typed.get().trim().is_empty()>{icon("search")}{move || scan_words().look_up}</button>
            </form>
        </div>
    }
}
