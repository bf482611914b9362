//! Every error that Salesforce answers with: its code, its HTTP status, its form in SOAP and what a client may do about it,
//! once, and every message text, once (`contract/errors.md`). Raise sites call a named constructor; faces own the renderers.

use std::fmt;

use crate::id::Id;

/// What a client is meant to do after an error (`contract/errors.md` section 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// The request is wrong: it will be refused again.
    Never,
    /// The same request may succeed a little later.
    Backoff,
    /// With a fresh access token it may succeed at once.
    RefreshToken,
    /// Nothing succeeds before the limit's window has passed.
    UntilReset,
}

/// How SOAP reports an error: as the status of one record, or as a fault of this detail type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Soap {
    Status,
    Fault(&'static str),
}

macro_rules! codes {
    ($($variant:ident $text:literal $status:literal $soap:expr, $retry:ident;)*) => {
        /// Salesforce's error codes, as far as this org raises them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ErrorCode { $($variant),* }

        impl ErrorCode {
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// As it stands on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }

            /// The status of a REST answer that carries it.
            #[must_use]
            pub const fn http_status(self) -> u16 {
                match self { $(Self::$variant => $status),* }
            }

            #[must_use]
            pub const fn soap(self) -> Soap {
                match self { $(Self::$variant => $soap),* }
            }

            #[must_use]
            pub const fn retry(self) -> Retry {
                match self { $(Self::$variant => Retry::$retry),* }
            }

            /// Finds a code by its text: faults are configured by it.
            #[must_use]
            pub fn find(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.as_str() == text)
            }
        }
    };
}

const API: Soap = Soap::Fault("ApiFault");
const LOGIN: Soap = Soap::Fault("LoginFault");
const QUERY: Soap = Soap::Fault("MalformedQueryFault");
const UNEXPECTED: Soap = Soap::Fault("UnexpectedErrorFault");

