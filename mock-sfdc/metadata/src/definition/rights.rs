//! Profiles and permission sets, read off their rows.

use mock_sfdc_org::{
    access::permissions::{PROFILES_IN_METADATA, Right},
    id::Id,
    schema::{Field, FieldType, Object},
    state::{Shared, State},
};
use serde_json::{Map, Value, json};

use super::{Row, get, put, row, rows, text};

/// Profiles by the names of their files, all others by their API names. What profiles and groups own is no component.
pub fn names(state: &State, kind: &str) -> Vec<String> {
    let Some(object) = state.schema().object(kind) else { return Vec::new() };
    let own = |row: &&Shared| {
        kind != "PermissionSet"
            || !get(object, row, "IsOwnedByProfile").is_true()
                && get(object, row, "PermissionSetGroupId").is_null()
    };
    let field = if matches!(kind, "Profile" | "PermissionSet") { "Name" } else { "DeveloperName" };
    let named = state.table(object.index).rows().filter(own).filter_map(|row| text(object, row, field));
    named.map(|name| if kind == "Profile" { file_name(&name) } else { name }).collect()
}

fn file_name(name: &str) -> String {
    let known = PROFILES_IN_METADATA.iter().find(|(_, known)| *known == name);
    known.map_or(name, |(file, _)| file).to_owned()
}

pub fn profile_row(state: &State, full_name: &str) -> Option<Row> {
    let known = PROFILES_IN_METADATA.iter().find(|(file, _)| *file == full_name);
    row(state, "Profile", "Name", known.map_or(full_name, |(_, name)| name))
}

pub fn profile(state: &State, full_name: &str) -> Option<Map<String, Value>> {
    let (object, profile) = profile_row(state, full_name)?;
    let (_, set) = rows(state, "PermissionSet", "ProfileId", profile.id()).into_iter().next()?;
    let mut said = Map::new();
    let standard =
        mock_sfdc_org::seed::is_standard_profile(&text(&object, &profile, "Name").unwrap_or_default());
    put(&mut said, "custom", !standard);
    put(&mut said, "userLicense", licence(state, get(&object, &profile, "UserLicenseId").as_id()));
    grants(state, set.id(), &mut said);
    put(&mut said, "userPermissions", user_permissions(&object, &profile));
    let types = state.rules().record_types().visibilities(profile.id());
    put(&mut said, "recordTypeVisibilities", serde_json::to_value(types).unwrap_or_default());
    if let Some(hours) = state.access().permissions().login_hours.get(&profile.id()) {
        let hours = super::members(serde_json::to_value(hours).unwrap_or_default());
        let hours: Map<String, Value> =
            hours.into_iter().map(|(day, minute)| (day, json!(minute.to_string()))).collect();
        put(&mut said, "loginHours", Value::Object(hours));
    }
    let ranges = state.access().permissions().login_ip_ranges.get(&profile.id());
    put(&mut said, "loginIpRanges", serde_json::to_value(ranges).unwrap_or_default());
    Some(said)
}

pub fn permission_set(state: &State, full_name: &str) -> Option<Map<String, Value>> {
    let (object, set) = row(state, "PermissionSet", "Name", full_name)?;
    let mut said = Map::new();
    put(&mut said, "label", text(&object, &set, "Label"));
    put(&mut said, "description", text(&object, &set, "Description"));
    put(&mut said, "license", licence(state, get(&object, &set, "LicenseId").as_id()));
    put(&mut said, "hasActivationRequired", false);
    grants(state, set.id(), &mut said);
    put(&mut said, "userPermissions", user_permissions(&object, &set));
    Some(said)
}

pub fn muting(state: &State, full_name: &str) -> Option<Map<String, Value>> {
    let (object, set) = row(state, "MutingPermissionSet", "DeveloperName", full_name)?;
    let mut said = Map::new();
    put(&mut said, "label", text(&object, &set, "MasterLabel"));
    put(&mut said, "hasActivationRequired", false);
    grants(state, set.id(), &mut said);
    put(&mut said, "userPermissions", user_permissions(&object, &set));
    Some(said)
}

pub fn group(state: &State, full_name: &str) -> Option<Map<String, Value>> {
    let (object, group) = row(state, "PermissionSetGroup", "DeveloperName", full_name)?;
    let parts = rows(state, "PermissionSetGroupComponent", "PermissionSetGroupId", group.id());
    let named = |of: &str, field: &str| {
        let part =
            |(object, row): &Row| get(object, row, "PermissionSetId").as_id().and_then(|id| state.find(id));
        let parts = parts.iter().filter_map(part).filter(|(object, _)| object.name.is(of));
        parts.filter_map(|(object, row)| text(object, row, field)).map(Value::from).collect::<Vec<_>>()
    };
    let mut said = Map::new();
    put(&mut said, "label", text(&object, &group, "MasterLabel"));
    put(&mut said, "description", text(&object, &group, "Description"));
    put(&mut said, "hasActivationRequired", false);
    put(&mut said, "mutingPermissionSets", named("MutingPermissionSet", "DeveloperName"));
    put(&mut said, "permissionSets", named("PermissionSet", "Name"));
    put(&mut said, "status", text(&object, &group, "Status"));
    Some(said)
}

fn licence(state: &State, id: Option<Id>) -> Option<String> {
    let (object, row) = state.find(id?)?;
    text(object, row, "Name")
}

fn grants(state: &State, set: Id, said: &mut Map<String, Value>) {
    let objects = rows(state, "ObjectPermissions", "ParentId", set);
    let listed = objects.iter().map(|(object, row)| {
        let has = |right: Right| get(object, row, right.field()).is_true();
        json!({
            "allowCreate": has(Right::Create), "allowDelete": has(Right::Delete), "allowEdit": has(Right::Edit),
            "allowRead": has(Right::Read), "modifyAllRecords": has(Right::ModifyAll),
            "object": text(object, row, "SobjectType"), "viewAllFields": false,
            "viewAllRecords": has(Right::ViewAll),
        })
    });
    put(said, "objectPermissions", sorted(listed.collect(), "object"));
    let fields = rows(state, "FieldPermissions", "ParentId", set);
    let listed = fields.iter().map(|(object, row)| {
        json!({
            "editable": get(object, row, "PermissionsEdit").is_true(), "field": text(object, row, "Field"),
            "readable": get(object, row, "PermissionsRead").is_true(),
        })
    });
    put(said, "fieldPermissions", sorted(listed.collect(), "field"));
}

fn user_permissions(object: &Object, row: &Shared) -> Vec<Value> {
    let granted = |(at, field): (usize, &Field)| {
        let name = field.name.as_str().strip_prefix("Permissions")?;
        let on = field.kind == FieldType::Boolean && row.get(at).is_true();
        on.then(|| json!({"enabled": true, "name": name}))
    };
    sorted(object.visible_fields().filter_map(granted).collect(), "name")
}

fn sorted(mut list: Vec<Value>, by: &str) -> Vec<Value> {
    list.sort_by_key(|one| one[by].as_str().unwrap_or_default().to_owned());
    list
}
