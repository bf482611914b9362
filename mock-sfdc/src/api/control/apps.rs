//! `/_mock/orgs/{org}/connectedApps`: what an administrator lets ask for tokens.

use mock_sfdc_org::{access::AppDefinition, id::Id, seed};
use serde_json::{Value, json};

use super::{created, missing, nothing_more, ok, org, read, wrong};
use crate::call::{Answer, Call};

/// Everything about each, secrets included: the caller has the control token.
pub fn list(call: &Call) -> Answer {
    let tenant = org(call)?;
    let state = tenant.org.snapshot();
    let apps: Vec<Value> =
        state.access().apps().filter_map(|app| serde_json::to_value(&**app).ok()).collect();
    ok(&json!({ "connectedApps": apps }))
}

/// Adds an app as a fixture writes it, its people by username or id, or changes the one of the same client id; tokens that it has
/// stay.
pub fn add(call: &Call) -> Answer {
    let (tenant, definition): (_, AppDefinition) = (org(call)?, read(call)?);
    let state = tenant.org.snapshot();
    let user = |key: &str, name: &str| {
        let by_name = state.access().login(name).map(|login| login.user);
        let by_id = || Id::parse(name).filter(|id| id.prefix() == *b"005" && state.find(*id).is_some());
        by_name.or_else(by_id).ok_or_else(|| wrong(format!("{key}: {} has no user {name:?}", tenant.name)))
    };
    let app = definition.app(&state, user, |key, problem| wrong(format!("{key}: {problem}")))?;
    let shown = serde_json::to_value(&app).unwrap_or_default();
    let admin = seed::administrator(state.settings());
    tenant.in_transaction(admin, |tx| tx.access_mut().add_app(app));
    created(&shown)
}

/// Takes an app away, and every token that it has.
pub fn remove(call: &Call) -> Answer {
    let tenant = org(call)?;
    let admin = seed::administrator(tenant.org.snapshot().settings());
    let client_id = call.param("clientId");
    let there = tenant.in_transaction(admin, |tx| tx.access_mut().remove_app(client_id));
    if there {
        nothing_more()
    } else {
        Err(missing(format!("{} has no connected app {client_id:?}", tenant.name)))
    }
}
