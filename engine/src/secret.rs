//! Tokens at rest: AES-256-GCM under one key from the configuration.
//!
//! A sealed value is `version (1 byte) | nonce (12) | ciphertext and tag`. The purpose is authenticated with it, so
//! that a value copied into another row or column does not open. Rotating the key is not supported; the version
//! byte is where it would begin.

use std::fmt;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};

use crate::random::Random;

const VERSION: u8 = 1;
const NONCE_LENGTH: usize = 12;
const KEY_LENGTH: usize = 32;

/// Seals what must not be readable in the store's file.
#[derive(Clone)]
pub struct Vault {
    cipher: Aes256Gcm,
    random: Random,
}

impl Vault {
    /// `key` is 32 bytes in standard base64, as `openssl rand -base64 32` prints them.
    pub fn new(key: &SecretString, random: Random) -> Result<Self, VaultError> {
        let bytes = STANDARD.decode(key.expose_secret().trim()).map_err(|_| VaultError::KeyEncoding)?;
        if bytes.len() != KEY_LENGTH {
            return Err(VaultError::KeyLength(bytes.len()));
        }
        let cipher = Aes256Gcm::new_from_slice(&bytes).map_err(|_| VaultError::KeyLength(bytes.len()))?;
        Ok(Self { cipher, random })
    }

    /// `purpose` says what the value is and whose, for instance `tokens:connection-7`.
    pub fn seal(&self, purpose: &str, plain: &str) -> Result<Vec<u8>, VaultError> {
        let nonce = self.random.bytes::<NONCE_LENGTH>();
        let payload = Payload { msg: plain.as_bytes(), aad: purpose.as_bytes() };
        let ciphertext = self.cipher.encrypt(&Nonce::from(nonce), payload).map_err(|_| VaultError::Seal)?;
        let mut sealed = Vec::with_capacity(1 + NONCE_LENGTH + ciphertext.len());
        sealed.push(VERSION);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&ciphertext);
        Ok(sealed)
    }

    /// Opens what `seal` made for the same purpose under the same key.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Result<SecretString, VaultError> {
        let (&version, rest) = sealed.split_first().ok_or(VaultError::Open)?;
        if version != VERSION {
            return Err(VaultError::Version(version));
        }
        let (nonce, ciphertext) = rest.split_first_chunk::<NONCE_LENGTH>().ok_or(VaultError::Open)?;
        let payload = Payload { msg: ciphertext, aad: purpose.as_bytes() };
        let plain = self.cipher.decrypt(&Nonce::from(*nonce), payload).map_err(|_| VaultError::Open)?;
        String::from_utf8(plain).map(SecretString::from).map_err(|_| VaultError::Open)
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(..)")
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    #[error("the encryption key is not base64: make one with `openssl rand -base64 32`")]
    KeyEncoding,
    #[error("the encryption key has {0} bytes, it needs 32: make one with `openssl rand -base64 32`")]
    KeyLength(usize),
    #[error("the value could not be encrypted")]
    Seal,
    #[error("the stored value was sealed in version {0}, this engine reads version 1")]
    Version(u8),
    #[error(
        "the stored value does not open: it was sealed with another key or for another purpose, or was changed"
    )]
    Open,
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    fn vault(key: &str) -> Result<Vault, VaultError> {
        Vault::new(&SecretString::from(key), Random::seeded(7))
    }

    #[test]
    fn what_is_sealed_opens_for_the_same_purpose_only() {
        let vault = vault(KEY).unwrap();
        let sealed = vault.seal("tokens:1", "00Dxx!secret").unwrap();
        assert_eq!(sealed[0], 1, "the version stands first");
        assert_eq!(vault.open("tokens:1", &sealed).unwrap().expose_secret(), "00Dxx!secret");
        assert_eq!(vault.open("tokens:2", &sealed).unwrap_err(), VaultError::Open);
    }

    #[test]
    fn the_same_text_never_seals_to_the_same_bytes() {
        let vault = vault(KEY).unwrap();
        assert_ne!(vault.seal("t", "same").unwrap(), vault.seal("t", "same").unwrap());
    }

    #[test]
    fn a_changed_byte_a_short_value_and_another_key_do_not_open() {
        let vault_one = vault(KEY).unwrap();
        let sealed = vault_one.seal("t", "text").unwrap();
        for position in 1..sealed.len() {
            let mut changed = sealed.clone();
            changed[position] ^= 1;
            assert_eq!(vault_one.open("t", &changed).unwrap_err(), VaultError::Open, "byte {position}");
        }
        assert_eq!(vault_one.open("t", &sealed[..8]).unwrap_err(), VaultError::Open);
        assert_eq!(vault_one.open("t", &[]).unwrap_err(), VaultError::Open);
        let other = vault("HwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").unwrap();
        assert_eq!(other.open("t", &sealed).unwrap_err(), VaultError::Open);
        let mut newer = sealed;
        newer[0] = 2;
        assert_eq!(vault_one.open("t", &newer).unwrap_err(), VaultError::Version(2));
    }

    #[test]
    fn a_bad_key_is_refused_and_nothing_shows_it() {
        assert_eq!(vault("not base64!").unwrap_err(), VaultError::KeyEncoding);
        assert_eq!(vault("AAEC").unwrap_err(), VaultError::KeyLength(3));
        assert_eq!(format!("{:?}", vault(KEY).unwrap()), "Vault(..)");
    }
}
