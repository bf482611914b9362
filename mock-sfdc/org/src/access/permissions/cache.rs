//! Viewers that were computed already. A change of a row that one depends on forgets them all; every other save costs one look
//! at a list.

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
};

use super::{Viewer, effective};
use crate::{
    id::Id,
    schema::{ObjectIx, Schema},
    state::State,
};

/// Objects whose rows say who may do what.
const SOURCES: &[&str] = &[
    "FieldPermissions",
    "Group",
    "GroupMember",
    "MutingPermissionSet",
    "ObjectPermissions",
    "PermissionSet",
    "PermissionSetAssignment",
    "PermissionSetGroup",
    "PermissionSetGroupComponent",
    "PermissionSetLicense",
    "PermissionSetLicenseAssign",
    "Profile",
    "User",
    "UserLicense",
    "UserRole",
];

/// Shared between a state and its clones until one of them changes something.
#[derive(Clone, Debug, Default)]
pub(crate) struct Viewers {
    known: Arc<RwLock<BTreeMap<Id, Arc<Viewer>>>>,
    /// By object index: is it one of the sources?
    sources: Arc<[bool]>,
}

impl Viewers {
    pub(crate) fn new(schema: &Schema) -> Self {
        let is_source = |name: &str| SOURCES.contains(&name);
        let sources = schema.objects().map(|object| is_source(object.name.as_str())).collect();
        Self { known: Arc::default(), sources }
    }

    /// A row of this object has changed.
    pub(crate) fn touch(&mut self, object: ObjectIx) {
        if self.sources.get(object.position()).copied().unwrap_or(false) {
            self.forget();
        }
    }

    pub(crate) fn forget(&mut self) {
        self.known = Arc::default();
    }

    pub(crate) fn of(&self, state: &State, user: Id) -> Arc<Viewer> {
        let found = self.known.read().unwrap_or_else(PoisonError::into_inner).get(&user).cloned();
        found.unwrap_or_else(|| {
            let viewer = Arc::new(effective::viewer(state, user));
            let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
            known.insert(user, Arc::clone(&viewer));
            viewer
        })
    }
}
