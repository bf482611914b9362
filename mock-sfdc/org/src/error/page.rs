//! Errors of the UI API, which reads for pages: their sizes and tokens, lists, lookups.

use super::{Error, ErrorCode};

impl Error {
    #[must_use]
    pub fn page_size_out_of_range(name: &str, most: usize) -> Self {
        let message = format!("{name} parameter must be between 1 and {most}");
        Self::plain(ErrorCode::NumberOutsideValidRange, message)
    }

    /// As Java says of a text that is no number.
    #[must_use]
    pub fn illegal_page_number(text: &str) -> Self {
        Self::plain(ErrorCode::IllegalQueryParameterValue, format!("For input string: {text:?}"))
    }

    #[must_use]
    pub fn field_without_object(name: &str, object: &str) -> Self {
        Self::plain(ErrorCode::InvalidField, format!("A field is written with its object: {object}.{name}"))
    }

    #[must_use]
    pub fn no_access_to_record() -> Self {
        let message =
            "You don't have access to this record. Ask your administrator for help or to request access.";
        Self::plain(ErrorCode::InsufficientAccess, message)
    }

    #[must_use]
    pub fn no_such_related_list() -> Self {
        let message = "The related lists UI API does not currently support this entity";
        Self::plain(ErrorCode::InvalidType, message)
    }

    #[must_use]
    pub fn not_a_lookup(object: &str, field: &str) -> Self {
        Self::plain(ErrorCode::InvalidField, format!("{object}.{field} is no lookup field"))
    }

    #[must_use]
    pub fn lookup_term_too_short(search: &str, least: usize) -> Self {
        let message = format!("q has at least {least} characters where searchType is {search}");
        Self::plain(ErrorCode::IllegalQueryParameterValue, message)
    }

    #[must_use]
    pub fn not_one_of(name: &str, known: &str, found: &str) -> Self {
        Self::plain(ErrorCode::IllegalQueryParameterValue, format!("{name} is one of {known}, not {found:?}"))
    }
}
