//! May the user do this to this row? Rights over the object first, then sharing. A row that the user does not see is not there.

use std::sync::Arc;

use super::Errors;
use crate::{
    access::permissions::{Level, Right, Viewer},
    error::Error,
    save::DmlOptions,
    schema::Object,
    state::{Record, Transaction},
};

pub(super) fn create(tx: &Transaction, object: &Object, options: &DmlOptions) -> Result<(), Errors> {
    match asked(tx, options) {
        Some(viewer) if !viewer.allows(object.index, Right::Create) => {
            Err(vec![Error::cannot_be_inserted(object.name.as_str())])
        }
        _ => Ok(()),
    }
}

pub(super) fn update(
    tx: &Transaction,
    object: &Object,
    record: &Record,
    options: &DmlOptions,
) -> Result<(), Errors> {
    match asked(tx, options) {
        Some(viewer) => on_row(tx, &viewer, object, record, Level::Edit),
        None => Ok(()),
    }
}

/// Deleting and undeleting are the owner's, of those above the owner, and of Modify All.
pub(super) fn delete(tx: &Transaction, object: &Object, record: &Record) -> Result<(), Errors> {
    match tx.viewer() {
        Some(viewer) => on_row(tx, &viewer, object, record, Level::All),
        None => Ok(()),
    }
}

/// Who is asked for permission: nobody when the org writes by itself.
fn asked(tx: &Transaction, options: &DmlOptions) -> Option<Arc<Viewer>> {
    if options.seeding || options.automatic { None } else { tx.viewer() }
}

fn on_row(
    tx: &Transaction,
    viewer: &Viewer,
    object: &Object,
    record: &Record,
    needed: Level,
) -> Result<(), Errors> {
    match viewer.level(tx.state(), object.index, record) {
        level if level >= needed => Ok(()),
        Level::None => Err(vec![Error::invalid_cross_reference()]),
        _ => Err(vec![Error::insufficient_access()]),
    }
}

/// Converting a lead takes a permission of its own, and a lead that the user may edit.
pub(super) fn convert(tx: &Transaction, object: &Object, lead: &Record) -> Result<(), Errors> {
    match tx.viewer() {
        Some(viewer) if !viewer.may("ConvertLeads") => Err(vec![Error::insufficient_access()]),
        Some(viewer) => on_row(tx, &viewer, object, lead, Level::Edit),
        None => Ok(()),
    }
}

/// An upsert must not make a second record of one that the user does not see, nor tell of it.
pub(super) fn upsert(
    tx: &Transaction,
    object: &Object,
    key: usize,
    found: Option<&Record>,
) -> Result<(), Errors> {
    let Some(viewer) = tx.viewer() else { return Ok(()) };
    let field = object.field_at(key);
    let could_repeat = field.is_some_and(|field| field.external_id && !field.unique);
    if could_repeat && !viewer.allows(object.index, Right::ViewAll) {
        return Err(vec![Error::upsert_needs_view_all()]);
    }
    match found {
        Some(record) if !viewer.sees(tx.state(), object.index, record) => {
            Err(vec![Error::insufficient_access_on_reference(record.id())])
        }
        _ => Ok(()),
    }
}
