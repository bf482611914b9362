//! Lists of jobs, both of them: what is asked for decides what is in it, a thousand a page.

use base64::Engine as _;
use mock_sfdc_org::{
    bulk::{ConcurrencyMode, Job, JobType},
    error::Error,
};
use serde_json::{Value, json};

use super::job;
use crate::{
    call::{Answer, Call},
    reply::Reply,
};

const PAGE: usize = 1_000;

pub fn answer(call: &Call) -> Answer {
    let kind = word(call, "jobType", JobType::parse)?;
    let mode = word(call, "concurrencyMode", ConcurrencyMode::parse)?;
    let chunked = word(call, "isPkChunkingEnabled", |text| text.to_lowercase().parse::<bool>().ok())?;
    let from = match call.query("queryLocator") {
        None => 0,
        Some(text) => place(text).ok_or_else(Error::invalid_query_locator)?,
    };
    let wanted = |job: &&std::sync::Arc<Job>| {
        kind.is_none_or(|kind| job.spec.kind == kind)
            && mode.is_none_or(|mode| job.spec.concurrency == mode)
            && chunked.is_none_or(|chunked| job.spec.chunk_size.is_some() == chunked)
    };
    let state = call.org().snapshot();
    // The newest first: the order in which a real org lists them is not known.
    let all = state.bulk().all(call.org().clock().now()).rev().filter(wanted).collect::<Vec<_>>();
    let page = all.iter().skip(from).take(PAGE).map(|job| Value::Object(job::entry(job)));
    let records = page.collect::<Vec<_>>();
    let next = from + records.len();
    let more = next < all.len();
    let url = more.then(|| {
        let locator = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(next.to_string());
        format!("/services/data/{}/jobs/ingest?queryLocator={locator}", call.version)
    });
    let body = json!({"done": !more, "records": records, "nextRecordsUrl": url});
    Ok(Reply::json(http::StatusCode::OK, body.to_string()))
}

fn place(locator: &str) -> Option<usize> {
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(locator).ok()?;
    String::from_utf8(bytes).ok()?.parse().ok()
}

fn word<T>(call: &Call, name: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Error> {
    let Some(text) = call.query(name).filter(|text| !text.is_empty()) else { return Ok(None) };
    parse(text).map(Some).ok_or_else(|| Error::bad_job_value(name, Some(text)))
}
