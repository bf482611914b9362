//! An event as long polling delivers it: one shape a kind (`contract/streaming.md` sections 5 and 6).

use std::fmt::Write as _;

use mock_sfdc_org::{
    access::permissions::Viewer,
    schema::FieldType,
    state::State,
    streaming::{
        Carried, Content, Event, EventField, GenericEvent, PlatformEvent, PushEvent, Telling, ToldValue,
    },
    value::{DateTime, Value, time_text, write_double, write_int},
};

/// From this version on moments end in `Z`, before in `+0000` (`contract/streaming.md` section 5).
const FIRST_ZULU: u16 = 37;
/// From these on a platform event tells its id, and on a custom channel its name.
const FIRST_EVENT_UUID: u16 = 52;
const FIRST_EVENT_NAME: u16 = 55;

/// `{"data":{…},"channel":"/topic/X"}`; the channel is the one that was subscribed to, filter included, because clients find
/// their listener by it. Fields that the subscriber may not read are left out.
#[must_use]
pub fn json(event: &Event, state: &State, viewer: &Viewer, channel: &str, version: u16) -> String {
    let mut out = Writer { out: String::with_capacity(256), version };
    out.raw(r#"{"data":{"#);
    match &event.content {
        Content::Push(push) => out.push_event(event, push, viewer),
        Content::Generic(generic) => out.generic(event, generic),
        Content::Platform(platform) => out.platform(event, platform, channel),
        Content::Change(change) => out.change(event, &change.telling(state, channel, viewer)),
    }
    out.raw(r#"},"channel":"#);
    out.text(channel);
    out.raw("}");
    out.out
}

struct Writer {
    out: String,
    version: u16,
}

impl Writer {
    fn raw(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// A comma, unless an object has just begun; then the key.
    fn key(&mut self, name: &str) {
        if !self.out.ends_with('{') {
            self.out.push(',');
        }
        self.text(name);
        self.out.push(':');
    }

    fn push_event(&mut self, event: &Event, push: &PushEvent, viewer: &Viewer) {
        self.raw(r#""event":{"createdDate":"#);
        self.moment(event.at);
        // Writing to a String cannot fail.
        let _ = write!(
            self.out,
            r#","replayId":{},"type":"{}"}},"sobject":{{"#,
            event.replay_id,
            push.kind.as_str()
        );
        for (field, value) in push.fields_for(viewer) {
            self.key(field.name.as_str());
            self.value(field.kind, &value);
        }
        self.raw("}");
    }

    fn generic(&mut self, event: &Event, generic: &GenericEvent) {
        self.raw(r#""payload":"#);
        self.text(&generic.payload);
        self.raw(r#","event":{"createdDate":"#);
        self.moment(event.at);
        let _ = write!(self.out, r#","replayId":{}}}"#, event.replay_id);
    }

    fn platform(&mut self, event: &Event, platform: &PlatformEvent, channel: &str) {
        let schema = &platform.schema;
        self.raw(r#""schema":"#);
        self.text(&schema.id);
        self.raw(r#","payload":{"#);
        for field in &schema.fields {
            self.key(&field.name);
            self.carried(
                schema.value(field, &platform.record),
                field,
                schema.object.fields[field.position].kind,
            );
        }
        self.raw(r#"},"event":{"#);
        if self.version >= FIRST_EVENT_NAME && channel.ends_with("__chn") {
            self.key("EventApiName");
            self.text(&schema.name);
        }
        if self.version >= FIRST_EVENT_UUID {
            self.key("EventUuid");
            self.text(&platform.uuid);
        }
        self.key("replayId");
        let _ = write!(self.out, "{}}}", event.replay_id);
    }

    fn change(&mut self, event: &Event, telling: &Telling<'_>) {
        let schema = &telling.event.schema;
        self.raw(r#""schema":"#);
        self.text(&schema.id);
        self.raw(r#","payload":{"#);
        for told in telling.fields() {
            self.key(&told.field.name);
            match told.value {
                ToldValue::One(value) => {
                    self.value(schema.object.fields[told.field.position].kind, value);
                }
                ToldValue::Parts(parts) => self.parts(told.field, &parts),
            }
        }
        self.header(telling);
        let _ = write!(self.out, r#"}},"event":{{"replayId":{}}}"#, event.replay_id);
    }

    fn header(&mut self, telling: &Telling<'_>) {
        let change = telling.event;
        let header = &change.header;
        self.key("ChangeEventHeader");
        let _ = write!(
            self.out,
            r#"{{"commitNumber":{},"commitUser":"{}","sequenceNumber":{},"entityName":"{}","changeType":"{}","changedFields":["#,
            header.commit_number,
            header.commit_user,
            header.sequence_number,
            header.entity_name,
            header.change_type.as_str()
        );
        let seen =
            change.changed.iter().filter(|changed| telling.shows(&change.schema.fields[changed.field]));
        for (at, changed) in seen.enumerate() {
            self.raw(if at == 0 { "" } else { "," });
            self.text(&change.name_of(changed));
        }
        self.raw(r#"],"changeOrigin":"#);
        self.text(&header.change_origin);
        let _ = write!(
            self.out,
            r#","transactionKey":"{}","commitTimestamp":{},"recordIds":["#,
            header.transaction_key,
            header.commit_timestamp.millis()
        );
        for (at, id) in header.record_ids.iter().enumerate() {
            self.raw(if at == 0 { "" } else { "," });
            self.text(&id.to_string());
        }
        self.raw("]}");
    }

    fn carried(&mut self, carried: Carried<'_>, field: &EventField, kind: FieldType) {
        match carried {
            Carried::Null => self.value(kind, &Value::Null),
            Carried::One(value) => self.value(kind, value),
            Carried::Parts(parts) => {
                let filled = parts.into_iter().enumerate().filter(|(_, value)| !value.is_null());
                self.parts(field, &filled.collect::<Vec<_>>());
            }
        }
    }

    fn parts(&mut self, field: &EventField, parts: &[(usize, &Value)]) {
        self.raw("{");
        for (at, value) in parts {
            self.key(field.parts[*at].name);
            self.value(FieldType::Double, value);
        }
        self.raw("}");
    }

    fn value(&mut self, kind: FieldType, value: &Value) {
        match value {
            // A checkbox has no null.
            Value::Null if kind == FieldType::Boolean => self.raw("false"),
            Value::Bool(value) => self.raw(if *value { "true" } else { "false" }),
            Value::Number(number) if matches!(kind, FieldType::Int | FieldType::Long) => {
                write_int(*number, &mut self.out);
            }
            Value::Number(number) => write_double(*number, &mut self.out),
            Value::Text(value) => self.text(value),
            Value::Id(id) => self.text(&id.to_string()),
            Value::Date(date) => self.text(&date.to_string()),
            Value::DateTime(at) => self.moment(*at),
            Value::Time(time) => self.text(&time_text(*time)),
            // No event carries a blob.
            Value::Null | Value::Blob(_) => self.raw("null"),
        }
    }

    fn moment(&mut self, at: DateTime) {
        self.out.push('"');
        if self.version < FIRST_ZULU {
            at.write_rest(&mut self.out);
        } else {
            at.write_zulu(&mut self.out);
        }
        self.out.push('"');
    }

    fn text(&mut self, text: &str) {
        let _ = write!(self.out, "{}", serde_json::Value::from(text));
    }
}
