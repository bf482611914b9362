//! `/job/{id}/batch/{id}/result`: what became of each record of a batch, or what its query found.

use std::{fmt::Write as _, io, iter::once};

use http::StatusCode;
use mock_sfdc_org::{
    bulk::{Batch, BatchState, ColumnDelimiter, ContentType, Job, Outcome, Outcomes},
    error::Error,
    id::Id,
};
use serde_json::{Value, json};

use super::{NAMESPACE, batch, jobs};
use crate::{
    api::bulk::{
        records,
        table::{self, Table},
    },
    call::{Answer, Call, unkept},
    reply::Reply,
    xml_text::escape,
};

/// Since then results name the record that an update could not change.
const IDS_OF_FAILURES_SINCE: u16 = 57;
/// What a client finds in place of a table.
const NO_RECORDS: &str = "Records not found for this query";

/// `GET result`
pub fn list(call: &Call) -> Answer {
    let (job, asked) = batch(call)?;
    completed(&asked)?;
    if job.spec.operation.is_query() { Ok(ids(&job, &asked)) } else { outcomes(call, &job, &asked) }
}

fn completed(asked: &Batch) -> Result<(), Error> {
    match asked.state {
        BatchState::Completed => Ok(()),
        BatchState::Failed | BatchState::NotProcessed => Err(Error::records_not_processed()),
        BatchState::Queued | BatchState::InProgress => Err(Error::batch_not_completed()),
    }
}

/// The one result of a query's batch, by the number of the batch; results have fifteen characters.
fn result_id(asked: &Batch) -> Id {
    let [_, _, _, a, b, ..] = *asked.id.bytes();
    Id::from_number(*b"752", [a, b], asked.id.number())
}

fn ids(job: &Job, asked: &Batch) -> Reply {
    let id = result_id(asked);
    if job.spec.content == ContentType::Json {
        return Reply::typed(StatusCode::OK, "application/json", json!([id.short()]).to_string());
    }
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><result-list xmlns=\"{NAMESPACE}\"><result>{}</result></result-list>",
        id.short()
    );
    Reply::typed(StatusCode::OK, "application/xml", body)
}

type Step = io::Result<Vec<u8>>;

fn outcomes(call: &Call, job: &Job, asked: &Batch) -> Answer {
    let Some(all) = asked.outcomes() else { return Err(Error::records_not_processed()) };
    let shows_failed = job.spec.api_version >= IDS_OF_FAILURES_SINCE;
    let ok = StatusCode::OK;
    let reply = match job.spec.content {
        ContentType::Json => {
            let steps = in_steps(all, move |out, number, outcome| {
                if number > 0 {
                    out.push(b',');
                }
                out.extend_from_slice(json(outcome, shows_failed).to_string().as_bytes());
            });
            let whole = once(Ok(b"[".to_vec())).chain(steps).chain(once(Ok(b"]".to_vec())));
            Reply::long(ok, "application/json", whole)
        }
        ContentType::Xml => {
            let head =
                format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><results\n   xmlns=\"{NAMESPACE}\">\n");
            let steps = in_steps(all, move |out, _, outcome| {
                out.extend_from_slice(xml(outcome, shows_failed).as_bytes());
            });
            let whole = once(Ok(head.into_bytes())).chain(steps).chain(once(Ok(b"</results>".to_vec())));
            Reply::long(ok, "application/xml", whole)
        }
        _ => {
            let ending = jobs::line_ending(call)?.unwrap_or(job.spec.line_ending);
            let mut table = Table::new(ColumnDelimiter::Comma, ending);
            table.texts(["Id", "Success", "Created", "Error"]);
            table.end_line();
            let head = table.take();
            let steps = in_steps(all, move |out, _, outcome| {
                line(&mut table, outcome, shows_failed);
                out.append(&mut table.take());
            });
            Reply::long(ok, "text/csv", once(Ok(head)).chain(steps))
        }
    };
    reply.map_err(unkept)
}

