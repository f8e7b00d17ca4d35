//! Photos in a real browser: pictures drawn on a canvas go through the whole way to the kept copy.
//!
//! `cargo xtask test` runs this. The test server has no worker, so the pipeline falls back to the page here.
#![cfg(target_arch = "wasm32")]

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Promise, Uint8Array};
use spotcheck::browser::files::{BlobBuilder, Pick, blob_of, is_wechat, read_slice, size_bytes};
use spotcheck::browser::photo_worker::{Job, Made, MadeThumb, Surface, fit, make};
use spotcheck::browser::photos::PhotoPipeline;
use spotcheck::domain::photo::{MAX_NAME_CHARS, PhotoError, PhotoSource};
use spotcheck::evidence::chain::sha256;
use spotcheck::evidence::image_header::{ImageKind, read_header};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Blob, CanvasRenderingContext2d, File, HtmlCanvasElement, ImageBitmap};

wasm_bindgen_test_configure!(run_in_browser);

const SURFACES: [Surface; 2] = [Surface::Offscreen, Surface::Page];

fn canvas(width: u32, height: u32) -> (HtmlCanvasElement, CanvasRenderingContext2d) {
    let document = web_sys::window().expect("a window").document().expect("a document");
    let canvas: HtmlCanvasElement = document.create_element("canvas").expect("a canvas").unchecked_into();
    canvas.set_width(width);
    canvas.set_height(height);
    let context = canvas.get_context("2d").expect("2d works").expect("a context").unchecked_into();
    (canvas, context)
}

/// A colourful picture, so that nothing passes by chance.
async fn picture(width: u32, height: u32, mime: &str) -> Vec<u8> {
    let (canvas, context) = canvas(width, height);
    for step in 0..64_u32 {
        context.set_fill_style_str(&format!("hsl({} 80% {}%)", step * 37 % 360, 20 + step));
        let (x, y) = (f64::from(step % 8) * f64::from(width) / 8.0, f64::from(step / 8) * f64::from(height) / 8.0);
        context.fill_rect(x, y, f64::from(width) / 8.0 + 1.0, f64::from(height) / 8.0 + 1.0);
    }
    let promise = Promise::new(&mut |resolve, _| canvas.to_blob_with_type(&resolve, mime).expect("encodes"));
    let blob: Blob = JsFuture::from(promise).await.expect("a blob").unchecked_into();
    read_slice(&blob, 0, size_bytes(&blob)).await.expect("reads")
}

fn job(bytes: &[u8], stamp: &[&str]) -> Job {
    Job {
        file: blob_of(bytes, "image/jpeg").expect("a blob"),
        name: "照片.jpg".to_owned(),
        stamp: stamp.iter().map(|line| (*line).to_owned()).collect(),
        max_edge: 2_048,
        quality: 0.85,
        keep_original: false,
    }
}

async fn made(job: &Job, surface: Surface) -> (Made, MadeThumb) {
    let mut thumb = None;
    let made = make(job, surface, |it| thumb = Some(it)).await.expect("a photo");
    (made, thumb.expect("a thumbnail"))
}

fn bytes(buffer: &js_sys::ArrayBuffer) -> Vec<u8> {
    Uint8Array::new(buffer).to_vec()
}

/// The pixels of the upper left part of a picture.
async fn pixels(file: &[u8], width: u32, height: u32) -> Vec<u8> {
    let blob = blob_of(file, "image/jpeg").expect("a blob");
    let promise = web_sys::window().expect("a window").create_image_bitmap_with_blob(&blob).expect("decodes");
    let image: ImageBitmap = JsFuture::from(promise).await.expect("a picture").unchecked_into();
    let (_, context) = canvas(width, height);
    context.draw_image_with_image_bitmap(&image, 0.0, 0.0).expect("draws");
    context.get_image_data(0.0, 0.0, f64::from(width), f64::from(height)).expect("pixels").data().0
}

#[wasm_bindgen_test]
async fn shrinks_in_proportion_and_hashes_what_it_keeps() {
    let file = picture(3_000, 2_000, "image/jpeg").await;
    for surface in SURFACES {
        let (made, thumb) = made(&job(&file, &[]), surface).await;
        let kept = bytes(&made.kept);
        let header = read_header(&kept).expect("a header");
        assert_eq!((header.kind, header.width, header.height), (ImageKind::Jpeg, 2_048, 1_365));
        let facts = &made.facts;
        assert_eq!((facts.width, facts.height, facts.size_bytes), (2_048, 1_365, kept.len() as u64));
        assert_eq!(facts.sha256, sha256(&kept));
        assert_eq!(facts.original.sha256, sha256(&file));
        assert_eq!((facts.original.width, facts.original.height, facts.original.kept), (3_000, 2_000, false));
        assert!(!facts.stamped && made.original.is_none());

        let small = bytes(&thumb.bytes);
        let header = read_header(&small).expect("a header");
        assert_eq!((header.width, header.height), (320, 213));
        assert_eq!((thumb.width, thumb.height), (320, 213));
        assert!(small.len() < 40_000, "{} bytes", small.len());
    }
}

