//! Codes seen by the camera or in a picked picture: the browser's own detector where there is one, else the desk worker.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{CanvasRenderingContext2d, File, HtmlCanvasElement, HtmlVideoElement, ImageBitmap, MediaStream, MediaStreamTrack};

use super::desk::Desk;
use super::files::{get, set};
use super::pace::sleep;
use super::photo_worker::fit;
use crate::desk::{Answer, Job};
use crate::scan::decode::Code;

/// Longest edge of what the decoder looks at: enough for a code that fills a third of the picture.
const FRAME_EDGE: u32 = 720;
/// Longest edge of a picked picture for the decoder.
const PICTURE_EDGE: u32 = 1_600;
/// How long one picture may take.
const LIMIT_MS: i32 = 15_000;
/// Pause between two looks, so that the phone stays cool.
const PAUSE_MS: i32 = 120;

#[wasm_bindgen]
extern "C" {
    /// The browser's own reader of codes (Shape Detection).
    type BarcodeDetector;
    #[wasm_bindgen(catch, constructor, js_class = "BarcodeDetector")]
    fn new(options: &Object) -> Result<BarcodeDetector, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn detect(this: &BarcodeDetector, source: &JsValue) -> Result<Promise, JsValue>;

    #[wasm_bindgen(catch, js_name = createImageBitmap)]
    fn create_image_bitmap(source: &JsValue) -> Result<Promise, JsValue>;
}

/// Why the camera can't be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CameraError {
    /// This browser gives no camera to pages.
    Unsupported,
    /// The person or the system refused.
    Refused,
    /// There is none.
    Missing,
    /// Another program uses it, or it was taken away.
    Busy,
}

/// A running camera; switched off when dropped.
pub struct Camera {
    stream: MediaStream,
}

impl Drop for Camera {
    fn drop(&mut self) {
        for track in self.stream.get_tracks() {
            track.unchecked_into::<MediaStreamTrack>().stop();
        }
    }
}

impl Camera {
    /// Switches the camera at the back on and shows it in this element.
    ///
    /// # Errors
    /// [`CameraError`]; a picture can be picked or the code typed then.
    pub async fn start(video: &HtmlVideoElement) -> Result<Self, CameraError> {
        let navigator = web_sys::window().ok_or(CameraError::Unsupported)?.navigator();
        // Absent where the page is not secure.
        if get(&navigator, "mediaDevices").is_none_or(|devices| !devices.is_truthy()) {
            return Err(CameraError::Unsupported);
        }
        let devices = navigator.media_devices().map_err(|_| CameraError::Unsupported)?;
        let wanted = Object::new();
        set(&wanted, "facingMode", &JsValue::from("environment"));
        for (name, ideal) in [("width", 1_280), ("height", 960)] {
            let size = Object::new();
            set(&size, "ideal", &JsValue::from(ideal));
            set(&wanted, name, &size);
        }
        let constraints = web_sys::MediaStreamConstraints::new();
        constraints.set_audio(&JsValue::FALSE);
        constraints.set_video(&wanted);
        let promise = devices.get_user_media_with_constraints(&constraints).map_err(|_| CameraError::Unsupported)?;
        let stream: MediaStream = match JsFuture::from(promise).await {
            Ok(stream) => stream.unchecked_into(),
            Err(error) => {
                let name = get(&error, "name").and_then(|name| name.as_string()).unwrap_or_default();
                return Err(match name.as_str() {
                    "NotAllowedError" | "SecurityError" => CameraError::Refused,
                    "NotFoundError" => CameraError::Missing,
                    _ => CameraError::Busy,
                });
            }
        };
        let camera = Self { stream };
        video.set_src_object(Some(&camera.stream));
        if let Ok(playing) = video.play() {
            // Fails when the element is taken away meanwhile; there is nothing to see then.
            let _ = JsFuture::from(playing).await;
        }
        Ok(camera)
    }

    fn track(&self) -> Option<MediaStreamTrack> {
        self.stream.get_video_tracks().get(0).dyn_into().ok()
    }

    /// Whether the lamp can be switched.
    #[must_use]
    pub fn has_lamp(&self) -> bool {
        let Some(track) = self.track() else { return false };
        let ask = get(&track, "getCapabilities").and_then(|ask| ask.dyn_into::<Function>().ok());
        let capabilities = ask.and_then(|ask| ask.call0(&track).ok());
        capabilities.and_then(|all| get(&all, "torch")).is_some_and(|torch| torch.is_truthy())
    }

