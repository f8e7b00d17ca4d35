//! The header: for whom, each line as the specification writes it, and a code over all of it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use chacha20poly1305::aead::AeadInPlace as _;
use chacha20poly1305::{ChaCha20Poly1305, KeyInit as _};
use hkdf::Hkdf;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{MAGIC, MAX_HEADER_BYTES, OpenError};
use crate::port::random::Random;

/// Characters of a full line of a stanza's body; its last line is shorter, if only by being empty.
const COLUMNS: usize = 64;
/// Bytes of a file key when it is wrapped.
const WRAPPED: usize = 32;

/// What the payload's key is made of, anew for every envelope.
pub struct FileKey(Zeroizing<[u8; 16]>);

/// What one receiver needs to find the file key.
pub struct Stanza {
    /// Its kind and what that kind says.
    pub args: Vec<String>,
    /// The wrapped file key.
    pub body: Vec<u8>,
}

/// A header that was read. Not to be believed before [`Header::verify`].
pub struct Header<'a> {
    /// For whom.
    pub stanzas: Vec<Stanza>,
    /// What the code covers.
    covered: &'a [u8],
    mac: Vec<u8>,
    /// Bytes from the beginning of the file.
    pub len: usize,
}

impl FileKey {
    /// A new one.
    pub fn make(random: &impl Random) -> Self {
        let mut key = Zeroizing::new([0; 16]);
        random.fill(key.as_mut());
        Self(key)
    }

    /// A key for one use.
    pub fn derive(&self, salt: &[u8], purpose: &[u8]) -> Zeroizing<[u8; 32]> {
        derive(self.0.as_ref(), salt, purpose)
    }

    /// Encrypted with a key that is used for nothing else.
    pub fn wrap(&self, key: &[u8; 32]) -> Vec<u8> {
        let mut body = self.0.to_vec();
        let cipher = ChaCha20Poly1305::new(key.into());
        if let Ok(tag) = cipher.encrypt_in_place_detached(&[0; 12].into(), b"", &mut body) {
            body.extend_from_slice(&tag);
        }
        body
    }

    /// Decrypted; `None` when the key is another one.
    pub fn unwrap(body: &[u8], key: &[u8; 32]) -> Option<Self> {
        let body: &[u8; WRAPPED] = body.try_into().ok()?;
        let (wrapped, tag) = body.split_at(16);
        let mut file_key = Zeroizing::new(<[u8; 16]>::try_from(wrapped).ok()?);
        let cipher = ChaCha20Poly1305::new(key.into());
        cipher.decrypt_in_place_detached(&[0; 12].into(), b"", file_key.as_mut(), tag.into()).ok()?;
        Some(Self(file_key))
    }

    fn mac(&self, covered: &[u8]) -> Hmac<Sha256> {
        let key = self.derive(b"", b"header");
        let mut mac = <Hmac<Sha256> as hmac::Mac>::new_from_slice(key.as_ref()).expect("HMAC takes a key of any length");
        mac.update(covered);
        mac
    }
}

/// HKDF with SHA-256, 32 bytes.
pub fn derive(secret: &[u8], salt: &[u8], info: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(Some(salt), secret).expand(info, key.as_mut()).expect("32 bytes are within what HKDF gives");
    key
}

/// Writes a header.
pub fn write(stanzas: &[Stanza], file_key: &FileKey) -> Vec<u8> {
    let mut text = MAGIC.to_vec();
    for stanza in stanzas {
        text.extend_from_slice(b"->");
        for arg in &stanza.args {
            text.push(b' ');
            text.extend_from_slice(arg.as_bytes());
        }
        text.push(b'\n');
        let body = BASE64.encode(&stanza.body).into_bytes();
        let mut lines = body.chunks_exact(COLUMNS);
        for line in &mut lines {
            text.extend_from_slice(line);
            text.push(b'\n');
        }
        text.extend_from_slice(lines.remainder());
        text.push(b'\n');
    }
    text.extend_from_slice(b"---");
    let mac = file_key.mac(&text).finalize().into_bytes();
    text.push(b' ');
    text.extend_from_slice(BASE64.encode(mac).as_bytes());
    text.push(b'\n');
    text
}

impl<'a> Header<'a> {
    /// Reads the header at the beginning of a file; what follows it comes back too.
    ///
    /// # Errors
    /// [`OpenError::NotAnEnvelope`], [`OpenError::Truncated`] and [`OpenError::Header`].
    pub fn read(file: &'a [u8]) -> Result<(Self, &'a [u8]), OpenError> {
        let mut lines = Lines { rest: file.strip_prefix(MAGIC).ok_or(OpenError::NotAnEnvelope)?, file_len: file.len() };
        let mut stanzas = Vec::new();
        loop {
            let at = file.len() - lines.rest.len();
            let line = lines.next()?;
            if let Some(mac) = line.strip_prefix("--- ") {
                let covered = file.get(..at + 3).ok_or(OpenError::Header)?;
                let mac = BASE64.decode(mac).ok().filter(|mac| mac.len() == 32).ok_or(OpenError::Header)?;
                let len = file.len() - lines.rest.len();
                if stanzas.is_empty() || len > MAX_HEADER_BYTES {
                    return Err(OpenError::Header);
                }
                return Ok((Self { stanzas, covered, mac, len }, lines.rest));
            }
            let args: Vec<String> = line.strip_prefix("-> ").ok_or(OpenError::Header)?.split(' ').map(str::to_owned).collect();
            if args.iter().any(String::is_empty) {
                return Err(OpenError::Header);
            }
            stanzas.push(Stanza { args, body: lines.body()? });
        }
    }

    /// Whether it is encrypted with a passphrase.
    pub fn is_for_passphrase(&self) -> bool {
        self.stanzas.iter().any(|stanza| stanza.args.first().is_some_and(|kind| kind == "scrypt"))
    }

    /// Whether the header is the one that belongs to a file key.
    ///
    /// # Errors
    /// [`OpenError::Damaged`] when it isn't.
    pub fn verify(&self, file_key: &FileKey) -> Result<(), OpenError> {
        file_key.mac(self.covered).verify_slice(&self.mac).map_err(|_| OpenError::Damaged { offset: 0 })
    }
}

/// The lines of a header, which has printable ASCII alone.
struct Lines<'a> {
    rest: &'a [u8],
    file_len: usize,
}

impl<'a> Lines<'a> {
    fn next(&mut self) -> Result<&'a str, OpenError> {
        let looked_at = self.rest.get(..MAX_HEADER_BYTES).unwrap_or(self.rest);
        let Some(end) = looked_at.iter().position(|byte| *byte == b'\n') else {
            let ended = looked_at.len() == self.rest.len();
            return Err(if ended { OpenError::Truncated { len: self.file_len as u64 } } else { OpenError::Header });
        };
        let (line, rest) = self.rest.split_at(end);
        self.rest = rest.get(1..).unwrap_or_default();
        std::str::from_utf8(line).ok().filter(|line| line.bytes().all(|byte| matches!(byte, 0x20..=0x7e))).ok_or(OpenError::Header)
    }

    fn body(&mut self) -> Result<Vec<u8>, OpenError> {
        let mut text = String::new();
        loop {
            let line = self.next()?;
            text.push_str(line);
            if line.len() > COLUMNS || text.len() > MAX_HEADER_BYTES {
                return Err(OpenError::Header);
            }
            if line.len() < COLUMNS {
                return BASE64.decode(text).map_err(|_| OpenError::Header);
            }
        }
    }
}