codes! {
    // variant                    code                                    HTTP  SOAP                             retry
    AllOrNoneOperationRolledBack  "ALL_OR_NONE_OPERATION_ROLLED_BACK"      400 Soap::Status,                     Never;
    ApiCurrentlyDisabled          "API_CURRENTLY_DISABLED"                 403 UNEXPECTED,                       Never;
    ApiDisabledForOrg             "API_DISABLED_FOR_ORG"                   403 UNEXPECTED,                       Never;
    BatchProcessingHalted         "BATCH_PROCESSING_HALTED"                412 API,                              Never;
    CannotUpdateConvertedLead     "CANNOT_UPDATE_CONVERTED_LEAD"           400 Soap::Status,                     Never;
    DeleteFailed                  "DELETE_FAILED"                          400 Soap::Status,                     Never;
    DuplicateExternalId           "DUPLICATE_EXTERNAL_ID"                  400 Soap::Status,                     Never;
    DuplicateValue                "DUPLICATE_VALUE"                        400 Soap::Status,                     Never;
    DuplicatesDetected            "DUPLICATES_DETECTED"                    400 Soap::Status,                     Never;
    EntityIsDeleted               "ENTITY_IS_DELETED"                      400 Soap::Status,                     Never;
    ExceededIdLimit               "EXCEEDED_ID_LIMIT"                      400 API,                              Never;
    FieldCustomValidation         "FIELD_CUSTOM_VALIDATION_EXCEPTION"      400 Soap::Status,                     Never;
    FieldFilterValidation         "FIELD_FILTER_VALIDATION_EXCEPTION"      400 Soap::Status,                     Never;
    FieldIntegrity                "FIELD_INTEGRITY_EXCEPTION"              400 Soap::Status,                     Never;
    FunctionalityNotEnabled       "FUNCTIONALITY_NOT_ENABLED"              403 API,                              Never;
    Gone                          "GONE"                                   410 UNEXPECTED,                       Never;
    InactiveOwnerOrUser           "INACTIVE_OWNER_OR_USER"                 400 Soap::Status,                     Never;
    InsufficientAccess            "INSUFFICIENT_ACCESS"                    403 API,                              Never;
    InsufficientAccessOnCrossReference "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY" 400 Soap::Status,         Never;
    InsufficientAccessOrReadonly  "INSUFFICIENT_ACCESS_OR_READONLY"        403 Soap::Status,                     Never;
    InvalidAssignmentRule         "INVALID_ASSIGNMENT_RULE"                400 API,                              Never;
    InvalidAuthHeader             "INVALID_AUTH_HEADER"                    401 UNEXPECTED,                       RefreshToken;
    InvalidBatchSize              "INVALID_BATCH_SIZE"                     400 API,                              Never;
    InvalidCrossReferenceKey      "INVALID_CROSS_REFERENCE_KEY"            400 Soap::Status,                     Never;
    InvalidEmailAddress           "INVALID_EMAIL_ADDRESS"                  400 Soap::Status,                     Never;
    InvalidField                  "INVALID_FIELD"                          400 Soap::Fault("InvalidFieldFault"), Never;
    InvalidFieldForInsertUpdate   "INVALID_FIELD_FOR_INSERT_UPDATE"        400 Soap::Status,                     Never;
    InvalidInput                  "INVALID_INPUT"                          400 API,                              Never;
    InvalidLogin               "INVALID_LOGIN"                         400 LOGIN,                           Never;
    InvalidOperation              "INVALID_OPERATION"                      400 API,                              Never;
    InvalidOrNullForRestrictedPicklist "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST" 400 Soap::Status,               Never;
    InvalidQueryFilterOperator    "INVALID_QUERY_FILTER_OPERATOR"          400 Soap::Fault("InvalidFieldFault"), Never;
    InvalidQueryLocator           "INVALID_QUERY_LOCATOR"                  400 Soap::Fault("InvalidQueryLocatorFault"), Never;
    InvalidQueryScope             "INVALID_QUERY_SCOPE"                    400 API,                              Never;
    InvalidReplicationDate        "INVALID_REPLICATION_DATE"               400 API,                              Never;
    InvalidSearch                 "INVALID_SEARCH"                         400 API,                              Never;
    InvalidSessionId              "INVALID_SESSION_ID"                     401 UNEXPECTED,                       RefreshToken;
    InvalidType                   "INVALID_TYPE"                           400 Soap::Fault("InvalidSObjectFault"), Never;
    InvalidTypeForOperation       "INVALID_TYPE_FOR_OPERATION"             400 API,                              Never;
    InvalidTypeOnFieldInRecord    "INVALID_TYPE_ON_FIELD_IN_RECORD"        400 Soap::Status,                     Never;
    JsonParserError               "JSON_PARSER_ERROR"                      400 API,                              Never;
    LimitExceeded                 "LIMIT_EXCEEDED"                         400 API,                              Never;
    LoginDuringRestrictedDomain "LOGIN_DURING_RESTRICTED_DOMAIN"        403 LOGIN,                           Never;
    MalformedId                   "MALFORMED_ID"                           400 Soap::Fault("InvalidIdFault"),    Never;
    MalformedQuery                "MALFORMED_QUERY"                        400 QUERY,                            Never;
    MalformedSearch               "MALFORMED_SEARCH"                       400 Soap::Fault("MalformedSearchFault"), Never;
    MethodNotAllowed              "METHOD_NOT_ALLOWED"                     405 API,                              Never;
    MissingArgument               "MISSING_ARGUMENT"                       400 Soap::Status,                     Never;
    NotAcceptable                 "NOT_ACCEPTABLE"                         406 API,                              Never;
    NotFound                      "NOT_FOUND"                              404 API,                              Never;
    NumberOutsideValidRange       "NUMBER_OUTSIDE_VALID_RANGE"             400 Soap::Status,                     Never;
    OrgLocked                  "ORG_LOCKED"                            403 LOGIN,                           Never;
    ProcessingHalted              "PROCESSING_HALTED"                      400 Soap::Status,                     Never;
    QueryTimeout                  "QUERY_TIMEOUT"                          400 API,                              Backoff;
    QueryTooComplicated           "QUERY_TOO_COMPLICATED"                  400 API,                              Never;
    RequestLimitExceeded          "REQUEST_LIMIT_EXCEEDED"                 403 API,                              UntilReset;
    RequestRunningTooLong         "REQUEST_RUNNING_TOO_LONG"               400 API,                              Backoff;
    RequiredFieldMissing          "REQUIRED_FIELD_MISSING"                 400 Soap::Status,                     Never;
    ServerUnavailable             "SERVER_UNAVAILABLE"                     503 UNEXPECTED,                       Backoff;
    StringTooLong                 "STRING_TOO_LONG"                        400 Soap::Status,                     Never;
    UndeleteFailed                "UNDELETE_FAILED"                        400 Soap::Status,                     Never;
    UnableToLockRow               "UNABLE_TO_LOCK_ROW"                     400 Soap::Status,                     Backoff;
    UnknownException              "UNKNOWN_EXCEPTION"                      500 UNEXPECTED,                       Backoff;
    UnsupportedApiVersion      "UNSUPPORTED_API_VERSION"               400 UNEXPECTED,                      Never;
    UnsupportedMediaType          "UNSUPPORTED_MEDIA_TYPE"                 415 API,                              Never;
}

