//! The certificate that an administrator registers with a connected app: whoever holds its key can speak for the app.

use std::{fmt, str::FromStr};

use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use x509_cert::der::DecodePem as _;

/// An X.509 certificate. Dates and issuer are nobody's concern: an administrator has chosen it.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    pem: String,
    /// The subject's RSA key, as PKCS #1 writes it.
    key: Vec<u8>,
}

/// Why a text is no certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an X.509 certificate in PEM (-----BEGIN CERTIFICATE-----): {0}")]
pub struct CertificateError(String);

impl Certificate {
    /// Whether its key has signed this, by RS256.
    #[must_use]
    pub fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.key).verify(message, signature).is_ok()
    }
}

impl FromStr for Certificate {
    type Err = CertificateError;

    fn from_str(pem: &str) -> Result<Self, CertificateError> {
        let found = x509_cert::Certificate::from_pem(pem.trim())
            .map_err(|error| CertificateError(error.to_string()))?;
        let key = &found.tbs_certificate().subject_public_key_info().subject_public_key;
        Ok(Self { pem: pem.trim().to_owned(), key: key.raw_bytes().to_vec() })
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate").finish_non_exhaustive()
    }
}

impl serde::Serialize for Certificate {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.pem)
    }
}

impl<'de> serde::Deserialize<'de> for Certificate {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
