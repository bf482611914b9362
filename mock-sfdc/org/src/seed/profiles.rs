//! Licences, profiles and permission sets of a new org, and what a fixture adds to them. What the standard profiles grant is in
//! `standard_profiles.rs`; packages are installed for all users.

use super::{
    Planting,
    format::{Fixture, PermissionSet, Profile, Role},
    standard::ADMINISTRATOR,
    standard_profiles::{NOT_OF_ADMINISTRATORS, STANDARD},
};
use crate::{
    access::permissions::{
        self, API_INTEGRATION, Holder, LICENCES, ObjectGrant, ObjectPermission, is_listed, write,
    },
    id::Id,
    name::Name,
    save::coerce::Raw,
    schema::{FieldType, PackageError},
    state::Record,
};

pub fn plant(planting: &mut Planting<'_>, fixture: &Fixture) -> Result<(), PackageError> {
    let licences = licences(planting)?;
    let licence = |name: &str| licences.iter().find(|(known, _)| *known == name).map(|(_, id)| id.clone());
    let usual = licences[0].1.clone();
    let listed = listed(planting);

    let all = all_permissions(planting);
    let admin: Vec<&str> =
        all.iter().map(String::as_str).filter(|name| !NOT_OF_ADMINISTRATORS.contains(name)).collect();
    let holder = profile(planting, "", ADMINISTRATOR, &usual, &admin)?;
    grant(planting, "", holder, &listed, |_| ObjectGrant::EVERYTHING)?;
    for standard in STANDARD {
        let licence = licence(standard.licence).unwrap_or_else(|| usual.clone());
        let permissions = standard.permissions();
        let holder = profile(planting, "", standard.name, &licence, &permissions)?;
        grant(planting, "", holder, &listed, |object| standard.grant(object))?;
        if standard.hides_fields {
            hide_fields(planting, holder);
        }
    }
    add(planting, fixture)?;
    for (at, role) in fixture.roles.iter().enumerate() {
        self::role(planting, &format!("roles[{at}]"), role)?;
    }
    settings(planting, fixture)
}

/// Whether every org has a profile of this name.
#[must_use]
pub fn is_standard_profile(name: &str) -> bool {
    name == ADMINISTRATOR || STANDARD.iter().any(|known| known.name == name)
}

/// What a fixture says of profiles and permission sets, for an org that has its licences.
pub fn add(planting: &mut Planting<'_>, fixture: &Fixture) -> Result<(), PackageError> {
    if fixture.profiles.is_empty() && fixture.permission_sets.is_empty() {
        return Ok(());
    }
    let licences: Vec<(&str, String)> = LICENCES
        .iter()
        .filter_map(|(name, _)| {
            let state = planting.tx.state();
            let object = state.schema().object("UserLicense")?;
            let (position, _) = object.field("Name")?;
            let row = state.lookup(object, position, &(*name).into());
            Some((*name, row.first()?.id().to_string()))
        })
        .collect();
    let licence = |name: &str| licences.iter().find(|(known, _)| *known == name).map(|(_, id)| id.clone());
    let usual = licences.first().map(|(_, id)| id.clone()).unwrap_or_default();
    let listed = listed(planting);
    for (at, own) in fixture.profiles.iter().enumerate() {
        fixture_profile(planting, &format!("profiles[{at}]"), own, &listed, &usual, &licence)?;
    }
    for (at, own) in fixture.permission_sets.iter().enumerate() {
        permission_set(planting, &format!("permissionSets[{at}]"), own, &licence)?;
    }
    Ok(())
}

fn licences(planting: &mut Planting<'_>) -> Result<Vec<(&'static str, String)>, PackageError> {
    let mut licences = Vec::new();
    for (name, key) in LICENCES {
        let id = planting.set_up(
            "UserLicense",
            &[
                ("Name", Raw::Text(name)),
                ("MasterLabel", Raw::Text(name)),
                ("LicenseDefinitionKey", Raw::Text(key)),
                ("Status", Raw::Text("Active")),
                ("TotalLicenses", Raw::Number("100")),
                ("UsedLicenses", Raw::Number("1")),
            ],
        )?;
        licences.push((*name, id.to_string()));
    }
    planting.set_up(
        "PermissionSetLicense",
        &[
            ("DeveloperName", Raw::Text(API_INTEGRATION)),
            ("MasterLabel", Raw::Text("Salesforce API Integration")),
            ("PermissionSetLicenseKey", Raw::Text(API_INTEGRATION)),
            ("Language", Raw::Text("en_US")),
            ("Status", Raw::Text("Active")),
            ("TotalLicenses", Raw::Number("100")),
            ("UsedLicenses", Raw::Number("0")),
        ],
    )?;
    Ok(licences)
}

