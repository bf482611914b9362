//! Who may come in: logins, sessions, connected apps, and what users have granted them (`contract/oauth.md`).
//!
//! Pure as the rest of the org: time comes from the transaction, randomness from the org, and no face's bytes are made here.
//! Everything hangs in persistent maps, so a clone is cheap. One thing is shared between clones: a session's last use, so
//! that using it needs no transaction; [`Access::detach`] separates a fork from its original.

mod app;
mod app_definition;
mod assertion;
mod certificate;
mod device;
mod door;
mod exchange;
mod grant;
mod image;
mod login;
mod oauth_error;
mod password;
pub mod permissions;
pub mod pkce;
mod scope;
mod session;
mod signature;
mod single_access;
pub mod token;

use std::sync::Arc;

use compact_str::CompactString;
use imbl::{GenericHashMap, HashMap, OrdMap, shared_ptr::DefaultSharedPtr};

pub(crate) use self::image::AccessImage;
use self::{
    app::PLATFORM_CLI,
    device::Device,
    grant::{Code, Family, FamilyId},
    session::Session,
    single_access::Offer,
};
pub use self::{
    app::{ConnectedApp, IpRelaxation, PermittedUsers, RefreshPolicy},
    app_definition::AppDefinition,
    assertion::{Assertion, bear},
    certificate::{Certificate, CertificateError},
    device::{
        DEVICE_LIFETIME_MILLIS, DeviceCodes, DeviceRequest, POLL_SECONDS, begin_device, decide_device,
        device_request, poll_device,
    },
    door::{IpRange, LoginHours},
    exchange::{SubjectToken, TokenExchangeHandler, exchange_token},
    grant::{
        CODE_LIFETIME_MILLIS, NewCode, REFRESH_TOKENS_PER_USER_AND_APP, RefreshInfo, Tokens, approve,
        approved, exchange_code, issue_code, issue_tokens, look_at_refresh_token, refresh, revoke,
    },
    login::{
        Door, Login, LoginError, Restriction, is_active, is_frozen, log_in, may_come_from, may_enter,
        password_expired, recognize,
    },
    oauth_error::OAuthError,
    password::{change_own_password, reset_password, set_password},
    scope::{Scopes, UnknownScope},
    session::{
        NewSession, SessionInfo, SessionKind, adopt_session, end_session, expire_all, keep_given_sessions,
        look_at_session, open_session, session, session_from,
    },
    signature::signature,
    single_access::{offer_single_access, take_single_access},
};
use crate::{error::Error, id::Id, state::State};

/// Every request looks one up, by a text of ninety-six letters.
type Sessions = GenericHashMap<CompactString, Arc<Session>, foldhash::fast::RandomState, DefaultSharedPtr>;

/// Everything about access that an org remembers.
#[derive(Debug, Clone, Default)]
pub struct Access {
    /// By username in lower case.
    logins: OrdMap<CompactString, Arc<Login>>,
    /// By client id.
    apps: OrdMap<CompactString, Arc<ConnectedApp>>,
    suspended: bool,
    /// These three by the opaque part of the token.
    sessions: Sessions,
    codes: HashMap<CompactString, Code>,
    refresh_tokens: HashMap<CompactString, FamilyId>,
    /// In the order in which they began.
    families: OrdMap<FamilyId, Family>,
    next_family: FamilyId,
    approvals: OrdMap<(Id, CompactString), Scopes>,
    /// By the opaque part of the device code.
    devices: HashMap<CompactString, Device>,
    /// By the one-time password.
    offers: HashMap<CompactString, Offer>,
    permissions: permissions::PermissionSettings,
}

impl Access {
    /// Adds a way in, or replaces the one of the same username.
    pub fn add_login(&mut self, login: Login) {
        self.logins.insert(login.username.to_lowercase(), Arc::new(login));
    }

    /// The login of a username, in any spelling.
    #[must_use]
    pub fn login(&self, username: &str) -> Option<&Login> {
        self.logins.get(username.trim().to_lowercase().as_str()).map(Arc::as_ref)
    }

    #[must_use]
    pub fn login_of(&self, user: Id) -> Option<&Login> {
        self.logins().find(|login| login.user == user)
    }

    /// By username.
    pub fn logins(&self) -> impl Iterator<Item = &Login> {
        self.logins.values().map(Arc::as_ref)
    }

    /// Puts something in a user's way, or takes it away; whether there is such a user.
    pub fn restrict(&mut self, username: &str, restriction: Option<Restriction>) -> bool {
        self.change_login(username, |login| login.restriction = restriction)
    }

