//! `login()`: a session id for username, password and security token (`contract/soap.md` sections 3, 5 and 6).

use mock_sfdc_org::{
    access::{self, Door, LoginError, NewSession, SessionKind},
    error::Error,
};

use super::{
    Api,
    answer::{self, Elements},
    envelope::Request,
};
use crate::{
    api::oauth::{login::home_of, person::Person},
    call::{Answer, ApiVersion, Call},
    orgs::Tenant,
};

/// Later versions have no `login`.
const LAST_WITH_LOGIN: ApiVersion = ApiVersion(64);

pub fn login(call: &Call, api: Api, version: ApiVersion, request: &Request) -> Answer {
    if version > LAST_WITH_LOGIN {
        return Err(Error::soap_login_not_available(&format!("{}.0", version.0)));
    }
    let username = request.argument("username");
    let tenant = home_of(call, username).ok_or_else(Error::invalid_login)?;
    let state = tenant.org.snapshot();
    let user =
        access::log_in(&state, username, request.argument("password"), Door::Api, tenant.org.clock().now())
            .map_err(refusal)?;
    access::api_allowed(&state, user)?;
    let new = NewSession::of(user, SessionKind::Soap);
    let token = tenant.in_transaction(user, |tx| access::open_session(tx, tenant.org.random(), new));
    let person = Person::find(&tenant, user).ok_or_else(Error::invalid_login)?;
    let text = result(call, api, version, &tenant, &person, &token);
    Ok(answer::xml(text))
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
        | LoginError::Frozen
        | LoginError::Locked => Error::invalid_login(),
    }
}

/// All of `LoginResult`, in the order of the WSDL; clients of Salesforce's own library insist on it.
fn result(
    call: &Call,
    api: Api,
    version: ApiVersion,
    tenant: &Tenant,
    person: &Person,
    token: &str,
) -> String {
    let state = tenant.org.snapshot();
    let settings = state.settings();
    let org = settings.organization_id;
    let instance = call.instance_url(tenant);
    let server = |letter: char| format!("{instance}/services/Soap/{letter}/{}.0/{}", version.0, org.short());
    let mut inner = Elements::default();
    inner.text("accessibilityMode", "false");
    inner.text("chatterExternal", "false");
    inner.text("currencySymbol", symbol(&settings.currency));
    inner.text("orgAttachmentFileSizeLimit", "5242880");
    inner.text("orgDefaultCurrencyIsoCode", &settings.currency);
    inner.text("orgDefaultCurrencyLocale", &settings.locale);
    inner.text("orgDisallowHtmlAttachments", "false");
    inner.text("orgHasPersonAccounts", "false");
    inner.text("organizationId", &org.to_string());
    inner.text("organizationMultiCurrency", "false");
    inner.text("organizationName", &settings.name);
    inner.id("profileId", person.value("ProfileId").as_id());
    inner.id("roleId", person.value("UserRoleId").as_id());
    inner.text("sessionSecondsValid", &(u64::from(settings.session_minutes) * 60).to_string());
    inner.id("userDefaultCurrencyIsoCode", None);
    inner.text("userEmail", &person.text("Email").unwrap_or_default());
    inner.text("userFullName", &person.name());
    inner.text("userId", &person.id.to_string());
    inner.text("userLanguage", &person.language());
    inner.text("userLocale", &person.locale());
    inner.text("userName", &person.text("Username").unwrap_or_default());
    inner.text("userTimeZone", &person.time_zone());
    inner.text("userType", &person.text("UserType").unwrap_or_else(|| "Standard".to_owned()));
    inner.text("userUiSkin", "Theme3");

    let mut outer = Elements::default();
    outer.text("metadataServerUrl", &server('m'));
    outer.text("passwordExpired", "false");
    outer.text("sandbox", if settings.sandbox { "true" } else { "false" });
    outer.text("serverUrl", &server(api.letter()));
    outer.text("sessionId", token);
    outer.text("userId", &person.id.to_string());
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="{}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><loginResponse><result>{}<userInfo>{}</userInfo></result></loginResponse></soapenv:Body></soapenv:Envelope>"#,
        api.namespace(),
        outer.0,
        inner.0
    )
}

fn symbol(currency: &str) -> &str {
    match currency {
        "USD" => "$",
        "EUR" => "€",
        "GBP" => "£",
        "JPY" => "¥",
        code => code,
    }
}
