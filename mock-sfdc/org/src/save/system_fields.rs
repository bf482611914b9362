//! Step 7: who and when. Audit fields hold whole seconds.

use super::{Save, SaveKind, zone_of};
use crate::value::Value;

pub(super) fn stamp(save: &mut Save<'_>) {
    let (id, now, user) = (save.edit.id(), save.tx.now().whole_seconds(), save.tx.user());
    save.set("Id", id);
    if save.kind == SaveKind::Insert {
        keep_or_set(save, "CreatedDate", now.into());
        keep_or_set(save, "CreatedById", user.into());
    }
    let brought = save.options.seeding || save.kind == SaveKind::Insert;
    let kept = brought && save.is_given("LastModifiedDate");
    // What the org does by itself leaves who and when of people alone.
    let by_org = save.options.automatic && save.kind == SaveKind::Update;
    if !kept && !by_org {
        save.set("LastModifiedDate", now);
    }
    let named = brought && save.is_given("LastModifiedById");
    if !kept && !named {
        save.set("LastModifiedById", user);
    }
    transfer(save);
    let stamp = if kept { save.value("LastModifiedDate").clone() } else { now.into() };
    save.set("SystemModstamp", stamp);
}

/// The day on which a lead went to another owner.
pub(super) fn transfer(save: &mut Save<'_>) {
    if save.is("Lead") && save.kind == SaveKind::Update && save.is_changed("OwnerId") {
        let today = save.tx.now().timestamp().to_zoned(zone_of(save.tx.state())).date();
        save.set("LastTransferDate", Value::Date(today));
    }
}

/// A seed, or who may set audit fields, brings them along; the writable stage has refused all others.
fn keep_or_set(save: &mut Save<'_>, field: &str, value: Value) {
    if save.value(field).is_null() {
        save.set(field, value);
    }
}
