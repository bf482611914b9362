//! `/job/{id}/batch/{id}/result`: what became of each record of a batch, or what its query found.

use std::fmt::Write as _;

use http::StatusCode;
use mock_sfdc_org::{
    bulk::{Batch, BatchState, ColumnDelimiter, ContentType, Found, Job, Outcome},
    error::Error,
    id::Id,
};
use quick_xml::escape::escape;
use serde_json::json;

use super::{NAMESPACE, batch, jobs};
use crate::{
    api::bulk::{
        records,
        table::{self, Table},
    },
    call::{Answer, Call},
    reply::Reply,
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

fn outcomes(call: &Call, job: &Job, asked: &Batch) -> Answer {
    let shown = |id: &Option<Id>| id.filter(|_| job.spec.api_version >= IDS_OF_FAILURES_SINCE);
    Ok(match job.spec.content {
        ContentType::Json => {
            let all = asked.outcomes().map(|outcome| match outcome {
                Outcome::Saved { id, created } => {
                    json!({"success": true, "created": created, "id": id.to_string(), "errors": []})
                }
                Outcome::Failed { id, errors } => json!({
                    "success": false,
                    "created": false,
                    "id": shown(id).map(|id| id.to_string()),
                    "errors": errors.iter().map(|error| json!({
                        "statusCode": error.code.as_str(),
                        "message": error.message,
                        "fields": error.fields.as_deref().unwrap_or_default(),
                    })).collect::<Vec<_>>(),
                }),
            });
            let body = serde_json::Value::Array(all.collect()).to_string();
            Reply::typed(StatusCode::OK, "application/json", body)
        }
        ContentType::Xml => Reply::typed(StatusCode::OK, "application/xml", xml(asked, shown)),
        _ => {
            let ending = jobs::line_ending(call)?.unwrap_or(job.spec.line_ending);
            let mut table = Table::new(ColumnDelimiter::Comma, ending);
            table.texts(["Id", "Success", "Created", "Error"]);
            table.end_line();
            for outcome in asked.outcomes() {
                let (id, success, created, error) = match outcome {
                    Outcome::Saved { id, created } => (Some(*id), "true", *created, String::new()),
                    Outcome::Failed { id, errors } => (shown(id), "false", false, table::errors(errors)),
                };
                table.text(&id.map(|id| id.to_string()).unwrap_or_default());
                table.text(success);
                table.text(if created { "true" } else { "false" });
                table.text(&error);
                table.end_line();
            }
            Reply::typed(StatusCode::OK, "text/csv", table.finish())
        }
    })
}

fn xml(asked: &Batch, shown: impl Fn(&Option<Id>) -> Option<Id>) -> String {
    let mut out = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><results\n   xmlns=\"{NAMESPACE}\">\n");
    // Writing to a String cannot fail.
    for outcome in asked.outcomes() {
        out.push_str(" <result>\n");
        let (id, success, created) = match outcome {
            Outcome::Saved { id, created } => (Some(*id), true, *created),
            Outcome::Failed { id, errors } => {
                for error in errors.iter() {
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
                (shown(id), false, false)
            }
        };
        if let Some(id) = id {
            let _ = writeln!(out, "  <id>{id}</id>");
        }
        let _ = writeln!(out, "  <success>{success}</success>\n  <created>{created}</created>\n </result>");
    }
    out.push_str("</results>");
    out
}

/// `GET result/{result}`: the rows.
pub fn get(call: &Call) -> Answer {
    let (job, asked) = batch(call)?;
    completed(&asked)?;
    let text = call.param("result");
    let right = Id::parse(text).is_some_and(|id| id == result_id(&asked));
    let found = asked.found().filter(|_| right).ok_or_else(|| Error::invalid_result_id(text))?;
    Ok(match job.spec.content {
        ContentType::Json => {
            Reply::typed(StatusCode::OK, "application/json", records::json(found, call.version))
        }
        ContentType::Xml => Reply::typed(StatusCode::OK, "application/xml", records::xml(found)),
        _ => {
            let ending = jobs::line_ending(call)?.unwrap_or(job.spec.line_ending);
            Reply::typed(StatusCode::OK, "text/csv", csv(found, Table::new(ColumnDelimiter::Comma, ending)))
        }
    })
}

fn csv(found: &Found, mut table: Table) -> Vec<u8> {
    if found.is_empty() {
        return NO_RECORDS.as_bytes().to_vec();
    }
    table.texts(found.columns());
    table.end_line();
    found.rows(0, found.len(), |cells| {
        table.texts(cells.iter().map(|cell| table::found(cell)));
        table.end_line();
    });
    table.finish()
}
