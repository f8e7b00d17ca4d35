//! Photos as evidence: what is known of each, and the marks drawn on them.
//!
//! The bytes live elsewhere, by digest. A mark never changes a photo: it is a value beside it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::change::Sha256;
use super::signature::{Point, Stroke};

/// The most characters of a file name that are kept.
pub const MAX_NAME_CHARS: usize = 120;
/// The most lines of a stamp before wrapping.
pub const MAX_STAMP_LINES: usize = 12;
/// The most characters of a line of a stamp before wrapping.
pub const MAX_STAMP_CHARS: usize = 160;
/// The most marks on one photo.
pub const MAX_MARKS: usize = 60;
/// The datum of positions that satellites give.
pub const WGS_84: &str = "WGS-84";

/// Where a photo came from, as far as the browser lets it be known.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PhotoSource {
    /// Taken with the camera for this record.
    Camera,
    /// Chosen from pictures that were there before.
    Gallery,
    /// Not known.
    #[default]
    #[serde(other)]
    Unknown,
}

/// Who says where it was.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PositionFrom {
    /// The device, when the photo was taken in.
    Device,
    /// The file, which anybody can edit.
    Exif,
    /// A later version knows.
    #[serde(other)]
    Unknown,
}

/// A place on the earth.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Position {
    /// Degrees north, rounded to 0.000001.
    pub lat: f64,
    /// Degrees east, rounded to 0.000001.
    pub lon: f64,
    /// Radius of the 95 % circle in metres, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy_m: Option<f64>,
    /// The datum; never converted for storage, only for display and links.
    pub datum: String,
    /// How old the fix was when the photo was taken, in milliseconds, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_ms: Option<u64>,
    /// Who says so.
    pub from: PositionFrom,
    /// Fields of a later version.
    #[serde(flatten)]
    pub extra: BTreeMap<String, Value>,
}

impl Position {
    /// A position in WGS-84; `None` when the numbers are no place on the earth.
    #[must_use]
    pub fn new(lat: f64, lon: f64, accuracy_m: Option<f64>, age_ms: Option<u64>, from: PositionFrom) -> Option<Self> {
        if !(-90.0..=90.0).contains(&lat) || !(-180.0..=180.0).contains(&lon) {
            return None;
        }
        // Centimetres of a radius are noise.
        let accuracy_m = accuracy_m.filter(|radius| radius.is_finite() && *radius >= 0.0).map(|radius| (radius * 10.0).round() / 10.0);
        Some(Self { lat: to_micro(lat), lon: to_micro(lon), accuracy_m, datum: WGS_84.to_owned(), age_ms, from, extra: BTreeMap::new() })
    }
}

fn to_micro(degrees: f64) -> f64 {
    // Adding zero makes −0 a 0: one written form.
    (degrees * 1e6).round() / 1e6 + 0.0
}

/// The file as it was handed over, before anything was done to it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Original {
    /// Digest of its bytes.
    pub sha256: Sha256,
    /// Its size.
    pub size_bytes: u64,
    /// Its kind by content, not by name.
    pub mime: String,
    /// Its name, cut to [`MAX_NAME_CHARS`].
    pub name: String,
    /// Width in pixels as stored, before any turning.
    pub width: u32,
    /// Height in pixels as stored, before any turning.
    pub height: u32,
    /// Whether its bytes are kept too, under its digest.
    pub kept: bool,
    /// Fields of a later version.
    #[serde(flatten)]
    pub extra: BTreeMap<String, Value>,
}

/// What making the kept copy found out: everything about a photo but who took it when and for what.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PhotoFacts {
    /// Digest of the kept bytes.
    pub sha256: Sha256,
    /// Size of the kept bytes.
    pub size_bytes: u64,
    /// Width of the kept picture, stamp included.
    pub width: u32,
    /// Height of the kept picture, stamp included.
    pub height: u32,
    /// When it was taken by the file's own account: `2026-11-24T14:03:00`, with `+08:00` when the file says so.
    pub taken_at: Option<String>,
    /// Where by the file's own account.
    pub exif_position: Option<Position>,
    /// The camera by the file's own account.
    pub camera: Option<String>,
    /// Whether the file's account of itself is damaged.
    pub exif_damaged: bool,
    /// The file as handed over.
    pub original: Original,
    /// Whether the kept picture has a stamp below it.
    pub stamped: bool,
    /// The lines of the stamp, before wrapping.
    pub stamp: Vec<String>,
}

