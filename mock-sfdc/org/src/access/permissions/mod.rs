//! Who may do what (`contract/behaviour.md` section 9): licence, profile and permission sets become one [`Viewer`] a user, and
//! everything that asks, asks it. The rows that clients see (`Profile`, `PermissionSet`, `ObjectPermissions`,
//! `FieldPermissions`, assignments, roles, groups) are the truth; a viewer is computed from them once, and again after one of
//! them changed.
//!
//! Three layers: rights over objects and fields (`over_objects`, `over_fields`), rows (`sharing`), and the schema as the user
//! sees it (`Viewer::schema`), which makes queries, describes and bodies follow without a word about permissions. `effective`
//! puts them together.

mod aggregate;
mod cache;
mod copy;
mod definition;
mod effective;
mod encrypted;
mod governs;
mod grant;
mod implicit;
mod licence;
mod over_fields;
mod over_objects;
mod people;
mod rows;
mod settings;
mod sharing;
mod sharing_rule;
mod team;
mod viewer;
mod write;

pub(crate) use self::{
    aggregate::{follow, forget, is_derived, set_of_group},
    cache::Viewers,
};
pub use self::{
    copy::own_profile,
    definition::{FieldPermission, ObjectPermission, PermissionDefinition, UserPermission},
    governs::{LISTED, is_listed},
    grant::{ObjectGrant, Right},
    licence::{API_INTEGRATION, LICENCES},
    settings::PermissionSettings,
    sharing::{Level, SharingModel},
    sharing_rule::{
        AccessLevel, AccountSettings, LevelBelow, SharedTo, SharingCriteriaRule, SharingOwnerRule,
        SharingRules,
    },
    viewer::{FieldAccess, Viewer},
    write::{
        Holder, PROFILES_IN_METADATA, assign, set_field, set_licence, set_object, set_user_permission, write,
    },
};
