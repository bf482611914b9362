//! What can go wrong on the way to Salesforce and back, and what to do about it.
//!
//! Follows contract/errors.md; section 6 there is [`RetryClass`]. An error knows the effect that its call would have
//! had, because the same broken connection is harmless for a read and ambiguous for a create.

use std::fmt;

/// What a call does to the org, as far as repeating it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Changes nothing.
    Read,
    /// Changes something; twice is the same as once (update, delete, upsert by external id).
    Idempotent,
    /// Makes something new each time it arrives.
    Create,
}

/// Whether any byte of the request may have reached the other side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    No,
    Maybe,
}

/// What a caller may do after an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryClass {
    /// The same call will fail in the same way; a person or other data must change something.
    Never,
    /// Try again later; the client has already done so within its bounds.
    Backoff,
    /// The access token was refused; the client has already refreshed it once.
    RefreshToken,
    /// The org's allowance is used up; stop until it is reset.
    UntilReset,
    /// It may have happened. Look for the record before anything else.
    Ambiguous,
}

/// One error as Salesforce writes it. `errorCode` and the collections' `statusCode` are the same word here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    pub code: String,
    pub message: String,
    pub fields: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorKind {
    /// Salesforce refused, in its own words.
    Api { status: u16, errors: Vec<ApiError> },
    /// Somebody answered who does not speak the API: a proxy, a maintenance page, a redirect.
    Http { status: u16, excerpt: String },
    /// The token endpoint refused (contract/oauth.md section 3).
    Auth { error: String, description: String },
    /// The connection's grant is gone: only a person who logs in again can help.
    NeedsReconnect { reason: String },
    /// The connection broke.
    Transport { sent: Sent, message: String },
    /// The answer did not come in time.
    Timeout { sent: Sent },
    /// An answer that says success but cannot be read.
    Malformed { detail: String },
    /// An answer beyond the limit that the client was given.
    TooLarge { limit_bytes: usize },
    /// An upsert or retrieve by external id that fits several records (HTTP 300); their resource paths.
    SeveralMatches { records: Vec<String> },
    /// A Bayeux message with `successful: false`.
    Streaming { channel: String, error: String },
    /// The event to resume after is no longer retained: read what was missed with a query, then follow new events.
    ReplayExpired { channel: String },
    /// Refused here, before anything was sent.
    Refused { reason: String },
    /// Rotated tokens could not be stored, so they were not used.
    Custody { reason: String },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// The operation in the client's words: `rest.create`, `oauth.refresh`, `streaming.connect`.
    pub operation: &'static str,
    pub effect: Effect,
    pub kind: ErrorKind,
}

impl Error {
    #[must_use]
    pub fn new(operation: &'static str, effect: Effect, kind: ErrorKind) -> Self {
        Self { operation, effect, kind }
    }

    pub(crate) fn refused(operation: &'static str, reason: impl Into<String>) -> Self {
        Self::new(operation, Effect::Read, ErrorKind::Refused { reason: reason.into() })
    }

    pub(crate) fn malformed(operation: &'static str, effect: Effect, detail: impl fmt::Display) -> Self {
        Self::new(operation, effect, ErrorKind::Malformed { detail: detail.to_string() })
    }

    /// Salesforce's errors, when it was Salesforce that refused.
    #[must_use]
    pub fn api_errors(&self) -> &[ApiError] {
        match &self.kind {
            ErrorKind::Api { errors, .. } => errors,
            _ => &[],
        }
    }

    /// Whether Salesforce answered with this error code.
    #[must_use]
    pub fn has_code(&self, code: &str) -> bool {
        self.api_errors().iter().any(|error| error.code == code)
    }

