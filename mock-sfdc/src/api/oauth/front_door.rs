//! From an API session to a browser's, and out again: `/services/oauth2/singleaccess`, `/secur/frontdoor.jsp`,
//! `/secur/logout.jsp`, as `sf org open` needs them.

use std::sync::Arc;

use http::{StatusCode, header};
use mock_sfdc_org::access::{self, NewSession, Scopes, SessionKind};
use serde_json::json;

use super::{
    cookie,
    error::private,
    form::Fields,
    login::local,
    page::{self, Display},
    person::{Word, asker},
};
use crate::{
    call::{Answer, Call, Session},
    orgs::Tenant,
    reply::Reply,
};

/// Whether a session may become a browser's.
fn reaches_pages(session: &Session) -> bool {
    session.scopes.has(Scopes::WEB) || session.scopes.has(Scopes::FULL)
}

/// `/services/oauth2/singleaccess`: an address that logs a browser in, once.
pub fn single_access(call: &Call) -> Answer {
    Ok(offer(call).unwrap_or_else(Word::reply))
}

fn offer(call: &Call) -> Result<Reply, Word> {
    let (tenant, session) = asker(call)?;
    if !reaches_pages(&session) {
        return Err(Word(StatusCode::FORBIDDEN, "Invalid_Scope"));
    }
    let fields = Fields::of(call);
    let password = tenant.in_transaction(session.user, |tx| {
        access::offer_single_access(tx, tenant.org.random(), session.user)
    });
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("otp", &password);
    if let Some(start) = fields.filled("redirect_uri") {
        query.append_pair("startURL", start);
    }
    let address = format!("{}/secur/frontdoor.jsp?{}", call.instance_url(&tenant), query.finish());
    Ok(private(Reply::json(StatusCode::OK, json!({ "frontdoor_uri": address }).to_string())))
}

/// `/secur/frontdoor.jsp`: a session id or a one-time password becomes the browser's cookie. Who is not let in sees the login
/// page, as in a real org.
pub fn enter(call: &Call) -> Answer {
    let fields = Fields::of(call);
    let start = ["retURL", "startURL"].iter().find_map(|name| fields.filled(name)).unwrap_or("/login");
    let entered = fields
        .filled("otp")
        .and_then(|password| by_password(call, password))
        .or_else(|| fields.filled("sid").and_then(|token| by_session(call, token)));
    let Some(token) = entered else {
        let state = call.org().snapshot();
        return Ok(page::log_in(Display::Page, &state.settings().name, "", start, None));
    };
    // The Salesforce CLI names a page without the slash before it.
    let start = format!("/{}", start.trim_start_matches('/'));
    Ok(Reply::redirect(&local(call, &start)).with(header::SET_COOKIE, &cookie::set(&token)))
}

fn by_password(call: &Call, password: &str) -> Option<String> {
    // It names no org, and whoever has it was told the org's own address or that of a server with one org.
    let all = std::iter::once(Arc::clone(call.tenant.shared())).chain(call.server.orgs.all());
    all.into_iter().find_map(|tenant| {
        let nobody = tenant.org.snapshot().settings().organization_id;
        tenant.in_transaction(nobody, |tx| access::take_single_access(tx, tenant.org.random(), password))
    })
}

fn by_session(call: &Call, token: &str) -> Option<String> {
    let tenant: Arc<Tenant> = call.server.orgs.mentioned_in(token)?;
    let session = tenant.session_from(token, call.peer).filter(reaches_pages)?;
    let new = NewSession::of(session.user, SessionKind::Browser);
    Some(tenant.in_transaction(session.user, |tx| access::open_session(tx, tenant.org.random(), new)))
}

/// `/secur/logout.jsp`: ends the browser's session.
pub fn leave(call: &Call) -> Answer {
    if let Some((tenant, session)) = cookie::session(call) {
        tenant.expire(&session);
    }
    Ok(Reply::redirect(&local(call, "/login")).with(header::SET_COOKIE, cookie::FORGET))
}
