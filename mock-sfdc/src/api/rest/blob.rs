//! Files: `/sobjects/{object}/{id}/{blobField}` gives the bytes as they are, a form brings them (`contract/rest.md` section 2,
//! blob GET). In JSON they are base64 text, which is a value like any other.

use std::sync::Arc;

use http::StatusCode;
use mock_sfdc_org::{
    error::Error,
    save::Draft,
    schema::{FieldType, Object},
    value::Value,
};

use super::row;
use crate::{
    call::{Answer, Call},
    multipart::Part,
    reply::Reply,
};

/// As recorded, whatever the file is.
const KIND: &str = "application/octetstream";

/// The field, when the address `/{id}/{field}` means a file.
pub fn asked(call: &Call, object: &Object) -> Option<usize> {
    let (position, field) = object.field(call.param("value"))?;
    (field.kind == FieldType::Base64 && row::looks_like_id(call.param("field"))).then_some(position)
}

/// `GET`
pub fn get(call: &Call, object: &Arc<Object>, position: usize) -> Answer {
    let id = row::id_of(call.param("field"), object)?;
    let found = match row::live(call, object, id, Error::resource_not_found) {
        Ok(found) => found,
        Err(reply) => return Ok(*reply),
    };
    match found.get(position) {
        Value::Blob(bytes) => Ok(Reply::typed(StatusCode::OK, KIND, bytes.to_vec())),
        _ => Err(Error::resource_not_found()),
    }
}

/// Takes a file over: into the field of its part's name, or into the only one that the object has.
pub fn attach(object: &Object, draft: &mut Draft, file: &Part<'_>) -> Result<(), Error> {
    let named = object.field(&file.name).filter(|(_, field)| field.kind == FieldType::Base64);
    let mut all = object.fields_of(FieldType::Base64);
    let only = || Some(all.next()?).filter(|_| all.next().is_none());
    let (position, _) =
        named.or_else(only).ok_or_else(|| Error::no_blob_field(&file.name, object.name.as_str()))?;
    draft.put(position, Value::Blob(file.body.into()));
    Ok(())
}
