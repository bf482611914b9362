//! `/_mock/orgs`: make, fork, reset, keep and take back, delete.

use mock_sfdc_org::{clock::Clock, error::Result, seed, state::State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{created, missing, nothing_more, ok, org, read, wrong};
use crate::{
    call::{Answer, Call},
    fixtures,
    orgs::Tenant,
};

/// What a new org is to be.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct New {
    name: String,
    /// As in `fixtures/orgs/`; without one it begins as the default org began.
    fixture: Option<Box<serde_json::value::RawValue>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    name: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fork {
    name: String,
    /// Whether it is a sandbox: it then logs in at test.salesforce.com.
    #[serde(default)]
    sandbox: bool,
}

pub fn list(call: &Call) -> Answer {
    let orgs = call.server.orgs.all().iter().map(|tenant| told(call, tenant)).collect::<Vec<_>>();
    ok(&json!({ "orgs": orgs }))
}

pub fn get(call: &Call) -> Answer {
    ok(&told(call, &*org(call)?))
}

pub fn create(call: &Call) -> Answer {
    let new: New = read(call)?;
    let Some(json) = &new.fixture else {
        let first = call.server.orgs.default();
        return plant(call, &new.name, &first.seed, like(first.org.clock()));
    };
    let state = fixtures::from_text("fixture", json.get(), None).map_err(|error| wrong(error.to_string()))?;
    plant(call, &new.name, &state, Clock::system())
}

/// The org as it is now, under another name; its clock shows the same and goes its own way.
pub fn fork(call: &Call) -> Answer {
    let (original, new): (_, Fork) = (org(call)?, read(call)?);
    let now = original.org.snapshot();
    let clock = like(original.org.clock());
    if new.sandbox {
        return plant(call, &new.name, &seed::as_sandbox(&now), clock);
    }
    plant(call, &new.name, &now, clock)
}

fn plant(call: &Call, name: &str, state: &State, clock: Clock) -> Answer {
    let (tenant, token) = call.server.orgs.plant(name, state, clock).map_err(wrong)?;
    let mut answer = told(call, &tenant);
    answer["accessToken"] = json!(token);
    created(&answer)
}

fn like(clock: &Clock) -> Clock {
    let own = Clock::system();
    own.set(clock.now());
    if clock.is_frozen() {
        own.freeze_at(clock.now());
    }
    own
}

pub fn delete(call: &Call) -> Answer {
    call.server.orgs.remove(&org(call)?.name).map_err(wrong)?;
    nothing_more()
}

pub fn reset(call: &Call) -> Answer {
    org(call)?.reset();
    nothing_more()
}

pub fn snapshots(call: &Call) -> Answer {
    ok(&json!({ "snapshots": org(call)?.snapshots() }))
}

pub fn keep(call: &Call) -> Answer {
    let (tenant, new): (_, Named) = (org(call)?, read(call)?);
    tenant.keep(&new.name);
    created(&json!({ "name": new.name }))
}

pub fn restore(call: &Call) -> Answer {
    let tenant = org(call)?;
    let name = call.param("snapshot");
    let found = tenant.take_back(name);
    if found { nothing_more() } else { Err(no_snapshot(&tenant, name)) }
}

pub fn forget(call: &Call) -> Answer {
    let tenant = org(call)?;
    let name = call.param("snapshot");
    if tenant.forget(name) { nothing_more() } else { Err(no_snapshot(&tenant, name)) }
}

fn no_snapshot(tenant: &Tenant, name: &str) -> mock_sfdc_org::error::Error {
    let kept = tenant.snapshots();
    let list = if kept.is_empty() { "none".to_owned() } else { kept.join(", ") };
    missing(format!("{} has no snapshot {name:?}; kept: {list}", tenant.name))
}

/// Everything that a client needs to come in.
pub(super) fn told(call: &Call, tenant: &Tenant) -> Value {
    let state = tenant.org.snapshot();
    let settings = state.settings();
    let users = state
        .access()
        .logins()
        .map(|login| {
            json!({
                "id": login.user,
                "username": login.username,
                "password": login.password,
                "securityToken": login.security_token,
            })
        })
        .collect::<Vec<_>>();
    let apps = state
        .access()
        .apps()
        .map(|app| json!({ "name": app.name, "clientId": app.client_id, "clientSecret": app.client_secret }))
        .collect::<Vec<_>>();
    let admin = crate::mock::credentials(tenant, seed::administrator(settings));
    json!({
        "name": tenant.name,
        "url": url(call, tenant),
        "organizationId": settings.organization_id,
        "edition": settings.edition,
        "sandbox": settings.sandbox,
        "login": {
            "username": admin.username,
            "password": admin.password,
            "securityToken": admin.security_token,
        },
        "users": users,
        "connectedApps": apps,
        "snapshots": tenant.snapshots(),
    })
}

/// Where the org answers to anybody, even before a login: the default one at the server's own address, others behind their name.
fn url(call: &Call, tenant: &Tenant) -> String {
    if tenant.name == call.server.orgs.default().name {
        return call.base.clone();
    }
    let (scheme, host) = call.base.split_once("://").unwrap_or(("http", &call.base));
    let port = host.rsplit_once(':').map_or(String::new(), |(_, port)| format!(":{port}"));
    format!("{scheme}://{}.localhost{port}", tenant.name)
}

/// A name that can stand before `.localhost`.
pub fn check_name(name: &str) -> Result<(), String> {
    let fits = (1..=40).contains(&name.len())
        && name.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-')
        && !name.starts_with('-')
        && !name.ends_with('-');
    if fits && name != "default" {
        Ok(())
    } else {
        Err(format!("{name:?} cannot name an org: 1 to 40 of a-z, 0-9 and -, and not \"default\""))
    }
}
