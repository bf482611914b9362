//! `/sobjects/{event}/eventSchema` and `/event/eventSchema/{id}`: what a platform event or a change event carries.

use http::StatusCode;
use mock_sfdc_org::{
    error::Error,
    streaming::{self, EventSchema},
};

use crate::{
    api::event_schema::{compact, expanded},
    call::{Answer, ApiVersion, Call},
    reply::Reply,
};

/// The first version that knows the parameter and the expanded form.
const FIRST_FORMATS: ApiVersion = ApiVersion(43);

/// `GET /sobjects/Low_Ink__e/eventSchema`, `GET /sobjects/AccountChangeEvent/eventSchema`
pub fn by_name(call: &Call) -> Answer {
    let name = call.param("object");
    let viewer = call.viewer()?;
    let schema = viewer.schema();
    let object = streaming::entity_of(schema, name).or_else(|| schema.object(name));
    let object = object.filter(|object| object.is_platform_event() || object.name.as_str() != name);
    let found = object.and_then(|object| EventSchema::of(schema, object));
    found.map_or_else(|| Err(Error::resource_not_found()), |schema| written(call, &schema))
}

/// `GET /event/eventSchema/{id}`, the id that an event or its schema carries.
pub fn by_id(call: &Call) -> Answer {
    let found = streaming::find_schema(&call.org().snapshot(), call.param("id"));
    found.map_or_else(|| Err(Error::resource_not_found()), |schema| written(call, &schema))
}

fn written(call: &Call, schema: &EventSchema) -> Answer {
    let json = match call.query("payloadFormat") {
        None if call.version < FIRST_FORMATS => compact(schema),
        Some(text) if call.version < FIRST_FORMATS => return Err(Error::unknown_payload_format(text)),
        None | Some("EXPANDED") => expanded(schema),
        Some("COMPACT") => compact(schema),
        Some(other) => return Err(Error::unknown_payload_format(other)),
    };
    Ok(Reply::json(StatusCode::OK, json.to_string()))
}
