//! Bulk API 2.0, `/services/data/vNN.0/jobs/…` (`contract/bulk.md` sections 2 and 3). No recording of it was found: its bytes are
//! the guide's.

mod body;
pub mod ingest;
mod job;
mod list;
pub mod pages;
pub mod query;
pub mod results;

use std::sync::Arc;

use mock_sfdc_org::{
    bulk::{self, Job, JobType},
    error::Error,
    id::Id,
};

use crate::call::Call;

/// The job that the path names; one of another kind is not there.
fn named(call: &Call, kinds: &[JobType]) -> Result<Arc<Job>, Error> {
    let id = Id::parse(call.param("job")).ok_or_else(Error::resource_not_found)?;
    let found = bulk::find(&call.org().snapshot(), id, call.org().clock().now());
    found.filter(|job| kinds.contains(&job.spec.kind)).ok_or_else(Error::resource_not_found)
}
