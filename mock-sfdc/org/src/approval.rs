//! Approval processes. No org has any here, so whoever submits a record or answers a request learns that there is none.

use crate::{access::permissions::Viewer, error::Error, id::Id, state::State};

/// Why the record, or the request for somebody's approval, of this id goes no further.
#[must_use]
pub fn refusal(state: &State, viewer: &Viewer, text: &str) -> Error {
    let Some(id) = Id::parse(text) else { return Error::malformed_record_id(text) };
    let seen = state.find(id).is_some_and(|(object, record)| viewer.sees(state, object.index, record));
    if seen { Error::no_applicable_process() } else { Error::invalid_cross_reference() }
}
