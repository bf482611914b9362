//! Step 1: loading a record locks its row, and the rows of its parents with it, parents first (`contract/behaviour.md` section
//! 10). A master is locked by each save of its detail. Other parents are locked when the record comes to them or leaves them,
//! and only where they must not go while it is there: where the lookup cascades, or restricts, or is an account.

use super::Save;
use crate::{error::Error, id::Id, schema::Field, state::Transaction};

pub(super) fn take(save: &mut Save<'_>) {
    if !save.tx.has_locks() {
        return;
    }
    let mut wanted = Vec::new();
    for (position, field) in save.object.fields.iter().enumerate().filter(|(_, field)| locks(field)) {
        let now = save.edit.get(position).as_id();
        let was = save.before.as_ref().and_then(|before| before.get(position).as_id());
        if field.relationship_order.is_some() || now != was {
            wanted.extend(now.into_iter().chain(was.filter(|was| Some(*was) != now)));
        }
    }
    wanted.sort_unstable();
    wanted.push(save.edit.id());
    if let Err(error) = all(save.tx, wanted) {
        save.errors.push(error);
    }
}

/// Locks rows in this order.
pub(crate) fn all(tx: &mut Transaction, rows: impl IntoIterator<Item = Id>) -> Result<(), Error> {
    if !tx.has_locks() {
        return Ok(());
    }
    rows.into_iter().try_for_each(|row| tx.lock(row))
}

fn locks(field: &Field) -> bool {
    !field.reference_to.is_empty()
        && (field.relationship_order.is_some()
            || field.child.cascade_delete
            || field.child.restricted_delete
            || field.name.is("AccountId"))
}
