//! `delete`: into the recycle bin, with what cascades; refused where a child forbids it (`contract/behaviour.md` section 6).

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{Errors, rights, shown_name, whole};
use crate::{
    error::Error,
    id::Id,
    save::{line_items, lock_rows, permission_set_groups, person, roll_ups, shares, teams},
    schema::{ChildRelationship, Object},
    state::{Edit, Emptied, Shared, State, Transaction},
    value::Value,
};

/// Deletes a record with all that cascades from it.
pub fn delete(tx: &mut Transaction, object: &Arc<Object>, id: Id) -> Result<(), Errors> {
    let object = &whole(tx, object);
    let table = tx.state().table(object.index);
    let Some(record) = table.get(id).cloned() else {
        let gone = table.binned(id).is_some_and(|binned| binned.is_kept(tx.now()));
        return Err(vec![if gone { Error::entity_is_deleted() } else { Error::invalid_cross_reference() }]);
    };
    if !object.deletable {
        return Err(vec![Error::verb_not_allowed(object.name.as_str(), "delete")]);
    }
    rights::delete(tx, object, &record)?;
    if person::is_person_contact(object, &record) {
        return Err(vec![Error::contact_of_a_person()]);
    }
    permission_set_groups::check_delete(tx, object, &record).map_err(|error| vec![error])?;
    shares::check_delete(tx, object, &record).map_err(|error| vec![error])?;
    let mut doomed = Vec::new();
    gather(tx.state(), object, id, &mut doomed, &mut BTreeSet::new())?;
    lock(tx, &doomed)?;
    let ids = doomed.iter().map(|(_, record)| record.id()).collect::<BTreeSet<_>>();
    // No push topic tells of what a deletion entails (`contract/streaming.md` section 5).
    let silent = tx.set_silent(true);
    let mut emptied: BTreeMap<Id, Vec<Emptied>> = BTreeMap::new();
    for (object, record) in &doomed {
        emptied.insert(record.id(), clear_lookups(tx, object, record.id(), &ids));
    }
    // Children first, so that no event names a child of a parent that is gone.
    for (object, record) in doomed.iter().rev() {
        tx.set_silent(silent || record.id() != id);
        let emptied = emptied.remove(&record.id()).unwrap_or_default();
        throw_away(tx, object, record.edit(object.fields.len()), id, emptied);
    }
    tx.set_silent(silent);
    for (object, record) in &doomed {
        roll_ups::follow(tx, object, Some(record), None)?;
        line_items::deleted(tx, object, record)?;
        permission_set_groups::deleted(tx, object, record)?;
        teams::deleted(tx, object, record);
    }
    Ok(())
}

/// What falls is locked, and so are the masters of it, whose roll-ups change.
pub(super) fn lock(tx: &mut Transaction, rows: &[(Arc<Object>, Shared)]) -> Result<(), Errors> {
    let masters = rows.iter().flat_map(|(object, row)| {
        let details =
            object.fields.iter().enumerate().filter(|(_, field)| field.relationship_order.is_some());
        details.filter_map(|(position, _)| row.get(position).as_id())
    });
    let all = masters.chain(rows.iter().map(|(_, row)| row.id())).collect::<Vec<_>>();
    lock_rows(tx, all).map_err(|error| vec![error])
}

/// Deletes a record past the recycle bin: what Bulk's `hardDelete` does. Whoever asks must hold "Bulk API Hard Delete".
pub fn hard_delete(tx: &mut Transaction, object: &Arc<Object>, id: Id) -> Result<(), Errors> {
    delete(tx, object, id)?;
    for (object, binned) in tx.state().fallen_with(id) {
        tx.purge(&object, binned.record.id());
    }
    Ok(())
}

/// Moves one record to the recycle bin.
pub(super) fn throw_away(
    tx: &mut Transaction,
    object: &Object,
    mut edit: Edit,
    fell_with: Id,
    emptied: Vec<Emptied>,
) {
    if let Some((position, _)) = object.field("IsDeleted") {
        edit.set(position, true);
    }
    let now = tx.now().whole_seconds();
    edit.stamp(object.field("SystemModstamp").map(|(position, _)| position), now);
    tx.delete(object, edit.build(), fell_with, emptied);
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
        let falls = relationship.cascade_delete && rows.iter().all(|row| !is_activated(&child, row));
        if relationship.restricted_delete && !falls {
            let names = rows.iter().map(|row| shown_name(&child, row)).collect::<Vec<_>>();
            let related = child.label_plural.to_lowercase();
            return Err(vec![Error::delete_failed(&shown_name(object, record), &related, &names)]);
        }
        if relationship.cascade_delete {
            for row in rows {
                gather(state, &child, row.id(), doomed, seen)?;
            }
        }
    }
    Ok(())
}

/// What both cascades and restricts falls with its parent until it has been activated (contracts, orders); price book entries
/// never are.
fn is_activated(object: &Object, record: &Shared) -> bool {
    let status = object.field("StatusCode").and_then(|(position, _)| record.get(position).as_text());
    status == Some("Activated")
}

fn children(
    state: &State,
    relationship: &ChildRelationship,
    parent: Id,
) -> Option<(Arc<Object>, Vec<Shared>)> {
    let child = state.schema().by_index(relationship.child)?;
    if state.table(child.index).is_empty() {
        return None;
    }
    Some((Arc::clone(child), state.lookup(child, relationship.child_field, &parent.into())))
}

/// Lookups that neither cascade nor restrict are emptied; which ones they were is kept for an undelete.
fn clear_lookups(tx: &mut Transaction, object: &Object, id: Id, doomed: &BTreeSet<Id>) -> Vec<Emptied> {
    let mut emptied = Vec::new();
    for relationship in &object.child_relationships {
        if relationship.cascade_delete || relationship.restricted_delete {
            continue;
        }
        let Some((child, rows)) = children(tx.state(), relationship, id) else { continue };
        let position = relationship.child_field;
        // Salesforce keeps who owned, created or converted a record, even when that is gone.
        let keeps = child.field_at(position).is_none_or(|field| !field.nillable || !field.updateable);
        for row in rows.iter().filter(|row| !keeps && !doomed.contains(&row.id())) {
            set_lookup(tx, &child, row, position, Value::Null);
            emptied.push(Emptied { object: child.index, id: row.id(), position });
        }
    }
    emptied
}

/// Salesforce's own change of a lookup, of which no person is the author.
pub(super) fn set_lookup(tx: &mut Transaction, object: &Object, row: &Shared, position: usize, to: Value) {
    let mut edit = row.edit(object.fields.len());
    edit.set(position, to);
    let now = tx.now().whole_seconds();
    edit.stamp(object.field("SystemModstamp").map(|(position, _)| position), now);
    tx.put(object, &edit);
}
