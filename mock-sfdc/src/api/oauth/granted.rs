//! The answer of a successful grant (`contract/oauth.md` section 3): its keys in Salesforce's order.

use http::StatusCode;
use mock_sfdc_org::{
    access::{ConnectedApp, Tokens, signature},
    id::Id,
};

use super::{error, form::Format};
use crate::{call::Call, orgs::Tenant, reply::Reply};

/// The identity URL of a user.
#[must_use]
pub fn identity_url(call: &Call, tenant: &Tenant, user: Id) -> String {
    format!("{}/id/{}/{user}", call.login_url(tenant), tenant.org.snapshot().settings().organization_id)
}

#[must_use]
pub fn reply(call: &Call, tenant: &Tenant, app: &ConnectedApp, tokens: &Tokens, format: Format) -> Reply {
    let id = identity_url(call, tenant, tokens.user);
    let issued_at = tokens.issued_at.millis().to_string();
    let signature = signature(&app.client_secret, &id, &issued_at);
    let scope = tokens.scopes.to_string();
    let instance_url = call.instance_url(tenant);
    let mut pairs = vec![("access_token", tokens.access_token.as_str())];
    if let Some(refresh_token) = &tokens.refresh_token {
        pairs.push(("refresh_token", refresh_token));
    }
    pairs.extend([
        ("signature", signature.as_str()),
        ("scope", &scope),
        ("instance_url", &instance_url),
        ("id", &id),
        ("token_type", "Bearer"),
        ("issued_at", &issued_at),
        ("token_format", "opaque"),
        ("api_instance_url", &instance_url),
    ]);
    error::written(StatusCode::OK, format, &pairs)
}
