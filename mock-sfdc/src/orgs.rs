//! The orgs of one process. They share a port; a token names its org, and so does the first label of the host.

use std::{
    convert::Infallible,
    fmt,
    net::IpAddr,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use arc_swap::ArcSwap;
use indexmap::IndexMap;
use mock_sfdc_org::{
    Org,
    access::{self, NewSession, SessionKind},
    clock::Clock,
    id::Id,
    image::Imported,
    near::Near,
    seed,
    state::{State, Transaction},
    striped::Each,
    value::DateTime,
};
use tokio::sync::watch;

use crate::{
    api::{control::orgs::check_name, deployments, oauth, rest, streaming},
    call::Session,
    faults::Faults,
    journal::Journal,
    outbound::{self, Outgoing},
};

/// One org and what the server keeps beside it.
pub struct Tenant {
    pub name: String,
    pub org: Arc<Org>,
    /// The same for requests, each thread's counted apart.
    near: Each<Org>,
    /// Where a reset goes back to.
    pub seed: State,
    pub journal: Journal,
    pub faults: Faults,
    /// What a face keeps between requests and no org would: query cursors, half-finished logins, held connections.
    pub rest: rest::Live,
    pub oauth: oauth::Live,
    pub streaming: streaming::Live,
    pub deployments: deployments::Live,
    /// Held while outbound messages are on their way.
    pub delivering: outbound::Lines,
    snapshots: Mutex<IndexMap<String, State>>,
    /// Changes whenever the org's clock is moved by hand, or rows become free.
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
        let tell = Arc::new(tell);
        let freed = Arc::clone(&tell);
        org.usage().row_locks.on_release(move || freed.send_replace(()));
        org.clock().on_move(move |_| tell.send_replace(()));
        let streaming = streaming::Live::of(&org);
        Self {
            name: name.into(),
            near: Each::of(|| org.apart()),
            org,
            seed,
            journal: Journal::default(),
            faults: Faults::default(),
            moved,
            delivering: outbound::Lines::default(),
            snapshots: Mutex::default(),
            rest: rest::Live::default(),
            oauth: oauth::Live::default(),
            streaming,
            deployments: deployments::Live::default(),
        }
    }

    /// The org for one go at a request: [`Org::attempt`].
    #[must_use]
    pub fn attempt(&self) -> Org {
        self.near.mine().attempt()
    }

    /// Who holds this session id, wherever that is.
    #[must_use]
    pub fn session(&self, token: &str) -> Option<Session> {
        self.session_from(token, None)
    }

    /// Who holds this session id and comes from this address.
    #[must_use]
    pub fn session_from(&self, token: &str, address: Option<IpAddr>) -> Option<Session> {
        self.session_at(self.org.clock().now(), token, address)
    }

    /// Who held it at this moment. The one place where the wire asks for it.
    #[must_use]
    pub fn session_at(&self, at: DateTime, token: &str, address: Option<IpAddr>) -> Option<Session> {
        access::session_from(&self.org.snapshot(), token, at, address)
    }

    /// Ends a session before its time.
    pub fn expire(&self, session: &Session) {
        self.in_transaction(session.user, |tx| access::end_session(tx, &session.token));
    }

    /// Back to the seed, with an empty journal, no faults, nothing used and nothing locked.
    pub fn reset(&self) {
        self.org.restore(self.seed.clone());
        let usage = self.org.usage();
        usage.api_requests.set_used(self.org.clock().now(), 0);
        usage.long_requests.hold(0);
        usage.row_locks.release_all();
        self.journal.clear();
        self.faults.clear();
        self.deployments.clear();
    }

    /// Keeps the org as it is now under a name; an older snapshot of that name is gone.
    pub fn keep(&self, name: &str) {
        let state = State::clone(&self.org.snapshot());
        self.kept().insert(name.to_owned(), state);
    }

    /// Goes back to a snapshot; whether there is one of that name.
    #[must_use]
    pub fn take_back(&self, name: &str) -> bool {
        let found = self.kept().get(name).cloned();
        found.map(|state| self.org.restore(state)).is_some()
    }

    /// Whether there was a snapshot of that name.
    #[must_use]
    pub fn forget(&self, name: &str) -> bool {
        self.kept().shift_remove(name).is_some()
    }

    /// The names of the snapshots, in their order.
    #[must_use]
    pub fn snapshots(&self) -> Vec<String> {
        self.kept().keys().cloned().collect()
    }

    fn kept(&self) -> MutexGuard<'_, IndexMap<String, State>> {
        self.snapshots.lock().unwrap_or_else(PoisonError::into_inner)
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

    /// Waits until nobody holds these rows, or for this moment of the org's clock.
    pub async fn wait_for_rows(&self, rows: &[Id], until: DateTime) {
        let mut moved = self.moved.clone();
        loop {
            moved.mark_unchanged();
            let held = self.org.usage().row_locks.all();
            if !held.is_some_and(|held| rows.iter().any(|row| held.contains(row))) {
                return;
            }
            let left = until.millis() - self.org.clock().now().millis();
            let Some(left) = u64::try_from(left).ok().filter(|left| *left > 0) else { return };
            if self.org.clock().is_frozen() {
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

/// Whether somebody of this org would have the username of somebody else's.
fn is_taken<'a>(state: &State, others: impl Iterator<Item = &'a Arc<Tenant>>) -> bool {
    let others = others.map(|other| other.org.snapshot()).collect::<Vec<_>>();
    let taken = |name: &str| others.iter().any(|other| other.access().login(name).is_some());
    state.access().logins().any(|login| taken(&login.username))
}

type Named = IndexMap<String, Known>;

/// An org, and handles of it for requests, each thread's counted apart.
#[derive(Debug, Clone)]
struct Known {
    tenant: Arc<Tenant>,
    near: Arc<Each<Near<Tenant>>>,
}

impl From<&Arc<Tenant>> for Known {
    fn from(tenant: &Arc<Tenant>) -> Self {
        Self { tenant: Arc::clone(tenant), near: Arc::new(Each::of(|| Near::new(Arc::clone(tenant)))) }
    }
}

/// All orgs by name. The default one is always there.
#[derive(Debug)]
pub struct Orgs {
    default: Arc<Tenant>,
    /// Every request looks, and hardly any changes them.
    all: ArcSwap<Named>,
    changing: Mutex<()>,
    /// Of the next organization id; the default org has the first.
    numbers: AtomicU64,
    outgoing: OnceLock<Outgoing>,
}

impl Orgs {
    #[must_use]
    pub fn with_default(tenant: Tenant) -> Self {
        let default = Arc::new(tenant);
        let all = ArcSwap::from_pointee(IndexMap::from([(default.name.clone(), Known::from(&default))]));
        Self {
            default,
            all,
            changing: Mutex::default(),
            numbers: AtomicU64::new(2),
            outgoing: OnceLock::new(),
        }
    }

    /// Who answers when nothing in a request names an org.
    #[must_use]
    pub fn default(&self) -> Arc<Tenant> {
        Arc::clone(&self.default)
    }

    /// Makes an org of its own out of a state: another organization id, and where usernames are taken, other usernames
    /// (`.name` behind them, as in a sandbox). With it comes a session of its administrator.
    pub fn plant(&self, name: &str, state: &State, clock: Clock) -> Result<(Arc<Tenant>, String), String> {
        check_name(name)?;
        let _changing = self.changing();
        let all = self.all.load();
        if all.contains_key(name) {
            return Err(format!("there is an org {name:?} already"));
        }
        let number = self.numbers.fetch_add(1, Ordering::Relaxed);
        let mut state = seed::with_identity(state, number);
        if is_taken(&state, all.values().map(|known| &known.tenant)) {
            state = seed::rename_usernames(&state, name);
        }
        let admin = seed::administrator(state.settings());
        let org = Arc::new(Org::new(state, clock, number));
        let new = NewSession::of(admin, SessionKind::Given);
        let session = org
            .transact(admin, |tx| Ok::<_, Infallible>(access::open_session(tx, org.random(), new)))
            .unwrap_or_else(|never| match never {});
        let seed = State::clone(&org.snapshot());
        let tenant = Arc::new(Tenant::new(name, org, seed));
        self.change(|all| all.insert(name.to_owned(), Known::from(&tenant)));
        if let Some(outgoing) = self.outgoing.get() {
            outbound::start(&tenant, outgoing.clone());
        }
        Ok((tenant, session))
    }

    /// Puts what was imported in the place of an org, which keeps its organization id, the
    /// sessions that tests hold, and its hooks.
    pub fn replace(&self, tenant: &Tenant, imported: &Imported) {
        let changing = self.changing();
        let all = self.all.load();
        let old = tenant.org.snapshot();
        let mut state = seed::with_organization_id(&imported.state, old.settings().organization_id);
        if is_taken(&state, all.values().map(|known| &known.tenant).filter(|other| other.name != tenant.name))
        {
            state = seed::rename_usernames(&state, &tenant.name);
        }
        access::keep_given_sessions(&mut state, &old);
        seed::keep_hooks(&mut state, &old);
        drop(changing);
        tenant.org.restore(state);
        tenant.org.clock().follow(imported.clock);
    }

    /// Delivers outbound messages of all orgs from now on.
    pub fn deliver(&self, outgoing: &Outgoing) {
        if self.outgoing.set(outgoing.clone()).is_ok() {
            for tenant in self.all() {
                outbound::start(&tenant, outgoing.clone());
            }
        }
    }

    /// How outbound messages are delivered, if they are.
    #[must_use]
    pub fn outgoing(&self) -> Option<&Outgoing> {
        self.outgoing.get()
    }

    /// Takes an org away; the default one stays.
    pub fn remove(&self, name: &str) -> Result<(), String> {
        if name == self.default.name {
            return Err(format!("{name} is the default org; reset it instead"));
        }
        let _changing = self.changing();
        self.change(|all| all.shift_remove(name)).map(drop).ok_or_else(|| format!("there is no org {name:?}"))
    }

    #[must_use]
    pub fn named(&self, name: &str) -> Option<Arc<Tenant>> {
        self.all.load().get(name).map(|known| Arc::clone(&known.tenant))
    }

    /// The label of an org's own host names: its setting, else its name; a sandbox's stands behind that of the default org.
    #[must_use]
    pub fn my_domain(&self, tenant: &Tenant) -> String {
        let state = tenant.org.snapshot();
        // A fork of the default org took its setting along, but not its name.
        let first = self.default.org.snapshot().settings().my_domain.clone();
        if let Some(own) = &state.settings().my_domain
            && (tenant.name == self.default.name || state.settings().my_domain != first)
        {
            return own.clone();
        }
        if state.settings().sandbox && tenant.name != self.default.name {
            return format!("{}--{}", self.my_domain(&self.default), tenant.name);
        }
        // A name may be that of a file; a certificate is for no label with an underscore.
        tenant.name.replace(|c: char| !c.is_ascii_alphanumeric(), "-")
    }

    /// The org of such a label. What belongs to nobody is the default org's: a program that is led here keeps the name that
    /// it was written for.
    #[must_use]
    pub fn of_my_domain(&self, label: &str) -> Arc<Tenant> {
        let found = self.all().into_iter().find(|tenant| self.my_domain(tenant).eq_ignore_ascii_case(label));
        found.unwrap_or_else(|| self.default())
    }

    #[must_use]
    pub fn all(&self) -> Vec<Arc<Tenant>> {
        self.all.load().values().map(|known| Arc::clone(&known.tenant)).collect()
    }

    /// The org in which somebody logs in by this username.
    #[must_use]
    pub fn with_user(&self, username: &str) -> Option<Arc<Tenant>> {
        let knows = |tenant: &Tenant| tenant.org.snapshot().access().login(username).is_some();
        self.all().into_iter().find(|tenant| knows(tenant))
    }

    /// The org whose fifteen-character id stands in `text`: session ids, codes and refresh tokens carry it.
    #[must_use]
    pub fn mentioned_in(&self, text: &str) -> Option<Arc<Tenant>> {
        self.near(text).map(|tenant| Arc::clone(tenant.shared()))
    }

    /// The same for a request.
    #[must_use]
    pub fn near(&self, text: &str) -> Option<Near<Tenant>> {
        let id = |known: &Known| known.tenant.org.snapshot().settings().organization_id;
        let all = self.all.load();
        // A session id begins with it; a look at the beginning costs next to nothing.
        let begins = all.values().find(|known| text.starts_with(id(known).short()));
        let found = begins.or_else(|| all.values().find(|known| text.contains(id(known).short())))?;
        Some(found.near.mine().clone())
    }

    /// While `changing` is held.
    fn change<T>(&self, change: impl FnOnce(&mut Named) -> T) -> T {
        let mut all = Named::clone(&self.all.load());
        let answer = change(&mut all);
        self.all.store(Arc::new(all));
        answer
    }

    fn changing(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
