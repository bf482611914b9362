//! A connected app as fixtures and the control API write it: its people, profiles and permission sets by name.

use std::collections::BTreeSet;

use super::{
    Certificate, ConnectedApp, IpRelaxation, PermittedUsers, RefreshPolicy, Scopes, TokenExchangeHandler,
};
use crate::{id::Id, state::Record, state::State};

#[derive(Debug, Clone, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[allow(clippy::struct_excessive_bools, reason = "set-up has them one by one")]
pub struct AppDefinition {
    pub name: String,
    pub client_id: String,
    pub client_secret: String,
    #[serde(default)]
    pub callback_urls: Vec<String>,
    /// `api refresh_token`
    pub scopes: Option<Scopes>,
    #[serde(default)]
    pub pkce_required: bool,
    #[serde(default = "yes")]
    pub secret_required: bool,
    pub secret_required_for_refresh: Option<bool>,
    #[serde(default)]
    pub rotate_refresh_tokens: bool,
    #[serde(default)]
    pub refresh_policy: RefreshPolicy,
    /// As whom the client credentials flow runs.
    pub run_as: Option<String>,
    /// Only these users, approved by an administrator; without this key and the next two everybody.
    pub permitted_users: Option<Vec<String>>,
    /// Users of these profiles, by name, are approved too.
    pub profiles: Option<Vec<String>>,
    /// And whoever these permission sets, by API name, are assigned to.
    pub permission_sets: Option<Vec<String>>,
    pub certificate: Option<Certificate>,
    #[serde(default)]
    pub ip_relaxation: IpRelaxation,
    pub session_minutes: Option<u32>,
    #[serde(default)]
    pub introspects_all_tokens: bool,
    #[serde(default)]
    pub token_exchange_handlers: Vec<TokenExchangeHandler>,
}

fn yes() -> bool {
    true
}

impl AppDefinition {
    /// The app in an org. `user` finds a user by what the definition calls it, `wrong` makes a mistake of a key and a problem.
    pub fn app<E>(
        &self,
        state: &State,
        user: impl Fn(&str, &str) -> Result<Id, E>,
        wrong: impl Fn(&str, String) -> E,
    ) -> Result<ConnectedApp, E> {
        if self.session_minutes == Some(0) {
            return Err(wrong("sessionMinutes", "sessionMinutes is at least 1".to_owned()));
        }
        let usual = ConnectedApp::new(&self.name, &self.client_id, &self.client_secret, "");
        Ok(ConnectedApp {
            callback_urls: self.callback_urls.clone(),
            scopes: self.scopes.unwrap_or(usual.scopes),
            pkce_required: self.pkce_required,
            secret_required: self.secret_required,
            secret_required_for_refresh: self.secret_required_for_refresh,
            rotate_refresh_tokens: self.rotate_refresh_tokens,
            refresh_policy: self.refresh_policy,
            run_as: self.run_as.as_ref().map(|name| user("runAs", name)).transpose()?,
            permitted_users: self.permitted(state, user, wrong)?,
            certificate: self.certificate.clone(),
            ip_relaxation: self.ip_relaxation,
            session_minutes: self.session_minutes,
            introspects_all_tokens: self.introspects_all_tokens,
            token_exchange_handlers: self.token_exchange_handlers.clone(),
            ..usual
        })
    }

    fn permitted<E>(
        &self,
        state: &State,
        user: impl Fn(&str, &str) -> Result<Id, E>,
        wrong: impl Fn(&str, String) -> E,
    ) -> Result<PermittedUsers, E> {
        if self.permitted_users.is_none() && self.profiles.is_none() && self.permission_sets.is_none() {
            return Ok(PermittedUsers::SelfAuthorize);
        }
        let mut approved = BTreeSet::new();
        for name in self.permitted_users.iter().flatten() {
            approved.insert(user("permittedUsers", name)?);
        }
        let named = [
            ("profiles", "Profile", "profile", &self.profiles),
            ("permissionSets", "PermissionSet", "permission set", &self.permission_sets),
        ];
        for (key, object, what, names) in named {
            for name in names.iter().flatten() {
                let id = by_name(state, object, name);
                approved.insert(id.ok_or_else(|| wrong(key, format!("there is no {what} {name:?}")))?);
            }
        }
        Ok(PermittedUsers::AdminApproved(approved))
    }
}

fn by_name(state: &State, object: &str, name: &str) -> Option<Id> {
    let object = state.schema().object(object)?;
    let (position, _) = object.field("Name")?;
    state.matching(object, position, &name.into()).next().map(Record::id)
}
