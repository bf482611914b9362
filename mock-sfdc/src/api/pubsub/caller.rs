//! Who calls: three headers on every call (`contract/pubsub.md` section 1). A call is written into the org's journal, and what
//! was asked to go wrong with it does so here.

use std::{
    fmt::Write as _,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use http::{HeaderMap, Method, Request};
use mock_sfdc_org::{Snapshot, access, access::permissions::Viewer, id::Id, value::DateTime};
use tonic::{Code, Status};

use super::status::Refusal;
use crate::{
    call::Session,
    driven,
    faults::Effect,
    journal::{Arrival, Departure},
    operation::Operation,
    orgs::Tenant,
    server::Server,
};

/// A call whose headers were in order.
#[derive(Debug)]
pub struct Caller {
    pub tenant: Arc<Tenant>,
    pub rpc_id: String,
    peer: Option<IpAddr>,
    /// Another one after an `auth_refresh`.
    session: Mutex<Session>,
}

/// The row of the operation table for a method of the service.
pub fn operation(method: &str) -> Option<&'static Operation> {
    Operation::find(match method {
        "GetTopic" => "pubsub.getTopic",
        "GetSchema" => "pubsub.getSchema",
        "Publish" => "pubsub.publish",
        "PublishStream" => "pubsub.publishStream",
        "Subscribe" => "pubsub.subscribe",
        "ManagedSubscribe" => "pubsub.managedSubscribe",
        _ => return None,
    })
}

impl Caller {
    pub async fn admit<B>(
        server: &Server,
        operation: &'static Operation,
        request: &Request<B>,
        peer: Option<IpAddr>,
    ) -> Result<Self, Status> {
        let headers = request.headers();
        let header = |name: &str| {
            headers
                .get(name)
                .and_then(|value| value.to_str().ok())
                .map(str::trim)
                .filter(|text| !text.is_empty())
        };
        let token = header("accesstoken").unwrap_or_default();
        let tenant = server.orgs.mentioned_in(token).unwrap_or_else(|| server.orgs.default());
        let rpc_id = rpc_id(&tenant);
        let entry = arrived(&tenant, operation, request.uri().path(), headers);
        let refuse = |refusal: Refusal| refusal.into_status(&rpc_id);
        tenant.org.catch_up();
        let session = match (header("instanceurl"), header("tenantid")) {
            (Some(_), Some(id)) if !token.is_empty() => {
                session(&tenant, token, id, peer).ok_or(Refusal::AuthError)
            }
            _ => Err(Refusal::HeadersInvalid),
        };
        let outcome = match session {
            Ok(session) => match fault(&tenant, entry, &session).await {
                Some(refusal) => Err(refusal),
                None => Ok(session),
            },
            Err(refusal) => Err(refusal),
        };
        answered(&tenant, operation, entry, outcome.is_ok());
        let session = outcome.map_err(refuse)?;
        Ok(Self { tenant, rpc_id, peer, session: Mutex::new(session) })
    }

    pub fn state(&self) -> Snapshot {
        self.tenant.org.snapshot()
    }

    pub fn now(&self) -> DateTime {
        self.tenant.org.clock().now()
    }

    pub fn user(&self) -> Id {
        self.session.lock().unwrap_or_else(PoisonError::into_inner).user
    }

    pub fn viewer(&self) -> Arc<Viewer> {
        self.state().viewer(self.user())
    }

    /// A stream outlives its token only with another one; an empty text asks for nothing.
    pub fn refresh(&self, token: &str) -> Result<(), Refusal> {
        if token.is_empty() {
            return Ok(());
        }
        let organization = self.state().settings().organization_id.to_string();
        let new = session(&self.tenant, token, &organization, self.peer).ok_or(Refusal::RefreshInvalid)?;
        *self.session.lock().unwrap_or_else(PoisonError::into_inner) = new;
        Ok(())
    }

    /// Whether the token still lets its user in.
    pub fn check(&self) -> Result<(), Refusal> {
        let token = self.session.lock().unwrap_or_else(PoisonError::into_inner).token.clone();
        self.tenant.session_from(&token, self.peer).map(drop).ok_or(Refusal::AuthError)
    }
}

fn session(tenant: &Tenant, token: &str, tenant_id: &str, peer: Option<IpAddr>) -> Option<Session> {
    let state = tenant.org.snapshot();
    let session = tenant.session_from(token, peer)?;
    access::session_allowed(&state, &session).ok()?;
    (Id::parse(tenant_id) == Some(state.settings().organization_id)).then_some(session)
}

/// The id of a call, as UUIDs are written.
fn rpc_id(tenant: &Tenant) -> String {
    let (high, low) = (tenant.org.random().next(), tenant.org.random().next());
    let mut hex = String::with_capacity(36);
    // Writing to a String cannot fail.
    let _ = write!(hex, "{high:016x}{low:016x}");
    for at in [20, 16, 12, 8] {
        hex.insert(at, '-');
    }
    hex
}

fn arrived(tenant: &Tenant, operation: &'static Operation, path: &str, headers: &HeaderMap) -> u64 {
    tenant.journal.arrived(&Arrival {
        within: None,
        at: tenant.org.clock().now(),
        operation: operation.name,
        object: None,
        method: &Method::POST,
        uri: path,
        headers,
        body: &[],
    })
}

fn answered(tenant: &Tenant, operation: &Operation, entry: u64, well: bool) {
    let status = if well { 200 } else { 400 };
    driven::note(operation.name, status);
    let headers = HeaderMap::new();
    let (status, took) = (Some(status), Instant::now().elapsed());
    tenant.journal.answered(entry, &Departure { who: None, status, headers: &headers, body: &[], took });
}

/// What was asked to go wrong with this call.
async fn fault(tenant: &Tenant, seq: u64, session: &Session) -> Option<Refusal> {
    let entry = tenant.journal.entry(seq)?;
    let effects = tenant.faults.take(&entry);
    if effects.is_empty() {
        return None;
    }
    let names = effects.iter().map(Effect::name).collect::<Vec<_>>().join(", ");
    tenant.journal.faulted(seq, &names);
    for effect in effects {
        match effect {
            Effect::Delay { seconds } => {
                let until = tenant.org.clock().now().millis() + i64::from(seconds) * 1_000;
                tenant.wait_until(DateTime::from_millis(until)).await;
            }
            Effect::RealDelay { millis } => tokio::time::sleep(Duration::from_millis(millis.into())).await,
            Effect::Error { code, message, .. } => {
                return Some(Refusal::Fault(Code::Unavailable, message.unwrap_or(code)));
            }
            Effect::ExpiredSession => {
                tenant.expire(session);
                return Some(Refusal::AuthError);
            }
            _ => return Some(Refusal::Unavailable),
        }
    }
    None
}
