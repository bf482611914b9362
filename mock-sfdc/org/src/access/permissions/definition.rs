//! What a profile or a permission set says, in the words of Salesforce's metadata (`Profile`, `PermissionSet`): fixtures and
//! the loader of metadata read these, [`write`](super::write) makes rows of them.

use serde::{Deserialize, Serialize};

use super::grant::{ObjectGrant, Right};
use crate::access::{IpRange, LoginHours};

/// The part that profiles and permission sets share.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PermissionDefinition {
    /// `None`: nothing is said, and what is there stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object_permissions: Option<Vec<ObjectPermission>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub field_permissions: Vec<FieldPermission>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub user_permissions: Vec<UserPermission>,
    /// Profiles only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub login_ip_ranges: Vec<IpRange>,
    /// Profiles only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login_hours: Option<LoginHours>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[allow(clippy::struct_excessive_bools, reason = "metadata says them one by one")]
pub struct ObjectPermission {
    pub object: String,
    pub allow_create: bool,
    pub allow_delete: bool,
    pub allow_edit: bool,
    pub allow_read: bool,
    pub modify_all_records: bool,
    pub view_all_records: bool,
    /// Since API 60; every field of the object is readable anyway unless a row says otherwise.
    pub view_all_fields: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct FieldPermission {
    /// `Lead.Email`
    pub field: String,
    pub readable: bool,
    pub editable: bool,
    /// Metadata of old versions has it; it is `readable` turned round.
    pub hidden: Option<bool>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UserPermission {
    /// Without `Permissions`: `ApiEnabled`.
    pub name: String,
    #[serde(default)]
    pub enabled: bool,
}

impl ObjectPermission {
    #[must_use]
    pub fn new(object: &str, grant: ObjectGrant) -> Self {
        Self {
            object: object.to_owned(),
            allow_create: grant.has(Right::Create),
            allow_delete: grant.has(Right::Delete),
            allow_edit: grant.has(Right::Edit),
            allow_read: grant.has(Right::Read),
            modify_all_records: grant.has(Right::ModifyAll),
            view_all_records: grant.has(Right::ViewAll),
            view_all_fields: false,
        }
    }

    /// With what each right brings along.
    #[must_use]
    pub fn grant(&self) -> ObjectGrant {
        ObjectGrant::of(&self.rights())
    }

    /// As it is written: what a muting permission set takes away.
    #[must_use]
    pub fn said(&self) -> ObjectGrant {
        ObjectGrant::bare(&self.rights())
    }

    fn rights(&self) -> Vec<Right> {
        let said = [
            (self.allow_read, Right::Read),
            (self.allow_create, Right::Create),
            (self.allow_edit, Right::Edit),
            (self.allow_delete, Right::Delete),
            (self.view_all_records, Right::ViewAll),
            (self.modify_all_records, Right::ModifyAll),
        ];
        said.into_iter().filter(|(said, _)| *said).map(|(_, right)| right).collect()
    }
}
