//! Makes the kept copy and the thumbnail of a photo, in a worker of its own where the browser can.
//!
//! The messages, all plain objects:
//!
//! | direction | fields |
//! |---|---|
//! | worker → page, once | `type: "ready"`, `able: bool` (false: no canvas here, the page must do it itself) |
//! | page → worker | `id`, `file: Blob`, `name`, `stamp: [string]`, `maxEdge`, `quality`, `keepOriginal` |
//! | worker → page | `type: "thumb"`, `id`, `thumb: ArrayBuffer`, `width`, `height` |
//! | worker → page, last | `type: "made"`, `id`, `kept: ArrayBuffer`, `original?: ArrayBuffer`, `facts: JSON of PhotoFacts` |
//! | or | `type: "failed"`, `id`, `error: JSON of PhotoError` |
//!
//! The page sends the next photo when the last is answered: one photo in memory at a time.

use js_sys::{Array, ArrayBuffer, Function, JsString, Object, Promise, Reflect, Uint8Array};
use sha2::Digest as _;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, CanvasRenderingContext2d, DedicatedWorkerGlobalScope, HtmlCanvasElement, HtmlImageElement, ImageBitmap};
use web_sys::{ImageEncodeOptions, MessageEvent, OffscreenCanvas};

use super::files::{self, ObjectUrl, get, read_buffer, read_slice, set};
use crate::domain::change::Sha256;
use crate::domain::photo::{Original, PhotoError, PhotoFacts, clean_name, clean_stamp, wrap};
use crate::evidence::exif::read_exif;
use crate::evidence::image_header::{HeaderError, ImageHeader, ImageKind, check_size, read_header};

/// Longest edge of the kept picture when nothing else is asked for.
pub const DEFAULT_MAX_EDGE: u32 = 2_048;
/// Quality of the kept picture when nothing else is asked for.
pub const DEFAULT_QUALITY: f64 = 0.85;
/// Longest edge of a thumbnail.
pub const THUMB_EDGE: u32 = 320;
const THUMB_QUALITY: f64 = 0.7;
/// A stamp needs this much width to be read.
const LEAST_STAMPED_WIDTH: u32 = 320;
/// How much of a file is read at once.
const SLICE_BYTES: u64 = 1 << 20;
const JPEG: &str = "image/jpeg";
const FONT: &str = "system-ui, -apple-system, 'PingFang SC', 'HarmonyOS Sans SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif";

#[wasm_bindgen]
extern "C" {
    /// Of the page and of workers alike.
    #[wasm_bindgen(catch, js_name = createImageBitmap)]
    fn create_image_bitmap(source: &JsValue, options: &Object) -> Result<Promise, JsValue>;
}

/// One photo to make.
#[derive(Clone, Debug)]
pub struct Job {
    /// The file as picked.
    pub file: Blob,
    /// Its name.
    pub name: String,
    /// Lines of the stamp, formatted already; none for no stamp.
    pub stamp: Vec<String>,
    /// Longest edge of the kept picture, without the stamp. A smaller picture is not enlarged.
    pub max_edge: u32,
    /// Quality of the kept picture, 0 to 1.
    pub quality: f64,
    /// Whether the bytes of the file come back too.
    pub keep_original: bool,
}

/// A thumbnail: JPEG bytes and their size in pixels.
#[derive(Debug)]
pub struct MadeThumb {
    /// The bytes.
    pub bytes: ArrayBuffer,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// A photo made, its bytes outside the program's memory.
#[derive(Debug)]
pub struct Made {
    /// The kept picture.
    pub kept: ArrayBuffer,
    /// The file as it was, when asked for.
    pub original: Option<ArrayBuffer>,
    /// What is known of both.
    pub facts: PhotoFacts,
}

/// What is drawn on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Surface {
    /// A canvas without a page; works in workers.
    Offscreen,
    /// A canvas of the page, for browsers without the other kind (Safari before 16.4).
    Page,
}

impl Surface {
    /// Whether an off-screen canvas can draw here.
    #[must_use]
    pub fn is_offscreen_able() -> bool {
        Canvas::new(Self::Offscreen, 1, 1).is_ok()
    }
}

