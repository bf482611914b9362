//! `GET /limits` and `GET /limits/recordCount`.

use http::StatusCode;
use mock_sfdc_org::{error::Error, limits};
use serde_json::{Map, Value, json};

use crate::{
    call::{Answer, Call},
    reply::Reply,
};

/// The limits that this org counts. Salesforce lists several dozen more, which nothing here uses up.
pub fn limits(call: &Call) -> Answer {
    let clients = u64::try_from(call.tenant.streaming.client_count()).unwrap_or(u64::MAX);
    let limits = limits::list(&call.org, clients)
        .into_iter()
        .map(|limit| (limit.name.to_owned(), json!({"Max": limit.max, "Remaining": limit.remaining})))
        .collect::<Map<_, _>>();
    Ok(Reply::json(StatusCode::OK, Value::Object(limits).to_string()))
}

/// How many live records the objects have; empty ones are left out, as in a real org.
pub fn record_count(call: &Call) -> Answer {
    let state = call.org().snapshot();
    let viewer = call.viewer()?;
    let wanted = call.query("sObjects").map(|list| list.split(',').map(str::trim).collect::<Vec<_>>());
    if let Some(unknown) = wanted.iter().flatten().find(|name| viewer.schema().object(name).is_none()) {
        return Err(Error::unknown_object(unknown));
    }
    let counts = viewer
        .schema()
        .objects()
        .filter(|object| wanted.as_ref().is_none_or(|wanted| wanted.iter().any(|name| object.name.is(name))))
        .map(|object| (object.name.as_str(), state.table(object.index).len()))
        .filter(|(_, count)| *count > 0)
        .map(|(name, count)| json!({"count": count, "name": name}))
        .collect::<Vec<_>>();
    let mut body = Map::new();
    body.insert("sObjects".to_owned(), Value::Array(counts));
    Ok(Reply::json(StatusCode::OK, Value::Object(body).to_string()))
}
