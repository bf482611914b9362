//! The faces: each translates wire to verb and result to wire, and decides nothing. One file a resource, one renderer of
//! errors a face.

pub mod bulk;
pub mod control;
pub mod deployments;
pub(crate) mod event_schema;
pub mod oauth;
pub mod pubsub;
pub mod rest;
pub mod soap;
pub mod streaming;

use mock_sfdc_org::error::Error;

use crate::{
    call::{Answer, Call},
    operation::Face,
    reply::Reply,
};

impl Face {
    /// An error in this face's dialect.
    #[must_use]
    pub fn render(self, error: &Error, call: &Call) -> Reply {
        match self {
            Self::OAuth => oauth::error::render(error),
            Self::Bulk => bulk::error::render(error, call),
            Self::Soap => soap::fault::render(error, call),
            Self::Rest | Self::PubSub => rest::error::render(error, call),
            Self::Streaming => streaming::error::render(error, call),
            Self::Control => control::error::render(error),
        }
    }
}

/// Salesforce has it, this mock does not: refused by name.
pub fn not_emulated(call: &Call) -> Answer {
    Err(Error::not_emulated(format_args!("{} ({} {})", call.operation.name, call.method, call.uri.path())))
}
