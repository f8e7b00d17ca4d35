//! Signatures as strokes, and the strokes that marks on photos are made of too.
//!
//! Strokes are kept, not pictures: they can be drawn again at any size after the phone was turned,
//! printed sharply, and hashed with the rest of the record.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The side of the square that coordinates live in: 0 is left or top, this is right or bottom.
pub const EDGE: u16 = 10_000;
/// The most points that one stroke keeps.
pub const MAX_POINTS: usize = 400;
/// The most strokes that one signature keeps. Three written-out characters need about forty.
pub const MAX_STROKES: usize = 160;
/// The most points that one signature keeps.
pub const MAX_SIGNATURE_POINTS: usize = 4_000;
/// Ink shorter than this, in units of [`EDGE`] over all strokes, is a slip of the finger and no signature.
const LEAST_INK: f64 = 600.0;
/// The most characters of a name, a number or a reason.
const MAX_TEXT_CHARS: usize = 200;

/// A point in units of [`EDGE`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Point {
    /// From the left.
    pub x: u16,
    /// From the top.
    pub y: u16,
}

/// One stroke of the pen. Written as `[x, y, x, y, …]`; 1 to [`MAX_POINTS`] points, each within [`EDGE`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "Vec<u16>", into = "Vec<u16>")]
pub struct Stroke(Vec<Point>);

/// Why numbers are not a [`Stroke`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a stroke: pairs of whole numbers from 0 to 10000, at most 400 pairs")]
pub struct StrokeError;

impl Stroke {
    /// A stroke from raw pointer positions, each from 0 to 1 in both directions; `aspect` is width by height of the pad.
    ///
    /// Positions outside the pad are moved to its edge, those that are no numbers are left out, and points that do not
    /// change the shape visibly are dropped. `None` when no position is left.
    #[must_use]
    pub fn from_raw(raw: &[(f64, f64)], aspect: f64) -> Option<Self> {
        let mut points: Vec<Point> =
            raw.iter().filter(|(x, y)| x.is_finite() && y.is_finite()).map(|&(x, y)| Point { x: to_units(x), y: to_units(y) }).collect();
        points.dedup();
        let mut tolerance = 12.0;
        let mut kept = simplify(&points, tolerance, aspect);
        while kept.len() > MAX_POINTS {
            tolerance *= 2.0;
            kept = simplify(&points, tolerance, aspect);
        }
        (!kept.is_empty()).then_some(Self(kept))
    }

    /// A stroke from points that are exact already, such as the two corners of a box.
    ///
    /// # Errors
    /// [`StrokeError`] when there is no point, too many, or one outside the square.
    pub fn from_points(points: Vec<Point>) -> Result<Self, StrokeError> {
        let good = (1..=MAX_POINTS).contains(&points.len()) && points.iter().all(|point| point.x <= EDGE && point.y <= EDGE);
        if good { Ok(Self(points)) } else { Err(StrokeError) }
    }

    /// The points in order.
    #[must_use]
    pub fn points(&self) -> &[Point] {
        &self.0
    }

    /// The length of the stroke in units of [`EDGE`].
    #[must_use]
    pub fn length(&self) -> f64 {
        self.0
            .windows(2)
            .map(|pair| match pair {
                [from, to] => (f64::from(from.x) - f64::from(to.x)).hypot(f64::from(from.y) - f64::from(to.y)),
                _ => 0.0,
            })
            .sum()
    }

    /// The commands of an SVG path with this stroke stretched to `width` by `height`: whole numbers only.
    #[must_use]
    pub fn svg_path(&self, width: u32, height: u32) -> String {
        let mut path = String::new();
        let place = |point: &Point| (scale(point.x, width), scale(point.y, height));
        for (index, (x, y)) in self.0.iter().map(place).enumerate() {
            let _ = write!(path, "{}{x} {y}", if index == 0 { 'M' } else { 'L' });
        }
        // A dot has no length; with round line ends this draws it.
        if self.0.len() == 1 {
            path.push_str("h0");
        }
        path
    }
}

impl TryFrom<Vec<u16>> for Stroke {
    type Error = StrokeError;
    fn try_from(numbers: Vec<u16>) -> Result<Self, StrokeError> {
        let pairs = numbers.chunks_exact(2);
        if !pairs.remainder().is_empty() {
            return Err(StrokeError);
        }
        Self::from_points(pairs.filter_map(|pair| if let [x, y] = pair { Some(Point { x: *x, y: *y }) } else { None }).collect())
    }
}

