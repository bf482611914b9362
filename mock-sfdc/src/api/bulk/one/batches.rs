//! `/job/{id}/batch`: what a job is given, and how far it is.

use std::sync::Arc;

use http::StatusCode;
use mock_sfdc_org::{
    bulk::{self, ContentType, Job, Work},
    error::Error,
};

use super::{batch, info, named};
use crate::{
    api::bulk::{
        content::{limits, window},
        formats, is_utf8, settle,
    },
    call::{Answer, Call, unkept},
    reply::Reply,
    spool,
};

/// Characters of a batch.
pub const MOST_CHARACTERS: usize = 10_000_000;

/// `POST`: records, or a query.
pub async fn create(call: &Call) -> Answer {
    let job = named(call)?;
    check_kind(call, &job)?;
    let sent = call.upload()?;
    if window::is_blank(&*sent).map_err(unkept)? {
        return Err(Error::client_input("The request has no content"));
    }
    if limits::has_more(&*sent, MOST_CHARACTERS).map_err(unkept)? {
        return Err(Error::batch_too_large(MOST_CHARACTERS));
    }
    let user = call.user()?;
    let id = if job.spec.operation.is_query() {
        let Ok(text) = String::from_utf8(sent.head(usize::MAX).map_err(unkept)?) else {
            return Err(Error::client_input("The content is not encoded in UTF-8"));
        };
        call.org().transact_as(user, |tx| bulk::add_query(tx, job.id, text.trim()))?
    } else {
        let spools = &call.server.spools;
        let content = formats::content(&job.spec, sent, spools);
        let results = Arc::new(spools.spool());
        call.org().transact_as(user, |tx| bulk::add_records(tx, job.id, content, results))?
    };
    let with_batch = named(call)?;
    let added = with_batch.batch(id).cloned().ok_or_else(|| Error::invalid_batch_id(&id.to_string()))?;
    settle(call, job.id).await;
    Ok(info::batch(&job, &added, StatusCode::CREATED))
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
    if fits && is_utf8(said) { Ok(()) } else { Err(Error::unsupported_content_type(said)) }
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
    let kind = content_type(job.spec.content);
    match &asked.work {
        Work::Records { content, .. } => {
            let sent = spool::pieces(Arc::clone(content.sent()), 0);
            Reply::long(StatusCode::OK, kind, sent).map_err(unkept)
        }
        Work::Query { soql, .. } => Ok(Reply::typed(StatusCode::OK, kind, soql.to_string())),
    }
}
