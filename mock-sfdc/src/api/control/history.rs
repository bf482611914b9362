//! `/_mock/orgs/{org}/changes`, `/events` and `/mails`: what happened in the org.

use mock_sfdc_org::{
    access::permissions::Viewer,
    error::Result,
    schema::Object,
    seed,
    state::{Change, ChangeKind, Record, State},
    streaming::{Content, Event},
};
use serde_json::{Map, Value, json};

use super::{ok, org, wrong};
use crate::{
    api::{rest::json as rest_json, streaming},
    call::{Answer, ApiVersion, Call},
};

/// The change log, a line a record and transaction; `before` and `after` hold the fields that differ.
pub fn changes(call: &Call) -> Answer {
    let state = org(call)?.org.snapshot();
    let since = match call.query("since") {
        None => 0,
        Some(text) => text.parse().map_err(|_| wrong(format!("since is a number, not {text:?}")))?,
    };
    let wanted = wanted_object(call, &state)?;
    let changes = state
        .log()
        .since(since)
        .filter(|change| wanted.is_none_or(|wanted| change.object == wanted.index))
        .filter(|change| {
            call.query("id").is_none_or(|id| mock_sfdc_org::id::Id::parse(id) == Some(change.id))
        })
        .map(|change| shown(&state, change))
        .collect::<Vec<_>>();
    ok(&json!({ "next": state.log().next_seq(), "changes": changes }))
}

fn wanted_object<'a>(call: &Call, state: &'a State) -> Result<Option<&'a Object>> {
    let Some(name) = call.query("object") else { return Ok(None) };
    let object =
        state.schema().object(name).ok_or_else(|| wrong(format!("the org has no object {name:?}")))?;
    Ok(Some(object))
}

fn shown(state: &State, change: &Change) -> Value {
    let kind = match change.kind {
        ChangeKind::Created => "created",
        ChangeKind::Updated => "updated",
        ChangeKind::Deleted => "deleted",
        ChangeKind::Undeleted => "undeleted",
        ChangeKind::Purged => "purged",
    };
    let object = state.schema().by_index(change.object);
    let side = |this: Option<&Record>, other: Option<&Record>| match (object, this) {
        (Some(object), Some(this)) => fields(object, this, other),
        _ => Value::Null,
    };
    let (before, after) = (change.before.as_ref(), change.after.as_ref());
    json!({
        "seq": change.seq,
        "at": change.at.to_zulu(),
        "transaction": change.transaction,
        "user": change.user,
        "kind": kind,
        "object": object.map(|object| object.name.as_str()),
        "id": change.id,
        "before": side(before, after),
        "after": side(after, before),
    })
}

/// The fields in which a record differs from its other version; all that are filled where there is none.
fn fields(object: &Object, record: &Record, other: Option<&Record>) -> Value {
    let mut shown = Map::new();
    for (position, field) in object.fields.iter().enumerate() {
        let value = record.get(position);
        let differs = other.map_or(!value.is_null(), |other| other.get(position) != value);
        if differs {
            shown.insert(field.name.as_str().to_owned(), as_json(value, field.kind));
        }
    }
    Value::Object(shown)
}

/// As REST writes it.
pub(super) fn as_json(value: &mock_sfdc_org::value::Value, kind: mock_sfdc_org::schema::FieldType) -> Value {
    let mut text = Vec::new();
    rest_json::value(&mut text, value, kind);
    serde_json::from_slice(&text).unwrap_or(Value::Null)
}

/// What streaming has published and still keeps, in the order of publication.
pub fn events(call: &Call) -> Answer {
    let tenant = org(call)?;
    let (state, now) = (tenant.org.snapshot(), tenant.org.clock().now());
    let viewer = state.viewer(seed::administrator(state.settings()));
    let mut events = Vec::new();
    for channel in state.streams().channels() {
        if call.query("channel").is_some_and(|wanted| wanted != &**channel.name()) {
            continue;
        }
        for event in channel.retained(now) {
            let mut shown = json!({
                "seq": event.seq,
                "channel": &**channel.name(),
                "replayId": event.replay_id,
                "at": event.at.to_zulu(),
            });
            tell(&mut shown, event, &state, &viewer, channel.name());
            events.push((event.seq, shown));
        }
    }
    events.sort_by_key(|(seq, _)| *seq);
    let events = events.into_iter().map(|(_, shown)| shown).collect::<Vec<_>>();
    ok(&json!({ "events": events }))
}

/// Of push topics what happened and to what, of the others their kind and what a subscriber gets.
fn tell(shown: &mut Value, event: &Event, state: &State, viewer: &Viewer, channel: &str) {
    let kind = match &event.content {
        Content::Push(push) => {
            let fields = push
                .fields()
                .map(|(field, value)| (field.name.as_str().to_owned(), as_json(&value, field.kind)))
                .collect::<Map<_, _>>();
            shown["type"] = push.kind.as_str().into();
            shown["sobject"] = fields.into();
            return;
        }
        Content::Generic(_) => "generic",
        Content::Platform(_) => "platform",
        Content::Change(_) => "change",
    };
    let message = streaming::event_json(event, state, viewer, channel, ApiVersion::NEWEST.0);
    let message = serde_json::from_str::<Value>(&message).unwrap_or_default();
    shown["type"] = kind.into();
    shown["data"] = message.get("data").cloned().unwrap_or_default();
}

pub fn mails(call: &Call) -> Answer {
    let state = org(call)?.org.snapshot();
    let mails = state.mails().map(AsRef::as_ref).collect::<Vec<&mock_sfdc_org::mail::Mail>>();
    ok(&json!({ "mails": mails }))
}
