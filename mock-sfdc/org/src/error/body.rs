//! Errors of reading a body (`contract/errors.md` section 4).

use super::{Error, ErrorCode};

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
    pub fn no_unicode(text: &str) -> Self {
        Self::json(format!("Unmatched half of a surrogate pair in the string {text}"))
    }

    #[must_use]
    pub fn empty_body() -> Self {
        Self::json("The HTTP entity body is required, but this request has no entity body.")
    }

    #[must_use]
    pub fn unsupported_media_type(found: &str) -> Self {
        Self::plain(ErrorCode::UnsupportedMediaType, format!("Content type {found} not supported"))
    }

    /// A form of files only: there is no record to save them with.
    #[must_use]
    pub fn multipart_without_text() -> Self {
        Self::plain(ErrorCode::InvalidMultipartRequest, "Multipart message must include a non-binary part")
    }

    /// A file whose name is no field for files, in an object that has several or none.
    #[must_use]
    pub fn no_blob_field(part: &str, object: &str) -> Self {
        Self::plain(
            ErrorCode::InvalidMultipartRequest,
            format!("Multipart message has a binary part {part} which is no binary field of {object}"),
        )
    }

    /// As clients were told it.
    #[must_use]
    pub fn request_too_large(most: usize) -> Self {
        Self::json(format!("Maximum size of request reached. Maximum size of request is {most} bytes."))
    }

    #[must_use]
    pub fn soap_request_too_large(most: usize) -> Self {
        Self::plain(ErrorCode::ExceededMaxSizeRequest, format!("Exceeded max size limit of {most}"))
    }

    /// A record names a part that the form has not.
    #[must_use]
    pub fn no_binary_part(name: &str) -> Self {
        Self::plain(
            ErrorCode::InvalidMultipartRequest,
            format!("Multipart message has no binary part {name}"),
        )
    }

    /// A body in XML that cannot be read. The words are ours.
    #[must_use]
    pub fn xml(why: &str) -> Self {
        Self::plain(ErrorCode::XmlParserError, format!("The request body cannot be read as XML: {why}"))
    }

    /// A client that takes neither JSON nor XML.
    #[must_use]
    pub fn not_acceptable(accepted: &str) -> Self {
        Self::plain(ErrorCode::NotAcceptable, format!("Accept type {accepted} not supported"))
    }

    /// A date in a header that must be one, such as `Sun, 22 Nov 2026 03:29:01 GMT`.
    #[must_use]
    pub fn bad_date_header(name: &str, found: &str) -> Self {
        Self::plain(ErrorCode::InvalidInput, format!("{name} takes an HTTP date, not {found:?}"))
    }

    /// `If-Match` names another version of the record.
    #[must_use]
    pub fn match_precondition_failed() -> Self {
        Self::plain(
            ErrorCode::MatchPreconditionFailed,
            "The record has another ETag than the If-Match header asks for",
        )
    }

    /// The record has changed since the date of `If-Unmodified-Since`.
    #[must_use]
    pub fn modified_since(date: &str) -> Self {
        let message = format!("The record has been modified since {date}");
        Self::plain(ErrorCode::EntityFailedIfLastModifiedOnUpdate, message)
    }

    /// A write that wants a record which has changed since the date of `If-Modified-Since`.
    #[must_use]
    pub fn not_modified_since(date: &str) -> Self {
        let message = format!("The record has not been modified since {date}");
        Self::plain(ErrorCode::EntityFailedIfLastModifiedOnUpdate, message)
    }

    #[must_use]
    pub fn invalid_idempotency_key(key: &str) -> Self {
        Self::plain(ErrorCode::InvalidIdempotencyKey, format!("Invalid Idempotency-Key: {key}"))
    }

    /// The key belongs to a request that asked for something else.
    #[must_use]
    pub fn idempotency_key_used() -> Self {
        Self::plain(
            ErrorCode::IdempotencyKeyAlreadyUsed,
            "The Idempotency-Key was used by a request with another method, address or body",
        )
    }

    #[must_use]
    pub fn idempotency_key_of_another_user() -> Self {
        Self::plain(
            ErrorCode::IdempotencyKeyUsedDifferentUser,
            "The Idempotency-Key was used by another user",
        )
    }
}
