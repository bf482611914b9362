//! Access in a form that can be written down: everything, secrets included, for that is what a restart needs.

use std::{collections::BTreeMap, sync::Arc};

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use super::{
    Access, ConnectedApp, Login, Scopes,
    device::Device,
    grant::{Code, Family, FamilyId},
    permissions::PermissionSettings,
    session::{Session, SessionImage},
};
use crate::id::Id;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct AccessImage {
    logins: Vec<Login>,
    apps: Vec<ConnectedApp>,
    suspended: bool,
    sessions: BTreeMap<CompactString, SessionImage>,
    codes: BTreeMap<CompactString, Code>,
    refresh_tokens: BTreeMap<CompactString, FamilyId>,
    families: BTreeMap<FamilyId, Family>,
    next_family: FamilyId,
    approvals: Vec<(Id, CompactString, Scopes)>,
    #[serde(default)]
    devices: BTreeMap<CompactString, Device>,
    permissions: PermissionSettings,
}

impl From<&Access> for AccessImage {
    fn from(access: &Access) -> Self {
        let Access {
            logins,
            apps,
            suspended,
            sessions,
            codes,
            refresh_tokens,
            families,
            next_family,
            approvals,
            devices,
            // A minute old at most.
            offers: _,
            permissions,
        } = access;
        Self {
            logins: logins.values().map(|login| Login::clone(login)).collect(),
            apps: apps.values().map(|app| ConnectedApp::clone(app)).collect(),
            suspended: *suspended,
            sessions: sessions.iter().map(|(token, session)| (token.clone(), session.image())).collect(),
            codes: codes.iter().map(|(code, what)| (code.clone(), what.clone())).collect(),
            refresh_tokens: refresh_tokens.iter().map(|(token, family)| (token.clone(), *family)).collect(),
            families: families.iter().map(|(number, family)| (*number, family.clone())).collect(),
            next_family: *next_family,
            approvals: approvals.iter().map(|((user, app), scopes)| (*user, app.clone(), *scopes)).collect(),
            devices: devices.iter().map(|(code, device)| (code.clone(), device.clone())).collect(),
            permissions: permissions.clone(),
        }
    }
}

impl From<AccessImage> for Access {
    fn from(image: AccessImage) -> Self {
        let mut access = Self {
            suspended: image.suspended,
            sessions: image
                .sessions
                .into_iter()
                .map(|(token, session)| (token, Arc::new(Session::from(session))))
                .collect(),
            codes: image.codes.into_iter().collect(),
            refresh_tokens: image.refresh_tokens.into_iter().collect(),
            families: image.families.into_iter().collect(),
            next_family: image.next_family,
            approvals: image.approvals.into_iter().map(|(user, app, scopes)| ((user, app), scopes)).collect(),
            devices: image.devices.into_iter().collect(),
            permissions: image.permissions,
            ..Self::default()
        };
        image.logins.into_iter().for_each(|login| access.add_login(login));
        image.apps.into_iter().for_each(|app| access.add_app(app));
        access
    }
}
