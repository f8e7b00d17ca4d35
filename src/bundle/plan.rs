//! Splits a large export into numbered parts.

use std::collections::BTreeSet;

use super::limits;
use crate::domain::change::Sha256;
use crate::domain::id::RecordId;

/// A record to export.
#[derive(Clone, PartialEq, Debug)]
pub struct PartItem {
    /// The record.
    pub record: RecordId,
    /// Length of its line, see [`super::record_line`].
    pub line_bytes: u64,
    /// Its photos.
    pub photos: Vec<PartPhoto>,
}

/// A photo to export.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct PartPhoto {
    /// The photo.
    pub sha256: Sha256,
    /// Its size.
    pub size_bytes: u64,
}

/// What goes into one part. Parts are numbered by their place in the list, from 1.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PartPlan {
    /// The records, each once.
    pub records: Vec<RecordId>,
    /// The photos, each of a record of this part.
    pub photos: Vec<Sha256>,
    /// At most so many bytes, unless a single record or a record with a single photo is larger than the cap.
    pub size_bytes: u64,
}

/// Why an export can't be planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// More parts than a bundle may have.
    #[error("{parts} parts where {max} are allowed")]
    TooManyParts {
        /// How many it would need.
        parts: usize,
        /// How many are allowed.
        max: u32,
    },
}

/// Room for the header, the frame and the seal without its lists.
const BASE_BYTES: u64 = 8 * 1024;
/// A digest in the seal with quotes and comma, and the line's comma and end.
const LINE_BYTES: u64 = 67 + 2;
/// A photo's line without its data.
const PHOTO_LINE_BYTES: u64 = 512;

impl PartPhoto {
    fn line_bytes(&self) -> u64 {
        self.size_bytes.div_ceil(3) * 4 + PHOTO_LINE_BYTES + LINE_BYTES
    }
}

/// Splits records and their photos into parts of at most `cap_bytes` each.
///
/// A photo always stands in a part together with a copy of its record; a record whose photos do not fit beside it is repeated in the
/// following parts. A photo that several records name travels once. What is larger than the cap on its own gets a part of its own.
/// At least one part comes out, even when there is nothing to export.
///
/// # Errors
/// [`PlanError`] when more than [`limits::PARTS`] parts would be needed.
pub fn plan_parts(items: &[PartItem], cap_bytes: u64) -> Result<Vec<PartPlan>, PlanError> {
    let mut planner = Planner { cap_bytes, parts: Vec::new(), open: PartPlan::default(), placed: BTreeSet::new() };
    planner.reset();
    for item in items {
        planner.place(item);
    }
    if !planner.open.records.is_empty() || planner.parts.is_empty() {
        planner.close();
    }
    match u32::try_from(planner.parts.len()) {
        Ok(parts) if parts <= limits::PARTS => Ok(planner.parts),
        _ => Err(PlanError::TooManyParts { parts: planner.parts.len(), max: limits::PARTS }),
    }
}

struct Planner {
    cap_bytes: u64,
    parts: Vec<PartPlan>,
    open: PartPlan,
    placed: BTreeSet<Sha256>,
}

impl Planner {
    fn reset(&mut self) {
        self.open = PartPlan { size_bytes: BASE_BYTES, ..PartPlan::default() };
    }

    fn close(&mut self) {
        self.parts.push(std::mem::take(&mut self.open));
        self.reset();
    }

    fn fits(&self, more_bytes: u64) -> bool {
        self.open.size_bytes + more_bytes <= self.cap_bytes
    }

