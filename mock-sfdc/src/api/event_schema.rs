//! The schema of an event in JSON: the strict Avro record that binary payloads are written by (COMPACT), and the looser form
//! that describes a message as long polling delivers it (EXPANDED). Pub/Sub and REST tell the same (`contract/pubsub.md`
//! section 4).

use mock_sfdc_org::streaming::{ChangeType, EventField, EventKindOfSchema, EventSchema, EventType, Part};
use serde_json::{Value, json};

const NAMESPACE: &str = "com.sforce.eventbus";

/// The Avro schema, with the id by which it is asked for.
#[must_use]
pub fn compact(schema: &EventSchema) -> Value {
    let mut known = Vec::new();
    let mut fields = Vec::new();
    if schema.kind == EventKindOfSchema::Change {
        fields.push(json!({"name": "ChangeEventHeader", "type": header(), "doc": "Data:ComplexValueType"}));
    }
    fields.extend(schema.fields.iter().map(|field| written(field, Form::Compact, &mut known)));
    json!({"name": schema.name, "namespace": NAMESPACE, "type": "record", "fields": fields, "uuid": schema.id})
}

/// The message around the payload as well; moments and dates are texts in it.
#[must_use]
pub fn expanded(schema: &EventSchema) -> Value {
    let mut known = Vec::new();
    let mut fields = Vec::new();
    if schema.kind == EventKindOfSchema::Change {
        fields.push(json!({"name": "ChangeEventHeader", "type": header(), "doc": "Data:ComplexValueType"}));
    }
    fields.extend(schema.fields.iter().map(|field| written(field, Form::Expanded, &mut known)));
    let payload = json!({"type": "record", "name": "Payload", "doc": "", "fields": fields});
    let event = json!({"type": "record", "name": "Event", "fields": [{"name": "replayId", "type": "long"}]});
    let data = json!({"type": "record", "name": "Data", "namespace": "", "fields": [
        {"name": "schema", "type": "string"},
        {"name": "payload", "type": payload},
        {"name": "event", "type": event},
    ]});
    json!({"name": schema.name, "namespace": NAMESPACE, "type": "expanded-record", "fields": [
        {"name": "data", "type": data},
        {"name": "channel", "type": "string"},
    ]})
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Compact,
    Expanded,
}

/// One field. A record type is written out where it stands first, and named from then on.
fn written(field: &EventField, form: Form, known: &mut Vec<&'static str>) -> Value {
    let is_moment = ["DateTime", "DateOnly", "TimeOnly"].iter().any(|word| field.doc.ends_with(word));
    let mut kinds = match field.kind {
        EventType::Compound(name) => vec![compound(name, &field.parts, known)],
        EventType::TextOr(name) => vec![json!("string"), compound(name, &field.parts, known)],
        EventType::Long if form == Form::Expanded && is_moment => vec![json!("string")],
        simple => vec![json!(word(simple))],
    };
    if !field.nullable {
        let kind = kinds.swap_remove(0);
        return json!({"name": field.name, "type": kind, "doc": field.doc});
    }
    kinds.insert(0, json!("null"));
    json!({"name": field.name, "type": kinds, "doc": field.doc, "default": null})
}

fn compound(name: &'static str, parts: &[Part], known: &mut Vec<&'static str>) -> Value {
    if known.contains(&name) {
        return json!(name);
    }
    known.push(name);
    let part = |part: &Part| json!({"name": part.name, "type": ["null", word(part.kind)], "default": null});
    json!({"type": "record", "name": name, "fields": parts.iter().map(part).collect::<Vec<_>>()})
}

const fn word(kind: EventType) -> &'static str {
    match kind {
        EventType::Boolean => "boolean",
        EventType::Int => "int",
        EventType::Long => "long",
        EventType::Double => "double",
        EventType::Text | EventType::Compound(_) | EventType::TextOr(_) => "string",
    }
}

/// `ChangeEventHeader`, the same for all objects.
fn header() -> Value {
    let symbols = ChangeType::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>();
    let texts = json!({"type": "array", "items": "string"});
    json!({"type": "record", "name": "ChangeEventHeader", "fields": [
        {"name": "entityName", "type": "string"},
        {"name": "recordIds", "type": texts},
        {"name": "changeType", "type": {"type": "enum", "name": "ChangeType", "symbols": symbols}},
        {"name": "changeOrigin", "type": "string"},
        {"name": "transactionKey", "type": "string"},
        {"name": "sequenceNumber", "type": "int"},
        {"name": "commitTimestamp", "type": "long"},
        {"name": "commitNumber", "type": "long"},
        {"name": "commitUser", "type": "string"},
        {"name": "nulledFields", "type": texts},
        {"name": "diffFields", "type": texts},
        {"name": "changedFields", "type": texts},
    ]})
}
