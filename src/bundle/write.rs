//! Writes a bundle as a stream: one record or one photo in memory at a time.

use super::error::{BundleError, Limited, Place, Problem, Section, Subject};
use super::header::Header;
use super::limits::Limits;
use super::line::Extra;
use super::photo::{Photo, photo_line, read_photo};
use super::read::{CLOSE, OPEN, TO_PHOTOS, TO_RECORDS, TO_SEAL};
use super::record::{read_record, record_line};
use super::seal::{Lines, seal_line};
use crate::domain::change::Sha256;
use crate::domain::journal::Journal;
use crate::evidence::chain::sha256;
use crate::evidence::key::{DeviceKey, PublicKey};

/// Writes one part: [`Writer::begin`], then every record, then every photo, then [`Writer::finish`].
///
/// Every call gives the next bytes of the file. What a reader would refuse is refused here, before it travels.
pub struct Writer {
    limits: Limits,
    key: PublicKey,
    lines: Lines,
    in_photos: bool,
    written_bytes: u64,
}

impl Writer {
    /// Begins a part.
    ///
    /// # Errors
    /// [`BundleError`] when the header is not one that can be read: another device than the key's, names too long, part k of n out of range.
    pub fn begin(header: &Header) -> Result<(Self, Vec<u8>), BundleError> {
        let limits = Limits::default();
        let json = header.to_line();
        Header::read(&json, &limits)?;
        let lines = Lines { header: Some(sha256(&json)), ..Lines::default() };
        let mut writer = Self { limits, key: header.from.key, lines, in_photos: false, written_bytes: 0 };
        let bytes = [OPEN, &json, TO_RECORDS, b"\n"].concat();
        writer.count(&bytes)?;
        Ok((writer, bytes))
    }

    /// Writes a record with the unknown fields that its line had when it was read.
    ///
    /// # Errors
    /// [`BundleError`] when the record is not whole (a chain with a gap, a seal that does not hold), beyond the limits, or after a photo.
    pub fn record(&mut self, journal: &Journal, extra: &Extra) -> Result<Vec<u8>, BundleError> {
        let index = self.lines.records.len();
        let place = Place::of(Section::Record(index));
        let about = |error: BundleError| error.about(Subject::Record(journal.record().clone()));
        if self.in_photos {
            return Err(about(BundleError::new(place, Problem::Frame)));
        }
        if index >= self.limits.records {
            return Err(about(BundleError::new(place, Problem::limit(Limited::Records, self.limits.records))));
        }
        let json = record_line(journal, extra);
        self.check_line(&json, &place).and_then(|()| read_record(&json, index, &self.limits)).map_err(about)?;
        let bytes = [comma(index), &json].concat();
        self.count(&bytes)?;
        self.lines.records.push(sha256(&json));
        Ok(bytes)
    }

    /// Writes a photo. No record can follow.
    ///
    /// # Errors
    /// [`BundleError`] when the bytes are not what digest and kind say, or beyond the limits.
    pub fn photo(&mut self, photo: &Photo) -> Result<Vec<u8>, BundleError> {
        let index = self.lines.photos.len();
        let place = Place::of(Section::Photo(index));
        let about = |error: BundleError| error.about(Subject::Photo(photo.sha256));
        if index >= self.limits.photos {
            return Err(about(BundleError::new(place, Problem::limit(Limited::Photos, self.limits.photos))));
        }
        let json = photo_line(photo);
        self.check_line(&json, &place).and_then(|()| read_photo(&json, index, 0, &self.limits)).map_err(about)?;
        let turn = self.turn_to_photos();
        let bytes = [&turn, comma(index), &json].concat();
        self.count(&bytes)?;
        self.lines.photos.push(sha256(&json));
        Ok(bytes)
    }

    /// The digest that the seal will carry for what was written so far; both sides can name the file by it.
    #[must_use]
    pub fn digest(&self) -> Sha256 {
        self.lines.digest()
    }

    /// Seals and ends the part.
    ///
    /// # Errors
    /// [`BundleError`] when the key is not the sender's.
    pub fn finish(mut self, key: &DeviceKey) -> Result<Vec<u8>, BundleError> {
        if key.public() != self.key {
            return Err(BundleError::new(Place::of(Section::Seal).field("key"), Problem::SealKey));
        }
        let turn = self.turn_to_photos();
        let end: &[u8] = if self.lines.photos.is_empty() { b"" } else { b"\n" };
        let bytes = [&turn, end, TO_SEAL, &seal_line(&self.lines, key), CLOSE, b"\n"].concat();
        self.count(&bytes)?;
        Ok(bytes)
    }

    fn turn_to_photos(&mut self) -> Vec<u8> {
        if std::mem::replace(&mut self.in_photos, true) {
            return Vec::new();
        }
        let end: &[u8] = if self.lines.records.is_empty() { b"" } else { b"\n" };
        [end, TO_PHOTOS, b"\n"].concat()
    }

    fn check_line(&self, json: &[u8], place: &Place) -> Result<(), BundleError> {
        // The line's comma and its end are two bytes.
        if json.len() + 2 > self.limits.line_bytes {
            return Err(BundleError::new(place.clone(), Problem::limit(Limited::LineBytes, self.limits.line_bytes)));
        }
        Ok(())
    }

    fn count(&mut self, bytes: &[u8]) -> Result<(), BundleError> {
        self.written_bytes += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if self.written_bytes > self.limits.part_bytes {
            let problem = Problem::Limit { what: Limited::PartBytes, max: self.limits.part_bytes };
            return Err(BundleError::new(Place::of(Section::Byte(self.limits.part_bytes)), problem));
        }
        Ok(())
    }
}

/// What stands before the item at `index` of a list.
fn comma(index: usize) -> &'static [u8] {
    if index == 0 { b"" } else { b",\n" }
}
