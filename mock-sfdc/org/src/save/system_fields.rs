//! Step 7: who and when. Audit fields hold whole seconds.

use super::{Save, SaveKind, zone_of};
use crate::value::Value;

pub(super) fn stamp(save: &mut Save<'_>) {
    let (id, now, user) = (save.edit.id(), save.tx.now().whole_seconds(), save.tx.user());
    let object = save.object.clone();
    let places = &object.places;
    save.put(places.id, id);
    if save.kind == SaveKind::Insert {
        keep_or_set(save, places.created_date, now.into());
        keep_or_set(save, places.created_by, user.into());
    }
    let brought = save.options.seeding || save.kind == SaveKind::Insert;
    let kept = brought && save.brings(places.last_modified_date);
    // What the org does by itself leaves who and when of people alone.
    let by_org = save.options.automatic && save.kind == SaveKind::Update;
    if !kept && !by_org {
        save.put(places.last_modified_date, now);
    }
    let named = brought && save.brings(places.last_modified_by);
    if !kept && !named {
        save.put(places.last_modified_by, user);
    }
    transfer(save);
    let stamp = if kept { save.at(places.last_modified_date).clone() } else { now.into() };
    save.put(places.system_modstamp, stamp);
}

/// The day on which a lead went to another owner.
pub(super) fn transfer(save: &mut Save<'_>) {
    if save.is("Lead") && save.kind == SaveKind::Update && save.is_changed("OwnerId") {
        let today = save.tx.now().timestamp().to_zoned(zone_of(save.tx.state())).date();
        save.set("LastTransferDate", Value::Date(today));
    }
}

/// A seed, or who may set audit fields, brings them along; the writable stage has refused all others.
fn keep_or_set(save: &mut Save<'_>, place: Option<usize>, value: Value) {
    if save.at(place).is_null() {
        save.put(place, value);
    }
}
