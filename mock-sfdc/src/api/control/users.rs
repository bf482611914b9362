//! `/_mock/orgs/{org}/users/{username}`: what stands in the way of a user's login.

use mock_sfdc_org::{access::Restriction, seed};
use serde::{Deserialize, Deserializer};
use serde_json::json;

use super::{missing, ok, org, read, wrong};
use crate::call::{Answer, Call};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    /// Null takes it away; left out it stays.
    #[serde(default, deserialize_with = "given")]
    restriction: Option<Option<Restriction>>,
}

/// What is there, be it null.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Restriction>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

pub fn change(call: &Call) -> Answer {
    let (tenant, change): (_, Change) = (org(call)?, read(call)?);
    let username = call.param("username");
    let restriction = change.restriction.ok_or_else(|| {
        wrong("say a restriction: frozen, locked, ipRestricted, rateLimited, or null for none")
    })?;
    let admin = seed::administrator(tenant.org.snapshot().settings());
    if tenant.in_transaction(admin, |tx| tx.access_mut().restrict(username, restriction)) {
        ok(&json!({ "username": username, "restriction": restriction }))
    } else {
        Err(missing(format!("{} has no user {username:?}", tenant.name)))
    }
}
