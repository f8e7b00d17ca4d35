//! Keys: a recipient's public one and the identity that it belongs to, X25519 (RFC 7748) in Bech32 (BIP 173).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32, Hrp};
use x25519_dalek::{X25519_BASEPOINT_BYTES, x25519};
use zeroize::Zeroizing;

use super::OpenError;
use super::header::{FileKey, Stanza, derive};
use crate::port::random::Random;

const KIND: &str = "X25519";
const INFO: &[u8] = b"age-encryption.org/v1/X25519";
const RECIPIENT: &str = "age";
const IDENTITY: &str = "AGE-SECRET-KEY-";

/// Why a text is not a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum KeyError {
    /// It is something else.
    #[error("not a key of this kind")]
    Kind,
    /// It begins as one does, and a character is wrong or missing.
    #[error("mistyped or incomplete")]
    Mistyped,
    /// It is a secret key where a public one is asked for. It must not be handed on.
    #[error("a secret key")]
    Secret,
}

/// Somebody for whom files are encrypted: a public key, `age1…`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Recipient([u8; 32]);

/// The secret half: who has it reads what is encrypted for its recipient.
#[derive(Clone)]
pub struct Identity(Zeroizing<[u8; 32]>);

impl Recipient {
    /// Reads `age1…`; blanks around it don't count.
    ///
    /// # Errors
    /// [`KeyError`]
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let text = text.trim();
        if text.get(..IDENTITY.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(IDENTITY)) {
            return Err(KeyError::Secret);
        }
        let public = decode(text, RECIPIENT)?;
        // Points for which every secret would be the same one.
        if is_zero(&x25519([1; 32], public)) {
            return Err(KeyError::Mistyped);
        }
        Ok(Self(public))
    }

    /// `age1…`, 62 characters.
    #[must_use]
    pub fn to_text(self) -> String {
        encode(&self.0, RECIPIENT)
    }

    pub(super) fn wrap(&self, file_key: &FileKey, random: &impl Random) -> Stanza {
        let mut ephemeral = Zeroizing::new([0; 32]);
        random.fill(ephemeral.as_mut());
        let share = x25519(*ephemeral, X25519_BASEPOINT_BYTES);
        let shared = Zeroizing::new(x25519(*ephemeral, self.0));
        let key = derive(shared.as_ref(), &[share, self.0].concat(), INFO);
        Stanza { args: vec![KIND.to_owned(), BASE64.encode(share)], body: file_key.wrap(&key) }
    }
}

impl Identity {
    /// A new one.
    #[must_use]
    pub fn generate(random: &impl Random) -> Self {
        let mut secret = Zeroizing::new([0; 32]);
        random.fill(secret.as_mut());
        Self(secret)
    }

    /// Reads `AGE-SECRET-KEY-1…`; blanks around it don't count.
    ///
    /// # Errors
    /// [`KeyError`]
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        Ok(Self(Zeroizing::new(decode(text.trim(), IDENTITY)?)))
    }

    /// Reads a file of identities as `age-keygen` writes it: one a line, lines with `#` and empty ones don't count.
    ///
    /// # Errors
    /// [`KeyError`] of the first line that is none; [`KeyError::Kind`] when there is none at all.
    pub fn parse_file(text: &str) -> Result<Vec<Self>, KeyError> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let found = lines.map(Self::parse).collect::<Result<Vec<_>, _>>()?;
        if found.is_empty() { Err(KeyError::Kind) } else { Ok(found) }
    }

    /// `AGE-SECRET-KEY-1…`, 74 characters.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(encode(&self.0, IDENTITY).to_uppercase())
    }

    /// The public half.
    #[must_use]
    pub fn recipient(&self) -> Recipient {
        Recipient(x25519(*self.0, X25519_BASEPOINT_BYTES))
    }

    /// The file key; `None` when the stanza is for somebody else.
    ///
    /// # Errors
    /// [`OpenError::Header`] when a stanza of this kind does not have its form.
    pub(super) fn unwrap(&self, stanza: &Stanza) -> Result<Option<FileKey>, OpenError> {
        let [kind, share] = stanza.args.as_slice() else {
            // A stanza of another kind is for somebody else; one of this kind has exactly one more argument.
            let ours = stanza.args.first().is_some_and(|kind| kind == KIND);
            return if ours { Err(OpenError::Header) } else { Ok(None) };
        };
        if kind != KIND {
            return Ok(None);
        }
        let share = BASE64.decode(share).ok().and_then(|share| <[u8; 32]>::try_from(share).ok()).ok_or(OpenError::Header)?;
        let shared = Zeroizing::new(x25519(*self.0, share));
        if is_zero(&shared) || stanza.body.len() != 32 {
            return Err(OpenError::Header);
        }
        let key = derive(shared.as_ref(), &[share, self.recipient().0].concat(), INFO);
        Ok(FileKey::unwrap(&stanza.body, &key))
    }
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Identity({})", self.recipient().to_text())
    }
}

fn is_zero(bytes: &[u8; 32]) -> bool {
    bytes.iter().fold(0, |all, byte| all | byte) == 0
}

fn encode(bytes: &[u8; 32], kind: &str) -> String {
    let kind = Hrp::parse(kind).expect("both kinds are printable ASCII");
    bech32::encode::<Bech32>(kind, bytes).expect("32 bytes are well below the longest text that the check holds for")
}

fn decode(text: &str, kind: &str) -> Result<[u8; 32], KeyError> {
    let begin = text.get(..=kind.len()).and_then(|begin| begin.strip_suffix('1')).ok_or(KeyError::Kind)?;
    if !begin.eq_ignore_ascii_case(kind) {
        return Err(KeyError::Kind);
    }
    let checked = CheckedHrpstring::new::<Bech32>(text).map_err(|_| KeyError::Mistyped)?;
    // The bits beyond the last byte must be zeros, so that a key has one text.
    checked.validate_segwit_padding().map_err(|_| KeyError::Mistyped)?;
    let bytes: Zeroizing<Vec<u8>> = Zeroizing::new(checked.byte_iter().collect());
    <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| KeyError::Mistyped)
}
