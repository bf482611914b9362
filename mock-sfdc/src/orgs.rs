//! The orgs of one process. They share a port; a token names its org, and so does the first label of the host.

use std::{
    convert::Infallible,
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use indexmap::IndexMap;
use mock_sfdc_org::{
    Org,
    access::{self, NewSession, SessionKind},
    id::Id,
    state::{State, Transaction},
    value::DateTime,
};
use tokio::sync::watch;

use crate::{
    api::{oauth, rest, streaming},
    call::Session,
    faults::Faults,
    journal::Journal,
};

/// One org and what the server keeps beside it.
pub struct Tenant {
    pub name: String,
    pub org: Arc<Org>,
    /// Where a reset goes back to.
    pub seed: State,
    pub journal: Journal,
    pub faults: Faults,
    /// API requests that were counted.
    pub requests: AtomicU64,
    /// What a face keeps between requests and no org would: query cursors, half-finished logins, held connections.
    pub rest: rest::Live,
    pub oauth: oauth::Live,
    pub streaming: streaming::Live,
    /// Changes whenever the org's clock is moved by hand.
    moved: watch::Receiver<()>,
}

impl fmt::Debug for Tenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tenant").field("name", &self.name).field("org", &self.org).finish_non_exhaustive()
    }
}

impl Tenant {
    #[must_use]
    pub fn new(name: impl Into<String>, org: Arc<Org>, seed: State) -> Self {
        let (tell, moved) = watch::channel(());
        org.clock().on_move(move || tell.send_replace(()));
        let streaming = streaming::Live::of(&org);
        Self {
            name: name.into(),
            org,
            seed,
            journal: Journal::default(),
            faults: Faults::default(),
            moved,
            requests: AtomicU64::new(0),
            rest: rest::Live::default(),
            oauth: oauth::Live::default(),
            streaming,
        }
    }

    /// Who holds this session id. The one place where the wire asks for it.
    #[must_use]
    pub fn session(&self, token: &str) -> Option<Session> {
        access::session(&self.org.snapshot(), token, self.org.clock().now())
    }

    /// Ends a session before its time.
    pub fn expire(&self, session: &Session) {
        self.in_transaction(session.user, |tx| access::end_session(tx, &session.token));
    }

    /// Back to the seed, with an empty journal and no faults.
    pub fn reset(&self) {
        self.org.restore(self.seed.clone());
        self.journal.clear();
        self.faults.clear();
        self.requests.store(0, Ordering::Relaxed);
    }

    /// Waits for a moment of the org's clock: while it stands, until somebody moves it that far.
    pub async fn wait_until(&self, at: DateTime) {
        let mut moved = self.moved.clone();
        loop {
            moved.mark_unchanged();
            let left = at.millis() - self.org.clock().now().millis();
            let Some(left) = u64::try_from(left).ok().filter(|left| *left > 0) else { return };
            if self.org.clock().is_frozen() {
                // The sender lives as long as the clock, which this tenant holds.
                let _ = moved.changed().await;
            } else {
                let _ = tokio::time::timeout(Duration::from_millis(left), moved.changed()).await;
            }
        }
    }

    /// Lets a user in without a login, with all of the user's rights; the answer is the session id.
    #[must_use]
    pub fn admit(&self, user: Id) -> String {
        let new = NewSession::of(user, SessionKind::Given);
        self.in_transaction(user, |tx| access::open_session(tx, self.org.random(), new))
    }

    /// A transaction that cannot fail.
    pub fn in_transaction<T>(&self, user: Id, work: impl FnOnce(&mut Transaction) -> T) -> T {
        self.org.transact(user, |tx| Ok::<_, Infallible>(work(tx))).unwrap_or_else(|never| match never {})
    }
}

/// All orgs by name. The default one is always there.
#[derive(Debug)]
pub struct Orgs {
    default: Arc<Tenant>,
    all: Mutex<IndexMap<String, Arc<Tenant>>>,
}

impl Orgs {
    #[must_use]
    pub fn with_default(tenant: Tenant) -> Self {
        let default = Arc::new(tenant);
        let all = Mutex::new(IndexMap::from([(default.name.clone(), Arc::clone(&default))]));
        Self { default, all }
    }

    /// Who answers when nothing in a request names an org.
    #[must_use]
    pub fn default(&self) -> Arc<Tenant> {
        Arc::clone(&self.default)
    }

    pub fn add(&self, tenant: Tenant) -> Arc<Tenant> {
        let tenant = Arc::new(tenant);
        self.locked().insert(tenant.name.clone(), Arc::clone(&tenant));
        tenant
    }

    #[must_use]
    pub fn named(&self, name: &str) -> Option<Arc<Tenant>> {
        self.locked().get(name).cloned()
    }

    #[must_use]
    pub fn all(&self) -> Vec<Arc<Tenant>> {
        self.locked().values().cloned().collect()
    }

    /// The org in which somebody logs in by this username.
    #[must_use]
    pub fn with_user(&self, username: &str) -> Option<Arc<Tenant>> {
        let knows = |tenant: &Tenant| tenant.org.snapshot().access().login(username).is_some();
        self.locked().values().find(|tenant| knows(tenant)).cloned()
    }

    /// The org whose fifteen-character id stands in `text`: session ids, codes and refresh tokens carry it.
    #[must_use]
    pub fn mentioned_in(&self, text: &str) -> Option<Arc<Tenant>> {
        let names = |tenant: &Tenant| text.contains(tenant.org.snapshot().settings().organization_id.short());
        self.locked().values().find(|tenant| names(tenant)).cloned()
    }

    fn locked(&self) -> MutexGuard<'_, IndexMap<String, Arc<Tenant>>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
