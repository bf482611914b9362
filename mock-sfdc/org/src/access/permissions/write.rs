//! Rows out of what a profile or a permission set says.

use std::sync::Arc;

use super::{
    definition::{FieldPermission, ObjectPermission, PermissionDefinition},
    governs::is_listed,
    grant::{ObjectGrant, Right},
};
use crate::{
    id::{Id, KeyPrefix},
    nearest::nearest,
    save::{DmlOptions, Draft},
    schema::Object,
    state::{Shared, Transaction},
    value::Value,
    verbs,
};

const AS_SET_UP: DmlOptions = DmlOptions::seeding();

/// What ids of muting permission sets begin with.
const MUTING: KeyPrefix = *b"0QM";

/// What rows hang on: a permission set, and the profile that owns it, if one does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder {
    pub profile: Option<Id>,
    pub set: Id,
}

impl Holder {
    /// The profile of this name, by the words of set-up or those of metadata (`Admin`).
    #[must_use]
    pub fn profile(tx: &Transaction, name: &str) -> Option<Self> {
        let name = PROFILES_IN_METADATA.iter().find(|(file, _)| *file == name).map_or(name, |(_, name)| name);
        let profile = find(tx, "Profile", "Name", name)?;
        let set = rows(tx, "PermissionSet", "ProfileId", profile).first()?.id();
        Some(Self { profile: Some(profile), set })
    }

    /// The muting permission set of this API name.
    #[must_use]
    pub fn muting(tx: &Transaction, name: &str) -> Option<Self> {
        find(tx, "MutingPermissionSet", "DeveloperName", name).map(|set| Self { profile: None, set })
    }

    fn mutes(self) -> bool {
        self.set.prefix() == MUTING
    }

    /// The permission set of this API name.
    #[must_use]
    pub fn permission_set(tx: &Transaction, name: &str) -> Option<Self> {
        find(tx, "PermissionSet", "Name", name).map(|set| Self { profile: None, set })
    }
}

/// Files of standard profiles are not called what set-up calls them.
pub const PROFILES_IN_METADATA: [(&str, &str); 6] = [
    ("Admin", "System Administrator"),
    ("ContractManager", "Contract Manager"),
    ("MarketingProfile", "Marketing User"),
    ("ReadOnly", "Read Only"),
    ("SolutionManager", "Solution Manager"),
    ("Standard", "Standard User"),
];

/// Writes all of it; the text says what cannot be taken over, and nothing is half written by it: the caller drops the
/// transaction.
pub fn write(tx: &mut Transaction, holder: Holder, said: &PermissionDefinition) -> Result<(), String> {
    for permission in &said.user_permissions {
        set_user_permission(tx, holder, &permission.name, permission.enabled)?;
    }
    for permission in said.object_permissions.iter().flatten() {
        set_object(tx, holder, permission)?;
    }
    for permission in &said.field_permissions {
        set_field(tx, holder, permission)?;
    }
    if let (Some(profile), false) = (holder.profile, said.login_ip_ranges.is_empty()) {
        // Metadata is taken over range by range.
        let ranges = tx.permissions_mut().login_ip_ranges.entry(profile).or_default();
        ranges.extend(
            said.login_ip_ranges.iter().filter(|new| !ranges.contains(new)).cloned().collect::<Vec<_>>(),
        );
    }
    if let Some(profile) = holder.profile
        && let Some(hours) = &said.login_hours
    {
        tx.permissions_mut().login_hours.insert(profile, hours.clone());
    }
    Ok(())
}

/// Gives or takes a system permission: on the profile, and on the permission set that mirrors it.
pub fn set_user_permission(tx: &mut Transaction, holder: Holder, name: &str, on: bool) -> Result<(), String> {
    let field = if name.starts_with("Permissions") { name.to_owned() } else { format!("Permissions{name}") };
    let mut known = false;
    let of_set = if holder.mutes() { "MutingPermissionSet" } else { "PermissionSet" };
    let targets = [("Profile", holder.profile), (of_set, Some(holder.set))];
    for (object, id) in targets {
        let (Some(object), Some(id)) = (object_of(tx, object), id) else { continue };
        let Some((position, _)) = object.field(&field) else { continue };
        known = true;
        let mut draft = Draft::default();
        draft.put(position, Value::Bool(on));
        update(tx, &object, id, draft)?;
    }
    if known { Ok(()) } else { Err(unknown_permission(tx, name)) }
}

fn unknown_permission(tx: &Transaction, name: &str) -> String {
    let known = object_of(tx, "Profile");
    let fields = known.iter().flat_map(|object| object.fields.iter());
    let fields = fields.map(|field| field.name.as_str()).filter(|name| name.starts_with("Permissions"));
    // Whoever writes the field's whole name is answered with whole names.
    let whole = name.starts_with("Permissions");
    let near = nearest(name, fields.map(|known| if whole { known } else { &known["Permissions".len()..] }));
    let near = if near.is_empty() { String::new() } else { format!("; did you mean {}?", near.join(" or ")) };
    format!("there is no permission {name}{near}")
}

