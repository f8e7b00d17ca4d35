//! The device's Ed25519 key (RFC 8032) and the identity that follows from it.

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

use super::chain::sha256;
use crate::domain::id::DeviceId;

/// A device's secret key. Never leaves the device.
#[derive(Clone)]
pub struct DeviceKey(SigningKey);

impl DeviceKey {
    /// Makes a key from 32 random bytes.
    #[must_use]
    pub fn make(random: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(random))
    }

    /// The 32 bytes to keep in the store of this device.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }

    /// The device's identifier.
    #[must_use]
    pub fn device(&self) -> DeviceId {
        self.public().device()
    }

    /// Signs a message for one purpose; a signature for one purpose never holds for another.
    #[must_use]
    pub fn sign(&self, purpose: Purpose, message: &[u8]) -> Sig {
        Sig(self.0.sign(&purpose.bind(message)).to_bytes())
    }
}

impl std::fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DeviceKey({})", self.device())
    }
}

/// What a signature is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// The seal of a record.
    RecordSeal,
    /// The seal of a bundle.
    BundleSeal,
}

impl Purpose {
    fn bind(self, message: &[u8]) -> Vec<u8> {
        let tag: &[u8] = match self {
            Self::RecordSeal => b"spotcheck-record-seal-v1\n",
            Self::BundleSeal => b"spotcheck-bundle-seal-v1\n",
        };
        [tag, message].concat()
    }
}

/// A public key, written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PublicKey([u8; 32]);

/// A signature, written as 128 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sig([u8; 64]);

/// Why a text is not a key or a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not lower-case hexadecimal digits of the right length")]
pub struct KeyFormatError;

impl PublicKey {
    /// The device that holds the secret half.
    #[must_use]
    pub fn device(&self) -> DeviceId {
        let digest = sha256(&self.0).to_string();
        let id: String = std::iter::once('d').chain(digest.chars().take(16)).collect();
        DeviceId::parse(&id).expect("'d' and 16 hexadecimal digits are a device id")
    }

    /// Whether the signature is of this key, for this purpose and message.
    #[must_use]
    pub fn verifies(&self, purpose: Purpose, message: &[u8], sig: &Sig) -> bool {
        // Strict: refuses the weak keys and forms that let one signature fit two messages.
        VerifyingKey::from_bytes(&self.0).is_ok_and(|key| key.verify_strict(&purpose.bind(message), &Signature::from_bytes(&sig.0)).is_ok())
    }
}

fn read_hex<const N: usize>(text: &str) -> Result<[u8; N], KeyFormatError> {
    let mut bytes = [0; N];
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err(KeyFormatError);
    }
    hex::decode_to_slice(text, &mut bytes).map_err(|_| KeyFormatError)?;
    Ok(bytes)
}

impl TryFrom<String> for PublicKey {
    type Error = KeyFormatError;
    fn try_from(text: String) -> Result<Self, KeyFormatError> {
        read_hex(&text).map(Self)
    }
}

impl From<PublicKey> for String {
    fn from(key: PublicKey) -> String {
        hex::encode(key.0)
    }
}

impl TryFrom<String> for Sig {
    type Error = KeyFormatError;
    fn try_from(text: String) -> Result<Self, KeyFormatError> {
        read_hex(&text).map(Self)
    }
}

impl From<Sig> for String {
    fn from(sig: Sig) -> String {
        hex::encode(sig.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_holds_for_its_purpose_and_message_alone() {
        let key = DeviceKey::make(&[7; 32]);
        let sig = key.sign(Purpose::RecordSeal, b"message");
        assert!(key.public().verifies(Purpose::RecordSeal, b"message", &sig));
        assert!(!key.public().verifies(Purpose::BundleSeal, b"message", &sig));
        assert!(!key.public().verifies(Purpose::RecordSeal, b"massage", &sig));
        assert!(!DeviceKey::make(&[8; 32]).public().verifies(Purpose::RecordSeal, b"message", &sig));
        assert_eq!(DeviceKey::make(&key.to_bytes()).device(), key.device());
    }
}
