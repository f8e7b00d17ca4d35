//! Reads bundle files as a stream.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use spotcheck::bundle::{BundleError, Event, Limits, Reader, Verified};

/// Why a file could not be used.
pub enum FileError {
    /// It could not be read.
    Io(std::io::Error),
    /// It was read and must be refused.
    Refused(Box<BundleError>),
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
    let mut file = File::open(path).map_err(FileError::Io)?;
    let mut reader = Reader::new(Limits::default());
    let mut piece = vec![0; 64 * 1024];
    loop {
        let len = file.read(&mut piece).map_err(FileError::Io)?;
        if len == 0 {
            return reader.finish().map_err(|error| FileError::Refused(Box::new(error)));
        }
        let events = reader.feed(piece.get(..len).unwrap_or_default()).map_err(|error| FileError::Refused(Box::new(error)))?;
        for event in events {
            take(event).map_err(FileError::Io)?;
        }
    }
}