/// Makes the kept copy of a photo; gives the thumbnail to `on_thumb` as soon as it is there.
///
/// # Errors
/// [`PhotoError`]; nothing was kept then.
pub async fn make(job: &Job, surface: Surface, on_thumb: impl FnOnce(MadeThumb)) -> Result<Made, PhotoError> {
    let size_bytes = files::size_bytes(&job.file);
    check_size(size_bytes)?;
    let (header, head) = read_head(&job.file, size_bytes).await?;
    let exif = read_exif(&head);
    drop(head);

    // The type of the file is a claim; what its bytes are is known by now.
    let typed = files::slice(&job.file, 0, size_bytes, header.kind.mime()).map_err(|_| PhotoError::ReadFailed)?;
    let full = decode(&typed, surface).await?;
    let (width, height) = fit(full.width, full.height, job.max_edge.clamp(16, 8_192));
    let picture = full.shrink(width, height).await;

    let (thumb_width, thumb_height) = fit(width, height, THUMB_EDGE);
    let thumb = Canvas::new(surface, thumb_width, thumb_height)?;
    thumb.draw(&picture, thumb_width, thumb_height)?;
    let bytes = thumb.into_jpeg(THUMB_QUALITY).await?;
    on_thumb(MadeThumb { bytes, width: thumb_width, height: thumb_height });

    let stamp = clean_stamp(&job.stamp);
    let kept = draw_kept(&picture, (width, height), &stamp, surface)?;
    drop(picture);
    let (kept_width, kept_height) = (kept.width, kept.height);
    let kept = kept.into_jpeg(job.quality.clamp(0.1, 1.0)).await?;
    let kept_bytes = Uint8Array::new(&kept);

    let (original_hash, original) = read_original(&job.file, size_bytes, job.keep_original).await?;
    let facts = PhotoFacts {
        sha256: hash_array(&kept_bytes),
        size_bytes: u64::from(kept_bytes.length()),
        width: kept_width,
        height: kept_height,
        camera: exif.camera(),
        taken_at: exif.taken_at,
        exif_position: exif.position,
        exif_damaged: exif.damaged,
        original: Original {
            sha256: original_hash,
            size_bytes,
            mime: header.kind.mime().to_owned(),
            name: clean_name(&job.name),
            width: header.width,
            height: header.height,
            kept: job.keep_original,
            extra: std::collections::BTreeMap::new(),
        },
        stamped: !stamp.is_empty(),
        stamp,
    };
    Ok(Made { kept, original, facts })
}

/// Reads the header, and as many bytes as EXIF needs.
async fn read_head(file: &Blob, size_bytes: u64) -> Result<(ImageHeader, Vec<u8>), PhotoError> {
    let read = async |end| read_slice(file, 0, end).await.map_err(|_| PhotoError::ReadFailed);
    let mut head = read(SLICE_BYTES.min(size_bytes)).await?;
    match read_header(&head) {
        Ok(header) if header.kind == ImageKind::Jpeg || size_bytes <= SLICE_BYTES => Ok((header, head)),
        // WebP has its EXIF at the end; a JPEG may have its size behind a long preview.
        Ok(ImageHeader { kind: ImageKind::WebP, .. }) | Err(HeaderError::Damaged { .. }) if size_bytes > SLICE_BYTES => {
            head = read(size_bytes).await?;
            Ok((read_header(&head)?, head))
        }
        Ok(header) => Ok((header, head)),
        Err(error) => Err(error.into()),
    }
}

/// The digest of the file and, when asked for, its bytes. Reads it once.
async fn read_original(file: &Blob, size_bytes: u64, keep: bool) -> Result<(Sha256, Option<ArrayBuffer>), PhotoError> {
    if keep {
        let buffer = read_buffer(file).await.map_err(|_| PhotoError::ReadFailed)?;
        return Ok((hash_array(&Uint8Array::new(&buffer)), Some(buffer)));
    }
    let mut hash = sha2::Sha256::new();
    let mut start = 0;
    while start < size_bytes {
        let bytes = read_slice(file, start, start + SLICE_BYTES).await.map_err(|_| PhotoError::ReadFailed)?;
        if bytes.is_empty() {
            return Err(PhotoError::ReadFailed);
        }
        start += bytes.len() as u64;
        hash.update(&bytes);
    }
    Ok((Sha256(hash.finalize().into()), None))
}