/// One error, before any face has given it bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    pub code: ErrorCode,
    pub message: String,
    /// `None`: the answer has no `fields` key. Errors of a save always have one, if only an empty list.
    pub fields: Option<Vec<String>>,
    /// Errors of routing print their code before their message.
    pub routing: bool,
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.message)
    }
}

impl std::error::Error for Error {}

/// The three shapes: with a list of fields, without, and of routing.
impl Error {
    #[must_use]
    pub fn plain(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), fields: None, routing: false }
    }

    #[must_use]
    pub fn on_fields<F: Into<String>>(
        code: ErrorCode,
        message: impl Into<String>,
        fields: impl IntoIterator<Item = F>,
    ) -> Self {
        Self {
            code,
            message: message.into(),
            fields: Some(fields.into_iter().map(Into::into).collect()),
            routing: false,
        }
    }

    fn record(code: ErrorCode, message: impl Into<String>) -> Self {
        Self::on_fields(code, message, [] as [&str; 0])
    }

    fn routing(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { routing: true, ..Self::plain(code, message) }
    }
}

/// Errors of a save (`contract/errors.md` section 4). `label` is what the message names, `field` what `fields` lists.
impl Error {
    #[must_use]
    pub fn no_such_column_on(field: &str, object: &str) -> Self {
        Self::plain(ErrorCode::InvalidField, format!("No such column '{field}' on sobject of type {object}"))
    }

    #[must_use]
    pub fn required_fields_missing(fields: &[&str]) -> Self {
        let message = format!("Required fields are missing: [{}]", fields.join(", "));
        Self::on_fields(ErrorCode::RequiredFieldMissing, message, fields.iter().copied())
    }

    #[must_use]
    pub fn bad_restricted_picklist(label: &str, field: &str, value: &str) -> Self {
        let message = format!("{label}: bad value for restricted picklist field: {value}");
        Self::on_fields(ErrorCode::InvalidOrNullForRestrictedPicklist, message, [field])
    }

    #[must_use]
    pub fn string_too_long(label: &str, field: &str, value: &str, max: u32) -> Self {
        let message = format!("{label}: data value too large: {value} (max length={max})");
        Self::on_fields(ErrorCode::StringTooLong, message, [field])
    }

    #[must_use]
    pub fn invalid_email(label: &str, field: &str, value: &str) -> Self {
        let message = format!("{label}: invalid email address: {value}");
        Self::on_fields(ErrorCode::InvalidEmailAddress, message, [field])
    }

    #[must_use]
    pub fn number_outside_range(label: &str, field: &str, value: &str) -> Self {
        let message = format!("{label}: value outside of valid range on numeric field: {value}");
        Self::on_fields(ErrorCode::NumberOutsideValidRange, message, [field])
    }

