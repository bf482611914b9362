//! A permission set group has a permission set of its own, which assignments of the group name.

use super::{DmlOptions, Draft, Save, SaveKind};
use crate::{schema::Object, verbs};

/// Step 5: who is given a group is given its permission set.
pub(super) fn assign(save: &mut Save<'_>) {
    if !save.is("PermissionSetAssignment") || !save.value("PermissionSetId").is_null() {
        return;
    }
    let Some(group) = save.value("PermissionSetGroupId").as_id() else { return };
    let state = save.tx.state();
    let own = state.schema().object("PermissionSet").and_then(|object| {
        let (position, _) = object.field("PermissionSetGroupId")?;
        state.lookup(object, position, &group.into()).first().map(|row| row.id())
    });
    if let Some(own) = own {
        save.set("PermissionSetId", own);
    }
}

/// Step 7: the set of a new group.
pub(super) fn follow(save: &mut Save<'_>) {
    if !save.is("PermissionSetGroup") || save.kind == SaveKind::Update {
        return;
    }
    let Some(sets) = save.tx.state().schema().object("PermissionSet").cloned() else { return };
    save.store();
    let mut draft = Draft::default();
    let mut put = |object: &Object, field: &str, value| {
        if let Some((position, _)) = object.field(field) {
            draft.put(position, value);
        }
    };
    put(&sets, "Name", save.value("DeveloperName").clone());
    put(&sets, "Label", save.value("MasterLabel").clone());
    put(&sets, "Type", "Group".into());
    put(&sets, "PermissionSetGroupId", save.edit.id().into());
    if let Err(mut errors) = verbs::create(save.tx, &sets, draft, &DmlOptions::seeding()) {
        save.errors.append(&mut errors);
    }
}
