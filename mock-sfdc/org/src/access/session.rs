//! Sessions: a token, a user, and an end that moves away with every use (`contract/oauth.md` section 7).

use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use compact_str::CompactString;

use super::{
    Scopes,
    app::IpRelaxation,
    grant::FamilyId,
    login,
    token::{self, TokenKind},
};
use crate::{
    access::permissions::Viewer,
    id::Id,
    org::Random,
    state::{State, Transaction},
    value::DateTime,
};

/// How a session came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum SessionKind {
    /// By an OAuth flow.
    OAuth,
    /// By SOAP `login`.
    Soap,
    /// By the login page; it stands in the browser's cookie.
    Browser,
    /// Made by the fake itself, for whoever starts it.
    Given,
}

/// What a new session is to be.
#[derive(Debug, Clone)]
pub struct NewSession {
    pub user: Id,
    pub client_id: Option<CompactString>,
    pub scopes: Scopes,
    pub kind: SessionKind,
    pub(super) family: Option<FamilyId>,
}

impl NewSession {
    /// A session with all rights of its user, and no app.
    #[must_use]
    pub fn of(user: Id, kind: SessionKind) -> Self {
        Self { user, client_id: None, scopes: Scopes::FULL, kind, family: None }
    }

    /// A session that an app has asked for.
    #[must_use]
    pub fn for_app(user: Id, client_id: &str, scopes: Scopes) -> Self {
        Self { user, client_id: Some(client_id.into()), scopes, kind: SessionKind::OAuth, family: None }
    }
}

#[derive(Debug)]
pub(super) struct Session {
    pub user: Id,
    pub client_id: Option<CompactString>,
    pub scopes: Scopes,
    pub kind: SessionKind,
    pub created_at: DateTime,
    /// The tokens that fall together with this one.
    pub family: Option<FamilyId>,
    /// Milliseconds. Apart from the rest, so that using a session needs no transaction.
    last_used: AtomicI64,
}

impl Session {
    fn is_over(&self, now: DateTime, minutes: u32) -> bool {
        now.millis() >= self.last_used.load(Ordering::Relaxed) + idle_millis(minutes)
    }

    /// The same session with a last use of its own.
    pub fn detached(&self) -> Self {
        Self {
            client_id: self.client_id.clone(),
            last_used: AtomicI64::new(self.last_used.load(Ordering::Relaxed)),
            ..*self
        }
    }
}

/// A session as it is written down.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SessionImage {
    user: Id,
    client_id: Option<CompactString>,
    scopes: Scopes,
    kind: SessionKind,
    created_at: DateTime,
    family: Option<FamilyId>,
    last_used: i64,
}

impl Session {
    pub fn image(&self) -> SessionImage {
        SessionImage {
            user: self.user,
            client_id: self.client_id.clone(),
            scopes: self.scopes,
            kind: self.kind,
            created_at: self.created_at,
            family: self.family,
            last_used: self.last_used.load(Ordering::Relaxed),
        }
    }
}

impl From<SessionImage> for Session {
    fn from(image: SessionImage) -> Self {
        Self {
            user: image.user,
            client_id: image.client_id,
            scopes: image.scopes,
            kind: image.kind,
            created_at: image.created_at,
            family: image.family,
            last_used: AtomicI64::new(image.last_used),
        }
    }
}

fn idle_millis(minutes: u32) -> i64 {
    i64::from(minutes) * 60_000
}

/// A session that is alive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionInfo {
    pub token: String,
    pub user: Id,
    pub client_id: Option<CompactString>,
    pub scopes: Scopes,
    pub kind: SessionKind,
    pub created_at: DateTime,
    /// When it ends unless it is used again.
    pub expires_at: DateTime,
}

/// The session behind a token, and one more use of it. `None`: unknown, ended, idle for too long, or of a user who may no
/// longer be here.
#[must_use]
pub fn session(state: &State, token: &str, now: DateTime) -> Option<SessionInfo> {
    session_from(state, token, now, None)
}

/// The same for a request that comes from an address. Where the org enforces login IP ranges on every request, one from
/// outside of the profile's is nobody's, unless the session's app relaxes them.
#[must_use]
pub fn session_from(
    state: &State,
    token: &str,
    now: DateTime,
    address: Option<IpAddr>,
) -> Option<SessionInfo> {
    let found = living(state, token, now)?;
    if state.settings().enforce_ip_ranges_every_request {
        let app = found.client_id.as_deref().and_then(|client_id| state.access().app(client_id));
        let relaxes = app.is_some_and(|app| app.ip_relaxation == IpRelaxation::Relax);
        if !relaxes && login::may_come_from(state, found.user, address).is_err() {
            return None;
        }
    }
    // Whoever only looks takes the line from nobody.
    if found.last_used.load(Ordering::Relaxed) < now.millis() {
        found.last_used.fetch_max(now.millis(), Ordering::Relaxed);
    }
    Some(info(state, token, found))
}