    #[must_use]
    pub fn value_not_of_type(label: &str, field: &str, value: &str) -> Self {
        let message = format!("{label}: value not of required type: {value}");
        Self::on_fields(ErrorCode::InvalidTypeOnFieldInRecord, message, [field])
    }

    /// A reference field whose text is no id, or the id of another object.
    #[must_use]
    pub fn malformed_reference(label: &str, field: &str, value: &str) -> Self {
        let message = format!("{label}: id value of incorrect type: {value}");
        Self::on_fields(ErrorCode::MalformedId, message, [field])
    }

    #[must_use]
    pub fn malformed_record_id(value: &str) -> Self {
        Self::on_fields(
            ErrorCode::MalformedId,
            format!("Record ID: id value of incorrect type: {value}"),
            ["Id"],
        )
    }

    #[must_use]
    pub fn duplicate_value(field: &str, other: Id) -> Self {
        let message =
            format!("duplicate value found: {field} duplicates value on record with id: {}", other.short());
        Self::record(ErrorCode::DuplicateValue, message)
    }

    #[must_use]
    pub fn invalid_cross_reference() -> Self {
        Self::record(ErrorCode::InvalidCrossReferenceKey, "invalid cross reference id")
    }

    #[must_use]
    pub fn entity_is_deleted() -> Self {
        Self::record(ErrorCode::EntityIsDeleted, "entity is deleted")
    }

    #[must_use]
    pub fn not_writeable(fields: &[&str]) -> Self {
        let message = format!(
            "Unable to create/update fields: {}. Please check the security settings of this field and verify that it is \
             read/write for your profile or permission set.",
            fields.join(", ")
        );
        Self::on_fields(ErrorCode::InvalidFieldForInsertUpdate, message, fields.iter().copied())
    }

    #[must_use]
    pub fn converted_lead() -> Self {
        Self::record(ErrorCode::CannotUpdateConvertedLead, "cannot reference converted lead")
    }

    #[must_use]
    pub fn inactive_owner() -> Self {
        Self::record(ErrorCode::InactiveOwnerOrUser, "operation performed with inactive user")
    }

    #[must_use]
    pub fn queue_not_for(object: &str) -> Self {
        Self::on_fields(
            ErrorCode::FieldIntegrity,
            format!("Queue not associated with this SObject type: {object}"),
            ["OwnerId"],
        )
    }

    /// The key of an upsert stands in the address, and there only.
    #[must_use]
    pub fn external_id_in_body(field: &str) -> Self {
        let message = format!("The {field} field should not be specified in the sobject data.");
        Self::plain(ErrorCode::InvalidField, message)
    }

    #[must_use]
    pub fn insufficient_access() -> Self {
        Self::record(ErrorCode::InsufficientAccessOrReadonly, "insufficient access rights on object id")
    }

    /// The object as such does not allow the verb (a describe says so: createable, updateable, deletable).
    #[must_use]
    pub fn verb_not_allowed(object: &str, verb: &str) -> Self {
        Self::record(
            ErrorCode::InvalidTypeForOperation,
            format!("entity type {object} does not support {verb}"),
        )
    }

    #[must_use]
    pub fn integrity(message: impl Into<String>, fields: &[&str]) -> Self {
        Self::on_fields(ErrorCode::FieldIntegrity, message, fields.iter().copied())
    }

    #[must_use]
    pub fn rolled_back() -> Self {
        Self::record(
            ErrorCode::AllOrNoneOperationRolledBack,
            "Record rolled back because not all records were valid and the request was using AllOrNone header",
        )
    }

    #[must_use]
    pub fn delete_failed(name: &str, related: &str, children: &[String]) -> Self {
        let list = children.iter().flat_map(|child| [child.as_str(), "\n"]).collect::<String>();
        let message = format!(
            "Your attempt to delete {name} could not be completed because it is associated with the following {related}.: {list}"
        );
        Self::record(ErrorCode::DeleteFailed, message)
    }

    #[must_use]
    pub fn not_in_recycle_bin() -> Self {
        Self::record(ErrorCode::UndeleteFailed, "Entity is not in the recycle bin")
    }

