//! `delete`: into the recycle bin, with what cascades; refused where a child forbids it (`contract/behaviour.md` section 6).

use std::{collections::BTreeSet, sync::Arc};

use super::{Errors, undelete::RECYCLE_BIN_DAYS};
use crate::{
    error::Error,
    id::Id,
    schema::{ChildRelationship, Object},
    state::{Shared, State, Transaction},
};

/// Deletes a record with all that cascades from it.
pub fn delete(tx: &mut Transaction, object: &Arc<Object>, id: Id) -> Result<(), Errors> {
    let table = tx.state().table(object.index);
    if table.get(id).is_none() {
        let gone = table.binned(id).is_some();
        return Err(vec![if gone { Error::entity_is_deleted() } else { Error::invalid_cross_reference() }]);
    }
    if !object.deletable {
        return Err(vec![Error::verb_not_allowed(object.name.as_str(), "delete")]);
    }
    forget_expired(tx, object);
    let mut doomed = Vec::new();
    gather(tx.state(), object, id, &mut doomed, &mut BTreeSet::new())?;
    let ids = doomed.iter().map(|(_, record)| record.id()).collect::<BTreeSet<_>>();
    // No push topic tells of what a deletion entails (`contract/streaming.md` section 5).
    let silent = tx.set_silent(true);
    for (object, record) in &doomed {
        clear_lookups(tx, object, record.id(), &ids);
    }
    // Children first, so that no event names a child of a parent that is gone.
    for (object, record) in doomed.iter().rev() {
        let mut edit = record.edit(object.fields.len());
        if let Some((position, _)) = object.field("IsDeleted") {
            edit.set(position, true);
        }
        let now = tx.now().whole_seconds();
        edit.stamp(object.field("SystemModstamp").map(|(position, _)| position), now);
        tx.set_silent(silent || record.id() != id);
        tx.delete(object, edit.build());
    }
    tx.set_silent(silent);
    Ok(())
}

/// What has lain in the recycle bin for its days is gone for good.
fn forget_expired(tx: &mut Transaction, object: &Object) {
    let oldest = tx.now().millis() - RECYCLE_BIN_DAYS * 86_400_000;
    let expired = tx
        .state()
        .table(object.index)
        .bin()
        .filter(|binned| binned.deleted_at.millis() < oldest)
        .map(|binned| binned.record.id())
        .collect::<Vec<_>>();
    for id in expired {
        tx.purge(object, id);
    }
}

/// The record and everything below it, parents before children; a restricting child ends it.
fn gather(
    state: &State,
    object: &Arc<Object>,
    id: Id,
    doomed: &mut Vec<(Arc<Object>, Shared)>,
    seen: &mut BTreeSet<Id>,
) -> Result<(), Errors> {
    let Some(record) = state.table(object.index).get(id) else { return Ok(()) };
    if !seen.insert(id) {
        return Ok(());
    }
    doomed.push((Arc::clone(object), Shared::clone(record)));
    for relationship in &object.child_relationships {
        let Some((child, rows)) = children(state, relationship, id) else { continue };
        if rows.is_empty() {
            continue;
        }
        if relationship.restricted_delete {
            let names = rows.iter().map(|row| display_name(&child, row)).collect::<Vec<_>>();
            let related = child.label_plural.to_lowercase();
            return Err(vec![Error::delete_failed(&display_name(object, record), &related, &names)]);
        }
        if relationship.cascade_delete {
            for row in rows {
                gather(state, &child, row.id(), doomed, seen)?;
            }
        }
    }
    Ok(())
}

fn children(
    state: &State,
    relationship: &ChildRelationship,
    parent: Id,
) -> Option<(Arc<Object>, Vec<Shared>)> {
    let child = state.schema().by_index(relationship.child)?;
    Some((Arc::clone(child), state.lookup(child, relationship.child_field, &parent.into())))
}

/// Lookups that neither cascade nor restrict are emptied.
fn clear_lookups(tx: &mut Transaction, object: &Arc<Object>, id: Id, doomed: &BTreeSet<Id>) {
    for relationship in &object.child_relationships {
        if relationship.cascade_delete || relationship.restricted_delete {
            continue;
        }
        let Some((child, rows)) = children(tx.state(), relationship, id) else { continue };
        // Salesforce keeps who owned, created or converted a record, even when that is gone.
        let keeps =
            child.field_at(relationship.child_field).is_none_or(|field| !field.nillable || !field.updateable);
        for row in rows.iter().filter(|row| !keeps && !doomed.contains(&row.id())) {
            let mut edit = row.edit(child.fields.len());
            edit.set(relationship.child_field, crate::value::Value::Null);
            tx.put(&child, &edit);
        }
    }
}

/// A record as messages name it.
fn display_name(object: &Object, record: &Shared) -> String {
    let name = object
        .name_field()
        .map(|(position, _)| crate::value::shown(record.get(position)))
        .unwrap_or_default();
    let salutation = object.field("Salutation").and_then(|(position, _)| record.get(position).as_text());
    match salutation {
        Some(salutation) => format!("{salutation} {name}"),
        None => name,
    }
}
