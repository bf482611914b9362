//! Who calls: the session id of `Authorization: Bearer` or `OAuth`, that of SOAP's `SessionHeader`, that of `X-SFDC-Session`, which
//! Bulk API 1.0 has instead, or the control token (`contract/rest.md` section 1).

use mock_sfdc_org::{
    access,
    error::{Error, ErrorCode, Result},
};

use subtle::ConstantTimeEq;

use crate::{
    api::soap,
    call::{Call, Session},
    header,
    operation::{Access, Face},
};

pub fn check(call: &mut Call) -> Result<()> {
    if call.operation.access == Access::ControlToken {
        control_token(call)?;
    } else if call.operation.face == Face::Bulk {
        let found = call
            .header(&header::SESSION)
            .and_then(|token| call.tenant.session_at(call.at, token.trim(), call.peer));
        let session = found.ok_or_else(Error::bulk_session_invalid)?;
        admit(call, &session)?;
        call.session = Some(session);
    } else if call.operation.access == Access::Session {
        let token = match call.operation.face {
            Face::Soap => soap::session_id(call),
            _ => authorization(call)?,
        };
        let session = token
            .and_then(|token| call.tenant.session_at(call.at, token, call.peer))
            .ok_or_else(|| unknown(call))?;
        admit(call, &session)?;
        call.session = Some(session);
    } else if call.operation.face == Face::Streaming {
        // Bayeux answers a missing login in its own way, so it is only looked up here.
        let token = call.header(header::AUTHORIZATION).and_then(token);
        call.session = token.and_then(|token| call.tenant.session_at(call.at, token, call.peer));
    }
    Ok(())
}

/// What whoever has an expired password may still do.
const WITH_EXPIRED_PASSWORD: [&str; 5] = [
    "soap.changeOwnPassword",
    "soap.getServerTimestamp",
    "soap.getUserInfo",
    "soap.logout",
    "soap.setPassword",
];

/// Whether a session may call here. Faces that are not REST say in other words that it may not.
fn admit(call: &Call, session: &Session) -> Result<()> {
    if WITH_EXPIRED_PASSWORD.contains(&call.operation.name) && session.scopes.reach_api() {
        return access::api_allowed(&call.org().snapshot(), session.user);
    }
    if !session.scopes.reach_api() && matches!(call.operation.face, Face::Soap | Face::Bulk) {
        return Err(Error::session_not_for_api());
    }
    access::session_allowed(&call.org().snapshot(), session)
}

/// What whoever has no session is told.
pub(crate) fn unknown(call: &Call) -> Error {
    match call.operation.face {
        Face::Soap => Error::soap_session_invalid(),
        _ => Error::session_invalid(),
    }
}

fn control_token(call: &Call) -> Result<()> {
    let given = call
        .header("x-mock-token")
        .or_else(|| token(call.header(header::AUTHORIZATION)?))
        .unwrap_or_default();
    if bool::from(given.as_bytes().ct_eq(call.server.control_token.as_bytes())) {
        return Ok(());
    }
    let message =
        "the control API wants its token as X-Mock-Token or Bearer; the server printed it when it started";
    Err(Error::plain(ErrorCode::InvalidSessionId, message))
}

/// The token of the header, if there is one; another scheme is an error of its own.
fn authorization(call: &Call) -> Result<Option<&str>> {
    let Some(header) = call.header(header::AUTHORIZATION) else { return Ok(None) };
    token(header).map(Some).ok_or_else(Error::auth_header_invalid)
}

/// The token behind a scheme that Salesforce knows.
#[must_use]
pub fn token(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    let known = scheme.eq_ignore_ascii_case("Bearer") || scheme.eq_ignore_ascii_case("OAuth");
    known.then(|| token.trim())
}
