//! Step 7: who and when. Audit fields hold whole seconds.

use super::{Save, SaveKind};
use crate::value::Value;

pub(super) fn stamp(save: &mut Save<'_>) {
    let (id, now, user) = (save.edit.id(), save.tx.now().whole_seconds(), save.tx.user());
    save.set("Id", id);
    if save.kind == SaveKind::Insert {
        keep_or_set(save, "CreatedDate", now.into());
        keep_or_set(save, "CreatedById", user.into());
    }
    let seeded = save.options.seeding && save.is_given("LastModifiedDate");
    if !seeded && !(save.options.automatic && save.kind == SaveKind::Update) {
        save.set("LastModifiedDate", now);
        save.set("LastModifiedById", user);
    }
    let stamp = if seeded { save.value("LastModifiedDate").clone() } else { now.into() };
    save.set("SystemModstamp", stamp);
}

/// Only a seed may bring an audit field of its own; the writable stage has refused all others.
fn keep_or_set(save: &mut Save<'_>, field: &str, value: Value) {
    if save.value(field).is_null() {
        save.set(field, value);
    }
}