/// The digest of bytes outside the program's memory, without a second copy of all of them inside.
fn hash_array(bytes: &Uint8Array) -> Sha256 {
    const STEP: u32 = 1 << 18;
    let mut hash = sha2::Sha256::new();
    let mut start = 0;
    while start < bytes.length() {
        let end = start.saturating_add(STEP).min(bytes.length());
        hash.update(bytes.subarray(start, end).to_vec());
        start = end;
    }
    Sha256(hash.finalize().into())
}

/// The size that fits into a square of `edge` without enlarging, in whole pixels, at least one.
#[must_use]
pub fn fit(width: u32, height: u32, edge: u32) -> (u32, u32) {
    let longest = u64::from(width.max(height)).max(1);
    let edge = u64::from(edge);
    if longest <= edge {
        return (width.max(1), height.max(1));
    }
    let shrink = |side: u32| u32::try_from((u64::from(side) * edge + longest / 2) / longest).unwrap_or(u32::MAX).max(1);
    (shrink(width), shrink(height))
}

/// A decoded picture, turned upright; its memory is given back when dropped.
struct Picture {
    /// A bitmap, or an image element (both can be drawn; the binding sends either through).
    image: ImageBitmap,
    width: u32,
    height: u32,
    /// Set for an image element.
    _url: Option<ObjectUrl>,
}

impl Drop for Picture {
    fn drop(&mut self) {
        if self.image.is_instance_of::<ImageBitmap>() {
            self.image.close();
        }
    }
}

async fn decode(file: &Blob, surface: Surface) -> Result<Picture, PhotoError> {
    let options = Object::new();
    set(&options, "imageOrientation", &JsValue::from("from-image"));
    for options in [&options, &Object::new()] {
        // The second try is for browsers that refuse the option and turn pictures by themselves.
        if let Ok(image) = bitmap(file, options).await {
            let (width, height) = (image.width(), image.height());
            return if width == 0 || height == 0 {
                Err(PhotoError::DecodeFailed)
            } else {
                Ok(Picture { image, width, height, _url: None })
            };
        }
    }
    if surface == Surface::Page { decode_by_element(file).await } else { Err(PhotoError::DecodeFailed) }
}

async fn bitmap(source: &JsValue, options: &Object) -> Result<ImageBitmap, JsValue> {
    JsFuture::from(create_image_bitmap(source, options)?).await?.dyn_into()
}

async fn decode_by_element(file: &Blob) -> Result<Picture, PhotoError> {
    let url = ObjectUrl::of(file).ok_or(PhotoError::DecodeFailed)?;
    let image = HtmlImageElement::new().map_err(|_| PhotoError::DecodeFailed)?;
    image.set_src(url.as_str());
    JsFuture::from(image.decode()).await.map_err(|_| PhotoError::DecodeFailed)?;
    let (width, height) = (image.natural_width(), image.natural_height());
    if width == 0 || height == 0 {
        return Err(PhotoError::DecodeFailed);
    }
    Ok(Picture { image: image.unchecked_into(), width, height, _url: Some(url) })
}

impl Picture {
    /// The picture at this size in good quality; itself when the browser can't, to be shrunk in drawing.
    async fn shrink(self, width: u32, height: u32) -> Self {
        if (self.width, self.height) == (width, height) {
            return self;
        }
        let options = Object::new();
        set(&options, "resizeWidth", &JsValue::from(width));
        set(&options, "resizeHeight", &JsValue::from(height));
        set(&options, "resizeQuality", &JsValue::from("high"));
        match bitmap(&self.image, &options).await {
            Ok(image) if (image.width(), image.height()) == (width, height) => Self { image, width, height, _url: None },
            _ => self,
        }
    }
}

