//! Permission set groups, public groups, and sharing rules.

use super::{
    Planting,
    format::{Fixture, PermissionSetGroup, PublicGroup},
};
use crate::{
    access::permissions::{Holder, write},
    save::coerce::Raw,
    schema::PackageError,
};

/// Before users: they are given them.
pub fn plant_permission_set_groups(
    planting: &mut Planting<'_>,
    fixture: &Fixture,
) -> Result<(), PackageError> {
    for (at, group) in fixture.permission_set_groups.iter().enumerate() {
        permission_set_group(planting, &format!("permissionSetGroups[{at}]"), group)?;
    }
    Ok(())
}

fn permission_set_group(
    planting: &mut Planting<'_>,
    path: &str,
    group: &PermissionSetGroup,
) -> Result<(), PackageError> {
    let id = planting.create(
        path,
        "PermissionSetGroup",
        &[
            ("DeveloperName", Raw::Text(&group.name)),
            ("MasterLabel", Raw::Text(group.label.as_deref().unwrap_or(&group.name))),
            ("Description", Raw::Text(group.description.as_deref().unwrap_or_default())),
        ],
    )?;
    planting.name(path, group.symbol.as_deref(), id)?;
    let mut parts = Vec::new();
    for (at, name) in group.permission_sets.iter().enumerate() {
        let path = format!("{path}.permissionSets[{at}]");
        let set = Holder::permission_set(planting.tx, name)
            .ok_or_else(|| planting.source.mistake(&path, format!("there is no permission set {name:?}")))?;
        parts.push((path, set));
    }
    for (at, name) in group.muting_permission_sets.iter().enumerate() {
        let path = format!("{path}.mutingPermissionSets[{at}]");
        let problem = || format!("there is no muting permission set {name:?}");
        let set =
            Holder::muting(planting.tx, name).ok_or_else(|| planting.source.mistake(&path, problem()))?;
        parts.push((path, set));
    }
    if let Some(muted) = &group.muting_permission_set {
        let path = format!("{path}.mutingPermissionSet");
        let name = format!("{}_Muting", group.name);
        let values = [("DeveloperName", Raw::Text(name.as_str())), ("MasterLabel", Raw::Text(&name))];
        let holder = Holder { profile: None, set: planting.create(&path, "MutingPermissionSet", &values)? };
        write(planting.tx, holder, muted).map_err(|problem| planting.source.mistake(&path, problem))?;
        parts.push((path, holder));
    }
    let group_id = id.to_string();
    for (path, part) in parts {
        let set = part.set.to_string();
        planting.create(
            &path,
            "PermissionSetGroupComponent",
            &[("PermissionSetGroupId", Raw::Text(&group_id)), ("PermissionSetId", Raw::Text(&set))],
        )?;
    }
    Ok(())
}

/// Behind users, roles and queues: rules name them.
pub fn plant(planting: &mut Planting<'_>, fixture: &Fixture) -> Result<(), PackageError> {
    for (at, group) in fixture.groups.iter().enumerate() {
        public_group(planting, &format!("groups[{at}]"), group)?;
    }
    for (object, rules) in &fixture.sharing_rules {
        let path = format!("sharingRules.{object}");
        let Some(object) = planting.tx.state().schema().object(object).cloned() else {
            return Err(planting.unknown_object(&path, object));
        };
        rules
            .check(planting.tx.state(), &object)
            .map_err(|(inner, problem)| planting.source.mistake(&format!("{path}.{inner}"), problem))?;
        let known = planting.tx.permissions_mut().sharing_rules.entry(object.name.clone()).or_default();
        known.sharing_criteria_rules.extend(rules.sharing_criteria_rules.iter().cloned());
        known.sharing_owner_rules.extend(rules.sharing_owner_rules.iter().cloned());
    }
    Ok(())
}

fn public_group(planting: &mut Planting<'_>, path: &str, group: &PublicGroup) -> Result<(), PackageError> {
    let id = planting.create(
        path,
        "Group",
        &[
            ("Name", Raw::Text(&group.name)),
            ("DeveloperName", Raw::Text(&group.developer_name)),
            ("Type", Raw::Text("Regular")),
        ],
    )?;
    planting.name(path, Some(group.symbol.as_deref().unwrap_or(&group.developer_name)), id)?;
    let group_id = id.to_string();
    for (at, member) in group.members.iter().enumerate() {
        let path = format!("{path}.members[{at}]");
        let member = planting.resolve(&path, member)?.to_string();
        planting.create(
            &path,
            "GroupMember",
            &[("GroupId", Raw::Text(&group_id)), ("UserOrGroupId", Raw::Text(&member))],
        )?;
    }
    Ok(())
}