    #[must_use]
    pub fn retry_class(&self) -> RetryClass {
        let class = match &self.kind {
            ErrorKind::Api { status, errors } => return class_of_api(*status, errors, self.effect),
            ErrorKind::Http { status, .. } => class_of_status(*status),
            ErrorKind::Auth { error, .. } => class_of_auth(error),
            ErrorKind::Streaming { error, .. } => class_of_bayeux(error),
            ErrorKind::Transport { sent: Sent::No, .. } | ErrorKind::Timeout { sent: Sent::No } => {
                return RetryClass::Backoff;
            }
            ErrorKind::Transport { sent: Sent::Maybe, .. } | ErrorKind::Timeout { sent: Sent::Maybe } => {
                RetryClass::Backoff
            }
            ErrorKind::Custody { .. } => return RetryClass::Backoff,
            ErrorKind::Malformed { .. } | ErrorKind::TooLarge { .. } if self.effect == Effect::Create => {
                RetryClass::Ambiguous
            }
            ErrorKind::Malformed { .. }
            | ErrorKind::TooLarge { .. }
            | ErrorKind::NeedsReconnect { .. }
            | ErrorKind::SeveralMatches { .. }
            | ErrorKind::ReplayExpired { .. }
            | ErrorKind::Refused { .. } => RetryClass::Never,
        };
        // Nothing up to here proves that the org did not commit before the answer was lost.
        if class == RetryClass::Backoff && self.effect == Effect::Create {
            RetryClass::Ambiguous
        } else {
            class
        }
    }
}

/// Codes after which the same call may succeed later.
const TRANSIENT: [&str; 5] = [
    "UNABLE_TO_LOCK_ROW",
    "SERVER_UNAVAILABLE",
    "QUERY_TIMEOUT",
    "REQUEST_RUNNING_TOO_LONG",
    "UNKNOWN_EXCEPTION",
];

/// The transient codes that say the request was turned away or rolled back as a whole.
const NOTHING_WRITTEN: [&str; 2] = ["UNABLE_TO_LOCK_ROW", "SERVER_UNAVAILABLE"];

fn class_of_api(status: u16, errors: &[ApiError], effect: Effect) -> RetryClass {
    let mut class = None;
    for error in errors {
        let next = class_of_code(error, effect);
        // Several errors: the call helps only when every one of them would go away.
        class = match (class, next) {
            (None, next) => Some(next),
            (Some(before), next) if before == next => Some(next),
            _ => Some(RetryClass::Never),
        };
    }
    match class {
        Some(class) => class,
        None if effect == Effect::Create && status >= 500 => RetryClass::Ambiguous,
        None => class_of_status(status),
    }
}

fn class_of_code(error: &ApiError, effect: Effect) -> RetryClass {
    match error.code.as_str() {
        // A session of the wrong kind is refused with the same code; a new one of that kind would be too.
        "INVALID_SESSION_ID" if error.message.contains("not valid for use with the REST API") => {
            RetryClass::Never
        }
        "INVALID_SESSION_ID" => RetryClass::RefreshToken,
        "REQUEST_LIMIT_EXCEEDED" if error.message.starts_with("TotalRequests") => RetryClass::UntilReset,
        "REQUEST_LIMIT_EXCEEDED" => RetryClass::Backoff,
        code if TRANSIENT.contains(&code) => {
            if effect == Effect::Create && !NOTHING_WRITTEN.contains(&code) {
                RetryClass::Ambiguous
            } else {
                RetryClass::Backoff
            }
        }
        _ => RetryClass::Never,
    }
}

fn class_of_status(status: u16) -> RetryClass {
    match status {
        401 => RetryClass::RefreshToken,
        429 | 500 | 502 | 503 | 504 => RetryClass::Backoff,
        _ => RetryClass::Never,
    }
}

/// The token endpoint's passing troubles; everything else needs a person.
fn class_of_auth(error: &str) -> RetryClass {
    match error {
        "rate_limit_exceeded"
        | "server_error"
        | "service_unavailable"
        | "slow_down"
        | "system_down"
        | "unknown_error" => RetryClass::Backoff,
        _ => RetryClass::Never,
    }
}