/// The value at `photos/<photo id>`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PhotoMeta {
    /// The checklist item that it belongs to.
    pub item: Option<String>,
    /// Digest of the kept bytes, under which they are stored.
    pub sha256: Sha256,
    /// Size of the kept bytes.
    pub size_bytes: u64,
    /// Width of the kept picture.
    pub width: u32,
    /// Height of the kept picture.
    pub height: u32,
    /// Kind of the kept bytes: `image/jpeg`.
    pub mime: String,
    /// Where it came from.
    #[serde(default)]
    pub source: PhotoSource,
    /// When it was taken in, in milliseconds since the epoch.
    pub captured_at_ms: u64,
    /// When it was taken by the file's own account.
    #[serde(default)]
    pub taken_at: Option<String>,
    /// Where it was taken.
    #[serde(default)]
    pub position: Option<Position>,
    /// The file as handed over.
    pub original: Original,
    /// Whether the kept picture has a stamp below it.
    #[serde(default)]
    pub stamped: bool,
    /// The lines of the stamp.
    #[serde(default)]
    pub stamp: Vec<String>,
    /// Fields of a later version.
    #[serde(flatten)]
    pub extra: BTreeMap<String, Value>,
}

impl PhotoFacts {
    /// The value for the journal. The device's own position goes before the one that stands in the file.
    #[must_use]
    pub fn into_meta(self, item: Option<String>, source: PhotoSource, captured_at_ms: u64, device: Option<Position>) -> PhotoMeta {
        let mut extra = BTreeMap::new();
        if let Some(camera) = self.camera {
            extra.insert("camera".to_owned(), Value::String(camera));
        }
        if self.exif_damaged {
            extra.insert("exif_damaged".to_owned(), Value::Bool(true));
        }
        // Both accounts are kept: that they differ can matter.
        if let (Some(_), Some(told)) = (&device, &self.exif_position)
            && let Ok(value) = serde_json::to_value(told)
        {
            extra.insert("exif_position".to_owned(), value);
        }
        PhotoMeta {
            item,
            sha256: self.sha256,
            size_bytes: self.size_bytes,
            width: self.width,
            height: self.height,
            mime: "image/jpeg".to_owned(),
            source,
            captured_at_ms,
            taken_at: self.taken_at,
            position: device.or(self.exif_position),
            original: self.original,
            stamped: self.stamped,
            stamp: self.stamp,
            extra,
        }
    }
}

/// Why a file did not become a photo. Nothing was kept of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum PhotoError {
    /// The file has no bytes.
    #[error("empty file")]
    Empty,
    /// The content is not that of a picture, whatever the name says.
    #[error("not an image")]
    NotAnImage,
    /// A picture of a kind that not every browser can show.
    #[error("unsupported image kind {mime}")]
    Unsupported {
        /// The kind, such as `image/heic`.
        mime: String,
    },
    /// A picture that is cut off or damaged before its size could be read.
    #[error("damaged image")]
    Damaged,
    /// Too many bytes.
    #[error("{bytes} bytes, the limit is {limit}")]
    TooLarge {
        /// Size of the file.
        bytes: u64,
        /// The most that is taken.
        limit: u64,
    },
    /// Too many pixels.
    #[error("{width} by {height} pixels, the limit is {limit}")]
    TooManyPixels {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// The most pixels that are taken.
        limit: u64,
    },
    /// The system would not give the bytes (deleted, moved, permission withdrawn).
    #[error("the file could not be read")]
    ReadFailed,
    /// The browser could not decode the picture.
    #[error("the picture could not be decoded")]
    DecodeFailed,
    /// The browser could not write the kept copy, mostly for want of memory.
    #[error("the copy could not be made")]
    EncodeFailed,
    /// The worker did not start, died or did not answer in time.
    #[error("the photo worker failed")]
    WorkerFailed,
}

/// The shape of a mark.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MarkKind {
    /// An ellipse; its stroke is two opposite corners of the box that it fills.
    Circle,
    /// A free line.
    Pen,
    /// An arrow; its stroke is tail and tip.
    Arrow,
}

/// The colour of a mark.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MarkColour {
    /// Red.
    #[default]
    Red,
    /// Yellow.
    Yellow,
    /// Blue.
    Blue,
    /// White.
    White,
}

