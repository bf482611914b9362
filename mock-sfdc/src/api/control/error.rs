//! Errors of the control API: plain objects that say what is wrong and what is known.

use http::StatusCode;
use mock_sfdc_org::error::Error;
use serde_json::json;

use crate::reply::Reply;

#[must_use]
pub fn render(error: &Error) -> Reply {
    let status = StatusCode::from_u16(error.code.http_status()).unwrap_or(StatusCode::BAD_REQUEST);
    Reply::json(status, json!({ "error": error.message }).to_string())
}
