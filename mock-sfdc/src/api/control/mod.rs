//! The control API under `/_mock`: how a test in any language sets up, moves and asks an org. Not Salesforce's.

pub mod error;

use http::StatusCode;
use serde_json::json;

use crate::{
    call::{Answer, Call},
    operation::{Face, OPERATIONS},
    reply::Reply,
};

/// `GET /_mock`: what there is.
pub fn index(_: &Call) -> Answer {
    let rows = OPERATIONS
        .iter()
        .filter(|operation| operation.face == Face::Control)
        .map(|operation| json!({ "operation": operation.name, "path": operation.path }))
        .collect::<Vec<_>>();
    Ok(Reply::json(StatusCode::OK, json!({ "control": rows }).to_string()))
}
