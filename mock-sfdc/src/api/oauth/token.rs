//! `/services/oauth2/token`: the grants (`contract/oauth.md` section 3).

use std::{convert::Infallible, sync::Arc};

use http::Method;
use mock_sfdc_org::access::{self, ConnectedApp, Door, OAuthError, Scopes, Tokens};

use super::{
    authorize::check_scope,
    client::{self, Credentials},
    error::Refusal,
    form::{Fields, Format},
    granted,
};
use crate::{
    call::{Answer, Call},
    orgs::Tenant,
    reply::Reply,
};

/// jsforce sends `code_verifier` with every grant, others repeat `redirect_uri`, `state` or `scope`.
const KNOWN: &[&str] = &[
    "grant_type",
    "client_id",
    "client_secret",
    "code",
    "redirect_uri",
    "code_verifier",
    "refresh_token",
    "username",
    "password",
    "scope",
    "state",
    "format",
];

/// Grants that Salesforce has and this mock does not have yet.
const OTHER_GRANTS: &[&str] = &[
    "device",
    "hybrid_auth_code",
    "hybrid_refresh",
    "urn:ietf:params:oauth:grant-type:jwt-bearer",
    "urn:ietf:params:oauth:grant-type:saml2-bearer",
    "urn:ietf:params:oauth:grant-type:token-exchange",
    "urn:ietf:params:oauth:grant-type:device_code",
];

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
    if fields.get("response_type") == Some("device_code") {
        return Err(Refusal::not_emulated("unsupported_response_type", "the device flow"));
    }
    let flow = fields.get("grant_type").unwrap_or_default();
    if OTHER_GRANTS.contains(&flow) {
        return Err(Refusal::not_emulated("unsupported_grant_type", &format!("the grant type {flow}")));
    }
    let flow: Flow = match flow {
        "authorization_code" => authorization_code,
        "refresh_token" => refresh_token,
        "password" => password,
        "client_credentials" => client_credentials,
        _ => return Err(OAuthError::GrantTypeUnsupported.into()),
    };
    let credentials = Credentials::of(call, fields)?;
    fields.only(call, KNOWN)?;
    let (tenant, app) = client::find(call, &credentials.client_id, fields.filled("username"))?;
    let asked = Asked { call, fields, secret: credentials.secret.as_deref(), tenant: &tenant, app: &app };
    let tokens = flow(&asked)?;
    Ok(granted::reply(call, &tenant, &app, &tokens, format))
}

/// A request whose app is known.
struct Asked<'a> {
    call: &'a Call,
    fields: &'a Fields,
    secret: Option<&'a str>,
    tenant: &'a Arc<Tenant>,
    app: &'a Arc<ConnectedApp>,
}

type Flow = fn(&Asked<'_>) -> Result<Tokens, Refusal>;

fn authorization_code(asked: &Asked<'_>) -> Result<Tokens, Refusal> {
    asked.app.check_secret(asked.secret, asked.app.secret_required)?;
    let code = asked.fields.filled("code").ok_or(OAuthError::CodeInvalid)?;
    let (redirect_uri, verifier) = (asked.fields.get("redirect_uri"), asked.fields.get("code_verifier"));
    let org = &asked.tenant.org;
    let nobody = org.snapshot().settings().organization_id;
    let tokens = org.transact(nobody, |tx| {
        access::exchange_code(tx, org.random(), asked.app, code, redirect_uri, verifier)
    });
    tokens.map_err(Refusal::from)
}

fn refresh_token(asked: &Asked<'_>) -> Result<Tokens, Refusal> {
    asked.app.check_secret(asked.secret, asked.app.secret_required)?;
    let token = asked.fields.filled("refresh_token").ok_or(OAuthError::RefreshTokenExpired)?;
    let org = &asked.tenant.org;
    let state = org.snapshot();
    if let Some(scope) = asked.fields.filled("scope") {
        let info = access::look_at_refresh_token(&state, token, org.clock().now());
        if info.is_some_and(|info| scope.parse() != Ok(info.scopes)) {
            return Err(Refusal::not_emulated("invalid_scope", "narrower scopes on a refresh"));
        }
    }
    let nobody = state.settings().organization_id;
    // The refusal is committed too: a replaced token that comes again ends its family.
    let tokens = org
        .transact(nobody, |tx| Ok::<_, Infallible>(access::refresh(tx, org.random(), asked.app, token)))
        .unwrap_or_else(|never| match never {});
    tokens.map_err(Refusal::from)
}

fn password(asked: &Asked<'_>) -> Result<Tokens, Refusal> {
    asked.app.check_secret(asked.secret, true)?;
    let scopes = check_scope(asked.app, asked.fields.get("scope"))?;
    let username = asked.fields.get("username").unwrap_or_default();
    let password = asked.fields.get("password").unwrap_or_default();
    let org = &asked.tenant.org;
    let user = access::log_in(&org.snapshot(), username, password, Door::Api, org.clock().now())
        .map_err(OAuthError::from)?;
    issue(asked, user, scopes)
}

fn client_credentials(asked: &Asked<'_>) -> Result<Tokens, Refusal> {
    asked.app.check_secret(asked.secret, true)?;
    if asked.call.host().is_login_host() {
        return Err(OAuthError::NotOnThisDomain.into());
    }
    let user = asked.app.run_as.ok_or(OAuthError::NoClientCredentialsUser)?;
    let scopes = check_scope(asked.app, asked.fields.get("scope"))?;
    issue(asked, user, scopes)
}

/// Tokens without a refresh token: both flows can simply be repeated.
fn issue(asked: &Asked<'_>, user: mock_sfdc_org::id::Id, scopes: Scopes) -> Result<Tokens, Refusal> {
    let org = &asked.tenant.org;
    let scopes = scopes.without(Scopes::REFRESH_TOKEN.with(Scopes::OFFLINE_ACCESS));
    let tokens =
        org.transact(user, |tx| access::issue_tokens(tx, org.random(), asked.app, user, scopes, false));
    tokens.map_err(Refusal::from)
}
