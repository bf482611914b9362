//! Which app asks, and whether it is who it says (`contract/oauth.md` section 3): client id and secret in the body, or HTTP Basic.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use mock_sfdc_org::access::{ConnectedApp, OAuthError};

use super::{error::Refusal, form::Fields};
use crate::{call::Call, orgs::Tenant};

/// What a client says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    pub client_id: String,
    pub secret: Option<String>,
}

impl Credentials {
    pub fn of(call: &Call, fields: &Fields) -> Result<Self, Refusal> {
        if fields.get("client_assertion").is_some() {
            return Err(Refusal::not_emulated("invalid_client", "client_assertion (private_key_jwt)"));
        }
        if let Some(client_id) = fields.filled("client_id") {
            let secret = fields.filled("client_secret").map(str::to_owned);
            return Ok(Self { client_id: client_id.to_owned(), secret });
        }
        basic(call).ok_or_else(|| OAuthError::ClientIdInvalid.into())
    }
}

fn basic(call: &Call) -> Option<Credentials> {
    let (scheme, rest) = call.header("authorization")?.split_once(' ')?;
    let plain = scheme.eq_ignore_ascii_case("Basic").then(|| STANDARD.decode(rest.trim()).ok()).flatten()?;
    let plain = String::from_utf8(plain).ok()?;
    let (client_id, secret) = plain.split_once(':')?;
    Some(Credentials { client_id: client_id.to_owned(), secret: Some(secret.to_owned()) })
}

/// The app of a client id, and its org: the one that the request names, else the first that knows both the app and, where
/// there is one, the username. Usernames and client ids are unique in all of Salesforce, so a login host finds them too;
/// sandboxes log in at another one than all others.
pub fn find(
    call: &Call,
    client_id: &str,
    username: Option<&str>,
) -> Result<(Arc<Tenant>, Arc<ConnectedApp>), OAuthError> {
    let here = Arc::clone(&call.tenant);
    let others = call.server.orgs.all();
    let mut known = Vec::new();
    let mut elsewhere = false;
    for tenant in std::iter::once(here).chain(others) {
        let state = tenant.org.snapshot();
        let Some(app) = state.access().app(client_id) else { continue };
        if !call.admits(&tenant) {
            elsewhere = true;
            continue;
        }
        let app = Arc::clone(app);
        if username.is_none_or(|name| state.access().login(name).is_some()) {
            return Ok((tenant, app));
        }
        known.push((tenant, app));
    }
    // The app is known everywhere, the user is not.
    let nobody = if elsewhere { OAuthError::AuthenticationFailure } else { OAuthError::ClientIdInvalid };
    known.into_iter().next().ok_or(nobody)
}
