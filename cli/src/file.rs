//! Reads bundle files as a stream.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use serde_json::Value;
use spotcheck::bundle::{BundleError, Event, Limits, Reader, Subject, Verified};
use spotcheck::domain::id::RecordId;
use spotcheck::domain::journal::Journal;

/// Why a file could not be used.
pub enum FileError {
    /// It could not be read.
    Io(std::io::Error),
    /// It was read and must be refused.
    Refused(Box<Refusal>),
}

/// What is wrong with a file, and whose photo it is when a photo is meant.
pub struct Refusal {
    /// What the reader says.
    pub error: BundleError,
    /// The record of the same file that names the photo.
    pub record: Option<RecordId>,
}

impl FileError {
    /// The exit code.
    pub fn code(&self) -> u8 {
        match self {
            Self::Refused(_) => 1,
            Self::Io(_) => 2,
        }
    }
}

/// Reads a file to its end. What comes out through `take` counts only when this returns `Ok`.
pub fn read(path: &Path, mut take: impl FnMut(Event) -> std::io::Result<()>) -> Result<Verified, FileError> {
    let refused = |error: BundleError| {
        let record = match error.subject.as_deref() {
            Some(Subject::Photo(sha256)) => record_of(path, error.offset, &sha256.to_string()),
            Some(Subject::Record(_)) | None => None,
        };
        FileError::Refused(Box::new(Refusal { error, record }))
    };
    let mut file = File::open(path).map_err(FileError::Io)?;
    let mut reader = Reader::new(Limits::default());
    let mut piece = vec![0; 64 * 1024];
    loop {
        let len = file.read(&mut piece).map_err(FileError::Io)?;
        if len == 0 {
            return reader.finish().map_err(refused);
        }
        for event in reader.feed(piece.get(..len).unwrap_or_default()).map_err(refused)? {
            take(event).map_err(FileError::Io)?;
        }
    }
}

/// The record that names a photo, out of what stands before the place where the file turned bad. Only to say so.
fn record_of(path: &Path, end: u64, sha256: &str) -> Option<RecordId> {
    let mut file = File::open(path).ok()?.take(end);
    let mut reader = Reader::new(Limits::default());
    let mut piece = vec![0; 64 * 1024];
    loop {
        let len = file.read(&mut piece).ok().filter(|len| *len > 0)?;
        for event in reader.feed(piece.get(..len)?).ok()? {
            if let Event::Record(record) = event
                && names(&record.journal, sha256)
            {
                return Some(record.journal.record().clone());
            }
        }
    }
}

fn names(journal: &Journal, sha256: &str) -> bool {
    journal.entries().filter(|entry| entry.change.path.as_str().starts_with("photos/")).any(|entry| {
        let value = &entry.change.value;
        let digests = [value.get("sha256"), value.get("original").and_then(|original| original.get("sha256"))];
        digests.into_iter().flatten().filter_map(Value::as_str).any(|digest| digest == sha256)
    })
}