    /// Switches the lamp.
    pub fn set_lamp(&self, on: bool) {
        let Some(track) = self.track() else { return };
        let lamp = Object::new();
        set(&lamp, "torch", &JsValue::from(on));
        let constraints = Object::new();
        set(&constraints, "advanced", &Array::of1(&lamp));
        if let Some(apply) = get(&track, "applyConstraints").and_then(|apply| apply.dyn_into::<Function>().ok())
            && let Ok(promise) = apply.call1(&track, &constraints)
        {
            // Where the lamp can't be switched it stays as it is.
            let _ = Promise::resolve(&promise);
        }
    }
}

/// Looks for codes.
#[derive(Clone)]
pub struct Scanner {
    desk: Desk,
    detector: Rc<Option<BarcodeDetector>>,
    stopped: Rc<Cell<bool>>,
}

impl Scanner {
    /// One that uses the browser's detector where there is one, else this desk.
    #[must_use]
    pub fn new(desk: Desk) -> Self {
        let known = Reflect::has(&js_sys::global(), &JsValue::from("BarcodeDetector")).unwrap_or_default();
        let options = Object::new();
        let formats = ["qr_code", "ean_13", "ean_8", "upc_a", "upc_e", "code_128", "code_39", "itf"];
        set(&options, "formats", &formats.iter().map(|name| JsValue::from(*name)).collect::<Array>());
        let detector = if known { BarcodeDetector::new(&options).ok() } else { None };
        Self { desk, detector: Rc::new(detector), stopped: Rc::default() }
    }

    /// Ends [`Scanner::watch`].
    pub fn stop(&self) {
        self.stopped.set(true);
    }

    /// Looks at what the element shows until there is a code; `None` when this was stopped, or the camera went off by itself.
    pub async fn watch(&self, video: &HtmlVideoElement) -> Option<Code> {
        let mut native_works = self.detector.is_some();
        let is_on = || video.src_object().is_some_and(|stream| stream.active());
        while !self.stopped.get() && is_on() {
            if video.ready_state() >= 2 {
                let found = match self.detector.as_ref().as_ref().filter(|_| native_works) {
                    Some(detector) => match detect(detector, video).await {
                        Ok(found) => found,
                        Err(_) => {
                            // Some systems have the detector without the service behind it.
                            native_works = false;
                            None
                        }
                    },
                    None => self.decode(video, (video.video_width(), video.video_height()), FRAME_EDGE).await,
                };
                if found.is_some() {
                    return found;
                }
            }
            let _ = JsFuture::from(sleep(PAUSE_MS)).await;
        }
        None
    }

    /// The code in a picked picture; `None` when there is none, or it is no picture.
    pub async fn read_file(&self, file: &File) -> Option<Code> {
        let bitmap: ImageBitmap = JsFuture::from(create_image_bitmap(file).ok()?).await.ok()?.dyn_into().ok()?;
        if let Some(detector) = self.detector.as_ref()
            && let Ok(Some(found)) = detect(detector, &bitmap).await
        {
            return Some(found);
        }
        let size = (bitmap.width(), bitmap.height());
        for edge in [PICTURE_EDGE, FRAME_EDGE] {
            if let Some(found) = self.decode(&bitmap, size, edge).await {
                return Some(found);
            }
        }
        None
    }

    /// Draws the source small and lets the desk look.
    async fn decode(&self, source: &JsValue, (width, height): (u32, u32), edge: u32) -> Option<Code> {
        if width == 0 || height == 0 {
            return None;
        }
        let (width, height) = fit(width, height, edge);
        let canvas: HtmlCanvasElement = web_sys::window()?.document()?.create_element("canvas").ok()?.unchecked_into();
        canvas.set_width(width);
        canvas.set_height(height);
        let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.unchecked_into();
        // The binding sends any drawable thing through.
        let drawable: &ImageBitmap = source.unchecked_ref();
        context.draw_image_with_image_bitmap_and_dw_and_dh(drawable, 0.0, 0.0, f64::from(width), f64::from(height)).ok()?;
        let rgba = context.get_image_data(0.0, 0.0, f64::from(width), f64::from(height)).ok()?.data().0;
        match self.desk.ask(&Job::FindCode { width, height }, Some(&rgba), LIMIT_MS).await {
            Ok((Answer::Code { code }, _)) => code,
            _ => None,
        }
    }
}

async fn detect(detector: &BarcodeDetector, source: &JsValue) -> Result<Option<Code>, JsValue> {
    let found: Array = JsFuture::from(detector.detect(source)?).await?.dyn_into()?;
    let code = found.iter().find_map(|code| {
        let text = get(&code, "rawValue")?.as_string().filter(|text| !text.is_empty())?;
        Some(Code { format: get(&code, "format")?.as_string()?, text })
    });
    Ok(code)
}
