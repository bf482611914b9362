//! The grants of the token endpoint, one function each: parameters taken out, the org asked (`contract/oauth.md` section 3).

use std::convert::Infallible;

use mock_sfdc_org::{
    access::{self, Assertion, ConnectedApp, Door, OAuthError, Scopes, SubjectToken, Tokens},
    id::Id,
    state::Transaction,
};

use super::{
    client,
    error::Refusal,
    jwt,
    token::{Asked, Granted},
};
use crate::{call::Call, orgs::Tenant};

pub type Flow = fn(&Asked<'_>) -> Granted;

/// A transaction whose refusal is committed too: what a refused request has used up or given away stays so.
fn commit(
    tenant: &Tenant,
    work: impl FnOnce(&mut Transaction) -> Result<Tokens, OAuthError>,
) -> Result<Tokens, Refusal> {
    let nobody = tenant.org.snapshot().settings().organization_id;
    let done = tenant.org.transact(nobody, |tx| Ok::<_, Infallible>(work(tx)));
    done.unwrap_or_else(|never| match never {}).map_err(Refusal::from)
}

pub fn authorization_code(asked: &Asked<'_>) -> Granted {
    asked.check_client(asked.app.secret_required)?;
    let code = asked.fields.filled("code").ok_or(OAuthError::CodeInvalid)?;
    let (redirect_uri, verifier) = (asked.fields.get("redirect_uri"), asked.fields.get("code_verifier"));
    let org = &asked.tenant.org;
    let nobody = org.snapshot().settings().organization_id;
    let tokens = org.transact(nobody, |tx| {
        access::exchange_code(tx, org.random(), asked.app, code, redirect_uri, verifier)
    });
    tokens.map_err(Refusal::from)
}

pub fn refresh_token(asked: &Asked<'_>) -> Granted {
    asked.check_client(asked.app.needs_secret_to_refresh())?;
    let token = asked.fields.filled("refresh_token").ok_or(OAuthError::RefreshTokenExpired)?;
    let org = &asked.tenant.org;
    if let Some(scope) = asked.fields.filled("scope") {
        let info = access::look_at_refresh_token(&org.snapshot(), token, org.clock().now());
        if info.is_some_and(|info| scope.parse() != Ok(info.scopes)) {
            return Err(Refusal::not_emulated("invalid_scope", "narrower scopes on a refresh"));
        }
    }
    // A replaced token that comes again ends its family.
    commit(asked.tenant, |tx| access::refresh(tx, org.random(), asked.app, token))
}

pub fn password(asked: &Asked<'_>) -> Granted {
    asked.check_client(true)?;
    let scopes = asked.app.check_scope(asked.fields.get("scope"))?;
    let username = asked.fields.get("username").unwrap_or_default();
    let password = asked.fields.get("password").unwrap_or_default();
    let state = asked.tenant.org.snapshot();
    let user = access::recognize(&state, username, password, Door::Api).map_err(OAuthError::from)?;
    asked.app.check_address(&state, user, asked.call.peer)?;
    if access::password_expired(&state, user) {
        return Err(OAuthError::AuthenticationFailure.into());
    }
    issue(asked, user, scopes)
}

pub fn client_credentials(asked: &Asked<'_>) -> Granted {
    asked.check_client(true)?;
    if asked.call.host().is_login_host() {
        return Err(OAuthError::NotOnThisDomain.into());
    }
    let user = asked.app.run_as.ok_or(OAuthError::NoClientCredentialsUser)?;
    let scopes = asked.app.check_scope(asked.fields.get("scope"))?;
    issue(asked, user, scopes)
}

/// Tokens without a refresh token: both flows can simply be repeated.
fn issue(asked: &Asked<'_>, user: Id, scopes: Scopes) -> Granted {
    let org = &asked.tenant.org;
    let scopes = scopes.without(Scopes::REFRESH_TOKEN.with(Scopes::OFFLINE_ACCESS));
    let tokens =
        org.transact(user, |tx| access::issue_tokens(tx, org.random(), asked.app, user, scopes, false));
    tokens.map_err(Refusal::from)
}

/// The device asks whether somebody has entered its code. Devices keep no secrets.
pub fn device(asked: &Asked<'_>) -> Granted {
    asked.check_client(false)?;
    let code = asked.fields.filled("code").ok_or(OAuthError::DeviceCodeInvalid)?;
    commit(asked.tenant, |tx| access::poll_device(tx, asked.tenant.org.random(), asked.app, code))
}

pub fn bear(call: &Call, tenant: &Tenant, app: &ConnectedApp, assertion: &Assertion) -> Granted {
    let here = client::audiences(call, tenant);
    commit(tenant, |tx| access::bear(tx, tenant.org.random(), app, assertion, &here))
}

const TOKEN_TYPE: &str = "urn:ietf:params:oauth:token-type:";

pub fn token_exchange(asked: &Asked<'_>) -> Granted {
    asked.check_client(asked.app.secret_required)?;
    if asked.call.host().is_login_host() {
        return Err(OAuthError::NotOnThisDomain.into());
    }
    let text = asked.fields.filled("subject_token").ok_or(OAuthError::SubjectTokenInvalid)?;
    let kind = asked.fields.get("subject_token_type").unwrap_or_default();
    let token = match kind.strip_prefix(TOKEN_TYPE).unwrap_or_default().to_ascii_lowercase().as_str() {
        "access_token" | "refresh_token" => {
            jwt::read(text).map_or_else(|| SubjectToken::Opaque(text.to_owned()), SubjectToken::Jwt)
        }
        "id_token" | "jwt" => SubjectToken::Jwt(jwt::read(text).ok_or(OAuthError::SubjectTokenInvalid)?),
        "saml2" => return Err(Refusal::not_emulated("unsupported_token_type", "SAML assertions")),
        _ => return Err(OAuthError::TokenTypeUnsupported.into()),
    };
    let handler = asked.fields.filled("token_handler");
    let scopes = asked.app.check_scope(asked.fields.get("scope"))?;
    let random = asked.tenant.org.random();
    commit(asked.tenant, |tx| access::exchange_token(tx, random, asked.app, handler, &token, scopes))
}
