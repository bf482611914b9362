//! Token exchange: an identity provider's token for one of the org's (`contract/oauth.md` section 3). In a real org a handler
//! written in Apex looks at the foreign token and names the user; here a list does.

use std::collections::BTreeMap;

use super::{Assertion, Certificate, ConnectedApp, OAuthError, Scopes, Tokens, grant::issue_tokens};
use crate::{org::Random, state::Transaction};

/// Whose tokens are taken, and for which user.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TokenExchangeHandler {
    /// What a request calls it by; without a name in the request the app's first one is meant.
    pub name: String,
    /// Of the identity provider: tokens that are JWTs must be signed with its key.
    #[serde(default)]
    pub certificate: Option<Certificate>,
    /// The username by the subject of a JWT, or by the whole text of a token that is none.
    pub users: BTreeMap<String, String>,
}

/// The foreign token, as a face has read it.
#[derive(Debug, Clone)]
pub enum SubjectToken {
    Jwt(Assertion),
    Opaque(String),
}

impl TokenExchangeHandler {
    fn username(&self, token: &SubjectToken, now: crate::value::DateTime) -> Option<&str> {
        let key = match token {
            SubjectToken::Opaque(text) => text,
            SubjectToken::Jwt(jwt) => {
                let (certificate, signature) = self.certificate.as_ref().zip(jwt.signature.as_ref())?;
                let good = certificate.has_signed(&jwt.signed, signature)
                    && jwt.expires_at.is_none_or(|end| now < end);
                good.then_some(&jwt.subject)?
            }
        };
        self.users.get(key).map(String::as_str)
    }
}

/// Gives the org's tokens for a foreign one. The app must be one that the user has approved, or an administrator.
pub fn exchange_token(
    tx: &mut Transaction,
    random: &Random,
    app: &ConnectedApp,
    handler: Option<&str>,
    token: &SubjectToken,
    scopes: Scopes,
) -> Result<Tokens, OAuthError> {
    let mut handlers = app.token_exchange_handlers.iter();
    let found = handlers.find(|known| handler.is_none_or(|name| known.name == name));
    let found = found.ok_or(OAuthError::TokenHandlerUnknown)?;
    let username = found.username(token, tx.now()).ok_or(OAuthError::SubjectTokenInvalid)?;
    let user = tx.state().access().login(username).map(|login| login.user);
    let user = user.ok_or(OAuthError::SubjectTokenInvalid)?;
    issue_tokens(tx, random, app, user, scopes, scopes.offline())
}
