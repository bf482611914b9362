//! What a query found, a page at a time: one after the other by `Sforce-Locator`, or five side by side by `resultPages`. A locator is
//! the number of the page's first row in base64.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use http::{HeaderName, StatusCode};
use mock_sfdc_org::{
    bulk::{Found, Job, JobState, JobType},
    error::Error,
};
use serde_json::json;

use super::named;
use crate::{
    api::bulk::table,
    call::{Answer, Call, unkept},
    reply::Reply,
};

const PAGES_AT_ONCE: usize = 5;

/// `GET {job}/results`
pub fn results(call: &Call) -> Answer {
    let (job, found) = complete(call)?;
    let from = place(call)?;
    let most = match call.query("maxRecords") {
        None => call.org().snapshot().bulk().page,
        Some(text) => text
            .parse()
            .ok()
            .filter(|most| *most > 0)
            .ok_or_else(|| Error::bad_job_value("maxRecords", Some(text)))?,
    };
    if from > 0 && from >= found.len() {
        return Err(Error::invalid_query_locator());
    }
    let to = from.saturating_add(most).min(found.len());
    let next = if to < found.len() { locator(to) } else { "null".to_owned() };
    let steps = table::of_rows(&found, from..to, job.spec.delimiter, job.spec.line_ending);
    Ok(Reply::long(StatusCode::OK, "text/csv; charset=UTF-8", steps)
        .map_err(unkept)?
        .with(HeaderName::from_static("sforce-numberofrecords"), &(to - from).to_string())
        .with(HeaderName::from_static("sforce-locator"), &next))
}

/// `GET {job}/resultPages`: addresses of pages that can be fetched side by side.
pub fn list(call: &Call) -> Answer {
    let (job, found) = complete(call)?;
    let page = call.org().snapshot().bulk().page;
    let first = place(call)?;
    let starts = (first..found.len().max(1)).step_by(page);
    let base = format!("/services/data/{}/jobs/query/{}", call.version, job.id);
    let address = |from: usize| {
        let locator = if from == 0 { String::new() } else { format!("?locator={}", locator(from)) };
        json!({"resultUrl": format!("{base}/results{locator}")})
    };
    let pages = starts.clone().take(PAGES_AT_ONCE).map(address).collect::<Vec<_>>();
    let more = starts.clone().nth(PAGES_AT_ONCE);
    let next = more.map(|from| format!("{base}/resultpages?locator={}", locator(from)));
    let body = json!({"resultPages": pages, "nextRecordsUrl": next, "done": more.is_none()});
    Ok(Reply::json(StatusCode::OK, body.to_string()))
}

fn locator(from: usize) -> String {
    STANDARD_NO_PAD.encode(from.to_string())
}

fn place(call: &Call) -> Result<usize, Error> {
    let Some(text) = call.query("locator").filter(|text| !text.is_empty()) else { return Ok(0) };
    let decoded = STANDARD_NO_PAD.decode(text.trim_end_matches('=')).ok();
    let number = decoded.and_then(|bytes| String::from_utf8(bytes).ok()?.parse().ok());
    number.ok_or_else(Error::invalid_query_locator)
}

/// The job of the path and what it found, once it is complete; asked for in the version that it was made in.
fn complete(call: &Call) -> Result<(Arc<Job>, Arc<Found>), Error> {
    let job = named(call, &[JobType::Query])?;
    if job.spec.api_version != call.version.0 {
        return Err(Error::bulk_version_differs(job.spec.api_version));
    }
    let found = job.batches.front().and_then(|batch| batch.found()).cloned();
    match found {
        Some(found) if job.state() == JobState::JobComplete => Ok((job, found)),
        _ => Err(Error::job_is_not_complete(job.state().as_str())),
    }
}