    /// A parent named by an external id that no record has.
    #[must_use]
    pub fn foreign_key_not_found(field: &str, value: &str, object: &str) -> Self {
        let message = format!(
            "Foreign key external ID: {} not found for field {field} in entity {object}",
            value.to_lowercase()
        );
        Self::on_fields(ErrorCode::InvalidField, message, [] as [&str; 0])
    }

    #[must_use]
    pub fn missing_update_id() -> Self {
        Self::record(ErrorCode::MissingArgument, "Id not specified in an update call")
    }

    #[must_use]
    pub fn several_external_id_matches(field: &str, found: &[Id]) -> Self {
        let list = found.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let message = format!("{field}: more than one record found for external id field: [{list}]");
        Self::on_fields(ErrorCode::DuplicateExternalId, message, [field])
    }

    #[must_use]
    pub fn invalid_assignment_rule(id: &str) -> Self {
        Self::plain(ErrorCode::InvalidAssignmentRule, format!("invalid assignment rule id: {id}"))
    }
}

/// Errors of sessions, limits and routing (`contract/errors.md` section 5).
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

    #[must_use]
    pub fn org_locked() -> Self {
        Self::plain(ErrorCode::OrgLocked, "org is locked, closed, or suspended")
    }

    #[must_use]
    pub fn soap_login_not_available(version: &str) -> Self {
        let message = format!(
            "The SOAP Login operation is not available in the API version specified ({version}). Refer to the documentation \
             for supported versions."
        );
        Self::plain(ErrorCode::InvalidOperation, message)
    }

    #[must_use]
    pub fn unsupported_api_version(version: &str) -> Self {
        let message =
            format!("Invalid Api version specified on URL: {version:?}; supported are 31.0 and later");
        Self::plain(ErrorCode::UnsupportedApiVersion, message)
    }

    /// A SOAP body that cannot be read.
    #[must_use]
    pub fn bad_envelope(why: &str) -> Self {
        Self::plain(ErrorCode::UnknownException, format!("The body is no SOAP envelope: {why}"))
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
}

/// Errors of reading a body (`contract/errors.md` section 4).
impl Error {
    /// `token` is Jackson's name of what stood there, such as `VALUE_STRING`; `value` how it was written.
    #[must_use]
    pub fn cannot_deserialize(kind: &str, token: &str, value: &str, line: usize, column: usize) -> Self {
        let message = format!(
            "Cannot deserialize instance of {kind} from {token} value {value} or request may be missing a required field at \
             [line:{line}, column:{column}]"
        );
        Self::plain(ErrorCode::JsonParserError, message)
    }

    #[must_use]
    pub fn json(message: impl Into<String>) -> Self {
        Self::plain(ErrorCode::JsonParserError, message)
    }

    #[must_use]
    pub fn empty_body() -> Self {
        Self::json("The HTTP entity body is required, but this request has no entity body.")
    }

    #[must_use]
    pub fn unsupported_media_type(found: &str) -> Self {
        Self::plain(ErrorCode::UnsupportedMediaType, format!("Content type {found} not supported"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_found_by_its_text() {
        for code in ErrorCode::ALL {
            assert_eq!(ErrorCode::find(code.as_str()), Some(*code));
            assert!((400..=503).contains(&code.http_status()), "{code:?}");
        }
    }

    #[test]
    fn retry_classes_follow_the_contract() {
        use ErrorCode as C;
        for (code, class) in [
            (C::UnableToLockRow, Retry::Backoff),
            (C::ServerUnavailable, Retry::Backoff),
            (C::QueryTimeout, Retry::Backoff),
            (C::RequestRunningTooLong, Retry::Backoff),
            (C::UnknownException, Retry::Backoff),
            (C::InvalidSessionId, Retry::RefreshToken),
            (C::RequestLimitExceeded, Retry::UntilReset),
            (C::DuplicateValue, Retry::Never),
            (C::NotFound, Retry::Never),
        ] {
            assert_eq!(code.retry(), class, "{code:?}");
        }
    }
}
