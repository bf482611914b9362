//! The answer of a successful grant (`contract/oauth.md` sections 2 and 3): its members in Salesforce's order.

use http::StatusCode;
use mock_sfdc_org::{
    access::{ConnectedApp, Tokens, signature},
    id::Id,
};

use super::{error, form::Format, id_token};
use crate::{call::Call, orgs::Tenant, reply::Reply};

/// The identity URL of a user.
#[must_use]
pub fn identity_url(call: &Call, tenant: &Tenant, user: Id) -> String {
    format!("{}/id/{}/{user}", call.login_url(tenant), tenant.org.snapshot().settings().organization_id)
}

/// As the token endpoint answers.
const IN_A_BODY: &[&str] = &[
    "access_token",
    "refresh_token",
    "signature",
    "scope",
    "id_token",
    "instance_url",
    "id",
    "token_type",
    "issued_at",
    "token_format",
    "api_instance_url",
];

/// As they stand behind the address of a user-agent app.
const IN_A_FRAGMENT: &[&str] = &[
    "access_token",
    "refresh_token",
    "instance_url",
    "id",
    "issued_at",
    "signature",
    "scope",
    "id_token",
    "token_type",
];

type Pairs = Vec<(&'static str, String)>;

fn pairs(call: &Call, tenant: &Tenant, app: &ConnectedApp, tokens: &Tokens, order: &[&'static str]) -> Pairs {
    let id = identity_url(call, tenant, tokens.user);
    let issued_at = tokens.issued_at.millis().to_string();
    let value = |name: &str| match name {
        "access_token" => Some(tokens.access_token.clone()),
        "refresh_token" => tokens.refresh_token.clone(),
        "signature" => Some(signature(&app.client_secret, &id, &issued_at)),
        "scope" => Some(tokens.scopes.to_string()),
        "id_token" => id_token::of(call, tenant, app, tokens),
        "instance_url" | "api_instance_url" => Some(call.instance_url(tenant)),
        "id" => Some(id.clone()),
        "token_type" => Some("Bearer".to_owned()),
        "issued_at" => Some(issued_at.clone()),
        _ => Some("opaque".to_owned()),
    };
    order.iter().filter_map(|name| Some((*name, value(name)?))).collect()
}

#[must_use]
pub fn reply(call: &Call, tenant: &Tenant, app: &ConnectedApp, tokens: &Tokens, format: Format) -> Reply {
    let pairs = pairs(call, tenant, app, tokens, IN_A_BODY);
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
    error::written(StatusCode::OK, format, &pairs)
}

/// What the user-agent flow puts behind the `#`.
#[must_use]
pub fn fragment(call: &Call, tenant: &Tenant, app: &ConnectedApp, tokens: &Tokens) -> Pairs {
    pairs(call, tenant, app, tokens, IN_A_FRAGMENT)
}
