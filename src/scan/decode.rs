//! Reads QR codes and bar codes from a grey picture, for browsers that can't do it themselves.

use std::collections::HashSet;

use rxing::common::HybridBinarizer;
use rxing::{BarcodeFormat, BinaryBitmap, DecodeHints, Luma8LuminanceSource, MultiUseMultiFormatReader, Reader as _};
use serde::{Deserialize, Serialize};

/// Longest text that is taken from a code; QR codes hold fewer.
const MAX_TEXT: usize = 8_000;
/// Largest picture, in pixels.
const MAX_PIXELS: usize = 24_000_000;

/// A code found in a picture.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Code {
    /// What kind it is, such as `qr_code` or `ean_13` (the names of the browsers' own detector).
    pub format: String,
    /// What it says.
    pub text: String,
}

/// The kinds that are looked for: use marks and licences (QR), goods (EAN and UPC), plates (Code 39, Code 128, ITF).
const FORMATS: [(BarcodeFormat, &str); 8] =
    [(BarcodeFormat::QR_CODE, "qr_code"), BARS[0], BARS[1], BARS[2], BARS[3], BARS[4], BARS[5], BARS[6]];

const BARS: &[(BarcodeFormat, &str)] = &[
    (BarcodeFormat::EAN_13, "ean_13"),
    (BarcodeFormat::EAN_8, "ean_8"),
    (BarcodeFormat::UPC_A, "upc_a"),
    (BarcodeFormat::UPC_E, "upc_e"),
    (BarcodeFormat::CODE_128, "code_128"),
    (BarcodeFormat::CODE_39, "code_39"),
    (BarcodeFormat::ITF, "itf"),
];

/// The code in a picture of 8-bit grey values, row by row from the upper left; `None` when none can be read.
#[must_use]
pub fn decode(grey: &[u8], width: u32, height: u32) -> Option<Code> {
    let pixels = usize::try_from(width).ok()?.checked_mul(usize::try_from(height).ok()?)?;
    if pixels == 0 || pixels > MAX_PIXELS || pixels != grey.len() {
        return None;
    }
    let columns = usize::try_from(width).ok()?;
    find(grey.to_vec(), width, height, &FORMATS)
        // Bar codes are read row by row, so noise of poor light and a quarter turn hide them; QR codes stand both.
        .or_else(|| find(smooth(grey, columns), width, height, BARS))
        .or_else(|| find(smooth(&turned(grey, columns), pixels / columns), height, width, BARS))
}

fn find(grey: Vec<u8>, width: u32, height: u32, formats: &[(BarcodeFormat, &str)]) -> Option<Code> {
    let hints = DecodeHints {
        PossibleFormats: Some(formats.iter().map(|(format, _)| *format).collect::<HashSet<_>>()),
        TryHarder: Some(true),
        AlsoInverted: Some(true),
        ..Default::default()
    };
    let source = Luma8LuminanceSource::new(grey, width, height).ok()?;
    let mut bitmap = BinaryBitmap::new(HybridBinarizer::new(source));
    let found = MultiUseMultiFormatReader::default().decode_with_hints(&mut bitmap, &hints).ok()?;
    let format = formats.iter().find(|(format, _)| format == found.getBarcodeFormat()).map_or("unknown", |(_, name)| name);
    let text: String = found.getText().chars().take(MAX_TEXT).collect();
    (!text.is_empty()).then(|| Code { format: format.to_owned(), text })
}

/// Each value the mean of itself and its neighbours to the left, right, above and below.
fn smooth(grey: &[u8], width: usize) -> Vec<u8> {
    let at = |index: Option<usize>, own: u8| u16::from(index.and_then(|index| grey.get(index)).copied().unwrap_or(own));
    let mean = |(index, &own): (usize, &u8)| {
        let sides = at(index.checked_sub(1), own) + at(index.checked_add(1), own);
        let columns = at(index.checked_sub(width), own) + at(index.checked_add(width), own);
        u8::try_from((sides + columns + u16::from(own)) / 5).unwrap_or(u8::MAX)
    };
    grey.iter().enumerate().map(mean).collect()
}

/// The picture turned by a quarter: its columns, from the left, as rows.
fn turned(grey: &[u8], width: usize) -> Vec<u8> {
    (0..width).flat_map(|x| grey.iter().skip(x).step_by(width).copied()).collect()
}

/// Grey values of RGBA bytes, by the weights of human sight (ITU-R BT.601).
#[must_use]
pub fn grey_of_rgba(rgba: &[u8]) -> Vec<u8> {
    let grey = |pixel: &[u8]| match pixel {
        [red, green, blue, _] => {
            let sum = u32::from(*red) * 306 + u32::from(*green) * 601 + u32::from(*blue) * 117;
            u8::try_from(sum >> 10).unwrap_or(u8::MAX)
        }
        _ => u8::MAX,
    };
    rgba.chunks_exact(4).map(grey).collect()
}
