//! The REST face (`contract/rest.md`).

pub mod actions;
pub mod appearance;
mod blob;
mod body;
mod columns;
pub mod composite;
mod conditions;
pub mod deploy_request;
mod duplicates;
pub mod error;
pub mod event_schema;
mod explain;
pub mod external_id;
mod idempotency;
pub mod json;
pub mod layout;
pub mod limits;
mod limits_listed;
pub mod list_views;
mod options;
pub mod password;
pub mod pretty;
pub mod process;
pub mod query;
pub mod quick_actions;
pub mod recent;
pub(in crate::api) mod record;
pub mod relationship;
pub mod replication;
pub mod row;
pub mod search;
mod shape;
pub mod sobject;
pub mod streaming_channel;
pub mod suggestions;
pub mod tooling;
pub mod ui;
pub mod versions;
pub mod xml;

use mock_sfdc_org::error::Error;

use crate::{
    api::bulk,
    call::{Answer, Call},
};

/// What REST keeps per org between requests.
#[derive(Debug, Default)]
pub struct Live {
    pub(crate) cursors: query::Cursors,
    described: conditions::Described,
    answered: idempotency::Answered,
}

pub fn no_resource(_: &Call) -> Answer {
    Err(Error::resource_not_found())
}

pub fn no_method(call: &Call) -> Answer {
    let error = Error::method_not_allowed(call.method.as_str(), &call.allowed);
    if call.uri.path().starts_with("/services/async/") {
        return Ok(bulk::error::render(&error, call));
    }
    Err(error)
}

pub use crate::api::not_emulated as not_yet;
