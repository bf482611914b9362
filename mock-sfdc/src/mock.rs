//! The library's face: a Salesforce in one line, and a readable story when a test fails.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use mock_sfdc_metadata::Report;
use mock_sfdc_org::{
    Org,
    access::{self, Scopes, Tokens},
    clock::Clock,
    hooks::{HookContext, HookPoint},
    id::Id,
    limits::HeldRows,
};
use tokio::sync::watch;

use crate::{
    builder::{Builder, StartError},
    faults::{Effect, Fault, Pending},
    journal::Journal,
    orgs::Tenant,
    server::Server,
    verification::{Expectation, Expectations, story},
    which::Which,
};

/// A Salesforce of its own, on a port of its own, for as long as it lives.
pub struct MockSfdc {
    pub(crate) server: Arc<Server>,
    pub(crate) tenant: Arc<Tenant>,
    pub(crate) stop: watch::Sender<bool>,
    pub(crate) admin: Id,
    pub(crate) token: String,
    pub(crate) asked: Mutex<Asked>,
    pub(crate) metadata: Report,
}

/// What the test has asked for: it must have happened when the mock is dropped.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    expectations: Expectations,
    faults: Vec<u64>,
}

/// A way in, for clients that log in by themselves.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Credentials {
    pub username: String,
    pub password: String,
    /// What a program appends to the password.
    pub security_token: String,
    /// Of the org's first connected app; empty when it has none.
    pub client_id: String,
    pub client_secret: String,
}

impl fmt::Debug for MockSfdc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockSfdc")
            .field("url", &self.url())
            .field("org", &self.tenant.name)
            .finish_non_exhaustive()
    }
}

impl MockSfdc {
    /// Starts with the demo org on a free port of the loopback address.
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }

    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// `http://127.0.0.1:port`
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.server.addresses.plain)
    }

    #[must_use]
    pub fn control_url(&self) -> String {
        format!("{}/_mock", self.url())
    }

    #[must_use]
    pub fn control_token(&self) -> &str {
        &self.server.control_token
    }

    #[must_use]
    pub fn org(&self) -> &Org {
        &self.tenant.org
    }

    #[must_use]
    pub fn clock(&self) -> &Clock {
        self.tenant.org.clock()
    }

    /// The org and what the server keeps beside it.
    #[must_use]
    pub fn tenant(&self) -> Arc<Tenant> {
        Arc::clone(&self.tenant)
    }

    /// The first user of the org.
    #[must_use]
    pub fn admin(&self) -> Id {
        self.admin
    }

    /// What became of the metadata that the org was started with: how much of each kind it has, and every part that it has not.
    #[must_use]
    pub fn metadata(&self) -> &Report {
        &self.metadata
    }

    /// A session of the administrator, ready to be used; it outlives resets.
    #[must_use]
    pub fn admin_token(&self) -> &str {
        &self.token
    }

    /// The administrator's login and the org's first connected app.
    #[must_use]
    pub fn credentials(&self) -> Credentials {
        credentials(&self.tenant, self.admin)
    }

    /// Tokens as the connected app would get them for the administrator; `None` when the org has no app.
    #[must_use]
    pub fn tokens(&self) -> Option<Tokens> {
        let app = Arc::clone(self.org().snapshot().access().apps().next()?);
        let all = app.scopes.with(Scopes::REFRESH_TOKEN);
        let random = self.org().random();
        self.org()
            .transact(self.admin, |tx| access::issue_tokens(tx, random, &app, self.admin, all, true))
            .ok()
    }

    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.tenant.journal
    }

    /// Back to the seed: records, people, journal and faults; sessions of the seed go on.
    pub fn reset(&self) {
        self.tenant.reset();
        *self.asked() = Asked::default();
    }

    /// What is to go wrong: `mock.fault("rest.sobject.create").object("Lead").error("UNABLE_TO_LOCK_ROW")`.
    /// It happens once unless told otherwise.
    pub fn fault(&self, operation: &str) -> Failing<'_> {
        Failing { mock: self, fault: Fault::new(Which::operation(operation), Effect::ResetBeforeCommit) }
    }

    /// A trigger or a flow from now on, until the next reset; see [`Builder::hook`] for one that stays.
    ///
    /// # Panics
    /// When the org has no such object: the test asks for what cannot happen.
    pub fn on_save(
        &self,
        object: &str,
        point: HookPoint,
        name: &str,
        run: impl Fn(&mut HookContext<'_>) + Send + Sync + 'static,
    ) {
        if let Err(problem) = self.org().on_save(object, point, name, run) {
            panic!("hook {name}: {problem}");
        }
    }

    /// Locks rows, as a transaction of somebody else would, for as long as the answer lives. A request that writes them waits up
    /// to 10 seconds by the org's clock, and is then told `UNABLE_TO_LOCK_ROW`.
    pub fn lock_rows(&self, rows: impl IntoIterator<Item = Id>) -> HeldRows {
        self.org().usage().row_locks.hold(rows)
    }

    /// Which requests are to come: `mock.expect("rest.sobject.create").object("Lead").times(1)`.
    pub fn expect(&self, operation: &str) -> Expecting<'_> {
        Expecting { mock: self, which: Which::operation(operation) }
    }

    /// What was expected is to come in the order in which it was said.
    pub fn expect_in_order(&self) {
        self.asked().expectations.in_order = true;
    }

    /// A request that nothing expects is one too many, from now on.
    pub fn expect_nothing_else(&self) {
        let last = self.tenant.journal.last();
        let mut asked = self.asked();
        asked.expectations.nothing_else = true;
        asked.expectations.since = last;
    }

    /// Whether all that was asked for has happened; if not, the story of what did. What was asked for is then settled: the
    /// drop says nothing more of it.
    pub fn verify(&self) -> Result<(), String> {
        let asked = std::mem::take(&mut *self.asked());
        let entries = self.tenant.journal.entries();
        let mut wrong = asked.expectations.unmet(&entries);
        let unused = self.tenant.faults.unused();
        wrong.extend(unused.iter().filter(|fault| asked.faults.contains(&fault.id)).map(Pending::sentence));
        if wrong.is_empty() { Ok(()) } else { Err(story(&wrong, &entries, self.tenant.journal.forgotten())) }
    }

    fn asked(&self) -> MutexGuard<'_, Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for MockSfdc {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
        let verdict = self.verify();
        if let (Err(story), false) = (verdict, std::thread::panicking()) {
            panic!("{story}");
        }
    }
}

