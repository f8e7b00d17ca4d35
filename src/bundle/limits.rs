//! How much a bundle may hold. All limits stand here and nowhere else.

/// Bytes of one part.
pub const PART_BYTES: u64 = 64 * MIB;
/// Numbered parts of one export.
pub const PARTS: u32 = 999;
/// Bytes of one line, its frame included.
pub const LINE_BYTES: usize = 24 * 1024 * 1024;
/// Bytes of the first line.
pub const HEADER_BYTES: usize = 1024 * 1024;
/// Nested arrays and objects within one line.
pub const DEPTH: usize = 64;
/// Values (texts, numbers, arrays...) within one line, so that a short file can't fill the memory.
pub const VALUES: usize = 1_000_000;
/// Bytes of one text as it is written in the file, photo data excepted.
pub const STRING_BYTES: usize = 64 * 1024;
/// Records of one part.
pub const RECORDS: usize = 2_000;
/// Changes of one record.
pub const CHANGES: usize = 20_000;
/// Photos of one part.
pub const PHOTOS: usize = 2_000;
/// Bytes of one photo.
pub const PHOTO_BYTES: usize = 16 * 1024 * 1024;
/// Characters of the sender's and the bureau's name.
pub const NAME_CHARS: usize = 120;
/// The cap under which an export is split: well below what a phone's browser can hold at once.
pub const PART_CAP_BYTES: u64 = 32 * MIB;
/// The largest whole number that every JSON reader keeps exactly.
pub const NUMBER: f64 = 9_007_199_254_740_992.0;

const MIB: u64 = 1024 * 1024;

/// The limits that a reader holds a file to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// See [`PART_BYTES`].
    pub part_bytes: u64,
    /// See [`PARTS`].
    pub parts: u32,
    /// See [`LINE_BYTES`].
    pub line_bytes: usize,
    /// See [`HEADER_BYTES`].
    pub header_bytes: usize,
    /// See [`DEPTH`]. More than 100 is taken as 100: the JSON parser behind the scanner ends at 128.
    pub depth: usize,
    /// See [`VALUES`].
    pub values: usize,
    /// See [`STRING_BYTES`].
    pub string_bytes: usize,
    /// See [`RECORDS`].
    pub records: usize,
    /// See [`CHANGES`].
    pub changes: usize,
    /// See [`PHOTOS`].
    pub photos: usize,
    /// See [`PHOTO_BYTES`].
    pub photo_bytes: usize,
    /// See [`NAME_CHARS`].
    pub name_chars: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            part_bytes: PART_BYTES,
            parts: PARTS,
            line_bytes: LINE_BYTES,
            header_bytes: HEADER_BYTES,
            depth: DEPTH,
            values: VALUES,
            string_bytes: STRING_BYTES,
            records: RECORDS,
            changes: CHANGES,
            photos: PHOTOS,
            photo_bytes: PHOTO_BYTES,
            name_chars: NAME_CHARS,
        }
    }
}
