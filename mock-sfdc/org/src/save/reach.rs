//! Step 2: what a request refers to must be within its user's reach: parents that the user sees, masters that the user may
//! change, owners that the user may hand a record to (`contract/behaviour.md` section 9). Triggers and flows come later, and
//! are above permissions.

use std::sync::Arc;

use super::{Save, SaveKind};
use crate::{
    access::permissions::{Level, Right, SharingModel, Viewer},
    error::Error,
    id::Id,
    schema::Field,
    value::Value,
};

pub(super) fn check(save: &mut Save<'_>) {
    let Some(viewer) = save.viewer.clone() else { return };
    let object = Arc::clone(&save.object);
    for position in save.given.clone() {
        let (Some(field), Value::Id(id)) = (object.field_at(position), save.edit.get(position)) else {
            continue;
        };
        let (field, id) = (field.clone(), *id);
        let same = save.before.as_ref().is_some_and(|before| before.get(position).as_id() == Some(id));
        if !field.reference_to.is_empty() && !same && !reaches(save, &viewer, &field, id) {
            save.errors.push(Error::insufficient_access_on_reference(id));
        }
    }
    if save.is_given("OwnerId") && save.is_changed("OwnerId") {
        check_transfer(save, &viewer);
    }
}

fn reaches(save: &Save<'_>, viewer: &Viewer, field: &Field, id: Id) -> bool {
    let state = save.tx.state();
    let Some((object, record)) = state.find(id) else { return true };
    let is_master = field.relationship_order.is_some();
    let needed = if is_master && !field.write_requires_master_read { Level::Edit } else { Level::Read };
    viewer.level(state, object.index, record) >= needed
}

fn check_transfer(save: &mut Save<'_>, viewer: &Viewer) {
    let state = save.tx.state();
    let owner = save.value("OwnerId").as_id();
    let is_user = owner.and_then(|id| state.find(id)).is_some_and(|(kind, _)| kind.name.is("User"));
    if let Some(owner) = owner
        && is_user
        && !state.viewer(owner).allows(save.object.index, Right::Read)
    {
        save.errors.push(Error::owner_must_read());
        return;
    }
    let Some(before) = save.before.as_ref().filter(|_| save.kind == SaveKind::Update) else { return };
    let name = save.object.name.as_str();
    let level = viewer.level(state, save.object.index, before);
    let model = state.access().permissions().model(name);
    let by_permission = viewer.may("TransferAnyEntity")
        || (name == "Lead" && viewer.may("TransferAnyLead"))
        || (name == "Case" && viewer.may("TransferAnyCase"));
    let open = model == SharingModel::ReadWriteTransfer || by_permission;
    if level < Level::All && !(open && level >= Level::Edit) {
        save.errors.push(Error::insufficient_access());
    }
}
