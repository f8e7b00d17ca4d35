//! Why a file was not read.

use serde::{Deserialize, Serialize};

use super::limits::Limit;
use crate::workbook::Place;

/// Why a file was not read. Nothing of it has been kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "error", rename_all = "snake_case")]
pub enum ReadError {
    /// No bytes, or no value in any sheet.
    #[error("empty")]
    Empty,
    /// Neither a spreadsheet nor text.
    #[error("unknown_format")]
    UnknownFormat,
    /// A known format that is not read.
    #[error("unsupported: {format:?}")]
    Unsupported {
        /// Which.
        format: Foreign,
    },
    /// Needs a password.
    #[error("encrypted")]
    Encrypted,
    /// Cut off, altered, or contradicting itself.
    #[error("damaged: {part}: {fault:?}")]
    Damaged {
        /// The entry of the ZIP file, or the stream; empty for the file as a whole.
        part: String,
        /// How.
        fault: Fault,
    },
    /// Over a limit; what it would have taken may not be known.
    #[error("too_much: {limit:?} {} in {part}", limit.value())]
    TooMuch {
        /// Which limit.
        limit: Limit,
        /// As for [`ReadError::Damaged`].
        part: String,
        /// Where, when it is a matter of cells.
        place: Option<Place>,
    },
    /// A cell whose value is not of the type that the file says.
    #[error("bad_value: {place}")]
    BadValue {
        /// Where.
        place: Place,
    },
    /// Bytes that are text in no encoding that is tried.
    #[error("bad_encoding: byte {offset}")]
    BadEncoding {
        /// Of the first such byte, from 0; where UTF-8 failed if nothing else is known.
        offset: u64,
    },
    /// A quotation mark of a text file is never closed.
    #[error("unclosed_quote: {place}")]
    UnclosedQuote {
        /// The cell that it opens.
        place: Place,
    },
}

/// Formats that are recognised to say what they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Foreign {
    /// Excel binary workbook.
    Xlsb,
    /// Excel 5, 95 or older.
    OldXls,
    /// XML Spreadsheet 2003, or another XML file.
    Xml,
    /// A web page, often named `.xls` by the system that made it.
    Html,
    /// A PDF.
    Pdf,
    /// Another ZIP file: DOCX, a plain archive …
    OtherZip,
    /// Another OLE file: DOC, WPS …
    OtherOle,
    /// A ZIP entry packed with something else than Deflate.
    Packing,
}

/// How a file is damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Ends too early.
    CutOff,
    /// Two statements of the file differ: sizes, names, checksums, overlapping entries.
    Contradiction,
    /// A part that must be there is not.
    MissingPart,
    /// Not well-formed XML, or not UTF-8.
    Xml,
    /// A document type definition: nothing of ours has one, and entities are how XML explodes.
    Doctype,
    /// Anything else that the format does not allow.
    Structure,
}

impl ReadError {
    pub(crate) fn damaged(part: &str, fault: Fault) -> Self {
        ReadError::Damaged { part: part.to_owned(), fault }
    }

    pub(crate) fn too_much(limit: Limit, part: &str) -> Self {
        ReadError::TooMuch { limit, part: part.to_owned(), place: None }
    }

    pub(crate) fn too_much_at(limit: Limit, place: Place) -> Self {
        ReadError::TooMuch { limit, part: String::new(), place: Some(place) }
    }
}
