//! `upsert`: update the record that a field identifies, or create it.

use super::{Errors, create, rights, update, whole};
use crate::{
    id::Id,
    save::{self, DmlOptions, Draft, ExternalKey},
    state::Transaction,
};

/// What an upsert did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Upserted {
    pub id: Id,
    pub created: bool,
}

/// Updates the one record whose field holds the key; creates one that holds it where none does. Several are refused.
pub fn upsert(
    tx: &mut Transaction,
    key: ExternalKey,
    mut draft: Draft,
    options: &DmlOptions,
) -> Result<Upserted, Errors> {
    let found = save::resolve(tx.state(), &key).map_err(|error| vec![error])?;
    let object = whole(tx, &key.object);
    rights::upsert(tx, &object, key.position, found.as_ref())?;
    if let Some(record) = found {
        let id = update(tx, &object, record.id(), draft, options)?;
        return Ok(Upserted { id, created: false });
    }
    // An id names a record that must be there; it can't be chosen.
    if key.value.as_id().is_some() {
        return Err(vec![crate::error::Error::invalid_cross_reference()]);
    }
    draft.put(key.position, key.value);
    let id = create(tx, &object, draft, options)?;
    Ok(Upserted { id, created: true })
}
