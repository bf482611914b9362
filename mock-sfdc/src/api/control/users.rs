//! `/_mock/orgs/{org}/users/{username}`: what stands in the way of a user's login.

use mock_sfdc_org::{access::Restriction, seed};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{missing, ok, org, read, wrong};
use crate::call::{Answer, Call};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    /// Null takes it away.
    restriction: Value,
}

pub fn change(call: &Call) -> Answer {
    let (tenant, change): (_, Change) = (org(call)?, read(call)?);
    let username = call.param("username");
    let restriction: Option<Restriction> = serde_json::from_value(change.restriction).map_err(|_| {
        wrong("a restriction is frozen, locked, ipRestricted, rateLimited, passwordExpired, or null for none")
    })?;
    let admin = seed::administrator(tenant.org.snapshot().settings());
    if tenant.in_transaction(admin, |tx| tx.access_mut().restrict(username, restriction)) {
        ok(&json!({ "username": username, "restriction": restriction }))
    } else {
        Err(missing(format!("{} has no user {username:?}", tenant.name)))
    }
}
