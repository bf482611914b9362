//! The device flow (`contract/oauth.md` section 4): how a device begins, and the page where a person enters its code.

use std::sync::Arc;

use http::{Method, StatusCode};
use mock_sfdc_org::{
    access::{self, DeviceRequest, OAuthError},
    id::Id,
};
use serde_json::json;

use super::{
    cookie,
    error::{Refusal, private, written},
    form::{Fields, Format},
    page::{self, Consent, Display},
    token::Asked,
};
use crate::{
    call::{Answer, Call},
    orgs::Tenant,
    reply::Reply,
};

const CONNECT: &str = "/setup/connect";

/// `response_type=device_code` at the token endpoint.
pub fn begin(asked: &Asked<'_>, format: Format) -> Result<Reply, Refusal> {
    asked.check_client(false)?;
    let scopes = asked.app.check_scope(asked.fields.get("scope"))?;
    let tenant = asked.tenant;
    let nobody = tenant.org.snapshot().settings().organization_id;
    let client_id = &asked.app.client_id;
    let codes =
        tenant.in_transaction(nobody, |tx| access::begin_device(tx, tenant.org.random(), client_id, scopes));
    let verification_uri = format!("{}{CONNECT}", asked.call.base);
    if format == Format::Json {
        let answer = json!({
            "device_code": codes.device_code,
            "user_code": codes.user_code,
            "verification_uri": verification_uri,
            "interval": access::POLL_SECONDS,
        });
        return Ok(private(Reply::json(StatusCode::OK, answer.to_string())));
    }
    let interval = access::POLL_SECONDS.to_string();
    let pairs = [
        ("device_code", codes.device_code.as_str()),
        ("user_code", &codes.user_code),
        ("verification_uri", &verification_uri),
        ("interval", &interval),
    ];
    Ok(written(StatusCode::OK, format, &pairs))
}

/// `/setup/connect`: log in, enter the code, allow or deny.
pub fn connect(call: &Call) -> Answer {
    let fields = Fields::of(call);
    let code = fields.get("user_code").unwrap_or_default();
    let Some((tenant, session)) = cookie::session(call) else {
        let state = call.org().snapshot();
        let start = match code {
            "" => CONNECT.to_owned(),
            code => format!("{CONNECT}?user_code={code}"),
        };
        return Ok(page::log_in(Display::Page, &state.settings().name, "", &start, None));
    };
    let state = tenant.org.snapshot();
    let org = &state.settings().name;
    if code.is_empty() {
        return Ok(page::enter_code(org, None));
    }
    let Some(device) = access::device_request(&state, code, tenant.org.clock().now()) else {
        return Ok(page::enter_code(
            org,
            Some("This code is not valid. Check it, or let the device begin again."),
        ));
    };
    let allows = fields.get("save").is_some();
    if call.method == Method::POST && (allows || fields.get("cancel").is_some()) {
        return Ok(decide(&tenant, session.user, &device, code, allows));
    }
    let app = state.access().app(&device.client_id);
    let consent = Consent {
        display: Display::Page,
        org,
        app: app.map_or("", |app| app.name.as_str()),
        username: state.access().login_of(session.user).map_or("", |login| login.username.as_str()),
        scopes: device.scopes,
        action: CONNECT,
        hidden: ("user_code", code),
    };
    Ok(page::consent(&consent))
}

fn decide(tenant: &Arc<Tenant>, user: Id, device: &DeviceRequest, code: &str, allows: bool) -> Reply {
    let state = tenant.org.snapshot();
    let app = state.access().app(&device.client_id);
    let checked = app.ok_or(OAuthError::ClientIdInvalid).and_then(|app| app.check_user(&state, user));
    if let Err(refusal) = checked {
        return page::refusal(&refusal.into());
    }
    tenant.in_transaction(user, |tx| access::decide_device(tx, code, user, allows));
    if allows {
        page::said("Connected", "The device may go on; you may close this window.")
    } else {
        page::said("Denied", "The device was told that you denied access.")
    }
}
