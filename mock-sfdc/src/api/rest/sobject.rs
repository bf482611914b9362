//! `/sobjects` and `/sobjects/{object}`: what objects there are, what they look like, and new records of them.

use std::sync::Arc;

use http::{HeaderValue, StatusCode, header};
use mock_sfdc_org::{
    error::Error,
    schema::{
        Object,
        describe::{self, Links},
    },
    streaming, verbs,
};
use serde_json::json;

use super::{
    body,
    conditions::{self, Conditions},
    error, options,
    recent::{self, Look},
    record,
};
use crate::{
    call::{Answer, Call},
    reply::Reply,
};

/// The object that the path names, as the caller sees it; any spelling of the name does.
pub fn named(call: &Call) -> Result<Arc<Object>, Error> {
    call.viewer()?.schema().object(call.param("object")).cloned().ok_or_else(Error::resource_not_found)
}

/// `GET /sobjects`: the global describe.
pub fn list(call: &Call) -> Answer {
    let viewer = call.viewer()?;
    let version = call.version.to_string();
    let links = Links { version: &version, instance_url: &call.base };
    described(call, &describe::global(viewer.schema(), links))
}

/// `GET /sobjects/{object}`: its entry in the global describe, and what the caller has looked at.
pub fn basic(call: &Call) -> Answer {
    let object = named(call)?;
    let version = call.version.to_string();
    let links = Links { version: &version, instance_url: &call.base };
    let recent = recent::of_object(call, &object)?;
    described(call, &json!({"objectDescribe": describe::basic(&object, links), "recentItems": recent}))
}

/// `GET /sobjects/{object}/describe`
pub fn describe(call: &Call) -> Answer {
    let object = named(call)?;
    let version = call.version.to_string();
    let links = Links { version: &version, instance_url: &call.base };
    described(call, &describe::object(&object, links))
}

/// An answer that clients keep, and ask for again only when it has changed.
pub(super) fn described(call: &Call, value: &impl serde::Serialize) -> Answer {
    let text = serde_json::to_vec(value).map_err(|error| Error::unknown_exception(&error.to_string()))?;
    let version = call.tenant.rest.described.version(call, &text)?;
    conditions::answer(call, &version, || Ok(Reply::json(StatusCode::OK, text)))
}

/// `POST /sobjects/{object}`
pub fn create(call: &Call) -> Answer {
    let object = named(call)?;
    let draft = body::record(call, call.viewer()?.schema(), &object)?;
    let options = options::dml(call)?;
    // A new record was not there before, so it fulfils them; a date that is none is refused all the same.
    Conditions::of_write(call)?;
    let look = Look::of(call)?;
    let saved = call.transact(call.user()?, |tx| {
        let id = verbs::create(tx, &object, draft, &options)?;
        look.note(tx, &object, id);
        Ok::<_, verbs::Errors>(id)
    });
    match saved {
        Ok(id) => Ok(match streaming::enqueued(&call.org().snapshot(), id) {
            Some(event) => enqueued(id, &event),
            None => created(call, &object, id, r#"{"id":""#, r#"","success":true,"errors":[]}"#),
        }),
        Err(errors) => Ok(error::reply(&errors, call)),
    }
}

/// `POST /sobjects/{object}/Id`: a new record where an upsert by the field Id would have an id. No other row takes a POST.
pub fn create_by_id(call: &Call) -> Answer {
    if call.param("id").eq_ignore_ascii_case("Id") { create(call) } else { super::no_method(call) }
}

/// 201 for an event that was taken in: it has no address, and its id on the bus stands where errors would.
fn enqueued(id: mock_sfdc_org::id::Id, event: &Error) -> Reply {
    let body = json!({"id": id, "success": true, "errors": [
        {"statusCode": event.code.as_str(), "message": event.message, "fields": []},
    ]});
    Reply::json(StatusCode::CREATED, body.to_string())
}

/// 201 with the record's address.
pub fn created(call: &Call, object: &Object, id: mock_sfdc_org::id::Id, head: &str, tail: &str) -> Reply {
    let mut address = Vec::with_capacity(64);
    record::address(&mut address, call.version, object.name.as_str(), id);
    let body = [head.as_bytes(), &id.long(), tail.as_bytes()].concat();
    let mut reply = Reply::json(StatusCode::CREATED, body);
    if let Ok(address) = HeaderValue::try_from(address) {
        reply.headers.insert(header::LOCATION, address);
    }
    reply
}
