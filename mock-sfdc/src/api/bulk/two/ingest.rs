//! `/jobs/ingest`: jobs that write.

use std::sync::Arc;

use http::StatusCode;
use mock_sfdc_org::{
    bulk::{
        self, ColumnDelimiter, ConcurrencyMode, ContentType, Job, JobType, LineEnding, NewJob, Operation,
    },
    error::Error,
    id::Id,
};
use serde_json::{Map, Value, json};

use super::{body::Members, job, list, named};
use crate::{
    api::bulk::{content::csv::Csv, formats, is_utf8, settle},
    call::{Answer, Call, unkept},
    multipart,
    reply::Reply,
};

/// A multipart request holds no more of content.
const MOST_IN_MULTIPART: usize = 100_000;

/// `POST`: a job, or a job with all its data.
pub async fn create(call: &Call) -> Answer {
    let kind = call.header("content-type").unwrap_or("");
    if kind.trim_start().to_ascii_lowercase().starts_with("multipart/form-data") {
        return with_content(call, kind).await;
    }
    let new = new_job(call, Members::of(call)?)?;
    let id = call.org().transact_as(call.user()?, |tx| bulk::open(tx, new))?;
    let made = again(call, id)?;
    let mut out = job::short(&made);
    out.insert("contentUrl".to_owned(), json!(job::content_url(&made)));
    job::format(&made, &mut out);
    Ok(written(out))
}

async fn with_content(call: &Call, kind: &str) -> Answer {
    let parts = multipart::parts(kind, &call.body);
    let parts = parts.ok_or_else(|| Error::unreadable_job("the body is no multipart/form-data"))?;
    let part = |name: &str| {
        let found = parts.iter().find(|part| part.name == name).map(|part| part.body);
        found.ok_or_else(|| Error::unreadable_job(&format!("there is no part {name:?}")))
    };
    let new = new_job(call, Members::read(part("job")?)?)?;
    let content = part("content")?;
    if let Some(other) = parts.iter().find(|part| !["job", "content"].contains(&part.name.as_str())) {
        return Err(Error::unknown_job_member(&other.name));
    }
    if content.len() > MOST_IN_MULTIPART {
        return Err(Error::upload_too_large(MOST_IN_MULTIPART));
    }
    let spools = &call.server.spools;
    let sent = Arc::new(spools.holding(content).map_err(unkept)?);
    let csv = Csv::new(sent, new.delimiter.byte(), Some(new.line_ending));
    let id = call.org().transact_as(call.user()?, |tx| {
        let id = bulk::open(tx, new)?;
        bulk::add_records(tx, id, Arc::new(csv), Arc::new(spools.spool()))?;
        bulk::close(tx, id)?;
        Ok::<_, Error>(id)
    })?;
    let made = again(call, id)?;
    settle(call, id).await;
    let mut out = job::short(&made);
    job::format(&made, &mut out);
    Ok(written(out))
}

fn new_job(call: &Call, mut members: Members) -> Result<NewJob, Error> {
    let writes = |text: &str| Operation::parse(text).filter(|operation| !operation.is_query());
    let operation = members.word("operation", writes)?;
    let new = NewJob {
        kind: JobType::Ingest,
        operation: operation.ok_or_else(|| Error::bad_job_value("operation", None))?,
        object: members.required("object")?,
        external_id: members.text("externalIdFieldName")?,
        assignment_rule: members.text("assignmentRuleId")?,
        content: members.word("contentType", csv_only)?.unwrap_or(ContentType::Csv),
        concurrency: members.word("concurrencyMode", parallel_only)?.unwrap_or(ConcurrencyMode::Parallel),
        line_ending: members.word("lineEnding", LineEnding::parse)?.unwrap_or(LineEnding::Lf),
        delimiter: members.word("columnDelimiter", ColumnDelimiter::parse)?.unwrap_or(ColumnDelimiter::Comma),
        api_version: call.version.0,
        chunk_size: None,
        start_row: None,
        chunk_parent: None,
        retries: true,
        namespace: call.default_namespace().map(str::to_owned),
        origin: call.origin(),
    };
    members.done()?;
    Ok(new)
}

pub(super) fn csv_only(text: &str) -> Option<ContentType> {
    ContentType::parse(text).filter(|kind| *kind == ContentType::Csv)
}

pub(super) fn parallel_only(text: &str) -> Option<ConcurrencyMode> {
    ConcurrencyMode::parse(text).filter(|mode| *mode == ConcurrencyMode::Parallel)
}

pub(super) fn written(value: Map<String, Value>) -> Reply {
    Reply::json(StatusCode::OK, Value::Object(value).to_string())
}

/// A job as it is now.
pub(super) fn again(call: &Call, id: Id) -> Result<Arc<Job>, Error> {
    bulk::find(&call.org().snapshot(), id, call.org().clock().now()).ok_or_else(Error::resource_not_found)
}

/// `PUT {job}/batches`: the data, all of it.
pub fn upload(call: &Call) -> Answer {
    let found = named(call, &[JobType::Ingest])?;
    let kind = call.header("content-type").unwrap_or("");
    if !kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("text/csv"))
        || !is_utf8(kind)
    {
        return Err(Error::unsupported_media_type(kind));
    }
    let csv = formats::content(&found.spec, call.upload()?, &call.server.spools);
    let results = Arc::new(call.server.spools.spool());
    call.org().transact_as(call.user()?, |tx| bulk::add_records(tx, found.id, csv, results))?;
    Ok(Reply::empty(StatusCode::CREATED))
}

/// `PATCH {job}`: the upload is complete, or the job is to end.
pub async fn change(call: &Call) -> Answer {
    let found = named(call, &[JobType::Ingest])?;
    let mut members = Members::of(call)?;
    let state = members.required("state")?;
    members.done()?;
    let user = call.user()?;
    match state.as_str() {
        "UploadComplete" => call.org().transact_as(user, |tx| bulk::close(tx, found.id))?,
        "Aborted" => call.org().transact_as(user, |tx| bulk::abort(tx, found.id))?,
        other => return Err(Error::bad_job_value("state", Some(other))),
    }
    let changed = again(call, found.id)?;
    settle(call, found.id).await;
    Ok(written(job::short(&changed)))
}

/// `GET {job}`
pub fn get(call: &Call) -> Answer {
    let kinds = [JobType::Ingest, JobType::Classic];
    bulk::polled(&call.tenant.org, named(call, &kinds)?.id, None);
    Ok(written(job::whole(&*named(call, &kinds)?)))
}

/// `DELETE {job}`
pub fn delete(call: &Call) -> Answer {
    let found = named(call, &[JobType::Ingest, JobType::Classic])?;
    call.org().transact_as(call.user()?, |tx| bulk::delete(tx, found.id))?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

/// `GET`: all jobs, those of 1.0 too.
pub fn all(call: &Call) -> Answer {
    list::answer(call)
}
