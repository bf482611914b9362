//! Step 2: the record type. A new record has that of its creator's profile unless it names one; picklists offer what the
//! type lists, and preselect what it says (`contract/errors.md` section 4).

use super::{Save, SaveKind};
use crate::{
    error::Error,
    id::Id,
    rules::record_types::{RecordType, profile_of},
    schema::MASTER_RECORD_TYPE,
    value::Value,
};

pub(super) fn choose(save: &mut Save<'_>) {
    if save.tx.state().rules().record_types().is_empty() {
        return;
    }
    let Some((position, _)) = save.object.field("RecordTypeId") else { return };
    let types = save.tx.state().rules().record_types().clone();
    let given = save.given.contains(&position);
    let before = save.before.as_ref().map(|before| before.get(position).clone());
    if save.edit.get(position).as_id() == Id::parse(MASTER_RECORD_TYPE) {
        // The master type is no row: records of it name none.
        save.edit.set(position, Value::Null);
    }
    let chosen = save.edit.get(position).as_id();
    if save.options.seeding {
        if save.kind == SaveKind::Insert {
            preselect(save, chosen.and_then(|id| types.get(id)));
        }
        return;
    }
    let profile = profile_of(save.tx.state(), save.tx.user());
    match chosen {
        Some(id)
            if given
                && before.as_ref().and_then(Value::as_id) != Some(id)
                && !types.may_use(profile, &save.object, id) =>
        {
            save.errors.push(Error::record_type_not_for_user(&id.to_string()));
            return;
        }
        None if !given && save.kind == SaveKind::Insert => {
            if let Some(id) = types.default_for(profile, &save.object) {
                save.edit.set(position, id);
            }
        }
        _ => {}
    }
    let Some(record_type) = save.edit.get(position).as_id().and_then(|id| types.get(id)) else { return };
    if save.kind == SaveKind::Insert {
        preselect(save, Some(record_type));
    }
    refuse_others(save, record_type);
}

/// A type's own default stands before that of the field; a default that the type does not offer is none.
fn preselect(save: &mut Save<'_>, record_type: Option<&RecordType>) {
    let Some(record_type) = record_type else { return };
    for picklist in &record_type.picklist_values {
        let Some((position, _)) = save.object.field(&picklist.picklist) else { continue };
        if save.given.contains(&position) {
            continue;
        }
        let default = picklist.values.iter().find(|value| value.default);
        let held = save.edit.get(position).as_text().unwrap_or_default().to_owned();
        let offered = picklist.values.iter().any(|value| value.full_name.eq_ignore_ascii_case(&held));
        if let Some(default) = default {
            save.edit.set(position, default.full_name.as_str());
        } else if !offered {
            save.edit.set(position, Value::Null);
        }
    }
}

/// Restricted picklists take only what the record's type offers; the others take anything, as everywhere in the API.
fn refuse_others(save: &mut Save<'_>, record_type: &RecordType) {
    let object = save.object.clone();
    for position in save.given.clone() {
        let Some(field) = object.field_at(position).filter(|field| field.restricted_picklist) else {
            continue;
        };
        let (Some(offered), Some(text)) =
            (record_type.values_of(field.name.as_str()), save.edit.get(position).as_text())
        else {
            continue;
        };
        let refused = text
            .split(';')
            .find(|one| !offered.iter().any(|value| value.full_name.eq_ignore_ascii_case(one.trim())));
        if let Some(refused) = refused {
            let error = Error::bad_restricted_picklist(&field.label, field.name.as_str(), refused.trim());
            save.errors.push(error);
        }
    }
}
