//! `/_mock/orgs/{org}/outbound`: the queue of outbound messages, its states and attempts.

use std::collections::BTreeMap;

use mock_sfdc_org::{outbound::DeliveryState, seed};
use serde_json::json;

use super::{nothing_more, ok, org, read, wrong};
use crate::{
    call::{Answer, Call},
    orgs::Tenant,
    outbound,
};

fn shown(tenant: &Tenant) -> Answer {
    let state = tenant.org.snapshot();
    let rows = state.outbound().notifications().map(|one| {
        let message = state.rules().outbound_message(one.message).map(|message| &message.definition);
        let name = message.map(|message| message.full_name.as_str());
        let endpoint = name.and_then(|name| state.outbound().endpoint(name));
        let object = state.schema().by_index(one.object);
        json!({
            "id": one.id,
            "actionId": one.message,
            "message": name,
            "endpoint": endpoint.or(message.map(|message| message.endpoint_url.as_str())),
            "object": object.map(|object| object.name.as_str()),
            "record": one.record,
            "state": match one.state {
                DeliveryState::Pending => "pending",
                DeliveryState::Delivered => "delivered",
                DeliveryState::Dead => "dead",
            },
            "queuedAt": one.queued_at.to_zulu(),
            "nextAttempt": (one.state == DeliveryState::Pending).then(|| one.next_attempt.to_zulu()),
            "attempts": one.attempts.iter().map(|attempt| json!({
                "at": attempt.at.to_zulu(),
                "error": attempt.error,
            })).collect::<Vec<_>>(),
        })
    });
    ok(&json!({ "notifications": rows.collect::<Vec<_>>() }))
}

pub fn list(call: &Call) -> Answer {
    shown(&*org(call)?)
}

/// Tries whatever waits, now, and tells how it went.
pub async fn deliver(call: &Call) -> Answer {
    let tenant = org(call)?;
    let outgoing = call.server.orgs.outgoing().ok_or_else(|| wrong("this process delivers nothing"))?;
    outbound::deliver(&tenant, outgoing, true).await;
    shown(&tenant)
}

pub fn clear(call: &Call) -> Answer {
    let tenant = org(call)?;
    let admin = seed::administrator(tenant.org.snapshot().settings());
    tenant.in_transaction(admin, |tx| tx.outbound_mut().clear());
    nothing_more()
}

/// Sends messages, by their names, elsewhere; null sends one to its own endpoint again.
pub fn redirect(call: &Call) -> Answer {
    let (tenant, endpoints): (_, BTreeMap<String, Option<String>>) = (org(call)?, read(call)?);
    let state = tenant.org.snapshot();
    let unknown = endpoints.keys().find(|name| {
        !state.rules().outbound_messages().any(|message| message.definition.full_name == **name)
    });
    if let Some(name) = unknown {
        return Err(wrong(format!("there is no outbound message {name:?}")));
    }
    let admin = seed::administrator(state.settings());
    tenant.in_transaction(admin, |tx| {
        for (name, endpoint) in endpoints {
            tx.outbound_mut().redirect(&name, endpoint);
        }
    });
    shown(&tenant)
}
