//! The payload: pieces of 64 KiB, each with its number and whether it is the last one under its code.

use chacha20poly1305::aead::AeadInPlace as _;
use chacha20poly1305::{ChaCha20Poly1305, KeyInit as _};

use super::header::{FileKey, Header};
use super::key::Identity;
use super::{MAX_HEADER_BYTES, OpenError, unlock};
use crate::port::random::Random;

/// Bytes of a full piece before encryption.
const PIECE: usize = 64 << 10;
/// Bytes that encryption adds to a piece.
const TAG: usize = 16;
/// Bytes before the first piece.
const NONCE: usize = 16;
/// Bytes of a full piece in the file.
const SEALED_PIECE: usize = PIECE + TAG;

/// How long the payload of some bytes is.
pub fn sealed_len(plain_len: usize) -> usize {
    NONCE + plain_len + plain_len.div_ceil(PIECE).max(1) * TAG
}

/// Encrypts bytes to the end of `sealed`.
pub fn seal(plain: &[u8], file_key: &FileKey, random: &impl Random, sealed: &mut Vec<u8>) {
    let mut nonce = [0; NONCE];
    random.fill(&mut nonce);
    sealed.extend_from_slice(&nonce);
    let cipher = ChaCha20Poly1305::new(file_key.derive(&nonce, b"payload").as_ref().into());
    let count = plain.len().div_ceil(PIECE).max(1);
    for index in 0..count {
        let from = index * PIECE;
        let begin = sealed.len();
        sealed.extend_from_slice(plain.get(from..plain.len().min(from + PIECE)).unwrap_or_default());
        let piece = sealed.get_mut(begin..).unwrap_or_default();
        let tag = cipher
            .encrypt_in_place_detached(&nonce_of(index as u64, index + 1 == count).into(), b"", piece)
            .expect("a piece is well below what the cipher takes");
        sealed.extend_from_slice(&tag);
    }
}

fn nonce_of(index: u64, last: bool) -> [u8; 12] {
    let mut nonce = [0; 12];
    if let Some(counter) = nonce.get_mut(3..11) {
        counter.copy_from_slice(&index.to_be_bytes());
    }
    nonce[11] = u8::from(last);
    nonce
}

/// The key of a payload, and where its pieces are.
#[derive(Clone)]
pub struct Payload {
    cipher: ChaCha20Poly1305,
    /// Where the first piece begins in the file.
    begin: u64,
}

impl Payload {
    /// Reads what stands before the first piece.
    ///
    /// # Errors
    /// [`OpenError::Truncated`]
    pub fn begin(rest: &[u8], header_len: usize, file_key: &FileKey) -> Result<Self, OpenError> {
        let nonce = rest.get(..NONCE).ok_or(OpenError::Truncated { len: (header_len + rest.len()) as u64 })?;
        let cipher = ChaCha20Poly1305::new(file_key.derive(nonce, b"payload").as_ref().into());
        Ok(Self { cipher, begin: (header_len + NONCE) as u64 })
    }

    /// Decrypts everything; `rest` is what follows the header.
    ///
    /// # Errors
    /// [`OpenError::Truncated`] and [`OpenError::Damaged`].
    pub fn open(&self, rest: &[u8]) -> Result<Vec<u8>, OpenError> {
        let sealed = rest.get(NONCE..).unwrap_or_default();
        let count = self.count(self.begin + sealed.len() as u64)?;
        let mut plain = Vec::with_capacity(sealed.len());
        for (index, piece) in (0..count).zip(sealed.chunks(SEALED_PIECE)) {
            self.open_piece(index, index + 1 == count, piece, &mut plain)?;
        }
        Ok(plain)
    }

    /// How many pieces a file of some length has.
    fn count(&self, file_len: u64) -> Result<u64, OpenError> {
        let sealed = file_len.checked_sub(self.begin).ok_or(OpenError::Truncated { len: file_len })?;
        let (full, last) = (sealed / SEALED_PIECE as u64, sealed % SEALED_PIECE as u64);
        match (full, last) {
            (full, 0) if full > 0 => Ok(full),
            // A last piece that holds nothing is there only when it is the first one too.
            (full, last) if last > TAG as u64 || (full == 0 && last == TAG as u64) => Ok(full + 1),
            _ => Err(OpenError::Truncated { len: file_len }),
        }
    }