/// The kept picture: the photo, and below it, never on it, a dark strip with the stamp.
fn draw_kept(picture: &Picture, (width, height): (u32, u32), stamp: &[String], surface: Surface) -> Result<Canvas, PhotoError> {
    if stamp.is_empty() {
        let canvas = Canvas::new(surface, width, height)?;
        canvas.draw(picture, width, height)?;
        return Ok(canvas);
    }
    let full_width = width.max(LEAST_STAMPED_WIDTH);
    let font_px = (full_width * 22 / 1_000).max(15);
    let (padding, line_px) = (font_px * 2 / 3, font_px * 7 / 5);
    let font = format!("{font_px}px {FONT}");

    let ruler = Canvas::new(surface, 1, 1)?;
    ruler.context.set_font(&font);
    let measure = |text: &str| ruler.context.measure_text(text).map_or(0.0, |size| size.width());
    let room = f64::from(full_width - 2 * padding);
    let lines: Vec<String> = stamp.iter().flat_map(|line| wrap(line, room, measure)).collect();

    let strip_px = u32::try_from(lines.len()).unwrap_or(u32::MAX).saturating_mul(line_px).saturating_add(2 * padding);
    let canvas = Canvas::new(surface, full_width, height.saturating_add(strip_px))?;
    let context = &canvas.context;
    context.set_fill_style_str("#14181f");
    context.fill_rect(0.0, 0.0, f64::from(full_width), f64::from(canvas.height));
    canvas.draw(picture, width, height)?;
    // Setting the size of a canvas resets its font, so it is set here and not before.
    context.set_font(&font);
    context.set_fill_style_str("#ffffff");
    context.set_text_baseline("middle");
    let mut middle = f64::from(height + padding) + f64::from(line_px) / 2.0;
    for line in &lines {
        context.fill_text(line, f64::from(padding), middle).map_err(|_| PhotoError::EncodeFailed)?;
        middle += f64::from(line_px);
    }
    Ok(canvas)
}

enum Sheet {
    Offscreen(OffscreenCanvas),
    Page(HtmlCanvasElement),
}

/// A canvas of either kind.
struct Canvas {
    sheet: Sheet,
    /// Both kinds of context have the methods used here; the binding looks them up by name.
    context: CanvasRenderingContext2d,
    width: u32,
    height: u32,
}

impl Canvas {
    fn new(surface: Surface, width: u32, height: u32) -> Result<Self, PhotoError> {
        Self::try_new(surface, width, height).ok_or(PhotoError::EncodeFailed)
    }

    fn try_new(surface: Surface, width: u32, height: u32) -> Option<Self> {
        let (sheet, context) = match surface {
            Surface::Offscreen => {
                let canvas = OffscreenCanvas::new(width, height).ok()?;
                let context = canvas.get_context("2d").ok()??;
                (Sheet::Offscreen(canvas), context)
            }
            Surface::Page => {
                let canvas: HtmlCanvasElement = web_sys::window()?.document()?.create_element("canvas").ok()?.unchecked_into();
                canvas.set_width(width);
                canvas.set_height(height);
                let context = canvas.get_context("2d").ok()??;
                (Sheet::Page(canvas), context)
            }
        };
        Some(Self { sheet, context: context.unchecked_into(), width, height })
    }

    /// Draws the picture into the upper left corner at this size, on white where it lets light through.
    fn draw(&self, picture: &Picture, width: u32, height: u32) -> Result<(), PhotoError> {
        let (width, height) = (f64::from(width), f64::from(height));
        self.context.set_fill_style_str("#ffffff");
        self.context.fill_rect(0.0, 0.0, width, height);
        self.context.set_image_smoothing_enabled(true);
        let _ = Reflect::set(&self.context, &JsString::from("imageSmoothingQuality"), &JsValue::from("high"));
        self.context
            .draw_image_with_image_bitmap_and_dw_and_dh(&picture.image, 0.0, 0.0, width, height)
            .map_err(|_| PhotoError::DecodeFailed)
    }

    async fn into_jpeg(self, quality: f64) -> Result<ArrayBuffer, PhotoError> {
        let blob = self.encode(quality).await.ok_or(PhotoError::EncodeFailed)?;
        // Browsers that can't write a kind write PNG instead, without a word.
        if blob.type_() != JPEG {
            return Err(PhotoError::EncodeFailed);
        }
        read_buffer(&blob).await.map_err(|_| PhotoError::EncodeFailed)
    }

