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
    pub fn empty_body() -> Self {
        Self::json("The HTTP entity body is required, but this request has no entity body.")
    }

    #[must_use]
    pub fn unsupported_media_type(found: &str) -> Self {
        Self::plain(ErrorCode::UnsupportedMediaType, format!("Content type {found} not supported"))
    }
}
