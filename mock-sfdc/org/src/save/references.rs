//! Step 2: foreign keys. A lookup must point at a live record of an object that it may point at.

use std::sync::Arc;

use super::{ExternalKey, Save};
use crate::{
    error::Error,
    id::Id,
    schema::Field,
    state::{Shared, State},
    value::Value,
};

pub(super) fn check(save: &mut Save<'_>) {
    let object = Arc::clone(&save.object);
    for position in save.given.clone() {
        let (Some(field), Value::Id(id)) = (object.field_at(position), save.edit.get(position)) else {
            continue;
        };
        if field.reference_to.is_empty() {
            continue;
        }
        if field.custom && *id == save.edit.id() {
            save.errors.push(Error::self_reference(&field.label, field.name.as_str()));
            continue;
        }
        if let Err(error) = check_one(save.tx.state(), field, *id) {
            save.errors.push(error);
        }
    }
}

fn check_one(state: &State, field: &Field, id: Id) -> Result<(), Error> {
    let mut allowed = state.objects_of(id).filter(|object| field.refers_to(object.name.as_str())).peekable();
    if allowed.peek().is_none() {
        return Err(Error::malformed_reference(&field.label, field.name.as_str(), &id.to_string()));
    }
    for object in allowed {
        let table = state.table(object.index);
        if let Some(record) = table.get(id) {
            let converted = object.name.is("Lead")
                && object.field("IsConverted").is_some_and(|(position, _)| record.get(position).is_true());
            return if converted { Err(Error::converted_lead()) } else { Ok(()) };
        }
        if table.binned(id).is_some() {
            return Err(Error::entity_is_deleted());
        }
    }
    Err(Error::invalid_cross_reference())
}

/// Finds the one record that an external key names.
pub(crate) fn resolve(state: &State, key: &ExternalKey) -> Result<Option<Shared>, Error> {
    if let Value::Id(id) = key.value {
        return Ok(state.table(key.object.index).get(id).cloned());
    }
    let found = state.lookup(&key.object, key.position, &key.value);
    match found.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(one.clone())),
        several => {
            let ids = several.iter().map(Shared::id).collect::<Vec<_>>();
            let name = key.object.fields[key.position].name.as_str();
            Err(Error::several_external_id_matches(name, &ids))
        }
    }
}
