//! Outbound messages on their way out (`contract/outbound.md`): the org queues notifications and says when they are tried; here
//! they are written as SOAP and posted, and the answer's `Ack` is read. Only addresses of this machine are posted to, unless
//! the server was told otherwise.

mod envelope;
mod post;

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use mock_sfdc_org::{outbound::Notification, seed};
use tokio::sync::watch;

use crate::orgs::Tenant;

/// How this process delivers.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// What the URLs for API calls back begin with: `http://127.0.0.1:8080`.
    pub base: String,
    /// Whether addresses of other machines may be posted to.
    pub anywhere: bool,
}

/// How long nothing may happen before somebody looks again.
const IDLE: Duration = Duration::from_hours(1);

/// Delivers what an org queues, for as long as the org lives. Outside of a runtime nothing is delivered by itself.
pub fn start(tenant: &Arc<Tenant>, outgoing: Outgoing) {
    let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
    let (tell, news) = watch::channel(());
    let tell_of_moves = tell.clone();
    tenant.org.on_commit(move |org, _| {
        // Most commits leave nothing to be done; nobody is woken for them.
        if something_waits(org) {
            tell.send_replace(());
        }
    });
    tenant.org.clock().on_move(move |_| () = tell_of_moves.send_replace(()));
    runtime.spawn(run(Arc::downgrade(tenant), news, outgoing));
}

async fn run(tenant: Weak<Tenant>, mut news: watch::Receiver<()>, outgoing: Outgoing) {
    loop {
        news.mark_unchanged();
        let Some(tenant) = tenant.upgrade() else { return };
        tenant.org.catch_up();
        deliver(&tenant, &outgoing, false).await;
        let pause = pause(&tenant);
        drop(tenant);
        tokio::select! {
            changed = news.changed() => if changed.is_err() { return },
            () = tokio::time::sleep(pause) => {}
        }
    }
}

fn something_waits(org: &mock_sfdc_org::Org) -> bool {
    let state = org.snapshot();
    state.outbound().next_attempt().is_some()
        || state.time_triggers().next().is_some()
        || state.bulk().is_due(org.clock())
}

/// Until the next moment for which something waits; a clock that stands still tells when it is moved.
fn pause(tenant: &Tenant) -> Duration {
    let (state, clock) = (tenant.org.snapshot(), tenant.org.clock());
    let next = state.outbound().next_attempt().into_iter().chain(state.time_triggers().next()).min();
    let left = next.map(|next| next.millis() - clock.now().millis());
    let left = left.filter(|_| !clock.is_frozen()).and_then(|left| u64::try_from(left.max(1)).ok());
    left.map_or(IDLE, |left| Duration::from_millis(left).min(IDLE))
}

/// Tries what is due, or with `all` whatever waits.
pub async fn deliver(tenant: &Tenant, outgoing: &Outgoing, all: bool) {
    let _alone = tenant.delivering.lock().await;
    let now = tenant.org.clock().now();
    for batch in tenant.org.snapshot().outbound().due(now, all) {
        let outcome = attempt(tenant, outgoing, &batch).await;
        let admin = seed::administrator(tenant.org.snapshot().settings());
        let ids = batch.iter().map(|one| one.id);
        tenant.in_transaction(admin, |tx| tx.outbound_mut().attempted(ids, now, &outcome));
    }
}

async fn attempt(tenant: &Tenant, outgoing: &Outgoing, batch: &[Arc<Notification>]) -> Result<(), String> {
    let state = tenant.org.snapshot();
    let message = batch.first().and_then(|one| state.rules().outbound_message(one.message));
    let message = message.ok_or("the outbound message is no longer there")?;
    let definition = &message.definition;
    let login = definition.integration_user.as_deref().and_then(|name| state.access().login(name));
    let user = login.map_or_else(|| seed::administrator(state.settings()), |login| login.user);
    let session = definition.include_session_id.then(|| tenant.admit(user));
    let sight = envelope::Sight { state: &state, viewer: &state.viewer(user), now: tenant.org.clock().now() };
    let Some(body) = envelope::write(&sight, message, batch, session.as_deref(), &outgoing.base) else {
        // All records are gone or out of sight: there is nothing to tell.
        return Ok(());
    };
    let endpoint = state.outbound().endpoint(&definition.full_name).unwrap_or(&definition.endpoint_url);
    post::post(endpoint, body, outgoing.anywhere).await
}
