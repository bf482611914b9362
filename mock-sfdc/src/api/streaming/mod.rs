//! The Streaming face: `CometD` long polling (`contract/streaming.md`). It keeps sessions and writes bytes; which event goes
//! to whom is decided in `mock_sfdc_org::streaming`.
//!
//! Nothing is queued per client: a session is a place in each channel's kept events, so a thousand slow subscribers cost a
//! thousand numbers. A channel that outgrows its limit (`Setup::events_per_channel`) drops its oldest events; whoever has not
//! had them loses the session with `403::Unknown client`, and its replay id is refused on the next subscribe.
//!
//! One request may carry several messages. It bears the name of its first one (`streaming.handshake`, `.connect`, `.subscribe`,
//! `.unsubscribe`, `.disconnect`), whether that stands in the path or not: faults and journal go by it.

mod bus;
mod clients;
mod connect;
mod cookies;
pub mod error;
mod event;
mod handshake;
mod message;
mod replies;
mod subscribe;

use http::{Method, StatusCode, header};
use mock_sfdc_org::{access, id::Id, streaming::Refusal};

pub use self::{
    bus::{Active, Bus},
    clients::{Live, Progress},
    event::json as event_json,
};
use self::{
    clients::{Client, End},
    message::Message,
    replies::{connect_refused, plain},
};
use crate::{
    call::{Answer, Call},
    operation::Operation,
    reply::Reply,
};

/// Salesforce's limit on a request's body.
const MAX_REQUEST: usize = 32_768;

const HANDSHAKE: &str = "/meta/handshake";
const CONNECT: &str = "/meta/connect";
const SUBSCRIBE: &str = "/meta/subscribe";
const UNSUBSCRIBE: &str = "/meta/unsubscribe";
const DISCONNECT: &str = "/meta/disconnect";

/// The operation that a request stands for: that of its first message, if it is a known one.
#[must_use]
pub fn operation(found: &'static Operation, body: &[u8]) -> &'static Operation {
    let by_message = || {
        let first = Message::read(body.get(..MAX_REQUEST.min(body.len()))?).ok()?.into_iter().next()?;
        Operation::find(match first.channel() {
            HANDSHAKE => "streaming.handshake",
            CONNECT => "streaming.connect",
            SUBSCRIBE => "streaming.subscribe",
            UNSUBSCRIBE => "streaming.unsubscribe",
            DISCONNECT => "streaming.disconnect",
            _ => return None,
        })
    };
    by_message().unwrap_or(found)
}

/// `POST /cometd/66.0`, with or without the name of a meta message behind it.
pub async fn cometd(call: &Call) -> Answer {
    if call.method != Method::POST {
        let text = "Only POST allowed";
        return Ok(Reply::typed(StatusCode::METHOD_NOT_ALLOWED, "text/plain;charset=UTF-8", text)
            .with(header::ALLOW, "POST"));
    }
    if call.body.len() > MAX_REQUEST {
        let text = Refusal::RequestTooLarge.to_string();
        return Ok(Reply::typed(StatusCode::PAYLOAD_TOO_LARGE, "text/plain;charset=UTF-8", text));
    }
    let messages = match Message::read(&call.body) {
        Ok(messages) => messages,
        Err(wrong) => {
            let text = Refusal::Malformed(format!("Bad request: {wrong}")).to_string();
            return Ok(Reply::typed(StatusCode::BAD_REQUEST, "text/plain;charset=UTF-8", text));
        }
    };
    let mut replies = Vec::new();
    let mut browser = None;
    for message in &messages {
        if message.channel() == HANDSHAKE {
            let (reply, cookie) = handshake::answer(call, message, version(call), user(call));
            replies.push(reply);
            browser = cookie.or(browser);
        } else {
            replies.extend(answer(call, message, messages.len() == 1).await);
        }
    }
    let mut reply = Reply::json(StatusCode::OK, format!("[{}]", replies.join(",")));
    for cookie in browser.iter().flat_map(|browser| cookies::set(browser, call.base.starts_with("https:"))) {
        reply = reply.with(header::SET_COOKIE, &cookie);
    }
    Ok(reply)
}

/// Every message but a handshake is one of a session.
async fn answer(call: &Call, message: &Message, alone: bool) -> Vec<String> {
    let client = match admit(call, message) {
        Ok(client) => client,
        Err(refusal) if message.channel() == CONNECT => return vec![connect_refused(message, &refusal)],
        Err(refusal) => {
            let subscriptions = message.subscriptions();
            return vec![plain(message, subscriptions.first().copied(), Err(&refusal))];
        }
    };
    match message.channel() {
        CONNECT => match message.connection_type() {
            None | Some("long-polling") => connect::answer(call, message, &client, alone).await,
            Some(kind) => vec![connect_refused(message, &Refusal::ConnectionType(kind.to_owned()))],
        },
        SUBSCRIBE => subscribe::subscribe(call, message, &client),
        UNSUBSCRIBE => subscribe::unsubscribe(message, &client),
        DISCONNECT => {
            call.tenant.streaming.remove(&client, End::Disconnected);
            vec![plain(message, None, Ok(()))]
        }
        "" => vec![plain(message, None, Err(&Refusal::ChannelNotSpecified))],
        // Clients cannot publish here.
        _ => vec![plain(message, None, Err(&Refusal::RestrictedChannel))],
    }
}

/// The session of a message, after everything that can be wrong with it: version, login, session, user, cookie.
fn admit(call: &Call, message: &Message) -> Result<std::sync::Arc<Client>, Refusal> {
    version(call)?;
    let user = user(call)?;
    let state = call.org().snapshot();
    let id = message.client_id().ok_or(Refusal::NoHandshake)?;
    let client = call.tenant.streaming.client(id, &state, call.org().clock().now())?;
    if client.user != user {
        return Err(Refusal::OtherUser);
    }
    let cookie = cookies::read(&call.headers, cookies::BROWSER);
    if state.streams().setup().cookies_required && cookie != Some(&client.browser) {
        return Err(Refusal::NoCookie(client.id.clone()));
    }
    Ok(client)
}

fn version(call: &Call) -> Result<u16, Refusal> {
    let mandatory = || Refusal::VersionMandatory(call.server.newest.0);
    let text = call.param("apiversion");
    let number = text.strip_suffix(".0").ok_or_else(mandatory)?;
    let number = number.parse::<u16>().map_err(|_| mandatory())?;
    let oldest = call.org().snapshot().streams().setup().oldest_version;
    if (oldest..=call.server.newest.0).contains(&number) {
        Ok(number)
    } else {
        Err(Refusal::VersionUnsupported)
    }
}

fn user(call: &Call) -> Result<Id, Refusal> {
    if call.header("authorization").is_none() {
        return Err(Refusal::AuthenticationRequired);
    }
    let session = call.session.as_ref().ok_or(Refusal::AuthenticationInvalid)?;
    access::session_allowed(&call.org().snapshot(), session).map_err(|_| Refusal::AuthenticationInvalid)?;
    Ok(session.user)
}
