//! A client that asks for a precondition relies on it: a write guarded by `If-Match` must not go through unguarded. The
//! handlers of rows and describes keep them (`api/rest/conditions.rs`); everywhere else they are refused.
//! `If-None-Match` and `If-Modified-Since` only save a body, so a whole answer is right for them.

use http::HeaderName;
use mock_sfdc_org::error::Error;

use crate::{call::Call, header, operation::Face};

/// What can be guarded, and by what.
static KEPT: [(HeaderName, &str, &[&str]); 2] = [
    (
        header::IF_MATCH,
        "If-Match",
        &[
            "rest.sobject.get",
            "rest.sobject.update",
            "rest.sobject.delete",
            "rest.sobject.get_by_key",
            "rest.sobject.upsert",
        ],
    ),
    (
        header::IF_UNMODIFIED_SINCE,
        "If-Unmodified-Since",
        &[
            "rest.sobjects",
            "rest.sobject.basic",
            "rest.sobject.describe",
            "rest.sobject.get",
            "rest.sobject.get_by_key",
            "rest.sobject.update",
            "rest.sobject.upsert",
        ],
    ),
];

pub fn check(call: &Call) -> Result<(), Error> {
    let refused = KEPT.iter().find(|(header, _, operations)| {
        call.headers.contains_key(header) && !operations.contains(&call.operation.name)
    });
    match refused {
        Some((_, header, _)) if call.operation.face == Face::Rest => {
            Err(Error::not_emulated(format_args!("the header {header} of {}", call.operation.name)))
        }
        _ => Ok(()),
    }
}
