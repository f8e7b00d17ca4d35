//! What a picture file says of itself: when, where, with what. Anybody can edit it, so it is a claim and no proof.
//!
//! This module never fails: damaged facts are no facts and a flag.

use std::io::Cursor;

use exif::{Exif, Field, In, Reader, Tag, Value};

use crate::domain::photo::{Position, PositionFrom, WGS_84};

/// The most characters of a text that is taken from a file.
const MAX_TEXT_CHARS: usize = 60;

/// What a file says of itself.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ExifFacts {
    /// `DateTimeOriginal` as `2026-11-24T14:03:00`, followed by `OffsetTimeOriginal` when it is there.
    pub taken_at: Option<String>,
    /// The place, when both coordinates are whole and on the earth.
    pub position: Option<Position>,
    /// How it is turned, 1 to 8.
    pub orientation: Option<u8>,
    /// Maker of the camera.
    pub make: Option<String>,
    /// Model of the camera.
    pub model: Option<String>,
    /// Whether some of it was there but could not be read or made no sense.
    pub damaged: bool,
}

impl ExifFacts {
    /// Maker and model in one text, without naming the maker twice.
    #[must_use]
    pub fn camera(&self) -> Option<String> {
        match (&self.make, &self.model) {
            (Some(make), Some(model)) if !model.to_lowercase().starts_with(&make.to_lowercase()) => Some(format!("{make} {model}")),
            (_, Some(model)) => Some(model.clone()),
            (Some(make), None) => Some(make.clone()),
            (None, None) => None,
        }
    }
}

/// Reads what a file (JPEG, PNG, WebP) says of itself. Of a JPEG the first 128 KiB are enough.
#[must_use]
pub fn read_exif(file: &[u8]) -> ExifFacts {
    let mut facts = ExifFacts::default();
    let mut reader = Reader::new();
    reader.continue_on_error(true);
    let exif = match reader.read_from_container(&mut Cursor::new(file)) {
        Ok(exif) => exif,
        Err(exif::Error::NotFound(_)) => return facts,
        Err(error) => {
            facts.damaged = true;
            match error.distill_partial_result(|_| ()) {
                Ok(exif) => exif,
                Err(_) => return facts,
            }
        }
    };
    let mut look = Look { exif: &exif, damaged: false };
    facts.taken_at = look.taken_at();
    facts.position = look.position();
    facts.orientation = look.orientation();
    facts.make = look.text(Tag::Make);
    facts.model = look.text(Tag::Model);
    facts.damaged |= look.damaged;
    facts
}

/// Looks facts up and notes which of them made no sense.
struct Look<'a> {
    exif: &'a Exif,
    damaged: bool,
}

