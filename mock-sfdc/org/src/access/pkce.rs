//! Proof Key for Code Exchange: the code goes only to whoever began the flow (`contract/oauth.md` sections 2 and 3).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use compact_str::CompactString;
use sha2::{Digest as _, Sha256};

use super::OAuthError;

/// What the client committed itself to when it asked for a code.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Challenge {
    S256(CompactString),
    Plain(CompactString),
}

impl Challenge {
    /// Reads `code_challenge` and `code_challenge_method`. Without a method it is S256, against RFC 7636: jsforce never
    /// sends one and hashes.
    pub fn read(challenge: Option<&str>, method: Option<&str>) -> Result<Option<Self>, OAuthError> {
        let Some(challenge) = challenge.filter(|text| !text.is_empty()) else { return Ok(None) };
        match method.filter(|text| !text.is_empty()).unwrap_or("S256") {
            "S256" => Ok(Some(Self::S256(challenge.into()))),
            "plain" => Ok(Some(Self::Plain(challenge.into()))),
            _ => Err(OAuthError::ChallengeMethodUnknown),
        }
    }

    fn is_met_by(&self, verifier: &str) -> bool {
        match self {
            Self::S256(challenge) => {
                URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) == challenge.trim_end_matches('=')
            }
            Self::Plain(challenge) => verifier == challenge,
        }
    }
}

/// Holds the verifier of an exchange against the challenge of its code.
pub fn check(challenge: Option<&Challenge>, verifier: Option<&str>) -> Result<(), OAuthError> {
    match (challenge, verifier.filter(|text| !text.is_empty())) {
        (None, None) => Ok(()),
        (None, Some(_)) => Err(OAuthError::VerifierUnexpected),
        (Some(_), None) => Err(OAuthError::VerifierMissing),
        (Some(challenge), Some(verifier)) if challenge.is_met_by(verifier) => Ok(()),
        (Some(_), Some(_)) => Err(OAuthError::VerifierInvalid),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 7636, appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const S256: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn which_verifiers_pass() {
        for (challenge, method, verifier, answer) in [
            (Some(S256), Some("S256"), Some(VERIFIER), Ok(())),
            (Some(S256), None, Some(VERIFIER), Ok(())),
            (Some(S256), Some("plain"), Some(VERIFIER), Err(OAuthError::VerifierInvalid)),
            (Some(VERIFIER), Some("plain"), Some(VERIFIER), Ok(())),
            (Some(S256), None, Some("other"), Err(OAuthError::VerifierInvalid)),
            (Some(S256), None, None, Err(OAuthError::VerifierMissing)),
            (Some(S256), None, Some(""), Err(OAuthError::VerifierMissing)),
            (None, None, None, Ok(())),
            (Some(""), None, None, Ok(())),
            (None, None, Some(VERIFIER), Err(OAuthError::VerifierUnexpected)),
            (Some(S256), Some("S512"), Some(VERIFIER), Err(OAuthError::ChallengeMethodUnknown)),
        ] {
            let found =
                Challenge::read(challenge, method).and_then(|challenge| check(challenge.as_ref(), verifier));
            assert_eq!(found, answer, "{challenge:?} {method:?} {verifier:?}");
        }
    }
}
