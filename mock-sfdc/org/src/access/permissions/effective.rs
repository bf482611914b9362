//! From rows to a [`Viewer`]: profile and permission sets together, less what the licence leaves out.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, OnceLock},
};

use compact_str::CompactString;

use super::{
    governs::{Governor, governor},
    grant::{ObjectGrant, Right},
    licence::{self, API_INTEGRATION},
    sharing,
    sharing_rule::Opened,
    viewer::{FieldAccess, Viewer},
};
use crate::{
    id::Id,
    schema::{FieldType, Object, ObjectIx, Schema},
    state::{Record, Shared, State},
    value::Value,
};

const PERMISSIONS: &str = "Permissions";

pub(super) fn viewer(state: &State, user: Id) -> Viewer {
    let schema = state.schema();
    let rows = Rows { state };
    let person = rows.of("User").and_then(|users| Some((users, rows.row("User", user)?)));
    let id = |field: &str| person.and_then(|(object, record)| value(object, record, field).as_id());
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
        seen: OnceLock::new(),
    };
    // An org without profiles (a bare core in a test) denies nothing.
    let Some((profile, profile_row)) = profile else { return made };
    let own = rows.matching("PermissionSet", "ProfileId", profile);
    let sets = rows.assigned(user);
    let groups = rows.groups(user);
    made.permissions = Some(rows.system_permissions(profile_row, &sets, &groups));
    // Every profile owns a permission set, and its rights hang there; without one nobody has said anything about rights.
    if own.is_empty() {
        return made;
    }
    let listed = rows.listed_by(own.iter().chain(&sets), &groups);
    made.objects = rows.objects(&made, profile_row, user, &listed);
    made.fields = rows.fields(profile, &own, &sets, &groups);
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

/// A permission set group that the user has: its sets, less what its muting permission sets say.
struct Group {
    sets: Vec<Shared>,
    muting: Vec<Shared>,
}

/// The rows that permissions are made of.
struct Rows<'a> {
    state: &'a State,
}