/// One mark on a photo. Coordinates are relative to the picture, stamp included.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Mark {
    /// Its shape.
    pub kind: MarkKind,
    /// Its points.
    pub points: Stroke,
    /// Its colour.
    #[serde(default)]
    pub colour: MarkColour,
    /// Fields of a later version.
    #[serde(flatten)]
    pub extra: BTreeMap<String, Value>,
}

impl Mark {
    /// A mark from raw pointer positions, each from 0 to 1 in both directions; `aspect` is width by height of the picture.
    ///
    /// `None` when nothing was drawn. A circle or an arrow keeps only where the pointer went down and where it went up.
    #[must_use]
    pub fn from_raw(kind: MarkKind, raw: &[(f64, f64)], aspect: f64, colour: MarkColour) -> Option<Self> {
        let stroke = match kind {
            MarkKind::Pen => Stroke::from_raw(raw, aspect)?,
            MarkKind::Circle | MarkKind::Arrow => Stroke::from_raw(&[*raw.first()?, *raw.last()?], aspect)?,
        };
        (stroke.length() >= 40.0).then(|| Self { kind, points: stroke, colour, extra: BTreeMap::new() })
    }

    /// The commands of an SVG path for a picture of `width` by `height` units: numbers and letters of commands only.
    #[must_use]
    pub fn svg_path(&self, width: u32, height: u32) -> String {
        let ends = (self.points.points().first(), self.points.points().last());
        match (self.kind, ends) {
            (MarkKind::Circle, (Some(from), Some(to))) => circle_path(place(*from, width, height), place(*to, width, height)),
            (MarkKind::Arrow, (Some(from), Some(to))) => arrow_path(place(*from, width, height), place(*to, width, height)),
            _ => self.points.svg_path(width, height),
        }
    }
}

fn place(point: Point, width: u32, height: u32) -> (f64, f64) {
    let edge = f64::from(super::signature::EDGE);
    (f64::from(point.x) / edge * f64::from(width), f64::from(point.y) / edge * f64::from(height))
}

fn circle_path(from: (f64, f64), to: (f64, f64)) -> String {
    let (rx, ry) = ((to.0 - from.0).abs() / 2.0, (to.1 - from.1).abs() / 2.0);
    let (left, middle) = (from.0.min(to.0), f64::midpoint(from.1, to.1));
    let width = rx * 2.0;
    format!("M{left:.0} {middle:.0}a{rx:.0} {ry:.0} 0 1 0 {width:.0} 0a{rx:.0} {ry:.0} 0 1 0 -{width:.0} 0")
}

fn arrow_path(tail: (f64, f64), tip: (f64, f64)) -> String {
    let (dx, dy) = (tip.0 - tail.0, tip.1 - tail.1);
    let length = dx.hypot(dy).max(1.0);
    let head = (length * 0.3).min(length.sqrt() * 4.0);
    let (ux, uy) = (dx / length * head, dy / length * head);
    let mut path = format!("M{:.0} {:.0}L{:.0} {:.0}", tail.0, tail.1, tip.0, tip.1);
    // Two barbs, 30 degrees to each side: cosine 0.866, sine 0.5.
    for side in [0.5, -0.5] {
        let (x, y) = (tip.0 - 0.866 * ux + side * uy, tip.1 - 0.866 * uy - side * ux);
        let _ = write!(path, "M{:.0} {:.0}L{x:.0} {y:.0}", tip.0, tip.1);
    }
    path
}

/// The value at `photos/<photo id>/marks`.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Marks {
    /// In the order drawn; at most [`MAX_MARKS`].
    pub strokes: Vec<Mark>,
    /// Fields of a later version.
    #[serde(flatten)]
    pub extra: BTreeMap<String, Value>,
}

impl Marks {
    /// Reads the value of the journal; `None` when it has another form or too many marks.
    #[must_use]
    pub fn read(value: &Value) -> Option<Self> {
        Self::deserialize(value).ok().filter(|marks| marks.strokes.len() <= MAX_MARKS)
    }

    /// Adds a mark. False when there are [`MAX_MARKS`] already.
    #[must_use]
    pub fn add(&mut self, mark: Mark) -> bool {
        let room = self.strokes.len() < MAX_MARKS;
        if room {
            self.strokes.push(mark);
        }
        room
    }
}

/// The lines of a stamp within its limits: no empty lines, no control characters.
#[must_use]
pub fn clean_stamp(lines: &[String]) -> Vec<String> {
    lines
        .iter()
        .map(|line| line.chars().filter(|c| !c.is_control()).take(MAX_STAMP_CHARS).collect::<String>().trim().to_owned())
        .filter(|line| !line.is_empty())
        .take(MAX_STAMP_LINES)
        .collect()
}

