//! `undelete`: back from the recycle bin, with the children that went there together with it.

use std::sync::Arc;

use super::Errors;
use crate::{
    error::Error,
    id::Id,
    schema::Object,
    state::{Binned, Transaction},
};

/// Days after which the recycle bin forgets.
pub const RECYCLE_BIN_DAYS: i64 = 15;

/// Brings a deleted record back, and what its deletion had cascaded to.
pub fn undelete(tx: &mut Transaction, object: &Arc<Object>, id: Id) -> Result<(), Errors> {
    let Some(binned) = tx.state().table(object.index).binned(id).cloned() else {
        let alive = tx.state().table(object.index).get(id).is_some();
        return Err(vec![if alive { Error::not_in_recycle_bin() } else { Error::invalid_cross_reference() }]);
    };
    let age = tx.now().millis() - binned.deleted_at.millis();
    if !object.undeletable || age > RECYCLE_BIN_DAYS * 86_400_000 {
        return Err(vec![Error::not_in_recycle_bin()]);
    }
    restore(tx, object, &binned);
    Ok(())
}

fn restore(tx: &mut Transaction, object: &Arc<Object>, binned: &Binned) {
    let mut edit = binned.record.edit(object.fields.len());
    if let Some((position, _)) = object.field("IsDeleted") {
        edit.set(position, false);
    }
    let now = tx.now().whole_seconds();
    edit.stamp(object.field("SystemModstamp").map(|(position, _)| position), now);
    tx.undelete(object, &edit);
    for relationship in object.child_relationships.iter().filter(|relationship| relationship.cascade_delete) {
        let Some(child) = tx.state().schema().by_index(relationship.child).cloned() else { continue };
        let together = tx
            .state()
            .table(child.index)
            .bin()
            .filter(|other| {
                other.deleted_at == binned.deleted_at
                    && other.record.get(relationship.child_field).as_id() == Some(binned.record.id())
            })
            .cloned()
            .collect::<Vec<_>>();
        for other in together {
            restore(tx, &child, &other);
        }
    }
}
