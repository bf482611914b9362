//! Errors in REST's dialect: an array, message first, but for errors of routing (`contract/errors.md` section 1).

use http::{StatusCode, header};
use mock_sfdc_org::error::{Error, ErrorCode};
use serde_json::{Map, Value, json};

use super::duplicates;
use crate::{call::Call, reply::Reply};

#[must_use]
pub fn render(error: &Error, call: &Call) -> Reply {
    reply(std::slice::from_ref(error), call)
}

/// Several errors of one record are several items; the first one gives the status.
#[must_use]
pub fn reply(errors: &[Error], call: &Call) -> Reply {
    let status = errors.first().map_or(500, |error| error.code.http_status());
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let items = errors.iter().map(|error| item(error, call)).collect::<Vec<_>>();
    let reply = Reply::json(status, Value::Array(items).to_string());
    match errors.first().map(|error| error.code) {
        Some(ErrorCode::InvalidSessionId | ErrorCode::InvalidAuthHeader) => {
            reply.with(header::WWW_AUTHENTICATE, "Token")
        }
        _ => reply,
    }
}

/// An error as it stands in the result of one record among several: its code is a status there.
#[must_use]
pub fn of_row(error: &Error) -> Value {
    json!({
        "statusCode": error.code.as_str(),
        "message": error.message,
        "fields": error.fields.as_deref().unwrap_or_default(),
    })
}

fn item(error: &Error, call: &Call) -> Value {
    let mut item = Map::new();
    if let Some(found) = &error.duplicates {
        let state = call.org().snapshot();
        item.insert(duplicates::key(&state).to_owned(), duplicates::result(found, call, &state));
    }
    if error.routing || error.duplicates.is_some() {
        item.insert("errorCode".to_owned(), json!(error.code.as_str()));
        item.insert("message".to_owned(), json!(error.message));
    } else {
        item.insert("message".to_owned(), json!(error.message));
        item.insert("errorCode".to_owned(), json!(error.code.as_str()));
    }
    if let Some(fields) = &error.fields {
        item.insert("fields".to_owned(), json!(fields));
    }
    Value::Object(item)
}