/// `code::text` of contract/streaming.md section 3.
fn class_of_bayeux(error: &str) -> RetryClass {
    if error.starts_with("401:") {
        RetryClass::RefreshToken
    } else if error.contains("daily limit exceeded") {
        RetryClass::UntilReset
    } else if error.starts_with("503:")
        || error.contains("concurrent user limit exceeded")
        || error.contains("Unknown client")
    {
        RetryClass::Backoff
    } else {
        RetryClass::Never
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.operation, self.kind)
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Api { status, errors } => {
                write!(f, "Salesforce answered {status}")?;
                for (position, error) in errors.iter().enumerate() {
                    write!(f, "{} {error}", if position == 0 { ":" } else { ";" })?;
                }
                Ok(())
            }
            Self::Http { status, excerpt } if excerpt.is_empty() => {
                write!(f, "HTTP {status} without a word from Salesforce")
            }
            Self::Http { status, excerpt } => {
                write!(f, "HTTP {status}, not from Salesforce's API: {excerpt}")
            }
            Self::Auth { error, description } => write!(f, "the login was refused: {error}: {description}"),
            Self::NeedsReconnect { reason } => {
                write!(f, "the connection to Salesforce was ended ({reason}); connect it again")
            }
            Self::Transport { sent: Sent::No, message } => write!(f, "Salesforce was not reached: {message}"),
            Self::Transport { sent: Sent::Maybe, message } => {
                write!(f, "the connection broke before the answer was complete: {message}")
            }
            Self::Timeout { sent: Sent::No } => f.write_str("Salesforce was not reached in time"),
            Self::Timeout { sent: Sent::Maybe } => f.write_str("no answer came in time"),
            Self::Malformed { detail } => write!(f, "the answer cannot be read: {detail}"),
            Self::TooLarge { limit_bytes } => write!(f, "the answer is larger than {limit_bytes} bytes"),
            Self::SeveralMatches { records } => {
                write!(f, "the external id fits several records: {}", records.join(", "))
            }
            Self::Streaming { channel, error } => write!(f, "{channel}: {error}"),
            Self::ReplayExpired { channel } => {
                write!(
                    f,
                    "{channel}: the event to resume after is no longer kept; read what was missed by query"
                )
            }
            Self::Refused { reason } => f.write_str(reason),
            Self::Custody { reason } => write!(f, "the new tokens could not be stored: {reason}"),
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message.trim())?;
        if !self.fields.is_empty() {
            write!(f, " ({})", self.fields.join(", "))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Effect::{Create, Idempotent, Read};
    use super::RetryClass::{Ambiguous, Backoff, Never, RefreshToken, UntilReset};
    use super::*;

    fn api(status: u16, errors: &[(&str, &str)]) -> ErrorKind {
        let error = |(code, message): &(&str, &str)| ApiError {
            code: (*code).to_owned(),
            message: (*message).to_owned(),
            fields: Vec::new(),
        };
        ErrorKind::Api { status, errors: errors.iter().map(error).collect() }
    }

    fn streaming(error: &str) -> ErrorKind {
        ErrorKind::Streaming { channel: "/meta/connect".to_owned(), error: error.to_owned() }
    }

    fn auth(error: &str) -> ErrorKind {
        ErrorKind::Auth { error: error.to_owned(), description: String::new() }
    }

    fn transport(sent: Sent) -> ErrorKind {
        ErrorKind::Transport { sent, message: String::new() }
    }

    /// Columns: what happened; for a read; for an update, delete or upsert; for a create.
    #[test]
    fn the_retry_class_of_everything_that_can_happen() {
        let http = |status| ErrorKind::Http { status, excerpt: String::new() };
        let table = [
            (api(400, &[("UNABLE_TO_LOCK_ROW", "")]), Backoff, Backoff, Backoff),
            (api(503, &[("SERVER_UNAVAILABLE", "Server too busy")]), Backoff, Backoff, Backoff),
            (api(400, &[("QUERY_TIMEOUT", "")]), Backoff, Backoff, Ambiguous),
            (api(400, &[("REQUEST_RUNNING_TOO_LONG", "")]), Backoff, Backoff, Ambiguous),
            (api(500, &[("UNKNOWN_EXCEPTION", "")]), Backoff, Backoff, Ambiguous),
            (
                api(401, &[("INVALID_SESSION_ID", "Session expired or invalid")]),
                RefreshToken,
                RefreshToken,
                RefreshToken,
            ),
            (
                api(401, &[("INVALID_SESSION_ID", "This session is not valid for use with the REST API")]),
                Never,
                Never,
                Never,
            ),
            (api(401, &[("INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE")]), Never, Never, Never),
            (
                api(403, &[("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")]),
                UntilReset,
                UntilReset,
                UntilReset,
            ),
            (
                api(
                    403,
                    &[(
                        "REQUEST_LIMIT_EXCEEDED",
                        "ConcurrentRequests (Concurrent API Requests) Limit exceeded.",
                    )],
                ),
                Backoff,
                Backoff,
                Backoff,
            ),
            (api(403, &[("API_DISABLED_FOR_ORG", "")]), Never, Never, Never),
            (api(400, &[("REQUIRED_FIELD_MISSING", "")]), Never, Never, Never),
            (api(404, &[("NOT_FOUND", "")]), Never, Never, Never),
            (api(400, &[("UNABLE_TO_LOCK_ROW", ""), ("STRING_TOO_LONG", "")]), Never, Never, Never),
            (api(400, &[("UNABLE_TO_LOCK_ROW", ""), ("UNABLE_TO_LOCK_ROW", "")]), Backoff, Backoff, Backoff),
            (http(502), Backoff, Backoff, Ambiguous),
            (http(503), Backoff, Backoff, Ambiguous),
            (http(504), Backoff, Backoff, Ambiguous),
            (http(401), RefreshToken, RefreshToken, RefreshToken),
            (http(302), Never, Never, Never),
            (http(410), Never, Never, Never),
            (transport(Sent::No), Backoff, Backoff, Backoff),
            (transport(Sent::Maybe), Backoff, Backoff, Ambiguous),
            (ErrorKind::Timeout { sent: Sent::No }, Backoff, Backoff, Backoff),
            (ErrorKind::Timeout { sent: Sent::Maybe }, Backoff, Backoff, Ambiguous),
            (ErrorKind::Malformed { detail: String::new() }, Never, Never, Ambiguous),
            (ErrorKind::TooLarge { limit_bytes: 1 }, Never, Never, Ambiguous),
            (ErrorKind::SeveralMatches { records: Vec::new() }, Never, Never, Never),
            (ErrorKind::NeedsReconnect { reason: String::new() }, Never, Never, Never),
            (ErrorKind::Refused { reason: String::new() }, Never, Never, Never),
            (ErrorKind::Custody { reason: String::new() }, Backoff, Backoff, Backoff),
        ];
        for (kind, read, idempotent, create) in table {
            for (effect, expected) in [(Read, read), (Idempotent, idempotent), (Create, create)] {
                let error = Error::new("test", effect, kind.clone());
                assert_eq!(error.retry_class(), expected, "{effect:?}: {error}");
            }
        }
    }

    #[test]
    fn the_retry_class_of_what_the_token_endpoint_and_streaming_say() {
        for (kind, expected) in [
            (auth("invalid_grant"), Never),
            (auth("inactive_user"), Never),
            (auth("invalid_client_id"), Never),
            (auth("rate_limit_exceeded"), Backoff),
            (auth("server_error"), Backoff),
            (auth("unknown_error"), Backoff),
            (streaming("401::Authentication invalid"), RefreshToken),
            (streaming("403::Unknown client"), Backoff),
            (streaming("402::Unknown client"), Backoff),
            (streaming("503::Server is too busy. Please try your request again later."), Backoff),
            (streaming("403::Organization concurrent user limit exceeded"), Backoff),
            (streaming("403::Organization total events daily limit exceeded"), UntilReset),
            (streaming("403::User not enabled for streaming"), Never),
            (streaming("403:denied_by_security_policy:create_denied"), Never),
            (ErrorKind::ReplayExpired { channel: String::new() }, Never),
        ] {
            let error = Error::new("test", Read, kind);
            assert_eq!(error.retry_class(), expected, "{error}");
        }
    }
}
