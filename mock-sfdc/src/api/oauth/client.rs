//! Which app asks, and whether it is who it says (`contract/oauth.md` section 3): client id and secret in the body, HTTP
//! Basic, or an assertion that its key has signed.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use mock_sfdc_org::access::{Assertion, ConnectedApp, OAuthError};

use super::{error::Refusal, form::Fields, jwt};
use crate::{call::Call, orgs::Tenant};

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// What a client says of itself, in as many places as it says it.
#[derive(Debug, Clone)]
pub struct Credentials {
    pub client_id: String,
    secrets: Vec<String>,
    assertion: Option<Box<Assertion>>,
}

impl Credentials {
    pub fn of(call: &Call, fields: &Fields) -> Result<Self, Refusal> {
        let basic = basic(call)?;
        let assertion = assertion(fields)?;
        let named = fields.filled("client_id").map(str::to_owned);
        let by_header = basic.as_ref().map(|(client_id, _)| client_id.clone());
        let by_assertion = assertion.as_ref().map(|assertion| assertion.issuer.clone());
        let client_id = named.or_else(|| by_header.clone()).or(by_assertion);
        let client_id = client_id.ok_or(OAuthError::ClientIdInvalid)?;
        if by_header.is_some_and(|other| other != client_id) {
            return Err(OAuthError::ClientCredentialsInvalid.into());
        }
        let in_form = fields.filled("client_secret").map(str::to_owned);
        let in_header = basic.map(|(_, secret)| secret).filter(|secret| !secret.is_empty());
        Ok(Self { client_id, secrets: in_header.into_iter().chain(in_form).collect(), assertion })
    }

    /// Whether it is this app. What is wrong is refused everywhere; that nothing is said only where the flow needs it.
    pub fn check(
        &self,
        call: &Call,
        tenant: &Tenant,
        app: &ConnectedApp,
        needed: bool,
    ) -> Result<(), OAuthError> {
        for secret in &self.secrets {
            app.check_secret(Some(secret), needed)?;
        }
        match &self.assertion {
            Some(assertion) => {
                assertion.check_client(app, &audiences(call, tenant), tenant.org.clock().now())
            }
            None if self.secrets.is_empty() => app.check_secret(None, needed),
            None => Ok(()),
        }
    }
}

fn assertion(fields: &Fields) -> Result<Option<Box<Assertion>>, Refusal> {
    let Some(text) = fields.filled("client_assertion") else { return Ok(None) };
    if fields.get("client_assertion_type") != Some(ASSERTION_TYPE) {
        return Err(OAuthError::AssertionTypeInvalid.into());
    }
    let assertion = jwt::read(text).ok_or(OAuthError::ClientCredentialsInvalid)?;
    Ok(Some(assertion.into()))
}

/// Client id and secret of an `Authorization: Basic`; another scheme says nothing of the client.
fn basic(call: &Call) -> Result<Option<(String, String)>, OAuthError> {
    let Some(header) = call.header("authorization") else { return Ok(None) };
    let (scheme, rest) = header.split_once(' ').unwrap_or((header, ""));
    if !scheme.eq_ignore_ascii_case("Basic") {
        return Ok(None);
    }
    let plain = STANDARD.decode(rest.trim()).ok().and_then(|plain| String::from_utf8(plain).ok());
    let pair = plain.as_deref().and_then(|plain| plain.split_once(':'));
    let (client_id, secret) = pair.ok_or(OAuthError::BasicHeaderInvalid)?;
    Ok(Some((client_id.to_owned(), secret.to_owned())))
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
    let here = Arc::clone(call.tenant.shared());
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
