//! Headers and EXIF of picture files: what is taken, what is refused, and that no bytes make them fall over.

use exif::experimental::Writer;
use exif::{Field, In, Rational, Tag, Value};
use proptest::prelude::*;
use spotcheck::domain::photo::{PhotoError, PositionFrom};
use spotcheck::evidence::exif::{ExifFacts, read_exif};
use spotcheck::evidence::image_header::{HeaderError, ImageHeader, ImageKind, MAX_BYTES, MAX_PIXELS, check_size, read_header};

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    file.extend(width.to_be_bytes());
    file.extend(height.to_be_bytes());
    file.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
    file
}

/// The beginning of a JPEG: SOI, APP1 with `exif` when given, quantisation table, frame header, scan.
fn jpeg(width: u16, height: u16, exif: Option<&[u8]>) -> Vec<u8> {
    let mut file = vec![0xFF, 0xD8];
    let mut segment = |marker: u8, content: &[u8]| {
        file.extend([0xFF, marker]);
        file.extend(u16::try_from(content.len() + 2).expect("a short segment").to_be_bytes());
        file.extend(content);
    };
    if let Some(exif) = exif {
        segment(0xE1, &[b"Exif\0\0", exif].concat());
    }
    segment(0xDB, &[1; 65]);
    let mut frame = vec![8];
    frame.extend(height.to_be_bytes());
    frame.extend(width.to_be_bytes());
    frame.extend([1, 1, 0x11, 0]);
    segment(0xC2, &frame);
    segment(0xDA, &[1, 1, 0, 0, 63, 0]);
    file.extend([0, 0xFF, 0xD9]);
    file
}

fn webp(chunk: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut file = b"RIFF\0\0\0\0WEBP".to_vec();
    file.extend(chunk);
    file.extend(u32::try_from(content.len()).expect("a short chunk").to_le_bytes());
    file.extend(content);
    file
}

fn gif(width: u16, height: u16) -> Vec<u8> {
    [b"GIF89a".as_slice(), &width.to_le_bytes(), &height.to_le_bytes()].concat()
}

fn bmp(width: i32, height: i32) -> Vec<u8> {
    [b"BM\0\0\0\0\0\0\0\0\0\0\0\0".as_slice(), &40_u32.to_le_bytes(), &width.to_le_bytes(), &height.to_le_bytes(), &[0; 28]].concat()
}

fn ftyp(brands: &[u8]) -> Vec<u8> {
    let mut file = u32::try_from(8 + brands.len()).expect("a short box").to_be_bytes().to_vec();
    file.extend(b"ftyp");
    file.extend(brands);
    file
}

#[track_caller]
fn check(file: &[u8], kind: ImageKind, width: u32, height: u32) {
    assert_eq!(read_header(file), Ok(ImageHeader { kind, width, height }));
}

#[test]
fn reads_the_size_of_each_kind() {
    check(&jpeg(4_000, 3_000, None), ImageKind::Jpeg, 4_000, 3_000);
    check(&png(640, 480), ImageKind::Png, 640, 480);
    check(&gif(10, 20), ImageKind::Gif, 10, 20);
    check(&bmp(30, -40), ImageKind::Bmp, 30, 40);
    check(&webp(b"VP8X", &[0, 0, 0, 0, 99, 0, 0, 49, 0, 0]), ImageKind::WebP, 100, 50);
    check(&webp(b"VP8L", &[0x2F, 99, 0x40, 12, 0]), ImageKind::WebP, 100, 50);
    check(&webp(b"VP8 ", &[0, 0, 0, 0x9D, 0x01, 0x2A, 100, 0, 50, 0]), ImageKind::WebP, 100, 50);
}

#[test]
fn refuses_what_is_no_picture_before_decoding() {
    let cases: [&[u8]; 8] = [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<?xml version='1.0'?><svg/>",
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"%PDF-1.7",
        b"PK\x03\x04",
        b"BMW is a text that begins like a bitmap and is none",
        b"\xFF",
        &ftyp(b"mp42\0\0\0\0isommp42"),
    ];
    for case in cases {
        assert_eq!(read_header(case), Err(HeaderError::NotAnImage), "{}", String::from_utf8_lossy(case));
    }
    assert_eq!(read_header(b""), Err(HeaderError::Empty));
}

