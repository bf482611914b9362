//! `merge`: one record remains of up to three, with all that belonged to any of them (`contract/behaviour.md` section 5).

use std::{collections::BTreeSet, sync::Arc};

use super::{
    Errors,
    delete::{set_lookup, throw_away},
    rights, update, whole,
};
use crate::{
    error::Error,
    id::Id,
    save::{DmlOptions, Draft, lock_rows, person, roll_ups},
    schema::{Field, Object},
    state::{Shared, State, Transaction},
    value::Value,
};

/// Objects whose records can be merged. describe calls Case not mergeable, and the guides say that it is.
const MERGEABLE: [&str; 5] = ["Account", "Case", "Contact", "Individual", "Lead"];

/// How many records can fall to a master in one request.
const MOST_LOSERS: usize = 2;

/// How many requests one call takes (`contract/soap.md` section 6).
pub const MOST_MERGES: usize = 200;

/// What may stand only once for a parent and a person. The loser's own row falls with it when the master has one.
const JUNCTIONS: [(&str, &str, &[&str]); 5] = [
    ("CampaignMember", "LeadId", &["CampaignId"]),
    ("CampaignMember", "ContactId", &["CampaignId"]),
    ("OpportunityContactRole", "ContactId", &["OpportunityId", "Role"]),
    ("AccountContactRole", "ContactId", &["AccountId", "Role"]),
    ("CaseContactRole", "ContactId", &["CasesId", "Role"]),
];

/// One request: the master's id, values that it is to have, and the records that fall to it.
#[derive(Debug, Clone)]
pub struct Merge {
    pub master: Id,
    pub values: Draft,
    pub losers: Vec<Id>,
}

/// What a merge did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    pub id: Id,
    pub merged: Vec<Id>,
    /// Children that belong to the master now.
    pub updated_related: Vec<Id>,
}

/// Merges records of one object. Each request is all or nothing: the caller goes back to its savepoint when it fails.
pub fn merge(
    tx: &mut Transaction,
    object: &Arc<Object>,
    request: Merge,
    options: &DmlOptions,
) -> Result<Merged, Errors> {
    let object = &whole(tx, object);
    let (master, losers) = check(tx.state(), object, &request).map_err(|error| vec![error])?;
    rights::update(tx, object, &master, options)?;
    losers.iter().try_for_each(|loser| rights::delete(tx, object, loser))?;
    lock_rows(tx, std::iter::once(master.id()).chain(losers.iter().map(Shared::id)))
        .map_err(|error| vec![error])?;
    // Children and the junctions that fall are no news of their own: losers' deletion and the master's update are.
    let silent = tx.set_silent(true);
    let mut updated_related = merge_contacts(tx, object, &master, &losers)?;
    updated_related.extend(reparent(tx, object, master.id(), &request.losers)?);
    tx.set_silent(silent);
    no_circle(tx.state(), object, master.id()).map_err(|error| vec![error])?;
    for loser in &losers {
        // What the reparenting may have changed in the loser itself is of no interest any more.
        let mut edit = loser.edit(object.fields.len());
        if let Some((position, _)) = object.field("MasterRecordId") {
            edit.set(position, master.id());
        }
        throw_away(tx, object, edit, loser.id(), Vec::new());
        roll_ups::follow(tx, object, Some(loser), None)?;
    }
    if object.name.is("Lead") {
        keep_the_oldest_creation(tx, object, master.id(), &losers);
    }
    update(tx, object, master.id(), request.values, options)?;
    Ok(Merged { id: master.id(), merged: request.losers, updated_related })
}

/// The contacts of people that become one do so too.
fn merge_contacts(
    tx: &mut Transaction,
    object: &Object,
    master: &Shared,
    losers: &[Shared],
) -> Result<Vec<Id>, Errors> {
    let (Some(master), Some(contacts)) =
        (person::contact_of(object, master), tx.state().schema().object("Contact").cloned())
    else {
        return Ok(Vec::new());
    };
    let others = losers.iter().filter_map(|loser| person::contact_of(object, loser)).collect::<Vec<_>>();
    let moved = reparent(tx, &contacts, master, &others)?;
    for id in others {
        if let Some(row) = tx.state().table(contacts.index).get(id).cloned() {
            let mut edit = row.edit(contacts.fields.len());
            if let Some((position, _)) = contacts.field("MasterRecordId") {
                edit.set(position, master);
            }
            throw_away(tx, &contacts, edit, id, Vec::new());
        }
    }
    // The losing accounts name their contacts still; they fall with them.
    Ok(moved.into_iter().filter(|id| !losers.iter().any(|loser| loser.id() == *id)).collect())
}

fn check(state: &State, object: &Object, request: &Merge) -> Result<(Shared, Vec<Shared>), Error> {
    if !MERGEABLE.iter().any(|name| object.name.is(name)) {
        return Err(Error::verb_not_allowed(object.name.as_str(), "merge"));
    }
    if request.losers.is_empty() {
        return Err(Error::nothing_to_merge());
    }
    if request.losers.len() > MOST_LOSERS {
        return Err(Error::too_many_to_merge(MOST_LOSERS));
    }
    let mut seen = BTreeSet::from([request.master]);
    if let Some(twice) = request.losers.iter().find(|id| !seen.insert(**id)) {
        return Err(Error::merged_twice(*twice));
    }
    let master = mergeable(state, object, request.master)?;
    let losers =
        request.losers.iter().map(|id| mergeable(state, object, *id)).collect::<Result<Vec<_>, _>>()?;
    if let Some((position, _)) = object.field("IsPersonAccount")
        && let Some(other) = losers.iter().find(|loser| loser.get(position) != master.get(position))
    {
        return Err(Error::not_mergeable_with(other.id()));
    }
    Ok((master, losers))
}

