//! `/job/{id}/batch`: what a job is given, and how far it is.

use std::sync::Arc;

use bytes::Bytes;
use http::StatusCode;
use mock_sfdc_org::{
    bulk::{self, Content, ContentType, Job, Work},
    error::Error,
};

use super::{batch, info, named};
use crate::{
    api::bulk::{
        content::{csv::Csv, json::Json, xml::Xml},
        settle,
    },
    call::{Answer, Call},
    reply::Reply,
};

/// Characters of a batch.
const MOST_CHARACTERS: usize = 10_000_000;

/// `POST`: records, or a query.
pub async fn create(call: &Call) -> Answer {
    let job = named(call)?;
    check_kind(call, &job)?;
    if call.body.trim_ascii().is_empty() {
        return Err(Error::client_input("The request has no content"));
    }
    let Ok(text) = std::str::from_utf8(&call.body) else {
        return Err(Error::client_input("The content is not encoded in UTF-8"));
    };
    if call.body.len() > MOST_CHARACTERS && text.chars().count() > MOST_CHARACTERS {
        return Err(Error::upload_too_large(MOST_CHARACTERS));
    }
    let user = call.user()?;
    let id = if job.spec.operation.is_query() {
        call.org().transact_as(user, |tx| bulk::add_query(tx, job.id, text.trim()))?
    } else {
        let content = read(job.spec.content, Bytes::clone(&call.body));
        call.org().transact_as(user, |tx| bulk::add_records(tx, job.id, content))?
    };
    let with_batch = named(call)?;
    let added = with_batch.batch(id).cloned().ok_or_else(|| Error::invalid_batch_id(&id.to_string()))?;
    settle(call, job.id).await;
    Ok(info::batch(&job, &added, StatusCode::CREATED))
}

fn read(kind: ContentType, bytes: Bytes) -> Arc<dyn Content> {
    match kind {
        ContentType::Json => Arc::new(Json::new(bytes)),
        ContentType::Xml => Arc::new(Xml::new(bytes)),
        _ => Arc::new(Csv::new(bytes, b',', None)),
    }
}

fn content_type(kind: ContentType) -> &'static str {
    match kind {
        ContentType::Json => "application/json",
        ContentType::Xml => "application/xml",
        _ => "text/csv",
    }
}

/// The request's content type must be that of the job.
fn check_kind(call: &Call, job: &Job) -> Result<(), Error> {
    let said = call.header("content-type").unwrap_or("");
    let kind = said.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    if kind.starts_with("zip/") || kind == "application/zip" {
        return Err(Error::not_emulated(format_args!("batches with binary attachments ({kind})")));
    }
    let fits = kind == content_type(job.spec.content)
        || (job.spec.content == ContentType::Xml && kind == "text/xml");
    if fits { Ok(()) } else { Err(Error::unsupported_content_type(said)) }
}

/// `GET`: all batches of the job.
pub fn list(call: &Call) -> Answer {
    bulk::polled(&call.tenant.org, named(call)?.id, None);
    Ok(info::batches(&*named(call)?))
}

/// `GET {batch}`
pub fn get(call: &Call) -> Answer {
    let (job, asked) = batch(call)?;
    bulk::polled(&call.tenant.org, job.id, Some(asked.id));
    let (job, now) = batch(call)?;
    Ok(info::batch(&job, &now, StatusCode::OK))
}

/// `GET {batch}/request`: what was sent.
pub fn request(call: &Call) -> Answer {
    let (job, asked) = batch(call)?;
    let body = match &asked.work {
        Work::Records { content, .. } => Bytes::copy_from_slice(content.bytes()),
        Work::Query { soql, .. } => Bytes::copy_from_slice(soql.as_bytes()),
    };
    Ok(Reply::typed(StatusCode::OK, content_type(job.spec.content), body))
}
