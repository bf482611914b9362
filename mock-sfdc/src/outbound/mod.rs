//! Outbound messages on their way out (`contract/outbound.md`): the org queues notifications and says when they are tried; here
//! they are written as SOAP and posted, and the answer's `Ack` is read. Only addresses of this machine are posted to, unless
//! the server was told otherwise.

mod envelope;
mod post;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use mock_sfdc_org::{Org, id::Id, outbound::Notification, seed};
use tokio::{
    sync::{Notify, OwnedMutexGuard, watch},
    task::JoinSet,
};

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

/// The lines to endpoints: of each outbound message one, so that none is sent twice at once, and whoever does not answer holds up
/// nobody else.
#[derive(Debug, Default)]
pub struct Lines {
    all: Mutex<BTreeMap<Id, Line>>,
    /// Told whenever a line is free again.
    freed: Arc<Notify>,
}

type Line = Arc<tokio::sync::Mutex<()>>;

impl Lines {
    fn of(&self, message: Id) -> Line {
        Arc::clone(self.all.lock().unwrap_or_else(PoisonError::into_inner).entry(message).or_default())
    }

    fn is_busy(&self, message: Id) -> bool {
        self.of(message).try_lock().is_err()
    }
}

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
        for message in due(&tenant, false) {
            // Whoever is at it already tells when the line is free.
            let Ok(line) = tenant.delivering.of(message).try_lock_owned() else { continue };
            let (tenant, outgoing) = (Arc::clone(&tenant), outgoing.clone());
            tokio::spawn(async move { deliver_along(line, &tenant, &outgoing, message, false).await });
        }
        let (pause, freed) = (pause(&tenant), Arc::clone(&tenant.delivering.freed));
        drop(tenant);
        tokio::select! {
            changed = news.changed() => if changed.is_err() { return },
            () = freed.notified() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

fn something_waits(org: &Org) -> bool {
    let state = org.snapshot();
    state.outbound().next_attempt().is_some()
        || state.time_triggers().next().is_some()
        || state.bulk().is_due(org.clock())
}

/// Until the next moment for which something waits that is not on its way; a clock that stands still tells when it is moved.
fn pause(tenant: &Tenant) -> Duration {
    let (state, clock) = (tenant.org.snapshot(), tenant.org.clock());
    let waiting = state.outbound().waiting().filter(|one| !tenant.delivering.is_busy(one.message));
    let next = waiting.map(|one| one.next_attempt).chain(state.time_triggers().next()).min();
    let left = next.map(|next| next.millis() - clock.now().millis());
    let left = left.filter(|_| !clock.is_frozen()).and_then(|left| u64::try_from(left.max(1)).ok());
    left.map_or(IDLE, |left| Duration::from_millis(left).min(IDLE))
}

/// The outbound messages of which something is due, or with `all` of which anything waits.
fn due(tenant: &Tenant, all: bool) -> BTreeSet<Id> {
    let now = tenant.org.clock().now();
    let state = tenant.org.snapshot();
    state.outbound().waiting().filter(|one| all || one.next_attempt <= now).map(|one| one.message).collect()
}

/// Tries what is due, or with `all` whatever waits, and waits for the answers.
pub async fn deliver(tenant: &Arc<Tenant>, outgoing: &Outgoing, all: bool) {
    let mut under_way = JoinSet::new();
    for message in due(tenant, all) {
        let (tenant, outgoing) = (Arc::clone(tenant), outgoing.clone());
        under_way.spawn(async move {
            let line = tenant.delivering.of(message).lock_owned().await;
            deliver_along(line, &tenant, &outgoing, message, all).await;
        });
    }
    under_way.join_all().await;
}

/// The same of one outbound message, whose line is free afterwards.
async fn deliver_along(
    line: OwnedMutexGuard<()>,
    tenant: &Tenant,
    outgoing: &Outgoing,
    message: Id,
    all: bool,
) {
    let now = tenant.org.clock().now();
    let due = tenant.org.snapshot().outbound().due(now, all);
    for batch in due.iter().filter(|batch| batch.iter().any(|one| one.message == message)) {
        let outcome = attempt(tenant, outgoing, batch).await;
        let admin = seed::administrator(tenant.org.snapshot().settings());
        let ids = batch.iter().map(|one| one.id);
        tenant.in_transaction(admin, |tx| tx.outbound_mut().attempted(ids, now, &outcome));
    }
    drop(line);
    tenant.delivering.freed.notify_one();
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
