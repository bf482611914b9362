//! What a job and a batch tell of themselves: in XML in the schema's order, in JSON in the alphabet's.

use std::fmt::Write as _;

use http::StatusCode;
use mock_sfdc_org::{
    bulk::{Batch, BatchState, ContentType, Job},
    save::AssignmentRuleChoice,
    value::DateTime,
};
use serde_json::{Map, Value, json};

use super::NAMESPACE;
use crate::{reply::Reply, xml_text::escape};

#[derive(Debug, Clone)]
enum Said {
    Text(String),
    Moment(DateTime),
    Number(i64),
    /// `66.0`
    Version(u16),
    /// Said in JSON only.
    Nothing,
}

type Members = Vec<(&'static str, Said)>;

fn number(count: usize) -> Said {
    Said::Number(i64::try_from(count).unwrap_or(i64::MAX))
}

fn text(text: impl Into<String>) -> Said {
    Said::Text(text.into())
}

fn of_job(job: &Job) -> Members {
    let mut out = vec![
        ("id", text(job.id.to_string())),
        ("operation", text(job.spec.operation.as_str())),
        ("object", text(&*job.spec.object)),
        ("createdById", text(job.created_by.to_string())),
        ("createdDate", Said::Moment(job.created_at)),
        ("systemModstamp", Said::Moment(job.modified_at)),
        ("state", text(job.state().as_str())),
    ];
    if let Some(name) = &job.spec.external_id {
        out.push(("externalIdFieldName", text(&**name)));
    }
    out.push(("concurrencyMode", text(job.spec.concurrency.as_str())));
    out.push(("contentType", text(job.spec.content.as_str())));
    if let AssignmentRuleChoice::Rule(id) = job.spec.assignment {
        out.push(("assignmentRuleId", text(id.to_string())));
    }
    out.extend([
        ("numberBatchesQueued", number(job.count(BatchState::Queued))),
        ("numberBatchesInProgress", number(job.count(BatchState::InProgress))),
        ("numberBatchesCompleted", number(job.count(BatchState::Completed))),
        ("numberBatchesFailed", number(job.count(BatchState::Failed))),
        ("numberBatchesTotal", number(job.batches.len())),
        ("numberRecordsProcessed", number(job.processed())),
        ("numberRetries", Said::Number(job.retries().into())),
        ("apiVersion", Said::Version(job.spec.api_version)),
        ("numberRecordsFailed", number(job.failed())),
        ("totalProcessingTime", Said::Number(job.took())),
        ("apiActiveProcessingTime", Said::Number(job.took())),
        ("apexProcessingTime", Said::Number(0)),
    ]);
    out
}

fn of_batch(job: &Job, batch: &Batch) -> Members {
    let mut out = vec![
        ("id", text(batch.id.to_string())),
        ("jobId", text(job.id.to_string())),
        ("state", text(batch.state.as_str())),
    ];
    out.push(("stateMessage", batch.message.as_ref().map_or(Said::Nothing, |message| text(&**message))));
    out.extend([
        ("createdDate", Said::Moment(batch.created_at)),
        ("systemModstamp", Said::Moment(batch.modified_at)),
        ("numberRecordsProcessed", number(batch.processed)),
        ("numberRecordsFailed", number(batch.failed)),
        ("totalProcessingTime", Said::Number(batch.took)),
        ("apiActiveProcessingTime", Said::Number(batch.took)),
        ("apexProcessingTime", Said::Number(0)),
    ]);
    out
}

fn xml(members: &Members, indent: &str) -> String {
    let mut out = String::new();
    for (name, said) in members {
        let value = match said {
            Said::Text(text) => escape(text.as_str()).into_owned(),
            Said::Moment(at) => at.whole_seconds().to_zulu(),
            Said::Number(number) => number.to_string(),
            Said::Version(version) => format!("{version}.0"),
            Said::Nothing => continue,
        };
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{indent}<{name}>{value}</{name}>");
    }
    out
}

fn in_json(members: Members) -> Value {
    let mut members = members;
    members.sort_by_key(|(name, _)| *name);
    let value = |said| match said {
        Said::Text(text) => json!(text),
        Said::Moment(at) => json!(at.whole_seconds().to_rest()),
        Said::Number(number) => json!(number),
        Said::Version(version) => json!(f64::from(version)),
        Said::Nothing => Value::Null,
    };
    Value::Object(
        members.into_iter().map(|(name, said)| (name.to_owned(), value(said))).collect::<Map<_, _>>(),
    )
}

/// The declaration and the root, as Salesforce breaks their lines.
fn root(name: &str) -> String {
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><{name}\n   xmlns=\"{NAMESPACE}\"")
}

fn answer(json: bool, status: StatusCode, name: &str, members: Members) -> Reply {
    if json {
        Reply::typed(status, "application/json", in_json(members).to_string())
    } else {
        let body = format!("{}>\n{}</{name}>", root(name), xml(&members, " "));
        Reply::typed(status, "application/xml", body)
    }
}

/// A new job, in the format of the request: it may well be made in XML to hold JSON.
#[must_use]
pub fn new_job(job: &Job, json: bool) -> Reply {
    answer(json, StatusCode::CREATED, "jobInfo", of_job(job))
}

#[must_use]
pub fn job(job: &Job) -> Reply {
    answer(job.spec.content == ContentType::Json, StatusCode::OK, "jobInfo", of_job(job))
}

#[must_use]
pub fn batch(job: &Job, batch: &Batch, status: StatusCode) -> Reply {
    answer(job.spec.content == ContentType::Json, status, "batchInfo", of_batch(job, batch))
}

/// All batches of a job.
#[must_use]
pub fn batches(job: &Job) -> Reply {
    let all = job.batches.iter().map(|batch| of_batch(job, batch));
    if job.spec.content == ContentType::Json {
        let body = json!({"batchInfo": all.map(in_json).collect::<Vec<_>>()});
        return Reply::typed(StatusCode::OK, "application/json", body.to_string());
    }
    let mut batches = String::new();
    for members in all {
        // Writing to a String cannot fail.
        let _ = write!(batches, " <batchInfo>\n{} </batchInfo>\n", xml(&members, "  "));
    }
    let head = root("batchInfoList");
    let body =
        if batches.is_empty() { format!("{head} />") } else { format!("{head}>\n{batches}</batchInfoList>") };
    Reply::typed(StatusCode::OK, "application/xml", body)
}