    pub fn set_password(&mut self, username: &str, password: &str) -> bool {
        self.change_login(username, |login| login.password = password.into())
    }

    /// Gives every login another username.
    pub fn rename_logins(&mut self, renamed: impl Fn(&str) -> String) {
        let logins: Vec<Login> = self.logins().cloned().collect();
        self.logins.clear();
        for login in logins {
            let username = renamed(&login.username).into();
            self.add_login(Login { username, ..login });
        }
    }

    fn change_login(&mut self, username: &str, change: impl FnOnce(&mut Login)) -> bool {
        let login = self.logins.get_mut(username.trim().to_lowercase().as_str());
        login.map(|login| change(Arc::make_mut(login))).is_some()
    }

    /// Adds a connected app, or replaces the one of the same client id; tokens that it has stay.
    pub fn add_app(&mut self, app: ConnectedApp) {
        self.apps.insert(app.client_id.as_str().into(), Arc::new(app));
    }

    #[must_use]
    pub fn app(&self, client_id: &str) -> Option<&Arc<ConnectedApp>> {
        self.apps.get(client_id).or_else(|| (client_id == PLATFORM_CLI.client_id).then(|| &*PLATFORM_CLI))
    }

    /// Whether there was an app of this client id. With it go the tokens that it has.
    pub fn remove_app(&mut self, client_id: &str) -> bool {
        let families = self.families.iter().filter(|(_, family)| family.client_id() == client_id);
        for number in families.map(|(number, _)| *number).collect::<Vec<_>>() {
            grant::end_family(self, number);
        }
        self.sessions.retain(|_, session| session.client_id.as_deref() != Some(client_id));
        let others = self.approvals.iter().filter(|((_, app), _)| app != client_id);
        self.approvals = others.map(|(whose, scopes)| (whose.clone(), *scopes)).collect();
        self.apps.remove(client_id).is_some()
    }

    /// Those that an administrator has made, by client id.
    pub fn apps(&self) -> impl Iterator<Item = &Arc<ConnectedApp>> {
        self.apps.values()
    }

    /// A suspended org lets nobody in, and whoever is in is out.
    #[must_use]
    pub fn is_suspended(&self) -> bool {
        self.suspended
    }

    pub fn suspend(&mut self, suspended: bool) {
        self.suspended = suspended;
    }

    /// What an administrator has set about permissions, beside the rows that say most of it.
    #[must_use]
    pub fn permissions(&self) -> &permissions::PermissionSettings {
        &self.permissions
    }

    pub(crate) fn permissions_mut(&mut self) -> &mut permissions::PermissionSettings {
        &mut self.permissions
    }

    /// Gives every session a last use of its own: call it for a fork, or the original keeps the fork's sessions alive.
    pub fn detach(&mut self) {
        self.sessions = self
            .sessions
            .iter()
            .map(|(opaque, session)| (opaque.clone(), Arc::new(session.detached())))
            .collect();
    }
}

/// The name of the permission that every call of a data API asks for.
const API_ENABLED: &str = "ApiEnabled";

/// Whether a user may call the data APIs: the edition has them, and the user's profile or a permission set has API Enabled
/// (`contract/behaviour.md` section 9). A profile that does not say is taken to have it.
pub fn api_allowed(state: &State, user: Id) -> Result<(), Error> {
    if !state.settings().edition.has_api() {
        return Err(Error::api_disabled_for_org());
    }
    if has_permission(state, user, API_ENABLED) { Ok(()) } else { Err(Error::api_disabled_for_user()) }
}

/// Whether a session may call the REST API: as [`api_allowed`], and its scopes include `api` or `full`.
pub fn session_allowed(state: &State, session: &SessionInfo) -> Result<(), Error> {
    if !session.scopes.reach_api() {
        return Err(Error::session_not_for_rest());
    }
    if session.kind == SessionKind::Soap && password_expired(state, session.user) {
        return Err(Error::password_expired());
    }
    api_allowed(state, session.user)
}

/// Whether a user's profile, or a permission set that is assigned to the user, has a permission; `permission` is the field
/// on `Profile` and `PermissionSet`, with its `Permissions` or without.
#[must_use]
pub fn has_permission(state: &State, user: Id, permission: &str) -> bool {
    let permission = permission.strip_prefix("Permissions").unwrap_or(permission);
    state.ask_viewer(user, |viewer| viewer.may(permission))
}

#[cfg(test)]
mod tests;