impl From<Stroke> for Vec<u16> {
    fn from(stroke: Stroke) -> Vec<u16> {
        stroke.0.into_iter().flat_map(|point| [point.x, point.y]).collect()
    }
}

/// Whole units of a part from 0 to 1.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=10000 before the cast")]
fn to_units(part: f64) -> u16 {
    (part.clamp(0.0, 1.0) * f64::from(EDGE)).round() as u16
}

fn scale(units: u16, size: u32) -> u64 {
    (u64::from(units) * u64::from(size) + u64::from(EDGE) / 2) / u64::from(EDGE)
}

/// The points that are needed to stay within `tolerance` of the drawn line (Ramer–Douglas–Peucker, without recursion).
fn simplify(points: &[Point], tolerance: f64, aspect: f64) -> Vec<Point> {
    let stretch = if aspect.is_finite() && aspect > 0.0 { aspect.clamp(0.1, 10.0) } else { 1.0 };
    let real: Vec<(f64, f64)> = points.iter().map(|point| (f64::from(point.x) * stretch, f64::from(point.y))).collect();
    let Some(last) = real.len().checked_sub(1) else { return Vec::new() };
    let mut keep = vec![false; real.len()];
    for end in [0, last] {
        if let Some(flag) = keep.get_mut(end) {
            *flag = true;
        }
    }
    let mut spans = vec![(0, last)];
    while let Some((first, last)) = spans.pop() {
        let (Some(&from), Some(&to), Some(between)) = (real.get(first), real.get(last), real.get(first + 1..last)) else { continue };
        let farthest = between
            .iter()
            .enumerate()
            .map(|(offset, &point)| (first + 1 + offset, distance(point, from, to)))
            .max_by(|(_, a), (_, b)| a.total_cmp(b));
        if let Some((index, off)) = farthest
            && off > tolerance
        {
            if let Some(flag) = keep.get_mut(index) {
                *flag = true;
            }
            spans.push((first, index));
            spans.push((index, last));
        }
    }
    points.iter().zip(keep).filter_map(|(point, keep)| keep.then_some(*point)).collect()
}

/// How far a point is from the piece of line between two others.
fn distance(point: (f64, f64), from: (f64, f64), to: (f64, f64)) -> f64 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let square = dx * dx + dy * dy;
    let along = if square > 0.0 { (((point.0 - from.0) * dx + (point.1 - from.1) * dy) / square).clamp(0.0, 1.0) } else { 0.0 };
    (point.0 - from.0 - along * dx).hypot(point.1 - from.1 - along * dy)
}

/// Who signs. Stands in the path: `signatures/<role>`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The first inspector.
    Inspector1,
    /// The second inspector.
    Inspector2,
    /// The person who was present for the inspected party.
    #[doc(alias = "被检查单位在场人员")]
    Attendant,
}

impl Role {
    /// All roles in the order of the form.
    pub const ALL: [Self; 3] = [Self::Inspector1, Self::Inspector2, Self::Attendant];

    /// The segment of the path.
    #[must_use]
    pub fn segment(self) -> &'static str {
        match self {
            Self::Inspector1 => "inspector1",
            Self::Inspector2 => "inspector2",
            Self::Attendant => "attendant",
        }
    }
}

/// The value at `signatures/<role>`: a signature, or the note that it was refused.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Signature {
    /// Refused; the law then wants the reason noted.
    Refused(Refusal),
    /// Signed.
    Signed(Signed),
}

/// A drawn signature.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Signed {
    /// The signer's name as typed.
    pub name: String,
    /// The number of the signer's certificate (执法证号), empty when there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cert_no: String,
    /// The strokes, relative to a pad of this [`aspect`](Self::aspect).
    pub strokes: Vec<Stroke>,
    /// Width by height of the pad, rounded to thousandths.
    pub aspect: f64,
    /// When, in milliseconds since the epoch.
    pub at_ms: u64,
    /// Fields of a later version.
    #[serde(flatten)]
    pub extra: BTreeMap<String, Value>,
}

