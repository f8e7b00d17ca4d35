//! What is read at most. A ledger of a county fits many times over; a file made to exhaust a phone does not.

use serde::{Deserialize, Serialize};

/// The file itself, in bytes.
pub const FILE_BYTES: u64 = 32 << 20;
/// Entries of a ZIP directory.
pub const ENTRIES: u64 = 4_096;
/// All entries unpacked, in bytes, as declared and as met.
pub const UNPACKED_BYTES: u64 = 256 << 20;
/// Unpacked over packed size of one entry of more than [`RATIO_FROM`] bytes. Deflate's own limit is about 1,032;
/// a sheet full of the same word reaches about 100.
pub const RATIO: u64 = 250;
/// Smaller entries may have any ratio.
pub const RATIO_FROM: u64 = 16 << 20;
/// Sheets in a workbook.
pub const SHEETS: u64 = 256;
/// Rows with a value, all sheets together.
pub const ROWS: u64 = 100_000;
/// Number of the last column with a value.
pub const COLUMNS: u64 = 512;
/// Cells up to the last value of their row, all sheets together.
pub const CELLS: u64 = 5_000_000;
/// Characters in one cell: what spreadsheet programs allow.
pub const CELL_CHARS: u64 = 32_767;
/// UTF-8 bytes of all texts together, each counted as often as it is used.
pub const TEXT_BYTES: u64 = 128 << 20;
/// Texts in a workbook's table of shared texts, and cell formats.
pub const SHARED: u64 = 2_000_000;
/// XML elements within each other.
pub const XML_DEPTH: u64 = 64;
/// Bytes of one XML tag, text or comment.
pub const XML_TOKEN_BYTES: u64 = 2 << 20;

/// Which limit a file is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// [`FILE_BYTES`]
    FileBytes,
    /// [`ENTRIES`]
    Entries,
    /// [`UNPACKED_BYTES`]
    UnpackedBytes,
    /// [`RATIO`]
    Ratio,
    /// [`SHEETS`]
    Sheets,
    /// [`ROWS`]
    Rows,
    /// [`COLUMNS`]
    Columns,
    /// [`CELLS`]
    Cells,
    /// [`CELL_CHARS`]
    CellChars,
    /// [`TEXT_BYTES`]
    TextBytes,
    /// [`SHARED`]
    Shared,
    /// [`XML_DEPTH`]
    XmlDepth,
    /// [`XML_TOKEN_BYTES`]
    XmlTokenBytes,
}

impl Limit {
    /// The largest value that is read.
    pub fn value(self) -> u64 {
        match self {
            Limit::FileBytes => FILE_BYTES,
            Limit::Entries => ENTRIES,
            Limit::UnpackedBytes => UNPACKED_BYTES,
            Limit::Ratio => RATIO,
            Limit::Sheets => SHEETS,
            Limit::Rows => ROWS,
            Limit::Columns => COLUMNS,
            Limit::Cells => CELLS,
            Limit::CellChars => CELL_CHARS,
            Limit::TextBytes => TEXT_BYTES,
            Limit::Shared => SHARED,
            Limit::XmlDepth => XML_DEPTH,
            Limit::XmlTokenBytes => XML_TOKEN_BYTES,
        }
    }
}