#[wasm_bindgen_test]
async fn enlarges_nothing_and_makes_jpeg_of_everything() {
    for mime in ["image/png", "image/jpeg", "image/webp"] {
        let file = picture(200, 100, mime).await;
        let (made, thumb) = made(&job(&file, &[]), Surface::Offscreen).await;
        assert_eq!((made.facts.width, made.facts.height, thumb.width), (200, 100, 200), "{mime}");
        assert_eq!(made.facts.original.mime, mime);
        assert_eq!(read_header(&bytes(&made.kept)).expect("a header").kind, ImageKind::Jpeg);
    }
}

#[wasm_bindgen_test]
async fn the_stamp_stands_below_the_picture_and_changes_none_of_it() {
    let file = picture(640, 480, "image/jpeg").await;
    let lines = [
        "2026-11-24 14:03 +08:00  WGS-84 26.074583, 119.296483 ±8 m",
        "闽侯县某某有限责任公司第三车间二号客梯机房（被检查单位），检查人：张三、李四，执法证号 13010001、13010002",
    ];
    for surface in SURFACES {
        let (plain, _) = made(&job(&file, &[]), surface).await;
        let (stamped, thumb) = made(&job(&file, &lines), surface).await;
        assert!(stamped.facts.stamped);
        assert_eq!(stamped.facts.stamp, lines);
        assert_eq!(stamped.facts.width, 640);
        // Four lines at least: both are wider than the picture.
        assert!(stamped.facts.height > 480 + 4 * 15, "{}", stamped.facts.height);
        assert_eq!((thumb.width, thumb.height), (320, 240));

        let (plain, stamped) = (bytes(&plain.kept), bytes(&stamped.kept));
        // 480 is whole JPEG blocks; only the colour (not the light) of the last two rows is smoothed with what is below.
        assert!(pixels(&plain, 640, 478).await == pixels(&stamped, 640, 478).await, "pixels of the picture changed");
        let height = read_header(&stamped).expect("a header").height;
        let all = pixels(&stamped, 640, height).await;
        let strip = all.get(640 * 488 * 4..).expect("a strip");
        let bright = strip.chunks(4).filter(|pixel| pixel[0] > 200).count();
        let dark = strip.chunks(4).filter(|pixel| pixel[0] < 60).count();
        assert!(bright > 500, "the text is there: {bright}");
        assert!(dark > bright, "on a dark ground: {dark}");
    }
}

#[wasm_bindgen_test]
async fn a_narrow_picture_gets_room_for_its_stamp() {
    let file = picture(40, 400, "image/png").await;
    let (made, _) = made(&job(&file, &["2026-11-24"]), Surface::Offscreen).await;
    assert_eq!(made.facts.width, 320);
    assert!(made.facts.height > 400);
}

#[wasm_bindgen_test]
async fn turns_pictures_upright() {
    let mut file = picture(300, 200, "image/jpeg").await;
    // Orientation 6 (turn right), little endian, one entry.
    let exif = b"\xFF\xE1\0\x22Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    file.splice(2..2, exif.iter().copied());
    for surface in SURFACES {
        let (made, thumb) = made(&job(&file, &[]), surface).await;
        assert_eq!((made.facts.width, made.facts.height), (200, 300));
        assert_eq!((made.facts.original.width, made.facts.original.height), (300, 200));
        assert!(thumb.height > thumb.width);
        assert!(!made.facts.exif_damaged);
    }
}

#[wasm_bindgen_test]
async fn gives_the_original_back_untouched() {
    let file = picture(2_500, 100, "image/png").await;
    let (made, _) = made(&Job { keep_original: true, ..job(&file, &["x"]) }, Surface::Offscreen).await;
    assert!(made.original.is_some_and(|original| bytes(&original) == file));
    assert!(made.facts.original.kept);
}

