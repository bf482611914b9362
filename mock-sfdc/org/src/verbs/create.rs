//! `create`: a new record.

use std::sync::Arc;

use super::{Errors, apply, refuse_not_emulated, rights, update, whole};
use crate::{
    error::Error,
    id::Id,
    save::{self, DmlOptions, Draft, Save},
    schema::Object,
    state::{Edit, Transaction},
};

/// Saves a new record and gives its id; of a platform event, publishes it.
pub fn create(
    tx: &mut Transaction,
    object: &Arc<Object>,
    draft: Draft,
    options: &DmlOptions,
) -> Result<Id, Errors> {
    let object = &whole(tx, object);
    if !object.createable && !options.seeding {
        return Err(vec![Error::verb_not_allowed(object.name.as_str(), "create")]);
    }
    refuse_not_emulated(object, options)?;
    rights::create(tx, object, options)?;
    let id = tx.next_id(object);
    let edit = Edit::new(id, object.fields.len());
    let mut save = Save::new(tx, object, None, edit, options);
    apply(&mut save, draft)?;
    // What the org has already of shares and teams is changed by a second create.
    if let Some((known, draft)) = save::shares::standing(&save).or_else(|| save::teams::standing(&save)) {
        return update(tx, object, known, draft, options);
    }
    if object.is_platform_event() { save::publish(save) } else { save::run(save) }
}