/// A file's name as kept: without folders and control characters, cut to [`MAX_NAME_CHARS`].
#[must_use]
pub fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).take(MAX_NAME_CHARS).collect()
}

/// Wraps a line to `width`, as `measure` measures. Breaks between Chinese characters, at spaces in Latin text,
/// and never begins a line with a closing mark. A word that is wider than a line is broken anywhere.
pub fn wrap(line: &str, width: f64, measure: impl Fn(&str) -> f64) -> Vec<String> {
    let mut lines = Vec::new();
    let mut current = String::new();
    for piece in pieces(line) {
        let joined = format!("{current}{piece}");
        if measure(joined.trim_end()) <= width {
            current = joined;
            continue;
        }
        if !current.trim_end().is_empty() {
            lines.push(current.trim_end().to_owned());
        }
        current = String::new();
        if measure(piece.trim_end()) <= width {
            current = piece;
            continue;
        }
        for c in piece.chars() {
            let joined = format!("{current}{c}");
            if !current.is_empty() && measure(&joined) > width {
                lines.push(std::mem::take(&mut current));
                current.push(c);
            } else {
                current = joined;
            }
        }
    }
    if !current.trim_end().is_empty() {
        lines.push(current.trim_end().to_owned());
    }
    lines
}

/// What may not be torn apart: a word with the spaces after it, or a wide character with the closing marks after it.
fn pieces(line: &str) -> Vec<String> {
    const CLOSING: &str = "，。、；：？！）》」』】〉”’…·—,.;:?!)]}%°′″";
    let mut pieces: Vec<String> = Vec::new();
    for c in line.chars() {
        let joins = pieces.last().and_then(|piece| piece.chars().next_back()).is_some_and(|before| {
            let both_narrow = !is_wide(before) && !is_wide(c) && (!before.is_whitespace() || c.is_whitespace());
            both_narrow || CLOSING.contains(c) || c.is_whitespace() || "（《「『【〈“‘".contains(before)
        });
        match pieces.last_mut() {
            Some(piece) if joins => piece.push(c),
            _ => pieces.push(c.to_string()),
        }
    }
    pieces
}

