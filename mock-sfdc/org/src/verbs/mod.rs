//! What clients do to records: one verb a file. A verb works inside a transaction; when it fails, the caller drops the
//! transaction or goes back to its savepoint.

mod convert_lead;
mod create;
mod delete;
mod each;
mod empty_recycle_bin;
mod merge;
mod rights;
mod trigger_workflow;
mod undelete;
mod update;
mod upsert;

pub use self::{
    convert_lead::{Converted, LeadConvert, MOST_LEADS, convert_lead, convert_leads},
    create::create,
    delete::{delete, hard_delete},
    each::each,
    empty_recycle_bin::{MOST_RECORDS as MOST_IN_EMPTY_RECYCLE_BIN, empty_recycle_bin},
    merge::{MOST_MERGES, Merge, Merged, merge},
    trigger_workflow::trigger_workflow,
    undelete::undelete,
    update::update,
    upsert::{Upserted, upsert},
};

use std::sync::Arc;

use crate::{
    error::Error,
    name::Name,
    save::{DmlOptions, Draft, Save},
    schema::Object,
    state::{Record, Transaction},
    value::shown,
};

/// Everything that is wrong with one record.
pub type Errors = Vec<Error>;

/// The object itself: callers may hold it as a user sees it, without names for the rest.
fn whole(tx: &Transaction, object: &Arc<Object>) -> Arc<Object> {
    Arc::clone(tx.state().schema().by_index(object.index).unwrap_or(object))
}

/// Objects whose rows mean more than the row are read-only here, and say so.
fn refuse_not_emulated(object: &Object, options: &DmlOptions) -> Result<(), Errors> {
    match &object.writes_not_emulated {
        Some(missing) if !options.seeding => {
            Err(vec![Error::not_emulated(format_args!("writes to {} ({missing})", object.name))])
        }
        _ => Ok(()),
    }
}

/// Lays a request's values over the record: parents that were named by an external id are looked up first.
fn apply(save: &mut Save<'_>, draft: Draft) -> Result<(), Errors> {
    if let Some(field) = draft.set_twice().and_then(|position| save.object.field_at(position)) {
        let relationship = field.relationship_name.as_ref().map_or("", Name::as_str);
        return Err(vec![Error::parent_named_twice(relationship, field.name.as_str())]);
    }
    for (position, value) in draft.values {
        save.edit.set(position, value);
        save.given.push(position);
    }
    for (position, key) in draft.parents {
        let found = crate::save::resolve(save.tx.state(), &key).map_err(|error| vec![error])?;
        let Some(parent) = found else {
            let (object, field) = (key.object.name.as_str(), key.object.fields[key.position].name.as_str());
            return Err(vec![Error::foreign_key_not_found(field, &shown(&key.value), object)]);
        };
        save.edit.set(position, parent.id());
        save.given.push(position);
    }
    Ok(())
}

/// A record as messages name it.
fn shown_name(object: &Object, record: &Record) -> String {
    let name = object.name_field().map(|(position, _)| shown(record.get(position))).unwrap_or_default();
    let salutation = object.field("Salutation").and_then(|(position, _)| record.get(position).as_text());
    match salutation {
        Some(salutation) => format!("{salutation} {name}"),
        None => name,
    }
}
