//! Errors of searches (`contract/errors.md` section 3).

use std::fmt;

use super::{Error, ErrorCode};

impl Error {
    /// What a search asks for cannot be asked for.
    #[must_use]
    pub fn invalid_search(what: impl fmt::Display) -> Self {
        Self::plain(ErrorCode::InvalidSearch, what.to_string())
    }

    #[must_use]
    pub fn search_term_too_short(term: &str) -> Self {
        let message = format!("search term must be longer than one character: {term}");
        Self::plain(ErrorCode::MalformedSearch, message)
    }
}
