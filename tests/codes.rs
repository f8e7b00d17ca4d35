//! Codes as a phone sees them: turned, small, dirty, on dark plates, and pictures without any.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, reason = "tests say what they expect")]

use proptest::prelude::*;
use qrcodegen::{QrCode, QrCodeEcc};
use spotcheck::desk::{Answer, Job, run};
use spotcheck::domain::id::RecordId;
use spotcheck::scan::decode::decode;
use spotcheck::scan::label::{self, Drawing};

/// A grey picture, white at first.
struct Picture {
    side: usize,
    grey: Vec<u8>,
}

impl Picture {
    /// Takes a photo of a drawing: each pixel asks the drawing for its darkness at a place turned by `degrees`.
    fn of(side: usize, degrees: f64, dark: impl Fn(f64, f64) -> bool) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let middle = side as f64 / 2.0;
        let mut grey = Vec::with_capacity(side * side);
        for y in 0..side {
            for x in 0..side {
                let (dx, dy) = (x as f64 + 0.5 - middle, y as f64 + 0.5 - middle);
                grey.push(if dark(dx * cos - dy * sin, dx * sin + dy * cos) { 30 } else { 225 });
            }
        }
        Self { side, grey }
    }

    fn qr(text: &str, side: usize, module: f64, degrees: f64) -> Self {
        let code = QrCode::encode_text(text, QrCodeEcc::Quartile).expect("short enough");
        let half = f64::from(code.size()) / 2.0;
        Self::of(side, degrees, |x, y| {
            let (column, row) = ((x / module + half).floor(), (y / module + half).floor());
            code.get_module(column as i32, row as i32)
        })
    }

    /// Light and dark changed, as on engraved plates.
    fn inverted(mut self) -> Self {
        self.grey.iter_mut().for_each(|value| *value = 255 - *value);
        self
    }

    /// A shadow over one half and noise everywhere.
    fn in_bad_light(mut self) -> Self {
        let side = self.side;
        let mut noise = 12_345_u32;
        for (index, value) in self.grey.iter_mut().enumerate() {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let shade = if index % side < side / 2 { 90 } else { 0 };
            let speck = i32::from((noise >> 24) as u8) / 8 - 16;
            *value = (i32::from(*value) * (255 - shade) / 255 + speck).clamp(0, 255) as u8;
        }
        self
    }

    /// A dirty spot as wide as this part of the picture, off the middle.
    fn with_spot(mut self, part: f64) -> Self {
        let side = self.side as f64;
        for (index, value) in self.grey.iter_mut().enumerate() {
            let (x, y) = ((index % self.side) as f64 / side - 0.55, (index / self.side) as f64 / side - 0.55);
            if x.hypot(y) < part / 2.0 {
                *value = 110;
            }
        }
        self
    }

    fn read(&self) -> Option<(String, String)> {
        let side = u32::try_from(self.side).expect("a small picture");
        decode(&self.grey, side, side).map(|code| (code.format, code.text))
    }
}

#[track_caller]
fn check(picture: &Picture, format: &str, text: &str) {
    assert_eq!(picture.read(), Some((format.to_owned(), text.to_owned())));
}

const MARK: &str = "设备代码：31102301020150098 使用登记证编号：梯11冀B00123(19)";

#[test]
fn reads_qr_codes_as_phones_see_them() {
    check(&Picture::qr(MARK, 480, 6.0, 0.0), "qr_code", MARK);
    check(&Picture::qr(MARK, 480, 6.0, 17.0), "qr_code", MARK);
    check(&Picture::qr(MARK, 480, 6.0, 180.0), "qr_code", MARK);
    check(&Picture::qr(MARK, 640, 3.0, 90.0), "qr_code", MARK);
    check(&Picture::qr(MARK, 480, 6.0, 5.0).inverted(), "qr_code", MARK);
    check(&Picture::qr(MARK, 480, 6.0, -8.0).in_bad_light(), "qr_code", MARK);
    check(&Picture::qr(MARK, 480, 7.0, 0.0).with_spot(0.12), "qr_code", MARK);
}