#[test]
fn names_the_kinds_that_browsers_do_not_share() {
    for (brands, kind) in [
        (b"heic\0\0\0\0mif1heic".as_slice(), ImageKind::Heic),
        (b"mif1\0\0\0\0mif1heic", ImageKind::Heic),
        (b"avif\0\0\0\0avifmif1", ImageKind::Avif),
    ] {
        assert_eq!(read_header(&ftyp(brands)), Err(HeaderError::Unsupported { kind }));
    }
    assert_eq!(PhotoError::from(HeaderError::Unsupported { kind: ImageKind::Heic }), PhotoError::Unsupported { mime: "image/heic".into() });
    assert_eq!(read_header(b"II*\0\x08\0\0\0"), Err(HeaderError::Unsupported { kind: ImageKind::Tiff }));
}

#[test]
fn keeps_to_its_limits() {
    assert_eq!(check_size(0), Err(HeaderError::Empty));
    assert_eq!(check_size(MAX_BYTES), Ok(()));
    assert_eq!(check_size(MAX_BYTES + 1), Err(HeaderError::TooLarge { bytes: MAX_BYTES + 1, limit: 41_943_040 }));
    check(&png(8_000, 8_000), ImageKind::Png, 8_000, 8_000);
    let refused = Err(HeaderError::TooManyPixels { width: 8_000, height: 8_001, limit: MAX_PIXELS });
    assert_eq!(read_header(&png(8_000, 8_001)), refused);
    assert!(matches!(read_header(&jpeg(30_000, 30_000, None)), Err(HeaderError::TooManyPixels { .. })));
    assert!(matches!(read_header(&png(u32::MAX >> 1, u32::MAX >> 1)), Err(HeaderError::TooManyPixels { .. })));
}

#[test]
fn every_cut_before_the_size_is_damage() {
    for (file, kind, needed) in [
        (jpeg(40, 30, None), ImageKind::Jpeg, 2 + 69 + 9),
        (png(40, 30), ImageKind::Png, 24),
        (gif(40, 30), ImageKind::Gif, 10),
        (bmp(40, 30), ImageKind::Bmp, 26),
    ] {
        let magic = if kind == ImageKind::Png { 8 } else { 6 };
        for end in magic..needed {
            assert_eq!(read_header(&file[..end]), Err(HeaderError::Damaged { kind }), "{kind:?} cut at {end}");
        }
        assert!(read_header(&file[..needed]).is_ok(), "{kind:?}");
    }
    assert_eq!(read_header(&png(0, 30)), Err(HeaderError::Damaged { kind: ImageKind::Png }));
    assert_eq!(read_header(&[0xFF, 0xD8, 0xFF, 0xE0, 0, 0]), Err(HeaderError::Damaged { kind: ImageKind::Jpeg }));
}

fn field(tag: Tag, value: Value) -> Field {
    Field { tag, ifd_num: In::PRIMARY, value }
}

fn text(text: &str) -> Value {
    Value::Ascii(vec![text.as_bytes().to_vec()])
}

fn dms(numbers: [(u32, u32); 3]) -> Value {
    Value::Rational(numbers.map(|(num, denom)| Rational { num, denom }).to_vec())
}

fn exif(fields: &[Field]) -> Vec<u8> {
    let mut writer = Writer::new();
    for field in fields {
        writer.push_field(field);
    }
    let mut out = std::io::Cursor::new(Vec::new());
    writer.write(&mut out, true).expect("the writer of the tests works");
    out.into_inner()
}

fn gps(lat: [(u32, u32); 3], lat_side: &str, lon: [(u32, u32); 3], lon_side: &str) -> Vec<Field> {
    vec![
        field(Tag::GPSLatitudeRef, text(lat_side)),
        field(Tag::GPSLatitude, dms(lat)),
        field(Tag::GPSLongitudeRef, text(lon_side)),
        field(Tag::GPSLongitude, dms(lon)),
    ]
}

fn facts(fields: &[Field]) -> ExifFacts {
    read_exif(&jpeg(40, 30, Some(&exif(fields))))
}

#[test]
fn reads_when_where_and_with_what() {
    let mut fields = gps([(26, 1), (4, 1), (2_850, 100)], "N", [(119, 1), (17, 1), (4_734, 100)], "E");
    fields.extend([
        field(Tag::Make, text("HUAWEI")),
        field(Tag::Model, text("HUAWEI P30")),
        field(Tag::Orientation, Value::Short(vec![6])),
        field(Tag::DateTimeOriginal, text("2026:11:24 14:03:05")),
        field(Tag::OffsetTimeOriginal, text("+08:00")),
        field(Tag::SubSecTimeOriginal, text("123")),
        field(Tag::GPSHPositioningError, Value::Rational(vec![Rational { num: 82, denom: 10 }])),
        field(Tag::GPSMapDatum, text("WGS84")),
    ]);
    let facts = facts(&fields);
    assert_eq!(facts.taken_at.as_deref(), Some("2026-11-24T14:03:05+08:00"));
    assert_eq!(facts.camera().as_deref(), Some("HUAWEI P30"));
    assert_eq!(facts.orientation, Some(6));
    let position = facts.position.expect("a position");
    assert_eq!((position.lat, position.lon, position.accuracy_m), (26.074_583, 119.296_483, Some(8.2)));
    assert_eq!((position.datum.as_str(), position.from), ("WGS-84", PositionFrom::Exif));
    assert!(!facts.damaged);
}

