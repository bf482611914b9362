//! The device flow (`contract/oauth.md` section 4): a device shows a code, a person enters it in a browser, and the device
//! polls until that has happened.

use compact_str::CompactString;

use super::{
    ConnectedApp, OAuthError, Scopes, Tokens,
    grant::{approve, issue_tokens},
    token::{self, TokenKind},
};
use crate::{
    id::Id,
    org::Random,
    state::{State, Transaction},
    value::DateTime,
};

/// So long a device may wait. Ten minutes, as the Salesforce CLI tells its users.
pub const DEVICE_LIFETIME_MILLIS: i64 = 10 * 60_000;
/// No two polls may be closer.
pub const POLL_SECONDS: u32 = 5;
const USER_CODE: usize = 8;

/// What a device is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceCodes {
    pub device_code: String,
    pub user_code: String,
}

/// What a person is asked for a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceRequest {
    pub client_id: CompactString,
    pub scopes: Scopes,
}

#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub(super) struct Device {
    client_id: CompactString,
    scopes: Scopes,
    user_code: CompactString,
    issued_at: DateTime,
    polled_at: Option<DateTime>,
    decision: Decision,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
enum Decision {
    Open,
    Approved(Id),
    Denied,
}

impl Device {
    fn is_over(&self, now: DateTime) -> bool {
        now.millis() - self.issued_at.millis() >= DEVICE_LIFETIME_MILLIS
    }
}

/// Begins the flow.
pub fn begin_device(tx: &mut Transaction, random: &Random, client_id: &str, scopes: Scopes) -> DeviceCodes {
    let now = tx.now();
    let opaque = TokenKind::Device.opaque(random);
    let user_code = random.text(USER_CODE).to_uppercase();
    let device_code = TokenKind::Device.compose(tx.state().settings().organization_id, &opaque);
    let devices = &mut tx.access_mut().devices;
    // One that is over is told from one that never was, for a while.
    devices.retain(|_, device| now.millis() - device.issued_at.millis() < 24 * 3_600_000);
    let device = Device {
        client_id: client_id.into(),
        scopes,
        user_code: user_code.as_str().into(),
        issued_at: now,
        polled_at: None,
        decision: Decision::Open,
    };
    devices.insert(opaque, device);
    DeviceCodes { device_code, user_code }
}

/// What waits behind a code that a person has entered, in any spelling.
#[must_use]
pub fn device_request(state: &State, user_code: &str, now: DateTime) -> Option<DeviceRequest> {
    let code = user_code.trim().to_uppercase();
    let waits = |device: &&Device| {
        device.user_code == code && device.decision == Decision::Open && !device.is_over(now)
    };
    let device = state.access().devices.values().find(waits)?;
    Some(DeviceRequest { client_id: device.client_id.clone(), scopes: device.scopes })
}

/// A person allows or denies; whether something waited.
pub fn decide_device(tx: &mut Transaction, user_code: &str, user: Id, allowed: bool) -> bool {
    let now = tx.now();
    let Some(request) = device_request(tx.state(), user_code, now) else { return false };
    if allowed {
        approve(tx, user, &request.client_id, request.scopes);
    }
    let code = user_code.trim().to_uppercase();
    let decision = if allowed { Decision::Approved(user) } else { Decision::Denied };
    for (_, device) in tx.access_mut().devices.iter_mut().filter(|(_, device)| device.user_code == code) {
        device.decision = decision;
    }
    true
}

/// The device asks. Commit the refusal too: it notes when it came.
pub fn poll_device(
    tx: &mut Transaction,
    random: &Random,
    app: &ConnectedApp,
    device_code: &str,
) -> Result<Tokens, OAuthError> {
    let now = tx.now();
    let org = tx.state().settings().organization_id;
    let opaque =
        token::opaque_of(device_code, TokenKind::Device, org).ok_or(OAuthError::DeviceCodeInvalid)?;
    let devices = &mut tx.access_mut().devices;
    let device = devices.get_mut(opaque).filter(|device| device.client_id == app.client_id);
    let device = device.ok_or(OAuthError::DeviceCodeInvalid)?;
    if device.is_over(now) {
        return Err(OAuthError::DeviceCodeExpired);
    }
    let scopes = device.scopes;
    match device.decision {
        Decision::Denied => Err(OAuthError::AccessDenied),
        Decision::Open => {
            let last = device.polled_at.replace(now);
            let patience = i64::from(POLL_SECONDS) * 1_000;
            let hasty = last.is_some_and(|last| now.millis() - last.millis() < patience);
            Err(if hasty { OAuthError::SlowDown } else { OAuthError::AuthorizationPending })
        }
        Decision::Approved(user) => {
            devices.remove(opaque);
            issue_tokens(tx, random, app, user, scopes, scopes.offline())
        }
    }
}
