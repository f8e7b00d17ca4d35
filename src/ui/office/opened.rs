//! Files that were encrypted for the bureau, read as if they were not.

use std::cell::Cell;

use super::import::Picked;
use super::keys;
use crate::app::transfer::Source;
use crate::envelope::{self, MAX_BYTES, OpenError, Reading, armor, is_envelope};

/// A file as the import reads it.
pub enum Given<'a> {
    /// It is not encrypted.
    Plain(&'a Picked),
    /// It is opened piece by piece.
    Sealed {
        /// The file.
        file: &'a Picked,
        /// How to read it.
        reading: Reading,
        /// What went wrong with a piece.
        fault: Cell<Option<OpenError>>,
    },
    /// It came as text, and lies open in memory.
    Text {
        /// Its name.
        name: String,
        /// What is in it.
        plain: Vec<u8>,
    },
}

impl<'a> Given<'a> {
    /// Looks whether a file is encrypted, and opens it with the keys that are known.
    ///
    /// # Errors
    /// [`OpenError`]; [`OpenError::NotForUs`] also when no key is known.
    pub async fn of(file: &'a Picked) -> Result<Self, OpenError> {
        let size = file.size_bytes();
        // What can't be read at all is told by the import.
        let Some(head) = file.read(0, size.min(Reading::HEAD_BYTES)).await else { return Ok(Self::Plain(file)) };
        if !is_envelope(&head) {
            return Ok(Self::Plain(file));
        }
        if !armor::is_armored(&head) {
            let reading = Reading::begin(&head, size, &keys::known())?;
            return Ok(Self::Sealed { file, reading, fault: Cell::new(None) });
        }
        let most = MAX_BYTES as u64;
        if size > most {
            return Err(OpenError::TooLarge { len: size, most });
        }
        let text = file.read(0, size).await.ok_or(OpenError::Truncated { len: size })?;
        Ok(Self::Text { name: file.name(), plain: envelope::open(&text, &keys::known())? })
    }

    /// What went wrong with a piece, if something did.
    pub fn fault(&self) -> Option<OpenError> {
        if let Self::Sealed { fault, .. } = self { fault.get() } else { None }
    }
}

impl Source for Given<'_> {
    fn size_bytes(&self) -> u64 {
        match self {
            Self::Plain(file) => file.size_bytes(),
            Self::Sealed { reading, .. } => reading.plain_len(),
            Self::Text { plain, .. } => plain.len() as u64,
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Plain(file) | Self::Sealed { file, .. } => file.name(),
            Self::Text { name, .. } => name.clone(),
        }
    }

    async fn read(&self, from: u64, to: u64) -> Option<Vec<u8>> {
        match self {
            Self::Plain(file) => file.read(from, to).await,
            Self::Sealed { file, reading, fault } => {
                let (begin, end) = reading.sealed_range(from, to);
                let sealed = file.read(begin, end).await?;
                let opened = reading.open(from, to, &sealed);
                fault.set(opened.as_ref().err().copied());
                opened.ok()
            }
            Self::Text { plain, .. } => plain.get(usize::try_from(from).ok()?..usize::try_from(to).ok()?).map(<[u8]>::to_vec),
        }
    }
}
