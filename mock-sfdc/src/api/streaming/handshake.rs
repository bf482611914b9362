//! `/meta/handshake`: a session begins.

use mock_sfdc_org::{id::Id, streaming::Refusal};

use super::{
    clients::Client,
    cookies,
    message::Message,
    replies::{handshake, handshake_denied, handshake_refused},
};
use crate::call::Call;

/// Characters of a client id; recorded ones have 24 to 30, of lower case and digits.
const CLIENT_ID: usize = 28;

/// The reply, and the value of the cookies that go with it.
pub fn answer(
    call: &Call,
    message: &Message,
    version: Result<u16, Refusal>,
    user: Result<Id, Refusal>,
) -> (String, Option<String>) {
    let version = match version.and_then(|version| long_polling(message).map(|()| version)) {
        Ok(version) => version,
        Err(refusal) => return (handshake_refused(message, &refusal), None),
    };
    match user.and_then(|user| begin(call, user, version)) {
        Ok((client, browser)) => (handshake(message, &client), Some(browser)),
        Err(reason) => (handshake_denied(message, &reason), None),
    }
}

fn long_polling(message: &Message) -> Result<(), Refusal> {
    match message.connection_types() {
        Some(types) if !types.contains(&"long-polling") => Err(Refusal::ConnectionType(types.join(","))),
        _ => Ok(()),
    }
}

fn begin(call: &Call, user: Id, version: u16) -> Result<(String, String), Refusal> {
    let state = call.org().snapshot();
    let now = call.org().clock().now();
    if !state.settings().streaming_enabled {
        return Err(Refusal::StreamingDisabled);
    }
    let id = call.org().random().text(CLIENT_ID).to_ascii_lowercase();
    let plain = |known: &&str| known.len() <= 64 && known.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let known = cookies::read(&call.headers, cookies::BROWSER).filter(plain);
    let browser = known.map_or_else(|| call.org().random().text(24).to_ascii_lowercase(), str::to_owned);
    let client = Client::new(id.clone(), user, version, browser.clone(), &state, now);
    call.tenant.streaming.admit(client, &state, now)?;
    Ok((id, browser))
}
