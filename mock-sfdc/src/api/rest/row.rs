//! `/sobjects/{object}/{id}`: one record by its id.

use std::sync::Arc;

use http::StatusCode;
use mock_sfdc_org::{
    error::{Error, ErrorCode},
    formula::with_formulas,
    id::Id,
    schema::Object,
    state::{Shared, Transaction},
    verbs,
};

use super::{
    body,
    conditions::{self, Conditions, Version},
    error, options, query,
    recent::Look,
    record, sobject,
};
use crate::{
    call::{Answer, Call},
    reply::Reply,
};

/// A segment of fifteen or eighteen letters and digits is meant to be an id; any other is a field without a value.
pub(super) fn id_of(text: &str, object: &Object) -> Result<Id, Error> {
    if !looks_like_id(text) {
        return Err(Error::external_id_field_not_found(text));
    }
    match Id::parse(text) {
        Some(id) if id.prefix() == object.record_prefix => Ok(id),
        _ => Err(Error::malformed_record_id(text)),
    }
}

pub(super) fn looks_like_id(text: &str) -> bool {
    matches!(text.len(), 15 | 18) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The live record, or what a real org says when there is none, or none that the caller sees: reading and writing have
/// different words.
pub(super) fn live(
    call: &Call,
    object: &Object,
    id: Id,
    absent: fn() -> Error,
) -> Result<Shared, Box<Reply>> {
    let state = call.org().snapshot();
    let table = state.table(object.index);
    if let Some(record) = table.get(id) {
        let seen = call.viewer().is_ok_and(|viewer| viewer.sees(&state, object.index, record));
        return if seen { Ok(Shared::clone(record)) } else { Err(Box::new(gone(&absent(), call))) };
    }
    let error = if table.binned(id).is_some() { Error::entity_is_deleted() } else { absent() };
    Err(Box::new(gone(&error, call)))
}

/// The row of the address is not there: 404, whatever status its code has elsewhere.
fn gone(error: &Error, call: &Call) -> Reply {
    let mut reply = error::reply(std::slice::from_ref(error), call);
    reply.status = StatusCode::NOT_FOUND;
    reply
}

/// `GET`
pub fn get(call: &Call) -> Answer {
    let object = sobject::named(call)?;
    let id = id_of(call.param("id"), &object)?;
    match live(call, &object, id, Error::resource_not_found) {
        Ok(found) => answer(call, &object, &found),
        Err(reply) => Ok(*reply),
    }
}

/// The record with the fields that the request asks for, else all.
pub fn answer(call: &Call, object: &Object, found: &Shared) -> Answer {
    let look = Look::of(call)?;
    if let Some(list) = call.query("fields").filter(|list| list.contains('.')) {
        let answer = conditions::answer(call, &Version::of_row(object, found), || {
            query::row_of(call, object, found.id(), list)
        })?;
        look.note_read(call, object, found.id())?;
        return Ok(answer);
    }
    // A list without a name asks for nothing in particular.
    let positions = match call.query("fields").filter(|list| list.contains(|c: char| c.is_alphanumeric())) {
        Some(list) => body::fields_of(object, list)?,
        None => object.visible_fields().map(|(position, _)| position).collect(),
    };
    let answer = conditions::answer(call, &Version::of_row(object, found), || {
        written(call, object, found, &positions)
    })?;
    look.note_read(call, object, found.id())?;
    Ok(answer)
}

fn written(call: &Call, object: &Object, found: &Shared, positions: &[usize]) -> Answer {
    let now = call.org().clock().now();
    let found = with_formulas(&call.org().snapshot(), object, found, call.user()?, now);
    let found = call.viewer()?.reads(object, &found);
    let mut out = Vec::with_capacity(2048);
    record::row(&mut out, call.version, object, &found, positions);
    Ok(Reply::json(StatusCode::OK, out))
}

/// Whether the record is still the one that the request relies on; what is not there, the verb itself refuses.
pub(super) fn guard(
    tx: &Transaction,
    conditions: &Conditions,
    object: &Object,
    id: Id,
) -> Result<(), Vec<Error>> {
    match tx.state().table(object.index).get(id) {
        Some(record) => conditions.guard(object, record),
        None => Ok(()),
    }
}

/// `PATCH`
pub fn update(call: &Call) -> Answer {
    let object = sobject::named(call)?;
    let id = id_of(call.param("id"), &object)?;
    if let Err(reply) = live(call, &object, id, Error::invalid_cross_reference) {
        return Ok(*reply);
    }
    change(call, &object, id)
}

/// Saves the body's values to a record that is there.
pub fn change(call: &Call, object: &Arc<Object>, id: Id) -> Answer {
    let draft = body::record(call, call.viewer()?.schema(), object)?;
    let options = options::dml(call)?;
    let conditions = Conditions::of_write(call)?;
    let look = Look::of(call)?;
    let saved = call.transact(call.user()?, |tx| {
        guard(tx, &conditions, object, id)?;
        verbs::update(tx, object, id, draft, &options)?;
        look.note(tx, object, id);
        Ok::<_, verbs::Errors>(())
    });
    match saved {
        Ok(()) => Ok(Reply::empty(StatusCode::NO_CONTENT)),
        Err(errors) => Ok(error::reply(&errors, call)),
    }
}

/// `DELETE`
pub fn delete(call: &Call) -> Answer {
    let object = sobject::named(call)?;
    let id = id_of(call.param("id"), &object)?;
    remove(call, &object, id)
}

/// Deletes a record of the object.
pub fn remove(call: &Call, object: &Arc<Object>, id: Id) -> Answer {
    let conditions = Conditions::of_write(call)?;
    let gone_now = call.transact(call.user()?, |tx| {
        guard(tx, &conditions, object, id)?;
        verbs::delete(tx, object, id)
    });
    match gone_now {
        Ok(()) => Ok(Reply::empty(StatusCode::NO_CONTENT)),
        Err(errors) => Ok(match errors.first().map(|error| error.code) {
            Some(ErrorCode::EntityIsDeleted | ErrorCode::InvalidCrossReferenceKey) => gone(&errors[0], call),
            _ => error::reply(&errors, call),
        }),
    }
}
