//! Which app asks, and whether it is who it says (`contract/oauth.md` section 3): client id and secret in the body, HTTP
//! Basic, or an assertion that its key has signed.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use mock_sfdc_org::access::{Assertion, ConnectedApp, OAuthError};

use super::{error::Refusal, form::Fields, jwt};
use crate::{call::Call, orgs::Tenant};

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// What a client says of itself.
#[derive(Debug, Clone)]
pub struct Credentials {
    pub client_id: String,
    proof: Proof,
}

#[derive(Debug, Clone)]
enum Proof {
    Nothing,
    Secret(String),
    Assertion(Box<Assertion>),
}

impl Credentials {
    pub fn of(call: &Call, fields: &Fields) -> Result<Self, Refusal> {
        if let Some(text) = fields.filled("client_assertion") {
            if fields.get("client_assertion_type") != Some(ASSERTION_TYPE) {
                return Err(OAuthError::AssertionTypeInvalid.into());
            }
            let assertion = jwt::read(text).ok_or(OAuthError::ClientCredentialsInvalid)?;
            let client_id = fields.filled("client_id").unwrap_or(&assertion.issuer).to_owned();
            return Ok(Self { client_id, proof: Proof::Assertion(assertion.into()) });
        }
        if let Some(client_id) = fields.filled("client_id") {
            let secret = fields.filled("client_secret").map(str::to_owned);
            return Ok(Self {
                client_id: client_id.to_owned(),
                proof: secret.map_or(Proof::Nothing, Proof::Secret),
            });
        }
        basic(call).ok_or_else(|| OAuthError::ClientIdInvalid.into())
    }

    /// Whether it is this app. A wrong secret is refused everywhere; a missing one only where the flow needs one.
    pub fn check(
        &self,
        call: &Call,
        tenant: &Tenant,
        app: &ConnectedApp,
        needed: bool,
    ) -> Result<(), OAuthError> {
        match &self.proof {
            Proof::Nothing => app.check_secret(None, needed),
            Proof::Secret(secret) => app.check_secret(Some(secret), needed),
            Proof::Assertion(assertion) => {
                assertion.check_client(app, &audiences(call, tenant), tenant.org.clock().now())
            }
        }
    }
}

fn basic(call: &Call) -> Option<Credentials> {
    let (scheme, rest) = call.header("authorization")?.split_once(' ')?;
    let plain = scheme.eq_ignore_ascii_case("Basic").then(|| STANDARD.decode(rest.trim()).ok()).flatten()?;
    let plain = String::from_utf8(plain).ok()?;
    let (client_id, secret) = plain.split_once(':')?;
    Some(Credentials { client_id: client_id.to_owned(), proof: Proof::Secret(secret.to_owned()) })
}

/// Whom an assertion may be meant for: this server by any of its names, and the login host that the org's users know.
#[must_use]
pub fn audiences(call: &Call, tenant: &Tenant) -> Vec<String> {
    let sandbox = tenant.org.snapshot().settings().sandbox;
    let login = if sandbox { "https://test.salesforce.com" } else { "https://login.salesforce.com" };
    let names = [call.base.clone(), call.instance_url(tenant), call.login_url(tenant), login.to_owned()];
    names.iter().flat_map(|name| [name.clone(), format!("{name}/services/oauth2/token")]).collect()
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
