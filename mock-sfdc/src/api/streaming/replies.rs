//! The replies to meta messages, key by key in the order of recorded ones (`contract/streaming.md` section 2).

use mock_sfdc_org::streaming::Refusal;
use serde_json::{Map, Value, json};

use super::message::Message;

/// How long a connect is held, as the first one's advice tells it.
pub const HOLD: i64 = 110_000;

/// What a client is told to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advice {
    /// On the first connect of a session.
    Retry,
    /// The session is gone.
    Handshake,
    /// It is of no use to come back with this token.
    Never,
}

impl Advice {
    fn json(self) -> Value {
        match self {
            Self::Retry => json!({"interval": 0, "timeout": HOLD, "reconnect": "retry"}),
            Self::Handshake => json!({"interval": 0, "reconnect": "handshake"}),
            Self::Never => json!({"reconnect": "none", "interval": 0}),
        }
    }

    /// Of a refused connect.
    #[must_use]
    pub fn after(refusal: &Refusal) -> Self {
        match refusal {
            Refusal::UnknownClient | Refusal::NoHandshake | Refusal::NoCookie(_) => Self::Handshake,
            _ => Self::Never,
        }
    }
}

/// A reply that grows key by key.
#[derive(Debug, Default)]
struct Reply(Map<String, Value>);

impl Reply {
    fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.insert(key.to_owned(), value.into());
        self
    }

    fn with_some(self, key: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    fn of(self, message: &Message) -> Self {
        self.with("channel", message.channel()).with_some("id", message.id().cloned())
    }

    fn end(self, outcome: Result<(), &Refusal>) -> String {
        let error = outcome.err().map(Refusal::to_string);
        let whole = self.with_some("error", error).with("successful", outcome.is_ok());
        Value::Object(whole.0).to_string()
    }
}

#[must_use]
pub fn handshake(message: &Message, client: &str) -> String {
    Reply::default()
        .with("ext", json!({"replay": true, "payload.format": true}))
        .with("minimumVersion", "1.0")
        .with("clientId", client)
        .with("supportedConnectionTypes", json!(["long-polling"]))
        .of(message)
        .with("version", "1.0")
        .end(Ok(()))
}

/// Denials carry their reason beside the error, which is the same for all.
#[must_use]
pub fn handshake_denied(message: &Message, reason: &Refusal) -> String {
    let sfdc = json!({"failureReason": reason.to_string()});
    Reply::default()
        .with("ext", json!({"sfdc": sfdc, "replay": true, "payload.format": true}))
        .with("advice", json!({"reconnect": "none"}))
        .of(message)
        .end(Err(&Refusal::HandshakeDenied))
}

/// A handshake that never got as far as a login: version, connection type.
#[must_use]
pub fn handshake_refused(message: &Message, refusal: &Refusal) -> String {
    Reply::default()
        .with("ext", json!({"replay": true, "payload.format": true}))
        .with("advice", json!({"reconnect": "none"}))
        .of(message)
        .end(Err(refusal))
}

#[must_use]
pub fn connected(message: &Message, client: &str, advice: Option<Advice>) -> String {
    Reply::default()
        .with("clientId", client)
        .with_some("advice", advice.map(Advice::json))
        .of(message)
        .end(Ok(()))
}

/// A client that is not known is not named either.
#[must_use]
pub fn connect_refused(message: &Message, refusal: &Refusal) -> String {
    let named = if *refusal == Refusal::UnknownClient { None } else { message.client_id() };
    Reply::default()
        .with_some("clientId", named)
        .with("advice", Advice::after(refusal).json())
        .of(message)
        .end(Err(refusal))
}

/// To subscribe, unsubscribe, disconnect and whatever else.
#[must_use]
pub fn plain(message: &Message, subscription: Option<&str>, outcome: Result<(), &Refusal>) -> String {
    let named = if outcome == Err(&Refusal::UnknownClient) { None } else { message.client_id() };
    let gone = matches!(outcome, Err(Refusal::UnknownClient)).then_some(Advice::Handshake);
    Reply::default()
        .with_some("clientId", named)
        .with_some("advice", gone.map(Advice::json))
        .of(message)
        .with_some("subscription", subscription)
        .end(outcome)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> Message {
        Message::read(text.as_bytes()).unwrap().remove(0)
    }

    /// Key by key what recordings of real orgs show (`contract/streaming.md` section 2 says where each was seen).
    #[test]
    fn replies_have_the_bytes_of_recorded_ones() {
        let handshake_message = message(r#"{"channel":"/meta/handshake","id":"1"}"#);
        let connect = message(r#"{"channel":"/meta/connect","clientId":"abc","id":"2"}"#);
        let subscribe = message(r#"{"channel":"/meta/subscribe","clientId":"abc","id":"3"}"#);
        let no_id = message(r#"{"channel":"/meta/disconnect","clientId":"abc"}"#);
        for (reply, text) in [
            (
                handshake(&handshake_message, "abc"),
                r#"{"ext":{"replay":true,"payload.format":true},"minimumVersion":"1.0","clientId":"abc","supportedConnectionTypes":["long-polling"],"channel":"/meta/handshake","id":"1","version":"1.0","successful":true}"#,
            ),
            (
                handshake_denied(&handshake_message, &Refusal::AuthenticationInvalid),
                r#"{"ext":{"sfdc":{"failureReason":"401::Authentication invalid"},"replay":true,"payload.format":true},"advice":{"reconnect":"none"},"channel":"/meta/handshake","id":"1","error":"403::Handshake denied","successful":false}"#,
            ),
            (
                connected(&connect, "abc", Some(Advice::Retry)),
                r#"{"clientId":"abc","advice":{"interval":0,"timeout":110000,"reconnect":"retry"},"channel":"/meta/connect","id":"2","successful":true}"#,
            ),
            (
                connected(&connect, "abc", None),
                r#"{"clientId":"abc","channel":"/meta/connect","id":"2","successful":true}"#,
            ),
            (
                connect_refused(&connect, &Refusal::UnknownClient),
                r#"{"advice":{"interval":0,"reconnect":"handshake"},"channel":"/meta/connect","id":"2","error":"403::Unknown client","successful":false}"#,
            ),
            (
                connect_refused(&connect, &Refusal::AuthenticationInvalid),
                r#"{"clientId":"abc","advice":{"reconnect":"none","interval":0},"channel":"/meta/connect","id":"2","error":"401::Authentication invalid","successful":false}"#,
            ),
            (
                plain(&subscribe, Some("/topic/X"), Ok(())),
                r#"{"clientId":"abc","channel":"/meta/subscribe","id":"3","subscription":"/topic/X","successful":true}"#,
            ),
            (
                plain(&subscribe, Some("/event/X__e"), Err(&Refusal::DailyEvents)),
                r#"{"clientId":"abc","channel":"/meta/subscribe","id":"3","subscription":"/event/X__e","error":"403::Organization total events daily limit exceeded","successful":false}"#,
            ),
            (
                plain(&no_id, None, Ok(())),
                r#"{"clientId":"abc","channel":"/meta/disconnect","successful":true}"#,
            ),
        ] {
            assert_eq!(reply, text);
        }
    }
}
