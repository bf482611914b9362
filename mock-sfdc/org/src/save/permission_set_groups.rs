//! A permission set group has a permission set of its own, which assignments of the group name, and which carries what the
//! group gives.

use super::{DmlOptions, Draft, Save, SaveKind};
use crate::{
    access::permissions,
    error::Error,
    schema::Object,
    state::{Record, Transaction},
    verbs,
};

/// Step 2: what follows from a group is not written by hand, nor given or put into groups without it.
pub(super) fn check(save: &mut Save<'_>) {
    if save.options.seeding {
        return;
    }
    let derived = match save.object.name.as_str() {
        "PermissionSetGroupComponent" => is_set_of_group(save),
        "PermissionSetAssignment" => save.value("PermissionSetGroupId").is_null() && is_set_of_group(save),
        "PermissionSet" | "ObjectPermissions" | "FieldPermissions" | "SetupEntityAccess" => {
            permissions::is_derived(save.tx.state(), &save.object, &save.edit.build())
        }
        _ => false,
    };
    if derived {
        save.errors.push(Error::set_of_a_group());
    }
}

fn is_set_of_group(save: &Save<'_>) -> bool {
    let set = save.value("PermissionSetId").as_id().and_then(|id| save.tx.state().find(id));
    set.is_some_and(|(object, set)| permissions::is_derived(save.tx.state(), object, set))
}

/// The same of what is to be deleted.
pub(crate) fn check_delete(tx: &Transaction, object: &Object, record: &Record) -> Result<(), Error> {
    if permissions::is_derived(tx.state(), object, record) { Err(Error::set_of_a_group()) } else { Ok(()) }
}

/// Step 5: who is given a group is given its permission set.
pub(super) fn assign(save: &mut Save<'_>) {
    if !save.is("PermissionSetAssignment") || !save.value("PermissionSetId").is_null() {
        return;
    }
    let Some(group) = save.value("PermissionSetGroupId").as_id() else { return };
    if let Some(own) = permissions::set_of_group(save.tx.state(), group) {
        save.set("PermissionSetId", own);
    }
}

/// Step 7: the set of a group, and what stands in it.
pub(super) fn follow(save: &mut Save<'_>) {
    let result = match save.object.name.as_str() {
        "PermissionSetGroup" => own_set(save),
        "PermissionSetGroupComponent"
        | "PermissionSet"
        | "MutingPermissionSet"
        | "ObjectPermissions"
        | "FieldPermissions"
        | "SetupEntityAccess" => {
            save.store();
            permissions::follow(save.tx, &save.object, &save.edit.build())
        }
        _ => return,
    };
    if let Err(mut errors) = result {
        save.errors.append(&mut errors);
    }
}

/// Of a new group made, of another called as the group is.
fn own_set(save: &mut Save<'_>) -> Result<(), Vec<Error>> {
    let Some(sets) = save.tx.state().schema().object("PermissionSet").cloned() else { return Ok(()) };
    save.store();
    let mut draft = Draft::default();
    let mut put = |object: &Object, field: &str, value| {
        if let Some((position, _)) = object.field(field) {
            draft.put(position, value);
        }
    };
    put(&sets, "Name", save.value("DeveloperName").clone());
    put(&sets, "Label", save.value("MasterLabel").clone());
    let (id, options) = (save.edit.id(), DmlOptions::seeding());
    if save.kind == SaveKind::Update {
        let own = permissions::set_of_group(save.tx.state(), id);
        return own.map_or(Ok(()), |own| verbs::update(save.tx, &sets, own, draft, &options).map(|_| ()));
    }
    put(&sets, "Type", "Group".into());
    put(&sets, "IsOwnedByProfile", false.into());
    put(&sets, "PermissionSetGroupId", id.into());
    verbs::create(save.tx, &sets, draft, &options).map(|_| ())
}

/// After a deletion: what the groups lose that depended on the row.
pub(crate) fn deleted(tx: &mut Transaction, object: &Object, record: &Record) -> Result<(), Vec<Error>> {
    if object.name.is("PermissionSetGroup") {
        permissions::forget(tx, record.id());
        return Ok(());
    }
    permissions::follow(tx, object, record)
}
