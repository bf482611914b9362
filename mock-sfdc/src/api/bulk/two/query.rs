//! `/jobs/query`: jobs that read.

use http::StatusCode;
use mock_sfdc_org::{
    bulk::{self, ColumnDelimiter, ConcurrencyMode, ContentType, JobType, LineEnding, NewJob, Operation},
    error::Error,
};

use super::{
    body::Members,
    ingest::{again, csv_only, written},
    job, named,
};
use crate::{
    api::bulk::settle,
    call::{Answer, Call},
    reply::Reply,
};

/// `POST`
pub async fn create(call: &Call) -> Answer {
    let mut members = Members::of(call)?;
    let reads = |text: &str| Operation::parse(text).filter(|operation| operation.is_query());
    let operation = members.word("operation", reads)?;
    let operation = operation.ok_or_else(|| Error::bad_job_value("operation", None))?;
    let soql = members.required("query")?;
    let content = members.word("contentType", csv_only)?.unwrap_or(ContentType::Csv);
    let delimiter = members.word("columnDelimiter", ColumnDelimiter::parse)?;
    let line_ending = members.word("lineEnding", LineEnding::parse)?;
    members.done()?;
    let (_, prepared) = bulk::prepare(&soql, &*call.viewer()?, call.version.0, false)?;
    let new = NewJob {
        kind: JobType::Query,
        operation,
        object: prepared.object().name.as_str().to_owned(),
        external_id: None,
        assignment_rule: None,
        content,
        concurrency: ConcurrencyMode::Parallel,
        line_ending: line_ending.unwrap_or(LineEnding::Lf),
        delimiter: delimiter.unwrap_or(ColumnDelimiter::Comma),
        api_version: call.version.0,
        chunk_size: None,
        start_row: None,
        chunk_parent: None,
        retries: true,
        namespace: call.default_namespace().map(str::to_owned),
        origin: call.origin(),
    };
    let id = call.org().transact_as(call.user()?, |tx| {
        let id = bulk::open(tx, new)?;
        bulk::add_query(tx, id, &soql)?;
        bulk::close(tx, id)?;
        Ok::<_, Error>(id)
    })?;
    let made = again(call, id)?;
    settle(call, id).await;
    let mut out = job::short(&made);
    job::format(&made, &mut out);
    Ok(written(out))
}

/// `GET {job}`
pub fn get(call: &Call) -> Answer {
    bulk::polled(&call.tenant.org, named(call, &[JobType::Query])?.id, None);
    Ok(written(job::whole(&*named(call, &[JobType::Query])?)))
}

/// `PATCH {job}`: all that can be said is that it is to end.
pub fn change(call: &Call) -> Answer {
    let found = named(call, &[JobType::Query])?;
    let mut members = Members::of(call)?;
    let state = members.required("state")?;
    members.done()?;
    if state != "Aborted" {
        return Err(Error::bad_job_value("state", Some(&state)));
    }
    call.org().transact_as(call.user()?, |tx| bulk::abort(tx, found.id))?;
    Ok(written(job::short(&*again(call, found.id)?)))
}

/// `DELETE {job}`
pub fn delete(call: &Call) -> Answer {
    let found = named(call, &[JobType::Query])?;
    call.org().transact_as(call.user()?, |tx| bulk::delete(tx, found.id))?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}
