//! The web server flow with PKCE (contract/oauth.md section 2): out through the login page, back with a code.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use url::Url;

use crate::random::Random;
use crate::salesforce::{ConnectedApp, Error, OAuth, TokenSet};

/// A login that was begun: send the browser to `url`, keep `pending` until the browser comes back.
#[derive(Debug, Clone)]
pub struct Authorization {
    pub url: Url,
    pub pending: Pending,
}

/// What has to be remembered between the redirect and the callback.
#[derive(Debug, Clone)]
pub struct Pending {
    pub state: String,
    pub verifier: SecretString,
}

/// The query parameters with which the browser comes back.
#[derive(Debug, Clone, Default, serde::Deserialize)]
pub struct Callback {
    pub code: Option<SecretString>,
    pub state: Option<String>,
    pub error: Option<String>,
    pub error_description: Option<String>,
}

/// Why a callback does not lead to a connection.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CallbackError {
    #[error("the login answers another request than ours (its state is wrong): begin again")]
    WrongState,
    #[error("Salesforce refused the login: {error}: {description}")]
    Denied { error: String, description: String },
    #[error("Salesforce came back without a code: begin again")]
    NoCode,
    #[error(transparent)]
    Exchange(#[from] Error),
}

impl Authorization {
    /// Begins a login.
    #[must_use]
    pub fn begin(app: &ConnectedApp, random: &Random) -> Self {
        let pending = Pending { state: random.token(), verifier: random.token().into() };
        let mut url = app.endpoint("authorize");
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &app.client_id)
            .append_pair("redirect_uri", app.redirect_uri.as_str())
            .append_pair("scope", &app.scopes.join(" "))
            .append_pair("state", &pending.state)
            .append_pair("code_challenge", &challenge(&pending.verifier))
            .append_pair("code_challenge_method", "S256");
        Self { url, pending }
    }
}

impl Pending {
    /// Checks the callback and trades its code for tokens.
    pub async fn complete(&self, oauth: &OAuth, callback: &Callback) -> Result<TokenSet, CallbackError> {
        let code = self.check(callback)?;
        Ok(oauth.exchange(code, &self.verifier).await?)
    }

    /// The state comes first: a forged callback must not even be told what Salesforce would say.
    fn check<'a>(&self, callback: &'a Callback) -> Result<&'a SecretString, CallbackError> {
        let state = callback.state.as_deref().unwrap_or_default();
        if !bool::from(state.as_bytes().ct_eq(self.state.as_bytes())) {
            return Err(CallbackError::WrongState);
        }
        if let Some(error) = &callback.error {
            let description = callback.error_description.clone().unwrap_or_default();
            return Err(CallbackError::Denied { error: error.clone(), description });
        }
        callback.code.as_ref().ok_or(CallbackError::NoCode)
    }
}

/// The S256 challenge of a verifier (RFC 7636 section 4.2).
#[must_use]
pub fn challenge(verifier: &SecretString) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.expose_secret().as_bytes()))
}