    fn place(&mut self, item: &PartItem) {
        let whole_bytes = item.line_bytes + LINE_BYTES + item.photos.iter().map(PartPhoto::line_bytes).sum::<u64>();
        let full = self.open.records.len() >= limits::RECORDS || !self.fits(item.line_bytes + LINE_BYTES);
        // A visit that fits into one part is not torn in two for the sake of a fuller file.
        let better_alone = !self.fits(whole_bytes) && BASE_BYTES + whole_bytes <= self.cap_bytes;
        if (full || better_alone) && !self.open.records.is_empty() {
            self.close();
        }
        self.add_record(item);
        for photo in &item.photos {
            if !self.placed.insert(photo.sha256) {
                continue;
            }
            let full = self.open.photos.len() >= limits::PHOTOS || !self.fits(photo.line_bytes());
            // The record's own line may leave no room at all: then the photo goes beside it all the same.
            if full && (self.open.records.len() > 1 || !self.open.photos.is_empty()) {
                self.close();
                self.add_record(item);
            }
            self.open.photos.push(photo.sha256);
            self.open.size_bytes += photo.line_bytes();
        }
    }

    fn add_record(&mut self, item: &PartItem) {
        self.open.records.push(item.record.clone());
        self.open.size_bytes += item.line_bytes + LINE_BYTES;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(name: u8, line_bytes: u64, photos: &[(u8, u64)]) -> PartItem {
        let photos =
            photos.iter().map(|(digest, size_bytes)| PartPhoto { sha256: Sha256([*digest; 32]), size_bytes: *size_bytes }).collect();
        PartItem { record: RecordId::make(1_700_000_000_000, &[name; 10]), line_bytes, photos }
    }

    fn shape(parts: &[PartPlan]) -> Vec<(usize, usize)> {
        parts.iter().map(|part| (part.records.len(), part.photos.len())).collect()
    }

    const CAP: u64 = 100_000;

    #[test]
    fn repeats_a_record_beside_each_of_its_photos() {
        let parts = plan_parts(&[item(1, 1_000, &[(1, 30_000), (2, 30_000), (3, 30_000)])], CAP).expect("few parts");
        assert_eq!(shape(&parts), [(1, 2), (1, 1)]);
        assert!(parts.iter().all(|part| part.size_bytes <= CAP));
    }

    #[test]
    fn gives_a_giant_a_part_of_its_own() {
        let items = [item(1, 1_000, &[(1, 10_000), (2, 500_000), (3, 10_000)]), item(2, 200_000, &[(4, 10)]), item(3, 10, &[])];
        let parts = plan_parts(&items, CAP).expect("few parts");
        assert_eq!(shape(&parts), [(1, 1), (1, 1), (1, 1), (1, 1), (1, 0)]);
    }

    #[test]
    fn keeps_a_visit_together_where_it_can() {
        let items = [item(1, 1_000, &[(1, 30_000)]), item(2, 1_000, &[(2, 30_000), (3, 20_000)])];
        assert_eq!(shape(&plan_parts(&items, CAP).expect("few parts")), [(1, 1), (1, 2)]);
    }

    #[test]
    fn carries_a_shared_photo_once_and_nothing_as_one_part() {
        let items = [item(1, 1_000, &[(1, 1_000)]), item(2, 1_000, &[(1, 1_000)])];
        assert_eq!(shape(&plan_parts(&items, CAP).expect("few parts")), [(2, 1)]);
        assert_eq!(shape(&plan_parts(&[], CAP).expect("few parts")), [(0, 0)]);
    }

    #[test]
    fn stops_at_the_limits() {
        let many: Vec<PartItem> = (0..=limits::RECORDS).map(|_| item(1, 1, &[])).collect();
        assert_eq!(shape(&plan_parts(&many, u64::MAX).expect("few parts")), [(limits::RECORDS, 0), (1, 0)]);
        let giants = |count: u32| (0..count).map(|_| item(1, CAP, &[])).collect::<Vec<_>>();
        assert_eq!(plan_parts(&giants(limits::PARTS), CAP).map(|parts| parts.len()), Ok(999));
        assert_eq!(plan_parts(&giants(limits::PARTS + 1), CAP), Err(PlanError::TooManyParts { parts: 1000, max: 999 }));
    }
}