/// Writes a chunk of outcomes at a time; each is told its number.
fn in_steps<W: FnMut(&mut Vec<u8>, usize, &Outcome) + Send>(
    all: &Outcomes,
    mut write: W,
) -> impl Iterator<Item = Step> + Send + use<W> {
    let all = all.clone();
    let mut number = 0;
    (0..all.chunks().count()).map(move |chunk| {
        let mut out = Vec::new();
        for outcome in all.chunk(chunk)? {
            write(&mut out, number, &outcome);
            number += 1;
        }
        Ok(out)
    })
}

fn json(outcome: &Outcome, shows_failed: bool) -> Value {
    match outcome {
        Outcome::Saved { id, created } => {
            json!({"success": true, "created": created, "id": id.to_string(), "errors": []})
        }
        Outcome::Failed { id, errors } => json!({
            "success": false,
            "created": false,
            "id": id.filter(|_| shows_failed).map(|id| id.to_string()),
            "errors": errors.iter().map(|error| json!({
                "statusCode": error.code.as_str(),
                "message": error.message,
                "fields": error.fields.as_deref().unwrap_or_default(),
            })).collect::<Vec<_>>(),
        }),
    }
}

fn line(table: &mut Table, outcome: &Outcome, shows_failed: bool) {
    let (id, success, created, error) = match outcome {
        Outcome::Saved { id, created } => (Some(*id), "true", *created, String::new()),
        Outcome::Failed { id, errors } => {
            (id.filter(|_| shows_failed), "false", false, table::errors(errors))
        }
    };
    table.text(&id.map(|id| id.to_string()).unwrap_or_default());
    table.text(success);
    table.text(if created { "true" } else { "false" });
    table.text(&error);
    table.end_line();
}

fn xml(outcome: &Outcome, shows_failed: bool) -> String {
    let mut out = String::from(" <result>\n");
    // Writing to a String cannot fail.
    let (id, success, created) = match outcome {
        Outcome::Saved { id, created } => (Some(*id), true, *created),
        Outcome::Failed { id, errors } => {
            for error in errors {
                out.push_str("  <errors>\n");
                for field in error.fields.iter().flatten() {
                    let _ = writeln!(out, "   <fields>{}</fields>", escape(field.as_str()));
                }
                let (message, code) = (escape(error.message.as_str()), error.code.as_str());
                let _ = writeln!(
                    out,
                    "   <message>{message}</message>\n   <statusCode>{code}</statusCode>\n  </errors>"
                );
            }
            (id.filter(|_| shows_failed), false, false)
        }
    };
    if let Some(id) = id {
        let _ = writeln!(out, "  <id>{id}</id>");
    }
    let _ = writeln!(out, "  <success>{success}</success>\n  <created>{created}</created>\n </result>");
    out
}

/// A client may name the format that the job has.
fn as_it_is(job: &Job, format: &str) -> Result<(), Error> {
    if format.eq_ignore_ascii_case(job.spec.content.as_str()) {
        return Ok(());
    }
    let content = job.spec.content.as_str();
    Err(Error::not_emulated(format_args!("the result of a {content} job in the format {format}")))
}

/// `GET result/{result}`: the rows.
pub fn get(call: &Call) -> Answer {
    let (job, asked) = batch(call)?;
    completed(&asked)?;
    if let Some(format) = call.query("format") {
        as_it_is(&job, format)?;
    }
    let text = call.param("result");
    let right = Id::parse(text).is_some_and(|id| id == result_id(&asked));
    let found = asked.found().filter(|_| right).ok_or_else(|| Error::invalid_result_id(text))?;
    let ok = StatusCode::OK;
    let reply = match job.spec.content {
        ContentType::Json => Reply::long(ok, "application/json", records::json(found, call.version)),
        ContentType::Xml => Reply::long(ok, "application/xml", records::xml(found)),
        _ if found.is_empty() => return Ok(Reply::typed(ok, "text/csv", NO_RECORDS)),
        _ => {
            let ending = jobs::line_ending(call)?.unwrap_or(job.spec.line_ending);
            let steps = table::of_rows(found, 0..found.len(), ColumnDelimiter::Comma, ending);
            Reply::long(ok, "text/csv", steps)
        }
    };
    reply.map_err(unkept)
}
