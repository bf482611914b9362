//! `POST /services/oauth2/introspect`: what a token of one's own app is still good for (`contract/oauth.md` section 6).

use http::{Method, StatusCode};
use mock_sfdc_org::{
    access::{self, OAuthError, Scopes},
    id::Id,
    value::DateTime,
};
use serde_json::json;

use super::{
    client::{self, Credentials},
    error::{Refusal, private},
    form::{Fields, Format},
    granted::identity_url,
};
use crate::{
    call::{Answer, Call},
    orgs::Tenant,
    reply::Reply,
};

const KNOWN: &[&str] =
    &["token", "token_type_hint", "client_id", "client_secret", "client_assertion", "client_assertion_type"];

pub fn introspect(call: &Call) -> Answer {
    let fields = Fields::of(call);
    Ok(look(call, &fields).unwrap_or_else(|refusal| refusal.reply(Format::Json)))
}

/// A token that is good, of either kind.
struct Found {
    kind: &'static str,
    /// Empty for a session that no app has asked for.
    client_id: String,
    user: Id,
    scopes: Scopes,
    created_at: DateTime,
    expires_at: Option<DateTime>,
}

fn look(call: &Call, fields: &Fields) -> Result<Reply, Refusal> {
    if call.method != Method::POST {
        return Err(OAuthError::UsePost.into());
    }
    fields.only(call, KNOWN)?;
    let unauthorized = |refusal| Refusal { status: StatusCode::UNAUTHORIZED, ..refusal };
    let credentials = Credentials::of(call, fields).map_err(unauthorized)?;
    let client_id = credentials.client_id.as_str();
    let (known, app) = client::find(call, client_id, None).map_err(|error| unauthorized(error.into()))?;
    credentials.check(call, &known, &app, app.secret_required).map_err(|error| unauthorized(error.into()))?;
    let token = fields.get("token").ok_or(OAuthError::TokenMissing)?;
    let tenant = call.server.orgs.mentioned_in(token).unwrap_or(known);
    let found = find(&tenant, token);
    let may_know = |found: &Found| found.client_id == client_id || app.introspects_all_tokens;
    let answer = match found.filter(may_know) {
        None => json!({ "active": false }),
        Some(found) => written(call, &tenant, &found),
    };
    Ok(private(Reply::json(StatusCode::OK, answer.to_string())))
}

fn find(tenant: &Tenant, token: &str) -> Option<Found> {
    let (state, now) = (tenant.org.snapshot(), tenant.org.clock().now());
    if let Some(session) = access::look_at_session(&state, token, now) {
        return Some(Found {
            kind: "access_token",
            client_id: session.client_id.unwrap_or_default().into(),
            user: session.user,
            scopes: session.scopes,
            created_at: session.created_at,
            expires_at: Some(session.expires_at),
        });
    }
    let refresh = access::look_at_refresh_token(&state, token, now)?;
    Some(Found {
        kind: "refresh_token",
        client_id: refresh.client_id.into(),
        user: refresh.user,
        scopes: refresh.scopes,
        created_at: refresh.created_at,
        expires_at: refresh.expires_at,
    })
}

fn written(call: &Call, tenant: &Tenant, found: &Found) -> serde_json::Value {
    let state = tenant.org.snapshot();
    let username = state.access().login_of(found.user).map_or("", |login| login.username.as_str());
    let seconds = |at: DateTime| at.millis().div_euclid(1_000);
    let mut answer = json!({
        "active": true,
        "scope": found.scopes.to_string(),
        "client_id": found.client_id,
        "username": username,
        "sub": identity_url(call, tenant, found.user),
        "token_type": found.kind,
    });
    if let Some(object) = answer.as_object_mut() {
        if let Some(expires_at) = found.expires_at {
            object.insert("exp".to_owned(), json!(seconds(expires_at)));
        }
        object.insert("iat".to_owned(), json!(seconds(found.created_at)));
        object.insert("nbf".to_owned(), json!(seconds(found.created_at)));
    }
    answer
}