impl Look<'_> {
    fn field(&self, tag: Tag) -> Option<&Field> {
        self.exif.get_field(tag, In::PRIMARY)
    }

    /// What `read` makes of a field; no field is nothing, a field without sense is damage.
    fn fact<T>(&mut self, tag: Tag, read: impl FnOnce(&Value) -> Option<T>) -> Option<T> {
        let found = read(&self.field(tag)?.value);
        self.damaged |= found.is_none();
        found
    }

    fn text(&mut self, tag: Tag) -> Option<String> {
        let text = self.fact(tag, |value| ascii(value).map(|bytes| clean(&bytes)))?;
        (!text.is_empty()).then_some(text)
    }

    fn orientation(&mut self) -> Option<u8> {
        let turned = self.fact(Tag::Orientation, |value| value.get_uint(0).and_then(|number| u8::try_from(number).ok()))?;
        // 0 is common in files of scanners and means that nothing is known.
        (1..=8).contains(&turned).then_some(turned)
    }

    fn taken_at(&mut self) -> Option<String> {
        let written = ascii(&self.field(Tag::DateTimeOriginal)?.value)?;
        // Cameras without a set clock write spaces or zeros.
        if written.iter().all(|byte| matches!(byte, b' ' | b':' | b'0')) {
            return None;
        }
        let Some(local) = local_time(&written) else {
            self.damaged = true;
            return None;
        };
        let offset = self.field(Tag::OffsetTimeOriginal).and_then(|field| ascii(&field.value)).and_then(|text| offset(&text));
        Some(format!("{local}{}", offset.unwrap_or_default()))
    }

    fn position(&mut self) -> Option<Position> {
        let lat = self.degrees(Tag::GPSLatitude, Tag::GPSLatitudeRef, [b'N', b'S'], 90.0);
        let lon = self.degrees(Tag::GPSLongitude, Tag::GPSLongitudeRef, [b'E', b'W'], 180.0);
        let (lat, lon) = (lat?, lon?);
        // Phones without a fix write zeros: a place in the sea off Africa.
        if lat == 0.0 && lon == 0.0 {
            return None;
        }
        let accuracy_m = self.field(Tag::GPSHPositioningError).and_then(|field| rational(&field.value, 0)).filter(|metres| *metres > 0.0);
        let mut position = Position::new(lat, lon, accuracy_m, None, PositionFrom::Exif)?;
        if let Some(datum) = self.text(Tag::GPSMapDatum) {
            // WGS84 is spelled in many ways; anything else is passed on as it stands.
            let letters: String = datum.chars().filter(char::is_ascii_alphanumeric).collect();
            position.datum = if letters.eq_ignore_ascii_case("WGS84") { WGS_84.to_owned() } else { datum };
        }
        Some(position)
    }

    /// Degrees, minutes and seconds with a letter for the side. Without the letter it could be anywhere: nothing.
    fn degrees(&mut self, tag: Tag, side: Tag, letters: [u8; 2], most: f64) -> Option<f64> {
        let field = self.field(tag)?;
        let letter = self.field(side).and_then(|field| ascii(&field.value)).and_then(|text| text.first().map(u8::to_ascii_uppercase));
        let parts = (rational(&field.value, 0), rational(&field.value, 1), rational(&field.value, 2));
        let degrees = match parts {
            (Some(degrees), Some(minutes), Some(seconds)) if minutes < 60.001 && seconds < 60.001 => {
                Some(degrees + minutes / 60.0 + seconds / 3600.0)
            }
            _ => None,
        };
        let signed = match (degrees, letter) {
            (Some(degrees), Some(letter)) if degrees <= most && letter == letters[0] => Some(degrees),
            (Some(degrees), Some(letter)) if degrees <= most && letter == letters[1] => Some(-degrees),
            _ => None,
        };
        self.damaged |= signed.is_none();
        signed
    }
}

fn ascii(value: &Value) -> Option<Vec<u8>> {
    match value {
        Value::Ascii(texts) => texts.first().cloned(),
        _ => None,
    }
}

/// A rational number that is one: not divided by zero, not negative.
fn rational(value: &Value, index: usize) -> Option<f64> {
    let number = match value {
        Value::Rational(numbers) => numbers.get(index).filter(|number| number.denom != 0).map(exif::Rational::to_f64)?,
        Value::SRational(numbers) => numbers.get(index).filter(|number| number.denom != 0).map(exif::SRational::to_f64)?,
        _ => return None,
    };
    (number.is_finite() && number >= 0.0).then_some(number)
}

/// `2026:11:24 14:03:00`, the form of EXIF, to `2026-11-24T14:03:00`; only real dates and times.
fn local_time(written: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(written).ok()?.trim_end_matches(['\0', ' ']);
    let form = |(index, byte): (usize, u8)| match index {
        4 | 7 | 13 | 16 => byte == b':',
        10 => byte == b' ',
        _ => byte.is_ascii_digit(),
    };
    if text.len() != 19 || !text.bytes().enumerate().all(form) {
        return None;
    }
    let mut numbers = text.split([':', ' ']).filter_map(|part| part.parse::<u32>().ok());
    let mut next = || numbers.next();
    let (year, month, day, hour, minute, second) = (next()?, next()?, next()?, next()?, next()?, next()?);
    // Only the date check of the calendar crate: its parser and formatter would make the worker a third larger.
    chrono::NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    let good = (1900..3000).contains(&year) && hour < 24 && minute < 60 && second < 61;
    good.then(|| format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"))
}

/// `+08:00`, as it stands, when it is one.
fn offset(written: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(written).ok()?.trim_end_matches(['\0', ' ']);
    let form = text.len() == 6
        && text.bytes().enumerate().all(|(index, byte)| match index {
            0 => matches!(byte, b'+' | b'-'),
            3 => byte == b':',
            _ => byte.is_ascii_digit(),
        });
    form.then(|| text.to_owned())
}

fn clean(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let text: String = text.chars().filter(|c| !c.is_control() && *c != char::REPLACEMENT_CHARACTER).take(MAX_TEXT_CHARS).collect();
    text.trim().to_owned()
}
