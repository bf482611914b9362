//! `/services/oauth2/token`: which grant is asked for, and by whom (`contract/oauth.md` section 3). What each does is in
//! `grants.rs`.

use std::sync::Arc;

use http::Method;
use mock_sfdc_org::access::{ConnectedApp, OAuthError, Tokens};

use super::{
    client::{self, Credentials},
    device,
    error::Refusal,
    form::{Fields, Format},
    granted, grants, jwt,
};
use crate::{
    call::{Answer, Call},
    orgs::Tenant,
    reply::Reply,
};

/// jsforce sends `code_verifier` with every grant, others repeat `redirect_uri`, `state` or `scope`.
const KNOWN: &[&str] = &[
    "grant_type",
    "response_type",
    "client_id",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
    "code",
    "redirect_uri",
    "code_verifier",
    "refresh_token",
    "username",
    "password",
    "assertion",
    "subject_token",
    "subject_token_type",
    "token_handler",
    "scope",
    "state",
    "format",
];

const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// Grants that Salesforce has and this mock has not.
const OTHER_GRANTS: &[&str] =
    &["hybrid_auth_code", "hybrid_refresh", "urn:ietf:params:oauth:grant-type:saml2-bearer", "assertion"];

/// `POST /services/oauth2/token`.
pub fn token(call: &Call) -> Answer {
    let fields = Fields::of(call);
    let format = match fields.format(call) {
        Ok(format) => format,
        Err(refusal) => return Ok(refusal.reply(Format::Json)),
    };
    Ok(grant(call, &fields, format).unwrap_or_else(|refusal| refusal.reply(format)))
}

fn grant(call: &Call, fields: &Fields, format: Format) -> Result<Reply, Refusal> {
    if call.method != Method::POST {
        return Err(OAuthError::UsePost.into());
    }
    let flow = fields.get("grant_type").unwrap_or_default();
    if OTHER_GRANTS.contains(&flow) {
        return Err(Refusal::not_emulated("unsupported_grant_type", &format!("the grant type {flow}")));
    }
    if flow == JWT_BEARER {
        fields.only(call, KNOWN)?;
        return bear(call, fields, format);
    }
    let begins_device = fields.get("response_type") == Some("device_code");
    let flow: Option<grants::Flow> = match flow {
        "" if begins_device => None,
        "authorization_code" => Some(grants::authorization_code),
        "refresh_token" => Some(grants::refresh_token),
        "password" => Some(grants::password),
        "client_credentials" => Some(grants::client_credentials),
        "device" => Some(grants::device),
        "urn:ietf:params:oauth:grant-type:token-exchange" => Some(grants::token_exchange),
        _ => return Err(OAuthError::GrantTypeUnsupported.into()),
    };
    let credentials = Credentials::of(call, fields)?;
    fields.only(call, KNOWN)?;
    let (tenant, app) = client::find(call, &credentials.client_id, fields.filled("username"))?;
    let asked = Asked { call, fields, credentials: &credentials, tenant: &tenant, app: &app };
    match flow {
        None => device::begin(&asked, format),
        Some(flow) => Ok(granted::reply(call, &tenant, &app, &flow(&asked)?, format)),
    }
}

/// The JWT bearer flow says who asks in the assertion.
fn bear(call: &Call, fields: &Fields, format: Format) -> Result<Reply, Refusal> {
    let assertion = jwt::read(fields.get("assertion").unwrap_or_default());
    let assertion = assertion.ok_or(OAuthError::AssertionInvalid)?;
    let found = client::find(call, &assertion.issuer, Some(&assertion.subject));
    let (tenant, app) = found.map_err(|error| match error {
        OAuthError::AuthenticationFailure => OAuthError::NotApproved,
        other => other,
    })?;
    let tokens = grants::bear(call, &tenant, &app, &assertion)?;
    Ok(granted::reply(call, &tenant, &app, &tokens, format))
}

/// A request whose app is known.
#[derive(Debug)]
pub struct Asked<'a> {
    pub call: &'a Call,
    pub fields: &'a Fields,
    pub credentials: &'a Credentials,
    pub tenant: &'a Arc<Tenant>,
    pub app: &'a Arc<ConnectedApp>,
}

impl Asked<'_> {
    /// Whether the app is who it says.
    pub fn check_client(&self, secret_needed: bool) -> Result<(), OAuthError> {
        self.credentials.check(self.call, self.tenant, self.app, secret_needed)
    }
}

pub type Granted = Result<Tokens, Refusal>;