/// One row of `ObjectPermissions`: new, changed, or gone when nothing is granted.
pub fn set_object(tx: &mut Transaction, holder: Holder, said: &ObjectPermission) -> Result<(), String> {
    let Some(object) = object_of(tx, &said.object) else {
        return Err(format!("the org has no object {}", said.object));
    };
    let name = object.name.as_str().to_owned();
    if !is_listed(&name) {
        return Err(format!("{name} has no object permissions of its own"));
    }
    let grant = if holder.mutes() { said.said() } else { said.grant() };
    let mut values: Vec<(&str, Value)> =
        Right::ALL.iter().map(|right| (right.field(), Value::Bool(grant.has(*right)))).collect();
    let known = row_of(tx, "ObjectPermissions", holder.set, "SobjectType", &name);
    if grant == ObjectGrant::NONE && known.is_none() {
        return Ok(());
    }
    values.push(("SobjectType", name.as_str().into()));
    put(tx, "ObjectPermissions", holder.set, known.as_ref(), &values)
}

/// One row of `FieldPermissions`.
pub fn set_field(tx: &mut Transaction, holder: Holder, said: &FieldPermission) -> Result<(), String> {
    let found = said.field.split_once('.').and_then(|(object, field)| {
        let object = object_of(tx, object)?;
        let (_, field) = object.field(field)?;
        Some((object.name.as_str().to_owned(), format!("{}.{}", object.name, field.name)))
    });
    let Some((object, field)) = found else { return Err(format!("the org has no field {}", said.field)) };
    let readable = said.hidden.map_or(said.readable, |hidden| !hidden) || (said.editable && !holder.mutes());
    let values = [
        ("SobjectType", object.as_str().into()),
        ("Field", field.as_str().into()),
        ("PermissionsRead", Value::Bool(readable)),
        ("PermissionsEdit", Value::Bool(said.editable)),
    ];
    let known = row_of(tx, "FieldPermissions", holder.set, "Field", &field);
    put(tx, "FieldPermissions", holder.set, known.as_ref(), &values)
}

/// Gives a user a permission set; twice is once.
pub fn assign(tx: &mut Transaction, user: Id, set: Id) -> Result<(), String> {
    let Some(object) = object_of(tx, "PermissionSetAssignment") else { return Ok(()) };
    let Some((position, _)) = object.field("PermissionSetId") else { return Ok(()) };
    let has = |row: &Shared| row.get(position).as_id() == Some(set);
    if rows(tx, "PermissionSetAssignment", "AssigneeId", user).iter().any(has) {
        return Ok(());
    }
    create(tx, &object, &[("AssigneeId", user.into()), ("PermissionSetId", set.into())])
}

fn put(
    tx: &mut Transaction,
    object: &str,
    set: Id,
    known: Option<&Shared>,
    values: &[(&str, Value)],
) -> Result<(), String> {
    let Some(object) = object_of(tx, object) else { return Ok(()) };
    if let Some(row) = known {
        update(tx, &object, row.id(), draft(&object, values))
    } else {
        let mut values = values.to_vec();
        values.push(("ParentId", set.into()));
        create(tx, &object, &values)
    }
}

fn draft(object: &Object, values: &[(&str, Value)]) -> Draft {
    let mut draft = Draft::default();
    for (name, value) in values {
        if let Some((position, _)) = object.field(name) {
            draft.put(position, value.clone());
        }
    }
    draft
}

fn create(tx: &mut Transaction, object: &Arc<Object>, values: &[(&str, Value)]) -> Result<(), String> {
    let draft = draft(object, values);
    verbs::create(tx, object, draft, &AS_SET_UP).map(|_| ()).map_err(|errors| said(&errors))
}

fn update(tx: &mut Transaction, object: &Arc<Object>, id: Id, draft: Draft) -> Result<(), String> {
    verbs::update(tx, object, id, draft, &AS_SET_UP).map(|_| ()).map_err(|errors| said(&errors))
}

fn said(errors: &[crate::error::Error]) -> String {
    errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join("; ")
}

fn object_of(tx: &Transaction, name: &str) -> Option<Arc<Object>> {
    tx.state().schema().object(name).cloned()
}

fn rows(tx: &Transaction, object: &str, field: &str, value: impl Into<Value>) -> Vec<Shared> {
    let found = object_of(tx, object).and_then(|object| {
        let (position, _) = object.field(field)?;
        Some(tx.state().lookup(&object, position, &value.into()))
    });
    found.unwrap_or_default()
}

fn find(tx: &Transaction, object: &str, field: &str, name: &str) -> Option<Id> {
    rows(tx, object, field, name).first().map(Shared::id)
}

fn row_of(tx: &Transaction, object: &str, set: Id, field: &str, value: &str) -> Option<Shared> {
    let (position, _) =
        object_of(tx, object)?.field(field).map(|(position, field)| (position, field.kind))?;
    let is = |row: &Shared| row.get(position).as_text().is_some_and(|text| text.eq_ignore_ascii_case(value));
    rows(tx, object, "ParentId", set).into_iter().find(is)
}

/// Another user licence, by its name, for all users of the profile.
pub fn set_licence(tx: &mut Transaction, holder: Holder, licence: &str) -> Result<(), String> {
    let known = find(tx, "UserLicense", "Name", licence);
    let licence = known.ok_or_else(|| format!("the org has no licence {licence:?}"))?;
    let (Some(object), Some(profile)) = (object_of(tx, "Profile"), holder.profile) else {
        return Err("a permission set has no user licence".to_owned());
    };
    let said = draft(&object, &[("UserLicenseId", licence.into())]);
    update(tx, &object, profile, said)
}
