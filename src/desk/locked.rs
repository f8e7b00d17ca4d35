//! Small files under a passphrase: trying one takes a second and 128 MiB, which end with the worker.

use std::cell::Cell;

use crate::envelope::OpenError;
use crate::envelope::passphrase::{self, LOG_N, MAX_LOG_N};
use crate::port::random::Random;

/// Opens a file.
pub fn unlock(bytes: &[u8], words: &str) -> Result<Vec<u8>, OpenError> {
    passphrase::open(bytes, words, MAX_LOG_N)
}

/// Closes bytes; `random` is used up from its beginning.
pub fn lock(bytes: &[u8], words: &str, random: &[u8]) -> Vec<u8> {
    passphrase::seal(bytes, words, LOG_N, &Drawn { bytes: random, used: Cell::new(0) })
}

/// Bytes that were drawn by the page.
struct Drawn<'a> {
    bytes: &'a [u8],
    used: Cell<usize>,
}

impl Random for Drawn<'_> {
    fn fill(&self, bytes: &mut [u8]) {
        let from = self.used.replace(self.used.get() + bytes.len());
        let drawn =
            self.bytes.get(from..from + bytes.len()).expect("48 bytes are what one file takes; with fewer its key could be guessed");
        bytes.copy_from_slice(drawn);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_locked_with_48_bytes_opens_again() {
        let random: Vec<u8> = (0..48).collect();
        let file = lock(b"secret", "words", &random);
        assert_eq!(unlock(&file, "words"), Ok(b"secret".to_vec()));
        assert_eq!(unlock(&file, "other words"), Err(OpenError::WrongPassphrase));
    }
}
