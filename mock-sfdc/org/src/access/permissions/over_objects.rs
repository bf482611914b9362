//! Rights over objects: what permission sets list, what follows from a parent or a system permission, and what the licence leaves
//! out.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    governs::{Governor, governor},
    grant::{ObjectGrant, Right},
    licence::{self, API_INTEGRATION},
    rows::{Rows, said},
    viewer::Viewer,
};
use crate::{
    id::Id,
    schema::{Object, ObjectIx},
    state::{Record, Shared},
};

impl Rows<'_> {
    /// What permission sets list of each object, taken together.
    pub(super) fn listed<'r>(
        self,
        sets: impl Iterator<Item = &'r Shared>,
    ) -> BTreeMap<ObjectIx, ObjectGrant> {
        let mut all: BTreeMap<ObjectIx, ObjectGrant> = BTreeMap::new();
        let Some(object) = self.of("ObjectPermissions") else { return all };
        for row in sets.flat_map(|set| self.matching("ObjectPermissions", "ParentId", set.id())) {
            let index = said(object, &row, "SobjectType").as_text();
            let Some(index) = index.and_then(|name| self.state.schema().index(name)) else { continue };
            let known = all.entry(index).or_default();
            *known = known.and(ObjectGrant::of(&rights(object, &row)));
        }
        all
    }

    /// Rights over each object, by its index.
    pub(super) fn objects(
        self,
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

    fn licence(self, profile: &Record) -> String {
        let licence = self.of("Profile").and_then(|object| said(object, profile, "UserLicenseId").as_id());
        let row = licence.and_then(|id| Some((self.of("UserLicense")?, self.row("UserLicense", id)?)));
        row.and_then(|(object, row)| said(object, row, "Name").as_text()).unwrap_or_default().to_owned()
    }

    fn has_licence(self, user: Id, name: &str) -> bool {
        let Some(object) = self.of("PermissionSetLicenseAssign") else { return false };
        let Some(licences) = self.of("PermissionSetLicense") else { return false };
        self.matching("PermissionSetLicenseAssign", "AssigneeId", user).iter().any(|row| {
            let licence = said(object, row, "PermissionSetLicenseId").as_id();
            let licence = licence.and_then(|id| self.row("PermissionSetLicense", id));
            licence.is_some_and(|row| said(licences, row, "DeveloperName").as_text() == Some(name))
        })
    }
}

/// The rights that a row of `ObjectPermissions` lists.
pub(super) fn rights(object: &Object, row: &Record) -> Vec<Right> {
    Right::ALL.into_iter().filter(|right| said(object, row, right.field()).is_true()).collect()
}
