//! What the org has to tell of a scenario, a line a request and a line a change.

use mock_sfdc::journal;
use mock_sfdc_org::state::{Change, ChangeKind, State};
use mock_sfdc_org::value::Value;

use crate::story::{Line, Source};
use crate::world::salesforce::USER_AGENT;

/// A long poll that is still held, or came back empty, is not news.
pub(super) fn is_idle_poll(entry: &journal::Entry) -> bool {
    let empty = |answer: &journal::Answered| !String::from_utf8_lossy(&answer.body).contains("\"data\"");
    entry.operation == "streaming.connect" && entry.answer.as_ref().is_none_or(empty)
}

pub(super) fn wire_line(entry: &journal::Entry) -> Line {
    let agent = entry.headers.get("user-agent").and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let caller = match agent {
        USER_AGENT => "user",
        "" => "browser or subscriber",
        _ => "engine",
    };
    // Queries are to be read, not sent.
    let line = entry.line().replace('+', " ");
    let line = percent_encoding::percent_decode_str(line.trim()).decode_utf8_lossy();
    let mut text = format!("{caller}: {line}");
    if entry.status().is_some_and(|status| status >= 400) {
        let body = entry.answer.as_ref().map(|answer| String::from_utf8_lossy(&answer.body).into_owned());
        text = format!("{text} {}", body.unwrap_or_default().chars().take(300).collect::<String>());
    }
    Line { at: entry.at.millis(), source: Source::Wire, text }
}

/// `Lead 00Q… updated: Status Open -> Working`
pub(super) fn org_line(state: &State, change: &Change) -> Line {
    let object = state.schema().by_index(change.object);
    let name = object.map_or("record", |object| object.name.as_str());
    let what = match change.kind {
        ChangeKind::Created => "created",
        ChangeKind::Updated => "changed",
        ChangeKind::Deleted => "deleted",
        ChangeKind::Undeleted => "brought back",
        ChangeKind::Purged => "gone for good",
    };
    let mut fields = Vec::new();
    if let (Some(object), Some(after)) = (object, &change.after) {
        for (position, field) in
            object.fields.iter().enumerate().filter(|(_, field)| !is_stamp(field.name.as_str()))
        {
            let before = change.before.as_ref().map_or(&Value::Null, |record| record.get(position));
            let now = after.get(position);
            match (before, now) {
                (before, now) if before == now => {}
                (Value::Null, now) if change.before.is_none() => {
                    fields.push(format!("{} {}", field.name.as_str(), shown(now)));
                }
                (before, now) => {
                    fields.push(format!("{} {} -> {}", field.name.as_str(), shown(before), shown(now)));
                }
            }
        }
    }
    let text = format!("{name} {} {what}: {}", change.id, fields.join(", "));
    Line { at: change.at.millis(), source: Source::Org, text }
}

/// Fields that every save writes and that tell nothing beside the change's own time.
fn is_stamp(field: &str) -> bool {
    const STAMPS: &[&str] = &[
        "Id",
        "IsDeleted",
        "CreatedDate",
        "CreatedById",
        "LastModifiedDate",
        "LastModifiedById",
        "SystemModstamp",
        "LastViewedDate",
        "LastReferencedDate",
    ];
    STAMPS.iter().any(|stamp| stamp.eq_ignore_ascii_case(field))
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.normalize().to_string(),
        Value::Text(text) => text.to_string(),
        Value::Id(id) => id.to_string(),
        Value::DateTime(at) => at.to_zulu(),
        Value::Date(date) => date.to_string(),
        other => format!("{other:?}"),
    }
}