    fn open_piece(&self, index: u64, last: bool, piece: &[u8], plain: &mut Vec<u8>) -> Result<(), OpenError> {
        let offset = self.begin + index * SEALED_PIECE as u64;
        let (sealed, tag) = piece.split_at_checked(piece.len().saturating_sub(TAG)).ok_or(OpenError::Damaged { offset })?;
        if tag.len() != TAG {
            return Err(OpenError::Truncated { len: offset + piece.len() as u64 });
        }
        let begin = plain.len();
        plain.extend_from_slice(sealed);
        let opened = plain.get_mut(begin..).unwrap_or_default();
        if self.cipher.decrypt_in_place_detached(&nonce_of(index, last).into(), b"", opened, tag.into()).is_ok() {
            return Ok(());
        }
        // Not the last piece of what was encrypted: the file was cut exactly between two of them.
        plain.truncate(begin);
        plain.extend_from_slice(sealed);
        let opened = plain.get_mut(begin..).unwrap_or_default();
        let cut = last && self.cipher.decrypt_in_place_detached(&nonce_of(index, false).into(), b"", opened, tag.into()).is_ok();
        plain.truncate(begin);
        Err(if cut { OpenError::Truncated { len: offset + piece.len() as u64 } } else { OpenError::Damaged { offset } })
    }
}

/// An envelope that is read piece by piece, from anywhere in it. Memory: the pieces that are asked for.
#[derive(Clone)]
pub struct Reading {
    payload: Payload,
    file_len: u64,
    count: u64,
}

impl Reading {
    /// Opens an envelope by its beginning: its first [`MAX_HEADER_BYTES`] and 16 more, or all of it when it is shorter.
    /// `file_len` is how long all of it is. Not for armored text.
    ///
    /// # Errors
    /// [`OpenError`]
    pub fn begin(head: &[u8], file_len: u64, identities: &[Identity]) -> Result<Self, OpenError> {
        let (header, rest) = Header::read(head).map_err(|error| match error {
            // It ended with what was given and not with the file.
            OpenError::Truncated { .. } if (head.len() as u64) < file_len => OpenError::Header,
            OpenError::Truncated { .. } => OpenError::Truncated { len: file_len },
            error => error,
        })?;
        let file_key = unlock(&header, identities)?;
        let payload = Payload::begin(rest, header.len, &file_key)?;
        let count = payload.count(file_len)?;
        Ok(Self { payload, file_len, count })
    }

    /// How many bytes of the file its beginning must have, at most.
    pub const HEAD_BYTES: u64 = (MAX_HEADER_BYTES + NONCE) as u64;

    /// How many bytes come out.
    #[must_use]
    pub fn plain_len(&self) -> u64 {
        self.file_len - self.payload.begin - self.count * TAG as u64
    }

    /// Which bytes of the file are needed for bytes `from..to` of what comes out. The last piece is needed by those who ask
    /// for the end; a file that was cut shows only there.
    #[must_use]
    pub fn sealed_range(&self, from: u64, to: u64) -> (u64, u64) {
        let (first, end) = self.pieces(from, to);
        let at = |index: u64| (self.payload.begin + index * SEALED_PIECE as u64).min(self.file_len);
        (at(first), at(end))
    }

    /// Bytes `from..to` of what comes out; `sealed` are the bytes of the file at [`Reading::sealed_range`].
    ///
    /// # Errors
    /// [`OpenError::Truncated`] and [`OpenError::Damaged`].
    pub fn open(&self, from: u64, to: u64, sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
        let (first, end) = self.pieces(from, to);
        let mut plain = Vec::with_capacity(sealed.len());
        let mut pieces = sealed.chunks(SEALED_PIECE);
        for index in first..end {
            let piece = pieces.next().ok_or(OpenError::Truncated { len: self.file_len })?;
            self.payload.open_piece(index, index + 1 == self.count, piece, &mut plain)?;
        }
        let begin = first * PIECE as u64;
        plain.truncate((to.max(from) - begin).min(plain.len() as u64) as usize);
        plain.drain(..((from - begin) as usize).min(plain.len()));
        Ok(plain)
    }

    /// The pieces that hold some bytes; at least one.
    fn pieces(&self, from: u64, to: u64) -> (u64, u64) {
        let first = (from / PIECE as u64).min(self.count - 1);
        (first, to.div_ceil(PIECE as u64).clamp(first + 1, self.count))
    }
}