/// The session behind a token, without using it.
#[must_use]
pub fn look_at_session(state: &State, token: &str, now: DateTime) -> Option<SessionInfo> {
    living(state, token, now).map(|found| info(state, token, found))
}

fn living<'a>(state: &'a State, token: &str, now: DateTime) -> Option<&'a Arc<Session>> {
    let opaque = token::opaque_of(token, TokenKind::Access, state.settings().organization_id)?;
    let found = state.access().sessions.get(opaque)?;
    let alive = !found.is_over(now, minutes_of(state, found.client_id.as_deref()))
        && !state.access().is_suspended()
        && state.ask_viewer(found.user, Viewer::is_welcome)
        && !login::is_frozen_by_login(state, found.user)
        // A session ends with the hours of its user's profile.
        && login::is_at_home(state, found.user, now);
    alive.then_some(found)
}

fn info(state: &State, token: &str, found: &Session) -> SessionInfo {
    let last_used = found.last_used.load(Ordering::Relaxed);
    SessionInfo {
        token: token.to_owned(),
        user: found.user,
        client_id: found.client_id.clone(),
        scopes: found.scopes,
        kind: found.kind,
        created_at: found.created_at,
        expires_at: DateTime::from_millis(
            last_used + idle_millis(minutes_of(state, found.client_id.as_deref())),
        ),
    }
}

/// How long a session may idle: as its app says, else as the org says.
fn minutes_of(state: &State, client_id: Option<&str>) -> u32 {
    let app = client_id.and_then(|client_id| state.access().app(client_id));
    app.and_then(|app| app.session_minutes).unwrap_or(state.settings().session_minutes)
}

/// So many sessions may lie about before those that are over are swept away.
const SWEEP_FROM: usize = 1_024;

/// Opens a session and answers its token.
pub fn open_session(tx: &mut Transaction, random: &Random, new: NewSession) -> String {
    let opaque = TokenKind::Access.opaque(random);
    let token = TokenKind::Access.compose(tx.state().settings().organization_id, &opaque);
    insert(tx, opaque, new);
    token
}

/// Opens a session under a token that the caller has chosen, such as one that a fixture promises. False for a token that
/// is none of this org.
pub fn adopt_session(tx: &mut Transaction, token: &str, new: NewSession) -> bool {
    let org = tx.state().settings().organization_id;
    let opaque = token::opaque_of(token, TokenKind::Access, org).map(CompactString::from);
    opaque.map(|opaque| insert(tx, opaque, new)).is_some()
}

fn insert(tx: &mut Transaction, opaque: CompactString, new: NewSession) {
    let now = tx.now();
    let count = tx.state().access().sessions.len();
    if count >= SWEEP_FROM && count.is_power_of_two() {
        let before = tx.state().clone();
        let is_over =
            |session: &Session| session.is_over(now, minutes_of(&before, session.client_id.as_deref()));
        tx.access_mut().sessions.retain(|_, session| !is_over(session));
    }
    let access = tx.access_mut();
    let session = Session {
        user: new.user,
        client_id: new.client_id,
        scopes: new.scopes,
        kind: new.kind,
        created_at: now,
        family: new.family,
        last_used: AtomicI64::new(now.millis()),
    };
    access.sessions.insert(opaque, Arc::new(session));
}

/// Sessions that nobody logged in for, which a test holds, go on in another state of the org, as far as it has their users.
pub fn keep_given_sessions(state: &mut State, old: &State) {
    let given = old.access().sessions.iter().filter(|(_, session)| session.kind == SessionKind::Given);
    for (opaque, session) in
        given.filter(|(_, session)| state.find(session.user).is_some()).collect::<Vec<_>>()
    {
        state.access_mut().sessions.insert(opaque.clone(), Arc::clone(session));
    }
}

/// Ends one session; whether there was one.
pub fn end_session(tx: &mut Transaction, token: &str) -> bool {
    let org = tx.state().settings().organization_id;
    token::opaque_of(token, TokenKind::Access, org)
        .is_some_and(|opaque| tx.access_mut().sessions.remove(opaque).is_some())
}

/// Ends every session of the org: what a test calls to see clients log in again. Refresh tokens stay.
pub fn expire_all(tx: &mut Transaction) {
    tx.access_mut().sessions.clear();
}
