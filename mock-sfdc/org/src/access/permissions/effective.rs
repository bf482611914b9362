//! From rows to a [`Viewer`]: profile and permission sets together, less what the licence leaves out.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::OnceLock,
};

use compact_str::CompactString;

use super::{
    grant::ObjectGrant,
    rows::{Rows, said},
    sharing,
    viewer::Viewer,
};
use crate::{
    access::login,
    id::Id,
    schema::{FieldType, Object},
    state::{Record, Shared, State},
};

/// What names of fields that are system permissions begin with.
pub(super) const PERMISSIONS: &str = "Permissions";

pub(super) fn viewer(state: &State, user: Id) -> Viewer {
    let schema = state.schema();
    let rows = Rows { state };
    let person = rows.of("User").and_then(|users| Some((users, rows.row("User", user)?)));
    let id = |field: &str| person.and_then(|(object, record)| said(object, record, field).as_id());
    let profile = id("ProfileId").and_then(|id| Some((id, rows.row("Profile", id)?)));
    let mut made = Viewer {
        user,
        whole: schema.clone(),
        permissions: None,
        objects: vec![ObjectGrant::EVERYTHING; schema.len()],
        fields: BTreeMap::new(),
        reaches: Vec::new(),
        subordinates: BTreeSet::new(),
        memberships: BTreeSet::new(),
        queues_below: BTreeSet::new(),
        opened: BTreeMap::new(),
        unlimited: true,
        welcome: login::is_active(state, user) && !login::is_frozen_by_row(state, user),
        seen: OnceLock::new(),
    };
    // An org without profiles (a bare core in a test) denies nothing.
    let Some((profile, profile_row)) = profile else { return made };
    let own = rows.matching("PermissionSet", "ProfileId", profile);
    let sets = rows.assigned(user);
    made.permissions = Some(rows.system_permissions(profile_row, &sets));
    // Every profile owns a permission set, and its rights hang there; without one nobody has said anything about rights.
    if own.is_empty() {
        return made;
    }
    let listed = rows.listed(own.iter().chain(&sets));
    made.objects = rows.objects(&made, profile_row, user, &listed);
    made.fields = rows.fields(profile, &own, &sets);
    made.reaches =
        schema.objects().map(|object| sharing::reach(schema, state.access().permissions(), object)).collect();
    made.subordinates = rows.below(id("UserRoleId"));
    made.memberships = rows.groups_of(user, id("UserRoleId"));
    made.queues_below = made.subordinates.iter().flat_map(|below| rows.queues_of(*below)).collect();
    made.opened = rows.opened_to(user);
    made.unlimited =
        made.fields.is_empty() && made.objects.iter().all(|grant| *grant == ObjectGrant::EVERYTHING);
    made
}

impl Rows<'_> {
    /// Permission sets that are assigned to the user, those of permission set groups among them. Those that profiles own count
    /// by the user's profile alone, whatever assignment an earlier profile has left.
    fn assigned(self, user: Id) -> Vec<Shared> {
        let Some(sets) = self.of("PermissionSet") else { return Vec::new() };
        let ids = self.ids("PermissionSetAssignment", "PermissionSetId", "AssigneeId", user);
        let is_free = |set: &Shared| said(sets, set, "ProfileId").is_null();
        ids.into_iter().filter_map(|id| self.row("PermissionSet", id).cloned()).filter(is_free).collect()
    }

    /// A profile that does not say is taken to have a permission; a permission set must say so.
    fn system_permissions(self, profile: &Record, sets: &[Shared]) -> BTreeSet<CompactString> {
        let mut all = BTreeSet::new();
        let mut take = |object: &Object, row: &Record, silent: bool| {
            for (position, field) in object.fields.iter().enumerate() {
                let Some(name) = field.name.as_str().strip_prefix(PERMISSIONS) else { continue };
                let said = row.get(position);
                if field.kind == FieldType::Boolean && (said.is_true() || (silent && said.is_null())) {
                    all.insert(name.into());
                }
            }
        };
        if let Some(object) = self.of("Profile") {
            take(object, profile, true);
        }
        if let Some(object) = self.of("PermissionSet") {
            for row in sets {
                take(object, row, false);
            }
        }
        all
    }
}