#[wasm_bindgen_test]
async fn refuses_what_is_no_picture() {
    let whole = picture(300, 200, "image/jpeg").await;
    let huge = [b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x75\x30\0\0\x75\x30\x08\x02\0\0\0".as_slice(), &[0; 64]].concat();
    let fake = [b"\xFF\xD8\xFF\xC0\0\x0b\x08\0\x10\0\x10\x01\x01\x11\0".as_slice(), b"<html><script>window.__hit=1</script>"].concat();
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec();
    let cases: [(Vec<u8>, PhotoError); 7] = [
        (Vec::new(), PhotoError::Empty),
        (b"not a picture".to_vec(), PhotoError::NotAnImage),
        (b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>".to_vec(), PhotoError::NotAnImage),
        (heic, PhotoError::Unsupported { mime: "image/heic".to_owned() }),
        (whole[..20].to_vec(), PhotoError::Damaged),
        (huge, PhotoError::TooManyPixels { width: 30_000, height: 30_000, limit: 64_000_000 }),
        (fake, PhotoError::DecodeFailed),
    ];
    for surface in SURFACES {
        for (file, expected) in &cases {
            let mut shown = false;
            let result = make(&job(file, &[]), surface, |_| shown = true).await;
            assert_eq!(result.err().as_ref(), Some(expected));
            assert!(!shown);
        }
    }
}

#[wasm_bindgen_test]
async fn refuses_too_many_bytes_before_reading_them() {
    let mut file = BlobBuilder::new();
    let mib = vec![0xFF; 1 << 20];
    for _ in 0..41 {
        file.push(&mib).expect("room");
    }
    let job = Job { file: file.finish("image/jpeg").expect("a blob"), ..job(b"", &[]) };
    let error = make(&job, Surface::Offscreen, |_| ()).await.expect_err("too large");
    assert_eq!(error, PhotoError::TooLarge { bytes: 41 << 20, limit: 40 << 20 });
}

#[wasm_bindgen_test]
async fn the_pipeline_works_without_a_worker_and_keeps_going_after_a_bad_file() {
    let pipeline = PhotoPipeline::new();
    let good = picture(400, 300, "image/jpeg").await;
    let named = |bytes: &[u8]| {
        let name = format!("C:\\fakepath\\{}.jpg", "长".repeat(200));
        File::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes)), &name).expect("a file")
    };
    let thumbs = Rc::new(RefCell::new(Vec::new()));
    let take = |bytes: &[u8]| {
        let thumbs = Rc::clone(&thumbs);
        let pipeline = pipeline.clone();
        let job = Job::new(&named(bytes), vec!["x".to_owned()], false);
        async move { pipeline.take(job, move |thumb| thumbs.borrow_mut().push(thumb)).await }
    };
    let (first, bad, second) = futures::join!(take(&good), take(b"no picture"), take(&good));
    let (first, second) = (first.expect("a photo"), second.expect("a photo"));
    assert_eq!(bad, Err(PhotoError::NotAnImage));
    assert_eq!(first.facts.sha256, sha256(&first.kept));
    assert_eq!(first.facts, second.facts);
    assert_eq!(first.facts.original.name.chars().count(), MAX_NAME_CHARS);
    assert_eq!(thumbs.borrow().len(), 2);
    assert_eq!(first.thumb.as_ref(), thumbs.borrow().first());
    assert_eq!(pipeline.waiting(), 0);
    let meta = first.facts.into_meta(Some("elevator-003".to_owned()), PhotoSource::Camera, 1, None);
    assert!(meta.stamped);
}

#[wasm_bindgen_test]
async fn builds_and_reads_large_files_in_parts() {
    let mut builder = BlobBuilder::new();
    let mut expected = Vec::new();
    for step in 0..6_000_u32 {
        let part = format!("{step},").repeat(40).into_bytes();
        builder.push(&part).expect("room");
        expected.extend(part);
        // Blobs go between bytes in order; enough of them to fill two levels.
        if step % 40 == 0 {
            builder.push_blob(&blob_of(b"|", "").expect("a blob")).expect("room");
            expected.push(b'|');
        }
    }
    assert_eq!(builder.size_bytes(), expected.len() as u64);
    let blob = builder.finish("application/json").expect("a blob");
    assert_eq!((size_bytes(&blob), blob.type_().as_str()), (expected.len() as u64, "application/json"));
    let mut read = Vec::new();
    while (read.len() as u64) < size_bytes(&blob) {
        let start = read.len() as u64;
        read.extend(read_slice(&blob, start, start + 100_000).await.expect("reads"));
    }
    assert!(read == expected);
    assert_eq!(read_slice(&blob, 5, 5).await, Ok(Vec::new()));
}

#[wasm_bindgen_test]
fn knows_its_browsers_and_inputs() {
    assert!(is_wechat("Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Mobile Safari/537.36 MicroMessenger/8.0.40"));
    assert!(!is_wechat("Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/116.0.0.0 Mobile Safari/537.36"));
    assert_eq!((Pick::Camera.capture(), Pick::Gallery.capture()), (Some("environment"), None));
    assert!(Pick::Bundles.is_multiple() && !Pick::Camera.is_multiple());
}

#[wasm_bindgen_test]
fn fits_into_a_square() {
    for (size, edge, expected) in [
        ((3_000, 2_000), 2_048, (2_048, 1_365)),
        ((2_000, 3_000), 2_048, (1_365, 2_048)),
        ((100, 50), 2_048, (100, 50)),
        ((20_000, 3), 2_048, (2_048, 1)),
        ((u32::MAX, u32::MAX), 320, (320, 320)),
    ] {
        assert_eq!(fit(size.0, size.1, edge), expected);
    }
}
