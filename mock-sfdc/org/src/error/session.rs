//! Errors of sessions, limits and routing (`contract/errors.md` section 5).

use std::fmt;

use super::{Error, ErrorCode};

impl Error {
    #[must_use]
    pub fn session_invalid() -> Self {
        Self::plain(ErrorCode::InvalidSessionId, "Session expired or invalid")
    }

    /// A session that is alive, but whose scopes do not include the API.
    #[must_use]
    pub fn session_not_for_rest() -> Self {
        Self::plain(ErrorCode::InvalidSessionId, "This session is not valid for use with the REST API")
    }

    /// The same to SOAP and to Bulk API 1.0.
    #[must_use]
    pub fn session_not_for_api() -> Self {
        Self::plain(ErrorCode::InvalidSessionId, "This session is not valid for use with the API")
    }

    /// The edition has no API (`contract/behaviour.md` section 9).
    #[must_use]
    pub fn api_disabled_for_org() -> Self {
        Self::plain(ErrorCode::ApiDisabledForOrg, "The REST API is not enabled for this Organization.")
    }

    /// The user has no API Enabled permission.
    #[must_use]
    pub fn api_disabled_for_user() -> Self {
        Self::plain(ErrorCode::ApiCurrentlyDisabled, "API is disabled for this User")
    }

    /// SOAP `login()`, and it does not say why (`contract/soap.md` section 5).
    #[must_use]
    pub fn invalid_login() -> Self {
        Self::plain(
            ErrorCode::InvalidLogin,
            "Invalid username, password, security token; or user locked out.",
        )
    }

    #[must_use]
    pub fn login_from_restricted_domain() -> Self {
        Self::plain(ErrorCode::LoginDuringRestrictedDomain, "cannot login from current domain")
    }

    /// The profile's login hours.
    #[must_use]
    pub fn login_at_restricted_time() -> Self {
        Self::plain(ErrorCode::LoginDuringRestrictedTime, "cannot login at this time")
    }

    #[must_use]
    pub fn org_locked() -> Self {
        Self::plain(ErrorCode::OrgLocked, "org is locked, closed, or suspended")
    }

    #[must_use]
    pub fn unsupported_api_version(version: &str) -> Self {
        let message =
            format!("Invalid Api version specified on URL: {version:?}; supported are 31.0 and later");
        Self::plain(ErrorCode::UnsupportedApiVersion, message)
    }

    #[must_use]
    pub fn auth_header_invalid() -> Self {
        Self::plain(ErrorCode::InvalidAuthHeader, "INVALID_HEADER_TYPE")
    }

    #[must_use]
    pub fn resource_not_found() -> Self {
        Self::routing(ErrorCode::NotFound, "The requested resource does not exist")
    }

    #[must_use]
    pub fn method_not_allowed(method: &str, allowed: &str) -> Self {
        let message = format!("HTTP Method '{method}' not allowed. Allowed are {allowed}");
        Self::routing(ErrorCode::MethodNotAllowed, message)
    }

    #[must_use]
    pub fn external_id_field_not_found(field: &str) -> Self {
        let message = format!("Provided external ID field does not exist or is not accessible: {field}");
        Self::plain(ErrorCode::NotFound, message)
    }

    #[must_use]
    pub fn unknown_object(name: &str) -> Self {
        Self::plain(
            ErrorCode::InvalidType,
            format!(
                "sObject type '{name}' is not supported. If you are attempting to use a custom object, be sure to append the \
                 '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names."
            ),
        )
    }

    #[must_use]
    pub fn no_query_string() -> Self {
        Self::plain(ErrorCode::MalformedQuery, "A query string has to be specified")
    }

    #[must_use]
    pub fn empty_query() -> Self {
        Self::plain(ErrorCode::MalformedQuery, "SOQL statements cannot be empty or null")
    }

    /// A parameter or a member that a resource cannot do without. The words are ours.
    #[must_use]
    pub fn parameter_missing(name: &str) -> Self {
        Self::plain(ErrorCode::MissingArgument, format!("{name} is required"))
    }

    #[must_use]
    pub fn not_a_number(name: &str, found: &str) -> Self {
        Self::plain(ErrorCode::InvalidInput, format!("{name} takes a number, not {found:?}"))
    }

    #[must_use]
    pub fn invalid_query_locator() -> Self {
        Self::plain(ErrorCode::InvalidQueryLocator, "invalid query locator")
    }

    #[must_use]
    pub fn invalid_batch_size(found: &str) -> Self {
        Self::plain(
            ErrorCode::InvalidBatchSize,
            format!("Sforce-Query-Options takes batchSize=N with N from 200 to 2000, not {found:?}"),
        )
    }

    /// A fault of this mock itself: it should never be seen.
    #[must_use]
    pub fn unknown_exception(what: &str) -> Self {
        Self::plain(ErrorCode::UnknownException, format!("An unexpected error occurred in mock-sfdc: {what}"))
    }

    #[must_use]
    pub fn request_limit_exceeded() -> Self {
        Self::plain(ErrorCode::RequestLimitExceeded, "TotalRequests Limit exceeded.")
    }

    /// Too many requests of 20 seconds and more run at the same time. `ConcurrentPerOrgLongTxn` is another limit, that of long
    /// Apex.
    #[must_use]
    pub fn long_request_limit_exceeded() -> Self {
        Self::plain(
            ErrorCode::RequestLimitExceeded,
            "ConcurrentRequests (Concurrent API Requests) Limit exceeded.",
        )
    }

    #[must_use]
    pub fn version_retired(version: &str) -> Self {
        Self::plain(
            ErrorCode::Gone,
            format!("API version {version} is retired. Versions 31.0 and later are supported."),
        )
    }

    /// This mock's own refusal: the thing exists in Salesforce and is not emulated here. Documented in `docs/FIDELITY.md`.
    #[must_use]
    pub fn not_emulated(what: impl fmt::Display) -> Self {
        Self::plain(
            ErrorCode::FunctionalityNotEnabled,
            format!("mock-sfdc does not emulate {what}; see docs/FIDELITY.md for what it does"),
        )
    }

    /// A member of `Sforce-Duplicate-Rule-Header` that nobody knows, or a value that is neither true nor false. The words are ours.
    #[must_use]
    pub fn bad_duplicate_rule_header(part: &str) -> Self {
        Self::plain(
            ErrorCode::InvalidInput,
            format!(
                "Sforce-Duplicate-Rule-Header: {part:?} is none of allowSave, includeRecordDetails, runAsCurrentUser with true or false"
            ),
        )
    }
}
