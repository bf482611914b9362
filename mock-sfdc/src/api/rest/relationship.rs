//! `/sobjects/{object}/{id}/{relationship}…`: records by way of another one (`contract/rest.md` section 2).

use mock_sfdc_org::{
    error::Error,
    related::{Related, related},
    schema::{FieldType, Object},
};

use super::{body, query, row, sobject};
use crate::{
    call::{Answer, Call},
    reply::Reply,
};

/// Whether an address that looks as one by an external id begins with a record's id instead.
pub fn is_meant(call: &Call) -> bool {
    row::looks_like_id(call.param("field"))
}

/// `GET`: the parent, or the children as a query finds them.
pub fn get(call: &Call) -> Answer {
    match found(call)? {
        Ok(Related::Record(object, record)) => row::answer(call, &object, &record),
        Ok(Related::Children { object, lookup, parent }) => {
            let fields = fields(call, &object)?;
            let lookup = object.fields[lookup].name.as_str();
            let text = format!("SELECT {fields} FROM {} WHERE {lookup} = '{parent}'", object.name.as_str());
            query::answer(call, &text, false)
        }
        Err(reply) => Ok(*reply),
    }
}

/// `PATCH`: changes the parent.
pub fn update(call: &Call) -> Answer {
    match found(call)? {
        Ok(Related::Record(object, record)) => row::change(call, &object, record.id()),
        Ok(Related::Children { .. }) => Err(only_read(call)),
        Err(reply) => Ok(*reply),
    }
}

/// `DELETE`: deletes the parent.
pub fn delete(call: &Call) -> Answer {
    match found(call)? {
        Ok(Related::Record(object, record)) => row::remove(call, &object, record.id()),
        Ok(Related::Children { .. }) => Err(only_read(call)),
        Err(reply) => Ok(*reply),
    }
}

/// A set of children is read, and nothing else.
fn only_read(call: &Call) -> Error {
    Error::method_not_allowed(call.method.as_str(), "HEAD,GET")
}

fn found(call: &Call) -> Result<Result<Related, Box<Reply>>, Error> {
    let object = sobject::named(call)?;
    let (id, path) = if is_meant(call) {
        (call.param("field"), vec![call.param("value")])
    } else {
        let rest = call.param("rest").split('/').filter(|name| !name.is_empty());
        (call.param("id"), std::iter::once(call.param("relationship")).chain(rest).collect())
    };
    let id = row::id_of(id, &object)?;
    let record = match row::live(call, &object, id, Error::resource_not_found) {
        Ok(record) => record,
        Err(reply) => return Ok(Err(reply)),
    };
    let viewer = call.viewer()?;
    related(&call.org().snapshot(), &viewer, &object, &record, &path).map(Ok)
}

/// The fields that are asked for, else all but files.
fn fields(call: &Call, object: &Object) -> Result<String, Error> {
    let positions = match call.query("fields") {
        Some(list) => body::fields_of(object, list)?,
        None => object
            .visible_fields()
            .filter(|(_, field)| field.kind != FieldType::Base64)
            .map(|(position, _)| position)
            .collect(),
    };
    let names = positions.iter().filter_map(|position| object.field_at(*position));
    Ok(names.map(|field| field.name.as_str()).collect::<Vec<_>>().join(","))
}
