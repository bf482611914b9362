//! `/login`: the login page by itself, and what it posts to.

use std::sync::Arc;

use mock_sfdc_org::{
    access::{self, Door, LoginError, NewSession, SessionKind},
    id::Id,
};

use super::{
    cookie,
    form::Fields,
    page::{self, Display},
};
use crate::{
    call::{Answer, Call},
    orgs::Tenant,
    reply::Reply,
};

/// `GET /login`: the page, or who is logged in already.
pub fn show(call: &Call) -> Answer {
    if let Some((tenant, session)) = cookie::session(call) {
        let state = tenant.org.snapshot();
        let username = state.access().login_of(session.user).map_or("", |login| login.username.as_str());
        return Ok(page::home(&state.settings().name, username));
    }
    let state = call.org().snapshot();
    let hint = call.query("un").unwrap_or_default();
    let start = call.query("startURL").unwrap_or_default();
    Ok(page::log_in(Display::Page, &state.settings().name, hint, start, None))
}

/// `POST /login`: a cookie and on to where the page came from, or the page again.
pub fn submit(call: &Call) -> Answer {
    let fields = Fields::of(call);
    let username = fields.get("username").or(fields.get("un")).unwrap_or_default();
    let password = fields.get("pw").unwrap_or_default();
    let start = fields.filled("startURL").unwrap_or("/login");
    match log_in(call, username, password) {
        Ok((tenant, user)) => {
            let new = NewSession::of(user, SessionKind::Browser);
            let token = tenant.in_transaction(user, |tx| access::open_session(tx, tenant.org.random(), new));
            Ok(Reply::redirect(&local(call, start)).with(http::header::SET_COOKIE, &cookie::set(&token)))
        }
        Err(error) => {
            let display = start
                .split_once('?')
                .and_then(|(_, query)| Display::read(Fields::read(query).get("display")));
            let display = display.unwrap_or(Display::Page);
            let state = call.org().snapshot();
            Ok(page::log_in(display, &state.settings().name, username, start, Some(words(error))))
        }
    }
}

fn log_in(call: &Call, username: &str, password: &str) -> Result<(Arc<Tenant>, Id), LoginError> {
    let tenant = home_of(call, username).ok_or(LoginError::WrongCredentials)?;
    let now = tenant.org.clock().now();
    let state = tenant.org.snapshot();
    let user = access::log_in(&state, username, password, Door::Page, now)?;
    access::may_come_from(&state, user, call.peer)?;
    if access::password_expired(&state, user) {
        return Err(LoginError::PasswordExpired);
    }
    Ok((tenant, user))
}

/// The org of a username: the one that the request names, else the first that knows it, of those that log in at this host.
pub(crate) fn home_of(call: &Call, username: &str) -> Option<Arc<Tenant>> {
    let knows = |tenant: &Arc<Tenant>| tenant.org.snapshot().access().login(username).is_some();
    let others = call.server.orgs.all();
    let all = std::iter::once(Arc::clone(call.tenant.shared())).chain(others);
    all.filter(|tenant| call.admits(tenant)).find(knows)
}

/// An address on this server, whatever the form says: a login must not lead elsewhere.
pub fn local(call: &Call, start: &str) -> String {
    let path = if start.starts_with('/') && !start.starts_with("//") { start } else { "/login" };
    format!("{}{path}", call.base)
}

fn words(error: LoginError) -> &'static str {
    match error {
        LoginError::WrongCredentials | LoginError::Frozen | LoginError::Locked => {
            "Please check your username and password. If you still can't log in, contact your Salesforce administrator."
        }
        LoginError::InactiveUser => "This user is inactive. Contact your Salesforce administrator.",
        LoginError::IpRestricted | LoginError::Hours => {
            "You can't log in from this network or at this hour. Contact your Salesforce administrator."
        }
        LoginError::PasswordExpired => "Your password has expired. Contact your Salesforce administrator.",
        LoginError::RateLimited => "There were too many logins. Try again later.",
        LoginError::OrgSuspended => "This org is locked, closed, or suspended.",
    }
}
