//! The control API under `/_mock`: how a test in any language sets up, moves and asks an org. Not Salesforce's; its page is
//! `docs/CONTROL.md`.

pub mod apps;
pub mod bulk;
pub mod clock;
pub mod error;
pub mod faults;
pub mod history;
pub mod image;
pub mod journal;
pub mod locks;
pub mod orgs;
pub mod outbound;
pub mod saves;
pub mod settings;
pub mod streaming;
pub mod transactions;
pub mod users;

use std::sync::Arc;

use http::StatusCode;
use mock_sfdc_org::{
    error::{Error, ErrorCode, Result},
    nearest::nearest,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::{
    call::{Answer, Call},
    operation::{Access, Face, Operation},
    orgs::Tenant,
    reply::Reply,
};

/// `GET /_mock`: what there is, here and in all.
pub fn index(_: &Call) -> Answer {
    let rows = |control: bool| {
        Operation::all()
            .filter(|operation| (operation.face == Face::Control) == control)
            .map(|operation| {
                json!({
                    "name": operation.name,
                    "method": operation.verb.as_str(),
                    "path": operation.path,
                    "parameters": operation.params,
                    "token": operation.access == Access::ControlToken,
                    "emulated": !operation.is_refused(),
                })
            })
            .collect::<Vec<_>>()
    };
    ok(&json!({
        "about": "The control API of mock-sfdc. Send the control token as X-Mock-Token. docs/CONTROL.md explains it by example.",
        "control": rows(true),
        "operations": rows(false),
    }))
}

/// `GET /_mock/ca.pem`: what a client of TLS or of the proxy has to trust. No secret, and wanted before anything else.
pub fn ca(call: &Call) -> Answer {
    let pem = call.server.ca_pem();
    let pem =
        pem.ok_or_else(|| missing("this mock speaks no TLS: start it with --tls-port or --proxy-port"))?;
    Ok(Reply::typed(StatusCode::OK, "application/x-pem-file", pem))
}

/// A path or a method that the control API does not have.
pub fn nothing(call: &Call) -> Answer {
    let there = match call.allowed.replace(',', ", ") {
        none if none.is_empty() => none,
        some => format!(" (but {some})"),
    };
    Err(missing(format!("there is no {} {}{there}; GET /_mock lists all", call.method, call.uri.path())))
}

#[allow(clippy::unnecessary_wraps, reason = "the last word of a handler")]
fn ok(value: &Value) -> Answer {
    Ok(Reply::json(StatusCode::OK, value.to_string()))
}

#[allow(clippy::unnecessary_wraps, reason = "the last word of a handler")]
fn created(value: &Value) -> Answer {
    Ok(Reply::json(StatusCode::CREATED, value.to_string()))
}

#[allow(clippy::unnecessary_wraps, reason = "the last word of a handler")]
fn nothing_more() -> Answer {
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

/// What the request asks for is wrong.
fn wrong(problem: impl Into<String>) -> Error {
    Error::plain(ErrorCode::InvalidInput, problem)
}

/// What the request names is not there.
fn missing(problem: impl Into<String>) -> Error {
    Error::plain(ErrorCode::NotFound, problem)
}

/// The body as JSON; an empty one is an empty object.
fn read<T: DeserializeOwned>(call: &Call) -> Result<T> {
    let body: &[u8] = if call.body.trim_ascii().is_empty() { b"{}" } else { &call.body };
    serde_json::from_slice(body)
        .map_err(|error| wrong(format!("the body of {}: {error}", call.operation.name)))
}

/// The org of the path; `default` is the one that answers when nothing names another.
fn org(call: &Call) -> Result<Arc<Tenant>> {
    let name = call.param("org");
    if name == "default" {
        return Ok(call.server.orgs.default());
    }
    call.server.orgs.named(name).ok_or_else(|| {
        let known = call.server.orgs.all();
        let names = known.iter().map(|tenant| tenant.name.as_str()).collect::<Vec<_>>();
        let near = nearest(name, names.iter().copied());
        let hint =
            if near.is_empty() { String::new() } else { format!("; did you mean {}?", near.join(" or ")) };
        missing(format!("there is no org {name:?}; there are {}{hint}", names.join(", ")))
    })
}