#[test]
fn south_and_west_are_negative() {
    let position = facts(&gps([(33, 1), (30, 1), (0, 1)], "S", [(70, 1), (30, 1), (0, 1)], "W")).position.expect("a position");
    assert_eq!((position.lat, position.lon), (-33.5, -70.5));
}

#[test]
fn refuses_places_that_are_none() {
    let (good, zero) = ([(26, 1), (0, 1), (0, 1)], [(0, 1); 3]);
    for (fields, damaged) in [
        (gps([(26, 0), (0, 1), (0, 1)], "N", good, "E"), true),
        (gps([(91, 1), (0, 1), (0, 1)], "N", good, "E"), true),
        (gps([(26, 1), (75, 1), (0, 1)], "N", good, "E"), true),
        (gps(good, "X", good, "E"), true),
        (gps(good, "N", [(181, 1), (0, 1), (0, 1)], "E"), true),
        (gps(zero, "N", zero, "E"), false),
        (gps(good, "N", good, "E").into_iter().take(2).collect(), false),
    ] {
        let facts = facts(&fields);
        assert_eq!((facts.position, facts.damaged), (None, damaged), "{fields:?}");
    }
}

#[test]
fn refuses_times_that_are_none() {
    for (written, damaged) in [
        ("2026:02:30 10:00:00", true),
        ("2026-11-24 10:00:00", true),
        ("今天", true),
        ("0000:00:00 00:00:00", false),
        ("    :  :     :  :  ", false),
    ] {
        let facts = facts(&[field(Tag::DateTimeOriginal, text(written))]);
        assert_eq!((facts.taken_at, facts.damaged), (None, damaged), "{written}");
    }
    let odd = facts(&[field(Tag::DateTimeOriginal, text("2026:11:24 10:00:00")), field(Tag::OffsetTimeOriginal, text("+8"))]);
    assert_eq!(odd.taken_at.as_deref(), Some("2026-11-24T10:00:00"));
}

#[test]
fn no_exif_is_nothing_and_broken_exif_is_a_flag() {
    assert_eq!(read_exif(&jpeg(40, 30, None)), ExifFacts::default());
    let broken = read_exif(&jpeg(40, 30, Some(b"II*\0\xFF\xFF\xFF\xFF")));
    assert_eq!(broken, ExifFacts { damaged: true, ..ExifFacts::default() });
    // A made-up maker's name with markup stays text and is cut.
    let long = facts(&[field(Tag::Make, text(&"<b>\u{7}".repeat(100)))]);
    assert!(long.make.is_some_and(|make| make.chars().count() <= 60 && !make.contains('\u{7}')));
}

fn whole_samples() -> Vec<Vec<u8>> {
    let mut fields = gps([(26, 1), (4, 1), (28, 1)], "N", [(119, 1), (17, 1), (47, 1)], "E");
    fields.push(field(Tag::DateTimeOriginal, text("2026:11:24 14:03:05")));
    vec![
        jpeg(40, 30, Some(&exif(&fields))),
        png(40, 30),
        gif(40, 30),
        bmp(40, 30),
        webp(b"VP8X", &[0, 0, 0, 0, 99, 0, 0, 49, 0, 0]),
        ftyp(b"heic\0\0\0\0mif1heic"),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_never_fall_over(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read_header(&bytes);
        let _ = read_exif(&bytes);
    }

    #[test]
    fn mutated_files_never_fall_over(
        sample in 0_usize..6,
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<prop::sample::Index>(),
        tail in prop::collection::vec(any::<u8>(), 0..60),
    ) {
        let mut file = whole_samples().swap_remove(sample);
        for (index, byte) in edits {
            let index = index.index(file.len());
            file[index] = byte;
        }
        file.truncate(cut.index(file.len()) + 1);
        file.extend(tail);
        if let Ok(header) = read_header(&file) {
            prop_assert!(header.width > 0 && header.height > 0 && header.kind.is_supported());
            prop_assert!(u64::from(header.width) * u64::from(header.height) <= MAX_PIXELS);
        }
        let facts = read_exif(&file);
        if let Some(position) = facts.position {
            prop_assert!(position.lat.abs() <= 90.0 && position.lon.abs() <= 180.0);
        }
    }
}
