//! `/composite` and what lies below it: several requests, or several records, in one call (`contract/rest.md` section 3).
//! [`request`], [`batch`] and [`graph`] send subrequests through the operation table; [`collections`], [`retrieve`] and [`tree`]
//! work on records themselves.

pub mod batch;
pub mod collections;
pub mod graph;
mod part;
mod records;
mod references;
pub mod request;
mod results;
pub mod retrieve;
mod series;
pub mod tree;

use http::StatusCode;
use mock_sfdc_org::error::Error;
use serde_json::{Map, Value, json};

use crate::{
    call::{Answer, ApiVersion, Call},
    reply::Reply,
};

/// The first versions of the resources.
const TREE: ApiVersion = ApiVersion(34);
const BATCH: ApiVersion = ApiVersion(34);
const REQUEST: ApiVersion = ApiVersion(38);
const COLLECTIONS: ApiVersion = ApiVersion(42);
const COLLECTIONS_UPSERT: ApiVersion = ApiVersion(46);
const GRAPH: ApiVersion = ApiVersion(50);

/// A resource that a version does not have is no resource.
fn since(call: &Call, version: ApiVersion) -> Result<(), Error> {
    if call.version >= version { Ok(()) } else { Err(Error::resource_not_found()) }
}

/// `GET /composite`: what there is.
pub fn list(call: &Call) -> Answer {
    since(call, TREE)?;
    let resources =
        [("tree", TREE), ("batch", BATCH), ("sobjects", COLLECTIONS), ("graph", GRAPH)].into_iter();
    let body: Map<String, Value> = resources
        .filter(|(_, since)| call.version >= *since)
        .map(|(name, _)| {
            (name.to_owned(), json!(format!("/services/data/{}/composite/{name}", call.version)))
        })
        .collect();
    Ok(Reply::json(StatusCode::OK, Value::Object(body).to_string()))
}