/// The note that somebody did not sign.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Refusal {
    /// Always true: tells the two forms apart.
    refused: True,
    /// The reason as told or seen.
    pub reason: String,
    /// Who witnessed it; may be empty.
    #[serde(default)]
    pub witness: String,
    /// When, in milliseconds since the epoch.
    pub at_ms: u64,
    /// Fields of a later version.
    #[serde(flatten)]
    pub extra: BTreeMap<String, Value>,
}

/// The JSON value `true` and no other.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "bool", into = "bool")]
struct True;

impl TryFrom<bool> for True {
    type Error = &'static str;
    fn try_from(value: bool) -> Result<Self, &'static str> {
        if value { Ok(Self) } else { Err("not true") }
    }
}

impl From<True> for bool {
    fn from(True: True) -> bool {
        true
    }
}

impl Signature {
    /// A drawn signature. Strokes and points beyond the limits are left out; texts are cut to 200 characters.
    #[must_use]
    pub fn sign(name: &str, cert_no: &str, strokes: Vec<Stroke>, aspect: f64, at_ms: u64) -> Self {
        let mut points = 0;
        let strokes = strokes
            .into_iter()
            .take(MAX_STROKES)
            .take_while(|stroke| {
                points += stroke.points().len();
                points <= MAX_SIGNATURE_POINTS
            })
            .collect();
        Self::Signed(Signed {
            name: cut(name),
            cert_no: cut(cert_no),
            strokes,
            aspect: clean_aspect(aspect),
            at_ms,
            extra: BTreeMap::new(),
        })
    }

    /// The note that a signature was refused. Texts are cut to 200 characters.
    #[must_use]
    pub fn refuse(reason: &str, witness: &str, at_ms: u64) -> Self {
        Self::Refused(Refusal { refused: True, reason: cut(reason), witness: cut(witness), at_ms, extra: BTreeMap::new() })
    }

    /// Reads the value of the journal; `None` when it is of neither form or beyond the limits.
    #[must_use]
    pub fn read(value: &Value) -> Option<Self> {
        let signature = Self::deserialize(value).ok()?;
        match &signature {
            Self::Refused(_) => Some(signature),
            Self::Signed(signed) => {
                let points: usize = signed.strokes.iter().map(|stroke| stroke.points().len()).sum();
                (signed.strokes.len() <= MAX_STROKES && points <= MAX_SIGNATURE_POINTS).then_some(signature)
            }
        }
    }

    /// Whether there is no ink worth the name, or no reason where it was refused.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Refused(refusal) => refusal.reason.trim().is_empty(),
            Self::Signed(signed) => signed.strokes.iter().map(Stroke::length).sum::<f64>() < LEAST_INK,
        }
    }

    /// The commands of one SVG path, for the box that [`Self::view_box`] names. Numbers and letters of commands only;
    /// empty when it was refused.
    #[must_use]
    pub fn svg_path(&self) -> String {
        let Self::Signed(signed) = self else { return String::new() };
        let (width, height) = signed.size();
        signed.strokes.iter().map(|stroke| stroke.svg_path(width, height)).collect()
    }

    /// The `viewBox` for [`Self::svg_path`]; a thousand units high.
    #[must_use]
    pub fn view_box(&self) -> String {
        let (width, height) = match self {
            Self::Signed(signed) => signed.size(),
            Self::Refused(_) => (1_000, 1_000),
        };
        format!("0 0 {width} {height}")
    }
}

impl Signed {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0.1 and 10 before the cast")]
    fn size(&self) -> (u32, u32) {
        ((clean_aspect(self.aspect) * 1_000.0) as u32, 1_000)
    }
}

fn clean_aspect(aspect: f64) -> f64 {
    if aspect.is_finite() && aspect > 0.0 { (aspect.clamp(0.1, 10.0) * 1_000.0).round() / 1_000.0 } else { 1.0 }
}

