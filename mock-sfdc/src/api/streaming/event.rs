//! An event as long polling delivers it.

use std::fmt::Write as _;

use mock_sfdc_org::{
    access::permissions::Viewer,
    schema::FieldType,
    streaming::Event,
    value::{DateTime, Value, time_text, write_double, write_int},
};

/// From this version on moments end in `Z`, before in `+0000` (`contract/streaming.md` section 5).
const FIRST_ZULU: u16 = 37;

/// `{"data":{"event":{…},"sobject":{…}},"channel":"/topic/X"}`; the channel is the one that was subscribed to, filter included,
/// because clients find their listener by it. Fields that the subscriber may not read are left out.
#[must_use]
pub fn json(event: &Event, viewer: &Viewer, channel: &str, version: u16) -> String {
    let mut out = String::with_capacity(256);
    out.push_str(r#"{"data":{"event":{"createdDate":"#);
    moment(&mut out, event.at, version);
    // Writing to a String cannot fail.
    let _ = write!(out, r#","replayId":{},"type":"{}"}},"sobject":{{"#, event.replay_id, event.kind.as_str());
    for (at, (field, value)) in event.fields_for(viewer).enumerate() {
        if at > 0 {
            out.push(',');
        }
        text(&mut out, field.name.as_str());
        out.push(':');
        put(&mut out, field.kind, &value, version);
    }
    out.push_str(r#"}},"channel":"#);
    text(&mut out, channel);
    out.push('}');
    out
}

fn put(out: &mut String, kind: FieldType, value: &Value, version: u16) {
    match value {
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) if matches!(kind, FieldType::Int | FieldType::Long) => write_int(*number, out),
        Value::Number(number) => write_double(*number, out),
        Value::Text(value) => text(out, value),
        Value::Id(id) => text(out, &id.to_string()),
        Value::Date(date) => text(out, &date.to_string()),
        Value::DateTime(at) => moment(out, *at, version),
        Value::Time(time) => text(out, &time_text(*time)),
        // No topic selects a blob: that is refused when the topic is saved.
        Value::Null | Value::Blob(_) => out.push_str("null"),
    }
}

fn moment(out: &mut String, at: DateTime, version: u16) {
    out.push('"');
    if version < FIRST_ZULU {
        at.write_rest(out);
    } else {
        at.write_zulu(out);
    }
    out.push('"');
}

fn text(out: &mut String, text: &str) {
    out.push_str(&serde_json::Value::from(text).to_string());
}