    async fn encode(&self, quality: f64) -> Option<Blob> {
        let promise = match &self.sheet {
            Sheet::Offscreen(canvas) => {
                let options = ImageEncodeOptions::new();
                options.set_type(JPEG);
                options.set_quality(quality);
                canvas.convert_to_blob_with_options(&options).ok()?
            }
            Sheet::Page(canvas) => Promise::new(&mut |resolve, reject| {
                if canvas.to_blob_with_type_and_encoder_options(&resolve, JPEG, &JsValue::from(quality)).is_err() {
                    let _ = reject.call0(&JsValue::UNDEFINED);
                }
            }),
        };
        JsFuture::from(promise).await.ok()?.dyn_into().ok()
    }
}

impl Drop for Canvas {
    fn drop(&mut self) {
        // Safari keeps the memory of a canvas for a while; an empty one is small.
        match &self.sheet {
            Sheet::Offscreen(canvas) => {
                canvas.set_width(0);
                canvas.set_height(0);
            }
            Sheet::Page(canvas) => {
                canvas.set_width(0);
                canvas.set_height(0);
            }
        }
    }
}

/// Starts to listen, in the worker.
pub fn start() {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else { return };
    let listen = {
        let scope = scope.clone();
        Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| spawn_local(answer(scope.clone(), event.data())))
    };
    scope.set_onmessage(Some(listen.as_ref().unchecked_ref::<Function>()));
    // The worker listens as long as it lives.
    listen.forget();
    // What was sent before this moment is lost, so the page waits for this message.
    let able = Surface::is_offscreen_able();
    let _ = scope.post_message(&message("ready", &[("able", &JsValue::from(able))]));
}

async fn answer(scope: DedicatedWorkerGlobalScope, request: JsValue) {
    let Some(id) = get(&request, "id") else { return };
    let Some(job) = read_job(&request) else { return };
    let show = |thumb: MadeThumb| {
        let fields =
            [("id", &id), ("thumb", &*thumb.bytes), ("width", &JsValue::from(thumb.width)), ("height", &JsValue::from(thumb.height))];
        let _ = scope.post_message_with_transfer(&message("thumb", &fields), &Array::of1(&thumb.bytes));
    };
    let made = make(&job, Surface::Offscreen, show).await.and_then(|made| {
        let facts = serde_json::to_string(&made.facts).map_err(|_| PhotoError::EncodeFailed)?;
        Ok((made, JsValue::from(facts)))
    });
    let _ = match made {
        Ok((made, facts)) => {
            let answer = message("made", &[("id", &id), ("kept", &made.kept), ("facts", &facts)]);
            let transfer = Array::of1(&made.kept);
            if let Some(original) = &made.original {
                set(&answer, "original", original);
                transfer.push(original);
            }
            scope.post_message_with_transfer(&answer, &transfer)
        }
        Err(error) => {
            let error = JsValue::from(serde_json::to_string(&error).unwrap_or_default());
            scope.post_message(&message("failed", &[("id", &id), ("error", &error)]))
        }
    };
}

fn message(kind: &str, fields: &[(&str, &JsValue)]) -> Object {
    let message = Object::new();
    set(&message, "type", &JsValue::from(kind));
    for (name, value) in fields {
        set(&message, name, value);
    }
    message
}

/// The request for a job, as the page sends it.
pub(super) fn write_job(job: &Job) -> Object {
    let stamp: Array = job.stamp.iter().map(|line| JsValue::from(line.as_str())).collect();
    let request = Object::new();
    set(&request, "file", &job.file);
    set(&request, "name", &JsValue::from(job.name.as_str()));
    set(&request, "stamp", &stamp);
    set(&request, "maxEdge", &JsValue::from(job.max_edge));
    set(&request, "quality", &JsValue::from(job.quality));
    set(&request, "keepOriginal", &JsValue::from(job.keep_original));
    request
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast from f64 saturates, and the size is clamped when used")]
fn read_job(request: &JsValue) -> Option<Job> {
    Some(Job {
        file: get(request, "file")?.dyn_into().ok()?,
        name: get(request, "name")?.as_string()?,
        stamp: get(request, "stamp")?.dyn_into::<Array>().ok()?.iter().filter_map(|line| line.as_string()).collect(),
        max_edge: get(request, "maxEdge")?.as_f64()? as u32,
        quality: get(request, "quality")?.as_f64()?,
        keep_original: get(request, "keepOriginal")?.as_bool()?,
    })
}
