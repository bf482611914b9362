//! `update`: other values for a record that is there.

use std::sync::Arc;

use super::{Errors, apply, refuse_not_emulated, rights, whole};
use crate::{
    error::Error,
    id::Id,
    save::{self, DmlOptions, Draft, Save, person},
    schema::Object,
    state::Transaction,
};

/// Saves other values for the record with this id.
pub fn update(
    tx: &mut Transaction,
    object: &Arc<Object>,
    id: Id,
    draft: Draft,
    options: &DmlOptions,
) -> Result<Id, Errors> {
    let object = &whole(tx, object);
    let table = tx.state().table(object.index);
    let Some(before) = table.get(id).cloned() else {
        let deleted = table.binned(id).is_some();
        return Err(vec![if deleted {
            Error::entity_is_deleted()
        } else {
            Error::invalid_cross_reference()
        }]);
    };
    if !object.updateable && !options.seeding {
        return Err(vec![Error::verb_not_allowed(object.name.as_str(), "update")]);
    }
    refuse_not_emulated(object, options)?;
    rights::update(tx, object, &before, options)?;
    if person::is_person_contact(object, &before) && !options.seeding {
        return Err(vec![Error::contact_of_a_person()]);
    }
    if object.name.is("Lead")
        && object.field("IsConverted").is_some_and(|(position, _)| before.get(position).is_true())
    {
        return Err(vec![Error::converted_lead()]);
    }
    let edit = before.edit(object.fields.len());
    let mut save = Save::new(tx, object, Some(before), edit, options);
    apply(&mut save, draft)?;
    save::run(save)
}
