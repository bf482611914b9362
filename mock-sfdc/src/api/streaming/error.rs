//! Errors that did not arise in this face (a fault, an unknown parameter), in Bayeux: each message is refused with them.

use http::StatusCode;
use mock_sfdc_org::{
    error::{Error, ErrorCode},
    streaming::Refusal,
};

use super::{
    CONNECT, HANDSHAKE,
    message::Message,
    replies::{connect_refused, handshake_denied, plain},
};
use crate::{call::Call, reply::Reply};

#[must_use]
pub fn render(error: &Error, call: &Call) -> Reply {
    let refusal = refusal(error);
    let Ok(messages) = Message::read(&call.body) else {
        let text = refusal.to_string();
        return Reply::typed(StatusCode::BAD_REQUEST, "text/plain;charset=UTF-8", text);
    };
    let reply = |message: &Message| match message.channel() {
        HANDSHAKE => handshake_denied(message, &refusal),
        CONNECT => connect_refused(message, &refusal),
        _ => plain(message, message.subscriptions().first().copied(), Err(&refusal)),
    };
    let replies = messages.iter().map(reply).collect::<Vec<_>>();
    Reply::json(StatusCode::OK, format!("[{}]", replies.join(",")))
}

/// What comes nearest among Bayeux' own errors.
fn refusal(error: &Error) -> Refusal {
    match error.code {
        ErrorCode::InvalidSessionId | ErrorCode::InvalidAuthHeader => Refusal::AuthenticationInvalid,
        ErrorCode::ServerUnavailable => Refusal::Busy,
        ErrorCode::RequestLimitExceeded => Refusal::DailyEvents,
        _ => Refusal::Malformed(error.message.clone()),
    }
}
