//! Viewers that were computed already. A change of a row that one depends on forgets them all; every other save costs one look
//! at a list.

use std::{collections::BTreeMap, sync::Arc};

use arc_swap::ArcSwap;

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
    "UserLogin",
    "UserRole",
];

/// Shared between a state and its clones until one of them changes something.
#[derive(Clone, Debug, Default)]
pub(crate) struct Viewers {
    known: Arc<ArcSwap<BTreeMap<Id, Arc<Viewer>>>>,
    /// By object index: is it one of the sources?
    sources: Arc<[bool]>,
}

impl Viewers {
    pub(crate) fn new(schema: &Schema) -> Self {
        let is_source = |name: &str| SOURCES.contains(&name);
        let sources = schema.objects().map(|object| is_source(object.name.as_str())).collect();
        Self { known: Arc::default(), sources }
    }

    /// Whether rows of this object say who may do what: a change of one is a reason to forget.
    pub(crate) fn depend_on(&self, object: ObjectIx) -> bool {
        self.sources.get(object.position()).copied().unwrap_or(false)
    }

    pub(crate) fn forget(&mut self) {
        self.known = Arc::default();
    }

    pub(crate) fn of(&self, state: &State, user: Id) -> Arc<Viewer> {
        let found = self.known.load().get(&user).cloned();
        found.unwrap_or_else(|| self.make(state, user))
    }

    /// Looks at the viewer without counting a reference.
    pub(crate) fn look<T>(&self, state: &State, user: Id, look: impl FnOnce(&Viewer) -> T) -> T {
        match self.known.load().get(&user) {
            Some(known) => look(known),
            None => look(&self.make(state, user)),
        }
    }

    fn make(&self, state: &State, user: Id) -> Arc<Viewer> {
        let viewer = Arc::new(effective::viewer(state, user));
        self.known.rcu(|known| {
            let mut known = BTreeMap::clone(known);
            known.insert(user, Arc::clone(&viewer));
            known
        });
        viewer
    }
}