/// The objects for which there are object permissions.
fn listed(planting: &Planting<'_>) -> Vec<String> {
    let objects = planting.tx.state().schema().objects();
    objects.map(|object| object.name.to_string()).filter(|name| is_listed(name)).collect()
}

fn all_permissions(planting: &Planting<'_>) -> Vec<String> {
    let Some(object) = planting.tx.state().schema().object("Profile") else { return Vec::new() };
    let flags = object.fields.iter().filter(|field| field.kind == FieldType::Boolean);
    flags.filter_map(|field| field.name.as_str().strip_prefix("Permissions").map(str::to_owned)).collect()
}

/// A profile, and the permission set that stands behind each one and says the same.
fn profile(
    planting: &mut Planting<'_>,
    path: &str,
    name: &str,
    licence: &str,
    permissions: &[&str],
) -> Result<Holder, PackageError> {
    let fields: Vec<String> = permissions.iter().map(|name| format!("Permissions{name}")).collect();
    let known = |planting: &Planting<'_>, object: &str| -> Vec<String> {
        let object = planting.tx.state().schema().object(object).cloned();
        let has = |name: &&String| object.as_ref().is_some_and(|object| object.field(name).is_some());
        fields.iter().filter(has).cloned().collect()
    };
    let on_profile = known(planting, "Profile");
    let mut values = vec![("Name", Raw::Text(name)), ("UserLicenseId", Raw::Text(licence))];
    values.extend(on_profile.iter().map(|name| (name.as_str(), Raw::Bool(true))));
    let id = planting.create(path, "Profile", &values)?;
    let (own, profile) = (format!("X{}", id.short()), id.to_string());
    let on_set = known(planting, "PermissionSet");
    let mut values = vec![
        ("Name", Raw::Text(own.as_str())),
        ("Label", Raw::Text(own.as_str())),
        ("ProfileId", Raw::Text(&profile)),
        ("IsOwnedByProfile", Raw::Bool(true)),
    ];
    values.extend(on_set.iter().map(|name| (name.as_str(), Raw::Bool(true))));
    let set = planting.set_up("PermissionSet", &values)?;
    Ok(Holder { profile: Some(id), set })
}

/// The rows of `ObjectPermissions`.
fn grant(
    planting: &mut Planting<'_>,
    path: &str,
    holder: Holder,
    listed: &[String],
    over: impl Fn(&str) -> ObjectGrant,
) -> Result<(), PackageError> {
    let parent = holder.set.to_string();
    for object in listed {
        let said = ObjectPermission::new(object, over(object));
        if said.grant() == ObjectGrant::NONE {
            continue;
        }
        planting.create(
            path,
            "ObjectPermissions",
            &[
                ("ParentId", Raw::Text(&parent)),
                ("SobjectType", Raw::Text(object)),
                ("PermissionsRead", Raw::Bool(said.allow_read)),
                ("PermissionsCreate", Raw::Bool(said.allow_create)),
                ("PermissionsEdit", Raw::Bool(said.allow_edit)),
                ("PermissionsDelete", Raw::Bool(said.allow_delete)),
                ("PermissionsViewAllRecords", Raw::Bool(said.view_all_records)),
                ("PermissionsModifyAllRecords", Raw::Bool(said.modify_all_records)),
            ],
        )?;
    }
    Ok(())
}

fn hide_fields(planting: &mut Planting<'_>, holder: Holder) {
    if let Some(profile) = holder.profile {
        planting.tx.permissions_mut().hidden_fields.insert(profile);
    }
}