impl<'a> Rows<'a> {
    fn of(&self, object: &str) -> Option<&'a Arc<Object>> {
        self.state.schema().object(object)
    }

    fn row(&self, object: &str, id: Id) -> Option<&'a Shared> {
        self.state.table(self.of(object)?.index).get(id)
    }

    fn matching(&self, object: &str, field: &str, value: impl Into<Value>) -> Vec<Shared> {
        let found = self.of(object).and_then(|object| {
            let (position, _) = object.field(field)?;
            Some(self.state.lookup(object, position, &value.into()))
        });
        found.unwrap_or_default()
    }

    /// Permission sets that are assigned to the user. Those that profiles own count by the user's profile alone, whatever
    /// assignment an earlier profile has left.
    fn assigned(&self, user: Id) -> Vec<Shared> {
        let Some(object) = self.of("PermissionSetAssignment") else { return Vec::new() };
        let mut ids: Vec<Id> = self
            .matching("PermissionSetAssignment", "AssigneeId", user)
            .iter()
            .filter_map(|row| value(object, row, "PermissionSetId").as_id())
            .collect();
        ids.sort_unstable();
        ids.dedup();
        let Some(sets) = self.of("PermissionSet") else { return Vec::new() };
        let is_free = |set: &Shared| value(sets, set, "ProfileId").is_null();
        ids.into_iter().filter_map(|id| self.row("PermissionSet", id).cloned()).filter(is_free).collect()
    }

    /// Permission set groups of the user.
    fn groups(&self, user: Id) -> Vec<Group> {
        let (Some(assigned), Some(parts)) =
            (self.of("PermissionSetAssignment"), self.of("PermissionSetGroupComponent"))
        else {
            return Vec::new();
        };
        let mut ids: Vec<Id> = self
            .matching("PermissionSetAssignment", "AssigneeId", user)
            .iter()
            .filter_map(|row| value(assigned, row, "PermissionSetGroupId").as_id())
            .collect();
        ids.sort_unstable();
        ids.dedup();
        let parts_of = |group: Id, object: &str| {
            let rows = self.matching("PermissionSetGroupComponent", "PermissionSetGroupId", group);
            let part =
                |row: &Shared| self.row(object, value(parts, row, "PermissionSetId").as_id()?).cloned();
            rows.iter().filter_map(part).collect::<Vec<_>>()
        };
        let group =
            |id| Group { sets: parts_of(id, "PermissionSet"), muting: parts_of(id, "MutingPermissionSet") };
        ids.into_iter().map(group).collect()
    }

    /// Rights over objects by all that gives any.
    fn listed_by<'r>(
        &self,
        sets: impl Iterator<Item = &'r Shared>,
        groups: &[Group],
    ) -> BTreeMap<ObjectIx, ObjectGrant> {
        let mut listed: BTreeMap<ObjectIx, ObjectGrant> = BTreeMap::new();
        let mut add = |object, grant: ObjectGrant| {
            let known = listed.entry(object).or_default();
            *known = known.and(grant);
        };
        for set in sets {
            for (object, grant) in self.listed(set.id(), ObjectGrant::of) {
                add(object, grant);
            }
        }
        for group in groups {
            let given = group.sets.iter().flat_map(|set| self.listed(set.id(), ObjectGrant::of));
            let mut own: BTreeMap<ObjectIx, ObjectGrant> = BTreeMap::new();
            for (object, grant) in given {
                let known = own.entry(object).or_default();
                *known = known.and(grant);
            }
            // What is muted is what is written: to mute reading all is not to mute reading.
            for (object, muted) in
                group.muting.iter().flat_map(|set| self.listed(set.id(), ObjectGrant::bare))
            {
                if let Some(grant) = own.get_mut(&object) {
                    *grant = grant.but(muted);
                }
            }
            for (object, grant) in own {
                add(object, grant);
            }
        }
        listed
    }

    /// What sharing rules open to the user.
    fn opened_to(&self, user: Id) -> BTreeMap<ObjectIx, Vec<Opened>> {
        let rules = self.state.access().permissions().sharing_rules.iter();
        let opened = rules.filter_map(|(name, rules)| {
            let object = self.of(name.as_str())?;
            Some((object.index, rules.opened_to(self.state, user)))
        });
        opened.filter(|(_, opened)| !opened.is_empty()).collect()
    }

    /// Queues that somebody is in.
    fn queues_of(&self, user: Id) -> Vec<Id> {
        let Some(members) = self.of("GroupMember") else { return Vec::new() };
        let rows = self.matching("GroupMember", "UserOrGroupId", user);
        let groups = rows.iter().filter_map(|row| value(members, row, "GroupId").as_id());
        let is_queue = |id: &Id| {
            let (Some(object), Some(row)) = (self.of("Group"), self.row("Group", *id)) else { return false };
            value(object, row, "Type").as_text() == Some("Queue")
        };
        groups.filter(is_queue).collect()
    }

    /// A profile that does not say is taken to have a permission; a permission set must say so.
    fn system_permissions(
        &self,
        profile: &Record,
        sets: &[Shared],
        groups: &[Group],
    ) -> BTreeSet<CompactString> {
        let mut all = BTreeSet::new();
        let take = |all: &mut BTreeSet<CompactString>, object: &Object, row: &Record, silent: bool| {
            for (position, field) in object.fields.iter().enumerate() {
                let Some(name) = field.name.as_str().strip_prefix(PERMISSIONS) else { continue };
                let said = row.get(position);
                if field.kind == FieldType::Boolean && (said.is_true() || (silent && said.is_null())) {
                    all.insert(name.into());
                }
            }
        };
        if let Some(object) = self.of("Profile") {
            take(&mut all, object, profile, true);
        }
        if let Some(object) = self.of("PermissionSet") {
            for row in sets {
                take(&mut all, object, row, false);
            }
            for group in groups {
                let mut own = BTreeSet::new();
                for row in &group.sets {
                    take(&mut own, object, row, false);
                }
                if let Some(object) = self.of("MutingPermissionSet") {
                    let mut muted = BTreeSet::new();
                    for row in &group.muting {
                        take(&mut muted, object, row, false);
                    }
                    own.retain(|name| !muted.contains(name));
                }
                all.extend(own);
            }
        }
        all
    }

    /// Rights over each object, by its index.
    fn objects(
        &self,
        viewer: &Viewer,
        profile: &Record,
        user: Id,
        listed: &BTreeMap<ObjectIx, ObjectGrant>,
    ) -> Vec<ObjectGrant> {
        let schema = self.state.schema();
        let over_all = if viewer.may("ModifyAllData") {
            ObjectGrant::EVERYTHING
        } else if viewer.may("ViewAllData") {
            ObjectGrant::of(&[Right::ViewAll])
        } else {
            ObjectGrant::NONE
        };
        let own = |name: &str| {
            let index = schema.index(name).or_else(|| schema.index(&format!("{name}__c")));
            index.map(|index| over_all.and(listed.get(&index).copied().unwrap_or_default()))
        };
        let licence = self.licence(profile);
        let opened = self.has_licence(user, API_INTEGRATION);
        let settings = self.state.access().permissions();
        let left_out = |name: &str| match settings.licences.get(licence.as_str()) {
            Some(names) => {
                let head = match governor(name) {
                    Governor::Parent(parent) => parent,
                    _ => name,
                };
                names.iter().any(|other| other.is(head))
            }
            None => licence::leaves_out(&licence, name, opened),
        };
        let grant = |object: &Arc<Object>| {
            let name = object.name.as_str();
            if left_out(name) {
                return ObjectGrant::NONE;
            }
            match governor(name) {
                Governor::Itself => own(name).unwrap_or_default(),
                Governor::Parent(parent) => {
                    own(parent).map_or(ObjectGrant::EVERYTHING, ObjectGrant::over_followers).and(over_all)
                }
                Governor::Permission(permission) if !viewer.may(permission) => {
                    // Users read each other, and change what they may of themselves.
                    let edit = name == "User" || over_all == ObjectGrant::EVERYTHING;
                    if edit { ObjectGrant::of(&[Right::Edit]) } else { ObjectGrant::of(&[Right::Read]) }
                }
                Governor::Closed(permission) if !viewer.may(permission) => ObjectGrant::NONE,
                // Rows have owners and parents all the same; without either they are everybody's.
                Governor::Permission("EditTask" | "EditEvent") | Governor::Nobody => {
                    ObjectGrant::of(&[Right::Create, Right::Delete]).and(over_all)
                }
                Governor::Permission(_) | Governor::Closed(_) => ObjectGrant::EVERYTHING,
            }
        };
        schema.objects().map(grant).collect()
    }

    /// The rows of `ObjectPermissions` of one permission set.
    fn listed(&self, set: Id, grant: fn(&[Right]) -> ObjectGrant) -> Vec<(ObjectIx, ObjectGrant)> {
        let Some(object) = self.of("ObjectPermissions") else { return Vec::new() };
        let schema: &Schema = self.state.schema();
        let rows = self.matching("ObjectPermissions", "ParentId", set);
        let read = |row: &Shared| {
            let index = schema.index(value(object, row, "SobjectType").as_text()?)?;
            let rights: Vec<Right> =
                Right::ALL.into_iter().filter(|right| value(object, row, right.field()).is_true()).collect();
            Some((index, grant(&rights)))
        };
        rows.iter().filter_map(read).collect()
    }

    fn licence(&self, profile: &Record) -> String {
        let licence = self.of("Profile").and_then(|object| value(object, profile, "UserLicenseId").as_id());
        let row = licence.and_then(|id| Some((self.of("UserLicense")?, self.row("UserLicense", id)?)));
        row.and_then(|(object, row)| value(object, row, "Name").as_text()).unwrap_or_default().to_owned()
    }

    fn has_licence(&self, user: Id, name: &str) -> bool {
        let Some(object) = self.of("PermissionSetLicenseAssign") else { return false };
        let Some(licences) = self.of("PermissionSetLicense") else { return false };
        self.matching("PermissionSetLicenseAssign", "AssigneeId", user).iter().any(|row| {
            let licence = value(object, row, "PermissionSetLicenseId").as_id();
            let licence = licence.and_then(|id| self.row("PermissionSetLicense", id));
            licence.is_some_and(|row| value(licences, row, "DeveloperName").as_text() == Some(name))
        })
    }

    /// Fields that are not editable: what the profile says of them, and what permission sets add to it.
    fn fields(
        &self,
        profile: Id,
        own: &[Shared],
        sets: &[Shared],
        groups: &[Group],
    ) -> BTreeMap<(ObjectIx, usize), FieldAccess> {
        let mut fields: BTreeMap<(ObjectIx, usize), FieldAccess> = BTreeMap::new();
        if self.state.access().permissions().hidden_fields.contains(&profile) {
            for object in self.state.schema().objects() {
                let hidden = object.fields.iter().enumerate().filter(|(_, field)| field.permissionable);
                fields.extend(hidden.map(|(at, _)| ((object.index, at), FieldAccess::Hidden)));
            }
        }
        for (place, access) in own.iter().flat_map(|set| self.field_rows(set.id())) {
            fields.insert(place, access);
        }
        fields.retain(|_, access| *access != FieldAccess::Editable);
        if fields.is_empty() {
            return fields;
        }
        let grouped = groups.iter().flat_map(|group| {
            let given = group.sets.iter().flat_map(|set| self.field_rows(set.id()));
            given.map(|(place, access)| (place, access.min(self.unmuted(group, place)))).collect::<Vec<_>>()
        });
        let given = sets.iter().flat_map(|set| self.field_rows(set.id()));
        for (place, access) in given.chain(grouped) {
            if let Some(known) = fields.get_mut(&place) {
                *known = access.max(*known);
            }
        }
        fields.retain(|_, access| *access != FieldAccess::Editable);
        fields
    }

    /// How much of a field a group's muting leaves: who mutes reading mutes editing.
    fn unmuted(&self, group: &Group, place: (ObjectIx, usize)) -> FieldAccess {
        let rows = group.muting.iter().flat_map(|set| self.said_of_fields(set.id()));
        let left = rows.filter(|(muted, ..)| *muted == place).map(|(_, read, edit)| match (read, edit) {
            (true, _) => FieldAccess::Hidden,
            (false, true) => FieldAccess::ReadOnly,
            (false, false) => FieldAccess::Editable,
        });
        left.min().unwrap_or(FieldAccess::Editable)
    }

    fn field_rows(&self, set: Id) -> Vec<((ObjectIx, usize), FieldAccess)> {
        let access = |(place, read, edit)| match (read, edit) {
            (_, true) => (place, FieldAccess::Editable),
            (true, false) => (place, FieldAccess::ReadOnly),
            (false, false) => (place, FieldAccess::Hidden),
        };
        self.said_of_fields(set).into_iter().map(access).collect()
    }

    /// The rows of `FieldPermissions` of one permission set; of an address they mean its parts too.
    fn said_of_fields(&self, set: Id) -> Vec<((ObjectIx, usize), bool, bool)> {
        let Some(rows) = self.of("FieldPermissions") else { return Vec::new() };
        let mut found = Vec::new();
        for row in self.matching("FieldPermissions", "ParentId", set) {
            let path = value(rows, &row, "Field").as_text().and_then(|text| text.split_once('.'));
            let Some((object, field)) = path else { continue };
            let Some(object) = self.of(object) else { continue };
            let Some((position, field)) = object.field(field) else { continue };
            let is = |name: &str| value(rows, &row, name).is_true();
            let (read, edit) = (is("PermissionsRead"), is("PermissionsEdit"));
            found.push(((object.index, position), read, edit));
            let parts = object.fields.iter().enumerate();
            let parts = parts.filter(|(_, part)| part.compound_field_name.as_ref() == Some(&field.name));
            found.extend(parts.map(|(at, _)| ((object.index, at), read, edit)));
        }
        found
    }

    /// Users whose role stands below this one.
    fn below(&self, role: Option<Id>) -> BTreeSet<Id> {
        let mut users = BTreeSet::new();
        let mut waiting: Vec<Id> = role.into_iter().collect();
        let mut seen: BTreeSet<Id> = waiting.iter().copied().collect();
        while let Some(role) = waiting.pop() {
            for child in self.matching("UserRole", "ParentRoleId", role) {
                if seen.insert(child.id()) {
                    waiting.push(child.id());
                    users
                        .extend(self.matching("User", "UserRoleId", child.id()).iter().map(|user| user.id()));
                }
            }
        }
        users
    }

    /// Queues and groups that the user is in, directly, by role, or through another group.
    fn groups_of(&self, user: Id, role: Option<Id>) -> BTreeSet<Id> {
        let (Some(members), Some(groups)) = (self.of("GroupMember"), self.of("Group")) else {
            return BTreeSet::new();
        };
        let of_role = role.map(|role| self.matching("Group", "RelatedId", role)).unwrap_or_default();
        let everybody = self.matching("Group", "Type", "Organization");
        let mut found: BTreeSet<Id> = of_role.iter().chain(&everybody).map(|row| row.id()).collect();
        let mut waiting: Vec<Id> = std::iter::once(user).chain(found.iter().copied()).collect();
        while let Some(member) = waiting.pop() {
            for row in self.matching("GroupMember", "UserOrGroupId", member) {
                let group = value(members, &row, "GroupId").as_id();
                let group = group.filter(|id| self.state.table(groups.index).get(*id).is_some());
                if let Some(group) = group
                    && found.insert(group)
                {
                    waiting.push(group);
                }
            }
        }
        found
    }
}

fn value<'r>(object: &Object, record: &'r Record, field: &str) -> &'r Value {
    object.field(field).map_or(&Value::Null, |(position, _)| record.get(position))
}
