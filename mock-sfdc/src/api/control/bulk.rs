//! `/_mock/orgs/{org}/bulk`: how fast jobs of the Bulk APIs go, what a day allows, and moving them by hand.

use mock_sfdc_org::{
    bulk::{self, Job, Progress},
    id::Id,
    seed,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{missing, ok, org, read, wrong};
use crate::{
    call::{Answer, Call},
    orgs::Tenant,
};

/// What is not named stays.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Changes {
    progress: Option<Progress>,
    daily_batches: Option<usize>,
    daily_queries: Option<usize>,
    query_page: Option<usize>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    /// How many records of each batch; without it queued batches get under way, and others are done.
    records: Option<usize>,
}

fn shown(tenant: &Tenant) -> Answer {
    let state = tenant.org.snapshot();
    let (jobs, now) = (state.bulk(), tenant.org.clock().now());
    ok(&json!({
        "progress": jobs.progress(),
        "dailyBatches": jobs.limits.batches,
        "dailyBatchesUsed": jobs.batches_used(now),
        "dailyQueries": jobs.limits.queries,
        "dailyQueriesUsed": jobs.queries_used(now),
        "queryPage": jobs.page,
        "jobs": jobs.all(now).map(|job| of_job(job)).collect::<Vec<_>>(),
    }))
}

fn of_job(job: &Job) -> Value {
    let batches = job.batches.iter().map(|batch| {
        json!({
            "id": batch.id,
            "state": batch.state.as_str(),
            "message": batch.message,
            "processed": batch.processed,
            "failed": batch.failed,
        })
    });
    json!({
        "id": job.id,
        "jobType": job.spec.kind.as_str(),
        "operation": job.spec.operation.as_str(),
        "object": job.spec.object,
        "state": job.state().as_str(),
        "batches": batches.collect::<Vec<_>>(),
    })
}

pub fn get(call: &Call) -> Answer {
    shown(&*org(call)?)
}

pub fn change(call: &Call) -> Answer {
    let (tenant, changes): (_, Changes) = (org(call)?, read(call)?);
    if changes.query_page == Some(0) {
        return Err(wrong("queryPage is at least 1"));
    }
    let administrator = seed::administrator(tenant.org.snapshot().settings());
    tenant.in_transaction(administrator, |tx| {
        let jobs = tx.bulk_mut();
        jobs.set_progress(changes.progress.unwrap_or(jobs.progress()));
        jobs.limits.batches = changes.daily_batches.unwrap_or(jobs.limits.batches);
        jobs.limits.queries = changes.daily_queries.unwrap_or(jobs.limits.queries);
        jobs.page = changes.query_page.unwrap_or(jobs.page);
    });
    shown(&tenant)
}

/// Moves a job one step on, whatever its pace.
pub fn advance(call: &Call) -> Answer {
    let (tenant, step): (_, Step) = (org(call)?, read(call)?);
    let text = call.param("job");
    let id = Id::parse(text).ok_or_else(|| missing(format!("{text:?} is no job")))?;
    let find = || bulk::find(&tenant.org.snapshot(), id, tenant.org.clock().now());
    if find().is_none() {
        return Err(missing(format!("there is no job {text}")));
    }
    bulk::advance(&tenant.org, id, step.records);
    let job = find().ok_or_else(|| missing(format!("there is no job {text}")))?;
    ok(&of_job(&job))
}
