//! The browser's session: Salesforce keeps it in a cookie named `sid`.

use std::sync::Arc;

use crate::{
    call::{Call, Session},
    orgs::Tenant,
};

/// The session of the browser that asks, in whatever org it is.
#[must_use]
pub fn session(call: &Call) -> Option<(Arc<Tenant>, Session)> {
    let mut cookies = call.header("cookie")?.split(';');
    let token = cookies.find_map(|cookie| cookie.trim().strip_prefix("sid="))?;
    let tenant = call.server.orgs.mentioned_in(token)?;
    let session = tenant.session_from(token, call.peer)?;
    Some((tenant, session))
}

/// What takes it away.
pub const FORGET: &str = "sid=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax";

/// What sets it. Not sent by other sites' forms, not readable by scripts.
#[must_use]
pub fn set(token: &str) -> String {
    format!("sid={token}; Path=/; HttpOnly; SameSite=Lax")
}
