//! `/_mock/orgs/{org}/journal`: what came over the wire, and whether it is what was expected.

use http::HeaderMap;
use serde_json::{Map, Value, json};

use super::{nothing_more, ok, org, read, wrong};
use crate::{
    call::{Answer, Call},
    journal::Entry,
    redaction,
    verification::{Expectations, story},
    which::Which,
};

/// All entries, or those that the parameters name.
pub fn list(call: &Call) -> Answer {
    let tenant = org(call)?;
    let number = |name: &str| match call.query(name) {
        None => Ok(None),
        Some(text) => {
            text.parse::<u64>().map(Some).map_err(|_| wrong(format!("{name} is a number, not {text:?}")))
        }
    };
    let (since, status) = (number("since")?.unwrap_or(0), number("status")?);
    let which = Which {
        operation: call.query("operation").unwrap_or("*").to_owned(),
        object: call.query("object").map(str::to_owned),
        contains: call.query("contains").map(str::to_owned),
    };
    which.check().map_err(wrong)?;
    let entries = tenant
        .journal
        .since(since)
        .iter()
        .filter(|entry| which.is_met_by(entry))
        .filter(|entry| status.is_none_or(|status| entry.status().map(u64::from) == Some(status)))
        .map(shown)
        .collect::<Vec<_>>();
    ok(&json!({ "last": tenant.journal.last(), "forgotten": tenant.journal.forgotten(), "entries": entries }))
}

pub fn clear(call: &Call) -> Answer {
    org(call)?.journal.clear();
    nothing_more()
}

/// 200 either way: `ok`, and if not, what is wrong and the story for people.
pub fn verify(call: &Call) -> Answer {
    let (tenant, expectations): (_, Expectations) = (org(call)?, read(call)?);
    expectations.check().map_err(wrong)?;
    if expectations.is_empty() {
        return Err(wrong("nothing was expected: give expect, or nothingElse"));
    }
    let entries = tenant.journal.entries();
    let unmet = expectations.unmet(&entries);
    if unmet.is_empty() {
        return ok(&json!({ "ok": true }));
    }
    let story = story(&unmet, &entries, tenant.journal.forgotten());
    ok(&json!({ "ok": false, "unmet": unmet, "story": story }))
}

fn shown(entry: &Entry) -> Value {
    let answer = entry.answer.as_ref().map(|answer| {
        json!({
            "status": answer.status,
            "headers": headers(&answer.headers),
            "body": redaction::body(&answer.body),
            "tookMicros": u64::try_from(answer.took.as_micros()).unwrap_or(u64::MAX),
        })
    });
    json!({
        "seq": entry.seq,
        "within": entry.within,
        "at": entry.at.to_zulu(),
        "operation": entry.operation,
        "object": entry.object,
        "method": entry.method.as_str(),
        "uri": redaction::uri(&entry.uri),
        "headers": headers(&entry.headers),
        "body": redaction::body(&entry.body),
        "who": entry.who,
        "fault": entry.fault,
        "ignored": entry.ignored,
        "answer": answer,
    })
}

fn headers(headers: &HeaderMap) -> Value {
    let mut shown = Map::new();
    for (name, value) in headers {
        let value = redaction::header(name.as_str(), &String::from_utf8_lossy(value.as_bytes()));
        match shown.get_mut(name.as_str()) {
            Some(Value::String(known)) => *known = format!("{known}, {value}"),
            _ => {
                shown.insert(name.as_str().to_owned(), json!(value));
            }
        }
    }
    Value::Object(shown)
}
