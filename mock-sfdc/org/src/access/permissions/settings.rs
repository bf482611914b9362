//! What an administrator sets about permissions that stands in no row of its own: sharing, licences, where and when somebody
//! may log in.

use compact_str::CompactString;
use imbl::{OrdMap, OrdSet};
use serde::{Deserialize, Serialize};

use super::{sharing::SharingModel, sharing_rule::SharingRules};
use crate::{
    access::{IpRange, LoginHours},
    id::Id,
    name::Name,
};

/// All of it; persistent, as everything in an org.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PermissionSettings {
    /// Org-wide defaults, where an object has another one than in a new org.
    pub sharing: OrdMap<Name, SharingModel>,
    /// Licences, by name, that leave out these objects, and no others.
    pub licences: OrdMap<CompactString, OrdSet<Name>>,
    /// Profiles that hide every field for which they have no row of `FieldPermissions`; the others show it.
    pub hidden_fields: OrdSet<Id>,
    /// Profiles whose users may come at these hours only.
    pub login_hours: OrdMap<Id, LoginHours>,
    /// Profiles whose users may come from these addresses only.
    #[serde(default)]
    pub login_ip_ranges: OrdMap<Id, Vec<IpRange>>,
    /// By object.
    #[serde(default)]
    pub sharing_rules: OrdMap<Name, SharingRules>,
}

impl PermissionSettings {
    /// The org-wide default of an object.
    #[must_use]
    pub fn model(&self, object: &str) -> SharingModel {
        self.sharing.get(&Name::new(object)).copied().unwrap_or_else(|| SharingModel::usual(object))
    }
}
