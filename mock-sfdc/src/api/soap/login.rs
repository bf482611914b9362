//! `login()`: a session id for username, password and security token (`contract/soap.md` sections 3, 5 and 6).

use mock_sfdc_org::{
    access::{self, Door, LoginError, NewSession, SessionKind},
    error::Error,
    id::Id,
    state::State,
};

use super::{
    Api,
    answer::{self, Elements},
    arguments::Arguments,
    check,
    envelope::Request,
    user_info,
    wsdl::model,
};
use crate::{
    api::oauth::{login::home_of, person::Person},
    call::{Answer, ApiVersion, Call},
    orgs::Tenant,
};

/// Later versions have no `login`.
const LAST_WITH_LOGIN: ApiVersion = ApiVersion(64);

pub fn login(call: &Call) -> Answer {
    let api = Api::of(call);
    if call.version > LAST_WITH_LOGIN {
        return Err(Error::soap_login_not_available(&format!("{}.0", call.version.0)));
    }
    let Some(Ok(request)) = &call.envelope else { return Err(Error::bad_envelope("there is none")) };
    check::arguments(request)?;
    for header in &request.headers {
        // Those of other operations do nothing here.
        if model::find(&header.name).is_none_or(|known| !known.header) {
            return Err(Error::not_emulated(format_args!("the SOAP header {}", header.name)));
        }
        check::header(request, header)?;
    }
    let arguments = Arguments::of(request, &["username", "password"], "");
    let (username, password) = (arguments.text("username"), arguments.whole_text("password"));
    let tenant = home_of(call, username).ok_or_else(Error::invalid_login)?;
    let state = tenant.org.snapshot();
    in_scope(request, &state)?;
    let now = tenant.org.clock().now();
    let user = access::log_in(&state, username, password, Door::Api, now).map_err(refusal)?;
    access::may_come_from(&state, user, call.peer).map_err(refusal)?;
    access::api_allowed(&state, user)?;
    let new = NewSession::of(user, SessionKind::Soap);
    let token = tenant.in_transaction(user, |tx| access::open_session(tx, tenant.org.random(), new));
    let person = Person::find(&tenant, user).ok_or_else(Error::invalid_login)?;
    Ok(answer::xml(result(call, api, &tenant, &person, &token)))
}

/// `LoginScopeHeader`: users of portals say whose they are.
fn in_scope(request: &Request, state: &State) -> Result<(), Error> {
    let Some(scope) = request.header("LoginScopeHeader") else { return Ok(()) };
    if scope.said("portalId").is_some() {
        return Err(Error::not_emulated("logins of a portal"));
    }
    let own = |id: &str| Id::parse(id) == Some(state.settings().organization_id);
    if scope.said("organizationId").is_none_or(own) { Ok(()) } else { Err(Error::invalid_login()) }
}

/// One text for everything that the caller is not to know.
fn refusal(error: LoginError) -> Error {
    match error {
        LoginError::IpRestricted => Error::login_from_restricted_domain(),
        LoginError::Hours => Error::login_at_restricted_time(),
        LoginError::OrgSuspended => Error::org_locked(),
        LoginError::RateLimited
        | LoginError::WrongCredentials
        | LoginError::InactiveUser
        | LoginError::PasswordExpired
        | LoginError::Frozen
        | LoginError::Locked => Error::invalid_login(),
    }
}

/// All of `LoginResult`, in the order of the WSDL.
fn result(call: &Call, api: Api, tenant: &Tenant, person: &Person, token: &str) -> String {
    let state = tenant.org.snapshot();
    let settings = state.settings();
    let (version, org) = (call.version.0, settings.organization_id);
    let instance = call.instance_url(tenant);
    let server = |letter: char| format!("{instance}/services/Soap/{letter}/{version}.0/{}", org.short());
    let mut out = Elements::default();
    out.text("metadataServerUrl", &server('m'));
    out.flag("passwordExpired", access::password_expired(&state, person.id));
    out.flag("sandbox", settings.sandbox);
    out.text("serverUrl", &server(api.letter()));
    out.text("sessionId", token);
    out.text("userId", &person.id.to_string());
    out.around("userInfo", &user_info::elements(tenant, person, call.version));
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="{}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><loginResponse><result>{}</result></loginResponse></soapenv:Body></soapenv:Envelope>"#,
        api.namespace(),
        out.0
    )
}
