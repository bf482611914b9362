//! Bayeux messages: what is sent, and what an answer's array holds (contract/streaming.md section 2).

use std::time::Duration;

use serde_json::{Value, json};

use super::event::{Change, Event, Replay};
use crate::salesforce::record::{Record, timestamp};

pub(super) const HANDSHAKE: &str = "/meta/handshake";
pub(super) const CONNECT: &str = "/meta/connect";
pub(super) const SUBSCRIBE: &str = "/meta/subscribe";
pub(super) const DISCONNECT: &str = "/meta/disconnect";

/// A handshake that asks for replay: some servers echo `ext.replay` only then.
pub(super) fn handshake(id: u64) -> Value {
    json!([{
        "channel": HANDSHAKE,
        "id": id.to_string(),
        "version": "1.0",
        "minimumVersion": "1.0",
        "supportedConnectionTypes": ["long-polling"],
        "ext": {"replay": true},
    }])
}

/// A connect; the first of a session asks the server not to hold it.
pub(super) fn connect(id: u64, client_id: &str, first: bool) -> Value {
    let mut message = json!({
        "channel": CONNECT,
        "id": id.to_string(),
        "clientId": client_id,
        "connectionType": "long-polling",
    });
    if first {
        message["advice"] = json!({"timeout": 0});
    }
    Value::Array(vec![message])
}

pub(super) fn subscribe(id: u64, client_id: &str, channel: &str, replay: Replay) -> Value {
    json!([{
        "channel": SUBSCRIBE,
        "id": id.to_string(),
        "clientId": client_id,
        "subscription": channel,
        "ext": {"replay": {channel: replay.number()}},
    }])
}

pub(super) fn disconnect(id: u64, client_id: &str) -> Value {
    json!([{"channel": DISCONNECT, "id": id.to_string(), "clientId": client_id}])
}

/// What the server wants the client to do after a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reconnect {
    Retry,
    Handshake,
    None,
}

/// The answer to a `/meta/` message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    pub channel: String,
    pub successful: bool,
    pub client_id: Option<String>,
    /// `401::Authentication invalid`; a handshake hides it in `ext.sfdc` behind `403::Handshake denied`.
    pub error: String,
    pub reconnect: Option<Reconnect>,
    pub interval: Duration,
    /// How long the server may hold a connect.
    pub timeout: Option<Duration>,
}

/// One element of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Message {
    Reply(Reply),
    Event(Event),
    /// On a channel, but not what a push topic sends.
    Strange(String),
}

/// Reads an answer; `None` when it is no Bayeux array.
pub(super) fn read(body: &[u8]) -> Option<Vec<Message>> {
    let messages: Vec<Value> = serde_json::from_slice(body).ok()?;
    messages.into_iter().map(message).collect()
}

fn message(message: Value) -> Option<Message> {
    let channel = message.get("channel")?.as_str()?.to_owned();
    if channel.starts_with("/meta/") {
        return Some(Message::Reply(reply(channel, &message)));
    }
    Some(match event(&channel, message) {
        Ok(event) => Message::Event(event),
        Err(what) => Message::Strange(format!("{channel}: an event without a readable {what}")),
    })
}

fn reply(channel: String, message: &Value) -> Reply {
    let text = |pointer: &str| message.pointer(pointer).and_then(Value::as_str);
    let milliseconds =
        |pointer: &str| message.pointer(pointer).and_then(Value::as_u64).map(Duration::from_millis);
    Reply {
        successful: message.get("successful").and_then(Value::as_bool).unwrap_or(false),
        client_id: text("/clientId").map(ToOwned::to_owned),
        error: text("/ext/sfdc/failureReason")
            .or_else(|| text("/error"))
            .unwrap_or("no reason given")
            .to_owned(),
        reconnect: match text("/advice/reconnect") {
            Some("retry") => Some(Reconnect::Retry),
            Some("handshake") => Some(Reconnect::Handshake),
            Some("none") => Some(Reconnect::None),
            _ => None,
        },
        interval: milliseconds("/advice/interval").unwrap_or_default(),
        timeout: milliseconds("/advice/timeout"),
        channel,
    }
}

fn event(channel: &str, mut message: Value) -> Result<Event, &'static str> {
    let data = message.get_mut("data").ok_or("data")?;
    let record = match data.get_mut("sobject").map(Value::take) {
        Some(Value::Object(values)) => Record::new(values),
        _ => return Err("sobject"),
    };
    let event = data.get("event").ok_or("event")?;
    let text = |name: &str| event.get(name).and_then(Value::as_str);
    Ok(Event {
        channel: channel.to_owned(),
        replay_id: event.get("replayId").and_then(Value::as_i64).ok_or("replayId")?,
        change: match text("type") {
            Some("created") => Change::Created,
            Some("updated") => Change::Updated,
            Some("deleted") => Change::Deleted,
            Some("undeleted") => Change::Undeleted,
            _ => return Err("type"),
        },
        created_date: text("createdDate").and_then(timestamp).ok_or("createdDate")?,
        sobject: record,
    })
}
