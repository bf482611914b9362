//! Connected apps: the programs that an administrator lets ask for tokens (`contract/oauth.md` section 9).

use std::{
    collections::BTreeSet,
    net::IpAddr,
    sync::{Arc, LazyLock},
};

use super::{
    Certificate, OAuthError, Scopes, TokenExchangeHandler,
    login::{LoginError, may_come_from, may_enter},
};
use crate::{id::Id, rules::record_types::profile_of, state::State, value::DateTime};

/// When a refresh token ends by itself (`contract/oauth.md` section 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum RefreshPolicy {
    #[default]
    UntilRevoked,
    /// It is of no use from the beginning.
    Immediately,
    /// When it was not used for so long.
    IdleFor { seconds: u32 },
    /// So long after the user approved, used or not.
    After { seconds: u32 },
}

/// Who may use the app.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum PermittedUsers {
    /// Everybody, after a look at the consent page.
    #[default]
    SelfAuthorize,
    /// Only these, and without a consent page: users, and those of a profile or a permission set.
    AdminApproved(BTreeSet<Id>),
}

/// Whether the app's users are bound to the networks that they may log in from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum IpRelaxation {
    #[default]
    Enforce,
    Relax,
}

/// A connected app.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[allow(clippy::struct_excessive_bools, reason = "set-up has them one by one")]
pub struct ConnectedApp {
    /// What the consent page calls it.
    pub name: String,
    pub client_id: String,
    pub client_secret: String,
    #[serde(default)]
    pub callback_urls: Vec<String>,
    /// What it may ask for, and what it gets when it asks for nothing in particular.
    #[serde(default = "default_scopes")]
    pub scopes: Scopes,
    #[serde(default)]
    pub pkce_required: bool,
    /// Whether the web server and the refresh flow need the secret. An app that cannot keep one goes without.
    #[serde(default = "yes")]
    pub secret_required: bool,
    #[serde(default)]
    pub permitted_users: PermittedUsers,
    /// As whom the client credentials flow runs; without one the flow is refused.
    #[serde(default)]
    pub run_as: Option<Id>,
    #[serde(default)]
    pub rotate_refresh_tokens: bool,
    #[serde(default)]
    pub refresh_policy: RefreshPolicy,
    /// Where this differs from `secret_required`.
    #[serde(default)]
    pub secret_required_for_refresh: Option<bool>,
    /// What its assertions are signed with: the JWT bearer flow, and `client_assertion` in place of a secret.
    #[serde(default)]
    pub certificate: Option<Certificate>,
    #[serde(default)]
    pub ip_relaxation: IpRelaxation,
    /// Idle minutes of its sessions, where they differ from the org's.
    #[serde(default)]
    pub session_minutes: Option<u32>,
    /// Whether it may introspect the tokens of other apps.
    #[serde(default)]
    pub introspects_all_tokens: bool,
    /// Who turns an identity provider's tokens into the org's; the first one is the usual one.
    #[serde(default)]
    pub token_exchange_handlers: Vec<TokenExchangeHandler>,
}

fn yes() -> bool {
    true
}

fn default_scopes() -> Scopes {
    Scopes::API.with(Scopes::ID).with(Scopes::WEB).with(Scopes::REFRESH_TOKEN)
}

impl ConnectedApp {
    /// An app as set-up makes it: secret needed, PKCE allowed but not required, tokens until revoked.
    #[must_use]
    pub fn new(name: &str, client_id: &str, client_secret: &str, callback_url: &str) -> Self {
        Self {
            name: name.to_owned(),
            client_id: client_id.to_owned(),
            client_secret: client_secret.to_owned(),
            callback_urls: vec![callback_url.to_owned()],
            scopes: default_scopes(),
            pkce_required: false,
            secret_required: true,
            permitted_users: PermittedUsers::default(),
            run_as: None,
            rotate_refresh_tokens: false,
            refresh_policy: RefreshPolicy::default(),
            secret_required_for_refresh: None,
            certificate: None,
            ip_relaxation: IpRelaxation::default(),
            session_minutes: None,
            introspects_all_tokens: false,
            token_exchange_handlers: Vec::new(),
        }
    }

    /// A redirect must name a registered callback URL, to the letter.
    pub fn check_redirect(&self, redirect_uri: Option<&str>) -> Result<(), OAuthError> {
        let asked = redirect_uri.filter(|uri| !uri.is_empty()).ok_or(OAuthError::RedirectUriMissing)?;
        if self.callback_urls.iter().any(|known| known == asked) {
            Ok(())
        } else {
            Err(OAuthError::RedirectUriMismatch)
        }
    }

    /// The scopes of a request: those it names, or the app's own.
    pub fn check_scope(&self, scope: Option<&str>) -> Result<Scopes, OAuthError> {
        let Some(text) = scope.filter(|text| !text.trim().is_empty()) else { return Ok(self.scopes) };
        let wanted: Scopes = text.parse().map_err(|_| OAuthError::ScopeInvalid)?;
        if self.scopes.cover(wanted) { Ok(wanted) } else { Err(OAuthError::ScopeInvalid) }
    }

