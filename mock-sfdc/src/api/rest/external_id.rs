//! `/sobjects/{object}/{field}/{value}`: one record by an external id, or another field that identifies.

use std::sync::Arc;

use http::StatusCode;
use mock_sfdc_org::{
    error::Error,
    save::{
        ExternalKey,
        coerce::{Raw, Unfit, coerce},
    },
    schema::Object,
    state::{Shared, State},
    verbs,
};
use serde_json::json;

use super::{blob, body, conditions::Conditions, error, options, recent::Look, relationship, row, sobject};
use crate::{
    call::{Answer, ApiVersion, Call},
    reply::Reply,
};

/// Since this version an upsert that updates answers 200 with a body; before it 204 without. The guide names it; recorded
/// are only v59 and versions of 2015 (`docs/FIDELITY.md`).
const UPSERT_ANSWERS_SINCE: ApiVersion = ApiVersion(46);

/// The field that identifies records of the object: an external id, or one that the object is looked up by.
pub fn key_field(object: &Object, name: &str) -> Result<usize, Error> {
    let known = object.field(name).filter(|(_, field)| field.id_lookup || field.external_id);
    known.map(|(position, _)| position).ok_or_else(|| Error::external_id_field_not_found(name))
}

/// All records with the key.
#[must_use]
pub fn with_key(state: &State, key: &ExternalKey) -> Vec<Shared> {
    match key.value.as_id() {
        Some(id) => state.table(key.object.index).get(id).cloned().into_iter().collect(),
        None => state.lookup(&key.object, key.position, &key.value),
    }
}

/// The records that the address means, as far as the caller sees them, and the key itself.
fn find(call: &Call, object: &Arc<Object>) -> Result<(ExternalKey, Vec<Shared>), Error> {
    let position = key_field(object, call.param("field"))?;
    let field = &object.fields[position];
    let value = coerce(field, Raw::Text(call.param("value"))).map_err(|unfit| match unfit {
        Unfit::Refused(error) => error,
        Unfit::Kind { value, .. } => Error::value_not_of_type(&field.label, field.name.as_str(), &value),
    })?;
    let key = ExternalKey { object: Arc::clone(object), position, value };
    let state = call.org().snapshot();
    let viewer = call.viewer()?;
    let mut found = with_key(&state, &key);
    found.retain(|record| viewer.sees(&state, object.index, record));
    Ok((key, found))
}

/// 300: the addresses of all records that share the value.
fn several(call: &Call, object: &Object, found: &[Shared]) -> Reply {
    let addresses = found
        .iter()
        .map(|record| {
            format!("/services/data/{}/sobjects/{}/{}", call.version, object.name.as_str(), record.id())
        })
        .collect::<Vec<_>>();
    Reply::json(StatusCode::MULTIPLE_CHOICES, json!(addresses).to_string())
}

/// `GET`
pub fn get(call: &Call) -> Answer {
    let object = sobject::named(call)?;
    if let Some(position) = blob::asked(call, &object) {
        return blob::get(call, &object, position);
    }
    if relationship::is_meant(call) {
        return relationship::get(call);
    }
    match find(call, &object)?.1.as_slice() {
        [] => Err(Error::resource_not_found()),
        [one] => row::answer(call, &object, one),
        all => Ok(several(call, &object, all)),
    }
}

/// `DELETE`
pub fn delete(call: &Call) -> Answer {
    if relationship::is_meant(call) {
        return relationship::delete(call);
    }
    let object = sobject::named(call)?;
    match find(call, &object)?.1.as_slice() {
        [] => Err(Error::resource_not_found()),
        [one] => row::remove(call, &object, one.id()),
        all => Ok(several(call, &object, all)),
    }
}

/// `PATCH`: updates the one record, creates it where there is none, unless `updateOnly=true`.
pub fn upsert(call: &Call) -> Answer {
    if relationship::is_meant(call) {
        return relationship::update(call);
    }
    let object = sobject::named(call)?;
    let update_only = match call.query("updateOnly") {
        None | Some("false") => false,
        Some("true") => true,
        Some(other) => return Err(Error::illegal_flag("updateOnly", other)),
    };
    let (key, found) = find(call, &object)?;
    if found.len() > 1 {
        return Ok(several(call, &object, &found));
    }
    if found.is_empty() && update_only {
        return Err(Error::resource_not_found());
    }
    let members = body::members(call)?;
    let field = object.fields[key.position].name.clone();
    if members.keys().any(|name| field.is(name)) {
        return Err(Error::external_id_in_body(field.as_str()));
    }
    let draft = body::draft(call, call.viewer()?.schema(), &object, &members)?;
    let options = options::dml(call)?;
    let conditions = Conditions::of_write(call)?;
    let look = Look::of(call)?;
    let meant = found.first().map(Shared::id);
    let saved = call.transact(call.user()?, |tx| {
        match meant {
            Some(id) => row::guard(tx, &conditions, &object, id)?,
            None => conditions.guard_absent()?,
        }
        let saved = verbs::upsert(tx, key, draft, &options)?;
        look.note(tx, &object, saved.id);
        Ok::<_, verbs::Errors>(saved)
    });
    let saved = match saved {
        Ok(saved) => saved,
        Err(errors) => return Ok(error::reply(&errors, call)),
    };
    let answers = call.version >= UPSERT_ANSWERS_SINCE;
    if !saved.created && !answers {
        return Ok(Reply::empty(StatusCode::NO_CONTENT));
    }
    let tail = match (answers, saved.created) {
        (false, _) => r#"","success":true,"errors":[]}"#,
        (true, true) => r#"","success":true,"errors":[],"created":true}"#,
        (true, false) => r#"","success":true,"errors":[],"created":false}"#,
    };
    let mut reply = sobject::created(call, &object, saved.id, r#"{"id":""#, tail);
    if !saved.created {
        reply.status = StatusCode::OK;
    }
    Ok(reply)
}