fn cut(text: &str) -> String {
    text.trim().chars().take(MAX_TEXT_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line() -> Stroke {
        let raw: Vec<_> = (0..=100).map(|step| (f64::from(step) / 100.0, 0.5)).collect();
        Stroke::from_raw(&raw, 2.0).expect("a line has points")
    }

    #[test]
    fn a_straight_line_needs_two_points() {
        assert_eq!(line().points(), [Point { x: 0, y: 5_000 }, Point { x: 10_000, y: 5_000 }]);
    }

    #[test]
    fn a_scribble_stays_within_the_limit() {
        let raw: Vec<_> =
            (0..20_000_u32).map(|step| (f64::from(step * 7_919 % 1_000) / 1_000.0, f64::from(step * 104_729 % 997) / 997.0)).collect();
        assert!(Stroke::from_raw(&raw, 2.5).is_some_and(|stroke| stroke.points().len() <= MAX_POINTS));
    }

    #[test]
    fn a_tap_is_blank_and_a_line_is_not() {
        let dot = Stroke::from_raw(&[(0.5, 0.5)], 2.0).expect("a dot has a point");
        assert_eq!(dot.svg_path(100, 100), "M50 50h0");
        assert!(Signature::sign("张三", "", vec![dot], 2.0, 1).is_blank());
        assert!(Signature::sign("张三", "", Vec::new(), 2.0, 1).is_blank());
        assert!(!Signature::sign("张三", "", vec![line()], 2.0, 1).is_blank());
        assert!(Signature::refuse("  ", "", 1).is_blank());
        assert!(!Signature::refuse("不在场", "", 1).is_blank());
    }

    #[test]
    fn both_forms_survive_a_round_trip_with_unknown_fields() {
        for text in [
            r#"{"name":"李四","cert_no":"闽01","strokes":[[0,0,10000,10000]],"aspect":2.5,"at_ms":5,"pressure":[1]}"#,
            r#"{"refused":true,"reason":"拒签","witness":"王五","at_ms":5,"video":"x"}"#,
        ] {
            let value: Value = serde_json::from_str(text).expect("JSON written in this test");
            let signature = Signature::read(&value).expect("a signature written in this test");
            assert_eq!(serde_json::to_value(&signature).expect("serialises"), value);
        }
    }

    #[test]
    fn refuses_what_is_neither() {
        for text in [
            r#"{"refused":false,"reason":"x","at_ms":5}"#,
            r#"{"name":"x","strokes":[[0,0,10001,0]],"aspect":1,"at_ms":5}"#,
            r#"{"name":"x","strokes":[[0]],"aspect":1,"at_ms":5}"#,
            r#"{"name":"x","strokes":[[]],"aspect":1,"at_ms":5}"#,
            r#"{"name":"x","strokes":[["M0"]],"aspect":1,"at_ms":5}"#,
            "null",
        ] {
            assert_eq!(Signature::read(&serde_json::from_str(text).expect("JSON")), None, "{text}");
        }
    }

    #[test]
    fn draws_in_the_shape_of_the_pad() {
        let signature = Signature::sign("张三", "", vec![line()], 2.5, 1);
        assert_eq!(signature.view_box(), "0 0 2500 1000");
        assert_eq!(signature.svg_path(), "M0 500L2500 500");
    }

    proptest! {
        #[test]
        fn any_input_makes_a_safe_path(raw in prop::collection::vec((any::<f64>(), any::<f64>()), 0..300), aspect in any::<f64>()) {
            let strokes: Vec<_> = Stroke::from_raw(&raw, aspect).into_iter().collect();
            let signature = Signature::sign("a", "", strokes, aspect, 0);
            prop_assert!(signature.svg_path().chars().all(|c| c.is_ascii_digit() || " MLh".contains(c)));
            let value = serde_json::to_value(&signature).expect("serialises");
            prop_assert_eq!(Signature::read(&value), Some(signature));
        }

        #[test]
        fn simplifying_keeps_ends_and_shape(raw in prop::collection::vec((0.0..1.0_f64, 0.0..1.0_f64), 2..200)) {
            let stroke = Stroke::from_raw(&raw, 1.0).expect("has points");
            let kept: Vec<_> = stroke.points().iter().map(|p| (f64::from(p.x), f64::from(p.y))).collect();
            for &(x, y) in &raw {
                let point = (f64::from(to_units(x)), f64::from(to_units(y)));
                let near = kept.windows(2).map(|pair| distance(point, pair[0], pair[1])).fold(f64::INFINITY, f64::min);
                let alone = kept.len() == 1 && (kept[0].0 - point.0).hypot(kept[0].1 - point.1) <= 12.0;
                prop_assert!(near <= 12.0 || alone, "{near}");
            }
        }
    }
}
