//! Somebody, with all that this user may do: what every check asks.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::OnceLock,
};

use compact_str::CompactString;

use super::{
    grant::{ObjectGrant, Right},
    sharing::Reach,
    sharing_rule::Opened,
};
use crate::{
    id::Id,
    schema::{Field, FieldSight, Object, ObjectIx, ObjectSight, Schema},
};

/// What somebody may do with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FieldAccess {
    Hidden,
    ReadOnly,
    Editable,
}

/// One user's permissions at one moment of an org.
#[derive(Debug, Clone)]
pub struct Viewer {
    pub(super) user: Id,
    /// The schema that the permissions were computed for.
    pub(super) whole: Schema,
    /// System permissions by their names without `Permissions`; `None`: all there are.
    pub(super) permissions: Option<BTreeSet<CompactString>>,
    /// By object index.
    pub(super) objects: Vec<ObjectGrant>,
    /// Only fields that are not editable.
    pub(super) fields: BTreeMap<(ObjectIx, usize), FieldAccess>,
    /// By object index: which rows are within reach.
    pub(super) reaches: Vec<Reach>,
    /// Users in roles below this user's.
    pub(super) subordinates: BTreeSet<Id>,
    /// Queues, groups and roles that this user belongs to.
    pub(super) memberships: BTreeSet<Id>,
    /// Queues of subordinates: who stands above a member has what the member has.
    pub(super) queues_below: BTreeSet<Id>,
    /// What sharing rules open to this user, by object.
    pub(super) opened: BTreeMap<ObjectIx, Vec<Opened>>,
    pub(super) unlimited: bool,
    /// The user is active and not frozen.
    pub(super) welcome: bool,
    pub(super) seen: OnceLock<Schema>,
}

impl Viewer {
    #[must_use]
    pub fn user(&self) -> Id {
        self.user
    }

    /// Whether there is nothing in the org that this user may not do with rows.
    #[must_use]
    pub fn is_unlimited(&self) -> bool {
        self.unlimited
    }

    /// Whether rows of the org let this user in: active, and not frozen.
    #[must_use]
    pub fn is_welcome(&self) -> bool {
        self.welcome
    }

    /// The same user, for whom names of a namespace are also found without it.
    #[must_use]
    pub fn in_namespace(&self, namespace: &str) -> Self {
        Self { whole: self.whole.with_namespace(namespace), seen: OnceLock::new(), ..self.clone() }
    }

    /// Has the user a system permission? `ApiEnabled`: its name without the `Permissions` of the field.
    #[must_use]
    pub fn may(&self, permission: &str) -> bool {
        self.permissions.as_ref().is_none_or(|known| known.contains(permission))
    }

    #[must_use]
    pub fn grant(&self, object: ObjectIx) -> ObjectGrant {
        self.objects.get(object.position()).copied().unwrap_or(ObjectGrant::EVERYTHING)
    }

    #[must_use]
    pub fn allows(&self, object: ObjectIx, right: Right) -> bool {
        self.grant(object).has(right)
    }

    /// What the user may do with a field, apart from what the field itself allows.
    #[must_use]
    pub fn field(&self, object: ObjectIx, position: usize) -> FieldAccess {
        if self.fields.is_empty() {
            return FieldAccess::Editable;
        }
        self.fields.get(&(object, position)).copied().unwrap_or(FieldAccess::Editable)
    }

    /// The schema with what the user sees of it, positions unchanged.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        self.seen.get_or_init(|| {
            self.whole.seen(
                |object: &Object| {
                    let grant = self.grant(object.index);
                    if !grant.has(Right::Read) {
                        return ObjectSight::Hidden;
                    }
                    ObjectSight::Seen {
                        create: grant.has(Right::Create),
                        edit: grant.has(Right::Edit),
                        delete: grant.has(Right::Delete),
                    }
                },
                |object: &Object, position: usize, _: &Field| match self.field(object.index, position) {
                    FieldAccess::Hidden => FieldSight::Hidden,
                    FieldAccess::ReadOnly => FieldSight::ReadOnly,
                    FieldAccess::Editable => FieldSight::Editable,
                },
            )
        })
    }
}
