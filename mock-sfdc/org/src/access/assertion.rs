//! What an app signs with the key of its certificate: that it speaks for a user (the JWT bearer flow), or that it is itself
//! (`client_assertion` in place of a secret). `contract/oauth.md` section 3.

use super::{ConnectedApp, OAuthError, Scopes, Tokens, approved, grant::issue_tokens};
use crate::{org::Random, state::Transaction, value::DateTime};

/// A signed statement, taken apart by a face. Nothing in it is believed before it is checked.
#[derive(Debug, Clone)]
pub struct Assertion {
    /// `iss`: the client id.
    pub issuer: String,
    /// `sub`, or the older `prn`.
    pub subject: String,
    pub audience: Vec<String>,
    pub expires_at: Option<DateTime>,
    /// What was signed, and the signature; none where it was not by RS256.
    pub signed: Vec<u8>,
    pub signature: Option<Vec<u8>>,
}

impl Assertion {
    /// Whether the app's key has signed it, it is not over, and it is meant for one of `here`. How far ahead it may end is
    /// not limited: the Salesforce CLI writes milliseconds where seconds belong, and is let in.
    pub fn check(&self, app: &ConnectedApp, here: &[String], now: DateTime) -> Result<(), OAuthError> {
        let signed = app.certificate.as_ref().zip(self.signature.as_ref());
        if !signed.is_some_and(|(certificate, signature)| certificate.has_signed(&self.signed, signature)) {
            return Err(OAuthError::AssertionInvalid);
        }
        if self.expires_at.is_none_or(|end| end <= now) {
            return Err(OAuthError::AssertionExpired);
        }
        let meant = |audience: &String| here.iter().any(|name| name == audience.trim_end_matches('/'));
        if self.audience.iter().any(meant) { Ok(()) } else { Err(OAuthError::AudienceInvalid) }
    }

    /// Whether it proves that the caller is the app itself.
    pub fn check_client(&self, app: &ConnectedApp, here: &[String], now: DateTime) -> Result<(), OAuthError> {
        let own = self.issuer == app.client_id && self.subject == app.client_id;
        if own && self.check(app, here, now).is_ok() {
            Ok(())
        } else {
            Err(OAuthError::ClientCredentialsInvalid)
        }
    }
}

/// The JWT bearer flow. There is no page, so the user or an administrator must have approved before, and with the right to
/// come back (a refresh token); the scopes are those that were approved.
pub fn bear(
    tx: &mut Transaction,
    random: &Random,
    app: &ConnectedApp,
    assertion: &Assertion,
    here: &[String],
) -> Result<Tokens, OAuthError> {
    assertion.check(app, here, tx.now())?;
    let user = tx.state().access().login(&assertion.subject).map(|login| login.user);
    let user = user.ok_or(OAuthError::NotApproved)?;
    app.check_user(tx.state(), user)?;
    let scopes = if app.is_pre_authorized() {
        app.scopes
    } else {
        let before = approved(tx.state(), user, &app.client_id).filter(|scopes| scopes.offline());
        before.ok_or(OAuthError::NotApproved)?
    };
    let scopes = scopes.without(Scopes::REFRESH_TOKEN.with(Scopes::OFFLINE_ACCESS));
    issue_tokens(tx, random, app, user, scopes, false)
}
