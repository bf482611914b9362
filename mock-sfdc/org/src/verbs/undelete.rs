//! `undelete`: back from the recycle bin, with the children that went there together with it, and with the lookups that its
//! deletion had emptied (`contract/behaviour.md` section 6).

use std::{collections::BTreeSet, sync::Arc};

use super::{
    Errors,
    delete::{lock, set_lookup},
    rights, whole,
};
use crate::{
    error::Error,
    id::Id,
    save::roll_ups,
    schema::Object,
    state::{Binned, Edit, State, Transaction},
    value::Value,
};

/// Brings a deleted record back, and what its deletion had cascaded to.
pub fn undelete(tx: &mut Transaction, object: &Arc<Object>, id: Id) -> Result<(), Errors> {
    let object = &whole(tx, object);
    let table = tx.state().table(object.index);
    let Some(binned) = table.binned(id).filter(|binned| binned.is_kept(tx.now())).cloned() else {
        let alive = table.get(id).is_some();
        return Err(vec![if alive { Error::not_in_recycle_bin() } else { Error::invalid_cross_reference() }]);
    };
    if !object.undeletable {
        return Err(vec![Error::not_in_recycle_bin()]);
    }
    rights::delete(tx, object, &binned.record)?;
    let mut back = vec![(Arc::clone(object), binned)];
    if back[0].1.fell_with == id {
        let others = tx.state().fallen_with(id).into_iter();
        back.extend(others.filter(|(_, other)| other.record.id() != id));
    }
    let rows = back.iter().map(|(object, binned)| (object.clone(), binned.record.clone()));
    lock(tx, &rows.collect::<Vec<_>>())?;
    let ids = back.iter().map(|(_, binned)| binned.record.id()).collect::<BTreeSet<_>>();
    let mut edits = Vec::new();
    for (object, binned) in &back {
        check_unique(tx.state(), object, binned)?;
        edits.push(with_live_parents(tx.state(), object, binned, &ids)?);
    }
    for ((object, _), edit) in back.iter().zip(&edits) {
        tx.undelete(object, edit);
    }
    for (_, binned) in &back {
        fill_emptied(tx, binned);
    }
    // First what each one adds to parents that were there all the time, then what has become of its own children.
    for (object, binned) in &back {
        let restored = tx.state().table(object.index).get(binned.record.id()).cloned();
        roll_ups::follow_but(tx, object, None, restored.as_ref(), &|parent| ids.contains(&parent))?;
    }
    for (object, binned) in &back {
        roll_ups::recalculate(tx, object, binned.record.id())?;
    }
    Ok(())
}

/// The record as it comes back. A lookup whose target is gone is empty; a master must be there.
fn with_live_parents(
    state: &State,
    object: &Object,
    binned: &Binned,
    back: &BTreeSet<Id>,
) -> Result<Edit, Errors> {
    let mut edit = binned.record.edit(object.fields.len());
    if let Some((position, _)) = object.field("IsDeleted") {
        edit.set(position, false);
    }
    // A loser of a merge is a record of its own again.
    if let Some((position, _)) = object.field("MasterRecordId") {
        edit.set(position, Value::Null);
    }
    for (position, value) in binned.record.filled() {
        let (Some(field), Value::Id(parent)) = (object.field_at(position), value) else { continue };
        // Users are never deleted: who made and who owns a record stays as it was.
        let kept =
            field.reference_to.is_empty() || field.refers_to("User") || !field.updateable && field.nillable;
        if kept || back.contains(parent) || state.find(*parent).is_some() {
            continue;
        }
        if field.child.cascade_delete || !field.nillable {
            return Err(vec![Error::parent_is_deleted()]);
        }
        edit.set(position, Value::Null);
    }
    Ok(edit)
}

/// Somebody else may hold a unique value meanwhile.
fn check_unique(state: &State, object: &Object, binned: &Binned) -> Result<(), Errors> {
    for (position, field) in object.fields.iter().enumerate().filter(|(_, field)| field.unique) {
        let value = binned.record.get(position);
        if !value.is_null()
            && let Some(other) = state.matching(object, position, value).next()
        {
            return Err(vec![Error::duplicate_value(field.name.as_str(), other.id())]);
        }
    }
    Ok(())
}

/// Lookups that the deletion emptied point to the record again, unless somebody has filled them meanwhile.
fn fill_emptied(tx: &mut Transaction, binned: &Binned) {
    for place in binned.emptied.iter() {
        let Some(object) = tx.state().schema().by_index(place.object).cloned() else { continue };
        let row = tx.state().table(place.object).get(place.id).cloned();
        if let Some(row) = row.filter(|row| row.get(place.position).is_null()) {
            set_lookup(tx, &object, &row, place.position, binned.record.id().into());
        }
    }
}