/// Whether a line may be broken on both sides of the character (CJK and full-width forms).
fn is_wide(c: char) -> bool {
    matches!(u32::from(c), 0x2E80..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF | 0xFE30..=0xFE4F | 0xFF00..=0xFFEF | 0x20000..=0x3FFFF)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Wide characters two, others one.
    fn columns(text: &str) -> f64 {
        text.chars().map(|c| if is_wide(c) { 2.0 } else { 1.0 }).sum()
    }

    fn facts() -> PhotoFacts {
        PhotoFacts {
            sha256: Sha256([1; 32]),
            size_bytes: 10,
            width: 20,
            height: 30,
            taken_at: Some("2026-11-24T14:03:00".to_owned()),
            exif_position: Position::new(26.1, 119.3, None, None, PositionFrom::Exif),
            camera: None,
            exif_damaged: false,
            original: Original {
                sha256: Sha256([2; 32]),
                size_bytes: 99,
                mime: "image/png".to_owned(),
                name: "a.png".to_owned(),
                width: 20,
                height: 30,
                kept: false,
                extra: BTreeMap::new(),
            },
            stamped: false,
            stamp: Vec::new(),
        }
    }

    #[test]
    fn the_device_is_believed_before_the_file() {
        let device = Position::new(26.2, 119.2, Some(8.26), Some(1_500), PositionFrom::Device);
        let meta = facts().into_meta(Some("elevator-003".to_owned()), PhotoSource::Camera, 7, device.clone());
        assert_eq!(meta.position, device);
        assert_eq!(meta.extra["exif_position"]["from"], "exif");
        let alone = facts().into_meta(None, PhotoSource::Gallery, 7, None);
        assert_eq!(alone.position.map(|position| position.from), Some(PositionFrom::Exif));
    }

    #[test]
    fn unknown_fields_survive() {
        let meta = facts().into_meta(None, PhotoSource::Camera, 7, None);
        let mut value = serde_json::to_value(&meta).expect("serialises");
        value["later"] = serde_json::json!({"a": [1, 2]});
        value["original"]["later"] = serde_json::json!(true);
        value["position"]["later"] = serde_json::json!("x");
        let read: PhotoMeta = serde_json::from_value(value.clone()).expect("reads what it wrote");
        assert_eq!(serde_json::to_value(read).expect("serialises"), value);
    }

    #[test]
    fn only_places_on_the_earth() {
        for (lat, lon) in [(f64::NAN, 0.0), (90.1, 0.0), (0.0, -180.1), (f64::INFINITY, 0.0)] {
            assert_eq!(Position::new(lat, lon, None, None, PositionFrom::Device), None);
        }
        let place = Position::new(26.123_456_78, -0.000_000_01, Some(f64::NAN), None, PositionFrom::Device).expect("a place");
        assert_eq!(place.lat, 26.123_457);
        assert_eq!(serde_json::to_string(&place.lon).expect("serialises"), "0.0");
        assert_eq!(place.accuracy_m, None);
    }

    #[test]
    fn errors_travel_with_their_numbers() {
        let error = PhotoError::TooManyPixels { width: 30_000, height: 30_000, limit: 64_000_000 };
        let text = serde_json::to_string(&error).expect("serialises");
        assert_eq!(text, r#"{"code":"too_many_pixels","width":30000,"height":30000,"limit":64000000}"#);
        assert_eq!(serde_json::from_str::<PhotoError>(&text).expect("reads"), error);
    }

    #[test]
    fn wraps_chinese_between_characters_and_latin_between_words() {
        assert_eq!(wrap("检查人：张三、李四。", 10.0, columns), ["检查人：张", "三、李四。"]);
        assert_eq!(wrap("WGS-84 26.123456, 119.296494 ±8 m", 20.0, columns), ["WGS-84 26.123456,", "119.296494 ±8 m"]);
        assert_eq!(wrap("abcdefghij", 4.0, columns), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("", 4.0, columns), Vec::<String>::new());
        // A closing mark is not torn off.
        assert_eq!(wrap("一二三四，五", 8.0, columns), ["一二三", "四，五"]);
    }

    #[test]
    fn names_and_stamps_are_cut() {
        assert_eq!(clean_name("C:\\fakepath\\照\u{0}片.jpg"), "照片.jpg");
        assert_eq!(clean_name(&"长".repeat(500)).chars().count(), MAX_NAME_CHARS);
        assert_eq!(clean_stamp(&[" a\n".to_owned(), "  ".to_owned(), "b".to_owned()]), ["a", "b"]);
    }

    #[test]
    fn marks_draw_numbers_only() {
        for kind in [MarkKind::Circle, MarkKind::Pen, MarkKind::Arrow] {
            let mark = Mark::from_raw(kind, &[(0.1, 0.1), (0.4, 0.2), (0.9, 0.8)], 1.5, MarkColour::Red).expect("drawn");
            let path = mark.svg_path(2_048, 1_536);
            assert!(path.chars().all(|c| c.is_ascii_digit() || " MLa-".contains(c)), "{path}");
            let value = serde_json::to_value(Marks { strokes: vec![mark], extra: BTreeMap::new() }).expect("serialises");
            assert!(Marks::read(&value).is_some(), "{value}");
        }
        assert_eq!(Mark::from_raw(MarkKind::Circle, &[(0.1, 0.1), (0.1, 0.1)], 1.0, MarkColour::Red), None);
        assert_eq!(Mark::from_raw(MarkKind::Arrow, &[], 1.0, MarkColour::Red), None);
    }

    #[test]
    fn marks_are_limited() {
        let mark = Mark::from_raw(MarkKind::Pen, &[(0.1, 0.1), (0.9, 0.9)], 1.0, MarkColour::Blue).expect("drawn");
        let mut marks = Marks::default();
        for _ in 0..MAX_MARKS {
            assert!(marks.add(mark.clone()));
        }
        assert!(!marks.add(mark.clone()));
        marks.strokes.push(mark);
        assert_eq!(Marks::read(&serde_json::to_value(&marks).expect("serialises")), None);
    }

    proptest! {
        #[test]
        fn wrapping_loses_nothing_but_spaces(line in "[ a-z一-十，。（）]{0,80}", width in 1.0..30.0_f64) {
            let lines = wrap(&line, width, columns);
            let squeeze = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(squeeze(&lines.concat()), squeeze(&line));
            for line in &lines {
                prop_assert!(columns(line) <= width || line.chars().count() == 1, "{:?}", line);
            }
        }
    }
}
