//! The Tooling API: the org's set-up as objects. Its schema is another than that of the data: components as rows, and of the org's own
//! objects those that belong to set-up. What runs code (anonymous Apex, tests, logs, completions) is refused by name.

pub mod component;
pub mod query;

use std::sync::Arc;

use http::StatusCode;
use mock_sfdc_metadata::Tooling;
use mock_sfdc_org::{
    error::Error,
    schema::{
        Object,
        describe::{self, Links},
    },
};
use serde_json::json;

use crate::{
    call::{Answer, Call},
    reply::Reply,
};

/// The org's set-up, for whoever may look at it.
fn tooling(call: &Call) -> Result<Tooling, Error> {
    let viewer = call.viewer()?;
    if !viewer.may("ViewSetup") && !viewer.may("CustomizeApplication") {
        return Err(Error::tooling_not_allowed());
    }
    Tooling::of(&call.org().snapshot()).map_err(|error| Error::unknown_exception(&error.to_string()))
}

/// Whether the caller may change set-up.
fn may_change(call: &Call) -> Result<(), Error> {
    let viewer = call.viewer()?;
    let may = viewer.may("CustomizeApplication") || viewer.may("ModifyMetadata");
    if may { Ok(()) } else { Err(Error::tooling_not_allowed()) }
}

/// The object that the path names.
fn named(call: &Call, tooling: &Tooling) -> Result<Arc<Object>, Error> {
    tooling.schema.object(call.param("object")).cloned().ok_or_else(Error::resource_not_found)
}

/// Its addresses stand one step deeper than those of the data.
fn version(call: &Call) -> String {
    format!("{}/tooling", call.version)
}

/// `GET /tooling/sobjects`
pub fn list(call: &Call) -> Answer {
    let version = version(call);
    let links = Links { version: &version, instance_url: &call.base };
    written(&describe::global(&tooling(call)?.schema, links))
}

/// `GET /tooling/sobjects/{object}`
pub fn basic(call: &Call) -> Answer {
    let object = named(call, &tooling(call)?)?;
    let version = version(call);
    let links = Links { version: &version, instance_url: &call.base };
    written(&json!({"objectDescribe": describe::basic(&object, links), "recentItems": []}))
}

/// `GET /tooling/sobjects/{object}/describe`
pub fn describe(call: &Call) -> Answer {
    let object = named(call, &tooling(call)?)?;
    let version = version(call);
    let links = Links { version: &version, instance_url: &call.base };
    written(&describe::object(&object, links))
}

fn written(value: &impl serde::Serialize) -> Answer {
    let text = serde_json::to_vec(value).map_err(|error| Error::unknown_exception(&error.to_string()))?;
    Ok(Reply::json(StatusCode::OK, text))
}
