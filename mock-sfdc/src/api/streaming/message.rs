//! Bayeux messages as clients send them: one object or an array of them.

use mock_sfdc_org::streaming::{Refusal, Replay};
use serde_json::{Map, Value};

/// More than fits into the largest request, if each message is to say anything.
const MAX_MESSAGES: usize = 1_000;

/// One message. Clients of thirty years of Bayeux libraries add keys at will, so unknown ones are let pass.
#[derive(Debug)]
pub struct Message(Map<String, Value>);

impl Message {
    /// The messages of a body, or what is wrong with it.
    pub fn read(body: &[u8]) -> Result<Vec<Self>, String> {
        let json = serde_json::from_slice::<Value>(body).map_err(|error| error.to_string())?;
        let items = match json {
            Value::Array(items) => items,
            one => vec![one],
        };
        if items.is_empty() || items.len() > MAX_MESSAGES {
            return Err(format!("a request carries 1 to {MAX_MESSAGES} messages, this one {}", items.len()));
        }
        let object = |item| match item {
            Value::Object(map) => Ok(Self(map)),
            other => Err(format!("a message is a JSON object, not {other}")),
        };
        items.into_iter().map(object).collect()
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.as_str()
    }

    #[must_use]
    pub fn channel(&self) -> &str {
        self.text("channel").unwrap_or_default()
    }

    #[must_use]
    pub fn client_id(&self) -> Option<&str> {
        self.text("clientId")
    }

    /// As it was sent: nearly always a string, and always to be echoed.
    #[must_use]
    pub fn id(&self) -> Option<&Value> {
        self.0.get("id")
    }

    /// `connectionType` of a connect.
    #[must_use]
    pub fn connection_type(&self) -> Option<&str> {
        self.text("connectionType")
    }

    /// `supportedConnectionTypes` of a handshake, where it is there.
    #[must_use]
    pub fn connection_types(&self) -> Option<Vec<&str>> {
        let list = self.0.get("supportedConnectionTypes")?.as_array()?;
        Some(list.iter().filter_map(Value::as_str).collect())
    }

    /// How long the client asks to be held, in milliseconds.
    #[must_use]
    pub fn timeout(&self) -> Option<i64> {
        self.0.get("advice")?.get("timeout")?.as_i64()
    }

    /// `subscription`: one channel or an array of them.
    #[must_use]
    pub fn subscriptions(&self) -> Vec<&str> {
        match self.0.get("subscription") {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// Where the client wants to begin on a channel. EMP-Connector and nforce send a map of all channels they know, numbers can
    /// be strings, restforce sends null where it knows none, and keys may lack the filter.
    pub fn replay(&self, subscription: &str) -> Result<Option<Replay>, Refusal> {
        let map = match self.0.get("ext").and_then(|ext| ext.get("replay")) {
            // The word of the handshake, which some clients say in every message.
            None | Some(Value::Null | Value::Bool(_)) => return Ok(None),
            Some(Value::Object(map)) => map,
            Some(Value::String(text)) => return Err(Refusal::ReplayId(text.clone())),
            Some(other) => return Err(Refusal::ReplayId(other.to_string())),
        };
        let without_filter = subscription.split('?').next().unwrap_or_default();
        let number = match map.get(subscription).or_else(|| map.get(without_filter)) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::String(text)) => text.trim().to_owned(),
            Some(other) => other.to_string(),
        };
        match number.parse() {
            Ok(number) => Ok(Some(Replay::from_number(number))),
            Err(_) => Err(Refusal::ReplayId(number)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> Message {
        Message::read(text.as_bytes()).unwrap().remove(0)
    }

    #[test]
    fn replay_is_read_however_clients_write_it() {
        for (ext, expected) in [
            ("{}", Ok(None)),
            (r#"{"replay":true}"#, Ok(None)),
            (r#"{"replay":null}"#, Ok(None)),
            (r#"{"replay":-2}"#, Err(Refusal::ReplayId("-2".into()))),
            (r#"{"replay":"-2"}"#, Err(Refusal::ReplayId("-2".into()))),
            (r#"{"replay":{"/topic/X":-1}}"#, Ok(Some(Replay::New))),
            (r#"{"replay":{"/topic/X":"-2"}}"#, Ok(Some(Replay::All))),
            (r#"{"replay":{"/topic/X":null}}"#, Ok(None)),
            (r#"{"replay":{"/topic/Y":7,"/topic/X":41}}"#, Ok(Some(Replay::After(41)))),
            (r#"{"replay":{"/topic/Y":7}}"#, Ok(None)),
            (r#"{"replay":{"/topic/X?City=Ghent":3,"/topic/X":41}}"#, Ok(Some(Replay::After(3)))),
            (r#"{"replay":{"/topic/X":"seven"}}"#, Err(Refusal::ReplayId("seven".into()))),
            (r#"{"replay":{"/topic/X":1.5}}"#, Err(Refusal::ReplayId("1.5".into()))),
        ] {
            let subscription = if ext.contains('?') { "/topic/X?City=Ghent" } else { "/topic/X" };
            let message = message(&format!(r#"{{"channel":"/meta/subscribe","ext":{ext}}}"#));
            assert_eq!(message.replay(subscription), expected, "{ext}");
        }
        let filtered = message(r#"{"ext":{"replay":{"/topic/X":5}}}"#);
        assert_eq!(filtered.replay("/topic/X?City=Ghent"), Ok(Some(Replay::After(5))));
    }

    #[test]
    fn bodies_that_are_no_messages_say_what_is_wrong() {
        for body in ["", "{", "[]", "7", "[7]", "[{},null]", "[[]]"] {
            assert!(Message::read(body.as_bytes()).is_err(), "{body}");
        }
        assert_eq!(Message::read(br#"{"channel":"/meta/connect"}"#).unwrap().len(), 1);
        assert_eq!(Message::read(b"[{},{}]").unwrap().len(), 2);
    }
}
