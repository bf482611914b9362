//! Bulk API 1.0, `/services/async/NN.0/job…` (`contract/bulk.md` section 1): jobs, batches and results in XML, CSV and JSON.

pub mod batches;
mod info;
pub mod jobs;
mod pk_chunking;
pub mod results;

use std::sync::Arc;

use mock_sfdc_org::{
    bulk::{self, Batch, ContentType, Job, JobType},
    error::Error,
    id::Id,
};

use super::error::says_json;
use crate::call::Call;

pub(super) const NAMESPACE: &str = "http://www.force.com/2009/06/asyncapi/dataload";

/// The job that the path names.
fn named(call: &Call) -> Result<Arc<Job>, Error> {
    let text = call.param("job");
    let found =
        Id::parse(text).and_then(|id| bulk::find(&call.org().snapshot(), id, call.org().clock().now()));
    found.filter(|job| job.spec.kind == JobType::Classic).ok_or_else(|| Error::invalid_job_id(text))
}

/// The job and the batch that the path names.
fn batch(call: &Call) -> Result<(Arc<Job>, Arc<Batch>), Error> {
    let job = named(call)?;
    let text = call.param("batch");
    let batch = Id::parse(text).and_then(|id| job.batch(id).cloned());
    Ok((job, batch.ok_or_else(|| Error::invalid_batch_id(text))?))
}

/// Whether a request speaks JSON: by the job, when it is known, else by what it says of its body.
pub(super) fn speaks_json(call: &Call) -> bool {
    if let Ok(job) = named(call) {
        return job.spec.content == ContentType::Json;
    }
    says_json(call)
}