    /// A wrong secret is refused everywhere; a missing one only where the flow needs one.
    pub fn check_secret(&self, secret: Option<&str>, needed: bool) -> Result<(), OAuthError> {
        match secret {
            Some(secret) if secret == self.client_secret => Ok(()),
            None if !needed => Ok(()),
            _ => Err(OAuthError::ClientCredentialsInvalid),
        }
    }

    /// Whether an administrator lets this user have the app.
    pub fn check_user(&self, state: &State, user: Id) -> Result<(), OAuthError> {
        let PermittedUsers::AdminApproved(approved) = &self.permitted_users else { return Ok(()) };
        let by_profile = || profile_of(state, user).is_some_and(|profile| approved.contains(&profile));
        let by_set = || sets_of(state, user).iter().any(|set| approved.contains(set));
        if approved.contains(&user) || by_profile() || by_set() {
            Ok(())
        } else {
            Err(OAuthError::NotAdminApproved)
        }
    }

    /// What is asked of a user who comes by this app, in every flow.
    pub fn check_entry(&self, state: &State, user: Id, now: DateTime) -> Result<(), OAuthError> {
        match may_enter(state, user, now) {
            Err(LoginError::IpRestricted) if self.ip_relaxation == IpRelaxation::Relax => {}
            other => other?,
        }
        self.check_user(state, user)
    }

    /// Whether the user's profile lets logins in from this address; a relaxed app lets them in from anywhere.
    pub fn check_address(&self, state: &State, user: Id, address: Option<IpAddr>) -> Result<(), OAuthError> {
        if self.ip_relaxation != IpRelaxation::Relax {
            may_come_from(state, user, address)?;
        }
        Ok(())
    }

    #[must_use]
    pub fn needs_secret_to_refresh(&self) -> bool {
        self.secret_required_for_refresh.unwrap_or(self.secret_required)
    }

    /// Whether an administrator has approved on the users' behalf: they see no consent page.
    #[must_use]
    pub fn is_pre_authorized(&self) -> bool {
        matches!(self.permitted_users, PermittedUsers::AdminApproved(_))
    }
}

/// The permission sets that are assigned to a user.
fn sets_of(state: &State, user: Id) -> Vec<Id> {
    let found = state.schema().object("PermissionSetAssignment").and_then(|object| {
        let (assignee, _) = object.field("AssigneeId")?;
        let (set, _) = object.field("PermissionSetId")?;
        let rows = state.lookup(object, assignee, &user.into());
        Some(rows.iter().filter_map(|row| row.get(set).as_id()).collect())
    });
    found.unwrap_or_default()
}

/// The app of the Salesforce CLI: every org has it, and no administrator made it.
pub(super) static PLATFORM_CLI: LazyLock<Arc<ConnectedApp>> = LazyLock::new(|| {
    let callback = "http://localhost:1717/OauthRedirect";
    Arc::new(ConnectedApp {
        scopes: Scopes::API.with(Scopes::WEB).with(Scopes::REFRESH_TOKEN),
        secret_required: false,
        ..ConnectedApp::new("Salesforce CLI", "PlatformCLI", "", callback)
    })
});

#[cfg(test)]
mod tests {
    use super::*;

    fn app() -> ConnectedApp {
        ConnectedApp::new("App", "client", "secret", "http://127.0.0.1/callback")
    }

    #[test]
    fn a_redirect_matches_to_the_letter() {
        for (uri, answer) in [
            (None, Err(OAuthError::RedirectUriMissing)),
            (Some(""), Err(OAuthError::RedirectUriMissing)),
            (Some("http://127.0.0.1/callback"), Ok(())),
            (Some("http://127.0.0.1/callback/"), Err(OAuthError::RedirectUriMismatch)),
            (Some("http://127.0.0.1/Callback"), Err(OAuthError::RedirectUriMismatch)),
        ] {
            assert_eq!(app().check_redirect(uri), answer, "{uri:?}");
        }
    }

    #[test]
    fn a_secret_is_checked_wherever_it_is_sent() {
        let wrong = Err(OAuthError::ClientCredentialsInvalid);
        for (secret, needed, answer) in [
            (Some("secret"), true, Ok(())),
            (Some("secret"), false, Ok(())),
            (Some("other"), true, wrong),
            (Some("other"), false, wrong),
            (None, true, wrong),
            (None, false, Ok(())),
        ] {
            assert_eq!(app().check_secret(secret, needed), answer, "{secret:?} {needed}");
        }
    }

    #[test]
    fn an_app_is_read_from_a_fixture() {
        let text = r#"{"name": "Sync", "clientId": "c", "clientSecret": "s", "scopes": "api refresh_token",
            "refreshPolicy": {"idleFor": {"seconds": 60}}}"#;
        let app: ConnectedApp = serde_json::from_str(text).unwrap();
        assert_eq!(app.refresh_policy, RefreshPolicy::IdleFor { seconds: 60 });
        assert_eq!(app.check_scope(None).unwrap().to_string(), "api refresh_token");
        assert!(serde_json::from_str::<ConnectedApp>(&text.replace("scopes", "scope")).is_err());
    }
}
