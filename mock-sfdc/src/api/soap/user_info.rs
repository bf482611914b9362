//! `GetUserInfoResult`, of a login and by itself (`contract/soap.md` section 3): all of it, in the order of the WSDL, for
//! clients of Salesforce's own library insist on it.

use super::answer::Elements;
use crate::{api::oauth::person::Person, call::ApiVersion, orgs::Tenant};

/// The first version that is known to have all of it (`wsdl/types.txt`).
const LATER: ApiVersion = ApiVersion(47);

#[must_use]
pub fn elements(tenant: &Tenant, person: &Person, version: ApiVersion) -> Elements {
    let state = tenant.org.snapshot();
    let settings = state.settings();
    let mut out = Elements::default();
    out.text("accessibilityMode", "false");
    if version >= LATER {
        out.text("chatterExternal", "false");
    }
    out.text("currencySymbol", symbol(&settings.currency));
    out.text("orgAttachmentFileSizeLimit", "5242880");
    out.text("orgDefaultCurrencyIsoCode", &settings.currency);
    if version >= LATER {
        out.text("orgDefaultCurrencyLocale", &settings.locale);
    }
    out.text("orgDisallowHtmlAttachments", "false");
    out.text("orgHasPersonAccounts", "false");
    out.text("organizationId", &settings.organization_id.to_string());
    out.text("organizationMultiCurrency", "false");
    out.text("organizationName", &settings.name);
    out.id("profileId", person.value("ProfileId").as_id());
    out.id("roleId", person.value("UserRoleId").as_id());
    out.text("sessionSecondsValid", &(u64::from(settings.session_minutes) * 60).to_string());
    out.id("userDefaultCurrencyIsoCode", None);
    out.text("userEmail", &person.text("Email").unwrap_or_default());
    out.text("userFullName", &person.name());
    out.text("userId", &person.id.to_string());
    out.text("userLanguage", &person.language());
    out.text("userLocale", &person.locale());
    out.text("userName", &person.text("Username").unwrap_or_default());
    out.text("userTimeZone", &person.time_zone());
    out.text("userType", &person.text("UserType").unwrap_or_else(|| "Standard".to_owned()));
    out.text("userUiSkin", "Theme3");
    out
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
