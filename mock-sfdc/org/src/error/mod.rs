//! Every error that Salesforce answers with: its code, its HTTP status, its form in SOAP and what a client may do about it,
//! once, and every message text, once (`contract/errors.md`). Raise sites call a named constructor; faces own the renderers.

mod access;
mod body;
mod bulk;
mod composite;
mod mail;
mod metadata;
mod page;
mod password;
mod query;
mod record;
mod replication;
mod search;
mod session;
mod soap;
mod soql;
mod streaming;
mod verb;

use std::fmt;

use crate::duplicates::DuplicateResult;

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
    /// A fault of the envelope's own: `soapenv:Client`, without a detail.
    Client,
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
    ApiError                      "API_ERROR"                              400 API,                              Never;
    ApiCurrentlyDisabled          "API_CURRENTLY_DISABLED"                 403 UNEXPECTED,                       Never;
    ApiDisabledForOrg             "API_DISABLED_FOR_ORG"                   403 UNEXPECTED,                       Never;
    BatchProcessingHalted         "BATCH_PROCESSING_HALTED"                412 API,                              Never;
    BulkClientInputError          "CLIENTINPUTERROR"                       400 API,                              Never;
    BulkExceededQuota             "EXCEEDEDQUOTA"                          400 API,                              UntilReset;
    BulkFeatureNotEnabled         "FEATURENOTENABLED"                      400 API,                              Never;
    BulkInvalidBatch              "INVALIDBATCH"                           400 API,                              Never;
    BulkInvalidJob                "INVALIDJOB"                             400 API,                              Never;
    BulkInvalidJobState           "INVALIDJOBSTATE"                        400 API,                              Never;
    BulkInvalidUrl                "INVALIDURL"                             400 API,                              Never;
    BulkInvalidVersion            "INVALIDVERSION"                         409 API,                              Never;
    BulkInvalidXml                "INVALIDXML"                             400 API,                              Never;
    BulkUnsupportedContentType    "UNSUPPORTEDCONTENTTYPE"                 400 API,                              Never;
    CannotInsertUpdateActivateEntity "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY" 400 Soap::Status,                    Never;
    CannotUpdateConvertedLead     "CANNOT_UPDATE_CONVERTED_LEAD"           400 Soap::Status,                     Never;
    DeleteFailed                  "DELETE_FAILED"                          400 Soap::Status,                     Never;
    DuplicateDeveloperName        "DUPLICATE_DEVELOPER_NAME"               400 Soap::Status,                     Never;
    DuplicateExternalId           "DUPLICATE_EXTERNAL_ID"                  400 Soap::Status,                     Never;
    DuplicateValue                "DUPLICATE_VALUE"                        400 Soap::Status,                     Never;
    DuplicatesDetected            "DUPLICATES_DETECTED"                    400 Soap::Status,                     Never;
    EntityFailedIfLastModifiedOnUpdate "ENTITY_FAILED_IFLASTMODIFIED_ON_UPDATE" 412 Soap::Status,                Never;
    EmailBatchSizeLimitExceeded   "EMAIL_BATCH_SIZE_LIMIT_EXCEEDED"        400 API,                              Never;
    EntityIsDeleted               "ENTITY_IS_DELETED"                      400 Soap::Status,                     Never;
    ExceededLeadConvertLimit      "EXCEEDED_LEAD_CONVERT_LIMIT"            400 API,                              Never;
    ExceededIdLimit               "EXCEEDED_ID_LIMIT"                      400 API,                              Never;
    ExceededMaxSizeRequest        "EXCEEDED_MAX_SIZE_REQUEST"              400 API,                              Never;
    ExceededMaxTypesLimit         "EXCEEDED_MAX_TYPES_LIMIT"               400 API,                              Never;
    FieldCustomValidation         "FIELD_CUSTOM_VALIDATION_EXCEPTION"      400 Soap::Status,                     Never;
    FieldFilterValidation         "FIELD_FILTER_VALIDATION_EXCEPTION"      400 Soap::Status,                     Never;
    FieldIntegrity                "FIELD_INTEGRITY_EXCEPTION"              400 Soap::Status,                     Never;
    FormulaExpressionInvalid      "FORMULA_EXPRESSION_INVALID"             400 Soap::Status,                     Never;
    FunctionalityNotEnabled       "FUNCTIONALITY_NOT_ENABLED"              403 API,                              Never;
    Gone                          "GONE"                                   410 UNEXPECTED,                       Never;
    IllegalQueryParameterValue    "ILLEGAL_QUERY_PARAMETER_VALUE"          400 API,                              Never;
    IdempotencyKeyAlreadyUsed     "IDEMPOTENCY_KEY_ALREADY_USED"           400 API,                              Never;
    IdempotencyKeyUsedDifferentUser "IDEMPOTENCY_KEY_USED_DIFFERENT_USER"  400 API,                              Never;
    InactiveOwnerOrUser           "INACTIVE_OWNER_OR_USER"                 400 Soap::Status,                     Never;
    InsufficientAccess            "INSUFFICIENT_ACCESS"                    403 API,                              Never;
    InsufficientAccessOnCrossReference "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY" 400 Soap::Status,         Never;
    InsufficientAccessOrReadonly  "INSUFFICIENT_ACCESS_OR_READONLY"        403 Soap::Status,                     Never;
    InvalidAssignmentRule         "INVALID_ASSIGNMENT_RULE"                400 API,                              Never;
    InvalidAuthHeader             "INVALID_AUTH_HEADER"                    401 UNEXPECTED,                       RefreshToken;
    InvalidBatchRequest           "INVALID_BATCH_REQUEST"                  400 API,                              Never;
    InvalidBatchSize              "INVALID_BATCH_SIZE"                     400 API,                              Never;
    InvalidCrossReferenceKey      "INVALID_CROSS_REFERENCE_KEY"            400 Soap::Status,                     Never;
    InvalidEmailAddress           "INVALID_EMAIL_ADDRESS"                  400 Soap::Status,                     Never;
    InvalidField                  "INVALID_FIELD"                          400 Soap::Fault("InvalidFieldFault"), Never;
    InvalidFieldForInsertUpdate   "INVALID_FIELD_FOR_INSERT_UPDATE"        400 Soap::Status,                     Never;
    InvalidIdField                "INVALID_ID_FIELD"                       400 Soap::Status,                     Never;
    InvalidIdempotencyKey         "INVALID_IDEMPOTENCY_KEY"                400 API,                              Never;
    InvalidInput                  "INVALID_INPUT"                          400 API,                              Never;
    InvalidLogin               "INVALID_LOGIN"                         400 LOGIN,                           Never;
    InvalidMergeRecord            "INVALID_MERGE_RECORD"                   400 Soap::Status,                     Never;
    InvalidNewPassword            "INVALID_NEW_PASSWORD"                   400 Soap::Fault("InvalidNewPasswordFault"), Never;
    InvalidOldPassword            "INVALID_OLD_PASSWORD"                   400 Soap::Fault("InvalidNewPasswordFault"), Never;
    InvalidMultipartRequest       "INVALID_MULTIPART_REQUEST"              400 API,                              Never;
    InvalidOperation              "INVALID_OPERATION"                      400 API,                              Never;
    InvalidOperationWithExpiredPassword "INVALID_OPERATION_WITH_EXPIRED_PASSWORD" 403 UNEXPECTED,                 Never;
    InvalidOrNullForRestrictedPicklist "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST" 400 Soap::Status,               Never;
    InvalidQueryFilterOperator    "INVALID_QUERY_FILTER_OPERATOR"          400 Soap::Fault("InvalidFieldFault"), Never;
    InvalidQueryLocator           "INVALID_QUERY_LOCATOR"                  400 Soap::Fault("InvalidQueryLocatorFault"), Never;
    InvalidQueryScope             "INVALID_QUERY_SCOPE"                    400 API,                              Never;
    InvalidReplicationDate        "INVALID_REPLICATION_DATE"               400 API,                              Never;
    InvalidSaveAsActivityFlag     "INVALID_SAVE_AS_ACTIVITY_FLAG"          400 Soap::Status,                     Never;
    InvalidSearch                 "INVALID_SEARCH"                         400 API,                              Never;
    InvalidSessionId              "INVALID_SESSION_ID"                     401 UNEXPECTED,                       RefreshToken;
    InvalidStatus                 "INVALID_STATUS"                         400 Soap::Status,                     Never;
    InvalidType                   "INVALID_TYPE"                           400 Soap::Fault("InvalidSObjectFault"), Never;
    InvalidTypeForOperation       "INVALID_TYPE_FOR_OPERATION"             400 API,                              Never;
    InvalidTypeOnFieldInRecord    "INVALID_TYPE_ON_FIELD_IN_RECORD"        400 Soap::Status,                     Never;
    JsonParserError               "JSON_PARSER_ERROR"                      400 API,                              Never;
    LimitExceeded                 "LIMIT_EXCEEDED"                         400 API,                              Never;
    LoginDuringRestrictedDomain "LOGIN_DURING_RESTRICTED_DOMAIN"        403 LOGIN,                           Never;
    LoginDuringRestrictedTime     "LOGIN_DURING_RESTRICTED_TIME"           403 LOGIN,                              Never;
    MalformedId                   "MALFORMED_ID"                           400 Soap::Fault("InvalidIdFault"),    Never;
    MalformedQuery                "MALFORMED_QUERY"                        400 QUERY,                            Never;
    MalformedSearch               "MALFORMED_SEARCH"                       400 Soap::Fault("MalformedSearchFault"), Never;
    MatchPreconditionFailed       "MATCH_PRECONDITION_FAILED"              412 Soap::Status,                     Never;
    MaximumSizeOfAttachment       "MAXIMUM_SIZE_OF_ATTACHMENT"             400 Soap::Status,                     Never;
    MaximumSizeOfDocument         "MAXIMUM_SIZE_OF_DOCUMENT"               400 Soap::Status,                     Never;
    MergeFailed                   "MERGE_FAILED"                           400 Soap::Status,                     Never;
    MethodNotAllowed              "METHOD_NOT_ALLOWED"                     405 API,                              Never;
    MissingArgument               "MISSING_ARGUMENT"                       400 Soap::Status,                     Never;
    NoApplicableProcess           "NO_APPLICABLE_PROCESS"                  400 Soap::Status,                     Never;
    NotAcceptable                 "NOT_ACCEPTABLE"                         406 API,                              Never;
    NotFound                      "NOT_FOUND"                              404 API,                              Never;
    NumberOutsideValidRange       "NUMBER_OUTSIDE_VALID_RANGE"             400 Soap::Status,                     Never;
    OperationEnqueued             "OPERATION_ENQUEUED"                     400 Soap::Status,                     Never;
    OrgLocked                  "ORG_LOCKED"                            403 LOGIN,                           Never;
    ProcessingHalted              "PROCESSING_HALTED"                      400 Soap::Status,                     Never;
    QueryTimeout                  "QUERY_TIMEOUT"                          400 API,                              Backoff;
    QueryTooComplicated           "QUERY_TOO_COMPLICATED"                  400 API,                              Never;
    RequestLimitExceeded          "REQUEST_LIMIT_EXCEEDED"                 403 API,                              UntilReset;
    RequestRunningTooLong         "REQUEST_RUNNING_TOO_LONG"               400 API,                              Backoff;
    RequiredFieldMissing          "REQUIRED_FIELD_MISSING"                 400 Soap::Status,                     Never;
    ServerUnavailable             "SERVER_UNAVAILABLE"                     503 UNEXPECTED,                       Backoff;
    SoapClient                    "Client"                                 400 Soap::Client,                     Never;
    StorageLimitExceeded          "STORAGE_LIMIT_EXCEEDED"                 400 Soap::Status,                     Never;
    StringTooLong                 "STRING_TOO_LONG"                        400 Soap::Status,                     Never;
    StandardPriceNotDefined       "STANDARD_PRICE_NOT_DEFINED"             400 Soap::Status,                     Never;
    TransferRequiresRead          "TRANSFER_REQUIRES_READ"                 400 Soap::Status,                     Never;
    UndeleteFailed                "UNDELETE_FAILED"                        400 Soap::Status,                     Never;
    UnableToLockRow               "UNABLE_TO_LOCK_ROW"                     400 Soap::Status,                     Backoff;
    UnknownException              "UNKNOWN_EXCEPTION"                      500 UNEXPECTED,                       Backoff;
    UnsupportedApiVersion      "UNSUPPORTED_API_VERSION"               400 UNEXPECTED,                      Never;
    UnsupportedMediaType          "UNSUPPORTED_MEDIA_TYPE"                 415 API,                              Never;
    XmlParserError                "XML_PARSER_ERROR"                       400 API,                              Never;
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
    /// What a duplicate rule found, where one refused the save.
    pub duplicates: Option<Box<DuplicateResult>>,
    /// Where in a query it is. REST says it in the message alone.
    pub place: Option<Place>,
}

/// A place in a query, counted from one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub row: usize,
    pub column: usize,
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
        Self { code, message: message.into(), fields: None, routing: false, duplicates: None, place: None }
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
            duplicates: None,
            place: None,
        }
    }

    fn record(code: ErrorCode, message: impl Into<String>) -> Self {
        Self::on_fields(code, message, [] as [&str; 0])
    }

    fn routing(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { routing: true, ..Self::plain(code, message) }
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