/// The login of a user and the org's first connected app.
#[must_use]
pub fn credentials(tenant: &Tenant, user: Id) -> Credentials {
    let state = tenant.org.snapshot();
    let mut found = Credentials::default();
    if let Some(login) = state.access().login_of(user) {
        found.username = login.username.to_string();
        found.password = login.password.to_string();
        found.security_token = login.security_token.to_string();
    }
    if let Some(app) = state.access().apps().next() {
        found.client_id.clone_from(&app.client_id);
        found.client_secret.clone_from(&app.client_secret);
    }
    found
}

/// A fault on its way into the list. The last word of each chain says what it does.
#[derive(Debug)]
#[must_use = "a fault does nothing until it is told what to do: error(..), delay(..), …"]
pub struct Failing<'a> {
    mock: &'a MockSfdc,
    fault: Fault,
}

impl Failing<'_> {
    /// Only for requests whose path names this object.
    pub fn object(mut self, object: &str) -> Self {
        self.fault.object = Some(object.to_owned());
        self
    }

    /// Only for requests with this text in path, query or body.
    pub fn containing(mut self, text: &str) -> Self {
        self.fault.contains = Some(text.to_owned());
        self
    }

    pub fn once(self) -> Self {
        self.times(1)
    }

    pub fn times(mut self, times: u32) -> Self {
        self.fault.times = times;
        self
    }

    pub fn always(mut self) -> Self {
        self.fault.always = true;
        self
    }

    /// Lets so many requests that fit pass first.
    pub fn skip(mut self, requests: u32) -> Self {
        self.fault.skip = requests;
        self
    }

    /// An error in Salesforce's dialect, with its usual text.
    pub fn error(self, code: &str) {
        self.effect(Effect::Error { code: code.to_owned(), message: None, fields: None });
    }

    pub fn error_saying(self, code: &str, message: &str) {
        self.effect(Effect::Error { code: code.to_owned(), message: Some(message.to_owned()), fields: None });
    }

    /// A bare HTTP status, as from a proxy.
    pub fn refuse(self, status: u16) {
        self.effect(Effect::Refuse { status });
    }

    /// Waits by the org's clock, then goes on.
    pub fn delay(self, seconds: u32) {
        self.effect(Effect::Delay { seconds });
    }

    /// Waits by the machine's clock, then goes on.
    pub fn real_delay(self, millis: u32) {
        self.effect(Effect::RealDelay { millis });
    }

    pub fn reset_before_commit(self) {
        self.effect(Effect::ResetBeforeCommit);
    }

    pub fn reset_after_commit(self) {
        self.effect(Effect::ResetAfterCommit);
    }

    pub fn truncated_body(self) {
        self.effect(Effect::TruncatedBody);
    }

    pub fn expired_session(self) {
        self.effect(Effect::ExpiredSession);
    }

    /// # Panics
    /// When there is no such operation or error code: the test asks for what cannot happen.
    pub fn effect(mut self, effect: Effect) {
        self.fault.effect = effect;
        match self.mock.tenant.faults.add(self.fault) {
            Ok(id) => self.mock.asked().faults.push(id),
            Err(problem) => panic!("{problem}"),
        }
    }
}

/// An expectation on its way. The last word of each chain says how often.
#[derive(Debug)]
#[must_use = "an expectation counts for nothing until it is told how often: times(..), at_least_once(), never()"]
pub struct Expecting<'a> {
    mock: &'a MockSfdc,
    which: Which,
}

impl Expecting<'_> {
    /// Only requests whose path names this object.
    pub fn object(mut self, object: &str) -> Self {
        self.which.object = Some(object.to_owned());
        self
    }

    /// Only requests with this text in path, query or body.
    pub fn containing(mut self, text: &str) -> Self {
        self.which.contains = Some(text.to_owned());
        self
    }

    pub fn times(self, times: usize) {
        self.expect(Some(times));
    }

    pub fn never(self) {
        self.expect(Some(0));
    }

    pub fn at_least_once(self) {
        self.expect(None);
    }

    /// Panics when there is no such operation: the expectation could never be met.
    fn expect(self, times: Option<usize>) {
        if let Err(problem) = self.which.check() {
            panic!("{problem}");
        }
        let expectation = Expectation { times, ..Expectation::from(self.which) };
        self.mock.asked().expectations.expect.push(expectation);
    }
}
