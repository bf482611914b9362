//! A job in JSON: the short form that every answer begins with, and what some add to it.

use mock_sfdc_org::{
    bulk::{BatchState, Job, JobState, JobType},
    save::AssignmentRuleChoice,
};
use serde_json::{Map, Value, json};

/// `id` to `apiVersion`.
#[must_use]
pub fn short(job: &Job) -> Map<String, Value> {
    let mut out = Map::new();
    let mut put = |name: &str, value: Value| drop(out.insert(name.to_owned(), value));
    put("id", json!(job.id.to_string()));
    put("operation", json!(job.spec.operation.as_str()));
    put("object", json!(job.spec.object));
    put("createdById", json!(job.created_by.to_string()));
    put("createdDate", json!(job.created_at.whole_seconds().to_rest()));
    put("systemModstamp", json!(job.modified_at.whole_seconds().to_rest()));
    put("state", json!(job.state().as_str()));
    if let Some(name) = &job.spec.external_id {
        put("externalIdFieldName", json!(name));
    }
    put("concurrencyMode", json!(job.spec.concurrency.as_str()));
    put("contentType", json!(job.spec.content.as_str()));
    put("apiVersion", json!(f64::from(job.spec.api_version)));
    if let AssignmentRuleChoice::Rule(id) = job.spec.assignment {
        put("assignmentRuleId", json!(id.to_string()));
    }
    out
}

/// Where the upload goes: without a slash before it, as the guide prints it.
#[must_use]
pub fn content_url(job: &Job) -> String {
    format!("services/data/v{}.0/jobs/ingest/{}/batches", job.spec.api_version, job.id)
}

/// How lines and columns end.
pub fn format(job: &Job, out: &mut Map<String, Value>) {
    out.insert("lineEnding".to_owned(), json!(job.spec.line_ending.as_str()));
    out.insert("columnDelimiter".to_owned(), json!(job.spec.delimiter.as_str()));
}

/// An entry of a list.
#[must_use]
pub fn entry(job: &Job) -> Map<String, Value> {
    let mut out = short(job);
    out.insert("jobType".to_owned(), json!(job.spec.kind.as_str()));
    if job.spec.kind != JobType::Classic {
        format(job, &mut out);
    }
    out
}

/// All that there is to know.
#[must_use]
pub fn whole(job: &Job) -> Map<String, Value> {
    let mut out = short(job);
    let mut put = |name: &str, value: Value| drop(out.insert(name.to_owned(), value));
    put("jobType", json!(job.spec.kind.as_str()));
    let open = job.state() == JobState::Open;
    if open && job.spec.kind == JobType::Ingest {
        put("contentUrl", json!(content_url(job)));
    }
    if job.spec.kind != JobType::Classic {
        format(job, &mut out);
    }
    let mut put = |name: &str, value: Value| drop(out.insert(name.to_owned(), value));
    if !open {
        put("numberRecordsProcessed", json!(job.processed()));
        if job.spec.kind != JobType::Query {
            put("numberRecordsFailed", json!(job.failed()));
        }
    }
    put("retries", json!(job.retries()));
    put("totalProcessingTime", json!(job.took()));
    if job.spec.kind == JobType::Query {
        put("isPkChunkingSupported", json!(true));
    } else {
        put("apiActiveProcessingTime", json!(job.took()));
        put("apexProcessingTime", json!(0));
    }
    let failed = job.batches.iter().find(|batch| batch.state == BatchState::Failed);
    if let Some(message) = failed.and_then(|batch| batch.message.as_deref()) {
        put("errorMessage", json!(message));
    }
    out
}
