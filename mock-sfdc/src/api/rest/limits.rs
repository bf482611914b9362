//! `GET /limits` and `GET /limits/recordCount`.

use std::collections::BTreeMap;

use http::StatusCode;
use mock_sfdc_org::{error::Error, limits};
use serde_json::{Map, Value, json};

use super::limits_listed;
use crate::{
    call::{Answer, Call},
    reply::Reply,
};

/// All limits of the edition, by name. Of those that the org counts, `Remaining` is less than `Max`.
pub fn limits(call: &Call) -> Answer {
    let edition = call.org().snapshot().settings().edition;
    let mut all: BTreeMap<&str, (u64, u64)> =
        limits_listed::of(edition).map(|(name, most)| (name, (most, most))).collect();
    let clients = u64::try_from(call.tenant.streaming.client_count()).unwrap_or(u64::MAX);
    let counted = limits::list(&call.org, clients).into_iter();
    all.extend(counted.map(|limit| (limit.name, (limit.max, limit.remaining))));
    let entry = |(name, (max, remaining)): (&str, (u64, u64))| {
        (name.to_owned(), json!({"Max": max, "Remaining": remaining}))
    };
    let mut body = all.into_iter().map(entry).collect::<Map<_, _>>();
    if let Some(sets) = body.get_mut("PermissionSets") {
        let most = limits_listed::CUSTOM_PERMISSION_SETS;
        sets["CreateCustom"] = json!({"Max": most, "Remaining": most});
    }
    Ok(Reply::json(StatusCode::OK, Value::Object(body).to_string()))
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