#[test]
fn a_label_of_ours_is_read_back() {
    let id = RecordId::parse("0192a4c0-0000-7000-8000-000000000001").expect("a record id");
    let text = label::text("https://spotcheck.example", &id);
    check(&Picture::qr(&text, 400, 6.0, 3.0), "qr_code", &text);
    let drawing = Drawing::of(&text).expect("short enough");
    let code = QrCode::encode_text(&text, QrCodeEcc::Quartile).expect("short enough");
    let dark = (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y))).filter(|&(x, y)| code.get_module(x, y)).count();
    // The path is made of runs `h<n>`; together they are the dark modules.
    let drawn: usize = drawing.path.split('h').skip(1).filter_map(|run| run.split('v').next()?.parse::<usize>().ok()).sum();
    assert_eq!(drawn, dark);
    assert_eq!(drawing.view_box(), format!("0 0 {0} {0}", code.size() + 8));
    assert_eq!(Drawing::of(&"长".repeat(2_000)), None);
}

/// The bars of an EAN-13, 95 modules. Source: GB 12904—2008.
fn ean13(digits: &str) -> Vec<bool> {
    const LEFT: [&str; 10] = ["0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011"];
    const SETS: [&str; 10] = ["LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG", "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL"];
    let digits: Vec<usize> = digits.bytes().map(|byte| usize::from(byte - b'0')).collect();
    let right = |digit: usize| -> String { LEFT[digit].chars().map(|bit| if bit == '0' { '1' } else { '0' }).collect() };
    let mut bars = "101".to_owned();
    for (digit, set) in digits[1..7].iter().zip(SETS[digits[0]].chars()) {
        bars += &if set == 'L' { LEFT[*digit].to_owned() } else { right(*digit).chars().rev().collect() };
    }
    bars += "01010";
    bars.extend(digits[7..].iter().map(|digit| right(*digit)));
    bars += "101";
    bars.chars().map(|bit| bit == '1').collect()
}

#[test]
fn reads_bar_codes_of_goods() {
    let bars = ean13("6901234567892");
    let dark = |x: f64, y: f64| {
        let bar = (x / 4.0 + bars.len() as f64 / 2.0).floor();
        y.abs() < 80.0 && bar >= 0.0 && bars.get(bar as usize).copied().unwrap_or_default()
    };
    check(&Picture::of(500, 0.0, dark), "ean_13", "6901234567892");
    check(&Picture::of(500, 4.0, dark).in_bad_light(), "ean_13", "6901234567892");
    check(&Picture::of(500, 90.0, dark), "ean_13", "6901234567892");
}

#[test]
fn finds_nothing_where_there_is_nothing() {
    assert_eq!(Picture::of(300, 0.0, |_, _| false).read(), None);
    assert_eq!(Picture::of(300, 0.0, |x, y| (x / 9.0).sin() > (y / 7.0).cos()).read(), None);
    assert_eq!(Picture::qr(MARK, 480, 6.0, 0.0).with_spot(0.8).read(), None);
    assert_eq!(decode(&[], 0, 0), None);
    assert_eq!(decode(&[0; 10], 5, 3), None);
    assert_eq!(decode(&[0; 10], u32::MAX, u32::MAX), None);
}

#[test]
fn the_desk_answers_for_pictures_in_colour() {
    let picture = Picture::qr(MARK, 400, 6.0, 0.0);
    let rgba: Vec<u8> = picture.grey.iter().flat_map(|&grey| [grey, grey, grey, 255]).collect();
    let (answer, bytes) = run(&Job::FindCode { width: 400, height: 400 }, &rgba);
    assert_eq!(bytes, None);
    assert!(matches!(answer, Answer::Code { code: Some(code) } if code.text == MARK));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_picture_makes_it_fail(grey in prop::collection::vec(any::<u8>(), 0..4_000), width in 0_u32..80) {
        let height = (grey.len() as u32).checked_div(width).unwrap_or_default();
        let grey = &grey[..(width * height) as usize];
        let _ = decode(grey, width, height);
    }
}