/// A profile of the fixture: a new one, or more about one that every org has.
fn fixture_profile(
    planting: &mut Planting<'_>,
    path: &str,
    own: &Profile,
    listed: &[String],
    usual: &str,
    licence: &impl Fn(&str) -> Option<String>,
) -> Result<(), PackageError> {
    let licence = match &own.user_license {
        None => usual.to_owned(),
        Some(name) => licence(name).ok_or_else(|| no_licence(planting, path, "userLicense", name))?,
    };
    let holder = if let Some(holder) = Holder::profile(planting.tx, &own.name) {
        holder
    } else {
        let holder = profile(planting, path, &own.name, &licence, &[])?;
        if own.permissions_of.object_permissions.is_none() {
            // A profile that says nothing of objects is one of people who work.
            grant(planting, path, holder, listed, |object| STANDARD[0].grant(object))?;
        }
        holder
    };
    for (at, permission) in own.permissions.iter().enumerate() {
        permissions::set_user_permission(planting.tx, holder, permission, true)
            .map_err(|problem| planting.source.mistake(&format!("{path}.permissions[{at}]"), problem))?;
    }
    if own.hides_fields {
        hide_fields(planting, holder);
    }
    write(planting.tx, holder, &own.permissions_of).map_err(|problem| planting.source.mistake(path, problem))
}

fn no_licence(planting: &Planting<'_>, path: &str, key: &str, name: &str) -> PackageError {
    let known = LICENCES.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    planting
        .source
        .mistake(&format!("{path}.{key}"), format!("there is no licence {name:?}; there are {known}"))
}

fn permission_set(
    planting: &mut Planting<'_>,
    path: &str,
    own: &PermissionSet,
    licence: &impl Fn(&str) -> Option<String>,
) -> Result<(), PackageError> {
    let label = own.label.as_deref().unwrap_or(&own.name);
    let mut values = vec![("Name", Raw::Text(own.name.as_str())), ("Label", Raw::Text(label))];
    let licence = match &own.license {
        None => None,
        Some(name) => Some(licence(name).ok_or_else(|| no_licence(planting, path, "license", name))?),
    };
    if let Some(licence) = &licence {
        values.push(("LicenseId", Raw::Text(licence)));
    }
    if let Some(text) = &own.description {
        values.push(("Description", Raw::Text(text)));
    }
    let set = planting.create(path, "PermissionSet", &values)?;
    planting.name(path, own.symbol.as_deref(), set)?;
    let holder = Holder { profile: None, set };
    write(planting.tx, holder, &own.permissions_of).map_err(|problem| planting.source.mistake(path, problem))
}

fn role(planting: &mut Planting<'_>, path: &str, role: &Role) -> Result<(), PackageError> {
    let developer_name =
        role.developer_name.clone().unwrap_or_else(|| role.name.replace(|c: char| !c.is_alphanumeric(), "_"));
    let parent = match &role.parent_role {
        None => None,
        Some(name) => Some(role_of(planting, name).ok_or_else(|| {
            let problem = format!("there is no role {name:?} above this one");
            planting.source.mistake(&format!("{path}.parentRole"), problem)
        })?),
    };
    let parent = parent.map(|id| id.to_string());
    let mut values =
        vec![("Name", Raw::Text(role.name.as_str())), ("DeveloperName", Raw::Text(&developer_name))];
    if let Some(parent) = &parent {
        values.push(("ParentRoleId", Raw::Text(parent)));
    }
    let levels = [
        ("CaseAccessForAccountOwner", role.case_access_level),
        ("ContactAccessForAccountOwner", role.contact_access_level),
        ("OpportunityAccessForAccountOwner", role.opportunity_access_level),
    ];
    let said = levels.iter().filter_map(|(field, level)| Some((*field, Raw::Text((*level)?.as_str()))));
    values.extend(said);
    let id = planting.create(path, "UserRole", &values)?;
    planting.name(path, role.symbol.as_deref(), id)
}

/// A role by its API name or its name.
pub fn role_of(planting: &Planting<'_>, name: &str) -> Option<Id> {
    let state = planting.tx.state();
    let object = state.schema().object("UserRole")?;
    ["DeveloperName", "Name"].iter().find_map(|field| {
        let (position, _) = object.field(field)?;
        state.matching(object, position, &name.into()).next().map(Record::id)
    })
}

fn settings(planting: &mut Planting<'_>, fixture: &Fixture) -> Result<(), PackageError> {
    for (name, model) in &fixture.sharing {
        let Some(object) = planting.tx.state().schema().object(name).cloned() else {
            return Err(planting.unknown_object("sharing", name));
        };
        planting.tx.set_sharing_model(&object, *model);
    }
    for (licence, objects) in &fixture.licences {
        if !LICENCES.iter().any(|(name, _)| name == licence) {
            return Err(no_licence(planting, "licences", licence, licence));
        }
        let names = objects.iter().map(|name| Name::new(name)).collect();
        planting.tx.permissions_mut().licences.insert(licence.as_str().into(), names);
    }
    Ok(())
}