fn mergeable(state: &State, object: &Object, id: Id) -> Result<Shared, Error> {
    let table = state.table(object.index);
    let Some(record) = table.get(id) else {
        return Err(match () {
            () if id.prefix() != object.record_prefix => Error::not_mergeable_with(id),
            () if table.binned(id).is_some() => Error::entity_is_deleted(),
            () => Error::invalid_cross_reference(),
        });
    };
    let converted = object.field("IsConverted").is_some_and(|(position, _)| record.get(position).is_true());
    if converted { Err(Error::converted_lead()) } else { Ok(Shared::clone(record)) }
}

/// All fields of all objects that may point to this one, but for those that say of a loser who its master is.
fn references(state: &State, to: &Object) -> Vec<(Arc<Object>, usize)> {
    let points = |field: &Field| {
        field.refers_to(to.name.as_str()) && !field.calculated && !field.name.is("MasterRecordId")
    };
    let objects = state.schema().objects().filter(|object| !state.table(object.index).is_empty());
    objects
        .flat_map(|object| {
            let positions = object.fields.iter().enumerate().filter(|(_, field)| points(field));
            positions.map(|(position, _)| (Arc::clone(object), position)).collect::<Vec<_>>()
        })
        .collect()
}

/// Whatever points to a loser points to the master from now on. Answers which records that changed.
fn reparent(tx: &mut Transaction, object: &Object, master: Id, losers: &[Id]) -> Result<Vec<Id>, Errors> {
    let mut moved = BTreeSet::new();
    let falls = |parent: Id| losers.contains(&parent);
    for (child, position) in references(tx.state(), object) {
        for loser in losers {
            for row in tx.state().lookup(&child, position, &(*loser).into()) {
                if losers.contains(&row.id()) {
                    continue;
                }
                // Looked up again: a row may point to losers by several fields.
                let Some(row) = tx.state().table(child.index).get(row.id()).cloned() else { continue };
                if stands_already(tx.state(), &child, position, &row, master) {
                    throw_away(tx, &child, row.edit(child.fields.len()), *loser, Vec::new());
                    roll_ups::follow_but(tx, &child, Some(&row), None, &falls)?;
                    continue;
                }
                let row = without_primary(tx, &child, row);
                set_lookup(tx, &child, &row, position, master.into());
                let after = tx.state().table(child.index).get(row.id()).cloned();
                roll_ups::follow_but(tx, &child, Some(&row), after.as_ref(), &falls)?;
                if row.id() != master {
                    moved.insert(row.id());
                }
            }
        }
    }
    Ok(moved.into_iter().collect())
}

/// Whether the master has a row of its own where this one would come to stand.
fn stands_already(state: &State, child: &Object, position: usize, row: &Shared, master: Id) -> bool {
    let Some(field) = child.field_at(position) else { return false };
    let junction = JUNCTIONS.iter().find(|(name, to, _)| child.name.is(name) && field.name.is(to));
    let Some((_, _, same)) = junction else { return false };
    let positions = same.iter().filter_map(|name| child.field(name)).map(|(at, _)| at).collect::<Vec<_>>();
    let others = state.lookup(child, position, &master.into());
    others.iter().any(|other| positions.iter().all(|at| other.get(*at) == row.get(*at)))
}

/// Contact roles of losers are no longer the primary ones.
fn without_primary(tx: &mut Transaction, child: &Object, row: Shared) -> Shared {
    if !child.name.as_str().ends_with("ContactRole") {
        return row;
    }
    match child.field("IsPrimary") {
        Some((position, _)) if row.get(position).is_true() => {
            set_lookup(tx, child, &row, position, Value::Bool(false));
            tx.state().table(child.index).get(row.id()).cloned().unwrap_or(row)
        }
        _ => row,
    }
}

/// The master must not come to stand below itself.
fn no_circle(state: &State, object: &Object, master: Id) -> Result<(), Error> {
    let upwards = ["ParentId", "ReportsToId"].into_iter().filter_map(|name| object.field(name));
    for (position, field) in upwards.filter(|(_, field)| field.refers_to(object.name.as_str())) {
        let mut seen = BTreeSet::from([master]);
        let mut at = master;
        while let Some(next) =
            state.table(object.index).get(at).and_then(|record| record.get(position).as_id())
        {
            if next == master {
                return Err(Error::merge_makes_a_circle(field.name.as_str()));
            }
            if !seen.insert(next) {
                break;
            }
            at = next;
        }
    }
    Ok(())
}

/// A merged lead was created when the oldest of them was, and by whom.
fn keep_the_oldest_creation(tx: &mut Transaction, object: &Object, master: Id, losers: &[Shared]) {
    let (Some((date, _)), Some((by, _))) = (object.field("CreatedDate"), object.field("CreatedById")) else {
        return;
    };
    let Some(record) = tx.state().table(object.index).get(master).cloned() else { return };
    let when = |record: &Shared| record.get(date).as_datetime();
    let Some(oldest) = losers.iter().min_by_key(|loser| when(loser)) else { return };
    if when(oldest) < when(&record) {
        let mut edit = record.edit(object.fields.len());
        edit.set(date, oldest.get(date).clone());
        edit.set(by, oldest.get(by).clone());
        tx.put(object, &edit);
    }
}
